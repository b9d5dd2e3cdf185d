//! The whole audit: findings of all parts and across records, in order, and what can be counted of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use memmap2::Mmap;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::baseline;
use super::selection::{Because, Off, Selection, Selections, deselected};
use super::store::{Arena, Chunk, Entry, Spill, entries};
use super::tally::{SEVERITIES, Tally};
use super::{
    About, Against, Audit, Baseline, Catalogue, Census, Change, Finding, Group, Label, N_EXAMPLES, Problem, RULES,
    Reports, Rows, Rule, Settings, Severity,
};
use crate::error::Error;
use crate::ids::RecordId;

/// The whole audit.
#[derive(Default)]
pub struct Outcome {
    /// Field presence over the whole export.
    pub census: Census,
    /// Rules that did not run or cannot judge this export, by code.
    pub switched_off: Vec<Off>,
    /// Numbers of the scopes of the settings that fit no record, from 0.
    pub idle_scopes: Vec<usize>,
    parts: Vec<Part>,
    /// Findings across records.
    across: Vec<Chunk>,
    spilled: Option<Mmap>,
    groups: Vec<Finding>,
    /// How it compares with a baseline, if there is one. Then only new findings are listed and counted; records per
    /// rule and findings per record stay those of the whole audit.
    pub against: Option<Against>,
    /// Whether the finding at each place of the whole list is in the baseline.
    is_known: Vec<u64>,
    /// Findings across records and groups, by record and rule.
    extra: Vec<Extra>,
    of_rules: Vec<OfRule>,
    n_of_records: Vec<u16>,
}

/// Rules that say of a record that it is another one's copy, which merging mends.
const OF_COPIES: [&str; 2] = ["X006", "X007"];

/// Findings of consecutive records.
struct Part {
    /// Number of records before it.
    before: usize,
    chunks: Vec<Chunk>,
    tallies: Vec<Tally>,
    selections: Selections,
}

/// What is known of one rule.
#[derive(Default)]
struct OfRule {
    is_off: bool,
    /// Records whose findings of the record check were taken back, ascending.
    dropped: Vec<RecordId>,
    /// Records with findings across records, ascending.
    across: Vec<RecordId>,
    /// Those of them that such a finding repairs, ascending.
    repaired: Vec<RecordId>,
    /// Findings as listed, by severity.
    n_findings: [u64; 3],
    n_records: u64,
}

/// A finding that did not come from the check of its record alone.
struct Extra {
    record: RecordId,
    rule: usize,
    place: Place,
}

enum Place {
    /// Chunk and byte.
    Across(u32, u32),
    /// Number of the group.
    Group(usize),
}

/// Records below which a missing field is no sign of a restricted export.
const CENSUS_RECORDS: usize = 100;

/// Joins the parts in input order, judges across records, and drops the findings of rules that cannot judge
/// this export. `spill` is the one that the parts were made with.
///
/// # Errors
/// If the temporary file of findings could not be written.
pub fn finish(parts: Vec<Audit<'_>>, catalogue: &Catalogue<'_>, spill: &Spill) -> Result<Outcome, Error> {
    let mut census = Census::default();
    let mut facts: Vec<Vec<_>> = RULES.iter().map(|_| Vec::new()).collect();
    let mut collected = BTreeMap::new();
    let mut joined = Vec::with_capacity(parts.len());
    for part in parts {
        let before = census.n_records();
        census.add(&part.census);
        for (of_rule, part) in facts.iter_mut().zip(part.facts) {
            of_rule.push((before, part));
        }
        join_groups(&mut collected, part.groups, before);
        joined.push(Part { before, chunks: part.findings.close(), tallies: part.tallies, selections: part.selections });
    }
    let switched_off = switched_off(&census, catalogue.settings);
    let idle_scopes = idle_scopes(&joined, catalogue.settings);
    let mut outcome = Outcome {
        census,
        idle_scopes,
        of_rules: RULES.iter().map(|_| OfRule::default()).collect(),
        switched_off,
        against: None,
        is_known: Vec::new(),
        parts: joined,
        across: Vec::new(),
        spilled: None,
        groups: Vec::new(),
        extra: Vec::new(),
        n_of_records: Vec::new(),
    };
    for off in &outcome.switched_off {
        outcome.of_rules[number_of(off.rule)].is_off = true;
    }
    let failed = |error: std::io::Error| Error::Findings { reason: Error::temporary(&error) };
    let file = spill.read_facts().map_err(failed)?.map(Arc::new);
    outcome.judge(facts, file.as_ref(), catalogue, spill);
    outcome.add_collected(collected);
    let key = |extra: &Extra| (extra.record, extra.rule);
    outcome.extra.sort_by_key(key);
    outcome.count();
    outcome.spilled = spill.read_back().map_err(failed)?;
    Ok(outcome)
}

