//! Books that agree in all but the year: other printings, and other years of what recurs.

use crate::keys::{Features, Years};

use super::super::evidence::{Aspect, Comparison, Kind, Level};

/// Whether certain years tell two books apart that agree otherwise: printings of one ISBN, which publishers keep for all of
/// them, or proceedings and reports, which bear one title each year.
pub(in crate::matching) fn years_tell(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    let level = comparison.level(Aspect::Year);
    if comparison.kind != Kind::Book || a.years.uncertain || b.years.uncertain {
        return false;
    }
    let are_far = matches!(level, Some(Level::Weak | Level::Different));
    let one_isbn = comparison.level(Aspect::Isbn) == Some(Level::Same);
    let recur = || recurs(a) && recurs(b) && a.persons.is_empty() && b.persons.is_empty();
    are_far && one_isbn || (are_far || level == Some(Level::Similar)) && recur()
}

/// Years after which another printing of a book is likelier than an error of its year: of 17 labelled pairs of one publisher, place
/// and number of pages that are so far apart 7 are one.
const REPRINTED: u16 = 10;

/// Whether two books are so many years apart, by dates that nobody guessed, that they are two printings.
pub(super) fn are_decades_apart(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    let is_certain = comparison.kind == Kind::Book && !a.years.uncertain && !b.years.uncertain;
    let are_far = matches!(comparison.level(Aspect::Year), Some(Level::Weak | Level::Different));
    // A reprint may state the year of the original as well.
    let years = |years: &Years| [&[years.first][..], &years.others[..]].concat().into_iter().filter(|&year| year > 0);
    is_certain && are_far && years(&a.years).all(|x| years(&b.years).all(|y| x.abs_diff(y) >= REPRINTED))
}

/// Whether two books agree in nothing that tells of a printing: neither in year, publisher nor place.
pub(super) fn have_other_imprints(comparison: &Comparison) -> bool {
    let differs = |aspect| comparison.level(aspect) == Some(Level::Different);
    let other_year = matches!(comparison.level(Aspect::Year), Some(Level::Similar | Level::Weak | Level::Different));
    let is_identified =
        [Aspect::Isbn, Aspect::Oclc].iter().any(|&aspect| comparison.level(aspect) == Some(Level::Same));
    comparison.kind == Kind::Book
        && differs(Aspect::Publisher)
        && differs(Aspect::Place)
        && other_year
        && !is_identified
}

/// Whether two serials, or loose-leaf works, of years that nobody guessed have different ISBNs, or titles of which one has more.
pub(super) fn are_serials_apart(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    let level = |aspect| comparison.level(aspect);
    let is_other = level(Aspect::Isbn) == Some(Level::Different)
        || level(Aspect::Title) == Some(Level::Shortened) && level(Aspect::Issn) != Some(Level::Same);
    comparison.kind == Kind::Serial
        && !a.years.uncertain
        && !b.years.uncertain
        && level(Aspect::Year) == Some(Level::Different)
        && (is_other || is_followed(a, b) || is_followed(b, a))
}

/// Whether a serial ended before another one began: `1861-1906`, `1907-`.
fn is_followed(a: &Features, b: &Features) -> bool {
    let end = a.years.others.into_iter().max().filter(|end| *end > a.years.first);
    end.is_some_and(|end| end < b.years.first)
}

/// Whether one of two books of one ISBN calls itself a reprint, and their years are certain and apart. Without such a word, a
/// year may be mistyped, or that of the copyright.
pub(super) fn is_reprint_beside(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    let level = |aspect| comparison.level(aspect);
    years_tell(a, b, comparison)
        && level(Aspect::Isbn) == Some(Level::Same)
        && level(Aspect::Oclc) != Some(Level::Same)
        && is_reprint(a) != is_reprint(b)
}

/// Whether one of two books calls itself a reprint, and another house in another town brought out the other, which is the original.
pub(super) fn is_reprint_elsewhere(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    let differs = |aspect| comparison.level(aspect) == Some(Level::Different);
    differs(Aspect::Publisher)
        && differs(Aspect::Place)
        && comparison.level(Aspect::Isbn) != Some(Level::Same)
        && is_reprint(a) != is_reprint(b)
}

/// Whether the statement of edition names a reprint.
fn is_reprint(features: &Features) -> bool {
    const REPRINTS: [&str; 5] = ["nachdr", "neudr", "reimpr", "repr", "ristamp"];
    features.edition.text.split(' ').any(|word| REPRINTS.iter().any(|start| word.starts_with(start)))
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
    const RECURRING: [&str; 29] = [
        "abhandlungen",
        "actes",
        "akten",
        "almanac",
        "almanach",
        "annual",
        "atti",
        "bericht",
        "budget",
        "calendar",
        "catalog",
        "catalogue",
        "census",
        "constitution",
        "directory",
        "handlingar",
        "jahrbuch",
        "jahresbericht",
        "laws",
        "minutes",
        "proceedings",
        "programme",
        "rapport",
        "register",
        "report",
        "rules",
        "statistics",
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
    fn other_years_are_a_doubt_where_the_rest_recurs() {
        let book = |fields: &str, year: &str| {
            let json = format!(
                r#"{{"id":"x","publishDate":["{year}"],"publisher":["Springer"],"format":["Book"],
                "physical":["335 p."],{fields}}}"#
            );
            Parser::default().parse(json.as_bytes(), Features::of).expect("a record")
        };
        let weights = Weights::new(&Model::default()).expect("defaults");
        let differ = |fields: &str, one: &str, other: &str| {
            compare(&book(fields, one), &book(fields, other), &weights).vetoes.contains(&Veto::YearDiffers)
        };
        let proceedings = r#""title":"Deutscher Geographentag : proceedings","author_corporate":["Geographentag"]"#;
        assert!(differ(proceedings, "1974", "1976") && differ(proceedings, "1963", "1964"));
        assert!(!differ(proceedings, "1974", "1974") && !differ(proceedings, "[1974?]", "1976"));
        let treatise = r#""title":"Traité sur la tolérance","author":["Voltaire"]"#;
        assert!(!differ(treatise, "1999", "2002") && differ(treatise, "1962", "2002"));
        assert!(!differ(treatise, "[1962?]", "2002") && !differ(treatise, "1962, reprinted 2002", "2002"));
        let numbered = format!(r#"{treatise},"isbn":["2-08-070552-0"]"#);
        assert!(differ(&numbered, "1999", "2002") && !differ(&numbered, "1999", "2000"));
        let is_reprint = |edition: &str, year: &str| {
            let reprint = book(&format!(r#"{numbered},"edition":"{edition}""#), year);
            compare(&book(&numbered, "1999"), &reprint, &weights).vetoes.contains(&Veto::PrintingDiffers)
        };
        assert!(is_reprint("[Nachdr.]", "2002") && is_reprint("Réimpr.", "2002"));
        assert!(!is_reprint("", "2002") && !is_reprint("[Nachdr.]", "2000") && !is_reprint("[Nachdr.]", "[2002?]"));
    }

    #[test]
    fn a_later_edition_of_other_pages_is_a_doubt() {
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
            comparison.vetoes.contains(&Veto::StatementsDiffer)
        };
        assert!(differ("[5.], neu durchges. Aufl.", 249));
        assert!(!differ("[5.], neu durchges. Aufl.", 220) && !differ("1. Aufl.", 249) && !differ("", 249));
    }
}
