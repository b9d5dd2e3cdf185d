//! How well what is proposed agrees with what people have judged.

use std::collections::BTreeSet;

use serde::Serialize;

use super::NodePair;

/// Proposed pairs counted against true ones.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize)]
pub struct Counts {
    /// Proposed and true.
    pub tp: usize,
    /// Proposed and not true.
    pub fp: usize,
    /// True and not proposed.
    pub fn_: usize,
}

impl Counts {
    /// Counts what is `proposed` against what is `true_`; both sorted.
    pub(crate) fn of(proposed: &BTreeSet<NodePair>, true_: &BTreeSet<NodePair>) -> Counts {
        let tp = proposed.intersection(true_).count();
        Counts { tp, fp: proposed.len() - tp, fn_: true_.len() - tp }
    }

    /// Share of the proposed pairs that are true; 1 if nothing is proposed.
    pub fn precision(self) -> f64 {
        share(self.tp, self.tp + self.fp)
    }

    /// Share of the true pairs that are proposed; 1 if nothing is true.
    pub fn recall(self) -> f64 {
        share(self.tp, self.tp + self.fn_)
    }

    /// Harmonic mean of precision and recall; 0 if both are.
    pub fn f1(self) -> f64 {
        let (p, r) = (self.precision(), self.recall());
        if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 }
    }
}

/// `part` of `whole`; 1 of nothing.
pub(crate) fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_are_those_of_the_definition() {
        let counts = Counts { tp: 6, fp: 2, fn_: 4 };
        assert_eq!((counts.precision(), counts.recall()), (0.75, 0.6));
        assert!((counts.f1() - 2.0 / 3.0).abs() < 1e-12);
        let nothing = Counts::default();
        assert_eq!((nothing.precision(), nothing.recall(), nothing.f1()), (1.0, 1.0, 1.0));
        let all_wrong = Counts { tp: 0, fp: 1, fn_: 1 };
        assert_eq!((all_wrong.precision(), all_wrong.recall(), all_wrong.f1()), (0.0, 0.0, 0.0));
    }
}
