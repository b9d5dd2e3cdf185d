//! DOIs: what different ones say of two records. A DOI is one work's, but a work may have several: of its versions, of an
//! agency each, of a copy in a repository.

use crate::keys::features::Deposit;
use crate::keys::material::Classes;
use crate::keys::{Features, IdKind};

use super::super::evidence::{Aspect, Comparison, Level};
use super::{content_words, host, is_generic};

/// DOIs by themselves. A version's DOI (`….v1`) is the DOI of the work too; those of two versions of a preprint are similar, and
/// of two updates of one Cochrane review (`….pub2`, `….pub3`). Two versions of anything else may be two volumes, or two states
/// of data.
pub(super) fn level(a: &Features, b: &Features) -> Option<Level> {
    let level = host::identifiers(a, b, &[IdKind::Doi]);
    if level != Some(Level::Different) {
        return level;
    }
    let is_version = meet(a, IdKind::DoiBase, b, IdKind::Doi) || meet(a, IdKind::Doi, b, IdKind::DoiBase);
    let are_versions = || meet(a, IdKind::DoiBase, b, IdKind::DoiBase) && a.is_preprint && b.is_preprint;
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
    } else if is_one_deposit(a, b, comparison) || is_printed_twice(a, b, comparison) {
        Some(Level::Similar)
    } else if is_archived(a, b, comparison)
        || is_copy_of(a, b, comparison)
        || is_copy_of(b, a, comparison)
        || host::is_paged_anew(a, b, comparison)
    {
        Some(Level::Close)
    } else {
        are_of_one_article(a, b, comparison).then_some(Level::Partial)
    }
}

fn meet(a: &Features, of_a: IdKind, b: &Features, of_b: IdKind) -> bool {
    a.identifiers_of(of_a).any(|hash| b.identifiers_of(of_b).any(|other| other == hash))
}

/// Whether a record describes an article, and neither data, nor a paper of a conference, nor a thesis.
fn is_article(features: &Features) -> bool {
    let others = Classes::DATASET.with(Classes::SOFTWARE).with(Classes::CONFERENCE).with(Classes::THESIS);
    features.classes.meets(Classes::ARTICLE) && !features.classes.meets(others)
}

/// Whether title and year are the same, the authors agree, and nothing of host and place differs.
fn agree_but_for_doi(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    let level = |aspect| comparison.level(aspect);
    let differs = |aspect| level(aspect) == Some(Level::Different);
    [Aspect::Title, Aspect::Year].into_iter().all(|aspect| level(aspect) == Some(Level::Same))
        && agrees(level(Aspect::Authors))
        && ![Aspect::Container, Aspect::Volume, Aspect::Issue, Aspect::Pages].into_iter().any(differs)
        && end_on_one_page(a, b)
        && !is_generic(a)
        && !is_generic(b)
}

fn agrees(level: Option<Level>) -> bool {
    matches!(level, Some(Level::Same | Level::Similar | Level::Shortened))
}

/// Whether the last pages are one, or one is not told.
fn end_on_one_page(a: &Features, b: &Features) -> bool {
    a.end_page.is_empty() || b.end_page.is_empty() || a.end_page == b.end_page
}

/// Whether one DOI may be that of a version of the other's work: a deposit in Zenodo, which has a DOI of the work beside that
/// of its version, or an article of a platform with open review.
fn is_one_deposit(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    let may_be_one = meet(a, IdKind::DoiSibling, b, IdKind::Doi)
        || meet(a, IdKind::Doi, b, IdKind::DoiSibling)
        || meet(a, IdKind::DoiSibling, b, IdKind::DoiSibling);
    may_be_one
        && !is_of_a_row(a)
        && !is_of_a_row(b)
        && comparison.level(Aspect::Authors) == Some(Level::Same)
        && is_article(a)
        && is_article(b)
        && agree_but_for_doi(a, b, comparison)
}

/// Whether a title names what is deposited many times under it, one number after the other.
fn is_of_a_row(features: &Features) -> bool {
    const ROWS: [&str; 12] = [
        "bericht",
        "bulletin",
        "figure",
        "interview",
        "letter",
        "minute",
        "newsletter",
        "photo",
        "protokoll",
        "report",
        "supplement",
        "transcript",
    ];
    features.title.whole().split(' ').any(|word| ROWS.contains(&word.strip_suffix('s').unwrap_or(word)))
}

/// Whether an article was printed in two series of one house, under one number and on the same pages: the ACM prints the papers
/// of some conferences in its newsletters, too.
fn is_printed_twice(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    let same = |aspect| comparison.level(aspect) == Some(Level::Same);
    meet(a, IdKind::DoiBase, b, IdKind::DoiBase)
        && comparison.kind.is_component()
        && [Aspect::Title, Aspect::Authors, Aspect::Year, Aspect::Pages].into_iter().all(same)
        && end_on_one_page(a, b)
        && says_enough(a)
        && says_enough(b)
        && !is_generic(a)
        && !is_generic(b)
}

