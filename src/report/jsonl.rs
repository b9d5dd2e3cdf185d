//! The machine-readable lists: one JSON object per line.

use std::io::{self, Write};

use rayon::prelude::*;
use serde::Serialize;

use crate::audit::{About, Finding, Fix, Severity};
use crate::decisions::Ruling;
use crate::ids::RecordId;
use crate::matching::candidates::Pair;
use crate::matching::clusters::Against;
use crate::matching::evidence::{Aspect, Comparison, Kind, Level, Veto, Weight};
use crate::matching::near_misses::{Failed, NearMiss};
use crate::matching::relations::{Detail, Related, Relation};
use crate::pipeline::{Duplicates, Results};

/// One line of `findings.jsonl`.
#[derive(Serialize)]
struct FindingLine<'a> {
    code: &'a str,
    rule: &'a str,
    severity: Severity,
    fix: Fix,
    fingerprint: String,
    /// What the finding stands for.
    #[serde(flatten)]
    about: AboutLine<'a>,
    field: &'a str,
    value: &'a str,
    message: &'a str,
    suggestion: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    evidence: &'a [String],
}

/// Either `id`, `file` and `line`, or `group`.
#[derive(Serialize)]
#[serde(untagged)]
enum AboutLine<'a> {
    Record { id: &'a str, file: &'a str, line: u64 },
    Group { group: GroupLine<'a> },
}

#[derive(Serialize)]
struct GroupLine<'a> {
    kind: &'a str,
    value: &'a str,
    records: u64,
    /// The first ids.
    examples: Vec<&'a str>,
}

/// One line of `rejects.jsonl`.
#[derive(Serialize)]
struct RejectLine<'a> {
    file: &'a str,
    /// From 1.
    line: u64,
    /// From 0.
    byte: u64,
    reason: &'a str,
}

/// One line of `relations.jsonl`.
#[derive(Serialize)]
struct RelationLine<'a> {
    /// Id of the record that comes first in the input.
    a: &'a str,
    b: &'a str,
    relation: Relation,
    detail: Detail,
    reason: String,
    weight: Weight,
    kind: Kind,
    prior: Weight,
    vetoes: Vec<Veto>,
    evidence: Vec<EvidenceLine>,
}

/// One line of `near_misses.jsonl`.
#[derive(Serialize)]
struct NearMissLine<'a> {
    /// Id of the record that comes first in the input.
    a: &'a str,
    b: &'a str,
    weight: Weight,
    kind: Kind,
    prior: Weight,
    failed: String,
    reason: String,
    /// The members that contradict each other, of a cut link only.
    #[serde(skip_serializing_if = "Option::is_none")]
    between: Option<[&'a str; 2]>,
    vetoes: Vec<Veto>,
    evidence: Vec<EvidenceLine>,
}

/// One line of `stale_decisions.jsonl`.
#[derive(Serialize)]
struct StaleLine<'a> {
    /// Ids of the members that are not what they were.
    changed: &'a [String],
    #[serde(flatten)]
    ruling: &'a Ruling,
}

/// One aspect of a pair; the values stand in the records.
#[derive(Serialize)]
struct EvidenceLine {
    field: Aspect,
    level: Level,
    weight: Weight,
}

/// `relations.jsonl`: in the order of records.
pub(super) fn relations(results: &Results, out: &mut dyn Write) -> io::Result<()> {
    let Some(duplicates) = &results.duplicates else { return Ok(()) };
    lines_of(&duplicates.relations, |related| relation_line(related, duplicates, results), out)
}

fn relation_line<'a>(related: &Related, duplicates: &Duplicates, results: &'a Results) -> RelationLine<'a> {
    let Pair { a, b } = related.pair;
    let comparison = duplicates.comparison(related.pair);
    RelationLine {
        a: results.ids.of(a),
        b: results.ids.of(b),
        relation: related.detail.relation(),
        detail: related.detail,
        reason: duplicates.relation_reason(related, &comparison),
        weight: comparison.weight(),
        kind: comparison.kind,
        prior: comparison.prior,
        evidence: evidence(&comparison),
        vetoes: comparison.vetoes,
    }
}

/// `near_misses.jsonl`: in the order of records.
pub(super) fn near_misses(results: &Results, out: &mut dyn Write) -> io::Result<()> {
    let Some(duplicates) = &results.duplicates else { return Ok(()) };
    lines_of(&duplicates.near_misses, |miss| near_miss_line(miss, duplicates, results), out)
}

fn near_miss_line<'a>(miss: &NearMiss, duplicates: &Duplicates, results: &'a Results) -> NearMissLine<'a> {
    let comparison = duplicates.comparison(miss.pair);
    let id = |record: RecordId| results.ids.of(record);
    let between = match miss.failed {
        Failed::Cut(contradiction) => Some([id(contradiction.between.a), id(contradiction.between.b)]),
        _ => None,
    };
    NearMissLine {
        a: id(miss.pair.a),
        b: id(miss.pair.b),
        weight: comparison.weight(),
        kind: comparison.kind,
        prior: comparison.prior,
        failed: miss.failed.name(),
        reason: near_miss_reason(miss.failed, between),
        between,
        evidence: evidence(&comparison),
        vetoes: comparison.vetoes,
    }
}

