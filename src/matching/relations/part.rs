//! Parts and wholes: a chapter of its book, volumes of a set, named parts.

use crate::keys::features::IdKind;
use crate::keys::material::Classes;
use crate::keys::title::Title;

use super::super::compare::squeeze;
use super::super::evidence::{Aspect, Kind, Level, Veto};
use super::Detail;
use super::case::Case;
use super::part_numbers::{PartNumbers, names_part};

/// Fewest letters of a title that names one set or one host.
const MIN_STEM_LETTERS: usize = 10;

impl Case<'_> {
    /// Tries a chapter, a volume, and a named part, in this order; the first that fits counts.
    pub(super) fn part(&self) -> Option<Detail> {
        self.chapter().or_else(|| self.volume()).or_else(|| self.named_part())
    }

    /// A chapter whose host is the other record: title and year or ISBN of the host agree, or, where the chapter
    /// names no host, ISBN and year.
    fn chapter(&self) -> Option<Detail> {
        let (part, host) = match (self.a.is_component(), self.b.is_component()) {
            (true, false) => (self.a, self.b),
            (false, true) => (self.b, self.a),
            _ => return None,
        };
        if !host.classes.meets(Classes::BOOK.with(Classes::CONFERENCE)) || self.title_agrees() {
            return None;
        }
        let named = squeeze(&part.container);
        let is_named = named.len() >= MIN_STEM_LETTERS
            && (named == squeeze(&host.title.main) || named == squeeze(&host.title.whole()));
        let shares_isbn =
            part.identifiers_of(IdKind::Isbn).any(|isbn| host.identifiers_of(IdKind::Isbn).any(|other| other == isbn));
        let one_year = self.years_between() == Some(0);
        let is_chapter = part.classes.meets(Classes::CHAPTER.with(Classes::CONFERENCE));
        let is_of_host = is_named && (one_year || shares_isbn) || shares_isbn && part.container.is_empty() && one_year;
        let numbers_fit = || shares_isbn || !self.has(Veto::NumberDiffers);
        (is_chapter && is_of_host && numbers_fit()).then_some(Detail::Chapter)
    }

    /// Two numbered parts of one whole, or one of them beside the whole.
    fn volume(&self) -> Option<Detail> {
        if !self.has_one_maker() || !self.has(Veto::NumberDiffers) && !self.has(Veto::NumberOnOneSide) {
            return None;
        }
        let (x, y) = (PartNumbers::of(&self.a.title), PartNumbers::of(&self.b.title));
        let one_stem = x.stem == y.stem && x.stem.len() >= MIN_STEM_LETTERS;
        let others = [
            Veto::DoiDiffers,
            Veto::ArticleNumberDiffers,
            Veto::ExtentDiffers,
            Veto::HostPartDiffers,
            Veto::PartDiffers,
        ];
        if !one_stem {
            return None;
        }
        match (x.numbers.is_empty(), y.numbers.is_empty()) {
            (false, false) => {
                let apart = x.numbers.iter().all(|number| !y.numbers.contains(number));
                let one_host =
                    self.comparison.kind != Kind::Component || !self.is(Aspect::Container, &[Level::Different]);
                let allowed: Vec<Veto> = others.into_iter().chain([Veto::NumberDiffers]).collect();
                (apart && one_host && self.has(Veto::NumberDiffers) && self.only(&allowed)).then_some(Detail::Volume)
            }
            (true, true) => None,
            (is_whole, _) => {
                let (whole, part) = if is_whole { (self.a, self.b) } else { (self.b, self.a) };
                let allowed: Vec<Veto> = others.into_iter().chain([Veto::NumberOnOneSide]).collect();
                let is_set = self.comparison.kind != Kind::Component && self.only(&allowed);
                let one_time = whole.extent.volumes > 1 || self.within_years(5);
                // A number that could not be read is one all the same: `Vol. LVb`.
                let has_no_number = !names_part(&whole.title) && names_part(&part.title);
                (is_set && one_time && has_no_number && self.has(Veto::NumberOnOneSide)).then_some(Detail::VolumeOfSet)
            }
        }
    }

    fn named_part(&self) -> Option<Detail> {
        // What [`Veto::PartDiffers`] says.
        if !self.is(Aspect::Part, &[Level::Different]) {
            return None;
        }
        let others = [Veto::PartDiffers, Veto::DoiDiffers, Veto::ArticleNumberDiffers, Veto::ExtentDiffers];
        // Statements of responsibility taken for parts are often one within the other.
        let holds = |x: &Title, y: &Title| y.part.split(' ').all(|word| x.part.split(' ').any(|other| other == word));
        let (x, y) = (&self.a.title, &self.b.title);
        let one_title =
            self.is(Aspect::Title, &[Level::Same, Level::Similar]) && self.is_telling() && !holds(x, y) && !holds(y, x);
        (one_title && self.has_one_maker() && self.only(&others)).then_some(Detail::NamedPart)
    }
}

/// Letters by which parts of one whole are known: see [`Case::volume`]. Empty if they are too few.
pub(in crate::matching) fn stem(title: &Title) -> String {
    Some(PartNumbers::of(title).stem).filter(|stem| stem.len() >= MIN_STEM_LETTERS).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, found};
    use super::*;

    #[test]
    fn parts_belong_to_each_other_and_to_the_whole() {
        let volume = |title: &str, year: u16| {
            format!(
                r#""title":"{title}","author":["Agner, Peter"],"publishDate":["{year}"],"publisher":["Helbing"],"format":["Book"]"#
            )
        };
        let (first, third) = (
            volume("Die Praxis der Bundessteuern. Teil I", 2016),
            volume("Die Praxis der Bundessteuern. Teil III", 2014),
        );
        let whole = volume("Die Praxis der Bundessteuern", 2012);
        check(&first, &third, Some(Detail::Volume));
        check(&first, &whole, Some(Detail::VolumeOfSet));
        let (_, reason) = found(&whole, &first).expect("a set");
        assert!(reason.starts_with("b is a numbered volume"), "{reason}");
        // Years, counts and quantities are no parts.
        check(&volume("Handbuch der Bundessteuern 2012", 2012), &volume("Handbuch der Bundessteuern 2016", 2016), None);
        check(
            &volume("An essay on taxes. Complete in one volume", 1980),
            &volume("An essay on taxes. Complete", 2012),
            None,
        );
        let census = |part: &str| {
            format!(
                r#""title":"1990 census of population and housing","title_full":"1990 census of population and housing. {part} / Bureau of the Census","author_corporate":["United States. Bureau of the Census"],"publishDate":["1991"],"format":["Book"]"#
            )
        };
        check(&census("New Hampshire"), &census("Delaware"), Some(Detail::NamedPart));
    }

    #[test]
    fn chapters_belong_to_their_book() {
        let chapter = r#""title":"On the chemistry of glass","author":["Hill, Anna"],"publishDate":["1988"],"format":["Book Chapter"],
            "container_title":"A handbook of glass in all countries","isbn":["9780306406157"]"#;
        let host = r#""title":"A handbook of glass in all countries","author2":["Poe, Edgar"],"publishDate":["1988"],"format":["Book"],
            "isbn":["9780306406157"]"#;
        check(chapter, host, Some(Detail::Chapter));
        check(chapter, &host.replace("of glass", "of wood").replace("9780306406157", "9789514920981"), None);
    }
}
