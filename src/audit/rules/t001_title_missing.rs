//! T001: no usable title.

use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;

/// Information for signs that `title_full` repeats, given an author, and for upper levels of hierarchies.
pub(super) static RULE: Rule = Rule {
    code: "T001",
    name: "title-missing",
    severity: Severity::Error,
    fix: Fix::None,
    aggregated: false,
    needs: &[Field::Title],
    skips_merged: false,
    explanation: "\
## What it finds
Records whose `title` is absent, blank, or without any letter or number.
## Why it matters
Result lists show an empty line, and no work key can be made.
## Example
`title: \" / \"` is reported; `title: \"1984\"` is not.
## Known gaps
Works whose title is made of symbols (`???`) are reported as information only, if `title_full` says the same
and the record has an author, and so are upper levels of hierarchies without a title. A title in another field is
proposed, if there is one.
## Source
VuFind's schema: `title` is the display and work-key source of every record.",
    check: Check::record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    let title = record.filled(Field::Title);
    if title.is_some_and(|title| title.chars().any(char::is_alphanumeric)) {
        return;
    }
    let others = [Field::TitleFull, Field::TitleShort, Field::TitleAuth, Field::TitleAlt];
    let has_letters = |value: &&str| value.chars().any(char::is_alphanumeric);
    let other = record.all_of(&others).find(has_letters);
    let Some(title) = title else {
        let problem = Problem::new(Field::Title, "", "there is no title").suggest_any(other);
        let is_folder = record.has(Field::IsHierarchyId) || record.has(Field::Hierarchytype);
        return found.add(if is_folder { problem.severity(Severity::Info) } else { problem });
    };
    let problem = Problem::new(Field::Title, title, "the title holds no letter or number").suggest_any(other);
    let is_meant = record.filled(Field::TitleFull) == Some(title) && record.filled(Field::Author).is_some();
    found.add(if is_meant { problem.severity(Severity::Info) } else { problem });
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::Severity;
    use crate::audit::rules::testing::{check, problems};

    #[test]
    fn titles_need_a_letter_or_number() {
        check(&RULE, r#"{"title":" / "}"#, &["title"]);
        check(&RULE, r#"{"title":""}"#, &["title"]);
        check(&RULE, r#"{}"#, &["title"]);
        check(&RULE, r#"{"title":"1984"}"#, &[]);
        let symbols = problems(&RULE, r#"{"title":"???","title_full":"???","author":["A"]}"#);
        assert_eq!(symbols[0].severity, Some(Severity::Info));
        assert_eq!(problems(&RULE, r#"{"is_hierarchy_id":"x-1"}"#)[0].severity, Some(Severity::Info));
        let other = problems(&RULE, r#"{"title":"/","title_short":"Hamlet"}"#);
        assert_eq!((other[0].suggestion.as_deref(), other[0].severity), (Some("Hamlet"), None));
    }
}
