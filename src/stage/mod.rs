//! The run as filters: each stage reads rows from one Arrow stream and writes rows to another, so that an engine that
//! sorts and shuffles, such as Apache Spark, can spread the run over many machines. `docs/spark.md` tells how.
//!
//! ```text
//! lines ── keys ──> records with features and keys ── (by key) ── blocks ──> members of blocks, title keys
//!       └─ audit ─> parts of the audit                 pieces, divide: blocks that are too large
//!                                                      near: title keys and huge blocks in their order
//! members with features ── (by block) ── score ──> pairs ── (by component) ── propose ──> proposals
//! records, parts, pairs, proposals ── report ──> the report of a run on one machine
//! ```
//!
//! A stage does what [`crate::pipeline::run`] does, with the same functions; nothing is decided here. Between stages
//! rows are only sorted, brought together and counted.

mod blocks;
mod divide;
mod keys;
mod near;
mod propose;
mod report;
pub mod rows;
mod score;

use std::io::{Read, Write};

use crate::config::Config;
use crate::error::Error;
use crate::keys::Features;
use crate::keys::table::decode;
use crate::matching::candidates::Limits;
use crate::matching::weights::Weights;

pub use keys::{audit, keys};
pub use report::report;
pub use {blocks::blocks, divide::divide, divide::pieces, near::near, propose::propose, score::score};

/// How blocks are turned into pairs.
pub(crate) fn limits(config: &Config) -> Limits {
    let crate::config::Blocking { max_block_records, max_weak_block_records, neighbourhood } = config.blocking;
    Limits { max_block_records, max_weak_block_records, neighbourhood }
}

fn weights(config: &Config) -> Result<Weights, Error> {
    Weights::new(&config.model).map_err(|reason| Error::Config { path: "model".to_owned(), reason })
}

fn broken(reason: impl Into<String>) -> Error {
    Error::Stage { reason: reason.into() }
}

/// A record's number in a row.
fn number(record: i64) -> Result<u32, Error> {
    u32::try_from(record).map_err(|_| broken(format!("{record} is no number of a record")))
}

/// The features that a row brings.
fn features(row: &rows::Row) -> Result<Features<'_>, Error> {
    number(row.record)?;
    decode(&row.bytes).map_err(|reason| broken(format!("record {} has no features: {reason}", row.record)))
}

/// A filter by name, for the command line: `file_names` are those of the input files, for [`propose()`], and `part` is
/// the number of the stream among all of one sort, for [`near()`].
pub struct Filter<'a> {
    /// The configuration.
    pub config: &'a Config,
    /// Names of the input files, by number.
    pub file_names: &'a [String],
    /// Number of the part.
    pub part: i64,
}

/// The filters, by name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Name {
    /// Lines → records with features and keys
    Keys,
    /// Lines → parts of an audit
    Audit,
    /// Keys → members of blocks, and title keys
    Blocks,
    /// Members of crowded blocks → the pieces that these are divided in
    Pieces,
    /// Crowded blocks → their parts
    Divide,
    /// Title keys, and records of huge blocks, in their order → pairs
    Near,
    /// Members of blocks with features → pairs that match
    Score,
    /// Matches and documents → proposals
    Propose,
}

impl Filter<'_> {
    /// Runs a filter over a whole stream, on the threads of the current rayon pool.
    ///
    /// # Errors
    /// If the input is not what the stage takes, or the output cannot be written.
    pub fn run(&self, name: Name, input: impl Read, out: impl Write) -> Result<(), Error> {
        let mut out = rows::Writer::new(out)?;
        match name {
            Name::Keys => keys(input, &mut out),
            Name::Audit => audit(input, self.config, &mut out),
            Name::Blocks => blocks(input, self.config, &mut out),
            Name::Pieces => pieces(input, &mut out),
            Name::Divide => divide(input, self.config, &mut out),
            Name::Near => near(input, self.config, self.part, &mut out),
            Name::Score => score(input, self.config, &mut out),
            Name::Propose => propose(input, self.config, self.file_names, &mut out),
        }?;
        out.finish().map(drop)
    }
}
