//! The most that comparing two records can come to, by their sketches.

use super::super::compare::{extent_level, formats_level, height_level, kind_of, years_level};
use super::super::evidence::{Aspect, Kind, Level};
use super::super::weights::Weights;
use super::chunk::Sketched;
use super::names::{self, level_of_bodies};
use super::record::{Sketch, bit};
use super::{flag, title};

/// Whether comparing two records is certain to find nothing: see [`Sketches::are_apart`](super::Sketches::are_apart).
pub(super) fn are_apart(x: &Sketched<'_>, y: &Sketched<'_>, weights: &Weights) -> bool {
    let (a, b) = (x.sketch, y.sketch);
    if a.identifiers & b.identifiers != 0 && x.shares_identifier(y) {
        return false;
    }
    let kind = kind(a, b);
    let makers = makers(x, y, kind, weights);
    let others = others(a, b, kind, weights) + makers.most;
    let budget = weights.review_at.centibits() - weights.prior(kind).centibits() - others;
    // Whatever the titles are, they do not unite the two, and no relation does without common makers.
    if !makers.may_agree
        && !may_be_about(a, b)
        && !may_be_about(b, a)
        && !is_chapter(a, b)
        && !is_chapter(b, a)
        && title::most(a, b, kind, weights) < budget
    {
        return true;
    }
    if must_be_compared(a, b) || weights.of(kind, Aspect::Title, Level::Different).centibits() >= budget {
        return false;
    }
    title::most_apart(x, y, kind, weights).is_some_and(|most| most < budget)
}

/// Whether letters and words of the two titles bound nothing: a sketch does not suffice, or the titles may be one in
/// another form, or the one part, host or other title of the other.
fn must_be_compared(a: &Sketch, b: &Sketch) -> bool {
    (a.flags | b.flags) & flag::COMPARED != 0
        || (a.romanised == b.romanised && a.romanised != 0)
        || a.main == b.main
        || (a.stem == b.stem && a.stem != 0)
        || is_part_of(a, b)
        || is_part_of(b, a)
        || a.other_titles & bit(b.main) != 0
        || b.other_titles & bit(a.main) != 0
        || is_chapter(a, b)
        || is_chapter(b, a)
}

/// Whether the title of the one may be part or subtitle of the other.
fn is_part_of(whole: &Sketch, part: &Sketch) -> bool {
    (whole.part == part.whole || whole.sub == part.whole) && part.whole != 0
}

/// Whether the one may be a chapter of the other by the name of its host. By identifiers it would not come this far.
fn is_chapter(part: &Sketch, host: &Sketch) -> bool {
    part.has(flag::COMPONENT)
        && !host.has(flag::COMPONENT)
        && part.container != 0
        && (part.container == host.main || part.container == host.whole)
}

/// Whether the title of the one may say that it is about the other.
fn may_be_about(a: &Sketch, b: &Sketch) -> bool {
    a.has(flag::FOLLOW_UP) && b.has(flag::SUBJECT)
}

fn kind(a: &Sketch, b: &Sketch) -> Kind {
    let both = [a, b];
    let have = |mark: u32| both.map(|sketch| sketch.has(mark));
    kind_of(have(flag::COMPONENT), have(flag::BARE), both.map(|sketch| sketch.classes))
}

/// Whether two records that nobody signed may be the same in all they say.
fn may_be_copies(a: &Sketch, b: &Sketch) -> bool {
    let place = |sketch: &Sketch| (sketch.whole, sketch.volume, sketch.issue, sketch.start_page);
    a.whole != 0 && place(a) == place(b) && (a.publisher & b.publisher != 0 || a.publisher == b.publisher)
}

/// What the makers of two records may have in common.
struct Makers {
    /// The most that authors can weigh, in hundredths of a bit.
    most: i32,
    /// Whether authors may agree, be it in part, or publishers where there are no authors.
    may_agree: bool,
}

/// What authors, or publishers in their place, may come to.
fn makers(x: &Sketched<'_>, y: &Sketched<'_>, kind: Kind, weights: &Weights) -> Makers {
    let (a, b) = (x.sketch, y.sketch);
    let of = |level| weights.of(kind, Aspect::Authors, level).centibits();
    let is_anonymous = |sketch: &Sketch| !sketch.has(flag::PERSONS | flag::BODIES);
    let both = |mark: u32| a.flags & b.flags & mark != 0;
    let strangers = |level| Makers { most: of(level), may_agree: false };
    match (is_anonymous(a), is_anonymous(b)) {
        (true, true) => {
            let one_publisher = !kind.is_component() && both(flag::PUBLISHER) && a.publisher & b.publisher != 0;
            return Makers { most: 0, may_agree: one_publisher || may_be_copies(a, b) };
        }
        (true, false) | (false, true) => return strangers(Level::OneMissing),
        (false, false) => {}
    }
    let any = Makers { most: weights.best(kind, Aspect::Authors), may_agree: true };
    if !both(flag::NAMES) && both(flag::BODIES) {
        return any;
    }
    let persons = both(flag::PERSONS).then(|| {
        // Of one name that a list parts in two, all words have the same first letters.
        let are_strangers = a.persons & b.persons == 0
            || kind != Kind::Citation
                && both(flag::NAMES)
                && a.persons != b.persons
                && !names::may_agree(x.names, y.names);
        if are_strangers { Level::Different } else { Level::Same }
    });
    // Of components with persons, persons decide.
    let persons_decide = both(flag::COMPONENT) && persons.is_some();
    let bodies = (both(flag::BODIES) && !persons_decide).then(|| level_of_bodies(x.bodies, y.bodies));
    match [persons, bodies].into_iter().flatten().min() {
        None => strangers(Level::OneMissing),
        Some(Level::Different) => strangers(Level::Different),
        Some(Level::Weak) => Makers { most: of(Level::Weak).max(of(Level::Different)), may_agree: false },
        Some(_) => any,
    }
}

