//! Blocks: records that share a key.
//!
//! A record has some 25 keys, most of them its own alone. Rows of hashes are sorted, which finds the shared ones
//! without a look at any text. Title keys are listed besides, whether shared or not, since their neighbours are searched:
//! ascending by their letters, in shards made side by side.
//!
//! ```text
//! groups   hash 03f1…  records 7, 9, 10     TI useofsocialmedia, title
//!          hash 5b20…  records 1, 6         DOI 10.1177/2055…, strong
//!          hash 9c77…  record 42            TI xylography, title: kept for its neighbours
//! titles   "TI useofsocialmedia" -> group 0
//!          "TI xylography"       -> group 2
//! ```

use std::sync::Arc;

use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use crate::ids::RecordId;

/// What a key is good for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum KeyClass {
    /// A title by itself: indexed even if nobody shares it, since near keys are looked for.
    Title,
    /// Few records share it that are not one.
    Strong,
    /// Two words, a word and a name, or two names: each record has many, and in a large catalogue strangers share them.
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
                self.push(group[0].key, group.iter().map(|row| row.record));
            }
        }
    }

    /// Adds the records of a key that comes after all others.
    pub fn push(&mut self, key: KeyHash, records: impl Iterator<Item = RecordId>) {
        let start = self.records.len();
        self.records.extend(records);
        self.groups.push(Group { key, start: place(start), len: (self.records.len() - start) as u32 });
    }

    /// [`Groups::append`] of one of `n_parts` parts of about the same size: place for all is made with the first, since what
    /// grows is copied again and again.
    pub fn append_part(&mut self, part: &Groups, n_parts: usize) {
        if self.is_empty() {
            let of_all = |n: usize| (n + n / 16) * n_parts;
            self.groups.reserve(of_all(part.groups.len()));
            self.records.reserve(of_all(part.records.len()));
        }
        self.append(part);
    }

    /// Adds groups of keys that come after all others.
    pub fn append(&mut self, other: &Groups) {
        let before = place(self.records.len());
        place(self.records.len() + other.records.len());
        self.records.extend_from_slice(&other.records);
        self.groups.extend(other.groups.iter().map(|group| Group { start: before + group.start, ..*group }));
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

    /// All blocks of two or more records, in the order of their keys' hashes.
    pub fn blocks(&self) -> impl IndexedParallelIterator<Item = Option<Block<'_>>> {
        self.groups.par_iter().map(|&group| {
            (group.len > 1).then(|| Block {
                records: self.members(group),
                class: group.key.class(),
                start: group.start,
            })
        })
    }

    /// The records of all groups, one after the other.
    pub fn into_records(self) -> Vec<RecordId> {
        self.records
    }

    fn members(&self, group: Group) -> &[RecordId] {
        &self.records[group.start as usize..(group.start + group.len) as usize]
    }

    /// The number of a key's group.
    fn find(&self, key: KeyHash) -> Option<usize> {
        // Hashes are spread evenly, so the search starts where it must be.
        let n = self.groups.len();
        let guess = ((u128::from(key.bits()) * n as u128) >> KeyHash::BITS) as usize;
        let (mut low, mut high, mut reach) = (guess, guess, 16);
        while low > 0 && self.groups[low - 1].key >= key {
            (high, low) = (low - 1, low.saturating_sub(reach));
            reach *= 2;
        }
        reach = 16;
        while high < n && self.groups[high].key < key {
            (low, high) = (high + 1, (high + reach).min(n));
            reach *= 2;
        }
        let at = low.min(high) + self.groups[low.min(high)..high].partition_point(|group| group.key < key);
        (at < n && self.groups[at].key == key).then_some(at)
    }
}

/// A place among the records of all blocks.
///
/// # Panics
/// If it does not fit 32 bits, as may happen from some 180 million records of 24 keys on: better none than a wrong result.
pub(super) fn place(at: usize) -> u32 {
    u32::try_from(at).expect("blocks of one run hold fewer than 2^32 records; divide the export, or run it on Spark")
}

/// All blocks, and the list of title keys.
pub struct BlockIndex {
    groups: Groups,
    /// Ascending over all shards.
    titles: Vec<Titles>,
    /// Number of keys: shared ones, and all title keys.
    pub n_keys: usize,
    /// Size of the list of title keys in bytes.
    pub n_bytes: usize,
}

/// Title keys, ascending, each with its group.
#[derive(Default)]
pub struct Titles {
    /// The letters of keys, in any order and in parts; all shards of a list have the same.
    letters: Arc<Vec<Vec<u8>>>,
    keys: Vec<TitleKey>,
}

/// Where the letters of a title key are, and the number of its group.
#[derive(Clone, Copy)]
struct TitleKey {
    part: u16,
    len: u16,
    start: u32,
    group: u32,
}

