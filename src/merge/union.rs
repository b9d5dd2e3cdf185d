//! The merged record field by field, and where members disagree.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::input::is_of_the_engine;
use crate::keys::identifiers;
use crate::keys::text::fold;

use super::member::Member;
use super::survivor::is_derived;

/// One value of the merged record.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MergedValue {
    /// The value as stored; JSON literals as their text.
    pub value: String,
    /// Ids of the members that hold it, ascending.
    pub from: Vec<String>,
}

/// One member's values of a field in conflict.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ConflictSide {
    /// The member's id.
    pub id: String,
    /// Its values.
    pub values: Vec<String>,
}

/// A field on which members disagree. The survivor's value was taken; of a field that belongs to another, maybe none.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Conflict {
    /// Field name.
    pub field: String,
    /// The members that have the field, by id.
    pub sides: Vec<ConflictSide>,
}

/// Fields whose values from all members are united: they are lists of equal rank, so nothing is lost.
const UNITED_FIELDS: [&str; 30] = [
    "institution",
    "collection",
    "building",
    "isbn",
    "issn",
    "oclc_num",
    "ctrlnum",
    "doi_str_mv",
    "pmid_str_mv",
    "pmcid_str_mv",
    "url",
    "topic",
    "topic_facet",
    "genre",
    "genre_facet",
    "geographic",
    "geographic_facet",
    "era",
    "era_facet",
    "title_alt",
    "title_old",
    "title_new",
    "series",
    "series2",
    "contents",
    "callnumber-raw",
    "dewey-raw",
    "dewey-full",
    "language",
    "work_keys_str_mv",
];

/// Whether a field never belongs into a merged record: engine fields, copies that Solr makes itself, and the
/// source record, which cannot be merged value by value.
pub fn is_left_out(name: &str) -> bool {
    name != "work_keys_str_mv" && name != "title_sort" && name != "author_sort" && is_derived(name)
        || name == "fullrecord"
        || is_of_the_engine(name)
}

/// The field that a field is derived from or belongs to: both come from members that agree on the former, so that a title
/// never sorts under another one, and no author has another's role.
pub fn leader_of(name: &str) -> Option<&'static str> {
    match name {
        "title_short" | "title_sub" | "title_full" | "title_auth" | "title_sort" => Some("title"),
        "author_role" | "author_sort" => Some("author"),
        "author2_role" => Some("author2"),
        "author_corporate_role" => Some("author_corporate"),
        _ => None,
    }
}

/// Whether fields derive from or belong to a field.
fn is_leader(name: &str) -> bool {
    matches!(name, "title" | "author" | "author2" | "author_corporate")
}

/// Unites the members; the survivor stands at index `survivor`.
///
/// Lists of equal rank are united. Everything else is the survivor's; a field it lacks comes from the
/// next best member that has it (`order`: indexes, best first), but what has a [leader](leader_of) only from members that
/// have the leader's taken values. No value is ever overwritten, unless a person chose the member (by index) whose values
/// are taken.
pub(super) fn unite(
    members: &[Member],
    order: &[usize],
    chosen: &BTreeMap<&str, usize>,
) -> (BTreeMap<String, Vec<MergedValue>>, Vec<Conflict>) {
    let mut fields: Vec<(&str, usize, &[String])> = Vec::new();
    for (at, member) in members.iter().enumerate() {
        let own = member.fields.iter().filter(|field| !is_left_out(&field.name));
        fields.extend(own.map(|field| (field.name.as_str(), at, field.values.as_slice())));
    }
    fields.sort_unstable();
    let mut merged = BTreeMap::new();
    let mut conflicts = Vec::new();
    let mut values: Vec<&[String]> = Vec::new();
    // Of fields so far, the members that agree with what was taken, best first. Leaders come first in this order.
    let mut agreeing: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for of_name in fields.chunk_by(|x, y| x.0 == y.0) {
        let name = of_name[0].0;
        values.clear();
        values.resize(members.len(), &[]);
        of_name.iter().for_each(|&(_, at, held)| values[at] = held);
        let held = Held { members, values: &values };
        let is_united = UNITED_FIELDS.contains(&name);
        let choice = chosen.get(name).or_else(|| chosen.get(leader_of(name)?));
        let of_leader = leader_of(name).and_then(|leader| agreeing.get(leader));
        let taken = match (choice, of_leader) {
            (Some(&member), _) => held.first_filled(&[member]),
            (None, Some(members)) => held.first_filled(members),
            (None, None) if is_united => held.united(order),
            (None, None) => held.first_filled(order),
        };
        if is_leader(name) {
            agreeing.insert(name, held.agreeing(order, &taken));
        }
        let is_lost = taken.is_empty() && values.iter().copied().flatten().any(|value| !value.trim().is_empty());
        let differ = if is_united { name == "doi_str_mv" && held.have_other_dois() } else { held.differ() || is_lost };
        if !taken.is_empty() {
            merged.insert(name.to_owned(), taken);
        }
        if differ {
            conflicts.push(held.conflict(name));
        }
    }
    (merged, conflicts)
}

