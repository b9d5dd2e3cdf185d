//! Fields that Solr fills by copying follow their sources, as they will when the record is indexed again.

use std::collections::{BTreeMap, VecDeque};

use crate::input::{Field, Record, STORED_COPIES};

/// The copies of fields about to change: each with its sources among them and its own new values. A copy that did not
/// hold exactly what its sources do is left to the rules.
pub(super) fn follow(
    record: &Record<'_>,
    changes: &BTreeMap<String, Vec<String>>,
) -> Vec<(Field, Vec<String>, Vec<String>)> {
    let mut followed = Vec::new();
    for (copy, sources) in STORED_COPIES {
        let changed: Vec<Field> =
            sources.iter().copied().filter(|source| changes.contains_key(source.name())).collect();
        if changed.is_empty() || changes.contains_key(copy.name()) || !record.has(copy) {
            continue;
        }
        if let Some(values) = followed_values(record, copy, sources, changes) {
            followed.push((copy, changed.iter().map(|source| source.name().to_owned()).collect(), values));
        }
    }
    followed
}

/// The values in the order of the copy as far as they stay or are replaced one by one.
fn followed_values(
    record: &Record<'_>,
    copy: Field,
    sources: &[Field],
    changes: &BTreeMap<String, Vec<String>>,
) -> Option<Vec<String>> {
    let mut before: Vec<&str> = record.all_of(sources).collect();
    let mut held: Vec<&str> = record.all_of(std::slice::from_ref(&copy)).collect();
    let in_order = held.clone();
    before.sort_unstable();
    held.sort_unstable();
    if before != held {
        return None;
    }
    let mut replaced: BTreeMap<&str, VecDeque<&str>> = BTreeMap::new();
    let mut after: Vec<&str> = Vec::new();
    let mut is_one_by_one = true;
    for source in sources {
        let old: Vec<&str> = record.all_of(std::slice::from_ref(source)).collect();
        let new: Vec<&str> =
            changes.get(source.name()).map_or_else(|| old.clone(), |new| new.iter().map(String::as_str).collect());
        is_one_by_one &= old.len() == new.len();
        old.iter().zip(&new).for_each(|(old, new)| replaced.entry(old).or_default().push_back(new));
        after.extend(new);
    }
    if !is_one_by_one {
        return Some(after.into_iter().map(str::to_owned).collect());
    }
    let mut next = |value: &str| replaced.get_mut(value)?.pop_front().map(str::to_owned);
    in_order.into_iter().map(&mut next).collect()
}
