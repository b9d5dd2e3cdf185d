//! Nightly runs: what an index keeps changes nothing but the time.

use std::fs;
use std::path::Path;

use crate::program::{Report, names, run, shelfread};

const SAMPLE: &str = "testdata/sample.jsonl";
const DAMAGED: &str = "testdata/damaged.jsonl";

fn lines(file: &str) -> Vec<String> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
    text.lines().map(str::to_owned).collect()
}

/// A small generator, so that change sets are the same everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % n as u64) as usize
    }
}

/// The export of the next night: records gone, changed, new, twice, in another place, or indexed again.
fn next_night(lines: &mut Vec<String>, dice: &mut Dice) {
    for _ in 0..1 + dice.below(6) {
        let (at, to) = (dice.below(lines.len()), dice.below(lines.len()));
        match dice.below(7) {
            0 => drop(lines.remove(at)),
            1 => lines[at] = lines[at].replacen("e", "x", 1 + dice.below(5)),
            2 => lines[at] = lines[at].replacen("19", "20", 1),
            3 => {
                let copy = lines[at].replacen("\"id\":\"", "\"id\":\"new-", 1);
                lines.insert(to, copy);
            }
            4 => lines.insert(to, lines[at].clone()),
            5 => {
                let line = lines.remove(at);
                lines.insert(to.min(lines.len()), line);
            }
            _ => lines[at] = lines[at].replacen('{', "{\"_version_\":1812345,", 1),
        }
    }
    if dice.below(4) == 0 {
        lines.reverse();
    }
}

fn assert_same(with: &Report, without: &Report, what: &str) {
    for name in without.files().into_iter().filter(|name| name != "run.json") {
        if name == "summary.json" {
            let mut summary = with.summary();
            summary.as_object_mut().unwrap().remove("since_last_run");
            assert_eq!(summary, without.summary(), "{what}");
        } else {
            assert!(with.text(&name) == without.text(&name), "{what}: {name} differs");
        }
    }
}

#[test]
fn a_night_after_the_other_gives_what_a_whole_run_gives() {
    nights_give_what_whole_runs_give("", 7);
}

/// Blocks become too large or loose by a record that joins them, and cease to be, night after night.
#[test]
fn nights_give_what_whole_runs_give_where_blocks_may_be_small_only() {
    let limits =
        "max_block_records = 3\nmax_weak_block_records = 4\nmax_lone_weak_block_records = 2\nneighbourhood = 2";
    for seed in [11, 12] {
        nights_give_what_whole_runs_give(&format!("[blocking]\n{limits}\n"), seed);
    }
}

fn nights_give_what_whole_runs_give(settings: &str, seed: u64) {
    let place = tempfile::tempdir().unwrap();
    let (index, config) = (place.path().join("index"), place.path().join("config.toml"));
    fs::write(&config, settings).unwrap();
    let export = place.path().join("export.jsonl");
    let mut records = lines(SAMPLE);
    records.extend(lines(DAMAGED));
    records.truncate(400);
    // What is kept of a proposal must hold any text.
    for id in ["hostile-1", "hostile-2"] {
        let record = "{\"id\":\"ID\",\"title\":\"Of \u{7f} and \u{202e}, \\\",\\\"members\\\":[\\n\\u0000 things\",\"author\":[\"Aalto, Aino\"],\
                      \"publishDate\":[\"1999\"],\"format\":[\"Book\"],\"physical\":[\"312 p.\"],\"publisher\":[\"Press\"]}";
        records.push(record.replace("ID", id));
    }
    let mut dice = Dice(seed);
    let (index, export) = (index.to_str().unwrap(), export.to_str().unwrap());
    let config = ["--config", config.to_str().unwrap()];
    for night in 0..20 {
        fs::write(export, records.join("\n")).unwrap();
        let job = if night % 3 == 2 { "dedupe" } else { "check" };
        let with = Report::of(job, &[export], &[&config[..], &["--index", index]].concat());
        assert_same(&with, &Report::of(job, &[export], &config), &format!("night {night}"));
        assert_eq!(with.summary().get("since_last_run").is_some(), night > 0);
        next_night(&mut records, &mut dice);
    }
}

