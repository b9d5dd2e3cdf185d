//! Writing the list.

use std::collections::BTreeSet;
use std::io;

use crate::files::segments::Segments;
use crate::files::temporary::Temporary;
use crate::ids::RecordId;
use crate::matching::Cluster;

use super::super::display;
use super::super::{Band, Proposal, Source};
use super::again::{Earlier, made_again};
use super::{Entry, Lines, Proposals};

/// Takes proposals as they are made, in any order and from any thread.
pub struct ListMaker {
    file: Temporary,
    earlier: Option<Segments>,
}

/// Leaves the first of entries with one id and decision.
fn drop_copies(entries: &mut Vec<Entry>) {
    let mut by_id: Vec<usize> = (0..entries.len()).collect();
    by_id.sort_by(|&a, &b| (&entries[a].id, entries[a].decision, a).cmp(&(&entries[b].id, entries[b].decision, b)));
    let is_copy = |two: &&[usize]| {
        let (first, later) = (&entries[two[0]], &entries[two[1]]);
        first.id == later.id && first.decision == later.decision
    };
    let copies: BTreeSet<usize> = by_id.windows(2).filter(is_copy).map(|two| two[1]).collect();
    let mut at = 0..;
    entries.retain(|_| at.next().is_some_and(|at| !copies.contains(&at)));
}

/// A proposal that was taken.
pub struct Taken(Entry);

impl ListMaker {
    /// A list in a file without a name.
    ///
    /// # Errors
    /// If the file cannot be made.
    pub fn temporary() -> io::Result<ListMaker> {
        Ok(ListMaker { file: Temporary::new()?, earlier: None })
    }

    /// With what an earlier run has made, for [`ListMaker::take_again`].
    pub fn with_earlier(self, earlier: Option<Segments>) -> ListMaker {
        ListMaker { earlier, ..self }
    }

    /// Takes the proposal made of a cluster of these records. With a key, the next run may take it again. An error is kept
    /// for [`ListMaker::finish`].
    pub fn take(&self, proposal: Proposal, records: &[RecordId], key: Option<u64>) -> Taken {
        let mut bytes = Vec::new();
        let entry = Entry::of(&proposal, &mut bytes);
        let start = self.file.append(&bytes) + entry.start;
        Taken(Entry { start, records: records.to_vec(), key, ..entry })
    }

    /// Takes what an earlier run made of a cluster with the same key, and gives its id; `None` if it is not what
    /// [`Proposals::made`] gives.
    pub fn take_again(&self, key: u64, cluster: &Cluster, earlier: &Earlier<'_>) -> Option<(Taken, String)> {
        let (entry, bytes) = made_again(key, cluster, earlier)?;
        let id = entry.id.clone();
        let (start, records) = (self.file.append(&bytes), cluster.members.clone());
        Some((Taken(Entry { start, records, key: Some(key), ..entry }), id))
    }

    /// Puts what was taken in order: merges first, then reviews, each heaviest first, ties by id. Those that the page of the
    /// report shows get the fields of their members.
    ///
    /// # Errors
    /// If something could not be written, or the file cannot be mapped.
    pub fn finish(self, taken: Vec<Taken>, source: &Source<'_>) -> io::Result<Proposals> {
        let lines = self.file.finish()?;
        let mut entries: Vec<Entry> = taken.into_iter().map(|Taken(entry)| entry).collect();
        entries.sort_by(|a, b| (a.decision, a.weight, &a.id).cmp(&(b.decision, b.weight, &b.id)));
        // Copies of the same ids in several clusters would be proposed twice under one name; the audit reports them.
        drop_copies(&mut entries);
        let mut proposals =
            Proposals { lines: Lines::Mapped(lines), earlier: self.earlier, entries, displayed: Vec::new() };
        let (n_merges, n_reviews) = (proposals.n(Band::Merge), proposals.n(Band::Review));
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

#[cfg(test)]
mod tests {
    use super::super::testing::{list, proposal};
    use super::*;

    #[test]
    fn proposals_come_in_the_order_of_the_report_whatever_the_order_they_were_made_in() {
        let made = [("p4", "review", 9.0), ("p3", "merge", 2.5), ("p2", "merge", 7.0), ("p1", "merge", 2.5)];
        for turn in 0..made.len() {
            let mut turned = made.to_vec();
            turned.rotate_left(turn);
            let proposals = list(turned.iter().map(|&(id, decision, bits)| proposal(id, decision, bits, 2)).collect());
            let ids: Vec<String> = proposals.iter().map(|proposal| proposal.expect("JSON").proposal).collect();
            assert_eq!(ids, ["p2", "p1", "p3", "p4"]);
            assert_eq!((proposals.n(Band::Merge), proposals.n(Band::Review)), (3, 1));
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
            proposal("p1", "merge", 1.0, 3),
            proposal("p2", "merge", 2.0, 3),
        ]);
        assert_eq!((proposals.len(), proposals.n_superfluous()), (3, 4));
    }
}
