//! Requests in, pages out.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Form, Path, Query, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Serialize;
use tokio::sync::Notify;

use super::Options;
use super::desk::Desk;
use super::findings::{self, Shown};
use super::guard::{Gate, Passed, protect, random_token};
use super::pages::{Frame, script, style};
use super::proposal::{ProposalPage, band, ruling, value};
use super::queue::{PAGE, Queue, Wanted};
use crate::decisions::{Appended, Decision, Ruling};
use crate::error::Error;
use crate::matching::evidence::Veto;
use crate::merge::Proposal;
use crate::progress::{Progress, grouped};
use crate::report::shown::{MAX_VALUE, shown};

/// Largest form in bytes.
const MAX_FORM: usize = 1 << 20;
/// Longest note in bytes.
const MAX_NOTE: usize = 10_000;
/// Longest raw record shown, in characters.
const MAX_RAW: usize = 500_000;
/// Names offered for choice.
const MAX_OPTIONS: usize = 500;

type Answer = Result<Response, Error>;

/// Serves a report until Ctrl-C. `tell` gets the address as soon as it answers.
///
/// # Errors
/// If the report cannot be read, the store not be opened, or the address not be taken.
pub fn serve(
    options: &Options,
    progress: &Progress,
    tell: impl FnOnce(&str) -> Result<(), Error>,
) -> Result<(), Error> {
    let fail = |reason: String| Error::Serve { reason };
    let address = SocketAddr::new(options.listen.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)), options.port);
    let listener = std::net::TcpListener::bind(address)
        .map_err(|error| fail(format!("{address} cannot be taken ({error}); give another --port")))?;
    let port = listener.local_addr().map_err(|error| fail(error.to_string()))?.port();
    let random = || random_token().map_err(|error| fail(format!("the system gives no random numbers ({error})")));
    let token = options.listen.map(|_| random()).transpose()?;
    let hosts = ["127.0.0.1", "localhost", "[::1]"].map(|name| format!("{name}:{port}")).into();
    let gate = Gate { hosts, token: token.clone(), form_token: random()? };
    let desk = Arc::new(Desk::open(options, gate, progress)?);
    let url = match &token {
        None => format!("http://127.0.0.1:{port}/"),
        Some(token) => format!("http://{}/?token={token}", SocketAddr::new(address.ip(), port)),
    };
    // Pages are computed: more threads than processors would only keep memory, some megabytes each.
    let n_at_work = std::thread::available_parallelism().map_or(2, |n| n.get().clamp(2, 8));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(n_at_work)
        .enable_all()
        .build()
        .map_err(|error| fail(error.to_string()))?;
    let ended = Arc::new(Notify::new());
    let end = ended.clone();
    ctrlc::set_handler(move || end.notify_one()).map_err(|error| fail(error.to_string()))?;
    runtime.block_on(async {
        listener.set_nonblocking(true).map_err(|error| fail(error.to_string()))?;
        let listener = tokio::net::TcpListener::from_std(listener).map_err(|error| fail(error.to_string()))?;
        tokio::spawn(axum::serve(listener, router(desk)).into_future());
        tell(&url)?;
        if options.opens_browser {
            open_browser(&url);
        }
        ended.notified().await;
        Ok(())
    })?;
    // What was acknowledged is on disk; what was not is not waited for.
    runtime.shutdown_timeout(Duration::from_secs(1));
    Ok(())
}

/// Asks the system to show a page; if it cannot, the address is printed anyway.
fn open_browser(url: &str) {
    let (program, before): (&str, &[&str]) = match std::env::consts::OS {
        "macos" => ("open", &[]),
        "windows" => ("rundll32", &["url.dll,FileProtocolHandler"]),
        _ => ("xdg-open", &[]),
    };
    let mut command = Command::new(program);
    let _ = command.args(before).arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
}

/// The pages as a service that is asked directly, without a socket and for this machine only: what tests drive. `host` is
/// the only name it answers to, `form_token` what its forms must say.
///
/// # Errors
/// As those of [`serve`].
pub fn service(options: &Options, host: &str, form_token: &str, progress: &Progress) -> Result<Router, Error> {
    let gate = Gate { hosts: vec![host.to_owned()], token: None, form_token: form_token.to_owned() };
    Ok(router(Arc::new(Desk::open(options, gate, progress)?)))
}

