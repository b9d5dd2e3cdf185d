//! I001: isbn invalid.

use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;
use crate::keys::identifiers::{IsbnStatus, isbn_check, isbn13, isn_key, issn};
use crate::keys::seek::holds_in_any_case;

pub(super) static RULE: Rule = Rule {
    code: "I001",
    name: "isbn-invalid",
    severity: Severity::Error,
    fix: Fix::Safe,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
ISBNs of wrong length, with a wrong check digit, with a prefix other than 978 and 979, made of one digit, or
divided by blanks, of which VuFind indexes the first part. Likewise numbers that VuFind indexes with other text or
not at all: `ISBN 9789514920981`, `8820737493(v.1)`, two numbers without a blank between them.
Values without any digit, numbers of nine digits that a leading zero makes ISBNs, and ISBNs with dots or slashes in them,
which VuFind leaves out when it indexes them, are reported as information.
## Why it matters
Covers of other books are shown, and records are merged that have nothing in common.
## Example
`9514920096`.
## Known gaps
Books of the years before 1970 carry numbers of nine digits (SBN); with a leading zero they are ISBNs, which
is suggested. A text after a blank is left to I002.
## Source
ISO 2108; VuFind's `isn` type matches on digits and x.",
    check: Check::record(check),
};

/// Digits of the numbers that were in use before the ISBN.
const SBN_DIGITS: usize = 9;

fn check(subject: &Subject<'_>, found: &mut Found) {
    let isbns = subject.record.all(Field::Isbn);
    for isbn in isbns.iter().filter(|isbn| !isbn.trim().is_empty()) {
        let status = isbn_check(isbn);
        if status != IsbnStatus::Valid && is_indexed_as_isbn(isbn) {
            // With text after it, it is left to I002.
            if isbn.trim().contains(char::is_whitespace) {
                continue;
            }
            let problem = Problem::new(Field::Isbn, &**isbn, "other signs than hyphens divide the ISBN");
            found.add(problem.severity(Severity::Info).suggest_any(unpunctuated(isbn)));
            continue;
        }
        let message = match status {
            IsbnStatus::Valid if is_indexed_right(isbn) => continue,
            IsbnStatus::Valid if closed_up(isbn).is_some() => "blanks divide the ISBN",
            IsbnStatus::Valid => "VuFind indexes the ISBN with the text beside it, or not at all",
            _ if !isbn.contains(|letter: char| letter.is_ascii_digit()) => {
                let problem = Problem::new(Field::Isbn, &**isbn, "the value holds no number");
                found.add(problem.severity(Severity::Info));
                continue;
            }
            _ if issn(isbn).is_some() => "the value is an ISSN",
            IsbnStatus::WrongLength => "the ISBN has neither ten nor thirteen digits",
            IsbnStatus::WrongCheckDigit => "the check digit of the ISBN is wrong",
            IsbnStatus::AllEqualDigits => "the ISBN is one digit repeated",
            IsbnStatus::BadPrefix => "the ISBN begins with neither 978 nor 979",
        };
        let problem = Problem::new(Field::Isbn, &**isbn, message);
        let is_sbn = padded(isbn).is_some();
        let problem = if is_sbn { problem.severity(Severity::Info) } else { problem };
        found.add(match closed_up(isbn) {
            Some(number) => {
                let after = isbns.iter().map(|isbn| closed_up(isbn).unwrap_or_else(|| isbn.clone().into_owned()));
                problem.suggest(number).change(Field::Isbn, after)
            }
            None => problem.suggest_any(padded(isbn).or_else(|| isbn13(isbn))),
        });
    }
}

/// Whether VuFind's type `isn` finds a valid ISBN by its number: it takes all figures and each `x` up to a blank.
pub(super) fn is_indexed_right(isbn: &str) -> bool {
    let is_sign = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'-' | b'X' | b'x');
    isbn.bytes().all(is_sign) || isn_key(isbn).is_some_and(|key| isbn13(&key) == isbn13(isbn))
}

