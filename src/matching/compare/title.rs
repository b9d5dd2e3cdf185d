//! Titles, compared by words and by letters.

use std::borrow::Cow;

use rapidfuzz::distance::levenshtein;
use strsim::osa_distance;

use crate::keys::Features;
use crate::keys::material::Classes;
use crate::keys::numbers::canonical_number;
use crate::keys::seek::words;
use crate::keys::text::{is_article, is_little, romanisation_key, skeleton, squeezed_skeleton};
use crate::keys::thematic::thematic_numbers;
use crate::keys::title::Title;

use super::super::evidence::Level;
use super::super::weights::Weights;
use super::cited;
use super::word_forms::standard;

/// How two titles agree.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct TitleAgreement {
    /// How far.
    pub level: Level,
    /// Share of the full weight this title carries, in thousandths (see [`Weights::title_information`]).
    pub information: i32,
}

/// Letter similarity from which two whole titles may be one with typing errors.
const LETTERS_SIMILAR: f64 = 0.85;
/// Share of common words from which titles are nearly the same.
const WORDS_CLOSE: f64 = 0.8;
/// The least letters a title must have so that its standing within the other one means something.
pub(in crate::matching) const MIN_WITHIN_LETTERS: usize = 20;
/// The least letters in a row that show a common origin.
const MIN_OVERLAP_LETTERS: usize = 25;
/// Share of common words from which reworded titles still point to one work.
const WORDS_PARTIAL: f64 = 0.6;
/// The least letters a title must have so that its being a beginning of the other one means something.
pub(super) const MIN_PREFIX_LETTERS: usize = 12;

/// Compares titles; `None` if both are missing.
pub(super) fn compare(a: &Features, b: &Features, weights: &Weights) -> Option<TitleAgreement> {
    let (ta, tb) = (&a.title, &b.title);
    match (ta.is_empty(), tb.is_empty()) {
        (true, true) => return None,
        (true, false) | (false, true) => return Some(TitleAgreement { level: Level::OneMissing, information: 1000 }),
        (false, false) => {}
    }
    let (whole_a, whole_b) = (ta.whole(), tb.whole());
    // The shorter title first, and of two as long the first by letters: words find their counterparts one after the
    // other, and which record is `a` must not decide which.
    if (whole_b.len(), &*whole_b) < (whole_a.len(), &*whole_a) {
        return compare(b, a, weights);
    }
    let level = level_of(a, b, &whole_a, &whole_b);
    let level = match level {
        Level::Close | Level::Partial | Level::Weak | Level::Different
            if is_one_romanised(a, b, &whole_a, &whole_b) =>
        {
            Level::Similar
        }
        Level::Close | Level::Partial | Level::Weak | Level::Different
            if let Some(level) = but_for_an_article(ta, tb) =>
        {
            level
        }
        Level::Different | Level::Weak if has_other_title(a, b) || has_other_title(b, a) => Level::Shortened,
        Level::Partial | Level::Different | Level::Weak if is_one_composition(a, b) => Level::Shortened,
        level => level,
    };
    let level = match level {
        Level::Close | Level::Partial | Level::Weak | Level::Different if are_citations(a, b) => {
            cited::level(a, b, &whole_a, &whole_b).unwrap_or(level)
        }
        level => level,
    };
    // Disagreement weighs in full: only agreement of short titles is cheap.
    let information =
        if matches!(level, Level::Same | Level::Similar | Level::Shortened | Level::Close | Level::Partial) {
            weights.title_information(&whole_a)
        } else {
            1000
        };
    Some(TitleAgreement { level, information })
}

/// How two titles agree of which one lacks the article of the other, if that and a subtitle are all that they differ in.
fn but_for_an_article(a: &Title, b: &Title) -> Option<Level> {
    let is_one = |x: &str, y: &str| {
        without_one_sided_article(x, y)
            .is_some_and(|(x, y)| squeeze(x).len() >= MIN_LONE_LETTERS && squeeze(x) == squeeze(y))
    };
    if is_one(&a.whole(), &b.whole()) {
        return Some(Level::Similar);
    }
    (is_one(&a.main, &b.main) && a.sub.is_empty() != b.sub.is_empty()).then_some(Level::Shortened)
}

/// The least letters of a word behind an article that is the whole rest of a title.
const MIN_LONE_LETTERS: usize = 8;

/// Two folded titles of which one opens with an article and the other with the word behind it, both without the article: `Los niños perdidos`,
/// `Niños perdidos`. `None` if there is no such article, or little behind it.
pub(in crate::matching) fn without_one_sided_article<'t>(a: &'t str, b: &'t str) -> Option<(&'t str, &'t str)> {
    let bare = |title: &'t str, other: &str| {
        let (article, rest) = title.split_once(' ')?;
        let (first, behind) = rest.split_once(' ').unwrap_or((rest, ""));
        // One word says something if it is long: `Die Winterreise`.
        if behind.is_empty() && rest.len() < MIN_LONE_LETTERS {
            return None;
        }
        let is_one_sided = other.split(' ').next() == Some(first) && !is_article(first);
        (is_article(article) && is_one_sided).then_some(rest)
    };
    bare(a, b).map(|bare| (bare, b)).or_else(|| bare(b, a).map(|bare| (a, bare)))
}

/// Whether both are components known by title, authors, host and year alone.
fn are_citations(a: &Features, b: &Features) -> bool {
    let is_citation = |features: &Features| features.is_component() && features.is_bare_citation();
    is_citation(a) && is_citation(b)
}

