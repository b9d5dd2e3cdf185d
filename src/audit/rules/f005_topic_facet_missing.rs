//! F005: topic facet missing.

use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;

/// Aggregated: whether `topic_facet` is filled is a property of the import route.
pub(super) static RULE: Rule = Rule {
    code: "F005",
    name: "topic-facet-missing",
    severity: Severity::Info,
    fix: Fix::Proposal,
    aggregated: true,
    needs: &[Field::TopicFacet],
    skips_merged: false,
    explanation: "\
## What it finds
Records with topics and without topic_facet.
## Why it matters
They do not appear in the subject facet: VuFind's schema has no copy from topic to topic_facet.
## Example
Topic `Review Article` and no topic_facet.
## Known gaps
VuFind's DOAJ and DSpace stylesheets never fill the field, so this is a property of the import route.
## Source
VuFind's schema and stylesheets.",
    check: Check::record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    if record.filled(Field::Topic).is_some() && record.filled(Field::TopicFacet).is_none() {
        found.add(Problem::new(Field::TopicFacet, "", "there are topics and no topic facet"));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::check;

    #[test]
    fn topics_have_a_facet() {
        check(&RULE, r#"{"topic":["Social media"]}"#, &["topic_facet"]);
        check(&RULE, r#"{"topic":["Social media"],"topic_facet":["Social media"]}"#, &[]);
        check(&RULE, r#"{}"#, &[]);
    }
}
