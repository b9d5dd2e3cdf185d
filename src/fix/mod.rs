//! Stage 6: findings → patches.
//!
//! In: an [`Outcome`], whose findings of class S carry the right values of a field. Out: [`Fixes`], one [`Patch`] per
//! record and field, in the order of records. A record is repaired in memory until no rule has a safe repair left,
//! so that derived fields follow (the module `repair`); what would create a new finding is withheld, with the reason.
//! [`apply()`] lays reviewed patches over a copy of the export, [`preview()`] shows them as diffs.
//!
//! Nothing is ever written to Solr. Posting an exported document again doubles the stored destinations of copyFields
//! (`author_facet`, `spellingShingle`), fails for single-valued ones (`title_fullStr`), and loses sources that are
//! not stored (`allfields`, `fulltext`). A patch is meant for the import rules or the source of a record.

mod apply;
mod copies;
mod of_title;
mod preview;
mod repair;

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Seek, Write};

use memmap2::Mmap;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::audit::{Outcome, Repairable, Rule, Settings};
use crate::error::Error;
use crate::ids::Position;
use crate::input::{Corpus, Parser};

pub use apply::{Totals, apply, read_patches};
pub use preview::{Look, preview};
pub use repair::{Fault, FieldChange, Repair, Scope, repair};

/// One line of `fixes.jsonl`: what becomes of one field of one record.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Patch {
    /// The record's id.
    pub id: String,
    /// The field's name.
    pub field: String,
    /// Its values as stored; none if the record lacks it.
    pub before: Vec<String>,
    /// Its values after the repair; none if the field is to be removed.
    pub after: Vec<String>,
    /// Codes of the rules that asked for it, in the order in which they were applied.
    pub rule: Vec<String>,
    /// XXH3 (64 bits, hexadecimal) of the record's bytes as stored: a patch for other bytes is stale.
    pub hash: String,
    /// The input file, as given on the command line.
    pub file: String,
    /// Line of the record, from 1.
    pub line: u64,
    /// Why the patch must not be applied as it is; absent from patches that may be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withheld: Option<String>,
}

/// All patches of a run. They lie in an unnamed temporary file.
pub struct Fixes {
    /// Numbers of records and patches.
    pub counts: Counts,
    lines: Option<Mmap>,
}

/// How many records and fields can be repaired.
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize)]
pub struct Counts {
    /// Records with at least one patch that may be applied.
    pub records: u64,
    /// Patches that may be applied, one per record and field.
    pub patches: u64,
    /// Patches by the codes that asked for them; one of several rules counts for each.
    pub by_rule: BTreeMap<&'static str, u64>,
    /// Records with a withheld patch.
    pub withheld_records: u64,
    /// Withheld patches.
    pub withheld_patches: u64,
    /// Withheld patches by reason.
    pub withheld_by_reason: BTreeMap<String, u64>,
    /// Records whose repairs undo each other or never end: mistakes of the rules.
    pub rule_errors: u64,
}

impl Fixes {
    /// The lines of `fixes.jsonl`.
    pub fn bytes(&self) -> &[u8] {
        self.lines.as_deref().unwrap_or_default()
    }

    /// The patches, in the order of records and fields.
    pub fn patches(&self) -> impl Iterator<Item = Patch> + '_ {
        let lines = self.bytes().split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
        lines.map(|line| serde_json::from_slice(line).expect("the lines are our own"))
    }
}

/// Records that are repaired at a time; bounds memory, and is enough for any number of threads.
const BATCH: usize = 4096;

