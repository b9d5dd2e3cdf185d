//! Matches → clusters in which no two members contradict each other.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3;

use crate::disjoint_sets::DisjointSets;
use crate::ids::{IdOf, RecordId};
use crate::keys::{FeatureTable, Features};

use super::candidates::Pair;
use super::compare::compare;
use super::decided::Decided;
use super::evidence::{Kind, Veto, Weight};
use super::score::{Match, Verdict};
use super::weights::Weights;

/// Records that are taken to be one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cluster {
    /// Members, ascending.
    pub members: Vec<RecordId>,
    /// Merge, or review if any link needs a look.
    pub verdict: Verdict,
    /// The matches among the members, heaviest first: those that hold the cluster together, and of a merge those, too, that would be
    /// reviewed if they stood alone.
    pub links: Vec<Match>,
}

/// Clusters, and the links that were cut to keep them coherent.
pub struct Clusters {
    /// By first member; every record is in at most one merge cluster.
    pub merge: Vec<Cluster>,
    /// Between merge clusters or single records; a record may stand in one of each.
    pub review: Vec<Cluster>,
    /// Matches whose groups contradict each other (A like B, B like C, but A unlike C), ascending by pair.
    pub cuts: Vec<Cut>,
}

impl Clusters {
    /// A test whether two records are proposed as one, for merging or for review.
    pub fn united(&self) -> impl Fn(Pair) -> bool + use<> {
        let owners = |clusters: &[Cluster]| -> Vec<(RecordId, usize)> {
            let mut owners: Vec<(RecordId, usize)> = Vec::new();
            for (at, cluster) in clusters.iter().enumerate() {
                owners.extend(cluster.members.iter().map(|&member| (member, at)));
            }
            owners.sort_unstable();
            owners
        };
        let bands = [owners(&self.merge), owners(&self.review)];
        move |pair| {
            bands.iter().any(|owners| {
                let owner = |of| owners.binary_search_by_key(&of, |(record, _)| *record).ok().map(|at| owners[at].1);
                owner(pair.a).is_some() && owner(pair.a) == owner(pair.b)
            })
        }
    }
}

/// A match that was not used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cut {
    /// The match.
    pub link: Match,
    /// What stands against it.
    pub contradiction: Contradiction,
}

/// Two members of the groups that a match would unite, and why they cannot be one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Contradiction {
    /// The members.
    pub between: Pair,
    /// Why.
    pub against: Against,
}

/// What stands against two records being one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Against {
    /// A person rejected them.
    Decision,
    /// The first certain veto.
    Veto(Veto),
    /// The evidence: theirs by far, or that between the two groups on average, of which theirs is the least.
    Evidence,
    /// The group would have more members that all differ than [`MOST_DISTINCT`].
    Crowd,
}

/// Least weight that two members of one cluster may have between them: members with odds below 1 to 256 are not
/// one thing, whoever stands between.
const LEAST_WITHIN: Weight = Weight::from_centibits(-800);
/// Least weight that the members of two groups must have between them on average to become one: the evidence as a
/// whole must not be against it. Garbled citations of one paper may disagree with each other, but not most of them.
const LEAST_ON_AVERAGE: Weight = Weight::from_centibits(0);

/// The most members of one cluster that all differ in something that is compared: each is held against every other one, and nobody can
/// look through so many. Copies that are equal count once.
pub const MOST_DISTINCT: usize = 500;

/// The most that two bare citations can have against each other when groups are joined, vetoes aside: an eighth. So
/// much has a journal against a conference: hosts are often those of another version of the paper.
const GARBLED: Weight = Weight::from_centibits(-300);

/// Groups merge links first, then review links between the groups.
///
/// Links are taken heaviest first, and one is used only if no member of its two groups has a veto against,
/// or disagrees with, one of the other: so a chain cannot bring together what no pair would.
///
/// What a person accepted comes before all else, whatever is against it; what a person rejected is never united,
/// neither directly nor over others, or only for review if one of the two records has changed since. `matches` holds the accepted pairs and none of the rejected ones.
pub fn cluster(
    matches: &[Match],
    decided: &Decided,
    features: &FeatureTable,
    weights: &Weights,
    id_of: IdOf<'_>,
) -> Clusters {
    cluster_again(matches, decided, features, weights, id_of, None).0
}

/// What a run knows of records and an earlier run found of them.
#[derive(Clone, Copy)]
pub struct EarlierFits<'r> {
    /// Hashes of all records.
    pub hashes: &'r [u64],
    /// What an earlier run found of matches with a key, as [`cluster_again`] gave it.
    pub fits: &'r (dyn Fn(u64) -> Option<&'r [u8]> + Sync),
}

/// What was found of matches that hang together, by their keys, ascending.
pub type Found = Vec<(u64, Vec<u8>)>;

