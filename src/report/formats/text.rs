//! Findings for people: rules by severity and number, each with its first findings.

use std::cmp::Reverse;
use std::io::{self, Write};

use super::{Colours, about, place, sentence};
use crate::audit::{Because, Finding, Severity};
use crate::progress::grouped;
use crate::results::Results;

/// Findings shown per rule.
const N_FIRST: usize = 3;

const BOLD: &str = "1";
const DIM: &str = "2";

/// All rules with findings, then what is off, then the totals.
pub(super) fn findings(results: &Results, colours: Colours, out: &mut dyn Write) -> io::Result<()> {
    let paint = |text: &str, style: &str| match colours {
        Colours::Yes => format!("\x1b[{style}m{text}\x1b[0m"),
        Colours::No => text.to_owned(),
    };
    let Some(audit) = &results.audit else { return Ok(()) };
    let first = audit.examples(N_FIRST);
    let mut rules: Vec<_> = audit.by_rule().collect();
    let worst = |n_findings: &[u64; 3]| {
        let severities = [Severity::Error, Severity::Warn, Severity::Info];
        severities.into_iter().find(|&severity| n_findings[severity as usize] > 0)
    };
    rules
        .sort_by_key(|(rule, n_findings, _)| (Reverse((worst(n_findings), n_findings.iter().sum::<u64>())), rule.code));
    for (rule, n_findings, _) in rules {
        let severity = worst(&n_findings).unwrap_or(rule.severity);
        let n: u64 = n_findings.iter().sum();
        let (code, severity) = (paint(rule.code, BOLD), paint(&severity.to_string(), style(severity)));
        let findings = if n == 1 { "finding" } else { "findings" };
        writeln!(out, "{code} {}  {severity}  {} {findings}", rule.name, grouped(n))?;
        let shown: Vec<&Finding> = first.iter().filter(|finding| finding.rule.code == rule.code).collect();
        for finding in &shown {
            let at = place(finding, results);
            let at = at.map(|(_, file, at)| format!(" ({}:{})", super::shown(file, super::MAX_VALUE), at.line));
            let at = paint(&at.unwrap_or_default(), DIM);
            writeln!(out, "  {}{at}", about(finding, results))?;
            writeln!(out, "    {}", sentence(finding))?;
        }
        match n - shown.len() as u64 {
            0 => writeln!(out)?,
            more => writeln!(out, "  {}\n", paint(&format!("and {} more", grouped(more)), DIM))?,
        }
    }
    for off in audit.switched_off.iter().filter(|off| matches!(off.because, Because::Absent(_))) {
        writeln!(out, "{} {} is off: {}", off.rule.code, off.rule.name, off.because)?;
    }
    let n_off = audit.switched_off.iter().filter(|off| !matches!(off.because, Because::Absent(_))).count();
    if n_off > 0 {
        writeln!(out, "{n_off} rules are off by the settings")?;
    }
    out.write_all(super::super::text_summary(results).as_bytes())
}

fn style(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "31",
        Severity::Warn => "33",
        Severity::Info => "36",
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{printed, results};
    use super::super::{Format, print};
    use super::*;
    use crate::config::Config;

    #[test]
    fn colours_are_added_and_nothing_else() {
        let results = results(&Config::default());
        let plain = printed(&results, Format::Text);
        assert!(!plain.contains('\x1b') && !plain.contains('\u{202e}'), "{plain}");
        let mut coloured = Vec::new();
        print(&results, Format::Text, Colours::Yes, &mut coloured).expect("memory is writable");
        let mut text = String::from_utf8(coloured).expect("UTF-8");
        assert!(text.contains("\x1b[31merror\x1b[0m"));
        for style in ["0", BOLD, DIM, "31", "33", "36"] {
            text = text.replace(&format!("\x1b[{style}m"), "");
        }
        assert_eq!(text, plain);
    }

    #[test]
    fn errors_come_first() {
        let text = printed(&results(&Config::default()), Format::Text);
        let rules = text.lines().filter(|line| line.contains(" finding"));
        let severities: Vec<u8> =
            rules.map(|line| u8::from(line.contains("  warn")) + 2 * u8::from(line.contains("  info"))).collect();
        assert!(severities.len() > 5 && severities.is_sorted(), "{text}");
    }
}
