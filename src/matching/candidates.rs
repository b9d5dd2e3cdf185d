//! Blocks → candidate pairs, each once.

use rapidfuzz::distance::levenshtein;
use rayon::prelude::*;

use crate::ids::RecordId;
use crate::keys::Features;

use super::blocks::{BlockIndex, BlockRef};

/// Two records that share a block; `a < b`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Pair {
    /// The earlier record.
    pub a: RecordId,
    /// The later record.
    pub b: RecordId,
}

impl Pair {
    /// The pair of two different records, in order.
    pub fn new(x: RecordId, y: RecordId) -> Pair {
        Pair { a: x.min(y), b: x.max(y) }
    }
}

/// How blocks are turned into pairs.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Largest block whose records are all compared with each other.
    pub max_block_records: usize,
    /// In larger blocks, records this far apart in the order of title, author and year are still compared.
    pub neighbourhood: usize,
}

/// Candidate pairs and what it took to find them.
pub struct Candidates {
    /// Ascending, without repeats.
    pub pairs: Vec<Pair>,
    /// Blocks that were too large and were divided.
    pub n_refined_blocks: usize,
    /// Title keys compared with a neighbour, and found near.
    pub n_neighbour_blocks: usize,
}

/// All pairs of records that share a block or have neighbouring title keys. `advance` is told the number of
/// blocks done, from any thread.
pub fn candidates(
    index: &BlockIndex,
    features: &[Features],
    limits: Limits,
    advance: impl Fn(u64) + Sync,
) -> Candidates {
    let blocks = index.blocks();
    let in_blocks: Vec<(Vec<Pair>, bool)> = blocks
        .par_iter()
        .map(|block| {
            let pairs = pairs_of_block(*block, features, limits);
            advance(1);
            pairs
        })
        .filter(|(pairs, _)| !pairs.is_empty())
        .collect();
    let n_refined_blocks = in_blocks.iter().filter(|(_, refined)| *refined).count();
    let neighbours = neighbour_pairs(index);
    let n_neighbour_blocks = neighbours.0;
    let mut pairs: Vec<Pair> = in_blocks.into_iter().flat_map(|(pairs, _)| pairs).chain(neighbours.1).collect();
    pairs.par_sort_unstable();
    pairs.dedup();
    Candidates { pairs, n_refined_blocks, n_neighbour_blocks }
}

fn pairs_of_block(block: BlockRef<'_>, features: &[Features], limits: Limits) -> (Vec<Pair>, bool) {
    let n = block.len();
    let mut pairs = Vec::new();
    if n < 2 {
        return (pairs, false);
    }
    let records = block.records();
    if n <= limits.max_block_records {
        all_pairs(&records, &mut pairs);
        return (pairs, false);
    }
    refine(&records, features, limits, &mut pairs);
    (pairs, true)
}

fn all_pairs(records: &[RecordId], pairs: &mut Vec<Pair>) {
    for (at, &a) in records.iter().enumerate() {
        pairs.extend(records[at + 1..].iter().map(|&b| Pair::new(a, b)));
    }
}

/// Blocks up to this size are divided by each property by itself, larger ones only by one after the other:
/// so the number of pairs stays linear in the number of records.
const DIVIDED_EACH_WAY: usize = 2000;

/// Divides a block by year, author, host, imprint and size; what is still too large is compared with its
/// neighbours only. The neighbourhood runs over the whole block too, so that records without any of these
/// meet the others.
fn refine(records: &[RecordId], features: &[Features], limits: Limits, pairs: &mut Vec<Pair>) {
    let of = |record: RecordId| &features[record.index()];
    let mut sorted = records.to_vec();
    sorted.sort_by_cached_key(|&record| {
        let f = of(record);
        (
            f.title.with_part(),
            f.persons.first().map(|person| person.family.clone()),
            f.years.first,
            f.start_page.clone(),
            f.publisher.clone(),
            f.extent.pages,
            f.digest(),
            record,
        )
    });
    for (at, &a) in sorted.iter().enumerate() {
        let end = (at + 1 + limits.neighbourhood).min(sorted.len());
        pairs.extend(sorted[at + 1..end].iter().map(|&b| Pair::new(a, b)));
    }
    let number = |n: u32| if n == 0 { String::new() } else { n.to_string() };
    let year = |record: RecordId| number(of(record).years.first.into());
    let host = |record: RecordId| {
        let f = of(record);
        if f.start_page.is_empty() { f.container.to_string() } else { format!("{} {}", f.volume, f.start_page) }
    };
    let author =
        |record: RecordId| of(record).persons.first().map(|person| person.family.to_string()).unwrap_or_default();
    let publisher = |record: RecordId| {
        let words = of(record).publisher.split(' ');
        words.max_by_key(|word| (word.len(), std::cmp::Reverse(*word))).unwrap_or_default().to_owned()
    };
    let size = |record: RecordId| number(of(record).extent.pages.max(of(record).extent.minutes));
    let steps: [Step<'_>; 5] = [&year, &author, &host, &publisher, &size];
    if records.len() <= DIVIDED_EACH_WAY {
        for at in 0..steps.len() {
            let rest: Vec<Step<'_>> =
                steps.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, step)| *step).collect();
            let said: Vec<RecordId> = sorted.iter().copied().filter(|&record| !steps[at](record).is_empty()).collect();
            divide(&said, steps[at], &rest, limits, pairs);
        }
    } else {
        divide(&sorted, steps[0], &steps[1..], limits, pairs);
    }
}

