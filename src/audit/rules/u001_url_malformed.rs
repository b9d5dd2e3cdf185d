//! U001: url malformed.

use super::links::{split, strip_start};
use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;

/// Safe where the repair is certain, else the link is proposed; `urn:` and `hdl:` names are no faults.
pub(super) static RULE: Rule = Rule {
    code: "U001",
    name: "url-malformed",
    severity: Severity::Error,
    fix: Fix::Safe,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
Links that are no absolute http, https or ftp addresses: relative paths, blanks inside, misspelt schemes, no
host, a port above 65535, a second link run into the first.
## Why it matters
The link in the catalogue is dead.
## Example
`/pmc/articles/PMC7917429/`.
## Known gaps
`urn:` and `hdl:` names are accepted, as are letters outside ASCII, and names of hosts without a point, which
intranets have.
## Source
RFC 3986 and 3987.",
    check: Check::record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    let urls = subject.record.all(Field::Url);
    for url in urls {
        let Some(message) = fault(url) else { continue };
        let problem = Problem::new(Field::Url, &**url, message);
        match certain(url) {
            Some(link) => found.add_with_change(problem.suggest(link), Field::Url, || {
                urls.iter().map(|url| certain(url).unwrap_or_else(|| url.clone().into_owned()))
            }),
            None => found.add(problem.suggest_any(repaired(url))),
        }
    }
}

fn fault(url: &str) -> Option<&'static str> {
    if strip_start(url, "urn:").is_some() || strip_start(url, "hdl:").is_some() {
        return None;
    }
    if url.trim().is_empty() {
        return Some("the link is empty");
    }
    let is_blank = |letter: char| letter.is_whitespace() || letter.is_control();
    // Without a way out before the end, the compiler looks at several bytes at a time.
    if !url.bytes().fold(true, |all, byte| all & byte.is_ascii_graphic()) && url.contains(is_blank) {
        return Some("the link holds a blank");
    }
    let Some(link) = split(url) else { return Some("the link is not absolute") };
    if !["http", "https", "ftp"].iter().any(|scheme| link.scheme.eq_ignore_ascii_case(scheme)) {
        return Some("the link has no scheme of the web");
    }
    if !is_host(link.host) {
        return Some("the link has no valid host");
    }
    if !link.port.is_empty() && link.port[1..].parse::<u16>().is_err() {
        return Some("the link has no valid port");
    }
    // `https://x.orghttps://y.org`; behind a path, the second link may be what a proxy fetches.
    let is_next = |scheme: &str| link.host.len() > scheme.len() && link.host.ends_with(scheme);
    let is_glued = link.rest.starts_with("//") && ["http", "https"].into_iter().any(is_next);
    (is_glued || holds_glued(link.rest)).then_some("a second link follows without a break")
}

/// Whether a second link follows a letter or figure of a path, or a comma or semicolon: `/article/1https://y.org`. One that a
/// proxy or an archive fetches stands behind another sign, or in a query.
fn holds_glued(rest: &str) -> bool {
    let is_joint = |letter: char| letter.is_ascii_alphanumeric();
    let lists = |path: &str| path.ends_with([',', ';']) && !path.contains(['?', '=', '#']);
    ["http://", "https://"]
        .iter()
        .any(|start| rest.match_indices(start).any(|(at, _)| rest[..at].ends_with(is_joint) || lists(&rest[..at])))
}

fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        return address.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':' || byte == b'.');
    }
    let is_label = |label: &str| {
        !label.is_empty()
            && label
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_') || letter.is_alphanumeric())
    };
    let host = host.strip_suffix('.').unwrap_or(host);
    host.split('.').all(is_label) && (host.contains('.') || is_local(host))
}

/// Whether a name of one label is that of a host in the same net, and not what a misspelt link leaves there.
fn is_local(host: &str) -> bool {
    let is_rest = ["http", "https", "ftp", "www"].iter().any(|word| host.eq_ignore_ascii_case(word));
    host.len() > 1 && !is_rest && host.contains(char::is_alphabetic)
}

