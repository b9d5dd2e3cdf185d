//! Match weights: what each level of each aspect is worth.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::keys::seek::words;
use crate::keys::text::is_little;

use super::evidence::{Aspect, Kind, Level, Weight};

/// The model: per kind of pair, what each level of each aspect is worth in bits, and the two thresholds that
/// all kinds share. Every number can be set in the configuration file.
///
/// A weight is log₂ of how much more often the level occurs among duplicates than among other pairs that
/// meet in a block (Fellegi–Sunter). With the prior of the kind, their sum is log₂ of the odds that the pair
/// is a duplicate.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Where the numbers come from, in a sentence.
    pub origin: String,
    /// Least weight of a pair that is merged without a look, in bits.
    pub merge_at: f64,
    /// Least weight of a pair that a person should look at, in bits. Copies are shown at any weight: see
    /// [`Comparison::is_of_equals`](super::evidence::Comparison::is_of_equals).
    pub review_at: f64,
    /// Articles, chapters, papers: parts of a host.
    pub component: KindModel,
    /// Components known by title, authors, host and year alone.
    pub citation: KindModel,
    /// Books, theses and whatever does not say what it is.
    pub book: KindModel,
    /// Journals, newspapers, yearbooks.
    pub serial: KindModel,
    /// Scores, maps, recordings, films, software.
    pub media: KindModel,
    /// How much common words of titles say: log₂ of one in how many records has them, in bits, by folded word.
    pub words: BTreeMap<String, f64>,
    /// The same for common family names.
    pub names: BTreeMap<String, f64>,
}

/// The weights of one kind of pair.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KindModel {
    /// log₂ of the odds that two records of this kind that meet in a block are duplicates.
    pub prior: f64,
    /// Weight per aspect and level, in bits. A title's weight is that of a long one; short titles count less
    /// (see [`Weights::title_information`]).
    pub weights: BTreeMap<String, BTreeMap<String, f64>>,
}

impl Model {
    /// The weights of a kind.
    pub fn of(&self, kind: Kind) -> &KindModel {
        match kind {
            Kind::Component => &self.component,
            Kind::Citation => &self.citation,
            Kind::Book => &self.book,
            Kind::Serial => &self.serial,
            Kind::Media => &self.media,
        }
    }
}

impl Model {
    /// The weights of a kind, to be changed.
    pub fn of_mut(&mut self, kind: Kind) -> &mut KindModel {
        match kind {
            Kind::Component => &mut self.component,
            Kind::Citation => &mut self.citation,
            Kind::Book => &mut self.book,
            Kind::Serial => &mut self.serial,
            Kind::Media => &mut self.media,
        }
    }
}

impl KindModel {
    /// The weight of a level of an aspect in bits, if the model has one.
    pub fn weight(&self, aspect: Aspect, level: Level) -> Option<f64> {
        self.weights.get(aspect.name())?.get(level.name()).copied()
    }

    /// All weights, by aspect and level in the order in which evidence is listed. Unknown names are left out.
    pub fn in_order(&self) -> impl Iterator<Item = (Aspect, Level, f64)> {
        let all = Aspect::ALL.iter().flat_map(|&aspect| Level::ALL.iter().map(move |&level| (aspect, level)));
        all.filter_map(|(aspect, level)| Some((aspect, level, self.weight(aspect, level)?)))
    }
}

/// The model that comes with the program.
const SHIPPED: &str = include_str!("model.toml");

impl Default for Model {
    fn default() -> Model {
        toml::from_str(SHIPPED).expect("a test reads the shipped model")
    }
}

/// A [`Model`] checked and laid out for scoring.
#[derive(Clone, Debug)]
pub struct Weights {
    priors: [Weight; Kind::ALL.len()],
    table: [[[Weight; Level::ALL.len()]; Aspect::ALL.len()]; Kind::ALL.len()],
    /// The most that each aspect can weigh, in hundredths of a bit; not below 0.
    best: [[i32; Aspect::ALL.len()]; Kind::ALL.len()],
    words: Frequencies,
    names: Frequencies,
    /// Threshold of the merge band.
    pub merge_at: Weight,
    /// Threshold of the review band.
    pub review_at: Weight,
}

