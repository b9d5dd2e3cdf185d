//! Findings: a rule, what it found, and in what.

use std::fmt;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use super::{Fix, Problem, Rule, Severity};
use crate::ids::RecordId;
use crate::input::{Field, Record};

/// One finding.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule that found it.
    pub rule: &'static Rule,
    /// What it stands for.
    pub about: About,
    /// What is wrong. For a group: in its first record that has the problem, or in the group as a whole.
    pub problem: Problem,
}

/// What a finding stands for.
#[derive(Clone, Debug)]
pub enum About {
    /// One record.
    Record(RecordId),
    /// Many records with one problem.
    Group(Group),
}

/// Records that one finding stands for.
#[derive(Clone, Debug)]
pub struct Group {
    /// What the records have in common.
    pub label: Label,
    /// Number of records, at least 1.
    pub n_records: u64,
    /// The first of them, at most [`N_EXAMPLES`], ascending.
    pub examples: Vec<RecordId>,
}

/// Records named as examples of a group.
pub const N_EXAMPLES: usize = 3;

/// What the records of a group have in common.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Label {
    /// The kind of thing: `collection`, `institution`, `id prefix`, `work key`, `doi` and the like.
    pub kind: String,
    /// Its value as stored.
    pub value: String,
}

impl Label {
    /// A label.
    pub fn new(kind: &str, value: impl Into<String>) -> Label {
        Label { kind: kind.to_owned(), value: value.into() }
    }

    /// The collection of a record for aggregated rules: the first value of `collection`, else of `institution`,
    /// else the beginning of the id up to the first `-`, `.`, `:`, `_` or `/`, which importers put before the
    /// source's own id. Defects of an import route are shared by all that came in by it, and these are the
    /// fields that name the route in every export.
    pub fn of(record: &Record<'_>) -> Label {
        let (kind, value) = collection_of(record);
        Label::new(kind, value)
    }
}

/// Kinds that [`collection_of`] gives.
pub(super) const KINDS: [&str; 3] = ["collection", "institution", "id prefix"];

/// [`Label::of`] without copying.
pub(super) fn collection_of<'a>(record: &'a Record<'_>) -> (&'static str, &'a str) {
    if let Some(collection) = record.filled(Field::Collection) {
        return (KINDS[0], collection);
    }
    if let Some(institution) = record.filled(Field::Institution) {
        return (KINDS[1], institution);
    }
    let id = record.id();
    let end = id.find(['-', '.', ':', '_', '/']).unwrap_or(0);
    (KINDS[2], &id[..end])
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.value)
    }
}

impl Finding {
    /// The finding's own severity, else the rule's.
    pub fn severity(&self) -> Severity {
        self.problem.severity.unwrap_or(self.rule.severity)
    }

    /// What can be done: safe only if the finding carries a [`Change`](super::Change), or if it stands for the records of
    /// an aggregated rule of this class, each of which has its own; a proposal if it has a suggestion or if proposals
    /// are what the rule offers.
    pub fn fix(&self) -> Fix {
        let is_safe_by_record =
            self.rule.aggregated && self.rule.fix == Fix::Safe && matches!(self.about, About::Group(_));
        if self.problem.change.is_some() || is_safe_by_record {
            Fix::Safe
        } else if self.problem.suggestion.is_some() || self.rule.fix == Fix::Proposal {
            Fix::Proposal
        } else {
            Fix::None
        }
    }

    /// The record, or the first one of a group.
    pub fn record(&self) -> Option<RecordId> {
        match &self.about {
            About::Record(record) => Some(*record),
            About::Group(group) => group.examples.first().copied(),
        }
    }

    /// A number that stays the same from run to run for the same defect.
    ///
    /// It is XXH3 (64 bits) of the rule's code, the record's id, the name of the field and XXH3 of the value, the
    /// first three each followed by a zero byte, the last as 8 bytes little-endian. For a group, the kind and the
    /// value of its label stand in place of the id and the field, and the value is left out: which record
    /// comes first must not matter. `id` is the id of the record.
    pub fn fingerprint(&self, id: &str) -> u64 {
        let mut hasher = Xxh3::new();
        let mut part = |text: &str| {
            hasher.update(text.as_bytes());
            hasher.update(&[0]);
        };
        part(self.rule.code);
        match &self.about {
            About::Record(_) => {
                part(id);
                part(&self.problem.field);
                hasher.update(&xxh3_64(self.problem.value.as_bytes()).to_le_bytes());
            }
            About::Group(group) => {
                part(&group.label.kind);
                part(&group.label.value);
            }
        }
        hasher.digest()
    }
}
