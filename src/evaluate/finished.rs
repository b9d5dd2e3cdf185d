//! A finished report, read back as far as measuring it needs.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::config::Config;
use crate::error::Error;
use crate::gold::{Node, NodePair, Nodes};
use crate::input::Corpus;
use crate::pipeline::{self, Ids, Survey};
use crate::progress::Progress;

/// What is read of a report folder.
pub(super) struct Finished {
    pub(super) name: String,
    pub(super) inputs: Vec<Input>,
    pub(super) config: Config,
    pub(super) proposals: Vec<Proposal>,
    n_records: usize,
    n_candidate_pairs: usize,
}

/// One export, as `summary.json` names it.
#[derive(Deserialize)]
pub(super) struct Input {
    pub(super) file: String,
    /// After decompression.
    bytes: u64,
}

#[derive(Deserialize)]
struct Summary {
    inputs: Vec<Input>,
    records: Records,
    duplicates: Option<Duplicates>,
    configuration: serde_json::Value,
}

#[derive(Deserialize)]
struct Records {
    processed: usize,
}

#[derive(Deserialize)]
struct Duplicates {
    counts: Funnel,
}

#[derive(Deserialize)]
struct Funnel {
    candidate_pairs: usize,
}

/// One line of `proposals.jsonl`.
#[derive(Deserialize)]
pub(super) struct Proposal {
    pub(super) decision: String,
    pub(super) members: Vec<Member>,
    #[serde(default)]
    pairs: Vec<LinkedPair>,
}

#[derive(Deserialize)]
pub(super) struct Member {
    pub(super) id: String,
}

#[derive(Deserialize)]
struct LinkedPair {
    a: String,
    b: String,
}

impl Finished {
    /// Reads `summary.json` and `proposals.jsonl`.
    pub(super) fn read(folder: &Path) -> Result<Finished, Error> {
        let path = folder.join("summary.json");
        let fail =
            |path: &Path, reason: String| Error::Input { path: path.display().to_string(), reason, source: None };
        let text = std::fs::read_to_string(&path).map_err(|source| match source.kind() {
            std::io::ErrorKind::NotFound => fail(
                folder,
                "it holds no summary.json; name the folder that `shelfread check` or `dedupe` wrote with -o".to_owned(),
            ),
            _ => Error::input(&path, source),
        })?;
        let summary: Summary = serde_json::from_str(&text)
            .map_err(|error| fail(&path, format!("{error}; it is not the summary of a shelfread report")))?;
        let Some(duplicates) = summary.duplicates else {
            let reason = "the report is of an audit only; make one with `shelfread check` or `dedupe`";
            return Err(fail(folder, reason.to_owned()));
        };
        let config: Config = serde_json::from_value(summary.configuration).map_err(|error| {
            fail(&path, format!("its configuration is of another version ({error}); make the report again"))
        })?;
        Ok(Finished {
            name: folder.display().to_string(),
            inputs: summary.inputs,
            config,
            proposals: read_proposals(&folder.join("proposals.jsonl"))?,
            n_records: summary.records.processed,
            n_candidate_pairs: duplicates.counts.candidate_pairs,
        })
    }

    /// Opens the exports the report was made from.
    pub(super) fn open_exports(&self, progress: &Progress) -> Result<Corpus, Error> {
        let fail = |file: &str, reason: String| Error::Input { path: file.to_owned(), reason, source: None };
        if self.inputs.iter().any(|input| input.file == "-") {
            let reason = "the report was made from standard input, which cannot be read again; save the export as a \
                          file and make the report from it";
            return Err(fail("-", reason.to_owned()));
        }
        if let Some(gone) = self.inputs.iter().find(|input| !Path::new(&input.file).exists()) {
            let reason = format!(
                "the report {} was made from it, and there is no such file; run this where the report was made, since \
                 names are relative to the current folder",
                self.name
            );
            return Err(fail(&gone.file, reason));
        }
        let paths: Vec<PathBuf> = self.inputs.iter().map(|input| PathBuf::from(&input.file)).collect();
        let corpus = pipeline::open(&paths, progress)?;
        for (file, input) in corpus.files().iter().zip(&self.inputs) {
            let n_bytes = file.bytes().len() as u64;
            if n_bytes != input.bytes {
                let reason = format!(
                    "it has {n_bytes} bytes and had {} when the report {} was made; make the report again",
                    input.bytes, self.name
                );
                return Err(fail(&input.file, reason));
            }
        }
        Ok(corpus)
    }

    /// The pairs that hold merge proposals together. Also checks that all members are records of the exports.
    pub(super) fn links(&self, ids: &Ids, nodes: &mut Nodes<'_>) -> Result<Links, Error> {
        let mut next: BTreeMap<Node, Vec<Node>> = BTreeMap::new();
        for proposal in &self.proposals {
            for member in &proposal.members {
                let node = nodes.of(&member.id);
                if nodes.record(node).is_none() {
                    return Err(Error::UnknownId { id: member.id.clone(), n_records: ids.len() });
                }
            }
            if proposal.decision != "merge" {
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

    /// Says if the report comes from a program or an export that this one would treat differently.
    pub(super) fn notes(&self, survey: &Survey) -> Vec<String> {
        let mut notes = Vec::new();
        let mut note = |what: &str, was: usize, is: usize| {
            if was != is {
                notes.push(format!(
                    "the report counts {was} {what}, and this program finds {is}: it was made by another version or \
                     from other contents; causes and evidence are this version's, so make the report again"
                ));
            }
        };
        note("records", self.n_records, survey.ids.len());
        note("candidate pairs", self.n_candidate_pairs, survey.pairs.len());
        notes
    }
}

fn read_proposals(path: &Path) -> Result<Vec<Proposal>, Error> {
    let file = File::open(path).map_err(|source| Error::input(path, source))?;
    let mut proposals = Vec::new();
    for (at, line) in BufReader::new(file).lines().enumerate() {
        let line = line.map_err(|source| Error::input(path, source))?;
        let proposal = serde_json::from_str(&line).map_err(|error| Error::Input {
            path: path.display().to_string(),
            reason: format!("line {}: {error}; make the report again", at + 1),
            source: None,
        })?;
        proposals.push(proposal);
    }
    Ok(proposals)
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
