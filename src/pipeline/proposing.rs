//! Members read again, and proposals made of them.

use super::Duplicates;
use super::linking::Links;
use super::reading::{Visited, fetch_member};
use crate::audit;
use crate::ids::RecordId;
use crate::input::Corpus;
use crate::keys::FeatureTable;
use crate::matching::weights::Weights;
use crate::merge::{Decision, Proposal, Source, propose};
use crate::progress::{Progress, Unit};

pub(super) fn propose_all(
    corpus: &Corpus,
    visited: &Visited<'_>,
    links: Links,
    audit: Option<&audit::Outcome>,
    weights: &Weights,
    progress: &Progress,
) -> Duplicates {
    let Links { mut counts, block_sizes, histogram, vetoed, clusters, relations, near_misses, stale } = links;
    let n_clusters = clusters.merge.len() + clusters.review.len();
    let stage = progress.stage("propose", n_clusters as u64, Unit::Items);
    let n_findings = |record: RecordId| audit.map_or(0, |audit| audit.n_of_record(record));
    let fetch = |number: RecordId| fetch_member(corpus, visited.positions[number.index()], number, n_findings(number));
    let file_name = |file: u32| corpus.files()[file as usize].name.clone();
    let source = Source { fetch: &fetch, file_name: &file_name, advance: &|n| stage.advance(n) };
    let proposals = propose(&clusters.merge, &clusters.review, &source, weights);
    let of = |decision| proposals.iter().filter(move |proposal: &&Proposal| proposal.decision == decision);
    counts.merge_proposals = of(Decision::Merge).count() as u64;
    counts.review_proposals = of(Decision::Review).count() as u64;
    counts.superfluous_records = of(Decision::Merge).map(|proposal| proposal.members.len() as u64 - 1).sum();
    stage.finish();
    progress.count(counts.merge_proposals + counts.review_proposals, "proposals");
    Duplicates {
        counts,
        block_sizes,
        histogram,
        vetoed,
        proposals,
        relations,
        near_misses,
        stale,
        features: FeatureTable::default(),
        weights: weights.clone(),
    }
}
