//! What has changed since the last run.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Serialize;
use xxhash_rust::xxh3::xxh3_64;

use super::{FINDINGS, Index, PROPOSALS};
use crate::audit::{About, Outcome as Audited};
use crate::ids::RecordId;
use crate::matching::blocks::KeyRow;
use crate::matching::outcomes::{Memory, Outcome};
use crate::merge::{Outline, Proposals};

/// No record.
const NONE: u32 = u32::MAX;

/// How many of something are there now and were not, are there still but otherwise, or are gone.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize)]
pub struct Change {
    /// There now, and not then.
    pub new: u64,
    /// There then and now, and not the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed: Option<u64>,
    /// There then, and not now.
    pub vanished: u64,
    /// The same.
    pub same: u64,
}

/// How a run differs from the one before.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize)]
pub struct Since {
    /// Records, by id.
    pub records: Change,
    /// Proposals, by proposal id; changed if decision, survivor or the content of a member has.
    pub proposals: Change,
    /// Findings, by fingerprint; `None` unless both runs audited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub findings: Option<Change>,
}

/// By what proposals are known again: hash of the id, and hash of what a person would decide on (decision, survivor, and
/// content of the members). Ascending.
pub fn of_proposals(proposals: &Proposals) -> Vec<(u64, u64)> {
    let content = |proposal: &Outline<'_>| {
        let members = proposal.members.iter().map(|member| format!("{} {}", member.id, member.hash));
        let whole = format!("{:?} {}", proposal.decision, proposal.survivor);
        xxh3_64(members.fold(whole, |all, one| all + "\n" + &one).as_bytes())
    };
    let mut prints: Vec<(u64, u64)> =
        proposals.outlines().map(|outline| (xxh3_64(outline.proposal.as_bytes()), content(&outline))).collect();
    prints.sort_unstable();
    prints
}

/// Fingerprints of the findings, ascending. `id` names the records.
pub fn of_findings<'a>(audit: &Audited, id: impl Fn(RecordId) -> &'a str) -> Vec<u64> {
    let name = |about: &About| match about {
        About::Record(record) => id(*record),
        About::Group(_) => "",
    };
    let mut prints: Vec<u64> = audit.findings().map(|finding| finding.fingerprint(name(&finding.about))).collect();
    prints.sort_unstable();
    prints
}

/// Which records of a run are those of the one before.
pub struct Night<'i> {
    index: &'i Index,
    earlier: Vec<u32>,
    now: Vec<u32>,
}

impl<'i> Night<'i> {
    /// Leads every record to an earlier one with the same print, each earlier one taken once.
    pub fn of(index: &'i Index, prints: &[u64]) -> Night<'i> {
        let mut sorted: Vec<(u64, u32)> = prints.iter().zip(0..).map(|(&print, record)| (print, record)).collect();
        sorted.sort_unstable();
        let mut earlier = vec![NONE; prints.len()];
        let mut now = vec![NONE; index.n_records()];
        let mut before = index.prints().peekable();
        for (print, record) in sorted {
            while before.next_if(|(known, _)| *known < print).is_some() {}
            if let Some((_, known)) = before.next_if(|(known, _)| *known == print) {
                earlier[record as usize] = known.get();
                now[known.index()] = record;
            }
        }
        Night { index, earlier, now }
    }

    /// Whether the record was there before, byte for byte.
    pub fn is_known(&self, record: RecordId) -> bool {
        self.earlier[record.index()] != NONE
    }

    /// The keys, with bits within a range of buckets, of all records that were there before, by their numbers now.
    pub fn rows(&self, bits: Range<u64>) -> Vec<KeyRow> {
        let rows = self.index.rows(bits).filter_map(|row| {
            let now = *self.now.get(row.record.index())?;
            (now != NONE).then(|| KeyRow { record: RecordId::from(now), ..row })
        });
        rows.collect()
    }

    /// What became of the records. `id` names those of this run.
    pub fn records<'a>(&self, id: impl Fn(RecordId) -> &'a str) -> Change {
        // Of each id, how many of its earlier records are not there any more as they were.
        let mut left: BTreeMap<&str, i64> = BTreeMap::new();
        let mut changed = 0;
        for (at, _) in self.now.iter().enumerate().filter(|(_, now)| **now == NONE) {
            *left.entry(self.index.id(RecordId::new(at))).or_default() += 1;
        }
        let vanished: i64 = left.values().sum();
        let mut new = 0;
        for (at, _) in self.earlier.iter().enumerate().filter(|(_, earlier)| **earlier == NONE) {
            match left.get_mut(id(RecordId::new(at))).filter(|n| **n > 0) {
                Some(n) => {
                    *n -= 1;
                    changed += 1;
                }
                None => new += 1,
            }
        }
        let same = self.earlier.iter().filter(|earlier| **earlier != NONE).count() as u64;
        Change { new, changed: Some(changed), vanished: vanished as u64 - changed, same }
    }

    /// What became of the proposals; `proposals` as [`super::Making::results`] takes them.
    pub fn proposals(&self, proposals: &[(u64, u64)]) -> Change {
        let earlier = self.index.numbers(PROPOSALS);
        let mut change = Change { changed: Some(0), ..Change::default() };
        let mut at = 0;
        let n = earlier.len() / 2;
        for &(id, content) in proposals {
            while at < n && earlier.get(2 * at) < id {
                (at, change.vanished) = (at + 1, change.vanished + 1);
            }
            if at < n && earlier.get(2 * at) == id {
                if earlier.get(2 * at + 1) == content {
                    change.same += 1;
                } else {
                    change.changed = change.changed.map(|n| n + 1);
                }
                at += 1;
            } else {
                change.new += 1;
            }
        }
        change.vanished += (n - at) as u64;
        change
    }

    /// What became of the findings, given their fingerprints, ascending; `None` if the earlier run had none.
    pub fn findings(&self, findings: &[u64]) -> Option<Change> {
        if !self.index.has_findings() {
            return None;
        }
        let earlier = self.index.numbers(FINDINGS);
        let mut change = Change::default();
        let mut at = 0;
        for &finding in findings {
            while at < earlier.len() && earlier.get(at) < finding {
                (at, change.vanished) = (at + 1, change.vanished + 1);
            }
            if at < earlier.len() && earlier.get(at) == finding {
                (at, change.same) = (at + 1, change.same + 1);
            } else {
                change.new += 1;
            }
        }
        change.vanished += (earlier.len() - at) as u64;
        Some(change)
    }
}

impl Memory for Night<'_> {
    fn recall(&self, a: RecordId, partners: &[RecordId], outcomes: &mut Vec<Option<Outcome>>) {
        outcomes.clear();
        outcomes.resize(partners.len(), None);
        let earlier_a = self.earlier[a.index()];
        if earlier_a == NONE {
            return;
        }
        let mut of_a = Vec::new();
        let mut of_b = Vec::new();
        if self.index.outcomes(RecordId::from(earlier_a), &mut of_a).is_none() {
            return;
        }
        for (&b, outcome) in partners.iter().zip(outcomes) {
            let earlier_b = self.earlier[b.index()];
            if earlier_b == NONE {
                continue;
            }
            let (known, wanted) = if earlier_a < earlier_b {
                (&of_a, earlier_b)
            } else {
                // The export is in another order than before.
                if self.index.outcomes(RecordId::from(earlier_b), &mut of_b).is_none() {
                    continue;
                }
                (&of_b, earlier_a)
            };
            *outcome = known.binary_search_by_key(&wanted, |(record, _)| *record).ok().map(|at| known[at].1);
        }
    }
}
