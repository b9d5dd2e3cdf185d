//! The command line: definitions only.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::{Arg, ArgGroup, Args, Parser, Subcommand, ValueEnum};

use crate::audit::{Severity, TitleSort};
use crate::decisions::Prefer;
use crate::report::Format;

/// Finds duplicate and defective records in VuFind/Solr catalogue exports.
#[derive(Debug, Parser)]
#[command(name = "shelfread", version, about, after_help = EXIT_CODES)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const EXIT_CODES: &str =
    "Exit codes: 0 clean, 1 an audit finding at or above --fail-on, 2 could not run, 3 a defect of the program.";

/// Subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Find duplicates and audit every record, in one pass over the records
    Check(AuditArgs),
    /// Only find duplicates
    #[command(mut_arg("fail_on", |arg| arg.hide(true)))]
    Dedupe(DedupeArgs),
    /// Only audit the records
    #[command(mut_args(of_matching))]
    Audit(AuditArgs),
    /// Show what safe repairs would change, or apply reviewed ones to a copy of the export
    Fix(FixArgs),
    /// List the audit rules, or explain one: `shelfread rule T002`
    #[command(visible_alias = "rule")]
    Rules(RulesArgs),
    /// Say whether records are in the catalogue already, given the index of a run
    Find(FindArgs),
    /// Say why two records match or do not
    Explain(ExplainArgs),
    /// Decide on merge proposals in the browser, and look through findings
    Review(ReviewArgs),
    /// Turn accepted proposals into files to load, with before-images to take any merge back
    Apply(ApplyArgs),
    /// Write the decisions of a store as JSON Lines, or take such lines into a store
    #[command(subcommand)]
    Decisions(DecisionsCommand),
    /// Measure a finished report against pairs that people have judged
    Evaluate(EvaluateArgs),
    /// Learn match weights from exports, with judged pairs or without
    Train(TrainArgs),
    /// Do one stage of a run as a filter of Arrow streams, for engines that spread a run over machines
    #[command(subcommand)]
    Stage(StageCommand),
    /// Print the match weights per kind of pair, with bars
    Model(ModelArgs),
    /// Print the configuration with every default, as TOML
    Config(ConfigArgs),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

/// Hides from the help of `audit` what is about matching; given nevertheless, it is refused with the reason.
fn of_matching(arg: Arg) -> Arg {
    let is_hidden = ["index", "rebuild", "decisions"].contains(&arg.get_id().as_str());
    if is_hidden { arg.hide(true) } else { arg }
}

/// Options of every command that reads exports.
#[derive(Debug, Args)]
pub struct ReadArgs {
    /// Settings to lay over the defaults (TOML; see `shelfread config`)
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Number of threads, at most 1024; 0 takes all cores
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u32).range(..=1024))]
    pub threads: u32,
    /// Say nothing but errors, and that an export is not whole
    #[arg(long, short)]
    pub quiet: bool,
    /// What compressed exports may hold.
    #[command(flatten)]
    pub unpack: UnpackArgs,
}

/// Bounds on compressed exports.
#[derive(Clone, Copy, Debug, Args)]
pub struct UnpackArgs {
    /// Most bytes of one export when decompressed, such as 500M or 20G [default: 100 times the compressed size, at least
    /// 1G]
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub max_decompressed: Option<u64>,
}

/// A number of bytes, with K, M, G or T for powers of 1024.
fn size(text: &str) -> Result<u64, String> {
    let text = text.trim();
    let (digits, shift) = match text.char_indices().last() {
        Some((at, unit)) if !unit.is_ascii_digit() => {
            let power = "KMGT".find(unit.to_ascii_uppercase()).ok_or("the unit is none of K, M, G and T")?;
            (&text[..at], 10 * (power as u32 + 1))
        }
        _ => (text, 0),
    };
    let number: u64 = digits.parse().map_err(|_| "it is no whole number of bytes, such as 500M".to_owned())?;
    number.checked_mul(1 << shift).filter(|&bytes| bytes > 0).ok_or_else(|| "it is out of range".to_owned())
}

/// A text without the blanks around it, as `T, W002` has after the comma.
fn trimmed(text: &str) -> Result<String, std::convert::Infallible> {
    Ok(text.trim().to_owned())
}

