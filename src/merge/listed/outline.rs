//! A proposal as lists of proposals tell it.

use serde::{Deserialize, Serialize};

use crate::matching::evidence::{Veto, Weight};

use super::super::{Band, Proposal, ProposalMember};

/// What stands in a line before its members.
pub(super) const BEFORE_MEMBERS: &[u8] = b",\"members\":";

/// A proposal without the merged record and the evidence.
#[derive(Debug, Serialize, Deserialize)]
pub struct Outline<'p> {
    /// Stable id.
    pub proposal: &'p str,
    /// Merge or review.
    pub decision: Band,
    /// Id of the record that leads.
    pub survivor: &'p str,
    /// Members, by id.
    #[serde(borrow)]
    pub members: Vec<OutlineMember<'p>>,
    /// Where these stand in the line: first byte, and first byte after them.
    pub(super) members_at: (u32, u32),
    /// Weight of the heaviest pair.
    pub weight: Weight,
    /// The vetoes of all pairs, each once, ascending.
    pub vetoes: Vec<Veto>,
    /// Fields on which members disagree.
    #[serde(borrow)]
    pub conflicts: Vec<&'p str>,
}

impl<'p> Outline<'p> {
    /// The outline of a proposal, whose line this is.
    pub(super) fn of(proposal: &'p Proposal, line: &[u8]) -> Outline<'p> {
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
    pub(super) byte: u64,
    pub(super) length: u32,
    findings: u64,
    pub(super) seat: u32,
}

impl OutlineMember<'_> {
    /// The member with texts of its own; values of its fields are not in lists, so it has none.
    pub(super) fn whole(&self) -> ProposalMember {
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

#[cfg(test)]
mod tests {
    use super::super::testing::{list, proposal};
    use super::*;

    #[test]
    fn lines_hold_all_and_outlines_what_lists_tell() {
        let made = proposal("p1", "review", 1.25, 2);
        let proposals = list(vec![made.clone()]);
        assert_eq!(*proposals.line(0), serde_json::to_vec(&made).expect("into memory"));
        assert!(!proposals.line(0).contains(&b'\n'));
        let outline = proposals.outlines().next().expect("one proposal");
        assert_eq!((outline.proposal, outline.decision, outline.survivor), ("p1", Band::Review, "p1-0"));
        let told: Vec<_> = outline.members.iter().map(|of| (of.id, of.file, of.line, of.hash, of.title)).collect();
        let title = "\"A\" title\u{2028}\n";
        assert_eq!(told, [("p1-0", "x.jsonl", 1, "00", title), ("p1-1", "x.jsonl", 2, "00", title)]);
        assert_eq!((outline.weight, outline.vetoes), (made.weight(), vec![Veto::NumberOnOneSide]));
        assert_eq!(outline.conflicts, ["year"]);
    }
}
