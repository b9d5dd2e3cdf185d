//! Finds the documents inside wrapped JSON without parsing it: Solr answers, arrays, `/export` results.
//!
//! The scanner follows nesting and strings only, at some GB/s, and hands out the byte span of each
//! document. What the document holds is the parser's business. It keeps some 40 bytes per document.

use std::ops::Range;

use super::answers::Answer;

/// What the scanner found, in file order.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// The bytes of one document.
    Document(Range<usize>),
    /// Bytes that cannot be followed, and why.
    Broken(Range<usize>, &'static str),
}

impl Item {
    /// The bytes it covers.
    pub(super) fn span(&self) -> Range<usize> {
        match self {
            Item::Document(span) | Item::Broken(span, _) => span.clone(),
        }
    }
}

/// Keys whose object value leads to the documents.
const WRAPPERS: [&[u8]; 2] = [b"response", b"result-set"];
/// Keys that tell an answer from a document when they stand first.
const ANSWER_KEYS: [&[u8]; 4] = [b"responseHeader", b"response", b"result-set", b"resultCount"];

/// Further keys that an answer begins with, and a document may as well.
const AMBIGUOUS_KEYS: [&[u8]; 13] = [
    b"records",
    b"doc",
    b"status",
    b"error",
    b"debug",
    b"expanded",
    b"facet_counts",
    b"facets",
    b"highlighting",
    b"moreLikeThis",
    b"nextCursorMark",
    b"spellcheck",
    b"stats",
];

/// Whether the object at `start` is an answer that wraps documents, told by its first key. Where a document
/// may begin so too, one with an id is a document.
pub(super) fn is_answer(bytes: &[u8], start: usize) -> bool {
    let Some(key) = first_key(bytes, start) else { return false };
    ANSWER_KEYS.contains(&key) || AMBIGUOUS_KEYS.contains(&key) && member_value(bytes, start, b"id").is_none()
}

/// Whether the object that `bytes` hold is an answer and no document, wherever it stands: by a key that no document begins with, or by the
/// documents in it.
pub(super) fn is_surely_answer(bytes: &[u8]) -> bool {
    let start = bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    if bytes.get(start) != Some(&b'{') || !is_answer(bytes, start) {
        return false;
    }
    let is_ambiguous = first_key(bytes, start).is_none_or(|key| AMBIGUOUS_KEYS.contains(&key));
    !is_ambiguous || documents(bytes).items.iter().any(|item| matches!(item, Item::Document(_)))
}

/// Whether the object that `bytes` hold ends an `/export` answer: `EOF`, and no key but those beside it.
pub(super) fn is_end_mark(bytes: &[u8]) -> bool {
    const KEYS: [&[u8]; 3] = [b"EOF", b"RESPONSE_TIME", b"EXCEPTION"];
    let start = bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    if bytes.get(start) != Some(&b'{') || bytes.len() > 1 << 16 {
        return false;
    }
    let mut only_these = true;
    let seen = members(bytes, start, |key, _| {
        only_these &= KEYS.contains(&key);
        only_these
    });
    only_these && seen.is_some() && memchr::memmem::find(bytes, b"\"EOF\"").is_some()
}

/// What a file holds.
pub(super) struct Scanned {
    /// All documents, in file order.
    pub(super) items: Vec<Item>,
    /// What each answer says about itself.
    pub(super) answers: Vec<Answer>,
}

/// All documents of `bytes`: any number of top-level values, each an answer, an array or a document.
pub(super) fn documents(bytes: &[u8]) -> Scanned {
    let mut scanner = Scanner::at(bytes, 0);
    scanner.skip_prefix();
    while scanner.top_level() {}
    Scanned { items: scanner.items, answers: scanner.answers }
}

/// The first key of the object that starts at `start`, if one can be read.
pub(super) fn first_key(bytes: &[u8], start: usize) -> Option<&[u8]> {
    let mut scanner = Scanner::at(bytes, start + 1);
    scanner.blank();
    scanner.key().ok()
}

/// The end (exclusive) of the JSON value at `start`, if it is closed within `bytes`.
pub(super) fn value_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut scanner = Scanner::at(bytes, start);
    scanner.value().ok().map(|()| scanner.at)
}

struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    items: Vec<Item>,
    found_list: bool,
    answers: Vec<Answer>,
    /// The answer that is being read.
    answer: Answer,
}

/// Why a value cannot be followed; the position is the scanner's.
pub(super) type Broken = &'static str;

pub(super) const CUT_OFF: Broken = "the file ends inside the record";
const NEWLINE_IN_STRING: Broken = "invalid JSON: a line break inside a string";
const UNEXPECTED: Broken = "invalid JSON: unexpected character";

impl<'a> Scanner<'a> {
    fn at(bytes: &'a [u8], at: usize) -> Scanner<'a> {
        Scanner { bytes, at, items: Vec::new(), found_list: false, answers: Vec::new(), answer: Answer::default() }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn blank(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    /// Skips a byte order mark and the `name(` of a JSONP wrapper.
    fn skip_prefix(&mut self) {
        if self.bytes.starts_with(b"\xef\xbb\xbf") {
            self.at = 3;
        }
        self.blank();
        self.at += jsonp_prefix(&self.bytes[self.at..]);
    }

    /// Reads one top-level value; false at the end of the file.
    fn top_level(&mut self) -> bool {
        // Between values stand blanks, and after JSONP `);`.
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace() || matches!(byte, b',' | b')' | b';')) {
            self.at += 1;
        }
        let start = self.at;
        let result = match self.peek() {
            None => return false,
            Some(b'[') => self.list(),
            Some(b'{') if is_answer(self.bytes, start) => self.top_answer(start),
            Some(b'{') => {
                self.document();
                Ok(())
            }
            Some(_) => Err(UNEXPECTED),
        };
        if let Err(reason) = result {
            self.give_up(self.at, reason);
        }
        true
    }

    /// An answer, which must hold documents somewhere.
    fn top_answer(&mut self, start: usize) -> Result<(), Broken> {
        const NO_LIST: Broken =
            "an answer without a list of documents; export with rows=1000000 or /export, without grouping";
        self.found_list = false;
        // The first document of an answer is that with the number 0, unless it says something else.
        self.answer = Answer { start: Some(0), ..Answer::default() };
        let n_before = self.items.len();
        let read = self.answer();
        self.answers.push(self.answer);
        read?;
        if !self.found_list && self.items.len() == n_before {
            self.items.push(Item::Broken(start..self.at, NO_LIST));
        }
        Ok(())
    }

    /// Reports the bytes since `start` as broken and goes on at the next line that opens an object.
    fn give_up(&mut self, start: usize, reason: Broken) {
        let from = self.at.max(start + 1).min(self.bytes.len());
        let next = next_object_line(self.bytes, from).unwrap_or(self.bytes.len());
        self.items.push(Item::Broken(start..next, reason));
        self.at = next;
    }

    /// The file ends inside an answer: records may be missing. Said once, not for every level.
    fn missing_end(&mut self) {
        let end = self.bytes.len();
        let said = matches!(self.items.last(), Some(Item::Broken(span, _)) if span.end == end);
        if !said {
            self.items.push(Item::Broken(end..end, "the file ends inside the list of records; some may be missing"));
        }
    }

    /// An object that wraps documents somewhere below.
    fn answer(&mut self) -> Result<(), Broken> {
        self.at += 1;
        loop {
            self.blank();
            match self.peek() {
                None => {
                    self.missing_end();
                    return Ok(());
                }
                Some(b'}') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b',') => self.at += 1,
                Some(b'"') => self.member()?,
                Some(_) => return Err(UNEXPECTED),
            }
        }
    }

    /// One `"key": value` of an answer.
    fn member(&mut self) -> Result<(), Broken> {
        let key = self.key()?;
        self.blank();
        if self.peek() != Some(b':') {
            return Err(UNEXPECTED);
        }
        self.at += 1;
        self.blank();
        match self.peek() {
            Some(b'[') if key == b"records" => {
                let first = self.items.len();
                // VuFind's API gives pages and does not say which.
                self.answer.start = None;
                self.counted_list()?;
                self.unwrap_raw_data(first);
                Ok(())
            }
            Some(b'[') if key == b"docs" => self.counted_list(),
            Some(b'{') if WRAPPERS.contains(&key) => self.answer(),
            Some(b'{') if key == b"doc" => {
                self.document();
                Ok(())
            }
            Some(b'{') if key == b"error" => {
                let start = self.at;
                self.value()?;
                self.items.push(Item::Broken(start..self.at, "Solr answered with an error instead of documents"));
                Ok(())
            }
            _ => {
                let start = self.at;
                self.value()?;
                self.note(key, start..self.at);
                Ok(())
            }
        }
    }

    /// Takes down what an answer says about how much it holds.
    fn note(&mut self, key: &[u8], value: Range<usize>) {
        let number = || std::str::from_utf8(&self.bytes[value.clone()]).ok()?.trim().parse::<u64>().ok();
        match key {
            b"numFound" | b"resultCount" => self.answer.n_found = number().or(self.answer.n_found),
            // A page behind a cursor begins where the cursor stood, and says 0.
            b"start" if self.answer.start.is_some() => self.answer.start = number().or(Some(0)),
            b"nextCursorMark" => self.answer.start = None,
            b"responseHeader" if self.bytes.get(value.start) == Some(&b'{') => {
                let partial = member_value(self.bytes, value.start, b"partialResults");
                self.answer.is_partial |= partial.is_some_and(|partial| &self.bytes[partial] == b"true");
            }
            _ => (),
        }
    }

    /// A list of documents that belong to an answer.
    fn counted_list(&mut self) -> Result<(), Broken> {
        let n_before = self.items.len();
        let read = self.list();
        let is_end = |item: &&Item| matches!(item, Item::Document(span) if is_end_mark(&self.bytes[span.clone()]));
        let n_ends = self.items[n_before..].iter().rev().take(1).filter(is_end).count();
        self.answer.n_documents += (self.items.len() - n_before - n_ends) as u64;
        read
    }

    /// VuFind's API shows records under names of its own; the Solr document is in `rawData`, if asked for.
    fn unwrap_raw_data(&mut self, first: usize) {
        const ADVICE: &str = "the API answer holds no rawData; ask for it with field[]=rawData";
        for item in &mut self.items[first..] {
            if let Item::Document(span) = item {
                let is_object = self.bytes.get(span.start) == Some(&b'{');
                let raw = is_object.then(|| member_value(self.bytes, span.start, b"rawData")).flatten();
                // Where brackets do not match, the members may be followed beyond the record's end.
                *item = match raw.filter(|raw| raw.end <= span.end) {
                    Some(raw) => Item::Document(raw),
                    None => Item::Broken(span.clone(), ADVICE),
                };
            }
        }
    }

    /// An array of documents.
    fn list(&mut self) -> Result<(), Broken> {
        self.found_list = true;
        self.at += 1;
        loop {
            self.blank();
            match self.peek() {
                None => {
                    self.missing_end();
                    return Ok(());
                }
                Some(b']') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b',') => self.at += 1,
                Some(b'}') => return Err(UNEXPECTED),
                Some(_) => self.document(),
            }
        }
    }

