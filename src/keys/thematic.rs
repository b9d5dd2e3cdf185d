//! The numbers by which composers' works are known in every language: of an opus, or of a thematic catalogue.

use super::numbers::roman_numeral;

/// Words before a number, folded, and what they stand for: Köchel, Bach-Werke-Verzeichnis, Hoboken, Ryom and so on.
const CATALOGUES: [(&str, &str); 17] = [
    ("bwv", "bwv"),
    ("buxwv", "buxwv"),
    ("d", "d"),
    ("g", "g"),
    ("hob", "hob"),
    ("hwv", "hwv"),
    ("k", "k"),
    ("kochel", "k"),
    ("koechel", "k"),
    ("kv", "k"),
    ("op", "op"),
    ("opus", "op"),
    ("rv", "rv"),
    ("swv", "swv"),
    ("twv", "twv"),
    ("wq", "wq"),
    ("woo", "woo"),
];

/// Words between an opus and the number of a piece within it.
const COUNTING: [&str; 6] = ["n", "no", "nr", "num", "numero", "nummer"];

/// Highest number taken for that of a work; years are higher.
const MAX_NUMBER: u32 = 1400;

/// The numbers that a folded title gives, such as `k 466`, `hob 16 52` and `op 18 1`, in its order.
pub fn thematic_numbers(folded: &str) -> Vec<String> {
    let words: Vec<&str> = folded.split(' ').collect();
    let number = |at: usize| -> Option<u32> {
        let word = words.get(at)?;
        word.parse().ok().filter(|number| (1..=MAX_NUMBER).contains(number))
    };
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let Some(&(_, catalogue)) = CATALOGUES.iter().find(|(name, _)| name == word) else { continue };
        // `Hob. XVI:52`: a group in Roman numerals comes first.
        let group = if catalogue == "hob" { words.get(at + 1).and_then(|word| roman_numeral(word)) } else { None };
        let Some(first) = group.or_else(|| number(at + 1)) else { continue };
        let next = at + 2 + usize::from(words.get(at + 2).is_some_and(|word| COUNTING.contains(word)));
        let second = if group.is_some() || catalogue == "op" { number(next) } else { None };
        found.push(match second {
            Some(second) => format!("{catalogue} {first} {second}"),
            None => format!("{catalogue} {first}"),
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::text::fold;

    #[test]
    fn works_have_one_number_in_every_language() {
        for (title, expected) in [
            ("Klavierkonzert Nr. 20 d-Moll KV 466", "k 466"),
            ("Concerto pour piano n° 20 en ré mineur, K. 466", "k 466"),
            ("Streichquartett F-Dur op. 18 Nr. 1", "op 18 1"),
            ("Quatuor à cordes en fa majeur, op. 18, no 1", "op 18 1"),
            ("String quartet, op. 18/1", "op 18 1"),
            ("Sonate Es-Dur, Hob. XVI:52", "hob 16 52"),
            ("Suiten, BWV 1007-1012", "bwv 1007"),
            ("Sonate D 960", "d 960"),
            ("Symphonie Nr. 5", ""),
            ("Vitamin K 2 levels of 1990", "k 2"),
            ("Op. 1990", ""),
        ] {
            let found = thematic_numbers(&fold(title));
            assert_eq!(found.first().map_or("", String::as_str), expected, "{title}: {found:?}");
        }
    }
}
