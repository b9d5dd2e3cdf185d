//! Reviewed patches laid over a copy of the export.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::{self, Write};
use std::path::Path;

use super::{Patch, hash};
use crate::error::Error;
use crate::ids::{Position, RecordId};
use crate::input::{Corpus, Document, in_one_line};

/// What became of the patches: `read` is the sum of the four after it.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Totals {
    /// Patches in the file.
    pub read: u64,
    /// Patches that were applied.
    pub applied: u64,
    /// Patches for other bytes than the record now has.
    pub stale: u64,
    /// Patches marked as withheld.
    pub withheld: u64,
    /// Patches of ids that are not in the export.
    pub unknown: u64,
    /// Records changed.
    pub records: u64,
    /// Records copied as they are.
    pub copied: u64,
    /// What was no record, and could only be copied where each document has a line of its own.
    pub dropped_rejects: u64,
}

impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "patches      {} read = {} applied + {} stale + {} withheld + {} of unknown ids",
            self.read, self.applied, self.stale, self.withheld, self.unknown
        )?;
        writeln!(f, "records      {} changed, {} copied as they are", self.records, self.copied)?;
        if self.dropped_rejects > 0 {
            writeln!(f, "rejects      {} not copied", self.dropped_rejects)?;
        }
        Ok(())
    }
}

/// Reads a patch file.
///
/// # Errors
/// If it cannot be read, a line is no patch (one without id, field or hash is none), or two of them contradict each other.
pub fn read_patches(path: &Path) -> Result<Vec<Patch>, Error> {
    let text = std::fs::read_to_string(path).map_err(|source| Error::input(path, source))?;
    let (mut patches, mut lines) = (Vec::new(), Vec::new());
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let refuse = |reason: String| Error::Input {
            path: path.display().to_string(),
            reason: format!("line {} is no patch: {reason}", at + 1),
            source: None,
        };
        let patch: Patch = serde_json::from_str(line).map_err(|error| refuse(error.to_string()))?;
        if patch.id.is_empty() || patch.field.is_empty() || patch.field == "id" {
            return Err(refuse("it must name a record and a field other than id".to_owned()));
        }
        if patch.hash.is_empty() {
            return Err(refuse("it must have the hash of the record it was made for".to_owned()));
        }
        lines.push(at + 1);
        patches.push(patch);
    }
    check_agreement(&patches, &lines).map_err(|reason| Error::Input {
        path: path.display().to_string(),
        reason,
        source: None,
    })?;
    Ok(patches)
}

/// No two patches want different values for one field of one record: which of them counts nobody could tell. `lines` are theirs.
fn check_agreement(patches: &[Patch], lines: &[usize]) -> Result<(), String> {
    let mut wanted: BTreeMap<(&str, &str, &str), (usize, &Patch)> = BTreeMap::new();
    for (patch, &line) in patches.iter().zip(lines).filter(|(patch, _)| patch.withheld.is_none()) {
        let (first, other) = *wanted.entry((&patch.id, &patch.hash, &patch.field)).or_insert((line, patch));
        if other.after != patch.after {
            return Err(format!(
                "lines {first} and {line} want different values for {} of {:?}; delete one of them",
                patch.field, patch.id
            ));
        }
    }
    Ok(())
}

/// Patches of one record.
type OfRecord<'a> = Vec<&'a Patch>;

