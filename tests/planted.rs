//! A made catalogue in which every audit rule is broken in known records, with near misses beside them.

use std::process::Command;

use crate::program::Report;

#[test]
fn every_rule_finds_what_was_planted_and_nothing_else() {
    let scripts = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts");
    let place = tempfile::tempdir().unwrap();
    let planted = place.path().join("planted");
    let made = Command::new("python3").arg(format!("{scripts}/make_planted")).arg("-o").arg(&planted).output();
    let made = made.expect("python3, which makes the catalogue");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let report = Report::of("audit", &[planted.join("records.jsonl").to_str().unwrap()], &[]);
    let checked = Command::new("python3")
        .arg(format!("{scripts}/check_planted"))
        .args([report.folder(), planted.clone()])
        .output()
        .unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
    let table = String::from_utf8(checked.stdout).unwrap();
    assert_eq!(table.lines().filter(|line| line.contains("recall 1.000")).count(), shelfread::audit::RULES.len());
}
