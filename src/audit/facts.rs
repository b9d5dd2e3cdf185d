//! What rules over several records remember of each: packed rows and counts.
//!
//! Rows are kept in small chunks, beyond a limit over all parts in a temporary file, see [`Spill`]. Most keys belong to
//! one record only, so rows that share theirs are sought in slices of the keys, of which one at a time is in memory.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use memmap2::Mmap;
use rayon::prelude::*;

use super::store::{Chunk, Spill};
use crate::ids::RecordId;

/// One fact: a record has a key, with a small value. 16 bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Row {
    /// Hash of what records are brought together by.
    pub key: u64,
    /// The record.
    pub record: RecordId,
    /// Whatever the rule needs to know at first sight, often a hash.
    pub value: u32,
}

/// Tables that a rule may fill.
pub const N_TABLES: usize = 2;

/// What one rule gathers.
#[derive(Default)]
pub struct Facts {
    record: u32,
    /// Rows of each table that are in no chunk yet.
    open: [Vec<Row>; N_TABLES],
    chunks: [Vec<Chunk>; N_TABLES],
    counts: BTreeMap<u64, [u64; 2]>,
    /// Of the current record: how many rows were open before it, and what it added to counts.
    n_before: [usize; N_TABLES],
    added: Vec<(u64, [u64; 2])>,
}

/// Rows by table, as bytes, and counts.
pub(super) type FactBytes = (Vec<Vec<u8>>, BTreeMap<u64, [u64; 2]>);

/// Rows of a chunk at least. Every part of the export holds an open one per table, so it is small.
const CHUNK_ROWS: usize = 128;

/// Bytes of a row in a chunk.
const ROW_BYTES: usize = 16;

impl Row {
    fn to_bytes(self) -> [u8; ROW_BYTES] {
        let number = u128::from(self.key) | u128::from(self.record.get()) << 64 | u128::from(self.value) << 96;
        number.to_le_bytes()
    }

    fn from_bytes(bytes: &[u8; ROW_BYTES]) -> Row {
        let number = u128::from_le_bytes(*bytes);
        Row { key: number as u64, record: ((number >> 64) as u32).into(), value: (number >> 96) as u32 }
    }
}

impl Facts {
    /// Remembers a row of the current record in the first table.
    pub fn note(&mut self, key: u64, value: u32) {
        self.note_in(0, key, value);
    }

    /// Remembers a row of the current record in a table, which are numbered from 0 to [`N_TABLES`] - 1.
    pub fn note_in(&mut self, table: usize, key: u64, value: u32) {
        self.open[table].push(Row { key, record: self.record.into(), value });
    }

    /// Puts full chunks away.
    pub(super) fn close_chunks(&mut self, spill: &Spill) {
        if self.open.iter().any(|open| open.len() >= CHUNK_ROWS) {
            self.put_away(CHUNK_ROWS, spill);
        }
    }

    /// Puts away what is left, and keeps no room for more.
    pub(super) fn close(&mut self, spill: &Spill) {
        self.put_away(1, spill);
        self.open = Default::default();
    }

    fn put_away(&mut self, n_rows: usize, spill: &Spill) {
        for (open, chunks) in self.open.iter_mut().zip(&mut self.chunks) {
            if open.len() >= n_rows {
                let mut bytes = Vec::with_capacity(open.len() * ROW_BYTES);
                open.drain(..).for_each(|row| bytes.extend_from_slice(&row.to_bytes()));
                chunks.push(spill.put_facts(&bytes));
            }
        }
    }

    /// The bytes of all rows by table, and the counts; `file` is where chunks went, if any did.
    pub(super) fn into_bytes(self, file: Option<&Mmap>) -> FactBytes {
        let tables = self.chunks.iter().zip(&self.open).map(|(chunks, open)| {
            let mut bytes: Vec<u8> = chunks.iter().flat_map(|chunk| chunk.bytes(file)).copied().collect();
            open.iter().for_each(|row| bytes.extend(row.to_bytes()));
            bytes
        });
        (tables.collect(), self.counts)
    }

    /// The facts that [`Facts::into_bytes`] gave; none if the bytes are no rows.
    pub(super) fn of_bytes((tables, counts): FactBytes, spill: &Spill) -> Option<Facts> {
        let is_rows = |bytes: &Vec<u8>| bytes.len().is_multiple_of(ROW_BYTES);
        let chunk = |bytes: &Vec<u8>| (!bytes.is_empty()).then(|| spill.put_facts(bytes)).into_iter().collect();
        let chunks: Vec<Vec<Chunk>> = tables.iter().filter(|bytes| is_rows(bytes)).map(chunk).collect();
        Some(Facts { chunks: chunks.try_into().ok()?, counts, ..Facts::default() })
    }

