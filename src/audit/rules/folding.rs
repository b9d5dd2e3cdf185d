//! Comparison of texts by their letters and numbers only.

use std::borrow::Cow;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::keys::work_key::normalise;

/// Letters and numbers of a text: decomposed for compatibility, lower-cased, without marks, ligatures spelt out.
///
/// Stronger than work keys, which keep `ß`, `ø`, `ł` and the like.
pub(super) fn folded(text: &str) -> impl Iterator<Item = char> {
    Folded { letters: text.chars(), short: "".chars(), long: Vec::new().into_iter() }
}

/// Folds one character after the other: since marks are left out, none depends on its neighbours.
struct Folded<'a> {
    letters: std::str::Chars<'a>,
    short: std::str::Chars<'static>,
    long: std::vec::IntoIter<char>,
}

impl Iterator for Folded<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        loop {
            if let Some(letter) = self.short.next().or_else(|| self.long.next()) {
                return Some(letter);
            }
            let letter = self.letters.next()?;
            match letter {
                _ if letter.is_ascii_alphanumeric() => return Some(letter.to_ascii_lowercase()),
                // General punctuation holds no letter.
                '\0'..'\u{80}' | '\u{2000}'..'\u{2070}' => {}
                '\u{80}'..SHORT_END => self.short = SHORT[letter as usize - 0x80].chars(),
                HAN_START..=HAN_END => return Some(letter),
                _ => self.long = fold_letter(letter).collect::<Vec<char>>().into_iter(),
            }
        }
    }
}

/// First character that is not served by [`SHORT`].
const SHORT_END: char = '\u{700}';

/// Han letters that are nothing but themselves.
const HAN_START: char = '\u{4e00}';
const HAN_END: char = '\u{9fff}';

/// Folded forms of U+0080 to U+06FF.
static SHORT: LazyLock<Vec<String>> =
    LazyLock::new(|| ('\u{80}'..SHORT_END).map(|letter| fold_letter(letter).collect()).collect());

fn fold_letter(letter: char) -> impl Iterator<Item = char> {
    let parts = std::iter::once(letter).nfkd().filter(|&letter| !is_combining_mark(letter));
    parts.flat_map(char::to_lowercase).flat_map(spelt_out)
}

/// [`folded`] as a text.
pub(in crate::audit) fn fold(text: &str) -> String {
    // Of ASCII, work keys keep the same.
    if text.is_ascii() {
        return normalise(text);
    }
    let short: &[String] = &SHORT;
    let mut letters = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            _ if letter.is_ascii_alphanumeric() => letters.push(letter.to_ascii_lowercase()),
            '\0'..'\u{80}' | '\u{2000}'..'\u{2070}' => {}
            '\u{80}'..SHORT_END => letters.push_str(&short[letter as usize - 0x80]),
            HAN_START..=HAN_END => letters.push(letter),
            _ => letters.extend(fold_letter(letter)),
        }
    }
    letters
}

/// Length of the [`fold`] of a text in bytes.
pub(in crate::audit) fn folded_len(text: &str) -> usize {
    if text.is_ascii() {
        return n_ascii_letters(text);
    }
    folded(text).map(char::len_utf8).sum()
}

/// Number of letters and figures of an ASCII text.
fn n_ascii_letters(text: &str) -> usize {
    // Few enough bytes for a small sum, which the compiler makes of several at a time.
    let blocks = text.as_bytes().chunks(u8::MAX.into());
    blocks.map(|block| usize::from(block.iter().map(|byte| u8::from(byte.is_ascii_alphanumeric())).sum::<u8>())).sum()
}

/// The text with `and` for `&`.
pub(super) fn with_and(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'&', text.as_bytes()).is_some() { text.replace('&', " and ").into() } else { text.into() }
}

/// Whether two texts have the same letters and numbers.
pub(super) fn is_same(left: &str, right: &str) -> bool {
    // Most texts that differ do so in the first letter.
    let first =
        |text: &str| text.bytes().next().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase());
    if let (Some(left), Some(right)) = (first(left), first(right))
        && left != right
    {
        return false;
    }
    if left.is_ascii() && right.is_ascii() {
        return ascii_letters(left).eq(ascii_letters(right));
    }
    folded(left).eq(folded(right))
}

fn ascii_letters(text: &str) -> impl Iterator<Item = u8> {
    text.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase())
}

/// The folded words of a text, in order. Words end at anything that is no letter, number or mark.
pub(super) fn words(text: &str) -> Vec<String> {
    words_in(text).collect()
}

/// The same one after the other, for those who need not have all.
pub(super) fn words_in(text: &str) -> impl Iterator<Item = String> {
    let is_inside = |letter: char| letter.is_alphanumeric() || is_combining_mark(letter);
    text.split(move |letter| !is_inside(letter)).map(fold).filter(|word| !word.is_empty())
}

/// Whether all of `needles` occur in `words` in the same order.
pub(super) fn is_subsequence(needles: &[String], words: &[String]) -> bool {
    let mut rest = words.iter();
    needles.iter().all(|needle| rest.any(|word| word == needle))
}

