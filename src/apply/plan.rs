//! Which records become one, and which do not although somebody or something proposed it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::decisions::{self, Decision, Ruling};
use crate::disjoint_sets::DisjointSets;
use crate::error::Error;
use crate::finished::Finished;
use crate::merge::{self, ProposalMember, proposal_id};

/// All groups, and what is left out.
pub(super) struct Plan {
    /// By id; no record is in two.
    pub(super) groups: Vec<Group>,
    /// One object per proposal or decision that is not applied, with the reason.
    pub(super) withheld: Vec<Value>,
    pub(super) counts: Counts,
}

/// Records that become one.
#[derive(Default)]
pub(super) struct Group {
    /// The stable id of its members.
    pub(super) id: String,
    /// By id.
    pub(super) members: Vec<ProposalMember>,
    /// Proposals it is made of, by id.
    pub(super) proposals: Vec<String>,
    /// Who accepted it; empty if the program proposed to merge and nobody objected.
    pub(super) users: BTreeSet<String>,
    pub(super) is_accepted: bool,
    /// What people chose: see [`merge::Choice`].
    pub(super) survivor: Option<String>,
    pub(super) fields: BTreeMap<String, String>,
}

/// `proposals` + `decisions_beside` is `applied` + `withheld` + `open`.
#[derive(Clone, Copy, Default, Serialize)]
pub(super) struct Counts {
    /// Proposals of the report.
    pub(super) proposals: u64,
    /// Decisions on other groups of records than the report proposes.
    pub(super) decisions_beside: u64,
    pub(super) applied: u64,
    pub(super) withheld: u64,
    /// Proposals to review that nobody decided.
    pub(super) open: u64,
    pub(super) groups: u64,
    /// Records in groups.
    pub(super) records: u64,
}

#[derive(Deserialize)]
struct Proposed {
    proposal: String,
    decision: merge::Band,
    members: Vec<ProposalMember>,
}

/// A set of records to unite.
struct Part {
    proposal: String,
    members: Vec<ProposalMember>,
    ruling: Option<Ruling>,
}

impl Plan {
    /// Puts the proposals of a report and the rulings in force together.
    pub(super) fn of(report: &Finished, rulings: Vec<Ruling>) -> Result<Plan, Error> {
        Ok(Plan::from(report.proposals()?, rulings))
    }

    fn from(proposed: Vec<Proposed>, rulings: Vec<Ruling>) -> Plan {
        let known: BTreeMap<String, ProposalMember> =
            proposed.iter().flat_map(|one| &one.members).map(|member| (member.id.clone(), member.clone())).collect();
        let hash_of = |id: &str| known.get(id).map(|member| member.hash.as_str());
        let standings = decisions::pairs(&rulings, hash_of).standings;
        let mut counts = Counts { proposals: proposed.len() as u64, ..Counts::default() };
        let mut withheld = Withheld::default();
        let mut by_proposal: BTreeMap<String, Ruling> =
            rulings.iter().map(|ruling| (ruling.proposal.clone(), ruling.clone())).collect();
        let mut parts = Vec::new();
        for Proposed { proposal, decision, members } in proposed {
            match (by_proposal.remove(&proposal), decision) {
                (Some(ruling), _) => parts.extend(part(ruling, &known, &mut withheld)),
                (None, merge::Band::Merge) => parts.push(Part { proposal, members, ruling: None }),
                (None, merge::Band::Review) => counts.open += 1,
            }
        }
        // A report names no more proposals with rulings; these are on other groups, or on nothing it knows.
        for ruling in by_proposal.into_values() {
            if matches!(ruling.decision, Decision::Accept | Decision::Split) {
                counts.decisions_beside += 1;
                parts.extend(part(ruling, &known, &mut withheld));
            }
        }
        let rejected = standings.iter().filter(|(_, standing)| !standing.is_accepted).map(|(&pair, _)| pair);
        let groups = unite_parts(parts, &rejected.collect::<Vec<_>>(), &mut counts, &mut withheld);
        withheld.0.sort_by(|a, b| a.0.cmp(&b.0));
        counts.withheld = withheld.0.len() as u64;
        counts.groups = groups.len() as u64;
        counts.records = groups.iter().map(|group| group.members.len() as u64).sum();
        Plan { groups, withheld: withheld.0.into_iter().map(|(_, line)| line).collect(), counts }
    }
}

/// By proposal.
#[derive(Default)]
struct Withheld(Vec<(String, Value)>);

