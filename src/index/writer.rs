//! An index being made.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::ops::Range;
use std::path::Path;
use std::sync::Mutex;

use fst::{Set, SetBuilder};
use memmap2::Mmap;
use rayon::prelude::*;
use xxhash_rust::xxh3::Xxh3;

use super::columns::{Numbers, Rows};
use super::{
    BUCKET_BITS, BUCKETS, CONTENTS, FEATURE_PLACES, FEATURES, FEATURES_MORE, FINDINGS, FIT_KEYS, FITS, FORM, FileMark,
    HASHES, ID_ENDS, IDS, Index, LINE_KEYS, LINES, MADE, MADE_KEYS, MADE_MORE, MARK, Mark, NEAR, OUTCOME_STARTS,
    OUTCOMES, PROPOSALS, ROWS, TITLES, TRACE_PLACES, TRACES, TRACES_MORE, Trust, fingerprint, fingerprint_of_audit,
    fingerprints_of_settings, hexadecimal, key_of_line, sum_of_mark,
};
use crate::audit::Kept;
use crate::config::Config;
use crate::error::Error;
use crate::files::folder::{Folder, write_pretty};
use crate::files::map::map;
use crate::files::segments::{Piece, Plan, Segments};
use crate::ids::RecordId;
use crate::keys::FeatureTable;
use crate::matching::blocks::{BlockIndex, Groups, KeyHash, KeyRow, TitleChange};
use crate::matching::candidates::Pair;

/// The index that a run starts from, if there is one, and the one that it makes. Dropped without
/// [`IndexWriter::publish`], it leaves the former as it was.
pub struct IndexWriter {
    folder: Folder,
    earlier: Option<Index>,
    fingerprint: u64,
    /// See [`fingerprints_of_settings`].
    settings: [String; 2],
    /// See [`fingerprint_of_audit`].
    audit: Option<u64>,
    files: Mutex<Vec<FileMark>>,
    n_rows: u64,
    title_shards: Vec<u64>,
}

