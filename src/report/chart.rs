//! Where bars, ticks and thresholds stand. Numbers become text here, with fixed digits.

use serde::Serialize;

use crate::matching::evidence::{Aspect, Kind, Level, Weight};
use crate::matching::score::LOWEST;
use crate::matching::weights::Model;
use crate::merge::ProposalPair;
use crate::progress::grouped;

/// Width of a bar for `n` on a logarithmic scale that ends at `most`, in percent. One is still visible.
pub(super) fn log_width(n: u64, most: u64) -> String {
    format!("{:.2}", 100.0 * log_share(n, most))
}

/// Width of a bar in percent, on a linear scale that ends at `most`.
pub(super) fn linear_width(n: u64, most: u64) -> String {
    format!("{:.2}", if most == 0 { 0.0 } else { 100.0 * n.min(most) as f64 / most as f64 })
}

/// 0 for none, 1 for `most`; one is at a small share, so that it can be told from none.
fn log_share(n: u64, most: u64) -> f64 {
    const ONE: f64 = 0.25;
    if n == 0 { 0.0 } else { ((n as f64).log10() + ONE) / ((most.max(n) as f64).log10() + ONE) }
}

/// The compared pairs by weight, drawn.
#[derive(Serialize)]
pub(super) struct Histogram {
    pub(super) width: i32,
    pub(super) height: i32,
    left: i32,
    right: i32,
    top: i32,
    bottom: i32,
    middle: i32,
    bars: Vec<Bar>,
    counts: Vec<Tick>,
    weights: Vec<Tick>,
    review_at: Threshold,
    merge_at: Threshold,
    pub(super) description: String,
}

#[derive(Serialize)]
struct Bar {
    x: String,
    y: String,
    width: String,
    height: String,
    band: &'static str,
    label: String,
}

#[derive(Serialize)]
struct Tick {
    at: String,
    label: String,
}

#[derive(Serialize)]
struct Threshold {
    at: String,
    bits: String,
}

/// Size of the drawn histogram.
const WIDTH: i32 = 960;
const HEIGHT: i32 = 260;
/// Where its bars stand.
const LEFT: i32 = 80;
const RIGHT: i32 = 930;
const TOP: i32 = 30;
const BOTTOM: i32 = 206;

impl Histogram {
    /// The histogram, or nothing if no pair was compared.
    pub(super) fn of(counts: &[u64], model: &Model) -> Option<Histogram> {
        let first = counts.iter().position(|&n| n > 0)?;
        let last = counts.iter().rposition(|&n| n > 0)?;
        let scale = Scale::of(first, last, counts, model);
        let threshold = |bits: f64| Threshold { at: fixed(scale.x(bits)), bits: format!("{bits:.1}") };
        let bars = (first..=last).filter(|&at| counts[at] > 0);
        Some(Histogram {
            width: WIDTH,
            height: HEIGHT,
            left: LEFT,
            right: RIGHT,
            top: TOP,
            bottom: BOTTOM,
            middle: (LEFT + RIGHT) / 2,
            bars: bars.map(|at| scale.bar(at, counts, model)).collect(),
            counts: scale.counts(),
            weights: scale.weights(),
            review_at: threshold(model.review_at),
            merge_at: threshold(model.merge_at),
            description: describe(counts, model),
        })
    }
}

/// Where weights and numbers of pairs stand in the histogram.
struct Scale {
    /// The bits at the left and the right end.
    from: i32,
    to: i32,
    /// Pairs of the highest bar.
    most: u64,
}

impl Scale {
    /// Whole fives around the bars from `first` to `last` and both thresholds.
    fn of(first: usize, last: usize, counts: &[u64], model: &Model) -> Scale {
        let from = (LOWEST + first as i32).min(model.review_at.floor() as i32 - 2).div_euclid(5) * 5;
        let to = (LOWEST + last as i32 + 1).max(model.merge_at.ceil() as i32 + 2);
        let to = (to + 4).div_euclid(5) * 5;
        Scale { from, to, most: counts.iter().copied().max().unwrap_or_default() }
    }

