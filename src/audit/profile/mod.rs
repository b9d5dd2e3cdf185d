//! The profile of a catalogue: what its groups of records hold, before any judgement.
//!
//! In: each record once, in the same pass as the rules ([`Gathered::record`]), then the windows of the input as they
//! are done ([`Profiles::add`]). Out: a [`Profile`]. A group is what came by one import route: the records of one
//! collection ([`Label::of`](super::Label::of)) and one `record_format`.
//!
//! Windows are joined in pairs that follow from their numbers alone, never from the order in which threads are done,
//! so the profile depends on the input only, and no more than a few windows wait. What can grow is bounded:
//! - the [`N_GROUPS`] groups with the most records are listed, the rest is summed as `others`. [`GATHERED_GROUPS`] are
//!   told apart; in a catalogue of more, what a listed group may lack is said.
//! - [`MAX_VALUES`] distinct values of a field, over all groups, are counted exactly; in a field of more, what a count
//!   may be too low by is said, see `values.rs`.
//! - [`MAX_FIELDS`] names of local fields per group, the first by name.

mod gathered;
mod values;

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;
use serde::Serialize;

use gathered::Counts;
pub use gathered::Gathered;
use values::Counted;

use super::rules::{SortTitleForm, WorkKeysForm};
use super::traits::value_hash;
use super::{Catalogue, Family};
use crate::ids::RecordId;
use crate::input::Field;

/// Groups listed by themselves.
pub const N_GROUPS: usize = 64;
/// Groups told apart while records are read.
pub const GATHERED_GROUPS: usize = 1024;
/// Distinct values per field, over all groups, up to which counts are exact.
pub const MAX_VALUES: usize = 1 << 16;
/// Local fields per group.
pub const MAX_FIELDS: usize = 1024;
/// Values listed per field.
pub const N_TOP: usize = 20;

/// Fields whose values are counted: those that people filter by.
pub const FACETS: [Field; 8] = [
    Field::Format,
    Field::Language,
    Field::Institution,
    Field::Collection,
    Field::Building,
    Field::TopicFacet,
    Field::AuthorFacet,
    Field::Publisher,
];

/// The profile of a catalogue.
#[derive(Clone, Default, Debug, Serialize)]
pub struct Profile {
    /// All records together.
    pub catalogue: Group,
    /// The largest groups, at most [`N_GROUPS`], by number of records.
    pub groups: Vec<Group>,
    /// All other groups, summed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub others: Option<Group>,
    /// Records of each listed group that may have been counted among the others; 0 up to [`GATHERED_GROUPS`] groups.
    pub groups_too_low_by_at_most: u64,
}

/// Counts of the records of one group.
#[derive(Clone, Default, Debug, Serialize)]
pub struct Group {
    /// `collection`, `institution` or `id prefix`, see [`Label::of`](super::Label::of); empty for sums of groups.
    pub kind: &'static str,
    /// The collection's name as stored.
    pub name: String,
    /// `record_format`, else `recordtype`, of the records; empty if they have none.
    pub record_format: String,
    /// Number of records.
    pub records: u64,
    /// Fields that some record fills with more than blanks.
    pub fields: BTreeMap<String, Filled>,
    /// Records by importer family, see [`Family`].
    pub importers: BTreeMap<&'static str, u64>,
    /// Records by the form of their sort title: the generations that rule T002 knows.
    pub title_sort: BTreeMap<&'static str, u64>,
    /// Records by the form of their work keys: those that rule W002 knows.
    pub work_keys: BTreeMap<&'static str, u64>,
    /// Records by the year of their first date.
    pub years: Years,
    /// Top values by field, for the fields of [`FACETS`] that have any.
    pub values: BTreeMap<&'static str, TopValues>,
}

/// How many records fill a field.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Filled {
    /// Number of records with a value.
    pub records: u64,
    /// The same divided by the number of all records of the group, to four digits.
    pub share: f64,
}

/// Records by year of publication: each counts once, by its first `publishDate` that is not blank.
#[derive(Clone, Default, Debug, Serialize)]
pub struct Years {
    /// Plausible years, as SolrMarc reads them out of dates.
    pub by_year: BTreeMap<u16, u64>,
    /// Records without a date.
    pub missing: u64,
    /// Records with a date out of which no year can be read.
    pub not_a_year: u64,
    /// Records with a year before printing or after the one that follows the indexing.
    pub implausible: u64,
}

