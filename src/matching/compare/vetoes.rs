//! The classic false merges, each with the evidence that separates the two records.

use crate::keys::Features;
use crate::keys::material::{Carriers, Classes};
use crate::keys::title::canonical_number;

use super::super::evidence::{Aspect, Comparison, Level, Veto};

/// All vetoes of a pair, ascending.
pub(super) fn find(a: &Features, b: &Features, comparison: &Comparison) -> Vec<Veto> {
    let level = |aspect| comparison.level(aspect);
    let differs = |aspect| level(aspect) == Some(Level::Different);
    let mut vetoes = Vec::new();
    let mut add = |veto, holds: bool| {
        if holds {
            vetoes.push(veto);
        }
    };
    add(Veto::DoiDiffers, differs(Aspect::Doi));
    add(Veto::ArticleNumberDiffers, differs(Aspect::ArticleNumber) && level(Aspect::Doi) != Some(Level::Same));
    match numbers(a, b) {
        Numbers::Equal => {}
        Numbers::Differ => add(Veto::NumberDiffers, true),
        Numbers::OnOneSide => add(Veto::NumberOnOneSide, !is_one_imprint(comparison) && !is_one_place(comparison)),
    }
    add(Veto::PartDiffers, differs(Aspect::Part));
    add(Veto::EditionDiffers, differs(Aspect::Edition));
    add(Veto::CorrectionOrReply, is_follow_up(a) != is_follow_up(b));
    add(Veto::LanguageDiffers, differs(Aspect::Language) && !is_one_imprint(comparison));
    add(Veto::FormatDiffers, differs(Aspect::Format));
    add(Veto::CarrierDiffers, carriers_differ(a, b));
    add(Veto::SignsDiffer, a.title.signs != b.title.signs);
    add(Veto::HostPartDiffers, host_part_differs(comparison));
    add(Veto::GenericTitle, is_generic(a) && is_generic(b) && !is_supported(comparison));
    add(Veto::ExtentDiffers, volumes_differ(a, b));
    vetoes
}

/// How the numbers of two titles relate.
enum Numbers {
    Equal,
    Differ,
    OnOneSide,
}

fn numbers(a: &Features, b: &Features) -> Numbers {
    let of_titles = title_numbers(a, b);
    // A subtitle that one record leaves out takes its numbers with it.
    let both_have_subtitles = !a.title.sub.is_empty() && !b.title.sub.is_empty();
    let of_subtitles =
        if both_have_subtitles { difference(&a.title.sub_numbers, &b.title.sub_numbers) } else { Numbers::Equal };
    let of_series = series_numbers(a, b);
    match (of_titles, of_subtitles, of_series) {
        (Numbers::Differ, ..) | (_, Numbers::Differ, _) | (.., Numbers::Differ) => Numbers::Differ,
        (Numbers::OnOneSide, ..) | (_, Numbers::OnOneSide, _) => Numbers::OnOneSide,
        _ => Numbers::Equal,
    }
}

/// Numbers of title proper and part. One record's subtitle may be the other's title proper.
fn title_numbers(a: &Features, b: &Features) -> Numbers {
    let missing = |x: &Features, y: &Features| -> Vec<u32> {
        let in_words = |number: u32| y.title.main.split(' ').any(|word| canonical_number(word) == Some(number));
        let known = |number: &&u32| {
            y.title.numbers.contains(number) || y.title.sub_numbers.contains(number) || in_words(**number)
        };
        x.title.numbers.iter().filter(|number| !known(number)).copied().collect()
    };
    difference(&missing(a, b), &missing(b, a))
}

/// Numbers within one series of the same name: sheets of a map series, issues of a report series.
fn series_numbers(a: &Features, b: &Features) -> Numbers {
    let (x, y) = (&a.series, &b.series);
    if x.name.is_empty() || x.name != y.name || x.number == 0 || y.number == 0 || x.number == y.number {
        return Numbers::Equal;
    }
    Numbers::Differ
}

