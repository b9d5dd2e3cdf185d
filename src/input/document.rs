//! One document as bytes: single fields are changed, all else stays as it was written.

use std::ops::Range;

use super::fields::{Arity, arity_of};
use super::scan;

/// A document taken apart into its fields, which stay bytes.
pub struct Document<'a> {
    bytes: &'a [u8],
    members: Vec<Member>,
}

struct Member {
    /// None if the key is no text that a field can be called by.
    name: Option<String>,
    /// Where the key begins, at its quotation mark.
    start: usize,
    value: Range<usize>,
}

impl<'a> Document<'a> {
    /// Takes apart the bytes of one JSON object; `None` if they are none.
    pub fn of(bytes: &'a [u8]) -> Option<Document<'a>> {
        let start = bytes.iter().position(|byte| !byte.is_ascii_whitespace())?;
        if bytes[start] != b'{' {
            return None;
        }
        let mut members: Vec<Member> = Vec::new();
        let mut from = start + 1;
        scan::members(bytes, start, |key, value| {
            let quote = from + memchr::memchr(b'"', &bytes[from..]).unwrap_or(0);
            let quoted = bytes.get(quote..quote + key.len() + 2).unwrap_or_default();
            members.push(Member { name: serde_json::from_slice(quoted).ok(), start: quote, value: value.clone() });
            from = value.end;
            true
        })?;
        Some(Document { bytes, members })
    }

    /// The document with new lists of values for some fields, each named once. A field keeps its place and
    /// whether it is an array; one without values is left out; new ones come last, as the schema has them.
    /// Repeated keys become one.
    pub fn with<'c>(&self, changes: impl IntoIterator<Item = (&'c str, &'c [String])>) -> Vec<u8> {
        let changes: Vec<(&str, &[String])> = changes.into_iter().collect();
        let mut out = Vec::with_capacity(self.bytes.len() + 256);
        let Some(first) = self.members.first() else { return self.bytes.to_vec() };
        let last = self.members.last().map_or(0, |member| member.value.end);
        out.extend_from_slice(&self.bytes[..first.start]);
        let before = out.len();
        let mut is_done = vec![false; changes.len()];
        for (at, member) in self.members.iter().enumerate() {
            let change = changes.iter().position(|change| member.name.as_deref() == Some(change.0));
            if change.is_some_and(|change| is_done[change] || changes[change].1.is_empty()) {
                continue;
            }
            if out.len() > before {
                out.extend_from_slice(self.separator(at));
            }
            out.extend_from_slice(&self.bytes[member.start..member.value.start]);
            match change {
                Some(change) => {
                    is_done[change] = true;
                    let is_array = self.bytes[member.value.start] == b'[';
                    self.write_values(changes[change].1, is_array, &mut out);
                }
                None => out.extend_from_slice(&self.bytes[member.value.clone()]),
            }
        }
        for (at, (name, values)) in changes.into_iter().enumerate() {
            if !is_done[at] && !values.is_empty() {
                if out.len() > before {
                    out.extend_from_slice(self.separator(1));
                }
                out.extend_from_slice(quoted(name).as_bytes());
                out.extend_from_slice(if self.is_spaced() { b": " } else { b":" });
                self.write_values(values, arity_of(name) != Some(Arity::Single), &mut out);
            }
        }
        out.extend_from_slice(&self.bytes[last..]);
        out
    }

    /// What stands before a field, if there is a field before it.
    fn separator(&self, at: usize) -> &[u8] {
        match (at.checked_sub(1).and_then(|before| self.members.get(before)), self.members.get(at)) {
            (Some(before), Some(member)) => &self.bytes[before.value.end..member.start],
            _ => b",",
        }
    }

    /// Whether blanks stand after colons.
    fn is_spaced(&self) -> bool {
        self.members.first().is_some_and(|member| self.bytes[member.value.start - 1].is_ascii_whitespace())
    }

    fn write_values(&self, values: &[String], is_array: bool, out: &mut Vec<u8>) {
        if let ([value], false) = (values, is_array) {
            return out.extend_from_slice(quoted(value).as_bytes());
        }
        let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
        let separator = if self.is_spaced() { ", " } else { "," };
        out.extend_from_slice(format!("[{}]", values.join(separator)).as_bytes());
    }
}

/// The bytes of a document without line breaks and blanks between its values, if it has any line break.
pub fn in_one_line(document: &[u8]) -> Vec<u8> {
    if memchr::memchr2(b'\n', b'\r', document).is_none() {
        return document.to_vec();
    }
    let mut line = Vec::with_capacity(document.len());
    let mut in_text = false;
    let mut is_escaped = false;
    for &byte in document {
        if in_text || !byte.is_ascii_whitespace() {
            line.push(byte);
        }
        if byte == b'"' && !is_escaped {
            in_text = !in_text;
        }
        is_escaped = in_text && byte == b'\\' && !is_escaped;
    }
    line
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::Document;

    fn check(document: &str, changes: &[(&str, &[&str])], expected: &str) {
        let changes: Vec<(&str, Vec<String>)> = changes
            .iter()
            .map(|(name, values)| (*name, values.iter().map(|value| (*value).to_owned()).collect()))
            .collect();
        let changes = changes.iter().map(|(name, values)| (*name, values.as_slice()));
        let changed = Document::of(document.as_bytes()).expect("an object").with(changes);
        assert_eq!(String::from_utf8(changed).expect("text"), expected);
    }

    #[test]
    fn fields_change_and_the_rest_stays_as_written() {
        let document = r#"{"id": "a", "title": "\u00e9\ud83d", "author": ["x", "y"], "n": 1.50 }"#;
        check(document, &[], document);
        check(
            document,
            &[("author", &["z"]), ("url", &["u\""]), ("title_sort", &["s"])],
            r#"{"id": "a", "title": "\u00e9\ud83d", "author": ["z"], "n": 1.50, "url": ["u\""], "title_sort": "s" }"#,
        );
        check(document, &[("title", &["t"]), ("n", &[])], r#"{"id": "a", "title": "t", "author": ["x", "y"] }"#);
        check(document, &[("title", &["t", "u"])], &document.replace(r#""\u00e9\ud83d""#, r#"["t", "u"]"#));
        check(r#"{"a":"1","id":"x"}"#, &[("a", &[])], r#"{"id":"x"}"#);
        check(r#"{"id":"x"}"#, &[("title_sort", &["s"])], r#"{"id":"x","title_sort":"s"}"#);
    }

    #[test]
    fn repeated_keys_become_one() {
        check(r#"{"a":"1","id":"x","a":["2"]}"#, &[("a", &["1", "2"])], r#"{"a":["1","2"],"id":"x"}"#);
        check(r#"{"\u0061":"1","id":"x"}"#, &[("a", &["2"])], r#"{"\u0061":"2","id":"x"}"#);
    }

    #[test]
    fn what_is_no_object_is_left_alone() {
        for bytes in ["", "[]", "{\"a\":", "\"x\""] {
            assert!(Document::of(bytes.as_bytes()).is_none(), "{bytes}");
        }
        check("{}", &[("a", &["1"])], "{}");
    }
}
