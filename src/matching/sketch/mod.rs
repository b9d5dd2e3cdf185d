//! Most pairs that meet in a block have nothing to do with each other. A sketch of each record, a few numbers,
//! shows so without a look at its texts.
//!
//! [`Sketches::are_apart`] is never wrong: what it keeps apart, the whole comparison keeps apart too, with neither
//! relation nor near miss. It bounds the title's level from above by letters and words, the other aspects by hashes
//! and numbers, and adds up the best weights these admit. Where a sketch does not suffice it says so, and the pair is
//! compared. Equality is that of hashes, as it is for block keys and identifiers.
//!
//! Many pairs have one title, a common one, and are by different people: no title is heavy enough to unite those, and
//! most relations ask for common authors. They are told by the names alone.

mod names;

use std::sync::OnceLock;

use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use crate::ids::RecordId;
use crate::keys::features::Years;
use crate::keys::material::{Classes, Extent};
use crate::keys::text::romanisation_key;
use crate::keys::{FeatureTable, Features, IdKind};

use super::candidates::Pair;
use super::compare::{
    LETTERS_PER_ERROR, MAX_NAME_LETTERS, MIN_CUT_LETTERS, MIN_RUN_ON, MIN_SHARED_WORDS, MIN_STEM, MIN_WITHIN_LETTERS,
    SHARED_WORDS, content_words, extent_level, formats_level, has_name, height_level, is_bare_kind, is_citation_word,
    kind_of, publisher_words, squeeze, years_level,
};
use super::evidence::{Aspect, Kind, Level};
use super::relations::{follows_up, may_be_subject, stem};
use super::weights::Weights;
use names::{Body, MAX_NAMES, Name, level_of_bodies, names_of};

/// Letters of a title's beginning that are hashed: those that [`Level::Shortened`] asks for.
const BEGINNING: usize = 12;
/// Titles with more words or letters are compared, always.
const MAX_WORDS: usize = 64;
const MAX_LETTERS: usize = 255;
/// Records sketched by a thread at a time.
const CHUNK_RECORDS: usize = 4096;

/// What is known of a record without its texts.
#[derive(Clone, Copy, Debug)]
struct Sketch {
    /// How often each letter stands in the squeezed title; letter and digit by their lower five bits.
    letters: [u8; 32],
    /// Hashes of the beginning, the title proper, the whole title and its stem, all squeezed.
    beginning: u32,
    main: u32,
    whole: u32,
    stem: u32,
    /// Hashes of part and subtitle, if they are long enough to be titles.
    part: u32,
    sub: u32,
    /// Hash of the romanised title, if the language is written in another script.
    romanised: u32,
    /// Identifiers of all kinds, one bit each: few pairs that share no identifier share a bit.
    identifiers: u64,
    /// Words of names and host, which may stand in another record's title; one bit each.
    around: u64,
    /// Other titles, one bit each.
    other_titles: u64,
    /// Hashes of host, volume, issue, pages; 0 if there is none.
    container: u32,
    volume: u32,
    issue: u32,
    start_page: u32,
    bare_page: u32,
    end_page: u32,
    /// First letters of names, publishers and places, one bit each.
    persons: u32,
    publisher: u32,
    place: u32,
    /// Languages, one bit each.
    languages: u32,
    edition: u32,
    edition_number: u32,
    extent: Extent,
    years: Years,
    classes: Classes,
    /// Letters of the squeezed title.
    n_letters: u16,
    /// Share of the full weight that the title carries, in thousandths.
    information: u16,
    flags: u32,
    /// Ends of its words, names, bodies and identifiers in the tables of all.
    words_end: u32,
    names_end: u32,
    bodies_end: u32,
    identifiers_end: u32,
}

/// What a sketch knows for certain.
mod flag {
    pub(super) const COMPONENT: u32 = 1;
    pub(super) const BARE: u32 = 1 << 1;
    /// The sketch does not suffice: no title, a damaged or very long one, or one that follows up another.
    pub(super) const COMPARED: u32 = 1 << 3;
    pub(super) const SUBTITLE: u32 = 1 << 4;
    pub(super) const PART: u32 = 1 << 5;
    pub(super) const NUMBERS: u32 = 1 << 6;
    pub(super) const SERIES: u32 = 1 << 7;
    pub(super) const SERIES_NUMBER: u32 = 1 << 8;
    pub(super) const PERSONS: u32 = 1 << 9;
    pub(super) const BODIES: u32 = 1 << 10;
    pub(super) const CONTAINER: u32 = 1 << 11;
    pub(super) const PUBLISHER: u32 = 1 << 12;
    pub(super) const PLACE: u32 = 1 << 13;
    pub(super) const EDITION: u32 = 1 << 14;
    pub(super) const LANGUAGE: u32 = 1 << 15;
    pub(super) const DOI: u32 = 1 << 16;
    pub(super) const ARTICLE_NUMBER: u32 = 1 << 17;
    pub(super) const OCLC: u32 = 1 << 18;
    pub(super) const ISBN: u32 = 1 << 19;
    pub(super) const ISSN: u32 = 1 << 20;
    /// A name and a colon open the title.
    pub(super) const NAMED: u32 = 1 << 21;
    /// The title may say that it follows up another work.
    pub(super) const FOLLOW_UP: u32 = 1 << 22;
    /// All persons and bodies are among those sketched.
    pub(super) const NAMES: u32 = 1 << 23;
    /// The title is long enough that another one may be about it.
    pub(super) const SUBJECT: u32 = 1 << 24;
}

