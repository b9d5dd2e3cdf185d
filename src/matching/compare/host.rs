//! What surrounds a work: host, volume, pages, year, publisher, edition, extent.

use crate::keys::{Features, IdKind, Years};

use super::super::evidence::Level;

/// Host titles or, before them, ISSNs. `None` if neither record says anything.
pub(super) fn container(a: &Features, b: &Features) -> Option<Level> {
    if shares(a, b, IdKind::Issn) {
        return Some(Level::Same);
    }
    let (x, y) = (&*a.container, &*b.container);
    both(x, y, |x, y| {
        if squeezed(x) == squeezed(y) {
            Level::Same
        } else if is_abbreviation(x, y) || is_abbreviation(y, x) {
            Level::Shortened
        } else if is_acronym(x, y) || is_acronym(y, x) {
            Level::Similar
        } else {
            match word_share(x, y) {
                share if share >= 0.75 => Level::Similar,
                share if share >= 0.45 => Level::Partial,
                _ => Level::Different,
            }
        }
    })
}

/// Words that abbreviations leave out.
const LEFT_OUT: [&str; 14] =
    ["the", "of", "and", "for", "in", "on", "de", "la", "der", "die", "fur", "und", "et", "des"];

fn content_words(text: &str) -> Vec<&str> {
    text.split(' ').filter(|word| !LEFT_OUT.contains(word)).collect()
}

/// Whether each word of `short` begins the words of `long` in order: `digit health`, `digital health`; some
/// words of `long` may be left over at the end (`j clin oncol off j am soc`).
fn is_abbreviation(short: &str, long: &str) -> bool {
    let (short, long) = (content_words(short), content_words(long));
    if short.is_empty() || short.len() > long.len() {
        return false;
    }
    let matched = short.iter().zip(&long).all(|(s, l)| l.starts_with(s) || contracts(s, l));
    matched && (short.len() == long.len() || short.len() >= 2)
}

/// `natl` for `national`: first letter, then the others in order.
fn contracts(short: &str, long: &str) -> bool {
    let mut letters = long.chars();
    short.len() >= 3
        && short.len() < long.len()
        && short.as_bytes()[0] == long.as_bytes()[0]
        && short.chars().all(|c| letters.any(|l| l == c))
}

/// `vldb` for `very large data bases`, `jama` for `journal of the american medical association`.
fn is_acronym(short: &str, long: &str) -> bool {
    let letters = short.split(' ').next().unwrap_or_default();
    (2..=8).contains(&letters.len()) && {
        let initials: String = content_words(long).iter().filter_map(|word| word.chars().next()).collect();
        initials.contains(letters) || long.split(' ').any(|word| word == letters)
    }
}

/// Volumes of the host.
pub(super) fn volume(a: &Features, b: &Features) -> Option<Level> {
    both(&a.volume, &b.volume, same_or_different)
}

/// Issues of the host. `1` and `1-2` agree as far as they go.
pub(super) fn issue(a: &Features, b: &Features) -> Option<Level> {
    both(&a.issue, &b.issue, same_or_different)
}

fn same_or_different(a: &str, b: &str) -> Level {
    if a == b { Level::Same } else { Level::Different }
}

/// Pages within the host.
pub(super) fn pages(a: &Features, b: &Features) -> Option<Level> {
    both(&a.start_page, &b.start_page, |x, y| {
        let bare = |page: &str| page.trim_start_matches(|c: char| c.is_alphabetic()).to_owned();
        let one_start = bare(x) == bare(y) && !bare(x).is_empty();
        let one_end = !a.end_page.is_empty() && a.end_page == b.end_page;
        if x == y {
            Level::Same
        } else if one_start || one_end {
            Level::Similar
        } else {
            Level::Different
        }
    })
}

/// Years of publication.
pub(super) fn years(a: Years, b: Years) -> Option<Level> {
    match (a.first, b.first) {
        (0, 0) => None,
        (0, _) | (_, 0) => Some(Level::OneMissing),
        (x, y) if x == y => Some(Level::Same),
        (x, y) => {
            let gap = x.abs_diff(y);
            let one_named_by_other = a.last == y || b.last == x;
            let decade_in_doubt = (a.uncertain || b.uncertain) && gap <= 9;
            Some(if one_named_by_other || decade_in_doubt {
                Level::Partial
            } else if gap == 1 {
                Level::Similar
            } else if gap == 2 {
                Level::Weak
            } else {
                Level::Different
            })
        }
    }
}

/// Publishers, by their telling words.
pub(super) fn publisher(a: &Features, b: &Features) -> Option<Level> {
    both(&a.publisher, &b.publisher, |x, y| {
        let (wx, wy) = (publisher_words(x), publisher_words(y));
        let common = wx.iter().filter(|word| wy.iter().any(|other| other == *word || abbreviates(word, other))).count();
        if x == y || (common == wx.len() && common == wy.len()) {
            Level::Same
        } else if common > 0 {
            Level::Similar
        } else {
            Level::Different
        }
    })
}

fn abbreviates(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    short.len() >= 3 && long.starts_with(short) || contracts(short, long) && short.len() >= 4
}

