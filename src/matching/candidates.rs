//! Blocks → candidate pairs, each once.

use std::collections::VecDeque;

use rayon::prelude::*;

use crate::ids::{IdOf, RecordId};
use crate::keys::block_keys::TITLE_BYTES;
use crate::keys::{FeatureTable, Features, Years};

use super::blocks::{Block, BlockIndex, Groups, KeyClass, TitleAt, place};

/// Two records that are compared, or may be; `a < b`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Pair {
    /// The earlier record.
    pub a: RecordId,
    /// The later record.
    pub b: RecordId,
}

impl Pair {
    /// The pair of two different records, in order.
    pub fn new(x: RecordId, y: RecordId) -> Pair {
        Pair { a: x.min(y), b: x.max(y) }
    }
}

/// How blocks are turned into pairs.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Largest block that is not divided.
    pub max_block_records: usize,
    /// The same for blocks of weak keys.
    pub max_weak_block_records: usize,
    /// Records of a block of weak keys with more than this are compared with each other only if they share two of these.
    pub max_lone_weak_block_records: usize,
    /// In larger blocks, records this far apart in the order of title, author and year are still compared.
    pub neighbourhood: usize,
}

/// Which records are compared, told per record: all pairs at once would take more memory than everything else.
pub struct Candidates {
    /// Records of all blocks, one after the other; ascending within each.
    records: Vec<RecordId>,
    /// Blocks, as ranges of `records`: first those whose records are all compared with each other, then loose ones, of
    /// which two records must share two.
    blocks: Vec<(u32, u32)>,
    n_tight: u32,
    /// Blocks of each record: ranges of `of_record`, one end per record.
    ends: Vec<u32>,
    of_record: Vec<u32>,
    /// Other pairs, ascending, without repeats.
    others: Vec<Pair>,
    /// Blocks that were too large and were divided.
    pub n_refined_blocks: usize,
    /// Title keys compared with a neighbour, and found near.
    pub n_neighbour_blocks: usize,
}

impl Candidates {
    /// Number of records.
    pub fn n_records(&self) -> usize {
        self.ends.len()
    }

    /// These pairs and no others, of `n_records` records. Pairs are ascending, without repeats.
    pub fn of_pairs(pairs: Vec<Pair>, n_records: usize) -> Candidates {
        Candidates {
            records: Vec::new(),
            blocks: Vec::new(),
            n_tight: 0,
            ends: vec![0; n_records],
            of_record: Vec::new(),
            others: pairs,
            n_refined_blocks: 0,
            n_neighbour_blocks: 0,
        }
    }

    /// These pairs as far as one of their records is wanted.
    pub fn with(self, is_wanted: &[bool]) -> Candidates {
        let wanted: Vec<RecordId> =
            (0..self.n_records()).map(RecordId::new).filter(|record| is_wanted[record.index()]).collect();
        let of_wanted = wanted.par_iter().map_init(Vec::new, |partners, &record| {
            partners.clear();
            self.in_blocks(record, |records| records, partners);
            partners.sort_unstable();
            partners.dedup();
            // A pair of two wanted records is that of the first.
            let others =
                partners.iter().filter(|&&other| record < other || other < record && !is_wanted[other.index()]);
            others.map(|&other| Pair::new(record, other)).collect::<Vec<Pair>>()
        });
        let mut pairs: Vec<Pair> = of_wanted.flatten_iter().collect();
        pairs.extend(self.others.iter().filter(|pair| is_wanted[pair.a.index()] || is_wanted[pair.b.index()]));
        pairs.par_sort_unstable();
        pairs.dedup();
        let Candidates { n_refined_blocks, n_neighbour_blocks, .. } = self;
        Candidates { n_refined_blocks, n_neighbour_blocks, ..Candidates::of_pairs(pairs, self.ends.len()) }
    }