/// The sketches of all records.
pub struct Sketches<'f> {
    features: &'f FeatureTable,
    weights: &'f Weights,
    chunks: Chunks,
}

enum Chunks {
    /// All, some thousands at a time.
    Made(Vec<Chunk>),
    /// One record each, made when it is asked for.
    OnDemand(Vec<OnceLock<Box<Chunk>>>),
}

/// The sketches of [`CHUNK_RECORDS`] records, and what they hold of variable length.
#[derive(Default)]
struct Chunk {
    sketches: Vec<Sketch>,
    words: Vec<Word>,
    names: Vec<Name>,
    bodies: Vec<Body>,
    /// Hashes of the identifiers, ascending per record.
    identifiers: Vec<u32>,
}

impl<'f> Sketches<'f> {
    /// Sketches all records for scoring with `weights`.
    pub fn of(features: &'f FeatureTable, weights: &'f Weights) -> Sketches<'f> {
        let starts: Vec<usize> = (0..features.len()).step_by(CHUNK_RECORDS).collect();
        let chunks = starts.into_par_iter().map(|start| {
            let mut chunk = Chunk::default();
            for record in (start..(start + CHUNK_RECORDS).min(features.len())).map(RecordId::new) {
                chunk.add(&features.get(record), weights);
            }
            chunk.shrink();
            chunk
        });
        Sketches { features, weights, chunks: Chunks::Made(chunks.collect()) }
    }

    /// Sketches a record when it is first asked for: few pairs will be.
    pub fn on_demand(features: &'f FeatureTable, weights: &'f Weights) -> Sketches<'f> {
        let chunks = (0..features.len()).map(|_| OnceLock::new()).collect();
        Sketches { features, weights, chunks: Chunks::OnDemand(chunks) }
    }

    fn of_record(&self, record: RecordId) -> Sketched<'_> {
        let at = record.index();
        match &self.chunks {
            Chunks::Made(chunks) => chunks[at / CHUNK_RECORDS].get(at % CHUNK_RECORDS),
            Chunks::OnDemand(chunks) => {
                let one = || {
                    let mut chunk = Box::<Chunk>::default();
                    chunk.add(&self.features.get(record), self.weights);
                    chunk.shrink();
                    chunk
                };
                chunks[at].get_or_init(one).get(0)
            }
        }
    }

    /// Whether comparing the two records is certain to give [`Verdict::Apart`](super::score::Verdict::Apart), no
    /// relation and no near miss.
    pub fn are_apart(&self, pair: Pair) -> bool {
        let weights = self.weights;
        let (x, y) = (self.of_record(pair.a), self.of_record(pair.b));
        let (a, b) = (x.sketch, y.sketch);
        if a.identifiers & b.identifiers != 0 && x.shares_identifier(&y) {
            return false;
        }
        let kind = kind(a, b);
        let makers = makers(&x, &y, kind, weights);
        let others = others(a, b, kind, weights) + makers.most;
        let budget = weights.review_at.centibits() - weights.prior(kind).centibits() - others;
        // Whatever the titles are, they do not unite the two, and no relation does without common makers.
        if !makers.may_agree
            && !may_be_about(a, b)
            && !may_be_about(b, a)
            && !is_chapter(a, b)
            && !is_chapter(b, a)
            && most_of_title(a, b, kind, weights) < budget
        {
            return true;
        }
        if (a.flags | b.flags) & flag::COMPARED != 0
            || (a.romanised == b.romanised && a.romanised != 0)
            || a.main == b.main
            || (a.stem == b.stem && a.stem != 0)
            || is_part_of(a, b)
            || is_part_of(b, a)
            || a.other_titles & bit(b.main) != 0
            || b.other_titles & bit(a.main) != 0
            || is_chapter(a, b)
            || is_chapter(b, a)
        {
            return false;
        }
        if weights.of(kind, Aspect::Title, Level::Different).centibits() >= budget {
            return false;
        }
        let Some(level) = title_level(a, x.words, b, y.words) else { return false };
        let of = |level: Level| {
            let weight = weights.of(kind, Aspect::Title, level).centibits();
            match level {
                Level::Weak | Level::Different => weight,
                _ if weight < 0 => weight * i32::from(a.information.min(b.information)) / 1000,
                _ => weight * i32::from(a.information.max(b.information)) / 1000,
            }
        };
        let levels = [Level::Close, Level::Partial, Level::Weak, Level::Different];
        let title = levels.into_iter().filter(|&other| other >= level).map(of).max().unwrap_or(0);
        let translated = if may_be_translated(a, b) {
            weights.of(kind, Aspect::Title, Level::Translated).centibits()
        } else {
            i32::MIN
        };
        title.max(translated) < budget
    }
}

