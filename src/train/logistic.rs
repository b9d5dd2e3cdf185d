//! Weights from judged pairs: a logistic regression, drawn towards the start.
//!
//! The log-odds of a pair are the sum of its prior and weights, so the coefficients, in bits, are match weights. They
//! minimise −log-likelihood + Σ (w − w₀)² / 2σ², by Newton's method: there are at most 134 coefficients per kind, so
//! the equations are solved as they stand, by Cholesky's decomposition.

use std::f64::consts::LN_2;

use super::parameters::{MOST_BITS, N_WEIGHTS, Parameters};
use super::rows::Row;

/// How far a weight may lie from its start by chance: standard deviation in bits.
const SPREAD_BITS: f64 = 2.0;
/// The same of the prior, of which the start knows less.
const PRIOR_SPREAD_BITS: f64 = 4.0;
/// Steps at most; eight are usual.
const MAX_STEPS: usize = 50;
/// Fall of the loss, in nats, at which it is enough.
const ENOUGH: f64 = 1e-7;

/// The weights of one kind from judged pairs of that kind.
pub(super) fn fit(rows: &[&Row], start: &Parameters) -> Parameters {
    let problem = Problem::new(rows, start);
    let mut now = problem.start.clone();
    let mut loss = problem.loss(&now);
    for _ in 0..MAX_STEPS {
        let step = problem.newton_step(&now);
        // The loss is convex, so a short enough step makes it smaller.
        let shortened = (0..30).map(|halvings| 0.5_f64.powi(halvings)).find_map(|length| {
            let next: Vec<f64> = now.iter().zip(&step).map(|(at, step)| at - length * step).collect();
            let lower = problem.loss(&next);
            (lower < loss).then_some((next, lower))
        });
        let Some((next, lower)) = shortened else { break };
        let fall = loss - lower;
        (now, loss) = (next, lower);
        if fall < ENOUGH {
            break;
        }
    }
    problem.parameters(&now, start)
}

/// Pairs of one pattern.
struct Line {
    /// Coefficients that add up to the log-odds, with their shares.
    terms: Vec<(usize, f64)>,
    /// True pairs.
    yes: f64,
    /// Other pairs.
    no: f64,
}

/// The regression over the coefficients that any pair has: the prior, then the weights. All in nats.
struct Problem {
    start: Vec<f64>,
    /// 1/σ² per coefficient.
    precision: Vec<f64>,
    rows: Vec<Line>,
    /// The weight behind each coefficient but the first.
    terms: Vec<usize>,
}

impl Problem {
    fn new(rows: &[&Row], start: &Parameters) -> Problem {
        let mut is_seen = [false; N_WEIGHTS];
        rows.iter().for_each(|row| row.pattern.terms().for_each(|(term, _)| is_seen[term] = true));
        let terms: Vec<usize> = (0..N_WEIGHTS).filter(|&term| is_seen[term]).collect();
        let coefficient = |term: usize| 1 + terms.partition_point(|&known| known < term);
        let of_row = |row: &&Row| {
            let weights = row.pattern.terms().map(|(term, share)| (coefficient(term), share));
            Line { terms: [(0, 1.0)].into_iter().chain(weights).collect(), yes: row.yes, no: row.no }
        };
        let precision = |spread_bits: f64| (spread_bits * LN_2).powi(-2);
        Problem {
            start: [start.prior]
                .into_iter()
                .chain(terms.iter().map(|&term| start.weights[term]))
                .map(|w| w * LN_2)
                .collect(),
            precision: [PRIOR_SPREAD_BITS]
                .into_iter()
                .chain(terms.iter().map(|_| SPREAD_BITS))
                .map(precision)
                .collect(),
            rows: rows.iter().map(of_row).collect(),
            terms,
        }
    }

    fn loss(&self, at: &[f64]) -> f64 {
        let of_rows = self.rows.iter().map(|Line { terms, yes, no }| {
            let z = sum(terms, at);
            yes * log_one_plus_exp(-z) + no * log_one_plus_exp(z)
        });
        let off_start = at.iter().zip(&self.start).zip(&self.precision).map(|((w, w0), p)| p * (w - w0).powi(2) / 2.0);
        of_rows.chain(off_start).sum()
    }

    /// The inverse of the loss's curvature times its slope.
    fn newton_step(&self, at: &[f64]) -> Vec<f64> {
        let n = at.len();
        let mut slope: Vec<f64> =
            at.iter().zip(&self.start).zip(&self.precision).map(|((w, w0), p)| p * (w - w0)).collect();
        let mut curvature = vec![0.0; n * n];
        for (at, precision) in self.precision.iter().enumerate() {
            curvature[at * n + at] = *precision;
        }
        for Line { terms, yes, no } in &self.rows {
            let p = 1.0 / (1.0 + (-sum(terms, at)).exp());
            let error = (yes + no) * p - yes;
            let weight = (yes + no) * p * (1.0 - p);
            for &(i, x) in terms {
                slope[i] += error * x;
                for &(j, y) in terms {
                    curvature[i * n + j] += weight * x * y;
                }
            }
        }
        solve(curvature, slope)
    }

    fn parameters(&self, at: &[f64], start: &Parameters) -> Parameters {
        let bits = |nats: f64| (nats / LN_2).clamp(-MOST_BITS, MOST_BITS);
        let mut found = Parameters { prior: bits(at[0]), weights: start.weights.clone() };
        for (&term, &nats) in self.terms.iter().zip(&at[1..]) {
            found.weights[term] = bits(nats);
        }
        found
    }
}