fn level_of(fa: &Features, fb: &Features, whole_a: &str, whole_b: &str) -> Level {
    let (a, b): (&Title, &Title) = (&fa.title, &fb.title);
    if whole_a == whole_b {
        return Level::Same;
    }
    let (sa, sb) = (squeeze(whole_a), squeeze(whole_b));
    if sa == sb {
        return Level::Same;
    }
    if lost_letters_explain(&sa, a.n_lost, &sb) || lost_letters_explain(&sb, b.n_lost, &sa) {
        return Level::Similar;
    }
    let (ma, mb) = (squeeze(&a.main), squeeze(&b.main));
    if ma == mb && (a.sub.is_empty() || b.sub.is_empty()) {
        return Level::Shortened;
    }
    let begins = is_beginning(&sa, &sb) || is_beginning(&sb, &sa);
    if begins && !is_other_word(a, b) || is_elided(a, b) || is_elided(b, a) {
        return Level::Shortened;
    }
    if is_completed(fa, fb) || is_completed(fb, fa) || is_part_of(fa, b, &sb) || is_part_of(fb, a, &sa) {
        return Level::Shortened;
    }
    if similarity(&sa, &sb, LETTERS_SIMILAR) >= LETTERS_SIMILAR {
        let level = by_words(whole_a, whole_b);
        let parts = fa.is_component() || fb.is_component();
        return if level == Level::Partial && !parts && is_letter_off(whole_a, whole_b) {
            Level::Similar
        } else {
            level
        };
    }
    if ma == mb {
        // One main title with different subtitles: a variant of it, or another work of a series. Words on both
        // sides that the other lacks make the latter: `acute phase results`, `quality of life results`.
        return by_words(&a.sub, &b.sub);
    }
    let one_main_missing_sub = a.sub.is_empty() != b.sub.is_empty();
    if one_main_missing_sub && similarity(&ma, &mb, 0.9) >= 0.9 && by_words(&a.main, &b.main) == Level::Similar {
        return Level::Shortened;
    }
    if fa.is_bare_citation()
        && fb.is_bare_citation()
        && let Some(level) = within_citation(whole_a, &sa, whole_b, &sb, fa, fb)
            .or_else(|| within_citation(whole_b, &sb, whole_a, &sa, fb, fa))
    {
        return level;
    }
    let words = WordCounts::of(whole_a, whole_b);
    if words.is_same() || words.is_most() && words.rest().all(|word| is_noise(word, fa, fb)) {
        return Level::Similar;
    }
    if is_within(&sa, &sb) || is_within(&sb, &sa) {
        return Level::Close;
    }
    match words.share() {
        share if share >= WORDS_CLOSE => Level::Close,
        share if share >= 0.3 && overlaps(&sa, &sb) => Level::Close,
        share if share >= WORDS_PARTIAL => Level::Partial,
        share if share >= 0.3 => Level::Weak,
        _ => Level::Different,
    }
}

/// Whether a word that only one title has comes from the citation around it: initials, page and issue numbers,
/// names of the authors, words of the host.
pub(super) fn is_noise(word: &str, a: &Features, b: &Features) -> bool {
    let is_name = |f: &Features| {
        let mut persons = f.persons.iter();
        persons.any(|person| person.family.split(' ').chain(person.given.split(' ')).any(|part| part == word))
    };
    let component = a.is_component() && b.is_component();
    let host = |f: &Features| f.container.split(' ').any(|part| part == word);
    is_name(a) || is_name(b) || component && (is_citation_word(word) || host(a) || host(b))
}

/// The least letters of a title that is looked for in a citation which was put into the other title whole.
const MIN_CITED_LETTERS: usize = 10;

/// The most letters of a prefix that makes another word.
const MAX_PREFIX: usize = 3;

/// How `title` agrees with `citation` if it stands in there after nothing but names: `andA. Pfeffer,
/// Generalizedsearchtreesfordatabase systems. In proc`. `squeezed` and `cited` are the two without blanks.
fn within_citation(
    title: &str,
    squeezed: &str,
    citation: &str,
    cited: &str,
    a: &Features,
    b: &Features,
) -> Option<Level> {
    if squeezed.len() < MIN_CITED_LETTERS || squeezed.len() >= cited.len() || title.split(' ').nth(1).is_none() {
        return None;
    }
    let start = cited.find(squeezed)?;
    let end = start + squeezed.len();
    let (mut before, mut after) = (true, true);
    let mut at = 0;
    for word in citation.split(' ') {
        let letters = squeeze(word);
        let (from, to) = (at, at + letters.len());
        at = to;
        if from < start {
            let name = &letters[..(start - from).min(letters.len())];
            // The first letters of a word are no initials: `organic`, `inorganic`.
            let is_prefix = name.len() < letters.len() && name.len() <= MAX_PREFIX;
            before &= !is_prefix && (is_cited_name(name, a) || is_cited_name(name, b));
        }
        if to > end {
            let rest = &letters[end.saturating_sub(from).min(letters.len())..];
            after &= is_noise(rest, a, b);
        }
    }
    match (before, after) {
        (true, true) => Some(Level::Similar),
        (true, false) => Some(Level::Shortened),
        (false, _) => None,
    }
}

/// Whether what stands before a title in a citation may belong to a name of the record: the name, also misspelt or run
/// on, initials, a year, or what joins names.
pub(super) fn is_cited_name(word: &str, features: &Features) -> bool {
    const JOINING: [&str; 8] = ["and", "und", "with", "others", "eds", "von", "van", "jr"];
    let word = word.strip_prefix("and").unwrap_or(word);
    word.len() <= 2
        || word.bytes().all(|byte| byte.is_ascii_digit())
        || JOINING.contains(&word)
        || features.persons.iter().flat_map(|person| person.family.split(' ').chain(person.given.split(' '))).any(
            |name| {
                let name = squeeze(name);
                name.len() >= 3 && (word.starts_with(&name) || (name.len() >= 5 && is_misspelling(word, &name)))
            },
        )
}

