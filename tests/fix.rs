//! Safe repairs: what they leave behind, and what applying them does to a copy of the export.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use serde_json::{Value, json};
use shelfread::audit::Fix;
use shelfread::config::Config;
use shelfread::fix;
use shelfread::input::{Corpus, InputFile};
use shelfread::pipeline;
use shelfread::progress::Progress;
use shelfread::results::{Job, Results};

use crate::program::{Report, names, run};

const DAMAGED: &str = "testdata/damaged.jsonl";

fn audited(text: &str) -> (Corpus, Results) {
    let corpus = Corpus::from_files(vec![InputFile::from_bytes("x", text.as_bytes().to_vec())]).unwrap();
    let results = pipeline::run_over(&corpus, Job::Audit, &Config::default(), None, &Progress::new(true)).unwrap();
    (corpus, results)
}

/// Rule, record and field of every finding of the record checks.
fn findings(results: &Results) -> BTreeSet<(String, String, String)> {
    let id = |finding: &shelfread::audit::Finding| results.ids.of(finding.record().unwrap()).to_owned();
    let all = results.audit.as_ref().unwrap().record_findings();
    all.map(|finding| (finding.rule.code.to_owned(), id(&finding), finding.problem.field)).collect()
}

/// Number of records repaired, of records with something withheld, and what is wrong with the result.
struct Checked {
    n_repaired: u64,
    n_withheld: u64,
    n_rule_errors: u64,
    left: Vec<String>,
    new: Vec<String>,
}

/// Applies all patches to a copy and audits it again.
fn check(text: &str) -> Checked {
    let (corpus, before) = audited(text);
    let fixes = before.fixes.as_ref().unwrap();
    let patches: Vec<fix::Patch> = fixes.patches().collect();
    let mut copy = Vec::new();
    let totals = fix::apply(&corpus, &patches, |_| (), |_, _| (), &mut copy).unwrap();
    assert_eq!(totals.read, totals.applied + totals.withheld, "no patch is stale or of an unknown id");
    assert_eq!(totals.records, fixes.counts.records);
    let withheld: BTreeSet<&str> =
        patches.iter().filter(|patch| patch.withheld.is_some()).map(|patch| patch.id.as_str()).collect();
    let (_, after) = audited(&String::from_utf8(copy).unwrap());
    assert_eq!(after.positions.len(), before.positions.len());
    let safe = after.audit.as_ref().unwrap().record_findings().filter(|finding| finding.fix() == Fix::Safe);
    let left = safe.map(|finding| (finding.rule.code, after.ids.of(finding.record().unwrap()).to_owned()));
    let known = findings(&before);
    Checked {
        n_repaired: fixes.counts.records,
        n_withheld: fixes.counts.withheld_records,
        n_rule_errors: fixes.counts.rule_errors,
        left: left.filter(|(_, id)| !withheld.contains(id.as_str())).map(|left| format!("{left:?}")).collect(),
        new: findings(&after).difference(&known).map(|new| format!("{new:?}")).collect(),
    }
}

/// One way to damage a record, as imports do.
#[derive(Clone, Copy, Debug)]
enum Damage {
    TrailingPunctuation,
    Entity,
    Decomposed,
    NoBreakSpace,
    Markup,
    StaleSortTitle,
    NoSortTitle,
    DoubledFacet,
    StaleCopy,
    LegacyDoi,
    InsecureLink,
    RawLanguage,
    StaleWorkKeys,
    NoWorkKeys,
    LooseDate,
    RepeatedAuthor,
    SpacedIsbn,
    RawOclc,
    StaleAuthorSort,
    RepeatedLanguage,
    NamelessAuthor,
    CommaAndStop,
    RepeatedEditor,
    LooseDoi,
    BrokenLink,
    CapitalKeys,
    CyrillicTitle,
}

use Damage::*;

const DAMAGES: [Damage; 27] = [
    TrailingPunctuation,
    Entity,
    Decomposed,
    NoBreakSpace,
    Markup,
    StaleSortTitle,
    NoSortTitle,
    DoubledFacet,
    StaleCopy,
    LegacyDoi,
    InsecureLink,
    RawLanguage,
    StaleWorkKeys,
    NoWorkKeys,
    LooseDate,
    RepeatedAuthor,
    SpacedIsbn,
    RawOclc,
    StaleAuthorSort,
    RepeatedLanguage,
    NamelessAuthor,
    CommaAndStop,
    RepeatedEditor,
    LooseDoi,
    BrokenLink,
    CapitalKeys,
    CyrillicTitle,
];

/// Fields with text, in which an importer damages all copies alike or only one.
const TITLES: [&str; 5] = ["title", "title_short", "title_full", "title_fullStr", "title_full_unstemmed"];

