//! The proposals of a run in the order of the report, as the lines it writes. As structures of texts those of a million
//! records would take a gigabyte; they lie in a temporary file, each with its outline, which lists read without parsing the
//! line, and only what puts them in order stays in memory.

use std::cmp::Reverse;
use std::io;

use memmap2::Mmap;
use serde::{Deserialize, Serialize};

use crate::ids::RecordId;
use crate::matching::evidence::{Veto, Weight};
use crate::temporary::Temporary;

use super::display;
use super::{Decision, Proposal, Source};

/// Takes proposals as they are made, in any order and from any thread.
pub struct ListMaker(Temporary);

/// What puts a proposal in its place.
struct Entry {
    decision: Decision,
    weight: Reverse<Weight>,
    id: String,
    n_members: usize,
    /// Where its line starts; the outline follows on it.
    start: u64,
    line_len: usize,
    outline_len: usize,
    records: Vec<RecordId>,
}

impl Entry {
    /// Appends the line and the outline of a proposal to `bytes`; starts at 0.
    fn of(proposal: &Proposal, bytes: &mut Vec<u8>) -> Entry {
        let start = bytes.len();
        serde_json::to_writer(&mut *bytes, proposal).expect("texts and numbers, into memory");
        let line_len = bytes.len() - start;
        *bytes = postcard::to_extend(&Outline::of(proposal), std::mem::take(bytes)).expect("the same");
        Entry {
            decision: proposal.decision,
            weight: Reverse(proposal.weight()),
            id: proposal.proposal.clone(),
            n_members: proposal.members.len(),
            start: 0,
            line_len,
            outline_len: bytes.len() - start - line_len,
            records: Vec::new(),
        }
    }
}

/// A proposal that was taken.
pub struct Taken(Entry);

impl ListMaker {
    /// A list in a file without a name.
    ///
    /// # Errors
    /// If the file cannot be made.
    pub fn temporary() -> io::Result<ListMaker> {
        Temporary::new().map(ListMaker)
    }

    /// Takes the proposal made of a cluster of these records. An error is kept for [`ListMaker::finish`].
    pub fn take(&self, proposal: Proposal, records: &[RecordId]) -> Taken {
        let mut bytes = Vec::new();
        let entry = Entry::of(&proposal, &mut bytes);
        Taken(Entry { start: self.0.append(&bytes), records: records.to_vec(), ..entry })
    }

    /// Puts what was taken in order: merges first, then reviews, each heaviest first, ties by id. Those that the page of the
    /// report shows get the fields of their members.
    ///
    /// # Errors
    /// If something could not be written, or the file cannot be mapped.
    pub fn finish(self, taken: Vec<Taken>, source: &Source<'_>) -> io::Result<Proposals> {
        let lines = self.0.finish()?;
        let mut entries: Vec<Entry> = taken.into_iter().map(|Taken(entry)| entry).collect();
        entries.sort_by(|a, b| (a.decision, a.weight, &a.id).cmp(&(b.decision, b.weight, &b.id)));
        // Copies of the same ids in several clusters would be proposed twice under one name; the audit reports them.
        entries.dedup_by(|later, first| later.id == first.id && later.decision == first.decision);
        let mut proposals = Proposals { lines: Lines::Mapped(lines), entries, displayed: Vec::new() };
        let (n_merges, n_reviews) = (proposals.n(Decision::Merge), proposals.n(Decision::Review));
        for at in display::chosen(n_merges, n_reviews) {
            let mut proposal = proposals.get(at);
            display::fill(&mut proposal, &proposals.entries[at].records, source);
            proposals.displayed.push(proposal);
        }
        proposals.entries.iter_mut().for_each(|entry| entry.records = Vec::new());
        Ok(proposals)
    }
}

/// Proposals in order: merges, then reviews, each heaviest first, ties by id.
pub struct Proposals {
    lines: Lines,
    entries: Vec<Entry>,
    displayed: Vec<Proposal>,
}

