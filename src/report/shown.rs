//! Catalogue text made fit to be shown: no invisible effects, no endless values, differences marked.

use std::ops::Range;

use rapidfuzz::distance::levenshtein;
use serde::Serialize;
use similar::{Algorithm, DiffTag, capture_diff_slices_by_key};
use unicode_normalization::char::is_combining_mark;

use crate::inert::is_active;
use crate::keys::text::fold;

/// Longest value shown, in characters.
pub(crate) const MAX_VALUE: usize = 300;

/// How a stretch of a value differs from the survivor's value.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Mark {
    /// It does not.
    No,
    /// In case, marks or punctuation.
    Sign,
    /// In a word, or in a character of one.
    Word,
}

/// A stretch of a value.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Span {
    pub(crate) mark: Mark,
    pub(crate) text: String,
}

/// The text in one line of at most `max` characters, without control characters and without characters that
/// change the direction of what follows: these could make a page read differently from what it says.
pub(crate) fn shown(text: &str, max: usize) -> String {
    let visible = |c: char| match c {
        '\u{2028}' | '\u{2029}' => ' ',
        _ if c.is_control() => ' ',
        _ if is_active(c) => '\u{fffd}',
        _ => c,
    };
    let mut chars = text.chars().map(visible);
    let mut out: String = chars.by_ref().take(max).collect();
    if chars.next().is_some() {
        out.pop();
        out.push('…');
    }
    out
}

/// Values of one field as they are put [`side_by_side`]: each [`shown`] in at most `max` characters, from shortly before the
/// first difference on if the beginnings are the same for that long.
pub(crate) fn fit(values: &[String], max: usize) -> Vec<String> {
    let mut filled = values.iter().filter(|value| !value.is_empty());
    let first = filled.next().map(String::as_str).unwrap_or_default();
    let n_common = |value: &String| first.chars().zip(value.chars()).take_while(|(a, b)| a == b).count();
    let n_same = filled.filter(|value| *value != first).map(n_common).min().unwrap_or(0);
    let start = if n_same < max / 3 * 2 { 0 } else { n_same - max / 3 };
    let fitted = |value: &String| match value.char_indices().nth(start) {
        Some((start, _)) if start > 0 => format!("…{}", shown(&value[start..], max - 1)),
        _ => shown(value, max),
    };
    values.iter().map(fitted).collect()
}

/// Values of one field, the survivor's first, with what differs from it marked, or from the first that has the field; in
/// that value, what any other lacks. Absent values are empty and mark nothing.
///
/// Words are told apart first. Of a word that only misses, adds or changes a few characters these alone are
/// marked; any other word is marked whole.
pub(crate) fn side_by_side(values: &[String]) -> Vec<Vec<Span>> {
    let mut texts: Vec<Text<'_>> = values.iter().map(|value| Text::of(value)).collect();
    let first = texts.iter().position(|text| !text.words.is_empty()).unwrap_or(texts.len());
    if let Some((lead, others)) = texts[first..].split_first_mut() {
        others.iter_mut().filter(|other| !other.words.is_empty()).for_each(|other| mark_words(lead, other));
    }
    texts.iter_mut().map(Text::spans).collect()
}

/// How values agree, as a class and in words. `cells` are what was put [`side_by_side`] of them, which may be less.
pub(crate) fn agreement(values: &[String], cells: &[Vec<Span>]) -> (&'static str, &'static str) {
    let mark = cells.iter().flatten().map(|span| span.mark).max().unwrap_or(Mark::No);
    let is_everywhere = values.iter().all(|value| !value.is_empty());
    match mark {
        Mark::Word => ("differs", "differs"),
        Mark::Sign => ("nearly", "differs in signs only"),
        Mark::No if is_everywhere && values.windows(2).all(|two| two[0] == two[1]) => ("same", "agrees"),
        Mark::No if is_everywhere => ("nearly", "differs in blanks, or beyond what is shown"),
        Mark::No => ("missing", "not in all records"),
    }
}

/// A value in characters as a reader sees them: each with its combining marks.
struct Text<'a> {
    chars: Vec<Char<'a>>,
    words: Vec<Word>,
}

struct Char<'a> {
    text: &'a str,
    /// Equal for characters that differ in case and marks only.
    key: String,
    mark: Mark,
}

/// A word, or a single sign.
struct Word {
    chars: Range<usize>,
    /// Equal for words that differ in case, marks and punctuation only.
    key: String,
    is_sign: bool,
}

/// What `text` is compared by: folded, or itself if nothing is left then.
fn key(text: &str) -> String {
    Some(fold(text)).filter(|key| !key.is_empty()).unwrap_or_else(|| text.to_owned())
}

