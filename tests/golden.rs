//! Golden reports: the whole output for the bundled catalogues, byte for byte. `UPDATE=1` rewrites them; read the diff.

use std::fs;
use std::path::Path;

use crate::program::{Report, files as files_of};

#[test]
fn reports_are_as_they_were() {
    for name in ["sample", "damaged"] {
        check(name);
    }
}

fn check(name: &str) {
    let golden = &Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/golden")).join(name);
    let report = Report::of("check", &[&format!("testdata/{name}.jsonl")], &[]);
    let files: Vec<String> = report.files().into_iter().filter(|name| name != "run.json").collect();
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(golden.join("ids")).unwrap();
        for name in &files {
            fs::write(golden.join(name), report.text(name)).unwrap();
        }
    }
    assert_eq!(files_of(golden), files, "a golden file is missing or left over");
    for name in &files {
        let expected = fs::read_to_string(golden.join(name)).unwrap();
        if let Some((line, (was, is))) =
            expected.lines().zip(report.text(name).lines()).enumerate().find(|(_, (was, is))| was != is)
        {
            panic!("{name}:{} was\n{was}\nand is\n{is}\n(UPDATE=1 rewrites the golden reports)", line + 1);
        }
        assert_eq!(expected.len(), report.text(name).len(), "{name} has another length");
    }
}
