//! Proposals on the page: records side by side, and why they match.

use serde::Serialize;

use super::chart::Waterfall;
use super::shown::{MAX_VALUE, Span, agreement, fit, shown, side_by_side};
use crate::merge::{Band, MAX_DISPLAYED, Proposal, ProposalMember, ProposalPair, display_order};
use crate::progress::grouped;
use crate::results::{Duplicates, Results};

/// Records of a proposal shown side by side.
const MAX_COLUMNS: usize = 6;
/// Longest name or id shown, in characters.
pub(super) const MAX_NAME: usize = 80;
/// Conflicts named per proposal.
const MAX_CONFLICTS: usize = 20;
/// Proposals that are open at first, per section.
const N_OPEN: usize = 1;
/// Pairs drawn beside the heaviest one.
const MAX_OTHER_PAIRS: usize = 5;

/// The proposals of one decision.
#[derive(Serialize)]
pub(super) struct Group {
    decision: &'static str,
    n: String,
    n_shown: usize,
    is_whole: bool,
    proposals: Vec<Shown>,
}

impl Group {
    /// Number of proposals shown.
    pub(super) fn n_shown(&self) -> usize {
        self.proposals.len()
    }

    /// Leaves the middle out, so that `n` proposals remain: the first ones and, as many or one less, the last ones.
    pub(super) fn keep(&mut self, n: usize) {
        let len = self.proposals.len();
        if n < len {
            self.proposals.drain(n - n / 2..len - n / 2);
            self.n_shown = n;
            self.is_whole = false;
        }
    }

    /// Draws the heaviest pair of each proposal only; says whether more had been drawn.
    pub(super) fn keep_heaviest_pairs(&mut self) -> bool {
        let mut had_more = false;
        for proposal in &mut self.proposals {
            let n_dropped = proposal.other_pairs.len();
            proposal.other_pairs.clear();
            proposal.n_more_pairs += n_dropped;
            had_more |= n_dropped > 0;
        }
        had_more
    }
}

/// A proposal as it is printed, its members side by side: columns are members, rows are fields.
#[derive(Serialize)]
pub(super) struct Shown {
    id: String,
    title: String,
    weight: String,
    open: bool,
    n_members: usize,
    n_hidden: usize,
    survivor: String,
    reason: String,
    extends: Vec<String>,
    is_accepted: bool,
    vetoes: Vec<VetoLine>,
    conflicts: Vec<String>,
    /// Conflicts beyond those named.
    n_more_conflicts: usize,
    columns: Vec<Column>,
    rows: Vec<Row>,
    heaviest: Option<Pair>,
    other_pairs: Vec<Pair>,
    n_more_pairs: usize,
}

#[derive(Serialize)]
struct Column {
    id: String,
    place: String,
}

#[derive(Serialize)]
struct Row {
    field: String,
    state: &'static str,
    /// The state for those who do not see it.
    words: &'static str,
    cells: Vec<Vec<Span>>,
}

#[derive(Serialize)]
struct Pair {
    a: String,
    b: String,
    waterfall: Waterfall,
}

/// A veto. `n` counts the pairs it stands against in the list of all, and is empty with a proposal.
#[derive(Serialize)]
pub(super) struct VetoLine {
    pub(super) name: &'static str,
    pub(super) meaning: &'static str,
    pub(super) n: String,
}

/// Both sections of proposals that have their members' fields.
pub(super) fn groups(duplicates: &Duplicates, results: &Results) -> Vec<Group> {
    let mut n_left = MAX_DISPLAYED;
    let mut groups = Vec::new();
    // The fewer reviews first: those are what people come for, and merges take what is left.
    for wanted in [Band::Review, Band::Merge] {
        let n = duplicates.proposals.n(wanted);
        let displayed = duplicates.proposals.displayed().iter().filter(|proposal| proposal.decision == wanted);
        let mut proposals: Vec<Shown> = displayed.take(n_left).map(|proposal| show(proposal, results)).collect();
        proposals.iter_mut().take(N_OPEN).for_each(|proposal| proposal.open = true);
        n_left -= proposals.len();
        groups.push(Group {
            decision: wanted.name(),
            n: grouped(n as u64),
            n_shown: proposals.len(),
            is_whole: proposals.len() == n,
            proposals,
        });
    }
    groups
}

