//! F006: container missing for article.

use super::format_classes::{Class, is_one_of};
use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::{Field, Record};
use crate::keys::features::identifiers_of;
use crate::keys::preprints::is_preprint;
use crate::keys::seek::{holds, holds_in_any_case};

/// Preprints, theses, reports and deposits in repositories need no container; the journal suggested is found in `spelling`.
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
Preprints, theses and reports typed as articles have no container; they are known by their format, and preprints also by
their collection, host, DOI, title or a link to the server, as are deposits in repositories. A title that speaks of a
publisher, a thesis or a report, that ends in a body and its place, or that is a name and a year (`Springer 1995`), may be none
of an article, which is information. What says only where in a container the article stands (`12(3), 2019`) names none.
## Source
VuFind's DOAJ stylesheet writes the journal to series; other routes drop it.",
    check: Check::record(check),
};

/// Formats of what appears by itself, plain and sorted.
const REPORTS: [&str; 8] = [
    "discussionpaper",
    "dissertation",
    "report",
    "researchreport",
    "technicalreport",
    "thesis",
    "workingpaper",
    "workingpapers",
];

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
        || record.filled(Field::Title).is_some_and(speaks_of_preprint)
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

fn speaks_of_preprint(title: &str) -> bool {
    let is_e_print = || words(title).any(|word| word.eq_ignore_ascii_case("e-print"));
    ["preprint", "arxiv"].iter().any(|word| holds_in_any_case(title, word)) || is_e_print()
}

/// Words with the hyphens inside them.
fn words(text: &str) -> impl DoubleEndedIterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric() && letter != '-').filter(|word| !word.is_empty())
}

/// Words of citations that are of a book, a thesis or a report, lower-case. Origin: forms of citation, and publishers' names.
const OTHER_KINDS: [&str; 24] = [
    "& sons",
    "&amp; sons",
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
    "wiley and sons",
    "working paper no",
];

fn speaks_of_other_kind(title: &str) -> bool {
    OTHER_KINDS.iter().any(|words| holds_in_any_case(title, words))
        || names_thesis(title)
        || words(title).any(|word| word.ends_with("erlag"))
        || ends_in_body_and_place(title)
        || is_name_and_year(last_part(title))
}

/// Whether a title is called a thesis, not one about theses: `remarks on the thesis`.
fn names_thesis(title: &str) -> bool {
    const ABOUT: [&str; 8] = ["a", "an", "of", "on", "remarks", "the", "this", "your"];
    let befores = std::iter::once("").chain(words(title));
    let has_word = words(title).zip(befores).any(|(word, before)| {
        let is_thesis = ["thesis", "dissertation"].iter().any(|name| word.eq_ignore_ascii_case(name));
        is_thesis && !ABOUT.iter().any(|about| before.eq_ignore_ascii_case(about))
    });
    let is_degree = |name: &str| {
        title
            .match_indices(name)
            .any(|(at, _)| !title[at + name.len()..].starts_with(|next: char| next.is_alphabetic()))
    };
    has_word || is_degree("Ph.D") || is_degree("Ph. D")
}

/// Last words of the names of bodies, lower-case.
const BODIES: [&str; 12] = [
    "academy",
    "agency",
    "center",
    "centre",
    "college",
    "corporation",
    "department",
    "institut",
    "institute",
    "laboratories",
    "laboratory",
    "university",
];

/// Whether a title ends as the imprint of a report: `National Cancer Institute, Bethesda`.
fn ends_in_body_and_place(title: &str) -> bool {
    let Some((before, place)) = title.trim_end_matches(['.', ' ']).rsplit_once(", ") else { return false };
    let is_body =
        |word: &str| word.starts_with(char::is_uppercase) && BODIES.iter().any(|body| word.eq_ignore_ascii_case(body));
    is_short_name(place, 2) && words(before).next_back().is_some_and(is_body)
}

/// What follows the last full stop or colon of a title.
fn last_part(title: &str) -> &str {
    let ends = [". ", ".-", ": "].iter().filter_map(|sign| Some(title.rfind(sign)? + sign.len()));
    &title[ends.max().unwrap_or(0)..]
}

