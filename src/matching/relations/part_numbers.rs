//! The numbers of parts that titles name.

use crate::keys::numbers::canonical_number;
use crate::keys::seek::words;
use crate::keys::text::skeleton;
use crate::keys::title::Title;
use crate::keys::word_filter::WordFilter;

/// A title without its numbered parts.
#[derive(PartialEq, Eq, Debug)]
pub(super) struct PartNumbers {
    /// Letters of the title proper before the first part.
    pub(super) stem: String,
    /// The numbers of parts, as they come.
    pub(super) numbers: Vec<u32>,
}

/// Words that stand before the number of a part, folded.
const PART_WORDS: [&str; 22] = [
    "vol", "volume", "part", "pt", "teil", "tl", "bd", "band", "tome", "tom", "heft", "book", "buch", "livre", "libro",
    "parte", "partie", "tomo", "del", "deel", "osa", "section",
];

/// Whether a folded word stands before the number of a part.
fn is_part_word(word: &str) -> bool {
    static FILTER: WordFilter = WordFilter::of(&PART_WORDS);
    FILTER.may_have(word) && PART_WORDS.contains(&word)
}

impl PartNumbers {
    /// Numbers of the title that follow a part word (`volume 2`) or go before one (`second volume`), and the
    /// numbers of the part that `title_full` names.
    pub(super) fn of(title: &Title) -> PartNumbers {
        let text = title.with_part();
        let main: String = words(&title.main).collect();
        // Most titles have no part word, so that none of their numbers is looked for.
        if !words(&text).any(is_part_word) {
            return PartNumbers { stem: skeleton(&main), numbers: Vec::new() };
        }
        let words: Vec<&str> = words(&text).collect();
        let is_part_word = |at: usize| words.get(at).is_some_and(|word| is_part_word(word));
        let number = |at: usize| words.get(at).and_then(|word| canonical_number(word).or_else(|| single_roman(word)));
        let mut first = None;
        let mut numbers = Vec::new();
        for at in 0..words.len() {
            // `Complete in one volume` counts volumes.
            let is_count = at > 0 && words[at - 1] == "in";
            let found = match number(at) {
                _ if is_count => None,
                Some(number) if at > 0 && is_part_word(at - 1) => Some((at - 1, number)),
                Some(number)
                    if is_part_word(at + 1) && canonical_number(words[at]).is_some() && words[at].len() > 2 =>
                {
                    Some((at, number))
                }
                _ => None,
            };
            if let Some((start, number)) = found {
                first.get_or_insert(start);
                numbers.push(number);
            }
        }
        let stem = match first {
            Some(start) => words[..start].concat(),
            None => main.clone(),
        };
        // A number in subtitle or part leaves the title proper whole.
        let stem = if stem.starts_with(&main) { main } else { stem };
        PartNumbers { stem: skeleton(&stem), numbers }
    }
}

/// Whether a part word stands anywhere in the title.
pub(super) fn names_part(title: &Title) -> bool {
    words(&title.with_part()).any(is_part_word)
}

/// `i`, `v` and `x`, which are numbers only where one is expected.
fn single_roman(word: &str) -> Option<u32> {
    match word {
        "i" => Some(1),
        "v" => Some(5),
        "x" => Some(10),
        _ => None,
    }
}
