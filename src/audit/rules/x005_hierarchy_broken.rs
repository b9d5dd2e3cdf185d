//! X005: hierarchy broken.

use std::collections::BTreeMap;

use xxhash_rust::xxh3::xxh3_64;

use crate::audit::{Catalogue, Check, Facts, Fix, Found, Problem, Reports, Rows, Rule, Severity, Subject};
use crate::ids::RecordId;
use crate::input::{Field, Record};

/// Missing parents and tops are reported only where at most half of all are missing; cycles always.
pub(super) static RULE: Rule = Rule {
    code: "X005",
    name: "hierarchy-broken",
    severity: Severity::Error,
    fix: Fix::None,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
Parallel hierarchy fields of different lengths, an is_hierarchy_id that is not the record's id, parents and tops
that the export lacks, and records that are above themselves.
## Why it matters
The tree view fails.
## Example
Two hierarchy_parent_id and one hierarchy_parent_title.
## Known gaps
Where more than half of all parents and tops are missing, the export is taken for a part of the catalogue, and
none is reported. hierarchy_sequence and title_in_hierarchy are optional as a whole.
## Source
VuFind's hierarchy drivers, which read the fields in parallel.",
    check: Check::both(check, gather, judge),
};

/// Fields whose values go with those of another one.
const PARALLEL: [(Field, Field, bool); 4] = [
    (Field::HierarchyParentId, Field::HierarchyParentTitle, true),
    (Field::HierarchyParentId, Field::HierarchySequence, false),
    (Field::HierarchyParentId, Field::TitleInHierarchy, false),
    (Field::HierarchyTopId, Field::HierarchyTopTitle, true),
];

/// Values of rows.
const PARENT: u32 = 0;
const TOP: u32 = 1;

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    for (ids, others, is_needed) in PARALLEL {
        let (n_ids, values) = (record.all(ids).len(), record.all(others));
        if n_ids != values.len() && (is_needed || !values.is_empty()) && (n_ids > 0 || is_needed) {
            let message = format!("{} values stand beside {n_ids} of {}", values.len(), ids.name());
            found.add(Problem::new(others, values.join(" | "), message));
        }
    }
    if let Some(own) = record.filled(Field::IsHierarchyId).filter(|own| *own != record.id()) {
        found.add(Problem::new(Field::IsHierarchyId, own, "this is not the id of the record"));
    }
}

fn gather(subject: &Subject<'_>, facts: &mut Facts) {
    let record = subject.record;
    record.all(Field::HierarchyParentId).iter().for_each(|id| facts.note(xxh3_64(id.as_bytes()), PARENT));
    record.all(Field::HierarchyTopId).iter().for_each(|id| facts.note(xxh3_64(id.as_bytes()), TOP));
}

fn judge(rows: &Rows, catalogue: &Catalogue<'_>, reports: &mut Reports) {
    let all = rows.table(0);
    if all.is_empty() {
        return;
    }
    let by_hash = |hash: u64| {
        let ids = catalogue.by_id();
        ids.binary_search_by_key(&hash, |row| row.0).ok().map(|at| ids[at].1)
    };
    let (mut missing, mut parents) = (Vec::new(), BTreeMap::new());
    for row in all {
        match by_hash(row.key) {
            None => missing.push(row),
            Some(parent) if row.value == PARENT => parents.entry(row.record).or_insert_with(Vec::new).push(parent),
            Some(_) => {}
        }
    }
    if missing.len() * 2 <= all.len() {
        for row in missing {
            let field = if row.value == PARENT { Field::HierarchyParentId } else { Field::HierarchyTopId };
            let find = |record: &Record<'_>| {
                record.all_of(&[field]).find(|id| xxh3_64(id.as_bytes()) == row.key).map(str::to_owned)
            };
            if let Some(id) = catalogue.fetch(row.record, find).flatten() {
                reports.add(row.record, Problem::new(field, id, "there is no such record in the export"));
            }
        }
    }
    for record in in_cycles(parents) {
        let value = |record: &Record<'_>| record.all(Field::HierarchyParentId).join(" | ");
        let value = catalogue.fetch(record, value).unwrap_or_default();
        reports.add(record, Problem::new(Field::HierarchyParentId, value, "the record is above itself"));
    }
}

/// Records on cycles, and between two of them: what is left after taking away, again and again, records without
/// parents or without children.
fn in_cycles(mut parents: BTreeMap<RecordId, Vec<RecordId>>) -> Vec<RecordId> {
    loop {
        let n_before = parents.len();
        let known: Vec<RecordId> = parents.keys().copied().collect();
        parents.retain(|_, above| {
            above.retain(|parent| known.binary_search(parent).is_ok());
            !above.is_empty()
        });
        let mut with_children: Vec<RecordId> = parents.values().flatten().copied().collect();
        with_children.sort_unstable();
        parents.retain(|record, _| with_children.binary_search(record).is_ok());
        if parents.len() == n_before {
            return parents.into_keys().collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, records};

    #[test]
    fn fields_run_parallel() {
        let parents = r#""hierarchy_parent_id":["p","q"]"#;
        check(&RULE, &format!(r#"{{{parents},"hierarchy_parent_title":["P"]}}"#), &["hierarchy_parent_title"]);
        check(&RULE, &format!(r#"{{{parents},"hierarchy_parent_title":["P","Q"]}}"#), &[]);
        let sequence = r#""hierarchy_parent_title":["P","Q"],"hierarchy_sequence":["1"]"#;
        check(&RULE, &format!(r#"{{{parents},{sequence}}}"#), &["hierarchy_sequence"]);
        check(&RULE, r#"{"is_hierarchy_id":"other"}"#, &["is_hierarchy_id"]);
        check(&RULE, r#"{"is_hierarchy_id":"x-1"}"#, &[]);
        check(&RULE, "{}", &[]);
    }

    #[test]
    fn trees_are_whole_and_have_a_top() {
        let node = |id: &str, parent: &str| {
            let title = if parent.is_empty() { "" } else { "\"T\"" };
            let parent = if parent.is_empty() { String::new() } else { format!("\"{parent}\"") };
            format!(r#"{{"id":"{id}","hierarchy_parent_id":[{parent}],"hierarchy_parent_title":[{title}]}}"#)
        };
        let tree = [node("a", ""), node("b", "a"), node("c", "b"), node("d", "a")];
        assert_eq!(records(&RULE, &tree), [0; 0]);
        assert_eq!(records(&RULE, &[&tree[..], &[node("e", "gone")]].concat()), [4]);
        assert_eq!(records(&RULE, &[node("b", "gone"), node("c", "lost")]), [0; 0], "a part of a catalogue");
        let cycle = [node("a", "c"), node("b", "a"), node("c", "b"), node("d", "a"), node("e", "e")];
        assert_eq!(records(&RULE, &cycle), [0, 1, 2, 4]);
    }
}
