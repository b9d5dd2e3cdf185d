//! What comes after "yes": files to load, and the way back.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::program::{Report, files, run};

const SAMPLE: &str = "testdata/sample.jsonl";

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn lines(path: &Path) -> Vec<Value> {
    text(path).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn rows(path: &Path) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// Runs `apply` into a new folder beside the report.
fn apply(report: &Report, name: &str, options: &[&str]) -> (Option<i32>, String, PathBuf) {
    let out = report.folder().parent().unwrap().join(name);
    let folder = report.folder();
    let mut args = vec!["apply", folder.to_str().unwrap(), "-q", "-o", out.to_str().unwrap()];
    args.extend(options);
    let output = run(&args);
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(said).unwrap(), out)
}

fn exported() -> BTreeMap<String, String> {
    let text = text(&Path::new(env!("CARGO_MANIFEST_DIR")).join(SAMPLE));
    let id = |line: &str| serde_json::from_str::<Value>(line).ok()?["id"].as_str().map(str::to_owned);
    text.lines().filter_map(|line| Some((id(line)?, line.to_owned()))).collect()
}

#[test]
fn what_is_to_be_merged_can_be_loaded_and_taken_back() {
    let report = Report::of("check", &[SAMPLE], &[]);
    let (code, said, out) = apply(&report, "out", &[]);
    assert_eq!(code, Some(0), "{said}");
    let merges: Vec<Value> =
        report.lines("proposals.jsonl").into_iter().filter(|proposal| proposal["decision"] == "merge").collect();
    let documents = lines(&out.join("merged_documents.jsonl"));
    assert!(merges.len() > 50);
    assert_eq!(documents.len(), merges.len());
    let by_id: BTreeMap<&str, &Value> =
        documents.iter().map(|document| (document["id"].as_str().unwrap(), document)).collect();
    for merge in &merges {
        let document = by_id[merge["proposal"].as_str().unwrap()];
        let ids: Vec<&Value> = merge["members"].as_array().unwrap().iter().map(|member| &member["id"]).collect();
        assert_eq!(document["local_ids_str_mv"].as_array().unwrap().iter().collect::<Vec<_>>(), ids);
        assert_eq!((&document["merged_boolean"], &document["record_format"]), (&json!(true), &json!("merged")));
        let title = &merge["merged"]["title"][0]["value"];
        assert_eq!(document["title"], *title, "the merged record is the proposal's");
        for copied in [
            "_version_",
            "score",
            "author_facet",
            "title_fullStr",
            "spelling",
            "spellingShingle",
            "last_indexed",
            "fullrecord",
        ] {
            assert_eq!(document.get(copied), None, "{copied}");
        }
    }
    // The lists agree with each other.
    let mapping = rows(&out.join("mapping.csv"));
    let children: Vec<String> = mapping.iter().map(|row| row[0].clone()).collect();
    assert_eq!(text(&out.join("children_ids.txt")).lines().collect::<Vec<_>>(), children);
    let deleted: Vec<String> = mapping.iter().filter(|row| row[0] != row[2]).map(|row| row[0].clone()).collect();
    assert_eq!(text(&out.join("delete_ids.txt")).lines().collect::<Vec<_>>(), deleted);
    let delete: Value = serde_json::from_str(&text(&out.join("delete.json"))).unwrap();
    assert_eq!(delete, json!({"delete": deleted}));
    let redirects: Vec<Vec<String>> =
        mapping.iter().filter(|row| row[0] != row[2]).map(|row| vec![row[0].clone(), row[2].clone()]).collect();
    assert_eq!(rows(&out.join("redirects.csv")), redirects);
    assert_eq!(parquet_rows(&out.join("mapping.parquet")), mapping);
    let survivors: BTreeSet<&String> = mapping.iter().map(|row| &row[2]).collect();
    assert_eq!(deleted.len() + survivors.len(), children.len());
    assert_eq!(children.iter().collect::<BTreeSet<_>>().len(), children.len(), "no record is in two groups");
    // Before-images are the export's own bytes.
    let originals = exported();
    for line in text(&out.join("before_images.jsonl")).lines() {
        let image: Value = serde_json::from_str(line).unwrap();
        let original = &originals[image["id"].as_str().unwrap()];
        assert!(line.ends_with(&format!(",\"document\":{}}}", original.trim())), "{line}");
    }
    // Each merge can be taken back.
    for merge in merges.iter().take(5) {
        let id = merge["proposal"].as_str().unwrap();
        let undone = out.with_file_name(format!("undo-{id}"));
        let args = ["apply", out.to_str().unwrap(), "--undo", id, "-q", "-o", undone.to_str().unwrap()];
        let output = run(&args);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let expected: Vec<&str> = merge["members"]
            .as_array()
            .unwrap()
            .iter()
            .map(|member| originals[member["id"].as_str().unwrap()].trim())
            .collect();
        assert_eq!(text(&undone.join("restore.jsonl")).lines().collect::<Vec<_>>(), expected);
        assert_eq!(serde_json::from_str::<Value>(&text(&undone.join("delete.json"))).unwrap(), json!({"delete": [id]}));
    }
    // Once more, the same bytes.
    let (_, _, again) = apply(&report, "again", &["--threads", "1"]);
    assert_eq!(files(&out), files(&again));
    for name in files(&out) {
        assert!(fs::read(out.join(&name)).unwrap() == fs::read(again.join(&name)).unwrap(), "{name}");
    }
}

