//! Titles that name a kind of text, not a work: `Editorial`, `Obras completas`.

use std::sync::LazyLock;

use crate::keys::Features;

static TITLES: LazyLock<Vec<&str>> = LazyLock::new(|| LIST.lines().filter(|line| !line.starts_with('#')).collect());

/// The titles as text: see the file's head.
const LIST: &str = include_str!("generic_titles.txt");

/// Whether a text is one of the generic titles, whole.
pub(super) fn is_kind_of_text(folded: &str) -> bool {
    TITLES.binary_search(&folded).is_ok()
}

/// Bytes of the longest generic title.
const MAX_GENERIC: usize = 34;

/// Whether the whole title is one of the generic ones, numbers aside, or one half of it is an editorial's.
pub(in crate::matching) fn is_generic(features: &Features) -> bool {
    let is_editorial = |part: &str| part.starts_with("editor") && is_kind_of_text(part);
    let whole = features.title.whole();
    if is_editorial(&features.title.sub) || is_editorial(&features.title.main) {
        return true;
    }
    let mut words = String::with_capacity(MAX_GENERIC + 1);
    for word in whole.split(' ').filter(|word| !word.bytes().all(|byte| byte.is_ascii_digit())) {
        if words.len() + word.len() > MAX_GENERIC {
            return false;
        }
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
    }
    is_kind_of_text(&words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generic_titles_are_sorted_for_searching() {
        let unsorted = TITLES.windows(2).find(|pair| pair[0] >= pair[1]);
        assert!(unsorted.is_none() && TITLES.iter().all(|title| title.len() <= MAX_GENERIC), "{unsorted:?}");
    }
}
