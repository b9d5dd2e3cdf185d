//! The profile of the catalogue as the page shows it: groups, years, top values, forms, completeness.

use std::collections::BTreeMap;

use serde::Serialize;

use super::chart::linear_width;
use super::shown::shown;
use crate::audit::Profile;
use crate::audit::profile::{FACETS, Group, TopValues, ValueCount, Years};
use crate::progress::grouped;

/// Groups shown; all are in `profile.json`.
const MAX_GROUPS: usize = 20;
/// Fields shown.
const MAX_FIELDS: usize = 30;
/// Values shown per field.
const MAX_VALUES: usize = 10;
/// Longest name of a group, and longest value, in characters.
const MAX_NAME: usize = 60;
const MAX_VALUE: usize = 48;
/// Longest name of a group at the head of a column.
const MAX_HEAD: usize = 22;
/// Most years drawn one by one; more are drawn as decades.
const MAX_YEARS: u16 = 80;

/// Fields that say most about a catalogue, in the order of the schema's documentation; others follow by frequency.
const FIELDS: [&str; 34] = [
    "title",
    "title_short",
    "title_sub",
    "title_full",
    "title_sort",
    "title_alt",
    "author",
    "author2",
    "author_corporate",
    "author_facet",
    "format",
    "language",
    "publishDate",
    "publisher",
    "edition",
    "physical",
    "series",
    "container_title",
    "isbn",
    "issn",
    "doi_str_mv",
    "oclc_num",
    "url",
    "topic",
    "topic_facet",
    "genre",
    "geographic",
    "description",
    "contents",
    "callnumber-first",
    "institution",
    "collection",
    "building",
    "work_keys_str_mv",
];

/// The profile as shown.
#[derive(Serialize)]
pub(super) struct ProfileView {
    groups: Vec<GroupLine>,
    n_more_groups: usize,
    /// Sums that the page does not list one by one.
    rest: Option<GroupLine>,
    years: Option<YearChart>,
    dates: String,
    facets: Vec<Facet>,
    columns: Vec<Column>,
    rows: Vec<Row>,
    n_more_fields: usize,
}

/// A group with its bar and the forms of its derived fields.
#[derive(Serialize)]
struct GroupLine {
    number: usize,
    name: String,
    format: String,
    n: String,
    share: String,
    width: String,
    importers: String,
    title_sort: String,
    work_keys: String,
}

/// Top values of a field.
#[derive(Serialize)]
struct Facet {
    field: &'static str,
    distinct: String,
    values: Vec<Value>,
    n_too_low: String,
}

#[derive(Serialize)]
struct Value {
    text: String,
    n: String,
    width: String,
}

#[derive(Serialize)]
struct Column {
    number: usize,
    name: String,
}

/// Completeness of a field, in all records and then by group.
#[derive(Serialize)]
struct Row {
    field: String,
    cells: Vec<Cell>,
}

#[derive(Serialize)]
struct Cell {
    text: String,
    percent: u64,
}

/// Records by year, drawn.
#[derive(Serialize)]
struct YearChart {
    width: i32,
    height: i32,
    left: i32,
    right: i32,
    top: i32,
    bottom: i32,
    by: &'static str,
    bars: Vec<YearBar>,
    years: Vec<Tick>,
    counts: Vec<Tick>,
    description: String,
}

#[derive(Serialize)]
struct YearBar {
    x: String,
    y: String,
    width: String,
    height: String,
    label: String,
}

#[derive(Serialize)]
struct Tick {
    at: String,
    label: String,
}

impl ProfileView {
    /// Of the largest groups and most usual fields; groups have columns of their own if there are several.
    pub(super) fn of(profile: &Profile) -> ProfileView {
        let all = &profile.catalogue;
        let shown_groups = &profile.groups[..profile.groups.len().min(MAX_GROUPS)];
        let most = shown_groups.first().map_or(0, |group| group.records);
        let lines = shown_groups.iter().enumerate().map(|(at, group)| GroupLine::of(at + 1, group, all.records, most));
        let n_listed: u64 = shown_groups.iter().map(|group| group.records).sum();
        let rest = Group { records: all.records - n_listed.min(all.records), ..Group::default() };
        let (fields, n_more_fields) = fields(all);
        // One group is the catalogue; a column of its own would say nothing.
        let columns = if profile.groups.len() > 1 { shown_groups } else { &[] };
        let row = |field: &str| Row {
            field: shown(field, MAX_NAME),
            cells: std::iter::once(all).chain(columns).map(|group| Cell::of(field, group)).collect(),
        };
        let facets = FACETS.iter().filter_map(|field| Some(Facet::of(field.name(), all.values.get(field.name())?)));
        let column = |(at, group): (usize, &Group)| Column { number: at + 1, name: shown(&name(group), MAX_HEAD) };
        ProfileView {
            groups: lines.collect(),
            n_more_groups: profile.groups.len() - shown_groups.len(),
            rest: (rest.records > 0).then(|| GroupLine::of(0, &rest, all.records, most)),
            years: YearChart::of(&all.years),
            dates: dates(&all.years),
            facets: facets.collect(),
            columns: columns.iter().enumerate().map(column).collect(),
            rows: fields.iter().map(|field| row(field)).collect(),
            n_more_fields,
        }
    }
}

