//! X001: one id, several records.

use crate::audit::{Catalogue, Check, Problem, Rule, Severity};
use crate::ids::RecordId;
use crate::input::Field;

pub(super) static RULE: Rule = Rule {
    code: "X001",
    name: "id-duplicate",
    severity: Severity::Error,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
Ids that occur more than once in the export. Every occurrence after the first is reported.
## Why it matters
Solr keeps one document per id: the export is broken, or two indexes were mixed.
## Example
Two lines with `\"id\": \"a-1\"`.
## Known gaps
Exports made with `start=` over a changing index can repeat a page without any fault in the catalogue.
## Source
VuFind's schema: `id` is the unique key.",
    check: Check::Catalogue(check),
};

fn check(catalogue: &Catalogue<'_>) -> Vec<(RecordId, Problem)> {
    let mut order: Vec<RecordId> = (0..catalogue.n_records).map(RecordId::new).collect();
    order.sort_unstable_by_key(|&record| ((catalogue.ids)(record), record));
    let repeated = order.windows(2).filter(|pair| (catalogue.ids)(pair[0]) == (catalogue.ids)(pair[1]));
    repeated
        .map(|pair| {
            let id = (catalogue.ids)(pair[1]);
            (pair[1], Problem::new(Field::Id, id, "another record of the input has the same id"))
        })
        .collect()
}