/// The repaired link, if no more than blanks around it or slashes after the scheme were wrong.
fn certain(url: &str) -> Option<String> {
    fault(url)?;
    let trimmed = url.trim();
    let has_scheme = ["http:", "https:"].iter().any(|scheme| strip_start(trimmed, scheme).is_some());
    repaired(url).filter(|_| has_scheme)
}

/// The link without blanks around it, with a whole scheme; none if that does not help. What follows a broken scheme
/// is a host beyond doubt only if it has a point.
fn repaired(url: &str) -> Option<String> {
    let url = url.trim();
    let with_scheme =
        ["http:/", "http//", "htttp://", "https:/", "https//", "http:", "https:", "ttp://"].iter().find_map(|start| {
            let scheme = if start.starts_with("https") { "https" } else { "http" };
            strip_start(url, start).map(|rest| format!("{scheme}://{}", rest.trim_start_matches('/')))
        });
    let with_scheme = with_scheme.filter(|url| split(url).is_some_and(|link| link.host.contains('.')));
    let whole = if fault(url).is_none() { Some(url.to_owned()) } else { with_scheme };
    let whole = whole.or_else(|| strip_start(url, "www.").map(|_| format!("http://{url}")));
    let whole = whole.or_else(|| strip_start(url, "doi:10.").map(|rest| format!("https://doi.org/10.{rest}")));
    whole.filter(|url| fault(url).is_none())
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check_change, problems};

    #[test]
    fn links_are_absolute() {
        for (url, repaired) in [
            ("/pmc/articles/PMC7917429/", None),
            ("http:/x.org/a", Some("http://x.org/a")),
            ("http//x.org", Some("http://x.org")),
            ("htttp://x.org/", Some("http://x.org/")),
            (" https://x.org/ ", Some("https://x.org/")),
            ("www.x.org", Some("http://www.x.org")),
            ("http://x.org/a b", None),
            ("http://?", None),
            ("http://http://x.org/a", None),
            ("https://x.orghttps://y.org/a", None),
            ("http://x.org:99999/", None),
            ("http:pmc/articles/1", None),
            (" http://intranet/docs", Some("http://intranet/docs")),
            ("", None),
        ] {
            let found = problems(&RULE, &format!(r#"{{"url":["{url}"]}}"#));
            assert_eq!(
                found.iter().map(|problem| problem.suggestion.as_deref()).collect::<Vec<_>>(),
                [repaired],
                "{url}"
            );
        }
        let urls = r#"{"url":["https://a.org/"," http:/x.org/a"]}"#;
        check_change(&RULE, urls, &[("url", "https://a.org/ | http://x.org/a")]);
        check_change(&RULE, r#"{"url":["https:example.org/e"]}"#, &[("url", "https://example.org/e")]);
        check_change(&RULE, r#"{"url":["http:example.org/e"]}"#, &[("url", "http://example.org/e")]);
        check_change(&RULE, r#"{"url":["htttp://x.org/"]}"#, &[]);
        check_change(&RULE, r#"{"url":["www.x.org"]}"#, &[]);
        for url in [
            "https://x.org/ä",
            "http://proxy.x.org/login?url=https://y.org/",
            "urn:nbn:de:1",
            "ftp://x.org",
            "http://10.0.0.1:80/",
            "http://library-server/opac",
            "http://katalog:8080/x",
        ] {
            assert!(problems(&RULE, &format!(r#"{{"url":["{url}"]}}"#)).is_empty(), "{url}");
        }
    }

    #[test]
    fn a_second_link_may_stand_behind_a_path() {
        for url in [
            "https://x.org/article/1https://y.org/a",
            "https://x.org/a;https://y.org/b",
            "https://x.org/a,http://y.org",
        ] {
            assert_eq!(problems(&RULE, &format!(r#"{{"url":["{url}"]}}"#)).len(), 1, "{url}");
        }
        for url in [
            "https://x.org/?u=http://a.org;https://b.org",
            "https://x.org/login?url=https://y.org/a",
            "https://web.archive.org/web/2010/http://y.org/",
        ] {
            assert!(problems(&RULE, &format!(r#"{{"url":["{url}"]}}"#)).is_empty(), "{url}");
        }
    }
}
