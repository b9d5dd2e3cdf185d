//! The run, from exports to results.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::audit::{self, Audit, Because, Catalogue, Gathered, Profile, Profiles, Spill};
use crate::config::{Blocking, Config};
use crate::decisions::{self, Ruling};
use crate::error::Error;
use crate::fix::{self, Fixes};
use crate::ids::{Position, RecordId};
use crate::index::{self, Index, Making, Night, Since};
use crate::input::{self, Corpus, Field, Look, Parser, Reading, Record, Reject};
use crate::keys::block_keys::{block_keys, title_keys};
use crate::keys::table::{FeatureFile, Span, encode};
use crate::keys::{FeatureTable, Features};
use crate::matching::blocks::{BlockIndex, BlockSizes, Groups, KeyRow, sorted};
use crate::matching::candidates::{Candidates, Limits, Pair, candidates};
use crate::matching::clusters::cluster;
use crate::matching::compare::compare;
use crate::matching::decided::Decided;
use crate::matching::evidence::{Comparison, Veto};
use crate::matching::near_misses::{Failed, NearMiss};
use crate::matching::outcomes::Memory;
use crate::matching::relations::{Related, reason};
use crate::matching::score::{Match, N_BARS, Remembering, Scores, Verdict, score_anew};
use crate::matching::weights::Weights;
use crate::merge::{Decision, Member, Proposal, Source, propose};
use crate::progress::{Progress, Unit};

/// Which halves of the job are done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Job {
    /// Duplicates and audit.
    Check,
    /// Duplicates only.
    Dedupe,
    /// Audit only.
    Audit,
}

impl Job {
    /// The subcommand.
    pub fn name(self) -> &'static str {
        match self {
            Job::Check => "check",
            Job::Dedupe => "dedupe",
            Job::Audit => "audit",
        }
    }

    /// Whether duplicates are looked for.
    pub fn dedupes(self) -> bool {
        self != Job::Audit
    }

    /// Whether records are audited.
    pub fn audits(self) -> bool {
        self != Job::Dedupe
    }
}

/// Everything a report is made of.
pub struct Results {
    /// What was done.
    pub job: Job,
    /// The resolved configuration.
    pub config: Config,
    /// Inputs by number: name and size in bytes after decompression.
    pub inputs: Vec<(String, u64)>,
    /// Ids of all records.
    pub ids: Ids,
    /// Places of all records, by record number.
    pub positions: Vec<Position>,
    /// What was no record.
    pub rejects: Vec<Reject>,
    /// Documents, lines and fragments met.
    pub n_read: u64,
    /// Empty lines, which count as nothing.
    pub n_blank_lines: u64,
    /// The duplicates, unless the job leaves them out.
    pub duplicates: Option<Duplicates>,
    /// The audit, unless the job leaves it out.
    pub audit: Option<audit::Outcome>,
    /// What the catalogue holds, unless there was no audit.
    pub profile: Option<Profile>,
    /// Patches for what the audit found and a program can repair, unless there was no audit.
    pub fixes: Option<Fixes>,
    /// How it differs from the run that left the index, if there was one.
    pub since: Option<Since>,
}

/// What looking for duplicates gave.
pub struct Duplicates {
    /// Numbers of the funnel.
    pub counts: Counts,
    /// How many blocks there are of which size, and the largest by name.
    pub block_sizes: BlockSizes,
    /// Scored pairs per bit of weight, see [`score`](crate::matching::score).
    pub histogram: Vec<u64>,
    /// Pairs that a veto kept apart although their weight would have made them a match.
    pub vetoed: Vec<(Veto, u64)>,
    /// The proposals.
    pub proposals: Vec<Proposal>,
    /// Pairs that belong together but are no duplicates, ascending by pair.
    pub relations: Vec<Related>,
    /// Pairs that just failed to match, ascending by pair.
    pub near_misses: Vec<NearMiss>,
    /// Decisions that no longer fit their records, in their order.
    pub stale: Vec<Stale>,
    features: FeatureTable,
    weights: Weights,
}

/// A decision on records of which some have changed since.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stale {
    /// What was decided.
    pub ruling: Ruling,
    /// Ids of the members that are not what they were.
    pub changed: Vec<String>,
}

impl Duplicates {
    /// The comparison that a pair's verdict came from. It is made again, which costs less than to keep those of
    /// all pairs.
    pub fn comparison(&self, pair: Pair) -> Comparison {
        compare(&self.features.get(pair.a), &self.features.get(pair.b), &self.weights)
    }

    /// Why a pair has a relation and is no duplicate, as a sentence. `comparison` is the pair's.
    pub fn relation_reason(&self, related: &Related, comparison: &Comparison) -> String {
        let Pair { a, b } = related.pair;
        reason(related.detail, &self.features.get(a), &self.features.get(b), comparison)
    }
}

