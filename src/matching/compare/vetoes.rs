//! The classic false merges, each with the evidence that separates the two records.

use std::borrow::Cow;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::keys::material::{Carriers, Classes, Extent};
use crate::keys::notes::{self, Counted, has};
use crate::keys::{Features, Text};

use super::super::evidence::{Aspect, Comparison, Kind, Level, Veto};
use super::follow_up::{after_article, is_follow_up, is_of_the_other};
use super::generic::{is_generic, is_kind_of_text};
use super::wording::Contrast;
use super::{chapters, citations, dois, printings, statements};

/// All vetoes of a pair, ascending.
pub(in crate::matching) fn find(a: &Features, b: &Features, comparison: &Comparison) -> Vec<Veto> {
    let shared = Shared::of(a, b, comparison);
    let mut vetoes: Vec<Veto> = Veto::ALL.into_iter().filter(|&veto| holds(veto, a, b, comparison, &shared)).collect();
    add_further_doubts(a, b, comparison, &mut vetoes);
    vetoes
}

/// How much it says that two statements differ.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Difference {
    /// They do not, or it says nothing.
    None,
    /// One of them may be mistaken.
    Doubtful,
    /// The two are something else.
    Certain,
}

/// What several vetoes rest on.
struct Shared {
    number: Difference,
    edition: Difference,
    language: Difference,
    /// See [`contrast`].
    contrast: Option<Contrast>,
    /// See [`describe_one_printing`].
    is_one_printing: bool,
    is_reprint: bool,
    is_reprinted_elsewhere: bool,
}

impl Shared {
    fn of(a: &Features, b: &Features, comparison: &Comparison) -> Shared {
        let is_one_printing = describe_one_printing(a, b, comparison);
        Shared {
            number: number(a, b, comparison, is_one_printing),
            edition: edition(a, b, comparison, is_one_printing),
            language: language(a, b, comparison),
            contrast: contrast(a, b, comparison),
            is_one_printing,
            is_reprint: printings::is_reprint_beside(a, b, comparison),
            is_reprinted_elsewhere: printings::is_reprint_elsewhere(a, b, comparison),
        }
    }
}

/// Whether a veto speaks against a pair.
fn holds(veto: Veto, a: &Features, b: &Features, comparison: &Comparison, shared: &Shared) -> bool {
    let level = |aspect| comparison.level(aspect);
    let differs = |aspect| level(aspect) == Some(Level::Different);
    let contrast = shared.contrast;
    let are_of_one_date = a.years.first == b.years.first && a.years.others == b.years.others;
    match veto {
        Veto::DoiDiffers => differs(Aspect::Doi),
        Veto::ArticleNumberDiffers => differs(Aspect::ArticleNumber) && level(Aspect::Doi) != Some(Level::Same),
        Veto::NumberDiffers => {
            shared.number == Difference::Certain
                || notes::differ(&a.notes, &b.notes, |counted| counted != Counted::FirstPage)
                || contrast == Some(Contrast::Counted)
                || scales_differ(a, b)
                || super::host::registrations_differ(a, b)
        }
        Veto::NumberOnOneSide => {
            number_is_one_sided(a, b, comparison)
                || matches!(contrast, Some(Contrast::Companion | Contrast::Derived))
                || comparison.kind == Kind::Book
                    && (is_set_beside(a, b) || is_set_beside(b, a) || notes_set_apart(a, b, comparison))
                // A serial and its supplement or section.
                || comparison.kind == Kind::Serial && level(Aspect::Part) == Some(Level::OneMissing)
        }
        Veto::PartDiffers => differs(Aspect::Part),
        Veto::EditionDiffers => shared.edition == Difference::Certain,
        Veto::CorrectionOrReply => follows_up(a, b, comparison) || protocol_differs(a, b, comparison),
        Veto::LanguageDiffers => shared.language == Difference::Certain,
        Veto::FormatDiffers => {
            let is_other = differs(Aspect::Format) || is_paper_beside_book(a, b) || is_paper_beside_book(b, a);
            is_other && !is_one_by_doi(comparison) && !is_one_contribution(a, b, comparison)
        }
        Veto::CarrierDiffers => carriers_differ(a, b),
        Veto::SignsDiffer => a.title.signs != b.title.signs && !is_one_place(comparison),
        Veto::HostPartDiffers => host_part_differs(comparison) || stand_apart_in_host(a, b, comparison),
        Veto::GenericTitle => {
            is_generic(a) && is_generic(b) && !is_supported(comparison) || bear_kind_of_another(a, b, comparison)
        }
        Veto::ExtentDiffers => volumes_differ(a, b) || pages_differ(a, b, comparison),
        Veto::AuthorsDiffer => {
            comparison.kind == Kind::Book && statements::are_signed_by_others(a, b)
                || statements::houses_differ(a, b, comparison)
                || bodies_differ(a, b, comparison)
                || authors_differ(a, b, comparison)
        }
        Veto::IdentifierOfAnother => is_identifier_of_another(comparison),
        Veto::HostKindDiffers => host_kinds_differ(a, b, comparison),
        Veto::YearDiffers => {
            let is_other = year_differs(a, b, comparison) || printings::years_tell(a, b, comparison);
            is_other && !shared.is_reprint
        }
        Veto::HostUnknown => citations::is_thin(a, b, comparison),
        Veto::StatementsDiffer => {
            [shared.number, shared.edition, shared.language].contains(&Difference::Doubtful)
                || shared.is_reprinted_elsewhere && are_of_one_date
                || printers_differ(a, b, comparison)
                || super::host::are_other_map_series(a, b)
                || book_numbers_differ(a, b, comparison)
                || towns_differ(a, b, comparison)
                || comparison.kind == Kind::Serial && differs(Aspect::Issn)
                || !shared.is_one_printing && level(Aspect::Isbn) != Some(Level::Same) && translators_differ(a, b)
                || statements::differ(a, b, comparison)
        }
        Veto::WordsOpposed => contrast == Some(Contrast::Opposed),
        Veto::WordDiffers => {
            word_differs(a, b, comparison)
                || words_replaced(a, b, comparison)
                || is_other_article(a, b, comparison)
                || matches!(contrast, Some(Contrast::Extended | Contrast::Reordered | Contrast::Rearranged))
                || statements::subtitles_differ(a, b, comparison)
                || comparison.kind == Kind::Media && super::title::is_known_by_number_alone(a, b)
        }
        Veto::InSupplement => in_supplement(a, b, comparison),
        Veto::InOtherIssue => in_other_issue(a, b, comparison),
        Veto::HostDiffers => chapters::hosts_differ(a, b, comparison),
        Veto::PrintingDiffers => shared.is_reprint || shared.is_reprinted_elsewhere && !are_of_one_date,
        Veto::StateDiffers => super::host::are_other_states(a, b),
        // A doubt only where there are no others.
        Veto::PagesDiffer => false,
    }
}