    /// Adds the records that `a` is compared with, itself and repeats perhaps, as far as they are in blocks. `part` says which of the
    /// records of a block are wanted.
    fn in_blocks(
        &self,
        a: RecordId,
        part: impl for<'r> Fn(&'r [RecordId]) -> &'r [RecordId],
        partners: &mut Vec<RecordId>,
    ) {
        let start = if a.index() == 0 { 0 } else { self.ends[a.index() - 1] };
        let blocks = &self.of_record[start as usize..self.ends[a.index()] as usize];
        let (tight, loose) = blocks.split_at(blocks.partition_point(|&block| block < self.n_tight));
        let add = |blocks: &[u32], partners: &mut Vec<RecordId>| {
            for &block in blocks {
                let (start, len) = self.blocks[block as usize];
                partners.extend_from_slice(part(&self.records[start as usize..(start + len) as usize]));
            }
        };
        if loose.len() > 1 {
            add(loose, partners);
            keep_repeated(partners);
        }
        add(tight, partners);
    }

    /// A walk through all records from one on.
    pub fn from(&self, first: RecordId) -> Walk<'_> {
        let at = self.others.partition_point(|pair| pair.a < first);
        Walk { candidates: self, others: &self.others[at..] }
    }

    /// All pairs, ascending, without repeats.
    pub fn pairs(&self) -> Vec<Pair> {
        let records: Vec<RecordId> = (0..self.n_records()).map(RecordId::new).collect();
        let pairs = records.par_iter().map_init(Vec::new, |partners, &a| {
            self.from(a).partners(a, partners);
            partners.iter().map(|&b| Pair { a, b }).collect::<Vec<Pair>>()
        });
        pairs.flatten_iter().collect()
    }
}

/// Records in their order, with those that they are compared with.
pub struct Walk<'c> {
    candidates: &'c Candidates,
    /// Pairs across blocks from the last record on.
    others: &'c [Pair],
}

impl Walk<'_> {
    /// The later records that `a` is compared with, ascending, without repeats; `partners` is overwritten. `a` comes after
    /// those that were asked for.
    pub fn partners(&mut self, a: RecordId, partners: &mut Vec<RecordId>) {
        partners.clear();
        let later = |records: &[RecordId]| records.partition_point(|&record| record <= a);
        self.candidates.in_blocks(a, |records| &records[later(records)..], partners);
        while let Some((pair, rest)) = self.others.split_first().filter(|(pair, _)| pair.a <= a) {
            if pair.a == a {
                partners.push(pair.b);
            }
            self.others = rest;
        }
        partners.sort_unstable();
        partners.dedup();
    }
}

/// Leaves, once, what is there more than once.
fn keep_repeated(records: &mut Vec<RecordId>) {
    records.sort_unstable();
    let mut kept = 0;
    for at in 1..records.len() {
        let record = records[at];
        if record == records[at - 1] && (kept == 0 || records[kept - 1] != record) {
            records[kept] = record;
            kept += 1;
        }
    }
    records.truncate(kept);
}

/// Which records share a block that is not loose, or two loose ones, or have neighbouring title keys. `advance` is told
/// the number of keys done, from any thread.
pub fn candidates(index: BlockIndex, dividing: Dividing<'_>, advance: impl Fn(u64) + Sync) -> Candidates {
    let near = near_titles(&index);
    candidates_of(index.into_groups(), near, dividing, advance)
}

/// What blocks that are too large are divided by.
#[derive(Clone, Copy)]
pub struct Dividing<'d> {
    /// What is known of the records.
    pub features: &'d FeatureTable,
    /// Their ids: they say where those stand that are alike in all else, and not the places of records in the export.
    pub id_of: IdOf<'d>,
    /// From when on blocks are divided.
    pub limits: Limits,
    /// If there are any, pairs without one of these records may be missing.
    pub wanted: Option<&'d [bool]>,
}

