//! The same input gives the same bytes, however many threads work on it.

use crate::program::Report;

#[test]
fn thread_count_does_not_show() {
    let reports: Vec<Report> =
        ["1", "2", "7"].map(|threads| Report::of("check", &["testdata/sample.jsonl"], &["--threads", threads])).into();
    for name in reports[0].files() {
        if name == "run.json" {
            continue;
        }
        for other in &reports[1..] {
            assert!(reports[0].text(&name) == other.text(&name), "{name} differs");
        }
    }
}

#[test]
fn order_of_input_changes_nothing_but_places() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("reversed.jsonl");
    let sample = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/sample.jsonl")).unwrap();
    let mut lines: Vec<&str> = sample.lines().collect();
    lines.reverse();
    std::fs::write(&path, lines.join("\n")).unwrap();
    // The second of two copies is found fault with, whichever that is.
    let without_places = |report: &Report| -> Vec<String> {
        let proposals = report.lines("proposals.jsonl").into_iter().map(|mut proposal| {
            for member in proposal["members"].as_array_mut().unwrap() {
                member.as_object_mut().unwrap().retain(|key, _| key == "id");
            }
            proposal.to_string()
        });
        proposals.collect()
    };
    for command in ["dedupe", "check"] {
        let (straight, reversed) =
            (Report::of(command, &["testdata/sample.jsonl"], &[]), Report::of(command, &[path.to_str().unwrap()], &[]));
        assert_eq!(without_places(&straight), without_places(&reversed), "{command}");
    }
}
