//! L002: language raw code.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::audit::{Catalogue, Check, Facts, Fix, Found, Label, Problem, Reports, Rows, Rule, Severity, Subject};
use crate::ids::RecordId;
use crate::input::Field;
use crate::keys::language;

/// Findings of single values give way to one, information, where all languages of an export, 100 at least, are codes.
pub(super) static RULE: Rule = Rule {
    code: "L002",
    name: "language-raw-code",
    severity: Severity::Warn,
    fix: Fix::Safe,
    aggregated: false,
    needs: &[Field::Language],
    skips_merged: false,
    explanation: "\
## What it finds
Language values that are codes: `eng`, `en-GB`, codes of the terminology variant of ISO 639-2 (`fra`), with a full
stop (`ger.`), and codes written together (`gerlat`), which must be in one case.
## Why it matters
Facets show `eng` beside `English`.
## Example
`eng`, where VuFind's MARC import writes `English`.
## Known gaps
A few names differ from their code by the capital only (`Ewe`, `Twi`). Names and slips of names that codes make up
by chance (`german` of `ger` and `man`) are left to L003. An index that holds nothing but codes does
so on purpose: one finding, which is information, stands for all of it, from 100 values on.
## Source
VuFind's `language_map.properties` and `language_map_iso639-1.properties`; its stylesheets leave unmapped
values as they are.",
    check: Check::both(check, gather, judge),
};

/// Codes of ISO 639-2/T and the MARC codes for the same languages. Sorted.
const TERMINOLOGY_CODES: [(&str, &str); 19] = [
    ("bod", "tib"),
    ("ces", "cze"),
    ("cym", "wel"),
    ("deu", "ger"),
    ("ell", "gre"),
    ("eus", "baq"),
    ("fas", "per"),
    ("fra", "fre"),
    ("hye", "arm"),
    ("isl", "ice"),
    ("kat", "geo"),
    ("mkd", "mac"),
    ("mri", "mao"),
    ("msa", "may"),
    ("mya", "bur"),
    ("nld", "dut"),
    ("ron", "rum"),
    ("slk", "slo"),
    ("zho", "chi"),
];

/// Codes of ISO 639-1 that VuFind's maps lack, most of them withdrawn, and their languages. Origin: the registration authority's
/// list of changes.
const WITHDRAWN: [(&str, &str); 5] =
    [("in", "Indonesian"), ("iu", "Inuktitut"), ("iw", "Hebrew"), ("ji", "Yiddish"), ("sh", "Serbo-Croatian")];

/// Abbreviations that are no codes, and their languages. Origin: bibliographies in English, French and German.
const ABBREVIATIONS: [(&str, &str); 8] = [
    ("dt.", "German"),
    ("engl.", "English"),
    ("franz.", "French"),
    ("frz.", "French"),
    ("germ.", "German"),
    ("ital.", "Italian"),
    ("lat.", "Latin"),
    ("span.", "Spanish"),
];

fn check(subject: &Subject<'_>, found: &mut Found) {
    let values = subject.record.all(Field::Language);
    for value in values {
        let problem = |message: &str| Problem::new(Field::Language, &**value, message);
        match read(value) {
            Reading::Code(name) => {
                let problem = problem("this is a code, not a name").suggest(name);
                if certain(value).is_some() {
                    found.add_with_change(problem, Field::Language, || mapped(values));
                } else {
                    found.add(problem);
                }
            }
            Reading::Several(names) => {
                let n_codes = if names.len() == 2 { "two" } else { "several" };
                found.add(problem(&format!("these are {n_codes} codes in one value")).suggest(names.join(" | ")));
            }
            Reading::Unknown => {
                found.add(problem("this looks like a code and is no known one").suggest(UNDETERMINED));
            }
            Reading::Other => {}
        }
    }
}

