//! Taking one merge back.

use std::path::Path;

use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;

use super::CONTENTS;
use crate::error::Error;
use crate::files::folder::{Contents, Folder};
use crate::finished::each_line;
use crate::report::{csv_error, safe_cell, write_id};

/// What the folder of `apply --undo` holds.
pub const UNDO_CONTENTS: Contents = Contents {
    what: "what `apply --undo` writes",
    mark: "undone.json",
    files: &["README.md", "delete.json", "redirects_to_remove.csv", "restore.jsonl", "undone.json", "unmark_ids.txt"],
    former: &[],
    telling: &[],
    folders: &[],
    verbatim: &[],
};

const README: &str = include_str!("UNDO.md");

#[derive(Deserialize)]
struct GroupLine {
    group: String,
    survivor: String,
    members: Vec<String>,
    proposals: Vec<String>,
}

#[derive(Deserialize)]
struct Image {
    group: String,
    document: Box<RawValue>,
}

/// Writes what takes one merge of an applied folder back. `wanted` is the id of its group, or of a proposal that went
/// into it.
///
/// # Errors
/// If the folder is none of `apply`, nothing of that id was applied, or a file cannot be written.
pub fn undo(applied: &Path, wanted: &str, folder: &Folder) -> Result<String, Error> {
    let refuse = |reason: String| Error::Input { path: applied.display().to_string(), reason, source: None };
    if !applied.join(CONTENTS.mark).is_file() {
        return Err(refuse(
            "it holds no applied.json; name the folder that `shelfread apply` wrote with -o".to_owned(),
        ));
    }
    let mut found = None;
    each_line(&applied.join("groups.jsonl"), |line: GroupLine| {
        if line.group == wanted || line.proposals.iter().any(|proposal| proposal == wanted) {
            found = Some(line);
        }
        Ok(())
    })?;
    let group =
        found.ok_or_else(|| refuse(format!("nothing with the id {wanted:?} was applied; groups.jsonl lists all")))?;
    let mut documents = Vec::new();
    each_line(&applied.join("before_images.jsonl"), |image: Image| {
        if image.group == group.group {
            documents.push(image.document);
        }
        Ok(())
    })?;
    if documents.len() != group.members.len() {
        return Err(refuse("before_images.jsonl is not whole; nothing can be taken back with it".to_owned()));
    }
    folder.file("restore.jsonl", |out| documents.iter().try_for_each(|document| writeln!(out, "{document}")))?;
    folder.file("unmark_ids.txt", |out| group.members.iter().try_for_each(|id| write_id(id, out)))?;
    folder.file("delete.json", |out| writeln!(out, "{}", json!({"delete": [group.group]})))?;
    folder.file("redirects_to_remove.csv", |out| {
        let mut table = csv::Writer::from_writer(out);
        table.write_record(["old_id", "survivor"]).map_err(csv_error)?;
        for id in group.members.iter().filter(|id| **id != group.survivor) {
            table.write_record([safe_cell(id), safe_cell(&group.survivor)]).map_err(csv_error)?;
        }
        table.flush()
    })?;
    folder.file("README.md", |out| out.write_all(README.as_bytes()))?;
    let summary = json!({"tool": "shelfread", "version": env!("CARGO_PKG_VERSION"), "applied": applied.display().to_string(),
        "group": group.group, "members": group.members});
    folder.file("undone.json", |out| writeln!(out, "{summary:#}"))?;
    Ok(format!("{} is taken back: {} records\n", group.group, group.members.len()))
}
