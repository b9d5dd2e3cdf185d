//! Which fields the export holds, and how often.

use std::collections::BTreeMap;

use super::traits::Traits;
use crate::input::Field;

/// Counts of records per field name, over all records seen.
#[derive(Clone, Debug)]
pub struct Census {
    n_records: usize,
    /// By number of the field.
    n_with: [u64; Field::ALL.len()],
    /// Fields that the project does not know.
    n_with_others: BTreeMap<String, u64>,
}

impl Default for Census {
    fn default() -> Census {
        Census { n_records: 0, n_with: [0; Field::ALL.len()], n_with_others: BTreeMap::new() }
    }
}

impl Census {
    /// Counts one record's fields; a field without a value is not counted.
    pub(super) fn count(&mut self, traits: &Traits<'_>) {
        self.n_records += 1;
        traits.fields.iter().for_each(|&field| self.n_with[usize::from(field)] += 1);
        for &(name, _) in &traits.other_fields {
            if let Some(n) = self.n_with_others.get_mut(name) {
                *n += 1;
            } else {
                self.n_with_others.insert(name.to_owned(), 1);
            }
        }
    }

    /// Adds the counts of another part of the export.
    pub fn add(&mut self, other: &Census) {
        self.n_records += other.n_records;
        self.n_with.iter_mut().zip(other.n_with).for_each(|(n, more)| *n += more);
        for (name, n) in &other.n_with_others {
            *self.n_with_others.entry(name.clone()).or_default() += n;
        }
    }

    /// The counts by themselves: records, then by number of the field, then of fields the project does not know.
    pub(super) fn into_counts(self) -> (usize, Vec<u64>, BTreeMap<String, u64>) {
        (self.n_records, self.n_with.into(), self.n_with_others)
    }

    /// The census with these counts; none if they are of another number of fields.
    pub(super) fn of_counts(
        (n_records, n_with, n_with_others): (usize, Vec<u64>, BTreeMap<String, u64>),
    ) -> Option<Census> {
        Some(Census { n_records, n_with: n_with.try_into().ok()?, n_with_others })
    }

    /// Number of records counted.
    pub fn n_records(&self) -> usize {
        self.n_records
    }

    /// Number of records with at least one value of a known field.
    pub fn n_with(&self, field: Field) -> u64 {
        self.n_with[field as usize]
    }

    /// Field names with their number of records, by name.
    pub fn fields(&self) -> impl Iterator<Item = (&str, u64)> {
        let known = Field::ALL.iter().map(|&field| (field.name(), self.n_with(field))).filter(|row| row.1 > 0);
        let others = self.n_with_others.iter().map(|(name, &n)| (name.as_str(), n));
        let mut all: Vec<(&str, u64)> = known.chain(others).collect();
        all.sort_unstable();
        all.into_iter()
    }
}
