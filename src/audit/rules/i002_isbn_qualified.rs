//! I002: isbn qualified.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::i001_isbn_invalid::{is_indexed_as_isbn, is_indexed_right, several, unpunctuated};
use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;
use crate::keys::identifiers::{IsbnStatus, isbn_check};

/// Valid ISBNs that VuFind indexes as such, and those with dots among their digits; the rest is left to I001.
pub(super) static RULE: Rule = Rule {
    code: "I002",
    name: "isbn-qualified",
    severity: Severity::Info,
    fix: Fix::Safe,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
Valid ISBNs with text around the number, such as `(pbk.)` or a price, also where dots divide the digits, or with a second ISBN
behind the first, as of the other binding or of a co-publisher. All of them are suggested.
## Why it matters
Programs that compare whole values miss the number, and VuFind does not index a second one.
## Example
`8820737493 (pbk.) :`.
## Known gaps
Usual in records made before 020 $q. The text tells print from electronic editions and the volumes of a set apart: it is
evidence, so only prices are taken off, and bindings (`pbk.`, `geb.`) of the only number. With any other text, the number alone
is put behind the value as a copy, and a value that has such a copy is not reported.
## Source
MARC 21, field 020 $a.",
    check: Check::record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    let isbns = subject.record.all(Field::Isbn);
    let mut values: Option<BTreeSet<&str>> = None;
    let mut is_only: Option<bool> = None;
    for isbn in isbns {
        if isbn.bytes().all(is_sign) {
            continue;
        }
        if isbn_check(isbn) != IsbnStatus::Valid {
            // `0.582.71083.9 (pbk.)`: VuFind leaves the dots out.
            if isbn.trim().contains(char::is_whitespace) && is_indexed_as_isbn(isbn) {
                let problem = || Problem::new(Field::Isbn, &**isbn, "there is text beside the ISBN");
                found.add(with_others(isbn).unwrap_or_else(|| problem().suggest_any(unpunctuated(isbn))));
            }
            continue;
        }
        if !is_indexed_right(isbn) {
            continue;
        }
        // Other hyphens and blanks around the number are no text.
        if isbn.trim().chars().all(|letter| u8::try_from(letter).is_ok_and(is_sign) || is_dash(letter)) {
            continue;
        }
        let problem = Problem::new(Field::Isbn, &**isbn, "there is text beside the ISBN");
        let Some(number) = number(isbn) else {
            found.add(with_others(isbn).unwrap_or(problem));
            continue;
        };
        let values = values.get_or_insert_with(|| isbns.iter().map(|isbn| &**isbn).collect());
        let is_only = *is_only.get_or_insert_with(|| holds_one_number(isbns));
        if is_idle(isbn, number, is_only) || !values.contains(number) {
            found.add_with_change(problem.suggest(number), Field::Isbn, || with_numbers(isbns, values, is_only));
        }
    }
}

/// The problem of a value that holds a second number.
fn with_others(isbn: &str) -> Option<Problem> {
    let (message, numbers) = several(isbn)?;
    Some(Problem::new(Field::Isbn, isbn, message).suggest(numbers.join(" | ")))
}

/// The values with the numbers alone in place of those with a binding or a price, and behind those with other text, which is
/// evidence. Numbers that stand there already are not repeated.
fn with_numbers<'a>(isbns: &'a [Cow<'_, str>], values: &BTreeSet<&str>, is_only: bool) -> Vec<&'a str> {
    let mut after = Vec::with_capacity(isbns.len() + 1);
    for isbn in isbns {
        match number(isbn).filter(|number| *number != &**isbn && is_indexed_right(isbn)) {
            Some(number) if is_idle(isbn, number, is_only) && values.contains(number) => {}
            Some(number) if is_idle(isbn, number, is_only) => after.push(number),
            Some(number) if !values.contains(number) => after.extend([&**isbn, number]),
            _ => after.push(&**isbn),
        }
    }
    after
}

/// Words for bindings, materials and prices, lower-cased: they tell neither the carrier nor the part of a set. Origin: usual
/// qualifiers in MARC 020, in English, German, French, Italian and Spanish, and currencies. Sorted.
const IDLE: [&str; 60] = [
    "acid",
    "alk",
    "alkaline",
    "binding",
    "board",
    "boards",
    "bound",
    "br",
    "broch",
    "broché",
    "brosch",
    "brossura",
    "carton",
    "cartonné",
    "casebound",
    "cased",
    "chf",
    "cloth",
    "cover",
    "dm",
    "eur",
    "euro",
    "fr",
    "free",
    "geb",
    "gebd",
    "gebunden",
    "gewebe",
    "hard",
    "hardback",
    "hardbound",
    "hardcover",
    "hb",
    "hbk",
    "hc",
    "hd",
    "kart",
    "kartoniert",
    "leather",
    "leinen",
    "lib",
    "library",
    "ln",
    "paper",
    "paperback",
    "paperbound",
    "pb",
    "pbk",
    "perfect",
    "ppbk",
    "rel",
    "relié",
    "rilegato",
    "rústica",
    "sfr",
    "soft",
    "softback",
    "softcover",
    "spiral",
    "usd",
];

/// Whether all values are of one number, so that nothing need tell it from others.
fn holds_one_number(isbns: &[Cow<'_, str>]) -> bool {
    let mut numbers = isbns.iter().filter_map(|isbn| number(isbn));
    let first = numbers.next();
    numbers.all(|number| Some(number) == first)
}

/// Whether all that stands beside the number is a price, or a binding of the only number.
fn is_idle(isbn: &str, number: &str, is_only: bool) -> bool {
    let rest = isbn.trim_start().get(number.len()..).unwrap_or_default();
    if !is_only && !is_price(rest) {
        return false;
    }
    let has_price = rest.contains([':', '$', '€', '£']);
    let mut words = rest.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.all(|word| match word.parse::<u32>() {
        Ok(_) => has_price,
        Err(_) => IDLE.binary_search(&word.to_lowercase().as_str()).is_ok(),
    })
}

/// Words of [`IDLE`] that are currencies.
const CURRENCIES: [&str; 7] = ["chf", "dm", "eur", "euro", "fr", "sfr", "usd"];

/// Whether all words of a text are currencies.
fn is_price(rest: &str) -> bool {
    let mut words = rest.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty());
    words.all(|word| CURRENCIES.iter().any(|currency| word.eq_ignore_ascii_case(currency)))
}

fn is_sign(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'-' | b'X' | b'x')
}

