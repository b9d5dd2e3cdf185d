//! E007: compatibility or homoglyph.

use unicode_normalization::UnicodeNormalization;
use unicode_script::{Script, UnicodeScript};

use super::links::is_link;
use crate::audit::texts::{Sign, problem};
use crate::audit::{Check, Fix, Found, Rule, Severity, Subject};
use crate::input::{Entry, Field};

/// One finding per field: a warning for words of mixed scripts, information for letters that have an ordinary form.
pub(super) static RULE: Rule = Rule {
    code: "E007",
    name: "compatibility-or-homoglyph",
    severity: Severity::Info,
    fix: Fix::Proposal,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
Ligatures, full-width Latin letters, letters of mathematical alphabets and the micro sign, which have an
ordinary form; as a warning, words in which Cyrillic or Greek letters stand among Latin ones, or the other way
round, that look the same, and words with a Greek `β` for `ß` between a small vowel and a small letter.
## Why it matters
Such words look right and are not found.
## Example
`\u{421}linical` with a Cyrillic first letter.
## Known gaps
Superscripts, subscripts, fractions and Roman numerals belong to formulae and names and are not reported,
nor full-width letters in Chinese, Japanese and Korean text, nor the micro sign of a unit (`5 µm`). Words are judged up to hyphens, so that
`β-carotene` is none. Links and work keys are not looked at.
## Source
Unicode's compatibility decompositions (NFKC); look-alikes as in Unicode Technical Standard 39.",
    check: Check::record(check),
};

/// Cyrillic and Greek letters and the Latin ones that look the same, or nearly so. Origin: Unicode's list of confusable
/// characters, and three more of one sound. Sorted.
const LOOK_ALIKES: [(char, char); 48] = [
    ('Α', 'A'),
    ('Β', 'B'),
    ('Ε', 'E'),
    ('Ζ', 'Z'),
    ('Η', 'H'),
    ('Ι', 'I'),
    ('Κ', 'K'),
    ('Μ', 'M'),
    ('Ν', 'N'),
    ('Ο', 'O'),
    ('Ρ', 'P'),
    ('Τ', 'T'),
    ('Υ', 'Y'),
    ('Χ', 'X'),
    ('ο', 'o'),
    ('Ѕ', 'S'),
    ('І', 'I'),
    ('Ј', 'J'),
    ('А', 'A'),
    ('В', 'B'),
    ('Е', 'E'),
    ('К', 'K'),
    ('М', 'M'),
    ('Н', 'H'),
    ('О', 'O'),
    ('Р', 'P'),
    ('С', 'C'),
    ('Т', 'T'),
    ('У', 'Y'),
    ('Х', 'X'),
    ('а', 'a'),
    ('е', 'e'),
    ('к', 'k'),
    ('м', 'm'),
    ('о', 'o'),
    ('р', 'p'),
    ('с', 'c'),
    ('т', 't'),
    ('у', 'y'),
    ('х', 'x'),
    ('ѕ', 's'),
    ('і', 'i'),
    ('ј', 'j'),
    ('һ', 'h'),
    ('ӏ', 'l'),
    ('ԁ', 'd'),
    ('ԛ', 'q'),
    ('ԝ', 'w'),
];

fn check(subject: &Subject<'_>, found: &mut Found) {
    // Work keys run the words of a title together, whatever their scripts.
    let is_text = |entry: &Entry<'_>| entry.field != Some(Field::WorkKeysStrMv);
    let may_be_strange = subject.signs().has(Sign::STRANGE);
    // In small letters, the symbol in `AβPP` looks like a `ß`.
    let is_of_title = |entry: &Entry<'_>, sort: &str| {
        let title = subject.record.filled(Field::Title).filter(|title| title.contains('β'));
        entry.field == Some(Field::TitleSort)
            && sort.contains('β')
            && title.is_some_and(|title| unmixed(title).is_none())
    };
    for (entry, values) in subject.texts_with(Sign::DISGUISED).filter(|(entry, _)| is_text(entry)) {
        for value in values.filter(|value| !is_link(value) && !is_of_title(entry, value)) {
            if let Some(better) = unmixed(value) {
                let mixed = problem(entry, value, "a word mixes letters of two scripts that look alike");
                found.add(mixed.severity(Severity::Warn).suggest(better));
                break;
            }
            if let Some(better) = may_be_strange.then(|| plain(value)).flatten() {
                found.add(problem(entry, value, "a letter has an ordinary form").suggest(better));
                break;
            }
        }
    }
}