/// What `check`, `dedupe` and `audit` have in common.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// Exports: Solr answers, JSON Lines, arrays, Staff View text; plain, gzip or zstd; `-` reads stdin
    #[arg(value_name = "EXPORT", required = true)]
    pub exports: Vec<PathBuf>,
    /// Replace an existing report
    #[arg(long)]
    pub force: bool,
    /// Decisions to obey: the file that `shelfread review` keeps, its export, or lines of {"a": ID, "b": ID,
    /// "decision": "accept" or "reject"}. Rejected pairs are never proposed or bridged, accepted ones are merged; of
    /// several on a pair the last counts; may be repeated
    #[arg(long, value_name = "FILE")]
    pub decisions: Vec<PathBuf>,
    /// Least severity of a finding that makes the exit code 1 [default: error]
    #[arg(long, value_name = "SEVERITY")]
    pub fail_on: Option<FailOn>,
    /// Most parts of the input that may be no record, as a number or such as 5%: with more, the exit code is 2, and
    /// neither baseline nor index is written [default: any number, but a baseline is not written if it is more than half]
    #[arg(long, value_name = "N|P%", value_parser = max_rejects)]
    pub max_rejects: Option<MaxRejects>,
    /// Folder that keeps what the next run needs: made if it is not there, else used and brought up to date. The report
    /// is the same with and without it; summary.json then says what is new, changed and gone since
    #[arg(long, value_name = "FOLDER")]
    pub index: Option<PathBuf>,
    /// Make the index anew, whatever is wrong with the one there
    #[arg(long, requires = "index")]
    pub rebuild: bool,
    /// Options of reading.
    #[command(flatten)]
    pub read: ReadArgs,
}

/// How much of an input may be no record.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum MaxRejects {
    /// So many parts of it.
    Parts(u64),
    /// So many in a hundred.
    Percent(f64),
}

impl MaxRejects {
    /// Whether more than that of `n_read` parts were rejected.
    pub fn is_exceeded(self, n_rejected: u64, n_read: u64) -> bool {
        match self {
            MaxRejects::Parts(most) => n_rejected > most,
            MaxRejects::Percent(most) => n_rejected as f64 * 100.0 > most * n_read as f64,
        }
    }
}

fn max_rejects(text: &str) -> Result<MaxRejects, String> {
    let wrong = |_| "a number such as 20 or a share such as 5% is expected".to_owned();
    let Some(share) = text.trim().strip_suffix('%') else {
        return text
            .trim()
            .parse()
            .map(MaxRejects::Parts)
            .map_err(|error: std::num::ParseIntError| wrong(error.to_string()));
    };
    let share: f64 = share.trim().parse().map_err(|error: std::num::ParseFloatError| wrong(error.to_string()))?;
    if (0.0..=100.0).contains(&share) {
        Ok(MaxRejects::Percent(share))
    } else {
        Err("it must be from 0% to 100%".to_owned())
    }
}

/// Stages of a run. All but the last read rows from stdin and write rows to stdout; docs/spark.md has their columns.
#[derive(Debug, Subcommand)]
pub enum StageCommand {
    /// Lines to records with their features and keys
    Keys(SpreadArgs),
    /// Lines to parts of an audit, which a report joins
    Audit(StageArgs),
    /// Lines to both at once
    Read(SpreadArgs),
    /// Keys of one part to members of blocks and title keys
    Blocks(SpreadArgs),
    /// Members of blocks that are too large to the pieces these are divided in
    Pieces(StageArgs),
    /// Blocks that are too large to their parts
    Divide(SpreadArgs),
    /// Title keys and records of huge blocks, sorted, to pairs of neighbours
    Near {
        /// Number of this part of all rows in their order
        #[arg(long, value_name = "N", default_value_t = 0)]
        part: i64,
        /// Common ones.
        #[command(flatten)]
        stage: StageArgs,
    },
    /// Members of blocks, and features, to records for the parts where their blocks come together
    Members(SpreadArgs),
    /// Records of one part of the blocks to pairs that match
    Score(StageArgs),
    /// Matches and documents, sorted by component, to proposals
    Propose {
        /// Name of an export as the report shows it; once per export, in their order
        #[arg(long, value_name = "NAME")]
        file: Vec<String>,
        /// The export itself, likewise: documents are read there, and rows bring none
        #[arg(long, value_name = "EXPORT")]
        export: Vec<PathBuf>,
        /// Common ones.
        #[command(flatten)]
        stage: StageArgs,
    },
    /// What all stages found to the report of a run
    Report {
        /// Exports, as the stages were given them: JSON Lines
        #[arg(value_name = "EXPORT", required = true)]
        exports: Vec<PathBuf>,
        /// Folder for the report; it must not exist
        #[arg(long, short, value_name = "REPORT")]
        output: PathBuf,
        /// Replace an existing report
        #[arg(long)]
        force: bool,
        /// Common ones.
        #[command(flatten)]
        stage: StageArgs,
    },
}

