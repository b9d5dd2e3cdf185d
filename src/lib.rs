//! `shelfread` walks a whole catalogue for duplicate and defective records.
//!
//! An export of VuFind/Solr documents goes in; merge proposals, audit findings and a report page come out.
//! The folders follow the data, and a stage knows only what comes before it:
//!
//! 1. [`input`]: files → records. Maps plain files and never copies them; gzip, zstd, stdin and pipes are unpacked once into
//!    a temporary file, Staff View text is converted in memory. A bad record becomes a reject.
//! 2. [`keys`]: records → normalised keys and features. Never compares two records.
//! 3. [`matching`]: keys → clusters. Never opens an export, never sees a record.
//! 4. [`merge`]: clusters → proposals. Never decides who matches.
//! 5. [`audit`]: records → findings. Rules know nothing of each other or of output.
//! 6. [`fix`]: findings → patches. Never writes to Solr, never touches the export.
//! 7. [`report`]: [`results`] → files. Formats, never decides.
//!
//! After the run, people decide on proposals at the desk of [`review`], and [`decisions`] keeps what they say;
//! [`apply`] turns what was accepted into what a maintainer can load, and never writes to Solr either.
//! Beside the run, [`evaluate`] measures a finished report against pairs that people have judged
//! ([`gold`]), and [`train`] learns match weights, with such pairs or without.
//!
//! [`index`] keeps what the next run need not do again, and answers whether a record is there already.
//!
//! All of them reach the disk through [`files`], so that output appears whole or not at all.
//!
//! [`pipeline::run`] puts the stages together; [`stage`] hands them out one by one, for engines that spread them over
//! machines. Results depend on the input and the configuration, never on
//! threads, hash order or time.

pub mod apply;
pub mod audit;
pub mod cli;
pub mod config;
pub mod decisions;
mod disjoint_sets;
pub mod error;
pub mod evaluate;
pub mod exit;
pub mod explain;
pub mod files;
pub mod finished;
pub mod fix;
pub mod gold;
pub mod ids;
pub mod index;
pub mod inert;
pub mod input;
pub mod keys;
pub mod matching;
pub mod merge;
mod nearest;
pub mod pipeline;
pub mod progress;
pub mod report;
pub mod results;
pub mod review;
pub mod rule_pages;
pub mod stage;
pub mod train;