impl IndexWriter {
    /// Opens the index at `path`, if there is one, and starts a new one beside it. With `rebuild`, what is there is not
    /// opened, only replaced.
    ///
    /// # Errors
    /// If there is an index that cannot be used, or something else; or a folder beside it cannot be made.
    pub fn start(path: &Path, config: &Config, rebuild: bool) -> Result<IndexWriter, Error> {
        let exists = path.symlink_metadata().is_ok();
        let folder = Folder::start(path, &CONTENTS, exists)?;
        let is_empty = || std::fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_none());
        let earlier =
            if exists && !rebuild && !is_empty() { Some(Index::open(path, config, Trust::Checked)?) } else { None };
        Ok(IndexWriter {
            folder,
            earlier,
            fingerprint: fingerprint(config),
            settings: fingerprints_of_settings(config),
            audit: fingerprint_of_audit(config),
            files: Mutex::default(),
            n_rows: 0,
            title_shards: Vec::new(),
        })
    }

    /// What the last run left.
    pub fn earlier(&self) -> Option<&Index> {
        self.earlier.as_ref()
    }

    /// What an audit like that of this run took from a record of the last run, if there was one.
    pub fn trace(&self, earlier: RecordId) -> Option<&[u8]> {
        self.earlier.as_ref()?.trace(earlier, self.audit)
    }

    /// What the last run left, to be held apart while the new index is written.
    pub fn take_earlier(&mut self) -> Option<Index> {
        self.earlier.take()
    }

    /// Writes the keys of all records, which come in parts: ascending and without repeats.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn rows(&mut self, parts: impl Iterator<Item = PackedRows>) -> Result<(), Error> {
        let mut in_bucket = vec![0u64; 1 << BUCKET_BITS];
        self.file(ROWS, |out| {
            for part in parts {
                part.in_buckets.iter().for_each(|(bucket, n)| in_bucket[*bucket as usize] += u64::from(*n));
                out.write_all(&part.bytes)?;
            }
            Ok(())
        })?;
        self.n_rows = in_bucket.iter().sum();
        let mut before = 0;
        let starts = in_bucket.into_iter().chain([0]).map(|n| {
            before += n;
            before - n
        });
        self.numbers(BUCKETS, starts)
    }

    /// The rows that were written.
    ///
    /// # Errors
    /// If they cannot be read.
    pub fn written_rows(&self) -> Result<WrittenRows, Error> {
        let mapped = |name: &str| {
            let path = self.folder.path().join(name);
            File::open(&path).and_then(|file| map(&file)).map_err(|source| Error::output(&path, source))
        };
        Ok(WrittenRows { rows: mapped(ROWS)?, buckets: mapped(BUCKETS)? })
    }

    /// Writes the index of title keys: an FST per shard.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn titles(&mut self, blocks: &BlockIndex) -> Result<(), Error> {
        let shards: Vec<_> = blocks.titles().map(fst_of).collect();
        self.shards(shards.into_iter().map(|shard| shard.map(Cow::Owned)), &TitleChange::default())
    }

    /// [`IndexWriter::titles`] of a run whose keys differ by `change` from what the shards of an earlier one hold.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn titles_again(&mut self, blocks: &BlockIndex, earlier: &Index, change: &TitleChange) -> Result<(), Error> {
        let (shards, _) = earlier.titles();
        let n_known: usize = shards.iter().map(Set::len).sum();
        if MOST_CHANGED * (change.new.len() + change.gone.len()) > n_known {
            return self.titles(blocks);
        }
        self.shards(shards.iter().map(|shard| Ok(Cow::Borrowed(shard.as_fst().as_bytes()))), change)
    }

    fn shards<'s>(
        &mut self,
        shards: impl Iterator<Item = io::Result<Cow<'s, [u8]>>>,
        change: &TitleChange,
    ) -> Result<(), Error> {
        let changed = [&change.new, &change.gone].map(|keys| fst_of(keys.iter().map(Vec::as_slice)).map(Cow::Owned));
        let mut lengths = Vec::new();
        self.file(TITLES, |out| {
            for shard in shards.chain(changed) {
                let shard = shard?;
                lengths.push(shard.len() as u64);
                out.write_all(&shard)?;
            }
            Ok(())
        })?;
        self.title_shards = lengths;
        Ok(())
    }

    /// Writes which records have near title keys; ascending.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn near(&self, pairs: &[Pair]) -> Result<(), Error> {
        self.file(NEAR, |out| {
            pairs.iter().try_for_each(|pair| {
                out.write_all(&pair.a.get().to_le_bytes())?;
                out.write_all(&pair.b.get().to_le_bytes())
            })
        })
    }

    /// Writes the outcomes of all candidate pairs, as [`Scores`](crate::matching::score::Scores) logs them.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn outcomes(&mut self, log: &[u8], starts: &[u64]) -> Result<(), Error> {
        self.file(OUTCOMES, |out| out.write_all(log))?;
        self.numbers(OUTCOME_STARTS, starts.iter().copied())
    }

    /// Writes what is known of each record by itself: the hashes of their bytes, their ids and features. `earlier` has those
    /// features that were not taken anew.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn records<'a>(
        &self,
        hashes: &[u64],
        id: impl Fn(RecordId) -> &'a str,
        features: &FeatureTable,
        earlier: Option<&Index>,
    ) -> Result<(), Error> {
        let records = || (0..hashes.len()).map(RecordId::new);
        let mut sorted: Vec<(u64, u32)> =
            hashes.iter().zip(records()).map(|(&hash, record)| (hash, record.get())).collect();
        sorted.par_sort_unstable();
        self.file(HASHES, |out| {
            sorted.iter().try_for_each(|(hash, record)| {
                out.write_all(&hash.to_le_bytes())?;
                out.write_all(&record.to_le_bytes())
            })
        })?;
        self.file(IDS, |out| records().try_for_each(|record| out.write_all(id(record).as_bytes())))?;
        self.numbers(ID_ENDS, ends(records().map(|record| id(record).len())))?;
        let places = self.segments([FEATURES, FEATURES_MORE], earlier.map(|index| (index, &index.features)), || {
            records().map(|record| features.piece(record))
        })?;
        self.places(FEATURE_PLACES, &places)
    }

    /// Writes what the audit took from each record, in their order; of no records without an audit. `earlier` has those that
    /// were not taken anew.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn traces<'t, I: Iterator<Item = Kept<'t>>>(
        &self,
        traces: impl Fn() -> I,
        earlier: Option<&Index>,
    ) -> Result<(), Error> {
        let piece = |trace: Kept<'t>| match trace {
            Kept::Made(trace) => Piece::New(trace),
            Kept::Earlier(record) => {
                earlier.and_then(|index| index.trace_place(record, self.audit)).map_or(Piece::New(&[]), Piece::Kept)
            }
        };
        let segments = earlier.map(|index| (index, &index.traces));
        let places = self.segments([TRACES, TRACES_MORE], segments, || traces().map(piece))?;
        self.places(TRACE_PLACES, &places)
    }

    /// Writes by what proposals and findings are known again.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn results(&self, proposals: &[(u64, u64)], findings: &[u64]) -> Result<(), Error> {
        self.numbers(PROPOSALS, proposals.iter().flat_map(|(id, content)| [*id, *content]))?;
        self.numbers(FINDINGS, findings.iter().copied())
    }

    /// Writes the merge proposals that the next run may take again, ascending by key. `earlier` has those that are kept.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn made(&self, made: &[(u64, Piece<'_>)], earlier: Option<&Index>) -> Result<(), Error> {
        let segments = earlier.map(|index| (index, &index.made));
        let places = self.segments([MADE, MADE_MORE], segments, || made.iter().map(|(_, piece)| piece.clone()))?;
        let keyed = made.iter().zip(places);
        self.numbers(MADE_KEYS, keyed.flat_map(|((key, _), place)| [*key, place.start, place.end]))
    }

    /// Writes the lines of pairs that the next run may take again, ascending by pair.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn lines(&self, lines: &[(Pair, &[u8])]) -> Result<(), Error> {
        self.file(LINES, |out| lines.iter().try_for_each(|(_, line)| out.write_all(line)))?;
        let ends = ends(lines.iter().map(|(_, line)| line.len()));
        self.numbers(LINE_KEYS, lines.iter().zip(ends).flat_map(|((pair, _), end)| [key_of_line(*pair), end]))
    }

    /// Writes what was found of matches, ascending by key; see [`crate::matching::clusters::cluster_again`].
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn fits(&self, fits: &[(u64, Vec<u8>)]) -> Result<(), Error> {
        self.file(FITS, |out| fits.iter().try_for_each(|(_, found)| out.write_all(found)))?;
        let ends = ends(fits.iter().map(|(_, found)| found.len()));
        self.numbers(FIT_KEYS, fits.iter().zip(ends).flat_map(|((key, _), end)| [*key, end]))
    }

    /// Moves the finished index to its place.
    ///
    /// # Errors
    /// If a file cannot be written, or the folder not moved; what was there is then still there.
    pub fn publish(mut self, n_records: usize, has_findings: bool) -> Result<(), Error> {
        let mut files = std::mem::take(&mut *self.files.lock().expect("no thread fails while it holds it"));
        files.sort_by(|a, b| a.name.cmp(&b.name));
        let has_traces = files.iter().any(|file| file.name == TRACE_PLACES && file.bytes > 0);
        let [model, limits] = self.settings.clone();
        let mut mark = Mark {
            checksum: String::new(),
            tool: "shelfread".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            form: FORM,
            fingerprint: hexadecimal(self.fingerprint),
            model,
            limits,
            has_findings,
            audit: self.audit.filter(|_| has_traces).map(hexadecimal).unwrap_or_default(),
            n_records: n_records as u64,
            n_rows: self.n_rows,
            title_shards: std::mem::take(&mut self.title_shards),
            files,
        };
        let text = |mark: &Mark| {
            let mut text = Vec::new();
            let value = serde_json::to_value(mark).expect("plain tables of numbers and words");
            write_pretty(&mut text, &value).expect("memory is writable");
            String::from_utf8(text).expect("JSON is UTF-8")
        };
        mark.checksum = sum_of_mark(&text(&mark), "");
        self.folder.file(MARK, |out| out.write_all(text(&mark).as_bytes()))?;
        self.folder.publish()
    }

    /// Writes pieces into two files, of which the first is that of the run before if it can be, and gives their places.
    fn segments<'p, I: Iterator<Item = Piece<'p>>>(
        &self,
        [base, more]: [&str; 2],
        earlier: Option<(&Index, &Segments)>,
        pieces: impl Fn() -> I,
    ) -> Result<Vec<Range<u64>>, Error> {
        let plan = Plan::of(earlier.map(|(_, segments)| segments), pieces());
        let mut places = Vec::new();
        let mut written = |out: &mut dyn Write| {
            places = plan.write(pieces(), |piece| out.write_all(piece))?;
            Ok(())
        };
        match earlier {
            Some((index, _)) if plan.is_passed_on => {
                self.pass_on(base, index)?;
                self.file(more, |out| written(out))?;
            }
            _ => {
                self.file(base, |out| written(out))?;
                self.file(more, |_| Ok(()))?;
            }
        }
        Ok(places)
    }

    /// Takes a file of the run before as it is. No program writes to it any more, so that both folders may hold it until the
    /// former one is gone; where a file cannot be in two folders, it is copied.
    fn pass_on(&self, name: &str, earlier: &Index) -> Result<(), Error> {
        let linked = std::fs::hard_link(earlier.folder.join(name), self.folder.path().join(name));
        match earlier.marks.iter().find(|mark| mark.name == name) {
            Some(mark) if linked.is_ok() => {
                self.files.lock().expect("no thread fails while it holds it").push(mark.clone());
                Ok(())
            }
            _ => self.file(name, |out| out.write_all(earlier.bytes(name))),
        }
    }

    fn places(&self, name: &str, places: &[Range<u64>]) -> Result<(), Error> {
        self.file(name, |out| {
            places.iter().try_for_each(|place| {
                out.write_all(&place.start.to_le_bytes())?;
                // No piece is longer than a record may be.
                out.write_all(&((place.end - place.start) as u32).to_le_bytes())
            })
        })
    }

    fn numbers(&self, name: &str, numbers: impl Iterator<Item = u64>) -> Result<(), Error> {
        self.file(name, |out| numbers.map(u64::to_le_bytes).try_for_each(|bytes| out.write_all(&bytes)))
    }

    fn file(&self, name: &str, write: impl FnOnce(&mut BufWriter<Summed<'_>>) -> io::Result<()>) -> Result<(), Error> {
        let mut mark = FileMark { name: name.to_owned(), bytes: 0, xxh3: String::new() };
        self.folder.file(name, |out| {
            // Most writes are of a number or two.
            let mut gathered = BufWriter::with_capacity(1 << 16, Summed { out, sum: Box::default(), bytes: 0 });
            write(&mut gathered)?;
            let summed = gathered.into_inner().map_err(io::IntoInnerError::into_error)?;
            (mark.bytes, mark.xxh3) = (summed.bytes, hexadecimal(summed.sum.digest()));
            Ok(())
        })?;
        self.files.lock().expect("no thread fails while it holds it").push(mark);
        Ok(())
    }
}

