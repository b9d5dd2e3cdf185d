//! What an index holds of a record, in words and as JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};

use shelfread::index::Index;
use shelfread::index::find::Found;
use shelfread::inert::visible;
use shelfread::matching::evidence::Comparison;
use shelfread::matching::score::Verdict;

/// A few lines per record that was asked for: where it stands, and what is the same, may be, or belongs together.
pub(super) fn text(id: &str, place: &str, found: &Found, index: &Index) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "{}  ({})", visible(id), visible(place));
    for same in &found.matches {
        let (word, id) = (word(same.verdict), visible(index.id(same.record)));
        let _ =
            writeln!(text, "  {word:<12} {:>+7.2}  {id}  {}", same.comparison.weight().bits(), why(&same.comparison));
    }
    for kin in &found.relations {
        let (word, id) = (kin.detail.relation().name(), visible(index.id(kin.record)));
        let _ = writeln!(text, "  {word:<12} {:>+7.2}  {id}  {}", kin.comparison.weight().bits(), visible(&kin.reason));
    }
    if found.is_id_taken {
        let _ = writeln!(text, "  id taken              another record has this id; loading this one would replace it");
    }
    if !found.is_there() && found.relations.is_empty() {
        let _ = writeln!(text, "  not there; compared with {} records", found.n_compared);
    }
    text
}

/// The same as one JSON object; weights are in bits.
pub(super) fn json(id: &str, place: &str, found: &Found, index: &Index) -> Value {
    let comparison = |record, comparison: &Comparison| {
        json!({
            "id": index.id(record),
            "weight": comparison.weight(),
            "kind": comparison.kind,
            "prior": comparison.prior,
            "vetoes": comparison.vetoes,
            "evidence": comparison.evidence.iter().map(|line| json!({
                "field": line.aspect, "level": line.level, "weight": line.weight,
            })).collect::<Vec<_>>(),
        })
    };
    let with = |mut value: Value, name: &str, more: Value| {
        value[name] = more;
        value
    };
    let same = found
        .matches
        .iter()
        .map(|same| with(comparison(same.record, &same.comparison), "decision", json!(word(same.verdict))));
    let kin = found.relations.iter().map(|kin| {
        let value = with(comparison(kin.record, &kin.comparison), "relation", json!(kin.detail.relation()));
        with(with(value, "detail", json!(kin.detail)), "reason", json!(kin.reason))
    });
    json!({
        "id": id,
        "place": place,
        "matches": same.collect::<Vec<_>>(),
        "relations": kin.collect::<Vec<_>>(),
        "id_taken": found.is_id_taken,
        "compared": found.n_compared,
    })
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Merge => "merge",
        Verdict::Review => "review",
        Verdict::Apart => "apart",
    }
}

/// `title same, authors similar; doubt: ...`.
fn why(comparison: &Comparison) -> String {
    let levels: Vec<String> =
        comparison.evidence.iter().map(|line| format!("{} {}", line.aspect.name(), line.level.name())).collect();
    let doubts: Vec<&str> = comparison.vetoes.iter().map(|veto| veto.meaning()).collect();
    let doubts = if doubts.is_empty() { String::new() } else { format!("; doubt: {}", doubts.join(", ")) };
    format!("{}{doubts}", levels.join(", "))
}