    fn x(&self, bits: f64) -> f64 {
        let share = (bits - f64::from(self.from)) / f64::from(self.to - self.from);
        f64::from(LEFT) + f64::from(RIGHT - LEFT) * share.clamp(0.0, 1.0)
    }

    fn y(&self, n: u64) -> f64 {
        f64::from(BOTTOM) - f64::from(BOTTOM - TOP) * log_share(n, self.most)
    }

    fn bar(&self, at: usize, counts: &[u64], model: &Model) -> Bar {
        let low = LOWEST + at as i32;
        let range = match at {
            0 => format!("below {} bits", low + 1),
            at if at == counts.len() - 1 => format!("{low} bits or more"),
            _ => format!("{low} to {} bits", low + 1),
        };
        let (x, y) = (self.x(f64::from(low)), self.y(counts[at]));
        Bar {
            x: fixed(x + 0.5),
            y: fixed(y),
            width: fixed((self.x(f64::from(low + 1)) - x - 1.0).max(0.5)),
            height: fixed(f64::from(BOTTOM) - y),
            band: band(at, model),
            label: format!("{range}: {} pairs", grouped(counts[at])),
        }
    }

    fn counts(&self) -> Vec<Tick> {
        let powers = (0..20).map(|power| 10_u64.pow(power)).take_while(|&n| n <= self.most);
        powers.map(|n| Tick { at: fixed(self.y(n)), label: grouped(n) }).collect()
    }

    fn weights(&self) -> Vec<Tick> {
        let step = if self.to - self.from > 60 { 10 } else { 5 };
        let multiples = (self.from.div_euclid(step)..=self.to.div_euclid(step)).map(|i| i * step);
        multiples
            .filter(|&bits| bits >= self.from)
            .map(|bits| Tick { at: fixed(self.x(f64::from(bits))), label: signed(f64::from(bits), 0) })
            .collect()
    }
}

/// What becomes of the pairs of a bar, by the weight it begins at.
fn band(at: usize, model: &Model) -> &'static str {
    match f64::from(LOWEST + at as i32) {
        bits if bits >= model.merge_at => "merge",
        bits if bits >= model.review_at => "review",
        _ => "apart",
    }
}

fn describe(counts: &[u64], model: &Model) -> String {
    let in_band =
        |name: &str| -> u64 { (0..counts.len()).filter(|&at| band(at, model) == name).map(|at| counts[at]).sum() };
    format!(
        "Number of compared pairs per bit of match weight, on a logarithmic scale. Bars that begin below the \
         review threshold of {:.1} bits hold {} pairs, those in the review band {}, those that begin at or above \
         the merge threshold of {:.1} bits {}.",
        model.review_at,
        grouped(in_band("apart")),
        grouped(in_band("review")),
        model.merge_at,
        grouped(in_band("merge"))
    )
}

fn fixed(number: f64) -> String {
    format!("{number:.1}")
}

/// The weights of a pair, each bar beginning where the one before ended. `parts.html` draws it.
#[derive(Serialize)]
pub(crate) struct Waterfall {
    zero: String,
    review_at: String,
    merge_at: String,
    steps: Vec<Step>,
    sum: Step,
    /// Rows: the thresholds' names, the steps, the sum.
    n_rows: usize,
    description: String,
}

/// One bar. Places and lengths are percentages of the drawing.
#[derive(Serialize)]
struct Step {
    aspect: String,
    level: String,
    weight: String,
    from: String,
    width: String,
    /// Where the sum stands after it.
    end: String,
    sign: &'static str,
}

