//! Titles that name a kind of text and no work.

use std::sync::LazyLock;

use crate::keys::work_key::normalise;

/// The titles in words. Origin: front matter, sections and recurring headings of journals and collected editions in
/// English, German, French and Spanish.
const TITLES: [&str; 112] = [
    "about the authors",
    "abstract",
    "abstracts",
    "acknowledgements",
    "acknowledgments",
    "announcement",
    "announcements",
    "annual report",
    "author index",
    "avant-propos",
    "bericht",
    "book review",
    "book reviews",
    "briefe",
    "buchbesprechungen",
    "bulletin",
    "calendar",
    "case report",
    "catalogue",
    "collected papers",
    "collected poems",
    "collected works",
    "comment",
    "commentary",
    "comments",
    "complete works",
    "conclusion",
    "conference proceedings",
    "constitution",
    "contents",
    "contributors",
    "correction",
    "corrections",
    "correspondence",
    "corrigenda",
    "corrigendum",
    "cover",
    "discussion",
    "editor's note",
    "editorial",
    "editorial board",
    "editorial introduction",
    "einführung",
    "einleitung",
    "errata",
    "erratum",
    "essays",
    "festschrift",
    "foreword",
    "from the editor",
    "from the editors",
    "front matter",
    "gedichte",
    "geleitwort",
    "gesammelte werke",
    "guest editorial",
    "in brief",
    "in memoriam",
    "in this issue",
    "index",
    "informe anual",
    "inhalt",
    "introducción",
    "introduction",
    "introduction to the special issue",
    "issue information",
    "jahresbericht",
    "letter",
    "letter from the editor",
    "letter to the editor",
    "letters",
    "letters to the editor",
    "masthead",
    "memoirs",
    "message from the chair",
    "message from the president",
    "minutes",
    "miscellaneous",
    "nachruf",
    "news",
    "news and notes",
    "notes",
    "notes and news",
    "obituaries",
    "obituary",
    "oeuvres complètes",
    "obras completas",
    "papers",
    "poems",
    "poster session",
    "preface",
    "preliminary material",
    "prologue",
    "proceedings",
    "prólogo",
    "rapport annuel",
    "recent publications",
    "reply",
    "report",
    "reports",
    "response",
    "review",
    "reviews",
    "selected poems",
    "selected works",
    "special issue",
    "subject index",
    "table of contents",
    "title page",
    "vorwort",
    "werke",
    "works",
];

/// The titles as parts of work keys, sorted.
static KEYS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut keys: Vec<String> = TITLES.iter().map(|title| normalise(title)).collect();
    keys.sort_unstable();
    keys
});

/// Longest of the keys, in bytes.
const LONGEST: usize = 29;

/// Whether a part of a work key is a generic title as a whole.
pub(super) fn is_generic(key: &str) -> bool {
    key.len() <= LONGEST && KEYS.binary_search_by(|generic| generic.as_str().cmp(key)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_keys_are_generic() {
        assert!(is_generic("editorial") && is_generic("oeuvrescompletes") && is_generic("editorsnote"));
        assert!(!is_generic("editorialpractice") && !is_generic(""));
        assert!(KEYS.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(KEYS.iter().map(String::len).max(), Some(LONGEST));
    }
}
