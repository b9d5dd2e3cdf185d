//! Pairs that went wrong, and why.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;

use crate::explain::shared_keys;
use crate::gold::NodePair;
use crate::matching::blocks::KeyClass;
use crate::matching::evidence::{Aspect, Comparison, Kind, Veto, Weight};
use crate::matching::score::{Verdict, verdict};
use crate::merge::{Member, PairEvidence, evidence};
use crate::pipeline::fetch_member;

use super::{CauseCount, Judge, Seen};

/// A false merge or a missed pair: one line of `wrong_pairs.jsonl`.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct WrongPair {
    /// What went wrong.
    pub wrong: Wrong,
    /// Why, in a few words.
    pub cause: String,
    /// The one id; the smaller.
    pub a: String,
    /// The other.
    pub b: String,
    /// Records between the two, if they were merged only because these match both.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub through: Vec<String>,
    /// Whether a review proposal unites the two.
    pub in_review: bool,
    /// Whether the pair was compared.
    pub compared: bool,
    /// The sum of prior and evidence in bits; absent if a record is not in the exports.
    pub weight: Option<Weight>,
    /// What kind of things the two are.
    pub kind: Option<Kind>,
    /// Where the sum begins.
    pub prior: Option<Weight>,
    /// Vetoes against the pair.
    pub vetoes: Vec<Veto>,
    /// The summands with both records' values.
    pub evidence: Vec<PairEvidence>,
}

/// What went wrong with a pair.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Wrong {
    /// Merged, and not true.
    Merge,
    /// True, and not merged.
    Miss,
}

impl Judge<'_> {
    /// All wrong merges, then all misses, each by ids.
    pub(super) fn wrong_pairs(
        &self,
        wrong: &[Seen],
        missed: &[Seen],
        reviewed: &std::collections::BTreeSet<NodePair>,
    ) -> Vec<WrongPair> {
        let merges = wrong.par_iter().map(|seen| {
            let through: Vec<String> = if seen.is_direct {
                Vec::new()
            } else {
                self.links.between(seen.pair).into_iter().map(|node| self.nodes.name(node).to_owned()).collect()
            };
            let cause = if seen.is_direct { "matched" } else { "merged through other records" };
            WrongPair { through, ..self.wrong_pair(seen, Wrong::Merge, cause.to_owned(), false) }
        });
        let misses = missed.par_iter().map(|seen| {
            let in_review = reviewed.contains(&seen.pair);
            self.wrong_pair(seen, Wrong::Miss, self.cause(seen, in_review), in_review)
        });
        let mut pairs: Vec<WrongPair> = merges.chain(misses).collect();
        pairs.sort_by(|x, y| (x.wrong, &x.a, &x.b).cmp(&(y.wrong, &y.a, &y.b)));
        pairs
    }

    fn wrong_pair(&self, seen: &Seen, wrong: Wrong, cause: String, in_review: bool) -> WrongPair {
        let (a, b) = (self.nodes.name(seen.pair.0), self.nodes.name(seen.pair.1));
        let members = self.members(seen.pair);
        let comparison = seen.comparison.as_ref();
        // Values stand in the order of the ids, as in proposals; a comparison is the same both ways.
        let swapped = a > b;
        let evidence = comparison.zip(members).map(|(comparison, [x, y])| {
            if swapped { evidence(comparison, &y, &x) } else { evidence(comparison, &x, &y) }
        });
        let (a, b) = if swapped { (b, a) } else { (a, b) };
        WrongPair {
            wrong,
            cause,
            a: a.to_owned(),
            b: b.to_owned(),
            through: Vec::new(),
            in_review,
            compared: seen.was_compared,
            weight: comparison.map(Comparison::weight),
            kind: comparison.map(|comparison| comparison.kind),
            prior: comparison.map(|comparison| comparison.prior),
            vetoes: comparison.map(|comparison| comparison.vetoes.clone()).unwrap_or_default(),
            evidence: evidence.unwrap_or_default(),
        }
    }

    /// Why a true pair was not merged: the first obstacle it met.
    fn cause(&self, seen: &Seen, in_review: bool) -> String {
        let Some(comparison) = &seen.comparison else { return "not in the exports".to_owned() };
        if !seen.was_compared {
            let shared = self.members(seen.pair).map(|members| shared_keys(self.corpus, &members)).unwrap_or_default();
            let why = match shared.as_slice() {
                [] => "no key in common",
                [key] if KeyClass::of(key) == KeyClass::Weak => "one crowded key in common",
                _ => "block too large, divided",
            };
            return format!("not blocked: {why}");
        }
        if let Some(veto) = comparison.vetoes.iter().find(|veto| !veto.is_doubt()) {
            return format!("veto: {}", veto.name());
        }
        match verdict(comparison, self.weights) {
            Verdict::Apart if comparison.is_vetoed() => {
                let doubts: Vec<&str> = comparison.vetoes.iter().map(|doubt| doubt.name()).collect();
                format!("doubts: {}", doubts.join(", "))
            }
            Verdict::Apart => format!("low weight: {}", worst(comparison)),
            Verdict::Merge => "cut: contradicts another record of its cluster".to_owned(),
            Verdict::Review if !in_review => "cut: contradicts another record of its cluster".to_owned(),
            Verdict::Review => match comparison.vetoes.first() {
                Some(doubt) => format!("in review, doubt: {}", doubt.name()),
                None => format!("in review, low weight: {}", worst(comparison)),
            },
        }
    }

    fn members(&self, pair: NodePair) -> Option<[Member; 2]> {
        let fetch = |node| {
            let record = self.nodes.record(node)?;
            fetch_member(self.corpus, self.survey.positions[record.index()], record, 0)
        };
        Some([fetch(pair.0)?, fetch(pair.1)?])
    }
}

/// The evidence that speaks most against a pair.
fn worst(comparison: &Comparison) -> String {
    let least = comparison.evidence.iter().min_by_key(|evidence| (evidence.weight, evidence.aspect));
    match least {
        Some(least) if least.weight < Weight::default() => {
            format!("{} {}", least.aspect.name(), least.level.name().replace('_', " "))
        }
        _ if comparison.level(Aspect::Title).is_none() => "no title".to_owned(),
        _ => "too little evidence".to_owned(),
    }
}

/// Causes of the misses among `pairs`, most frequent first.
pub(super) fn causes(pairs: &[WrongPair]) -> Vec<CauseCount> {
    let mut by_cause: BTreeMap<&str, Vec<&WrongPair>> = BTreeMap::new();
    for pair in pairs.iter().filter(|pair| pair.wrong == Wrong::Miss) {
        by_cause.entry(&pair.cause).or_default().push(pair);
    }
    let count = |(cause, pairs): (&str, Vec<&WrongPair>)| CauseCount {
        cause: cause.to_owned(),
        pairs: pairs.len(),
        example: (pairs[0].a.clone(), pairs[0].b.clone()),
    };
    let mut causes: Vec<CauseCount> = by_cause.into_iter().map(count).collect();
    // Stable: equally frequent ones stay in the order of their names.
    causes.sort_by_key(|cause| std::cmp::Reverse(cause.pairs));
    causes
}
