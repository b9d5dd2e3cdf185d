//! E003: html entity.

use html_escape::NAMED_ENTITIES;

use super::e004_markup::has_broken_markup;
use super::links::is_link;
use super::mojibake::as_windows;
use crate::audit::texts::{Sign, problem};
use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;
use crate::keys::seek::holds_in_any_case;

/// One finding per field, whose repair leaves values that may be about markup, and those of which an entity would be left.
pub(super) static RULE: Rule = Rule {
    code: "E003",
    name: "html-entity",
    severity: Severity::Warn,
    fix: Fix::Safe,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
HTML entities in text, by name (`&amp;`) or number (`&#x27;`). The text with the entities read once is
suggested.
## Why it matters
They are shown raw, and work keys hold their letters (`donx27tpanic`).
## Example
`Don&#x27;t panic`.
## Known gaps
Links are not looked at, nor texts that name a markup language and entities (`HTML entities: from &amp; to &zwj;`).
Where only the language is named (`HTML &amp; CSS`), the entity may be an example, and the repair is not safe. Nor is it
where something would be left that is read as an entity again (`&amp;copy;`), an entity of another list (`&amp;lgr;`) or
broken tags (`u&gt;Title&lt;/u&gt;`). A sort title that lost
the semicolon at its end (`&quot`) is read as if it had it where the title has it.
## Source
HTML's list of named character references; the numbers of control characters are read as HTML reads them.",
    check: Check::record(check),
};

/// Longest name in HTML's list, in bytes: `CounterClockwiseContourIntegral`.
const MAX_NAME: usize = 31;

fn check(subject: &Subject<'_>, found: &mut Found) {
    for (entry, mut suspects) in subject.texts_with(Sign::AMPERSAND) {
        let is_cut = entry.field == Some(Field::TitleSort)
            && subject.record.filled(Field::Title).is_some_and(|title| title.trim_end().ends_with(';'));
        let decoded = |value: &str| if is_cut { decoded_sort(value) } else { decoded(value) };
        let first = suspects.find_map(|value| decoded(value).map(|text| (value, text)));
        let Some((value, first)) = first else { continue };
        let problem = problem(entry, value, "the text holds an HTML entity");
        let values = subject.record.values(entry);
        let texts: Vec<Option<Decoded>> = values.iter().map(|value| decoded(value)).collect();
        if texts.iter().flatten().any(|text| text.is_damaged) {
            found.add(Problem { message: LOST.to_owned(), ..problem });
            continue;
        }
        let problem = problem.suggest(first.text);
        let after = values.iter().zip(texts).map(|(value, text)| match text {
            Some(Decoded { text, is_certain: true, .. }) => text,
            _ => value.clone().into_owned(),
        });
        let after: Vec<String> = after.collect();
        let is_safe = after.iter().ne(values.iter());
        found.add(if is_safe { problem.change_named(entry.name, after) } else { problem });
    }
}

/// What is said where an entity is that of the replacement character or of a control character.
const LOST: &str = "a letter or its accent is lost, and an HTML entity stands in its place";

/// A text with every entity read once.
struct Decoded {
    text: String,
    /// Whether an entity stands for no letter: the replacement character or a control character. The letter meant is
    /// lost, and to write the character out would only trade this finding for one of E001 or E002.
    is_damaged: bool,
    /// Whether the text does not speak of a markup language, of which the entities may be an example, and nothing is left
    /// of entities or of tags.
    is_certain: bool,
}

/// The same of a sort title whose title ends in a semicolon, which is not taken into the sort title and may have been that of
/// an entity.
fn decoded_sort(sort: &str) -> Option<Decoded> {
    let is_cut = memchr::memrchr(b'&', sort.as_bytes()).is_some_and(|at| {
        let entity = format!("{};", &sort[at..]);
        read_entity(&entity, &mut String::new()) == Some(entity.len())
    });
    if !is_cut {
        return decoded(sort);
    }
    let whole = decoded(&format!("{sort};"))?;
    Some(Decoded { text: whole.text.trim_end().to_owned(), ..whole })
}

/// Whether an entity is left, which may be meant as it stands, or one of another list, of SGML or of a program's own: `&copy;`,
/// `&lgr;`, `&unknown;`.
fn holds_entity(text: &str) -> bool {
    memchr::memchr_iter(b'&', text.as_bytes()).any(|at| {
        let rest = &text.as_bytes()[at + 1..];
        let name = rest.iter().take(MAX_NAME + 1).position(|&byte| byte == b';').map(|end| &rest[..end]);
        let is_name = name.is_some_and(|name| name.len() >= MIN_STRANGE && name.iter().all(u8::is_ascii_alphanumeric));
        is_name || read_entity(&text[at..], &mut String::new()).is_some()
    })
}

/// Shortest name of an entity of another list, in bytes: `AT&T;` has none.
const MIN_STRANGE: usize = 3;

/// The text with every entity read once; none if there is no entity, or if it is about them.
fn decoded(value: &str) -> Option<Decoded> {
    let first = memchr::memchr(b'&', value.as_bytes())?;
    if is_link(value) {
        return None;
    }
    let mut text = String::new();
    let mut rest = &value[first..];
    let (mut has_entity, mut is_damaged) = (false, false);
    while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let start = text.len();
        let length = match read_entity(rest, &mut text) {
            Some(length) => {
                has_entity = true;
                length
            }
            None => {
                text.push('&');
                1
            }
        };
        is_damaged |=
            text[start..].contains(|letter: char| letter == char::REPLACEMENT_CHARACTER || letter.is_control());
        rest = &rest[length..];
    }
    if !has_entity {
        return None;
    }
    let is_certain = !["html", "xml", "sgml"].iter().any(|language| holds_in_any_case(value, language));
    if !is_certain && holds_in_any_case(value, "entit") {
        return None;
    }
    let text = format!("{}{text}{rest}", &value[..first]);
    let is_certain = is_certain && !holds_entity(&text) && !has_broken_markup(&text);
    Some(Decoded { text, is_damaged, is_certain })
}

