//! E002: replacement character.

use super::mojibake;
use crate::audit::texts::{Sign, problem, texts};
use crate::audit::{Check, Fix, Found, Rule, Severity, Subject};
use crate::input::Field;

/// One finding per field, for its first damaged value; nothing is suggested, since the letters are lost.
pub(super) static RULE: Rule = Rule {
    code: "E002",
    name: "replacement-character",
    severity: Severity::Error,
    fix: Fix::Proposal,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
The replacement character U+FFFD, its damaged form `ï¿½`, question marks between letters in two or more places (also two of
them in a row, `Gr??e und H?he`), or the first byte of a letter in the wrong encoding and question marks for the others
(`GeiÃ?ler`, `donâ??t`).
## Why it matters
Letters were lost and can only be taken from another copy of the record.
## Example
`M\\u{fffd}ller`.
## Known gaps
Question marks in links are not looked at. A capital after the mark counts only behind a single letter (`L?Inde`), since
sentences may lack the blank between them (`Who?What?`). A single mark between letters (`d?un`) is not enough, unless it
follows a single letter and another field of the record has several. Where other letters of the value can be read again, E001
reports it.
## Source
Unicode's replacement character.",
    check: Check::record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    let mut proven: Vec<&str> = Vec::new();
    // In lower case, sentences without a blank between them (`Who?What?When?`) cannot be told.
    let is_of_sentences = |title: &str| title.contains('?') && fault(title).is_none();
    for (entry, mut suspects) in subject.texts_with(Sign::LOST) {
        if entry.field == Some(Field::TitleSort) && subject.record.filled(Field::Title).is_some_and(is_of_sentences) {
            continue;
        }
        if let Some((value, message)) = suspects.find_map(|value| fault(value).map(|message| (value, message))) {
            if message == MARKS {
                proven.push(entry.name);
            }
            found.add(problem(entry, value, message));
        }
    }
    if proven.is_empty() {
        return;
    }
    for (entry, values) in texts(subject.record).filter(|(entry, _)| !proven.contains(&entry.name)) {
        if let Some(value) = values.iter().find(|value| is_elided_once(value)) {
            found.add(problem(entry, value, MARKS));
        }
    }
}

/// What is said of question marks for lost letters.
const MARKS: &str = "question marks stand inside words";

/// Whether a question mark stands between a single letter and a word, as for a lost apostrophe: `l?île`.
fn is_elided_once(value: &str) -> bool {
    let is_single = |at: usize| {
        let mut before = value[..at].chars().rev();
        before.next().is_some_and(char::is_alphabetic) && before.next().is_none_or(|letter| !letter.is_alphanumeric())
    };
    !value.contains("://")
        && fault(value).is_none()
        && memchr::memchr_iter(b'?', value.as_bytes()).any(|at| is_single(at) && is_between_letters(value, at))
}

fn fault(value: &str) -> Option<&'static str> {
    if !value.is_ascii() && (value.contains('\u{fffd}') || value.contains("ï¿½")) {
        return Some("a letter was replaced by U+FFFD");
    }
    if mojibake::is_half_lost(value) {
        let message = "letters were read in the wrong encoding, and parts of them are lost";
        return mojibake::reread(value).is_none().then_some(message);
    }
    let is_place = |&at: &usize| is_between_letters(value, at) || is_pair_between_letters(value, at);
    let n_marks = memchr::memchr_iter(b'?', value.as_bytes()).filter(is_place).count();
    if value.contains("://") {
        return None;
    }
    if n_marks > 1 { Some(MARKS) } else { has_lost_words(value).then_some("question marks stand for whole words") }
}

/// Question marks of words of which nothing else is left, at least.
const MIN_LOST: usize = 8;

/// Whether two words at least are question marks alone, and many of them: `???????? ??????`. A series for children is called
/// `Die drei ???`, and who is puzzled writes no more than three.
fn has_lost_words(value: &str) -> bool {
    let bare = |word: &str| word.trim_matches(|sign: char| sign.is_ascii_punctuation() && sign != '?').len();
    let is_lost =
        |word: &&str| bare(word) > 3 && word.trim_matches(|sign: char| sign.is_ascii_punctuation()).is_empty();
    let mut lost = value.split_whitespace().filter(is_lost).map(bare);
    match (lost.next(), lost.next()) {
        (Some(one), Some(other)) => one + other + lost.sum::<usize>() >= MIN_LOST,
        _ => false,
    }
}

/// Whether two letters in a row are lost inside a word (`Gr??e`, `absor??o`), or one that had two bytes.
fn is_pair_between_letters(text: &str, at: usize) -> bool {
    text[..at].ends_with(char::is_alphabetic)
        && text[at..].strip_prefix("??").is_some_and(|rest| rest.starts_with(char::is_lowercase))
}

fn is_between_letters(text: &str, at: usize) -> bool {
    let mut before = text[..at].chars().rev();
    let is_letter = before.next().is_some_and(char::is_alphabetic);
    let mut is_elided = || before.next().is_none_or(|letter| !letter.is_alphanumeric());
    let after = text[at + 1..].chars().next();
    is_letter && after.is_some_and(|letter| letter.is_lowercase() || letter.is_uppercase() && is_elided())
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::check;

    #[test]
    fn lost_letters_are_found() {
        check(&RULE, "{\"title\":\"M\u{fffd}ller\"}", &["title"]);
        check(&RULE, r#"{"title":"Mï¿½ller"}"#, &["title"]);
        check(&RULE, r#"{"author":["M?ller, J?rg"]}"#, &["author"]);
        check(&RULE, r#"{"title":"L?Inde et le voyage à l?île"}"#, &["title"]);
        check(&RULE, r#"{"title":"Grundlagen, hrsg. von GeiÃ?ler"}"#, &["title"]);
        check(&RULE, r#"{"author":["K Nowak","POâ??Leary"],"title":"LÃ¶ser von GeiÃ?ler"}"#, &["author"]);
        check(&RULE, r#"{"author":["EJ OÃ?Neil Jr","KR BÃ?HM"]}"#, &["author"]);
        check(&RULE, r#"{"title":"5â?²-nucleotidase","author":["D Saha","â?¦"]}"#, &["title", "author"]);
        let french = r#"{"title":"L?Inde et le voyage à l?île","title_sub":"récit d?un voyage","topic":["Who?What"]}"#;
        check(&RULE, french, &["title", "title_sub"]);
        check(&RULE, r#"{"title_sub":"récit d?un voyage"}"#, &[]);
        check(&RULE, r#"{"title":"Hva er det vi venter PÅ?"}"#, &[]);
        check(&RULE, r#"{"title":"Who?What?When?","title_sort":"who?what?when?"}"#, &[]);
        check(&RULE, r#"{"title":"Gr??e und H?he","title_sort":"gr??e und h?he"}"#, &["title", "title_sort"]);
        check(&RULE, r#"{"title":"Gr??e und Ma??e"}"#, &["title"]);
        check(&RULE, r#"{"title":"H??user am Fluss"}"#, &[]);
        check(&RULE, r#"{"title":"Why?? Who?? When??"}"#, &[]);
        check(
            &RULE,
            r#"{"title":"???????? ?????? / ???????","author":["??????, ???? (Tolstoy)"]}"#,
            &["title", "author"],
        );
        check(&RULE, r#"{"title":"Die drei ??? und der Super-Papagei"}"#, &[]);
        check(&RULE, r#"{"title":"Die drei ??? ???? Fragezeichen","title_sub":"??? ??? ???"}"#, &[]);
        check(&RULE, r#"{"title":"Who? What?","url":["http://x.org/a?b=c?d"]}"#, &[]);
    }
}
