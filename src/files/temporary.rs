//! Files without a name that many threads append to, and that are mapped when all is written.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::sync::Mutex;

use memmap2::Mmap;

use crate::files::map::map;

/// Bytes gathered before they are written.
const BUFFER: usize = 1 << 20;

/// Takes bytes in any order and from any thread.
pub(crate) struct Temporary(Mutex<State>);

struct State {
    file: BufWriter<File>,
    length: u64,
    error: Option<io::Error>,
}

impl Temporary {
    /// An empty file.
    ///
    /// # Errors
    /// If it cannot be made.
    pub(crate) fn new() -> io::Result<Temporary> {
        let file = BufWriter::with_capacity(BUFFER, tempfile::tempfile()?);
        Ok(Temporary(Mutex::new(State { file, length: 0, error: None })))
    }

    /// Writes bytes and says where they begin, from 0. An error is kept for [`Temporary::finish`].
    pub(crate) fn append(&self, bytes: &[u8]) -> u64 {
        let mut state = self.0.lock().expect("no thread panics while holding it");
        let start = state.length;
        state.length += bytes.len() as u64;
        if state.error.is_none() {
            state.error = state.file.write_all(bytes).err();
        }
        start
    }

    /// Maps what was written.
    ///
    /// # Errors
    /// If something could not be written, or the file cannot be mapped.
    pub(crate) fn finish(self) -> io::Result<Mmap> {
        let State { file, error, .. } = self.0.into_inner().expect("no thread panics while holding it");
        error.map_or(Ok(()), Err)?;
        map(&file.into_inner().map_err(io::IntoInnerError::into_error)?)
    }
}
