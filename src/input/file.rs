//! Input files as bytes: mapped read-only, or decompressed into an unnamed temporary file and mapped.
//!
//! Nothing here can write to an input. Whether one was changed while it was read is known by [`Origin`].

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use flate2::bufread::GzDecoder;
use memmap2::Mmap;
use xxhash_rust::xxh3::xxh3_64;

use crate::error::Error;
use crate::files::map::{self, map_input};

/// Bytes of one input, with the name to show for it.
pub struct InputFile {
    /// The path as the user gave it; `-` for standard input.
    pub name: String,
    bytes: Bytes,
    /// Absent if there is no file that could change.
    origin: Option<Origin>,
}

enum Bytes {
    Mapped(map::Input),
    Spooled(Mmap),
    Owned(Vec<u8>),
}

impl InputFile {
    /// Opens and maps a file, decompressing gzip and zstd (told by their first bytes). `-` is standard input.
    ///
    /// # Errors
    /// If there is no such file, it is a folder, its name is no UTF-8, or it cannot be read or decompressed.
    pub fn open(path: &Path) -> Result<InputFile, Error> {
        let Some(name) = path.to_str().map(str::to_owned) else {
            let reason = "its name is no UTF-8, so that no report could say where its records are; give it another one";
            return Err(Error::Input { path: path.display().to_string(), reason: reason.to_owned(), source: None });
        };
        if name == "-" {
            let temporary = temporary_file(path)?;
            let bytes = spool(io::stdin().lock(), temporary).map_err(|source| Error::input(path, source))?;
            return decompress(InputFile { name, bytes, origin: None }, path);
        }
        let file = File::open(path).map_err(|source| Error::input(path, source))?;
        let metadata = file.metadata().map_err(|source| Error::input(path, source))?;
        let kind = metadata.file_type();
        if kind.is_dir() {
            let reason = format!("it is a folder; name the export files in it, such as {name}/*.jsonl");
            return Err(Error::Input { path: name, reason, source: None });
        }
        let (bytes, origin) = if kind.is_file() {
            (map_bytes(&file, &name), Some(Origin::new(path, &metadata)))
        } else {
            (spool(BufReader::new(file), temporary_file(path)?), None)
        };
        let bytes = bytes.map_err(|source| Error::input(path, source))?;
        decompress(InputFile { name, bytes, origin }, path)
    }

    /// An input made in memory, for tests and for converted formats.
    pub fn from_bytes(name: impl Into<String>, bytes: Vec<u8>) -> InputFile {
        InputFile { name: name.into(), bytes: Bytes::Owned(bytes), origin: None }
    }

    /// The same file with its content put into another form.
    pub(super) fn converted(&mut self, convert: impl FnOnce(&[u8]) -> Vec<u8>) {
        if let Some(origin) = &mut self.origin {
            origin.hash.get_or_insert_with(|| xxh3_64(bytes_of(&self.bytes)));
        }
        self.bytes = Bytes::Owned(convert(bytes_of(&self.bytes)));
    }

    /// The (decompressed) content.
    pub fn bytes(&self) -> &[u8] {
        bytes_of(&self.bytes)
    }

    /// Whether the file is there and as long as when it was opened, or has nothing mapped that could be cut off. Programs
    /// that go on after an export was cut ask before they read.
    ///
    /// A file that is cut between this look and the reading still ends the program, in order but at once: only a copy
    /// of every export could prevent it.
    pub fn is_whole(&self) -> bool {
        match (&self.origin, &self.bytes) {
            (Some(origin), Bytes::Mapped(_)) => {
                std::fs::metadata(&origin.path).is_ok_and(|metadata| metadata.len() >= origin.stamp.len)
            }
            _ => true,
        }
    }

    /// Checks that the file still is what was read. `is_same` compares new content with what was read of the old.
    ///
    /// # Errors
    /// If it is gone, or holds something else.
    pub(super) fn check_unchanged(&self, is_same: impl FnOnce(&[u8]) -> bool) -> Result<(), Error> {
        let Some(origin) = &self.origin else { return Ok(()) };
        origin.check(&self.name, is_same).map_err(|what| Error::Input {
            path: self.name.clone(),
            reason: format!("{what} while it was read; nothing was written. Run again when the export is complete"),
            source: None,
        })
    }
}

fn bytes_of(bytes: &Bytes) -> &[u8] {
    match bytes {
        Bytes::Mapped(map) => map,
        Bytes::Spooled(map) => map,
        Bytes::Owned(bytes) => bytes,
    }
}

