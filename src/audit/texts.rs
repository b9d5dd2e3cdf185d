//! Which values the rules on characters look at.

use std::borrow::Cow;

use crate::audit::Problem;
use crate::input::{Entry, Field, Record};

/// Fields that Solr fills with copies of other fields; whatever is wrong there is reported at the source.
/// From the copyField table of VuFind's schema. `spelling` copies text of which most is in other fields.
const COPIES: [Field; 8] = [
    Field::AuthorFacet,
    Field::CallnumberSearch,
    Field::DeweySearch,
    Field::Fullrecord,
    Field::Spelling,
    Field::SpellingShingle,
    Field::TitleFullStr,
    Field::TitleFullUnstemmed,
];

/// Fields of running text, where layout is no fault.
const PROSE: [Field; 5] =
    [Field::Contents, Field::Description, Field::Fulltext, Field::Allfields, Field::ContainerReference];

/// The text fields of a record with their values, copies left out.
pub(super) fn texts<'s, 'a>(record: &'s Record<'a>) -> impl Iterator<Item = (&'s Entry<'a>, &'s [Cow<'a, str>])> {
    let is_source = |entry: &&Entry<'_>| !entry.literal && !entry.field.is_some_and(|field| COPIES.contains(&field));
    record.entries().iter().filter(is_source).map(|entry| (entry, record.values(entry)))
}

/// Whether line breaks and double blanks are usual in a field.
pub(super) fn is_prose(entry: &Entry<'_>) -> bool {
    entry.field.is_some_and(|field| PROSE.contains(&field)) || entry.name.contains("_txt")
}

/// A problem with the value of an entry.
pub(super) fn problem(entry: &Entry<'_>, value: &str, message: impl Into<String>) -> Problem {
    Problem::named(entry.name, value, message)
}
