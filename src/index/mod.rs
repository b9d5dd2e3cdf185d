//! What one run leaves to the next: the block index, features, hashes and outcomes of all records, on disk.
//!
//! In: a finished run. Out: a folder that the next run maps. From it a run takes the features and keys of every record
//! whose bytes are the same, and the outcome of every pair of such records; what it writes is what a run without the
//! folder writes, byte for byte. [`Index::find`] answers from the same folder whether a record is there already.
//!
//! ```text
//! index.json       version, fingerprint of program and model, counts, per file its size and xxh3, and its own xxh3
//! hashes.bin       per record, ascending: hash of its bytes (u64), record (u32)
//! ids.bin          ids, one after the other;            id_ends.bin       u64 each
//! features.bin     features, encoded;                   feature_places.bin  start (u64) and length (u32) each
//! rows.bin         per key of a record, ascending: low half of the key's hash (u32), record (u32)
//! buckets.bin      where the rows begin whose key's hash has the high half 0, 1, 2 ... (u64)
//! titles.bin       title keys, an FST per shard, one after the other; the last two are of keys that are there besides,
//!                  and of keys that are in the others and are none
//! near.bin         per pair of records with near title keys, ascending: their numbers (u32 each)
//! outcomes.bin     outcomes of candidate pairs;         outcome_starts.bin  u64 each
//! proposals.bin    per proposal, ascending: hash of its id, hash of what it says (u64 each)
//! findings.bin     fingerprints of findings, ascending (u64)
//! traces.bin       what the audit took from records;    trace_places.bin  start (u64) and length (u32) each; empty without
//!                                                                         an audit
//! made.bin         merge proposals, one after the other; made_keys.bin    per proposal, ascending: key, start, end (u64 each)
//! fits.bin         how groups of records bear each other; fit_keys.bin    per component of matches, ascending: key, end
//!                                                                         (u64 each)
//! lines.bin        lines of relations and near misses;  line_keys.bin     per line, ascending: numbers of the records, the
//!                                                                         first in the high half, and end (u64 each)
//! ```
//!
//! features_more.bin, made_more.bin and traces_more.bin go on where features.bin, made.bin and traces.bin end, which a
//! run takes over from the run before; see [`crate::files::segments`]. Numbers are little-endian; records are counted from 0 in the order of the export.

mod columns;
mod earlier_run;
pub mod find;
mod sound;
mod typing_errors;
mod writer;

use std::fs::{self, File};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use fst::{Set, Streamer};
use memmap2::Mmap;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use crate::config::Config;
use crate::error::Error;
use crate::files::folder::Contents;
use crate::files::map::map;
use crate::files::segments::Segments;
use crate::ids::RecordId;
use crate::keys::Features;
use crate::keys::table::{Span, decode};
use crate::matching::blocks::{KeyHash, KeyRow, TitleChange};
use crate::matching::candidates::Pair;
use crate::matching::outcomes::{self, Outcome};

use columns::{Numbers, Places};

pub use earlier_run::{Change, EarlierOutcomes, EarlierRun, Since, of_findings, of_proposals};
pub use writer::{IndexWriter, PackedRows};

/// Number of the form of the files.
const FORM: u32 = 7;

/// Hash of the program, since any change of it may be one of what an index holds. `None` if it cannot be read.
fn program() -> Option<u64> {
    static PROGRAM: OnceLock<Option<u64>> = OnceLock::new();
    let read = || std::env::current_exe().and_then(File::open).and_then(|file| map(&file)).ok();
    *PROGRAM.get_or_init(|| read().map(|program| xxh3_64(&program)))
}

