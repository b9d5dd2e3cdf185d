//! What must hold for any bytes. The fuzz targets call these functions with bytes that the fuzzer makes up; the test
//! `fuzz` calls them with every file below `testdata/fuzz`, so that what was found once stays tested everywhere.
#![allow(dead_code, clippy::unwrap_used, reason = "each target uses one of them, and a failed check is the point")]

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::OnceLock;

use shelfread::audit::Fix;
use shelfread::config::Config;
use shelfread::decisions::{in_force, pairs, read_lines, write_lines};
use shelfread::files::folder::Folder;
use shelfread::fix;
use shelfread::index::{Index, IndexWriter, Trust};
use shelfread::input::{Corpus, Document, InputFile, Parser, Record, in_one_line};
use shelfread::keys::block_keys::{block_keys, feature_blocks, title_keys};
use shelfread::keys::work_key::{Dialect, WorkKeyInput, cut, is_exact, normalise, strip_articles, work_keys};
use shelfread::keys::{
    Features, citation, dates, first_words, identifiers, language, names, numbers, sort_title, text, title,
};
use shelfread::matching::compare::compare;
use shelfread::matching::score::verdict;
use shelfread::matching::weights::Weights;
use shelfread::pipeline;
use shelfread::progress::Progress;
use shelfread::report::{self, CONTENTS, Colours, Format};
use shelfread::results::{Job, Results};
use xxhash_rust::xxh3::xxh3_64;

/// What is called with any bytes, and panics if something does not hold.
pub(crate) type Target = fn(&[u8]);

/// The targets, by name. `requests` is not among them: it needs a server.
pub(crate) const ALL: [(&str, Target); 8] = [
    ("reader", reader),
    ("staff_view", staff_view),
    ("keys", keys),
    ("pair", pair),
    ("config", config),
    ("decisions", decisions),
    ("index", index),
    ("run", run),
];

/// The check of that name.
pub(crate) fn named(name: &str) -> Option<Target> {
    ALL.into_iter().find(|(known, _)| *known == name).map(|(_, check)| check)
}

/// Everything read is a record or a reject, each within its file and found again at its place.
pub(crate) fn reader(bytes: &[u8]) {
    let Ok(corpus) = Corpus::from_files(vec![InputFile::from_bytes("x", bytes.to_vec())]) else { return };
    check_reading(&corpus);
    // A document can be taken apart and put together again without a change, or it cannot be taken apart.
    if let Some(document) = Document::of(bytes) {
        assert_eq!(document.with([]), bytes, "nothing was to be changed");
    }
    let line = in_one_line(bytes);
    assert_eq!(in_one_line(&line), line, "one line is one line");
}

fn check_reading(corpus: &Corpus) {
    let ids = |ids: &mut Vec<String>, record: &Record<'_>| ids.push(record.id().to_owned());
    let reading = corpus.read(Vec::new, ids, |_| ());
    assert_eq!(reading.n_read as usize, reading.positions.len() + reading.rejects.len(), "nothing is lost");
    let ids: Vec<&String> = reading.parts.iter().flatten().collect();
    assert_eq!(ids.len(), reading.positions.len());
    let content = corpus.files()[0].bytes();
    let mut end = 0;
    for (id, &at) in ids.iter().zip(&reading.positions) {
        let again = corpus.fetch(at, &mut Parser::default(), |record| record.id().to_owned());
        assert_eq!(again.as_ref(), Ok(*id), "it is found again");
        assert!(at.byte >= end, "records do not overlap");
        end = at.byte + u64::from(at.len);
        let newlines = content[..at.byte as usize].iter().filter(|&&byte| byte == b'\n').count() as u64;
        assert_eq!(at.line, newlines + 1, "it is on its line");
    }
    for reject in &reading.rejects {
        let at = reject.position;
        assert!(at.byte + u64::from(at.len) <= content.len() as u64, "a reject is within the file");
        assert!(!reject.reason.is_empty() && at.line > 0);
    }
}

