//! D003: date implausible.

use super::format_classes::Class;
use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;
use crate::keys::dates::clean_date;

pub(super) static RULE: Rule = Rule {
    code: "D003",
    name: "date-implausible",
    severity: Severity::Error,
    fix: Fix::Proposal,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
Years of publication after the year that follows the indexing, before printing (1400, for articles 1665), or
before the first author was born.
## Why it matters
Such records stand at the top of `newest first`, or the year belongs to something else.
## Example
`2201`.
## Known gaps
Facsimiles and manuscripts typed as books may bear the year of the original. Years of other calendars look
like early ones; they must be converted by a person.
## Source
History of printing; the first learned journals appeared in 1665.",
    check: Check::record(check),
};

/// First year of printing with movable type in Europe, with some room.
const FIRST_BOOK: u16 = 1400;

/// First year of learned journals.
const FIRST_ARTICLE: u16 = 1665;

/// Last year that is accepted when the time of indexing is unknown.
const LAST_YEAR: u16 = 2100;

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    for date in record.all(Field::PublishDate) {
        let Some(year) = year(date) else { continue };
        if let Some(message) = fault(subject, year) {
            found.add(Problem::new(Field::PublishDate, &**date, message));
        }
    }
}

fn fault(subject: &Subject<'_>, year: u16) -> Option<String> {
    let record = subject.record;
    let last = subject.indexed_year.map_or(LAST_YEAR, |year| year + 1);
    if year > last {
        return Some(format!("the year lies after {last}"));
    }
    if year < FIRST_ARTICLE {
        let has = |class| subject.classes().has(class);
        if has(Class::Article) {
            return Some(format!("there were no articles before {FIRST_ARTICLE}"));
        }
        if year < FIRST_BOOK && (has(Class::Book) || has(Class::Journal)) {
            return Some(format!("there were no printed texts before {FIRST_BOOK}"));
        }
    }
    let birth = record.first(Field::Author).and_then(birth_year)?;
    (year < birth).then(|| format!("the first author was born in {birth}"))
}

/// What the first date of a record says, for the profile.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::audit) enum Reading {
    /// There is none.
    Missing,
    /// No year.
    NoYear,
    /// A year before printing, or after the one that follows the indexing.
    Implausible,
    /// A plausible year.
    Year(u16),
}

/// Reads the first date that is not blank.
pub(in crate::audit) fn reading(subject: &Subject<'_>) -> Reading {
    let Some(date) = subject.record.filled(Field::PublishDate) else { return Reading::Missing };
    let last = subject.indexed_year.map_or(LAST_YEAR, |year| year.saturating_add(1));
    match year(date) {
        None => Reading::NoYear,
        Some(year) if (FIRST_BOOK..=last).contains(&year) => Reading::Year(year),
        Some(_) => Reading::Implausible,
    }
}

fn year(date: &str) -> Option<u16> {
    let date = date.trim();
    if date.len() == 4 { date.parse().ok() } else { clean_date(date, LAST_YEAR) }
}

/// The first year of the dates after a name (`Walsh, Louisa, 1965-`), not of the years in which somebody was active.
fn birth_year(name: &str) -> Option<u16> {
    memchr::memrchr(b'-', name.as_bytes())?;
    let (_, dates) = name.rsplit_once(", ")?;
    let (birth, _) = dates.trim_start_matches("b. ").split_once('-')?;
    if birth.len() == 4 { birth.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::check;

    #[test]
    fn years_are_possible() {
        check(&RULE, r#"{"publishDate":["2201"]}"#, &["publishDate"]);
        check(&RULE, r#"{"publishDate":["2023"],"last_indexed":"2021-01-01T00:00:00Z"}"#, &["publishDate"]);
        check(&RULE, r#"{"publishDate":["2022"],"last_indexed":"2021-01-01T00:00:00Z"}"#, &[]);
        check(&RULE, r#"{"publishDate":["1200"],"format":["Book"]}"#, &["publishDate"]);
        check(&RULE, r#"{"publishDate":["1200"],"format":["Manuscript"]}"#, &[]);
        check(&RULE, r#"{"publishDate":["1601"],"format":["Article"]}"#, &["publishDate"]);
        check(&RULE, r#"{"publishDate":["1901"],"author":["Walsh, Louisa, 1965-"]}"#, &["publishDate"]);
        check(&RULE, r#"{"publishDate":["1990"],"author":["Walsh, Louisa, 1965-1980"]}"#, &[]);
    }
}
