//! What census and profile count of a record: taken from the record, or again from what an earlier run kept.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::finding::{KINDS, collection_of};
use super::profile::FACETS;
use super::rules::{DateReading, SortTitleForm, WorkKeysForm, date_reading, sort_title_form, work_keys_form};
use super::{Family, Label, Subject};
use crate::input::Field;

/// What is counted of one record.
#[derive(PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Traits<'r> {
    /// Numbers of the known fields that have a value, in the order of the record.
    #[serde(borrow)]
    pub(super) fields: Cow<'r, [u8]>,
    /// Those of them whose values are but blanks.
    #[serde(borrow)]
    blank_fields: Cow<'r, [u8]>,
    /// Other fields that have a value, by name, and whether it is more than blanks.
    #[serde(borrow)]
    pub(super) other_fields: Vec<(&'r str, bool)>,
    /// The collection: kind, as a number in [`KINDS`], and name; see [`Label::of`].
    kind: u8,
    pub(super) collection: &'r str,
    /// `record_format`, else `recordtype`.
    pub(super) format: &'r str,
    pub(super) family: Family,
    pub(super) sort_title: SortTitleForm,
    pub(super) work_keys: WorkKeysForm,
    pub(super) date: DateReading,
    /// Values of facets: number in [`FACETS`], and hash of the text in eight bytes.
    #[serde(borrow)]
    values: Cow<'r, [u8]>,
}

/// Bytes of a value.
const VALUE_BYTES: usize = 1 + size_of::<u64>();

impl<'r> Traits<'r> {
    /// Those of a record, once the rules have seen it.
    pub fn of(subject: &'r Subject<'_>) -> Traits<'r> {
        let record = subject.record;
        let (kind, collection) = collection_of(record);
        let format = record.filled(Field::RecordFormat).or_else(|| record.filled(Field::Recordtype));
        let entries = record.entries();
        let (mut fields, mut blank_fields) = (Vec::with_capacity(entries.len()), Vec::new());
        let mut other_fields = Vec::new();
        for entry in entries {
            if entry.n_values() == 0 {
                continue;
            }
            let is_filled = record.values(entry).iter().any(|value| is_filled(value));
            match entry.field {
                Some(field) => {
                    fields.push(field as u8);
                    if !is_filled {
                        blank_fields.push(field as u8);
                    }
                }
                None => other_fields.push((entry.name, is_filled)),
            }
        }
        let n_values: usize = FACETS.iter().map(|&field| record.all(field).len()).sum();
        let mut values = Vec::with_capacity(n_values * VALUE_BYTES);
        for (&field, number) in FACETS.iter().zip(0..) {
            for value in record.all(field).iter().filter(|value| is_filled(value)) {
                let [a, b, c, d, e, f, g, h] = value_hash(value).to_le_bytes();
                values.extend_from_slice(&[number, a, b, c, d, e, f, g, h]);
            }
        }
        Traits {
            fields: fields.into(),
            blank_fields: blank_fields.into(),
            other_fields,
            kind: KINDS.iter().position(|known| *known == kind).map_or(0, |at| at as u8),
            collection,
            format: format.unwrap_or_default(),
            family: subject.family,
            sort_title: sort_title_form(subject),
            work_keys: work_keys_form(subject),
            date: date_reading(subject),
            values: values.into(),
        }
    }

    /// Whether all numbers are of something that there is: not so of bytes that nobody wrote.
    pub(super) fn is_sound(&self) -> bool {
        self.fields.iter().chain(&*self.blank_fields).all(|&field| usize::from(field) < Field::ALL.len())
            && usize::from(self.kind) < KINDS.len()
            && self.values.len().is_multiple_of(VALUE_BYTES)
            && self.values.chunks_exact(VALUE_BYTES).all(|value| usize::from(value[0]) < FACETS.len())
    }

    /// The kind of the collection.
    pub(super) fn kind(&self) -> &'static str {
        KINDS[usize::from(self.kind)]
    }

    /// [`Label::of`] the record.
    pub(super) fn label(&self) -> Label {
        Label::new(self.kind(), self.collection)
    }

    /// Numbers of the known fields that hold more than blanks.
    pub(super) fn filled_fields(&self) -> impl Iterator<Item = u8> + '_ {
        let mut blank = &*self.blank_fields;
        // Both are in the order of the record.
        self.fields.iter().copied().filter(move |field| match blank {
            [first, rest @ ..] if first == field => {
                blank = rest;
                false
            }
            _ => true,
        })
    }

    /// Values of facets: number in [`FACETS`] and hash of each.
    pub(super) fn values(&self) -> impl Iterator<Item = (usize, u64)> + '_ {
        let (values, _) = self.values.as_chunks::<VALUE_BYTES>();
        values.iter().map(|[facet, hash @ ..]| (usize::from(*facet), u64::from_le_bytes(*hash)))
    }
}

/// Whether a value is more than blanks; nearly all begin with a letter or figure.
fn is_filled(value: &str) -> bool {
    value.as_bytes().first().is_some_and(u8::is_ascii_graphic) || !value.trim_ascii().is_empty()
}

/// What stands for the text of a facet's value.
pub(super) fn value_hash(value: &str) -> u64 {
    xxh3_64(value.as_bytes())
}
