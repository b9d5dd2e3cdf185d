//! Lines of pairs that are no duplicates and are told: relations and near misses, a JSON object each.
//!
//! What a line says of a pair follows from its two records alone, unless a person or a group of records kept them apart; so a
//! line of the run before is taken again as it is.

use std::borrow::Cow;
use std::io::{self, Write};

use memmap2::Mmap;
use rayon::prelude::*;
use serde::Serialize;

use crate::files::temporary::Temporary;
use crate::ids::{Ids, RecordId};
use crate::matching::candidates::Pair;
use crate::matching::clusters::{Against, MOST_DISTINCT};
use crate::matching::evidence::{Aspect, Comparison, Kind, Level, Veto, Weight};
use crate::matching::near_misses::{Failed, NearMiss};
use crate::matching::relations::{Detail, Related, Relation};

use super::Duplicates;

/// One line of `relations.jsonl`.
#[derive(Serialize)]
struct RelationLine<'a> {
    /// Id of the record that comes first in the input.
    a: &'a str,
    b: &'a str,
    relation: Relation,
    detail: Detail,
    reason: String,
    weight: Weight,
    kind: Kind,
    prior: Weight,
    vetoes: Vec<Veto>,
    evidence: Vec<EvidenceLine>,
}

/// One line of `near_misses.jsonl`.
#[derive(Serialize)]
struct NearMissLine<'a> {
    /// Id of the record that comes first in the input.
    a: &'a str,
    b: &'a str,
    weight: Weight,
    kind: Kind,
    prior: Weight,
    failed: String,
    reason: String,
    /// The members that contradict each other, of a cut link only.
    #[serde(skip_serializing_if = "Option::is_none")]
    between: Option<[&'a str; 2]>,
    vetoes: Vec<Veto>,
    evidence: Vec<EvidenceLine>,
}

/// One aspect of a pair; the values stand in the records.
#[derive(Serialize)]
struct EvidenceLine {
    field: Aspect,
    level: Level,
    weight: Weight,
}

/// Writes the lines of all relations, in the order of records.
///
/// # Errors
/// If they cannot be written.
pub(crate) fn relations(duplicates: &Duplicates, ids: &Ids, out: &mut dyn Write) -> io::Result<()> {
    let line = |related: &Related| Cow::Owned(text(&relation_line(related, duplicates, ids)));
    each_batch(&duplicates.relations, line, |line| out.write_all(line))
}

/// Writes the lines of all near misses, in the order of records.
///
/// # Errors
/// If they cannot be written.
pub(crate) fn near_misses(duplicates: &Duplicates, ids: &Ids, out: &mut dyn Write) -> io::Result<()> {
    let line = |miss: &NearMiss| Cow::Owned(text(&near_miss_line(miss, duplicates, ids)));
    each_batch(&duplicates.near_misses, line, |line| out.write_all(line))
}

/// The lines of a run that the next one may take again, in a temporary file.
pub(crate) struct PairLines {
    file: Mmap,
    /// Where each line ends: first those of relations, then those of near misses.
    ends: Vec<u64>,
    n_relations: usize,
}

impl PairLines {
    /// Makes the lines of all relations and near misses. `known` gives those that an earlier run has made.
    ///
    /// # Errors
    /// If the file cannot be made, written or mapped.
    pub(crate) fn of<'k>(
        duplicates: &Duplicates,
        ids: &Ids,
        known: impl Fn(Pair) -> Option<&'k [u8]> + Sync,
    ) -> io::Result<PairLines> {
        let file = Temporary::new()?;
        let (mut ends, mut end) = (Vec::with_capacity(duplicates.relations.len() + duplicates.near_misses.len()), 0);
        let mut add = |line: &[u8]| {
            file.append(line);
            end += line.len() as u64;
            ends.push(end);
            Ok(())
        };
        let of_relation = |related: &Related| match known(related.pair) {
            Some(line) => Cow::Borrowed(line),
            None => Cow::Owned(text(&relation_line(related, duplicates, ids))),
        };
        each_batch(&duplicates.relations, of_relation, &mut add)?;
        let of_miss = |miss: &NearMiss| match known(miss.pair).filter(|_| is_lasting(miss.failed)) {
            Some(line) => Cow::Borrowed(line),
            None => Cow::Owned(text(&near_miss_line(miss, duplicates, ids))),
        };
        each_batch(&duplicates.near_misses, of_miss, &mut add)?;
        Ok(PairLines { file: file.finish()?, ends, n_relations: duplicates.relations.len() })
    }

    fn end(&self, n_lines: usize) -> usize {
        n_lines.checked_sub(1).map_or(0, |last| self.ends[last] as usize)
    }

    /// The lines of all relations.
    pub(crate) fn relations(&self) -> &[u8] {
        &self.file[..self.end(self.n_relations)]
    }

    /// The lines of all near misses.
    pub(crate) fn near_misses(&self) -> &[u8] {
        &self.file[self.end(self.n_relations)..]
    }

    /// Pairs and lines that follow from the records alone, ascending by pair. `duplicates` are those that were told.
    pub(crate) fn lasting<'t>(&'t self, duplicates: &'t Duplicates) -> Vec<(Pair, &'t [u8])> {
        let relations = duplicates.relations.iter().map(|related| (related.pair, true));
        let misses = duplicates.near_misses.iter().map(|miss| (miss.pair, is_lasting(miss.failed)));
        let lasting = relations.chain(misses).enumerate().filter(|(_, (_, is_lasting))| *is_lasting);
        let mut lines: Vec<(Pair, &[u8])> =
            lasting.map(|(at, (pair, _))| (pair, &self.file[self.end(at)..self.end(at + 1)])).collect();
        lines.sort_unstable_by_key(|(pair, _)| *pair);
        lines
    }
}