fn show(proposal: &Proposal, results: &Results) -> Shown {
    let name = |text: &String| shown(text, MAX_NAME);
    let mut members: Vec<&ProposalMember> = proposal.members.iter().collect();
    members.sort_by_key(|member| member.id != proposal.survivor);
    let n_members = members.len();
    members.truncate(MAX_COLUMNS);
    let others = || proposal.pairs.iter().skip(1);
    let drawn = |pair: &ProposalPair| Pair {
        a: name(&pair.a),
        b: name(&pair.b),
        waterfall: Waterfall::of(pair, &results.config.model),
    };
    Shown {
        id: name(&proposal.proposal),
        title: members.first().map(|member| shown(&member.title, MAX_VALUE)).unwrap_or_default(),
        weight: format!("{:.2}", proposal.weight().bits()),
        open: false,
        n_members,
        n_hidden: n_members - members.len(),
        survivor: name(&proposal.survivor),
        reason: shown(&proposal.survivor_reason, MAX_VALUE),
        extends: proposal.extends.iter().take(MAX_COLUMNS).map(name).collect(),
        is_accepted: proposal.pairs.iter().any(|pair| pair.accepted),
        vetoes: proposal
            .vetoes()
            .into_iter()
            .map(|veto| VetoLine { name: veto.name(), meaning: veto.meaning(), n: String::new() })
            .collect(),
        conflicts: proposal.conflicts.iter().take(MAX_CONFLICTS).map(|conflict| name(&conflict.field)).collect(),
        n_more_conflicts: proposal.conflicts.len().saturating_sub(MAX_CONFLICTS),
        columns: members
            .iter()
            .map(|member| Column { id: name(&member.id), place: place(&member.file, member.line) })
            .collect(),
        rows: rows(&members),
        heaviest: proposal.pairs.first().map(drawn),
        other_pairs: others().take(MAX_OTHER_PAIRS).map(drawn).collect(),
        n_more_pairs: others().count().saturating_sub(MAX_OTHER_PAIRS) + proposal.n_pairs_omitted,
    }
}

/// Fields that any of the members has, in the order in which the members list them.
fn rows(members: &[&ProposalMember]) -> Vec<Row> {
    let mut fields: Vec<(usize, &str)> = Vec::new();
    for (field, _) in members.iter().flat_map(|member| &member.fields) {
        if !fields.iter().any(|(_, known)| known == field) {
            fields.push((display_order(field), field));
        }
    }
    fields.sort_unstable();
    let row = |(_, field): (usize, &str)| {
        let value = |member: &&ProposalMember| {
            let value = member.fields.iter().find(|(name, _)| *name == field);
            value.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let values: Vec<String> = members.iter().map(value).collect();
        let cells = side_by_side(&fit(&values, MAX_VALUE));
        let (state, words) = agreement(&values, &cells);
        Row { field: shown(field, MAX_NAME), state, words, cells }
    };
    fields.into_iter().map(row).collect()
}

/// The file's name and the line.
pub(super) fn place(file: &str, line: u64) -> String {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    format!("{}:{line}", shown(name, MAX_NAME))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{self, TWINS};
    use super::*;
    use crate::results::Job;

    #[test]
    fn the_middle_is_left_out() {
        let mut results = testing::results(TWINS, Job::Dedupe);
        let proposals = &mut results.duplicates.as_mut().expect("looked for").proposals;
        let first = proposals.displayed()[0].clone();
        *proposals = (0..9).map(|at| Proposal { proposal: at.to_string(), ..first.clone() }).collect();
        let duplicates = results.duplicates.as_ref().expect("looked for");
        let mut merges = groups(duplicates, &results).pop().expect("reviews, then merges");
        assert!(merges.is_whole);
        let ids = |group: &Group| group.proposals.iter().map(|shown| shown.id.clone()).collect::<Vec<_>>();
        for (n, expected) in [(9, "012345678"), (5, "01278"), (4, "0178"), (1, "0"), (0, "")] {
            merges.keep(n);
            assert_eq!((ids(&merges).concat().as_str(), merges.n_shown), (expected, n));
        }
        assert!(!merges.is_whole);
    }
}
