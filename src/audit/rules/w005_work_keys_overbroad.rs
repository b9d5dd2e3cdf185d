//! W005: work keys overbroad.

use std::collections::BTreeSet;

use xxhash_rust::xxh3::xxh3_64;

use super::folding::{fold, words};
use super::names::{is_straight, names_body};
use super::sketches::short_hash;
use crate::audit::{Catalogue, Check, Facts, Fix, Label, Problem, Reports, Row, Rows, Rule, Severity, Subject, Words};
use crate::ids::RecordId;
use crate::input::{Field, Record};
use crate::keys::dates::earliest_year;
use crate::keys::numbers::{canonical_number, is_designation, number_word};
use crate::keys::seek::split_once;

/// One finding per key; two bits of a row's value say that the key is generic or short, the rest hashes the title.
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
titles is information. Titles agree if they are the same in letters and numbers and the full ones name no different
parts. A very short title is information where all records carry the same one letter for letter, as copies of `M` do,
and a generic one where two or three records of one person are of one year or extent or name different editions (`2d ed.`,
`3d ed.`), or those of a body or an editor of one year and one extent.
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
            (true, ..) if is_generic => "its title says nothing".to_owned(),
            (true, ..) => format!("its title has no more than {SHORT} letters"),
            (_, true, _) => format!("the records have {n_dois} DOIs"),
            (.., true) => format!("the records have {n_titles} full titles"),
            _ => "that many records are hardly one work".to_owned(),
        };
        let message = format!("{} records share this key, and {reason}", records.len());
        let problem = Problem::new(Field::WorkKeysStrMv, key.as_str(), message);
        let is_one_work = match says_nothing {
            true if is_generic => are_of_one_print(&records, catalogue),
            true => are_copies(&records, catalogue),
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

/// Whether the titles agree, the full ones add no different parts, and years or ISBNs tell the records apart as editions.
fn are_editions(records: &[RecordId], catalogue: &Catalogue<'_>) -> bool {
    let mut years = BTreeSet::new();
    let mut isbns = BTreeSet::new();
    let mut titles = BTreeSet::new();
    let mut parts = BTreeSet::new();
    for &record in records.iter().take(N_LOOKED_AT) {
        let _ = catalogue.fetch(record, |record| {
            years.extend(record.first(Field::PublishDate).map(str::to_owned));
            isbns.extend(record.first(Field::Isbn).map(str::to_owned));
            let full = record.filled(Field::TitleFull).map(proper);
            titles.extend(record.filled(Field::Title).or(full).map(fold));
            parts.insert(full.and_then(|full| part_of(record.filled(Field::Title)?, full)));
        });
    }
    parts.len() == 1 && titles.len() < N_TITLES && years.len().max(isbns.len()) > 1
}

/// Most records of a generic title that can be one work under the name of one person.
const FEW: usize = 3;

/// Whether a few records of a person's collected or selected works are of one year or one extent; of a body's reports, which
/// come every year, both must be the same.
fn are_of_one_print(records: &[RecordId], catalogue: &Catalogue<'_>) -> bool {
    if records.len() > FEW {
        return false;
    }
    let mut years = BTreeSet::new();
    let mut extents = BTreeSet::new();
    let mut editions = BTreeSet::new();
    let are_of_persons = records.iter().all(|&record| {
        let look = |record: &Record<'_>| {
            let date: Vec<&str> = record.first(Field::PublishDate).into_iter().collect();
            years.insert(earliest_year(&date));
            let extent = record.first(Field::Physical).unwrap_or_default();
            extents.insert(extent.split([';', ':']).next().unwrap_or_default().replace([' ', '.', ','], ""));
            editions.extend(record.filled(Field::Edition).and_then(edition_number));
            record.first(Field::Author).is_some_and(is_person)
        };
        catalogue.fetch(record, look) == Some(true)
    });
    let is_one_year = years.len() == 1 && !years.contains(&None);
    let is_one_extent = extents.len() == 1 && !extents.contains("");
    let are_editions = editions.len() > 1;
    if are_of_persons { is_one_year || is_one_extent || are_editions } else { is_one_year && is_one_extent }
}

/// The number that a statement of edition begins with: `2` of `2d ed.` and `2., verb. Aufl.`
fn edition_number(edition: &str) -> Option<u32> {
    let edition = edition.trim_start_matches(['[', ' ']);
    let end = edition.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(edition.len());
    edition[..end].parse().ok().filter(|&number| number < 1_000)
}

