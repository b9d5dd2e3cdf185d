//! A folder of output, of reports and indexes: made beside its place and moved there when it is complete.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::error::Error;
use crate::files::claim::{Claim, sync_folder};
use crate::files::durable::DurableFile;
use crate::files::faults;
use crate::inert::{Escape, Inert};

/// What a folder holds, by which it is known as our own when it is to be replaced.
#[derive(Clone, Copy, Debug)]
pub struct Contents {
    /// What it is, in words: `a report`.
    pub what: &'static str,
    /// The file that names the program.
    pub mark: &'static str,
    /// All files.
    pub files: &'static [&'static str],
    /// Files that were among them once.
    pub former: &'static [&'static str],
    /// Files that tell by their names that it is one, though the mark be damaged; none if nothing but the mark tells that.
    pub telling: &'static [&'static str],
    /// Folders in it, and which names their files may have.
    pub folders: &'static [(&'static str, IsOurs)],
    /// Files of JSON that keep characters which would command a terminal: they hold records as exports have them.
    pub verbatim: &'static [&'static str],
}

/// Whether a file of an inner folder has a name that the program gives.
pub type IsOurs = fn(&str) -> bool;

/// A report folder in the making. Dropped without [`Folder::publish`], it leaves nothing behind.
pub struct Folder {
    /// As the user named it.
    target: PathBuf,
    making: Unfinished,
    contents: Contents,
    replace: bool,
    claim: Claim,
}

/// The unfinished folder, remembered as long as it is there.
struct Unfinished(Option<TempDir>);

impl Unfinished {
    fn path(&self) -> &Path {
        self.0.as_ref().map_or(Path::new(""), TempDir::path)
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(folder) = self.0.take() {
            faults::forget(folder.path());
        }
    }
}

impl Folder {
    /// Checks that the report can be written to `target` and starts a folder beside it, so that a wrong path
    /// fails before the work and the final move stays within one file system.
    ///
    /// # Errors
    /// If the parent folder is missing or not writable; if another run is writing to `target`; if that exists and `force`
    /// is not given; if it is not a report or an empty folder, which `force` would destroy.
    pub fn start(target: &Path, contents: &Contents, force: bool) -> Result<Folder, Error> {
        let claim = Claim::take(target)?;
        let replace = may_replace(target, &claim.target(), contents, force)?;
        let making = tempfile::Builder::new()
            .prefix(&claim.partial())
            .tempdir_in(claim.parent())
            .map_err(|source| Error::output(target, source))?;
        faults::remember(making.path());
        let making = Unfinished(Some(making));
        Ok(Folder { target: target.to_owned(), making, contents: *contents, replace, claim })
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
        Ok(OutFile { out: buffered(file, self.escape(name)), target })
    }

    /// Writes one file of the folder; JSON without characters that would command a terminal.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn file(&self, name: &str, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Error> {
        let path = self.path().join(name);
        let inner = path.parent().filter(|inner| *inner != self.path());
        // The folder itself is there, unless it is just being removed.
        let make = |inner: &Path| match fs::create_dir(inner) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
            _ => Ok(()),
        };
        let written = inner.map_or(Ok(()), make).and_then(|()| fs::File::create(&path)).and_then(|file| {
            let mut out = buffered(file, self.escape(name));
            write(&mut out)?;
            finish(out)
        });
        written.map_err(|source| Error::output(&self.target().join(name), source))
    }

    fn escape(&self, name: &str) -> Escape {
        if is_json(name) && !self.contents.verbatim.contains(&name) { Escape::Json } else { Escape::Not }
    }

    /// Moves the complete folder to its place.
    ///
    /// # Errors
    /// If it cannot be moved, or if what is to be replaced has become something else; it is then still in its place.
    pub fn publish(self) -> Result<(), Error> {
        let fail = |source| Error::output(&self.target, source);
        let (making, target) = (self.making.path(), self.claim.target());
        readable_by_all(making).map_err(fail)?;
        self.contents.folders.iter().for_each(|(name, _)| sync_folder(&making.join(name)));
        sync_folder(making);
        // What was there may have gone meanwhile; then there is nothing to change places with.
        let replace = self.replace && may_replace(&self.target, &target, &self.contents, true)?;
        faults::uninterrupted(|| match replace {
            true => exchange(making, &target).or_else(|_| self.move_aside(making, &target)),
            false => fs::rename(making, &target),
        })
        .map_err(fail)?;
        sync_folder(self.claim.parent());
        // What is left of the unfinished folder is the old report, which goes with it.
        Ok(())
    }

    /// Replaces in two steps where folders cannot change places. If the program is killed in between, the next run puts
    /// the old report back.
    fn move_aside(&self, making: &Path, target: &Path) -> io::Result<()> {
        let aside = self.claim.aside();
        fs::rename(target, &aside)?;
        if let Err(error) = fs::rename(making, target) {
            fs::rename(&aside, target)?;
            return Err(error);
        }
        fs::remove_dir_all(&aside)
    }
}

/// Lets two folders change places at once, so that there is no moment without a report.
#[cfg(target_os = "linux")]
fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

