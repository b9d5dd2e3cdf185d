//! Bytes of one document → [`Record`].
//!
//! simd-json unescapes into its input, so every document is copied into a buffer of the thread first:
//! the map stays as the evidence, and the copy is in the noise beside the parse.

use std::borrow::Cow;
use std::cell::Cell;

use simd_json::{Buffers, INPUT_PADDING, Node, StaticNode, Tape};

use super::record::{Record, Shape};
use super::scan;

/// Why a document was not taken, in words for `rejects.jsonl`.
pub type Reason = Cow<'static, str>;

/// Deepest nesting that is looked into. Solr documents have two levels; simd-json's tape is flat, but
/// printing a nested value recurses.
const MAX_DEPTH: usize = 64;

/// Bytes of the longest document whose buffers are kept for the next one that a thread reads again.
const MOST_KEPT: usize = 1 << 20;

/// Buffers of one thread, reused for every document it parses.
#[derive(Default)]
pub struct Parser {
    scratch: Vec<u8>,
    buffers: Buffers,
    nodes: Option<Tape<'static>>,
    record: Record<'static>,
}

impl Parser {
    /// Lends a parser of the thread, for those who read single records again.
    pub(crate) fn lend<T>(read: impl FnOnce(&mut Parser) -> T) -> T {
        thread_local!(static LENT: Cell<Parser> = Cell::default());
        // Whoever asks while it is lent gets a new one.
        let mut parser = LENT.take();
        let result = read(&mut parser);
        if parser.scratch.capacity() <= MOST_KEPT {
            LENT.set(parser);
        }
        result
    }

    /// Parses one document and hands it to `visit`.
    ///
    /// # Errors
    /// The reason why the bytes are not a usable record: not UTF-8, not JSON, not an object, without id.
    pub fn parse<T>(&mut self, bytes: &[u8], visit: impl FnOnce(&Record<'_>) -> T) -> Result<T, Reason> {
        let Parser { scratch, buffers, nodes, record } = self;
        load(scratch, bytes);
        let mut tape = nodes.take().unwrap_or(Tape(Vec::new())).reset();
        if let Err(error) = simd_json::fill_tape_padded(scratch, bytes.len(), buffers, &mut tape) {
            tape = tape.reset();
            load(scratch, bytes);
            if !replace_lone_surrogates(&mut scratch[..bytes.len()]) {
                return Err(explain(bytes, &error));
            }
            if let Err(error) = simd_json::fill_tape_padded(scratch, bytes.len(), buffers, &mut tape) {
                return Err(explain(bytes, &error));
            }
        }
        let mut parsed = std::mem::take(record).recycle();
        let result = fill(&mut parsed, &tape.0).map(|()| visit(&parsed));
        *record = parsed.recycle();
        *nodes = Some(tape.reset());
        result
    }
}

fn load(scratch: &mut Vec<u8>, bytes: &[u8]) {
    scratch.clear();
    scratch.extend_from_slice(bytes);
    scratch.resize(bytes.len() + INPUT_PADDING, 0);
}

/// Reads the tape's outermost object into `record` and checks the id.
fn fill<'a>(record: &mut Record<'a>, tape: &[Node<'a>]) -> Result<(), Reason> {
    let Some(Node::Object { len, .. }) = tape.first() else {
        return Err("not a JSON object".into());
    };
    let mut at = 1;
    for _ in 0..*len {
        let Some(&Node::String(name)) = tape.get(at) else {
            return Err("malformed object".into());
        };
        if name == "id" && matches!(tape.get(at + 1), Some(Node::Object { .. })) {
            return Err("the id is an object: export it as a text".into());
        }
        if name == "id" && is_inexact(&tape[at + 1..]) {
            return Err(
                "the id is a number with a fraction, an exponent or too many digits: export it as a text".into()
            );
        }
        at = read_entry(record, name, tape, at + 1);
    }
    if has_repeated_key(record) {
        record.join_repeated_keys();
    }
    match record.entries().iter().find(|entry| entry.name == "id") {
        None => Err("no id".into()),
        Some(entry) if record.values(entry).iter().all(|id| id.trim().is_empty()) => Err("empty id".into()),
        Some(entry) if record.values(entry).len() > 1 => Err("more than one id".into()),
        Some(_) => Ok(()),
    }
}

/// Whether a value, or the first of an array, is a number that readers of JSON round, so that two become one.
fn is_inexact(value: &[Node<'_>]) -> bool {
    let first = if matches!(value.first(), Some(Node::Array { .. })) { value.get(1) } else { value.first() };
    matches!(first, Some(Node::Static(StaticNode::F64(_))))
}

/// Whether a key comes twice. Documents have some 30 fields, where looking at all pairs of known fields and of
/// the few others is cheap; longer ones are sorted.
fn has_repeated_key(record: &Record<'_>) -> bool {
    let entries = record.entries();
    if entries.len() > 64 {
        return true;
    }
    let mut seen = [0u64; 4];
    entries.iter().enumerate().any(|(at, entry)| match entry.field {
        Some(field) => {
            let bit = field as usize;
            let again = seen[bit / 64] >> (bit % 64) & 1 == 1;
            seen[bit / 64] |= 1 << (bit % 64);
            again
        }
        None => entries[..at].iter().any(|other| other.name == entry.name),
    })
}

/// Reads one value or array of values; returns where the next key stands.
fn read_entry<'a>(record: &mut Record<'a>, name: &'a str, tape: &[Node<'a>], at: usize) -> usize {
    let start = record.n_values();
    match tape[at] {
        Node::String(text) => {
            record.push_value(Cow::Borrowed(text));
            record.push_entry(name, Shape::Scalar, false, start);
            at + 1
        }
        Node::Array { len, .. } => {
            let first = at + 1;
            if let Some(strings) = strings(tape, first, len) {
                record.push_values(strings);
                record.push_entry(name, Shape::Array, false, start);
                return first + len;
            }
            let mut at = first;
            for _ in 0..len {
                at = read_element(record, tape, at);
            }
            record.push_entry(name, Shape::Array, true, start);
            at
        }
        Node::Static(StaticNode::Null) => {
            record.push_entry(name, Shape::Scalar, true, start);
            at + 1
        }
        _ => {
            let next = read_element(record, tape, at);
            record.push_entry(name, Shape::Scalar, true, start);
            next
        }
    }
}

