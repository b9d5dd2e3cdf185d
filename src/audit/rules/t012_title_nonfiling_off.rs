//! T012: title nonfiling off.

use super::folding::{fold, is_same, start_after, words};
use crate::audit::{Check, Family, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;
use crate::keys::sort_title::MAX_NONFILING;

/// A sort title that begins inside a word is a warning, one that begins with an article is information, in MARC only.
pub(super) static RULE: Rule = Rule {
    code: "T012",
    name: "title-nonfiling-off",
    severity: Severity::Warn,
    fix: Fix::Proposal,
    aggregated: false,
    needs: &[Field::Title, Field::TitleSort],
    skips_merged: false,
    explanation: "\
## What it finds
A sort title that begins inside a word of the title; a MARC record without sort title, all of whose short title lies in
what the indicator leaves out; as information, the sort title of a MARC record that
begins with an article of the record's language.
## Why it matters
The record sorts under a fragment or under its article.
## Example
Title `The water`, title_sort `ewater`; `Der Spiegel` sorted under `der spiegel`.
## Known gaps
XSLT imports leave out English articles only, by design, and are judged on fragments alone. Articles that are
also numerals (`un`, `ein`, `en`) are not in the list, nor are well-known names judged that begin with one
(`La Fontaine`). Records of several languages are not judged, since an article of one is a word of another.
## Source
MARC 21, second indicator of 245; list of initial articles in appendix F of MARC 21.",
    check: Check::record(check),
};

/// Articles that file under the next word, by language name, folded. Origin: appendix F of MARC 21 and the lists of SolrMarc
/// and RecordManager, without words that are also numerals (`un`, `ein`, `en`) or prepositions. Sorted.
const ARTICLES: [(&str, &[&str]); 32] = [
    ("Afrikaans", &["die"]),
    ("Arabic", &["al", "el"]),
    ("Breton", &["al", "an", "ar", "ul", "ur"]),
    ("Catalan", &["el", "els", "l", "la", "les"]),
    ("Danish", &["de", "den", "det"]),
    ("Dutch", &["de", "een", "eene", "het"]),
    ("English", &["a", "an", "the"]),
    ("Esperanto", &["la"]),
    ("French", &["des", "l", "la", "le", "les"]),
    ("Frisian", &["de"]),
    ("Galician", &["as", "o", "os"]),
    ("German", &["das", "dem", "den", "der", "des", "die", "eine", "einem", "einen", "einer", "eines"]),
    ("Greek, Modern (1453-)", &["hai", "he", "ho", "hoi", "ta", "to"]),
    ("Hebrew", &["ha", "he", "ho"]),
    ("Hungarian", &["a", "az"]),
    ("Icelandic", &["hi", "hid", "hin", "hinar", "hinir", "hinn"]),
    ("Irish", &["an", "na"]),
    ("Italian", &["gl", "gli", "i", "il", "l", "la", "le", "lo"]),
    ("Luxembourgish", &["d", "dat", "de", "deen", "dei"]),
    ("Maltese", &["il", "l"]),
    ("Norwegian", &["de", "dei", "den", "det"]),
    ("Norwegian (Bokmål)", &["de", "den", "det"]),
    ("Norwegian (Nynorsk)", &["dei", "den", "det"]),
    ("Persian", &["al"]),
    ("Portuguese", &["as", "o", "os", "uma", "umas", "uns"]),
    ("Spanish", &["el", "la", "las", "lo", "los", "unas", "unos"]),
    ("Swedish", &["de", "den", "det"]),
    ("Tagalog", &["ang"]),
    ("Urdu", &["al"]),
    ("Walloon", &["des", "l"]),
    ("Welsh", &["yr"]),
    ("Yiddish", &["der", "di", "die", "dos"]),
];

/// Words after an article that make it the beginning of a name, as in `La Fontaine` or `Los Angeles`, as sort titles
/// have them. Origin: well-known persons and places.
const NAMES: [&str; 36] = [
    "alamos",
    "angeles",
    "aquila",
    "bruyere",
    "carre",
    "casas",
    "clezio",
    "corbusier",
    "coruna",
    "cruz",
    "cubana",
    "fontaine",
    "gaulle",
    "greco",
    "guin",
    "habana",
    "hague",
    "havre",
    "haye",
    "jolla",
    "mancha",
    "mans",
    "nino",
    "palmas",
    "paso",
    "paz",
    "pen",
    "plata",
    "rioja",
    "rochefoucauld",
    "rochelle",
    "salle",
    "salvador",
    "seu",
    "spezia",
    "vegas",
];

/// Words that make a set phrase of an article before them, `A priori`, `A to Z`, or name a letter.
const PHRASES: [&str; 7] = ["fortiori", "la", "los", "posteriori", "priori", "propos", "cappella"];

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    let Some(title) = record.filled(Field::Title) else { return };
    let Some(sort) = record.filled(Field::TitleSort) else {
        let is_short = title.chars().count() <= MAX_NONFILING && title.contains(char::is_alphanumeric);
        if subject.family == Family::Marc && is_short {
            found.add(Problem::new(Field::TitleSort, "", "the whole title is left out of the sort title"));
        }
        return;
    };
    if begins_inside_word(subject, title, sort) {
        found.add(Problem::new(Field::TitleSort, sort, "the sort title begins inside a word of the title"));
    } else if subject.family == Family::Marc && is_under_article(subject, title, sort) {
        let problem = Problem::new(Field::TitleSort, sort, "the sort title begins with an article");
        found.add(problem.severity(Severity::Info));
    }
}

