//! W005: work keys overbroad.

use std::collections::BTreeSet;

use xxhash_rust::xxh3::xxh3_64;

use super::folding::fold;
use super::sketches::short_hash;
use crate::audit::{Catalogue, Check, Facts, Fix, Label, Problem, Reports, Row, Rows, Rule, Severity, Subject, Words};
use crate::ids::RecordId;
use crate::input::{Field, Record};
use crate::keys::seek::split_once;

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
titles is information. Titles agree if they differ after ` / ` only, in the statement of responsibility. A very
short title is information where all records carry the same one letter for letter, as copies of `M` do.
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

/// Marks keys of a generic title in the value of a row, whose low bits are a hash of the full title.
const IS_GENERIC: u32 = 1 << 31;
/// Marks keys of a very short title, likewise.
const IS_SHORT: u32 = 1 << 30;

fn gather(subject: &Subject<'_>, facts: &mut Facts) {
    let record = subject.record;
    let keys = record.all(Field::WorkKeysStrMv);
    if keys.is_empty() {
        return;
    }
    let has_full = record.filled(Field::TitleFull).is_some();
    let title = if has_full { subject.folded_title_full() } else { subject.folded_title() };
    let title = short_hash(title) & !(IS_GENERIC | IS_SHORT);
    for key in keys {
        facts.note(xxh3_64(key.as_bytes()), title | mark(key, &subject.settings.lists.generic_titles));
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
        let is_generic = same[0].value & IS_GENERIC != 0;
        let says_nothing = same[0].value & (IS_GENERIC | IS_SHORT) != 0;
        if records.len() <= N_RECORDS && n_dois < N_DOIS && n_titles < N_TITLES && !says_nothing {
            continue;
        }
        let Some(key) = key_of(same[0], catalogue) else { continue };
        let reason = match (says_nothing, n_dois >= N_DOIS, n_titles >= N_TITLES) {
            (true, ..) => "its title says nothing".to_owned(),
            (_, true, _) => format!("the records have {n_dois} DOIs"),
            (.., true) => format!("the records have {n_titles} full titles"),
            _ => "that many records are hardly one work".to_owned(),
        };
        let message = format!("{} records share this key, and {reason}", records.len());
        let problem = Problem::new(Field::WorkKeysStrMv, key.as_str(), message);
        let is_one_work = match says_nothing {
            true => !is_generic && are_copies(&records, catalogue),
            false => are_editions(&records, catalogue),
        };
        let problem = if is_one_work && n_dois < N_DOIS { problem.severity(Severity::Info) } else { problem };
        reports.add_group(Label::new("work key", key), records, problem);
    }
}

/// The title without the statement of responsibility.
fn proper(full: &str) -> &str {
    split_once(full, " / ").map_or(full, |(title, _)| title)
}

/// What the title part of a key says of it: generic, very short, or nothing to remark.
fn mark(key: &str, generic_titles: &Words) -> u32 {
    match key.strip_prefix("AT ").and_then(|key| split_once(key, " ")) {
        Some((_, title)) if generic_titles.has(title) => IS_GENERIC,
        Some((_, title)) if title.chars().nth(SHORT).is_none() => IS_SHORT,
        _ => 0,
    }
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

/// Whether the records, at most [`N_RECORDS`] of them, carry one title letter for letter but for case: `C` and `C++`,
/// which fold to the same, do not.
fn are_copies(records: &[RecordId], catalogue: &Catalogue<'_>) -> bool {
    let mut titles = BTreeSet::new();
    for &record in records.iter().take(N_RECORDS) {
        let title = |record: &Record<'_>| {
            let title = record.filled(Field::TitleFull).or_else(|| record.filled(Field::Title));
            title.map(|title| proper(title).trim_end_matches([' ', '.', '/']).to_lowercase())
        };
        titles.extend(catalogue.fetch(record, title));
    }
    records.len() <= N_RECORDS && titles.len() == 1 && !titles.contains(&None)
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
    fn copies_of_a_short_title_are_information() {
        let of = |titles: [&str; 2]| -> Vec<String> {
            let one = |(at, title)| document(at, "AT hajnoczypeter m", &format!(r#""title":"{title}""#));
            titles.into_iter().enumerate().map(one).collect()
        };
        assert_eq!(of_group(&of(["M", "m /"])), [(2, Severity::Info)]);
        assert_eq!(of_group(&of(["C", "C++"])), [(2, Severity::Warn)]);
        let none: Vec<String> = (0..2).map(|at| document(at, "AT a m", r#""title_short":"m""#)).collect();
        assert_eq!(of_group(&none), [(2, Severity::Warn)], "a title that is not there agrees with nothing");
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
