//! F001: format missing.

use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;

/// The upper levels of hierarchies need no format.
pub(super) static RULE: Rule = Rule {
    code: "F001",
    name: "format-missing",
    severity: Severity::Error,
    fix: Fix::Proposal,
    aggregated: false,
    needs: &[Field::Format],
    skips_merged: false,
    explanation: "\
## What it finds
Records without a format.
## Why it matters
Icon, facet and the class that decides about duplicates depend on it.
## Example
No `format` field.
## Known gaps
The upper levels of hierarchies are no publications and are not reported.
## Source
VuFind's `marc.properties`: every record gets a format.",
    check: Check::record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    if record.filled(Field::Format).is_some() {
        return;
    }
    let is_node = record.has(Field::IsHierarchyId) || record.has(Field::Hierarchytype);
    if !is_node {
        found.add(Problem::new(Field::Format, "", "there is no format"));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::check;

    #[test]
    fn records_have_a_format() {
        check(&RULE, r#"{}"#, &["format"]);
        check(&RULE, r#"{"format":["Book"]}"#, &[]);
        check(&RULE, r#"{"is_hierarchy_id":"x-1"}"#, &[]);
    }
}