/// A sketch with what it holds of variable length.
struct Sketched<'c> {
    sketch: &'c Sketch,
    words: &'c [Word],
    names: &'c [Name],
    bodies: &'c [Body],
    identifiers: &'c [u32],
}

impl Sketched<'_> {
    fn shares_identifier(&self, other: &Sketched<'_>) -> bool {
        self.identifiers.iter().any(|hash| other.identifiers.binary_search(hash).is_ok())
    }
}

impl Chunk {
    fn add(&mut self, f: &Features, weights: &Weights) {
        self.words.extend(content_words(&f.title.whole()).iter().map(|word| Word::of(word)));
        let has_names = f.persons.len() <= MAX_NAMES && f.bodies.len() <= MAX_NAMES;
        if has_names {
            names_of(&f.persons, &mut self.names);
            self.bodies.extend(f.bodies.iter().map(|body| Body::of(body)));
        }
        let first = self.identifiers.len();
        self.identifiers.extend(f.identifiers.iter().map(|identifier| (identifier.hash >> 32) as u32));
        self.identifiers[first..].sort_unstable();
        let sketch = Sketch::of(f, weights);
        self.sketches.push(Sketch {
            flags: sketch.flags | if has_names { flag::NAMES } else { 0 },
            words_end: self.words.len() as u32,
            names_end: self.names.len() as u32,
            bodies_end: self.bodies.len() as u32,
            identifiers_end: self.identifiers.len() as u32,
            ..sketch
        });
    }

    fn shrink(&mut self) {
        self.sketches.shrink_to_fit();
        self.words.shrink_to_fit();
        self.names.shrink_to_fit();
        self.bodies.shrink_to_fit();
        self.identifiers.shrink_to_fit();
    }

    fn get(&self, at: usize) -> Sketched<'_> {
        let sketch = &self.sketches[at];
        let before = at.checked_sub(1).map(|before| &self.sketches[before]);
        let range = |end: fn(&Sketch) -> u32| before.map_or(0, end) as usize..end(sketch) as usize;
        Sketched {
            sketch,
            words: &self.words[range(|sketch| sketch.words_end)],
            names: &self.names[range(|sketch| sketch.names_end)],
            bodies: &self.bodies[range(|sketch| sketch.bodies_end)],
            identifiers: &self.identifiers[range(|sketch| sketch.identifiers_end)],
        }
    }
}

/// What authors, or publishers in their place, may come to.
fn makers(x: &Sketched<'_>, y: &Sketched<'_>, kind: Kind, weights: &Weights) -> Makers {
    let (a, b) = (x.sketch, y.sketch);
    let of = |level| weights.of(kind, Aspect::Authors, level).centibits();
    let is_anonymous = |sketch: &Sketch| !sketch.has(flag::PERSONS | flag::BODIES);
    let both = |mark: u32| a.flags & b.flags & mark != 0;
    let strangers = |level| Makers { most: of(level), may_agree: false };
    match (is_anonymous(a), is_anonymous(b)) {
        (true, true) => {
            let may_agree = !kind.is_component() && both(flag::PUBLISHER) && a.publisher & b.publisher != 0;
            return Makers { most: 0, may_agree };
        }
        (true, false) | (false, true) => return strangers(Level::OneMissing),
        (false, false) => {}
    }
    let any = Makers { most: weights.best(kind, Aspect::Authors), may_agree: true };
    if !both(flag::NAMES) && both(flag::BODIES) {
        return any;
    }
    let persons = both(flag::PERSONS).then(|| {
        let are_strangers = a.persons & b.persons == 0
            || kind != Kind::Citation && both(flag::NAMES) && !names::may_agree(x.names, y.names);
        if are_strangers { Level::Different } else { Level::Same }
    });
    // Of components with persons, persons decide.
    let persons_decide = both(flag::COMPONENT) && persons.is_some();
    let bodies = (both(flag::BODIES) && !persons_decide).then(|| level_of_bodies(x.bodies, y.bodies));
    match [persons, bodies].into_iter().flatten().min() {
        None => strangers(Level::OneMissing),
        Some(Level::Different) => strangers(Level::Different),
        Some(Level::Weak) => Makers { most: of(Level::Weak).max(of(Level::Different)), may_agree: false },
        Some(_) => any,
    }
}

