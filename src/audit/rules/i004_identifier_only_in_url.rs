//! I004: identifier only in url.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::links::{has_doi_host, strip_start};
use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::{Field, Record};
use crate::keys::identifiers::{arxiv, doi, isbn13, pmcid, pmid_from_url};
use crate::keys::seek::{find, holds_in_any_case, split_once};

pub(super) static RULE: Rule = Rule {
    code: "I004",
    name: "identifier-only-in-url",
    severity: Severity::Warn,
    fix: Fix::Safe,
    aggregated: false,
    needs: &[Field::Url],
    skips_merged: false,
    explanation: "\
## What it finds
Links that carry a DOI, PubMed, PubMed Central or arXiv number, a handle or an ISBN while no identifier field
holds one. Other numbers than DOIs are information. Of records without links, `spelling` is searched for a DOI.
## Why it matters
Search by DOI, link resolvers and duplicate detection read the identifier fields.
## Example
`http://dx.doi.org/10.1177/2055207621996870` and no doi_str_mv.
## Known gaps
A DOI on a site other than doi.org may be unregistered and is information only. The DOI of a link may be that
of the journal, of the host book, or of a reviewed work.
## Source
VuFind's `DoiTools` reads `urn:doi:` and `https://doi.org/` only, and from MARC records only.",
    check: Check::record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    let urls = record.all(Field::Url);
    if urls.is_empty() {
        return check_spelling(record, found);
    }
    // A second DOI may be that of a part, of another version, or of a reviewed work.
    let dois: Vec<(&str, String, bool)> = urls.iter().filter_map(|url| doi_in(url)).collect();
    let n_dois = dois.iter().map(|found| &found.1).collect::<BTreeSet<_>>().len();
    if let Some((url, number, is_resolver)) = dois.into_iter().next().filter(|_| !has(record, "doi")) {
        let problem = Problem::new(Field::Url, url, "the DOI stands in a link only");
        found.add(if is_resolver && n_dois == 1 {
            problem.suggest(number.as_str()).change(Field::DoiStrMv, [number])
        } else if is_resolver {
            problem.suggest(number)
        } else {
            problem.severity(Severity::Info)
        });
    }
    type Reader = fn(&str) -> Option<String>;
    let others: [(&str, &str, Reader); 5] = [
        ("PubMed number", "pmid", pmid_from_url),
        ("PubMed Central number", "pmcid", pmcid),
        ("arXiv number", "arxiv", arxiv),
        ("handle", "handle", handle),
        ("ISBN", "isbn", isbn),
    ];
    for (what, field, read) in others {
        let number = urls.iter().find_map(|url| read(url).map(|number| (url, number)));
        if let Some((url, number)) = number.filter(|_| !has(record, field)) {
            let problem = Problem::new(Field::Url, &**url, format!("the {what} stands in a link only"));
            found.add(problem.severity(Severity::Info).suggest(number));
        }
    }
}

/// Where the address of a DOI begins.
static RESOLVER: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("doi.org/10."));

/// The DOI of a resolver's address in the copy of all text, where there is no link at all.
fn check_spelling(record: &Record<'_>, found: &mut Found) {
    let text = record.first(Field::Spelling).unwrap_or_default();
    let number = RESOLVER.find(text.as_bytes()).and_then(|at| doi(&text[at + "doi.org/".len()..]));
    if let Some(number) = number.filter(|_| !has(record, "doi")) {
        let value = format!("https://doi.org/{number}");
        found
            .add(Problem::new(Field::Spelling, value, "the DOI stands in the text of the record only").suggest(number));
    }
}

/// The handle in a link to the Handle System's resolver.
fn handle(url: &str) -> Option<String> {
    let (_, handle) = split_once(url, "hdl.handle.net/")?;
    let handle = handle.split(['?', '#']).next().unwrap_or(handle);
    handle.split_once('/').filter(|(prefix, own)| !prefix.is_empty() && !own.is_empty()).map(|_| handle.to_owned())
}

/// The ISBN in a link that says that it has one.
fn isbn(url: &str) -> Option<String> {
    if !holds_in_any_case(url, "isbn") {
        return None;
    }
    let lower = url.to_ascii_lowercase();
    let at = ["isbn=", "isbn/", "isbn:"].iter().find_map(|mark| lower.find(mark).map(|at| at + mark.len()))?;
    let number: String =
        lower[at..].chars().take_while(|letter| letter.is_ascii_digit() || matches!(letter, 'x' | '-')).collect();
    isbn13(&number)
}

/// The first DOI of a link, and whether the link leads to the resolver.
fn doi_in(url: &str) -> Option<(&str, String, bool)> {
    if strip_start(url, "urn:doi:").is_some() || has_doi_host(url) {
        return doi(url).map(|number| (url, number, true));
    }
    let at = find(url, "/10.")?;
    doi(&url[at + 1..]).map(|number| (url, number, false))
}

/// Whether a field whose name holds this word has a value.
fn has(record: &Record<'_>, word: &str) -> bool {
    record.entries().iter().any(|entry| entry.name.contains(word) && !record.values(entry).is_empty())
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, check_change, problems};

    #[test]
    fn identifiers_have_their_field() {
        let doi = r#""url":["http://dx.doi.org/10.1177/2055207621996870"]"#;
        check(&RULE, &format!("{{{doi}}}"), &["url"]);
        assert_eq!(problems(&RULE, &format!("{{{doi}}}"))[0].suggestion.as_deref(), Some("10.1177/2055207621996870"));
        check(&RULE, &format!(r#"{{{doi},"doi_str_mv":["10.1177/2055207621996870"]}}"#), &[]);
        check_change(&RULE, &format!("{{{doi}}}"), &[("doi_str_mv", "10.1177/2055207621996870")]);
        for url in ["HTTP://DX.DOI.ORG/10.1177/a", "https://DOI.org/10.1177/a", "URN:DOI:10.1177/a"] {
            check_change(&RULE, &format!(r#"{{"url":["{url}"]}}"#), &[("doi_str_mv", "10.1177/a")]);
        }
        check_change(&RULE, r#"{"url":["https://doi.org/10.1177/a","https://doi.org/10.1177/b"]}"#, &[]);
        let urls = r#""url":["https://www.ncbi.nlm.nih.gov/pmc/articles/PMC7917429/","https://www.ncbi.nlm.nih.gov/pubmed/33717499"]"#;
        check(&RULE, &format!("{{{urls}}}"), &["url", "url"]);
        let elsewhere = problems(&RULE, r#"{"url":["https://x.org/doi/10.1002/abc"]}"#);
        assert_eq!(elsewhere[0].severity, Some(crate::audit::Severity::Info));
        check(&RULE, r#"{"url":["https://x.org/"]}"#, &[]);
        check(&RULE, r#"{"url":["http://hdl.handle.net/10500/123"]}"#, &["url"]);
        check(&RULE, r#"{"url":["http://x.org/book?isbn=978-0-306-40615-7"]}"#, &["url"]);
        check(&RULE, r#"{"url":["http://x.org/book?isbn=9780306406157"],"isbn":["9780306406157"]}"#, &[]);
        check(&RULE, r#"{"spelling":["x Text http://dx.doi.org/10.1177/abc en"]}"#, &["spelling"]);
        check(&RULE, r#"{"spelling":["x Text en"]}"#, &[]);
    }
}
