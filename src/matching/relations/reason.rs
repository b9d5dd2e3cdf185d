//! The sentence on why two records have a relation.

use crate::keys::Features;
use crate::keys::features::Years;

use super::super::evidence::{Aspect, Comparison, Level, Veto};
use super::Detail;
use super::case::Case;
use super::comment::follow_up;
use super::part_numbers::PartNumbers;
use super::version::is_conference;

/// A sentence on why two records have a relation and are no duplicates.
pub fn reason(detail: Detail, a: &Features, b: &Features, comparison: &Comparison) -> String {
    let case = Case { a, b, comparison, vetoes: comparison.vetoes.clone().into() };
    let which = |is_a: bool| if is_a { ("a", "b") } else { ("b", "a") };
    match detail {
        Detail::Preprint if a.is_preprint == b.is_preprint => {
            "both are preprints of one work, from different servers or in different versions".to_owned()
        }
        Detail::Preprint => {
            let (preprint, published) = which(a.is_preprint);
            format!("{preprint} is a preprint or working paper of the work that {published} publishes")
        }
        Detail::DoiVersion => "the DOIs name two versions of one work".to_owned(),
        Detail::Conference => {
            let (paper, article) = which(is_conference(a));
            format!("{paper} is the conference paper or abstract of the article {article}")
        }
        Detail::Carrier => "title and authors agree, but the carriers differ, such as print and online".to_owned(),
        Detail::Edition | Detail::Printing => case.edition_reason(detail),
        Detail::Language => {
            "the title of one is another title of the other, the authors agree, and the languages differ".to_owned()
        }
        Detail::VolumeOfSet => {
            let (volume, set) = which(!PartNumbers::of(&a.title).numbers.is_empty());
            format!("{volume} is a numbered volume or part; {set} has no number: the whole, or a part by itself")
        }
        Detail::Volume => "the titles agree, but name different volumes or parts of one whole".to_owned(),
        Detail::NamedPart => "the titles agree, but name different parts of one whole".to_owned(),
        Detail::Chapter => {
            let (chapter, book) = which(a.is_component());
            format!("{chapter} is a chapter of the book {book}")
        }
        Detail::Supplement
        | Detail::Erratum
        | Detail::Retraction
        | Detail::Reply
        | Detail::Comment
        | Detail::Review
        | Detail::Protocol => {
            let (about, work) = which(follow_up(&a.title, &b.title).is_some());
            format!("the title of {about} says that it is {} {work}", follow_up_phrase(detail))
        }
    }
}

impl Case<'_> {
    fn edition_reason(&self, detail: Detail) -> String {
        let mut differences: Vec<String> = Vec::new();
        let (x, y) = (self.a.edition.number, self.b.edition.number);
        if self.is(Aspect::Edition, &[Level::Different]) {
            differences.push(format!("edition {x} and {y}"));
        } else if self.is(Aspect::Edition, &[Level::Similar, Level::OneMissing]) {
            differences.push("other edition statements".to_owned());
        }
        if self.is(Aspect::Year, &[Level::Different, Level::Weak, Level::Similar]) {
            differences.push(format!("{} and {}", show_years(self.a.years), show_years(self.b.years)));
        }
        if self.is(Aspect::Publisher, &[Level::Different]) {
            differences.push("other publishers".to_owned());
        }
        if self.is(Aspect::Extent, &[Level::Different, Level::Partial]) {
            differences.push("other extents".to_owned());
        }
        if self.has(Veto::CarrierDiffers) {
            differences.push("other carriers".to_owned());
        }
        let what = if detail == Detail::Printing { "printing" } else { "edition" };
        format!("title and authors agree, but this is another {what}: {}", differences.join(", "))
    }
}

fn show_years(years: Years) -> String {
    years.first.to_string()
}

fn follow_up_phrase(detail: Detail) -> &'static str {
    match detail {
        Detail::Supplement => "a supplement to",
        Detail::Erratum => "a correction of or addition to",
        Detail::Retraction => "the retraction of, or a concern about,",
        Detail::Reply => "a reply to",
        Detail::Review => "a review of",
        Detail::Protocol => "the protocol of the study in",
        _ => "a comment on",
    }
}