/// The text of a page gives one record or one reject, and what the page says is in it.
pub(crate) fn staff_view(bytes: &[u8]) {
    let mut page = b"id x-1\ntitle T\ntitle_short T\n".to_vec();
    page.extend_from_slice(bytes);
    for page in [bytes, &page] {
        if let Ok(corpus) = Corpus::from_files(vec![InputFile::from_bytes("x", page.to_vec())]) {
            check_reading(&corpus);
        }
    }
}

/// Records from lines of `field, tab, value`; a line `--` begins the next. Fields may repeat.
fn documents(bytes: &[u8]) -> Vec<String> {
    let lines = String::from_utf8_lossy(bytes);
    let mut documents = Vec::new();
    for (number, part) in lines.split("\n--\n").enumerate() {
        let mut document = serde_json::Map::new();
        document.insert("id".to_owned(), format!("r{number}").into());
        for (name, value) in part.split('\n').filter_map(|line| line.split_once('\t')) {
            let values = document.entry(name).or_insert_with(|| serde_json::Value::Array(Vec::new()));
            if let Some(values) = values.as_array_mut() {
                values.push(value.into());
            }
        }
        documents.push(serde_json::Value::from(document).to_string());
    }
    documents
}

fn features(document: &str) -> Features<'static> {
    Parser::default().parse(document.as_bytes(), Features::of).expect("a document with an id is a record")
}

/// Normalising never fails, is done when it is done, and gives the same for the same.
pub(crate) fn keys(bytes: &[u8]) {
    let whole = String::from_utf8_lossy(bytes);
    let once = text::fold(&whole);
    assert_eq!(text::fold(&once), once, "folding twice changes nothing");
    let stripped = text::without_markup(&whole);
    let _ = (text::skeleton(&once), text::romanisation_key(&once), text::repair_mojibake(&whole), stripped);
    let _ = text::without_lost_characters(&whole);
    let key = normalise(&whole);
    for dialect in [Dialect::Php, Dialect::Java, Dialect::RecordManager] {
        assert!(key.starts_with(cut(&key, dialect)));
        let values = [&*whole, "x"];
        let input = WorkKeyInput { uniform_titles: &values, titles: &values, stripped_titles: &[], authors: &values };
        assert_eq!(work_keys(&input, dialect), work_keys(&input, dialect));
    }
    let _ = is_exact(&whole);
    assert!(whole.contains(strip_articles(&whole)), "nothing is made up");
    assert!(whole.contains(citation::cited_title(&whole)), "a cited title is part of the citation");
    let _ = (dates::clean_date(&whole, 2025), dates::earliest_year(&[&whole]), first_words::first_words_key(&whole));
    let _ = (sort_title::g1(&whole), sort_title::g2(&whole), sort_title::g3(&[&whole], 3));
    assert!(whole.contains(sort_title::clean_data(&whole)));
    let _ = (names::fix_trailing_punctuation(&whole), names::author_variant(&whole), names::invert_name(&whole));
    let _ = (identifiers::isn_key(&whole), identifiers::oclc(&whole), identifiers::doi_strict(&whole));
    for found in [identifiers::isbn13(&whole), identifiers::issn(&whole), identifiers::doi(&whole)] {
        assert!(found.is_none_or(|found| !found.is_empty()));
    }
    let _ = (identifiers::pmid_from_url(&whole), identifiers::pmcid(&whole), identifiers::arxiv(&whole));
    let _ = (title::split_subtitle(&whole), numbers::roman_numeral(&whole), numbers::canonical_number(&whole));
    let _ = language::Language::of(&whole);
    for document in documents(bytes) {
        let features = features(&document);
        let mut emitted = BTreeSet::new();
        let mut emit = |key: &str| {
            emitted.insert(key.to_owned());
        };
        feature_blocks(&features, &mut emit);
        title_keys(&features, &mut emit);
        let blocks = |record: &Record<'_>| block_keys(record, &features, &mut emit);
        Parser::default().parse(document.as_bytes(), blocks).expect("a record");
        // Any text in any field is a value that a record may have.
        for name in ["title", "author", "isbn", "publishDate", "physical", "edition", "series", "container_title"] {
            let of_one = serde_json::json!({"id": "x", name: &*whole}).to_string();
            let _ = self::features(&of_one).digest();
        }
    }
}

