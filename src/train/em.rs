//! Weights without labels: expectation-maximisation after Fellegi and Sunter.
//!
//! Pairs are of two sorts, duplicates and others, and within each sort aspects take their levels independently. In
//! turns, the weights say how probable each pair is a duplicate, and the pairs so divided say how much more often
//! each level occurs among duplicates. A title counts with the share of its weight that it carries, both ways, so
//! the weights are those of a long title.
//!
//! The weight of a level is drawn towards the start by a normal prior of [`SPREAD_BITS`]. With `m` duplicates and
//! `u` others of the level among `M` and `U` that have the aspect, it maximises
//!
//! ```text
//! m·w − (m + u)·ln(M·eʷ + U) − (w − w₀)² / 2σ²        w in nats
//! ```
//!
//! the likelihood of which of the `m + u` are duplicates. Without data it is `w₀`; with much, ln(m/M ÷ u/U). Counts
//! added to `m` and `u` would do likewise but for levels that one sort never has, whose weight they make depend on
//! how many pairs there are.

use std::f64::consts::LN_2;

use super::parameters::{MOST_BITS, N_WEIGHTS, Parameters, all_terms};
use super::rows::Row;

/// How far a weight may lie from its start by chance: standard deviation in bits.
const SPREAD_BITS: f64 = 2.0;
/// The same of the prior, of which the start knows less.
const PRIOR_SPREAD_BITS: f64 = 4.0;
/// Turns at most.
const MAX_TURNS: usize = 200;
/// Change of the weight that changes most, in bits, at which it is enough.
const ENOUGH_BITS: f64 = 0.002;

/// The weights of one kind from the pairs of that kind. Pairs with a certain veto are no duplicates.
pub(super) fn estimate(rows: &[&Row], start: &Parameters) -> Parameters {
    let mut now = start.clone();
    for _ in 0..MAX_TURNS {
        let next = turn(rows, &now, start);
        let change = |(a, b): (&f64, &f64)| (a - b).abs();
        let most = now.weights.iter().zip(&next.weights).map(change).fold((now.prior - next.prior).abs(), f64::max);
        now = next;
        if most < ENOUGH_BITS {
            break;
        }
    }
    now
}

/// Expected pairs of both sorts.
#[derive(Clone, Copy, Default)]
struct Expected {
    duplicates: f64,
    others: f64,
}

impl Expected {
    fn add(&mut self, n: f64, probability: f64) {
        self.duplicates += n * probability;
        self.others += n * (1.0 - probability);
    }
}

fn turn(rows: &[&Row], now: &Parameters, start: &Parameters) -> Parameters {
    let mut all = Expected::default();
    let mut of_level = vec![Expected::default(); N_WEIGHTS];
    for row in rows {
        let (n, probability) = (row.n() as f64, row.probability(now));
        all.add(n, probability);
        row.pattern.terms().for_each(|(term, share)| of_level[term].add(n * share, probability));
    }
    let mut of_aspect: Vec<Expected> = vec![Expected::default(); N_WEIGHTS];
    for (aspect, _, term) in all_terms() {
        let sum = &mut of_aspect[aspect as usize];
        sum.duplicates += of_level[term].duplicates;
        sum.others += of_level[term].others;
    }
    let weight =
        |(aspect, _, term)| drawn_ratio(of_level[term], of_aspect[aspect as usize], start.weights[term], SPREAD_BITS);
    let weights = all_terms().map(|(aspect, level, term)| weight((aspect, level, term))).collect();
    // The odds of all pairs, as a ratio to even odds.
    let even = Expected { duplicates: 1.0, others: 1.0 };
    Parameters { prior: drawn_ratio(all, even, start.prior, PRIOR_SPREAD_BITS), weights }
}

/// log₂ of how much more often duplicates have something than others do, drawn towards `start`: the maximum of the
/// function above, found by halving, since its slope only falls.
fn drawn_ratio(having: Expected, of: Expected, start: f64, spread_bits: f64) -> f64 {
    let n = having.duplicates + having.others;
    if n == 0.0 {
        return start;
    }
    let variance = (spread_bits * LN_2).powi(2);
    let slope = |nats: f64| {
        let duplicates = of.duplicates * nats.exp();
        let share = if duplicates + of.others > 0.0 { duplicates / (duplicates + of.others) } else { 0.5 };
        having.duplicates - n * share - (nats - start * LN_2) / variance
    };
    let (mut low, mut high) = (-MOST_BITS * LN_2, MOST_BITS * LN_2);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if slope(middle) > 0.0 { low = middle } else { high = middle }
    }
    (low + high) / 2.0 / LN_2
}

#[cfg(test)]
mod tests {
    use super::super::parameters::term;
    use super::super::rows::{Veto, row};
    use super::*;
    use crate::matching::evidence::{Aspect, Level};

    /// A level with its frequency among duplicates and among others.
    type Known = (Level, f64, f64);

