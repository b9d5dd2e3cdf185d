//! The block index: an FST from block key to the records that hold it, built on disk and mapped.
//!
//! Building an FST costs 20–40 µs for every 90-byte work key and does not compress them, so three things
//! keep it cheap: keys are cut when they are made; only keys shared by two or more records go in, found by
//! sorting 64-bit hashes; and title keys, which go in whether shared or not because their neighbours are
//! searched, are of 35 bytes at most. Shards, one per key type, are built side by side.
//!
//! ```text
//! shard TI   "TI annualreport"      -> 0      postings  [3][7 2 1]      3 records: 7, 9, 10
//!            "TI useofsocialmedia"  -> 4                [1][42]         1 record: 42
//! shard DOI  "DOI 10.1177/2055…"    -> 6                [2][1 5]        2 records: 1, 6
//! ```
//!
//! Postings are varints: number of records, first record, then differences.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{self, BufWriter, Write};

use fst::{IntoStreamer, Map, MapBuilder, Streamer};
use memmap2::Mmap;
use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use crate::error::Error;
use crate::ids::RecordId;
use crate::map::map;

/// One key of one record.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct KeyRow {
    /// xxh3 of the key.
    pub hash: u64,
    /// The record.
    pub record: RecordId,
    /// Whether the key goes into the index even if no other record holds it.
    pub always: bool,
}

impl KeyRow {
    /// The row of `key` in `record`.
    pub fn new(key: &str, record: RecordId) -> KeyRow {
        KeyRow { hash: xxh3_64(key.as_bytes()), record, always: key.starts_with(NEIGHBOURED) }
    }
}

/// Keys of this type are indexed even if nobody shares them, since near keys are looked for.
const NEIGHBOURED: &str = "TI ";

/// What remains of the rows: per key its records, without the keys' texts.
pub struct Groups {
    /// Hash and range into `records`, ascending by hash.
    groups: Vec<Group>,
    records: Vec<RecordId>,
}

#[derive(Clone, Copy)]
struct Group {
    hash: u64,
    start: u32,
    len: u32,
}

impl Groups {
    /// Sorts rows and keeps the keys that two or more records share, and the neighboured ones.
    pub fn of(mut rows: Vec<KeyRow>) -> Groups {
        rows.par_sort_unstable();
        rows.dedup();
        let mut groups = Vec::new();
        let mut records = Vec::new();
        for group in rows.chunk_by(|a, b| a.hash == b.hash) {
            if group.len() > 1 || group[0].always {
                groups.push(Group { hash: group[0].hash, start: records.len() as u32, len: group.len() as u32 });
                records.extend(group.iter().map(|row| row.record));
            }
        }
        Groups { groups, records }
    }

    /// Number of keys.
    pub fn len(&self) -> usize {
        self.groups.len()
    }

    /// Whether there are no keys.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// Records that must show their keys' texts: the first of each group, ascending, without repeats.
    pub fn witnesses(&self) -> Vec<RecordId> {
        let mut witnesses: Vec<RecordId> = self.groups.iter().map(|group| self.records[group.start as usize]).collect();
        witnesses.par_sort_unstable();
        witnesses.dedup();
        witnesses
    }

    fn members(&self, group: Group) -> &[RecordId] {
        &self.records[group.start as usize..(group.start + group.len) as usize]
    }

    fn find(&self, hash: u64) -> Option<Group> {
        self.groups.binary_search_by_key(&hash, |group| group.hash).ok().map(|at| self.groups[at])
    }
}

/// The mapped index.
pub struct BlockIndex {
    shards: Vec<Shard>,
    /// Number of keys in all shards.
    pub n_keys: usize,
    /// Size on disk in bytes.
    pub n_bytes: usize,
}

struct Shard {
    keys: Map<Mmap>,
    postings: Mmap,
}

impl BlockIndex {
    /// Builds the index in unnamed temporary files and maps it.
    ///
    /// `keys_of` shows all keys of a record; it is asked for [`Groups::witnesses`] only, and `advance` is told
    /// the number of them done, from any thread.
    ///
    /// # Errors
    /// If the temporary files cannot be written.
    pub fn build(
        groups: &Groups,
        keys_of: impl Fn(RecordId, &mut dyn FnMut(&str)) + Sync,
        advance: impl Fn(u64) + Sync,
    ) -> Result<BlockIndex, Error> {
        let mut texts: Vec<(String, Group)> = groups
            .witnesses()
            .into_par_iter()
            .flat_map_iter(|witness| {
                let mut texts: Vec<(String, Group)> = Vec::new();
                keys_of(witness, &mut |key| {
                    if let Some(group) = groups.find(xxh3_64(key.as_bytes()))
                        && groups.members(group)[0] == witness
                    {
                        texts.push((key.to_owned(), group));
                    }
                });
                advance(1);
                texts
            })
            .collect();
        texts.par_sort_unstable_by(|a, b| a.0.cmp(&b.0));
        texts.dedup_by(|a, b| a.0 == b.0);
        let by_type = |key: &str| key.split(' ').next().unwrap_or_default().to_owned();
        let shards: Vec<&[(String, Group)]> = texts.chunk_by(|a, b| by_type(&a.0) == by_type(&b.0)).collect();
        let shards: Result<Vec<Shard>, String> =
            shards.into_par_iter().map(|texts| Shard::build(texts, groups)).collect();
        let shards = shards.map_err(|reason| Error::Index { reason })?;
        let n_bytes = shards.iter().map(|shard| shard.keys.as_fst().size() + shard.postings.len()).sum();
        Ok(BlockIndex { n_keys: shards.iter().map(|shard| shard.keys.len()).sum(), n_bytes, shards })
    }

