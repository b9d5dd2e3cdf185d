//! L003: language label variant.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::folding::fold;
use super::l002_language_raw_code::is_code_like;
use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;
use crate::keys::language;

/// By VuFind's map for MARC; what looks like a code is left to L002. Safe for the variants that are
/// listed and for other capitals.
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
languages, other capitals, misspellings, and several names in one value.
## Why it matters
One language has two values in the facet.
## Example
`Spanish / Castilian` beside `Spanish`.
## Known gaps
Indexes with a map of their own get findings for every name that differs. Codes are left to L002; what is neither
name nor code (`n/a`, `k. A.`) is found here, without a suggestion. Of names in other languages the most frequent
ones are known.
## Source
VuFind's `language_map.properties` against `language_map_iso639-1.properties` and
`language_map_iso639-2b.properties` (pull request 413).",
    check: Check::record(check),
};

/// Labels that are in use for a language, and the name of the MARC import. Origin: VuFind's other two maps, and the
/// names of the most frequent languages in some others. Sorted by label.
const VARIANTS: [(&str, &str); 187] = [
    ("Abkhazian", "Abkhaz"),
    ("Adyghe; Adygei", "Adygei"),
    ("Alemán", "German"),
    ("Alemão", "German"),
    ("Allemand", "German"),
    ("Ancient Greek", "Greek, Ancient (to 1453)"),
    ("Anglais", "English"),
    ("Angličtina", "English"),
    ("Arabisch", "Arabic"),
    ("Aromanian; Arumanian; Macedo-Romanian", "Aromanian"),
    ("Asturian; Bable; Leonese; Asturleonese", "Bable"),
    ("Bahasa Malaysia", "Malay"),
    ("Bahasa Melayu", "Malay"),
    ("Beja; Bedawiyet", "Beja"),
    ("Bini; Edo", "Edo"),
    ("Blissymbols; Blissymbolics; Bliss", "Blissymbolics"),
    ("Bokmål", "Norwegian (Bokmål)"),
    ("Bokmål, Norwegian; Norwegian Bokmål", "Norwegian (Bokmål)"),
    ("Castellano", "Spanish"),
    ("Castilian", "Spanish"),
    ("Catalan / Valencian", "Catalan"),
    ("Catalan; Valencian", "Catalan"),
    ("Català", "Catalan"),
    ("Catalán", "Catalan"),
    ("Central Khmer", "Khmer"),
    ("Chichewa; Chewa; Nyanja", "Nyanja"),
    ("Chinesisch", "Chinese"),
    ("Chino", "Chinese"),
    ("Chinois", "Chinese"),
    ("Chipewyan; Dene Suline", "Chipewyan"),
    ("Church Slavic; Old Slavonic; Church Slavonic; Old Bulgarian; Old Church Slavonic", "Church Slavic"),
    ("Crimean Tatar; Crimean Turkish", "Crimean Tatar"),
    ("Dansk", "Danish"),
    ("Deutsch", "German"),
    ("Dhivehi", "Divehi"),
    ("Divehi; Dhivehi; Maldivian", "Divehi"),
    ("Duits", "German"),
    ("Dutch; Flemish", "Dutch"),
    ("Dänisch", "Danish"),
    ("Eesti", "Estonian"),
    ("Engels", "English"),
    ("Engelska", "English"),
    ("Englanti", "English"),
    ("Englisch", "English"),
    ("English, Old (ca.450-1100)", "English, Old (ca. 450-1100)"),
    ("Espagnol", "Spanish"),
    ("Espanhol", "Spanish"),
    ("Español", "Spanish"),
    ("Euskara", "Basque"),
    ("Euskera", "Basque"),
    ("Farsi", "Persian"),
    ("Filipino; Pilipino", "Filipino"),
    ("Finnisch", "Finnish"),
    ("Flemish", "Dutch"),
    ("Francese", "French"),
    ("Francés", "French"),
    ("Francês", "French"),
    ("Frans", "French"),
    ("Franska", "French"),
    ("Französisch", "French"),
    ("Français", "French"),
    ("French, Middle (ca.1400-1600)", "French, Middle (ca. 1300-1600)"),
    ("French, Old (842-ca.1400)", "French, Old (ca. 842-1300)"),
    ("Gaelic / Scottish Gaelic", "Scottish Gaelic"),
    ("Gaelic; Scottish Gaelic", "Scottish Gaelic"),
    ("Galego", "Galician"),
    ("Gallego", "Galician"),
    ("German, Middle High (ca.1050-1500)", "German, Middle High (ca. 1050-1500)"),
    ("German, Old High (ca.750-1050)", "German, Old High (ca. 750-1050)"),
    ("Greek (Ancient)", "Greek, Ancient (to 1453)"),
    ("Greek (Modern)", "Greek, Modern (1453-)"),
    ("Greek, Ancient", "Greek, Ancient (to 1453)"),
    ("Greek, Modern", "Greek, Modern (1453-)"),
    ("Greenlandic", "Kalâtdlisut"),
    ("Haitian; Haitian Creole", "Haitian French Creole"),
    ("Hebräisch", "Hebrew"),
    ("Hrvatski", "Croatian"),
    ("Inglese", "English"),
    ("Inglés", "English"),
    ("Inglês", "English"),
    ("Interlingue; Occidental", "Interlingue"),
    ("Italiano", "Italian"),
    ("Italien", "Italian"),
    ("Italienisch", "Italian"),
    ("Japanisch", "Japanese"),
    ("Japonais", "Japanese"),
    ("Japonés", "Japanese"),
    ("Kachin; Jingpho", "Kachin"),
    ("Kalaallisut; Greenlandic", "Kalâtdlisut"),
    ("Khmer, Central", "Khmer"),
    ("Khotanese; Sakan", "Khotanese"),
    ("Kikuyu; Gikuyu", "Kikuyu"),
    ("Kirghiz", "Kyrgyz"),
    ("Kirghiz; Kyrgyz", "Kyrgyz"),
    ("Klingon; tlhIngan-Hol", "Klingon (Artificial language)"),
    ("Kuanyama; Kwanyama", "Kuanyama"),
    ("Latein", "Latin"),
    ("Latino", "Latin"),
    ("Latín", "Latin"),
    ("Limburgan; Limburger; Limburgish", "Limburgish"),
    ("Low German; Low Saxon; German, Low; Saxon, Low", "Low German"),
    ("Luxembourgish; Letzeburgesch", "Luxembourgish"),
    ("Magyar", "Hungarian"),
    ("Maldivian", "Divehi"),
    ("Mandarin", "Chinese"),
    ("Mapudungun; Mapuche", "Mapuche"),
    ("Mi'kmaq; Micmac", "Micmac"),
    ("Modern Greek", "Greek, Modern (1453-)"),
    ("Modern Greek (1453-)", "Greek, Modern (1453-)"),
    ("Navajo; Navaho", "Navajo"),
    ("Ndebele, North; North Ndebele", "Ndebele (Zimbabwe)"),
    ("Ndebele, South; South Ndebele", "Ndebele (South Africa)"),
    ("Nederlands", "Dutch"),
    ("Nepal Bhasa; Newari", "Newari"),
    ("Niederländisch", "Dutch"),
    ("Norsk", "Norwegian"),
    ("Norsk (bokmål)", "Norwegian (Bokmål)"),
    ("Norsk (nynorsk)", "Norwegian (Nynorsk)"),
    ("Norwegian Bokmål", "Norwegian (Bokmål)"),
    ("Norwegian Nynorsk", "Norwegian (Nynorsk)"),
    ("Norwegian Nynorsk; Nynorsk, Norwegian", "Norwegian (Nynorsk)"),
    ("Nynorsk", "Norwegian (Nynorsk)"),
    ("Néerlandais", "Dutch"),
    ("Němčina", "German"),
    ("Occitan (post 1500); Provençal", "Occitan (post-1500)"),
    ("Official Aramaic (700-300 BCE); Imperial Aramaic (700-300 BCE)", "Aramaic"),
    ("Old English", "English, Old (ca. 450-1100)"),
    ("Ossetian; Ossetic", "Ossetic"),
    ("Panjabi; Punjabi", "Panjabi"),
    ("Pedi; Sepedi; Northern Sotho", "Northern Sotho"),
    ("Polnisch", "Polish"),
    ("Polonais", "Polish"),
    ("Polski", "Polish"),
    ("Portugais", "Portuguese"),
    ("Portugiesisch", "Portuguese"),
    ("Portugués", "Portuguese"),
    ("Português", "Portuguese"),
    ("Provençal, Old (to 1500);Occitan, Old (to 1500)", "Provençal (to 1500)"),
    ("Pushto; Pashto", "Pushto"),
    ("Rarotongan; Cook Islands Maori", "Rarotongan"),
    ("Romanian; Moldavian; Moldovan", "Romanian"),
    ("Romansh", "Raeto-Romance"),
    ("Română", "Romanian"),
    ("Ruso", "Russian"),
    ("Russe", "Russian"),
    ("Russisch", "Russian"),
    ("Ruština", "Russian"),
    ("Schwedisch", "Swedish"),
    ("Scots Gaelic", "Scottish Gaelic"),
    ("Sichuan Yi; Nuosu", "Sichuan Yi"),
    ("Sinhala", "Sinhalese"),
    ("Sinhala; Sinhalese", "Sinhalese"),
    ("Slovene", "Slovenian"),
    ("Slovenčina", "Slovak"),
    ("Slovenščina", "Slovenian"),
    ("Spagnolo", "Spanish"),
    ("Spanisch", "Spanish"),
    ("Spanish / Castilian", "Spanish"),
    ("Spanish; Castilian", "Spanish"),
    ("Suomi", "Finnish"),
    ("Svenska", "Swedish"),
    ("Swiss German; Alemannic; Alsatian", "Swiss German"),
    ("Tedesco", "German"),
    ("Tschechisch", "Czech"),
    ("Tyska", "German"),
    ("Türkçe", "Turkish"),
    ("Uighur; Uyghur", "Uighur"),
    ("Ungarisch", "Hungarian"),
    ("Valencian", "Catalan"),
    ("Volapuk", "Volapük"),
    ("Western Frisian", "Frisian"),
    ("Wolaitta; Wolaytta", "Wolayta"),
    ("Zaza; Dimili; Dimli; Kirdki; Kirmanjki; Zazaki", "Zaza"),
    ("Zhuang; Chuang", "Zhuang"),
    ("Árabe", "Arabic"),
    ("Íslenska", "Icelandic"),
    ("Česky", "Czech"),
    ("Čeština", "Czech"),
    ("Ελληνικά", "Greek, Modern (1453-)"),
    ("Български", "Bulgarian"),
    ("Русский", "Russian"),
    ("Українська", "Ukrainian"),
    ("עברית", "Hebrew"),
    ("العربية", "Arabic"),
    ("中文", "Chinese"),
    ("日本語", "Japanese"),
    ("한국어", "Korean"),
];

