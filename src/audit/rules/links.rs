//! The parts of links.

use crate::input::{Field, Record};
use crate::keys::identifiers::doi;
use crate::keys::seek::{holds_in_any_case, split_once};

/// Scheme (lower or upper case as written), host without user, port, and the rest from the path on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Link<'a> {
    pub(super) scheme: &'a str,
    pub(super) host: &'a str,
    /// With its colon; empty for the usual port of the scheme.
    pub(super) port: &'a str,
    pub(super) rest: &'a str,
}

/// Splits an absolute link with `://`.
pub(super) fn split(url: &str) -> Option<Link<'_>> {
    let (scheme, after) = split_once(url, "://")?;
    let end = memchr::memchr3(b'/', b'?', b'#', after.as_bytes()).unwrap_or(after.len());
    let (authority, rest) = after.split_at(end);
    let authority = memchr::memrchr(b'@', authority.as_bytes()).map_or(authority, |at| &authority[at + 1..]);
    let (host, port) = match memchr::memrchr(b':', authority.as_bytes()).map(|at| authority.split_at(at)) {
        Some((host, port)) if port[1..].bytes().all(|byte| byte.is_ascii_digit()) => (host, port),
        _ => (authority, ""),
    };
    let port = if is_usual(scheme, port.trim_start_matches(':')) { "" } else { port };
    Some(Link { scheme, host, port, rest })
}

/// Whether a port is the one that a scheme has when none is given.
fn is_usual(scheme: &str, port: &str) -> bool {
    port.is_empty()
        || [("http", "80"), ("https", "443"), ("ftp", "21")]
            .iter()
            .any(|usual| usual.1 == port && scheme.eq_ignore_ascii_case(usual.0))
}

/// Whether a value is a link, so that `&`, `?` and `%` in it mean something else than in text.
pub(in crate::audit) fn is_link(value: &str) -> bool {
    let start = value.trim_start();
    ["http://", "https://", "ftp://"]
        .iter()
        .any(|scheme| start.get(..scheme.len()).is_some_and(|text| text.eq_ignore_ascii_case(scheme)))
}

/// Whether a link names the DOI resolver.
pub(in crate::audit) fn has_doi_host(url: &str) -> bool {
    holds_in_any_case(url, "doi.org/")
}

/// The DOIs of `doi_str_mv` and of links to the resolver, in their order, repeats included.
pub(in crate::audit) fn dois(record: &Record<'_>) -> Vec<String> {
    let links = record.all(Field::Url).iter().filter(|url| has_doi_host(url));
    record.all(Field::DoiStrMv).iter().chain(links).filter_map(|value| doi(value)).collect()
}

/// Cuts a start off, whatever its case.
pub(super) fn strip_start<'a>(text: &'a str, start: &str) -> Option<&'a str> {
    text.get(..start.len()).filter(|head| head.eq_ignore_ascii_case(start)).map(|_| &text[start.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_split() {
        let link = split("http://me@Example.org:8080/a?b").expect("it is a link");
        assert_eq!(link, Link { scheme: "http", host: "Example.org", port: ":8080", rest: "/a?b" });
        let port = |url| split(url).map(|link| link.port);
        assert_eq!(
            [port("https://x.org:443/"), port("http://x.org:443"), port("http://x.org:/")],
            [Some(""), Some(":443"), Some("")]
        );
        assert!(has_doi_host("HTTP://DX.DOI.ORG/10.1/a") && !has_doi_host("https://x.org/doi"));
        assert_eq!(split("/pmc/1"), None);
        assert!(is_link("HTTPS://x.org") && !is_link("x.org"));
    }
}
