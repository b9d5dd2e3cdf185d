//! D002: date not a year.

use crate::audit::{Check, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;
use crate::keys::dates::clean_date;

pub(super) static RULE: Rule = Rule {
    code: "D002",
    name: "date-not-a-year",
    severity: Severity::Warn,
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
Ranges such as `1870-1875` are reported although they may be meant.
## Source
SolrMarc's `cleanDate`; VuFind's DOAJ stylesheet passes dates on as they are.",
    check: Check::Record(check),
};

/// Year that SolrMarc's limit is taken from when the time of indexing is unknown.
const LAST_YEAR: u16 = 2099;

fn check(subject: &Subject<'_>, found: &mut Found) {
    for date in subject.record.all(Field::PublishDate) {
        let is_year = date.len() == 4 && date.bytes().all(|byte| byte.is_ascii_digit());
        if is_year || date.trim().is_empty() {
            continue;
        }
        let problem = Problem::new(Field::PublishDate, &**date, "the date is not a year of four digits");
        found.add(match clean_date(date, subject.indexed_year.unwrap_or(LAST_YEAR)) {
            Some(year) => problem.suggest(year.to_string()),
            None => problem,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, problems};

    #[test]
    fn dates_are_years() {
        for (date, year) in [("2021-02-24", "2021"), ("c1992.", "1992"), ("1992?", "1992")] {
            let document = format!(r#"{{"publishDate":["{date}"]}}"#);
            assert_eq!(problems(&RULE, &document)[0].suggestion.as_deref(), Some(year));
        }
        check(&RULE, r#"{"publishDate":["[s.a.]"]}"#, &["publishDate"]);
        check(&RULE, r#"{"publishDate":["2021",""]}"#, &[]);
    }
}
