//! F006: container missing for article.

use super::format_classes::{Class, is_one_of};
use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::{Field, Record};
use crate::keys::features::identifiers_of;
use crate::keys::preprints::is_preprint;
use crate::keys::seek::{holds, holds_in_any_case};

/// Preprints, reports and deposits in repositories need no container; the journal suggested is found in `spelling`.
pub(super) static RULE: Rule = Rule {
    code: "F006",
    name: "container-missing-for-article",
    severity: Severity::Warn,
    fix: Fix::Proposal,
    aggregated: false,
    needs: &[Field::ContainerTitle],
    skips_merged: false,
    explanation: "\
## What it finds
Articles and chapters without the journal, series or work in which they appeared. What `spelling` holds
between the last author and the topics is suggested.
## Why it matters
No citation and no OpenURL can be made, and the journal cannot help to find duplicates.
## Example
An article whose journal `Digit Health` stands in `spelling` only.
## Known gaps
Preprints and reports typed as articles have no container; they are known by their format, and preprints also by
their collection, host, DOI, title or a link to the server, as are deposits in repositories. A title that speaks of a
publisher, a thesis or a technical report may be none of an article, which is information. What says only where in a container the article stands (`12(3), 2019`) names none.
## Source
VuFind's DOAJ stylesheet writes the journal to series; other routes drop it.",
    check: Check::record(check),
};

/// Formats of what appears by itself, plain and sorted.
const REPORTS: [&str; 6] =
    ["discussionpaper", "report", "researchreport", "technicalreport", "workingpaper", "workingpapers"];

/// Longest text taken for the name of a journal, in bytes.
const MAX_JOURNAL: usize = 120;

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    if !subject.classes().has(Class::Article) && !subject.classes().has(Class::Chapter) {
        return;
    }
    let containers = [Field::ContainerTitle, Field::Series, Field::HierarchyParentTitle, Field::Series2];
    if containers.iter().any(|&field| record.filled(field).is_some())
        || record.all(Field::Format).iter().any(|value| is_one_of(value, &REPORTS))
        || is_preprint(record, &identifiers_of(record))
        || comes_from_preprint_server(record)
        || record
            .filled(Field::Title)
            .is_some_and(|title| ["preprint", "arxiv"].iter().any(|word| holds_in_any_case(title, word)))
        || subject.dois().iter().any(|doi| is_of_repository(doi))
    {
        return;
    }
    let problem = if record.filled(Field::Title).is_some_and(speaks_of_other_kind) {
        let message = "an article or chapter without its container, which may be no article";
        Problem::new(Field::ContainerTitle, "", message).severity(Severity::Info)
    } else {
        Problem::new(Field::ContainerTitle, "", "an article or chapter without its container")
    };
    found.add(match journal(record) {
        Some(journal) => problem.suggest(journal),
        None => problem,
    });
}

/// Words of citations that are of a book, a thesis or a report, lower-case. Origin: forms of citation, and publishers' names.
const OTHER_KINDS: [&str; 21] = [
    "academic press",
    "addison-wesley",
    "addison wesley",
    "doctoral thesis",
    "kluwer academic",
    "macmillan",
    "master's thesis",
    "mcgraw-hill",
    "mit press",
    "morgan kaufmann",
    "ph. d.",
    "ph.d.",
    "phd thesis",
    "prentice hall",
    "prentice-hall",
    "published by",
    "springer-verlag",
    "tech. rep",
    "technical report",
    "university press",
    "wiley & sons",
];

fn speaks_of_other_kind(title: &str) -> bool {
    OTHER_KINDS.iter().any(|words| holds_in_any_case(title, words))
}

/// Names of preprint servers, lower-case. Origin: the servers' own.
const SERVERS: [&str; 9] =
    ["arxiv", "biorxiv", "chemrxiv", "medrxiv", "preprint", "preprints", "psyarxiv", "research square", "ssrn"];