/// Whether a word may come from the citation around a title: initials, numbers, and what hosts are called.
pub(in crate::matching) fn is_citation_word(word: &str) -> bool {
    const CITATION: [&str; 16] = [
        "acm",
        "conf",
        "conference",
        "et",
        "eds",
        "ieee",
        "int",
        "intl",
        "others",
        "pages",
        "pp",
        "proc",
        "proceedings",
        "tutorial",
        "vol",
        "invited",
    ];
    word.len() <= 2 || word.bytes().all(|byte| byte.is_ascii_digit()) || CITATION.contains(&word)
}

/// Whether the titles share a run of letters so long that one can only be a cut-out of the other in a citation:
/// names before it, the end cut off.
fn overlaps(a: &str, b: &str) -> bool {
    let shorter = a.len().min(b.len());
    if shorter < MIN_OVERLAP_LETTERS {
        return false;
    }
    let least = MIN_OVERLAP_LETTERS.max(shorter * 6 / 10);
    // Lengths of the common runs that end at each letter of `b`, for the letter of `a` before and at hand.
    let mut before = vec![0usize; b.len() + 1];
    let mut here = vec![0usize; b.len() + 1];
    for x in a.bytes() {
        for (at, y) in b.bytes().enumerate() {
            here[at + 1] = if x == y { before[at] + 1 } else { 0 };
            if here[at + 1] >= least {
                return true;
            }
        }
        std::mem::swap(&mut before, &mut here);
    }
    false
}

/// Whether a title that lost letters is the other one without them. A lost letter may have stood for two.
fn lost_letters_explain(damaged: &str, n_lost: u8, whole: &str) -> bool {
    let n_missing = whole.len().saturating_sub(damaged.len());
    let mut letters = whole.bytes();
    n_lost > 0
        && whole.len() >= damaged.len()
        && n_missing <= 2 * usize::from(n_lost)
        && damaged.bytes().all(|letter| letters.any(|other| other == letter))
}

/// Whether the shorter title begins the longer one. Truncation may cut within a word.
fn is_beginning(short: &str, long: &str) -> bool {
    short.len() >= MIN_PREFIX_LETTERS && long.starts_with(short)
}

/// Whether the shorter of two short titles, of which one begins the other, ends within a word that goes on as another one: `v. Harris`,
/// `v. Harrison`; not `Lesson`, `Lessons`. Long titles were cut.
fn is_other_word(a: &Title, b: &Title) -> bool {
    const MAX_UNCUT: usize = 34;
    let (x, y) = (a.with_part(), b.with_part());
    let (short, long) = if x.len() < y.len() { (&x, &y) } else { (&y, &x) };
    let Some(rest) = long.strip_prefix(&**short) else { return false };
    let rest = rest.split(' ').next().unwrap_or_default();
    short.len() < MAX_UNCUT && !matches!(rest, "" | "s" | "es" | "ies" | "e" | "n" | "en" | "ns")
}

/// Whether two titles have the same words in another order, as parallel titles stand in: three at least.
pub(super) fn are_permuted(a: &str, b: &str) -> bool {
    const MIN_WORDS: usize = 3;
    let words = |text: &'_ str| -> Vec<String> {
        let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
        words.sort_unstable();
        words
    };
    if a == b || a.len() != b.len() {
        return false;
    }
    let (x, y) = (words(a), words(b));
    x.len() >= MIN_WORDS && x == y
}

/// Whether one title leaves out parts of the other and says so: `A grammar ... and vocabulary`.
fn is_elided(elided: &Title, whole: &Title) -> bool {
    let Some((first, others)) = elided.segments.split_first() else { return false };
    let (first, text) = (squeeze(first), squeeze(&whole.with_part()));
    let Some(mut rest) = text.strip_prefix(first.as_str()) else { return false };
    let mut n_letters = first.len();
    for segment in others {
        let segment = squeeze(segment);
        let Some(at) = rest.find(&segment) else { return false };
        rest = &rest[at + segment.len()..];
        n_letters += segment.len();
    }
    n_letters >= MIN_WITHIN_LETTERS
}

/// Whether one title names only a kind of text, and the other one adds whose it is: `Report.` by a commission, `Report
/// of the commission on the dehorning of cattle`. Subtitles are the same then, or one lacks it: `Works. With a sketch of his
/// life`, `The works of Samuel Hale. With a sketch of his life`.
fn is_completed(short: &Features, long: &Features) -> bool {
    if !bears_kind(&short.title) || bears_kind(&long.title) {
        return false;
    }
    let (x, y) = (squeeze(&short.title.sub), squeeze(&long.title.sub));
    if !x.is_empty() && !x.starts_with(&y) && !y.starts_with(&x) {
        return false;
    }
    let whole = long.title.whole();
    if x.is_empty()
        && is_one_printing(short, long)
        && whole.strip_prefix(&*short.title.main).is_some_and(|rest| rest.starts_with(' '))
    {
        return true;
    }
    names_maker(&long.title.main, short, long) || x.is_empty() && names_maker(&whole, short, long)
}