/// Options of stages that write for parts.
#[derive(Debug, Args)]
pub struct SpreadArgs {
    /// Number of parts that keys, records and blocks are spread over, at most 1048576; the same for all stages
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1 << 20))]
    pub parts: u32,
    /// Common ones.
    #[command(flatten)]
    pub stage: StageArgs,
}

/// What stages have in common.
#[derive(Debug, Args)]
pub struct StageArgs {
    /// Settings to lay over the defaults (TOML; see `shelfread config`); the same for all stages
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Number of threads, at most 1024; 0 takes all cores
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(..=1024))]
    pub threads: u32,
}

/// Arguments of `fix`.
#[derive(Debug, Args)]
#[command(after_help = NEVER_SOLR, override_usage = "shelfread fix <EXPORT>... --preview [ID]...\n       shelfread fix <EXPORT>... --fixes <FILE> -o <COPY>")]
pub struct FixArgs {
    /// Exports; see `shelfread check --help`
    #[arg(value_name = "EXPORT", required = true)]
    pub exports: Vec<PathBuf>,
    /// Print the repairs of these records as unified diffs; without an id, of the first few that have any
    #[arg(long, value_name = "ID", num_args = 0.., conflicts_with = "output", required_unless_present = "output")]
    pub preview: Option<Vec<String>>,
    /// Reviewed patches: fixes.jsonl of a report, or a part of it; with --preview, shown instead of a new audit's
    #[arg(long, value_name = "FILE")]
    pub fixes: Option<PathBuf>,
    /// JSON Lines file to write: the export with the patches applied, packed if it is called .gz or .zst; it must not exist
    #[arg(long, short, value_name = "COPY", requires = "fixes")]
    pub output: Option<PathBuf>,
    /// Replace an existing file
    #[arg(long, requires = "output")]
    pub force: bool,
    /// Options of reading.
    #[command(flatten)]
    pub read: ReadArgs,
}

const NEVER_SOLR: &str = "Nothing is written to Solr, and the copy must not be posted to it either: posting an exported \
document again doubles the stored destinations of copyFields (author_facet, spellingShingle), fails for single-valued \
ones (title_fullStr), and loses the sources that are not stored (allfields, fulltext). Use the patches to correct import \
rules or source records, and the copy to see what the audit says afterwards.";

/// Arguments of `find`.
#[derive(Debug, Args)]
#[command(after_help = FIND_CODES)]
pub struct FindArgs {
    /// Records to look for, in the shapes that `shelfread check --help` names; `-` reads stdin
    #[arg(value_name = "RECORD", required = true)]
    pub records: Vec<PathBuf>,
    /// The folder that `shelfread check EXPORT --index FOLDER` keeps
    #[arg(long, value_name = "FOLDER")]
    pub index: PathBuf,
    /// How the answer is printed
    #[arg(long, value_enum, default_value_t = FindFormat::Text, value_name = "FORMAT")]
    pub format: FindFormat,
    /// Options of reading; the settings are those that the index was made with.
    #[command(flatten)]
    pub read: ReadArgs,
}

const FIND_CODES: &str = "Compared are records that share a key or have a title up to two letters apart, as in a run. Of words \
that many records share alone a run makes more: it divides those records by year, author and publisher, and finds copies among \
them that this command does not; of other keys the first 2,000 records are looked at.

Give the --config that the index was made with. With --quiet, the exit code alone is the answer. \
Exit codes: 0 none of the records is there, 1 at least one is or may be, or its id is taken by another one, 2 could not run or a record is unreadable.";

/// Forms of an answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum FindFormat {
    /// A few lines per record
    Text,
    /// One JSON object per record and line
    Jsonl,
}

/// Arguments of `dedupe`.
#[derive(Debug, Args)]
pub struct DedupeArgs {
    /// Common ones.
    #[command(flatten)]
    pub run: RunArgs,
    /// Folder for the report; it must not exist
    #[arg(long, short, value_name = "REPORT")]
    pub output: PathBuf,
}

