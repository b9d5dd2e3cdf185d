//! X006: record exact duplicate.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use super::fold;
use super::folding::words;
use super::format_classes::{Class, Classes};
use crate::audit::{Catalogue, Check, Facts, Fix, Problem, Reports, Row, Rows, Rule, Severity, Subject};
use crate::input::{Entry, Field, Record};
use crate::keys::work_key::normalise;

/// Rows bring together records by sketches of their fields; those are read again and compared whole.
pub(super) static RULE: Rule = Rule {
    code: "X006",
    name: "record-exact-duplicate",
    severity: Severity::Warn,
    fix: Fix::Proposal,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
Records that equal an earlier one in all stored fields but id, `_version_`, the times of indexing, and the id
that `spelling` repeats with the date of harvesting. If they differ in the institution only, they are holdings of two
libraries, which is information.
## Why it matters
The source was harvested twice.
## Example
`pubmed-7917429` and `pmc-7917429` with one body.
## Known gaps
Records of single items can be equal by design. Issues of a column (`Editorial`, a text without an author's name, or any
three records without extent, pages, link and identifier) look equal where the issue was lost: these are information, and so
are reports of one series (`Progress Report`) without a year. A journal with an ISSN is no such column. Records with fewer than four fields are not compared. Copies of
one id are left to X001.
## Source
Solr's own fields; XSLT imports, which write the harvested id into `spelling`.",
    check: Check::across(gather, judge),
};

/// Fewest other fields of records that are compared.
const N_FIELDS: usize = 4;

/// Records of one sketch that a thread looks at again at a time.
const FETCHED_TOGETHER: usize = 64;

fn gather(subject: &Subject<'_>, facts: &mut Facts) {
    let record = subject.record;
    // `spelling` repeats the rest and the id; it is left to those who look again.
    let sketched = body(record, |entry| match entry.field {
        Some(Field::Spelling) => 0,
        _ => sketch(record, entry),
    });
    if let Some(sketched) = sketched {
        let institution = record.entry(Field::Institution);
        let hashed = |entry| hash(record, entry, |value| xxh3_64(value.as_bytes()));
        facts.note(sketched, institution.map_or(0, hashed) as u32);
    }
}

/// What a record says but for its institution, in one number made of the numbers of its fields; `None` if it says too little
/// to be compared. A sum, since the order of fields is nobody's choice.
fn body<'a>(record: &Record<'a>, of: impl Fn(&Entry<'a>) -> u64) -> Option<u64> {
    let is_compared =
        |entry: &&Entry<'_>| !is_own(entry) && entry.field != Some(Field::Institution) && entry.n_values() > 0;
    let fields = record.entries().iter().filter(is_compared);
    let (sum, n_fields) = fields.fold((0u64, 0), |(sum, n), entry| (sum.wrapping_add(of(entry)), n + 1));
    (n_fields >= N_FIELDS).then_some(sum)
}

/// Whether a field differs between two imports of one record; `score`, which also does, is of a search.
fn is_own(entry: &Entry<'_>) -> bool {
    let of_import = |field| matches!(field, Field::Id | Field::Version | Field::FirstIndexed | Field::LastIndexed);
    entry.field.map_or_else(|| entry.name == "score", of_import)
}

/// A hash of name and values of a field, given that of a value.
fn hash(record: &Record<'_>, entry: &Entry<'_>, of_value: impl Fn(&str) -> u64) -> u64 {
    let name = entry.field.map_or_else(|| xxh3_64(entry.name.as_bytes()), |field| field as u64 + 1);
    record.values(entry).iter().fold(mix(name), |hash, value| mix(hash ^ of_value(value)))
}

/// An odd number whose bits are as good as random. Origin: the golden ratio, in 64 bits.
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

