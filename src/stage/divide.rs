//! Blocks that are too large → their parts.

use std::io::{Read, Write};

use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use super::packets::{Membership, Packets, numbered, part_of_record};
use super::rows::{Row, Writer, kind, read, read_runs};
use super::{features, id, number};
use crate::config::Config;
use crate::error::Error;
use crate::ids::RecordId;
use crate::keys::FeatureTable;
use crate::matching::blocks::{KeyClass, KeyHash};
use crate::matching::candidates::{Dividing, Pair, Parts, first_step, parts_of, parts_of_piece, place_in_block};

/// Reads members of crowded blocks in any order: `a` the key, `b` 1 if the block is huge (its key came as
/// [`kind::HUGE_BLOCK`]) and else 0, `record`, `texts` its id, `bytes` its features.
///
/// Writes the members again, [`kind::CROWDED`], `b` now the piece of the block that they are divided in: 0 for all of a
/// block; else a number for what huge blocks and those of weak keys are divided by first. For huge blocks of other keys
/// also [`kind::IN_ORDER`], since their neighbourhoods go across all pieces.
///
/// # Errors
/// If the streams are not what they should be.
pub fn pieces<W: Write>(input: impl Read, out: &mut Writer<W>) -> Result<(), Error> {
    read(input, |row| {
        let class = KeyHash::from_bits(row.a as u64).class();
        let is_huge = row.b != 0;
        let features = features(&row)?;
        let id = id(&row)?;
        let in_order = || Row {
            kind: kind::IN_ORDER,
            a: row.a,
            numbers: vec![row.a, row.record],
            bytes: place_in_block(&features, id, RecordId::from(row.record as u32)),
            ..Row::default()
        };
        if is_huge && class != KeyClass::Weak {
            out.row(&in_order())?;
        }
        let piece = || (xxh3_64(first_step(features.years).as_bytes()) >> 1 | 1) as i64;
        let b = if is_huge || class == KeyClass::Weak { piece() } else { 0 };
        out.row(&Row { kind: kind::CROWDED, b, bytes: row.bytes.clone(), texts: row.texts.clone(), ..row })
    })
}

/// Reads what [`pieces`] writes: members of crowded blocks, sorted by `a`, `b` and `record`.
///
/// Writes [`kind::MEMBERS`], for `n_parts` parts of the records, of the blocks' parts, and [`kind::PAIR`] for pairs across those
/// of whole blocks. A piece, or a block that is not huge, is held in memory with the features of its records.
///
/// # Errors
/// If the streams are not what they should be.
pub fn divide<W: Write>(input: impl Read, config: &Config, n_parts: usize, out: &mut Writer<W>) -> Result<(), Error> {
    let limits = config.blocking.limits();
    let mut packets = Packets::new(Row { kind: kind::MEMBERS, ..Row::default() }, n_parts);
    let of = |row: &Row| (row.a, row.b);
    read_runs(input, of, |(key, piece), mut rows| {
        rows.sort_by_key(|row| row.record);
        rows.dedup_by_key(|row| row.record);
        let features = features_of(&rows)?;
        let ids = rows.iter().map(id).collect::<Result<Vec<&str>, Error>>()?;
        let id_of = |record: RecordId| ids[record.index()];
        let dividing = Dividing { features: &features, id_of: &id_of, limits, wanted: None };
        let records: Vec<RecordId> = (0..rows.len()).map(RecordId::new).collect();
        let class = KeyHash::from_bits(key as u64).class();
        let Parts { blocks, neighbours } = match piece {
            0 => parts_of(&records, class, dividing),
            _ => Parts { blocks: parts_of_piece(&records, class, &features, limits), neighbours: Vec::new() },
        };
        for (at, part) in blocks.iter().enumerate() {
            let block = numbered(part_id(key, piece, at), limits.is_loose(class, part.len())).to_le_bytes();
            for record in part {
                let record = number(rows[record.index()].record)?;
                packets.put(part_of_record(record, n_parts), &Membership { block, record }, out)?;
            }
        }
        for Pair { a, b } in neighbours {
            let (a, b) = (rows[a.index()].record, rows[b.index()].record);
            out.row(&Row { kind: kind::PAIR, a, b, ..Row::default() })?;
        }
        Ok(())
    })?;
    packets.close(out)
}

/// The block that a part becomes. It is below 0, which no key is. Two parts of a billion may get one number, which brings
/// strangers together and merges nothing.
fn part_id(key: i64, piece: i64, part: usize) -> i64 {
    let bytes = [key.to_le_bytes(), piece.to_le_bytes()].concat();
    (xxh3_64_with_seed(&bytes, part as u64) | 1 << 63) as i64
}

/// The features of rows, numbered from 0.
fn features_of(rows: &[Row]) -> Result<FeatureTable, Error> {
    rows.iter().try_for_each(|row| features(row).map(drop))?;
    let encoded = rows.iter().enumerate().map(|(at, row)| (RecordId::new(at), row.bytes.as_slice()));
    Ok(FeatureTable::of_encoded(rows.len(), encoded))
}
