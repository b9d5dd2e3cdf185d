//! What only the folder to be replaced knows: records as they were before merges that may be loaded by now.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Deserialize;
use serde_json::value::RawValue;
use xxhash_rust::xxh3::xxh3_128;

use crate::error::Error;
use crate::files::folder::Folder;
use crate::finished::each_line;

const IMAGES: &str = "before_images.jsonl";

#[derive(Deserialize)]
struct Image {
    id: String,
    document: Box<RawValue>,
}

/// Refuses to replace a folder that holds records as the new one does not: with them would go the only way to take those
/// merges back.
///
/// # Errors
/// If there are such records, or one of the two lists cannot be read.
pub(super) fn check_images(folder: &Folder) -> Result<(), Error> {
    let earlier = folder.target().join(IMAGES);
    if !earlier.is_file() {
        return Ok(());
    }
    let mut kept = BTreeSet::new();
    each_image(&folder.path().join(IMAGES), |image| {
        kept.insert(hash(image));
    })?;
    let (mut n_lost, mut first) = (0_u64, None);
    each_image(&earlier, |image| {
        if !kept.contains(&hash(image)) {
            n_lost += 1;
            first.get_or_insert_with(|| image.id.clone());
        }
    })?;
    let Some(first) = first else { return Ok(()) };
    Err(Error::Output {
        path: folder.target().display().to_string(),
        reason: format!(
            "its {IMAGES} has {n_lost} records as they were before earlier merges ({first:?} first), which this run does not write \
             again; without them those merges cannot be taken back. Nothing was replaced: name another folder, or remove this one \
             if nothing of it was loaded"
        ),
        source: None,
    })
}

fn each_image(path: &Path, mut visit: impl FnMut(&Image)) -> Result<(), Error> {
    each_line(path, |image: Image| {
        visit(&image);
        Ok(())
    })
}

/// Tells a record in a state from all others.
fn hash(image: &Image) -> (u128, u128) {
    (xxh3_128(image.id.as_bytes()), xxh3_128(image.document.get().as_bytes()))
}