#[test]
fn a_night_says_what_is_new_changed_and_gone() {
    let place = tempfile::tempdir().unwrap();
    let (index, export) = (place.path().join("index"), place.path().join("export.jsonl"));
    let (index, export) = (index.to_str().unwrap(), export.to_str().unwrap());
    let twin = |id: &str, title: &str| {
        format!(
            r#"{{"id":"{id}","title":"{title}","author":["Poe, Edgar"],"publishDate":["1999"],"format":["Book"],"isbn":["9780306406157"],"_version_":1}}"#
        )
    };
    let title = "A plain title about libraries and their books";
    fs::write(
        export,
        [twin("a", title), twin("b", title), r#"{"id":"c","title":"Something else entirely"}"#.to_owned()].join("\n"),
    )
    .unwrap();
    Report::of("check", &[export], &["--index", index]);
    fs::write(
        export,
        [twin("a", title), twin("b", "A plain title about libraries and the books"), twin("d", title)].join("\n"),
    )
    .unwrap();
    let summary = Report::of("check", &[export], &["--index", index]).summary();
    let since = &summary["since_last_run"];
    assert_eq!(since["records"], serde_json::json!({"new": 1, "changed": 1, "vanished": 1, "same": 1}));
    // The proposal of a and b is one of a, b and d now.
    assert_eq!(since["proposals"], serde_json::json!({"new": 1, "changed": 0, "vanished": 1, "same": 0}));
    assert!(since["findings"]["vanished"].as_u64().unwrap() > 0, "{since}");
    let again = Report::of("check", &[export], &["--index", index]).summary();
    assert_eq!(
        again["since_last_run"]["records"],
        serde_json::json!({"new": 0, "changed": 0, "vanished": 0, "same": 3})
    );
    assert_eq!(again["since_last_run"]["proposals"]["same"], 1);
    assert_eq!(again["since_last_run"]["findings"]["new"], 0);
}

/// A record that is indexed again is the same to matching, but rules ask when it was indexed.
#[test]
fn what_depends_on_the_time_of_indexing_is_audited_again() {
    let place = tempfile::tempdir().unwrap();
    let (index, export) = (place.path().join("index"), place.path().join("export.jsonl"));
    let (index, export) = (index.to_str().unwrap(), export.to_str().unwrap());
    // Milliseconds since 1970 above 20 bits: the years 2020 and 2027.
    for year in [2020_u64, 2027] {
        let version = ((year - 1970) * 31_557_600_000 + 15_000_000_000) << 20;
        let record = format!(r#"{{"id":"a","title":"A plain title","publishDate":["2027"],"_version_":{version}}}"#);
        fs::write(export, record).unwrap();
        let with = Report::of("check", &[export], &["--index", index]);
        assert_same(&with, &Report::of("check", &[export], &[]), &format!("{year}"));
        assert_eq!(with.text("findings.jsonl").contains("D003"), year == 2020);
    }
}

/// Files that hold what most records are go over to the next index as they are, and what is new stands beside, until that is much.
#[test]
fn what_has_not_changed_is_passed_on() {
    let place = tempfile::tempdir().unwrap();
    let (index, export) = (place.path().join("index"), place.path().join("export.jsonl"));
    let (index_name, export_name) = (index.to_str().unwrap(), export.to_str().unwrap());
    let mut records = lines(SAMPLE);
    let night = |records: &[String]| {
        fs::write(&export, records.join("\n")).unwrap();
        let with = Report::of("check", &[export_name], &["--index", index_name]);
        assert_same(&with, &Report::of("check", &[export_name], &[]), "a night");
        ["features", "traces"].map(|name| {
            let bytes = |name: String| fs::read(index.join(name)).unwrap();
            (bytes(format!("{name}.bin")), bytes(format!("{name}_more.bin")))
        })
    };
    let first = night(&records);
    assert!(first.iter().all(|(base, more)| !base.is_empty() && more.is_empty()));
    for at in [3, 5] {
        records[at] = records[at].replacen("e", "x", 9);
        let next = night(&records);
        for ((base, more), (first, _)) in next.iter().zip(&first) {
            assert!(base == first && !more.is_empty());
        }
    }
    let mut damaged = fs::read(index.join("features_more.bin")).unwrap();
    damaged[0] ^= 1;
    let whole = fs::read(index.join("features_more.bin")).unwrap();
    fs::write(index.join("features_more.bin"), damaged).unwrap();
    let output = run(&["find", SAMPLE, "--index", index_name]);
    assert_ne!(output.status.code(), Some(101), "whoever looks only at sizes must not fail");
    let report = place.path().join("report");
    let output = run(&["check", export_name, "-q", "-o", report.to_str().unwrap(), "--index", index_name]);
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(2) && text.contains("features_more.bin"), "{text}");
    fs::write(index.join("features_more.bin"), whole).unwrap();
    let half = records.len() / 2;
    records[half..].iter_mut().for_each(|record| *record = record.replacen("a", "o", 9));
    let last = night(&records);
    assert!(last.iter().zip(&first).all(|((base, more), (first, _))| base != first && more.is_empty()));
}

fn bytes_of(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap()))
        .collect();
    files.sort();
    files
}

