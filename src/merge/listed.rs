//! The proposals of a run in the order of the report, as the lines it writes. As structures of texts those of a million
//! records would take a gigabyte; they lie in a temporary file, each with its outline, which lists read without parsing the
//! line, and only what puts them in order stays in memory.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::io;

use memmap2::Mmap;
use serde::{Deserialize, Serialize};

use crate::ids::{Position, RecordId};
use crate::matching::Cluster;
use crate::matching::evidence::{Veto, Weight};
use crate::temporary::Temporary;

use super::display;
use super::{Decision, Proposal, ProposalMember, Source};

/// Bytes of a line that is kept for the next run, at most; longer ones are made again.
const MOST_KEPT: usize = 16 << 20;

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
    /// By what the next run knows it again, if it may.
    key: Option<u64>,
}

impl Entry {
    /// Appends the line and the outline of a proposal to `bytes`; starts at 0.
    fn of(proposal: &Proposal, bytes: &mut Vec<u8>) -> Entry {
        let start = bytes.len();
        serde_json::to_writer(&mut *bytes, proposal).expect("texts and numbers, into memory");
        let line_len = bytes.len() - start;
        let outline = Outline::of(proposal, &bytes[start..]);
        let entry = Entry::from(&outline, line_len);
        *bytes = postcard::to_extend(&outline, std::mem::take(bytes)).expect("the same");
        Entry { outline_len: bytes.len() - start - line_len, ..entry }
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
        }
    }
}

/// What an earlier run has made, by keys, and where records are now. All that a merge proposal says but the places of its
/// members follows from what its key is made of.
pub struct Earlier<'e> {
    /// The key of a cluster: a hash of the bytes of its records, their findings, and its links.
    pub key: &'e (dyn Fn(&Cluster) -> Option<u64> + Sync),
    /// What was made of a cluster with a key, as [`Proposals::made`] gives it.
    pub made: &'e (dyn Fn(u64) -> Option<&'e [u8]> + Sync),
    /// Where a record is now: name of the file, and place.
    pub place: &'e (dyn Fn(RecordId) -> (String, Position) + Sync),
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

    /// Takes the proposal made of a cluster of these records. With a key, the next run may take it again. An error is kept
    /// for [`ListMaker::finish`].
    pub fn take(&self, proposal: Proposal, records: &[RecordId], key: Option<u64>) -> Taken {
        let mut bytes = Vec::new();
        let entry = Entry::of(&proposal, &mut bytes);
        Taken(Entry { start: self.0.append(&bytes), records: records.to_vec(), key, ..entry })
    }

    /// Takes what an earlier run made of a cluster with the same key, and gives its id; `None` if it is not what
    /// [`Proposals::made`] gives.
    pub fn take_again(&self, key: u64, cluster: &Cluster, earlier: &Earlier<'_>) -> Option<(Taken, String)> {
        let made = (earlier.made)(key)?;
        let (line, mut outline) = read_made(made)?;
        let mut files: Vec<(String, Position)> = Vec::new();
        for member in &outline.members {
            files.push((earlier.place)(*cluster.members.get(member.seat as usize)?));
        }
        for (member, (file, position)) in outline.members.iter_mut().zip(&files) {
            (member.file, member.line, member.byte, member.length) = (file, position.line, position.byte, position.len);
        }
        let members: Vec<ProposalMember> = outline.members.iter().map(OutlineMember::whole).collect();
        let (start, end) = outline.members_at;
        let mut bytes = line.get(..start as usize)?.as_bytes().to_vec();
        serde_json::to_writer(&mut bytes, &members).expect("texts and numbers, into memory");
        outline.members_at.1 = bytes.len() as u32;
        bytes.extend(line.get(end as usize..)?.as_bytes());
        let entry = Entry::from(&outline, bytes.len());
        let line_len = bytes.len();
        let bytes = postcard::to_extend(&outline, bytes).expect("the same");
        let outline_len = bytes.len() - line_len;
        let id = entry.id.clone();
        let (start, records) = (self.0.append(&bytes), cluster.members.clone());
        Some((Taken(Entry { start, outline_len, records, key: Some(key), ..entry }), id))
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
            let forged = |error| {
                io::Error::other(format!("an index holds what is no proposal ({error}); --rebuild makes it anew"))
            };
            let mut proposal = proposals.get(at).map_err(forged)?;
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
    /// Where these stand in the line: first byte, and first byte after them.
    members_at: (u32, u32),
    /// Weight of the heaviest pair.
    pub weight: Weight,
    /// The vetoes of all pairs, each once, ascending.
    pub vetoes: Vec<Veto>,
    /// Fields on which members disagree.
    #[serde(borrow)]
    pub conflicts: Vec<&'p str>,
}

