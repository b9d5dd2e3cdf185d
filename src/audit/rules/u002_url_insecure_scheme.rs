//! U002: url insecure scheme.

use super::links::{split, strip_start};
use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject, Words};
use crate::input::Field;

/// By the list `secure_hosts`, whose hosts stand for their sub-domains; doi.org is left to U003.
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
Hosts beside those of the list are not judged; the network is never asked. A host of the list stands for its
sub-domains. Links to doi.org are left to U003.
## Source
The hosts' own documentation.",
    check: Check::record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    let urls = subject.record.all(Field::Url);
    let hosts = &subject.settings.lists.secure_hosts;
    for url in urls {
        if let Some(link) = secure(url, hosts) {
            let problem = Problem::new(Field::Url, &**url, "the host serves https").suggest(link);
            found.add_with_change(problem, Field::Url, || {
                urls.iter().map(|url| secure(url, hosts).unwrap_or_else(|| url.clone().into_owned()))
            });
        }
    }
}

/// The link with https, if it has http and a host of the list.
fn secure(url: &str, hosts: &Words) -> Option<String> {
    let link = strip_start(url, "http://").and_then(|_| split(url))?;
    is_known(link.host, hosts).then(|| format!("https{}", &url["http".len()..]))
}

/// Whether a host is in the list, or is a part of one that is.
fn is_known(host: &str, hosts: &Words) -> bool {
    let dots = memchr::memchr_iter(b'.', host.as_bytes());
    std::iter::once(0).chain(dots.map(|at| at + 1)).any(|start| hosts.has_in_any_case(&host[start..]))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, check_change};

    #[test]
    fn known_hosts_are_secure() {
        check(&RULE, r#"{"url":["http://www.jstor.org/stable/1"]}"#, &["url"]);
        let urls = r#"{"url":["http://x.org/","http://www.jstor.org/stable/1"]}"#;
        check_change(&RULE, urls, &[("url", "http://x.org/ | https://www.jstor.org/stable/1")]);
        for host in
            ["jstor.org", "babel.hathitrust.org", "pubmed.ncbi.nlm.nih.gov", "de.wikipedia.org", "WWW.JSTOR.ORG"]
        {
            check(&RULE, &format!(r#"{{"url":["http://{host}/x"]}}"#), &["url"]);
        }
        check(&RULE, r#"{"url":["http://myjstor.org/x","http://jstor.org.proxy.x.edu/y"]}"#, &[]);
        check(
            &RULE,
            r#"{"url":["https://www.jstor.org/stable/1","http://intranet.x.org/","http://dx.doi.org/10.1/x"]}"#,
            &[],
        );
    }
}
