//! L003: language label variant.

use super::folding::is_same;
use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;
use crate::keys::language;

pub(super) static RULE: Rule = Rule {
    code: "L003",
    name: "language-label-variant",
    severity: Severity::Warn,
    fix: Fix::Safe,
    aggregated: false,
    needs: &[Field::Language],
    skips_merged: false,
    explanation: "\
## What it finds
Language names that differ from those of VuFind's MARC import: labels of its other maps, names in other
languages, other capitals, misspellings.
## Why it matters
One language has two values in the facet.
## Example
`Spanish / Castilian` beside `Spanish`.
## Known gaps
Indexes with a map of their own get findings for every name that differs. Codes are left to L002.
## Source
VuFind's `language_map.properties` against `language_map_iso639-1.properties` and
`language_map_iso639-2b.properties` (pull request 413).",
    check: Check::record(check),
};

/// Labels that are in use for a language, and the name of the MARC import. Origin: VuFind's other two maps, and the
/// names of the most frequent languages in some others. Sorted by label.
const VARIANTS: [(&str, &str); 52] = [
    ("Abkhazian", "Abkhaz"),
    ("Alemán", "German"),
    ("Allemand", "German"),
    ("Anglais", "English"),
    ("Castilian", "Spanish"),
    ("Catalan / Valencian", "Catalan"),
    ("Deutsch", "German"),
    ("Englisch", "English"),
    ("Espagnol", "Spanish"),
    ("Español", "Spanish"),
    ("Farsi", "Persian"),
    ("Flemish", "Dutch"),
    ("Francese", "French"),
    ("Francés", "French"),
    ("Französisch", "French"),
    ("Français", "French"),
    ("Gaelic / Scottish Gaelic", "Scottish Gaelic"),
    ("Haitian; Haitian Creole", "Haitian French Creole"),
    ("Inglese", "English"),
    ("Inglés", "English"),
    ("Italiano", "Italian"),
    ("Italien", "Italian"),
    ("Italienisch", "Italian"),
    ("Kirghiz", "Kyrgyz"),
    ("Latein", "Latin"),
    ("Latino", "Latin"),
    ("Latín", "Latin"),
    ("Limburgan; Limburger; Limburgish", "Limburgish"),
    ("Luxembourgish; Letzeburgesch", "Luxembourgish"),
    ("Mandarin", "Chinese"),
    ("Modern Greek (1453-)", "Greek, Modern (1453-)"),
    ("Nederlands", "Dutch"),
    ("Niederländisch", "Dutch"),
    ("Norwegian Bokmål", "Norwegian (Bokmål)"),
    ("Norwegian Nynorsk", "Norwegian (Nynorsk)"),
    ("Néerlandais", "Dutch"),
    ("Occitan (post 1500); Provençal", "Occitan (post-1500)"),
    ("Portugais", "Portuguese"),
    ("Portugiesisch", "Portuguese"),
    ("Portugués", "Portuguese"),
    ("Português", "Portuguese"),
    ("Romansh", "Raeto-Romance"),
    ("Ruso", "Russian"),
    ("Russe", "Russian"),
    ("Russisch", "Russian"),
    ("Sinhala", "Sinhalese"),
    ("Spagnolo", "Spanish"),
    ("Spanisch", "Spanish"),
    ("Spanish / Castilian", "Spanish"),
    ("Tedesco", "German"),
    ("Volapuk", "Volapük"),
    ("Western Frisian", "Frisian"),
];

/// Longest value, in bytes, that can be a code, which L002 judges.
const CODE_BYTES: usize = 3;

fn check(subject: &Subject<'_>, found: &mut Found) {
    let values = subject.record.all(Field::Language);
    for value in values {
        if language::is_name(value) || value.len() <= CODE_BYTES || looks_like_code(value) {
            continue;
        }
        let problem = Problem::new(Field::Language, &**value, "VuFind's map of languages has no such name");
        let problem = problem.suggest_any(name(value.trim()));
        let after = || values.iter().map(|value| listed(value).unwrap_or(value));
        found.add(if listed(value).is_some() { problem.change(Field::Language, after()) } else { problem });
    }
}

/// Region suffixes, abbreviations and joined codes.
fn looks_like_code(value: &str) -> bool {
    let is_small = |text: &str| text.bytes().all(|byte| byte.is_ascii_lowercase());
    value.ends_with('.')
        || (value.len() == 6 && is_small(value))
        || value.split_once(['-', '_']).is_some_and(|(code, _)| (2..=3).contains(&code.len()) && is_small(code))
        || value.trim().is_empty()
}

/// The name for a label of the table.
fn listed(value: &str) -> Option<&'static str> {
    let at = VARIANTS.binary_search_by_key(&value.trim(), |row| row.0).ok()?;
    Some(VARIANTS[at].1)
}

/// The name that is meant: a known variant, the same with other capitals, or at a distance of one letter, two for
/// long names.
fn name(value: &str) -> Option<&'static str> {
    if let Some(name) = listed(value) {
        return Some(name);
    }
    if let Some(name) = language::names().find(|name| is_same(name, value)) {
        return Some(name);
    }
    let n_letters = value.chars().count();
    let limit = if n_letters > 7 { 2 } else { 1 };
    let is_close = |name: &&str| {
        name.chars().next() == value.chars().next()
            && name.len().abs_diff(value.len()) <= 2 * limit
            && strsim::levenshtein(name, value) <= limit
    };
    language::names().filter(|_| n_letters > 4).find(is_close)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, check_change, problems};

    #[test]
    fn names_are_those_of_the_map() {
        assert!(super::VARIANTS.is_sorted());
        for (value, name) in
            [("Spanish / Castilian", "Spanish"), ("Inglés", "English"), ("english", "English"), ("Englsh", "English")]
        {
            let document = format!(r#"{{"language":["{value}"]}}"#);
            assert_eq!(problems(&RULE, &document)[0].suggestion.as_deref(), Some(name), "{value}");
        }
        check_change(&RULE, r#"{"language":["Latin","Inglés"]}"#, &[("language", "Latin | English")]);
        check_change(&RULE, r#"{"language":["Englsh"]}"#, &[]);
        check(&RULE, r#"{"language":["Elvish, High"]}"#, &["language"]);
        check(&RULE, r#"{"language":["Spanish","eng","en-GB","gerlat"]}"#, &[]);
    }
}
