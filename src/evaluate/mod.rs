//! A finished report against pairs that people have judged.
//!
//! In: a report folder and tables of true pairs. Out: an [`Evaluation`]: precision and recall after transitive
//! closure, what blocking lets through, which evidence stands behind right and wrong merges, and every wrong
//! pair with its cause. The exports are read again, and keys and comparisons made with the report's own
//! configuration; nothing in the report is changed.

mod proposals;
mod text;
mod wrong;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::Serialize;

use crate::error::Error;
use crate::files::folder::{Contents, Folder, write_pretty};
use crate::finished::Finished;
use crate::gold::{Columns, Counts, Groups, NodePair, Nodes, Table, pair, share};
use crate::input::Corpus;
use crate::matching::candidates::Pair;
use crate::matching::compare::compare;
use crate::matching::evidence::{Aspect, Comparison, Level};
use crate::matching::score::{Verdict, verdict};
use crate::matching::weights::Weights;
use crate::merge::Band;
use crate::pipeline::{self, Survey};
use crate::progress::Progress;

use proposals::Listed;

pub use text::text;
pub use wrong::WrongPair;

/// The tables a report is measured against; at least one of the first three is given.
#[derive(Clone, Debug, Default)]
pub struct Tables {
    /// All true pairs of the export.
    pub gold: Option<PathBuf>,
    /// Pairs with `1` or `0`: only these count.
    pub labelled: Option<PathBuf>,
    /// All true pairs between two sources: only pairs between sources count.
    pub cross: Option<PathBuf>,
    /// Doubtful pairs, which count neither way.
    pub ignore: Vec<PathBuf>,
}

/// Which pairs are counted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// All.
    AllPairs,
    /// All but the ignored ones.
    WithoutIgnored,
    /// Those between two sources; the source is the id up to its first colon.
    CrossSource,
    /// Those that are labelled.
    Labelled,
}

impl Scope {
    /// As printed.
    pub fn name(self) -> &'static str {
        match self {
            Scope::AllPairs => "all pairs",
            Scope::WithoutIgnored => "without ignored",
            Scope::CrossSource => "cross-source",
            Scope::Labelled => "labelled",
        }
    }
}

/// Which proposals are counted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
pub enum Bands {
    /// Merges only.
    #[serde(rename = "merge")]
    Merge,
    /// Reviews, too, as if all were accepted.
    #[serde(rename = "merge+review")]
    MergeAndReview,
}

impl Bands {
    /// As printed.
    pub fn name(self) -> &'static str {
        match self {
            Bands::Merge => "merge",
            Bands::MergeAndReview => "merge+review",
        }
    }
}

/// Precision and recall of one band on one scope.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct Measure {
    /// Which pairs.
    pub scope: Scope,
    /// Which proposals.
    pub band: Bands,
    /// Share of the proposed pairs that are true.
    pub precision: f64,
    /// Share of the true pairs that are proposed.
    pub recall: f64,
    /// Harmonic mean of the two.
    pub f1: f64,
    /// Proposed and true.
    pub tp: usize,
    /// Proposed and not true.
    pub fp: usize,
    /// True and not proposed.
    #[serde(rename = "fn")]
    pub fn_: usize,
}

impl Measure {
    fn new(scope: Scope, band: Bands, counts: Counts) -> Measure {
        let Counts { tp, fp, fn_ } = counts;
        Measure { scope, band, precision: counts.precision(), recall: counts.recall(), f1: counts.f1(), tp, fp, fn_ }
    }
}

/// What blocking lets through.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct Blocking {
    /// True pairs.
    pub true_pairs: usize,
    /// True pairs that were compared: the two share a block, or have neighbouring title keys.
    pub compared: usize,
    /// Share of the true pairs that were compared.
    pub recall: f64,
    /// All pairs that were compared.
    pub candidate_pairs: usize,
    /// Records read.
    pub records: usize,
    /// Candidate pairs per record.
    pub candidates_per_record: f64,
}

/// What is proposed.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct Proposed {
    /// Merge proposals.
    pub merge: usize,
    /// Review proposals.
    pub review: usize,
    /// Review proposals per 100 merge proposals; absent if there is no merge.
    pub reviews_per_100_merges: Option<f64>,
}

/// Merged pairs by the way they came together.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize)]
pub struct Ways {
    /// True, and judged a match themselves.
    pub right_directly: usize,
    /// True, and merged only because a third record matches.
    pub right_through_others: usize,
    /// Not true, and judged a match themselves.
    pub wrong_directly: usize,
    /// Not true, and merged only because a third record matches.
    pub wrong_through_others: usize,
}

