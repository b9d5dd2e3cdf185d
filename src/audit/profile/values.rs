//! How often values occur: exact up to a bound of distinct values, then as Misra-Gries summaries.
//!
//! A value is known by XXH3 (64 bits) of its text and by a place where it stands, so that no text is kept. Beyond the
//! bound, the count just below it is taken off every value (Misra and Gries 1982; merged as by Agarwal et al.,
//! *Mergeable Summaries*, 2012): counts are then too low by a known number, which stays below the number of all
//! values divided by the bound.

use serde::{Deserialize, Serialize};

/// Where a record stands: the window of the input, and its number in it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub(super) struct Place {
    pub(super) window: u32,
    pub(super) record: u32,
}

/// A value that was counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) struct Counted {
    pub(super) hash: u64,
    /// Records that hold it.
    pub(super) n: u32,
    /// The first of them.
    pub(super) place: Place,
}

/// The values of one field.
#[derive(Clone, Default, Debug, Serialize, Deserialize)]
pub(super) struct Values {
    /// Hashes and records not counted yet.
    seen: Vec<(u64, u32)>,
    /// By hash.
    counted: Vec<Counted>,
}

impl Values {
    /// Takes the hash of a value of a record.
    pub(super) fn add(&mut self, record: u32, hash: u64) {
        self.seen.push((hash, record));
    }

    /// Counts what was taken: records of a window, each value once per record.
    pub(super) fn close(&mut self, window: u32) {
        let mut seen = std::mem::take(&mut self.seen);
        seen.sort_unstable();
        seen.dedup();
        let same = seen.chunk_by(|one, other| one.0 == other.0);
        let counted = same.map(|same| {
            let (hash, record) = same[0];
            Counted { hash, n: same.len() as u32, place: Place { window, record } }
        });
        self.counted = counted.collect();
    }

    /// Adds the counts of other records.
    pub(super) fn merge(&mut self, other: Values) {
        if self.counted.is_empty() {
            self.counted = other.counted;
            return;
        }
        let mut merged = Vec::with_capacity(self.counted.len() + other.counted.len());
        let mut own = std::mem::take(&mut self.counted).into_iter().peekable();
        let mut others = other.counted.into_iter().peekable();
        while let (Some(a), Some(b)) = (own.peek(), others.peek()) {
            match a.hash.cmp(&b.hash) {
                std::cmp::Ordering::Less => merged.extend(own.next()),
                std::cmp::Ordering::Greater => merged.extend(others.next()),
                std::cmp::Ordering::Equal => {
                    merged.push(Counted { hash: a.hash, n: a.n.saturating_add(b.n), place: a.place.min(b.place) });
                    own.next();
                    others.next();
                }
            }
        }
        merged.extend(own);
        merged.extend(others);
        merged.shrink_to_fit();
        self.counted = merged;
    }

    /// Number of different values that are counted.
    pub(super) fn n_distinct(&self) -> usize {
        self.counted.len()
    }

    /// The most frequent values, at most `n`; of those that are equally frequent, the lowest hashes.
    pub(super) fn top(&self, n: usize) -> Vec<Counted> {
        let key = |counted: &Counted| (std::cmp::Reverse(counted.n), counted.hash);
        let mut all = self.counted.clone();
        if all.len() > n {
            all.select_nth_unstable_by_key(n, key);
            all.truncate(n);
        }
        all.sort_unstable_by_key(key);
        all
    }
}

/// Brings the tables together down to `limit` values. Returns what was taken off each count.
pub(super) fn shrink(tables: &mut [&mut Values], limit: usize) -> u32 {
    let n_distinct: usize = tables.iter().map(|table| table.n_distinct()).sum();
    if n_distinct <= limit {
        return 0;
    }
    let mut counts: Vec<u32> = tables.iter().flat_map(|table| table.counted.iter().map(|counted| counted.n)).collect();
    let (_, &mut least, _) = counts.select_nth_unstable_by(limit, |a, b| b.cmp(a));
    for table in tables {
        table.counted.retain_mut(|counted| {
            counted.n = counted.n.saturating_sub(least);
            counted.n > 0
        });
        table.counted.shrink_to_fit();
    }
    least
}

#[cfg(test)]
mod tests {
    use super::super::super::traits::value_hash as hash;
    use super::*;

    /// One window in which record `i` holds the `i`th value.
    fn values(window: u32, texts: &[&str]) -> Values {
        let mut values = Values::default();
        texts.iter().enumerate().for_each(|(record, text)| values.add(record as u32, hash(text)));
        values.close(window);
        values
    }

    fn counts(values: &Values) -> Vec<(u64, u32)> {
        values.top(usize::MAX).iter().map(|counted| (counted.hash, counted.n)).collect()
    }

    #[test]
    fn a_record_counts_once_and_the_first_place_stays() {
        let mut one = Values::default();
        [(3, "b"), (3, "b"), (4, "b"), (4, "a")].iter().for_each(|&(record, text)| one.add(record, hash(text)));
        one.close(1);
        one.merge(values(0, &["c", "b"]));
        let top = one.top(1);
        assert_eq!((top[0].hash, top[0].n, top[0].place), (hash("b"), 3, Place { window: 0, record: 1 }));
        assert_eq!(one.n_distinct(), 3);
    }

    #[test]
    fn beyond_the_bound_counts_are_too_low_by_what_is_said() {
        let texts: Vec<String> = (0..400).map(|i| format!("rare {i}")).collect();
        let mut whole = Values::default();
        let mut lost = 0;
        for window in 0..20 {
            let mut texts: Vec<&str> = texts[window * 20..(window + 1) * 20].iter().map(String::as_str).collect();
            texts.extend(["often"; 9]);
            texts.extend(["seldom"; 4]);
            whole.merge(values(window as u32, &texts));
            lost += shrink(&mut [&mut whole], 10);
            assert!(whole.n_distinct() <= 10);
        }
        let n_values = 20 * (20 + 9 + 4);
        assert!(0 < lost && lost <= n_values / 11, "{lost}");
        let top = counts(&whole);
        for (at, (text, n)) in [("often", 180), ("seldom", 80)].into_iter().enumerate() {
            assert_eq!(top[at].0, hash(text));
            assert!((n - lost..=n).contains(&top[at].1), "{text}: {} of {n}, {lost} lost", top[at].1);
        }
    }

    #[test]
    fn up_to_the_bound_nothing_is_lost() {
        let (mut one, mut other) = (values(0, &["a", "b", "a"]), values(0, &["c"]));
        let before = (counts(&one), counts(&other));
        assert_eq!(shrink(&mut [&mut one, &mut other], 3), 0);
        assert_eq!((counts(&one), counts(&other)), before);
    }
}