/// A proposal without the merged record and the evidence.
#[derive(Debug, Serialize, Deserialize)]
pub struct Outline<'p> {
    /// Stable id.
    pub proposal: &'p str,
    /// Merge or review.
    pub decision: Decision,
    /// Id of the record that leads.
    pub survivor: &'p str,
    /// Members, by id.
    #[serde(borrow)]
    pub members: Vec<OutlineMember<'p>>,
    /// Weight of the heaviest pair.
    pub weight: Weight,
    /// The vetoes of all pairs, each once, ascending.
    pub vetoes: Vec<Veto>,
    /// Fields on which members disagree.
    #[serde(borrow)]
    pub conflicts: Vec<&'p str>,
}

/// A member as lists tell it; see [`ProposalMember`](super::ProposalMember).
#[derive(PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OutlineMember<'p> {
    /// Record id.
    pub id: &'p str,
    /// Input file, as the user named it.
    pub file: &'p str,
    /// Line, from 1.
    pub line: u64,
    /// The content hash in hexadecimal digits.
    pub hash: &'p str,
    /// Title.
    pub title: &'p str,
    /// Persons and bodies.
    pub authors: &'p str,
    /// Year.
    pub year: &'p str,
}

impl<'p> Outline<'p> {
    fn of(proposal: &'p Proposal) -> Outline<'p> {
        let members = proposal.members.iter().map(|member| OutlineMember {
            id: &member.id,
            file: &member.file,
            line: member.line,
            hash: &member.hash,
            title: &member.title,
            authors: &member.authors,
            year: &member.year,
        });
        Outline {
            proposal: &proposal.proposal,
            decision: proposal.decision,
            survivor: &proposal.survivor,
            members: members.collect(),
            weight: proposal.weight(),
            vetoes: proposal.vetoes(),
            conflicts: proposal.conflicts.iter().map(|conflict| conflict.field.as_str()).collect(),
        }
    }
}

enum Lines {
    Mapped(Mmap),
    Owned(Vec<u8>),
}

impl Proposals {
    /// Number of proposals.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Number of proposals of one kind.
    pub fn n(&self, decision: Decision) -> usize {
        let n_merges = self.entries.partition_point(|entry| entry.decision == Decision::Merge);
        if decision == Decision::Merge { n_merges } else { self.len() - n_merges }
    }

    /// Records that would go if all merges were done.
    pub fn n_superfluous(&self) -> u64 {
        self.entries[..self.n(Decision::Merge)].iter().map(|entry| entry.n_members as u64 - 1).sum()
    }

    /// A proposal as JSON, without line end, by its place from 0.
    pub fn line(&self, at: usize) -> &[u8] {
        let Entry { start, line_len, .. } = self.entries[at];
        &self.bytes()[start as usize..][..line_len]
    }

    fn bytes(&self) -> &[u8] {
        match &self.lines {
            Lines::Mapped(map) => map,
            Lines::Owned(bytes) => bytes,
        }
    }

    /// A proposal by its place from 0, without the fields of its members.
    pub fn get(&self, at: usize) -> Proposal {
        serde_json::from_slice(self.line(at)).expect("the list holds what was written to it")
    }

    /// What lists of proposals tell, of one by its place from 0.
    pub fn outline(&self, at: usize) -> Outline<'_> {
        let Entry { start, line_len, outline_len, .. } = self.entries[at];
        let bytes = &self.bytes()[start as usize + line_len..][..outline_len];
        postcard::from_bytes(bytes).expect("the list holds what was written to it")
    }

    /// The outlines of all proposals, in order.
    pub fn outlines(&self) -> impl Iterator<Item = Outline<'_>> {
        (0..self.len()).map(|at| self.outline(at))
    }

    /// All proposals, without the fields of their members.
    pub fn iter(&self) -> impl Iterator<Item = Proposal> {
        (0..self.len()).map(|at| self.get(at))
    }

    /// The proposals that have fields of their members, for the page, in order.
    pub fn displayed(&self) -> &[Proposal] {
        &self.displayed
    }
}

