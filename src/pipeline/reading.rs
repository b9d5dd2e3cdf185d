//! Every record visited once: ids, features, keys, and what the rules for single records say.

use memmap2::Mmap;
use xxhash_rust::xxh3::xxh3_64;

use crate::audit::{Audit, Gathered, Kept, Profiles, Spill, traces};
use crate::config::Config;
use crate::error::Error;
use crate::files::temporary::Temporary;
use crate::ids::{Ids, Position, RecordId};
use crate::index::{Index, IndexWriter};
use crate::input::{self, Corpus, Field, Look, Parser, Reading, Record, Reject};
use crate::keys::block_keys::{block_keys, block_keys_of};
use crate::keys::table::{FeatureFile, Span, encode};
use crate::keys::{FeatureTable, Features};
use crate::matching::blocks::KeyRow;
use crate::matching::rows::{RowFile, Rows, Run};
use crate::merge::Member;
use crate::progress::{Progress, Unit};
use crate::results::Job;

/// What one pass over the records leaves.
pub(super) struct Visited<'a> {
    pub(super) ids: Ids,
    pub(super) features: FeatureTable,
    /// Keys of records that the earlier run does not know.
    pub(super) rows: Rows<'static>,
    /// These records, ascending, if there was an earlier run.
    pub(super) keyed: Vec<RecordId>,
    /// Hashes of the records' bytes, if there is an index.
    pub(super) hashes: Vec<u64>,
    pub(super) audits: Vec<Audit<'a>>,
    /// What they took from each record, if there is an index.
    pub(super) traces: Traces,
    pub(super) positions: Vec<Position>,
    pub(super) rejects: Vec<Reject>,
    pub(super) n_read: u64,
    pub(super) n_blank_lines: u64,
}

/// What the audit took from each record.
#[derive(Default)]
pub(super) struct Traces {
    file: Option<Mmap>,
    /// Where the traces of a window start, and their bytes, in the order of windows.
    windows: Vec<(u64, usize)>,
}

impl Traces {
    /// One per record, in their order.
    pub(super) fn iter(&self) -> impl Iterator<Item = Kept<'_>> {
        let bytes = self.file.as_deref().unwrap_or_default();
        self.windows.iter().flat_map(|window| traces(&bytes[window.0 as usize..][..window.1]))
    }
}

/// The share of one window of the input; records are numbered from its start.
struct Part<'a> {
    ids: Ids,
    /// Encoded features, until the window is done.
    features: Vec<u8>,
    /// Where each record's features lie: in `features`, and once the window is done in the file of all.
    spans: Vec<Span>,
    hashes: Vec<u64>,
    /// Print of the document at hand, and the record with the same in the earlier run.
    at_hand: (u64, Option<RecordId>),
    /// The record of the earlier run that the last known one was.
    last_known: Option<RecordId>,
    /// Hash of all its bytes, if it is audited.
    stamp: u64,
    /// Keys of the records, until the window is done.
    rows: Vec<KeyRow>,
    /// Where they lie then.
    run: Option<Run>,
    /// The records that have them, if there was an earlier run.
    keyed: Vec<RecordId>,
    audit: Option<Audit<'a>>,
    profile: Option<Gathered>,
    /// Where the audit's traces start once the window is done, if there is an index, and their bytes.
    traces: Option<(u64, usize)>,
}

