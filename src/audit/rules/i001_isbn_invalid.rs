//! I001: isbn invalid.

use std::collections::BTreeSet;

use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;
use crate::keys::identifiers::{IsbnStatus, isbn_check, isbn13, isn_key, issn};
use crate::keys::seek::holds_in_any_case;

/// Safe where blanks divide the ISBN; other numbers are proposed. Text after a blank is left to I002.
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
which VuFind leaves out when it indexes them, are reported as information. Of a value with several numbers all ISBNs are
suggested, also those with blanks in them and between other text; an ISSN is told by its check digit, however it is divided, and
a control number of the Library of Congress by its label or its shape (`79-156472`); both belong in other fields. Where 978 was
put before an ISBN of ten digits and the old check digit was left, the right one is computed.
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

/// Groups of such a number: publisher, title and check digit.
const SBN_GROUPS: usize = 3;

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
            if unpunctuated(isbn).is_some() && isbn.trim_end_matches(['.', ' ']).bytes().all(is_isbn_sign) {
                continue;
            }
            let problem = Problem::new(Field::Isbn, &**isbn, "other signs than hyphens divide the ISBN");
            found.add(problem.severity(Severity::Info).suggest_any(unpunctuated(isbn)));
            continue;
        }
        if !(status == IsbnStatus::Valid && is_indexed_right(isbn))
            && let Some((message, numbers)) = several(isbn)
        {
            found.add(Problem::new(Field::Isbn, &**isbn, message).suggest(numbers.join(" | ")));
            continue;
        }
        let message = match status {
            IsbnStatus::Valid if is_indexed_right(isbn) => continue,
            _ if closed_up(isbn).is_some() => "blanks divide the ISBN",
            IsbnStatus::Valid => "VuFind indexes the ISBN with the text beside it, or not at all",
            _ if !isbn.contains(|letter: char| letter.is_ascii_digit()) => {
                let problem = Problem::new(Field::Isbn, &**isbn, "the value holds no number");
                found.add(problem.severity(Severity::Info));
                continue;
            }
            _ if issn_in(isbn).is_some() => "the value is an ISSN, which belongs in issn",
            _ if lccn_in(isbn).is_some() => {
                "the value is a control number of the Library of Congress, which belongs in lccn"
            }
            _ if beside_others(isbn).is_some() => "the value holds a valid ISBN beside another number",
            _ if with_new_check_digit(isbn).is_some() => {
                "978 stands before an ISBN of ten digits with its old check digit"
            }
            IsbnStatus::WrongLength if !has_digits_of_isbn(isbn) => "the ISBN has neither ten nor thirteen digits",
            IsbnStatus::WrongLength | IsbnStatus::WrongCheckDigit => "the check digit of the ISBN is wrong",
            IsbnStatus::AllEqualDigits => "the ISBN is one digit repeated",
            IsbnStatus::BadPrefix => "the ISBN begins with neither 978 nor 979",
        };
        let problem = Problem::new(Field::Isbn, &**isbn, message);
        let is_sbn = padded(isbn).is_some();
        let problem = if is_sbn { problem.severity(Severity::Info) } else { problem };
        match closed_up(isbn) {
            Some(number) => found.add_with_change(problem.suggest(number), Field::Isbn, || {
                // What stands there already is not repeated.
                let values: BTreeSet<&str> = isbns.iter().map(|isbn| &**isbn).collect();
                isbns.iter().filter_map(move |isbn| match closed_up(isbn) {
                    Some(number) => (!values.contains(number.as_str())).then_some(number),
                    None => Some(isbn.clone().into_owned()),
                })
            }),
            None => found.add(problem.suggest_any(suggestion(isbn))),
        }
    }
}

/// Whether a number with full stops between its groups has as many digits as an ISBN: `0.980976.09.7`.
fn has_digits_of_isbn(text: &str) -> bool {
    let is_number = text.bytes().all(|byte| is_isbn_sign(byte) || byte == b'.');
    is_number && matches!(text.bytes().filter(|byte| !matches!(byte, b'.' | b'-')).count(), 10 | 13)
}

