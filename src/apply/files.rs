//! The files of a folder of `apply`, written group by group.

use std::io::{self, Write};
use std::sync::Arc;

use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use serde_json::json;

use super::Merged;
use super::plan::Group;
use crate::error::Error;
use crate::files::folder::{Folder, OutFile};
use crate::report::{csv_error, safe_cell, write_id};

/// Rows of a row group of the mapping.
const ROWS: usize = 1 << 16;
const SCHEMA: &str =
    "message mapping { required binary id (UTF8); required binary group (UTF8); required binary survivor (UTF8); }";

/// All files that grow with the groups.
pub(super) struct Files {
    documents: OutFile,
    images: OutFile,
    groups: OutFile,
    children_ids: OutFile,
    delete_ids: OutFile,
    delete_json: OutFile,
    n_deleted: u64,
    children: csv::Writer<OutFile>,
    redirects: csv::Writer<OutFile>,
    mapping: csv::Writer<OutFile>,
    parquet: SerializedFileWriter<OutFile>,
    /// Columns of rows not written yet.
    rows: [Vec<ByteArray>; 3],
}

/// Writes, and names the file in an error.
fn put(out: &mut OutFile, write: impl FnOnce(&mut OutFile) -> io::Result<()>) -> Result<(), Error> {
    write(out).map_err(|source| out.error(source))
}

fn row(out: &mut csv::Writer<OutFile>, cells: &[&str]) -> Result<(), Error> {
    let written = out.write_record(cells.iter().map(|cell| safe_cell(cell)));
    written.map_err(|error| out.get_ref().error(csv_error(error)))
}

fn failed_table(reason: &str) -> Error {
    Error::Output { path: "the tables".to_owned(), reason: reason.to_owned(), source: None }
}

fn failed(error: parquet::errors::ParquetError) -> Error {
    Error::Output { path: "mapping.parquet".to_owned(), reason: error.to_string(), source: None }
}

impl Files {
    /// Makes all files, empty but for the heads of tables and the beginning of `delete.json`.
    pub(super) fn start(folder: &Folder) -> Result<Files, Error> {
        let table = |name: &str, head: &[&str]| -> Result<csv::Writer<OutFile>, Error> {
            let mut out = csv::Writer::from_writer(folder.create(name)?);
            row(&mut out, head)?;
            Ok(out)
        };
        let schema = Arc::new(parse_message_type(SCHEMA).map_err(failed)?);
        let properties = Arc::new(WriterProperties::builder().build());
        let parquet =
            SerializedFileWriter::new(folder.create("mapping.parquet")?, schema, properties).map_err(failed)?;
        let mut delete_json = folder.create("delete.json")?;
        put(&mut delete_json, |out| out.write_all(b"{\"delete\":["))?;
        Ok(Files {
            documents: folder.create("merged_documents.jsonl")?,
            images: folder.create("before_images.jsonl")?,
            groups: folder.create("groups.jsonl")?,
            children_ids: folder.create("children_ids.txt")?,
            delete_ids: folder.create("delete_ids.txt")?,
            delete_json,
            n_deleted: 0,
            children: table("children.csv", &["id", "group"])?,
            redirects: table("redirects.csv", &["old_id", "survivor"])?,
            mapping: table("mapping.csv", &["id", "group", "survivor"])?,
            parquet,
            rows: Default::default(),
        })
    }

    /// Adds a group: its document, and a line or row for each member. All but the survivor are to be deleted.
    pub(super) fn write(&mut self, group: &Group, merged: &Merged) -> Result<(), Error> {
        let survivor = group.members[merged.survivor].id.as_str();
        put(&mut self.documents, |out| out.write_all(&merged.document))?;
        let ids: Vec<&str> = group.members.iter().map(|member| member.id.as_str()).collect();
        let line = json!({
            "group": group.id,
            "survivor": survivor,
            "survivor_reason": merged.reason,
            "members": ids,
            "proposals": group.proposals,
            "origin": if group.is_accepted { "accepted" } else { "merge" },
            "users": group.users,
            "fields": group.fields,
        });
        put(&mut self.groups, |out| writeln!(out, "{line}"))?;
        for (member, image) in group.members.iter().zip(&merged.images) {
            let id = member.id.as_str();
            let head =
                json!({"group": group.id, "id": id, "file": member.file, "line": member.line, "byte": member.byte});
            let head = head.to_string();
            put(&mut self.images, |out| {
                // The document stands as the export has it, not as a parser would write it again.
                out.write_all(&head.as_bytes()[..head.len() - 1])?;
                out.write_all(b",\"document\":")?;
                out.write_all(image)?;
                out.write_all(b"}\n")
            })?;
            put(&mut self.children_ids, |out| write_id(id, out))?;
            row(&mut self.children, &[id, &group.id])?;
            row(&mut self.mapping, &[id, &group.id, survivor])?;
            for (column, cell) in self.rows.iter_mut().zip([id, &group.id, survivor]) {
                column.push(ByteArray::from(cell));
            }
            if id != survivor {
                let comma = if self.n_deleted == 0 { "" } else { "," };
                let quoted = serde_json::Value::from(id);
                self.n_deleted += 1;
                put(&mut self.delete_json, |out| write!(out, "{comma}\n{quoted}"))?;
                put(&mut self.delete_ids, |out| write_id(id, out))?;
                row(&mut self.redirects, &[id, survivor])?;
            }
        }
        if self.rows[0].len() >= ROWS { self.write_rows() } else { Ok(()) }
    }

    fn write_rows(&mut self) -> Result<(), Error> {
        let mut write = || -> parquet::errors::Result<()> {
            let mut rows = self.parquet.next_row_group()?;
            for column in &mut self.rows {
                if let Some(mut out) = rows.next_column()? {
                    out.typed::<ByteArrayType>().write_batch(column, None, None)?;
                    out.close()?;
                }
                column.clear();
            }
            rows.close().map(|_| ())
        };
        write().map_err(failed)
    }

    /// Writes rows that were held back and the ends of `delete.json` and `mapping.parquet`; both are broken before.
    pub(super) fn finish(mut self) -> Result<(), Error> {
        if !self.rows[0].is_empty() {
            self.write_rows()?;
        }
        put(&mut self.delete_json, |out| out.write_all(b"\n]}\n"))?;
        self.parquet.into_inner().map_err(failed)?.finish()?;
        for mut table in [self.children, self.redirects, self.mapping] {
            // What is held back is written first, so that the file can say its name.
            table.flush().map_err(|error| table.get_ref().error(error))?;
            let file = table.into_inner().map_err(|error| failed_table(&error.to_string()))?;
            file.finish()?;
        }
        let files = [self.documents, self.images, self.groups, self.children_ids, self.delete_ids, self.delete_json];
        files.into_iter().try_for_each(OutFile::finish)
    }
}
