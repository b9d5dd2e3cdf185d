//! Blocks → candidate pairs, each once: those within blocks as they are, those of blocks that are too large (`dividing`), and
//! those of near titles (`near_titles`).

mod dividing;
mod near_titles;

use rayon::prelude::*;

use crate::ids::RecordId;

use super::blocks::{Block, BlockIndex, Groups, KeyClass, place};

pub use dividing::{DIVIDED_EACH_WAY, Dividing, Parts, first_step, parts_of, parts_of_piece, place_in_block};
pub use near_titles::{
    NEIGHBOUR_DISTANCE, NEIGHBOUR_RECORDS, NEIGHBOUR_WINDOW, NearTitles, Neighbours, Window, are_near_titles,
    near_titles, whole_title,
};

use dividing::pieces_of;

/// Two records that are compared, or may be; `a < b`.
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
    /// Largest block that is not divided.
    pub max_block_records: usize,
    /// The same for blocks of weak keys.
    pub max_weak_block_records: usize,
    /// Records of a block of weak keys with more than this are compared with each other only if they share two of these.
    pub max_lone_weak_block_records: usize,
    /// In larger blocks, records this far apart in the order of title, author and year are still compared.
    pub neighbourhood: usize,
}

impl Limits {
    /// Most records of a block that is not divided, by what its key is good for.
    pub fn most(self, class: KeyClass) -> usize {
        if class == KeyClass::Weak { self.max_weak_block_records } else { self.max_block_records }
    }

    /// Whether sharing a block of so many records is not enough: strangers have two words in common, or a name and a word,
    /// and the more often the larger the catalogue is; few have two such keys in common.
    pub fn is_loose(self, class: KeyClass, n_records: usize) -> bool {
        class == KeyClass::Weak && n_records > self.max_lone_weak_block_records
    }
}

/// Which records are compared, told per record: all pairs at once would take more memory than everything else.
pub struct Candidates {
    /// Records of all blocks, one after the other; ascending within each.
    records: Vec<RecordId>,
    /// Blocks, as ranges of `records`: first those whose records are all compared with each other, then loose ones, of
    /// which two records must share two.
    blocks: Vec<(u32, u32)>,
    n_tight: u32,
    /// Blocks of each record: ranges of `of_record`, one end per record.
    ends: Vec<u32>,
    of_record: Vec<u32>,
    /// Other pairs, ascending, without repeats.
    others: Vec<Pair>,
    /// Blocks that were too large and were divided.
    pub n_refined_blocks: usize,
    /// Title keys compared with a neighbour, and found near.
    pub n_neighbour_blocks: usize,
}

impl Candidates {
    /// Number of records.
    pub fn n_records(&self) -> usize {
        self.ends.len()
    }

    /// These pairs and no others, of `n_records` records. Pairs are ascending, without repeats.
    pub fn of_pairs(pairs: Vec<Pair>, n_records: usize) -> Candidates {
        Candidates {
            records: Vec::new(),
            blocks: Vec::new(),
            n_tight: 0,
            ends: vec![0; n_records],
            of_record: Vec::new(),
            others: pairs,
            n_refined_blocks: 0,
            n_neighbour_blocks: 0,
        }
    }

    /// These pairs as far as one of their records is wanted.
    pub fn with(self, is_wanted: &[bool]) -> Candidates {
        let wanted: Vec<RecordId> =
            (0..self.n_records()).map(RecordId::new).filter(|record| is_wanted[record.index()]).collect();
        let of_wanted = wanted.par_iter().map_init(Vec::new, |partners, &record| {
            partners.clear();
            self.in_blocks(record, |records| records, partners);
            partners.sort_unstable();
            partners.dedup();
            // A pair of two wanted records is that of the first.
            let others =
                partners.iter().filter(|&&other| record < other || other < record && !is_wanted[other.index()]);
            others.map(|&other| Pair::new(record, other)).collect::<Vec<Pair>>()
        });
        let mut pairs: Vec<Pair> = of_wanted.flatten_iter().collect();
        pairs.extend(self.others.iter().filter(|pair| is_wanted[pair.a.index()] || is_wanted[pair.b.index()]));
        pairs.par_sort_unstable();
        pairs.dedup();
        let Candidates { n_refined_blocks, n_neighbour_blocks, .. } = self;
        Candidates { n_refined_blocks, n_neighbour_blocks, ..Candidates::of_pairs(pairs, self.ends.len()) }
    }