/// The funnel from keys to proposals.
#[derive(Clone, Copy, Default, Debug, serde::Serialize)]
pub struct Counts {
    /// Keys of all records together, repeats within a record left out.
    pub keys: u64,
    /// Keys in the index: shared ones, and all title keys.
    pub indexed_keys: u64,
    /// Size of the index in bytes.
    pub index_bytes: u64,
    /// Blocks of two or more records.
    pub blocks: u64,
    /// Blocks that were too large and were divided.
    pub divided_blocks: u64,
    /// Pairs of title keys found near each other.
    pub neighbour_blocks: u64,
    /// Pairs of records that share a block.
    pub candidate_pairs: u64,
    /// Those of them that were compared in every aspect; the others a bound on their weight kept apart.
    pub compared: u64,
    /// Pairs in the merge band.
    pub merge_pairs: u64,
    /// Pairs in the review band.
    pub review_pairs: u64,
    /// Matches not used because their groups contradict each other.
    pub cut_links: u64,
    /// Pairs that belong together but are no duplicates.
    pub relations: u64,
    /// Pairs that just failed to match, cut links included.
    pub near_misses: u64,
    /// Pairs that people accepted, both of whose records are in the input.
    pub accepted_pairs: u64,
    /// Pairs that people rejected, likewise.
    pub rejected_pairs: u64,
    /// Decisions of which fewer than two records are in the input.
    pub idle_decisions: u64,
    /// Decisions of which a record has changed since: these say nothing about its pairs.
    pub stale_decisions: u64,
    /// Merge proposals.
    pub merge_proposals: u64,
    /// Review proposals.
    pub review_proposals: u64,
    /// Records that the merge proposals would remove.
    pub superfluous_records: u64,
}

/// Does a whole job.
///
/// # Input
/// Paths of exports; see [`crate::input`] for the shapes.
/// # Output
/// [`Results`], from which the report is written.
/// # Errors
/// If an input cannot be read or changes meanwhile, or the temporary index cannot be written. Bad records are no errors.
/// # Memory
/// Per record: its id and place, and 16 bytes per key while blocks are found; features lie in a temporary file that
/// is mapped, like the input, which is never copied whole.
/// # Threads
/// All per-record and per-pair work runs on rayon's pool; results do not depend on its size.
/// # Steps
/// 1. open the inputs; 2. visit every record once: features, keys, record rules; 3. group keys, index blocks;
/// 4. candidate pairs; 5. scores; 6. clusters; 7. rules over the catalogue, profile; 8. patches; 9. proposals.
pub fn run(inputs: &[PathBuf], job: Job, config: &Config, progress: &Progress) -> Result<Results, Error> {
    let corpus = open(inputs, progress)?;
    let results = run_over(&corpus, job, config, None, progress)?;
    corpus.check_unchanged()?;
    Ok(results)
}

/// [`run`] over opened inputs. With an index, what an earlier run knows of unchanged records and their pairs is taken
/// from there, and all that the next run needs goes into the new one; the results are the same.
///
/// # Errors
/// As those of [`run`], and if the new index cannot be written.
pub fn run_over(
    corpus: &Corpus,
    job: Job,
    config: &Config,
    mut making: Option<&mut Making>,
    progress: &Progress,
) -> Result<Results, Error> {
    let weights = Weights::new(&config.model).map_err(|reason| Error::Config { path: "model".to_owned(), reason })?;
    let decisions = if job.dedupes() { read_decisions(config)? } else { Vec::new() };
    let spill = Spill::default();
    let profiles = Profiles::default();
    let mut visited = visit(corpus, job, config, &spill, &profiles, making.as_deref(), progress)?;
    let rows = std::mem::take(&mut visited.rows);
    let prints = std::mem::take(&mut visited.prints);
    let earlier = making.as_deref_mut().and_then(Making::take_earlier);
    let night = earlier.as_ref().map(|index| Night::of(index, &prints));
    let kept = Kept { rows, making: making.as_deref_mut(), night: night.as_ref() };
    let links =
        if job.dedupes() { Some(link(corpus, &visited, decisions, config, &weights, kept, progress)?) } else { None };
    let audits = std::mem::take(&mut visited.audits);
    let audit =
        job.audits().then(|| audit_catalogue(audits, &spill, corpus, &visited, config, progress)).transpose()?;
    let profile = job.audits().then(|| profile_catalogue(profiles, corpus, &visited, config, progress));
    let fixes = audit.as_ref().map(|audit| fix_all(corpus, &visited.positions, audit, config, progress)).transpose()?;
    let duplicates = links.map(|links| {
        let proposed = propose_all(corpus, &visited, links, audit.as_ref(), &weights, progress);
        Duplicates { features: std::mem::take(&mut visited.features), ..proposed }
    });
    let Visited { ids, positions, rejects, n_read, n_blank_lines, .. } = visited;
    let since = match (making, &duplicates) {
        (Some(making), Some(duplicates)) => {
            let id = |record| ids.of(record);
            making.records(&prints, id, &duplicates.features)?;
            let proposals = index::of_proposals(&duplicates.proposals);
            let findings = audit.as_ref().map(|audit| index::of_findings(audit, id)).unwrap_or_default();
            making.results(&proposals, &findings)?;
            night.map(|night| Since {
                records: night.records(id),
                proposals: night.proposals(&proposals),
                findings: audit.as_ref().and_then(|_| night.findings(&findings)),
            })
        }
        _ => None,
    };
    let inputs = corpus.files().iter().map(|file| (file.name.clone(), file.bytes().len() as u64)).collect();
    Ok(Results {
        job,
        config: config.clone(),
        inputs,
        ids,
        positions,
        rejects,
        n_read,
        n_blank_lines,
        duplicates,
        audit,
        profile,
        fixes,
        since,
    })
}

