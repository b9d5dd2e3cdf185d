//! The run, from exports to results.

mod auditing;
mod linking;
pub(crate) mod pair_lines;
mod proposing;
mod reading;

use std::path::PathBuf;

use linking::{Kept, link, meet, read_decisions};
use pair_lines::PairLines;
use proposing::{Remembering, propose_all};
use reading::{Visited, visit};

use crate::audit::{self, Profile, Profiles, Spill};
use crate::config::Config;
use crate::decisions::Ruling;
use crate::error::Error;
use crate::fix::Fixes;
use crate::ids::{Ids, Position};
use crate::index::{self, Making, Night, Since};
use crate::input::{Corpus, Reject, Shortfall};
use crate::keys::FeatureTable;
use crate::matching::blocks::BlockSizes;
use crate::matching::candidates::Pair;
use crate::matching::compare::compare;
use crate::matching::evidence::{Comparison, Veto};
use crate::matching::near_misses::NearMiss;
use crate::matching::relations::{Related, reason};
use crate::matching::weights::Weights;
use crate::merge::Proposals;
use crate::progress::{Progress, Unit};

pub use auditing::preview_fixes;
pub(crate) use auditing::{audit_catalogue, fix_all, profile_catalogue};
pub(crate) use linking::{N_LARGEST_BLOCKS, forget_told};
pub(crate) use proposing::{count, no_list};
pub(crate) use reading::push_rows;
pub use reading::{fetch_member, find_records};

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
    /// Inputs that hold less than the query that they answer has found, or break off.
    pub shortfalls: Vec<Shortfall>,
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
    pub proposals: Proposals,
    /// Pairs that belong together but are no duplicates, ascending by pair.
    pub relations: Vec<Related>,
    /// Pairs that just failed to match, ascending by pair.
    pub near_misses: Vec<NearMiss>,
    /// The lines of both, if the next run may take them again.
    pub(crate) lines: Option<PairLines>,
    /// Decisions that no longer fit their records, in their order.
    pub stale: Vec<Stale>,
    pub(crate) features: FeatureTable,
    pub(crate) weights: Weights,
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
    /// Pairs of records that blocks bring together.
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
/// If an input cannot be read or changes meanwhile, or a temporary file cannot be written. Bad records are no errors.
/// # Memory
/// Per record: its id and place. Keys lie in a temporary file, 10 bytes each, of which a few ranges are in memory at a time; features in one
/// that is mapped, like the input, which is never copied whole.
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
    let earlier = making.as_deref_mut().and_then(Making::take_earlier);
    let night = earlier.as_ref().map(|index| Night::of(index, &visited.prints));
    let links = if job.dedupes() {
        let kept = Kept { rows, making: making.as_deref_mut(), night: night.as_ref() };
        Some(link(corpus, &visited, decisions, config, &weights, kept, progress)?)
    } else {
        None
    };
    let audits = std::mem::take(&mut visited.audits);
    let audit = job
        .audits()
        .then(|| audit_catalogue(audits, &spill, corpus, &visited.ids, &visited.positions, config, progress))
        .transpose()?;
    let profile =
        job.audits().then(|| profile_catalogue(profiles, corpus, &visited.ids, &visited.positions, config, progress));
    let fixes = audit.as_ref().map(|audit| fix_all(corpus, &visited.positions, audit, config, progress)).transpose()?;
    let remembering = Remembering { earlier: earlier.as_ref(), is_kept: making.is_some() };
    let propose = |links| propose_all(corpus, &visited, links, audit.as_ref(), &weights, remembering, progress);
    let proposed = links.map(propose).transpose()?;
    let features = std::mem::take(&mut visited.features);
    let mut duplicates = proposed.map(|proposed| Duplicates { features, ..proposed });
    let since = match (making, &mut duplicates) {
        (Some(making), Some(duplicates)) => {
            keep(making, &visited, duplicates, audit.as_ref(), night.as_ref(), progress)?
        }
        _ => None,
    };
    let Visited { ids, positions, rejects, n_read, n_blank_lines, .. } = visited;
    let shortfalls = corpus.all_shortfalls(&rejects);
    let inputs = corpus.files().iter().map(|file| (file.name.clone(), file.bytes().len() as u64)).collect();
    Ok(Results {
        job,
        config: config.clone(),
        inputs,
        ids,
        positions,
        rejects,
        shortfalls,
        n_read,
        n_blank_lines,
        duplicates,
        audit,
        profile,
        fixes,
        since,
    })
}

/// Puts what the next run takes again into the new index, and tells what has changed since the last one.
fn keep(
    making: &Making,
    visited: &Visited<'_>,
    duplicates: &mut Duplicates,
    audit: Option<&audit::Outcome>,
    night: Option<&Night<'_>>,
    progress: &Progress,
) -> Result<Option<Since>, Error> {
    let stage = progress.stage("keep", 0, Unit::Items);
    let earlier = night.map(Night::index);
    let lines = PairLines::of(duplicates, &visited.ids, |pair| night.and_then(|night| night.line(pair)));
    let lines = lines.map_err(no_list)?;
    making.lines(&lines.lasting(duplicates))?;
    duplicates.lines = Some(lines);
    let duplicates = &*duplicates;
    let id = |record| visited.ids.of(record);
    let proposals = index::of_proposals(&duplicates.proposals);
    let findings = audit.map(|audit| index::of_findings(audit, id)).unwrap_or_default();
    let of_records = || {
        making.records(&visited.prints, id, &duplicates.features, earlier)?;
        making.traces(|| visited.traces.iter(), earlier)
    };
    let of_proposals = || making.made(&duplicates.proposals.made(), earlier);
    let (records, made) = rayon::join(of_records, of_proposals);
    records.and(made)?;
    making.results(&proposals, &findings)?;
    stage.finish();
    Ok(night.map(|night| Since {
        records: night.records(id),
        proposals: night.proposals(&proposals),
        findings: audit.and_then(|_| night.findings(&findings)),
    }))
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
    let pairs = meet(corpus, &visited, rows, config, None, None, progress)?.candidates.pairs();
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
