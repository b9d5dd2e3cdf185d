//! `review`, `decisions` and `apply`: what people decide about proposals, and what becomes of it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use shelfread::cli::{ApplyArgs, DecisionsCommand, ReviewArgs};
use shelfread::decisions::{self, Store};
use shelfread::error::Error;
use shelfread::files::folder::Folder;
use shelfread::files::output::{Output, Replace};
use shelfread::inert::{inert_lines, visible};
use shelfread::progress::{Progress, grouped};
use shelfread::{apply, review};

use super::{print, set_threads};

pub(super) fn review(args: ReviewArgs) -> anyhow::Result<ExitCode> {
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

pub(super) fn apply(args: ApplyArgs) -> anyhow::Result<ExitCode> {
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
                // With --quiet, too: what people rejected is in the lists of what to delete.
                let name = store.display();
                let text = format!("{name} was not used; --decisions {name} applies what people decided");
                let _ = writeln!(std::io::stderr(), "shelfread: {}", inert_lines(&text));
            }
            applied
        }
    };
    folder.publish()?;
    print(text.as_bytes())
}

/// Conflicting decisions named.
const MAX_CONFLICTS: usize = 20;

pub(super) fn decisions(command: DecisionsCommand) -> anyhow::Result<ExitCode> {
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
                let are_decided = match plan.conflicts.len() {
                    1 => "1 proposal is".to_owned(),
                    n => format!("{n} proposals are"),
                };
                anyhow::bail!(
                    "{are_decided} decided differently in {} and in {}, and neither side knew of the other: {}. \
                     Nothing was taken; look at them and give --prefer own or --prefer imported",
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