fn in_strings(value: &mut Value, change: &dyn Fn(&str) -> String) {
    match value {
        Value::String(text) => *text = change(text),
        Value::Array(values) => values.iter_mut().for_each(|value| in_strings(value, change)),
        _ => {}
    }
}

fn in_titles(record: &mut Value, n_titles: usize, change: &dyn Fn(&str) -> String) {
    for field in &TITLES[..n_titles] {
        if let Some(value) = record.get_mut(field) {
            in_strings(value, change);
        }
    }
}

fn damage(record: &mut Value, damage: Damage, at: usize) {
    let n_titles = 1 + at % TITLES.len();
    let first_author = record["author"][0].as_str().map(str::to_owned);
    match damage {
        TrailingPunctuation => in_strings(&mut record["author"], &|name| format!("{name},")),
        Entity => in_titles(record, n_titles, &|title| title.replacen(' ', " &amp; ", 1)),
        Decomposed => in_titles(record, n_titles, &|title| title.replacen('e', "e\u{301}", 2)),
        NoBreakSpace => in_titles(record, n_titles, &|title| title.replacen(' ', "\u{a0} ", 2)),
        Markup => in_titles(record, n_titles, &|title| format!("<i>{title}</i>")),
        StaleSortTitle => record["title_sort"] = json!("something else entirely"),
        NoSortTitle => drop(record.as_object_mut().unwrap().shift_remove("title_sort")),
        DoubledFacet => {
            if let Some(facet) = record["author_facet"].as_array_mut() {
                facet.extend_from_within(..);
            }
        }
        StaleCopy => record["title_fullStr"] = json!("An older title"),
        LegacyDoi => record["url"] = json!(["http://dx.doi.org/10.1234/abc.5"]),
        InsecureLink => {
            record["url"] = json!(["http://www.jstor.org/stable/12345", "https://www.jstor.org/stable/12345"])
        }
        RawLanguage => record["language"] = json!([*["ger", "eng", "fre"].get(at % 3).unwrap()]),
        StaleWorkKeys => record["work_keys_str_mv"] = json!(["AT nobody nothing"]),
        NoWorkKeys => drop(record.as_object_mut().unwrap().shift_remove("work_keys_str_mv")),
        LooseDate => in_strings(&mut record["publishDate"], &|year| format!("c{year}.")),
        RepeatedAuthor => {
            if let (Some(authors), Some(first)) = (record["author"].as_array_mut(), first_author) {
                authors.push(json!(first));
            }
        }
        SpacedIsbn => record["isbn"] = json!(["978 0 306 40615 7"]),
        RawOclc => record["oclc_num"] = json!(["ocm00012345"]),
        StaleAuthorSort => record["author_sort"] = json!("Somebody, Else"),
        RepeatedLanguage => record["language"] = json!(["English", "eng", "Inglés", "ENGLISH", "mo"]),
        NamelessAuthor => {
            let key = record["work_keys_str_mv"][0].as_str().and_then(|key| key.rsplit_once(' '));
            let key = key.map(|(_, title)| json!(format!("AT  {title}")));
            for (field, value) in [("author", Some(json!("---"))), ("work_keys_str_mv", key)] {
                if let (Some(values), Some(value)) = (record[field].as_array_mut(), value) {
                    values.push(value);
                }
            }
        }
        CommaAndStop => in_strings(&mut record["author"], &|name| format!("{name},.")),
        RepeatedEditor => record["author2"] = json!(first_author.into_iter().collect::<Vec<String>>()),
        LooseDoi => record["doi_str_mv"] = json!(["DOI: 10.1234/Abc.5"]),
        BrokenLink => record["url"] = json!(["https:example.org/e", "https://doi.org/https://10.1234/Abc.5"]),
        CapitalKeys => in_strings(&mut record["work_keys_str_mv"], &str::to_uppercase),
        CyrillicTitle => {
            in_titles(record, TITLES.len(), &|_| "Щука и чай".to_owned());
            record["work_keys_str_mv"] = json!(["AT čehovanton čajka"]);
        }
    }
    // Looking at a field that is not there has made it null.
    record.as_object_mut().unwrap().retain(|_, value| !value.is_null());
}

fn sample() -> Vec<Value> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/sample.jsonl")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn repairs_leave_nothing_and_create_nothing(
        damages in prop::collection::vec((0..311_usize, prop::collection::vec((0..DAMAGES.len(), 0..15_usize), 1..5)), 1..6)
    ) {
        let sample = sample();
        let mut lines = String::new();
        let mut ids = BTreeSet::new();
        for (at, kinds) in damages {
            let mut record = sample[at % sample.len()].clone();
            if !ids.insert(record["id"].to_string()) {
                continue;
            }
            for (kind, at) in kinds {
                damage(&mut record, DAMAGES[kind], at);
            }
            lines.push_str(&format!("{record}\n"));
        }
        let checked = check(&lines);
        prop_assert_eq!(checked.n_rule_errors, 0, "{}", lines);
        prop_assert!(checked.left.is_empty(), "left: {:?}\n{}", checked.left, lines);
        prop_assert!(checked.new.is_empty(), "new: {:?}\n{}", checked.new, lines);
    }
}