/// [`cluster`] that holds groups against each other only if no earlier run has, and its results are the same. Gives what the next run may
/// take from there, too: keys of matches that hang together, ascending, and what was found of them.
pub fn cluster_again(
    matches: &[Match],
    decided: &Decided,
    features: &FeatureTable,
    weights: &Weights,
    id_of: IdOf<'_>,
    earlier: Option<EarlierFits<'_>>,
) -> (Clusters, Found) {
    let together = |part: &Vec<Vec<Match>>| {
        let (mut all, mut kept) = (Clusters::none(), Vec::new());
        for matches in part {
            let (key, known) = known_fits(matches, decided, earlier);
            let ground = Ground { features, weights, id_of };
            let (clusters, fits) = cluster_together(matches, decided, ground, known);
            all.extend(clusters);
            kept.extend(key.filter(|_| !fits.is_empty()).map(|key| (key, encoded(&fits, matches))));
        }
        (all, kept)
    };
    let parts: Vec<(Clusters, Found)> = components(matches).par_iter().map(together).collect();
    let (mut all, mut kept) = (Clusters::none(), Vec::new());
    for (clusters, of_part) in parts {
        all.extend(clusters);
        kept.extend(of_part);
    }
    all.merge.sort_by_key(|cluster| cluster.members[0]);
    all.review.sort_by_key(|cluster| cluster.members[0]);
    all.cuts.sort_unstable_by_key(|cut| cut.link.pair);
    kept.sort_unstable();
    kept.dedup_by_key(|(key, _)| *key);
    (all, kept)
}

impl Clusters {
    fn none() -> Clusters {
        Clusters { merge: Vec::new(), review: Vec::new(), cuts: Vec::new() }
    }

    fn extend(&mut self, other: Clusters) {
        self.merge.extend(other.merge);
        self.review.extend(other.review);
        self.cuts.extend(other.cuts);
    }
}

/// How two groups bear each other, the records by their numbers among those of the component.
#[derive(Clone, Copy, Serialize, Deserialize)]
enum KeptFit {
    No(u32, u32, Against),
    Doubtful,
    Yes,
}

/// By what the matches of a component are known again, unless there are but two records or a person said something of them;
/// and what an earlier run found, if it did.
fn known_fits(matches: &[Match], decided: &Decided, earlier: Option<EarlierFits<'_>>) -> (Option<u64>, Vec<Fit>) {
    let Some(EarlierFits { hashes, fits }) = earlier.filter(|_| matches.len() > 1) else { return (None, Vec::new()) };
    let records = records_of(matches);
    let is_decided =
        |&record: &RecordId| decided.rejected_with(record).chain(decided.doubted_with(record)).next().is_some();
    if matches.iter().any(|found| found.is_accepted || found.stale.is_some()) || records.iter().any(is_decided) {
        return (None, Vec::new());
    }
    let mut hash = Xxh3::new();
    records.iter().for_each(|record| hash.update(&hashes[record.index()].to_le_bytes()));
    for Match { pair, weight, verdict, .. } in matches {
        let seats = [pair.a, pair.b].map(|record| seat_of(&records, record));
        for number in [seats[0], seats[1], weight.centibits() as u32, *verdict as u32] {
            hash.update(&number.to_le_bytes());
        }
    }
    let key = hash.digest();
    let known = fits(key).and_then(|bytes| postcard::from_bytes::<Vec<KeptFit>>(bytes).ok());
    let fit = |kept: KeptFit| match kept {
        KeptFit::Yes => Some(Fit::Yes),
        KeptFit::Doubtful => Some(Fit::Doubtful),
        KeptFit::No(a, b, against) => {
            let between = Pair::new(*records.get(a as usize)?, *records.get(b as usize)?);
            Some(Fit::No(Contradiction { between, against }))
        }
    };
    (Some(key), known.unwrap_or_default().into_iter().map_while(fit).collect())
}

fn encoded(fits: &[Fit], matches: &[Match]) -> Vec<u8> {
    let records = records_of(matches);
    let kept = |fit: &Fit| match fit {
        Fit::Yes => KeptFit::Yes,
        Fit::Doubtful => KeptFit::Doubtful,
        Fit::No(Contradiction { between, against }) => {
            KeptFit::No(seat_of(&records, between.a), seat_of(&records, between.b), *against)
        }
    };
    postcard::to_allocvec(&fits.iter().map(kept).collect::<Vec<KeptFit>>()).expect("numbers, into memory")
}

fn seat_of(records: &[RecordId], record: RecordId) -> u32 {
    records.binary_search(&record).expect("every matched record is listed") as u32
}

/// Matches that are clustered by one thread at a time.
const MATCHES_TOGETHER: usize = 1024;

/// Matches in components that have no record in common, some of these for one thread at a time.
fn components(matches: &[Match]) -> Vec<Vec<Vec<Match>>> {
    let records = records_of(matches);
    let number = |record: RecordId| seat_of(&records, record);
    let mut sets = DisjointSets::new(records.len());
    for Match { pair, .. } in matches {
        sets.join(number(pair.a), number(pair.b));
    }
    let mut rooted: Vec<(u32, &Match)> = matches.iter().map(|found| (sets.root(number(found.pair.a)), found)).collect();
    rooted.sort_by_key(|(root, _)| *root);
    let mut parts: Vec<Vec<Vec<Match>>> = Vec::new();
    let mut n_in_last = 0;
    for component in rooted.chunk_by(|x, y| x.0 == y.0) {
        if parts.is_empty() || n_in_last + component.len() > MATCHES_TOGETHER {
            parts.push(Vec::new());
            n_in_last = 0;
        }
        n_in_last += component.len();
        parts.last_mut().expect("pushed before").push(component.iter().map(|(_, found)| **found).collect());
    }
    parts
}

/// The records of matches, ascending, each once.
fn records_of(matches: &[Match]) -> Vec<RecordId> {
    let mut records: Vec<RecordId> = matches.iter().flat_map(|found| [found.pair.a, found.pair.b]).collect();
    records.sort_unstable();
    records.dedup();
    records
}