/// Whether two components with different DOIs are one article all the same: title, authors, volume and
/// pages agree. Then one DOI is mistyped, or two agencies registered the article (JSTOR and the publisher, a
/// journal that changed hands). Two articles never stand on the same pages under one title.
pub(super) fn are_of_one_article(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    let level = |aspect| comparison.level(aspect);
    if is_generic(a) || is_generic(b) || level(Aspect::Issue) == Some(Level::Different) {
        return false;
    }
    let title = matches!(level(Aspect::Title), Some(Level::Same | Level::Similar));
    let year = matches!(level(Aspect::Year), Some(Level::Same | Level::Similar | Level::Partial));
    title
        && year
        && agrees(level(Aspect::Authors))
        && level(Aspect::Container) != Some(Level::Different)
        && level(Aspect::Volume) == Some(Level::Same)
        && level(Aspect::Pages) == Some(Level::Same)
        && end_on_one_page(a, b)
}

/// Whether one of two records is the entry that the archive JSTOR registered for the other's article: first page and all else
/// agree, only the volume is not told.
fn is_archived(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    let is_archive = |features: &Features| features.publisher.split(' ').any(|word| word == "jstor");
    is_archive(a) != is_archive(b)
        && comparison.level(Aspect::Pages) == Some(Level::Same)
        && is_article(a)
        && is_article(b)
        && agree_but_for_doi(a, b, comparison)
}

/// Words of a title by which two records of a year are of one text.
const MIN_COPIED_WORDS: usize = 4;

fn says_enough(features: &Features) -> bool {
    content_words(&features.title.whole()).len() >= MIN_COPIED_WORDS
}

/// Whether `copy` is the copy of a published article in the repository of a university or library, which gives it a DOI of its own
/// and tells no journal, volume or page: under the same summary, or by the same people. What one person deposits may as well be a
/// thesis. A publisher, or a society that publishes, has its own DOIs: what appears in two journals at once is two articles.
fn is_copy_of(copy: &Features, article: &Features, comparison: &Comparison) -> bool {
    let is_by_many = copy.persons.len() > 1 && article.persons.len() > 1;
    is_unplaced(copy)
        && !is_unplaced(article)
        && copy.deposit == Deposit::Repository
        && article.deposit != Deposit::Repository
        && (is_by_many || have_one_summary(copy, article))
        && [copy, article].into_iter().all(|of| is_article(of) && !of.is_preprint)
        && says_enough(copy)
        && says_enough(article)
        && agree_but_for_doi(copy, article, comparison)
}

/// Years after which nobody deposits an article, but writes it anew.
const MOST_YEARS_LATER: u16 = 5;

/// Whether both have a summary, and the same.
pub(super) fn have_one_summary(a: &Features, b: &Features) -> bool {
    a.summary != 0 && a.summary == b.summary
}

