//! Tests of the program as its users run it.
#![allow(clippy::unwrap_used, reason = "a failed helper is a failed test")]

mod apply;
mod audit_cli;
mod broken;
mod cli;
mod corpora;
mod decisions;
mod evaluate;
mod false_merges;
mod fix;
mod golden;
mod index;
mod planted;
mod program;
mod relations;
mod review;
mod same_bytes;
mod sample;
mod train;
