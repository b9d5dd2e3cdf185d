//! What has changed since the last run.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Serialize;
use xxhash_rust::xxh3::xxh3_64;

use super::{FINDINGS, Index, PROPOSALS, show_keys};
use crate::audit::{About, Outcome as Audited};
use crate::ids::RecordId;
use crate::keys::Features;
use crate::matching::blocks::{BlockIndex, Groups, KeyHash, KeyRow, TitleChange};
use crate::matching::candidates::Pair;
use crate::matching::outcomes::{Memory, Outcome};
use crate::matching::rows::RangeRows;
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
    let mut hashes: Vec<(u64, u64)> =
        proposals.outlines().map(|outline| (xxh3_64(outline.proposal.as_bytes()), content(&outline))).collect();
    hashes.sort_unstable();
    hashes
}

/// Fingerprints of the findings, ascending. `id` names the records.
pub fn of_findings<'a>(audit: &Audited, id: impl Fn(RecordId) -> &'a str) -> Vec<u64> {
    let name = |about: &About| match about {
        About::Record(record) => id(*record),
        About::Group(_) => "",
    };
    let mut hashes: Vec<u64> = audit.findings().map(|finding| finding.fingerprint(name(&finding.about))).collect();
    hashes.sort_unstable();
    hashes
}

/// Which records of a run are those of the one before.
pub struct EarlierRun<'i> {
    index: &'i Index,
    earlier: Vec<u32>,
    now: Vec<u32>,
    /// Whether the records that are still there are in the order they were in.
    is_in_order: bool,
}

/// Of records of both runs, at most one in so many may have changed for the others to be taken as they were.
const LEAST_KNOWN: usize = 4;

impl<'i> EarlierRun<'i> {
    /// Leads every record to an earlier one with the same hash, each earlier one taken once.
    pub fn of(index: &'i Index, hashes: &[u64]) -> EarlierRun<'i> {
        let mut sorted: Vec<(u64, u32)> = hashes.iter().zip(0..).map(|(&hash, record)| (hash, record)).collect();
        sorted.sort_unstable();
        let mut earlier = vec![NONE; hashes.len()];
        let mut now = vec![NONE; index.n_records()];
        let mut before = index.hashes().peekable();
        for (hash, record) in sorted {
            while before.next_if(|(known, _)| *known < hash).is_some() {}
            if let Some((_, known)) = before.next_if(|(known, _)| *known == hash) {
                earlier[record as usize] = known.get();
                now[known.index()] = record;
            }
        }
        let is_in_order = now.iter().filter(|now| **now != NONE).is_sorted();
        EarlierRun { index, earlier, now, is_in_order }
    }

    /// Whether so little has changed that only that has to be looked at: few records are new, and the others are in the
    /// order they were in.
    pub fn is_quiet(&self) -> bool {
        let n_changed = self.earlier.iter().chain(&self.now).filter(|other| **other == NONE).count();
        self.is_in_order && n_changed * LEAST_KNOWN <= self.earlier.len()
    }

    /// The index of the run before.
    pub fn index(&self) -> &'i Index {
        self.index
    }