/// Arguments of `check` and `audit`.
#[derive(Debug, Args)]
#[command(after_help = SELECTORS, group = destination())]
pub struct AuditArgs {
    /// Common ones.
    #[command(flatten)]
    pub run: RunArgs,
    /// Folder for the report; it must not exist. May be left out with --format or --write-baseline
    #[arg(long, short, value_name = "REPORT")]
    pub output: Option<PathBuf>,
    /// Run only these rules, whatever the configuration selects
    #[arg(long, value_name = "RULES", value_delimiter = ',', value_parser = trimmed)]
    pub select: Vec<String>,
    /// Do not run these rules
    #[arg(long, value_name = "RULES", value_delimiter = ',', value_parser = trimmed)]
    pub ignore: Vec<String>,
    /// Sort titles that T002 accepts: those of any release, or of current ones only [default: any]
    #[arg(long, value_name = "RELEASES")]
    pub title_sort: Option<TitleSortFlag>,
    /// Print the findings to stdout
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<FindingsFormat>,
    /// Report only findings that are not in this file
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Keep the fingerprints of all findings in this file, which may be that of --baseline. Without --baseline, findings
    /// are thereby accepted and the exit code is 0
    #[arg(long, value_name = "FILE")]
    pub write_baseline: Option<PathBuf>,
}

/// Where the outcome of an audit goes: to one of these places at least.
fn destination() -> ArgGroup {
    ArgGroup::new("destination").args(["output", "format", "write_baseline"]).required(true).multiple(true)
}

const SELECTORS: &str = "Rules are named by code (T002), beginning of codes (T), name (title-sort-mismatch) or ALL, with \
commas between. The longer name outweighs the shorter one. `shelfread rules` lists them.";

/// Values of `--format`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum FindingsFormat {
    /// By rule, with counts and first examples; coloured on a terminal.
    Text,
    /// One object per line.
    Jsonl,
    /// A table.
    Csv,
    /// SARIF 2.1.0 for code scanning.
    Sarif,
    /// Test results: one suite per rule.
    Junit,
    /// Annotations of a GitHub workflow.
    Github,
}

impl From<FindingsFormat> for Format {
    fn from(format: FindingsFormat) -> Format {
        match format {
            FindingsFormat::Text => Format::Text,
            FindingsFormat::Jsonl => Format::Jsonl,
            FindingsFormat::Csv => Format::Csv,
            FindingsFormat::Sarif => Format::Sarif,
            FindingsFormat::Junit => Format::Junit,
            FindingsFormat::Github => Format::Github,
        }
    }
}

/// Values of `--title-sort`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum TitleSortFlag {
    /// Those of all releases.
    Any,
    /// Those of current releases, without punctuation.
    Current,
}

impl From<TitleSortFlag> for TitleSort {
    fn from(flag: TitleSortFlag) -> TitleSort {
        match flag {
            TitleSortFlag::Any => TitleSort::Any,
            TitleSortFlag::Current => TitleSort::Current,
        }
    }
}

/// Arguments of `review`.
#[derive(Debug, Args)]
#[command(after_help = REVIEWING)]
pub struct ReviewArgs {
    /// What compressed exports may hold.
    #[command(flatten)]
    pub unpack: UnpackArgs,
    /// Folder of a finished report; the exports it names are read again
    #[arg(value_name = "REPORT")]
    pub report: PathBuf,
    /// Store of decisions; it is made if there is none [default: decisions.sqlite beside the report]
    #[arg(long, value_name = "FILE")]
    pub decisions: Option<PathBuf>,
    /// Who decides, as kept with every decision [default: the user of this machine]
    #[arg(long, value_name = "NAME")]
    pub user: Option<String>,
    /// Port to listen on; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    pub port: u16,
    /// Listen on this address instead of this machine's own; everyone then needs the token of the printed address
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<IpAddr>,
    /// Do not open the browser
    #[arg(long)]
    pub no_browser: bool,
    /// Say nothing but the address and errors
    #[arg(long, short)]
    pub quiet: bool,
}

const REVIEWING: &str = "Ctrl-C ends it; every decision is on disk as soon as the browser shows the next proposal. \
`shelfread check --decisions FILE` obeys them in the next run.";

