//! Keys → members of blocks, and title keys.

use std::io::{Read, Write};

use super::packets::{Keyed, Membership, Packets, numbered, part_of_record, unpack};
use super::rows::{Row, Writer, counted, kind, read};
use super::{broken, number};
use crate::config::Config;
use crate::error::Error;
use crate::matching::blocks::{BlockSizes, KeyClass, KeyHash};
use crate::matching::candidates::{DIVIDED_EACH_WAY, Limits, NEIGHBOUR_RECORDS, whole_title};
use crate::pipeline::N_LARGEST_BLOCKS;

/// A key of a record, and where its text stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct KeyAt {
    key: i64,
    record: u32,
    start: usize,
    len: u32,
}

/// Reads all [`kind::KEYS`] of one part, in any order, now with the unit's first record in `record`. All of a part is
/// held in memory, some 24 bytes a key.
///
/// Writes [`kind::MEMBERS`], for `n_parts` parts of the records, of blocks that are not divided; [`kind::CROWDED`] for
/// members of larger ones; [`kind::HUGE_BLOCK`] for keys of thousands; [`kind::TITLE`] and [`kind::TITLE_BACKWARDS`] for
/// title keys of few records; the largest blocks of this part and its counts.
///
/// # Errors
/// If the streams are not what they should be.
pub fn blocks<W: Write>(input: impl Read, config: &Config, n_parts: usize, out: &mut Writer<W>) -> Result<(), Error> {
    let (mut keys, mut texts) = (Vec::new(), String::new());
    read(input, |row| {
        if row.kind != kind::KEYS {
            return Err(broken(format!("rows of kind {} are no keys", row.kind)));
        }
        unpack(&row.bytes, |Keyed { key, record, text }| {
            let (start, len) = (texts.len(), text.len() as u32);
            texts.push_str(text);
            let record = number(row.record + i64::from(record))?;
            keys.push(KeyAt { key: i64::from_le_bytes(key), record, start, len });
            Ok(())
        })
    })?;
    keys.sort_unstable();
    let mut found = Found::new(config.blocking.limits(), n_parts);
    for block in keys.chunk_by(|x, y| x.key == y.key) {
        let KeyAt { start, len, .. } = block[0];
        found.block(block, &texts[start..start + len as usize], out)?;
    }
    found.finish(keys.len(), out)
}

/// Blocks, as they are found.
struct Found {
    limits: Limits,
    n_parts: usize,
    packets: Packets,
    n_indexed: i64,
    n_divided: i64,
    sizes: BlockSizes,
    largest: Vec<(std::cmp::Reverse<usize>, i64, i64)>,
}

impl Found {
    fn new(limits: Limits, n_parts: usize) -> Found {
        let packets = Packets::new(Row { kind: kind::MEMBERS, ..Row::default() }, n_parts);
        let (sizes, largest) = (BlockSizes::default(), Vec::new());
        Found { limits, n_parts, packets, n_indexed: 0, n_divided: 0, sizes, largest }
    }

    /// All records of one key; `text` is that of the first, of a title key.
    fn block<W: Write>(&mut self, block: &[KeyAt], text: &str, out: &mut Writer<W>) -> Result<(), Error> {
        let (a, n_records) = (block[0].key, block.len());
        let class = KeyHash::from_bits(a as u64).class();
        let most = self.limits.most(class);
        self.n_indexed += i64::from(n_records > 1 || class == KeyClass::Title);
        if class == KeyClass::Title && n_records <= NEIGHBOUR_RECORDS && !text.is_empty() {
            let backwards = whole_title(text.as_bytes()).map(|title| title.iter().rev().copied().collect());
            let numbers: Vec<i64> = block.iter().map(|of| of.record.into()).collect();
            let row = |kind, bytes| Row { kind, bytes, numbers: numbers.clone(), ..Row::default() };
            backwards.map_or(Ok(()), |bytes| out.row(&row(kind::TITLE_BACKWARDS, bytes)))?;
            out.row(&row(kind::TITLE, text.into()))?;
        }
        if n_records < 2 {
            return Ok(());
        }
        self.sizes.count(n_records);
        self.largest.push((std::cmp::Reverse(n_records), a, block[0].record.into()));
        if self.largest.len() > 64 * N_LARGEST_BLOCKS {
            self.keep_largest();
        }
        self.n_divided += i64::from(n_records > most);
        // Pieces may be divided on their own; there are few such keys, since each has thousands of records.
        if n_records > DIVIDED_EACH_WAY {
            out.row(&Row { kind: kind::HUGE_BLOCK, a, ..Row::default() })?;
        }
        for &KeyAt { key, record, .. } in block {
            if n_records <= most {
                let block = numbered(key, self.limits.is_loose(class, n_records));
                let item = Membership { block: block.to_le_bytes(), record };
                self.packets.put(part_of_record(record, self.n_parts), &item, out)?;
            } else {
                out.row(&Row { kind: kind::CROWDED, a, record: record.into(), ..Row::default() })?;
            }
        }
        Ok(())
    }

    fn keep_largest(&mut self) {
        self.largest.sort_unstable();
        self.largest.truncate(N_LARGEST_BLOCKS);
    }

    fn finish<W: Write>(mut self, n_keys: usize, out: &mut Writer<W>) -> Result<(), Error> {
        self.packets.close(out)?;
        self.keep_largest();
        for (std::cmp::Reverse(n), a, record) in self.largest {
            out.row(&Row { kind: kind::LARGE_BLOCK, a, record, numbers: vec![n as i64], ..Row::default() })?;
        }
        let mut numbers = vec![n_keys as i64, self.n_indexed, self.n_divided];
        numbers.extend(self.sizes.numbers().iter().map(|&n| n as i64));
        out.row(&Row { kind: kind::COUNTS, a: counted::BLOCKS, numbers, ..Row::default() })
    }
}
