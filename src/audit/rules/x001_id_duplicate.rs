//! X001: one id, several records.

use xxhash_rust::xxh3::xxh3_64;

use crate::audit::{Catalogue, Check, Facts, Fix, Problem, Reports, Rows, Rule, Severity, Subject};
use crate::input::{Field, Record};

/// Every copy but the first of an id; one that equals the first is information if both come of pages that a changing index gave.
pub(super) static RULE: Rule = Rule {
    code: "X001",
    name: "id-duplicate",
    severity: Severity::Error,
    fix: Fix::Proposal,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
Ids that occur more than once in the export. Every occurrence after the first is reported, as information if
the two records are equal and the export is of answers to queries with `start=`.
## Why it matters
Solr keeps one document per id: the export is broken, or two indexes were mixed.
## Example
Two lines with `\"id\": \"a-1\"`.
## Known gaps
Exports made with `start=` over a changing index can repeat a page without any fault in the catalogue; such
copies are equal. Which copy is the later one is said by `_version_`; to leave a record out is no change of a
field, so it is proposed and not made.
## Source
VuFind's schema: `id` is the unique key.",
    check: Check::across(gather, judge),
};

fn gather(_: &Subject<'_>, _: &mut Facts) {
    // The catalogue knows all ids.
}

fn judge(_: &Rows, catalogue: &Catalogue<'_>, reports: &mut Reports) {
    for same in catalogue.by_id().chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() > 1) {
        for (at, &(_, record)) in same.iter().enumerate() {
            let id = catalogue.id(record);
            let Some(&(_, first)) = same[..at].iter().find(|(_, before)| catalogue.id(*before) == id) else { continue };
            let bodies = [first, record].map(|record| catalogue.fetch(record, body));
            let problem = Problem::new(Field::Id, id, "another record of the input has the same id");
            reports.add(
                record,
                match bodies {
                    [Some((one, before)), Some((other, this))] if one == other && before == this => {
                        let is_paged = catalogue.is_paged(first) && catalogue.is_paged(record);
                        let severity = is_paged.then_some(Severity::Info);
                        Problem { severity, ..problem }.suggest("leave one copy out")
                    }
                    [Some((_, first)), Some((_, this))] if first != this => {
                        problem.suggest(if this > first { "keep this copy" } else { "keep the first copy" })
                    }
                    _ => problem,
                },
            );
        }
    }
}

/// A hash of all fields and values, and `_version_`, 0 if it is absent.
fn body(record: &Record<'_>) -> (u64, u64) {
    let mut text = Vec::new();
    for entry in record.entries() {
        text.extend_from_slice(entry.name.as_bytes());
        for value in record.values(entry) {
            text.push(0);
            text.extend_from_slice(value.as_bytes());
        }
        text.push(1);
    }
    let version = record.first(Field::Version).and_then(|version| version.parse().ok()).unwrap_or(0);
    (xxh3_64(&text), version)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::Severity;
    use crate::audit::rules::testing::found;

    #[test]
    fn ids_occur_once() {
        let documents = [
            r#"{"id":"a","title":"x","_version_":7}"#,
            r#"{"id":"b","title":"x"}"#,
            r#"{"id":"a","title":"y","_version_":8}"#,
            r#"{"id":"b","title":"x"}"#,
        ];
        let found = found(&RULE, &documents);
        let told = found.iter().map(|finding| (finding.record().unwrap().get(), finding.severity()));
        assert_eq!(told.collect::<Vec<_>>(), [(2, Severity::Error), (3, Severity::Error)]);
        assert_eq!(found[0].problem.suggestion.as_deref(), Some("keep this copy"));
    }
}
