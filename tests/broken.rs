//! Bad input is data: what is no record is listed with its place and the reason, and nothing else is lost.

use std::fs;

use crate::program::Report;

/// File, records processed, and per reject its line and the beginning of its reason.
type Case = (&'static str, u64, &'static [(u64, &'static str)]);

const CASES: &[Case] = &[
    ("blank_lines.jsonl", 3, &[]),
    ("bom.jsonl", 3, &[]),
    ("crlf.jsonl", 3, &[]),
    ("deep_nesting.jsonl", 2, &[(2, "invalid JSON near byte")]),
    ("duplicate_key.jsonl", 3, &[]),
    ("empty.jsonl", 0, &[(1, "the file is empty")]),
    ("empty_id.jsonl", 2, &[(2, "empty id")]),
    ("export_exception.json", 2, &[(1, "the server stopped with an exception")]),
    ("invalid_json.jsonl", 2, &[(2, "invalid JSON near byte"), (3, "invalid JSON near byte")]),
    ("invalid_utf8.jsonl", 2, &[(2, "invalid UTF-8 at byte 29")]),
    ("lone_surrogate.jsonl", 3, &[]),
    ("no_final_newline.jsonl", 3, &[]),
    ("no_id.jsonl", 2, &[(2, "no id")]),
    (
        "not_an_object.jsonl",
        2,
        &[(2, "not a JSON object"), (3, "not a JSON object"), (4, "not a JSON object"), (5, "not a JSON object")],
    ),
    ("nul_bytes.jsonl", 3, &[(2, "NUL bytes"), (4, "NUL bytes")]),
    ("numeric_id.jsonl", 3, &[]),
    ("truncated_last_line.jsonl", 2, &[(3, "invalid JSON: the record is cut off")]),
    ("truncated_select.json", 2, &[(1, "the file ends inside the record")]),
];

fn check(path: &str, processed: u64, rejects: &[(u64, &str)]) {
    let report = Report::of("check", &[path], &[]);
    assert_eq!(report.code == 2, processed == 0, "{path}: nothing to look at is no clean catalogue");
    let records = &report.summary()["records"];
    assert_eq!(records["processed"], processed, "{path}");
    assert_eq!(records["rejected"], rejects.len(), "{path}");
    assert_eq!(records["read"], processed + rejects.len() as u64, "{path}");
    assert_eq!(records["reconciled"], true, "{path}");
    let listed = report.lines("rejects.jsonl");
    assert_eq!(listed.len(), rejects.len(), "{path}: {listed:?}");
    let bytes = fs::read(path).unwrap();
    for (listed, (line, reason)) in listed.iter().zip(rejects) {
        assert_eq!(listed["line"], *line, "{path}: {listed}");
        assert!(listed["reason"].as_str().unwrap().starts_with(reason), "{path}: {listed}");
        // The byte offset must lead to that very line.
        let at = listed["byte"].as_u64().unwrap() as usize;
        let newlines = bytes[..at].iter().filter(|&&byte| byte == b'\n').count() as u64;
        assert_eq!(newlines + 1, *line, "{path}: {listed}");
    }
}

#[test]
fn every_kind_of_damage_is_listed_with_its_place() {
    for &(name, processed, rejects) in CASES {
        check(&format!("testdata/broken/{name}"), processed, rejects);
    }
}

#[test]
fn no_broken_file_is_left_untested() {
    let files = crate::program::names(std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/broken")));
    let tested: Vec<&str> = CASES.iter().map(|case| case.0).collect();
    assert_eq!(files, tested);
}

#[test]
fn a_line_over_16_mib_is_listed_and_the_next_one_read() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("long.jsonl");
    let mut text = b"{\"id\":\"a\"}\n{\"id\":\"b\",\"title\":\"".to_vec();
    text.resize(text.len() + (16 << 20), b'x');
    text.extend(b"\"}\n{\"id\":\"c\"}\n");
    fs::write(&path, text).unwrap();
    check(path.to_str().unwrap(), 2, &[(2, "longer than 16 MiB")]);
}

#[test]
fn nothing_is_dropped_unlisted() {
    let place = tempfile::tempdir().unwrap();
    let cases: [(Case, &str); 5] = [
        (
            ("commas.jsonl", 1, &[(1, "invalid JSON: a comma stands behind the record"), (2, "invalid JSON: a comma")]),
            "{\"id\":\"a\"},\n{\"id\":\"b\"},\r\n{\"id\":\"c\"}\n",
        ),
        (
            ("answer.jsonl", 1, &[(2, "a Solr answer where a record should stand"), (3, "no id")]),
            "{\"id\":\"a\"}\n{\"responseHeader\":{},\"response\":{\"docs\":[{\"id\":\"b\"}]}}\n{\"status\":\"lost\"}\n",
        ),
        (("status.jsonl", 2, &[]), "{\"status\":\"active\",\"id\":\"a\"}\n{\"status\":\"lost\",\"id\":\"b\"}\n"),
        (
            ("grouped.json", 0, &[(1, "an answer without a list of documents")]),
            "{\"responseHeader\":{},\"grouped\":{\"x\":{\"groups\":[]}}}",
        ),
        (
            ("eof.jsonl", 1, &[(2, "no id"), (3, "invalid JSON")]),
            "{\"id\":\"a\"}\n{\"title\":\"\\\"EOF\\\":\"}\n{\"id\":\"c\",\"EOF\":\n",
        ),
    ];
    for ((name, processed, rejects), text) in cases {
        let path = place.path().join(name);
        fs::write(&path, text).unwrap();
        check(path.to_str().unwrap(), processed, rejects);
    }
}
