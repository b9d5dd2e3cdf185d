//! Records brought together, compared, and grouped.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::reading::{Visited, push_rows};
use crate::config::Config;
use crate::decisions::{self, Ruling};
use crate::error::Error;
use crate::ids::{Ids, RecordId};
use crate::index::{EarlierOutcomes, EarlierRun, IndexWriter, PackedRows};
use crate::input::{Corpus, Parser, Record};
use crate::keys::block_keys::{block_keys, title_keys};
use crate::keys::{FeatureTable, Features};
use crate::matching::anew::sift;
use crate::matching::blocks::{BlockIndex, BlockSizes, Groups, Tally};
use crate::matching::candidates::{Candidates, Dividing, Pair, candidates_of, near_titles};
use crate::matching::clusters::{self, Contradiction, cluster_again};
use crate::matching::compare::compare;
use crate::matching::decided::Decided;
use crate::matching::evidence::Veto;
use crate::matching::near_misses::{Failed, NearMiss};
use crate::matching::outcomes::Memory;
use crate::matching::relations::Related;
use crate::matching::rows::{N_RANGES, RangeRows, Rows};
use crate::matching::score::{Match, N_BARS, Remembering, Scores, Verdict, score_anew};
use crate::matching::weights::Weights;
use crate::merge::{Choice, Member};
use crate::progress::{Progress, Unit};
use crate::results::{Counts, Stale};

/// The decisions in force of all files, in their order.
pub(super) fn read_decisions(config: &Config) -> Result<Vec<Ruling>, Error> {
    let files = config.decisions.iter().map(|path| decisions::read(path));
    Ok(decisions::in_force(files.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect()))
}

/// Matches grouped, before anything is read again.
pub(super) struct Links {
    pub(super) counts: Counts,
    pub(super) block_sizes: BlockSizes,
    pub(super) histogram: Vec<u64>,
    pub(super) vetoed: Vec<(Veto, u64)>,
    pub(super) clusters: crate::matching::Clusters,
    pub(super) relations: Vec<Related>,
    pub(super) near_misses: Vec<NearMiss>,
    pub(super) stale: Vec<Stale>,
    /// What people chose for proposals, by their ids.
    pub(super) choices: BTreeMap<String, Choice>,
}

/// What a run takes from the one before, and what it leaves to the next.
pub(super) struct Carried<'m> {
    /// Keys of records that the earlier run does not know.
    pub(super) rows: Rows<'m>,
    pub(super) writer: Option<&'m mut IndexWriter>,
    pub(super) earlier_run: Option<&'m EarlierRun<'m>>,
}

/// The keys of all records: those that were read, and those of records that were there before.
fn with_earlier<'m>(
    rows: Rows<'m>,
    earlier_run: Option<&'m EarlierRun<'m>>,
    corpus: &Corpus,
    visited: &Visited<'_>,
) -> Rows<'m> {
    let Some(earlier_run) = earlier_run else { return rows };
    // More copies of one document than there were: no earlier record is left to lend them its keys.
    let is_read = |record: &RecordId| visited.keyed.binary_search(record).is_ok();
    let records = (0..visited.ids.len()).map(RecordId::new);
    let mut more = Vec::new();
    for copy in records.filter(|record| !earlier_run.is_known(*record) && !is_read(record)) {
        // A record that is gone has no keys.
        let _ = corpus.fetch(visited.positions[copy.index()], &mut Parser::default(), |record| {
            push_rows(record, &Features::of(record), copy, &mut more);
        });
    }
    rows.with_earlier(more, Box::new(|bits, new| earlier_run.rows(bits, new)))
}

/// Blocks named in the summary.
pub(crate) const N_LARGEST_BLOCKS: usize = 20;

