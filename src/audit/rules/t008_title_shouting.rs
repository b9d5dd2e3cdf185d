//! T008: title shouting.

use super::mojibake;
use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;

/// From three words and twelve letters on, a warning at 80 % capitals, information at none.
pub(super) static RULE: Rule = Rule {
    code: "T008",
    name: "title-shouting",
    severity: Severity::Warn,
    fix: Fix::Proposal,
    aggregated: false,
    needs: &[Field::Title],
    skips_merged: false,
    explanation: "\
## What it finds
Titles of at least three words and twelve letters that are written in capitals for the most part (80 %).
Titles without any capital are reported as information.
## Why it matters
The display shouts, and acronyms can no longer be told from words.
## Example
`THE EFFECTS OF ASPIRIN ON STROKE`.
## Known gaps
Right capitals cannot be restored by a program: names would be damaged. Lists of acronyms and of Roman numerals
are no shouting; three short words with commas between them (before the last one also `and`) look like such a list, and so do three acronyms at most
with a small word between them (`ALLHAT and AFFIRM`). Letters of damaged text do not count, and what looks like a list of names
(`BERG, R., and WU, HC, 1952`) is information. A small letter is right behind an opening dash or ellipsis (`---and other poets`)
and in a first word that begins with the name of a Greek letter or with another prefix of chemistry (`beta-blockers`).
## Source
RecordManager prefers the other record of a group when a title is in capitals.",
    check: Check::record(check),
};

/// Fewest letters that have a case.
const MIN_LETTERS: usize = 12;

/// Fewest words.
const MIN_WORDS: usize = 3;

fn check(subject: &Subject<'_>, found: &mut Found) {
    let Some(title) = subject.record.filled(Field::Title) else { return };
    if title.chars().find(|letter| letter.is_alphanumeric()).is_some_and(char::is_numeric)
        && !title.contains(char::is_uppercase)
    {
        // `1987 census of manufactures` begins with its number.
        return;
    }
    let (n_upper, n_lower) = n_cased(title);
    if n_upper == 0 && mojibake::is_damaged(title) {
        // The capital may be the damaged letter.
        return;
    }
    let is_shouted = n_upper * 5 >= (n_upper + n_lower) * 4;
    if n_upper + n_lower < MIN_LETTERS || (n_upper > 0 && !is_shouted) || n_words(title) < MIN_WORDS {
        return;
    }
    if n_upper > 0 && is_list_of_acronyms(title) {
        return;
    }
    if n_upper == 0 && may_begin_small(title) {
        return;
    }
    found.add(if n_upper == 0 {
        Problem::new(Field::Title, title, "the title has no capital letter").severity(Severity::Info)
    } else if is_list_of_names(title) {
        let message = "the title is written in capitals and looks like a list of names";
        Problem::new(Field::Title, title, message).severity(Severity::Info)
    } else {
        Problem::new(Field::Title, title, "the title is written in capitals")
    });
}

/// Names of Greek letters and prefixes of chemistry that stay small at the start of a sentence. Origin: usage of journals.
/// Sorted.
const SMALL_PREFIXES: [&str; 22] = [
    "alpha", "beta", "cis", "d", "delta", "epsilon", "gamma", "kappa", "l", "lambda", "m", "mu", "n", "o", "omega",
    "p", "phi", "psi", "sigma", "tau", "tert", "theta",
];

/// Whether the first word of a title may begin with a small letter: behind a dash or an ellipsis (AACR2 A.4), or with a
/// prefix that stays small, a Greek letter among them.
fn may_begin_small(title: &str) -> bool {
    let title = title.trim_start_matches([' ', '"', '\'', '“', '‘', '«', '(', '[']);
    title.starts_with(['-', '–', '—', '…'])
        || title.starts_with("...")
        || title.split_once('-').is_some_and(|(prefix, _)| {
            SMALL_PREFIXES.binary_search(&prefix).is_ok() || matches!(prefix.as_bytes(), [0xce | 0xcf, _])
        })
}

/// Whether a title has initials between commas, of two names at least: `BERG, R., and WU, HC, 1952`.
fn is_list_of_names(title: &str) -> bool {
    let is_initials = |part: &str| {
        let letters = part.trim().trim_start_matches("and ").trim_end_matches(" and");
        !letters.is_empty()
            && letters.chars().filter(|letter| letter.is_alphabetic()).count() <= 2
            && letters.chars().all(|letter| letter.is_uppercase() || matches!(letter, '.' | ' ' | '-'))
    };
    title.split(',').skip(1).filter(|part| is_initials(part)).count() > 1
}

/// Numbers of capital and of small letters.
fn n_cased(title: &str) -> (usize, usize) {
    let bytes = title.as_bytes();
    if title.is_ascii() {
        // Few enough bytes for small sums, which the compiler makes of several at a time.
        return bytes.chunks(u8::MAX.into()).fold((0, 0), |(n_upper, n_lower), block| {
            let n = |is_it: fn(&u8) -> bool| usize::from(block.iter().map(|byte| u8::from(is_it(byte))).sum::<u8>());
            (n_upper + n(u8::is_ascii_uppercase), n_lower + n(u8::is_ascii_lowercase))
        });
    }
    // In the wrong encoding, letters show as capitals such as `Ã`.
    let is_damaged = mojibake::is_damaged(title);
    let has_case = |letter: char| has_case(letter) && (letter.is_ascii() || !is_damaged);
    let (mut n_upper, mut n_lower) = (0, 0);
    for letter in title.chars().filter(|&letter| has_case(letter)) {
        n_upper += usize::from(letter.is_uppercase());
        n_lower += usize::from(letter.is_lowercase());
    }
    (n_upper, n_lower)
}

