//! Stage 4: clusters → merge proposals.
//!
//! In: clusters, and a way to read their members again. Out: [`Proposals`], each with a survivor and the
//! reason it was chosen, the merged record with the origin of every value, what the members disagree on,
//! and the evidence of each pair. `merge` never decides who matches.

mod display;
mod listed;
mod member;
mod survivor;
mod union;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::ids::RecordId;
use crate::keys::FeatureTable;
use crate::matching::Cluster;
use crate::matching::compare::compare;
use crate::matching::evidence::{Aspect, Comparison, Kind, Level, Veto, Weight};
use crate::matching::score::{Match, Verdict};
use crate::matching::weights::Weights;

pub use display::{MAX_DISPLAYED, display_order};
pub use listed::{Earlier, ListMaker, Outline, OutlineMember, Proposals, Taken, is_made};
pub use member::{Member, OwnedField};
pub use union::{Conflict, ConflictSide, MergedValue, is_left_out, leader_of};

/// Pairs listed per proposal, heaviest first: enough to hold any cluster a person can judge together. Of larger ones some more
/// are, so that each member, the lightest pair and pairs with a doubt or a decision are among them.
pub const MAX_PAIRS: usize = 100;

/// Where the weight of a cluster puts it, and so what is proposed to do with it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Band {
    /// Safe without looking.
    Merge,
    /// A person should look.
    Review,
}

impl Band {
    /// The word in lists and pages.
    pub fn name(self) -> &'static str {
        match self {
            Band::Merge => "merge",
            Band::Review => "review",
        }
    }
}

/// A member as shown in a proposal.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ProposalMember {
    /// Record id.
    pub id: String,
    /// Input file, as the user named it.
    pub file: String,
    /// Line, from 1.
    pub line: u64,
    /// Offset of the record in the decompressed file, from 0.
    pub byte: u64,
    /// Its length in bytes.
    pub length: u32,
    /// [`Record::content_hash`](crate::input::Record::content_hash) in 16 hexadecimal digits.
    pub hash: String,
    /// Title, for lists.
    pub title: String,
    /// Persons and bodies, for lists.
    pub authors: String,
    /// Year, for lists.
    pub year: String,
    /// Number of findings the audit has against it, which count against it as survivor.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub findings: usize,
    /// Filled fields with their values joined, for the page. Empty in all but [`MAX_DISPLAYED`] proposals.
    #[serde(skip)]
    pub fields: Vec<(String, String)>,
    /// Its place among the records of the cluster, from 0, where the proposal was made.
    #[serde(skip)]
    pub seat: u32,
}

/// One aspect of a pair, with the values that were compared.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PairEvidence {
    /// The aspect.
    pub field: Aspect,
    /// How far it agrees.
    pub level: Level,
    /// Match weight in bits.
    pub weight: Weight,
    /// The first record's value.
    pub a: String,
    /// The second record's value.
    pub b: String,
}

/// Why two members match.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ProposalPair {
    /// Id of the one record.
    pub a: String,
    /// Id of the other.
    pub b: String,
    /// The prior and the sum of the weights, in bits.
    pub weight: Weight,
    /// What kind of things the two are.
    pub kind: Kind,
    /// Where the sum begins: the odds that two records of this kind that meet are duplicates, in bits.
    pub prior: Weight,
    /// Whether a person decided that the two are one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub accepted: bool,
    /// What a person had decided about the two before one of them changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stale: Option<StaleDecision>,
    /// Doubts that keep the pair from being merged without a look.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vetoes: Vec<Veto>,
    /// The summands.
    pub evidence: Vec<PairEvidence>,
}

/// A decision that no longer counts, since a record is not what it was.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StaleDecision {
    /// The two were said to be one.
    Accept,
    /// The two were said not to be one.
    Reject,
}

/// A merge proposal.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Proposal {
    /// Stable id: it follows from the ids of the members alone.
    pub proposal: String,
    /// Merge or review.
    pub decision: Band,
    /// Id of the record that leads.
    pub survivor: String,
    /// Why that one.
    pub survivor_reason: String,
    /// Members, by id.
    pub members: Vec<ProposalMember>,
    /// Merge proposals that members of this review proposal also belong to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extends: Vec<String>,
    /// The pairs that hold the proposal together, heaviest first.
    pub pairs: Vec<ProposalPair>,
    /// Pairs not listed, beyond [`MAX_PAIRS`].
    #[serde(default, skip_serializing_if = "is_zero")]
    pub n_pairs_omitted: usize,
    /// The merged record: field, values, and who holds them.
    pub merged: BTreeMap<String, Vec<MergedValue>>,
    /// Fields on which members disagree.
    pub conflicts: Vec<Conflict>,
}

