//! D004: date conflicting evidence.

use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::{Field, Record};

pub(super) static RULE: Rule = Rule {
    code: "D004",
    name: "date-conflicting-evidence",
    severity: Severity::Warn,
    fix: Fix::Proposal,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
A year of publication that differs by two or more from every year found elsewhere: full dates in `spelling`,
years in container_reference, dateSpan and edition, the year of a conference in the title.
## Why it matters
The import took the date of another event, such as the deposit.
## Example
publishDate `2021`, container_reference `12(3), 1998`.
## Known gaps
The time stamp of harvesting that follows the id in `spelling` is not evidence. Dates inside abstracts can be,
by mistake, so one agreeing date is enough. Proceedings may appear years after their conference, never before.
## Source
The importer drops text that only the copy in `spelling` keeps.",
    check: Check::record(check),
};

/// Years by which online and printed publication may lie apart.
const TOLERANCE: u16 = 1;

/// Years that are taken for dates.
const YEARS: std::ops::RangeInclusive<u16> = 1500..=2100;

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    let dates = record.all(Field::PublishDate);
    let years = || dates.iter().filter_map(|date| date.trim().parse::<u16>().ok());
    if years().count() != dates.len() || dates.is_empty() {
        return;
    }
    let mut first = None;
    for (field, year, is_open) in evidence(record) {
        if years().any(|published| published.abs_diff(year) <= TOLERANCE || is_open && published > year) {
            return;
        }
        first = first.or(Some((field, year)));
    }
    if let Some((field, year)) = first {
        let message = format!("{} gives the year {year}", field.name());
        found.add(Problem::new(Field::PublishDate, dates.join(" | "), message).suggest(year.to_string()));
    }
}

/// Years of other fields; open ones begin a range.
fn evidence<'a>(record: &'a Record<'_>) -> impl Iterator<Item = (Field, u16, bool)> + 'a {
    let spelling = record.all(Field::Spelling).iter().flat_map(|text| iso_years(without_stamp(text, record.id())));
    let reference = record.all(Field::ContainerReference).iter().flat_map(|text| plain_years(text));
    let spans = record.all(Field::DateSpan).iter().flat_map(|text| plain_years(text));
    let editions = record.all(Field::Edition).iter().flat_map(|text| plain_years(text));
    let titles = record.all(Field::Title).iter().filter(|title| names_conference(title));
    let conferences = titles.flat_map(|text| plain_years(text));
    let as_evidence = |field: Field, is_open: bool| move |year: u16| (field, year, is_open);
    spelling
        .map(as_evidence(Field::Spelling, false))
        .chain(reference.map(as_evidence(Field::ContainerReference, false)))
        .chain(spans.map(as_evidence(Field::DateSpan, true)))
        .chain(editions.map(as_evidence(Field::Edition, false)))
        .chain(conferences.map(as_evidence(Field::Title, true)))
}

/// Whether the title is that of proceedings, whose year is that of the event.
fn names_conference(title: &str) -> bool {
    const EVENTS: [&str; 8] =
        ["conference", "congress", "symposium", "workshop", "tagung", "kongress", "colloque", "congreso"];
    const START: &str = "proceedings";
    if !title.get(..START.len()).is_some_and(|start| start.eq_ignore_ascii_case(START)) {
        return false;
    }
    let title = title.to_lowercase();
    EVENTS.iter().any(|event| title.contains(event))
}

/// The text after the id and the date of harvesting, which are written together.
fn without_stamp<'a>(text: &'a str, id: &str) -> &'a str {
    text.strip_prefix(id).and_then(|rest| rest.get("2021-03-11".len()..)).unwrap_or(text)
}

/// Years of dates written `2021-02-24`.
fn iso_years(text: &str) -> impl Iterator<Item = u16> + '_ {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'-', bytes).filter_map(move |at| {
        let start = at.checked_sub(4)?;
        let date = bytes.get(start..start + "2021-02-24".len())?;
        let is_date = date.iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        });
        let is_alone = start == 0 || !bytes[start - 1].is_ascii_digit();
        (is_date && is_alone).then(|| std::str::from_utf8(&date[..4]).ok()?.parse().ok()).flatten()
    })
}

/// Numbers of four digits that can be years and are no pages.
fn plain_years(text: &str) -> impl Iterator<Item = u16> + '_ {
    let words = text.split(|letter: char| !letter.is_alphanumeric() && letter != '-');
    let numbers = words.flat_map(|word| word.trim_matches('-').split('-'));
    numbers.filter(|word| word.len() == 4).filter_map(|word| word.parse().ok()).filter(|year| YEARS.contains(year))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::check;

    #[test]
    fn other_dates_agree() {
        let reference = r#""container_reference":"12(3), 1998""#;
        check(&RULE, &format!(r#"{{"publishDate":["2021"],{reference}}}"#), &["publishDate"]);
        check(&RULE, &format!(r#"{{"publishDate":["1999"],{reference}}}"#), &[]);
        check(&RULE, r#"{"publishDate":["2021"],"spelling":["x-12010-03-11 Title 2021-02-24"]}"#, &[]);
        check(&RULE, r#"{"publishDate":["2021"],"spelling":["x-12021-03-11 Title 2011-02-24"]}"#, &["publishDate"]);
        check(&RULE, r#"{"publishDate":["2021"],"spelling":["x-12010-03-11 Title"]}"#, &[]);
        check(&RULE, r#"{"publishDate":["2021"],"dateSpan":["Vol. 1 (1998)-"]}"#, &[]);
        check(&RULE, r#"{"publishDate":["2021"]}"#, &[]);
        check(&RULE, r#"{"publishDate":["2021"],"edition":"2nd ed., 1998"}"#, &["publishDate"]);
        check(&RULE, r#"{"publishDate":["2021"],"edition":"2nd ed."}"#, &[]);
        let proceedings = r#""title":"Proceedings of the 3rd Conference on Optics, Paris 2010""#;
        check(&RULE, &format!(r#"{{"publishDate":["2001"],{proceedings}}}"#), &["publishDate"]);
        check(&RULE, &format!(r#"{{"publishDate":["2013"],{proceedings}}}"#), &[]);
    }
}