#[test]
fn an_index_that_cannot_be_used_is_refused_and_rebuilt_when_asked() {
    let place = tempfile::tempdir().unwrap();
    let index = place.path().join("index");
    let index_name = index.to_str().unwrap();
    Report::of("dedupe", &[SAMPLE], &["--index", index_name]);
    let whole = bytes_of(&index);
    let report = place.path().join("report");
    let refused = |options: &[&str]| {
        let mut args = vec!["dedupe", SAMPLE, "-q", "-o", report.to_str().unwrap(), "--index", index_name];
        args.extend(options);
        let output = run(&args);
        assert_eq!(output.status.code(), Some(2));
        assert!(!report.exists(), "a refused run writes nothing");
        String::from_utf8(output.stderr).unwrap()
    };
    for (name, bytes) in whole.iter().filter(|(name, bytes)| name != "index.json" && !bytes.is_empty()) {
        let mut broken = bytes.clone();
        broken[bytes.len() / 2] ^= 1;
        for damage in [broken, bytes[..bytes.len() - 1].to_vec()] {
            fs::write(index.join(name), damage).unwrap();
            let text = refused(&[]);
            assert!(text.contains("damaged") && text.contains(name) && text.contains("--rebuild"), "{text}");
        }
        fs::write(index.join(name), bytes).unwrap();
    }
    fs::write(index.join("index.json"), "{\"tool\": \"shelfread\"}").unwrap();
    assert!(refused(&[]).contains("--rebuild"));
    let config = place.path().join("other.toml");
    fs::write(&config, "[model]\nmerge_at = 3.0\n").unwrap();
    fs::write(index.join("index.json"), &whole.iter().find(|(name, _)| name == "index.json").unwrap().1).unwrap();
    let text = refused(&["--config", config.to_str().unwrap()]);
    assert!(text.contains("another model") && text.contains("--rebuild"), "{text}");
    assert!(!text.contains("limits of blocks"), "{text}");
    fs::write(&config, "[blocking]\nneighbourhood = 3\n").unwrap();
    let text = refused(&["--config", config.to_str().unwrap()]);
    assert!(text.contains("other limits of blocks") && !text.contains("another model"), "{text}");
    fs::write(index.join("ids.bin"), "").unwrap();
    Report::of("dedupe", &[SAMPLE], &["--index", index_name, "--rebuild"]);
    assert!(bytes_of(&index) == whole, "the same export gives the same index");
    // Whatever has become of the mark, or of the names of files in another version, the rest tells that it is an index.
    for mark in [Some(""), Some("{\"tool\": \"shel"), None] {
        match mark {
            Some(text) => fs::write(index.join("index.json"), text).unwrap(),
            None => fs::remove_file(index.join("index.json")).unwrap(),
        }
        fs::write(index.join("trace_ends.bin"), "of an earlier form").unwrap();
        assert!(refused(&[]).contains("--rebuild"), "{mark:?}");
        Report::of("dedupe", &[SAMPLE], &["--index", index_name, "--rebuild"]);
        assert!(bytes_of(&index) == whole, "{mark:?}");
    }
    fs::write(index.join("mine.txt"), "mine").unwrap();
    assert!(refused(&["--rebuild"]).contains("other files"), "a folder with other files is left alone");
    assert_eq!(fs::read_to_string(index.join("mine.txt")).unwrap(), "mine");
    let text = run(&["audit", SAMPLE, "-q", "-o", report.to_str().unwrap(), "--index", index_name]);
    assert_eq!(text.status.code(), Some(2));
}

