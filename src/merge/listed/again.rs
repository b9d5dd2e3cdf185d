//! What is kept of proposals for the next run, and taking it again there.

use std::collections::BTreeSet;
use std::ops::Range;

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use crate::files::segments::{Piece, Segments};
use crate::ids::{Position, RecordId};
use crate::matching::Cluster;

use super::super::{Band, ProposalMember};
use super::outline::{BEFORE_MEMBERS, Outline, OutlineMember};
use super::{Entry, Kept, LEN_BYTES, Proposals};

/// Bytes of a line that is kept for the next run, at most; longer ones are made again.
const MOST_KEPT: usize = 16 << 20;

/// What an earlier run has made, by keys, and where records are now. All that a merge proposal says but the places of its
/// members follows from what its key is made of.
pub struct Earlier<'e> {
    /// The key of a cluster: a hash of the bytes of its records, their findings, and its links.
    pub key: &'e (dyn Fn(&Cluster) -> Option<u64> + Sync),
    /// Where that is which was made of a cluster with a key, as [`Proposals::made`] gave it.
    pub made: &'e (dyn Fn(u64) -> Option<Range<u64>> + Sync),
    /// The files it lies in.
    pub segments: Option<&'e Segments>,
    /// Where a record is now: name of the file, and place.
    pub place: &'e (dyn Fn(RecordId) -> (String, Position) + Sync),
}

impl Proposals {
    /// Proposals that the next run may take again: length of the line (u32), line and outline as it reads them. Ascending by key.
    pub fn made(&self) -> Vec<(u64, Piece<'_>)> {
        let kept = self.entries.iter().filter(|entry| entry.line_len <= MOST_KEPT);
        let mut keyed: Vec<(u64, &Entry)> = kept.filter_map(|entry| Some((entry.key?, entry))).collect();
        keyed.sort_by_key(|(key, _)| *key);
        keyed.dedup_by_key(|(key, _)| *key);
        let piece = |entry: &Entry| match &entry.kept {
            Some(kept) => Piece::Kept(kept.place.clone()),
            None => Piece::New(&self.bytes()[entry.start as usize - LEN_BYTES..entry.end()]),
        };
        keyed.into_iter().map(|(key, entry)| (key, piece(entry))).collect()
    }
}

/// What an earlier run made of a cluster with the same key, with its records where they are now: the entry, which starts at
/// 0, and its bytes, the members and the outline. `None` if it is not what [`Proposals::made`] gives.
pub(super) fn made_again(key: u64, cluster: &Cluster, earlier: &Earlier<'_>) -> Option<(Entry, Vec<u8>)> {
    let place = (earlier.made)(key)?;
    let (line, mut outline) = read_made(earlier.segments?.get(place.clone())?)?;
    let mut files: Vec<(String, Position)> = Vec::new();
    for member in &outline.members {
        files.push((earlier.place)(*cluster.members.get(member.seat as usize)?));
    }
    for (member, (file, position)) in outline.members.iter_mut().zip(&files) {
        (member.file, member.line, member.byte, member.length) = (file, position.line, position.byte, position.len);
    }
    let (start, end) = outline.members_at;
    line.get(start as usize..end as usize)?;
    let members: Vec<ProposalMember> = outline.members.iter().map(OutlineMember::whole).collect();
    let bytes = serde_json::to_vec(&members).expect("texts and numbers, into memory");
    let entry = Entry::from(&outline, bytes.len());
    let members_len = bytes.len();
    let bytes = postcard::to_extend(&outline, bytes).expect("the same");
    let outline_len = bytes.len() - members_len;
    Some((Entry { outline_len, kept: Some(Kept { place, members_at: (start, end) }), ..entry }, bytes))
}

/// The line that [`Proposals::made`] gives before and after its members, which stand at a place in it.
pub(super) fn around_members(made: &[u8], (start, end): (u32, u32)) -> Option<[&[u8]; 2]> {
    let (line, _) = split_made(made)?;
    Some([line.get(..start as usize)?, line.get(end as usize..)?])
}

fn split_made(made: &[u8]) -> Option<(&[u8], &[u8])> {
    let (len, rest) = made.split_first_chunk::<LEN_BYTES>()?;
    rest.split_at_checked(u32::from_le_bytes(*len) as usize)
}

