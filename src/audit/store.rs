//! Findings as bytes: millions of them must not lie in memory as texts.
//!
//! Each part of the export writes into an [`Arena`] of its own, in chunks. Chunks stay in memory up to a limit over
//! all parts; beyond it they go to one temporary file, which is mapped for reading. Where a chunk lies
//! depends on threads; what is read back, and in which order, does not. What rules remember of records ([`Facts`]) goes
//! the same way into a file of its own, which is read before the last findings are written.
//!
//! [`Facts`]: super::Facts

use std::fs::File;
use std::io::{self, Write};
use std::sync::Mutex;

use memmap2::Mmap;

use super::{Change, Problem, RULES, Rule, Severity};

/// Bytes of findings that are kept in memory, over all arenas (4 MiB). They would wait there while duplicates are sought,
/// when memory is needed most.
const MEMORY: usize = 4 << 20;

/// Size at which a chunk is closed, in bytes. Every part of the export holds one open chunk, so it is small.
const CHUNK: usize = 32 << 10;

/// Share of that which facts get besides: they are read once, and in their order.
const FACTS_SHARE: usize = 4;

/// Where chunks go when memory is full.
pub struct Spill {
    memory: usize,
    findings: Mutex<State>,
    facts: Mutex<State>,
}

#[derive(Default)]
struct State {
    in_memory: usize,
    file: Option<File>,
    length: u64,
    error: Option<io::Error>,
}

impl Default for Spill {
    fn default() -> Spill {
        Spill::new(MEMORY)
    }
}

impl Spill {
    /// Keeps up to `memory` bytes of closed chunks in memory; the file is made when it is needed.
    pub fn new(memory: usize) -> Spill {
        Spill { memory, findings: Mutex::default(), facts: Mutex::default() }
    }

    fn put(&self, bytes: &[u8]) -> Chunk {
        put(&self.findings, self.memory, bytes)
    }

    /// Keeps a chunk of facts.
    pub(super) fn put_facts(&self, bytes: &[u8]) -> Chunk {
        put(&self.facts, self.memory / FACTS_SHARE, bytes)
    }

    /// What was written to the file of findings, for reading. No arena may write any more.
    ///
    /// # Errors
    /// If the file could not be made, written or mapped.
    pub(super) fn read_back(&self) -> io::Result<Option<Mmap>> {
        read_back(&self.findings)
    }

    /// The same of facts.
    ///
    /// # Errors
    /// If the file could not be made, written or mapped.
    pub(super) fn read_facts(&self) -> io::Result<Option<Mmap>> {
        read_back(&self.facts)
    }
}

fn put(state: &Mutex<State>, memory: usize, bytes: &[u8]) -> Chunk {
    let mut state = state.lock().expect("no thread panics while holding it");
    if state.in_memory + bytes.len() <= memory || state.error.is_some() {
        state.in_memory += bytes.len();
        return Chunk::Memory(bytes.into());
    }
    match state.append(bytes) {
        Ok(start) => Chunk::File { start, len: bytes.len() },
        Err(error) => {
            state.error = Some(error);
            Chunk::Memory(bytes.into())
        }
    }
}

fn read_back(state: &Mutex<State>) -> io::Result<Option<Mmap>> {
    let mut state = state.lock().expect("no thread panics while holding it");
    if let Some(error) = state.error.take() {
        return Err(error);
    }
    state.file.as_ref().map(crate::files::map::map).transpose()
}

impl State {
    fn append(&mut self, bytes: &[u8]) -> io::Result<u64> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(tempfile::tempfile()?),
        };
        file.write_all(bytes)?;
        let start = self.length;
        self.length += bytes.len() as u64;
        Ok(start)
    }
}

/// Whole entries, in memory or in the file.
pub(super) enum Chunk {
    Memory(Box<[u8]>),
    File { start: u64, len: usize },
}

impl Chunk {
    /// Number of bytes.
    pub(super) fn len(&self) -> usize {
        match self {
            Chunk::Memory(bytes) => bytes.len(),
            Chunk::File { len, .. } => *len,
        }
    }

    /// The bytes. `file` is what [`Spill::read_back`] gave.
    pub(super) fn bytes<'a>(&'a self, file: Option<&'a Mmap>) -> &'a [u8] {
        match self {
            Chunk::Memory(bytes) => bytes,
            Chunk::File { start, len } => {
                let start = *start as usize;
                file.and_then(|file| file.get(start..start + len)).expect("the file holds what was written to it")
            }
        }
    }
}

/// Findings in the order in which they were added.
pub(super) struct Arena<'s> {
    spill: &'s Spill,
    chunks: Vec<Chunk>,
    open: Vec<u8>,
}