/// The files, [`MARK`] left out.
const FILES: [&str; 25] = [
    HASHES,
    IDS,
    ID_ENDS,
    FEATURES,
    FEATURES_MORE,
    FEATURE_PLACES,
    ROWS,
    BUCKETS,
    TITLES,
    NEAR,
    OUTCOMES,
    OUTCOME_STARTS,
    PROPOSALS,
    FINDINGS,
    TRACES,
    TRACES_MORE,
    TRACE_PLACES,
    MADE,
    MADE_MORE,
    MADE_KEYS,
    LINES,
    LINE_KEYS,
    FITS,
    FIT_KEYS,
    MARK,
];
const MARK: &str = "index.json";
const HASHES: &str = "hashes.bin";
const IDS: &str = "ids.bin";
const ID_ENDS: &str = "id_ends.bin";
const FEATURES: &str = "features.bin";
const FEATURES_MORE: &str = "features_more.bin";
const FEATURE_PLACES: &str = "feature_places.bin";
const ROWS: &str = "rows.bin";
const BUCKETS: &str = "buckets.bin";
const TITLES: &str = "titles.bin";
const NEAR: &str = "near.bin";
const OUTCOMES: &str = "outcomes.bin";
const OUTCOME_STARTS: &str = "outcome_starts.bin";
const PROPOSALS: &str = "proposals.bin";
const FINDINGS: &str = "findings.bin";
const TRACES: &str = "traces.bin";
const TRACES_MORE: &str = "traces_more.bin";
const TRACE_PLACES: &str = "trace_places.bin";
const MADE: &str = "made.bin";
const MADE_MORE: &str = "made_more.bin";
const MADE_KEYS: &str = "made_keys.bin";
const FITS: &str = "fits.bin";
const FIT_KEYS: &str = "fit_keys.bin";
const LINES: &str = "lines.bin";
const LINE_KEYS: &str = "line_keys.bin";

/// What an index folder holds.
pub const CONTENTS: Contents = Contents {
    what: "an index",
    mark: MARK,
    files: &FILES,
    former: &FORMER,
    telling: &[FEATURES, OUTCOMES, ROWS],
    folders: &[],
    verbatim: &[],
};

/// Files of earlier forms.
const FORMER: [&str; 3] = ["feature_ends.bin", "prints.bin", "trace_ends.bin"];

/// Shards of the index of title keys that say how the keys differ from those of the others.
const CHANGED_TITLES: usize = 2;

/// Bits of a key's hash that say in which bucket its rows lie; the others stand in the row.
const BUCKET_BITS: u32 = KeyHash::BITS - 32;

/// `index.json`.
#[derive(Serialize, Deserialize)]
struct Mark {
    /// Hexadecimal, of the file's text with nothing in this place; see [`sum_of_mark`].
    #[serde(default)]
    checksum: String,
    tool: String,
    version: String,
    form: u32,
    /// Hexadecimal; see [`fingerprint`].
    fingerprint: String,
    /// Hexadecimal, of the parts of it that users set, so that one can tell which differs; see [`fingerprints_of_settings`].
    #[serde(default)]
    model: String,
    #[serde(default)]
    limits: String,
    /// Of the job that made it: whether there are findings in it.
    has_findings: bool,
    /// Hexadecimal; see [`fingerprint_of_audit`]. Empty without an audit.
    audit: String,
    n_records: u64,
    n_rows: u64,
    title_shards: Vec<u64>,
    files: Vec<FileMark>,
}

/// A file of the folder.
#[derive(Clone, Serialize, Deserialize)]
struct FileMark {
    name: String,
    bytes: u64,
    /// Hexadecimal.
    xxh3: String,
}

/// What the outcomes of pairs depend on besides the records: the program, the model, the limits of blocks.
pub fn fingerprint(config: &Config) -> u64 {
    let settings =
        serde_json::to_string(&(&config.model, &config.blocking)).expect("plain tables of numbers and words");
    xxh3_64(format!("{FORM} {:?} {settings}", program()).as_bytes())
}

/// Of the model, and of the limits of blocks.
fn fingerprints_of_settings(config: &Config) -> [String; 2] {
    let texts = [serde_json::to_string(&config.model), serde_json::to_string(&config.blocking)];
    texts.map(|text| hexadecimal(xxh3_64(text.expect("plain tables of numbers and words").as_bytes())))
}

/// By what an index was made that cannot be used with a configuration.
fn made_by(mark: &Mark, config: &Config) -> String {
    let [model, limits] = fingerprints_of_settings(config);
    let mut differing = Vec::new();
    if mark.form == FORM && mark.model != model {
        differing.push("with another model".to_owned());
    }
    if mark.form == FORM && mark.limits != limits {
        differing.push("with other limits of blocks".to_owned());
    }
    if differing.is_empty() {
        return format!("by shelfread {}, which keeps or compares records otherwise than this one;", mark.version);
    }
    format!("{}; give the --config that it was made with, or else", differing.join(" and "))
}

/// What the traces of an audit depend on besides the records: the program, since any change of it may be one of a rule,
/// and the settings. `None` if the program cannot be read.
fn fingerprint_of_audit(config: &Config) -> Option<u64> {
    let settings = serde_json::to_string(&config.audit).expect("plain tables of numbers and words");
    Some(xxh3_64_with_seed(settings.as_bytes(), program()?))
}

