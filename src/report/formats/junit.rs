//! JUnit's XML, as CI servers read it: a suite per rule, a case per finding. What would make the exit code 1 is a
//! failure, other findings are the output of a passed case, and a rule without findings is one passed case. An input that is
//! not all records is an error: what was not read was not audited.

use std::io::{self, Write};

use super::{Lack, MAX_VALUE, about, lacks, place, running, sentence, shown};
use crate::audit::{Finding, Outcome, Rule, Severity};
use crate::results::Results;

/// One document.
pub(super) fn findings(results: &Results, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    let Some(audit) = &results.audit else { return writeln!(out, "<testsuites name=\"shelfread\"/>") };
    let fail_on = results.config.audit.fail_on;
    let counts = |rule: &Rule| Counts::of(audit, rule, fail_on);
    let all = running(results).map(counts).fold(Counts::default(), |sum, of| Counts {
        n_tests: sum.n_tests + of.n_tests.max(1),
        n_failures: sum.n_failures + of.n_failures,
    });
    let lacks = lacks(results);
    let (n_errors, n_skipped) = (lacks.len(), audit.switched_off.len());
    let n_tests = all.n_tests + (n_errors + n_skipped) as u64;
    let Counts { n_failures, .. } = all;
    writeln!(
        out,
        "<testsuites name=\"shelfread\" tests=\"{n_tests}\" failures=\"{n_failures}\" errors=\"{n_errors}\" skipped=\"{n_skipped}\">"
    )?;
    if n_errors > 0 {
        suite_of_inputs(&lacks, results, out)?;
    }
    for rule in running(results) {
        suite(rule, &counts(rule), audit, results, out)?;
    }
    for off in &audit.switched_off {
        let name = name(off.rule);
        writeln!(out, "<testsuite name=\"{name}\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"1\">")?;
        let because = escaped(&off.because.to_string());
        writeln!(out, "<testcase name=\"off\" classname=\"{name}\"><skipped message=\"{because}\"/></testcase>")?;
        writeln!(out, "</testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

fn suite_of_inputs(lacks: &[Lack], results: &Results, out: &mut dyn Write) -> io::Result<()> {
    let n = lacks.len();
    writeln!(out, "<testsuite name=\"input\" tests=\"{n}\" failures=\"0\" errors=\"{n}\" skipped=\"0\">")?;
    for lack in lacks {
        let name = escaped(&shown(&results.inputs[lack.file as usize].0, MAX_VALUE));
        let sentence = escaped(&lack.sentence);
        writeln!(out, "<testcase name=\"{name}\" classname=\"input\"><error message=\"{sentence}\"/></testcase>")?;
    }
    writeln!(out, "</testsuite>")
}

#[derive(Default)]
struct Counts {
    n_tests: u64,
    n_failures: u64,
}

impl Counts {
    fn of(audit: &Outcome, rule: &Rule, fail_on: Severity) -> Counts {
        let found = audit.by_rule().find(|(other, ..)| other.code == rule.code);
        let [n_info, n_warn, n_error] = found.map(|(_, n_findings, _)| n_findings).unwrap_or_default();
        let of_severities = [(Severity::Info, n_info), (Severity::Warn, n_warn), (Severity::Error, n_error)];
        Counts {
            n_tests: n_info + n_warn + n_error,
            n_failures: of_severities.iter().filter(|(severity, _)| *severity >= fail_on).map(|(_, n)| n).sum(),
        }
    }
}

fn name(rule: &Rule) -> String {
    format!("{} {}", rule.code, rule.name)
}

fn suite(rule: &Rule, counts: &Counts, audit: &Outcome, results: &Results, out: &mut dyn Write) -> io::Result<()> {
    let (name, n_tests, n_failures) = (name(rule), counts.n_tests.max(1), counts.n_failures);
    writeln!(
        out,
        "<testsuite name=\"{name}\" tests=\"{n_tests}\" failures=\"{n_failures}\" errors=\"0\" skipped=\"0\">"
    )?;
    if counts.n_tests == 0 {
        writeln!(out, "<testcase name=\"no finding\" classname=\"{name}\"/>")?;
    } else {
        audit.findings_of(rule).try_for_each(|finding| case(&finding, &name, results, out))?;
    }
    writeln!(out, "</testsuite>")
}

fn case(finding: &Finding, class: &str, results: &Results, out: &mut dyn Write) -> io::Result<()> {
    let (severity, about) = (finding.severity(), escaped(&about(finding, results)));
    let file = place(finding, results);
    let file =
        file.map(|(_, file, at)| format!(" file=\"{}\" line=\"{}\"", escaped(file), at.line)).unwrap_or_default();
    write!(out, "<testcase name=\"{about}\" classname=\"{class}\"{file}>")?;
    let sentence = escaped(&sentence(finding));
    if severity >= results.config.audit.fail_on {
        write!(out, "<failure type=\"{severity}\" message=\"{sentence}\"/>")?;
    } else {
        write!(out, "<system-out>{severity}: {sentence}</system-out>")?;
    }
    writeln!(out, "</testcase>")
}

/// The text as part of an element or attribute. Characters that XML 1.0 cannot hold at all, not even as references
/// (section 2.2 of the standard), become U+FFFD.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            // As plain blanks they would be lost in attributes.
            '\t' | '\n' | '\r' => out.push_str(&format!("&#{};", u32::from(c))),
            '\u{0}'..'\u{20}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::Format;
    use super::super::testing::{printed, results};
    use super::*;
    use crate::config::Config;

    #[test]
    fn texts_are_texts() {
        assert_eq!(escaped("]]>\"&<b>'"), "]]&gt;&quot;&amp;&lt;b&gt;&apos;");
        assert_eq!(
            escaped("a\nb\tc\r\u{0}\u{1b}\u{ffff}é\u{10000}"),
            "a&#10;b&#9;c&#13;\u{fffd}\u{fffd}\u{fffd}é\u{10000}"
        );
    }

    #[test]
    fn counts_are_those_of_the_cases() {
        let config = Config::parse("[audit]\nfail_on = \"warn\"\nignore = [\"X\"]\n").expect("valid");
        let text = printed(&results(&config), Format::Junit);
        let count = |what: &str| text.matches(what).count();
        let head = text.lines().nth(1).expect("a second line");
        let totals = format!(
            "tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\"",
            count("<testcase "),
            count("<failure "),
            count("<skipped ")
        );
        assert!(head.contains(&totals) && count("<skipped message=\"ignored by X\"/>") > 3, "{head} {totals}");
        assert_eq!(count("<testsuite "), crate::audit::RULES.len());
        for (open, close) in [("<testsuite ", "</testsuite>"), ("<testsuites ", "</testsuites>")] {
            assert_eq!(count(open), count(close));
        }
        let is_legal = |c: char| c == '\n' || c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}');
        assert!(text.chars().all(is_legal));
    }
}