    /// One document, or whatever stands in its place.
    fn document(&mut self) {
        let start = self.at;
        match self.value() {
            Err(reason) => self.give_up(start, reason),
            Ok(()) if self.at == start => {
                self.at += 1;
                self.give_up(start, UNEXPECTED);
            }
            Ok(()) => self.items.push(Item::Document(start..self.at)),
        }
    }

    fn key(&mut self) -> Result<&'a [u8], Broken> {
        let start = self.at;
        if self.peek() != Some(b'"') {
            return Err(UNEXPECTED);
        }
        self.string()?;
        Ok(&self.bytes[start + 1..self.at - 1])
    }

    /// Any value: nesting is followed, not judged.
    fn value(&mut self) -> Result<(), Broken> {
        let mut depth = 0u64;
        loop {
            let Some(byte) = self.peek() else {
                return if depth == 0 { Ok(()) } else { Err(CUT_OFF) };
            };
            match byte {
                b'"' => {
                    self.string()?;
                    if depth == 0 {
                        return Ok(());
                    }
                }
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' => {
                    if depth == 0 {
                        return Ok(());
                    }
                    depth -= 1;
                    self.at += 1;
                    if depth == 0 {
                        return Ok(());
                    }
                }
                _ if depth == 0 && (byte == b',' || byte.is_ascii_whitespace()) => return Ok(()),
                _ => self.at += 1,
            }
        }
    }

    /// A string, from quote to quote.
    fn string(&mut self) -> Result<(), Broken> {
        self.at += 1;
        loop {
            let rest = &self.bytes[self.at.min(self.bytes.len())..];
            let Some(found) = memchr::memchr3(b'"', b'\\', b'\n', rest) else {
                self.at = self.bytes.len();
                return Err(CUT_OFF);
            };
            self.at += found;
            match self.bytes[self.at] {
                b'"' => {
                    self.at += 1;
                    return Ok(());
                }
                b'\\' => self.at += 2,
                _ => return Err(NEWLINE_IN_STRING),
            }
        }
    }
}

