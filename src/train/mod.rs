//! Match weights from data.
//!
//! In: exports, and perhaps pairs that people have judged. Out: a [`Trained`] model, from which a configuration
//! file is written. Without judgements, expectation-maximisation after Fellegi and Sunter finds weights under
//! which the candidate pairs fall into duplicates and others (`em`); with them, a logistic regression, since its
//! coefficients in bits are match weights that allow for aspects that go together (`logistic`). The tables of common
//! title words and family names follow the exports' own (`terms`). All are drawn towards the model they start from as
//! far as data are few, and a level that no pair has keeps its weight.

mod em;
mod learner;
mod logistic;
mod order;
mod parameters;
mod rows;
mod terms;
mod text;
mod thresholds;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::config::Config;
use crate::error::Error;
use crate::files::output::Output;
use crate::gold::Counts;
use crate::gold::{Columns, NodePair, Nodes, Table, pair};
use crate::ids::RecordId;
use crate::matching::candidates::Pair;
use crate::matching::evidence::Kind;
use crate::pipeline::{self, Survey};
use crate::progress::{Progress, grouped};

use learner::Learner;
use parameters::Parameters;
use rows::{Judgement, Row};
use terms::TableChange;
use thresholds::Thresholds;

pub use text::text;

/// What people have judged, in three forms, by paths of tables. Without any, weights are estimated without labels.
#[derive(Clone, Default, Debug)]
pub struct Judged {
    /// All true pairs of the exports whose records a table names; every other candidate pair of these is none.
    pub gold: Vec<PathBuf>,
    /// Pairs with `1` or `0`; of the exports that no gold table covers, others are not used.
    pub labelled: Vec<PathBuf>,
    /// Decisions as a store or as JSON Lines, likewise.
    pub decisions: Vec<PathBuf>,
}

impl Judged {
    /// Whether nobody has judged anything.
    fn is_empty(&self) -> bool {
        self.gold.is_empty() && self.labelled.is_empty() && self.decisions.is_empty()
    }

    /// The tables, gold first.
    fn tables(&self) -> Result<Vec<Table>, Error> {
        let gold = self.gold.iter().map(|path| Table::read(path, Columns::Pairs));
        let labelled = self.labelled.iter().map(|path| Table::read(path, Columns::Labelled));
        let decisions = self.decisions.iter().map(|path| Table::of_decisions(path));
        gold.chain(labelled).chain(decisions).collect()
    }
}

/// A trained model and how it came about.
#[derive(Clone, PartialEq, Debug)]
pub struct Trained {
    /// The configuration it started from, with the new model in it.
    pub config: Config,
    /// Before and after, per kind.
    kinds: Vec<KindChange>,
    /// The tables of common words and names.
    tables: [TableChange; 2],
    /// Before and after.
    thresholds: [Thresholds; 2],
    /// Precision that merges should have.
    precision: f64,
    /// How well pairs are told apart that were not learnt from; absent without judgements.
    held_out: Option<HeldOut>,
}

/// One kind's weights before and after.
#[derive(Clone, PartialEq, Debug)]
struct KindChange {
    kind: Kind,
    /// Candidate pairs learnt from.
    n_pairs: u64,
    /// True ones among them; expected ones if nobody has judged.
    n_true: f64,
    before: Parameters,
    after: Parameters,
    /// Pairs per aspect and level.
    n_seen: Vec<u64>,
}

/// Pairs held out in turn, judged one by one, without closure.
#[derive(Clone, Copy, PartialEq, Debug)]
struct HeldOut {
    merge: [Counts; 2],
    merge_and_review: [Counts; 2],
    /// True pairs that no block brings together; they are missed before and after.
    n_unmet: usize,
}