fn is_zero(n: &usize) -> bool {
    *n == 0
}

impl Proposal {
    /// Weight of the heaviest pair.
    pub fn weight(&self) -> Weight {
        self.pairs.first().map(|pair| pair.weight).unwrap_or_default()
    }

    /// Whether a person had chosen the survivor before the proposal was made, and not the rules.
    pub fn is_survivor_chosen(&self) -> bool {
        self.survivor_reason == CHOSEN
    }

    /// The vetoes of all pairs, each once, ascending.
    pub fn vetoes(&self) -> Vec<Veto> {
        let vetoes: BTreeSet<Veto> = self.pairs.iter().flat_map(|pair| pair.vetoes.iter().copied()).collect();
        vetoes.into_iter().collect()
    }
}

/// What proposals need to know of the world.
pub struct Source<'a> {
    /// Reads a record again; `None` if the file has changed and it is gone.
    pub fetch: &'a (dyn Fn(RecordId) -> Option<Member> + Sync),
    /// Name of an input file by number.
    pub file_name: &'a (dyn Fn(u32) -> String + Sync),
    /// Told the number of clusters done, from any thread.
    pub advance: &'a (dyn Fn(u64) + Sync),
    /// What records are compared by.
    pub features: &'a FeatureTable,
    /// What people chose for proposals, by their ids.
    pub choices: &'a BTreeMap<String, Choice>,
}

/// Makes a proposal of every cluster, in the order of the report. With `earlier`, those that an earlier run has made of the
/// same are taken from there.
///
/// Records with the same id are the same record twice, which the audit reports; clusters of nothing else
/// are left out.
///
/// # Errors
/// If the temporary file cannot be written.
pub fn propose(
    merge: &[Cluster],
    review: &[Cluster],
    source: &Source<'_>,
    weights: &Weights,
    earlier: Option<&Earlier<'_>>,
) -> io::Result<Proposals> {
    let segments = earlier.and_then(|earlier| earlier.segments.cloned());
    let list = ListMaker::temporary()?.with_earlier(segments);
    let key = |cluster: &Cluster| earlier.and_then(|earlier| (earlier.key)(cluster));
    let known = |cluster: &Cluster| list.take_again(key(cluster)?, cluster, earlier?);
    let take = |proposal: Proposal, cluster: &Cluster| list.take(proposal, &cluster.members, key(cluster));
    let taken = proposals_of(merge, review, source, weights, known, take);
    list.finish(taken, source)
}

/// The proposals of clusters, each handed on with its cluster: merges, then reviews, each in the order of
/// the clusters. Review clusters stand with the merge clusters that hold some of their records. Merges that are `known`,
/// with the ids of their proposals, are not made.
pub fn proposals_of<T: Send>(
    merge: &[Cluster],
    review: &[Cluster],
    source: &Source<'_>,
    weights: &Weights,
    known: impl Fn(&Cluster) -> Option<(T, String)> + Sync,
    take: impl Fn(Proposal, &Cluster) -> T + Sync,
) -> Vec<T> {
    let propose = |cluster: &Cluster| {
        let proposal = propose_one(cluster, source, weights);
        (source.advance)(1);
        proposal
    };
    let merges = merge.par_iter().filter_map(|cluster| {
        if let Some((taken, id)) = known(cluster) {
            (source.advance)(1);
            return Some((taken, (&cluster.members, id)));
        }
        let proposal = propose(cluster)?;
        let id = proposal.proposal.clone();
        Some((take(proposal, cluster), (&cluster.members, id)))
    });
    let (mut taken, ids): (Vec<T>, Vec<(&Vec<RecordId>, String)>) = merges.unzip();
    let mut owners: Vec<(RecordId, &str)> = Vec::new();
    for (members, id) in &ids {
        owners.extend(members.iter().map(|&member| (member, id.as_str())));
    }
    owners.sort_unstable();
    let owner = |member| owners.binary_search_by_key(member, |(record, _)| *record).ok().map(|at| owners[at].1.into());
    let reviews = review.par_iter().filter_map(|cluster| {
        let mut proposal = propose(cluster)?;
        proposal.extends = cluster.members.iter().filter_map(owner).collect();
        proposal.extends.sort();
        proposal.extends.dedup();
        Some(take(proposal, cluster))
    });
    taken.extend(reviews.collect::<Vec<T>>());
    taken
}

