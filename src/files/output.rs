//! A single file of output: it appears whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::NamedTempFile;

use crate::error::Error;
use crate::files::claim::{Claim, sync_folder};
use crate::files::faults;

/// Which existing file may be replaced.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Replace {
    /// None.
    Nothing,
    /// Any but an input: the user said `--force`.
    Any,
    /// One that begins with these words, or is empty.
    Beginning(&'static str),
}

impl Replace {
    /// What `--force` means, given or not.
    pub fn by_force(force: bool) -> Replace {
        if force { Replace::Any } else { Replace::Nothing }
    }
}

/// A file that is to be written, whose place is known to be writable and is nobody else's.
#[derive(Debug)]
pub struct Output {
    /// As the user named it.
    path: PathBuf,
    claim: Claim,
    replace: Replace,
    /// Whether there was a file before.
    is_there: bool,
    packing: Packing,
}

/// How the bytes of a file are packed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Packing {
    Plain,
    Gzip,
    Zstd,
}

impl Packing {
    /// What the end of a name says.
    fn by_name(path: &Path) -> Packing {
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("gz") => Packing::Gzip,
            Some("zst") => Packing::Zstd,
            _ => Packing::Plain,
        }
    }

    /// Has `write` write to `out` through the packing.
    fn through<T>(self, out: &mut dyn Write, write: impl FnOnce(&mut dyn Write) -> io::Result<T>) -> io::Result<T> {
        match self {
            Packing::Plain => write(out),
            Packing::Gzip => {
                let mut out = GzEncoder::new(out, Compression::default());
                let written = write(&mut out)?;
                out.finish().map(|_| written)
            }
            Packing::Zstd => {
                let mut out = zstd::stream::write::Encoder::new(out, zstd::DEFAULT_COMPRESSION_LEVEL)?;
                let written = write(&mut out)?;
                out.finish().map(|_| written)
            }
        }
    }
}

/// A file that is complete beside its place.
#[derive(Debug)]
pub struct Ready {
    output: Output,
    file: NamedTempFile,
}

impl Output {
    /// Checks that a file can be made at a place, before the work. `inputs` are never replaced.
    ///
    /// # Errors
    /// If there is one that may not be replaced or is no file, another run is writing it, or its folder is missing or not
    /// writable.
    pub fn start(path: &Path, replace: Replace, inputs: &[PathBuf]) -> Result<Output, Error> {
        let refuse =
            |reason: &str| Error::Output { path: path.display().to_string(), reason: reason.to_owned(), source: None };
        // Before anything is read: a pipe would wait for its writer, and a device is not ours to replace.
        let kind = fs::metadata(path).ok();
        if kind.as_ref().is_some_and(fs::Metadata::is_dir) {
            return Err(refuse("it is a folder; name a file"));
        }
        if kind.is_some_and(|kind| !kind.is_file()) || leads_to_a_stream(path) {
            return Err(refuse("it is a device or a pipe, which cannot be replaced by a file; name a file"));
        }
        let real = path.canonicalize().ok();
        if real.is_some() && inputs.iter().any(|input| input.canonicalize().ok() == real) {
            return Err(refuse("it is an input itself; write elsewhere"));
        }
        let is_there = fs::symlink_metadata(path).is_ok();
        match replace {
            Replace::Nothing if is_there => {
                return Err(refuse("it exists already; give --force to replace it, or another name"));
            }
            Replace::Beginning(words) if is_there && !begins(path, words) => {
                return Err(refuse("it is another file than this program writes there; nothing was replaced"));
            }
            _ => (),
        }
        let claim = Claim::take(path)?;
        let output = Output { path: path.to_owned(), claim, replace, is_there, packing: Packing::Plain };
        output.partial().map(|_| output)
    }

    /// Packed as the end of its name says: `.gz` or `.zst`, as exports are read.
    pub fn packed_by_name(self) -> Output {
        Output { packing: Packing::by_name(&self.path), ..self }
    }

