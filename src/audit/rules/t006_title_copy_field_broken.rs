//! T006: title copy field broken.

use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;

/// Safe where the copy has one value; of several, it is enough that one equals `title_full`.
pub(super) static RULE: Rule = Rule {
    code: "T006",
    name: "title-copy-field-broken",
    severity: Severity::Error,
    fix: Fix::Safe,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
`title_fullStr` or `title_full_unstemmed` that differs from `title_full`.
## Why it matters
Solr copies the value when it indexes: a difference means a partial update or a changed schema, and facets and
phrase search differ from the display.
## Example
A title_fullStr that still holds the title before a correction.
## Known gaps
Where a local schema copies other titles too, it is enough that title_full is among the values.
## Source
VuFind's schema: copyField from title_full to both fields.",
    check: Check::record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    let Some(full) = record.first(Field::TitleFull) else { return };
    for copy in [Field::TitleFullStr, Field::TitleFullUnstemmed] {
        let values = record.all(copy);
        if !values.is_empty() && values.iter().all(|value| value != full) {
            let problem = Problem::new(copy, values.join(" | "), "the copy differs from title_full");
            // Where the schema copies more titles, only indexing again can tell the whole list.
            let is_copy = values.len() == 1;
            found.add(if is_copy { problem.suggest(full).change(copy, [full]) } else { problem.suggest(full) });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, check_change};

    #[test]
    fn copies_equal_their_source() {
        check(&RULE, r#"{"title_full":"New","title_fullStr":"Old"}"#, &["title_fullStr"]);
        check(&RULE, r#"{"title_full":"A","title_fullStr":"A","title_full_unstemmed":"a"}"#, &["title_full_unstemmed"]);
        check(&RULE, r#"{"title_full":"A","title_fullStr":["B","A"]}"#, &[]);
        check(&RULE, r#"{"title_full":"A"}"#, &[]);
        check_change(&RULE, r#"{"title_full":"New","title_fullStr":"Old"}"#, &[("title_fullStr", "New")]);
        check_change(&RULE, r#"{"title_full":"New","title_fullStr":["Old","Other"]}"#, &[]);
    }
}
