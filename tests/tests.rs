//! Tests of the program as its users run it.
#![allow(clippy::unwrap_used, reason = "a failed helper is a failed test")]
#![allow(clippy::print_stdout, reason = "what was left out and what was measured is shown on demand")]

mod apply;
mod audit_cli;
mod broken;
mod cli;
mod corpora;
mod decisions;
mod evaluate;
mod false_merges;
mod faults;
mod fix;
mod fuzz;
mod golden;
mod hostile;
mod index;
mod planted;
mod program;
mod promises;
mod properties;
mod relations;
mod review;
mod same_bytes;
mod sample;
mod soak;
mod stages;
mod train;