fn gather(subject: &Subject<'_>, facts: &mut Facts) {
    let values = subject.record.all(Field::Language);
    if values.is_empty() {
        return;
    }
    let n_codes = values.iter().filter(|value| is_code(value)).count();
    facts.count(0, values.len() as u64, n_codes as u64);
    if n_codes > 0 {
        facts.note(0, 0);
    }
}

/// Values below which an index of codes is no matter of policy.
const MANY: u64 = 100;

fn judge(rows: &Rows, catalogue: &Catalogue<'_>, reports: &mut Reports) {
    let [n_values, n_codes] = rows.counts(0);
    let records: Vec<RecordId> = rows.table(0).iter().map(|row| row.record).collect();
    if n_values < MANY || n_codes < n_values || records.is_empty() {
        return;
    }
    records.iter().for_each(|&record| reports.drop(record));
    let first = catalogue.fetch(records[0], |record| record.first(Field::Language).map(str::to_owned)).flatten();
    let message = format!("all {n_values} languages of the export are codes, so they are meant to be");
    let problem = Problem::new(Field::Language, first.unwrap_or_default(), message).severity(Severity::Info);
    reports.add_group(Label::new("export", ""), records, problem);
}

/// Whether a value is a code of VuFind's maps, or of ISO 639-2/T, by itself.
fn is_code(value: &str) -> bool {
    matches!(read(value), Reading::Code(_) | Reading::Unknown)
}

/// Whether a value is taken for one code or several, so that no other rule need judge it.
pub(super) fn is_code_like(value: &str) -> bool {
    !matches!(read(value), Reading::Other)
}

/// The name for a code that means nothing.
const UNDETERMINED: &str = "Undetermined";

/// The name that VuFind's maps give for a value, which may name a region.
fn certain(value: &str) -> Option<&'static str> {
    if language::is_name(value) {
        return None;
    }
    let lower = value.trim().to_ascii_lowercase();
    if lower == UNKNOWN.0 { Some(UNKNOWN.1) } else { language::name_of_code(without_region(&lower)) }
}

/// VuFind's own code for languages that nobody knows, and its name.
const UNKNOWN: (&str, &str) = ("???", "Unknown");

