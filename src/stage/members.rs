//! Members of blocks, and features → records for the parts where their blocks come together.

use std::collections::BTreeMap;
use std::io::{Read, Write};

use super::packets::{Member, Membership, Packets, of_pair, part_of, unpack};
use super::rows::{Row, Writer, kind, read};
use super::{broken, number};
use crate::error::Error;

/// What a part holds, in the order in which it came.
#[derive(Default)]
struct Part {
    /// Record, and its features within `bytes`.
    features: Vec<(u32, std::ops::Range<usize>)>,
    bytes: Vec<u8>,
    /// Record and block.
    memberships: Vec<(u32, i64)>,
    /// Record and the pair it is in.
    pairs: Vec<(u32, (u32, u32))>,
}

/// What of a record comes together in one part.
#[derive(Default)]
struct Here {
    /// Places of its blocks among all of them.
    blocks: Vec<u32>,
    pairs: Vec<(u32, u32)>,
}

/// Reads all rows of a part of the records, in any order: [`kind::FEATURES`] with `record` and `bytes`; [`kind::MEMBERS`];
/// and [`kind::PAIR`] with the pair in `a` and `b`, once for each of its records, which is in `record`. Rows may repeat. All of a
/// part is held in memory.
///
/// Writes [`kind::TOGETHER`] for `n_parts` parts: records with their features and all their blocks, once for each part in which
/// any of their blocks or pairs is.
///
/// # Errors
/// If the streams are not what they should be.
pub fn members<W: Write>(input: impl Read, n_parts: usize, out: &mut Writer<W>) -> Result<(), Error> {
    let mut all = Part::default();
    read(input, |row| all.take(&row))?;
    all.features.sort_unstable_by_key(|(record, _)| *record);
    all.features.dedup_by_key(|(record, _)| *record);
    all.memberships.sort_unstable();
    all.memberships.dedup();
    all.pairs.sort_unstable();
    all.pairs.dedup();
    let mut packets = Packets::new(Row { kind: kind::TOGETHER, ..Row::default() }, n_parts);
    let (mut memberships, mut pairs) = (all.memberships.as_slice(), all.pairs.as_slice());
    for (record, features) in all.features {
        let features = &all.bytes[features];
        let blocks: Vec<i64> = take_of(&mut memberships, record)?.iter().map(|&(_, block)| block).collect();
        let paired = take_of(&mut pairs, record)?;
        let mut parts: BTreeMap<usize, Here> = BTreeMap::new();
        for (&block, at) in blocks.iter().zip(0..) {
            parts.entry(part_of(block, n_parts)).or_default().blocks.push(at);
        }
        for &(_, (a, b)) in paired {
            parts.entry(part_of(of_pair(a, b), n_parts)).or_default().pairs.push((a, b));
        }
        for (part, Here { blocks: here, pairs }) in parts {
            packets.put(part, &Member { record, blocks: blocks.clone(), here, pairs, features }, out)?;
        }
    }
    match memberships.first().map(|(record, _)| record).or(pairs.first().map(|(record, _)| record)) {
        Some(record) => Err(without_features(*record)),
        None => packets.close(out),
    }
}

fn without_features(record: u32) -> Error {
    broken(format!("record {record} has no features"))
}

/// What is about a record, off the front; all that is about earlier ones was taken.
fn take_of<'t, T>(rest: &mut &'t [(u32, T)], record: u32) -> Result<&'t [(u32, T)], Error> {
    if let Some((earlier, _)) = rest.first().filter(|(earlier, _)| *earlier < record) {
        return Err(without_features(*earlier));
    }
    let (of_record, others) = rest.split_at(rest.partition_point(|(other, _)| *other <= record));
    *rest = others;
    Ok(of_record)
}

impl Part {
    fn take(&mut self, row: &Row) -> Result<(), Error> {
        match row.kind {
            kind::FEATURES => {
                let start = self.bytes.len();
                self.bytes.extend_from_slice(&row.bytes);
                self.features.push((number(row.record)?, start..self.bytes.len()));
            }
            kind::MEMBERS => unpack(&row.bytes, |Membership { block, record }| {
                self.memberships.push((record, i64::from_le_bytes(block)));
                Ok(())
            })?,
            kind::PAIR => self.pairs.push((number(row.record)?, (number(row.a)?, number(row.b)?))),
            other => return Err(broken(format!("rows of kind {other} are not for members"))),
        }
        Ok(())
    }
}
