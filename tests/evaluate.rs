//! `evaluate`: figures against values worked out by hand, causes of what went wrong, and what cannot be measured.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use crate::program::{Report, names, run};

const SAMPLE: &str = "testdata/sample.jsonl";
const GOLD: &str = "testdata/sample_gold.tsv";

/// A report of `lines`, and room for tables beside it.
struct Case {
    place: TempDir,
}

impl Case {
    fn of(lines: &[&str]) -> Case {
        let case = Case { place: tempfile::tempdir().unwrap() };
        fs::write(case.path("records.jsonl"), lines.join("\n")).unwrap();
        let report = case.name("report");
        let output = run(&["dedupe", &case.name("records.jsonl"), "-q", "-o", &report]);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        case
    }

    fn path(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    fn name(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    /// Runs `evaluate` with a table per option; gives `evaluation.json` and the lines of `wrong_pairs.jsonl`.
    fn evaluate(&self, tables: &[(&str, &str)]) -> (Value, Vec<Value>) {
        let mut args = vec!["evaluate".to_owned(), self.name("report"), "-q".to_owned()];
        for (at, (option, table)) in tables.iter().enumerate() {
            let path = self.name(&format!("table{at}.tsv"));
            fs::write(&path, table.replace(' ', "\t")).unwrap();
            args.extend([(*option).to_owned(), path]);
        }
        args.extend(["-o".to_owned(), self.name("evaluation"), "--force".to_owned()]);
        let output = run(&args.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        let folder = self.path("evaluation");
        assert_eq!(names(&folder), ["evaluation.json", "wrong_pairs.jsonl"]);
        let wrong = fs::read_to_string(folder.join("wrong_pairs.jsonl")).unwrap();
        let figures = fs::read_to_string(folder.join("evaluation.json")).unwrap();
        (
            serde_json::from_str(&figures).unwrap(),
            wrong.lines().map(|line| serde_json::from_str(line).unwrap()).collect(),
        )
    }
}

fn book(id: &str, title: &str, more: &str) -> String {
    format!(
        r#"{{"id":"{id}","title":"{title}","author":["Aalto, Aino"],"publishDate":["1990"],"publisher":["Press"],"physical":["200 p."]{more}}}"#
    )
}

/// a, b and c are one; d is another edition, and e shares nothing with them.
fn five_books() -> Vec<String> {
    let title = "A long and telling title of a book";
    let first = r#","edition":"1st ed.""#;
    let e = r#"{"id":"y:e","title":"Gardens of the north","author":["Zola, Emile"],"publishDate":["1982"]}"#;
    vec![
        book("x:a", title, first),
        book("x:b", title, first),
        book("y:c", title, first),
        book("y:d", title, r#","edition":"2nd ed.""#),
        e.to_owned(),
    ]
}

fn check_measure(figures: &Value, scope: &str, band: &str, counts: [u64; 3], prf: [f64; 3]) {
    let all = figures["measures"].as_array().unwrap();
    let found = all.iter().find(|measure| measure["scope"] == scope && measure["band"] == band);
    let found = found.unwrap_or_else(|| panic!("{scope} {band}: {figures}"));
    assert_eq!([&found["tp"], &found["fp"], &found["fn"]].map(|n| n.as_u64().unwrap()), counts, "{scope} {band}");
    for (name, expected) in ["precision", "recall", "f1"].iter().zip(prf) {
        assert!((found[name].as_f64().unwrap() - expected).abs() < 1e-9, "{scope} {band} {name}: {found}");
    }
}

#[test]
fn figures_are_those_worked_out_by_hand() {
    let books = five_books();
    let case = Case::of(&books.iter().map(String::as_str).collect::<Vec<_>>());
    // Merged: ab, ac, bc. True: ab and ae, and one whose record is missing. The order within a pair means nothing.
    let gold = "id_a id_b\nx:b x:a\nx:a y:e\nx:a nobody\n";
    let (figures, wrong) = case.evaluate(&[("--gold", gold)]);
    for band in ["merge", "merge+review"] {
        check_measure(&figures, "all_pairs", band, [1, 2, 2], [1.0 / 3.0; 3]);
    }
    let causes: Vec<&str> = wrong.iter().map(|pair| pair["cause"].as_str().unwrap()).collect();
    assert_eq!(causes, ["matched", "matched", "not in the exports", "not blocked: no key in common"]);
    // Six pairs of a, b, c, d meet.
    let blocking = &figures["blocking"];
    assert_eq!([&blocking["true_pairs"], &blocking["compared"], &blocking["candidate_pairs"]], [3, 1, 6]);
    assert_eq!(blocking["candidates_per_record"], 1.2);
    assert_eq!(figures["proposed"]["reviews_per_100_merges"], 0.0);
    assert_eq!([&figures["merged"]["right_directly"], &figures["merged"]["wrong_directly"]], [1, 2]);
    let same_title = &figures["levels"][0];
    assert_eq!([&same_title["aspect"], &same_title["level"]], ["title", "same"]);
    assert_eq!([&same_title["right"], &same_title["wrong"], &same_title["missed"]], [1, 2, 0]);
    for pair in &wrong[..2] {
        let sum: f64 = pair["evidence"].as_array().unwrap().iter().map(|e| e["weight"].as_f64().unwrap()).sum();
        let weight = pair["weight"].as_f64().unwrap() - pair["prior"].as_f64().unwrap();
        assert!((sum - weight).abs() < 1e-6 && pair["evidence"][0]["a"] == "A long and telling title of a book");
        assert!(pair["b"] == "y:c" && pair["compared"] == true && pair.get("through").is_none());
    }

    // Only labelled pairs count: ab right, ac wrong, ae missed, de rightly apart.
    let labelled = "id_a id_b label\nx:a x:b 1\nx:a y:c 0\ny:e x:a 1\ny:d y:e 0\n";
    let (figures, _) = case.evaluate(&[("--gold", gold), ("--labelled", labelled)]);
    check_measure(&figures, "labelled", "merge", [1, 1, 1], [0.5; 3]);
    check_measure(&figures, "all_pairs", "merge", [1, 2, 2], [1.0 / 3.0; 3]);
    assert_eq!(figures["scope"], "labelled");

    // Only pairs between x and y count: ac, bc.
    let (figures, _) = case.evaluate(&[("--cross", "id_a id_b\nx:a y:c\n")]);
    check_measure(&figures, "cross_source", "merge", [1, 1, 0], [0.5, 1.0, 2.0 / 3.0]);

    // An ignored pair is neither wrong nor missed.
    let ignored = "id_a id_b\nx:a y:c\nx:b y:c\nx:a y:e\n";
    let (figures, wrong) = case.evaluate(&[("--gold", gold), ("--ignore", ignored)]);
    check_measure(&figures, "without_ignored", "merge", [1, 0, 1], [1.0, 0.5, 2.0 / 3.0]);
    check_measure(&figures, "all_pairs", "merge", [1, 2, 2], [1.0 / 3.0; 3]);
    assert_eq!(wrong.len(), 1);
}

#[test]
fn a_veto_and_a_low_weight_are_named() {
    let title = "A long and telling title of a book";
    let records = [
        book("a", title, r#","edition":"2nd ed.""#),
        book("b", title, r#","edition":"3rd ed.""#),
        book("c", "Gardens of the north and their keepers", r#","isbn":["9780306406157"]"#),
        r#"{"id":"d","title":"Gardens of the north and their keepers","author":["Zola, Emile"],"publishDate":["1982"]}"#
            .to_owned(),
    ];
    let case = Case::of(&records.iter().map(String::as_str).collect::<Vec<_>>());
    let (figures, wrong) = case.evaluate(&[("--gold", "id_a id_b\na b\nc d\n")]);
    let causes: Vec<&str> = wrong.iter().map(|pair| pair["cause"].as_str().unwrap()).collect();
    assert_eq!(causes, ["veto: edition-differs", "low weight: year different"], "{figures}");
    assert_eq!(wrong[0]["vetoes"][0], "edition-differs");
    assert_eq!(figures["misses"].as_array().unwrap().len(), 2);
}

#[test]
fn the_sample_is_measured_as_the_other_tests_measure_it() {
    let report = Report::of("dedupe", &[SAMPLE], &[]);
    let folder = report.folder();
    let output = run(&["evaluate", folder.to_str().unwrap(), "--gold", GOLD, "-q"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let merged = crate::sample::merged_pairs(&report).len();
    let line = text.lines().find(|line| line.starts_with("all pairs        merge ")).unwrap();
    let cells: Vec<&str> = line.split_whitespace().collect();
    assert_eq!(cells[3], "1.0000", "nothing is merged wrongly: {line}");
    assert_eq!(cells[6..8], [&*merged.to_string(), "0"], "{line}");
    for part in ["blocking      recall", "per record", "reviews per 100 merges", "missed"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let again = run(&["evaluate", folder.to_str().unwrap(), "--gold", GOLD, "-q", "--threads", "1"]);
    assert_eq!(String::from_utf8(again.stdout).unwrap(), text, "threads do not show");
    assert_eq!(names(&folder).len(), 12, "the report stays as it is");
}

#[test]
fn what_cannot_be_measured_says_why() {
    let books = five_books();
    let case = Case::of(&books.iter().map(String::as_str).collect::<Vec<_>>());
    let report = case.name("report");
    let gold = case.name("gold.tsv");
    fs::write(&gold, "id_a\tid_b\nx:a\tx:b\n").unwrap();
    let fails = |args: &[&str], named: &str| {
        let output = run(args);
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {text}");
        assert!(text.contains(named), "{args:?}: {text}");
    };
    fails(&["evaluate", &report, "-q"], "--gold");
    fails(&["evaluate", "testdata", "--gold", &gold, "-q"], "holds no summary.json");
    fails(&["evaluate", &report, "--gold", "nowhere.tsv", "-q"], "cannot read nowhere.tsv: there is no such file");
    let empty = case.name("empty.tsv");
    fs::write(&empty, "id_a\tid_b\n").unwrap();
    fails(&["evaluate", &report, "--gold", &empty, "-q"], "it has no pairs");
    let headless = case.name("headless.tsv");
    fs::write(&headless, "x:a\tx:b\nx:a\ty:c\n").unwrap();
    fails(&["evaluate", &report, "--gold", &headless, "-q"], "names records");
    fails(&["evaluate", &report, "--gold", &gold, "-q", "-o", &report, "--force"], "other files than an evaluation");
    assert!(Path::new(&report).join("summary.json").exists());

    let audit = case.name("audit");
    run(&["audit", &case.name("records.jsonl"), "-q", "-o", &audit]);
    fails(&["evaluate", &audit, "--gold", &gold, "-q"], "of an audit only");

    let export = case.path("records.jsonl");
    let longer = fs::read_to_string(&export).unwrap() + "\n";
    fs::write(&export, longer).unwrap();
    fails(&["evaluate", &report, "--gold", &gold, "-q"], "make the report again");
    fs::remove_file(&export).unwrap();
    fails(&["evaluate", &report, "--gold", &gold, "-q"], "run this where the report was made");
}
