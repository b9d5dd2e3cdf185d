//! W004: work keys truncated.

use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;

/// One finding per record, for its first key with a part of exactly 255 characters or UTF-16 units.
pub(super) static RULE: Rule = Rule {
    code: "W004",
    name: "work-keys-truncated",
    severity: Severity::Info,
    fix: Fix::None,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
Work keys with a part of exactly 255 characters.
## Why it matters
Keys are cut there, so long titles with equal beginnings get one key.
## Example
A title part of 255 letters.
## Known gaps
RecordManager does not cut.
## Source
VuFind's `WorkKeys` and `VuFindWorkKeys`.",
    check: Check::record(check),
};

/// Longest part, in characters (PHP) or UTF-16 units (Java).
const PART_LIMIT: usize = 255;

fn check(subject: &Subject<'_>, found: &mut Found) {
    let keys = subject.record.all(Field::WorkKeysStrMv).iter();
    let is_cut = |part: &str| part.chars().count() == PART_LIMIT || part.encode_utf16().count() == PART_LIMIT;
    let mut cut = keys.filter(|key| key.len() > PART_LIMIT && key.split(' ').any(is_cut));
    if let Some(key) = cut.next() {
        found.add(Problem::new(Field::WorkKeysStrMv, &**key, "the key was cut at 255 characters"));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::check;

    #[test]
    fn long_parts_are_reported_once() {
        let document = |n: usize| format!(r#"{{"work_keys_str_mv":["AT a {0}","AT b {0}"]}}"#, "é".repeat(n));
        check(&RULE, &document(255), &["work_keys_str_mv"]);
        check(&RULE, &document(254), &[]);
    }
}
