//! What can end a run. A bad record is not among it: it becomes a [`Reject`](crate::input::Reject).

use std::io;
use std::path::{Path, PathBuf};

/// A reason why the run could not be done (exit code 2).
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// An input cannot be opened, mapped or decompressed.
    #[error("cannot read {path}: {reason}")]
    Input {
        /// The path as the user gave it.
        path: String,
        /// What is wrong, and what to do.
        reason: String,
        /// The operating system's error, when there was one.
        #[source]
        source: Option<io::Error>,
    },
    /// The report folder cannot be made or replaced.
    #[error("cannot write {path}: {reason}")]
    Output {
        /// The report folder, or the file within it.
        path: String,
        /// What is wrong, and what to do.
        reason: String,
        /// The operating system's error, when there was one.
        #[source]
        source: Option<io::Error>,
    },
    /// The configuration file is not usable.
    #[error("configuration {path}: {reason}")]
    Config {
        /// The path as the user gave it.
        path: String,
        /// The parser's message with its line, or the value out of range.
        reason: String,
    },
    /// A record that the user named is not in the export.
    #[error("no record with id {id:?} among the {n_records} records read; ids are compared byte for byte")]
    UnknownId {
        /// The id that was asked for.
        id: String,
        /// Number of records in the input.
        n_records: usize,
    },
    /// Two records were to be compared, and one was named twice.
    #[error("{id:?} is one record in the input; name two")]
    OneRecord {
        /// Its id.
        id: String,
    },
    /// An index folder cannot be used.
    #[error("{path}: {reason}")]
    IndexFolder {
        /// The folder as the user named it.
        path: String,
        /// What is wrong, and what to do.
        reason: String,
    },
    /// The features of the records cannot be kept.
    #[error("temporary file of features: {reason}")]
    Features {
        /// What failed.
        reason: String,
    },
    /// The keys of the records cannot be kept.
    #[error("temporary file of keys: {reason}")]
    Keys {
        /// What failed.
        reason: String,
    },
    /// The proposals cannot be kept.
    #[error("temporary file of proposals: {reason}")]
    Proposals {
        /// What failed.
        reason: String,
    },
    /// The findings of the audit cannot be kept.
    #[error("temporary file of findings: {reason}")]
    Findings {
        /// What failed.
        reason: String,
    },
    /// Decisions cannot be kept or read.
    #[error("decisions {path}: {reason}")]
    Decisions {
        /// The path as the user gave it.
        path: String,
        /// What is wrong, and what to do.
        reason: String,
    },
    /// A stage cannot read its rows, or nobody takes them.
    #[error("stream of rows: {reason}")]
    Stage {
        /// What is wrong.
        reason: String,
    },
    /// There is nothing to train on.
    #[error("cannot train: {reason}")]
    Training {
        /// What is missing, and what to do.
        reason: String,
    },
    /// The review server cannot do its work.
    #[error("cannot serve the report: {reason}")]
    Serve {
        /// What is wrong, and what to do.
        reason: String,
    },
    /// The export no longer holds what a report was made from.
    #[error("{what}; nothing was written\n{}make the report again", records.iter().map(|record| format!("  {record}\n")).collect::<String>())]
    Changed {
        /// How many records differ, of which report.
        what: String,
        /// The first of them: id, place, and what has become of it.
        records: Vec<String>,
    },
    /// The program aborted itself, mostly because it got no memory; the line before says so.
    #[error(
        "the program gave up, and nothing was written; if there was no memory, raise the limit or give fewer --threads"
    )]
    GivenUp,
    /// Ctrl-C or a termination signal; nothing was written.
    #[error("interrupted; nothing was written")]
    Interrupted,
    /// The same, between report and index.
    #[error(
        "interrupted when the report was in its place; the index is that of the run before, so that the next run tells these differences again"
    )]
    InterruptedAfterReport,
}

/// Where temporary files lie, in words.
fn temporary() -> String {
    format!("temporary files lie in {}, and TMPDIR names another place", std::env::temp_dir().display())
}

impl Error {
    /// A reason why temporary data cannot be kept.
    pub(crate) fn temporary(source: &io::Error) -> String {
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => format!("the disk is full: {}", temporary()),
            _ => format!("{source}: {}", temporary()),
        }
    }

    /// An input error caused by the operating system.
    pub fn input(path: &Path, source: io::Error) -> Error {
        let reason = match source.kind() {
            io::ErrorKind::NotFound => "there is no such file".to_owned(),
            io::ErrorKind::PermissionDenied => "permission denied; check the file's access rights".to_owned(),
            io::ErrorKind::StorageFull => format!("the disk is full: {}", temporary()),
            io::ErrorKind::OutOfMemory => "the system gives no memory for it; raise the limit".to_owned(),
            io::ErrorKind::IsADirectory => "it is a folder; name a file".to_owned(),
            io::ErrorKind::NotADirectory => "what should be a folder of its path is a file".to_owned(),
            _ => source.to_string(),
        };
        Error::Input { path: path.display().to_string(), reason, source: Some(source) }
    }

    /// An output error caused by the operating system.
    pub fn output(path: &Path, source: io::Error) -> Error {
        let reason = match source.kind() {
            io::ErrorKind::PermissionDenied => "permission denied; choose another folder with -o".to_owned(),
            io::ErrorKind::NotFound => "the parent folder does not exist; create it first".to_owned(),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                "the disk is full; nothing was written".to_owned()
            }
            io::ErrorKind::ReadOnlyFilesystem => "its disk can only be read; choose another folder with -o".to_owned(),
            io::ErrorKind::AlreadyExists | io::ErrorKind::DirectoryNotEmpty => {
                "it exists now and did not when the run began; nothing was replaced".to_owned()
            }
            io::ErrorKind::InvalidFilename => "its name is too long or not allowed there".to_owned(),
            _ => source.to_string(),
        };
        Error::Output { path: PathBuf::from(path).display().to_string(), reason, source: Some(source) }
    }
}
