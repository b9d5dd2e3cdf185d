//! W001: work keys missing.

use super::xslt_keys::xslt_keys;
use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;

pub(super) static RULE: Rule = Rule {
    code: "W001",
    name: "work-keys-missing",
    severity: Severity::Warn,
    fix: Fix::Safe,
    aggregated: false,
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
    check: Check::record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    if record.filled(Field::WorkKeysStrMv).is_some() {
        return;
    }
    let has_letters = |value: &str| value.contains(char::is_alphanumeric);
    if !record.filled(Field::Title).is_some_and(has_letters) {
        return;
    }
    let names: Vec<&str> = record.all_of(&[Field::Author]).collect();
    if !names.iter().any(|name| name.contains(char::is_alphabetic)) {
        return;
    }
    let problem = Problem::new(Field::WorkKeysStrMv, "", "title and author are there, work keys are not");
    found.add(match xslt_keys(subject) {
        Some(keys) => problem.suggest(keys.join(" | ")).change(Field::WorkKeysStrMv, keys),
        None => problem,
    });
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, check_change};

    #[test]
    fn works_have_keys() {
        check(&RULE, r#"{"title":"Hamlet","author":["Shakespeare, William"]}"#, &["work_keys_str_mv"]);
        check(&RULE, r#"{"title":"Editorial"}"#, &[]);
        let hamlet = r#"{"title":"The Hamlet","author":["Shakespeare, William"]}"#;
        let keys = "AT shakespearewilliam thehamlet | AT shakespearewilliam hamlet";
        check_change(&RULE, hamlet, &[("work_keys_str_mv", keys)]);
        check_change(&RULE, &hamlet.replace('{', r#"{"record_format":"marc","#), &[]);
        check(&RULE, r#"{"title":"...","author":["A"]}"#, &[]);
        check(&RULE, r#"{"title":"Hamlet","author":["A"],"work_keys_str_mv":["AT a hamlet"]}"#, &[]);
    }
}
