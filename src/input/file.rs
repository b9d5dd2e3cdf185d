//! Input files as bytes: mapped read-only, or decompressed into an unnamed temporary file and mapped.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, Write};
use std::path::{Path, PathBuf};

use memmap2::Mmap;

use crate::error::Error;

/// Bytes of one input, with the name to show for it.
pub struct InputFile {
    /// The path as the user gave it; `-` for standard input.
    pub name: String,
    bytes: Bytes,
}

enum Bytes {
    Mapped(Mmap),
    Owned(Vec<u8>),
}

impl InputFile {
    /// Opens and maps a file, decompressing gzip and zstd (told by their first bytes). `-` is standard input.
    ///
    /// # Errors
    /// If there is no such file, it is a folder, or cannot be read or decompressed.
    pub fn open(path: &Path) -> Result<InputFile, Error> {
        let name = path.display().to_string();
        if name == "-" {
            let bytes = spool(io::stdin().lock()).map_err(|source| Error::input(path, source))?;
            return decompress(name, bytes, path);
        }
        let file = File::open(path).map_err(|source| Error::input(path, source))?;
        let kind = file.metadata().map_err(|source| Error::input(path, source))?.file_type();
        if kind.is_dir() {
            let reason = format!("it is a folder; name the export files in it, such as {name}/*.jsonl");
            return Err(Error::Input { path: name, reason, source: None });
        }
        let bytes = if kind.is_file() { map_bytes(&file) } else { spool(BufReader::new(file)) };
        decompress(name, bytes.map_err(|source| Error::input(path, source))?, path)
    }

    /// An input made in memory, for tests and for converted formats.
    pub fn from_bytes(name: impl Into<String>, bytes: Vec<u8>) -> InputFile {
        InputFile { name: name.into(), bytes: Bytes::Owned(bytes) }
    }

    /// The (decompressed) content.
    pub fn bytes(&self) -> &[u8] {
        match &self.bytes {
            Bytes::Mapped(map) => map,
            Bytes::Owned(bytes) => bytes,
        }
    }
}

fn decompress(name: String, bytes: Bytes, path: &Path) -> Result<InputFile, Error> {
    const GZIP: &[u8] = &[0x1f, 0x8b];
    const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];
    let file = InputFile { name, bytes };
    let content = file.bytes();
    let spooled = if content.starts_with(GZIP) {
        spool(flate2::bufread::MultiGzDecoder::new(content))
    } else if content.starts_with(ZSTD) {
        zstd::stream::read::Decoder::new(content).and_then(spool)
    } else {
        return Ok(file);
    };
    let bytes = spooled.map_err(|source| Error::Input {
        path: path.display().to_string(),
        reason: format!("it cannot be decompressed ({source}); check that it was copied whole"),
        source: Some(source),
    })?;
    Ok(InputFile { name: file.name, bytes })
}

/// Copies a stream into an unnamed temporary file, which the system removes whatever happens, and maps it.
fn spool(mut stream: impl Read) -> io::Result<Bytes> {
    let mut file = tempfile::tempfile()?;
    io::copy(&mut stream, &mut file)?;
    file.flush()?;
    file.rewind()?;
    map_bytes(&file)
}

fn map_bytes(file: &File) -> io::Result<Bytes> {
    if file.metadata()?.len() == 0 {
        return Ok(Bytes::Owned(Vec::new()));
    }
    let map = crate::map::map(file)?;
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
