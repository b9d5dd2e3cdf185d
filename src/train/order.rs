//! Keeps better agreement from weighing less than worse.
//!
//! Which level of an aspect is better than which follows from the weights that training starts from, since it is
//! not the same for all aspects (an abbreviated journal title says more than a similar one). Estimates that break the
//! order are replaced by their mean, weighted by numbers of pairs: the nearest ordered weights (isotonic
//! regression by pooling adjacent violators). A missing value has no place in the order.

use crate::matching::evidence::{Aspect, Level};

use super::parameters::{Parameters, term};

/// Pairs that a level is taken to have at least, so that a level no pair has can be pooled, too.
const LEAST_PAIRS: f64 = 1e-3;

/// The nearest weights in which no level weighs less than a level that was worse at the start.
pub(super) fn keep(mut found: Parameters, start: &Parameters, n_seen: &[u64]) -> Parameters {
    for aspect in Aspect::ALL {
        let mut terms: Vec<usize> = Level::ALL
            .iter()
            .filter(|&&level| !matches!(level, Level::OneMissing | Level::Translated))
            .map(|&level| term(aspect, level))
            .collect();
        // Levels a model leaves out weigh nothing and are never seen; they have no place, either.
        terms.retain(|&at| n_seen[at] > 0 || start.weights[at] != 0.0);
        terms.sort_by(|&x, &y| start.weights[y].total_cmp(&start.weights[x]).then(x.cmp(&y)));
        let values: Vec<(f64, f64)> =
            terms.iter().map(|&at| (found.weights[at], n_seen[at] as f64 + LEAST_PAIRS)).collect();
        for (&at, value) in terms.iter().zip(descending(&values)) {
            found.weights[at] = value;
        }
    }
    found
}

/// The nearest sequence that never rises, by values and their weights.
fn descending(values: &[(f64, f64)]) -> Vec<f64> {
    // Mean, weight, length of each pool.
    let mut pools: Vec<(f64, f64, usize)> = Vec::new();
    for &(value, weight) in values {
        let mut pool = (value, weight, 1);
        while let Some(&(mean, before, n)) = pools.last()
            && mean < pool.0
        {
            pools.pop();
            let sum = before + pool.1;
            pool = ((mean * before + pool.0 * pool.1) / sum, sum, n + pool.2);
        }
        pools.push(pool);
    }
    pools.into_iter().flat_map(|(mean, _, n)| std::iter::repeat_n(mean, n)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::parameters::N_WEIGHTS;
    use super::*;

    #[test]
    fn violators_are_pooled_by_weight() {
        assert_eq!(descending(&[(5.0, 1.0), (3.0, 1.0), (-2.0, 1.0)]), [5.0, 3.0, -2.0]);
        assert_eq!(descending(&[(1.0, 1.0), (4.0, 2.0), (0.0, 1.0)]), [3.0, 3.0, 0.0]);
        assert_eq!(descending(&[(0.0, 1.0), (1.0, 1.0), (5.0, 2.0)]), [2.75; 3]);
        assert!(descending(&[]).is_empty());
    }

    #[test]
    fn the_order_is_that_of_the_start() {
        let at = |level| term(Aspect::Container, level);
        let mut start = Parameters { prior: 0.0, weights: vec![0.0; N_WEIGHTS] };
        for (level, weight) in
            [(Level::Same, 3.0), (Level::Shortened, 2.5), (Level::Similar, 2.0), (Level::Different, -2.0)]
        {
            start.weights[at(level)] = weight;
        }
        start.weights[at(Level::OneMissing)] = -1.0;
        let mut n_seen = vec![0; N_WEIGHTS];
        Level::ALL.iter().for_each(|&level| n_seen[at(level)] = 10);
        let mut found = start.clone();
        found.weights[at(Level::Similar)] = 2.7;
        found.weights[at(Level::OneMissing)] = 9.0;
        let kept = keep(found, &start, &n_seen);
        assert!((kept.weights[at(Level::Shortened)] - 2.6).abs() < 1e-9, "pooled with similar");
        assert!((kept.weights[at(Level::Similar)] - 2.6).abs() < 1e-9);
        assert_eq!((kept.weights[at(Level::Same)], kept.weights[at(Level::OneMissing)]), (3.0, 9.0));
        let unchanged = keep(start.clone(), &start, &vec![0; N_WEIGHTS]);
        assert_eq!(unchanged, start);
    }
}
