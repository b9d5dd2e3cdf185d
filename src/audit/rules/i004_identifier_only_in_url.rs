//! I004: identifier only in url.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::links::{has_doi_host, strip_start};
use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::{Field, Record};
use crate::keys::identifiers::{arxiv, doi, doi_strict, isbn13, pmcid, pmid_from_url};
use crate::keys::seek::{find, holds, holds_in_any_case, split_once};

/// Links come before `spelling`; safe only for a DOI of a resolver's address, if there is no other DOI.
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
holds one. Other numbers than DOIs are information. What neither a field nor a link holds is looked for in `spelling`:
a DOI of a resolver's address or after `doi:`, and numbers after `PMID:`, `PMCID:`, `arXiv:` and `hdl:`.
## Why it matters
Search by DOI, link resolvers and duplicate detection read the identifier fields.
## Example
`http://dx.doi.org/10.1177/2055207621996870` and no doi_str_mv.
## Known gaps
A DOI on a site other than doi.org may be unregistered and is information only; one after `doi:` is proposed. The DOI
of a link may be that
of the journal, of the host book, or of a reviewed work. Numbers in `spelling` may be cited by an abstract, so texts
with several of a kind are passed over.
## Source
VuFind's `DoiTools` reads `urn:doi:` and `https://doi.org/` only, and from MARC records only.",
    check: Check::record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    let urls = record.all(Field::Url);
    check_spelling(record, found);
    // A second DOI may be that of a part, of another version, or of a reviewed work.
    let dois: Vec<(&str, String, Source)> = urls.iter().filter_map(|url| doi_in(url)).collect();
    let n_dois = dois.iter().map(|found| &found.1).collect::<BTreeSet<_>>().len();
    if let Some((url, number, source)) = dois.into_iter().next().filter(|_| !has(record, "doi")) {
        let problem = Problem::new(Field::Url, url, "the DOI stands in a link only");
        found.add(match source {
            Source::Resolver if n_dois == 1 => {
                let written = as_written(url, number);
                problem.suggest(written.as_str()).change(Field::DoiStrMv, [written])
            }
            Source::Resolver | Source::Label => problem.suggest(as_written(url, number)),
            Source::Path => problem.severity(Severity::Info),
        });
    }
    type Reader = fn(&str) -> Option<String>;
    let others: [(&str, &str, Reader); 5] = [
        ("PubMed number", "pmid", pubmed_number),
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

/// Identifiers of the copy of all text that no link holds.
fn check_spelling(record: &Record<'_>, found: &mut Found) {
    let text = record.first(Field::Spelling).unwrap_or_default();
    if !may_name_identifier(text) {
        return;
    }
    let urls = || record.all(Field::Url).iter().map(|url| &**url);
    let marks: &[&str] = &["doi.org/10.", "doi:10.", "doi: 10.", "DOI:10.", "DOI: 10."];
    let doi_at = |at: usize, mark: &str| {
        let rest = next(text, at + mark.len() - "10.".len());
        rest.split(char::is_whitespace).next().unwrap_or(rest)
    };
    let read_doi = || only(text, marks, |at, mark| doi(doi_at(at, mark)));
    let is_known = has(record, "doi") || urls().any(|url| doi_in(url).is_some());
    if let Some(number) = (!is_known).then(read_doi).flatten() {
        let value = format!("https://doi.org/{number}");
        let problem = Problem::new(Field::Spelling, value, "the DOI stands in the text of the record only");
        // Only the address of a resolver is beyond doubt.
        let mut addresses = memchr::memmem::find_iter(text.as_bytes(), marks[0].as_bytes());
        found.add(match addresses.next() {
            Some(at) => {
                let written = as_written(doi_at(at, marks[0]), number);
                problem.suggest(written.as_str()).change(Field::DoiStrMv, [written])
            }
            None => problem.suggest(number),
        });
    }
    let after = |at: usize, mark: &str| next(text, at + mark.len()).trim_start();
    let digits = |rest: &str| {
        let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
        (end > 0).then(|| rest[..end].to_owned())
    };
    let pubmed = || only(text, &["PMID:", "pmid:", "info:pmid/"], |at, mark| digits(after(at, mark)));
    let central = || {
        only(text, &["PMCID:", "PMC"], |at, mark| {
            digits(after(at, mark)).and_then(|number| pmcid(&format!("PMC{number}")))
        })
    };
    let preprint = || only(text, &["arXiv:", "arxiv:"], |at, _| arxiv(next(text, at)));
    let other = || only(text, &["hdl:"], |at, mark| handle_after(after(at, mark)));
    type Reader<'a> = &'a dyn Fn() -> Option<String>;
    type InLink = fn(&str) -> Option<String>;
    let others: [(&str, &str, Reader<'_>, InLink); 4] = [
        ("PubMed number", "pmid", &pubmed, pubmed_number),
        ("PubMed Central number", "pmcid", &central, pmcid),
        ("arXiv number", "arxiv", &preprint, arxiv),
        ("handle", "handle", &other, handle),
    ];
    for (what, field, read, in_link) in others {
        if has(record, field) || urls().any(|url| in_link(url).is_some()) {
            continue;
        }
        if let Some(number) = read() {
            let message = format!("the {what} stands in the text of the record only");
            let problem = Problem::new(Field::Spelling, number.as_str(), message);
            found.add(problem.severity(Severity::Info).suggest(number));
        }
    }
}

/// Whether one of the marks of [`check_spelling`] may stand in a text, by one pass for two signs and one for a word.
fn may_name_identifier(text: &str) -> bool {
    static CENTRAL: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new("PMC"));
    /// Ends of the words before a colon: `doi`, `PMID` and `PMCID`, `info`, `arXiv`, `hdl`.
    const ENDS: [&[u8; 3]; 6] = [b"doi", b"mid", b"cid", b"nfo", b"xiv", b"hdl"];
    let bytes = text.as_bytes();
    let is_mark = |at: usize| {
        let (before, from) = bytes.split_at(at);
        if from[0] == b'/' {
            return from.starts_with(b"/10.") && before.ends_with(b"doi.org");
        }
        before.last_chunk::<3>().is_some_and(|end| ENDS.iter().any(|name| name.eq_ignore_ascii_case(end)))
    };
    memchr::memchr2_iter(b':', b'/', bytes).any(is_mark) || CENTRAL.find(bytes).is_some()
}

/// What stands in a text from a byte on, as far as an identifier may reach: readers look through all that they get.
fn next(text: &str, at: usize) -> &str {
    const MAX_IDENTIFIER: usize = 2_000;
    let rest = &text[at..];
    &rest[..rest.floor_char_boundary(MAX_IDENTIFIER)]
}

/// What is read after one of some marks in a text, if there is no other of its kind.
fn only(text: &str, marks: &[&str], read: impl Fn(usize, &str) -> Option<String>) -> Option<String> {
    let mut only: Option<String> = None;
    for mark in marks {
        let places = memchr::memmem::find_iter(text.as_bytes(), mark.as_bytes());
        for number in places.filter_map(|at| read(at, mark)) {
            if only.as_ref().is_some_and(|known| *known != number) {
                return None;
            }
            only = Some(number);
        }
    }
    only
}

/// The PubMed number of a link, also of a search for one: `pubmed/?term=33717499`.
fn pubmed_number(url: &str) -> Option<String> {
    pmid_from_url(url).or_else(|| {
        let (_, number) = split_once(url, "?term=").filter(|(start, _)| holds(start, "pubmed"))?;
        let number = number.split('&').next().unwrap_or(number).trim_end_matches("[uid]").trim_end_matches("%5Buid%5D");
        (!number.is_empty() && number.len() < 10 && number.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| number.to_owned())
    })
}

/// The handle in a link to the Handle System's resolver.
fn handle(url: &str) -> Option<String> {
    let handle = split_once(url, "hdl.handle.net/").map(|parts| parts.1).or_else(|| strip_start(url, "hdl:"))?;
    handle_after(handle)
}

/// The handle at the start of a text.
fn handle_after(text: &str) -> Option<String> {
    let handle =
        text.split(|letter: char| matches!(letter, '?' | '#') || letter.is_whitespace()).next().unwrap_or(text);
    handle.split_once('/').filter(|(prefix, own)| !prefix.is_empty() && !own.is_empty()).map(|_| handle.to_owned())
}

/// The ISBN in a link that says that it has one.
fn isbn(url: &str) -> Option<String> {
    if !holds_in_any_case(url, "isbn") {
        return None;
    }
    let lower = url.to_ascii_lowercase();
    // `isbn=9783161484100`, and `vid=ISBN9783161484100`.
    lower.match_indices("isbn").find_map(|(at, mark)| {
        let rest = lower[at + mark.len()..].trim_start_matches(['=', '/', ':', '-', '_']);
        let is_of_number = |letter: &char| letter.is_ascii_digit() || matches!(letter, 'x' | '-');
        isbn13(&rest.chars().take_while(is_of_number).collect::<String>())
    })
}

/// What says that a link has a DOI.
enum Source {
    /// The resolver's address, which is beyond doubt.
    Resolver,
    /// The word before it (`doi:10.1177/…`), which makes no link.
    Label,
    /// Only what it looks like, in the path of some site.
    Path,
}

/// The first DOI of a link.
fn doi_in(url: &str) -> Option<(&str, String, Source)> {
    if strip_start(url, "urn:doi:").is_some() || has_doi_host(url) {
        return doi(url).map(|number| (url, number, Source::Resolver));
    }
    if strip_start(url, "doi:").is_some() {
        return doi(url).map(|number| (url, number, Source::Label));
    }
    let at = find(url, "/10.")?;
    doi(&url[at + 1..]).map(|number| (url, number, Source::Path))
}

/// A DOI in the case in which a text has it, escapes of links aside.
fn as_written(text: &str, number: String) -> String {
    let in_case = |text: &str| {
        // Lower-casing ASCII letters keeps every byte position.
        let at = find(&text.to_ascii_lowercase(), &number)?;
        text.get(at..at + number.len()).map(str::to_owned)
    };
    let is_escape = || {
        let decoded = doi_strict(&format!("urn:doi:{}", text.replace('+', "%2B")))?;
        in_case(&decoded)
    };
    in_case(text).or_else(is_escape).unwrap_or(number)
}

/// Whether a field whose name holds this word has a value.
fn has(record: &Record<'_>, word: &str) -> bool {
    record
        .entries()
        .iter()
        .any(|entry| holds(entry.name, word) && record.values(entry).iter().any(|value| !value.trim().is_empty()))
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
        check(&RULE, &format!(r#"{{{doi},"doi_str_mv":[""]}}"#), &["url"]);
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
        for (text, doi) in [
            ("http://dx.doi.org/10.1177/Abc", "10.1177/Abc"),
            ("https://doi.org/10.1177/Abc%2fD.", "10.1177/Abc/D"),
            ("https://doi.org/10.1177/Abc and doi:10.1177/abc", "10.1177/Abc"),
        ] {
            check_change(&RULE, &format!(r#"{{"spelling":["x Text {text} en"]}}"#), &[("doi_str_mv", doi)]);
        }
        check_change(&RULE, r#"{"spelling":["x https://doi.org/10.1177/a and https://doi.org/10.1177/b"]}"#, &[]);
        check_change(&RULE, r#"{"spelling":["x doi:10.1177/abc en"]}"#, &[]);
        for (url, doi) in [
            ("https://doi.org/10.1002/(SICI)1099-0690", "10.1002/(SICI)1099-0690"),
            ("http://dx.doi.org/10.1177%2FAbC", "10.1177/AbC"),
            ("urn:doi:10.1000%2FAbC", "10.1000/AbC"),
        ] {
            check_change(&RULE, &format!(r#"{{"url":["{url}"]}}"#), &[("doi_str_mv", doi)]);
        }
        for text in ["doi:10.1177/abc", "PMID: 33717499", "PMC7917429", "arXiv:2101.00003", "hdl:10500/123"] {
            check(&RULE, &format!(r#"{{"url":["https://x.org/"],"spelling":["x Text {text} en"]}}"#), &["spelling"]);
        }
        check(&RULE, r#"{"spelling":["x PMID: 1111111 and PMID: 2222222"]}"#, &[]);
        check(
            &RULE,
            r#"{"url":["https://www.ncbi.nlm.nih.gov/pubmed/?term=33717499","hdl:10500/123"]}"#,
            &["url", "url"],
        );
        let linked = r#"{"url":["https://www.ncbi.nlm.nih.gov/pubmed/33717499"],"spelling":["x PMID: 33717499"]}"#;
        check(&RULE, linked, &["url"]);
    }
}
