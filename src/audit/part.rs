//! The audit of consecutive records as bytes, so that records may be audited elsewhere and judged together here.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::census::Census;
use super::facts::{FactBytes, Facts};
use super::outcome::Groups;
use super::profile::Gathered;
use super::selection::Selections;
use super::store::{Arena, Spill};
use super::tally::Tally;
use super::{Audit, Settings};
use crate::error::Error;

/// Everything of a part that is not made anew.
#[derive(Serialize, Deserialize)]
struct Stored {
    /// Entries of findings, one after the other.
    findings: Vec<u8>,
    tallies: Vec<Tally>,
    facts: Vec<FactBytes>,
    groups: Vec<((usize, super::Label), super::outcome::Collected)>,
    census: (usize, Vec<u64>, BTreeMap<String, u64>),
    selections: (Vec<Vec<u16>>, Vec<u16>),
    profile: Gathered,
}

impl<'a> Audit<'a> {
    /// This part and what was gathered of the same records, as bytes that [`Audit::of_bytes`] reads. `spill` is the one
    /// the part was made with, and no other part uses it any more.
    ///
    /// # Errors
    /// If the temporary file of findings could not be written.
    pub fn into_bytes(self, profile: Gathered, spill: &Spill) -> Result<Vec<u8>, Error> {
        let failed = |error: std::io::Error| Error::Findings { reason: Error::temporary(&error) };
        let chunks = self.findings.close();
        let (found, gathered) = (spill.read_back().map_err(failed)?, spill.read_facts().map_err(failed)?);
        let stored = Stored {
            findings: chunks.iter().flat_map(|chunk| chunk.bytes(found.as_ref())).copied().collect(),
            tallies: self.tallies,
            facts: self.facts.into_iter().map(|facts| facts.into_bytes(gathered.as_ref())).collect(),
            groups: self.groups.into_iter().collect(),
            census: self.census.into_counts(),
            selections: self.selections.into_scopes(),
            profile,
        };
        let mut bytes = postcard::to_allocvec(&stored).expect("parts have known lengths and a growing buffer");
        let checksum = xxh3_64(&bytes).to_le_bytes();
        bytes.extend(checksum);
        Ok(bytes)
    }

    /// The part that [`Audit::into_bytes`] made under the same settings, and its profile; `None` if these are other
    /// bytes, or no longer the same. All parts of a run share one `spill`.
    pub fn of_bytes(bytes: &[u8], settings: &'a Settings, spill: &'a Spill) -> Option<(Audit<'a>, Gathered)> {
        let (bytes, checksum) = bytes.split_last_chunk()?;
        if xxh3_64(bytes) != u64::from_le_bytes(*checksum) {
            return None;
        }
        let stored: Stored = postcard::from_bytes(bytes).ok()?;
        let new = Audit::new(settings, spill);
        if stored.tallies.len() != new.tallies.len() || stored.facts.len() != new.facts.len() {
            return None;
        }
        let facts = stored.facts.into_iter().map(|facts| Facts::of_bytes(facts, spill));
        let audit = Audit {
            findings: Arena::of(spill, &stored.findings),
            tallies: stored.tallies,
            facts: facts.collect::<Option<Vec<Facts>>>()?,
            groups: stored.groups.into_iter().collect::<Groups>(),
            census: Census::of_counts(stored.census)?,
            selections: Selections::of_scopes(settings, stored.selections),
            ..new
        };
        Some((audit, stored.profile))
    }
}
