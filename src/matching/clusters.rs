//! Matches → clusters in which no two members contradict each other.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::disjoint_sets::DisjointSets;
use crate::ids::RecordId;
use crate::keys::FeatureTable;

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
    /// The matches among the members that hold the cluster together, heaviest first.
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
}

/// Least weight that two members of one cluster may have between them: members with odds below 1 to 256 are not
/// one thing, whoever stands between.
const LEAST_WITHIN: Weight = Weight::from_centibits(-800);
/// Least weight that the members of two groups must have between them on average to become one: the evidence as a
/// whole must not be against it. Garbled citations of one paper may disagree with each other, but not most of them.
const LEAST_ON_AVERAGE: Weight = Weight::from_centibits(0);

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
pub fn cluster(matches: &[Match], decided: &Decided, features: &FeatureTable, weights: &Weights) -> Clusters {
    let parts = components(matches);
    let parts: Vec<Clusters> =
        parts.par_iter().map(|matches| cluster_together(matches, decided, features, weights)).collect();
    let mut all = Clusters { merge: Vec::new(), review: Vec::new(), cuts: Vec::new() };
    for part in parts {
        all.merge.extend(part.merge);
        all.review.extend(part.review);
        all.cuts.extend(part.cuts);
    }
    all.merge.sort_by_key(|cluster| cluster.members[0]);
    all.review.sort_by_key(|cluster| cluster.members[0]);
    all.cuts.sort_unstable_by_key(|cut| cut.link.pair);
    all
}

/// Matches that are clustered by one thread at a time.
const MATCHES_TOGETHER: usize = 1024;

