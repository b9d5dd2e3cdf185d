//! Memory maps: the only unsafe code of the project.

use std::fs::File;
use std::io;

use memmap2::Mmap;

/// Maps a whole file read-only. An empty file gives an empty map.
///
/// # Errors
/// If the file cannot be mapped.
pub(crate) fn map(file: &File) -> io::Result<Mmap> {
    #[expect(unsafe_code, reason = "mapping a file has no safe interface")]
    // SAFETY: the map is read-only, but no interface can promise that no other process changes or truncates
    // the file while it is mapped: changed bytes may then be read half old, half new, and reading past a
    // truncation raises SIGBUS. All bytes are treated as hostile by their readers, so the former cannot
    // break memory safety in practice. Temporary files have no name, so nobody else can open them.
    unsafe {
        Mmap::map(file)
    }
}