/// The most frequent values of a field.
#[derive(Clone, Default, Debug, Serialize)]
pub struct TopValues {
    /// At most [`N_TOP`], by number of records, then text.
    pub top: Vec<ValueCount>,
    /// Number of distinct values; none where there are too many to be counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distinct: Option<u64>,
    /// What the numbers of records may be too low by; 0 up to [`MAX_VALUES`] distinct values.
    pub too_low_by_at_most: u64,
}

/// A value and the number of records that hold it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ValueCount {
    /// The value as stored.
    pub value: String,
    /// Number of records.
    pub records: u64,
}

/// Joins the counts of windows as they are done, from any thread.
#[derive(Default)]
pub struct Profiles {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Counts of `2^level` windows that wait for their neighbour, by level and number.
    waiting: BTreeMap<(u32, u32), Gathered>,
    /// Number of records by window.
    n_records: BTreeMap<u32, u32>,
}

impl Profiles {
    /// Takes the counts of a window of the input; windows are numbered from 0 without gaps.
    pub fn add(&self, window: usize, mut gathered: Gathered) {
        let window = window as u32;
        let n_records = gathered.close(window);
        self.lock().n_records.insert(window, n_records);
        let mut at = (0, window);
        loop {
            let neighbour = {
                let mut state = self.lock();
                match state.waiting.remove(&(at.0, at.1 ^ 1)) {
                    Some(neighbour) => neighbour,
                    None => {
                        state.waiting.insert(at, gathered);
                        return;
                    }
                }
            };
            gathered = if at.1.is_multiple_of(2) { joined(gathered, neighbour) } else { joined(neighbour, gathered) };
            at = (at.0 + 1, at.1 / 2);
        }
    }

    /// Joins all that waits for a neighbour, so that no more than one part waits for [`Profiles::finish`]. No window comes
    /// after that.
    pub fn put_together(&self) {
        let mut state = self.lock();
        let waiting = std::mem::take(&mut state.waiting).into_iter();
        let mut parts: Vec<(u64, Gathered)> =
            waiting.map(|((level, number), part)| (u64::from(number) << level, part)).collect();
        parts.sort_by_key(|&(first, _)| first);
        let whole = parts.into_iter().map(|(_, part)| part).reduce(joined).unwrap_or_default();
        state.waiting.insert((0, 0), whole);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The profile of all windows. The catalogue is asked for the records that hold the top values.
    pub fn finish(self, catalogue: &Catalogue<'_>) -> Profile {
        self.put_together();
        let State { mut waiting, n_records } = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut whole = waiting.pop_first().map(|(_, whole)| whole).unwrap_or_default();
        let firsts: Vec<usize> = n_records
            .values()
            .scan(0, |before, &n| {
                let first = *before;
                *before += n as usize;
                Some(first)
            })
            .collect();
        whole.fold_groups(N_GROUPS);
        Shower { catalogue, firsts, lost_values: whole.lost_values, lost_records: whole.lost_records }.show(whole)
    }
}

fn joined(mut left: Gathered, right: Gathered) -> Gathered {
    left.merge(right);
    left
}

/// Turns counts into what is shown.
struct Shower<'s, 'a> {
    catalogue: &'s Catalogue<'a>,
    /// Number of the first record of each window.
    firsts: Vec<usize>,
    lost_values: [u32; FACETS.len()],
    lost_records: u64,
}

impl Shower<'_, '_> {
    fn show(&self, whole: Gathered) -> Profile {
        let mut sum = Counts::others();
        whole.groups.values().chain(&whole.others).for_each(|counts| sum.add(counts.clone()));
        let mut groups: Vec<Group> = whole.groups.into_par_iter().map(|(_, counts)| self.group(&counts)).collect();
        groups.sort_by(|a, b| {
            let key = |group: &Group| (std::cmp::Reverse(group.records), group.kind);
            key(a).cmp(&key(b)).then_with(|| (&a.name, &a.record_format).cmp(&(&b.name, &b.record_format)))
        });
        Profile {
            catalogue: self.group(&sum),
            groups,
            others: whole.others.map(|counts| self.group(&counts)),
            groups_too_low_by_at_most: self.lost_records,
        }
    }

