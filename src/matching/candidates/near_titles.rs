//! Title keys with a typing error between them → pairs.

use std::collections::VecDeque;

use rayon::prelude::*;

use crate::ids::RecordId;
use crate::keys::block_keys::TITLE_BYTES;

use super::super::blocks::{BlockIndex, TitleAt, place};
use super::Pair;

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
    use super::*;

    proptest::proptest! {
        #[test]
        fn few_errors_are_counted_as_levenshtein_does(a in "[ab]{0,9}", b in "[ab]{0,9}", most in 0..4_usize) {
            let distance = rapidfuzz::distance::levenshtein::distance(a.bytes(), b.bytes());
            proptest::prop_assert_eq!(are_within(a.as_bytes(), b.as_bytes(), most), distance <= most);
        }
    }
}