/// Whether two values differ in no more than punctuation, case or marks.
fn are_alike(x: &str, y: &str) -> bool {
    x == y || fold(x) == fold(y)
}

/// One field of all members.
struct Held<'m> {
    members: &'m [Member],
    /// Their values, by index of the member; empty where it has none.
    values: &'m [&'m [String]],
}

impl Held<'_> {
    fn united(&self, order: &[usize]) -> Vec<MergedValue> {
        let mut values: Vec<MergedValue> = Vec::new();
        let mut known: BTreeMap<&str, usize> = BTreeMap::new();
        for &at in order {
            let id = &self.members[at].id;
            for value in self.values[at].iter().filter(|value| !value.trim().is_empty()) {
                let place = *known.entry(value).or_insert(values.len());
                if place == values.len() {
                    values.push(MergedValue { value: value.clone(), from: vec![id.clone()] });
                } else if values[place].from.last() != Some(id) {
                    values[place].from.push(id.clone());
                }
            }
        }
        for value in &mut values {
            value.from.sort_unstable();
        }
        values
    }

    fn first_filled(&self, order: &[usize]) -> Vec<MergedValue> {
        let is_filled = |&&at: &&usize| self.values[at].iter().any(|value| !value.trim().is_empty());
        let Some(&winner) = order.iter().find(is_filled) else { return Vec::new() };
        let mut holders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for value in self.values[winner] {
            holders.entry(value).or_default();
        }
        for (member, values) in self.members.iter().zip(self.values) {
            for value in *values {
                if let Some(ids) = holders.get_mut(value.as_str()).filter(|ids| ids.last() != Some(&&*member.id)) {
                    ids.push(&member.id);
                }
            }
        }
        for ids in holders.values_mut() {
            ids.sort_unstable();
            ids.dedup();
        }
        let from = |value: &String| holders[value.as_str()].iter().map(|&id| id.to_owned()).collect();
        self.values[winner].iter().map(|value| MergedValue { value: value.clone(), from: from(value) }).collect()
    }

    /// Those of the members, in their order, whose values are the same as those taken but for punctuation, case or marks.
    fn agreeing(&self, order: &[usize], taken: &[MergedValue]) -> Vec<usize> {
        let is_taken = |at: &usize| {
            let values = self.values[*at];
            values.len() == taken.len() && values.iter().zip(taken).all(|(x, y)| are_alike(x, &y.value))
        };
        order.iter().copied().filter(is_taken).collect()
    }

    /// Whether members that have DOIs have none in common: all are kept, but no two DOIs are united unseen.
    fn have_other_dois(&self) -> bool {
        let dois = |values: &&[String]| -> Vec<String> {
            let mut dois: Vec<String> = values.iter().filter_map(|doi| identifiers::doi(doi)).collect();
            dois.sort_unstable();
            dois.dedup();
            dois
        };
        // Copies have the same ones.
        let mut all: Vec<Vec<String>> = self.values.iter().map(dois).filter(|dois| !dois.is_empty()).collect();
        all.sort_unstable();
        all.dedup();
        let meet = |x: &[String], y: &[String]| x.iter().any(|doi| y.contains(doi));
        !all.iter().enumerate().all(|(at, x)| all[at + 1..].iter().all(|y| meet(x, y))) && self.differ()
    }

    /// Whether members that have the field disagree in more than punctuation, case or marks.
    fn differ(&self) -> bool {
        let mut filled = self.values.iter().filter(|values| !values.is_empty());
        let Some(first) = filled.next() else { return false };
        let are_all_alike =
            |x: &[String], y: &[String]| x.len() == y.len() && x.iter().zip(y).all(|(x, y)| are_alike(x, y));
        !filled.all(|values| are_all_alike(first, values))
    }

    fn conflict(&self, name: &str) -> Conflict {
        let filled = self.members.iter().zip(self.values).filter(|(_, values)| !values.is_empty());
        let mut sides: Vec<ConflictSide> =
            filled.map(|(member, values)| ConflictSide { id: member.id.clone(), values: values.to_vec() }).collect();
        sides.sort_by(|a, b| a.id.cmp(&b.id));
        Conflict { field: name.to_owned(), sides }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Position;
    use crate::input::{Parser, Record};

    fn united(documents: &[&str]) -> (BTreeMap<String, Vec<MergedValue>>, Vec<String>) {
        let member = |(at, fields): (usize, &&str)| {
            let json = format!(r#"{{"id":"r{at}",{fields}}}"#);
            let position = Position { file: 0, len: 0, line: 1, byte: 0 };
            let copy = |record: &Record<'_>| Member::new((at as u32).into(), position, record, 0);
            Parser::default().parse(json.as_bytes(), copy).unwrap()
        };
        let members: Vec<Member> = documents.iter().enumerate().map(member).collect();
        let order: Vec<usize> = (0..members.len()).collect();
        let (merged, conflicts) = unite(&members, &order, &BTreeMap::new());
        (merged, conflicts.into_iter().map(|conflict| conflict.field).collect())
    }

    #[test]
    fn no_two_dois_are_united_unseen() {
        let (merged, conflicts) = united(&[
            r#""doi_str_mv":["10.1016/j.energy.2016.08.060"]"#,
            r#""doi_str_mv":["10.3929/ethz-b-000121026"]"#,
        ]);
        assert_eq!(conflicts, ["doi_str_mv"]);
        assert_eq!(merged["doi_str_mv"].len(), 2, "and both are kept");
        let written_otherwise =
            [r#""doi_str_mv":["10.1000/ABC"]"#, r#""doi_str_mv":["https://doi.org/10.1000/abc"]"#, r#""title":"x""#];
        assert_eq!(united(&written_otherwise).1, [""; 0]);
    }

    #[test]
    fn what_belongs_to_a_field_comes_from_members_that_agree_on_it() {
        let taken = |merged: &BTreeMap<String, Vec<MergedValue>>, name: &str| -> Vec<String> {
            merged.get(name).into_iter().flatten().map(|value| value.value.clone()).collect()
        };
        let (merged, conflicts) = united(&[
            r#""author":["Smith, J.","Brown, A."],"title":"Glass""#,
            r#""author":["Brown, A."],"author_role":["edt"],"author_sort":"Brown, A.","title":"Glass and light","title_sub":"and light""#,
            r#""author":["smith, j","Brown, A"],"author_role":["aut","ctb"],"title":"Glass.","title_sort":"glass""#,
        ]);
        assert_eq!(taken(&merged, "author_role"), ["aut", "ctb"], "of the same names");
        assert_eq!(taken(&merged, "title_sort"), ["glass"]);
        assert!(!merged.contains_key("author_sort") && !merged.contains_key("title_sub"), "of other ones");
        assert_eq!(
            conflicts,
            ["author", "author_role", "author_sort", "title", "title_sub"],
            "what was not taken is told"
        );
        let (merged, _) = united(&[r#""title":"Glass""#, r#""title":"Glass","author_sort":"Forssa""#]);
        assert_eq!(taken(&merged, "author_sort"), ["Forssa"], "where nobody has the field it belongs to");
    }

    #[test]
    fn values_that_differ_in_more_than_case_are_conflicts() {
        assert_eq!(united(&[r#""publisher":"Sage""#, r#""publisher":"SAGE.""#]).1, [""; 0]);
        assert_eq!(united(&[r#""publisher":"Sage""#, r#""publisher":"Springer""#]).1, ["publisher"]);
    }
}
