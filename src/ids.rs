//! Numbers and places that several stages share.

use serde::{Deserialize, Serialize};

/// Position of a record in the input, counted from 0 across all files, rejected ones left out.
///
/// It is the last key of every sort, so that no order depends on threads or hashing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct RecordId(u32);

impl RecordId {
    /// The first record.
    pub const FIRST: RecordId = RecordId(0);
    /// The second.
    pub const SECOND: RecordId = RecordId(1);

    /// The record at `index`, counted from 0.
    ///
    /// # Panics
    /// If `index` does not fit 32 bits: some four billion records, whose ids and features exceed any memory this
    /// program has been run with.
    pub fn new(index: usize) -> RecordId {
        RecordId(u32::try_from(index).expect("fewer than 2^32 records fit into memory"))
    }

    /// The number to index arrays with, from 0.
    pub fn index(self) -> usize {
        self.0 as usize
    }

    /// The raw 32-bit number.
    pub fn get(self) -> u32 {
        self.0
    }
}

impl From<u32> for RecordId {
    fn from(raw: u32) -> RecordId {
        RecordId(raw)
    }
}

/// Ids of all records in one text.
#[derive(Default)]
pub struct Ids {
    text: String,
    ends: Vec<usize>,
}

impl Ids {
    /// Adds the id of the next record; records are numbered by their ids, from 0.
    pub(crate) fn push(&mut self, id: &str) {
        self.text.push_str(id);
        self.ends.push(self.text.len());
    }

    /// Ids with room for those of these parts.
    pub(crate) fn with_room_for<'i>(parts: impl Iterator<Item = &'i Ids> + Clone) -> Ids {
        let text = String::with_capacity(parts.clone().map(|part| part.text.len()).sum());
        Ids { text, ends: Vec::with_capacity(parts.map(Ids::len).sum()) }
    }

    pub(crate) fn append(&mut self, other: &Ids) {
        let before = self.text.len();
        self.text.push_str(&other.text);
        self.ends.extend(other.ends.iter().map(|end| before + end));
    }

    pub(crate) fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    /// Number of records.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The id of a record.
    pub fn of(&self, record: RecordId) -> &str {
        let at = record.index();
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.text[start..self.ends[at]]
    }

    /// The first record with an id.
    pub fn find(&self, id: &str) -> Option<RecordId> {
        (0..self.len()).map(RecordId::new).find(|&record| self.of(record) == id)
    }
}

/// The ids of records.
pub type IdOf<'r> = &'r (dyn Fn(RecordId) -> &'r str + Sync);

/// Where something stands in the input.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Position {
    /// Number of the input file in command-line order, from 0.
    pub file: u32,
    /// Length in bytes.
    pub len: u32,
    /// Line of the first byte, from 1, as editors count.
    pub line: u64,
    /// Offset of the first byte in the (decompressed) file, from 0.
    pub byte: u64,
}
