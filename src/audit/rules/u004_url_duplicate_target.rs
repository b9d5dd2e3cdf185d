//! U004: url duplicate target.

use super::links::{split, strip_start};
use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;

/// Of links with one target, the first stays as it is.
pub(super) static RULE: Rule = Rule {
    code: "U004",
    name: "url-duplicate-target",
    severity: Severity::Info,
    fix: Fix::Safe,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
Two links of one record that differ only in http or https, `www.`, the case of the host or a slash at the end of
the path.
## Why it matters
Readers get the same link twice.
## Example
`http://x.org/a` and `https://x.org/a/`.
## Known gaps
Session parameters, anchors and ports are part of the link, and so is a slash before or in a query.
## Source
RFC 3986, section 6.",
    check: Check::record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    let urls = subject.record.all(Field::Url);
    if urls.len() < 2 {
        return;
    }
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    for (at, url) in urls.iter().enumerate() {
        let before = *first.entry(target(url)).or_insert(at);
        if before != at {
            let message = match urls[before] == *url {
                true => "the link stands there twice".to_owned(),
                false => format!("the link leads where `{}` does", urls[before]),
            };
            found.add_with_change(Problem::new(Field::Url, &**url, message), Field::Url, || distinct(urls));
        }
    }
}

/// One link per target, in the place of the first, with https where one of them has it.
fn distinct<'a>(urls: &'a [Cow<'_, str>]) -> Vec<&'a str> {
    let (mut kept, mut places): (Vec<&str>, BTreeMap<String, usize>) = (Vec::new(), BTreeMap::new());
    let is_secure = |url: &str| strip_start(url, "https://").is_some();
    for url in urls {
        let place = *places.entry(target(url)).or_insert(kept.len());
        match kept.get_mut(place) {
            Some(before) if is_secure(url) && !is_secure(before) => *before = url,
            Some(_) => {}
            None => kept.push(url),
        }
    }
    kept
}

/// The link without http or https, `www.`, case of the host, and slash at the end of the path; other values as they
/// are.
fn target(url: &str) -> String {
    match split(url) {
        Some(link) if is_web(link.scheme) => {
            let path = if link.rest.contains(['?', '#']) { None } else { link.rest.strip_suffix('/') };
            format!("{}{}{}", host(link.host).to_ascii_lowercase(), link.port, path.unwrap_or(link.rest))
        }
        _ => url.to_owned(),
    }
}

fn is_web(scheme: &str) -> bool {
    ["http", "https"].iter().any(|web| scheme.eq_ignore_ascii_case(web))
}

fn host(name: &str) -> &str {
    strip_start(name, "www.").unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, check_change, problems};

    #[test]
    fn links_lead_to_different_things() {
        check(&RULE, r#"{"url":["http://x.org/a","https://www.X.org/a/"]}"#, &["url"]);
        let urls = r#"{"url":["http://x.org/a","http://y.org/","https://x.org/a/"]}"#;
        check_change(&RULE, urls, &[("url", "https://x.org/a/ | http://y.org/")]);
        check(&RULE, r#"{"url":["http://x.org/a","http://x.org/A","http://x.org/a#b","http://y.org/a"]}"#, &[]);
        check(&RULE, r#"{"url":["http://x.org:8080/a","http://x.org/a","ftp://x.org/a"]}"#, &[]);
        check(&RULE, r#"{"url":["https://x.org/a?u=b/","https://x.org/a?u=b"]}"#, &[]);
        let twice = problems(&RULE, r#"{"url":["http://x.org/a","http://x.org/a"]}"#);
        assert_eq!(twice[0].message, "the link stands there twice");
        check_change(
            &RULE,
            r#"{"url":["http://x.org:80/a","https://x.org:443/a"]}"#,
            &[("url", "https://x.org:443/a")],
        );
    }
}
