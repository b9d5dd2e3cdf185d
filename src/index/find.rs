//! "Do we have this already?": one record against an index.

use std::collections::BTreeMap;

use fst::{IntoStreamer, Streamer};

use super::Index;
use super::typing_errors::TypingErrors;
use crate::config::Blocking;
use crate::ids::RecordId;
use crate::input::Record;
use crate::keys::Features;
use crate::keys::block_keys::block_keys;
use crate::matching::blocks::{KeyClass, KeyHash};
use crate::matching::candidates::are_near_titles;
use crate::matching::compare::compare;
use crate::matching::evidence::Comparison;
use crate::matching::relations::{Detail, reason, relation};
use crate::matching::score::{Verdict, verdict};
use crate::matching::weights::Weights;

/// Records compared with the one in question: those that share most keys with it. More share few keys only, common
/// words of their titles.
const MAX_COMPARED: usize = 256;
/// Records of a block that are looked at, the first ones. Larger blocks belong to titles such as "Annual report", whose records meet
/// their like under other keys, too, or to copies. No block of weak keys is looked at that a run would divide: that takes the
/// features of all its records, and each record has many such keys.
const MAX_BLOCK: usize = 2000;

const DAMAGED: &str = "the index is damaged; `shelfread check EXPORT --index FOLDER --rebuild` makes it anew";

/// What an index holds of a record.
pub struct Found {
    /// Records that are the same, or may be: merges before reviews, each heaviest first, ties by number.
    pub matches: Vec<Same>,
    /// Records that belong together with it and are no duplicates, heaviest first, ties by number.
    pub relations: Vec<Kin>,
    /// Whether a record that is none of the matches has its id: to load it would replace that one.
    pub is_id_taken: bool,
    /// Records it was compared with.
    pub n_compared: usize,
}

impl Found {
    /// Whether the catalogue may hold the record, or something else under its id.
    pub fn is_there(&self) -> bool {
        !self.matches.is_empty() || self.is_id_taken
    }
}

/// A record that is the same, or may be.
pub struct Same {
    /// Its number in the index.
    pub record: RecordId,
    /// Merge, or review.
    pub verdict: Verdict,
    /// Why.
    pub comparison: Comparison,
}

/// A record that is something else and belongs together with the one in question.
pub struct Kin {
    /// Its number in the index.
    pub record: RecordId,
    /// How they belong together.
    pub detail: Detail,
    /// The same as a sentence.
    pub reason: String,
    /// Why.
    pub comparison: Comparison,
}

impl Index {
    /// Compares a record with those of the index that share a key with it, or have a title key up to two letters apart.
    ///
    /// # Errors
    /// If the index turns out to be damaged; the error says what to do.
    pub fn find(&self, record: &Record<'_>, weights: &Weights, blocking: &Blocking) -> Result<Found, String> {
        let features = Features::of(record);
        let candidates = self.candidates(record, &features, blocking);
        let n_compared = candidates.len();
        let mut found = Found { matches: Vec::new(), relations: Vec::new(), is_id_taken: false, n_compared };
        for candidate in candidates {
            let other = self.features(candidate).ok_or(DAMAGED)?;
            let comparison = compare(&features, &other, weights);
            // What has a generic title does not match even its own copy; it is there all the same if everything is equal.
            let verdict = match verdict(&comparison, weights) {
                Verdict::Apart if other.digest() == features.digest() => Verdict::Review,
                verdict => verdict,
            };
            if verdict != Verdict::Apart {
                found.matches.push(Same { record: candidate, verdict, comparison });
            } else if let Some(detail) = relation(&features, &other, &comparison, verdict) {
                let reason = reason(detail, &features, &other, &comparison);
                found.relations.push(Kin { record: candidate, detail, reason, comparison });
            }
        }
        let is_match = |holder| found.matches.iter().any(|same| same.record == holder);
        found.is_id_taken = self.with_id(record.id()).is_some_and(|holder| !is_match(holder));
        let weight = |comparison: &Comparison| std::cmp::Reverse(comparison.weight());
        found.matches.sort_by_key(|same| (same.verdict, weight(&same.comparison), same.record));
        found.relations.sort_by_key(|kin| (weight(&kin.comparison), kin.record));
        Ok(found)
    }

    /// The records that share most keys with a record, ascending.
    fn candidates(&self, record: &Record<'_>, features: &Features<'_>, blocking: &Blocking) -> Vec<RecordId> {
        let (mut keys, mut titles) = (Vec::new(), Vec::new());
        block_keys(record, features, &mut |key| {
            keys.push(KeyHash::of(key));
            if KeyClass::of(key) == KeyClass::Title {
                titles.push(key.to_owned());
            }
        });
        titles.sort_unstable();
        titles.dedup();
        titles.iter().for_each(|title| self.near_titles(title, &mut keys));
        keys.sort_unstable();
        keys.dedup();
        let mut shared: BTreeMap<RecordId, u32> = BTreeMap::new();
        for key in keys {
            let is_weak = key.class() == KeyClass::Weak;
            let most = if is_weak { blocking.max_weak_block_records } else { MAX_BLOCK };
            let block: Vec<RecordId> = self.records_with(key).take(most + 1).collect();
            if block.len() <= most || !is_weak {
                block.into_iter().take(most).for_each(|record| *shared.entry(record).or_default() += 1);
            }
        }
        // Whatever has its id, it is compared with that.
        if let Some(holder) = self.with_id(record.id()) {
            shared.insert(holder, u32::MAX);
        }
        let mut candidates: Vec<(RecordId, u32)> = shared.into_iter().collect();
        if candidates.len() > MAX_COMPARED {
            candidates.sort_unstable_by_key(|&(record, n)| (std::cmp::Reverse(n), record));
            candidates.truncate(MAX_COMPARED);
        }
        let mut candidates: Vec<RecordId> = candidates.into_iter().map(|(record, _)| record).collect();
        candidates.sort_unstable();
        candidates
    }

    /// Adds the title keys of the index that a run would take for neighbours of one, wherever they stand in its order.
    fn near_titles(&self, title: &str, keys: &mut Vec<KeyHash>) {
        let Some(errors) = TypingErrors::of(title.as_bytes()) else { return };
        // What the last one holds is not there any more.
        for shard in &self.titles[..self.titles.len() - 1] {
            let mut stream = shard.search(&errors).into_stream();
            while let Some(key) = stream.next() {
                let is_near = key != title.as_bytes() && are_near_titles(key, title.as_bytes());
                keys.extend(std::str::from_utf8(key).ok().filter(|_| is_near).map(KeyHash::of));
            }
        }
    }
}
