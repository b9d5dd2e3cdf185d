//! What people have decided about pairs, which no evidence overrules.

use crate::ids::RecordId;

use super::candidates::Pair;

/// Pairs with a decision. Where decisions contradict each other (A is B, B is C, but A is not C), a rejection counts
/// for more: two records too many can still be merged, two merged ones are lost.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Decided {
    /// Pairs that are one, ascending.
    accepted: Vec<Pair>,
    /// Pairs that are not, each both ways, ascending.
    rejected: Vec<(RecordId, RecordId)>,
}

impl Decided {
    /// Pairs with whether they were accepted; of several decisions on a pair the last one counts.
    pub fn new(decisions: impl IntoIterator<Item = (Pair, bool)>) -> Decided {
        let last: std::collections::BTreeMap<Pair, bool> = decisions.into_iter().collect();
        let mut decided = Decided::default();
        for (pair, is_accepted) in last {
            match is_accepted {
                true => decided.accepted.push(pair),
                false => decided.rejected.extend([(pair.a, pair.b), (pair.b, pair.a)]),
            }
        }
        decided.rejected.sort_unstable();
        decided
    }

    /// Accepted pairs, ascending.
    pub fn accepted(&self) -> &[Pair] {
        &self.accepted
    }

    /// Number of rejected pairs.
    pub fn n_rejected(&self) -> usize {
        self.rejected.len() / 2
    }

    /// Whether the pair was accepted.
    pub fn is_accepted(&self, pair: Pair) -> bool {
        self.accepted.binary_search(&pair).is_ok()
    }

    /// Whether the pair was rejected.
    pub fn is_rejected(&self, pair: Pair) -> bool {
        self.rejected.binary_search(&(pair.a, pair.b)).is_ok()
    }

    /// What a record was rejected with, ascending.
    pub fn rejected_with(&self, record: RecordId) -> impl Iterator<Item = RecordId> + '_ {
        let start = self.rejected.partition_point(|(known, _)| *known < record);
        self.rejected[start..].iter().take_while(move |(known, _)| *known == record).map(|(_, other)| *other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(a: usize, b: usize) -> Pair {
        Pair::new(RecordId::new(a), RecordId::new(b))
    }

    #[test]
    fn the_last_decision_counts() {
        let decided = Decided::new([(pair(1, 2), true), (pair(3, 2), false), (pair(2, 1), false), (pair(4, 1), true)]);
        assert_eq!(decided.accepted(), [pair(1, 4)]);
        assert_eq!(decided.n_rejected(), 2);
        assert!(decided.is_rejected(pair(1, 2)) && decided.is_rejected(pair(2, 3)) && !decided.is_rejected(pair(1, 3)));
        let with: Vec<usize> = decided.rejected_with(RecordId::new(2)).map(RecordId::index).collect();
        assert_eq!(with, [1, 3]);
    }
}