    /// All blocks in the order of their keys.
    pub fn blocks(&self) -> Vec<BlockRef<'_>> {
        let mut blocks = Vec::new();
        for shard in &self.shards {
            let mut stream = shard.keys.stream();
            while let Some((_, at)) = stream.next() {
                blocks.push(BlockRef { postings: &shard.postings[at as usize..] });
            }
        }
        blocks
    }

    /// The records under a key.
    pub fn get(&self, key: &str) -> Option<BlockRef<'_>> {
        self.shards
            .iter()
            .find_map(|shard| shard.keys.get(key).map(|at| BlockRef { postings: &shard.postings[at as usize..] }))
    }

    /// Keys and blocks of the neighboured type, ascending by key.
    pub fn neighboured(&self, mut show: impl FnMut(&[u8], BlockRef<'_>)) {
        for shard in &self.shards {
            let mut stream = shard.keys.range().ge(NEIGHBOURED).lt("TI!").into_stream();
            while let Some((key, at)) = stream.next() {
                show(key, BlockRef { postings: &shard.postings[at as usize..] });
            }
        }
    }

    /// How large the blocks of two or more records are, and the `n_largest` largest by name.
    pub fn sizes(&self, n_largest: usize) -> BlockSizes {
        let mut sizes = BlockSizes::default();
        // The smallest of the largest lies on top, and of equal ones the last by key.
        let mut largest: BinaryHeap<(Reverse<usize>, Vec<u8>)> = BinaryHeap::new();
        for shard in &self.shards {
            let mut stream = shard.keys.stream();
            while let Some((key, at)) = stream.next() {
                let len = BlockRef { postings: &shard.postings[at as usize..] }.len();
                if len < 2 {
                    continue;
                }
                sizes.count(len);
                let is_among =
                    |(least, last): &(Reverse<usize>, Vec<u8>)| (Reverse(len), key) < (*least, last.as_slice());
                if largest.len() < n_largest || largest.peek().is_some_and(is_among) {
                    largest.push((Reverse(len), key.to_vec()));
                }
                if largest.len() > n_largest {
                    largest.pop();
                }
            }
        }
        let named = |(Reverse(len), key): (Reverse<usize>, Vec<u8>)| (String::from_utf8_lossy(&key).into_owned(), len);
        sizes.largest = largest.into_sorted_vec().into_iter().map(named).collect();
        sizes
    }
}

/// How many blocks there are of which size.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct BlockSizes {
    /// Blocks of 2, 3, 4, 5 to 8, 9 to 16, 17 to 32 … records, up to the class of the largest block.
    classes: Vec<u64>,
    /// The keys of the largest blocks with their numbers of records, the largest first, ties by key.
    pub largest: Vec<(String, usize)>,
}

/// Blocks of a range of sizes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SizeClass {
    /// Fewest records.
    pub from: u64,
    /// Most records.
    pub to: u64,
    /// Number of blocks.
    pub n_blocks: u64,
}

impl BlockSizes {
    /// The classes, smallest sizes first; none in between is left out.
    pub fn classes(&self) -> impl Iterator<Item = SizeClass> + '_ {
        self.classes.iter().enumerate().map(|(at, &n_blocks)| match at {
            0..3 => SizeClass { from: at as u64 + 2, to: at as u64 + 2, n_blocks },
            _ => SizeClass { from: (1 << (at - 1)) + 1, to: 1 << at, n_blocks },
        })
    }

    fn count(&mut self, len: usize) {
        let class = match len {
            ..=3 => len.saturating_sub(2),
            // 4 is the second power of two, 5 to 8 reach up to the third.
            _ => len.next_power_of_two().trailing_zeros() as usize,
        };
        if self.classes.len() <= class {
            self.classes.resize(class + 1, 0);
        }
        self.classes[class] += 1;
    }
}

/// The records of one key, still encoded.
#[derive(Clone, Copy)]
pub struct BlockRef<'a> {
    postings: &'a [u8],
}

impl BlockRef<'_> {
    /// Number of records.
    pub fn len(self) -> usize {
        read_varint(&mut &*self.postings) as usize
    }

    /// Whether there are none; never so in a built index.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The records, ascending.
    pub fn records(self) -> Vec<RecordId> {
        let mut rest = self.postings;
        let n = read_varint(&mut rest);
        let mut last = 0;
        let mut records = Vec::with_capacity(n as usize);
        for _ in 0..n {
            last += read_varint(&mut rest);
            records.push(RecordId::from(last));
        }
        records
    }
}