    /// Adds the records that `a` is compared with, itself and repeats perhaps, as far as they are in blocks. `part` says which of the
    /// records of a block are wanted.
    fn in_blocks(
        &self,
        a: RecordId,
        part: impl for<'r> Fn(&'r [RecordId]) -> &'r [RecordId],
        partners: &mut Vec<RecordId>,
    ) {
        let start = if a.index() == 0 { 0 } else { self.ends[a.index() - 1] };
        let blocks = &self.of_record[start as usize..self.ends[a.index()] as usize];
        let (tight, loose) = blocks.split_at(blocks.partition_point(|&block| block < self.n_tight));
        let add = |blocks: &[u32], partners: &mut Vec<RecordId>| {
            for &block in blocks {
                let (start, len) = self.blocks[block as usize];
                partners.extend_from_slice(part(&self.records[start as usize..(start + len) as usize]));
            }
        };
        if loose.len() > 1 {
            add(loose, partners);
            keep_repeated(partners);
        }
        add(tight, partners);
    }

    /// A walk through all records from one on.
    pub fn from(&self, first: RecordId) -> Walk<'_> {
        let at = self.others.partition_point(|pair| pair.a < first);
        Walk { candidates: self, others: &self.others[at..] }
    }

    /// All pairs, ascending, without repeats.
    pub fn pairs(&self) -> Vec<Pair> {
        let records: Vec<RecordId> = (0..self.n_records()).map(RecordId::new).collect();
        let pairs = records.par_iter().map_init(Vec::new, |partners, &a| {
            self.from(a).partners(a, partners);
            partners.iter().map(|&b| Pair { a, b }).collect::<Vec<Pair>>()
        });
        pairs.flatten_iter().collect()
    }
}

/// Records in their order, with those that they are compared with.
pub struct Walk<'c> {
    candidates: &'c Candidates,
    /// Pairs across blocks from the last record on.
    others: &'c [Pair],
}

impl Walk<'_> {
    /// The later records that `a` is compared with, ascending, without repeats; `partners` is overwritten. `a` comes after
    /// those that were asked for.
    pub fn partners(&mut self, a: RecordId, partners: &mut Vec<RecordId>) {
        partners.clear();
        let later = |records: &[RecordId]| records.partition_point(|&record| record <= a);
        self.candidates.in_blocks(a, |records| &records[later(records)..], partners);
        while let Some((pair, rest)) = self.others.split_first().filter(|(pair, _)| pair.a <= a) {
            if pair.a == a {
                partners.push(pair.b);
            }
            self.others = rest;
        }
        partners.sort_unstable();
        partners.dedup();
    }
}

/// Leaves, once, what is there more than once.
fn keep_repeated(records: &mut Vec<RecordId>) {
    records.sort_unstable();
    let mut kept = 0;
    for at in 1..records.len() {
        let record = records[at];
        if record == records[at - 1] && (kept == 0 || records[kept - 1] != record) {
            records[kept] = record;
            kept += 1;
        }
    }
    records.truncate(kept);
}

/// Which records share a block that is not loose, or two loose ones, or have neighbouring title keys. `advance` is told
/// the number of keys done, from any thread.
pub fn candidates(index: BlockIndex, dividing: Dividing<'_>, advance: impl Fn(u64) + Sync) -> Candidates {
    let near = near_titles(&index);
    candidates_of(index.into_groups(), near, dividing, advance)
}

/// [`candidates`] of blocks and of records with near title keys.
pub fn candidates_of(
    groups: Groups,
    near: NearTitles,
    dividing: Dividing<'_>,
    advance: impl Fn(u64) + Sync,
) -> Candidates {
    let Dividing { features, limits, .. } = dividing;
    features.list_first_years();
    let found = groups.blocks().fold(Found::default, |mut found, block| {
        advance(1);
        if let Some(block) = block {
            found.take(block, dividing);
        }
        found
    });
    let found: Vec<Found> = found.collect();
    let NearTitles { n_keys: n_neighbour_blocks, pairs: mut others } = near;
    let mut records = groups.into_records();
    let n_blocks = found.iter().map(|found| found.tight.len() + found.loose.len()).sum();
    let (mut blocks, mut loose) = (Vec::with_capacity(n_blocks), Vec::new());
    let mut n_refined_blocks = 0;
    for found in found {
        blocks.extend(found.tight);
        loose.extend(found.loose);
        for (class, parts) in found.divided {
            n_refined_blocks += 1;
            others.extend(parts.neighbours);
            for mut part in parts.blocks {
                part.sort_unstable();
                let range = (place(records.len()), part.len() as u32);
                if limits.is_loose(class, part.len()) {
                    loose.push(range)
                } else {
                    blocks.push(range)
                }
                records.extend(part);
            }
        }
    }
    let n_tight = blocks.len() as u32;
    blocks.append(&mut loose);
    others.par_sort_unstable();
    others.dedup();
    let mut ends = vec![0u32; features.len()];
    let of = |&(start, len): &(u32, u32)| start as usize..(start + len) as usize;
    for range in blocks.iter().map(of) {
        records[range].iter().for_each(|record| ends[record.index()] += 1);
    }
    let mut sum = 0;
    for end in &mut ends {
        // Where its blocks start; each that is filled in moves it on, until it is their end.
        (*end, sum) = (place(sum), sum + *end as usize);
    }
    let mut of_record = vec![0u32; sum];
    for (at, range) in blocks.iter().map(of).enumerate() {
        for record in &records[range] {
            of_record[ends[record.index()] as usize] = at as u32;
            ends[record.index()] += 1;
        }
    }
    Candidates { records, blocks, n_tight, ends, of_record, others, n_refined_blocks, n_neighbour_blocks }
}