/// Numbers in the titles. Those of one printing may be mistyped, if they are not of its parts.
fn number(a: &Features, b: &Features, comparison: &Comparison, is_one_printing: bool) -> Difference {
    if comparison.level(Aspect::Numbers) != Some(Level::Different) || dois::are_of_one_article(a, b, comparison) {
        return Difference::None;
    }
    if is_one_printing && !are_parts(a, b) { Difference::Doubtful } else { Difference::Certain }
}

/// Statements of edition.
fn edition(a: &Features, b: &Features, comparison: &Comparison, is_one_printing: bool) -> Difference {
    let level = comparison.level(Aspect::Edition);
    let differs = level == Some(Level::Different);
    let is_doubtful = differs && is_one_printing && a.years.first < FIRST_ISBN
        || level == Some(Level::Similar) && super::host::are_other_editions(a, b)
        || printings::later_edition_has_other_pages(a, b, comparison);
    match (differs, is_doubtful) {
        (true, true) if are_impressions(a, b, comparison) => Difference::None,
        (_, true) => Difference::Doubtful,
        (true, false) => Difference::Certain,
        (false, false) => Difference::None,
    }
}

/// Languages. Cataloguers give a recording that of the words, the booklet or the covers.
fn language(a: &Features, b: &Features, comparison: &Comparison) -> Difference {
    if comparison.kind == Kind::Media || comparison.level(Aspect::Language) != Some(Level::Different) {
        return Difference::None;
    }
    // `Gesundheitsinformatik = Health informatics`, `Health informatics = Gesundheitsinformatik`: one text in both.
    if super::title::are_permuted(&a.title.with_part(), &b.title.with_part()) {
        return Difference::None;
    }
    if is_one_imprint(comparison) {
        let is_translated = a.translators.is_empty() != b.translators.is_empty();
        let by_others = comparison.level(Aspect::Publisher) == Some(Level::Different);
        return if is_translated || by_others { Difference::Doubtful } else { Difference::None };
    }
    if is_one_text(a, b, comparison) { Difference::Doubtful } else { Difference::Certain }
}

/// Whether only one title has a number, and nothing shows that the other lost it.
fn number_is_one_sided(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    // The number of a report at the end of a longer title.
    let is_one_report =
        || comparison.level(Aspect::Title) == Some(Level::Close) && is_printing_of_one(a, b, comparison);
    comparison.level(Aspect::Numbers) == Some(Level::Weak)
        && !is_one_imprint(comparison)
        && !is_one_place(comparison)
        && !shares_article_identifier(comparison)
        && !is_one_report()
}

/// Whether two maps have other scales.
fn scales_differ(a: &Features, b: &Features) -> bool {
    let (x, y) = (a.extent.scale, b.extent.scale);
    x > 0 && y > 0 && x != y
}

/// Whether one corrects, answers or comments the other, or something else.
fn follows_up(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    let follows = is_follow_up(a) != is_follow_up(b) || is_of_the_other(a, b);
    // `Commentary on …`, `A commentary on …`
    let is_one_title = || after_article(&a.title.whole()) == after_article(&b.title.whole());
    follows && !is_one_title() && !is_marked_retracted(a, b, comparison)
}

/// Whether two titles only say what kind of text they stand on, and their authors are others.
fn bear_kind_of_another(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    let bears_kind = |features: &Features| is_kind_of_text(&features.title.main);
    let (x, y) = (bears_kind(a), bears_kind(b));
    matches!(comparison.level(Aspect::Authors), Some(Level::Different | Level::Weak))
        && (x && y || comparison.kind == Kind::Serial && (x || y))
}

/// Whether two books of before [`FIRST_INDUSTRIAL`] have other printers.
fn printers_differ(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    comparison.kind == Kind::Book
        && [a, b].iter().all(|features| (1..FIRST_INDUSTRIAL).contains(&features.years.first))
        && comparison.level(Aspect::Publisher) == Some(Level::Different)
}

/// Whether two serials come from other towns, and no ISSN says that they are one.
fn towns_differ(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    comparison.kind == Kind::Serial
        && comparison.level(Aspect::Issn) != Some(Level::Same)
        && super::host::are_of_other_towns(a, b)
}

/// Adds doubts where there is nothing but doubts: what is known to be another edition or part has other words, pages and years,
/// which say nothing more.
fn add_further_doubts(a: &Features, b: &Features, comparison: &Comparison, vetoes: &mut Vec<Veto>) {
    if !vetoes.iter().all(|veto| veto.is_doubt()) {
        return;
    }
    let mut doubt = |veto, holds: bool| {
        if holds && !vetoes.contains(&veto) {
            vetoes.push(veto);
        }
    };
    doubt(Veto::WordDiffers, words_differ(comparison) || citations::words_differ(a, b, comparison));
    doubt(Veto::PagesDiffer, other_pages(a, b, comparison));
    let are_years_apart = printings::are_decades_apart(a, b, comparison)
        || printings::are_serials_apart(a, b, comparison)
        || printings::have_other_imprints(comparison);
    doubt(Veto::YearDiffers, are_years_apart);
    vetoes.sort_unstable();
}