/// The line and the outline that [`Proposals::made`] gives; `None` if they are none.
fn read_made(made: &[u8]) -> Option<(&[u8], Outline<'_>)> {
    let (line, outline) = split_made(made)?;
    Some((line, postcard::from_bytes(outline).ok()?))
}

/// What a line of a proposal says of what its outline says, too, each once; all is skipped.
#[derive(Deserialize)]
struct Said {
    #[serde(rename = "proposal")]
    _proposal: IgnoredAny,
    #[serde(rename = "decision")]
    _decision: IgnoredAny,
    #[serde(rename = "survivor")]
    _survivor: IgnoredAny,
    #[serde(rename = "members")]
    _members: IgnoredAny,
}

/// What a line says of what its outline says, too, before and after the reason for the survivor.
#[derive(Serialize)]
struct Beginning<'p> {
    proposal: &'p str,
    decision: Band,
    survivor: &'p str,
}

/// Whether these bytes are such as [`Proposals::made`] gives: a line of JSON, and an outline that says the same of the proposal
/// and its members. Evidence and the merged record are only skipped over.
pub fn is_made(made: &[u8]) -> bool {
    let Some((line, outline)) = read_made(made) else { return false };
    let Outline { proposal, decision, survivor, .. } = outline;
    let mut beginning =
        serde_json::to_vec(&Beginning { proposal, decision, survivor }).expect("texts and words, into memory");
    beginning.pop();
    let whole: Vec<ProposalMember> = outline.members.iter().map(OutlineMember::whole).collect();
    let members = serde_json::to_vec(&whole).expect("texts and numbers, into memory");
    let (start, end) = outline.members_at;
    let before_members = line.get(..start as usize);
    let seats: BTreeSet<u32> = whole.iter().map(|member| member.seat).collect();
    memchr::memchr(b'\n', line).is_none()
        && decision == Band::Merge
        && whole.len() > 1
        && seats.len() == whole.len()
        && line.starts_with(&beginning)
        && before_members.is_some_and(|before| before.ends_with(BEFORE_MEMBERS))
        && line.get(start as usize..end as usize) == Some(&members)
        && std::str::from_utf8(line).is_ok_and(|line| serde_json::from_str::<Said>(line).is_ok())
}

#[cfg(test)]
mod tests {
    use super::super::maker::ListMaker;
    use super::super::testing::proposal;
    use super::*;
    use crate::merge::Source;

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
        let choices = &Default::default();
        let source = Source { fetch: &fetch, file_name: &file_name, advance: &advance, features: &features, choices };
        let taken = maker.take(made.clone(), &records, Some(9));
        let first = maker.finish(vec![taken], &source).expect("a map");
        let made_first = first.made();
        let [(9, Piece::New(bytes))] = made_first.as_slice() else { panic!("one new piece") };
        assert!(is_made(bytes) && !is_made(&bytes[1..]));
        // Whatever bit is another one: it is told, or stands in a text or number that is only shown.
        let find = |text: &[u8]| memchr::memmem::find(bytes, text).expect("in the line");
        let (reason, members, pairs) = (find(b"survivor_reason"), find(b",\"members\":"), find(b",\"pairs\":"));
        let mut accepted = (0..bytes.len()).filter(|&at| {
            let mut other = bytes.to_vec();
            other[at] ^= 1;
            is_made(&other)
        });
        assert!(accepted.all(|at| (reason..members).contains(&at) || at > pairs));
        let place = |record: RecordId| {
            let number = u64::from(record.get());
            ("\"other\".jsonl".to_owned(), Position { file: 0, len: 5, line: number, byte: 100 * number })
        };
        let len = bytes.len() as u64;
        let made_before = |key| match key {
            9 => Some(5..5 + len),
            _ => Some(5..14),
        };
        let segments = Segments::of(b"other", bytes);
        let earlier = Earlier { key: &|_| Some(9), made: &made_before, segments: Some(&segments), place: &place };
        let other = other.with_earlier(Some(segments.clone()));
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
        assert_eq!(*second.line(0), serde_json::to_vec(&made).expect("into memory"));
        assert_eq!(second.outline(0).members[0].line, 40);
        assert!(matches!(second.made().as_slice(), [(9, Piece::Kept(place))] if *place == (5..5 + len)));
    }
}
