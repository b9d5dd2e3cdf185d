//! The whole program over one export, beside simd-json parsing the same file alone with as many threads.
//!
//! `cargo bench --bench whole_run -- EXPORT.jsonl [RUNS]`, or `scripts/whole_run N` which makes the export too.
//! Prints medians: they are what to quote on a noisy machine, together with the ratio.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench prints, and may stop at the first fault"
)]

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use rayon::prelude::*;
use simd_json::{Buffers, Tape};

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    let Some(export) = args.first() else {
        println!("whole_run: no export given; nothing was measured. Try scripts/whole_run 100000");
        return;
    };
    let runs: usize = args.get(1).and_then(|runs| runs.parse().ok()).unwrap_or(5);
    let n_bytes = std::fs::metadata(export).unwrap().len();
    let mut alone = Vec::new();
    let mut whole = Vec::new();
    let mut memory = Vec::new();
    // Interleaved, so that the machine's moods fall on both alike.
    for _ in 0..runs {
        alone.push(parse_alone(export));
        let (seconds, bytes) = check(export);
        whole.push(seconds);
        memory.push(bytes);
    }
    let (alone, whole, memory) = (median(alone), median(whole), median(memory));
    println!(
        "input                 {:>10.2} GB, {} threads, medians of {runs}",
        n_bytes as f64 / 1e9,
        rayon::current_num_threads()
    );
    println!("simd-json alone       {alone:>10.2} s   {:>8.2} GB/s", n_bytes as f64 / 1e9 / alone);
    println!("shelfread check       {whole:>10.2} s   {:>8.2} GB/s", n_bytes as f64 / 1e9 / whole);
    println!("ratio                 {:>10.2}", whole / alone);
    println!("peak anonymous memory {:>10.2} GB", memory / 1e9);
}

fn parse_alone(export: &str) -> f64 {
    let start = Instant::now();
    let file = shelfread::input::InputFile::open(Path::new(export)).unwrap();
    let lines: Vec<&[u8]> = file.bytes().split(|&byte| byte == b'\n').filter(|line| !line.is_empty()).collect();
    let parse = |(scratch, buffers): &mut (Vec<u8>, Buffers), line: &&[u8]| {
        scratch.clear();
        scratch.extend_from_slice(line);
        let mut tape = Tape(Vec::new());
        simd_json::fill_tape(scratch, buffers, &mut tape).map(|()| tape.0.len()).unwrap_or(0)
    };
    let n_nodes: usize = lines.par_iter().map_init(|| (Vec::new(), Buffers::default()), parse).sum();
    assert!(n_nodes > 0);
    start.elapsed().as_secs_f64()
}

fn check(export: &str) -> (f64, f64) {
    let place = tempfile::tempdir().unwrap();
    let target = place.path().join("report");
    let start = Instant::now();
    let status = Command::new(env!("CARGO_BIN_EXE_shelfread"))
        .args(["check", export, "-q", "-o"])
        .arg(&target)
        .status()
        .unwrap();
    let seconds = start.elapsed().as_secs_f64();
    assert!(status.code().is_some_and(|code| code < 2));
    let run: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(target.join("run.json")).unwrap()).unwrap();
    (seconds, run["peak_anonymous_bytes"].as_f64().unwrap_or(0.0))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