/// The elements of an array if all are strings.
fn strings<'t, 'a>(tape: &'t [Node<'a>], first: usize, len: usize) -> Option<impl Iterator<Item = &'a str> + 't> {
    // Strings take one node each, so any other node shows within the next `len` nodes.
    let nodes = &tape[first..first + len.min(tape.len() - first)];
    let string = |node: &Node<'a>| if let Node::String(text) = node { Some(*text) } else { None };
    nodes.iter().all(|node| string(node).is_some()).then(|| nodes.iter().filter_map(string))
}

/// Reads a value as JSON.
fn read_element<'a>(record: &mut Record<'a>, tape: &[Node<'a>], at: usize) -> usize {
    match tape[at] {
        Node::Static(StaticNode::Null) => at + 1,
        _ => {
            let mut text = String::new();
            let next = print(tape, at, &mut text, 0);
            record.push_value(Cow::Owned(text));
            next
        }
    }
}

/// Writes one tape value as JSON; returns where the next value stands.
fn print(tape: &[Node<'_>], at: usize, out: &mut String, depth: usize) -> usize {
    match tape[at] {
        Node::String(text) => {
            out.push_str(&serde_json::Value::from(text).to_string());
            at + 1
        }
        Node::Static(value) => {
            out.push_str(&value.to_string());
            at + 1
        }
        Node::Object { count, .. } | Node::Array { count, .. } if depth >= MAX_DEPTH => {
            out.push_str("null");
            at + 1 + count
        }
        Node::Array { len, .. } => {
            out.push('[');
            let mut at = at + 1;
            for i in 0..len {
                if i > 0 {
                    out.push(',');
                }
                at = print(tape, at, out, depth + 1);
            }
            out.push(']');
            at
        }
        Node::Object { len, .. } => {
            out.push('{');
            let mut at = at + 1;
            for i in 0..len {
                if i > 0 {
                    out.push(',');
                }
                at = print(tape, at, out, depth + 1);
                out.push(':');
                at = print(tape, at, out, depth + 1);
            }
            out.push('}');
            at
        }
    }
}

/// Turns `\ud83d` without its partner into `\ufffd`, in place and of the same length.
/// Such escapes come from tools that cut strings by UTF-16 units. True if anything was replaced.
fn replace_lone_surrogates(bytes: &mut [u8]) -> bool {
    let mut replaced = false;
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] != b'\\' {
            at += 1;
            continue;
        }
        match surrogate(bytes, at) {
            Some(Half::High) if matches!(surrogate(bytes, at + 6), Some(Half::Low)) => at += 12,
            Some(_) => {
                bytes[at + 2..at + 6].copy_from_slice(b"fffd");
                replaced = true;
                at += 6;
            }
            None => at += 2,
        }
    }
    replaced
}

enum Half {
    High,
    Low,
}

fn surrogate(bytes: &[u8], at: usize) -> Option<Half> {
    let escape = bytes.get(at..at + 6)?;
    if &escape[..2] != b"\\u" {
        return None;
    }
    let code = u16::from_str_radix(std::str::from_utf8(&escape[2..]).ok()?, 16).ok()?;
    match code {
        0xD800..=0xDBFF => Some(Half::High),
        0xDC00..=0xDFFF => Some(Half::Low),
        _ => None,
    }
}

pub(super) const CUT_OFF: &str = "invalid JSON: the record is cut off";

