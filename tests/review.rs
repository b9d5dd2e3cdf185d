//! The steward's desk as a browser, and as somebody with bad intentions, meets it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::json;

use crate::program::{Report, run, shelfread};

const SAMPLE: &str = "testdata/sample.jsonl";

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
    assert_eq!(server.get(&format!("/proposal/{id}/decide")).status, 405);
}

#[test]
fn decisions_are_kept_undone_and_obeyed() {
    let place = place(&[SAMPLE]);
    let ids = place.ids(2);
    let large = &place.ids(3).into_iter().find(|id| !ids[..3].contains(id)).unwrap();
    {
        let server = place.serve(&[]);
        let page = |id: &str| server.get(&format!("/proposal/{id}")).body;
        let answer = server.send(
            &ids[0],
            "decide",
            &[("decision", "accept"), ("survivor", "1"), ("field:title", "0"), ("note", " <b>ok</b> ")],
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
            (&[("decision", "split")][..], "which members are out"),
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
    let location = answer
        .head
        .lines()
        .find_map(|line| line.strip_prefix("location: "))
        .unwrap_or_else(|| panic!("{}", answer.head));
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
    assert!(cookie.contains("httponly") && cookie.contains("samesite=strict"), "{cookie}");
    let request = |cookie: &str| {
        let request =
            format!("GET / HTTP/1.1\r\nHost: {}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n", server.host);
        server.raw(request.as_bytes()).status
    };
    let token = server.query.strip_prefix("?token=").unwrap();
    assert_eq!([request(&format!("shelfread_token={token}")), request("shelfread_token=x")], [200, 401]);
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
