//! Where sketches lie.

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

use crate::files::temporary::Temporary;
use crate::keys::Features;

use super::super::compare::content_words;
use super::super::weights::Weights;
use super::flag;
use super::names::{Body, MAX_NAMES, Name, names_of};
use super::record::Sketch;
use super::word::Word;

/// The sketches of some thousand records, or of one, being made.
#[derive(Default)]
pub(super) struct Chunk {
    sketches: Vec<Sketch>,
    words: Vec<Word>,
    names: Vec<Name>,
    bodies: Vec<Body>,
    /// Hashes of the identifiers, ascending per record.
    identifiers: Vec<u32>,
}

/// The sketches of some records, and what they hold of variable length.
#[derive(Clone, Copy)]
pub(super) struct Tables<'c> {
    sketches: &'c [Sketch],
    words: &'c [Word],
    names: &'c [Name],
    bodies: &'c [Body],
    identifiers: &'c [u32],
}

/// Where a chunk lies in a file: its first byte, and the number of bytes of each table, in the order of [`Tables`].
pub(super) struct Filed {
    start: u64,
    lengths: [u32; N_TABLES],
}

const N_TABLES: usize = 5;

/// Tables begin at multiples of so many bytes, as the numbers in them must.
const ALIGNMENT: usize = 8;

impl Chunk {
    /// Sketches the next record. Without its names, if it has more than `MAX_NAMES` persons or bodies.
    pub(super) fn add(&mut self, f: &Features, weights: &Weights) {
        self.words.extend(content_words(&f.title.whole()).iter().map(|word| Word::of(word)));
        let has_names = f.persons.len() <= MAX_NAMES && f.bodies.len() <= MAX_NAMES;
        if has_names {
            names_of(&f.persons, &mut self.names);
            self.bodies.extend(f.bodies.iter().map(|body| Body::of(body)));
        }
        let first = self.identifiers.len();
        self.identifiers.extend(f.identifiers.iter().map(|identifier| (identifier.hash >> 32) as u32));
        self.identifiers[first..].sort_unstable();
        let mut sketch = Sketch::of(f, weights);
        if has_names {
            sketch.flags |= flag::NAMES;
        }
        sketch.words_end = self.words.len() as u32;
        sketch.names_end = self.names.len() as u32;
        sketch.bodies_end = self.bodies.len() as u32;
        sketch.identifiers_end = self.identifiers.len() as u32;
        self.sketches.push(sketch);
    }

    /// Gives back the room for more records, when all have been added.
    pub(super) fn shrink(&mut self) {
        self.sketches.shrink_to_fit();
        self.words.shrink_to_fit();
        self.names.shrink_to_fit();
        self.bodies.shrink_to_fit();
        self.identifiers.shrink_to_fit();
    }

    /// The same view as of a chunk that lies in a file, `Filed::tables`.
    pub(super) fn tables(&self) -> Tables<'_> {
        Tables {
            sketches: &self.sketches,
            words: &self.words,
            names: &self.names,
            bodies: &self.bodies,
            identifiers: &self.identifiers,
        }
    }

    /// Appends the chunk to a file to which nothing but chunks is appended.
    pub(super) fn file(&self, file: &Temporary) -> Filed {
        let Tables { sketches, words, names, bodies, identifiers } = self.tables();
        let tables =
            [sketches.as_bytes(), words.as_bytes(), names.as_bytes(), bodies.as_bytes(), identifiers.as_bytes()];
        let mut bytes = Vec::with_capacity(tables.iter().map(|table| table.len().next_multiple_of(ALIGNMENT)).sum());
        for table in tables {
            bytes.extend_from_slice(table);
            bytes.resize(bytes.len().next_multiple_of(ALIGNMENT), 0);
        }
        Filed { start: file.append(&bytes), lengths: tables.map(|table| table.len() as u32) }
    }
}

