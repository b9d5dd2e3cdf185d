//! The command line: what a user types, and what comes back.

use std::fs;
use std::io::Write;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::program::{Report, names, run, shelfread};

const SAMPLE: &str = "testdata/sample.jsonl";
/// Records with defects that the audit calls errors.
const DAMAGED: &str = "testdata/damaged.jsonl";

fn stderr_of(args: &[&str], code: i32) -> String {
    let output = run(args);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{args:?}: {text}");
    text
}

#[test]
fn a_report_holds_all_its_files() {
    let report = Report::of("check", &[SAMPLE], &[]);
    let expected = [
        "findings.csv",
        "findings.jsonl",
        "fixes.jsonl",
        "ids",
        "index.html",
        "near_misses.jsonl",
        "profile.json",
        "proposals.csv",
        "proposals.jsonl",
        "rejects.jsonl",
        "relations.jsonl",
        "run.json",
        "stale_decisions.jsonl",
        "summary.json",
    ];
    assert_eq!(names(&report.folder()), expected);
    assert_eq!(report.code, 0, "the sample has no errors");
    assert_eq!(Report::of("check", &[DAMAGED], &[]).code, 1);
}

#[test]
fn the_profile_counts_every_record_once() {
    let report = Report::of("audit", &[SAMPLE], &[]);
    let profile: serde_json::Value = serde_json::from_str(&report.text("profile.json")).unwrap();
    let n_records = report.summary()["records"]["processed"].as_u64().unwrap();
    let groups = profile["groups"].as_array().unwrap();
    assert!(groups.len() > 5);
    let sum = |group: &serde_json::Value, table: &str| -> u64 {
        group[table].as_object().unwrap().values().filter_map(serde_json::Value::as_u64).sum()
    };
    for group in groups.iter().chain([&profile["catalogue"]]) {
        let n = group["records"].as_u64().unwrap();
        assert_eq!(["importers", "title_sort", "work_keys"].map(|table| sum(group, table)), [n; 3], "{group}");
        let years = &group["years"];
        assert_eq!(sum(years, "by_year") + sum(group, "years"), n, "{group}");
        assert_eq!(
            (group["fields"]["id"]["records"].as_u64(), group["fields"]["id"]["share"].as_f64()),
            (Some(n), Some(1.0))
        );
    }
    assert_eq!(groups.iter().filter_map(|group| group["records"].as_u64()).sum::<u64>(), n_records);
    assert_eq!(profile["catalogue"]["records"], n_records);
    assert!(!names(&Report::of("dedupe", &[SAMPLE], &[]).folder()).contains(&"profile.json".to_owned()));
}

#[test]
fn each_half_can_be_run_alone() {
    let dedupe = Report::of("dedupe", &[SAMPLE], &[]);
    assert_eq!(dedupe.code, 0);
    assert!(!dedupe.lines("proposals.jsonl").is_empty() && dedupe.lines("findings.jsonl").is_empty());
    assert!(dedupe.summary().get("audit").is_none());
    let audit = Report::of("audit", &[DAMAGED], &[]);
    assert_eq!(audit.code, 1);
    assert!(audit.lines("proposals.jsonl").is_empty() && !audit.lines("findings.jsonl").is_empty());
    assert!(audit.summary().get("duplicates").is_none());
}

#[test]
fn the_exit_code_follows_fail_on() {
    assert_eq!(Report::of("audit", &[DAMAGED], &["--fail-on", "error"]).code, 1);
    assert_eq!(Report::of("audit", &[SAMPLE], &["--fail-on", "error"]).code, 0);
    assert_eq!(Report::of("audit", &[SAMPLE], &["--fail-on", "warn"]).code, 1);
    assert_eq!(Report::of("dedupe", &[SAMPLE], &["--fail-on", "info"]).code, 0, "there are no findings without audit");
}

