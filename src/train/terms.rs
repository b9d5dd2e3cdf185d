//! How common title words and family names are in the exports at hand.
//!
//! The model keeps a table of common terms with what their agreement says, in bits: log2 of one over the share of records
//! that have them. A verdict only ever looks into that table, never at the other records of a file.

use std::collections::BTreeMap;

use crate::keys::{FeatureTable, Features};
use crate::matching::weights::{Model, RARE_BITS, title_terms};

/// So many records stand for what the table said before: with fewer, it changes little.
const PRIOR_RECORDS: f64 = 5000.0;
/// Terms in fewer records are not taken into the table: their share is chance.
const MIN_RECORDS: u32 = 20;
/// The most terms that are added, the commonest ones.
const MAX_NEW_TERMS: usize = 2000;

/// The number of terms that a table has after, and how many of them are new or have other bits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct TableChange {
    /// Terms in the table.
    pub n_terms: usize,
    /// Those whose bits are others than before.
    pub n_changed: usize,
}

/// Estimates both tables of `model` anew from `features`, drawn towards what they said; words, then names.
pub(super) fn estimate(model: &mut Model, features: &FeatureTable) -> [TableChange; 2] {
    let words = counts(features, |f, emit| {
        let whole = f.title.whole();
        title_terms(&whole).for_each(emit);
    });
    let names = counts(features, |f, emit| f.persons.iter().for_each(|person| emit(&person.family)));
    [(&mut model.words, words), (&mut model.names, names)].map(|(table, counts)| {
        let before = std::mem::take(table);
        *table = table_of(&before, &counts, features.len());
        let n_changed = table.iter().filter(|(term, bits)| before.get(*term) != Some(bits)).count();
        TableChange { n_terms: table.len(), n_changed }
    })
}

/// In how many records each term stands.
fn counts(features: &FeatureTable, terms: impl Fn(&Features, &mut dyn FnMut(&str))) -> BTreeMap<String, u32> {
    // Number of records, and the last of them.
    let mut counts: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    for (at, features) in features.iter().enumerate() {
        let record = at as u32 + 1;
        terms(&features, &mut |term| {
            if term.is_empty() {
                return;
            }
            match counts.get_mut(term) {
                Some((n, last)) if *last != record => (*n, *last) = (*n + 1, record),
                Some(_) => {}
                None => {
                    counts.insert(term.to_owned(), (1, record));
                }
            }
        });
    }
    counts.into_iter().map(|(term, (n, _))| (term, n)).collect()
}

fn table_of(before: &BTreeMap<String, f64>, counts: &BTreeMap<String, u32>, n_records: usize) -> BTreeMap<String, f64> {
    let bits = |term: &str, n: u32| {
        let known = before.get(term).copied().unwrap_or(RARE_BITS);
        let share = (f64::from(n) + PRIOR_RECORDS * (-known).exp2()) / (n_records as f64 + PRIOR_RECORDS);
        (-share.log2() * 10.0).round() / 10.0
    };
    // A term of the table stays, at worst as rare as any other: leaving it out would bring the shipped bits back.
    let known =
        before.keys().map(|term| (term.clone(), bits(term, counts.get(term).copied().unwrap_or(0)).min(RARE_BITS)));
    let mut new: Vec<(f64, &String)> = counts
        .iter()
        .filter(|(term, n)| **n >= MIN_RECORDS && !before.contains_key(*term))
        .map(|(term, n)| (bits(term, *n), term))
        .filter(|(bits, _)| *bits < RARE_BITS)
        .collect();
    new.sort_by(|x, y| x.0.total_cmp(&y.0).then_with(|| x.1.cmp(y.1)));
    new.truncate(MAX_NEW_TERMS);
    known.chain(new.into_iter().map(|(bits, term)| (term.clone(), bits))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(terms: &[(&str, f64)]) -> BTreeMap<String, f64> {
        terms.iter().map(|(term, bits)| ((*term).to_owned(), *bits)).collect()
    }

    fn counted(terms: &[(&str, u32)]) -> BTreeMap<String, u32> {
        terms.iter().map(|(term, n)| ((*term).to_owned(), *n)).collect()
    }

    #[test]
    fn many_records_give_their_shares_and_few_change_little() {
        let before = table(&[("history", 5.0)]);
        let few = table_of(&before, &counted(&[("history", 1), ("glass", 3)]), 10);
        assert_eq!(few, before, "ten records say little, and three with one word nothing");
        let many = table_of(&before, &counted(&[("history", 250_000), ("glass", 125_000)]), 1_000_000);
        assert_eq!(many, table(&[("glass", 3.0), ("history", 2.0)]));
        let absent = table_of(&before, &BTreeMap::new(), 1_000_000);
        assert_eq!(absent, table(&[("history", RARE_BITS)]), "rarer than one in two thousand: as rare as any other");
    }

    #[test]
    fn a_term_counts_once_per_record() {
        let named = |families: &[&str]| Features {
            persons: families.iter().flat_map(|name| crate::keys::person::Person::parse_all(name)).collect(),
            ..Features::default()
        };
        let records = [named(&["Kim, J", "Kim, S"]), named(&["Kim, J"])];
        let found =
            counts(&records.into_iter().collect(), |f, emit| f.persons.iter().for_each(|person| emit(&person.family)));
        assert_eq!(found, counted(&[("kim", 2)]));
    }
}
