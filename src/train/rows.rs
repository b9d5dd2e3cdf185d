//! Candidate pairs as they are learnt from: equal comparisons counted together.

use std::collections::BTreeMap;

use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use crate::matching::candidates::Pair;
use crate::matching::compare::compare;
use crate::matching::evidence::{Aspect, Comparison, Kind, Level};
use crate::matching::weights::{KindModel, Model, Weights};
use crate::pipeline::Survey;

use super::parameters::{N_WEIGHTS, Parameters};
use super::thresholds::Scored;

/// Parts into which judged pairs are divided for holding out.
pub(super) const N_FOLDS: u8 = 5;

/// What is known of a pair.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Judgement {
    /// Doubtful, or a record beside its own copy.
    NotUsed,
    Unknown,
    No,
    Yes,
}

/// The vetoes of a pair.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Veto {
    None,
    /// Only such as keep a pair from being merged without a look.
    Doubt,
    Certain,
}

/// A level that an aspect does not have.
const ABSENT: u8 = u8::MAX;

/// Aspects whose weight depends on how much the values say.
const SCALED: [Aspect; 2] = [Aspect::Title, Aspect::Authors];

/// Everything a comparison says, short of the values.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Pattern {
    pub(super) kind: Kind,
    /// Per aspect the level's number, or [`ABSENT`].
    levels: [u8; Aspect::ALL.len()],
    /// Shares of the full weights of title and authors, in thousandths.
    information: [u16; SCALED.len()],
    pub(super) veto: Veto,
    /// In which part the pair is held out, below [`N_FOLDS`].
    pub(super) fold: u8,
}

impl Pattern {
    /// The pattern of a comparison by [`probe`].
    fn of(comparison: &Comparison, fold: u8) -> Pattern {
        let mut pattern = Pattern {
            kind: comparison.kind,
            levels: [ABSENT; Aspect::ALL.len()],
            information: [0; SCALED.len()],
            veto: Veto::None,
            fold,
        };
        for evidence in &comparison.evidence {
            pattern.levels[evidence.aspect as usize] = evidence.level as u8;
            if let Some(at) = SCALED.iter().position(|&scaled| scaled == evidence.aspect) {
                pattern.information[at] = evidence.weight.centibits().clamp(0, 1000) as u16;
            }
        }
        pattern.veto = match comparison.is_vetoed() {
            true => Veto::Certain,
            false if comparison.vetoes.is_empty() => Veto::None,
            false => Veto::Doubt,
        };
        pattern
    }

    /// The weights that add up to the pair's weight, each with the share of it that counts.
    pub(super) fn terms(&self) -> impl Iterator<Item = (usize, f64)> {
        let share_of = |aspect: usize| {
            let scaled = SCALED.iter().position(|&scaled| scaled as usize == aspect);
            scaled.map_or(1.0, |at| f64::from(self.information[at]) / 1000.0)
        };
        self.levels
            .iter()
            .enumerate()
            .filter(|(_, level)| **level != ABSENT)
            .map(move |(aspect, &level)| (aspect * Level::ALL.len() + usize::from(level), share_of(aspect)))
    }
}

/// Pairs of one pattern.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Row {
    pub(super) pattern: Pattern,
    pub(super) unknown: f64,
    pub(super) no: f64,
    pub(super) yes: f64,
}

impl Row {
    /// Number of pairs.
    pub(super) fn n(&self) -> u64 {
        (self.unknown + self.no + self.yes) as u64
    }

    /// Whether the row is learnt from. With judgements, a pair that a certain veto keeps apart says nothing of
    /// weights, since none would bring it together; without, it is a pair that is no duplicate.
    pub(super) fn teaches(&self, is_judged: bool) -> bool {
        if is_judged { self.pattern.veto != Veto::Certain && self.yes + self.no > 0.0 } else { self.n() > 0 }
    }

    /// Number of duplicates to be expected among the pairs.
    pub(super) fn expected_true(&self, parameters: &Parameters) -> f64 {
        self.n() as f64 * self.probability(parameters)
    }

    /// The judged pairs of the row at their weight.
    pub(super) fn scored(&self, parameters: &Parameters) -> Scored {
        let is_doubtful = self.pattern.veto == Veto::Doubt;
        Scored { bits: parameters.score(&self.pattern), yes: self.yes, no: self.no, is_doubtful }
    }

    /// Probability that a pair of the row is a duplicate.
    pub(super) fn probability(&self, parameters: &Parameters) -> f64 {
        if self.pattern.veto == Veto::Certain { 0.0 } else { logistic(parameters.score(&self.pattern)) }
    }
}

/// The probability at odds of 2 to the power of `bits`.
pub(super) fn logistic(bits: f64) -> f64 {
    1.0 / (1.0 + (-bits).exp2())
}

