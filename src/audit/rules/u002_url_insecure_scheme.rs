//! U002: url insecure scheme.

use super::links::{split, strip_start};
use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject, Words};
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

fn check(subject: &Subject<'_>, found: &mut Found) {
    let urls = subject.record.all(Field::Url);
    let hosts = &subject.settings.lists.secure_hosts;
    for url in urls {
        if let Some(link) = secure(url, hosts) {
            let after = urls.iter().map(|url| secure(url, hosts).unwrap_or_else(|| url.clone().into_owned()));
            let problem = Problem::new(Field::Url, &**url, "the host serves https").suggest(link);
            found.add(problem.change(Field::Url, after));
        }
    }
}

/// The link with https, if it has http and a host of the list.
fn secure(url: &str, hosts: &Words) -> Option<String> {
    let link = strip_start(url, "http://").and_then(|_| split(url))?;
    hosts.has_in_any_case(link.host).then(|| format!("https{}", &url["http".len()..]))
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
        check(
            &RULE,
            r#"{"url":["https://www.jstor.org/stable/1","http://intranet.x.org/","http://dx.doi.org/10.1/x"]}"#,
            &[],
        );
    }
}
