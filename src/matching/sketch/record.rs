//! A record as numbers.

use xxhash_rust::xxh3::xxh3_64;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

use crate::keys::features::Years;
use crate::keys::material::{Classes, Extent};
use crate::keys::seek::words;
use crate::keys::text::{is_article, romanisation_key};
use crate::keys::{Features, IdKind};

use super::super::compare::{
    MIN_WITHIN_LETTERS, bears_kind, content_words, edition_class, has_name, is_unplaced, publisher_words, squeeze,
    thematic_numbers_of, without_sibilants,
};
use super::super::relations::{follows_up, may_be_subject, stem};
use super::super::weights::Weights;
use super::flag;

/// Letters of a title's beginning that are hashed: those that
/// [`Level::Shortened`](super::super::evidence::Level::Shortened) asks for.
const BEGINNING: usize = 12;
/// Titles with more words or letters are compared, always.
const MAX_WORDS: usize = 64;
const MAX_LETTERS: usize = 255;

/// What is known of a record without its texts.
#[derive(Clone, Copy, Debug, IntoBytes, FromBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(super) struct Sketch {
    /// Identifiers of all kinds, one bit each: few pairs that share no identifier share a bit.
    pub(super) identifiers: u64,
    /// Words of names and host, which may stand in another record's title; one bit each.
    pub(super) around: u64,
    /// Other titles, one bit each.
    pub(super) other_titles: u64,
    /// How often each letter stands in the squeezed title; letter and digit by their lower five bits.
    pub(super) letters: [u8; 32],
    /// Hashes of the beginning, the title proper, the whole title and its stem, all squeezed.
    pub(super) beginning: u32,
    pub(super) main: u32,
    pub(super) whole: u32,
    pub(super) stem: u32,
    /// Hashes of part and subtitle, if they are long enough to be titles.
    pub(super) part: u32,
    pub(super) sub: u32,
    /// Hash of the romanised title, if the language is written in another script.
    pub(super) romanised: u32,
    /// Hashes of host, volume, issue, pages; 0 if there is none.
    pub(super) container: u32,
    pub(super) volume: u32,
    pub(super) issue: u32,
    pub(super) start_page: u32,
    pub(super) bare_page: u32,
    pub(super) end_page: u32,
    /// First letters of names, publishers and places, one bit each.
    pub(super) persons: u32,
    pub(super) publisher: u32,
    pub(super) place: u32,
    /// Languages, one bit each.
    pub(super) languages: u32,
    pub(super) edition: u32,
    pub(super) edition_number: u32,
    pub(super) extent: Extent,
    pub(super) flags: u32,
    /// Ends of its words, names, bodies and identifiers in the tables of all.
    pub(super) words_end: u32,
    pub(super) names_end: u32,
    pub(super) bodies_end: u32,
    pub(super) identifiers_end: u32,
    /// First year and others; see [`Sketch::years`].
    years: [u16; 4],
    pub(super) classes: Classes,
    /// Letters of the squeezed title.
    pub(super) n_letters: u16,
    /// Share of the full weight that the title carries, in thousandths.
    pub(super) information: u16,
    /// 1 if the years are uncertain.
    are_years_uncertain: u16,
    /// The time named instead of a year.
    time: [u16; 2],
}

impl Sketch {
    /// All but names, and the ends of what lies in tables.
    pub(super) fn of(f: &Features, weights: &Weights) -> Sketch {
        let whole = f.title.whole();
        let squeezed = squeeze(&whole);
        let is_romanised = f.languages.iter().any(|language| language.is_romanised());
        let persons = || f.persons.iter().flat_map(|person| words(&person.family).chain(words(&person.given)));
        Sketch {
            letters: count_letters(&squeezed),
            beginning: hash(&squeezed[..squeezed.floor_char_boundary(BEGINNING)]),
            main: hash(&squeeze(&f.title.main)),
            whole: hash(&squeezed),
            stem: hash(&stem(&f.title)),
            part: long_hash(&f.title.part),
            sub: long_hash(&f.title.sub),
            romanised: if is_romanised { hash(&without_sibilants(&romanisation_key(&whole))) } else { 0 },
            identifiers: f.identifiers.iter().fold(0, |bits, identifier| bits | 1 << (identifier.hash >> 58)),
            around: persons().chain(words(&f.container)).fold(0, |bits, word| bits | around_bit(hash(word))),
            other_titles: f.other_titles.iter().fold(0, |bits, title| bits | bit(hash(&squeeze(title)))),
            container: hash(&squeeze(&f.container)),
            volume: hash(&f.volume),
            issue: hash(&f.issue),
            start_page: hash(&f.start_page),
            bare_page: hash(f.start_page.trim_start_matches(|c: char| c.is_alphabetic())),
            end_page: hash(&f.end_page),
            persons: first_letters(persons()),
            publisher: first_letters(publisher_words(&f.publisher)),
            place: first_letters(words(&f.place)),
            languages: f.languages.iter().fold(0, |bits, language| bits | 1 << (hash(language.facts().code) >> 27)),
            edition: hash(&edition_class(&f.edition.text)),
            edition_number: f.edition.number,
            extent: f.extent,
            years: [f.years.first, f.years.others[0], f.years.others[1], f.years.others[2]],
            are_years_uncertain: f.years.uncertain.into(),
            time: f.years.time,
            classes: f.classes,
            n_letters: squeezed.len().min(MAX_LETTERS) as u16,
            information: weights.title_information(&whole) as u16,
            flags: flags_of_title(f, &whole, &squeezed) | flags_of_rest(f),
            words_end: 0,
            names_end: 0,
            bodies_end: 0,
            identifiers_end: 0,
        }
    }