/// The shards of title keys are made anew if more than one key in so many is there besides, or is none.
const MOST_CHANGED: usize = 4;

/// The FST of keys that ascend.
fn fst_of<'k>(keys: impl Iterator<Item = &'k [u8]>) -> io::Result<Vec<u8>> {
    let made = || {
        let mut fst = SetBuilder::memory();
        for key in keys {
            fst.insert(key)?;
        }
        fst.into_inner()
    };
    made().map_err(|error: fst::Error| io::Error::other(error))
}

/// The keys of some records as they are written.
pub struct PackedRows {
    bytes: Vec<u8>,
    /// Buckets with the number of their rows.
    in_buckets: Vec<(u32, u32)>,
}

impl PackedRows {
    /// Packs rows, ascending and without repeats.
    pub fn of(rows: &[KeyRow]) -> PackedRows {
        let mut packed = PackedRows { bytes: Vec::with_capacity(8 * rows.len()), in_buckets: Vec::new() };
        let bucket = |row: &KeyRow| (row.key.bits() >> 32) as u32;
        for in_bucket in rows.chunk_by(|one, other| bucket(one) == bucket(other)) {
            packed.in_buckets.push((bucket(&in_bucket[0]), in_bucket.len() as u32));
            for row in in_bucket {
                let both = u64::from(row.record.get()) << 32 | u64::from(row.key.bits() as u32);
                packed.bytes.extend_from_slice(&both.to_le_bytes());
            }
        }
        packed
    }
}

