//! T007: title subtitle unsplit.

use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;
use crate::keys::seek::find;

/// Only where `title_short` repeats the whole title. Aggregated: a property of the import route.
pub(super) static RULE: Rule = Rule {
    code: "T007",
    name: "title-subtitle-unsplit",
    severity: Severity::Info,
    fix: Fix::Proposal,
    aggregated: true,
    needs: &[Field::TitleShort],
    skips_merged: false,
    explanation: "\
## What it finds
A title with a colon and a blank, at least two words on both sides, whose subtitle was not split off.
## Why it matters
Brief displays get long, and such records match badly with records whose titles are split.
## Example
`Social media in health care: A scoping review` as both title and title_short.
## Known gaps
None of VuFind's stylesheets splits titles, so this is a property of the import route rather than of the
record.
## Source
VuFind's stylesheets, which write the whole dc:title to title_short.",
    check: Check::record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    let Some(title) = record.filled(Field::Title) else { return };
    let Some((short, sub)) = split(title) else { return };
    if record.filled(Field::TitleSub).is_none() && record.first(Field::TitleShort) == Some(title) {
        let problem = Problem::new(Field::Title, title, "the subtitle is not split off");
        found.add(problem.suggest(format!("{short} | {sub}")));
    }
}

/// The parts before and after the first colon that has a blank behind it and two words on both sides.
fn split(title: &str) -> Option<(&str, &str)> {
    let at = find(title, ": ")?;
    let (short, sub) = (title[..at].trim_end(), &title[at + 2..]);
    let has_words = |text: &str| text.split_whitespace().nth(1).is_some();
    let is_digit = |letter: char| letter.is_ascii_digit();
    // Times and verses (`12: 30`, `John 3: 16`), and what is written about (`In re: Smith`).
    let is_number = short.ends_with(is_digit) && sub.trim_start().starts_with(is_digit);
    let is_reference = short.eq_ignore_ascii_case("in re");
    (has_words(short) && has_words(sub) && !is_number && !is_reference).then_some((short, sub))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::check;

    #[test]
    fn long_titles_with_a_colon_are_reported() {
        let twice = |title: &str| format!(r#"{{"title":"{title}","title_short":"{title}"}}"#);
        check(&RULE, &twice("Quality improvement: A scoping review"), &["title"]);
        check(&RULE, &twice("Re: the matter"), &[]);
        check(&RULE, &twice("In re: Smith and others"), &[]);
        check(&RULE, &twice("A sermon on John 3: 16 and 17"), &[]);
        check(&RULE, &twice("Odds of 2:1 in games"), &[]);
        check(&RULE, r#"{"title":"A b : c d","title_short":"A b :","title_sub":"c d"}"#, &[]);
    }
}
