//! Features of all records, encoded one after the other.
//!
//! As structures of texts they would be many small allocations a record. Encoded, those of a full record are about 200
//! bytes; they lie in one file that is mapped, and are decoded, borrowing, when a pair is compared.

use std::fs::File;
use std::io;
use std::ops::{Deref, Range};
use std::sync::OnceLock;

use memmap2::Mmap;
use rayon::prelude::*;

use crate::files::map::map;
use crate::files::segments::{Piece, Segments};
use crate::files::temporary::Temporary;
use crate::ids::RecordId;

use super::{Features, Years};

/// Appends the encoded features to `out`.
pub fn encode(features: &Features<'_>, out: &mut Vec<u8>) {
    postcard::serialize_with_flavor(features, Appended(out))
        .expect("features have no maps, no unknown lengths and a growing buffer");
}

/// A buffer at the end of which features are put: texts as a whole, where the library's own way goes byte by byte.
struct Appended<'b>(&'b mut Vec<u8>);

impl postcard::ser_flavors::Flavor for Appended<'_> {
    type Output = ();

    fn try_push(&mut self, byte: u8) -> postcard::Result<()> {
        self.0.push(byte);
        Ok(())
    }

    fn try_extend(&mut self, bytes: &[u8]) -> postcard::Result<()> {
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    fn finalize(self) -> postcard::Result<()> {
        Ok(())
    }
}

/// The features that stand at the start of `bytes`.
///
/// # Errors
/// If there are none: the bytes are not what [`encode`] wrote.
pub fn decode(bytes: &[u8]) -> Result<Features<'_>, String> {
    postcard::take_from_bytes(bytes).map(|(features, _)| features).map_err(|error| error.to_string())
}

/// The features of all records.
pub struct FeatureTable {
    bytes: Bytes,
    /// What an earlier run has left, where the features of some records lie.
    earlier: Option<Segments>,
    spans: Vec<Span>,
    /// The first year of each record, once they are listed.
    first_years: OnceLock<Vec<u16>>,
}

/// Where a record's features lie.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Span {
    /// First byte.
    pub start: u64,
    /// Bytes.
    pub len: u32,
    /// Whether they lie in the file of an earlier run.
    pub is_earlier: bool,
}

impl Span {
    /// The same as a range.
    pub fn place(self) -> Range<u64> {
        self.start..self.start + u64::from(self.len)
    }
}

enum Bytes {
    Mapped(Mmap),
    Owned(Vec<u8>),
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Bytes::Mapped(map) => map,
            Bytes::Owned(bytes) => bytes,
        }
    }
}

impl FeatureTable {
    /// The table of records whose features lie at `spans` in `file`.
    ///
    /// # Errors
    /// If the file cannot be mapped.
    pub fn mapped(file: &File, spans: Vec<Span>) -> io::Result<FeatureTable> {
        Ok(FeatureTable { bytes: Bytes::Mapped(map(file)?), earlier: None, spans, first_years: OnceLock::new() })
    }

    /// The table of `n_records` records of which these are known, encoded; the others must not be asked for.
    pub fn of_encoded<'b>(n_records: usize, encoded: impl IntoIterator<Item = (RecordId, &'b [u8])>) -> FeatureTable {
        let (mut bytes, mut spans) = (Vec::new(), vec![Span::default(); n_records]);
        for (record, features) in encoded {
            spans[record.index()] = Span { start: bytes.len() as u64, len: features.len() as u32, is_earlier: false };
            bytes.extend_from_slice(features);
        }
        FeatureTable { bytes: Bytes::Owned(bytes), earlier: None, spans, first_years: OnceLock::new() }
    }

    /// Number of records.
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether there are no records.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The features of a record. Those of an earlier run that someone forged are none.
    pub fn get(&self, record: RecordId) -> Features<'_> {
        let is_earlier = self.spans[record.index()].is_earlier;
        let forged =
            |error| if is_earlier { Features::default() } else { panic!("the table holds what was encoded: {error}") };
        decode(self.bytes_of(record)).unwrap_or_else(forged)
    }

    /// The years of a record, without the rest of its features.
    pub fn years(&self, record: RecordId) -> Years {
        postcard::take_from_bytes(self.bytes_of(record)).map(|(years, _)| years).unwrap_or_default()
    }

    /// Lists the first years of all records, for those who ask for many in no order. Not to be called by several threads of a
    /// pool at a time.
    pub fn list_first_years(&self) {
        if self.first_years.get().is_none() {
            let years = (0..self.len()).into_par_iter().map(|at| self.years(RecordId::new(at)).first).collect();
            let _ = self.first_years.set(years);
        }
    }

    /// The first year of a record, as [`FeatureTable::years`] has it.
    pub fn first_year(&self, record: RecordId) -> u16 {
        self.first_years.get().map_or_else(|| self.years(record).first, |years| years[record.index()])
    }

    /// The encoded features of a record.
    pub fn bytes_of(&self, record: RecordId) -> &[u8] {
        let span = self.spans[record.index()];
        match &self.earlier {
            Some(earlier) if span.is_earlier => earlier.get(span.place()).expect("places were looked through"),
            _ => &self.bytes[span.start as usize..][..span.len as usize],
        }
    }

    /// The encoded features of a record, as they are kept.
    pub fn piece(&self, record: RecordId) -> Piece<'_> {
        match self.spans[record.index()] {
            span if span.is_earlier => Piece::Kept(span.place()),
            _ => Piece::New(self.bytes_of(record)),
        }
    }

    /// The features of all records, in their order.
    pub fn iter(&self) -> impl Iterator<Item = Features<'_>> {
        (0..self.len()).map(|at| self.get(RecordId::new(at)))
    }
}

