//! What two bare citations leave open: they have no pages or identifier, and parsers took them apart.

use super::super::evidence::{Aspect, Comparison, Kind, Level};
use super::cited::other_words;
use super::content_words;
use super::host::is_gathering;
use crate::keys::Features;

/// Whether each of two cited titles has words that no damage explains: two at least, or one beside three, or beside two if both
/// appeared in one year of one host, as papers of the same people do.
pub(super) fn words_differ(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    let level = |aspect| comparison.level(aspect);
    let in_one_year = || {
        level(Aspect::Year) == Some(Level::Same)
            && matches!(level(Aspect::Container), Some(Level::Same | Level::Similar | Level::Shortened))
    };
    comparison.kind == Kind::Citation
        && matches!(level(Aspect::Title), Some(Level::Close | Level::Partial | Level::Weak))
        && match other_words(a, b) {
            [0, _] | [1, 1] => false,
            [1, n] => n > 2 || in_one_year(),
            _ => true,
        }
}

/// Words of a title from which no other text of the same year and journal bears it.
const MIN_TELLING_WORDS: usize = 6;

/// Whether two bare citations give one title at one conference, and no other year, or one long title in one year of a
/// journal: then the names were garbled. Journals print comments under the title of the article, mostly later.
pub(super) fn is_one_paper(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    let level = |aspect| comparison.level(aspect);
    let at_conference = is_gathering(&a.container) || is_gathering(&b.container);
    let n_words = |features: &Features| content_words(&features.title.whole()).len();
    let is_telling = || n_words(a).min(n_words(b)) >= MIN_TELLING_WORDS;
    comparison.kind == Kind::Citation
        && matches!(level(Aspect::Title), Some(Level::Same | Level::Similar))
        && matches!(level(Aspect::Container), Some(Level::Same | Level::Similar | Level::Shortened))
        && match level(Aspect::Year) {
            Some(Level::Same) => at_conference || is_telling(),
            Some(Level::OneMissing) | None => at_conference && is_telling(),
            _ => false,
        }
}

/// Words of a title from which the same people write no other text under it, though its host is not known: columns have shorter
/// ones (`Electrocardiogram of the month`).
const MIN_TELLING_ALONE: usize = 5;
/// Authors of whom some may be others, as long as some are the same: a book and its review have fewer.
const MIN_TEAM: usize = 3;

/// Whether two citations without hosts agree on less than tells that they are one: title, authors and year, of which the title is
/// long, or there are several authors, or one in two forms; or a long title to the letter, and year and some authors of a team, or
/// the authors where neither has a year.
pub(super) fn is_thin(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    if comparison.kind != Kind::Citation || !a.container.is_empty() || !b.container.is_empty() {
        return false;
    }
    let level = |aspect| comparison.level(aspect);
    let agrees = |aspect| matches!(level(aspect), Some(Level::Same | Level::Similar));
    let is_long = |features: &Features| content_words(&features.title.whole()).len() >= MIN_TELLING_ALONE;
    let both_long = || is_long(a) && is_long(b);
    let n_persons = a.persons.len().min(b.persons.len());
    let is_same_title = level(Aspect::Title) == Some(Level::Same);
    let n_of = |x: &Features, y: &Features| {
        let is_in_y = |family: &str| y.persons.iter().any(|person| &*person.family == family);
        x.persons.iter().filter(|person| is_in_y(&person.family)).count()
    };
    let is_team = matches!(level(Aspect::Authors), Some(Level::Partial | Level::Shortened))
        && n_of(a, b).min(n_of(b, a)) >= MIN_TEAM;
    let is_told = match level(Aspect::Year) {
        Some(Level::Same) if agrees(Aspect::Authors) => {
            // A column has its author in one form, as one journal has it.
            let is_in_two_forms = a.persons != b.persons;
            agrees(Aspect::Title) && (n_persons > 1 || is_in_two_forms || both_long())
        }
        Some(Level::Same) => is_same_title && is_team && both_long(),
        None => is_same_title && agrees(Aspect::Authors) && both_long(),
        _ => false,
    };
    !is_told
}

/// Whether two citations of one host are of years that one title of it, by other people perhaps, may bear twice: journals repeat those
/// of columns and annual reports.
pub(super) fn may_be_repeated(comparison: &Comparison) -> bool {
    let is_by_the_same = matches!(comparison.level(Aspect::Authors), Some(Level::Same | Level::Similar));
    comparison.kind == Kind::Citation
        && match comparison.level(Aspect::Year) {
            Some(Level::Different) => true,
            Some(Level::Weak) => !is_by_the_same,
            _ => false,
        }
}