/// The checksum of `index.json`, given its text with or without one.
fn sum_of_mark(text: &str, checksum: &str) -> String {
    let entry = |checksum: &str| format!("\"checksum\": \"{checksum}\"");
    hexadecimal(xxh3_64(text.replacen(&entry(checksum), &entry(""), 1).as_bytes()))
}

/// An index, mapped.
pub struct Index {
    n_records: usize,
    n_rows: usize,
    has_findings: bool,
    /// By which audit its traces are; see [`fingerprint_of_audit`].
    audit: Option<u64>,
    titles: Vec<Set<Part>>,
    maps: Vec<(&'static str, Arc<Mmap>)>,
    folder: PathBuf,
    marks: Vec<FileMark>,
    features: Segments,
    traces: Segments,
    made: Segments,
    /// Hashes by record, once they are asked for.
    hashes_in_order: OnceLock<Vec<u64>>,
}

/// A part of a mapped file.
struct Part {
    map: Arc<Mmap>,
    range: std::ops::Range<usize>,
}

impl AsRef<[u8]> for Part {
    fn as_ref(&self) -> &[u8] {
        &self.map[self.range.clone()]
    }
}

/// The parts of the title keys' index, which lie one after the other in a file.
///
/// # Errors
/// What is wrong with the file, if it has other parts than its lengths say.
fn title_shards(file: &Arc<Mmap>, lens: &[u64]) -> Result<Vec<Set<Part>>, String> {
    let mut titles = Vec::new();
    let mut start = 0usize;
    for &len in lens {
        let end = usize::try_from(len).ok().and_then(|len| start.checked_add(len)).filter(|&end| end <= file.len());
        let end = end.ok_or_else(|| format!("{TITLES} is too short"))?;
        let part = Part { map: file.clone(), range: start..end };
        let shard = Set::new(part).map_err(|error| format!("{TITLES}: {error}"))?;
        shard.as_fst().verify().map_err(|error| format!("{TITLES}: {error}"))?;
        titles.push(shard);
        start = end;
    }
    if start != file.len() || titles.len() < CHANGED_TITLES {
        return Err(format!("{TITLES} has other parts than there should be"));
    }
    Ok(titles)
}

/// Why an index is not taken, and what to do.
struct Refused<'f> {
    folder: &'f Path,
}

impl Refused<'_> {
    fn because(&self, reason: String) -> Error {
        Error::IndexFolder { path: self.folder.display().to_string(), reason }
    }

    /// The way to a new one.
    fn again(&self) -> String {
        format!("`shelfread check EXPORT --index {} --rebuild` makes it anew", self.folder.display())
    }

    fn damaged(&self, what: String) -> Error {
        self.because(format!("the index is damaged ({what}); {}", self.again()))
    }
}

/// What `index.json` says.
///
/// # Errors
/// If there is no index, or its mark is damaged, of another form, or of another program or model.
fn read_mark(folder: &Path, config: &Config) -> Result<Mark, Error> {
    let refused = Refused { folder };
    let has_others = || CONTENTS.files.iter().any(|name| *name != MARK && folder.join(name).exists());
    let text = fs::read_to_string(folder.join(MARK)).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound if !has_others() => {
            refused.because("there is no index; `shelfread check EXPORT --index FOLDER` makes one".to_owned())
        }
        _ => refused.damaged(format!("{MARK} cannot be read: {error}")),
    })?;
    let mark: Mark = serde_json::from_str(&text).map_err(|error| refused.damaged(format!("{MARK}: {error}")))?;
    if mark.form != FORM || mark.fingerprint != hexadecimal(fingerprint(config)) {
        return Err(refused.because(format!("the index was made {} {}", made_by(&mark, config), refused.again())));
    }
    if mark.checksum != sum_of_mark(&text, &mark.checksum) {
        return Err(refused.damaged(format!("the checksum of {MARK} is not what it was")));
    }
    Ok(mark)
}

/// Maps a file of an index.
///
/// # Errors
/// What differs from what the mark says of it.
fn map_as_marked(folder: &Path, name: &str, mark: &Mark, trust: Trust) -> Result<Mmap, String> {
    let known = mark.files.iter().find(|file| file.name == name);
    let known = known.ok_or_else(|| format!("{MARK} does not name {name}"))?;
    let map = File::open(folder.join(name)).and_then(|file| map(&file)).map_err(|error| format!("{name}: {error}"))?;
    if map.len() as u64 != known.bytes {
        return Err(format!("{name} has {} bytes, not {}", map.len(), known.bytes));
    }
    // The title keys' index is followed blindly by those who read it.
    if (trust == Trust::Checked || name == TITLES) && hexadecimal(xxh3_64(&map)) != known.xxh3 {
        return Err(format!("the checksum of {name} is not what it was"));
    }
    Ok(map)
}