/// What the makers of two records may have in common.
struct Makers {
    /// The most that authors can weigh, in hundredths of a bit.
    most: i32,
    /// Whether authors may agree, be it in part, or publishers where there are no authors.
    may_agree: bool,
}

impl Sketch {
    /// All but names, and the ends of what lies in tables.
    fn of(f: &Features, weights: &Weights) -> Sketch {
        let whole = f.title.whole();
        let squeezed = squeeze(&whole);
        let content = content_words(&whole);
        let is_long = squeezed.len() > MAX_LETTERS || content.len() > MAX_WORDS;
        let mut letters = [0u8; 32];
        for letter in squeezed.bytes() {
            let count = &mut letters[usize::from(letter & 31)];
            *count = count.saturating_add(1);
        }
        let has = |mark: u32, holds: bool| if holds { mark } else { 0 };
        let is_romanised = f.languages.iter().any(|language| language.is_romanised());
        let is = |kinds: &[IdKind]| f.identifiers.iter().any(|identifier| kinds.contains(&identifier.kind));
        let persons = || f.persons.iter().flat_map(|person| person.family.split(' ').chain(person.given.split(' ')));
        let follows_up = follows_up(&f.title, &whole);
        let flags = has(flag::COMPONENT, f.is_component())
            | has(flag::BARE, f.is_bare_citation())
            | has(
                flag::COMPARED,
                f.title.is_empty()
                    || f.title.n_lost > 0
                    || !f.title.segments.is_empty()
                    || is_bare_kind(&f.title)
                    || is_long
                    || content.is_empty()
                    || follows_up,
            )
            | has(flag::SUBTITLE, !f.title.sub.is_empty())
            | has(flag::PART, !f.title.part.is_empty())
            | has(flag::NUMBERS, !f.title.numbers.is_empty() || !f.title.sub_numbers.is_empty())
            | has(flag::SERIES, !f.series.name.is_empty())
            | has(flag::SERIES_NUMBER, f.series.number > 0)
            | has(flag::PERSONS, !f.persons.is_empty())
            | has(flag::BODIES, !f.bodies.is_empty())
            | has(flag::CONTAINER, !f.container.is_empty())
            | has(flag::PUBLISHER, !f.publisher.is_empty())
            | has(flag::PLACE, !f.place.is_empty())
            | has(flag::EDITION, !f.edition.text.is_empty())
            | has(flag::LANGUAGE, !f.languages.is_empty())
            | has(flag::DOI, is(&[IdKind::Doi]))
            | has(flag::ARTICLE_NUMBER, is(&[IdKind::Pmid, IdKind::Pmcid, IdKind::Arxiv]))
            | has(flag::OCLC, is(&[IdKind::Oclc]))
            | has(flag::ISBN, is(&[IdKind::Isbn]))
            | has(flag::ISSN, is(&[IdKind::Issn]))
            | has(flag::NAMED, has_name(f))
            | has(flag::FOLLOW_UP, follows_up)
            | has(flag::SUBJECT, may_be_subject(&whole));
        Sketch {
            letters,
            beginning: hash(&squeezed[..squeezed.floor_char_boundary(BEGINNING)]),
            main: hash(&squeeze(&f.title.main)),
            whole: hash(&squeezed),
            stem: hash(&stem(&f.title)),
            part: long_hash(&f.title.part),
            sub: long_hash(&f.title.sub),
            romanised: if is_romanised { hash(&romanisation_key(&whole).replace(' ', "")) } else { 0 },
            identifiers: f.identifiers.iter().fold(0, |bits, identifier| bits | 1 << (identifier.hash >> 58)),
            around: persons().chain(f.container.split(' ')).fold(0, |bits, word| bits | around_bit(hash(word))),
            other_titles: f.other_titles.iter().fold(0, |bits, title| bits | bit(hash(&squeeze(title)))),
            container: hash(&squeeze(&f.container)),
            volume: hash(&f.volume),
            issue: hash(&f.issue),
            start_page: hash(&f.start_page),
            bare_page: hash(f.start_page.trim_start_matches(|c: char| c.is_alphabetic())),
            end_page: hash(&f.end_page),
            persons: persons().fold(0, |bits, word| bits | first_letter(word)),
            publisher: publisher_words(&f.publisher).iter().fold(0, |bits, word| bits | first_letter(word)),
            place: f.place.split(' ').fold(0, |bits, word| bits | first_letter(word)),
            languages: f.languages.iter().fold(0, |bits, language| bits | 1 << (hash(language.facts().code) >> 27)),
            edition: hash(&super::compare::edition_key(&f.edition.text)),
            edition_number: f.edition.number,
            extent: f.extent,
            years: f.years,
            classes: f.classes,
            n_letters: squeezed.len().min(MAX_LETTERS) as u16,
            information: weights.title_information(&whole) as u16,
            flags,
            words_end: 0,
            names_end: 0,
            bodies_end: 0,
            identifiers_end: 0,
        }
    }

