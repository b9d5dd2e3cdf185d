//! W001: work keys missing.

use crate::audit::{Check, Family, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;
use crate::keys::work_key::{Dialect, WorkKeyInput, is_exact, strip_articles, work_keys};

pub(super) static RULE: Rule = Rule {
    code: "W001",
    name: "work-keys-missing",
    severity: Severity::Warn,
    needs: &[Field::Title, Field::WorkKeysStrMv],
    skips_merged: false,
    explanation: "\
## What it finds
Records without work keys although title and author hold letters.
## Why it matters
VuFind finds other versions of a work by these keys, and candidates for duplicates are looked for by them.
## Example
Title `Hamlet`, author `Shakespeare, William`, no work_keys_str_mv.
## Known gaps
Indexes made before VuFind 7 have no work keys at all; the rule is off then. Collections for which the keys
were switched off are reported.
## Source
VuFind's `WorkKeys` and `VuFindWorkKeys`.",
    check: Check::Record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    if record.filled(Field::WorkKeysStrMv).is_some() {
        return;
    }
    let has_letters = |value: &str| value.contains(char::is_alphanumeric);
    let Some(title) = record.filled(Field::Title).filter(|title| has_letters(title)) else { return };
    let names: Vec<&str> = record.all_of(&[Field::Author]).collect();
    if !names.iter().any(|name| name.contains(char::is_alphabetic)) {
        return;
    }
    let problem = Problem::new(Field::WorkKeysStrMv, "", "title and author are there, work keys are not");
    if subject.family != Family::Unknown || !is_exact(title) || !names.iter().all(|name| is_exact(name)) {
        return found.add(problem);
    }
    let stripped = [strip_articles(title)];
    let input =
        WorkKeyInput { titles: &[title], stripped_titles: &stripped, authors: &names, ..WorkKeyInput::default() };
    found.add(problem.suggest(work_keys(&input, Dialect::Php).join(" | ")));
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::check;

    #[test]
    fn works_have_keys() {
        check(&RULE, r#"{"title":"Hamlet","author":["Shakespeare, William"]}"#, &["work_keys_str_mv"]);
        check(&RULE, r#"{"title":"Editorial"}"#, &[]);
        check(&RULE, r#"{"title":"...","author":["A"]}"#, &[]);
        check(&RULE, r#"{"title":"Hamlet","author":["A"],"work_keys_str_mv":["AT a hamlet"]}"#, &[]);
    }
}