/// The bytes of the value under `wanted` in the object that starts at `start`.
fn member_value(bytes: &[u8], start: usize, wanted: &[u8]) -> Option<Range<usize>> {
    let mut found = None;
    members(bytes, start, |key, value| {
        if key == wanted {
            found = Some(value);
        }
        found.is_none()
    });
    found
}

/// Shows keys and values of the object that starts at `start` until `show` says false; `None` if the object
/// cannot be followed to its end.
pub(super) fn members<'a>(
    bytes: &'a [u8],
    start: usize,
    mut show: impl FnMut(&'a [u8], Range<usize>) -> bool,
) -> Option<()> {
    let mut scanner = Scanner::at(bytes, start + 1);
    loop {
        while scanner.peek().is_some_and(|byte| byte.is_ascii_whitespace() || byte == b',') {
            scanner.at += 1;
        }
        if scanner.peek()? == b'}' {
            return Some(());
        }
        let key = scanner.key().ok()?;
        scanner.blank();
        if scanner.peek() != Some(b':') {
            return None;
        }
        scanner.at += 1;
        scanner.blank();
        let from = scanner.at;
        scanner.value().ok()?;
        if !show(key, from..scanner.at) {
            return Some(());
        }
    }
}

/// Length of a JSONP prefix such as `callback(`, or 0.
pub(super) fn jsonp_prefix(bytes: &[u8]) -> usize {
    let name = bytes.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$' | b'.')).count();
    if name > 0 && bytes.get(name) == Some(&b'(') { name + 1 } else { 0 }
}