    fn has(&self, mark: u32) -> bool {
        self.flags & mark != 0
    }
}

/// The hash of a text, 0 for an empty one.
fn hash(text: &str) -> u32 {
    if text.is_empty() { 0 } else { (xxh3_64(text.as_bytes()) >> 32) as u32 | 1 }
}

/// The hash of a text long enough to be a title by itself, else 0.
fn long_hash(text: &str) -> u32 {
    let squeezed = squeeze(text);
    if squeezed.len() >= MIN_WITHIN_LETTERS { hash(&squeezed) } else { 0 }
}

/// One of 64 bits for a hash.
fn bit(hash: u32) -> u64 {
    1 << (hash >> 26)
}

/// The bit of a word of names and hosts: see [`Sketch::around`] and [`Word::around_bit`].
fn around_bit(hash: u32) -> u64 {
    1 << (hash >> 13 & 63)
}

/// The bit of a word's first letter, with the romanisations of one letter united.
fn first_letter(word: &str) -> u32 {
    word.bytes().next().map_or(0, |letter| 1 << (if matches!(letter, b'j' | b'y') { b'i' } else { letter } & 31))
}

/// A word of a title: letters, length, first letter and a hash.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Word(u64);

impl Word {
    const LETTERS: u64 = (1 << 32) - 1;
    /// Too short for typing errors, or a number: its length bounds nothing.
    const LOOSE: u64 = 1 << 37;
    /// Has `rn`, which may stand for `m`.
    const RN: u64 = 1 << 38;
    /// May stand in the citation around a title.
    const NOISE: u64 = 1 << 39;

    fn of(word: &str) -> Word {
        let letters = word.bytes().fold(0u64, |set, letter| set | 1 << (letter & 31));
        let is_number = word.bytes().any(|byte| byte.is_ascii_digit());
        let mark = |mark: u64, holds: bool| if holds { mark } else { 0 };
        Word(
            letters
                | (word.len().min(31) as u64) << 32
                | mark(Word::LOOSE, word.len() < 4 || is_number)
                | mark(Word::RN, word.contains("rn"))
                | mark(Word::NOISE, is_citation_word(word))
                | u64::from(word.as_bytes()[0] & 31) << 40
                | (u64::from(hash(word)) & 0x7_ffff) << 45,
        )
    }

    fn letters(self) -> u32 {
        (self.0 & Word::LETTERS) as u32
    }

    fn len(self) -> u32 {
        (self.0 >> 32) as u32 & 31
    }

    fn first(self) -> u32 {
        (self.0 >> 40) as u32 & 31
    }

    /// The bit that it would have in [`Sketch::around`].
    fn around_bit(self) -> u64 {
        1 << (self.0 >> 58)
    }

    /// Whether the one may be another form of the other.
    fn may_be_form_of(self, other: Word) -> bool {
        // Letters that no ending has: f, h, j, k, p, q, u, w, x.
        const OF_STEMS: u32 = 1 << 6 | 1 << 8 | 1 << 10 | 1 << 11 | 1 << 16 | 1 << 17 | 1 << 21 | 1 << 23 | 1 << 24;
        let shorter = self.len().min(other.len()) as usize;
        self.first() == other.first() && shorter >= MIN_STEM && (self.letters() ^ other.letters()) & OF_STEMS == 0
    }

    /// Whether the one may be a misspelling of the other.
    fn may_be(self, other: Word) -> bool {
        let (a, b) = (self.letters(), other.letters());
        let n_other = (a ^ b).count_ones();
        let marks = self.0 | other.0;
        if marks & Word::RN != 0 {
            return n_other <= 4;
        }
        let shorter = self.len().min(other.len());
        let most = if shorter <= 7 { 2 } else { 4 };
        if n_other > most || (self.first() != other.first() && shorter <= 5) {
            return false;
        }
        marks & Word::LOOSE != 0 || self.len().abs_diff(other.len()) <= 2
    }
}

