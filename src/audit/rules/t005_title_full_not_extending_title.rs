//! T005: title full not extending title.

use super::folding::{fold, is_subsequence, with_and, words};
use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;

/// The words of the title need their order only: others may stand between them, such as a medium designation.
pub(super) static RULE: Rule = Rule {
    code: "T005",
    name: "title-full-not-extending-title",
    severity: Severity::Error,
    fix: Fix::Proposal,
    aggregated: false,
    needs: &[Field::Title, Field::TitleFull],
    skips_merged: true,
    explanation: "\
## What it finds
A `title_full` in which the words of `title` do not occur in their order.
## Why it matters
Export, citation and exact search use title_full.
## Example
Title `War and peace`, title_full `Anna Karenina`.
## Known gaps
A missing statement of responsibility is not reported: XSLT imports write the plain title to both fields.
## Source
VuFind's `marc.properties` (245 with all letters) and stylesheets (the same element for both).",
    check: Check::record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    let (Some(title), Some(full)) = (record.filled(Field::Title), record.filled(Field::TitleFull)) else { return };
    if full.starts_with(title) || extends(title, full) {
        return;
    }
    found.add(Problem::new(Field::TitleFull, full, "the full title does not contain the title"));
}

fn extends(title: &str, full: &str) -> bool {
    let (title, full) = (&*with_and(title), &*with_and(full));
    is_subsequence(&words(title), &words(full)) || fold(full).contains(&fold(title))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::check;

    #[test]
    fn the_full_title_contains_the_title() {
        check(&RULE, r#"{"title":"War and peace","title_full":"Anna Karenina"}"#, &["title_full"]);
        check(&RULE, r#"{"title":"War and peace","title_full":"War and"}"#, &["title_full"]);
        check(&RULE, r#"{"title":"War and peace","title_full":"War and peace"}"#, &[]);
        check(&RULE, r#"{"title":"War and peace","title_full":"War & peace / L. Tolstoy"}"#, &[]);
        check(&RULE, r#"{"title":"The use : a review","title_full":"The use [text] : a review / Louisa Walsh."}"#, &[]);
    }
}