fn propose_one(cluster: &Cluster, source: &Source<'_>, weights: &Weights) -> Option<Proposal> {
    let mut members: Vec<Member> = cluster.members.iter().filter_map(|&record| (source.fetch)(record)).collect();
    members.sort_by(|a, b| (&a.id, a.record).cmp(&(&b.id, b.record)));
    // One id is one record, however often it was exported; links to its copies are links to it.
    let mut kept_as: Vec<(RecordId, usize)> = Vec::new();
    let mut n_kept = 0;
    for (at, member) in members.iter().enumerate() {
        n_kept += usize::from(at == 0 || members[at - 1].id != member.id);
        kept_as.push((member.record, n_kept - 1));
    }
    kept_as.sort_unstable();
    members.dedup_by(|later, first| later.id == first.id);
    if members.len() < 2 {
        return None;
    }
    let id = proposal_id(members.iter().map(|member| member.id.as_str()));
    let by_rule = Choice::default();
    let choice = source.choices.get(&id).unwrap_or(&by_rule);
    let United { survivor, survivor_reason, merged, conflicts, .. } = unite(&members, choice);
    let (pairs, n_pairs_omitted) = pairs(cluster, &members, &kept_as, source.features, weights);
    let show = |member: &Member| ProposalMember {
        id: member.id.clone(),
        file: (source.file_name)(member.position.file),
        line: member.position.line,
        byte: member.position.byte,
        length: member.position.len,
        hash: member.hash(),
        title: shown(Aspect::Title, member),
        authors: shown(Aspect::Authors, member),
        year: shown(Aspect::Year, member),
        findings: member.n_findings,
        fields: Vec::new(),
        seat: cluster.members.binary_search(&member.record).unwrap_or_default() as u32,
    };
    Some(Proposal {
        proposal: id,
        decision: if cluster.verdict == Verdict::Merge { Band::Merge } else { Band::Review },
        survivor: members[survivor].id.clone(),
        survivor_reason,
        members: members.iter().map(show).collect(),
        extends: Vec::new(),
        n_pairs_omitted,
        pairs,
        merged,
        conflicts,
    })
}

/// Why a record leads that the rules would not have chosen.
const CHOSEN: &str = "a person chose it";

/// What a person wants otherwise than the rules of merging have it, by ids of members.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Choice {
    /// The record that leads.
    pub survivor: Option<String>,
    /// Fields with the one member each whose values are taken. What is derived from a field, or belongs to it, comes
    /// from the same member: see [`leader_of`].
    pub fields: BTreeMap<String, String>,
}

impl Choice {
    /// A number that other choices do not have.
    pub fn fingerprint(&self) -> u64 {
        let fields = self.fields.iter().flat_map(|(field, id)| [field.as_str(), id]);
        let texts: Vec<&str> = self.survivor.as_deref().into_iter().chain(fields).collect();
        let text = serde_json::to_vec(&(self.survivor.is_some(), texts)).expect("texts, into memory");
        xxh3_64(&text)
    }
}

/// Members as one record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct United {
    /// Index of the record that leads.
    pub survivor: usize,
    /// Why that one.
    pub survivor_reason: String,
    /// All indexes: the survivor, then the others, best first.
    pub order: Vec<usize>,
    /// Field, values, and who holds them.
    pub merged: BTreeMap<String, Vec<MergedValue>>,
    /// Fields on which members disagree.
    pub conflicts: Vec<Conflict>,
}