/// Letters that are set as one with others and get lost together.
const LIGATURES: [u8; 3] = [b'f' & 31, b'i' & 31, b'l' & 31];

/// Whether one of two titles may stand within the other but for some errors, or without a name before a colon.
fn may_be_found_in(a: &Sketch, b: &Sketch) -> bool {
    let n_foreign = |x: &Sketch, y: &Sketch| {
        let letters = x.letters.iter().zip(&y.letters).enumerate();
        let told = letters.filter(|(at, _)| !LIGATURES.contains(&(*at as u8)));
        told.map(|(_, (x, y))| usize::from(x.saturating_sub(*y))).sum::<usize>()
    };
    let may_be = |x: &Sketch, y: &Sketch| {
        let name = if x.has(flag::NAMED) { MAX_NAME_LETTERS } else { 0 };
        // Two letters more, as double letters are dropped per word there and in the whole title here.
        n_foreign(x, y) <= usize::from(x.n_letters) / LETTERS_PER_ERROR + 2 + name
    };
    may_be(a, b) || may_be(b, a)
}

/// The best level below the agreeing ones that two titles can have; none if they may agree.
fn title_level(a: &Sketch, words_a: &[Word], b: &Sketch, words_b: &[Word]) -> Option<Level> {
    let (mut over_a, mut over_b) = (0u32, 0u32);
    for (&x, &y) in a.letters.iter().zip(&b.letters) {
        over_a += u32::from(x.saturating_sub(y));
        over_b += u32::from(y.saturating_sub(x));
    }
    let (len_a, len_b) = (u32::from(a.n_letters), u32::from(b.n_letters));
    let within = over_a == 0 || over_b == 0;
    let bare = a.has(flag::BARE) && b.has(flag::BARE);
    if within && (a.beginning == b.beginning || bare) {
        return None;
    }
    let letters_similar = 20 * over_a.max(over_b) <= 3 * len_a.max(len_b);
    let cited = bare && a.has(flag::COMPONENT) && b.has(flag::COMPONENT);
    let words = Unmatched::of(words_a, words_b, false);
    let (n_a, n_b) = (words_a.len() as u32, words_b.len() as u32);
    let (only_a, only_b) = (words.a.count_ones(), words.b.count_ones());
    if (only_a == 0 && only_b == 0)
        || (only_a <= 1 && only_b <= 1 && n_a.min(n_b) > 8)
        || (letters_similar && (only_a == 0 || only_b == 0))
        || words.may_be_spaced_otherwise
        || (a.has(flag::SUBTITLE) != b.has(flag::SUBTITLE) && {
            let (only, over, len) =
                if a.has(flag::SUBTITLE) { (only_b, over_b, len_b) } else { (only_a, over_a, len_a) };
            only <= 1 && 9 * over <= len + 8
        })
    {
        return None;
    }
    let n_common = (n_a - only_a).min(n_b - only_b);
    if n_common >= 2.max(n_a.min(n_b).div_ceil(2)) && are_explained(a, words_a, words.a, b, words_b, words.b) {
        return None;
    }
    if cited {
        let words = Unmatched::of(words_a, words_b, true);
        let run_on = |words: &[Word]| words.iter().any(|word| word.len() as usize >= MIN_RUN_ON);
        let may_be_alike = SHARED_WORDS as u32 * n_common >= n_a.min(n_b) || run_on(words_a) || run_on(words_b);
        if (words.a == 0 && words.b == 0)
            || are_explained(a, words_a, words.a, b, words_b, words.b)
            || (may_be_alike && may_be_found_in(a, b))
        {
            return None;
        }
    }
    let overlap = (len_a - over_a).min(len_b - over_b);
    if cited && n_common as usize >= MIN_SHARED_WORDS && overlap as usize >= MIN_CUT_LETTERS {
        return None;
    }
    let n_shared = n_a + n_b - only_a - only_b;
    let share = f64::from(n_shared) / f64::from(n_a + n_b);
    let shorter = len_a.min(len_b);
    Some(if letters_similar || within || share >= 0.8 || (share >= 0.3 && overlap >= 25.max(shorter * 6 / 10)) {
        Level::Close
    } else if share >= 0.6 {
        Level::Partial
    } else if share >= 0.3 {
        Level::Weak
    } else {
        Level::Different
    })
}

/// Whether the words without a counterpart may come from the citations around the titles.
fn are_explained(a: &Sketch, words_a: &[Word], only_a: u64, b: &Sketch, words_b: &[Word], only_b: u64) -> bool {
    let around = a.around | b.around;
    let components = a.has(flag::COMPONENT) && b.has(flag::COMPONENT);
    let is_noise = |word: &Word| (components && word.0 & Word::NOISE != 0) || around & word.around_bit() != 0;
    let all = |words: &[Word], only: u64| {
        words.iter().enumerate().filter(|(at, _)| only >> at & 1 != 0).all(|(_, word)| is_noise(word))
    };
    all(words_a, only_a) && all(words_b, only_b)
}