#[test]
fn what_cannot_run_says_why_and_writes_nothing() {
    let place = tempfile::tempdir().unwrap();
    let target = place.path().join("report");
    let target = target.to_str().unwrap();
    let missing = stderr_of(&["check", "nowhere.jsonl", "-o", target], 2);
    assert_eq!(missing, "shelfread: cannot read nowhere.jsonl: there is no such file\n");
    let folder = stderr_of(&["check", "testdata", "-o", target], 2);
    assert!(folder.contains("it is a folder"), "{folder}");
    let twice = stderr_of(&["check", SAMPLE, SAMPLE, "-o", target], 2);
    assert!(twice.contains("given twice"), "{twice}");
    let wrong = stderr_of(&["check", "Cargo.toml", "-o", target], 2);
    assert!(wrong.contains("no JSON") && wrong.contains("wt=json"), "{wrong}");
    let option = stderr_of(&["check", SAMPLE, "-o", target, "--fast"], 2);
    assert!(option.contains("--fast"), "{option}");
    let parent = stderr_of(&["check", SAMPLE, "-o", "no/such/place/report"], 2);
    assert!(parent.contains("parent folder does not exist"), "{parent}");
    let config = place.path().join("shelfread.toml");
    fs::write(&config, "[model]\nmerge_att = 3\n").unwrap();
    let config = stderr_of(&["check", SAMPLE, "-o", target, "--config", config.to_str().unwrap()], 2);
    assert!(config.contains("merge_att"), "{config}");
    assert_eq!(names(place.path()), ["shelfread.toml"]);
}

#[test]
fn an_existing_folder_is_replaced_only_by_force_and_only_if_it_is_a_report() {
    let report = Report::of("dedupe", &[SAMPLE], &[]);
    let folder = report.folder();
    let target = folder.to_str().unwrap();
    assert!(stderr_of(&["dedupe", SAMPLE, "-q", "-o", target], 2).contains("--force"));
    fs::write(folder.join("run.json"), "old").unwrap();
    assert_eq!(run(&["dedupe", SAMPLE, "-q", "-o", target, "--force"]).status.code(), Some(0));
    assert_ne!(fs::read_to_string(folder.join("run.json")).unwrap(), "old");
    fs::write(folder.join("notes.txt"), "mine").unwrap();
    let refused = stderr_of(&["dedupe", SAMPLE, "-q", "-o", target, "--force"], 2);
    assert!(refused.contains("other files than a report") && folder.join("notes.txt").exists(), "{refused}");
    let other = tempfile::tempdir().unwrap();
    fs::write(other.path().join("thesis.doc"), "years of work").unwrap();
    let refused = stderr_of(&["dedupe", SAMPLE, "-o", other.path().to_str().unwrap(), "--force"], 2);
    assert!(refused.contains("other files than a report"), "{refused}");
    assert_eq!(names(other.path()), ["thesis.doc"]);
}

#[test]
fn two_things_are_not_written_to_one_place() {
    let place = tempfile::tempdir().unwrap();
    let target = place.path().join("same");
    let name = target.to_str().unwrap();
    let told = stderr_of(&["check", SAMPLE, "-o", name, "--index", &format!("{name}/")], 2);
    assert!(told.contains("is given twice as a place to write to"), "{told}");
    let told = stderr_of(&["check", SAMPLE, "-o", name, "--write-baseline", name], 2);
    assert!(told.contains("is given twice") && !target.exists(), "{told}");
    // Each says what it would replace.
    fs::create_dir(&target).unwrap();
    fs::write(target.join("mine.txt"), "mine").unwrap();
    let told = stderr_of(&["check", SAMPLE, "-o", &format!("{name}2"), "--index", name], 2);
    assert!(told.contains("other files than an index") && told.contains("name another folder"), "{told}");
}

#[test]
fn help_lists_what_a_command_takes() {
    let help = |command: &str| String::from_utf8(run(&[command, "--help"]).stdout).unwrap();
    let has = |command: &str, option: &str| help(command).contains(&format!("{option} "));
    for option in ["--index", "--decisions", "--fail-on", "--max-rejects"] {
        assert!(has("check", option), "{option}");
        assert_eq!(has("audit", option), ["--fail-on", "--max-rejects"].contains(&option), "{option}");
        assert_eq!(has("dedupe", option), option != "--fail-on", "{option}");
    }
    assert!(!help("audit").contains("--rebuild"));
    for option in ["--index=x", "--decisions=x"] {
        let told = stderr_of(&["audit", SAMPLE, "-o", "nowhere/report", option], 2);
        assert!(told.contains("Use check"), "{told}");
    }
    for option in ["--threads", "--max-decompressed", "--quiet"] {
        assert!(help("find").contains(option), "{option}");
    }
}

#[cfg(unix)]
#[test]
fn a_missing_place_for_temporary_files_is_not_the_exports_fault() {
    let with = |args: &[&str]| {
        let output = shelfread(args).env("TMPDIR", "/nowhere/at/all").output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).unwrap()
    };
    for export in ["testdata/shapes/lines.jsonl.gz", "testdata/shapes/lines.jsonl.zst", "-"] {
        let told = with(&["audit", export, "-q", "--format", "text"]);
        assert!(told.contains("no temporary file can be made") && told.contains("TMPDIR"), "{told}");
    }
}

