//! Texts about another one: a correction, a reply, a review, a protocol, and supplements. Their titles say so.

use crate::keys::seek::words;
use crate::keys::title::Title;

use super::super::compare::follow_up::{
    AT_END, AT_START, IN_SUBTITLE, Kind, OPENINGS, OPENINGS_OF_SUBTITLES, after_article, relating,
};
use super::super::compare::squeeze;
use super::super::evidence::{Aspect, Level};
use super::Detail;
use super::case::Case;

impl Case<'_> {
    /// What the one is to the other if just one of them says so; a supplement, which is a part, is told here as well.
    pub(super) fn comment(&self) -> Option<Detail> {
        // A mark before the title of one and the same article is a state of it, not another text.
        if self.shares_identifier() {
            return None;
        }
        let of_a = follow_up(&self.a.title, &self.b.title);
        let of_b = follow_up(&self.b.title, &self.a.title);
        let ((Some(detail), None) | (None, Some(detail))) = (of_a, of_b) else { return None };
        let is_of_authors =
            matches!(detail, Detail::Erratum | Detail::Retraction | Detail::Protocol | Detail::Supplement);
        let authors_clash = self.is(Aspect::Authors, &[Level::Different, Level::Weak]);
        let most_years = if detail == Detail::Review { 100 } else { 10 };
        (self.within_years(most_years) && !(is_of_authors && authors_clash)).then_some(detail)
    }
}

/// What a mark says of a text.
fn detail(kind: Kind) -> Detail {
    match kind {
        Kind::Erratum => Detail::Erratum,
        Kind::Retraction => Detail::Retraction,
        Kind::Reply => Detail::Reply,
        Kind::Comment => Detail::Comment,
        Kind::Review => Detail::Review,
        Kind::Protocol => Detail::Protocol,
        Kind::Supplement => Detail::Supplement,
    }
}

/// Whether a title says that it is about another one: what [`follow_up`] asks for first. `whole` is all of the title.
pub(in crate::matching) fn follows_up(title: &Title, whole: &str) -> bool {
    let at_start = |mark: &str| whole.strip_prefix(mark).is_some_and(|rest| rest.starts_with(' '));
    let at_end = |mark: &str| whole.strip_suffix(mark).is_some_and(|rest| rest.ends_with(' '));
    let sub = after_article(&title.sub);
    may_follow_up(title)
        && (supplement_of(whole).is_some()
            || relating(&AT_START).any(|(mark, _)| at_start(mark))
            || relating(&AT_END).any(|(mark, _)| at_end(mark))
            || relating(&IN_SUBTITLE).any(|(mark, _)| sub.starts_with(mark)))
}

/// Whether the words of a title may say that it is about another one.
fn may_follow_up(title: &Title) -> bool {
    let (start, end) = match (title.main.is_empty(), title.sub.is_empty()) {
        (true, _) => (&title.sub, &title.sub),
        (_, true) => (&title.main, &title.main),
        _ => (&title.main, &title.sub),
    };
    // Marks of several words may go over the end of the title proper: one word of them must do.
    let starts = |mark: &str| {
        mark.as_bytes().first() == start.as_bytes().first()
            && start.starts_with(mark.split(' ').next().unwrap_or_default())
    };
    let ends = |mark: &str| {
        mark.as_bytes().last() == end.as_bytes().last() && end.ends_with(mark.rsplit(' ').next().unwrap_or_default())
    };
    let sub = after_article(&title.sub);
    start.starts_with("additional")
        || start.starts_with("moesm")
        || OPENINGS.may_open(start) && relating(&AT_START).any(|(mark, _)| starts(mark))
        || relating(&AT_END).any(|(mark, _)| ends(mark))
        || OPENINGS_OF_SUBTITLES.may_open(sub) && relating(&IN_SUBTITLE).any(|(mark, _)| sub.starts_with(mark))
}

/// Fewest words and letters of a title that another one can be about.
const MIN_SUBJECT_WORDS: usize = 4;
const MIN_SUBJECT_LETTERS: usize = 20;

/// Whether a title says enough for another one to be about it.
pub(in crate::matching) fn may_be_subject(whole: &str) -> bool {
    whole.len() >= MIN_SUBJECT_LETTERS && words(whole).nth(MIN_SUBJECT_WORDS - 1).is_some()
}

/// What `title` is to a work with the title `other`, if its words say so and the rest is the other title.
pub(super) fn follow_up(title: &Title, other: &Title) -> Option<Detail> {
    if !may_follow_up(title) {
        return None;
    }
    let subject = other.whole();
    if !may_be_subject(&subject) {
        return None;
    }
    let whole = title.whole();
    at_start(&whole, &subject).or_else(|| at_end(&whole, &subject)).or_else(|| in_subtitle(title, other))
}

fn at_start(whole: &str, subject: &str) -> Option<Detail> {
    if let Some(rest) = supplement_of(whole) {
        return names(rest, subject).then_some(Detail::Supplement);
    }
    relating(&AT_START).find_map(|(mark, kind)| {
        let rest = whole.strip_prefix(mark)?.strip_prefix(' ')?;
        // `Correction of hallux valgus` corrects no text.
        if matches!(mark, "correction" | "corrections" | "retraction") && rest.starts_with("of ") {
            return None;
        }
        let openings = ["to the article ", "to ", "on ", "of ", "for ", "in "];
        let rest = openings.iter().find_map(|opening| rest.strip_prefix(opening)).unwrap_or(rest);
        // A review names more of a book than its title; a survey of a field does not.
        let is_survey = mark == "review of" && squeeze(rest).len() <= squeeze(subject).len();
        (names(rest, subject) && !is_survey).then_some(detail(kind))
    })
}

