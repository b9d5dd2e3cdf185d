//! Keys → members of blocks, and title keys.

use std::io::{Read, Write};

use super::rows::{Row, Writer, counted, kind, read};
use super::{limits, number};
use crate::config::Config;
use crate::error::Error;
use crate::matching::blocks::{BlockSizes, KeyClass, KeyHash};
use crate::matching::candidates::{DIVIDED_EACH_WAY, NEIGHBOUR_RECORDS, whole_title};
use crate::pipeline::N_LARGEST_BLOCKS;

/// The records of one key so far.
struct Block {
    key: i64,
    class: KeyClass,
    /// The first records, as many as may be needed.
    records: Vec<i64>,
    n_records: usize,
    /// The text of the first record, of a title key.
    text: String,
}

/// Reads keys: `a` the key, `record`, `texts` the text of a title key if there is any; sorted by `a` and `record`.
///
/// Writes [`kind::MEMBER`] for records of blocks that are compared whole, [`kind::CROWDED`] for those of larger ones;
/// [`kind::HUGE_BLOCK`] for keys of thousands; [`kind::TITLE`] and [`kind::TITLE_BACKWARDS`] for title keys of few records; the largest blocks of this stream and
/// its counts. Memory is bounded, however large a block is.
///
/// # Errors
/// If the streams are not what they should be.
pub fn blocks<W: Write>(input: impl Read, config: &Config, out: &mut Writer<W>) -> Result<(), Error> {
    let limits = limits(config);
    let mut n_keys = 0;
    let mut n_indexed = 0;
    let mut n_divided = 0;
    let mut sizes = BlockSizes::default();
    let mut largest: Vec<(std::cmp::Reverse<usize>, i64, i64)> = Vec::new();
    let mut open: Option<Block> = None;
    let mut close = |block: Block, out: &mut Writer<W>| {
        let Block { key, class, records, n_records, text } = block;
        n_indexed += i64::from(n_records > 1 || class == KeyClass::Title);
        if class == KeyClass::Title && n_records <= NEIGHBOUR_RECORDS && !text.is_empty() {
            let bytes = text.into_bytes();
            let backwards = whole_title(&bytes).map(|title| title.iter().rev().copied().collect());
            let row = |kind, bytes| Row { kind, bytes, numbers: records.clone(), ..Row::default() };
            backwards.map_or(Ok(()), |bytes| out.row(&row(kind::TITLE_BACKWARDS, bytes)))?;
            out.row(&row(kind::TITLE, bytes))?;
        }
        if n_records < 2 {
            return Ok(());
        }
        sizes.count(n_records);
        largest.push((std::cmp::Reverse(n_records), key, records[0]));
        if largest.len() > 64 * N_LARGEST_BLOCKS {
            largest.sort_unstable();
            largest.truncate(N_LARGEST_BLOCKS);
        }
        n_divided += i64::from(n_records > limits.most(class));
        // Pieces may be divided on their own; there are few such keys, since each has thousands of records.
        if n_records > DIVIDED_EACH_WAY {
            out.row(&Row { kind: kind::HUGE_BLOCK, a: key, ..Row::default() })?;
        }
        if n_records <= limits.most(class) {
            for record in records {
                out.row(&Row { kind: kind::MEMBER, a: key, record, ..Row::default() })?;
            }
        }
        Ok(())
    };
    read(input, |row| {
        number(row.record)?;
        n_keys += 1;
        if open.as_ref().is_none_or(|block| block.key != row.a) {
            let class = KeyHash::from_bits(row.a as u64).class();
            let text = row.texts.into_iter().next().unwrap_or_default();
            let new = Block { key: row.a, class, records: Vec::new(), n_records: 0, text };
            if let Some(done) = open.replace(new) {
                close(done, out)?;
            }
        }
        let Some(block) = &mut open else { return Ok(()) };
        block.n_records += 1;
        let most = limits.most(block.class).max(NEIGHBOUR_RECORDS);
        let crowded = |record| Row { kind: kind::CROWDED, a: row.a, record, ..Row::default() };
        if block.n_records <= most {
            block.records.push(row.record);
        }
        if block.n_records > limits.most(block.class) {
            // Up to here the records were held back, since the block might have been whole.
            if block.n_records == limits.most(block.class) + 1 {
                let before = &block.records[..limits.most(block.class)];
                before.iter().try_for_each(|&record| out.row(&crowded(record)))?;
            }
            out.row(&crowded(row.record))?;
        }
        Ok(())
    })?;
    if let Some(done) = open.take() {
        close(done, out)?;
    }
    largest.sort_unstable();
    largest.truncate(N_LARGEST_BLOCKS);
    for (std::cmp::Reverse(n), a, record) in largest {
        out.row(&Row { kind: kind::LARGE_BLOCK, a, record, numbers: vec![n as i64], ..Row::default() })?;
    }
    let mut numbers = vec![n_keys, n_indexed, n_divided];
    numbers.extend(sizes.numbers().iter().map(|&n| n as i64));
    out.row(&Row { kind: kind::COUNTS, a: counted::BLOCKS, numbers, ..Row::default() })
}