impl Waterfall {
    /// The waterfall of a pair under a model, whose thresholds are drawn.
    pub(crate) fn of(pair: &ProposalPair, model: &Model) -> Waterfall {
        let mut ends = vec![pair.prior];
        for evidence in &pair.evidence {
            ends.push(*ends.last().expect("it begins with the prior") + evidence.weight);
        }
        let low = ends.iter().map(|end| end.bits()).fold(0.0, f64::min);
        // The threshold's name stands to the right of its line.
        let least = (model.merge_at + 0.2 * (model.merge_at - low)).max(1.0);
        let high = ends.iter().map(|end| end.bits()).fold(least, f64::max);
        let at = |bits: f64| 1.0 + 98.0 * ((bits - low) / (high - low)).clamp(0.0, 1.0);
        let step = |aspect: String, level: &str, weight: Weight, from: f64, to: f64| Step {
            aspect,
            level: level.replace('_', " "),
            weight: signed(weight.bits(), 2),
            from: format!("{:.2}", at(from.min(to))),
            width: format!("{:.2}", at(from.max(to)) - at(from.min(to))),
            end: format!("{:.2}", at(to)),
            sign: sign(weight),
        };
        let steps = pair.evidence.iter().zip(ends.windows(2)).map(|(evidence, ends)| {
            let name = evidence.field.name().replace('_', " ");
            step(name, evidence.level.name(), evidence.weight, ends[0].bits(), ends[1].bits())
        });
        let prior = (pair.prior != Weight::default())
            .then(|| step("prior".to_owned(), pair.kind.name(), pair.prior, 0.0, pair.prior.bits()));
        let steps: Vec<Step> = prior.into_iter().chain(steps).collect();
        Waterfall {
            zero: format!("{:.2}", at(0.0)),
            review_at: format!("{:.2}", at(model.review_at)),
            merge_at: format!("{:.2}", at(model.merge_at)),
            n_rows: steps.len() + 2,
            description: format!(
                "{} steps add up to {} bits; review from {:.1}, merge from {:.1} bits.",
                steps.len(),
                signed(pair.weight.bits(), 2),
                model.review_at,
                model.merge_at
            ),
            steps,
            sum: step("sum".to_owned(), "", pair.weight, 0.0, pair.weight.bits()),
        }
    }
}

/// The weights of one kind of pair, each level a bar from zero.
#[derive(Serialize)]
pub(super) struct KindWeights {
    kind: &'static str,
    meaning: &'static str,
    prior: String,
    n: usize,
    /// Where zero stands, in percent of the width of a bar's track.
    zero: String,
    aspects: Vec<AspectWeights>,
}

/// The levels of one aspect.
#[derive(Serialize)]
struct AspectWeights {
    name: String,
    levels: Vec<Step>,
}

impl KindWeights {
    /// All kinds, on one scale.
    pub(super) fn all(model: &Model) -> Vec<KindWeights> {
        let all = || Kind::ALL.iter().flat_map(|&kind| model.of(kind).in_order().map(|(_, _, bits)| bits));
        let (low, high) = (all().fold(-1.0, f64::min), all().fold(1.0, f64::max));
        let at = |bits: f64| 100.0 * (bits - low) / (high - low);
        let step = |level: Level, bits: f64| Step {
            aspect: String::new(),
            level: level.name().replace('_', " "),
            weight: signed(bits, 2),
            from: format!("{:.2}", at(bits.min(0.0))),
            width: format!("{:.2}", at(bits.max(0.0)) - at(bits.min(0.0))),
            end: format!("{:.2}", at(bits)),
            sign: sign(Weight::from_bits(bits)),
        };
        let of = |&kind: &Kind| {
            let weights: Vec<(Aspect, Level, f64)> = model.of(kind).in_order().collect();
            let aspect = |levels: &[(Aspect, Level, f64)]| AspectWeights {
                name: levels[0].0.name().replace('_', " "),
                levels: levels.iter().map(|&(_, level, bits)| step(level, bits)).collect(),
            };
            KindWeights {
                kind: kind.name(),
                meaning: kind.meaning(),
                prior: signed(model.of(kind).prior, 2),
                n: weights.len(),
                zero: format!("{:.2}", at(0.0)),
                aspects: weights.chunk_by(|a, b| a.0 == b.0).map(aspect).collect(),
            }
        };
        Kind::ALL.iter().map(of).collect()
    }
}