/// What the guide prints for a command, without the command.
fn example(command: &str) -> String {
    let guide = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/guide.md")).unwrap();
    let block = guide.split(&format!("$ {command}\n")).nth(1).unwrap_or_else(|| panic!("{command} is no example"));
    block.split("```").next().unwrap().to_owned()
}

#[test]
fn examples_print_what_the_guide_says() {
    let report = Report::of("check", &[SAMPLE], &[]);
    for command in [
        "shelfread explain testdata/sample.jsonl eld-372193 rep-340517 -q",
        "shelfread evaluate report --gold testdata/sample_gold.tsv -q",
    ] {
        let folder = report.folder();
        let args = command.split(' ').skip(1).map(|arg| if arg == "report" { folder.to_str().unwrap() } else { arg });
        let output = run(&args.collect::<Vec<_>>());
        let printed = String::from_utf8(output.stdout).unwrap();
        let mut rest = printed.as_str();
        // An ellipsis stands for lines that are left out.
        for part in example(command).split("…\n") {
            let at = rest.find(part).unwrap_or_else(|| panic!("{command} prints\n{printed}\nand not\n{part}"));
            rest = &rest[at + part.len()..];
        }
    }
}

#[test]
fn the_sample_gives_what_the_readme_says() {
    let place = tempfile::tempdir().unwrap();
    let report = place.path().join("report");
    let output = run(&["check", SAMPLE, "-o", report.to_str().unwrap()]);
    let printed = String::from_utf8([output.stderr, output.stdout].concat()).unwrap();
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let block = readme.split("```text\n").nth(1).and_then(|rest| rest.split("```").next()).expect("what it prints");
    let lines: Vec<&str> = block.lines().filter(|line| !line.starts_with("report ")).collect();
    assert!(lines.len() > 12, "{block}");
    let mut rest = printed.lines();
    for line in lines {
        assert!(rest.any(|other| other == line), "the README says\n{line}\nand it prints\n{printed}");
    }
}

#[test]
fn every_shape_gives_the_same_records() {
    let ids = |input: &str| -> Vec<String> {
        let report = Report::of("check", &[input], &[]);
        assert_eq!(report.summary()["records"]["rejected"], 0, "{input}");
        let mut found: Vec<String> = report
            .lines("findings.jsonl")
            .iter()
            .map(|f| format!("{} {} {}", f["id"], f["code"], f["field"]))
            .collect();
        found.push(report.summary()["records"]["processed"].to_string());
        found
    };
    let expected = ids("testdata/shapes/lines.jsonl");
    for shape in [
        "array.json",
        "export.json",
        "jsonp.js",
        "lines.jsonl.gz",
        "lines.jsonl.zst",
        "pretty_documents.json",
        "select_compact.json",
        "select_concatenated.json",
        "select_pretty.json",
        "vufind_api.json",
    ] {
        assert_eq!(ids(&format!("testdata/shapes/{shape}")), expected, "{shape}");
    }
    for single in ["get.json", "staff_view.txt"] {
        assert_eq!(ids(&format!("testdata/shapes/{single}")).last().map(String::as_str), Some("1"), "{single}");
    }
}

#[test]
fn stdin_is_an_input_like_any_other() {
    let place = tempfile::tempdir().unwrap();
    let target = place.path().join("report");
    let mut child =
        shelfread(&["check", "-", "-q", "-o", target.to_str().unwrap()]).stdin(Stdio::piped()).spawn().unwrap();
    let text = fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/sample.jsonl")).unwrap();
    child.stdin.take().unwrap().write_all(&text).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let summary = fs::read_to_string(target.join("summary.json")).unwrap();
    assert!(summary.contains("\"processed\": 311"), "{summary}");
}

