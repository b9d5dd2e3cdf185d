//! Blocks: records that share a key.
//!
//! A record has some 25 keys, most of them its own alone. Rows of hashes are sorted, which finds the shared ones
//! without a look at any text. Title keys go into an index besides, whether shared or not, since their neighbours are
//! searched: an FST from key to block, built on disk and mapped, in shards built side by side.
//!
//! ```text
//! groups   hash 03f1…  records 7, 9, 10     TI useofsocialmedia, title
//!          hash 5b20…  records 1, 6         DOI 10.1177/2055…, strong
//!          hash 9c77…  record 42            TI xylography, title: kept for its neighbours
//! titles   "TI useofsocialmedia" -> group 0
//!          "TI xylography"       -> group 2
//! ```

use std::io::{BufWriter, Write};

use fst::{Map, MapBuilder, Streamer};
use memmap2::Mmap;
use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use crate::error::Error;
use crate::ids::RecordId;
use crate::map::map;

/// What a key is good for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum KeyClass {
    /// A title by itself: indexed even if nobody shares it, since near keys are looked for.
    Title,
    /// Few records share it that are not one.
    Strong,
    /// Two words, or a word and a name: each record has many, and in a large catalogue strangers share them.
    Weak,
}

impl KeyClass {
    /// The class of a key, by its type.
    pub fn of(key: &str) -> KeyClass {
        match key.as_bytes() {
            [b'T', b'I', b' ', ..] => KeyClass::Title,
            [b'F' | b'L', b'W', b' ', ..] | [b'T', b'Y', b' ', ..] => KeyClass::Weak,
            _ => KeyClass::Strong,
        }
    }
}

/// A key without its text: 46 bits of its xxh3, then its class in two. So rows take eight bytes on disk, see
/// [`crate::index`]. Of ten million records' keys a few hundred share a hash with another key, which brings strangers
/// together and merges nothing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct KeyHash(u64);

impl KeyHash {
    /// Bits in use.
    pub const BITS: u32 = 48;

    /// The hash of a key.
    pub fn of(key: &str) -> KeyHash {
        KeyHash((xxh3_64(key.as_bytes()) >> (64 - KeyHash::BITS)) & !3 | KeyClass::of(key) as u64)
    }

    /// The hash whose bits are these, as [`KeyHash::bits`] gave them.
    pub fn from_bits(bits: u64) -> KeyHash {
        KeyHash(bits)
    }

    /// The bits, the lowest [`KeyHash::BITS`].
    pub fn bits(self) -> u64 {
        self.0
    }

    /// What the key is good for.
    pub fn class(self) -> KeyClass {
        match self.0 & 3 {
            0 => KeyClass::Title,
            1 => KeyClass::Strong,
            _ => KeyClass::Weak,
        }
    }
}

/// One key of one record.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct KeyRow {
    /// The key.
    pub key: KeyHash,
    /// The record.
    pub record: RecordId,
}

impl KeyRow {
    /// The row of `key` in `record`.
    pub fn new(key: &str, record: RecordId) -> KeyRow {
        KeyRow { key: KeyHash::of(key), record }
    }
}

/// Rows ascending, without repeats.
pub fn sorted(mut rows: Vec<KeyRow>) -> Vec<KeyRow> {
    rows.par_sort_unstable();
    rows.dedup();
    rows
}

/// What remains of the rows: per key its records, without the keys' texts.
#[derive(Default)]
pub struct Groups {
    /// Ascending by hash.
    groups: Vec<Group>,
    records: Vec<RecordId>,
}

/// The records of one key: a range of those of all.
#[derive(Clone, Copy)]
struct Group {
    key: KeyHash,
    start: u32,
    len: u32,
}

impl Groups {
    /// The keys that two or more records share, and all title keys. `rows` come from [`sorted`].
    pub fn of(rows: &[KeyRow]) -> Groups {
        let mut groups = Groups::default();
        groups.add(rows);
        groups
    }

    /// Adds the keys of rows that come after all others, ascending and without repeats.
    pub fn add(&mut self, rows: &[KeyRow]) {
        for group in rows.chunk_by(|a, b| a.key == b.key) {
            if group.len() > 1 || group[0].key.class() == KeyClass::Title {
                let (start, len) = (place(self.records.len()), group.len() as u32);
                self.groups.push(Group { key: group[0].key, start, len });
                self.records.extend(group.iter().map(|row| row.record));
            }
        }
    }

    /// Gives back the memory that nothing was put into.
    pub fn shrink(&mut self) {
        self.groups.shrink_to_fit();
        self.records.shrink_to_fit();
    }

    /// Number of keys.
    pub fn len(&self) -> usize {
        self.groups.len()
    }

    /// Whether there are no keys.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    fn members(&self, group: Group) -> &[RecordId] {
        &self.records[group.start as usize..(group.start + group.len) as usize]
    }

    /// The number of a key's group.
    fn find(&self, key: KeyHash) -> Option<usize> {
        self.groups.binary_search_by_key(&key, |group| group.key).ok()
    }
}

