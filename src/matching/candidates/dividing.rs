//! Blocks that are too large → smaller ones, and neighbours in what is left.

use crate::ids::{IdOf, RecordId};
use crate::keys::{FeatureTable, Features, Years};

use super::super::blocks::KeyClass;
use super::{Limits, Pair};

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

/// The records that have the same [`first_step`] as a wanted one.
pub(super) fn pieces_of(records: &[RecordId], features: &FeatureTable, is_wanted: &[bool]) -> Vec<RecordId> {
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