/// Names of signs, which have no case: in titles that were capitalised they are written so as well (`&Amp;`).
const SIGNS: [&str; 6] = ["amp", "apos", "gt", "lt", "nbsp", "quot"];

/// Writes what the entity at the start of the text stands for, and returns its length in bytes.
fn read_entity(text: &str, out: &mut String) -> Option<usize> {
    let length = text.bytes().take(MAX_NAME + 2).position(|byte| byte == b';')?;
    let name = &text[1..length];
    if let Some(number) = name.strip_prefix('#') {
        // HTML reads the numbers of control characters as bytes of Windows-1252.
        out.push(as_windows(char::from_u32(code(number)?)?));
    } else {
        let name = SIGNS.iter().find(|sign| sign.eq_ignore_ascii_case(name)).unwrap_or(&name);
        let at = NAMED_ENTITIES.binary_search_by_key(&name.as_bytes(), |row| row.0).ok()?;
        out.push_str(NAMED_ENTITIES[at].1);
    }
    Some(length + 1)
}

fn code(number: &str) -> Option<u32> {
    match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None => number.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, check_change, problems};

    #[test]
    fn entities_are_found() {
        assert!(super::NAMED_ENTITIES.is_sorted_by_key(|row| row.0));
        assert_eq!(super::NAMED_ENTITIES.iter().map(|row| row.0.len()).max(), Some(super::MAX_NAME));
        for (text, decoded) in [
            ("Don&#x27;t panic", "Don't panic"),
            ("Fish &amp; chips &amp;amp; peas", "Fish & chips &amp; peas"),
            ("M&uuml;ller &#8211; x", "Müller – x"),
            ("The Dvo&rcaron;&aacute;k letters", "The Dvořák letters"),
            ("x&sup2; and 5 &euro;, &Sigma;-algebras", "x² and 5 €, Σ-algebras"),
            ("&iquest;Qu&eacute;?", "¿Qué?"),
            ("1939&#150;1945", "1939–1945"),
            ("Aerotropism &Amp; Pathology &LT;x&Gt;", "Aerotropism & Pathology <x>"),
        ] {
            let found = problems(&RULE, &format!(r#"{{"title":"{text}"}}"#));
            assert_eq!(found[0].suggestion.as_deref(), Some(decoded));
        }
        check_change(&RULE, r#"{"topic":["a","b &amp; c","&lt;d"]}"#, &[("topic", "a | b & c | <d")]);
        for lost in ["Cura&#xFFFD;ao", "a &#7; b"] {
            let found = problems(&RULE, &format!(r#"{{"title":"{lost}"}}"#));
            assert_eq!((found.len(), found[0].suggestion.as_deref()), (1, None));
        }
        check(&RULE, r#"{"title":"R&D; results & more","url":["http://x.org/?a=b&copy;=1"]}"#, &[]);
    }

    #[test]
    fn what_would_be_left_half_read_is_not_repaired() {
        for text in [
            "A &amp;lgr;-calculus",
            "&amp;slash; and x",
            "u&gt;Braille&lt;/u&gt;",
            "The&lt; i&gt; n-cube&lt;/i&gt;",
            "Fish &amp;amp; chips",
            "&amp;#169; and &amp;lt;",
        ] {
            check(&RULE, &format!(r#"{{"title":"{text}"}}"#), &["title"]);
            check_change(&RULE, &format!(r#"{{"title":"{text}"}}"#), &[]);
        }
        let law = r#"{"title":"Q&amp;A on &amp;copy; law"}"#;
        assert_eq!(problems(&RULE, law)[0].suggestion.as_deref(), Some("Q&A on &copy; law"));
        check_change(&RULE, law, &[]);
        let topics = r#"{"topic":["Q&amp;A on &amp;copy; law","cats &amp; dogs"]}"#;
        check_change(&RULE, topics, &[("topic", "Q&amp;A on &amp;copy; law | cats & dogs")]);
        check_change(&RULE, r#"{"title":"AT&amp;T; a &lt;i&gt;b&lt;/i&gt;"}"#, &[("title", "AT&T; a <i>b</i>")]);
        let cut = r#"{"title":"On &quot;cats&quot;","title_sort":"on &quot;cats&quot"}"#;
        check_change(&RULE, cut, &[("title", "On \"cats\""), ("title_sort", "on \"cats\"")]);
        let whole = r#"{"title":"Cats &amp; me","title_sort":"cats &amp; me &lt"}"#;
        check_change(&RULE, whole, &[("title", "Cats & me"), ("title_sort", "cats & me &lt")]);
    }

    #[test]
    fn texts_about_entities_are_left_alone() {
        check(&RULE, r#"{"title":"HTML entities: from &amp; to &zwj; explained"}"#, &[]);
        check(&RULE, r#"{"title":"Legal entities &amp; taxes"}"#, &["title"]);
        let record = r#"{"title":"HTML &amp; CSS"}"#;
        assert_eq!(problems(&RULE, record)[0].suggestion.as_deref(), Some("HTML & CSS"));
        check_change(&RULE, record, &[]);
        let topics = r#"{"topic":["XML &amp; Java","cats &amp; dogs"]}"#;
        check_change(&RULE, topics, &[("topic", "XML &amp; Java | cats & dogs")]);
    }
}
