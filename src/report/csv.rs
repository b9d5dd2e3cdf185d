//! The lists for people: `proposals.csv` and `findings.csv`, safe to open in a spreadsheet.

use std::io::{self, Write};

use crate::audit::About;
use crate::inert::is_active;
use crate::matching::evidence::Veto;
use crate::merge::OutlineMember;
use crate::results::Results;

/// Columns of `proposals.csv`.
const PROPOSAL_COLUMNS: [&str; 12] =
    ["proposal", "decision", "weight", "role", "id", "file", "line", "title", "authors", "year", "conflicts", "vetoes"];

/// Columns of `findings.csv`. A finding about a group has no id, file and line; one about a record is about no group.
const FINDING_COLUMNS: [&str; 14] = [
    "code",
    "rule",
    "severity",
    "id",
    "file",
    "line",
    "field",
    "value",
    "message",
    "suggestion",
    "fix",
    "group",
    "records",
    "examples",
];

/// The error of the system behind one of a table: a reader that has gone away and a full disk are told from others.
pub(crate) fn of_system(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        kind => io::Error::other(format!("{kind:?}")),
    }
}

/// `proposals.csv`: one row per member, the survivor first; merges, then reviews.
pub(super) fn proposals(results: &Results, out: &mut dyn Write) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(PROPOSAL_COLUMNS).map_err(of_system)?;
    for proposal in results.duplicates.iter().flat_map(|duplicates| duplicates.proposals.outlines()) {
        let conflicts = proposal.conflicts.join("; ");
        let vetoes = proposal.vetoes.into_iter().map(Veto::name).collect::<Vec<_>>().join("; ");
        let decision = proposal.decision.name();
        let weight = format!("{:.2}", proposal.weight.bits());
        let (survivors, others): (Vec<_>, Vec<_>) =
            proposal.members.iter().partition(|member| member.id == proposal.survivor);
        let mut row = |role: &str, member: &OutlineMember<'_>| {
            let cells = [
                &safe(proposal.proposal),
                decision,
                &weight,
                role,
                &safe(member.id),
                &safe(member.file),
                &member.line.to_string(),
                &safe(member.title),
                &safe(member.authors),
                &safe(member.year),
                &safe(&conflicts),
                &safe(&vetoes),
            ];
            table.write_record(cells).map_err(of_system)
        };
        survivors.into_iter().try_for_each(|member| row("survivor", member))?;
        others.into_iter().try_for_each(|member| row("member", member))?;
    }
    table.flush()
}

/// `findings.csv`: in the order of records.
pub(super) fn findings(results: &Results, out: &mut dyn Write) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(FINDING_COLUMNS).map_err(of_system)?;
    for finding in results.audit.iter().flat_map(|audit| audit.findings()) {
        let place = place(&finding.about, results);
        let problem = &finding.problem;
        let cells = [
            finding.rule.code,
            finding.rule.name,
            &finding.severity().to_string(),
            &safe(&place.id),
            &safe(&place.file),
            &place.line,
            &safe(&problem.field),
            &safe(&problem.value),
            &safe(&problem.message),
            &safe(problem.suggestion.as_deref().unwrap_or_default()),
            &finding.fix().to_string(),
            &safe(&place.group),
            &place.records,
            &safe(&place.examples),
        ];
        table.write_record(cells).map_err(of_system)?;
    }
    table.flush()
}

/// The cells that say what a finding is about.
#[derive(Default)]
struct Place {
    id: String,
    file: String,
    line: String,
    group: String,
    records: String,
    examples: String,
}

fn place(about: &About, results: &Results) -> Place {
    match about {
        About::Record(record) => {
            let position = results.positions[record.index()];
            Place {
                id: results.ids.of(*record).to_owned(),
                file: results.inputs[position.file as usize].0.clone(),
                line: position.line.to_string(),
                records: "1".to_owned(),
                ..Place::default()
            }
        }
        About::Group(group) => {
            let examples: Vec<&str> = group.examples.iter().map(|&record| results.ids.of(record)).collect();
            Place {
                group: group.label.to_string(),
                records: group.n_records.to_string(),
                examples: examples.join("; "),
                ..Place::default()
            }
        }
    }
}