fn router(desk: Arc<Desk>) -> Router {
    Router::new()
        .route("/", get(queue))
        .route("/proposal/{id}", get(proposal))
        .route("/proposal/{id}/decide", post(decide))
        .route("/proposal/{id}/undo", post(undo))
        .route("/proposal/{id}/record/{number}", get(record))
        .route("/findings", get(all_findings))
        .route("/findings/{code}", get(findings_of))
        .route("/style.css", get(async || style()))
        .route("/script.js", get(async || script()))
        .fallback(async |State(desk): State<Arc<Desk>>| unknown(&desk, "There is no such page."))
        .layer(DefaultBodyLimit::max(MAX_FORM))
        .layer(middleware::from_fn_with_state(desk.clone(), guard))
        .with_state(desk)
}

async fn guard(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response {
    let mut response = match desk.gate.check(&request) {
        Ok(Passed::Yes) => next.run(request).await,
        Ok(Passed::SetCookie) => desk.gate.set_cookie(request.uri().path()),
        Err(refused) => (refused.status, format!("{}\n", refused.reason)).into_response(),
    };
    protect(&mut response);
    response
}

/// Does what may take a while where it holds up nobody.
async fn work(desk: Arc<Desk>, work: impl FnOnce(&Desk) -> Answer + Send + 'static) -> Response {
    let done = tokio::task::spawn_blocking(move || {
        work(&desk).unwrap_or_else(|error| {
            let reason = error.to_string();
            desk.message(StatusCode::INTERNAL_SERVER_ERROR, "That did not work", &reason, "/")
        })
    });
    done.await.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

fn unknown(desk: &Desk, text: &str) -> Response {
    desk.message(StatusCode::NOT_FOUND, "Not found", text, "/")
}

fn to(address: &str) -> Response {
    let address = HeaderValue::try_from(address).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, address)]).into_response()
}

/// A link among the states, with its number.
#[derive(Serialize)]
struct Tab {
    name: &'static str,
    n: String,
    link: String,
    is_current: bool,
}

#[derive(Serialize)]
struct Choosable {
    value: String,
    words: String,
}

#[derive(Serialize)]
struct Row {
    id: String,
    link: String,
    title: String,
    weight: String,
    n_members: usize,
    band: &'static str,
    state: &'static str,
    doubts: Vec<&'static str>,
    is_stale: bool,
}