/// A place among the records of all blocks.
///
/// # Panics
/// If it does not fit 32 bits, as may happen from some 180 million records of 24 keys on: better none than a wrong result.
pub(super) fn place(at: usize) -> u32 {
    u32::try_from(at).expect("blocks of one run hold fewer than 2^32 records; divide the export, or run it on Spark")
}

/// All blocks, and the index of title keys.
pub struct BlockIndex {
    groups: Groups,
    /// From title key to group, ascending over all shards.
    titles: Vec<Map<Mmap>>,
    /// Number of keys: shared ones, and all title keys.
    pub n_keys: usize,
    /// Size of the title keys' index on disk in bytes.
    pub n_bytes: usize,
}

/// Records that share a key.
#[derive(Clone, Copy)]
pub struct Block<'a> {
    /// Two or more, ascending.
    pub records: &'a [RecordId],
    /// What the key is good for.
    pub class: KeyClass,
    /// Where they start among all records.
    pub start: u32,
}

/// Shards of the title keys' index.
const N_SHARDS: usize = 16;

impl BlockIndex {
    /// Builds the index in unnamed temporary files and maps it.
    ///
    /// `title_keys_of` shows the title keys of a record, and may show others; it is asked for the first record of each
    /// title key. `advance` is told the number of keys done, from any thread.
    ///
    /// # Errors
    /// If the temporary files cannot be written.
    pub fn build(
        groups: Groups,
        title_keys_of: impl Fn(RecordId, &mut dyn FnMut(&str)) + Sync,
        advance: impl Fn(u64) + Sync,
    ) -> Result<BlockIndex, Error> {
        let mut witnesses: Vec<RecordId> = groups
            .groups
            .par_iter()
            .filter(|group| group.key.class() == KeyClass::Title)
            .map(|group| groups.members(*group)[0])
            .collect();
        witnesses.par_sort_unstable();
        witnesses.dedup();
        let mut texts: Vec<(Box<str>, u32)> = witnesses
            .into_par_iter()
            .flat_map_iter(|witness| {
                let mut texts: Vec<(Box<str>, u32)> = Vec::new();
                title_keys_of(witness, &mut |key| {
                    if KeyClass::of(key) == KeyClass::Title
                        && let Some(group) = groups.find(KeyHash::of(key))
                        && groups.members(groups.groups[group])[0] == witness
                    {
                        texts.push((key.into(), group as u32));
                    }
                });
                texts
            })
            .collect();
        texts.par_sort_unstable();
        texts.dedup();
        let titles: Result<Vec<Map<Mmap>>, String> = texts
            .par_chunks(texts.len().div_ceil(N_SHARDS).max(1))
            .map(|texts| {
                let shard = shard(texts);
                advance(texts.len() as u64);
                shard
            })
            .collect();
        let titles = titles.map_err(|reason| Error::Index { reason })?;
        let n_bytes = titles.iter().map(|shard| shard.as_fst().size()).sum();
        Ok(BlockIndex { n_keys: groups.len(), groups, titles, n_bytes })
    }