/// The records of an input and the pairs of them that a run compares: what measuring and training start from.
pub struct Survey {
    /// Ids of all records.
    pub ids: Ids,
    /// Features by record number.
    pub features: FeatureTable,
    /// Places by record number.
    pub positions: Vec<Position>,
    /// Candidate pairs, ascending, without repeats.
    pub pairs: Vec<Pair>,
}

/// Visits every record and finds the candidate pairs, exactly as [`run`] does, and stops there.
///
/// # Errors
/// If the temporary index cannot be written.
pub fn survey(corpus: &Corpus, config: &Config, progress: &Progress) -> Result<Survey, Error> {
    let spill = Spill::default();
    let mut visited = visit(corpus, Job::Dedupe, config, &spill, &Profiles::default(), None, progress)?;
    let rows = std::mem::take(&mut visited.rows);
    let pairs = meet(corpus, &visited, rows, config, None, progress)?.candidates.pairs();
    let Visited { ids, features, positions, .. } = visited;
    Ok(Survey { ids, features, positions, pairs })
}

/// Opens the inputs and says what they are.
pub fn open(inputs: &[PathBuf], progress: &Progress) -> Result<Corpus, Error> {
    let stage = progress.stage("open", 0, Unit::Items);
    let corpus = Corpus::open(inputs)?;
    stage.finish();
    Ok(corpus)
}

/// Ids of all records in one text.
#[derive(Default)]
pub struct Ids {
    text: String,
    ends: Vec<usize>,
}

impl Ids {
    pub(crate) fn push(&mut self, id: &str) {
        self.text.push_str(id);
        self.ends.push(self.text.len());
    }

    fn append(&mut self, other: &Ids) {
        let before = self.text.len();
        self.text.push_str(&other.text);
        self.ends.extend(other.ends.iter().map(|end| before + end));
    }

    /// Number of records.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The id of a record.
    pub fn of(&self, record: RecordId) -> &str {
        let at = record.index();
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.text[start..self.ends[at]]
    }

    /// The first record with an id.
    pub fn find(&self, id: &str) -> Option<RecordId> {
        (0..self.len()).map(RecordId::new).find(|&record| self.of(record) == id)
    }
}

/// The decisions in force of all files, in their order.
fn read_decisions(config: &Config) -> Result<Vec<Ruling>, Error> {
    let files = config.decisions.iter().map(|path| decisions::read(path));
    Ok(decisions::in_force(files.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect()))
}

/// What one pass over the records leaves.
struct Visited<'a> {
    ids: Ids,
    features: FeatureTable,
    /// Of records that the earlier run does not know.
    rows: Vec<KeyRow>,
    /// Prints of the records' bytes, if there is an index.
    prints: Vec<u64>,
    audits: Vec<Audit<'a>>,
    positions: Vec<Position>,
    rejects: Vec<Reject>,
    n_read: u64,
    n_blank_lines: u64,
}

/// The share of one window of the input; records are numbered from its start.
struct Part<'a> {
    ids: Ids,
    /// Encoded features, until the window is done.
    features: Vec<u8>,
    /// Where each record's features lie: in `features`, and once the window is done in the file of all.
    spans: Vec<Span>,
    prints: Vec<u64>,
    /// Print of the document at hand, and the record with the same in the earlier run.
    at_hand: (u64, Option<RecordId>),
    rows: Vec<KeyRow>,
    audit: Option<Audit<'a>>,
    profile: Option<Gathered>,
}

