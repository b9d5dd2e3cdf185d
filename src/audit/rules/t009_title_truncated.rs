//! T009: title truncated.

use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;

pub(super) static RULE: Rule = Rule {
    code: "T009",
    name: "title-truncated",
    severity: Severity::Warn,
    fix: Fix::Proposal,
    aggregated: false,
    needs: &[Field::Title],
    skips_merged: false,
    explanation: "\
## What it finds
Titles that end in a hyphen, in a lone opening bracket or inside a word that title_full completes, and titles
of a length at which old systems cut (200, 245, 250, 254, 255, 256, 500 or 512 characters or bytes) that end
without punctuation. Titles that end in an ellipsis are reported as information.
## Why it matters
Records with cut titles are missed by search and by duplicate detection.
## Example
`Qualitative analysis of the implementa` with a title_full that says `implementation`.
## Known gaps
An ellipsis is also a matter of style, and cataloguers write one for omitted words. Cuts that only a sibling
record reveals are not seen.
## Source
Field lengths of library systems before MARC 21 in Unicode.",
    check: Check::record(check),
};

/// Lengths at which titles were cut, in characters or bytes. Origin: column widths of older systems; shorter widths
/// are left out, since too many whole titles have these lengths.
const LIMITS: [usize; 8] = [200, 245, 250, 254, 255, 256, 500, 512];

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    let Some(title) = record.filled(Field::Title).map(str::trim_end) else { return };
    let problem = |message: &str| Problem::new(Field::Title, title, message);
    if title.ends_with("...") || title.ends_with('…') {
        return found.add(problem("the title ends in an ellipsis").severity(Severity::Info));
    }
    let is_hyphenated = || title.strip_suffix('-').is_some_and(|start| start.ends_with(char::is_lowercase));
    if title.ends_with(['(', '[', '{', '«', '„']) || is_hyphenated() {
        return found.add(problem("the title ends in the middle of something"));
    }
    if !title.ends_with(char::is_alphanumeric) {
        return;
    }
    if let Some(word) = record.filled(Field::TitleFull).and_then(|full| rest_of_word(title, full)) {
        return found.add(problem("the title ends inside a word of the full title").suggest(format!("{title}{word}")));
    }
    if record.filled(Field::TitleFull).is_some_and(|full| full.len() > title.len() && full.starts_with(title)) {
        // The full title goes on after this one, so nothing was cut.
        return;
    }
    if LIMITS.contains(&title.len()) || title.len() > LIMITS[0] && LIMITS.contains(&title.chars().count()) {
        found.add(problem("the title has the length at which systems cut"));
    }
}

/// The letters that follow the title in the full title without a blank.
fn rest_of_word<'a>(title: &str, full: &'a str) -> Option<&'a str> {
    let rest = full.strip_prefix(title)?;
    let end = rest.find(|letter: char| !letter.is_alphabetic()).unwrap_or(rest.len());
    Some(&rest[..end]).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::check;

    #[test]
    fn cut_titles_are_reported() {
        let full = r#""title_full":"Qualitative analysis of the implementation""#;
        check(&RULE, &format!(r#"{{"title":"Qualitative analysis of the implementa",{full}}}"#), &["title"]);
        check(&RULE, &format!(r#"{{"title":"Qualitative analysis of the",{full}}}"#), &[]);
        check(&RULE, r#"{"title":"The state of the ("}"#, &["title"]);
        check(&RULE, &format!(r#"{{"title":"{}x"}}"#, "word ".repeat(51).trim_end()), &["title"]);
        check(&RULE, r#"{"title":"A whole title."}"#, &[]);
        check(&RULE, r#"{"title":"A whole title. Part I-"}"#, &[]);
        check(&RULE, r#"{"title":"An unfinished ti-"}"#, &["title"]);
    }
}
