//! I005: doi malformed.

use std::borrow::Cow;

use super::links::{split, strip_start};
use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;
use crate::keys::identifiers::{doi, doi_strict};
use crate::keys::seek::holds;

/// Judges `doi_str_mv`, `doi_str`, and what links to a DOI resolver lead to.
pub(super) static RULE: Rule = Rule {
    code: "I005",
    name: "doi-malformed",
    severity: Severity::Error,
    fix: Fix::Safe,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
DOIs that are not `10.`, four to nine digits, a slash and a suffix without blanks: prefixes in the field, full
stops and closing brackets at the end, HTML entities, doubled resolver addresses, escapes such as `%3C` in a field, two DOIs
in one value.
## Why it matters
The link is dead, and equal DOIs do not look equal.
## Example
`doi:10.1177/2055207621996870.`.
## Known gaps
Signs such as `<`, `>`, `;` and brackets are legal and occur in old DOIs. Case does not count and is kept. After a full
stop behind a letter something may be missing (`10.5555/1ABC.`): the DOI without it is proposed only.
## Source
DOI Handbook; VuFind's `DoiTools`.",
    check: Check::record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    check_field(Field::DoiStrMv.name(), record.all(Field::DoiStrMv), found);
    if let Some(entry) = record.entries().iter().find(|entry| entry.name == SINGLE) {
        check_field(SINGLE, record.values(entry), found);
    }
    let urls = record.all(Field::Url);
    for url in urls {
        let Some(rest) = after_resolver(url) else { continue };
        // A label or a query may follow; what the link leads to is decided by the path.
        let path = rest.split(['?', '#']).next().unwrap_or(rest);
        if !path.is_empty() && !is_doi(path) && !is_escaped(path) {
            let problem = Problem::new(Field::Url, &**url, "the link leads to no well-formed DOI");
            match certain_link(url) {
                Some(link) => found.add_with_change(problem.suggest(link), Field::Url, || {
                    urls.iter().map(|url| certain_link(url).unwrap_or_else(|| url.clone().into_owned()))
                }),
                None => found.add(problem.suggest_any(doi_of(url).map(|doi| format!("https://doi.org/{doi}")))),
            }
        }
    }
}

/// The field for DOIs in indexes that have one at most.
const SINGLE: &str = "doi_str";

