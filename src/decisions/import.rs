//! Which rulings of another log a store takes.

use std::collections::BTreeMap;

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
    /// Number of rulings that the store has already, and of older ones.
    pub n_known: usize,
    /// Number of rulings left out because the store's own is preferred.
    pub n_left_out: usize,
    /// Proposals that both logs decide, each without the other's knowledge, and differently.
    pub conflicts: Vec<String>,
}

/// Compares an `imported` log with the `own` one, proposal by proposal: of what the imported one says, only what follows the
/// last ruling that both have is new. Conflicts are listed even if one side is preferred.
pub(super) fn plan<'r>(own: &[Ruling], imported: &'r [Ruling], prefer: Option<Prefer>) -> Plan<'r> {
    let (by_own, by_imported) = (by_proposal(own), by_proposal(imported));
    let none = Vec::new();
    let compare = |(&proposal, theirs): (&&'r str, &Vec<&Ruling>)| {
        (proposal, Compared::of(by_own.get(proposal).unwrap_or(&none), theirs))
    };
    let compared: BTreeMap<&str, Compared> = by_imported.iter().map(compare).collect();
    let conflicts = compared.iter().filter(|(_, compared)| compared.is_conflict).map(|(&id, _)| id.to_owned());
    let mut plan = Plan { conflicts: conflicts.collect(), ..Plan::default() };
    let mut n_seen: BTreeMap<&str, usize> = BTreeMap::new();
    for ruling in imported {
        let number = n_seen.entry(&ruling.proposal).or_default();
        let compared = &compared[ruling.proposal.as_str()];
        if *number < compared.n_known {
            plan.n_known += 1;
        } else if prefer == Some(Prefer::Own) && compared.is_conflict {
            plan.n_left_out += 1;
        } else {
            plan.add.push(ruling);
        }
        *number += 1;
    }
    plan
}

/// How the rulings of two logs on one proposal compare.
struct Compared {
    /// How many of the imported ones, from the first on, the store has or has gone beyond.
    n_known: usize,
    /// Whether both sides end with something else, and neither knew of the other's end.
    is_conflict: bool,
}

impl Compared {
    fn of(mine: &[&Ruling], theirs: &[&Ruling]) -> Compared {
        let (mut n_known, mut n_met) = (0, 0);
        for (ruling, number) in theirs.iter().zip(1..) {
            // One written by hand has no time, so that it is told from its like by what stands before it.
            let found = if ruling.at.is_empty() {
                mine[n_met..].iter().position(|known| known.decides_same(ruling)).map(|at| n_met + at)
            } else {
                mine.iter().position(|known| known == ruling)
            };
            if let Some(at) = found {
                (n_known, n_met) = (number, n_met.max(at + 1));
            }
        }
        let is_new = n_known < theirs.len();
        let is_conflict = match (mine.last(), theirs.last()) {
            (Some(own), Some(last)) => is_new && n_met < mine.len() && !theirs.contains(own) && !own.decides_same(last),
            _ => false,
        };
        // Where nothing is in common and both say the same in the end, one who has no time adds nothing.
        let stands = |ruling: &&Ruling| ruling.at.is_empty() && mine.last().is_some_and(|own| own.decides_same(ruling));
        let n_known = if theirs.last().is_some_and(stands) { theirs.len() } else { n_known };
        Compared { n_known, is_conflict }
    }
}

fn by_proposal(log: &[Ruling]) -> BTreeMap<&str, Vec<&Ruling>> {
    let mut rulings: BTreeMap<&str, Vec<&Ruling>> = BTreeMap::new();
    log.iter().for_each(|ruling| rulings.entry(&ruling.proposal).or_default().push(ruling));
    rulings
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
    fn what_was_written_by_hand_is_taken_once() {
        let by_hand = |decisions: &[Decision]| decisions.iter().map(|&it| ruling("b", it, "")).collect::<Vec<_>>();
        use Decision::{Accept, Reject};
        let twice = by_hand(&[Accept, Reject]);
        assert_eq!(plan(&[], &twice, None).add.len(), 2);
        let own = [ruling("b", Accept, "1"), ruling("b", Reject, "1")];
        let again = plan(&own, &twice, None);
        assert_eq!((again.add.len(), again.n_known, again.conflicts.len()), (0, 2, 0));
        let longer = by_hand(&[Accept, Reject, Accept]);
        let found = plan(&own, &longer, None);
        assert_eq!((found.add, found.conflicts.len()), (vec![&longer[2]], 0), "only what follows");
        let older = by_hand(&[Accept]);
        assert_eq!(plan(&own, &older, None).add.len(), 0, "what is older undoes nothing");
        let timed = [ruling("b", Reject, "0"), ruling("b", Accept, "1")];
        assert_eq!(plan(&own, &timed, None).add.len(), 0, "its last word is known");
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
