//! The run as filters: each stage reads rows from one Arrow stream and writes rows to another, so that an engine that
//! sorts and shuffles, such as Apache Spark, can spread the run over many machines. `docs/spark.md` tells how.
//!
//! ```text
//! lines ── read (or keys, and audit) ─┬─> parts of the audit
//!                                     ├─> keys ── (by key) ── blocks ─┬─> members of whole blocks
//!                                     │      crowded blocks, + features ─ pieces ─ divide ─┤
//!                                     │      title keys and huge blocks, in order ── near ─┤
//!                                     └─> records with features ───── (by record) ── members ── (by block) ── score ──> pairs
//! pairs and their records ── (by component) ── propose ──> proposals
//! records, parts, pairs, proposals ── report ──> the report of a run on one machine
//! ```
//!
//! A stage does what [`crate::pipeline::run`] does, with the same functions; nothing is decided here. Between stages
//! rows are only sorted, brought together and counted.

mod blocks;
mod divide;
mod keys;
mod members;
mod near;
mod packets;
mod propose;
mod report;
pub mod rows;
mod score;

use std::io::{Read, Write};
use std::path::PathBuf;

use crate::config::Config;
use crate::error::Error;
use crate::ids::Position;
use crate::input::Corpus;
use crate::keys::Features;
use crate::keys::table::decode;
use crate::matching::weights::Weights;

pub use keys::{Made, lines};
pub use packets::part_of_record;
pub use report::report;
pub use {
    blocks::blocks, divide::divide, divide::pieces, members::members, near::near, propose::propose, score::score,
};

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

/// The id of a row's record.
fn id(row: &rows::Row) -> Result<&str, Error> {
    row.texts.first().map(String::as_str).ok_or_else(|| broken(format!("record {} has no id", row.record)))
}

/// The place of a row's record or reject.
fn place(row: &rows::Row) -> Result<Position, Error> {
    let place = || {
        let [file, line, byte, len, ..] = row.numbers[..] else { return None };
        let (file, line) = (file.try_into().ok()?, line.try_into().ok()?);
        Some(Position { file, line, byte: byte.try_into().ok()?, len: len.try_into().ok()? })
    };
    place().ok_or_else(|| broken(format!("record {} has no place", row.record)))
}

/// The same, if the exports have it.
fn place_in(exports: &Corpus, row: &rows::Row) -> Result<Position, Error> {
    let position = place(row)?;
    let n_bytes = exports.files().get(position.file as usize).map_or(0, |file| file.bytes().len() as u64);
    let is_within = position.byte.checked_add(position.len.into()).is_some_and(|end| end <= n_bytes);
    is_within.then_some(position).ok_or_else(|| broken(format!("record {} has no place in the exports", row.record)))
}

/// What a stage must know of how the run is spread.
#[derive(Clone, Debug)]
pub struct Spread {
    /// Names of the exports, by number, for [`propose()`].
    pub file_names: Vec<String>,
    /// Where they lie, for [`propose()`]; none if rows bring the documents.
    pub exports: Vec<PathBuf>,
    /// Number of the stream among all of one sort, for [`near()`].
    pub part: i64,
    /// Number of parts that are written for, at least 1.
    pub n_parts: usize,
}

impl Default for Spread {
    fn default() -> Spread {
        Spread { file_names: Vec::new(), exports: Vec::new(), part: 0, n_parts: 1 }
    }
}

/// A filter by name, for the command line.
pub struct Filter<'a> {
    /// The configuration.
    pub config: &'a Config,
    /// How the run is spread.
    pub spread: &'a Spread,
}

/// The filters, by name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Name {
    /// Lines → records with features and keys
    Keys,
    /// Lines → parts of an audit
    Audit,
    /// Both
    Read,
    /// Keys → members of blocks, and title keys
    Blocks,
    /// Members of crowded blocks → the pieces that these are divided in
    Pieces,
    /// Crowded blocks → their parts
    Divide,
    /// Title keys, and records of huge blocks, in their order → pairs
    Near,
    /// Members of blocks, and features → records for where their blocks come together
    Members,
    /// Records of blocks with features → pairs that match
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
            Name::Keys => self.lines(Made { keys: true, audit: false }, input, &mut out),
            Name::Audit => self.lines(Made { keys: false, audit: true }, input, &mut out),
            Name::Read => self.lines(Made { keys: true, audit: true }, input, &mut out),
            Name::Blocks => blocks(input, self.config, self.spread.n_parts, &mut out),
            Name::Pieces => pieces(input, &mut out),
            Name::Divide => divide(input, self.config, self.spread.n_parts, &mut out),
            Name::Near => near(input, self.config, self.spread.part, &mut out),
            Name::Members => members(input, self.spread.n_parts, &mut out),
            Name::Score => score(input, self.config, &mut out),
            Name::Propose => propose(input, self.config, &self.spread.file_names, &self.spread.exports, &mut out),
        }?;
        out.finish().map(drop)
    }

    fn lines(&self, made: Made, input: impl Read, out: &mut rows::Writer<impl Write>) -> Result<(), Error> {
        lines(input, made, self.config, self.spread.n_parts, out)
    }
}
