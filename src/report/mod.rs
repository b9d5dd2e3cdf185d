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

use rayon::prelude::*;

use crate::error::Error;
use crate::files::folder::{Contents, Folder, write_pretty};
use crate::progress::StageTime;
use crate::results::Results;

pub(crate) use csv::{of_system as csv_error, safe as safe_cell};
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
pub const CONTENTS: Contents = Contents {
    what: "a report",
    mark: "summary.json",
    files: &FILES,
    former: &[],
    telling: &[],
    folders: &[(id_lists::FOLDER, id_lists::is_list)],
    verbatim: &[],
};

/// Writes one file of a report.
type WriteFile<'r> = Box<dyn Fn(&mut dyn Write) -> io::Result<()> + Sync + 'r>;

/// Writes all files of a report into the folder being made, side by side. `advance` is told the number of proposals written,
/// from any thread.
///
/// # Errors
/// If a file cannot be written; the folder is then dropped as a whole.
pub fn write(results: &Results, folder: &Folder, advance: impl Fn(u64) + Sync) -> Result<(), Error> {
    let fixes = results.fixes.as_ref().map_or(&[][..], |fixes| fixes.bytes());
    // The longest first, so that the others have their time.
    let mut files: Vec<(&str, WriteFile<'_>)> = vec![
        ("proposals.jsonl", Box::new(|out| jsonl::proposals(results, &advance, out))),
        ("findings.jsonl", Box::new(|out| jsonl::findings(results, out))),
        ("proposals.csv", Box::new(|out| csv::proposals(results, out))),
        ("findings.csv", Box::new(|out| csv::findings(results, out))),
        ("index.html", Box::new(|out| html::page(results, out))),
        ("relations.jsonl", Box::new(|out| jsonl::relations(results, out))),
        ("near_misses.jsonl", Box::new(|out| jsonl::near_misses(results, out))),
        ("summary.json", Box::new(|out| write_pretty(out, &summary(results)))),
        ("stale_decisions.jsonl", Box::new(|out| jsonl::stale_decisions(results, out))),
        ("fixes.jsonl", Box::new(|out| out.write_all(fixes))),
        ("rejects.jsonl", Box::new(|out| jsonl::rejects(results, out))),
    ];
    if let Some(profile) = &results.profile {
        let profile = serde_json::to_value(profile).expect("plain tables of numbers and words");
        files.push(("profile.json", Box::new(move |out| write_pretty(out, &profile))));
    }
    let written: Vec<Result<(), Error>> =
        files.par_iter().with_max_len(1).map(|(name, write)| file(folder, name, write)).collect();
    written.into_iter().collect::<Result<(), Error>>()?;
    id_lists::write(results, folder)
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
    use crate::pipeline;
    use crate::progress::Progress;
    use crate::results::{Job, Results};

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