/// Arguments of `apply`.
#[derive(Debug, Args)]
#[command(after_help = APPLYING, override_usage = "shelfread apply <REPORT> [--decisions <FILE>]... -o <OUT>\n       shelfread apply <APPLIED> --undo <PROPOSAL> -o <OUT>")]
pub struct ApplyArgs {
    /// What compressed exports may hold.
    #[command(flatten)]
    pub unpack: UnpackArgs,
    /// Folder of a finished report; with --undo, a folder that `apply` wrote
    #[arg(value_name = "REPORT")]
    pub report: PathBuf,
    /// Decisions, as `check --decisions` reads them: accepted proposals are applied, rejected and deferred ones are
    /// not; may be repeated. Without it, all proposals to merge are applied
    #[arg(long, value_name = "FILE")]
    pub decisions: Vec<PathBuf>,
    /// Take back the merge of this proposal or group
    #[arg(long, value_name = "PROPOSAL", conflicts_with = "decisions")]
    pub undo: Option<String>,
    /// Folder to write; it must not exist
    #[arg(long, short, value_name = "OUT")]
    pub output: PathBuf,
    /// Replace an existing folder of this kind
    #[arg(long)]
    pub force: bool,
    /// Number of threads, at most 1024; 0 takes all cores
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u32).range(..=1024))]
    pub threads: u32,
    /// Print the result and errors only
    #[arg(long, short)]
    pub quiet: bool,
}

const APPLYING: &str = "Nothing is written to Solr. If a record to merge has changed since the report was made, nothing is written \
at all. README.md in the folder says what each file is for.";

/// Subcommands of `decisions`.
#[derive(Debug, Subcommand)]
pub enum DecisionsCommand {
    /// Write all decisions as JSON Lines, in the order in which they were made: for version control and exchange
    Export {
        /// The store that `shelfread review` keeps
        #[arg(value_name = "STORE")]
        store: PathBuf,
        /// File to write; stdout without it
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
        /// Replace an existing file
        #[arg(long, requires = "output")]
        force: bool,
    },
    /// Add decisions to a store, those it has already left out; all or none are taken
    Import {
        /// Exported decisions, another store, or lines of {"a": ID, "b": ID, "decision": "accept" or "reject"}
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// The store; it is made if there is none
        #[arg(long, value_name = "STORE", default_value = "decisions.sqlite")]
        into: PathBuf,
        /// Whose decision counts where both sides decided differently without knowing of each other; without it,
        /// such decisions are listed and nothing is taken
        #[arg(long, value_name = "SIDE")]
        prefer: Option<PreferFlag>,
    },
}

/// Values of `decisions import --prefer`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum PreferFlag {
    /// The store's.
    Own,
    /// The imported one.
    Imported,
}

impl From<PreferFlag> for Prefer {
    fn from(flag: PreferFlag) -> Prefer {
        match flag {
            PreferFlag::Own => Prefer::Own,
            PreferFlag::Imported => Prefer::Imported,
        }
    }
}

/// Arguments of `rules`.
#[derive(Debug, Args)]
pub struct RulesArgs {
    /// Code or name of the rule to explain, or the beginning of the codes to list; all are listed without it
    #[arg(value_name = "RULE")]
    pub rule: Option<String>,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text", conflicts_with = "rule")]
    pub format: RulesFormat,
}

/// Values of `rules --format`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum RulesFormat {
    /// A table.
    Text,
    /// The whole reference.
    Markdown,
    /// A list of objects.
    Json,
}

/// Arguments of `explain`.
#[derive(Debug, Args)]
#[command(override_usage = "shelfread explain [OPTIONS] <EXPORT>... <ID_A> <ID_B>")]
pub struct ExplainArgs {
    /// Exports, then the ids of two records in them
    #[arg(value_name = "EXPORT... ID_A ID_B", required = true, num_args = 3..)]
    pub exports_and_ids: Vec<String>,
    /// Options of reading.
    #[command(flatten)]
    pub read: ReadArgs,
}

/// Arguments of `evaluate`.
#[derive(Debug, Args)]
#[command(after_help = TABLES)]
pub struct EvaluateArgs {
    /// What compressed exports may hold.
    #[command(flatten)]
    pub unpack: UnpackArgs,
    /// Folder of a finished report; the exports it names are read again
    #[arg(value_name = "REPORT")]
    pub report: PathBuf,
    /// Pairs that are counted.
    #[command(flatten)]
    pub tables: TableArgs,
    /// Pairs to count neither way; may be repeated
    #[arg(long, value_name = "FILE")]
    pub ignore: Vec<PathBuf>,
    /// Folder for evaluation.json and wrong_pairs.jsonl (every wrong merge and every miss with its cause);
    /// it must not exist
    #[arg(long, short, value_name = "FOLDER")]
    pub output: Option<PathBuf>,
    /// Replace an existing evaluation
    #[arg(long, requires = "output")]
    pub force: bool,
    /// Number of threads, at most 1024; 0 takes all cores
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u32).range(..=1024))]
    pub threads: u32,
    /// Print the result and errors only
    #[arg(long, short)]
    pub quiet: bool,
}

