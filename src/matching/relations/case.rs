//! What two records and their evidence say, as the relations ask for it.

use std::cell::OnceCell;

use crate::keys::Features;

use super::super::compare::{find_vetoes, squeeze};
use super::super::evidence::{Aspect, Comparison, Level, Veto};

/// Two records and what comparing them gave.
pub(super) struct Case<'a> {
    pub(super) a: &'a Features<'a>,
    pub(super) b: &'a Features<'a>,
    pub(super) comparison: &'a Comparison,
    /// The vetoes, once they were asked: of most pairs nothing else fits, and they never are.
    pub(super) vetoes: OnceCell<Vec<Veto>>,
}

/// Fewest letters of a title that names one work, given its authors.
const MIN_TITLE_LETTERS: usize = 8;

impl Case<'_> {
    /// None if the aspect was not compared, as when neither record says anything of it.
    pub(super) fn level(&self, aspect: Aspect) -> Option<Level> {
        self.comparison.level(aspect)
    }

    /// Whether the aspect was compared and came to one of these levels.
    pub(super) fn is(&self, aspect: Aspect, levels: &[Level]) -> bool {
        self.level(aspect).is_some_and(|level| levels.contains(&level))
    }

    fn vetoes(&self) -> &[Veto] {
        self.vetoes.get_or_init(|| find_vetoes(self.a, self.b, self.comparison))
    }

    /// Whether the veto stands, be it beside others. To be asked after what is told by levels, which costs less.
    pub(super) fn has(&self, veto: Veto) -> bool {
        self.vetoes().contains(&veto)
    }

    /// Whether no veto stands but these.
    pub(super) fn only(&self, allowed: &[Veto]) -> bool {
        // Other editions, parts and printings have other pages.
        self.vetoes().iter().all(|veto| *veto == Veto::PagesDiffer || allowed.contains(veto))
    }

    /// Whether something holds for one record at least.
    pub(super) fn either(&self, holds: impl Fn(&Features) -> bool) -> bool {
        holds(self.a) || holds(self.b)
    }

    /// Whether it holds for each of the records by itself.
    pub(super) fn both(&self, holds: impl Fn(&Features) -> bool) -> bool {
        holds(self.a) && holds(self.b)
    }

    /// Whether titles are the same, similar or shortened: close and partial agreement is not enough.
    pub(super) fn title_agrees(&self) -> bool {
        self.is(Aspect::Title, &[Level::Same, Level::Similar, Level::Shortened])
    }

    /// The same of authors; false if one record names none.
    pub(super) fn authors_agree(&self) -> bool {
        self.is(Aspect::Authors, &[Level::Same, Level::Similar, Level::Shortened])
    }

    /// Whether DOI, ISBN, or a number of PubMed, PubMed Central or arXiv is the same.
    pub(super) fn shares_identifier(&self) -> bool {
        [Aspect::Doi, Aspect::ArticleNumber, Aspect::Isbn].iter().any(|&aspect| self.is(aspect, &[Level::Same]))
    }

    /// Whether authors agree, or a publisher where there are no authors.
    pub(super) fn has_one_maker(&self) -> bool {
        let one_publisher = self.is(Aspect::Publisher, &[Level::Same, Level::Similar]);
        self.authors_agree() || (self.level(Aspect::Authors).is_none() && one_publisher)
    }

    /// Years between the records; none if one of them gives no year.
    pub(super) fn years_between(&self) -> Option<u16> {
        let (x, y) = (self.a.years.first, self.b.years.first);
        (x > 0 && y > 0).then(|| x.abs_diff(y))
    }

    /// Whether the records are at most so many years apart; true if one of them gives no year.
    pub(super) fn within_years(&self, most: u16) -> bool {
        self.years_between().is_none_or(|gap| gap <= most)
    }

    /// Words of the shorter of the two titles.
    pub(super) fn title_words(&self) -> usize {
        let words = |features: &Features| features.title.whole().split(' ').count();
        words(self.a).min(words(self.b))
    }

    /// Whether the title by itself says which work it is, given the authors: long enough, and not cut off.
    pub(super) fn is_telling(&self) -> bool {
        match self.level(Aspect::Title) {
            Some(Level::Same) => squeeze(&self.a.title.whole()).len() >= MIN_TITLE_LETTERS,
            Some(Level::Similar) => self.title_words() >= 3,
            Some(Level::Shortened) => self.title_words() >= 4,
            _ => false,
        }
    }
}
