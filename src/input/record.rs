//! One parsed document, borrowed from the parser's scratch buffer.

use std::borrow::Cow;
use std::ops::Range;

use xxhash_rust::xxh3::Xxh3;

use super::fields::Field;

/// Whether a field was written as an array or as a bare value. Both occur for every field across
/// Solr versions and export tools, so readers must not rely on it; only the arity audit looks at it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// `"title": "x"`
    Scalar,
    /// `"title": ["x"]`
    Array,
}

/// One field of a document: its name, and which of the record's values are its own.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// The name as written.
    pub name: &'a str,
    /// The known field of that name.
    pub field: Option<Field>,
    /// Array or bare value.
    pub shape: Shape,
    /// True when the values are JSON literals (numbers, booleans, nested JSON), not strings.
    pub literal: bool,
    values: Range<u32>,
}

/// A document as the export holds it: fields in document order, each with zero or more values.
///
/// Values are never normalised here. `null` gives a field without values.
#[derive(Debug, Default)]
pub struct Record<'a> {
    entries: Vec<Entry<'a>>,
    values: Vec<Cow<'a, str>>,
    places: Places,
}

/// Where each known field stands: the number of its first entry plus one, 0 for an absent field. Readers ask for
/// fields by name hundreds of times per record.
#[derive(Debug)]
struct Places([u32; Field::ALL.len()]);

impl Default for Places {
    fn default() -> Places {
        Places([0; Field::ALL.len()])
    }
}

impl Entry<'_> {
    /// Number of its values.
    pub fn n_values(&self) -> usize {
        self.values.len()
    }
}

impl<'a> Record<'a> {
    /// Fields in document order.
    pub fn entries(&self) -> &[Entry<'a>] {
        &self.entries
    }

    /// Values of one entry of [`Record::entries`].
    pub fn values(&self, entry: &Entry<'_>) -> &[Cow<'a, str>] {
        &self.values[entry.values.start as usize..entry.values.end as usize]
    }

    /// Whether the document has the field at all, even without a value.
    pub fn has(&self, field: Field) -> bool {
        self.entry(field).is_some()
    }

