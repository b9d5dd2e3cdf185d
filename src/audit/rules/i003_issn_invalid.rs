//! I003: issn invalid.

use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;
use crate::keys::identifiers::issn;

/// Suggests the number if its check digit is right; a missing hyphen, another dash and text after it are information.
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
ISSNs that are not `NNNN-NNNC` with the right check digit: labels before the number, hyphens elsewhere, a second
number after it. Punctuation at the end is no fault; a missing hyphen, another dash in its place, and text after the number,
such as `(online)`, are reported as information.
## Why it matters
Journals are matched by this number.
## Example
`1234-5678`.
## Known gaps
VuFind's index keeps the digits before the first blank, so what is information here is found all the same.
## Source
ISO 3297; punctuation as in qa-catalogue (pull request 43).",
    check: Check::record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    for value in subject.record.all(Field::Issn).iter().filter(|value| !value.trim().is_empty()) {
        let Some(number) = issn(value) else {
            let digits: String = value.split_whitespace().collect();
            let problem = Problem::new(Field::Issn, &**value, "the value is no valid ISSN");
            found.add(problem.suggest_any(issn(&digits).filter(|_| digits.len() == ISSN_DIGITS)));
            continue;
        };
        let (message, severity) = match shape(value) {
            Shape::Whole => continue,
            Shape::Bare => ("the ISSN has no hyphen", Some(Severity::Info)),
            Shape::Dashed => ("the ISSN has another dash than a hyphen", Some(Severity::Info)),
            Shape::Qualified => ("text stands after the ISSN", Some(Severity::Info)),
            Shape::Several => ("there is more than one number", None),
            Shape::Other => ("the ISSN is not written as four digits, a hyphen, and four more", None),
        };
        let problem = Problem::new(Field::Issn, &**value, message).suggest(number);
        found.add(Problem { severity, ..problem });
    }
}

/// How a valid ISSN is written.
enum Shape {
    /// As it should be, with punctuation after it at most.
    Whole,
    /// Without hyphen.
    Bare,
    /// With a sign that looks like one.
    Dashed,
    /// With words after it.
    Qualified,
    /// With another number after it.
    Several,
    Other,
}

fn shape(value: &str) -> Shape {
    let value = value.trim();
    let is_digits = |text: &str, n_digits: usize| {
        text.len() == n_digits && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'x' | b'X'))
    };
    let half = ISSN_DIGITS / 2;
    let (first, rest) = value.split_at(value.floor_char_boundary(half));
    let (shape, rest) = if let Some(rest) = rest.strip_prefix('-') {
        (Shape::Whole, rest)
    } else if let Some(rest) = rest.strip_prefix(['\u{2010}', '\u{2011}', '\u{2013}']) {
        (Shape::Dashed, rest)
    } else {
        (Shape::Bare, rest)
    };
    let (second, rest) = rest.split_at(rest.floor_char_boundary(half));
    if !is_digits(first, half) || !is_digits(second, half) {
        return Shape::Other;
    }
    let n_others = rest.bytes().filter(u8::is_ascii_digit).count();
    match shape {
        _ if n_others + 1 >= ISSN_DIGITS => Shape::Several,
        Shape::Whole if rest.contains(char::is_alphanumeric) => Shape::Qualified,
        shape => shape,
    }
}

/// Digits of an ISSN, the last of which may be an `X`.
const ISSN_DIGITS: usize = 8;

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::Severity;
    use crate::audit::rules::testing::{check, problems};

    #[test]
    fn check_digits_are_right() {
        check(&RULE, r#"{"issn":["1234-5678"]}"#, &["issn"]);
        check(&RULE, r#"{"issn":["2055-2076 ;","2055-2076","2434-561x"]}"#, &[]);
        check(&RULE, r#"{"issn":[" 2055-2076 ","2055-2076.","2055-2076 ="]}"#, &[]);
        for issn in
            ["2055-2076 (online)", "2055-2076 (Print)", "2055-2076 (e-ISSN)", "2055–2076", "2055‐2076", "20552076"]
        {
            let found = problems(&RULE, &format!(r#"{{"issn":["{issn}"]}}"#));
            assert_eq!(found[0].severity, Some(Severity::Info), "{issn}");
            assert_eq!(found[0].suggestion.as_deref(), Some("2055-2076"), "{issn}");
        }
        let malformed =
            ["205-52076", "20552-076", "2055--2076", "ISSN 2055-2076", "ISSN2055-2076", "2055-2076 2055-2077"];
        for issn in malformed {
            let found = problems(&RULE, &format!(r#"{{"issn":["{issn}"]}}"#));
            assert_eq!((found[0].severity, found[0].suggestion.as_deref()), (None, Some("2055-2076")), "{issn}");
        }
        assert_eq!(problems(&RULE, r#"{"issn":["2055 2076"]}"#)[0].suggestion.as_deref(), Some("2055-2076"));
        assert_eq!(problems(&RULE, r#"{"issn":["20552076"]}"#)[0].suggestion.as_deref(), Some("2055-2076"));
    }
}
