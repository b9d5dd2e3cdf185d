//! T003: title sort missing.

use super::e006_invisible_or_whitespace::with_value;
use super::mojibake::is_read_wrong;
use super::t012_title_nonfiling_off::may_begin_with_article;
use crate::audit::{Check, Family, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;
use crate::keys::sort_title::{MAX_NONFILING, g2, g3, record_manager};

/// Titles from MARC of up to nine characters, all of which may be left out of sorting, are left to T012.
pub(super) static RULE: Rule = Rule {
    code: "T003",
    name: "title-sort-missing",
    severity: Severity::Warn,
    fix: Fix::Safe,
    aggregated: false,
    needs: &[Field::Title, Field::TitleSort],
    skips_merged: false,
    explanation: "\
## What it finds
Records with a title and without `title_sort`.
## Why it matters
Solr sorts records without this field to the end of every list.
## Example
Title `Social media` and no title_sort.
## Known gaps
Titles of punctuation only have no sort title by rule and are not reported. A MARC title shorter than its
count of non-filing characters has none either; it is left to T012. Of a title that was read in the wrong encoding none is
made: E001 comes first.
## Source
VuFind's schema (`sortMissingLast`) and import rules.",
    check: Check::record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    let Some(title) = record.filled(Field::Title).filter(|_| record.filled(Field::TitleSort).is_none()) else { return };
    let sort = g2(title);
    if sort.is_empty() {
        return;
    }
    // All of the title may lie within what MARC leaves out.
    if subject.family == Family::Marc && title.chars().count() <= MAX_NONFILING {
        return;
    }
    let problem = Problem::new(Field::TitleSort, "", "there is a title and no sort title");
    if is_read_wrong(title) {
        return found.add(problem);
    }
    found.add(match subject.family {
        // Without an article, nothing is left out.
        Family::Marc if !may_begin_with_article(title) => match g3(&[title], 0) {
            Some(sort) => with_sort(problem, sort),
            None => problem,
        },
        Family::Marc => problem,
        Family::RecordManager => with_sort(problem, record_manager(title)),
        Family::Xslt | Family::Unknown => with_sort(problem, sort),
    });
}

fn with_sort(problem: Problem, sort: String) -> Problem {
    with_value(problem, Field::TitleSort, &sort)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, check_change};

    #[test]
    fn titles_need_a_sort_title() {
        check(&RULE, r#"{"title":"Social media"}"#, &["title_sort"]);
        check(&RULE, r#"{"title":"Social media","title_sort":" "}"#, &["title_sort"]);
        check(&RULE, r#"{"title":"Social media","title_sort":"x"}"#, &[]);
        check(&RULE, r#"{"title":"..."}"#, &[]);
        check_change(&RULE, r#"{"title":"The Social: media"}"#, &[("title_sort", "social media")]);
        check_change(&RULE, r#"{"title":"The Social: media","record_format":"marc"}"#, &[]);
        let plain = r#"{"title":"Social media : a review /","record_format":"marc"}"#;
        check_change(&RULE, plain, &[("title_sort", "social media a review")]);
        check(&RULE, r#"{"title":"Ulysses","record_format":"marc"}"#, &[]);
        let damaged = r#"{"title":"ThÃ©rÃ¨se Raquin"}"#;
        check(&RULE, damaged, &["title_sort"]);
        check_change(&RULE, damaged, &[]);
        check(&RULE, r#"{}"#, &[]);
    }
}
