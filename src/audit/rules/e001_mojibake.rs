//! E001: mojibake.

use xxhash_rust::xxh3::xxh3_64;

use super::links::is_link;
use super::mojibake;
use crate::audit::texts::{Sign, problem, texts};
use crate::audit::{Catalogue, Check, Facts, Family, Fix, Found, Problem, Reports, Rows, Rule, Severity, Subject};
use crate::input::{Entry, Field, Record};
use crate::keys::sort_title::{g1, g2, g3, record_manager};

/// Safe only where another record has the repaired title, which is known once all records were seen.
pub(super) static RULE: Rule = Rule {
    code: "E001",
    name: "mojibake",
    severity: Severity::Error,
    fix: Fix::Safe,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
Sequences such as `Ã©` or `â€™`: characters whose bytes in Windows-1252 or Latin-1 are one letter in UTF-8. The
text with these sequences read again, as often as it was damaged, is suggested.
## Why it matters
The words cannot be found, and keys are made of the damaged letters.
## Example
`ThÃ©rÃ¨se Raquin`.
## Known gaps
The repair is safe only where another record has the repaired title; sort title and work keys then follow. A sequence must be whole, so `São Paulo`
and `Âge` are safe. Sequences that can meet by chance, above all a capital before a quotation mark or dash, need a
second one in the value unless they stand inside a word (`MiÅ‚osz`); those that well-formed text often has
(`25 Å²`, `« liberté »`) count for nothing. Nothing is suggested where bytes were lost (`Ã¢â?¬`). Links and copies are not looked at.
## Source
Windows-1252, Latin-1 and UTF-8.",
    check: Check::both(check, gather, judge),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    for (entry, mut suspects) in subject.texts_with(Sign::MOJIBAKE) {
        if let Some((value, better)) = suspects.find_map(|value| reread(value).map(|better| (value, better))) {
            found.add(damage(entry, value, &better));
        }
    }
}

fn damage(entry: &Entry<'_>, value: &str, better: &str) -> Problem {
    if is_still_damaged(better) {
        return problem(entry, value, "letters were read in the wrong encoding, and some are lost");
    }
    problem(entry, value, "letters were read in the wrong encoding").suggest(better)
}

/// Whether a text that was read again still has letters of which a part is lost: `Ã¢â?¬ Å?` was `“`.
fn is_still_damaged(text: &str) -> bool {
    if mojibake::is_half_lost(text) {
        return true;
    }
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let after = letters.peek().copied().unwrap_or(' ');
        let is_left = match letter {
            // No word ends in it.
            'â' => !after.is_alphabetic() || after == 'â',
            'Ã' | 'Â' | 'Å' => matches!(after, '?' | 'â' | '¬'),
            'Ä' | 'Æ' | 'Î' | 'Ï' | 'Ð' => after == '?',
            '\u{80}'..='\u{9f}' | '\u{fffd}' => true,
            _ => false,
        };
        if is_left {
            return true;
        }
    }
    false
}

/// One problem per field with damage; with a safe repair where the repaired value is in a confirmed text.
fn problems(record: &Record<'_>, confirmed: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (entry, values) in texts(record) {
        let damaged = values.iter().find_map(|value| reread(value).map(|better| (value, better)));
        let Some((value, better)) = damaged else { continue };
        let is_confirmed = confirmed.contains(&better) && values.len() == 1 && !is_still_damaged(&better);
        let problem = damage(entry, value, &better);
        problems.push(if is_confirmed { problem.change_named(entry.name, [better]) } else { problem });
    }
    problems
}

/// The sort title that was made of a damaged title, made again of the repaired one, where no other rule knows how it was made:
/// that of a record whose importer is not known.
fn sort_title(record: &Record<'_>, title: &str, better: &str) -> Option<Problem> {
    let [stored] = record.all(Field::TitleSort) else { return None };
    if Family::of(record) != Family::Unknown {
        return None;
    }
    let makes: [fn(&str) -> Option<String>; 4] = [
        |title| Some(g1(title)),
        |title| Some(g2(title)),
        |title| g3(&[title], 0),
        |title| Some(record_manager(title)),
    ];
    let is_made = |make: &&fn(&str) -> Option<String>| make(title).is_some_and(|made| made.trim() == stored.trim());
    let mut made = makes.iter().filter(is_made).map(|make| make(better));
    let right = made.next().flatten()?;
    let problem = Problem::new(Field::TitleSort, &**stored, "this was made of the title in the wrong encoding");
    let is_certain = made.all(|other| other.as_ref() == Some(&right)) && !right.is_empty();
    is_certain.then(|| problem.suggest(right.as_str()).change(Field::TitleSort, [right]))
}

/// Table of titles as they are; the other one holds repaired ones.
const TITLES: usize = 1;