fn sign(weight: Weight) -> &'static str {
    match weight.centibits() {
        0 => "none",
        1.. => "plus",
        _ => "minus",
    }
}

/// A number with its sign, as typeset: `+2.50`, `−3.00`, `0.00`.
pub(crate) fn signed(number: f64, digits: usize) -> String {
    let sign = if number > 0.0 {
        "+"
    } else if number < 0.0 {
        "−"
    } else {
        ""
    };
    format!("{sign}{:.digits$}", number.abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::score::N_BARS;
    use crate::matching::weights::KindModel;

    #[test]
    fn a_logarithmic_bar_grows_with_its_number() {
        assert_eq!(log_width(0, 1000), "0.00");
        assert_eq!(log_width(1000, 1000), "100.00");
        assert_eq!(log_width(1, 1), "100.00");
        let width = |n| log_width(n, 1_000_000).parse::<f64>().expect("a number");
        assert!(0.0 < width(1) && width(1) < width(2) && width(2) < width(1000));
    }

    #[test]
    fn the_histogram_counts_every_pair_in_one_band() {
        let mut counts = vec![0; N_BARS];
        assert!(Histogram::of(&counts, &Model::default()).is_none());
        counts[0] = 2_000;
        counts[(9 - LOWEST) as usize] = 30;
        counts[(11 - LOWEST) as usize] = 4;
        counts[N_BARS - 1] = 1;
        let model = Model { merge_at: 11.0, review_at: 9.0, ..Model::default() };
        let drawn = Histogram::of(&counts, &model).expect("there are pairs");
        let bands: Vec<&str> = drawn.bars.iter().map(|bar| bar.band).collect();
        assert_eq!(bands, ["apart", "review", "merge", "merge"]);
        assert!(drawn.bars[0].label.starts_with("below"));
        assert!(drawn.description.contains("at or above the merge threshold of 11.0 bits 5."));
    }

    #[test]
    fn weights_of_all_kinds_are_drawn_on_one_scale() {
        let mut model = Model::default();
        Kind::ALL.iter().for_each(|&kind| *model.of_mut(kind) = KindModel::default());
        let weights = |levels: &[(&str, f64)]| levels.iter().map(|&(level, bits)| (level.to_owned(), bits)).collect();
        model.component.weights = [
            ("title".to_owned(), weights(&[("same", 7.0), ("different", -9.0)])),
            ("doi".to_owned(), weights(&[("same", 14.0), ("different", -12.0)])),
        ]
        .into();
        let drawn = KindWeights::all(&model);
        let kinds: Vec<&str> = drawn.iter().map(|kind| kind.kind).collect();
        assert_eq!(kinds, ["component", "citation", "book", "serial", "media"]);
        assert!(drawn.iter().all(|kind| kind.zero == drawn[0].zero));
        let (title, doi) = (&drawn[0].aspects[0], &drawn[0].aspects[1]);
        assert_eq!((&*title.name, &*doi.name), ("title", "doi"));
        // From -12 to +14.
        assert_eq!((&*drawn[0].zero, &*doi.levels[0].from, &*doi.levels[0].width), ("46.15", "46.15", "53.85"));
        assert_eq!((title.levels[0].sign, title.levels[1].sign), ("plus", "minus"));
        // A model of nothing but zeros has a scale, too.
        let mut nothing = Model::default();
        Kind::ALL
            .iter()
            .filter(|&&kind| kind != Kind::Media)
            .for_each(|&kind| *nothing.of_mut(kind) = KindModel::default());
        assert!(KindWeights::all(&nothing)[0].aspects.is_empty());
    }

    #[test]
    fn signs_are_typeset() {
        assert_eq!([signed(2.5, 2), signed(-3.0, 2), signed(0.0, 2)], ["+2.50", "−3.00", "0.00"]);
    }
}
