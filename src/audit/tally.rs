//! In which records a rule found something: about one byte per finding.

use serde::{Deserialize, Serialize};

use super::Severity;
use super::store::{Reader, number};

/// Records with findings of one rule in one part, with the severity of each finding.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Tally {
    /// Steps from record to record, and two bits of severity, in LEB128.
    steps: Vec<u8>,
    last: u32,
}

impl Tally {
    /// Adds a finding; records must not descend.
    pub(super) fn add(&mut self, record: u32, severity: Severity) {
        number(u64::from(record - self.last) << 2 | severity as u64, &mut self.steps);
        self.last = record;
    }

    /// Keeps no room for more.
    pub(super) fn shrink(&mut self) {
        self.steps.shrink_to_fit();
    }

    /// All findings: record within the part, and severity.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, Severity)> {
        let mut reader = Reader(&self.steps);
        let mut record = 0;
        std::iter::from_fn(move || {
            let step = reader.number()?;
            record += (step >> 2) as u32;
            Some((record, SEVERITIES[(step & 3) as usize]))
        })
    }
}

/// Severities by number.
pub(super) const SEVERITIES: [Severity; 3] = [Severity::Info, Severity::Warn, Severity::Error];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_come_back_with_their_severities() {
        let mut tally = Tally::default();
        let found = [(0, Severity::Warn), (0, Severity::Info), (1, Severity::Error), (900, Severity::Info)];
        found.iter().for_each(|&(record, severity)| tally.add(record, severity));
        assert_eq!(tally.iter().collect::<Vec<_>>(), found);
        assert_eq!(tally.steps.len(), 5);
    }
}
