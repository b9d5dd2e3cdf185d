//! After "yes": accepted proposals → files that a maintainer can load.
//!
//! In: a finished report, the exports it was made from, and decisions. Out: a folder with VuFind's own form of
//! deduplication, delete lists, a mapping, and before-images by which every merge can be taken back one by one. Nothing
//! is written to Solr, and nothing at all if a record is not what the report saw.

mod document;
mod earlier;
mod files;
mod plan;
mod undo;

use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde_json::json;

use crate::decisions;
use crate::error::Error;
use crate::files::folder::{Contents, Folder};
use crate::finished::Finished;
use crate::ids::{Position, RecordId};
use crate::input::{Corpus, Parser};
use crate::merge::{Choice, Member, ProposalMember, unite};
use crate::progress::{Progress, Unit, grouped};

use files::Files;
use plan::{Counts, Group, Plan};

pub use undo::{UNDO_CONTENTS, undo};

/// What the folder of `apply` holds.
pub const CONTENTS: Contents = Contents {
    what: "what `apply` writes",
    mark: "applied.json",
    files: &[
        "README.md",
        "applied.json",
        "before_images.jsonl",
        "children.csv",
        "children_ids.txt",
        "delete.json",
        "delete_ids.txt",
        "groups.jsonl",
        "mapping.csv",
        "mapping.parquet",
        "merged_documents.jsonl",
        "redirects.csv",
        "withheld.jsonl",
    ],
    former: &[],
    telling: &[],
    folders: &[],
    verbatim: &["before_images.jsonl"],
};

const README: &str = include_str!("README.md");
/// Changed records named.
const MAX_NAMED: usize = 20;
/// Groups read side by side before they are written.
const BATCH: usize = 1_000;

/// What was done.
pub struct Applied {
    counts: Counts,
    /// Merged documents without text for searching, since none of `allfields` and its copies is stored.
    n_without_text: u64,
}

/// Writes what applying a report means into `folder`. Without decisions, all proposals to merge are applied.
///
/// # Errors
/// If the report or a file of decisions cannot be read, a record has changed since the report was made, a file cannot be
/// written, or the folder to replace holds records as they were that the new one does not.
pub fn apply(report: &Path, decisions: &[PathBuf], folder: &Folder, progress: &Progress) -> Result<Applied, Error> {
    let report = Finished::read(report)?;
    report.check_dedupes()?;
    let mut rulings = Vec::new();
    for path in decisions {
        rulings.extend(decisions::read(path)?);
    }
    let plan = Plan::of(&report, decisions::in_force(rulings))?;
    let corpus = report.open_present_exports(progress)?;
    let source = Source { report: &report, corpus: &corpus };
    source.check(&plan, progress)?;
    if let Some((name, reason)) = report.other_size(&corpus) {
        progress.warn(&format!("{name}: {reason}, but the records to merge are as they were"));
    }
    let stage = progress.stage("apply", plan.groups.len() as u64, Unit::Items);
    let mut files = Files::start(folder)?;
    let mut n_without_text = 0;
    for batch in plan.groups.chunks(BATCH) {
        let read: Result<Vec<_>, Error> = batch.par_iter().map(|group| source.merge(group)).collect();
        for (group, merged) in batch.iter().zip(read?) {
            n_without_text += u64::from(!merged.has_text);
            files.write(group, &merged)?;
        }
        stage.advance(batch.len() as u64);
    }
    files.finish()?;
    earlier::check_images(folder)?;
    stage.finish();
    let applied = Applied { counts: plan.counts, n_without_text };
    folder.file("withheld.jsonl", |out| plan.withheld.iter().try_for_each(|line| writeln!(out, "{line}")))?;
    folder.file("README.md", |out| out.write_all(README.as_bytes()))?;
    let summary = json!({
        "tool": "shelfread",
        "version": env!("CARGO_PKG_VERSION"),
        "report": report.name(),
        "decisions": decisions.iter().map(|path| path.display().to_string()).collect::<Vec<_>>(),
        "inputs": report.inputs.iter().map(|input| json!({"file": input.file, "bytes": input.bytes})).collect::<Vec<_>>(),
        "counts": applied.counts,
        "documents_without_allfields": n_without_text,
    });
    folder.file("applied.json", |out| writeln!(out, "{summary:#}"))?;
    Ok(applied)
}