/// Whether a name is inverted or one of given and family name.
fn is_person(name: &str) -> bool {
    name.contains(", ") && !names_body(name) || is_straight(name)
}

/// The part that a full title names and the title does not, folded: what follows the title as a sentence (`Poems. Part 2`),
/// its number with a word for it (`Poems : vol. 2`), or the number alone (`Cours de langue 3`).
fn part_of(title: &str, full: &str) -> Option<String> {
    let rest = rest_after(title, full)?;
    if let Some(part) = rest.strip_prefix(". ").filter(|part| part.starts_with(char::is_uppercase)) {
        return Some(fold(part));
    }
    let words: Vec<String> = words(rest);
    let is_number =
        |word: &str| word.len() < "1900".len() && canonical_number(word).is_some() || number_word(word).is_some();
    if let Some(first) = words.first().filter(|first| is_number(first)) {
        // `13 A` and `13 C` are two volumes.
        let second = rest.split_whitespace().nth(1).map(|word| word.trim_end_matches(['.', ',', ':', ';']));
        let letter =
            second.filter(|word| word.len() == 1 && word.starts_with(|letter: char| letter.is_ascii_uppercase()));
        return Some(format!("{first}{}", letter.unwrap_or_default()));
    }
    let mut pairs = words.windows(2);
    let part = pairs.find(|pair| is_designation(&pair[0]) && canonical_number(&pair[1]).is_some())?;
    Some(part.concat())
}

/// What follows the title in the full title, which may hold more before the subtitle: then what follows the last three words
/// of the title.
fn rest_after<'a>(title: &str, full: &'a str) -> Option<&'a str> {
    let title = title.trim_end_matches([' ', '/', '.', ':', ',', ';', '=']);
    full.strip_prefix(title).or_else(|| {
        let (at, _) = title.rmatch_indices(' ').nth(2)?;
        let end = &title[at..];
        full.find(end).map(|at| &full[at + end.len()..])
    })
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
    fn a_persons_collected_works_of_one_year_are_information() {
        let of = |author: &str, years: [&str; 2]| -> Vec<String> {
            let one = |(at, year)| {
                let rest = format!(r#""title":"Poems","author":["{author}"],"publishDate":["{year}"]"#);
                document(at, "AT grayann poems", &rest)
            };
            years.into_iter().enumerate().map(one).collect()
        };
        assert_eq!(of_group(&of("Gray, Ann", ["1924.", "[c1924]"])), [(2, Severity::Info)]);
        assert_eq!(of_group(&of("Gray, Ann", ["1924.", "1951"])), [(2, Severity::Warn)]);
        assert_eq!(of_group(&of("Gray Society", ["1924.", "1924"])), [(2, Severity::Warn)]);
        let editions = |second: &str| -> Vec<String> {
            let one = |(at, (edition, year)): (usize, (&str, &str))| {
                let rest = r#""title":"Poems","author":["Gray, Ann"]"#;
                let rest = format!(r#"{rest},"publishDate":["{year}"],"edition":"{edition}""#);
                document(at, "AT grayann poems", &rest)
            };
            [("2d ed.", "1833"), (second, "1835")].into_iter().enumerate().map(one).collect()
        };
        assert_eq!(of_group(&editions("3d ed.")), [(2, Severity::Info)]);
        assert_eq!(of_group(&editions("2nd ed.")), [(2, Severity::Warn)]);
        let reports: Vec<String> = (0..2)
            .map(|at| {
                let rest = r#""title":"Report","author2":["Gray Society"],"publishDate":["1924"],"physical":["45 p."]"#;
                document(at, "AT graysociety report", rest)
            })
            .collect();
        assert_eq!(of_group(&reports), [(2, Severity::Info)]);
    }

    #[test]
    fn editions_have_no_parts() {
        let of = |full: fn(usize) -> String| -> Vec<String> {
            let one = |at| {
                let rest = format!(r#""title":"Emma","title_full":"{}","publishDate":["{}"]"#, full(at), 1990 + at);
                document(at, "AT austenjane emma", &rest)
            };
            (0..6).map(one).collect()
        };
        assert_eq!(of_group(&of(|at| format!("Emma retold by A{at}"))), [(6, Severity::Info)]);
        assert_eq!(of_group(&of(|at| format!("Emma. Part {at}"))), [(6, Severity::Warn)]);
        assert_eq!(of_group(&of(|at| format!("Emma {at} retold by A"))), [(6, Severity::Warn)]);
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