/// Numbers of the scopes that fit no record, from 0.
fn idle_scopes(parts: &[Part], settings: &Settings) -> Vec<usize> {
    let is_idle = |&number: &usize| {
        let number = u16::try_from(number).unwrap_or_default();
        !parts.iter().any(|part| part.selections.has_scope(number))
    };
    (0..settings.scopes.len()).filter(is_idle).collect()
}

fn switched_off(census: &Census, settings: &Settings) -> Vec<Off> {
    let mut off: BTreeMap<usize, Because> = BTreeMap::new();
    if census.n_records() >= CENSUS_RECORDS {
        let absent = |rule: &Rule| rule.needs.iter().copied().find(|&field| census.n_with(field) == 0);
        let by_number = RULES.iter().enumerate();
        off.extend(by_number.filter_map(|(number, rule)| Some((number, Because::Absent(absent(rule)?)))));
    }
    off.extend(deselected(settings));
    off.into_iter().map(|(number, because)| Off { rule: RULES[number], because }).collect()
}

/// The selection of a record.
fn selection_of(parts: &[Part], record: RecordId) -> Option<&Selection> {
    let part = &parts[parts.partition_point(|part| part.before <= record.index()).checked_sub(1)?];
    Some(part.selections.of_record(record.index() - part.before))
}

/// The number of a rule in [`RULES`].
fn number_of(rule: &Rule) -> usize {
    RULES.binary_search_by_key(&rule.code, |rule| rule.code).expect("every rule is in the registry")
}

/// Groups of aggregated rules, by rule and label.
pub(super) type Groups = BTreeMap<(usize, Label), Collected>;

/// Records of one collection in which an aggregated rule found something.
#[derive(Serialize, Deserialize)]
pub(super) struct Collected {
    n_records: u64,
    examples: Vec<RecordId>,
    last: RecordId,
    worst: Severity,
    first: Problem,
}

impl Collected {
    /// A group of one record, which is its first example.
    pub(super) fn new(record: RecordId, worst: Severity, first: Problem) -> Collected {
        Collected { n_records: 1, examples: vec![record], last: record, worst, first }
    }

    /// Counts a record, once.
    pub(super) fn add(&mut self, record: RecordId, severity: Severity) {
        self.worst = self.worst.max(severity);
        if self.last != record {
            self.last = record;
            self.n_records += 1;
            if self.examples.len() < N_EXAMPLES {
                self.examples.push(record);
            }
        }
    }
}

fn join_groups(whole: &mut Groups, part: Groups, before: usize) {
    let shift = |record: RecordId| RecordId::new(before + record.index());
    for (key, mut group) in part {
        group.examples.iter_mut().for_each(|record| *record = shift(*record));
        match whole.get_mut(&key) {
            Some(known) => {
                known.n_records += group.n_records;
                known.worst = known.worst.max(group.worst);
                let n_missing = N_EXAMPLES - known.examples.len();
                known.examples.extend(group.examples.into_iter().take(n_missing));
            }
            None => {
                whole.insert(key, group);
            }
        }
    }
}

impl Outcome {
    fn judge(
        &mut self,
        facts: Vec<Vec<(usize, super::Facts)>>,
        file: Option<&Arc<Mmap>>,
        catalogue: &Catalogue<'_>,
        spill: &Spill,
    ) {
        let of_rules = &self.of_rules;
        let judged = facts.into_par_iter().enumerate().map(|(number, parts)| {
            let mut reports = Reports::default();
            if let Some(across) = &RULES[number].check.across
                && !of_rules[number].is_off
            {
                (across.judge)(&Rows::join(parts, file), catalogue, &mut reports);
            }
            reports
        });
        let judged: Vec<Reports> = judged.collect();
        let mut arena = Arena::new(spill);
        for (number, reports) in judged.into_iter().enumerate() {
            self.take_reports(number, reports, &mut arena);
        }
        self.across = arena.close();
    }

