//! One work in another version: preprint, conference paper, carrier, edition, printing.

use crate::keys::Features;
use crate::keys::features::IdKind;
use crate::keys::material::Classes;

use super::super::compare::printings::years_tell;
use super::super::evidence::{Aspect, Level, Veto};
use super::Detail;
use super::case::Case;
use super::part_numbers::PartNumbers;

impl Case<'_> {
    /// Tries DOIs, preprints, conference papers, carriers and editions, in this order; the first that fits counts.
    pub(super) fn version(&self) -> Option<Detail> {
        self.doi_version()
            .or_else(|| self.preprint())
            .or_else(|| self.conference())
            .or_else(|| self.carrier())
            .or_else(|| self.edition())
    }

    fn doi_version(&self) -> Option<Detail> {
        // Different is what [`Veto::DoiDiffers`] says.
        if !self.is(Aspect::Doi, &[Level::Different, Level::Similar]) {
            return None;
        }
        let works = [IdKind::DoiBase, IdKind::DoiSibling];
        let names = |x: &Features, y: &Features| {
            let mut of_x = works.iter().flat_map(|&kind| x.identifiers_of(kind));
            of_x.any(|work| {
                [&works[..], &[IdKind::Doi]].concat().iter().any(|&kind| y.identifiers_of(kind).any(|doi| doi == work))
            })
        };
        let title = self.title_agrees() || self.is(Aspect::Title, &[Level::Partial]);
        (title && (names(self.a, self.b) || names(self.b, self.a))).then_some(Detail::DoiVersion)
    }

    fn preprint(&self) -> Option<Detail> {
        let allowed = [Veto::DoiDiffers, Veto::ArticleNumberDiffers, Veto::FormatDiffers, Veto::HostPartDiffers];
        let authors = self.authors_agree() || self.is(Aspect::Authors, &[Level::Partial]);
        let agrees = || self.title_agrees() && self.title_words() >= 3 && authors;
        let tells_apart = self.a.is_preprint != self.b.is_preprint || self.is(Aspect::Doi, &[Level::Different]);
        let is_one = self.either(|features| features.is_preprint) && tells_apart && self.within_years(6);
        (is_one && agrees() && self.only(&allowed)).then_some(Detail::Preprint)
    }

    fn conference(&self) -> Option<Detail> {
        let allowed = [
            Veto::DoiDiffers,
            Veto::ArticleNumberDiffers,
            Veto::FormatDiffers,
            Veto::HostPartDiffers,
            Veto::HostKindDiffers,
            Veto::YearDiffers,
        ];
        if !self.is(Aspect::Container, &[Level::Different, Level::Partial]) {
            return None;
        }
        let is_one = is_conference(self.a) != is_conference(self.b)
            && self.either(|features| !is_conference(features) && features.classes.meets(Classes::ARTICLE))
            && self.both(|features| !features.container.is_empty());
        let agrees =
            self.is(Aspect::Title, &[Level::Same, Level::Similar]) && self.title_words() >= 5 && self.authors_agree();
        (is_one && agrees && self.within_years(4) && self.only(&allowed)).then_some(Detail::Conference)
    }

    fn carrier(&self) -> Option<Detail> {
        if !self.title_agrees() || !self.has(Veto::CarrierDiffers) {
            return None;
        }
        let allowed = [Veto::CarrierDiffers, Veto::DoiDiffers, Veto::ExtentDiffers];
        let one_publisher = self.is(Aspect::Publisher, &[Level::Same, Level::Similar]);
        // Recordings of one piece are many; only those of one publisher are one recording.
        let is_recording = self.either(|features| features.classes.meets(Classes::AUDIO));
        let one_maker = if is_recording { self.authors_agree() && one_publisher } else { self.has_one_maker() };
        let agrees = self.is_telling() && one_maker;
        let one_time = !self.is(Aspect::Year, &[Level::Different, Level::Weak]);
        let one_edition = one_time && !self.is(Aspect::Publisher, &[Level::Different]);
        (agrees && one_edition && self.only(&allowed)).then_some(Detail::Carrier)
    }

    fn edition(&self) -> Option<Detail> {
        let allowed = [
            Veto::EditionDiffers,
            Veto::StatementsDiffer,
            Veto::ExtentDiffers,
            Veto::DoiDiffers,
            Veto::CarrierDiffers,
            Veto::PrintingDiffers,
            Veto::YearDiffers,
        ];
        let agrees = self.title_agrees() && self.is_telling() && self.authors_agree();
        // What bears one title each year is another text in each.
        let recurs = || self.has(Veto::YearDiffers) && years_tell(self.a, self.b, self.comparison);
        if !agrees || recurs() || !self.both(is_monograph) || !self.only(&allowed) || !self.is_one_part() {
            return None;
        }
        if self.has(Veto::PrintingDiffers) {
            return Some(Detail::Printing);
        }
        let one_publisher = self.is(Aspect::Publisher, &[Level::Same, Level::Similar]);
        let one_extent = self.is(Aspect::Extent, &[Level::Same, Level::Similar]);
        // A title cut short, or the full score beside the vocal score, needs more that is the same.
        let is_loose = self.is(Aspect::Title, &[Level::Shortened])
            || self.either(|features| features.classes.meets(Classes::SCORE));
        let other_edition = self.is(Aspect::Edition, &[Level::Different]);
        let other_series = self.either(|features| features.classes.meets(Classes::MAP)) && !self.is_one_series();
        if other_series || (is_loose && !one_extent && !(one_publisher && other_edition)) {
            return None;
        }
        let other_publisher = self.is(Aspect::Publisher, &[Level::Different]);
        let is_reset = other_publisher
            || self.is(Aspect::Extent, &[Level::Different, Level::Partial])
            || self.is(Aspect::Edition, &[Level::Similar, Level::OneMissing])
            || self.has(Veto::CarrierDiffers);
        let other_year = self.is(Aspect::Year, &[Level::Different, Level::Weak, Level::Similar]);
        let elsewhere = other_publisher && self.is(Aspect::Extent, &[Level::Different]);
        if other_edition || (other_year && is_reset) || elsewhere {
            return Some(Detail::Edition);
        }
        (other_year && one_publisher).then_some(Detail::Printing)
    }

    /// Whether nothing speaks against one series: maps of one place are many.
    fn is_one_series(&self) -> bool {
        let (x, y) = (&self.a.series.name, &self.b.series.name);
        x.is_empty() || y.is_empty() || x == y
    }

    /// Whether the titles name no part, or the same.
    fn is_one_part(&self) -> bool {
        !self.is(Aspect::Part, &[Level::Different, Level::OneMissing])
            && PartNumbers::of(&self.a.title).numbers == PartNumbers::of(&self.b.title).numbers
    }
}