    /// Adds to the two numbers of a key, such as a collection's: needs no memory per record.
    pub fn count(&mut self, key: u64, first: u64, second: u64) {
        let counts = self.counts.entry(key).or_default();
        counts[0] += first;
        counts[1] += second;
        self.added.push((key, [first, second]));
    }

    /// Sets the record that the next rows are about.
    pub(super) fn set_record(&mut self, record: RecordId) {
        self.record = record.get();
        self.n_before = self.open.each_ref().map(Vec::len);
        self.added.clear();
    }

    /// What was added to counts since the record was set.
    pub(super) fn added(&self) -> &[(u64, [u64; 2])] {
        &self.added
    }
}

/// Rows of one record, of all rules.
#[derive(Default)]
pub(super) struct TraceRows(Vec<u8>);

/// Bytes of such a row: rule, table, key, value.
const TRACE_ROW_BYTES: usize = 14;

impl TraceRows {
    /// Takes the rows of a rule since the record was set, before chunks are closed.
    pub(super) fn take(&mut self, rule: u8, facts: &Facts) {
        for ((open, &before), table) in facts.open.iter().zip(&facts.n_before).zip(0..) {
            for row in &open[before..] {
                self.0.extend([rule, table]);
                self.0.extend(row.key.to_le_bytes());
                self.0.extend(row.value.to_le_bytes());
            }
        }
    }

    /// The rows, 14 bytes each, in the order in which they were taken.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Forgets the rows and keeps their memory for those of the next record.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Whether bytes are whole rows.
    pub(super) fn is_sound(bytes: &[u8]) -> bool {
        bytes.len().is_multiple_of(TRACE_ROW_BYTES)
    }

    /// Rule, table, key and value of each row.
    pub(super) fn of(bytes: &[u8]) -> impl Iterator<Item = (u8, u8, u64, u32)> {
        let (rows, _) = bytes.as_chunks::<TRACE_ROW_BYTES>();
        rows.iter().map(|&[rule, table, a, b, c, d, e, f, g, h, value @ ..]| {
            (rule, table, u64::from_le_bytes([a, b, c, d, e, f, g, h]), u32::from_le_bytes(value))
        })
    }
}

/// What one rule gathered from all records.
#[derive(Default)]
pub struct Rows {
    tables: [Table; N_TABLES],
    counts: BTreeMap<u64, [u64; 2]>,
}

/// Rows of all parts.
#[derive(Default)]
struct Table {
    /// Number of records before the part, and what it holds in chunks and outside of them.
    parts: Vec<(usize, Vec<Chunk>, Vec<Row>)>,
    file: Option<Arc<Mmap>>,
    all: OnceLock<Vec<Row>>,
    shared: OnceLock<Vec<Row>>,
}

/// Rows that are sorted at a time, about, when those with a common key are sought; 16 MB.
const SLICE_ROWS: usize = 1 << 20;

/// Most slices of the keys, as a power of two: each is one more reading of all rows.
const MAX_SLICE_BITS: u32 = 4;

impl Table {
    /// All rows, in input order.
    fn rows(&self) -> impl Iterator<Item = Row> + '_ {
        self.parts.iter().flat_map(|(before, chunks, open)| {
            let bytes = chunks.iter().flat_map(|chunk| chunk.bytes(self.file.as_deref()).as_chunks().0);
            let rows = bytes.map(Row::from_bytes).chain(open.iter().copied());
            rows.map(move |row| Row { record: RecordId::new(before + row.record.index()), ..row })
        })
    }

    fn n_rows(&self) -> usize {
        let n_bytes = |chunks: &[Chunk]| chunks.iter().map(Chunk::len).sum::<usize>();
        self.parts.iter().map(|(_, chunks, open)| n_bytes(chunks) / ROW_BYTES + open.len()).sum()
    }

    /// Rows whose key begins with these bits, sorted.
    fn slice(&self, bits: u32, start: u64) -> Vec<Row> {
        let n_rows = self.n_rows();
        let mut rows = Vec::with_capacity((n_rows >> bits) + (n_rows >> bits) / 16);
        rows.extend(self.rows().filter(|row| row.key.checked_shr(u64::BITS - bits).unwrap_or(0) == start));
        rows.par_sort_unstable();
        rows
    }

    fn all(&self) -> &[Row] {
        self.all.get_or_init(|| self.slice(0, 0))
    }

    /// Rows that share their key.
    fn shared(&self) -> &[Row] {
        self.shared.get_or_init(|| {
            let bits = (self.n_rows() / SLICE_ROWS + 1).next_power_of_two().ilog2().min(MAX_SLICE_BITS);
            let mut shared = Vec::new();
            for start in 0..1 << bits {
                let rows = self.slice(bits, start);
                let same = rows.chunk_by(|a, b| a.key == b.key).filter(|rows| rows.len() > 1);
                same.for_each(|rows| shared.extend_from_slice(rows));
            }
            shared
        })
    }
}

