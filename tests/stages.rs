//! The stages of a run, driven by a toy cluster: however lines and rows are spread, the report is that of a run on one
//! machine.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use shelfread::config::Config;
use shelfread::files::folder::Folder;
use shelfread::pipeline;
use shelfread::progress::Progress;
use shelfread::report;
use shelfread::results::Job;
use shelfread::stage::rows::{Row, Writer, kind, read};
use shelfread::stage::{self, Filter, Name};

/// How the toy cluster spreads its work.
#[derive(Clone, Copy, Debug)]
struct Spread {
    unit_lines: usize,
    n_parts: usize,
}

fn encode(rows: &[Row]) -> Vec<u8> {
    let mut out = Writer::new(Vec::new()).unwrap();
    rows.iter().for_each(|row| out.row(row).unwrap());
    out.finish().unwrap()
}

fn decode(bytes: &[u8]) -> Vec<Row> {
    let mut rows = Vec::new();
    read(bytes, |row| {
        rows.push(row);
        Ok(())
    })
    .unwrap();
    rows
}

struct Cluster<'a> {
    config: &'a Config,
    file_names: Vec<String>,
    /// Where the last stage reads documents; none if rows bring them.
    exports: Vec<PathBuf>,
    spread: Spread,
}

impl Cluster<'_> {
    /// Runs a stage on parts, each by itself.
    fn stage(&self, name: Name, parts: Vec<Vec<Row>>) -> Vec<Row> {
        let one = |(part, rows): (usize, Vec<Row>)| {
            let (file_names, exports) = (self.file_names.clone(), self.exports.clone());
            let spread = stage::Spread { file_names, exports, part: part as i64, n_parts: self.spread.n_parts };
            let filter = Filter { config: self.config, spread: &spread };
            let mut out = Vec::new();
            filter.run(name, encode(&rows).as_slice(), &mut out).unwrap();
            decode(&out)
        };
        parts.into_iter().enumerate().flat_map(one).collect()
    }

    /// Brings rows together by their parts.
    fn parts(&self, rows: impl Iterator<Item = (i64, Row)>) -> Vec<Vec<Row>> {
        let mut parts = vec![Vec::new(); self.spread.n_parts];
        rows.for_each(|(part, row)| parts[part as usize].push(row));
        parts
    }

    /// Brings rows together by a key, and sorts each part.
    fn shuffled<K: Ord>(&self, rows: Vec<Row>, by: impl Fn(&Row) -> i64, order: impl Fn(&Row) -> K) -> Vec<Vec<Row>> {
        let mut parts = vec![Vec::new(); self.spread.n_parts];
        for row in rows {
            let part = by(&row).wrapping_mul(0x9E37_79B9_7F4A_7C15_u64 as i64) as u64 >> 40;
            parts[part as usize % self.spread.n_parts].push(row);
        }
        parts.iter_mut().for_each(|part| part.sort_by_key(&order));
        parts
    }
}

fn of(rows: &[Row], kinds: &[i32]) -> Vec<Row> {
    rows.iter().filter(|row| kinds.contains(&row.kind)).cloned().collect()
}