/// A pair says the same from both sides, and nothing is more alike than a record and its copy.
pub(crate) fn pair(bytes: &[u8]) {
    let weights = Weights::new(&Config::default().model).expect("the defaults are valid");
    let records: Vec<Features<'static>> = documents(bytes).iter().take(2).map(|document| features(document)).collect();
    let (a, b) = (&records[0], records.last().expect("there is one"));
    let (there, back) = (compare(a, b, &weights), compare(b, a, &weights));
    assert_eq!(there, back, "a pair has no direction");
    assert_eq!(verdict(&there, &weights), verdict(&back, &weights));
    let itself = compare(a, &a.clone(), &weights);
    assert_eq!(itself, compare(a, a, &weights));
}

/// A configuration is refused in words, or it is what it prints.
pub(crate) fn config(bytes: &[u8]) {
    match Config::parse(&String::from_utf8_lossy(bytes)) {
        Ok(config) => assert_eq!(Config::parse(&config.to_toml()).as_ref(), Ok(&config), "it reads what it prints"),
        Err(reason) => assert!(!reason.is_empty()),
    }
}

/// Decisions are refused in words, or they are what is written.
pub(crate) fn decisions(bytes: &[u8]) {
    let read = read_lines(&String::from_utf8_lossy(bytes));
    let Ok(rulings) = read else {
        return assert!(read.is_err_and(|reason| reason.starts_with("line ")));
    };
    let mut written = Vec::new();
    write_lines(&rulings, &mut written).expect("memory is writable");
    let again = read_lines(std::str::from_utf8(&written).expect("JSON is UTF-8"));
    assert_eq!(again.as_ref(), Ok(&rulings), "it reads what it writes");
    let decided = in_force(rulings);
    assert_eq!(in_force(decided.clone()), decided, "what is in force stays so");
    let _ = pairs(&decided, |_| None);
}

/// The files of an index of [`indexed`], by name.
static INDEX: OnceLock<Vec<(String, Vec<u8>)>> = OnceLock::new();
const INDEX_MARK: &str = "index.json";

/// Some records of the sample.
fn indexed() -> Corpus {
    let sample = include_str!("../testdata/sample.jsonl");
    let lines: Vec<&str> = sample.lines().take(24).collect();
    Corpus::from_files(vec![InputFile::from_bytes("x", lines.join("\n").into_bytes())]).expect("records")
}

fn make_index() -> Vec<(String, Vec<u8>)> {
    let place = tempfile::tempdir().expect("a temporary folder");
    let folder = place.path().join("index");
    let (config, corpus) = (Config::default(), indexed());
    let mut writer = IndexWriter::start(&folder, &config, false).expect("a free place");
    let results = pipeline::run_over(&corpus, Job::Check, &config, Some(&mut writer), &Progress::new(true));
    writer.publish(results.expect("it runs").ids.len(), true).expect("writable");
    let entries = std::fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let read = |path: &Path| std::fs::read(path).expect("readable");
    let mut files: Vec<(String, Vec<u8>)> =
        entries.map(|path| (path.file_name().expect("a name").to_string_lossy().into_owned(), read(&path))).collect();
    files.sort();
    files
}

/// Changes files as the bytes say: number of a file, kind of change, place (two bytes), value.
fn change(files: &mut [(String, Vec<u8>)], mut changes: &[u8]) {
    while let [file, kind, low, high, rest @ ..] = changes {
        let n_files = files.len();
        let content = &mut files[usize::from(*file) % n_files].1;
        let at = usize::from(u16::from_le_bytes([*low, *high]));
        let (n_taken, step) = match kind % 6 {
            0 | 3 => (1, 1),
            1 => (8, 8),
            2 => (0, 1),
            4 => (rest.len(), 1),
            _ => (4, 4),
        };
        let (value, rest) = rest.split_at(n_taken.min(rest.len()));
        changes = rest;
        match kind % 6 {
            2 => content.truncate(at),
            3 => content.extend(value),
            4 => *content = value.to_vec(),
            kind => {
                for (byte, value) in content.iter_mut().skip(at * step).zip(value) {
                    *byte = if kind == 0 { *byte ^ value } else { *value };
                }
            }
        }
    }
}