/// [`candidates`] of blocks and of records with near title keys.
pub fn candidates_of(
    groups: Groups,
    near: NearTitles,
    dividing: Dividing<'_>,
    advance: impl Fn(u64) + Sync,
) -> Candidates {
    let Dividing { features, limits, .. } = dividing;
    features.list_first_years();
    let found = groups.blocks().fold(Found::default, |mut found, block| {
        advance(1);
        if let Some(block) = block {
            found.take(block, dividing);
        }
        found
    });
    let found: Vec<Found> = found.collect();
    let NearTitles { n_keys: n_neighbour_blocks, pairs: mut others } = near;
    let mut records = groups.into_records();
    let n_blocks = found.iter().map(|found| found.tight.len() + found.loose.len()).sum();
    let (mut blocks, mut loose) = (Vec::with_capacity(n_blocks), Vec::new());
    let mut n_refined_blocks = 0;
    for found in found {
        blocks.extend(found.tight);
        loose.extend(found.loose);
        for (class, parts) in found.divided {
            n_refined_blocks += 1;
            others.extend(parts.neighbours);
            for mut part in parts.blocks {
                part.sort_unstable();
                let range = (place(records.len()), part.len() as u32);
                if limits.is_loose(class, part.len()) {
                    loose.push(range)
                } else {
                    blocks.push(range)
                }
                records.extend(part);
            }
        }
    }
    let n_tight = blocks.len() as u32;
    blocks.append(&mut loose);
    others.par_sort_unstable();
    others.dedup();
    let mut ends = vec![0u32; features.len()];
    let of = |&(start, len): &(u32, u32)| start as usize..(start + len) as usize;
    for range in blocks.iter().map(of) {
        records[range].iter().for_each(|record| ends[record.index()] += 1);
    }
    let mut sum = 0;
    for end in &mut ends {
        // Where its blocks start; each that is filled in moves it on, until it is their end.
        (*end, sum) = (place(sum), sum + *end as usize);
    }
    let mut of_record = vec![0u32; sum];
    for (at, range) in blocks.iter().map(of).enumerate() {
        for record in &records[range] {
            of_record[ends[record.index()] as usize] = at as u32;
            ends[record.index()] += 1;
        }
    }
    Candidates { records, blocks, n_tight, ends, of_record, others, n_refined_blocks, n_neighbour_blocks }
}

/// What becomes of blocks.
#[derive(Default)]
struct Found {
    /// Those that stay whole, as start and length in the records of all blocks; loose ones apart.
    tight: Vec<(u32, u32)>,
    loose: Vec<(u32, u32)>,
    /// What those are divided into that are too large.
    divided: Vec<(KeyClass, Parts)>,
}

impl Found {
    fn take(&mut self, block: Block<'_>, dividing: Dividing<'_>) {
        let Dividing { features, limits, wanted, .. } = dividing;
        let Block { records, start, class, .. } = block;
        let range = (start, records.len() as u32);
        if records.len() > limits.most(class) {
            let pieces = wanted.filter(|_| class == KeyClass::Weak).map(|wanted| pieces_of(records, features, wanted));
            let records = pieces.as_deref().unwrap_or(records);
            self.divided.push((class, parts_of(records, class, dividing)));
        } else if limits.is_loose(class, records.len()) {
            self.loose.push(range);
        } else {
            self.tight.push(range);
        }
    }
}

/// The records that have the same [`first_step`] as a wanted one.
fn pieces_of(records: &[RecordId], features: &FeatureTable, is_wanted: &[bool]) -> Vec<RecordId> {
    let wanted = records.iter().filter(|record| is_wanted[record.index()]);
    let mut years: Vec<u16> = wanted.map(|&record| features.first_year(record)).collect();
    years.sort_unstable();
    years.dedup();
    records.iter().copied().filter(|&record| years.binary_search(&features.first_year(record)).is_ok()).collect()
}

/// What a block is divided into.
#[derive(Default)]
pub struct Parts {
    /// Blocks as small as they need be.
    pub blocks: Vec<Vec<RecordId>>,
    /// Pairs across the parts.
    pub neighbours: Vec<Pair>,
}

impl Limits {
    /// Most records of a block that is not divided, by what its key is good for.
    pub fn most(self, class: KeyClass) -> usize {
        if class == KeyClass::Weak { self.max_weak_block_records } else { self.max_block_records }
    }

    /// Whether sharing a block of so many records is not enough: strangers have two words in common, or a name and a word,
    /// and the more often the larger the catalogue is; few have two such keys in common.
    pub fn is_loose(self, class: KeyClass, n_records: usize) -> bool {
        class == KeyClass::Weak && n_records > self.max_lone_weak_block_records
    }
}

/// Divides the records of a block that is too large, ascending, by what its key is good for. Parts without a wanted record
/// are left out.
pub fn parts_of(records: &[RecordId], class: KeyClass, dividing: Dividing<'_>) -> Parts {
    let Dividing { features, limits, wanted, .. } = dividing;
    let mut parts = Parts::default();
    if class == KeyClass::Weak {
        // What has these words and nothing else in common with the others meets its like elsewhere.
        divide(records, &steps(features), limits.most(class), wanted, &mut parts);
    } else {
        refine(records, dividing, &mut parts);
    }
    parts
}

