//! Baselines: the findings of an earlier run, of which later ones say nothing.

use std::fs;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::xxh3_64;

use super::{About, Outcome, RULES};
use crate::error::Error;
use crate::files::output::{Output, Ready, Replace};
use crate::ids::RecordId;

/// The first words of a baseline, with the number of its form.
const MARK: &str = "# shelfread baseline 1, made by shelfread ";

/// What an earlier run found: fingerprints, each as often as it occurred.
#[derive(Clone, Debug)]
pub struct Baseline {
    /// By fingerprint and rule.
    entries: Vec<Entry>,
    /// The lines as they stand in the file, if they are kept.
    lines: String,
}

/// Findings that are equal.
#[derive(Clone, Copy, Debug)]
struct Entry {
    fingerprint: u64,
    /// Number of the rule in [`RULES`].
    rule: u16,
    n: u32,
    /// Hash of the id; none of a group.
    record: Option<u64>,
}

impl Entry {
    fn key(&self) -> (u64, usize) {
        (self.fingerprint, usize::from(self.rule))
    }
}

/// Whether the lines of a baseline are kept, since a new one may take some over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lines {
    /// They are.
    Keep,
    /// They are not: fingerprints take less room.
    Drop,
}

/// How a run compares with a baseline, in findings.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Against {
    /// Not in the baseline: these are reported.
    pub new: u64,
    /// In the baseline and still there.
    pub known: u64,
    /// In the baseline and gone, of rules that ran on their records.
    pub resolved: u64,
    /// In the baseline, of rules that did not run, or not on their records.
    pub unchecked: u64,
}

impl Baseline {
    /// Reads what [`write()`] wrote.
    ///
    /// # Errors
    /// If it cannot be read, is no baseline or one of another version, or holds a broken line; the error says what
    /// to do.
    pub fn read(path: &Path, keep: Lines) -> Result<Baseline, Error> {
        let fail = |reason: String| Error::Input { path: path.display().to_string(), reason, source: None };
        let file = fs::File::open(path).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => fail("there is no such baseline; make it with --write-baseline".to_owned()),
            _ => Error::input(path, source),
        })?;
        let mut lines = BufReader::new(file).lines();
        let first = lines.next().transpose().ok().flatten().unwrap_or_default();
        let Some(version) = first.strip_prefix(MARK) else {
            return Err(fail("it is no baseline of this version; write one with --write-baseline".to_owned()));
        };
        if version != env!("CARGO_PKG_VERSION") {
            return Err(fail(format!(
                "the baseline was made by shelfread {version}, this is {}, whose rules may find other things; look \
                 through its findings once and write the baseline again with --write-baseline",
                env!("CARGO_PKG_VERSION")
            )));
        }
        let (mut entries, mut kept) = (Vec::new(), String::new());
        for (line, number) in lines.zip(2..) {
            let line = line.map_err(|source| Error::input(path, source))?;
            let (rule, fingerprint) = entry(&line).ok_or_else(|| {
                fail(format!(
                    "line {number} is broken: a rule, an id and a fingerprint with tabs between were expected; undo the \
                     change, or write the baseline again with --write-baseline"
                ))
            })?;
            entries.push(Entry { fingerprint, rule, n: 1, record: record(&line) });
            if keep == Lines::Keep {
                kept.extend([line.as_str(), "\n"]);
            }
        }
        entries.sort_by_key(Entry::key);
        entries.dedup_by(|later, first| {
            let same = later.key() == first.key();
            first.n += if same { later.n } else { 0 };
            same
        });
        Ok(Baseline { entries, lines: kept })
    }

    /// Number of findings.
    pub fn n_findings(&self) -> u64 {
        self.entries.iter().map(|entry| u64::from(entry.n)).sum()
    }

    /// Number of findings in records that are not among these: they are gone, and nobody repaired them.
    pub fn n_of_missing<'i>(&self, ids: impl Iterator<Item = &'i str>) -> u64 {
        let mut there: Vec<u64> = ids.map(hash_of).collect();
        there.sort_unstable();
        let is_missing = |entry: &&Entry| entry.record.is_some_and(|record| there.binary_search(&record).is_err());
        self.entries.iter().filter(is_missing).map(|entry| u64::from(entry.n)).sum()
    }

    /// Takes one occurrence of a finding out; says whether there was one left.
    pub(super) fn take(&mut self, fingerprint: u64, rule: usize) -> bool {
        let found = self.entries.binary_search_by_key(&(fingerprint, rule), Entry::key);
        let Ok(at) = found else { return false };
        let left = &mut self.entries[at].n;
        let had_any = *left > 0;
        *left = left.saturating_sub(1);
        had_any
    }

    /// Number of findings left, of rules that ran on their records and of others. `runs` is asked with the hash of the record's id.
    pub(super) fn left(&self, runs: impl Fn(usize, Option<u64>) -> bool) -> [u64; 2] {
        let mut left = [0; 2];
        for entry in self.entries.iter().filter(|entry| entry.n > 0) {
            left[usize::from(!runs(usize::from(entry.rule), entry.record))] += u64::from(entry.n);
        }
        left
    }
}

