//! W007: work keys normalisation hazard.

use unicode_script::{Script, UnicodeScript};

use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;
use crate::keys::text::{repair_mojibake, without_markup};

/// Aggregated: VuFind's keys are at fault, not the values.
pub(super) static RULE: Rule = Rule {
    code: "W007",
    name: "work-keys-normalisation-hazard",
    severity: Severity::Info,
    fix: Fix::Proposal,
    aggregated: true,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
Titles and names with characters that work keys keep apart or lose: letters such as `ß`, `ø`, `ł` that have no
plain form there, the micro sign, transliterated apostrophes, `+` and `#` after a letter, fractions, entities,
tags and damaged letters.
## Why it matters
Records with `Straße` and `Strasse` do not meet, while `C`, `C++` and `C#` have one key.
## Example
`µ-opioid` with the micro sign, whose key differs from that of the Greek letter.
## Known gaps
Nothing is wrong with most of these values: VuFind's keys are. The duplicate detection of this program folds the
differences away. One finding per collection.
## Source
VuFind's default rules for work keys; their results on ICU 72.1.",
    check: Check::record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    for field in [Field::Title, Field::Author, Field::Author2, Field::AuthorCorporate] {
        for value in subject.record.all(field) {
            if let Some(message) = hazard(value) {
                found.add(Problem::new(field, &**value, message));
            }
        }
    }
}

fn hazard(value: &str) -> Option<&'static str> {
    let bytes = value.as_bytes();
    // Without a way out before the end, the compiler looks at several bytes at a time.
    let may_be_hazard = |byte: u8| !byte.is_ascii() | (byte == b'+') | (byte == b'#') | (byte == b'&') | (byte == b'<');
    if !bytes.iter().fold(false, |found, &byte| found | may_be_hazard(byte)) {
        return None;
    }
    let follows_letter = |at: usize| at > 0 && bytes[at - 1].is_ascii_alphabetic();
    if memchr::memchr2_iter(b'+', b'#', bytes).any(follows_letter) {
        return Some("work keys lose the sign after a letter");
    }
    if memchr::memchr2(b'&', b'<', bytes).is_some() && without_markup(value) != value {
        return Some("work keys hold the letters of markup");
    }
    if value.is_ascii() {
        return None;
    }
    if !bytes.iter().fold(false, |found, &byte| found | begins_hazard(byte)) {
        return None;
    }
    if repair_mojibake(value).is_some() {
        return Some("work keys hold damaged letters");
    }
    value.char_indices().filter(|(_, letter)| !letter.is_ascii()).find_map(|(at, letter)| {
        let is_in_greek = || {
            let (before, after) = (&value[..at], &value[at + letter.len_utf8()..]);
            before.chars().next_back().is_some_and(is_greek) || after.chars().next().is_some_and(is_greek)
        };
        letter_hazard(letter, is_in_greek)
    })
}

/// Whether a byte is the first in UTF-8 of a letter of [`letter_hazard`], or of one by which text in the wrong encoding is
/// known.
fn begins_hazard(byte: u8) -> bool {
    matches!(byte, 0xC2..=0xC5 | 0xCA | 0xCE | 0xE1 | 0xE2)
}

fn letter_hazard(letter: char, is_in_greek: impl Fn() -> bool) -> Option<&'static str> {
    match letter {
        'ß' | 'ẞ' | 'ø' | 'Ø' | 'ł' | 'Ł' | 'đ' | 'Đ' | 'ð' | 'Ð' | 'æ' | 'Æ' | 'œ' | 'Œ' | 'þ' | 'Þ' => {
            Some("work keys have no plain form of a letter")
        }
        '\u{b5}' => Some("work keys of the micro sign and the Greek letter differ"),
        'μ' if !is_in_greek() => Some("work keys of the micro sign and the Greek letter differ"),
        'ʻ' | 'ʼ' | 'ʹ' | 'ʺ' | 'ʾ' | 'ʿ' => Some("work keys keep a transliterated sign as a letter"),
        '\u{2044}' | '¼' | '½' | '¾' => Some("work keys keep the stroke of a fraction"),
        _ => None,
    }
}

fn is_greek(letter: char) -> bool {
    matches!(letter, 'α'..='ω') || letter.script() == Script::Greek
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, records};

    #[test]
    fn hazards_are_seen() {
        for title in [
            "µ-opioid",
            "μ-opioid",
            "Straße",
            "Łódź",
            "C++ : the language",
            "C#",
            "Q&amp;A",
            "<i>E. coli</i>",
            "½ life",
            "ʻOkina",
            "ThÃ©rÃ¨se",
        ] {
            check(&RULE, &format!(r#"{{"title":"{title}"}}"#), &["title"]);
        }
        for title in ["Müller", "Γράμματα", "2 + 2 = 4", "#metoo", "R & D", "p < 0.05", "São Paulo"] {
            check(&RULE, &format!(r#"{{"title":"{title}"}}"#), &[]);
        }
        check(&RULE, r#"{"author":["Ångström, A.","Sørensen, B."]}"#, &["author"]);
    }

    #[test]
    fn one_finding_stands_for_a_collection() {
        let documents = [r#"{"id":"a-1","title":"Straße"}"#, r#"{"id":"a-2","author":["Ø"]}"#, r#"{"id":"b-1"}"#];
        assert_eq!(records(&RULE, &documents), [0, 1]);
        assert_eq!(crate::audit::rules::testing::found(&RULE, &documents).len(), 1);
    }
}
