//! What all stages found → the results of a run on one machine, from which the usual report is written.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::PathBuf;

use super::rows::{Row, Writer, counted, kind, read};
use super::score::Tallied;
use super::{broken, features, number, place_in, weights};
use crate::audit::{self, Audit, Profile, Profiles, Spill};
use crate::config::Config;
use crate::error::Error;
use crate::fix::Fixes;
use crate::ids::{Ids, Position, RecordId};
use crate::input::{Corpus, Parser, Reject};
use crate::keys::block_keys::block_keys;
use crate::keys::{FeatureTable, Features};
use crate::matching::blocks::{BlockSizes, KeyHash};
use crate::matching::candidates::{Candidates, Pair};
use crate::matching::clusters::{Cluster, Clusters, Contradiction};
use crate::matching::score::{N_BARS, Scores, Verdict, score};
use crate::matching::weights::Weights;
use crate::merge::{ListMaker, Source, Taken};
use crate::pipeline::{
    N_LARGEST_BLOCKS, audit_catalogue, count, fetch_member, fix_all, forget_told, no_list, open, profile_catalogue,
};
use crate::progress::Progress;
use crate::results::{Counts, Duplicates, Job, Results};

/// What comes before the audit is judged.
#[derive(Default)]
struct Early<'a> {
    ids: Ids,
    positions: Vec<Position>,
    rejects: Vec<Reject>,
    audits: Vec<Audit<'a>>,
    n_blank_lines: u64,
}

/// What comes after it.
struct Late {
    tallied: Tallied,
    counts: Counts,
    classes: Vec<u64>,
    largest: Vec<(std::cmp::Reverse<i64>, i64, i64)>,
    told: Vec<Pair>,
    features: Vec<(RecordId, Vec<u8>)>,
    list: ListMaker,
    taken: Vec<Taken>,
    clusters: Clusters,
    cuts: Vec<(Pair, Contradiction)>,
}

/// The judged audit.
struct Audited {
    audit: audit::Outcome,
    profile: Profile,
    fixes: Fixes,
}

/// Reads rows in this order: all records ([`kind::RECORD`] with `record` its number, `numbers` file, line, byte and
/// length in the file, `texts` its id), ascending; [`kind::REJECT`] likewise, in input order; [`kind::UNIT`];
/// [`kind::AUDIT`] in the order of their records; [`kind::AUDITED`]. Then answers with the findings of each record that
/// has any, [`kind::FINDINGS`]; and reads everything else: counts, largest blocks, pairs with relations and near misses,
/// the features of their records, proposals, clusters, cuts, and [`kind::END`] at last.
///
/// Whether the exports still are what the stages read is for the sender to say, before [`kind::END`].
///
/// # Errors
/// If the streams are not what they should be, or the exports cannot be read.
pub fn report(
    exports: &[PathBuf],
    config: &Config,
    input: impl Read,
    out: impl Write,
    progress: &Progress,
) -> Result<Results, Error> {
    let corpus = open(exports, progress)?;
    check_lines(&corpus)?;
    let weights = weights(config)?;
    let spill = Spill::default();
    let mut out = Writer::new(out)?;
    let mut first = Early::default();
    let mut profiles = Some(Profiles::default());
    let mut audited: Option<Audited> = None;
    let mut is_whole = false;
    let mut second = Late::new()?;
    read(input, |row| match row.kind {
        kind::RECORD | kind::REJECT | kind::UNIT | kind::AUDIT => {
            first.take(row, &corpus, config, &spill, profiles.as_ref())
        }
        kind::AUDITED => {
            let profiles = profiles.take().ok_or_else(|| broken("the audit comes twice"))?;
            let found = first.judge(profiles, &corpus, config, &spill, progress)?;
            answer(&found.audit, first.ids.len(), &mut out)?;
            audited = Some(found);
            Ok(())
        }
        kind::END => {
            is_whole = true;
            Ok(())
        }
        _ => second.take(row, first.ids.len()),
    })?;
    if !is_whole {
        return Err(broken("it ends before its end; nothing was written"));
    }
    let Audited { audit, profile, fixes } = audited.ok_or_else(|| broken("the audit never came"))?;
    let duplicates = second.finish(&corpus, &first, &audit, &weights)?;
    out.finish().map(drop)?;
    let inputs = corpus.files().iter().map(|file| (file.name.clone(), file.bytes().len() as u64)).collect();
    let Early { ids, positions, rejects, n_blank_lines, .. } = first;
    let shortfalls = corpus.all_shortfalls(&rejects);
    Ok(Results {
        job: Job::Check,
        config: config.clone(),
        inputs,
        n_read: (positions.len() + rejects.len()) as u64,
        ids,
        positions,
        rejects,
        shortfalls,
        n_blank_lines,
        duplicates: Some(duplicates),
        audit: Some(audit),
        profile: Some(profile),
        fixes: Some(fixes),
        since: None,
    })
}