/// The hash by which a baseline knows the id of a record.
pub(super) fn hash_of(id: &str) -> u64 {
    xxh3_64(one_cell(id).as_bytes())
}

/// The hash of the record's id; none of a group, whose label stands in brackets.
fn record(line: &str) -> Option<u64> {
    let id = line.split('\t').nth(1).filter(|id| !id.starts_with('['))?;
    Some(xxh3_64(id.as_bytes()))
}

/// The number of the rule, and the fingerprint.
fn entry(line: &str) -> Option<(u16, u64)> {
    let mut cells = line.split('\t');
    let (rule, _, fingerprint) = (cells.next()?, cells.next()?, cells.next()?);
    if cells.next().is_some() || fingerprint.len() != 16 {
        return None;
    }
    let number = RULES.iter().position(|known| known.code == rule)?;
    Some((number as u16, u64::from_str_radix(fingerprint, 16).ok()?))
}

/// Starts a baseline, so that a wrong path fails before the work. An old baseline is replaced, and no other file.
///
/// # Errors
/// If its place is a folder, another file or one of the `exports`, or in no folder that can be written to.
pub fn start(path: &Path, exports: &[PathBuf]) -> Result<Output, Error> {
    Output::start(path, Replace::Beginning(MARK), exports)
}

/// Writes all findings of an outcome beside the baseline's place: one line each, sorted by rule, id and fingerprint. Groups
/// have their label in place of the id. What an `earlier` baseline, read with its lines, has of rules that are off, or off for the
/// record, is taken over: nobody has looked whether it still is there. Gives the number of these, and what is to be published when
/// all findings have been shown, which count as known from then on. Needs 40 bytes of memory per finding.
///
/// # Errors
/// If it cannot be written; an old baseline is then still in its place.
pub fn write<'i>(
    outcome: &Outcome,
    ids: impl Fn(RecordId) -> &'i str,
    earlier: Option<&Baseline>,
    output: Output,
) -> Result<(u64, Ready), Error> {
    let mut labels: Vec<String> = Vec::new();
    let mut rows: Vec<(&str, Place, u64)> = Vec::new();
    for finding in outcome.findings() {
        let (id, place) = match &finding.about {
            About::Record(record) => (ids(*record), Place::Record(*record)),
            About::Group(group) => {
                labels.push(format!("[{}]", group.label));
                ("", Place::Label(labels.len() - 1))
            }
        };
        rows.push((finding.rule.code, place, finding.fingerprint(id)));
    }
    let n_found = rows.len();
    if let Some(earlier) = earlier {
        let runs = outcome.runs(&ids);
        for line in earlier.lines.lines() {
            if let (Some(name), Some((rule, fingerprint))) = (line.split('\t').nth(1), entry(line))
                && !runs(usize::from(rule), record(line))
            {
                labels.push(name.to_owned());
                rows.push((RULES[usize::from(rule)].code, Place::Label(labels.len() - 1), fingerprint));
            }
        }
    }
    let n_taken_over = (rows.len() - n_found) as u64;
    let name = |place: &Place| match *place {
        Place::Record(record) => ids(record),
        Place::Label(number) => labels[number].as_str(),
    };
    rows.sort_unstable_by(|a, b| (a.0, name(&a.1), a.2).cmp(&(b.0, name(&b.1), b.2)));
    let ((), ready) = output.write(|out| {
        writeln!(out, "{MARK}{}", env!("CARGO_PKG_VERSION"))?;
        rows.iter().try_for_each(|(code, place, fingerprint)| {
            writeln!(out, "{code}\t{}\t{fingerprint:016x}", one_cell(name(place)))
        })
    })?;
    Ok((n_taken_over, ready))
}