impl<'s> Arena<'s> {
    /// Without findings; chunks that memory has no room for go to `spill`.
    pub(super) fn new(spill: &'s Spill) -> Arena<'s> {
        Arena { spill, chunks: Vec::new(), open: Vec::new() }
    }

    /// Adds a finding and says in which chunk and at which byte it stands.
    pub(super) fn add(&mut self, rule: usize, record: u32, problem: &Problem) -> (u32, u32) {
        let place = (self.chunks.len() as u32, self.open.len() as u32);
        encode(rule, record, problem, &mut self.open);
        self.close_if_full();
        place
    }

    /// Adds a finding of an earlier run, about a record of this one.
    pub(super) fn add_again(&mut self, record: u32, entry: &Entry<'_>) {
        number(entry.texts.len() as u64, &mut self.open);
        number(entry.rule as u64, &mut self.open);
        number(u64::from(record), &mut self.open);
        self.open.extend_from_slice(entry.texts);
        self.close_if_full();
    }

    fn close_if_full(&mut self) {
        if self.open.len() >= CHUNK {
            let chunk = self.spill.put(&self.open);
            self.chunks.push(chunk);
            self.open.clear();
        }
    }

    /// An arena that holds the entries of another one.
    pub(super) fn of(spill: &'s Spill, entries: &[u8]) -> Arena<'s> {
        let chunks = if entries.is_empty() { Vec::new() } else { vec![spill.put(entries)] };
        Arena { spill, chunks, open: Vec::new() }
    }

    /// Puts away what is left, and keeps no room for more.
    pub(super) fn put_away(&mut self) {
        if !self.open.is_empty() {
            let chunk = self.spill.put(&self.open);
            self.chunks.push(chunk);
            self.open = Vec::new();
        }
    }

    /// The chunks, the open one last.
    pub(super) fn close(mut self) -> Vec<Chunk> {
        if !self.open.is_empty() {
            self.chunks.push(Chunk::Memory(self.open.into_boxed_slice()));
        }
        self.chunks
    }
}

/// A stored finding, its texts not read yet.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a> {
    /// Number of the rule in [`RULES`].
    pub(super) rule: usize,
    /// Number of the record within its part.
    pub(super) record: u32,
    texts: &'a [u8],
}

impl Entry<'_> {
    /// The rule with the number `rule`.
    pub(super) fn rule(&self) -> &'static Rule {
        RULES[self.rule]
    }

    /// Decoded at every call; `Entry::severity` and `Entry::has_change` are cheaper.
    pub(super) fn problem(&self) -> Problem {
        decode(self.texts).expect(WRITTEN_WHOLE)
    }

    /// Whether the problem carries a change, without reading its texts.
    pub(super) fn has_change(&self) -> bool {
        self.flags() & HAS_CHANGE != 0
    }

    /// The severity, where it differs from the rule's, likewise.
    pub(super) fn severity(&self) -> Option<Severity> {
        severity_of(self.flags())
    }

    fn flags(&self) -> u64 {
        Reader(self.texts).number().expect(WRITTEN_WHOLE)
    }
}

const WRITTEN_WHOLE: &str = "findings are written whole";

/// The entries of a chunk from some byte on.
pub(super) fn entries(bytes: &[u8]) -> impl Iterator<Item = Entry<'_>> {
    let mut reader = Reader(bytes);
    std::iter::from_fn(move || (!reader.0.is_empty()).then(|| reader.entry().expect(WRITTEN_WHOLE)))
}

/// The entries of a chunk that someone else kept; `None` if they are not such as [`encode`] writes.
pub(super) fn sound_entries(bytes: &[u8]) -> Option<Vec<Entry<'_>>> {
    let mut reader = Reader(bytes);
    let mut entries = Vec::new();
    while !reader.0.is_empty() {
        let entry = reader.entry().filter(|entry| entry.rule < RULES.len())?;
        decode(entry.texts)?;
        entries.push(entry);
    }
    Some(entries)
}

/// Presence of the optional parts of a problem.
const HAS_SUGGESTION: u64 = 1;
const HAS_CHANGE: u64 = 2;
/// Whether the change is that of an earlier finding.
const IS_AGAIN: u64 = 4;
/// The severity, plus one, stands above these bits; zero is the rule's.
const SEVERITY_SHIFT: u32 = 3;

