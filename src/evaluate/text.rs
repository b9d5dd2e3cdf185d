//! An evaluation in words and columns, for the terminal.

use std::fmt::Write as _;

use crate::inert::visible;
use crate::progress::grouped;

use super::Evaluation;

/// Causes of misses printed; the others are summed.
const MAX_CAUSES: usize = 20;

/// The evaluation as text.
pub fn text(found: &Evaluation) -> String {
    let mut text = String::new();
    for note in &found.notes {
        let _ = writeln!(text, "note: {note}\n");
    }
    measures(found, &mut text);
    funnel(found, &mut text);
    levels(found, &mut text);
    misses(found, &mut text);
    text
}

fn measures(found: &Evaluation, text: &mut String) {
    let _ = writeln!(
        text,
        "{:<16} {:<13} {:>9} {:>9} {:>9} {:>8} {:>6} {:>6}",
        "pairs", "band", "precision", "recall", "F1", "TP", "FP", "FN"
    );
    for m in &found.measures {
        let _ = writeln!(
            text,
            "{:<16} {:<13} {:>9.4} {:>9.4} {:>9.4} {:>8} {:>6} {:>6}",
            m.scope.name(),
            m.band.name(),
            m.precision,
            m.recall,
            m.f1,
            m.tp,
            m.fp,
            m.fn_
        );
    }
}

fn funnel(found: &Evaluation, text: &mut String) {
    let n = |n: usize| grouped(n as u64);
    let blocking = &found.blocking;
    let _ = writeln!(
        text,
        "\nblocking      recall {:.4}: {} of {} true pairs ({}) were compared",
        blocking.recall,
        n(blocking.compared),
        n(blocking.true_pairs),
        found.scope.name()
    );
    let _ = writeln!(
        text,
        "candidates    {:.2} per record: {} pairs of {} records",
        blocking.candidates_per_record,
        n(blocking.candidate_pairs),
        n(blocking.records)
    );
    let per_100 = match found.proposed.reviews_per_100_merges {
        Some(per_100) => format!("; {per_100:.1} reviews per 100 merges"),
        None => String::new(),
    };
    let (merge, review) = (n(found.proposed.merge), n(found.proposed.review));
    let _ = writeln!(text, "proposals     {merge} to merge, {review} to review{per_100}");
    let ways = &found.merged;
    let _ = writeln!(
        text,
        "merged right  {} matched themselves, {} through other records",
        n(ways.right_directly),
        n(ways.right_through_others)
    );
    let _ = writeln!(
        text,
        "merged wrong  {} matched themselves, {} through other records",
        n(ways.wrong_directly),
        n(ways.wrong_through_others)
    );
}

fn levels(found: &Evaluation, text: &mut String) {
    let _ = writeln!(text, "\n{:<15} {:<12} {:>8} {:>8} {:>8}", "evidence", "level", "right", "wrong", "missed");
    let mut last = None;
    for line in &found.levels {
        let aspect = if last == Some(line.aspect) { "" } else { line.aspect.name() };
        last = Some(line.aspect);
        let _ = writeln!(
            text,
            "{aspect:<15} {:<12} {:>8} {:>8} {:>8}",
            line.level.name(),
            line.right,
            line.wrong,
            line.missed
        );
    }
}

fn misses(found: &Evaluation, text: &mut String) {
    if found.misses.is_empty() {
        let _ = writeln!(text, "\nnothing was missed");
        return;
    }
    let _ = writeln!(text, "\n{:<44} {:>6}  first of them", "missed because", "pairs");
    for line in found.misses.iter().take(MAX_CAUSES) {
        let (a, b) = (visible(&line.example.0), visible(&line.example.1));
        let _ = writeln!(text, "{:<44} {:>6}  {a} {b}", line.cause, line.pairs);
    }
    let rest: usize = found.misses.iter().skip(MAX_CAUSES).map(|line| line.pairs).sum();
    if rest > 0 {
        let _ = writeln!(text, "{:<44} {rest:>6}", "other causes");
    }
}
