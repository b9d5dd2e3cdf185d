//! Who may ask, and what a browser may do with the answers.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;

/// Longest request target in bytes.
const MAX_TARGET: usize = 8_192;
/// Name of the cookie that holds the token; the port follows, since cookies of one host are shared by all its ports.
const COOKIE: &str = "shelfread_token_";

/// Nothing may be loaded but what the server has, nothing may be framed or sent elsewhere.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; \
                      form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// The rules of the door.
pub(super) struct Gate {
    /// Values of `Host` that are answered. A page elsewhere whose name was bent to this machine sends its own name.
    /// Not asked if a token is, since others know the machine by names of their own.
    pub(super) hosts: Vec<String>,
    /// Asked of every request if the server can be reached from other machines.
    pub(super) token: Option<String>,
    pub(super) port: u16,
    /// Asked of every form.
    pub(super) form_token: String,
}

/// Why a request is refused.
pub(super) struct Refused {
    pub(super) status: StatusCode,
    pub(super) reason: &'static str,
}

fn refused(status: StatusCode, reason: &'static str) -> Result<Passed, Refused> {
    Err(Refused { status, reason })
}

/// What to do with a request that may pass.
pub(super) enum Passed {
    /// Answer it.
    Yes,
    /// Set the cookie and ask for the page again without the token in its address.
    SetCookie,
}

impl Gate {
    /// Looks at a request.
    pub(super) fn check(&self, request: &Request) -> Result<Passed, Refused> {
        let headers = request.headers();
        if request.uri().to_string().len() > MAX_TARGET {
            return refused(StatusCode::URI_TOO_LONG, "the address is too long");
        }
        let Some(host) = text(headers, header::HOST.as_str()) else {
            return refused(StatusCode::BAD_REQUEST, "the request names no host");
        };
        let authority = request.uri().authority().map_or(host, |authority| authority.as_str());
        let is_known = |name: &str| self.hosts.iter().any(|known| known.eq_ignore_ascii_case(name));
        if headers.get_all(header::HOST).iter().count() != 1 || authority != host {
            return refused(StatusCode::BAD_REQUEST, "the request names several hosts");
        }
        if self.token.is_none() && !is_known(host) {
            return refused(StatusCode::MISDIRECTED_REQUEST, "the server does not answer to this name");
        }
        if !matches!(*request.method(), Method::GET | Method::HEAD) && !is_own(headers, host) {
            return refused(StatusCode::FORBIDDEN, "the form was sent from elsewhere");
        }
        let Some(token) = &self.token else { return Ok(Passed::Yes) };
        if cookies(headers, self.port).any(|value| is_equal(value, token)) {
            return Ok(Passed::Yes);
        }
        if tokens(request.uri().query().unwrap_or_default()).any(|value| is_equal(value, token)) {
            return Ok(Passed::SetCookie);
        }
        refused(StatusCode::UNAUTHORIZED, "take the address with the token that `shelfread review` printed")
    }

    /// Whether a form has the token of its page.
    pub(super) fn knows_form(&self, token: &str) -> bool {
        is_equal(token, &self.form_token)
    }

    /// The answer that keeps the token in a cookie and asks for the same address without it.
    pub(super) fn set_cookie(&self, path: &str, query: &str) -> Response {
        let (token, port) = (self.token.as_deref().unwrap_or_default(), self.port);
        // Lax, so that a link in a mail opens; forms are guarded by their origin and their own token.
        let cookie = format!("{COOKIE}{port}={token}; Path=/; HttpOnly; SameSite=Lax");
        let others: Vec<&str> =
            query.split('&').filter(|part| !part.is_empty() && tokens(part).next().is_none()).collect();
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::SEE_OTHER;
        // A path that begins with two slashes would name another host.
        let mut path = format!("/{}", path.trim_start_matches(['/', '\\']));
        if !others.is_empty() {
            path = format!("{path}?{}", others.join("&"));
        }
        for (name, value) in [(header::SET_COOKIE, cookie), (header::LOCATION, path)] {
            if let Ok(value) = HeaderValue::try_from(value) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}

/// Headers of every answer.
pub(super) fn protect(response: &mut Response) {
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
}

/// Whether a form comes from a page of this server. Browsers say so; what says nothing is no browser and no page's doing
/// but is refused all the same.
fn is_own(headers: &HeaderMap, host: &str) -> bool {
    match (text(headers, header::ORIGIN.as_str()), text(headers, "sec-fetch-site")) {
        (_, Some(site)) if site != "same-origin" => false,
        (Some(origin), _) => origin.strip_prefix("http://").is_some_and(|name| name.eq_ignore_ascii_case(host)),
        (None, site) => site.is_some(),
    }
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

fn cookies(headers: &HeaderMap, port: u16) -> impl Iterator<Item = &str> {
    let name = format!("{COOKIE}{port}=");
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|value| value.split(';')).filter_map(move |part| part.trim().strip_prefix(&name))
}

fn tokens(query: &str) -> impl Iterator<Item = &str> {
    query.split('&').filter_map(|part| part.strip_prefix("token="))
}

/// Compares in a time that does not tell how far two texts agree.
fn is_equal(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |differing, (a, b)| differing | (a ^ b)) == 0
}

/// 32 hexadecimal digits that nobody can guess.
pub(super) fn random_token() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(token: Option<&str>) -> Gate {
        let hosts = vec!["127.0.0.1:8080".to_owned(), "localhost:8080".to_owned()];
        Gate { hosts, token: token.map(str::to_owned), port: 8080, form_token: "f".to_owned() }
    }