/// Start of the next line whose first non-blank byte is `{`, after `from`.
fn next_object_line(bytes: &[u8], from: usize) -> Option<usize> {
    memchr::memchr_iter(b'\n', &bytes[from..]).find_map(|newline| {
        let line = from + newline + 1;
        let blanks = bytes[line..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        (bytes.get(line + blanks) == Some(&b'{')).then_some(line + blanks)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<String> = documents(text.as_bytes())
            .items
            .into_iter()
            .map(|item| match item {
                Item::Document(span) => text[span].to_owned(),
                Item::Broken(span, _) => format!("BROKEN {}", &text[span]),
            })
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn documents_are_found_in_every_wrapper() {
        check(r#"[{"id":"a"},{"id":"b","x":{"y":[1]}}]"#, &[r#"{"id":"a"}"#, r#"{"id":"b","x":{"y":[1]}}"#]);
        check(
            r#"{"responseHeader":{"params":{"docs":"[{"}},"response":{"numFound":2,"docs":[{"id":"a"}]},"facet_counts":{}}"#,
            &[r#"{"id":"a"}"#],
        );
        check(r#"{"resultCount":1,"records":[{"x":1, "rawData": {"id":"a"}}],"status":"OK"}"#, &[r#"{"id":"a"}"#]);
        check(r#"{"doc":{"id":"a"}}"#, &[r#"{"id":"a"}"#]);
        check(r#"{"result-set":{"docs":[{"id":"a"},{"EOF":true}]}}"#, &[r#"{"id":"a"}"#, r#"{"EOF":true}"#]);
        check("{\"id\":\"a\"}\n{\n \"id\": \"b\"\n}", &[r#"{"id":"a"}"#, "{\n \"id\": \"b\"\n}"]);
        check(r#"cb({"response":{"docs":[{"id":"a"}]}});"#, &[r#"{"id":"a"}"#]);
        check(
            r#"{"response":{"docs":[{"id":"a"}]}}{"response":{"docs":[{"id":"b"}]}}"#,
            &[r#"{"id":"a"}"#, r#"{"id":"b"}"#],
        );
        check(r#"[{"id":"a \"]} b"}]"#, &[r#"{"id":"a \"]} b"}"#]);
        check("[]", &[]);
    }

    #[test]
    fn damage_is_reported_and_left_behind_at_the_next_document() {
        check(r#"{"response":{"docs":[{"id":"a"},{"id":"b","ti"#, &[r#"{"id":"a"}"#, r#"BROKEN {"id":"b","ti"#]);
        check(r#"{"response":{"docs":[{"id":"a"},"#, &[r#"{"id":"a"}"#, "BROKEN "]);
        check("[{\"id\":\"a\nb\"},\n{\"id\":\"c\"}]", &["BROKEN {\"id\":\"a\nb\"},\n", r#"{"id":"c"}"#]);
        check(r#"{"error":{"msg":"x"}}"#, &[r#"BROKEN {"msg":"x"}"#]);
        check(
            r#"{"responseHeader":{},"grouped":{"x":{"doclist":{"docs":[]}}}}"#,
            &[r#"BROKEN {"responseHeader":{},"grouped":{"x":{"doclist":{"docs":[]}}}}"#],
        );
        check(r#"{"status":"active","id":"a"}"#, &[r#"{"status":"active","id":"a"}"#]);
        check(r#"[1,{"id":"a"}]"#, &["1", r#"{"id":"a"}"#]);
    }

    #[test]
    fn answers_say_how_much_they_hold() {
        let check = |text: &str, n_found, start, n_documents, is_partial| {
            let expected = Answer { n_found, start, n_documents, is_partial };
            assert_eq!(documents(text.as_bytes()).answers, [expected], "{text}");
        };
        let docs = r#""docs":[{"id":"a","numFound":7},{"id":"b"}]"#;
        check(&format!(r#"{{"response":{{"numFound":9,"start":4,{docs}}}}}"#), Some(9), Some(4), 2, false);
        check(&format!(r#"{{"response":{{{docs},"start" : 4 , "numFound" : 9 }}}}"#), Some(9), Some(4), 2, false);
        let header = r#""responseHeader":{"status":0,"partialResults":true,"params":{"q":"x"}}"#;
        check(&format!(r#"{{{header},"response":{{"numFound":2,{docs}}}}}"#), Some(2), Some(0), 2, true);
        let cursor = r#""nextCursorMark":"AoE""#;
        check(&format!(r#"{{"response":{{"numFound":9,"start":0,{docs}}},{cursor}}}"#), Some(9), None, 2, false);
        check(r#"{"resultCount":5,"records":[{"rawData":{"id":"a"}}]}"#, Some(5), None, 1, false);
        check(r#"{"result-set":{"docs":[{"id":"a"},{"EOF":true}]}}"#, None, Some(0), 1, false);
        assert!(documents(br#"[{"id":"a"}]"#).answers.is_empty());
    }

    #[test]
    fn answers_are_told_from_documents_without_id() {
        for (text, expected) in [
            (r#"{"responseHeader":{"status":0},"response":{"docs":[]}}"#, true),
            (r#" {"response":{"docs":[{"id":"a"}]}}"#, true),
            (r#"{"resultCount":1,"records":[{"title":"a"}]}"#, true),
            (r#"{"status":"OK","records":[{"rawData":{"id":"a"}}]}"#, true),
            (r#"{"status":"lost","title":"a"}"#, false),
            (r#"{"title":"a","response":{"docs":[]}}"#, false),
            (r#"["response"]"#, false),
            ("", false),
        ] {
            assert_eq!(is_surely_answer(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn no_bytes_make_it_loop() {
        for text in [
            "",
            "{",
            "[",
            "}",
            "]",
            "[}",
            "[{]",
            "\"",
            "{\"a\"",
            "{\"response\"",
            "{\"response\":",
            "[[[",
            "[\"\\",
            "x(",
            "x(]",
        ] {
            documents(text.as_bytes());
        }
    }
}