fn parquet_rows(path: &Path) -> Vec<Vec<String>> {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::RowAccessor;
    let reader = SerializedFileReader::new(fs::File::open(path).unwrap()).unwrap();
    let rows = reader.get_row_iter(None).unwrap().map(|row| {
        let row = row.unwrap();
        (0..3).map(|at| row.get_string(at).unwrap().clone()).collect()
    });
    rows.collect()
}

#[test]
fn people_have_the_last_word() {
    let report = Report::of("dedupe", &[SAMPLE], &[]);
    let proposals = report.lines("proposals.jsonl");
    let merges: Vec<&Value> = proposals.iter().filter(|proposal| proposal["decision"] == "merge").collect();
    let review = proposals.iter().find(|proposal| proposal["decision"] == "review").unwrap();
    let ruling = |proposal: &Value, decision: &str, more: Value| {
        let seen = |member: &Value| json!({"id": member["id"], "hash": member["hash"]});
        let members: Vec<Value> = proposal["members"].as_array().unwrap().iter().map(seen).collect();
        let mut ruling =
            json!({"proposal": proposal["proposal"], "decision": decision, "members": members, "user": "eva"});
        ruling.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        ruling.to_string() + "\n"
    };
    let other =
        merges[1]["members"].as_array().unwrap().iter().find(|member| member["id"] != merges[1]["survivor"]).unwrap();
    let mut stale = merges[2].clone();
    stale["members"][0]["hash"] = json!("0000000000000000");
    let text_of = [
        ruling(merges[0], "reject", json!({})),
        ruling(merges[1], "accept", json!({"survivor": other["id"], "fields": {"title": other["id"]}})),
        ruling(&stale, "accept", json!({})),
        ruling(review, "accept", json!({})),
    ]
    .concat();
    let file = report.folder().with_file_name("decisions.jsonl");
    fs::write(&file, text_of).unwrap();
    let (code, said, out) = apply(&report, "out", &["--decisions", file.to_str().unwrap()]);
    assert_eq!(code, Some(0), "{said}");
    let groups = lines(&out.join("groups.jsonl"));
    let of = |proposal: &Value| {
        groups.iter().find(|group| group["proposals"].as_array().unwrap().contains(&proposal["proposal"]))
    };
    assert!(of(merges[0]).is_none() && of(merges[2]).is_none());
    let chosen = of(merges[1]).unwrap();
    assert_eq!(
        (&chosen["survivor"], &chosen["origin"], &chosen["users"]),
        (&other["id"], &json!("accepted"), &json!(["eva"]))
    );
    assert!(of(review).is_some());
    let document = lines(&out.join("merged_documents.jsonl"))
        .into_iter()
        .find(|document| document["id"] == chosen["group"])
        .unwrap();
    assert_eq!(document["title"], other["title"]);
    let withheld = text(&out.join("withheld.jsonl"));
    assert!(withheld.contains("a person rejected it") && withheld.contains("stale"), "{withheld}");
    let counts = &serde_json::from_str::<Value>(&text(&out.join("applied.json"))).unwrap()["counts"];
    let n = |name: &str| counts[name].as_u64().unwrap();
    assert_eq!(n("proposals") + n("decisions_beside"), n("applied") + n("withheld") + n("open"), "{counts}");
    assert_eq!((n("proposals"), n("withheld")), (proposals.len() as u64, 2));
}

