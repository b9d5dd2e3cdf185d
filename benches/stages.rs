//! One group per stage, each beside the obvious alternative, so that a number means something.
//!
//! `cargo bench --bench stages`. Input: the bundled sample, repeated with other ids until it is about 10 MB.
#![allow(missing_docs, clippy::unwrap_used, reason = "a bench has no users to tell, and may stop at the first fault")]

use std::collections::BTreeMap;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use shelfread::ids::RecordId;
use shelfread::input::{Corpus, Parser, corpus_of};
use shelfread::keys::block_keys::block_keys;
use shelfread::keys::work_key::normalise;
use shelfread::keys::{FeatureTable, Features};
use shelfread::matching::blocks::{BlockIndex, Groups, KeyRow, sorted};
use shelfread::matching::candidates::{Candidates, Dividing, Limits, candidates};
use shelfread::matching::clusters::cluster;
use shelfread::matching::compare::compare;
use shelfread::matching::decided::Decided;
use shelfread::matching::score::score;
use shelfread::matching::weights::{Model, Weights};

const COPIES: usize = 7;
const LIMITS: Limits =
    Limits { max_block_records: 150, max_weak_block_records: 40, max_lone_weak_block_records: 6, neighbourhood: 12 };

fn text() -> String {
    let sample = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/sample.jsonl")).unwrap();
    (0..COPIES)
        .flat_map(|copy| {
            sample.lines().map(move |line| line.replacen("\"id\":\"", &format!("\"id\":\"c{copy}-"), 1) + "\n")
        })
        .collect()
}

struct Prepared {
    corpus: Corpus,
    features: FeatureTable,
    rows: Vec<KeyRow>,
    keys: Vec<Vec<String>>,
}

fn prepare() -> Prepared {
    let corpus = corpus_of("sample", &text()).unwrap();
    let reading = corpus.read(
        Vec::new,
        |found: &mut Vec<(Features<'static>, Vec<String>)>, record| {
            let features = Features::of(record);
            let mut keys = Vec::new();
            block_keys(record, &features, &mut |key| keys.push(key.to_owned()));
            found.push((features, keys));
        },
        |_| (),
    );
    let (features, keys): (Vec<Features<'static>>, Vec<Vec<String>>) = reading.parts.into_iter().flatten().unzip();
    let features: FeatureTable = features.into_iter().collect();
    let rows = keys
        .iter()
        .enumerate()
        .flat_map(|(at, keys)| keys.iter().map(move |key| KeyRow::new(key, RecordId::new(at))))
        .collect();
    Prepared { corpus, features, rows, keys }
}

impl Prepared {
    fn index(&self) -> BlockIndex {
        let groups = Groups::of(&sorted(self.rows.clone()));
        BlockIndex::build(groups, |record, show| self.keys[record.index()].iter().for_each(|key| show(key)), |_| ())
    }

    fn dividing(&self) -> Dividing<'_> {
        Dividing { features: &self.features, id_of: &|_| "", limits: LIMITS, wanted: None }
    }

    fn candidates(&self) -> Candidates {
        candidates(self.index(), self.dividing(), |_| ())
    }
}

fn input(c: &mut Criterion) {
    let text = text();
    let corpus = corpus_of("sample", &text).unwrap();
    let mut group = c.benchmark_group("input");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("records", |b| {
        b.iter(|| corpus.read(|| 0, |n: &mut usize, record| *n += record.entries().len(), |_| ()).parts.len())
    });
    group.bench_function("one thread", |b| {
        b.iter(|| {
            let mut parser = Parser::default();
            text.lines()
                .map(|line| parser.parse(line.as_bytes(), |record| record.entries().len()).unwrap())
                .sum::<usize>()
        });
    });
    group.bench_function("serde_json values", |b| {
        b.iter(|| {
            text.lines()
                .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap().as_object().unwrap().len())
                .sum::<usize>()
        });
    });
    group.finish();
}

fn keys(c: &mut Criterion) {
    let prepared = prepare();
    let text = text();
    let mut group = c.benchmark_group("keys");
    group.throughput(Throughput::Elements(prepared.features.len() as u64));
    group.bench_function("features and block keys", |b| {
        b.iter(|| {
            let visit = |n: &mut usize, record: &shelfread::input::Record<'_>| {
                let features = Features::of(record);
                block_keys(record, &features, &mut |key| *n += key.len());
            };
            prepared.corpus.read(|| 0, visit, |_| ()).parts.len()
        });
    });
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("work-key normalisation of everything", |b| {
        b.iter(|| text.lines().map(|line| normalise(black_box(line)).len()).sum::<usize>())
    });
    group.finish();
}

fn blocks(c: &mut Criterion) {
    let prepared = prepare();
    let mut group = c.benchmark_group("blocks");
    group.throughput(Throughput::Elements(prepared.rows.len() as u64));
    group.bench_function("group and index", |b| b.iter(|| prepared.index().n_keys));
    group.bench_function("BTreeMap of strings", |b| {
        b.iter(|| {
            let mut map: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
            for (at, keys) in prepared.keys.iter().enumerate() {
                for key in keys {
                    map.entry(key).or_default().push(at);
                }
            }
            map.len()
        });
    });
    let index = prepared.index();
    let wanted: Vec<&String> = prepared.keys.iter().flatten().step_by(7).collect();
    group.throughput(Throughput::Elements(wanted.len() as u64));
    group.bench_function("look-up", |b| b.iter(|| wanted.iter().filter(|key| index.get(key).is_some()).count()));
    group.finish();
}

fn pairs(c: &mut Criterion) {
    let prepared = prepare();
    let weights = Weights::new(&Model::default()).unwrap();
    let found = prepared.candidates();
    let found_pairs = found.pairs();
    let mut group = c.benchmark_group("pairs");
    group.throughput(Throughput::Elements(found_pairs.len() as u64));
    group.bench_function("index and candidates", |b| {
        b.iter(|| {
            let index = prepared.index();
            candidates(index, prepared.dividing(), |_| ()).pairs().len()
        });
    });
    group.bench_function("score", |b| b.iter(|| score(&prepared.features, &found, &weights, |_| ()).matches.len()));
    group.bench_function("compare, one thread", |b| {
        b.iter(|| {
            let of = |record: RecordId| prepared.features.get(record);
            found_pairs.iter().map(|pair| compare(&of(pair.a), &of(pair.b), &weights).evidence.len()).sum::<usize>()
        });
    });
    let matches = score(&prepared.features, &found, &weights, |_| ()).matches;
    group.throughput(Throughput::Elements(matches.len() as u64));
    group.bench_function("cluster", |b| {
        b.iter(|| cluster(&matches, &Decided::default(), &prepared.features, &weights, &|_| "").merge.len())
    });
    group.finish();
}

criterion_group! { name = stages; config = Criterion::default().sample_size(10); targets = input, keys, blocks, pairs }
criterion_main!(stages);
