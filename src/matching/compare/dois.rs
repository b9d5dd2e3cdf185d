//! DOIs: what different ones say of two records. A DOI is one work's, but a work may have several: of its versions, of an
//! agency each, of a copy in a repository.

use crate::keys::material::Classes;
use crate::keys::{Features, IdKind};

use super::super::evidence::{Aspect, Comparison, Level};
use super::{content_words, host, is_generic};

/// DOIs by themselves. A version's DOI (`….v1`) is the DOI of the work too; those of two versions of a text are similar, and of
/// two updates of one Cochrane review (`….pub2`, `….pub3`).
pub(super) fn level(a: &Features, b: &Features) -> Option<Level> {
    let level = host::identifiers(a, b, &[IdKind::Doi]);
    if level != Some(Level::Different) {
        return level;
    }
    let is_version = meet(a, IdKind::DoiBase, b, IdKind::Doi) || meet(a, IdKind::Doi, b, IdKind::DoiBase);
    let are_versions = || meet(a, IdKind::DoiBase, b, IdKind::DoiBase) && !is_data(a) && !is_data(b);
    match () {
        () if is_version => Some(Level::Same),
        () if are_versions() || meet(a, IdKind::DoiUpdate, b, IdKind::DoiUpdate) => Some(Level::Similar),
        () => level,
    }
}

/// What different DOIs are after all, once the rest was compared.
pub(super) fn told_by_the_rest(a: &Features, b: &Features, comparison: &Comparison) -> Option<Level> {
    if comparison.level(Aspect::Doi) != Some(Level::Different) {
        None
    } else if are_of_one_deposit(a, b, comparison) {
        Some(Level::Similar)
    } else if stands_within(a, b, comparison) || is_copy_of(a, b, comparison) || is_copy_of(b, a, comparison) {
        Some(Level::Close)
    } else {
        are_of_one_article(a, b, comparison).then_some(Level::Partial)
    }
}

fn meet(a: &Features, of_a: IdKind, b: &Features, of_b: IdKind) -> bool {
    a.identifiers_of(of_a).any(|hash| b.identifiers_of(of_b).any(|other| other == hash))
}

/// Whether a record describes data or programs, whose versions differ in what they hold.
fn is_data(features: &Features) -> bool {
    features.classes.meets(Classes::DATASET.with(Classes::SOFTWARE))
}

/// Whether one DOI may be that of a version of the other's work, and title, people and year are the same: a deposit in
/// Zenodo, which has a DOI of the work beside that of its version, or an article of a platform with open review.
fn are_of_one_deposit(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    let may_be_one = meet(a, IdKind::DoiSibling, b, IdKind::Doi)
        || meet(a, IdKind::Doi, b, IdKind::DoiSibling)
        || meet(a, IdKind::DoiSibling, b, IdKind::DoiSibling);
    let same = |aspect| comparison.level(aspect) == Some(Level::Same);
    may_be_one
        && [Aspect::Title, Aspect::Authors, Aspect::Year].into_iter().all(same)
        && !is_data(a)
        && !is_data(b)
        && !is_generic(a)
        && !is_generic(b)
}

/// Whether two components with different DOIs are one article all the same: title, authors, volume and first
/// page agree. Then one DOI is mistyped, or two agencies registered the article (JSTOR and the publisher, a
/// journal that changed hands). Two articles never begin on one page under one title.
pub(super) fn are_of_one_article(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    let title = matches!(comparison.level(Aspect::Title), Some(Level::Same | Level::Similar));
    let year = matches!(comparison.level(Aspect::Year), Some(Level::Same | Level::Similar | Level::Partial));
    title && year && comparison.level(Aspect::Volume) == Some(Level::Same) && begin_on_one_page(a, b, comparison)
}

/// Whether two articles without volume are one by title, year and page, but for the first page, on which each paper of a
/// series begins.
fn stands_within(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    let same = |aspect| comparison.level(aspect) == Some(Level::Same);
    comparison.level(Aspect::Volume).is_none()
        && same(Aspect::Title)
        && same(Aspect::Year)
        && begin_on_one_page(a, b, comparison)
        && [a, b].iter().all(|features| &*features.start_page != "1" && !features.is_preprint && !is_data(features))
}

/// Whether authors and first page agree, and nothing of the host differs.
fn begin_on_one_page(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    let differs = |aspect| comparison.level(aspect) == Some(Level::Different);
    comparison.level(Aspect::Pages) == Some(Level::Same)
        && agrees(comparison.level(Aspect::Authors))
        && !differs(Aspect::Container)
        && !differs(Aspect::Issue)
        && !is_generic(a)
        && !is_generic(b)
}

fn agrees(level: Option<Level>) -> bool {
    matches!(level, Some(Level::Same | Level::Similar | Level::Shortened))
}

/// Words of a title by which two deposits of a year are one text.
const MIN_COPIED_WORDS: usize = 4;

/// Whether `copy` is the copy of a published article in a repository, which gives it a DOI of its own and tells no journal,
/// volume or page: title, people and year are the same. Preprints and data have years and texts of their own.
fn is_copy_of(copy: &Features, article: &Features, comparison: &Comparison) -> bool {
    let same = |aspect| comparison.level(aspect) == Some(Level::Same);
    same(Aspect::Title)
        && same(Aspect::Year)
        && agrees(comparison.level(Aspect::Authors))
        && is_text_copy(copy, article)
}

/// Whether only one of two articles tells where it was published, and their titles say enough.
fn is_text_copy(copy: &Features, article: &Features) -> bool {
    let is_text = |features: &Features| {
        features.classes.meets(Classes::ARTICLE) && !features.classes.meets(Classes::CONFERENCE) && !is_data(features)
    };
    is_unplaced(copy)
        && !is_unplaced(article)
        && [copy, article]
            .into_iter()
            .all(|features| is_text(features) && !features.is_preprint && !is_generic(features))
        && content_words(&copy.title.whole()).len() >= MIN_COPIED_WORDS
}