fn gather(subject: &Subject<'_>, facts: &mut Facts) {
    let Some(title) = subject.record.filled(Field::Title).filter(|title| !title.is_ascii()) else { return };
    let better = if subject.signs().has(Sign::MOJIBAKE) { reread(title) } else { None };
    match better {
        Some(better) => facts.note(xxh3_64(better.as_bytes()), 0),
        None => facts.note_in(TITLES, xxh3_64(title.as_bytes()), 0),
    }
}

/// Where a record has the repaired title of another one, the repair is certain in all fields that hold this title or
/// a part of it.
fn judge(rows: &Rows, catalogue: &Catalogue<'_>, reports: &mut Reports) {
    for row in rows.table(0) {
        let Some(sibling) = rows.of(TITLES, row.key).first() else { continue };
        let problems = catalogue.fetch(row.record, |record| {
            let damaged = record.filled(Field::Title)?;
            let title = reread(damaged).filter(|title| xxh3_64(title.as_bytes()) == row.key)?;
            let mut problems = problems(record, &title);
            problems.extend(sort_title(record, damaged, &title));
            Some(problems)
        });
        let Some(problems) = problems.flatten() else { continue };
        reports.drop(row.record);
        for problem in problems {
            let is_confirmed = problem.change.is_some();
            let evidence = catalogue.id(sibling.record);
            reports.add(row.record, if is_confirmed { problem.evidence(evidence) } else { problem });
        }
    }
}

/// The text with every damaged sequence replaced; none if there is no certain one. Links are not looked at.
fn reread(text: &str) -> Option<String> {
    if is_link(text) { None } else { mojibake::reread(text) }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, found, problems};

    #[test]
    fn damaged_letters_are_found() {
        for (text, better) in [
            ("ThÃ©rÃ¨se Raquin", "Thérèse Raquin"),
            ("donâ€™t", "don’t"),
            ("10Â µm", "10\u{a0}µm"),
            ("Ð’Ð¾Ð¹Ð½Ð°", "Война"),
        ] {
            let text = text.replace("Â ", "Â\u{a0}");
            let found = problems(&RULE, &format!(r#"{{"title":"{text}"}}"#));
            assert_eq!(found.first().and_then(|problem| problem.suggestion.as_deref()), Some(better), "{text}");
        }
        for text in ["São Paulo", "Âge", "VISÃO", "der Spaß“ ist", "Việt Nam", "ŞTIINŢĂ", "L'ÉTÉ", "ÇA — Ö“"]
        {
            check(&RULE, &format!(r#"{{"title":"{text}"}}"#), &[]);
        }
        for lost in
            ["P OÃ¢", "æ\u{96}°å??é?³è¨?è¯\u{ad}", "Ã¢â?¬ Å?The storage of grain", "KartonsÃ¤gen fÃ¼r alleâ?? Zwecke"]
        {
            assert_eq!(problems(&RULE, &format!(r#"{{"title":"{lost}"}}"#))[0].suggestion, None, "{lost}");
        }
        check(&RULE, r#"{"title":"ok","spelling":["ThÃ©rÃ¨se"]}"#, &[]);
    }

    #[test]
    fn a_sibling_makes_the_repair_safe() {
        let damaged = r#"{"id":"a","title":"ThÃ©rÃ¨se Raquin","title_short":"ThÃ©rÃ¨se Raquin","publisher":["PrÃ©"]}"#;
        let sibling = r#"{"id":"b","title":"Thérèse Raquin"}"#;
        let found_with = found(&RULE, &[damaged, sibling]);
        let fixes: Vec<(&str, bool)> = found_with
            .iter()
            .map(|finding| (finding.problem.field.as_str(), finding.problem.change.is_some()))
            .collect();
        assert_eq!(fixes, [("publisher", false), ("title", true), ("title_short", true)]);
        assert_eq!(found_with[1].problem.evidence, ["b"]);
        assert!(found(&RULE, &[damaged]).iter().all(|finding| finding.problem.change.is_none()));
    }

    #[test]
    fn a_sort_title_of_a_damaged_title_is_made_again() {
        let sibling = r#"{"id":"b","title":"Thérèse Raquin"}"#.to_owned();
        let of = |sort: &str, rest: &str| {
            let damaged = format!(r#"{{"id":"a","title":"ThÃ©rÃ¨se Raquin","title_sort":"{sort}"{rest}}}"#);
            let found = found(&RULE, &[damaged, sibling.clone()]);
            let changes = found.into_iter().filter_map(|finding| finding.problem.change);
            changes.map(|change| (change.field, change.after.join(" | "))).collect::<Vec<_>>()
        };
        let title = || ("title".to_owned(), "Thérèse Raquin".to_owned());
        let both = |sort: &str| vec![title(), ("title_sort".to_owned(), sort.to_owned())];
        assert_eq!(of("thã©rã¨se raquin", ""), both("thérèse raquin"));
        assert_eq!(of("tha c ra¨se raquin", ""), both("therese raquin"));
        assert_eq!(of("raquin", ""), [title()]);
        assert_eq!(of("thã©rã¨se raquin", r#","record_format":"marc""#), [title()]);
    }
}
