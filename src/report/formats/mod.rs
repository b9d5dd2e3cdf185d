//! Findings on standard output, for people and for other programs. Each format is one file, and none holds more than
//! one finding at a time.

mod github;
mod junit;
mod sarif;
mod text;

use std::io::{self, Write};

use super::shown::shown;
use super::{csv, jsonl};
use crate::audit::{About, Finding, RULES, Rule};
use crate::ids::{Position, RecordId};
use crate::inert::{Escape, Inert};
use crate::input::Reject;
use crate::progress::grouped;
use crate::results::Results;

/// Forms of the list of findings.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// By rule, with counts and first examples, for people.
    Text,
    /// The same as `findings.jsonl`.
    Jsonl,
    /// The same as `findings.csv`.
    Csv,
    /// Static Analysis Results Interchange Format 2.1.0.
    Sarif,
    /// Test results, one suite per rule.
    Junit,
    /// Annotations of a GitHub workflow.
    Github,
}

/// Whether a text is marked for terminals.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Colours {
    /// With colours.
    Yes,
    /// Plain.
    No,
}

/// Writes the findings in a format. Without an audit there are none.
///
/// # Errors
/// If `out` cannot be written to.
pub fn print(results: &Results, format: Format, colours: Colours, out: &mut dyn Write) -> io::Result<()> {
    let mut inert = |escape, write: fn(&Results, &mut dyn Write) -> io::Result<()>| {
        let mut inert = Inert::new(&mut *out, escape);
        write(results, &mut inert).and_then(|()| inert.flush())
    };
    match format {
        Format::Text => text::findings(results, colours, out),
        Format::Jsonl => inert(Escape::Json, jsonl::findings),
        Format::Csv => csv::findings(results, out),
        Format::Sarif => inert(Escape::Json, sarif::findings),
        Format::Junit => inert(Escape::Xml, junit::findings),
        Format::Github => github::findings(results, out),
    }
}

/// Longest value quoted in a message, in characters.
const MAX_VALUE: usize = 160;

/// Where a finding is, or the first record of its group.
fn place<'a>(finding: &Finding, results: &'a Results) -> Option<(&'a str, &'a str, Position)> {
    let record = finding.record()?;
    let position = results.positions[record.index()];
    Some((results.ids.of(record), results.inputs[position.file as usize].0.as_str(), position))
}

/// The finding in words, without its place: field, value, what is wrong, what would be right.
fn sentence(finding: &Finding) -> String {
    let problem = &finding.problem;
    let mut text = shown(&problem.field, MAX_VALUE);
    if !problem.value.is_empty() {
        text.push_str(&format!(" \"{}\"", shown(&problem.value, MAX_VALUE)));
    }
    text.push_str(&format!(": {}", shown(&problem.message, MAX_VALUE)));
    if let Some(suggestion) = &problem.suggestion {
        text.push_str(&format!("; suggested: \"{}\"", shown(suggestion, MAX_VALUE)));
    }
    text
}

/// What a finding is about: an id, or a group with its number of records and first ids.
fn about(finding: &Finding, results: &Results) -> String {
    match &finding.about {
        About::Record(record) => shown(results.ids.of(*record), MAX_VALUE),
        About::Group(group) => {
            let id = |record: &RecordId| shown(results.ids.of(*record), MAX_VALUE);
            let examples: Vec<String> = group.examples.iter().map(id).collect();
            let (label, n) = (shown(&group.label.to_string(), MAX_VALUE), group.n_records);
            let records = if n == 1 { "record" } else { "records" };
            format!("{label}: {n} {records}, such as {}", examples.join(", "))
        }
    }
}

/// What an input lacks that findings cannot say.
struct Lack {
    /// Number of the input.
    file: u32,
    /// The line of its first reject, if it has any.
    line: Option<u64>,
    /// A sentence without the input's name.
    sentence: String,
}

/// Per input with rejects how many they are, and what answers do not hold.
fn lacks(results: &Results) -> Vec<Lack> {
    let of_file = |rejects: &[Reject]| {
        let (n, first) = (rejects.len(), rejects.first()?);
        let (line, reason) = (first.position.line, shown(&first.reason, MAX_VALUE));
        let sentence = match n {
            1 => format!("1 part of it is no record: line {line}: {reason}"),
            _ => format!("{} parts of it are no records, the first in line {line}: {reason}", grouped(n as u64)),
        };
        Some(Lack { file: first.position.file, line: Some(line), sentence })
    };
    // Rejects are in the order of the input.
    let rejects = results.rejects.chunk_by(|a, b| a.position.file == b.position.file).filter_map(of_file);
    let short = results.shortfalls.iter().map(|short| Lack {
        file: short.file,
        line: None,
        sentence: format!("it is not whole: {}", short.reason),
    });
    rejects.chain(short).collect()
}

/// Rules that ran, with their numbers in the registry's order.
fn running(results: &Results) -> impl Iterator<Item = &'static Rule> + '_ {
    let off = results.audit.iter().flat_map(|audit| &audit.switched_off);
    let off: Vec<&str> = off.map(|off| off.rule.code).collect();
    RULES.iter().copied().filter(move |rule| results.audit.is_some() && !off.contains(&rule.code))
}

#[cfg(test)]
mod testing {
    //! Findings with every text that has a meaning in some format.