impl Part<'_> {
    fn new<'a>(job: Job, config: &'a Config, spill: &'a Spill, is_indexed: bool) -> Part<'a> {
        let new =
            || if is_indexed { Audit::new(&config.audit, spill).tracing() } else { Audit::new(&config.audit, spill) };
        let audit = job.audits().then(new);
        let profile = job.audits().then(Gathered::default);
        Part {
            ids: Ids::default(),
            features: Vec::new(),
            spans: Vec::new(),
            hashes: Vec::new(),
            at_hand: (0, None),
            last_known: None,
            stamp: 0,
            rows: Vec::new(),
            run: None,
            keyed: Vec::new(),
            audit,
            profile,
            traces: None,
        }
    }

    /// Looks a document up in what the earlier run knows. If that is all that is needed, it is taken from there.
    fn look(&mut self, document: &[u8], job: Job, writer: &IndexWriter) -> Look {
        let hash = input::document_hash(document);
        let earlier = writer.earlier().and_then(|index| Some((index, index.with_hash_after(hash, self.last_known)?)));
        self.at_hand = (hash, earlier.map(|(_, record)| record));
        self.last_known = self.at_hand.1.or(self.last_known);
        if job.audits() {
            self.stamp = xxh3_64(document);
        }
        match earlier {
            Some((index, record)) if !job.audits() || job.dedupes() && self.is_audited_again(writer, record) => {
                self.ids.push(index.id(record));
                self.take_known(index, record);
                Look::Known
            }
            _ => Look::Parse,
        }
    }

    /// Takes what the audit needs of a record from its trace, if it has one that is sound.
    fn is_audited_again(&mut self, writer: &IndexWriter, record: RecordId) -> bool {
        let (Some(audit), Some(profile), Some(trace)) = (&mut self.audit, &mut self.profile, writer.trace(record))
        else {
            return false;
        };
        audit.record_again(trace, (record, self.stamp), |traits| profile.record(traits))
    }

    /// Takes the features of a record from where the earlier run left them.
    fn take_known(&mut self, earlier: &Index, record: RecordId) {
        self.hashes.push(self.at_hand.0);
        self.spans.push(earlier.feature_place(record));
    }

    fn take(&mut self, record: &Record<'_>, job: Job, earlier: Option<&Index>) {
        let number = RecordId::new(self.ids.len());
        self.ids.push(record.id());
        match (earlier, self.at_hand.1) {
            (Some(index), Some(known)) if job.dedupes() => self.take_known(index, known),
            _ if job.dedupes() => {
                let (features, identifiers) = Features::with_identifiers(record);
                let first = self.rows.len();
                block_keys_of(record, &features, &identifiers, &mut |key| self.rows.push(KeyRow::new(key, number)));
                close_rows(&mut self.rows, first);
                if earlier.is_some() {
                    self.keyed.push(number);
                }
                let start = self.features.len();
                encode(&features, &mut self.features);
                let len = (self.features.len() - start) as u32;
                self.spans.push(Span { start: start as u64, len, is_earlier: false });
                self.hashes.push(self.at_hand.0);
            }
            _ => {}
        }
        if let (Some(audit), Some(profile)) = (&mut self.audit, &mut self.profile) {
            audit.stamp(self.stamp);
            audit.record_with(record, |traits| profile.record(traits));
        }
    }
}

/// The keys of a record, ascending, without repeats.
pub(crate) fn push_rows(record: &Record<'_>, features: &Features<'_>, number: RecordId, rows: &mut Vec<KeyRow>) {
    let first = rows.len();
    block_keys(record, features, &mut |key| rows.push(KeyRow::new(key, number)));
    close_rows(rows, first);
}

/// Sorts the rows of a record and drops repeats.
fn close_rows(rows: &mut Vec<KeyRow>, first: usize) {
    rows[first..].sort_unstable();
    dedup_tail(rows, first);
}

fn no_file(error: std::io::Error) -> Error {
    Error::Features { reason: Error::temporary(&error) }
}

fn no_rows(error: std::io::Error) -> Error {
    Error::Keys { reason: Error::temporary(&error) }
}

fn no_traces(error: std::io::Error) -> Error {
    Error::Findings { reason: Error::temporary(&error) }
}

fn dedup_tail(rows: &mut Vec<KeyRow>, first: usize) {
    let mut kept = first;
    for at in first..rows.len() {
        if at == first || rows[at] != rows[kept - 1] {
            rows[kept] = rows[at];
            kept += 1;
        }
    }
    rows.truncate(kept);
}

/// The one pass over the input, by windows and in parallel; `profiles` is given those of windows, by number.
pub(super) fn visit<'a>(
    corpus: &Corpus,
    job: Job,
    config: &'a Config,
    spill: &'a Spill,
    profiles: &Profiles,
    writer: Option<&IndexWriter>,
    progress: &Progress,
) -> Result<Visited<'a>, Error> {
    let stage = progress.stage("read", corpus.n_bytes(), Unit::Bytes);
    let file = FeatureFile::temporary().map_err(no_file)?;
    let row_file = RowFile::temporary().map_err(no_rows)?;
    let trace_file = Temporary::new().map_err(no_traces)?;
    let close = |window: usize, part: &mut Part<'_>| {
        let start = file.append(&std::mem::take(&mut part.features));
        part.spans.iter_mut().filter(|span| !span.is_earlier).for_each(|span| span.start += start);
        part.run = Some(row_file.append(std::mem::take(&mut part.rows)));
        part.ids.shrink();
        if let Some(audit) = &mut part.audit {
            audit.close();
            let traces = audit.take_traces();
            part.traces = Some((trace_file.append(&traces), traces.len()));
        }
        if let Some(profile) = part.profile.take() {
            profiles.add(window, profile);
        }
    };
    let earlier = writer.and_then(IndexWriter::earlier);
    let reading: Reading<Part<'_>> = corpus.read_unknown(
        || Part::new(job, config, spill, writer.is_some()),
        |part, document| writer.map_or(Look::Parse, |writer| part.look(document, job, writer)),
        |part, record| part.take(record, job, earlier),
        close,
        |n| stage.advance(n),
    );
    profiles.put_together();
    let mut visited = Visited {
        ids: Ids::with_room_for(reading.parts.iter().map(|part| &part.ids)),
        features: FeatureTable::default(),
        rows: Rows::default(),
        keyed: Vec::new(),
        hashes: Vec::new(),
        audits: Vec::new(),
        traces: Traces::default(),
        positions: reading.positions,
        rejects: reading.rejects,
        n_read: reading.n_read,
        n_blank_lines: reading.n_blank_lines,
    };
    let mut spans = Vec::with_capacity(visited.positions.len());
    let mut runs = Vec::new();
    for part in reading.parts {
        let before = visited.ids.len();
        runs.extend(part.run.filter(|run| !run.is_empty()).map(|run| (run, RecordId::new(before))));
        visited.keyed.extend(part.keyed.into_iter().map(|record| RecordId::new(before + record.index())));
        visited.ids.append(&part.ids);
        spans.extend(part.spans);
        if writer.is_some() {
            visited.hashes.extend(part.hashes);
        }
        visited.audits.extend(part.audit);
        visited.traces.windows.extend(part.traces);
    }
    visited.features = file.finish(spans, earlier.map(|index| index.feature_file().clone())).map_err(no_file)?;
    visited.rows = row_file.finish(runs).map_err(no_rows)?;
    visited.traces.file = Some(trace_file.finish().map_err(no_traces)?);
    stage.finish();
    tell(&visited, corpus, progress);
    Ok(visited)
}