/// The text as a cell that no spreadsheet takes for a formula: catalogue data comes from anywhere, and
/// `=cmd|...` in a title would run when the file is opened. See OWASP, "CSV Injection".
///
/// A text that begins with a sign of formulas gets an apostrophe before it, and control characters other
/// than tab and newline become spaces. Characters that change the direction of what follows become replacement
/// characters, as everywhere for people.
pub(crate) fn safe(text: &str) -> String {
    let is_blank = |c: char| {
        c != '\t' && c != '\r' && (c.is_whitespace() || c.is_control() || matches!(c, '\u{feff}' | '\u{200b}'))
    };
    let first = text.trim_start_matches(is_blank).chars().next();
    let is_formula =
        first.is_some_and(|c| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '＝' | '＋' | '－' | '＠'));
    let mut cell = String::with_capacity(text.len() + 1);
    if is_formula {
        cell.push('\'');
    }
    cell.extend(text.chars().map(|c| match c {
        '\t' | '\n' => c,
        _ if c.is_control() => ' ',
        _ if is_active(c) => '\u{fffd}',
        _ => c,
    }));
    cell
}

#[cfg(test)]
mod tests {
    use super::super::testing;
    use super::*;
    use crate::results::Job;

    fn rows(write: impl Fn(&Results, &mut dyn Write) -> io::Result<()>, results: &Results) -> Vec<Vec<String>> {
        let mut bytes = Vec::new();
        write(results, &mut bytes).expect("memory is writable");
        let mut table = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
        let row = |row: Result<csv::StringRecord, _>| row.expect("valid").iter().map(str::to_owned).collect();
        table.records().map(row).collect()
    }

    #[test]
    fn no_cell_is_a_formula() {
        for (text, cell) in [
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("  =1+1", "'  =1+1"),
            ("\u{a0}@SUM(A1)", "'\u{a0}@SUM(A1)"),
            ("\u{feff}+1", "'\u{feff}+1"),
            ("-1", "'-1"),
            ("\tx", "'\tx"),
            ("\rx", "' x"),
            ("＝1", "'＝1"),
            ("＠x", "'＠x"),
            ("\n=1", "'\n=1"),
            ("\u{1}=1", "' =1"),
            ("Ordinary = title", "Ordinary = title"),
            ("a\u{0}b\u{85}c\td\ne", "a b c\td\ne"),
            ("a\u{202e}b\u{2069}", "a\u{fffd}b\u{fffd}"),
            ("", ""),
        ] {
            assert_eq!(safe(text), cell, "{text:?}");
        }
    }

    #[test]
    fn values_parse_back() {
        let mut results = testing::results(testing::TWINS, Job::Check);
        let title = "=A title, with \"quotes\"\nand a second line";
        let listed = &mut results.duplicates.as_mut().expect("the job looks for them").proposals;
        let mut proposal = listed.get(0).expect("a proposal");
        proposal.members[0].title = title.to_owned();
        *listed = [proposal].into_iter().collect();
        let rows = rows(proposals, &results);
        assert_eq!(rows[0], PROPOSAL_COLUMNS);
        assert_eq!(rows.len(), 3);
        assert_eq!((rows[1][3].as_str(), rows[2][3].as_str()), ("survivor", "member"));
        assert!(rows.iter().any(|row| row[7] == format!("'{title}")));
        assert_eq!(rows[1][8], "Poe, Edgar");
        assert_eq!(rows[1][9], "1999");
    }

    #[test]
    fn findings_have_their_place() {
        let results = testing::results("{\"id\":\"=1\",\"title\":\"/\"}\n", Job::Audit);
        let rows = rows(findings, &results);
        assert_eq!(rows[0], FINDING_COLUMNS);
        let t001 = rows.iter().find(|row| row[0] == "T001").expect("a title without letters");
        assert_eq!(t001[1..4], ["title-missing", "error", "'=1"]);
        assert_eq!(t001[5..8], ["1", "title", "/"]);
        assert_eq!(self::rows(proposals, &results).len(), 1);
    }
}
