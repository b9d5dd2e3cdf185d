//! Workflow commands that GitHub shows as annotations. Source: "Workflow commands for GitHub Actions".

use std::io::{self, Write};

use super::super::shown::shown;
use super::{about, lacks, place, sentence};
use crate::audit::Severity;
use crate::results::Results;

/// Longest file name and title, in characters.
const MAX_PROPERTY: usize = 300;

/// One annotation per finding, and before them one per input that is not all records.
pub(super) fn findings(results: &Results, out: &mut dyn Write) -> io::Result<()> {
    for lack in lacks(results) {
        let file = shown(&results.inputs[lack.file as usize].0, MAX_PROPERTY);
        let line = lack.line.map(|line| format!(",line={line}")).unwrap_or_default();
        let message = data(&format!("{file}: {}", lack.sentence));
        writeln!(out, "::warning file={}{line},title=input::{message}", property(&file))?;
    }
    for finding in results.audit.iter().flat_map(|audit| audit.findings()) {
        let command = match finding.severity() {
            Severity::Error => "error",
            Severity::Warn => "warning",
            Severity::Info => "notice",
        };
        let title = format!("{} {}", finding.rule.code, finding.rule.name);
        write!(out, "::{command} ")?;
        if let Some((_, file, position)) = place(&finding, results) {
            write!(out, "file={},line={},", property(&shown(file, MAX_PROPERTY)), position.line)?;
        }
        let message = format!("{}: {}", about(&finding, results), sentence(&finding));
        writeln!(out, "title={}::{}", property(&title), data(&message))?;
    }
    Ok(())
}

/// The text of a message: a line break would end the command and start another.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The text of a property, which ends at `,` or `::` too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::super::Format;
    use super::super::testing::{printed, results};
    use super::*;
    use crate::config::Config;

    #[test]
    fn texts_cannot_end_a_command() {
        assert_eq!(property("a:b,c%\r\n"), "a%3Ab%2Cc%25%0D%0A");
        assert_eq!(data("a:b,c%\r\n"), "a:b,c%25%0D%0A");
    }

    #[test]
    fn every_line_is_our_own_command() {
        let text = printed(&results(&Config::default()), Format::Github);
        assert!(!text.is_empty() && !text.contains('\r'));
        for line in text.lines() {
            let start = ["::error file=a b/é%3A%25%2C<&.jsonl,line=", "::warning file=", "::notice file="];
            assert!(start.iter().any(|start| line.starts_with(start)), "{line}");
        }
        assert!(text.contains(",line=2,title=I003 issn-invalid::"), "{text}");
    }
}