    /// The levels of four aspects.
    const KNOWN: [(Aspect, [Known; 2]); 4] = [
        (Aspect::Authors, [(Level::Same, 0.9, 0.05), (Level::Different, 0.1, 0.95)]),
        (Aspect::Year, [(Level::Same, 0.8, 0.1), (Level::Different, 0.2, 0.9)]),
        (Aspect::Publisher, [(Level::Same, 0.7, 0.02), (Level::Different, 0.3, 0.98)]),
        (Aspect::Extent, [(Level::Same, 0.85, 0.03), (Level::Different, 0.15, 0.97)]),
    ];

    /// Every combination of levels, as often as it is to be expected among `n` pairs of which a tenth are duplicates.
    fn simulated(n: f64) -> Vec<Row> {
        (0..16_usize)
            .map(|combination| {
                let mut levels = Vec::new();
                let (mut duplicates, mut others) = (0.1 * n, 0.9 * n);
                for (at, (aspect, known)) in KNOWN.iter().enumerate() {
                    let (level, m, u) = known[combination >> at & 1];
                    levels.push((*aspect, level));
                    duplicates *= m;
                    others *= u;
                }
                row(&levels, Veto::None, (duplicates + others).round(), 0.0, 0.0)
            })
            .collect()
    }

    fn nothing() -> Parameters {
        Parameters { prior: 0.0, weights: vec![0.0; N_WEIGHTS] }
    }

    /// A rough guess: agreement speaks for, disagreement against.
    fn guess() -> Parameters {
        let mut guess = nothing();
        for (aspect, _) in KNOWN {
            guess.weights[term(aspect, Level::Same)] = 2.0;
            guess.weights[term(aspect, Level::Different)] = -2.0;
        }
        guess
    }

    #[test]
    fn known_frequencies_are_found_again() {
        let rows = simulated(1_000_000.0);
        let found = estimate(&rows.iter().collect::<Vec<_>>(), &guess());
        for (aspect, levels) in KNOWN {
            for (level, m, u) in levels {
                let (expected, is) = ((m / u).log2(), found.weights[term(aspect, level)]);
                assert!((expected - is).abs() < 0.05, "{aspect:?} {level:?}: {is:.3} instead of {expected:.3}");
            }
        }
        assert!((found.prior - (0.1_f64 / 0.9).log2()).abs() < 0.05, "{}", found.prior);
    }

    #[test]
    fn few_pairs_change_little_and_none_nothing() {
        let rows = simulated(40.0);
        let found = estimate(&rows.iter().collect::<Vec<_>>(), &guess());
        for (aspect, levels) in KNOWN {
            for (level, ..) in levels {
                let at = term(aspect, level);
                assert!((found.weights[at] - guess().weights[at]).abs() < 2.5, "{aspect:?} {level:?}");
            }
        }
        assert_eq!(estimate(&[], &guess()), guess());
        let mut start = guess();
        start.weights[term(Aspect::Doi, Level::Different)] = -8.0;
        let found = estimate(&rows.iter().collect::<Vec<_>>(), &start);
        assert_eq!(found.weights[term(Aspect::Doi, Level::Different)], -8.0, "no pair has it");
    }

    #[test]
    fn pairs_with_a_certain_veto_are_no_duplicates() {
        let levels = [(Aspect::Authors, Level::Same), (Aspect::Year, Level::Same)];
        let free = row(&levels, Veto::None, 100.0, 0.0, 0.0);
        let vetoed = row(&levels, Veto::Certain, 300.0, 0.0, 0.0);
        let mut start = guess();
        start.prior = 20.0;
        // One level only: nothing can be learnt from how it differs, but the odds are one to three.
        let found = turn(&[&free, &vetoed], &start, &Parameters { prior: -1.585, ..start.clone() });
        assert!((found.prior + 1.585).abs() < 0.01, "{}", found.prior);
    }

    #[test]
    fn a_ratio_is_that_of_the_frequencies_unless_data_are_few() {
        let of = Expected { duplicates: 1e6, others: 4e6 };
        let having = Expected { duplicates: 5e5, others: 5e5 };
        // Half of the duplicates and an eighth of the others: four times as often.
        assert!((drawn_ratio(having, of, 0.0, 2.0) - 2.0).abs() < 1e-3);
        assert_eq!(drawn_ratio(Expected::default(), of, -7.5, 2.0), -7.5);
        let few = Expected { duplicates: 0.0, others: 5.0 };
        let drawn = drawn_ratio(few, Expected { duplicates: 50.0, others: 500.0 }, -4.0, 2.0);
        assert!((-4.2..-4.0).contains(&drawn), "{drawn}");
        let never = Expected { duplicates: 0.0, others: 1e9 };
        assert!(drawn_ratio(never, of, 0.0, 2.0) >= -MOST_BITS);
    }
}