/// Words that tell titles apart that are nearly the same, unless it is certain that both stand for one text.
fn contrast(a: &Features, b: &Features, comparison: &Comparison) -> Option<Contrast> {
    let level = comparison.level(Aspect::Title);
    let is_near =
        matches!(level, Some(Level::Same | Level::Similar | Level::Shortened | Level::Close | Level::Partial));
    if !is_near || fill_one_place(a, b, comparison) || shares_article_identifier(comparison) {
        return None;
    }
    let (x, y) = (a.title.with_part(), b.title.with_part());
    // The statements of one may stand in the other's place of a part.
    let of_titles = || {
        let (x, y) = (a.title.whole(), b.title.whole());
        let is_companion = |contrast: &Contrast| *contrast == Contrast::Companion;
        // `Lehrerhandbuch` is a part in one and stands in the subtitle of the other.
        let are_one = x == y || super::title::same_words(&a.title.with_part(), &b.title.with_part());
        if are_one { None } else { super::wording::contrast(&x, &y).filter(is_companion) }
    };
    // Citations lose words and have them in any order, and two adjectives before a noun change places.
    let is_telling = |contrast: &Contrast| match contrast {
        Contrast::Derived | Contrast::Reordered => comparison.kind != Kind::Citation,
        Contrast::Extended => comparison.kind == Kind::Book && !opens_with_maker(a, b) && !opens_with_maker(b, a),
        // `Heft 3` and `3. Heft` are one part.
        Contrast::Rearranged => {
            let is_one_part = comparison.level(Aspect::Part) == Some(Level::Same);
            comparison.kind == Kind::Book && !(is_one_part && a.title.whole() == b.title.whole())
        }
        Contrast::Opposed | Contrast::Counted | Contrast::Companion => true,
    };
    let of_parts = if x == y { None } else { super::wording::contrast(&x, &y) };
    of_parts.filter(is_telling).or_else(of_titles)
}

/// Whether the first word of a title, but for an article, is that of a name, also in the genitive: `Goethe's Hermann und Dorothea`.
fn opens_with_maker(a: &Features, b: &Features) -> bool {
    let mut words = a.title.main.split(' ').filter(|word| !crate::keys::text::is_little(word));
    let names = |features: &Features, word: &str| {
        let of_persons =
            features.persons.iter().flat_map(|person| person.family.split(' ').chain(person.given.split(' ')));
        let mut names = of_persons.chain(features.bodies.iter().flat_map(|body| body.split(' ')));
        names.any(|name| word.strip_prefix(name).is_some_and(|rest| matches!(rest, "" | "s")))
    };
    words.next().is_some_and(|word| names(a, word) || names(b, word))
}

/// Whether one word of two titles is another one, with nothing certain to show that it was mistaken. Citations are too
/// damaged for words to tell.
fn word_differs(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    let level = comparison.level(Aspect::Title);
    let is_damaged = a.title.n_lost > 0 || b.title.n_lost > 0;
    let is_one_isbn = || comparison.level(Aspect::Isbn) == Some(Level::Same);
    let n_words = || super::content_words(&a.title.whole()).len().min(super::content_words(&b.title.whole()).len());
    let is_by_persons = || !a.persons.is_empty() && !b.persons.is_empty();
    let is_long = || n_words() >= MIN_LONG && is_by_persons();
    let is_one_printing = || is_printing_of_one(a, b, comparison) && (is_one_isbn() || is_long());
    let is_error = || comparison.kind == Kind::Book && is_by_persons() && is_letter_off_in_one_year(a, b, comparison);
    comparison.kind != Kind::Citation
        && matches!(level, Some(Level::Similar | Level::Close | Level::Partial))
        && !is_one_printing()
        && !is_error()
        && !is_damaged
        && !fill_one_place(a, b, comparison)
        && !shares_article_identifier(comparison)
        && super::title::is_substituted(&a.title.with_part(), &b.title.with_part())
}

/// Whether some words within the titles of two books or media are wholly other ones, or, of two books of other sizes, stand in one title
/// only: `descendants of Thomas Wetmore`, `of John Wetmore`; `Young Men's Mercantile Library`. Names of the makers are none.
fn words_replaced(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    const MIN_AROUND: usize = 3;
    if !matches!(comparison.kind, Kind::Book | Kind::Media) || comparison.level(Aspect::Title) == Some(Level::Same) {
        return false;
    }
    let (x, y) = (a.title.whole(), b.title.whole());
    let Some(found) = super::title::replaced(&x, &y) else { return false };
    let is_around = found.before > 0 && found.before + found.behind >= MIN_AROUND;
    let tells = || match (found.only_a.is_empty(), found.only_b.is_empty()) {
        (false, false) => found.only_a.len().max(found.only_b.len()) <= MIN_AROUND && found.are_strangers(),
        (true, true) => false,
        _ => {
            let is_other_size = matches!(
                comparison.level(Aspect::Extent),
                Some(Level::Close | Level::Partial | Level::Weak | Level::Different)
            );
            comparison.kind == Kind::Book && found.behind > 0 && is_other_size
        }
    };
    let is_maker = |word: &Cow<'_, str>| {
        [a, b].iter().any(|features| {
            let of_persons = features.persons.iter().flat_map(|person| [&*person.family, &*person.given]);
            let mut names = of_persons.chain(features.bodies.iter().map(|body| &**body)).chain([&*features.publisher]);
            names.any(|name| name.split(' ').any(|part| part == &**word))
        })
    };
    is_around && tells() && !found.only_a.iter().chain(&found.only_b).any(is_maker)
}