impl Shard {
    fn build(texts: &[(String, Group)], groups: &Groups) -> Result<Shard, String> {
        let built = || -> Result<Shard, fst::Error> {
            let keys_file = tempfile::tempfile()?;
            let mut keys = MapBuilder::new(BufWriter::new(&keys_file))?;
            let postings_file = tempfile::tempfile()?;
            let mut postings = CountingWriter { inner: BufWriter::new(&postings_file), n_bytes: 0 };
            for (key, group) in texts {
                keys.insert(key, postings.n_bytes)?;
                write_postings(groups.members(*group), &mut postings)?;
            }
            keys.into_inner()?.flush()?;
            postings.inner.flush()?;
            Ok(Shard { keys: Map::new(map(&keys_file)?)?, postings: map(&postings_file)? })
        };
        built().map_err(|error| format!("it cannot be written to a temporary file ({error}); is the disk full?"))
    }
}

struct CountingWriter<W> {
    inner: W,
    n_bytes: u64,
}

fn write_postings<W: Write>(records: &[RecordId], out: &mut CountingWriter<W>) -> io::Result<()> {
    write_varint(records.len() as u32, out)?;
    let mut last = 0;
    for record in records {
        write_varint(record.get() - last, out)?;
        last = record.get();
    }
    Ok(())
}

fn write_varint<W: Write>(mut value: u32, out: &mut CountingWriter<W>) -> io::Result<()> {
    loop {
        let byte = (value & 0x7f) as u8;
        value >>= 7;
        out.n_bytes += 1;
        if value == 0 {
            return out.inner.write_all(&[byte]);
        }
        out.inner.write_all(&[byte | 0x80])?;
    }
}

fn read_varint(bytes: &mut &[u8]) -> u32 {
    let mut value = 0;
    let mut shift = 0;
    while let Some((&byte, rest)) = bytes.split_first() {
        *bytes = rest;
        value |= u32::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 || shift >= 28 {
            break;
        }
        shift += 7;
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: [&[&str]; 4] = [&["TI abc", "DOI 1"], &["TI abc", "AT x y"], &["TI abd", "DOI 1"], &["AT z y"]];

    fn index() -> BlockIndex {
        let rows = |at: usize| KEYS[at].iter().map(move |key| KeyRow::new(key, RecordId::new(at)));
        let groups = Groups::of((0..KEYS.len()).flat_map(rows).collect());
        BlockIndex::build(&groups, |record, show| KEYS[record.index()].iter().for_each(|key| show(key)), |_| ())
            .expect("temporary files")
    }

    #[test]
    fn shared_keys_lead_to_their_records() {
        let index = index();
        let records =
            |key: &str| index.get(key).map(|block| block.records().iter().map(|r| r.get()).collect::<Vec<_>>());
        assert_eq!(records("TI abc"), Some(vec![0, 1]));
        assert_eq!(records("DOI 1"), Some(vec![0, 2]));
        assert_eq!(records("TI abd"), Some(vec![2]), "title keys are kept for their neighbours");
        assert_eq!(records("AT x y"), None, "nobody shares it");
        assert_eq!(index.blocks().len(), 3);
        let sizes = index.sizes(5);
        assert_eq!(sizes.largest, [("DOI 1".to_owned(), 2), ("TI abc".to_owned(), 2)]);
        assert_eq!(sizes.classes().collect::<Vec<_>>(), [SizeClass { from: 2, to: 2, n_blocks: 2 }]);
        assert_eq!(index.sizes(1).largest, [("DOI 1".to_owned(), 2)], "of equal blocks the first by key");
    }

    #[test]
    fn every_size_has_one_class() {
        let mut sizes = BlockSizes::default();
        (2..=33).for_each(|len| sizes.count(len));
        let classes: Vec<(u64, u64, u64)> =
            sizes.classes().map(|class| (class.from, class.to, class.n_blocks)).collect();
        assert_eq!(classes, [(2, 2, 1), (3, 3, 1), (4, 4, 1), (5, 8, 4), (9, 16, 8), (17, 32, 16), (33, 64, 1)]);
    }

    proptest::proptest! {
        #[test]
        fn postings_come_back(mut numbers in proptest::collection::btree_set(proptest::num::u32::ANY, 1..50)) {
            let records: Vec<RecordId> = std::mem::take(&mut numbers).into_iter().map(RecordId::from).collect();
            let mut out = CountingWriter { inner: Vec::new(), n_bytes: 0 };
            write_postings(&records, &mut out).expect("memory");
            proptest::prop_assert_eq!(out.n_bytes as usize, out.inner.len());
            proptest::prop_assert_eq!(BlockRef { postings: &out.inner }.records(), records);
        }
    }
}
