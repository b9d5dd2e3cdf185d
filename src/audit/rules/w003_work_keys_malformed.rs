//! W003: work keys malformed.

use std::collections::BTreeSet;

use super::importer_keys::{is_plain_key, marc_keys, xslt_keys};
use super::w002_work_keys_mismatch::has_older_keys;
use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;

/// Safe where all keys of the record can be computed, as for XSLT imports and some MARC records, and where small letters and single blanks are all that is
/// missing.
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
with another prefix of two capitals are taken for local ones. A key of a MARC record is repaired only where other
letters and blanks make it sound, or where the fields tell all keys (see W001).
## Source
VuFind's `WorkKeys` and `VuFindWorkKeys`.",
    check: Check::record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    let mut made = None;
    for key in subject.record.all(Field::WorkKeysStrMv) {
        if let Some(message) = fault(key) {
            let mended = mended(key);
            let Repaired { keys, is_whole } = made.get_or_insert_with(|| repaired(subject));
            let is_safe = *is_whole || mended.is_some();
            let problem = Problem::new(Field::WorkKeysStrMv, &**key, message).suggest_any(mended);
            if is_safe {
                found.add_with_change(problem, Field::WorkKeysStrMv, || keys.clone());
            } else {
                found.add(problem);
            }
        }
    }
}

/// The keys of a record after the repair.
struct Repaired {
    keys: Vec<String>,
    /// Whether those of title and authors were computed, so that no faulty one is left.
    is_whole: bool,
}

/// All keys of the record, each once: those of title and authors first, if they can be computed, then the stored ones, which may
/// be of further titles and names. A key without a name or a title is of no use: where none can be made, none is.
fn repaired(subject: &Subject<'_>) -> Repaired {
    let of_marc = || marc_keys(subject).filter(|made| made.is_whole).map(|made| made.keys);
    let computed = xslt_keys(subject).filter(|_| !has_older_keys(subject.record)).or_else(of_marc);
    let is_whole = computed.is_some();
    let stored = subject.record.all(Field::WorkKeysStrMv).iter().filter_map(|key| match fault(key) {
        None => Some(key.to_string()),
        Some(_) => mended(key).or_else(|| (!is_whole).then(|| key.to_string())),
    });
    let mut known = BTreeSet::new();
    let keys = computed.into_iter().flatten().chain(stored).filter(|key| known.insert(key.clone())).collect();
    Repaired { keys, is_whole }
}

/// The key in small letters, with single blanks and without control characters, if that makes it sound.
fn mended(key: &str) -> Option<String> {
    let is_other_capital = |letter: char| !letter.is_ascii() && letter.is_uppercase();
    if key.contains(is_other_capital) {
        return None;
    }
    let is_lost = |letter: char| letter.is_control() && !letter.is_whitespace();
    let lower = key.replace(is_lost, "").to_ascii_lowercase();
    let mut words = lower.split_whitespace();
    let prefix = words.next().filter(|prefix| ["at", "ut"].contains(prefix))?.to_ascii_uppercase();
    let mended = std::iter::once(prefix.as_str()).chain(words).collect::<Vec<_>>().join(" ");
    (fault(&mended).is_none()).then_some(mended)
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
        let none = r#"{"title":"Hamlet","author":["---"],"work_keys_str_mv":["AT  hamlet"]}"#;
        check_change(&RULE, none, &[("work_keys_str_mv", "")]);
        let marc = |keys: &str| format!(r#"{{"title":"Hamlet","record_format":"marc","work_keys_str_mv":[{keys}]}}"#);
        for key in ["AT ROEJANE Hamlet", "AT  roejane hamlet", " AT roejane\\thamlet ", "at roe\\u0007jane hamlet"] {
            let key = format!(r#""{key}""#);
            check_change(&RULE, &marc(&key), &[("work_keys_str_mv", "AT roejane hamlet")]);
            let beside = format!(r#""UT hamlet","AT roejane hamlet",{key}"#);
            check_change(&RULE, &marc(&beside), &[("work_keys_str_mv", "UT hamlet | AT roejane hamlet")]);
        }
        for key in ["AT  hamlet", "AT roe jane hamlet", "AT Änne hamlet", "hamlet"] {
            let beside = format!("AT roejane hamlet | {key}");
            check_change(&RULE, &marc(&format!(r#""AT ROEJANE Hamlet","{key}""#)), &[("work_keys_str_mv", &beside)]);
        }
        let whole = r#"{"title":"Hamlet","title_full":"Hamlet / Ann Roe.","title_sort":"hamlet","author":["Roe, Ann"],"record_format":"marc","work_keys_str_mv":["AT  hamlet","UT old"]}"#;
        check_change(&RULE, whole, &[("work_keys_str_mv", "AT roeann hamlet | UT old")]);
        for key in ["AT shakespearewilliam hamlet", "UT hamlet", "XY some thing else"] {
            check(&RULE, &format!(r#"{{"work_keys_str_mv":["{key}"]}}"#), &[]);
        }
    }
}