impl TitleKey {
    /// A key whose letters are put behind those that are there.
    fn put(key: &[u8], group: u32, part: u16, letters: &mut Vec<u8>) -> TitleKey {
        let len = u16::try_from(key.len()).expect("title keys are cut");
        let start = place(letters.len());
        letters.extend_from_slice(key);
        TitleKey { part, len, start, group }
    }

    fn letters(self, letters: &[Vec<u8>]) -> &[u8] {
        &letters[usize::from(self.part)][self.start as usize..][..usize::from(self.len)]
    }
}

impl Titles {
    fn push(&mut self, key: &[u8], group: u32) {
        let letters = Arc::make_mut(&mut self.letters);
        if letters.is_empty() {
            letters.push(Vec::new());
        }
        self.keys.push(TitleKey::put(key, group, 0, &mut letters[0]));
    }

    /// The keys and their groups.
    fn iter(&self) -> impl Iterator<Item = (&[u8], u32)> {
        self.keys.iter().map(|key| (key.letters(&self.letters), key.group))
    }

    /// The group of a key.
    fn find(&self, wanted: &[u8]) -> Option<u32> {
        let found = self.keys.binary_search_by(|key| key.letters(&self.letters).cmp(wanted));
        found.ok().map(|at| self.keys[at].group)
    }

    /// These and others, both ascending.
    fn with(&self, others: &[(Box<str>, u32)]) -> Titles {
        let mut all = Titles::default();
        let mut others = others.iter().peekable();
        for (key, group) in self.iter() {
            while let Some((other, group)) = others.next_if(|(other, _)| other.as_bytes() < key) {
                all.push(other.as_bytes(), *group);
            }
            all.push(key, group);
        }
        others.for_each(|(other, group)| all.push(other.as_bytes(), *group));
        all
    }

    fn n_bytes(&self) -> usize {
        let letters: usize = self.keys.iter().map(|key| usize::from(key.len)).sum();
        letters + size_of::<TitleKey>() * self.keys.len()
    }
}

/// A title key of an index.
#[derive(Clone, Copy)]
pub struct TitleAt {
    shard: u32,
    at: u32,
}

/// How title keys differ from a list, ascending.
#[derive(Default)]
pub struct TitleChange {
    /// Those that are not there.
    pub new: Vec<Vec<u8>>,
    /// Those that are there and are none.
    pub gone: Vec<Vec<u8>>,
}

/// Parts in which letters of title keys are kept: a thread at a time fills one.
const N_PARTS: usize = 256;

