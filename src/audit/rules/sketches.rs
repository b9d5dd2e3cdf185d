//! Small numbers that stand for texts in rows.

use std::cell::RefCell;

use xxhash_rust::xxh3::xxh3_64;

use crate::keys::text::fold_into;

/// A hash of several texts, told apart.
pub(in crate::audit) fn hash_of(parts: &[&str]) -> u64 {
    thread_local!(static JOINED: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) });
    JOINED.with_borrow_mut(|joined| {
        joined.clear();
        for part in parts {
            joined.extend_from_slice(part.as_bytes());
            joined.push(0);
        }
        xxh3_64(joined)
    })
}

/// The lower half of a text's hash, which is enough to count distinct texts among few.
pub(super) fn short_hash(text: &str) -> u32 {
    xxh3_64(text.as_bytes()) as u32
}

/// Bits that a sketch has.
const N_BITS: u64 = 27;

/// A sketch of a title: one of the lowest 27 bits per folded word. Similar titles share most bits; different ones
/// of usual length share few.
pub(in crate::audit) fn sketch(title: &str) -> u32 {
    thread_local!(static FOLDED: RefCell<String> = const { RefCell::new(String::new()) });
    FOLDED.with_borrow_mut(|folded| {
        folded.clear();
        fold_into(title, folded);
        let words = folded.as_bytes().split(|&byte| byte == b' ').filter(|word| !word.is_empty());
        words.fold(0, |bits, word| bits | 1 << (xxh3_64(word) % N_BITS))
    })
}

/// Share of the bits of two sketches that are in both, from 0 to 1; 1 if there are none.
pub(super) fn overlap(one: u32, other: u32) -> f64 {
    let n_bits = (one | other).count_ones();
    if n_bits == 0 { 1.0 } else { f64::from((one & other).count_ones()) / f64::from(n_bits) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn similar_titles_overlap() {
        let title = sketch("The use of social media in health service design");
        assert!(overlap(title, sketch("The use of social media in health-service design : a review")) >= 0.6);
        assert!(overlap(title, sketch("Grundlagen der organischen Chemie für Studierende")) < 0.6);
        assert!(sketch(&"many different words here ".repeat(50)) < 1 << N_BITS);
        assert_ne!(hash_of(&["a", "b"]), hash_of(&["ab", ""]));
    }
}