/// Years after which an article is still deposited.
const MAX_DEPOSITED_LATER: u16 = 5;

/// Whether one is the deposit, in a repository that numbers versions, of an article that appeared years before: the year of
/// such a deposit is mostly that in which it was made.
pub(super) fn was_deposited_later(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    let same = |aspect| comparison.level(aspect) == Some(Level::Same);
    let is_deposit_of = |copy: &Features, article: &Features| {
        let is_versioned =
            copy.identifiers_of(IdKind::DoiSibling).chain(copy.identifiers_of(IdKind::DoiBase)).count() > 0;
        let later = copy.years.first.checked_sub(article.years.first);
        is_versioned && is_text_copy(copy, article) && later.is_some_and(|years| years <= MAX_DEPOSITED_LATER)
    };
    same(Aspect::Title) && same(Aspect::Authors) && (is_deposit_of(a, b) || is_deposit_of(b, a))
}

/// Whether nothing tells where a text was published.
pub(in crate::matching) fn is_unplaced(features: &Features) -> bool {
    [&features.container, &features.volume, &features.issue, &features.start_page].iter().all(|text| text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::super::evidence::Veto;
    use super::super::super::weights::{Model, Weights};
    use super::*;
    use crate::input::Parser;

    const TITLE: &str = "Long term patterns of photovoltaic output using validated hourly data";

    fn features(fields: &str, year: u16) -> Features<'static> {
        let json = format!(r#"{{"id":"x","author":["Pfenninger, Stefan"],"publishDate":["{year}"],{fields}}}"#);
        Parser::default().parse(json.as_bytes(), Features::of).expect("a record")
    }

    fn weights() -> Weights {
        Weights::new(&Model::default()).expect("defaults")
    }

    fn doi_level(one: &str, other: &str) -> Option<Level> {
        super::super::compare(&features(one, 2016), &features(other, 2016), &weights()).level(Aspect::Doi)
    }

    fn article(doi: &str, more: &str) -> String {
        format!(r#""title":"{TITLE}","format":["Article"],"doi_str_mv":["{doi}"]{more}"#)
    }

    #[test]
    fn versions_of_a_text_are_one_and_those_of_data_are_not() {
        let of = |version: u8| article(&format!("10.21203/rs.2.18406/v{version}"), "");
        assert_eq!(doi_level(&of(1), &of(2)), Some(Level::Similar));
        let data = |version: u8| of(version).replace("Article", "Dataset");
        assert_eq!(doi_level(&data(1), &data(2)), Some(Level::Different));
    }

    #[test]
    fn an_article_reprinted_in_another_journal_of_one_house_keeps_its_number() {
        let (one, other) = (article("10.1145/2541940.2541946", ""), article("10.1145/2644865.2541946", ""));
        assert_eq!(doi_level(&one, &other), Some(Level::Similar));
        assert_eq!(doi_level(&one, &article("10.1145/2541940.2541947", "")), Some(Level::Different));
    }

    #[test]
    fn a_deposit_has_a_doi_of_its_work_and_one_of_its_version() {
        let (work, version) = (article("10.5281/zenodo.3463852", ""), article("10.5281/zenodo.3463853", ""));
        assert_eq!(doi_level(&work, &version), Some(Level::Similar));
        assert_eq!(doi_level(&work, &version.replace("hourly", "daily")), Some(Level::Different));
        assert_eq!(doi_level(&work, &article("10.5281/zenodo.3463854", "")), Some(Level::Different));
    }

    #[test]
    fn two_agencies_register_one_article() {
        let of = |doi: &str, pages: &str| article(doi, &format!(r#","container_pages_str":"{pages}""#));
        assert_eq!(doi_level(&of("10.1080/00401706", "167-190"), &of("10.2307/1266111", "167")), Some(Level::Close));
        assert_eq!(doi_level(&of("10.1080/00401706", "1-20"), &of("10.2307/1266111", "1")), Some(Level::Different));
    }

    #[test]
    fn a_repository_registers_its_copy() {
        let published = article("10.1016/j.energy.2016.08.060", r#","container_volume":"114""#);
        let copy = article("10.3929/ethz-b-000121026", "");
        assert_eq!(doi_level(&published, &copy), Some(Level::Close));
        assert_eq!(doi_level(&copy, &article("10.7916/d8c83ntz", "")), Some(Level::Different), "which is the article?");
        for other in ["10.6084/m9.figshare.c.3960603", "10.48550/arxiv.1609.00001"] {
            assert_eq!(doi_level(&published, &article(other, "")), Some(Level::Different), "{other}");
        }
        assert_eq!(doi_level(&published, &copy.replace("Article", "Dataset")), Some(Level::Different));
        assert_eq!(doi_level(&published, &copy.replace("hourly", "daily")), Some(Level::Different));
    }

    #[test]
    fn an_article_may_be_deposited_years_later() {
        let published = features(&format!(r#""title":"{TITLE}","format":["Article"],"container_volume":"114""#), 2016);
        let doubts = |doi: &str, year: u16| {
            super::super::compare(&published, &features(&article(doi, ""), year), &weights()).vetoes
        };
        assert_eq!(doubts("10.5281/zenodo.3605302", 2018), []);
        assert_eq!(doubts("10.5281/zenodo.3605302", 2024), [Veto::YearDiffers]);
        assert_eq!(doubts("10.5281/zenodo.3605302", 2013), [Veto::YearDiffers]);
        assert_eq!(doubts("10.1016/j.energy.2018.08.060", 2018), [Veto::YearDiffers]);
    }
}
