//! What a run gives, before it is written: the report shows it, and the index keeps what the next run takes again.

pub(crate) mod pair_lines;

use pair_lines::PairLines;

use crate::audit::{self, Profile};
use crate::config::Config;
use crate::decisions::Ruling;
use crate::fix::Fixes;
use crate::ids::{Ids, Position};
use crate::index::Since;
use crate::input::{Reject, Shortfall};
use crate::keys::FeatureTable;
use crate::matching::blocks::BlockSizes;
use crate::matching::candidates::Pair;
use crate::matching::compare::compare;
use crate::matching::evidence::{Comparison, Veto};
use crate::matching::near_misses::NearMiss;
use crate::matching::relations::{Related, reason};
use crate::matching::weights::Weights;
use crate::merge::Proposals;

/// Which halves of the job are done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Job {
    /// Duplicates and audit.
    Check,
    /// Duplicates only.
    Dedupe,
    /// Audit only.
    Audit,
}

impl Job {
    /// The subcommand.
    pub fn name(self) -> &'static str {
        match self {
            Job::Check => "check",
            Job::Dedupe => "dedupe",
            Job::Audit => "audit",
        }
    }

    /// Whether duplicates are looked for.
    pub fn dedupes(self) -> bool {
        self != Job::Audit
    }

    /// Whether records are audited.
    pub fn audits(self) -> bool {
        self != Job::Dedupe
    }
}

/// Everything a report is made of.
pub struct Results {
    /// What was done.
    pub job: Job,
    /// The resolved configuration.
    pub config: Config,
    /// Inputs by number: name and size in bytes after decompression.
    pub inputs: Vec<(String, u64)>,
    /// Ids of all records.
    pub ids: Ids,
    /// Places of all records, by record number.
    pub positions: Vec<Position>,
    /// What was no record.
    pub rejects: Vec<Reject>,
    /// Inputs that hold less than the query that they answer has found, or break off.
    pub shortfalls: Vec<Shortfall>,
    /// Documents, lines and fragments met.
    pub n_read: u64,
    /// Empty lines, which count as nothing.
    pub n_blank_lines: u64,
    /// The duplicates, unless the job leaves them out.
    pub duplicates: Option<Duplicates>,
    /// The audit, unless the job leaves it out.
    pub audit: Option<audit::Outcome>,
    /// What the catalogue holds, unless there was no audit.
    pub profile: Option<Profile>,
    /// Patches for what the audit found and a program can repair, unless there was no audit.
    pub fixes: Option<Fixes>,
    /// How it differs from the run that left the index, if there was one.
    pub since: Option<Since>,
}

/// What looking for duplicates gave.
pub struct Duplicates {
    /// Numbers of the funnel.
    pub counts: Counts,
    /// How many blocks there are of which size, and the largest by name.
    pub block_sizes: BlockSizes,
    /// Scored pairs per bit of weight, see [`score`](crate::matching::score).
    pub histogram: Vec<u64>,
    /// Pairs that a veto kept apart although their weight would have made them a match.
    pub vetoed: Vec<(Veto, u64)>,
    /// The proposals.
    pub proposals: Proposals,
    /// Pairs that belong together but are no duplicates, ascending by pair.
    pub relations: Vec<Related>,
    /// Pairs that just failed to match, ascending by pair.
    pub near_misses: Vec<NearMiss>,
    /// The lines of both, if the next run may take them again.
    pub(crate) lines: Option<PairLines>,
    /// Decisions that no longer fit their records, in their order.
    pub stale: Vec<Stale>,
    pub(crate) features: FeatureTable,
    pub(crate) weights: Weights,
}

/// A decision on records of which some have changed since.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stale {
    /// What was decided.
    pub ruling: Ruling,
    /// Ids of the members that are not what they were.
    pub changed: Vec<String>,
}

impl Duplicates {
    /// The comparison that a pair's verdict came from. It is made again, which costs less than to keep those of
    /// all pairs.
    pub fn comparison(&self, pair: Pair) -> Comparison {
        compare(&self.features.get(pair.a), &self.features.get(pair.b), &self.weights)
    }

    /// Why a pair has a relation and is no duplicate, as a sentence. `comparison` is the pair's.
    pub fn relation_reason(&self, related: &Related, comparison: &Comparison) -> String {
        let Pair { a, b } = related.pair;
        reason(related.detail, &self.features.get(a), &self.features.get(b), comparison)
    }
}

/// The funnel from keys to proposals.
#[derive(Clone, Copy, Default, Debug, serde::Serialize)]
pub struct Counts {
    /// Keys of all records together, repeats within a record left out.
    pub keys: u64,
    /// Keys in the index: shared ones, and all title keys.
    pub indexed_keys: u64,
    /// Size of the index in bytes.
    pub index_bytes: u64,
    /// Blocks of two or more records.
    pub blocks: u64,
    /// Blocks that were too large and were divided.
    pub divided_blocks: u64,
    /// Pairs of title keys found near each other.
    pub neighbour_blocks: u64,
    /// Pairs of records that blocks bring together.
    pub candidate_pairs: u64,
    /// Those of them that were compared in every aspect; the others a bound on their weight kept apart.
    pub compared: u64,
    /// Pairs in the merge band.
    pub merge_pairs: u64,
    /// Pairs in the review band.
    pub review_pairs: u64,
    /// Matches not used because their groups contradict each other.
    pub cut_links: u64,
    /// Pairs that belong together but are no duplicates.
    pub relations: u64,
    /// Pairs that just failed to match, cut links included.
    pub near_misses: u64,
    /// Pairs that people accepted, both of whose records are in the input.
    pub accepted_pairs: u64,
    /// Pairs that people rejected, likewise.
    pub rejected_pairs: u64,
    /// Decisions of which fewer than two records are in the input.
    pub idle_decisions: u64,
    /// Decisions of which a record has changed since: these say nothing about its pairs.
    pub stale_decisions: u64,
    /// Merge proposals.
    pub merge_proposals: u64,
    /// Review proposals.
    pub review_proposals: u64,
    /// Records that the merge proposals would remove.
    pub superfluous_records: u64,
}
