//! Which fields the export holds, and how often.

use std::collections::BTreeMap;

use crate::input::Record;

/// Counts of records per field name, over all records seen.
#[derive(Clone, Default, Debug)]
pub struct Census {
    n_records: usize,
    n_with: BTreeMap<String, u64>,
}

impl Census {
    /// Counts one record's fields; a field without a value is not counted.
    pub fn count(&mut self, record: &Record<'_>) {
        self.n_records += 1;
        for entry in record.entries() {
            if record.values(entry).is_empty() {
                continue;
            }
            match self.n_with.get_mut(entry.name) {
                Some(n) => *n += 1,
                None => {
                    self.n_with.insert(entry.name.to_owned(), 1);
                }
            }
        }
    }

    /// Adds the counts of another part of the export.
    pub fn add(&mut self, other: &Census) {
        self.n_records += other.n_records;
        for (name, n) in &other.n_with {
            *self.n_with.entry(name.clone()).or_default() += n;
        }
    }

    /// Number of records counted.
    pub fn n_records(&self) -> usize {
        self.n_records
    }

    /// Number of records with at least one value of a known field.
    pub fn n_with(&self, field: crate::input::Field) -> u64 {
        self.n_with.get(field.name()).copied().unwrap_or(0)
    }

    /// Field names with their number of records, by name.
    pub fn fields(&self) -> impl Iterator<Item = (&str, u64)> {
        self.n_with.iter().map(|(name, &n)| (name.as_str(), n))
    }
}
