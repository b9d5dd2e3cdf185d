//! A005: author not inverted.

use super::names::{has_comma, is_straight};
use crate::audit::{Catalogue, Check, Facts, Fix, Found, Problem, Reports, Rows, Rule, Severity, Subject};
use crate::input::Field;
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
Corporate names are told by their words, of which those of the large European languages are known. Names whose family name comes
first anyway (Hungarian, Chinese, Vietnamese), Icelandic names and bands must be told apart by a person.
## Source
VuFind's XSLT helper inverts names for some importers only (`invertName`).",
    check: Check::both(check, gather, judge),
};

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
    let key = subject.collection_key();
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