fn check_field(name: &str, dois: &[Cow<'_, str>], found: &mut Found) {
    for value in dois.iter().filter(|value| !value.trim().is_empty() && !is_plain_doi(value)) {
        let problem = Problem::named(name, &**value, "the value is no well-formed DOI");
        match certain(value) {
            Some(doi) => found.add_with_change_named(problem.suggest(doi), name, || {
                dois.iter().map(|value| certain(value).unwrap_or_else(|| value.clone().into_owned()))
            }),
            None => found.add(problem.suggest_any(doi_of(&value.replace(is_hidden, "")))),
        }
    }
}

/// The DOI of a malformed value that holds nothing else: no blank and no entity inside.
fn certain(value: &str) -> Option<String> {
    let is_right = is_plain_doi(value.trim());
    let value = without_label(value);
    let is_alone = !value.contains(|letter: char| letter.is_whitespace() || letter == '&');
    doi_of(value).filter(|found| is_alone && is_doi(found) && !is_right && !is_cut(value, found))
}

/// A value without blanks around it and a label before the DOI, behind which a blank may stand: `DOI: 10.1177/abc`.
fn without_label(value: &str) -> &str {
    let value = value.trim();
    strip_start(value, "doi:").or_else(|| strip_start(value, "doi ")).map_or(value, str::trim_start)
}

/// The DOI of a value, in its case where nothing had to be decoded.
pub(super) fn doi_of(value: &str) -> Option<String> {
    let mut value = value;
    // Of `https://doi.org/https://doi.org/10…`, the last resolver counts.
    while let Some(rest) = after_resolver(value).filter(|rest| after_resolver(rest).is_some()) {
        value = rest;
    }
    // Of `https://doi.org/https://10…`, the name itself.
    let last = after_resolver(value).unwrap_or(value);
    let name = ["https://", "http://"].iter().find_map(|scheme| strip_start(last, scheme));
    value = name.filter(|name| name.starts_with("10.")).unwrap_or(value);
    let found = doi(value)?;
    // ASCII lower-casing keeps every byte position.
    let in_case = |text: &str| {
        let at = text.to_ascii_lowercase().find(&found)?;
        Some(text[at..at + found.len()].to_owned())
    };
    let without_escapes = || in_case(&doi_strict(&format!("urn:doi:{}", value.replace('+', "%2B")))?);
    Some(in_case(value).or_else(without_escapes).unwrap_or(found))
}

/// Whether a value that ends in a full stop may have lost what came after it: no number stands before it.
fn is_cut(value: &str, found: &str) -> bool {
    value.ends_with('.') && found.ends_with(|letter: char| letter.is_alphabetic())
}

/// The right link in place of a malformed one.
fn certain_link(url: &str) -> Option<String> {
    let path = after_resolver(url)?;
    if is_doi(path) || is_escaped(path) || path.contains(['?', '#']) {
        return None;
    }
    certain(path).map(|doi| format!("https://doi.org/{doi}"))
}

fn after_resolver(url: &str) -> Option<&str> {
    let link = split(url)?;
    let is_resolver = ["doi.org", "dx.doi.org", "www.doi.org"].iter().any(|host| link.host.eq_ignore_ascii_case(host));
    if is_resolver { link.rest.strip_prefix('/') } else { None }
}

/// `10.`, four to nine digits, further numbers after points, a slash, and a suffix that does not end in punctuation.
fn is_doi(text: &str) -> bool {
    let Some((prefix, suffix)) = text.strip_prefix("10.").and_then(|rest| rest.split_once('/')) else { return false };
    let mut numbers = prefix.split('.');
    let is_number = |number: &str| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    numbers.next().is_some_and(|number| (4..=9).contains(&number.len()) && is_number(number))
        && numbers.all(is_number)
        && !suffix.is_empty()
        && !suffix.contains(|letter: char| letter.is_whitespace() || letter.is_control() || is_hidden(letter))
        && !["&amp;", "&lt;", "&gt;", "doi.org/"].iter().any(|part| holds(suffix, part))
        && !ends_loosely(suffix)
        && !holds_second(suffix)
}

/// Whether another DOI follows behind a separator: `10.1000/182;10.1000/183`.
fn holds_second(suffix: &str) -> bool {
    suffix.split([',', ';', '|']).skip(1).any(|part| {
        let prefix = part.strip_prefix("10.").and_then(|rest| rest.split_once('/')).map(|(prefix, _)| prefix);
        prefix.is_some_and(|prefix| prefix.len() > 3 && prefix.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

/// The same without escapes such as `%3C`, which belong in links alone.
fn is_plain_doi(text: &str) -> bool {
    let is_hex = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_hexdigit);
    let bytes = text.as_bytes();
    let is_escape = |at: usize| is_hex(bytes.get(at + 1)) && is_hex(bytes.get(at + 2));
    is_doi(text) && !memchr::memchr_iter(b'%', bytes).any(is_escape)
}

/// Whether a letter shows nothing: a soft hyphen, a blank without width, a mark of direction or of byte order.
fn is_hidden(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}')
}

fn ends_loosely(suffix: &str) -> bool {
    suffix.ends_with(['.', ',', ';'])
        || [('(', ')'), ('[', ']'), ('<', '>'), ('"', '"')].into_iter().any(|(open, close)| {
            let is_stray = || open == close || suffix.matches(close).count() > suffix.matches(open).count();
            suffix.ends_with(close) && is_stray()
        })
}

/// A slash may be written as an escape in links.
fn is_escaped(path: &str) -> bool {
    let at = path.find("%2F").or_else(|| path.find("%2f"));
    at.is_some_and(|at| is_doi(&format!("{}/{}", &path[..at], &path[at + 3..])))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, check_change, problems};

    #[test]
    fn dois_are_well_formed() {
        for doi in [
            "doi:10.1177/2055207621996870.",
            "https://doi.org/10.1177/abc",
            "10.1177/abc)",
            "10.1177/abc]",
            "10.1177/abc>",
            "10.1177/a b",
            "10.11/x",
            "10.1177/a;10.1177/b",
            "10.1177/a|10.1177/b",
            "10.1177/a\u{200b}",
            "10.1177/a\u{ad}b",
        ] {
            check(&RULE, &format!(r#"{{"doi_str_mv":["{doi}"]}}"#), &["doi_str_mv"]);
        }
        for doi in
            ["10.1177/2055207621996870", "10.1002/(SICI)1099-0690(199801)1998:1<1::AID-X>3.0.CO;2-Z", "10.1000/ABC(2)"]
        {
            check(&RULE, &format!(r#"{{"doi_str_mv":["{doi}"]}}"#), &[]);
        }
        let hidden = "{\"doi_str_mv\":[\"10.1177/a\u{200b}b\"]}";
        assert_eq!(problems(&RULE, hidden)[0].suggestion.as_deref(), Some("10.1177/ab"));
        let dois = r#"{"doi_str_mv":["10.1177/ABC","doi:10.1177/2055207621996870."]}"#;
        check_change(&RULE, dois, &[("doi_str_mv", "10.1177/ABC | 10.1177/2055207621996870")]);
        check_change(&RULE, r#"{"doi_str_mv":["10.1177/a b"]}"#, &[]);
        let kept = r#"{"doi_str_mv":["https://doi.org/10.1177/Q2.B7"]}"#;
        check_change(&RULE, kept, &[("doi_str_mv", "10.1177/Q2.B7")]);
        let cut = r#"{"doi_str_mv":["10.1177/1QJHS."]}"#;
        check_change(&RULE, cut, &[]);
        assert_eq!(problems(&RULE, cut)[0].suggestion.as_deref(), Some("10.1177/1QJHS"));
        for (value, doi) in [
            ("DOI: 10.1177/Abc", "10.1177/Abc"),
            ("doi 10.1177/abc", "10.1177/abc"),
            ("https://10.1177/abc", "10.1177/abc"),
            ("10.1002/1096(198%3C1%3A%3AAID", "10.1002/1096(198<1::AID"),
            ("https://doi.org/https://10.1177/abc", "10.1177/abc"),
            ("https://doi.org/http://dx.doi.org/10.1177/abc", "10.1177/abc"),
        ] {
            check_change(&RULE, &format!(r#"{{"doi_str_mv":["{value}"]}}"#), &[("doi_str_mv", doi)]);
        }
        let scheme = r#"{"url":["https://doi.org/https://10.1177/abc"]}"#;
        check_change(&RULE, scheme, &[("url", "https://doi.org/10.1177/abc")]);
        check_change(&RULE, r#"{"doi_str":"doi:10.1177/q2"}"#, &[("doi_str", "10.1177/q2")]);
        let doubled = r#"{"url":["https://doi.org/https://doi.org/10.1177/abc"]}"#;
        check_change(&RULE, doubled, &[("url", "https://doi.org/10.1177/abc")]);
        check(&RULE, r#"{"url":["https://doi.org/https://doi.org/10.1177/abc"]}"#, &["url"]);
        let doubled = r#"{"doi_str_mv":["https://doi.org/https://doi.org/10.1177/abc"]}"#;
        check_change(&RULE, doubled, &[("doi_str_mv", "10.1177/abc")]);
        check(
            &RULE,
            r#"{"url":["https://doi.org/10.1177/abc?x=1","http://dx.doi.org/10.1177%2Fabc","https://doi.org/"]}"#,
            &[],
        );
    }
}