/// The most that everything but title and authors can weigh, in hundredths of a bit. No identifier is shared.
fn others(a: &Sketch, b: &Sketch, kind: Kind, weights: &Weights) -> i32 {
    let of = |aspect, level| weights.of(kind, aspect, level).centibits();
    let known = |aspect, level: Option<Level>| level.map_or(0, |level| of(aspect, level));
    let best = |aspect| weights.best(kind, aspect);
    let both = |mark: u32| a.flags & b.flags & mark != 0;
    let either = |mark: u32| (a.flags | b.flags) & mark != 0;
    // Nothing, one side only, or what `together` admits of two values.
    let sided = |aspect, mark: u32, together: i32| match (both(mark), either(mark)) {
        (true, _) => together,
        (false, true) => of(aspect, Level::OneMissing),
        (false, false) => 0,
    };
    let of_hashes = |aspect, x: u32, y: u32, same: i32| match (x, y) {
        (0, 0) => 0,
        (0, _) | (_, 0) => of(aspect, Level::OneMissing),
        _ if x == y => same,
        _ => of(aspect, Level::Different),
    };
    let one_page = (a.bare_page == b.bare_page && a.bare_page != 0)
        || (a.end_page == b.end_page && a.end_page != 0)
        || (a.start_page == b.start_page && a.start_page != 0);
    // What was published before it had its place.
    let may_be_paged_anew = a.has(flag::FIRST_PAGE) != b.has(flag::FIRST_PAGE);
    let mut sum = 0;
    if either(flag::PART) {
        sum += best(Aspect::Part);
    }
    if either(flag::NUMBERS) || both(flag::SERIES_NUMBER) {
        sum += best(Aspect::Numbers);
    }
    sum += known(Aspect::Year, years_level(a.years(), b.years()));
    if kind.is_component() {
        sum += sided(Aspect::Container, flag::CONTAINER, best(Aspect::Container));
        sum += of_hashes(Aspect::Volume, a.volume, b.volume, of(Aspect::Volume, Level::Same));
        sum += of_hashes(Aspect::Issue, a.issue, b.issue, of(Aspect::Issue, Level::Same));
        sum += match (a.start_page, b.start_page) {
            (0, 0) => 0,
            (0, _) | (_, 0) => of(Aspect::Pages, Level::OneMissing),
            _ if one_page => best(Aspect::Pages),
            _ if may_be_paged_anew => of(Aspect::Pages, Level::Different).max(of(Aspect::Pages, Level::Partial)),
            _ => of(Aspect::Pages, Level::Different),
        };
    } else {
        let word_in_common =
            |aspect, x: u32, y: u32| if x & y != 0 { best(aspect) } else { of(aspect, Level::Different) };
        sum += sided(Aspect::Publisher, flag::PUBLISHER, word_in_common(Aspect::Publisher, a.publisher, b.publisher));
        sum += sided(Aspect::Place, flag::PLACE, word_in_common(Aspect::Place, a.place, b.place));
        sum += edition(a, b, kind, weights);
        sum += known(Aspect::Extent, extent_level(a.extent, b.extent));
        sum += known(Aspect::Height, height_level(a.extent, b.extent));
        if both(flag::SERIES) {
            sum += best(Aspect::Series);
        }
    }
    let doi = of(Aspect::Doi, Level::Different).max(of(Aspect::Doi, Level::Partial));
    let may_be_close = a.has(flag::UNPLACED) != b.has(flag::UNPLACED) || one_page || may_be_paged_anew;
    sum += sided(Aspect::Doi, flag::DOI, if may_be_close { doi.max(of(Aspect::Doi, Level::Close)) } else { doi });
    let unshared = |aspect, mark| sided(aspect, mark, of(aspect, Level::Different).max(of(aspect, Level::OneMissing)));
    sum += unshared(Aspect::ArticleNumber, flag::ARTICLE_NUMBER);
    sum += unshared(Aspect::Oclc, flag::OCLC);
    if !kind.is_component() {
        sum += unshared(Aspect::Isbn, flag::ISBN);
        if kind == Kind::Serial {
            sum += unshared(Aspect::Issn, flag::ISSN);
        }
    }
    let language = if a.languages & b.languages != 0 { Level::Same } else { Level::Different };
    let language = of(Aspect::Language, language).max(of(Aspect::Language, Level::Different));
    sum += sided(Aspect::Language, flag::LANGUAGE, language);
    if kind.is_component() {
        sum += of(Aspect::Summary, Level::Same).max(0);
    }
    sum + known(Aspect::Format, formats_level(a.classes, b.classes))
}

fn edition(a: &Sketch, b: &Sketch, kind: Kind, weights: &Weights) -> i32 {
    let of = |level| weights.of(kind, Aspect::Edition, level).centibits();
    match (a.has(flag::EDITION), b.has(flag::EDITION)) {
        (false, false) => 0,
        (false, true) if b.edition_number == 1 => 0,
        (true, false) if a.edition_number == 1 => 0,
        (true, false) | (false, true) => of(Level::OneMissing),
        (true, true) if a.edition_number > 0 && b.edition_number > 0 => {
            of(if a.edition_number == b.edition_number { Level::Same } else { Level::Different })
        }
        (true, true) => of(if a.edition == b.edition { Level::Same } else { Level::Similar }),
    }
}