    /// Whether there is a file that it will replace.
    pub fn replaces(&self) -> bool {
        self.is_there
    }

    /// Writes the file beside its place.
    ///
    /// # Errors
    /// If it cannot be written; an old file is then still in its place.
    pub fn write<T>(self, write: impl FnOnce(&mut dyn Write) -> io::Result<T>) -> Result<(T, Ready), Error> {
        let fail = |source| Error::output(&self.path, source);
        let partial = self.partial()?;
        faults::remember(partial.path());
        let mut out = BufWriter::with_capacity(1 << 16, partial);
        let written = self.packing.through(&mut out, write).map_err(fail)?;
        let file = out.into_inner().map_err(|error| fail(error.into_error()))?;
        file.as_file().sync_all().map_err(fail)?;
        Ok((written, Ready { output: self, file }))
    }

    /// A temporary file beside the place, readable by all once it has moved there.
    fn partial(&self) -> Result<NamedTempFile, Error> {
        let mut builder = tempfile::Builder::new();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(fs::Permissions::from_mode(0o644));
        }
        let file = builder.prefix(&self.claim.partial()).tempfile_in(self.claim.parent());
        file.map_err(|source| Error::output(&self.path, source))
    }
}

impl Ready {
    /// Moves the file to its place.
    ///
    /// # Errors
    /// If it cannot be moved; an old file is then still in its place.
    pub fn publish(self) -> Result<(), Error> {
        let Ready { output: Output { path, claim, replace, is_there, packing: _ }, file } = self;
        let (partial, target) = (file.path().to_owned(), claim.target());
        let moved = faults::uninterrupted(|| match (replace, is_there) {
            (Replace::Any, _) | (Replace::Beginning(_), true) => file.persist(target),
            // What appeared there since is nobody's to replace.
            _ => file.persist_noclobber(target),
        });
        faults::forget(&partial);
        moved.map_err(|error| Error::output(&path, error.error))?;
        sync_folder(claim.parent());
        Ok(())
    }
}

/// Whether a name stands for what this program has open, as `/dev/stdout` does: that may be a file, and the name is not.
fn leads_to_a_stream(path: &Path) -> bool {
    let streams = ["/proc", "/dev/fd"];
    fs::read_link(path).is_ok_and(|target| streams.iter().any(|stream| target.starts_with(stream)))
}