    fn take_reports(&mut self, number: usize, mut reports: Reports, arena: &mut Arena<'_>) {
        let rule = RULES[number];
        let of_rule = &mut self.of_rules[number];
        reports.dropped.sort_unstable();
        reports.dropped.dedup();
        of_rule.dropped = reports.dropped;
        reports.found.sort();
        for (record, mut problem) in reports.found {
            let Some(selection) = selection_of(&self.parts, record).filter(|selection| selection.runs(number)) else {
                continue;
            };
            problem.severity = selection.graded(number, problem.severity);
            let (chunk, byte) = arena.add(number, record.get(), &problem);
            of_rule.across.push(record);
            if problem.change.is_some() && of_rule.repaired.last() != Some(&record) {
                of_rule.repaired.push(record);
            }
            of_rule.n_findings[problem.severity.unwrap_or(rule.severity) as usize] += 1;
            self.extra.push(Extra { record, rule: number, place: Place::Across(chunk, byte) });
        }
        for (group, records, problem) in reports.groups {
            let Some((group, records, problem)) = self.in_scope(number, group, records, problem) else { continue };
            self.of_rules[number].across.extend(records);
            self.add_group(number, group, problem);
        }
        let of_rule = &mut self.of_rules[number];
        of_rule.across.sort_unstable();
        of_rule.across.dedup();
    }

    /// Leaves out the records on which the rule does not run; none if it runs on none. The group is as severe as
    /// in the record where it matters most.
    fn in_scope(
        &self,
        number: usize,
        group: Group,
        mut records: Vec<RecordId>,
        mut problem: Problem,
    ) -> Option<(Group, Vec<RecordId>, Problem)> {
        let runs =
            |record: &RecordId| selection_of(&self.parts, *record).is_some_and(|selection| selection.runs(number));
        records.retain(runs);
        let graded = |record: &RecordId| selection_of(&self.parts, *record)?.graded(number, problem.severity);
        problem.severity = records.iter().map(graded).max()?;
        let examples = records.iter().copied().take(N_EXAMPLES).collect();
        Some((Group { n_records: records.len() as u64, examples, ..group }, records, problem))
    }

    fn add_group(&mut self, number: usize, group: Group, problem: Problem) {
        let Some(&record) = group.examples.first() else { return };
        let finding = Finding { rule: RULES[number], about: About::Group(group), problem };
        self.of_rules[number].n_findings[finding.severity() as usize] += 1;
        self.extra.push(Extra { record, rule: number, place: Place::Group(self.groups.len()) });
        self.groups.push(finding);
    }

    /// One finding per aggregated rule and collection.
    fn add_collected(&mut self, groups: Groups) {
        for ((number, label), Collected { n_records, examples, worst, first, .. }) in groups {
            if self.of_rules[number].is_off {
                continue;
            }
            let severity = Some(worst).filter(|&worst| worst != RULES[number].severity);
            // What is safe to repair is so in single records, see `Outcome::record_findings`.
            let problem = Problem { severity, change: None, ..first };
            self.add_group(number, Group { label, n_records, examples }, problem);
        }
    }

    /// Counts findings per rule and per record.
    fn count(&mut self) {
        let mut n_of_records = vec![0_u16; self.census.n_records()];
        for (number, rule) in RULES.iter().enumerate() {
            let mut n_findings = [0; 3];
            let mut n_records = 0;
            let mut last = None;
            for (record, severity) in self.tallied(number) {
                let n = &mut n_of_records[record.index()];
                *n = n.saturating_add(1);
                n_findings[severity as usize] += 1;
                n_records += u64::from(last != Some(record));
                last = Some(record);
            }
            let of_rule = &mut self.of_rules[number];
            if !rule.aggregated {
                of_rule.n_findings.iter_mut().zip(n_findings).for_each(|(n, more)| *n += more);
            }
            of_rule.n_records = n_records;
        }
        for extra in &self.extra {
            if matches!(extra.place, Place::Across(..)) && !OF_COPIES.contains(&RULES[extra.rule].code) {
                let n = &mut n_of_records[extra.record.index()];
                *n = n.saturating_add(1);
            }
        }
        self.n_of_records = n_of_records;
        for number in 0..RULES.len() {
            if !self.of_rules[number].across.is_empty() {
                self.of_rules[number].n_records = self.ids_of_number(number).count() as u64;
            }
        }
    }

