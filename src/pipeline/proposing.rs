//! Members read again, and proposals made of them.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use super::linking::Links;
use super::reading::Visited;
use crate::audit;
use crate::error::Error;
use crate::ids::RecordId;
use crate::index::Index;
use crate::input::{Corpus, Parser, Record};
use crate::keys::FeatureTable;
use crate::matching::Cluster;
use crate::matching::score::Verdict;
use crate::matching::weights::Weights;
use crate::merge::{Band, Choice, Earlier, Member, Proposals, Source, proposal_id, propose};
use crate::progress::{Progress, Unit};
use crate::results::{Counts, Duplicates};

/// Makes proposals of clusters; `audit` is asked how many findings each record has, which is 0 without it.
pub(super) fn propose_all(
    corpus: &Corpus,
    visited: &Visited<'_>,
    links: Links,
    audit: Option<&audit::Outcome>,
    weights: &Weights,
    reuse: Reuse<'_>,
    progress: &Progress,
) -> Result<Duplicates, Error> {
    let Links { mut counts, block_sizes, histogram, vetoed, clusters, relations, near_misses, stale, choices } = links;
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
    let features = &visited.features;
    let source = Source { fetch: &fetch, file_name: &file_name, advance: &advance, features, choices: &choices };
    let key = |cluster: &Cluster| key_of(cluster, corpus, visited, &n_findings, &choices);
    let made = |key| reuse.earlier.and_then(|index| index.made(key));
    let place = |record: RecordId| {
        let position = visited.positions[record.index()];
        (file_name(position.file), position)
    };
    let segments = reuse.earlier.map(Index::made_segments);
    let earlier = Earlier { key: &key, made: &made, segments, place: &place };
    let earlier = reuse.is_kept.then_some(&earlier);
    let proposals = propose(&clusters.merge, &clusters.review, &source, weights, earlier).map_err(no_list)?;
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
        lines: None,
        stale,
        features: FeatureTable::default(),
        weights: weights.clone(),
    })
}

/// Where proposals of the run before are, and whether the next one is to have these.
#[derive(Clone, Copy)]
pub(super) struct Reuse<'m> {
    pub(super) earlier: Option<&'m Index>,
    pub(super) is_kept: bool,
}

/// What a merge proposal follows from: all bytes of the records, their findings, the links, and what a person chose. `None` if a
/// record is gone.
fn key_of(
    cluster: &Cluster,
    corpus: &Corpus,
    visited: &Visited<'_>,
    n_findings: &impl Fn(RecordId) -> usize,
    choices: &BTreeMap<String, Choice>,
) -> Option<u64> {
    if cluster.verdict != Verdict::Merge {
        return None;
    }
    let mut hash = Xxh3::new();
    let mut add = |number: u64| hash.update(&number.to_le_bytes());
    for &record in &cluster.members {
        add(xxh3_64(corpus.bytes_at(visited.positions[record.index()])?));
        add(n_findings(record) as u64);
    }
    for link in &cluster.links {
        for record in [link.pair.a, link.pair.b] {
            add(cluster.members.binary_search(&record).ok()? as u64);
        }
        add(link.weight.centibits() as u64);
        add(u64::from(link.is_accepted));
        add(link.stale.map_or(0, |was_accepted| 1 + u64::from(was_accepted)));
    }
    let id = || proposal_id(cluster.members.iter().map(|&record| visited.ids.of(record)).collect::<BTreeSet<_>>());
    if let Some(choice) = (!choices.is_empty()).then(|| choices.get(&id())).flatten() {
        add(choice.fingerprint());
    }
    Some(hash.digest())
}

/// Counts what is proposed.
pub(crate) fn count(proposals: &Proposals, counts: &mut Counts) {
    counts.merge_proposals = proposals.n(Band::Merge) as u64;
    counts.review_proposals = proposals.n(Band::Review) as u64;
    counts.superfluous_records = proposals.n_superfluous();
}

/// The temporary file of proposals failed.
pub(crate) fn no_list(error: io::Error) -> Error {
    Error::Proposals { reason: Error::temporary(&error) }
}