/// Blocks, compares, and groups all records, as far as `decisions` do not say otherwise.
pub(super) fn link(
    corpus: &Corpus,
    visited: &Visited<'_>,
    decisions: Vec<Ruling>,
    config: &Config,
    weights: &Weights,
    carried: Carried<'_>,
    progress: &Progress,
) -> Result<Links, Error> {
    let Carried { rows, mut writer, earlier_run } = carried;
    let rows = with_earlier(rows, earlier_run, corpus, visited);
    let Blocked { mut counts, block_sizes, candidates, anew } =
        block(corpus, visited, rows, config, writer.as_deref_mut(), earlier_run, progress)?;
    let stage = progress.stage("score", candidates.n_records() as u64, Unit::Items);
    let memory = earlier_run.map(|earlier_run| EarlierOutcomes { earlier_run, anew: anew.as_deref() });
    let memory = memory.as_ref().map(|memory| memory as &dyn Memory);
    let remembering = Remembering { memory, is_logged: writer.is_some() };
    let scores = score_anew(&visited.features, &candidates, weights, remembering, |n| stage.advance(n));
    let mut scores = scores.map_err(|error| Error::Features { reason: Error::temporary(&error) })?;
    if let Some(writer) = &mut writer {
        writer.outcomes(&std::mem::take(&mut scores.log), &std::mem::take(&mut scores.log_starts))?;
    }
    let n_with = |verdict| scores.matches.iter().filter(|found| found.verdict == verdict).count() as u64;
    counts.compared = scores.histogram.iter().take(N_BARS).sum();
    counts.candidate_pairs = counts.compared + scores.dismissed;
    drop(candidates);
    counts.merge_pairs = n_with(Verdict::Merge);
    counts.review_pairs = n_with(Verdict::Review);
    stage.finish();
    progress.count(counts.candidate_pairs, "candidate pairs");
    progress.count(counts.compared, "compared");
    progress.count(counts.merge_pairs + counts.review_pairs, "matches");

    let stage = progress.stage("cluster", 0, Unit::Items);
    let (decided, of_people) = decide(decisions, corpus, visited);
    counts.accepted_pairs = decided.accepted().len() as u64;
    counts.rejected_pairs = decided.n_rejected() as u64;
    counts.idle_decisions = of_people.n_idle;
    counts.stale_decisions = of_people.stale.len() as u64;
    obey(&decided, &mut scores, &visited.features, weights);
    let fits = |key| earlier_run.and_then(|earlier_run| earlier_run.index().fits(key));
    let earlier = writer.is_some().then_some(clusters::EarlierFits { hashes: &visited.hashes, fits: &fits });
    let id_of = |record| visited.ids.of(record);
    let (clusters, found) = cluster_again(&scores.matches, &decided, &visited.features, weights, &id_of, earlier);
    if let Some(writer) = writer {
        writer.fits(&found)?;
    }
    counts.cut_links = clusters.cuts.len() as u64;
    let cuts = clusters.cuts.iter().map(|cut| (cut.link.pair, cut.contradiction));
    forget_told(&mut scores.related, &mut scores.near_misses, &clusters.united(), cuts, &visited.ids);
    counts.relations = scores.related.len() as u64;
    counts.near_misses = scores.near_misses.len() as u64;
    stage.finish();
    Ok(Links {
        counts,
        block_sizes,
        histogram: scores.histogram,
        vetoed: scores.vetoed,
        clusters,
        relations: scores.related,
        near_misses: scores.near_misses,
        stale: of_people.stale,
        choices: of_people.choices,
    })
}

/// Leaves out pairs whose records are proposed as one, and adds the links that were cut to the near misses.
pub(crate) fn forget_told(
    related: &mut Vec<Related>,
    near_misses: &mut Vec<NearMiss>,
    united: &impl Fn(Pair) -> bool,
    cuts: impl Iterator<Item = (Pair, Contradiction)>,
    ids: &Ids,
) {
    // Two copies of one id are one record twice, which the audit reports.
    let is_told = |pair: Pair| united(pair) || ids.of(pair.a) == ids.of(pair.b);
    related.retain(|related| !is_told(related.pair));
    near_misses.retain(|miss| !is_told(miss.pair));
    near_misses.extend(cuts.map(|(pair, contradiction)| NearMiss { pair, failed: Failed::Cut(contradiction) }));
    near_misses.sort_unstable_by_key(|miss| miss.pair);
}

/// What was told about decisions beside the pairs that they unite or keep apart.
struct DecisionsFound {
    n_idle: u64,
    stale: Vec<Stale>,
    /// What was chosen for proposals, by their ids.
    choices: BTreeMap<String, Choice>,
}

/// Decisions on records of the input. A decision on an id stands for all its copies.
fn decide(rulings: Vec<Ruling>, corpus: &Corpus, visited: &Visited<'_>) -> (Decided, DecisionsFound) {
    let mut records: BTreeMap<&str, Vec<RecordId>> = BTreeMap::new();
    for seen in rulings.iter().flat_map(|ruling| &ruling.members) {
        records.entry(&seen.id).or_default();
    }
    if !records.is_empty() {
        for record in (0..visited.ids.len()).map(RecordId::new) {
            records.entry(visited.ids.of(record)).and_modify(|copies| copies.push(record));
        }
    }
    records.retain(|_, copies| !copies.is_empty());
    // Proposals show the first copy of an id.
    let hash = |copies: &Vec<RecordId>| {
        let (first, at) = (copies[0], visited.positions[copies[0].index()]);
        let copy = |record: &Record<'_>| Member::without_features(first, at, record, 0).hash();
        Parser::lend(|parser| corpus.fetch(at, parser, copy)).unwrap_or_default()
    };
    let hashes: BTreeMap<&str, String> = records.par_iter().map(|(&id, copies)| (id, hash(copies))).collect();
    let found = decisions::pairs(&rulings, |id| hashes.get(id).map(String::as_str));
    // To be one, copies need no more than the first one of the other id; to be kept apart, each needs all of them.
    let copies = |id: &str| records[id].iter().enumerate();
    let pairs = found.standings.iter().flat_map(|((a, b), &standing)| {
        copies(a).flat_map(move |(at_a, &a)| {
            let others = copies(b).filter(move |(at_b, _)| !standing.is_accepted || at_a == 0 || *at_b == 0);
            others.map(move |(_, &b)| (Pair::new(a, b), standing))
        })
    });
    let decided = Decided::new(pairs);
    let stale = |(at, changed): (usize, Vec<String>)| Stale { ruling: rulings[at].clone(), changed };
    let choices = decisions::choices(&rulings, &found);
    (decided, DecisionsFound { n_idle: found.n_idle, stale: found.stale.into_iter().map(stale).collect(), choices })
}