/// The title keys whose groups are wanted, by their hashes. `title_keys_of` is asked for the first record of each.
fn titles_of(
    groups: &Groups,
    is_wanted: impl Fn(KeyHash) -> bool + Sync,
    title_keys_of: impl Fn(RecordId, &mut dyn FnMut(&str)) + Sync,
) -> Titles {
    let mut witnesses: Vec<RecordId> = groups
        .groups
        .par_iter()
        .filter(|group| group.key.class() == KeyClass::Title && is_wanted(group.key))
        .map(|group| groups.members(*group)[0])
        .collect();
    witnesses.par_sort_unstable();
    witnesses.dedup();
    let parts = witnesses.par_chunks(witnesses.len().div_ceil(N_PARTS).max(1)).enumerate().map(|(part, witnesses)| {
        let (mut letters, mut keys) = (Vec::new(), Vec::new());
        for &witness in witnesses {
            title_keys_of(witness, &mut |key| {
                let hash = KeyHash::of(key);
                if hash.class() == KeyClass::Title
                    && is_wanted(hash)
                    && let Some(group) = groups.find(hash)
                    && groups.members(groups.groups[group])[0] == witness
                {
                    keys.push(TitleKey::put(key.as_bytes(), group as u32, part as u16, &mut letters));
                }
            });
        }
        letters.shrink_to_fit();
        (letters, keys)
    });
    let (letters, keys): (Vec<Vec<u8>>, Vec<Vec<TitleKey>>) = parts.unzip();
    let mut keys = keys.concat();
    let text = |key: TitleKey| (key.letters(&letters), key.group);
    keys.par_sort_unstable_by(|one, other| text(*one).cmp(&text(*other)));
    keys.dedup_by(|one, other| text(*one) == text(*other));
    Titles { letters: Arc::new(letters), keys }
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

/// Shards of the list of title keys.
const N_SHARDS: usize = 16;

impl BlockIndex {
    /// Lists the title keys of groups.
    ///
    /// `title_keys_of` shows the title keys of a record, and may show others; it is asked for the first record of each
    /// title key. `advance` is told the number of keys done, from any thread.
    pub fn build(
        groups: Groups,
        title_keys_of: impl Fn(RecordId, &mut dyn FnMut(&str)) + Sync,
        advance: impl Fn(u64) + Sync,
    ) -> BlockIndex {
        let Titles { letters, keys } = titles_of(&groups, |_| true, title_keys_of);
        let titles = keys.par_chunks(keys.len().div_ceil(N_SHARDS).max(1)).map(|keys| {
            advance(keys.len() as u64);
            Titles { letters: Arc::clone(&letters), keys: keys.to_vec() }
        });
        BlockIndex::of(groups, titles.collect())
    }

    /// [`BlockIndex::build`] that takes title keys of an earlier run whose groups are what they were: all but `touched`
    /// ones, ascending. These keys are `listed` in shards, which `show` shows one by one, ascending, and from which the
    /// earlier run itself differed by `change`; that becomes how this one does.
    pub fn build_again<L: Sync>(
        groups: Groups,
        listed: &[L],
        show: impl Fn(&L, &mut dyn FnMut(&[u8])) + Sync,
        change: &mut TitleChange,
        touched: &[KeyHash],
        title_keys_of: impl Fn(RecordId, &mut dyn FnMut(&str)) + Sync,
    ) -> BlockIndex {
        let is_touched = |key: KeyHash| touched.binary_search(&key).is_ok();
        let still = |key: &[u8]| {
            let hash = std::str::from_utf8(key).ok().map(KeyHash::of);
            hash.filter(|hash| !is_touched(*hash)).and_then(|hash| groups.find(hash))
        };
        let (kept, gone): (Vec<Titles>, Vec<Vec<Vec<u8>>>) = listed
            .par_iter()
            .map(|shard| {
                let (mut kept, mut gone) = (Titles::default(), Vec::new());
                let mut was_gone = change.gone.iter().peekable();
                show(shard, &mut |key| {
                    while was_gone.next_if(|gone| &***gone < key).is_some() {}
                    match still(key).filter(|_| was_gone.peek().is_none_or(|gone| &***gone != key)) {
                        Some(group) => kept.push(key, group as u32),
                        None => gone.push(key.to_vec()),
                    }
                });
                (kept, gone)
            })
            .unzip();
        let text = |key: &[u8]| std::str::from_utf8(key).ok().map(Box::from);
        let again = titles_of(&groups, is_touched, title_keys_of);
        let mut new: Vec<(Box<str>, u32)> = again.iter().filter_map(|(key, group)| Some((text(key)?, group))).collect();
        for key in &change.new {
            new.extend(still(key).and_then(|group| Some((text(key)?, group as u32))));
        }
        new.sort_unstable();
        new.dedup();
        let mut gone = gone.concat();
        gone.sort_unstable();
        gone.dedup();
        change.new = new.iter().map(|(key, _)| key.as_bytes().to_vec()).collect();
        change.new.retain(|key| gone.binary_search(key).is_err());
        change.gone = gone;
        change.gone.retain(|key| new.binary_search_by(|(known, _)| known.as_bytes().cmp(key)).is_err());
        // Each shard takes the new keys before the next.
        let mut rest = new.as_slice();
        let mut titles = Vec::new();
        for (at, shard) in kept.iter().enumerate() {
            let next = kept[at + 1..].iter().find_map(|shard| shard.iter().next());
            let n_before = next.map_or(rest.len(), |(next, _)| rest.partition_point(|(key, _)| key.as_bytes() < next));
            let (before, after) = rest.split_at(n_before);
            titles.push(shard.with(before));
            rest = after;
        }
        titles.push(Titles::default().with(rest));
        BlockIndex::of(groups, titles)
    }

    fn of(groups: Groups, titles: Vec<Titles>) -> BlockIndex {
        let n_bytes = titles.iter().map(Titles::n_bytes).sum();
        BlockIndex { n_keys: groups.len(), groups, titles, n_bytes }
    }

    /// The blocks without the list of title keys.
    pub fn into_groups(self) -> Groups {
        self.groups
    }

    /// The title keys, ascending, one list for each shard.
    pub fn titles(&self) -> impl IndexedParallelIterator<Item = impl Iterator<Item = &[u8]>> {
        self.titles.par_iter().map(|shard| shard.iter().map(|(key, _)| key))
    }

    /// The records under a key; title keys are looked up in their list.
    pub fn get(&self, key: &str) -> Option<&[RecordId]> {
        let group = match KeyClass::of(key) {
            KeyClass::Title => {
                self.titles.iter().find_map(|shard| shard.find(key.as_bytes())).map(|group| group as usize)
            }
            KeyClass::Strong | KeyClass::Weak => self.groups.find(KeyHash::of(key)),
        };
        group.map(|group| self.groups.members(self.groups.groups[group]))
    }

    /// The title keys of up to so many records, ascending.
    pub fn titles_of_few(&self, n_records: usize) -> Vec<TitleAt> {
        let is_of_few = |key: &TitleKey| self.groups.groups[key.group as usize].len as usize <= n_records;
        let shards = self.titles.iter().zip(0..).map(|(titles, shard)| {
            let of_few = titles.keys.iter().zip(0..).filter(move |(key, _)| is_of_few(key));
            of_few.map(move |(_, at)| TitleAt { shard, at })
        });
        shards.flatten().collect()
    }

    /// A title key and its records.
    pub fn title(&self, TitleAt { shard, at }: TitleAt) -> (&[u8], &[RecordId]) {
        let titles = &self.titles[shard as usize];
        let key = titles.keys[at as usize];
        (key.letters(&titles.letters), self.groups.members(self.groups.groups[key.group as usize]))
    }

    /// How large the blocks of two or more records are, and the `n_largest` largest by name. `keys_of` shows all keys
    /// of a record; a block whose key it does not show is left out.
    pub fn sizes(&self, n_largest: usize, keys_of: impl Fn(RecordId, &mut dyn FnMut(&str))) -> BlockSizes {
        let mut tally = Tally::new(n_largest);
        let shared = self.groups.groups.iter().filter(|group| group.len > 1);
        shared.for_each(|group| tally.add(group.key, self.groups.members(*group)[0], group.len as usize));
        tally.sizes(keys_of)
    }
}

/// Blocks in numbers.
pub struct Tally {
    sizes: BlockSizes,
    n_largest: usize,
    /// Number of records, key and first record of the largest blocks, and perhaps of others.
    largest: Vec<(std::cmp::Reverse<u32>, KeyHash, RecordId)>,
}

impl Tally {
    /// No blocks; of those to come, so many of the largest will be wanted.
    pub fn new(n_largest: usize) -> Tally {
        Tally { sizes: BlockSizes::default(), n_largest, largest: Vec::new() }
    }

    /// Counts a block by its first record and its number of records, two at least.
    pub fn add(&mut self, key: KeyHash, first: RecordId, n_records: usize) {
        self.sizes.count(n_records);
        self.largest.push((std::cmp::Reverse(n_records as u32), key, first));
        if self.largest.len() > 100 * self.n_largest {
            self.shrink();
        }
    }

    /// Counts other blocks.
    pub fn join(&mut self, other: Tally) {
        self.sizes.join(&other.sizes);
        self.largest.extend(other.largest);
        self.shrink();
    }

    fn shrink(&mut self) {
        if self.largest.len() > self.n_largest {
            self.largest.select_nth_unstable(self.n_largest);
            self.largest.truncate(self.n_largest);
        }
    }

    /// How large the blocks are, and the largest by name. `keys_of` shows all keys of a record; a block whose key it does
    /// not show is left out.
    pub fn sizes(mut self, keys_of: impl Fn(RecordId, &mut dyn FnMut(&str))) -> BlockSizes {
        self.shrink();
        let mut sizes = self.sizes;
        for (std::cmp::Reverse(len), of_block, first) in self.largest {
            let mut name = None;
            keys_of(first, &mut |key| {
                if KeyHash::of(key) == of_block {
                    name = Some(key.to_owned());
                }
            });
            sizes.largest.extend(name.map(|name| (name, len as usize)));
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

    fn join(&mut self, other: &BlockSizes) {
        if self.classes.len() < other.classes.len() {
            self.classes.resize(other.classes.len(), 0);
        }
        self.classes.iter_mut().zip(&other.classes).for_each(|(n, more)| *n += more);
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

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: [&[&str]; 4] = [&["TI abc", "DOI 1"], &["TI abc", "AT x y"], &["TI abd", "DOI 1"], &["AT z y"]];

    fn index() -> BlockIndex {
        let rows = |at: usize| KEYS[at].iter().map(move |key| KeyRow::new(key, RecordId::new(at)));
        let groups = Groups::of(&sorted((0..KEYS.len()).flat_map(rows).collect()));
        BlockIndex::build(groups, keys_of, |_| ())
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
        assert_eq!(index.groups.blocks().filter(Option::is_some).count(), 2);
        let titles = |n_records| -> Vec<(&[u8], usize)> {
            let of_few = index.titles_of_few(n_records).into_iter().map(|title| index.title(title));
            of_few.map(|(key, records)| (key, records.len())).collect()
        };
        assert_eq!(titles(2), [(&b"TI abc"[..], 2), (b"TI abd", 1)]);
        assert_eq!(titles(1), [(&b"TI abd"[..], 1)]);
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