fn sum(terms: &[(usize, f64)], at: &[f64]) -> f64 {
    terms.iter().map(|&(coefficient, share)| at[coefficient] * share).sum()
}

/// ln(1 + eᶻ) without overflow.
fn log_one_plus_exp(z: f64) -> f64 {
    z.max(0.0) + (-z.abs()).exp().ln_1p()
}

/// Solves `matrix`·x = `right` for a symmetric positive definite matrix in rows, by Cholesky's decomposition.
fn solve(mut matrix: Vec<f64>, mut right: Vec<f64>) -> Vec<f64> {
    let n = right.len();
    for i in 0..n {
        for j in 0..=i {
            let inner: f64 = (0..j).map(|k| matrix[i * n + k] * matrix[j * n + k]).sum();
            let rest = matrix[i * n + j] - inner;
            // The shrinkage keeps the diagonal above zero; rounding must not take it below.
            matrix[i * n + j] = if i == j { rest.max(1e-12).sqrt() } else { rest / matrix[j * n + j] };
        }
    }
    for i in 0..n {
        let inner: f64 = (0..i).map(|k| matrix[i * n + k] * right[k]).sum();
        right[i] = (right[i] - inner) / matrix[i * n + i];
    }
    for i in (0..n).rev() {
        let inner: f64 = (i + 1..n).map(|k| matrix[k * n + i] * right[k]).sum();
        right[i] = (right[i] - inner) / matrix[i * n + i];
    }
    right
}

#[cfg(test)]
mod tests {
    use super::super::parameters::term;
    use super::super::rows::{Veto, row};
    use super::*;
    use crate::matching::evidence::{Aspect, Level};

    fn nothing() -> Parameters {
        Parameters { prior: 0.0, weights: vec![0.0; N_WEIGHTS] }
    }

    #[test]
    fn equations_are_solved() {
        // 4x + 2y = 10 and 2x + 3y = 9: x = 1.5, y = 2.
        let found = solve(vec![4.0, 2.0, 2.0, 3.0], vec![10.0, 9.0]);
        assert!((found[0] - 1.5).abs() < 1e-12 && (found[1] - 2.0).abs() < 1e-12, "{found:?}");
    }

    #[test]
    fn what_can_be_told_apart_is_told_apart() {
        // The year decides, the language is noise.
        let rows = [
            row(&[(Aspect::Year, Level::Same), (Aspect::Language, Level::Same)], Veto::None, 0.0, 1.0, 99.0),
            row(&[(Aspect::Year, Level::Same), (Aspect::Language, Level::OneMissing)], Veto::None, 0.0, 1.0, 99.0),
            row(&[(Aspect::Year, Level::Different), (Aspect::Language, Level::Same)], Veto::None, 0.0, 99.0, 1.0),
            row(&[(Aspect::Year, Level::Different), (Aspect::Language, Level::OneMissing)], Veto::None, 0.0, 99.0, 1.0),
        ];
        let found = fit(&rows.iter().collect::<Vec<_>>(), &nothing());
        let weight = |aspect, level| found.weights[term(aspect, level)];
        assert!(weight(Aspect::Year, Level::Same) > 3.0 && weight(Aspect::Year, Level::Different) < -3.0, "{found:?}");
        assert!(weight(Aspect::Language, Level::Same).abs() < 0.01 && found.prior.abs() < 0.01, "{found:?}");
        for row in &rows {
            assert_eq!(found.score(&row.pattern) > 0.0, row.yes > row.no);
        }
    }

    #[test]
    fn much_data_gives_the_frequencies() {
        // One level: the log-odds are those of its pairs, 1 to 3, however prior and weight share them.
        let rows = [row(&[(Aspect::Year, Level::Same)], Veto::None, 0.0, 300_000.0, 100_000.0)];
        let found = fit(&rows.iter().collect::<Vec<_>>(), &nothing());
        assert!((found.score(&rows[0].pattern) + 3.0_f64.log2()).abs() < 1e-3, "{found:?}");
    }

    #[test]
    fn what_no_pair_has_keeps_its_weight_and_little_data_change_little() {
        let mut start = nothing();
        start.weights[term(Aspect::Doi, Level::Same)] = 14.0;
        start.weights[term(Aspect::Year, Level::Same)] = 2.0;
        let rows = [row(&[(Aspect::Year, Level::Same)], Veto::None, 0.0, 1.0, 0.0)];
        let found = fit(&rows.iter().collect::<Vec<_>>(), &start);
        assert_eq!(found.weights[term(Aspect::Doi, Level::Same)], 14.0);
        let year = found.weights[term(Aspect::Year, Level::Same)];
        assert!((0.5..2.0).contains(&year), "one pair against it: {year}");
        assert_eq!(fit(&[], &start), start);
    }

    #[test]
    fn separable_pairs_do_not_run_away() {
        let rows = [
            row(&[(Aspect::Doi, Level::Same)], Veto::None, 0.0, 0.0, 1e6),
            row(&[(Aspect::Doi, Level::Different)], Veto::None, 0.0, 1e6, 0.0),
        ];
        let found = fit(&rows.iter().collect::<Vec<_>>(), &nothing());
        assert!(found.weights.iter().all(|weight| weight.abs() <= MOST_BITS));
        assert!(found.weights[term(Aspect::Doi, Level::Same)] > 5.0);
    }
}