/// Tables of `evaluate`. If several are given, what follows precision and recall is about the last of them.
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub struct TableArgs {
    /// All true pairs of the exports: every other pair is wrong
    #[arg(long, value_name = "FILE")]
    pub gold: Option<PathBuf>,
    /// All true pairs between two sources: only pairs between sources count; an id's source ends at its first colon
    #[arg(long, value_name = "FILE")]
    pub cross: Option<PathBuf>,
    /// Pairs judged 1 (one work) or 0 (not): only these count
    #[arg(long, value_name = "FILE")]
    pub labelled: Option<PathBuf>,
}

const TABLES: &str = "Tables are tab-separated: a line of column names, then two ids per line; --labelled has a third \
column, 1 or 0. Precision and recall are those of pairs after transitive closure.";

/// Arguments of `config`.
#[derive(Debug, Args)]
pub struct ConfigArgs {
    /// Settings to lay over the defaults
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// Arguments of `train`.
#[derive(Debug, Args)]
#[command(after_help = TRAINING)]
pub struct TrainArgs {
    /// Exports to learn from
    #[arg(value_name = "EXPORT", required = true)]
    pub exports: Vec<PathBuf>,
    /// Judged pairs.
    #[command(flatten)]
    pub judged: JudgedArgs,
    /// Pairs not to learn from, because they are doubtful; may be repeated
    #[arg(long, value_name = "FILE")]
    pub ignore: Vec<PathBuf>,
    /// Precision that merges should have, for which the threshold is chosen: of held-out pairs if there are judged
    /// ones, else the probability of each merge
    #[arg(long, value_name = "SHARE", default_value_t = 0.99, value_parser = precision)]
    pub precision: f64,
    /// Configuration file to write, for use with --config; it must not exist
    #[arg(long, short, value_name = "FILE")]
    pub output: PathBuf,
    /// Replace an existing file
    #[arg(long)]
    pub force: bool,
    /// Options of reading; the model to start from is that of --config.
    #[command(flatten)]
    pub read: ReadArgs,
}

fn precision(text: &str) -> Result<f64, String> {
    let share: f64 = text.parse().map_err(|_| "a number between 0 and 1 is expected, such as 0.99".to_owned())?;
    if share > 0.0 && share < 1.0 { Ok(share) } else { Err("it must be above 0 and below 1, such as 0.99".to_owned()) }
}

/// Judged pairs of `train`, from any number of files.
#[derive(Debug, Args)]
pub struct JudgedArgs {
    /// All true pairs: every other candidate pair within the exports that a table names is wrong; may be repeated
    #[arg(long, value_name = "FILE")]
    pub gold: Vec<PathBuf>,
    /// Pairs judged 1 (one work) or 0 (not): of exports that no --gold covers, only these are learnt from; may be
    /// repeated
    #[arg(long, value_name = "FILE")]
    pub labelled: Vec<PathBuf>,
    /// Decisions, as `check --decisions` reads them, like --labelled; may be repeated
    #[arg(long, value_name = "FILE")]
    pub decisions: Vec<PathBuf>,
}

const TRAINING: &str = "Without judged pairs, weights are estimated by expectation-maximisation; with them, by logistic \
regression. Both start from the present model and stay near it as far as data are few.";

/// Arguments of `model`.
#[derive(Debug, Args)]
pub struct ModelArgs {
    /// Settings to lay over the defaults
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: ModelFormat,
}

/// Values of `model --format`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ModelFormat {
    /// A table with bars.
    Text,
    /// The `[model]` table of a configuration file.
    Toml,
    /// One object.
    Json,
}

/// Values of `--fail-on`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum FailOn {
    /// Any finding.
    Info,
    /// A warning or an error.
    Warn,
    /// An error.
    Error,
}

impl From<FailOn> for Severity {
    fn from(fail_on: FailOn) -> Severity {
        match fail_on {
            FailOn::Info => Severity::Info,
            FailOn::Warn => Severity::Warn,
            FailOn::Error => Severity::Error,
        }
    }
}