/// One level of one aspect, and what became of pairs that have it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct LevelCounts {
    /// The aspect.
    pub aspect: Aspect,
    /// The level.
    pub level: Level,
    /// True pairs merged directly.
    pub right: usize,
    /// Other pairs merged directly.
    pub wrong: usize,
    /// True pairs not merged.
    pub missed: usize,
}

/// Why true pairs were missed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct CauseCount {
    /// The cause.
    pub cause: String,
    /// Pairs.
    pub pairs: usize,
    /// Ids of the first of them.
    pub example: (String, String),
}

/// A report measured.
#[derive(Clone, Debug, Serialize)]
pub struct Evaluation {
    /// `shelfread`.
    pub tool: &'static str,
    /// Its version.
    pub version: &'static str,
    /// The report folder, as the user named it.
    pub report: String,
    /// Exports the report names.
    pub inputs: Vec<String>,
    /// Precision and recall, per scope and band.
    pub measures: Vec<Measure>,
    /// The scope of everything below; the last of those measured.
    pub scope: Scope,
    /// What blocking lets through.
    pub blocking: Blocking,
    /// What is proposed.
    pub proposed: Proposed,
    /// Merged pairs by the way they came together.
    pub merged: Ways,
    /// Evidence behind right, wrong and missed pairs.
    pub levels: Vec<LevelCounts>,
    /// Causes of misses, most frequent first.
    pub misses: Vec<CauseCount>,
    /// What must be known to read the figures; mostly empty.
    pub notes: Vec<String>,
    /// Every wrong merge and every miss.
    #[serde(skip)]
    pub wrong: Vec<WrongPair>,
}

/// What a folder of an evaluation holds.
pub const CONTENTS: Contents = Contents {
    what: "an evaluation",
    mark: "evaluation.json",
    files: &["evaluation.json", "wrong_pairs.jsonl"],
    former: &[],
    telling: &[],
    folders: &[],
    verbatim: &[],
};

/// Writes `evaluation.json`, which holds all figures, and `wrong_pairs.jsonl`.
///
/// # Errors
/// If a file cannot be written; the folder is then dropped as a whole.
pub fn write(found: &Evaluation, folder: &Folder) -> Result<(), Error> {
    let value = serde_json::to_value(found).expect("plain numbers and words");
    folder.file("evaluation.json", |out| write_pretty(out, &value))?;
    folder.file("wrong_pairs.jsonl", |out| {
        for pair in &found.wrong {
            serde_json::to_writer(&mut *out, pair)?;
            out.write_all(b"\n")?;
        }
        Ok(())
    })
}

/// Measures the report in the folder `report`.
///
/// # Errors
/// If the folder is no report of duplicates, an export it names is gone or has changed, or a table is not readable or names
/// no record of the exports.
pub fn evaluate(report: &Path, tables: &Tables, progress: &Progress) -> Result<Evaluation, Error> {
    let read = |path: &PathBuf, columns| Table::read(path, columns);
    let gold = tables.gold.as_ref().map(|path| read(path, Columns::Pairs)).transpose()?;
    let labelled = tables.labelled.as_ref().map(|path| read(path, Columns::Labelled)).transpose()?;
    let cross = tables.cross.as_ref().map(|path| read(path, Columns::Pairs)).transpose()?;
    let ignore = tables.ignore.iter().map(|path| read(path, Columns::Pairs)).collect::<Result<Vec<_>, _>>()?;
    let finished = Finished::read(report)?;
    let weights = Weights::new(&finished.config.model)
        .map_err(|reason| Error::Config { path: report.display().to_string(), reason })?;
    let listed = Listed::read(&finished)?;
    let corpus = finished.open_exports(progress)?;
    let survey = pipeline::survey(&corpus, &finished.config, progress)?;
    corpus.check_unchanged()?;

    let mut nodes = Nodes::new(&survey.ids);
    for table in [&gold, &labelled, &cross].into_iter().flatten() {
        table.check_filled()?;
        nodes.check_known(table)?;
    }
    let truth = Truth {
        gold: gold.map(|table| nodes.pairs(&table)).transpose()?,
        labelled: labelled.map(|table| nodes.pairs(&table)).transpose()?,
        cross: cross.map(|table| nodes.pairs(&table)).transpose()?,
        ignored: ignore.iter().map(|table| nodes.pairs(table)).collect::<Result<Vec<_>, _>>()?.concat(),
    };
    let links = listed.links(&survey.ids, &mut nodes)?;
    let proposals = Proposals::of(&listed, &mut nodes);
    Ok(Judge { corpus: &corpus, survey: &survey, weights: &weights, nodes: &nodes, links: &links }
        .evaluation(&finished, &listed, &truth, &proposals))
}

