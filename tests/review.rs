//! The steward's desk as a browser, and as somebody with bad intentions, meets it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::json;

use crate::program::{Report, run, shelfread};

const SAMPLE: &str = "testdata/sample.jsonl";

/// A decision on a record that has changed since is none: the proposal is in the queue again.
#[test]
fn what_was_decided_before_a_record_changed_is_open() {
    let place = tempfile::tempdir().unwrap();
    let before = Report::of("dedupe", &[SAMPLE], &[]);
    let found = before.lines("proposals.jsonl");
    let merge = found.iter().find(|found| found["decision"] == "merge").unwrap();
    let seen = |member: &serde_json::Value, is_changed: bool| {
        let hash = if is_changed { json!("0123456789abcdef") } else { member["hash"].clone() };
        json!({"id": member["id"], "hash": hash})
    };
    for (is_changed, n_open) in [(false, 0), (true, 1)] {
        let store = place.path().join(format!("{is_changed}.sqlite"));
        let members = merge["members"].as_array().unwrap().iter();
        let members: Vec<serde_json::Value> = members.map(|member| seen(member, is_changed)).collect();
        let line = json!({"proposal": merge["proposal"], "decision": "accept", "members": members, "user": "eva"});
        let lines = place.path().join("lines.jsonl");
        std::fs::write(&lines, format!("{line}\n")).unwrap();
        let into = ["decisions", "import", lines.to_str().unwrap(), "--into", store.to_str().unwrap()];
        assert_eq!(run(&into).status.code(), Some(0));
        let server = Server::start(&before.folder(), &store, &[]);
        let page = server.get(&format!("/proposal/{}", merge["proposal"].as_str().unwrap())).body;
        assert_eq!(usize::from(page.contains("decision: <b id=\"state\">open")), n_open, "{page}");
        let list = server.get("/?band=merge").body;
        assert_eq!(usize::from(list.contains(merge["proposal"].as_str().unwrap())), n_open);
    }
}

/// A running server.
struct Server {
    child: Child,
    host: String,
    query: String,
}

/// What it answered.
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Server {
    fn start(report: &Path, store: &Path, options: &[&str]) -> Server {
        let mut args =
            vec!["review", report.to_str().unwrap(), "--decisions", store.to_str().unwrap(), "--no-browser", "-q"];
        args.extend(if options.contains(&"--user") { &[][..] } else { &["--user", "eva"] });
        args.extend(options);
        Server::of(&mut shelfread(&args))
    }

    fn of(command: &mut Command) -> Server {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("review http://").unwrap_or_else(|| panic!("{line:?}"));
        let (host, query) = url.split_once('/').unwrap();
        Server { child, host: host.to_owned(), query: query.to_owned() }
    }

    /// Sends a request as it is and reads to the end.
    fn raw(&self, request: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        // The server may refuse before it has read everything.
        let _ = stream.write_all(request);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
        Answer { status, head: head.to_lowercase(), body: body.to_owned() }
    }

    fn get(&self, path: &str) -> Answer {
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.host);
        self.raw(request.as_bytes())
    }

    fn post(&self, path: &str, headers: &str, form: &[(&str, &str)]) -> Answer {
        let body = serde_urlencoded::to_string(form).unwrap();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\n{headers}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: \
             {}\r\nConnection: close\r\n\r\n{body}",
            self.host,
            body.len()
        );
        self.raw(request.as_bytes())
    }

    fn own(&self) -> String {
        format!("Origin: http://{}\r\n", self.host)
    }

    /// Sends a form of a page with what the page knows.
    fn send(&self, id: &str, action: &str, form: &[(&str, &str)]) -> Answer {
        let page = self.get(&format!("/proposal/{id}")).body;
        let (token, seen) = (hidden(&page, "token"), hidden(&page, "seen"));
        let form: Vec<(&str, &str)> =
            [("token", token), ("seen", seen)].into_iter().chain(form.iter().copied()).collect();
        self.post(&format!("/proposal/{id}/{action}"), &self.own(), &form)
    }

    fn kill(&mut self) {
        // SIGKILL: nothing is tidied up.
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The value of a hidden field of the form that decides.
fn hidden<'p>(page: &'p str, name: &str) -> &'p str {
    let form = page.split("id=\"decide\"").nth(1).unwrap_or(page);
    let start = format!("name=\"{name}\" value=\"");
    form.split(&start).nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_else(|| panic!("no {name}: {page}"))
}

/// What the page says was decided.
fn state(page: &str) -> &str {
    page.split("id=\"state\">").nth(1).and_then(|rest| rest.split('<').next()).unwrap_or_else(|| panic!("{page}"))
}

struct Place {
    report: Report,
    store: PathBuf,
}

fn place(inputs: &[&str]) -> Place {
    let report = Report::of("check", inputs, &[]);
    let store = report.folder().parent().unwrap().join("decisions.sqlite");
    Place { report, store }
}

impl Place {
    fn serve(&self, options: &[&str]) -> Server {
        Server::start(&self.report.folder(), &self.store, options)
    }

    /// Ids of proposals with so many members at least.
    fn ids(&self, n: usize) -> Vec<String> {
        let is_it = |proposal: &serde_json::Value| proposal["members"].as_array().unwrap().len() >= n;
        let proposals = self.report.lines("proposals.jsonl").into_iter().filter(is_it);
        proposals.map(|proposal| proposal["proposal"].as_str().unwrap().to_owned()).collect()
    }

