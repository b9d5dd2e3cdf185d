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

/// The sample with one word of a record's title replaced.
fn changed_sample(id: &str) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    let mut n_changed = 0;
    let change = |line: &str| {
        let mut record: Value = serde_json::from_str(line).unwrap();
        if record["id"] == id {
            n_changed += 1;
            record["description"] = json!("another description");
        }
        record.to_string() + "\n"
    };
    let text: String = fs::read_to_string(SAMPLE).unwrap().lines().map(change).collect();
    assert_eq!(n_changed, 1);
    fs::write(file.path(), text).unwrap();
    file
}

/// A ruling on a proposal, as `review` exports it.
fn ruling(proposal: &Value, decision: &str) -> tempfile::NamedTempFile {
    let seen = |member: &Value| json!({"id": member["id"], "hash": member["hash"]});
    let members: Vec<Value> = proposal["members"].as_array().unwrap().iter().map(seen).collect();
    let line = json!({"proposal": proposal["proposal"], "decision": decision, "members": members, "user": "me"});
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), format!("{line}\n")).unwrap();
    file
}

#[test]
fn a_decision_on_a_changed_record_is_shown_and_not_obeyed() {
    let before = Report::of("dedupe", &[SAMPLE], &[]);
    let merge = of_size(&before, "merge", 2);
    let members = ids(&merge);
    let changed = changed_sample(&members[0]);
    let changed = changed.path().to_str().unwrap();
    for (decision, then) in [("reject", "review"), ("accept", "merge")] {
        let file = ruling(&merge, decision);
        let options = ["--decisions", file.path().to_str().unwrap()];
        let obeyed = Report::of("dedupe", &[SAMPLE], &options);
        assert_eq!(obeyed.summary()["duplicates"]["counts"]["stale_decisions"], 0);
        assert!(obeyed.lines("stale_decisions.jsonl").is_empty());
        let after = Report::of("dedupe", &[changed], &options);
        assert_eq!(after.summary()["duplicates"]["counts"]["stale_decisions"], 1);
        let stale = after.lines("stale_decisions.jsonl");
        assert_eq!((&stale[0]["decision"], &stale[0]["changed"]), (&json!(decision), &json!([members[0]])));
        let found = after.lines("proposals.jsonl").into_iter().find(|found| found["proposal"] == merge["proposal"]);
        let found = found.unwrap();
        assert_eq!((&found["decision"], &found["pairs"][0]["stale"]), (&json!(then), &json!(decision)));
        assert!(found["pairs"][0].get("accepted").is_none());
    }
}

#[test]
fn files_that_a_configuration_names_lie_beside_it() {
    let plain = Report::of("dedupe", &[SAMPLE], &[]);
    let merge = plain.lines("proposals.jsonl").into_iter().find(|proposal| proposal["decision"] == "merge").unwrap();
    let id = |at: usize| merge["members"][at]["id"].as_str().unwrap().to_owned();
    let folder = tempfile::tempdir().unwrap();
    fs::copy(decisions(&[(&id(0), &id(1), "reject")]).path(), folder.path().join("decided.jsonl")).unwrap();
    let config = folder.path().join("shelfread.toml");
    fs::write(&config, "decisions = [\"decided.jsonl\"]\n").unwrap();
    let obeyed = Report::of("dedupe", &[SAMPLE], &["--config", config.to_str().unwrap()]);
    assert_eq!(obeyed.summary()["duplicates"]["counts"]["rejected_pairs"], 1);
}

#[test]
fn decisions_go_to_a_store_and_back() {
    let place = tempfile::tempdir().unwrap();
    let path = |name: &str| place.path().join(name).to_str().unwrap().to_owned();
    let before = Report::of("dedupe", &[SAMPLE], &[]);
    let merge = of_size(&before, "merge", 2);
    let file = ruling(&merge, "reject");
    let done = |args: &[&str]| {
        let output = run(args);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let (lines, store) = (file.path().to_str().unwrap(), path("decisions.sqlite"));
    assert_eq!(done(&["decisions", "import", lines, "--into", &store]), "1 added, 0 known already, 0 left out\n");
    assert_eq!(done(&["decisions", "import", lines, "--into", &store]), "0 added, 1 known already, 0 left out\n");
    // The store itself is obeyed, and so is its export.
    let exported = path("exported.jsonl");
    done(&["decisions", "export", &store, "-o", &exported]);
    assert_eq!(done(&["decisions", "export", &store]), fs::read_to_string(&exported).unwrap());
    for decisions in [&store, &exported] {
        let after = Report::of("dedupe", &[SAMPLE], &["--decisions", decisions]);
        assert_eq!(after.summary()["duplicates"]["counts"]["rejected_pairs"], 1);
    }
    // Another person's decision on the same proposal is no silent change.
    let other = ruling(&merge, "accept");
    let output = run(&["decisions", "import", other.path().to_str().unwrap(), "--into", &store]);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(2) && text.contains(merge["proposal"].as_str().unwrap()), "{text}");
    assert_eq!(done(&["decisions", "export", &store]), fs::read_to_string(&exported).unwrap(), "nothing was taken");
    let args = ["decisions", "import", other.path().to_str().unwrap(), "--into", &store, "--prefer", "imported"];
    assert_eq!(done(&args), "1 added, 0 known already, 0 left out\n");
}
