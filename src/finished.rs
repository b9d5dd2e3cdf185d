//! A finished report, read back by the commands that start from one.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::config::Config;
use crate::error::Error;
use crate::input::Corpus;
use crate::pipeline;
use crate::progress::Progress;

/// The list of proposals, as `report` names it.
pub const PROPOSALS: &str = "proposals.jsonl";
/// The list of findings.
pub const FINDINGS: &str = "findings.jsonl";
const SUMMARY: &str = "summary.json";

/// The summary of a report folder; its lists are read when they are asked for.
pub struct Finished {
    /// The folder as the user named it.
    pub folder: PathBuf,
    /// The exports it was made from.
    pub inputs: Vec<Input>,
    /// The configuration it was made with.
    pub config: Config,
    /// Number of records processed.
    pub n_records: usize,
    /// Whether duplicates were looked for, and between how many candidate pairs.
    pub n_candidate_pairs: Option<usize>,
    /// Number of proposals that the list had when it was written, if duplicates were looked for.
    n_proposals: Option<usize>,
    /// Number of findings that the list had when it was written, if they were looked for.
    n_findings: Option<usize>,
    /// See [`Finished::is_replaced`].
    stamp: Option<(u64, SystemTime)>,
}

/// One export, as `summary.json` names it.
#[derive(Deserialize)]
pub struct Input {
    /// The path as the user gave it.
    pub file: String,
    /// Its size after decompression.
    pub bytes: u64,
}

#[derive(Deserialize)]
struct Summary {
    inputs: Vec<Input>,
    records: Records,
    duplicates: Option<Duplicates>,
    audit: Option<Audit>,
    configuration: serde_json::Value,
}

#[derive(Deserialize)]
struct Records {
    processed: usize,
}

#[derive(Deserialize)]
struct Duplicates {
    counts: Funnel,
}

#[derive(Deserialize)]
struct Funnel {
    candidate_pairs: usize,
    merge_proposals: usize,
    review_proposals: usize,
}

#[derive(Deserialize)]
struct Audit {
    findings: usize,
}

impl Finished {
    /// Reads `summary.json`.
    ///
    /// # Errors
    /// If the folder is no report, or one of another version.
    pub fn read(folder: &Path) -> Result<Finished, Error> {
        let path = folder.join(SUMMARY);
        let stamp = stamp(folder);
        let fail =
            |path: &Path, reason: String| Error::Input { path: path.display().to_string(), reason, source: None };
        let text = std::fs::read_to_string(&path).map_err(|source| match source.kind() {
            std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => {
                let what = match (folder.is_dir(), folder.exists()) {
                    (true, _) => "it holds no summary.json",
                    (false, true) => "it is a file",
                    (false, false) => "there is no such folder",
                };
                fail(folder, format!("{what}; name the folder that `shelfread check` or `dedupe` wrote with -o"))
            }
            _ => Error::input(&path, source),
        })?;
        let summary: Summary = serde_json::from_str(&text)
            .map_err(|error| fail(&path, format!("{error}; it is not the summary of a shelfread report")))?;
        let config: Config = serde_json::from_value(summary.configuration).map_err(|error| {
            fail(&path, format!("its configuration is of another version ({error}); make the report again"))
        })?;
        let counts = summary.duplicates.map(|duplicates| duplicates.counts);
        Ok(Finished {
            folder: folder.to_owned(),
            inputs: summary.inputs,
            config,
            n_records: summary.records.processed,
            n_candidate_pairs: counts.as_ref().map(|counts| counts.candidate_pairs),
            n_proposals: counts.map(|counts| counts.merge_proposals + counts.review_proposals),
            n_findings: summary.audit.map(|audit| audit.findings),
            stamp,
        })
    }

    /// Whether another report, or none, is in its place now.
    pub fn is_replaced(&self) -> bool {
        stamp(&self.folder) != self.stamp
    }

    /// The name for messages.
    pub fn name(&self) -> String {
        self.folder.display().to_string()
    }

    /// Refuses a report of an audit only.
    ///
    /// # Errors
    /// If duplicates were not looked for.
    pub fn check_dedupes(&self) -> Result<(), Error> {
        if self.n_candidate_pairs.is_some() {
            return Ok(());
        }
        let reason = "the report is of an audit only; make one with `shelfread check` or `dedupe`";
        Err(Error::Input { path: self.name(), reason: reason.to_owned(), source: None })
    }