/// The most useful sentence about bytes that did not parse.
fn explain(bytes: &[u8], error: &simd_json::Error) -> Reason {
    if memchr::memchr(0, bytes).is_some() {
        return "NUL bytes".into();
    }
    if let Err(error) = std::str::from_utf8(bytes) {
        return format!("invalid UTF-8 at byte {} of the record", error.valid_up_to()).into();
    }
    let trimmed = bytes.trim_ascii();
    let whole = trimmed.strip_suffix(b",").map_or(b"".as_slice(), <[u8]>::trim_ascii_end);
    if whole.starts_with(b"{") && scan::value_end(whole, 0) == Some(whole.len()) {
        return "invalid JSON: a comma stands behind the record; take it out, or put the lines between [ and ]".into();
    }
    if trimmed.starts_with(b"{") && !trimmed.ends_with(b"}") {
        return CUT_OFF.into();
    }
    format!("invalid JSON near byte {} of the record", error.index()).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Field;

    fn check(json: &str, expected: Result<&str, &str>) {
        let mut parser = Parser::default();
        let got = parser.parse(json.as_bytes(), |record| record.id().to_owned());
        match expected {
            Ok(id) => assert_eq!(got.as_deref(), Ok(id), "{json}"),
            Err(reason) => {
                let got = got.expect_err(json);
                assert!(got.contains(reason), "{json}: {got}");
            }
        }
    }

    #[test]
    fn ids_decide_whether_a_document_is_a_record() {
        check(r#"{"id":"a"}"#, Ok("a"));
        check(r#"{"id":["a"]}"#, Ok("a"));
        check(r#"{"id":17}"#, Ok("17"));
        check(r#"{"id":18446744073709551615}"#, Ok("18446744073709551615"));
        check(r#"{"id":123456789012345678901234}"#, Err("too many digits"));
        check(r#"{"id":[1.10]}"#, Err("with a fraction"));
        check(r#"{"id":""}"#, Err("empty id"));
        check(r#"{"id":null}"#, Err("empty id"));
        check(r#"{"id":["a","b"]}"#, Err("more than one id"));
        check(r#"{"title":"a"}"#, Err("no id"));
        check(r#"["a"]"#, Err("not a JSON object"));
        check(r#""a""#, Err("not a JSON object"));
        check(r#"{"id":"a""#, Err("cut off"));
        check(r#"{"id":"a"} , "#, Err("a comma stands behind the record"));
        check(r#"{"id":"a","#, Err("cut off"));
        check(r#"{"id":"a","title":"x},"#, Err("cut off"));
        check("{\"id\":\"a\0\"}", Err("NUL"));
    }

    #[test]
    fn invalid_utf8_is_named_with_its_byte() {
        let mut parser = Parser::default();
        let reason = parser.parse(b"{\"id\":\"a\xff\"}", |_| ()).expect_err("not UTF-8");
        assert_eq!(reason, "invalid UTF-8 at byte 8 of the record");
    }

    #[test]
    fn scalars_arrays_numbers_and_nested_values_are_kept() {
        let json = r#"{"id":"a","title":"t","author":["x","y"],"_version_":1783657697493647360,
            "merged_boolean":true,"nested":{"a":[1,"q\""]},"mixed":["a",1],"none":null,"long":123456789012345678901}"#;
        let mut parser = Parser::default();
        parser
            .parse(json.as_bytes(), |record| {
                assert_eq!(record.first(Field::Title), Some("t"));
                assert_eq!(record.all(Field::Author), ["x", "y"]);
                assert_eq!(record.first(Field::Version), Some("1783657697493647360"));
                assert_eq!(record.first(Field::MergedBoolean), Some("true"));
                let by_name = |name: &str| {
                    let entry = record.entries().iter().find(|entry| entry.name == name).expect("present");
                    record.values(entry).to_vec()
                };
                assert_eq!(by_name("nested"), [r#"{"a":[1,"q\""]}"#]);
                assert_eq!(by_name("mixed"), [r#""a""#, "1"]);
                assert!(by_name("none").is_empty());
            })
            .expect("a record");
    }

    #[test]
    fn a_repeated_key_loses_no_value() {
        let mut parser = Parser::default();
        parser
            .parse(br#"{"id":"a","author":"x","title":"t","author":["y","z"]}"#, |record| {
                assert_eq!(record.all(Field::Author), ["x", "y", "z"]);
                assert_eq!(record.first(Field::Title), Some("t"));
            })
            .expect("a record");
        // Beside numbers texts are JSON, as in one array of both.
        for json in [r#"{"id":"a","x":[1],"x":["b c"]}"#, r#"{"id":"a","x":[1,"b c"]}"#] {
            let read = |record: &Record<'_>| {
                let entry = record.entries().iter().find(|entry| entry.name == "x").expect("the field");
                assert!(entry.literal);
                assert_eq!(record.values(entry), ["1", "\"b c\""]);
            };
            parser.parse(json.as_bytes(), read).expect("a record");
        }
        let read = |record: &Record<'_>| {
            assert!(!record.entries()[1].literal);
            assert_eq!(record.values(&record.entries()[1]), ["b"]);
        };
        parser.parse(br#"{"id":"a","x":null,"x":["b"]}"#, read).expect("a record");
    }

    #[test]
    fn lone_surrogates_become_replacement_characters() {
        let mut parser = Parser::default();
        let json = br#"{"id":"a","title":"x\ud83d y \ud83d\ude00 \\ud83d"}"#;
        parser
            .parse(json, |record| {
                assert_eq!(record.first(Field::Title), Some("x\u{fffd} y \u{1f600} \\ud83d"));
            })
            .expect("a record");
    }
}
