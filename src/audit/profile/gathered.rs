//! Counts of consecutive records, by group.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::values::{Values, shrink};
use super::{FACETS, GATHERED_GROUPS, MAX_FIELDS, MAX_VALUES};
use crate::audit::finding::KINDS;
use crate::audit::rules::{DateReading, SortTitleForm, WorkKeysForm};
use crate::audit::{Family, Traits};
use crate::input::Field;

/// Counts of consecutive records; one window of the input, or several joined.
#[derive(Default, Debug, Serialize, Deserialize)]
pub struct Gathered {
    n_records: u32,
    /// By hash of what their records have in common.
    pub(super) groups: BTreeMap<u64, Counts>,
    /// Groups beyond [`GATHERED_GROUPS`], summed.
    pub(super) others: Option<Counts>,
    /// Records that a group may have lost to the others.
    pub(super) lost_records: u64,
    /// By facet: what counts of values may be too low by.
    pub(super) lost_values: [u32; FACETS.len()],
}

/// Counts of the records of one group.
#[derive(Clone, Default, Debug, Serialize, Deserialize)]
pub(super) struct Counts {
    /// Kind and value of the collection's label.
    #[serde(deserialize_with = "label")]
    pub(super) label: (&'static str, String),
    pub(super) record_format: String,
    /// Groups summed here; a group that comes twice counts twice.
    pub(super) n_groups: u64,
    pub(super) n_records: u64,
    /// By number of the field in [`Field::ALL`].
    known_fields: Vec<u64>,
    other_fields: BTreeMap<String, u64>,
    pub(super) families: [u64; Family::ALL.len()],
    pub(super) sort_titles: [u64; SortTitleForm::ALL.len()],
    pub(super) work_keys: [u64; WorkKeysForm::ALL.len()],
    pub(super) years: BTreeMap<u16, u64>,
    pub(super) no_date: u64,
    pub(super) no_year: u64,
    pub(super) implausible: u64,
    /// By facet.
    pub(super) values: [Values; FACETS.len()],
}

/// A label whose kind is one of [`KINDS`].
fn label<'de, D: Deserializer<'de>>(deserializer: D) -> Result<(&'static str, String), D::Error> {
    let (kind, value) = <(String, String)>::deserialize(deserializer)?;
    let kind = KINDS.into_iter().find(|known| *known == kind);
    Ok((kind.unwrap_or_default(), value))
}

impl Gathered {
    /// Counts the next record.
    pub fn record(&mut self, traits: &Traits<'_>) {
        let number = self.n_records;
        self.n_records += 1;
        let &Traits { collection, format, .. } = traits;
        let kind = traits.kind();
        let seed = xxh3_64_with_seed(format.as_bytes(), kind.len() as u64);
        let key = xxh3_64_with_seed(collection.as_bytes(), seed);
        let counts = self.groups.entry(key).or_insert_with(|| Counts::new((kind, collection.to_owned()), format));
        counts.record(number, traits);
    }

    /// Closes a window of the input. Returns its number of records.
    pub(super) fn close(&mut self, window: u32) -> u32 {
        for counts in self.groups.values_mut() {
            counts.values.iter_mut().for_each(|values| values.close(window));
        }
        self.limit();
        self.n_records
    }

    /// Adds the counts of the records that follow.
    pub(super) fn merge(&mut self, other: Gathered) {
        for (key, counts) in other.groups {
            match self.groups.get_mut(&key) {
                Some(own) => {
                    own.add(counts);
                    own.n_groups = 1;
                }
                None => {
                    self.groups.insert(key, counts);
                }
            }
        }
        if let Some(others) = other.others {
            self.others.get_or_insert_with(Counts::others).add(others);
        }
        self.lost_records += other.lost_records;
        self.lost_values.iter_mut().zip(other.lost_values).for_each(|(own, lost)| *own += lost);
        self.limit();
    }

