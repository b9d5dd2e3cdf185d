//! Titles that say that the text follows up another work: replies, corrections, reviews.

use crate::keys::Features;
use crate::keys::seek::Beginnings;

use Kind::{Comment, Erratum, Protocol, Reply, Retraction, Review, Supplement};
use Use::{Apart, Both, Related};

/// What a text is to the one that it follows up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::matching) enum Kind {
    /// Corrects it.
    Erratum,
    /// Takes it back.
    Retraction,
    /// Answers it.
    Reply,
    /// Is about it.
    Comment,
    /// Reviews it.
    Review,
    /// Says how it is to be done.
    Protocol,
    /// Belongs to it.
    Supplement,
}

/// What a mark is good for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::matching) enum Use {
    /// Keeps two records apart of which only one has it: a word that titles of other texts seldom have.
    Apart,
    /// Relates them, if the rest of the title is the other one's.
    Related,
    /// Both.
    Both,
}

/// Words of a title that follows up another work, folded, and what they say of it.
pub(in crate::matching) type Mark = (&'static str, Kind, Use);

/// Those at the beginning. All that fit are tried.
pub(in crate::matching) const AT_START: [Mark; 71] = [
    ("expression of concern", Retraction, Both),
    ("author correction", Erratum, Both),
    ("publisher correction", Erratum, Both),
    ("correction notice", Erratum, Both),
    ("retraction notice", Retraction, Both),
    ("retraction note", Retraction, Both),
    ("supplementary material", Supplement, Both),
    ("supplementary materials", Supplement, Both),
    ("supplementary data", Supplement, Both),
    ("supplementary information", Supplement, Both),
    ("supporting information", Supplement, Both),
    ("in reply", Reply, Both),
    ("authors response", Reply, Both),
    ("authors reply", Reply, Both),
    ("author reply", Reply, Both),
    ("response to", Reply, Both),
    ("reply to", Reply, Both),
    ("reply", Reply, Both),
    ("rejoinder", Reply, Both),
    ("commentary on", Comment, Both),
    ("commentary", Comment, Related),
    ("comments on", Comment, Both),
    ("comment on", Comment, Both),
    ("comment", Comment, Related),
    ("discussion of", Comment, Both),
    ("letter to", Comment, Both),
    ("re", Comment, Both),
    ("erratum", Erratum, Both),
    ("errata", Erratum, Both),
    ("corrigendum", Erratum, Both),
    ("corrigenda", Erratum, Both),
    ("correction", Erratum, Both),
    ("corrections", Erratum, Both),
    ("addendum", Erratum, Both),
    ("retraction", Retraction, Both),
    ("book review", Review, Both),
    ("review of", Review, Both),
    ("berichtigung zu", Erratum, Both),
    ("correccion a", Erratum, Both),
    ("erratum zu", Erratum, Both),
    ("fe de erratas", Erratum, Both),
    ("korrektur zu", Erratum, Both),
    ("rattelse", Erratum, Both),
    ("rettelse til", Erratum, Both),
    ("comentario a", Comment, Both),
    ("commentaire sur", Comment, Both),
    ("commento a", Comment, Both),
    ("kommentar til", Comment, Both),
    ("kommentar zu", Comment, Both),
    ("stellungnahme zu", Comment, Both),
    ("reactie op", Reply, Both),
    ("respuesta a", Reply, Both),
    ("risposta a", Reply, Both),
    ("buchbesprechung", Review, Both),
    ("compte rendu de", Review, Both),
    ("recensione di", Review, Both),
    ("rezension von", Review, Both),
    ("rezension zu", Review, Both),
    ("retracted", Retraction, Both),
    ("withdrawn", Retraction, Both),
    ("study protocol", Protocol, Both),
    ("editorial comment", Comment, Both),
    ("protocol for", Protocol, Both),
    ("additional file", Supplement, Both),
    ("data from", Supplement, Both),
    ("closure of", Reply, Both),
    ("closure to", Reply, Both),
    ("correccion", Erratum, Both),
    ("erratum a", Erratum, Both),
    ("erwiderung", Reply, Both),
    ("replikk til", Reply, Both),
];

/// Those at the end, after a colon. Some name a subject, too: `… pressure correction`.
pub(in crate::matching) const AT_END: [Mark; 11] = [
    ("erratum", Erratum, Both),
    ("corrigendum", Erratum, Both),
    ("addendum", Erratum, Related),
    ("authors reply", Reply, Both),
    ("author reply", Reply, Both),
    ("reply", Reply, Both),
    ("rejoinder", Reply, Both),
    ("comment", Comment, Both),
    ("study protocol", Protocol, Both),
    ("correction", Erratum, Apart),
    ("retraction", Retraction, Apart),
];

/// Those at the beginning of the subtitle, after its article.
pub(in crate::matching) const IN_SUBTITLE: [Mark; 33] = [
    ("erratum", Erratum, Related),
    ("corrigendum", Erratum, Related),
    ("correction", Erratum, Related),
    ("addendum", Erratum, Both),
    ("retraction", Retraction, Related),
    ("authors reply", Reply, Related),
    ("author reply", Reply, Related),
    ("reply", Reply, Both),
    ("rejoinder", Reply, Both),
    ("response", Reply, Both),
    ("comment", Comment, Both),
    ("comments", Comment, Related),
    ("commentary", Comment, Both),
    ("discussion", Comment, Both),
    ("study protocol", Protocol, Related),
    ("protocol", Protocol, Related),
    ("book review", Review, Related),
    ("berichtigung", Erratum, Both),
    ("rectificatif", Erratum, Both),
    ("erwiderung", Reply, Both),
    ("replica", Reply, Both),
    ("reponse", Reply, Both),
    ("respuesta", Reply, Both),
    ("risposta", Reply, Both),
    ("stellungnahme", Comment, Both),
    ("antwort", Reply, Apart),
    ("author response", Reply, Apart),
    ("author s response", Reply, Apart),
    ("authors response", Reply, Apart),
    ("comentario", Comment, Apart),
    ("commentaire", Comment, Apart),
    ("commento", Comment, Apart),
    ("kommentar", Comment, Apart),
];

/// How a text may begin that begins with a mark or the first word of one.
#[derive(Clone, Copy)]
pub(in crate::matching) struct Openings(Beginnings);

/// Those of [`AT_START`].
pub(in crate::matching) const OPENINGS: Openings = Openings::of(&AT_START);
/// Those of [`IN_SUBTITLE`].
pub(in crate::matching) const OPENINGS_OF_SUBTITLES: Openings = Openings::of(&IN_SUBTITLE);

impl Openings {
    const fn of(marks: &[Mark]) -> Openings {
        let (mut all, mut at) = (Beginnings::NONE, 0);
        while at < marks.len() {
            all = all.with(marks[at].0);
            at += 1;
        }
        Openings(all)
    }

    /// Whether the text may be one of those; `false` only if it is none.
    pub(in crate::matching) fn may_open(self, text: &str) -> bool {
        self.0.may_have(text)
    }
}

/// Whether a title says that it follows up another work.
pub(super) fn is_follow_up(features: &Features) -> bool {
    let title = features.title.whole();
    // Nearly no title begins or ends like that, so a letter decides before a mark is looked at whole.
    let (first, last) = (title.as_bytes().first(), title.as_bytes().last());
    let starts = |mark: &str| {
        mark.as_bytes().first() == first
            && title.strip_prefix(mark).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    let ends =
        |mark: &str| mark.as_bytes().last() == last && title.strip_suffix(mark).is_some_and(|rest| rest.ends_with(' '));
    let has_content = || title.split(' ').nth(2).is_some();
    let sub = after_article(&features.title.sub);
    (OPENINGS_OF_SUBTITLES.may_open(sub) && keeping_apart(&IN_SUBTITLE).any(|mark| sub == mark)
        || OPENINGS.may_open(&title) && keeping_apart(&AT_START).any(starts)
        || keeping_apart(&AT_END).any(ends))
        && has_content()
}

/// Whether one of two titles is the other behind or before a mark, whatever they are by themselves: `Erratum: Response to …`
/// beside `Response to …`, `Erratum: Editorial` beside `Editorial`.
pub(super) fn is_of_the_other(a: &Features, b: &Features) -> bool {
    let (x, y) = (a.title.whole(), b.title.whole());
    let (short, long) = if x.len() < y.len() { (&x, &y) } else { (&y, &x) };
    if short.len() == long.len() || !(long.ends_with(&**short) || long.starts_with(&**short)) {
        return false;
    }
    let follows = |text: &str, subject: &str| {
        let at_start = |mark: &str| text.strip_prefix(mark).and_then(|rest| rest.strip_prefix(' ')) == Some(subject);
        let at_end = |mark: &str| text.strip_suffix(mark).and_then(|rest| rest.strip_suffix(' ')) == Some(subject);
        keeping_apart(&AT_START).any(at_start) || keeping_apart(&AT_END).any(at_end)
    };
    follows(long, short)
}

fn keeping_apart(marks: &'static [Mark]) -> impl Iterator<Item = &'static str> {
    marks.iter().filter(|(_, _, good_for)| *good_for != Related).map(|(mark, ..)| *mark)
}

/// The marks that relate a text to another one.
pub(in crate::matching) fn relating(marks: &'static [Mark]) -> impl Iterator<Item = (&'static str, Kind)> {
    marks.iter().filter(|(_, _, good_for)| *good_for != Apart).map(|(mark, kind, _)| (*mark, *kind))
}

/// A folded subtitle without the article at its beginning.
pub(in crate::matching) fn after_article(sub: &str) -> &str {
    const ARTICLES: [&str; 7] = ["a ", "the ", "ein ", "eine ", "un ", "una ", "une "];
    ARTICLES.iter().find_map(|article| sub.strip_prefix(article)).unwrap_or(sub)
}