/// Whether a letter may have a case that matters: Georgian and Cherokee have capitals in Unicode that nobody writes titles
/// with, the scripts from Hebrew to Burmese and those of East Asia have none.
fn has_case(letter: char) -> bool {
    !matches!(letter, '\u{590}'..'\u{10A0}' | '\u{2E80}'..'\u{A640}' | '\u{AC00}'..='\u{D7A3}')
        && !matches!(letter, '\u{10A0}'..='\u{10FF}' | '\u{13A0}'..='\u{13FF}' | '\u{1C90}'..='\u{1CBF}' | '\u{AB70}'..='\u{ABBF}')
}

/// Letters of the longest acronym or numeral in a list of such: `UNESCO`, `LXXVIII`.
const MAX_ACRONYM: usize = 7;

/// Whether a title is made of short single words with signs between them, as `NASA, ESA, JAXA` and `DDR - BRD`, or of Roman
/// numerals.
fn is_list_of_acronyms(title: &str) -> bool {
    let mut items =
        title.split([',', ';', '/', '-', '–', '&', '+', '·']).map(str::trim).filter(|item| !item.is_empty());
    let is_acronym = |item: &str| item.chars().count() <= MAX_ACRONYM && item.chars().all(char::is_alphanumeric);
    // The last two may be joined by a small word: `NIH, DOE and NASA`.
    let is_pair = |item: &str| {
        let mut words = item.split(' ');
        let pair = (words.next(), words.next(), words.next(), words.next());
        matches!(pair, (Some(one), Some(joint), Some(other), None)
            if is_acronym(one) && SMALL_WORDS.contains(&joint) && is_acronym(other))
    };
    let is_short = |item: &str| is_acronym(item) || is_pair(item);
    let is_numeral = |word: &str| word.bytes().all(|byte| b"IVXLCDM".contains(&byte));
    let words = title.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    items.clone().nth(MIN_WORDS - 1).is_some() && items.all(is_short)
        || words.clone().all(is_numeral)
        || joins_acronyms(words)
}

/// Words that join acronyms.
const SMALL_WORDS: [&str; 16] =
    ["and", "e", "et", "for", "in", "och", "of", "og", "oder", "or", "ou", "und", "versus", "vs", "with", "y"];

/// Whether there are no more than three acronyms, with a small word among them: `ALLHAT and AFFIRM`.
fn joins_acronyms<'a>(words: impl Iterator<Item = &'a str>) -> bool {
    let (mut n_small, mut n_acronyms) = (0, 0);
    for word in words {
        if SMALL_WORDS.contains(&word) {
            n_small += 1;
        } else if word.len() <= MAX_ACRONYM && !word.contains(char::is_lowercase) {
            n_acronyms += 1;
        } else {
            return false;
        }
    }
    n_small > 0 && n_acronyms <= MIN_WORDS
}

fn n_words(title: &str) -> usize {
    title.split_whitespace().filter(|word| word.contains(char::is_alphabetic)).count()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, problems};

    #[test]
    fn capitals_are_counted() {
        assert!(super::SMALL_PREFIXES.is_sorted());
        check(&RULE, r#"{"title":"meta-analysis of trials in asthma"}"#, &["title"]);
        check(&RULE, r#"{"title":"THE EFFECTS OF ASPIRIN ON STROKE"}"#, &["title"]);
        check(&RULE, r#"{"title":"the effects of aspirin on stroke"}"#, &["title"]);
        check(&RULE, r#"{"title":"DNA and RNA"}"#, &[]);
        check(&RULE, r#"{"title":"UNESCO"}"#, &[]);
        check(&RULE, r#"{"title":"1987 census of manufactures and services"}"#, &[]);
        check(&RULE, r#"{"title":"日本語テキスト 副題 本"}"#, &[]);
        for title in [
            "NASA, ESA, JAXA, ISRO, CNSA",
            "DDR - BRD - USA - UDSSR",
            "AAAS, NSF, NIH, DOE and NASA",
            "МГУ, СССР, КПСС, ВЛКСМ",
            "β-blockers and the heart in old age",
            "XVII, XVIII, XIX, XX, XXI",
            "MDCCCXLVIII MCMXVIII MCMXLV",
            "ALLHAT and AFFIRM.",
            "---and other painters",
            r#"\"---and other painters\"; with plates"#,
            "... and then there were more",
            "beta-carotene and vitamins in diet",
            "n-alkanes of leaves and soils",
            "ვეფხისტყაოსანი და სხვა ლექსები",
        ] {
            check(&RULE, &format!(r#"{{"title":"{title}"}}"#), &[]);
        }
        check(&RULE, r#"{"title":"ASPIRIN, STROKE AND DEATH: A REVIEW"}"#, &["title"]);
        check(&RULE, r#"{"title":"Ã?Ã?Ã? Ã?Ã?Ã?Ã?Ã?Ã? Ã?Ã?Ã? Ã?Ã?"}"#, &[]);
        let names = problems(&RULE, r#"{"title":"BERG, R., and WUMING, HC, 1952"}"#);
        assert_eq!(names[0].severity, Some(super::Severity::Info));
    }
}