/// Estimates the weights of all kinds from the candidate pairs of `exports`, and chooses thresholds for them, so
/// that merges have the `precision` asked for, above 0 and below 1. Pairs in `ignore` are not used.
///
/// # Errors
/// If an input or a table cannot be read; if two exports share an id and tables are given, which name records by
/// id; if there is nothing to learn from.
pub fn train(
    exports: &[PathBuf],
    judged: &Judged,
    ignore: &[PathBuf],
    precision: f64,
    config: &Config,
    progress: &Progress,
) -> Result<Trained, Error> {
    let tables = judged.tables()?;
    let ignored = ignore.iter().map(|path| Table::read(path, Columns::Pairs)).collect::<Result<Vec<_>, _>>()?;
    let corpus = pipeline::open(exports, progress)?;
    let survey = pipeline::survey(&corpus, config, progress)?;
    corpus.check_unchanged()?;
    let judgements = Judgements::new(judged, &tables, &ignored, &survey)?;
    let mut config = config.clone();
    let tables_after = terms::estimate(&mut config.model, &survey.features);
    let rows = rows::collect(&survey, &config.model, |pair| judgements.of(pair, &survey));
    let model = &config.model;
    let old = Thresholds { merge_at: model.merge_at, review_at: model.review_at };
    let learner = Learner::of(model, !judged.is_empty());
    let learnt: Vec<&Row> = rows.iter().filter(|row| row.teaches(learner.is_judged)).collect();
    check_enough(&learnt, learner.is_judged)?;
    let after = learner.fit(&learnt);
    let (new, held_out) = if learner.is_judged {
        let (new, held_out) = learner.hold_out(&rows, &learnt, judgements.n_unmet, old, precision);
        (new, Some(held_out))
    } else {
        (thresholds::of_odds(precision), None)
    };
    let kinds = learner.changes(&learnt, &after);
    for change in &kinds {
        change.after.write_to(config.model.of_mut(change.kind), &change.n_seen);
    }
    (config.model.merge_at, config.model.review_at) = (new.merge_at, new.review_at);
    config.model.origin = origin(judged, exports, &kinds);
    Ok(Trained { config, kinds, tables: tables_after, thresholds: [old, new], precision, held_out })
}

/// Writes the trained configuration, whole or not at all.
///
/// # Errors
/// If it cannot be written; an old file is then still in its place.
pub fn write(trained: &Trained, output: Output) -> Result<(), Error> {
    output.write(|out| out.write_all(trained.config.to_toml().as_bytes()))?.1.publish()
}

/// What the tables say of candidate pairs.
struct Judgements<'a> {
    nodes: Nodes<'a>,
    labels: BTreeMap<NodePair, bool>,
    ignored: BTreeSet<NodePair>,
    /// Of each gold table, the input files whose records it names; empty without gold.
    covered: Vec<BTreeSet<u32>>,
    /// True pairs that are no candidates.
    n_unmet: usize,
}