    fn ask(gate: &Gate, method: &str, path: &str, headers: &[(&str, &str)]) -> u16 {
        let mut request = axum::http::Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        match gate.check(&request.body(Body::empty()).expect("a request")) {
            Ok(Passed::Yes) => 200,
            Ok(Passed::SetCookie) => 303,
            Err(refused) => refused.status.as_u16(),
        }
    }

    #[test]
    fn only_own_names_are_answered() {
        let gate = gate(None);
        let with = |host| ask(&gate, "GET", "/", &[("host", host)]);
        assert_eq!([with("127.0.0.1:8080"), with("LOCALHOST:8080")], [200, 200]);
        assert_eq!([with("evil.example:8080"), with("127.0.0.1"), with("127.0.0.1:81")], [421; 3]);
        assert_eq!(ask(&gate, "GET", "/", &[]), 400);
        assert_eq!(ask(&gate, "GET", "/", &[("host", "127.0.0.1:8080"), ("host", "evil")]), 400);
        assert_eq!(ask(&gate, "GET", "http://evil.example/", &[("host", "127.0.0.1:8080")]), 400);
        assert_eq!(ask(&gate, "GET", &format!("/?q={}", "x".repeat(9_000)), &[("host", "127.0.0.1:8080")]), 414);
    }

    #[test]
    fn forms_come_from_own_pages() {
        let gate = gate(None);
        let with = |more: &[(&str, &str)]| {
            let headers: Vec<_> = [("host", "127.0.0.1:8080")].into_iter().chain(more.iter().copied()).collect();
            ask(&gate, "POST", "/", &headers)
        };
        assert_eq!(with(&[("origin", "http://127.0.0.1:8080")]), 200);
        assert_eq!(with(&[("sec-fetch-site", "same-origin")]), 200);
        assert_eq!(with(&[]), 403);
        assert_eq!(with(&[("origin", "null")]), 403);
        assert_eq!(with(&[("origin", "http://localhost:8080")]), 403);
        assert_eq!(with(&[("origin", "https://127.0.0.1:8080")]), 403);
        assert_eq!(with(&[("origin", "http://127.0.0.1:8080"), ("sec-fetch-site", "cross-site")]), 403);
    }

    #[test]
    fn others_need_the_token() {
        let gate = gate(Some("secret"));
        let with = |path, cookie| ask(&gate, "GET", path, &[("host", "library.example:8080"), ("cookie", cookie)]);
        assert_eq!(with("/", "a=b"), 401);
        assert_eq!(with("/", "a=b; shelfread_token_8080=secret"), 200);
        assert_eq!(with("/", "shelfread_token_8080=secre"), 401);
        assert_eq!(with("/", "shelfread_token_8081=secret"), 401);
        assert_eq!(with("/?token=secret", ""), 303);
        assert_eq!(with("/?token=other", ""), 401);
        let to = |path, query| gate.set_cookie(path, query).headers()[header::LOCATION].clone();
        assert_eq!(to("//evil.example", "token=secret"), "/evil.example");
        assert_eq!(to("/", "band=any&token=secret&q=a%26b"), "/?band=any&q=a%26b");
    }
}