/// Compares all candidate pairs, and counts equal patterns together, ascending.
pub(super) fn collect(survey: &Survey, model: &Model, judgement: impl Fn(Pair) -> Judgement + Sync) -> Vec<Row> {
    let weights = probe(model);
    let features = &survey.features;
    let mut judged: Vec<(Pattern, Judgement)> = survey
        .pairs
        .par_iter()
        .map(|&pair| {
            let comparison = compare(&features.get(pair.a), &features.get(pair.b), &weights);
            // Pairs with a common record are mostly held out together.
            let (a, b) = (survey.ids.of(pair.a), survey.ids.of(pair.b));
            let fold = (xxh3_64(a.min(b).as_bytes()) % u64::from(N_FOLDS)) as u8;
            (Pattern::of(&comparison, fold), judgement(pair))
        })
        .collect();
    judged.par_sort_unstable();
    let count =
        |pairs: &[(Pattern, Judgement)], wanted| pairs.iter().filter(|(_, found)| *found == wanted).count() as f64;
    judged
        .chunk_by(|a, b| a.0 == b.0)
        .map(|pairs| Row {
            pattern: pairs[0].0,
            unknown: count(pairs, Judgement::Unknown),
            no: count(pairs, Judgement::No),
            yes: count(pairs, Judgement::Yes),
        })
        .collect()
}

/// Weights that make comparisons tell how much titles and authors count: each weighs ten bits, a thousand
/// hundredths, so that its weight in hundredths is its share in thousandths. All else weighs nothing. How much
/// words and names say is the model's.
fn probe(model: &Model) -> Weights {
    let full: BTreeMap<String, f64> = Level::ALL.iter().map(|level| (level.name().to_owned(), 10.0)).collect();
    let weights = SCALED.iter().map(|aspect| (aspect.name().to_owned(), full.clone())).collect();
    let kind = KindModel { prior: 0.0, weights };
    let model = Model {
        component: kind.clone(),
        citation: kind.clone(),
        book: kind.clone(),
        serial: kind.clone(),
        media: kind,
        ..model.clone()
    };
    Weights::new(&model).expect("known names and small numbers")
}

/// Pairs per weight.
pub(super) fn n_seen(rows: &[&Row]) -> Vec<u64> {
    let mut n_seen = vec![0; N_WEIGHTS];
    for row in rows {
        row.pattern.terms().for_each(|(term, _)| n_seen[term] += row.n());
    }
    n_seen
}

/// Makes rows for tests of the estimates.
#[cfg(test)]
pub(super) fn row(levels: &[(Aspect, Level)], veto: Veto, unknown: f64, no: f64, yes: f64) -> Row {
    let mut pattern = Pattern {
        kind: Kind::Book,
        levels: [ABSENT; Aspect::ALL.len()],
        information: [1000; SCALED.len()],
        veto,
        fold: 0,
    };
    levels.iter().for_each(|&(aspect, level)| pattern.levels[aspect as usize] = level as u8);
    Row { pattern, unknown, no, yes }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Parser;
    use crate::keys::Features;

    #[test]
    fn scores_of_patterns_are_weights_of_comparisons() {
        let features = |json: &str| Parser::default().parse(json.as_bytes(), Features::of).expect("a record");
        let records = [
            features(
                r#"{"id":"a","title":"Short title","author":["Poe, Edgar"],"publishDate":["1999"],"format":["Book"]}"#,
            ),
            features(
                r#"{"id":"b","title":"Short title","author":["Poe, E."],"publishDate":["1998"],"edition":"2nd ed."}"#,
            ),
            features(r#"{"id":"c","title":"Another title of something else entirely","container_title":["Journal"]}"#),
        ];
        let model = Model::default();
        let weights = Weights::new(&model).expect("defaults");
        for (x, y) in [(0, 1), (0, 2), (1, 2), (0, 0)] {
            let pattern = Pattern::of(&compare(&records[x], &records[y], &probe(&model)), 0);
            let expected = compare(&records[x], &records[y], &weights);
            let score = Parameters::of(model.of(pattern.kind)).score(&pattern);
            // Comparisons cut a title's weight to whole hundredths.
            assert!((score - expected.weight().bits()).abs() < 0.011, "{x} {y}: {score} {expected:?}");
        }
        let pattern = Pattern::of(&compare(&records[0], &records[1], &probe(&model)), 0);
        assert_eq!(i32::from(pattern.information[0]), weights.title_information("short title"));
    }

    #[test]
    fn odds_become_probabilities() {
        assert_eq!(logistic(0.0), 0.5);
        assert!((logistic(3.0) - 8.0 / 9.0).abs() < 1e-12);
        assert_eq!(logistic(-2000.0), 0.0);
    }
}
