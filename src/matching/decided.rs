//! What people have decided about pairs, which no evidence overrules as long as the records are what they were.

use crate::ids::RecordId;

use super::candidates::Pair;

/// What a person said about two records.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Standing {
    /// Whether they are one.
    pub is_accepted: bool,
    /// Whether one of them is no longer what the person saw.
    pub is_stale: bool,
}

/// Pairs with a decision. Where decisions contradict each other (A is B, B is C, but A is not C), a rejection counts
/// for more: two records too many can still be merged, two merged ones are lost.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Decided {
    /// Pairs that are one, ascending.
    accepted: Vec<Pair>,
    /// Pairs that are not, each both ways, ascending.
    rejected: Vec<(RecordId, RecordId)>,
    /// Pairs with a decision on records that have changed since, ascending, and whether they were accepted.
    stale: Vec<(Pair, bool)>,
    /// Those of them that were rejected, each both ways, ascending.
    doubted: Vec<(RecordId, RecordId)>,
}

impl Decided {
    /// Pairs with what was said; of several decisions on a pair the last one counts.
    pub fn new(decisions: impl IntoIterator<Item = (Pair, Standing)>) -> Decided {
        let last: std::collections::BTreeMap<Pair, Standing> = decisions.into_iter().collect();
        let mut decided = Decided::default();
        for (pair, standing) in last {
            let both_ways = [(pair.a, pair.b), (pair.b, pair.a)];
            match standing {
                Standing { is_stale: true, is_accepted } => {
                    decided.stale.push((pair, is_accepted));
                    decided.doubted.extend(both_ways.into_iter().filter(|_| !is_accepted));
                }
                Standing { is_accepted: true, .. } => decided.accepted.push(pair),
                Standing { is_accepted: false, .. } => decided.rejected.extend(both_ways),
            }
        }
        decided.rejected.sort_unstable();
        decided.doubted.sort_unstable();
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
        others(&self.rejected, record)
    }

    /// What a record was rejected with before one of the two changed, ascending.
    pub fn doubted_with(&self, record: RecordId) -> impl Iterator<Item = RecordId> + '_ {
        others(&self.doubted, record)
    }

    /// Pairs with a decision on records that have changed since, ascending, and whether they were accepted.
    pub fn stale(&self) -> &[(Pair, bool)] {
        &self.stale
    }
}

fn others(pairs: &[(RecordId, RecordId)], record: RecordId) -> impl Iterator<Item = RecordId> + '_ {
    let start = pairs.partition_point(|(known, _)| *known < record);
    pairs[start..].iter().take_while(move |(known, _)| *known == record).map(|(_, other)| *other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(a: usize, b: usize) -> Pair {
        Pair::new(RecordId::new(a), RecordId::new(b))
    }

    const YES: Standing = Standing { is_accepted: true, is_stale: false };
    const NO: Standing = Standing { is_accepted: false, is_stale: false };

    #[test]
    fn the_last_decision_counts() {
        let decided = Decided::new([(pair(1, 2), YES), (pair(3, 2), NO), (pair(2, 1), NO), (pair(4, 1), YES)]);
        assert_eq!(decided.accepted(), [pair(1, 4)]);
        assert_eq!(decided.n_rejected(), 2);
        assert!(decided.is_rejected(pair(1, 2)) && decided.is_rejected(pair(2, 3)) && !decided.is_rejected(pair(1, 3)));
        let with: Vec<usize> = decided.rejected_with(RecordId::new(2)).map(RecordId::index).collect();
        assert_eq!(with, [1, 3]);
    }

    #[test]
    fn a_stale_decision_is_neither() {
        let stale = |standing| Standing { is_stale: true, ..standing };
        let decided = Decided::new([(pair(1, 2), stale(NO)), (pair(3, 4), stale(YES)), (pair(5, 6), NO)]);
        assert!(decided.accepted().is_empty() && !decided.is_rejected(pair(1, 2)));
        assert_eq!(decided.stale(), [(pair(1, 2), false), (pair(3, 4), true)]);
        assert_eq!(decided.doubted_with(RecordId::new(2)).count() + decided.doubted_with(RecordId::new(4)).count(), 1);
    }
}
