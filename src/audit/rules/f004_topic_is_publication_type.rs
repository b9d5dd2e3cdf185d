//! F004: topic is publication type.

use super::format_classes::{Class, classes};
use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;

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

/// Article types and sections, lower-cased. Origin: `article-type` and subject groups of journals in PubMed Central,
/// publication types of MEDLINE. Sorted.
const TYPES: [&str; 39] = [
    "brief communication",
    "brief communications",
    "brief report",
    "case report",
    "case reports",
    "case series",
    "clinical study",
    "comparative study",
    "corrigendum",
    "data article",
    "data paper",
    "editorial",
    "erratum",
    "guest editorial",
    "journal article",
    "journal articles",
    "letter to the editor",
    "letters to the editor",
    "meta-analysis",
    "methodology article",
    "mini review",
    "mini-review",
    "minireview",
    "original article",
    "original articles",
    "original contribution",
    "original paper",
    "original papers",
    "original research",
    "original research article",
    "rapid communication",
    "regular article",
    "research article",
    "research articles",
    "research paper",
    "review article",
    "review articles",
    "short communication",
    "short report",
];

/// Types that are subject headings of books as well, such as `Letters`; judged for articles only. Sorted.
const AMBIGUOUS: [&str; 19] = [
    "abstract",
    "abstracts",
    "article",
    "articles",
    "book review",
    "book reviews",
    "case study",
    "clinical trial",
    "commentaries",
    "commentary",
    "correction",
    "correspondence",
    "editorials",
    "letter",
    "letters",
    "perspective",
    "perspectives",
    "research",
    "review",
];

fn check(subject: &Subject<'_>, found: &mut Found) {
    let is_article = || classes(subject.record).any(|class| class == Class::Article);
    for topic in subject.record.all(Field::Topic) {
        if is_among(&TYPES, topic) || is_among(&AMBIGUOUS, topic) && is_article() {
            found.add(Problem::new(Field::Topic, &**topic, "the topic names a kind of publication"));
        }
    }
}

/// Longest of the types, in bytes.
const LONGEST: usize = 25;

fn is_among(types: &[&str], topic: &str) -> bool {
    let topic = topic.trim_end_matches(['.', ' ']);
    if topic.len() > LONGEST {
        return false;
    }
    let compare = |word: &&str| word.bytes().cmp(topic.bytes().map(|byte| byte.to_ascii_lowercase()));
    types.binary_search_by(compare).is_ok()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::check;

    #[test]
    fn topics_are_subjects() {
        assert!(super::TYPES.is_sorted() && super::AMBIGUOUS.is_sorted());
        check(&RULE, r#"{"topic":["Letters."],"format":["Book"]}"#, &[]);
        check(&RULE, r#"{"topic":["Letters."],"format":["Article"]}"#, &["topic"]);
        check(&RULE, r#"{"topic":["Review Article","Social media","Case reports."]}"#, &["topic", "topic"]);
        check(&RULE, r#"{"topic":["Case reports as topic","Editorials -- History"]}"#, &[]);
    }
}