    fn group(&self, counts: &Counts) -> Group {
        let n = counts.n_records;
        let filled = |records: u64| Filled { records, share: (records as f64 * 1e4 / n as f64).round() / 1e4 };
        let named = |names: &[&'static str], counts: &[u64]| {
            names.iter().copied().zip(counts.iter().copied()).filter(|&(_, n)| n > 0).collect()
        };
        let values = FACETS.iter().enumerate().filter(|&(at, _)| counts.values[at].n_distinct() > 0);
        Group {
            kind: counts.label.0,
            name: counts.label.1.clone(),
            record_format: counts.record_format.clone(),
            records: n,
            fields: counts.fields().into_iter().map(|(name, n)| (name, filled(n))).collect(),
            importers: named(&Family::ALL.map(Family::name), &counts.families),
            title_sort: named(&SortTitleForm::ALL.map(SortTitleForm::name), &counts.sort_titles),
            work_keys: named(&WorkKeysForm::ALL.map(WorkKeysForm::name), &counts.work_keys),
            years: Years {
                by_year: counts.years.clone(),
                missing: counts.no_date,
                not_a_year: counts.no_year,
                implausible: counts.implausible,
            },
            values: values.map(|(at, field)| (field.name(), self.top(counts, at))).collect(),
        }
    }

    fn top(&self, counts: &Counts, facet: usize) -> TopValues {
        let values = &counts.values[facet];
        let text = |counted: &Counted| {
            let value = self.text(FACETS[facet], counted)?;
            Some(ValueCount { value, records: counted.n.into() })
        };
        // A record that is gone has nothing to show; its value is then left out.
        let mut top: Vec<ValueCount> = values.top(N_TOP).iter().filter_map(text).collect();
        top.sort_by(|a, b| b.records.cmp(&a.records).then_with(|| a.value.cmp(&b.value)));
        let lost = u64::from(self.lost_values[facet]) * counts.n_groups;
        let distinct = (lost == 0).then_some(values.n_distinct() as u64);
        TopValues { top, distinct, too_low_by_at_most: lost }
    }