/// Whether a title is the kind of text that `short` is, and otherwise names of makers.
fn names_maker(title: &str, short: &Features, long: &Features) -> bool {
    let mut words = title.split(' ').filter(|word| !is_little(word) && !word.bytes().all(|byte| byte.is_ascii_digit()));
    let opens = words.next() == Some(&short.title.main);
    let makers = |features: &Features, word: &str| {
        let bodies = features.bodies.iter().flat_map(|body| body.split(' '));
        let persons =
            features.persons.iter().flat_map(|person| person.family.split(' ').chain(person.given.split(' ')));
        bodies.chain(persons).any(|name| name == word)
    };
    let (mut n, mut n_named) = (0, 0);
    for word in words {
        n += 1;
        n_named += usize::from(makers(short, word) || makers(long, word));
    }
    opens && n >= 2 && 4 * n_named >= 3 * n
}

/// Whether two books have one year, one number of pages and one of preliminary pages.
fn is_one_printing(a: &Features, b: &Features) -> bool {
    let (x, y) = (a.extent, b.extent);
    let one_extent = x.pages > 0 && x.front > 0 && (x.pages, x.front) == (y.pages, y.front);
    one_extent && a.years.first > 0 && a.years.first == b.years.first && !a.is_component() && !b.is_component()
}

/// Whether the title that is squeezed in `other` is the part or subtitle of `whole`, which one catalogue takes for the
/// title and another enters under a common title: `Studies of reform. Reform in teaching`, `Reform in teaching`.
fn is_part_of(whole: &Features, part: &Title, squeezed: &str) -> bool {
    !whole.is_component()
        && part.part.is_empty()
        && squeezed.len() >= MIN_WITHIN_LETTERS
        && (squeezed == squeeze(&whole.title.part) || squeezed == squeeze(&whole.title.sub))
}

/// Whether a title proper is one word for a kind of text.
pub(in crate::matching) fn bears_kind(title: &Title) -> bool {
    const KINDS: [&str; 8] = ["report", "reports", "proceedings", "works", "papers", "letters", "bericht", "poems"];
    KINDS.contains(&&*title.main)
}

/// Whether the shorter title stands within the longer one: citations glue names and hosts to a title.
fn is_within(short: &str, long: &str) -> bool {
    short.len() >= MIN_WITHIN_LETTERS && short.len() < long.len() && long.contains(short)
}

/// Whether two folded texts have the same words but for typing errors and little words.
pub(super) fn same_words(a: &str, b: &str) -> bool {
    WordCounts::of(a, b).is_same()
}

/// Titles that agree by letters: are the words the same but for typing errors, or is a word another one?
fn by_words(a: &str, b: &str) -> Level {
    let words = WordCounts::of(a, b);
    match (words.only_a.len(), words.only_b.len()) {
        // A word more or less: `a study of` for `study of`.
        (0, 0 | 1) | (1, 0) => Level::Similar,
        (0, _) | (_, 0) => Level::Shortened,
        _ if words.rest_is_damage() => Level::Close,
        _ => Level::Partial,
    }
}

/// The least words that must agree so that one letter of another word is an error, though it makes a word as well.
const MIN_WORDS_AROUND: usize = 8;

/// Whether long titles differ in one letter of one word only: `the past vegetation`, `the vast vegetation`. Articles are
/// told apart by as little (`in the kidney of rats`, `of cats`).
pub(super) fn is_letter_off(a: &str, b: &str) -> bool {
    let words = WordCounts::of(a, b);
    let ([x], [y]) = (&words.only_a[..], &words.only_b[..]) else { return false };
    let digits = |word: &str| word.bytes().any(|byte| byte.is_ascii_digit());
    words.n_common() >= MIN_WORDS_AROUND && !digits(x) && !digits(y) && osa_distance(x, y) <= 1
}

/// Whether two texts are the same but for one word, which is another one in each.
pub(super) fn is_substituted(a: &str, b: &str) -> bool {
    let words = WordCounts::of(a, b);
    let ([x], [y]) = (&words.only_a[..], &words.only_b[..]) else { return false };
    let digits = |word: &str| word.bytes().any(|byte| byte.is_ascii_digit());
    // `&c` and `etc`.
    let is_word = |word: &str| word.len() >= 3;
    is_word(x)
        && is_word(y)
        && !digits(x)
        && !digits(y)
        && !is_damaged_form(x, y)
        && !is_contracted(x, y)
        && !x.starts_with(&**y)
        && !y.starts_with(&**x)
}

/// What stands between the beginning and the end that two texts have in common, without little words: how many words they share around
/// it, and those of each. `None` if the rest is longer than a few words, or holds numbers or short words, which say too little.
pub(super) fn replaced<'t>(a: &'t str, b: &'t str) -> Option<Replaced<'t>> {
    const MAX_WORDS: usize = 4;
    const MIN_LETTERS: usize = 4;
    let (words_a, words_b) = (content_words(a), content_words(b));
    let before = words_a.iter().zip(&words_b).take_while(|(x, y)| x == y).count();
    let most = words_a.len().min(words_b.len()) - before;
    let behind = words_a.iter().rev().zip(words_b.iter().rev()).take(most).take_while(|(x, y)| x == y).count();
    let (only_a, only_b) =
        (words_a[before..words_a.len() - behind].to_vec(), words_b[before..words_b.len() - behind].to_vec());
    let is_word = |word: &Cow<'_, str>| word.len() >= MIN_LETTERS && !word.bytes().any(|byte| byte.is_ascii_digit());
    let is_span = |words: &[Cow<'_, str>]| words.len() <= MAX_WORDS && words.iter().all(is_word);
    (is_span(&only_a) && is_span(&only_b)).then_some(Replaced { before, behind, only_a, only_b })
}

/// See [`replaced`].
pub(super) struct Replaced<'t> {
    /// Words in common before and behind.
    pub(super) before: usize,
    pub(super) behind: usize,
    pub(super) only_a: Vec<Cow<'t, str>>,
    pub(super) only_b: Vec<Cow<'t, str>>,
}