/// Everything that the job does on Spark.
fn run_spread(exports: &[PathBuf], config: &Config, spread: Spread, output: &Path) {
    let file_names = exports.iter().map(|path| path.display().to_string()).collect();
    // Every second cluster reads documents where they lie.
    let reads_exports = spread.unit_lines.is_multiple_of(2);
    let at = if reads_exports { exports.to_vec() } else { Vec::new() };
    let cluster = Cluster { config, file_names, exports: at, spread };
    let mut units: Vec<Vec<Row>> = Vec::new();
    for (file, path) in exports.iter().enumerate() {
        let bytes = fs::read(path).unwrap();
        let lines: Vec<&[u8]> = bytes.split_inclusive(|&byte| byte == b'\n').collect();
        let mut start = 0;
        for unit in lines.chunks(spread.unit_lines) {
            let row = |line: &&[u8]| {
                let bytes = line.strip_suffix(b"\n").unwrap_or(line).to_vec();
                Row { a: file as i64, b: start, bytes, ..Row::default() }
            };
            units.push(unit.iter().map(row).collect());
            start += unit.iter().map(|line| line.len() as i64).sum::<i64>();
        }
    }
    let spread_units: Vec<Vec<Row>> = units.chunks(2).map(|units| units.concat()).collect();
    let read_at_once = cluster.stage(Name::Read, spread_units.clone());
    let audit = of(&read_at_once, &[kind::AUDIT]);
    let keys: Vec<Row> = read_at_once.into_iter().filter(|row| row.kind != kind::AUDIT).collect();
    if reads_exports {
        assert_eq!(cluster.stage(Name::Keys, spread_units.clone()), keys);
        assert_eq!(cluster.stage(Name::Audit, spread_units.clone()), audit);
    }

    let mut bases: BTreeMap<(i64, i64), [i64; 3]> = BTreeMap::new();
    let (mut n_records, mut file, mut n_lines, mut n_bytes) = (0, 0, 0, 0);
    let mut ends = of(&keys, &[kind::UNIT]);
    ends.sort_by_key(|row| (row.a, row.b));
    for unit in ends {
        if unit.a != file {
            (file, n_lines, n_bytes) = (unit.a, 0, 0);
        }
        bases.insert((unit.a, unit.b), [n_records, n_lines, n_bytes]);
        n_records += unit.numbers[0];
        n_lines += unit.numbers[1];
        n_bytes += unit.numbers[2];
    }
    let place = |row: &Row| {
        let [_, lines, bytes] = bases[&(row.a, row.b)];
        vec![row.a, row.numbers[0] + lines, row.numbers[1] + bytes, row.numbers[2]]
    };
    let mut records = of(&keys, &[kind::RECORD]);
    records.iter_mut().for_each(|row| row.record += bases[&(row.a, row.b)][0]);
    records.sort_by_key(|row| row.record);
    let features: Vec<Vec<u8>> = records.iter().map(|row| row.bytes.clone()).collect();

    let keyed = of(&keys, &[kind::KEYS]);
    let part = |row: &Row| row.record;
    let keyed = keyed.iter().map(|row| (part(row), Row { record: bases[&(row.a, row.b)][0], ..row.clone() }));
    let blocks = cluster.stage(Name::Blocks, cluster.parts(keyed));
    let mut crowded = of(&blocks, &[kind::CROWDED]);
    let huge: BTreeSet<i64> = of(&blocks, &[kind::HUGE_BLOCK]).iter().map(|row| row.a).collect();
    for row in &mut crowded {
        row.bytes = features[row.record as usize].clone();
        row.texts = records[row.record as usize].texts.clone();
        row.b = huge.contains(&row.a).into();
    }
    let pieces = cluster.stage(Name::Pieces, crowded.chunks(100).map(<[Row]>::to_vec).collect());
    let crowded = of(&pieces, &[kind::CROWDED]);
    let order = |row: &Row| (row.a, row.b, row.record);
    let divided = cluster.stage(Name::Divide, cluster.shuffled(crowded, |row| row.a ^ row.b, order));
    let mut titles = of(&blocks, &[kind::TITLE, kind::TITLE_BACKWARDS]);
    titles.extend(of(&pieces, &[kind::IN_ORDER]));
    titles.sort_by(|x, y| (x.kind, x.a, &x.bytes).cmp(&(y.kind, y.a, &y.bytes)));
    let in_order: Vec<Vec<Row>> =
        titles.chunks(titles.len().div_ceil(spread.n_parts).max(1)).map(<[Row]>::to_vec).collect();
    let near = cluster.stage(Name::Near, in_order);
    let mut borders = of(&near, &[kind::BORDER]);
    borders.sort_by_key(|row| (row.record, row.a, row.b));
    let across = cluster.stage(Name::Near, vec![borders]);

    let found = [divided.clone(), near, across].concat();
    let near_keys: BTreeSet<(i64, i64)> = of(&found, &[kind::NEAR_KEYS]).iter().map(|row| (row.a, row.b)).collect();
    // Records go where packets of their memberships do: the program says where.
    let part_of = |record: i64| stage::part_of_record(record as u32, spread.n_parts) as i64;
    let mut members: Vec<(i64, Row)> = Vec::new();
    for row in of(&found, &[kind::PAIR]) {
        members.extend([row.a, row.b].map(|record| (part_of(record), Row { record, ..row.clone() })));
    }
    for row in [of(&blocks, &[kind::MEMBERS]), of(&divided, &[kind::MEMBERS])].concat() {
        members.push((part(&row), row));
    }
    for (record, bytes) in (0..).zip(&features) {
        let bytes = bytes.clone();
        members.push((part_of(record), Row { kind: kind::FEATURES, record, bytes, ..Row::default() }));
    }
    let together = cluster.stage(Name::Members, cluster.parts(members.into_iter().rev()));
    let scored = cluster.stage(Name::Score, cluster.parts(together.into_iter().map(|row| (part(&row), row))));

    let matches = of(&scored, &[kind::MERGE, kind::REVIEW]);
    let mut component: BTreeMap<i64, i64> = BTreeMap::new();
    component.extend(matches.iter().flat_map(|row| [row.a, row.b]).map(|record| (record, record)));
    loop {
        let mut is_done = true;
        for row in &matches {
            let least = component[&row.a].min(component[&row.b]);
            for record in [row.a, row.b] {
                is_done &= component.insert(record, least) == Some(least);
            }
        }
        if is_done {
            break;
        }
    }

    let mut first: Vec<Row> = Vec::new();
    for row in &records {
        let (numbers, texts) = (place(row), row.texts[..1].to_vec());
        first.push(Row { kind: kind::RECORD, record: row.record, numbers, texts, ..Row::default() });
    }
    let mut rejects = of(&keys, &[kind::REJECT]);
    rejects.sort_by_key(|row| (row.a, row.b, row.numbers[0]));
    first.extend(rejects.iter().map(|row| Row { numbers: place(row), ..row.clone() }));
    first.extend(of(&keys, &[kind::UNIT]));
    let mut parts = audit;
    parts.sort_by_key(|row| (row.a, row.b, row.record));
    first.extend(parts);
    first.push(Row { kind: kind::AUDITED, ..Row::default() });

    // The report reads on only when its answer was taken: two pipes.
    let (results, ()) = std::thread::scope(|scope| {
        let (input, mut feed) = std::io::pipe().unwrap();
        let (answer, out) = std::io::pipe().unwrap();
        let report =
            scope.spawn(|| shelfread::stage::report(exports, config, input, out, &Progress::new(true)).unwrap());
        let mut stream = Writer::new(&mut feed).unwrap();
        first.iter().for_each(|row| stream.row(row).unwrap());
        stream.push().unwrap();
        let mut answer = answer;
        let findings = scope.spawn(move || {
            let mut rows = Vec::new();
            let _ = read(&mut answer as &mut dyn Read, |row| {
                if row.kind == kind::AUDITED {
                    return Err(shelfread::error::Error::Interrupted);
                }
                rows.push(row);
                Ok(())
            });
            (rows, answer)
        });
        let (found, answer) = findings.join().unwrap();
        let n_findings: BTreeMap<i64, i64> = found.iter().map(|row| (row.record, row.numbers[0])).collect();

        let lines: BTreeMap<(i64, i64, i64), &Row> =
            units.iter().flat_map(|unit| unit.iter().zip(1..).map(|(row, line)| ((row.a, row.b, line), row))).collect();
        let mut members = Vec::new();
        for (&record, &a) in &component {
            let row = &records[record as usize];
            let mut numbers = place(row);
            numbers.push(n_findings.get(&record).copied().unwrap_or_default());
            let line = lines[&(row.a, row.b, row.numbers[0])];
            let bytes = if reads_exports { Vec::new() } else { line.bytes.clone() };
            members.push(Row { kind: kind::DOCUMENT, a, record, numbers, bytes, ..Row::default() });
        }
        members.extend(matches.iter().map(|row| Row {
            kind: row.kind,
            a: component[&row.a],
            b: row.a,
            record: row.b,
            ..Row::default()
        }));
        let by_component = cluster.shuffled(members, |row| row.a, |row| (row.a, row.kind, row.record));
        let proposed = cluster.stage(Name::Propose, by_component);
        let mut second = Vec::new();
        for rows in [&blocks, &divided, &scored] {
            second.extend(of(rows, &[kind::COUNTS, kind::LARGE_BLOCK]));
        }
        second.push(Row { kind: kind::COUNTS, a: 3, numbers: vec![near_keys.len() as i64], ..Row::default() });
        second.extend(of(&scored, &[kind::MERGE, kind::REVIEW, kind::RELATED, kind::NEAR_MISS]));
        let told = [of(&scored, &[kind::RELATED, kind::NEAR_MISS]), of(&proposed, &[kind::CUT])].concat();
        let told: BTreeSet<i64> = told.iter().flat_map(|row| [row.a, row.b]).collect();
        let known = |record: i64| Row {
            kind: kind::FEATURES,
            record,
            bytes: features[record as usize].clone(),
            ..Row::default()
        };
        second.extend(told.into_iter().map(known));
        second.extend(proposed);
        second.push(Row { kind: kind::END, ..Row::default() });
        second.iter().for_each(|row| stream.row(row).unwrap());
        stream.finish().unwrap().flush().unwrap();
        drop(feed);
        let results = report.join().unwrap();
        drop(answer);
        (results, ())
    });
    let folder = Folder::start(output, &report::CONTENTS, false).unwrap();
    report::write(&results, &folder, |_| ()).unwrap();
    folder.publish().unwrap();
}