    fn text(&self, field: Field, counted: &Counted) -> Option<String> {
        let first = self.firsts.get(counted.place.window as usize)?;
        let record = RecordId::new(first + counted.place.record as usize);
        self.catalogue.fetch(record, |record| {
            let value = record.all(field).iter().find(|value| value_hash(value) == counted.hash);
            value.map(|value| value.clone().into_owned())
        })?
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::audit::{Settings, Subject, Traits};
    use crate::input::{Parser, Record};

    /// The profile of documents that come in windows of `size`, which are done in the given order.
    fn profile(documents: &[String], size: usize, order: impl Fn(&mut Vec<usize>)) -> Profile {
        let settings = Settings::default();
        let profiles = Profiles::default();
        let windows: Vec<&[String]> = documents.chunks(size).collect();
        let mut numbers: Vec<usize> = (0..windows.len()).collect();
        order(&mut numbers);
        for number in numbers {
            let mut gathered = Gathered::default();
            for document in windows[number] {
                let take = |record: &Record<'_>| gathered.record(&Traits::of(&Subject::new(record, &settings)));
                Parser::default().parse(document.as_bytes(), take).unwrap();
            }
            profiles.add(number, gathered);
        }
        let fetch = |record: RecordId, show: &mut dyn FnMut(&Record<'_>)| {
            Parser::default().parse(documents[record.index()].as_bytes(), |record| show(record)).unwrap();
        };
        profiles.finish(&Catalogue::new(documents.len(), &|_| "", &fetch, &settings))
    }

    fn top(group: &Group, field: &str) -> Vec<(String, u64)> {
        group.values[field].top.iter().map(|value| (value.value.clone(), value.records)).collect()
    }

    #[test]
    fn known_records_have_known_counts() {
        let marc = |id: u32, date: &str| {
            json!({
                "id": format!("m{id}"), "collection": ["Books"], "record_format": "marc", "title": "The use : of it /",
                "title_sort": "use of it", "author": ["Yeats, W. B."], "work_keys_str_mv": ["AT yeatswb theuseofit"],
                "format": ["Book", "Book"], "language": ["English", " "], "publishDate": [date],
            })
            .to_string()
        };
        let documents = [
            marc(1, "1999"),
            json!({
                "id": "oai-1", "record_format": "dc", "title": "A Title: x", "title_sort": "title: x", "author": ["B"],
                "work_keys_str_mv": ["AT b atitlex", "AT b titlex"], "format": ["Book"], "local_note": "y", "edition": "",
            })
            .to_string(),
            marc(2, "c1999."),
            marc(3, "n.d."),
            marc(4, "3021"),
            json!({"id": "oai-2", "record_format": "dc", "title_sort": "x", "publishDate": ["1200"]}).to_string(),
        ];
        let profile = profile(&documents, 2, |_| ());
        let [books, oai] = profile.groups.as_slice() else { panic!("{:?}", profile.groups) };
        assert_eq!(
            (books.kind, &*books.name, &*books.record_format, books.records),
            ("collection", "Books", "marc", 4)
        );
        assert_eq!((oai.kind, &*oai.name, &*oai.record_format, oai.records), ("id prefix", "oai", "dc", 2));
        assert!(profile.others.is_none());
        assert_eq!((profile.catalogue.records, profile.catalogue.fields["id"].records), (6, 6));
        assert_eq!((oai.fields["title"].records, oai.fields["title"].share), (1, 0.5));
        assert_eq!(oai.fields["local_note"].records, 1);
        assert!(!oai.fields.contains_key("edition"), "blank values are none");
        assert_eq!(books.importers, [("SolrMarc", 4)].into());
        assert_eq!(oai.importers, [("XSLT", 1), ("unknown", 1)].into());
        assert_eq!(books.title_sort, [("G3 SolrMarc", 4)].into());
        assert_eq!(oai.title_sort, [("G1 older XSLT", 1), ("no title", 1)].into());
        assert_eq!(books.work_keys, [("MARC", 4)].into());
        assert_eq!(oai.work_keys, [("XSLT", 1), ("missing", 1)].into());
        let years = &books.years;
        assert_eq!(years.by_year, [(1999, 2)].into());
        assert_eq!((years.missing, years.not_a_year, years.implausible), (0, 1, 1));
        assert_eq!((oai.years.missing, oai.years.implausible), (1, 1));
        assert_eq!(top(books, "format"), [("Book".to_owned(), 4)]);
        assert_eq!(top(&profile.catalogue, "format"), [("Book".to_owned(), 5)]);
        assert_eq!(top(books, "language"), [("English".to_owned(), 4)]);
        assert!(!books.values.contains_key("building"));
    }

    #[test]
    fn windows_and_the_order_they_are_done_in_do_not_show() {
        let document = |i: usize| {
            let (collection, publisher, year) = (i % 5, (i * i) % 31, 1900 + i % 50);
            json!({
                "id": format!("r{i}"), "collection": [format!("c{collection}")], "title": format!("Title {i}"),
                "publisher": [format!("Press {publisher}")], "publishDate": [year.to_string()],
            })
            .to_string()
        };
        let documents: Vec<String> = (0..700).map(document).collect();
        let json = |profile: Profile| serde_json::to_string(&profile).unwrap();
        let whole = json(profile(&documents, 1000, |_| ()));
        assert!(whole.contains("Press 28"));
        for size in [1, 7, 64, 233] {
            assert_eq!(json(profile(&documents, size, |_| ())), whole, "windows of {size}");
            assert_eq!(json(profile(&documents, size, |order| order.reverse())), whole, "windows of {size}, reversed");
            assert_eq!(json(profile(&documents, size, |order| order.sort_by_key(|i| i * 7 % 11))), whole);
        }
    }

    #[test]
    fn the_largest_groups_are_listed_and_the_rest_summed() {
        let ids = (0..2000).flat_map(|i| vec![format!("p{i}-"); if i == 1500 { 9 } else { 1 }]);
        let documents: Vec<String> = ids.map(|id| json!({"id": id, "format": ["Book"]}).to_string()).collect();
        let profile = profile(&documents, 300, |_| ());
        assert_eq!(profile.groups.len(), N_GROUPS);
        assert_eq!((&*profile.groups[0].name, profile.groups[0].records), ("p1500", 9));
        assert_eq!(profile.others.as_ref().map(|others| others.records), Some(2008 - 9 - 63));
        assert_eq!(profile.catalogue.records, 2008);
        // Three joins of windows each left out groups of one record.
        assert_eq!(profile.groups_too_low_by_at_most, 3);
        assert_eq!(top(&profile.catalogue, "format"), [("Book".to_owned(), 2008)]);
    }

    #[test]
    fn no_records_have_a_profile_too() {
        let profile = profile(&[], 1, |_| ());
        assert_eq!((profile.catalogue.records, profile.groups.len()), (0, 0));
    }
}