enum Place {
    Record(RecordId),
    Label(usize),
}

/// The text without tabs and line breaks.
fn one_cell(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::super::Settings;
    use super::super::rules::testing::outcome;
    use super::*;

    const DOCUMENTS: [&str; 3] = [
        r#"{"id":"b\t1","title":"/","issn":["1234-5678","1234-5678","1234-5670"]}"#,
        r#"{"id":"a","title":"x","issn":["1234-5678"]}"#,
        r#"{"id":"c","title":"Fine","topic":["Dogs"],"collection":["C"]}"#,
    ];
    const IDS: [&str; 3] = ["b\t1", "a", "c"];

    fn ids(record: RecordId) -> &'static str {
        IDS[record.index()]
    }

    /// Writes a baseline to its place.
    fn put(outcome: &Outcome, earlier: Option<&Baseline>, output: Output) -> u64 {
        let (n_taken_over, ready) = write(outcome, ids, earlier, output).expect("writable");
        ready.publish().expect("movable");
        n_taken_over
    }

    #[test]
    fn what_is_written_is_known_and_what_is_more_is_new() {
        let place = tempfile::tempdir().expect("temporary folder");
        let path = place.path().join("baseline.txt");
        let whole = outcome(&DOCUMENTS, &Settings::default());
        put(&whole, None, start(&path, &[]).expect("its own"));
        let text = fs::read_to_string(&path).expect("readable");
        let lines: Vec<&str> = text.lines().skip(1).collect();
        assert!(lines.is_sorted() && lines.len() as u64 == whole.n_findings(), "{text}");
        assert!(text.contains("F005\t[collection C]\t") && text.contains("I003\tb 1\t"), "{text}");

        let mut again = outcome(&DOCUMENTS, &Settings::default());
        let n_records: Vec<usize> = RULES.iter().map(|rule| again.ids_of(rule).count()).collect();
        let against = again.keep_new(Baseline::read(&path, Lines::Drop).expect("whole"), ids);
        assert_eq!(against, Against { known: lines.len() as u64, ..Against::default() });
        assert_eq!((again.n_findings(), again.findings().count(), again.examples(3).len()), (0, 0, 0));
        assert_eq!(n_records, RULES.iter().map(|rule| again.ids_of(rule).count()).collect::<Vec<_>>());

        // One of two equal findings is taken out of the baseline, and one line is added.
        let doubled: Vec<&str> = lines.iter().copied().filter(|line| line.starts_with("I003\tb 1")).collect();
        let twice = doubled.iter().find(|line| doubled.iter().filter(|other| other == line).count() == 2);
        let twice = format!("{}\n", twice.expect("two equal findings"));
        let text = text.replacen(&twice, "", 1) + "T001\tgone\t0123456789abcdef\n";
        fs::write(&path, &text).expect("writable");
        let mut less = outcome(&DOCUMENTS, &Settings::default());
        let against = less.keep_new(Baseline::read(&path, Lines::Drop).expect("whole"), ids);
        assert_eq!(against, Against { new: 1, known: lines.len() as u64 - 1, resolved: 1, unchecked: 0 });
        let left: Vec<_> = less.findings().map(|finding| finding.rule.code).collect();
        assert_eq!((left, less.by_rule().count(), less.n_findings()), (vec!["I003"], 1, 1));

        let without = Settings { ignore: vec!["T".to_owned()], ..Settings::default() };
        let against = outcome(&DOCUMENTS, &without).keep_new(Baseline::read(&path, Lines::Drop).expect("whole"), ids);
        assert_eq!((against.resolved, against.unchecked > 1), (0, true), "{against:?}");
    }

    #[test]
    fn what_rules_that_are_off_found_is_taken_over() {
        let place = tempfile::tempdir().expect("temporary folder");
        let (old, new) = (place.path().join("old.txt"), place.path().join("new.txt"));
        let whole = outcome(&DOCUMENTS, &Settings::default());
        put(&whole, None, start(&old, &[]).expect("its own"));
        let part = outcome(&DOCUMENTS, &Settings { select: vec!["T".to_owned()], ..Settings::default() });
        let earlier = Baseline::read(&old, Lines::Keep).expect("whole");
        let n = put(&part, Some(&earlier), start(&new, &[]).expect("free"));
        let [old, new] = [old, new].map(|path| fs::read_to_string(path).expect("readable"));
        assert_eq!((n, new), (whole.n_findings() - part.n_findings(), old));
    }

    #[test]
    fn what_scopes_take_away_is_neither_resolved_nor_lost() {
        use crate::audit::settings::Scope;
        let place = tempfile::tempdir().expect("temporary folder");
        let (old, new) = (place.path().join("old.txt"), place.path().join("new.txt"));
        let documents = [
            r#"{"id":"a","title":"x","issn":["1234-5678"],"collection":["C"]}"#,
            r#"{"id":"b","title":"x","issn":["1234-5678"],"collection":["D"]}"#,
        ];
        let ids = |record: RecordId| ["a", "b"][record.index()];
        let (_, ready) = write(&outcome(&documents, &Settings::default()), ids, None, start(&old, &[]).expect("free"))
            .expect("writable");
        ready.publish().expect("movable");
        let scope = Scope { collection: vec!["C".to_owned()], ignore: vec!["I".to_owned()], ..Scope::default() };
        let scoped = Settings { scopes: vec![scope], ..Settings::default() };
        let against = outcome(&documents, &scoped).keep_new(Baseline::read(&old, Lines::Drop).expect("whole"), ids);
        assert_eq!((against.new, against.resolved, against.unchecked), (0, 0, 1), "{against:?}");
        let earlier = Baseline::read(&old, Lines::Keep).expect("whole");
        let written = write(&outcome(&documents, &scoped), ids, Some(&earlier), start(&new, &[]).expect("free"));
        let (n, ready) = written.expect("writable");
        ready.publish().expect("movable");
        let [old, new] = [old, new].map(|path| fs::read_to_string(path).expect("readable"));
        assert_eq!((n, new), (1, old));
    }

    #[test]
    fn a_baseline_that_cannot_be_used_says_what_to_do() {
        let place = tempfile::tempdir().expect("temporary folder");
        let path = place.path().join("baseline.txt");
        assert!(
            Baseline::read(&path, Lines::Drop)
                .expect_err("missing")
                .to_string()
                .contains("make it with --write-baseline")
        );
        let header = format!("{MARK}{}\n", env!("CARGO_PKG_VERSION"));
        for (text, told) in [
            (String::new(), "no baseline"),
            ("{\"a\":1}\n".to_owned(), "no baseline"),
            (format!("{MARK}0.0.0\n"), "made by shelfread 0.0.0"),
            (format!("{header}T001\ta\t0123\n"), "line 2 is broken"),
            (format!("{header}T999\ta\t0123456789abcdef\n"), "line 2 is broken"),
            (format!("{header}<<<<<<< HEAD\n"), "line 2 is broken"),
        ] {
            fs::write(&path, &text).expect("writable");
            let error = Baseline::read(&path, Lines::Drop).expect_err(&text).to_string();
            assert!(error.contains(told) && error.contains("--write-baseline"), "{error}");
        }
        assert!(start(place.path(), &[]).is_err() && start(&place.path().join("no/file"), &[]).is_err());
        fs::write(&path, "{\"id\":\"a\"}\n").expect("writable");
        assert!(start(&path, &[]).expect_err("an export").to_string().contains("nothing was replaced"));
    }
}