fn run_whole(exports: &[PathBuf], config: &Config, output: &Path) {
    let results = pipeline::run(exports, Job::Check, config, &Progress::new(true)).unwrap();
    let folder = Folder::start(output, &report::CONTENTS, false).unwrap();
    report::write(&results, &folder, |_| ()).unwrap();
    folder.publish().unwrap();
}

/// All files of a folder, by name; of the summary all but the size of the index of titles, which stages have none of.
fn files(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else {
            let mut text = fs::read_to_string(&path).unwrap();
            if path.ends_with("summary.json") {
                let mut summary: serde_json::Value = serde_json::from_str(&text).unwrap();
                forget(&mut summary, "index_bytes");
                text = summary.to_string();
            }
            files.insert(path.file_name().unwrap().into(), text);
        }
    }
    files
}

fn forget(value: &mut serde_json::Value, name: &str) {
    if let Some(fields) = value.as_object_mut() {
        fields.remove(name);
        fields.values_mut().for_each(|value| forget(value, name));
    }
}

fn check(exports: &[PathBuf], config: &Config, spreads: &[Spread]) {
    let place = tempfile::tempdir().unwrap();
    let whole = place.path().join("whole");
    run_whole(exports, config, &whole);
    let whole = files(&whole);
    for (at, &spread) in spreads.iter().enumerate() {
        let output = place.path().join(format!("spread-{at}"));
        run_spread(exports, config, spread, &output);
        for (name, text) in files(&output) {
            assert!(whole[&name] == text, "{name:?} differs, {spread:?}");
        }
    }
}

