//! Title keys a few letters from another one, found in an index of keys without looking at all of them.

use fst::Automaton;

use crate::matching::candidates::NEIGHBOUR_DISTANCE;

/// Whether keys differ by at most [`NEIGHBOUR_DISTANCE`] bytes from a title key, told byte by byte.
///
/// States hold, for 0, 1 and more errors, a bit for each number of its bytes that may have been met so far. Building a table of
/// all states, as general automata do, would take longer than the search. After S. Wu and U. Manber, Fast text searching
/// allowing errors, 1992.
pub(super) struct TypingErrors {
    /// For each byte, a bit for every place in the key where it stands.
    places: [u64; 256],
    len: usize,
}

/// Longest key, in bytes: one bit is for having met none.
const MOST_BYTES: usize = u64::BITS as usize - 1;

impl TypingErrors {
    /// `None` for keys that are longer than those of titles.
    pub(super) fn of(key: &[u8]) -> Option<TypingErrors> {
        let mut places = [0; 256];
        for (at, &byte) in key.iter().take(MOST_BYTES).enumerate() {
            places[usize::from(byte)] |= 1 << at;
        }
        (key.len() <= MOST_BYTES).then_some(TypingErrors { places, len: key.len() })
    }

    /// Those met once letters that are missing may be left out.
    fn with_missing(mut met: Met) -> Met {
        for errors in 1..met.len() {
            met[errors] |= met[errors - 1] << 1;
        }
        met
    }
}

/// By the number of errors, which bytes may have been met.
type Met = [u64; NEIGHBOUR_DISTANCE + 1];

impl Automaton for TypingErrors {
    type State = Met;

    fn start(&self) -> Met {
        let mut met = [0; NEIGHBOUR_DISTANCE + 1];
        met[0] = 1;
        TypingErrors::with_missing(met)
    }

    fn is_match(&self, met: &Met) -> bool {
        met.iter().any(|met| met >> self.len & 1 == 1)
    }

    fn can_match(&self, met: &Met) -> bool {
        let within = u64::MAX >> (MOST_BYTES - self.len);
        met.iter().any(|met| met & within != 0)
    }

    fn accept(&self, met: &Met, byte: u8) -> Met {
        let places = self.places[usize::from(byte)];
        let mut next = met.map(|met| (met & places) << 1);
        for errors in 1..next.len() {
            // Another byte than the key's, or one too many.
            next[errors] |= met[errors - 1] << 1 | met[errors - 1];
        }
        TypingErrors::with_missing(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn keys_are_met_as_levenshtein_has_it(a in "[abc]{0,12}", b in "[abc]{0,12}") {
            let errors = TypingErrors::of(a.as_bytes()).expect("a short key");
            let mut met = errors.start();
            let mut can_match = errors.can_match(&met);
            for byte in b.bytes() {
                met = errors.accept(&met, byte);
                can_match &= errors.can_match(&met);
            }
            let is_near = rapidfuzz::distance::levenshtein::distance(a.bytes(), b.bytes()) <= NEIGHBOUR_DISTANCE;
            proptest::prop_assert_eq!(errors.is_match(&met), is_near);
            proptest::prop_assert!(can_match || !is_near);
        }
    }

    #[test]
    fn the_longest_keys_are_met_and_longer_ones_refused() {
        let key = [b'x'; MOST_BYTES + 1];
        assert!(TypingErrors::of(&key).is_none());
        let errors = TypingErrors::of(&key[1..]).expect("as long as may be");
        let after = |n: usize| key[..n].iter().fold(errors.start(), |met, &byte| errors.accept(&met, byte));
        assert!(errors.is_match(&after(MOST_BYTES - NEIGHBOUR_DISTANCE)) && errors.can_match(&after(MOST_BYTES)));
        assert!(!errors.is_match(&after(MOST_BYTES - NEIGHBOUR_DISTANCE - 1)));
    }
}
