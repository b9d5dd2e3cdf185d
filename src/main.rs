//! `shelfread`: arguments in, exit code out.

use std::ffi::c_long;
use std::io::{BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::{CommandFactory, Parser};
use libmimalloc_sys::{mi_option_set_default, mi_option_t, mi_option_use_numa_nodes};
use shelfread::audit::{Baseline, Lines, Severity, baseline, rule_named};
use shelfread::cli::{
    ApplyArgs, AuditArgs, Cli, Command, ConfigArgs, DecisionsCommand, DedupeArgs, EvaluateArgs, ExplainArgs, FindArgs,
    FindFormat, FixArgs, JudgedArgs, MaxRejects, ModelArgs, ModelFormat, ReviewArgs, RulesArgs, RulesFormat, RunArgs,
    SpreadArgs, StageArgs, StageCommand, TrainArgs,
};
use shelfread::config::Config;
use shelfread::decisions::{self, Store};
use shelfread::error::Error;
use shelfread::folder::Folder;
use shelfread::ids::{Ids, RecordId};
use shelfread::index::{Index, Making, Trust};
use shelfread::inert::{inert_lines, visible};
use shelfread::matching::weights::Weights;
use shelfread::output::{Output, Replace};
use shelfread::pipeline::{self, Job, Results};
use shelfread::progress::{Progress, Unit, grouped};
use shelfread::report::{self, Colours, Format};
use shelfread::stage::{self, Filter, Name, Spread};
use shelfread::{apply, evaluate, explain, faults, fix, found_text, input, model_text, review, rule_pages, train};

/// Millions of short texts are made and dropped on several threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Milliseconds after which the allocator gives free memory back to the system, instead of a second: the peak of a million
/// records is lower by a quarter then, and processor time 1 % higher. `MIMALLOC_PURGE_DELAY` outweighs it.
const PURGE_DELAY: c_long = 10;
/// The option's number. The bindings do not name it, but the one after it.
const PURGE_DELAY_OPTION: mi_option_t = mi_option_use_numa_nodes - 1;
const _: () = assert!(PURGE_DELAY_OPTION == 15, "as in the allocator's header");

fn give_memory_back_soon() {
    #[expect(unsafe_code, reason = "the allocator's options have no safe interface")]
    // SAFETY: it stores a number at the option's place in a table; the number is that of an option, see above, and no other
    // thread runs yet.
    unsafe {
        mi_option_set_default(PURGE_DELAY_OPTION, PURGE_DELAY);
    }
}

/// A defect of the program.
const DEFECT: u8 = 3;
/// Could not run.
const FAILED: u8 = 2;
/// A finding at or above `--fail-on`.
const FOUND: u8 = 1;

/// Has the system lend memory in small pages. Of large ones (2 MiB), which the allocator asks for, those that hold a few live
/// objects cannot be given back: the peak of 300,000 records is lower by a third without, at the same processor time.
#[cfg(target_os = "linux")]
fn take_memory_in_small_pages() {
    // A system that cannot only lends more.
    let _ = rustix::thread::disable_transparent_huge_pages(true);
}

#[cfg(not(target_os = "linux"))]
fn take_memory_in_small_pages() {}

fn main() -> ExitCode {
    give_memory_back_soon();
    faults::guarded(|| start(Cli::parse().command)).unwrap_or(ExitCode::from(DEFECT))
}

fn start(command: Command) -> ExitCode {
    if let Some(most) = max_decompressed(&command) {
        input::set_max_decompressed(most);
    }
    // The desk has its own way to end, and the browser that it opens would inherit the pages.
    let is_desk = matches!(command, Command::Review(_));
    if !is_desk {
        take_memory_in_small_pages();
    }
    let watched = if is_desk { Ok(()) } else { faults::watch(None) };
    let done = watched.context("cannot start the thread that listens for Ctrl-C").and_then(|()| run_command(command));
    done.unwrap_or_else(|error| {
        // Our own errors already say in words what the system's error said.
        let text = error.downcast_ref::<Error>().map_or_else(|| format!("{error:#}"), Error::to_string);
        let _ = writeln!(std::io::stderr(), "shelfread: {}", inert_lines(&text));
        ExitCode::from(FAILED)
    })
}

/// How much a compressed export may hold, of the commands that read any.
fn max_decompressed(command: &Command) -> Option<u64> {
    let unpack = match command {
        Command::Check(args) | Command::Audit(args) => args.run.read.unpack,
        Command::Dedupe(args) => args.run.read.unpack,
        Command::Fix(args) => args.read.unpack,
        Command::Find(args) => args.read.unpack,
        Command::Explain(args) => args.read.unpack,
        Command::Train(args) => args.read.unpack,
        Command::Apply(args) => args.unpack,
        Command::Review(args) => args.unpack,
        Command::Evaluate(args) => args.unpack,
        _ => return None,
    };
    unpack.max_decompressed
}

fn run_command(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Check(args) => audit(args, Job::Check),
        Command::Dedupe(args) => dedupe(args),
        Command::Audit(args) => audit(args, Job::Audit),
        Command::Fix(args) => fix(args),
        Command::Rules(args) => rules(args),
        Command::Find(args) => find(args),
        Command::Explain(args) => explain(args),
        Command::Apply(args) => apply(args),
        Command::Review(args) => review(args),
        Command::Decisions(command) => decisions(command),
        Command::Evaluate(args) => evaluate(args),
        Command::Train(args) => train(args),
        Command::Stage(command) => stage(command),
        Command::Model(args) => model(args),
        Command::Config(args) => config(args),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "shelfread", &mut script);
            print(&script)
        }
        Command::Man => manual(),
    }
}