/// What becomes of blocks.
#[derive(Default)]
struct Found {
    /// Those that stay whole, as start and length in the records of all blocks; loose ones apart.
    tight: Vec<(u32, u32)>,
    loose: Vec<(u32, u32)>,
    /// What those are divided into that are too large.
    divided: Vec<(KeyClass, Parts)>,
}

impl Found {
    fn take(&mut self, block: Block<'_>, dividing: Dividing<'_>) {
        let Dividing { features, limits, wanted, .. } = dividing;
        let Block { records, start, class, .. } = block;
        let range = (start, records.len() as u32);
        if records.len() > limits.most(class) {
            let pieces = wanted.filter(|_| class == KeyClass::Weak).map(|wanted| pieces_of(records, features, wanted));
            let records = pieces.as_deref().unwrap_or(records);
            self.divided.push((class, parts_of(records, class, dividing)));
        } else if limits.is_loose(class, records.len()) {
            self.loose.push(range);
        } else {
            self.tight.push(range);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::blocks::{Groups, KeyRow, sorted};
    use super::*;
    use crate::keys::{FeatureTable, Features, Years};

    proptest::proptest! {
        #[test]
        fn pairs_of_wanted_records_are_those_of_all(
            keys in proptest::collection::vec(proptest::collection::vec(0..9_usize, 0..5), 2..60),
            wanted in proptest::collection::vec(proptest::bool::weighted(0.2), 60),
        ) {
            const KEYS: [&str; 9] =
                ["TI useofmedia", "TI useofmedias", "DOI 1", "DOI 2", "LW a b", "LW b c", "LW c d", "FW a b", "FW c d"];
            let texts: Vec<Vec<&str>> = keys.iter().map(|keys| keys.iter().map(|&key| KEYS[key]).collect()).collect();
            let texts: Vec<&[&str]> = texts.iter().map(Vec::as_slice).collect();
            let years = |at: usize| Features { years: Years { first: 1990 + at as u16 % 4, ..Years::default() }, ..Features::default() };
            let features: FeatureTable = (0..keys.len()).map(years).collect();
            let all = run(&texts, &features, 9).pairs();
            let is_wanted = |pair: &Pair| wanted[pair.a.index()] || wanted[pair.b.index()];
            let expected: Vec<Pair> = all.into_iter().filter(is_wanted).collect();
            let of_these = &wanted[..keys.len()];
            proptest::prop_assert_eq!(&run(&texts, &features, 9).with(of_these).pairs(), &expected);
            // Larger blocks are then divided only as far as is wanted.
            let found = run_for(&texts, &features, 9, Some(of_these)).with(of_these).pairs();
            proptest::prop_assert_eq!(found, expected);
        }
    }

    fn run(keys: &[&[&str]], features: &FeatureTable, max_block_records: usize) -> Candidates {
        run_for(keys, features, max_block_records, None)
    }

    fn run_for(
        keys: &[&[&str]],
        features: &FeatureTable,
        max_block_records: usize,
        wanted: Option<&[bool]>,
    ) -> Candidates {
        let rows = |at: usize| keys[at].iter().map(move |key| KeyRow::new(key, RecordId::new(at)));
        let groups = Groups::of(&sorted((0..keys.len()).flat_map(rows).collect()));
        let index =
            BlockIndex::build(groups, |record, show| keys[record.index()].iter().for_each(|key| show(key)), |_| ());
        let limits =
            Limits { max_block_records, max_weak_block_records: 9, max_lone_weak_block_records: 5, neighbourhood: 2 };
        let near = near_titles(&index);
        candidates_of(index.into_groups(), near, Dividing { features, id_of: &|_| "", limits, wanted }, |_| ())
    }

    /// Ids and not places say which of several copies stand beside other records in a block that is divided.
    #[test]
    fn copies_stand_in_a_divided_block_by_their_ids() {
        let named = |first| Features { years: Years { first, ..Years::default() }, ..Features::default() };
        let ids = ["a", "b", "c", "d", "e"];
        let met = |order: [usize; 5]| {
            let features: FeatureTable = order.iter().map(|&at| named(if at == 4 { 1999 } else { 1990 })).collect();
            let id_of = move |record: RecordId| ids[order[record.index()]];
            let limits = Limits {
                max_block_records: 2,
                max_weak_block_records: 2,
                max_lone_weak_block_records: 2,
                neighbourhood: 1,
            };
            let dividing = Dividing { features: &features, id_of: &id_of, limits, wanted: None };
            let records: Vec<RecordId> = (0..5).map(RecordId::new).collect();
            let parts = parts_of(&records, KeyClass::Title, dividing);
            let ids = |pair: &Pair| {
                (id_of(pair.a).min(id_of(pair.b)).to_owned(), id_of(pair.a).max(id_of(pair.b)).to_owned())
            };
            let mut pairs: Vec<(String, String)> = parts.neighbours.iter().map(ids).collect();
            pairs.sort_unstable();
            pairs
        };
        let expected = [("a", "b"), ("b", "c"), ("c", "d"), ("d", "e")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        for order in [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 4, 0, 3, 1]] {
            assert_eq!(met(order), expected, "{order:?}");
        }
    }

    fn blank(n: usize) -> FeatureTable {
        std::iter::repeat_n(Features::default(), n).collect()
    }

    fn numbers(candidates: &Candidates) -> Vec<(u32, u32)> {
        candidates.pairs().iter().map(|pair| (pair.a.get(), pair.b.get())).collect()
    }

    #[test]
    fn pairs_come_once_however_many_keys_they_share() {
        let found = run(&[&["AT a b", "DOI 1"], &["AT a b", "DOI 1"], &["DOI 1"]], &blank(3), 10);
        assert_eq!(numbers(&found), [(0, 1), (0, 2), (1, 2)]);
    }

    /// Of weak keys that many records share, one is not enough.
    #[test]
    fn records_of_loose_blocks_meet_if_they_share_two() {
        let shared: &[&str] = &["FW x y"];
        let both: &[&str] = &["FW x y", "LW a b"];
        let strong: &[&str] = &["FW x y", "DOI 1"];
        let few: &[&str] = &["FW x y", "TY t 1"];
        let found = run(&[shared, both, shared, both, strong, few, strong, few, both], &blank(9), 10);
        // `LW a b` and `TY t 1` are shared by few.
        assert_eq!(numbers(&found), [(1, 3), (1, 8), (3, 8), (4, 6), (5, 7)]);
        let many = [both, both, shared, shared, shared, shared, &["LW a b"], &["LW a b"], &["LW a b"], &["LW a b"]];
        assert_eq!(numbers(&run(&many, &blank(10), 10)), [(0, 1)]);
    }

    #[test]
    fn near_title_keys_meet() {
        let keys: [&[&str]; 3] = [&["TI useofsocialmedia"], &["TI useofsocialmeida"], &["TI useofsomethingelse"]];
        let found = run(&keys, &blank(3), 10);
        assert_eq!(numbers(&found), [(0, 1)]);
        assert_eq!(found.n_neighbour_blocks, 1);
        // Far apart by their beginnings, neighbours by their ends.
        let keys: [&[&str]; 4] = [&["TI aplantsofthenorth"], &["TI plantsofthenorth"], &["TI heart"], &["TI north"]];
        assert_eq!(numbers(&run(&keys, &blank(4), 10)), [(0, 1)]);
    }

    #[test]
    fn large_blocks_are_divided_and_nobody_is_left_alone() {
        let keys: Vec<&[&str]> = vec![&["TI annualreport"]; 60];
        let mut features = vec![Features::default(); 60];
        for (at, f) in features.iter_mut().enumerate() {
            f.years.first = 1950 + (at % 30) as u16;
        }
        let features: FeatureTable = features.into_iter().collect();
        let found = run(&keys, &features, 10);
        assert_eq!(found.n_refined_blocks, 1);
        let weak: Vec<&[&str]> = vec![&["LW annual report"]; 60];
        let of_weak = run(&weak, &features, 10);
        assert_eq!(numbers(&of_weak), (0..30).map(|at| (at, at + 30)).collect::<Vec<_>>(), "only those of one year");
        for at in 0..30 {
            assert!(numbers(&found).contains(&(at, at + 30)), "records of one year meet: {at}");
        }
        assert!(found.pairs().len() < 60 * 59 / 4);
    }
}
