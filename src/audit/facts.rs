//! What rules over several records remember of each: packed rows and counts.

use std::collections::BTreeMap;

use rayon::prelude::*;

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
    tables: [Vec<Row>; N_TABLES],
    counts: BTreeMap<u64, [u64; 2]>,
}

/// Rows for which room is made at least.
const MIN_GROWTH: usize = 8;

impl Facts {
    /// Remembers a row of the current record in the first table.
    pub fn note(&mut self, key: u64, value: u32) {
        self.note_in(0, key, value);
    }

    /// Remembers a row of the current record in a table, which are numbered from 0 to [`N_TABLES`] - 1.
    pub fn note_in(&mut self, table: usize, key: u64, value: u32) {
        let rows = &mut self.tables[table];
        if rows.len() == rows.capacity() {
            // Slower than the usual doubling, which leaves a third of the memory unused.
            rows.reserve_exact((rows.len() / 8).max(MIN_GROWTH));
        }
        rows.push(Row { key, record: self.record.into(), value });
    }

    /// Adds to the two numbers of a key, such as a collection's: needs no memory per record.
    pub fn count(&mut self, key: u64, first: u64, second: u64) {
        let counts = self.counts.entry(key).or_default();
        counts[0] += first;
        counts[1] += second;
    }

    /// Sets the record that the next rows are about.
    pub(super) fn set_record(&mut self, record: RecordId) {
        self.record = record.get();
    }
}

/// What one rule gathered from all records, sorted.
#[derive(Default)]
pub struct Rows {
    tables: [Vec<Row>; N_TABLES],
    counts: BTreeMap<u64, [u64; 2]>,
}

impl Rows {
    /// Joins the parts in input order; each comes with the number of records before it. Sorts by key, record
    /// and value.
    pub(super) fn join(parts: impl IntoIterator<Item = (usize, Facts)>) -> Rows {
        let mut rows = Rows::default();
        for (before, facts) in parts {
            let shift = |row: Row| Row { record: RecordId::new(before + row.record.index()), ..row };
            for (table, part) in rows.tables.iter_mut().zip(facts.tables) {
                table.extend(part.into_iter().map(shift));
            }
            for (key, [first, second]) in facts.counts {
                let counts = rows.counts.entry(key).or_default();
                counts[0] += first;
                counts[1] += second;
            }
        }
        rows.tables.iter_mut().for_each(|table| table.par_sort_unstable());
        rows
    }

    /// The rows of a table, ascending.
    pub fn table(&self, table: usize) -> &[Row] {
        &self.tables[table]
    }

    /// Rows of the first table that share their key, two or more, by key.
    pub fn shared(&self) -> impl Iterator<Item = &[Row]> {
        self.shared_in(0)
    }

    /// Rows of a table that share their key, two or more, by key.
    pub fn shared_in(&self, table: usize) -> impl Iterator<Item = &[Row]> {
        self.tables[table].chunk_by(|a, b| a.key == b.key).filter(|rows| rows.len() > 1)
    }

    /// The rows of one key.
    pub fn of(&self, table: usize, key: u64) -> &[Row] {
        let rows = &self.tables[table];
        let start = rows.partition_point(|row| row.key < key);
        let end = start + rows[start..].partition_point(|row| row.key == key);
        &rows[start..end]
    }

    /// The two numbers of a key.
    pub fn counts(&self, key: u64) -> [u64; 2] {
        self.counts.get(&key).copied().unwrap_or_default()
    }

    /// All counts, by key.
    pub fn all_counts(&self) -> impl Iterator<Item = (u64, [u64; 2])> {
        self.counts.iter().map(|(&key, &counts)| (key, counts))
    }
}
