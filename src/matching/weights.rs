//! Match weights: what each level of each aspect is worth.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::evidence::{Aspect, Level, Weight};

/// The model: weights per aspect and level in bits, and the two thresholds. Every number can be set in the
/// configuration file.
///
/// A weight is log₂ of how much more often the level occurs among duplicates than among other pairs that
/// meet in a block (Fellegi–Sunter), so a sum of 10 means that duplicates are 1,024 times as likely as the
/// pair's own odds before. The defaults are set by hand from what each level means to a cataloguer, rounded
/// to half bits, and checked on labelled corpora of books, articles and mixed media. Fitting them there by
/// logistic regression did not carry over: left out of the fit, three of seven corpora lost most of their
/// matches, while the others gained or lost a little. Disagreement on year, edition, extent and publisher of
/// books weighs more than its share among wrong pairs asks for: a wrong merge costs more than a missed one.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Least weight of a pair that is merged without a look, in bits.
    pub merge_at: f64,
    /// Least weight of a pair that a person should look at, in bits.
    pub review_at: f64,
    /// Weight per aspect and level, in bits.
    pub weights: BTreeMap<String, BTreeMap<String, f64>>,
}

impl Default for Model {
    fn default() -> Model {
        let mut weights: BTreeMap<String, BTreeMap<String, f64>> = BTreeMap::new();
        for &(aspect, levels) in DEFAULTS {
            for &(level, bits) in levels {
                weights.entry(aspect.name().to_owned()).or_default().insert(level.name().to_owned(), bits);
            }
        }
        Model { merge_at: 11.0, review_at: 9.0, weights }
    }
}

use Level::{Different, OneMissing, Partial, Same, Shortened, Similar, Weak};

/// Default weights in bits. A title's weight is that of a long one; short titles count less (see
/// [`title_information`]).
const DEFAULTS: &[(Aspect, &[(Level, f64)])] = &[
    (
        Aspect::Title,
        &[
            (Same, 10.0),
            (Similar, 8.5),
            (Shortened, 6.0),
            (Partial, 1.0),
            (Weak, -3.0),
            (Different, -9.0),
            (OneMissing, -2.0),
        ],
    ),
    (Aspect::Part, &[(Same, 2.0), (Similar, 1.0), (Different, -8.0), (OneMissing, -2.5)]),
    (
        Aspect::Authors,
        &[
            (Same, 5.5),
            (Similar, 5.0),
            (Shortened, 4.0),
            (Partial, 2.0),
            (Weak, 0.0),
            (Different, -6.0),
            (OneMissing, -0.5),
        ],
    ),
    (Aspect::Year, &[(Same, 2.0), (Similar, -0.5), (Partial, 0.0), (Weak, -2.0), (Different, -4.0), (OneMissing, 0.0)]),
    (
        Aspect::ImprintYear,
        &[(Same, 3.0), (Similar, -5.0), (Partial, 1.0), (Weak, -9.0), (Different, -12.0), (OneMissing, -0.5)],
    ),
    (
        Aspect::Container,
        &[(Same, 3.0), (Similar, 2.0), (Shortened, 2.5), (Partial, 1.0), (Different, -2.5), (OneMissing, 0.0)],
    ),
    (Aspect::Volume, &[(Same, 2.5), (Different, -3.5), (OneMissing, 0.0)]),
    (Aspect::Issue, &[(Same, 1.0), (Different, -1.0), (OneMissing, 0.0)]),
    (Aspect::Pages, &[(Same, 4.5), (Similar, 1.5), (Different, -4.5), (OneMissing, 0.0)]),
    (Aspect::Publisher, &[(Same, 2.0), (Similar, 1.0), (Different, -4.0), (OneMissing, 0.0)]),
    (Aspect::Place, &[(Same, 0.5), (Different, -1.0), (OneMissing, 0.0)]),
    (Aspect::Edition, &[(Same, 1.0), (Similar, -2.0), (Different, -6.0), (OneMissing, -2.5)]),
    (Aspect::Extent, &[(Same, 3.5), (Similar, 1.0), (Partial, -3.0), (Different, -5.0), (OneMissing, 0.0)]),
    (Aspect::Doi, &[(Same, 14.0), (Different, -8.0), (OneMissing, 0.0)]),
    (Aspect::ArticleNumber, &[(Same, 12.0), (Different, -8.0), (OneMissing, 0.0)]),
    (Aspect::Oclc, &[(Same, 9.0), (Different, -1.0), (OneMissing, 0.0)]),
    (Aspect::Isbn, &[(Same, 6.0), (Different, -4.0), (OneMissing, 0.0)]),
    (Aspect::Issn, &[(Same, 8.0), (Different, -4.0), (OneMissing, 0.0)]),
    (Aspect::Language, &[(Same, 0.3), (Different, -5.0), (OneMissing, 0.0)]),
    (Aspect::Format, &[(Same, 0.2), (Different, -6.0), (OneMissing, 0.0)]),
];

