//! Memory maps and what may befall them: the only unsafe code of the library.
//!
//! A file that becomes shorter while it is mapped, or whose disk fails, raises SIGBUS in the thread that reads it. That
//! thread cannot go on, and next to nothing may be done in a signal handler; so the handler says through a pipe what
//! happened and holds the thread, and a thread of its own ends the program in order. An abort is treated alike.

use std::fs::File;
use std::io;
use std::ops::Deref;

use memmap2::Mmap;

/// What a thread was stopped by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Stopped {
    /// A file mapped by [`map_input`] could not be read: its name.
    Reading(String),
    /// The program gave up, as it does when it gets no memory.
    Abort,
}

/// Maps a whole file read-only. An empty file gives an empty map.
///
/// # Errors
/// If the file cannot be mapped.
pub(crate) fn map(file: &File) -> io::Result<Mmap> {
    #[expect(unsafe_code, reason = "mapping a file has no safe interface")]
    // SAFETY: the map is read-only, but no interface can promise that no other process changes or truncates
    // the file while it is mapped: changed bytes may then be read half old, half new, and reading past a
    // truncation raises SIGBUS. All bytes are treated as hostile by their readers, so the former cannot
    // break memory safety in practice; for the latter see above. Temporary files have no name, so nobody else can
    // open them.
    unsafe {
        Mmap::map(file)
    }
}

/// A mapped file of the user's, known by name if reading it fails.
pub(crate) struct Input {
    map: Mmap,
    #[cfg(unix)]
    _named: unix::Named,
}

/// [`map`] for files of the user's.
///
/// # Errors
/// If the file cannot be mapped.
pub(crate) fn map_input(file: &File, name: &str) -> io::Result<Input> {
    let map = map(file)?;
    #[cfg(unix)]
    let named = unix::Named::new(map.as_ptr() as usize, map.len(), name);
    #[cfg(not(unix))]
    let _ = name;
    Ok(Input {
        map,
        #[cfg(unix)]
        _named: named,
    })
}

impl Deref for Input {
    type Target = Mmap;

    fn deref(&self) -> &Mmap {
        &self.map
    }
}

/// From now on, calls `end` when a thread was stopped; it must not return. Whatever it has not done after ten seconds is
/// left undone.
///
/// # Errors
/// If the system does not let signals be handled.
#[cfg(unix)]
pub(crate) fn watch(end: impl FnOnce(Stopped) + Send + 'static) -> io::Result<()> {
    unix::watch(end)
}

/// Lets handlers of signals be installed, but not for those that whoever started the program wants it to ignore, as nohup does.
pub(crate) fn but_for_ignored<T>(install: impl FnOnce() -> T) -> T {
    #[cfg(unix)]
    return unix::but_for_ignored(install);
    #[cfg(not(unix))]
    install()
}

/// Nothing: mapped files cannot become shorter here.
#[cfg(not(unix))]
pub(crate) fn watch(_: impl FnOnce(Stopped) + Send + 'static) -> io::Result<()> {
    Ok(())
}

#[cfg(all(test, unix, not(miri)))]
mod tests {
    use std::io::Write;
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn what_is_mapped_is_what_the_file_holds() {
        let mut file = tempfile::tempfile().expect("a file");
        assert!(map(&file).expect("an empty map").is_empty());
        file.write_all(b"lamp oil").expect("writable");
        let input = map_input(&file, "oil").expect("a map");
        assert_eq!((&input[..], &map(&file).expect("a map")[..]), (&b"lamp oil"[..], &b"lamp oil"[..]));
    }

    /// What is set in the environment of a child that reads beyond the end of its file.
    const CUT_SHORT: &str = "SHELFREAD_TEST_CUT_SHORT";