/// Whether two articles with nearly one title stand on other pages: `Adsorption of …`, `Absorption of …`.
fn is_other_article(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    comparison.kind == Kind::Component
        && comparison.level(Aspect::Title) == Some(Level::Similar)
        && comparison.level(Aspect::Pages) == Some(Level::Different)
        && !a.start_page.is_empty()
        && !b.start_page.is_empty()
        && !shares_article_identifier(comparison)
}

/// Whether of the titles of two books or media no more than some words agree, and neither size nor an identifier tells that they are one.
fn words_differ(comparison: &Comparison) -> bool {
    let level = |aspect| comparison.level(aspect);
    let is_identified =
        [Aspect::Isbn, Aspect::Oclc, Aspect::Doi].iter().any(|&aspect| level(aspect) == Some(Level::Same));
    let is_one_size = matches!(level(Aspect::Extent), Some(Level::Same | Level::Similar));
    matches!(comparison.kind, Kind::Book | Kind::Media)
        && matches!(level(Aspect::Title), Some(Level::Partial | Level::Weak))
        && !is_identified
        && !is_one_size
}

/// Pages by which cataloguers count one printing differently.
const PAGES_MISCOUNTED: u32 = 2;

/// Whether the long titles of two books by the same people differ in one letter, and year, publisher and, but for a page or
/// two, extent are one: an author does not write two such books in a year.
fn is_letter_off_in_one_year(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    let agrees = |aspect| matches!(comparison.level(aspect), Some(Level::Same | Level::Similar | Level::Shortened));
    comparison.level(Aspect::Year) == Some(Level::Same)
        && agrees(Aspect::Authors)
        && agrees(Aspect::Publisher)
        && a.extent.pages >= MIN_TELLING_PAGES
        && a.extent.pages.abs_diff(b.extent.pages) <= PAGES_MISCOUNTED
        && super::title::is_letter_off(&a.title.with_part(), &b.title.with_part())
}

/// Words of a title from which one of them is mistaken rather than another, if persons wrote it and the rest is that of one
/// printing: nobody writes two books a year that differ in a word of eight, have as many pages and one publisher.
const MIN_LONG: usize = 7;

/// Whether two books agree in everything that a printing has by itself, their titles at least in part.
fn is_printing_of_one(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    describes_one_printing(a, b, comparison, &[Aspect::Authors, Aspect::Publisher])
}

/// Whether two books agree in everything that a printing has by itself: year, pages and publisher, besides title and authors.
/// Old publishers called every thousand copies an edition, and cataloguers mistype numbers; parts of a set and revised
/// editions do not end on one page.
fn describe_one_printing(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    describes_one_printing(a, b, comparison, &[Aspect::Title, Aspect::Authors, Aspect::Publisher])
}

fn describes_one_printing(a: &Features, b: &Features, comparison: &Comparison, agreeing: &[Aspect]) -> bool {
    let agrees = |aspect| matches!(comparison.level(aspect), Some(Level::Same | Level::Similar | Level::Shortened));
    let pages = a.extent.pages == b.extent.pages && a.extent.pages >= MIN_TELLING_PAGES;
    comparison.kind == Kind::Book
        && comparison.level(Aspect::Year) == Some(Level::Same)
        && pages
        && matches!(comparison.level(Aspect::Isbn), None | Some(Level::Same))
        && comparison.level(Aspect::Extent) == Some(Level::Same)
        && agreeing.iter().all(|&aspect| agrees(aspect))
}

/// Whether two books name their translators, and no one of both.
fn translators_differ(a: &Features, b: &Features) -> bool {
    let is_named = |name: &Text, others: &[Text]| {
        let name = super::squeeze_name(name);
        others.iter().any(|other| super::title::is_misspelling(&name, &super::squeeze_name(other)) || name == **other)
    };
    !a.translators.is_empty()
        && !b.translators.is_empty()
        && !a.translators.iter().any(|name| is_named(name, &b.translators))
}

/// Whether two books are numbered otherwise within the host that a catalogue gives them: their series, or their set.
fn book_numbers_differ(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    let is_number = |volume: &str| !volume.is_empty() && volume.bytes().all(|byte| byte.is_ascii_digit());
    comparison.kind == Kind::Book && is_number(&a.volume) && is_number(&b.volume) && a.volume != b.volume
}

/// Whether the editions of two books of one printing are but counted, under one title: impressions, which publishers called
/// editions for every thousand copies. `Rev. ed.` says more.
fn are_impressions(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    let is_counted = |features: &Features| {
        let is_count = |word: &str| {
            word.starts_with(|c: char| c.is_ascii_digit())
                || crate::keys::numbers::number_word(word).is_some()
                || super::host::EDITION_WORDS.binary_search(&word).is_ok()
        };
        features.edition.text.split(' ').all(is_count)
    };
    comparison.level(Aspect::Title) == Some(Level::Same) && is_counted(a) && is_counted(b)
}

/// The year since which each edition has an ISBN, and is one.
const FIRST_ISBN: u16 = 1970;

/// The year since which a text is rarely printed by several at once.
const FIRST_INDUSTRIAL: u16 = 1701;

/// Pages from which two books of one size are rarely two.
const MIN_TELLING_PAGES: u32 = 40;

/// Whether both titles name a part, and not the same.
fn are_parts(a: &Features, b: &Features) -> bool {
    let (x, y) = (&a.title.part_numbers, &b.title.part_numbers);
    !x.is_empty() && !y.is_empty() && x != y
}

/// One title of two meetings, or published by two bodies for which nobody signed.
fn bodies_differ(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    !comparison.kind.is_component() && super::authors::are_of_other_publishers(a, b)
        || comparison.kind == Kind::Book && super::authors::are_of_other_meetings(a, b)
}