/// Writes the export as JSON Lines, with the patches applied to records whose bytes they were made for. Lines of
/// JSON Lines are copied byte for byte, rejects too; documents in other wrappings get a line each. `list` is told of
/// every patch that is not applied, and why. Of patches for one field of a record the first counts; [`read_patches`] gives none that
/// disagree.
///
/// # Errors
/// If writing fails.
pub fn apply(
    corpus: &Corpus,
    patches: &[Patch],
    advance: impl Fn(u64) + Sync,
    mut list: impl FnMut(&Patch, &str),
    out: &mut dyn Write,
) -> io::Result<Totals> {
    let mut by_id: BTreeMap<&str, Vec<&Patch>> = BTreeMap::new();
    let mut totals = Totals { read: patches.len() as u64, ..Totals::default() };
    for patch in patches {
        by_id.entry(&patch.id).or_default().push(patch);
    }
    let reading = corpus.read(
        || (0_usize, Vec::new()),
        |(n_records, named): &mut (usize, Vec<(usize, &str)>), record| {
            if let Some((id, _)) = by_id.get_key_value(record.id()) {
                named.push((*n_records, *id));
            }
            *n_records += 1;
        },
        advance,
    );
    let mut of_records: BTreeMap<RecordId, OfRecord<'_>> = BTreeMap::new();
    let mut met: BTreeSet<&str> = BTreeSet::new();
    let mut fitting: BTreeSet<(&str, &str)> = BTreeSet::new();
    let mut before = 0;
    for (n_records, named) in &reading.parts {
        for &(at, id) in named {
            let record = RecordId::new(before + at);
            let bytes = corpus.bytes_at(reading.positions[record.index()]).unwrap_or_default();
            let hash = hash(bytes);
            let fresh: OfRecord<'_> = by_id[id].iter().copied().filter(|patch| patch.hash == hash).collect();
            met.insert(id);
            if let Some(patch) = fresh.first() {
                fitting.insert((id, patch.hash.as_str()));
                of_records.insert(record, distinct(fresh));
            }
        }
        before += n_records;
    }
    for patch in patches {
        if let Some(reason) = &patch.withheld {
            totals.withheld += 1;
            list(patch, &format!("withheld: {reason}"));
        } else if fitting.contains(&(patch.id.as_str(), patch.hash.as_str())) {
            totals.applied += 1;
        } else if met.contains(patch.id.as_str()) {
            totals.stale += 1;
            list(patch, "stale: the record has changed since");
        } else {
            totals.unknown += 1;
            list(patch, "the export has no record of this id");
        }
    }
    of_records.retain(|_, patches| !patches.is_empty());
    totals.records = of_records.len() as u64;
    totals.copied = reading.positions.len() as u64 - totals.records;
    let is_dropped = |file: u32| !corpus.is_lines(file);
    totals.dropped_rejects = reading.rejects.iter().filter(|reject| is_dropped(reject.position.file)).count() as u64;
    copy(corpus, &reading.positions, &of_records, out)?;
    Ok(totals)
}

