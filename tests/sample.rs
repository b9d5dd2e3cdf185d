//! The bundled catalogues: their planted duplicates and defects are found, and little else. `damaged` holds
//! what the audit calls errors, `sample` the rest.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use shelfread::audit::{RULES, Rule};
use shelfread::config::Config;
use shelfread::pipeline;
use shelfread::progress::Progress;
use shelfread::results::Job;

use crate::program::Report;

fn table(name: &str) -> Vec<(String, String)> {
    let path = format!("{}/testdata/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(path).unwrap();
    let row = |line: &str| line.split_once('\t').map(|(a, b)| (a.to_owned(), b.split('\t').next().unwrap().to_owned()));
    text.lines().skip(1).filter_map(row).collect()
}

/// All pairs within the merge proposals of a report.
pub(crate) fn merged_pairs(report: &Report) -> BTreeSet<(String, String)> {
    let mut pairs = BTreeSet::new();
    for proposal in report.lines("proposals.jsonl").iter().filter(|proposal| proposal["decision"] == "merge") {
        let ids: Vec<String> = proposal["members"]
            .as_array()
            .unwrap()
            .iter()
            .map(|member| member["id"].as_str().unwrap().to_owned())
            .collect();
        for (at, a) in ids.iter().enumerate() {
            pairs.extend(ids[at + 1..].iter().map(|b| (a.min(b).clone(), a.max(b).clone())));
        }
    }
    pairs
}

#[test]
fn planted_duplicates_are_merged_and_look_alikes_are_not() {
    for name in ["sample", "damaged"] {
        check_duplicates(name);
    }
}

fn check_duplicates(name: &str) {
    let report = Report::of("dedupe", &[&format!("testdata/{name}.jsonl")], &[]);
    let gold: BTreeSet<(String, String)> =
        table(&format!("{name}_gold.tsv")).into_iter().map(|(a, b)| if a <= b { (a, b) } else { (b, a) }).collect();
    let merged = merged_pairs(&report);
    let wrong: Vec<_> = merged.difference(&gold).collect();
    let missed = gold.difference(&merged).count();
    assert!(wrong.is_empty(), "{name}: wrong merges: {wrong:?}");
    assert!(missed * 10 <= gold.len(), "{name}: {missed} of {} true pairs are not merged", gold.len());
}

#[test]
fn planted_defects_are_found_and_nothing_unexplained() {
    for name in ["sample", "damaged"] {
        check_defects(name);
    }
}

fn check_defects(name: &str) {
    let path = PathBuf::from(format!("{}/testdata/{name}.jsonl", env!("CARGO_MANIFEST_DIR")));
    let results = pipeline::run(&[path], Job::Audit, &Config::default(), &Progress::new(true)).unwrap();
    let audit = results.audit.unwrap();
    let ids_of = |rule: &Rule| audit.ids_of(rule).map(|record| results.ids.of(record).to_owned()).collect();
    let found: BTreeMap<String, BTreeSet<String>> =
        RULES.iter().map(|rule| (rule.code.to_owned(), ids_of(rule))).collect();
    let planted = table(&format!("{name}_defects.tsv"));
    for (id, rule) in &planted {
        assert!(found.get(rule).is_some_and(|ids| ids.contains(id)), "{rule} is planted in {id} and not found");
    }
    let side = table(&format!("{name}_side_findings.tsv"));
    let explained: BTreeSet<(String, String)> = planted.into_iter().chain(side).collect();
    let all = found.iter().flat_map(|(rule, ids)| ids.iter().map(|id| (id.clone(), rule.clone())));
    let unexplained: Vec<(String, String)> = all.filter(|finding| !explained.contains(finding)).collect();
    assert!(unexplained.is_empty(), "found where nothing is planted: {unexplained:?}");
}
