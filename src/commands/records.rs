//! `find`, `explain` and `fix`: what a person asks of single records.

use std::cell::Cell;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use shelfread::cli::{ExplainArgs, FindArgs, FindFormat, FixArgs};
use shelfread::config::Config;
use shelfread::exit::{FAILED, FOUND};
use shelfread::files::output::{Output, Replace};
use shelfread::index::{Index, Trust};
use shelfread::inert::inert_lines;
use shelfread::matching::weights::Weights;
use shelfread::progress::{Progress, Unit};
use shelfread::{explain, fix, input, pipeline};

use super::{found_text, has_colours, print, set_threads};

pub(super) fn find(args: FindArgs) -> anyhow::Result<ExitCode> {
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
    anyhow::ensure!(
        !reading.positions.is_empty() || !reading.rejects.is_empty(),
        "there is no record to look for in the input; give it a document, JSON Lines or a Solr answer that holds some"
    );
    let mut text = String::new();
    let mut is_there = false;
    for ((id, found), at) in reading.parts.iter().flatten().zip(&reading.positions) {
        let place = format!("{}:{}", corpus.files()[at.file as usize].name, at.line);
        let found = found.as_ref().map_err(|damage| anyhow::anyhow!("{}: {damage}", args.index.display()))?;
        is_there |= found.is_there();
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

pub(super) fn explain(args: ExplainArgs) -> anyhow::Result<ExitCode> {
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

/// Patches that are told by themselves if they are not applied.
const MAX_LISTED: usize = 20;

pub(super) fn fix(args: FixArgs) -> anyhow::Result<ExitCode> {
    let config = Config::load(args.read.config.as_deref())?;
    set_threads(args.read.threads)?;
    let progress = Progress::new(args.read.quiet);
    let reviewed = args.fixes.as_deref().map(fix::read_patches).transpose()?;
    let Some(copy) = &args.output else {
        let corpus = pipeline::open(&args.exports, &progress)?;
        let look = if has_colours() { fix::Look::Colour } else { fix::Look::Plain };
        let ids = args.preview.unwrap_or_default();
        return print(pipeline::preview_fixes(&corpus, &ids, reviewed, &config, look, &progress)?.as_bytes());
    };
    let inputs: Vec<PathBuf> = args.exports.iter().chain(&args.fixes).cloned().collect();
    let output = Output::start(copy, Replace::by_force(args.force), &inputs)?.packed_by_name();
    let corpus = pipeline::open(&args.exports, &progress)?;
    let stage = progress.stage("apply", corpus.n_bytes(), Unit::Bytes);
    let n_listed = Cell::new(0_usize);
    let list = |patch: &fix::Patch, why: &str| {
        n_listed.set(n_listed.get() + 1);
        if n_listed.get() <= MAX_LISTED {
            progress.line(&format!("{:?} {}: {why}", patch.id, patch.field));
        }
    };
    let patches = reviewed.unwrap_or_default();
    let (totals, ready) = output.write(|out| fix::apply(&corpus, &patches, |n| stage.advance(n), list, out))?;
    corpus.check_unchanged()?;
    ready.publish()?;
    stage.finish();
    if n_listed.get() > MAX_LISTED {
        progress.line(&format!("and {} more that were not applied", n_listed.get() - MAX_LISTED));
    }
    let mut text = totals.to_string();
    if totals.applied == 0 && totals.stale + totals.unknown > 0 {
        text.push_str(
            "none of the patches fits: they were made from other bytes than this export has, from an earlier one perhaps, or it is repaired \
             already; make them again with `shelfread check`\n",
        );
    }
    print(text.as_bytes())
}