/// How two lists of numbers differ as multisets.
fn difference(a: &[u32], b: &[u32]) -> Numbers {
    let mut only_b = b.to_vec();
    let only_a = a
        .iter()
        .filter(|number| match only_b.iter().position(|other| other == *number) {
            Some(at) => {
                only_b.remove(at);
                false
            }
            None => true,
        })
        .count();
    match (only_a, only_b.len()) {
        (0, 0) => Numbers::Equal,
        (0, _) | (_, 0) => Numbers::OnOneSide,
        _ => Numbers::Differ,
    }
}

/// Words by which a title says that it follows up another work.
fn is_follow_up(features: &Features) -> bool {
    const MARKS: [&str; 30] = [
        "erratum",
        "errata",
        "corrigendum",
        "corrigenda",
        "correction",
        "corrections",
        "retraction",
        "retracted",
        "withdrawn",
        "expression of concern",
        "comment on",
        "comments on",
        "commentary on",
        "reply",
        "reply to",
        "response to",
        "authors reply",
        "author reply",
        "authors response",
        "rejoinder",
        "re",
        "addendum",
        "book review",
        "review of",
        "study protocol",
        "protocol for",
        "supplementary material",
        "supplementary data",
        "letter to",
        "discussion of",
    ];
    let title = features.title.whole();
    let starts = |mark: &str| title.strip_prefix(mark).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    let ends = |mark: &str| title.strip_suffix(mark).is_some_and(|rest| rest.ends_with(' '));
    // At the end only the words that stand there after a colon: `: reply`, `: a study protocol`.
    let at_end: [&str; 10] = [
        "erratum",
        "corrigendum",
        "correction",
        "retraction",
        "reply",
        "authors reply",
        "author reply",
        "rejoinder",
        "study protocol",
        "comment",
    ];
    let has_content = title.split(' ').count() > 2;
    has_content && (MARKS.iter().any(|mark| starts(mark)) || at_end.iter().any(|mark| ends(mark)))
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

/// Whether two records can only describe the same printing, so that a differing language or a lost number is
/// an error of one: same year and extent, and titles that agree. A translation or another volume never keeps
/// all three.
fn is_one_imprint(comparison: &Comparison) -> bool {
    let same = |aspect| comparison.level(aspect) == Some(Level::Same);
    let title = matches!(comparison.level(Aspect::Title), Some(Level::Same | Level::Similar | Level::Shortened));
    title && same(Aspect::Year) && same(Aspect::Extent)
}

/// Whether two components stand on the same pages of the same volume or year.
fn is_one_place(comparison: &Comparison) -> bool {
    let same = |aspect| comparison.level(aspect) == Some(Level::Same);
    same(Aspect::Pages) && (same(Aspect::Volume) || same(Aspect::Year))
}

/// Carriers matter for what is published by itself; articles are the same work online and on paper.
fn carriers_differ(a: &Features, b: &Features) -> bool {
    if a.is_component() || b.is_component() {
        return false;
    }
    let (x, y) = (a.carriers, b.carriers);
    match (x.is_empty(), y.is_empty()) {
        (true, true) => false,
        (false, false) => !x.meets(y),
        // Nothing said mostly means paper, and a page count without carrier makes it certain. A disc beside
        // pages is a supplement that the other record may leave out.
        (true, false) => a.extent.pages > 0 && (y.meets(Carriers::ONLINE) || b.extent.pages == 0),
        (false, true) => b.extent.pages > 0 && (x.meets(Carriers::ONLINE) || a.extent.pages == 0),
    }
}

/// Titles that name a kind of text, not a work, folded.
const GENERIC_TITLES: [&str; 96] = [
    "about the authors",
    "abstract",
    "abstracts",
    "acknowledgements",
    "acknowledgments",
    "addresses",
    "announcement",
    "announcements",
    "annual report",
    "aus der redaktion",
    "author index",
    "autobiography",
    "bericht",
    "besprechung",
    "book review",
    "book reviews",
    "briefe",
    "bulletin",
    "calendar",
    "catalogue",
    "collected papers",
    "collected poems",
    "collected works",
    "comment",
    "commentary",
    "complete works",
    "conclusion",
    "constitution",
    "contents",
    "contributors",
    "correction",
    "correspondence",
    "corrigendum",
    "cover",
    "die redaktion",
    "discussion",
    "dissertation",
    "editorial",
    "editorial board",
    "editorial notes",
    "editorial statement",
    "editors comments",
    "editors note",
    "einleitung",
    "erratum",
    "essays",
    "festschrift",
    "foreword",
    "from the editor",
    "from the editors",
    "gedichte",
    "geleitwort",
    "guest editorial",
    "history",
    "in brief",
    "in memoriam",
    "in this issue",
    "index",
    "information",
    "inhalt",
    "introduction",
    "jahresbericht",
    "journal",
    "letter",
    "letter to the editor",
    "letters",
    "letters to the editor",
    "memoirs",
    "minutes",
    "miscellaneous",
    "nachruf",
    "news",
    "note",
    "notes",
    "notes and news",
    "obituary",
    "papers",
    "poems",
    "poster session",
    "preface",
    "president s message",
    "presidents message",
    "proceedings",
    "rapport annuel",
    "recent publications",
    "reply",
    "report",
    "reports",
    "response",
    "review",
    "reviews",
    "selected papers",
    "selected works",
    "table of contents",
    "vorwort",
    "works",
];

/// Whether the whole title is one of the generic ones, numbers aside, or one half of it is an editorial's.
pub(in crate::matching) fn is_generic(features: &Features) -> bool {
    let is_editorial =
        |part: &str| !part.is_empty() && part.starts_with("editor") && GENERIC_TITLES.binary_search(&part).is_ok();
    let whole = features.title.whole();
    if is_editorial(&features.title.sub) || is_editorial(&features.title.main) {
        return true;
    }
    let without_numbers: Vec<&str> =
        whole.split(' ').filter(|word| !word.bytes().all(|byte| byte.is_ascii_digit())).collect();
    let words = without_numbers.join(" ");
    GENERIC_TITLES.binary_search(&words.as_str()).is_ok()
}

/// Whether more than title and author speaks for the pair: an identifier, or host with pages or volume, or
/// for books the author with publisher and extent.
fn is_supported(comparison: &Comparison) -> bool {
    let same = |aspect| comparison.level(aspect) == Some(Level::Same);
    let identifier = same(Aspect::Doi) || same(Aspect::ArticleNumber) || same(Aspect::Isbn) || same(Aspect::Oclc);
    let host = same(Aspect::Pages) && (same(Aspect::Volume) || same(Aspect::Container) || same(Aspect::Year));
    let author = matches!(comparison.level(Aspect::Authors), Some(Level::Same | Level::Similar | Level::Shortened));
    let imprint = author && same(Aspect::Year) && (same(Aspect::Extent) || same(Aspect::Publisher));
    identifier || host || imprint
}

/// One title in two volumes of one host: a column, a series of reports, an annual piece. Equal pages or an
/// identifier show that one of the records only has a wrong number. Issue numbers are left to their weight:
/// databases fill them with running numbers of their own.
fn host_part_differs(comparison: &Comparison) -> bool {
    let level = |aspect| comparison.level(aspect);
    let differs = |aspect| level(aspect) == Some(Level::Different);
    let one_place = matches!(level(Aspect::Pages), Some(Level::Same | Level::Similar));
    let one_thing = level(Aspect::Doi) == Some(Level::Same) || level(Aspect::ArticleNumber) == Some(Level::Same);
    differs(Aspect::Volume) && !one_place && !one_thing
}

fn volumes_differ(a: &Features, b: &Features) -> bool {
    let (x, y) = (a.extent.volumes, b.extent.volumes);
    x > 0 && y > 0 && x != y
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generic_titles_are_sorted_for_searching() {
        assert!(
            GENERIC_TITLES.windows(2).all(|pair| pair[0] < pair[1]),
            "{:?}",
            GENERIC_TITLES.windows(2).find(|pair| pair[0] >= pair[1])
        );
    }
}