fn begins_inside_word(subject: &Subject<'_>, title: &str, sort: &str) -> bool {
    // The usual case: nothing is left out, or whole words are.
    match subject.n_left_out() {
        Some(n_left_out) if start_after(title, 20, n_left_out).is_some() => return false,
        None if title.is_ascii() => return false,
        _ => {}
    }
    let sort = fold(sort);
    let words = words(title);
    let whole: String = words.concat();
    if sort.is_empty() || sort.len() >= whole.len() || !whole.ends_with(&sort) {
        return false;
    }
    let left_out = whole.len() - sort.len();
    let mut end = 0;
    words.iter().all(|word| {
        end += word.len();
        end != left_out
    })
}

fn is_under_article(subject: &Subject<'_>, title: &str, sort: &str) -> bool {
    let [language] = subject.record.all(Field::Language) else { return false };
    let Ok(row) = ARTICLES.binary_search_by_key(&&**language, |row| row.0) else { return false };
    if !starts_with_article(row, title, sort) {
        return false;
    }
    // `A-Z`, `A. E. Housman` and `"A"` begin with a letter and no article.
    let Some((first, rest)) = first_word(title).filter(|(_, rest)| rest.starts_with([' ', '\'', '’', 'ʼ'])) else {
        let is_joined = |(first, rest): (&str, &str)| rest.starts_with('-') && JOINED.contains(&&*first.to_lowercase());
        return first_word(title).is_some_and(is_joined);
    };
    let next_word = first_word(rest).map(|(next, _)| next).unwrap_or_default();
    let next = fold(next_word);
    // `Las casas` are houses, `Las Casas` is a person.
    let is_name = next_word.starts_with(char::is_uppercase) && NAMES.contains(&&*next);
    let is_letter = next.chars().count() < 2 || fold(rest).starts_with("toz") && fold(first) == "a";
    !is_letter && !is_name && !PHRASES.contains(&&*next)
}

/// Articles of some language beside those of [`ARTICLES`]: numerals, contractions and one-letter words.
const OTHER_ARTICLES: [&str; 28] = [
    "a", "bir", "d", "das", "dos", "e", "egy", "ein", "en", "ena", "enas", "et", "ett", "hen", "na", "o", "t", "um",
    "un", "una", "une", "uno", "ya", "ye", "y", "yn", "s", "az",
];

/// Whether the first word of a title is an article in some language.
pub(super) fn may_begin_with_article(title: &str) -> bool {
    let Some((first, _)) = first_word(title) else { return false };
    let first = fold(first);
    OTHER_ARTICLES.contains(&&*first) || ARTICLES.iter().any(|row| row.1.contains(&&*first))
}

/// Articles that a hyphen joins to the next word.
const JOINED: [&str; 5] = ["al", "el", "ha", "he", "ho"];