    #[test]
    #[expect(clippy::exit, reason = "what is called when a thread was stopped must not return")]
    fn a_file_that_becomes_shorter_stops_the_reader_and_is_named() {
        if std::env::var_os(CUT_SHORT).is_some() {
            let file = tempfile::tempfile().expect("a file");
            file.set_len(1 << 16).expect("writable");
            let other = map_input(&tempfile::tempfile().expect("a file"), "other").expect("a map");
            let input = map_input(&file, "cut short").expect("a map");
            drop(other);
            watch(|stopped| {
                std::process::exit(if stopped == Stopped::Reading("cut short".to_owned()) { 42 } else { 43 })
            })
            .expect("signals can be handled");
            file.set_len(0).expect("writable");
            std::process::exit(i32::from(input.iter().any(|byte| *byte != 0)));
        }
        let (_, module) = module_path!().split_once("::").expect("it is in a crate");
        let name = &format!("{module}::a_file_that_becomes_shorter_stops_the_reader_and_is_named");
        let program = std::env::current_exe().expect("this program");
        let mut child = Command::new(program);
        child.args(["--exact", name]).env(CUT_SHORT, "1").stdout(Stdio::null());
        let status = child.status().expect("it runs");
        assert_eq!(status.code(), Some(42), "{status}");
    }
}

#[cfg(unix)]
mod unix {
    use std::io::{self, Read};
    use std::os::fd::IntoRawFd;
    use std::sync::atomic::{AtomicI32, AtomicPtr, AtomicUsize, Ordering};

    use super::Stopped;

    /// A mapped range. Ranges are never freed, so that a signal handler may walk through them at any time; there is one
    /// per input.
    struct Range {
        start: usize,
        /// Length in bytes; 0 once the map is gone.
        len: AtomicUsize,
        name: String,
        next: Option<&'static Range>,
    }

    /// The range added last.
    static RANGES: AtomicPtr<Range> = AtomicPtr::new(std::ptr::null_mut());
    /// Where the handler writes, or -1.
    static PIPE: AtomicI32 = AtomicI32::new(-1);
    /// Where the first failing thread was reading.
    static ADDRESS: AtomicUsize = AtomicUsize::new(0);

    const READING: u8 = b'r';
    const ABORT: u8 = b'a';
    /// Seconds that the program is given to end in order.
    const PATIENCE: u32 = 10;

    /// Keeps a range known.
    pub(super) struct Named(&'static Range);

    impl Named {
        /// From the address `start` on, `len` bytes; `name` is said of a thread that is stopped there.
        pub(super) fn new(start: usize, len: usize, name: &str) -> Named {
            let mut next = RANGES.load(Ordering::Acquire);
            let range: &'static mut Range =
                Box::leak(Box::new(Range { start, len: AtomicUsize::new(len), name: name.to_owned(), next: None }));
            loop {
                range.next = last(next);
                match RANGES.compare_exchange(next, range, Ordering::AcqRel, Ordering::Acquire) {
                    Ok(_) => return Named(range),
                    Err(other) => next = other,
                }
            }
        }
    }

    impl Drop for Named {
        fn drop(&mut self) {
            self.0.len.store(0, Ordering::Release);
        }
    }

    #[expect(unsafe_code, reason = "a list that signal handlers walk through holds pointers")]
    fn last(pointer: *mut Range) -> Option<&'static Range> {
        // SAFETY: RANGES is null or points to a leaked range, which is not written to any more once it is there.
        unsafe { pointer.as_ref() }
    }

