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
use simd_json::{Buffers, Node, Tape};

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

/// Seconds that mapping, dividing into lines and parsing takes, all of it with all threads and with buffers used again.
fn parse_alone(export: &str) -> f64 {
    const WINDOW: usize = 4 << 20;
    let start = Instant::now();
    let file = shelfread::input::InputFile::open(Path::new(export)).unwrap();
    let bytes = file.bytes();
    // A window ends with the first line that ends in the next one.
    let line_end = |from: usize| memchr::memchr(b'\n', &bytes[from..]).map_or(bytes.len(), |at| from + at + 1);
    let bound = |at: usize| if at == 0 { 0 } else { line_end((at * WINDOW).min(bytes.len())) };
    let n_windows = bytes.len().div_ceil(WINDOW);
    let parse = |state: &mut (Vec<u8>, Buffers, Vec<Node<'static>>), window: usize| {
        let window = &bytes[bound(window)..bound(window + 1)];
        let (scratch, buffers, nodes) = state;
        let mut n_nodes = 0;
        let mut from = 0;
        while from < window.len() {
            let end = memchr::memchr(b'\n', &window[from..]).map_or(window.len(), |at| from + at);
            scratch.clear();
            scratch.extend_from_slice(&window[from..end]);
            let mut tape = Tape(std::mem::take(nodes)).reset();
            if !scratch.is_empty() && simd_json::fill_tape(scratch, buffers, &mut tape).is_ok() {
                n_nodes += tape.0.len();
            }
            *nodes = tape.reset().0;
            from = end + 1;
        }
        n_nodes
    };
    let fresh = || (Vec::new(), Buffers::default(), Vec::new());
    let n_nodes: usize = (0..n_windows).into_par_iter().map_init(fresh, parse).sum();
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
