//! Totals: `summary.json`, `run.json`, and the lines printed at the end.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::audit::{Against, Outcome, Severity};
use crate::index::{Change, Since};
use crate::input::Shortfall;
use crate::matching::blocks::KeyClass;
use crate::matching::relations::Relation;
use crate::progress::{StageTime, grouped};
use crate::results::{Counts, Duplicates, Results};

/// Everything that can be counted, without times: the same for the same input and configuration.
pub fn summary(results: &Results) -> Value {
    let mut summary = json!({
        "tool": "shelfread",
        "version": env!("CARGO_PKG_VERSION"),
        "command": results.job.name(),
        "inputs": results.inputs.iter().map(|(name, bytes)| json!({"file": name, "bytes": bytes})).collect::<Vec<_>>(),
        "records": {
            "read": results.n_read,
            "processed": results.positions.len(),
            "rejected": results.rejects.len(),
            "blank_lines": results.n_blank_lines,
            "reconciled": results.n_read == (results.positions.len() + results.rejects.len()) as u64,
        },
        "rejects_by_reason": rejects_by_reason(results),
    });
    // Told where there is something to tell: most inputs cannot say what they lack.
    if !results.shortfalls.is_empty() {
        let short = |short: &Shortfall| json!({"file": results.inputs[short.file as usize].0, "reason": short.reason});
        summary["incomplete_inputs"] = results.shortfalls.iter().map(short).collect();
    }
    if let Some(duplicates) = &results.duplicates {
        summary["duplicates"] = json!({
            "counts": duplicates.counts,
            "block_sizes": duplicates.block_sizes.classes().map(|class| json!({
                "from": class.from, "to": class.to, "blocks": class.n_blocks,
            })).collect::<Vec<_>>(),
            "largest_blocks": duplicates.block_sizes.largest.iter().map(|(key, n)| json!({
                "key": key, "records": n, "done": done(key, *n, results),
            })).collect::<Vec<_>>(),
            "relations": relations(duplicates),
            "near_misses_by_criterion": near_misses(duplicates),
            "kept_apart_by_veto": duplicates.vetoed.iter().map(|(veto, n)| (veto.name().to_owned(), json!(n))).collect::<serde_json::Map<_, _>>(),
            "weights": {"from_bits": crate::matching::score::LOWEST, "pairs_per_bit": duplicates.histogram},
        });
    }
    if let Some(audit) = &results.audit {
        summary["audit"] = json!({
            "findings": audit.n_findings(),
            "by_severity": by_severity(results),
            "by_rule": by_rule(audit),
            "records_by_rule": records_by_rule(audit),
            "switched_off": audit.switched_off.iter().map(|off| json!({
                "code": off.rule.code, "rule": off.rule.name, "because": off.because.to_string(),
            })).collect::<Vec<_>>(),
            "fields": audit.census.fields().map(|(name, n)| (name.to_owned(), json!(n))).collect::<serde_json::Map<_, _>>(),
        });
    }
    if let Some(since) = &results.since {
        summary["since_last_run"] = json!(since);
    }
    if let Some(fixes) = &results.fixes {
        summary["fixes"] = json!(fixes.counts);
    }
    if let Some(against) = results.audit.as_ref().and_then(|audit| audit.against) {
        let Against { new, known, resolved, unchecked } = against;
        summary["audit"]["baseline"] =
            json!({"new": new, "known": known, "resolved": resolved, "unchecked": unchecked});
    }
    summary["configuration"] = serde_json::to_value(&results.config).expect("plain tables of numbers and words");
    summary
}

/// How the run went: times, threads, memory. Differs from run to run.
pub(super) fn run(times: &[StageTime]) -> Value {
    json!({
        "threads": rayon::current_num_threads(),
        "seconds": times.iter().map(|time| time.seconds).sum::<f64>(),
        "peak_anonymous_bytes": times.iter().filter_map(|time| time.peak_anonymous_bytes).max(),
        "stages": times,
    })
}

/// Rejects per reason, without the places.
pub(super) fn rejects_by_reason(results: &Results) -> BTreeMap<String, u64> {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for reject in &results.rejects {
        // Byte numbers make every reason its own; the kind is what counts here.
        let kind = reject.reason.split(" at byte ").next().and_then(|reason| reason.split(" near byte ").next());
        *counts.entry(kind.unwrap_or_default().to_owned()).or_default() += 1;
    }
    counts
}

/// What became of a block of `n` records with a key.
fn done(key: &str, n: usize, results: &Results) -> &'static str {
    let (class, limits) = (KeyClass::of(key), results.config.blocking.limits());
    if n <= limits.most(class) {
        if limits.is_loose(class, n) {
            "records compared that share another such key"
        } else {
            "all records compared with each other"
        }
    } else if class == KeyClass::Weak {
        "divided by year, author, host, publisher and size; records compared that share a small part, or another such key"
    } else {
        "divided by year, author, host, publisher and size; neighbours in title order compared"
    }
}

/// Whether a block of `n` records with a key is too large to be compared whole.
pub(super) fn is_divided(key: &str, n: usize, results: &Results) -> bool {
    n > results.config.blocking.limits().most(KeyClass::of(key))
}

/// Relations per kind, all four always present.
fn relations(duplicates: &Duplicates) -> BTreeMap<&'static str, u64> {
    let mut counts: BTreeMap<&str, u64> = Relation::ALL.iter().map(|relation| (relation.name(), 0)).collect();
    for related in &duplicates.relations {
        *counts.entry(related.detail.relation().name()).or_default() += 1;
    }
    counts
}