/// How carefully an index is opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Trust {
    /// Every byte is compared with its checksum, and everything that readers follow is followed once, so that an index
    /// whose checksums were made to fit is refused too.
    Checked,
    /// Sizes are compared, and the checksum of the title keys' index: for readers that take nothing else for granted.
    Sizes,
}

impl Index {
    /// Opens the index of a folder. One that a run replaces meanwhile is opened again.
    ///
    /// # Errors
    /// If there is none, or it is damaged, of another form, or made by another program or model; the error says what
    /// to do.
    pub fn open(folder: &Path, config: &Config, trust: Trust) -> Result<Index, Error> {
        const MOST_TRIES: usize = 20;
        let mark = || fs::read(folder.join(MARK)).ok();
        let mut before = mark();
        for _ in 1..MOST_TRIES {
            let opened = Index::open_once(folder, config, trust);
            let after = mark();
            if after == before {
                return opened;
            }
            before = after;
        }
        Index::open_once(folder, config, trust)
    }

    fn open_once(folder: &Path, config: &Config, trust: Trust) -> Result<Index, Error> {
        let refused = Refused { folder };
        let damaged = |what| refused.damaged(what);
        let mark = read_mark(folder, config)?;
        let names: Vec<&'static str> = FILES.iter().copied().filter(|name| *name != MARK).collect();
        let mapped = names.into_par_iter().map(|name| {
            let map = map_as_marked(folder, name, &mark, trust).map_err(damaged)?;
            Ok((name, Arc::new(map)))
        });
        // The first that is damaged, whichever thread was faster.
        let mapped: Vec<Result<(&'static str, Arc<Mmap>), Error>> = mapped.collect();
        let mut maps = mapped.into_iter().collect::<Result<Vec<_>, Error>>()?;
        let at = maps.iter().position(|(name, _)| *name == TITLES).expect("mapped above");
        let shards = maps.swap_remove(at).1;
        let titles = title_shards(&shards, &mark.title_shards).map_err(damaged)?;
        let bytes_of = |name: &str| maps.iter().find(|(known, _)| *known == name).map_or(0, |(_, map)| map.len());
        let (n_records, n_rows) = (bytes_of(ID_ENDS) / 8, bytes_of(ROWS) / 8);
        let audit = u64::from_str_radix(&mark.audit, 16).ok();
        let segments = |names: [&str; 2]| {
            let [base, more] = names.map(|wanted| {
                maps.iter().find(|(name, _)| *name == wanted).map(|(_, map)| Arc::clone(map)).expect("mapped above")
            });
            Segments::new(base, more)
        };
        let [features, traces, made] =
            [[FEATURES, FEATURES_MORE], [TRACES, TRACES_MORE], [MADE, MADE_MORE]].map(segments);
        let index = Index {
            n_records,
            n_rows,
            has_findings: mark.has_findings,
            audit,
            titles,
            maps,
            folder: folder.to_owned(),
            marks: mark.files,
            features,
            traces,
            made,
            hashes_in_order: OnceLock::new(),
        };
        let unsound = if (mark.n_records, mark.n_rows) == (n_records as u64, n_rows as u64) {
            index.unsound_size().or_else(|| index.unsound_bucket()).or_else(|| match trust {
                Trust::Checked => index.unsound_content(),
                Trust::Sizes => None,
            })
        } else {
            Some(format!("{MARK} counts other records or keys than there are"))
        };
        unsound.map_or(Ok(index), |what| Err(damaged(what)))
    }

    /// Number of records.
    pub fn n_records(&self) -> usize {
        self.n_records
    }

    /// Whether an audit made it, too, so that findings can be compared.
    pub fn has_findings(&self) -> bool {
        self.has_findings
    }

    fn bytes(&self, name: &str) -> &[u8] {
        self.maps.iter().find(|(known, _)| *known == name).map_or(&[], |(_, map)| map)
    }

    fn numbers(&self, name: &str) -> Numbers<'_> {
        Numbers(self.bytes(name))
    }