/// A property to divide a block by; empty if the record does not say.
type Step<'a> = &'a (dyn Fn(RecordId) -> String + Sync);

fn divide(records: &[RecordId], step: Step<'_>, rest: &[Step<'_>], limits: Limits, pairs: &mut Vec<Pair>) {
    let mut keyed: Vec<(String, usize)> = records.iter().enumerate().map(|(at, &record)| (step(record), at)).collect();
    keyed.sort_unstable();
    for chunk in keyed.chunk_by(|a, b| a.0 == b.0) {
        let part: Vec<RecordId> = chunk.iter().map(|(_, at)| records[*at]).collect();
        match rest {
            _ if part.len() <= limits.max_block_records => all_pairs(&part, pairs),
            [next, rest @ ..] => divide(&part, *next, rest, limits, pairs),
            // Equal in everything the division knows: their neighbourhood must do.
            [] => {}
        }
    }
}

/// Letters two neighbouring title keys must have in common at their beginning.
const NEIGHBOUR_PREFIX: usize = 3 + 8;
/// Typing errors allowed between neighbouring title keys.
const NEIGHBOUR_DISTANCE: usize = 2;
/// How many keys back neighbours are looked for in the index's order.
const NEIGHBOUR_WINDOW: usize = 4;
/// Blocks larger than this have no neighbours: their keys are common titles, not misspelt ones.
const NEIGHBOUR_RECORDS: usize = 8;

/// Pairs across title keys that differ by up to two letters, found by walking the index in key order.
fn neighbour_pairs(index: &BlockIndex) -> (usize, Vec<Pair>) {
    let mut pairs = Vec::new();
    let mut n_near = 0;
    let mut window: Vec<(Vec<u8>, Vec<RecordId>)> = Vec::new();
    index.neighboured(|key, block| {
        if block.len() > NEIGHBOUR_RECORDS {
            return;
        }
        let records = block.records();
        for (other, others) in &window {
            if is_near(key, other) {
                n_near += 1;
                pairs.extend(
                    records
                        .iter()
                        .flat_map(|&a| others.iter().map(move |&b| (a, b)))
                        .filter(|(a, b)| a != b)
                        .map(|(a, b)| Pair::new(a, b)),
                );
            }
        }
        if window.len() == NEIGHBOUR_WINDOW {
            window.remove(0);
        }
        window.push((key.to_vec(), records));
    });
    (n_near, pairs)
}

fn is_near(a: &[u8], b: &[u8]) -> bool {
    let common = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let args = levenshtein::Args::default().score_cutoff(NEIGHBOUR_DISTANCE);
    common >= NEIGHBOUR_PREFIX && levenshtein::distance_with_args(a.iter().copied(), b.iter().copied(), &args).is_some()
}

#[cfg(test)]
mod tests {
    use super::super::blocks::{Groups, KeyRow};
    use super::*;

    fn run(keys: &[&[&str]], features: &[Features], max_block_records: usize) -> Candidates {
        let rows = |at: usize| keys[at].iter().map(move |key| KeyRow::new(key, RecordId::new(at)));
        let groups = Groups::of((0..keys.len()).flat_map(rows).collect());
        let index =
            BlockIndex::build(&groups, |record, show| keys[record.index()].iter().for_each(|key| show(key)), |_| ())
                .expect("temporary files");
        candidates(&index, features, Limits { max_block_records, neighbourhood: 2 }, |_| ())
    }

    fn numbers(candidates: &Candidates) -> Vec<(u32, u32)> {
        candidates.pairs.iter().map(|pair| (pair.a.get(), pair.b.get())).collect()
    }

    #[test]
    fn pairs_come_once_however_many_keys_they_share() {
        let found = run(&[&["AT a b", "DOI 1"], &["AT a b", "DOI 1"], &["DOI 1"]], &vec![Features::default(); 3], 10);
        assert_eq!(numbers(&found), [(0, 1), (0, 2), (1, 2)]);
    }

    #[test]
    fn near_title_keys_meet() {
        let keys: [&[&str]; 3] = [&["TI useofsocialmedia"], &["TI useofsocialmeida"], &["TI useofsomethingelse"]];
        let found = run(&keys, &vec![Features::default(); 3], 10);
        assert_eq!(numbers(&found), [(0, 1)]);
        assert_eq!(found.n_neighbour_blocks, 1);
    }

    #[test]
    fn large_blocks_are_divided_and_nobody_is_left_alone() {
        let keys: Vec<&[&str]> = vec![&["TI annualreport"]; 60];
        let mut features = vec![Features::default(); 60];
        for (at, f) in features.iter_mut().enumerate() {
            f.years.first = 1950 + (at % 30) as u16;
        }
        let found = run(&keys, &features, 10);
        assert_eq!(found.n_refined_blocks, 1);
        for at in 0..30 {
            assert!(numbers(&found).contains(&(at, at + 30)), "records of one year meet: {at}");
        }
        assert!(found.pairs.len() < 60 * 59 / 4);
    }
}
