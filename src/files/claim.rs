//! The right to write to a place: one run at a time has it.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::xxh3_64;

use crate::error::Error;
use crate::files::faults;

/// Longest name that is kept whole in the names beside it, in bytes: file systems allow 255.
const MAX_NAME: usize = 200;

/// A place that this run alone writes to. The lock is the system's, so it ends with the process however that ends.
#[derive(Debug)]
pub(crate) struct Claim {
    /// The folder of the place, with symbolic links followed once and for all.
    parent: PathBuf,
    /// Name of the place within it.
    name: std::ffi::OsString,
    /// What names beside the place begin with.
    stem: String,
    lock: Option<(File, PathBuf)>,
}

impl Claim {
    /// Claims `target`, and tidies up what a run that was killed has left there.
    ///
    /// # Errors
    /// If another run is writing to it, or its folder is missing or not writable.
    pub(crate) fn take(target: &Path) -> Result<Claim, Error> {
        let fail = |source| Error::output(target, source);
        let refuse = |reason: &str| Error::Output {
            path: target.display().to_string(),
            reason: reason.to_owned(),
            source: None,
        };
        let name = target.file_name().ok_or_else(|| refuse("it names no file or folder"))?.to_owned();
        let parent = match target.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let parent = parent.canonicalize().map_err(fail)?;
        let stem = format!(".{}.shelfread-", short(&name.to_string_lossy()));
        let path = parent.join(format!("{stem}lock"));
        let busy = || refuse("another run of shelfread is writing it; wait for that, or give another name");
        let lock = lock(&path).map_err(fail)?.ok_or_else(busy)?;
        faults::remember(&path);
        let claim = Claim { parent, name, stem, lock: Some((lock, path)) };
        claim.tidy().map_err(fail)?;
        Ok(claim)
    }

    /// Where the place really is.
    pub(crate) fn target(&self) -> PathBuf {
        self.parent.join(&self.name)
    }

    /// The folder of the place.
    pub(crate) fn parent(&self) -> &Path {
        &self.parent
    }

    /// What names of unfinished output begin with.
    pub(crate) fn partial(&self) -> String {
        format!("{}partial-", self.stem)
    }

    /// Where an old report stands while the new one is moved to its place.
    pub(crate) fn aside(&self) -> PathBuf {
        self.parent.join(format!("{}old", self.stem))
    }

    /// Removes unfinished output, which nobody can be writing any more, and puts back an old report that was moved aside.
    fn tidy(&self) -> io::Result<()> {
        let aside = self.aside();
        if fs::symlink_metadata(&aside).is_ok() {
            match fs::symlink_metadata(self.target()) {
                Ok(_) => remove(&aside)?,
                Err(_) => fs::rename(&aside, self.target())?,
            }
        }
        let partial = self.partial();
        for entry in fs::read_dir(&self.parent)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with(&partial) {
                // In a shared folder it may be another person's: it does no harm there.
                let _ = remove(&entry.path());
            }
        }
        Ok(())
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if let Some((_lock, path)) = self.lock.take() {
            // The name goes before the lock does, so that whoever locks it next finds it gone and makes a new one.
            let _ = fs::remove_file(&path);
            faults::forget(&path);
        }
    }
}

/// Makes and locks a file; `None` if another process holds it.
fn lock(path: &Path) -> io::Result<Option<File>> {
    loop {
        let file = open(path)?;
        match file.try_lock() {
            Ok(()) => (),
            Err(fs::TryLockError::WouldBlock) => return Ok(None),
            // A file system without locks: one run at a time is then up to the user.
            Err(fs::TryLockError::Error(_)) => return Ok(Some(file)),
        }
        // Its last holder may have removed the name in between; a lock on a file without a name keeps nobody out.
        if is_at(&file, path)? {
            return Ok(Some(file));
        }
    }
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        // A link that somebody else put there leads nowhere.
        options.custom_flags(libc::O_NOFOLLOW);
    }
    options.open(path)
}