impl Withheld {
    fn add(&mut self, proposal: &str, ids: &[String], reason: &str) {
        let line = json!({"proposal": proposal, "members": ids, "reason": reason});
        self.0.push((proposal.to_owned(), line));
    }
}

/// What a ruling wants united.
fn part(ruling: Ruling, known: &BTreeMap<String, ProposalMember>, withheld: &mut Withheld) -> Option<Part> {
    let ids: Vec<String> = ruling.members.iter().map(|seen| seen.id.clone()).collect();
    let is_changed = |seen: &decisions::Seen| {
        known.get(&seen.id).is_some_and(|member| !seen.hash.is_empty() && seen.hash != member.hash)
    };
    let reason = match ruling.decision {
        Decision::Defer => Some("a person deferred it"),
        Decision::Open => Some("it was taken back"),
        _ if ruling.members.iter().any(is_changed) => Some("stale: a record changed after the decision; decide again"),
        Decision::Reject => Some("a person rejected it"),
        _ if ruling.kept().any(|seen| !known.contains_key(&seen.id)) => Some(
            "the report proposes nothing about some of its records; run check with these decisions, then apply that report",
        ),
        _ if ruling.kept().count() < 2 => Some("a person split it, and fewer than two records are left"),
        _ => None,
    };
    if let Some(reason) = reason {
        withheld.add(&ruling.proposal, &ids, reason);
        return None;
    }
    let members = ruling.kept().filter_map(|seen| known.get(&seen.id).cloned()).collect();
    Some(Part { proposal: ruling.proposal.clone(), members, ruling: Some(ruling) })
}

/// Parts that share a record become one group, unless people keep two of its records apart. What a person united is then held by itself: a
/// proposal of the program that contradicts it does not take it along.
fn unite_parts(
    parts: Vec<Part>,
    rejected: &[(&str, &str)],
    counts: &mut Counts,
    withheld: &mut Withheld,
) -> Vec<Group> {
    let (mut groups, contradicted) = unite(parts, rejected, counts);
    let (of_people, others): (Vec<_>, Vec<_>) = contradicted.into_iter().partition(|(part, _)| part.ruling.is_some());
    let (of_people, still) = unite(of_people.into_iter().map(|(part, _)| part).collect(), rejected, counts);
    groups.extend(of_people);
    for (part, reason) in others.into_iter().chain(still) {
        let ids: Vec<String> = part.members.iter().map(|member| member.id.clone()).collect();
        withheld.add(&part.proposal, &ids, &reason);
    }
    groups.sort_by(|a, b| a.id.cmp(&b.id));
    groups
}

/// Groups of parts that share records, and the parts whose groups people keep apart, with the reason.
fn unite(parts: Vec<Part>, rejected: &[(&str, &str)], counts: &mut Counts) -> (Vec<Group>, Vec<(Part, String)>) {
    let mut numbers: BTreeMap<&str, u32> = BTreeMap::new();
    for member in parts.iter().flat_map(|part| &part.members) {
        let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
        numbers.entry(&member.id).or_insert(next);
    }
    let mut joined = DisjointSets::new(numbers.len());
    for part in &parts {
        for two in part.members.windows(2) {
            joined.join(numbers[two[0].id.as_str()], numbers[two[1].id.as_str()]);
        }
    }
    let mut kept_apart: BTreeMap<u32, String> = BTreeMap::new();
    for (a, b) in rejected {
        if let (Some(&one), Some(&other)) = (numbers.get(a), numbers.get(b))
            && joined.root(one) == joined.root(other)
        {
            kept_apart
                .entry(joined.root(one))
                .or_insert_with(|| format!("it would unite {a} and {b}, which a person keeps apart"));
        }
    }
    let roots: Vec<u32> = parts
        .iter()
        .map(|part| part.members.first().map_or(0, |member| joined.root(numbers[member.id.as_str()])))
        .collect();
    let mut groups: BTreeMap<u32, Group> = BTreeMap::new();
    let mut contradicted = Vec::new();
    for (part, root) in parts.into_iter().zip(roots) {
        if let Some(reason) = kept_apart.get(&root) {
            contradicted.push((part, reason.clone()));
            continue;
        }
        counts.applied += 1;
        groups.entry(root).or_default().add(part);
    }
    (groups.into_values().map(Group::complete).collect(), contradicted)
}

