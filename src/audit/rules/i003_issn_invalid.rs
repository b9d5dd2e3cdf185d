//! I003: issn invalid.

use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;
use crate::keys::identifiers::issn;

pub(super) static RULE: Rule = Rule {
    code: "I003",
    name: "issn-invalid",
    severity: Severity::Error,
    fix: Fix::Proposal,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
ISSNs that are not `NNNN-NNNC` with the right check digit. Punctuation at the end is no fault; a missing
hyphen is reported as information.
## Why it matters
Journals are matched by this number.
## Example
`1234-5678`.
## Known gaps
Text after the number, such as `(online)`, is accepted.
## Source
ISO 3297; punctuation as in qa-catalogue (pull request 43).",
    check: Check::record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    for value in subject.record.all(Field::Issn).iter().filter(|value| !value.trim().is_empty()) {
        let Some(number) = issn(value) else {
            found.add(Problem::new(Field::Issn, &**value, "the value is no valid ISSN"));
            continue;
        };
        if !has_hyphen(value) {
            let problem = Problem::new(Field::Issn, &**value, "the ISSN has no hyphen");
            found.add(problem.severity(Severity::Info).suggest(number));
        }
    }
}

fn has_hyphen(value: &str) -> bool {
    value.contains(['-', '\u{2010}', '\u{2011}', '\u{2013}'])
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, problems};

    #[test]
    fn check_digits_are_right() {
        check(&RULE, r#"{"issn":["1234-5678"]}"#, &["issn"]);
        check(&RULE, r#"{"issn":["2055-2076 ;","2055-2076","2434-561x"]}"#, &[]);
        assert_eq!(problems(&RULE, r#"{"issn":["20552076"]}"#)[0].suggestion.as_deref(), Some("2055-2076"));
    }
}