impl Weights {
    /// Lays out a model.
    ///
    /// # Errors
    /// A sentence if the model names an unknown aspect or level, or holds a value that is no weight. Levels
    /// that are left out weigh nothing.
    pub fn new(model: &Model) -> Result<Weights, String> {
        let mut priors = [Weight::default(); Kind::ALL.len()];
        let mut table = [[[Weight::default(); Level::ALL.len()]; Aspect::ALL.len()]; Kind::ALL.len()];
        for kind in Kind::ALL {
            let name = kind.name();
            priors[kind as usize] = weight(&format!("{name}.prior"), model.of(kind).prior)?;
            for (aspect_name, levels) in &model.of(kind).weights {
                let place = format!("{name}.weights.{aspect_name}");
                let aspect = find(&Aspect::ALL, aspect_name, Aspect::name)
                    .ok_or_else(|| format!("{place}: there is no such aspect; `shelfread config` lists them"))?;
                for (level_name, &bits) in levels {
                    let place = format!("{place}.{level_name}");
                    let level = find(&Level::ALL, level_name, Level::name)
                        .ok_or_else(|| format!("{place}: there is no such level; `shelfread config` lists them"))?;
                    table[kind as usize][aspect as usize][level as usize] = weight(&place, bits)?;
                }
            }
        }
        let thresholds_ordered = model.review_at <= model.merge_at;
        if !thresholds_ordered {
            return Err(format!("review_at ({}) must not be above merge_at ({})", model.review_at, model.merge_at));
        }
        let (merge_at, review_at) = (weight("merge_at", model.merge_at)?, weight("review_at", model.review_at)?);
        let (words, names) = (Frequencies::new("words", &model.words)?, Frequencies::new("names", &model.names)?);
        // Scaling an aspect brings its weight nearer to 0, never beyond it.
        let best = table.map(|aspects| {
            aspects.map(|levels| levels.iter().map(|weight| weight.centibits().max(0)).max().unwrap_or(0))
        });
        Ok(Weights { priors, table, best, words, names, merge_at, review_at })
    }

    /// The prior of a kind.
    pub fn prior(&self, kind: Kind) -> Weight {
        self.priors[kind as usize]
    }

    /// The most that an aspect can weigh, in hundredths of a bit; not below 0.
    pub(super) fn best(&self, kind: Kind, aspect: Aspect) -> i32 {
        self.best[kind as usize][aspect as usize]
    }

    /// The weight of a level of an aspect.
    pub fn of(&self, kind: Kind, aspect: Aspect, level: Level) -> Weight {
        self.table[kind as usize][aspect as usize][level as usize]
    }
}

fn weight(place: &str, bits: f64) -> Result<Weight, String> {
    if !bits.is_finite() || bits.abs() > 100.0 {
        return Err(format!("{place}: {bits} is not a weight between -100 and 100 bits"));
    }
    Ok(Weight::from_bits(bits))
}

fn find<T: Copy>(all: &[T], name: &str, name_of: impl Fn(T) -> &'static str) -> Option<T> {
    all.iter().copied().find(|&item| name_of(item) == name)
}

/// Hashes of common terms with what they say, in hundredths of a bit; ascending. Every word of every compared title is
/// looked up, and numbers are found faster than texts.
#[derive(Clone, Debug)]
struct Frequencies(Vec<(u64, i32)>);

/// What a term says that is not among the common ones, in bits: one record in two thousand has it.
pub const RARE_BITS: f64 = 11.0;
/// The same in hundredths of a bit.
const RARE: i32 = (RARE_BITS * 100.0) as i32;

/// The words of a folded title whose rarity counts.
pub fn title_terms(folded: &str) -> impl Iterator<Item = &str> {
    words(folded).filter(|word| !is_little(word)).take(12)
}

impl Frequencies {
    fn new(place: &str, terms: &BTreeMap<String, f64>) -> Result<Frequencies, String> {
        let term = |(term, &bits): (&String, &f64)| {
            Ok((xxh3_64(term.as_bytes()), weight(&format!("{place}.{term}"), bits)?.centibits()))
        };
        let mut hashed = terms.iter().map(term).collect::<Result<Vec<_>, String>>()?;
        hashed.sort_unstable();
        Ok(Frequencies(hashed))
    }

    fn of(&self, term: &str) -> i32 {
        self.0.binary_search_by_key(&xxh3_64(term.as_bytes()), |(known, _)| *known).map_or(RARE, |at| self.0[at].1)
    }
}