/// Which links are taken before others.
fn of_strength(found: &Match) -> (Verdict, bool, Reverse<Weight>) {
    (found.verdict, !found.is_accepted, Reverse(found.weight))
}

/// What pairs are sorted by that are alike in all else: their ids, the smaller one first. Only pairs of copies with the same ids
/// come in the order of the export.
fn by_ids<'r>(pair: Pair, id_of: IdOf<'r>) -> (&'r str, &'r str, Pair) {
    let (a, b) = (id_of(pair.a), id_of(pair.b));
    (a.min(b), a.max(b), pair)
}

/// What groups are held against each other by.
#[derive(Clone, Copy)]
struct Ground<'g, 'i> {
    features: &'g FeatureTable,
    weights: &'g Weights,
    id_of: IdOf<'i>,
}

/// [`cluster`] of matches that have no record in common with others. `known` is what was found of them before; gives what was
/// found now.
fn cluster_together(
    matches: &[Match],
    decided: &Decided,
    ground: Ground<'_, '_>,
    known: Vec<Fit>,
) -> (Clusters, Vec<Fit>) {
    let id_of = ground.id_of;
    let mut order: Vec<&Match> = matches.iter().collect();
    // Of links of one weight the ids decide which comes first, and not the places of records in the export.
    order.sort_unstable_by(|one, other| {
        let ties = || by_ids(one.pair, id_of).cmp(&by_ids(other.pair, id_of));
        of_strength(one).cmp(&of_strength(other)).then_with(ties)
    });
    let (merge_links, review_links): (Vec<&Match>, Vec<&Match>) =
        order.into_iter().partition(|found| found.verdict == Verdict::Merge);
    let mut groups = Groups::new(matches, decided, ground, known);
    let mut merge = groups.join_all(&merge_links, Verdict::Merge);
    // Review groups start from the merge groups, and name only the records their links touch. A merge link
    // that a doubt between other members held up is among them.
    let review_links: Vec<&Match> = merge.doubted.iter().copied().chain(review_links).collect();
    let review = groups.join_all(&review_links, Verdict::Review);
    if !review.within.is_empty() {
        add_within(&mut merge.clusters, review.within);
    }
    let cuts = merge.cuts.into_iter().chain(review.cuts).collect();
    (Clusters { merge: merge.clusters, review: review.clusters, cuts }, groups.found)
}

/// Adds to merge clusters the pairs of their members that would be reviewed if they stood alone: people see them with their doubts.
fn add_within(clusters: &mut [Cluster], within: Vec<Match>) {
    let numbered = clusters.iter().enumerate();
    let of_record: BTreeMap<RecordId, usize> =
        numbered.flat_map(|(at, cluster)| cluster.members.iter().map(move |&record| (record, at))).collect();
    let mut is_touched = vec![false; clusters.len()];
    for link in within {
        if let Some(&at) = of_record.get(&link.pair.a) {
            clusters[at].links.push(link);
            is_touched[at] = true;
        }
    }
    for (cluster, _) in clusters.iter_mut().zip(is_touched).filter(|(_, is_touched)| *is_touched) {
        cluster.links.sort_by_key(|link| (Reverse(link.weight), link.pair));
    }
}

/// Whether two groups may become one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fit {
    /// Some members contradict each other.
    No(Contradiction),
    /// Between some members there is a doubt.
    Doubtful,
    /// No member has anything against another.
    Yes,
}

/// What one pass over links gives.
struct Joined<'m> {
    clusters: Vec<Cluster>,
    /// Links not used because of a doubt between other members.
    doubted: Vec<&'m Match>,
    /// Reviews within a merge cluster, which join nothing.
    within: Vec<Match>,
    cuts: Vec<Cut>,
}

/// Members of a group that differ in anything that is compared, by the digests of their features. Of those with one digest the one with
/// the smallest id stands for all, whichever came first.
type Distinct = BTreeMap<u64, RecordId>;

fn add_distinct(distinct: &mut Distinct, (digest, record): (u64, RecordId), id_of: IdOf<'_>) {
    let known = distinct.entry(digest).or_insert(record);
    if (id_of(record), record) < (id_of(*known), *known) {
        *known = record;
    }
}

/// What was found of two groups, which holds for every further link between them while they stay as they are. Copies of two records that
/// are linked n by n would else be compared n by n for each of the links.
struct Refused {
    /// Numbers of members then; groups only grow.
    n_members: [usize; 2],
    fit: Fit,
    /// Pairs of digests that speak against the two: what is found without the link's own pair.
    by: Vec<(u64, u64)>,
}

/// Two digests in order.
fn digests(a: u64, b: u64) -> (u64, u64) {
    (a.min(b), a.max(b))
}

/// Disjoint groups of the records that have a match.
struct Groups<'g, 'i> {
    decided: &'g Decided,
    features: &'g FeatureTable,
    weights: &'g Weights,
    id_of: IdOf<'i>,
    /// Records with a match, ascending: the index into the other fields.
    records: Vec<RecordId>,
    group_of: Vec<usize>,
    members: Vec<Vec<RecordId>>,
    /// Equal records need comparing only once. Most groups have two members and are never asked for what differs.
    distinct: Vec<Option<Distinct>>,
    /// Digests of the records' features, as far as they were asked for.
    digests: Vec<Option<u64>>,
    /// Features by their digests: members of large groups are asked for again and again.
    read: BTreeMap<u64, Features<'g>>,
    /// Groups that may not become one, by their numbers, the smaller one first.
    refused: BTreeMap<(usize, usize), Refused>,
    /// What an earlier run found when it held groups against each other, in the order in which that is asked.
    known: std::vec::IntoIter<Fit>,
    /// What this one has found.
    found: Vec<Fit>,
}