impl<'a> Judgements<'a> {
    fn new(judged: &Judged, tables: &[Table], ignored: &[Table], survey: &'a Survey) -> Result<Judgements<'a>, Error> {
        let mut nodes = Nodes::new(&survey.ids);
        let file_of = |record: RecordId| survey.positions[record.index()].file;
        if !tables.is_empty()
            && let Some(id) = nodes.shared_between_files(file_of)
        {
            return Err(Error::Input {
                path: tables[0].name.clone(),
                reason: format!(
                    "the id {id:?} stands in two exports, so a table cannot tell them apart; train on each alone"
                ),
                source: None,
            });
        }
        let mut labels = BTreeMap::new();
        let mut covered = Vec::new();
        for (number, table) in tables.iter().enumerate() {
            let pairs = nodes.pairs(table)?;
            if number < judged.gold.len() {
                let records = pairs.iter().flat_map(|((a, b), _)| [*a, *b]).filter_map(|node| nodes.record(node));
                covered.push(records.map(file_of).collect());
            }
            // Whoever judges a pair again, in a later table, has changed their mind.
            labels.extend(pairs);
        }
        let mut doubtful = BTreeSet::new();
        for table in ignored {
            doubtful.extend(nodes.pairs(table)?.into_iter().map(|(pair, _)| pair));
        }
        labels.retain(|pair, _| !doubtful.contains(pair));
        let mut met = BTreeSet::new();
        for &Pair { a, b } in &survey.pairs {
            let pair = pair(nodes.of_record(a), nodes.of_record(b));
            if labels.get(&pair) == Some(&true) {
                met.insert(pair);
            }
        }
        let n_unmet = labels.values().filter(|is_true| **is_true).count() - met.len();
        Ok(Judgements { nodes, labels, ignored: doubtful, covered, n_unmet })
    }

    fn of(&self, candidates: Pair, survey: &Survey) -> Judgement {
        let pair = pair(self.nodes.of_record(candidates.a), self.nodes.of_record(candidates.b));
        if pair.0 == pair.1 || self.ignored.contains(&pair) {
            return Judgement::NotUsed;
        }
        if let Some(&is_true) = self.labels.get(&pair) {
            return if is_true { Judgement::Yes } else { Judgement::No };
        }
        let file = |record: RecordId| survey.positions[record.index()].file;
        let (x, y) = (file(candidates.a), file(candidates.b));
        // A gold table says nothing of records in files that it does not know.
        if self.covered.iter().any(|files| files.contains(&x) && files.contains(&y)) {
            return Judgement::No;
        }
        Judgement::Unknown
    }
}

fn check_enough(rows: &[&Row], is_judged: bool) -> Result<(), Error> {
    let refuse = |reason: &str| Error::Training { reason: reason.to_owned() };
    if rows.is_empty() {
        return Err(refuse(if is_judged {
            "none of the judged pairs is a candidate pair of the exports; check that the ids are those of the exports"
        } else {
            "the exports have no candidate pairs; give more records"
        }));
    }
    if is_judged && rows.iter().all(|row| row.yes == 0.0) {
        return Err(refuse("no judged candidate pair is true; give both true and wrong pairs"));
    }
    if is_judged && rows.iter().all(|row| row.no == 0.0) {
        return Err(refuse("every judged candidate pair is true; give wrong pairs, too"));
    }
    let n_pairs: u64 = rows.iter().map(|row| row.n()).sum();
    if !is_judged && n_pairs < LEAST_PAIRS {
        return Err(refuse(&format!(
            "{n_pairs} candidate pairs are too few to learn from what they have in common: give exports with {LEAST_PAIRS} at least, or \
             judged pairs"
        )));
    }
    let n_judged: f64 = rows.iter().map(|row| row.yes + row.no).sum();
    if is_judged && n_judged < LEAST_JUDGED {
        return Err(refuse(&format!(
            "{n_judged:.0} judged candidate pairs are too few to learn from: their thresholds would be chance. Judge {LEAST_JUDGED:.0} \
             at least, and better hundreds"
        )));
    }
    Ok(())
}

/// Candidate pairs below which nothing is learnt without judgements: of a handful, all look like copies.
const LEAST_PAIRS: u64 = 100;

/// Judged candidate pairs below which nothing is learnt: from half a dozen, thresholds come out that no match reaches.
const LEAST_JUDGED: f64 = 30.0;

/// Where the numbers come from, for the model itself.
fn origin(judged: &Judged, exports: &[PathBuf], kinds: &[KindChange]) -> String {
    let names = |paths: &[PathBuf]| -> String {
        let name = |path: &PathBuf| path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        paths.iter().map(name).collect::<Vec<_>>().join(", ")
    };
    let n_pairs = kinds.iter().map(|kind| kind.n_pairs).sum();
    let n_true = kinds.iter().map(|kind| kind.n_true).sum::<f64>() as u64;
    let (exports, n) = (names(exports), grouped(n_pairs));
    if judged.is_empty() {
        return format!(
            "expectation-maximisation without labels over {n} candidate pairs of {exports}, drawn towards the model before"
        );
    }
    let tables: Vec<PathBuf> =
        [&judged.gold, &judged.labelled, &judged.decisions].into_iter().flatten().cloned().collect();
    format!(
        "logistic regression on {n} candidate pairs of {exports}, {} of them true by {}, drawn towards the model before",
        grouped(n_true),
        names(&tables)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::output::Replace;

    #[test]
    fn a_configuration_is_written_whole_or_not_at_all() {
        let place = tempfile::tempdir().expect("temporary folder");
        let path = place.path().join("model.toml");
        let output = Output::start(&path, Replace::Nothing, &[]).expect("a free place");
        let trained = Trained {
            config: Config::default(),
            tables: [TableChange { n_terms: 0, n_changed: 0 }; 2],
            kinds: Vec::new(),
            thresholds: [Thresholds { merge_at: 11.0, review_at: 9.0 }; 2],
            precision: 0.99,
            held_out: None,
        };
        write(&trained, output).expect("writable");
        assert_eq!(Config::load(Some(&path)).expect("a configuration"), Config::default());
        assert_eq!(std::fs::read_dir(place.path()).expect("readable").count(), 1, "nothing is left over");
    }
}
