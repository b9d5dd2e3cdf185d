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
