//! Languages: names and codes of one language led to its MARC code.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

/// The MARC code list with names and ISO 639-1 and 639-2/T codes: facts of the published lists.
const TABLE: &str = include_str!("languages.tsv");

/// A language by its place in the MARC code list.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(try_from = "u16")]
pub struct Language(u16);

/// Stored places are checked: beyond the list there is no language.
impl TryFrom<u16> for Language {
    type Error = &'static str;

    fn try_from(place: u16) -> Result<Language, Self::Error> {
        if usize::from(place) < LANGUAGES.len() { Ok(Language(place)) } else { Err("no language of the list") }
    }
}

/// One row of the list.
#[derive(Clone, Copy, Debug)]
pub struct LanguageFacts {
    /// Three-letter MARC code.
    pub code: &'static str,
    /// English name as VuFind shows it.
    pub name: &'static str,
    /// ISO 639-1 code, or empty.
    pub iso639_1: &'static str,
    /// ISO 639-2 terminology code where it differs from the MARC code, or empty.
    pub iso639_2t: &'static str,
}

/// All rows, ascending by code.
pub static LANGUAGES: LazyLock<Vec<LanguageFacts>> = LazyLock::new(|| {
    let row = |line: &'static str| {
        let mut cells = line.split('\t');
        let mut next = || cells.next().unwrap_or_default();
        LanguageFacts { code: next(), name: next(), iso639_1: next(), iso639_2t: next() }
    };
    TABLE.lines().skip(1).map(row).collect()
});

/// Lower-case names and codes with their rows, ascending.
static INDEX: LazyLock<Vec<(String, Language)>> = LazyLock::new(|| {
    let mut index = Vec::new();
    for (at, facts) in LANGUAGES.iter().enumerate() {
        for form in [facts.name, facts.code, facts.iso639_1, facts.iso639_2t] {
            if !form.is_empty() {
                index.push((form.to_lowercase(), Language(at as u16)));
            }
        }
    }
    // Names win over the codes of other languages, older codes lose to newer ones.
    index.sort();
    index.dedup_by(|later, first| later.0 == first.0);
    index
});

impl Language {
    /// The language a value names: a name, a MARC or ISO code in any case, with or without region.
    /// `None` for unknown values and for codes that name no language (undetermined, multiple, none).
    pub fn of(value: &str) -> Option<Language> {
        let lower = value.trim().to_lowercase();
        let bare = lower.split(['-', '_']).next().unwrap_or_default();
        let find =
            |form: &str| INDEX.binary_search_by(|(known, _)| known.as_str().cmp(form)).ok().map(|at| INDEX[at].1);
        find(&lower).or_else(|| find(bare)).filter(|language| !language.is_no_language())
    }

    /// The row of the code list.
    pub fn facts(self) -> LanguageFacts {
        LANGUAGES[usize::from(self.0)]
    }

    /// Whether it is mostly written in another script than Latin, so that catalogues hold it in several
    /// romanisations.
    pub fn is_romanised(self) -> bool {
        const ROMANISED: [&str; 30] = [
            "amh", "ara", "arm", "bel", "ben", "bul", "chi", "chu", "geo", "grc", "gre", "heb", "hin", "jpn", "kaz",
            "khm", "kir", "kor", "mac", "mon", "per", "rus", "san", "srp", "tam", "tgk", "tha", "ukr", "urd", "yid",
        ];
        ROMANISED.binary_search(&self.facts().code).is_ok()
    }

    /// Whether it is written in Cyrillic letters, which several tables of romanisation are used for.
    pub fn is_cyrillic(self) -> bool {
        matches!(self.facts().code, "bel" | "bul" | "mac" | "rus" | "srp" | "ukr")
    }

    fn is_no_language(self) -> bool {
        matches!(self.facts().code, "und" | "mul" | "zxx" | "mis")
    }
}

/// All names that VuFind's MARC import writes, ascending, without repeats. `Unknown` is its own addition.
static NAMES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let mut names: Vec<&'static str> = LANGUAGES.iter().map(|facts| facts.name).chain(["Unknown"]).collect();
    names.sort_unstable();
    names.dedup();
    names
});

/// All names, ascending.
pub fn names() -> impl Iterator<Item = &'static str> {
    NAMES.iter().copied()
}

/// Whether this is, letter by letter, a name that VuFind's MARC import writes.
pub fn is_name(value: &str) -> bool {
    matches!(value, "English" | "German" | "French" | "Spanish") || NAMES.binary_search(&value).is_ok()
}

/// The name for a MARC code or an ISO 639-1 code, in lower case.
pub fn name_of_code(code: &str) -> Option<&'static str> {
    let row = if code.len() == 2 {
        LANGUAGES.iter().find(|facts| facts.iso639_1 == code)
    } else {
        LANGUAGES.binary_search_by_key(&code, |facts| facts.code).ok().map(|at| &LANGUAGES[at])
    };
    row.map(|facts| facts.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_codes_meet() {
        let code = |value: &str| Language::of(value).map(|language| language.facts().code);
        for value in ["German", "ger", "de", "deu", "GER", "de-CH"] {
            assert_eq!(code(value), Some("ger"), "{value}");
        }
        assert_eq!(code("en_US"), Some("eng"));
        assert_eq!(code("Undetermined"), None);
        assert_eq!(code("klingonese"), None);
    }

    #[test]
    fn names_are_taken_letter_by_letter() {
        assert!(is_name("English") && is_name("Ewe") && !is_name("english") && !is_name("eng"));
        assert_eq!(
            (name_of_code("ger"), name_of_code("de"), name_of_code("deu")),
            (Some("German"), Some("German"), None)
        );
    }

    #[test]
    fn the_table_is_sorted_and_whole() {
        assert_eq!(LANGUAGES.len(), 540);
        assert!(LANGUAGES.windows(2).all(|pair| pair[0].code < pair[1].code));
        assert!(LANGUAGES.iter().all(|row| row.code.len() == 3 && !row.name.is_empty()));
    }
}