/// Says how many records there are, and of what was none the first place and reason.
fn tell(visited: &Visited<'_>, corpus: &Corpus, progress: &Progress) {
    let n_rejected = visited.rejects.len() as u64;
    progress.count(visited.positions.len() as u64, "records");
    if n_rejected > 0 || visited.n_read != visited.positions.len() as u64 {
        progress.line(&format!("{:>15} read = {} processed + {n_rejected} rejected", "", visited.positions.len()));
    }
    for short in corpus.all_shortfalls(&visited.rejects) {
        let name = &corpus.files()[short.file as usize].name;
        progress.warn(&format!("{:>15} {name} is not whole: {}", "", short.reason));
    }
    if visited.positions.is_empty() {
        progress.line(&format!("{:>15} no usable record was found", ""));
    }
    if let Some(reject) = visited.rejects.first() {
        let name = &corpus.files()[reject.position.file as usize].name;
        let which = if n_rejected == 1 { "the reject" } else { "the first reject" };
        progress.line(&format!("{:>15} {which}: {name}:{}: {}", "", reject.position.line, reject.reason));
    }
}

/// Reads a record again, whole.
pub fn fetch_member(corpus: &Corpus, position: Position, number: RecordId, n_findings: usize) -> Option<Member> {
    corpus.fetch(position, &mut Parser::default(), |record| Member::new(number, position, record, n_findings)).ok()
}

/// The first records with the given ids; of one id that is given twice, its first two copies. Says so where an id has more.
///
/// # Errors
/// If an id is not in the input, or given twice and there once.
pub fn find_records(corpus: &Corpus, wanted: [&str; 2], progress: &Progress) -> Result<[Member; 2], Error> {
    let (ids, positions) = read_ids(corpus, progress);
    let copies = |id: &str| -> Vec<RecordId> {
        (0..ids.len()).map(RecordId::new).filter(|record| ids.of(*record) == id).collect()
    };
    let is_twice = wanted[0] == wanted[1];
    let fetch = |id: &str, at: usize| {
        let copies = copies(id);
        if is_twice && copies.len() == 1 {
            return Err(Error::OneRecord { id: id.to_owned() });
        }
        if copies.len() > 1 + usize::from(is_twice) && at == 0 {
            let shown = if is_twice { "the first two are compared" } else { "the first is compared" };
            progress.line(&format!("{:>15} records have the id {id:?}; {shown}", copies.len()));
        }
        let found = copies.get(at).and_then(|record| fetch_member(corpus, positions[record.index()], *record, 0));
        found.ok_or_else(|| Error::UnknownId { id: id.to_owned(), n_records: ids.len() })
    };
    Ok([fetch(wanted[0], 0)?, fetch(wanted[1], usize::from(is_twice))?])
}

/// Ids and places of all records.
pub(super) fn read_ids(corpus: &Corpus, progress: &Progress) -> (Ids, Vec<Position>) {
    let stage = progress.stage("read", corpus.n_bytes(), Unit::Bytes);
    let reading = corpus.read(
        Ids::default,
        |ids, record| ids.push(record.first(Field::Id).unwrap_or_default()),
        |n| stage.advance(n),
    );
    stage.finish();
    let mut ids = Ids::with_room_for(reading.parts.iter());
    for part in &reading.parts {
        ids.append(part);
    }
    (ids, reading.positions)
}