/// The number that is meant, after its field if that is another one.
fn suggestion(isbn: &str) -> Option<String> {
    let elsewhere = || issn_in(isbn).map(|issn| format!("issn: {issn}"));
    padded(isbn)
        .or_else(|| isbn13(isbn))
        .or_else(elsewhere)
        .or_else(|| lccn_in(isbn).map(|lccn| format!("lccn: {lccn}")))
        .or_else(|| beside_others(isbn))
        .or_else(|| with_new_check_digit(isbn))
}

/// The one valid ISBN among the words of a value: `13 978-…`, or beside an invalid one.
fn beside_others(text: &str) -> Option<String> {
    let mut words = text.split([' ', '/', ';', ',', '(', ')']).filter(|word| word.len() >= ISSN_BYTES);
    text.trim().contains(' ').then(|| words.find_map(unpunctuated))?
}

/// The ISBN of thirteen digits of a number that is 978 before a valid ISBN of ten.
fn with_new_check_digit(text: &str) -> Option<String> {
    let key = isn_key(text)?.to_ascii_uppercase();
    isbn13(key.strip_prefix("978").filter(|rest| rest.len() == SBN_DIGITS + 1)?)
}

/// Digits of the year in a control number of the Library of Congress from before 2001, and of the longest serial number.
const LCCN_YEAR: usize = 2;
const LCCN_SERIAL: usize = 6;

/// The control number of the Library of Congress that a value is, with a hyphen: two figures of the year and four to six more. By
/// its label, else by that shape alone.
///
/// Source: structure of the LC control number, as MARC 21 gives it for field 010.
fn lccn_in(text: &str) -> Option<String> {
    let label = ["library of congress", "lccn", "loccc"].iter().any(|label| holds_in_any_case(text, label));
    let number = if label { text.rsplit([' ', 'r', 'R']).next()? } else { text };
    let number = number.trim_matches(|letter: char| !letter.is_ascii_digit() && label);
    let (year, serial) = number.split_once(['-', '.', ':'])?;
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let is_lccn = year.len() == LCCN_YEAR
        && (LCCN_SERIAL - 2..=LCCN_SERIAL).contains(&serial.len())
        && is_number(year)
        && is_number(serial);
    is_lccn.then(|| format!("{year}-{serial}"))
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

fn is_isbn_sign(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'-' | b'X' | b'x')
}

/// The digits of an ISBN that is written with blanks inside: VuFind indexes its first part alone.
pub(super) fn closed_up(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches(['.', ' ']);
    if !text.contains(' ') || !text.bytes().all(|byte| is_isbn_sign(byte) || matches!(byte, b' ' | b'.')) {
        return None;
    }
    // With full stops, only the check digit stands apart: else they may end a number before another.
    let has_stops = text.contains('.');
    if has_stops && !text.rsplit(' ').next().is_some_and(|last| last.eq_ignore_ascii_case("x")) {
        return None;
    }
    let digits: String = text.chars().filter(|letter| !matches!(letter, '-' | ' ' | '.')).collect();
    let is_isbn = matches!(digits.len(), 10 | 13) && isbn_check(&digits) == IsbnStatus::Valid;
    is_isbn.then(|| digits.to_ascii_uppercase())
}

/// What a value holds that has several numbers, and its different ISBNs as they are found, without punctuation. One ISBN
/// counts beside an ISSN.
pub(super) fn several(text: &str) -> Option<(&'static str, Vec<String>)> {
    let is_between = |letter: char| matches!(letter, ' ' | '/' | ';' | ',' | '(' | ')');
    let words = || text.trim().split(is_between).filter(|word| word.len() >= ISSN_BYTES);
    let mut seen = BTreeSet::new();
    let mut numbers: Vec<String> = words().filter_map(unpunctuated).collect();
    numbers.retain(|number| seen.insert(isbn13(number)));
    if numbers.len() < 2 {
        let runs = isbns_in(text);
        if runs.len() > 1 {
            numbers = runs;
        }
    }
    match numbers.len() {
        0 => None,
        1 if words().any(|word| issn_in(word).is_some()) => Some(("the value holds an ISSN beside the ISBN", numbers)),
        1 => None,
        _ => Some(("the value holds several ISBNs", numbers)),
    }
}

