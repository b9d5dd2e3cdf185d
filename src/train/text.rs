//! A training in columns, for the terminal.

use std::fmt::Write as _;

use crate::gold::Counts;
use crate::inert::visible;
use crate::progress::grouped;

use super::parameters::all_terms;
use super::{HeldOut, KindChange, Trained};

/// The training as text: per kind the weights before and after, and how held-out pairs fare.
pub fn text(trained: &Trained) -> String {
    let mut text = format!("origin   {}\n", visible(&trained.config.model.origin));
    for change in &trained.kinds {
        of_kind(change, trained.held_out.is_some(), &mut text);
    }
    for (change, what) in trained.tables.iter().zip(["title words", "family names"]) {
        let _ = write!(
            text,
            "\ncommon {what}: {} in the table, {} changed",
            grouped(change.n_terms as u64),
            grouped(change.n_changed as u64)
        );
    }
    text.push('\n');
    thresholds(trained, &mut text);
    if let Some(found) = &trained.held_out {
        held_out(found, &mut text);
    }
    text
}

fn thresholds(trained: &Trained, text: &mut String) {
    let [before, after] = trained.thresholds;
    let sure = if trained.held_out.is_some() { "precision of held-out pairs" } else { "probability of each pair" };
    let _ = writeln!(
        text,
        "\nmerge from {:.2} bits, was {:.2} ({sure} at least {})\nreview from {:.2} bits, was {:.2}",
        after.merge_at, before.merge_at, trained.precision, after.review_at, before.review_at
    );
}

fn of_kind(change: &KindChange, is_judged: bool, text: &mut String) {
    let expected = if is_judged { "true" } else { "of them expected to be true" };
    let _ = writeln!(
        text,
        "\n{}: {} pairs, {} {expected}",
        change.kind.name(),
        grouped(change.n_pairs),
        grouped(change.n_true.round() as u64)
    );
    if change.n_pairs == 0 {
        let _ = writeln!(text, "unchanged");
        return;
    }
    let _ = writeln!(
        text,
        "{:<15} {:<12} {:>7} {:>7} {:>7} {:>9}",
        "aspect", "level", "before", "after", "change", "pairs"
    );
    let mut line = |aspect: &str, level: &str, before: f64, after: f64, n: u64| {
        let _ = writeln!(
            text,
            "{aspect:<15} {level:<12} {before:>+7.2} {after:>+7.2} {:>+7.2} {:>9}",
            after - before,
            grouped(n)
        );
    };
    line("prior", "", change.before.prior, change.after.prior, change.n_pairs);
    let mut last = None;
    for (aspect, level, term) in all_terms() {
        let (before, after, n) = (change.before.weights[term], change.after.weights[term], change.n_seen[term]);
        if n == 0 && before == after {
            continue;
        }
        let name = if last == Some(aspect) { "" } else { aspect.name() };
        last = Some(aspect);
        line(name, level.name(), before, after, n);
    }
}

fn held_out(found: &HeldOut, text: &mut String) {
    let _ = writeln!(
        text,
        "\njudged pairs, each by weights and thresholds learnt without it (5 folds), one by one, no closure:"
    );
    let _ = writeln!(
        text,
        "{:<14} {:<7} {:>9} {:>9} {:>9} {:>8} {:>6} {:>6}",
        "band", "weights", "precision", "recall", "F1", "TP", "FP", "FN"
    );
    for (band, [before, after]) in [("merge", found.merge), ("merge+review", found.merge_and_review)] {
        line(band, "before", before, text);
        line("", "after", after, text);
    }
    if found.n_unmet > 0 {
        let n = grouped(found.n_unmet as u64);
        let _ = writeln!(text, "{n} true pairs are never compared and are missed by any weights");
    }
}

fn line(band: &str, when: &str, counts: Counts, text: &mut String) {
    let _ = writeln!(
        text,
        "{band:<14} {when:<7} {:>9.4} {:>9.4} {:>9.4} {:>8} {:>6} {:>6}",
        counts.precision(),
        counts.recall(),
        counts.f1(),
        counts.tp,
        counts.fp,
        counts.fn_
    );
}