/// A code without the regions and scripts after it; other values as they are.
fn without_region(value: &str) -> &str {
    let mut parts = value.split(['-', '_']);
    let code = parts.next().unwrap_or(value);
    let is_region = |part: &str| (2..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if parts.all(is_region) { code } else { value }
}

/// The values with all codes of VuFind's maps made names, each name once.
fn mapped<'a>(values: &'a [Cow<'_, str>]) -> Vec<&'a str> {
    let mut seen = BTreeSet::new();
    values.iter().map(|value| certain(value).unwrap_or(value)).filter(|name| seen.insert(*name)).collect()
}

enum Reading {
    Code(&'static str),
    Several(Vec<&'static str>),
    /// Two or three letters that mean nothing.
    Unknown,
    Other,
}

/// Letters of the longest codes.
const CODE: usize = 3;

/// Longest value that can be a code, or codes together, in bytes.
const LONGEST: usize = 30;

fn read(value: &str) -> Reading {
    if language::is_name(value) || value.len() > LONGEST {
        return Reading::Other;
    }
    let value = value.trim();
    if value == UNKNOWN.0 {
        return Reading::Code(UNKNOWN.1);
    }
    let lower = value.to_ascii_lowercase();
    if let Some(row) = ABBREVIATIONS.iter().chain(&WITHDRAWN).find(|row| row.0 == lower) {
        return Reading::Code(row.1);
    }
    let bare = lower.strip_suffix('.').unwrap_or(&lower);
    let code = without_region(bare);
    if !code.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return Reading::Other;
    }
    match (code.len(), name_of(code)) {
        (2..=CODE, Some(name)) => Reading::Code(name),
        (2..=CODE, None) if code.len() == lower.len() => Reading::Unknown,
        (length, _) if length > CODE && code.len() == value.len() && is_of_one_case(value) => several(code),
        _ => Reading::Other,
    }
}

fn is_of_one_case(value: &str) -> bool {
    value.bytes().all(|byte| byte.is_ascii_lowercase()) || value.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Codes written together, unless they make up a name or the slip of one.
fn several(value: &str) -> Reading {
    if !value.len().is_multiple_of(CODE) {
        return Reading::Other;
    }
    let codes = (0..value.len()).step_by(CODE).map(|at| name_of(&value[at..at + CODE]));
    match codes.collect::<Option<Vec<&str>>>() {
        Some(names) if !resembles_name(value) => Reading::Several(names),
        _ => Reading::Other,
    }
}

/// Whether a value in lower case is a name, or a letter away from one.
fn resembles_name(value: &str) -> bool {
    let mut names = language::names().filter(|name| name.len().abs_diff(value.len()) <= 1);
    names.any(|name| strsim::osa_distance(&name.to_lowercase(), value) <= 1)
}

fn name_of(code: &str) -> Option<&'static str> {
    let at = TERMINOLOGY_CODES.binary_search_by_key(&code, |row| row.0);
    language::name_of_code(at.map_or(code, |at| TERMINOLOGY_CODES[at].1))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, check_change, found, problems, records};

    #[test]
    fn codes_are_not_names() {
        assert!(super::TERMINOLOGY_CODES.is_sorted());
        for code in [
            "eng",
            "ENG",
            "en-GB",
            "fra",
            "gerlat",
            "GERLAT",
            "engfreger",
            "engl.",
            "ger.",
            "und.",
            "xxx",
            "ewe",
            "???",
            " eng ",
            "De-AT",
            "zh-Hans-CN",
        ] {
            check(&RULE, &format!(r#"{{"language":["{code}"]}}"#), &["language"]);
        }
        for name in ["English", "Ewe", "Twi", "Lao", "Vai", "German", "Serbo-Croatian"] {
            check(&RULE, &format!(r#"{{"language":["{name}"]}}"#), &[]);
        }
        for name in ["german", "basque", "breton", "dakota", "greman", "Greman", "Ki-Swahili", "n/a", "1", "-", "??"] {
            check(&RULE, &format!(r#"{{"language":["{name}"]}}"#), &[]);
        }
        check_change(&RULE, r#"{"language":["???"]}"#, &[("language", "Unknown")]);
        check_change(&RULE, r#"{"language":["English","en-GB","lat"]}"#, &[("language", "English | Latin"); 2]);
        check_change(&RULE, r#"{"language":["mo"]}"#, &[("language", "Moldavian")]);
        for doubtful in ["fra", "deu", "gerlat", "engl.", "ger.", "xxx"] {
            check_change(&RULE, &format!(r#"{{"language":["{doubtful}"]}}"#), &[]);
        }
        for (value, name) in [
            ("deu", "German"),
            ("ger.", "German"),
            ("engfreger", "English | French | German"),
            ("xxx", "Undetermined"),
            ("iw", "Hebrew"),
            ("mo", "Moldavian"),
        ] {
            let document = format!(r#"{{"language":["{value}"]}}"#);
            assert_eq!(problems(&RULE, &document)[0].suggestion.as_deref(), Some(name), "{value}");
        }
    }

    #[test]
    fn an_index_of_codes_is_one_finding() {
        let document = |at: usize, language: &str| format!(r#"{{"id":"x{at}","language":["{language}"]}}"#);
        let mut codes: Vec<String> = (0..100).map(|at| document(at, if at % 2 == 0 { "eng" } else { "fra" })).collect();
        let told = found(&RULE, &codes);
        assert_eq!((told.len(), records(&RULE, &codes).len()), (1, 100));
        assert!(matches!(&told[0].about, crate::audit::About::Group(group) if group.n_records == 100));
        assert_eq!(found(&RULE, &codes[..99]).len(), 99);
        codes.push(document(100, "English"));
        assert_eq!(found(&RULE, &codes).len(), 100, "one name, and codes are faults");
    }
}
