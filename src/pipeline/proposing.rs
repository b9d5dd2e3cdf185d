//! Members read again, and proposals made of them.

use std::io;

use super::linking::Links;
use super::reading::Visited;
use super::{Counts, Duplicates};
use crate::audit;
use crate::error::Error;
use crate::ids::RecordId;
use crate::input::{Corpus, Parser, Record};
use crate::keys::FeatureTable;
use crate::matching::weights::Weights;
use crate::merge::{Decision, Member, Proposals, Source, propose};
use crate::progress::{Progress, Unit};

pub(super) fn propose_all(
    corpus: &Corpus,
    visited: &Visited<'_>,
    links: Links,
    audit: Option<&audit::Outcome>,
    weights: &Weights,
    progress: &Progress,
) -> Result<Duplicates, Error> {
    let Links { mut counts, block_sizes, histogram, vetoed, clusters, relations, near_misses, stale } = links;
    let n_clusters = clusters.merge.len() + clusters.review.len();
    let stage = progress.stage("propose", n_clusters as u64, Unit::Items);
    let n_findings = |record: RecordId| audit.map_or(0, |audit| audit.n_of_record(record));
    let fetch = |number: RecordId| {
        let position = visited.positions[number.index()];
        let member = |record: &Record<'_>| Member::without_features(number, position, record, n_findings(number));
        corpus.fetch(position, &mut Parser::default(), member).ok()
    };
    let file_name = |file: u32| corpus.files()[file as usize].name.clone();
    let advance = |n| stage.advance(n);
    let source = Source { fetch: &fetch, file_name: &file_name, advance: &advance, features: &visited.features };
    let proposals = propose(&clusters.merge, &clusters.review, &source, weights).map_err(no_list)?;
    count(&proposals, &mut counts);
    stage.finish();
    progress.count(counts.merge_proposals + counts.review_proposals, "proposals");
    Ok(Duplicates {
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
    })
}

/// Counts what is proposed.
pub(crate) fn count(proposals: &Proposals, counts: &mut Counts) {
    counts.merge_proposals = proposals.n(Decision::Merge) as u64;
    counts.review_proposals = proposals.n(Decision::Review) as u64;
    counts.superfluous_records = proposals.n_superfluous();
}

/// The temporary file of proposals failed.
pub(crate) fn no_list(error: io::Error) -> Error {
    Error::Proposals { reason: Error::temporary(&error) }
}
