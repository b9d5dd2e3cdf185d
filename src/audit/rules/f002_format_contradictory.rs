//! F002: format contradictory.

use super::format_classes::{Class, classes};
use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;

pub(super) static RULE: Rule = Rule {
    code: "F002",
    name: "format-contradictory",
    severity: Severity::Warn,
    fix: Fix::Proposal,
    aggregated: false,
    needs: &[],
    skips_merged: true,
    explanation: "\
## What it finds
Formats of one record that exclude each other: book, article and journal.
## Why it matters
The wrong class decides which records are compared.
## Example
`Journal` and `Article`.
## Known gaps
MARC imports write several formats on purpose; only the three classes exclude each other, and chapters beside
books are accepted. Physical carriers beside `Online` are not judged.
## Source
VuFind's `FormatCalculator` and format map.",
    check: Check::record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    let formats = record.all(Field::Format);
    if formats.len() < 2 {
        return;
    }
    let exclusive = [Class::Book, Class::Article, Class::Journal];
    let n_classes = exclusive.iter().filter(|&&wanted| classes(record).any(|class| class == wanted)).count();
    if n_classes > 1 {
        found.add(Problem::new(Field::Format, formats.join(" | "), "the formats exclude each other"));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::check;

    #[test]
    fn formats_agree() {
        check(&RULE, r#"{"format":["Journal","Article"]}"#, &["format"]);
        check(&RULE, r#"{"format":["eBook","Journal"]}"#, &["format"]);
        check(&RULE, r#"{"format":["Online","Article","Text"]}"#, &[]);
        check(&RULE, r#"{"format":["Conference Proceeding","Book"]}"#, &[]);
        check(&RULE, r#"{"format":["BookComponentPart","Article"]}"#, &[]);
    }
}
