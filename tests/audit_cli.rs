//! The linter's side of the program: selection, rules' pages, baselines, formats, id lists, and the guide's CI section.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::program::{Report, names, run};

const SAMPLE: &str = "testdata/sample.jsonl";
const DAMAGED: &str = "testdata/damaged.jsonl";

/// Runs quietly and gives exit code, stdout and stderr.
fn told(args: &[&str]) -> (i32, String, String) {
    let output = run(args);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn codes(report: &Report) -> Vec<String> {
    let mut codes: Vec<String> =
        report.lines("findings.jsonl").iter().map(|line| line["code"].as_str().unwrap().to_owned()).collect();
    codes.sort();
    codes.dedup();
    codes
}

#[test]
fn rules_are_selected_and_ignored() {
    let all = codes(&Report::of("audit", &[DAMAGED], &[]));
    let picked = Report::of("audit", &[DAMAGED], &["--select", "T, date-missing", "--ignore", "T001"]);
    let expected: Vec<&String> =
        all.iter().filter(|code| code.starts_with('T') && *code != "T001" || *code == "D001").collect();
    assert!(!expected.is_empty() && codes(&picked).iter().eq(expected), "{:?}", codes(&picked));
    let off = picked.summary()["audit"]["switched_off"].clone();
    let because = |code: &str| {
        let of = off.as_array().unwrap().iter().find(|off| off["code"] == code);
        of.map(|off| off["because"].as_str().unwrap().to_owned())
    };
    assert_eq!(because("T001").as_deref(), Some("ignored by T001"));
    assert_eq!(because("A001").as_deref(), Some("not selected"));
    assert_eq!(because("T004"), None);
    let rest = codes(&Report::of("audit", &[DAMAGED], &["--ignore", "T"]));
    assert!(rest.iter().eq(all.iter().filter(|code| !code.starts_with('T'))), "{rest:?}");
    assert!(picked.text("index.html").contains("ignored by T001"));
}

#[test]
fn the_configuration_grades_scopes_and_extends() {
    let place = tempfile::tempdir().unwrap();
    let export = place.path().join("export.jsonl");
    let record = |id: &str, collection: &str, title: &str| {
        format!(
            r#"{{"id":"{id}","collection":["{collection}"],"title":"{title}","url":["http://intranet.x.org/{id}"]}}"#
        )
    };
    let lines = [record("a", "One", "Work in progress"), record("b", "Two", "Work in progress")];
    fs::write(&export, lines.join("\n")).unwrap();
    let config = place.path().join("shelfread.toml");
    let settings = "[audit]\nselect = [\"T013\", \"U002\"]\nseverity = { U002 = \"error\" }\n\
                    [audit.lists]\nextra_title_placeholders = [\"Work in Progress!\"]\n\
                    extra_secure_hosts = [\"intranet.x.org\"]\n\
                    [[audit.scopes]]\ncollection = \"Two\"\nignore = [\"T\"]\nseverity = { U = \"info\", U002 = \"warn\" }\n";
    fs::write(&config, settings).unwrap();
    let report = Report::of("audit", &[export.to_str().unwrap()], &["--config", config.to_str().unwrap()]);
    let found: Vec<String> = report
        .lines("findings.jsonl")
        .iter()
        .map(|line| format!("{} {} {}", line["id"], line["code"], line["severity"]).replace('"', ""))
        .collect();
    assert_eq!(found, ["a T013 warn", "a U002 error", "b U002 warn"]);
    assert_eq!(report.code, 1);
    let (_, _, said) =
        told(&["audit", export.to_str().unwrap(), "--config", config.to_str().unwrap(), "--format", "csv"]);
    assert!(!said.contains("fits no record"), "{said}");
    fs::write(&config, settings.replace("\"Two\"", "\"two\"")).unwrap();
    let (_, _, said) =
        told(&["audit", export.to_str().unwrap(), "--config", config.to_str().unwrap(), "--format", "csv"]);
    assert!(said.contains("scope 1 of audit.scopes fits no record"), "{said}");
    assert_eq!(report.text("ids/U002.txt"), "a\nb\n");
    assert_eq!(report.text("ids/T013.txt"), "a\n");
}

#[test]
fn current_sort_titles_can_be_demanded() {
    let place = tempfile::tempdir().unwrap();
    let export = place.path().join("export.jsonl");
    let line = r#"{"id":"a","record_format":"x","work_keys_str_mv":["AT a b"],"title":"The use: of it","title_sort":"use: of it"}"#;
    fs::write(&export, line).unwrap();
    let found = |options: &[&str]| {
        let args =
            [&["audit", export.to_str().unwrap(), "-q", "--select", "T002", "--format", "jsonl"], options].concat();
        told(&args).1
    };
    assert_eq!(found(&[]), "");
    assert!(found(&["--title-sort", "current"]).contains("\"suggestion\":\"use of it\""));
}

#[test]
fn unknown_rules_and_keys_name_the_nearest() {
    let (code, _, error) = told(&["audit", SAMPLE, "--format", "text", "--select", "T02"]);
    assert_eq!(
        (code, error.as_str()),
        (2, "shelfread: --select: there is no rule \"T02\"; did you mean T002? `shelfread rules` lists all\n")
    );
    let place = tempfile::tempdir().unwrap();
    let config = place.path().join("shelfread.toml");
    for (text, meant) in [
        ("[audit]\nselct = [\"T\"]\n", "did you mean `select`?"),
        ("[audit]\nignore = [\"title-sort-mismach\"]\n", "did you mean title-sort-mismatch?"),
        ("[audit.lists]\nsecure_host = []\n", "did you mean `secure_hosts`?"),
    ] {
        fs::write(&config, text).unwrap();
        let (code, _, error) = told(&["audit", SAMPLE, "--format", "text", "--config", config.to_str().unwrap()]);
        assert!(code == 2 && error.contains(meant), "{error}");
    }
    let (code, _, error) = told(&["rules", "T02"]);
    assert!(code == 2 && error.contains("did you mean T002?"), "{error}");
}

#[test]
fn rules_are_listed_and_explained() {
    let (code, table, _) = told(&["rules"]);
    assert!(code == 0 && table.contains("T002  title-sort-mismatch"), "{table}");
    let (_, page, _) = told(&["rules", "T002"]);
    assert_eq!(told(&["rule", "T002"]).1, page);
    assert!(page.contains("## Known gaps") && page.starts_with("T002 title-sort-mismatch\nseverity warn"), "{page}");
    assert_eq!(told(&["rules", "Title-Sort-Mismatch"]).1, page);
    let (_, of_titles, _) = told(&["rules", "t"]);
    let codes = |table: &str, start| table.lines().filter(|line| line.starts_with(start)).count();
    assert_eq!((codes(&of_titles, "T0"), codes(&of_titles, "A0")), (codes(&table, "T0"), 0), "{of_titles}");
    let rules: serde_json::Value = serde_json::from_str(&told(&["rules", "--format", "json"]).1).unwrap();
    let rules = rules.as_array().unwrap();
    assert_eq!(
        rules.len(),
        table
            .lines()
            .filter(|line| line.as_bytes().get(1..4).is_some_and(|n| n.iter().all(u8::is_ascii_digit)))
            .count()
    );
    assert!(rules.iter().all(|rule| rule["explanation"].as_str().is_some_and(|page| page.contains("## Source"))));
}

#[test]
fn the_reference_is_fresh() {
    let committed = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/rules.md")).unwrap_or_default();
    let fresh = told(&["rules", "--format", "markdown"]).1;
    assert!(
        committed == fresh,
        "docs/rules.md is stale; run: cargo run --release -- rules --format markdown > docs/rules.md"
    );
}

#[test]
fn a_baseline_leaves_only_what_is_new() {
    let place = tempfile::tempdir().unwrap();
    let path = |name: &str| place.path().join(name).to_str().unwrap().to_owned();
    let (baseline, export) = (path("baseline.txt"), path("export.jsonl"));
    let (code, out, _) = told(&["audit", DAMAGED, "-q", "--write-baseline", &baseline]);
    assert_eq!((code, out.as_str()), (0, ""), "what is written is accepted");
    let text = fs::read_to_string(&baseline).unwrap();
    let n_findings = text.lines().count() - 1;
    assert!(n_findings > 10 && text.lines().skip(1).is_sorted(), "{text}");

    let same = Report::of("audit", &[DAMAGED], &["--baseline", &baseline, "--fail-on", "info"]);
    assert_eq!((same.code, same.lines("findings.jsonl").len()), (0, 0));
    let counts = &same.summary()["audit"]["baseline"];
    assert_eq!(*counts, serde_json::json!({"new": 0, "known": n_findings, "resolved": 0, "unchecked": 0}));
    assert!(same.text("index.html").contains("known"), "the page says so");
    assert!(!names(&same.folder().join("ids")).is_empty(), "id lists are whole");

    // One record goes, one with an error comes; both flags name one file.
    let damaged = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/damaged.jsonl")).unwrap();
    let ids: Vec<String> = text.lines().skip(1).map(|line| line.split('\t').nth(1).unwrap().to_owned()).collect();
    let gone = ids.iter().find(|id| !id.starts_with('[')).unwrap();
    let mut lines: Vec<&str> = damaged.lines().filter(|line| !line.contains(&format!("\"{gone}\""))).collect();
    lines.push(r#"{"id":"new-1","title":"/"}"#);
    fs::write(&export, lines.join("\n")).unwrap();
    let both = ["audit", &export, "--baseline", &baseline, "--write-baseline", &baseline, "--format", "jsonl"];
    let (code, out, error) = told(&both);
    assert_eq!(code, 1, "{error}");
    assert!(out.lines().count() > 0 && out.lines().all(|line| line.contains("\"id\":\"new-1\"")), "{out}");
    assert!(error.contains("baseline") && error.contains("resolved"), "{error}");
    let (code, out, _) = told(&both);
    assert_eq!((code, out.as_str()), (0, ""));
    assert_eq!(names(place.path()), ["baseline.txt", "export.jsonl"]);
}

#[test]
fn a_baseline_that_cannot_be_used_ends_the_run_at_once() {
    let place = tempfile::tempdir().unwrap();
    let baseline = place.path().join("baseline.txt");
    let args = ["audit", "nowhere.jsonl", "--format", "text", "--baseline", baseline.to_str().unwrap()];
    assert!(told(&args).2.contains("there is no such baseline; make it with --write-baseline"));
    fs::write(&baseline, "# shelfread baseline 1, made by shelfread 0.0.1\n").unwrap();
    let (code, _, error) = told(&args);
    assert!(code == 2 && error.contains("made by shelfread 0.0.1") && error.contains("--write-baseline"), "{error}");
    let folder = place.path().to_str().unwrap();
    let (code, _, error) = told(&["audit", "nowhere.jsonl", "--write-baseline", folder]);
    assert!(code == 2 && error.contains("it is a folder"), "{error}");
    let (code, _, error) = told(&["audit", SAMPLE]);
    assert!(code == 2 && error.contains("--output") && error.contains("--write-baseline"), "{error}");
    let (code, _, error) = told(&["audit", SAMPLE, "--format", "text", "--select", "T002", "--ignore", "T002"]);
    assert!(code == 2 && error.contains("no rule is left to run"), "{error}");
}

#[test]
fn an_input_without_records_leaves_the_baseline_alone() {
    let place = tempfile::tempdir().unwrap();
    let path = |name: &str| place.path().join(name).to_str().unwrap().to_owned();
    let (baseline, export) = (path("baseline.txt"), path("export.jsonl"));
    fs::write(&export, "").unwrap();
    let (code, _, error) = told(&["audit", SAMPLE, "--write-baseline", &baseline, "-q"]);
    assert_eq!(code, 0, "{error}");
    let before = fs::read(&baseline).unwrap();
    let (code, _, error) = told(&["audit", &export, "--baseline", &baseline, "--write-baseline", &baseline]);
    assert!(
        code == 2 && error.contains("there is no record in the input") && error.contains("export.jsonl:1"),
        "{error}"
    );
    assert_eq!(fs::read(&baseline).unwrap(), before);
    fs::write(&export, "{\"id\":\"a-1\",\"title\":\"/\"}\nno record\n").unwrap();
    let (_, _, error) = told(&["audit", &export, "--baseline", &baseline, "--format", "text"]);
    assert!(error.contains("of records that are not in the input; is the export whole?"), "{error}");
    assert!(error.contains("the reject: ") && error.contains("export.jsonl:2: "), "{error}");
    let (code, _, error) = told(&["audit", &export, "-q", "--baseline", &baseline, "--write-baseline", &baseline]);
    assert!(code == 2 && error.contains("not in the input; the baseline stays as it was"), "{error}");
    assert_eq!(fs::read(&baseline).unwrap(), before);
}

/// An answer that says it found a million documents and holds three.
fn part_of_an_answer() -> String {
    let sample = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/sample.jsonl")).unwrap();
    let documents: Vec<&str> = sample.lines().take(3).collect();
    format!(
        "{{\"responseHeader\":{{\"status\":0}},\"response\":{{\"numFound\":1000000,\"docs\":[\n{}]}}}}",
        documents.join(",\n")
    )
}

#[test]
fn part_of_an_answer_is_no_whole_catalogue() {
    let place = tempfile::tempdir().unwrap();
    let path = |name: &str| place.path().join(name).to_str().unwrap().to_owned();
    let (baseline, export) = (path("baseline.txt"), path("answer.json"));
    fs::write(&export, part_of_an_answer()).unwrap();
    for quiet in [&[][..], &["-q"]] {
        let (_, _, error) = told(&[&["audit", &export, "--format", "jsonl"], quiet].concat());
        assert!(error.contains("answer.json is not whole: the query found 1000000 documents"), "{error}");
    }
    let report = Report::of("check", &[&export], &[]);
    assert!(report.summary()["incomplete_inputs"][0]["reason"].as_str().unwrap().contains("from number 4 on"));
    assert!(report.text("index.html").contains("is not whole: "), "the page says so");
    assert!(Report::of("check", &[SAMPLE], &[]).summary().get("incomplete_inputs").is_none());
    let (code, out, _) = told(&["audit", &export, "-q", "--format", "github"]);
    assert!(code < 2 && out.starts_with("::warning ") && out.contains("is not whole"), "{out}");
    // A baseline may be made of it, but replaces none.
    assert_eq!(told(&["audit", &export, "-q", "--write-baseline", &baseline]).0, 0);
    let before = fs::read(&baseline).unwrap();
    let target = path("report");
    let again = ["check", &export, "-q", "--baseline", &baseline, "--write-baseline", &baseline, "-o", &target];
    let (code, _, error) = told(&again);
    assert!(code == 2 && error.contains("the baseline stays as it was") && error.contains("rows="), "{error}");
    assert_eq!(
        (fs::read(&baseline).unwrap(), names(place.path())),
        (before, vec!["answer.json".to_owned(), "baseline.txt".to_owned()])
    );
}

#[test]
fn many_rejects_are_no_clean_catalogue() {
    let place = tempfile::tempdir().unwrap();
    let path = |name: &str| place.path().join(name).to_str().unwrap().to_owned();
    let (baseline, export, index) = (path("baseline.txt"), path("export.jsonl"), path("index"));
    fs::write(&export, "{\"id\":\"a-1\",\"title\":\"Fine things\"}\nno record\nnone\n").unwrap();
    let (code, out, _) = told(&["audit", &export, "-q", "--format", "junit"]);
    assert!(code < 2 && out.contains("<testsuite name=\"input\" tests=\"1\" failures=\"0\" errors=\"1\""), "{out}");
    let (code, _, error) = told(&["audit", &export, "-q", "--write-baseline", &baseline]);
    assert!(code == 2 && error.contains("2 of 3 parts of the input are no records"), "{error}");
    assert!(error.contains("--max-rejects") && !Path::new(&baseline).exists(), "{error}");
    assert_eq!(told(&["audit", &export, "-q", "--write-baseline", &baseline, "--max-rejects", "70%"]).0, 0);
    for (most, code) in [("1", 2), ("66%", 2), ("0", 2), ("2", 0), ("67%", 0)] {
        let target = path(&format!("report{most}"));
        let run = ["check", &export, "-q", "-o", &target, "--index", &index, "--max-rejects", most, "--ignore", "F,D"];
        let (got, _, error) = told(&run);
        assert_eq!((got.min(2) == 2, Path::new(&index).exists()), (code == 2, code == 0), "{most}: {error}");
        assert_eq!(fs::read_to_string(path(&format!("report{most}/rejects.jsonl"))).unwrap().lines().count(), 2);
        let _ = fs::remove_dir_all(&index);
    }
    let (code, out, error) = told(&["check", &export, "-o", &path("report0"), "--force", "--max-rejects", "0"]);
    assert!(code == 2 && !out.contains("index.html"), "a report that was not written: {out}");
    assert!(
        error.contains("no records") && !error.contains("stay"),
        "neither baseline nor index was asked for: {error}"
    );
    for wrong in ["many", "-1", "101%", "%", "NaN%"] {
        let (code, _, error) = told(&["audit", &export, "--format", "text", &format!("--max-rejects={wrong}")]);
        assert!(code == 2 && error.contains("--max-rejects"), "{wrong}: {error}");
    }
}

#[test]
fn a_baseline_keeps_what_rules_that_are_off_found() {
    let place = tempfile::tempdir().unwrap();
    let baseline = place.path().join("baseline.txt");
    let name = baseline.to_str().unwrap();
    assert_eq!(told(&["audit", DAMAGED, "-q", "--write-baseline", name]).0, 0);
    let whole = fs::read_to_string(&baseline).unwrap();
    let (code, _, error) = told(&["audit", DAMAGED, "--baseline", name, "--select", "T", "--write-baseline", name]);
    assert!(code == 0 && error.contains("findings of rules that are off taken over from the old baseline"), "{error}");
    assert_eq!(fs::read_to_string(&baseline).unwrap(), whole);
}

#[cfg(target_os = "linux")]
#[test]
fn what_is_no_file_is_neither_read_nor_replaced() {
    use rustix::fs::{CWD, FileType, Mode, mknodat};
    use std::os::unix::fs::FileTypeExt;
    let place = tempfile::tempdir().unwrap();
    let pipe = place.path().join("pipe");
    mknodat(CWD, &pipe, FileType::Fifo, Mode::RWXU, 0).unwrap();
    let patches = place.path().join("fixes.jsonl");
    let (lines, gold) = (place.path().join("lines.jsonl"), "testdata/sample_gold.tsv");
    fs::write(&patches, "").unwrap();
    fs::write(&lines, "{\"a\":\"x\",\"b\":\"y\",\"decision\":\"accept\"}\n").unwrap();
    let [pipe_name, patches, lines] = [&pipe, &patches, &lines].map(|path| path.to_str().unwrap());
    for args in [
        &["audit", SAMPLE, "--write-baseline", pipe_name][..],
        &["fix", SAMPLE, "--fixes", patches, "-o", pipe_name, "--force"],
        &["train", SAMPLE, "--gold", gold, "-o", pipe_name, "--force"],
        &["decisions", "export", lines, "-o", pipe_name, "--force"],
    ] {
        let (code, _, error) = told(args);
        assert!(code == 2 && error.contains("it is a device or a pipe"), "{args:?}: {error}");
        assert!(fs::symlink_metadata(&pipe).unwrap().file_type().is_fifo(), "{args:?}");
    }
}

#[test]
fn formats_go_to_stdout_and_totals_to_stderr() {
    for format in ["text", "jsonl", "csv", "sarif", "junit", "github"] {
        let (code, out, error) = told(&["audit", DAMAGED, "--format", format]);
        assert_eq!(code, 1, "{format}");
        assert!(!out.contains('\u{1b}'), "{format}: no colours in a pipe");
        assert_eq!(error.contains("\nfindings "), format != "text", "{format}: {error}");
        let (_, quiet, error) = told(&["check", DAMAGED, "--format", format, "-q", "--threads", "1"]);
        assert_eq!((error.as_str(), format == "text" || quiet == out), ("", true), "{format}");
    }
    let report = Report::of("audit", &[DAMAGED], &["--format", "csv"]);
    let (_, csv, _) = told(&["audit", DAMAGED, "--format", "csv", "-q"]);
    assert_eq!(report.text("findings.csv"), csv);
    assert!(told(&["dedupe", SAMPLE, "--format", "text"]).2.contains("--format"), "dedupe has no findings");
}

#[test]
fn sarif_is_valid_by_its_schema() {
    let schema = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/schemas/sarif-2.1.0.json")).unwrap();
    // A bracket in one of its patterns stands for itself, which only older dialects of regular expressions let it do bare.
    let schema = schema.replace("{2}]?$", r"{2}\\]?$");
    let schema = jsonschema::draft7::new(&serde_json::from_str(&schema).unwrap()).unwrap();
    let check = |sarif: &str| -> Vec<String> {
        let sarif: serde_json::Value = serde_json::from_str(sarif).unwrap();
        schema.iter_errors(&sarif).map(|error| format!("{}: {error}", error.instance_path())).collect()
    };
    let place = tempfile::tempdir().unwrap();
    let baseline = place.path().join("baseline.json");
    let baseline = baseline.to_str().unwrap();
    told(&["audit", SAMPLE, "--write-baseline", baseline]);
    for args in [vec!["audit", DAMAGED], vec!["audit", SAMPLE], vec!["audit", DAMAGED, "--baseline", baseline]] {
        let (_, out, error) = told(&[&args[..], &["--format", "sarif", "-q"]].concat());
        assert_eq!(check(&out), Vec::<String>::new(), "{args:?} {error}");
        // The check can fail: a level that SARIF does not know.
        let broken = out
            .replace("\"level\":\"note\"", "\"level\":\"info\"")
            .replace("\"level\": \"note\"", "\"level\": \"info\"");
        assert!(!check(&broken).is_empty() || broken == out, "{args:?}");
    }
    assert!(!check(r#"{"version":"2.1.0"}"#).is_empty(), "runs are required");
}

#[test]
fn id_lists_are_those_of_the_findings() {
    let report = Report::of("audit", &[DAMAGED], &[]);
    let by_rule = report.summary()["audit"]["records_by_rule"].as_object().unwrap().clone();
    let files: Vec<String> = by_rule.keys().map(|code| format!("{code}.txt")).collect();
    assert_eq!(names(&report.folder().join("ids")), files);
    for (code, n) in &by_rule {
        let list = report.text(&format!("ids/{code}.txt"));
        let lines: Vec<&str> = list.lines().collect();
        assert!(lines.is_sorted() && lines.windows(2).all(|pair| pair[0] != pair[1]), "{code}");
        assert!(code == "X001" || lines.len() as u64 == n.as_u64().unwrap(), "{code}");
        for finding in report.lines("findings.jsonl").iter().filter(|finding| finding["code"] == code.as_str()) {
            if let Some(id) = finding.get("id") {
                assert!(lines.contains(&id.as_str().unwrap()), "{code} {id}");
            }
        }
    }
}

/// The shell commands of the workflow in the guide's section "In CI".
fn ci_commands() -> Vec<String> {
    let guide = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/guide.md")).unwrap();
    let section = guide.split("## In CI\n").nth(1).unwrap().split("\n## ").next().unwrap().to_owned();
    let blocks = section.split("```").skip(1).step_by(2);
    let mut commands = Vec::new();
    for block in blocks {
        if let Some(lines) = block.strip_prefix("console\n") {
            let lines = lines.lines().filter_map(|line| line.strip_prefix("$ "));
            commands.extend(lines.map(|line| line.split(" #").next().unwrap().trim().to_owned()));
        } else if let Some(lines) = block.strip_prefix("yaml\n") {
            let steps =
                lines.lines().filter_map(|line| line.trim_start().trim_start_matches("- ").strip_prefix("run: "));
            commands.extend(steps.map(str::to_owned));
        }
    }
    commands
}

#[cfg(unix)]
#[test]
fn the_ci_section_works_as_written() {
    let place = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::create_dir(place.path().join("bin")).unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_shelfread"), place.path().join("bin/shelfread")).unwrap();
    fs::copy(root.join(SAMPLE), place.path().join("export.jsonl")).unwrap();
    let path = format!("{}/bin:{}", place.path().display(), std::env::var("PATH").unwrap());
    let shell = |command: &str| {
        let mut shell = Command::new("sh");
        shell.args(["-ec", command]).current_dir(place.path()).env("PATH", &path).output().unwrap()
    };
    let commands = ci_commands();
    let is_made = |command: &&String| command.contains("shelfread ");
    let ours: Vec<&String> = commands.iter().filter(is_made).collect();
    assert!(ours.len() >= 4, "{commands:?}");
    for command in &ours {
        if command.starts_with("cargo install ") {
            continue;
        }
        let output = shell(command);
        assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
    }
    let sarif = fs::read_to_string(place.path().join("shelfread.sarif")).unwrap();
    let sarif: serde_json::Value = serde_json::from_str(&sarif).unwrap();
    assert_eq!(sarif["runs"][0]["results"].as_array().map(Vec::len), Some(0), "all is known");
    // A new error fails the same step.
    let mut export = fs::read_to_string(place.path().join("export.jsonl")).unwrap();
    export.push_str("{\"id\":\"new-1\",\"title\":\"/\"}\n");
    fs::write(place.path().join("export.jsonl"), export).unwrap();
    let step = ours.iter().find(|command| command.contains("--format sarif")).unwrap();
    assert_eq!(shell(step).status.code(), Some(1));
    let sarif = fs::read_to_string(place.path().join("shelfread.sarif")).unwrap();
    assert!(sarif.contains("\"baselineState\":\"new\"") && sarif.contains("new-1"), "{sarif}");
}