/// Length of the texts, rule, record, texts; all numbers in LEB128.
pub(super) fn encode(rule: usize, record: u32, problem: &Problem, out: &mut Vec<u8>) {
    let mut texts = Vec::with_capacity(problem.value.len() + problem.message.len() + 32);
    let severity = problem.severity.map_or(0, |severity| severity as u64 + 1);
    let flags = if problem.suggestion.is_some() { HAS_SUGGESTION } else { 0 }
        | if problem.change.is_some() { HAS_CHANGE } else { 0 }
        | if problem.change.as_ref().is_some_and(|change| change.is_again) { IS_AGAIN } else { 0 }
        | severity << SEVERITY_SHIFT;
    number(flags, &mut texts);
    for value in [&problem.field, &problem.value, &problem.message] {
        text(value, &mut texts);
    }
    if let Some(suggestion) = &problem.suggestion {
        text(suggestion, &mut texts);
    }
    if let Some(change) = &problem.change {
        text(&change.field, &mut texts);
        list(&change.after, &mut texts);
    }
    list(&problem.evidence, &mut texts);
    number(texts.len() as u64, out);
    number(rule as u64, out);
    number(u64::from(record), out);
    out.extend_from_slice(&texts);
}

fn severity_of(flags: u64) -> Option<Severity> {
    match flags >> SEVERITY_SHIFT {
        1 => Some(Severity::Info),
        2 => Some(Severity::Warn),
        3 => Some(Severity::Error),
        _ => None,
    }
}

/// The problem that was encoded; `None` of other bytes.
fn decode(texts: &[u8]) -> Option<Problem> {
    let mut reader = Reader(texts);
    let flags = reader.number()?;
    let (field, value, message) = (reader.text()?, reader.text()?, reader.text()?);
    let suggestion = if flags & HAS_SUGGESTION == 0 { None } else { Some(reader.text()?) };
    let is_again = flags & IS_AGAIN != 0;
    let change = if flags & HAS_CHANGE == 0 {
        None
    } else {
        Some(Change { field: reader.text()?, after: reader.list()?, is_again })
    };
    Some(Problem { field, value, message, suggestion, severity: severity_of(flags), change, evidence: reader.list()? })
}

/// Appends a number in LEB128.
pub(super) fn number(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn text(text: &str, out: &mut Vec<u8>) {
    number(text.len() as u64, out);
    out.extend_from_slice(text.as_bytes());
}

fn list(texts: &[String], out: &mut Vec<u8>) {
    number(texts.len() as u64, out);
    texts.iter().for_each(|value| text(value, out));
}

/// Reads what the functions above wrote.
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    /// `None` if no whole number is left.
    pub(super) fn number(&mut self) -> Option<u64> {
        let mut number = 0u64;
        for shift in (0..u64::BITS).step_by(7) {
            let (&byte, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn entry(&mut self) -> Option<Entry<'a>> {
        let len = self.number()?;
        let (rule, record) = (self.number()? as usize, self.number()? as u32);
        Some(Entry { rule, record, texts: self.bytes(len)? })
    }

    fn bytes(&mut self, len: u64) -> Option<&'a [u8]> {
        let (bytes, rest) = self.0.split_at_checked(usize::try_from(len).ok()?)?;
        self.0 = rest;
        Some(bytes)
    }

    fn text(&mut self) -> Option<String> {
        let len = self.number()?;
        String::from_utf8(self.bytes(len)?.to_vec()).ok()
    }

    fn list(&mut self) -> Option<Vec<String>> {
        let n_texts = self.number()?;
        (0..n_texts).map(|_| self.text()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Field;

    fn problem(at: u32) -> Problem {
        let plain = Problem::new(Field::Title, format!("Tïtle {at}"), "it is wrong");
        match at % 3 {
            0 => plain,
            1 => plain.suggest("x").severity(Severity::Warn).change(Field::Author, ["a", ""]),
            _ => plain.evidence("one").evidence("two").change_named("local_str", Vec::<String>::new()),
        }
    }

    #[test]
    fn findings_are_read_back_in_order_from_memory_and_file() {
        for memory in [usize::MAX, 100_000, 0] {
            let spill = Spill::new(memory);
            let mut arena = Arena::new(&spill);
            (0..20_000).for_each(|at| {
                arena.add((at % 7) as usize, at, &problem(at));
            });
            let chunks = arena.close();
            let file = spill.read_back().expect("readable");
            assert_eq!(file.is_some(), memory != usize::MAX);
            let found = chunks.iter().flat_map(|chunk| entries(chunk.bytes(file.as_ref())));
            let mut n_found = 0;
            for (entry, at) in found.zip(0..) {
                assert_eq!((entry.rule, entry.record), ((at % 7) as usize, at));
                assert_eq!(entry.problem(), problem(at));
                n_found += 1;
            }
            assert_eq!(n_found, 20_000);
        }
    }

    #[test]
    fn numbers_come_back() {
        let numbers = [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX];
        let mut bytes = Vec::new();
        numbers.iter().for_each(|&value| number(value, &mut bytes));
        let mut reader = Reader(&bytes);
        assert_eq!(numbers.map(|_| reader.number()), numbers.map(Some));
    }
}
