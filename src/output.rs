//! A single file of output: it appears whole or not at all.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use crate::error::Error;

/// Checks that a file can be made at a place, before the work.
///
/// # Errors
/// If there is one and `force` is not given, or its folder is missing or not writable.
pub fn check(path: &Path, force: bool) -> Result<(), Error> {
    let refuse =
        |reason: &str| Error::Output { path: path.display().to_string(), reason: reason.to_owned(), source: None };
    if path.is_dir() {
        return Err(refuse("it is a folder; name a file"));
    }
    if path.exists() && !force {
        return Err(refuse("it exists already; give --force to replace it, or another name"));
    }
    beside(path).map(|_| ())
}

/// Writes a file beside its place and moves it there when it is complete.
///
/// # Errors
/// If it cannot be written; an old file is then still in its place.
pub fn write<T>(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<T>) -> Result<T, Error> {
    let fail = |source| Error::output(path, source);
    let mut out = BufWriter::with_capacity(1 << 16, beside(path)?);
    let written = write(&mut out).map_err(fail)?;
    let file = out.into_inner().map_err(|error| fail(error.into_error()))?;
    file.as_file().sync_all().map_err(fail)?;
    file.persist(path).map_err(|error| fail(error.error))?;
    Ok(written)
}

/// A temporary file in the folder of `path`, readable by all once it has moved there.
fn beside(path: &Path) -> Result<tempfile::NamedTempFile, Error> {
    let parent = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o644));
    }
    builder.prefix(".shelfread.partial-").tempfile_in(parent).map_err(|source| Error::output(path, source))
}