/// Words of two titles that certainly have no counterpart in the other, one bit each.
struct Unmatched {
    a: u64,
    b: u64,
    may_be_spaced_otherwise: bool,
}

impl Unmatched {
    /// Of two bare citations, other forms of a word may be its counterpart, too.
    fn of(a: &[Word], b: &[Word], are_cited: bool) -> Unmatched {
        let all = |n: usize| if n == 64 { u64::MAX } else { (1u64 << n) - 1 };
        let (mut rest_a, mut rest_b) = (all(a.len()), all(b.len()));
        for (i, &x) in a.iter().enumerate() {
            let equal = b.iter().enumerate().find(|&(j, &y)| x == y && rest_b >> j & 1 != 0);
            if let Some((j, _)) = equal {
                rest_a &= !(1 << i);
                rest_b &= !(1 << j);
            }
        }
        let (mut only_a, mut only_b) = (rest_a, rest_b);
        let bits = |mut set: u64| {
            std::iter::from_fn(move || {
                let at = set.trailing_zeros() as usize;
                set &= set.wrapping_sub(1);
                (at < 64).then_some(at)
            })
        };
        for i in bits(rest_a) {
            for j in bits(rest_b) {
                if a[i].may_be(b[j]) || are_cited && a[i].may_be_form_of(b[j]) {
                    only_a &= !(1 << i);
                    only_b &= !(1 << j);
                }
            }
        }
        let letters = |words: &[Word], set: u64| bits(set).fold(0u32, |letters, at| letters | words[at].letters());
        let len = |words: &[Word], set: u64| bits(set).map(|at| words[at].len()).sum::<u32>();
        let is_long = |words: &[Word], set: u64| bits(set).any(|at| words[at].len() == 31);
        let may_be_spaced_otherwise = rest_a != 0
            && rest_b != 0
            && if only_a == rest_a && only_b == rest_b {
                letters(a, rest_a) == letters(b, rest_b)
                    && (len(a, rest_a) == len(b, rest_b) || is_long(a, rest_a) || is_long(b, rest_b))
            } else {
                letters(a, only_a) & !letters(b, rest_b) == 0 && letters(b, only_b) & !letters(a, rest_a) == 0
            };
        Unmatched { a: only_a, b: only_b, may_be_spaced_otherwise }
    }
}

/// Whether the title of the one may be part or subtitle of the other.
fn is_part_of(whole: &Sketch, part: &Sketch) -> bool {
    (whole.part == part.whole || whole.sub == part.whole) && part.whole != 0
}

/// Whether the one may be a chapter of the other by the name of its host. By identifiers it would not come this far.
fn is_chapter(part: &Sketch, host: &Sketch) -> bool {
    part.has(flag::COMPONENT)
        && !host.has(flag::COMPONENT)
        && part.container != 0
        && (part.container == host.main || part.container == host.whole)
}

/// Whether the title of the one may say that it is about the other.
fn may_be_about(a: &Sketch, b: &Sketch) -> bool {
    a.has(flag::FOLLOW_UP) && b.has(flag::SUBJECT)
}

fn may_be_translated(a: &Sketch, b: &Sketch) -> bool {
    kind(a, b).is_component()
        && a.volume == b.volume
        && a.start_page == b.start_page
        && a.volume != 0
        && a.start_page != 0
        && a.years.first == b.years.first
}

fn kind(a: &Sketch, b: &Sketch) -> Kind {
    let both = [a, b];
    let have = |mark: u32| both.map(|sketch| sketch.has(mark));
    kind_of(have(flag::COMPONENT), have(flag::BARE), both.map(|sketch| sketch.classes))
}

/// The most that two titles can weigh, whatever they are, in hundredths of a bit.
fn most_of_title(a: &Sketch, b: &Sketch, kind: Kind, weights: &Weights) -> i32 {
    let of = |level| weights.of(kind, Aspect::Title, level).centibits();
    let information = i32::from(a.information.max(b.information));
    let agreeing = [Level::Same, Level::Similar, Level::Shortened, Level::Close, Level::Partial];
    let agreeing = agreeing.into_iter().map(|level| of(level) * information / 1000).max().unwrap_or(0);
    let in_full = [Level::Weak, Level::Different, Level::OneMissing].into_iter().map(of).max().unwrap_or(0);
    let translated = if may_be_translated(a, b) { of(Level::Translated) } else { 0 };
    agreeing.max(in_full).max(translated).max(0)
}

