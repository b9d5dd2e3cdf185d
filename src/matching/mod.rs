//! Stage 3: keys → clusters.
//!
//! In: features and key rows of all records. Out: [`Clusters`] of records that are one. On the way:
//! [`blocks`] (which records share a key), [`candidates`] (which pairs are compared), [`compare`] (evidence
//! and vetoes of a pair), [`score`] (verdicts), [`clusters`]. Beside them, pairs that are no match: [`relations`]
//! (they belong together) and [`near_misses`] (what decided). What people have [`decided`] goes before all evidence. A run that knows an earlier one finds [`anew`] only what has changed. `matching` never opens a file and never looks at
//! a record itself.

pub mod anew;
pub mod blocks;
pub mod candidates;
pub mod clusters;
pub mod compare;
pub mod decided;
pub mod evidence;
pub mod near_misses;
pub mod outcomes;
pub mod relations;
pub mod rows;
pub mod score;
pub mod sketch;
pub mod weights;

pub use clusters::{Cluster, Clusters};