/// A [`Model`] checked and laid out for scoring.
#[derive(Clone, Debug)]
pub struct Weights {
    table: [[Weight; Level::ALL.len()]; Aspect::ALL.len()],
    /// Threshold of the merge band.
    pub merge_at: Weight,
    /// Threshold of the review band.
    pub review_at: Weight,
}

impl Weights {
    /// Lays out a model.
    ///
    /// # Errors
    /// A sentence if the model names an unknown aspect or level, leaves one out, or holds a value that is no
    /// weight.
    pub fn new(model: &Model) -> Result<Weights, String> {
        let mut table = [[Weight::default(); Level::ALL.len()]; Aspect::ALL.len()];
        for (name, levels) in &model.weights {
            let aspect = find(&Aspect::ALL, name, Aspect::name)
                .ok_or_else(|| format!("weights.{name}: there is no such aspect; `shelfread config` lists them"))?;
            for (level_name, &bits) in levels {
                let level = find(&Level::ALL, level_name, Level::name).ok_or_else(|| {
                    format!("weights.{name}.{level_name}: there is no such level; `shelfread config` lists them")
                })?;
                if !bits.is_finite() || bits.abs() > 100.0 {
                    return Err(format!(
                        "weights.{name}.{level_name}: {bits} is not a weight between -100 and 100 bits"
                    ));
                }
                table[aspect as usize][level as usize] = Weight::from_bits(bits);
            }
        }
        let thresholds_ordered = model.review_at <= model.merge_at;
        if !thresholds_ordered {
            return Err(format!("review_at ({}) must not be above merge_at ({})", model.review_at, model.merge_at));
        }
        Ok(Weights {
            table,
            merge_at: Weight::from_bits(model.merge_at),
            review_at: Weight::from_bits(model.review_at),
        })
    }

    /// The weight of a level of an aspect.
    pub fn of(&self, aspect: Aspect, level: Level) -> Weight {
        self.table[aspect as usize][level as usize]
    }
}

fn find<T: Copy>(all: &[T], name: &str, name_of: impl Fn(T) -> &'static str) -> Option<T> {
    all.iter().copied().find(|&item| name_of(item) == name)
}

/// Share of a title's full weight that a title of `n_letters` folded letters and `n_words` words carries, in
/// thousandths: agreement of long titles says more, since few works share one.
///
/// One word of six letters carries 350, eight words of fifty letters all of it.
pub fn title_information(n_letters: usize, n_words: usize) -> i32 {
    let words = 90 * n_words.min(8) as i32;
    let letters = 7 * n_letters.min(40) as i32;
    (220 + words / 2 + letters * 3 / 2).min(1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_model_is_usable() {
        let weights = Weights::new(&Model::default()).expect("the defaults are checked here");
        assert_eq!(weights.of(Aspect::Doi, Level::Same), Weight::from_bits(14.0));
        assert!(weights.review_at <= weights.merge_at);
    }

    #[test]
    fn unknown_names_are_refused() {
        let mut model = Model::default();
        model.weights.entry("titel".to_owned()).or_default();
        assert!(Weights::new(&model).expect_err("unknown aspect").contains("titel"));
    }

    #[test]
    fn longer_titles_say_more() {
        assert!(title_information(6, 1) < title_information(20, 3));
        assert_eq!(title_information(60, 9), 1000);
    }
}