fn is_dash(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// Digits of the shortest ISBN, its check digit aside: so many in the rest may be another ISBN, which must not be lost.
const ISBN_DIGITS: usize = 9;

/// The number as it stands, if it is the first word, or the start of it before a bracket, and the only number.
fn number(isbn: &str) -> Option<&str> {
    let isbn = isbn.trim_start();
    let word = isbn.split(|letter: char| letter.is_whitespace() || matches!(letter, '(' | '（' | '：')).next()?;
    let n_other_digits = isbn[word.len()..].bytes().filter(u8::is_ascii_digit).count();
    let is_alone = n_other_digits < ISBN_DIGITS;
    (word.bytes().all(is_sign) && is_alone && isbn_check(word) == IsbnStatus::Valid).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, check_change, problems};

    #[test]
    fn isbns_stand_alone() {
        check(&RULE, r#"{"isbn":["8820737493 (pbk.) :"]}"#, &["isbn"]);
        check(&RULE, r#"{"isbn":["8820737493","951-492-098-8"]}"#, &[]);
        check_change(&RULE, r#"{"isbn":["x","8820737493 (pbk.) :"]}"#, &[("isbn", "x | 8820737493")]);
        check(&RULE, r#"{"isbn":["9514920096 (pbk.)"]}"#, &[]);
        for idle in ["8820737493 (hardcover : alk. paper)", "8820737493 : 12.50 EUR", "8820737493 (kart.) : $ 9"] {
            check_change(&RULE, &format!(r#"{{"isbn":["{idle}"]}}"#), &[("isbn", "8820737493")]);
        }
        for evidence in ["(print)", "(Teil 1)", "(Bd. 2)", "(Teacher's book)", "(DVD-ROM)", "(pbk. : v. 1)"] {
            let document = format!(r#"{{"isbn":["8820737493 {evidence}"]}}"#);
            check(&RULE, &document, &["isbn"]);
            let both = format!("8820737493 {evidence}");
            check_change(&RULE, &document, &[("isbn", &format!("{both} | 8820737493"))]);
            check(&RULE, &format!(r#"{{"isbn":["{both}","8820737493"]}}"#), &[]);
        }
        assert!(super::IDLE.is_sorted());
        check_change(&RULE, r#"{"isbn":["0306406152(pbk)"]}"#, &[("isbn", "0306406152")]);
        for bound in ["9787020002207：平装", "9787020002207（精装）"] {
            check_change(
                &RULE,
                &format!(r#"{{"isbn":["{bound}"]}}"#),
                &[("isbn", &format!("{bound} | 9787020002207"))],
            );
        }
        check_change(&RULE, r#"{"isbn":["080442957X(print)"]}"#, &[("isbn", "080442957X(print) | 080442957X")]);
        check_change(
            &RULE,
            r#"{"isbn":["8820737493 (hbk.)","9514920988 (pbk.) : 9 EUR"]}"#,
            &[("isbn", "8820737493 (hbk.) | 8820737493 | 9514920988 (pbk.) : 9 EUR | 9514920988"); 2],
        );
        check_change(&RULE, r#"{"isbn":["8820737493 (pbk.)","8820737493"]}"#, &[("isbn", "8820737493")]);
        check_change(
            &RULE,
            r#"{"isbn":["8820737493 : 12.50 EUR","9514920988"]}"#,
            &[("isbn", "8820737493 | 9514920988")],
        );
        check(&RULE, r#"{"isbn":["0.582.71083.9 (pbk.)","0.582.71083.9"]}"#, &["isbn"]);
        check(&RULE, r#"{"isbn":["978–951–492098–1","951 492 098 8","ISBN 9789514920981","8820737493(v.1)"]}"#, &[]);
        check(&RULE, r#"{"isbn":["9514920988 9514920096"]}"#, &["isbn"]);
        check_change(&RULE, r#"{"isbn":["0-8014-9860-0 (paperback) 0-8014-0914-4 (cloth)"]}"#, &[]);
        for (several, numbers) in [
            ("0-306-40615-2 (paper) 951-492-098-8 (cloth)", "0306406152 | 9514920988"),
            ("0.306.40615.2 951.492.098.8 Pbk", "0306406152 | 9514920988"),
            ("0.306.40615.2 IV 951.492.098.8VI", "0306406152 | 9514920988"),
        ] {
            let found = problems(&RULE, &format!(r#"{{"isbn":["{several}"]}}"#));
            assert_eq!(found[0].message, "the value holds several ISBNs");
            assert_eq!(found[0].suggestion.as_deref(), Some(numbers));
        }
    }
}
