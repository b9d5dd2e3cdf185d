//! What a rule says about one place.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::input::Field;

use super::Severity;

/// What is wrong in one place, without the place.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Problem {
    /// The field's name.
    pub field: String,
    /// The offending value as stored; for a list, the values joined with ` | `. Empty if the field is absent. Of a value of
    /// more than 64 KiB the beginning, and how long it is.
    pub value: String,
    /// A sentence without full stop: what is wrong with this value.
    pub message: String,
    /// The value that would be right, if it can be computed or guessed; cut likewise.
    pub suggestion: Option<String>,
    /// Severity where it differs from the rule's.
    pub severity: Option<Severity>,
    /// The safe repair, only if the right values follow from stored ones without doubt.
    pub change: Option<Change>,
    /// Short texts that support the problem: other values, ids of other records, numbers.
    pub evidence: Vec<String>,
}

/// A safe repair of one field of one record.
///
/// It holds the whole new list of values, with the repairs of all problems that its rule has with this field,
/// so that two findings of one rule in one field carry the same change. Fields that Solr fills by copying
/// are not part of it: they follow when the record is indexed again.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Change {
    /// The field's name. It may be another one than the problem's, such as `doi_str_mv` for a DOI in a link.
    pub field: String,
    /// All values of the field after the repair; none if the field is to be removed.
    pub after: Vec<String>,
    /// Whether an earlier finding of the rule in the record carries the same change: its values are not said again, since of a
    /// field with thousands of faulty values they would be millions.
    pub is_again: bool,
}

/// Bytes of a value or suggestion that a finding shows. What a patch needs is in its [`Change`], whole.
const MAX_SHOWN: usize = 64 << 10;

/// A text as findings show it: nobody reads megabytes in a cell, and each report would hold them several times.
fn cut(mut text: String) -> String {
    if text.len() > MAX_SHOWN {
        let n_bytes = text.len();
        text.truncate(text.floor_char_boundary(MAX_SHOWN));
        text.shrink_to_fit();
        let _ = write!(text, "… ({n_bytes} bytes)");
    }
    text
}

impl Problem {
    /// A problem in a known field.
    pub fn new(field: Field, value: impl Into<String>, message: impl Into<String>) -> Problem {
        Problem::named(field.name(), value, message)
    }

    /// A problem in a field given by name (local and dynamic fields).
    pub fn named(field: &str, value: impl Into<String>, message: impl Into<String>) -> Problem {
        Problem {
            field: field.to_owned(),
            value: cut(value.into()),
            message: message.into(),
            suggestion: None,
            severity: None,
            change: None,
            evidence: Vec::new(),
        }
    }

    /// With the right value.
    pub fn suggest(self, suggestion: impl Into<String>) -> Problem {
        Problem { suggestion: Some(cut(suggestion.into())), ..self }
    }

    /// With the right value, if there is one.
    pub fn suggest_any(self, suggestion: Option<impl Into<String>>) -> Problem {
        Problem { suggestion: suggestion.map(|text| cut(text.into())).or(self.suggestion), ..self }
    }

    /// With another severity than the rule's.
    pub fn severity(self, severity: Severity) -> Problem {
        Problem { severity: Some(severity), ..self }
    }

    /// With a safe repair: the whole new list of values of a field.
    pub fn change(self, field: Field, after: impl IntoIterator<Item = impl Into<String>>) -> Problem {
        self.change_named(field.name(), after)
    }

    /// With a safe repair of a field given by name.
    pub fn change_named(self, field: &str, after: impl IntoIterator<Item = impl Into<String>>) -> Problem {
        let after = after.into_iter().map(Into::into).collect();
        Problem { change: Some(Change { field: field.to_owned(), after, is_again: false }), ..self }
    }

    /// With one more supporting text.
    pub fn evidence(mut self, evidence: impl Into<String>) -> Problem {
        self.evidence.push(evidence.into());
        self
    }
}

/// Collects the problems that one rule finds in one record.
#[derive(Default)]
pub struct Found {
    problems: Vec<Problem>,
    /// Fields of the changes among them.
    changed: Vec<String>,
}

impl Found {
    /// Adds a problem.
    pub fn add(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// Adds a problem with a safe repair: one of several in a field, which have the same. The values are asked for once.
    pub fn add_with_change<V: Into<String>, I: IntoIterator<Item = V>>(
        &mut self,
        problem: Problem,
        field: Field,
        after: impl FnOnce() -> I,
    ) {
        self.add_with_change_named(problem, field.name(), after);
    }

    /// [`Found::add_with_change`] of a field given by name.
    pub fn add_with_change_named<V: Into<String>, I: IntoIterator<Item = V>>(
        &mut self,
        problem: Problem,
        field: &str,
        after: impl FnOnce() -> I,
    ) {
        if self.changed.iter().any(|known| known == field) {
            let change = Change { field: field.to_owned(), after: Vec::new(), is_again: true };
            return self.add(Problem { change: Some(change), ..problem });
        }
        self.changed.push(field.to_owned());
        self.add(problem.change_named(field, after()));
    }

    /// What was found so far.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Takes out what was found, in the order of fields.
    pub(super) fn take(&mut self) -> std::vec::Drain<'_, Problem> {
        self.problems.sort();
        for field in self.changed.drain(..) {
            let is_of = |problem: &&mut Problem| problem.change.as_ref().is_some_and(|change| change.field == field);
            let mut changes = self.problems.iter_mut().filter(is_of).filter_map(|problem| problem.change.as_mut());
            let first = changes.next();
            // Whatever order problems were found in, the first carries the values.
            if let Some(first) = first.filter(|first| first.is_again)
                && let Some(whole) = changes.find(|change| !change.is_again)
            {
                std::mem::swap(first, whole);
            }
        }
        self.problems.drain(..)
    }

    /// Whether nothing was found.
    pub(super) fn is_empty(&self) -> bool {
        self.problems.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn very_long_values_are_shown_from_their_beginning() {
        let long = "é".repeat(MAX_SHOWN);
        let problem = Problem::new(Field::Title, long.as_str(), "it is long").suggest(long.as_str());
        let problem = problem.change(Field::Title, [long.as_str()]);
        for shown in [&problem.value, problem.suggestion.as_ref().expect("a suggestion")] {
            let start = shown.strip_suffix("… (131072 bytes)").expect("it says how long it is");
            assert!(long.starts_with(start) && start.len() == MAX_SHOWN);
        }
        assert_eq!(problem.change.expect("a change").after, [long], "a repair is whole");
        let whole = "x".repeat(MAX_SHOWN);
        assert_eq!(Problem::new(Field::Title, whole.as_str(), "it fits").value, whole);
    }
}