/// One title by different people, with nothing to show that it is one publication.
fn authors_differ(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    let level = |aspect| comparison.level(aspect);
    // A society publishes the addresses of many presidents.
    let are_others = || comparison.kind == Kind::Book && super::authors::are_other_persons(a, b);
    if level(Aspect::Authors) != Some(Level::Different) && !are_others() {
        return false;
    }
    let is_component = comparison.kind.is_component();
    if !is_component && super::authors::are_of_other_bodies(a, b) {
        return ![Aspect::Isbn, Aspect::Oclc, Aspect::Doi].iter().any(|&aspect| level(aspect) == Some(Level::Same));
    }
    if comparison.kind == Kind::Book {
        // Pseudonyms, titles of nobility, and misspelt names: the rest is that of one printing.
        // The ISBN of contributions is their host's, which has one of each title.
        let are_contributions = || [a, b].iter().all(|features| has(&features.notes, Counted::Contribution));
        let is_isbn_theirs = level(Aspect::Title) == Some(Level::Same) || !are_contributions();
        let is_identified =
            level(Aspect::Oclc) == Some(Level::Same) || level(Aspect::Isbn) == Some(Level::Same) && is_isbn_theirs;
        // Papers of four pages are many.
        let is_thin = |extent: Extent| (1..MIN_TELLING_PAGES).contains(&extent.pages);
        let is_size = matches!(level(Aspect::Extent), Some(Level::Same | Level::Similar | Level::Close))
            && !(is_thin(a.extent) && is_thin(b.extent));
        let is_year = level(Aspect::Year) == Some(Level::Same);
        // Nobody writes a thesis under another name.
        let is_thesis = a.classes.meets(Classes::THESIS) && b.classes.meets(Classes::THESIS);
        let is_printing = is_size && is_year && level(Aspect::Publisher) != Some(Level::Different) && !is_thesis;
        return !a.persons.is_empty() && !b.persons.is_empty() && !is_identified && !is_printing;
    }
    // Letters and reviews of several people stand on one page.
    let ends_on_one = || {
        let pages = |features: &Features| (features.start_page.parse::<u32>(), features.end_page.parse::<u32>());
        a.end_page == b.end_page && matches!(pages(a), (Ok(first), Ok(last)) if last >= first + 2)
    };
    let is_one_article = is_one_place(comparison) && ends_on_one();
    is_component
        && !is_one_article
        && !shares_article_identifier(comparison)
        && !citations::is_one_paper(a, b, comparison)
}

/// Whether one record counts the volumes of a set, and the other the pages of one of them. Two volumes are often bound in
/// one, and counted so or so; and what appeared over the same years is the set, counted by its pages.
fn is_set_beside(set: &Features, volume: &Features) -> bool {
    let (x, y) = (set.extent, volume.extent);
    let over_years = set.years.first > 0 && set.years == volume.years && set.years.others[0] > set.years.first;
    x.volumes > 2 && x.pages == 0 && y.volumes < 2 && y.pages > 0 && !over_years
}

/// Whether the notes of one record only say that it is what comes with another, a supplement or a contribution to one, or that it is the issue
/// of a thesis which another publisher brought out.
fn notes_set_apart(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    let one_has = |kind| has(&a.notes, kind) != has(&b.notes, kind);
    let one_missing = |aspect| comparison.level(aspect) == Some(Level::OneMissing);
    let of_others = || {
        comparison.level(Aspect::Publisher) == Some(Level::Different)
            || one_missing(Aspect::Publisher) && (one_missing(Aspect::Isbn) || one_missing(Aspect::Series))
    };
    one_has(Counted::Companion)
        || one_has(Counted::Supplement)
        || one_has(Counted::Contribution)
        || one_has(Counted::Thesis) && of_others()
}

/// Whether two books have other pages, within one host or as a whole, and no identifier shows that one of them is miscounted.
fn other_pages(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    let is_identified =
        [Aspect::Isbn, Aspect::Oclc].iter().any(|&aspect| comparison.level(aspect) == Some(Level::Same));
    let are_others = comparison.level(Aspect::Authors) == Some(Level::Different);
    let other_extent = (!is_identified || are_others)
        && are_far_apart(a.extent.pages, b.extent.pages)
        && comparison.level(Aspect::Extent) == Some(Level::Different)
        && !is_one_number_mistyped(a.extent.pages, b.extent.pages);
    comparison.kind == Kind::Book
        && (other_extent || notes::differ(&a.notes, &b.notes, |counted| counted == Counted::FirstPage))
}

/// Whether of two numbers of pages one is less than three quarters of the other. Nearer ones may be counted otherwise.
fn are_far_apart(x: u32, y: u32) -> bool {
    let (less, more) = (u64::from(x.min(y)), u64::from(x.max(y)));
    less > 0 && 4 * less < 3 * more
}

/// Whether two numbers of three digits or more differ in one digit, or in two that changed places: `534` and `570` do not.
fn is_one_number_mistyped(x: u32, y: u32) -> bool {
    let (x, y) = (x.to_string(), y.to_string());
    let other: Vec<(u8, u8)> = x.bytes().zip(y.bytes()).filter(|(p, q)| p != q).collect();
    x.len() >= 3
        && x.len() == y.len()
        && match other[..] {
            [_] => true,
            [(p, q), (r, s)] => (p, q) == (s, r),
            _ => false,
        }
}