/// Number of a field, length of its values, and the ends of the last one: nearly all that differ differ in these, and
/// the others are looked at again.
fn sketch(record: &Record<'_>, entry: &Entry<'_>) -> u64 {
    let name = entry.field.map_or_else(|| xxh3_64(entry.name.as_bytes()), |field| field as u64 + 1);
    let values = record.values(entry);
    let length = match values {
        [value] => value.len() as u64 + 1,
        values => values.iter().map(|value| value.len() as u64 + 1).sum(),
    };
    mix(name.wrapping_mul(SPREAD) ^ length)
        .wrapping_add(values.last().map_or(0, |value| ends(value)).wrapping_mul(SPREAD))
}

/// The first and the last bytes of a value.
fn ends(value: &str) -> u64 {
    let bytes = value.as_bytes();
    match (bytes.first_chunk(), bytes.last_chunk()) {
        (Some(first), Some(last)) => u64::from_le_bytes(*first) ^ u64::from_le_bytes(*last).rotate_left(29),
        _ => bytes.iter().fold(0, |ends, &byte| ends << 8 | u64::from(byte)),
    }
}

/// The whole of what a record says, as [`body`] tells it.
pub(super) fn whole(record: &Record<'_>) -> Option<u64> {
    let id = record.id().as_bytes();
    body(record, |entry| match entry.field {
        Some(Field::Spelling) => {
            hash(record, entry, |value| xxh3_64(&without(unstamped(value, record.id()).as_bytes(), id)))
        }
        _ => hash(record, entry, |value| xxh3_64(value.as_bytes())),
    })
}

/// A value without the id at its start, and the time stamp of harvesting behind it: `pubmed-79174292021-03-11`.
fn unstamped<'a>(value: &'a str, id: &str) -> &'a str {
    let Some(rest) = value.strip_prefix(id) else { return value };
    let is_stamp = |stamp: &[u8; 10]| {
        let is_hyphen = |at: usize| matches!(at, 4 | 7);
        stamp.iter().enumerate().all(|(at, byte)| if is_hyphen(at) { *byte == b'-' } else { byte.is_ascii_digit() })
    };
    match rest.as_bytes().split_first_chunk() {
        Some((stamp, _)) if is_stamp(stamp) => &rest[stamp.len()..],
        _ => rest,
    }
}

/// A value without the id of its record.
fn without<'a>(value: &'a [u8], id: &[u8]) -> Cow<'a, [u8]> {
    let finder = memchr::memmem::Finder::new(id);
    let mut places = finder.find_iter(value);
    let Some(first) = places.next() else { return Cow::Borrowed(value) };
    let mut end = first + id.len();
    let Some(mut next) = places.next() else {
        return if first == 0 {
            Cow::Borrowed(&value[end..])
        } else {
            [&value[..first], &value[end..]].concat().into()
        };
    };
    let mut rest = value[..first].to_vec();
    loop {
        rest.extend_from_slice(&value[end..next]);
        end = next + id.len();
        let Some(following) = places.next() else { break };
        next = following;
    }
    rest.extend_from_slice(&value[end..]);
    Cow::Owned(rest)
}