impl<'g, 'i> Groups<'g, 'i> {
    fn new(matches: &[Match], decided: &'g Decided, ground: Ground<'g, 'i>, known: Vec<Fit>) -> Groups<'g, 'i> {
        let records = records_of(matches);
        let Ground { features, weights, id_of } = ground;
        Groups {
            decided,
            features,
            weights,
            id_of,
            group_of: (0..records.len()).collect(),
            members: records.iter().map(|&record| vec![record]).collect(),
            distinct: vec![None; records.len()],
            digests: vec![None; records.len()],
            read: BTreeMap::new(),
            records,
            refused: BTreeMap::new(),
            known: known.into_iter(),
            found: Vec::new(),
        }
    }

    /// The digest of what is compared of a record, which is read once.
    fn digest(&mut self, record: RecordId) -> u64 {
        let (table, read) = (self.features, &mut self.read);
        *self.digests[seat_of(&self.records, record) as usize].get_or_insert_with(|| {
            let features = table.get(record);
            let digest = features.digest();
            read.entry(digest).or_insert(features);
            digest
        })
    }

    /// The members of a group that differ.
    fn distinct(&mut self, group: usize) -> &mut Distinct {
        if self.distinct[group].is_none() {
            let mut distinct = Distinct::new();
            for at in 0..self.members[group].len() {
                let record = self.members[group][at];
                add_distinct(&mut distinct, (self.digest(record), record), self.id_of);
            }
            self.distinct[group] = Some(distinct);
        }
        self.distinct[group].as_mut().expect("listed before")
    }

    /// The members of two groups that differ, by their ids; first those of the group with the smallest.
    fn distinct_of_both(&mut self, x: usize, y: usize) -> [Vec<(u64, RecordId)>; 2] {
        let id_of = self.id_of;
        let key = |&(digest, record): &(u64, RecordId)| (id_of(record), digest);
        let [of_x, of_y] = [x, y].map(|group| {
            let mut distinct: Vec<(u64, RecordId)> =
                self.distinct(group).iter().map(|(&digest, &record)| (digest, record)).collect();
            distinct.sort_by_key(key);
            distinct
        });
        if of_x.first().map(key) <= of_y.first().map(key) { [of_x, of_y] } else { [of_y, of_x] }
    }

    fn group(&self, record: RecordId) -> usize {
        self.group_of[seat_of(&self.records, record) as usize]
    }

