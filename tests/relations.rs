//! Pairs that are no duplicates: relations and near misses are listed, and the totals agree.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;

use crate::program::Report;

const RECORDS: &str = r#"{"id":"a1","title":"System of Swiss tax law","author":["Blumenstein, Ernst"],"publishDate":["1971"],"publisher":["Schulthess"],"physical":["554 p."],"edition":"3rd ed.","format":["Book"]}
{"id":"a2","title":"System of Swiss tax law","author":["Blumenstein, Ernst"],"publishDate":["2002"],"publisher":["Schulthess"],"physical":["669 p."],"edition":"6th ed.","format":["Book"]}
{"id":"b1","title":"Cell-matrix dynamics reflect contractile mechanics","author":["Sen, Shamik"],"publishDate":["2010"],"doi_str_mv":["10.1000/b1"],"format":["Article"]}
{"id":"b2","title":"Erratum to: Cell-matrix dynamics reflect contractile mechanics","author":["Sen, Shamik"],"publishDate":["2011"],"doi_str_mv":["10.1000/b2"],"format":["Article"]}
{"id":"c1","title":"The use of social media in health services","author":["Walsh, Louisa"],"publishDate":["2020"],"doi_str_mv":["10.1000/c1"],"format":["Article"]}
{"id":"c2","title":"The use of social media in health services","author":["Walsh, Louisa"],"publishDate":["2020"],"doi_str_mv":["10.1000/c2"],"format":["Article"]}
{"id":"d1","title":"History of Finland. Part 1","author":["Aalto, Aino"],"publishDate":["1990"],"publisher":["Otava"],"physical":["200 p."],"format":["Book"],"isbn":["9780306406157"]}
{"id":"d2","title":"History of Finland","author":["Aalto, Aino"],"publishDate":["1990"],"publisher":["Otava"],"physical":["200 p."],"format":["Book"],"isbn":["9780306406157"]}
{"id":"d3","title":"History of Finland. Part 2","author":["Aalto, Aino"],"publishDate":["1990"],"publisher":["Otava"],"physical":["200 p."],"format":["Book"],"isbn":["9780306406157"]}
"#;

fn report() -> Report {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("records.jsonl");
    fs::write(&path, RECORDS).unwrap();
    Report::of("dedupe", &[path.to_str().unwrap()], &[])
}

fn text<'a>(line: &'a Value, key: &str) -> &'a str {
    line[key].as_str().unwrap()
}

fn pair(line: &Value) -> (String, String) {
    (text(line, "a").to_owned(), text(line, "b").to_owned())
}

#[test]
fn relations_and_near_misses_say_what_and_why() {
    let report = report();
    let relations: Vec<(String, String)> = report
        .lines("relations.jsonl")
        .iter()
        .map(|line| (format!("{} {}", text(line, "a"), text(line, "b")), text(line, "detail").to_owned()))
        .collect();
    let expected = [("a1 a2", "edition"), ("b1 b2", "erratum"), ("d1 d3", "volume")];
    assert_eq!(relations, expected.map(|(pair, detail)| (pair.to_owned(), detail.to_owned())));
    let misses = report.lines("near_misses.jsonl");
    let failed: Vec<&str> = misses.iter().map(|line| text(line, "failed")).collect();
    assert_eq!(failed, ["doi-differs", "cut"]);
    assert_eq!(misses[1]["between"], serde_json::json!(["d1", "d3"]));
    assert!(text(&misses[1], "reason").contains("d1 and d3"), "{}", misses[1]);
}

#[test]
fn totals_agree_with_the_summary_and_no_pair_comes_twice() {
    let sample = Report::of("check", &["testdata/sample.jsonl"], &[]);
    for report in [report(), sample] {
        let duplicates = &report.summary()["duplicates"];
        let (relations, misses) = (report.lines("relations.jsonl"), report.lines("near_misses.jsonl"));
        assert_eq!(duplicates["counts"]["relations"], relations.len());
        assert_eq!(duplicates["counts"]["near_misses"], misses.len());
        for (key, lines, field) in
            [("relations", &relations, "relation"), ("near_misses_by_criterion", &misses, "failed")]
        {
            let mut counts: BTreeMap<String, u64> = BTreeMap::new();
            for line in lines {
                *counts.entry(text(line, field).to_owned()).or_default() += 1;
            }
            let counted: BTreeMap<String, u64> = serde_json::from_value(duplicates[key].clone()).unwrap();
            assert_eq!(counted.into_iter().filter(|(_, n)| *n > 0).collect::<BTreeMap<_, _>>(), counts);
        }
        let n_cut = misses.iter().filter(|line| text(line, "failed") == "cut").count();
        assert_eq!(duplicates["counts"]["cut_links"], n_cut);
        let mut seen = BTreeSet::new();
        for line in relations.iter().chain(&misses) {
            assert!(seen.insert(pair(line)), "{line} is listed twice");
            let weights =
                line["evidence"].as_array().unwrap().iter().map(|evidence| evidence["weight"].as_f64().unwrap());
            let prior = line["prior"].as_f64().unwrap();
            assert!((prior + weights.sum::<f64>() - line["weight"].as_f64().unwrap()).abs() < 0.01, "{line}");
            assert!(text(line, "reason").len() > 20, "{line}");
        }
        let merged = crate::sample::merged_pairs(&report);
        assert!(seen.iter().all(|(a, b)| !merged.contains(&(a.min(b).clone(), a.max(b).clone()))));
    }
}

#[test]
fn an_audit_alone_has_none() {
    let audit = Report::of("audit", &["testdata/sample.jsonl"], &[]);
    assert!(audit.text("relations.jsonl").is_empty() && audit.text("near_misses.jsonl").is_empty());
}