/// Blocks up to this size are divided by each property by itself, larger ones only by one after the other:
/// so the number of pairs stays linear in the number of records.
pub const DIVIDED_EACH_WAY: usize = 2000;

/// Divides a block by year, author, host, imprint and size; what is still too large is compared with its
/// neighbours only. The neighbourhood runs over the whole block too, so that records without any of these
/// meet the others.
fn refine(records: &[RecordId], dividing: Dividing<'_>, parts: &mut Parts) {
    let Dividing { features, id_of, limits, wanted } = dividing;
    let mut sorted = records.to_vec();
    sorted.sort_by_cached_key(|&record| place_in_block(&features.get(record), id_of(record), record));
    for (at, &a) in sorted.iter().enumerate() {
        let end = (at + 1 + limits.neighbourhood).min(sorted.len());
        parts.neighbours.extend(sorted[at + 1..end].iter().map(|&b| Pair::new(a, b)));
    }
    let steps = steps(features);
    if records.len() <= DIVIDED_EACH_WAY {
        for (at, step) in steps.iter().enumerate() {
            let rest = steps.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, rest)| *rest);
            let order: Vec<Step<'_>> = std::iter::once(*step).chain(rest).collect();
            let said: Vec<RecordId> = sorted.iter().copied().filter(|&record| !step.of(record).is_empty()).collect();
            divide(&said, &order, limits.max_block_records, wanted, parts);
        }
    } else {
        divide(&sorted, &steps, limits.max_block_records, wanted, parts);
    }
}

/// Where a record stands in the neighbourhood of a block: by title, author, year, first page, publisher, size,
/// everything else that is compared, and id, as bytes that compare like these one after the other. Only copies of one
/// record with one id stand as they do in the export.
pub fn place_in_block(f: &Features, id: &str, record: RecordId) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(128);
    // No text goes on behind its end, and an end comes before all letters.
    let text = |text: &str, bytes: &mut Vec<u8>| {
        for &byte in text.as_bytes() {
            bytes.push(byte);
            if byte == 0 {
                bytes.push(0xff);
            }
        }
        bytes.extend([0, 0]);
    };
    text(&f.title.with_part(), &mut bytes);
    bytes.push(u8::from(!f.persons.is_empty()));
    text(f.persons.first().map(|person| &*person.family).unwrap_or_default(), &mut bytes);
    bytes.extend(f.years.first.to_be_bytes());
    text(&f.start_page, &mut bytes);
    text(&f.publisher, &mut bytes);
    bytes.extend(f.extent.pages.to_be_bytes());
    bytes.extend(f.digest().to_be_bytes());
    text(id, &mut bytes);
    bytes.extend(record.get().to_be_bytes());
    bytes
}

/// What a block of weak keys, or a larger one than [`DIVIDED_EACH_WAY`], is divided by first. Records that differ in it
/// never get into one part, so that such blocks may be divided piece by piece.
pub fn first_step(years: Years) -> String {
    number(years.first.into())
}

/// The parts of records of one key that have the same [`first_step`], ascending: those that [`parts_of`] makes of the
/// whole block, as far as they hold these.
pub fn parts_of_piece(
    records: &[RecordId],
    class: KeyClass,
    features: &FeatureTable,
    limits: Limits,
) -> Vec<Vec<RecordId>> {
    let mut parts = Parts::default();
    divide(records, &steps(features), limits.most(class), None, &mut parts);
    parts.blocks
}

/// A property to divide a block by.
#[derive(Clone, Copy)]
struct Step<'a> {
    features: &'a FeatureTable,
    of: fn(&FeatureTable, RecordId) -> String,
}

impl Step<'_> {
    /// Empty if the record does not say.
    fn of(self, record: RecordId) -> String {
        (self.of)(self.features, record)
    }
}

fn steps(features: &FeatureTable) -> [Step<'_>; 5] {
    STEPS.map(|of| Step { features, of })
}

