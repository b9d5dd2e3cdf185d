//! `docs/promises.md` says the truth about which tests there are.

use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &Path, found: &mut String) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}

/// Whether the code has a function with a name that is a test: one of the lines right before it says so.
fn is_test(code: &str, name: &str) -> bool {
    code.match_indices(&format!("fn {name}(")).any(|(at, _)| {
        let mut before = code[..at].lines().rev().skip_while(|line| line.trim().is_empty());
        before.by_ref().take_while(|line| line.trim_start().starts_with(['#', '/'])).any(|line| line.contains("test]"))
    })
}

#[test]
fn every_promise_names_tests_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut code = String::new();
    ["src", "tests"].iter().for_each(|folder| sources(&root.join(folder), &mut code));
    let targets = fs::read_to_string(root.join("fuzz/Cargo.toml")).unwrap();
    let document = fs::read_to_string(root.join("docs/promises.md")).unwrap();
    let table = document.split("\n\n").find(|part| part.starts_with("| Promise")).unwrap();
    let mut n_promises = 0;
    for row in table.lines().skip(2) {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").collect();
        assert_eq!(cells.len(), 3, "{row}");
        let names: Vec<&str> = cells[1].split('`').skip(1).step_by(2).collect();
        assert!(!names.is_empty(), "{row}: no test is named");
        for name in names {
            let exists = match name {
                name if name.starts_with("scripts/") => root.join(name).is_file(),
                "unsafe_code = \"deny\"" => fs::read_to_string(root.join("Cargo.toml")).unwrap().contains(name),
                name => is_test(&code, name) || targets.contains(&format!("name = \"{name}\"")),
            };
            assert!(exists, "there is no {name}: {row}");
        }
        n_promises += 1;
    }
    assert!(n_promises > 20);
    assert!(!root.join("build.rs").exists(), "no build script of our own");
    assert!(root.join("Cargo.lock").is_file() && root.join("fuzz/Cargo.lock").is_file());
    let n_unsafe = |code: &str| code.matches("unsafe {").count();
    let confined: usize = ["src/files/map.rs", "src/main.rs"]
        .iter()
        .map(|name| n_unsafe(&fs::read_to_string(root.join(name)).unwrap()))
        .sum();
    assert_eq!(n_unsafe(&code), confined + 1, "the line above is one");
    assert_eq!(n_unsafe(&fs::read_to_string(root.join("src/main.rs")).unwrap()), 1, "one option of the allocator");
}
