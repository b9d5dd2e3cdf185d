//! Why two records match or do not: the same comparison as in a run, in words.

use std::fmt::Write as _;

use crate::input::{Corpus, Parser};
use crate::keys::Features;
use crate::keys::block_keys::block_keys;
use crate::matching::compare::compare;
use crate::matching::evidence::Weight;
use crate::matching::score::{Verdict, verdict};
use crate::matching::weights::Weights;
use crate::merge::{Member, evidence};

/// Longest value shown in a line, in characters.
const MAX_SHOWN: usize = 60;

/// The explanation as text.
pub fn explain(corpus: &Corpus, members: &[Member; 2], weights: &Weights) -> String {
    let [a, b] = members;
    let mut text = String::new();
    for (name, member) in [("a", a), ("b", b)] {
        let file = &corpus.files()[member.position.file as usize].name;
        let _ = writeln!(text, "{name}  {}  ({file}:{})", visible(&member.id), member.position.line);
    }
    let comparison = compare(&a.features, &b.features, weights);
    let _ = writeln!(text, "\n{:<15} {:<12} {:>7}  values", "field", "level", "weight");
    if comparison.prior != Weight::default() {
        let _ = writeln!(text, "{:<15} {:<12} {:>+7.2}", "prior", comparison.kind.name(), comparison.prior.bits());
    }
    for line in evidence(&comparison, a, b) {
        let _ = writeln!(
            text,
            "{:<15} {:<12} {:>+7.2}  a: {}",
            line.field.name(),
            line.level.name(),
            line.weight.bits(),
            shortened(&line.a)
        );
        let _ = writeln!(text, "{:36}  b: {}", "", shortened(&line.b));
    }
    let weight = comparison.weight();
    let _ = writeln!(text, "{:<15} {:<12} {:>+7.2}", "sum", "", weight.bits());
    let _ = writeln!(text, "\nvetoes: {}", if comparison.vetoes.is_empty() { "none" } else { "" });
    for veto in &comparison.vetoes {
        let _ = writeln!(text, "  {}: {}", veto.name(), veto.meaning());
    }
    let shared = shared_keys(corpus, members);
    let _ = writeln!(
        text,
        "\nblocks shared: {}",
        if shared.is_empty() {
            "none; a run would not compare these two unless their title keys are neighbours"
        } else {
            ""
        }
    );
    for key in shared {
        let _ = writeln!(text, "  {}", visible(&key));
    }
    let (merge_at, review_at) = (weights.merge_at.bits(), weights.review_at.bits());
    let conclusion = match verdict(&comparison, weights) {
        Verdict::Merge => format!("merge: the weight is at least {merge_at} and there is no veto"),
        Verdict::Review if comparison.vetoes.is_empty() => {
            format!("review: the weight is at least {review_at}, but below {merge_at}")
        }
        Verdict::Review => "review: a doubt keeps the pair from being merged without a look".to_owned(),
        Verdict::Apart if weight >= weights.review_at => "apart: a veto forbids the match".to_owned(),
        Verdict::Apart => format!("apart: the weight is below {review_at}"),
    };
    let _ = writeln!(text, "\n{conclusion}");
    text
}

/// Block keys that two records have in common, sorted.
pub(crate) fn shared_keys(corpus: &Corpus, members: &[Member; 2]) -> Vec<String> {
    let keys = |member: &Member| {
        let mut keys: Vec<String> = Vec::new();
        // A record that was just read can be read again, unless the file changes this very moment.
        let _ = corpus.fetch(member.position, &mut Parser::default(), |record| {
            block_keys(record, &Features::of(record), &mut |key| keys.push(key.to_owned()));
        });
        keys.sort();
        keys.dedup();
        keys
    };
    let of_b = keys(&members[1]);
    keys(&members[0]).into_iter().filter(|key| of_b.binary_search(key).is_ok()).collect()
}

fn shortened(value: &str) -> String {
    let value = visible(value);
    if value.chars().count() <= MAX_SHOWN {
        return value;
    }
    value.chars().take(MAX_SHOWN - 1).chain(['…']).collect()
}

/// The text without characters that could act on a terminal: control characters and changes of direction.
pub(crate) fn visible(value: &str) -> String {
    let acts = |c: char| {
        c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
    };
    value.chars().map(|c| if acts(c) { '\u{fffd}' } else { c }).collect()
}
