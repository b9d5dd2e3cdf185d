//! The machine-readable lists: one JSON object per line.

use std::io::{self, Write};

use serde::Serialize;

use crate::pipeline::Results;

/// One line of `findings.jsonl`.
#[derive(Serialize)]
struct FindingLine<'a> {
    code: &'a str,
    rule: &'a str,
    severity: crate::audit::Severity,
    id: &'a str,
    file: &'a str,
    line: u64,
    field: &'a str,
    value: &'a str,
    message: &'a str,
    suggestion: Option<&'a str>,
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

/// `proposals.jsonl`: merges, then reviews.
pub(super) fn proposals(results: &Results, advance: &dyn Fn(u64), out: &mut dyn Write) -> io::Result<()> {
    let proposals = results.duplicates.iter().flat_map(|duplicates| &duplicates.proposals);
    lines(proposals.inspect(|_| advance(1)), out)
}

/// `findings.jsonl`: in the order of records.
pub(super) fn findings(results: &Results, out: &mut dyn Write) -> io::Result<()> {
    let findings = results.audit.iter().flat_map(|audit| &audit.findings);
    lines(
        findings.map(|finding| {
            let position = results.positions[finding.record.index()];
            FindingLine {
                code: finding.rule.code,
                rule: finding.rule.name,
                severity: finding.severity(),
                id: results.ids.of(finding.record),
                file: &results.inputs[position.file as usize].0,
                line: position.line,
                field: &finding.problem.field,
                value: &finding.problem.value,
                message: &finding.problem.message,
                suggestion: finding.problem.suggestion.as_deref(),
            }
        }),
        out,
    )
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