/// Makes one record of members, which are at least one, sorted by id, and of different ids. A choice of what is no
/// member changes nothing.
pub fn unite(members: &[Member], choice: &Choice) -> United {
    let find = |id: &String| members.binary_search_by(|member| member.id.cmp(id)).ok();
    let (best, reason) = survivor::choose(members);
    let (survivor, survivor_reason) = match choice.survivor.as_ref().and_then(find) {
        Some(chosen) if chosen != best => (chosen, CHOSEN.to_owned()),
        _ => (best, reason),
    };
    let mut order: Vec<usize> = (0..members.len()).collect();
    order.sort_by_cached_key(|&at| {
        (at != survivor, std::cmp::Reverse(survivor::quality(&members[at])), &members[at].id)
    });
    let chosen = choice.fields.iter().filter_map(|(field, id)| Some((field.as_str(), find(id)?))).collect();
    let (merged, conflicts) = union::unite(members, &order, &chosen);
    United { survivor, survivor_reason, order, merged, conflicts }
}

/// The stable id of a proposal: `p` and 16 hexadecimal digits of the ids, which are sorted and separated by U+001F. Within an
/// id, U+001E and U+001F are written as U+001E and a digit, so that other ids are other texts.
pub fn proposal_id<'a>(ids: impl IntoIterator<Item = &'a str>) -> String {
    let mut ids: Vec<&str> = ids.into_iter().collect();
    ids.sort_unstable();
    let escaped = |id| match id {
        id if str::contains(id, ['\u{1e}', '\u{1f}']) => {
            Cow::Owned(id.replace('\u{1e}', "\u{1e}0").replace('\u{1f}', "\u{1e}1"))
        }
        id => Cow::Borrowed(id),
    };
    let written = ids.into_iter().map(escaped).collect::<Vec<_>>().join("\u{1f}");
    format!("p{:016x}", xxh3_64(written.as_bytes()))
}

/// Pairs of which a doubt or a person says something that are kept beyond the heaviest.
const MAX_NOTEWORTHY: usize = 50;

/// Those of more than [`MAX_PAIRS`] links, the heaviest first, that people need to see, in their order: the heaviest of each
/// member, the lightest, those with a doubt or a decision, and then the heaviest.
fn told_of(linked: Vec<(usize, usize, &Match)>, n_members: usize) -> Vec<(usize, usize, &Match)> {
    let mut is_told = vec![false; linked.len()];
    let mut is_met = vec![false; n_members];
    for (told, (a, b, _)) in is_told.iter_mut().zip(&linked) {
        *told = !(is_met[*a] && is_met[*b]);
        (is_met[*a], is_met[*b]) = (true, true);
    }
    is_told.last_mut().into_iter().for_each(|last| *last = true);
    let is_noteworthy = |(_, _, link): &(usize, usize, &Match)| {
        link.verdict == Verdict::Review || link.is_accepted || link.stale.is_some()
    };
    let noteworthy = (0..linked.len()).filter(|&at| is_noteworthy(&linked[at])).take(MAX_NOTEWORTHY);
    noteworthy.for_each(|at| is_told[at] = true);
    let n_left = MAX_PAIRS.saturating_sub(is_told.iter().filter(|told| **told).count());
    is_told.iter_mut().filter(|told| !**told).take(n_left).for_each(|told| *told = true);
    linked.into_iter().zip(is_told).filter(|(_, told)| *told).map(|(pair, _)| pair).collect()
}