    /// Uses the links in order, those that fit. A review may join groups with doubts between them, a merge not.
    fn join_all<'m>(&mut self, links: &[&'m Match], verdict: Verdict) -> Joined<'m> {
        let mut used: Vec<Match> = Vec::new();
        let mut joined = Joined { clusters: Vec::new(), doubted: Vec::new(), within: Vec::new(), cuts: Vec::new() };
        let before = self.group_of.clone();
        let records = self.records.clone();
        let merged = |record: RecordId| before[records.binary_search(&record).expect("every matched record is listed")];
        for &link in links {
            let (x, y) = (self.group(link.pair.a), self.group(link.pair.b));
            if x == y {
                // Within a merge cluster, a review proposal would only say the same again.
                if merged(link.pair.a) != merged(link.pair.b) || verdict == Verdict::Merge {
                    used.push(*link);
                } else {
                    joined.within.push(*link);
                }
                continue;
            }
            match self.fit(x, y, link) {
                Fit::No(contradiction) => joined.cuts.push(Cut { link: *link, contradiction }),
                Fit::Doubtful if verdict == Verdict::Merge => joined.doubted.push(link),
                Fit::Doubtful | Fit::Yes => {
                    self.join(x, y);
                    used.push(*link);
                }
            }
        }
        joined.clusters = self.clusters(used, verdict);
        joined
    }

    /// Whether two groups may become one over a link.
    fn fit(&mut self, x: usize, y: usize, link: &Match) -> Fit {
        if let Some(between) = self.between(x, y, |record| self.decided.rejected_with(record)) {
            return Fit::No(Contradiction { between, against: Against::Decision });
        }
        if link.is_accepted {
            return Fit::Yes;
        }
        let is_doubted = self.between(x, y, |record| self.decided.doubted_with(record)).is_some();
        if let ([a], [b]) = (&*self.members[x], &*self.members[y])
            && Pair::new(*a, *b) == link.pair
        {
            return if is_doubted { Fit::Doubtful } else { Fit::Yes };
        }
        let fit = match self.known.next() {
            Some(fit) => fit,
            None => self.hold(x, y, link),
        };
        self.found.push(fit);
        if fit == Fit::Yes && is_doubted { Fit::Doubtful } else { fit }
    }

    /// How the members of two groups bear each other by what they are, compared unless that was found over another link.
    fn hold(&mut self, x: usize, y: usize, link: &Match) -> Fit {
        let (x, y) = (x.min(y), x.max(y));
        let [one, other] = [link.pair.a, link.pair.b].map(|record| self.digest(record));
        let own = digests(one, other);
        let n_members = [self.members[x].len(), self.members[y].len()];
        if let Some(refused) = self.refused.get(&(x, y))
            && refused.n_members == n_members
            && refused.by.iter().any(|by| *by != own)
        {
            return refused.fit;
        }
        if self.distinct(x).len() + self.distinct(y).len() > MOST_DISTINCT {
            return Fit::No(Contradiction { between: link.pair, against: Against::Crowd });
        }
        let (fit, by) = self.compare_members(x, y, own);
        if fit != Fit::Yes {
            self.refused.insert((x, y), Refused { n_members, fit, by });
        }
        fit
    }

    /// How the members of two groups bear each other by what they are; the first pair by their ids that cannot bear it. `own` are the
    /// digests of the link's pair, which was judged before. Gives those of the pairs that speak against it, too, two at most.
    fn compare_members(&mut self, x: usize, y: usize, own: (u64, u64)) -> (Fit, Vec<(u64, u64)>) {
        let mut doubtful: Vec<(u64, u64)> = Vec::new();
        // The link's own pair, or one that is its equal in all that is compared.
        let is_own = |a: u64, b: u64| digests(a, b) == own;
        let [of_x, of_y] = self.distinct_of_both(x, y);
        if let ([(a, _)], [(b, _)]) = (&*of_x, &*of_y)
            && is_own(*a, *b)
        {
            return (Fit::Yes, doubtful);
        }
        let mut sum = 0i64;
        let mut n_compared = 0;
        let mut weakest: Option<(Weight, Pair, (u64, u64))> = None;
        let of_y: Vec<(u64, RecordId, &Features<'_>)> =
            of_y.into_iter().map(|(digest, record)| (digest, record, &self.read[&digest])).collect();
        for &(digest_a, a) in &of_x {
            let features = &self.read[&digest_a];
            for &(digest_b, b, others) in &of_y {
                let between = Pair::new(a, b);
                let comparison = compare(features, others, self.weights);
                // Parsers garble each citation in its own way: what two have against each other is mostly that.
                let is_citation = comparison.kind == Kind::Citation;
                let is_garbled = |veto: &Veto| is_citation && *veto == Veto::HostKindDiffers;
                let weight = comparison.weight();
                sum += i64::from(
                    match comparison.vetoes.iter().any(is_garbled) {
                        true => GARBLED,
                        false if is_citation => weight.max(GARBLED),
                        false => weight,
                    }
                    .centibits(),
                );
                n_compared += 1;
                if is_own(digest_a, digest_b) {
                    continue;
                }
                let veto = comparison.vetoes.iter().copied().find(|veto| !veto.is_doubt() && !is_garbled(veto));
                if veto.is_some() || (weight < LEAST_WITHIN && !is_citation) {
                    let against = veto.map_or(Against::Evidence, Against::Veto);
                    return (Fit::No(Contradiction { between, against }), vec![digests(digest_a, digest_b)]);
                }
                // Of which words are misread, the link that joins the groups says more.
                let is_misread = |veto: &Veto| is_citation && *veto == Veto::WordDiffers;
                let divides = |veto: &Veto| veto.divides() && !is_garbled(veto) && !is_misread(veto);
                let pair = digests(digest_a, digest_b);
                if doubtful.len() < 2 && !doubtful.contains(&pair) && comparison.vetoes.iter().any(divides) {
                    doubtful.push(pair);
                }
                // Of several that weigh as little, the first by their ids.
                if weakest.is_none_or(|(known, ..)| weight < known) {
                    weakest = Some((weight, between, pair));
                }
            }
        }
        match weakest {
            Some((_, between, by)) if sum < n_compared * i64::from(LEAST_ON_AVERAGE.centibits()) => {
                (Fit::No(Contradiction { between, against: Against::Evidence }), vec![by])
            }
            _ => (if doubtful.is_empty() { Fit::Yes } else { Fit::Doubtful }, doubtful),
        }
    }

    /// The first pair, by its ids, between two groups that a list of pairs has; `with` tells the partners of a record in it.
    fn between<I: Iterator<Item = RecordId>>(&self, x: usize, y: usize, with: impl Fn(RecordId) -> I) -> Option<Pair> {
        let is_in = |record: &RecordId, group: usize| {
            self.records.binary_search(record).is_ok_and(|at| self.group_of[at] == group)
        };
        let (few, many) = if self.members[x].len() < self.members[y].len() { (x, y) } else { (y, x) };
        let pairs = self.members[few].iter().flat_map(|&record| {
            let others = with(record).filter(|other| is_in(other, many));
            others.map(move |other| Pair::new(record, other))
        });
        pairs.min_by_key(|pair| by_ids(*pair, self.id_of))
    }

    fn join(&mut self, x: usize, y: usize) {
        let (from, to) = if self.members[x].len() < self.members[y].len() { (x, y) } else { (y, x) };
        if self.distinct[from].is_some() || self.distinct[to].is_some() {
            let (others, id_of) = (std::mem::take(self.distinct(from)), self.id_of);
            let distinct = self.distinct(to);
            others.into_iter().for_each(|other| add_distinct(distinct, other, id_of));
        }
        let moved = std::mem::take(&mut self.members[from]);
        for record in &moved {
            self.group_of[seat_of(&self.records, *record) as usize] = to;
        }
        self.members[to].extend(moved);
    }

    /// One cluster per group that has used links; its members are the records those links touch.
    fn clusters(&self, used: Vec<Match>, verdict: Verdict) -> Vec<Cluster> {
        let mut links: Vec<(usize, Match)> = used.into_iter().map(|link| (self.group(link.pair.a), link)).collect();
        links.sort_by_key(|(group, link)| (*group, Reverse(link.weight), link.pair));
        let clusters = links.chunk_by(|a, b| a.0 == b.0).map(|chunk| {
            let links: Vec<Match> = chunk.iter().map(|(_, link)| *link).collect();
            let mut members: Vec<RecordId> = links.iter().flat_map(|link| [link.pair.a, link.pair.b]).collect();
            members.sort_unstable();
            members.dedup();
            Cluster { members, verdict, links }
        });
        clusters.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::decided::Standing;
    use super::super::weights::Model;
    use super::*;

    fn no_id(_: RecordId) -> &'static str {
        ""
    }

    use crate::input::Parser;

    fn features(json: &str) -> Features<'static> {
        Parser::default().parse(json.as_bytes(), Features::of).expect("a record")
    }

    fn link(a: usize, b: usize, bits: f64, verdict: Verdict) -> Match {
        Match {
            pair: Pair::new(RecordId::new(a), RecordId::new(b)),
            weight: Weight::from_bits(bits),
            verdict,
            is_accepted: false,
            stale: None,
        }
    }

    fn told(a: usize, b: usize, is_accepted: bool) -> (Pair, Standing) {
        (Pair::new(RecordId::new(a), RecordId::new(b)), Standing { is_accepted, is_stale: false })
    }

    fn members(clusters: &[Cluster]) -> Vec<Vec<u32>> {
        clusters.iter().map(|cluster| cluster.members.iter().map(|member| member.get()).collect()).collect()
    }

    fn table(records: &[Features<'static>]) -> FeatureTable {
        records.iter().cloned().collect()
    }

    #[test]
    fn groups_are_held_against_each_other_once() {
        let part = |n: usize| {
            features(&format!(
                r#"{{"id":"{n}","title":"History of Finland. Part {n}","author":["Aalto, Aino"],"publishDate":["1990"]}}"#
            ))
        };
        let weights = Weights::new(&Model::default()).expect("defaults");
        let matches = [link(0, 1, 20.0, Verdict::Merge), link(1, 2, 19.0, Verdict::Merge)];
        let run = |table: &FeatureTable, decided: &Decided, matches: &[Match], known: Option<&(u64, Vec<u8>)>| {
            let fits = |key| known.filter(|(of, _)| *of == key).map(|(_, found)| found.as_slice());
            let earlier = EarlierFits { hashes: &[7, 8, 9, 7, 8, 9], fits: &fits };
            let (clusters, kept) = cluster_again(matches, decided, table, &weights, &no_id, Some(earlier));
            (members(&clusters.merge), clusters.cuts, kept)
        };
        let undecided = Decided::default();
        // The record between the two parts has no number.
        let bridge =
            features(r#"{"id":"b","title":"History of Finland","author":["Aalto, Aino"],"publishDate":["1990"]}"#);
        let (merge, cuts, kept) = run(&table(&[part(1), bridge, part(2)]), &undecided, &matches, None);
        assert_eq!((merge.as_slice(), cuts.len(), kept.len()), ([vec![0, 1]].as_slice(), 1, 1));
        // Records that are the same for all that is compared now: what was found then counts, wherever they stand.
        let same: FeatureTable = table(&std::array::from_fn::<_, 6, _>(|_| part(1)));
        assert_eq!(run(&same, &undecided, &matches, None).0, [[0, 1, 2]]);
        assert_eq!(run(&same, &undecided, &matches, kept.first()), (merge, cuts, kept.clone()));
        let moved = [link(3, 4, 20.0, Verdict::Merge), link(4, 5, 19.0, Verdict::Merge)];
        let (merge, cuts, kept_again) = run(&same, &undecided, &moved, kept.first());
        assert_eq!((merge.as_slice(), &kept_again), ([vec![3, 4]].as_slice(), &kept));
        assert_eq!(cuts[0].contradiction.between, Pair::new(RecordId::new(3), RecordId::new(5)));
        let heavier = [link(0, 1, 20.0, Verdict::Merge), link(1, 2, 19.5, Verdict::Merge)];
        assert_eq!(run(&same, &undecided, &heavier, kept.first()).0, [[0, 1, 2]]);
        // What a person said is not kept, and nothing that was found before it is taken.
        let decided = Decided::new([told(0, 2, false)]);
        let (_, cuts, kept_decided) = run(&same, &decided, &matches, kept.first());
        assert!(cuts[0].contradiction.against == Against::Decision && kept_decided.is_empty());
    }

    #[test]
    fn a_bridge_does_not_unite_what_contradicts() {
        // B has no part number, so it resembles both parts; the parts must stay apart.
        let records = [
            features(
                r#"{"id":"a","title":"History of Finland. Part 1","author":["Aalto, Aino"],"publishDate":["1990"]}"#,
            ),
            features(r#"{"id":"b","title":"History of Finland","author":["Aalto, Aino"],"publishDate":["1990"]}"#),
            features(
                r#"{"id":"c","title":"History of Finland. Part 2","author":["Aalto, Aino"],"publishDate":["1990"]}"#,
            ),
        ];
        let weights = Weights::new(&Model::default()).expect("defaults");
        let matches = [link(0, 1, 20.0, Verdict::Merge), link(1, 2, 19.0, Verdict::Merge)];
        let clusters = cluster(&matches, &Decided::default(), &table(&records), &weights, &no_id);
        assert_eq!(members(&clusters.merge), [[0, 1]]);
        let contradiction = Contradiction {
            between: Pair::new(RecordId::new(0), RecordId::new(2)),
            against: Against::Veto(Veto::NumberDiffers),
        };
        assert_eq!(clusters.cuts, [Cut { link: matches[1], contradiction }]);
    }

    #[test]
    fn garbled_citations_of_one_paper_stay_together_if_most_agree() {
        let citation = |author: &str, host: &str, year: &str| {
            features(&format!(
                r#"{{"id":"a","format":["Article"],"title":"Data cubes","author":[{author}],"container_title":"{host}","publishDate":["{year}"]}}"#
            ))
        };
        let records = [
            citation(r#""Aalto, Aino""#, "VLDB", "1996"),
            citation(r#""Aalto, A""#, "VLDB", "1994"),
            citation(r#""Brand, I","Aalto, A""#, "Gut", "1996"),
            citation(r#""Aalto, Aino""#, "VLDB", "1997"),
        ];
        let weights = Weights::new(&Model::default()).expect("defaults");
        for pair in [[1, 2], [3, 2]] {
            let weight = compare(&records[pair[0]], &records[pair[1]], &weights).weight();
            assert!(LEAST_WITHIN < weight && weight < LEAST_ON_AVERAGE, "{pair:?}: {weight:?}");
        }
        let bridged = [link(0, 1, 9.0, Verdict::Review), link(0, 2, 8.0, Verdict::Review)];
        assert_eq!(
            members(&cluster(&bridged, &Decided::default(), &table(&records), &weights, &no_id).review),
            [[0, 1, 2]]
        );
        let contradiction =
            Contradiction { between: Pair::new(RecordId::new(1), RecordId::new(2)), against: Against::Evidence };
        let against = [link(1, 3, 9.0, Verdict::Review), link(2, 3, 8.0, Verdict::Review)];
        let divided = cluster(&against, &Decided::default(), &table(&records), &weights, &no_id);
        assert_eq!(members(&divided.review), [[1, 3]]);
        assert_eq!(divided.cuts, [Cut { link: against[1], contradiction }]);
    }

    #[test]
    fn one_garbled_host_does_not_keep_a_citation_from_many_that_agree() {
        let citation = |host: &str, year: &str| {
            features(&format!(
                r#"{{"id":"a","format":["Article"],"title":"Sampling of moraine profiles","author":["Aalto, Aino","Brand, Ida"],"container_title":"{host}","publishDate":["{year}"]}}"#
            ))
        };
        let conference = "Proceedings of the conference on glacier archives";
        let journal = "Journal of Ice Studies";
        let weights = Weights::new(&Model::default()).expect("defaults");
        let clustered = |records: &[Features<'static>], matches: &[Match]| {
            members(&cluster(matches, &Decided::default(), &table(records), &weights, &no_id).merge)
        };
        let records = [citation(conference, "1996"), citation("", "1996"), citation("", ""), citation(journal, "1996")];
        let apart = compare(&records[0], &records[3], &weights);
        assert!(apart.vetoes.contains(&Veto::HostKindDiffers), "{apart:?}");
        let bridged =
            [link(0, 1, 12.0, Verdict::Merge), link(1, 2, 11.0, Verdict::Merge), link(2, 3, 10.0, Verdict::Merge)];
        assert_eq!(clustered(&records, &bridged), [[0, 1, 2, 3]]);
        // Papers and articles that know their hosts stay apart, though a citation without host is like both.
        let records =
            [citation(conference, "1996"), citation(conference, ""), citation("", ""), citation(journal, "1999")];
        assert_eq!(clustered(&records, &bridged), [[0, 1, 2]]);
    }

    #[test]
    fn no_size_of_a_cluster_hides_a_veto() {
        let book = |edition: &str| {
            features(&format!(
                r#"{{"id":"a","title":"A long and telling title of a book","author":["Aalto, Aino"],"publishDate":["1990"]{edition}}}"#
            ))
        };
        let mut records = vec![book(""); 80];
        records.push(book(r#","edition":"2nd ed.""#));
        records.push(book(r#","edition":"3rd ed.""#));
        let weights = Weights::new(&Model::default()).expect("defaults");
        let matches: Vec<Match> = (1..records.len()).map(|at| link(0, at, 20.0, Verdict::Merge)).collect();
        let clusters = cluster(&matches, &Decided::default(), &table(&records), &weights, &no_id);
        let merged = &clusters.merge[0].members;
        assert_eq!((merged.len(), clusters.cuts.len()), (81, 1), "the two editions must not be together");
    }

    #[test]
    fn no_cluster_has_more_members_that_differ_than_anybody_can_look_through() {
        let clustered = |alternative: &dyn Fn(usize) -> String| {
            let book = |at: usize| {
                features(&format!(
                    r#"{{"id":"a","title":"A long and telling title of a book","title_alt":["{}"],"author":["Aalto, Aino"],"publishDate":["1990"]}}"#,
                    alternative(at)
                ))
            };
            let records: Vec<Features<'static>> = (0..MOST_DISTINCT + 2).map(book).collect();
            let weights = Weights::new(&Model::default()).expect("defaults");
            let matches: Vec<Match> = (1..records.len()).map(|at| link(0, at, 20.0, Verdict::Merge)).collect();
            let clusters = cluster(&matches, &Decided::default(), &table(&records), &weights, &no_id);
            let against: Vec<Against> = clusters.cuts.iter().map(|cut| cut.contradiction.against).collect();
            (members(&clusters.merge).iter().map(Vec::len).collect::<Vec<usize>>(), against)
        };
        assert_eq!(clustered(&|at| format!("Name {at}")), (vec![MOST_DISTINCT], vec![Against::Crowd; 2]));
        let copies = clustered(&|_| "One name".to_owned());
        assert_eq!(copies, (vec![MOST_DISTINCT + 2], Vec::new()), "copies that are equal count once");
    }

    #[test]
    fn what_people_decided_is_obeyed() {
        let record = |title: &str| features(&format!(r#"{{"id":"a","title":"{title}","author":["Aalto, Aino"]}}"#));
        let same = record("History of Finland");
        let records = [same.clone(), same.clone(), same, record("A wholly other book about cats")];
        let weights = Weights::new(&Model::default()).expect("defaults");
        let pair = |a: usize, b: usize| Pair::new(RecordId::new(a), RecordId::new(b));
        // 0 and 2 are equal, and were rejected: 1 does not bridge them.
        let matches = [link(0, 1, 20.0, Verdict::Merge), link(1, 2, 19.0, Verdict::Merge)];
        let rejected = Decided::new([told(0, 2, false)]);
        let clusters = cluster(&matches, &rejected, &table(&records), &weights, &no_id);
        assert_eq!((members(&clusters.merge), clusters.review.len()), (vec![vec![0, 1]], 0));
        let contradiction = Contradiction { between: pair(0, 2), against: Against::Decision };
        assert_eq!(clusters.cuts, [Cut { link: matches[1], contradiction }]);
        // What was accepted is one whatever the evidence, unless that unites what was rejected.
        let accepted = Match { is_accepted: true, ..link(2, 3, -30.0, Verdict::Merge) };
        let decided = Decided::new([told(2, 3, true)]);
        let clusters = cluster(&[matches[0], accepted], &decided, &table(&records), &weights, &no_id);
        assert_eq!(members(&clusters.merge), [[0, 1], [2, 3]]);
        let both = Match { is_accepted: true, ..matches[0] };
        let decided = Decided::new([told(0, 1, true), told(1, 2, true), told(0, 2, false)]);
        let clusters =
            cluster(&[both, Match { is_accepted: true, ..matches[1] }], &decided, &table(&records), &weights, &no_id);
        assert_eq!((members(&clusters.merge), clusters.cuts.len()), (vec![vec![0, 1]], 1));
    }

    /// Of members that are equal the one with the smallest id stands for all, wherever the records stand in the export.
    #[test]
    fn ids_say_who_stands_for_equal_members() {
        let book = |part: &str| {
            features(&format!(
                r#"{{"id":"a","title":"History of Finland{part}","author":["Aalto, Aino"],"publishDate":["1990"]}}"#
            ))
        };
        // Two copies of each part, and a record that is like both.
        let kinds = [book(". Part 1"), book(". Part 1"), book(""), book(". Part 2"), book(". Part 2")];
        let weights = Weights::new(&Model::default()).expect("defaults");
        let links = [(0, 1, 21.0), (3, 4, 21.0), (1, 2, 20.0), (2, 4, 19.0), (2, 3, 19.0)];
        let told = |order: [usize; 5]| {
            let ids = ["a", "b", "c", "d", "e"];
            let at = |of: usize| order.iter().position(|&one| one == of).expect("a permutation");
            let records: Vec<Features<'static>> = order.iter().map(|&of| kinds[of].clone()).collect();
            let mut matches = links.map(|(a, b, bits)| link(at(a), at(b), bits, Verdict::Merge));
            matches.sort_unstable_by_key(|found| found.pair);
            let id_of = |record: RecordId| ids[order[record.index()]];
            let clusters = cluster(&matches, &Decided::default(), &table(&records), &weights, &id_of);
            let named = |pair: Pair| [id_of(pair.a).min(id_of(pair.b)), id_of(pair.a).max(id_of(pair.b))].concat();
            let cuts = clusters.cuts.iter().map(|cut| (named(cut.link.pair), named(cut.contradiction.between)));
            let mut cuts: Vec<(String, String)> = cuts.collect();
            cuts.sort();
            cuts
        };
        let expected = [("cd", "ad"), ("ce", "ad")].map(|(link, between)| (link.to_owned(), between.to_owned()));
        for order in [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [1, 4, 0, 2, 3], [3, 1, 4, 2, 0]] {
            assert_eq!(told(order), expected, "{order:?}");
        }
    }

    #[test]
    fn the_order_of_matches_does_not_matter() {
        let record = features(
            r#"{"id":"a","title":"A long and telling title of a book","author":["Aalto, Aino"],"publishDate":["1990"]}"#,
        );
        let records = vec![record; 5];
        let weights = Weights::new(&Model::default()).expect("defaults");
        let mut matches = vec![
            link(0, 1, 20.0, Verdict::Merge),
            link(3, 4, 19.0, Verdict::Merge),
            link(1, 3, 9.5, Verdict::Review),
            link(2, 0, 9.5, Verdict::Review),
        ];
        let expected = cluster(&matches, &Decided::default(), &table(&records), &weights, &no_id);
        assert_eq!(members(&expected.merge), [[0, 1], [3, 4]]);
        assert_eq!(members(&expected.review), [[0, 1, 2, 3]]);
        matches.reverse();
        let reversed = cluster(&matches, &Decided::default(), &table(&records), &weights, &no_id);
        assert_eq!((expected.merge, expected.review), (reversed.merge, reversed.review));
    }
}
