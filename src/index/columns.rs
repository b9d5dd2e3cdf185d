//! Numbers in mapped files.

use crate::ids::RecordId;

/// Numbers of eight bytes.
#[derive(Clone, Copy)]
pub(super) struct Numbers<'a>(pub(super) &'a [u8]);

impl Numbers<'_> {
    /// The number at a place, counted in numbers, from 0; 0 beyond the end.
    pub(super) fn get(self, at: usize) -> u64 {
        number(self.0, 8 * at)
    }

    /// How many whole numbers there are.
    pub(super) fn len(self) -> usize {
        self.0.len() / 8
    }
}

/// Places in segments: start in eight bytes, length in four.
#[derive(Clone, Copy)]
pub(super) struct Places<'a>(pub(super) &'a [u8]);

impl Places<'_> {
    /// Bytes of one.
    pub(super) const BYTES: usize = 12;

    /// Start and length of a place, counted in places, from 0; 0 beyond the end.
    pub(super) fn get(self, at: usize) -> (u64, u32) {
        (number(self.0, Places::BYTES * at), half(self.0, Places::BYTES * at + 8))
    }
}

/// Hashes and their records, 12 bytes each.
#[derive(Clone, Copy)]
pub(super) struct Hashes<'a>(pub(super) &'a [u8]);

impl Hashes<'_> {
    /// The hash of a pair, counted from 0, in ascending order; 0 beyond the end.
    pub(super) fn hash(self, at: usize) -> u64 {
        number(self.0, 12 * at)
    }

    /// The record of that pair.
    pub(super) fn record(self, at: usize) -> RecordId {
        RecordId::from(half(self.0, 12 * at + 8))
    }

    /// Where the hashes begin that are not smaller. Hashes are spread evenly, so the search starts where it must be.
    pub(super) fn first_at_least(self, hash: u64) -> usize {
        let n = self.0.len() / 12;
        let guess = ((u128::from(hash) * n as u128) >> 64) as usize;
        let mut reach = 64;
        let (mut low, mut high) = (guess, guess);
        while low > 0 && self.hash(low - 1) >= hash {
            high = low - 1;
            low = low.saturating_sub(reach);
            reach *= 2;
        }
        reach = 64;
        while high < n && self.hash(high) < hash {
            low = high + 1;
            high = (high + reach).min(n);
            reach *= 2;
        }
        partition(low.min(high), high, |at| self.hash(at) < hash)
    }
}

/// Low halves of keys and their records, four bytes each.
#[derive(Clone, Copy)]
pub(super) struct Rows<'a>(pub(super) &'a [u8]);

impl Rows<'_> {
    /// Low half of the key of a row, counted from 0; the high half is the number of the bucket that the row is in.
    pub(super) fn key(self, at: usize) -> u32 {
        half(self.0, 8 * at)
    }

    /// The record of that row.
    pub(super) fn record(self, at: usize) -> RecordId {
        RecordId::from(half(self.0, 8 * at + 4))
    }
}

/// The first place in a range at which `is_before` no longer holds.
pub(super) fn partition(mut low: usize, mut high: usize, is_before: impl Fn(usize) -> bool) -> usize {
    while low < high {
        let middle = low + (high - low) / 2;
        if is_before(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

/// The number at a byte; 0 beyond the end, which no checked file is read to.
fn number(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..at + 8).map_or(0, |bytes| u64::from_le_bytes(bytes.try_into().expect("eight bytes")))
}

fn half(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).map_or(0, |bytes| u32::from_le_bytes(bytes.try_into().expect("four bytes")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn hashes_are_found_however_they_are_spread(
            mut hashes in prop::collection::vec(prop_oneof![any::<u64>(), 0u64..9, Just(u64::MAX)], 0..300),
            wanted in prop_oneof![any::<u64>(), 0u64..9, Just(u64::MAX)],
        ) {
            hashes.sort_unstable();
            let bytes: Vec<u8> = hashes.iter().flat_map(|hash| [&hash.to_le_bytes()[..], &[0; 4]].concat()).collect();
            for &hash in hashes.iter().chain([&wanted]) {
                let expected = hashes.partition_point(|&known| known < hash);
                prop_assert_eq!(Hashes(&bytes).first_at_least(hash), expected);
            }
        }
    }
}