/// A member as lists tell it; see [`ProposalMember`].
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
    byte: u64,
    length: u32,
    findings: u64,
    seat: u32,
}

impl OutlineMember<'_> {
    fn whole(&self) -> ProposalMember {
        ProposalMember {
            id: self.id.to_owned(),
            file: self.file.to_owned(),
            line: self.line,
            byte: self.byte,
            length: self.length,
            hash: self.hash.to_owned(),
            title: self.title.to_owned(),
            authors: self.authors.to_owned(),
            year: self.year.to_owned(),
            findings: self.findings as usize,
            fields: Vec::new(),
            seat: self.seat,
        }
    }
}

/// The line and the outline that [`Proposals::made`] gives; `None` if they are none.
fn read_made(made: &[u8]) -> Option<(&str, Outline<'_>)> {
    let (len, rest) = made.split_first_chunk()?;
    let (line, outline) = rest.split_at_checked(u32::from_le_bytes(*len) as usize)?;
    Some((std::str::from_utf8(line).ok()?, postcard::from_bytes(outline).ok()?))
}

/// What a line of a proposal says of what its outline says, too; the rest is skipped.
#[derive(Deserialize)]
struct Said<'p> {
    #[serde(borrow)]
    proposal: Cow<'p, str>,
    decision: Decision,
    #[serde(borrow)]
    survivor: Cow<'p, str>,
    members: Vec<ProposalMember>,
}

/// Whether these bytes are such as [`Proposals::made`] gives: a line of JSON, and an outline that says the same of the proposal
/// and its members. Evidence and the merged record are only skipped over.
pub fn is_made(made: &[u8]) -> bool {
    let Some((line, outline)) = read_made(made) else { return false };
    let Ok(said) = serde_json::from_str::<Said<'_>>(line) else { return false };
    let (start, end) = outline.members_at;
    let members = line.get(start as usize..end as usize);
    let members = members.and_then(|members| serde_json::from_str::<Vec<ProposalMember>>(members).ok());
    let whole: Vec<ProposalMember> = outline.members.iter().map(OutlineMember::whole).collect();
    let unseated = |member: &ProposalMember| ProposalMember { seat: 0, ..member.clone() };
    let seats: BTreeSet<u32> = whole.iter().map(|member| member.seat).collect();
    memchr::memchr(b'\n', line.as_bytes()).is_none()
        && (said.decision, outline.decision) == (Decision::Merge, Decision::Merge)
        && (&*said.proposal, &*said.survivor) == (outline.proposal, outline.survivor)
        && whole.len() > 1
        && seats.len() == whole.len()
        && said.members == whole.iter().map(unseated).collect::<Vec<_>>()
        && members.as_ref() == Some(&said.members)
}

