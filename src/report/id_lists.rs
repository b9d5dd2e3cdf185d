//! `ids/T002.txt` and the like: the records that a rule found something in, for other tools.

use std::io::{self, Write};

use rayon::prelude::*;

use crate::audit::{Outcome, RULES, Rule};
use crate::error::Error;
use crate::files::folder::Folder;
use crate::inert::{escaped, is_active};
use crate::results::Results;

/// The folder within the report.
pub(super) const FOLDER: &str = "ids";

/// Whether a file of the folder has a name that is given here.
pub(super) fn is_list(name: &str) -> bool {
    name.strip_suffix(".txt").is_some_and(|code| RULES.iter().any(|rule| rule.code == code))
}

/// One file per rule with findings in any record, those of a baseline and of groups too.
pub(super) fn write(results: &Results, folder: &Folder) -> Result<(), Error> {
    let Some(audit) = &results.audit else { return Ok(()) };
    let rules: Vec<&Rule> = audit.records_by_rule().map(|(rule, _)| rule).collect();
    let file =
        |rule: &&Rule| folder.file(&format!("{FOLDER}/{}.txt", rule.code), |out| list(audit, rule, results, out));
    let written: Vec<Result<(), Error>> = rules.par_iter().map(file).collect();
    written.into_iter().collect()
}

/// Ids in ascending order of their bytes, each once, one per line.
fn list(audit: &Outcome, rule: &Rule, results: &Results, out: &mut dyn Write) -> io::Result<()> {
    let mut records: Vec<_> = audit.ids_of(rule).collect();
    records.sort_unstable_by(|&a, &b| results.ids.of(a).cmp(results.ids.of(b)));
    records.dedup_by(|a, b| results.ids.of(*a) == results.ids.of(*b));
    records.iter().try_for_each(|&record| write_id(results.ids.of(record), out))
}

/// An id on a line of its own; line breaks and what commands a terminal are written within it as JSON would: `\\n`.
pub(crate) fn write_id(id: &str, out: &mut dyn Write) -> io::Result<()> {
    if id.contains(|c: char| is_active(c) || c.is_control()) {
        return writeln!(out, "{}", escaped(id));
    }
    writeln!(out, "{id}")
}

#[cfg(test)]
mod tests {
    use super::super::testing;
    use super::*;
    use crate::audit::rule_named;
    use crate::results::Job;

    #[test]
    fn ids_ascend_each_once_on_a_line_of_its_own() {
        let record = |id: &str| format!("{{\"id\":\"{id}\",\"title\":\"/\"}}\n");
        let results = testing::results(&["b", "a\\nx", "B", "b", "ä"].map(record).concat(), Job::Audit);
        let mut out = Vec::new();
        let rule = rule_named("T001").expect("a rule");
        list(results.audit.as_ref().expect("audited"), rule, &results, &mut out).expect("memory is writable");
        assert_eq!(String::from_utf8(out).expect("UTF-8"), "B\na\\nx\nb\nä\n");
        assert!(is_list("T001.txt") && !is_list("T001.csv") && !is_list("Z9.txt"));
    }
}
