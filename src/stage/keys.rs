//! Lines → records with their features and keys; lines → parts of an audit.

use std::io::{Read, Write};

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

/// Shows the documents of a unit's lines: the place in the unit, and what the document is.
fn read_units<T>(
    input: impl Read,
    mut visit: impl FnMut(&Record<'_>) -> T,
    mut show: impl FnMut(Row, input::Read<T>) -> Result<(), Error>,
    mut close: impl FnMut(Row) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut parser = Parser::default();
    let mut unit = Unit::default();
    read(input, |row| {
        if unit.of != Some((row.a, row.b)) {
            let last = std::mem::replace(&mut unit, Unit { of: Some((row.a, row.b)), ..Unit::default() });
            last.end().map_or(Ok(()), &mut close)?;
        }
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
        let read = input::read_document(line, &mut parser, &mut visit);
        let place = Row { record: unit.n_records, numbers: vec![unit.n_lines, at, line.len() as i64], ..row };
        match read {
            input::Read::Blank => unit.n_blank += 1,
            input::Read::Record(_) => unit.n_records += 1,
            input::Read::Reject(_) => unit.n_rejects += 1,
            input::Read::EndMark => {}
        }
        show(place, read)
    })?;
    unit.end().map_or(Ok(()), close)
}

/// Reads the lines of units, each a row of [`kind::RECORD`] with file and unit in `a` and `b`, in their order.
///
/// Writes a row per record, in the order of the lines: `a`, `b`, `record` its number in the unit; `numbers` line in the
/// unit (from 1), byte in the unit (from 0), length in bytes, then its keys; `texts` its id, two empty ones, then per
/// key the text of a title key, else nothing; `bytes` its features. Besides these [`kind::REJECT`], and [`kind::UNIT`]
/// at the end of each unit.
///
/// # Errors
/// If the streams are not what they should be.
pub fn keys<W: Write>(input: impl Read, out: &mut Writer<W>) -> Result<(), Error> {
    let visit = |record: &Record<'_>| {
        let features = Features::of(record);
        let mut rows: Vec<KeyRow> = Vec::new();
        push_rows(record, &features, RecordId::FIRST, &mut rows);
        let mut texts = vec![String::new(); 3 + rows.len()];
        record.id().clone_into(&mut texts[0]);
        title_keys(&features, &mut |key: &str| {
            if KeyClass::of(key) == KeyClass::Title
                && let Ok(at) = rows.binary_search_by_key(&KeyHash::of(key), |row| row.key)
            {
                key.clone_into(&mut texts[3 + at]);
            }
        });
        let mut encoded = Vec::new();
        encode(&features, &mut encoded);
        (texts, rows, encoded)
    };
    let written = std::cell::RefCell::new(out);
    let write = |row: &Row| written.borrow_mut().row(row);
    read_units(
        input,
        visit,
        |mut place, read| match read {
            input::Read::Record((texts, rows, bytes)) => {
                place.numbers.extend(rows.iter().map(|row| row.key.bits() as i64));
                write(&Row { kind: kind::RECORD, texts, bytes, ..place })
            }
            input::Read::Reject(reason) => {
                let (texts, bytes) = (vec![reason.into_owned()], Vec::new());
                write(&Row { kind: kind::REJECT, texts, bytes, ..place })
            }
            input::Read::Blank | input::Read::EndMark => Ok(()),
        },
        |end| write(&end),
    )
}

/// Records of one part of an audit, at most: some ten megabytes.
const PART_RECORDS: i64 = 8192;

/// A part of an audit being made.
struct Part<'a> {
    audit: Audit<'a>,
    profile: Gathered,
}

/// Reads what [`keys`] reads. Writes a row of [`kind::AUDIT`] per some thousand records, in their order: what
/// [`Audit::into_bytes`] makes of them.
///
/// # Errors
/// If the streams are not what they should be.
pub fn audit<W: Write>(input: impl Read, config: &Config, out: &mut Writer<W>) -> Result<(), Error> {
    let spill = Spill::new(usize::MAX);
    let new = || Part { audit: Audit::new(&config.audit, &spill), profile: Gathered::default() };
    let part = std::cell::RefCell::new(new());
    let out = std::cell::RefCell::new(out);
    let first = std::cell::Cell::new(0);
    let n_records = std::cell::Cell::new(0);
    let close = |a: i64, b: i64| {
        if n_records.get() == first.get() {
            return Ok(());
        }
        let Part { audit, profile } = part.replace(new());
        let bytes = audit.into_bytes(profile, &spill)?;
        let row = Row { kind: kind::AUDIT, a, b, record: first.get(), bytes, ..Row::default() };
        first.set(n_records.get());
        out.borrow_mut().row(&row)
    };
    let visit = |record: &Record<'_>| {
        let Part { audit, profile } = &mut *part.borrow_mut();
        audit.record_with(record, |subject| profile.record(subject));
        n_records.set(n_records.get() + 1);
    };
    read_units(
        input,
        visit,
        |place, _| if n_records.get() - first.get() >= PART_RECORDS { close(place.a, place.b) } else { Ok(()) },
        |end| {
            close(end.a, end.b)?;
            first.set(0);
            n_records.set(0);
            Ok(())
        },
    )
}
