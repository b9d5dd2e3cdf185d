//! Comparison of texts by their letters and numbers only.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Letters and numbers of a text: decomposed for compatibility, lower-cased, without marks, ligatures spelt out.
///
/// Stronger than work keys, which keep `ß`, `ø`, `ł` and the like.
pub(super) fn folded(text: &str) -> impl Iterator<Item = char> {
    text.nfkd().filter(|&letter| !is_combining_mark(letter)).flat_map(char::to_lowercase).flat_map(spelt_out)
}

/// [`folded`] as a text.
pub(in crate::audit) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect();
    }
    folded(text).collect()
}

/// Whether two texts have the same letters and numbers.
pub(super) fn is_same(left: &str, right: &str) -> bool {
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
    let is_inside = |letter: char| letter.is_alphanumeric() || is_combining_mark(letter);
    text.split(|letter| !is_inside(letter)).map(fold).filter(|word| !word.is_empty()).collect()
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
    Some(first).filter(|letter| letter.is_alphanumeric()).into_iter().chain(second)
}

#[cfg(test)]
mod tests {
    use super::*;

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
