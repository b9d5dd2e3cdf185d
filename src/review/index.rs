//! What the queue needs to know of every proposal, without its records.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use rayon::prelude::*;
use serde::Deserialize;
use xxhash_rust::xxh3::xxh3_64;

use super::findings::Findings;
use crate::error::Error;
use crate::finished::{FINDINGS, Finished, PROPOSALS};
use crate::input::InputFile;
use crate::keys::text::fold;
use crate::matching::evidence::{Veto, Weight};
use crate::merge::{Band, Proposal, StaleDecision};

/// Longest text searched per proposal beside the ids, in bytes: enough for the names and titles of dozens of records.
const MAX_TEXT: usize = 4_000;

/// One proposal in the queue.
pub(super) struct Entry {
    pub(super) id: Box<str>,
    pub(super) band: Band,
    pub(super) weight: Weight,
    pub(super) n_members: usize,
    /// Title of the survivor.
    pub(super) title: Box<str>,
    pub(super) doubts: Vec<Veto>,
    /// Whether a person had decided on a pair of it before a record changed.
    pub(super) is_stale: bool,
    /// Numbers in [`Index::collections`].
    pub(super) collections: Vec<u32>,
    /// Numbers in [`Findings::rules`], ascending.
    pub(super) rules: Vec<u32>,
    /// Titles, names and ids, folded.
    text: Box<str>,
    line: Range<usize>,
}

/// Orders of the queue.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Order {
    Heaviest,
    Lightest,
    Largest,
}

/// All proposals of a report, and where its findings are.
pub(super) struct Index {
    file: InputFile,
    pub(super) entries: Vec<Entry>,
    by_id: Vec<u32>,
    /// Hashes of the ids of records, with the numbers of the proposals that may hold them; sorted.
    holders: Vec<(u64, u32)>,
    orders: [Vec<u32>; 3],
    pub(super) collections: Vec<Box<str>>,
    pub(super) findings: Findings,
}

#[derive(Deserialize)]
struct Line {
    proposal: Box<str>,
    decision: Band,
    survivor: String,
    members: Vec<Member>,
    pairs: Vec<Pair>,
    merged: Merged,
}

#[derive(Deserialize)]
struct Member {
    id: String,
    title: String,
    authors: String,
}

#[derive(Deserialize)]
struct Pair {
    weight: Weight,
    #[serde(default)]
    vetoes: Vec<Veto>,
    stale: Option<StaleDecision>,
}

#[derive(Deserialize)]
struct Merged {
    #[serde(default)]
    collection: Vec<Value>,
}

#[derive(Deserialize)]
struct Value {
    value: Box<str>,
}

impl Index {
    /// Reads the lists of a report.
    ///
    /// # Errors
    /// If one cannot be read or a line is not as expected.
    pub(super) fn of(report: &Finished) -> Result<Index, Error> {
        let path = report.folder.join(PROPOSALS);
        let file = InputFile::open(&path)?;
        let lines = lines(file.bytes());
        let read = |line| read_line(&path, file.bytes(), line);
        let read: Vec<Line> = lines.par_iter().map(read).collect::<Result<_, _>>()?;
        let mut owners: Vec<(&str, u32)> = Vec::new();
        for (at, line) in (0..).zip(&read) {
            owners.extend(line.members.iter().map(|member| (member.id.as_str(), at)));
        }
        owners.sort_unstable();
        let findings = Findings::read(&report.folder.join(FINDINGS))?;
        let mut rules = findings.rules_by_proposal(&owners, read.len())?;
        let mut holders: Vec<(u64, u32)> = owners.iter().map(|&(id, at)| (xxh3_64(id.as_bytes()), at)).collect();
        holders.sort_unstable();
        let mut collections: BTreeMap<Box<str>, u32> = BTreeMap::new();
        for value in read.iter().flat_map(|line| &line.merged.collection) {
            collections.entry(value.value.clone()).or_default();
        }
        (0..).zip(collections.values_mut()).for_each(|(number, slot)| *slot = number);
        let entry = |((line, range), rules): ((Line, &Range<usize>), &mut Vec<u32>)| {
            let collections = line.merged.collection.iter().map(|value| collections[&value.value]).collect();
            Entry::of(line, range.clone(), collections, std::mem::take(rules))
        };
        let entries: Vec<Entry> = read.into_par_iter().zip(&lines).zip(&mut rules).map(entry).collect();
        let collections = collections.into_keys().collect();
        let mut by_id: Vec<u32> = (0..).take(entries.len()).collect();
        by_id.sort_by(|&a, &b| entries[a as usize].id.cmp(&entries[b as usize].id));
        let orders = orders(&entries);
        Ok(Index { file, entries, by_id, holders, orders, collections, findings })
    }

    /// The number of the proposal with that id.
    pub(super) fn find(&self, id: &str) -> Option<usize> {
        let at = self.by_id.partition_point(|&at| *self.entries[at as usize].id < *id);
        self.by_id.get(at).map(|&at| at as usize).filter(|&at| *self.entries[at].id == *id)
    }

    /// The id of a proposal that holds the record with that id: the first one of the report.
    pub(super) fn holder(&self, record: &str) -> Option<&str> {
        let hash = xxh3_64(record.as_bytes());
        let start = self.holders.partition_point(|(known, _)| *known < hash);
        let mut found = self.holders[start..].iter().take_while(|(known, _)| *known == hash);
        // Another id may have the same hash.
        let holds = |at: usize| {
            let line = serde_json::from_slice::<Line>(&self.file.bytes()[self.entries[at].line.clone()]);
            line.is_ok_and(|line| line.members.iter().any(|member| member.id == record))
        };
        found.find(|(_, at)| holds(*at as usize)).map(|&(_, at)| &*self.entries[at as usize].id)
    }