/// What a title must say to carry its full weight, in hundredths of a bit: six rare words do.
const FULL_TITLE: i32 = 6600;
/// What the names of the authors must say to carry their full weight, in hundredths of a bit: one rare name does.
const FULL_NAMES: i32 = 1100;

impl Weights {
    /// Share of the full weight that agreement of two titles carries, in thousandths, by the words of the shorter
    /// one: few works share a long title of rare words, many share `Introduction`. Short words say less.
    pub fn title_information(&self, folded: &str) -> i32 {
        let says = |word: &str| self.words.of(word).min(200 * word.len() as i32);
        let bits: i32 = title_terms(folded).map(says).sum();
        (220 + 780 * bits.min(FULL_TITLE) / FULL_TITLE).min(1000)
    }

    /// Share of the full weight that agreement on authors carries, in thousandths, by the agreeing family names.
    pub fn name_information<'a>(&self, families: impl Iterator<Item = &'a str>) -> i32 {
        let bits: i32 = families.take(6).map(|family| self.names.of(family)).sum();
        (400 + 600 * bits.min(FULL_NAMES) / FULL_NAMES).min(1000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_model_is_usable() {
        let weights = Weights::new(&Model::default()).expect("the defaults are checked here");
        assert_eq!(
            weights.of(Kind::Component, Aspect::Doi, Level::Same),
            weight("", Model::default().component.weights["doi"]["same"]).expect("a weight")
        );
        assert!(weights.review_at <= weights.merge_at);
    }

    /// What the head of model.toml says of the order of its weights.
    #[test]
    fn what_weighs_more_than_equality_is_known() {
        let model = Model::default();
        let (mut above, mut n_missing) = (Vec::new(), 0);
        for kind in Kind::ALL {
            for (aspect, level, weight) in model.of(kind).in_order() {
                let of = |level| model.of(kind).weight(aspect, level).unwrap_or_default();
                if weight > of(Level::Same) && level == Level::OneMissing {
                    n_missing += 1;
                } else if weight > of(Level::Same) {
                    above.push(format!("{} {} {}", kind.name(), aspect.name(), level.name()));
                }
                assert!(
                    level != Level::Different || weight < 0.0,
                    "{kind:?} {aspect:?}: disagreement speaks for a pair"
                );
                assert!(level != Level::Same || weight >= 0.0, "{kind:?} {aspect:?}: equality speaks against a pair");
                assert!(level != Level::Same || weight > of(Level::Different), "{kind:?} {aspect:?}");
            }
        }
        let known = [
            "component authors similar",
            "citation authors similar",
            "citation authors shortened",
            "book part similar",
            "book authors similar",
            "book authors shortened",
            "book publisher similar",
            "book height similar",
            "serial title similar",
            "serial title shortened",
            "media title similar",
            "media title shortened",
            "media publisher similar",
        ];
        assert_eq!((above.as_slice(), n_missing), (&known.map(str::to_owned)[..], 8));
    }

    #[test]
    fn unknown_names_are_refused() {
        let mut model = Model::default();
        model.book.weights.entry("titel".to_owned()).or_default();
        assert!(Weights::new(&model).expect_err("unknown aspect").contains("titel"));
    }

    #[test]
    fn longer_and_rarer_titles_say_more() {
        let weights = Weights::new(&Model::default()).expect("the defaults are checked here");
        let says = |title| weights.title_information(title);
        assert!(says("poems") < says("works of fothergill"));
        assert!(says("introduction to theory") < says("verrucous vegetation of montserrat"));
        assert_eq!(says("verrucous carcinoma of uncircumcised penile epithelium among elderly"), 1000);
    }

    #[test]
    fn common_names_say_less() {
        let weights = Weights::new(&Model::default()).expect("the defaults are checked here");
        let says = |names: &[&str]| weights.name_information(names.iter().copied());
        assert!(says(&["li"]) < says(&["fothergill"]));
        assert_eq!(says(&["li", "wang"]), says(&["fothergill"]));
    }

    #[test]
    fn weights_are_listed_in_the_order_of_evidence() {
        let model = Model::default();
        let listed: Vec<(Aspect, Level, f64)> = model.component.in_order().collect();
        assert_eq!(listed.len(), model.component.weights.values().map(BTreeMap::len).sum::<usize>());
        assert!(listed.windows(2).all(|two| (two[0].0, two[0].1) < (two[1].0, two[1].1)));
        assert_eq!(model.component.weight(Aspect::Extent, Level::Same), None, "articles have none");
    }
}
