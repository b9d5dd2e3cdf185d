//! The report folder: made beside its place and moved there when it is complete.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use tempfile::TempDir;

use crate::error::Error;

/// What a folder holds, by which it is known as our own when it is to be replaced.
#[derive(Debug)]
pub struct Contents {
    /// The file that names the program.
    pub mark: &'static str,
    /// All files.
    pub files: &'static [&'static str],
    /// Folders in it, and which names their files may have.
    pub folders: &'static [(&'static str, IsOurs)],
}

/// Whether a file of an inner folder has a name that the program gives.
pub type IsOurs = fn(&str) -> bool;

/// A report folder in the making. Dropped without [`Folder::publish`], it leaves nothing behind.
pub struct Folder {
    target: PathBuf,
    making: TempDir,
    replace: bool,
}

/// Where the folder in the making is, for a signal handler to remove.
pub type Unfinished = Arc<Mutex<Option<PathBuf>>>;

impl Folder {
    /// Checks that the report can be written to `target` and starts a folder beside it, so that a wrong path
    /// fails before the work and the final move stays within one file system.
    ///
    /// # Errors
    /// If the parent folder is missing or not writable; if `target` exists and `force` is not given; if it is
    /// not a report or an empty folder, which `force` would destroy.
    pub fn start(target: &Path, contents: &Contents, force: bool, unfinished: &Unfinished) -> Result<Folder, Error> {
        let refuse = |reason: &str| Error::Output {
            path: target.display().to_string(),
            reason: reason.to_owned(),
            source: None,
        };
        let replace = match fs::symlink_metadata(target) {
            Err(_) => false,
            Ok(_) if !force => {
                return Err(refuse("it exists already; give --force to replace a report, or another folder"));
            }
            Ok(kind) if !kind.is_dir() => return Err(refuse("it is not a folder; nothing was replaced")),
            Ok(_) => true,
        };
        if replace && !is_ours_or_empty(target, contents) {
            return Err(refuse("it holds other files than a report; --force replaces reports only"));
        }
        let parent = match target.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let name = target.file_name().ok_or_else(|| refuse("it names no folder"))?.to_string_lossy().into_owned();
        let making = tempfile::Builder::new()
            .prefix(&format!(".{}.partial-", name.chars().take(40).collect::<String>()))
            .tempdir_in(parent)
            .map_err(|source| Error::output(target, source))?;
        *unfinished.lock().expect("no thread panics while holding it") = Some(making.path().to_owned());
        Ok(Folder { target: target.to_owned(), making, replace })
    }

    /// Where files are written while the report is made.
    pub fn path(&self) -> &Path {
        self.making.path()
    }

    /// Where the report will be.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Starts one file of the folder, for those that are written beside others.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn create(&self, name: &str) -> Result<OutFile, Error> {
        let target = self.target().join(name);
        let file = fs::File::create(self.path().join(name)).map_err(|source| Error::output(&target, source))?;
        Ok(OutFile { out: BufWriter::with_capacity(1 << 16, file), target })
    }

    /// Writes one file of the folder.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn file(&self, name: &str, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Error> {
        let path = self.path().join(name);
        let inner = path.parent().filter(|inner| *inner != self.path());
        let written =
            inner.map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::File::create(&path)).and_then(|file| {
                let mut out = BufWriter::with_capacity(1 << 16, file);
                write(&mut out)?;
                out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
            });
        written.map_err(|source| Error::output(&self.target().join(name), source))
    }

    /// Moves the complete folder to its place.
    ///
    /// # Errors
    /// If it cannot be moved; an old report is then still in its place.
    pub fn publish(self, unfinished: &Unfinished) -> Result<(), Error> {
        let fail = |source| Error::output(&self.target, source);
        readable_by_all(self.making.path()).map_err(fail)?;
        let mut pending = unfinished.lock().expect("no thread panics while holding it");
        if self.replace {
            let old = tempfile::Builder::new()
                .prefix(".replaced-")
                .tempdir_in(self.making.path().parent().unwrap_or(Path::new(".")))
                .map_err(fail)?;
            let aside = old.path().join("report");
            fs::rename(&self.target, &aside).map_err(fail)?;
            if let Err(source) = fs::rename(self.making.path(), &self.target) {
                // Put the old report back; if even that fails, the error below names the place.
                let _ = fs::rename(&aside, &self.target);
                return Err(fail(source));
            }
        } else {
            fs::rename(self.making.path(), &self.target).map_err(fail)?;
        }
        *pending = None;
        // The folder has moved, so there is nothing left to remove at its old name.
        let _ = self.making.keep();
        Ok(())
    }
}

