//! Books that agree in all but the year: other printings, and other years of what recurs.

use crate::keys::Features;

use super::super::evidence::{Aspect, Comparison, Kind, Level};

/// Whether two books of one ISBN are printings of other years. Publishers keep the ISBN for all printings of an edition.
pub(super) fn are_other_printings(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    are_certain(a, b, comparison)
        && matches!(comparison.level(Aspect::Year), Some(Level::Weak | Level::Different))
        && comparison.level(Aspect::Isbn) == Some(Level::Same)
}

/// Whether certain years tell two books apart that agree otherwise: proceedings and reports bear one title each year.
pub(super) fn recur_in_other_years(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    are_certain(a, b, comparison)
        && matches!(comparison.level(Aspect::Year), Some(Level::Similar | Level::Weak | Level::Different))
        && [a, b].into_iter().all(|book| recurs(book) && book.persons.is_empty())
}

/// Whether the years of two books are those on them.
fn are_certain(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    comparison.kind == Kind::Book && !a.years.uncertain && !b.years.uncertain
}

/// Whether only one of two books calls itself a later edition, and they have not the same pages: publishers keep the ISBN of
/// a book that they set anew, too.
pub(super) fn later_edition_has_other_pages(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    comparison.kind == Kind::Book
        && comparison.level(Aspect::Edition) == Some(Level::OneMissing)
        && comparison.level(Aspect::Extent) == Some(Level::Different)
        && a.edition.number.max(b.edition.number) > 1
}

/// Whether a title names what appears again under it, each time with another text.
fn recurs(features: &Features) -> bool {
    const RECURRING: [&str; 18] = [
        "abhandlungen",
        "actes",
        "akten",
        "almanac",
        "almanach",
        "annual",
        "atti",
        "bericht",
        "directory",
        "handlingar",
        "jahrbuch",
        "jahresbericht",
        "proceedings",
        "programme",
        "rapport",
        "report",
        "transactions",
        "yearbook",
    ];
    let title = features.title.whole();
    let mut words = title.split(' ');
    words.any(|word| RECURRING.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::super::super::evidence::Veto;
    use super::super::super::weights::{Model, Weights};
    use super::super::compare;
    use super::*;
    use crate::input::Parser;

    #[test]
    fn other_years_tell_printings_of_one_isbn_and_what_recurs() {
        let book = |fields: &str, year: &str| {
            let json = format!(
                r#"{{"id":"x","publishDate":["{year}"],"publisher":["Springer"],"format":["Book"],
                "physical":["335 p."],{fields}}}"#
            );
            Parser::default().parse(json.as_bytes(), Features::of).expect("a record")
        };
        let weights = Weights::new(&Model::default()).expect("defaults");
        let vetoes =
            |fields: &str, one: &str, other: &str| compare(&book(fields, one), &book(fields, other), &weights).vetoes;
        let differ = |fields: &str, one: &str, other: &str| vetoes(fields, one, other).contains(&Veto::YearDiffers);
        let proceedings = r#""title":"Deutscher Geographentag : proceedings","author_corporate":["Geographentag"]"#;
        assert!(differ(proceedings, "1974", "1976") && differ(proceedings, "1963", "1964"));
        assert!(!differ(proceedings, "1974", "1974") && !differ(proceedings, "[1974?]", "1976"));
        let treatise = r#""title":"Traité sur la tolérance","author":["Voltaire"]"#;
        assert!(!differ(treatise, "1999", "2002"));
        let numbered = format!(r#"{treatise},"isbn":["2-08-070552-0"]"#);
        assert_eq!(vetoes(&numbered, "1999", "2002"), [Veto::PrintingDiffers]);
        assert_eq!(vetoes(&numbered, "1999", "2000"), []);
        assert_eq!(vetoes(&numbered, "[1999?]", "2002"), []);
    }

    #[test]
    fn a_later_edition_of_other_pages_is_another_book() {
        let book = |edition: &str, pages: u32| {
            let json = format!(
                r#"{{"id":"x","title":"Die Entführung : ein Opernführer","author":["Brandt, Ida"],"publishDate":["1985"],
                "publisher":["Goldmann"],"format":["Book"],"isbn":["3-442-33001-7"],"edition":"{edition}",
                "physical":["{pages} S."]}}"#
            );
            Parser::default().parse(json.as_bytes(), Features::of).expect("a record")
        };
        let weights = Weights::new(&Model::default()).expect("defaults");
        let differ = |edition: &str, pages: u32| {
            let comparison = compare(&book("", 220), &book(edition, pages), &weights);
            comparison.vetoes.contains(&Veto::EditionDiffers)
        };
        assert!(differ("[5.], neu durchges. Aufl.", 249));
        assert!(!differ("[5.], neu durchges. Aufl.", 220) && !differ("1. Aufl.", 249) && !differ("", 249));
    }
}
