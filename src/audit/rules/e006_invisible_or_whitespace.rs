//! E006: invisible or whitespace.

use std::borrow::Cow;

use crate::audit::texts::{Sign, ignores_blanks, problem};
use crate::audit::{Check, Fix, Found, Rule, Severity, Subject};

pub(super) static RULE: Rule = Rule {
    code: "E006",
    name: "invisible-or-whitespace",
    severity: Severity::Warn,
    fix: Fix::Safe,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
Control characters, soft hyphens, zero-width and direction marks, MARC's marks around non-filing words,
no-break spaces, line breaks, and double or outer blanks. The text without them is suggested.
## Why it matters
Values that look alike are different in facets, and words cannot be found.
## Example
`social\\u00a0media`.
## Known gaps
Zero-width joiners belong to Persian, Indic scripts and emoji and are left alone outside Latin text. Layout
does not count in descriptions, nor blanks in call numbers, control numbers and sort titles.
## Source
Unicode; MARC 21, control characters for non-filing text.",
    check: Check::record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    for (entry, mut suspects) in subject.texts_with(Sign::BLANKS_OR_INVISIBLE) {
        let ignores_blanks = ignores_blanks(entry);
        let first = suspects.find_map(|value| fault(value, ignores_blanks).map(|message| (value, message)));
        if let Some((value, message)) = first {
            let after = subject.record.values(entry).iter().map(|value| match fault(value, ignores_blanks) {
                Some(_) => cleaned(value, ignores_blanks),
                None => value.clone().into_owned(),
            });
            let problem = problem(entry, value, message).suggest(cleaned(value, ignores_blanks));
            found.add(problem.change_named(entry.name, after));
        }
    }
}

fn fault(value: &str, ignores_blanks: bool) -> Option<&'static str> {
    let is_layout = |byte: u8| matches!(byte, b'\n' | b'\t' | b'\r');
    let bytes = value.as_bytes();
    if bytes.iter().any(|&byte| byte < b' ' || byte == 0x7f) {
        let has_control = bytes.iter().any(|&byte| (byte < b' ' || byte == 0x7f) && !is_layout(byte));
        if has_control {
            return Some("the text holds a control character");
        }
        if !ignores_blanks {
            return Some("the text holds a line break or tab");
        }
    }
    if !ignores_blanks {
        if bytes.first() == Some(&b' ') || bytes.last() == Some(&b' ') {
            return Some("there is a blank before or after the text");
        }
        if memchr::memmem::find(bytes, b"  ").is_some() {
            return Some("there are several blanks in a row");
        }
    }
    if value.is_ascii() {
        return None;
    }
    let mut before = ' ';
    value.chars().find_map(|letter| {
        let message = sign_fault(letter, before);
        before = letter;
        message
    })
}

fn sign_fault(letter: char, before: char) -> Option<&'static str> {
    match letter {
        '\u{80}'..='\u{9f}' => Some("the text holds a control character"),
        '\u{a0}' => Some("the text holds a no-break space"),
        '\u{ad}' => Some("the text holds a soft hyphen"),
        '\u{200c}' | '\u{200d}' => is_latin(before).then_some("the text holds a zero-width character"),
        '\u{200b}' | '\u{feff}' => Some("the text holds a zero-width character"),
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            Some("the text holds a mark for the direction of writing")
        }
        _ => None,
    }
}

/// Letters beside which joiners have no meaning: below the combining marks all letters are Latin.
fn is_latin(letter: char) -> bool {
    letter < '\u{300}'
}

fn cleaned(value: &str, ignores_blanks: bool) -> String {
    let is_plain = value.bytes().all(|byte| (b' '..0x7f).contains(&byte));
    let text = if is_plain { Cow::Borrowed(value) } else { Cow::Owned(without_faults(value, ignores_blanks)) };
    if ignores_blanks {
        return text.into_owned();
    }
    // Up to where several blanks stand, not word by word: of a very long value most stays as it is.
    let mut rest = text.trim_matches(' ');
    let mut joined = String::with_capacity(rest.len());
    while let Some(at) = memchr::memmem::find(rest.as_bytes(), b"  ") {
        joined.push_str(&rest[..=at]);
        rest = rest[at..].trim_start_matches(' ');
    }
    joined.push_str(rest);
    joined
}

fn without_faults(value: &str, ignores_blanks: bool) -> String {
    let mut text = String::with_capacity(value.len());
    let mut before = ' ';
    for letter in value.chars() {
        match letter {
            '\u{a0}' => text.push(' '),
            '\n' | '\t' | '\r' if ignores_blanks => text.push(letter),
            '\n' | '\t' | '\r' => text.push(' '),
            _ if letter.is_control() || sign_fault(letter, before).is_some() => {}
            _ => text.push(letter),
        }
        before = letter;
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{RULE, cleaned, without_faults};
    use crate::audit::rules::testing::{check, check_change, problems};

    proptest! {
        #[test]
        fn cleaned_texts_are_their_words(text in "[ a\u{a0}\n\u{200b}é]{0,12}") {
            let visible = without_faults(&text, false);
            let words: Vec<&str> = visible.split(' ').filter(|word| !word.is_empty()).collect();
            prop_assert_eq!(cleaned(&text, false), words.join(" "));
            prop_assert_eq!(cleaned(&text, true), without_faults(&text, true));
        }
    }

    #[test]
    fn hidden_characters_are_found() {
        for (text, clean) in [
            ("social\u{a0}media", "social media"),
            ("\u{98}The\u{9c} use", "The use"),
            ("so\u{ad}cial", "social"),
            ("a  b ", "a b"),
            ("a\\tb", "a b"),
            ("a\u{200b}b", "ab"),
        ] {
            let found = problems(&RULE, &format!(r#"{{"title":"{text}"}}"#));
            assert_eq!(found[0].suggestion.as_deref(), Some(clean), "{text:?}");
        }
        check_change(&RULE, r#"{"topic":["a  b","c"," d"]}"#, &[("topic", "a b | c | d")]);
        check(&RULE, "{\"title\":\"می\u{200c}خواهم\",\"description\":\"a\\nb  c\",\"title_sort\":\" x\"}", &[]);
        check(
            &RULE,
            "{\"description\":\"a\u{a0}b\",\"fullrecord\":\"a\\u001eb\",\"callnumber-sort\":\"A   12\"}",
            &["description"],
        );
    }
}