#[test]
fn a_run_that_fails_leaves_the_index_as_it_was() {
    let place = tempfile::tempdir().unwrap();
    let index = place.path().join("index");
    Report::of("dedupe", &[SAMPLE], &["--index", index.to_str().unwrap()]);
    let before = bytes_of(&index);
    let missing = run(&["dedupe", "missing.jsonl", "-q", "-o", "/nowhere", "--index", index.to_str().unwrap()]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(bytes_of(&index) == before);
    let report = place.path().join("report");
    let missing =
        run(&["dedupe", "missing.jsonl", "-q", "-o", report.to_str().unwrap(), "--index", index.to_str().unwrap()]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(bytes_of(&index) == before);
    let left: Vec<String> = fs::read_dir(place.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(left, ["index"], "nothing unfinished is left behind");
}

#[test]
fn a_broken_off_export_replaces_no_index_and_no_baseline() {
    let place = tempfile::tempdir().unwrap();
    let path = |name: &str| place.path().join(name).to_str().unwrap().to_owned();
    let (export, index, report, baseline) = (path("export.jsonl"), path("index"), path("report"), path("baseline"));
    let all = lines(SAMPLE).join("\n");
    fs::write(&export, &all).unwrap();
    let nightly = ["check", &export, "-q", "-o", &report, "--index", &index, "--write-baseline", &baseline];
    assert_ne!(run(&nightly).status.code(), Some(2));
    let kept = || (bytes_of(Path::new(&index)), fs::read(&baseline).unwrap());
    let before = kept();
    let (half, _) = all.split_at(all.len() / 2);
    let (whole_half, _) = half.rsplit_once('\n').unwrap();
    let stopped = format!("{whole_half}\n{{\"EXCEPTION\":\"timeout\",\"EOF\":true}}\n");
    for (text, reason) in [(half, "it ends inside a record"), (&stopped, "the server stopped with an exception")] {
        fs::write(&export, text).unwrap();
        for (what, options) in [("baseline", &nightly[..]), ("index", &nightly[..7])] {
            fs::remove_dir_all(&report).ok();
            let ended = run(options);
            let error = String::from_utf8(ended.stderr).unwrap();
            assert!(ended.status.code() == Some(2) && error.contains(reason), "{error}");
            assert!(error.contains(&format!("the {what} stays as it was")), "{error}");
            assert!(kept() == before, "{what} was replaced");
        }
    }
    // One who knows that it is so takes it as it is.
    fs::remove_dir_all(&report).ok();
    assert_ne!(run(&[&nightly[..7], &["--rebuild"]].concat()).status.code(), Some(2));
}

#[test]
fn a_killed_run_leaves_an_index_that_can_be_used() {
    let place = tempfile::tempdir().unwrap();
    let (index, report) = (place.path().join("index"), place.path().join("report"));
    let (index, report) = (index.to_str().unwrap(), report.to_str().unwrap());
    Report::of("dedupe", &[SAMPLE], &["--index", index]);
    for milliseconds in [5, 10, 20, 30, 40, 50, 60, 80, 100, 150] {
        let mut child =
            shelfread(&["dedupe", SAMPLE, DAMAGED, "-q", "--force", "-o", report, "--index", index]).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(milliseconds));
        // It may have ended by itself.
        let _ = child.kill();
        child.wait().unwrap();
        let answer = run(&["find", SAMPLE, "--index", index]);
        assert_eq!(answer.status.code(), Some(1), "{}", String::from_utf8_lossy(&answer.stderr));
    }
    Report::of("dedupe", &[SAMPLE], &["--index", index]);
    let mut left: Vec<String> = names(place.path());
    left.retain(|name| !name.contains("report"));
    assert_eq!(left, ["index"], "the next run removes what the killed ones left");
}

/// Every pair that a run proposes is found by asking for each of its records; gives how many there are, both ways.
fn check_finding(exports: &[&str]) -> usize {
    let place = tempfile::tempdir().unwrap();
    let index = place.path().join("index");
    let index = index.to_str().unwrap();
    let report = Report::of("dedupe", exports, &["--index", index]);
    let output = run(&[&["find"], exports, &["--index", index, "--format", "jsonl"]].concat());
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let answers: Vec<serde_json::Value> =
        String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), exports.iter().map(|export| lines(export).len()).sum::<usize>());
    let mut found = Vec::new();
    for answer in &answers {
        for same in answer["matches"].as_array().unwrap().iter().filter(|same| same["id"] != answer["id"]) {
            found.push((answer["id"].to_string(), same["id"].to_string(), same["weight"].to_string()));
        }
    }
    let mut expected = Vec::new();
    for proposal in report.lines("proposals.jsonl") {
        for pair in proposal["pairs"].as_array().unwrap() {
            let (a, b, weight) = (pair["a"].to_string(), pair["b"].to_string(), pair["weight"].to_string());
            expected.push((b.clone(), a.clone(), weight.clone()));
            expected.push((a, b, weight));
        }
    }
    expected.sort();
    expected.dedup();
    found.sort();
    found.dedup();
    let missed: Vec<_> = expected.iter().filter(|pair| found.binary_search(pair).is_err()).collect();
    assert!(missed.is_empty(), "{missed:?}");
    expected.len()
}

