//! U003: url legacy doi resolver.

use super::links::split;
use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;

/// Changes scheme and host only: what follows them is I005's.
pub(super) static RULE: Rule = Rule {
    code: "U003",
    name: "url-legacy-doi-resolver",
    severity: Severity::Warn,
    fix: Fix::Safe,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
Links to dx.doi.org, or to doi.org without https.
## Why it matters
VuFind takes DOIs from `https://doi.org/` only, so the DOI is lost.
## Example
`http://dx.doi.org/10.1177/2055207621996870`.
## Known gaps
Links through a proxy are not looked into.
## Source
Crossref's display guidelines; VuFind's `DoiTools`.",
    check: Check::record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    let urls = subject.record.all(Field::Url);
    for url in urls {
        if let Some(link) = current(url) {
            let problem = Problem::new(Field::Url, &**url, "the DOI is not linked by https://doi.org/").suggest(link);
            found.add_with_change(problem, Field::Url, || {
                urls.iter().map(|url| current(url).unwrap_or_else(|| url.clone().into_owned()))
            });
        }
    }
}

/// The link by the current resolver in place of an older form.
fn current(url: &str) -> Option<String> {
    let link = split(url)?;
    let is_old = link.host.eq_ignore_ascii_case("dx.doi.org");
    let is_current = || ["doi.org", "www.doi.org"].iter().any(|host| link.host.eq_ignore_ascii_case(host));
    let is_plain = || is_current() && link.scheme.eq_ignore_ascii_case("http");
    ((is_old || is_plain()) && link.rest.len() > 1).then(|| format!("https://doi.org{}", link.rest))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, check_change};

    #[test]
    fn dois_are_linked_by_one_host() {
        check(&RULE, r#"{"url":["http://dx.doi.org/10.1177/abc","http://doi.org/10.1177/abc"]}"#, &["url", "url"]);
        let urls = r#"{"url":["https://x.org/","http://dx.doi.org/10.1177/abc"]}"#;
        check_change(&RULE, urls, &[("url", "https://x.org/ | https://doi.org/10.1177/abc")]);
        check(&RULE, r#"{"url":["http://www.doi.org/10.1177/abc","https://www.doi.org/10.1177/abc"]}"#, &["url"]);
        check(
            &RULE,
            r#"{"url":["https://doi.org/10.1177/abc","https://proxy.x.org/?u=http://dx.doi.org/10.1/x"]}"#,
            &[],
        );
    }
}
