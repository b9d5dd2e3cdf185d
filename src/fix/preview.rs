//! Records before and after their repair, as unified diffs for people.

use std::fmt::Write as _;

use similar::TextDiff;

use super::{Patch, hash};
use crate::inert::is_active;
use crate::input::{Document, Parser, Record, ValueShape};

/// Where a diff is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Look {
    /// On a terminal that shows colours.
    Colour,
    /// Anywhere else.
    Plain,
}

/// Lines shown around each change.
const CONTEXT: usize = 3;

/// The diff of one record, given as stored, under its patches; those of other bytes and withheld ones are left out and
/// told of. Control characters, and those that change what a terminal shows, are escaped as in JSON.
pub fn preview(stored: &[u8], patches: &[Patch], look: Look) -> String {
    let hash = hash(stored);
    let mut text = String::new();
    let (fresh, stale): (Vec<&Patch>, Vec<&Patch>) = patches.iter().partition(|patch| patch.hash == hash);
    let (safe, withheld): (Vec<&Patch>, Vec<&Patch>) = fresh.into_iter().partition(|patch| patch.withheld.is_none());
    let after = Document::of(stored)
        .map(|document| document.with(safe.iter().map(|patch| (patch.field.as_str(), patch.after.as_slice()))));
    let show = |bytes: &[u8]| Parser::default().parse(bytes, pretty).unwrap_or_default();
    if let (Some(after), Some(patch)) = (after, safe.first()) {
        let place = format!("{}:{} {}", patch.file, patch.line, patch.id);
        diff(&show(stored), &show(&after), &escaped(&place), look, &mut text);
    }
    for patch in safe {
        note(&mut text, patch, &patch.rule.join(", "), look);
    }
    for patch in withheld {
        note(&mut text, patch, &format!("withheld: {}", patch.withheld.as_deref().unwrap_or_default()), look);
    }
    for patch in stale {
        note(&mut text, patch, "stale: the record has changed since", look);
    }
    text
}

/// `# field: why`.
fn note(text: &mut String, patch: &Patch, why: &str, look: Look) {
    let line = format!("# {}: {}", escaped(&patch.field), escaped(why));
    text.push_str(&painted(&line, Paint::Note, look));
    text.push('\n');
}

fn diff(before: &str, after: &str, place: &str, look: Look, text: &mut String) {
    let lines = TextDiff::from_lines(before, after);
    let diff = lines
        .unified_diff()
        .context_radius(CONTEXT)
        .header(&format!("{place} (stored)"), &format!("{place} (fixed)"))
        .to_string();
    for line in diff.lines() {
        let paint = match line.as_bytes().first() {
            _ if line.starts_with("---") || line.starts_with("+++") => Paint::Head,
            Some(b'-') => Paint::Old,
            Some(b'+') => Paint::New,
            Some(b'@') => Paint::Note,
            _ => Paint::None,
        };
        text.push_str(&painted(line, paint, look));
        text.push('\n');
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Paint {
    None,
    Head,
    Old,
    New,
    Note,
}

fn painted(line: &str, paint: Paint, look: Look) -> String {
    let code = match paint {
        Paint::None => return line.to_owned(),
        Paint::Head => "1",
        Paint::Old => "31",
        Paint::New => "32",
        Paint::Note => "36",
    };
    if look == Look::Plain { line.to_owned() } else { format!("\x1b[{code}m{line}\x1b[0m") }
}

/// The record as JSON, one value a line, fields in the order of the document.
fn pretty(record: &Record<'_>) -> String {
    let mut text = "{\n".to_owned();
    let n_entries = record.entries().len();
    for (at, entry) in record.entries().iter().enumerate() {
        let value = |value: &str| if entry.literal { escaped(value) } else { quoted(value) };
        let values: Vec<String> = record.values(entry).iter().map(|text| value(text)).collect();
        let end = if at + 1 < n_entries { "," } else { "" };
        let shown = match (entry.shape, values.as_slice()) {
            (ValueShape::Scalar, []) => "null".to_owned(),
            (ValueShape::Scalar, [value]) => value.clone(),
            (_, []) => "[]".to_owned(),
            _ => format!("[\n    {}\n  ]", values.join(",\n    ")),
        };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {}: {shown}{end}", quoted(entry.name));
    }
    text + "}\n"
}

fn quoted(text: &str) -> String {
    escaped(&serde_json::Value::from(text).to_string())
}

/// The text with characters escaped that are not seen as they are: controls, marks of direction, joiners, and blanks
/// that look like others.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        let is_hidden = letter.is_control()
            || is_active(letter)
            || matches!(letter, '\u{a0}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
            || matches!(letter, '\u{300}'..='\u{36f}');
        if is_hidden {
            let _ = write!(out, "\\u{:04x}", u32::from(letter));
        } else {
            out.push(letter);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patch(field: &str, after: &[&str], stored: &[u8]) -> Patch {
        Patch {
            id: "a\u{1b}[2J".to_owned(),
            field: field.to_owned(),
            before: Vec::new(),
            after: after.iter().map(|value| (*value).to_owned()).collect(),
            rule: vec!["A006".to_owned()],
            hash: hash(stored),
            file: "x.jsonl".to_owned(),
            line: 3,
            withheld: None,
        }
    }

    #[test]
    fn a_diff_shows_what_changes_and_hides_nothing() {
        let stored = br#"{"id":"a","title":"x\u202ey\u001b[31m","n":12,"author":["Poe,","B"],"none":null}"#;
        let mut patches = vec![patch("author", &["Poe", "B"], stored), patch("title", &["x"], b"other")];
        patches[1].id = "b".to_owned();
        let text = preview(stored, &patches, Look::Plain);
        assert_eq!(
            text,
            "--- x.jsonl:3 a\\u001b[2J (stored)\n+++ x.jsonl:3 a\\u001b[2J (fixed)\n@@ -3,7 +3,7 @@\n   \"title\": \
             \"x\\u202ey\\u001b[31m\",\n   \"n\": 12,\n   \"author\": [\n-    \"Poe,\",\n+    \"Poe\",\n     \"B\"\n   ],\n   \
             \"none\": null\n# author: A006\n# title: stale: the record has changed since\n"
        );
        let painted = preview(stored, &patches, Look::Colour);
        assert!(painted.contains("\x1b[31m-    \"Poe,\",\x1b[0m"));
        assert_eq!(painted.matches('\x1b').count() % 2, 0);
    }
}