/// Whether a record is a publication by itself in print or its like, so that it has editions and printings.
/// A citation that says nothing of format, extent or ISBN may as well be an article.
fn is_monograph(features: &Features) -> bool {
    let without_editions = Classes::SERIAL.with(Classes::AUDIO).with(Classes::VIDEO).with(Classes::IMAGE);
    let is_known = !features.classes.is_empty()
        || features.extent.pages > 0
        || features.identifiers_of(IdKind::Isbn).next().is_some();
    !features.is_component() && is_known && !features.classes.meets(without_editions)
}

/// Whether a component stands in the proceedings of a conference, or is an abstract in a supplement.
pub(super) fn is_conference(features: &Features) -> bool {
    const WORDS: [&str; 16] = [
        "abstracts",
        "colloquium",
        "conference",
        "conf",
        "congress",
        "kongress",
        "konferenz",
        "meeting",
        "proceedings",
        "proc",
        "symposium",
        "symp",
        "tagung",
        "workshop",
        "workshops",
        "summit",
    ];
    // `Proceedings of the National Academy of Sciences` and its like are journals.
    const JOURNALS: [&str; 7] = ["academy", "society", "institution", "association", "soc", "acad", "ieee"];
    let words = || features.container.split(' ');
    let is_named = words().any(|word| WORDS.contains(&word));
    let only_proceedings = words().all(|word| !WORDS.contains(&word) || matches!(word, "proceedings" | "proc"));
    let is_journal = only_proceedings && (words().any(|word| JOURNALS.contains(&word)) || !features.volume.is_empty());
    // One page with a letter before its number: `S123`, `P63`.
    let has_end = !features.end_page.is_empty() && features.end_page != features.start_page;
    let is_lettered = features.start_page.starts_with(['a', 'p', 's'])
        && features.start_page.bytes().skip(1).all(|byte| byte.is_ascii_digit());
    let is_abstract = !has_end && is_lettered && features.start_page.len() > 1;
    features.classes.meets(Classes::CONFERENCE) || (is_named && !is_journal) || is_abstract
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, found};
    use super::*;

    /// A book with fields of its own.
    fn book(fields: &str) -> String {
        format!(
            r#""title":"System des schweizerischen Steuerrechts","author":["Blumenstein, Ernst"],"format":["Book"],{fields}"#
        )
    }

    #[test]
    fn editions_and_printings_are_told_apart() {
        let first = book(
            r#""publishDate":["1971"],"publisher":["Schulthess"],"physical":["554 S."],"edition":"3. Aufl.","language":["ger"]"#,
        );
        let edition = book(
            r#""publishDate":["2002"],"publisher":["Schulthess"],"physical":["669 S."],"edition":"6. Aufl.","language":["ger"]"#,
        );
        let printing = book(
            r#""publishDate":["1979"],"publisher":["Schulthess"],"physical":["557 S."],"edition":"3. Aufl.","language":["ger"]"#,
        );
        let elsewhere =
            book(r#""publishDate":["1999"],"publisher":["Stämpfli"],"physical":["431 S."],"language":["ger"]"#);
        check(&first, &edition, Some(Detail::Edition));
        check(&first, &printing, Some(Detail::Printing));
        let one_isbn = format!(r#"{first},"isbn":["2-08-070552-0"]"#);
        let reprint = one_isbn.replace("1971", "1975").replace("3. Aufl.", "[Nachdr.]");
        check(&one_isbn, &reprint, Some(Detail::Printing));
        check(&first, &elsewhere, Some(Detail::Edition));
        let (_, reason) = found(&first, &edition).expect("an edition");
        assert_eq!(
            reason,
            "title and authors agree, but this is another edition: edition 3 and 6, 1971 and 2002, other extents"
        );
        let other = first.replace("Blumenstein, Ernst", "Locher, Peter");
        check(&other, &edition, None);
    }

    #[test]
    fn carriers_make_versions_of_one_edition() {
        let paper = book(r#""publishDate":["2017"],"publisher":["Thieme"],"physical":["336 Seiten"]"#);
        let online = book(r#""publishDate":["2017"],"publisher":["Thieme"],"physical":["1 Online-Ressource"]"#);
        let older = book(r#""publishDate":["1998"],"publisher":["Thieme"],"physical":["1 Online-Ressource"]"#);
        check(&paper, &online, Some(Detail::Carrier));
        check(&paper, &older, Some(Detail::Edition));
    }

    #[test]
    fn preprints_belong_to_what_is_published() {
        let preprint = r#""title":"Sci-Hub provides access to nearly all scholarly literature","author":["Himmelstein, Daniel S.","Romero, Ariel R."],
            "publishDate":["2017"],"doi_str_mv":["10.7287/peerj.preprints.3100v3"],"format":["Article"]"#;
        let article = r#""title":"Sci-Hub provides access to nearly all scholarly literature","author":["Himmelstein, Daniel S.","Romero, Ariel R."],
            "publishDate":["2018"],"doi_str_mv":["10.7554/eLife.32822"],"format":["Article"],"container_title":"eLife","container_volume":"7"#;
        let article = &format!("{article}\"");
        check(preprint, article, Some(Detail::Preprint));
        let (_, reason) = found(article, preprint).expect("a preprint");
        assert_eq!(reason, "b is a preprint or working paper of the work that a publishes");
        let data = preprint.replace("10.7287/peerj.preprints.3100v3", "10.6084/m9.figshare.3100.v3");
        check(&data, &data.replace("3100.v3", "3100.v1"), Some(Detail::DoiVersion));
        let thin = r#""title":"Sci-Hub provides access to nearly all scholarly literature","publishDate":["2017"],
            "doi_str_mv":["10.7287/peerj.preprints.3100v3"],"publisher":["PeerJ"],"format":["Report"]"#;
        check(thin, &thin.replace("3100v3", "3100v1").replace("2017", "2018"), Some(Detail::DoiVersion));
        check(&preprint.replace("Himmelstein", "Miller").replace("Romero", "Jones"), article, None);
    }

    #[test]
    fn conference_papers_belong_to_articles() {
        let paper = r#""title":"Query processing techniques for large arrays","author":["Marathe, A.","Salem, K."],"publishDate":["1999"],
            "format":["Conference Proceeding"],"container_title":"SIGMOD Conference","container_start_page":"323","container_pages_str":"323-334""#;
        let article = r#""title":"Query processing techniques for large arrays","author":["Marathe, A. P.","Salem, K."],"publishDate":["2002"],
            "format":["Article"],"container_title":"The VLDB Journal","container_volume":"11","container_start_page":"68","container_pages_str":"68-91""#;
        check(paper, article, Some(Detail::Conference));
    }
}