impl Part<'_> {
    fn new<'a>(job: Job, config: &'a Config, spill: &'a Spill) -> Part<'a> {
        let audit = job.audits().then(|| Audit::new(&config.audit, spill));
        let profile = job.audits().then(Gathered::default);
        Part {
            ids: Ids::default(),
            features: Vec::new(),
            spans: Vec::new(),
            prints: Vec::new(),
            at_hand: (0, None),
            rows: Vec::new(),
            audit,
            profile,
        }
    }

    /// Looks a document up in what the earlier run knows. If that is all that is needed, it is taken from there.
    fn look(&mut self, document: &[u8], job: Job, making: &Making) -> Look {
        let print = input::print(document);
        let earlier = making.earlier().and_then(|index| Some((index, index.with_print(print)?)));
        self.at_hand = (print, earlier.map(|(_, record)| record));
        match earlier {
            Some((index, record)) if !job.audits() => {
                self.ids.push(index.id(record));
                self.take_features(index.feature_bytes(record));
                Look::Known
            }
            _ => Look::Parse,
        }
    }

    fn take_features(&mut self, encoded: &[u8]) {
        self.prints.push(self.at_hand.0);
        self.spans.push(Span { start: self.features.len() as u64, len: encoded.len() as u32 });
        self.features.extend_from_slice(encoded);
    }

    fn take(&mut self, record: &Record<'_>, job: Job, earlier: Option<&Index>) {
        let number = RecordId::new(self.ids.len());
        self.ids.push(record.id());
        match (earlier, self.at_hand.1) {
            (Some(index), Some(known)) if job.dedupes() => self.take_features(index.feature_bytes(known)),
            _ if job.dedupes() => {
                let features = Features::of(record);
                push_rows(record, &features, number, &mut self.rows);
                let start = self.features.len();
                encode(&features, &mut self.features);
                self.spans.push(Span { start: start as u64, len: (self.features.len() - start) as u32 });
                self.prints.push(self.at_hand.0);
            }
            _ => {}
        }
        if let (Some(audit), Some(profile)) = (&mut self.audit, &mut self.profile) {
            audit.record_with(record, |subject| profile.record(subject));
        }
    }
}

fn push_rows(record: &Record<'_>, features: &Features<'_>, number: RecordId, rows: &mut Vec<KeyRow>) {
    let first = rows.len();
    block_keys(record, features, &mut |key| rows.push(KeyRow::new(key, number)));
    rows[first..].sort_unstable();
    dedup_tail(rows, first);
}

fn no_file(error: std::io::Error) -> Error {
    Error::Features { reason: Error::temporary(&error) }
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

fn visit<'a>(
    corpus: &Corpus,
    job: Job,
    config: &'a Config,
    spill: &'a Spill,
    profiles: &Profiles,
    making: Option<&Making>,
    progress: &Progress,
) -> Result<Visited<'a>, Error> {
    let stage = progress.stage("read", corpus.n_bytes(), Unit::Bytes);
    let file = FeatureFile::temporary().map_err(no_file)?;
    let close = |window: usize, part: &mut Part<'_>| {
        let start = file.append(&std::mem::take(&mut part.features));
        part.spans.iter_mut().for_each(|span| span.start += start);
        if let Some(profile) = part.profile.take() {
            profiles.add(window, profile);
        }
    };
    let earlier = making.and_then(Making::earlier);
    let reading: Reading<Part<'_>> = corpus.read_unknown(
        || Part::new(job, config, spill),
        |part, document| making.map_or(Look::Parse, |making| part.look(document, job, making)),
        |part, record| part.take(record, job, earlier),
        close,
        |n| stage.advance(n),
    );
    let mut visited = Visited {
        ids: Ids::default(),
        features: FeatureTable::default(),
        rows: Vec::new(),
        prints: Vec::new(),
        audits: Vec::new(),
        positions: reading.positions,
        rejects: reading.rejects,
        n_read: reading.n_read,
        n_blank_lines: reading.n_blank_lines,
    };
    let mut spans = Vec::with_capacity(visited.positions.len());
    for part in reading.parts {
        let before = visited.ids.len();
        let shift = |row: KeyRow| KeyRow { record: RecordId::new(before + row.record.index()), ..row };
        visited.rows.extend(part.rows.into_iter().map(shift));
        visited.ids.append(&part.ids);
        spans.extend(part.spans);
        if making.is_some() {
            visited.prints.extend(part.prints);
        }
        visited.audits.extend(part.audit);
    }
    visited.features = file.finish(spans).map_err(no_file)?;
    stage.finish();
    let n_rejected = visited.rejects.len() as u64;
    progress.count(visited.positions.len() as u64, "records");
    if n_rejected > 0 || visited.n_read != visited.positions.len() as u64 {
        progress.line(&format!("{:>15} read = {} processed + {n_rejected} rejected", "", visited.positions.len()));
    }
    if visited.positions.is_empty() {
        progress.line(&format!("{:>15} no usable record was found; rejects.jsonl says why", ""));
    }
    Ok(visited)
}