/// Matches in parts that have no record in common, each of whole components.
fn components(matches: &[Match]) -> Vec<Vec<Match>> {
    let records = records_of(matches);
    let number = |record: RecordId| records.binary_search(&record).expect("every matched record is listed") as u32;
    let mut sets = DisjointSets::new(records.len());
    for Match { pair, .. } in matches {
        sets.join(number(pair.a), number(pair.b));
    }
    let mut rooted: Vec<(u32, &Match)> = matches.iter().map(|found| (sets.root(number(found.pair.a)), found)).collect();
    rooted.sort_by_key(|(root, _)| *root);
    let mut parts: Vec<Vec<Match>> = Vec::new();
    for component in rooted.chunk_by(|x, y| x.0 == y.0) {
        if parts.last().is_none_or(|part| part.len() + component.len() > MATCHES_TOGETHER) {
            parts.push(Vec::new());
        }
        parts.last_mut().expect("pushed before").extend(component.iter().map(|(_, found)| **found));
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

/// [`cluster`] of matches that have no record in common with others.
fn cluster_together(matches: &[Match], decided: &Decided, features: &FeatureTable, weights: &Weights) -> Clusters {
    let mut order: Vec<&Match> = matches.iter().collect();
    order
        .sort_unstable_by_key(|found| (found.verdict, !found.is_accepted, std::cmp::Reverse(found.weight), found.pair));
    let (merge_links, review_links): (Vec<&Match>, Vec<&Match>) =
        order.into_iter().partition(|found| found.verdict == Verdict::Merge);
    let mut groups = Groups::new(matches, decided, features);
    let merge = groups.join_all(&merge_links, features, weights, Verdict::Merge);
    // Review groups start from the merge groups, and name only the records their links touch. A merge link
    // that a doubt between other members held up is among them.
    let review_links: Vec<&Match> = merge.doubted.iter().copied().chain(review_links).collect();
    let review = groups.join_all(&review_links, features, weights, Verdict::Review);
    let cuts = merge.cuts.into_iter().chain(review.cuts).collect();
    Clusters { merge: merge.clusters, review: review.clusters, cuts }
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
    cuts: Vec<Cut>,
}

/// Disjoint groups of the records that have a match.
struct Groups<'d> {
    decided: &'d Decided,
    /// Records with a match, ascending: the index into the other fields.
    records: Vec<RecordId>,
    group_of: Vec<usize>,
    members: Vec<Vec<RecordId>>,
    /// Members of each group that differ in anything that is compared, with their digests: equal records need
    /// comparing only once.
    distinct: Vec<Vec<(u64, RecordId)>>,
}

impl<'d> Groups<'d> {
    fn new(matches: &[Match], decided: &'d Decided, features: &FeatureTable) -> Groups<'d> {
        let records = records_of(matches);
        let members = records.iter().map(|&record| vec![record]).collect();
        let distinct = records.iter().map(|&record| vec![(features.get(record).digest(), record)]).collect();
        Groups { decided, group_of: (0..records.len()).collect(), records, members, distinct }
    }

    fn group(&self, record: RecordId) -> usize {
        let at = self.records.binary_search(&record).expect("every matched record is listed");
        self.group_of[at]
    }

    /// Uses the links in order, those that fit. A review may join groups with doubts between them, a merge not.
    fn join_all<'m>(
        &mut self,
        links: &[&'m Match],
        features: &FeatureTable,
        weights: &Weights,
        verdict: Verdict,
    ) -> Joined<'m> {
        let mut used: Vec<Match> = Vec::new();
        let mut joined = Joined { clusters: Vec::new(), doubted: Vec::new(), cuts: Vec::new() };
        let before = self.group_of.clone();
        let records = self.records.clone();
        let merged = |record: RecordId| before[records.binary_search(&record).expect("every matched record is listed")];
        for &link in links {
            let (x, y) = (self.group(link.pair.a), self.group(link.pair.b));
            if x == y {
                // Within a merge cluster, a review would only say the same again.
                if merged(link.pair.a) != merged(link.pair.b) || verdict == Verdict::Merge {
                    used.push(*link);
                }
                continue;
            }
            match self.fit(x, y, link, features, weights) {
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

    /// How the members of two groups bear each other. The link's own pair was judged before.
    fn fit(&self, x: usize, y: usize, link: &Match, features: &FeatureTable, weights: &Weights) -> Fit {
        if let Some(between) = self.between(x, y, |record| self.decided.rejected_with(record)) {
            return Fit::No(Contradiction { between, against: Against::Decision });
        }
        if link.is_accepted {
            return Fit::Yes;
        }
        let is_doubted = self.between(x, y, |record| self.decided.doubted_with(record)).is_some();
        let mut worst = if is_doubted { Fit::Doubtful } else { Fit::Yes };
        if let ([(_, a)], [(_, b)]) = (&*self.distinct[x], &*self.distinct[y])
            && Pair::new(*a, *b) == link.pair
        {
            return worst;
        }
        let mut sum = 0i64;
        let mut n_compared = 0;
        let mut weakest: Option<(Weight, Pair)> = None;
        for &(_, a) in &self.distinct[x] {
            for &(_, b) in &self.distinct[y] {
                let between = Pair::new(a, b);
                let comparison = compare(&features.get(a), &features.get(b), weights);
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
                if between == link.pair {
                    continue;
                }
                let veto = comparison.vetoes.iter().copied().find(|veto| !veto.is_doubt() && !is_garbled(veto));
                if veto.is_some() || (weight < LEAST_WITHIN && !is_citation) {
                    let against = veto.map_or(Against::Evidence, Against::Veto);
                    return Fit::No(Contradiction { between, against });
                }
                if comparison.vetoes.iter().any(|veto| veto.divides() && !is_garbled(veto)) {
                    worst = Fit::Doubtful;
                }
                let found = (weight, between);
                weakest = Some(weakest.map_or(found, |known| known.min(found)));
            }
        }
        match weakest {
            Some((_, between)) if sum < n_compared * i64::from(LEAST_ON_AVERAGE.centibits()) => {
                Fit::No(Contradiction { between, against: Against::Evidence })
            }
            _ => worst,
        }
    }

    /// The first pair between two groups that a list of pairs has; `with` tells the partners of a record in it.
    fn between<I: Iterator<Item = RecordId>>(&self, x: usize, y: usize, with: impl Fn(RecordId) -> I) -> Option<Pair> {
        let is_in = |record: &RecordId, group: usize| {
            self.records.binary_search(record).is_ok_and(|at| self.group_of[at] == group)
        };
        let (few, many) = if self.members[x].len() < self.members[y].len() { (x, y) } else { (y, x) };
        let pairs = self.members[few].iter().flat_map(|&record| {
            let others = with(record).filter(|other| is_in(other, many));
            others.map(move |other| Pair::new(record, other))
        });
        pairs.min()
    }

    fn join(&mut self, x: usize, y: usize) {
        let (from, to) = if self.members[x].len() < self.members[y].len() { (x, y) } else { (y, x) };
        let moved = std::mem::take(&mut self.members[from]);
        for record in &moved {
            let at = self.records.binary_search(record).expect("every matched record is listed");
            self.group_of[at] = to;
        }
        self.members[to].extend(moved);
        for (digest, record) in std::mem::take(&mut self.distinct[from]) {
            if self.distinct[to].iter().all(|(known, _)| *known != digest) {
                self.distinct[to].push((digest, record));
            }
        }
    }

    /// One cluster per group that has used links; its members are the records those links touch.
    fn clusters(&self, used: Vec<Match>, verdict: Verdict) -> Vec<Cluster> {
        let mut links: Vec<(usize, Match)> = used.into_iter().map(|link| (self.group(link.pair.a), link)).collect();
        links.sort_by_key(|(group, link)| (*group, std::cmp::Reverse(link.weight), link.pair));
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
    use crate::input::Parser;
    use crate::keys::Features;

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
        let clusters = cluster(&matches, &Decided::default(), &table(&records), &weights);
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
        assert_eq!(members(&cluster(&bridged, &Decided::default(), &table(&records), &weights).review), [[0, 1, 2]]);
        let contradiction =
            Contradiction { between: Pair::new(RecordId::new(1), RecordId::new(2)), against: Against::Evidence };
        let against = [link(1, 3, 9.0, Verdict::Review), link(2, 3, 8.0, Verdict::Review)];
        let divided = cluster(&against, &Decided::default(), &table(&records), &weights);
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
            members(&cluster(matches, &Decided::default(), &table(records), &weights).merge)
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
        let clusters = cluster(&matches, &Decided::default(), &table(&records), &weights);
        let merged = &clusters.merge[0].members;
        assert_eq!((merged.len(), clusters.cuts.len()), (81, 1), "the two editions must not be together");
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
        let clusters = cluster(&matches, &rejected, &table(&records), &weights);
        assert_eq!((members(&clusters.merge), clusters.review.len()), (vec![vec![0, 1]], 0));
        let contradiction = Contradiction { between: pair(0, 2), against: Against::Decision };
        assert_eq!(clusters.cuts, [Cut { link: matches[1], contradiction }]);
        // What was accepted is one whatever the evidence, unless that unites what was rejected.
        let accepted = Match { is_accepted: true, ..link(2, 3, -30.0, Verdict::Merge) };
        let decided = Decided::new([told(2, 3, true)]);
        let clusters = cluster(&[matches[0], accepted], &decided, &table(&records), &weights);
        assert_eq!(members(&clusters.merge), [[0, 1], [2, 3]]);
        let both = Match { is_accepted: true, ..matches[0] };
        let decided = Decided::new([told(0, 1, true), told(1, 2, true), told(0, 2, false)]);
        let clusters =
            cluster(&[both, Match { is_accepted: true, ..matches[1] }], &decided, &table(&records), &weights);
        assert_eq!((members(&clusters.merge), clusters.cuts.len()), (vec![vec![0, 1]], 1));
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
        let expected = cluster(&matches, &Decided::default(), &table(&records), &weights);
        assert_eq!(members(&expected.merge), [[0, 1], [3, 4]]);
        assert_eq!(members(&expected.review), [[0, 1, 2, 3]]);
        matches.reverse();
        let reversed = cluster(&matches, &Decided::default(), &table(&records), &weights);
        assert_eq!((expected.merge, expected.review), (reversed.merge, reversed.review));
    }
}
