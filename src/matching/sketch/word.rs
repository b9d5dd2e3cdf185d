//! The words of a title as numbers, and which of them have no counterpart in another title.

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

use super::super::compare::{MIN_STEM, is_citation_word};
use super::record::hash;

/// A word of a title: letters, length, first letter and a hash.
#[derive(Clone, Copy, PartialEq, Eq, Debug, IntoBytes, FromBytes, Immutable, KnownLayout)]
#[repr(transparent)]
pub(super) struct Word(u64);

impl Word {
    const LETTERS: u64 = (1 << 32) - 1;
    /// Too short for typing errors, or a number: its length bounds nothing.
    const LOOSE: u64 = 1 << 37;
    /// Has `rn`, which may stand for `m`.
    const RN: u64 = 1 << 38;
    /// May stand in the citation around a title.
    const NOISE: u64 = 1 << 39;

    /// From a word of `content_words`; it must not be empty.
    pub(super) fn of(word: &str) -> Word {
        let letters = word.bytes().fold(0u64, |set, letter| set | 1 << (letter & 31));
        let is_number = word.bytes().any(|byte| byte.is_ascii_digit());
        let mark = |mark: u64, holds: bool| if holds { mark } else { 0 };
        Word(
            letters
                | (word.len().min(31) as u64) << 32
                | mark(Word::LOOSE, word.len() < 4 || is_number)
                | mark(Word::RN, word.contains("rn"))
                | mark(Word::NOISE, is_citation_word(word))
                | u64::from(word.as_bytes()[0] & 31) << 40
                | (u64::from(hash(word)) & 0x7_ffff) << 45,
        )
    }

    fn letters(self) -> u32 {
        (self.0 & Word::LETTERS) as u32
    }

    /// In bytes; 31 stands for all longer words.
    pub(super) fn len(self) -> u32 {
        (self.0 >> 32) as u32 & 31
    }

    fn first(self) -> u32 {
        (self.0 >> 40) as u32 & 31
    }

    /// The bit that it would have in [`Sketch::around`](super::record::Sketch::around).
    pub(super) fn around_bit(self) -> u64 {
        1 << (self.0 >> 58)
    }

    /// Whether it may stand in the citation around a title.
    pub(super) fn is_noise(self) -> bool {
        self.0 & Word::NOISE != 0
    }

    /// Whether the one may be another form of the other.
    fn may_be_form_of(self, other: Word) -> bool {
        // Letters that no ending has: f, h, j, k, p, q, u, w, x.
        const OF_STEMS: u32 = 1 << 6 | 1 << 8 | 1 << 10 | 1 << 11 | 1 << 16 | 1 << 17 | 1 << 21 | 1 << 23 | 1 << 24;
        let shorter = self.len().min(other.len()) as usize;
        self.first() == other.first() && shorter >= MIN_STEM && (self.letters() ^ other.letters()) & OF_STEMS == 0
    }

    /// Whether the one may be a misspelling of the other.
    fn may_be(self, other: Word) -> bool {
        let (a, b) = (self.letters(), other.letters());
        let n_other = (a ^ b).count_ones();
        let marks = self.0 | other.0;
        if marks & Word::RN != 0 {
            return n_other <= 4;
        }
        let shorter = self.len().min(other.len());
        let most = if shorter <= 7 { 2 } else { 4 };
        if n_other > most || (self.first() != other.first() && shorter <= 5) {
            return false;
        }
        marks & Word::LOOSE != 0 || self.len().abs_diff(other.len()) <= 2
    }
}

/// Words of two titles that certainly have no counterpart in the other, one bit each.
pub(super) struct Unmatched {
    pub(super) a: u64,
    pub(super) b: u64,
    pub(super) may_be_spaced_otherwise: bool,
}

impl Unmatched {
    /// Of two bare citations, other forms of a word may be its counterpart, too.
    pub(super) fn of(a: &[Word], b: &[Word], are_cited: bool) -> Unmatched {
        let all = |n: usize| if n == 64 { u64::MAX } else { (1u64 << n) - 1 };
        let (mut rest_a, mut rest_b) = (all(a.len()), all(b.len()));
        for (i, &x) in a.iter().enumerate() {
            let equal = b.iter().enumerate().find(|&(j, &y)| x == y && rest_b >> j & 1 != 0);
            if let Some((j, _)) = equal {
                rest_a &= !(1 << i);
                rest_b &= !(1 << j);
            }
        }
        let (mut only_a, mut only_b) = (rest_a, rest_b);
        let bits = |mut set: u64| {
            std::iter::from_fn(move || {
                let at = set.trailing_zeros() as usize;
                set &= set.wrapping_sub(1);
                (at < 64).then_some(at)
            })
        };
        for i in bits(rest_a) {
            for j in bits(rest_b) {
                if a[i].may_be(b[j]) || are_cited && a[i].may_be_form_of(b[j]) {
                    only_a &= !(1 << i);
                    only_b &= !(1 << j);
                }
            }
        }
        let letters = |words: &[Word], set: u64| bits(set).fold(0u32, |letters, at| letters | words[at].letters());
        let len = |words: &[Word], set: u64| bits(set).map(|at| words[at].len()).sum::<u32>();
        let is_long = |words: &[Word], set: u64| bits(set).any(|at| words[at].len() == 31);
        let may_be_spaced_otherwise = rest_a != 0
            && rest_b != 0
            && if only_a == rest_a && only_b == rest_b {
                letters(a, rest_a) == letters(b, rest_b)
                    && (len(a, rest_a) == len(b, rest_b) || is_long(a, rest_a) || is_long(b, rest_b))
            } else {
                letters(a, only_a) & !letters(b, rest_b) == 0 && letters(b, only_b) & !letters(a, rest_a) == 0
            };
        Unmatched { a: only_a, b: only_b, may_be_spaced_otherwise }
    }
}
