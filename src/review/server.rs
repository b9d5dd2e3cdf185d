//! Requests in, pages out.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{self, DefaultBodyLimit, Path, Query, RawQuery, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Serialize;
use tokio::sync::Notify;

use super::Options;
use super::desk::Desk;
use super::findings::{self, Shown};
use super::form::{Form, ruling, value};
use super::guard::{Gate, Passed, protect, random_token};
use super::pages::{Frame, script, style};
use super::proposal::{Done, ProposalPage, done};
use super::queue::{PAGE, Queue, Wanted, has_reviews};
use crate::decisions::{Appended, Decision, Numbered, Ruling, standing};
use crate::error::Error;
use crate::files::map;
use crate::matching::evidence::Veto;
use crate::merge::Proposal;
use crate::progress::{Progress, grouped};
use crate::report::shown::{MAX_VALUE, shown};

/// Largest form in bytes.
const MAX_FORM: usize = 1 << 20;
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
    let gate = Gate { hosts, token: token.clone(), port, form_token: random()? };
    let desk = Arc::new(Desk::open(options, gate, progress)?);
    let is_everywhere = address.ip().is_unspecified();
    let host = if is_everywhere { machine() } else { address.ip().to_string() };
    let url = |host: &str| match &token {
        None => format!("http://127.0.0.1:{port}/"),
        Some(token) if host.contains(':') => format!("http://[{host}]:{port}/?token={token}"),
        Some(token) => format!("http://{host}:{port}/?token={token}"),
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
    map::but_for_ignored(|| ctrlc::set_handler(move || end.notify_one())).map_err(|error| fail(error.to_string()))?;
    runtime.block_on(async {
        listener.set_nonblocking(true).map_err(|error| fail(error.to_string()))?;
        let listener = tokio::net::TcpListener::from_std(listener).map_err(|error| fail(error.to_string()))?;
        tokio::spawn(axum::serve(listener, router(desk)).into_future());
        tell(&url(&host))?;
        if is_everywhere {
            progress
                .line(&format!("others put the name or address by which they know this machine in place of {host}"));
        }
        if options.opens_browser {
            open_browser(&url(if is_everywhere { "localhost" } else { &host }));
        }
        ended.notified().await;
        Ok(())
    })?;
    // What was acknowledged is on disk; what was not is not waited for.
    runtime.shutdown_timeout(Duration::from_secs(1));
    Ok(())
}

/// The name of this machine, if it is told where Unix keeps it and makes part of an address; else its own name for itself.
fn machine() -> String {
    let told = std::fs::read_to_string("/etc/hostname").ok().or_else(|| std::env::var("HOSTNAME").ok());
    let name = told.unwrap_or_default().trim().to_owned();
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || ['.', '-'].contains(&c));
    if is_name { name } else { "localhost".to_owned() }
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
    let gate = Gate { hosts: vec![host.to_owned()], token: None, port: 0, form_token: form_token.to_owned() };
    Ok(router(Arc::new(Desk::open(options, gate, progress)?)))
}

fn router(desk: Arc<Desk>) -> Router {
    Router::new()
        .route("/", get(queue))
        .route("/proposal/{id}", get(proposal))
        .route("/proposal/{id}/decide", get(back).post(decide))
        .route("/proposal/{id}/undo", get(back).post(undo))
        .route("/proposal/{id}/look", get(back).post(look))
        .route("/proposal/{id}/record/{number}", get(record))
        .route("/findings", get(all_findings))
        .route("/findings/{code}", get(findings_of))
        .route("/style.css", get(async || style()))
        .route("/script.js", get(async || script()))
        // Browsers ask for it on their own.
        .route("/favicon.ico", get(async || StatusCode::NO_CONTENT))
        .fallback(async |State(desk): State<Arc<Desk>>| unknown(&desk, "There is no such page."))
        .layer(DefaultBodyLimit::max(MAX_FORM))
        .layer(middleware::from_fn_with_state(desk.clone(), guard))
        .with_state(desk)
}

