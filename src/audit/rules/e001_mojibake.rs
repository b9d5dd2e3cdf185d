//! E001: mojibake.

use super::links::is_link;
use super::stored_texts::{problem, texts};
use crate::audit::{Check, Fix, Found, Rule, Severity, Subject};

pub(super) static RULE: Rule = Rule {
    code: "E001",
    name: "mojibake",
    severity: Severity::Error,
    fix: Fix::Safe,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
Sequences such as `Ã©` or `â€™`: characters whose bytes in Windows-1252 are one letter in UTF-8. The text with
these sequences read again is suggested.
## Why it matters
The words cannot be found, and keys are made of the damaged letters.
## Example
`ThÃ©rÃ¨se Raquin`.
## Known gaps
A sequence must be whole, so `São Paulo` and `Âge` are safe. Sequences with a quotation mark or dash, which
can meet by chance after a capital, need a second one in the value. Links and copies are not looked at.
## Source
Windows-1252 and UTF-8.",
    check: Check::record(check),
};

/// Characters that Windows-1252 has at bytes 0x80 to 0x9F, in this order; unassigned bytes stand for themselves.
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

fn check(subject: &Subject<'_>, found: &mut Found) {
    for (entry, values) in texts(subject.record) {
        let damaged = values.iter().find_map(|value| reread(value).map(|better| (value, better)));
        if let Some((value, better)) = damaged {
            found.add(problem(entry, value, "letters were read in the wrong encoding").suggest(better));
        }
    }
}

/// The text with every damaged sequence replaced; none if there is no certain one.
fn reread(text: &str) -> Option<String> {
    if text.is_ascii() || is_link(text) {
        return None;
    }
    // Lead bytes of UTF-8 as Windows-1252 shows them: U+00C2 to U+00F4, encoded as 0xC3 0x82 to 0xC3 0xB4.
    memchr::memchr(0xC3, text.as_bytes())?;
    let mut better = String::new();
    let (mut n_certain, mut n_doubtful) = (0, 0);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        match sequence(rest) {
            Some((letter, length, is_certain)) => {
                better.push(letter);
                rest = &rest[length..];
                if is_certain { n_certain += 1 } else { n_doubtful += 1 }
            }
            None => {
                better.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    (n_certain > 0 || n_doubtful > 1).then_some(better)
}

/// The letter that the characters at the start of the text stand for, their length in bytes, and whether this is certain.
fn sequence(text: &str) -> Option<(char, usize, bool)> {
    let mut letters = text.chars();
    let first = letters.next()?;
    let lead = windows_byte(first)?;
    let n_bytes = match lead {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return None,
    };
    let mut bytes = [lead; 4];
    let mut length = first.len_utf8();
    let mut has_sign = false;
    for byte in &mut bytes[1..n_bytes] {
        let letter = letters.next()?;
        *byte = windows_byte(letter).filter(|byte| (0x80..0xC0).contains(byte))?;
        length += letter.len_utf8();
        has_sign |=
            matches!(letter, '‘' | '’' | '“' | '”' | '„' | '‚' | '‹' | '›' | '«' | '»' | '–' | '—' | '…' | '\u{a0}');
    }
    let letter = std::str::from_utf8(&bytes[..n_bytes]).ok()?.chars().next()?;
    // Two bytes: common letters are certain, unless a sign after a capital can be meant.
    let is_common = matches!(lead, 0xC2..=0xC5) && !(has_sign && lead != 0xC3 && lead != 0xC2);
    Some((letter, length, n_bytes > 2 || is_common))
}

fn windows_byte(letter: char) -> Option<u8> {
    match u32::from(letter) {
        code @ (0..=0x7F | 0xA0..=0xFF) => u8::try_from(code).ok(),
        _ => WINDOWS.iter().position(|&other| other == letter).and_then(|at| u8::try_from(0x80 + at).ok()),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, problems};

    #[test]
    fn damaged_letters_are_found() {
        for (text, better) in [
            ("ThÃ©rÃ¨se Raquin", "Thérèse Raquin"),
            ("donâ€™t", "don’t"),
            ("10Â µm", "10\u{a0}µm"),
            ("Ð’Ð¾Ð¹Ð½Ð°", "Война"),
        ] {
            let text = text.replace("Â ", "Â\u{a0}");
            let found = problems(&RULE, &format!(r#"{{"title":"{text}"}}"#));
            assert_eq!(found.first().and_then(|problem| problem.suggestion.as_deref()), Some(better), "{text}");
        }
        for text in ["São Paulo", "Âge", "VISÃO", "der Spaß“ ist", "Việt Nam", "ŞTIINŢĂ", "L'ÉTÉ", "ÇA — Ö“"]
        {
            check(&RULE, &format!(r#"{{"title":"{text}"}}"#), &[]);
        }
        check(&RULE, r#"{"title":"ok","spelling":["ThÃ©rÃ¨se"]}"#, &[]);
    }
}