    fn limit(&mut self) {
        self.lost_records += self.fold_groups(GATHERED_GROUPS);
        for facet in 0..FACETS.len() {
            let all = self.groups.values_mut().chain(&mut self.others);
            let mut tables: Vec<&mut Values> = all.map(|counts| &mut counts.values[facet]).collect();
            self.lost_values[facet] += shrink(&mut tables, MAX_VALUES);
        }
    }

    /// Keeps the largest groups, at most `n`, and sums the rest as others. Returns the records of the largest one
    /// that went there.
    pub(super) fn fold_groups(&mut self, n: usize) -> u64 {
        if self.groups.len() <= n {
            return 0;
        }
        let mut order: Vec<(std::cmp::Reverse<u64>, u64)> =
            self.groups.iter().map(|(&key, counts)| (std::cmp::Reverse(counts.n_records), key)).collect();
        order.sort_unstable();
        let others = self.others.get_or_insert_with(Counts::others);
        for (_, key) in &order[n..] {
            if let Some(counts) = self.groups.remove(key) {
                others.add(counts);
            }
        }
        order[n].0.0
    }
}

impl Counts {
    fn new(label: (&'static str, String), record_format: &str) -> Counts {
        Counts {
            label,
            record_format: record_format.to_owned(),
            n_groups: 1,
            known_fields: vec![0; Field::ALL.len()],
            ..Counts::default()
        }
    }

    /// No group yet.
    pub(super) fn others() -> Counts {
        Counts { n_groups: 0, ..Counts::new(("", String::new()), "") }
    }

    fn record(&mut self, number: u32, traits: &Traits<'_>) {
        self.n_records += 1;
        traits.filled_fields().for_each(|field| self.known_fields[usize::from(field)] += 1);
        for &(name, is_filled) in &traits.other_fields {
            if is_filled {
                self.other_field(name, 1);
            }
        }
        self.families[traits.family as usize] += 1;
        self.sort_titles[traits.sort_title as usize] += 1;
        self.work_keys[traits.work_keys as usize] += 1;
        match traits.date {
            DateReading::Year(year) => *self.years.entry(year).or_default() += 1,
            DateReading::Missing => self.no_date += 1,
            DateReading::NoYear => self.no_year += 1,
            DateReading::Implausible => self.implausible += 1,
        }
        traits.values().for_each(|(facet, hash)| self.values[facet].add(number, hash));
    }

    /// Counts a field that the schema does not name. Of too many, those with the first names are kept: they were
    /// counted from the start.
    fn other_field(&mut self, name: &str, n: u64) {
        match self.other_fields.get_mut(name) {
            Some(known) => *known += n,
            None => {
                self.other_fields.insert(name.to_owned(), n);
                if self.other_fields.len() > MAX_FIELDS {
                    self.other_fields.pop_last();
                }
            }
        }
    }

    /// Adds the counts of other records.
    pub(super) fn add(&mut self, other: Counts) {
        let add = |own: &mut [u64], other: &[u64]| own.iter_mut().zip(other).for_each(|(own, n)| *own += n);
        self.n_groups += other.n_groups;
        self.n_records += other.n_records;
        add(&mut self.known_fields, &other.known_fields);
        for (name, n) in other.other_fields {
            self.other_field(&name, n);
        }
        add(&mut self.families, &other.families);
        add(&mut self.sort_titles, &other.sort_titles);
        add(&mut self.work_keys, &other.work_keys);
        for (year, n) in other.years {
            *self.years.entry(year).or_default() += n;
        }
        self.no_date += other.no_date;
        self.no_year += other.no_year;
        self.implausible += other.implausible;
        self.values.iter_mut().zip(other.values).for_each(|(own, values)| own.merge(values));
    }

    /// Names of the fields that some record fills, with the number of those records.
    pub(super) fn fields(&self) -> BTreeMap<String, u64> {
        let known = Field::ALL.iter().zip(&self.known_fields).map(|(field, &n)| (field.name().to_owned(), n));
        let other = self.other_fields.iter().map(|(name, &n)| (name.clone(), n));
        known.filter(|&(_, n)| n > 0).chain(other).collect()
    }
}
