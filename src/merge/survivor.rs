//! Which record leads a merge, and why.

use super::member::{Member, OwnedField};
use crate::input::is_copy;

/// Fields that the index or the importer makes, but for copies of others.
const MADE_FIELDS: [&str; 13] = [
    "_version_",
    "score",
    "id",
    "first_indexed",
    "last_indexed",
    "author_sort",
    "author_variant",
    "author2_variant",
    "title_sort",
    "work_keys_str_mv",
    "merged_boolean",
    "merged_child_boolean",
    "local_ids_str_mv",
];

/// Whether a field tells nothing about how well a record is catalogued: made by the index or the importer, or a copy of others.
pub(super) fn is_derived(name: &str) -> bool {
    MADE_FIELDS.contains(&name) || is_copy(name)
}

/// Identifier fields, which count twice: they are what links, covers and other systems hang on.
const IDENTIFIER_FIELDS: [&str; 7] = ["isbn", "issn", "oclc_num", "lccn", "doi_str_mv", "pmid_str", "pmcid_str_mv"];

/// How well a record is catalogued: one point per filled field of its own, one more per identifier field,
/// less one per audit finding.
pub(super) fn quality(member: &Member) -> i64 {
    let is_filled = |field: &&OwnedField| field.values.iter().any(|value| !value.trim().is_empty());
    let is_own = |field: &&OwnedField| !is_derived(&field.name);
    let points = |field: &OwnedField| 1 + i64::from(IDENTIFIER_FIELDS.contains(&field.name.as_str()));
    let filled: i64 = member.fields.iter().filter(is_own).filter(is_filled).map(points).sum();
    filled - member.n_findings as i64
}

/// Index of the survivor among `members`, and the reason in words.
///
/// The highest [`quality`] wins, ties go to the smaller id: never to input order.
pub(super) fn choose(members: &[Member]) -> (usize, String) {
    let points: Vec<i64> = members.iter().map(quality).collect();
    let best = (0..members.len())
        .min_by_key(|&at| (std::cmp::Reverse(points[at]), &members[at].id, members[at].record))
        .expect("a cluster has members");
    let runner_up = (0..members.len()).filter(|&at| at != best).map(|at| points[at]).max();
    let reason = match runner_up {
        Some(other) if other == points[best] => {
            format!("{} points for filled fields and identifiers, as many as the next; the smaller id", points[best])
        }
        Some(other) => {
            format!("{} points for filled fields and identifiers less findings; the next has {other}", points[best])
        }
        None => "the only record".to_owned(),
    };
    (best, reason)
}
