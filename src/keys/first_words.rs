//! RecordManager's candidate key for titles.

use super::work_key::normalise;

/// Words longer than this many characters count as significant. From RecordManager's `createTitleKey`.
const SHORT_WORD_CHARS: usize = 3;

/// So many significant words are passed before the key ends. From RecordManager's `createTitleKey`.
const LONG_WORDS: usize = 3;

/// So many characters (blanks not counted) are passed before the key ends. From RecordManager's `createTitleKey`.
const KEY_CHARS: usize = 35;

/// Longest key before folding, in bytes. From RecordManager's `createTitleKey`.
const KEY_BYTES: usize = 200;

/// The first words of a filing title, folded as in work keys: RecordManager's `createTitleKey`.
///
/// Words are taken until more than three of them are longer than three characters, or together they exceed 35
/// characters; the word that exceeds is still included. Empty for a title without letters and numbers. The
/// installation's list of prefixes with a longer key (book reviews and the like) is not applied.
#[must_use]
pub fn first_words_key(title: &str) -> String {
    let mut words = String::new();
    let mut long_words = 0;
    let mut length = 0;
    for word in super::seek::words(title) {
        words.push_str(word);
        let word_chars = word.chars().count();
        long_words += usize::from(word_chars > SHORT_WORD_CHARS);
        length += word_chars;
        if long_words > LONG_WORDS || length > KEY_CHARS {
            break;
        }
    }
    normalise(&words[..words.floor_char_boundary(KEY_BYTES)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_ends_after_four_long_words_or_35_characters() {
        let check = |title: &str, expected: &str| assert_eq!(first_words_key(title), expected);
        check(
            "use of social media as a tool for stakeholder engagement in health service design",
            "useofsocialmediaasatoolforstakeholder",
        );
        check("annual report 1998", "annualreport1998");
        check(
            "proceedings of the 12th international conference on machine learning",
            "proceedingsofthe12thinternationalconference",
        );
        check("", "");
        check("...", "");
    }

    #[test]
    fn very_long_words_are_cut_between_characters() {
        assert_eq!(first_words_key(&"é".repeat(300)), "e".repeat(100));
        assert_eq!(first_words_key(&format!("x{}", "é".repeat(300))).len(), 100);
    }
}
