//! Titles of bare citations, letter by letter.
//!
//! Citations come from scanned or converted pages, and were taken apart by programs: ligatures are lost (`buer` for
//! `buffer`), letters misread, blanks dropped, words put into another form, and names or hosts stay beside the title.
//! So the one title is looked for within the other, with as few changed letters as possible, and what stands around it
//! must be what stands around titles.

use std::borrow::Cow;

use crate::keys::Features;
use crate::keys::seek::words;
use crate::keys::text::is_little;

use super::super::evidence::Level;
use super::generic::is_kind_of_text;
use super::title::{MIN_PREFIX_LETTERS, WordCounts, is_cited_name, is_damaged_form, is_misspelling, is_noise, squeeze};

/// The most letters of a name before a colon that one title may leave out: `QuickStore: a mapped object store`.
pub(in crate::matching) const MAX_NAME_LETTERS: usize = 14;
/// The most words of such a name.
const MAX_NAME_WORDS: usize = 2;
/// The least words of the rest that tells which work it is, little words aside.
const MIN_REST_WORDS: usize = 3;
/// One letter in how many of a title may be another one.
pub(in crate::matching) const LETTERS_PER_ERROR: usize = 10;
/// One letter in how many of a word may be another one.
const WORD_LETTERS_PER_ERROR: usize = 3;
/// The least letters of a word that may have an error.
const MIN_DAMAGED: usize = 5;
/// Titles with more letters are no titles.
const MAX_LETTERS: usize = 250;

/// One word in how many of the shorter title must be one of the other, unless blanks were lost.
pub(in crate::matching) const SHARED_WORDS: usize = 3;
/// The least letters of words that ran together.
pub(in crate::matching) const MIN_RUN_ON: usize = 13;

/// Whether words may have run together.
fn has_run_on(title: &str) -> bool {
    title.split(' ').any(|word| word.len() >= MIN_RUN_ON)
}

/// How two titles agree that are one but for the damage that citations suffer; `None` if they are not.
pub(super) fn level(fa: &Features, fb: &Features, whole_a: &str, whole_b: &str) -> Option<Level> {
    let words = WordCounts::of(whole_a, whole_b);
    let n_common = words.n_common();
    let is_alike = SHARED_WORDS * n_common >= words.n_shorter() || has_run_on(whole_a) || has_run_on(whole_b);
    let words = words.without_inflected();
    // Short words on both sides tell works apart: `the X-tree`, `the TV-tree`.
    if words.is_same() || words.is_one_sided() && words.is_most() && words.rest().all(|word| is_noise(word, fa, fb)) {
        return Some(Level::Similar);
    }
    if !is_alike {
        return None;
    }
    let (a, b) = (Letters::of(whole_a), Letters::of(whole_b));
    let (title, citation, of) =
        if (a.text.len(), &a.text) <= (b.text.len(), &b.text) { (&a, &b, fb) } else { (&b, &a, fa) };
    if let Some(level) = found_in(title, citation, of, fa, fb) {
        return Some(level);
    }
    let without_name = |own: &Features, other: &Letters<'_>, of: &Features| {
        let rest = has_name(own).then(|| Letters::of(&own.title.sub))?;
        found_in(&rest, other, of, fa, fb).map(|_| Level::Shortened)
    };
    let is_cut = || n_common >= MIN_SHARED_WORDS && (is_cut_in(&a, &b, fa, fb) || is_cut_in(&b, &a, fa, fb));
    without_name(fa, &b, fb).or_else(|| without_name(fb, &a, fa)).or_else(|| is_cut().then_some(Level::Shortened))
}

/// How many words each of two titles has that the other has in no form, however damaged, and that do not come from the
/// citation around it; the fewer first.
pub(super) fn other_words(fa: &Features, fb: &Features) -> [usize; 2] {
    let (a, b) = (fa.title.whole(), fb.title.whole());
    let words = WordCounts::of(&a, &b).without_inflected();
    let (letters_a, letters_b) = (squeeze(&a), squeeze(&b));
    let count = |[own, others]: [&[Cow<'_, str>]; 2], letters: &str| {
        let is_other = |word: &&Cow<'_, str>| {
            !is_noise(word, fa, fb)
                && !is_form(word)
                && !letters.contains(&squeeze(word))
                && !others.iter().any(|other| is_damaged_form(word, other))
        };
        own.iter().filter(is_other).count()
    };
    let (only_a, only_b) = words.without_counterpart();
    let mut counts = [count([only_a, only_b], &letters_b), count([only_b, only_a], &letters_a)];
    counts.sort_unstable();
    counts
}