/// The pairs of kept members that links hold together, and how many more there are beyond [`MAX_PAIRS`].
/// `kept_as` leads from records to indexes of `members`, ascending by record.
fn pairs(
    cluster: &Cluster,
    members: &[Member],
    kept_as: &[(RecordId, usize)],
    features: &FeatureTable,
    weights: &Weights,
) -> (Vec<ProposalPair>, usize) {
    let find =
        |record: RecordId| kept_as.binary_search_by_key(&record, |(known, _)| *known).ok().map(|at| kept_as[at].1);
    let of_members = |link: &Match| {
        let (a, b) = (find(link.pair.a)?, find(link.pair.b)?);
        (a != b).then_some((a.min(b), a.max(b)))
    };
    let linked = cluster.links.iter().filter_map(|link| of_members(link).map(|(a, b)| (a, b, link)));
    let mut linked: Vec<(usize, usize, &Match)> = linked.collect();
    // Members are in the order of their ids: these say which of equally heavy links come first, and are listed.
    linked.sort_by_key(|&(a, b, link)| {
        (std::cmp::Reverse(link.weight), a, b, link.verdict, !link.is_accepted, link.stale)
    });
    let mut seen: BTreeSet<(usize, usize)> = BTreeSet::new();
    linked.retain(|&(a, b, _)| seen.insert((a, b)));
    let n_linked = linked.len();
    if n_linked > MAX_PAIRS {
        linked = told_of(linked, members.len());
    }
    let n_omitted = n_linked - linked.len();
    let show = |(a, b, link): (usize, usize, &Match)| {
        let (a, b) = (&members[a], &members[b]);
        let comparison = compare(&features.get(a.record), &features.get(b.record), weights);
        ProposalPair {
            a: a.id.clone(),
            b: b.id.clone(),
            weight: comparison.weight(),
            kind: comparison.kind,
            prior: comparison.prior,
            accepted: link.is_accepted,
            stale: link.stale.map(|was_accepted| match was_accepted {
                true => StaleDecision::Accept,
                false => StaleDecision::Reject,
            }),
            vetoes: comparison.vetoes.clone(),
            evidence: evidence(&comparison, a, b),
        }
    };
    let mut pairs: Vec<ProposalPair> = linked.into_iter().map(show).collect();
    pairs.sort_by(|x, y| (std::cmp::Reverse(x.weight), &x.a, &x.b).cmp(&(std::cmp::Reverse(y.weight), &y.a, &y.b)));
    (pairs, n_omitted)
}

/// A comparison with the values behind it.
pub fn evidence(comparison: &Comparison, a: &Member, b: &Member) -> Vec<PairEvidence> {
    let show = |e: &crate::matching::evidence::Evidence| PairEvidence {
        field: e.aspect,
        level: e.level,
        weight: e.weight,
        a: shown(e.aspect, a),
        b: shown(e.aspect, b),
    };
    comparison.evidence.iter().map(show).collect()
}

/// Bytes of a summary that are shown, at most: what is compared of it.
const MOST_OF_SUMMARY: usize = 150;

/// The stored values an aspect was read from, for people.
fn shown(aspect: Aspect, member: &Member) -> String {
    let fields: &[&str] = match aspect {
        Aspect::Title => &["title", "title_sub"],
        Aspect::Part => &["title_full"],
        Aspect::Numbers => &["title_full", "series"],
        Aspect::Authors => &["author", "author2", "author_corporate"],
        Aspect::Year => &["publishDate"],
        Aspect::Container if member.values("container_title").iter().any(|host| !host.trim().is_empty()) => {
            &["container_title", "issn"]
        }
        Aspect::Container => &["hierarchy_parent_title", "issn"],
        Aspect::Volume => &["container_volume", "container_reference"],
        Aspect::Issue => &["container_issue", "container_reference"],
        Aspect::Pages => &["container_pages_str", "container_start_page", "container_reference"],
        Aspect::Publisher => &["publisher"],
        Aspect::Place => &["place_str_mv"],
        Aspect::Edition => &["edition"],
        Aspect::Extent | Aspect::Height => &["physical"],
        Aspect::Series => &["series"],
        Aspect::Doi => &["doi_str_mv", "url"],
        Aspect::ArticleNumber => &["pmid_str", "pmid_str_mv", "pmcid_str_mv", "arxiv_str", "url"],
        Aspect::Oclc => &["oclc_num", "ctrlnum"],
        Aspect::Isbn => &["isbn"],
        Aspect::Issn => &["issn"],
        Aspect::Language => &["language"],
        Aspect::Format => &["format"],
        Aspect::Summary => &["description"],
    };
    let one_is_enough = matches!(aspect, Aspect::Volume | Aspect::Issue | Aspect::Pages | Aspect::Doi | Aspect::Oclc);
    let mut values: Vec<&str> = Vec::new();
    for field in fields {
        values.extend(member.values(field).iter().map(String::as_str));
        if one_is_enough && !values.is_empty() {
            break;
        }
    }
    if aspect == Aspect::Title {
        // `title` mostly holds the subtitle already.
        values.truncate(1);
    }
    if aspect == Aspect::Summary {
        let summary = values.first().copied().unwrap_or_default();
        let shown = &summary[..summary.floor_char_boundary(MOST_OF_SUMMARY)];
        return if shown.len() < summary.len() { format!("{shown}…") } else { summary.to_owned() };
    }
    values.join("; ")
}
