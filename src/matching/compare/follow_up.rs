//! Titles that say that the text follows up another work: replies, corrections, reviews.

use crate::keys::Features;

/// Words at the beginning of a title that follows up another work, folded.
const MARKS: [&str; 60] = [
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
    "editorial comment",
    "protocol for",
    "supplementary material",
    "additional file",
    "supporting information",
    "supplementary data",
    "letter to",
    "discussion of",
    "berichtigung zu",
    "buchbesprechung",
    "comentario a",
    "commentaire sur",
    "commento a",
    "compte rendu de",
    "correccion a",
    "correccion",
    "erratum zu",
    "erratum a",
    "erwiderung",
    "fe de erratas",
    "kommentar til",
    "kommentar zu",
    "korrektur zu",
    "rattelse",
    "recensione di",
    "reactie op",
    "respuesta a",
    "rettelse til",
    "rezension von",
    "rezension zu",
    "risposta a",
    "stellungnahme zu",
    "replikk til",
    "author correction",
    "publisher correction",
];

/// The same at the end: only words that stand there after a colon, `: reply`, `: a study protocol`.
const AT_END: [&str; 10] = [
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
    let says_so = |sub: &str| SUBTITLES.binary_search(&sub).is_ok();
    (says_so(&features.title.sub) || MARKS.iter().any(|mark| starts(mark)) || AT_END.iter().any(|mark| ends(mark)))
        && has_content()
}

/// Subtitles that say that the text follows up another one, folded. Sorted.
pub(super) const SUBTITLES: [&str; 36] = [
    "a comment",
    "a commentary",
    "a rejoinder",
    "a reply",
    "a response",
    "addendum",
    "antwort",
    "author response",
    "author s response",
    "authors response",
    "berichtigung",
    "comentario",
    "comment",
    "commentaire",
    "commentary",
    "commento",
    "discussion",
    "ein kommentar",
    "eine antwort",
    "eine erwiderung",
    "eine stellungnahme",
    "erwiderung",
    "kommentar",
    "rectificatif",
    "rejoinder",
    "replica",
    "reponse",
    "response",
    "respuesta",
    "risposta",
    "stellungnahme",
    "the reply",
    "una replica",
    "una respuesta",
    "una risposta",
    "une reponse",
];
