//! Rows of the stages: Arrow IPC streams on both sides, of one schema.
//!
//! | column | type | holds |
//! |---|---|---|
//! | `kind` | int32 | what the row is, see [`kind`] |
//! | `a`, `b` | int64 | what rows are grouped and sorted by |
//! | `record` | int64 | number of a record, or of a part |
//! | `numbers` | list of int64 | whatever numbers the kind has |
//! | `texts` | list of utf8 | its texts |
//! | `bytes` | binary | a document, encoded features, a part of an audit, a packet of many small things |
//!
//! What a kind does not use is 0 or empty. No value is null.

use std::io::{BufReader, BufWriter, Read, Write};
use std::sync::Arc;

use arrow_array::builder::{BinaryBuilder, Int32Builder, Int64Builder, ListBuilder, StringBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, Int64Type};
use arrow_array::{Array, ArrayRef, BinaryArray, Int32Array, Int64Array, ListArray, RecordBatch, StringArray};
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};

use crate::error::Error;

/// What rows are. Numbers are never used again for something else.
pub mod kind {
    /// A line of an export: `a` file, `b` first byte of its unit, `bytes`. Of `keys`: a record, see there.
    pub const RECORD: i32 = 0;
    /// A member of a block that must be divided: `a` key, `b` its piece (0: the whole block), `record`,
    /// `texts` its id, `bytes` features.
    pub const CROWDED: i32 = 2;
    /// A title key and its records, few: `bytes` the key, `numbers` the records.
    pub const TITLE: i32 = 3;
    /// The same with the title read backwards.
    pub const TITLE_BACKWARDS: i32 = 4;
    /// Two records to compare besides those of blocks: `a` before `b`. For `members` also `record`, which of them it is about.
    pub const PAIR: i32 = 5;
    /// Two title keys near each other, by their first records: `a` before `b`.
    pub const NEAR_KEYS: i32 = 6;
    /// A row of some order at an end of its part: `a` part, `b` place in it, `record` its kind, and what that holds.
    pub const BORDER: i32 = 7;
    /// One of the largest blocks: `a` key, `record` its first one, `numbers` how many.
    pub const LARGE_BLOCK: i32 = 8;
    /// What was counted: `a` which stage, `numbers`.
    pub const COUNTS: i32 = 9;
    /// A pair to merge: `a` before `b`, `numbers` the weight in hundredths of a bit.
    pub const MERGE: i32 = 10;
    /// A pair to review, likewise.
    pub const REVIEW: i32 = 11;
    /// A pair with a relation: `a` before `b`.
    pub const RELATED: i32 = 12;
    /// A pair that just failed to match: `a` before `b`.
    pub const NEAR_MISS: i32 = 13;
    /// A record of a block in its neighbourhood: `a` key, `numbers` key and record, `bytes` its place.
    pub const IN_ORDER: i32 = 16;
    /// A key whose block is divided piece by piece: `a`.
    pub const HUGE_BLOCK: i32 = 17;
    /// A line that is no record: `a` file, `b` unit, `numbers` line, byte, length, `texts` the reason.
    pub const REJECT: i32 = 14;
    /// The end of a unit: `a` file, `b` unit, `numbers` records, lines, bytes, blank lines, rejects.
    pub const UNIT: i32 = 15;
    /// A record of a cluster: `a` component, `record`, `numbers` file, line, byte, length, findings, `bytes` document.
    pub const DOCUMENT: i32 = 20;
    /// A proposal: `a` 0 for merge or 1 for review, `b` minus its weight, `numbers` the records of its cluster,
    /// `texts` its id, `bytes` its line of `proposals.jsonl`.
    pub const PROPOSAL: i32 = 21;
    /// A cluster: `a` 0 for merge or 1 for review, `numbers` its records.
    pub const CLUSTER: i32 = 22;
    /// A link that was cut: `a` before `b`, `numbers` the contradicting pair, `bytes` what stands against it.
    pub const CUT: i32 = 23;
    /// A part of an audit: `a` file, `b` unit, `record` its first record within the unit, `bytes`.
    pub const AUDIT: i32 = 30;
    /// How many findings a record has: `record`, `numbers`.
    pub const FINDINGS: i32 = 31;
    /// Features of a record of which a report tells a relation or near miss: `record`, `bytes`.
    pub const FEATURES: i32 = 32;
    /// All records and parts of audits have come.
    pub const AUDITED: i32 = 33;
    /// Everything has come.
    pub const END: i32 = 34;
    /// Keys of records for one part: `a` file, `b` unit, `record` the part, `bytes` a packet of keys, records within the
    /// unit, and texts of title keys.
    pub const KEYS: i32 = 40;
    /// Members of blocks that are not, or no longer, to be divided, for one part of the records: `record` the part, `bytes` a packet.
    pub const MEMBERS: i32 = 41;
    /// Records for one part of the blocks: `record` the part, `bytes` a packet of records with their features and blocks.
    pub const TOGETHER: i32 = 42;
}

