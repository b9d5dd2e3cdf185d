//! `shelfread`: arguments in, exit code out.

mod commands;

use std::ffi::c_long;
use std::io::Write;
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use libmimalloc_sys::{mi_option_set_default, mi_option_t, mi_option_use_numa_nodes};
use shelfread::cli::{Cli, Command};
use shelfread::error::Error;
use shelfread::exit::{DEFECT, FAILED};
use shelfread::files::faults;
use shelfread::inert::inert_lines;
use shelfread::input;

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
    let done = watched.context("cannot start the thread that listens for Ctrl-C").and_then(|()| commands::run(command));
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