    fn exported(&self) -> Vec<serde_json::Value> {
        let output = run(&["decisions", "export", self.store.to_str().unwrap()]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

#[test]
fn every_page_answers() {
    let place = place(&[SAMPLE]);
    let server = place.serve(&[]);
    let id = &place.ids(2)[0];
    let rule = place.report.lines("findings.jsonl")[0]["code"].as_str().unwrap().to_owned();
    for path in [
        "/".to_owned(),
        "/?state=any&band=any&sort=largest&q=a&from=-100&to=1e9&page=999".to_owned(),
        "/?doubt=nothing&collection=none&rule=Z999&page=x&from=y".to_owned(),
        "/findings".to_owned(),
        format!("/findings/{rule}?q=a"),
        format!("/proposal/{id}"),
        format!("/proposal/{id}/record/1"),
        "/style.css".to_owned(),
        "/script.js".to_owned(),
    ] {
        let answer = server.get(&path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        for header in [
            "content-security-policy: default-src 'none'",
            "x-content-type-options: nosniff",
            "cache-control: no-store",
        ] {
            assert!(answer.head.contains(header), "{path}: {}", answer.head);
        }
        // The policy would stop both.
        assert!(!answer.body.contains(" style=\"") && !answer.body.contains("<script>"), "{path}");
    }
    for path in ["/none", "/proposal/p0", "/findings/Z999", "/proposal/../../etc/passwd", "/..%2f..%2fetc/passwd"] {
        assert_eq!(server.get(path).status, 404, "{path}");
    }
    assert_eq!(server.get(&format!("/proposal/{id}/record/99")).status, 404);
    for action in ["decide", "undo", "look"] {
        let answer = server.get(&format!("/proposal/{id}/{action}?band=any"));
        assert_eq!(
            (answer.status, location(&answer)),
            (303, &*format!("/proposal/{id}?band=any")),
            "a reload leads back"
        );
        assert_eq!(server.get(&format!("/proposal/p0/{action}")).status, 404);
    }
    for path in [&format!("/proposal/{id}/record/x"), "/?q=a&q=b", "/findings/A001?page=1&page=2"] {
        let answer = server.get(path);
        assert_eq!(answer.status, 400);
        assert!(answer.body.contains("<h1>That did not work</h1>"), "{path}: {}", answer.body);
    }
}

#[test]
fn undo_walks_back() {
    let place = place(&[SAMPLE]);
    let ids = place.ids(2);
    let server = place.serve(&[]);
    let page = || server.get(&format!("/proposal/{}", ids[0])).body;
    let undo = "Undo the last one";
    assert!(!page().contains(undo), "there is nothing to undo");
    let answer = server.send(&ids[0], "undo", &[]);
    assert!(answer.status == 422 && answer.body.contains("Nothing to undo"), "{}", answer.body);
    for decision in ["accept", "reject", "defer"] {
        assert_eq!(server.send(&ids[0], "decide", &[("decision", decision)]).status, 303);
    }
    for state_then in ["reject", "accept", "open"] {
        assert!(page().contains(undo));
        assert_eq!(server.send(&ids[0], "undo", &[]).status, 303);
        assert_eq!(state(&page()), state_then);
    }
    assert!(!page().contains(undo), "all is undone");
    assert_eq!(server.send(&ids[0], "undo", &[]).status, 422);
    // The page of another proposal, and the list, offer it while the decision is in force.
    let after = |id: &str| [format!("/proposal/{}?done={id}", ids[1]), format!("/?done={id}")];
    let offers = |path: &String| server.get(path).body.contains("data-key=\"u\">Undo</button>");
    assert!(!after(&ids[0]).iter().any(offers));
    assert_eq!(server.send(&ids[0], "decide", &[("decision", "accept")]).status, 303);
    assert!(after(&ids[0]).iter().all(offers));
    assert_eq!(server.send(&ids[1], "decide", &[("decision", "accept")]).status, 303);
    let both = server.get(&after(&ids[0])[0]).body;
    assert_eq!(both.matches("data-key=\"u\"").count(), 1, "u is one button");
    assert!(both.contains("data-key=\"u\">Undo the last one</button>"), "that of the last decision, which is its own");
}

#[test]
fn a_form_that_comes_twice_counts_once() {
    let place = place(&[SAMPLE]);
    let id = &place.ids(2)[0];
    let server = place.serve(&[]);
    let send = |action: &str, page: &str, form: &[(&str, &str)]| {
        let form = [&[("token", hidden(page, "token")), ("seen", hidden(page, "seen"))], form].concat();
        server.post(&format!("/proposal/{id}/{action}"), &server.own(), &form).status
    };
    let page = || server.get(&format!("/proposal/{id}")).body;
    let old = page();
    for _ in 0..2 {
        assert_eq!(send("decide", &old, &[("decision", "accept"), ("note", "a\r\nb")]), 303);
    }
    assert_eq!(send("decide", &old, &[("decision", "accept"), ("note", "c")]), 409, "another note is another word");
    let old = page();
    for _ in 0..2 {
        assert_eq!(send("undo", &old, &[]), 303);
    }
    let words: Vec<_> = place.exported().iter().map(|ruling| ruling["decision"].clone()).collect();
    assert_eq!(words, ["accept", "open"]);
}

#[test]
fn a_refusal_keeps_what_was_filled_in() {
    let place = place(&[SAMPLE]);
    let id = &place.ids(3)[0];
    let (server, other) = (place.serve(&[]), place.serve(&["--user", "otto"]));
    let page = server.get(&format!("/proposal/{id}")).body;
    let filled = [("out", "1"), ("survivor", "2"), ("note", "one\r\n<two>"), ("queue", "band=any")];
    let send = |token: &str, seen: &str, decision: &str, more: &[(&str, &str)]| {
        let form = [&[("token", token), ("seen", seen), ("decision", decision)], &filled[..], more].concat();
        server.post(&format!("/proposal/{id}/decide"), &server.own(), &form)
    };
    let check = |answer: &Answer, status: u16, alert: &str| {
        assert_eq!(answer.status, status, "{}", answer.body);
        let body = &answer.body;
        assert!(body.contains("role=\"alert\"") && body.contains(alert), "{alert}: {body}");
        assert_eq!([hidden(body, "token"), hidden(body, "queue")], [hidden(&page, "token"), "band=any"]);
        assert!(input(body, "out", "1").contains("checked") && input(body, "survivor", "2").contains("checked"));
        assert!(body.contains(">\none\n&lt;two&gt;</textarea>"), "{body}");
    };
    let (token, seen) = (hidden(&page, "token"), hidden(&page, "seen"));
    for decision in ["accept", "reject", "defer"] {
        check(&send(token, seen, decision, &[]), 422, "take the marks away");
    }
    check(&send(token, seen, "split", &[("field:title", "1")]), 422, "title is taken from a record");
    check(&send("0", seen, "split", &[]), 403, "older than the server");
    check(&send(token, "x", "split", &[]), 422, "which decision it follows");
    assert_eq!(other.send(id, "decide", &[("decision", "defer")]).status, 303);
    let answer = send(token, seen, "split", &[]);
    check(&answer, 409, "otto has meanwhile decided");
    assert_eq!(place.exported().len(), 1, "nothing of it was kept");
    // The answer knows what the page did not.
    assert_eq!(send(token, hidden(&answer.body, "seen"), "split", &[]).status, 303);
    assert_eq!(place.exported()[1]["note"], "one\n<two>");
}

#[test]
fn notes_are_kept_whole() {
    let place = place(&[SAMPLE]);
    let id = &place.ids(2)[0];
    let server = place.serve(&[]);
    let note = format!("{}\n{}", "é".repeat(4_999), "ü".repeat(5_000));
    let sent = note.replace('\n', "\r\n");
    assert_eq!(server.send(id, "decide", &[("decision", "defer"), ("note", &sent)]).status, 303);
    let page = server.get(&format!("/proposal/{id}")).body;
    assert!(page.contains("maxlength=\"10000\"") && page.contains(&format!(">\n{note}</textarea>")));
    assert_eq!(place.exported()[0]["note"], *note);
    let answer = server.send(id, "decide", &[("decision", "defer"), ("note", &format!("{sent}x"))]);
    assert!(answer.status == 422 && answer.body.contains("10001 characters"), "{}", answer.status);
    assert!(answer.body.contains(&format!("{note}x</textarea>")), "it can be shortened");
}

/// Twelve copies of one record, and fields that tell them apart.
fn copies(n: usize) -> (tempfile::TempDir, Place) {
    let folder = tempfile::tempdir().unwrap();
    let export = folder.path().join("copies.jsonl");
    let record = |at: usize| {
        json!({"id": format!("c.{at:03}"), "title": "The natural history of the lesser kestrel in Spain",
            "author": ["Alvarez, Maria"], "publishDate": ["1999"], "isbn": ["9783161484100"], "format": ["Book"],
            "publisher": [format!("House {at}")], "a \"field\" of <80> signs or more, which no list of fields of any catalogue has":
            [format!("odd {at}")]})
    };
    let text: String = (0..n).map(|at| record(at).to_string() + "\n").collect();
    std::fs::write(&export, text).unwrap();
    let place = place(&[export.to_str().unwrap()]);
    (folder, place)
}

#[test]
fn large_proposals_keep_what_was_filled_in_from_page_to_page() {
    let (_folder, place) = copies(12);
    let id = &place.ids(12)[0];
    let server = place.serve(&[]);
    let odd = "field:a \"field\" of <80> signs or more, which no list of fields of any catalogue has";
    let filled = [("survivor", "2"), ("out", "1"), ("out", "11"), ("field:publisher", "3"), (odd, "10"), ("note", "n")];
    let look = |column: &str| {
        let answer = server.send(id, "look", &[&filled[..], &[("queue", "band=any"), ("column", column)]].concat());
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body
    };
    let (first, second) = (look("0"), look("7"));
    assert!(first.contains("Records 1 to 8 of 12") && second.contains("The leading record, and records 9 to 12 of 12"));
    for page in [&first, &second] {
        assert!(input(page, "survivor", "2").contains("checked"), "the leading record is on every page");
        assert!(page.contains("House 3</span>") && page.contains("odd 10</span>"), "the merged record is the same");
        assert!(page.contains("?band=any") && page.contains(">\nn</textarea>"));
    }
    assert!(input(&first, "out", "1").contains("checkbox") && input(&second, "out", "1").contains("hidden"));
    assert!(input(&second, "out", "11").contains("checkbox") && input(&first, "out", "11").contains("hidden"));
    assert!(input(&first, "field:publisher", "3").contains("radio"));
    assert!(input(&second, "field:publisher", "3").contains("hidden"));
    // "By rule" stands after what is carried, and outweighs it.
    let answer = server.send(id, "decide", &[&filled[..], &[("field:publisher", ""), ("decision", "split")]].concat());
    assert_eq!(answer.status, 303, "{}", answer.body);
    let ruling = place.exported().remove(0);
    assert_eq!(ruling["out"], json!(["c.001", "c.011"]));
    assert_eq!((&ruling["survivor"], &ruling["note"]), (&json!("c.002"), &json!("n")));
    assert_eq!(ruling["fields"], json!({odd.strip_prefix("field:").unwrap(): "c.010"}));
    let page = server.get(&format!("/proposal/{id}")).body;
    assert!(
        input(&page, odd, "10").contains("hidden") && input(&page, "out", "1").contains("checked"),
        "it is shown again"
    );
    assert_eq!(place.exported().len(), 1, "looking writes nothing");
}

/// Without being asked, the desk lists what is to review; that there is more it says.
#[test]
fn a_list_of_reviews_tells_how_many_merges_it_leaves_out() {
    let place = place(&[SAMPLE]);
    let proposals = place.report.lines("proposals.jsonl");
    let n_merges = proposals.iter().filter(|proposal| proposal["decision"] == "merge").count();
    assert!(0 < n_merges && n_merges < proposals.len());
    let server = place.serve(&[]);
    let link = |query: &str| format!("<a href=\"&#x2f;{query}\">{n_merges} to merge</a>");
    assert!(server.get("/").body.contains(&link("?band=any")));
    assert!(server.get("/?state=any&page=2").body.contains(&link("?state=any&amp;band=any")));
    for query in ["/?band=review", "/?band=any", "/?q=words%20that%20no%20title%20has"] {
        assert!(!server.get(query).body.contains(" to merge</a>"), "{query}");
    }
}

#[test]
fn very_large_proposals_say_what_cannot_be_chosen() {
    let (_folder, place) = copies(230);
    let id = place.ids(201).pop().unwrap();
    let server = place.serve(&[]);
    let page = server.get(&format!("/proposal/{id}")).body;
    assert!(page.contains("Values cannot be chosen") && page.contains("more than 200 records"));
    let found = server.get("/?band=any&q=c.229").body;
    assert!(found.contains(&id), "the last of all ids is found");
}

#[test]
fn the_merged_record_follows_the_form() {
    let (_folder, place) = copies(3);
    let id = &place.ids(3)[0];
    let server = place.serve(&[]);
    let merged = |form: &[(&str, &str)]| {
        let body = server.send(id, "look", form).body;
        let row = body.split("data-field=\"publisher\"").nth(1).unwrap_or_else(|| panic!("{body}"));
        let cell = row.split("class=\"result\"").nth(1).unwrap();
        cell.split("<li><span>").nth(1).unwrap().split('<').next().unwrap().to_owned()
    };
    assert_eq!(merged(&[]), "House 0");
    assert_eq!(merged(&[("survivor", "2")]), "House 2");
    assert_eq!(merged(&[("survivor", "2"), ("field:publisher", "1")]), "House 1");
    assert_eq!(merged(&[("survivor", "0"), ("out", "0")]), "House 1", "the rules choose among the rest");
    assert_eq!(merged(&[("survivor", "2"), ("out", "2")]), "House 0");
    let page = server.get(&format!("/proposal/{id}")).body;
    assert!(page.contains("In the report <span class=\"id\">c.000</span> leads"), "{page}");
    assert_eq!(server.send(id, "decide", &[("decision", "accept"), ("survivor", "2")]).status, 303);
    let page = server.get(&format!("/proposal/{id}")).body;
    assert!(page.contains("In the report <span class=\"id\">c.000</span> leads"), "whoever leads now");
}

#[test]
fn an_export_that_is_cut_while_the_desk_runs_is_told() {
    let (folder, place) = copies(3);
    let id = &place.ids(3)[0];
    let server = place.serve(&[]);
    std::fs::OpenOptions::new().write(true).open(folder.path().join("copies.jsonl")).unwrap().set_len(10).unwrap();
    let answer = server.get(&format!("/proposal/{id}"));
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(answer.body.contains("Not to be read from the export any more"));
    assert!(answer.body.contains("Values cannot be chosen"));
    assert_eq!(server.get(&format!("/proposal/{id}/record/1")).status, 404);
    assert_eq!(server.send(id, "decide", &[("decision", "reject")]).status, 303, "it still runs");
}

#[test]
fn a_report_that_is_made_again_while_the_desk_runs_is_told() {
    let place = place(&[SAMPLE]);
    let server = place.serve(&[]);
    let is_told = || server.get("/").body.contains("The report has been made again");
    assert!(!is_told());
    let report = place.report.folder();
    let output = run(&["dedupe", SAMPLE, "-q", "--force", "-o", report.to_str().unwrap()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(is_told());
    let id = &place.ids(2)[0];
    assert_eq!(server.get(&format!("/proposal/{id}")).status, 200, "what it read is still there");
    assert_eq!(server.get("/favicon.ico").status, 204);
}

#[test]
fn a_report_that_is_cut_is_refused() {
    let place = place(&[SAMPLE]);
    let report = place.report.folder();
    let args = ["review", report.to_str().unwrap(), "--decisions", place.store.to_str().unwrap(), "--no-browser"];
    let refused = |reason: &str| {
        let output = run(&args);
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(text.contains(reason) && text.contains("make the report again"), "{text}");
    };
    for name in ["proposals.jsonl", "findings.jsonl"] {
        let whole = std::fs::read_to_string(report.join(name)).unwrap();
        let half: String = whole.split_inclusive('\n').take(whole.lines().count() / 2).collect();
        std::fs::write(report.join(name), half).unwrap();
        refused("when the report was made");
        std::fs::write(report.join(name), whole).unwrap();
    }
    std::fs::remove_file(report.join("findings.jsonl")).unwrap();
    refused("it is gone");
}

#[test]
fn findings_are_counted_by_severity_and_lead_to_proposals() {
    let place = place(&[SAMPLE]);
    let server = place.serve(&[]);
    let findings = place.report.lines("findings.jsonl");
    let members: Vec<String> = place
        .report
        .lines("proposals.jsonl")
        .iter()
        .flat_map(|proposal| proposal["members"].as_array().unwrap().clone())
        .map(|member| member["id"].as_str().unwrap().to_owned())
        .collect();
    let held = findings
        .iter()
        .find(|finding| finding["id"].as_str().is_some_and(|id| members.iter().any(|member| member == id)))
        .unwrap();
    let (code, id) = (held["code"].as_str().unwrap(), held["id"].as_str().unwrap());
    let page = server.get(&format!("/findings/{code}?q={id}")).body;
    assert!(page.contains(held["rule"].as_str().unwrap()), "the rule is named");
    assert!(page.contains("<a class=\"id\" href=\"&#x2f;proposal&#x2f;"), "{page}");
    let list = server.get("/findings").body;
    for severity in ["error", "warn", "info"] {
        let of = |finding: &&serde_json::Value| finding["code"] == code && finding["severity"] == severity;
        let n = findings.iter().filter(of).count();
        let row = list.split(&format!("findings/{code}\"")).nth(1).unwrap().split("</tr>").next().unwrap();
        assert_eq!(row.contains(&format!(">{n} {severity}<")), n > 0, "{row}");
    }
    assert!(
        server.get(&format!("/findings/{code}?q=severity")).body.contains("holds these words"),
        "JSON is not searched"
    );
    assert_eq!(server.get(&format!("/findings/{}", code.to_lowercase())).status, 200);
    let last = server.get(&format!("/findings/{code}?page=99999999999999999999")).body;
    assert!(server.get(&format!("/findings/{code}?page=9999")).body.contains(" found; ") && last.contains(" found; "));
}

/// Where an answer leads.
fn location(answer: &Answer) -> &str {
    answer.head.lines().find_map(|line| line.strip_prefix("location: ")).unwrap_or_else(|| panic!("{}", answer.head))
}

/// The tag of an input of a page by name and value.
fn input<'p>(page: &'p str, name: &str, value: &str) -> &'p str {
    let name = name.replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;");
    let tag = format!("name=\"{name}\" value=\"{value}\"");
    let at = page.find(&tag).unwrap_or_else(|| panic!("no {tag}: {page}"));
    let start = page[..at].rfind('<').unwrap();
    &page[start..at + page[at..].find('>').unwrap()]
}

#[test]
fn decisions_are_kept_undone_and_obeyed() {
    let place = place(&[SAMPLE]);
    let ids = place.ids(2);
    let large = &place.ids(3).into_iter().find(|id| !ids[..3].contains(id)).unwrap();
    let first =
        place.report.lines("proposals.jsonl").into_iter().find(|proposal| proposal["proposal"] == *ids[0]).unwrap();
    // Not the record that the rules choose.
    let lead = if first["members"][0]["id"] == first["survivor"] { "1" } else { "0" };
    {
        let server = place.serve(&[]);
        let page = |id: &str| server.get(&format!("/proposal/{id}")).body;
        let answer = server.send(
            &ids[0],
            "decide",
            &[("decision", "accept"), ("survivor", lead), ("field:title", "0"), ("note", " <b>ok</b> ")],
        );
        assert_eq!(answer.status, 303, "{}", answer.body);
        assert_eq!(state(&page(&ids[0])), "accept");
        assert!(page(&ids[0]).contains("&lt;b&gt;ok&lt;&#x2f;b&gt;"), "the note is escaped");
        assert_eq!(server.send(&ids[1], "decide", &[("decision", "reject")]).status, 303);
        assert_eq!(server.send(large, "decide", &[("decision", "split"), ("out", "0")]).status, 303);
        assert_eq!(server.send(&ids[2], "decide", &[("decision", "defer")]).status, 303);
        assert_eq!(server.send(&ids[2], "undo", &[]).status, 303);
        assert_eq!(state(&page(&ids[2])), "open");
        assert_eq!(server.send(&ids[1], "decide", &[("decision", "accept")]).status, 303);
        assert_eq!(server.send(&ids[1], "undo", &[]).status, 303);
        assert_eq!(state(&page(&ids[1])), "reject", "undoing takes back the last word only");
        for (form, reason) in [
            (&[("decision", "split")][..], "mark the records that are apart"),
            (&[("decision", "accept"), ("out", "0")], "marked as apart"),
            (&[("decision", "burn")], "choose a decision"),
            (&[("decision", "accept"), ("survivor", "77")], "has no record"),
        ] {
            let answer = server.send(&ids[0], "decide", form);
            assert_eq!(answer.status, 422);
            assert!(answer.body.contains(reason), "{}", answer.body);
        }
        let queue = server.get("/?state=reject&band=any").body;
        assert!(queue.contains(&ids[1]) && !queue.contains(&ids[0]), "{queue}");
    }
    let rulings = place.exported();
    let words: Vec<&str> = rulings.iter().map(|ruling| ruling["decision"].as_str().unwrap()).collect();
    assert_eq!(words, ["accept", "reject", "split", "defer", "open", "accept", "reject"]);
    assert_eq!(rulings[0]["user"], "eva");
    assert_eq!(rulings[0]["note"], "<b>ok</b>");
    assert_eq!(rulings[0]["fields"]["title"], rulings[0]["members"][0]["id"]);
    assert!(
        rulings.iter().flat_map(|ruling| ruling["members"].as_array().unwrap()).all(|seen| seen["hash"].is_string())
    );
    let next = Report::of("dedupe", &[SAMPLE], &["--decisions", place.store.to_str().unwrap()]);
    let proposals = next.text("proposals.jsonl");
    assert!(
        proposals.contains(&ids[0]) && !proposals.contains(&ids[1]),
        "ids carry over, and the rejected one is gone"
    );
    assert!(!proposals.contains(large), "the split one has other members now");
    let accepted = next.lines("proposals.jsonl").into_iter().find(|proposal| proposal["proposal"] == *ids[0]).unwrap();
    assert_eq!(accepted["survivor"], rulings[0]["survivor"], "the record that was chosen leads");
    assert_eq!(accepted["survivor_reason"], "a person chose it");
    let again = Server::start(&next.folder(), &place.store, &[]);
    let number = accepted["members"].as_array().unwrap().iter().position(|member| member["id"] == accepted["survivor"]);
    let form = [("decision", "accept"), ("survivor", &*number.unwrap().to_string()), ("note", "again")];
    assert_eq!(again.send(&ids[0], "decide", &form).status, 303);
    assert_eq!(place.exported().last().unwrap()["survivor"], accepted["survivor"], "accepted again, it stays chosen");
    assert_eq!(accepted["merged"]["title"][0]["from"][0], rulings[0]["members"][0]["id"], "with the chosen title");
}

#[test]
fn one_that_was_acknowledged_survives_a_kill() {
    let place = place(&[SAMPLE]);
    let ids = place.ids(2);
    for (n, id) in ids.iter().enumerate().take(8) {
        let mut server = place.serve(&[]);
        assert_eq!(server.send(id, "decide", &[("decision", "accept")]).status, 303);
        server.kill();
        assert_eq!(place.exported().len(), n + 1);
    }
    let server = place.serve(&[]);
    assert_eq!(state(&server.get(&format!("/proposal/{}", ids[0])).body), "accept");
}

/// A full disk refuses a decision in words, and keeps those before.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_loses_no_decision_that_was_acknowledged() {
    if !crate::faults::may_mount() {
        return;
    }
    let place = place(&[SAMPLE]);
    let report = place.report.folder();
    let disk = report.parent().unwrap().join("disk");
    std::fs::create_dir(&disk).unwrap();
    let script = format!(
        "mount -t tmpfs -o size=256k tmpfs {disk} && exec {program} review {report} --decisions {disk}/store --no-browser -q --user eva",
        disk = disk.display(),
        program = env!("CARGO_BIN_EXE_shelfread"),
        report = report.display(),
    );
    let server = Server::of(Command::new("unshare").args(["-rm", "sh", "-c", &script]));
    let note = "word ".repeat(1000);
    let mut n_acknowledged = 0;
    let mut refused = 0;
    for id in place.ids(2).iter().cycle().take(400) {
        let answer = server.send(id, "decide", &[("decision", "defer"), ("note", &note)]);
        match answer.status {
            303 => n_acknowledged += 1,
            _ => {
                assert!(answer.body.contains("the disk is full"), "{}: {}", answer.status, answer.body);
                assert!(answer.body.contains("word word</textarea>"), "what was filled in is not lost");
                refused += 1;
            }
        }
        if refused == 3 {
            break;
        }
    }
    assert!(refused == 3 && n_acknowledged > 3, "{n_acknowledged} acknowledged, {refused} refused");
    assert_eq!(server.get("/").status, 200, "it can still be read");
    // The disk as the server sees it. SQLite follows links by their text, and this one leads elsewhere for others.
    let disk = format!("/proc/{}/root{}", server.child.id(), disk.display());
    for name in crate::program::names(Path::new(&disk)).iter().filter(|name| !name.ends_with("-shm")) {
        let copy = place.store.with_file_name(name.replace("store", "decisions.sqlite"));
        std::fs::copy(Path::new(&disk).join(name), copy).unwrap();
    }
    assert_eq!(place.exported().len(), n_acknowledged);
}

#[test]
fn nobody_is_overwritten_unseen() {
    let place = place(&[SAMPLE]);
    let id = &place.ids(2)[0];
    let (one, other) = (place.serve(&[]), place.serve(&["--user", "otto"]));
    let old = one.get(&format!("/proposal/{id}")).body;
    assert_eq!(other.send(id, "decide", &[("decision", "reject"), ("note", "two works")]).status, 303);
    let form = [("token", hidden(&old, "token")), ("seen", hidden(&old, "seen")), ("decision", "accept")];
    let answer = one.post(&format!("/proposal/{id}/decide"), &one.own(), &form);
    assert_eq!(answer.status, 409);
    assert!(answer.body.contains("otto has meanwhile decided") && answer.body.contains("two works"), "{}", answer.body);
    assert_eq!(place.exported().len(), 1);
    assert_eq!(state(&one.get(&format!("/proposal/{id}")).body), "reject", "each sees what the other did");
}

#[test]
fn strangers_are_refused() {
    let place = place(&[SAMPLE]);
    let id = &place.ids(2)[0];
    let server = place.serve(&[]);
    let page = server.get(&format!("/proposal/{id}")).body;
    let form = [("token", hidden(&page, "token")), ("seen", "0"), ("decision", "accept")];
    let decide = format!("/proposal/{id}/decide");
    let status = |headers: &str, form: &[(&str, &str)]| server.post(&decide, headers, form).status;
    // A name bent to this machine.
    assert_eq!(server.raw(b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n").status, 421);
    assert_eq!(server.raw(b"GET / HTTP/1.0\r\n\r\n").status, 400);
    // A form on another page.
    assert_eq!(status("Origin: https://evil.example\r\n", &form), 403);
    assert_eq!(status("Origin: null\r\n", &form), 403);
    assert_eq!(status("", &form), 403);
    assert_eq!(status(&format!("{}Sec-Fetch-Site: cross-site\r\n", server.own()), &form), 403);
    // A form without the page's token.
    assert_eq!(status(&server.own(), &[("token", "0"), ("seen", "0"), ("decision", "accept")]), 403);
    assert_eq!(status(&server.own(), &[("seen", "0"), ("decision", "accept")]), 403);
    // Too much of something.
    let long = "x".repeat(2 << 20);
    assert_eq!(status(&server.own(), &[form[0], form[1], form[2], ("note", &long)]), 413);
    assert_eq!(status(&server.own(), &[form[0], form[1], form[2], ("note", &long[..20_000])]), 422);
    assert!([414, 431].contains(&server.get(&format!("/?q={}", &long[..100_000])).status));
    assert!(place.exported().is_empty(), "nothing of this was kept");
    assert_eq!(server.get("/").status, 200, "and it still answers");
    let other =
        serde_urlencoded::to_string([form[0], form[1], form[2], ("queue", "//evil.example/?x=\r\nSet-Cookie: a=b")])
            .unwrap();
    let request = format!(
        "POST {decide} HTTP/1.1\r\nHost: {}\r\n{}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n{other}",
        server.host,
        server.own(),
        other.len()
    );
    let answer = server.raw(request.as_bytes());
    let location = location(&answer);
    assert!(location.starts_with("/proposal/") || location.starts_with("/?"), "{location}");
    assert!(!answer.head.contains("set-cookie"), "{}", answer.head);
}

#[test]
fn other_machines_need_the_token() {
    let place = place(&[SAMPLE]);
    let server = place.serve(&["--listen", "127.0.0.1"]);
    assert!(server.query.starts_with("?token=") && server.query.len() > 30, "{}", server.query);
    assert_eq!(server.get("/").status, 401);
    assert_eq!(server.get("/style.css").status, 401);
    let answer = server.get(&format!("/{}", server.query));
    assert_eq!(answer.status, 303);
    let cookie = answer.head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
    assert!(cookie.contains("httponly") && cookie.contains("samesite=lax"), "{cookie}");
    assert_eq!(location(&server.get(&format!("/{}&band=any", server.query))), "/?band=any");
    let request = |cookie: &str| {
        let request =
            format!("GET / HTTP/1.1\r\nHost: {}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n", server.host);
        server.raw(request.as_bytes()).status
    };
    let token = server.query.strip_prefix("?token=").unwrap();
    let port = server.host.split(':').nth(1).unwrap();
    assert_eq!([request(&format!("shelfread_token_{port}={token}")), request("shelfread_token_1=x")], [200, 401]);
    let everywhere = place.serve(&["--listen", "0.0.0.0"]);
    assert!(!everywhere.host.starts_with("0.0.0.0") && everywhere.query.starts_with("?token="), "{}", everywhere.host);
}

#[test]
fn hostile_records_stay_inert() {
    let folder = tempfile::tempdir().unwrap();
    let export = folder.path().join("hostile.jsonl");
    let title = "<script>alert(1)</script>\" onmouseover=\"x \u{202e}txt.exe";
    let long = "long ".repeat(210_000);
    let record = |id: &str| {
        json!({"id": id, "title": title, "author": ["<img src=x onerror=alert(1)>"], "publishDate": ["2001"],
            "isbn": ["9783161484100"], "format": ["Book"], "publisher": ["\u{7}{{ 7*7 }}"], "description": long,
            "url": ["javascript:alert(1)", "data:text/html,x", "https://ok.example/\"><script>"],
            "<svg onload=alert(1)>": ["x"]})
    };
    let text: String = ["<i>a</i>", "../../b"].map(|id| record(id).to_string() + "\n").concat();
    std::fs::write(&export, text).unwrap();
    let place = place(&[export.to_str().unwrap()]);
    let ids = place.ids(2);
    let server = place.serve(&[]);
    for path in [
        "/?band=any".to_owned(),
        format!("/proposal/{}", ids[0]),
        format!("/proposal/{}/record/0", ids[0]),
        "/findings".to_owned(),
    ] {
        let answer = server.get(&path);
        assert_eq!(answer.status, 200, "{path}");
        let body = &answer.body;
        for bad in [
            "<script>alert",
            "<img",
            "<i>a",
            "<svg onload",
            "\" onmouseover",
            "href=\"javascript:",
            "href=\"data:",
            "\u{202e}",
            "\u{7}",
        ] {
            assert!(!body.contains(bad), "{path}: {bad:?}");
        }
        assert!(body.len() < 2_000_000, "{path}: {} bytes", body.len());
    }
}

#[test]
fn a_changed_export_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let export = folder.path().join("export.jsonl");
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(SAMPLE)).unwrap();
    std::fs::write(&export, &text).unwrap();
    let place = place(&[export.to_str().unwrap()]);
    let proposal = place.report.lines("proposals.jsonl").remove(0);
    let (id, year) = (proposal["proposal"].as_str().unwrap(), proposal["members"][0]["year"].as_str().unwrap());
    let line = proposal["members"][0]["line"].as_u64().unwrap() as usize - 1;
    let other = text.lines().enumerate().map(|(at, line_text)| {
        let changed = if at == line { line_text.replace(year, "1066") } else { line_text.to_owned() };
        changed + "\n"
    });
    std::fs::write(&export, other.collect::<String>()).unwrap();
    let page = |server: &Server| server.get(&format!("/proposal/{id}")).body;
    assert!(page(&place.serve(&[])).contains("Changed in the export since the report was made"));
    std::fs::remove_file(&export).unwrap();
    let server = place.serve(&[]);
    assert!(page(&server).contains("Records cannot be shown"));
    assert_eq!(server.send(id, "decide", &[("decision", "accept")]).status, 303, "the report is enough to decide");
}

#[test]
fn what_cannot_be_served_is_refused() {
    let place = place(&[SAMPLE]);
    let store = place.store.to_str().unwrap();
    let refused = |args: &[&str], reason: &str| {
        let output = run(args);
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(text.contains(reason), "{text}");
    };
    refused(&["review", "testdata", "--decisions", store, "--no-browser"], "summary.json");
    let report = place.report.folder();
    refused(&["review", report.to_str().unwrap(), "--decisions", SAMPLE, "--no-browser"], "no store of decisions");
    let server = place.serve(&[]);
    let port = server.host.split(':').nth(1).unwrap();
    let args = ["review", report.to_str().unwrap(), "--decisions", store, "--no-browser", "--port", port];
    refused(&args, "give another --port");
}

/// Two copies that nobody doubts, and what comes with them: a review proposal holds all three.
#[test]
fn a_rejection_leaves_what_another_proposal_unites() {
    let folder = tempfile::tempdir().unwrap();
    let export = folder.path().join("export.jsonl");
    let record = |id: &str, title: &str| {
        serde_json::json!({"id": id, "title": title, "author": ["Keller, Ida"], "publishDate": ["1998"], "publisher": ["Norland Press"],
            "physical": ["284 p."], "format": ["Book"], "language": ["English"]})
    };
    let book = "Organic chemistry for rural nurses";
    let records = [record("a", book), record("b", book), record("c", &format!("{book} workbook"))];
    std::fs::write(&export, records.map(|record| record.to_string()).join("\n")).unwrap();
    let export = export.to_str().unwrap();
    let place = place(&[export]);
    let members = |report: &Report| -> Vec<(String, String)> {
        let ids = |members: &serde_json::Value| -> String {
            members.as_array().unwrap().iter().filter_map(|member| member["id"].as_str()).collect()
        };
        let proposals = report.lines("proposals.jsonl").into_iter();
        proposals.map(|one| (one["decision"].as_str().unwrap().to_owned(), ids(&one["members"]))).collect()
    };
    let pair = |decision: &str, ids: &str| (decision.to_owned(), ids.to_owned());
    assert_eq!(members(&place.report), [pair("merge", "ab"), pair("review", "abc")]);
    let review = place.ids(3).remove(0);
    let server = place.serve(&[]);
    assert!(server.get(&format!("/proposal/{review}")).body.contains("Reject says nothing about those"));
    assert_eq!(server.send(&review, "decide", &[("decision", "reject")]).status, 303);
    drop(server);
    assert_eq!(place.exported()[0]["out"], serde_json::json!(["c"]));
    let next = Report::of("check", &[export], &["--decisions", place.store.to_str().unwrap()]);
    assert_eq!(members(&next), [pair("merge", "ab")]);
}
