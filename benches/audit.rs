//! What the rules cost beside the parse: reading all records and doing nothing, and reading them with all rules.
//!
//! `cargo bench --bench audit`. Input: the bundled sample, repeated with other ids until it is about 10 MB; or the
//! export named by the variable `EXPORT`, such as one of `scripts/make_corpus`. Both run on all threads.
#![allow(missing_docs, clippy::unwrap_used, reason = "a bench has no users to tell, and may stop at the first fault")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use shelfread::audit::{Audit, Settings, Spill};
use shelfread::input::{Corpus, corpus_of};

const COPIES: usize = 7;

fn corpus() -> Corpus {
    if let Some(export) = std::env::var_os("EXPORT") {
        return Corpus::open(&[export.into()]).unwrap();
    }
    let sample = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/sample.jsonl")).unwrap();
    let copy =
        |copy| sample.lines().map(move |line| line.replacen("\"id\":\"", &format!("\"id\":\"c{copy}-"), 1) + "\n");
    corpus_of("sample", &(0..COPIES).flat_map(copy).collect::<String>()).unwrap()
}

fn audit(c: &mut Criterion) {
    let corpus = corpus();
    let settings = Settings::default();
    let mut group = c.benchmark_group("audit");
    group.throughput(Throughput::Bytes(corpus.n_bytes()));
    group.bench_function("parse alone", |b| {
        b.iter(|| corpus.read(|| 0, |n: &mut usize, record| *n += record.entries().len(), |_| ()).parts.len());
    });
    group.bench_function("parse and all rules", |b| {
        b.iter(|| {
            let spill = Spill::default();
            corpus.read(|| Audit::new(&settings, &spill), |audit, record| audit.record(record), |_| ()).parts.len()
        });
    });
    group.finish();
}

criterion_group! { name = rules; config = Criterion::default().sample_size(10); targets = audit }
criterion_main!(rules);