    /// A proposal, whole.
    pub(super) fn proposal(&self, at: usize) -> Result<Proposal, serde_json::Error> {
        serde_json::from_slice(&self.file.bytes()[self.entries[at].line.clone()])
    }

    /// The members of a review proposal that one merge proposal has, too: the most that one has, two at least, ascending.
    pub(super) fn united(&self, proposal: &Proposal) -> Vec<String> {
        let of_other = |other: &String| -> Option<Vec<String>> {
            let other = self.proposal(self.find(other)?).ok()?;
            let is_member = |id: &String| proposal.members.iter().any(|member| member.id == *id);
            Some(other.members.into_iter().map(|member| member.id).filter(is_member).collect())
        };
        let mut united: Vec<Vec<String>> = proposal.extends.iter().filter_map(of_other).collect();
        united.sort_by_key(|members| std::cmp::Reverse(members.len()));
        united
            .into_iter()
            .next()
            .filter(|members| (2..proposal.members.len()).contains(&members.len()))
            .unwrap_or_default()
    }

    /// Numbers of all proposals in an order.
    pub(super) fn in_order(&self, order: Order) -> &[u32] {
        &self.orders[order as usize]
    }
}

impl Entry {
    fn of(line: Line, range: Range<usize>, collections: Vec<u32>, rules: Vec<u32>) -> Entry {
        let mut text = String::new();
        for part in line.members.iter().flat_map(|member| [&member.title, &member.authors]) {
            if text.len() < MAX_TEXT {
                text.extend(part.chars().take(MAX_TEXT));
                text.push(' ');
            }
        }
        for member in &line.members {
            text.push_str(&member.id);
            text.push(' ');
        }
        text.push_str(&line.proposal);
        let lead = line.members.iter().find(|member| member.id == line.survivor);
        let mut doubts: Vec<Veto> = line.pairs.iter().flat_map(|pair| pair.vetoes.iter().copied()).collect();
        doubts.sort_by_key(|veto| veto.name());
        doubts.dedup();
        Entry {
            band: line.decision,
            weight: line.pairs.first().map(|pair| pair.weight).unwrap_or_default(),
            n_members: line.members.len(),
            title: lead.map(|member| member.title.as_str()).unwrap_or_default().into(),
            doubts,
            is_stale: line.pairs.iter().any(|pair| pair.stale.is_some()),
            collections,
            rules,
            text: fold(&text).into(),
            line: range,
            id: line.proposal,
        }
    }

    /// Whether all these words, folded, occur in titles, names or ids.
    pub(super) fn holds(&self, words: &[String]) -> bool {
        words.iter().all(|word| memchr::memmem::find(self.text.as_bytes(), word.as_bytes()).is_some())
    }
}

fn orders(entries: &[Entry]) -> [Vec<u32>; 3] {
    let sorted = |order: &dyn Fn(&Entry, &Entry) -> std::cmp::Ordering| {
        let mut numbers: Vec<u32> = (0..).take(entries.len()).collect();
        numbers.sort_by(|&a, &b| {
            let (a, b) = (&entries[a as usize], &entries[b as usize]);
            order(a, b).then_with(|| a.id.cmp(&b.id))
        });
        numbers
    };
    [
        sorted(&|a, b| b.weight.cmp(&a.weight)),
        sorted(&|a, b| a.weight.cmp(&b.weight)),
        sorted(&|a, b| b.n_members.cmp(&a.n_members).then(b.weight.cmp(&a.weight))),
    ]
}

/// Where the lines lie, without their ends; empty ones are left out.
pub(super) fn lines(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut start = 0;
    let mut lines = Vec::new();
    for end in memchr::memchr_iter(b'\n', bytes).chain([bytes.len()]) {
        if end > start {
            lines.push(start..end);
        }
        start = end + 1;
    }
    lines
}

/// What the line of a file that lies at `line` says.
///
/// # Errors
/// If it says something else; the error names the line, counted from 1 with the empty ones.
pub(super) fn read_line<'f, T: Deserialize<'f>>(path: &Path, bytes: &'f [u8], line: &Range<usize>) -> Result<T, Error> {
    serde_json::from_slice(&bytes[line.clone()]).map_err(|error| {
        let number = memchr::memchr_iter(b'\n', &bytes[..line.start]).count() + 1;
        let reason = format!("line {number}: {error}; make the report again");
        Error::Input { path: path.display().to_string(), reason, source: None }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_where_they_end() {
        let of = |text: &'static str| lines(text.as_bytes()).into_iter().map(|line| &text[line]).collect::<Vec<_>>();
        assert_eq!(of("a\nbc\n\nd"), ["a", "bc", "d"]);
        assert_eq!(of(""), [""; 0]);
        assert_eq!(of("a\n"), ["a"]);
    }

    #[test]
    fn a_wrong_line_is_told_by_its_number_in_the_file() {
        let text = b"{}\n\n\nx\n{}";
        let told = |at: usize| read_line::<serde_json::Value>(Path::new("list"), text, &lines(text)[at]);
        assert!(told(0).is_ok() && told(2).is_ok());
        assert!(told(1).is_err_and(|error| error.to_string().contains("line 4")));
    }
}