    /// Records that were not there before.
    pub fn new_records(&self) -> impl Iterator<Item = RecordId> + '_ {
        (0..self.earlier.len()).map(RecordId::new).filter(|&record| !self.is_known(record))
    }

    /// All title keys of this run, given those it has in groups, and how they differ from the shards of the index.
    /// See [`BlockIndex::build_again`].
    pub fn titles(
        &self,
        groups: Groups,
        touched: &[KeyHash],
        title_keys_of: impl Fn(RecordId, &mut dyn FnMut(&str)) + Sync,
    ) -> (BlockIndex, TitleChange) {
        let (shards, mut change) = self.index.titles();
        let blocks = BlockIndex::build_again(groups, shards, show_keys, &mut change, touched, title_keys_of);
        (blocks, change)
    }

    /// Records of pairs that have near title keys and had not, or had and have not; pairs with new records left out. `near`
    /// are those that have, ascending.
    pub fn no_longer_or_newly_near(&self, near: &[Pair]) -> Vec<RecordId> {
        let now = |record: RecordId| Some(self.now[record.index()]).filter(|now| *now != NONE).map(RecordId::from);
        let before: Vec<Pair> =
            self.index.near().filter_map(|pair| Some(Pair::new(now(pair.a)?, now(pair.b)?))).collect();
        let known: Vec<Pair> =
            near.iter().copied().filter(|pair| self.is_known(pair.a) && self.is_known(pair.b)).collect();
        let only = |these: &[Pair], others: &[Pair]| -> Vec<RecordId> {
            these.iter().filter(|pair| others.binary_search(pair).is_err()).map(|pair| pair.a).collect()
        };
        [only(&before, &known), only(&known, &before)].concat()
    }

    /// The line of a pair of records that were there before, in this order.
    pub fn line(&self, pair: Pair) -> Option<&'i [u8]> {
        let [a, b] = [pair.a, pair.b].map(|record| self.earlier[record.index()]);
        // No record has the number of none.
        (a < b).then(|| self.index.line(Pair { a: RecordId::from(a), b: RecordId::from(b) }))?
    }

    /// The features of a record that is gone, by its number then.
    pub fn features_then(&self, record: RecordId) -> Option<Features<'i>> {
        self.index.features(record)
    }

    /// Whether the record was there before, byte for byte.
    pub fn is_known(&self, record: RecordId) -> bool {
        self.earlier[record.index()] != NONE
    }

    /// The keys, with bits within a range of buckets, of all records that were there before, and those of `new` records,
    /// which ascend.
    pub fn rows(&self, bits: Range<u64>, new: Vec<KeyRow>) -> RangeRows {
        let mut rows = Vec::with_capacity(self.index.n_rows_within(&bits) + new.len());
        let mut gone = Vec::new();
        let mut next = new.iter().copied().peekable();
        self.index.each_row(bits, |row| match self.now.get(row.record.index()) {
            Some(&NONE) => gone.push(row),
            Some(&now) => {
                let row = KeyRow { record: RecordId::from(now), ..row };
                while let Some(new) = next.next_if(|new| *new < row) {
                    rows.push(new);
                }
                rows.push(row);
            }
            None => {}
        });
        rows.extend(next);
        if !self.is_in_order {
            rows.sort_unstable();
        }
        RangeRows { rows, new, gone }
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

    /// What became of the proposals; `proposals` as [`super::IndexWriter::results`] takes them.
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

/// What is known of pairs, and of which not even whether they meet has to be found anew.
pub struct EarlierOutcomes<'n> {
    /// Which records are those of the run before.
    pub earlier_run: &'n EarlierRun<'n>,
    /// The records whose pairs have to be found anew; if `None`, all are.
    pub anew: Option<&'n [bool]>,
}

impl Memory for EarlierOutcomes<'_> {
    fn recall(
        &self,
        a: RecordId,
        partners: &mut Vec<RecordId>,
        outcomes: &mut Vec<Option<Outcome>>,
        scratch: &mut Vec<(u32, Outcome)>,
    ) {
        let EarlierRun { index, earlier, now, .. } = self.earlier_run;
        outcomes.clear();
        let earlier_a = earlier[a.index()];
        let of_a = scratch;
        of_a.clear();
        if earlier_a != NONE && index.outcomes(RecordId::from(earlier_a), of_a).is_none() {
            of_a.clear();
        }
        let Some(anew) = self.anew.filter(|anew| !anew[a.index()]) else {
            outcomes.extend(partners.iter().map(|&b| self.known(a, b, of_a)));
            return;
        };
        // Numbers ascend as they did, so those of the partners do.
        let as_before = of_a.iter().map(|&(b, outcome)| (now[b as usize], outcome));
        let as_before = as_before.filter(|&(b, _)| b != NONE && !anew[b as usize]);
        let met_anew = if partners.is_empty() { Vec::new() } else { std::mem::take(partners) };
        let mut met_anew = met_anew.iter().copied().peekable();
        for (b, outcome) in as_before {
            while let Some(other) = met_anew.next_if(|other| other.get() < b) {
                partners.push(other);
                outcomes.push(self.known(a, other, of_a));
            }
            partners.push(RecordId::from(b));
            outcomes.push(Some(outcome));
        }
        outcomes.extend(met_anew.clone().map(|b| self.known(a, b, of_a)));
        partners.extend(met_anew);
    }
}

impl EarlierOutcomes<'_> {
    /// The outcome of a pair that was one before. `of_a` are those of the first of the two.
    fn known(&self, a: RecordId, b: RecordId, of_a: &[(u32, Outcome)]) -> Option<Outcome> {
        let EarlierRun { index, earlier, .. } = self.earlier_run;
        let (a, b) = (earlier[a.index()], earlier[b.index()]);
        let find = |known: &[(u32, Outcome)], wanted: u32| {
            known.binary_search_by_key(&wanted, |(record, _)| *record).ok().map(|at| known[at].1)
        };
        match (a, b) {
            (NONE, _) | (_, NONE) => None,
            _ if a < b => find(of_a, b),
            _ => {
                // The export is in another order than before.
                let mut of_b = Vec::new();
                index.outcomes(RecordId::from(b), &mut of_b)?;
                find(&of_b, a)
            }
        }
    }
}
