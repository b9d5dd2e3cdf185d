//! Candidate pairs → matches.

use std::io;

use rayon::prelude::*;

use crate::ids::RecordId;
use crate::keys::{FeatureTable, Features};

use super::candidates::{Candidates, Pair};
use super::evidence::{Comparison, Veto, Weight};
use super::near_misses::{Failed, NearMiss};
use super::outcomes::{self, Memory, Outcome, Telling, What};
use super::relations::Related;
use super::sketch::Sketches;
use super::weights::Weights;

/// What becomes of a pair.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Verdict {
    /// Safe to merge without a look.
    Merge,
    /// A person should look.
    Review,
    /// Not a match.
    Apart,
}

/// A pair that is at least worth a look.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Match {
    /// The records.
    pub pair: Pair,
    /// Sum of the match weights.
    pub weight: Weight,
    /// Merge or review.
    pub verdict: Verdict,
    /// Whether a person said so, and not the weight.
    pub is_accepted: bool,
    /// Whether a person had decided about the pair before one of the two records changed; if so, whether for it.
    pub stale: Option<bool>,
}

/// All scored pairs in numbers.
pub struct Scores {
    /// Merge and review pairs, ascending by pair.
    pub matches: Vec<Match>,
    /// Pairs that a bound on their weight kept apart, without a whole comparison.
    pub dismissed: u64,
    /// Number of compared pairs per whole bit of weight: `histogram[i]` counts weights from `LOWEST + i` up to one
    /// bit more; the ends take what lies beyond.
    pub histogram: Vec<u64>,
    /// Pairs heavy enough to match that a veto kept apart, per veto.
    pub vetoed: Vec<(Veto, u64)>,
    /// Pairs that are no match and have a relation, ascending by pair.
    pub related: Vec<Related>,
    /// Pairs with agreeing title and authors that are no match and have no relation, ascending by pair.
    pub near_misses: Vec<NearMiss>,
    /// The outcomes of all pairs, see [`outcomes`]; empty unless asked for.
    pub log: Vec<u8>,
    /// Where each record's outcomes begin in the log.
    pub log_starts: Vec<u64>,
}

/// What a thread uses again for every record.
#[derive(Default)]
struct Scratch {
    partners: Vec<RecordId>,
    known: Vec<Option<Outcome>>,
    earlier: Vec<(u32, Outcome)>,
    outcomes: Vec<Outcome>,
}

/// Weight of the first histogram bar, in bits.
pub const LOWEST: i32 = -40;
/// Number of histogram bars.
pub const N_BARS: usize = 90;

/// The bar of the histogram that counts a weight.
pub(super) fn bar_of(weight: Weight) -> u8 {
    (weight.centibits().div_euclid(100) - LOWEST).clamp(0, N_BARS as i32 - 1) as u8
}

/// The verdict on a comparison: by its weight and vetoes; of records that are the same in all they say, at least a review.
pub fn verdict(comparison: &Comparison, weights: &Weights) -> Verdict {
    let weight = comparison.weight();
    if comparison.is_vetoed() {
        Verdict::Apart
    } else if weight < weights.review_at {
        let is_equal = comparison.is_of_equals() && comparison.vetoes.is_empty();
        if is_equal { Verdict::Review } else { Verdict::Apart }
    } else if weight >= weights.merge_at && comparison.vetoes.is_empty() {
        Verdict::Merge
    } else {
        Verdict::Review
    }
}

/// Records handed to a thread at a time, with all their later partners.
const CHUNK_RECORDS: usize = 256;

/// Judges every pair. `advance` is told the number of records done, from any thread.
pub fn score(
    features: &FeatureTable,
    candidates: &Candidates,
    weights: &Weights,
    advance: impl Fn(u64) + Sync,
) -> Scores {
    let sketches = Sketches::of(features, weights);
    score_with((features, &sketches), candidates, weights, Remembering::default(), advance)
}

/// What a run knows of pairs from an earlier one, and whether it leaves the same to the next.
#[derive(Clone, Copy, Default)]
pub struct Remembering<'m> {
    /// The outcomes of the earlier run.
    pub memory: Option<&'m dyn Memory>,
    /// Whether [`Scores::log`] is written.
    pub is_logged: bool,
}

/// [`score`] that compares only what no earlier run has, and keeps sketches in a temporary file; its results are the same.
///
/// # Errors
/// If the file cannot be made, written or mapped.
pub fn score_anew(
    features: &FeatureTable,
    candidates: &Candidates,
    weights: &Weights,
    remembering: Remembering<'_>,
    advance: impl Fn(u64) + Sync,
) -> io::Result<Scores> {
    // Few records are new to a run that remembers; they and those they meet are sketched when they do.
    let sketches = match remembering.memory {
        None => Sketches::filed(features, weights)?,
        Some(_) => Sketches::on_demand(features, weights),
    };
    Ok(score_with((features, &sketches), candidates, weights, remembering, advance))
}

