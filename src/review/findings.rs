//! Findings of the report, by rule.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::index::{lines, read_line};
use crate::error::Error;
use crate::input::InputFile;
use crate::keys::text::fold;
use crate::progress::grouped;
use crate::report::shown::{MAX_VALUE, shown};

/// Findings on a page.
pub(super) const PAGE: usize = 50;

/// Where the findings of each rule lie.
pub(super) struct Findings {
    path: PathBuf,
    /// None if the report has no list.
    file: Option<InputFile>,
    /// The rules that found something, by code.
    pub(super) rules: Vec<OfRule>,
}

/// A rule that found something.
pub(super) struct OfRule {
    pub(super) code: Box<str>,
    pub(super) name: Box<str>,
    /// Severities with the numbers of its findings that have them, the gravest first.
    pub(super) severities: Vec<(Box<str>, usize)>,
    lines: Vec<Range<usize>>,
}

impl OfRule {
    /// Number of its findings, one per line.
    pub(super) fn n(&self) -> usize {
        self.lines.len()
    }
}

#[derive(Deserialize)]
struct Head {
    code: Box<str>,
    rule: Box<str>,
    severity: Box<str>,
}

#[derive(Deserialize)]
struct Subject {
    id: Option<String>,
}

#[derive(Deserialize)]
struct Line {
    id: Option<String>,
    file: Option<String>,
    line: Option<u64>,
    field: Option<String>,
    value: Option<String>,
    message: String,
    suggestion: Option<String>,
    severity: String,
    group: Option<GroupOfRecords>,
}

/// The records that a finding about several has, and the first of them.
#[derive(Deserialize)]
struct GroupOfRecords {
    records: u64,
    examples: Vec<String>,
}

/// A finding, fit to be shown.
#[derive(Serialize)]
pub(super) struct Shown {
    id: String,
    /// Address of a proposal that holds the record.
    link: Option<String>,
    place: String,
    field: String,
    value: String,
    message: String,
    suggestion: Option<String>,
    severity: String,
}

impl Findings {
    /// Reads the list; without one, there are none.
    pub(super) fn read(path: &Path) -> Result<Findings, Error> {
        let path = path.to_owned();
        if !path.exists() {
            return Ok(Findings { path, file: None, rules: Vec::new() });
        }
        let file = InputFile::open(&path)?;
        let lines = lines(file.bytes());
        let head = |line| read_line(&path, file.bytes(), line);
        let heads: Vec<Head> = lines.par_iter().map(head).collect::<Result<_, _>>()?;
        let mut rules: BTreeMap<Box<str>, OfRule> = BTreeMap::new();
        for (head, line) in heads.into_iter().zip(lines) {
            let of = rules.entry(head.code.clone()).or_insert_with(|| OfRule {
                code: head.code,
                name: head.rule,
                severities: Vec::new(),
                lines: Vec::new(),
            });
            of.lines.push(line);
            match of.severities.iter_mut().find(|(severity, _)| *severity == head.severity) {
                Some((_, n)) => *n += 1,
                None => of.severities.push((head.severity, 1)),
            }
        }
        let mut rules: Vec<OfRule> = rules.into_values().collect();
        let place = |severity: &str| ["error", "warn", "info"].iter().position(|known| *known == severity);
        rules.iter_mut().for_each(|of| of.severities.sort_by_key(|(severity, _)| place(severity)));
        Ok(Findings { path, file: Some(file), rules })
    }

    /// Number of all findings; `None` if the report has no list of them.
    pub(super) fn n(&self) -> Option<usize> {
        self.file.as_ref().map(|_| self.rules.iter().map(OfRule::n).sum())
    }

    fn bytes(&self) -> &[u8] {
        self.file.as_ref().map(InputFile::bytes).unwrap_or_default()
    }

