//! W003: work keys malformed.

use std::collections::BTreeSet;

use super::xslt_keys::{is_plain_key, xslt_keys};
use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;

/// Safe where all keys of the record can be computed, as for XSLT imports.
pub(super) static RULE: Rule = Rule {
    code: "W003",
    name: "work-keys-malformed",
    severity: Severity::Error,
    fix: Fix::Safe,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
Work keys that are not `UT title` or `AT author title` with single blanks: empty parts, capitals, control
characters, blanks inside.
## Why it matters
Such a key never meets another.
## Example
`AT hamlet`, whose author part is empty.
## Known gaps
Current XSLT imports make keys with an empty part of a creator of blanks; the creator is the fault then. Keys
with another prefix of two capitals are taken for local ones.
## Source
VuFind's `WorkKeys` and `VuFindWorkKeys`.",
    check: Check::record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    let mut right = None;
    for key in subject.record.all(Field::WorkKeysStrMv) {
        if let Some(message) = fault(key) {
            let problem = Problem::new(Field::WorkKeysStrMv, &**key, message);
            let right = right.get_or_insert_with(|| {
                let mut right = xslt_keys(subject).filter(|right| !right.is_empty())?;
                // Keys of further titles and names, and local ones, stay.
                let sound = subject.record.all(Field::WorkKeysStrMv).iter().filter(|key| fault(key).is_none());
                let known: BTreeSet<String> = right.iter().cloned().collect();
                right.extend(sound.filter(|key| !known.contains(&***key)).map(|key| key.to_string()));
                Some(right)
            });
            match right {
                Some(right) => found.add_with_change(problem, Field::WorkKeysStrMv, || right.clone()),
                None => found.add(problem),
            }
        }
    }
}

fn fault(key: &str) -> Option<&'static str> {
    if is_plain_key(key) {
        return None;
    }
    let Some((prefix, parts)) = key.split_once(' ') else { return Some("the key has no parts") };
    let n_parts = match prefix {
        "AT" => 2,
        "UT" => 1,
        _ if prefix.len() == 2 && prefix.bytes().all(|byte| byte.is_ascii_uppercase()) => return None,
        _ => return Some("the key begins with neither AT nor UT"),
    };
    if parts.split(' ').any(str::is_empty) {
        return Some("a part of the key is empty");
    }
    if parts.split(' ').count() != n_parts {
        return Some("the key has too few or too many parts");
    }
    if parts
        .chars()
        .any(|letter| letter.is_uppercase() || letter.is_control() || letter.is_whitespace() && letter != ' ')
    {
        return Some("the key holds capitals, control characters or blanks");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, check_change};

    #[test]
    fn keys_have_their_parts() {
        for key in
            ["AT  hamlet", "AT shakespeare", "AT shakespeare the hamlet", "AT Shakespeare hamlet", "hamlet", "UT "]
        {
            check(&RULE, &format!(r#"{{"work_keys_str_mv":["{key}"]}}"#), &["work_keys_str_mv"]);
        }
        let hamlet = r#"{"title":"Hamlet","author":["Shakespeare, William"," "],"work_keys_str_mv":["AT  hamlet"]}"#;
        check_change(&RULE, hamlet, &[("work_keys_str_mv", "AT shakespearewilliam hamlet")]);
        let other = r#"{"title":"Hamlet","author":["Shakespeare, William"," "],"work_keys_str_mv":["AT  hamlet","UT hamlet","AT shakespearewilliam amleto"]}"#;
        check_change(
            &RULE,
            other,
            &[("work_keys_str_mv", "AT shakespearewilliam hamlet | UT hamlet | AT shakespearewilliam amleto")],
        );
        for key in ["AT shakespearewilliam hamlet", "UT hamlet", "XY some thing else"] {
            check(&RULE, &format!(r#"{{"work_keys_str_mv":["{key}"]}}"#), &[]);
        }
    }
}