/// Words that name no particular publisher.
fn publisher_words(text: &str) -> Vec<&str> {
    const EMPTY: [&str; 30] = [
        "and",
        "co",
        "company",
        "inc",
        "ltd",
        "limited",
        "verlag",
        "press",
        "publishers",
        "publishing",
        "publisher",
        "pub",
        "the",
        "sons",
        "bros",
        "brothers",
        "gmbh",
        "ag",
        "edition",
        "editions",
        "editeur",
        "books",
        "of",
        "for",
        "by",
        "dist",
        "s",
        "n",
        "und",
        "et",
    ];
    let words: Vec<&str> = text.split(' ').filter(|word| !EMPTY.contains(word)).collect();
    if words.is_empty() { text.split(' ').collect() } else { words }
}

/// Places of publication: any word in common.
pub(super) fn place(a: &Features, b: &Features) -> Option<Level> {
    both(&a.place, &b.place, |x, y| {
        let meets = x.split(' ').any(|word| word.len() > 2 && y.split(' ').any(|other| other == word));
        if meets || x == y { Level::Same } else { Level::Different }
    })
}

/// Edition statements.
pub(super) fn edition(a: &Features, b: &Features) -> Option<Level> {
    let (x, y) = (&a.edition, &b.edition);
    match (x.text.is_empty(), y.text.is_empty()) {
        (true, true) => None,
        // A first edition mostly goes without saying.
        (true, false) if y.number == 1 => None,
        (false, true) if x.number == 1 => None,
        (true, false) | (false, true) => Some(Level::OneMissing),
        (false, false) => Some(if x.number > 0 && y.number > 0 {
            if x.number == y.number { Level::Same } else { Level::Different }
        } else if squeezed(&x.text) == squeezed(&y.text) {
            Level::Same
        } else {
            Level::Similar
        }),
    }
}

/// Extents: pages first, then volumes, then minutes.
pub(super) fn extent(a: &Features, b: &Features) -> Option<Level> {
    let (x, y) = (a.extent, b.extent);
    let says = |e: crate::keys::material::Extent| e != crate::keys::material::Extent::default();
    if !says(x) && !says(y) {
        return None;
    }
    let number = |p: u32, q: u32| (p > 0 && q > 0).then(|| count_level(p, q));
    let levels = [number(x.pages, y.pages), number(x.volumes, y.volumes), number(x.minutes, y.minutes)];
    Some(levels.into_iter().flatten().next().unwrap_or(Level::OneMissing))
}

/// Counts of pages differ by cataloguing practice: last numbered page, plates, preliminaries.
fn count_level(a: u32, b: u32) -> Level {
    match a.abs_diff(b) {
        0 => Level::Same,
        gap if gap <= 2 || gap.saturating_mul(50) <= a.min(b) => Level::Similar,
        gap if gap <= 10 => Level::Partial,
        _ => Level::Different,
    }
}

/// Identifiers of a kind: shared, or both present without one in common.
pub(super) fn identifiers(a: &Features, b: &Features, kinds: &[IdKind]) -> Option<Level> {
    let mut clash = false;
    let mut one_missing = false;
    for &kind in kinds {
        let (n_a, n_b) = (a.identifiers_of(kind).count(), b.identifiers_of(kind).count());
        if n_a > 0 && n_b > 0 {
            if shares(a, b, kind) {
                return Some(Level::Same);
            }
            clash = true;
        } else if n_a + n_b > 0 {
            one_missing = true;
        }
    }
    if clash { Some(Level::Different) } else { one_missing.then_some(Level::OneMissing) }
}

fn shares(a: &Features, b: &Features, kind: IdKind) -> bool {
    a.identifiers_of(kind).any(|hash| b.identifiers_of(kind).any(|other| other == hash))
}

fn both(a: &str, b: &str, level: impl Fn(&str, &str) -> Level) -> Option<Level> {
    match (a.is_empty(), b.is_empty()) {
        (true, true) => None,
        (false, false) => Some(level(a, b)),
        _ => Some(Level::OneMissing),
    }
}

fn squeezed(text: &str) -> String {
    text.split(' ').filter(|word| !LEFT_OUT.contains(word)).collect()
}

fn word_share(a: &str, b: &str) -> f64 {
    let (wa, wb) = (content_words(a), content_words(b));
    let common = wa.iter().filter(|word| wb.contains(word)).count();
    2.0 * common as f64 / (wa.len() + wb.len()).max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn journals_are_known_by_their_abbreviations() {
        let level = |a: &str, b: &str| {
            let of = |text: &str| Features { container: text.into(), ..Features::default() };
            container(&of(a), &of(b))
        };
        assert_eq!(level("digit health", "digital health"), Some(Level::Shortened));
        assert_eq!(level("j clin oncol", "journal of clinical oncology"), Some(Level::Shortened));
        assert_eq!(level("vldb", "very large data bases"), Some(Level::Similar));
        assert_eq!(level("cancer", "the cancer"), Some(Level::Same));
        assert_eq!(level("cancer", "gut"), Some(Level::Different));
        assert_eq!(level("cancer", ""), Some(Level::OneMissing));
        assert_eq!(level("", ""), None);
    }

    #[test]
    fn years_allow_for_doubt() {
        let year = |first: u16| Years { first, last: first, uncertain: false };
        assert_eq!(years(year(1999), year(1999)), Some(Level::Same));
        assert_eq!(years(year(1999), year(2000)), Some(Level::Similar));
        assert_eq!(years(year(1999), year(2009)), Some(Level::Different));
        assert_eq!(years(Years { first: 1980, last: 1980, uncertain: true }, year(1985)), Some(Level::Partial));
        assert_eq!(years(Years { first: 1985, last: 1984, uncertain: false }, year(1984)), Some(Level::Partial));
    }
}