impl Filed {
    /// The tables, given all bytes of the file, which is mapped.
    pub(super) fn tables<'m>(&self, file: &'m [u8]) -> Tables<'m> {
        let mut start = self.start as usize;
        let mut lengths = self.lengths.iter().map(|&len| len as usize);
        let mut next = || {
            let len = lengths.next().unwrap_or_default();
            let table = &file[start..start + len];
            start += len.next_multiple_of(ALIGNMENT);
            table
        };
        Tables {
            sketches: items(next()),
            words: items(next()),
            names: items(next()),
            bodies: items(next()),
            identifiers: items(next()),
        }
    }
}

fn items<T: FromBytes + Immutable + KnownLayout>(table: &[u8]) -> &[T] {
    <[T]>::ref_from_bytes(table).expect("maps begin at pages, and tables were written whole")
}

impl<'c> Tables<'c> {
    /// The sketch of a record, which is counted from the first of the chunk, from 0.
    pub(super) fn get(self, at: usize) -> Sketched<'c> {
        let sketch = &self.sketches[at];
        let before = at.checked_sub(1).map(|before| &self.sketches[before]);
        let range = |end: fn(&Sketch) -> u32| before.map_or(0, end) as usize..end(sketch) as usize;
        Sketched {
            sketch,
            words: &self.words[range(|sketch| sketch.words_end)],
            names: &self.names[range(|sketch| sketch.names_end)],
            bodies: &self.bodies[range(|sketch| sketch.bodies_end)],
            identifiers: &self.identifiers[range(|sketch| sketch.identifiers_end)],
        }
    }
}

/// A sketch with what it holds of variable length.
pub(super) struct Sketched<'c> {
    pub(super) sketch: &'c Sketch,
    pub(super) words: &'c [Word],
    pub(super) names: &'c [Name],
    pub(super) bodies: &'c [Body],
    identifiers: &'c [u32],
}

impl Sketched<'_> {
    /// Whether hashes of identifiers meet, whatever their kinds. They have 32 bits, so chance may bring two together.
    pub(super) fn shares_identifier(&self, other: &Sketched<'_>) -> bool {
        self.identifiers.iter().any(|hash| other.identifiers.binary_search(hash).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Parser;

    #[test]
    fn chunks_come_back_from_a_file() {
        let weights = Weights::new(&Default::default()).expect("the shipped model");
        let records = [
            r#"{"id":"a","title":"Die Straße : ein Roman","author":["Müller, Jörg","Ida Brand"],"isbn":["0306406152"],"publishDate":["[1999?]"]}"#,
            r#"{"id":"b"}"#,
            r#"{"id":"c","title":"Report","author_corporate":["Ice Board"],"physical":["vi, 12 p. ; 8 cm"]}"#,
        ];
        let features = records.map(|json| Parser::default().parse(json.as_bytes(), Features::of).expect("a record"));
        let file = Temporary::new().expect("a file");
        // Of odd lengths, so that the second begins elsewhere.
        let chunks = [&features[..], &features[1..]].map(|features| {
            let mut chunk = Chunk::default();
            features.iter().for_each(|f| chunk.add(f, &weights));
            let filed = chunk.file(&file);
            (chunk, filed)
        });
        let map = file.finish().expect("a map");
        for ((chunk, filed), n) in chunks.iter().zip([3, 2]) {
            for at in 0..n {
                let (made, read) = (chunk.tables().get(at), filed.tables(&map).get(at));
                assert_eq!(format!("{:?}", made.sketch), format!("{:?}", read.sketch));
                assert_eq!(made.words, read.words);
                assert_eq!(made.names.as_bytes(), read.names.as_bytes());
                assert_eq!(made.bodies.as_bytes(), read.bodies.as_bytes());
                assert_eq!(made.identifiers, read.identifiers);
            }
        }
        let sketch = chunks[0].1.tables(&map).get(0).sketch;
        assert!(sketch.years() == features[0].years && sketch.years().uncertain);
    }
}
