//! Why two records match or do not: the same comparison as in a run, in words.

use std::fmt::Write as _;

use crate::inert::visible;
use crate::input::{Corpus, Parser};
use crate::keys::Features;
use crate::keys::block_keys::block_keys;
use crate::matching::blocks::KeyClass;
use crate::matching::compare::compare;
use crate::matching::evidence::{Comparison, Weight};
use crate::matching::relations::{reason, relation};
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
        let file = visible(&corpus.files()[member.position.file as usize].name);
        let _ = writeln!(text, "{name}  {}  ({file}:{})", visible(&member.id), member.position.line);
    }
    let comparison = compare(&a.features, &b.features, weights);
    let _ = writeln!(text, "\n{:<15} {:<12} {:>7}  values", "field", "level", "weight");
    if comparison.prior != Weight::default() {
        let _ = writeln!(text, "{:<15} {:<12} {:>+7.2}", "prior", comparison.kind.name(), comparison.prior.bits());
    }
    for line in evidence(&comparison, a, b) {
        let [of_a, of_b] = shortened([&line.a, &line.b]);
        let (field, level, weight) = (line.field.name(), line.level.name(), line.weight.bits());
        let _ = writeln!(text, "{field:<15} {level:<12} {weight:>+7.2}  a: {of_a}\n{:36}  b: {of_b}", "");
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
    for key in &shared {
        let _ = writeln!(text, "  {}", visible(key));
    }
    if let [key] = shared.as_slice()
        && KeyClass::of(key) == KeyClass::Weak
    {
        let _ = writeln!(
            text,
            "  (where many records have this key, a run compares only those that share another such key)"
        );
    }
    let verdict = verdict(&comparison, weights);
    if let Some(detail) = relation(&a.features, &b.features, &comparison, verdict) {
        let why = reason(detail, &a.features, &b.features, &comparison);
        let _ = writeln!(text, "\nrelation: {}: {}", detail.relation().name(), visible(&why));
    }
    let _ = writeln!(text, "\n{}", conclusion(&comparison, verdict, weights));
    text
}

/// What becomes of the pair, and what decides it.
fn conclusion(comparison: &Comparison, verdict: Verdict, weights: &Weights) -> String {
    let weight = comparison.weight();
    let (merge_at, review_at) = (weights.merge_at.bits(), weights.review_at.bits());
    match verdict {
        Verdict::Merge => format!("merge: the weight is at least {merge_at} and there is no veto"),
        Verdict::Review if weight < weights.review_at => {
            format!("review: the weight is below {review_at}, but the records are the same in all they say")
        }
        Verdict::Review if comparison.vetoes.is_empty() => {
            format!("review: the weight is at least {review_at}, but below {merge_at}")
        }
        Verdict::Review => "review: a doubt keeps the pair from being merged without a look".to_owned(),
        Verdict::Apart if weight >= weights.review_at && comparison.vetoes.iter().all(|veto| veto.is_doubt()) => {
            "apart: two doubts forbid the match".to_owned()
        }
        Verdict::Apart if weight >= weights.review_at => "apart: a veto forbids the match".to_owned(),
        Verdict::Apart => format!("apart: the weight is below {review_at}"),
    }
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

/// Characters shown before the first difference of values that are shown from there on.
const BEFORE_DIFFERENCE: usize = 24;

/// Two values cut to what fits into a line: from their beginning, or from shortly before they differ if that lies further
/// on, so that long values which look alike show what they do not share.
fn shortened(values: [&str; 2]) -> [String; 2] {
    let [a, b] = values.map(|value| visible(value).chars().collect::<Vec<char>>());
    let common = a.iter().zip(&b).take_while(|(x, y)| x.to_lowercase().eq(y.to_lowercase())).count();
    let is_equal = common == a.len().max(b.len());
    let is_late = common + BEFORE_DIFFERENCE / 2 > MAX_SHOWN;
    let start = if is_late && !is_equal { common - BEFORE_DIFFERENCE } else { 0 };
    [a, b].map(|value| {
        let n_marks = usize::from(start > 0);
        let rest = &value[start.min(value.len())..];
        let is_cut = rest.len() + n_marks > MAX_SHOWN;
        let n = if is_cut { MAX_SHOWN - 1 - n_marks } else { rest.len() };
        let mark = |holds: bool| if holds { "…" } else { "" };
        format!("{}{}{}", mark(start > 0), rest[..n].iter().collect::<String>(), mark(is_cut))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_values_are_shown_where_they_differ() {
        let same = "On the road to freedom : Canadian-East European relations, 19";
        let (a, b) = (format!("{same}63-1990 / Aloysius Balawyder."), format!("{same}63-1991 / Aloysius Balawyder."));
        let [of_a, of_b] = shortened([&a, &b]);
        assert_eq!(of_a, "…pean relations, 1963-1990 / Aloysius Balawyder.");
        assert_eq!(of_b, "…pean relations, 1963-1991 / Aloysius Balawyder.");
        assert_eq!(shortened(["Short", "shore"]), ["Short", "shore"]);
        let [cut, _] = shortened([&a, "Another title"]);
        assert_eq!((cut.chars().count(), cut.ends_with('…')), (MAX_SHOWN, true));
        let [equal, other] = shortened([&a, &a]);
        assert!(equal == other && equal.starts_with("On the road") && equal.ends_with('…'));
        let [longer, shorter] = shortened([&a, same]);
        assert!(longer.starts_with('…') && shorter.starts_with('…'), "{longer} {shorter}");
    }
}