/// Makes matches of what was accepted, whether the pair was a candidate or not, and near misses of what was rejected.
/// Of what was decided before a record changed, a person should look again.
fn obey(decided: &Decided, scores: &mut Scores, features: &FeatureTable, weights: &Weights) {
    let Scores { matches, near_misses, related, .. } = scores;
    matches.retain(|found| {
        if decided.is_rejected(found.pair) {
            near_misses.push(NearMiss { pair: found.pair, failed: Failed::Rejected });
        }
        !decided.is_rejected(found.pair) && !decided.is_accepted(found.pair)
    });
    let weight = |pair: Pair| compare(&features.get(pair.a), &features.get(pair.b), weights).weight();
    matches.extend(decided.accepted().iter().map(|&pair| Match {
        pair,
        weight: weight(pair),
        verdict: Verdict::Merge,
        is_accepted: true,
        stale: None,
    }));
    matches.sort_unstable_by_key(|found| found.pair);
    let mut again = Vec::new();
    for &(pair, was_accepted) in decided.stale() {
        match matches.binary_search_by_key(&pair, |found| found.pair) {
            Ok(at) => {
                let verdict = if was_accepted { matches[at].verdict } else { Verdict::Review };
                matches[at] = Match { verdict, stale: Some(was_accepted), ..matches[at] };
            }
            Err(_) if was_accepted => {
                let weight = weight(pair);
                let verdict = Verdict::Review;
                again.push(Match { pair, weight, verdict, is_accepted: false, stale: Some(true) });
            }
            Err(_) => (),
        }
    }
    matches.extend(again);
    matches.sort_unstable_by_key(|found| found.pair);
    // A pair that also has a relation is told there.
    near_misses.retain(|miss| {
        miss.failed != Failed::Rejected || related.binary_search_by_key(&miss.pair, |related| related.pair).is_err()
    });
}

/// Records brought together, before anything is compared.
pub(super) struct Blocked {
    pub(super) counts: Counts,
    pub(super) block_sizes: BlockSizes,
    pub(super) candidates: Candidates,
    /// The records whose pairs were found anew, if only theirs were.
    anew: Option<Vec<bool>>,
}

/// Finds candidate pairs by keys and near titles; after a run that differs little, only those of what has changed.
pub(super) fn block(
    corpus: &Corpus,
    visited: &Visited<'_>,
    rows: Rows<'_>,
    config: &Config,
    mut writer: Option<&mut IndexWriter>,
    earlier_run: Option<&EarlierRun<'_>>,
    progress: &Progress,
) -> Result<Blocked, Error> {
    if let Some(writer) = &mut writer
        && let Some(earlier_run) = earlier_run.filter(|earlier_run| earlier_run.is_quiet())
    {
        return block_anew(corpus, visited, &rows, config, writer, earlier_run, progress);
    }
    let mut counts = Counts::default();
    let stage = progress.stage("group", 0, Unit::Items);
    let mut groups = Groups::default();
    let is_kept = writer.is_some();
    let made = |range: RangeRows| {
        let packed = is_kept.then(|| PackedRows::of(&range.rows));
        (range.rows.len(), Groups::of(&range.rows), packed)
    };
    let packed = rows.made_of_ranges(made).filter_map(|(n_rows, of_range, packed)| {
        counts.keys += n_rows as u64;
        groups.append_part(&of_range, N_RANGES);
        packed
    });
    match writer.as_deref_mut() {
        Some(writer) => writer.rows(packed)?,
        None => packed.for_each(drop),
    }
    drop(rows);
    groups.shrink();
    stage.finish();
    progress.count(counts.keys, "keys");

    let stage = progress.stage("index", groups.len() as u64, Unit::Items);
    let index = BlockIndex::build(groups, show_titles(visited), |n| stage.advance(n));
    if let Some(writer) = writer.as_deref_mut() {
        writer.titles(&index)?;
    }
    counts.indexed_keys = index.n_keys as u64;
    counts.index_bytes = index.n_bytes as u64;
    let block_sizes = index.sizes(N_LARGEST_BLOCKS, show_keys(corpus, visited));
    counts.blocks = block_sizes.classes().map(|class| class.n_blocks).sum();
    stage.finish();
    progress.count(counts.blocks, "blocks");

    let stage = progress.stage("candidates", index.n_keys as u64, Unit::Items);
    let near = near_titles(&index);
    if let Some(writer) = writer {
        writer.near(&near.pairs)?;
    }
    let id_of = |record| visited.ids.of(record);
    let limits = config.blocking.limits();
    let dividing = Dividing { features: &visited.features, id_of: &id_of, limits, wanted: None };
    let candidates = candidates_of(index.into_groups(), near, dividing, |n| stage.advance(n));
    counts.divided_blocks = candidates.n_refined_blocks as u64;
    counts.neighbour_blocks = candidates.n_neighbour_blocks as u64;
    stage.finish();
    Ok(Blocked { counts, block_sizes, candidates, anew: None })
}