/// Makes the checksums fit, as somebody could who knows how they are made. `None` if there is nothing to be made to fit.
fn with_fitting_checksums(files: &mut [(String, Vec<u8>)]) -> Option<()> {
    let at = files.iter().position(|(name, _)| name == INDEX_MARK)?;
    let mut mark: serde_json::Value = serde_json::from_slice(&files[at].1).ok()?;
    for file in mark.get_mut("files")?.as_array_mut()? {
        let content = &files.iter().find(|(name, _)| file["name"] == **name)?.1;
        let file = file.as_object_mut()?;
        file.insert("bytes".to_owned(), content.len().into());
        file.insert("xxh3".to_owned(), format!("{:016x}", xxh3_64(content)).into());
    }
    mark.as_object_mut()?.insert("checksum".to_owned(), "".into());
    let text = format!("{mark:#}\n");
    let sum = format!("{:016x}", xxh3_64(text.as_bytes()));
    files[at].1 = text.replacen("\"checksum\": \"\"", &format!("\"checksum\": \"{sum}\""), 1).into_bytes();
    Some(())
}

/// An index that is not what was written is refused, and one whose checksums were made to fit, too, or it does no harm.
/// The first byte says whether they are made to fit, and whether the index is for a run or for a question; then
/// follow changes (see [`change`]).
pub(crate) fn index(bytes: &[u8]) {
    let Some((&how, changes)) = bytes.split_first() else { return };
    let written = INDEX.get_or_init(make_index);
    let mut files = written.clone();
    change(&mut files, changes);
    let is_changed = files != *written;
    let is_forged = how & 1 != 0 && is_changed && with_fitting_checksums(&mut files).is_some();
    let place = tempfile::tempdir().expect("a temporary folder");
    let folder = place.path().join("index");
    std::fs::create_dir(&folder).expect("writable");
    for (name, content) in &files {
        std::fs::write(folder.join(name), content).expect("writable");
    }
    let config = Config::default();
    if how & 2 != 0 {
        let weights = Weights::new(&config.model).expect("the defaults are valid");
        let Ok(index) = Index::open(&folder, &config, Trust::Sizes) else {
            return assert!(is_changed, "what was written is read");
        };
        let find = |_: &mut (), record: &Record<'_>| {
            let found = index.find(record, &weights, &config.blocking);
            assert!(is_changed || found.is_ok_and(|found| !found.matches.is_empty()), "it is there itself");
        };
        indexed().read(|| (), find, |_| ());
        return;
    }
    match IndexWriter::start(&folder, &config, false) {
        Err(error) => {
            assert!(is_changed, "{error}");
            // Without the program's name in it, it is somebody's folder.
            let is_told = ["--rebuild", "holds other files"].iter().any(|words| error.to_string().contains(words));
            assert!(is_told, "{error}");
        }
        Ok(mut writer) => {
            assert!(is_forged || !is_changed, "what was not written is refused");
            let corpus = indexed();
            let results = pipeline::run_over(&corpus, Job::Check, &config, Some(&mut writer), &Progress::new(true));
            let n_records = results.expect("it runs").ids.len();
            // What a run makes of it is an index again.
            writer.publish(n_records, true).expect("writable");
            Index::open(&folder, &config, Trust::Checked).map(|_| ()).expect("it was just written");
        }
    }
}

/// A whole run: the report reconciles, every file of it parses, and its patches leave nothing to repair.
pub(crate) fn run(bytes: &[u8]) {
    if bytes.len() > 1 << 16 {
        return;
    }
    let place = tempfile::tempdir().expect("a temporary folder");
    // From a file, so that it is mapped, or unpacked if it begins as compressed files do.
    let export = place.path().join("export");
    std::fs::write(&export, bytes).expect("writable");
    let Ok(corpus) = Corpus::open(&[export]) else { return };
    let results = run_over(&corpus, Job::Check);
    corpus.check_unchanged().expect("nobody touches it");
    let target = place.path().join("report");
    let folder = Folder::start(&target, &CONTENTS, false).expect("a free place");
    report::write(&results, &folder, |_| ()).expect("writable");
    folder.publish().expect("it is moved");
    check_report(&target, &results);
    check_patches(&corpus, &results);
}