/// Whether the exports have one document per line.
fn check_lines(corpus: &Corpus) -> Result<(), Error> {
    let is_foreign = |file: &usize| !corpus.is_lines(*file as u32) && !corpus.files()[*file].bytes().is_empty();
    match (0..corpus.files().len()).find(is_foreign) {
        Some(file) => {
            let path = corpus.files()[file].name.clone();
            let reason = "it is not one document per line, which stages need; convert it first".to_owned();
            Err(Error::Input { path, reason, source: None })
        }
        None => Ok(()),
    }
}

/// Writes the findings of each record that has any.
fn answer(audit: &audit::Outcome, n_records: usize, out: &mut Writer<impl Write>) -> Result<(), Error> {
    for record in (0..n_records).map(RecordId::new) {
        let n = audit.n_of_record(record) as i64;
        if n > 0 {
            let record = record.get().into();
            out.row(&Row { kind: kind::FINDINGS, record, numbers: vec![n], ..Row::default() })?;
        }
    }
    // The end of what is written, so that its reader goes on.
    out.row(&Row { kind: kind::AUDITED, ..Row::default() })?;
    out.push()
}

impl<'a> Early<'a> {
    fn take(
        &mut self,
        row: Row,
        corpus: &Corpus,
        config: &'a Config,
        spill: &'a Spill,
        profiles: Option<&Profiles>,
    ) -> Result<(), Error> {
        match row.kind {
            kind::RECORD => {
                if row.record != self.ids.len() as i64 {
                    return Err(broken(format!("record {} comes where {} should", row.record, self.ids.len())));
                }
                self.positions.push(place_in(corpus, &row)?);
                self.ids.push(row.texts.first().map(String::as_str).unwrap_or_default());
            }
            kind::REJECT => {
                let reason = row.texts.first().cloned().unwrap_or_default().into();
                self.rejects.push(Reject { position: place_in(corpus, &row)?, reason });
            }
            kind::UNIT => self.n_blank_lines += row.numbers.get(3).copied().unwrap_or_default() as u64,
            _ => {
                let part = Audit::of_bytes(&row.bytes, &config.audit, spill);
                let (audit, profile) = part.ok_or_else(|| broken("a part of the audit is none"))?;
                let profiles = profiles.ok_or_else(|| broken("a part of the audit comes after its end"))?;
                profiles.add(self.audits.len(), profile);
                self.audits.push(audit);
            }
        }
        Ok(())
    }

    /// Judges the audit, of which all parts have come.
    fn judge(
        &mut self,
        profiles: Profiles,
        corpus: &Corpus,
        config: &Config,
        spill: &Spill,
        progress: &Progress,
    ) -> Result<Audited, Error> {
        let audits = std::mem::take(&mut self.audits);
        let Early { ids, positions, .. } = self;
        let audit = audit_catalogue(audits, spill, corpus, ids, positions, config, progress)?;
        let profile = profile_catalogue(profiles, corpus, ids, positions, config, progress);
        let fixes = fix_all(corpus, positions, &audit, config, progress)?;
        Ok(Audited { audit, profile, fixes })
    }
}

