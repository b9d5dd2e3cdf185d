//! A004: author duplicate.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeSet;

use unicode_normalization::{UnicodeNormalization, is_nfc};
use xxhash_rust::xxh3::xxh3_64;

use super::a006_author_punctuation_residue::safely_cleaned;
use super::mojibake;
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
Two persons can have one name, so only values are safe to merge that are equal once A006 and E005 have had their way,
and that name a person with dates or a forename: two with the same initials (`Li, C.`) may have written together, unless
the whole list stands there more than once. Damaged names (`Ã? Ã?Ã?`) are not compared. A name is reported once per field, with how often it stands there.
MARC records repeat names in added entries for works, whose titles author2 does not hold.
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
    let mut names: Vec<Name<'_>> = Vec::with_capacity(n_names);
    for (field, roles) in [(Field::Author, Field::AuthorRole), (Field::Author2, Field::Author2Role)] {
        let roles = record.all(roles);
        for (at, name) in record.all(field).iter().enumerate() {
            if let Some(key) = keys.next().filter(|key| !key.is_empty() && !is_lost(name)) {
                let role = roles.get(at).map(|role| &**role);
                names.push(Name { key: xxh3_64(key.as_bytes()), role, at: names.len(), field, name });
            }
        }
    }
    names.sort_unstable_by_key(|name| (name.key, name.role, name.at));
    let mut problems: Vec<Repeat> = Vec::new();
    let merging = Merging::of(record);
    for same in names.chunk_by(|one, other| (one.key, one.role) == (other.key, other.role)) {
        repeats(&merging, same, &mut problems);
    }
    problems.sort_by_key(|repeat| repeat.at);
    for Repeat { problem, field, is_safe, .. } in problems {
        if is_safe {
            found.add_with_change(problem, field, || without_repeats(record, field));
        } else {
            found.add(problem);
        }
    }
}

/// An entry of author or author2.
struct Name<'r> {
    /// Hash of its work key.
    key: u64,
    role: Option<&'r str>,
    /// Which of the names of the record it is.
    at: usize,
    field: Field,
    name: &'r str,
}

/// A spelling of a name that follows the first entry of the name, in one field.
struct Repeat {
    /// The place of the first such entry.
    at: usize,
    field: Field,
    problem: Problem,
    /// Whether the field can be repaired.
    is_safe: bool,
}

/// Names of a field up to which all of them are suggested without the repeats.
const MAX_SUGGESTED: usize = 100;

/// The repeats of a name.
fn repeats(merging: &Merging<'_>, same: &[Name<'_>], problems: &mut Vec<Repeat>) {
    let record = merging.record;
    let [first, others @ ..] = same else { return };
    let mut others: Vec<&Name<'_>> = others.iter().collect();
    others.sort_unstable_by_key(|other| (other.field, other.name, other.at));
    for copies in others.chunk_by(|one, other| (one.field, one.name) == (other.field, other.name)) {
        let Name { field, name, at, .. } = *copies[0];
        let message = match (first.name == name, copies.len()) {
            (true, 1) => "the name stands twice".to_owned(),
            (true, n) => format!("the name stands {} times", n + 1),
            (false, 1) => format!("the same name stands there as `{}`", first.name),
            (false, n) => format!("the name stands {n} times, and as `{}`", first.name),
        };
        let problem = Problem::new(field, name, message);
        let (problem, is_safe) = match repaired(first.name) == repaired(name) {
            true if has_roles(record) => (problem, false),
            true if merging.is_safe(name) => (problem, true),
            // A long list would stand in as many findings as it has names.
            true if first.name == name && record.all(field).len() > MAX_SUGGESTED => (problem, false),
            true if first.name == name => (problem.suggest(once(record, field).join(" | ")), false),
            _ => (problem.suggest(first.name), false),
        };
        problems.push(Repeat { at, field, problem, is_safe });
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

/// Whether letters of a name are lost, so that another name may have been left with the same ones.
fn is_lost(name: &str) -> bool {
    !name.is_ascii() && (name.contains('\u{fffd}') || mojibake::is_half_lost(name))
}

/// The values of a field without those that it, or author, holds before, as far as they are safe to merge.
fn without_repeats<'r>(record: &'r Record<'_>, field: Field) -> Vec<&'r str> {
    let before = if field == Field::Author2 { record.all(Field::Author) } else { &[] };
    let mut known: BTreeSet<_> = before.iter().map(|name| repaired(name)).collect();
    let mut kept: Vec<&str> = Vec::new();
    let merging = Merging::of(record);
    for name in record.all(field) {
        let is_repeat = !known.insert(repaired(name));
        if !is_repeat || is_lost(name) || !merging.is_safe(name) {
            kept.push(name);
        }
    }
    kept
}

/// The values of a field, each once, and those of author2 that author does not hold.
fn once<'r>(record: &'r Record<'_>, field: Field) -> Vec<&'r str> {
    let before = if field == Field::Author2 { record.all(Field::Author) } else { &[] };
    let mut known: BTreeSet<&str> = before.iter().map(|name| &**name).collect();
    record.all(field).iter().map(|name| &**name).filter(|name| known.insert(name)).collect()
}

/// A name as the safe repairs of A006 and E005 leave it.
fn repaired(name: &str) -> Cow<'_, str> {
    let clean = safely_cleaned(name);
    if is_nfc(clean) { Cow::Borrowed(clean) } else { Cow::Owned(clean.nfc().collect()) }
}

/// Whether equal names of a record are of one person.
pub(super) struct Merging<'r> {
    record: &'r Record<'r>,
    is_list_repeated: OnceCell<bool>,
}