impl Group {
    fn add(&mut self, part: Part) {
        self.members.extend(part.members);
        self.proposals.push(part.proposal);
        let Some(ruling) = part.ruling else { return };
        self.is_accepted = true;
        if !ruling.user.is_empty() {
            self.users.insert(ruling.user);
        }
        self.survivor = self.survivor.take().or(ruling.survivor);
        for (field, id) in ruling.fields {
            self.fields.entry(field).or_insert(id);
        }
    }

    fn complete(mut self) -> Group {
        self.members.sort_by(|a, b| a.id.cmp(&b.id));
        self.members.dedup_by(|a, b| a.id == b.id);
        self.proposals.sort_unstable();
        self.id = proposal_id(self.members.iter().map(|member| member.id.as_str()));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(id: &str) -> ProposalMember {
        let text = String::new;
        ProposalMember {
            id: id.to_owned(),
            file: text(),
            line: 1,
            byte: 0,
            length: 0,
            hash: "h".to_owned(),
            title: text(),
            authors: text(),
            year: text(),
            findings: 0,
            fields: Vec::new(),
            seat: 0,
        }
    }

    fn proposed(decision: merge::Band, ids: &[&str]) -> Proposed {
        let members = ids.iter().map(|id| member(id)).collect();
        Proposed { proposal: proposal_id(ids.iter().copied()), decision, members }
    }

    fn ruling(decision: Decision, ids: &[&str], out: &[&str], hash: &str) -> Ruling {
        let seen = |id: &&str| decisions::Seen { id: (*id).to_owned(), hash: hash.to_owned() };
        Ruling {
            proposal: proposal_id(ids.iter().copied()),
            members: ids.iter().map(seen).collect(),
            out: out.iter().map(|id| (*id).to_owned()).collect(),
            ..Ruling::on_pair("a", "b", decision)
        }
    }

    fn groups(plan: &Plan) -> Vec<String> {
        let ids = |group: &Group| group.members.iter().map(|member| member.id.as_str()).collect::<Vec<_>>().concat();
        let mut groups: Vec<String> = plan.groups.iter().map(ids).collect();
        groups.sort();
        let Counts { proposals, decisions_beside, applied, withheld, open, .. } = plan.counts;
        assert_eq!(proposals + decisions_beside, applied + withheld + open, "the counts reconcile");
        groups
    }

    const MERGE: merge::Band = merge::Band::Merge;
    const REVIEW: merge::Band = merge::Band::Review;

    #[test]
    fn without_decisions_what_is_proposed_to_merge_is_merged() {
        let plan = Plan::from(vec![proposed(MERGE, &["a", "b"]), proposed(REVIEW, &["b", "c"])], Vec::new());
        assert_eq!(groups(&plan), ["ab"]);
        assert_eq!((plan.counts.open, plan.groups[0].is_accepted), (1, false));
    }

    #[test]
    fn people_have_the_last_word() {
        let all =
            || vec![proposed(MERGE, &["a", "b"]), proposed(REVIEW, &["b", "c"]), proposed(MERGE, &["d", "e", "f"])];
        let plan = |rulings| groups(&Plan::from(all(), rulings));
        let accept = || ruling(Decision::Accept, &["b", "c"], &[], "h");
        assert_eq!(plan(vec![accept()]), ["abc", "def"], "what overlaps is one");
        assert_eq!(plan(vec![ruling(Decision::Reject, &["a", "b"], &[], "h")]), ["def"]);
        assert_eq!(plan(vec![ruling(Decision::Defer, &["a", "b"], &[], "h")]), ["def"]);
        assert_eq!(plan(vec![ruling(Decision::Split, &["d", "e", "f"], &["e"], "h")]), ["ab", "df"]);
        assert_eq!(plan(vec![accept(), ruling(Decision::Reject, &["a", "c"], &[], "h")]), ["bc", "def"], "no bridge");
        // A split stands, though another proposal would put together again what it parts.
        let overlapping =
            vec![proposed(MERGE, &["a", "b", "c"]), proposed(MERGE, &["a", "d"]), proposed(MERGE, &["b", "d"])];
        let split = ruling(Decision::Split, &["a", "b", "c"], &["a"], "h");
        assert_eq!(groups(&Plan::from(overlapping, vec![split])), ["bc"]);
        assert_eq!(plan(vec![ruling(Decision::Accept, &["b", "c"], &[], "old")]), ["ab", "def"], "stale");
        assert_eq!(plan(vec![ruling(Decision::Accept, &["a", "z"], &[], "h")]), ["ab", "def"], "unknown");
        assert_eq!(plan(vec![ruling(Decision::Accept, &["a", "d"], &[], "h")]), ["abdef"]);
    }
}