/// Year, author, host, publisher, size.
const STEPS: [fn(&FeatureTable, RecordId) -> String; 5] = [
    |table, record| number(table.first_year(record).into()),
    |table, record| table.get(record).persons.first().map(|person| person.family.to_string()).unwrap_or_default(),
    |table, record| {
        let f = table.get(record);
        if f.start_page.is_empty() { f.container.to_string() } else { format!("{} {}", f.volume, f.start_page) }
    },
    |table, record| {
        let f = table.get(record);
        let words = f.publisher.split(' ');
        words.max_by_key(|word| (word.len(), std::cmp::Reverse(*word))).unwrap_or_default().to_owned()
    },
    |table, record| {
        let extent = table.get(record).extent;
        number(extent.pages.max(extent.minutes))
    },
];

fn number(n: u32) -> String {
    if n == 0 { String::new() } else { n.to_string() }
}

fn divide(records: &[RecordId], steps: &[Step<'_>], most: usize, wanted: Option<&[bool]>, parts: &mut Parts) {
    // Equal in everything the division knows: their neighbourhood must do.
    let Some((step, rest)) = steps.split_first() else { return };
    let mut keyed: Vec<(String, RecordId)> = records.iter().map(|&record| (step.of(record), record)).collect();
    keyed.sort_unstable();
    for chunk in keyed.chunk_by(|a, b| a.0 == b.0) {
        if wanted.is_some_and(|wanted| chunk.iter().all(|(_, record)| !wanted[record.index()])) {
            continue;
        }
        let part: Vec<RecordId> = chunk.iter().map(|(_, record)| *record).collect();
        match part.len() {
            1 => {}
            n if n <= most => parts.blocks.push(part),
            _ => divide(&part, rest, most, wanted, parts),
        }
    }
}

/// Letters two neighbouring title keys must have in common at their beginning or end, besides the key's type.
const NEIGHBOUR_LETTERS: usize = 4;
/// Typing errors allowed between neighbouring title keys.
pub const NEIGHBOUR_DISTANCE: usize = 2;
/// How many keys back neighbours are looked for in the order of the keys.
pub const NEIGHBOUR_WINDOW: usize = 4;
/// Blocks larger than this have no neighbours: their keys are common titles, not misspelt ones.
pub const NEIGHBOUR_RECORDS: usize = 8;

/// Records whose title keys are near each other.
pub struct NearTitles {
    /// Title keys compared with a neighbour, and found near.
    pub n_keys: usize,
    /// The records, ascending, without repeats.
    pub pairs: Vec<Pair>,
}

/// Pairs across title keys that differ by up to two letters: near ones by their beginnings in the order of the index, near
/// ones by their ends in the order of the keys read backwards. An error that keeps two keys apart in the one order is at
/// their other end.
pub fn near_titles(index: &BlockIndex) -> NearTitles {
    let keys = index.titles_of_few(NEIGHBOUR_RECORDS);
    let mut found = near_in_order(&keys, |&key| index.title(key));
    // The end of a longer title is not in its key; such titles meet by their last letters.
    let backwards = Backwards::of(index, &keys);
    let others = near_in_order(&backwards.keys, |&key| (backwards.letters(key), index.title(key.of).1));
    drop(backwards);
    found.pairs.extend(others.pairs);
    found.keys.extend(others.keys);
    found.keys.par_sort_unstable();
    found.keys.dedup();
    found.pairs.par_sort_unstable();
    found.pairs.dedup();
    NearTitles { n_keys: found.keys.len(), pairs: found.pairs }
}

/// The titles that keys hold whole, read backwards.
struct Backwards {
    /// In parts, one after the other.
    letters: Vec<Vec<u8>>,
    /// In the order of the titles read backwards.
    keys: Vec<BackwardsKey>,
}

/// Where the letters of a title read backwards are, and the key that holds it.
#[derive(Clone, Copy)]
struct BackwardsKey {
    part: u16,
    len: u16,
    start: u32,
    of: TitleAt,
}

/// Keys whose titles are in one part.
const KEYS_OF_PART: usize = 1 << 16;

impl Backwards {
    fn of(index: &BlockIndex, keys: &[TitleAt]) -> Backwards {
        let parts = keys.par_chunks(KEYS_OF_PART).enumerate().map(|(part, of_part)| {
            let (mut letters, mut keys) = (Vec::new(), Vec::new());
            for &of in of_part {
                let title = whole_title(index.title(of).0).unwrap_or_default();
                if !title.is_empty() {
                    keys.push(BackwardsKey {
                        part: part as u16,
                        len: title.len() as u16,
                        start: place(letters.len()),
                        of,
                    });
                    letters.extend(title.iter().rev());
                }
            }
            (letters, keys)
        });
        let (letters, keys): (Vec<Vec<u8>>, Vec<Vec<BackwardsKey>>) = parts.unzip();
        let mut backwards = Backwards { letters, keys: Vec::new() };
        let mut keys = keys.concat();
        keys.par_sort_by(|&one, &other| backwards.letters(one).cmp(backwards.letters(other)));
        backwards.keys = keys;
        backwards
    }

    fn letters(&self, key: BackwardsKey) -> &[u8] {
        &self.letters[usize::from(key.part)][key.start as usize..][..usize::from(key.len)]
    }
}

/// Keys that one thread looks at at a time.
const KEYS_TOGETHER: usize = 4096;

/// What is near among keys in an order: each is held against the last few before it. `get` gives the letters of one, and
/// its records.
fn near_in_order<'i, K: Sync>(keys: &'i [K], get: impl Fn(&'i K) -> (&'i [u8], &'i [RecordId]) + Sync) -> Neighbours {
    let starts: Vec<usize> = (0..keys.len()).step_by(KEYS_TOGETHER).collect();
    let parts = starts.into_par_iter().map(|start| {
        let mut found = Neighbours::default();
        for at in start..(start + KEYS_TOGETHER).min(keys.len()) {
            let key = get(&keys[at]);
            for other in &keys[at.saturating_sub(NEIGHBOUR_WINDOW)..at] {
                found.meet(key, get(other));
            }
        }
        found
    });
    let mut whole = Neighbours::default();
    for part in parts.collect::<Vec<Neighbours>>() {
        whole.pairs.extend(part.pairs);
        whole.keys.extend(part.keys);
    }
    whole
}

/// The letters of a title key that holds its title whole.
pub fn whole_title(key: &[u8]) -> Option<&[u8]> {
    key.strip_prefix(b"TI ").filter(|title| title.len() < TITLE_BYTES)
}

/// What is found among neighbouring keys.
#[derive(Default)]
pub struct Neighbours {
    /// Pairs of records across near keys.
    pub pairs: Vec<Pair>,
    /// First records of the two blocks, by which each pair of keys is counted once.
    pub keys: Vec<(RecordId, RecordId)>,
}

impl Neighbours {
    /// Adds the pairs across two title keys, with their records, if the keys are near.
    fn meet(&mut self, (key, records): (&[u8], &[RecordId]), (other, others): (&[u8], &[RecordId])) {
        if is_near(key, other) {
            self.keys.push((records[0].min(others[0]), records[0].max(others[0])));
            let pairs = records.iter().flat_map(|&a| others.iter().map(move |&b| (a, b)));
            self.pairs.extend(pairs.filter(|(a, b)| a != b).map(|(a, b)| Pair::new(a, b)));
        }
    }
}

/// The last keys in an order, with their records, ascending and at least one.
pub struct Window<R>(VecDeque<(Vec<u8>, R)>);

impl<R> Default for Window<R> {
    fn default() -> Window<R> {
        Window(VecDeque::new())
    }
}

impl<R: AsRef<[RecordId]>> Window<R> {
    /// Looks for near keys among the last ones, and remembers this one.
    pub fn meet(&mut self, key: &[u8], of_key: R, found: &mut Neighbours) {
        for (other, others) in &self.0 {
            found.meet((key, of_key.as_ref()), (other, others.as_ref()));
        }
        let oldest = if self.0.len() == NEIGHBOUR_WINDOW { self.0.pop_front() } else { None };
        let mut remembered = oldest.map(|(key, _)| key).unwrap_or_default();
        remembered.clear();
        remembered.extend_from_slice(key);
        self.0.push_back((remembered, of_key));
    }
}

/// Whether two title keys are near each other, by their beginnings or, if they hold their titles whole, by their ends; or have
/// but one letter between them.
pub fn are_near_titles(a: &[u8], b: &[u8]) -> bool {
    let backwards = |key| whole_title(key).map(|title| title.iter().rev().copied().collect::<Vec<u8>>());
    let by_ends = || backwards(a).zip(backwards(b)).is_some_and(|(a, b)| is_near(&a, &b));
    is_near(a, b) || are_within(a, b, 1) || by_ends()
}

fn is_near(a: &[u8], b: &[u8]) -> bool {
    let common = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let least = NEIGHBOUR_LETTERS + if a.starts_with(b"TI ") { 3 } else { 0 };
    common >= least && are_within(&a[common..], &b[common..], NEIGHBOUR_DISTANCE)
}

/// Whether the Levenshtein distance is at most so much. That is little: each error is tried where the two first differ.
fn are_within(a: &[u8], b: &[u8], most: usize) -> bool {
    if a.len().abs_diff(b.len()) > most {
        return false;
    }
    let common = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[common..], &b[common..]);
    match (a, b, most.checked_sub(1)) {
        ([], rest, _) | (rest, [], _) => rest.len() <= most,
        (_, _, None) => false,
        ([_, after_a @ ..], [_, after_b @ ..], Some(left)) => {
            are_within(after_a, after_b, left) || are_within(after_a, b, left) || are_within(a, after_b, left)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::blocks::{Groups, KeyRow, sorted};
    use super::*;

    proptest::proptest! {
        #[test]
        fn few_errors_are_counted_as_levenshtein_does(a in "[ab]{0,9}", b in "[ab]{0,9}", most in 0..4_usize) {
            let distance = rapidfuzz::distance::levenshtein::distance(a.bytes(), b.bytes());
            proptest::prop_assert_eq!(are_within(a.as_bytes(), b.as_bytes(), most), distance <= most);
        }
    }

    proptest::proptest! {
        #[test]
        fn pairs_of_wanted_records_are_those_of_all(
            keys in proptest::collection::vec(proptest::collection::vec(0..9_usize, 0..5), 2..60),
            wanted in proptest::collection::vec(proptest::bool::weighted(0.2), 60),
        ) {
            const KEYS: [&str; 9] =
                ["TI useofmedia", "TI useofmedias", "DOI 1", "DOI 2", "LW a b", "LW b c", "LW c d", "FW a b", "FW c d"];
            let texts: Vec<Vec<&str>> = keys.iter().map(|keys| keys.iter().map(|&key| KEYS[key]).collect()).collect();
            let texts: Vec<&[&str]> = texts.iter().map(Vec::as_slice).collect();
            let years = |at: usize| Features { years: Years { first: 1990 + at as u16 % 4, ..Years::default() }, ..Features::default() };
            let features: FeatureTable = (0..keys.len()).map(years).collect();
            let all = run(&texts, &features, 9).pairs();
            let is_wanted = |pair: &Pair| wanted[pair.a.index()] || wanted[pair.b.index()];
            let expected: Vec<Pair> = all.into_iter().filter(is_wanted).collect();
            let of_these = &wanted[..keys.len()];
            proptest::prop_assert_eq!(&run(&texts, &features, 9).with(of_these).pairs(), &expected);
            // Larger blocks are then divided only as far as is wanted.
            let found = run_for(&texts, &features, 9, Some(of_these)).with(of_these).pairs();
            proptest::prop_assert_eq!(found, expected);
        }
    }

    fn run(keys: &[&[&str]], features: &FeatureTable, max_block_records: usize) -> Candidates {
        run_for(keys, features, max_block_records, None)
    }

    fn run_for(
        keys: &[&[&str]],
        features: &FeatureTable,
        max_block_records: usize,
        wanted: Option<&[bool]>,
    ) -> Candidates {
        let rows = |at: usize| keys[at].iter().map(move |key| KeyRow::new(key, RecordId::new(at)));
        let groups = Groups::of(&sorted((0..keys.len()).flat_map(rows).collect()));
        let index =
            BlockIndex::build(groups, |record, show| keys[record.index()].iter().for_each(|key| show(key)), |_| ());
        let limits =
            Limits { max_block_records, max_weak_block_records: 9, max_lone_weak_block_records: 5, neighbourhood: 2 };
        let near = near_titles(&index);
        candidates_of(index.into_groups(), near, Dividing { features, id_of: &|_| "", limits, wanted }, |_| ())
    }

    /// Ids and not places say which of several copies stand beside other records in a block that is divided.
    #[test]
    fn copies_stand_in_a_divided_block_by_their_ids() {
        let named = |first| Features { years: Years { first, ..Years::default() }, ..Features::default() };
        let ids = ["a", "b", "c", "d", "e"];
        let met = |order: [usize; 5]| {
            let features: FeatureTable = order.iter().map(|&at| named(if at == 4 { 1999 } else { 1990 })).collect();
            let id_of = move |record: RecordId| ids[order[record.index()]];
            let limits = Limits {
                max_block_records: 2,
                max_weak_block_records: 2,
                max_lone_weak_block_records: 2,
                neighbourhood: 1,
            };
            let dividing = Dividing { features: &features, id_of: &id_of, limits, wanted: None };
            let records: Vec<RecordId> = (0..5).map(RecordId::new).collect();
            let parts = parts_of(&records, KeyClass::Title, dividing);
            let ids = |pair: &Pair| {
                (id_of(pair.a).min(id_of(pair.b)).to_owned(), id_of(pair.a).max(id_of(pair.b)).to_owned())
            };
            let mut pairs: Vec<(String, String)> = parts.neighbours.iter().map(ids).collect();
            pairs.sort_unstable();
            pairs
        };
        let expected = [("a", "b"), ("b", "c"), ("c", "d"), ("d", "e")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        for order in [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 4, 0, 3, 1]] {
            assert_eq!(met(order), expected, "{order:?}");
        }
    }

    fn blank(n: usize) -> FeatureTable {
        std::iter::repeat_n(Features::default(), n).collect()
    }

    fn numbers(candidates: &Candidates) -> Vec<(u32, u32)> {
        candidates.pairs().iter().map(|pair| (pair.a.get(), pair.b.get())).collect()
    }

    #[test]
    fn pairs_come_once_however_many_keys_they_share() {
        let found = run(&[&["AT a b", "DOI 1"], &["AT a b", "DOI 1"], &["DOI 1"]], &blank(3), 10);
        assert_eq!(numbers(&found), [(0, 1), (0, 2), (1, 2)]);
    }

    /// Of weak keys that many records share, one is not enough.
    #[test]
    fn records_of_loose_blocks_meet_if_they_share_two() {
        let shared: &[&str] = &["FW x y"];
        let both: &[&str] = &["FW x y", "LW a b"];
        let strong: &[&str] = &["FW x y", "DOI 1"];
        let few: &[&str] = &["FW x y", "TY t 1"];
        let found = run(&[shared, both, shared, both, strong, few, strong, few, both], &blank(9), 10);
        // `LW a b` and `TY t 1` are shared by few.
        assert_eq!(numbers(&found), [(1, 3), (1, 8), (3, 8), (4, 6), (5, 7)]);
        let many = [both, both, shared, shared, shared, shared, &["LW a b"], &["LW a b"], &["LW a b"], &["LW a b"]];
        assert_eq!(numbers(&run(&many, &blank(10), 10)), [(0, 1)]);
    }

    #[test]
    fn near_title_keys_meet() {
        let keys: [&[&str]; 3] = [&["TI useofsocialmedia"], &["TI useofsocialmeida"], &["TI useofsomethingelse"]];
        let found = run(&keys, &blank(3), 10);
        assert_eq!(numbers(&found), [(0, 1)]);
        assert_eq!(found.n_neighbour_blocks, 1);
        // Far apart by their beginnings, neighbours by their ends.
        let keys: [&[&str]; 4] = [&["TI aplantsofthenorth"], &["TI plantsofthenorth"], &["TI heart"], &["TI north"]];
        assert_eq!(numbers(&run(&keys, &blank(4), 10)), [(0, 1)]);
    }

    #[test]
    fn large_blocks_are_divided_and_nobody_is_left_alone() {
        let keys: Vec<&[&str]> = vec![&["TI annualreport"]; 60];
        let mut features = vec![Features::default(); 60];
        for (at, f) in features.iter_mut().enumerate() {
            f.years.first = 1950 + (at % 30) as u16;
        }
        let features: FeatureTable = features.into_iter().collect();
        let found = run(&keys, &features, 10);
        assert_eq!(found.n_refined_blocks, 1);
        let weak: Vec<&[&str]> = vec![&["LW annual report"]; 60];
        let of_weak = run(&weak, &features, 10);
        assert_eq!(numbers(&of_weak), (0..30).map(|at| (at, at + 30)).collect::<Vec<_>>(), "only those of one year");
        for at in 0..30 {
            assert!(numbers(&found).contains(&(at, at + 30)), "records of one year meet: {at}");
        }
        assert!(found.pairs().len() < 60 * 59 / 4);
    }
}