/// `3 version, 0 translation, 1 part, 0 comment`.
pub(super) fn relations_in_words(duplicates: &Duplicates) -> String {
    let counts = relations(duplicates);
    let word = |relation: &Relation| format!("{} {}", grouped(counts[relation.name()]), relation.name());
    Relation::ALL.iter().map(word).collect::<Vec<_>>().join(", ")
}

/// Near misses per criterion that has any.
fn near_misses(duplicates: &Duplicates) -> BTreeMap<String, u64> {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for miss in &duplicates.near_misses {
        *counts.entry(miss.failed.name()).or_default() += 1;
    }
    counts
}

/// Findings per severity, all three always present.
pub(super) fn by_severity(results: &Results) -> BTreeMap<String, u64> {
    let n_with = |severity| results.audit.as_ref().map_or(0, |audit| audit.n_with(severity));
    let all = [Severity::Info, Severity::Warn, Severity::Error];
    all.into_iter().map(|severity| (severity.to_string(), n_with(severity))).collect()
}

/// Findings per rule that has any; a group counts as one.
fn by_rule(audit: &Outcome) -> BTreeMap<&'static str, u64> {
    audit.by_rule().map(|(rule, n_findings, _)| (rule.code, n_findings.iter().sum())).collect()
}

/// Records with findings per rule that has any, those in groups too.
fn records_by_rule(audit: &Outcome) -> BTreeMap<&'static str, u64> {
    audit.records_by_rule().map(|(rule, n_records)| (rule.code, n_records)).collect()
}

/// The last lines of a run, for people.
pub fn text_summary(results: &Results) -> String {
    let mut text = String::new();
    let mut row = |name: &str, value: String| {
        let _ = writeln!(text, "{name:<12} {value}");
    };
    let n = |n: usize| grouped(n as u64);
    row(
        "records",
        format!(
            "{} read = {} processed + {} rejected",
            grouped(results.n_read),
            n(results.positions.len()),
            n(results.rejects.len())
        ),
    );
    if let Some(duplicates) = &results.duplicates {
        let counts = &duplicates.counts;
        row(
            "duplicates",
            format!(
                "{} to merge ({} records less), {} to review",
                grouped(counts.merge_proposals),
                grouped(counts.superfluous_records),
                grouped(counts.review_proposals)
            ),
        );
        let misses = grouped(counts.near_misses);
        row("relations", format!("{}; {misses} near misses", relations_in_words(duplicates)));
    }
    if results.audit.is_some() {
        let counts = by_severity(results);
        row(
            "findings",
            format!(
                "{} error, {} warn, {} info",
                grouped(counts["error"]),
                grouped(counts["warn"]),
                grouped(counts["info"])
            ),
        );
    }
    if let Some(Duplicates { counts, .. }) = &results.duplicates
        && counts.accepted_pairs + counts.rejected_pairs + counts.idle_decisions + counts.stale_decisions > 0
    {
        row("decisions", decisions_in_words(counts));
    }
    if let Some(fixes) = &results.fixes {
        let counts = &fixes.counts;
        row(
            "fixes",
            format!(
                "{} {} for {} {}, {} withheld",
                grouped(counts.patches),
                if counts.patches == 1 { "patch" } else { "patches" },
                grouped(counts.records),
                if counts.records == 1 { "record" } else { "records" },
                grouped(counts.withheld_patches)
            ),
        );
    }
    if let Some(against) = results.audit.as_ref().and_then(|audit| audit.against) {
        row("baseline", against_in_words(&against));
    }
    if let Some(since) = &results.since {
        row("last run", since_in_words(since));
    }
    text
}

/// `records 12 new, 3 changed, 1 gone; proposals 2 new, 1 changed, 0 gone; findings 4 new, 9 gone`.
fn since_in_words(since: &Since) -> String {
    let change = |name: &str, change: &Change| {
        let changed = change.changed.map(|n| format!("{} changed, ", grouped(n))).unwrap_or_default();
        format!("{name} {} new, {changed}{} gone", grouped(change.new), grouped(change.vanished))
    };
    let mut parts = vec![change("records", &since.records), change("proposals", &since.proposals)];
    parts.extend(since.findings.as_ref().map(|findings| change("findings", findings)));
    let Change { changed, vanished, same, .. } = since.records;
    let is_mostly_gone = vanished > same + changed.unwrap_or(0);
    parts.extend(
        is_mostly_gone
            .then(|| "most records of the last run are gone: is it an export of the same catalogue?".to_owned()),
    );
    parts.join("; ")
}

/// `12 pairs accepted, 3 rejected; 1 stale since records changed; 2 on records not in the input`.
pub(super) fn decisions_in_words(counts: &Counts) -> String {
    let mut text =
        format!("{} pairs accepted, {} rejected", grouped(counts.accepted_pairs), grouped(counts.rejected_pairs));
    if counts.stale_decisions > 0 {
        text.push_str(&format!("; {} stale since records changed", grouped(counts.stale_decisions)));
    }
    if counts.idle_decisions > 0 {
        text.push_str(&format!("; {} on records not in the input", grouped(counts.idle_decisions)));
    }
    text
}

/// `3 new, 102 known, 7 resolved`.
pub(super) fn against_in_words(against: &Against) -> String {
    let Against { new, known, resolved, unchecked } = *against;
    let unchecked = match unchecked {
        0 => String::new(),
        n => format!(", {} of rules that are off", grouped(n)),
    };
    format!("{} new, {} known, {} resolved{unchecked}", grouped(new), grouped(known), grouped(resolved))
}
