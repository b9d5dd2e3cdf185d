//! E006: invisible or whitespace.

use std::borrow::Cow;

use super::mojibake;
use crate::audit::texts::{Sign, ignores_blanks, problem};
use crate::audit::{Check, Fix, Found, Rule, Severity, Subject};
use crate::input::{Arity, Entry, Field, ValueShape, arity_of};

/// One finding per field. Safe but for what may be lost text or part several values, which is proposed.
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
does not count in descriptions, nor blanks in call numbers, control numbers and sort titles. What belongs to a
letter in the wrong encoding is left to E001. A control character that is a letter or sign in Windows-1252 (U+0085 for
`…`, U+0092 for `’`) is lost text: that sign is suggested, and the repair is not safe. Nor is that of a tab or line break
between words in a field that may have several values: it is all that parts them, so the values are proposed.
## Source
Unicode; MARC 21, control characters for non-filing text.",
    check: Check::record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    for (entry, mut suspects) in subject.texts_with(Sign::BLANKS_OR_INVISIBLE) {
        // In the lower case of a sort title the damage of the title cannot be told; it goes with that of the title.
        let is_damaged = |title: &str| mojibake::reread(title).is_some();
        if entry.field == Some(Field::TitleSort) && subject.record.filled(Field::Title).is_some_and(is_damaged) {
            continue;
        }
        let ignores_blanks = ignores_blanks(entry);
        let first = suspects.find_map(|value| fault(value, ignores_blanks).map(|message| (value, message)));
        if let Some((value, message)) = first {
            let has_parts = |value: &str| !ignores_blanks && is_parted(value) && may_have_several(entry);
            let values = subject.record.values(entry);
            let after: Vec<String> = values
                .iter()
                .map(|value| match fault(value, ignores_blanks) {
                    Some(_) if !has_parts(value) => cleaned(value, ignores_blanks, Doubts::Stay),
                    _ => value.clone().into_owned(),
                })
                .collect();
            let problem = if has_parts(value) {
                problem(entry, value, "a line break or tab parts the text, perhaps into several values")
                    .suggest(parts(value).join(" | "))
            } else {
                problem(entry, value, message).suggest(cleaned(value, ignores_blanks, Doubts::Go))
            };
            let is_safe = after.iter().ne(values.iter());
            found.add(if is_safe { problem.change_named(entry.name, after) } else { problem });
        }
    }
}

/// Whether a text goes on after a line break or tab, and not with punctuation as a line that was too long does.
fn is_parted(value: &str) -> bool {
    let value = value.trim();
    memchr::memchr3_iter(b'\t', b'\n', b'\r', value.as_bytes())
        .any(|at| !value[at + 1..].trim_start().starts_with([';', ',', ':', '.', '/', ')', ']', '=']))
}

/// Whether a field may have several values, by its name, or else by its shape.
fn may_have_several(entry: &Entry<'_>) -> bool {
    let arity = entry.field.map_or_else(|| arity_of(entry.name), |field| Some(field.arity()));
    arity.map_or(entry.shape == ValueShape::Array, |arity| arity == Arity::Multi)
}

/// What stands between line breaks and tabs, without other faults.
fn parts(value: &str) -> Vec<String> {
    let parts = value.split(['\t', '\n', '\r']).map(|part| cleaned(part, false, Doubts::Go));
    parts.filter(|part| !part.is_empty()).collect()
}

/// What becomes of characters that may stand for lost letters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Doubts {
    /// They stay: a safe repair.
    Stay,
    /// They go, or give way to what they most likely stand for.
    Go,
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
    // Whether a letter is damaged matters only if there is a fault at all.
    let message = first_fault(value.chars().map(|letter| (letter, false)), ignores_blanks)?;
    first_fault(letters(value), ignores_blanks).or_else(|| mojibake::reread(value).is_none().then_some(message))
}

/// What is wrong with the first letter that is at fault and not damaged.
fn first_fault(mut letters: impl Iterator<Item = (char, bool)>, ignores_blanks: bool) -> Option<&'static str> {
    let mut before = ' ';
    letters.find_map(|(letter, is_damaged)| {
        let message = if is_damaged { None } else { sign_fault(letter, before, ignores_blanks) };
        before = letter;
        message
    })
}

/// The letters of a text, each with whether it belongs to a letter that was read in the wrong encoding.
fn letters(value: &str) -> impl Iterator<Item = (char, bool)> + '_ {
    let mut sequences = mojibake::sequences(value).peekable();
    value.char_indices().map(move |(at, letter)| {
        while sequences.next_if(|found| found.end <= at).is_some() {}
        (letter, sequences.peek().is_some_and(|found| found.start <= at))
    })
}

fn sign_fault(letter: char, before: char, ignores_blanks: bool) -> Option<&'static str> {
    match letter {
        '\u{80}'..='\u{9f}' => Some("the text holds a control character"),
        '\u{a0}' => Some("the text holds a no-break space"),
        '\u{ad}' => Some("the text holds a soft hyphen"),
        '\u{200c}' | '\u{200d}' => is_latin(before).then_some("the text holds a zero-width character"),
        '\u{200b}' | '\u{2060}' | '\u{feff}' => Some("the text holds a zero-width character"),
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            Some("the text holds a mark for the direction of writing")
        }
        '\u{2028}' | '\u{2029}' => (!ignores_blanks).then_some("the text holds a line break or tab"),
        _ => None,
    }
}