/// What a file was when it was opened.
struct Origin {
    path: PathBuf,
    stamp: Stamp,
    /// Whether it had changed so shortly before, or had a time so odd, that a later change need not show in its time.
    is_recent: bool,
    /// Of the whole file, if it was read whole when it was opened. Else only its windows are known.
    hash: Option<u64>,
}

/// What changes when a file does.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Stamp {
    len: u64,
    modified: Option<SystemTime>,
    /// Device, number, and seconds and nanoseconds of the last change: told by systems of the Unix kind.
    identity: [i64; 4],
}

impl Stamp {
    fn of(metadata: &std::fs::Metadata) -> Stamp {
        #[cfg(unix)]
        let identity = {
            use std::os::unix::fs::MetadataExt;
            [metadata.dev() as i64, metadata.ino() as i64, metadata.ctime(), metadata.ctime_nsec()]
        };
        #[cfg(not(unix))]
        let identity = [0; 4];
        Stamp { len: metadata.len(), modified: metadata.modified().ok(), identity }
    }
}

/// Coarsest time that file systems keep: two seconds.
const COARSE: Duration = Duration::from_secs(2);

impl Origin {
    fn new(path: &Path, metadata: &std::fs::Metadata) -> Origin {
        let stamp = Stamp::of(metadata);
        let age = stamp.modified.and_then(|modified| SystemTime::now().duration_since(modified).ok());
        Origin { path: path.to_owned(), stamp, is_recent: age.is_none_or(|age| age <= COARSE), hash: None }
    }

    /// What has happened to it, if anything has.
    fn check(&self, name: &str, is_same: impl FnOnce(&[u8]) -> bool) -> Result<(), String> {
        let gone = |_| "it was removed".to_owned();
        let file = File::open(&self.path).map_err(gone)?;
        let stamp = Stamp::of(&file.metadata().map_err(gone)?);
        if stamp.len != self.stamp.len {
            return Err(format!("it changed from {} to {} bytes", self.stamp.len, stamp.len));
        }
        if stamp == self.stamp && !self.is_recent {
            return Ok(());
        }
        // It may have been touched only, or copied over itself.
        let bytes = map_bytes(&file, name).map_err(gone)?;
        let is_same = match self.hash {
            Some(hash) => xxh3_64(bytes_of(&bytes)) == hash,
            None => is_same(bytes_of(&bytes)),
        };
        if is_same { Ok(()) } else { Err("its content changed".to_owned()) }
    }
}

fn decompress(mut file: InputFile, path: &Path) -> Result<InputFile, Error> {
    const GZIP: &[u8] = &[0x1f, 0x8b];
    const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];
    let content = file.bytes();
    let most = max_decompressed(content.len());
    let spooled = if content.starts_with(GZIP) {
        spool_at_most(Gunzip(GzDecoder::new(content)), temporary_file(path)?, most)
    } else if content.starts_with(ZSTD) {
        let temporary = temporary_file(path)?;
        zstd::stream::read::Decoder::new(content).and_then(|stream| spool_at_most(stream, temporary, most))
    } else {
        return Ok(file);
    };
    let hash = xxh3_64(content);
    file.bytes = spooled.map_err(|source| match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Error::input(path, source),
        io::ErrorKind::FileTooLarge => Error::Input {
            path: path.display().to_string(),
            reason: format!(
                "decompressed it has more than {most} bytes, from {} compressed; if it is no bomb, give --max-decompressed",
                content.len()
            ),
            source: None,
        },
        _ => Error::Input {
            path: path.display().to_string(),
            reason: format!("it cannot be decompressed ({source}); check that it was copied whole"),
            source: Some(source),
        },
    })?;
    if let Some(origin) = &mut file.origin {
        origin.hash = Some(hash);
    }
    Ok(file)
}

/// The members of a gzip file, one after the other. Zeros may stand behind the last one, as tapes and block copies leave them, which
/// flate2 takes for a broken member.
struct Gunzip<'c>(GzDecoder<&'c [u8]>);

impl Read for Gunzip<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            let n = self.0.read(out)?;
            let rest = *self.0.get_ref();
            if n > 0 || out.is_empty() || rest.iter().all(|&byte| byte == 0) {
                return Ok(n);
            }
            self.0 = GzDecoder::new(rest);
        }
    }
}

/// Most bytes that one file may have when it is decompressed; 0 for what [`max_decompressed`] says.
static MAX_DECOMPRESSED: AtomicU64 = AtomicU64::new(0);

