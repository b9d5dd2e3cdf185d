//! The proposals of a run in the order of the report, as the lines it writes. As structures of texts those of a million
//! records would take a gigabyte; they lie in a temporary file, each with its outline, which lists read without parsing the
//! line, and only what puts them in order stays in memory.

mod again;
mod maker;
mod outline;

pub use again::{Earlier, is_made};
pub use maker::{ListMaker, Taken};
pub use outline::{Outline, OutlineMember};

use std::borrow::Cow;
use std::cmp::Reverse;
use std::ops::Range;

use memmap2::Mmap;

use crate::files::segments::Segments;
use crate::ids::RecordId;
use crate::matching::evidence::Weight;

use super::{Band, Proposal};

/// Proposals in order: merges, then reviews, each heaviest first, ties by id.
pub struct Proposals {
    lines: Lines,
    /// Where an earlier run has left what some lines are made of.
    earlier: Option<Segments>,
    entries: Vec<Entry>,
    displayed: Vec<Proposal>,
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
    pub fn n(&self, decision: Band) -> usize {
        let n_merges = self.entries.partition_point(|entry| entry.decision == Band::Merge);
        if decision == Band::Merge { n_merges } else { self.len() - n_merges }
    }

    /// Records that would go if all merges were done.
    pub fn n_superfluous(&self) -> u64 {
        self.entries[..self.n(Band::Merge)].iter().map(|entry| entry.n_members as u64 - 1).sum()
    }

    /// A proposal as JSON, without line end, by its place from 0.
    pub fn line(&self, at: usize) -> Cow<'_, [u8]> {
        match self.parts(at) {
            [line, [], []] => Cow::Borrowed(line),
            parts => Cow::Owned(parts.concat()),
        }
    }

    /// What is one after the other the line of a proposal, by its place from 0.
    pub fn parts(&self, at: usize) -> [&[u8]; 3] {
        let Entry { start, line_len, kept, .. } = &self.entries[at];
        let own = &self.bytes()[*start as usize..][..*line_len];
        let Some(kept) = kept else { return [own, &[], &[]] };
        let made = self.earlier.as_ref().and_then(|earlier| earlier.get(kept.place.clone()));
        let around = made.and_then(|made| again::around_members(made, kept.members_at));
        let [before, after] = around.expect("it was read when it was taken again");
        [before, own, after]
    }

    fn bytes(&self) -> &[u8] {
        match &self.lines {
            Lines::Mapped(map) => map,
            Lines::Owned(bytes) => bytes,
        }
    }

    /// A proposal by its place from 0, without the fields of its members.
    ///
    /// # Errors
    /// If it is one of an earlier run, whose index was forged.
    pub fn get(&self, at: usize) -> Result<Proposal, serde_json::Error> {
        serde_json::from_slice(&self.line(at))
    }

    /// What lists of proposals tell, of one by its place from 0.
    pub fn outline(&self, at: usize) -> Outline<'_> {
        let entry = &self.entries[at];
        let bytes = &self.bytes()[entry.end() - entry.outline_len..entry.end()];
        postcard::from_bytes(bytes).expect("the list holds what was written to it")
    }

    /// The outlines of all proposals, in order.
    pub fn outlines(&self) -> impl Iterator<Item = Outline<'_>> {
        (0..self.len()).map(|at| self.outline(at))
    }

    /// All proposals, without the fields of their members; errors as those of [`Proposals::get`].
    pub fn iter(&self) -> impl Iterator<Item = Result<Proposal, serde_json::Error>> {
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
            entries.push(Entry::of(&proposal, &mut lines));
            if proposal.members.iter().any(|member| !member.fields.is_empty()) {
                displayed.push(proposal);
            }
        }
        Proposals { lines: Lines::Owned(lines), earlier: None, entries, displayed }
    }
}

/// What puts a proposal in its place.
struct Entry {
    decision: Band,
    weight: Reverse<Weight>,
    id: String,
    n_members: usize,
    /// Where its line starts, or of one that is kept what stands there of members; the outline follows on it.
    start: u64,
    line_len: usize,
    outline_len: usize,
    records: Vec<RecordId>,
    /// By what the next run knows it again, if it may.
    key: Option<u64>,
    /// What an earlier run has made of it, members left out.
    kept: Option<Kept>,
}

/// What an earlier run has made of a proposal.
struct Kept {
    place: Range<u64>,
    /// Where its members stand in the line.
    members_at: (u32, u32),
}

/// Bytes of the length of a line, which stand before it.
const LEN_BYTES: usize = size_of::<u32>();

impl Entry {
    /// Appends the line and the outline of a proposal to `bytes`, after the line's length.
    fn of(proposal: &Proposal, bytes: &mut Vec<u8>) -> Entry {
        bytes.extend([0; LEN_BYTES]);
        let start = bytes.len();
        serde_json::to_writer(&mut *bytes, proposal).expect("texts and numbers, into memory");
        let line_len = bytes.len() - start;
        // A longer line is not kept.
        bytes[start - LEN_BYTES..start].copy_from_slice(&(line_len as u32).to_le_bytes());
        let outline = Outline::of(proposal, &bytes[start..]);
        let entry = Entry::from(&outline, line_len);
        *bytes = postcard::to_extend(&outline, std::mem::take(bytes)).expect("the same");
        Entry { start: start as u64, outline_len: bytes.len() - start - line_len, ..entry }
    }

    fn from(outline: &Outline<'_>, line_len: usize) -> Entry {
        Entry {
            decision: outline.decision,
            weight: Reverse(outline.weight),
            id: outline.proposal.to_owned(),
            n_members: outline.members.len(),
            start: 0,
            line_len,
            outline_len: 0,
            records: Vec::new(),
            key: None,
            kept: None,
        }
    }

    /// Where its outline ends.
    fn end(&self) -> usize {
        self.start as usize + self.line_len + self.outline_len
    }
}

#[cfg(test)]
mod testing {
    //! Proposals, and lists of them.

    use super::super::Source;
    use super::*;

    /// A proposal as a report of the format has it.
    pub(super) fn proposal(id: &str, decision: &str, bits: f64, n_members: usize) -> Proposal {
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

    pub(super) fn list(proposals: Vec<Proposal>) -> Proposals {
        let maker = ListMaker::temporary().expect("a file");
        let taken = proposals.into_iter().map(|proposal| maker.take(proposal, &[], None)).collect();
        let (fetch, file_name, advance) = (|_| None, |_| String::new(), |_| ());
        let features = Default::default();
        let choices = &Default::default();
        let source = Source { fetch: &fetch, file_name: &file_name, advance: &advance, features: &features, choices };
        maker.finish(taken, &source).expect("a map")
    }
}
