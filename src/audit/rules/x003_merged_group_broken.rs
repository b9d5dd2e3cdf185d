//! X003: merged group broken.

use xxhash_rust::xxh3::xxh3_64;

use crate::audit::{Catalogue, Check, Facts, Fix, Found, Label, Problem, Reports, Rows, Rule, Severity, Subject};
use crate::input::{Field, Record};

/// Members are looked for only if the export holds children at all; children without any merged record are one finding.
pub(super) static RULE: Rule = Rule {
    code: "X003",
    name: "merged-group-broken",
    severity: Severity::Error,
    fix: Fix::None,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
Merged records of RecordManager that list no members, one member, two members of one source, or members that
the export lacks or that are no children; children that no merged record lists, or several.
## Why it matters
VuFind hides the children, so a broken group makes records vanish.
## Example
A record with merged_child_boolean that stands in no local_ids_str_mv.
## Known gaps
Exports made with the filter of duplicate display hold no children: members are then not looked for. Children of an
export without any merged record are one finding, as information, since the merged ones may have been left out on purpose.
## Source
RecordManager's Solr updater; VuFind's `DeduplicationListener`.",
    check: Check::both(check, gather, judge),
};

/// Table of the members that merged records list.
const LISTED: usize = 0;
/// Table of the children.
const CHILDREN: usize = 1;

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    if !is_true(record, Field::MergedBoolean) {
        return;
    }
    let members = record.all(Field::LocalIdsStrMv);
    let add = |found: &mut Found, message: String| {
        found.add(Problem::new(Field::LocalIdsStrMv, members.join(" | "), message));
    };
    if members.len() < 2 {
        return add(found, format!("a merged record lists {} members", members.len()));
    }
    let mut sources: Vec<&str> = members.iter().map(|id| id.split_once('.').map_or("", |(source, _)| source)).collect();
    sources.retain(|source| !source.is_empty());
    sources.sort_unstable();
    if let Some(pair) = sources.windows(2).find(|pair| pair[0] == pair[1]) {
        add(found, format!("two members are of the source `{}`", pair[0]));
    }
}

fn gather(subject: &Subject<'_>, facts: &mut Facts) {
    let record = subject.record;
    if is_true(record, Field::MergedBoolean) {
        record.all(Field::LocalIdsStrMv).iter().for_each(|id| facts.note_in(LISTED, xxh3_64(id.as_bytes()), 0));
    }
    if is_true(record, Field::MergedChildBoolean) {
        facts.note_in(CHILDREN, xxh3_64(record.id().as_bytes()), 0);
    }
}

fn is_true(record: &Record<'_>, field: Field) -> bool {
    record.first(field) == Some("true")
}

fn judge(rows: &Rows, catalogue: &Catalogue<'_>, reports: &mut Reports) {
    if rows.table(CHILDREN).is_empty() {
        return;
    }
    if rows.table(LISTED).is_empty() {
        let children: Vec<_> = rows.table(CHILDREN).iter().map(|row| row.record).collect();
        let message = format!("{} records are hidden as children, and the export has no merged record", children.len());
        let problem = Problem::new(Field::MergedChildBoolean, "true", message).severity(Severity::Info);
        return reports.add_group(Label::new("field", Field::MergedChildBoolean.name()), children, problem);
    }
    for row in rows.table(LISTED).iter().filter(|row| rows.of(CHILDREN, row.key).is_empty()) {
        let find = |record: &Record<'_>| {
            let is_it = |id: &&str| xxh3_64(id.as_bytes()) == row.key;
            record.all_of(&[Field::LocalIdsStrMv]).find(is_it).map(str::to_owned)
        };
        let Some(member) = catalogue.fetch(row.record, find).flatten() else { continue };
        let is_there = catalogue.records_of(&member).next().is_some();
        let message = if is_there { "the member is not marked as one" } else { "the member is not in the export" };
        reports.add(row.record, Problem::new(Field::LocalIdsStrMv, member, message));
    }
    for row in rows.table(CHILDREN) {
        let mut parents: Vec<_> = rows.of(LISTED, row.key).iter().map(|row| row.record).collect();
        parents.dedup();
        let problem = |message: &str| Problem::new(Field::MergedChildBoolean, "true", message);
        match parents.as_slice() {
            [] => reports.add(row.record, problem("no merged record lists this one")),
            [_] => {}
            several => {
                let names = several.iter().map(|&parent| catalogue.id(parent).to_owned());
                let problem = problem("several merged records list this one");
                reports.add(row.record, names.fold(problem, Problem::evidence));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, found, records};

    fn merged(id: &str, members: &str) -> String {
        format!(r#"{{"id":"{id}","merged_boolean":true,"local_ids_str_mv":[{members}]}}"#)
    }

    fn child(id: &str) -> String {
        format!(r#"{{"id":"{id}","merged_child_boolean":true}}"#)
    }

    #[test]
    fn merged_records_have_members_of_several_sources() {
        check(&RULE, r#"{"merged_boolean":true}"#, &["local_ids_str_mv"]);
        check(&RULE, r#"{"merged_boolean":true,"local_ids_str_mv":["a.1"]}"#, &["local_ids_str_mv"]);
        check(&RULE, r#"{"merged_boolean":true,"local_ids_str_mv":["a.1","a.2"]}"#, &["local_ids_str_mv"]);
        check(&RULE, r#"{"merged_boolean":true,"local_ids_str_mv":["a.1","b.1"]}"#, &[]);
    }

    #[test]
    fn groups_are_whole() {
        let whole = [merged("m", r#""a.1","b.1""#), child("a.1"), child("b.1")];
        assert_eq!(records(&RULE, &whole), [0; 0]);
        assert_eq!(records(&RULE, &[&whole[..], &[child("c.1")]].concat()), [3], "no parent");
        assert_eq!(records(&RULE, &[&whole[..], &[merged("n", r#""a.1","c.9""#)]].concat()), [1, 3], "two parents");
        let unmarked = [merged("m", r#""a.1","b.1""#), child("a.1"), r#"{"id":"b.1"}"#.to_owned()];
        assert_eq!(found(&RULE, &unmarked)[0].problem.message, "the member is not marked as one");
        assert_eq!(records(&RULE, &whole[..1]), [0; 0], "an export without children");
        assert_eq!(found(&RULE, &whole[1..]).len(), 1, "an export without merged records");
    }
}
