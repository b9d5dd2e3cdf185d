//! What people decided is obeyed by the next run.

use std::fs;

use serde_json::{Value, json};

use crate::program::{Report, run};

const SAMPLE: &str = "testdata/sample.jsonl";

/// A file of decisions, one per line.
fn decisions(lines: &[(&str, &str, &str)]) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    let lines = lines.iter().map(|(a, b, decision)| json!({"a": a, "b": b, "decision": decision}).to_string() + "\n");
    fs::write(file.path(), lines.collect::<String>()).unwrap();
    file
}

fn dedupe(decisions: &tempfile::NamedTempFile) -> Report {
    Report::of("dedupe", &[SAMPLE], &["--decisions", decisions.path().to_str().unwrap()])
}

fn ids(proposal: &Value) -> Vec<String> {
    proposal["members"].as_array().unwrap().iter().map(|member| member["id"].as_str().unwrap().to_owned()).collect()
}

/// The first proposal of `n` members.
fn of_size(report: &Report, decision: &str, n: usize) -> Value {
    let is_it = |proposal: &Value| proposal["decision"] == decision && ids(proposal).len() == n;
    report.lines("proposals.jsonl").into_iter().find(is_it).unwrap()
}

#[test]
fn what_was_rejected_is_not_proposed_again() {
    let before = Report::of("dedupe", &[SAMPLE], &[]);
    let merge = of_size(&before, "merge", 2);
    let [a, b] = &ids(&merge)[..] else { panic!("two members") };
    let after = dedupe(&decisions(&[(b, a, "reject"), (a, "nowhere", "accept")]));
    let proposals = after.lines("proposals.jsonl");
    assert!(proposals.iter().all(|proposal| !(ids(proposal).contains(a) && ids(proposal).contains(b))));
    assert_eq!(proposals.len() + 1, before.lines("proposals.jsonl").len(), "all others are as they were");
    let misses = after.lines("near_misses.jsonl");
    let is_it = |miss: &&Value| [&miss["a"], &miss["b"]].iter().all(|id| *id == a || *id == b);
    assert_eq!(misses.iter().find(is_it).unwrap()["failed"], "rejected");
    let counts = &after.summary()["duplicates"]["counts"];
    assert_eq!([&counts["rejected_pairs"], &counts["idle_decisions"]], [1, 1], "{counts}");
}

#[test]
fn what_was_rejected_is_not_bridged() {
    let before = Report::of("dedupe", &[SAMPLE], &[]);
    let merge = of_size(&before, "merge", 3);
    let members = ids(&merge);
    let after = dedupe(&decisions(&[(&members[0], &members[2], "reject")]));
    for proposal in after.lines("proposals.jsonl") {
        let found = ids(&proposal);
        assert!(!(found.contains(&members[0]) && found.contains(&members[2])), "{found:?}");
    }
}

#[test]
fn what_was_accepted_is_merged_under_its_old_name() {
    let before = Report::of("dedupe", &[SAMPLE], &[]);
    let review = of_size(&before, "review", 2);
    let [a, b] = &ids(&review)[..] else { panic!("two members") };
    let file = decisions(&[(a, b, "reject"), (a, b, "accept")]);
    let after = dedupe(&file);
    let proposals = after.lines("proposals.jsonl");
    let found = proposals.iter().find(|proposal| proposal["proposal"] == review["proposal"]).unwrap();
    assert_eq!(
        (&found["decision"], &found["pairs"][0]["accepted"]),
        (&json!("merge"), &json!(true)),
        "the last counts"
    );
    assert!(after.text("index.html").contains("a person decided that these are one"));
    // Records that nothing brings together are merged too.
    let [other, _] = &ids(&of_size(&before, "merge", 2))[..] else { panic!("two members") };
    let after = dedupe(&decisions(&[(a, other, "accept")]));
    let unites = |proposal: &&Value| ids(proposal).contains(a) && ids(proposal).contains(other);
    assert_eq!(after.lines("proposals.jsonl").iter().find(unites).unwrap()["decision"], "merge");
}

#[test]
fn unusable_decisions_are_refused() {
    let file = decisions(&[("x", "y", "perhaps")]);
    let path = file.path().to_str().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("report");
    for (job, expected) in [("dedupe", "line 1: the decision \"perhaps\""), ("audit", "audit proposes no merges")] {
        let output = run(&[job, SAMPLE, "-q", "-o", target.to_str().unwrap(), "--decisions", path]);
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(2) && text.contains(expected), "{text}");
        assert!(!target.exists(), "nothing is left half-written");
    }
}
