//! W005: work keys overbroad.

use std::collections::BTreeSet;

use xxhash_rust::xxh3::xxh3_64;

use super::folding::fold;
use super::generic_titles::is_generic;
use super::sketches::short_hash;
use crate::audit::{Catalogue, Check, Facts, Fix, Label, Problem, Reports, Row, Rows, Rule, Severity, Subject};
use crate::ids::RecordId;
use crate::input::{Field, Record};

pub(super) static RULE: Rule = Rule {
    code: "W005",
    name: "work-keys-overbroad",
    severity: Severity::Warn,
    fix: Fix::None,
    aggregated: false,
    needs: &[Field::WorkKeysStrMv],
    skips_merged: false,
    explanation: "\
## What it finds
Work keys that join what is no one work: shared by more than 50 records, by records with three or more DOIs or
with five or more full titles, or made of a generic title or of a title of three characters or fewer. One
finding per key.
## Why it matters
VuFind lists all records with a common key as versions of one work, and duplicate detection compares them all.
## Example
`AT anonymous editorial` on 4,000 records.
## Known gaps
Classics have many editions: where the titles agree and years or ISBNs differ, a key of many records or full
titles is information. Titles agree if they differ after ` / ` only, in the statement of responsibility.
## Source
VuFind's record versions, which ask for any shared key.",
    check: Check::across(gather, judge),
};

/// Records of one key from which it is suspicious.
const N_RECORDS: usize = 50;
/// DOIs that one work does not have.
const N_DOIS: usize = 3;
/// Full titles that one work does not have.
const N_TITLES: usize = 5;
/// Longest title part that says nothing, in characters.
const SHORT: usize = 3;
/// Records of a key that are looked at again, at most.
const N_LOOKED_AT: usize = 100;

/// Table of the DOIs; the other one holds the keys.
const DOIS: usize = 1;

/// Marks keys of a generic or short title in the value of a row; the rest is a hash of the full title.
const IS_EMPTY_WORD: u32 = 1 << 31;

fn gather(subject: &Subject<'_>, facts: &mut Facts) {
    let record = subject.record;
    let keys = record.all(Field::WorkKeysStrMv);
    if keys.is_empty() {
        return;
    }
    let title = record.filled(Field::TitleFull).or_else(|| record.filled(Field::Title)).unwrap_or_default();
    let title = short_hash(&fold(title)) & !IS_EMPTY_WORD;
    for key in keys {
        let mark = if is_empty_word(key) { IS_EMPTY_WORD } else { 0 };
        facts.note(xxh3_64(key.as_bytes()), title | mark);
    }
    if let Some(doi) = subject.dois().first() {
        facts.note_in(DOIS, xxh3_64(doi.as_bytes()), 0);
    }
}

fn judge(rows: &Rows, catalogue: &Catalogue<'_>, reports: &mut Reports) {
    let mut dois: Vec<(RecordId, u64)> = rows.table(DOIS).iter().map(|row| (row.record, row.key)).collect();
    dois.sort_unstable();
    for same in rows.shared() {
        let mut records: Vec<RecordId> = same.iter().map(|row| row.record).collect();
        records.dedup();
        if records.len() < 2 {
            continue;
        }
        let n_titles = distinct(same.iter().map(|row| row.value));
        let n_dois =
            if records.len() < N_DOIS { 0 } else { distinct(records.iter().filter_map(|&at| doi_of(&dois, at))) };
        let is_empty_word = same[0].value & IS_EMPTY_WORD != 0;
        if records.len() <= N_RECORDS && n_dois < N_DOIS && n_titles < N_TITLES && !is_empty_word {
            continue;
        }
        let Some(key) = key_of(same[0], catalogue) else { continue };
        let reason = match (is_empty_word, n_dois >= N_DOIS, n_titles >= N_TITLES) {
            (true, ..) => "its title says nothing".to_owned(),
            (_, true, _) => format!("the records have {n_dois} DOIs"),
            (.., true) => format!("the records have {n_titles} full titles"),
            _ => "that many records are hardly one work".to_owned(),
        };
        let message = format!("{} records share this key, and {reason}", records.len());
        let problem = Problem::new(Field::WorkKeysStrMv, key.as_str(), message);
        let is_classic = !is_empty_word && n_dois < N_DOIS && are_editions(&records, catalogue);
        let problem = if is_classic { problem.severity(Severity::Info) } else { problem };
        reports.add_group(Label::new("work key", key), records, problem);
    }
}