/// The different ISBNs that stand in a text one after another, with hyphens, full stops, single blanks and strokes in them.
fn isbns_in(text: &str) -> Vec<String> {
    let bytes = text.as_bytes();
    let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
    let mut at = 0;
    while at < bytes.len() {
        let is_start = bytes[at].is_ascii_digit()
            && !at.checked_sub(1).is_some_and(|before| bytes[before].is_ascii_alphanumeric());
        let number =
            if is_start { [13, 10].into_iter().find_map(|length| isbn_at(&bytes[at..], length)) } else { None };
        let Some((number, n_bytes)) = number else {
            at += 1;
            continue;
        };
        if seen.insert(isbn13(&number)) {
            found.push(number);
        }
        at += n_bytes;
    }
    found
}

/// The ISBN of so many digits at the start of a text, and the bytes it takes.
fn isbn_at(text: &[u8], length: usize) -> Option<(String, usize)> {
    let mut digits = String::with_capacity(length);
    for (at, &byte) in text.iter().enumerate() {
        match byte {
            b'0'..=b'9' => digits.push(char::from(byte)),
            b'x' | b'X' if digits.len() + 1 == length => digits.push('X'),
            b' ' | b'-' | b'.' | b'/' if text[at - 1].is_ascii_digit() => continue,
            _ => return None,
        }
        if digits.len() == length {
            let is_end = !text.get(at + 1).is_some_and(u8::is_ascii_alphanumeric);
            return (is_end && isbn_check(&digits) == IsbnStatus::Valid).then_some((digits, at + 1));
        }
    }
    None
}

/// Length of an ISSN without hyphen.
const ISSN_BYTES: usize = 8;

/// The ISSN that a value is, with a hyphen, a full stop or a blank in the middle, and perhaps a label in brackets.
fn issn_in(text: &str) -> Option<String> {
    let number = text.split('(').next().unwrap_or(text).trim();
    let number = strip_label(number);
    let digits: String = number.chars().filter(|letter| !matches!(letter, '-' | '.' | ' ')).collect();
    let is_whole = digits.len() == ISSN_BYTES && digits.bytes().all(is_isbn_sign);
    issn(text).or_else(|| issn(&digits).filter(|_| is_whole))
}

/// A number without the label `ISSN` before it.
fn strip_label(number: &str) -> &str {
    match number.get(..4) {
        Some(label) if label.eq_ignore_ascii_case("issn") => number[4..].trim_start_matches([' ', ':']),
        _ => number,
    }
}

/// The ISBN in other punctuation, such as dots.
pub(super) fn unpunctuated(text: &str) -> Option<String> {
    let key = isn_key(text)?.to_ascii_uppercase();
    (isbn_check(&key) == IsbnStatus::Valid).then_some(key)
}

/// The ISBN that belongs to an SBN, which may have a qualifier: `333.10951.1 (hard cover)`, `SBN 416.99530.6/44`.
fn padded(text: &str) -> Option<String> {
    let number = text.split(['(', '/']).next().unwrap_or(text);
    padded_alone(text).or_else(|| padded_alone(number))
}