fn check(subject: &Subject<'_>, found: &mut Found) {
    let values = subject.record.all(Field::Language);
    for value in values {
        if language::is_name(value) || value.trim().is_empty() || is_code_like(value) {
            continue;
        }
        if let Some(names) = several(value) {
            let message = match names.len() {
                1 => "these are several names of one language",
                _ => "these are several languages in one value",
            };
            let problem = Problem::new(Field::Language, &**value, message);
            found.add(problem.suggest(names.join(" | ")));
            continue;
        }
        let problem = Problem::new(Field::Language, &**value, "VuFind's map of languages has no such name");
        let problem = problem.suggest_any(name(value.trim().trim_end_matches('.')));
        if certain(value).is_some() {
            found.add_with_change(problem, Field::Language, || named(values));
        } else {
            found.add(problem);
        }
    }
}

/// The values with all certain labels made names, each name once.
fn named<'a>(values: &'a [Cow<'_, str>]) -> Vec<&'a str> {
    let mut seen = BTreeSet::new();
    values.iter().map(|value| certain(value).unwrap_or(value)).filter(|name| seen.insert(*name)).collect()
}

/// The names that line breaks, tabs, semicolons or bars part in a value, if all parts are some; each name once.
fn several(value: &str) -> Option<Vec<&str>> {
    let is_between = |letter: char| matches!(letter, '\r' | '\n' | '\t' | ';' | '|');
    if !value.trim().contains(is_between) && !value.contains(',') || listed(value).is_some() {
        return None;
    }
    // Names have commas themselves, so that all parts must be names as they are.
    let listed_names: Vec<&str> = value.split(',').map(str::trim).collect();
    if listed_names.len() > 1 && listed_names.iter().all(|part| language::is_name(part)) {
        return Some(listed_names);
    }
    let parts = value.split(is_between).map(str::trim).filter(|part| !part.is_empty());
    let names: Option<Vec<&str>> =
        parts.map(|part| if language::is_name(part) { Some(part) } else { name(part) }).collect();
    let mut names = names.filter(|names| names.len() > 1)?;
    let mut seen = BTreeSet::new();
    names.retain(|name| seen.insert(*name));
    Some(names)
}

/// The name for a label of the table, whatever its capitals.
fn listed(value: &str) -> Option<&'static str> {
    if language::is_name(value) {
        return None;
    }
    static LABELS: LazyLock<Names> = LazyLock::new(|| by(VARIANTS.iter().map(|row| (lower(row.0), row.1))));
    LABELS.get(&lower(value.trim())).copied()
}

