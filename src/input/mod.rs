//! Stage 1: files → records.
//!
//! In: paths of exports in any of the accepted shapes. Out: a [`Corpus`] of mapped files whose records can be
//! visited once in parallel ([`Corpus::read`]) and fetched again singly ([`Corpus::fetch`]). Records borrow
//! from a buffer of the thread that parses them and never outlive the visit, so memory does not grow with the
//! export. Whatever is not a usable record becomes a [`Reject`] with its place and the reason.

mod answers;
mod document;
mod document_hash;
mod fields;
mod file;
mod parse;
mod record;
mod scan;
mod shape;
mod staff_view;

use std::cell::OnceCell;
use std::path::PathBuf;
use std::sync::OnceLock;

use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use crate::error::Error;
use crate::ids::Position;

pub use answers::Shortfall;
pub use document::{Document, in_one_line};
pub use document_hash::document_hash;
pub use fields::{Arity, Field, STORED_COPIES, arity_of, is_copy};
pub use file::{InputFile, set_max_decompressed};
pub use parse::{Parser, Reason};
pub use record::{Entry, Record, Shape as ValueShape, is_of_the_engine};

/// Longest record that is parsed, in bytes (16 MiB). Longer ones are rejected unread: no catalogue record is
/// that long, and working on one takes some forty times its size in memory.
pub const MAX_RECORD_BYTES: usize = 16 << 20;

/// Bytes that one unit of parallel work covers: large enough to hide its cost, small enough to balance.
const WINDOW_BYTES: usize = 4 << 20;

/// Something that was read and is not a record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reject {
    /// Where it stands.
    pub position: Position,
    /// Why it was not taken.
    pub reason: Reason,
}

/// Whether a document has to be parsed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Look {
    /// It has.
    Parse,
    /// It is known to be a record, and what it says is known, too.
    Known,
}

/// What one reading of the whole input gives.
pub struct Reading<A> {
    /// One accumulator per window, in input order. Their records, concatenated, are numbered from 0.
    pub parts: Vec<A>,
    /// Place of every record, indexed by record number.
    pub positions: Vec<Position>,
    /// What was not a record, in input order.
    pub rejects: Vec<Reject>,
    /// Documents, lines and fragments met: always `positions.len() + rejects.len()`, counted on its own.
    pub n_read: u64,
    /// Lines that hold nothing, which count as nothing.
    pub n_blank_lines: u64,
}

/// The opened inputs.
pub struct Corpus {
    files: Vec<InputFile>,
    windows: Vec<Window>,
    /// Of the bytes of each window, as they were when it was first read.
    hashes: Vec<OnceLock<u64>>,
    /// Files that hold less than a query found.
    shortfalls: Vec<Shortfall>,
}

/// A unit of parallel work: consecutive documents of one file.
enum Window {
    /// The lines that start within these bytes.
    Lines { file: u32, start: usize, end: usize },
    /// Items found by the scanner between two bytes; byte `from` stands on line `first_line`.
    Items { file: u32, first_line: u64, from: usize, to: usize, items: Vec<scan::Item> },
    /// The one record of a Staff View page.
    Page { file: u32 },
    /// A file without a byte.
    Empty { file: u32 },
}

impl Corpus {
    /// Opens all files and finds out their shapes. Wrapped JSON is scanned here, line-wise input later.
    ///
    /// # Errors
    /// If a path cannot be read, is given twice, or is certainly no export.
    pub fn open(paths: &[PathBuf]) -> Result<Corpus, Error> {
        file::check_distinct(paths)?;
        let files = paths.iter().map(|path| InputFile::open(path)).collect::<Result<Vec<_>, _>>()?;
        Corpus::from_files(files)
    }

    /// A corpus of opened files.
    ///
    /// # Errors
    /// If one of them is certainly no export.
    pub fn from_files(mut files: Vec<InputFile>) -> Result<Corpus, Error> {
        let (mut windows, mut answers) = (Vec::new(), Vec::new());
        for (number, file) in files.iter_mut().enumerate() {
            let number = number as u32;
            let shape = shape::detect(file.bytes()).map_err(|reason| Error::Input {
                path: file.name.clone(),
                reason,
                source: None,
            })?;
            match shape {
                _ if file.bytes().is_empty() => windows.push(Window::Empty { file: number }),
                shape::Shape::Lines => windows.extend(line_windows(number, file.bytes().len())),
                shape::Shape::Wrapped => {
                    let scanned = scan::documents(file.bytes());
                    windows.extend(item_windows(number, file.bytes(), scanned.items));
                    answers.extend(scanned.answers.into_iter().map(|answer| (number, answer)));
                }
                shape::Shape::StaffView => {
                    file.converted(staff_view::to_json);
                    windows.push(Window::Page { file: number });
                }
            }
        }
        let hashes = windows.iter().map(|_| OnceLock::new()).collect();
        Ok(Corpus { files, windows, hashes, shortfalls: answers::shortfalls(&answers) })
    }