fn begins(path: &Path, words: &str) -> bool {
    let begins = |file: File| {
        let start =
            BufReader::new(file).fill_buf().map(|start| start.starts_with(words.as_bytes()) || start.is_empty());
        start.unwrap_or(false)
    };
    File::open(path).is_ok_and(begins)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(output: Output, text: &str) -> Result<(), Error> {
        output.write(|out| out.write_all(text.as_bytes()))?.1.publish()
    }

    fn read(path: &Path) -> String {
        fs::read_to_string(path).expect("readable")
    }

    #[test]
    fn only_what_may_be_replaced_is() {
        let place = tempfile::tempdir().expect("temporary folder");
        let path = place.path().join("model.toml");
        put(Output::start(&path, Replace::Nothing, &[]).expect("free"), "one").expect("writable");
        let reason = |replace, inputs: &[PathBuf]| Output::start(&path, replace, inputs).expect_err("no").to_string();
        assert!(reason(Replace::Nothing, &[]).contains("--force"));
        assert!(reason(Replace::Beginning("# mine"), &[]).contains("another file"));
        assert!(reason(Replace::Any, std::slice::from_ref(&path)).contains("an input"));
        put(Output::start(&path, Replace::Any, &[]).expect("by force"), "# mine").expect("writable");
        put(Output::start(&path, Replace::Beginning("# mine"), &[]).expect("its own"), "two").expect("writable");
        assert_eq!(read(&path), "two");
        assert!(Output::start(place.path(), Replace::Any, &[]).is_err(), "a folder");
        assert!(Output::start(&place.path().join("no/file"), Replace::Any, &[]).is_err(), "no parent");
        assert_eq!(fs::read_dir(place.path()).expect("readable").count(), 1, "nothing is left over");
    }

    #[test]
    fn a_name_says_how_the_file_is_packed() {
        let place = tempfile::tempdir().expect("temporary folder");
        let written = |name: &str| {
            let path = place.path().join(name);
            let output = Output::start(&path, Replace::Nothing, &[]).expect("free").packed_by_name();
            put(output, "a line\n").expect("writable");
            fs::read(path).expect("readable")
        };
        let mut unpacked = String::new();
        let packed = written("copy.jsonl.gz");
        io::Read::read_to_string(&mut flate2::bufread::GzDecoder::new(packed.as_slice()), &mut unpacked).expect("gzip");
        assert_eq!(unpacked, "a line\n");
        assert_eq!(zstd::decode_all(written("copy.jsonl.zst").as_slice()).expect("zstd"), b"a line\n");
        assert_eq!(written("copy.jsonl"), b"a line\n");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_is_no_file_is_refused_unread() {
        use rustix::fs::{CWD, FileType, Mode};
        let place = tempfile::tempdir().expect("temporary folder");
        let at = |name: &str| place.path().join(name);
        rustix::fs::mknodat(CWD, at("pipe"), FileType::Fifo, Mode::RWXU, 0).expect("writable");
        std::os::unix::fs::symlink(at("pipe"), at("link")).expect("writable");
        fs::write(at("file"), "").expect("writable");
        std::os::unix::fs::symlink("/proc/self/fd/1", at("stdout")).expect("writable");
        for name in ["pipe", "link", "stdout"] {
            for replace in [Replace::Nothing, Replace::Any, Replace::Beginning("# mine")] {
                let reason = Output::start(&at(name), replace, &[]).expect_err(name).to_string();
                assert!(reason.contains("a device or a pipe"), "{reason}");
            }
        }
        use std::os::unix::fs::FileTypeExt;
        assert!(fs::metadata(at("pipe")).expect("it is there").file_type().is_fifo());
        assert_eq!(fs::read_dir(place.path()).expect("readable").count(), 4, "nothing is left over");
    }

    #[test]
    fn what_appears_meanwhile_stays() {
        let place = tempfile::tempdir().expect("temporary folder");
        let path = place.path().join("copy");
        let output = Output::start(&path, Replace::Nothing, &[]).expect("free");
        fs::write(&path, "somebody's").expect("writable");
        let reason = put(output, "ours").expect_err("it is there").to_string();
        assert!(reason.contains("exists"), "{reason}");
        assert_eq!(read(&path), "somebody's");
        assert_eq!(fs::read_dir(place.path()).expect("readable").count(), 1);
    }

    #[test]
    fn a_failed_write_leaves_the_old_file() {
        let place = tempfile::tempdir().expect("temporary folder");
        let path = place.path().join("copy");
        fs::write(&path, "old").expect("writable");
        let output = Output::start(&path, Replace::Any, &[]).expect("by force");
        let failed = output.write(|out| {
            out.write_all(b"half")?;
            Err::<(), _>(io::Error::from(io::ErrorKind::StorageFull))
        });
        assert!(failed.expect_err("full").to_string().contains("the disk is full"));
        assert_eq!((read(&path).as_str(), fs::read_dir(place.path()).expect("readable").count()), ("old", 1));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_replaced_and_not_followed() {
        let place = tempfile::tempdir().expect("temporary folder");
        let (path, other) = (place.path().join("copy"), place.path().join("other"));
        fs::write(&other, "precious").expect("writable");
        std::os::unix::fs::symlink(&other, &path).expect("writable");
        assert!(Output::start(&path, Replace::Nothing, &[]).is_err(), "it exists");
        put(Output::start(&path, Replace::Any, &[]).expect("by force"), "ours").expect("writable");
        assert_eq!([read(&path).as_str(), read(&other).as_str()], ["ours", "precious"]);
    }
}