/// One stage of a run that another program drives.
fn stage(command: StageCommand) -> anyhow::Result<ExitCode> {
    let filter = |name, args: StageArgs, spread: Spread| {
        set_threads(args.threads)?;
        let filter = Filter { config: &stage_config(&args)?, spread: &spread };
        // On a thread of the pool: work on few rows at a time would else be handed over to one, again and again.
        rayon::scope(|_| filter.run(name, std::io::stdin().lock(), std::io::stdout().lock()))?;
        Ok(ExitCode::SUCCESS)
    };
    let alone = Spread::default;
    let spread = |name, args: SpreadArgs| filter(name, args.stage, Spread { n_parts: args.parts as usize, ..alone() });
    match command {
        StageCommand::Keys(args) => spread(Name::Keys, args),
        StageCommand::Audit(args) => filter(Name::Audit, args, alone()),
        StageCommand::Read(args) => spread(Name::Read, args),
        StageCommand::Blocks(args) => spread(Name::Blocks, args),
        StageCommand::Pieces(args) => filter(Name::Pieces, args, alone()),
        StageCommand::Divide(args) => spread(Name::Divide, args),
        StageCommand::Near { part, stage } => filter(Name::Near, stage, Spread { part, ..alone() }),
        StageCommand::Members(args) => spread(Name::Members, args),
        StageCommand::Score(args) => filter(Name::Score, args, alone()),
        StageCommand::Propose { file, export, stage } => {
            filter(Name::Propose, stage, Spread { file_names: file, exports: export, ..alone() })
        }
        StageCommand::Report { exports, output, force, stage: args } => {
            set_threads(args.threads)?;
            let config = stage_config(&args)?;
            let folder = Folder::start(&output, &report::CONTENTS, force)?;
            let progress = Progress::new(true);
            let (input, out) = (std::io::stdin().lock(), std::io::stdout().lock());
            let results = stage::report(&exports, &config, input, out, &progress)?;
            write_report(&results, folder, &progress)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// The settings of a stage. What people decided is about a whole run.
fn stage_config(args: &StageArgs) -> anyhow::Result<Config> {
    let config = Config::load(args.config.as_deref())?;
    let has_no_decisions = config.decisions.is_empty();
    anyhow::ensure!(
        has_no_decisions,
        "stages obey no decisions: take `decisions` out of the settings, or run `shelfread check`"
    );
    Ok(config)
}

fn dedupe(args: DedupeArgs) -> anyhow::Result<ExitCode> {
    let mut config = Config::load(args.run.read.config.as_deref())?;
    // Without an audit there is nothing to fail on: it is taken, so that one line of options serves every command.
    if let Some(fail_on) = args.run.fail_on {
        config.audit.fail_on = fail_on.into();
    }
    config.decisions.extend(args.run.decisions.clone());
    run(&args.run, Job::Dedupe, &config, &Outputs { folder: Some(args.output), ..Outputs::default() })
}

fn audit(args: AuditArgs, job: Job) -> anyhow::Result<ExitCode> {
    let mut config = Config::load(args.run.read.config.as_deref())?;
    if let Some(fail_on) = args.run.fail_on {
        config.audit.fail_on = fail_on.into();
    }
    if let Some(title_sort) = args.title_sort {
        config.audit.title_sort = title_sort.into();
    }
    if job == Job::Audit && !args.run.decisions.is_empty() {
        anyhow::bail!("--decisions says what is one record; audit proposes no merges. Use check or dedupe");
    }
    if job == Job::Audit && args.run.index.is_some() {
        anyhow::bail!("--index keeps what matching needs again; audit matches nothing. Use check or dedupe");
    }
    config.decisions.extend(args.run.decisions.clone());
    config.audit.narrow(&args.select, &args.ignore).map_err(anyhow::Error::msg)?;
    let lines = if args.write_baseline.is_some() { Lines::Keep } else { Lines::Drop };
    let outputs = Outputs {
        folder: args.output,
        format: args.format.map(Format::from),
        baseline: args.baseline.as_deref().map(|path| Baseline::read(path, lines)).transpose()?,
        write_baseline: args.write_baseline,
    };
    run(&args.run, job, &config, &outputs)
}

/// Where results go.
#[derive(Default)]
struct Outputs {
    folder: Option<PathBuf>,
    format: Option<Format>,
    baseline: Option<Baseline>,
    write_baseline: Option<PathBuf>,
}

fn run(args: &RunArgs, job: Job, config: &Config, outputs: &Outputs) -> anyhow::Result<ExitCode> {
    set_threads(args.read.threads)?;
    check_apart(&[&outputs.folder, &args.index, &outputs.write_baseline])?;
    let start = |target: &PathBuf| Folder::start(target, &report::CONTENTS, args.force);
    let folder = outputs.folder.as_ref().map(start).transpose()?;
    let new_baseline =
        outputs.write_baseline.as_deref().map(|path| baseline::start(path, &args.exports)).transpose()?;
    let progress = Progress::new(args.read.quiet);
    let start_index = |path: &PathBuf| {
        let stage = progress.stage("recall", 0, Unit::Items);
        let making = Making::start(path, config, args.rebuild);
        stage.finish();
        making
    };
    let mut making = args.index.as_ref().map(start_index).transpose()?;
    let corpus = pipeline::open(&args.exports, &progress)?;
    if new_baseline.as_ref().is_some_and(Output::replaces) {
        check_whole(&corpus)?;
    }
    let mut results = pipeline::run_over(&corpus, job, config, making.as_mut(), &progress)?;
    corpus.check_unchanged()?;
    if results.positions.is_empty() {
        let why = without_records(&corpus, &results);
        // The report lists what was no record. It replaces none that is of records.
        if let Some(folder) = folder.filter(|_| !args.force) {
            write_report(&results, folder, &progress)?;
        }
        bail!(why);
    }
    let refusal = too_many_rejects(args.max_rejects, new_baseline.is_some(), &corpus, &results);
    drop(corpus);
    // All findings go into the new baseline, and then those of the old one are left out.
    if let (Some(output), Some(audit), None) = (new_baseline, &results.audit, &refusal) {
        let ids = |record| results.ids.of(record);
        let n_taken_over = baseline::write(audit, ids, outputs.baseline.as_ref(), output)?;
        if n_taken_over > 0 {
            progress.count(n_taken_over, "findings of rules that are off taken over from the old baseline");
        }
    }
    if let (Some(baseline), Some(audit)) = (&outputs.baseline, &mut results.audit) {
        let against = audit.keep_new(baseline.clone(), |record| results.ids.of(record));
        progress.count(against.new, if against.new == 1 { "new finding" } else { "new findings" });
        warn_of_missing(baseline, &results.ids, &progress);
    }
    // The report lists what was no record. It replaces none that is of more.
    if let Some(folder) = folder.filter(|_| refusal.is_none() || !args.force) {
        write_report(&results, folder, &progress)?;
        if making.is_some() {
            faults::has_reported();
        }
    }
    if let Some(making) = making.filter(|_| refusal.is_none()) {
        making.publish(results.ids.len(), results.audit.is_some())?;
    }
    show(&results, outputs, args.read.quiet)?;
    if let Some(why) = refusal {
        bail!(why);
    }
    let is_accepted = outputs.write_baseline.is_some() && outputs.baseline.is_none();
    Ok(if !is_accepted && fails(&results) { ExitCode::from(FOUND) } else { ExitCode::SUCCESS })
}

/// Refuses to write two things to one place.
fn check_apart(places: &[&Option<PathBuf>]) -> anyhow::Result<()> {
    let real = |path: &PathBuf| {
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Some(parent.canonicalize().ok()?.join(path.file_name()?))
    };
    let places: Vec<&PathBuf> = places.iter().filter_map(|place| place.as_ref()).collect();
    for (at, place) in places.iter().enumerate() {
        let is_same = places[..at].iter().any(|other| real(other).is_some_and(|other| Some(other) == real(place)));
        anyhow::ensure!(
            !is_same,
            "{} is given twice as a place to write to: report, index and baseline each need their own",
            place.display()
        );
    }
    Ok(())
}

/// Refuses to replace a baseline by the findings of part of a catalogue: the others would look repaired.
fn check_whole(corpus: &input::Corpus) -> anyhow::Result<()> {
    let Some(short) = corpus.shortfalls().first() else { return Ok(()) };
    bail!(
        "{} is not whole: {}; the baseline stays as it was and nothing was written. Export all records, with rows=1000000 \
         or with /export, or name a new file with --write-baseline",
        corpus.files()[short.file as usize].name,
        short.reason
    )
}

/// From how many rejects on a run writes no baseline, unless the user says something else.
const MAX_REJECTS_OF_BASELINE: MaxRejects = MaxRejects::Percent(50.0);

/// Why baseline and index are not written, if there are more rejects than there may be.
fn too_many_rejects(
    most: Option<MaxRejects>,
    is_for_baseline: bool,
    corpus: &input::Corpus,
    results: &Results,
) -> Option<String> {
    let limit = most.or(is_for_baseline.then_some(MAX_REJECTS_OF_BASELINE))?;
    let n_rejected = results.rejects.len() as u64;
    if !limit.is_exceeded(n_rejected, results.n_read) {
        return None;
    }
    Some(format!(
        "{} of {} parts of the input are no records{}; baseline and index stay as they were. Look at rejects.jsonl of a \
         report and mend the export, or allow for more with --max-rejects",
        grouped(n_rejected),
        grouped(results.n_read),
        first_reject(corpus, results)
    ))
}

/// ` (FILE:LINE: why)` of the first thing that was no record.
fn first_reject(corpus: &input::Corpus, results: &Results) -> String {
    let reject = results.rejects.first().map(|reject| {
        let name = &corpus.files()[reject.position.file as usize].name;
        format!(" ({name}:{}: {})", reject.position.line, reject.reason)
    });
    reject.unwrap_or_default()
}

/// Why there is no record, and what to do: an audit of nothing finds nothing, which must not pass for a clean catalogue.
fn without_records(corpus: &input::Corpus, results: &Results) -> String {
    format!(
        "there is no record in the input{}; baseline and index stay as they were. Give it a Solr answer, JSON Lines, an \
         array or Staff View text, and look whether the export was written to its end",
        first_reject(corpus, results)
    )
}

/// Part of the findings of a baseline, as one in so many, from which on those of missing records are told.
const MANY_MISSING: u64 = 10;

/// Says so when many findings are gone because their records are: half an export looks as if half were repaired.
fn warn_of_missing(baseline: &Baseline, ids: &Ids, progress: &Progress) {
    let n_missing = baseline.n_of_missing((0..ids.len()).map(|at| ids.of(RecordId::new(at))));
    if n_missing > 0 && n_missing * MANY_MISSING >= baseline.n_findings() {
        progress.line(&format!(
            "{:>15} of {} findings of the baseline are of records that are not in the input; is the export whole?",
            grouped(n_missing),
            grouped(baseline.n_findings())
        ));
    }
}

fn write_report(results: &Results, folder: Folder, progress: &Progress) -> Result<(), Error> {
    let n_proposals = results.duplicates.as_ref().map_or(0, |duplicates| duplicates.proposals.len());
    let stage = progress.stage("write", n_proposals as u64, Unit::Items);
    report::write(results, &folder, |n| stage.advance(n))?;
    stage.finish();
    report::write_run(&progress.times(), &folder)?;
    folder.publish()
}

/// Prints the findings if a format is given, and the totals; these go to stderr if stdout is for another program.
fn show(results: &Results, outputs: &Outputs, quiet: bool) -> anyhow::Result<()> {
    if let Some(format) = outputs.format {
        let is_coloured =
            std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|no| no.is_empty());
        let colours = if is_coloured { Colours::Yes } else { Colours::No };
        let mut out = BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
        gone_is_fine(report::print(results, format, colours, &mut out).and_then(|()| out.flush()))?;
    }
    if quiet {
        return Ok(());
    }
    let mut text = report::text_summary(results);
    if let Some(folder) = &outputs.folder {
        let page = folder.join("index.html");
        text.push_str(&format!("{:<12} {}\n", "report", visible(&page.display().to_string())));
    }
    if outputs.format.is_none() {
        print(text.as_bytes())?;
    } else if outputs.format != Some(Format::Text) {
        // A closed stderr must not end the run.
        let _ = std::io::stderr().write_all(text.as_bytes());
    }
    Ok(())
}

/// Whether there is a finding at or above `--fail-on`.
fn fails(results: &Results) -> bool {
    let n_found = |severity| results.audit.as_ref().map_or(0, |audit| audit.n_with(severity));
    let severities = [Severity::Info, Severity::Warn, Severity::Error];
    severities.into_iter().any(|severity| severity >= results.config.audit.fail_on && n_found(severity) > 0)
}

fn rules(args: RulesArgs) -> anyhow::Result<ExitCode> {
    let text = match (args.rule, args.format) {
        (Some(wanted), _) => rule_pages::page(rule_named(&wanted).map_err(anyhow::Error::msg)?),
        (None, RulesFormat::Text) => rule_pages::table(),
        (None, RulesFormat::Markdown) => rule_pages::markdown(),
        (None, RulesFormat::Json) => format!("{:#}\n", rule_pages::to_json()),
    };
    print(text.as_bytes())
}

fn fix(args: FixArgs) -> anyhow::Result<ExitCode> {
    let config = Config::load(args.read.config.as_deref())?;
    set_threads(args.read.threads)?;
    let progress = Progress::new(args.read.quiet);
    let reviewed = args.fixes.as_deref().map(fix::read_patches).transpose()?;
    let Some(copy) = &args.output else {
        let corpus = pipeline::open(&args.exports, &progress)?;
        let look = if std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none() {
            fix::Look::Colour
        } else {
            fix::Look::Plain
        };
        let ids = args.preview.unwrap_or_default();
        return print(pipeline::preview_fixes(&corpus, &ids, reviewed, &config, look, &progress)?.as_bytes());
    };
    let inputs: Vec<PathBuf> = args.exports.iter().chain(&args.fixes).cloned().collect();
    let output = Output::start(copy, Replace::by_force(args.force), &inputs)?;
    let corpus = pipeline::open(&args.exports, &progress)?;
    let stage = progress.stage("apply", corpus.n_bytes(), Unit::Bytes);
    let list = |patch: &fix::Patch, why: &str| progress.line(&format!("{:?} {}: {why}", patch.id, patch.field));
    let patches = reviewed.unwrap_or_default();
    let (totals, ready) = output.write(|out| fix::apply(&corpus, &patches, |n| stage.advance(n), list, out))?;
    corpus.check_unchanged()?;
    ready.publish()?;
    stage.finish();
    print(totals.to_string().as_bytes())
}

fn find(args: FindArgs) -> anyhow::Result<ExitCode> {
    let config = Config::load(args.read.config.as_deref())?;
    set_threads(args.read.threads)?;
    let weights = Weights::new(&config.model).map_err(anyhow::Error::msg)?;
    let index = Index::open(&args.index, &config, Trust::Sizes)?;
    let corpus = input::Corpus::open(&args.records)?;
    let reading = corpus.read(
        Vec::new,
        |answers, record| answers.push((record.id().to_owned(), index.find(record, &weights, &config.blocking))),
        |_| (),
    );
    let mut text = String::new();
    let mut is_there = false;
    for ((id, found), at) in reading.parts.iter().flatten().zip(&reading.positions) {
        let place = format!("{}:{}", corpus.files()[at.file as usize].name, at.line);
        let found = found.as_ref().map_err(|damage| anyhow::anyhow!("{}: {damage}", args.index.display()))?;
        is_there |= !found.matches.is_empty();
        match args.format {
            FindFormat::Text => text.push_str(&found_text::text(id, &place, found, &index)),
            FindFormat::Jsonl => text.push_str(&format!("{}\n", found_text::json(id, &place, found, &index))),
        }
    }
    if !args.read.quiet {
        print(text.as_bytes())?;
    }
    for reject in &reading.rejects {
        let name = &corpus.files()[reject.position.file as usize].name;
        let text = format!("{name}:{}: {}", reject.position.line, reject.reason);
        let _ = writeln!(std::io::stderr(), "shelfread: {}", inert_lines(&text));
    }
    Ok(match (reading.rejects.is_empty(), is_there) {
        (false, _) => ExitCode::from(FAILED),
        (true, true) => ExitCode::from(FOUND),
        (true, false) => ExitCode::SUCCESS,
    })
}

fn explain(args: ExplainArgs) -> anyhow::Result<ExitCode> {
    let config = Config::load(args.read.config.as_deref())?;
    let weights = Weights::new(&config.model).map_err(anyhow::Error::msg)?;
    set_threads(args.read.threads)?;
    let (exports, ids) = args.exports_and_ids.split_at(args.exports_and_ids.len() - 2);
    let exports: Vec<PathBuf> = exports.iter().map(PathBuf::from).collect();
    let progress = Progress::new(args.read.quiet);
    let corpus = input::Corpus::open(&exports)?;
    let members = pipeline::find_records(&corpus, [&ids[0], &ids[1]], &progress)?;
    print(explain::explain(&corpus, &members, &weights).as_bytes())
}

fn review(args: ReviewArgs) -> anyhow::Result<ExitCode> {
    let user = args.user.or_else(|| ["USER", "USERNAME"].iter().find_map(|name| std::env::var(name).ok()));
    let options = review::Options {
        decisions: args
            .decisions
            .or_else(|| store_beside(&args.report))
            .unwrap_or_else(|| PathBuf::from("decisions.sqlite")),
        report: args.report,
        user: user.unwrap_or_default(),
        port: args.port,
        listen: args.listen,
        opens_browser: !args.no_browser,
    };
    let tell = |url: &str| {
        let text = format!(
            "review {url}\ndecisions are kept in {}; Ctrl-C ends\n",
            visible(&options.decisions.display().to_string())
        );
        print(text.as_bytes()).map(|_| ()).map_err(|error| Error::Serve { reason: format!("{error:#}") })
    };
    review::serve(&options, &Progress::new(args.quiet), tell)?;
    Ok(ExitCode::SUCCESS)
}

/// Where `review` keeps decisions unless it is told: beside the report and not in it, since a new report replaces the old
/// one.
fn store_beside(report: &Path) -> Option<PathBuf> {
    report.canonicalize().ok()?.parent().map(|folder| folder.join("decisions.sqlite"))
}

fn apply(args: ApplyArgs) -> anyhow::Result<ExitCode> {
    set_threads(args.threads)?;
    let contents = if args.undo.is_some() { &apply::UNDO_CONTENTS } else { &apply::CONTENTS };
    let folder = Folder::start(&args.output, contents, args.force)?;
    let progress = Progress::new(args.quiet);
    let text = match &args.undo {
        Some(wanted) => apply::undo(&args.report, wanted, &folder)?,
        None => {
            let applied = apply::apply(&args.report, &args.decisions, &folder, &progress)?.to_string();
            let store = store_beside(&args.report).filter(|store| store.exists());
            if let Some(store) = store.filter(|_| args.decisions.is_empty()) {
                let name = store.display();
                progress.line(&format!("{name} was not used; --decisions {name} applies what people decided"));
            }
            applied
        }
    };
    folder.publish()?;
    print(text.as_bytes())
}

/// Conflicting decisions named.
const MAX_CONFLICTS: usize = 20;

fn decisions(command: DecisionsCommand) -> anyhow::Result<ExitCode> {
    match command {
        DecisionsCommand::Export { store, output, force } => {
            let start = |path| Output::start(path, Replace::by_force(force), std::slice::from_ref(&store));
            let started = output.as_deref().map(start).transpose()?;
            let rulings = decisions::read(&store)?;
            let (Some(path), Some(started)) = (output, started) else {
                let mut lines = Vec::new();
                decisions::write_lines(&rulings, &mut lines)?;
                return print(&lines);
            };
            started.write(|out| decisions::write_lines(&rulings, out))?.1.publish()?;
            print(
                format!("{} decisions in {}\n", grouped(rulings.len() as u64), visible(&path.display().to_string()))
                    .as_bytes(),
            )
        }
        DecisionsCommand::Import { file, into, prefer } => {
            let rulings = decisions::read(&file)?;
            let plan = Store::open(&into)?.import(&rulings, prefer.map(Into::into))?;
            if prefer.is_none() && !plan.conflicts.is_empty() {
                let named: Vec<&str> = plan.conflicts.iter().take(MAX_CONFLICTS).map(String::as_str).collect();
                anyhow::bail!(
                    "{} proposals are decided differently in {} and in {}, and neither side knew of the other: {}. \
                     Nothing was taken; look at them and give --prefer own or --prefer imported",
                    plan.conflicts.len(),
                    file.display(),
                    into.display(),
                    named.join(", ")
                );
            }
            let (added, known, left_out) = (plan.add.len(), plan.n_known, plan.n_left_out);
            print(format!("{added} added, {known} known already, {left_out} left out\n").as_bytes())
        }
    }
}

fn evaluate(args: EvaluateArgs) -> anyhow::Result<ExitCode> {
    set_threads(args.threads)?;
    let start = |target: &PathBuf| Folder::start(target, &evaluate::CONTENTS, args.force);
    let folder = args.output.as_ref().map(start).transpose()?;
    let (gold, labelled, cross) = (args.tables.gold, args.tables.labelled, args.tables.cross);
    let tables = evaluate::Tables { gold, labelled, cross, ignore: args.ignore };
    let found = evaluate::evaluate(&args.report, &tables, &Progress::new(args.quiet))?;
    if let Some(folder) = folder {
        evaluate::write(&found, &folder)?;
        folder.publish()?;
    }
    print(evaluate::text(&found).as_bytes())
}

fn train(args: TrainArgs) -> anyhow::Result<ExitCode> {
    let config = Config::load(args.read.config.as_deref())?;
    set_threads(args.read.threads)?;
    let JudgedArgs { gold, labelled, decisions } = args.judged;
    let inputs: Vec<PathBuf> =
        [&args.exports, &gold, &labelled, &decisions, &args.ignore].into_iter().flatten().cloned().collect();
    let output = Output::start(&args.output, Replace::by_force(args.force), &inputs)?;
    let judged = train::Judged { gold, labelled, decisions };
    let progress = Progress::new(args.read.quiet);
    let trained = train::train(&args.exports, &judged, &args.ignore, args.precision, &config, &progress)?;
    train::write(&trained, output)?;
    print(train::text(&trained).as_bytes())
}

fn model(args: ModelArgs) -> anyhow::Result<ExitCode> {
    let config = Config::load(args.config.as_deref())?;
    let text = match args.format {
        ModelFormat::Text => model_text(&config.model),
        ModelFormat::Toml => config.model_toml(),
        ModelFormat::Json => serde_json::to_string_pretty(&config.model).context("cannot write the model")? + "\n",
    };
    print(text.as_bytes())
}

fn config(args: ConfigArgs) -> anyhow::Result<ExitCode> {
    print(Config::load(args.config.as_deref())?.to_toml().as_bytes())
}

fn manual() -> anyhow::Result<ExitCode> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut page)?;
    print(&page)
}

/// Writes to stdout.
fn print(text: &[u8]) -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout().lock();
    gone_is_fine(out.write_all(text).and_then(|()| out.flush()))?;
    Ok(ExitCode::SUCCESS)
}

/// A reader of stdout that has gone away is no error.
fn gone_is_fine(written: std::io::Result<()>) -> anyhow::Result<()> {
    match written {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error).context("cannot write to stdout"),
        _ => Ok(()),
    }
}

fn set_threads(threads: u32) -> anyhow::Result<()> {
    rayon::ThreadPoolBuilder::new().num_threads(threads as usize).build_global().context("cannot start the threads")
}
