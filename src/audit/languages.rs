//! Names and codes of languages, as VuFind's import maps write them.

use std::sync::LazyLock;

/// The rows of `languages.tsv`, sorted by code: MARC's three-letter code, name, ISO 639-1 code or nothing.
///
/// Origin: the MARC code list for languages as mapped by VuFind's `language_map.properties`.
static BY_CODE: LazyLock<Vec<(&'static str, &'static str, &'static str)>> = LazyLock::new(|| {
    let rows = include_str!("languages.tsv").lines().skip(1);
    let mut rows: Vec<_> = rows.filter_map(row).collect();
    rows.sort_unstable();
    rows
});

/// Names and their codes, sorted by name.
static BY_NAME: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| {
    let mut names: Vec<_> = BY_CODE.iter().map(|&(code, name, _)| (name, code)).chain([("Unknown", "")]).collect();
    names.sort_unstable();
    names.dedup_by_key(|name| name.0);
    names
});

/// Two-letter codes and names, sorted by code.
static BY_SHORT_CODE: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| {
    let rows = BY_CODE.iter().filter(|row| !row.2.is_empty());
    let mut codes: Vec<_> = rows.map(|&(_, name, short)| (short, name)).collect();
    codes.sort_unstable();
    codes
});

/// Whether this is, letter by letter, a name that VuFind's MARC import writes.
pub(super) fn is_name(value: &str) -> bool {
    BY_NAME.binary_search_by_key(&value, |row| row.0).is_ok()
}

/// The name for a code of two or three lower-case letters.
pub(super) fn name_of_code(code: &str) -> Option<&'static str> {
    if code.len() == 2 {
        return BY_SHORT_CODE.binary_search_by_key(&code, |row| row.0).ok().map(|at| BY_SHORT_CODE[at].1);
    }
    BY_CODE.binary_search_by_key(&code, |row| row.0).ok().map(|at| BY_CODE[at].1)
}

/// All names, sorted.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    BY_NAME.iter().map(|row| row.0)
}

fn row(line: &'static str) -> Option<(&'static str, &'static str, &'static str)> {
    let mut columns = line.split('\t');
    Some((columns.next()?, columns.next()?, columns.next()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_codes_are_found() {
        assert!(is_name("English") && is_name("Ewe") && is_name("Spanish"));
        assert!(!is_name("english") && !is_name("Spanish / Castilian"));
        assert_eq!(name_of_code("eng"), Some("English"));
        assert_eq!(name_of_code("es"), Some("Spanish"));
        assert_eq!(name_of_code("fra"), None);
        assert_eq!(names().count(), 532);
    }
}