impl Replaced<'_> {
    /// Whether no word of the one has anything to do with a word of the other.
    pub(super) fn are_strangers(&self) -> bool {
        const LEAST_LIKE: f64 = 0.6;
        const MIN_BEGINNING: usize = 4;
        let are_like = |x: &str, y: &str| {
            let n_same = x.bytes().zip(y.bytes()).take_while(|(x, y)| x == y).count();
            n_same >= MIN_BEGINNING || strsim::normalized_damerau_levenshtein(x, y) >= LEAST_LIKE
        };
        !self.only_a.iter().any(|x| self.only_b.iter().any(|y| are_like(x, y)))
    }
}

/// Whether one word is the other with letters left out, but not its first and last: `dept`, `department`; `intl`.
fn is_contracted(x: &str, y: &str) -> bool {
    let (short, long) = if x.len() <= y.len() { (x, y) } else { (y, x) };
    let mut letters = long.bytes();
    short.len() >= 3
        && short.as_bytes()[0] == long.as_bytes()[0]
        && short.as_bytes().last() == long.as_bytes().last()
        && short.bytes().all(|letter| letters.any(|other| other == letter))
}

/// Words of two texts: how many, and those without a counterpart in the other. Little words do not count.
pub(super) struct WordCounts<'t> {
    n_a: usize,
    n_b: usize,
    only_a: Vec<Cow<'t, str>>,
    only_b: Vec<Cow<'t, str>>,
}

impl<'t> WordCounts<'t> {
    /// Of two folded texts. Counterparts are equal, misspelt, or the same letters with other blanks between them.
    pub(super) fn of(a: &'t str, b: &'t str) -> WordCounts<'t> {
        let words_a = content_words(a);
        let mut only_b = content_words(b);
        let (n_a, n_b) = (words_a.len(), only_b.len());
        let mut only_a: Vec<Cow<'_, str>> = Vec::new();
        for word in words_a {
            match only_b.iter().position(|other| *other == word) {
                Some(at) => {
                    only_b.remove(at);
                }
                None => only_a.push(word),
            }
        }
        only_a.retain(|word| match only_b.iter().position(|other| is_misspelling(word, other)) {
            Some(at) => {
                only_b.remove(at);
                false
            }
            None => true,
        });
        // `data base` and `database`: the rest may differ in spacing only.
        if !only_a.is_empty() && !only_b.is_empty() && only_a.concat() == only_b.concat() {
            (only_a, only_b) = (Vec::new(), Vec::new());
        }
        WordCounts { n_a, n_b, only_a, only_b }
    }

    /// Share of words in common: 2·common / (words of a + words of b).
    fn share(&self) -> f64 {
        let n = self.n_a + self.n_b;
        if n == 0 { 0.0 } else { (n - self.only_a.len() - self.only_b.len()) as f64 / n as f64 }
    }

    /// Number of words in common.
    pub(super) fn n_common(&self) -> usize {
        (self.n_a - self.only_a.len()).min(self.n_b - self.only_b.len())
    }

    /// Words of the shorter title, little ones aside.
    pub(super) fn n_shorter(&self) -> usize {
        self.n_a.min(self.n_b)
    }

    /// Words without a counterpart, of both.
    pub(super) fn rest(&self) -> impl Iterator<Item = &str> {
        self.only_a.iter().chain(&self.only_b).map(|word| &**word)
    }

    /// Words without a counterpart, of each.
    pub(super) fn without_counterpart(&self) -> (&[Cow<'t, str>], &[Cow<'t, str>]) {
        (&self.only_a, &self.only_b)
    }

    /// Whether every word has its counterpart.
    pub(super) fn is_same(&self) -> bool {
        self.rest().next().is_none() && self.n_a + self.n_b > 0
    }

    /// Whether half of the shorter title's words, and two at least, have their counterparts.
    pub(super) fn is_most(&self) -> bool {
        self.n_common() >= 2.max(self.n_a.min(self.n_b).div_ceil(2))
    }

    /// Whether every word of one of the two has its counterpart.
    pub(super) fn is_one_sided(&self) -> bool {
        self.only_a.is_empty() || self.only_b.is_empty()
    }

    /// Takes other forms of one word for counterparts, too.
    pub(super) fn without_inflected(mut self) -> WordCounts<'t> {
        let only_b = &mut self.only_b;
        self.only_a.retain(|word| match only_b.iter().position(|other| cited::are_inflected(word, other)) {
            Some(at) => {
                only_b.remove(at);
                false
            }
            None => true,
        });
        self
    }

    /// Whether the words without a counterpart look like damaged forms of each other, one by one.
    fn rest_is_damage(&self) -> bool {
        self.only_a.len() == self.only_b.len()
            && self.only_a.iter().zip(&self.only_b).all(|(a, b)| is_damaged_form(a, b))
    }
}

/// Words of a folded text without the little ones, each in one form for its number or its variants.
pub(in crate::matching) fn content_words(text: &str) -> Vec<Cow<'_, str>> {
    let mut words = words(text).filter(|word| !word.is_empty()).peekable();
    let mut content = Vec::with_capacity(8);
    while let Some(word) = words.next() {
        let is_counted = words.peek().is_some_and(|next| next.bytes().all(|byte| byte.is_ascii_digit()));
        match is_counted.then(|| designation(word)).flatten() {
            Some(designation) => content.push(Cow::Borrowed(designation)),
            None if !is_little(word) => content.push(canonical(word)),
            None => {}
        }
    }
    content
}