/// The starts of words in a text, as byte offsets, among its first `limit` characters. The first is always 0.
pub(super) fn word_starts(text: &str, limit: usize) -> impl Iterator<Item = usize> {
    let mut before = ' ';
    text.char_indices().take(limit + 1).filter_map(move |(at, letter)| {
        let starts = at == 0 || letter.is_alphanumeric() && !before.is_alphanumeric();
        before = letter;
        starts.then_some(at)
    })
}

/// The first of the starts of words, see [`word_starts`], before which the folded text has `n_before` bytes.
///
/// What follows it is the [same](is_same) as any text that makes up the rest of the folded one.
pub(super) fn start_after(text: &str, limit: usize, n_before: usize) -> Option<usize> {
    let (mut from, mut n_folded) = (0, 0);
    let starts = word_starts(text, limit).map(|at| {
        n_folded += folded_len(&text[from..at]);
        from = at;
        (at, n_folded)
    });
    let mut starts = starts.take_while(|(_, n_folded)| *n_folded <= n_before);
    starts.find(|(_, n_folded)| *n_folded == n_before).map(|(at, _)| at)
}

/// One letter as the letters it stands for; nothing for signs.
fn spelt_out(letter: char) -> impl Iterator<Item = char> {
    let (first, second) = match letter {
        'ß' => ('s', Some('s')),
        'æ' => ('a', Some('e')),
        'œ' => ('o', Some('e')),
        'þ' => ('t', Some('h')),
        'ø' => ('o', None),
        'ł' => ('l', None),
        'đ' | 'ð' => ('d', None),
        'ħ' => ('h', None),
        'ŧ' => ('t', None),
        'ı' => ('i', None),
        other => (other, None),
    };
    Some(first).filter(|&letter| is_alphanumeric(letter)).into_iter().chain(second)
}

/// `char::is_alphanumeric`, without its search for the letters of the large scripts.
fn is_alphanumeric(letter: char) -> bool {
    LARGE_SCRIPTS.iter().any(|letters| letters.contains(&letter)) || letter.is_alphanumeric()
}

/// Han, Hiragana, Katakana, Hangul and Cyrillic letters. Origin: Unicode's blocks, as far as they hold letters only.
const LARGE_SCRIPTS: [std::ops::RangeInclusive<char>; 5] = [
    '\u{4e00}'..='\u{9fff}',
    '\u{3041}'..='\u{3096}',
    '\u{30a1}'..='\u{30fa}',
    '\u{ac00}'..='\u{d7a3}',
    '\u{400}'..='\u{481}',
];

/// [`fold`] without any shortcut, for tests: the whole text decomposed, then lower-cased and spelt out.
#[cfg(test)]
pub(super) fn fold_as_defined(text: &str) -> String {
    let whole = text.nfkd().filter(|&letter| !is_combining_mark(letter));
    whole.flat_map(char::to_lowercase).flat_map(spelt_out).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn letters_fold_one_by_one(text in "[a-zßıİ½ﬁ\u{e0}-\u{5ff}\u{1e00}-\u{206f}가-각\u{3040}-\u{309a}]{0,8}") {
            proptest::prop_assert_eq!(folded(&text).collect::<String>(), fold_as_defined(&text));
        }

        #[test]
        fn any_text_folds_as_defined(text in proptest::prelude::any::<String>()) {
            proptest::prop_assert_eq!(fold(&text), fold_as_defined(&text));
        }
    }

    #[test]
    fn han_letters_stay_as_they_are() {
        assert!((HAN_START..=HAN_END).all(|letter| fold_letter(letter).eq([letter])));
    }

    #[test]
    fn large_scripts_hold_letters_only() {
        assert!(LARGE_SCRIPTS.into_iter().flatten().all(char::is_alphanumeric));
    }

    #[test]
    fn the_rest_of_a_text_begins_after_what_is_left_out() {
        for (text, rest) in [("La vie d'a", "d a"), ("Ça ira", "IRA"), ("«The» title", "title"), ("The title", "le")]
        {
            let n_before = fold(text).strip_suffix(&fold(rest)).map(str::len).expect("the end of the text");
            let start = word_starts(text, 20).find(|&at| is_same(&text[at..], rest));
            assert_eq!(start_after(text, 20, n_before), start, "{text}");
        }
        assert_eq!(start_after("A long way", 3, 5), None);
    }

    #[test]
    fn letters_decide() {
        assert_eq!(fold("Straße & Œuvre: Łódź"), "strasseoeuvrelodz");
        assert!(is_same("The title :", "the Title"));
        assert!(is_same("Café", "cafe,"));
        assert!(!is_same("The title 1", "The title 2"));
        assert_eq!(words("L'Étranger, 2nd"), ["l", "etranger", "2nd"]);
        assert_eq!(word_starts("La vie d'a", 9).collect::<Vec<_>>(), [0, 3, 7, 9]);
    }
}