impl Late {
    fn new() -> Result<Late, Error> {
        Ok(Late {
            tallied: Tallied::none(),
            counts: Counts::default(),
            classes: Vec::new(),
            largest: Vec::new(),
            told: Vec::new(),
            features: Vec::new(),
            list: ListMaker::temporary().map_err(no_list)?,
            taken: Vec::new(),
            clusters: Clusters { merge: Vec::new(), review: Vec::new(), cuts: Vec::new() },
            cuts: Vec::new(),
        })
    }

    fn take(&mut self, row: Row, n_records: usize) -> Result<(), Error> {
        let known = |record: i64| match number(record)? {
            record if (record as usize) < n_records => Ok(RecordId::from(record)),
            _ => Err(broken(format!("there is no record {record}"))),
        };
        let records = |numbers: &[i64]| numbers.iter().map(|&record| known(record)).collect::<Result<Vec<_>, _>>();
        let pair = || Ok::<Pair, Error>(Pair::new(known(row.a)?, known(row.b)?));
        match row.kind {
            kind::COUNTS => self.count(&row)?,
            kind::LARGE_BLOCK => {
                let n = row.numbers.first().copied().unwrap_or_default();
                self.largest.push((std::cmp::Reverse(n), row.a, row.record));
            }
            kind::MERGE => self.counts.merge_pairs += 1,
            kind::REVIEW => self.counts.review_pairs += 1,
            kind::RELATED | kind::NEAR_MISS => self.told.push(pair()?),
            kind::FEATURES => {
                features(&row)?;
                self.features.push((known(row.record)?, row.bytes));
            }
            kind::PROPOSAL => {
                let proposal = serde_json::from_slice(&row.bytes).map_err(|error| broken(error.to_string()))?;
                self.taken.push(self.list.take(proposal, &records(&row.numbers)?, None));
            }
            kind::CLUSTER => {
                let is_merge = row.a == 0;
                let verdict = if is_merge { Verdict::Merge } else { Verdict::Review };
                let cluster = Cluster { members: records(&row.numbers)?, verdict, links: Vec::new() };
                if is_merge { self.clusters.merge.push(cluster) } else { self.clusters.review.push(cluster) }
            }
            kind::CUT => {
                let against = postcard::from_bytes(&row.bytes).map_err(|error| broken(error.to_string()))?;
                let between = records(&row.numbers)?;
                let [x, y] = between[..] else { return Err(broken("a cut link contradicts nothing")) };
                self.cuts.push((pair()?, Contradiction { between: Pair { a: x, b: y }, against }));
            }
            other => return Err(broken(format!("rows of kind {other} are not for a report"))),
        }
        Ok(())
    }

    fn count(&mut self, row: &Row) -> Result<(), Error> {
        let n = |at: usize| row.numbers.get(at).copied().unwrap_or_default() as u64;
        match row.a {
            counted::BLOCKS => {
                self.counts.keys += n(0);
                self.counts.indexed_keys += n(1);
                self.counts.divided_blocks += n(2);
                let classes = row.numbers.get(3..).unwrap_or_default();
                self.classes.resize(self.classes.len().max(classes.len()), 0);
                self.classes.iter_mut().zip(classes).for_each(|(sum, &n)| *sum += n as u64);
            }
            counted::NEAR => self.counts.neighbour_blocks += n(0),
            counted::SCORED => {
                self.tallied.add(postcard::from_bytes(&row.bytes).map_err(|error| broken(error.to_string()))?);
            }
            other => return Err(broken(format!("nothing counts as {other}"))),
        }
        Ok(())
    }