fn bundled(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata").join(name)
}

#[test]
fn stages_give_what_a_whole_run_gives() {
    let exports = [bundled("sample.jsonl"), bundled("damaged.jsonl")];
    let spreads = [
        Spread { unit_lines: usize::MAX, n_parts: 1 },
        Spread { unit_lines: 100, n_parts: 2 },
        Spread { unit_lines: 7, n_parts: 7 },
    ];
    check(&exports, &Config::default(), &spreads);
}

/// Blocks that are too large are the rule, not the exception.
fn crowded() -> Config {
    let mut config = Config::default();
    config.blocking.max_block_records = 3;
    config.blocking.max_weak_block_records = 2;
    config.blocking.neighbourhood = 2;
    config
}

#[test]
fn stages_divide_blocks_as_a_whole_run_does() {
    let spreads = [Spread { unit_lines: 50, n_parts: 3 }];
    check(&[bundled("sample.jsonl")], &crowded(), &spreads);
    // All blocks of weak keys are loose, those that were divided, too.
    let mut loose = crowded();
    loose.blocking.max_weak_block_records = 4;
    loose.blocking.max_lone_weak_block_records = 1;
    check(&[bundled("sample.jsonl")], &loose, &spreads);
}

/// One title of thousands of records, which is divided piece by piece, and two words that they share.
#[test]
fn stages_divide_huge_blocks_as_a_whole_run_does() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("export.jsonl");
    let line = |at: usize| {
        let (year, name, pages) = (1900 + at % 90, ["Berg", "Holm", "Lund", ""][at % 7 % 4], 100 + at % 13 * (at % 2));
        format!(
            r#"{{"id":"r{at}","title":"Annual report on plants","author":["{name}"],"publishDate":["{year}"],"physical":["{pages} p."],"format":["Book"]}}"#
        )
    };
    let text: Vec<String> = (0..2600).map(line).collect();
    fs::write(&path, text.join("\n")).unwrap();
    check(&[path], &crowded(), &[Spread { unit_lines: 500, n_parts: 3 }, Spread { unit_lines: 900, n_parts: 5 }]);
}