/// One patch per field; withheld ones are left out.
fn distinct(patches: OfRecord<'_>) -> OfRecord<'_> {
    let mut fields: BTreeSet<&str> = BTreeSet::new();
    patches.into_iter().filter(|patch| patch.withheld.is_none() && fields.insert(&patch.field)).collect()
}

fn copy(
    corpus: &Corpus,
    positions: &[Position],
    of_records: &BTreeMap<RecordId, OfRecord<'_>>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut record = 0;
    for (file, number) in corpus.files().iter().zip(0..) {
        let is_lines = corpus.is_lines(number);
        let bytes = file.bytes();
        let mut copied = if number > 0 && bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        while let Some(position) = positions.get(record).filter(|position| position.file == number) {
            let (start, end) = (position.byte as usize, position.byte as usize + position.len as usize);
            let patched = of_records.get(&RecordId::new(record)).and_then(|patches| {
                let changes = patches.iter().map(|patch| (patch.field.as_str(), patch.after.as_slice()));
                Some(Document::of(&bytes[start..end])?.with(changes))
            });
            let document = patched.as_deref().unwrap_or(&bytes[start..end]);
            if is_lines {
                out.write_all(&bytes[copied..start])?;
                out.write_all(document)?;
                copied = end;
            } else {
                out.write_all(&in_one_line(document))?;
                out.write_all(b"\n")?;
            }
            record += 1;
        }
        if is_lines {
            out.write_all(&bytes[copied..])?;
            let is_last = number as usize + 1 == corpus.files().len();
            if !is_last && !bytes.is_empty() && !bytes.ends_with(b"\n") {
                out.write_all(b"\n")?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::{InputFile, corpus_of};

    fn patch(id: &str, field: &str, after: &str, stored: &str) -> Patch {
        Patch {
            id: id.to_owned(),
            field: field.to_owned(),
            before: Vec::new(),
            after: vec![after.to_owned()],
            rule: Vec::new(),
            hash: hash(stored.as_bytes()),
            file: String::new(),
            line: 0,
            withheld: None,
        }
    }

    fn applied(corpus: &Corpus, patches: &[Patch]) -> (String, Totals, Vec<String>) {
        let mut out = Vec::new();
        let mut listed = Vec::new();
        let list = |patch: &Patch, why: &str| listed.push(format!("{} {why}", patch.id));
        let totals = apply(corpus, patches, |_| (), list, &mut out).expect("memory is writable");
        assert_eq!(totals.read, totals.applied + totals.stale + totals.withheld + totals.unknown);
        (String::from_utf8(out).expect("text"), totals, listed)
    }

    #[test]
    fn lines_without_patch_are_copied_byte_for_byte() {
        let a = r#"{"id": "a", "title": "x\u00e9"}"#;
        let text = format!("\u{feff}{a}\r\n\nbroken\n{{\"id\":\"b\"}}");
        let corpus = corpus_of("x", &text).expect("an export");
        assert_eq!(applied(&corpus, &[]).0, text);
        let mut withheld = patch("b", "title", "y", r#"{"id":"b"}"#);
        withheld.withheld = Some("why".to_owned());
        let patches =
            [patch("a", "title", "y", a), patch("b", "title", "y", "old"), patch("c", "title", "y", a), withheld];
        let (copy, totals, listed) = applied(&corpus, &patches);
        assert_eq!(copy, text.replace(r"x\u00e9", "y"));
        assert_eq!((totals.applied, totals.stale, totals.unknown, totals.withheld), (1, 1, 1, 1));
        assert_eq!((totals.records, totals.copied), (1, 1));
        assert_eq!(
            listed,
            ["b stale: the record has changed since", "c the export has no record of this id", "b withheld: why"]
        );
    }

    #[test]
    fn wrapped_documents_get_a_line_each() {
        let b = "{\n  \"id\": \"b\",\n  \"title\": \"a \\\" b\"\n}";
        let text = format!("{{\"response\":{{\"docs\":[{{\"id\":\"a\"}},\n{b}]}}}}");
        let files = vec![
            InputFile::from_bytes("x", text.into_bytes()),
            InputFile::from_bytes("y", b"\xef\xbb\xbf{\"id\":\"c\"}".to_vec()),
        ];
        let corpus = Corpus::from_files(files).expect("exports");
        let (copy, totals, _) = applied(&corpus, &[patch("b", "title", "t  u", b)]);
        assert_eq!(copy, "{\"id\":\"a\"}\n{\"id\":\"b\",\"title\":\"t  u\"}\n{\"id\":\"c\"}");
        assert_eq!((totals.records, totals.copied), (1, 2));
    }

    #[test]
    fn patches_must_agree() {
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        let read = |patches: &[Patch]| {
            let line = |patch: &Patch| serde_json::to_string(patch).expect("plain texts") + "\n";
            std::fs::write(file.path(), patches.iter().map(line).collect::<String>()).expect("writable");
            read_patches(file.path()).map_err(|error| error.to_string())
        };
        let a = r#"{"id":"a"}"#;
        let (x, y) = (patch("a", "title", "x", a), patch("a", "title", "y", a));
        let error = read(&[x.clone(), patch("b", "title", "y", a), y.clone()]).expect_err("x or y");
        assert!(error.contains("lines 1 and 3 want different values for title of \"a\""), "{error}");
        let withheld = Patch { withheld: Some("doubtful".to_owned()), ..y.clone() };
        assert_eq!(read(&[x.clone(), withheld, x]).map(|patches| patches.len()), Ok(3));
        let error = read(&[Patch { hash: String::new(), ..y }]).expect_err("it fits anything");
        assert!(error.contains("line 1 is no patch") && error.contains("hash"), "{error}");
    }
}