/// [`block`] that brings together only those records around which something has changed.
fn block_anew(
    corpus: &Corpus,
    visited: &Visited<'_>,
    rows: &Rows<'_>,
    config: &Config,
    writer: &mut IndexWriter,
    earlier_run: &EarlierRun<'_>,
    progress: &Progress,
) -> Result<Blocked, Error> {
    let limits = config.blocking.limits();
    let mut counts = Counts::default();
    let stage = progress.stage("group", 0, Unit::Items);
    let mut tally = Tally::new(N_LARGEST_BLOCKS);
    let (mut titles, mut touched, mut unsettled) = (Groups::default(), Vec::new(), Vec::new());
    let made = |range| {
        let (rows, sifted) = sift(range, limits, N_LARGEST_BLOCKS);
        (rows.len(), PackedRows::of(&rows), sifted)
    };
    writer.rows(rows.made_of_ranges(made).map(|(n_rows, rows, sifted)| {
        counts.keys += n_rows as u64;
        counts.indexed_keys += sifted.n_keys;
        counts.divided_blocks += sifted.n_divided;
        tally.join(sifted.tally);
        titles.append(&sifted.titles);
        touched.extend(sifted.touched_titles);
        unsettled.extend(sifted.unsettled);
        rows
    }))?;
    stage.finish();
    progress.count(counts.keys, "keys");

    let stage = progress.stage("index", titles.len() as u64, Unit::Items);
    let (index, change) = earlier_run.titles(titles, &touched, show_titles(visited));
    writer.titles_again(&index, earlier_run.index(), &change)?;
    counts.index_bytes = index.n_bytes as u64;
    let block_sizes = tally.sizes(show_keys(corpus, visited));
    counts.blocks = block_sizes.classes().map(|class| class.n_blocks).sum();
    stage.finish();
    progress.count(counts.blocks, "blocks");

    let stage = progress.stage("candidates", counts.indexed_keys, Unit::Items);
    let near = near_titles(&index);
    drop(index);
    writer.near(&near.pairs)?;
    counts.neighbour_blocks = near.n_keys as u64;
    let mut anew = vec![false; visited.ids.len()];
    visited.features.list_first_years();
    let in_blocks: Vec<Vec<RecordId>> = unsettled
        .par_iter()
        .map(|block| block.anew(&visited.features, |record| earlier_run.features_then(record)))
        .collect();
    let near_otherwise = earlier_run.no_longer_or_newly_near(&near.pairs);
    for record in in_blocks.into_iter().flatten().chain(near_otherwise).chain(earlier_run.new_records()) {
        anew[record.index()] = true;
    }
    let groups = writer.written_rows()?.shared_with(&anew);
    let id_of = |record| visited.ids.of(record);
    let dividing = Dividing { features: &visited.features, id_of: &id_of, limits, wanted: Some(&anew) };
    let candidates = candidates_of(groups, near, dividing, |n| stage.advance(n)).with(&anew);
    stage.finish();
    Ok(Blocked { counts, block_sizes, candidates, anew: Some(anew) })
}

/// Shows all keys of a record.
fn show_keys(corpus: &Corpus, visited: &Visited<'_>) -> impl Fn(RecordId, &mut dyn FnMut(&str)) {
    |record, show| {
        // A record that is gone has no keys to show; its block is then left out of the index.
        let _ = corpus.fetch(visited.positions[record.index()], &mut Parser::default(), |record| {
            block_keys(record, &Features::of(record), &mut |key| show(key));
        });
    }
}

/// Shows the title keys of a record.
fn show_titles(visited: &Visited<'_>) -> impl Fn(RecordId, &mut dyn FnMut(&str)) + Sync {
    |record, show| title_keys(&visited.features.get(record), &mut |key| show(key))
}
