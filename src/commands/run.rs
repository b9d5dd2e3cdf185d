//! `check`, `dedupe` and `audit`: a whole run, its baseline, report and index.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::bail;
use shelfread::audit::{Baseline, Lines, Severity, baseline};
use shelfread::cli::{AuditArgs, DedupeArgs, MaxRejects, RunArgs};
use shelfread::config::Config;
use shelfread::exit::FOUND;
use shelfread::files::faults;
use shelfread::files::folder::Folder;
use shelfread::files::output::{Output, Ready};
use shelfread::ids::{Ids, RecordId};
use shelfread::index::IndexWriter;
use shelfread::inert::visible;
use shelfread::input;
use shelfread::pipeline;
use shelfread::progress::{Progress, Unit, grouped};
use shelfread::report::{self, Colours, Format};
use shelfread::results::{Job, Results};

use super::{gone_is_fine, has_colours, print, set_threads, write_report};

pub(super) fn dedupe(args: DedupeArgs) -> anyhow::Result<ExitCode> {
    let mut config = Config::load(args.run.read.config.as_deref())?;
    // Without an audit there is nothing to fail on: it is taken, so that one line of options serves every command.
    if let Some(fail_on) = args.run.fail_on {
        config.audit.fail_on = fail_on.into();
    }
    config.decisions.extend(args.run.decisions.clone());
    run(&args.run, Job::Dedupe, &config, &Outputs { folder: Some(args.output), ..Outputs::default() })
}

pub(super) fn audit(args: AuditArgs, job: Job) -> anyhow::Result<ExitCode> {
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
    let progress = Progress::new(args.read.quiet);
    let Places { folder, new_baseline, mut index } = Places::start(args, config, outputs, &progress)?;
    let replaced = match (&new_baseline, &index) {
        (Some(baseline), _) if baseline.replaces() => Some("baseline"),
        (_, Some(index)) if index.earlier().is_some() => Some("index"),
        _ => None,
    };
    let corpus = pipeline::open(&args.exports, &progress)?;
    if replaced == Some("baseline") {
        check_whole(&corpus)?;
    }
    let mut results = pipeline::run_over(&corpus, job, config, index.as_mut(), &progress)?;
    corpus.check_unchanged()?;
    if results.positions.is_empty() {
        let why = without_records(&corpus, &results, unchanged(outputs, args));
        // The report lists what was no record. It replaces none that is of records.
        if let Some(folder) = folder.filter(|_| !args.force) {
            write_report(&results, folder, &progress)?;
        }
        bail!(why);
    }
    let refusal = too_many_rejects(args, outputs, &corpus, &results)
        .or_else(|| replaced.and_then(|what| not_whole(what, &results)))
        .or_else(|| if replaced == Some("baseline") { records_missing(outputs, &results) } else { None });
    drop(corpus);
    let new_baseline = new_baseline.filter(|_| refusal.is_none());
    let new_baseline = against_baseline(outputs, new_baseline, &mut results, refusal.is_some(), &progress)?;
    // The report lists what was no record. It replaces none that is of more.
    let folder = folder.filter(|_| refusal.is_none() || !args.force);
    let page = folder.as_ref().map(|folder| folder.target().join("index.html"));
    if let Some(folder) = folder {
        write_report(&results, folder, &progress)?;
        if index.is_some() {
            faults::has_reported();
        }
    }
    if let Some(index) = index.filter(|_| refusal.is_none()) {
        index.publish(results.ids.len(), results.audit.is_some())?;
    }
    show(&results, outputs.format, page.as_deref(), args.read.quiet)?;
    // What is in the baseline is not told again, so all of it has been told before.
    new_baseline.map(Ready::publish).transpose()?;
    if let Some(why) = refusal {
        bail!(why);
    }
    let is_accepted = outputs.write_baseline.is_some() && outputs.baseline.is_none();
    Ok(if !is_accepted && fails(&results) { ExitCode::from(FOUND) } else { ExitCode::SUCCESS })
}

/// What a run writes to, each claimed before the work.
struct Places {
    folder: Option<Folder>,
    new_baseline: Option<Output>,
    index: Option<IndexWriter>,
}

impl Places {
    fn start(args: &RunArgs, config: &Config, outputs: &Outputs, progress: &Progress) -> anyhow::Result<Places> {
        let start = |target: &PathBuf| Folder::start(target, &report::CONTENTS, args.force);
        let folder = outputs.folder.as_ref().map(start).transpose()?;
        let new_baseline =
            outputs.write_baseline.as_deref().map(|path| baseline::start(path, &args.exports)).transpose()?;
        let start_index = |path: &PathBuf| {
            let stage = progress.stage("recall", 0, Unit::Items);
            let index = IndexWriter::start(path, config, args.rebuild);
            stage.finish();
            index
        };
        let index = args.index.as_ref().map(start_index).transpose()?;
        Ok(Places { folder, new_baseline, index })
    }
}

