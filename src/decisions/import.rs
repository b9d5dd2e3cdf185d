//! Which rulings of another log a store takes.

use std::collections::{BTreeMap, BTreeSet};

use super::Ruling;

/// Whose ruling counts if both logs have one on a proposal, and neither knew of the other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Prefer {
    /// That of the store.
    Own,
    /// The imported one.
    Imported,
}

/// What an import does.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Plan<'r> {
    /// Rulings to add, in their order.
    pub add: Vec<&'r Ruling>,
    /// Number of rulings that the store has already.
    pub n_known: usize,
    /// Number of rulings left out because the store's own is preferred.
    pub n_left_out: usize,
    /// Proposals that both logs decide, each without the other's knowledge, and differently.
    pub conflicts: Vec<String>,
}

/// Compares an `imported` log with the `own` one. Conflicts are listed even if one side is preferred.
pub(super) fn plan<'r>(own: &[Ruling], imported: &'r [Ruling], prefer: Option<Prefer>) -> Plan<'r> {
    let (by_own, by_imported) = (by_proposal(own), by_proposal(imported));
    let last_own = |proposal: &str| by_own.get(proposal).and_then(|rulings| rulings.last().copied());
    let knows = |log: &[&Ruling], wanted: &Ruling| log.iter().any(|ruling| is_same(ruling, wanted));
    let mut conflicting: BTreeSet<&str> = BTreeSet::new();
    for (&proposal, theirs) in &by_imported {
        let (Some(mine), Some(last)) = (by_own.get(proposal), theirs.last()) else { continue };
        let Some(own_last) = mine.last() else { continue };
        if !knows(theirs, own_last) && !knows(mine, last) && !says_same(own_last, last) {
            conflicting.insert(proposal);
        }
    }
    let mut plan = Plan { conflicts: conflicting.iter().map(|&id| id.to_owned()).collect(), ..Plan::default() };
    let own_lines: BTreeSet<String> = own.iter().map(line).collect();
    for ruling in imported {
        let stands = |mine: &Ruling| ruling.at.is_empty() && says_same(mine, ruling);
        if own_lines.contains(&line(ruling)) || last_own(&ruling.proposal).is_some_and(stands) {
            plan.n_known += 1;
        } else if prefer == Some(Prefer::Own) && conflicting.contains(ruling.proposal.as_str()) {
            plan.n_left_out += 1;
        } else {
            plan.add.push(ruling);
        }
    }
    plan
}

fn by_proposal(log: &[Ruling]) -> BTreeMap<&str, Vec<&Ruling>> {
    let mut rulings: BTreeMap<&str, Vec<&Ruling>> = BTreeMap::new();
    log.iter().for_each(|ruling| rulings.entry(&ruling.proposal).or_default().push(ruling));
    rulings
}

fn line(ruling: &Ruling) -> String {
    serde_json::to_string(ruling).expect("plain lists of words")
}

/// Whether it is the very same ruling. One written by hand has no time, and is the same if it says the same.
fn is_same(one: &Ruling, other: &Ruling) -> bool {
    one == other || (other.at.is_empty() && says_same(one, other))
}

/// Whether two rulings decide alike.
fn says_same(one: &Ruling, other: &Ruling) -> bool {
    (one.decision, &one.out, &one.survivor, &one.fields) == (other.decision, &other.out, &other.survivor, &other.fields)
}

#[cfg(test)]
mod tests {
    use super::super::Decision;
    use super::*;

    fn ruling(b: &str, decision: Decision, at: &str) -> Ruling {
        Ruling { at: at.to_owned(), ..Ruling::on_pair("a", b, decision) }
    }

    #[test]
    fn a_longer_log_is_taken_and_the_same_one_changes_nothing() {
        let own = [ruling("b", Decision::Accept, "1"), ruling("c", Decision::Reject, "2")];
        let longer = [own.to_vec(), vec![ruling("b", Decision::Reject, "3")]].concat();
        let found = plan(&own, &longer, None);
        assert_eq!((found.add, found.n_known, found.conflicts.len()), (vec![&longer[2]], 2, 0));
        let back = plan(&longer, &own, None);
        assert_eq!((back.add.len(), back.n_known, back.conflicts.len()), (0, 2, 0), "what is older undoes nothing");
        let by_hand = [ruling("b", Decision::Accept, "")];
        assert_eq!(plan(&own, &by_hand, None).n_known, 1, "it stands already");
    }

    #[test]
    fn two_who_knew_nothing_of_each_other_are_told() {
        let own = [ruling("b", Decision::Accept, "1")];
        let other = [ruling("b", Decision::Reject, "2"), ruling("c", Decision::Reject, "2")];
        let found = plan(&own, &other, None);
        assert_eq!(found.conflicts, [own[0].proposal.clone()]);
        assert_eq!(plan(&own, &other, Some(Prefer::Own)).add, [&other[1]]);
        assert_eq!(plan(&own, &other, Some(Prefer::Imported)).add, [&other[0], &other[1]]);
        let agreeing = [ruling("b", Decision::Accept, "9")];
        assert!(plan(&own, &agreeing, None).conflicts.is_empty(), "they agree");
    }
}