    /// All blocks of two or more records, in the order of their keys' hashes.
    pub fn blocks(&self) -> impl IndexedParallelIterator<Item = Option<Block<'_>>> {
        self.groups.groups.par_iter().map(|&group| {
            (group.len > 1).then(|| Block {
                records: self.groups.members(group),
                class: group.key.class(),
                start: group.start,
            })
        })
    }

    /// The records of all blocks, one after the other.
    pub fn into_records(self) -> Vec<RecordId> {
        self.groups.records
    }

    /// The bytes of the title keys' index, one slice per shard, ascending.
    pub fn title_shards(&self) -> impl Iterator<Item = &[u8]> {
        self.titles.iter().map(|shard| shard.as_fst().as_bytes())
    }

    /// The records under a key; title keys are looked up in the index.
    pub fn get(&self, key: &str) -> Option<&[RecordId]> {
        let group = match KeyClass::of(key) {
            KeyClass::Title => self.titles.iter().find_map(|shard| shard.get(key)).map(|group| group as usize),
            KeyClass::Strong | KeyClass::Weak => self.groups.find(KeyHash::of(key)),
        };
        group.map(|group| self.groups.members(self.groups.groups[group]))
    }

    /// Something made of the title keys and their records, shown ascending by key, one for each shard.
    pub fn title_keys<'s, T: Default + Send>(&'s self, show: impl Fn(&mut T, &[u8], &'s [RecordId]) + Sync) -> Vec<T> {
        let made = self.titles.par_iter().map(|shard| {
            let mut made = T::default();
            let mut stream = shard.stream();
            while let Some((key, group)) = stream.next() {
                show(&mut made, key, self.groups.members(self.groups.groups[group as usize]));
            }
            made
        });
        made.collect()
    }

    /// How large the blocks of two or more records are, and the `n_largest` largest by name. `keys_of` shows all keys
    /// of a record; a block whose key it does not show is left out.
    pub fn sizes(&self, n_largest: usize, keys_of: impl Fn(RecordId, &mut dyn FnMut(&str))) -> BlockSizes {
        let mut sizes = BlockSizes::default();
        let mut largest: Vec<Group> = self.groups.groups.iter().filter(|group| group.len > 1).copied().collect();
        largest.iter().for_each(|group| sizes.count(group.len as usize));
        let order = |group: &Group| (std::cmp::Reverse(group.len), group.key);
        if largest.len() > n_largest {
            largest.select_nth_unstable_by_key(n_largest, order);
            largest.truncate(n_largest);
        }
        for group in largest {
            let mut name = None;
            keys_of(self.groups.members(group)[0], &mut |key| {
                if KeyHash::of(key) == group.key {
                    name = Some(key.to_owned());
                }
            });
            sizes.largest.extend(name.map(|name| (name, group.len as usize)));
        }
        sizes.largest.sort_by(|(key, len), (other, length)| length.cmp(len).then_with(|| key.cmp(other)));
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
    /// Sizes counted in parts: numbers of blocks by class, as [`BlockSizes::numbers`] gave them, and the largest.
    pub fn of(classes: Vec<u64>, largest: Vec<(String, usize)>) -> BlockSizes {
        BlockSizes { classes, largest }
    }

    /// Numbers of blocks by class.
    pub fn numbers(&self) -> &[u64] {
        &self.classes
    }

    /// The classes, smallest sizes first; none in between is left out.
    pub fn classes(&self) -> impl Iterator<Item = SizeClass> + '_ {
        self.classes.iter().enumerate().map(|(at, &n_blocks)| match at {
            0..3 => SizeClass { from: at as u64 + 2, to: at as u64 + 2, n_blocks },
            _ => SizeClass { from: (1 << (at - 1)) + 1, to: 1 << at, n_blocks },
        })
    }

    /// Counts a block of so many records, two at least.
    pub fn count(&mut self, len: usize) {
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

/// An FST of sorted keys, on disk.
fn shard(texts: &[(Box<str>, u32)]) -> Result<Map<Mmap>, String> {
    let built = || -> Result<Map<Mmap>, fst::Error> {
        let file = tempfile::tempfile()?;
        let mut keys = MapBuilder::new(BufWriter::new(&file))?;
        for (key, group) in texts {
            keys.insert(&**key, u64::from(*group))?;
        }
        keys.into_inner()?.flush()?;
        Map::new(map(&file)?)
    };
    built().map_err(|error| format!("it cannot be written to a temporary file ({error}); is the disk full?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: [&[&str]; 4] = [&["TI abc", "DOI 1"], &["TI abc", "AT x y"], &["TI abd", "DOI 1"], &["AT z y"]];

    fn index() -> BlockIndex {
        let rows = |at: usize| KEYS[at].iter().map(move |key| KeyRow::new(key, RecordId::new(at)));
        let groups = Groups::of(&sorted((0..KEYS.len()).flat_map(rows).collect()));
        BlockIndex::build(groups, keys_of, |_| ()).expect("temporary files")
    }

    fn keys_of(record: RecordId, show: &mut dyn FnMut(&str)) {
        KEYS[record.index()].iter().for_each(|key| show(key));
    }

    #[test]
    fn shared_keys_lead_to_their_records() {
        let index = index();
        let records = |key: &str| index.get(key).map(|records| records.iter().map(|r| r.get()).collect::<Vec<_>>());
        assert_eq!(records("TI abc"), Some(vec![0, 1]));
        assert_eq!(records("DOI 1"), Some(vec![0, 2]));
        assert_eq!(records("TI abd"), Some(vec![2]), "title keys are kept for their neighbours");
        assert_eq!(records("AT x y"), None, "nobody shares it");
        assert_eq!(index.blocks().filter(Option::is_some).count(), 2);
        let titles: Vec<Vec<(String, usize)>> = index.title_keys(|of_shard: &mut Vec<_>, key, records| {
            of_shard.push((String::from_utf8_lossy(key).into_owned(), records.len()));
        });
        assert_eq!(titles.concat(), [("TI abc".to_owned(), 2), ("TI abd".to_owned(), 1)]);
        let sizes = index.sizes(5, keys_of);
        assert_eq!(sizes.largest, [("DOI 1".to_owned(), 2), ("TI abc".to_owned(), 2)]);
        assert_eq!(sizes.classes().collect::<Vec<_>>(), [SizeClass { from: 2, to: 2, n_blocks: 2 }]);
        assert_eq!(index.sizes(1, keys_of).largest.len(), 1);
    }

    #[test]
    fn every_size_has_one_class() {
        let mut sizes = BlockSizes::default();
        (2..=33).for_each(|len| sizes.count(len));
        let classes: Vec<(u64, u64, u64)> =
            sizes.classes().map(|class| (class.from, class.to, class.n_blocks)).collect();
        assert_eq!(classes, [(2, 2, 1), (3, 3, 1), (4, 4, 1), (5, 8, 4), (9, 16, 8), (17, 32, 16), (33, 64, 1)]);
    }
}
