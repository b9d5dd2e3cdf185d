//! Where sketches lie.

use crate::keys::Features;

use super::super::compare::content_words;
use super::super::weights::Weights;
use super::flag;
use super::names::{Body, MAX_NAMES, Name, names_of};
use super::record::Sketch;
use super::word::Word;

/// The sketches of some thousand records, or of one, and what they hold of variable length.
#[derive(Default)]
pub(super) struct Chunk {
    sketches: Vec<Sketch>,
    words: Vec<Word>,
    names: Vec<Name>,
    bodies: Vec<Body>,
    /// Hashes of the identifiers, ascending per record.
    identifiers: Vec<u32>,
}

impl Chunk {
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
        let sketch = Sketch::of(f, weights);
        self.sketches.push(Sketch {
            flags: sketch.flags | if has_names { flag::NAMES } else { 0 },
            words_end: self.words.len() as u32,
            names_end: self.names.len() as u32,
            bodies_end: self.bodies.len() as u32,
            identifiers_end: self.identifiers.len() as u32,
            ..sketch
        });
    }

    pub(super) fn shrink(&mut self) {
        self.sketches.shrink_to_fit();
        self.words.shrink_to_fit();
        self.names.shrink_to_fit();
        self.bodies.shrink_to_fit();
        self.identifiers.shrink_to_fit();
    }

    pub(super) fn get(&self, at: usize) -> Sketched<'_> {
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
    pub(super) fn shares_identifier(&self, other: &Sketched<'_>) -> bool {
        self.identifiers.iter().any(|hash| other.identifiers.binary_search(hash).is_ok())
    }
}