/// Matches grouped, before anything is read again.
struct Links {
    counts: Counts,
    block_sizes: BlockSizes,
    histogram: Vec<u64>,
    vetoed: Vec<(Veto, u64)>,
    clusters: crate::matching::Clusters,
    relations: Vec<Related>,
    near_misses: Vec<NearMiss>,
    stale: Vec<Stale>,
}

/// What a run takes from the one before, and what it leaves to the next.
struct Kept<'m> {
    /// Keys of records that the earlier run does not know.
    rows: Vec<KeyRow>,
    making: Option<&'m mut Making>,
    night: Option<&'m Night<'m>>,
}

/// The keys of all records: those that were read, and those of records that were there before.
fn with_earlier(
    mut rows: Vec<KeyRow>,
    night: Option<&Night<'_>>,
    corpus: &Corpus,
    visited: &Visited<'_>,
) -> Vec<KeyRow> {
    let Some(night) = night else { return rows };
    // More copies of one document than there were: no earlier record is left to lend them its keys.
    let mut read: Vec<RecordId> = rows.iter().map(|row| row.record).collect();
    read.dedup();
    let is_read = |record: &RecordId| read.binary_search(record).is_ok();
    let records = (0..visited.ids.len()).map(RecordId::new);
    for copy in records.filter(|record| !night.is_known(*record) && !is_read(record)) {
        // A record that is gone has no keys.
        let _ = corpus.fetch(visited.positions[copy.index()], &mut Parser::default(), |record| {
            push_rows(record, &Features::of(record), copy, &mut rows);
        });
    }
    rows.extend(night.rows());
    rows
}

/// Blocks named in the summary.
const N_LARGEST_BLOCKS: usize = 20;

fn link(
    corpus: &Corpus,
    visited: &Visited<'_>,
    decisions: Vec<Ruling>,
    config: &Config,
    weights: &Weights,
    kept: Kept<'_>,
    progress: &Progress,
) -> Result<Links, Error> {
    let Kept { rows, mut making, night } = kept;
    let rows = with_earlier(rows, night, corpus, visited);
    let Met { mut counts, block_sizes, candidates } =
        meet(corpus, visited, rows, config, making.as_deref_mut(), progress)?;
    let stage = progress.stage("score", candidates.n_records() as u64, Unit::Items);
    let memory = night.map(|night| night as &dyn Memory);
    let remembering = Remembering { memory, is_logged: making.is_some() };
    let mut scores = score_anew(&visited.features, &candidates, weights, remembering, |n| stage.advance(n));
    if let Some(making) = making {
        making.outcomes(&std::mem::take(&mut scores.log), &std::mem::take(&mut scores.log_starts))?;
    }
    let n_with = |verdict| scores.matches.iter().filter(|found| found.verdict == verdict).count() as u64;
    counts.compared = scores.histogram.iter().take(N_BARS).sum();
    counts.candidate_pairs = counts.compared + scores.dismissed;
    drop(candidates);
    counts.merge_pairs = n_with(Verdict::Merge);
    counts.review_pairs = n_with(Verdict::Review);
    stage.finish();
    progress.count(counts.candidate_pairs, "candidate pairs");
    progress.count(counts.compared, "compared");
    progress.count(counts.merge_pairs + counts.review_pairs, "matches");

    let stage = progress.stage("cluster", 0, Unit::Items);
    let (decided, told) = decide(decisions, corpus, visited);
    counts.accepted_pairs = decided.accepted().len() as u64;
    counts.rejected_pairs = decided.n_rejected() as u64;
    counts.idle_decisions = told.n_idle;
    counts.stale_decisions = told.stale.len() as u64;
    obey(&decided, &mut scores, &visited.features, weights);
    let clusters = cluster(&scores.matches, &decided, &visited.features, weights);
    counts.cut_links = clusters.cuts.len() as u64;
    let united = clusters.united();
    // Two copies of one id are one record twice, which the audit reports.
    let is_told = |pair: Pair| united(pair) || visited.ids.of(pair.a) == visited.ids.of(pair.b);
    scores.related.retain(|related| !is_told(related.pair));
    scores.near_misses.retain(|miss| !is_told(miss.pair));
    let cuts = clusters.cuts.iter();
    scores.near_misses.extend(cuts.map(|cut| NearMiss { pair: cut.link.pair, failed: Failed::Cut(cut.contradiction) }));
    scores.near_misses.sort_unstable_by_key(|miss| miss.pair);
    counts.relations = scores.related.len() as u64;
    counts.near_misses = scores.near_misses.len() as u64;
    stage.finish();
    Ok(Links {
        counts,
        block_sizes,
        histogram: scores.histogram,
        vetoed: scores.vetoed,
        clusters,
        relations: scores.related,
        near_misses: scores.near_misses,
        stale: told.stale,
    })
}

