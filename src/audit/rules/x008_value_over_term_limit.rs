//! X008: value over term limit.

use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::{Entry, Field, Record};

/// In bytes: an error above 32,766, Lucene's longest term; a warning from 8,000 on.
pub(super) static RULE: Rule = Rule {
    code: "X008",
    name: "value-over-term-limit",
    severity: Severity::Error,
    fix: Fix::Proposal,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
Values of unanalysed fields longer than 32,766 bytes; from 8,000 bytes on a warning.
## Why it matters
Solr refuses the whole record when it is indexed again.
## Example
A list of 3,000 collaborators in one facet value.
## Known gaps
Fields that are cut into words, such as description and title, have no limit, unless Solr copies them to one that is kept
whole, as it does authors, topics, publishers and title_full. Of unknown fields only those
with a string suffix are judged.
## Source
Lucene's longest term; field types of VuFind's schema.",
    check: Check::record(check),
};

/// Longest term that Lucene accepts, in bytes of UTF-8.
const MAX_TERM: usize = 32_766;

/// Length from which a value is suspicious, in bytes.
const LONG_TERM: usize = 8_000;

/// Fields of the types text and textProper, and those that are not indexed. From VuFind's schema; fields of type
/// textFacet are kept whole and have the limit.
const UNLIMITED: [Field; 29] = [
    Field::Fullrecord,
    Field::Allfields,
    Field::Fulltext,
    Field::Spelling,
    Field::SpellingShingle,
    Field::Author,
    Field::AuthorVariant,
    Field::Author2,
    Field::Author2Variant,
    Field::AuthorCorporate,
    Field::AuthorAdditional,
    Field::Title,
    Field::TitleSub,
    Field::TitleShort,
    Field::TitleFull,
    Field::TitleFullUnstemmed,
    Field::TitleAuth,
    Field::TitleAlt,
    Field::TitleOld,
    Field::TitleNew,
    Field::Publisher,
    Field::Description,
    Field::Contents,
    Field::Series,
    Field::Series2,
    Field::Topic,
    Field::Genre,
    Field::Geographic,
    Field::Era,
];

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    if !record.every_value().iter().any(|value| value.len() >= LONG_TERM) {
        return;
    }
    for entry in record.entries() {
        for value in record.values(entry).iter().filter(|value| value.len() >= LONG_TERM) {
            if !has_limit(entry) && !is_copied(record, entry, value) {
                continue;
            }
            let problem =
                Problem::named(entry.name, excerpt(value), format!("the value is {} bytes long", value.len()));
            found.add(if value.len() > MAX_TERM { problem } else { problem.severity(Severity::Warn) });
        }
    }
}

/// Fields of type text that Solr copies to fields kept whole, and the stored field that has the same values, if there is
/// one. From VuFind's schema: author_facet, topic_browse, publisherStr and title_fullStr.
const COPIED: [(Field, Option<Field>); 6] = [
    (Field::Author, Some(Field::AuthorFacet)),
    (Field::Author2, Some(Field::AuthorFacet)),
    (Field::AuthorCorporate, Some(Field::AuthorFacet)),
    (Field::Topic, Some(Field::TopicFacet)),
    (Field::Publisher, None),
    (Field::TitleFull, Some(Field::TitleFullStr)),
];

/// Whether a value of a field without limit has one as a copy, and no other field tells of it.
fn is_copied(record: &Record<'_>, entry: &Entry<'_>, value: &str) -> bool {
    COPIED.iter().any(|&(field, copy)| {
        entry.field == Some(field) && !copy.is_some_and(|copy| record.all(copy).iter().any(|other| &**other == value))
    })
}

fn has_limit(entry: &Entry<'_>) -> bool {
    match entry.field {
        Some(field) => !UNLIMITED.contains(&field),
        None => ["_str", "_str_mv", "_txtF", "_txtF_mv"].iter().any(|suffix| entry.name.ends_with(suffix)),
    }
}

/// The beginning of a value that is too long to repeat.
fn excerpt(value: &str) -> &str {
    const EXCERPT: usize = 200;
    value.char_indices().nth(EXCERPT).map_or(value, |(end, _)| &value[..end])
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, problems};

    #[test]
    fn terms_have_a_limit() {
        let document = |field: &str, n: usize| format!(r#"{{"{field}":["{}"]}}"#, "é".repeat(n));
        check(&RULE, &document("author_facet", 16_384), &["author_facet"]);
        assert_eq!(problems(&RULE, &document("x_str", 4000))[0].severity, Some(crate::audit::Severity::Warn));
        check(&RULE, &document("description", 20_000), &[]);
        check(&RULE, &document("topic_facet", 1000), &[]);
    }

    #[test]
    fn fields_that_are_copied_have_the_limit() {
        let names = "Walsh, Louisa; ".repeat(3_000);
        check(&RULE, &format!(r#"{{"author":["{names}"]}}"#), &["author"]);
        check(&RULE, &format!(r#"{{"author":["{names}"],"author_facet":["{names}"]}}"#), &["author_facet"]);
        check(&RULE, &format!(r#"{{"description":"{names}","contents":["{names}"]}}"#), &[]);
    }
}