/// Whether one of two articles is the other's copy in a repository, which tells no place and has it from a later year: people
/// deposit what they wrote when they are asked to. Title, authors and summary are the same.
pub(super) fn is_deposited_later(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    let level = |aspect| comparison.level(aspect);
    let is_later = |copy: &Features, article: &Features| {
        let gap = copy.years.first.checked_sub(article.years.first).filter(|_| article.years.first > 0);
        is_unplaced(copy)
            && !is_unplaced(article)
            && matches!(copy.deposit, Deposit::Repository | Deposit::Anyone)
            && gap.is_some_and(|gap| gap <= MOST_YEARS_LATER)
    };
    have_one_summary(a, b)
        && (is_later(a, b) || is_later(b, a))
        && level(Aspect::Title) == Some(Level::Same)
        && matches!(level(Aspect::Authors), Some(Level::Same | Level::Similar))
        && [a, b].into_iter().all(|of| is_article(of) && !of.is_preprint)
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

    /// A record with these fields, and the usual ones unless they are among them.
    fn features(fields: &str) -> Features<'static> {
        let usual = [
            r#""author":["Pfenninger, Stefan","Staffell, Iain"]"#.to_owned(),
            r#""publishDate":["2016"]"#.to_owned(),
            format!(r#""title":"{TITLE}""#),
            r#""format":["Article"]"#.to_owned(),
        ];
        let is_left_out = |field: &&String| !fields.contains(field.split(':').next().unwrap_or_default());
        let usual: Vec<&str> = usual.iter().filter(is_left_out).map(String::as_str).collect();
        let json = format!(r#"{{"id":"x",{},{fields}}}"#, usual.join(","));
        Parser::default().parse(json.as_bytes(), Features::of).expect("a record")
    }

    fn check(one: &str, other: &str, expected: Level) {
        let weights = Weights::new(&Model::default()).expect("defaults");
        let level = |one: &str, other: &str| {
            super::super::compare(&features(one), &features(other), &weights).level(Aspect::Doi)
        };
        assert_eq!(level(one, other), Some(expected), "{one} / {other}");
        assert_eq!(level(other, one), Some(expected), "{other} / {one}");
    }

    fn doi(doi: &str, more: &str) -> String {
        format!(r#""doi_str_mv":["{doi}"]{more}"#)
    }

    #[test]
    fn versions_of_a_preprint_are_similar_and_those_of_the_rest_are_not() {
        check(&doi("10.21203/rs.2.18406/v1", ""), &doi("10.21203/rs.2.18406/v2", ""), Level::Similar);
        check(&doi("10.6084/m9.figshare.51658.v1", ""), &doi("10.6084/m9.figshare.51658.v2", ""), Level::Different);
        check(&doi("10.1515/9783110123456.v1", ""), &doi("10.1515/9783110123456.v2", ""), Level::Different);
    }

    #[test]
    fn versions_of_a_preprint_may_be_posted_a_year_apart() {
        let weights = Weights::new(&Model::default()).expect("defaults");
        let has_doubt = |one: &str, other: &str| {
            let bare = |doi: &str, year: u16| {
                features(&format!(r#""doi_str_mv":["{doi}"],"format":["post"],"publishDate":["{year}"],"author":[]"#))
            };
            let comparison = super::super::compare(&bare(one, 2020), &bare(other, 2019), &weights);
            comparison.vetoes.contains(&Veto::YearDiffers)
        };
        assert!(!has_doubt("10.21203/rs.2.18406/v2", "10.21203/rs.2.18406/v1"));
        assert!(has_doubt("10.21203/rs.2.18406/v2", "10.21203/rs.2.28406/v1"));
    }

    #[test]
    fn an_article_printed_twice_by_one_house_keeps_its_number_and_pages() {
        let pages = |pages: &str| format!(r#","container_pages_str":"{pages}""#);
        let paper = doi("10.1145/2541940.2541946", &pages("333-348"));
        check(&paper, &doi("10.1145/2644865.2541946", &pages("333-348")), Level::Similar);
        check(&paper, &doi("10.1145/2644865.2541946", &pages("333-340")), Level::Different);
        check(&paper, &doi("10.1145/2644865.2541947", &pages("333-348")), Level::Different);
        check(&doi("10.1145/2541940.2541946", ""), &doi("10.1145/2644865.2541946", ""), Level::Different);
    }

    #[test]
    fn a_deposit_has_a_doi_of_its_work_and_one_of_its_version() {
        let (work, version) = (doi("10.5281/zenodo.3463852", ""), doi("10.5281/zenodo.3463853", ""));
        check(&work, &version, Level::Similar);
        check(&work, &version.replace("3463853", "3463854"), Level::Different);
        check(&work, &format!(r#"{version},"title":"Another title""#), Level::Different);
        let placed = |work: &str, page: u8| format!(r#"{work},"container_start_page":"{page}""#);
        check(&placed(&work, 11), &placed(&version, 24), Level::Different);
        check(
            &format!(r#"{work},"format":["Dataset"]"#),
            &format!(r#"{version},"format":["Dataset"]"#),
            Level::Different,
        );
    }

    /// A summary long enough to tell which text it is of.
    fn summed_up(start: &str) -> String {
        format!(
            r#","description":["{start} simulated output with metered sites across Europe, and find that reanalyses tell too much
                in the north by a fifth, which we correct for every country and year."]"#
        )
        .replace('\n', " ")
    }

    #[test]
    fn a_copy_of_what_one_person_wrote_has_the_summary_of_the_article() {
        let of = |number: &str, more: &str| doi(number, &format!(r#","author":["Pfenninger, Stefan"]{more}"#));
        let article =
            of("10.1016/j.energy.2016.08.060", &format!(r#","container_volume":"114"{}"#, summed_up("We compare")));
        let copy = |more: &str| of("10.7282/t3kh0kq0", more);
        check(&article, &copy(&summed_up("We compare")), Level::Close);
        check(&article, &copy(&summed_up("We contrast")), Level::Different);
        check(&article, &copy(""), Level::Different);
        let thesis = copy(&format!(r#","format":["Article","Thesis"]{}"#, summed_up("We compare")));
        check(&article, &thesis, Level::Different);
        for other in ["10.6084/m9.figshare.51658", "10.1136/bmj.c332", "10.5194/acp-2019-123", "10.5281/zenodo.3605302"]
        {
            check(&article, &of(other, &summed_up("We compare")), Level::Different);
        }
    }

    #[test]
    fn a_deposit_may_have_the_year_in_which_it_was_made() {
        let weights = Weights::new(&Model::default()).expect("defaults");
        let has_doubt = |published: u16, deposited: u16, text: &str| {
            let article = features(&format!(
                r#""publishDate":["{published}"],"container_volume":"114"{}"#,
                summed_up("We compare")
            ));
            let copy = doi("10.5281/zenodo.3605302", &format!(r#","publishDate":["{deposited}"]{}"#, summed_up(text)));
            let copy = features(&copy);
            super::super::compare(&article, &copy, &weights).vetoes.contains(&Veto::YearDiffers)
        };
        assert!(!has_doubt(2016, 2020, "We compare"));
        assert!(has_doubt(2020, 2016, "We compare"));
        assert!(has_doubt(2016, 2026, "We compare"));
        assert!(has_doubt(2016, 2020, "We contrast"));
    }

    #[test]
    fn an_entry_is_paged_anew_when_its_book_appears() {
        let chapter = |number: &str, pages: &str| {
            doi(number, &format!(r#","format":["Book Chapter"],"container_pages_str":"{pages}""#))
        };
        let first = chapter("10.1007/978-3-319-76887-8_61-1", "1-29");
        check(&first, &chapter("10.1007/978-3-319-96397-6_61", "593-621"), Level::Close);
        check(&first, &chapter("10.1007/978-3-319-96397-6_61", "593-622"), Level::Different);
        check(&first, &chapter("10.1007/978-3-319-96397-6_62", "593-621"), Level::Different);
        let of_edition = chapter("10.1007/978-3-319-76887-8_61", "1-29");
        check(&of_edition, &chapter("10.1007/978-3-319-96397-6_61", "593-621"), Level::Different);
    }

    #[test]
    fn an_archive_and_the_publisher_register_one_article() {
        let of = |number: &str, publisher: &str, pages: &str| {
            doi(number, &format!(r#","container_pages_str":"{pages}","publisher":["{publisher}"]"#))
        };
        let published = of("10.1080/00401706.1961.10489939", "Informa", "167-190");
        check(&published, &of("10.2307/1266111", "JSTOR", "167"), Level::Close);
        check(&published, &of("10.2307/1266111", "JSTOR", "167-170"), Level::Different);
        check(&published, &of("10.1080/00401706.1961.10489940", "Informa", "167"), Level::Different);
    }

    #[test]
    fn one_place_is_one_article_up_to_the_last_page() {
        let of = |number: &str, pages: &str| {
            doi(
                number,
                &format!(r#","container_title":"Energy","container_volume":"114","container_pages_str":"{pages}""#),
            )
        };
        check(&of("10.1016/j.energy.1", "5-9"), &of("10.1016/j.energy.2", "5-9"), Level::Partial);
        check(&of("10.1016/j.energy.1", "5-9"), &of("10.1016/j.energy.2", "5"), Level::Partial);
        check(&of("10.1016/j.energy.1", "5-9"), &of("10.1016/j.energy.2", "5-31"), Level::Different);
    }

    #[test]
    fn a_repository_registers_its_copy() {
        let published = doi("10.1016/j.energy.2016.08.060", r#","container_volume":"114","publisher":["Elsevier BV"]"#);
        let copy = |number: &str, publisher: &str| doi(number, &format!(r#","publisher":["{publisher}"]"#));
        for number in ["10.3929/ethz-b-000121026", "10.7916/d8c83ntz", "10.17615/b9ra-bj23"] {
            check(&published, &copy(number, "ETH Zurich"), Level::Close);
        }
        // Universities and libraries publish journals, too; and Zenodo takes preprints.
        for number in
            ["10.5195/jmla.2021.962", "10.1017/s0021853700012345", "10.5281/zenodo.3605302", "10.46427/gold2020.123"]
        {
            check(&published, &copy(number, "University Library System, University of Pittsburgh"), Level::Different);
        }
        let copy = copy("10.3929/ethz-b-000121026", "ETH Zurich");
        check(&copy, &copy.replace("ethz-b", "ethz-c"), Level::Different);
        for more in
            [r#""format":["Dataset"]"#, r#""author":["Pfenninger, Stefan"]"#, r#""title":"Another title of it""#]
        {
            check(&published, &format!("{copy},{more}"), Level::Different);
        }
        check(&published, &copy.replace("10.3929/ethz-b-000121026", "10.48550/arxiv.1609.00001"), Level::Different);
    }
}