/// The title without the statement of responsibility.
fn proper(full: &str) -> &str {
    full.split_once(" / ").map_or(full, |(title, _)| title)
}

/// Whether the title part of a key is generic or very short.
fn is_empty_word(key: &str) -> bool {
    let Some(title) = key.strip_prefix("AT ").and_then(|key| key.split_once(' ')).map(|parts| parts.1) else {
        return false;
    };
    title.chars().nth(SHORT).is_none() || is_generic(title)
}

fn doi_of(dois: &[(RecordId, u64)], record: RecordId) -> Option<u64> {
    dois.binary_search_by_key(&record, |row| row.0).ok().map(|at| dois[at].1)
}

fn distinct<T: Ord>(values: impl Iterator<Item = T>) -> usize {
    let mut values: Vec<T> = values.collect();
    values.sort_unstable();
    values.dedup();
    values.len()
}

fn key_of(row: Row, catalogue: &Catalogue<'_>) -> Option<String> {
    let is_it = |key: &&str| xxh3_64(key.as_bytes()) == row.key;
    let find = |record: &Record<'_>| record.all_of(&[Field::WorkKeysStrMv]).find(is_it).map(str::to_owned);
    catalogue.fetch(row.record, find).flatten()
}

/// Whether the titles agree and years or ISBNs tell the records apart as editions.
fn are_editions(records: &[RecordId], catalogue: &Catalogue<'_>) -> bool {
    let mut years = BTreeSet::new();
    let mut isbns = BTreeSet::new();
    let mut titles = BTreeSet::new();
    for &record in records.iter().take(N_LOOKED_AT) {
        let _ = catalogue.fetch(record, |record| {
            years.extend(record.first(Field::PublishDate).map(str::to_owned));
            isbns.extend(record.first(Field::Isbn).map(str::to_owned));
            titles.extend(record.filled(Field::TitleFull).map(|title| fold(proper(title))));
        });
    }
    titles.len() < N_TITLES && years.len().max(isbns.len()) > 1
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::found;
    use crate::audit::{About, Severity};

    fn document(at: usize, key: &str, rest: &str) -> String {
        format!(r#"{{"id":"x{at}","work_keys_str_mv":["{key}"],{rest}}}"#)
    }

    fn of_group(documents: &[String]) -> Vec<(u64, Severity)> {
        let of = |finding: &crate::audit::Finding| match &finding.about {
            About::Group(group) => (group.n_records, finding.severity()),
            About::Record(_) => panic!("one finding per key"),
        };
        found(&RULE, documents).iter().map(of).collect()
    }

    #[test]
    fn keys_of_many_things_are_reported() {
        let editorial: Vec<String> =
            (0..3).map(|at| document(at, "AT anonymous editorial", r#""title":"Editorial""#)).collect();
        assert_eq!(of_group(&editorial), [(3, Severity::Warn)]);
        assert_eq!(of_group(&editorial[..1]), [], "no other record has the key");
        let dois: Vec<String> =
            (0..3).map(|at| document(at, "AT a longtitle", &format!(r#""doi_str_mv":["10.1000/{at}"]"#))).collect();
        assert_eq!(of_group(&dois), [(3, Severity::Warn)]);
        let titles: Vec<String> =
            (0..5).map(|at| document(at, "AT a longtitle", &format!(r#""title_full":"Long title {at}""#))).collect();
        assert_eq!(of_group(&titles), [(5, Severity::Warn)]);
        assert_eq!(of_group(&titles[..4]), []);
    }

    #[test]
    fn classics_are_information() {
        let edition = |at: usize, year: usize| {
            let title = format!(r#""title_full":"Hamlet / edited by {at}","publishDate":["{year}"]"#);
            document(at, "AT shakespearewilliam hamlet", &title)
        };
        let editions: Vec<String> = (0..60).map(|at| edition(at, 1900 + at)).collect();
        assert_eq!(of_group(&editions), [(60, Severity::Info)]);
        let copies: Vec<String> = (0..60).map(|at| edition(at, 1900)).collect();
        assert_eq!(of_group(&copies), [(60, Severity::Warn)]);
    }
}