/// The most that everything but title and authors can weigh, in hundredths of a bit. No identifier is shared.
fn others(a: &Sketch, b: &Sketch, kind: Kind, weights: &Weights) -> i32 {
    let of = |aspect, level| weights.of(kind, aspect, level).centibits();
    let known = |aspect, level: Option<Level>| level.map_or(0, |level| of(aspect, level));
    let best = |aspect| weights.best(kind, aspect);
    let both = |mark: u32| a.flags & b.flags & mark != 0;
    let either = |mark: u32| (a.flags | b.flags) & mark != 0;
    // Nothing, one side only, or what `together` admits of two values.
    let sided = |aspect, mark: u32, together: i32| match (both(mark), either(mark)) {
        (true, _) => together,
        (false, true) => of(aspect, Level::OneMissing),
        (false, false) => 0,
    };
    let of_hashes = |aspect, x: u32, y: u32, same: i32| match (x, y) {
        (0, 0) => 0,
        (0, _) | (_, 0) => of(aspect, Level::OneMissing),
        _ if x == y => same,
        _ => of(aspect, Level::Different),
    };
    let mut sum = 0;
    if either(flag::PART) {
        sum += best(Aspect::Part);
    }
    if either(flag::NUMBERS) || both(flag::SERIES_NUMBER) {
        sum += best(Aspect::Numbers);
    }
    sum += known(Aspect::Year, years_level(a.years, b.years));
    if kind.is_component() {
        sum += sided(Aspect::Container, flag::CONTAINER, best(Aspect::Container));
        sum += of_hashes(Aspect::Volume, a.volume, b.volume, of(Aspect::Volume, Level::Same));
        sum += of_hashes(Aspect::Issue, a.issue, b.issue, of(Aspect::Issue, Level::Same));
        let one_page = (a.bare_page == b.bare_page && a.bare_page != 0)
            || (a.end_page == b.end_page && a.end_page != 0)
            || a.start_page == b.start_page;
        sum += match (a.start_page, b.start_page) {
            (0, 0) => 0,
            (0, _) | (_, 0) => of(Aspect::Pages, Level::OneMissing),
            _ if one_page => best(Aspect::Pages),
            _ => of(Aspect::Pages, Level::Different),
        };
    } else {
        let word_in_common =
            |aspect, x: u32, y: u32| if x & y != 0 { best(aspect) } else { of(aspect, Level::Different) };
        sum += sided(Aspect::Publisher, flag::PUBLISHER, word_in_common(Aspect::Publisher, a.publisher, b.publisher));
        sum += sided(Aspect::Place, flag::PLACE, word_in_common(Aspect::Place, a.place, b.place));
        sum += edition(a, b, kind, weights);
        sum += known(Aspect::Extent, extent_level(a.extent, b.extent));
        sum += known(Aspect::Height, height_level(a.extent, b.extent));
        if both(flag::SERIES) {
            sum += best(Aspect::Series);
        }
    }
    let doi = of(Aspect::Doi, Level::Different).max(of(Aspect::Doi, Level::Partial));
    sum += sided(Aspect::Doi, flag::DOI, doi);
    let unshared = |aspect, mark| sided(aspect, mark, of(aspect, Level::Different).max(of(aspect, Level::OneMissing)));
    sum += unshared(Aspect::ArticleNumber, flag::ARTICLE_NUMBER);
    sum += unshared(Aspect::Oclc, flag::OCLC);
    if !kind.is_component() {
        sum += unshared(Aspect::Isbn, flag::ISBN);
        if kind == Kind::Serial {
            sum += unshared(Aspect::Issn, flag::ISSN);
        }
    }
    let language = if a.languages & b.languages != 0 { Level::Same } else { Level::Different };
    let language = of(Aspect::Language, language).max(of(Aspect::Language, Level::Different));
    sum += sided(Aspect::Language, flag::LANGUAGE, language);
    sum + known(Aspect::Format, formats_level(a.classes, b.classes))
}

fn edition(a: &Sketch, b: &Sketch, kind: Kind, weights: &Weights) -> i32 {
    let of = |level| weights.of(kind, Aspect::Edition, level).centibits();
    match (a.has(flag::EDITION), b.has(flag::EDITION)) {
        (false, false) => 0,
        (false, true) if b.edition_number == 1 => 0,
        (true, false) if a.edition_number == 1 => 0,
        (true, false) | (false, true) => of(Level::OneMissing),
        (true, true) if a.edition_number > 0 && b.edition_number > 0 => {
            of(if a.edition_number == b.edition_number { Level::Same } else { Level::Different })
        }
        (true, true) => of(if a.edition == b.edition { Level::Same } else { Level::Similar }),
    }
}