#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let own = file.metadata()?;
    Ok(fs::symlink_metadata(path).is_ok_and(|there| (there.dev(), there.ino()) == (own.dev(), own.ino())))
}

#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> io::Result<bool> {
    Ok(true)
}

/// Removes a file, a folder with all that is in it, or a link; never what a link leads to.
fn remove(path: &Path) -> io::Result<()> {
    if fs::symlink_metadata(path)?.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }
}

/// The name, or its beginning and a hash if it is too long or not text.
fn short(name: &str) -> String {
    if name.len() <= MAX_NAME && !name.contains('\u{fffd}') {
        return name.to_owned();
    }
    let end = (0..=MAX_NAME.min(name.len())).rev().find(|&end| name.is_char_boundary(end)).unwrap_or(0);
    format!("{}-{:016x}", &name[..end], xxh3_64(name.as_bytes()))
}

/// Makes what was renamed in a folder last through a power cut, where the system can.
pub(crate) fn sync_folder(folder: &Path) {
    // Some systems cannot open folders; the data itself is on disk by then.
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("readable");
        entries.map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn a_place_is_claimed_once_and_free_again() {
        let place = tempfile::tempdir().expect("temporary folder");
        let target = place.path().join("report");
        let claim = Claim::take(&target).expect("free");
        let reason = Claim::take(&target).expect_err("taken").to_string();
        assert!(reason.contains("another run"), "{reason}");
        assert!(Claim::take(&place.path().join("other")).is_ok());
        drop(claim);
        drop(Claim::take(&target).expect("free again"));
        assert_eq!(names(place.path()), [""; 0]);
    }

    #[test]
    fn what_a_killed_run_left_is_tidied_up_and_nothing_else() {
        let place = tempfile::tempdir().expect("temporary folder");
        let at = |name: &str| place.path().join(name);
        fs::create_dir(at(".report.shelfread-partial-a1")).expect("writable");
        fs::write(at(".report.shelfread-partial-a1/summary.json"), "half").expect("writable");
        fs::write(at(".report.shelfread-lock"), "").expect("writable");
        fs::create_dir(at(".report.shelfread-old")).expect("writable");
        fs::write(at(".report.shelfread-old/summary.json"), "whole").expect("writable");
        fs::create_dir(at(".report2.shelfread-partial-a1")).expect("writable");
        drop(Claim::take(&at("report")).expect("free"));
        let mut left = names(place.path());
        left.sort();
        assert_eq!(left, [".report2.shelfread-partial-a1", "report"]);
        assert_eq!(fs::read_to_string(at("report/summary.json")).expect("it was put back"), "whole");
    }

    #[cfg(unix)]
    #[test]
    fn links_in_the_way_lead_nowhere() {
        use std::os::unix::fs::symlink;
        let place = tempfile::tempdir().expect("temporary folder");
        let at = |name: &str| place.path().join(name);
        fs::create_dir(at("mine")).expect("writable");
        fs::write(at("mine/thesis"), "years").expect("writable");
        symlink(at("mine"), at(".report.shelfread-partial-x")).expect("writable");
        drop(Claim::take(&at("report")).expect("free"));
        assert!(at("mine/thesis").exists() && fs::symlink_metadata(at(".report.shelfread-partial-x")).is_err());
        symlink(at("mine/new"), at(".report.shelfread-lock")).expect("writable");
        assert!(Claim::take(&at("report")).is_err());
        assert!(!at("mine/new").exists());
    }

    #[test]
    fn long_names_have_room_beside_them() {
        let place = tempfile::tempdir().expect("temporary folder");
        for name in ["r".repeat(255), "ü".repeat(127)] {
            assert!(Claim::take(&place.path().join(name)).is_ok());
        }
        assert_ne!(short(&"a".repeat(254)), short(&"a".repeat(255)));
    }
}