/// A shared identifier between records that have nothing else in common, or a DOI between articles of other titles on other
/// pages, as that of their journal.
fn is_identifier_of_another(comparison: &Comparison) -> bool {
    let level = |aspect| comparison.level(aspect);
    let is_one_title = matches!(level(Aspect::Title), Some(Level::Same | Level::Similar | Level::Shortened));
    if level(Aspect::Doi) == Some(Level::Same) && level(Aspect::Pages) == Some(Level::Different) && !is_one_title {
        return true;
    }
    // A chapter or companion goes by the ISBN of its book, and has a word or two of its title.
    let is_by_isbn = level(Aspect::Isbn) == Some(Level::Same)
        && ![Aspect::Doi, Aspect::Oclc].iter().any(|&aspect| level(aspect) == Some(Level::Same));
    let is_one_size = || matches!(level(Aspect::Extent), Some(Level::Same | Level::Similar));
    let agrees = |aspect| matches!(level(aspect), Some(Level::Same | Level::Similar | Level::Shortened));
    let is_one_imprint =
        || level(Aspect::Year) == Some(Level::Same) && agrees(Aspect::Authors) && agrees(Aspect::Publisher);
    let is_other_title = match level(Aspect::Title) {
        Some(Level::Partial) => !is_one_size() && !is_one_imprint(),
        Some(Level::Weak) => !is_one_size(),
        level => level == Some(Level::Different),
    };
    if is_by_isbn && is_other_title {
        return true;
    }
    let identified = [Aspect::Doi, Aspect::ArticleNumber, Aspect::Oclc, Aspect::Isbn];
    identified.iter().any(|&aspect| level(aspect) == Some(Level::Same))
        && matches!(level(Aspect::Title), Some(Level::Different | Level::Weak))
        && matches!(level(Aspect::Authors), Some(Level::Different | Level::OneMissing) | None)
}

/// A conference paper and the article that came of it, with nothing to show that both name one publication.
fn host_kinds_differ(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    comparison.level(Aspect::Container) == Some(Level::Different)
        && super::host::kinds_differ(&a.container, &b.container)
        && !is_one_place(comparison)
        && !shares_article_identifier(comparison)
}

/// Components of different years that share neither host, place nor identifier, or papers of one conference in
/// different years whose titles are not the same.
fn year_differs(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    let level = |aspect| comparison.level(aspect);
    let agrees = |aspect| matches!(level(aspect), Some(Level::Same | Level::Similar | Level::Shortened));
    let same = |aspect| matches!(level(aspect), Some(Level::Same | Level::Similar));
    let at_conferences = super::host::is_gathering(&a.container) && super::host::is_gathering(&b.container);
    let are_successive = || at_conferences && super::host::are_successive_meetings(a, b);
    let differ = match level(Aspect::Year) {
        // Online first and in print: a year apart, with the same title and the same people.
        Some(Level::Similar) => !(same(Aspect::Title) && same(Aspect::Authors)) || are_successive(),
        other => matches!(other, Some(Level::Weak | Level::Different)),
    };
    let component = comparison.kind.is_component();
    let host = agrees(Aspect::Container) && (!at_conferences || same(Aspect::Title)) && !are_successive();
    let placed = host && !citations::may_be_repeated(comparison) || agrees(Aspect::Volume) || agrees(Aspect::Pages);
    // Two versions of one preprint, by their DOIs, may be posted a year apart.
    let are_versions = a.is_preprint && b.is_preprint && level(Aspect::Doi) == Some(Level::Similar);
    let is_deposited = || dois::is_deposited_later(a, b, comparison);
    component && differ && !placed && !are_versions && !shares_article_identifier(comparison) && !is_deposited()
}

/// Whether one stands on a page of a supplement (`S41`), as the abstract of a paper does, and the other on another page of
/// the volume.
fn in_supplement(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    let is_supplement = |features: &Features| {
        let number = features.start_page.strip_prefix('s');
        number.is_some_and(|number| number.starts_with(|c: char| c.is_ascii_digit()))
    };
    comparison.level(Aspect::Pages) == Some(Level::Different)
        && is_supplement(a) != is_supplement(b)
        && !shares_article_identifier(comparison)
}

/// Issues of a volume that are counted within it; databases give running numbers of their own beyond.
const MAX_ISSUE: u32 = 99;
/// Pages from which two first pages are not one, misread.
const MIN_PAGES_APART: u32 = 10;

/// Whether one title stands in two issues of a volume, on pages that are far from each other or not told: a column, a report in
/// parts.
fn in_other_issue(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    let numbers = |x: &str, y: &str| x.parse::<u32>().ok().zip(y.parse::<u32>().ok());
    let issues = numbers(&a.issue, &b.issue).filter(|(x, y)| x != y && *x.max(y) <= MAX_ISSUE);
    let pages = numbers(&a.start_page, &b.start_page).filter(|(x, y)| x.abs_diff(*y) > MIN_PAGES_APART);
    let is_unplaced = a.start_page.is_empty() || b.start_page.is_empty();
    let is_apart = pages.is_some() && comparison.level(Aspect::Pages) == Some(Level::Different);
    issues.is_some() && (is_unplaced || is_apart) && !shares_article_identifier(comparison)
}

/// Whether one of two records of an article says before its title that it was retracted, as suppliers mark the article itself: the notice of
/// the retraction has another place and identifiers of its own.
fn is_marked_retracted(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    let (x, y) = (a.title.whole(), b.title.whole());
    let is_marked = |marked: &str, bare: &str| {
        let title = ["retracted ", "withdrawn "].iter().find_map(|mark| marked.strip_prefix(mark));
        title.is_some_and(|title| title.strip_prefix("article ").unwrap_or(title) == bare)
    };
    // A review that Cochrane withdraws is a new version under the number of the old one.
    let is_review = |features: &Features| features.start_page.starts_with("cd");
    (is_marked(&x, &y) || is_marked(&y, &x))
        && (is_one_place(comparison) || shares_article_identifier(comparison))
        // Some suppliers count issues on.
        && (comparison.level(Aspect::Issue) != Some(Level::Different)
            || comparison.level(Aspect::Volume) == Some(Level::Same) && is_one_place(comparison))
        && matches!(comparison.level(Aspect::Year), Some(Level::Same | Level::OneMissing) | None)
        && !is_review(a)
        && !is_review(b)
}

/// The protocol of a study, named within the title (`…: study protocol for a randomised trial`), and its results, with
/// nothing to show that one of the titles was only cut.
fn protocol_differs(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    static MARK: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new(" study protocol "));
    let is_protocol = |features: &Features| MARK.find(features.title.whole().as_bytes()).is_some();
    is_protocol(a) != is_protocol(b) && !is_one_place(comparison) && !shares_article_identifier(comparison)
}

