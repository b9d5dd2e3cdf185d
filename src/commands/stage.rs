//! `stage`: one stage of a run that another program drives.

use std::process::ExitCode;

use shelfread::cli::{SpreadArgs, StageArgs, StageCommand};
use shelfread::config::Config;
use shelfread::files::folder::Folder;
use shelfread::progress::Progress;
use shelfread::report;
use shelfread::stage::{self, Filter, Name, Spread};

use super::{set_threads, write_report};

/// One stage of a run that another program drives.
pub(super) fn stage(command: StageCommand) -> anyhow::Result<ExitCode> {
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
