//! T001: no usable title.

use crate::audit::{Check, Family, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;
use crate::keys::seek::split_once;
use crate::keys::sort_title::clean_data;

/// Information for signs with which `title_full` begins, given an author, and for upper levels of hierarchies.
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
Works whose title is made of symbols (`???`) are reported as information only, if `title_full` begins with it
and the record has an author, and so are upper levels of hierarchies without a title. Punctuation between the parts of a
description is no symbol. A title in another field is proposed, if there is one; a statement of responsibility is none.
## Source
VuFind's schema: `title` is the display and work-key source of every record.",
    check: Check::record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    let title = record.filled(Field::Title).filter(|title| !title.chars().all(is_unseen));
    if title.is_some_and(|title| title.chars().any(char::is_alphanumeric)) {
        return;
    }
    let has_letters = |value: &&str| value.chars().any(char::is_alphanumeric);
    let full = record.filled(Field::TitleFull);
    let is_repeated = title.zip(full).is_some_and(|(title, full)| begins_with_signs(subject.family, title, full));
    let full_title = full.filter(|full| !is_repeated && has_letters(&proper(full)));
    let full_title = full_title.map(|full| if subject.family == Family::Marc { proper(full) } else { full });
    let others = record.all_of(&[Field::TitleShort, Field::TitleAuth, Field::TitleAlt]);
    let other = full_title.into_iter().chain(others).find(has_letters);
    let Some(title) = title else {
        let problem = Problem::new(Field::Title, "", "there is no title").suggest_any(other);
        let is_folder = record.has(Field::IsHierarchyId) || record.has(Field::Hierarchytype);
        return found.add(if is_folder { problem.severity(Severity::Info) } else { problem });
    };
    let problem = Problem::new(Field::Title, title, "the title holds no letter or number").suggest_any(other);
    let is_meant = is_repeated && record.filled(Field::Author).is_some();
    found.add(if is_meant { problem.severity(Severity::Info) } else { problem });
}

/// Whether nothing stands in a list where this character does: blanks, control and zero-width characters.
fn is_unseen(letter: char) -> bool {
    letter.is_whitespace()
        || letter.is_control()
        || matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Whether the full title begins with the signs of the title, and goes on with what the title of its importer leaves out.
fn begins_with_signs(family: Family, title: &str, full: &str) -> bool {
    // MARC titles end in what parts them from the statement of responsibility.
    let signs = clean_data(title);
    let is_repeated = title.trim() == full.trim()
        || match family {
            Family::Marc => full.trim_start().starts_with(signs),
            _ => clean_data(proper(full)) == signs,
        };
    is_repeated && !signs.is_empty()
}

/// A full title without its statement of responsibility.
fn proper(full: &str) -> &str {
    let full = full.trim_start();
    if full.starts_with("/ ") { "" } else { split_once(full, " / ").map_or(full, |(proper, _)| proper) }
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
        let unseen =
            problems(&RULE, "{\"title\":\"\u{200b} \u{feff}\",\"title_full\":\"\u{200b}\",\"author\":[\"A\"]}");
        assert_eq!((unseen[0].severity, &*unseen[0].message), (None, "there is no title"));
        let symbols = problems(&RULE, r#"{"title":"???","title_full":"???","author":["A"]}"#);
        assert_eq!(symbols[0].severity, Some(Severity::Info));
        assert_eq!(problems(&RULE, r#"{"is_hierarchy_id":"x-1"}"#)[0].severity, Some(Severity::Info));
        for whole in ["+ / -", "? / !", "+/-"] {
            let document = format!(r#"{{"title":"{whole}","title_full":"{whole}","author":["A"]}}"#);
            assert_eq!(problems(&RULE, &document)[0].severity, Some(Severity::Info), "{whole}");
        }
        let other = problems(&RULE, r#"{"title":"/","title_short":"Hamlet"}"#);
        assert_eq!((other[0].suggestion.as_deref(), other[0].severity), (Some("Hamlet"), None));
    }

    #[test]
    fn signs_are_a_title_and_a_statement_is_none() {
        let found = |title: &str, full: &str, rest: &str| {
            let document = format!(r#"{{"title":"{title}","title_full":"{full}","record_format":"marc",{rest}}}"#);
            let found = problems(&RULE, &document);
            assert_eq!(found.len(), 1, "{document}");
            (found[0].severity, found[0].suggestion.clone())
        };
        let doe = r#""author":["Doe, John"]"#;
        assert_eq!(found("??? /", "??? / John Doe.", doe), (Some(Severity::Info), None));
        assert_eq!(found("??? /", "??? [sound recording] / John Doe.", doe), (Some(Severity::Info), None));
        assert_eq!(found("??? /", "??? / John Doe.", ""), (None, None));
        assert_eq!(found("??? /", "Hamlet / John Doe.", doe), (None, Some("Hamlet".to_owned())));
        assert_eq!(found("/", "/ John Doe.", doe), (None, None));
        assert_eq!(found(" / ", " / John Doe.", doe), (None, None));
        let cut = r#"{"title":"...","title_full":"... and justice for all","author":["A"]}"#;
        assert_eq!(problems(&RULE, cut)[0].severity, None);
        let short = format!(r#"{doe},"title_short":"Hamlet""#);
        assert_eq!(found("/", "/ John Doe.", &short), (None, Some("Hamlet".to_owned())));
    }
}
