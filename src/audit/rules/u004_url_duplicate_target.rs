//! U004: url duplicate target.

use super::links::{Link, split, strip_start};
use crate::audit::{Check, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;

pub(super) static RULE: Rule = Rule {
    code: "U004",
    name: "url-duplicate-target",
    severity: Severity::Info,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
Two links of one record that differ only in scheme, `www.`, the case of the host or a slash at the end.
## Why it matters
Readers get the same link twice.
## Example
`http://x.org/a` and `https://x.org/a/`.
## Known gaps
Session parameters and anchors are part of the link.
## Source
RFC 3986, section 6.",
    check: Check::Record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    let urls = subject.record.all(Field::Url);
    for (at, url) in urls.iter().enumerate().skip(1) {
        if let Some(before) = urls[..at].iter().find(|before| is_same_target(before, url)) {
            found.add(Problem::new(Field::Url, &**url, format!("the link leads where `{before}` does")));
        }
    }
}

fn is_same_target(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    let (Some(one), Some(other)) = (split(one), split(other)) else { return false };
    let path = |link: Link<'_>| link.rest.len() - usize::from(link.rest.ends_with('/'));
    one.rest[..path(one)] == other.rest[..path(other)] && host(one.host).eq_ignore_ascii_case(host(other.host))
}

fn host(name: &str) -> &str {
    strip_start(name, "www.").unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::check;

    #[test]
    fn links_lead_to_different_things() {
        check(&RULE, r#"{"url":["http://x.org/a","https://www.X.org/a/"]}"#, &["url"]);
        check(&RULE, r#"{"url":["http://x.org/a","http://x.org/A","http://x.org/a#b","http://y.org/a"]}"#, &[]);
    }
}