/// What the tables say.
struct Truth {
    gold: Option<Vec<(NodePair, bool)>>,
    labelled: Option<Vec<(NodePair, bool)>>,
    cross: Option<Vec<(NodePair, bool)>>,
    ignored: Vec<(NodePair, bool)>,
}

/// All proposed pairs after transitive closure.
struct Proposals {
    merge: BTreeSet<NodePair>,
    merge_and_review: BTreeSet<NodePair>,
}

impl Proposals {
    fn of(listed: &Listed, nodes: &mut Nodes<'_>) -> Proposals {
        let mut closed = |wanted: &dyn Fn(Band) -> bool| {
            let mut links = Vec::new();
            for proposal in listed.0.iter().filter(|proposal| wanted(proposal.decision)) {
                let members: Vec<_> = proposal.members.iter().map(|member| nodes.of(&member.id)).collect();
                links.extend(members.iter().skip(1).map(|&member| (members[0], member)));
            }
            let mut groups = Groups::new(nodes.len());
            links.iter().for_each(|&(a, b)| groups.join(a, b));
            groups.pairs().into_iter().collect()
        };
        Proposals { merge: closed(&|decision| decision == Band::Merge), merge_and_review: closed(&|_| true) }
    }

    fn of_band(&self, band: Bands) -> &BTreeSet<NodePair> {
        match band {
            Bands::Merge => &self.merge,
            Bands::MergeAndReview => &self.merge_and_review,
        }
    }
}

/// One scope: its true pairs, and which proposed pairs count.
struct Scoped {
    scope: Scope,
    is_true: BTreeSet<NodePair>,
    merged: BTreeSet<NodePair>,
    measures: [Measure; 2],
}

/// What wrong pairs are judged with.
struct Judge<'a> {
    corpus: &'a Corpus,
    survey: &'a Survey,
    weights: &'a Weights,
    nodes: &'a Nodes<'a>,
    links: &'a proposals::Links,
}

/// A pair looked at again.
struct Seen {
    pair: NodePair,
    /// Absent if a record is missing.
    comparison: Option<Comparison>,
    was_compared: bool,
    /// Whether the pair itself is a match, not only through other records.
    is_direct: bool,
}