/// Whether a text is all that a citation says of publisher, place and year: `Wiley, 1998`.
fn is_name_and_year(text: &str) -> bool {
    let text = text.trim_end_matches(['.', ' ']);
    let Some((name, year)) = text.rsplit_once(' ') else { return false };
    let is_year = year.len() == 4 && year.starts_with(['1', '2']) && year.bytes().all(|byte| byte.is_ascii_digit());
    is_year && is_short_name(name.trim_end_matches(','), 3)
}

/// Whether a text has a few words, each with a capital.
fn is_short_name(text: &str, n_words: usize) -> bool {
    let is_name =
        |word: &str| word.starts_with(char::is_uppercase) && !word.contains(|letter: char| letter.is_ascii_digit());
    (1..=n_words).contains(&text.split(' ').count()) && text.split(' ').all(is_name)
}

/// Names of preprint servers, lower-case. Origin: the servers' own.
const SERVERS: [&str; 20] = [
    "arxiv",
    "biorxiv",
    "chemrxiv",
    "eartharxiv",
    "edarxiv",
    "engrxiv",
    "essoar",
    "medrxiv",
    "mindrxiv",
    "osf preprints",
    "preprint",
    "preprints",
    "preprints.org",
    "psyarxiv",
    "research square",
    "scielo preprints",
    "socarxiv",
    "ssrn",
    "techrxiv",
    "authorea",
];

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
    fn preprint_servers_are_known_by_their_collection() {
        check(&RULE, r#"{"format":["Article"],"collection":["OSF Preprints"]}"#, &[]);
        check(&RULE, r#"{"format":["Article"],"collection":["Journals"]}"#, &["container_title"]);
    }

    #[test]
    fn articles_appear_somewhere() {
        assert!(super::REPORTS.is_sorted());
        check(&RULE, r#"{"format":["Article"]}"#, &["container_title"]);
        for format in ["Online Article", "Aufsatz", "Artículo", "Chapitre de livre"] {
            check(&RULE, &format!(r#"{{"format":["{format}"]}}"#), &["container_title"]);
        }
        check(&RULE, r#"{"format":["Article"],"container_title":"Digit Health"}"#, &[]);
        check(&RULE, r#"{"format":["Article"],"series":["Digit Health"]}"#, &[]);
        check(&RULE, r#"{"format":["Article","Preprint"]}"#, &[]);
        check(&RULE, r#"{"format":["Article"],"title":"On sets. arXiv:1001.0001"}"#, &[]);
        let thesis = r#"{"format":["Article"],"title":"On sets. PhD thesis, Lund"}"#;
        assert_eq!(problems(&RULE, thesis)[0].severity, Some(super::Severity::Info));
        check(&RULE, r#"{"format":["Article"],"title":"Kontsevich cycles, 2003, e-print: math"}"#, &[]);
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
    #[test]
    fn titles_that_are_of_no_article_are_information() {
        for title in [
            "Multiple utility optimization in chemical processes, MTech Thesis",
            "The island fox; a field study: Unpublished Ph. D",
            "University of South Carolina Ph. D 1987, 189 pages. KNOWLEDGE-BASED RECLASSIFIERS",
            "Wiley, 1998",
            "Springer 1995",
            "Interne Kommunikation.-Orell FÃ¼ssli, 2002",
            "HÃ¤decke Verlag, 1988",
            "EFI Working Paper No17, Joensuu Finland",
            "Quality of Service. 1998: John Wiley &amp; Sons",
            "SEER Cancer Statistics Review, 1973-1998. National Cancer Institute, Bethesda",
        ] {
            let found = problems(&RULE, &format!(r#"{{"format":["Article"],"title":"{title}"}}"#));
            assert_eq!(found[0].severity, Some(super::Severity::Info), "{title}");
        }
        for title in [
            "Remarks on the thesis of Church",
            "How to write a thesis",
            "Photosynthesis in ferns",
            "A reprint of the re-print",
            "The five-minute rule ten years later, 1997",
            "Teaching at a university, then and now",
            "History of the college, 1998",
        ] {
            let found = problems(&RULE, &format!(r#"{{"format":["Article"],"title":"{title}"}}"#));
            assert_eq!((found.len(), found[0].severity), (1, None), "{title}");
        }
    }
}