impl FromIterator<Proposal> for Proposals {
    /// A list in memory, in the order given; those with fields of members are displayed.
    fn from_iter<I: IntoIterator<Item = Proposal>>(proposals: I) -> Proposals {
        let (mut lines, mut entries, mut displayed) = (Vec::new(), Vec::new(), Vec::new());
        for proposal in proposals {
            let start = lines.len() as u64;
            entries.push(Entry { start, ..Entry::of(&proposal, &mut lines) });
            if proposal.members.iter().any(|member| !member.fields.is_empty()) {
                displayed.push(proposal);
            }
        }
        Proposals { lines: Lines::Owned(lines), entries, displayed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A proposal as a report of the format has it.
    fn proposal(id: &str, decision: &str, bits: f64, n_members: usize) -> Proposal {
        let member = |at: usize| {
            serde_json::json!({
                "id": format!("{id}-{at}"), "file": "x.jsonl", "line": at + 1, "byte": 0, "length": 9, "hash": "00",
                "title": "\"A\" title\u{2028}\n", "authors": "", "year": "1999",
            })
        };
        let pair = serde_json::json!({
            "a": "x", "b": "y", "weight": bits, "kind": "book", "prior": -5.7, "vetoes": ["number-on-one-side"],
            "evidence": [],
        });
        serde_json::from_value(serde_json::json!({
            "proposal": id, "decision": decision, "survivor": format!("{id}-0"), "survivor_reason": "it is the first",
            "members": (0..n_members).map(member).collect::<Vec<_>>(), "pairs": [pair.clone(), pair], "merged": {},
            "conflicts": [{"field": "year", "sides": []}],
        }))
        .expect("a proposal")
    }

    fn list(proposals: Vec<Proposal>) -> Proposals {
        let maker = ListMaker::temporary().expect("a file");
        let taken = proposals.into_iter().map(|proposal| maker.take(proposal, &[])).collect();
        let (fetch, file_name, advance) = (|_| None, |_| String::new(), |_| ());
        let features = Default::default();
        let source = Source { fetch: &fetch, file_name: &file_name, advance: &advance, features: &features };
        maker.finish(taken, &source).expect("a map")
    }

    #[test]
    fn proposals_come_in_the_order_of_the_report_whatever_the_order_they_were_made_in() {
        let made = [("p4", "review", 9.0), ("p3", "merge", 2.5), ("p2", "merge", 7.0), ("p1", "merge", 2.5)];
        for turn in 0..made.len() {
            let mut turned = made.to_vec();
            turned.rotate_left(turn);
            let proposals = list(turned.iter().map(|&(id, decision, bits)| proposal(id, decision, bits, 2)).collect());
            let ids: Vec<String> = proposals.iter().map(|proposal| proposal.proposal).collect();
            assert_eq!(ids, ["p2", "p1", "p3", "p4"]);
            assert_eq!((proposals.n(Decision::Merge), proposals.n(Decision::Review)), (3, 1));
            assert_eq!(proposals.displayed().len(), 4);
        }
        assert!(list(Vec::new()).is_empty());
    }

    #[test]
    fn one_proposal_of_several_clusters_is_listed_once() {
        let proposals = list(vec![
            proposal("p1", "merge", 3.0, 3),
            proposal("p1", "merge", 3.0, 3),
            proposal("p1", "review", 3.0, 3),
        ]);
        assert_eq!((proposals.len(), proposals.n_superfluous()), (2, 2));
    }

    #[test]
    fn lines_hold_all_and_outlines_what_lists_tell() {
        let made = proposal("p1", "review", 1.25, 2);
        let proposals = list(vec![made.clone()]);
        assert_eq!(proposals.line(0), serde_json::to_vec(&made).expect("into memory"));
        assert!(!proposals.line(0).contains(&b'\n'));
        let outline = proposals.outlines().next().expect("one proposal");
        assert_eq!((outline.proposal, outline.decision, outline.survivor), ("p1", Decision::Review, "p1-0"));
        let told: Vec<_> = outline.members.iter().map(|of| (of.id, of.file, of.line, of.hash, of.title)).collect();
        let title = "\"A\" title\u{2028}\n";
        assert_eq!(told, [("p1-0", "x.jsonl", 1, "00", title), ("p1-1", "x.jsonl", 2, "00", title)]);
        assert_eq!((outline.weight, outline.vetoes), (made.weight(), vec![Veto::NumberOnOneSide]));
        assert_eq!(outline.conflicts, ["year"]);
    }
}