/// Names by what they are looked for with.
type Names = BTreeMap<String, &'static str>;

/// The first name of each key.
fn by(names: impl Iterator<Item = (String, &'static str)>) -> Names {
    let mut by = Names::new();
    names.for_each(|(key, name)| {
        by.entry(key).or_insert(name);
    });
    by
}

/// The name for a label of the table, and for the name itself with other capitals; none where another rule judges the value.
fn certain(value: &str) -> Option<&'static str> {
    if is_code_like(value) {
        return None;
    }
    static NAMES: LazyLock<Names> = LazyLock::new(|| by(language::names().map(|name| (name.to_lowercase(), name))));
    let in_other_case = || NAMES.get(&value.trim().to_lowercase()).copied();
    listed(value).or_else(|| if language::is_name(value) { None } else { in_other_case() })
}

fn lower(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// The name that is meant: a known variant, the same with other capitals, or at a distance of one letter, two for
/// long names; two letters that changed places are one.
fn name(value: &str) -> Option<&'static str> {
    if let Some(name) = listed(value) {
        return Some(name);
    }
    static FOLDED: LazyLock<Names> = LazyLock::new(|| by(language::names().map(|name| (fold(name), name))));
    if let Some(&name) = FOLDED.get(&fold(value)) {
        return Some(name);
    }
    let n_letters = value.chars().count();
    if n_letters < SHORTEST {
        return None;
    }
    let limit = if n_letters > 7 { 2 } else { 1 };
    static LOWER: LazyLock<Vec<(String, &'static str)>> =
        LazyLock::new(|| language::names().map(|name| (lower(name), name)).collect());
    let value = lower(value);
    let is_near = |(lower, name): &&(String, &str)| {
        lower.chars().next() == value.chars().next() && name.len().abs_diff(value.len()) <= 2 * limit
    };
    let close = LOWER.iter().filter(is_near).map(|(lower, name)| (strsim::osa_distance(lower, &value), *name));
    close.filter(|row| row.0 <= limit).min().map(|row| row.1)
}

/// Letters from which a value is compared letter by letter: in shorter ones a letter is too much.
const SHORTEST: usize = 5;

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, check_change, problems};

    #[test]
    fn names_of_one_language_are_joined_to_one() {
        let suggestion = |label: &str| {
            problems(&RULE, &format!(r#"{{"language":["{label}"]}}"#)).pop().and_then(|problem| problem.suggestion)
        };
        for (label, name) in [
            ("Spanish; Castilian", "Spanish"),
            ("Divehi; Dhivehi; Maldivian", "Divehi"),
            ("Romanian; Moldavian; Moldovan", "Romanian"),
            ("Bokmål, Norwegian; Norwegian Bokmål", "Norwegian (Bokmål)"),
            ("English; English", "English"),
            ("Persian; Farsi", "Persian"),
            ("German; English", "German | English"),
        ] {
            assert_eq!(suggestion(label).as_deref(), Some(name), "{label}");
        }
    }

    #[test]
    fn names_are_those_of_the_map() {
        assert!(super::VARIANTS.is_sorted());
        for (label, name) in super::VARIANTS {
            assert!(!super::language::is_name(label) && super::language::is_name(name), "{label}: {name}");
        }
        for (value, name) in [
            ("English\\rSpanish", "English | Spanish"),
            ("Deutsch; English", "German | English"),
            ("English, German", "English | German"),
            ("Spanish / Castilian", "Spanish"),
            ("Inglés", "English"),
            ("english", "English"),
            ("Englsh", "English"),
            ("german", "German"),
            ("greman", "German"),
            ("Enlgish", "English"),
            ("Italain", "Italian"),
            ("english.", "English"),
            ("français", "French"),
            ("Русский", "Russian"),
        ] {
            let document = format!(r#"{{"language":["{value}"]}}"#);
            assert_eq!(problems(&RULE, &document)[0].suggestion.as_deref(), Some(name), "{value}");
        }
        check_change(&RULE, r#"{"language":["Latin","Inglés"]}"#, &[("language", "Latin | English")]);
        check_change(&RULE, r#"{"language":["Latin","français"]}"#, &[("language", "Latin | French")]);
        check_change(&RULE, r#"{"language":["Englsh"]}"#, &[]);
        for value in ["english", "ENGLISH", " English "] {
            check_change(&RULE, &format!(r#"{{"language":["{value}"]}}"#), &[("language", "English")]);
        }
        let repeated = r#"{"language":["English","Inglés","Latin","english","eng"]}"#;
        check_change(&RULE, repeated, &[("language", "English | Latin | eng"); 2]);
        for value in ["n/a", "N/A", "??", "1", "-", "k. A.", "english."] {
            check(&RULE, &format!(r#"{{"language":["{value}"]}}"#), &["language"]);
        }
        check(&RULE, r#"{"language":["Elvish, High"]}"#, &["language"]);
        check(&RULE, r#"{"language":["Spanish","eng","en-GB","De-AT","gerlat","engfreger","ger.","???"," "]}"#, &[]);
    }
}