/// Letters beside which joiners have no meaning: below the combining marks all letters are Latin.
fn is_latin(letter: char) -> bool {
    letter < '\u{300}'
}

fn cleaned(value: &str, ignores_blanks: bool, doubts: Doubts) -> String {
    let is_plain = value.bytes().all(|byte| (b' '..0x7f).contains(&byte));
    let text = if is_plain { Cow::Borrowed(value) } else { Cow::Owned(without_faults(value, ignores_blanks, doubts)) };
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

fn without_faults(value: &str, ignores_blanks: bool, doubts: Doubts) -> String {
    let mut text = String::with_capacity(value.len());
    let leaves_to_others = doubts == Doubts::Stay || mojibake::reread(value).is_some();
    let has_mark = value.contains(['\u{88}', '\u{98}']);
    let mut before = ' ';
    let mut letters = letters(value).peekable();
    while let Some((letter, is_damaged)) = letters.next() {
        let after = letters.peek().map_or(' ', |(after, _)| *after);
        match letter {
            _ if is_damaged && leaves_to_others => text.push(letter),
            '\u{a0}' => text.push(' '),
            '\n' | '\t' | '\r' if ignores_blanks => text.push(letter),
            '\n' | '\t' | '\r' => text.push(' '),
            '\u{2028}' | '\u{2029}' if !ignores_blanks => text.push(' '),
            // MARC's marks around non-filing words, and UNIMARC's; the second may also be `œ` in Windows-1252.
            '\u{88}' | '\u{98}' => {}
            '\u{89}' | '\u{9c}' if has_mark || !before.is_alphabetic() || !after.is_alphabetic() => {}
            _ if mojibake::is_c1(letter) && doubts == Doubts::Stay => text.push(letter),
            _ if mojibake::is_c1(letter) => {
                text.extend(Some(mojibake::as_windows(letter)).filter(|&sign| sign != letter))
            }
            _ if letter.is_control() || sign_fault(letter, before, ignores_blanks).is_some() => {}
            _ => text.push(letter),
        }
        before = letter;
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Doubts, RULE, cleaned, without_faults};
    use crate::audit::rules::testing::{check, check_change, problems};

    proptest! {
        #[test]
        fn cleaned_texts_are_their_words(text in "[ a\u{a0}\n\u{200b}é]{0,12}") {
            let visible = without_faults(&text, false, Doubts::Stay);
            let words: Vec<&str> = visible.split(' ').filter(|word| !word.is_empty()).collect();
            prop_assert_eq!(cleaned(&text, false, Doubts::Stay), words.join(" "));
            prop_assert_eq!(cleaned(&text, true, Doubts::Stay), without_faults(&text, true, Doubts::Stay));
        }
    }

    #[test]
    fn hidden_characters_are_found() {
        for (text, clean) in [
            ("social\u{a0}media", "social media"),
            ("\u{98}The\u{9c} use", "The use"),
            ("\u{98}L'\u{9c}homme", "L'homme"),
            ("so\u{ad}cial", "social"),
            ("a  b ", "a b"),
            ("a\\tb", "a b"),
            ("a\u{200b}b", "ab"),
            ("a\u{2060}b\u{61c}", "ab"),
            ("a\u{2028}b", "a b"),
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

    #[test]
    fn what_parts_values_is_not_made_a_blank() {
        let topics = r#"{"topic":["Harbours\tTariffs \tTaxes","Trade  law","Ports\n"]}"#;
        let found = problems(&RULE, topics);
        assert_eq!(found[0].suggestion.as_deref(), Some("Harbours | Tariffs | Taxes"));
        check_change(&RULE, topics, &[("topic", "Harbours\tTariffs \tTaxes | Trade law | Ports")]);
        check_change(&RULE, r#"{"topic":["Harbours\tTariffs"]}"#, &[]);
        check_change(&RULE, r#"{"series":["Papers\n   ; no. 6"]}"#, &[("series", "Papers ; no. 6")]);
        check_change(&RULE, r#"{"title":"Harbours\tand tariffs"}"#, &[("title", "Harbours and tariffs")]);
    }

    #[test]
    fn what_stands_for_a_lost_letter_is_not_deleted() {
        for text in ["Garc\u{c3}\u{ad}a", "Voyage \u{c3}\u{a0} Paris", "\u{c3}\u{89}cole", "don\u{e2}\u{80}\u{99}t"] {
            check(&RULE, &format!(r#"{{"title":"{text}"}}"#), &[]);
            let also = format!("{text}  and\u{a0}more");
            check_change(&RULE, &format!(r#"{{"title":"{also}"}}"#), &[("title", &format!("{text} and more"))]);
        }
        for (text, better) in
            [("Die Zauberflöte [\u{85}]", "Die Zauberflöte […]"), ("c\u{9c}ur", "cœur"), ("\u{c5}\u{a0}leve", "Å leve")]
        {
            let record = format!(r#"{{"title":"{text}"}}"#);
            assert_eq!(problems(&RULE, &record)[0].suggestion.as_deref(), Some(better));
            check_change(&RULE, &record, &[]);
        }
        check_change(&RULE, "{\"title\":\" a\u{92}b\"}", &[("title", "a\u{92}b")]);
        check(&RULE, "{\"title\":\"\u{c3}\u{89}cole\",\"title_sort\":\"\u{e3}\u{89}cole\"}", &[]);
    }
}
