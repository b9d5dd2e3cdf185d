//! Lines → records with their features and keys; lines → parts of an audit.

use std::io::{Read, Write};

use super::number;
use super::packets::{Keyed, Packets, part_of};
use super::rows::{Row, Writer, kind, read};
use crate::audit::{Audit, Gathered, Spill};
use crate::config::Config;
use crate::error::Error;
use crate::ids::RecordId;
use crate::input::{self, Parser, Record};
use crate::keys::Features;
use crate::keys::block_keys::title_keys;
use crate::keys::table::encode;
use crate::matching::blocks::{KeyClass, KeyHash, KeyRow};
use crate::pipeline::push_rows;

/// Where the reader stands in a unit: consecutive lines of one file, such as a block of a distributed one.
#[derive(Default)]
struct Unit {
    of: Option<(i64, i64)>,
    n_records: i64,
    n_lines: i64,
    n_bytes: i64,
    n_blank: i64,
    n_rejects: i64,
}

impl Unit {
    fn end(&self) -> Option<Row> {
        let (a, b) = self.of?;
        let numbers = vec![self.n_records, self.n_lines, self.n_bytes, self.n_blank, self.n_rejects];
        Some(Row { kind: kind::UNIT, a, b, numbers, ..Row::default() })
    }
}

/// What is made of lines.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Made {
    /// Records with features and keys.
    pub keys: bool,
    /// Parts of an audit.
    pub audit: bool,
}

/// Reads the lines of units, each a row of [`kind::RECORD`] with file and unit in `a` and `b`, in their order.
///
/// Writes for keys a row per record, in the order of the lines: `a`, `b`, `record` its number in the unit; `numbers` line
/// in the unit (from 1), byte in the unit (from 0), length in bytes; `texts` its id; `bytes` its features. Besides these
/// [`kind::KEYS`] for `n_parts` parts, [`kind::REJECT`], and [`kind::UNIT`] at the end of each unit.
///
/// Writes for the audit a row of [`kind::AUDIT`] per some thousand records, in their order: what [`Audit::into_bytes`] makes
/// of them.
///
/// # Errors
/// If the streams are not what they should be.
pub fn lines<W: Write>(
    input: impl Read,
    made: Made,
    config: &Config,
    n_parts: usize,
    out: &mut Writer<W>,
) -> Result<(), Error> {
    let spill = Spill::new(usize::MAX);
    let keying = made.keys.then(|| Keying::new(n_parts));
    let auditing = made.audit.then(|| Auditing::new(config, &spill));
    Lines { keying, auditing, unit: Unit::default(), out }.read(input)
}

/// Lines being read.
struct Lines<'a, 'o, W: Write> {
    keying: Option<Keying>,
    auditing: Option<Auditing<'a>>,
    unit: Unit,
    out: &'o mut Writer<W>,
}

impl<W: Write> Lines<'_, '_, W> {
    fn read(&mut self, input: impl Read) -> Result<(), Error> {
        let mut parser = Parser::default();
        read(input, |row| {
            if self.unit.of != Some((row.a, row.b)) {
                self.end_unit()?;
                self.unit.of = Some((row.a, row.b));
            }
            self.line(row, &mut parser)
        })?;
        self.end_unit()
    }

    fn line(&mut self, row: Row, parser: &mut Parser) -> Result<(), Error> {
        let unit = &mut self.unit;
        let mut line = row.bytes.as_slice();
        let mut at = unit.n_bytes;
        unit.n_bytes += line.len() as i64 + 1;
        unit.n_lines += 1;
        if row.b == 0
            && at == 0
            && let Some(rest) = line.strip_prefix(b"\xef\xbb\xbf")
        {
            (line, at) = (rest, 3);
        }
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let read = input::read_document(line, parser, |record| {
            self.auditing.iter_mut().for_each(|auditing| auditing.visit(record));
            self.keying.as_ref().map(|keying| keying.visit(record))
        });
        let place = Row { record: unit.n_records, numbers: vec![unit.n_lines, at, line.len() as i64], ..row };
        if let Some(auditing) = &mut self.auditing {
            auditing.close_if_full(place.a, place.b, self.out)?;
        }
        match read {
            input::Read::Blank => unit.n_blank += 1,
            input::Read::Record(keyed) => {
                unit.n_records += 1;
                if let (Some(keyed), Some(keying)) = (keyed, &mut self.keying) {
                    keying.put(keyed, place, self.out)?;
                }
            }
            input::Read::Reject(reason) => {
                unit.n_rejects += 1;
                if self.keying.is_some() {
                    let (texts, bytes) = (vec![reason.into_owned()], Vec::new());
                    self.out.row(&Row { kind: kind::REJECT, texts, bytes, ..place })?;
                }
            }
            input::Read::EndMark => {}
        }
        Ok(())
    }

