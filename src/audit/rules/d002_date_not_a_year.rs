//! D002: date not a year.

use std::borrow::Cow;

use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;
use crate::keys::dates::clean_date;

pub(super) static RULE: Rule = Rule {
    code: "D002",
    name: "date-not-a-year",
    severity: Severity::Warn,
    fix: Fix::Safe,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
Values of publishDate that are not four digits. The year that SolrMarc would take from the value is suggested.
## Why it matters
The date facet, ranges and sorting expect years.
## Example
`2021-02-24`, `c1992.`.
## Known gaps
Ranges such as `1870-1875` are reported although they may be meant, and like years of other eras and calendars
(`500 B.C.`, `1350 H`) they are proposed and not converted.
## Source
SolrMarc's `cleanDate`; VuFind's DOAJ stylesheet passes dates on as they are.",
    check: Check::record(check),
};

/// Year that SolrMarc's limit is taken from when the time of indexing is unknown.
const LAST_YEAR: u16 = 2099;

/// Years below this one are of another calendar as often as not, or before printing.
const FIRST_YEAR: &str = "1400";

/// Words beside a year that leave no doubt about it: signs of copyright, print, estimates and corrections, the `l` of
/// a typewriter, the `T` and `Z` of ISO 8601, and English months.
const WORDS: [&str; 36] = [
    "c",
    "ca",
    "cop",
    "copyright",
    "p",
    "i",
    "e",
    "l",
    "t",
    "z",
    "dr",
    "printed",
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "©",
];

fn check(subject: &Subject<'_>, found: &mut Found) {
    let dates = subject.record.all(Field::PublishDate);
    for date in dates {
        let is_year = date.len() == 4 && date.bytes().all(|byte| byte.is_ascii_digit());
        if is_year || date.trim().is_empty() {
            continue;
        }
        let problem = Problem::new(Field::PublishDate, &**date, "the date is not a year of four digits");
        let last_year = subject.indexed_year.unwrap_or(LAST_YEAR);
        let year = clean_date(date, last_year).map(|year| year.to_string());
        let is_safe = year.is_some() && is_plain(date);
        let problem = problem.suggest_any(year);
        found.add(if is_safe { problem.change(Field::PublishDate, years(dates, last_year)) } else { problem });
    }
}

/// The dates with the safe ones made years.
fn years<'a>(dates: &'a [Cow<'_, str>], last_year: u16) -> impl Iterator<Item = String> + 'a {
    let year = move |date: &str| clean_date(date, last_year).filter(|_| is_plain(date)).map(|year| year.to_string());
    dates.iter().map(move |date| year(date).unwrap_or_else(|| date.clone().into_owned()))
}

/// Whether the year in a date is the one that is meant beyond doubt: of our era and calendar, and no range.
fn is_plain(date: &str) -> bool {
    let is_digit = |byte: &u8| byte.is_ascii_digit();
    let mut years =
        date.as_bytes().chunk_by(|a, b| is_digit(a) == is_digit(b)).filter(|run| run.len() == 4 && is_digit(&run[0]));
    let first = years.next();
    let is_one = years.all(|year| Some(year) == first) || date.contains("i.e.");
    let early = first.is_some_and(|year| year < FIRST_YEAR.as_bytes());
    let words = date.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty());
    is_one && !early && words.into_iter().all(|word| WORDS.iter().any(|known| word.eq_ignore_ascii_case(known)))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, check_change, problems};

    #[test]
    fn dates_are_years() {
        for (date, year) in [("2021-02-24", "2021"), ("c1992.", "1992"), ("1992?", "1992")] {
            let document = format!(r#"{{"publishDate":["{date}"]}}"#);
            assert_eq!(problems(&RULE, &document)[0].suggestion.as_deref(), Some(year));
        }
        check(&RULE, r#"{"publishDate":["[s.a.]"]}"#, &["publishDate"]);
        check(&RULE, r#"{"publishDate":["2021",""]}"#, &[]);
        check_change(&RULE, r#"{"publishDate":["2020","c1992."]}"#, &[("publishDate", "2020 | 1992")]);
        check_change(&RULE, r#"{"publishDate":["2021-02-24T00:00:00Z"]}"#, &[("publishDate", "2021")]);
        for doubtful in ["1350 H", "1870-1875", "500 B.C.", "2564 BE", "MDCCLXX [1770]", "1350?", "昭和 1950"] {
            check_change(&RULE, &format!(r#"{{"publishDate":["{doubtful}"]}}"#), &[]);
        }
    }

    #[test]
    fn years_are_those_of_solrmarc() {
        for (date, year) in [
            ("[1992?]", Some("1992")),
            ("[19]85", Some("1985")),
            ("l985", Some("1985")),
            ("198-?", Some("1980")),
            ("[198-]", Some("1980")),
            ("199?", Some("1990")),
            ("19--", None),
            ("MDCCLXX [1770]", Some("1770")),
            ("1985, c1984", Some("1985")),
            ("1984 [i.e. 1990]", Some("1990")),
            ("500 B.C.", None),
            ("1999-2003", Some("1999")),
            ("©2015.", Some("2015")),
            ("[2015", Some("2015")),
            ("1992-", Some("1992")),
            ("92", None),
            ("n.d.", None),
        ] {
            let found = problems(&RULE, &format!(r#"{{"publishDate":["{date}"]}}"#));
            assert_eq!(found[0].suggestion.as_deref(), year, "{date}");
        }
        check(&RULE, r#"{"publishDate":["0999","3021"]}"#, &[]);
    }
}
