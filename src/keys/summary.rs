//! The summary of a text, as a number: the same words stand before the article, its preprint, and its copy in a repository.

use xxhash_rust::xxh3::xxh3_64;

use crate::input::{Field, Record};

use super::text::{fold, letters_of, without_any_markup};

/// Bytes of folded letters and digits by which a summary is known; a shorter one may be anything.
const LETTERS: usize = 120;
/// Bytes looked at: enough for so many letters, and for the markup among them if there is some.
const MAX_BYTES: usize = 300;
const MAX_BYTES_WITH_MARKUP: usize = 1000;

/// What databases write before a summary, or before its first part, in one release and leave out in another.
/// The longer ones come first.
const HEADINGS: [&str; 12] = [
    "abstract",
    "aims",
    "aim",
    "background",
    "introduction",
    "objectives",
    "objective",
    "purpose",
    "resumen",
    "resume",
    "summary",
    "zusammenfassung",
];

/// A number of the beginning of the record's summary: equal for equal words, whatever the case, the signs and the markup.
/// 0 if there is no summary, or too short a one.
pub(super) fn summary_of(record: &Record<'_>) -> u32 {
    record.filled(Field::Description).map_or(0, number_of)
}

fn number_of(text: &str) -> u32 {
    if text.len() < LETTERS {
        return 0;
    }
    let head = &text[..text.floor_char_boundary(MAX_BYTES)];
    let letters = if memchr::memchr2(b'<', b'&', head.as_bytes()).is_some() {
        let head = &text[..text.floor_char_boundary(MAX_BYTES_WITH_MARKUP)];
        letters_of(&fold(&without_any_markup(head)))
    } else if head.is_ascii() {
        // Folding would leave these, and blanks.
        letters_of(&head.to_ascii_lowercase())
    } else {
        letters_of(&fold(head))
    };
    // Tags left no blank behind.
    let mut letters = letters.as_str();
    while let Some(rest) = HEADINGS.iter().find_map(|heading| letters.strip_prefix(heading)) {
        letters = rest;
    }
    if letters.len() < LETTERS {
        return 0;
    }
    let letters = &letters[..letters.floor_char_boundary(LETTERS)];
    // 0 stands for none.
    (xxh3_64(letters.as_bytes()) as u32).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "With the introduction of a search engine in November 2004, research libraries faced the decision of \
                        whether to integrate this resource into their collections and services via their sites.";

    #[test]
    fn markup_case_and_headings_do_not_count() {
        let number = number_of(TEXT);
        assert_ne!(number, 0);
        for same in [
            format!("<jats:title>Abstract</jats:title><jats:p>{TEXT}</jats:p>"),
            format!("BACKGROUND: {}", TEXT.to_uppercase()),
            format!("{TEXT} What follows is of no account."),
            TEXT.replace("search engine", "search&#x20;engine"),
        ] {
            assert_eq!(number_of(&same), number, "{same}");
        }
        assert_ne!(number_of(&TEXT.replace("November", "December")), number);
    }

    #[test]
    fn short_notes_are_no_summaries() {
        assert_eq!(number_of("Includes bibliographical references and index."), 0);
        assert_eq!(number_of(&"<b>.</b> ".repeat(400)), 0);
        assert_eq!(number_of(""), 0);
        assert_ne!(number_of(&"Сводка основных результатов. ".repeat(10)), 0);
    }
}
