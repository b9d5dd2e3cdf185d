//! What the fuzz targets check, for every input that was ever found to matter, and for the seeds of the targets.

use std::fs;
use std::path::Path;

#[path = "../fuzz/checks.rs"]
pub(crate) mod checks;

fn folder(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[test]
fn found_inputs_stay_harmless() {
    for target in crate::program::names(&folder("testdata/fuzz")) {
        let check = checks::named(&target).unwrap_or_else(|| panic!("{target} is no target"));
        for name in crate::program::names(&folder("testdata/fuzz").join(&target)) {
            println!("{target}/{name}");
            check(&fs::read(folder("testdata/fuzz").join(&target).join(name)).unwrap());
        }
    }
}

#[test]
fn every_broken_file_and_every_shape_passes_the_checks_of_the_reader_and_of_a_run() {
    for place in ["testdata/broken", "testdata/shapes"] {
        for name in crate::program::names(&folder(place)) {
            let bytes = fs::read(folder(place).join(&name)).unwrap();
            for target in ["reader", "staff_view", "keys", "config", "decisions", "index", "run"] {
                println!("{target} {name}");
                checks::named(target).unwrap()(&bytes);
            }
        }
    }
}

/// Files of an index.
const INDEX_FILES: u8 = 25;

/// Every file of an index, changed in each way at several places, with checksums that tell it and with such as fit.
#[test]
fn an_index_changed_anywhere_is_refused_or_harmless() {
    let check = checks::named("index").unwrap();
    for how in 0..4 {
        check(&[how]);
        for file in 0..INDEX_FILES {
            for place in [1, 100] {
                for (kind, value) in [(0, vec![1]), (1, vec![0xff; 8]), (2, vec![]), (3, vec![0]), (5, vec![0; 4])] {
                    let mut change = vec![how, file, kind, place, 0];
                    change.extend(value);
                    check(&change);
                }
            }
        }
    }
}

#[test]
fn every_target_is_listed() {
    let manifest = fs::read_to_string(folder("fuzz/Cargo.toml")).unwrap();
    let mut listed: Vec<&str> =
        manifest.split("[[bin]]\nname = \"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    listed.retain(|name| *name != "requests");
    assert_eq!(listed, checks::ALL.map(|(name, _)| name));
}
