//! Members of blocks with their features → pairs that match.

use std::io::{Read, Write};

use serde::{Deserialize, Serialize};

use super::divide::features_of;
use super::rows::{Row, Writer, counted, kind, read_runs};
use super::weights;
use crate::config::Config;
use crate::error::Error;
use crate::ids::RecordId;
use crate::matching::candidates::{Candidates, Pair};
use crate::matching::evidence::Veto;
use crate::matching::score::{N_BARS, Scores, Verdict, score as score_pairs};
use crate::matching::weights::Weights;

/// How pairs were counted, in bytes.
#[derive(Serialize, Deserialize)]
pub(super) struct Tallied {
    pub(super) dismissed: u64,
    pub(super) histogram: Vec<u64>,
    pub(super) vetoed: Vec<(Veto, u64)>,
}

impl Tallied {
    pub(super) fn none() -> Tallied {
        Tallied { dismissed: 0, histogram: vec![0; N_BARS], vetoed: Vec::new() }
    }

    pub(super) fn add(&mut self, other: Tallied) {
        self.dismissed += other.dismissed;
        self.histogram.iter_mut().zip(other.histogram).for_each(|(n, more)| *n += more);
        for (veto, n) in other.vetoed {
            match self.vetoed.binary_search_by_key(&veto, |(known, _)| *known) {
                Ok(at) => self.vetoed[at].1 += n,
                Err(at) => self.vetoed.insert(at, (veto, n)),
            }
        }
    }
}

/// Rows that are judged at a time.
const BATCH_ROWS: usize = 4096;

/// Pairs that are judged at a time, about.
const BATCH_PAIRS: usize = 1 << 18;

/// Blocks whose pairs wait to be judged.
#[derive(Default)]
struct Batch {
    rows: Vec<Row>,
    pairs: Vec<Pair>,
}

/// Reads members of blocks: `kind` [`kind::MEMBER`] with the block in `a`, or [`kind::PAIR`] with the pair in `a` and
/// `b`; `record`, `numbers` all blocks of the record, ascending, `bytes` its features; sorted by `kind`, `a`, `b` and
/// `record`.
///
/// A pair is judged in the first of the blocks that its records share, and nowhere else. Writes [`kind::MERGE`],
/// [`kind::REVIEW`], [`kind::RELATED`] and [`kind::NEAR_MISS`] for pairs that are worth telling, and counts.
///
/// # Errors
/// If the streams are not what they should be.
pub fn score<W: Write>(input: impl Read, config: &Config, out: &mut Writer<W>) -> Result<(), Error> {
    let weights = weights(config)?;
    let mut tallied = Tallied::none();
    let mut batch = Batch::default();
    read_runs(
        input,
        |row| (row.kind, row.a, row.b),
        |(of, block, _), mut rows| {
            rows.sort_by_key(|row| row.record);
            rows.dedup_by_key(|row| row.record);
            rows.iter_mut().filter(|row| !row.numbers.is_sorted()).for_each(|row| row.numbers.sort_unstable());
            let wanted = if of == kind::MEMBER { Some(block) } else { None };
            let first = batch.rows.len();
            for (at, a) in rows.iter().enumerate() {
                for (other, b) in rows.iter().enumerate().skip(at + 1) {
                    if first_shared(&a.numbers, &b.numbers) == wanted {
                        batch.pairs.push(Pair { a: RecordId::new(first + at), b: RecordId::new(first + other) });
                    }
                }
            }
            batch.rows.append(&mut rows);
            if batch.rows.len() >= BATCH_ROWS || batch.pairs.len() >= BATCH_PAIRS {
                judge(std::mem::take(&mut batch), &weights, &mut tallied, out)?;
            }
            Ok(())
        },
    )?;
    judge(batch, &weights, &mut tallied, out)?;
    let bytes = postcard::to_allocvec(&tallied).expect("counts have known lengths and a growing buffer");
    out.row(&Row { kind: kind::COUNTS, a: counted::SCORED, bytes, ..Row::default() })
}

/// The least number in both of two ascending lists.
fn first_shared(x: &[i64], y: &[i64]) -> Option<i64> {
    let (mut x, mut y) = (x.iter().peekable(), y.iter().peekable());
    loop {
        let (&&a, &&b) = (x.peek()?, y.peek()?);
        match a.cmp(&b) {
            std::cmp::Ordering::Equal => return Some(a),
            std::cmp::Ordering::Less => x.next(),
            std::cmp::Ordering::Greater => y.next(),
        };
    }
}

fn judge<W: Write>(
    Batch { rows, pairs }: Batch,
    weights: &Weights,
    tallied: &mut Tallied,
    out: &mut Writer<W>,
) -> Result<(), Error> {
    let features = features_of(&rows)?;
    let candidates = Candidates::of_pairs(pairs, rows.len());
    let Scores { matches, dismissed, histogram, vetoed, related, near_misses, .. } =
        score_pairs(&features, &candidates, weights, |_| ());
    tallied.add(Tallied { dismissed, histogram, vetoed });
    let row = |kind, pair: Pair, numbers| {
        let (a, b) = (rows[pair.a.index()].record, rows[pair.b.index()].record);
        Row { kind, a, b, numbers, ..Row::default() }
    };
    for found in matches {
        let kind = if found.verdict == Verdict::Merge { kind::MERGE } else { kind::REVIEW };
        out.row(&row(kind, found.pair, vec![found.weight.centibits().into()]))?;
    }
    related.iter().try_for_each(|related| out.row(&row(kind::RELATED, related.pair, Vec::new())))?;
    near_misses.iter().try_for_each(|miss| out.row(&row(kind::NEAR_MISS, miss.pair, Vec::new())))
}