/// Whether a near miss follows from its records alone.
fn is_lasting(failed: Failed) -> bool {
    !matches!(failed, Failed::Rejected | Failed::Cut(_))
}

fn relation_line<'a>(related: &Related, duplicates: &Duplicates, ids: &'a Ids) -> RelationLine<'a> {
    let Pair { a, b } = related.pair;
    let comparison = duplicates.comparison(related.pair);
    RelationLine {
        a: ids.of(a),
        b: ids.of(b),
        relation: related.detail.relation(),
        detail: related.detail,
        reason: duplicates.relation_reason(related, &comparison),
        weight: comparison.weight(),
        kind: comparison.kind,
        prior: comparison.prior,
        evidence: evidence(&comparison),
        vetoes: comparison.vetoes,
    }
}

fn near_miss_line<'a>(miss: &NearMiss, duplicates: &Duplicates, ids: &'a Ids) -> NearMissLine<'a> {
    let comparison = duplicates.comparison(miss.pair);
    let id = |record: RecordId| ids.of(record);
    let between = match miss.failed {
        Failed::Cut(contradiction) => Some([id(contradiction.between.a), id(contradiction.between.b)]),
        _ => None,
    };
    NearMissLine {
        a: id(miss.pair.a),
        b: id(miss.pair.b),
        weight: comparison.weight(),
        kind: comparison.kind,
        prior: comparison.prior,
        failed: miss.failed.name(),
        reason: near_miss_reason(miss.failed, between),
        between,
        evidence: evidence(&comparison),
        vetoes: comparison.vetoes,
    }
}

fn near_miss_reason(failed: Failed, between: Option<[&str; 2]>) -> String {
    match failed {
        Failed::Veto(veto) => format!("title and authors agree, but {}", veto.meaning()),
        Failed::Aspect(aspect, level) => {
            format!("title and authors agree; against it weighs most that {} is {}", aspect.name(), level.name())
        }
        Failed::Evidence => "title and authors agree, but there is too little other evidence".to_owned(),
        Failed::Rejected => "the two match, but a person decided that they are not one".to_owned(),
        Failed::Cut(contradiction) => {
            let [x, y] = between.unwrap_or_default();
            let why = match contradiction.against {
                Against::Decision => "a person decided that they are not one",
                Against::Veto(veto) => veto.meaning(),
                Against::Evidence => "the evidence between them is against it",
                Against::Crowd => {
                    return format!(
                        "the two match, but one group would have more than {MOST_DISTINCT} members that all differ"
                    );
                }
            };
            format!("the two match, but with them {x} and {y} would become one, and of these {why}")
        }
    }
}

fn evidence(comparison: &Comparison) -> Vec<EvidenceLine> {
    let line = |evidence: &crate::matching::evidence::Evidence| EvidenceLine {
        field: evidence.aspect,
        level: evidence.level,
        weight: evidence.weight,
    };
    comparison.evidence.iter().map(line).collect()
}

/// Items turned to lines at a time, and by how many hands: some megabytes.
const BATCH: usize = 1024;
const BATCH_PARTS: usize = 16;

/// Hands on the lines of items that take work, done side by side, in their order.
fn each_batch<'l, I: Sync>(
    items: &[I],
    line: impl Fn(&I) -> Cow<'l, [u8]> + Sync,
    mut take: impl FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<()> {
    for batch in items.chunks(BATCH) {
        let lines = batch.par_iter().with_min_len(BATCH / BATCH_PARTS).map(&line).collect::<Vec<Cow<'l, [u8]>>>();
        lines.iter().try_for_each(|line| take(line))?;
    }
    Ok(())
}

/// An object as a line.
fn text(line: &impl Serialize) -> Vec<u8> {
    let mut text = serde_json::to_vec(line).expect("texts and numbers, into memory");
    text.push(b'\n');
    text
}
