//! The model as a table for the terminal.

use std::fmt::Write as _;

use shelfread::inert::visible;
use shelfread::matching::evidence::Kind;
use shelfread::matching::weights::{KindModel, Model};

/// Cells of a bar on either side of zero. One cell is one bit, unless a weight has more bits than cells.
const CELLS: usize = 16;

/// The model as text: origin, thresholds, and per kind of pair its prior and weights with a bar each.
pub(super) fn model_text(model: &Model) -> String {
    let all = Kind::ALL.iter().flat_map(|&kind| model.of(kind).in_order());
    let most = all.map(|(_, _, bits)| bits.abs()).fold(CELLS as f64, f64::max);
    let mut text = String::new();
    let _ = writeln!(text, "origin   {}", visible(&model.origin));
    let _ = writeln!(text, "merge    from {} bits", model.merge_at);
    let _ = writeln!(text, "review   from {} bits", model.review_at);
    for kind in Kind::ALL {
        let _ = writeln!(text, "\n{}: {}", kind.name(), kind.meaning());
        of_kind(model.of(kind), CELLS as f64 / most, &mut text);
    }
    text
}

fn of_kind(model: &KindModel, cells_per_bit: f64, text: &mut String) {
    let _ = writeln!(text, "{:<15} {:<12} {:>7}", "aspect", "level", "bits");
    let mut line = |aspect: &str, level: &str, bits: f64| {
        let line = format!("{aspect:<15} {level:<12} {bits:>+7.2}  {}", bar(bits, cells_per_bit));
        let _ = writeln!(text, "{}", line.trim_end());
    };
    line("prior", "", model.prior);
    let mut last = None;
    for (aspect, level, bits) in model.in_order() {
        let name = if last == Some(aspect) { "" } else { aspect.name() };
        last = Some(aspect);
        line(name, level.name(), bits);
    }
}

/// A bar that grows from the middle: to the right for, to the left against. Half a cell is a narrow block.
fn bar(bits: f64, cells_per_bit: f64) -> String {
    let halves = (bits.abs() * cells_per_bit * 2.0).round() as usize;
    let (whole, half) = (halves / 2, halves % 2 == 1);
    let cells = "█".repeat(whole);
    if bits < 0.0 {
        let cells = if half { format!("▐{cells}") } else { cells };
        format!("{cells:>CELLS$}│")
    } else {
        format!("{:CELLS$}│{cells}{}", "", if half { "▌" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_grow_from_the_middle() {
        assert_eq!(bar(0.0, 1.0), format!("{:16}│", ""));
        assert_eq!(bar(2.5, 1.0), format!("{:16}│██▌", ""));
        assert_eq!(bar(-3.0, 1.0), format!("{:13}███│", ""));
        assert_eq!(bar(-0.5, 1.0), format!("{:15}▐│", ""));
        assert_eq!(bar(32.0, 0.5), format!("{:16}│{}", "", "█".repeat(16)));
    }

    #[test]
    fn every_kind_and_every_weight_has_a_line() {
        let model = Model::default();
        let text = model_text(&model);
        let n_weights: usize = Kind::ALL.iter().map(|&kind| model.of(kind).in_order().count()).sum();
        assert_eq!(text.lines().filter(|line| line.contains('│')).count(), n_weights + Kind::ALL.len());
        assert!(text.starts_with(&format!("origin   {}\nmerge    from {} bits\n", model.origin, model.merge_at)));
    }
}
