//! `train`: from exports and judged pairs to a configuration that the other commands take.

use std::fs;

use crate::program::{Report, names, run};

const SAMPLE: &str = "testdata/sample.jsonl";
const GOLD: &str = "testdata/sample_gold.tsv";

/// Runs `train` over the sample; gives what it prints and what it writes.
fn train(options: &[&str]) -> (String, String) {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("model.toml");
    let mut args = vec!["train", SAMPLE, "-q", "-o", file.to_str().unwrap()];
    args.extend(options);
    let output = run(&args);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(names(place.path()), ["model.toml"]);
    (String::from_utf8(output.stdout).unwrap(), fs::read_to_string(file).unwrap())
}

/// Decisions on the pairs of a table, alternately in both orders, and on as many false ones.
fn decisions() -> String {
    let patterns = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/sample_patterns.tsv")).unwrap();
    let gold = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/sample_gold.tsv")).unwrap();
    let mut lines = String::new();
    for row in patterns.lines().skip(1) {
        let cells: Vec<&str> = row.split('\t').collect();
        let is_true = gold.contains(&format!("{}\t{}\n", cells[1], cells[2]));
        let decision = if is_true { "accept" } else { "reject" };
        lines += &format!("{{\"a\":\"{}\",\"b\":\"{}\",\"decision\":\"{decision}\"}}\n", cells[2], cells[1]);
    }
    lines
}

#[test]
fn a_trained_model_is_a_configuration_that_runs() {
    let place = tempfile::tempdir().unwrap();
    let judged = place.path().join("decisions.jsonl");
    fs::write(&judged, decisions()).unwrap();
    for (options, method) in [
        (vec![], " candidate pairs of sample.jsonl"),
        (vec!["--gold", GOLD], "logistic regression on "),
        (vec!["--decisions", judged.to_str().unwrap()], "true by decisions.jsonl"),
    ] {
        let (text, config) = train(&options);
        assert!(text.starts_with("origin   ") && text.contains(method), "{text}");
        assert!(text.contains("before   after  change") && text.contains("merge from "), "{text}");
        assert_eq!(text.contains("5 folds"), !options.is_empty(), "{text}");
        assert!(config.contains("[blocking]") && config.contains(method), "{config}");
        assert_eq!(train(&[&options[..], &["--threads", "1"]].concat()), (text, config.clone()), "threads show");

        let file = place.path().join("trained.toml");
        fs::write(&file, &config).unwrap();
        let printed = run(&["config", "--config", file.to_str().unwrap()]);
        assert_eq!(String::from_utf8(printed.stdout).unwrap(), config, "the configuration is complete");
        let report = Report::of("dedupe", &[SAMPLE], &["--config", file.to_str().unwrap()]);
        assert!(crate::sample::merged_pairs(&report).len() > 40, "{method}");
    }
}

#[test]
fn what_cannot_be_trained_says_why_and_writes_nothing() {
    let place = tempfile::tempdir().unwrap();
    let path = |name: &str| place.path().join(name).to_str().unwrap().to_owned();
    let (file, labelled, one) = (path("model.toml"), path("labelled.tsv"), path("one.jsonl"));
    let fails = |args: &[&str], named: &str| {
        let output = run(args);
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {text}");
        assert!(text.contains(named), "{args:?}: {text}");
    };
    fails(&["train", SAMPLE, "-q"], "--output");
    fails(&["train", SAMPLE, "-o", "no/such/place/model.toml", "-q"], "parent folder does not exist");
    fails(&["train", SAMPLE, "-o", &file, "--precision", "99"], "above 0 and below 1");
    fs::write(&labelled, "a\tb\tlabel\nx\ty\t1\n").unwrap();
    fails(&["train", SAMPLE, "-q", "-o", &file, "--labelled", &labelled], "none of the judged pairs is a candidate");
    let gold = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/sample_gold.tsv")).unwrap();
    fs::write(&labelled, gold.replace('\n', "\t1\n")).unwrap();
    fails(&["train", SAMPLE, "-q", "-o", &file, "--labelled", &labelled], "every judged candidate pair is true");
    fs::write(&one, "{\"id\":\"a\",\"title\":\"Alone\"}\n").unwrap();
    fails(&["train", &one, "-q", "-o", &file], "no candidate pairs");
    fs::write(&one, "{\"id\":\"a\",\"title\":\"Alone\"}\n{\"id\":\"b\",\"title\":\"Alone\"}\n").unwrap();
    fails(&["train", &one, "-q", "-o", &file], "too few to learn from");
    fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/sample.jsonl"), path("copy.jsonl")).unwrap();
    let copy = path("copy.jsonl");
    fails(&["train", SAMPLE, &copy, "-q", "-o", &file, "--gold", GOLD], "stands in two exports");
    assert_eq!(names(place.path()), ["copy.jsonl", "labelled.tsv", "one.jsonl"]);
    fs::write(&file, "mine").unwrap();
    fails(&["train", SAMPLE, "-q", "-o", &file], "--force");
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
}
