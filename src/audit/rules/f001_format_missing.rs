//! F001: format missing.

use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;

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
Records without a format. The upper levels of hierarchies are reported as information.
## Why it matters
Icon, facet and the class that decides about duplicates depend on it.
## Example
No `format` field.
## Known gaps
None known.
## Source
VuFind's `marc.properties`: every record gets a format.",
    check: Check::record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    if record.filled(Field::Format).is_some() {
        return;
    }
    let problem = Problem::new(Field::Format, "", "there is no format");
    let is_node = record.has(Field::IsHierarchyId) || record.has(Field::Hierarchytype);
    found.add(if is_node { problem.severity(Severity::Info) } else { problem });
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::check;

    #[test]
    fn records_have_a_format() {
        check(&RULE, r#"{}"#, &["format"]);
        check(&RULE, r#"{"format":["Book"]}"#, &[]);
    }
}
