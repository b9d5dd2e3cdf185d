//! F002: format contradictory.

use super::format_classes::{Class, is_one_of};
use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;

/// Classes that exclude each other; or a carrier beside `Online`, where the record lacks a link or a description.
pub(super) static RULE: Rule = Rule {
    code: "F002",
    name: "format-contradictory",
    severity: Severity::Warn,
    fix: Fix::Proposal,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
Formats of one record that exclude each other: book, article or chapter, and journal; or a carrier such as a DVD beside
`Online` in a record that has no link, or no physical description, of its own.
## Why it matters
The wrong class decides which records are compared.
## Example
`Journal` and `Article`.
## Known gaps
MARC imports write several formats on purpose; only the classes named exclude each other. A record with both a link and
a description may describe two manifestations, and one that
RecordManager merged does so by nature: there, only the classes count.
## Source
VuFind's `FormatCalculator` and format map.",
    check: Check::record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    let formats = record.all(Field::Format);
    if formats.len() < 2 {
        return;
    }
    let has = |class| subject.classes().has(class);
    let is_part = has(Class::Article) || has(Class::Chapter);
    if has(Class::Book) && is_part || has(Class::Journal) && (has(Class::Book) || is_part) {
        found.add(Problem::new(Field::Format, formats.join(" | "), "the formats exclude each other"));
    } else if formats.iter().any(|value| is_online(value))
        && formats.iter().any(|value| is_one_of(value, &CARRIERS))
        && (record.filled(Field::Url).is_none() || record.filled(Field::Physical).is_none())
        && record.first(Field::MergedBoolean) != Some("true")
    {
        found.add(Problem::new(Field::Format, formats.join(" | "), "a carrier and online exclude each other"));
    }
}

fn is_online(value: &str) -> bool {
    value.eq_ignore_ascii_case("online")
}

/// Carriers as VuFind's format map and calculator name them, plain and sorted.
const CARRIERS: [&str; 18] = [
    "audiocassette",
    "audiocd",
    "bluraydisc",
    "brdisc",
    "cd",
    "cdrom",
    "dvd",
    "floppydisk",
    "lp",
    "microfiche",
    "microfilm",
    "microopaque",
    "soundcassette",
    "sounddisc",
    "vhs",
    "videocassette",
    "videodisc",
    "videoreel",
];

#[cfg(test)]
mod tests {
    use super::{CARRIERS, RULE};
    use crate::audit::rules::testing::{check, records};

    #[test]
    fn formats_agree() {
        assert!(CARRIERS.is_sorted());
        check(&RULE, r#"{"format":["Journal","Article"]}"#, &["format"]);
        check(&RULE, r#"{"format":["eBook","Journal"]}"#, &["format"]);
        check(&RULE, r#"{"format":["Buch","Zeitschrift"]}"#, &["format"]);
        check(&RULE, r#"{"format":["Kirja","eKirja"]}"#, &[]);
        check(&RULE, r#"{"format":["Online","Article","Text"]}"#, &[]);
        check(&RULE, r#"{"format":["DVD","Online"],"physical":["1 DVD"]}"#, &["format"]);
        check(&RULE, r#"{"format":["DVD","Online"],"physical":["1 DVD"],"url":["https://x.org/"]}"#, &[]);
        for carrier in ["CD-ROM", "CDROM", "LP", "Audio Cassette", "VideoCassette", "Microopaque", "Micro-opaque"] {
            check(&RULE, &format!(r#"{{"format":["{carrier}","Online"]}}"#), &["format"]);
        }
        check(&RULE, r#"{"format":["Journal","Book Chapter"]}"#, &["format"]);
        check(&RULE, r#"{"format":["Journal","BookComponentPart"]}"#, &["format"]);
        check(&RULE, r#"{"format":["Book","Book Chapter"]}"#, &["format"]);
        check(&RULE, r#"{"format":["eBook","BookComponentPart"]}"#, &["format"]);
        check(&RULE, r#"{"format":["Electronic","Thesis"]}"#, &[]);
        check(&RULE, r#"{"format":["Conference Proceeding","Book"]}"#, &[]);
        check(&RULE, r#"{"format":["BookComponentPart","Article"]}"#, &[]);
    }

    #[test]
    fn merged_records_have_several_manifestations_of_one_class() {
        let with = |formats: &str| {
            let documents = [format!(r#"{{"id":"a","merged_boolean":true,"format":[{formats}]}}"#)];
            records(&RULE, &documents).len()
        };
        assert_eq!(with(r#""DVD","Online""#), 0);
        assert_eq!(with(r#""Journal","Article""#), 1);
    }
}