impl<'p> Outline<'p> {
    /// The outline of a proposal, whose line this is.
    fn of(proposal: &'p Proposal, line: &[u8]) -> Outline<'p> {
        const BEFORE_MEMBERS: &[u8] = b",\"members\":";
        // Within texts quotes are escaped, so that this is the field.
        let start =
            memchr::memmem::find(line, BEFORE_MEMBERS).expect("every proposal has members") + BEFORE_MEMBERS.len();
        let len = serde_json::to_vec(&proposal.members).expect("texts and numbers, into memory").len();
        let members = proposal.members.iter().map(|member| OutlineMember {
            id: &member.id,
            file: &member.file,
            line: member.line,
            hash: &member.hash,
            title: &member.title,
            authors: &member.authors,
            year: &member.year,
            byte: member.byte,
            length: member.length,
            findings: member.findings as u64,
            seat: member.seat,
        });
        Outline {
            members_at: (start as u32, (start + len) as u32),
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

    /// Proposals that the next run may take again: key, and line and outline as it reads them. Ascending by key.
    pub fn made(&self) -> impl Iterator<Item = (u64, Vec<u8>)> {
        let kept = self.entries.iter().enumerate().filter(|(_, entry)| entry.line_len <= MOST_KEPT);
        let mut keyed: Vec<(u64, usize)> = kept.filter_map(|(at, entry)| Some((entry.key?, at))).collect();
        keyed.sort_unstable();
        keyed.dedup_by_key(|(key, _)| *key);
        keyed.into_iter().map(|(key, at)| {
            let Entry { start, line_len, outline_len, .. } = self.entries[at];
            let both = &self.bytes()[start as usize..][..line_len + outline_len];
            (key, [&(line_len as u32).to_le_bytes(), both].concat())
        })
    }

    /// A proposal by its place from 0, without the fields of its members.
    ///
    /// # Errors
    /// If it is one of an earlier run, whose index was forged.
    pub fn get(&self, at: usize) -> Result<Proposal, serde_json::Error> {
        serde_json::from_slice(self.line(at))
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
        let taken = proposals.into_iter().map(|proposal| maker.take(proposal, &[], None)).collect();
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
            let ids: Vec<String> = proposals.iter().map(|proposal| proposal.expect("JSON").proposal).collect();
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

    /// What is kept of a proposal gives the same one where only the places of its records are others.
    #[test]
    fn a_proposal_made_before_is_made_again_at_other_places() {
        let mut made = proposal("p1", "merge", 1.25, 2);
        made.survivor_reason = "of \",\"members\":[\" and more".to_owned();
        // The first member by id is the later record.
        (made.members[0].seat, made.members[1].seat) = (1, 0);
        let (maker, other) = (ListMaker::temporary().expect("a file"), ListMaker::temporary().expect("a file"));
        let records = [RecordId::new(4), RecordId::new(7)];
        let (fetch, file_name, advance) = (|_| None, |_| String::new(), |_| ());
        let features = Default::default();
        let source = Source { fetch: &fetch, file_name: &file_name, advance: &advance, features: &features };
        let taken = maker.take(made.clone(), &records, Some(9));
        let first = maker.finish(vec![taken], &source).expect("a map");
        let kept: Vec<(u64, Vec<u8>)> = first.made().collect();
        let [(9, bytes)] = kept.as_slice() else { panic!("{kept:?}") };
        assert!(is_made(bytes) && !is_made(&bytes[1..]));
        // Whatever bit is another one: it is told, or stands in a text or number that is only shown.
        let find = |text: &[u8]| memchr::memmem::find(bytes, text).expect("in the line");
        let (reason, members, pairs) = (find(b"survivor_reason"), find(b",\"members\":"), find(b",\"pairs\":"));
        let mut accepted = (0..bytes.len()).filter(|&at| {
            let mut other = bytes.clone();
            other[at] ^= 1;
            is_made(&other)
        });
        assert!(accepted.all(|at| (reason..members).contains(&at) || at > pairs));
        let place = |record: RecordId| {
            let number = u64::from(record.get());
            ("\"other\".jsonl".to_owned(), Position { file: 0, len: 5, line: number, byte: 100 * number })
        };
        let made_before = |key| match key {
            9 => Some(bytes.as_slice()),
            _ => Some(&bytes[..9]),
        };
        let earlier = Earlier { key: &|_| Some(9), made: &made_before, place: &place };
        let cluster = |members: &[usize]| Cluster {
            members: members.iter().copied().map(RecordId::new).collect(),
            verdict: crate::matching::score::Verdict::Merge,
            links: Vec::new(),
        };
        let (taken, id) = other.take_again(9, &cluster(&[30, 40]), &earlier).expect("what was kept");
        assert!(other.take_again(9, &cluster(&[30]), &earlier).is_none());
        assert!(other.take_again(8, &cluster(&[30, 40]), &earlier).is_none());
        let second = other.finish(vec![taken], &source).expect("a map");
        for (member, line) in made.members.iter_mut().zip([40, 30]) {
            (member.file, member.line, member.byte, member.length) =
                ("\"other\".jsonl".to_owned(), line, 100 * line, 5);
        }
        assert_eq!(id, "p1");
        assert_eq!(second.line(0), serde_json::to_vec(&made).expect("into memory"));
        assert_eq!(second.outline(0).members[0].line, 40);
        let again: Vec<(u64, Vec<u8>)> = second.made().collect();
        assert!(again.len() == 1 && is_made(&again[0].1));
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