/// What was told about decisions that are not obeyed.
struct Told {
    n_idle: u64,
    stale: Vec<Stale>,
}

/// Decisions on records of the input. A decision on an id stands for all its copies.
fn decide(rulings: Vec<Ruling>, corpus: &Corpus, visited: &Visited<'_>) -> (Decided, Told) {
    let mut records: BTreeMap<&str, Vec<RecordId>> = BTreeMap::new();
    for seen in rulings.iter().flat_map(|ruling| &ruling.members) {
        records.entry(&seen.id).or_default();
    }
    if !records.is_empty() {
        for record in (0..visited.ids.len()).map(RecordId::new) {
            records.entry(visited.ids.of(record)).and_modify(|copies| copies.push(record));
        }
    }
    records.retain(|_, copies| !copies.is_empty());
    // Proposals show the first copy of an id.
    let hash = |copies: &Vec<RecordId>| {
        let fetched = fetch_member(corpus, visited.positions[copies[0].index()], copies[0], 0);
        fetched.map(|member| member.hash()).unwrap_or_default()
    };
    let hashes: BTreeMap<&str, String> = records.iter().map(|(&id, copies)| (id, hash(copies))).collect();
    let found = decisions::pairs(&rulings, |id| hashes.get(id).map(String::as_str));
    let copies = |id: &String| records[id.as_str()].iter();
    let pairs = found.standings.iter().flat_map(|((a, b), &standing)| {
        copies(a).flat_map(move |&a| copies(b).map(move |&b| (Pair::new(a, b), standing)))
    });
    let decided = Decided::new(pairs);
    let stale = |(at, changed): (usize, Vec<String>)| Stale { ruling: rulings[at].clone(), changed };
    (decided, Told { n_idle: found.n_idle, stale: found.stale.into_iter().map(stale).collect() })
}

/// Makes matches of what was accepted, whether the pair was a candidate or not, and near misses of what was rejected.
/// Of what was decided before a record changed, a person should look again.
fn obey(decided: &Decided, scores: &mut Scores, features: &FeatureTable, weights: &Weights) {
    let Scores { matches, near_misses, related, .. } = scores;
    matches.retain(|found| {
        if decided.is_rejected(found.pair) {
            near_misses.push(NearMiss { pair: found.pair, failed: Failed::Rejected });
        }
        !decided.is_rejected(found.pair) && !decided.is_accepted(found.pair)
    });
    let weight = |pair: Pair| compare(&features.get(pair.a), &features.get(pair.b), weights).weight();
    matches.extend(decided.accepted().iter().map(|&pair| Match {
        pair,
        weight: weight(pair),
        verdict: Verdict::Merge,
        is_accepted: true,
        stale: None,
    }));
    matches.sort_unstable_by_key(|found| found.pair);
    for &(pair, was_accepted) in decided.stale() {
        match matches.binary_search_by_key(&pair, |found| found.pair) {
            Ok(at) => {
                let verdict = if was_accepted { matches[at].verdict } else { Verdict::Review };
                matches[at] = Match { verdict, stale: Some(was_accepted), ..matches[at] };
            }
            Err(at) if was_accepted => {
                let weight = weight(pair);
                let verdict = Verdict::Review;
                matches.insert(at, Match { pair, weight, verdict, is_accepted: false, stale: Some(true) });
            }
            Err(_) => (),
        }
    }
    // A pair that also has a relation is told there.
    near_misses.retain(|miss| {
        miss.failed != Failed::Rejected || related.binary_search_by_key(&miss.pair, |related| related.pair).is_err()
    });
}

/// Records brought together, before anything is compared.
struct Met {
    counts: Counts,
    block_sizes: BlockSizes,
    candidates: Candidates,
}