#[test]
fn the_funnel_is_told_on_stderr_and_the_result_on_stdout() {
    let place = tempfile::tempdir().unwrap();
    let target = place.path().join("report");
    let output = run(&["check", SAMPLE, "-o", target.to_str().unwrap()]);
    let stderr = String::from_utf8(output.stderr).unwrap();
    let counted: Vec<&str> =
        stderr.lines().map(|line| line.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ')).collect();
    let funnel = [
        "records",
        "keys",
        "blocks",
        "candidate pairs",
        "compared",
        "matches",
        "findings",
        "safe patches",
        "proposals",
    ];
    assert_eq!(counted, funnel);
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert!(stdout.contains("311 read = 311 processed + 0 rejected") && stdout.contains("index.html"), "{stdout}");
}

#[test]
fn explain_gives_the_sum_the_vetoes_and_the_blocks() {
    let gold = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/sample_gold.tsv")).unwrap();
    let (a, b) = gold.lines().nth(1).unwrap().split_once('\t').unwrap();
    let output = run(&["explain", SAMPLE, a, b, "-q"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0));
    for part in [a, b, "title", "sum", "vetoes:", "blocks shared:"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let weights = text.lines().filter_map(|line| line.split_whitespace().nth(2)).filter(|w| w.starts_with(['+', '-']));
    let weights: Vec<f64> = weights.map(|weight| weight.parse().unwrap()).collect();
    let sum: f64 =
        text.lines().find(|line| line.starts_with("sum")).unwrap().split_whitespace().nth(1).unwrap().parse().unwrap();
    assert!((weights.iter().sum::<f64>() - sum).abs() < 0.05, "{text}");
    let unknown = stderr_of(&["explain", SAMPLE, a, "nobody", "-q"], 2);
    assert!(unknown.contains("no record with id \"nobody\" among the 311 records"), "{unknown}");
    assert!(stderr_of(&["explain", SAMPLE, a, a, "-q"], 2).contains("is one record in the input; name two"));
}

#[test]
fn explain_compares_the_copies_of_one_id() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let titles = ["Glass", "Moraine studies", "Moraine profiles", "Moraines"].iter().zip(["a", "b", "b", "b"]);
    let lines: Vec<String> = titles.map(|(title, id)| format!(r#"{{"id":"{id}","title":"{title}"}}"#)).collect();
    fs::write(&file, lines.join("\n")).unwrap();
    let explained = |a: &str, b: &str| {
        let output = run(&["explain", file.path().to_str().unwrap(), a, b]);
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (text, said) = explained("b", "b");
    assert!(text.contains("Moraine studies") && text.contains("Moraine profiles"), "{text}");
    assert!(said.contains("3 records have the id \"b\"; the first two are compared"), "{said}");
    assert!(explained("a", "b").1.contains("3 records have the id \"b\"; the first is compared"));
}

#[test]
fn config_completions_and_manual_are_printed() {
    let config = String::from_utf8(run(&["config"]).stdout).unwrap();
    assert!(config.contains("merge_at") && config.contains("[model.book.weights.title]"), "{config}");
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("all.toml");
    fs::write(&file, &config).unwrap();
    assert_eq!(String::from_utf8(run(&["config", "--config", file.to_str().unwrap()]).stdout).unwrap(), config);
    assert!(String::from_utf8(run(&["completions", "bash"]).stdout).unwrap().contains("shelfread"));
    assert!(String::from_utf8(run(&["man"]).stdout).unwrap().contains(".TH shelfread"));
}

#[test]
fn the_model_is_printed_in_three_ways() {
    let print = |format: &str| String::from_utf8(run(&["model", "--format", format]).stdout).unwrap();
    let text = String::from_utf8(run(&["model"]).stdout).unwrap();
    assert_eq!(text, print("text"));
    for part in ["origin   ", "merge    from ", "component: articles", "prior ", "article_number", "█"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("model.toml");
    fs::write(&file, print("toml").replacen("origin = \"", "origin = \"not ", 1)).unwrap();
    let config = String::from_utf8(run(&["config", "--config", file.to_str().unwrap()]).stdout).unwrap();
    let default = String::from_utf8(run(&["config"]).stdout).unwrap();
    assert_eq!(config, default.replacen("origin = \"", "origin = \"not ", 1), "nothing else is set");
    let json: serde_json::Value = serde_json::from_str(&print("json")).unwrap();
    assert!(json["book"]["weights"]["title"]["same"].is_number(), "{json}");
    assert!(stderr_of(&["model", "--format", "svg"], 2).contains("svg"));
}

#[test]
fn a_closed_pipe_is_success() {
    let mut child = shelfread(&["config"]).stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[cfg(unix)]
#[test]
fn ctrl_c_leaves_no_half_report() {
    let place = tempfile::tempdir().unwrap();
    let target = place.path().join("report");
    let mut child =
        shelfread(&["check", "-", "-q", "-o", target.to_str().unwrap()]).stdin(Stdio::piped()).spawn().unwrap();
    // The folder in the making shows that the handler is in place; stdin stays open, so the run waits.
    let start = Instant::now();
    while names(place.path()).is_empty() {
        assert!(start.elapsed() < Duration::from_secs(20), "no folder was started");
        std::thread::yield_now();
    }
    let pid = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(2));
    assert!(names(place.path()).is_empty(), "{:?}", names(place.path()));
}