impl<'a> Text<'a> {
    fn of(value: &'a str) -> Text<'a> {
        let mut text = Text { chars: Vec::new(), words: Vec::new() };
        let mut chars = value.char_indices().peekable();
        while let Some((start, c)) = chars.next() {
            while chars.next_if(|&(_, next)| is_combining_mark(next)).is_some() {}
            let end = chars.peek().map_or(value.len(), |&(at, _)| at);
            let at = text.chars.len();
            let shown = &value[start..end];
            text.chars.push(Char { text: shown, key: key(shown), mark: Mark::No });
            let is_letter = |c: char| c.is_alphanumeric() || is_combining_mark(c);
            match text.words.last_mut() {
                _ if c.is_whitespace() => {}
                Some(last) if last.chars.end == at && !last.is_sign && is_letter(c) => last.chars.end = at + 1,
                _ => text.words.push(Word { chars: at..at + 1, key: String::new(), is_sign: !is_letter(c) }),
            }
        }
        for word in &mut text.words {
            let shown: String = text.chars[word.chars.clone()].iter().map(|c| c.text).collect();
            word.key = key(&shown);
            word.is_sign = fold(&shown).is_empty();
        }
        text
    }

    fn raise(&mut self, range: Range<usize>, mark: Mark) {
        self.chars[range].iter_mut().for_each(|c| c.mark = c.mark.max(mark));
    }

    fn raise_word(&mut self, at: usize) {
        let word = &self.words[at];
        let mark = if word.is_sign { Mark::Sign } else { Mark::Word };
        self.raise(word.chars.clone(), mark);
    }

    /// The mark that all characters of a word have, if they agree.
    fn whole_mark(&self, word: &Word) -> Option<Mark> {
        let chars = &self.chars[word.chars.clone()];
        let first = chars.first()?.mark;
        chars.iter().all(|c| c.mark == first).then_some(first)
    }

    /// Joins characters of the same mark, and what stands between words that are marked alike as a whole: blanks,
    /// and a sign that is marked itself.
    fn spans(&mut self) -> Vec<Span> {
        for at in 1..self.words.len().saturating_sub(1) {
            let [before, sign, after] = [&self.words[at - 1], &self.words[at], &self.words[at + 1]];
            let is_tied = before.chars.end == sign.chars.start && sign.chars.end == after.chars.start;
            let is_inside = [before, after].iter().all(|word| self.whole_mark(word) == Some(Mark::Word));
            if is_tied && is_inside && self.whole_mark(sign) == Some(Mark::Sign) {
                self.raise(sign.chars.clone(), Mark::Word);
            }
        }
        let gaps = self.words.windows(2).filter_map(|pair| {
            let mark = self.whole_mark(&pair[0])?;
            (self.whole_mark(&pair[1]) == Some(mark)).then(|| (pair[0].chars.end..pair[1].chars.start, mark))
        });
        for (gap, mark) in gaps.collect::<Vec<_>>() {
            self.raise(gap, mark);
        }
        let joined = |run: &[Char<'_>]| Span { mark: run[0].mark, text: run.iter().map(|c| c.text).collect() };
        self.chars.chunk_by(|a, b| a.mark == b.mark).map(joined).collect()
    }
}

/// Marks the words that are not common to both, and what differs within those that are nearly.
fn mark_words(a: &mut Text<'_>, b: &mut Text<'_>) {
    let ops = capture_diff_slices_by_key(Algorithm::Lcs, &a.words, &b.words, |word| word.key.clone());
    for op in ops {
        let (in_a, in_b) = (op.old_range(), op.new_range());
        if op.tag() == DiffTag::Equal {
            in_a.zip(in_b).for_each(|pair| mark_characters(a, b, pair, Mark::Sign));
            continue;
        }
        let mut next_b = in_b.start;
        for at_a in in_a {
            let near = (next_b..in_b.end).find(|&at_b| is_near(&a.words[at_a].key, &b.words[at_b].key));
            let Some(at_b) = near else {
                a.raise_word(at_a);
                continue;
            };
            (next_b..at_b).for_each(|at| b.raise_word(at));
            mark_characters(a, b, (at_a, at_b), Mark::Word);
            next_b = at_b + 1;
        }
        (next_b..in_b.end).for_each(|at| b.raise_word(at));
    }
}

/// Least similarity of words of which single characters are marked: one in two of two letters is not enough,
/// two in five are.
const NEAR: f64 = 0.6;

fn is_near(a: &str, b: &str) -> bool {
    levenshtein::normalized_similarity(a.chars(), b.chars()) >= NEAR
}

/// Marks the characters of two words that are not common to both, by at most `most`.
fn mark_characters(a: &mut Text<'_>, b: &mut Text<'_>, (at_a, at_b): (usize, usize), most: Mark) {
    let (in_a, in_b) = (a.words[at_a].chars.clone(), b.words[at_b].chars.clone());
    let ops =
        capture_diff_slices_by_key(Algorithm::Lcs, &a.chars[in_a.clone()], &b.chars[in_b.clone()], |c| c.key.clone());
    let shifted = |range: Range<usize>, by: &Range<usize>| range.start + by.start..range.end + by.start;
    for op in ops {
        let (of_a, of_b) = (shifted(op.old_range(), &in_a), shifted(op.new_range(), &in_b));
        if op.tag() != DiffTag::Equal {
            a.raise(of_a, most);
            b.raise(of_b, most);
            continue;
        }
        for (at_a, at_b) in of_a.zip(of_b) {
            if a.chars[at_a].text != b.chars[at_b].text {
                a.raise(at_a..at_a + 1, Mark::Sign);
                b.raise(at_b..at_b + 1, Mark::Sign);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(values: &[&str], expected: &[&str]) {
        let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
        let show = |span: &Span| match span.mark {
            Mark::No => span.text.clone(),
            Mark::Sign => format!("({})", span.text),
            Mark::Word => format!("[{}]", span.text),
        };
        let got: Vec<String> =
            side_by_side(&values).iter().map(|spans| spans.iter().map(show).collect::<String>()).collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn words_that_differ_are_marked() {
        check(&["The red house", "The old red house"], &["The red house", "The [old] red house"]);
        check(&["The red house", "The big blue house"], &["The [red] house", "The [big blue] house"]);
        check(&["A title, a", "Title"], &["[A] (t)itle(,) [a]", "(T)itle"]);
        check(&["A title /", "A title"], &["A title (/)", "A title"]);
        check(&["same", "same"], &["same", "same"]);
        check(&["here", "", "yonder"], &["[here]", "", "[yonder]"]);
        check(&["", "only here"], &["", "only here"]);
        check(&["", "here", "yonder"], &["", "[here]", "[yonder]"]);
        check(&["Poe, Edgar", "Poe, Edgar, 1809-1849"], &["Poe, Edgar", "Poe, Edgar(,) [1809-1849]"]);
        check(&["a b c", "a c", "a b"], &["a [b c]", "a c", "a b"]);
        check(&[], &[]);
    }

    #[test]
    fn in_words_that_are_nearly_alike_characters_are_marked() {
        check(&["Łódź : a guide", "Lodz: a guide"], &["(Łó)d(ź) : a guide", "(Lo)d(z): a guide"]);
        check(
            &["An analysis of errors", "An anaylsis of errors"],
            &["An ana[l]ysis of errors", "An anay[l]sis of errors"],
        );
        check(&["the colour red", "the color red"], &["the colo[u]r red", "the color red"]);
        check(&["1998", "1999"], &["199[8]", "199[9]"]);
        check(&["v 2", "v 3"], &["v [2]", "v [3]"]);
        check(&["Meyer, K.", "Meier, Karl"], &["Me[y]er, [K](.)", "Me[i]er, [Karl]"]);
        check(&["Straße", "Strasse"], &["Stra(ß)e", "Stra(ss)e"]);
        // Two ways to write one character; a mark stays with its letter.
        check(&["Mu\u{308}ller", "Muller"], &["M(u\u{308})ller", "M(u)ller"]);
        check(&["big mouse", "tall house"], &["[big] [m]ouse", "[tall] [h]ouse"]);
    }

    #[test]
    fn differences_far_behind_the_beginning_are_shown() {
        let long = |end: &str| format!("{}{end}", "the same ".repeat(60));
        let values = [long("volume one"), String::new(), long("volume two")];
        let fitted = fit(&values, MAX_VALUE);
        assert!(fitted[0].starts_with('…') && fitted[0].ends_with("volume one"), "{fitted:?}");
        assert!(fitted[1].is_empty() && fitted[2].ends_with("volume two"), "{fitted:?}");
        assert_eq!(agreement(&values, &side_by_side(&fitted)).0, "differs");
        let same = [long("x"), long("x")];
        let fitted = fit(&same, MAX_VALUE);
        assert!(fitted[0].starts_with("the same"), "{fitted:?}");
        assert_eq!(agreement(&same, &side_by_side(&fitted)), ("same", "agrees"));
        let blanks = ["a b".to_owned(), "a  b".to_owned()];
        assert_eq!(agreement(&blanks, &side_by_side(&fit(&blanks, MAX_VALUE))).0, "nearly");
        let beginning = [long(""), "the same ".repeat(50)];
        assert!(fit(&beginning, MAX_VALUE).iter().all(|value| value.chars().count() <= MAX_VALUE && value.len() > 50));
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_lost_and_equal_texts_are_not_marked(values in proptest::collection::vec(".{0,40}", 1..4)) {
            let marked = side_by_side(&values);
            let text = |spans: &Vec<Span>| spans.iter().map(|span| span.text.as_str()).collect::<String>();
            proptest::prop_assert_eq!(marked.iter().map(text).collect::<Vec<_>>(), values.clone());
            let alike = side_by_side(&[values[0].clone(), values[0].clone()]);
            proptest::prop_assert!(alike.iter().flatten().all(|span| span.mark == Mark::No));
        }
    }

    #[test]
    fn what_is_shown_acts_on_nothing() {
        assert_eq!(shown("a\u{202e}b\u{0}c\nd\u{2028}", 9), "a\u{fffd}b c d ");
        assert_eq!(shown("abcdef", 4), "abc…");
        assert_eq!(shown("abcd", 4), "abcd");
        assert_eq!(shown("", 4), "");
    }
}