    /// Numbers of the rules that found something in a member of each proposal. `owners` are ids of records with the
    /// numbers of their proposals, sorted.
    pub(super) fn rules_by_proposal(&self, owners: &[(&str, u32)], n: usize) -> Result<Vec<Vec<u32>>, Error> {
        let mut rules = vec![Vec::new(); n];
        for (number, of) in (0..).zip(&self.rules) {
            let subject = |line| read_line(&self.path, self.bytes(), line);
            let subjects: Vec<Subject> = of.lines.par_iter().map(subject).collect::<Result<_, _>>()?;
            for id in subjects.iter().filter_map(|subject| subject.id.as_deref()) {
                let start = owners.partition_point(|(owner, _)| *owner < id);
                for &(_, proposal) in owners[start..].iter().take_while(|(owner, _)| *owner == id) {
                    let rules: &mut Vec<u32> = &mut rules[proposal as usize];
                    if rules.last() != Some(&number) {
                        rules.push(number);
                    }
                }
            }
        }
        Ok(rules)
    }

    /// The rule with that code, whatever its case.
    pub(super) fn rule(&self, code: &str) -> Option<&OfRule> {
        self.rules.iter().find(|rule| rule.code.eq_ignore_ascii_case(code))
    }

    /// The findings of a rule that hold all words, of one page (from 0; the last one if there are fewer), the number of
    /// that page, and how many there are on all pages. `holder` tells the address of a proposal that holds a record.
    pub(super) fn page(
        &self,
        rule: &OfRule,
        text: &str,
        page: usize,
        holder: impl Fn(&str) -> Option<String>,
    ) -> (Vec<Shown>, usize, usize) {
        let words: Vec<String> = text.split_whitespace().map(fold).filter(|word| !word.is_empty()).collect();
        let read = |line: &Range<usize>| serde_json::from_slice::<Line>(&self.bytes()[line.clone()]).ok();
        let holds = |line: &&Range<usize>| words.is_empty() || read(line).is_some_and(|line| line.holds(&words));
        let found: Vec<&Range<usize>> = rule.lines.par_iter().filter(holds).collect();
        let page = page.min(found.len().saturating_sub(1) / PAGE);
        let here = found.iter().skip(page * PAGE).take(PAGE);
        (here.filter_map(|line| Some(read(line)?.shown(&holder))).collect(), page, found.len())
    }
}

impl GroupOfRecords {
    fn in_words(&self) -> String {
        let examples: Vec<String> = self.examples.iter().map(|id| shown(id, MAX_VALUE)).collect();
        let n_more = self.records.saturating_sub(self.examples.len() as u64);
        let more = if n_more > 0 { format!(" and {} more", grouped(n_more)) } else { String::new() };
        format!("{}{more}", examples.join(", "))
    }
}

impl Line {
    /// Whether all these words, folded, occur in what is shown of it.
    fn holds(&self, words: &[String]) -> bool {
        let examples = self.group.iter().flat_map(|group| &group.examples);
        let parts = [&self.id, &self.field, &self.value, &self.suggestion].into_iter().flatten().chain(examples);
        let parts: Vec<&str> = parts.chain([&self.message]).map(String::as_str).collect();
        let text = fold(&parts.join(" "));
        words.iter().all(|word| text.contains(word.as_str()))
    }

    fn shown(self, holder: impl Fn(&str) -> Option<String>) -> Shown {
        let link = self.id.as_deref().and_then(holder);
        let fit = |text: Option<String>| shown(&text.unwrap_or_default(), MAX_VALUE);
        let place = match (&self.file, self.line) {
            (Some(file), Some(line)) => format!("{}:{line}", shown(file, MAX_VALUE)),
            _ => self.group.as_ref().map(GroupOfRecords::in_words).unwrap_or_default(),
        };
        Shown {
            link,
            id: fit(self.id),
            place,
            field: fit(self.field),
            value: fit(self.value),
            message: shown(&self.message, MAX_VALUE),
            suggestion: self.suggestion.map(|text| shown(&text, MAX_VALUE)),
            severity: self.severity,
        }
    }
}