/// The collection's name, or what stands for it.
fn name(group: &Group) -> String {
    match (group.kind, group.name.is_empty()) {
        ("collection" | "institution", _) => group.name.clone(),
        (_, true) => "(no collection)".to_owned(),
        (_, false) => format!("ids in {}", group.name),
    }
}

impl GroupLine {
    fn of(number: usize, group: &Group, all: u64, most: u64) -> GroupLine {
        GroupLine {
            number,
            name: shown(&name(group), MAX_NAME),
            format: shown(&group.record_format, MAX_NAME),
            n: grouped(group.records),
            share: percent(group.records, all),
            width: linear_width(group.records, most),
            importers: shares(&group.importers, group.records),
            title_sort: shares(&group.title_sort, group.records),
            work_keys: shares(&group.work_keys, group.records),
        }
    }
}

/// The names with their shares, the largest first: `G1 90 %, other 10 %`.
fn shares(counts: &BTreeMap<&'static str, u64>, all: u64) -> String {
    let mut counts: Vec<(&str, u64)> = counts.iter().map(|(&name, &n)| (name, n)).collect();
    counts.sort_by_key(|&(name, n)| (std::cmp::Reverse(n), name));
    let words: Vec<String> = counts.iter().map(|&(name, n)| format!("{name} {} %", percent(n, all))).collect();
    words.join(", ")
}

/// A share in whole percent; none, all and nearly so are told apart.
fn percent(n: u64, all: u64) -> String {
    match whole_percent(n, all) {
        _ if n == 0 => "0".to_owned(),
        0 => "<1".to_owned(),
        100 if n < all => ">99".to_owned(),
        whole => whole.to_string(),
    }
}

fn whole_percent(n: u64, all: u64) -> u64 {
    (n * 100 + all / 2).checked_div(all).unwrap_or(0)
}

/// The fields to show, and how many more there are.
fn fields(all: &Group) -> (Vec<&str>, usize) {
    let mut fields: Vec<&str> = FIELDS.into_iter().filter(|&field| all.fields.contains_key(field)).collect();
    fields.truncate(MAX_FIELDS);
    let is_left = |name: &str| name != "id" && !fields.contains(&name);
    let mut left: Vec<(&str, u64)> = all
        .fields
        .iter()
        .map(|(name, filled)| (name.as_str(), filled.records))
        .filter(|(name, _)| is_left(name))
        .collect();
    left.sort_by_key(|&(name, n)| (std::cmp::Reverse(n), name));
    let n_free = MAX_FIELDS - fields.len();
    let n_more = left.len().saturating_sub(n_free);
    fields.extend(left.into_iter().take(n_free).map(|(name, _)| name));
    (fields, n_more)
}

impl Cell {
    fn of(field: &str, group: &Group) -> Cell {
        let n = group.fields.get(field).map_or(0, |filled| filled.records);
        let text = if n == 0 { "–".to_owned() } else { percent(n, group.records) };
        Cell { text, percent: whole_percent(n, group.records) }
    }
}

impl Facet {
    fn of(field: &'static str, top: &TopValues) -> Facet {
        let most = top.top.first().map_or(0, |value| value.records);
        let value = |value: &ValueCount| Value {
            text: shown(&value.value, MAX_VALUE),
            n: grouped(value.records),
            width: linear_width(value.records, most),
        };
        Facet {
            field,
            distinct: top.distinct.map(grouped).unwrap_or_default(),
            values: top.top.iter().take(MAX_VALUES).map(value).collect(),
            n_too_low: Some(top.too_low_by_at_most).filter(|&n| n > 0).map(grouped).unwrap_or_default(),
        }
    }
}

/// What the histogram of years leaves out.
fn dates(years: &Years) -> String {
    let dated: u64 = years.by_year.values().sum();
    format!(
        "{} records with a plausible year, {} without a date, {} with a date that is not a year, {} with a year before \
         printing or in the future.",
        grouped(dated),
        grouped(years.missing),
        grouped(years.not_a_year),
        grouped(years.implausible)
    )
}