    /// Files that hold less than the query that they answer has found.
    pub fn shortfalls(&self) -> &[Shortfall] {
        &self.shortfalls
    }

    /// [`Corpus::shortfalls`], and files that break off, given what in them was no record: the server stopped with an exception, or the
    /// file ends inside a record. One per file, ascending.
    pub fn all_shortfalls(&self, rejects: &[Reject]) -> Vec<Shortfall> {
        let mut short = self.shortfalls.clone();
        let ends: Vec<OnceCell<u64>> = vec![OnceCell::new(); self.files.len()];
        // Where the file ends but for white space.
        let end = |file: u32| {
            let bytes = || self.files[file as usize].bytes();
            *ends[file as usize].get_or_init(|| bytes().trim_ascii_end().len() as u64)
        };
        for reject in rejects {
            let Position { file, byte, len, .. } = reject.position;
            let is_cut =
                || [scan::CUT_OFF, parse::CUT_OFF].contains(&&*reject.reason) && byte + u64::from(len) >= end(file);
            let reason = match &*reject.reason {
                STOPPED => STOPPED,
                _ if is_cut() => "it ends inside a record",
                _ => continue,
            };
            if !short.iter().any(|known| known.file == file) {
                short.push(Shortfall { file, reason: reason.to_owned() });
            }
        }
        short.sort_by_key(|short| short.file);
        short
    }

    /// The input files, in command-line order.
    pub fn files(&self) -> &[InputFile] {
        &self.files
    }