    /// A slice of a file between two ends; empty if the file does not reach so far.
    fn between(&self, name: &str, ends: &str, record: RecordId) -> &[u8] {
        let ends = self.numbers(ends);
        let start = if record.index() == 0 { 0 } else { ends.get(record.index() - 1) };
        self.bytes(name).get(start as usize..ends.get(record.index()) as usize).unwrap_or_default()
    }

    /// The id of a record.
    pub fn id(&self, record: RecordId) -> &str {
        std::str::from_utf8(self.between(IDS, ID_ENDS, record)).unwrap_or_default()
    }

    /// The first record with an id. All ids are looked through, 13 MB of a million in about a millisecond.
    pub fn with_id(&self, id: &str) -> Option<RecordId> {
        let (ids, ends) = (self.bytes(IDS), self.numbers(ID_ENDS));
        let starting_at = |start: usize| {
            // Of records without an id, which start where the next one does, only the last can have this one.
            let (mut from, mut to) = (0, self.n_records);
            while from < to {
                let middle = from + (to - from) / 2;
                if ends.get(middle) as usize <= start { from = middle + 1 } else { to = middle }
            }
            (from < self.n_records).then(|| RecordId::new(from))
        };
        let found = |record: &RecordId| self.id(*record) == id;
        if id.is_empty() {
            return None;
        }
        memchr::memmem::find_iter(ids, id).filter_map(starting_at).find(found)
    }

    /// The encoded features of a record.
    pub fn feature_bytes(&self, record: RecordId) -> &[u8] {
        self.features.get(self.feature_place(record).place()).unwrap_or_default()
    }

    /// Where the encoded features of a record lie in the [`Index::feature_file`].
    pub fn feature_place(&self, record: RecordId) -> Span {
        let (start, len) = Places(self.bytes(FEATURE_PLACES)).get(record.index());
        Span { start, len, is_earlier: true }
    }

    /// The files of all features.
    pub fn feature_file(&self) -> &Segments {
        &self.features
    }

