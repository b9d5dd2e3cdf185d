//! X004: copyfield doubled.

use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;

/// Holds only if every value is repeated the same number of times; anything else is left to A001.
pub(super) static RULE: Rule = Rule {
    code: "X004",
    name: "copyfield-doubled",
    severity: Severity::Error,
    fix: Fix::Safe,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
An `author_facet` or `spellingShingle` that holds every value of its sources the same number of times more
often, twice or more.
## Why it matters
The record was exported and posted again: Solr copied the values a second time.
## Example
Twelve facet values for six authors.
## Known gaps
Names that are repeated because of their roles are counted with the repeats.
## Source
Solr Reference Guide on copyField; VuFind's schema stores both fields.",
    check: Check::record(check),
};

/// Fields that Solr fills with several values.
const COPIES: [Field; 2] = [Field::AuthorFacet, Field::SpellingShingle];

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    for copy in COPIES {
        let sources = copy.copied_from();
        let values = record.all(copy);
        let n_sources: usize = sources.iter().map(|&field| record.all(field).len()).sum();
        if n_sources == 0 || values.len() < 2 * n_sources || !values.len().is_multiple_of(n_sources) {
            continue;
        }
        let n_times = values.len() / n_sources;
        let mut values: Vec<&str> = values.iter().map(|value| &**value).collect();
        let mut originals: Vec<&str> = record.all_of(sources).collect();
        values.sort_unstable();
        originals.sort_unstable();
        if values.chunks(n_times).zip(&originals).all(|(values, original)| values.iter().all(|value| value == original))
        {
            let message = format!("every value stands there {n_times} times as often as in its source");
            let problem = Problem::new(copy, record.all(copy).join(" | "), message);
            found.add(problem.change(copy, record.all_of(sources)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, check_change};

    #[test]
    fn copies_are_made_once() {
        check(&RULE, r#"{"author":["A","B"],"author_facet":["A","B","A","B"]}"#, &["author_facet"]);
        check(&RULE, r#"{"title":"T","spellingShingle":["T","T"]}"#, &["spellingShingle"]);
        let doubled = r#"{"author":["A","B"],"author_facet":["A","B","A","B"]}"#;
        check_change(&RULE, doubled, &[("author_facet", "A | B")]);
        check(&RULE, r#"{"author":["A","A"],"author_facet":["A","A"]}"#, &[]);
        check(&RULE, r#"{"author":["A"],"author_facet":["A","B"]}"#, &[]);
    }
}