/// A group as one record.
struct Merged {
    /// Index of the member that leads.
    survivor: usize,
    reason: String,
    /// One line.
    document: Vec<u8>,
    has_text: bool,
    /// The members as the exports have them, in one line each.
    images: Vec<Vec<u8>>,
}

struct Source<'s> {
    report: &'s Finished,
    corpus: &'s Corpus,
}

impl Source<'_> {
    /// Refuses if any record of any group is not what the report saw.
    fn check(&self, plan: &Plan, progress: &Progress) -> Result<(), Error> {
        let stage = progress.stage("verify", plan.groups.len() as u64, Unit::Items);
        let wrong = |group: &Group| -> Vec<String> {
            let lines = group.members.iter().filter_map(|member| {
                let place = format!("{} ({}:{})", member.id, member.file, member.line);
                match self.fetch(member) {
                    Some(record) if record.id == member.id && record.hash() == member.hash => None,
                    Some(record) if record.id == member.id => Some(format!("{place}: it says something else now")),
                    // Where lines were added or taken away, all records behind them have moved.
                    _ => Some(format!("{place}: it is not at this place any more")),
                }
            });
            let lines = lines.collect();
            stage.advance(1);
            lines
        };
        let records: Vec<String> = plan.groups.par_iter().flat_map_iter(wrong).collect();
        stage.finish();
        if records.is_empty() {
            return Ok(());
        }
        let (n, report) = (grouped(records.len() as u64), self.report.name());
        let what = format!("{n} records to merge are not as they were when the report {report} was made");
        Err(Error::Changed { what, records: records.into_iter().take(MAX_NAMED).collect() })
    }

    fn position(&self, member: &ProposalMember) -> Option<Position> {
        let file = self.report.inputs.iter().position(|input| input.file == member.file)?;
        Some(Position { file: u32::try_from(file).ok()?, len: member.length, line: member.line, byte: member.byte })
    }

    fn fetch(&self, member: &ProposalMember) -> Option<Member> {
        let at = self.position(member)?;
        let copy =
            |record: &crate::input::Record<'_>| Member::without_features(RecordId::new(0), at, record, member.findings);
        self.corpus.fetch(at, &mut Parser::default(), copy).ok()
    }

    fn merge(&self, group: &Group) -> Result<Merged, Error> {
        let gone = |member: &ProposalMember| Error::Changed {
            what: "a record changed while it was read".to_owned(),
            records: vec![member.id.clone()],
        };
        let mut members = Vec::new();
        let mut images = Vec::new();
        for member in &group.members {
            let record = self.fetch(member).filter(|record| record.hash() == member.hash);
            members.push(record.ok_or_else(|| gone(member))?);
            let bytes = self.position(member).and_then(|at| self.corpus.bytes_at(at)).ok_or_else(|| gone(member))?;
            images.push(crate::input::in_one_line(bytes));
        }
        let mut fields = group.fields.clone();
        fields.retain(|field, _| !document::is_left_out(field));
        let united = unite(&members, &Choice { survivor: group.survivor.clone(), fields });
        let (document, has_text) = document::merged_document(&group.id, &members, &united);
        Ok(Merged { survivor: united.survivor, reason: united.survivor_reason, document, has_text, images })
    }
}

impl std::fmt::Display for Applied {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Counts { groups, records, withheld, open, .. } = self.counts;
        writeln!(f, "{:<12} {} of {} records", "groups", grouped(groups), grouped(records))?;
        writeln!(f, "{:<12} {} (withheld.jsonl says why)", "withheld", grouped(withheld))?;
        writeln!(f, "{:<12} {} to review, not decided", "open", grouped(open))?;
        if self.n_without_text > 0 {
            let n = grouped(self.n_without_text);
            writeln!(f, "{:<12} {n} merged documents lack text for allfields: README.md says what that means", "note")?;
        }
        Ok(())
    }
}