#[test]
fn every_damage_is_repaired_in_most_records() {
    for kind in DAMAGES {
        let mut lines = String::new();
        for (at, mut record) in sample().into_iter().enumerate() {
            damage(&mut record, kind, at);
            lines.push_str(&format!("{record}\n"));
        }
        let checked = check(&lines);
        assert!(checked.left.is_empty() && checked.new.is_empty(), "{kind:?}: {:?} {:?}", checked.left, checked.new);
        assert_eq!(checked.n_rule_errors, 0, "{kind:?}");
        assert!(checked.n_repaired >= 20, "{kind:?} repairs {} records", checked.n_repaired);
    }
}

#[test]
fn repairs_of_real_catalogues_leave_nothing_and_create_nothing() {
    for name in ["bg_iff", "bg_psu"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(name).join("records.jsonl");
        let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data").join(name).join("records.jsonl");
        let Ok(text) = fs::read_to_string(&path).or_else(|_| fs::read_to_string(beside)) else {
            println!("{name} is not beside the project: left out");
            continue;
        };
        let checked = check(&text);
        println!(
            "{name}: {} records repaired, {} with something withheld, {} findings of class S left, {} findings new",
            checked.n_repaired,
            checked.n_withheld,
            checked.left.len(),
            checked.new.len()
        );
        assert_eq!(checked.n_rule_errors, 0, "{name}");
        assert!(checked.left.is_empty() && checked.new.is_empty(), "{name}: {:?} {:?}", checked.left, checked.new);
    }
}

#[test]
fn reviewed_patches_make_a_copy_that_the_audit_finds_better() {
    let report = Report::of("audit", &[DAMAGED], &[]);
    let fixes = report.folder().join("fixes.jsonl");
    let patches = report.lines("fixes.jsonl");
    assert_eq!(
        report.summary()["fixes"]["patches"],
        patches.iter().filter(|patch| patch.get("withheld").is_none()).count()
    );
    let place = tempfile::tempdir().unwrap();
    let copy = place.path().join("fixed.jsonl");
    let args = ["fix", DAMAGED, "--fixes", fixes.to_str().unwrap(), "-o", copy.to_str().unwrap(), "-q"];
    let output = run(&args);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains(&format!("{} read = ", patches.len())) && text.contains(" 0 stale"), "{text}");
    let repaired: BTreeSet<&str> = patches.iter().filter_map(|patch| patch["id"].as_str()).collect();
    let original = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(DAMAGED)).unwrap();
    let written = fs::read_to_string(&copy).unwrap();
    assert_eq!(original.lines().count(), written.lines().count());
    for (before, after) in original.lines().zip(written.lines()) {
        let id = serde_json::from_str::<Value>(before).unwrap()["id"].as_str().unwrap().to_owned();
        assert!(before == after || repaired.contains(id.as_str()), "{id} has no patch and has changed");
    }
    // The copy holds other bytes, so all patches are stale there.
    let again = place.path().join("again.jsonl");
    let output =
        run(&["fix", copy.to_str().unwrap(), "--fixes", fixes.to_str().unwrap(), "-o", again.to_str().unwrap(), "-q"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains(" = 0 applied") && text.contains("none of the patches fits"), "{text}");
    assert_eq!(fs::read_to_string(&again).unwrap(), written);
    assert_eq!(run(&args).status.code(), Some(2), "the copy exists");
    let broken = place.path().join("broken.jsonl");
    fs::write(&broken, "{\"id\":\"a\"}\n").unwrap();
    let target = place.path().join("none.jsonl");
    let output = run(&["fix", DAMAGED, "--fixes", broken.to_str().unwrap(), "-o", target.to_str().unwrap()]);
    assert!(String::from_utf8(output.stderr).unwrap().contains("line 1 is no patch"));
    assert_eq!(names(place.path()), ["again.jsonl", "broken.jsonl", "fixed.jsonl"]);
}

#[test]
fn previews_are_diffs() {
    let output = run(&["fix", DAMAGED, "--preview", "-q"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(text.matches("(stored)").count(), 5, "{text}");
    assert!(text.contains("\n+  ") && !text.contains('\u{1b}'), "{text}");
    let output = run(&["fix", DAMAGED, "--preview", "no-such-id", "-q"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(run(&["fix", DAMAGED]).status.code(), Some(2), "what to do must be said");
}