impl Default for FeatureTable {
    fn default() -> FeatureTable {
        FeatureTable { bytes: Bytes::Owned(Vec::new()), earlier: None, spans: Vec::new(), first_years: OnceLock::new() }
    }
}

impl<'a> FromIterator<Features<'a>> for FeatureTable {
    /// A table in memory.
    fn from_iter<I: IntoIterator<Item = Features<'a>>>(features: I) -> FeatureTable {
        let (mut bytes, mut spans) = (Vec::new(), Vec::new());
        for features in features {
            let start = bytes.len();
            encode(&features, &mut bytes);
            spans.push(Span { start: start as u64, len: (bytes.len() - start) as u32, is_earlier: false });
        }
        FeatureTable { bytes: Bytes::Owned(bytes), earlier: None, spans, first_years: OnceLock::new() }
    }
}

/// Takes the encoded features of windows of the export as they are finished, in any order and from any thread.
pub struct FeatureFile(Temporary);

impl FeatureFile {
    /// A file without a name.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn temporary() -> io::Result<FeatureFile> {
        Temporary::new().map(FeatureFile)
    }

    /// Writes a window's features and says at which byte they begin. An error is kept for [`FeatureFile::finish`].
    pub fn append(&self, bytes: &[u8]) -> u64 {
        self.0.append(bytes)
    }

    /// Maps what was written.
    ///
    /// # Errors
    /// If something could not be written, or the file cannot be mapped.
    /// `earlier` are the files in which those of some records lie already.
    pub fn finish(self, spans: Vec<Span>, earlier: Option<Segments>) -> io::Result<FeatureTable> {
        Ok(FeatureTable { bytes: Bytes::Mapped(self.0.finish()?), earlier, spans, first_years: OnceLock::new() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Parser;

    const RECORDS: [&str; 2] = [
        r#"{"id":"a","title":"Die Straße : ein Roman / Müller","author":["Müller, Jörg"],"isbn":["0306406152"],"publishDate":["1999-2003"]}"#,
        r#"{"id":"b"}"#,
    ];

    fn features() -> Vec<Features<'static>> {
        let of = |json: &str| Parser::default().parse(json.as_bytes(), Features::of).expect("a record");
        RECORDS.map(of).into()
    }

    #[test]
    fn features_come_back_as_they_went_in() {
        let table: FeatureTable = features().into_iter().collect();
        let back: Vec<String> = table.iter().map(|features| format!("{features:?}")).collect();
        assert_eq!(back, features().iter().map(|features| format!("{features:?}")).collect::<Vec<_>>());
    }

    #[test]
    fn windows_may_come_in_any_order() {
        let file = FeatureFile::temporary().expect("a file");
        let encoded = features().into_iter().map(|features| {
            let mut bytes = Vec::new();
            encode(&features, &mut bytes);
            bytes
        });
        let span = |bytes: Vec<u8>| Span { start: file.append(&bytes), len: bytes.len() as u32, is_earlier: false };
        let mut spans: Vec<Span> = encoded.rev().map(span).collect();
        spans.reverse();
        let table = file.finish(spans, None).expect("a map");
        assert_eq!(table.get(RecordId::new(0)).years.first, 1999);
        assert_eq!(table.years(RecordId::new(0)), table.get(RecordId::new(0)).years);
        assert_eq!(table.first_year(RecordId::new(0)), 1999);
        table.list_first_years();
        assert_eq!([0, 1].map(|at| table.first_year(RecordId::new(at))), [1999, 0]);
        assert!(table.get(RecordId::new(1)).title.is_empty());
    }

    #[test]
    fn other_bytes_are_no_features() {
        assert!(decode(&[0xff; 40]).is_err());
        assert!(decode(&[]).is_err());
    }
}