impl Judge<'_> {
    fn evaluation(&self, finished: &Finished, listed: &Listed, truth: &Truth, proposals: &Proposals) -> Evaluation {
        let scopes = self.scopes(truth, proposals);
        let main = scopes.last().expect("the command line asks for a table");
        let compared = self.compared();
        let look = |pairs: Vec<NodePair>| -> Vec<Seen> {
            pairs.into_par_iter().map(|pair| self.look(pair, &compared)).collect()
        };
        let right = look(main.merged.intersection(&main.is_true).copied().collect());
        let wrong = look(main.merged.difference(&main.is_true).copied().collect());
        let missed = look(main.is_true.difference(&main.merged).copied().collect());
        let directly = |seen: &[Seen]| seen.iter().filter(|seen| seen.is_direct).count();
        let n_compared = main.is_true.iter().filter(|pair| compared.binary_search(pair).is_ok()).count();
        let n_records = self.survey.ids.len();
        let n_with = |decision| listed.0.iter().filter(|found| found.decision == decision).count();
        let (merge, review) = (n_with(Band::Merge), n_with(Band::Review));
        let pairs = self.wrong_pairs(&wrong, &missed, &proposals.merge_and_review);
        Evaluation {
            tool: "shelfread",
            version: env!("CARGO_PKG_VERSION"),
            report: finished.name(),
            inputs: finished.inputs.iter().map(|input| input.file.clone()).collect(),
            measures: scopes.iter().flat_map(|scope| scope.measures).collect(),
            scope: main.scope,
            blocking: Blocking {
                true_pairs: main.is_true.len(),
                compared: n_compared,
                recall: share(n_compared, main.is_true.len()),
                candidate_pairs: self.survey.pairs.len(),
                records: n_records,
                candidates_per_record: self.survey.pairs.len() as f64 / n_records.max(1) as f64,
            },
            proposed: Proposed {
                merge,
                review,
                reviews_per_100_merges: (merge > 0).then(|| 100.0 * review as f64 / merge as f64),
            },
            merged: Ways {
                right_directly: directly(&right),
                right_through_others: right.len() - directly(&right),
                wrong_directly: directly(&wrong),
                wrong_through_others: wrong.len() - directly(&wrong),
            },
            levels: level_counts(&right, &wrong, &missed),
            misses: wrong::causes(&pairs),
            notes: proposals::notes(finished, self.survey),
            wrong: pairs,
        }
    }

    fn scopes(&self, truth: &Truth, proposals: &Proposals) -> Vec<Scoped> {
        let set = |pairs: &[(NodePair, bool)], wanted: bool| -> BTreeSet<NodePair> {
            pairs.iter().filter(|(_, is_true)| *is_true == wanted).map(|(pair, _)| *pair).collect()
        };
        let ignored = set(&truth.ignored, true);
        let nothing = BTreeSet::new();
        let mut scopes = Vec::new();
        if let Some(gold) = &truth.gold {
            let gold = set(gold, true);
            scopes.push(scoped(Scope::AllPairs, proposals, &gold, &nothing, &|_| true));
            if !ignored.is_subset(&gold) {
                scopes.push(scoped(Scope::WithoutIgnored, proposals, &gold, &ignored, &|_| true));
            }
        }
        if let Some(cross) = &truth.cross {
            let source = |node| self.nodes.name(node).split(':').next();
            let counts = |(a, b): &NodePair| source(*a) != source(*b);
            scopes.push(scoped(Scope::CrossSource, proposals, &set(cross, true), &nothing, &counts));
        }
        if let Some(labelled) = &truth.labelled {
            let (yes, no) = (set(labelled, true), set(labelled, false));
            let counts = |pair: &NodePair| yes.contains(pair) || no.contains(pair);
            scopes.push(scoped(Scope::Labelled, proposals, &yes, &nothing, &counts));
        }
        scopes
    }

    /// Ids of all candidate pairs, ascending. Copies of a record stand for their first one.
    fn compared(&self) -> Vec<NodePair> {
        let node = |record| self.nodes.of_record(record);
        let mut pairs: Vec<NodePair> = self.survey.pairs.iter().map(|&Pair { a, b }| pair(node(a), node(b))).collect();
        pairs.par_sort_unstable();
        pairs.dedup();
        pairs
    }

    fn look(&self, pair: NodePair, compared: &[NodePair]) -> Seen {
        let was_compared = compared.binary_search(&pair).is_ok();
        let records = self.nodes.record(pair.0).zip(self.nodes.record(pair.1));
        let features = |record: crate::ids::RecordId| self.survey.features.get(record);
        let comparison = records.map(|(a, b)| compare(&features(a), &features(b), self.weights));
        let merges = |comparison: &Comparison| verdict(comparison, self.weights) == Verdict::Merge;
        let is_direct = was_compared && comparison.as_ref().is_some_and(merges);
        Seen { pair, comparison, was_compared, is_direct }
    }
}

fn scoped(
    scope: Scope,
    proposals: &Proposals,
    is_true: &BTreeSet<NodePair>,
    ignored: &BTreeSet<NodePair>,
    counts: &dyn Fn(&NodePair) -> bool,
) -> Scoped {
    let is_true: BTreeSet<NodePair> = is_true.difference(ignored).copied().collect();
    let of_band = |band| -> BTreeSet<NodePair> {
        proposals.of_band(band).iter().copied().filter(|pair| counts(pair) && !ignored.contains(pair)).collect()
    };
    let merged = of_band(Bands::Merge);
    let measures = [
        Measure::new(scope, Bands::Merge, Counts::of(&merged, &is_true)),
        Measure::new(scope, Bands::MergeAndReview, Counts::of(&of_band(Bands::MergeAndReview), &is_true)),
    ];
    Scoped { scope, is_true, merged, measures }
}

/// Counts the evidence of pairs that were merged directly, and of missed ones.
fn level_counts(right: &[Seen], wrong: &[Seen], missed: &[Seen]) -> Vec<LevelCounts> {
    let mut table = [[[0_usize; 3]; Level::ALL.len()]; Aspect::ALL.len()];
    for (column, seen) in [(0, right), (1, wrong), (2, missed)] {
        for comparison in seen.iter().filter(|seen| column == 2 || seen.is_direct).filter_map(|s| s.comparison.as_ref())
        {
            for evidence in &comparison.evidence {
                table[evidence.aspect as usize][evidence.level as usize][column] += 1;
            }
        }
    }
    let all = Aspect::ALL.iter().flat_map(|&aspect| Level::ALL.iter().map(move |&level| (aspect, level)));
    all.map(|(aspect, level)| {
        let [right, wrong, missed] = table[aspect as usize][level as usize];
        LevelCounts { aspect, level, right, wrong, missed }
    })
    .filter(|line| line.right + line.wrong + line.missed > 0)
    .collect()
}
