//! F004: topic is publication type.

use super::format_classes::Class;
use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject, Words};
use crate::input::Field;

/// Topics equal to one of the list `publication_types`, in articles also of `article_types`.
pub(super) static RULE: Rule = Rule {
    code: "F004",
    name: "topic-is-publication-type",
    severity: Severity::Warn,
    fix: Fix::Proposal,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
Topics that name a kind of publication or the section of a journal.
## Why it matters
Searches by subject and the topic facet return everything of that kind.
## Example
`Review Article`.
## Known gaps
Works about a kind of publication have longer headings (`Case reports as topic`, `Editorials -- History`);
only equal values are reported, and words that are subject headings too (`Letters`) for articles only.
## Source
PubMed Central delivers the article type as dc:subject.",
    check: Check::record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    let lists = &subject.settings.lists;
    let is_article = || subject.classes().has(Class::Article);
    for topic in subject.record.all(Field::Topic) {
        if is_among(&lists.publication_types, topic) || is_among(&lists.article_types, topic) && is_article() {
            found.add(Problem::new(Field::Topic, &**topic, "the topic names a kind of publication"));
        }
    }
}

fn is_among(types: &Words, topic: &str) -> bool {
    let topic = topic.trim_end_matches(['.', ' ']);
    // The names of article types in JATS have hyphens: `research-article`.
    let is_spelled_apart = || topic.contains('-') && types.has_in_any_case(&topic.replace('-', " "));
    topic.len() <= types.longest() && (types.has_in_any_case(topic) || is_spelled_apart())
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::check;

    #[test]
    fn topics_are_subjects() {
        check(&RULE, r#"{"topic":["Letters."],"format":["Book"]}"#, &[]);
        check(&RULE, r#"{"topic":["Letters."],"format":["Article"]}"#, &["topic"]);
        check(&RULE, r#"{"topic":["Correspondence.","Systematic Review"],"format":["Book"]}"#, &["topic", "topic"]);
        check(&RULE, r#"{"topic":["Research"],"format":["Article"]}"#, &[]);
        check(&RULE, r#"{"topic":["research-article","Case-Report"]}"#, &["topic", "topic"]);
        check(&RULE, r#"{"topic":["Congresses.","Hochschulschrift"],"format":["Book"]}"#, &["topic"]);
        check(&RULE, r#"{"topic":["Congresses.","Dogs-Cats"],"format":["Article"]}"#, &["topic"]);
        check(&RULE, r#"{"topic":["Review Article","Social media","Case reports."]}"#, &["topic", "topic"]);
        check(&RULE, r#"{"topic":["Case reports as topic","Editorials -- History"]}"#, &[]);
    }

    #[test]
    fn case_does_not_count_in_any_language() {
        check(&RULE, r#"{"topic":["Übersichtsarbeit","Artículo de Revisión","ОБЗОРНАЯ СТАТЬЯ"]}"#, &["topic"; 3]);
        check(&RULE, r#"{"topic":["Reseña"],"format":["Article"]}"#, &["topic"]);
        check(&RULE, r#"{"topic":["Reseña"],"format":["Book"]}"#, &[]);
    }
}
