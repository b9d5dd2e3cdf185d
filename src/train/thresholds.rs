//! Thresholds that fit new weights.
//!
//! Weights that have been learnt are on another scale than those set by hand, so their thresholds are chosen anew.
//! Merges must have a precision that the user names. With judged pairs, it is that of held-out pairs, and among the
//! thresholds that reach it the one with the greatest F₀.₅ is taken, in which precision counts twice as much as recall;
//! reviews reach down to the greatest F₂, in which recall does. Without judged pairs, the weights themselves
//! say how probable a pair is true, and every single merge must be as probable as named: aspects that go together make
//! these weights too sure, so the mean would not do.

/// Thresholds in bits.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Thresholds {
    pub(super) merge_at: f64,
    pub(super) review_at: f64,
}

/// Judged pairs of one weight.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Scored {
    pub(super) bits: f64,
    pub(super) yes: f64,
    pub(super) no: f64,
    /// Whether a veto keeps them from being merged without a look.
    pub(super) is_doubtful: bool,
}

/// Farthest that a threshold lies below the lightest pair that it admits, in bits.
const MOST_BELOW: f64 = 1.0;

/// The thresholds of pairs that are as probably true as their weights say.
pub(super) fn of_odds(precision: f64) -> Thresholds {
    let merge_at = (precision / (1.0 - precision)).log2();
    Thresholds { merge_at: rounded(merge_at), review_at: rounded(merge_at.min(0.0)) }
}

/// The best thresholds for pairs that are judged, of which `n_true` are true. If no merge is sure enough, `merge_at`
/// lies above all pairs.
pub(super) fn choose(mut scored: Vec<Scored>, precision: f64, n_true: f64) -> Thresholds {
    scored.sort_by(|x, y| y.bits.total_cmp(&x.bits));
    let sure = |tp: f64, fp: f64| (tp >= precision * (tp + fp)).then(|| 1.25 * tp / (0.25 * n_true + tp + fp));
    let f2 = |tp: f64, fp: f64| Some(5.0 * tp / (4.0 * n_true + tp + fp));
    let undoubted: Vec<Scored> = scored.iter().copied().filter(|pairs| !pairs.is_doubtful).collect();
    let merge_at =
        best(&undoubted, sure).unwrap_or_else(|| scored.first().map_or(0.0, |first| first.bits) + MOST_BELOW);
    let review_at = best(&scored, f2).unwrap_or(merge_at).min(merge_at);
    Thresholds { merge_at: rounded(merge_at), review_at: rounded(review_at) }
}

fn rounded(bits: f64) -> f64 {
    (bits * 100.0).round() / 100.0 + 0.0
}

/// The threshold with the greatest `value` of the right and wrong pairs from it up; `None` is worth nothing.
fn best(scored: &[Scored], value: impl Fn(f64, f64) -> Option<f64>) -> Option<f64> {
    let (mut tp, mut fp) = (0.0, 0.0);
    let mut best: Option<(f64, f64)> = None;
    for (at, pairs) in scored.iter().enumerate() {
        tp += pairs.yes;
        fp += pairs.no;
        let next = scored.get(at + 1).map(|next| next.bits);
        // Pairs of one weight come in or stay out together.
        if next == Some(pairs.bits) {
            continue;
        }
        if let Some(value) = value(tp, fp)
            && best.is_none_or(|(most, _)| value > most)
        {
            let below = next.map_or(MOST_BELOW, |next| ((pairs.bits - next) / 2.0).min(MOST_BELOW));
            best = Some((value, pairs.bits - below));
        }
    }
    best.map(|(_, threshold)| threshold)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(bits: f64, yes: f64, no: f64) -> Scored {
        Scored { bits, yes, no, is_doubtful: false }
    }

    #[test]
    fn merges_are_as_precise_as_asked_and_reviews_reach_below() {
        let scored = vec![pairs(2.0, 5.0, 5.0), pairs(8.0, 99.0, 1.0), pairs(-3.0, 1.0, 400.0), pairs(5.0, 8.0, 2.0)];
        // 99 of 100 from 8 bits up, 107 of 110 from 5, 112 of 120 from 2.
        assert_eq!(choose(scored.clone(), 0.98, 113.0), Thresholds { merge_at: 7.0, review_at: 1.0 });
        assert_eq!(choose(scored.clone(), 0.97, 113.0), Thresholds { merge_at: 4.0, review_at: 1.0 });
        // Ten more with five right are not worth it, even if the precision would do.
        assert_eq!(choose(scored, 0.5, 113.0).merge_at, 4.0);
    }

    #[test]
    fn odds_are_thresholds_of_probability() {
        assert_eq!(of_odds(0.99), Thresholds { merge_at: 6.63, review_at: 0.0 });
        assert_eq!(of_odds(0.2), Thresholds { merge_at: -2.0, review_at: -2.0 });
    }

    #[test]
    fn nothing_is_merged_if_nothing_is_sure() {
        let scored = vec![pairs(4.0, 1.0, 1.0), pairs(1.0, 1.0, 3.0)];
        let chosen = choose(scored, 0.99, 2.0);
        assert_eq!(chosen.merge_at, 5.0);
        assert!(chosen.review_at <= 4.0);
        assert_eq!(choose(Vec::new(), 0.99, 0.0), Thresholds { merge_at: 1.0, review_at: 1.0 });
    }

    #[test]
    fn doubtful_pairs_are_reviewed_and_do_not_decide_on_merges() {
        let doubtful = Scored { is_doubtful: true, ..pairs(9.0, 3.0, 7.0) };
        assert_eq!(
            choose(vec![doubtful, pairs(6.0, 50.0, 0.0)], 0.99, 53.0),
            Thresholds { merge_at: 5.0, review_at: 5.0 }
        );
    }
}