/// Spreads a hash over all bits, so that neither order nor sum of hashes can cancel out. Origin: the finalizer of
/// SplitMix64.
fn mix(hash: u64) -> u64 {
    let hash = (hash ^ hash >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let hash = (hash ^ hash >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    hash ^ hash >> 31
}

fn judge(rows: &Rows, catalogue: &Catalogue<'_>, reports: &mut Reports) {
    let alike: Vec<&[Row]> = rows.shared().collect();
    let look = |alike: &[Row]| -> Vec<(u64, Row)> {
        let looked_at = alike.par_iter().with_min_len(FETCHED_TOGETHER);
        let mut told: Vec<(u64, Row)> =
            looked_at.filter_map(|row| Some((catalogue.fetch(row.record, whole)??, *row))).collect();
        told.sort_unstable();
        told
    };
    let told: Vec<Vec<(u64, Row)>> = alike.into_par_iter().map(look).collect();
    for same in told.iter().flat_map(|told| told.chunk_by(|a, b| a.0 == b.0)) {
        let recurs =
            same.len() > 1 && catalogue.fetch(same[0].1.record, |one| recurs(one, same.len(), catalogue)) == Some(true);
        judge_equal(same.iter().map(|(_, row)| row), recurs, catalogue, reports);
    }
}

/// Records of a recurring column from which they are told without a list.
const N_RECURRING: usize = 3;

/// Whether records that say the same are more likely issues of a column than copies: their title is generic, or there are
/// three and nothing tells which place or number each has.
fn recurs(record: &Record<'_>, n_records: usize, catalogue: &Catalogue<'_>) -> bool {
    const PLACES: [Field; 8] = [
        Field::Physical,
        Field::Isbn,
        Field::DoiStrMv,
        Field::Url,
        Field::ContainerReference,
        Field::ContainerStartPage,
        Field::ContainerPagesStr,
        Field::OclcNum,
    ];
    let is_generic = || {
        record.filled(Field::Title).is_some_and(|title| catalogue.settings.lists.generic_titles.has(&normalise(title)))
    };
    let placeholders = &catalogue.settings.lists.author_placeholders;
    let is_nameless = || record.all(Field::Author).iter().any(|name| placeholders.has(&fold(name)));
    // The ISSN of a journal is its own, that of an article the journal's.
    let is_journal = || record.filled(Field::Issn).is_some() && Classes::of(record).has(Class::Journal);
    PLACES.iter().all(|&field| record.filled(field).is_none())
        && !is_journal()
        && (n_records >= N_RECURRING || is_generic() || is_nameless() || is_of_reports(record))
}

/// Words of series that come every year, as they begin in small letters. Origin: their titles in English, French and German.
const REPORTS: [&str; 8] =
    ["annual", "annuaire", "bericht", "jahrbuch", "jahresbericht", "rapport", "report", "yearbook"];

/// Whether a record without a year is in a series of reports.
fn is_of_reports(record: &Record<'_>) -> bool {
    let is_report = |name: &str| words(name).iter().any(|word| REPORTS.iter().any(|report| word.starts_with(report)));
    record.filled(Field::PublishDate).is_none() && record.filled(Field::ContainerTitle).is_some_and(is_report)
}

/// Reports all but the first of records that say the same.
fn judge_equal<'r>(
    same: impl Iterator<Item = &'r Row>,
    recurs: bool,
    catalogue: &Catalogue<'_>,
    reports: &mut Reports,
) {
    let mut before: BTreeMap<Option<u32>, Firsts<'_>> = BTreeMap::new();
    for row in same {
        let id = catalogue.id(row.record);
        let other = |value: Option<u32>| before.get(&value).and_then(|firsts| firsts.other_than(id, catalogue));
        let first = other(Some(row.value)).or_else(|| other(None));
        for value in [Some(row.value), None] {
            before.entry(value).or_default().add(row, catalogue);
        }
        let Some(first) = first else { continue };
        let other = catalogue.id(first.record);
        let problem = Problem::new(Field::Id, id, format!("the record equals {other}")).evidence(other);
        reports.add(
            row.record,
            if first.value == row.value && recurs {
                problem.severity(Severity::Info).evidence("they may be issues of one column")
            } else if first.value == row.value {
                problem.suggest(format!("merge into {other}"))
            } else {
                problem.severity(Severity::Info).evidence("the institutions differ")
            },
        );
    }
}

/// The first rows of two different ids, so that of any number of copies none is looked for in all others.
#[derive(Default)]
struct Firsts<'r>([Option<&'r Row>; 2]);

impl<'r> Firsts<'r> {
    fn add(&mut self, row: &'r Row, catalogue: &Catalogue<'_>) {
        match self.0 {
            [None, _] => self.0[0] = Some(row),
            [Some(first), None] if catalogue.id(first.record) != catalogue.id(row.record) => self.0[1] = Some(row),
            _ => (),
        }
    }