fn score_with(
    (features, sketches): (&FeatureTable, &Sketches<'_>),
    candidates: &Candidates,
    weights: &Weights,
    remembering: Remembering<'_>,
    advance: impl Fn(u64) + Sync,
) -> Scores {
    let Remembering { memory, is_logged } = remembering;
    let starts: Vec<usize> = (0..candidates.n_records()).step_by(CHUNK_RECORDS).collect();
    let chunks: Vec<Scores> = starts
        .into_par_iter()
        .map_init(Scratch::default, |scratch, start| {
            let mut scores = Scores::none();
            let end = (start + CHUNK_RECORDS).min(candidates.n_records());
            let mut walk = candidates.from(RecordId::new(start));
            for a in (start..end).map(RecordId::new) {
                let Scratch { partners, known, earlier, outcomes } = scratch;
                walk.partners(a, partners);
                known.clear();
                match memory {
                    Some(memory) => memory.recall(a, partners, known, earlier),
                    None => known.resize(partners.len(), None),
                }
                outcomes.clear();
                let mut of_a = None;
                for (&b, known) in partners.iter().zip(&*known) {
                    let pair = Pair { a, b };
                    let outcome = match known {
                        Some(outcome) => *outcome,
                        None if sketches.are_apart(pair) => Outcome::Dismissed,
                        None => {
                            let of_a: &Features = of_a.get_or_insert_with(|| features.get(a));
                            Outcome::of(of_a, &features.get(b), weights)
                        }
                    };
                    scores.take(pair, outcome);
                    outcomes.push(outcome);
                }
                if is_logged {
                    scores.log_starts.push(scores.log.len() as u64);
                    outcomes::encode(a, partners, outcomes, &mut scores.log);
                }
            }
            advance((end - start) as u64);
            scores
        })
        .collect();
    let mut whole = Scores::none();
    for chunk in chunks {
        whole.join(chunk);
    }
    whole
}

impl Scores {
    fn none() -> Scores {
        Scores {
            matches: Vec::new(),
            dismissed: 0,
            histogram: vec![0; N_BARS],
            vetoed: Vec::new(),
            related: Vec::new(),
            near_misses: Vec::new(),
            log: Vec::new(),
            log_starts: Vec::new(),
        }
    }

    /// Takes what a pair leads to.
    fn take(&mut self, pair: Pair, outcome: Outcome) {
        let mut count = |bar: u8| self.histogram[usize::from(bar)] += 1;
        match outcome {
            Outcome::Dismissed => self.dismissed += 1,
            Outcome::Nothing(bar) => count(bar),
            Outcome::Match(verdict, weight) => {
                count(bar_of(weight));
                self.matches.push(Match { pair, weight, verdict, is_accepted: false, stale: None });
            }
            Outcome::Telling(Telling { bar, vetoes, what }) => {
                count(bar);
                vetoes.iter().for_each(|veto| self.count_veto(veto, 1));
                self.list(pair, what);
            }
        }
    }

    fn list(&mut self, pair: Pair, what: What) {
        let failed = match what {
            What::Nothing => return,
            What::Relation(detail) => return self.related.push(Related { pair, detail }),
            What::Veto(veto) => Failed::Veto(veto),
            What::Aspect(aspect, level) => Failed::Aspect(aspect, level),
            What::Evidence => Failed::Evidence,
        };
        self.near_misses.push(NearMiss { pair, failed });
    }

    fn count_veto(&mut self, veto: Veto, n: u64) {
        match self.vetoed.binary_search_by_key(&veto, |(known, _)| *known) {
            Ok(at) => self.vetoed[at].1 += n,
            Err(at) => self.vetoed.insert(at, (veto, n)),
        }
    }

    fn join(&mut self, other: Scores) {
        self.matches.extend(other.matches);
        self.dismissed += other.dismissed;
        self.related.extend(other.related);
        self.near_misses.extend(other.near_misses);
        let before = self.log.len() as u64;
        self.log_starts.extend(other.log_starts.iter().map(|start| before + start));
        self.log.extend(other.log);
        for (sum, n) in self.histogram.iter_mut().zip(other.histogram) {
            *sum += n;
        }
        for (veto, n) in other.vetoed {
            self.count_veto(veto, n);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::evidence::Kind;
    use super::super::weights::Model;
    use super::*;

    #[test]
    fn two_doubts_forbid_what_one_leaves_to_a_person() {
        let weights = Weights::new(&Model::default()).expect("the model that is shipped");
        let verdict_with = |vetoes: &[Veto]| {
            let comparison =
                Comparison { kind: Kind::Book, prior: weights.merge_at, evidence: Vec::new(), vetoes: vetoes.to_vec() };
            verdict(&comparison, &weights)
        };
        assert_eq!(verdict_with(&[]), Verdict::Merge);
        assert_eq!(verdict_with(&[Veto::WordDiffers]), Verdict::Review);
        assert_eq!(verdict_with(&[Veto::WordDiffers, Veto::PagesDiffer]), Verdict::Apart);
        assert_eq!(verdict_with(&[Veto::NumberDiffers]), Verdict::Apart);
    }
}