    /// The years of publication.
    pub(super) fn years(&self) -> Years {
        let [first, others @ ..] = self.years;
        Years { first, others, uncertain: self.are_years_uncertain != 0, time: self.time }
    }

    /// Whether a flag is set; of several in one mark, whether one is.
    pub(super) fn has(&self, mark: u32) -> bool {
        self.flags & mark != 0
    }
}

fn count_letters(squeezed: &str) -> [u8; 32] {
    let mut letters = [0u8; 32];
    for letter in squeezed.bytes() {
        let count = &mut letters[usize::from(letter & 31)];
        *count = count.saturating_add(1);
    }
    letters
}

fn flags_of_title(f: &Features, whole: &str, squeezed: &str) -> u32 {
    let content = content_words(whole);
    let is_long = squeezed.len() > MAX_LETTERS || content.len() > MAX_WORDS;
    let follows_up = follows_up(&f.title, whole);
    let is_compared = f.title.is_empty()
        || f.title.n_lost > 0
        || !f.title.segments.is_empty()
        || bears_kind(&f.title)
        || is_long
        || content.is_empty()
        || !thematic_numbers_of(f).is_empty()
        || follows_up;
    united([
        (flag::COMPARED, is_compared),
        (flag::SUBTITLE, !f.title.sub.is_empty()),
        (flag::PART, !f.title.part.is_empty()),
        (flag::NUMBERS, !f.title.numbers.is_empty() || !f.title.sub_numbers.is_empty()),
        (flag::NAMED, has_name(f)),
        (flag::ARTICLE, whole.split_once(' ').is_some_and(|(first, _)| is_article(first))),
        (flag::FOLLOW_UP, follows_up),
        (flag::SUBJECT, may_be_subject(whole)),
    ])
}

fn flags_of_rest(f: &Features) -> u32 {
    let is = |kinds: &[IdKind]| f.identifiers.iter().any(|identifier| kinds.contains(&identifier.kind));
    united([
        (flag::COMPONENT, f.is_component()),
        (flag::BARE, f.is_bare_citation()),
        (flag::UNPLACED, is_unplaced(f)),
        (flag::FIRST_PAGE, f.start_page.parse() == Ok(1)),
        (flag::SERIES, !f.series.name.is_empty()),
        (flag::SERIES_NUMBER, f.series.number > 0),
        (flag::PERSONS, !f.persons.is_empty()),
        (flag::BODIES, !f.bodies.is_empty()),
        (flag::CONTAINER, !f.container.is_empty()),
        (flag::PUBLISHER, !f.publisher.is_empty()),
        (flag::PLACE, !f.place.is_empty()),
        (flag::EDITION, !f.edition.text.is_empty()),
        (flag::LANGUAGE, !f.languages.is_empty()),
        (flag::DOI, is(&[IdKind::Doi])),
        (flag::ARTICLE_NUMBER, is(&[IdKind::Pmid, IdKind::Pmcid, IdKind::Arxiv])),
        (flag::OCLC, is(&[IdKind::Oclc])),
        (flag::ISBN, is(&[IdKind::Isbn])),
        (flag::ISSN, is(&[IdKind::Issn])),
    ])
}

/// Those flags that hold.
fn united<const N: usize>(flags: [(u32, bool); N]) -> u32 {
    flags.into_iter().filter(|&(_, holds)| holds).fold(0, |all, (flag, _)| all | flag)
}

/// The hash of a text, 0 for an empty one.
pub(super) fn hash(text: &str) -> u32 {
    if text.is_empty() { 0 } else { (xxh3_64(text.as_bytes()) >> 32) as u32 | 1 }
}

/// The hash of a text long enough to be a title by itself, else 0.
fn long_hash(text: &str) -> u32 {
    let squeezed = squeeze(text);
    if squeezed.len() >= MIN_WITHIN_LETTERS { hash(&squeezed) } else { 0 }
}

/// One of 64 bits for a hash.
pub(super) fn bit(hash: u32) -> u64 {
    1 << (hash >> 26)
}

/// The bit of a word of names and hosts: see [`Sketch::around`] and [`Word::around_bit`](super::word::Word::around_bit).
fn around_bit(hash: u32) -> u64 {
    1 << (hash >> 13 & 63)
}

/// The first letters of words, one bit each, with the romanisations of one letter united.
fn first_letters<'w>(words: impl IntoIterator<Item = &'w str>) -> u32 {
    let first = |word: &str| {
        word.bytes().next().map_or(0, |letter| 1 << (if matches!(letter, b'j' | b'y') { b'i' } else { letter } & 31))
    };
    words.into_iter().fold(0, |letters, word| letters | first(word))
}
