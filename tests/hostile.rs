//! Small forms of what `scripts/hostile` does at full size, and what hostile text does in output.

use std::fs;
use std::io::Write;
use std::time::{Duration, Instant};

use serde_json::json;

use shelfread::inert::is_active;

use crate::program::{Report, files, run};

/// Characters that command terminals or turn the direction of a line.
const ACTIVE: &str = "\u{1b}[31m\u{7}\u{9b}31m\u{202e}ab\u{2066}c\u{61c}\u{200f}\u{7f}";

fn record(id: &str) -> serde_json::Value {
    json!({"id": id, "title": "Lamp oil and its uses", "title_short": "Lamp oil and its uses", "author": ["Norcombe, Ada"],
        "publishDate": ["1999"], "format": ["Book"], "isbn": ["9783161484100"], "publisher": ["Press"]})
}

#[test]
fn no_output_commands_a_terminal() {
    let place = tempfile::tempdir().unwrap();
    let export = place.path().join("export.jsonl");
    let hostile = |id: &str| {
        let mut record = record(&format!("{id}{ACTIVE}"));
        for name in ["title", "title_short"] {
            record[name] = format!("Lamp oil and its uses {ACTIVE}").into();
        }
        for name in ["author", "format", "collection", "topic", "url", "language", "publisher", "physical"] {
            record[name] = json!([format!("=x {ACTIVE}")]);
        }
        record[format!("a{ACTIVE}_str")] = json!(["x", "y"]);
        format!("{record}\n")
    };
    fs::write(&export, hostile("a") + &hostile("b") + "{\"title\":\"\u{7f}\"}\n").unwrap();
    let export = export.to_str().unwrap();
    let report = Report::of("check", &[export], &[]);
    let applied = place.path().join("applied");
    let of_apply = run(&["apply", report.folder().to_str().unwrap(), "-q", "-o", applied.to_str().unwrap()]);
    assert_eq!(of_apply.status.code(), Some(0));
    let mut n_seen = 0;
    let mut check = |name: &str, bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        let active: Vec<char> = text.chars().filter(|&c| is_active(c)).collect();
        assert!(active.is_empty(), "{name}: {active:?}");
        n_seen += 1;
    };
    for folder in [report.folder(), applied] {
        // Parquet is no text, and before-images are the records as they are.
        for name in files(&folder).into_iter().filter(|name| !name.ends_with("parquet") && !name.contains("before")) {
            check(&name, &fs::read(folder.join(&name)).unwrap());
        }
    }
    for format in ["text", "jsonl", "csv", "sarif", "junit", "github"] {
        let output = run(&["audit", export, "--format", format]);
        assert!(!output.stdout.is_empty(), "{format}");
        check(format, &output.stdout);
        check(format, &output.stderr);
    }
    let ids = ["a", "b"].map(|id| format!("{id}{ACTIVE}"));
    // A name of a file may do so, too.
    let named = place.path().join(format!("export{ACTIVE}.jsonl").replace('/', ""));
    let many: String = (0..14).map(|at| hostile(&format!("c{at}"))).collect();
    fs::write(&named, fs::read_to_string(export).unwrap() + &many).unwrap();
    let named = named.to_str().unwrap();
    let target = place.path().join(format!("report{ACTIVE}"));
    let index = place.path().join("index");
    let model = place.path().join("model.toml");
    let [target, index, model] = [&target, &index, &model].map(|path| path.to_str().unwrap());
    for args in [
        &["explain", named, &ids[0], &ids[1]][..],
        &["check", named, "-o", target, "--index", index],
        &["find", named, "--index", index],
        &["train", named, "-o", model],
        &["model", "--config", model],
    ] {
        let output = run(args);
        assert!(!output.stdout.is_empty(), "{args:?}");
        check(args[0], &[output.stdout, output.stderr].concat());
    }
    for args in [
        &["explain", export, &ids[0], &ids[1]][..],
        &["fix", export, "--preview"],
        &["explain", export, &ids[0], "x\u{1b}"],
    ] {
        let output = run(args);
        check(args[0], &[output.stdout, output.stderr].concat());
    }
    assert!(n_seen > 30, "{n_seen}");
    let lines = report.lines("findings.jsonl");
    assert!(lines.iter().any(|line| line["id"] == ids[0]), "and programs read the very id");
}

#[test]
fn a_bomb_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("bomb.gz");
    let mut out = flate2::write::GzEncoder::new(fs::File::create(&path).unwrap(), flate2::Compression::best());
    out.write_all(b"{\"id\":\"a\"}\n").unwrap();
    for _ in 0..8 {
        out.write_all(&vec![b'\n'; 1 << 20]).unwrap();
    }
    out.finish().unwrap();
    let check = |name: &str, options: &[&str]| {
        let report = place.path().join(name);
        run(&[&["check", path.to_str().unwrap(), "-q", "-o", report.to_str().unwrap()], options].concat())
    };
    let output = check("one", &["--max-decompressed", "4M"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("more than 4194304 bytes") && said.contains("--max-decompressed"), "{said}");
    assert_eq!(crate::program::names(place.path()), ["bomb.gz"]);
    assert!(check("one", &["--max-decompressed", "16M"]).status.code() < Some(2));
    assert!(check("two", &[]).status.code() < Some(2), "1 GiB is allowed unless something else is said");
    for wrong in ["0", "x", "1X", "-1", "99999999T"] {
        assert_eq!(check("three", &["--max-decompressed", wrong]).status.code(), Some(2), "{wrong}");
    }
}

fn time(text: &str) -> (Duration, serde_json::Value) {
    let place = tempfile::tempdir().unwrap();
    let export = place.path().join("export.jsonl");
    fs::write(&export, text).unwrap();
    let start = Instant::now();
    let report = Report::of("check", &[export.to_str().unwrap()], &[]);
    (start.elapsed(), report.summary())
}

#[test]
fn many_copies_take_no_more_time_than_as_many_records() {
    const N: usize = 8_000;
    let lines =
        |make: &dyn Fn(usize) -> serde_json::Value| (0..N).map(|at| format!("{}\n", make(at))).collect::<String>();
    let numbered = |at: usize| {
        let mut record = record(&format!("r{at}"));
        record["title"] = format!("Lamp oil number {at} and its {} uses", at * 7).into();
        record
    };
    let (plain, _) = time(&lines(&numbered));
    // All of these grew with the square of their number: then the factor would be far beyond ten.
    let one_key = |at: usize| {
        let mut record = numbered(at);
        record["work_keys_str_mv"] = json!(["AT anon poems"]);
        record
    };
    let authors =
        json!({"id": "a", "title": "T", "author": (0..20_000).map(|at| format!("Name {at}, A")).collect::<Vec<_>>()});
    for (name, text, n) in [
        ("one id", lines(&|_| record("r")), N),
        ("one record", lines(&|at| record(&format!("r{at}"))), N),
        ("one work key", lines(&one_key), N),
        ("many authors", format!("{authors}\n"), 1),
        ("blank lines", "\n".repeat(1_000_000) + &record("r").to_string(), 1),
        ("rejects", "{\"title\":\"no id\"}\n".repeat(N), 0),
        (
            "brackets",
            format!("{{\"id\":\"a\",\"x\":{}{}}}\n{}", "[".repeat(500_000), "]".repeat(500_000), record("r")),
            1,
        ),
    ] {
        let (took, summary) = time(&text);
        println!("{name}: {took:?}, plain {plain:?}");
        assert_eq!(summary["records"]["processed"], n, "{name}");
        assert!(took < plain * 10 + Duration::from_secs(2), "{name}: {took:?} and {plain:?}");
    }
}