/// Classes that name different things. A thesis is also a book, a conference paper an article or chapter.
pub(super) fn formats_fit(a: Classes, b: Classes) -> bool {
    if a.meets(b) || a.is_empty() || b.is_empty() {
        return true;
    }
    let book = Classes::BOOK.with(Classes::THESIS).with(Classes::CONFERENCE);
    let paper = Classes::ARTICLE.with(Classes::CHAPTER).with(Classes::CONFERENCE);
    let pairs = [(book, book), (paper, paper), (Classes::THESIS, Classes::MANUSCRIPT)];
    pairs.iter().any(|&(x, y)| (a.meets(x) && b.meets(y)) || (a.meets(y) && b.meets(x)))
}

/// Classes between which cataloguers waver: a yearbook is a serial to one and a book to another, a songbook is a
/// book or a score.
pub(super) fn formats_waver(a: Classes, b: Classes) -> bool {
    let pairs = [(Classes::BOOK, Classes::SERIAL), (Classes::BOOK, Classes::SCORE)];
    pairs.iter().any(|&(x, y)| (a.meets(x) && b.meets(y)) || (a.meets(y) && b.meets(x)))
}

/// Whether two records can only describe the same printing, so that a differing language or a lost number is
/// an error of one: same year and extent, and titles that agree. A translation or another volume never keeps
/// all three.
fn is_one_imprint(comparison: &Comparison) -> bool {
    let same = |aspect| comparison.level(aspect) == Some(Level::Same);
    let title = matches!(comparison.level(Aspect::Title), Some(Level::Same | Level::Similar | Level::Shortened));
    title && same(Aspect::Year) && same(Aspect::Extent)
}

/// Words of a title from which it is in a language, and no name.
const MIN_PHRASE: usize = 4;

/// Whether two books have one long title to the letter, year, makers and publisher, so that one of them has a wrong language:
/// that of the catalogue, or that of what it is about.
fn is_one_text(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    let agrees = |aspect| matches!(comparison.level(aspect), Some(Level::Same | Level::Similar | Level::Shortened));
    let same = |aspect| comparison.level(aspect) == Some(Level::Same);
    let is_phrase = |features: &Features| super::content_words(&features.title.whole()).len() >= MIN_PHRASE;
    comparison.kind == Kind::Book
        && same(Aspect::Title)
        && same(Aspect::Year)
        && (agrees(Aspect::Authors) || comparison.level(Aspect::Authors) == Some(Level::Partial))
        && agrees(Aspect::Publisher)
        && is_phrase(a)
        && is_phrase(b)
}

/// Whether both bear the identifier of one article.
fn shares_article_identifier(comparison: &Comparison) -> bool {
    [Aspect::Doi, Aspect::ArticleNumber].iter().any(|&aspect| comparison.level(aspect) == Some(Level::Same))
}

/// Whether two components stand on the same pages of the same volume or year.
fn is_one_place(comparison: &Comparison) -> bool {
    let same = |aspect| comparison.level(aspect) == Some(Level::Same);
    same(Aspect::Pages) && (same(Aspect::Volume) || same(Aspect::Year))
}

/// Whether two components stand on the same pages, from one to another: on a single page there may be several, such as abstracts.
fn fill_one_place(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    let is_range = |features: &Features| !features.end_page.is_empty() && features.end_page != features.start_page;
    is_one_place(comparison) && (is_range(a) || is_range(b))
}

/// Whether two titles without a common word can only be one title in two languages: the same authors, in the
/// same issue, from the same page on. Databases translate titles.
pub(super) fn is_translated_title(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    let level = |aspect| comparison.level(aspect);
    let same = |aspect| level(aspect) == Some(Level::Same);
    // Many papers begin on page 1, and short pieces share a page with others.
    let is_placed =
        !a.end_page.is_empty() && a.end_page == b.end_page && a.end_page != a.start_page && &*a.start_page != "1";
    let other_words = level(Aspect::Title) == Some(Level::Different);
    let authors = match level(Aspect::Authors) {
        Some(Level::Same | Level::Similar) => other_words || is_placed,
        Some(Level::Shortened) => is_placed,
        // In one issue, some of them do.
        Some(Level::Partial) => is_placed && same(Aspect::Issue),
        _ => false,
    };
    let host = matches!(level(Aspect::Container), Some(Level::Same | Level::Similar | Level::Shortened));
    authors
        && host
        && same(Aspect::Volume)
        && same(Aspect::Pages)
        && same(Aspect::Year)
        && level(Aspect::Issue) != Some(Level::Different)
}

/// Pages from which a record of a book is none of a paper in it.
const MIN_BOOK: u32 = 50;

/// Whether a conference paper, which may be called a book as well as its proceedings are, stands in a host, and the other
/// record counts the pages of a book.
fn is_paper_beside_book(paper: &Features, book: &Features) -> bool {
    paper.is_component()
        && !paper.container.is_empty()
        && !book.is_component()
        && book.classes.meets(Classes::BOOK)
        && book.container.is_empty()
        && book.extent.pages >= MIN_BOOK
}

/// Whether two records have one title, authors and pages of one host, so that one of them has a wrong format: that of the host.
fn is_one_contribution(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    let agrees = |aspect| matches!(comparison.level(aspect), Some(Level::Same | Level::Similar | Level::Shortened));
    !a.container.is_empty()
        && !b.container.is_empty()
        && comparison.level(Aspect::Title) == Some(Level::Same)
        && comparison.level(Aspect::Container) == Some(Level::Same)
        && agrees(Aspect::Authors)
        && is_one_place(comparison)
        && !a.end_page.is_empty()
        && a.end_page == b.end_page
}

