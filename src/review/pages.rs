//! Pages from templates, which escape everything.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use minijinja::Environment;
use minijinja::value::Serde;
use serde::Serialize;

use super::desk::Desk;
use crate::report::shown::{MAX_VALUE, shown};
use crate::report::{PARTS, STYLE};

const TEMPLATES: [(&str, &str); 7] = [
    PARTS,
    ("frame.html", include_str!("frame.html")),
    ("queue.html", include_str!("queue.html")),
    ("proposal.html", include_str!("proposal.html")),
    ("findings.html", include_str!("findings.html")),
    ("record.html", include_str!("record.html")),
    ("message.html", include_str!("message.html")),
];
const OWN_STYLE: &str = include_str!("review.css");
const SCRIPT: &str = include_str!("review.js");

/// The templates.
pub(super) struct Pages(Environment<'static>);

/// What stands on every page.
#[derive(Serialize)]
pub(super) struct Frame {
    title: String,
    user: String,
    report: String,
    store: String,
    version: &'static str,
    /// Why records cannot be shown; empty if they can.
    no_records: String,
    /// Whether the report has been made again since the server began.
    is_replaced: bool,
}

#[derive(Serialize)]
struct Message<'a> {
    frame: Frame,
    text: &'a str,
    back: &'a str,
}

impl Pages {
    /// Reads all templates, so that errors in them show at once.
    pub(super) fn new() -> Pages {
        let mut environment = Environment::new();
        for (name, source) in TEMPLATES {
            environment.add_template(name, source).expect("the templates are part of the program");
        }
        Pages(environment)
    }
}

impl Desk {
    /// What is shown is made fit for display and cut where it is too long, the title included.
    pub(super) fn frame(&self, title: &str) -> Frame {
        Frame {
            title: shown(title, MAX_VALUE),
            user: shown(&self.user, MAX_VALUE),
            report: shown(&self.report.name(), MAX_VALUE),
            store: shown(&self.store_name, MAX_VALUE),
            version: env!("CARGO_PKG_VERSION"),
            is_replaced: self.report.is_replaced(),
            no_records: self.corpus.as_ref().err().map(|reason| shown(reason, MAX_VALUE)).unwrap_or_default(),
        }
    }

    /// A page.
    pub(super) fn page<T: Serialize>(&self, template: &str, page: &T) -> Response {
        let text = self.pages.0.get_template(template).and_then(|template| template.render(Serde(page)));
        match text {
            Ok(text) => typed("text/html; charset=utf-8", text),
            Err(error) => {
                (StatusCode::INTERNAL_SERVER_ERROR, format!("the page cannot be made: {error}")).into_response()
            }
        }
    }

    /// A page that says what is wrong, with a way back within the server.
    pub(super) fn message(&self, status: StatusCode, title: &str, text: &str, back: &str) -> Response {
        let text = &shown(text, 1_000);
        let mut response = self.page("message.html", &Message { frame: self.frame(title), text, back });
        *response.status_mut() = status;
        response
    }
}

/// `style.css`.
pub(super) fn style() -> Response {
    typed("text/css; charset=utf-8", format!("{}\n{OWN_STYLE}", STYLE.1))
}

/// `script.js`.
pub(super) fn script() -> Response {
    typed("text/javascript; charset=utf-8", SCRIPT.to_owned())
}

fn typed(kind: &'static str, text: String) -> Response {
    let mut response = text.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}