/// Repairs all records with safe findings.
///
/// `positions` says where each record lies, by number. `advance` is told the number of finished records.
///
/// # Errors
/// If the temporary file of patches cannot be written.
/// # Memory
/// Flat: some thousand records at a time.
/// # Threads
/// Records are repaired in parallel; the order is theirs.
pub fn fix(
    corpus: &Corpus,
    positions: &[Position],
    outcome: &Outcome,
    settings: &Settings,
    advance: impl Fn(u64) + Sync,
) -> Result<Fixes, Error> {
    let fail = |error: io::Error| Error::Findings { reason: Error::temporary(&error) };
    let mut out = BufWriter::with_capacity(1 << 16, tempfile::tempfile().map_err(fail)?);
    let mut counts = Counts::default();
    let mut records = outcome.repairable();
    loop {
        let batch: Vec<Repairable> = records.by_ref().take(BATCH).collect();
        if batch.is_empty() {
            break;
        }
        let one = |parser: &mut Parser, record: &Repairable| {
            let repair = repair_at(corpus, positions[record.record.index()], record, outcome, settings, parser);
            advance(1);
            repair
        };
        let repaired: Vec<Option<(Source, Repair)>> = batch.par_iter().map_init(Parser::default, one).collect();
        for (source, repair) in repaired.into_iter().flatten() {
            counts.add(&repair);
            for patch in patches(&source, &repair, corpus) {
                serde_json::to_writer(&mut out, &patch).map_err(io::Error::from).map_err(fail)?;
                out.write_all(b"\n").map_err(fail)?;
            }
        }
    }
    let mut file = out.into_inner().map_err(|error| fail(error.into_error()))?;
    let is_empty = file.stream_position().map_err(fail)? == 0;
    let lines = if is_empty { None } else { Some(crate::files::map::map(&file).map_err(fail)?) };
    Ok(Fixes { counts, lines })
}

/// Where a repaired record comes from.
struct Source {
    id: String,
    hash: String,
    position: Position,
}

/// `None` if the file has changed under the map and no longer holds a record there.
fn repair_at(
    corpus: &Corpus,
    position: Position,
    record: &Repairable,
    outcome: &Outcome,
    settings: &Settings,
    parser: &mut Parser,
) -> Option<(Source, Repair)> {
    let bytes = corpus.bytes_at(position)?;
    let id = parser.parse(bytes, |record| record.id().to_owned()).ok()?;
    let (judges, takes_back) =
        (|rule: &Rule| outcome.judges(rule, record.record), |rule: &Rule| outcome.takes_back(rule, record.record));
    let scope = Scope { settings, judges: &judges, takes_back: &takes_back };
    let repair = repair(bytes, &record.across, &scope, parser);
    Some((Source { id, hash: hash(bytes), position }, repair))
}

fn patches<'a>(source: &'a Source, repair: &'a Repair, corpus: &'a Corpus) -> impl Iterator<Item = Patch> + 'a {
    let fields = repair.changes.iter().map(|change| (change, None));
    let withheld = repair.withheld.iter().map(|(change, fault)| (change, Some(fault.to_string())));
    fields.chain(withheld).map(|(change, withheld)| Patch {
        id: source.id.clone(),
        field: change.field.clone(),
        before: change.before.clone(),
        after: change.after.clone(),
        rule: change.rules.iter().map(|&code| code.to_owned()).collect(),
        hash: source.hash.clone(),
        file: corpus.files()[source.position.file as usize].name.clone(),
        line: source.position.line,
        withheld,
    })
}

impl Counts {
    fn add(&mut self, repair: &Repair) {
        self.records += u64::from(!repair.changes.is_empty());
        self.patches += repair.changes.len() as u64;
        for &code in repair.changes.iter().flat_map(|change| &change.rules) {
            *self.by_rule.entry(code).or_default() += 1;
        }
        self.withheld_records += u64::from(!repair.withheld.is_empty());
        self.withheld_patches += repair.withheld.len() as u64;
        for (_, fault) in &repair.withheld {
            *self.withheld_by_reason.entry(fault.to_string()).or_default() += 1;
        }
        self.rule_errors += u64::from(repair.withheld.iter().any(|(_, fault)| fault.is_of_rules()));
    }
}

/// The hash of a record's bytes as patches carry it.
fn hash(bytes: &[u8]) -> String {
    format!("{:016x}", xxh3_64(bytes))
}
