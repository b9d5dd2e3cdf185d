//! L002: language raw code.

use std::borrow::Cow;

use crate::audit::{Catalogue, Check, Facts, Fix, Found, Label, Problem, Reports, Rows, Rule, Severity, Subject};
use crate::ids::RecordId;
use crate::input::Field;
use crate::keys::language;

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
Language values that are codes: `eng`, `en-GB`, codes of the terminology variant of ISO 639-2 (`fra`), codes
written together (`gerlat`).
## Why it matters
Facets show `eng` beside `English`.
## Example
`eng`, where VuFind's MARC import writes `English`.
## Known gaps
A few names differ from their code by the capital only (`Ewe`, `Twi`). An index that holds nothing but codes does
so on purpose: one finding stands for all of it, from 100 values on.
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
        if value.len() > 6 && !value.contains(['-', '_']) || language::is_name(value) {
            continue;
        }
        let problem = |message: &str| Problem::new(Field::Language, &**value, message);
        match read(&value.to_ascii_lowercase()) {
            Reading::Code(name) => {
                let problem = problem("this is a code, not a name").suggest(name);
                let is_safe = certain(value).is_some();
                found.add(if is_safe { problem.change(Field::Language, mapped(values)) } else { problem });
            }
            Reading::Several(one, other) => {
                found.add(problem("these are two codes in one value").suggest(format!("{one} | {other}")));
            }
            Reading::Unknown => found.add(problem("this looks like a code and is no known one")),
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
    let problem = Problem::new(Field::Language, first.unwrap_or_default(), message);
    reports.add_group(Label::new("export", ""), records, problem);
}

/// Whether a value is a code of VuFind's maps, or of ISO 639-2/T, by itself.
fn is_code(value: &str) -> bool {
    !language::is_name(value) && matches!(read(&value.to_ascii_lowercase()), Reading::Code(_) | Reading::Unknown)
}

/// The name that VuFind's maps give for a value, which may name a region.
fn certain(value: &str) -> Option<&'static str> {
    if language::is_name(value) {
        return None;
    }
    let lower = value.trim().to_ascii_lowercase();
    language::name_of_code(lower.split(['-', '_']).next().unwrap_or(&lower))
}

/// The values with all codes of VuFind's maps made names, each name once.
fn mapped<'a>(values: &'a [Cow<'_, str>]) -> Vec<&'a str> {
    let mut names: Vec<&str> = Vec::new();
    for value in values {
        let name = certain(value).unwrap_or(value);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

enum Reading {
    Code(&'static str),
    Several(&'static str, &'static str),
    /// Two or three letters that mean nothing.
    Unknown,
    Other,
}

fn read(value: &str) -> Reading {
    let value = value.trim();
    let code = value.split(['-', '_']).next().unwrap_or(value);
    let is_code = (2..=3).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_lowercase());
    if let Some(name) = name_of(code).filter(|_| is_code) {
        return Reading::Code(name);
    }
    if let Some(row) = ABBREVIATIONS.iter().find(|row| row.0 == value) {
        return Reading::Code(row.1);
    }
    if let (Some(one), Some(other)) = (value.get(..3), value.get(3..6))
        && value.len() == 6
        && let (Some(one), Some(other)) = (name_of(one), name_of(other))
    {
        return Reading::Several(one, other);
    }
    if is_code && code.len() == value.len() { Reading::Unknown } else { Reading::Other }
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
        for code in ["eng", "ENG", "en-GB", "fra", "gerlat", "engl.", "xxx", "ewe"] {
            check(&RULE, &format!(r#"{{"language":["{code}"]}}"#), &["language"]);
        }
        for name in ["English", "Ewe", "Twi", "Lao", "Vai", "German", "Serbo-Croatian"] {
            check(&RULE, &format!(r#"{{"language":["{name}"]}}"#), &[]);
        }
        check_change(&RULE, r#"{"language":["English","en-GB","lat"]}"#, &[("language", "English | Latin"); 2]);
        for doubtful in ["fra", "deu", "gerlat", "engl.", "xxx"] {
            check_change(&RULE, &format!(r#"{{"language":["{doubtful}"]}}"#), &[]);
        }
        assert_eq!(problems(&RULE, r#"{"language":["deu"]}"#)[0].suggestion.as_deref(), Some("German"));
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