fn meet(
    corpus: &Corpus,
    visited: &Visited<'_>,
    rows: Vec<KeyRow>,
    config: &Config,
    mut making: Option<&mut Making>,
    progress: &Progress,
) -> Result<Met, Error> {
    let mut counts = Counts { keys: rows.len() as u64, ..Counts::default() };
    progress.count(counts.keys, "keys");

    let stage = progress.stage("group", 0, Unit::Items);
    let rows = sorted(rows);
    if let Some(making) = making.as_deref_mut() {
        making.rows(&rows)?;
    }
    let groups = Groups::of(&rows);
    drop(rows);
    stage.finish();
    let stage = progress.stage("index", groups.len() as u64, Unit::Items);
    let show_keys = |record: RecordId, show: &mut dyn FnMut(&str)| {
        // A record that is gone has no keys to show; its block is then left out of the index.
        let _ = corpus.fetch(visited.positions[record.index()], &mut Parser::default(), |record| {
            block_keys(record, &Features::of(record), &mut |key| show(key));
        });
    };
    let show_titles = |record: RecordId, show: &mut dyn FnMut(&str)| {
        title_keys(&visited.features.get(record), &mut |key| show(key));
    };
    let index = BlockIndex::build(groups, show_titles, |n| stage.advance(n))?;
    if let Some(making) = making {
        making.titles(&index)?;
    }
    counts.indexed_keys = index.n_keys as u64;
    counts.index_bytes = index.n_bytes as u64;
    let block_sizes = index.sizes(N_LARGEST_BLOCKS, show_keys);
    counts.blocks = block_sizes.classes().map(|class| class.n_blocks).sum();
    stage.finish();
    progress.count(counts.blocks, "blocks");

    let stage = progress.stage("candidates", index.n_keys as u64, Unit::Items);
    let Blocking { max_block_records, max_weak_block_records, neighbourhood } = config.blocking;
    let limits = Limits { max_block_records, max_weak_block_records, neighbourhood };
    let candidates = candidates(index, &visited.features, limits, |n| stage.advance(n));
    counts.divided_blocks = candidates.n_refined_blocks as u64;
    counts.neighbour_blocks = candidates.n_neighbour_blocks as u64;
    stage.finish();
    Ok(Met { counts, block_sizes, candidates })
}

fn audit_catalogue(
    audits: Vec<Audit<'_>>,
    spill: &Spill,
    corpus: &Corpus,
    visited: &Visited<'_>,
    config: &Config,
    progress: &Progress,
) -> Result<audit::Outcome, Error> {
    let stage = progress.stage("audit", 0, Unit::Items);
    let fetch = |record: RecordId, show: &mut dyn FnMut(&Record<'_>)| {
        // A record that is gone has nothing to show; the finding then names its id only.
        let _ = corpus.fetch(visited.positions[record.index()], &mut Parser::default(), |record| show(record));
    };
    let ids = |record| visited.ids.of(record);
    let catalogue = Catalogue::new(visited.ids.len(), &ids, &fetch, &config.audit);
    let outcome = audit::finish(audits, &catalogue, spill)?;
    stage.finish();
    progress.count(outcome.n_findings(), "findings");
    let (absent, deselected): (Vec<_>, Vec<_>) =
        outcome.switched_off.iter().partition(|off| matches!(off.because, Because::Absent(_)));
    for off in absent {
        progress.line(&format!("{:>15} {} is off: {}", "", off.rule.code, off.because));
    }
    if !deselected.is_empty() {
        progress.line(&format!("{:>15} {} rules are off by the settings", "", deselected.len()));
    }
    Ok(outcome)
}

fn profile_catalogue(
    profiles: Profiles,
    corpus: &Corpus,
    visited: &Visited<'_>,
    config: &Config,
    progress: &Progress,
) -> Profile {
    let stage = progress.stage("profile", 0, Unit::Items);
    let fetch = |record: RecordId, show: &mut dyn FnMut(&Record<'_>)| {
        // A record that is gone has nothing to show; its value is then left out.
        let _ = corpus.fetch(visited.positions[record.index()], &mut Parser::default(), |record| show(record));
    };
    let ids = |record| visited.ids.of(record);
    let profile = profiles.finish(&Catalogue::new(visited.ids.len(), &ids, &fetch, &config.audit));
    stage.finish();
    profile
}

fn fix_all(
    corpus: &Corpus,
    positions: &[Position],
    audit: &audit::Outcome,
    config: &Config,
    progress: &Progress,
) -> Result<Fixes, Error> {
    let stage = progress.stage("fix", 0, Unit::Items);
    let fixes = fix::fix(corpus, positions, audit, &config.audit, |n| stage.advance(n))?;
    stage.finish();
    progress.count(fixes.counts.patches, "safe patches");
    if fixes.counts.rule_errors > 0 {
        let n = fixes.counts.rule_errors;
        progress.line(&format!("{:>15} records whose repairs have no end: an error of the rules; see fixes.jsonl", n));
    }
    Ok(fixes)
}