    /// Records of a rule's record check, with severities, those taken back left out.
    fn tallied(&self, number: usize) -> impl Iterator<Item = (RecordId, Severity)> + '_ {
        let of_rule = &self.of_rules[number];
        let parts = self.parts.iter().filter(|_| !of_rule.is_off);
        let found = parts.flat_map(move |part| {
            let shift = |(record, severity)| (RecordId::new(part.before + record as usize), severity);
            part.tallies[number].iter().map(shift)
        });
        found.filter(|(record, _)| of_rule.keeps(*record))
    }

    fn ids_of_number(&self, number: usize) -> impl Iterator<Item = RecordId> + '_ {
        let mut own = self.tallied(number).map(|(record, _)| record).peekable();
        let mut across = self.of_rules[number].across.iter().copied().peekable();
        let mut last = None;
        std::iter::from_fn(move || {
            loop {
                let next = match (own.peek(), across.peek()) {
                    (Some(a), Some(b)) if b < a => across.next(),
                    (Some(_), _) => own.next(),
                    (None, _) => across.next(),
                };
                if next.is_none() || next != last {
                    last = next;
                    return next;
                }
            }
        })
    }

    /// Findings in the order of records, rules and fields; a group stands at its first record.
    pub fn findings(&self) -> impl Iterator<Item = Finding> + '_ {
        self.listed().map(|listed| self.read(&listed))
    }

    /// The findings of the record checks, each with its record, those of aggregated rules too: what safe
    /// repairs are made from. In the order of records, rules and fields.
    pub fn record_findings(&self) -> impl Iterator<Item = Finding> + '_ {
        self.entries().map(|(record, entry)| to_finding(record, entry))
    }

    /// Records with a finding of class S, ascending, each once; those of aggregated rules too.
    pub fn repairable(&self) -> impl Iterator<Item = Repairable> + '_ {
        let mut own = self.entries().filter(|(_, entry)| entry.has_change()).map(|(record, _)| record).peekable();
        let mut across = self.across_changes().peekable();
        std::iter::from_fn(move || {
            let next = match (own.peek(), across.peek()) {
                (Some(&own), Some(across)) => own.min(across.0),
                (Some(&own), None) => own,
                (None, across) => across?.0,
            };
            while own.next_if_eq(&next).is_some() {}
            let mut changes = Vec::new();
            while let Some((_, rule, change)) = across.next_if(|across| across.0 == next) {
                changes.push((rule, change));
            }
            Some(Repairable { record: next, across: changes })
        })
    }

    /// Changes that findings across records carry, by record and rule.
    fn across_changes(&self) -> impl Iterator<Item = (RecordId, &'static Rule, Change)> + '_ {
        self.extra.iter().filter(|extra| matches!(extra.place, Place::Across(..))).filter_map(|extra| {
            let finding = self.read(&Listed::Extra(extra));
            finding.problem.change.map(|change| (extra.record, finding.rule, change))
        })
    }

    /// Whether the record check of a rule counts in a record: the rule is on there and has not taken the record back.
    pub fn judges(&self, rule: &Rule, record: RecordId) -> bool {
        let number = number_of(rule);
        let runs = selection_of(&self.parts, record).is_some_and(|selection| selection.runs(number));
        let of_rule = self.of_rules.get(number);
        // What it found anew in place of what it took back may be repaired.
        let is_repaired = |of_rule: &OfRule| of_rule.repaired.binary_search(&record).is_ok();
        runs && of_rule.is_some_and(|of_rule| !of_rule.is_off && (of_rule.keeps(record) || is_repaired(of_rule)))
    }

    /// Whether a rule took back what its record check found in a record, or would find once the record is repaired, and
    /// found nothing else there.
    pub fn takes_back(&self, rule: &Rule, record: RecordId) -> bool {
        let of_rule = self.of_rules.get(number_of(rule));
        of_rule.is_some_and(|of_rule| !of_rule.keeps(record) && of_rule.across.binary_search(&record).is_err())
    }

    /// The first `n` findings of every rule that has any, by rule.
    pub fn examples(&self, n: usize) -> Vec<Finding> {
        let wanted = |of_rule: &OfRule| n.min(of_rule.n_findings.iter().sum::<u64>() as usize);
        let mut missing: Vec<usize> = self.of_rules.iter().map(wanted).collect();
        let mut n_missing: usize = missing.iter().sum();
        let mut examples = Vec::with_capacity(n_missing);
        let mut listed = self.listed();
        while n_missing > 0
            && let Some(next) = listed.next()
        {
            let missing = &mut missing[next.rule()];
            if *missing > 0 {
                *missing -= 1;
                n_missing -= 1;
                examples.push(self.read(&next));
            }
        }
        examples.sort_by_key(|finding| finding.rule.code);
        examples
    }

    /// The findings of one rule, in the order of records and fields. Reads only these.
    pub fn findings_of(&self, rule: &Rule) -> impl Iterator<Item = Finding> + '_ {
        let number = number_of(rule);
        self.listed().filter(move |listed| listed.rule() == number).map(|listed| self.read(&listed))
    }

    /// Lists and counts from now on only what is not in a baseline. `ids` gives the id of each record.
    pub fn keep_new<'i>(&mut self, mut baseline: Baseline, ids: impl Fn(RecordId) -> &'i str) -> Against {
        let mut is_known = vec![0_u64; (self.n_findings() as usize).div_ceil(64)];
        let mut n_known = vec![[0_u64; 3]; RULES.len()];
        let mut against = Against::default();
        for (listed, at) in self.whole_list().zip(0..) {
            let finding = self.read(&listed);
            let id = if let About::Record(record) = finding.about { ids(record) } else { "" };
            if baseline.take(finding.fingerprint(id), listed.rule()) {
                is_known[at / 64] |= 1 << (at % 64);
                n_known[listed.rule()][finding.severity() as usize] += 1;
                against.known += 1;
            } else {
                against.new += 1;
            }
        }
        for (of_rule, n_known) in self.of_rules.iter_mut().zip(n_known) {
            of_rule.n_findings.iter_mut().zip(n_known).for_each(|(n, known)| *n -= known);
        }
        [against.resolved, against.unchecked] = baseline.left(self.runs(&ids));
        self.is_known = is_known;
        self.against = Some(against);
        against
    }

    /// A test whether a rule, by its number, ran on the record whose id has a hash of a baseline; on one that is not there, or none,
    /// whether it ran at all. `ids` gives the id of each record.
    pub(super) fn runs<'i>(&self, ids: &impl Fn(RecordId) -> &'i str) -> impl Fn(usize, Option<u64>) -> bool {
        let has_scopes = self.parts.iter().any(|part| part.selections.has_scopes());
        let n_records = if has_scopes { self.census.n_records() } else { 0 };
        let mut of_ids: Vec<(u64, RecordId)> =
            (0..n_records).map(RecordId::new).map(|record| (baseline::hash_of(ids(record)), record)).collect();
        of_ids.sort_unstable();
        move |rule, id| {
            let found = id.and_then(|id| of_ids.binary_search_by_key(&id, |(known, _)| *known).ok());
            let runs_on =
                |at: usize| selection_of(&self.parts, of_ids[at].1).is_none_or(|selection| selection.runs(rule));
            !self.of_rules[rule].is_off && found.is_none_or(runs_on)
        }
    }

    fn listed(&self) -> impl Iterator<Item = Listed<'_>> + '_ {
        let is_known = |at: usize| self.is_known.get(at / 64).is_some_and(|bits| bits >> (at % 64) & 1 == 1);
        self.whole_list().enumerate().filter(move |(at, _)| !is_known(*at)).map(|(_, listed)| listed)
    }

    fn whole_list(&self) -> impl Iterator<Item = Listed<'_>> + '_ {
        let mut own = self.entries().filter(|(_, entry)| !entry.rule().aggregated).peekable();
        let mut extra = self.extra.iter().peekable();
        std::iter::from_fn(move || {
            let is_extra = match (own.peek(), extra.peek()) {
                (Some((record, entry)), Some(extra)) => (extra.record, extra.rule) < (*record, entry.rule),
                (own, _) => own.is_none(),
            };
            if is_extra {
                return extra.next().map(Listed::Extra);
            }
            own.next().map(|(record, entry)| Listed::Own(record, entry))
        })
    }

    fn read(&self, listed: &Listed<'_>) -> Finding {
        match *listed {
            Listed::Own(record, entry) => to_finding(record, entry),
            Listed::Extra(Extra { place: Place::Group(number), .. }) => self.groups[*number].clone(),
            Listed::Extra(Extra { record, place: Place::Across(chunk, byte), .. }) => {
                let bytes = self.across[*chunk as usize].bytes(self.spilled.as_ref());
                let entry = entries(&bytes[*byte as usize..]).next().expect("the entry was written there");
                to_finding(*record, entry)
            }
        }
    }

    /// Stored findings of rules that are on, with their records, those taken back left out.
    fn entries(&self) -> impl Iterator<Item = (RecordId, Entry<'_>)> + '_ {
        let file = self.spilled.as_ref();
        let chunks = self.parts.iter().flat_map(move |part| {
            let shift = |entry: Entry<'_>| RecordId::new(part.before + entry.record as usize);
            let entries = part.chunks.iter().flat_map(move |chunk| entries(chunk.bytes(file)));
            entries.map(move |entry| (shift(entry), entry))
        });
        chunks.filter(|(record, entry)| {
            let of_rule = &self.of_rules[entry.rule];
            !of_rule.is_off && of_rule.keeps(*record)
        })
    }

    /// Records with a finding of the rule, ascending, each once; those that groups stand for are among them.
    pub fn ids_of(&self, rule: &Rule) -> impl Iterator<Item = RecordId> + '_ {
        self.ids_of_number(number_of(rule))
    }

    /// Number of findings; a group counts as one.
    pub fn n_findings(&self) -> u64 {
        SEVERITIES.iter().map(|&severity| self.n_with(severity)).sum()
    }

    /// Number of findings with a severity.
    pub fn n_with(&self, severity: Severity) -> u64 {
        self.of_rules.iter().map(|of_rule| of_rule.n_findings[severity as usize]).sum()
    }

    /// Rules that found something, by code: number of findings per severity from info to error, and of records.
    pub fn by_rule(&self) -> impl Iterator<Item = (&'static Rule, [u64; 3], u64)> + '_ {
        let all = RULES.iter().zip(&self.of_rules).map(|(rule, of)| (*rule, of.n_findings, of.n_records));
        all.filter(|(_, n_findings, _)| n_findings.iter().any(|&n| n > 0))
    }

    /// Rules with findings in any record, those of a baseline too, by code, with the number of records.
    pub fn records_by_rule(&self) -> impl Iterator<Item = (&'static Rule, u64)> + '_ {
        let all = RULES.iter().zip(&self.of_rules).map(|(rule, of_rule)| (*rule, of_rule.n_records));
        all.filter(|(_, n_records)| *n_records > 0)
    }

    /// Number of findings about one record, groups left out but records of aggregated rules counted. That it is the copy of
    /// another record is not counted: which of two copies is told depends on their order.
    pub fn n_of_record(&self, record: RecordId) -> usize {
        self.n_of_records.get(record.index()).copied().unwrap_or_default().into()
    }
}

/// A record that a program can repair.
#[derive(Clone, Debug)]
pub struct Repairable {
    /// The record.
    pub record: RecordId,
    /// What rules across records would change, by rule. The changes of record checks are found again by checking it.
    pub across: Vec<(&'static Rule, Change)>,
}

/// A finding in its place in the list, not read yet.
enum Listed<'a> {
    Own(RecordId, Entry<'a>),
    Extra(&'a Extra),
}

impl Listed<'_> {
    fn rule(&self) -> usize {
        match self {
            Listed::Own(_, entry) => entry.rule,
            Listed::Extra(extra) => extra.rule,
        }
    }
}

impl OfRule {
    fn keeps(&self, record: RecordId) -> bool {
        self.dropped.is_empty() || self.dropped.binary_search(&record).is_err()
    }
}

fn to_finding(record: RecordId, entry: Entry<'_>) -> Finding {
    Finding { rule: entry.rule(), about: About::Record(record), problem: entry.problem() }
}

#[cfg(test)]
mod tests {
    use super::super::rules::testing::{found, outcome, records};
    use super::super::{Fix, Settings};
    use super::*;

    fn rule(code: &str) -> &'static Rule {
        RULES.iter().find(|rule| rule.code == code).expect("a rule")
    }

    /// A record with an unsplit subtitle.
    fn unsplit(id: &str, collection: &str) -> String {
        let title = "Social media in health: A scoping review";
        format!(r#"{{"id":"{id}","title":"{title}","title_short":"{title}","collection":[{collection}]}}"#)
    }

    #[test]
    fn aggregated_rules_list_one_finding_per_collection() {
        let documents: Vec<String> = ["a-1", "a-2", "b-1", "a-3", "a-4"]
            .iter()
            .map(|id| unsplit(id, if id.starts_with('a') { r#""PubMed""# } else { "" }))
            .collect();
        let outcome = outcome(&documents, &Settings::default());
        let listed: Vec<Finding> = outcome.findings().filter(|finding| finding.rule.code == "T007").collect();
        let [About::Group(all), About::Group(single)] = [&listed[0].about, &listed[1].about] else {
            panic!("{listed:?}")
        };
        assert_eq!((all.label.clone(), all.n_records), (Label::new("collection", "PubMed"), 4));
        assert_eq!(all.examples.iter().map(|record| record.index()).collect::<Vec<_>>(), [0, 1, 3]);
        assert_eq!((single.label.clone(), single.n_records), (Label::new("id prefix", "b"), 1));
        let ids: Vec<usize> = outcome.ids_of(rule("T007")).map(RecordId::index).collect();
        assert_eq!(ids, [0, 1, 2, 3, 4]);
        let of_t007 = outcome.by_rule().find(|(rule, ..)| rule.code == "T007").expect("it found something");
        assert_eq!((of_t007.1, of_t007.2), ([2, 0, 0], 5));
        assert_eq!(outcome.record_findings().filter(|finding| finding.rule.code == "T007").count(), 5);
        assert_eq!(outcome.n_findings(), outcome.findings().count() as u64);
    }

    #[test]
    fn findings_come_in_the_order_of_records_and_rules() {
        let documents = [unsplit("x", r#""C""#), r#"{"id":"y"}"#.to_owned(), unsplit("x", r#""C""#)];
        let outcome = outcome(&documents, &Settings::default());
        let places: Vec<(Option<RecordId>, &str)> =
            outcome.findings().map(|finding| (finding.record(), finding.rule.code)).collect();
        assert!(places.is_sorted(), "{places:?}");
        assert!(places.contains(&(Some(RecordId::new(2)), "X001")));
        let examples = outcome.examples(1);
        assert_eq!(examples.len(), outcome.by_rule().count());
        assert!(examples.is_sorted_by_key(|finding| finding.rule.code));
    }

    #[test]
    fn a_finding_knows_what_can_be_done() {
        let documents =
            [r#"{"id":"a","title_full":"New","title_fullStr":"Old","url":["/x"],"format":["Journal","Article"]}"#];
        let fix = |code: &str| found(rule(code), &documents)[0].fix();
        assert_eq!([fix("T006"), fix("U001"), fix("F002")], [Fix::Safe, Fix::None, Fix::Proposal]);
    }

    #[test]
    fn fingerprints_tell_defects_apart_and_last() {
        let found = found(rule("I003"), &[r#"{"id":"a","issn":["1234-5678","1234-5670"]}"#]);
        let prints: Vec<u64> = found.iter().map(|finding| finding.fingerprint("a")).collect();
        assert_eq!(format!("{:016x}", prints[1]), "467f60a389524206");
        assert_ne!(prints[0], prints[1]);
        assert_ne!(found[0].fingerprint("b"), prints[0]);
        let group = |documents: &[String]| super::super::rules::testing::found(rule("T007"), documents).remove(0);
        let (one, two) = (unsplit("a-1", r#""C""#), unsplit("a-2", r#""C""#));
        assert_eq!(group(&[one.clone(), two.clone()]).fingerprint(""), group(&[two]).fingerprint(""));
        assert_eq!(records(rule("T007"), &[one]), [0]);
    }
}
