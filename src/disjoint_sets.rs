//! Numbers in disjoint sets.

use crate::ids::RecordId;

/// Numbers from 0, each in one set. Unions are kept as a forest in which every number leads to a smaller one or is the
/// smallest of its set.
pub(crate) struct DisjointSets {
    parent: Vec<u32>,
}

impl DisjointSets {
    /// Every one of `n` numbers by itself.
    pub(crate) fn new(n: usize) -> DisjointSets {
        DisjointSets { parent: (0..n).map(|at| RecordId::new(at).get()).collect() }
    }

    /// Unites the sets of two numbers.
    pub(crate) fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        self.parent[a.max(b) as usize] = a.min(b);
    }

    /// The smallest number in the set of a number.
    pub(crate) fn root(&mut self, mut at: u32) -> u32 {
        while self.parent[at as usize] != at {
            self.parent[at as usize] = self.parent[self.parent[at as usize] as usize];
            at = self.parent[at as usize];
        }
        at
    }
}