#[test]
fn finding_a_record_gives_what_a_run_gives() {
    assert!(check_finding(&[SAMPLE]) > 100);
    assert!(check_finding(&[DAMAGED]) > 0);
    assert!(check_finding(&[SAMPLE, DAMAGED]) > 100);
}

/// Titles with one or two letters wrong, missing or too many, anywhere, and nothing else that brings the records together.
#[test]
fn titles_two_letters_apart_are_found_as_in_a_run() {
    const TITLE: &str = "xylographiazymoticaquokk";
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("export.jsonl");
    let with_errors = |errors: &[(usize, &str)]| {
        let mut title = TITLE.to_owned();
        for &(at, letters) in errors.iter().rev() {
            title.replace_range(at..at + 1, letters);
        }
        title
    };
    let titles = [
        with_errors(&[]),
        with_errors(&[(6, "u"), (20, "e")]),
        with_errors(&[(5, ""), (12, "")]),
        with_errors(&[(21, "oo"), (22, "kx")]),
        with_errors(&[(1, "i"), (3, "a")]),
        with_errors(&[(0, "k")]),
    ];
    for (at, title) in titles.iter().enumerate().skip(1) {
        let record = |id: usize, title: &str| {
            format!(
                "{{\"id\":\"r{id}\",\"title\":\"{title}\",\"author\":[\"Qvist, Zebulon\"],\"publishDate\":[\"1923\"],\"format\":[\"Book\"],\"publisher\":[\"Zzyzx Press\"],\"physical\":[\"{} p.\"]}}\n",
                777 + id
            )
        };
        fs::write(&path, record(0, &titles[0]) + &record(1, title)).unwrap();
        assert_eq!(check_finding(&[path.to_str().unwrap()]), 2, "{at}: {title}");
    }
}

