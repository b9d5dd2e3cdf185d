//! The run, from exports to results.

mod auditing;
mod linking;
mod proposing;
mod reading;

use std::path::PathBuf;

use linking::{Carried, block, link, read_decisions};
use proposing::{Reuse, propose_all};
use reading::{Visited, visit};

use crate::audit::{self, Profiles, Spill};
use crate::config::Config;
use crate::error::Error;
use crate::ids::{Ids, Position};
use crate::index::{self, EarlierRun, IndexWriter, Since};
use crate::input::Corpus;
use crate::keys::FeatureTable;
use crate::matching::candidates::Pair;
use crate::matching::weights::Weights;
use crate::progress::{Progress, Unit};
use crate::results::pair_lines::PairLines;
use crate::results::{Duplicates, Job, Results};

pub use auditing::preview_fixes;
pub(crate) use auditing::{audit_catalogue, fix_all, profile_catalogue};
pub(crate) use linking::{N_LARGEST_BLOCKS, forget_told};
pub(crate) use proposing::{count, no_list};
pub(crate) use reading::push_rows;
pub use reading::{fetch_member, find_records};

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
/// that is mapped, like the input: a plain file itself, gzip, zstd, stdin and pipes as a temporary file.
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
    mut writer: Option<&mut IndexWriter>,
    progress: &Progress,
) -> Result<Results, Error> {
    let weights = Weights::new(&config.model).map_err(|reason| Error::Config { path: "model".to_owned(), reason })?;
    let decisions = if job.dedupes() { read_decisions(config)? } else { Vec::new() };
    let spill = Spill::default();
    let profiles = Profiles::default();
    let mut visited = visit(corpus, job, config, &spill, &profiles, writer.as_deref(), progress)?;
    let rows = std::mem::take(&mut visited.rows);
    let earlier = writer.as_deref_mut().and_then(IndexWriter::take_earlier);
    let earlier_run = earlier.as_ref().map(|index| EarlierRun::of(index, &visited.hashes));
    let links = if job.dedupes() {
        let carried = Carried { rows, writer: writer.as_deref_mut(), earlier_run: earlier_run.as_ref() };
        Some(link(corpus, &visited, decisions, config, &weights, carried, progress)?)
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
    let reuse = Reuse { earlier: earlier.as_ref(), is_kept: writer.is_some() };
    let propose = |links| propose_all(corpus, &visited, links, audit.as_ref(), &weights, reuse, progress);
    let proposed = links.map(propose).transpose()?;
    let features = std::mem::take(&mut visited.features);
    let mut duplicates = proposed.map(|proposed| Duplicates { features, ..proposed });
    let since = match (writer, &mut duplicates) {
        (Some(writer), Some(duplicates)) => {
            keep(writer, &visited, duplicates, audit.as_ref(), earlier_run.as_ref(), progress)?
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
    writer: &IndexWriter,
    visited: &Visited<'_>,
    duplicates: &mut Duplicates,
    audit: Option<&audit::Outcome>,
    earlier_run: Option<&EarlierRun<'_>>,
    progress: &Progress,
) -> Result<Option<Since>, Error> {
    let stage = progress.stage("keep", 0, Unit::Items);
    let earlier = earlier_run.map(EarlierRun::index);
    let lines =
        PairLines::of(duplicates, &visited.ids, |pair| earlier_run.and_then(|earlier_run| earlier_run.line(pair)));
    let lines = lines.map_err(no_list)?;
    writer.lines(&lines.lasting(duplicates))?;
    duplicates.lines = Some(lines);
    let duplicates = &*duplicates;
    let id = |record| visited.ids.of(record);
    let proposals = index::of_proposals(&duplicates.proposals);
    let findings = audit.map(|audit| index::of_findings(audit, id)).unwrap_or_default();
    let of_records = || {
        writer.records(&visited.hashes, id, &duplicates.features, earlier)?;
        writer.traces(|| visited.traces.iter(), earlier)
    };
    let of_proposals = || writer.made(&duplicates.proposals.made(), earlier);
    let (records, made) = rayon::join(of_records, of_proposals);
    records.and(made)?;
    writer.results(&proposals, &findings)?;
    stage.finish();
    Ok(earlier_run.map(|earlier_run| Since {
        records: earlier_run.records(id),
        proposals: earlier_run.proposals(&proposals),
        findings: audit.and_then(|_| earlier_run.findings(&findings)),
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
    let pairs = block(corpus, &visited, rows, config, None, None, progress)?.candidates.pairs();
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