/// Which stage counted, in rows of [`kind::COUNTS`].
pub mod counted {
    /// Keys of records, keys indexed, blocks to divide, then blocks by class of size.
    pub const BLOCKS: i64 = 1;
    /// Pairs of title keys near each other.
    pub const NEAR: i64 = 3;
    /// `bytes`: outcomes of comparisons.
    pub const SCORED: i64 = 4;
}

/// A row.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Row {
    /// What it is.
    pub kind: i32,
    /// First key.
    pub a: i64,
    /// Second key.
    pub b: i64,
    /// A record.
    pub record: i64,
    /// Numbers.
    pub numbers: Vec<i64>,
    /// Texts.
    pub texts: Vec<String>,
    /// Bytes.
    pub bytes: Vec<u8>,
}

/// The schema of all streams.
pub fn schema() -> SchemaRef {
    let list = |of| DataType::List(Arc::new(Field::new("element", of, true)));
    Arc::new(Schema::new(vec![
        Field::new("kind", DataType::Int32, false),
        Field::new("a", DataType::Int64, false),
        Field::new("b", DataType::Int64, false),
        Field::new("record", DataType::Int64, false),
        Field::new("numbers", list(DataType::Int64), false),
        Field::new("texts", list(DataType::Utf8), false),
        Field::new("bytes", DataType::Binary, false),
    ]))
}

fn broken(reason: impl ToString) -> Error {
    Error::Stage { reason: reason.to_string() }
}

/// Columns of a batch.
struct Columns<'b> {
    kind: &'b Int32Array,
    keys: [&'b Int64Array; 3],
    numbers: &'b ListArray,
    texts: &'b ListArray,
    bytes: &'b BinaryArray,
}