/// Whether what VuFind's type `isn` makes of the first word is a valid ISBN, whatever stands between its digits.
pub(super) fn is_indexed_as_isbn(isbn: &str) -> bool {
    isn_key(isbn).is_some_and(|key| isbn_check(&key) == IsbnStatus::Valid)
}

/// The digits of an ISBN that is written with blanks inside: VuFind indexes its first part alone.
fn closed_up(text: &str) -> Option<String> {
    if !text.trim().contains(' ') {
        return None;
    }
    let digits: String = text.chars().filter(|letter| !matches!(letter, '-' | ' ')).collect();
    let is_isbn = matches!(digits.len(), 10 | 13) && isbn_check(&digits) == IsbnStatus::Valid;
    is_isbn.then(|| digits.to_ascii_uppercase())
}

/// The ISBN in other punctuation, such as dots.
pub(super) fn unpunctuated(text: &str) -> Option<String> {
    let key = isn_key(text)?.to_ascii_uppercase();
    (isbn_check(&key) == IsbnStatus::Valid).then_some(key)
}

/// The ISBN that belongs to an SBN.
fn padded(text: &str) -> Option<String> {
    if holds_in_any_case(text, "issn") {
        return None;
    }
    let digits: String = text.chars().filter(|letter| letter.is_ascii_digit() || matches!(letter, 'x' | 'X')).collect();
    let isbn = format!("0{digits}");
    (digits.len() == SBN_DIGITS && isbn_check(&isbn) == IsbnStatus::Valid).then_some(isbn)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, check_change, problems};

    #[test]
    fn check_digits_are_right() {
        for isbn in ["9514920096", "1234567890123", "0000000000", "123", "SFr. 12"] {
            check(&RULE, &format!(r#"{{"isbn":["{isbn}"]}}"#), &["isbn"]);
        }
        check(&RULE, r#"{"isbn":["-","2055-2076"]}"#, &["isbn", "isbn"]);
        check_change(&RULE, r#"{"isbn":["8820737493","951 492 098 8"]}"#, &[("isbn", "8820737493 | 9514920988")]);
        for isbn in [
            "ISBN 9789514920981",
            "9789514920981:EUR12",
            "978-951-492-098-1;951-492-098-8",
            "9789514920981/9514920988",
            "951 492 098 8 (pbk.)",
        ] {
            let found = problems(&RULE, &format!(r#"{{"isbn":["{isbn}"]}}"#));
            assert_eq!((found[0].severity, found[0].suggestion.as_deref()), (None, Some("9789514920981")), "{isbn}");
        }
        check(&RULE, r#"{"isbn":["8820737493(v.1)"]}"#, &["isbn"]);
        assert_eq!(problems(&RULE, r#"{"isbn":["ISSN 0176.08090"]}"#)[0].severity, None, "no ISBN by its label");
        let sbn = problems(&RULE, r#"{"isbn":["306406152"]}"#);
        assert_eq!((sbn[0].severity, sbn[0].suggestion.as_deref()), (Some(super::Severity::Info), Some("0306406152")));
        let dotted = problems(&RULE, r#"{"isbn":["951.492.098.8"]}"#);
        assert_eq!(dotted[0].suggestion.as_deref(), Some("9514920988"));
        assert_eq!(dotted[0].severity, Some(super::Severity::Info), "VuFind finds it by its number");
        check_change(&RULE, r#"{"isbn":["951.492.098.8"]}"#, &[]);
        check(&RULE, r#"{"isbn":["0.582.71083.9 (pbk.)","3.11.012645.1 Pb. 3.11.012895.0 Gewebe"]}"#, &[]);
        assert_eq!(problems(&RULE, r#"{"isbn":["951.492.009.6"]}"#)[0].severity, None, "a wrong check digit");
        for isbn in
            ["951-492-098-8", "9783161484100", "8820737493 (pbk.) :", "080442957x", "8820737493(pbk.)", "8820737493 "]
        {
            check(&RULE, &format!(r#"{{"isbn":["{isbn}"]}}"#), &[]);
        }
    }
}