async fn guard(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response {
    let mut response = match desk.gate.check(&request) {
        Ok(Passed::Yes) => worded(&desk, next.run(request).await),
        Ok(Passed::SetCookie) => {
            let uri = request.uri();
            desk.gate.set_cookie(uri.path(), uri.query().unwrap_or_default())
        }
        Err(refused) => (refused.status, format!("{}\n", refused.reason)).into_response(),
    };
    protect(&mut response);
    response
}

/// The answer, or a page of the desk in place of bare words of the server's parts.
fn worded(desk: &Desk, response: Response) -> Response {
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE);
    let is_page = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if is_page || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let text = match status {
        StatusCode::BAD_REQUEST => "The address says something that is not understood, or the same twice.",
        StatusCode::METHOD_NOT_ALLOWED => "The page takes no such request.",
        StatusCode::PAYLOAD_TOO_LARGE => "The form is too large. Nothing was written.",
        _ if status.is_server_error() => "The page cannot be made. What was decided before is kept.",
        _ => "The form is not understood. Nothing was written.",
    };
    let mut page = desk.message(status, "That did not work", text, "/");
    if let Some(allowed) = response.headers().get(header::ALLOW) {
        page.headers_mut().insert(header::ALLOW, allowed.clone());
    }
    page
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
    /// Of the whole report, whatever is wanted.
    n_all_proposals: usize,
    progress: String,
    doubts: Vec<Choosable>,
    rules: Vec<Choosable>,
    collections: Vec<Choosable>,
    rows: Vec<Row>,
    n_found: String,
    range: String,
    previous: Option<String>,
    next: Option<String>,
    form_token: String,
    /// The queue, as part of an address.
    query: String,
    band_words: &'static str,
    unlisted: Option<Unlisted>,
    done: Option<Done>,
}

/// Merges that are as wanted, and are not listed as nobody asked for their band.
#[derive(Serialize)]
struct Unlisted {
    n: String,
    /// The list with them.
    link: String,
}

impl Unlisted {
    /// `n_all` is the number of proposals of all decisions that are listed.
    fn of(wanted: &Wanted, desk: &Desk, n_all: usize) -> Result<Option<Unlisted>, Error> {
        if !wanted.band.is_empty() || !has_reviews(desk) {
            return Ok(None);
        }
        let both = Wanted { band: "any".to_owned(), ..wanted.first_page() };
        let n_of_both: usize = Queue::of(&both, desk)?.n_by_state.iter().sum();
        let n = n_of_both - n_all;
        Ok((n > 0).then(|| Unlisted { n: grouped(n as u64), link: format!("/{}", both.query()) }))
    }
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
                band: entry.band.name(),
                state: states[at as usize].name(),
                doubts: entry.doubts.iter().map(|veto| veto.name()).collect(),
                is_stale: entry.is_stale,
            }
        };
        let at_page = |page: usize| format!("/{}", Wanted { page: page.to_string(), ..wanted.clone() }.query());
        let n_all: usize = found.n_by_state.iter().sum();
        let n_decided = n_all - found.n_by_state[Decision::Open as usize] - found.n_by_state[Decision::Defer as usize];
        let page = QueuePage {
            frame: desk.frame("Proposals"),
            tabs: tabs(&wanted, &found, n_all),
            n_decided,
            n_all,
            n_all_proposals: desk.index.entries.len(),
            progress: format!("{} of {} decided", grouped(n_decided as u64), grouped(n_all as u64)),
            doubts: doubts(desk),
            rules: rules(desk),
            collections: collections(desk, &wanted.collection),
            rows: shown_here.map(row).collect(),
            n_found: grouped(found.found.len() as u64),
            range: format!("{} to {}", page * PAGE + 1, (page * PAGE + PAGE).min(found.found.len())),
            previous: (page > 0).then(|| at_page(page)),
            next: (page + 1 < n_pages).then(|| at_page(page + 2)),
            form_token: desk.gate.form_token.clone(),
            query,
            unlisted: Unlisted::of(&wanted, desk, n_all)?,
            band_words: if has_reviews(desk) { "to review" } else { "both, as none is to review" },
            done: done(desk, &wanted)?,
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

/// The first collections, and the one that is wanted.
fn collections(desk: &Desk, wanted: &str) -> Vec<Choosable> {
    let (offered, others) = desk.index.collections.split_at(desk.index.collections.len().min(MAX_OPTIONS));
    let names = offered.iter().chain(others.iter().filter(|name| &***name == wanted));
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
        Ok(desk.page("proposal.html", &ProposalPage::of(desk, at, &proposal, &wanted, None, "")?))
    })
    .await
}

/// The proposal, for who asks again for an address that forms are sent to.
async fn back(State(desk): State<Arc<Desk>>, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    if desk.index.find(&id).is_none() {
        return unknown(&desk, NO_PROPOSAL);
    }
    to(&query.map_or(format!("/proposal/{id}"), |query| format!("/proposal/{id}?{query}")))
}

/// A form that was sent from the page of a proposal.
struct Sent {
    at: usize,
    proposal: Proposal,
    wanted: Wanted,
    form: Form,
}

impl Sent {
    fn read(desk: &Desk, id: &str, form: Form) -> Result<Option<Sent>, Error> {
        let Some((at, proposal)) = find(desk, id)? else { return Ok(None) };
        let mut wanted: Wanted = serde_urlencoded::from_str(value(&form, "queue")).unwrap_or_default();
        wanted.column = value(&form, "column").to_owned();
        wanted.done = value(&form, "done").to_owned();
        Ok(Some(Sent { at, proposal, wanted, form }))
    }

