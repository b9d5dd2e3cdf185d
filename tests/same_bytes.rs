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

/// What a line says without the places of records: pairs have no direction then, and sentences about them are left out.
fn without_places(line: &serde_json::Value) -> serde_json::Value {
    const PLACES: [&str; 5] = ["file", "line", "byte", "length", "reason"];
    match line {
        serde_json::Value::Object(fields) => {
            let mut fields: serde_json::Map<_, _> = fields
                .iter()
                .filter(|(name, _)| !PLACES.contains(&name.as_str()))
                .map(|(name, value)| (name.clone(), without_places(value)))
                .collect();
            if let (Some(a), Some(b)) = (fields.remove("a"), fields.remove("b")) {
                fields.insert("pair".to_owned(), sorted(vec![a, b]));
            }
            fields.into_iter().collect()
        }
        serde_json::Value::Array(values) => values.iter().map(without_places).collect(),
        other => other.clone(),
    }
}

fn sorted(mut values: Vec<serde_json::Value>) -> serde_json::Value {
    values.sort_by_key(serde_json::Value::to_string);
    values.into()
}

/// The lines of a report in any order, but for those that tell one of several records by its place: findings about groups,
/// which stand for their first records, and X006 and X007, which tell the later one of two copies.
fn lines_without_places(report: &Report, name: &str) -> Vec<String> {
    let is_told_by_place =
        |line: &serde_json::Value| line.get("group").is_some() || line["code"] == "X006" || line["code"] == "X007";
    let lines = report.lines(name).into_iter().filter(|line| !is_told_by_place(line)).map(|line| {
        let mut line = without_places(&line);
        if let Some(between) = line.get_mut("between") {
            *between = sorted(std::mem::take(between).as_array().unwrap().clone());
        }
        line.to_string()
    });
    let mut lines: Vec<String> = lines.collect();
    lines.sort();
    lines
}

/// The sample, with so many copies of some records that not all of their pairs are listed.
fn with_copies() -> Vec<String> {
    let sample = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/sample.jsonl")).unwrap();
    let mut lines: Vec<String> = sample.lines().map(str::to_owned).collect();
    for at in [0, 7, 30, 31, 90] {
        for copy in 0..17 {
            let mut document: serde_json::Value = serde_json::from_str(&lines[at]).unwrap();
            document["id"] = format!("copy-{at}-{}", copy * 7 % 17).into();
            lines.push(document.to_string());
        }
    }
    lines
}

#[test]
fn order_of_input_changes_nothing_but_places() {
    let place = tempfile::tempdir().unwrap();
    let mut lines = with_copies();
    let paths = ["straight.jsonl", "reversed.jsonl"].map(|name| {
        let path = place.path().join(name).to_str().unwrap().to_owned();
        std::fs::write(&path, lines.join("\n")).unwrap();
        lines.reverse();
        path
    });
    for command in ["dedupe", "check"] {
        let [straight, reversed] = paths.each_ref().map(|path| Report::of(command, &[path], &[]));
        let proposals = straight.lines("proposals.jsonl");
        assert!(proposals.iter().any(|proposal| proposal.get("n_pairs_omitted").is_some()), "{command}");
        let names = ["proposals.jsonl", "relations.jsonl", "near_misses.jsonl", "findings.jsonl"];
        for name in names.into_iter().filter(|name| command == "check" || *name != "findings.jsonl") {
            assert_eq!(
                lines_without_places(&straight, name),
                lines_without_places(&reversed, name),
                "{command} {name}"
            );
        }
    }
}