impl<'b> Columns<'b> {
    fn of(batch: &'b RecordBatch) -> Result<Columns<'b>, Error> {
        let column = |name: &str, of: &DataType| {
            let column = batch.column_by_name(name).ok_or_else(|| broken(format!("it has no column {name:?}")))?;
            let same = match (column.data_type(), of) {
                (DataType::List(found), DataType::List(wanted)) => found.data_type() == wanted.data_type(),
                (found, wanted) => found == wanted,
            };
            if !same {
                return Err(broken(format!("its column {name:?} is {}, not {of}", column.data_type())));
            }
            if column.null_count() > 0 {
                return Err(broken(format!("its column {name:?} has nulls")));
            }
            Ok(column)
        };
        let schema = schema();
        let of = |at: usize| column(schema.field(at).name(), schema.field(at).data_type());
        Ok(Columns {
            kind: of(0)?.as_primitive::<Int32Type>(),
            keys: [of(1)?.as_primitive(), of(2)?.as_primitive(), of(3)?.as_primitive()],
            numbers: of(4)?.as_list::<i32>(),
            texts: of(5)?.as_list::<i32>(),
            bytes: of(6)?.as_binary::<i32>(),
        })
    }

    fn row(&self, at: usize) -> Result<Row, Error> {
        let numbers = self.numbers.value(at);
        let texts = self.texts.value(at);
        let texts: &StringArray = texts.as_string::<i32>();
        Ok(Row {
            kind: self.kind.value(at),
            a: self.keys[0].value(at),
            b: self.keys[1].value(at),
            record: self.keys[2].value(at),
            numbers: numbers.as_primitive::<Int64Type>().values().to_vec(),
            texts: (0..texts.len()).map(|at| texts.value(at).to_owned()).collect(),
            bytes: self.bytes.value(at).to_vec(),
        })
    }
}

/// Shows the rows of a stream one by one.
///
/// # Errors
/// If the stream is none of rows, ends before its end, or `show` fails.
pub fn read(input: impl Read, mut show: impl FnMut(Row) -> Result<(), Error>) -> Result<(), Error> {
    let stream = StreamReader::try_new(BufReader::with_capacity(1 << 20, input), None).map_err(broken)?;
    for batch in stream {
        let batch = batch.map_err(broken)?;
        let columns = Columns::of(&batch)?;
        (0..batch.num_rows()).try_for_each(|at| show(columns.row(at)?))?;
    }
    Ok(())
}

/// Shows the rows of a stream by runs in which `key` is the same; a run is held in memory.
///
/// # Errors
/// As those of [`read`].
pub fn read_runs<K: PartialEq>(
    input: impl Read,
    key: impl Fn(&Row) -> K,
    mut show: impl FnMut(K, Vec<Row>) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut run: Option<(K, Vec<Row>)> = None;
    read(input, |row| {
        let of_row = key(&row);
        match &mut run {
            Some((of_run, rows)) if *of_run == of_row => rows.push(row),
            _ => {
                if let Some((of_run, rows)) = run.replace((of_row, vec![row])) {
                    show(of_run, rows)?;
                }
            }
        }
        Ok(())
    })?;
    run.map_or(Ok(()), |(of_run, rows)| show(of_run, rows))
}

/// Rows and bytes of a batch that is written, at most.
const BATCH_ROWS: usize = 8192;
const BATCH_BYTES: usize = 8 << 20;

/// Writes a stream.
pub struct Writer<W: Write> {
    stream: StreamWriter<BufWriter<W>>,
    kind: Int32Builder,
    keys: [Int64Builder; 3],
    numbers: ListBuilder<Int64Builder>,
    texts: ListBuilder<StringBuilder>,
    bytes: BinaryBuilder,
    n_rows: usize,
    n_bytes: usize,
}

impl<W: Write> Writer<W> {
    /// Begins a stream.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn new(out: W) -> Result<Writer<W>, Error> {
        let element = |of| Field::new("element", of, true);
        Ok(Writer {
            stream: StreamWriter::try_new(BufWriter::new(out), &schema()).map_err(broken)?,
            kind: Int32Builder::new(),
            keys: [Int64Builder::new(), Int64Builder::new(), Int64Builder::new()],
            numbers: ListBuilder::new(Int64Builder::new()).with_field(element(DataType::Int64)),
            texts: ListBuilder::new(StringBuilder::new()).with_field(element(DataType::Utf8)),
            bytes: BinaryBuilder::new(),
            n_rows: 0,
            n_bytes: 0,
        })
    }

    /// Writes a row.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn row(&mut self, row: &Row) -> Result<(), Error> {
        self.kind.append_value(row.kind);
        for (column, key) in self.keys.iter_mut().zip([row.a, row.b, row.record]) {
            column.append_value(key);
        }
        self.numbers.values().append_slice(&row.numbers);
        self.numbers.append(true);
        for text in &row.texts {
            self.texts.values().append_value(text);
            self.n_bytes += text.len();
        }
        self.texts.append(true);
        self.bytes.append_value(&row.bytes);
        self.n_rows += 1;
        self.n_bytes += row.bytes.len() + 8 * row.numbers.len();
        if self.n_rows >= BATCH_ROWS || self.n_bytes >= BATCH_BYTES { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), Error> {
        if self.n_rows > 0 {
            let [a, b, record] = &mut self.keys;
            let columns: Vec<ArrayRef> = vec![
                Arc::new(self.kind.finish()),
                Arc::new(a.finish()),
                Arc::new(b.finish()),
                Arc::new(record.finish()),
                Arc::new(self.numbers.finish()),
                Arc::new(self.texts.finish()),
                Arc::new(self.bytes.finish()),
            ];
            let batch = RecordBatch::try_new(schema(), columns);
            batch.and_then(|batch| self.stream.write(&batch)).map_err(broken)?;
            (self.n_rows, self.n_bytes) = (0, 0);
        }
        Ok(())
    }

    /// Writes what is left and flushes it, so that a reader sees it; more rows may follow.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn push(&mut self) -> Result<(), Error> {
        self.flush()?;
        self.stream.get_mut().flush().map_err(|error| broken(ArrowError::from(error)))
    }

    /// Ends the stream.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn finish(mut self) -> Result<W, Error> {
        self.flush()?;
        let out = self.stream.into_inner().map_err(broken)?;
        out.into_inner().map_err(|error| broken(error.error()))
    }
}