    /// The features of a record; `None` if the file is damaged.
    pub fn features(&self, record: RecordId) -> Option<Features<'_>> {
        decode(self.feature_bytes(record)).ok()
    }

    /// What the audit took from a record; `None` unless it was the audit with this fingerprint.
    fn trace(&self, record: RecordId, audit: Option<u64>) -> Option<&[u8]> {
        self.traces.get(self.trace_place(record, audit)?)
    }

    /// Where that lies.
    fn trace_place(&self, record: RecordId, audit: Option<u64>) -> Option<Range<u64>> {
        let (start, len) = Places(self.bytes(TRACE_PLACES)).get(record.index());
        (audit.is_some() && self.audit == audit).then(|| start..start + u64::from(len))
    }

    /// The first of the records with a hash, by number.
    pub fn with_hash(&self, hash: u64) -> Option<RecordId> {
        let hashes = columns::Hashes(self.bytes(HASHES));
        let at = hashes.first_at_least(hash);
        (at < self.n_records && hashes.hash(at) == hash).then(|| hashes.record(at))
    }

    /// A record with a hash: a certain one if it has it, as the next of an export mostly has, or else the first.
    pub fn with_hash_after(&self, hash: u64, last: Option<RecordId>) -> Option<RecordId> {
        let in_order = self.hashes_in_order.get_or_init(|| {
            let mut in_order = vec![0; self.n_records];
            self.hashes().for_each(|(hash, record)| in_order[record.index()] = hash);
            in_order
        });
        let next = last.map_or(0, |last| last.index() + 1);
        match in_order.get(next) {
            Some(&known) if known == hash => Some(RecordId::new(next)),
            _ => self.with_hash(hash),
        }
    }

    /// Hashes and records, ascending.
    fn hashes(&self) -> impl Iterator<Item = (u64, RecordId)> + '_ {
        let hashes = columns::Hashes(self.bytes(HASHES));
        (0..self.n_records).map(move |at| (hashes.hash(at), hashes.record(at)))
    }

    /// Shows the keys of all records whose bits are within a range that begins and ends with a bucket, ascending.
    fn each_row(&self, bits: Range<u64>, mut show: impl FnMut(KeyRow)) {
        let (rows, buckets) = (self.bytes(ROWS), self.numbers(BUCKETS));
        for bucket in (bits.start >> 32)..(bits.end >> 32) {
            let [from, to] = [bucket, bucket + 1].map(|bucket| 8 * buckets.get(bucket as usize) as usize);
            for row in rows.get(from..to).unwrap_or_default().as_chunks().0 {
                let row = u64::from_le_bytes(*row);
                let key = KeyHash::from_bits(bucket << 32 | u64::from(row as u32));
                show(KeyRow { key, record: RecordId::from((row >> 32) as u32) });
            }
        }
    }

    /// How many [`Index::each_row`] shows.
    fn n_rows_within(&self, bits: &Range<u64>) -> usize {
        let buckets = self.numbers(BUCKETS);
        let [from, to] = [bits.start, bits.end].map(|bits| buckets.get((bits >> 32) as usize) as usize);
        to.saturating_sub(from).min(self.n_rows)
    }

    /// The records that have a key, ascending.
    pub fn records_with(&self, key: KeyHash) -> impl Iterator<Item = RecordId> + '_ {
        let rows = columns::Rows(self.bytes(ROWS));
        let buckets = self.numbers(BUCKETS);
        let (bucket, low) = ((key.bits() >> 32) as usize, key.bits() as u32);
        let end = (buckets.get(bucket + 1) as usize).min(self.n_rows);
        let start = columns::partition(buckets.get(bucket) as usize, end, |at| rows.key(at) < low);
        (start..end).take_while(move |&at| rows.key(at) == low).map(move |at| rows.record(at))
    }

    /// The shards of title keys, and how the keys differ from what they hold.
    fn titles(&self) -> (&[Set<Part>], TitleChange) {
        let (shards, changed) = self.titles.split_at(self.titles.len() - CHANGED_TITLES);
        let keys = |shard: &Set<Part>| {
            let mut keys = Vec::new();
            show_keys(shard, &mut |key| keys.push(key.to_vec()));
            keys
        };
        (shards, TitleChange { new: keys(&changed[0]), gone: keys(&changed[1]) })
    }

    /// Pairs of records with near title keys, ascending.
    fn near(&self) -> impl Iterator<Item = Pair> + '_ {
        let near = columns::Rows(self.bytes(NEAR));
        (0..self.bytes(NEAR).len() / 8).map(move |at| Pair { a: RecordId::from(near.key(at)), b: near.record(at) })
    }

    /// Where that lies in [`Index::made_segments`] which an earlier run made of a cluster with a key, see
    /// [`crate::merge::Earlier`].
    pub fn made(&self, key: u64) -> Option<Range<u64>> {
        let keys = self.numbers(MADE_KEYS);
        let n = keys.len() / 3;
        let at = columns::partition(0, n, |at| keys.get(3 * at) < key);
        (at < n && keys.get(3 * at) == key).then(|| keys.get(3 * at + 1)..keys.get(3 * at + 2))
    }

    /// Merge proposals.
    pub fn made_segments(&self) -> &Segments {
        &self.made
    }

    /// The line of a pair, see [`crate::results::pair_lines`].
    fn line(&self, pair: Pair) -> Option<&[u8]> {
        self.keyed([LINE_KEYS, LINES], key_of_line(pair))
    }

    /// What a run found of matches with a key, see [`crate::matching::clusters::EarlierFits`].
    pub fn fits(&self, key: u64) -> Option<&[u8]> {
        self.keyed([FIT_KEYS, FITS], key)
    }

    /// What lies under a key; per key, ascending, there is the end of that.
    fn keyed(&self, [keys, bytes]: [&str; 2], key: u64) -> Option<&[u8]> {
        let keys = self.numbers(keys);
        let n = keys.len() / 2;
        let at = columns::partition(0, n, |at| keys.get(2 * at) < key);
        let start = if at == 0 { 0 } else { keys.get(2 * at - 1) };
        let range = start as usize..keys.get(2 * at + 1) as usize;
        (at < n && keys.get(2 * at) == key).then(|| self.bytes(bytes).get(range))?
    }

    /// The outcomes of a record's pairs; `None` if the file is damaged.
    fn outcomes(&self, record: RecordId, found: &mut Vec<(u32, Outcome)>) -> Option<()> {
        let start = self.numbers(OUTCOME_STARTS).get(record.index()) as usize;
        outcomes::decode(record, self.bytes(OUTCOMES).get(start..)?, found)
    }
}

/// Shows the keys of a shard, ascending.
fn show_keys(shard: &Set<Part>, show: &mut dyn FnMut(&[u8])) {
    let mut stream = shard.stream();
    while let Some(key) = stream.next() {
        show(key);
    }
}

/// By what the line of a pair is found.
fn key_of_line(pair: Pair) -> u64 {
    u64::from(pair.a.get()) << 32 | u64::from(pair.b.get())
}

fn hexadecimal(hash: u64) -> String {
    format!("{hash:016x}")
}
