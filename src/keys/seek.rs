//! Short texts in short values.
//!
//! Searchers for long texts (`memchr::memmem`, `str::find`) prepare themselves before they look; with values of some
//! dozen bytes, of which rules look at hundreds per record, that costs more than the search.

/// Where `part` begins in a text, in bytes; `part` is not empty.
#[inline]
pub(crate) fn find(text: &str, part: &str) -> Option<usize> {
    let (text, part) = (text.as_bytes(), part.as_bytes());
    let pivot = pivot(part);
    let mut starts = memchr::memchr_iter(part[pivot], text).filter_map(|at| at.checked_sub(pivot));
    starts.find(|&start| text[start..].starts_with(part))
}

/// Whether a text holds `part`.
#[inline]
pub(crate) fn holds(text: &str, part: &str) -> bool {
    find(text, part).is_some()
}

/// What stands before and after the first `part`.
#[inline]
pub(crate) fn split_once<'a>(text: &'a str, part: &str) -> Option<(&'a str, &'a str)> {
    find(text, part).map(|at| (&text[..at], &text[at + part.len()..]))
}

/// Whether a text holds `part`, a word in lower case, whatever the case of its ASCII letters.
#[inline]
pub(crate) fn holds_in_any_case(text: &str, part: &str) -> bool {
    let (text, part) = (text.as_bytes(), part.as_bytes());
    if !holds_start(text, part) {
        return false;
    }
    let mut starts = memchr::memchr2_iter(part[0], part[0].to_ascii_uppercase(), text);
    starts.any(|at| text[at..].get(..part.len()).is_some_and(|found| found.eq_ignore_ascii_case(part)))
}

/// The words of a folded text, which blanks set apart: words are short, so nothing is prepared to find the next blank.
pub(crate) fn words(folded: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(folded);
    std::iter::from_fn(move || {
        let text = rest?;
        let end = text.bytes().position(|byte| byte == b' ');
        rest = end.map(|end| &text[end + 1..]);
        Some(end.map_or(text, |end| &text[..end]))
    })
}

/// The runs of letters and figures of any text.
pub(crate) fn runs(text: &str) -> impl Iterator<Item = &str> {
    let is_outside = |c: char| !c.is_alphanumeric();
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(is_outside);
        let end_of_ascii = rest.bytes().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let is_whole = rest.as_bytes().get(end_of_ascii).is_none_or(u8::is_ascii);
        let end = if is_whole { end_of_ascii } else { rest.find(is_outside).unwrap_or(rest.len()) };
        let (run, after) = rest.split_at(end);
        rest = after;
        (!run.is_empty()).then_some(run)
    })
}

/// How the words of a folded text begin, as bits: most words of a list begin like none of them.
#[derive(Clone, Copy)]
pub(crate) struct Beginnings(u64);

impl Beginnings {
    /// Those of the words of a text, which blanks set apart.
    pub(crate) fn of(folded: &str) -> Beginnings {
        let bytes = folded.as_bytes();
        let starts = memchr::memchr_iter(b' ', bytes).map(|at| at + 1);
        Beginnings(std::iter::once(0).chain(starts).fold(0, |bits, at| bits | Beginnings::bit(&bytes[at..])))
    }

    /// Of no words.
    pub(crate) const NONE: Beginnings = Beginnings(0);

    /// With one word more.
    pub(crate) const fn with(self, word: &str) -> Beginnings {
        Beginnings(self.0 | Beginnings::bit(word.as_bytes()))
    }

    /// How each name of a list begins; all have two letters at least.
    pub(crate) const fn of_names<T, const N: usize>(names: &[(&str, T); N]) -> [Beginnings; N] {
        let (mut all, mut at) = ([Beginnings::NONE; N], 0);
        while at < N {
            all[at] = all[at].with(names[at].0);
            at += 1;
        }
        all
    }

    /// Whether a word may begin with these, of which there are two letters at least.
    pub(crate) fn may_have(self, start: &str) -> bool {
        self.may_meet(Beginnings::NONE.with(start))
    }

    /// Whether a word of one text may begin like a word of the other.
    #[inline]
    pub(crate) fn may_meet(self, other: Beginnings) -> bool {
        self.0 & other.0 != 0
    }

    const fn bit(word: &[u8]) -> u64 {
        let [first, second, ..] = *word else { return 0 };
        1 << ((first as u32 * 7 + second as u32) % u64::BITS)
    }
}

/// Whether the first two letters of a word may stand side by side in a text: most texts are told by these.
#[inline]
fn holds_start(text: &[u8], word: &[u8]) -> bool {
    let [first, second, ..] = *word else { return true };
    // The bit tells capitals from small letters; of other signs it makes others, which are looked at again.
    let is_it = |byte: u8, letter: u8| byte | 0x20 == letter | 0x20;
    // Without a way out before the end, the compiler looks at several bytes at a time.
    let pairs = text.iter().zip(text.get(1..).unwrap_or_default());
    pairs.fold(false, |found, (&one, &next)| found | is_it(one, first) & is_it(next, second))
}

/// The first byte that is neither a letter, a figure nor a blank: it is rarer than these. The first byte if there is
/// none.
#[inline]
fn pivot(part: &[u8]) -> usize {
    part.iter().position(|byte| !byte.is_ascii_alphanumeric() && *byte != b' ').unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn parts_are_found_where_they_are(text in "[ab/ ]{0,12}", part in "[ab/ ]{1,3}") {
            prop_assert_eq!(find(&text, &part), text.find(&part));
            prop_assert_eq!(split_once(&text, &part), text.split_once(&part));
        }

        #[test]
        fn runs_are_what_stands_between_other_characters(text in "[aé1 ,–]{0,12}") {
            let expected: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|run| !run.is_empty()).collect();
            prop_assert_eq!(runs(&text).collect::<Vec<&str>>(), expected);
        }

        #[test]
        fn case_does_not_matter(text in "[abAB ß]{0,12}", part in "[ab]{1,3}") {
            prop_assert_eq!(holds_in_any_case(&text, &part), text.to_ascii_lowercase().contains(&part));
        }
    }

    #[test]
    fn places_are_in_bytes() {
        assert_eq!(find("Häuser / Bd. 2", " / "), Some(7));
        assert_eq!(find("a/b", " / "), None);
        assert_eq!(find("/ b", " / "), None);
    }
}