    /// The entry of a known field.
    pub fn entry(&self, field: Field) -> Option<&Entry<'a>> {
        match self.places.0[field as usize] {
            0 => None,
            place => self.entries.get(place as usize - 1),
        }
    }

    /// All values of a known field; empty if the field is absent.
    pub fn all(&self, field: Field) -> &[Cow<'a, str>] {
        self.entry(field).map_or(&[], |entry| self.values(entry))
    }

    /// Values of several fields, field after field.
    pub fn all_of<'s>(&'s self, fields: &'s [Field]) -> impl Iterator<Item = &'s str> + 's {
        fields.iter().flat_map(|&field| self.all(field)).map(|value| &**value)
    }

    /// First value of a known field.
    pub fn first(&self, field: Field) -> Option<&str> {
        self.all(field).first().map(|value| &**value)
    }

    /// First value of a known field that is more than blanks, untrimmed.
    pub fn filled(&self, field: Field) -> Option<&str> {
        self.all(field).iter().map(|value| &**value).find(|value| !is_blank(value))
    }

    /// The record's id; empty only for records that the reader rejects.
    pub fn id(&self) -> &str {
        self.first(Field::Id).unwrap_or_default()
    }

    /// XXH3 (64 bits) of what the record says: names and values, in the order of names. What is added to a
    /// document whenever it is indexed (`_version_`, `last_indexed`) or found (`score`, `[explain]`) does not belong to
    /// it, nor does whether a lone value stands in an array.
    pub fn content_hash(&self) -> u64 {
        let is_own = |entry: &&Entry<'_>| !is_of_the_engine(entry.name) && entry.field != Some(Field::LastIndexed);
        let mut entries: Vec<&Entry<'_>> = self.entries.iter().filter(is_own).collect();
        entries.sort_by_key(|entry| entry.name);
        let mut hash = Xxh3::new();
        // Lengths come first, so that no two records write the same bytes.
        let mut add = |text: &str| {
            hash.update(&(text.len() as u64).to_le_bytes());
            hash.update(text.as_bytes());
        };
        for entry in entries {
            let values = self.values(entry);
            add(entry.name);
            add(&values.len().to_string());
            values.iter().for_each(|value| add(value));
        }
        hash.digest()
    }

    /// The values of all fields in one list, for those who need not know whose they are.
    pub fn every_value(&self) -> &[Cow<'a, str>] {
        &self.values
    }

    /// Number of values in the whole document.
    pub fn n_values(&self) -> usize {
        self.values.len()
    }

    /// Adds a value to the entry that the next `push_entry` closes.
    pub(super) fn push_value(&mut self, value: Cow<'a, str>) {
        self.values.push(value);
    }

    pub(super) fn push_values(&mut self, values: impl Iterator<Item = &'a str>) {
        self.values.extend(values.map(Cow::Borrowed));
    }

    /// Closes the entry whose values are those pushed since `start`.
    pub(super) fn push_entry(&mut self, name: &'a str, shape: Shape, literal: bool, start: usize) {
        let values = start as u32..self.values.len() as u32;
        self.entries.push(Entry { name, field: Field::from_name(name), shape, literal, values });
        self.note_place(self.entries.len() - 1);
    }

    fn note_place(&mut self, at: usize) {
        if let Some(field) = self.entries[at].field
            && self.places.0[field as usize] == 0
        {
            self.places.0[field as usize] = at as u32 + 1;
        }
    }

    /// Joins the values of repeated keys, which are legal JSON, with those of the first, so that none is lost. Beside numbers or
    /// nested values texts are JSON, too, as in an array of both.
    pub(super) fn join_repeated_keys(&mut self) {
        let mut order: Vec<usize> = (0..self.entries.len()).collect();
        order.sort_by_key(|&at| (self.entries[at].name, at));
        let mut dropped = vec![false; self.entries.len()];
        let names: Vec<&str> = self.entries.iter().map(|entry| entry.name).collect();
        for same in order.chunk_by(|&a, &b| names[a] == names[b]) {
            if same.len() < 2 {
                continue;
            }
            let start = self.values.len();
            let literal =
                same.iter().map(|&at| &self.entries[at]).any(|entry| entry.literal && !entry.values.is_empty());
            for &at in same {
                let range = self.entries[at].values.clone();
                let n_before = self.values.len();
                self.values.extend_from_within(range.start as usize..range.end as usize);
                if literal && !self.entries[at].literal {
                    for text in &mut self.values[n_before..] {
                        *text = Cow::Owned(serde_json::Value::from(&**text).to_string());
                    }
                }
                dropped[at] = at != same[0];
            }
            let first = &mut self.entries[same[0]];
            first.shape = Shape::Array;
            first.literal = literal;
            first.values = start as u32..self.values.len() as u32;
        }
        let mut dropped = dropped.into_iter();
        self.entries.retain(|_| !dropped.next().unwrap_or(false));
        self.places = Places::default();
        (0..self.entries.len()).for_each(|at| self.note_place(at));
    }

    /// The same allocations, emptied, for a record with another lifetime.
    pub(super) fn recycle<'b>(mut self) -> Record<'b> {
        self.entries.clear();
        self.values.clear();
        // Mapping an empty vector in place keeps its allocation and changes the lifetime without unsafe code.
        Record {
            entries: self.entries.into_iter().map(|_| unreachable!("the vector is empty")).collect(),
            values: self.values.into_iter().map(|_| unreachable!("the vector is empty")).collect(),
            places: Places::default(),
        }
    }
}

/// Whether a value is empty or white space; nearly all begin with a letter or figure.
fn is_blank(value: &str) -> bool {
    !value.as_bytes().first().is_some_and(u8::is_ascii_graphic) && value.trim().is_empty()
}

/// Whether Solr makes a field anew for every document it indexes or finds.
pub fn is_of_the_engine(name: &str) -> bool {
    matches!(name, "_version_" | "score") || name.starts_with('[')
}

#[cfg(test)]
mod tests {
    use crate::input::Parser;

    #[test]
    fn a_record_is_the_same_as_long_as_it_says_the_same() {
        let hash =
            |json: &str| Parser::default().parse(json.as_bytes(), |record| record.content_hash()).expect("a record");
        let record = hash(r#"{"id":"a","title":"T","isbn":["1","2"],"_version_":17}"#);
        assert_eq!(
            record,
            hash(
                r#"{"_version_":18,"score":1.5,"isbn":["1","2"],"title":["T"],"id":"a","last_indexed":"2024-01-01T00:00:00Z"}"#
            )
        );
        for other in [
            r#"{"id":"a","title":"T","isbn":["2","1"]}"#,
            r#"{"id":"a","title":"T","isbn":["12"]}"#,
            r#"{"id":"a","title":"T","isbn":["1","2"],"series":[]}"#,
            r#"{"id":"a","title":"t","isbn":["1","2"]}"#,
        ] {
            assert_ne!(record, hash(other), "{other}");
        }
    }
}
