//! Keys of all records, brought together by key without having them all in memory.
//!
//! A million records have 24 million keys. Each part of the export leaves its own, sorted, in one temporary file. A range of
//! the keys is then read from all parts, sorted, and forgotten when its blocks are known.

use std::io;
use std::ops::Range;

use memmap2::Mmap;
use rayon::prelude::*;

use super::blocks::{KeyHash, KeyRow};
use crate::files::temporary::Temporary;
use crate::ids::RecordId;

/// Ranges of keys, by their first bits.
const RANGE_BITS: u32 = 6;
/// Number of ranges, which hold about the same number of keys.
pub const N_RANGES: usize = 1 << RANGE_BITS;
/// Ranges read at a time, side by side.
const BATCH: usize = 8;
/// Bytes of a key and of a record in the file.
const KEY_BYTES: usize = KeyHash::BITS as usize / 8;
const ROW_BYTES: usize = KEY_BYTES + size_of::<u32>();

/// Takes the keys of parts of the export, in any order and from any thread.
pub struct RowFile(Temporary);

/// Where the keys of one part lie; its records are numbered from its start.
pub struct Run {
    start: u64,
    /// Number of rows before each range.
    cuts: Box<[u32]>,
}

impl Run {
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.cuts[N_RANGES] as usize
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl RowFile {
    /// A file without a name.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn temporary() -> io::Result<RowFile> {
        Temporary::new().map(RowFile)
    }

    /// Takes the rows of a part. An error is kept for [`RowFile::finish`].
    pub fn append(&self, mut rows: Vec<KeyRow>) -> Run {
        rows.sort_unstable();
        let cuts = (0..=N_RANGES).map(|range| rows.partition_point(|row| range_of(row.key) < range) as u32).collect();
        let mut bytes = Vec::with_capacity(ROW_BYTES * rows.len());
        for KeyRow { key, record } in rows {
            bytes.extend_from_slice(&key.bits().to_le_bytes()[..KEY_BYTES]);
            bytes.extend_from_slice(&record.get().to_le_bytes());
        }
        let start = self.0.append(&bytes);
        Run { start, cuts }
    }

    /// The rows of all parts, each with the number of its first record.
    ///
    /// # Errors
    /// If something could not be written, or the file cannot be mapped.
    pub fn finish<'e>(self, runs: Vec<(Run, RecordId)>) -> io::Result<Rows<'e>> {
        Ok(Rows { file: Some(self.0.finish()?), runs, more: Vec::new(), earlier: None })
    }
}

fn range_of(key: KeyHash) -> usize {
    (key.bits() >> (KeyHash::BITS - RANGE_BITS)) as usize
}

/// Puts the rows of an earlier run whose keys have bits within a range together with others, which ascend.
pub type Earlier<'e> = Box<dyn Fn(Range<u64>, Vec<KeyRow>) -> RangeRows + Sync + 'e>;

/// The rows of a range of keys.
#[derive(Default)]
pub struct RangeRows {
    /// Those of all records, ascending and without repeats.
    pub rows: Vec<KeyRow>,
    /// Those among them that no earlier run gave; empty if there was none.
    pub new: Vec<KeyRow>,
    /// Those of records that are gone since, by their numbers then; ascending.
    pub gone: Vec<KeyRow>,
}

/// The keys of all records.
#[derive(Default)]
pub struct Rows<'e> {
    file: Option<Mmap>,
    runs: Vec<(Run, RecordId)>,
    more: Vec<KeyRow>,
    earlier: Option<Earlier<'e>>,
}

impl<'e> Rows<'e> {
    /// Adds rows, in any order, and those of an earlier run.
    pub fn with_earlier(self, more: Vec<KeyRow>, earlier: Earlier<'e>) -> Rows<'e> {
        Rows { more: super::blocks::sorted(more), earlier: Some(earlier), ..self }
    }

    /// What is made of each range of keys, in their order, some side by side.
    pub fn made_of_ranges<T: Send>(&self, make: impl Fn(RangeRows) -> T + Sync) -> impl Iterator<Item = T> {
        (0..N_RANGES).step_by(BATCH).flat_map(move |start| {
            let made = (start..start + BATCH).into_par_iter().map(|range| make(self.range(range)));
            made.collect::<Vec<T>>()
        })
    }

    fn range(&self, range: usize) -> RangeRows {
        let bits = |range: usize| (range as u64) << (KeyHash::BITS - RANGE_BITS);
        let more = self.more.partition_point(|row| range_of(row.key) < range)
            ..self.more.partition_point(|row| range_of(row.key) <= range);
        let n_read: usize = self.runs.iter().map(|(run, _)| (run.cuts[range + 1] - run.cuts[range]) as usize).sum();
        let mut rows = Vec::with_capacity(n_read + more.len());
        rows.extend_from_slice(&self.more[more]);
        for (run, first) in &self.runs {
            let [from, to] =
                [run.cuts[range], run.cuts[range + 1]].map(|at| run.start as usize + ROW_BYTES * at as usize);
            let bytes = self.file.as_ref().map_or(&[][..], |file| &file[from..to]);
            rows.extend(bytes.chunks_exact(ROW_BYTES).map(|row| {
                let (key, record) = row.split_at(KEY_BYTES);
                let mut bits = [0; size_of::<u64>()];
                bits[..KEY_BYTES].copy_from_slice(key);
                let record = u32::from_le_bytes(record.try_into().expect("four bytes are left"));
                KeyRow {
                    key: KeyHash::from_bits(u64::from_le_bytes(bits)),
                    record: RecordId::new(first.index() + record as usize),
                }
            }));
        }
        rows.sort_unstable();
        rows.dedup();
        match &self.earlier {
            Some(earlier) => earlier(bits(range)..bits(range + 1), rows),
            None => RangeRows { rows, ..RangeRows::default() },
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::blocks::sorted;
    use super::*;

    fn row((key, record): (u64, u32)) -> KeyRow {
        KeyRow { key: KeyHash::from_bits(key), record: RecordId::from(record) }
    }

    proptest! {
        #[test]
        fn rows_of_parts_and_of_an_earlier_run_come_together(
            parts in prop::collection::vec(prop::collection::vec((0..1u64 << KeyHash::BITS, 0..10u32), 0..40), 0..5),
            keys in prop::collection::vec((0..1u64 << KeyHash::BITS, 0..100u32), 0..40),
            n_earlier in 0..40usize,
        ) {
            let file = RowFile::temporary().expect("a file");
            let (mut runs, mut all) = (Vec::new(), Vec::new());
            for (at, part) in parts.into_iter().enumerate() {
                let first = 10 * at as u32;
                all.extend(part.iter().map(|&(key, record)| row((key, first + record))));
                runs.push((file.append(part.into_iter().map(row).collect()), RecordId::from(first)));
            }
            let keys: Vec<KeyRow> = keys.into_iter().map(row).collect();
            all.extend(&keys);
            let (earlier, more) = keys.split_at(n_earlier.min(keys.len()));
            let earlier = sorted(earlier.to_vec());
            let within = move |bits: Range<u64>, new: Vec<KeyRow>| {
                let kept = earlier.iter().filter(|row| bits.contains(&row.key.bits()));
                let rows = sorted(kept.chain(&new).copied().collect());
                RangeRows { rows, new, gone: Vec::new() }
            };
            let rows = file.finish(runs).expect("a map").with_earlier(more.to_vec(), Box::new(within));
            prop_assert_eq!(rows.made_of_ranges(|range| range.rows).flatten().collect::<Vec<_>>(), sorted(all));
        }
    }
}