#[test]
fn foreign_streams_are_told() {
    let config = Config::default();
    let filter = Filter { config: &config, spread: &stage::Spread::default() };
    for name in [
        Name::Keys,
        Name::Audit,
        Name::Read,
        Name::Blocks,
        Name::Pieces,
        Name::Divide,
        Name::Near,
        Name::Members,
        Name::Score,
        Name::Propose,
    ] {
        assert!(filter.run(name, b"no arrow stream".as_slice(), Vec::new()).is_err());
    }
    let told = |name, row: Row| filter.run(name, encode(&[row]).as_slice(), Vec::new()).unwrap_err().to_string();
    let row = |kind, bytes: &[u8]| Row { kind, bytes: bytes.to_vec(), ..Row::default() };
    for name in [Name::Pieces, Name::Divide] {
        assert!(told(name, row(kind::CROWDED, &[0xff; 40])).contains("record 0 has no features"));
    }
    // Eight bytes of a block, and record 5, whose features do not come; then a record whose features are none.
    let membership = [1, 2, 3, 4, 5, 6, 7, 8, 5];
    assert!(told(Name::Members, row(kind::MEMBERS, &membership)).contains("record 5 has no features"));
    assert!(told(Name::Members, Row { b: 3, record: 3, ..row(kind::PAIR, &[]) }).contains("record 3 has no features"));
    let member = [5, 1, 0, 1, 0, 0, 3, 0xff, 0xff, 0xff];
    assert!(told(Name::Score, row(kind::TOGETHER, &member)).contains("record 5 has no features"));
    let elsewhere = [5, 1, 0, 1, 7, 0, 0];
    assert!(told(Name::Score, row(kind::TOGETHER, &elsewhere)).contains("blocks of record 5"));
    // Record 5 of the pair 5 and 9 alone, with the features of a record.
    let mut alone = vec![5, 0, 0, 1, 5, 9];
    let line = br#"{"id":"a","title":"Poems"}"#;
    let mut keyed = Vec::new();
    filter.run(Name::Keys, encode(&[row(kind::RECORD, line)]).as_slice(), &mut keyed).unwrap();
    let features = of(&decode(&keyed), &[kind::RECORD])[0].bytes.clone();
    alone.extend([features.len() as u8 & 0x7f | 0x80, (features.len() >> 7) as u8]);
    alone.extend(features);
    assert!(told(Name::Score, row(kind::TOGETHER, &alone)).contains("of the pair 5 and 9, 1 came"));
    for (name, kind) in [(Name::Blocks, kind::KEYS), (Name::Members, kind::MEMBERS), (Name::Score, kind::TOGETHER)] {
        assert!(told(name, row(kind, &membership[..3])).contains("a packet"));
        assert!(told(name, row(kind::END, &[])).contains("rows of kind 34 are"));
    }
    let key = [1, 2, 3, 4, 5, 6, 7, 8, 0, 0];
    assert!(told(Name::Blocks, Row { record: -1, ..row(kind::KEYS, &key) }).contains("-1 is no number"));
}

