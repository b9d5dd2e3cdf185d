//! D001: date missing.

use super::format_classes::Class;
use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;
use crate::keys::seek::holds_in_any_case;

/// A warning for books and articles; a `dateSpan` will do, and collections and unpublished things need no date.
pub(super) static RULE: Rule = Rule {
    code: "D001",
    name: "date-missing",
    severity: Severity::Info,
    fix: Fix::Proposal,
    aggregated: false,
    needs: &[Field::PublishDate],
    skips_merged: false,
    explanation: "\
## What it finds
Records without a date of publication. For books and articles this is a warning.
## Why it matters
Sorting and the date facet lose the record, and years cannot tell editions apart.
## Example
No publishDate.
## Known gaps
Serials that have a dateSpan, manuscripts, and collections need none. What is counted in linear feet, boxes or items is a
collection whatever its format.
## Source
VuFind's `marc.properties`: publishDate from 260 and 264.",
    check: Check::record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    if record.filled(Field::PublishDate).is_some() || record.filled(Field::DateSpan).is_some() {
        return;
    }
    let classes = subject.classes();
    if record.all(Field::Physical).iter().any(|extent| is_of_collection(extent)) {
        return;
    }
    let is_dated = classes.has(Class::Book) || classes.has(Class::Article);
    if !is_dated && record.all(Field::Format).iter().any(|format| is_unpublished(format)) {
        return;
    }
    let problem = Problem::new(Field::PublishDate, "", "there is no date of publication");
    found.add(if is_dated { problem.severity(Severity::Warn) } else { problem });
}

/// Whether an extent is that of a collection: `3.5 linear ft. (7 boxes)`, `212 items`.
fn is_of_collection(extent: &str) -> bool {
    ["linear f", "linear m", "cubic f", " boxes", " items", "archival box"]
        .iter()
        .any(|unit| holds_in_any_case(extent, unit))
}

/// Whether a format is that of things that were written or brought together, not published.
fn is_unpublished(format: &str) -> bool {
    ["manuscript", "collection"].iter().any(|word| holds_in_any_case(format, word))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, problems};

    #[test]
    fn records_are_dated() {
        check(&RULE, r#"{}"#, &["publishDate"]);
        check(&RULE, r#"{"publishDate":[""]}"#, &["publishDate"]);
        check(&RULE, r#"{"publishDate":["2021"]}"#, &[]);
        check(&RULE, r#"{"dateSpan":["1990-"]}"#, &[]);
        check(&RULE, r#"{"format":["Manuscript"]}"#, &[]);
        check(&RULE, r#"{"format":["Collection"]}"#, &[]);
        check(&RULE, r#"{"format":["Book","Collection"]}"#, &["publishDate"]);
        check(&RULE, r#"{"format":["Book"],"physical":["3.5 linear ft. (7 boxes)"]}"#, &[]);
        assert_eq!(problems(&RULE, r#"{"format":["Book"]}"#)[0].severity, Some(crate::audit::Severity::Warn));
    }
}