#[test]
fn a_changed_record_stops_everything() {
    let folder = tempfile::tempdir().unwrap();
    let export = folder.path().join("export.jsonl");
    let original = text(&Path::new(env!("CARGO_MANIFEST_DIR")).join(SAMPLE));
    fs::write(&export, &original).unwrap();
    let report = Report::of("dedupe", &[export.to_str().unwrap()], &[]);
    let merge = report.lines("proposals.jsonl").into_iter().find(|proposal| proposal["decision"] == "merge").unwrap();
    let member = &merge["members"][0];
    let at = member["line"].as_u64().unwrap() as usize - 1;
    let year = member["year"].as_str().unwrap();
    let change =
        |(number, line): (usize, &str)| if number == at { line.replace(year, "1066") } else { line.to_owned() } + "\n";
    fs::write(&export, original.lines().enumerate().map(change).collect::<String>()).unwrap();
    let (code, said, out) = apply(&report, "out", &[]);
    assert_eq!(code, Some(2));
    assert!(said.contains(member["id"].as_str().unwrap()) && said.contains("nothing was written"), "{said}");
    assert!(!out.exists());
    // A record added at the end changes none of those to merge.
    fs::write(&export, format!("{original}{{\"id\":\"new\",\"title\":\"A new one\"}}\n")).unwrap();
    assert_eq!(apply(&report, "out", &[]).0, Some(0));
    fs::write(&export, &original[..original.len() / 2]).unwrap();
    let (code, said, out) = apply(&report, "half", &[]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("not at this place any more") && !out.exists(), "{said}");
}

#[test]
fn the_way_back_is_not_replaced() {
    let report = Report::of("dedupe", &[SAMPLE], &[]);
    let (_, _, out) = apply(&report, "out", &[]);
    let images = text(&out.join("before_images.jsonl"));
    let (code, said, _) = apply(&report, "out", &["--force"]);
    assert_eq!((code, text(&out.join("before_images.jsonl"))), (Some(0), images.clone()), "{said}");
    // A decision takes a merge away, whose records only the folder of before knows.
    let merge = report.lines("proposals.jsonl").into_iter().find(|proposal| proposal["decision"] == "merge").unwrap();
    let (a, b) = (&merge["members"][0]["id"], &merge["members"][1]["id"]);
    let decisions = out.parent().unwrap().join("decisions.jsonl");
    fs::write(&decisions, format!("{}\n", json!({"a": a, "b": b, "decision": "reject"}))).unwrap();
    let rejecting = ["--force", "--decisions", decisions.to_str().unwrap()];
    let (code, said, _) = apply(&report, "out", &rejecting);
    assert_eq!((code, text(&out.join("before_images.jsonl"))), (Some(2), images), "{said}");
    assert!(said.contains("cannot be taken back") && said.contains(a.as_str().unwrap()), "{said}");
    // What holds more replaces what holds less.
    let (code, said, fewer) = apply(&report, "fewer", &rejecting[1..]);
    assert_eq!(code, Some(0), "{said}");
    let n = text(&fewer.join("before_images.jsonl")).lines().count();
    assert_eq!(apply(&report, "fewer", &["--force"]).0, Some(0));
    assert!(text(&fewer.join("before_images.jsonl")).lines().count() > n);
}

#[test]
fn a_report_that_is_cut_is_not_applied() {
    let report = Report::of("dedupe", &[SAMPLE], &[]);
    let proposals = report.folder().join("proposals.jsonl");
    let first: String = text(&proposals).split_inclusive('\n').take(10).collect();
    fs::write(&proposals, first).unwrap();
    let (code, said, out) = apply(&report, "out", &[]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("it has 10 proposals, and had") && !out.exists(), "{said}");
}

#[test]
fn what_cannot_be_applied_says_why() {
    let audit = Report::of("audit", &[SAMPLE], &[]);
    let (code, said, out) = apply(&audit, "out", &[]);
    assert_eq!(code, Some(2));
    assert!(said.contains("audit only") && !out.exists(), "{said}");
    let (code, said, out) = apply(&audit, "out", &["--undo", "p0"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("applied.json") && !out.exists(), "{said}");
}
