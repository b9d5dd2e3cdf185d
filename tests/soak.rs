//! Long use, in short: `scripts/soak` runs for as long as is wanted.
#![cfg(target_os = "linux")]

use std::process::Command;

fn soak(argument: &str) -> String {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/soak");
    let mut command = Command::new(script);
    let output = command.arg(argument).env("SHELFREAD", env!("CARGO_BIN_EXE_shelfread")).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    said
}

#[test]
fn what_grows_is_told_from_what_is_steady() {
    let said = soak("--try-judge");
    assert!(said.contains("4 growing series from 4 steady ones"), "{said}");
}

#[test]
fn memory_and_files_are_steady_in_use() {
    let said = soak("20");
    assert!(said.contains("server files") && !said.contains("GROWS"), "{said}");
}