fn run_over(corpus: &Corpus, job: Job) -> Results {
    pipeline::run_over(corpus, job, &Config::default(), None, &Progress::new(true)).expect("bad records are no errors")
}

fn check_report(folder: &Path, results: &Results) {
    let text = |name: &str| std::fs::read_to_string(folder.join(name)).expect("a text");
    let summary: serde_json::Value = serde_json::from_str(&text("summary.json")).expect("JSON");
    assert_eq!(summary["records"]["reconciled"], true);
    let _: serde_json::Value = serde_json::from_str(&text("profile.json")).expect("JSON");
    let n_lines = |name: &str| {
        let text = text(name);
        let lines = text.lines().map(|line| serde_json::from_str(line).expect("a line is an object"));
        lines.collect::<Vec<serde_json::Map<_, _>>>().len()
    };
    assert_eq!(n_lines("rejects.jsonl"), results.rejects.len());
    assert_eq!(n_lines("findings.jsonl"), results.audit.iter().flat_map(|audit| audit.findings()).count());
    let duplicates = results.duplicates.as_ref().expect("they were looked for");
    assert_eq!(n_lines("proposals.jsonl"), duplicates.proposals.len());
    assert_eq!(n_lines("relations.jsonl"), duplicates.relations.len());
    assert_eq!(n_lines("near_misses.jsonl"), duplicates.near_misses.len());
    for name in ["findings.csv", "proposals.csv"] {
        let table = text(name);
        for row in csv::Reader::from_reader(table.as_bytes()).records() {
            let row = row.expect("every row has as many cells as the head");
            let is_formula = |cell: &str| cell.starts_with(['=', '@', '\t', '\r']);
            assert!(!row.iter().any(is_formula), "{name}: a spreadsheet would compute {row:?}");
        }
    }
    let printed = |format| {
        let mut printed = Vec::new();
        report::print(results, format, Colours::No, &mut printed).expect("memory is writable");
        String::from_utf8(printed).expect("a text")
    };
    assert!(printed(Format::Jsonl) == text("findings.jsonl") && printed(Format::Csv) == text("findings.csv"));
    let sarif: serde_json::Value = serde_json::from_str(&printed(Format::Sarif)).expect("JSON");
    assert_eq!(sarif["runs"][0]["results"].as_array().map(Vec::len), Some(n_lines("findings.jsonl")));
    let is_hostile =
        |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    for page in [text("index.html"), printed(Format::Text), printed(Format::Junit), printed(Format::Github)] {
        assert!(!page.contains(is_hostile), "nothing is shown that reads otherwise than it stands");
    }
}

/// Safe repairs leave no safe finding, create no finding, and touch no other record.
fn check_patches(corpus: &Corpus, before: &Results) {
    let fixes = before.fixes.as_ref().expect("there was an audit");
    assert_eq!(fixes.counts.rule_errors, 0, "repairs come to an end");
    let patches: Vec<fix::Patch> = fixes.patches().collect();
    let ids: BTreeSet<&str> = (0..before.ids.len()).map(|at| before.ids.of((at as u32).into())).collect();
    // Patches name the record by its id, so two records of one id are told apart by their hash only.
    if patches.is_empty() || ids.len() < before.ids.len() {
        return;
    }
    let mut copy = Vec::new();
    let totals = fix::apply(corpus, &patches, |_| (), |_, _| (), &mut copy).expect("memory is writable");
    assert_eq!(totals.read, totals.applied + totals.withheld, "no patch is stale");
    let repaired = Corpus::from_files(vec![InputFile::from_bytes("x", copy)]).expect("the copy is an export");
    let after = run_over(&repaired, Job::Audit);
    assert_eq!(after.positions.len(), before.positions.len());
    let withheld: BTreeSet<&str> =
        patches.iter().filter(|patch| patch.withheld.is_some()).map(|patch| patch.id.as_str()).collect();
    let left = after.audit.iter().flat_map(|audit| audit.record_findings()).find(|finding| {
        let id = finding.record().map(|record| after.ids.of(record));
        finding.fix() == Fix::Safe && id.is_some_and(|id| !withheld.contains(id))
    });
    assert!(left.is_none(), "{left:?} is left");
}