/// Whether two records have one DOI, title and authors, so that one of them has a wrong format: repositories call what they
/// hold a book. A book and its chapter may have one DOI, but not one title.
fn is_one_by_doi(comparison: &Comparison) -> bool {
    let agrees = |aspect, levels: &[Level]| comparison.level(aspect).is_some_and(|level| levels.contains(&level));
    agrees(Aspect::Doi, &[Level::Same])
        && agrees(Aspect::Title, &[Level::Same])
        && agrees(Aspect::Authors, &[Level::Same, Level::Similar, Level::Shortened])
}

/// Carriers matter for what is published by itself; articles are the same work online and on paper.
fn carriers_differ(a: &Features, b: &Features) -> bool {
    if a.is_component() || b.is_component() {
        return false;
    }
    // The presentation of music is told beside a carrier, or not at all.
    let presentation = |features: &Features| features.carriers.within(Carriers::PRESENTATIONS);
    let (x, y) = (presentation(a), presentation(b));
    if !x.is_empty() && !y.is_empty() && !x.meets(y) {
        return true;
    }
    let told = |features: &Features| features.carriers.without(Carriers::PRESENTATIONS.with(Carriers::VOLUMES));
    let (x, y) = (told(a), told(b));
    // Books and serials of paper have pages, volumes or a height.
    let is_paper = |features: &Features| {
        let extent = features.extent;
        let is_print = features.classes.meets(Classes::SERIAL.with(Classes::BOOK));
        let is_counted = extent.volumes > 0 || extent.height > 0 || features.carriers.meets(Carriers::VOLUMES);
        extent.pages > 0 || is_print && is_counted
    };
    let has_pages = |features: &Features| features.extent.pages > 0 || features.carriers.meets(Carriers::VOLUMES);
    match (x.is_empty(), y.is_empty()) {
        (true, true) => false,
        (false, false) => !x.meets(y),
        // Nothing said mostly means paper, and a page count without carrier makes it certain. A disc beside
        // pages is a supplement that the other record may leave out.
        (true, false) => is_paper(a) && (y.meets(Carriers::SPECIAL) || !has_pages(b)),
        (false, true) => is_paper(b) && (x.meets(Carriers::SPECIAL) || !has_pages(a)),
    }
}

/// Whether more than title and author speaks for the pair: an identifier, or host with pages or volume, or
/// for books the author with publisher and extent.
fn is_supported(comparison: &Comparison) -> bool {
    let same = |aspect| comparison.level(aspect) == Some(Level::Same);
    let identifier = same(Aspect::Doi) || same(Aspect::ArticleNumber) || same(Aspect::Isbn) || same(Aspect::Oclc);
    let one_issue = comparison.level(Aspect::Issue) != Some(Level::Different);
    let one_place =
        one_issue && same(Aspect::Pages) && (same(Aspect::Volume) || same(Aspect::Container) || same(Aspect::Year));
    let author = matches!(comparison.level(Aspect::Authors), Some(Level::Same | Level::Similar | Level::Shortened));
    let imprint = one_issue && author && same(Aspect::Year) && (same(Aspect::Extent) || same(Aspect::Publisher));
    let some_author = one_issue && comparison.level(Aspect::Authors) == Some(Level::Partial);
    let whole_imprint = [Aspect::Year, Aspect::Extent, Aspect::Publisher, Aspect::Title].into_iter().all(same);
    // Nobody writes two such pieces for one issue.
    let host = matches!(comparison.level(Aspect::Container), Some(Level::Same | Level::Similar | Level::Shortened));
    let one_piece = author
        && host
        && [Aspect::Volume, Aspect::Issue].into_iter().all(same)
        && comparison.level(Aspect::Pages) != Some(Level::Different);
    identifier || one_place || imprint || one_piece || some_author && whole_imprint
}

/// One title in two volumes of one host: a column, a series of reports, an annual piece. Equal pages in one year or an
/// identifier show that one of the records only has a wrong number; the editorial of each first issue stands on page 1.
/// Issue numbers are left to their weight: databases fill them with running numbers of their own.
fn host_part_differs(comparison: &Comparison) -> bool {
    let level = |aspect| comparison.level(aspect);
    let differs = |aspect| level(aspect) == Some(Level::Different);
    let other_year = matches!(level(Aspect::Year), Some(Level::Similar | Level::Weak | Level::Different));
    let one_place = matches!(level(Aspect::Pages), Some(Level::Same | Level::Similar)) && !other_year;
    let one_thing = level(Aspect::Doi) == Some(Level::Same) || level(Aspect::ArticleNumber) == Some(Level::Same);
    differs(Aspect::Volume) && !one_place && !one_thing
}

/// Whether two parts of one host that no catalogue calls articles or chapters, such as tracks, stand at other places of it.
fn stand_apart_in_host(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    let is_within = |features: &Features| !features.container.is_empty() && !features.start_page.is_empty();
    !comparison.kind.is_component()
        && is_within(a)
        && is_within(b)
        && super::host::container(a, b) != Some(Level::Different)
        && super::host::pages(a, b) == Some(Level::Different)
        && !shares_article_identifier(comparison)
}

/// Numbers of volumes that no continuation explains. Sets of two volumes and of three are often one set, counted
/// before and after it was complete.
fn volumes_differ(a: &Features, b: &Features) -> bool {
    let (x, y) = (a.extent.volumes, b.extent.volumes);
    x > 0 && y > 0 && x.max(y) >= 2 * x.min(y) && x.abs_diff(y) >= 2
}

/// Books that no author unites and whose page counts have nothing to do with each other:
/// parts of a course, reports of one office.
fn pages_differ(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    let (x, y) = (a.extent.pages, b.extent.pages);
    let authors = comparison.level(Aspect::Authors);
    comparison.kind == Kind::Book
        && matches!(authors, None | Some(Level::OneMissing))
        && x > 0
        && y > 0
        && 2 * x.max(y) >= 3 * x.min(y)
}