    /// The range that holds an address. Allocates nothing and takes no lock.
    fn range_of(address: usize) -> Option<&'static Range> {
        let mut range = last(RANGES.load(Ordering::Acquire));
        while let Some(known) = range {
            if address.wrapping_sub(known.start) < known.len.load(Ordering::Acquire) {
                return Some(known);
            }
            range = known.next;
        }
        None
    }

    /// `end` runs in a thread that waits at a pipe: handlers of SIGBUS and SIGABRT may do little more than write to it.
    pub(super) fn watch(end: impl FnOnce(Stopped) + Send + 'static) -> io::Result<()> {
        let (mut reader, writer) = io::pipe()?;
        let wait = move || {
            let mut what = [0];
            if reader.read_exact(&mut what).is_err() {
                return;
            }
            let name = || range_of(ADDRESS.load(Ordering::Acquire)).map(|range| range.name.clone());
            end(match what[0] {
                READING => Stopped::Reading(name().unwrap_or_default()),
                _ => Stopped::Abort,
            });
        };
        std::thread::Builder::new().name("faults".to_owned()).spawn(wait)?;
        PIPE.store(writer.into_raw_fd(), Ordering::Release);
        handle(libc::SIGBUS)?;
        handle(libc::SIGABRT)
    }

    /// See [`super::but_for_ignored`].
    #[expect(unsafe_code, reason = "signal handlers have no safe interface")]
    pub(super) fn but_for_ignored<T>(install: impl FnOnce() -> T) -> T {
        let was_ignored = |signal: &libc::c_int| {
            // SAFETY: an all-zero sigaction is a valid one; without a new action the system only tells the present one.
            unsafe {
                let mut action: libc::sigaction = std::mem::zeroed();
                let failed = libc::sigaction(*signal, std::ptr::null(), &raw mut action);
                failed == 0 && action.sa_sigaction == libc::SIG_IGN
            }
        };
        let ignored: Vec<libc::c_int> = [libc::SIGHUP, libc::SIGINT].into_iter().filter(was_ignored).collect();
        let installed = install();
        for signal in ignored {
            // SAFETY: to ignore a signal, as it was before, needs no handler.
            unsafe { libc::signal(signal, libc::SIG_IGN) };
        }
        installed
    }

    #[expect(unsafe_code, reason = "signal handlers have no safe interface")]
    fn handle(signal: libc::c_int) -> io::Result<()> {
        // SAFETY: an all-zero sigaction is a valid one; the handler has the signature that SA_SIGINFO asks for and
        // does only what is allowed in one.
        let failed = unsafe {
            let mut action: libc::sigaction = std::mem::zeroed();
            action.sa_sigaction = on_signal as extern "C" fn(_, _, _) as usize;
            action.sa_flags = libc::SA_SIGINFO;
            libc::sigaction(signal, &raw const action, std::ptr::null_mut())
        };
        if failed == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
    }

    /// Writes one byte, and never returns to a thread that cannot go on.
    #[expect(unsafe_code, reason = "signal handlers have no safe interface")]
    extern "C" fn on_signal(signal: libc::c_int, info: *mut libc::siginfo_t, _: *mut libc::c_void) {
        let mut what = ABORT;
        if signal == libc::SIGBUS {
            // SAFETY: the system hands a valid siginfo to handlers set with SA_SIGINFO, and SIGBUS has an address.
            let address = unsafe { (*info).si_addr() } as usize;
            if range_of(address).is_none() {
                // None of ours: the same again, as if there were no handler.
                // SAFETY: setting the default action is allowed in a handler.
                unsafe { libc::signal(signal, libc::SIG_DFL) };
                return;
            }
            let _ = ADDRESS.compare_exchange(0, address, Ordering::AcqRel, Ordering::Acquire);
            what = READING;
        }
        // SAFETY: write, sleep and _exit are allowed in handlers; `what` outlives the call.
        unsafe {
            libc::write(PIPE.load(Ordering::Acquire), (&raw const what).cast(), 1);
            let mut left = PATIENCE;
            while left > 0 {
                left = libc::sleep(left);
            }
            libc::_exit(crate::exit::FAILED.into())
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn an_address_leads_to_its_file_as_long_as_that_is_mapped() {
            let one = Named::new(1 << 40, 4096, "one");
            let two = Named::new((1 << 40) + 4096, 10, "two");
            let name = |address| range_of(address).map(|range| range.name.as_str());
            assert_eq!([name(1 << 40), name((1 << 40) + 4095)], [Some("one"); 2]);
            assert_eq!([name((1 << 40) + 4096), name((1 << 40) + 4106)], [Some("two"), None]);
            drop(one);
            assert_eq!([name(1 << 40), name((1 << 40) + 4096)], [None, Some("two")]);
            drop(two);
            assert_eq!(name((1 << 40) + 4096), None);
        }

        #[test]
        fn ranges_may_be_added_from_many_threads() {
            let add = |at: usize| Named::new((1 << 41) + at * 8, 8, &at.to_string());
            let named: Vec<Named> = std::thread::scope(|scope| {
                let threads: Vec<_> = (0..16).map(|at| scope.spawn(move || add(at))).collect();
                threads.into_iter().map(|thread| thread.join().expect("it ends")).collect()
            });
            for at in 0..named.len() {
                let found = range_of((1 << 41) + at * 8 + 7).map(|range| range.name.clone());
                assert_eq!(found, Some(at.to_string()));
            }
        }
    }
}