    fn end_unit(&mut self) -> Result<(), Error> {
        let Some(end) = std::mem::take(&mut self.unit).end() else { return Ok(()) };
        if let Some(auditing) = &mut self.auditing {
            auditing.end_unit(end.a, end.b, self.out)?;
        }
        if let Some(keying) = &mut self.keying {
            keying.packets.close(self.out)?;
            self.out.row(&end)?;
        }
        Ok(())
    }
}

/// Features and keys of a record.
struct KeyedRecord {
    id: String,
    features: Vec<u8>,
    rows: Vec<KeyRow>,
    /// Texts of title keys, by their place among the rows.
    texts: Vec<(usize, String)>,
}

/// Keys on their way to where blocks are made.
struct Keying {
    packets: Packets,
    n_parts: usize,
}

impl Keying {
    fn new(n_parts: usize) -> Keying {
        Keying { packets: Packets::new(Row { kind: kind::KEYS, ..Row::default() }, n_parts), n_parts }
    }

    fn visit(&self, record: &Record<'_>) -> KeyedRecord {
        let features = Features::of(record);
        let mut rows: Vec<KeyRow> = Vec::new();
        push_rows(record, &features, RecordId::FIRST, &mut rows);
        let mut texts = Vec::new();
        title_keys(&features, &mut |key: &str| {
            if KeyClass::of(key) == KeyClass::Title
                && let Ok(at) = rows.binary_search_by_key(&KeyHash::of(key), |row| row.key)
            {
                texts.push((at, key.to_owned()));
            }
        });
        let mut encoded = Vec::new();
        encode(&features, &mut encoded);
        KeyedRecord { id: record.id().to_owned(), features: encoded, rows, texts }
    }

    fn put<W: Write>(&mut self, keyed: KeyedRecord, place: Row, out: &mut Writer<W>) -> Result<(), Error> {
        let KeyedRecord { id, features, rows, texts } = keyed;
        if !self.packets.are_of(place.a, place.b) {
            self.packets.turn_to(Row { kind: kind::KEYS, a: place.a, b: place.b, ..Row::default() }, out)?;
        }
        let record = number(place.record)?;
        for (at, row) in rows.iter().enumerate() {
            let key = row.key.bits();
            // Of equal texts, the last stands.
            let text = texts.iter().rev().find(|(of, _)| *of == at).map_or("", |(_, text)| text);
            let item = Keyed { key: key.to_le_bytes(), record, text };
            self.packets.put(part_of(key as i64, self.n_parts), &item, out)?;
        }
        out.row(&Row { kind: kind::RECORD, texts: vec![id], bytes: features, ..place })
    }
}

/// Records of one part of an audit, at most: some ten megabytes.
const PART_RECORDS: i64 = 8192;

/// A part of an audit being made.
struct Auditing<'a> {
    config: &'a Config,
    spill: &'a Spill,
    audit: Audit<'a>,
    profile: Gathered,
    /// Number of the part's first record within the unit, and of the unit's records so far.
    first: i64,
    n_records: i64,
}

impl<'a> Auditing<'a> {
    fn new(config: &'a Config, spill: &'a Spill) -> Auditing<'a> {
        let (audit, profile) = (Audit::new(&config.audit, spill), Gathered::default());
        Auditing { config, spill, audit, profile, first: 0, n_records: 0 }
    }

    fn visit(&mut self, record: &Record<'_>) {
        self.audit.record_with(record, |traits| self.profile.record(traits));
        self.n_records += 1;
    }

    fn close_if_full<W: Write>(&mut self, a: i64, b: i64, out: &mut Writer<W>) -> Result<(), Error> {
        if self.n_records - self.first >= PART_RECORDS { self.close(a, b, out) } else { Ok(()) }
    }

    fn close<W: Write>(&mut self, a: i64, b: i64, out: &mut Writer<W>) -> Result<(), Error> {
        if self.n_records == self.first {
            return Ok(());
        }
        let audit = std::mem::replace(&mut self.audit, Audit::new(&self.config.audit, self.spill));
        let bytes = audit.into_bytes(std::mem::take(&mut self.profile), self.spill)?;
        out.row(&Row { kind: kind::AUDIT, a, b, record: self.first, bytes, ..Row::default() })?;
        self.first = self.n_records;
        Ok(())
    }

    fn end_unit<W: Write>(&mut self, a: i64, b: i64, out: &mut Writer<W>) -> Result<(), Error> {
        self.close(a, b, out)?;
        (self.first, self.n_records) = (0, 0);
        Ok(())
    }
}