/// A report of rows that are damaged, or of other exports, is refused and does not end in a panic.
#[test]
fn foreign_rows_give_no_report() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("export.jsonl");
    let line = r#"{"id":"a","title":"Poems","format":["Book"]}"#;
    fs::write(&path, format!("{line}\n")).unwrap();
    let config = Config::default();
    let told = |rows: &[Row]| {
        let exports = [path.clone()];
        let done =
            shelfread::stage::report(&exports, &config, encode(rows).as_slice(), Vec::new(), &Progress::new(true));
        done.err().map(|error| error.to_string())
    };
    let record = |numbers: &[i64]| Row {
        kind: kind::RECORD,
        numbers: numbers.to_vec(),
        texts: vec!["a".into()],
        ..Row::default()
    };
    let len = line.len() as i64;
    let there = record(&[0, 1, 0, len]);
    let audit_rows = |bytes: Vec<u8>| {
        let part = Row { kind: kind::AUDIT, bytes, ..Row::default() };
        [there.clone(), part, Row { kind: kind::AUDITED, ..Row::default() }]
    };
    let parts = {
        let filter = Filter { config: &config, spread: &stage::Spread::default() };
        let mut out = Vec::new();
        let input = encode(&[Row { bytes: line.into(), ..Row::default() }]);
        filter.run(Name::Audit, input.as_slice(), &mut out).unwrap();
        of(&decode(&out), &[kind::AUDIT])
    };
    let part = parts[0].bytes.clone();
    let end = Row { kind: kind::END, ..Row::default() };
    let whole = [audit_rows(part.clone()).to_vec(), vec![end.clone()]].concat();
    assert_eq!(told(&whole), None, "these rows are a report");
    for at in (0..part.len()).step_by(7) {
        let mut damaged = part.clone();
        damaged[at] ^= 1 << (at % 8);
        let told = told(&audit_rows(damaged)).unwrap();
        assert!(told.contains("a part of the audit is none"), "{told}");
    }
    for numbers in
        [&[1, 1, 0, len][..], &[0, 1, 0, len + 9], &[0, 1, i64::MAX, len], &[-1, 1, 0, len], &[0, 1, -1, len], &[]]
    {
        let told = told(&[record(numbers)]).unwrap();
        assert!(told.contains("record 0 has no place"), "{numbers:?}: {told}");
    }
    let late = |row: Row| told(&[&whole[..3], &[row, end.clone()]].concat()).unwrap();
    for kind in [kind::RELATED, kind::NEAR_MISS, kind::CUT] {
        let told = late(Row { kind, b: 7, numbers: vec![0, 7], bytes: vec![1], ..Row::default() });
        assert!(told.contains("there is no record 7") || told.contains("Hit the end of buffer"), "{told}");
    }
    assert!(late(Row { kind: kind::CLUSTER, numbers: vec![7], ..Row::default() }).contains("there is no record 7"));
    let told = late(Row { kind: kind::FEATURES, bytes: vec![0xff; 40], ..Row::default() });
    assert!(told.contains("record 0 has no features"), "{told}");
    assert!(late(Row { kind: kind::PROPOSAL, bytes: b"{}".to_vec(), ..Row::default() }).contains("missing field"));
}

#[test]
fn decisions_are_refused_rather_than_forgotten() {
    let place = tempfile::tempdir().unwrap();
    let config = place.path().join("shelfread.toml");
    fs::write(&config, "decisions = [\"decided.jsonl\"]\n").unwrap();
    for stage in ["keys", "propose"] {
        let done = crate::program::run(&["stage", stage, "--config", config.to_str().unwrap()]);
        assert_eq!(done.status.code(), Some(2));
        let told = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(told.contains("obey no decisions"), "{told}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn any_lines_spread_in_any_way_give_the_same(
        picks in proptest::collection::vec((0usize..400, 0u8..12), 1..120),
        unit_lines in 1usize..40,
        n_parts in 1usize..6,
        is_crowded in any::<bool>(),
    ) {
        let text = fs::read_to_string(bundled("damaged.jsonl")).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let mut export = String::new();
        for (at, change) in picks {
            let line = lines[at % lines.len()];
            match change {
                0 => export.push_str(&line[..line.char_indices().nth(40).map_or(line.len(), |(at, _)| at)]),
                1 => {}
                2 => export.push_str(&line.replacen("\"id\":\"", "\"id\":\"again-", 1)),
                3 => export.push_str(&line.replacen('e', "x", 3)),
                _ => export.push_str(line),
            }
            export.push_str(if change == 4 { "\r\n" } else { "\n" });
        }
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("export.jsonl");
        fs::write(&path, format!("{}\n{export}", lines[0])).unwrap();
        let config = if is_crowded { crowded() } else { Config::default() };
        check(&[path], &config, &[Spread { unit_lines, n_parts }]);
    }
}