/// What follows `Additional file 3 of` or `MOESM3 of`, as repositories name supplements.
fn supplement_of(whole: &str) -> Option<&str> {
    let numbered = whole.strip_prefix("additional file ").or_else(|| whole.strip_prefix("moesm"))?;
    let (number, rest) = numbered.split_once(' ')?;
    number.bytes().all(|byte| byte.is_ascii_digit()).then(|| rest.strip_prefix("of ")).flatten()
}

/// Whether a text is the subject's title, or begins with it, or is it cut off.
fn names(text: &str, subject: &str) -> bool {
    let (text, subject) = (squeeze(text), squeeze(subject));
    let is_cut_off = text.len() >= MIN_SUBJECT_LETTERS && subject.starts_with(&text) && 2 * text.len() >= subject.len();
    text.starts_with(&subject) || is_cut_off
}

fn at_end(whole: &str, subject: &str) -> Option<Detail> {
    relating(&AT_END).find_map(|(mark, kind)| {
        let rest = whole.strip_suffix(mark)?.strip_suffix(' ')?;
        (squeeze(before_article(rest)) == squeeze(subject)).then_some(detail(kind))
    })
}

/// Words of a title proper that leave no doubt that `response to` in its subtitle is one to a text.
const MIN_CERTAIN_WORDS: usize = 8;

/// Fewest words of a title proper whose subtitle is looked at: `VMTP: a protocol for …` is no study's.
const MIN_MAIN_WORDS: usize = 3;

fn in_subtitle(title: &Title, other: &Title) -> Option<Detail> {
    let n_words = title.main.split(' ').count();
    if n_words < MIN_MAIN_WORDS {
        return None;
    }
    let sub = after_article(&title.sub);
    let found = relating(&IN_SUBTITLE).find_map(|(mark, kind)| {
        let rest = sub.strip_prefix(mark)?;
        let goes_on =
            |words: &[&str]| words.iter().any(|word| rest.strip_prefix(word).is_some_and(|end| end.starts_with(' ')));
        let is_about_text = match mark {
            "response" | "correction" | "discussion" | "retraction" | "protocol" => {
                goes_on(&[" to", " on", " and", " for"]) && n_words >= MIN_CERTAIN_WORDS
            }
            _ => goes_on(&[" to", " on", " of", " for", " and", " by"]),
        };
        (rest.is_empty() || is_about_text).then_some(detail(kind))
    })?;
    let main = squeeze(&title.main);
    (main == squeeze(&other.main) || main == squeeze(&other.whole())).then_some(found)
}

/// A folded text without the article at its end, that of the mark behind it.
fn before_article(text: &str) -> &str {
    let text = text.trim_end();
    [" a", " an", " the"].iter().find_map(|article| text.strip_suffix(article)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::*;

    #[test]
    fn comments_name_what_they_are_about() {
        let of = |title: &str, author: &str, fields: &str| {
            format!(r#""title":"{title}","author":["{author}"],"publishDate":["2011"],"format":["Article"]{fields}"#)
        };
        let title = "Cell-matrix de-adhesion dynamics reflect contractile mechanics";
        let work = of(title, "Sen, Shamik", "");
        let about = |words: &str, author: &str, detail| check(&work, &of(words, author, ""), detail);
        about(&format!("Erratum to: {title}"), "Sen, Shamik", Some(Detail::Erratum));
        about(&format!("Erratum to: {title}"), "Hill, Anna", None);
        about(&format!("{title}\u{2013}CORRIGENDUM"), "Sen, Shamik", Some(Detail::Erratum));
        about(&format!("Retraction: {title}"), "Sen, Shamik", Some(Detail::Retraction));
        about(&format!("Comment on \\\"{title}\\\""), "Hill, Anna", Some(Detail::Comment));
        about(&format!("{title}. Authors' reply"), "Sen, Shamik", Some(Detail::Reply));
        about(&format!("{title}: a study protocol"), "Sen, Shamik", Some(Detail::Protocol));
        about(&format!("Additional file 3 of {title}"), "Sen, Shamik", Some(Detail::Supplement));
        about(&format!("Review of {title} by S. Sen"), "Hill, Anna", Some(Detail::Review));
        about(&format!("Kommentar zu: {title}"), "Hill, Anna", Some(Detail::Comment));
        about(&format!("Erratum zu: {title}"), "Sen, Shamik", Some(Detail::Erratum));
        about(&format!("{title} : eine Erwiderung"), "Hill, Anna", Some(Detail::Reply));
        about(&format!("Correction of {title}"), "Sen, Shamik", None);
        about(&format!("Review of {title}"), "Hill, Anna", None);
        about("Erratum", "Sen, Shamik", None);
        about("Erratum to: Cell division in plants and animals", "Sen, Shamik", None);
        // One DOI: the article itself, marked as retracted.
        let doi = r#","doi_str_mv":["10.1000/182"]"#;
        check(&of(title, "Sen, Shamik", doi), &of(&format!("Retraction: {title}"), "Sen, Shamik", doi), None);
    }
}