fn propose_all(
    corpus: &Corpus,
    visited: &Visited<'_>,
    links: Links,
    audit: Option<&audit::Outcome>,
    weights: &Weights,
    progress: &Progress,
) -> Duplicates {
    let Links { mut counts, block_sizes, histogram, vetoed, clusters, relations, near_misses, stale } = links;
    let n_clusters = clusters.merge.len() + clusters.review.len();
    let stage = progress.stage("propose", n_clusters as u64, Unit::Items);
    let n_findings = |record: RecordId| audit.map_or(0, |audit| audit.n_of_record(record));
    let fetch = |number: RecordId| fetch_member(corpus, visited.positions[number.index()], number, n_findings(number));
    let file_name = |file: u32| corpus.files()[file as usize].name.clone();
    let source = Source { fetch: &fetch, file_name: &file_name, advance: &|n| stage.advance(n) };
    let proposals = propose(&clusters.merge, &clusters.review, &source, weights);
    let of = |decision| proposals.iter().filter(move |proposal: &&Proposal| proposal.decision == decision);
    counts.merge_proposals = of(Decision::Merge).count() as u64;
    counts.review_proposals = of(Decision::Review).count() as u64;
    counts.superfluous_records = of(Decision::Merge).map(|proposal| proposal.members.len() as u64 - 1).sum();
    stage.finish();
    progress.count(counts.merge_proposals + counts.review_proposals, "proposals");
    Duplicates {
        counts,
        block_sizes,
        histogram,
        vetoed,
        proposals,
        relations,
        near_misses,
        stale,
        features: FeatureTable::default(),
        weights: weights.clone(),
    }
}

/// Records whose repairs are shown if none are named.
const N_PREVIEWS: usize = 5;

/// The repairs of the named records as diffs, or of the first that have any. The patches are those given, else those
/// of an audit.
///
/// # Errors
/// As those of [`run`], and if an id is not in the input.
pub fn preview_fixes(
    corpus: &Corpus,
    ids: &[String],
    patches: Option<Vec<fix::Patch>>,
    config: &Config,
    look: fix::Look,
    progress: &Progress,
) -> Result<String, Error> {
    let (known, positions, patches) = match patches {
        Some(patches) => {
            let (known, positions) = read_ids(corpus, progress);
            (known, positions, patches)
        }
        None => {
            let results = run_over(corpus, Job::Audit, config, None, progress)?;
            let is_shown = |patch: &fix::Patch| ids.is_empty() || ids.contains(&patch.id);
            let patches = results.fixes.iter().flat_map(Fixes::patches).filter(is_shown);
            // A record has some patches; enough of them hold the first few records.
            let most = if ids.is_empty() { N_PREVIEWS * 200 } else { usize::MAX };
            let patches = patches.take(most).collect();
            (results.ids, results.positions, patches)
        }
    };
    let mut wanted: Vec<&str> = ids.iter().map(String::as_str).collect();
    if ids.is_empty() {
        for patch in patches.iter().filter(|patch| patch.withheld.is_none()) {
            if wanted.len() < N_PREVIEWS && !wanted.contains(&patch.id.as_str()) {
                wanted.push(&patch.id);
            }
        }
    }
    let mut text = String::new();
    for id in &wanted {
        let unknown = || Error::UnknownId { id: (*id).to_owned(), n_records: known.len() };
        let record = known.find(id).ok_or_else(unknown)?;
        let bytes = corpus.bytes_at(positions[record.index()]).ok_or_else(unknown)?;
        let own: Vec<fix::Patch> = patches.iter().filter(|patch| patch.id == *id).cloned().collect();
        text.push_str(&fix::preview(bytes, &own, look));
        if own.is_empty() {
            text.push_str(&format!("# {id:?}: nothing that a program can repair safely\n"));
        }
    }
    if wanted.is_empty() {
        text.push_str("# nothing that a program can repair safely\n");
    }
    Ok(text)
}

/// Reads a record again, whole.
pub fn fetch_member(corpus: &Corpus, position: Position, number: RecordId, n_findings: usize) -> Option<Member> {
    corpus.fetch(position, &mut Parser::default(), |record| Member::new(number, position, record, n_findings)).ok()
}

/// The first records with the given ids.
///
/// # Errors
/// If an id is not in the input.
pub fn find_records(corpus: &Corpus, wanted: [&str; 2], progress: &Progress) -> Result<[Member; 2], Error> {
    let (ids, positions) = read_ids(corpus, progress);
    let fetch = |id: &str| {
        let found = ids.find(id).and_then(|record| fetch_member(corpus, positions[record.index()], record, 0));
        found.ok_or_else(|| Error::UnknownId { id: id.to_owned(), n_records: ids.len() })
    };
    Ok([fetch(wanted[0])?, fetch(wanted[1])?])
}

/// Ids and places of all records.
fn read_ids(corpus: &Corpus, progress: &Progress) -> (Ids, Vec<Position>) {
    let stage = progress.stage("read", corpus.n_bytes(), Unit::Bytes);
    let reading = corpus.read(
        Ids::default,
        |ids, record| ids.push(record.first(Field::Id).unwrap_or_default()),
        |n| stage.advance(n),
    );
    stage.finish();
    let mut ids = Ids::default();
    for part in &reading.parts {
        ids.append(part);
    }
    (ids, reading.positions)
}
