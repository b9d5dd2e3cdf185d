//! The numbers that are learnt, of one kind of pair.

use crate::matching::evidence::{Aspect, Level};
use crate::matching::weights::KindModel;

use super::rows::Pattern;

/// Number of weights: one per aspect and level.
pub(super) const N_WEIGHTS: usize = Aspect::ALL.len() * Level::ALL.len();

/// Largest weight that training gives, in bits: what a thousand times more data could say is not learnt from less.
pub(super) const MOST_BITS: f64 = 16.0;

/// Prior and weights in bits, unrounded. A weight stands at its [`term`].
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Parameters {
    pub(super) prior: f64,
    pub(super) weights: Vec<f64>,
}

/// Where the weight of a level of an aspect stands.
pub(super) fn term(aspect: Aspect, level: Level) -> usize {
    aspect as usize * Level::ALL.len() + level as usize
}

/// All aspects and levels with their terms.
pub(super) fn all_terms() -> impl Iterator<Item = (Aspect, Level, usize)> {
    let of = |&aspect: &Aspect| Level::ALL.iter().map(move |&level| (aspect, level, term(aspect, level)));
    Aspect::ALL.iter().flat_map(of)
}

impl Parameters {
    /// Those of a model; levels it leaves out weigh nothing.
    pub(super) fn of(model: &KindModel) -> Parameters {
        let weights = all_terms().map(|(aspect, level, _)| model.weight(aspect, level).unwrap_or_default());
        Parameters { prior: model.prior, weights: weights.collect() }
    }

    /// The weight of a pair in bits.
    pub(super) fn score(&self, pattern: &Pattern) -> f64 {
        self.prior + pattern.terms().map(|(term, share)| self.weights[term] * share).sum::<f64>()
    }

    /// With all numbers in whole hundredths of a bit, none beyond [`MOST_BITS`].
    pub(super) fn rounded(mut self) -> Parameters {
        for number in self.weights.iter_mut().chain([&mut self.prior]) {
            // Adding zero makes a negative zero an ordinary one.
            *number = (number.clamp(-MOST_BITS, MOST_BITS) * 100.0).round() / 100.0 + 0.0;
        }
        self
    }

    /// Sets the numbers of a model: weights it has, and those of levels that pairs have been seen with.
    pub(super) fn write_to(&self, model: &mut KindModel, n_seen: &[u64]) {
        model.prior = self.prior;
        for (aspect, level, term) in all_terms() {
            if model.weight(aspect, level).is_some() || n_seen[term] > 0 {
                let levels = model.weights.entry(aspect.name().to_owned()).or_default();
                levels.insert(level.name().to_owned(), self.weights[term]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::evidence::Kind;
    use crate::matching::weights::Model;

    #[test]
    fn what_is_read_from_a_model_is_written_back() {
        let model = Model::default();
        for kind in Kind::ALL.map(|kind| model.of(kind)) {
            let mut written = KindModel { prior: 99.0, weights: kind.weights.clone() };
            Parameters::of(kind).rounded().write_to(&mut written, &[0; N_WEIGHTS]);
            assert_eq!(&written, kind);
        }
        let mut empty = KindModel::default();
        let mut n_seen = vec![0; N_WEIGHTS];
        n_seen[term(Aspect::Doi, Level::Same)] = 3;
        Parameters::of(&model.book).write_to(&mut empty, &n_seen);
        assert_eq!(
            empty.in_order().collect::<Vec<_>>(),
            [(Aspect::Doi, Level::Same, model.book.weights["doi"]["same"])]
        );
    }

    #[test]
    fn numbers_are_bounded_and_rounded() {
        let free = Parameters { prior: -0.001, weights: vec![20.0, -99.0, 1.234] };
        let rounded = free.rounded();
        assert_eq!((rounded.prior.to_string(), rounded.weights), ("0".to_owned(), vec![16.0, -16.0, 1.23]));
    }
}