    /// Size of all inputs in bytes, after decompression.
    pub fn n_bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes().len() as u64).sum()
    }

    /// Parses every document once, in parallel, and shows each record to `visit` together with the
    /// accumulator of its window.
    ///
    /// `advance` is told the bytes of each finished window, from any thread. The result does not depend on
    /// the number of threads.
    pub fn read<A: Send>(
        &self,
        new: impl Fn() -> A + Sync,
        visit: impl Fn(&mut A, &Record<'_>) + Sync,
        advance: impl Fn(u64) + Sync,
    ) -> Reading<A> {
        self.read_windows(new, visit, |_, _| (), advance)
    }

    /// [`Corpus::read`] that tells `close` when a window is done: its number from 0, and its accumulator.
    pub fn read_windows<A: Send>(
        &self,
        new: impl Fn() -> A + Sync,
        visit: impl Fn(&mut A, &Record<'_>) + Sync,
        close: impl Fn(usize, &mut A) + Sync,
        advance: impl Fn(u64) + Sync,
    ) -> Reading<A> {
        self.read_unknown(new, |_, _| Look::Parse, visit, close, advance)
    }

    /// [`Corpus::read_windows`] that shows the bytes of every document to `look` before it is parsed; what `look` knows
    /// is a record counts as one and is not parsed.
    pub fn read_unknown<A: Send>(
        &self,
        new: impl Fn() -> A + Sync,
        look: impl Fn(&mut A, &[u8]) -> Look + Sync,
        visit: impl Fn(&mut A, &Record<'_>) + Sync,
        close: impl Fn(usize, &mut A) + Sync,
        advance: impl Fn(u64) + Sync,
    ) -> Reading<A> {
        let parts: Vec<WindowReading<A>> = self
            .windows
            .par_iter()
            .enumerate()
            .map_init(Parser::default, |parser, (number, window)| {
                let mut reading = WindowReading::new(new());
                let bytes = self.bytes_of(window, self.files[window.file() as usize].bytes()).unwrap_or_default();
                self.hashes[number].get_or_init(|| xxh3_64(bytes));
                let n_bytes = self.read_window(window, parser, &mut reading, &look, &visit);
                close(number, &mut reading.accumulator);
                reading.positions.shrink_to_fit();
                advance(n_bytes);
                reading
            })
            .collect();
        self.join(parts)
    }

    /// Checks that all files still are what was read. A report about a file that no longer exists helps nobody.
    ///
    /// # Errors
    /// If one is gone or holds something else, which its size, its time and in doubt its bytes say.
    pub fn check_unchanged(&self) -> Result<(), Error> {
        self.files.iter().zip(0..).try_for_each(|(file, number)| {
            file.check_unchanged(|bytes| {
                let windows = self.windows.par_iter().zip(&self.hashes).filter(|(window, _)| window.file() == number);
                windows.all(|(window, hash)| {
                    let now = self.bytes_of(window, bytes).map(xxh3_64);
                    now.is_some() && now.as_ref() == hash.get()
                })
            })
        })
    }

    /// The bytes that a window covers in its file, which holds `bytes`: every byte belongs to one window.
    fn bytes_of<'b>(&self, window: &Window, bytes: &'b [u8]) -> Option<&'b [u8]> {
        match window {
            Window::Lines { start, end, .. } => bytes.get(*start..*end),
            Window::Items { from, to, .. } => bytes.get(*from..*to),
            Window::Page { .. } | Window::Empty { .. } => Some(bytes),
        }
    }

    /// Reads one record again.
    ///
    /// # Errors
    /// The reason if the file has changed under the map and no longer holds a record there.
    pub fn fetch<T>(
        &self,
        at: Position,
        parser: &mut Parser,
        visit: impl FnOnce(&Record<'_>) -> T,
    ) -> Result<T, Reason> {
        parser.parse(self.bytes_at(at).ok_or("the file has become shorter")?, visit)
    }

    /// The bytes of one record as stored, after decompression; `None` if the file does not reach so far.
    pub fn bytes_at(&self, at: Position) -> Option<&[u8]> {
        let start = at.byte as usize;
        self.files[at.file as usize].bytes().get(start..start + at.len as usize)
    }

    /// Whether a file holds one document per line, so that a line can be replaced and all others copied.
    pub fn is_lines(&self, file: u32) -> bool {
        let mut windows = self.windows.iter().filter(|window| window.file() == file);
        windows.all(|window| matches!(window, Window::Lines { .. }))
    }

    fn read_window<A>(
        &self,
        window: &Window,
        parser: &mut Parser,
        reading: &mut WindowReading<A>,
        look: &impl Fn(&mut A, &[u8]) -> Look,
        visit: &impl Fn(&mut A, &Record<'_>),
    ) -> u64 {
        match window {
            Window::Lines { file, start, end } => {
                let bytes = self.files[*file as usize].bytes();
                read_lines(bytes, *file, *start..*end, |position, line| {
                    reading.document(position, line, parser, look, visit)
                });
                reading.n_newlines = count_newlines(&bytes[*start..*end]);
                (end - start) as u64
            }
            Window::Items { file, first_line, from, items, .. } => {
                let bytes = self.files[*file as usize].bytes();
                let mut line = *first_line;
                let mut counted = *from;
                for item in items {
                    let span = item.span();
                    line += count_newlines(&bytes[counted..span.start]);
                    counted = span.start;
                    let position = position(*file, line, span.clone());
                    match item {
                        scan::Item::Document(_) => reading.document(position, &bytes[span], parser, look, visit),
                        scan::Item::Broken(_, reason) => reading.reject(position, (*reason).into()),
                    }
                }
                items.iter().map(|item| item.span().len() as u64).sum()
            }
            Window::Page { file } => {
                let bytes = self.files[*file as usize].bytes();
                let position = Position { file: *file, len: bytes.len() as u32, line: 1, byte: 0 };
                reading.document(position, bytes, parser, look, visit);
                bytes.len() as u64
            }
            Window::Empty { file } => {
                reading.reject(Position { file: *file, len: 0, line: 1, byte: 0 }, "the file is empty".into());
                0
            }
        }
    }

    /// Joins the windows in order; lines are counted on from the window before.
    fn join<A>(&self, parts: Vec<WindowReading<A>>) -> Reading<A> {
        let mut whole =
            Reading { parts: Vec::new(), positions: Vec::new(), rejects: Vec::new(), n_read: 0, n_blank_lines: 0 };
        // Places are most of what is kept per record, so that no more room is taken than they need.
        whole.positions.reserve_exact(parts.iter().map(|part| part.positions.len()).sum());
        let mut lines_before = 0;
        let mut last_file = 0;
        for (window, part) in self.windows.iter().zip(parts) {
            if window.file() != last_file {
                lines_before = 0;
                last_file = window.file();
            }
            let shift = |mut position: Position| {
                position.line += lines_before;
                position
            };
            whole.positions.extend(part.positions.into_iter().map(shift));
            whole
                .rejects
                .extend(part.rejects.into_iter().map(|reject| Reject { position: shift(reject.position), ..reject }));
            whole.n_read += part.n_read;
            whole.n_blank_lines += part.n_blank_lines;
            whole.parts.push(part.accumulator);
            lines_before += part.n_newlines;
        }
        whole
    }
}

/// What one window gives; lines are counted from its own start.
struct WindowReading<A> {
    accumulator: A,
    positions: Vec<Position>,
    rejects: Vec<Reject>,
    n_read: u64,
    n_blank_lines: u64,
    /// Line breaks within the window, when its lines are counted from its own start.
    n_newlines: u64,
}

impl<A> WindowReading<A> {
    fn new(accumulator: A) -> WindowReading<A> {
        WindowReading {
            accumulator,
            positions: Vec::new(),
            rejects: Vec::new(),
            n_read: 0,
            n_blank_lines: 0,
            n_newlines: 0,
        }
    }

    /// Takes one document, or lists it as rejected; blank lines and end marks count as nothing.
    fn document(
        &mut self,
        at: Position,
        bytes: &[u8],
        parser: &mut Parser,
        look: &impl Fn(&mut A, &[u8]) -> Look,
        visit: &impl Fn(&mut A, &Record<'_>),
    ) {
        let accumulator = &mut self.accumulator;
        let may_be_known = !bytes.trim_ascii().is_empty() && bytes.len() <= MAX_RECORD_BYTES;
        if may_be_known && look(accumulator, bytes) == Look::Known {
            self.n_read += 1;
            self.positions.push(at);
            return;
        }
        match read_document(bytes, parser, |record| visit(accumulator, record)) {
            Read::Record(()) => {
                self.n_read += 1;
                self.positions.push(at);
            }
            Read::Blank => self.n_blank_lines += 1,
            Read::EndMark => {}
            Read::Reject(reason) => self.reject(at, reason),
        }
    }

    fn reject(&mut self, position: Position, reason: Reason) {
        self.n_read += 1;
        self.rejects.push(Reject { position, reason });
    }
}

/// What a document turns out to be.
#[derive(Debug)]
pub enum Read<T> {
    /// Nothing but white space, which counts as nothing.
    Blank,
    /// A record, and what was made of it.
    Record(T),
    /// The end mark of a stream, which counts as nothing.
    EndMark,
    /// No record.
    Reject(Reason),
}

const STOPPED: &str = "the server stopped with an exception; records may be missing";
const ANSWER_AMONG_RECORDS: &str = "a Solr answer where a record should stand; put each answer into a file of its own";

/// Reads one document, a line without its break or an item of an array.
pub fn read_document<T>(bytes: &[u8], parser: &mut Parser, visit: impl FnOnce(&Record<'_>) -> T) -> Read<T> {
    if bytes.trim_ascii().is_empty() {
        return Read::Blank;
    }
    if bytes.len() > MAX_RECORD_BYTES {
        return Read::Reject(format!("longer than {} MiB", MAX_RECORD_BYTES >> 20).into());
    }
    match parser.parse(bytes, visit) {
        Ok(made) => Read::Record(made),
        Err(_) if scan::is_end_mark(bytes) => {
            if memchr::memmem::find(bytes, b"\"EXCEPTION\"").is_some() {
                return Read::Reject(STOPPED.into());
            }
            Read::EndMark
        }
        Err(_) if scan::is_surely_answer(bytes) => Read::Reject(ANSWER_AMONG_RECORDS.into()),
        Err(reason) => Read::Reject(reason),
    }
}

impl Window {
    fn file(&self) -> u32 {
        match self {
            Window::Lines { file, .. }
            | Window::Items { file, .. }
            | Window::Page { file }
            | Window::Empty { file } => *file,
        }
    }
}

fn count_newlines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

fn position(file: u32, line: u64, span: std::ops::Range<usize>) -> Position {
    // A longer span is rejected for its length, so a length cut here is never used to read.
    Position { file, len: u32::try_from(span.len()).unwrap_or(u32::MAX), line, byte: span.start as u64 }
}

fn line_windows(file: u32, n_bytes: usize) -> impl Iterator<Item = Window> {
    (0..n_bytes.div_ceil(WINDOW_BYTES)).map(move |i| Window::Lines {
        file,
        start: i * WINDOW_BYTES,
        end: ((i + 1) * WINDOW_BYTES).min(n_bytes),
    })
}

/// Groups the scanner's items into windows of about [`WINDOW_BYTES`].
fn item_windows(file: u32, bytes: &[u8], found: Vec<scan::Item>) -> Vec<Window> {
    let mut windows = Vec::new();
    let mut line = 1;
    let mut from = 0;
    let mut items = Vec::new();
    for item in found {
        let end = item.span().end;
        items.push(item);
        if end - from >= WINDOW_BYTES {
            windows.push(Window::Items { file, first_line: line, from, to: end, items: std::mem::take(&mut items) });
            line += count_newlines(&bytes[from..end]);
            from = end;
        }
    }
    windows.push(Window::Items { file, first_line: line, from, to: bytes.len(), items });
    windows
}

/// Shows every line that starts within `window`, without its line break, counting lines from 1 at its start.
fn read_lines(bytes: &[u8], file: u32, window: std::ops::Range<usize>, mut show: impl FnMut(Position, &[u8])) {
    let mut start = match window.start {
        0 if bytes.starts_with(b"\xef\xbb\xbf") => 3,
        0 => 0,
        at if bytes[at - 1] == b'\n' => at,
        // A line that starts beyond the window belongs to a later one, so the search ends here.
        at => memchr::memchr(b'\n', &bytes[at..window.end]).map_or(window.end, |found| at + found + 1),
    };
    let mut line = 1 + count_newlines(&bytes[window.start..start.min(window.end)]);
    while start < window.end {
        let end = memchr::memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |found| start + found);
        let text = bytes[start..end].strip_suffix(b"\r").unwrap_or(&bytes[start..end]);
        show(position(file, line, start..start + text.len()), text);
        start = end + 1;
        line += 1;
    }
}

/// A corpus of one JSON-Lines file in memory, for tests of the later stages.
///
/// # Errors
/// If the text is certainly no export.
pub fn corpus_of(name: &str, text: &str) -> Result<Corpus, Error> {
    Corpus::from_files(vec![InputFile::from_bytes(name, text.as_bytes().to_vec())])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Id, line and byte of each record; line, byte and reason of each reject; and the reading itself.
    type Read = (Vec<(String, u64, u64)>, Vec<(u64, u64, String)>, Reading<Vec<String>>);

    fn read(text: &[u8]) -> Read {
        let corpus = Corpus::from_files(vec![InputFile::from_bytes("x", text.to_vec())]).expect("an export");
        let reading = corpus.read(Vec::new, |ids: &mut Vec<String>, record| ids.push(record.id().to_owned()), |_| ());
        let ids = reading.parts.iter().flatten().cloned();
        let records = ids.zip(&reading.positions).map(|(id, at)| (id, at.line, at.byte)).collect();
        let rejects =
            reading.rejects.iter().map(|r| (r.position.line, r.position.byte, r.reason.to_string())).collect();
        assert_eq!(reading.n_read as usize, reading.positions.len() + reading.rejects.len());
        (records, rejects, reading)
    }

    fn ids(text: &[u8]) -> Vec<String> {
        read(text).0.into_iter().map(|(id, ..)| id).collect()
    }

    #[test]
    fn lines_know_their_place() {
        let (records, rejects, reading) = read(b"\xef\xbb\xbf{\"id\":\"a\"}\r\n\n  \n{\"id\":\"b\n{\"id\":\"c\"}");
        assert_eq!(records, [("a".to_owned(), 1, 3), ("c".to_owned(), 5, 28)]);
        assert_eq!(rejects.len(), 1);
        assert_eq!((rejects[0].0, rejects[0].1), (4, 19));
        assert_eq!(reading.n_blank_lines, 2);
    }

    #[test]
    fn windows_do_not_show_in_the_result() {
        let line = |i: usize| format!("{{\"id\":\"r{i}\",\"x\":\"{}\"}}\n", "y".repeat(i % 97));
        let text: String = (0..200_000).map(line).collect();
        assert!(text.len() > 2 * WINDOW_BYTES);
        let (records, rejects, _) = read(text.as_bytes());
        assert!(rejects.is_empty());
        assert_eq!(records.len(), 200_000);
        for (i, (id, line, _)) in records.iter().enumerate() {
            assert_eq!((id.as_str(), *line), (format!("r{i}").as_str(), i as u64 + 1));
        }
    }

    #[test]
    fn an_empty_file_is_listed() {
        let (records, rejects, _) = read(b"");
        assert!(records.is_empty());
        assert_eq!(rejects, [(1, 0, "the file is empty".to_owned())]);
    }

    #[test]
    fn end_marks_are_dropped_and_exceptions_listed() {
        assert_eq!(ids(br#"{"result-set":{"docs":[{"id":"a"},{"EOF":true,"RESPONSE_TIME":3}]}}"#), ["a"]);
        let (_, rejects, _) = read(br#"{"result-set":{"docs":[{"id":"a"},{"EOF":true,"EXCEPTION":"x"}]}}"#);
        assert!(rejects[0].2.contains("exception"));
    }

    #[test]
    fn api_records_are_read_from_their_raw_data() {
        let api =
            br#"{"resultCount":2,"records":[{"id":"a","rawData":{"id":"a","title":"t"}},{"id":"b"}],"status":"OK"}"#;
        let (records, rejects, _) = read(api);
        assert_eq!(records.len(), 1);
        assert!(rejects[0].2.contains("rawData"));
    }

    #[test]
    fn fetching_gives_the_record_again() {
        let corpus = corpus_of("x", "{\"id\":\"a\"}\n{\"id\":\"b\"}\n").expect("an export");
        let reading = corpus.read(|| (), |(), _| (), |_| ());
        let id = corpus.fetch(reading.positions[1], &mut Parser::default(), |record| record.id().to_owned());
        assert_eq!(id.as_deref(), Ok("b"));
    }

    #[test]
    fn a_file_that_is_no_longer_what_was_read_is_told() {
        let place = tempfile::tempdir().expect("temporary folder");
        let path = place.path().join("export");
        let line = |id: usize| format!("{{\"id\":\"{id:07}\"}}\n");
        let lines: String = (0..400_000).map(line).collect();
        let array = format!("[{}{{\"id\":\"x\"}}]", lines.replace('\n', ",\n"));
        let page = "id x-1\ntitle On things\ntitle_short On things\n".to_owned();
        for text in [lines, array, page] {
            let read = || {
                std::fs::write(&path, &text).expect("writable");
                let corpus = Corpus::open(std::slice::from_ref(&path)).expect("an export");
                corpus.read(|| (), |(), _| (), |_| ());
                corpus
            };
            let told = |corpus: &Corpus| corpus.check_unchanged().err().map(|error| error.to_string());
            let corpus = read();
            assert_eq!(told(&corpus), None);
            std::fs::write(&path, &text).expect("writable");
            assert_eq!(told(&corpus), None, "the same bytes again");
            // One byte at either end.
            for at in [text.len() - 3, 8] {
                let corpus = read();
                let mut bytes = text.clone().into_bytes();
                bytes[at] ^= 1;
                std::fs::write(&path, bytes).expect("writable");
                assert!(told(&corpus).expect("told").contains("its content changed"), "byte {at} of {}", text.len());
            }
            let corpus = read();
            std::fs::write(&path, text.clone() + "\n").expect("writable");
            assert!(told(&corpus).expect("told").contains("bytes while it was read"));
            let corpus = read();
            std::fs::remove_file(&path).expect("writable");
            assert!(told(&corpus).expect("told").contains("it was removed"));
        }
    }

    proptest::proptest! {
        #[test]
        fn arbitrary_bytes_reconcile(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
            if let Ok(corpus) = Corpus::from_files(vec![InputFile::from_bytes("x", bytes)]) {
                let reading = corpus.read(|| (), |(), _| (), |_| ());
                proptest::prop_assert_eq!(reading.n_read as usize, reading.positions.len() + reading.rejects.len());
            }
        }

        #[test]
        fn arbitrary_json_like_text_reconciles(text in r#"[\[\]{}",:a\\ \n]{0,80}"#) {
            if let Ok(corpus) = Corpus::from_files(vec![InputFile::from_bytes("x", text.into_bytes())]) {
                let reading = corpus.read(|| (), |(), _| (), |_| ());
                proptest::prop_assert_eq!(reading.n_read as usize, reading.positions.len() + reading.rejects.len());
            }
        }
    }
}
