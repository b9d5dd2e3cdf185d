//! The commands: each takes its arguments, has the library do the work, and says how it ended.

mod decisions;
mod found_text;
mod model;
mod model_text;
mod records;
mod run;
mod stage;

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use anyhow::Context;
use clap::CommandFactory;
use shelfread::audit::{RULES, rules_named};
use shelfread::cli::{Cli, Command, ConfigArgs, RulesArgs, RulesFormat};
use shelfread::config::Config;
use shelfread::error::Error;
use shelfread::files::folder::Folder;
use shelfread::progress::{Progress, Unit};
use shelfread::results::{Job, Results};
use shelfread::{report, rule_pages};

/// Runs a command; its exit code.
pub(crate) fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Check(args) => run::audit(args, Job::Check),
        Command::Dedupe(args) => run::dedupe(args),
        Command::Audit(args) => run::audit(args, Job::Audit),
        Command::Fix(args) => records::fix(args),
        Command::Rules(args) => rules(args),
        Command::Find(args) => records::find(args),
        Command::Explain(args) => records::explain(args),
        Command::Apply(args) => decisions::apply(args),
        Command::Review(args) => decisions::review(args),
        Command::Decisions(command) => decisions::decisions(command),
        Command::Evaluate(args) => model::evaluate(args),
        Command::Train(args) => model::train(args),
        Command::Stage(command) => stage::stage(command),
        Command::Model(args) => model::model(args),
        Command::Config(args) => config(args),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "shelfread", &mut script);
            print(&script)
        }
        Command::Man => manual(),
    }
}

fn rules(args: RulesArgs) -> anyhow::Result<ExitCode> {
    let named = args.rule.map(|wanted| rules_named(&wanted)).transpose().map_err(anyhow::Error::msg)?;
    let text = match (named.as_deref(), args.format) {
        (Some([rule]), _) => rule_pages::page(rule),
        (Some(rules), _) => rule_pages::table(rules),
        (None, RulesFormat::Text) => rule_pages::table(RULES),
        (None, RulesFormat::Markdown) => rule_pages::markdown(),
        (None, RulesFormat::Json) => format!("{:#}\n", rule_pages::to_json()),
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

fn write_report(results: &Results, folder: Folder, progress: &Progress) -> Result<(), Error> {
    let n_proposals = results.duplicates.as_ref().map_or(0, |duplicates| duplicates.proposals.len());
    let stage = progress.stage("write", n_proposals as u64, Unit::Items);
    report::write(results, &folder, |n| stage.advance(n))?;
    stage.finish();
    report::write_run(&progress.times(), &folder)?;
    folder.publish()
}

/// Writes to stdout.
fn print(text: &[u8]) -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout().lock();
    gone_is_fine(out.write_all(text).and_then(|()| out.flush()))?;
    Ok(ExitCode::SUCCESS)
}

/// Whether stdout is a terminal whose user has not said <https://no-color.org>.
fn has_colours() -> bool {
    std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|no| no.is_empty())
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
