//! What tells at once that a word is not in a closed list.
//!
//! Every word of every title is asked whether it is a number, a designation, a form of another word … Almost none is, and a
//! binary search compares seven words to find that out.

/// The lengths, first and last letters that the words of a list have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WordFilter([u64; 16]);

impl WordFilter {
    /// Of a list without words.
    pub(crate) const NONE: WordFilter = WordFilter([0; 16]);

    /// Of a list of words, none of which is empty.
    pub(crate) const fn of(words: &[&str]) -> WordFilter {
        let (mut filter, mut at) = (WordFilter::NONE, 0);
        while at < words.len() {
            filter = filter.with(words[at]);
            at += 1;
        }
        filter
    }

    /// Of the list with one word more, which is not empty.
    pub(crate) const fn with(mut self, word: &str) -> WordFilter {
        let place = place(word.as_bytes());
        self.0[place / 64] |= 1 << (place % 64);
        self
    }

    /// Of two lists together.
    pub(crate) const fn or(mut self, other: WordFilter) -> WordFilter {
        let mut at = 0;
        while at < self.0.len() {
            self.0[at] |= other.0[at];
            at += 1;
        }
        self
    }

    /// Whether the word may be in the list; `false` only if it is not.
    #[inline]
    pub(crate) fn may_have(&self, word: &str) -> bool {
        if word.is_empty() {
            return false;
        }
        let place = place(word.as_bytes());
        self.0[place / 64] & 1 << (place % 64) != 0
    }
}

/// The place of a word's kind among 1,024.
#[inline]
const fn place(word: &[u8]) -> usize {
    let (first, last) = (word[0] as usize & 31, word[word.len() - 1] as usize & 31);
    ((first << 5) | last) ^ ((word.len() * 37) & 1023)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_of_a_list_is_missed_and_most_others_are_told() {
        const FEW: WordFilter = WordFilter::of(&["band", "volume", "t", "größe"]);
        for word in ["band", "volume", "t", "größe"] {
            assert!(FEW.may_have(word), "{word}");
        }
        for other in ["", "b", "bands", "bend a", "volumen", "tom", "grosse"] {
            assert!(!FEW.may_have(other), "{other}");
        }
        assert!(!WordFilter::NONE.may_have("band"));
    }
}