#[derive(Serialize)]
struct QueuePage {
    frame: Frame,
    wanted: Wanted,
    tabs: Vec<Tab>,
    n_decided: usize,
    n_all: usize,
    progress: String,
    doubts: Vec<Choosable>,
    rules: Vec<Choosable>,
    collections: Vec<Choosable>,
    rows: Vec<Row>,
    n_found: String,
    range: String,
    previous: Option<String>,
    next: Option<String>,
    done: Option<(String, &'static str)>,
}

async fn queue(State(desk): State<Arc<Desk>>, Query(wanted): Query<Wanted>) -> Response {
    work(desk, move |desk| {
        let states = desk.states()?;
        let found = Queue::of(&wanted, desk)?;
        let n_pages = found.found.len().div_ceil(PAGE).max(1);
        let page = wanted.page().min(n_pages - 1);
        let shown_here = found.found.iter().skip(page * PAGE).take(PAGE);
        let query = wanted.query();
        let row = |&at: &u32| {
            let entry = &desk.index.entries[at as usize];
            Row {
                link: format!("/proposal/{}{query}", entry.id),
                id: entry.id.to_string(),
                title: shown(&entry.title, MAX_VALUE),
                weight: format!("{:+.1}", entry.weight.bits()),
                n_members: entry.n_members,
                band: band(entry.band),
                state: states[at as usize].name(),
                doubts: entry.doubts.iter().map(|veto| veto.name()).collect(),
                is_stale: entry.is_stale,
            }
        };
        let at_page = |page: usize| format!("/{}", Wanted { page: page.to_string(), ..wanted.clone() }.query());
        let n_all: usize = found.n_by_state.iter().sum();
        let n_decided = n_all - found.n_by_state[Decision::Open as usize] - found.n_by_state[Decision::Defer as usize];
        let done = desk.index.find(&wanted.done).map(|at| (wanted.done.clone(), states[at].name()));
        let page = QueuePage {
            frame: desk.frame("Proposals"),
            tabs: tabs(&wanted, &found, n_all),
            n_decided,
            n_all,
            progress: format!("{} of {} decided", grouped(n_decided as u64), grouped(n_all as u64)),
            doubts: doubts(desk),
            rules: rules(desk),
            collections: collections(desk),
            rows: shown_here.map(row).collect(),
            n_found: grouped(found.found.len() as u64),
            range: format!("{} to {}", page * PAGE + 1, (page * PAGE + PAGE).min(found.found.len())),
            previous: (page > 0).then(|| at_page(page)),
            next: (page + 1 < n_pages).then(|| at_page(page + 2)),
            done,
            wanted,
        };
        Ok(desk.page("queue.html", &page))
    })
    .await
}

fn tabs(wanted: &Wanted, found: &Queue, n_all: usize) -> Vec<Tab> {
    let current = Decision::named(&wanted.state).unwrap_or(Decision::Open);
    let order = [Decision::Open, Decision::Accept, Decision::Reject, Decision::Split, Decision::Defer];
    let link = |state: &str| format!("/{}", Wanted { state: state.to_owned(), ..wanted.first_page() }.query());
    let tab = |decision: Decision| Tab {
        name: decision.name(),
        n: grouped(found.n_by_state[decision as usize] as u64),
        link: link(if decision == Decision::Open { "" } else { decision.name() }),
        is_current: wanted.state != "any" && decision == current,
    };
    let mut tabs: Vec<Tab> = order.into_iter().map(tab).collect();
    let is_current = wanted.state == "any";
    tabs.push(Tab { name: "all", n: grouped(n_all as u64), link: link("any"), is_current });
    tabs
}

fn doubts(desk: &Desk) -> Vec<Choosable> {
    let mut present: Vec<Veto> = desk.index.entries.iter().flat_map(|entry| entry.doubts.iter().copied()).collect();
    present.sort_unstable_by_key(|veto| veto.name());
    present.dedup();
    let mut doubts = vec![("any", "any doubt".to_owned())];
    doubts.extend(present.iter().map(|veto| (veto.name(), veto.name().replace('_', " "))));
    if desk.index.entries.iter().any(|entry| entry.is_stale) {
        doubts.push(("stale", "decided before a record changed".to_owned()));
    }
    doubts.into_iter().map(|(value, words)| Choosable { value: value.to_owned(), words }).collect()
}

fn rules(desk: &Desk) -> Vec<Choosable> {
    let rule = |rule: &findings::OfRule| Choosable {
        value: rule.code.to_string(),
        words: format!("{} {}", shown(&rule.code, 20), shown(&rule.name, 80)),
    };
    desk.index.findings.rules.iter().map(rule).collect()
}

fn collections(desk: &Desk) -> Vec<Choosable> {
    let names = desk.index.collections.iter().take(MAX_OPTIONS);
    names.map(|name| Choosable { value: name.to_string(), words: shown(name, 80) }).collect()
}

/// The proposal of that id, and its number.
fn find(desk: &Desk, id: &str) -> Result<Option<(usize, Proposal)>, Error> {
    let Some(at) = desk.index.find(id) else { return Ok(None) };
    let proposal = desk.index.proposal(at).map_err(|error| Error::Serve {
        reason: format!("the proposal {id} cannot be read ({error}); the report has changed, start again"),
    })?;
    Ok(Some((at, proposal)))
}

const NO_PROPOSAL: &str =
    "The report has no such proposal. It may be of another run: ids follow from the records in it.";

async fn proposal(State(desk): State<Arc<Desk>>, Path(id): Path<String>, Query(wanted): Query<Wanted>) -> Response {
    work(desk, move |desk| {
        let Some((at, proposal)) = find(desk, &id)? else { return Ok(unknown(desk, NO_PROPOSAL)) };
        Ok(desk.page("proposal.html", &ProposalPage::of(desk, at, &proposal, &wanted)?))
    })
    .await
}

async fn decide(
    State(desk): State<Arc<Desk>>,
    Path(id): Path<String>,
    Form(form): Form<Vec<(String, String)>>,
) -> Response {
    work(desk, move |desk| {
        let Some((at, proposal)) = find(desk, &id)? else { return Ok(unknown(desk, NO_PROPOSAL)) };
        let wanted: Wanted = serde_urlencoded::from_str(value(&form, "queue")).unwrap_or_default();
        let back = format!("/proposal/{id}{}", wanted.query());
        if let Some(refusal) = wrong_form(desk, &form, &back) {
            return Ok(refusal);
        }
        let ruling = match ruling(&proposal, &form, &desk.user) {
            Ok(ruling) => ruling,
            Err(reason) => {
                let title = "That cannot be decided";
                return Ok(desk.message(StatusCode::UNPROCESSABLE_ENTITY, title, &reason, &back));
            }
        };
        // What comes next is asked before the decision moves the proposal out of the queue.
        let next = Queue::around(&wanted, desk, at)?.after;
        keep(desk, &ruling, &form, &back, || match next {
            Some(next) => format!("/proposal/{next}{}", with_done(&wanted, &id)),
            None => format!("/{}", with_done(&wanted.first_page(), &id)),
        })
    })
    .await
}

async fn undo(
    State(desk): State<Arc<Desk>>,
    Path(id): Path<String>,
    Form(form): Form<Vec<(String, String)>>,
) -> Response {
    work(desk, move |desk| {
        let wanted: Wanted = serde_urlencoded::from_str(value(&form, "queue")).unwrap_or_default();
        let back = format!("/proposal/{id}{}", wanted.query());
        if let Some(refusal) = wrong_form(desk, &form, &back) {
            return Ok(refusal);
        }
        let (mut history, _) = desk.history(&id, 2)?;
        let Some(last) = history.pop().filter(|_| desk.index.find(&id).is_some()) else {
            return Ok(desk.message(
                StatusCode::UNPROCESSABLE_ENTITY,
                "Nothing to undo",
                "Nothing was decided yet.",
                &back,
            ));
        };
        // What was in force before the last word, said again now by whoever takes that word back.
        let open =
            Ruling { decision: Decision::Open, out: Vec::new(), survivor: None, fields: [].into(), ..last.ruling };
        let before = history.pop().map_or(Ruling { note: String::new(), ..open }, |before| before.ruling);
        let ruling = Ruling { user: desk.user.clone(), at: String::new(), ..before };
        keep(desk, &ruling, &form, &back, || back.clone())
    })
    .await
}

fn with_done(wanted: &Wanted, id: &str) -> String {
    let query = wanted.query();
    format!("{query}{}done={id}", if query.is_empty() { '?' } else { '&' })
}

/// The answer to a form that is not of this server's pages, or too long.
fn wrong_form(desk: &Desk, form: &Vec<(String, String)>, back: &str) -> Option<Response> {
    if !desk.gate.knows_form(value(form, "token")) {
        let text = "The page is older than the server. Load it again; nothing was written.";
        return Some(desk.message(StatusCode::FORBIDDEN, "An old page", text, back));
    }
    if value(form, "note").len() > MAX_NOTE {
        let text = "The note is longer than 10,000 characters. Nothing was written.";
        return Some(desk.message(StatusCode::UNPROCESSABLE_ENTITY, "A long note", text, back));
    }
    None
}

/// Writes a ruling, unless somebody else was faster.
fn keep(
    desk: &Desk,
    ruling: &Ruling,
    form: &Vec<(String, String)>,
    back: &str,
    next: impl FnOnce() -> String,
) -> Answer {
    let Ok(seen) = value(form, "seen").parse() else {
        let text = "The form does not say which decision it follows. Load the page again.";
        return Ok(desk.message(StatusCode::UNPROCESSABLE_ENTITY, "An odd form", text, back));
    };
    Ok(match desk.append(ruling, seen)? {
        Appended::Yes(_) => to(&next()),
        Appended::Overtaken(other) => {
            let Ruling { user, decision, at, note, .. } = &other.ruling;
            let who = if user.is_empty() { "Somebody" } else { user };
            let why = if note.is_empty() { String::new() } else { format!(", saying “{note}”") };
            let text = format!(
                "{who} has meanwhile decided “{}” ({at}){why}. Your decision was not kept; look again.",
                decision.name()
            );
            desk.message(StatusCode::CONFLICT, "Decided meanwhile", &text, back)
        }
    })
}

#[derive(Serialize)]
struct RecordPage {
    frame: Frame,
    proposal: String,
    id: String,
    place: String,
    byte: u64,
    raw: String,
}

async fn record(
    State(desk): State<Arc<Desk>>,
    Path((id, number)): Path<(String, usize)>,
    Query(wanted): Query<Wanted>,
) -> Response {
    work(desk, move |desk| {
        let Some((_, proposal)) = find(desk, &id)? else { return Ok(unknown(desk, NO_PROPOSAL)) };
        let Some(member) = proposal.members.get(number) else {
            return Ok(unknown(desk, "The proposal has no such record."));
        };
        let Some(bytes) = desk.bytes(member) else {
            return Ok(unknown(desk, "The export does not hold the record any more."));
        };
        let pretty = serde_json::from_slice::<serde_json::Value>(bytes).map(|document| format!("{document:#}"));
        let raw = pretty.unwrap_or_else(|_| String::from_utf8_lossy(bytes).into_owned());
        let lines: Vec<String> = raw.lines().map(|line| shown(line, MAX_RAW)).collect();
        let mut raw = lines.join("\n");
        if let Some((end, _)) = raw.char_indices().nth(MAX_RAW) {
            raw.truncate(end);
            raw.push_str("\n… the rest is in the export");
        }
        let page = RecordPage {
            frame: desk.frame(&member.id),
            proposal: format!("/proposal/{id}{}", wanted.query()),
            id: shown(&member.id, MAX_VALUE),
            place: format!("{}:{}", shown(&member.file, MAX_VALUE), member.line),
            byte: member.byte,
            raw,
        };
        Ok(desk.page("record.html", &page))
    })
    .await
}

#[derive(Serialize)]
struct RuleLine {
    code: String,
    name: String,
    severity: String,
    n: String,
    is_current: bool,
}

#[derive(Serialize)]
struct FindingsPage {
    frame: Frame,
    rules: Vec<RuleLine>,
    /// The rule looked at; without one, only the list of rules is shown.
    code: String,
    q: String,
    findings: Vec<Shown>,
    n_found: String,
    range: String,
    proposals: String,
    previous: Option<String>,
    next: Option<String>,
}

async fn all_findings(State(desk): State<Arc<Desk>>) -> Response {
    work(desk, |desk| Ok(findings_page(desk, None, &Wanted::default()))).await
}

async fn findings_of(
    State(desk): State<Arc<Desk>>,
    Path(code): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Response {
    work(desk, move |desk| {
        let Some(rule) = desk.index.findings.rule(&code) else {
            return Ok(unknown(desk, "The rule found nothing in this report, or there is no such rule."));
        };
        Ok(findings_page(desk, Some(rule), &wanted))
    })
    .await
}

fn findings_page(desk: &Desk, rule: Option<&findings::OfRule>, wanted: &Wanted) -> Response {
    let line = |other: &findings::OfRule| RuleLine {
        code: shown(&other.code, 20),
        name: shown(&other.name, 80),
        severity: shown(&other.severity, 20),
        n: grouped(other.n() as u64),
        is_current: rule.is_some_and(|rule| rule.code == other.code),
    };
    let (found, n) = rule.map_or((Vec::new(), 0), |rule| desk.index.findings.page(rule, &wanted.q, wanted.page()));
    let code = rule.map(|rule| shown(&rule.code, 20)).unwrap_or_default();
    let first = wanted.page() * findings::PAGE;
    let at_page = |page: usize| {
        let wanted = Wanted { page: page.to_string(), q: wanted.q.clone(), ..Wanted::default() };
        format!("/findings/{code}{}", wanted.query())
    };
    let touched = Wanted { rule: code.clone(), band: "any".to_owned(), ..Wanted::default() };
    let title = if code.is_empty() { "Findings".to_owned() } else { format!("Findings of {code}") };
    desk.page(
        "findings.html",
        &FindingsPage {
            frame: desk.frame(&title),
            rules: desk.index.findings.rules.iter().map(line).collect(),
            q: shown(&wanted.q, MAX_VALUE),
            n_found: grouped(n as u64),
            range: format!("{} to {}", first + 1, first + found.len()),
            findings: found,
            proposals: format!("/{}", touched.query()),
            previous: (wanted.page() > 0).then(|| at_page(wanted.page())),
            next: (first + findings::PAGE < n).then(|| at_page(wanted.page() + 2)),
            code,
        },
    )
}