    /// The address of the page.
    fn address(&self) -> String {
        format!("/proposal/{}{}", self.proposal.proposal, self.wanted.query())
    }

    /// The page with what was filled in.
    fn page(&self, desk: &Desk, status: StatusCode, alert: &str) -> Answer {
        self.page_of(desk, Some(&self.form), status, alert)
    }

    /// The page with what is in force: forms that undo have nothing filled in.
    fn page_in_force(&self, desk: &Desk, status: StatusCode, alert: &str) -> Answer {
        self.page_of(desk, None, status, alert)
    }

    fn page_of(&self, desk: &Desk, form: Option<&Form>, status: StatusCode, alert: &str) -> Answer {
        let page = ProposalPage::of(desk, self.at, &self.proposal, &self.wanted, form, alert)?;
        let mut response = desk.page("proposal.html", &page);
        if response.status().is_success() {
            *response.status_mut() = status;
        }
        Ok(response)
    }

    /// Writes a ruling; the page with the reason if it cannot be, or if somebody else was faster.
    fn keep(&self, desk: &Desk, ruling: &Ruling, seen: i64, form: Option<&Form>) -> Result<Option<Response>, Error> {
        let refuse = |status, alert: &str| self.page_of(desk, form, status, alert).map(Some);
        match desk.append(ruling, seen) {
            Ok(Appended::Yes(_)) => Ok(None),
            Ok(Appended::Overtaken(other)) => refuse(StatusCode::CONFLICT, &overtaken(&other)),
            Err(error) => refuse(StatusCode::INTERNAL_SERVER_ERROR, &format!("Nothing was kept: {error}.")),
        }
    }

    /// Number of the last ruling that the page knew.
    fn seen(&self) -> Option<i64> {
        value(&self.form, "seen").parse().ok()
    }
}

const OLD_PAGE: &str =
    "The page was older than the server. Nothing was written; look at it once more and send it again.";
const ODD_FORM: &str = "The form did not say which decision it follows. Nothing was written; send it again.";

/// Shows a proposal again with what is filled in, writing nothing: other records of it, or the merged record as it would
/// be.
async fn look(
    State(desk): State<Arc<Desk>>,
    Path(id): Path<String>,
    extract::Form(form): extract::Form<Form>,
) -> Response {
    work(desk, move |desk| {
        let Some(sent) = Sent::read(desk, &id, form)? else { return Ok(unknown(desk, NO_PROPOSAL)) };
        if !desk.gate.knows_form(value(&sent.form, "token")) {
            return sent.page(desk, StatusCode::FORBIDDEN, OLD_PAGE);
        }
        // The page now knows of it, so that nothing else would tell.
        let last = desk.history(&id)?.pop();
        let alert = last.filter(|last| sent.seen() != Some(last.seq)).map(|last| overtaken(&last)).unwrap_or_default();
        sent.page(desk, StatusCode::OK, &alert)
    })
    .await
}

async fn decide(
    State(desk): State<Arc<Desk>>,
    Path(id): Path<String>,
    extract::Form(form): extract::Form<Form>,
) -> Response {
    work(desk, move |desk| {
        let Some(sent) = Sent::read(desk, &id, form)? else { return Ok(unknown(desk, NO_PROPOSAL)) };
        let refuse = |status, alert: &str| sent.page(desk, status, alert);
        if !desk.gate.knows_form(value(&sent.form, "token")) {
            return refuse(StatusCode::FORBIDDEN, OLD_PAGE);
        }
        let Some(seen) = sent.seen() else { return refuse(StatusCode::UNPROCESSABLE_ENTITY, ODD_FORM) };
        let united = desk.index.united(&sent.proposal);
        let ruling = match ruling(&sent.proposal, &united, &sent.form, &desk.user) {
            Ok(ruling) => ruling,
            Err(reason) => {
                return refuse(StatusCode::UNPROCESSABLE_ENTITY, &format!("Nothing was kept: {reason}."));
            }
        };
        // What comes next is asked before the decision moves the proposal out of the queue.
        let next = Queue::around(&sent.wanted, desk, sent.at)?.after;
        if let Some(refusal) = sent.keep(desk, &ruling, seen, Some(&sent.form))? {
            return Ok(refusal);
        }
        Ok(to(&match next {
            Some(next) => format!("/proposal/{next}{}", with_done(&sent.wanted, &id)),
            None => format!("/{}", with_done(&sent.wanted.first_page(), &id)),
        }))
    })
    .await
}

