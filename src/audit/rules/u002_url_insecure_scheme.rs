//! U002: url insecure scheme.

use super::links::{split, strip_start};
use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;

pub(super) static RULE: Rule = Rule {
    code: "U002",
    name: "url-insecure-scheme",
    severity: Severity::Info,
    fix: Fix::Safe,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
Links with `http://` to hosts that are known to serve `https://`.
## Why it matters
Browsers warn, and every visit is redirected.
## Example
`http://www.jstor.org/stable/1`.
## Known gaps
The list of hosts is short; the network is never asked. Links to doi.org are left to U003.
## Source
The hosts' own documentation.",
    check: Check::record(check),
};

/// Hosts that redirect to https. Origin: frequent hosts of open catalogues, as of 2024. Sorted.
const SECURE_HOSTS: [&str; 28] = [
    "academic.oup.com",
    "archive.org",
    "arxiv.org",
    "books.google.com",
    "catalog.hathitrust.org",
    "creativecommons.org",
    "d-nb.info",
    "doaj.org",
    "gallica.bnf.fr",
    "hdl.handle.net",
    "journals.plos.org",
    "link.springer.com",
    "onlinelibrary.wiley.com",
    "pubs.acs.org",
    "purl.org",
    "www.biomedcentral.com",
    "www.cambridge.org",
    "www.gutenberg.org",
    "www.jstor.org",
    "www.loc.gov",
    "www.mdpi.com",
    "www.nature.com",
    "www.ncbi.nlm.nih.gov",
    "www.sciencedirect.com",
    "www.tandfonline.com",
    "www.worldcat.org",
    "www.youtube.com",
    "zenodo.org",
];

fn check(subject: &Subject<'_>, found: &mut Found) {
    let urls = subject.record.all(Field::Url);
    for url in urls {
        if let Some(link) = secure(url) {
            let after = urls.iter().map(|url| secure(url).unwrap_or_else(|| url.clone().into_owned()));
            let problem = Problem::new(Field::Url, &**url, "the host serves https").suggest(link);
            found.add(problem.change(Field::Url, after));
        }
    }
}

/// The link with https, if it has http and a host of the list.
fn secure(url: &str) -> Option<String> {
    let link = strip_start(url, "http://").and_then(|_| split(url))?;
    let is_secure = SECURE_HOSTS.iter().any(|host| link.host.eq_ignore_ascii_case(host));
    is_secure.then(|| format!("https{}", &url["http".len()..]))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, check_change};

    #[test]
    fn known_hosts_are_secure() {
        assert!(super::SECURE_HOSTS.is_sorted());
        check(&RULE, r#"{"url":["http://www.jstor.org/stable/1"]}"#, &["url"]);
        let urls = r#"{"url":["http://x.org/","http://www.jstor.org/stable/1"]}"#;
        check_change(&RULE, urls, &[("url", "http://x.org/ | https://www.jstor.org/stable/1")]);
        check(
            &RULE,
            r#"{"url":["https://www.jstor.org/stable/1","http://intranet.x.org/","http://dx.doi.org/10.1/x"]}"#,
            &[],
        );
    }
}