/// Sets, for the whole process like the number of threads, how many bytes one file may have when it is decompressed.
pub fn set_max_decompressed(bytes: u64) {
    MAX_DECOMPRESSED.store(bytes, Ordering::Relaxed);
}

/// Unless it was set: a hundred times the compressed size and at least 1 GiB. Exports compress to a tenth or a
/// thirtieth; bombs to a thousandth.
fn max_decompressed(compressed: usize) -> u64 {
    match MAX_DECOMPRESSED.load(Ordering::Relaxed) {
        0 => (compressed as u64 * 100).max(1 << 30),
        set => set,
    }
}

fn spool_at_most(stream: impl Read, file: File, most: u64) -> io::Result<Bytes> {
    // One byte more than allowed tells that there are more.
    let spooled = spool(stream.take(most.saturating_add(1)), file)?;
    if bytes_of(&spooled).len() as u64 > most { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(spooled) }
}

/// An unnamed file for the content of an input, which the system removes whatever happens. That there is no room for one
/// is not the input's fault.
fn temporary_file(input: &Path) -> Result<File, Error> {
    tempfile::tempfile().map_err(|source| Error::Input {
        path: input.display().to_string(),
        reason: format!("no temporary file can be made: {}", Error::temporary(&source)),
        source: Some(source),
    })
}

/// Copies a stream into a temporary file and maps it.
fn spool(mut stream: impl Read, mut file: File) -> io::Result<Bytes> {
    io::copy(&mut stream, &mut file)?;
    file.flush()?;
    file.rewind()?;
    if file.metadata()?.len() == 0 {
        return Ok(Bytes::Owned(Vec::new()));
    }
    let map = map::map(&file)?;
    let _ = map.advise(memmap2::Advice::Sequential);
    Ok(Bytes::Spooled(map))
}

fn map_bytes(file: &File, name: &str) -> io::Result<Bytes> {
    if file.metadata()?.len() == 0 {
        return Ok(Bytes::Owned(Vec::new()));
    }
    let map = map_input(file, name)?;
    // Advice only: without it the kernel reads less ahead. Failing changes nothing.
    let _ = map.advise(memmap2::Advice::Sequential);
    Ok(Bytes::Mapped(map))
}

/// The paths of several inputs, checked for repetition: the same file twice would make every record its own duplicate.
///
/// # Errors
/// If two paths lead to one file.
pub(super) fn check_distinct(paths: &[PathBuf]) -> Result<(), Error> {
    let mut seen: Vec<PathBuf> = Vec::new();
    for path in paths {
        let whole = path.canonicalize().unwrap_or_else(|_| path.clone());
        if seen.contains(&whole) {
            let reason = "it is given twice; every record would be its own duplicate".to_owned();
            return Err(Error::Input { path: path.display().to_string(), reason, source: None });
        }
        seen.push(whole);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use flate2::{Compression, write::GzEncoder};

    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_name_that_reports_cannot_hold_is_refused() {
        use std::os::unix::ffi::OsStrExt;
        let place = tempfile::tempdir().expect("temporary folder");
        let path = place.path().join(std::ffi::OsStr::from_bytes(b"n\xff.jsonl"));
        std::fs::write(&path, "{\"id\":\"a\"}\n").expect("writable");
        let refusal = InputFile::open(&path).err().expect("a report could not name it").to_string();
        assert!(refusal.contains("no UTF-8"), "{refusal}");
    }

    #[test]
    fn gzip_may_have_several_members_and_zeros_behind() {
        let member = |text: &str| {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(text.as_bytes()).and_then(|()| encoder.finish()).expect("into memory")
        };
        let read = |parts: &[&[u8]]| {
            let file = tempfile::NamedTempFile::new().expect("a temporary file");
            std::fs::write(file.path(), parts.concat()).expect("written");
            InputFile::open(file.path()).map(|read| String::from_utf8_lossy(read.bytes()).into_owned())
        };
        let (one, two) = (member("one"), member("two"));
        for zeros in [0, 1, 9, 4096] {
            assert_eq!(read(&[&one, &two, &vec![0; zeros]]).expect("it is whole"), "onetwo");
        }
        assert_eq!(read(&[&member(""), &two]).expect("it is whole"), "two");
        for behind in [&one[..12], b"\0\0\0x", b"text"] {
            assert!(read(&[&one, &two, behind]).is_err(), "{behind:?}");
        }
    }
}
