//! Rows in an order of the whole catalogue → pairs of neighbours: title keys that are near each other, and records next to
//! each other in huge blocks.

use std::collections::VecDeque;
use std::io::{Read, Write};

use super::rows::{Row, Writer, kind, read};
use super::{broken, number};
use crate::config::Config;
use crate::error::Error;
use crate::ids::RecordId;
use crate::matching::candidates::{NEIGHBOUR_WINDOW, Neighbours, Pair, Window};

/// Rows at the ends of a part, by which parts are joined.
struct Ends {
    part: i64,
    /// Rows that see each other at most.
    width: usize,
    /// The kind at hand.
    kind: i32,
    n_rows: i64,
    /// The last rows that are not written yet, with their places.
    last: VecDeque<(i64, Row)>,
}

impl Ends {
    /// The first rows are written at once, of the others only the last.
    fn take<W: Write>(&mut self, row: Row, out: &mut Writer<W>) -> Result<(), Error> {
        if self.kind != row.kind {
            self.close(out)?;
            (self.kind, self.n_rows) = (row.kind, 0);
        }
        let at = self.n_rows;
        self.n_rows += 1;
        if at < self.width as i64 {
            return out.row(&border(row, self.part, at));
        }
        if self.last.len() == self.width {
            self.last.pop_front();
        }
        self.last.push_back((at, row));
        Ok(())
    }

    fn close<W: Write>(&mut self, out: &mut Writer<W>) -> Result<(), Error> {
        self.last.drain(..).try_for_each(|(at, row)| out.row(&border(row, self.part, at)))
    }
}

fn border(row: Row, part: i64, at: i64) -> Row {
    Row { kind: kind::BORDER, a: part, b: at, record: row.kind.into(), ..row }
}

/// What came before in the order at hand.
#[derive(Default)]
struct Before {
    titles: Window<Vec<RecordId>>,
    found: Neighbours,
    /// Key and record of the last rows of huge blocks.
    records: VecDeque<(i64, i64)>,
}

impl Before {
    fn title<W: Write>(&mut self, row: &Row, out: &mut Writer<W>) -> Result<(), Error> {
        let records = row.numbers.iter().map(|&record| number(record).map(RecordId::from));
        let records = records.collect::<Result<Vec<RecordId>, Error>>()?;
        if records.is_empty() {
            return Err(broken("a title key has no records"));
        }
        self.titles.meet(&row.bytes, records, &mut self.found);
        let pair = |kind, a: RecordId, b: RecordId| {
            let (a, b) = (a.get().into(), b.get().into());
            Row { kind, a, b, ..Row::default() }
        };
        self.found.pairs.drain(..).try_for_each(|Pair { a, b }| out.row(&pair(kind::PAIR, a, b)))?;
        self.found.keys.drain(..).try_for_each(|(a, b)| out.row(&pair(kind::NEAR_KEYS, a, b)))
    }

    fn record<W: Write>(&mut self, row: &Row, width: usize, out: &mut Writer<W>) -> Result<(), Error> {
        let [key, record] = row.numbers[..] else { return Err(broken("a record in an order has no key")) };
        self.records.retain(|(other, _)| *other == key);
        for &(_, other) in &self.records {
            let (a, b) = (record.min(other), record.max(other));
            out.row(&Row { kind: kind::PAIR, a, b, ..Row::default() })?;
        }
        self.records.push_back((key, record));
        if self.records.len() > width {
            self.records.pop_front();
        }
        Ok(())
    }
}

/// Reads one part of all title keys and of all records of huge blocks in their order, sorted by `kind`, `a` and
/// `bytes`; parts follow each other in this order and are numbered in it. Or the borders of all parts, sorted by
/// `record` (which is their kind), `a` and `b`.
///
/// Writes [`kind::PAIR`] and [`kind::NEAR_KEYS`], which may repeat, and of a part its [`kind::BORDER`].
///
/// # Errors
/// If the streams are not what they should be.
pub fn near<W: Write>(input: impl Read, config: &Config, part: i64, out: &mut Writer<W>) -> Result<(), Error> {
    let width = config.blocking.neighbourhood;
    let mut ends = Ends { part, width: width.max(NEIGHBOUR_WINDOW), kind: 0, n_rows: 0, last: VecDeque::new() };
    let mut before = Before::default();
    // The kind of the last row, its part, and its place there.
    let mut last: Option<(i64, i64, i64)> = None;
    read(input, |row| {
        let is_border = row.kind == kind::BORDER;
        let this = if is_border { (row.record, row.a, row.b) } else { (row.kind.into(), part, 0) };
        let follows =
            last.is_some_and(|last| last.0 == this.0 && (!is_border || last.1 != this.1 || last.2 + 1 == this.2));
        if !follows {
            before = Before::default();
        }
        last = Some(this);
        if this.0 == i64::from(kind::IN_ORDER) {
            before.record(&row, width, out)?;
        } else {
            before.title(&row, out)?;
        }
        if is_border { Ok(()) } else { ends.take(row, out) }
    })?;
    ends.close(out)
}