/// First compatibility letter after the micro sign and the digraphs: the ligature `ff`.
const FIRST_STRANGE: char = '\u{fb00}';

/// The text with compatibility letters in their ordinary form, if there are some.
fn plain(value: &str) -> Option<String> {
    let may_be_strange = |letter: char| letter == '\u{b5}' || letter >= FIRST_STRANGE || is_digraph(letter);
    if !value.contains(may_be_strange) {
        return None;
    }
    let has_wide_text = || value.chars().any(is_east_asian);
    let mut better = String::with_capacity(value.len());
    let mut letters = value.chars().peekable();
    let mut is_found = false;
    while let Some(letter) = letters.next() {
        let is_strange = match letter {
            'ﬀ'..='ﬆ' | '\u{1d400}'..='\u{1d7ff}' => true,
            _ if is_digraph(letter) => true,
            '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => !has_wide_text(),
            // Before the letter of a unit, the sign means what it is made for: `5 µm`.
            '\u{b5}' => !letters.peek().is_some_and(char::is_ascii_alphabetic),
            _ => false,
        };
        if is_strange {
            better.extend(std::iter::once(letter).nfkc());
        } else {
            better.push(letter);
        }
        is_found |= is_strange;
    }
    is_found.then_some(better)
}

/// Two letters as one character: the Dutch `ĳ`, the Croatian `ǆ`, `ǉ`, `ǌ` and their like.
fn is_digraph(letter: char) -> bool {
    matches!(letter, 'Ĳ' | 'ĳ' | '\u{1c4}'..='\u{1cc}' | '\u{1f1}'..='\u{1f3}')
}

fn is_east_asian(letter: char) -> bool {
    matches!(letter.script(), Script::Han | Script::Hiragana | Script::Katakana | Script::Hangul | Script::Bopomofo)
}

/// The text with the look-alikes of mixed words replaced, if there are some.
fn unmixed(value: &str) -> Option<String> {
    if !may_be_mixed(value) {
        return None;
    }
    let mut better = String::with_capacity(value.len());
    let mut is_mixed = false;
    for word in value.split_inclusive(|letter: char| !letter.is_alphanumeric()) {
        match unmixed_word(word) {
            Some(repaired) => {
                is_mixed = true;
                better.push_str(&repaired);
            }
            None => better.push_str(word),
        }
    }
    is_mixed.then_some(better)
}

/// Whether some word may have letters of two scripts, by blocks alone and with words that end at ASCII signs only:
/// most values in Greek and Cyrillic are told from mixed ones here.
fn may_be_mixed(value: &str) -> bool {
    let (mut has_latin, mut has_other) = (false, false);
    value.chars().any(|letter| {
        match letter {
            'a'..='z' | 'A'..='Z' | '\u{80}'..OTHER_BLOCKS_START => has_latin = true,
            '0'..='9' | '\u{2000}'..'\u{2070}' => {}
            '\0'..'\u{80}' => (has_latin, has_other) = (false, false),
            OTHER_BLOCKS_START..OTHER_BLOCKS_END | '\u{1f00}'..'\u{2000}' => has_other = true,
            _ => (has_latin, has_other) = (true, true),
        }
        has_latin && has_other
    })
}