/// The form in which a word before a number says what is counted: `v. 1-44`, `volumes 1-44`.
fn designation(word: &str) -> Option<&'static str> {
    Some(match word {
        "v" | "vol" | "vols" | "volume" | "volumes" => "volume",
        "no" | "nos" | "nr" | "num" | "number" | "numbers" => "number",
        "pt" | "pts" | "part" | "parts" => "part",
        "bd" | "bde" | "band" | "bande" => "band",
        "k" | "kv" | "kochel" | "koechel" => "kv",
        _ => return None,
    })
}

/// Numerals in one form (`two`, `ii` and `2`), and words that stand for others.
fn canonical(word: &str) -> Cow<'_, str> {
    canonical_number(word).map_or(Cow::Borrowed(standard(word)), |number| Cow::Owned(number.to_string()))
}

/// One typing error in words of up to seven letters, two in longer ones; numbers admit none.
pub(super) fn is_misspelling(a: &str, b: &str) -> bool {
    if a.is_empty() || b.is_empty() {
        return false;
    }
    // The commonest confusion of optical recognition.
    let has_rn = |word: &str| word.as_bytes().windows(2).any(|two| two == b"rn");
    if (has_rn(a) || has_rn(b)) && a.replace("rn", "m") == b.replace("rn", "m") {
        return true;
    }
    let digits = |word: &str| word.bytes().any(|byte| byte.is_ascii_digit());
    let first_letters_differ = a.as_bytes()[0] != b.as_bytes()[0];
    if a.len() < 4 || b.len() < 4 || digits(a) || digits(b) {
        return !first_letters_differ && skeleton(a) == skeleton(b);
    }
    if is_inflected(a, b) {
        return true;
    }
    let allowed = if a.len().min(b.len()) <= 7 || are_sciences(a, b) { 1 } else { 2 };
    // Another first letter is seldom a typing error in short words: `men` and `ten`, `bats` and `cats`.
    if a.len().abs_diff(b.len()) > allowed || (first_letters_differ && a.len().min(b.len()) <= 5) {
        return false;
    }
    // Each error adds at most one letter to either set of letters; most pairs of words end here.
    let letters = |word: &str| word.bytes().fold(0u32, |set, letter| set | 1 << (letter & 31));
    let (of_a, of_b) = (letters(a), letters(b));
    if (of_a & !of_b).count_ones().max((of_b & !of_a).count_ones()) as usize > allowed {
        return false;
    }
    // Exchanged neighbours are one error, which plain Levenshtein counts as two.
    osa_distance(a, b) <= allowed
}

/// Whether two words end as the names of sciences and diseases do, so that few letters tell them apart: `cardiology`,
/// `radiology`.
fn are_sciences(a: &str, b: &str) -> bool {
    const ENDS: [&str; 14] = [
        "ology", "ologie", "ologia", "ography", "ographie", "ografia", "metry", "metrie", "nomy", "nomie", "itis",
        "aemia", "emia", "osis",
    ];
    ENDS.iter().any(|end| a.ends_with(end) && b.ends_with(end))
}

/// Whether one word may be a misread form of the other: most letters agree, and neither is the other with a
/// prefix, as `organic` and `inorganic` are.
pub(super) fn is_damaged_form(a: &str, b: &str) -> bool {
    let digits = |word: &str| word.bytes().any(|byte| byte.is_ascii_digit());
    let is_prefixed = a.ends_with(b) || b.ends_with(a);
    !digits(a)
        && !digits(b)
        && !is_prefixed
        && !are_sciences(a, b)
        && a.len().min(b.len()) >= 5
        && similarity(a, b, 0.7) >= 0.7
}

/// Whether two words are one in different number or case: `process` and `processes`.
fn is_inflected(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    short.len() >= 4
        && (matches!(long.strip_prefix(short), Some("s" | "es" | "e" | "en" | "n" | "er" | "d" | "ed"))
            || long.strip_suffix("ies").is_some_and(|stem| short.strip_suffix('y') == Some(stem)))
}

/// Two romanisations of one title, in a language of another script.
fn is_one_romanised(a: &Features, b: &Features, whole_a: &str, whole_b: &str) -> bool {
    let romanised = |features: &Features| features.languages.iter().any(|language| language.is_romanised());
    if !romanised(a) || !romanised(b) {
        return false;
    }
    let (x, y) = (romanisation_key(whole_a), romanisation_key(whole_b));
    x == y || {
        let cyrillic = |features: &Features| features.languages.iter().any(|language| language.is_cyrillic());
        let is_long = x.len().min(y.len()) >= MIN_PREFIX_LETTERS;
        is_long && cyrillic(a) && cyrillic(b) && without_sibilants(&x) == without_sibilants(&y)
    }
}

/// A romanisation with one letter for what the tables write as `kh`, `ch`, `h` and `x`, as `ch`, `č` and `c`, as `ts` and `c`:
/// `chastiakh` (ALA-LC), `častjach` (DIN), `častâh` (ISO 9).
pub(in crate::matching) fn without_sibilants(key: &str) -> String {
    let mut out = String::with_capacity(key.len());
    for letter in key.replace("ts", "k").replace("ia", "a").chars() {
        let letter = if matches!(letter, 'c' | 'h' | 'x') { 'k' } else { letter };
        if letter != 'k' || !out.ends_with('k') {
            out.push(letter);
        }
    }
    out
}