/// Copies by the thousand: none of their keys has fewer records than are looked at.
#[test]
fn what_is_there_thousands_of_times_is_found() {
    let place = tempfile::tempdir().unwrap();
    let path = |name: &str| place.path().join(name).to_str().unwrap().to_owned();
    let copy = |id: &str| {
        format!(r#"{{"id":"{id}","title":"Moraine profiles of Forssa","author":["Aalto, Aino"],"format":["Book"]}}"#)
    };
    let (export, index, record) = (path("copies.jsonl"), path("index"), path("record.json"));
    fs::write(&export, (0..2100).map(|n| copy(&format!("c{n}")) + "\n").collect::<String>()).unwrap();
    Report::of("dedupe", &[&export], &["--index", &index]);
    for id in ["order-1", "c2099"] {
        fs::write(&record, copy(id)).unwrap();
        let output = run(&["find", &record, "--index", &index]);
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.code() == Some(1) && text.contains("merge") && !text.contains("taken"), "{id}: {text}");
    }
}

#[test]
fn answers_say_whether_a_record_is_there() {
    let place = tempfile::tempdir().unwrap();
    let index = place.path().join("index");
    let index = index.to_str().unwrap();
    Report::of("dedupe", &[SAMPLE], &["--index", index]);
    let record = place.path().join("record.json");
    let ask = |json: &str| {
        fs::write(&record, json).unwrap();
        let output = run(&["find", record.to_str().unwrap(), "--index", index]);
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let (code, text, _) = ask(
        r#"{"id":"order-17","format":["Book"],"title":"Geschichte der Mullerschen Druckuberlieferung","author":["Müllerstein, Jürgen"],"publishDate":["1968"],"physical":["144 S."],"publisher":["Northgate House"]}"#,
    );
    assert_eq!(code, Some(1), "{text}");
    assert!(text.starts_with("order-17") && text.contains("merge") && text.contains("eld-372193"), "{text}");
    let (code, text, _) = ask(r#"{"id":"order-18","title":"Zzyzx quokka xylem","format":["Book"]}"#);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("not there"), "{text}");
    let (code, text, _) = ask(r#"{"id":"eld-372193","title":"Zzyzx quokka xylem","format":["Book"]}"#);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("id taken") && !text.contains("not there"), "{text}");
    for (at, line) in lines(SAMPLE).iter().enumerate().take(40) {
        let (code, text, _) = ask(line);
        assert!(code == Some(1) && !text.contains("id taken"), "{at}: {text}");
    }
    let (code, text, _) = ask(r#"{"id":"d-37219","title":"Zzyzx quokka xylem","format":["Book"]}"#);
    assert_eq!(code, Some(0), "part of an id: {text}");
    let (code, _, error) = ask("[]");
    assert!(code == Some(2) && error.contains("no record to look for"), "{error}");
    // Too little to be matched by its weight, but all of it is there.
    let lean = r#"{"id":"lean-1","title":"Editorial","format":["Article"]}"#;
    let export = place.path().join("lean.jsonl");
    fs::write(&export, format!("{lean}\n")).unwrap();
    let of_lean = place.path().join("lean.index");
    Report::of("dedupe", &[export.to_str().unwrap()], &["--index", of_lean.to_str().unwrap()]);
    let output = run(&["find", export.to_str().unwrap(), "--index", of_lean.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stdout));
    let (code, _, text) = ask(r#"{"id":"order-19","title":"Unfinished"#);
    assert_eq!(code, Some(2));
    assert!(text.contains("record.json:1"), "{text}");
    let output = run(&["find", SAMPLE, "--index", "testdata"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("there is no index"));
}
