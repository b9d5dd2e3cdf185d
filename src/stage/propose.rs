//! Matches and the documents of their records → proposals.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::PathBuf;

use super::rows::{Row, Writer, kind, read_runs};
use super::{broken, place, place_in, weights};
use crate::config::Config;
use crate::error::Error;
use crate::ids::RecordId;
use crate::input::{Corpus, Parser, Record};
use crate::keys::FeatureTable;
use crate::keys::table::encode;
use crate::matching::candidates::{Candidates, Pair};
use crate::matching::clusters::{Cluster, cluster};
use crate::matching::decided::Decided;
use crate::matching::score::{Verdict, score};
use crate::matching::weights::Weights;
use crate::merge::{Band, Member, Source, proposals_of};

/// Reads components, sets of records that matches connect: [`kind::MERGE`] and [`kind::REVIEW`] with the component in
/// `a` and the pair in `b` and `record`, and [`kind::DOCUMENT`]; sorted by `a`. A component is held in memory.
///
/// Writes [`kind::PROPOSAL`], [`kind::CLUSTER`] and [`kind::CUT`]. `file_names` are those of the exports. Documents that rows
/// do not bring are read in `exports`, which are the same files.
///
/// # Errors
/// If the streams are not what they should be, or the exports cannot be read.
pub fn propose<W: Write>(
    input: impl Read,
    config: &Config,
    file_names: &[String],
    exports: &[PathBuf],
    out: &mut Writer<W>,
) -> Result<(), Error> {
    let exports = if exports.is_empty() { None } else { Some(Corpus::open(exports)?) };
    let mut documents = Documents { exports, parser: Parser::default() };
    let weights = weights(config)?;
    read_runs(
        input,
        |row| row.a,
        |_, rows| {
            let (members, edges): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| row.kind == kind::DOCUMENT);
            propose_component(members, &edges, &mut documents, &weights, file_names, out)
        },
    )
}

fn propose_component<W: Write>(
    mut rows: Vec<Row>,
    edges: &[Row],
    documents: &mut Documents,
    weights: &Weights,
    file_names: &[String],
    out: &mut Writer<W>,
) -> Result<(), Error> {
    rows.sort_by_key(|row| row.record);
    rows.dedup_by_key(|row| row.record);
    let members = rows.iter().enumerate().map(|(at, row)| documents.member(row, RecordId::new(at)));
    let members = members.collect::<Result<Vec<Member>, Error>>()?;
    let features = members.iter().map(|member| &member.features);
    let features: FeatureTable = encoded(features);
    let find = |record: i64| {
        let at = rows.binary_search_by_key(&record, |row| row.record);
        at.map(RecordId::new).map_err(|_| broken(format!("the document of record {record} is missing")))
    };
    let pairs = edges.iter().map(|row| Ok(Pair::new(find(row.b)?, find(row.record)?)));
    let mut pairs = pairs.collect::<Result<Vec<Pair>, Error>>()?;
    pairs.sort_unstable();
    pairs.dedup();
    let scores = score(&features, &Candidates::of_pairs(pairs, members.len()), weights, |_| ());
    let id_of = |record: RecordId| members[record.index()].id.as_str();
    let clusters = cluster(&scores.matches, &Decided::default(), &features, weights, &id_of);
    let number = |record: RecordId| rows[record.index()].record;
    let numbers = |records: &[RecordId]| -> Vec<i64> { records.iter().map(|&record| number(record)).collect() };
    let band = |verdict| i64::from(verdict != Verdict::Merge);
    for Cluster { members, verdict, .. } in clusters.merge.iter().chain(&clusters.review) {
        let (a, numbers) = (band(*verdict), numbers(members));
        out.row(&Row { kind: kind::CLUSTER, a, numbers, ..Row::default() })?;
    }
    for cut in &clusters.cuts {
        let (Pair { a, b }, between) = (cut.link.pair, cut.contradiction.between);
        let bytes = postcard::to_allocvec(&cut.contradiction.against).expect("a small value and a growing buffer");
        let numbers = vec![number(between.a), number(between.b)];
        out.row(&Row { kind: kind::CUT, a: number(a), b: number(b), numbers, bytes, ..Row::default() })?;
    }
    let fetch = |record: RecordId| Some(members[record.index()].clone());
    let file_name = |file: u32| file_names.get(file as usize).cloned().unwrap_or_default();
    let choices = &BTreeMap::new();
    let source = Source { fetch: &fetch, file_name: &file_name, advance: &|_| (), features: &features, choices };
    let both = |proposal, cluster: &Cluster| (proposal, cluster.members.clone());
    for (proposal, records) in proposals_of(&clusters.merge, &clusters.review, &source, weights, |_| None, both) {
        let bytes = serde_json::to_vec(&proposal).map_err(|error| broken(error.to_string()))?;
        out.row(&Row {
            kind: kind::PROPOSAL,
            a: i64::from(proposal.decision != Band::Merge),
            b: -i64::from(proposal.weight().centibits()),
            numbers: numbers(&records),
            texts: vec![proposal.proposal],
            bytes,
            ..Row::default()
        })?;
    }
    Ok(())
}

fn encoded<'f>(features: impl Iterator<Item = &'f crate::keys::Features<'static>>) -> FeatureTable {
    let mut all: Vec<Vec<u8>> = Vec::new();
    for features in features {
        let mut bytes = Vec::new();
        encode(features, &mut bytes);
        all.push(bytes);
    }
    FeatureTable::of_encoded(all.len(), all.iter().enumerate().map(|(at, bytes)| (RecordId::new(at), &**bytes)))
}

/// Where documents are read.
struct Documents {
    exports: Option<Corpus>,
    parser: Parser,
}

impl Documents {
    fn member(&mut self, row: &Row, at: RecordId) -> Result<Member, Error> {
        let [.., n_findings] = row.numbers[..] else {
            return Err(broken(format!("the document of record {} has no place", row.record)));
        };
        let make = |position| move |record: &Record<'_>| Member::new(at, position, record, n_findings as usize);
        let read = match &self.exports {
            Some(exports) if row.bytes.is_empty() => {
                let position = place_in(exports, row)?;
                exports.fetch(position, &mut self.parser, make(position))
            }
            _ => {
                let document = row.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&row.bytes);
                self.parser.parse(document, make(place(row)?))
            }
        };
        read.map_err(|reason| broken(format!("the document of record {} cannot be read again: {reason}", row.record)))
    }
}