async fn undo(
    State(desk): State<Arc<Desk>>,
    Path(id): Path<String>,
    extract::Form(form): extract::Form<Form>,
) -> Response {
    work(desk, move |desk| {
        let Some(sent) = Sent::read(desk, &id, form)? else { return Ok(unknown(desk, NO_PROPOSAL)) };
        let refuse = |status, alert: &str| sent.page_in_force(desk, status, alert);
        if !desk.gate.knows_form(value(&sent.form, "token")) {
            return refuse(StatusCode::FORBIDDEN, OLD_PAGE);
        }
        let Some(seen) = sent.seen() else { return refuse(StatusCode::UNPROCESSABLE_ENTITY, ODD_FORM) };
        // What the page knew is undone: a form that arrives twice undoes once.
        let mut history = desk.history(&id)?;
        history.retain(|numbered| numbered.seq <= seen);
        let Some(ruling) = undone(&history, &desk.user) else {
            return refuse(StatusCode::UNPROCESSABLE_ENTITY, "Nothing to undo: nothing is decided on this proposal.");
        };
        let refusal = sent.keep(desk, &ruling, seen, None)?;
        Ok(refusal.unwrap_or_else(|| to(&sent.address())))
    })
    .await
}

/// What was in force before the last word, said again now by whoever takes that word back; `None` if nothing is in force.
fn undone(history: &[Numbered], user: &str) -> Option<Ruling> {
    let mut pile = standing(history);
    let top = pile.pop()?.ruling.clone();
    let open = Ruling {
        decision: Decision::Open,
        out: Vec::new(),
        survivor: None,
        fields: [].into(),
        note: String::new(),
        ..top
    };
    let before = pile.pop().map_or(open, |before| before.ruling.clone());
    Some(Ruling { user: user.to_owned(), at: String::new(), ..before })
}

fn with_done(wanted: &Wanted, id: &str) -> String {
    let query = wanted.query();
    format!("{query}{}done={id}", if query.is_empty() { '?' } else { '&' })
}

/// What somebody else was faster with.
fn overtaken(other: &Numbered) -> String {
    let Ruling { user, decision, at, note, .. } = &other.ruling;
    let who = if user.is_empty() { "Somebody" } else { user };
    let why = if note.is_empty() { String::new() } else { format!(", saying “{}”", shown(note, MAX_VALUE)) };
    let what = if *decision == Decision::Open { "taken a decision back" } else { "decided" };
    let which = if *decision == Decision::Open { String::new() } else { format!(" “{}”", decision.name()) };
    format!(
        "{who} has meanwhile {what}{which} ({at}){why}. Nothing of yours was kept; look again, and decide if you still \
         would."
    )
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
    /// Severities with how many findings have them.
    severities: Vec<(String, String)>,
    n: String,
}

#[derive(Serialize)]
struct FindingsPage {
    frame: Frame,
    rules: Vec<RuleLine>,
    /// The rule looked at; without one, only the list of rules is shown.
    code: String,
    name: String,
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
    let severity = |(severity, n): &(Box<str>, usize)| (shown(severity, 20), grouped(*n as u64));
    let line = |other: &findings::OfRule| RuleLine {
        code: shown(&other.code, 20),
        name: shown(&other.name, 80),
        severities: other.severities.iter().map(severity).collect(),
        n: grouped(other.n() as u64),
    };
    let code = rule.map(|rule| shown(&rule.code, 20)).unwrap_or_default();
    let touched = Wanted { rule: code.clone(), band: "any".to_owned(), state: "any".to_owned(), ..Wanted::default() };
    let holder = |record: &str| Some(format!("/proposal/{}{}", desk.index.holder(record)?, touched.query()));
    let found = |rule| desk.index.findings.page(rule, &wanted.q, wanted.page(), holder);
    let (found, page, n) = rule.map_or((Vec::new(), 0, 0), found);
    let first = page * findings::PAGE;
    let at_page = |page: usize| {
        let wanted = Wanted { page: page.to_string(), q: wanted.q.clone(), ..Wanted::default() };
        format!("/findings/{code}{}", wanted.query())
    };
    let title = if code.is_empty() { "Findings".to_owned() } else { format!("Findings of {code}") };
    desk.page(
        "findings.html",
        &FindingsPage {
            frame: desk.frame(&title),
            rules: desk.index.findings.rules.iter().map(line).collect(),
            name: rule.map(|rule| shown(&rule.name, 80)).unwrap_or_default(),
            q: shown(&wanted.q, MAX_VALUE),
            n_found: grouped(n as u64),
            range: format!("{} to {}", first + 1, first + found.len()),
            findings: found,
            proposals: format!("/{}", touched.query()),
            previous: (page > 0).then(|| at_page(page)),
            next: (first + findings::PAGE < n).then(|| at_page(page + 2)),
            code,
        },
    )
}
