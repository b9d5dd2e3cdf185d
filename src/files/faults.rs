//! What a run leaves when it cannot end by itself: nothing but a message.
//!
//! Output is written under names of its own and moved to its place when it is complete. What is not complete yet is
//! remembered here, so that it can be removed on Ctrl-C, on a termination signal, when an export cannot be read any more,
//! when memory runs out, or when the program turns out to have a defect. Against SIGKILL and power cuts nothing helps; what these leave is known by its name, and the
//! next run that writes to the same place removes it.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::{self, Write};
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use memmap2::MmapMut;

use crate::error::Error;
use crate::exit::FAILED;
use crate::files::map::{self, Stopped};
use crate::inert::inert_lines;

/// Unfinished files and folders of this process, in the order in which they were started.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());
/// Addresses that are kept free, and never touched, so that tidying up finds memory when nothing else does: an allocator
/// takes 32 MiB at a time, aligned to as much.
static RESERVE: Mutex<Option<MmapMut>> = Mutex::new(None);
const RESERVED: usize = 96 << 20;

fn unfinished() -> MutexGuard<'static, Vec<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Remembers a file or folder that is to be removed if the run cannot end by itself.
pub(crate) fn remember(path: &Path) {
    unfinished().push(path.to_owned());
}

/// Forgets it, now that it is complete or removed.
pub(crate) fn forget(path: &Path) {
    unfinished().retain(|known| known != path);
}

/// How often something unfinished is removed, at most.
const MOST_TRIES: usize = 100;
const BETWEEN_TRIES: Duration = Duration::from_millis(2);

/// Whether the report is in its place, and the index that belongs to it not yet.
static IS_REPORTED: AtomicBool = AtomicBool::new(false);

/// From now on an interrupted run has left its report.
pub fn has_reported() {
    IS_REPORTED.store(true, Ordering::Release);
}

/// Removes what is remembered, and keeps others from finishing meanwhile.
fn remove_all() -> MutexGuard<'static, Vec<PathBuf>> {
    let mut paths = unfinished();
    for path in paths.drain(..).rev() {
        let remove = || if path.is_dir() { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
        // Other threads may go on writing files in between, but not for ever: they may make no folder again.
        let _ = (0..MOST_TRIES).find(|_| {
            let is_gone = remove().is_ok() || !path.exists();
            if !is_gone {
                std::thread::sleep(BETWEEN_TRIES);
            }
            is_gone
        });
    }
    paths
}

/// Runs `publish`, which makes something complete, unless the process is just being ended.
pub(crate) fn uninterrupted<T>(publish: impl FnOnce() -> T) -> T {
    let _held = unfinished();
    publish()
}

/// Runs a command. A panic within it, on whatever thread, is a defect of the program: that is said, with what to send, what is
/// unfinished is removed, and nothing is returned.
pub fn guarded<T>(command: impl FnOnce() -> T) -> Option<T> {
    panic::set_hook(Box::new(tell_defect));
    let done = panic::catch_unwind(AssertUnwindSafe(command));
    if done.is_err() {
        drop(remove_all());
    }
    done.ok()
}

/// The defect told last: several threads may meet the same.
static DEFECT: Mutex<String> = Mutex::new(String::new());

fn tell_defect(defect: &PanicHookInfo<'_>) {
    let place = defect.location().map_or_else(String::new, |at| format!("{}:{}", at.file(), at.line()));
    let mut told = DEFECT.lock().unwrap_or_else(PoisonError::into_inner);
    if *told == place {
        return;
    }
    told.clone_from(&place);
    let what = defect.payload_as_str().unwrap_or("it cannot go on");
    let mut text = format!(
        "a defect of shelfread {}, not of your data or settings: {what} ({place}). Nothing unfinished is left. Please report it with these \
         lines, the command, and, if you may pass them on, the records it was reading",
        env!("CARGO_PKG_VERSION")
    );
    let trace = Backtrace::capture();
    if trace.status() == BacktraceStatus::Captured {
        text.push_str(&format!("\n{trace}"));
    }
    let _ = writeln!(io::stderr(), "shelfread: {}", inert_lines(&text));
}

fn end(error: &Error) -> ! {
    drop(RESERVE.lock().unwrap_or_else(PoisonError::into_inner).take());
    let _held = remove_all();
    let _ = writeln!(io::stderr(), "shelfread: {}", inert_lines(&error.to_string()));
    std::process::exit(FAILED.into())
}

/// From now on, ends the program in order whatever befalls it. With `on_interrupt`, Ctrl-C and termination signals call
/// that instead.
///
/// # Errors
/// If the system does not let signals be handled.
pub fn watch(on_interrupt: Option<Box<dyn FnMut() + Send>>) -> io::Result<()> {
    let interrupted =
        || if IS_REPORTED.load(Ordering::Acquire) { Error::InterruptedAfterReport } else { Error::Interrupted };
    let interrupt = on_interrupt.unwrap_or_else(|| Box::new(move || end(&interrupted())));
    // Where even these addresses are too many, it must go without.
    *RESERVE.lock().unwrap_or_else(PoisonError::into_inner) = MmapMut::map_anon(RESERVED).ok();
    map::but_for_ignored(|| ctrlc::set_handler(interrupt)).map_err(io::Error::other)?;
    map::watch(|stopped| match stopped {
        Stopped::Reading(path) => {
            let reason = "it became shorter while it was read, or its disk failed; nothing was written. Run again when \
                          the export is complete";
            end(&Error::Input { path, reason: reason.to_owned(), source: None })
        }
        Stopped::Abort => end(&Error::GivenUp),
    })
}
