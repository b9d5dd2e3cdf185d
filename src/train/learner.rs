//! The weights of all kinds from their pairs, and how well they do on pairs that they were not learnt from.

use crate::gold::Counts;
use crate::matching::evidence::Kind;
use crate::matching::weights::Model;

use super::parameters::Parameters;
use super::rows::{self, N_FOLDS, Row, Veto};
use super::thresholds::{self, Scored, Thresholds};
use super::{HeldOut, KindChange, em, logistic, order};

/// Learns the weights of all kinds from pairs.
pub(super) struct Learner {
    /// The weights it starts from, per kind.
    start: Vec<Parameters>,
    /// Whether people have judged the pairs.
    pub(super) is_judged: bool,
}

impl Learner {
    /// Starts from the weights of `model`; without judgements, it is estimated which pairs are true.
    pub(super) fn of(model: &Model, is_judged: bool) -> Learner {
        Learner { start: Kind::ALL.iter().map(|&kind| Parameters::of(model.of(kind))).collect(), is_judged }
    }

    /// The weights per kind that these pairs teach.
    pub(super) fn fit(&self, rows: &[&Row]) -> Vec<Parameters> {
        let of_kind = |kind: &Kind| {
            let rows: Vec<&Row> = rows.iter().copied().filter(|row| row.pattern.kind == *kind).collect();
            let start = &self.start[*kind as usize];
            let free = if self.is_judged { logistic::fit(&rows, start) } else { em::estimate(&rows, start) };
            order::keep(free, start, &rows::n_seen(&rows)).rounded()
        };
        Kind::ALL.iter().map(of_kind).collect()
    }

    /// Thresholds, chosen by pairs that were not learnt from, and how well such pairs are told apart before and after.
    pub(super) fn hold_out(
        &self,
        rows: &[Row],
        learnt: &[&Row],
        n_unmet: usize,
        old: Thresholds,
        precision: f64,
    ) -> (Thresholds, HeldOut) {
        let n_true = rows.iter().map(|row| row.yes).sum::<f64>() + n_unmet as f64;
        let by_fold: Vec<Vec<Parameters>> = (0..N_FOLDS)
            .map(|fold| self.fit(&learnt.iter().copied().filter(|row| row.pattern.fold != fold).collect::<Vec<_>>()))
            .collect();
        let without_it = |row: &Row| &by_fold[usize::from(row.pattern.fold)][row.pattern.kind as usize];
        let scored = |left_out: Option<u8>| -> Vec<Scored> {
            let rows = learnt.iter().filter(|row| Some(row.pattern.fold) != left_out);
            rows.map(|row| row.scored(without_it(row))).collect()
        };
        let new = thresholds::choose(scored(None), precision, n_true);
        let of_fold: Vec<Thresholds> =
            (0..N_FOLDS).map(|fold| thresholds::choose(scored(Some(fold)), precision, n_true)).collect();
        let before = held_out(rows, n_unmet, |row| (&self.start[row.pattern.kind as usize], old));
        let after = held_out(rows, n_unmet, |row| (without_it(row), of_fold[usize::from(row.pattern.fold)]));
        let [merge, merge_and_review] = [0, 1].map(|band: usize| [before[band], after[band]]);
        (new, HeldOut { merge, merge_and_review, n_unmet })
    }

    /// What learning from these pairs has changed, per kind.
    pub(super) fn changes(&self, learnt: &[&Row], after: &[Parameters]) -> Vec<KindChange> {
        let of_kind = |&kind: &Kind| {
            let rows: Vec<&Row> = learnt.iter().copied().filter(|row| row.pattern.kind == kind).collect();
            let (before, after) = (&self.start[kind as usize], &after[kind as usize]);
            KindChange {
                kind,
                n_pairs: rows.iter().map(|row| row.n()).sum(),
                n_true: rows.iter().map(|row| if self.is_judged { row.yes } else { row.expected_true(after) }).sum(),
                before: before.clone(),
                after: after.clone(),
                n_seen: rows::n_seen(&rows),
            }
        };
        Kind::ALL.iter().map(of_kind).collect()
    }
}

/// Verdicts on judged pairs: the merge band, then merge and review. `of` gives parameters and thresholds for a row.
fn held_out<'p>(rows: &[Row], n_unmet: usize, of: impl Fn(&Row) -> (&'p Parameters, Thresholds)) -> [Counts; 2] {
    let mut counts = [Counts { tp: 0, fp: 0, fn_: n_unmet }; 2];
    for row in rows {
        let (parameters, thresholds) = of(row);
        let bits = parameters.score(&row.pattern);
        let veto = row.pattern.veto;
        // Weights are hundredths of a bit; what lies nearer to the threshold is at it.
        let merges = veto == Veto::None && bits >= thresholds.merge_at - 0.001;
        let matches = veto != Veto::Certain && bits >= thresholds.review_at - 0.001;
        for (counts, is_match) in counts.iter_mut().zip([merges, matches]) {
            if is_match {
                counts.tp += row.yes as usize;
                counts.fp += row.no as usize;
            } else {
                counts.fn_ += row.yes as usize;
            }
        }
    }
    counts
}