impl YearChart {
    /// The chart, or nothing if no record has a year.
    fn of(years: &Years) -> Option<YearChart> {
        let (&first, _) = years.by_year.first_key_value()?;
        let (&last, _) = years.by_year.last_key_value()?;
        let step = if last - first < MAX_YEARS { 1 } else { 10 };
        let mut counts: BTreeMap<u16, u64> = BTreeMap::new();
        for (year, n) in &years.by_year {
            *counts.entry(year / step * step).or_default() += n;
        }
        let (from, to) = (first / step * step, last / step * step + step);
        // A few bars across the whole page would look like blocks.
        let n_slots = ((to - from) / step).max(16);
        let (width, height, left, right, top, bottom) = (960, 220, 70, 940, 16, 180);
        let slot = f64::from(right - left) / f64::from(n_slots);
        let x = |year: u16| f64::from(left) + slot * f64::from(year - from) / f64::from(step);
        let most = counts.values().copied().max().unwrap_or_default();
        let y = |n: u64| f64::from(bottom) - f64::from(bottom - top) * n as f64 / most as f64;
        let fixed = |number: f64| format!("{number:.1}");
        let bar = |(&year, &n): (&u16, &u64)| YearBar {
            x: fixed(x(year) + 0.5),
            y: fixed(y(n).min(f64::from(bottom) - 1.0)),
            width: fixed((slot - 1.0).max(0.5)),
            height: fixed((f64::from(bottom) - y(n)).max(1.0)),
            label: match step {
                1 => format!("{year}: {}", grouped(n)),
                _ => format!("{year} to {}: {}", year + step - 1, grouped(n)),
            },
        };
        let every = [1, 2, 5, 10, 20, 50, 100, 200].into_iter().find(|&every| (to - from) / every <= 14).unwrap_or(500);
        let tick = |year: u16| Tick { at: fixed(x(year) + slot / 2.0), label: year.to_string() };
        let peak = counts.iter().max_by_key(|&(&year, &n)| (n, std::cmp::Reverse(year))).map(|(&year, _)| year)?;
        let by = if step == 1 { "year" } else { "decade" };
        Some(YearChart {
            width,
            height,
            left,
            right: x(to).round() as i32,
            top,
            bottom,
            by,
            bars: counts.iter().map(bar).collect(),
            years: (from..to).filter(|year| year % every == 0 && year % step == 0).map(tick).collect(),
            counts: round_counts(most).into_iter().map(|n| Tick { at: fixed(y(n)), label: grouped(n) }).collect(),
            description: format!(
                "Records by {by} of publication, from {first} to {last}; most are of {}.",
                if step == 1 { peak.to_string() } else { format!("{peak} to {}", peak + step - 1) }
            ),
        })
    }
}

/// Round numbers from 0 to `most`, at most five steps.
fn round_counts(most: u64) -> Vec<u64> {
    let powers = (0..19).map(|power| 10_u64.pow(power));
    let step = powers.flat_map(|power| [power, 2 * power, 5 * power]).find(|step| most / step <= 5).unwrap_or(most);
    (0..=most / step.max(1)).map(|at| at * step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::profile::Filled;

    #[test]
    fn shares_tell_none_and_all_from_nearly_so() {
        let of = |n| percent(n, 1000);
        assert_eq!([of(0), of(1), of(15), of(994), of(999), of(1000)], ["0", "<1", "2", "99", ">99", "100"]);
        assert_eq!(percent(0, 0), "0");
        assert_eq!(shares(&[("a", 1), ("b", 3)].into(), 4), "b 75 %, a 25 %");
    }

    #[test]
    fn years_are_drawn_one_by_one_or_as_decades() {
        let chart = |years: &[(u16, u64)]| {
            YearChart::of(&Years { by_year: years.iter().copied().collect(), ..Years::default() })
        };
        assert!(chart(&[]).is_none());
        let near = chart(&[(1999, 4), (2001, 1)]).expect("years");
        assert_eq!((near.by, near.bars.len(), &*near.bars[0].label), ("year", 2, "1999: 4"));
        let far = chart(&[(1843, 1), (1990, 2), (1999, 2), (2001, 1)]).expect("years");
        let labels: Vec<&str> = far.bars.iter().map(|bar| bar.label.as_str()).collect();
        assert_eq!(labels, ["1840 to 1849: 1", "1990 to 1999: 4", "2000 to 2009: 1"]);
        assert!(far.description.contains("from 1843 to 2001; most are of 1990 to 1999"));
        assert_eq!(round_counts(4), [0, 1, 2, 3, 4]);
        assert_eq!(round_counts(1234), [0, 500, 1000]);
    }

    #[test]
    fn fields_that_matter_come_first() {
        let filled = |records| Filled { records, share: 0.0 };
        let many = (0..40).map(|i| (format!("local_{i:02}"), filled(9)));
        let fields_of = |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), filled(3))).collect::<Vec<_>>();
        let all = Group {
            records: 9,
            fields: many.chain(fields_of(&["language", "title", "id"])).collect(),
            ..Group::default()
        };
        let (names, n_more) = fields(&all);
        assert_eq!((&names[..3], names.len(), n_more), (&["title", "language", "local_00"][..], MAX_FIELDS, 12));
    }
}
