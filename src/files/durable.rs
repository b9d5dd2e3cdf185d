//! Files that the disk takes while they are written.
//!
//! A file that is only synced when it is complete is copied to memory first and then waits for the disk: of the 0.7 GB of merge
//! proposals of a million records, the second takes as long as the first. Here the disk begins with the first part.

use std::fs::File;
use std::io::{self, Write};
use std::thread::{self, JoinHandle};

/// Bytes after which the disk is given what it does not have yet.
const PART: usize = 32 << 20;

/// A new file that is on the disk when it is [finished](DurableFile::finish).
pub(crate) struct DurableFile {
    file: File,
    /// Bytes written since the disk was last given some.
    waiting: usize,
    /// The disk at work. Its errors are told once for all handles of a file, so they must be asked for here.
    syncing: Option<JoinHandle<io::Result<()>>>,
}

impl DurableFile {
    /// Of an open file that nothing was written to.
    pub(crate) fn new(file: File) -> DurableFile {
        DurableFile { file, waiting: 0, syncing: None }
    }

    /// Waits until all of the file is on the disk.
    ///
    /// # Errors
    /// If a part of it is not, whenever that was noticed.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.wait()?;
        self.file.sync_all()
    }

    fn wait(&mut self) -> io::Result<()> {
        self.syncing
            .take()
            .map_or(Ok(()), |thread| thread.join().unwrap_or_else(|_| Err(io::Error::other("it failed"))))
    }

    /// Gives the disk what it does not have yet, unless it is still at work.
    fn sync_meanwhile(&mut self) -> io::Result<()> {
        if self.syncing.as_ref().is_some_and(|thread| !thread.is_finished()) {
            return Ok(());
        }
        self.wait()?;
        let file = self.file.try_clone()?;
        self.syncing = thread::Builder::new().spawn(move || file.sync_data()).ok();
        self.waiting = 0;
        Ok(())
    }
}

impl Write for DurableFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.file.write(bytes)?;
        self.waiting += n;
        if self.waiting >= PART {
            self.sync_meanwhile()?;
        }
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for DurableFile {
    fn drop(&mut self) {
        // What is not finished is removed; the disk must not work on it any more then.
        let _ = self.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_parts_are_written_in_their_order() {
        let place = tempfile::tempdir().expect("temporary folder");
        let path = place.path().join("file");
        let mut file = DurableFile::new(File::create(&path).expect("writable"));
        let bytes: Vec<u8> = (0..3 * PART as u32 / 4).flat_map(u32::to_le_bytes).collect();
        bytes.chunks(PART / 5 + 1).for_each(|part| file.write_all(part).expect("writable"));
        assert!(file.syncing.is_some(), "the disk was given parts");
        file.finish().expect("on the disk");
        assert!(std::fs::read(&path).expect("readable") == bytes);
    }

    #[test]
    fn what_the_disk_cannot_take_fails() {
        let Ok(full) = File::create("/dev/full") else {
            eprintln!("skipped: there is no /dev/full");
            return;
        };
        let mut file = DurableFile::new(full);
        assert!(file.write_all(b"x").is_err());
    }
}