/// The word in one script, if it has letters of two and those of one of them all look like the other's. Single letters
/// beside figures (`Т4`) do not tell their script.
fn unmixed_word(word: &str) -> Option<String> {
    // Nearly all words lie below the Greek letters, or among Greek and Cyrillic ones.
    let is_other_block = |letter: char| OTHER_BLOCKS.contains(&letter) || !letter.is_alphabetic();
    if word.chars().all(|letter| letter < OTHER_BLOCKS.start) || word.chars().all(is_other_block) {
        return None;
    }
    let n_latin = word.chars().filter(|letter| letter.is_alphabetic() && letter.script() == Script::Latin).count();
    let is_other = |letter: &char| matches!(letter.script(), Script::Cyrillic | Script::Greek);
    let n_other = word.chars().filter(is_other).count();
    if n_latin == 0 || n_other == 0 {
        return None;
    }
    if is_sharp_s(word) {
        return Some(word.replace('β', "ß"));
    }
    if word.chars().filter(is_other).all(|letter| look_alike(letter).is_some()) {
        return Some(word.chars().map(|letter| look_alike(letter).unwrap_or(letter)).collect());
    }
    // The Latin letters are the strangers: each must look like a Cyrillic one, and there must be few.
    let is_cyrillic = word.chars().filter(is_other).all(|letter| letter.script() == Script::Cyrillic);
    let latin = word.chars().filter(|letter| letter.is_alphabetic() && letter.script() == Script::Latin);
    if !is_cyrillic || n_latin > n_other || !latin.clone().all(|letter| cyrillic(letter).is_some()) {
        return None;
    }
    Some(word.chars().map(|letter| cyrillic(letter).unwrap_or(letter)).collect())
}

/// Whether the Greek letters of a word are `β` for `ß`, as in `Groβmann`: between a small vowel and a small letter.
fn is_sharp_s(word: &str) -> bool {
    let letters: Vec<char> = word.chars().collect();
    let is_greek = |letter: &&char| letter.script() == Script::Greek;
    let is_vowel = |letter: char| "aeiouyäöü".contains(letter);
    letters.iter().filter(is_greek).all(|&letter| letter == 'β')
        && letters.windows(3).any(|three| is_vowel(three[0]) && three[1] == 'β' && three[2].is_ascii_lowercase())
}

/// Greek and Cyrillic blocks; no Greek or Cyrillic letter stands before them and no Latin one in them.
const OTHER_BLOCKS: std::ops::Range<char> = OTHER_BLOCKS_START..OTHER_BLOCKS_END;
const OTHER_BLOCKS_START: char = '\u{370}';
const OTHER_BLOCKS_END: char = '\u{530}';

fn look_alike(letter: char) -> Option<char> {
    if letter < LOOK_ALIKES[0].0 {
        return None;
    }
    LOOK_ALIKES.binary_search_by_key(&letter, |row| row.0).ok().map(|at| LOOK_ALIKES[at].1)
}

fn cyrillic(letter: char) -> Option<char> {
    let is_it = |row: &&(char, char)| row.1 == letter && row.0.script() == Script::Cyrillic;
    LOOK_ALIKES.iter().find(is_it).map(|row| row.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::rules::testing::{check, problems};

    #[test]
    fn letters_in_disguise_are_found() {
        assert!(LOOK_ALIKES.is_sorted(), "{:?}", LOOK_ALIKES.windows(2).find(|pair| pair[0] > pair[1]));
        for (text, better, severity) in [
            ("\u{421}linical trials", "Clinical trials", Some(Severity::Warn)),
            ("Вой\u{6e}а и мир", "Вой\u{6e}а и мир", None),
            ("В\u{6f}йна и мир", "Война и мир", Some(Severity::Warn)),
            ("Nauкa", "Nauka", Some(Severity::Warn)),
            ("Аmeriкa", "Amerika", Some(Severity::Warn)),
            ("Festschrift Groβmann", "Festschrift Großmann", Some(Severity::Warn)),
            ("ﬁnancial eﬀects", "financial effects", None),
            ("Ｔitle １", "Title 1", None),
            ("µ-opioid", "μ-opioid", None),
            ("Ĳsselmeer en dĳk", "IJsselmeer en dijk", None),
        ] {
            let found = problems(&RULE, &format!(r#"{{"title":"{text}"}}"#));
            if text == better {
                assert!(found.is_empty(), "{text}");
                continue;
            }
            assert_eq!((found[0].suggestion.as_deref(), found[0].severity), (Some(better), severity), "{text}");
        }
        check(&RULE, r#"{"work_keys_str_mv":["AT walshlouisa воинаимирwapeac"]}"#, &[]);
        for text in [
            "β-carotene",
            "x² + y²",
            "H₂O",
            "日本語ＡＢＣ",
            "Война и мир",
            "IL-1β",
            "5-HT₃",
            "αβ T cells",
            "IFNβ and TGFβ1",
            "Δt",
            "5 µm",
        ] {
            assert!(problems(&RULE, &format!(r#"{{"title":"{text}"}}"#)).is_empty(), "{text}");
        }
    }
}