/// A file of a folder in the making.
pub struct OutFile {
    out: BufWriter<fs::File>,
    /// Where it will be, for messages.
    target: PathBuf,
}

impl OutFile {
    /// What went wrong while it was written.
    pub fn error(&self, source: io::Error) -> Error {
        Error::output(&self.target, source)
    }

    /// Completes the file.
    ///
    /// # Errors
    /// If what is left cannot be written.
    pub fn finish(self) -> Result<(), Error> {
        let file = self.out.into_inner().map_err(io::IntoInnerError::into_error);
        file.and_then(|file| file.sync_all()).map_err(|source| Error::output(&self.target, source))
    }
}

impl Write for OutFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn is_ours_or_empty(target: &Path, contents: &Contents) -> bool {
    let is_ours = |text: String| text.contains("\"tool\": \"shelfread\"");
    let has_mark = fs::read_to_string(target.join(contents.mark)).is_ok_and(is_ours);
    let Ok(entries) = fs::read_dir(target) else { return false };
    let names = names(entries);
    let is_folder = |name: &str| {
        let known = contents.folders.iter().find(|(folder, _)| *folder == name);
        let inside = known.and_then(|(_, is_ours)| Some((names_of(&target.join(name))?, is_ours)));
        inside.is_some_and(|(names, is_ours)| names.iter().all(|name| is_ours(name)))
    };
    // A file of the user's own, the export itself perhaps, must not go with the old report.
    let is_known = |name: &String| contents.files.contains(&name.as_str()) || is_folder(name);
    names.is_empty() || (has_mark && names.iter().all(is_known))
}

fn names(entries: fs::ReadDir) -> Vec<String> {
    entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

fn names_of(folder: &Path) -> Option<Vec<String>> {
    fs::read_dir(folder).ok().map(names)
}

/// Temporary folders are private; a report is made to be shared like any other output.
#[cfg(unix)]
fn readable_by_all(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn readable_by_all(_: &Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::CONTENTS;
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .expect("readable")
            .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_report_appears_whole_or_not_at_all() {
        let place = tempfile::tempdir().expect("temporary folder");
        let target = place.path().join("report");
        let unfinished = Unfinished::default();
        let dropped = Folder::start(&target, &CONTENTS, false, &unfinished).expect("a free place");
        fs::write(dropped.path().join("x"), "half").expect("writable");
        drop(dropped);
        assert!(names(place.path()).is_empty());

        let folder = Folder::start(&target, &CONTENTS, false, &unfinished).expect("a free place");
        fs::write(folder.path().join(CONTENTS.mark), "{\"tool\": \"shelfread\"}").expect("writable");
        folder.publish(&unfinished).expect("published");
        assert_eq!(names(place.path()), ["report"]);
        assert!(Folder::start(&target, &CONTENTS, false, &unfinished).is_err(), "it exists");

        let folder = Folder::start(&target, &CONTENTS, true, &unfinished).expect("a report may be replaced");
        fs::write(folder.path().join("run.json"), "").expect("writable");
        folder.publish(&unfinished).expect("published");
        assert_eq!(names(place.path()), ["report"]);
        assert_eq!(names(&target), ["run.json"]);
        assert!(Folder::start(&target, &CONTENTS, true, &unfinished).is_err(), "no report's mark");
        fs::write(target.join(CONTENTS.mark), "{\"tool\": \"shelfread\"}").expect("writable");
        fs::create_dir(target.join("ids")).expect("writable");
        fs::write(target.join("ids/T001.txt"), "a").expect("writable");
        assert!(Folder::start(&target, &CONTENTS, true, &unfinished).is_ok(), "its own folder");
        fs::write(target.join("ids/mine.txt"), "a").expect("writable");
        assert!(Folder::start(&target, &CONTENTS, true, &unfinished).is_err(), "a file of the user's own");
    }
}
