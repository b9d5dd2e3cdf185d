//! A005: author not inverted.

use super::sketches::hash_of;
use crate::audit::{
    Catalogue, Check, Facts, Fix, Found, Problem, Reports, Rows, Rule, Severity, Subject, collection_of,
};
use crate::input::{Field, Record};
use crate::keys::names::invert_name;

pub(super) static RULE: Rule = Rule {
    code: "A005",
    name: "author-not-inverted",
    severity: Severity::Info,
    fix: Fix::Proposal,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
Names of two to four capitalised words without a comma, in a collection where at least 70 % of the names have
one.
## Why it matters
One person stands in two places of browse lists, and in two blocks.
## Example
`Louisa Walsh` among names such as `Walsh, Louisa`.
## Known gaps
Words of corporate names are known in English, German, French and Spanish only. Names whose family name comes
first anyway (Hungarian, Chinese, Vietnamese), Icelandic names and bands must be told apart by a person.
## Source
VuFind's XSLT helper inverts names for some importers only (`invertName`).",
    check: Check::both(check, gather, judge),
};

/// Words of corporate names, lower-cased. Origin: frequent words of corporate bodies. Sorted.
const CORPORATE: [&str; 74] = [
    "academy",
    "administration",
    "agency",
    "akademie",
    "archiv",
    "archives",
    "archivo",
    "asociación",
    "associates",
    "association",
    "authority",
    "bank",
    "bibliothek",
    "bibliothèque",
    "board",
    "books",
    "bureau",
    "center",
    "centre",
    "centro",
    "church",
    "club",
    "college",
    "collection",
    "commission",
    "committee",
    "company",
    "conference",
    "congress",
    "consortium",
    "corporation",
    "council",
    "court",
    "department",
    "editions",
    "ensemble",
    "europe",
    "federation",
    "films",
    "forum",
    "foundation",
    "gesellschaft",
    "government",
    "group",
    "hospital",
    "house",
    "initiative",
    "institut",
    "institute",
    "instituto",
    "international",
    "laboratory",
    "library",
    "ministerio",
    "ministry",
    "museum",
    "national",
    "network",
    "office",
    "orchestra",
    "organization",
    "orchester",
    "party",
    "press",
    "project",
    "quartet",
    "research",
    "school",
    "service",
    "services",
    "society",
    "union",
    "universidad",
    "university",
];

/// Author values of which a comma is expected in most, in percent.
const INVERTED_PERCENT: u64 = 70;

fn check(subject: &Subject<'_>, found: &mut Found) {
    for field in [Field::Author, Field::Author2] {
        for name in subject.record.all(field).iter().filter(|name| is_straight(name)) {
            let problem = Problem::new(field, &**name, "most names of the collection begin with the family name");
            found.add(problem.suggest(invert_name(name)));
        }
    }
}

fn gather(subject: &Subject<'_>, facts: &mut Facts) {
    let record = subject.record;
    let names = || record.all_of(&[Field::Author, Field::Author2]);
    let n_names = names().count() as u64;
    if n_names == 0 {
        return;
    }
    let key = collection_key(record);
    facts.count(key, n_names, names().filter(|name| has_comma(name)).count() as u64);
    if names().any(is_straight) {
        facts.note(key, 0);
    }
}

fn judge(rows: &Rows, _: &Catalogue<'_>, reports: &mut Reports) {
    for row in rows.table(0) {
        let [n_names, n_inverted] = rows.counts(row.key);
        if n_inverted * 100 < n_names * INVERTED_PERCENT {
            reports.drop(row.record);
        }
    }
}

fn collection_key(record: &Record<'_>) -> u64 {
    let (kind, name) = collection_of(record);
    hash_of(&[kind, name])
}

fn has_comma(name: &str) -> bool {
    memchr::memchr(b',', name.as_bytes()).is_some()
}

/// Whether a name looks like given name and family name.
fn is_straight(name: &str) -> bool {
    if has_comma(name) {
        return false;
    }
    if name.contains([',', '(', '.', '&', ';', '/']) && !has_initials_only(name) {
        return false;
    }
    let mut n_words = 0;
    for word in name.split_whitespace() {
        n_words += 1;
        let is_name = word.starts_with(char::is_uppercase)
            && word.chars().all(|letter| letter.is_alphabetic() || matches!(letter, '-' | '\'' | '’' | '.'))
            && (word.chars().count() <= 2 || word.chars().any(char::is_lowercase));
        if !is_name || is_corporate(word) {
            return false;
        }
    }
    (2..=4).contains(&n_words)
}

/// Whether the only sign is the full stop of initials, as in `W. B. Yeats`.
fn has_initials_only(name: &str) -> bool {
    !name.contains([',', '(', '&', ';', '/'])
        && name.split_whitespace().all(|word| !word.contains('.') || word.len() <= 4 && word.ends_with('.'))
        && !name.ends_with('.')
}

fn is_corporate(word: &str) -> bool {
    let lower = word.to_lowercase();
    CORPORATE.iter().any(|known| lower == *known)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, found, problems};

    #[test]
    fn straight_names_are_seen() {
        for name in ["Louisa Walsh", "Jean-Paul Sartre", "W. B. Yeats", "Anna Maria Vries Smith"] {
            check(&RULE, &format!(r#"{{"author":["{name}"]}}"#), &["author"]);
        }
        for name in ["Walsh, Louisa", "World Health Organization", "Homer", "Johnson & Johnson", "UNESCO Paris", "WHO"]
        {
            check(&RULE, &format!(r#"{{"author":["{name}"]}}"#), &[]);
        }
        let walsh = problems(&RULE, r#"{"author":["Louisa Walsh"]}"#);
        assert_eq!(walsh[0].suggestion.as_deref(), Some("Walsh, Louisa"));
    }

    #[test]
    fn the_collection_decides() {
        let document = |at: usize, names: &str| format!(r#"{{"id":"x-{at}","author":[{names}]}}"#);
        let mut inverted: Vec<String> = (0..7).map(|at| document(at, r#""Walsh, Louisa""#)).collect();
        inverted.extend((7..10).map(|at| document(at, r#""Louisa Walsh""#)));
        assert_eq!(found(&RULE, &inverted).len(), 3);
        inverted.push(document(10, r#""Louisa Walsh""#));
        assert_eq!(found(&RULE, &inverted).len(), 0, "7 of 11 are fewer than 70 %");
    }
}