/// The numbers in opus lists and thematic catalogues of what is printed or recorded music, of titles and uniform titles; ascending.
pub(in crate::matching) fn thematic_numbers_of(f: &Features) -> Vec<String> {
    if !f.classes.meets(Classes::SCORE.with(Classes::AUDIO)) {
        return Vec::new();
    }
    let title = f.title.with_part();
    let titles = std::iter::once(&*title).chain(f.other_titles.iter().map(|title| &**title));
    let mut numbers: Vec<String> = titles.flat_map(thematic_numbers).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// Whether both are music of one composer, under one number of a catalogue and no other: `Klavierkonzert Nr. 20 d-Moll KV 466`, `Konzert
/// in d für Klavier und Orchester KV 466`.
pub(super) fn is_one_composition(a: &Features, b: &Features) -> bool {
    let is_of_one = || a.persons.iter().any(|person| b.persons.iter().any(|other| person.family == other.family));
    let numbers = thematic_numbers_of(a);
    matches!(numbers[..], [_]) && is_of_one() && numbers == thematic_numbers_of(b)
}

/// Whether nothing but the number of the catalogue makes the titles those of [one composition](is_one_composition). An overture and
/// highlights bear the number of the opera, so that somebody has to look.
pub(super) fn is_known_by_number_alone(a: &Features, b: &Features) -> bool {
    let (whole_a, whole_b) = (a.title.whole(), b.title.whole());
    // In the order of [`compare`].
    if (whole_b.len(), &*whole_b) < (whole_a.len(), &*whole_a) {
        return is_known_by_number_alone(b, a);
    }
    is_one_composition(a, b)
        && but_for_an_article(&a.title, &b.title).is_none()
        && !has_other_title(a, b)
        && !has_other_title(b, a)
        && matches!(level_of(a, b, &a.title.whole(), &b.title.whole()), Level::Partial | Level::Different | Level::Weak)
}

fn has_other_title(a: &Features, b: &Features) -> bool {
    let main = squeeze(&b.title.main);
    main.len() >= 6 && a.other_titles.iter().any(|other| squeeze(other) == main)
}

/// Letters only, digraphs undone.
pub(in crate::matching) fn squeeze(folded: &str) -> String {
    squeezed_skeleton(folded)
}

/// Normalised Levenshtein similarity, or 0 if it is below `cutoff`.
fn similarity(a: &str, b: &str, cutoff: f64) -> f64 {
    let args = levenshtein::Args::default().score_cutoff(cutoff);
    levenshtein::normalized_similarity_with_args(a.bytes(), b.bytes(), &args).unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::super::super::weights::Model;
    use super::*;

    fn features(title: &str) -> Features<'static> {
        Features { title: Title::parse(title, "", None, ""), ..Features::default() }
    }

    fn check(a: &str, b: &str, expected: Level) {
        let level = |a: &str, b: &str| {
            let weights = Weights::new(&Model::default()).expect("defaults");
            compare(&features(a), &features(b), &weights).expect("both have titles").level
        };
        assert_eq!(level(a, b), expected, "{a} / {b}");
        assert_eq!(level(b, a), expected, "{b} / {a}");
    }

    #[test]
    fn an_article_on_one_side_says_nothing() {
        check("Los niños perdidos", "Niños perdidos", Level::Similar);
        check("Der Waffenträger des Königs", "Waffenträger des Königs : eine Chronik aus alter Zeit", Level::Shortened);
        check("The state and society", "State and society in Peru", Level::Close);
    }

    #[test]
    fn a_long_word_without_its_article_and_its_number_in_a_catalogue_is_one_title() {
        check("Die Winterreise", "Winterreise", Level::Similar);
        check("Die Winterreise : D 911", "Winterreise", Level::Shortened);
        check("Requiem : KV 626", "Requiem : K. 626", Level::Similar);
        check("Requiem : KV 626", "Requiem : K. 427", Level::Partial);
    }

    #[test]
    fn tables_of_romanisation_write_one_title_in_many_ways() {
        let level = |a: &str, b: &str, language: &str| {
            let of = |title: &str| {
                let json = format!(r#"{{"id":"x","title":"{title}","language":["{language}"]}}"#);
                crate::input::Parser::default().parse(json.as_bytes(), Features::of).expect("a record")
            };
            let weights = Weights::new(&Model::default()).expect("defaults");
            compare(&of(a), &of(b), &weights).expect("both have titles").level
        };
        let (loc, din) =
            ("Prestuplenie i nakazanie : roman v shesti chastiakh", "Prestuplenie i nakazanie roman v šesti častjach");
        assert_eq!(level(loc, din, "Russian"), Level::Similar);
        assert_ne!(level(loc, din, "Latin"), Level::Similar);
        assert_ne!(level(loc, "Prestuplenie i nakazanie : roman v semi chastiakh", "Russian"), Level::Similar);
        let (kh, ch) = ("Khrestomatiia po istorii Rossii", "Chrestomatija po istorii Rossii");
        assert_eq!(level(kh, ch, "Russian"), Level::Similar);
    }

    #[test]
    fn a_name_that_begins_another_one_is_not_cut() {
        check("United States of America v. Harris", "United States of America v. Harris : the trial", Level::Shortened);
        check("Lessons of the long winter", "Lessons of the long winters", Level::Shortened);
        for other in ["United States of America v. Harrison", "United States of America v. Harrington"] {
            let weights = Weights::new(&Model::default()).expect("defaults");
            let level = compare(&features("United States of America v. Harris"), &features(other), &weights);
            assert!(level.expect("both have titles").level != Level::Shortened, "{other}");
        }
        let cut = "A history of the settlement of the valley of the upper Moraine and its tribu";
        check(cut, &format!("{cut}taries"), Level::Shortened);
    }

    #[test]
    fn parallel_titles_may_change_places() {
        assert!(are_permuted(
            "gesundheit und umwelt health and environment",
            "health and environment gesundheit und umwelt"
        ));
        assert!(!are_permuted("health and environment", "health and environment"), "they are in one order");
        assert!(!are_permuted("health and environment", "health environment and a") && !are_permuted("a b", "b a"));
    }

    #[test]
    fn variants_of_a_title_are_seen_as_such() {
        check("Social media : a scoping review", "Social media: a scoping review", Level::Same);
        check("Die Straße nach Müllerdorf", "Die Strasse nach Muellerdorf", Level::Same);
        check("Social media in health services: a scoping review", "Social media in health services", Level::Shortened);
        check("The effects of aspirin in acute stroke", "The effects of aspirn in acute stroke", Level::Similar);
        check("Data base management systems", "Database management systems", Level::Same);
        check("Qualitative analysis of the implementation", "Qualitative analysis of the implementa", Level::Shortened);
        check("Handbuch der Glashütten. Band II", "Handbuch der Glashütten. Band 2", Level::Similar);
        check(
            "Reviews of tidal theory, as printed in the Gazette, v. 1-44 inclusive",
            "Reviews of tidal theory as printed in the Gazette, volumes 1-44 inclusive",
            Level::Similar,
        );
        check("The lamplighter ; or. Winter at sea", "The lamplighter or winter at sea : a romance", Level::Shortened);
        check("Two essays on marginal notes", "2 essays on marginal notes", Level::Similar);
        check("Gaol reform and the dept. of justice", "Jail reform and the department of justice", Level::Similar);
        check("A discourse vpon the antiquitie of Gotha", "A discourse upon the antiquity of Gotha", Level::Similar);
        check("Les veill\u{fffd}es de l'\u{fffd}t\u{fffd}", "Les veillées de l'été", Level::Similar);
        check("Modern corn mills of Langdale", "Modem com mills of Langdale", Level::Similar);
        check("Health services in Finland and Sweden", "Public libraries of Denmark", Level::Different);
    }

    #[test]
    fn what_a_title_leaves_out_and_adds_is_understood() {
        check(
            "A practical Kurdish grammar ... and vocabulary",
            "A practical Kurdish grammar with exercises for translation, and vocabulary",
            Level::Shortened,
        );
        check("The home angel ; or Rich and poor", "The home angel, or, Rich and poor", Level::Same);
        check(
            "Ancient plants, being a simple account of the past vegetation of the earth and of recent discoveries",
            "Ancient plants, being a simple account of the vast vegetation of the earth and of recent discoveries",
            Level::Similar,
        );
        let by = |title: &str, body: &str| Features { bodies: vec![body.into()], ..features(title) };
        let short = by("Report", "ontario commission on the dehorning of cattle");
        let long = by("Report of the Ontario commission on the dehorning of cattle", "");
        assert!(is_completed(&short, &long) && !is_completed(&long, &short));
        assert!(!is_completed(
            &by("Report", "ontario commission on horses"),
            &by("Report on the dehorning of cattle", "")
        ));
        let works = by("Works: with a sketch of her life", "ida brandt");
        assert!(is_completed(&works, &by("The works of Ida Brandt: with a sketch of her life", "")));
        assert!(!is_completed(&works, &by("The works of Ida Brandt: edited by a friend", "")));
        assert!(is_completed(
            &by("Works", "ida brandt"),
            &by("The works of Ida Brandt: with a sketch of her life", "")
        ));
        let bare = by("Proceedings.", "international conference on glacier archives");
        assert!(is_completed(&bare, &by("Proceedings of the International Conference on Glacier Archives", "")));
        assert!(!is_completed(&bare, &by("Proceedings of the International Conference on Ice Studies", "")));
    }

    #[test]
    fn a_part_by_itself_and_under_its_common_title_is_one_title() {
        let book =
            |title: &str, full: &str| Features { title: Title::parse(title, "", None, full), ..Features::default() };
        let weights = Weights::new(&Model::default()).expect("defaults");
        let level = |a: &Features, b: &Features| {
            let there = compare(a, b, &weights).expect("both have titles").level;
            assert_eq!(there, compare(b, a, &weights).expect("both have titles").level);
            there
        };
        let common = "Studies of mill reform. Corn milling in the valleys of Langdale / Ida Brand.";
        let under = book("Studies of mill reform.", common);
        assert_eq!(level(&under, &book("Corn milling in the valleys of Langdale", "")), Level::Shortened);
        assert_ne!(level(&under, &book("Corn milling in the forests of Langdale", "")), Level::Shortened);
        // A short part may be that of any work.
        let index = book("Studies of mill reform.", "Studies of mill reform. Index / Ida Brand.");
        assert_ne!(level(&index, &book("Index", "")), Level::Shortened);
    }

    #[test]
    fn another_word_is_no_typing_error() {
        check(
            "Coffee consumption and cancer risk in men of Finland",
            "Coffee consumption and cancer risk in women of Finland",
            Level::Partial,
        );
        check("Introduction to organic chemistry", "Introduction to inorganic chemistry", Level::Partial);
        check("Grundriss der Kardiologie", "Grundriss der Radiologie", Level::Partial);
    }

    #[test]
    fn similarity_agrees_with_the_reference() {
        for (a, b) in [("kitten", "sitting"), ("abcdefghij", "abcdefghix"), ("", "a"), ("same", "same")] {
            let reference = strsim::normalized_levenshtein(a, b);
            assert!((similarity(a, b, 0.0) - reference).abs() < 1e-9, "{a} {b}");
        }
    }
}
