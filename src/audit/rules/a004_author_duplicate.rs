//! A004: author duplicate.

use std::borrow::Cow;

use xxhash_rust::xxh3::xxh3_64;

use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::{Field, Record};
use crate::keys::work_key::normalise;

/// Names are one by work key and role; safe only for equal values in a record without roles.
pub(super) static RULE: Rule = Rule {
    code: "A004",
    name: "author-duplicate",
    severity: Severity::Warn,
    fix: Fix::Safe,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
Two entries of author and author2 that give the same work key, unless their roles differ.
## Why it matters
Counts and facets are wrong, and work keys are repeated.
## Example
`Smith, A.` and `Smith A`.
## Known gaps
Two persons can have one name, so only equal values are safe to merge. MARC records repeat names in added
entries for works, whose titles author2 does not hold.
## Source
VuFind's work keys decide what is equal; MARC imports repeat a name for each of its roles.",
    check: Check::record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    let n_names = record.all(Field::Author).len() + record.all(Field::Author2).len();
    if n_names < 2 {
        return;
    }
    let keys: Vec<Cow<'_, str>> = subject
        .author_keys()
        .iter()
        .map(|key| Cow::Borrowed(&**key))
        .chain(record.all(Field::Author2).iter().map(|name| Cow::Owned(normalise(name))))
        .collect();
    if are_few_and_different(&keys) {
        return;
    }
    let mut keys = keys.iter();
    let mut names = Vec::with_capacity(n_names);
    for (field, roles) in [(Field::Author, Field::AuthorRole), (Field::Author2, Field::Author2Role)] {
        let roles = record.all(roles);
        for (at, name) in record.all(field).iter().enumerate() {
            if let Some(key) = keys.next().filter(|key| !key.is_empty()) {
                let role = roles.get(at).map(|role| &**role);
                names.push((xxh3_64(key.as_bytes()), names.len(), field, &**name, role));
            }
        }
    }
    names.sort_unstable_by_key(|name| (name.0, name.1));
    for pair in names.windows(2) {
        let ((key, _, _, before, role), (same_key, _, field, name, same_role)) = (pair[0], pair[1]);
        if key == same_key && role == same_role {
            let message = if before == name {
                "the name stands twice".to_owned()
            } else {
                format!("the same name stands there as `{before}`")
            };
            let problem = Problem::new(field, name, message);
            found.add(match before == name {
                true if has_roles(record) => problem,
                true => problem.change(field, without_repeats(record, field)),
                false => problem.suggest(before),
            });
        }
    }
}

/// Whether each of a few names is followed by no other with its letters, as in most records.
fn are_few_and_different(keys: &[Cow<'_, str>]) -> bool {
    const FEW: usize = 16;
    let recurs = |(at, key): (usize, &Cow<'_, str>)| !key.is_empty() && keys[at + 1..].contains(key);
    keys.len() <= FEW && !keys.iter().enumerate().any(recurs)
}

/// Whether names have roles, each of which needs its own name.
pub(super) fn has_roles(record: &Record<'_>) -> bool {
    [Field::AuthorRole, Field::Author2Role].iter().any(|&field| record.has(field))
}

/// The values of a field without those that it, or author, holds before, byte for byte.
fn without_repeats<'r>(record: &'r Record<'_>, field: Field) -> Vec<&'r str> {
    let mut kept: Vec<&str> = Vec::new();
    for name in record.all(field) {
        let is_author = field == Field::Author2 && record.all(Field::Author).contains(name);
        if !is_author && !kept.contains(&&**name) {
            kept.push(name);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, check_change};

    #[test]
    fn names_stand_once() {
        check(&RULE, r#"{"author":["Smith, A.","Jones, B.","Smith A"]}"#, &["author"]);
        check(&RULE, r#"{"author":["Smith, A."],"author2":["Smith, A."]}"#, &["author2"]);
        let hitchcock = r#""author":["Hitchcock, Alfred","Hitchcock, Alfred"]"#;
        check(&RULE, &format!(r#"{{{hitchcock},"author_role":["drt","pro"]}}"#), &[]);
        check(&RULE, &format!(r#"{{{hitchcock}}}"#), &["author"]);
        check(&RULE, r#"{"author":["Li, Chi","Li, Chun"]}"#, &[]);
        check(&RULE, r#"{"author":["???","..."]}"#, &[]);
        check_change(&RULE, &format!("{{{hitchcock}}}"), &[("author", "Hitchcock, Alfred")]);
        check_change(&RULE, r#"{"author":["A B"],"author2":["C","A B"]}"#, &[("author2", "C")]);
        check_change(&RULE, r#"{"author":["Smith, A.","Smith A"]}"#, &[]);
    }
}