    fn finish(
        self,
        corpus: &Corpus,
        first: &Early<'_>,
        audit: &audit::Outcome,
        weights: &Weights,
    ) -> Result<Duplicates, Error> {
        let Late { tallied, mut counts, classes, mut largest, mut told, features, list, taken, clusters, .. } = self;
        let Tallied { dismissed, histogram, vetoed } = tallied;
        let Early { ids, positions, .. } = first;
        largest.sort_unstable();
        largest.truncate(N_LARGEST_BLOCKS);
        let name = |&(std::cmp::Reverse(n), key, record): &(std::cmp::Reverse<i64>, i64, i64)| {
            let position = *positions.get(usize::try_from(record).ok()?)?;
            let mut name = None;
            // A record that is gone has no keys to show; its block is then left out.
            let _ = corpus.fetch(position, &mut Parser::default(), |record| {
                block_keys(record, &Features::of(record), &mut |text| {
                    if KeyHash::of(text).bits() == key as u64 {
                        name = Some(text.to_owned());
                    }
                });
            });
            Some((name?, n as usize))
        };
        let mut largest: Vec<(String, usize)> = largest.iter().filter_map(name).collect();
        largest.sort_by(|(key, len), (other, length)| length.cmp(len).then_with(|| key.cmp(other)));
        let block_sizes = BlockSizes::of(classes, largest);
        counts.blocks = block_sizes.classes().map(|class| class.n_blocks).sum();
        counts.compared = histogram.iter().take(N_BARS).sum();
        counts.candidate_pairs = counts.compared + dismissed;
        told.sort_unstable();
        told.dedup();
        let encoded = features.iter().map(|(record, bytes)| (*record, bytes.as_slice()));
        let features = FeatureTable::of_encoded(ids.len(), encoded);
        let Scores { mut related, mut near_misses, .. } =
            score_told(&features, told, weights).ok_or_else(|| broken("features of related records are missing"))?;
        counts.cut_links = self.cuts.len() as u64;
        forget_told(&mut related, &mut near_misses, &clusters.united(), self.cuts.into_iter(), ids);
        counts.relations = related.len() as u64;
        counts.near_misses = near_misses.len() as u64;
        let n_findings = |record: RecordId| audit.n_of_record(record);
        let fetch = |record: RecordId| fetch_member(corpus, positions[record.index()], record, n_findings(record));
        let file_name = |file: u32| corpus.files()[file as usize].name.clone();
        let choices = &BTreeMap::new();
        let source = Source { fetch: &fetch, file_name: &file_name, advance: &|_| (), features: &features, choices };
        let proposals = list.finish(taken, &source).map_err(no_list)?;
        count(&proposals, &mut counts);
        Ok(Duplicates {
            counts,
            block_sizes,
            histogram,
            vetoed,
            proposals,
            relations: related,
            near_misses,
            lines: None,
            stale: Vec::new(),
            features,
            weights: weights.clone(),
        })
    }
}

/// Judges again what will be told, from the features of its records alone.
fn score_told(features: &FeatureTable, told: Vec<Pair>, weights: &Weights) -> Option<Scores> {
    let mut records: Vec<RecordId> = told.iter().flat_map(|pair| [pair.a, pair.b]).collect();
    records.sort_unstable();
    records.dedup();
    let find = |record: RecordId| records.binary_search(&record).map(RecordId::new).expect("every record is listed");
    if records.iter().any(|&record| record.index() >= features.len() || features.bytes_of(record).is_empty()) {
        return None;
    }
    let encoded = records.iter().enumerate().map(|(at, &record)| (RecordId::new(at), features.bytes_of(record)));
    let few = FeatureTable::of_encoded(records.len(), encoded);
    let pairs = told.iter().map(|pair| Pair { a: find(pair.a), b: find(pair.b) }).collect();
    let mut scores = score(&few, &Candidates::of_pairs(pairs, records.len()), weights, |_| ());
    let back = |pair: Pair| Pair { a: records[pair.a.index()], b: records[pair.b.index()] };
    scores.related.iter_mut().for_each(|related| related.pair = back(related.pair));
    scores.near_misses.iter_mut().for_each(|miss| miss.pair = back(miss.pair));
    Some(scores)
}