/// `stale_decisions.jsonl`: in the order of the decisions.
pub(super) fn stale_decisions(results: &Results, out: &mut dyn Write) -> io::Result<()> {
    let stale = results.duplicates.iter().flat_map(|duplicates| &duplicates.stale);
    lines(stale.map(|stale| StaleLine { changed: &stale.changed, ruling: &stale.ruling }), out)
}

fn near_miss_reason(failed: Failed, between: Option<[&str; 2]>) -> String {
    match failed {
        Failed::Veto(veto) => format!("title and authors agree, but {}", veto.meaning()),
        Failed::Aspect(aspect, level) => {
            format!("title and authors agree; against it weighs most that {} is {}", aspect.name(), level.name())
        }
        Failed::Evidence => "title and authors agree, but there is too little other evidence".to_owned(),
        Failed::Rejected => "the two match, but a person decided that they are not one".to_owned(),
        Failed::Cut(contradiction) => {
            let [x, y] = between.unwrap_or_default();
            let why = match contradiction.against {
                Against::Decision => "a person decided that they are not one",
                Against::Veto(veto) => veto.meaning(),
                Against::Evidence => "the evidence between them is against it",
            };
            format!("the two match, but with them {x} and {y} would become one, and of these {why}")
        }
    }
}

fn evidence(comparison: &Comparison) -> Vec<EvidenceLine> {
    let line = |evidence: &crate::matching::evidence::Evidence| EvidenceLine {
        field: evidence.aspect,
        level: evidence.level,
        weight: evidence.weight,
    };
    comparison.evidence.iter().map(line).collect()
}

/// `proposals.jsonl`: merges, then reviews.
pub(super) fn proposals(results: &Results, advance: &(dyn Fn(u64) + Sync), out: &mut dyn Write) -> io::Result<()> {
    let Some(duplicates) = &results.duplicates else { return Ok(()) };
    for at in 0..duplicates.proposals.len() {
        out.write_all(duplicates.proposals.line(at))?;
        out.write_all(b"\n")?;
        advance(1);
    }
    Ok(())
}

/// `findings.jsonl`: in the order of records.
pub(super) fn findings(results: &Results, out: &mut dyn Write) -> io::Result<()> {
    for finding in results.audit.iter().flat_map(|audit| audit.findings()) {
        lines([finding_line(&finding, results)], out)?;
    }
    Ok(())
}

fn finding_line<'a>(finding: &'a Finding, results: &'a Results) -> FindingLine<'a> {
    let (id, about) = match &finding.about {
        About::Record(record) => {
            let (id, position) = (results.ids.of(*record), results.positions[record.index()]);
            let file = results.inputs[position.file as usize].0.as_str();
            (id, AboutLine::Record { id, file, line: position.line })
        }
        About::Group(group) => {
            let examples = group.examples.iter().map(|&record| results.ids.of(record)).collect();
            let (kind, value) = (group.label.kind.as_str(), group.label.value.as_str());
            ("", AboutLine::Group { group: GroupLine { kind, value, records: group.n_records, examples } })
        }
    };
    FindingLine {
        code: finding.rule.code,
        rule: finding.rule.name,
        severity: finding.severity(),
        fix: finding.fix(),
        fingerprint: format!("{:016x}", finding.fingerprint(id)),
        about,
        field: &finding.problem.field,
        value: &finding.problem.value,
        message: &finding.problem.message,
        suggestion: finding.problem.suggestion.as_deref(),
        evidence: &finding.problem.evidence,
    }
}

/// `rejects.jsonl`: in input order.
pub(super) fn rejects(results: &Results, out: &mut dyn Write) -> io::Result<()> {
    let line = |reject: &crate::input::Reject| -> (String, u64, u64, String) {
        let at = reject.position;
        (results.inputs[at.file as usize].0.clone(), at.line, at.byte, reject.reason.to_string())
    };
    for (file, line, byte, reason) in results.rejects.iter().map(line) {
        lines([RejectLine { file: &file, line, byte, reason: &reason }], out)?;
    }
    Ok(())
}

/// Items turned to lines at a time, and by how many hands: some megabytes.
const BATCH: usize = 1024;
const BATCH_PARTS: usize = 16;

/// The lines of items that take work, done side by side, in their order.
fn lines_of<I: Sync, T: Serialize>(items: &[I], line: impl Fn(&I) -> T + Sync, out: &mut dyn Write) -> io::Result<()> {
    for batch in items.chunks(BATCH) {
        let texts = batch.par_chunks(BATCH / BATCH_PARTS).map(|part| {
            let mut text = Vec::new();
            lines(part.iter().map(&line), &mut text).map(|()| text)
        });
        for text in texts.collect::<io::Result<Vec<Vec<u8>>>>()? {
            out.write_all(&text)?;
        }
    }
    Ok(())
}

fn lines<T: Serialize>(items: impl IntoIterator<Item = T>, out: &mut dyn Write) -> io::Result<()> {
    for item in items {
        serde_json::to_writer(&mut *out, &item)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
