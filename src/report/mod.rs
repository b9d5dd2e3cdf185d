//! Stage 7: results → files.
//!
//! In: [`Results`]. Out: a folder that appears whole or not at all. Everything but `run.json` follows from
//! the input and the configuration alone, byte for byte. `report` formats and never computes verdicts.

pub(crate) mod chart;
mod csv;
mod formats;
mod html;
mod id_lists;
mod jsonl;
mod markdown;
mod profile;
pub(crate) mod shown;
mod sides;
mod summary;

use std::io::{self, Write};

use crate::error::Error;
use crate::folder::{Contents, Folder, write_pretty};
use crate::pipeline::Results;
use crate::progress::StageTime;

pub(crate) use csv::safe as safe_cell;
pub use formats::{Colours, Format, print};
pub(crate) use html::{PARTS, STYLE};
pub(crate) use id_lists::write_id;
pub use summary::{summary, text_summary};

/// The files of a report; which of them it has depends on the job.
const FILES: [&str; 13] = [
    "findings.csv",
    "findings.jsonl",
    "fixes.jsonl",
    "index.html",
    "near_misses.jsonl",
    "profile.json",
    "proposals.csv",
    "proposals.jsonl",
    "rejects.jsonl",
    "relations.jsonl",
    "run.json",
    "stale_decisions.jsonl",
    "summary.json",
];

/// What a report folder holds.
pub const CONTENTS: Contents =
    Contents { mark: "summary.json", files: &FILES, folders: &[(id_lists::FOLDER, id_lists::is_list)] };

/// Writes all files of a report into the folder being made. `advance` is told the number of proposals written.
///
/// # Errors
/// If a file cannot be written; the folder is then dropped as a whole.
pub fn write(results: &Results, folder: &Folder, advance: impl Fn(u64)) -> Result<(), Error> {
    file(folder, "summary.json", |out| write_pretty(out, &summary(results)))?;
    file(folder, "index.html", |out| html::page(results, out))?;
    file(folder, "proposals.csv", |out| csv::proposals(results, out))?;
    file(folder, "findings.csv", |out| csv::findings(results, out))?;
    file(folder, "proposals.jsonl", |out| jsonl::proposals(results, &advance, out))?;
    file(folder, "relations.jsonl", |out| jsonl::relations(results, out))?;
    file(folder, "near_misses.jsonl", |out| jsonl::near_misses(results, out))?;
    file(folder, "stale_decisions.jsonl", |out| jsonl::stale_decisions(results, out))?;
    file(folder, "findings.jsonl", |out| jsonl::findings(results, out))?;
    file(folder, "fixes.jsonl", |out| out.write_all(results.fixes.as_ref().map_or(&[], |fixes| fixes.bytes())))?;
    if let Some(profile) = &results.profile {
        let profile = serde_json::to_value(profile).expect("plain tables of numbers and words");
        file(folder, "profile.json", |out| write_pretty(out, &profile))?;
    }
    file(folder, "rejects.jsonl", |out| jsonl::rejects(results, out))?;
    id_lists::write(results, folder)?;
    Ok(())
}

/// Writes `run.json`, the one file that differs from run to run.
///
/// # Errors
/// If it cannot be written.
pub fn write_run(times: &[StageTime], folder: &Folder) -> Result<(), Error> {
    file(folder, "run.json", |out| write_pretty(out, &summary::run(times)))
}

fn file(folder: &Folder, name: &str, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Error> {
    folder.file(name, write)
}

#[cfg(test)]
mod testing {
    //! Results to report on.

    use crate::config::Config;
    use crate::pipeline::{self, Job, Results};
    use crate::progress::Progress;

    /// Two records that are one.
    pub(super) const TWINS: &str = r#"{"id":"a-1","title":"A plain title about libraries and their books","author":["Poe, Edgar"],"publishDate":["1999"],"format":["Book"],"publisher":["Press"],"physical":["200 p."],"isbn":["9780306406157"]}
{"id":"b-2","title":"A plain title about libraries and their books","author":["Poe, Edgar"],"publishDate":["1999"],"format":["Book"],"publisher":["Press"],"physical":["200 p."],"isbn":["9780306406157"]}
"#;

    /// The results of a run over `lines`.
    pub(super) fn results(lines: &str, job: Job) -> Results {
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = folder.path().join("records.jsonl");
        std::fs::write(&path, lines).expect("writable");
        pipeline::run(&[path], job, &Config::default(), &Progress::new(true)).expect("it runs")
    }
}