    /// Checks that the list of proposals is whole: one that was cut at the end of a line looks like a short one.
    ///
    /// # Errors
    /// If it has another number of lines than the summary says.
    pub fn check_proposals(&self, n: usize) -> Result<(), Error> {
        match self.n_proposals {
            Some(was) if was != n => Err(self.not_whole(PROPOSALS, &format!("it has {n} proposals"), was)),
            _ => Ok(()),
        }
    }

    /// The same for the list of findings; `n` is `None` if there is none.
    ///
    /// # Errors
    /// As of [`Finished::check_proposals`].
    pub fn check_findings(&self, n: Option<usize>) -> Result<(), Error> {
        match (self.n_findings, n) {
            (Some(was), Some(is)) if was != is => Err(self.not_whole(FINDINGS, &format!("it has {is} findings"), was)),
            (Some(was), None) => Err(self.not_whole(FINDINGS, "it is gone", was)),
            _ => Ok(()),
        }
    }

    fn not_whole(&self, name: &str, is: &str, was: usize) -> Error {
        let reason = format!("{is}, and had {was} when the report was made; make the report again");
        Error::Input { path: self.folder.join(name).display().to_string(), reason, source: None }
    }

    /// Opens the exports the report was made from.
    ///
    /// # Errors
    /// If one is gone or of another size.
    pub fn open_exports(&self, progress: &Progress) -> Result<Corpus, Error> {
        let corpus = self.open_present_exports(progress)?;
        if let Some((name, reason)) = self.other_size(&corpus) {
            return Err(Error::Input { path: name, reason: format!("{reason}; make the report again"), source: None });
        }
        Ok(corpus)
    }

    /// Opens the exports whatever has become of their sizes.
    ///
    /// # Errors
    /// If one is gone or is no export any more.
    pub fn open_present_exports(&self, progress: &Progress) -> Result<Corpus, Error> {
        let fail = |file: &str, reason: String| Error::Input { path: file.to_owned(), reason, source: None };
        if self.inputs.iter().any(|input| input.file == "-") {
            let reason = "the report was made from standard input, which cannot be read again; save the export as a \
                          file and make the report from it";
            return Err(fail("-", reason.to_owned()));
        }
        if let Some(gone) = self.inputs.iter().find(|input| !Path::new(&input.file).exists()) {
            let reason = format!(
                "the report {} was made from it, and there is no such file; run this where the report was made, since \
                 names are relative to the current folder",
                self.name()
            );
            return Err(fail(&gone.file, reason));
        }
        let paths: Vec<PathBuf> = self.inputs.iter().map(|input| PathBuf::from(&input.file)).collect();
        pipeline::open(&paths, progress)
    }

    /// The first export that has another size than when the report was made, and both sizes in words.
    pub fn other_size(&self, corpus: &Corpus) -> Option<(String, String)> {
        let mut files = corpus.files().iter().zip(&self.inputs);
        let (file, input) = files.find(|(file, input)| file.bytes().len() as u64 != input.bytes)?;
        let (is, was, name) = (file.bytes().len(), input.bytes, self.name());
        Some((input.file.clone(), format!("it has {is} bytes and had {was} when the report {name} was made")))
    }

    /// All proposals, as far as `T` needs them.
    ///
    /// # Errors
    /// If the list cannot be read or is not whole, or a line is not as expected.
    pub fn proposals<T: DeserializeOwned>(&self) -> Result<Vec<T>, Error> {
        let mut lines = Vec::new();
        each_line(&self.folder.join(PROPOSALS), |line| {
            lines.push(line);
            Ok(())
        })?;
        self.check_proposals(lines.len())?;
        Ok(lines)
    }
}

/// What tells a summary from that of another run: its size and when it was written.
fn stamp(folder: &Path) -> Option<(u64, SystemTime)> {
    let metadata = folder.join(SUMMARY).metadata().ok()?;
    Some((metadata.len(), metadata.modified().ok()?))
}

/// Shows the objects of a list that the program wrote, a line each, one after the other.
///
/// # Errors
/// If the file cannot be read, a line is not as expected, or `visit` fails.
pub fn each_line<T: DeserializeOwned>(path: &Path, mut visit: impl FnMut(T) -> Result<(), Error>) -> Result<(), Error> {
    let file = File::open(path).map_err(|source| Error::input(path, source))?;
    for (at, line) in BufReader::new(file).lines().enumerate() {
        let line = line.map_err(|source| Error::input(path, source))?;
        let object = serde_json::from_str(&line).map_err(|error| Error::Input {
            path: path.display().to_string(),
            reason: format!("line {}: {error}; make it again", at + 1),
            source: None,
        })?;
        visit(object)?;
    }
    Ok(())
}