/// Whether a title is a name of one or two words, and after a colon what it is the name of.
pub(in crate::matching) fn has_name(features: &Features) -> bool {
    let title = &features.title;
    let letters = title.main.bytes().filter(|&byte| byte != b' ').count();
    let rest = || words(&title.sub).filter(|word| !word.is_empty() && !is_little(word)).count();
    letters <= MAX_NAME_LETTERS
        && words(&title.main).count() <= MAX_NAME_WORDS
        && rest() >= MIN_REST_WORDS
        && !is_kind_of_text(&title.main)
}

/// A title without blanks, ligatures and double letters.
struct Letters<'t> {
    text: Vec<u8>,
    /// Words with the places of their letters.
    words: Vec<(&'t str, usize, usize)>,
}

impl<'t> Letters<'t> {
    fn of(title: &'t str) -> Letters<'t> {
        let mut letters = Letters { text: Vec::with_capacity(title.len()), words: Vec::new() };
        for word in title.split(' ').filter(|word| !word.is_empty()) {
            let start = letters.text.len();
            letters.text.extend(without_ligatures(word).bytes());
            letters.words.push((word, start, letters.text.len()));
        }
        letters
    }
}

/// A squeezed word without the letters that were set as one and get lost together.
pub(super) fn without_ligatures(word: &str) -> String {
    let ligatures = ["ffi", "ffl", "ff", "fi", "fl"];
    let lost = ligatures.iter().fold(word.to_owned(), |word, ligature| word.replace(ligature, ""));
    squeeze(&lost)
}

/// How `title` stands within `citation`, which is the title of `of`: after nothing but names, and perhaps before words
/// of the host.
fn found_in(title: &Letters<'_>, citation: &Letters<'_>, of: &Features, a: &Features, b: &Features) -> Option<Level> {
    let telling = title.words.iter().filter(|(word, ..)| !is_little(word)).count();
    let n = title.text.len();
    if n < MIN_PREFIX_LETTERS || telling < 2 || citation.text.len() > MAX_LETTERS || n > citation.text.len() + 2 {
        return None;
    }
    let (start, end) = alignment(title, &citation.text)?;
    let cut = citation.words.iter().find(|&&(_, from, to)| from < start && start < to);
    if cut.is_some_and(|&(_, from, _)| start - from < MIN_FAMILY) {
        // Letters of the same word, and no name that ran on: `organic`, `inorganic`.
        return None;
    }
    let middle = |&(_, from, to): &(&str, usize, usize)| usize::midpoint(from, to);
    let before: Vec<&str> = citation.words.iter().filter(|word| middle(word) < start).map(|word| word.0).collect();
    let mut after = citation.words.iter().filter(|word| middle(word) >= end).map(|word| word.0);
    if is_around(&before, a, b) {
        return Some(if after.all(|word| is_noise(word, a, b) || is_form(word)) {
            Level::Similar
        } else {
            Level::Shortened
        });
    }
    (has_name(of) && before.join(" ") == *of.title.main).then_some(Level::Shortened)
}

/// The most words before a title of which one name of an author shows that they are names.
const MAX_WORDS_BEFORE: usize = 8;

/// The least letters of a family name that shows names.
const MIN_FAMILY: usize = 4;

/// Whether words before a title are no part of it: names, dates, what kind of paper it is.
fn is_around(before: &[&str], a: &Features, b: &Features) -> bool {
    let is_name = |word: &&str| {
        let letters = squeeze(word);
        is_cited_name(&letters, a) || is_cited_name(&letters, b) || is_form(word)
    };
    let has_family = |word: &&str| {
        let letters = squeeze(word);
        let families = a.persons.iter().chain(&b.persons).map(|person| squeeze(&person.family));
        families.filter(|family| family.len() >= MIN_FAMILY).any(|family| {
            letters.starts_with(&family) || letters.ends_with(&family) || is_misspelling(&letters, &family)
        })
    };
    let last_family = before.iter().rposition(has_family).filter(|_| before.len() <= MAX_WORDS_BEFORE);
    before[last_family.map_or(0, |at| at + 1)..].iter().all(is_name)
}

/// Whether a word says what kind of paper a title belongs to, or is a month.
fn is_form(word: &str) -> bool {
    const FORMS: [&str; 30] = [
        "abstract",
        "april",
        "august",
        "december",
        "demo",
        "demonstration",
        "extended",
        "february",
        "invited",
        "january",
        "july",
        "june",
        "keynote",
        "march",
        "may",
        "november",
        "october",
        "of",
        "panel",
        "paper",
        "poster",
        "presentation",
        "proposal",
        "seminar",
        "september",
        "session",
        "talk",
        "technology",
        "tutorial",
        "version",
    ];
    FORMS.binary_search(&word).is_ok()
}

/// Words that two titles have in common if one of them was cut.
pub(in crate::matching) const MIN_SHARED_WORDS: usize = 3;
/// The least letters of a title before it was cut.
pub(in crate::matching) const MIN_CUT_LETTERS: usize = 25;

/// Whether a citation ends within the title after nothing but names: suppliers cut long fields.
fn is_cut_in(citation: &Letters<'_>, title: &Letters<'_>, a: &Features, b: &Features) -> bool {
    citation.words.iter().enumerate().any(|(at, &(_, from, _))| {
        citation.text.len() - from >= MIN_CUT_LETTERS && title.text.starts_with(&citation.text[from..]) && {
            let before: Vec<&str> = citation.words[..at].iter().map(|word| word.0).collect();
            is_around(&before, a, b)
        }
    })
}

/// Where in `citation` a title stands with the least changed letters; `None` if they are too many, in all or within one
/// word.
fn alignment(title: &Letters<'_>, citation: &[u8]) -> Option<(usize, usize)> {
    let most = (title.text.len() / LETTERS_PER_ERROR).max(1);
    if n_foreign(&title.text, citation) > most {
        return None;
    }
    let width = citation.len() + 1;
    // Changes of the best alignment of so many letters of the title that ends at so many of the citation.
    let mut costs = vec![0u16; (title.text.len() + 1) * width];
    for (i, x) in title.text.iter().enumerate() {
        costs[(i + 1) * width] = i as u16 + 1;
        let mut least = u16::MAX;
        for (j, y) in citation.iter().enumerate() {
            let replaced = costs[i * width + j] + u16::from(x != y);
            let cost = replaced.min(costs[i * width + j + 1] + 1).min(costs[(i + 1) * width + j] + 1);
            costs[(i + 1) * width + j + 1] = cost;
            least = least.min(cost);
        }
        if usize::from(least) > most {
            return None;
        }
    }
    let last = &costs[title.text.len() * width..];
    let (end, &cost) = last.iter().enumerate().min_by_key(|&(at, cost)| (cost, at))?;
    if usize::from(cost) > most {
        return None;
    }
    changes(title, citation, &costs, end).map(|start| (start, end))
}

/// Follows an alignment back to where it starts; `None` if a word is changed too much to be the same.
fn changes(title: &Letters<'_>, citation: &[u8], costs: &[u16], end: usize) -> Option<usize> {
    let width = citation.len() + 1;
    let cost = |i: usize, j: usize| costs[i * width + j];
    let (mut i, mut j) = (title.text.len(), end);
    for &(word, from, to) in title.words.iter().rev() {
        let mut n_changed = 0;
        while i > from {
            let is_same = j > 0 && title.text[i - 1] == citation[j - 1];
            if j > 0 && cost(i, j) == cost(i - 1, j - 1) + u16::from(!is_same) {
                n_changed += usize::from(!is_same);
                (i, j) = (i - 1, j - 1);
            } else if cost(i, j) == cost(i - 1, j) + 1 {
                // A word without its first letters may be another word: `organic`, `inorganic`.
                n_changed += if i == from + 1 { MAX_LETTERS } else { 1 };
                i -= 1;
            } else {
                n_changed += 1;
                j -= 1;
            }
        }
        // Letters before the word.
        let follows =
            |i: usize, j: usize| cost(i, j) == cost(i - 1, j - 1) + u16::from(title.text[i - 1] != citation[j - 1]);
        while i > 0 && j > 0 && cost(i, j) == cost(i, j - 1) + 1 && !follows(i, j) {
            n_changed += MAX_LETTERS;
            j -= 1;
        }
        let is_number = word.bytes().any(|byte| byte.is_ascii_digit());
        let letters = to - from;
        let most = if letters < MIN_DAMAGED || is_number { 0 } else { letters / WORD_LETTERS_PER_ERROR };
        if n_changed > most && !is_little(word) {
            return None;
        }
    }
    Some(j)
}

/// Letters of `text` that the other text has not as often.
fn n_foreign(text: &[u8], other: &[u8]) -> usize {
    let mut counts = [0i32; 256];
    text.iter().for_each(|&letter| counts[usize::from(letter)] += 1);
    other.iter().for_each(|&letter| counts[usize::from(letter)] -= 1);
    counts.iter().filter(|&&count| count > 0).sum::<i32>() as usize
}

/// The least letters that two forms of one word have in common.
pub(in crate::matching) const MIN_STEM: usize = 5;

/// Whether two words are forms of one: `broadcast` and `broadcasting`, `optimized` and `optimization`.
pub(super) fn are_inflected(a: &str, b: &str) -> bool {
    const ENDINGS: [&str; 38] = [
        "", "able", "al", "ally", "ance", "ation", "ational", "ations", "e", "ed", "ely", "en", "ence", "ency", "ent",
        "er", "ers", "es", "ic", "ical", "ied", "ies", "ing", "ings", "ion", "ional", "ions", "ity", "ive", "ization",
        "ize", "ized", "izing", "ly", "ment", "ments", "or", "y",
    ];
    let n = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    n >= MIN_STEM
        && a.is_char_boundary(n)
        && [&a[n..], &b[n..]].iter().all(|rest| *rest == "s" || ENDINGS.contains(rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Parser;

    fn citation(title: &str, author: &str) -> Features<'static> {
        let json = format!(r#"{{"id":"x","format":["Article"],"title":"{title}","author":["{author}"]}}"#);
        Parser::default().parse(json.as_bytes(), Features::of).expect("a record")
    }

    fn level_of(a: (&str, &str), b: (&str, &str)) -> Option<Level> {
        let (fa, fb) = (citation(a.0, a.1), citation(b.0, b.1));
        let there = level(&fa, &fb, &fa.title.whole(), &fb.title.whole());
        let back = level(&fb, &fa, &fb.title.whole(), &fa.title.whole());
        assert_eq!(there, back, "{a:?} {b:?}");
        there
    }

    fn check(a: &str, b: &str, expected: Option<Level>) {
        assert_eq!(level_of((a, "I Brand; A Aalto"), (b, "I Brand")), expected, "{a} / {b}");
    }

    #[test]
    fn damage_of_citations_is_seen_as_such() {
        let title = "Efficient buffering of moraine profiles for glacier archives";
        // Lost ligatures, lost blanks, misread letters.
        check(title, "E cient buering of moraine proles for glacier archives", Some(Level::Similar));
        check(title, "Efficient bufferingofmoraine profilesforglacierarchives", Some(Level::Similar));
        check(title, "Efflcient buffering of morairie profiles for glacier archives", Some(Level::Similar));
        // Names before it, the kind of paper, and where it appeared after it.
        check(title, "Aino Aalto Efficient bufferingofmoraine profiles for glacier archives", Some(Level::Similar));
        check(
            title,
            "Demonstration of Eficient bufering of moraine profiles for glacier archives",
            Some(Level::Similar),
        );
        check(title, "andA. Aalto. Efficient buffering of moraine profiles for glac", Some(Level::Shortened));
        check(
            title,
            "Efficient bufferings of moraine profile for glacier archives, Kuopio draft",
            Some(Level::Shortened),
        );
    }

    #[test]
    fn other_forms_of_a_word_are_the_word() {
        check("Indexing of drifting icebergs by buoys", "Index of drifted icebergs by buoys", Some(Level::Similar));
        check("Optimized drilling of peat cores", "Optimization of peat core drilling", Some(Level::Similar));
        assert!(are_inflected("broadcast", "broadcasting") && are_inflected("optimized", "optimization"));
        assert!(!are_inflected("relation", "relative") && !are_inflected("general", "generation"));
    }

    #[test]
    fn a_name_before_a_colon_may_be_missing() {
        let whole = "IceStore: a mapped store of glacier profiles";
        check(whole, "A mapped store of glacier profiles", Some(Level::Shortened));
        check(whole, "Aalto. A mapped store of glacier profles", Some(Level::Shortened));
        // A foreword bears the title of what it opens.
        check("Foreword: a mapped store of glacier profiles", "A mapped store of glacier profiles", None);
        check(whole, "Aalto, A., A query language for a mapped store of glacier profiles", None);
    }

    #[test]
    fn words_are_others_if_no_damage_explains_them() {
        let count = |a: &str, b: &str| other_words(&citation(a, "I Brand; A Aalto"), &citation(b, "I Brand"));
        let title = "Mapping moraines after nightfall in alpine valleys";
        assert_eq!(count(title, "Drilling and weighing cores after nightfall in alpine valleys"), [2, 3]);
        assert_eq!(count(title, "Measuring moraines after nightfall in alpine valleys"), [1, 1]);
        // Misread, run on, in another form, or of the citation.
        assert_eq!(count(title, "Maping moraincs afternightfall in alpine valley. Aalto, in Proc. 1999"), [0, 0]);
    }

    #[test]
    fn other_words_make_another_title() {
        check("Organic growth of glacier archives", "Inorganic growth of glacier archives", None);
        check("Dynamic sampling of moraine profiles", "Static sampling of moraine profiles", None);
        check("Effective sampling of moraine profiles", "Efficient sampling of moraine profiles", None);
        check("Sampling of moraine profiles", "Drilling joins for sampling of moraine profiles", None);
        check("The X-tree: an index of moraine profiles", "The SR-tree: an index of moraine profiles", None);
        check("Profiles of rats in moraines", "Profiles of cats in moraines", None);
        check("Moraine profiles of 1994 and later", "Moraine profiles of 1995 and later", None);
    }
}