    fn other_than(&self, id: &str, catalogue: &Catalogue<'_>) -> Option<&'r Row> {
        self.0.iter().flatten().copied().find(|row| catalogue.id(row.record) != id)
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::Severity;
    use crate::audit::rules::testing::found;

    fn document(id: &str, version: u32, institution: &str, title: &str) -> String {
        format!(
            r#"{{"id":"{id}","_version_":{version},"institution":["{institution}"],"title":"{title}","author":["A"],"format":["Book"],"physical":["7 p."],"spelling":["{id}2021-03-11 {title}"]}}"#
        )
    }

    /// A document that says nothing of its place.
    fn unplaced(id: &str, title: &str) -> String {
        document(id, 1, "X", title).replace(r#""physical":["7 p."],"#, "")
    }

    #[test]
    fn equal_bodies_are_reported_once() {
        let documents = [
            document("pubmed-1", 1, "X", "T"),
            document("pmc-1", 2, "X", "T"),
            document("pmc-2", 2, "X", "U"),
            document("lib-1", 3, "Y", "T"),
            document("pmc-1", 4, "X", "T"),
        ];
        let found = found(&RULE, &documents);
        let told = found.iter().map(|finding| (finding.record().unwrap().get(), finding.severity()));
        assert_eq!(told.collect::<Vec<_>>(), [(1, Severity::Warn), (3, Severity::Info), (4, Severity::Warn)]);
        assert_eq!(found[0].problem.evidence, ["pubmed-1"]);
        let middle = |id: &str, letter: char| document(id, 1, "X", &format!("beginning {letter} and end"));
        let alike = [middle("x-1", 'x'), middle("x-2", 'y'), middle("x-3", 'x')];
        let found = super::super::testing::found(&RULE, &alike);
        assert_eq!(found.len(), 1, "one letter in the middle differs in the second");
        assert_eq!(found[0].record().unwrap().get(), 2);
        let small = [r#"{"id":"a","title":"T"}"#, r#"{"id":"b","title":"T"}"#];
        assert!(super::super::testing::found(&RULE, &small).is_empty());
        let column = ["c-1", "c-2", "c-3"].map(|id| unplaced(id, "Reports from the workshops"));
        let severities = |documents: &[String]| -> Vec<Severity> {
            super::super::testing::found(&RULE, documents).iter().map(|finding| finding.severity()).collect()
        };
        assert_eq!(severities(&column), [Severity::Info; 2]);
        assert_eq!(severities(&column[..2]), [Severity::Warn]);
        assert_eq!(severities(&["c-1", "c-2"].map(|id| unplaced(id, "Editor's Notes"))), [Severity::Info]);
        let pair = |more: &str| {
            let of =
                |id: &str| format!(r#"{{"id":"{id}","title":"Editorial","author":["A"],"publisher":["P"],{more}}}"#);
            ["c-1", "c-2"].map(of)
        };
        assert_eq!(severities(&pair(r#""format":["Journal"]"#)), [Severity::Info]);
        assert_eq!(severities(&pair(r#""format":["Journal"],"issn":["2055-2076"]"#)), [Severity::Warn]);
        let series = pair(r#""container_title":"Demonstration Farm Progress Report""#)
            .map(|text| text.replace("Editorial", "Organic rotations"));
        assert_eq!(severities(&series), [Severity::Info]);
        assert_eq!(severities(&series.map(|text| text.replace("Report", "Letters"))), [Severity::Warn]);
        let again = [document("x-1", 1, "X", "T"), document("x-2", 2, "X", "T").replace("2021-03-11", "2022-10-05")];
        assert_eq!(severities(&again), [Severity::Warn], "harvested on another day");
        let copies = [document("a", 1, "X", "T"), document("a", 1, "X", "T")];
        assert!(super::super::testing::found(&RULE, &copies).is_empty(), "left to X001");
    }
}