/// Whether title and sort title begin with one article of a row, and with one more word.
fn starts_with_article(row: usize, title: &str, sort: &str) -> bool {
    let Some((first, rest)) = first_word(title) else { return false };
    let Some(article) = ARTICLES[row].1.iter().find(|article| is_same(first, article)) else { return false };
    let is_under = |(first, rest)| is_same(first, article) && first_word(rest).is_some();
    first_word(rest).is_some() && first_word(sort).is_some_and(is_under)
}

/// The first word of a text, and what follows it.
fn first_word(text: &str) -> Option<(&str, &str)> {
    let start = text.find(char::is_alphanumeric)?;
    let word = &text[start..];
    Some(word.split_at(word.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(word.len())))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::check;

    #[test]
    fn sort_titles_begin_with_a_word() {
        check(&RULE, r#"{"title":"The water","title_sort":"ewater"}"#, &["title_sort"]);
        check(&RULE, r#"{"title":"The water","title_sort":"water"}"#, &[]);
        check(&RULE, r#"{"title":"L'étranger","title_sort":"etranger"}"#, &[]);
        check(&RULE, r#"{"title":"L'étranger","title_sort":"l etranger"}"#, &[]);
    }

    #[test]
    fn marc_titles_do_not_sort_under_their_article() {
        assert!(super::ARTICLES.is_sorted_by_key(|row| row.0));
        let with = |language: &str, title: &str, sort: &str| {
            format!(r#"{{"title":"{title}","title_sort":"{sort}","record_format":"marc","language":["{language}"]}}"#)
        };
        for (language, title, sort) in [
            ("German", "Der Spiegel", "der spiegel"),
            ("German", "Der Spiegel heute", "der spiegel heute"),
            ("English", "The water", "the water"),
            ("English", "A history of Kent", "a history of kent"),
            ("Spanish", "La introducción a la química", "la introduccion a la quimica"),
            ("French", "L'étranger", "l etranger"),
            ("French", "L’étranger de Camus", "l’étranger de camus"),
            ("French", "Les misérables", "les miserables"),
            ("Dutch", "De aanslag", "de aanslag"),
            ("Danish", "Den lille havfrue", "den lille havfrue"),
            ("Hungarian", "Az ember tragédiája", "az ember tragediaja"),
            ("Catalan", "Els contes", "els contes"),
            ("Arabic", "al-Kitab", "al kitab"),
            ("Italian", "I promessi sposi", "i promessi sposi"),
            ("Portuguese", "Uma casa portuguesa", "uma casa portuguesa"),
            ("Spanish", "Las casas de Madrid", "las casas de madrid"),
        ] {
            check(&RULE, &with(language, title, sort), &["title_sort"]);
        }
        for (language, title, sort) in [
            ("English", "A cappella singing", "a cappella singing"),
            ("English", "Die hard again", "die hard again"),
            ("English", "A la recherche du temps perdu", "a la recherche du temps perdu"),
            ("English", "A-Z guide of London", "a z guide of london"),
            ("English", "A to Z of gardening", "a to z of gardening"),
            ("English", "A, B, C of cooking", "a b c of cooking"),
            ("English", "A. E. Housman and friends", "a e housman and friends"),
            ("English", "A priori and a posteriori", "a priori and a posteriori"),
            ("English", r#"\"A\" is for apple"#, "a is for apple"),
            ("French", "La Fontaine et ses fables", "la fontaine et ses fables"),
            ("Spanish", "Los Angeles de noche", "los angeles de noche"),
            ("Spanish", "Las Casas y los indios", "las casas y los indios"),
            ("Spanish", "El Niño y el clima", "el nino y el clima"),
            ("Italian", "L'Aquila dopo il terremoto", "l aquila dopo il terremoto"),
            ("Portuguese", "O. Henry e os contos", "o henry e os contos"),
            ("French", "Un coeur simple", "un coeur simple"),
            ("German", "Die", "die"),
        ] {
            check(&RULE, &with(language, title, sort), &[]);
        }
        check(&RULE, r#"{"title":"Der Spiegel","title_sort":"der spiegel","language":["German"]}"#, &[]);
        check(&RULE, r#"{"title":"An","record_format":"marc"}"#, &["title_sort"]);
        check(&RULE, r#"{"title":"The use of water","record_format":"marc"}"#, &[]);
        assert!(super::may_begin_with_article("Un coeur simple") && !super::may_begin_with_article("History"));
    }
}