impl Rows {
    /// Takes the parts in input order; each comes with the number of records before it. `file` is what
    /// [`Spill::read_facts`] gave.
    pub(super) fn join(parts: impl IntoIterator<Item = (usize, Facts)>, file: Option<&Arc<Mmap>>) -> Rows {
        let mut rows = Rows::default();
        rows.tables.iter_mut().for_each(|table| table.file = file.cloned());
        for (before, facts) in parts {
            for (table, (chunks, open)) in rows.tables.iter_mut().zip(facts.chunks.into_iter().zip(facts.open)) {
                table.parts.push((before, chunks, open));
            }
            for (key, [first, second]) in facts.counts {
                let counts = rows.counts.entry(key).or_default();
                counts[0] += first;
                counts[1] += second;
            }
        }
        rows
    }

    /// All rows of a table, sorted by key, record and value: for tables that hold few, or all of which matter.
    pub fn table(&self, table: usize) -> &[Row] {
        self.tables[table].all()
    }

    /// Rows of the first table that share their key, two or more, by key.
    pub fn shared(&self) -> impl Iterator<Item = &[Row]> {
        self.shared_in(0)
    }

    /// Rows of a table that share their key, two or more, by key, sorted by record and value.
    pub fn shared_in(&self, table: usize) -> impl Iterator<Item = &[Row]> {
        self.tables[table].shared().chunk_by(|a, b| a.key == b.key)
    }

    /// The rows of one key.
    pub fn of(&self, table: usize, key: u64) -> &[Row] {
        let rows = self.table(table);
        let start = rows.partition_point(|row| row.key < key);
        let end = start + rows[start..].partition_point(|row| row.key == key);
        &rows[start..end]
    }

    /// The two numbers of a key.
    pub fn counts(&self, key: u64) -> [u64; 2] {
        self.counts.get(&key).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of three parts through a spill, beside the same rows sorted at once.
    fn through(spill: &Spill, n_records: u32, key: impl Fn(u32) -> u64) -> (Rows, Vec<Row>) {
        let mut whole = Vec::new();
        let mut parts = Vec::new();
        for before in [0, n_records, 2 * n_records] {
            let mut facts = Facts::default();
            for record in 0..n_records {
                facts.set_record(record.into());
                for value in [7, u32::MAX] {
                    let key = key(before + record).wrapping_add(u64::from(value & 1));
                    facts.note(key, value);
                    whole.push(Row { key, record: (before + record).into(), value });
                }
                facts.close_chunks(spill);
            }
            parts.push((before as usize, facts));
        }
        whole.sort_unstable();
        let file = spill.read_facts().expect("readable").map(Arc::new);
        (Rows::join(parts, file.as_ref()), whole)
    }

    fn check(n_records: u32, key: impl Fn(u32) -> u64 + Copy) {
        for memory in [usize::MAX, 40_000, 0] {
            let (rows, whole) = through(&Spill::new(memory), n_records, key);
            assert_eq!(rows.table(0), whole);
            assert!(rows.table(1).is_empty());
            let shared: Vec<&[Row]> = whole.chunk_by(|a, b| a.key == b.key).filter(|rows| rows.len() > 1).collect();
            assert_eq!(rows.shared().collect::<Vec<_>>(), shared);
            let wanted = whole.get(whole.len() / 2).map_or(7, |row| row.key);
            assert_eq!(rows.of(0, wanted), whole.iter().copied().filter(|row| row.key == wanted).collect::<Vec<_>>());
        }
    }

    #[test]
    fn rows_come_back_sorted_from_memory_and_file() {
        check(1000, |record| u64::from(record % 700).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        check(100, |_| u64::MAX);
        check(0, |_| 0);
    }

    #[test]
    fn shared_keys_are_found_in_slices_too() {
        check(SLICE_ROWS as u32 / 2, |record| u64::from(record % 1_250_000).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    }
}