/// Rows of an index being made.
pub struct WrittenRows {
    rows: Mmap,
    buckets: Mmap,
}

impl WrittenRows {
    /// The keys that several records share one of which is wanted, with all their records.
    pub fn shared_with(&self, is_wanted: &[bool]) -> Groups {
        let (rows, buckets) = (Rows(&self.rows), Numbers(&self.buckets));
        let parts = (0..1usize << BUCKET_BITS).into_par_iter().fold(Groups::default, |mut groups, bucket| {
            let end = buckets.get(bucket + 1) as usize;
            let mut from = buckets.get(bucket) as usize;
            while from < end {
                let mut to = from;
                let mut is_one_wanted = false;
                while to < end && rows.key(to) == rows.key(from) {
                    is_one_wanted |= is_wanted[rows.record(to).index()];
                    to += 1;
                }
                if is_one_wanted && to > from + 1 {
                    let key = KeyHash::from_bits((bucket as u64) << 32 | u64::from(rows.key(from)));
                    groups.push(key, (from..to).map(|at| rows.record(at)));
                }
                from = to;
            }
            groups
        });
        let mut groups = Groups::default();
        parts.collect::<Vec<Groups>>().iter().for_each(|part| groups.append(part));
        groups
    }
}

/// Sums of the lengths so far.
fn ends(lengths: impl Iterator<Item = usize>) -> impl Iterator<Item = u64> {
    lengths.scan(0u64, |end, len| {
        *end += len as u64;
        Some(*end)
    })
}

/// A file whose bytes are summed while they are written.
struct Summed<'o> {
    out: &'o mut dyn Write,
    sum: Box<Xxh3>,
    bytes: u64,
}

impl Write for Summed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.out.write(bytes)?;
        self.sum.update(&bytes[..n]);
        self.bytes += n as u64;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
