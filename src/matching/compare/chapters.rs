//! Chapters of one title in two books: `Zusammenfassung`, `Case studies`, `Introduction`.

use crate::keys::Features;
use crate::keys::material::Classes;
use crate::keys::numbers::{canonical_number, is_designation, roman_numeral};

use super::super::evidence::{Aspect, Comparison, Level};

/// Whether two chapters stand in books of other titles, or in other volumes. Authors write under the same title in many books,
/// and pages agree by chance; but a host may be named by its series, or in translation.
pub(super) fn hosts_differ(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    let are_chapters = a.classes.meets(Classes::CHAPTER) && b.classes.meets(Classes::CHAPTER);
    let is_identified =
        [Aspect::Doi, Aspect::ArticleNumber].iter().any(|&aspect| comparison.level(aspect) == Some(Level::Same));
    are_chapters
        && !is_identified
        && !a.container.is_empty()
        && !b.container.is_empty()
        && (comparison.level(Aspect::Container) == Some(Level::Different)
            || volumes(&a.container) != volumes(&b.container))
}

/// The numbers of volumes that a folded host title names.
fn volumes(host: &str) -> Vec<u32> {
    let words: Vec<&str> = host.split(' ').collect();
    let number = |word: &str| canonical_number(word).or_else(|| roman_numeral(word));
    let counted = words.windows(2).filter(|two| two[0].len() > 1 && is_designation(two[0]));
    counted.filter_map(|two| number(two[1])).collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::evidence::Veto;
    use super::super::super::weights::{Model, Weights};
    use super::super::compare;
    use super::*;
    use crate::input::Parser;

    #[test]
    fn one_title_in_two_books_is_a_doubt() {
        let chapter = |host: &str| {
            let json = format!(
                r#"{{"id":"x","title":"Case studies","author":["Pemberton, Charles"],"publishDate":["1983"],
                "format":["BookComponentPart"],"container_title":"{host}","container_start_page":"219"}}"#
            );
            Parser::default().parse(json.as_bytes(), Features::of).expect("a record")
        };
        let weights = Weights::new(&Model::default()).expect("defaults");
        let differ = |one: &str, other: &str| {
            compare(&chapter(one), &chapter(other), &weights).vetoes.contains(&Veto::HostDiffers)
        };
        assert!(differ("Rethinking ceramic glazes", "The politics of harbours in Jamaica"));
        assert!(differ("Rethinking labour migration", "Rethinking labour migration, volume II"));
        assert!(!differ("Rethinking labour migration, vol. 2", "Rethinking labour migration, volume II"));
        assert!(!differ("Rethinking labour migration", "Rethinking labor migration"));
        assert!(!differ("Rethinking labour migration", ""));
    }
}
