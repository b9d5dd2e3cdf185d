//! Blocks of a run that knows an earlier one: whose pairs have to be found anew.
//!
//! Whether two records meet follows from the blocks that both are in, and from near title keys. A record that joins or
//! leaves a block changes nothing between the others, unless the block becomes too large or loose by it, or ceases to be:
//!
//! ```text
//! TI useofsocialmedia   7, 9, new 10        7 and 9 meet as before
//! LW media use          5 records, new 6th  all of them meet as before
//! LW media use          6 records, new 7th  it becomes loose: all of them anew
//! FW smith history      60 records, one of 1999 has changed: those of 1999 anew, since it is divided by year
//! ```

use super::blocks::{Groups, KeyClass, KeyHash, KeyRow, Tally};
use super::candidates::Limits;
use super::rows::RangeRows;
use crate::ids::RecordId;
use crate::keys::{FeatureTable, Features};

/// What a range of keys comes to.
pub struct Sifted {
    /// Blocks of two or more records in numbers.
    pub tally: Tally,
    /// Keys that records share, and all title keys.
    pub n_keys: u64,
    /// Blocks that are too large and are divided.
    pub n_divided: u64,
    /// The title keys.
    pub titles: Groups,
    /// Those of them that records have joined or left, ascending.
    pub touched_titles: Vec<KeyHash>,
    /// Blocks in which not all records meet as before.
    pub unsettled: Vec<Unsettled>,
}

/// A block in which not all records meet as before.
pub struct Unsettled {
    records: Vec<RecordId>,
    /// The records that joined it, and by their numbers then those that left it, if only records with the same
    /// [`first_step`](super::candidates::first_step) as one of these meet otherwise: it was divided and is, by that first.
    pieces: Option<(Vec<RecordId>, Vec<RecordId>)>,
}

/// What the rows of a range of keys come to, and the rows.
pub fn sift(range: RangeRows, limits: Limits, n_largest: usize) -> (Vec<KeyRow>, Sifted) {
    let RangeRows { rows, new, gone } = range;
    let mut sifted = Sifted {
        tally: Tally::new(n_largest),
        n_keys: 0,
        n_divided: 0,
        titles: Groups::default(),
        touched_titles: Vec::new(),
        unsettled: Vec::new(),
    };
    let (mut new, mut gone) = (new.as_slice(), gone.as_slice());
    for block in rows.chunk_by(|a, b| a.key == b.key) {
        let (key, n) = (block[0].key, block.len());
        let is_title = key.class() == KeyClass::Title;
        if n > 1 {
            sifted.tally.add(key, block[0].record, n);
            sifted.n_divided += u64::from(n > limits.most(key.class()));
        }
        if is_title {
            sifted.titles.push(key, block.iter().map(|row| row.record));
        }
        sifted.n_keys += u64::from(n > 1 || is_title);
        let (joined, left) = (take_key(&mut new, key), take_key(&mut gone, key));
        if joined.is_empty() && left.is_empty() {
            continue;
        }
        if is_title {
            sifted.touched_titles.push(key);
        }
        sifted.unsettled.extend(unsettled(block, joined, left, limits));
    }
    (rows, sifted)
}

/// The rows of a key, if they come next after those of lesser ones.
fn take_key<'r>(rows: &mut &'r [KeyRow], key: KeyHash) -> &'r [KeyRow] {
    while rows.first().is_some_and(|row| row.key < key) {
        *rows = &rows[1..];
    }
    let (of_key, rest) = rows.split_at(rows.iter().take_while(|row| row.key == key).count());
    *rows = rest;
    of_key
}

fn unsettled(block: &[KeyRow], joined: &[KeyRow], left: &[KeyRow], limits: Limits) -> Option<Unsettled> {
    let class = block[0].key.class();
    let n_stayed = block.len() - joined.len();
    let (then, now) = (n_stayed + left.len(), block.len());
    let (was_divided, is_divided) = (then > limits.most(class), now > limits.most(class));
    let is_settled = !was_divided && !is_divided && limits.is_loose(class, then) == limits.is_loose(class, now);
    if n_stayed < 2 || is_settled {
        return None;
    }
    let records = |rows: &[KeyRow]| rows.iter().map(|row| row.record).collect::<Vec<RecordId>>();
    let is_in_pieces = class == KeyClass::Weak && was_divided && is_divided;
    Some(Unsettled { records: records(block), pieces: is_in_pieces.then(|| (records(joined), records(left))) })
}

impl Unsettled {
    /// The records whose pairs have to be found anew. `then` gives the features of a record that is gone.
    pub fn anew<'f>(&self, features: &FeatureTable, then: impl Fn(RecordId) -> Option<Features<'f>>) -> Vec<RecordId> {
        let Some((joined, left)) = &self.pieces else { return self.records.clone() };
        let left: Option<Vec<u16>> = left.iter().map(|&record| then(record).map(|of| of.years.first)).collect();
        let Some(mut years) = left else { return self.records.clone() };
        years.extend(joined.iter().map(|&record| features.first_year(record)));
        self.records.iter().copied().filter(|&record| years.contains(&features.first_year(record))).collect()
    }
}
