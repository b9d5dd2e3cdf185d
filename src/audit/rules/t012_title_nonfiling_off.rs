//! T012: title nonfiling off.

use super::folding::{fold, is_same, word_starts, words};
use crate::audit::{Check, Family, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;

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
A sort title that begins inside a word of the title; as information, the sort title of a MARC record that
begins with an article of the record's language.
## Why it matters
The record sorts under a fragment or under its article.
## Example
Title `The water`, title_sort `ewater`; `Der Spiegel` sorted under `der spiegel`.
## Known gaps
XSLT imports leave out English articles only, by design, and are judged on fragments alone. Articles that are
also numerals (`un`, `ein`) or begin names (`La Fontaine`) are not in the list; ambiguous words are judged
only if the record has one language.
## Source
MARC 21, second indicator of 245; list of initial articles in appendix F of MARC 21.",
    check: Check::record(check),
};

/// Articles that file under the next word, by language name. Origin: appendix F of MARC 21, without words that are
/// also numerals or prepositions.
const ARTICLES: [(&str, &[&str]); 8] = [
    ("Dutch", &["de", "het"]),
    ("English", &["a", "an", "the"]),
    ("French", &["l", "la", "le", "les"]),
    ("German", &["das", "der", "die"]),
    ("Italian", &["gli", "il", "l", "la", "le", "lo"]),
    ("Portuguese", &["as", "o", "os"]),
    ("Spanish", &["el", "la", "las", "los"]),
    ("Swedish", &["den", "det"]),
];

/// Words after an article that make it the beginning of a name, as in `La Fontaine` or `Los Angeles`, as sort titles
/// have them. Origin: well-known persons and places.
const NAMES: [&str; 22] = [
    "alamos",
    "angeles",
    "bruyere",
    "corbusier",
    "coruna",
    "fontaine",
    "habana",
    "hague",
    "haye",
    "havre",
    "mancha",
    "mans",
    "palmas",
    "paz",
    "plata",
    "rioja",
    "rochefoucauld",
    "rochelle",
    "salle",
    "salvador",
    "spezia",
    "vegas",
];

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    let (Some(title), Some(sort)) = (record.filled(Field::Title), record.filled(Field::TitleSort)) else { return };
    let is_whole = subject.folded_title() == subject.folded_title_sort();
    if !is_whole && begins_inside_word(title, sort) {
        found.add(Problem::new(Field::TitleSort, sort, "the sort title begins inside a word of the title"));
    } else if subject.family == Family::Marc && is_under_article(subject, sort) {
        let problem = Problem::new(Field::TitleSort, sort, "the sort title begins with an article");
        found.add(problem.severity(Severity::Info));
    }
}

fn begins_inside_word(title: &str, sort: &str) -> bool {
    // The usual case: nothing is left out, or whole words are.
    if word_starts(title, 20).any(|at| is_same(&title[at..], sort)) {
        return false;
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

fn is_under_article(subject: &Subject<'_>, sort: &str) -> bool {
    let [language] = subject.record.all(Field::Language) else { return false };
    let Some((first, rest)) = sort.trim_start().split_once(' ') else { return false };
    let articles = ARTICLES.iter().find(|row| row.0 == language).map_or(&[][..], |row| row.1);
    let is_name = NAMES.iter().any(|name| rest.split(' ').next() == Some(name));
    // `A la recherche`: French or Spanish words in an English record.
    let is_foreign = rest.starts_with("la ") || rest.starts_with("los ");
    articles.contains(&first) && !is_name && !is_foreign && rest.contains(' ')
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
        let document = |language: &str, sort: &str| {
            format!(r#"{{"title":"x","title_sort":"{sort}","record_format":"marc","language":["{language}"]}}"#)
        };
        check(&RULE, &document("German", "der spiegel heute"), &["title_sort"]);
        check(&RULE, &document("Spanish", "la introduccion a la quimica"), &["title_sort"]);
        check(&RULE, &document("French", "l etranger de camus"), &["title_sort"]);
        check(&RULE, &document("English", "die hard again"), &[]);
        check(&RULE, &document("English", "a la recherche du temps perdu"), &[]);
        check(&RULE, &document("French", "la fontaine et ses fables"), &[]);
        check(&RULE, &document("Spanish", "los angeles de noche"), &[]);
        check(&RULE, &document("French", "un coeur simple"), &[]);
        check(&RULE, r#"{"title":"x","title_sort":"der spiegel heute","language":["German"]}"#, &[]);
    }
}
