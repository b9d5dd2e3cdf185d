//! `evaluate`, `train` and `model`: how well the weights do, and others.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use shelfread::cli::{EvaluateArgs, JudgedArgs, ModelArgs, ModelFormat, TrainArgs};
use shelfread::config::Config;
use shelfread::files::folder::Folder;
use shelfread::files::output::{Output, Replace};
use shelfread::progress::Progress;
use shelfread::{evaluate, train};

use super::model_text::model_text;
use super::{print, set_threads};

pub(super) fn evaluate(args: EvaluateArgs) -> anyhow::Result<ExitCode> {
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

pub(super) fn train(args: TrainArgs) -> anyhow::Result<ExitCode> {
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

pub(super) fn model(args: ModelArgs) -> anyhow::Result<ExitCode> {
    let config = Config::load(args.config.as_deref())?;
    let text = match args.format {
        ModelFormat::Text => model_text(&config.model),
        ModelFormat::Toml => config.model_toml(),
        ModelFormat::Json => serde_json::to_string_pretty(&config.model).context("cannot write the model")? + "\n",
    };
    print(text.as_bytes())
}
