//! Pairs that belong together and are no duplicates: versions, translations, parts, comments.
//!
//! A relation needs titles and authors that agree as far as its kind requires, and something certain that
//! tells the records apart. Precision goes before recall: a relation of common words is worse than none.
//!
//! Tried are comments, parts, translations and versions, in this order; the first that fits counts.

mod case;
mod comment;
mod part;
mod part_numbers;
mod reason;
mod translation;
mod version;

pub(super) use comment::{follows_up, may_be_subject};
pub(super) use part::stem;
pub use reason::reason;

use std::cell::OnceCell;

use serde::{Deserialize, Serialize};

use crate::keys::Features;

use super::candidates::Pair;
use super::compare::is_generic;
use super::evidence::Comparison;
use super::score::Verdict;
use case::Case;

/// How two records belong together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// One work in another version: preprint, edition, printing, carrier.
    Version,
    /// One work in another language.
    Translation,
    /// Part and whole, or two parts of one whole.
    Part,
    /// A text about the other: correction, reply, review, protocol.
    Comment,
}

impl Relation {
    /// All relations, in the order in which they are counted.
    pub const ALL: [Relation; 4] = [Relation::Version, Relation::Translation, Relation::Part, Relation::Comment];

    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Relation::Version => "version",
            Relation::Translation => "translation",
            Relation::Part => "part",
            Relation::Comment => "comment",
        }
    }
}

/// What exactly the relation is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Detail {
    /// Version: preprint and publication, or two preprints.
    Preprint,
    /// Version: DOIs that differ in their version only.
    DoiVersion,
    /// Version: conference paper or abstract, and article.
    Conference,
    /// Version: another carrier, such as print and online.
    Carrier,
    /// Version: another edition of a book.
    Edition,
    /// Version: another printing of a book by the same publisher.
    Printing,
    /// Translation: another language.
    Language,
    /// Part: one volume, and the whole.
    VolumeOfSet,
    /// Part: two volumes or numbered parts of one whole.
    Volume,
    /// Part: two named parts of one whole.
    NamedPart,
    /// Part: a chapter, and its book.
    Chapter,
    /// Part: a supplement, and the article it belongs to.
    Supplement,
    /// Comment: erratum, corrigendum, addendum.
    Erratum,
    /// Comment: retraction or expression of concern.
    Retraction,
    /// Comment: reply, rejoinder.
    Reply,
    /// Comment: comment, discussion, letter.
    Comment,
    /// Comment: review.
    Review,
    /// Comment: protocol of a study.
    Protocol,
}

impl Detail {
    /// The relation it is a case of.
    pub fn relation(self) -> Relation {
        match self {
            Detail::Preprint
            | Detail::DoiVersion
            | Detail::Conference
            | Detail::Carrier
            | Detail::Edition
            | Detail::Printing => Relation::Version,
            Detail::Language => Relation::Translation,
            Detail::VolumeOfSet | Detail::Volume | Detail::NamedPart | Detail::Chapter | Detail::Supplement => {
                Relation::Part
            }
            Detail::Erratum
            | Detail::Retraction
            | Detail::Reply
            | Detail::Comment
            | Detail::Review
            | Detail::Protocol => Relation::Comment,
        }
    }
}

/// A pair with its relation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Related {
    /// The records.
    pub pair: Pair,
    /// How they belong together.
    pub detail: Detail,
}

/// The relation of two records, if they have one that is certain enough to be listed.
///
/// Swapping the records changes nothing. Duplicates, possible ones included, have none: they are proposed.
pub fn relation(a: &Features, b: &Features, comparison: &Comparison, verdict: Verdict) -> Option<Detail> {
    if verdict != Verdict::Apart {
        return None;
    }
    relation_of(&Case { a, b, comparison, vetoes: comparison.vetoes.clone().into() })
}

/// [`relation`] of a pair that weighs too little to be a duplicate, given what [`measure`](super::compare::measure) tells.
pub(super) fn relation_of_light(a: &Features, b: &Features, comparison: &Comparison) -> Option<Detail> {
    relation_of(&Case { a, b, comparison, vetoes: OnceCell::new() })
}

fn relation_of(case: &Case<'_>) -> Option<Detail> {
    let found = case.comment().or_else(|| case.part()).or_else(|| case.translation()).or_else(|| case.version());
    // Few pairs come this far, and most pairs have plain titles.
    found.filter(|_| !is_generic(case.a) && !is_generic(case.b))
}

#[cfg(test)]
mod testing {
    //! Pairs with their relation, whichever record comes first.

    use super::super::compare::compare;
    use super::super::score::verdict;
    use super::super::weights::{Model, Weights};
    use super::*;
    use crate::input::Parser;

    fn features(fields: &str) -> Features<'static> {
        Parser::default().parse(format!(r#"{{"id":"x",{fields}}}"#).as_bytes(), Features::of).expect("a record")
    }

    /// The relation and its reason.
    pub(super) fn found(a: &str, b: &str) -> Option<(Detail, String)> {
        let weights = Weights::new(&Model::default()).expect("defaults");
        let (a, b) = (features(a), features(b));
        let of = |a: &Features, b: &Features| {
            let comparison = compare(a, b, &weights);
            let detail = relation(a, b, &comparison, verdict(&comparison, &weights));
            detail.map(|detail| (detail, reason(detail, a, b, &comparison)))
        };
        let (there, back) = (of(&a, &b), of(&b, &a));
        assert_eq!(there.as_ref().map(|it| it.0), back.map(|it| it.0), "a relation must be symmetric");
        there
    }

    /// Two records have this relation, and none with themselves.
    pub(super) fn check(a: &str, b: &str, expected: Option<Detail>) {
        let found = found(a, b);
        assert_eq!(found.as_ref().map(|it| it.0), expected, "{a}\n{b}\n{found:?}");
        for record in [a, b] {
            assert_eq!(self::found(record, record), None, "{record} against itself");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::testing::check;

    #[test]
    fn generic_titles_have_no_relations() {
        let editorial = |year: &str| {
            format!(r#""title":"Editorial","author":["Powell, Philip"],"publishDate":["{year}"],"format":["Book"]"#)
        };
        check(&editorial("1990"), &editorial("2010"), None);
    }
}