/// Leaves the findings that the old baseline does not have, once all of them are in the new one.
fn against_baseline(
    outputs: &Outputs,
    new_baseline: Option<Output>,
    results: &mut Results,
    is_refused: bool,
    progress: &Progress,
) -> anyhow::Result<Option<Ready>> {
    let mut written = None;
    if let (Some(output), Some(audit)) = (new_baseline, &results.audit) {
        let ids = |record| results.ids.of(record);
        let (n_taken_over, ready) = baseline::write(audit, ids, outputs.baseline.as_ref(), output)?;
        if n_taken_over > 0 {
            progress.count(n_taken_over, "findings of rules that are off taken over from the old baseline");
        }
        written = Some(ready);
    }
    if let (Some(baseline), Some(audit)) = (&outputs.baseline, &mut results.audit) {
        let against = audit.keep_new(baseline.clone(), |record| results.ids.of(record));
        progress.count(against.new, if against.new == 1 { "new finding" } else { "new findings" });
        if let Some(missing) = many_missing(baseline, &results.ids).filter(|_| !is_refused) {
            progress.warn(&format!("{missing}; is the export whole?"));
        }
    }
    Ok(written)
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

/// Why what an earlier run left is not replaced by what part of a catalogue gives: the other records would look gone, and their findings
/// repaired.
fn not_whole(what: &str, results: &Results) -> Option<String> {
    let short = results.shortfalls.first()?;
    let otherwise =
        if what == "index" { "take it as it is with --rebuild" } else { "name a new file with --write-baseline" };
    Some(format!(
        "{} is not whole: {}; the {what} stays as it was. Export all records again, or {otherwise}",
        results.inputs[short.file as usize].0, short.reason
    ))
}

/// From how many rejects on a run writes no baseline, unless the user says something else.
const MAX_REJECTS_OF_BASELINE: MaxRejects = MaxRejects::Percent(50.0);

/// Why baseline and index are not written, if there are more rejects than there may be.
fn too_many_rejects(args: &RunArgs, outputs: &Outputs, corpus: &input::Corpus, results: &Results) -> Option<String> {
    let of_baseline = outputs.write_baseline.is_some().then_some(MAX_REJECTS_OF_BASELINE);
    let limit = args.max_rejects.or(of_baseline)?;
    let n_rejected = results.rejects.len() as u64;
    if !limit.is_exceeded(n_rejected, results.n_read) {
        return None;
    }
    Some(format!(
        "{} of {} parts of the input are no records{}{}. Mend the export, or allow for more with --max-rejects; rejects.jsonl of a \
         report in a new folder lists them",
        grouped(n_rejected),
        grouped(results.n_read),
        first_reject(corpus, results),
        unchanged(outputs, args)
    ))
}

/// `; baseline and index stay as they were`, of what was to be written.
fn unchanged(outputs: &Outputs, args: &RunArgs) -> &'static str {
    match (outputs.write_baseline.is_some(), args.index.is_some()) {
        (true, true) => "; baseline and index stay as they were",
        (true, false) => "; the baseline stays as it was",
        (false, true) => "; the index stays as it was",
        (false, false) => "",
    }
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
fn without_records(corpus: &input::Corpus, results: &Results, unchanged: &str) -> String {
    format!(
        "there is no record in the input{}{unchanged}. Give it a Solr answer, JSON Lines, an \
         array or Staff View text, and look whether the export was written to its end",
        first_reject(corpus, results)
    )
}

/// Part of the findings of a baseline, as one in so many, from which on those of missing records are told.
const MANY_MISSING: u64 = 10;

/// Says so when many findings are gone because their records are: half an export looks as if half were repaired.
fn many_missing(baseline: &Baseline, ids: &Ids) -> Option<String> {
    let n_missing = baseline.n_of_missing((0..ids.len()).map(|at| ids.of(RecordId::new(at))));
    (n_missing > 0 && n_missing * MANY_MISSING >= baseline.n_findings()).then(|| {
        let (n_missing, n_findings) = (grouped(n_missing), grouped(baseline.n_findings()));
        format!("{n_missing} of {n_findings} findings of the baseline are of records that are not in the input")
    })
}

/// Why a baseline is not replaced that many records are missing of.
fn records_missing(outputs: &Outputs, results: &Results) -> Option<String> {
    let missing = many_missing(outputs.baseline.as_ref()?, &results.ids)?;
    Some(format!(
        "{missing}; the baseline stays as it was. Export all records again, or, if these are gone for good, name a new file with \
         --write-baseline"
    ))
}

/// Hashes the findings if a format is given, and the totals with the page of the report, if there is one; these go to stderr if stdout is
/// for another program.
fn show(results: &Results, format: Option<Format>, page: Option<&Path>, quiet: bool) -> anyhow::Result<()> {
    if let Some(format) = format {
        let colours = if has_colours() { Colours::Yes } else { Colours::No };
        let mut out = BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
        gone_is_fine(report::print(results, format, colours, &mut out).and_then(|()| out.flush()))?;
    }
    if quiet {
        return Ok(());
    }
    let mut text = report::text_summary(results);
    if let Some(page) = page {
        text.push_str(&format!("{:<12} {}\n", "report", visible(&page.display().to_string())));
    }
    if format.is_none() {
        print(text.as_bytes())?;
    } else if format != Some(Format::Text) {
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
