//! Packets: many small things that go to one part of a shuffle, as the bytes of one row. An engine that moves rows then moves
//! few, whatever their number: a record has some 25 keys, and is in some ten blocks.

use std::io::Write;

use serde::{Deserialize, Serialize};

use super::broken;
use super::rows::{Row, Writer};
use crate::error::Error;

/// Bytes that wait to be written, over all parts.
const OPEN_BYTES: usize = 16 << 20;

/// In which of `n_parts` a record belongs.
pub fn part_of_record(record: u32, n_parts: usize) -> usize {
    record as usize % n_parts
}

/// In which of `n_parts` the members of a block, or pair, come together.
pub(super) fn part_of(block: i64, n_parts: usize) -> usize {
    let mixed = (block as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    ((u128::from(mixed) * n_parts as u128) >> 64) as usize
}

/// Says of a block's number whether two records must share two such blocks; see [`is_loose`].
pub(super) fn numbered(block: i64, is_loose: bool) -> i64 {
    if is_loose { block | LOOSE } else { block & !LOOSE }
}

/// Whether two records that share this block must share another such one to be compared.
pub(super) fn is_loose(block: i64) -> bool {
    block & LOOSE != 0
}

/// A bit that hashes of keys do not use; those of parts give it up.
const LOOSE: i64 = 1 << 62;

/// The number by which two records are brought together.
pub(super) fn of_pair(a: u32, b: u32) -> i64 {
    (i64::from(a) << 32) | i64::from(b)
}

/// Packets being filled, one for each part. Each is written as a row with the part in `record`.
pub(super) struct Packets {
    /// What is the same of all rows.
    row: Row,
    parts: Vec<Vec<u8>>,
    n_open: usize,
}

impl Packets {
    /// Packets for parts `0..n_parts`; their rows are like `row`.
    pub(super) fn new(row: Row, n_parts: usize) -> Packets {
        Packets { row, parts: vec![Vec::new(); n_parts], n_open: 0 }
    }

    /// Puts something into the packet of a part.
    pub(super) fn put<W: Write>(
        &mut self,
        part: usize,
        item: &impl Serialize,
        out: &mut Writer<W>,
    ) -> Result<(), Error> {
        let packet = &mut self.parts[part];
        let before = packet.len();
        *packet = postcard::to_extend(item, std::mem::take(packet)).expect("known lengths and a growing buffer");
        self.n_open += packet.len() - before;
        if self.n_open >= OPEN_BYTES { self.close(out) } else { Ok(()) }
    }

    /// Writes all packets that hold anything.
    pub(super) fn close<W: Write>(&mut self, out: &mut Writer<W>) -> Result<(), Error> {
        self.n_open = 0;
        for (part, bytes) in self.parts.iter_mut().enumerate().filter(|(_, bytes)| !bytes.is_empty()) {
            let bytes = std::mem::take(bytes);
            out.row(&Row { record: part as i64, bytes, ..self.row.clone() })?;
        }
        Ok(())
    }

    /// Whether their rows have these keys.
    pub(super) fn are_of(&self, a: i64, b: i64) -> bool {
        (self.row.a, self.row.b) == (a, b)
    }

    /// [`Packets::close`], and what is written from now on is like `row`.
    pub(super) fn turn_to<W: Write>(&mut self, row: Row, out: &mut Writer<W>) -> Result<(), Error> {
        self.close(out)?;
        self.row = row;
        Ok(())
    }
}

/// Shows what is in a packet.
pub(super) fn unpack<'p, T: Deserialize<'p>>(
    mut packet: &'p [u8],
    mut show: impl FnMut(T) -> Result<(), Error>,
) -> Result<(), Error> {
    while !packet.is_empty() {
        let (item, rest) = postcard::take_from_bytes(packet).map_err(|error| broken(format!("a packet: {error}")))?;
        packet = rest;
        show(item)?;
    }
    Ok(())
}

/// A key of a record.
#[derive(Serialize, Deserialize)]
pub(super) struct Keyed<'k> {
    /// The key, as bytes: hashes have no small values.
    pub(super) key: [u8; 8],
    /// The record.
    pub(super) record: u32,
    /// The text of a title key, else nothing.
    pub(super) text: &'k str,
}

/// A record is a member of a block.
#[derive(Serialize, Deserialize)]
pub(super) struct Membership {
    /// The block.
    pub(super) block: [u8; 8],
    /// The record.
    pub(super) record: u32,
}

/// A record for the part where some of its blocks, or of the pairs it is in, come together.
#[derive(Serialize, Deserialize)]
pub(super) struct Member<'m> {
    /// The record.
    pub(super) record: u32,
    /// All its blocks, ascending.
    pub(super) blocks: Vec<i64>,
    /// Which of these come together here.
    pub(super) here: Vec<u32>,
    /// The pairs it is in that come together here, ascending.
    pub(super) pairs: Vec<(u32, u32)>,
    /// Its features, encoded.
    pub(super) features: &'m [u8],
}

#[cfg(test)]
mod tests {
    use super::super::rows;
    use super::*;

    #[test]
    fn what_is_packed_is_unpacked_part_by_part() {
        let mut out = Writer::new(Vec::new()).expect("memory");
        let mut packets = Packets::new(Row { kind: 7, ..Row::default() }, 3);
        for number in 0..1000 {
            let item = Membership { block: i64::to_le_bytes(-number), record: number as u32 };
            packets.put(part_of(number, 3), &item, &mut out).expect("memory");
        }
        packets.turn_to(Row { kind: 8, ..Row::default() }, &mut out).expect("memory");
        packets.put(1, &Membership { block: [1; 8], record: 5 }, &mut out).expect("memory");
        packets.close(&mut out).expect("memory");
        let mut seen = Vec::new();
        rows::read(out.finish().expect("memory").as_slice(), |row| {
            unpack(&row.bytes, |Membership { block, record }| {
                if row.kind == 7 {
                    assert_eq!(part_of(record.into(), 3), row.record as usize);
                    assert_eq!(i64::from_le_bytes(block), -i64::from(record));
                }
                seen.push((row.kind, record));
                Ok(())
            })
        })
        .expect("rows");
        seen.sort_unstable();
        assert_eq!(seen, (0..1000).map(|record| (7, record)).chain([(8, 5)]).collect::<Vec<_>>());
    }

    #[test]
    fn parts_are_filled_alike() {
        let mut n_of = [0; 7];
        (0..70_000).for_each(|record| n_of[part_of(record, 7)] += 1);
        assert!(n_of.iter().all(|n| (9_000..11_000).contains(n)), "{n_of:?}");
    }

    #[test]
    fn a_packet_that_is_cut_is_told() {
        let told = unpack(&[1, 2, 3], |_: Membership| Ok(())).expect_err("three bytes are no membership");
        assert!(told.to_string().contains("a packet"), "{told}");
    }
}