    use super::{Colours, Format, Results, print};
    use crate::config::Config;
    use crate::input::{Corpus, InputFile};
    use crate::pipeline;
    use crate::progress::Progress;
    use crate::results::Job;

    /// Quotation marks, ends of CDATA and commands, line breaks, control characters, marks of direction.
    const HOSTILE: [&str; 3] = [
        r#"{"id":"a,1:%","title":" / ","issn":["]]>\"&<b>'\n::error file=x::pwned\r\u0000\u0007\u001b[31m\u202eabc\ufffe%0A"],"collection":["C"],"topic":["Dogs"],"format":["Book"],"language":["English"],"publishDate":["1999"]}"#,
        r#"{"id":"b\n::error::x","title":"Fine things : a book","title_short":"Fine things : a book","issn":["1234-5678"],"collection":["C"],"topic":["Dogs"],"format":["Book"],"language":["English"],"publishDate":["1999"]}"#,
        r#"{"id":"c","title":"Fine","format":["Book"],"language":["English"],"publishDate":["1999"],"collection":["<D> & \"E\""],"topic":["Cats"]}"#,
    ];

    /// The results of three hostile records.
    pub(super) fn results(config: &Config) -> Results {
        let file = InputFile::from_bytes("a b/é:%,<&.jsonl", HOSTILE.join("\n").into_bytes());
        let corpus = Corpus::from_files(vec![file]).expect("a usable input");
        pipeline::run_over(&corpus, Job::Audit, config, None, &Progress::new(true)).expect("it runs")
    }

    /// The results of a record and two lines that are none, in an answer that is not whole.
    pub(super) fn results_of_half_an_answer() -> Results {
        let text =
            "{\"responseHeader\":{},\"response\":{\"numFound\":9,\"docs\":[\n{\"id\":\"a\"},\n{\"i\":1},\n{\"i\":2}]}}";
        let file = InputFile::from_bytes("a.json", text.as_bytes().to_vec());
        let corpus = Corpus::from_files(vec![file]).expect("a usable input");
        pipeline::run_over(&corpus, Job::Audit, &Config::default(), None, &Progress::new(true)).expect("it runs")
    }

    pub(super) fn printed(results: &Results, format: Format) -> String {
        let mut out = Vec::new();
        print(results, format, Colours::No, &mut out).expect("memory is writable");
        String::from_utf8(out).expect("formats are UTF-8")
    }

    /// Compares with a file of `testdata/formats`; `UPDATE=1` rewrites it.
    pub(super) fn check_golden(name: &str, text: &str) {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/formats").join(name);
        if std::env::var_os("UPDATE").is_some() {
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
            std::fs::write(&path, text).expect("writable");
        }
        let expected = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(text, expected, "{name} (UPDATE=1 rewrites it)");
    }
}

#[cfg(test)]
mod tests {
    use super::testing::{check_golden, printed, results, results_of_half_an_answer};
    use super::*;
    use crate::config::Config;

    #[test]
    fn formats_are_as_they_were() {
        let results = results(&Config::default());
        for (format, name) in [
            (Format::Text, "findings.txt"),
            (Format::Jsonl, "findings.jsonl"),
            (Format::Csv, "findings.csv"),
            (Format::Sarif, "findings.sarif"),
            (Format::Junit, "findings.xml"),
            (Format::Github, "findings.github"),
        ] {
            check_golden(name, &printed(&results, format));
        }
    }

    #[test]
    fn what_an_input_lacks_is_no_silence() {
        let results = results_of_half_an_answer();
        let junit = printed(&results, Format::Junit);
        let head = junit.lines().nth(1).expect("a second line");
        assert!(head.contains("errors=\"2\""), "{head}");
        let n_tests = format!("tests=\"{}\"", junit.matches("<testcase ").count());
        assert!(head.contains(&n_tests), "{head} {n_tests}");
        assert!(junit.contains("<testsuite name=\"input\" tests=\"2\" failures=\"0\" errors=\"2\""), "{junit}");
        assert!(junit.contains("2 parts of it are no records, the first in line 3"), "{junit}");
        let github = printed(&results, Format::Github);
        assert!(github.starts_with("::warning file=a.json,line=3,title=input::a.json: 2 parts of it"), "{github}");
        assert!(github.contains("::warning file=a.json,title=input::a.json: it is not whole: "), "{github}");
        let sarif: serde_json::Value = serde_json::from_str(&printed(&results, Format::Sarif)).expect("JSON");
        let told = sarif["runs"][0]["invocations"][0]["toolExecutionNotifications"].as_array().map(Vec::len);
        assert_eq!(told, Some(2), "{sarif}");
    }

    #[test]
    fn every_format_lists_groups_as_one() {
        let results = results(&Config::default());
        let n_findings = results.audit.as_ref().expect("audited").n_findings() as usize;
        assert_eq!(printed(&results, Format::Jsonl).lines().count(), n_findings);
        assert_eq!(printed(&results, Format::Github).lines().count(), n_findings);
        let sarif: serde_json::Value = serde_json::from_str(&printed(&results, Format::Sarif)).expect("JSON");
        assert_eq!(sarif["runs"][0]["results"].as_array().map(Vec::len), Some(n_findings));
        let junit = printed(&results, Format::Junit);
        let n_tests = junit.matches("<testcase ").count() - junit.matches("name=\"no finding\"").count();
        assert_eq!(n_tests, n_findings);
    }
}
