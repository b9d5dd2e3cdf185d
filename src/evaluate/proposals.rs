//! What measuring reads of a finished report beside its summary.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::error::Error;
use crate::finished::Finished;
use crate::gold::{Node, NodePair, Nodes};
use crate::ids::Ids;
use crate::merge::Band;
use crate::pipeline::Survey;

/// One line of `proposals.jsonl`, as far as measuring needs it.
#[derive(Deserialize)]
pub(super) struct Proposal {
    pub(super) decision: Band,
    pub(super) members: Vec<Member>,
    #[serde(default)]
    pairs: Vec<LinkedPair>,
}

/// A record of a proposal, known by its id alone.
#[derive(Deserialize)]
pub(super) struct Member {
    pub(super) id: String,
}

#[derive(Deserialize)]
struct LinkedPair {
    a: String,
    b: String,
}

/// The proposals that a report lists.
pub(super) struct Listed(pub(super) Vec<Proposal>);

impl Listed {
    /// Those of a report on duplicates; that of an audit only is refused.
    pub(super) fn read(finished: &Finished) -> Result<Listed, Error> {
        finished.check_dedupes()?;
        finished.proposals().map(Listed)
    }

    /// The pairs that hold merge proposals together. Also checks that all members are records of the exports.
    pub(super) fn links(&self, ids: &Ids, nodes: &mut Nodes<'_>) -> Result<Links, Error> {
        let mut next: BTreeMap<Node, Vec<Node>> = BTreeMap::new();
        for proposal in &self.0 {
            for member in &proposal.members {
                let node = nodes.of(&member.id);
                if nodes.record(node).is_none() {
                    return Err(Error::UnknownId { id: member.id.clone(), n_records: ids.len() });
                }
            }
            if proposal.decision != Band::Merge {
                continue;
            }
            for linked in &proposal.pairs {
                let (a, b) = (nodes.of(&linked.a), nodes.of(&linked.b));
                next.entry(a).or_default().push(b);
                next.entry(b).or_default().push(a);
            }
        }
        for nodes in next.values_mut() {
            nodes.sort_unstable();
            nodes.dedup();
        }
        Ok(Links { next })
    }
}

/// Says if the report comes from a program or an export that this one would treat differently.
pub(super) fn notes(finished: &Finished, survey: &Survey) -> Vec<String> {
    let mut notes = Vec::new();
    let mut note = |what: &str, was: usize, is: usize| {
        if was != is {
            notes.push(format!(
                "the report counts {was} {what}, and this program finds {is}: it was made by another version or \
                 from other contents; causes and evidence are this version's, so make the report again"
            ));
        }
    };
    note("records", finished.n_records, survey.ids.len());
    note("candidate pairs", finished.n_candidate_pairs.unwrap_or_default(), survey.pairs.len());
    notes
}

/// The pairs that hold merge proposals together.
pub(super) struct Links {
    next: BTreeMap<Node, Vec<Node>>,
}

impl Links {
    /// The records on the shortest way from one record to the other, both left out; empty if the two are linked
    /// themselves or there is no way, as in clusters whose pairs were too many to be listed.
    pub(super) fn between(&self, (from, to): NodePair) -> Vec<Node> {
        let mut came_from: BTreeMap<Node, Node> = BTreeMap::from([(from, from)]);
        let mut edge = vec![from];
        while !edge.is_empty() && !came_from.contains_key(&to) {
            let mut beyond = Vec::new();
            for &at in &edge {
                for &next in self.next.get(&at).into_iter().flatten() {
                    came_from.entry(next).or_insert_with(|| {
                        beyond.push(next);
                        at
                    });
                }
            }
            edge = beyond;
        }
        let mut way = Vec::new();
        let mut at = to;
        while let Some(&before) = came_from.get(&at) {
            if before == from {
                break;
            }
            way.push(before);
            at = before;
        }
        way.reverse();
        way
    }

    #[cfg(test)]
    fn of(pairs: &[NodePair]) -> Links {
        let mut next: BTreeMap<Node, Vec<Node>> = BTreeMap::new();
        for &(a, b) in pairs {
            next.entry(a).or_default().push(b);
            next.entry(b).or_default().push(a);
        }
        Links { next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_between_two_records_is_the_shortest() {
        let mut ids = Ids::default();
        ["a", "b", "c", "d", "e"].iter().for_each(|id| ids.push(id));
        let mut nodes = Nodes::new(&ids);
        let mut node = |id: &str| nodes.of(id);
        let (a, b, c, d, e) = (node("a"), node("b"), node("c"), node("d"), node("e"));
        let links = Links::of(&[(a, b), (b, c), (c, d), (b, d)]);
        assert_eq!(links.between((a, d)), [b]);
        assert_eq!(links.between((a, b)), []);
        assert_eq!(links.between((a, e)), []);
    }
}
