//! Requests to the review server, as bytes: whatever is asked, it answers, shows nothing unescaped, and writes a
//! decision only for a form of its own.

#![no_main]

use std::cell::RefCell;
use std::path::PathBuf;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use axum::Router;
use shelfread::config::Config;
use shelfread::decisions;
use shelfread::pipeline;
use shelfread::results::Job;
use shelfread::progress::Progress;
use shelfread::files::folder::Folder;
use shelfread::report::{self, CONTENTS};
use shelfread::review::{Options, service};
use tower::ServiceExt;

const HOST: &str = "127.0.0.1:8080";
const TOKEN: &str = "fedcba98";

struct Server {
    router: Router,
    runtime: tokio::runtime::Runtime,
    store: PathBuf,
    n_decided: usize,
    _place: tempfile::TempDir,
}

impl Server {
    fn start() -> Server {
        let place = tempfile::tempdir().expect("a temporary folder");
        let sample = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../testdata/sample.jsonl"));
        let progress = Progress::new(true);
        let results = pipeline::run(&[sample], Job::Check, &Config::default(), &progress).expect("it runs");
        let report = place.path().join("report");
        let folder = Folder::start(&report, &CONTENTS, false).expect("a free place");
        report::write(&results, &folder, |_| ()).expect("writable");
        folder.publish().expect("it is moved");
        let store = place.path().join("decisions.sqlite");
        let options = Options {
            report,
            decisions: store.clone(),
            user: "eva".to_owned(),
            port: 0,
            listen: None,
            opens_browser: false,
        };
        let router = service(&options, HOST, TOKEN, &progress).expect("the report is there");
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        Server { router, runtime, store, n_decided: 0, _place: place }
    }

    fn ask(&mut self, bytes: &[u8]) {
        let Some(request) = request(bytes) else { return };
        let is_form = request.method() == "POST";
        let is_own = bytes.windows(TOKEN.len()).any(|window| window == TOKEN.as_bytes());
        let answer = self.runtime.block_on(async {
            let answer = self.router.clone().oneshot(request).await.expect("it never fails");
            let (head, body) = answer.into_parts();
            (head, to_bytes(body, usize::MAX).await.expect("a body"))
        });
        let (head, body) = answer;
        assert!(head.status != StatusCode::INTERNAL_SERVER_ERROR, "{}", String::from_utf8_lossy(&body));
        assert!(head.headers.contains_key("content-security-policy") && head.headers.contains_key("cache-control"));
        let is_page = head.headers.get("content-type").is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        let page = String::from_utf8_lossy(&body);
        assert!(!is_page || page.matches("<script").count() <= 1, "no script but its own: {page}");
        assert!(!is_page || !page.contains("<fuzz"), "what was sent is escaped: {page}");
        if is_form && head.status == StatusCode::SEE_OTHER {
            let n_decided = decisions::read(&self.store).expect("the store is whole").len();
            // A form that says again what it said last writes nothing more.
            let is_once = [self.n_decided, self.n_decided + 1].contains(&n_decided);
            assert!(is_own && is_once, "a decision is written once, for its own forms");
            self.n_decided = n_decided;
        }
    }
}

/// A request as the HTTP library would hand it on; `None` if the bytes are none.
fn request(bytes: &[u8]) -> Option<Request<Body>> {
    let mut headers = [httparse::EMPTY_HEADER; 32];
    let mut head = httparse::Request::new(&mut headers);
    let Ok(httparse::Status::Complete(length)) = head.parse(bytes) else { return None };
    let mut request = Request::builder().method(head.method?).uri(head.path?);
    for header in head.headers.iter() {
        request = request.header(header.name, header.value);
    }
    request.body(Body::from(bytes[length..].to_vec())).ok()
}

thread_local! {
    static SERVER: RefCell<Server> = RefCell::new(Server::start());
}

// The server is started before, so that a slow machine's start is not held for a slow answer.
libfuzzer_sys::fuzz_target!(
    init: SERVER.with(|_| ()),
    |bytes: &[u8]| SERVER.with(|server| server.borrow_mut().ask(bytes))
);