impl<'r> Merging<'r> {
    pub(super) fn of(record: &'r Record<'r>) -> Merging<'r> {
        Merging { record, is_list_repeated: OnceCell::new() }
    }

    /// Whether the name tells more than initials, or the whole list stands there repeatedly.
    pub(super) fn is_safe(&self, name: &str) -> bool {
        tells_persons_apart(name) || *self.is_list_repeated.get_or_init(|| is_list_repeated(self.record))
    }
}

/// Whether a name has dates or a forename.
fn tells_persons_apart(name: &str) -> bool {
    if name.bytes().any(|byte| byte.is_ascii_digit()) {
        return true;
    }
    let (forenames, n_wanted) = name.split_once(',').map_or((name, 2), |(_, forenames)| (forenames, 1));
    forenames.split([' ', '.', ',', '(', ')']).filter(|word| is_whole_name(word)).count() >= n_wanted
}

/// Shortest word that is a name and no initials, in characters: `JN`, `Jr`.
const MIN_NAME: usize = 3;

/// Whether a word is a name, not initials or a particle such as `van`.
fn is_whole_name(word: &str) -> bool {
    word.chars().count() >= MIN_NAME
        && !word.starts_with(char::is_lowercase)
        && (word.chars().count() > MIN_NAME || word.chars().any(char::is_lowercase))
}

/// Whether the list of authors holds several names, each as often as the others and more than once.
fn is_list_repeated(record: &Record<'_>) -> bool {
    let mut names: Vec<&str> = record.all(Field::Author).iter().map(|name| &**name).collect();
    names.sort_unstable();
    let mut groups = names.chunk_by(|a, b| a == b).map(<[&str]>::len);
    let n_times = groups.next().unwrap_or(0);
    n_times > 1 && n_times < names.len() && groups.all(|n| n == n_times)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, check_change, problems};

    #[test]
    fn long_lists_are_not_suggested_once_per_name() {
        let letter = |at: usize| char::from(b'a' + (at % 26) as u8);
        let name = |at: usize| format!("\"Do{}{}, J.\"", letter(at / 26), letter(at));
        let names = |n: usize| (0..n).map(name).collect::<Vec<String>>().join(",");
        let record = |n: usize| format!(r#"{{"author":[{0},{0},"One, A."]}}"#, names(n));
        let suggested =
            |n: usize| problems(&RULE, &record(n)).iter().filter(|found| found.suggestion.is_some()).count();
        assert_eq!((suggested(40), suggested(60)), (40, 0));
    }

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
        check_change(&RULE, r#"{"author":["Ann Berg"],"author2":["C","Ann Berg"]}"#, &[("author2", "C")]);
        check_change(&RULE, r#"{"author":["Smith, A.","Smith A"]}"#, &[]);
    }

    #[test]
    fn persons_with_the_same_initials_stay() {
        for names in [r#""W Feng","D Saha","W Feng""#, r#""Li, C.","Li, C.""#, r#""van der Berg, J","van der Berg, J""#]
        {
            let document = format!(r#"{{"author":[{names}]}}"#);
            check(&RULE, &document, &["author"]);
            check_change(&RULE, &document, &[]);
        }
        for names in [
            r#""W Feng","W Feng""#,
            r#""C Chambers","W Feng","W Feng","D Saha""#,
            r#""W Feng","W Feng","W Feng""#,
            r#""Wen Feng","Wen Feng""#,
        ] {
            let found = problems(&RULE, &format!(r#"{{"author":[{names}]}}"#));
            assert_eq!((found.len(), found[0].severity), (1, None), "{names}");
        }
        let list = r#"{"author":["K Berg","N Saha","K Berg","N Saha"]}"#;
        check_change(&RULE, list, &[("author", "K Berg | N Saha"); 2]);
        let both = r#"{"author":["Berg, Ann","Li, C.","Berg, Ann","Li, C.","Wu, D."]}"#;
        check_change(&RULE, both, &[("author", "Berg, Ann | Li, C. | Li, C. | Wu, D.")]);
        check(&RULE, r#"{"author":["Ã? Ã?","Ã? Ã?","K Berg"]}"#, &[]);
        check(&RULE, r#"{"author":["Ã? Ã?Ã?","Ã? Ã?Ã?","M\u{fffd}, Ann","M\u{fffd}, Ann"]}"#.replace("\\u{fffd}", "\u{fffd}").as_str(), &[]);
    }

    #[test]
    fn a_name_is_reported_once() {
        let hahn = r#"{"author":["Hahn, F.","Wu, Li","Hahn, F","Hahn, F"],"author2":["Hahn, F.","Wu, Li","Hahn, F."]}"#;
        let found: Vec<(String, String)> =
            problems(&RULE, hahn).into_iter().map(|problem| (problem.value, problem.message)).collect();
        let expected = [
            ("Hahn, F", "the name stands 2 times, and as `Hahn, F.`"),
            ("Hahn, F.", "the name stands 3 times"),
            ("Wu, Li", "the name stands twice"),
        ];
        let expected = expected.map(|(value, message)| (value.to_owned(), message.to_owned()));
        assert_eq!(found, expected);
        let roles = r#"{"author":["Hitchcock, A.","Hitchcock, A.","Hitchcock, A."],"author_role":["drt","pro","drt"]}"#;
        assert_eq!(problems(&RULE, roles)[0].message, "the name stands twice");
    }

    #[test]
    fn names_that_differ_in_what_is_repaired_are_equal() {
        let dot = r#"{"author":["Berg, Ann, 1813-1877."],"author2":["Wu, Li","Berg, Ann, 1813-1877"]}"#;
        check_change(&RULE, dot, &[("author2", "Wu, Li")]);
        let composed = "{\"author\":[\"Ber\u{e9}, Ann\",\"Bere\u{301}, Ann\"]}";
        check_change(&RULE, composed, &[("author", "Ber\u{e9}, Ann")]);
    }
}