/// The ISBN that belongs to an SBN without text behind it.
fn padded_alone(text: &str) -> Option<String> {
    if holds_in_any_case(text, "issn") {
        return None;
    }
    // Numbers of orders have other groups: `411-0500-01`. An ISBN that lost a digit has the group of its language.
    let groups: Vec<&str> = text.split(|letter: char| !letter.is_ascii_alphanumeric()).collect();
    let is_label = |group: &&str| group.is_empty() || group.bytes().all(|byte| b"ISBNisbn".contains(&byte));
    let groups: Vec<&str> = groups.into_iter().filter(|group| !is_label(group)).collect();
    let is_grouped = match groups.as_slice() {
        [_] => true,
        [first, .., last] => groups.len() <= SBN_GROUPS && first.len() > 1 && last.len() == 1,
        [] => false,
    };
    if !is_grouped {
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

    const LCCN: &str = "the value is a control number of the Library of Congress, which belongs in lccn";
    const BESIDE: &str = "the value holds a valid ISBN beside another number";

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
        for (isbn, message) in [
            ("0.980976.09.7", "the check digit of the ISBN is wrong"),
            ("0.98097.09.7", "the ISBN has neither ten nor thirteen digits"),
        ] {
            assert_eq!(problems(&RULE, &format!(r#"{{"isbn":["{isbn}"]}}"#))[0].message, message);
        }
        assert_eq!(problems(&RULE, r#"{"isbn":["ISSN 0176.08090"]}"#)[0].severity, None, "no ISBN by its label");
        check_change(&RULE, r#"{"isbn":["0.8044.2957 X"]}"#, &[("isbn", "080442957X")]);
        for (isbn, message, suggestion) in [
            ("951-492-098-8/0-306-40615-2", "the value holds several ISBNs", "9514920988 | 0306406152"),
            ("951-492-098-1 0-306-40615-2 3-16-148410-X", "the value holds several ISBNs", "0306406152 | 316148410X"),
            ("2055-2076 0-306-40615-2", "the value holds an ISSN beside the ISBN", "0306406152"),
            ("2055.2076 (ISSN)", "the value is an ISSN, which belongs in issn", "issn: 2055-2076"),
            ("2434 561 x", "the value is an ISSN, which belongs in issn", "issn: 2434-561X"),
            ("2055 2076", "the value is an ISSN, which belongs in issn", "issn: 2055-2076"),
            ("78.103552", LCCN, "lccn: 78-103552"),
            ("57-4418", LCCN, "lccn: 57-4418"),
            ("Library of Congress Catalog Card Number: 72-81103", LCCN, "lccn: 72-81103"),
            ("Library of Congress Card Nr. 69:12345", LCCN, "lccn: 69-12345"),
            ("LoCCCNr.72.81103", LCCN, "lccn: 72-81103"),
            ("13 978-951-492-098-1", BESIDE, "9789514920981"),
            ("0.306.40615.1 0.8044.2957.X", BESIDE, "080442957X"),
            ("978-951-492-098-8", "978 stands before an ISBN of ten digits with its old check digit", "9789514920981"),
        ] {
            let found = problems(&RULE, &format!(r#"{{"isbn":["{isbn}"]}}"#));
            let told = found.first().map(|found| (found.message.as_str(), found.suggestion.as_deref()));
            assert_eq!(told, Some((message, Some(suggestion))), "{isbn}");
        }
        let labelled = problems(&RULE, r#"{"isbn":["SBN 306.40615.2"]}"#);
        assert_eq!(labelled[0].suggestion.as_deref(), Some("0306406152"));
        for order in ["306-4061-52", "3-06406-15-2"] {
            let found = problems(&RULE, &format!(r#"{{"isbn":["{order}"]}}"#));
            assert_eq!((found[0].severity, found[0].suggestion.as_deref()), (None, None), "{order}");
        }
        check(&RULE, r#"{"isbn":["951-492-098-8."]}"#, &[]);
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

    #[test]
    fn other_text_and_several_numbers_are_taken_apart() {
        for (several, numbers) in [
            ("951 492 098 8 (cloth) 0 306 40615 2 (paper)", "9514920988 | 0306406152"),
            ("3.16.148410 X Kt. 0.306.40615.2 Ln.", "316148410X | 0306406152"),
        ] {
            let found = problems(&RULE, &format!(r#"{{"isbn":["{several}"]}}"#));
            let told = found.first().map(|found| (found.message.as_str(), found.suggestion.as_deref()));
            assert_eq!(told, Some(("the value holds several ISBNs", Some(numbers))), "{several}");
        }
        for sbn in [
            "SBN 306 40615 2",
            "306 40615 2",
            "306.40615.2 (hard cover)",
            "306.40615.2 (SBN No.)",
            "SBN 306.40615.2/44",
        ] {
            let found = problems(&RULE, &format!(r#"{{"isbn":["{sbn}"]}}"#));
            let told = (found[0].severity, found[0].suggestion.as_deref());
            assert_eq!(told, (Some(super::Severity::Info), Some("0306406152")), "{sbn}");
        }
        check_change(&RULE, r#"{"isbn":["0 306 40615 2."]}"#, &[("isbn", "0306406152")]);
    }
}
