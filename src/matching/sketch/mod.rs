//! Most pairs that meet in a block have nothing to do with each other. A sketch of each record, a few numbers,
//! shows so without a look at its texts.
//!
//! [`Sketches::are_apart`] is never wrong: what it keeps apart, the whole comparison keeps apart too, with neither
//! relation nor near miss. It bounds the title's level from above by letters and words, the other aspects by hashes
//! and numbers, and adds up the best weights these admit. Where a sketch does not suffice it says so, and the pair is
//! compared. Equality is that of hashes, as it is for block keys and identifiers.
//!
//! Many pairs have one title, a common one, and are by different people: no title is heavy enough to unite those, and
//! most relations ask for common authors. They are told by the names alone.

mod bound;
mod chunk;
mod flag;
mod names;
mod record;
mod title;
mod word;

use std::io;
use std::sync::OnceLock;

use memmap2::Mmap;
use rayon::prelude::*;

use crate::files::temporary::Temporary;
use crate::ids::RecordId;
use crate::keys::FeatureTable;

use super::candidates::Pair;
use super::weights::Weights;
use chunk::{Chunk, Filed, Sketched};

/// Records sketched by a thread at a time.
const CHUNK_RECORDS: usize = 4096;

/// The sketches of all records.
pub struct Sketches<'f> {
    features: &'f FeatureTable,
    weights: &'f Weights,
    chunks: Chunks,
}

enum Chunks {
    /// All, some thousands at a time.
    Made(Vec<Chunk>),
    /// The same, in a file.
    Filed(Vec<Filed>, Mmap),
    /// One record each, made when it is asked for.
    OnDemand(Vec<OnceLock<Box<Chunk>>>),
}

impl<'f> Sketches<'f> {
    /// Sketches all records for scoring with `weights`: about 300 bytes each.
    pub fn of(features: &'f FeatureTable, weights: &'f Weights) -> Sketches<'f> {
        let chunks = chunks_of(features, weights, |mut chunk| {
            chunk.shrink();
            chunk
        });
        Sketches { features, weights, chunks: Chunks::Made(chunks) }
    }

    /// [`Sketches::of`] in a temporary file that is mapped: those of a million records are more than everything else that
    /// scoring needs.
    ///
    /// # Errors
    /// If the file cannot be made, written or mapped.
    pub fn filed(features: &'f FeatureTable, weights: &'f Weights) -> io::Result<Sketches<'f>> {
        let file = Temporary::new()?;
        let chunks = chunks_of(features, weights, |chunk| chunk.file(&file));
        Ok(Sketches { features, weights, chunks: Chunks::Filed(chunks, file.finish()?) })
    }

    /// Sketches a record when it is first asked for: few pairs will be.
    pub fn on_demand(features: &'f FeatureTable, weights: &'f Weights) -> Sketches<'f> {
        let chunks = (0..features.len()).map(|_| OnceLock::new()).collect();
        Sketches { features, weights, chunks: Chunks::OnDemand(chunks) }
    }

    fn of_record(&self, record: RecordId) -> Sketched<'_> {
        let at = record.index();
        match &self.chunks {
            Chunks::Made(chunks) => chunks[at / CHUNK_RECORDS].tables().get(at % CHUNK_RECORDS),
            Chunks::Filed(chunks, file) => chunks[at / CHUNK_RECORDS].tables(file).get(at % CHUNK_RECORDS),
            Chunks::OnDemand(chunks) => {
                let one = || {
                    let mut chunk = Box::<Chunk>::default();
                    chunk.add(&self.features.get(record), self.weights);
                    chunk.shrink();
                    chunk
                };
                chunks[at].get_or_init(one).tables().get(0)
            }
        }
    }

    /// Whether comparing the two records is certain to give [`Verdict::Apart`](super::score::Verdict::Apart), no
    /// relation and no near miss.
    pub fn are_apart(&self, pair: Pair) -> bool {
        bound::are_apart(&self.of_record(pair.a), &self.of_record(pair.b), self.weights)
    }
}

/// What is made of the sketches of all records, some thousands at a time.
fn chunks_of<T: Send>(features: &FeatureTable, weights: &Weights, make: impl Fn(Chunk) -> T + Sync) -> Vec<T> {
    let starts: Vec<usize> = (0..features.len()).step_by(CHUNK_RECORDS).collect();
    let chunk = |start: usize| {
        let mut chunk = Chunk::default();
        for record in (start..(start + CHUNK_RECORDS).min(features.len())).map(RecordId::new) {
            chunk.add(&features.get(record), weights);
        }
        make(chunk)
    };
    starts.into_par_iter().map(chunk).collect()
}