/// Whether the collection is a preprint server, or a link leads to one: the DOI may be that of the later article.
fn comes_from_preprint_server(record: &Record<'_>) -> bool {
    let is_server = |name: &str| SERVERS.iter().any(|server| name.trim().eq_ignore_ascii_case(server));
    let is_link = |url: &str| {
        ["//arxiv.org/abs/", "biorxiv.org/content/", "medrxiv.org/content/"].iter().any(|at| holds(url, at))
    };
    record.all(Field::Collection).iter().any(|name| is_server(name))
        || record.all(Field::Url).iter().any(|url| is_link(url))
}

/// Beginnings of the DOIs of repositories. Origin: figshare, Zenodo, and those of universities as DataCite lists them.
const REPOSITORIES: [&str; 6] =
    ["10.6084/m9.figshare", "10.5281/zenodo", "10.7916/", "10.14288/", "10.7288/", "10.15480/"];

fn is_of_repository(doi: &str) -> bool {
    REPOSITORIES.iter().any(|start| doi.starts_with(start))
}

/// The text between the last author and the first topic or the description, in the copy of all fields.
fn journal<'a>(record: &'a Record<'_>) -> Option<&'a str> {
    let text = record.first(Field::Spelling)?;
    let author = record.all(Field::Author).last()?;
    let rest = &text[text.find(&**author)? + author.len()..];
    let nexts = record.all_of(&[Field::Topic, Field::Description]).filter(|next| !next.is_empty());
    let end = nexts.filter_map(|next| rest.find(next)).min()?;
    let journal = rest[..end].trim();
    (2..=MAX_JOURNAL).contains(&journal.len()).then_some(journal)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, problems};

    #[test]
    fn articles_appear_somewhere() {
        assert!(super::REPORTS.is_sorted());
        check(&RULE, r#"{"format":["Article"]}"#, &["container_title"]);
        check(&RULE, r#"{"format":["Article"],"container_title":"Digit Health"}"#, &[]);
        check(&RULE, r#"{"format":["Article"],"series":["Digit Health"]}"#, &[]);
        check(&RULE, r#"{"format":["Article","Preprint"]}"#, &[]);
        check(&RULE, r#"{"format":["Article"],"title":"On sets. arXiv:1001.0001"}"#, &[]);
        let thesis = r#"{"format":["Article"],"title":"On sets. PhD thesis, Lund"}"#;
        assert_eq!(problems(&RULE, thesis)[0].severity, Some(super::Severity::Info));
        check(&RULE, r#"{"format":["Article","Report"]}"#, &[]);
        check(&RULE, r#"{"format":["Article","Working Paper"]}"#, &[]);
        check(&RULE, r#"{"format":["Article","Case Report"]}"#, &["container_title"]);
        check(&RULE, r#"{"format":["Article"],"collection":["bioRxiv"]}"#, &[]);
        check(&RULE, r#"{"format":["Article"],"collection":["arXiv"],"doi_str_mv":["10.1000/1"]}"#, &[]);
        check(&RULE, r#"{"format":["Article"],"url":["https://arxiv.org/abs/2101.00101"]}"#, &[]);
        check(&RULE, r#"{"format":["Article"],"url":["https://doi.org/10.48550/arXiv.2101.00003"]}"#, &[]);
        check(&RULE, r#"{"format":["Article"],"container_reference":"12(3), 2019"}"#, &["container_title"]);
        check(&RULE, r#"{"format":["Book"]}"#, &[]);
        check(&RULE, r#"{"format":["Article"],"doi_str_mv":["10.6084/m9.figshare.100001"]}"#, &[]);
        let seed = r#"{"format":["Article"],"author":["Walsh, L","Hill, S"],"topic":["Review"],"spelling":["T Walsh, L Hill, S Digit Health Review x"]}"#;
        assert_eq!(problems(&RULE, seed)[0].suggestion.as_deref(), Some("Digit Health"));
    }
}