#[cfg(not(target_os = "linux"))]
fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Whether there is something to replace, `named` by the user, which is at `target`.
fn may_replace(named: &Path, target: &Path, contents: &Contents, force: bool) -> Result<bool, Error> {
    let refuse =
        |reason: &str| Error::Output { path: named.display().to_string(), reason: reason.to_owned(), source: None };
    let what = contents.what;
    match fs::symlink_metadata(target) {
        Err(_) => Ok(false),
        Ok(_) if !force => {
            Err(refuse(&format!("it exists already; give --force to replace it if it is {what}, or another folder")))
        }
        Ok(kind) if !kind.is_dir() => Err(refuse("it is not a folder; nothing was replaced")),
        Ok(_) if is_somebodys_place(target) => Err(refuse("it is a home or working folder; nothing was replaced")),
        Ok(_) if is_ours_or_empty(target, contents) => Ok(true),
        Ok(_) => Err(refuse(&format!("it holds other files than {what}; nothing was replaced, name another folder"))),
    }
}

/// Whether a folder is the user's home or where the program was started, whatever it holds.
fn is_somebodys_place(target: &Path) -> bool {
    let places = [std::env::home_dir(), std::env::current_dir().ok()];
    places.into_iter().flatten().filter_map(|place| place.canonicalize().ok()).any(|place| place == target)
}

/// A file that is written inert. Small writes are gathered before they are looked through, and what then comes in pieces
/// after that; what is long goes through as it is.
type Buffered = BufWriter<Inert<BufWriter<DurableFile>>>;

fn buffered(file: fs::File, escape: Escape) -> Buffered {
    let file = BufWriter::with_capacity(1 << 15, DurableFile::new(file));
    BufWriter::with_capacity(1 << 16, Inert::new(file, escape))
}

/// Brings everything to the disk.
fn finish(out: Buffered) -> io::Result<()> {
    let inert = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    inert.into_inner()?.into_inner().map_err(io::IntoInnerError::into_error)?.finish()
}

/// A file of a folder in the making.
pub struct OutFile {
    out: Buffered,
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
        finish(self.out).map_err(|source| Error::output(&self.target, source))
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

fn is_json(name: &str) -> bool {
    name.ends_with(".json") || name.ends_with(".jsonl")
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
    let is_file = |name: &str| contents.files.contains(&name) || contents.former.contains(&name);
    let is_known = |name: &String| is_file(name) || is_folder(name);
    let is_told = || !contents.telling.is_empty() && contents.telling.iter().all(|file| target.join(file).is_file());
    names.is_empty() || (has_mark || is_told()) && names.iter().all(is_known)
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

/// JSON for people, with a final line break.
pub(crate) fn write_pretty(out: &mut dyn Write, value: &serde_json::Value) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::CONTENTS;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .expect("readable")
            .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_report_that_vanished_meanwhile_is_no_obstacle() {
        let place = tempfile::tempdir().expect("temporary folder");
        let target = place.path().join("report");
        fs::create_dir(&target).expect("writable");
        fs::write(target.join(CONTENTS.mark), "{\"tool\": \"shelfread\"}").expect("writable");
        let folder = Folder::start(&target, &CONTENTS, true).expect("a report may be replaced");
        fs::write(folder.path().join("run.json"), "").expect("writable");
        fs::remove_dir_all(&target).expect("writable");
        folder.publish().expect("published");
        assert_eq!((names(place.path()), names(&target)), (vec!["report".to_owned()], vec!["run.json".to_owned()]));
    }

    #[test]
    fn a_report_appears_whole_or_not_at_all() {
        let place = tempfile::tempdir().expect("temporary folder");
        let target = place.path().join("report");
        let dropped = Folder::start(&target, &CONTENTS, false).expect("a free place");
        fs::write(dropped.path().join("x"), "half").expect("writable");
        drop(dropped);
        assert!(names(place.path()).is_empty());

        let folder = Folder::start(&target, &CONTENTS, false).expect("a free place");
        fs::write(folder.path().join(CONTENTS.mark), "{\"tool\": \"shelfread\"}").expect("writable");
        folder.publish().expect("published");
        assert_eq!(names(place.path()), ["report"]);
        assert!(Folder::start(&target, &CONTENTS, false).is_err(), "it exists");

        let folder = Folder::start(&target, &CONTENTS, true).expect("a report may be replaced");
        fs::write(folder.path().join("run.json"), "").expect("writable");
        folder.publish().expect("published");
        assert_eq!(names(place.path()), ["report"]);
        assert_eq!(names(&target), ["run.json"]);
        assert!(Folder::start(&target, &CONTENTS, true).is_err(), "no report's mark");
        fs::write(target.join(CONTENTS.mark), "{\"tool\": \"shelfread\"}").expect("writable");
        fs::create_dir(target.join("ids")).expect("writable");
        fs::write(target.join("ids/T001.txt"), "a").expect("writable");
        assert!(Folder::start(&target, &CONTENTS, true).is_ok(), "its own folder");
        fs::write(target.join("ids/mine.txt"), "a").expect("writable");
        assert!(Folder::start(&target, &CONTENTS, true).is_err(), "a file of the user's own");
    }
}
