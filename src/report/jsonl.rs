//! The machine-readable lists: one JSON object per line.

use std::io::{self, Write};

use serde::Serialize;

use crate::audit::{About, Finding, Fix, Severity};
use crate::decisions::Ruling;
use crate::results::{Duplicates, Results, pair_lines};

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

/// One line of `stale_decisions.jsonl`.
#[derive(Serialize)]
struct StaleLine<'a> {
    /// Ids of the members that are not what they were.
    changed: &'a [String],
    #[serde(flatten)]
    ruling: &'a Ruling,
}

/// `relations.jsonl`: in the order of records.
pub(super) fn relations(results: &Results, out: &mut dyn Write) -> io::Result<()> {
    match &results.duplicates {
        Some(Duplicates { lines: Some(lines), .. }) => out.write_all(lines.relations()),
        Some(duplicates) => pair_lines::relations(duplicates, &results.ids, out),
        None => Ok(()),
    }
}

/// `near_misses.jsonl`: in the order of records.
pub(super) fn near_misses(results: &Results, out: &mut dyn Write) -> io::Result<()> {
    match &results.duplicates {
        Some(Duplicates { lines: Some(lines), .. }) => out.write_all(lines.near_misses()),
        Some(duplicates) => pair_lines::near_misses(duplicates, &results.ids, out),
        None => Ok(()),
    }
}

/// `stale_decisions.jsonl`: in the order of the decisions.
pub(super) fn stale_decisions(results: &Results, out: &mut dyn Write) -> io::Result<()> {
    let stale = results.duplicates.iter().flat_map(|duplicates| &duplicates.stale);
    lines(stale.map(|stale| StaleLine { changed: &stale.changed, ruling: &stale.ruling }), out)
}

/// `proposals.jsonl`: merges, then reviews.
pub(super) fn proposals(results: &Results, advance: &(dyn Fn(u64) + Sync), out: &mut dyn Write) -> io::Result<()> {
    let Some(duplicates) = &results.duplicates else { return Ok(()) };
    for at in 0..duplicates.proposals.len() {
        duplicates.proposals.parts(at).into_iter().try_for_each(|part| out.write_all(part))?;
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

fn lines<T: Serialize>(items: impl IntoIterator<Item = T>, out: &mut dyn Write) -> io::Result<()> {
    for item in items {
        serde_json::to_writer(&mut *out, &item)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
