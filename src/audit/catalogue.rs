//! The catalogue as a whole, for the parts of rules that judge across records.

use std::sync::OnceLock;

use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use super::{Group, Label, N_EXAMPLES, Problem, Settings};
use crate::ids::RecordId;
use crate::input::Record;

/// Shows a record again.
type Fetch<'a> = &'a (dyn Fn(RecordId, &mut dyn FnMut(&Record<'_>)) + Sync);

/// What rules across records may look at.
pub struct Catalogue<'a> {
    ids: &'a (dyn Fn(RecordId) -> &'a str + Sync),
    n_records: usize,
    fetch: Fetch<'a>,
    is_paged: Option<&'a (dyn Fn(RecordId) -> bool + Sync)>,
    /// The settings of the audit.
    pub settings: &'a Settings,
    by_id: OnceLock<Vec<(u64, RecordId)>>,
}

impl<'a> Catalogue<'a> {
    /// The catalogue of `n_records` records. `ids` gives the id of each, `fetch` reads one again.
    pub fn new(
        n_records: usize,
        ids: &'a (dyn Fn(RecordId) -> &'a str + Sync),
        fetch: Fetch<'a>,
        settings: &'a Settings,
    ) -> Catalogue<'a> {
        Catalogue { ids, n_records, fetch, is_paged: None, settings, by_id: OnceLock::new() }
    }

    /// With what tells whether a record lies in an export that was fetched page by page with `start`, so that it may be there
    /// twice. Without it, none does.
    #[must_use]
    pub fn with_pages(self, is_paged: &'a (dyn Fn(RecordId) -> bool + Sync)) -> Catalogue<'a> {
        Catalogue { is_paged: Some(is_paged), ..self }
    }

    /// Whether a record lies in an export that was fetched page by page with `start`.
    pub fn is_paged(&self, record: RecordId) -> bool {
        self.is_paged.is_some_and(|is_paged| is_paged(record))
    }

    /// Number of records.
    pub fn n_records(&self) -> usize {
        self.n_records
    }

    /// The id of a record.
    pub fn id(&self, record: RecordId) -> &'a str {
        (self.ids)(record)
    }

    /// Reads a record again, for the values that a finding names: never for all records. None if it is gone.
    pub fn fetch<T>(&self, record: RecordId, visit: impl FnOnce(&Record<'_>) -> T) -> Option<T> {
        let mut visit = Some(visit);
        let mut seen = None;
        (self.fetch)(record, &mut |record| seen = visit.take().map(|visit| visit(record)));
        seen
    }

    /// Records with an id, ascending.
    pub fn records_of<'s>(&'s self, id: &'s str) -> impl Iterator<Item = RecordId> + 's {
        let hash = xxh3_64(id.as_bytes());
        let rows = self.by_id();
        let start = rows.partition_point(|row| row.0 < hash);
        let same = rows[start..].iter().take_while(move |row| row.0 == hash).map(|row| row.1);
        same.filter(move |&record| self.id(record) == id)
    }

    /// Hashes of all ids with their records, sorted.
    pub(super) fn by_id(&self) -> &[(u64, RecordId)] {
        self.by_id.get_or_init(|| {
            let row = |record: RecordId| (xxh3_64(self.id(record).as_bytes()), record);
            let mut rows: Vec<(u64, RecordId)> = (0..self.n_records).map(|at| row(RecordId::new(at))).collect();
            rows.par_sort_unstable();
            rows
        })
    }
}

/// Collects what one rule says across records.
#[derive(Default)]
pub struct Reports {
    pub(super) found: Vec<(RecordId, Problem)>,
    pub(super) groups: Vec<(Group, Vec<RecordId>, Problem)>,
    pub(super) dropped: Vec<RecordId>,
}

impl Reports {
    /// Adds a finding about one record.
    pub fn add(&mut self, record: RecordId, problem: Problem) {
        self.found.push((record, problem));
    }

    /// Adds one finding about several records, given ascending and at least one.
    pub fn add_group(&mut self, label: Label, records: Vec<RecordId>, problem: Problem) {
        let examples = records.iter().copied().take(N_EXAMPLES).collect();
        let group = Group { label, n_records: records.len() as u64, examples };
        self.groups.push((group, records, problem));
    }

    /// Takes back what the rule's own record check found in a record.
    pub fn drop(&mut self, record: RecordId) {
        self.dropped.push(record);
    }
}
