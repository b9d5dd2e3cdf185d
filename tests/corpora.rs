//! Labelled corpora beside the project, where they are present: accuracy must not fall.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use shelfread::config::Config;
use shelfread::input::Corpus;
use shelfread::matching::compare::compare;
use shelfread::matching::near_misses::failed;
use shelfread::matching::relations::relation;
use shelfread::matching::score::{Verdict, verdict};
use shelfread::matching::sketch::Sketches;
use shelfread::matching::weights::Weights;
use shelfread::pipeline;
use shelfread::progress::Progress;

use crate::program::{Report, left_out};
use crate::sample::merged_pairs;

/// Corpus, precision and F1 of merged pairs as they were last measured, to four digits: what changes them, for better or
/// worse, changes them here and in the README.
const MEASURED: &[(&str, f64, f64)] = &[
    ("bibdedupe_cases", 1.0, 1.0),
    ("dblp_scholar", 0.9688, 0.9324),
    ("digital_work", 1.0, 0.9974),
    ("fuzzycat_verify", 0.9865, 0.8156),
    ("goldfinch_val", 0.9942, 0.9814),
    ("melinda_rules", 0.8485, 0.8960),
    ("sr_cytology", 1.0, 1.0),
    ("sr_respiratory", 1.0, 0.9941),
    ("sweep_copper", 1.0, 1.0),
    ("swissbib_gs1_a", 0.7802, 0.8399),
];

fn rows(path: &PathBuf) -> Vec<Vec<String>> {
    let text = fs::read_to_string(path).unwrap();
    text.lines().skip(1).map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

fn ordered(row: &[String]) -> (String, String) {
    (row[0].clone().min(row[1].clone()), row[0].clone().max(row[1].clone()))
}

#[test]
fn the_readme_says_what_was_measured() {
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    for (name, precision, f1) in MEASURED {
        let row =
            readme.lines().find(|line| line.starts_with(&format!("| {name} |"))).expect("each corpus has its row");
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        assert_eq!((cells[3], cells[5]), (&*format!("{precision:.4}"), &*format!("{f1:.4}")), "{row}");
    }
}

#[test]
fn accuracy_on_labelled_corpora_is_what_was_measured() {
    let data = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data"));
    for &(name, measured_precision, measured_f1) in MEASURED {
        let corpus = data.join(name);
        if !corpus.join("gold.tsv").exists() {
            left_out("the accuracy on a labelled corpus", name);
            continue;
        }
        let report = Report::of("dedupe", &[corpus.join("records.jsonl").to_str().unwrap()], &[]);
        let mut merged = merged_pairs(&report);
        let mut gold: BTreeSet<(String, String)> =
            rows(&corpus.join("gold.tsv")).iter().map(|row| ordered(row)).collect();
        let labelled = corpus.join("labelled.tsv");
        if labelled.exists() {
            let labelled = rows(&labelled);
            gold = labelled.iter().filter(|row| row[2] == "1").map(|row| ordered(row)).collect();
            let judged: BTreeSet<(String, String)> = labelled.iter().map(|row| ordered(row)).collect();
            merged = merged.intersection(&judged).cloned().collect();
        }
        // Of tables between two sources, pairs within one say nothing.
        let cross = corpus.join("mapping_cross.tsv");
        if cross.exists() {
            let source = |id: &str| id.split_once(':').map(|(source, _)| source.to_owned());
            gold = rows(&cross).iter().map(|row| ordered(row)).collect();
            merged.retain(|(a, b)| source(a) != source(b));
        }
        // Doubtful pairs count neither way.
        for table in
            ["ignore_authors.tsv", "ignore_isbn.tsv"].map(|name| corpus.join(name)).iter().filter(|path| path.exists())
        {
            for pair in rows(table).iter().map(|row| ordered(row)) {
                merged.remove(&pair);
                gold.remove(&pair);
            }
        }
        let right = merged.intersection(&gold).count() as f64;
        let (precision, recall) = (right / merged.len() as f64, right / gold.len() as f64);
        let f1 = 2.0 * precision * recall / (precision + recall);
        let is_measured = |found: f64, measured: f64| (found - measured).abs() < 0.0001;
        assert!(
            is_measured(precision, measured_precision) && is_measured(f1, measured_f1),
            "{name}: precision {precision:.4}, F1 {f1:.4}"
        );
    }
}

/// Every export at hand: the sample, and the labelled corpora where they are.
fn surveys() -> impl Iterator<Item = (String, pipeline::Survey)> {
    let mut exports = vec![PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/sample.jsonl"))];
    let data = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data"));
    let corpora = fs::read_dir(data).into_iter().flatten().flatten();
    exports.extend(corpora.map(|corpus| corpus.path().join("records.jsonl")).filter(|export| export.exists()));
    exports.into_iter().map(|export| {
        let corpus = Corpus::open(std::slice::from_ref(&export)).unwrap();
        let survey = pipeline::survey(&corpus, &Config::default(), &Progress::new(true)).unwrap();
        assert!(!survey.pairs.is_empty(), "{}", export.display());
        (export.display().to_string(), survey)
    })
}

#[test]
fn what_sketches_keep_apart_comparisons_keep_apart_too() {
    let weights = Weights::new(&Config::default().model).unwrap();
    let (mut n_pairs, mut n_apart) = (0, 0);
    for (export, survey) in surveys() {
        let sketches = Sketches::of(&survey.features, &weights);
        n_pairs += survey.pairs.len();
        for pair in survey.pairs.into_iter().filter(|&pair| sketches.are_apart(pair)) {
            n_apart += 1;
            let [a, b] = [pair.a, pair.b].map(|record| survey.features.get(record));
            let comparison = compare(&a, &b, &weights);
            let verdict = verdict(&comparison, &weights);
            let found = (verdict, relation(&a, &b, &comparison, verdict), failed(&comparison, verdict));
            let ids = [pair.a, pair.b].map(|record| survey.ids.of(record));
            assert_eq!(found, (Verdict::Apart, None, None), "{export}: {ids:?} {comparison:?} {a:?} {b:?}");
        }
    }
    // Few pairs of the small sample have nothing to do with each other; most of a catalogue's do. Two fifths of the
    // exports' pairs are bare citations, whose titles must mostly be compared letter by letter.
    let share = if n_pairs > 10_000 { 4 } else { 20 };
    assert!(share * n_apart > n_pairs, "{n_apart} of {n_pairs} pairs are shown to be apart: the sketches are idle");
}

#[test]
fn a_comparison_does_not_depend_on_which_record_comes_first() {
    let weights = Weights::new(&Config::default().model).unwrap();
    for (export, survey) in surveys() {
        for pair in survey.pairs {
            let [a, b] = [pair.a, pair.b].map(|record| survey.features.get(record));
            let ids = [pair.a, pair.b].map(|record| survey.ids.of(record));
            assert_eq!(compare(&a, &b, &weights), compare(&b, &a, &weights), "{export}: {ids:?}");
        }
    }
}
