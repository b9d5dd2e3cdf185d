//! W002: work keys mismatch.

use std::borrow::Cow;
use std::cell::OnceCell;

use serde::{Deserialize, Serialize};
use unicode_script::{Script, UnicodeScript};

use super::folding::fold;
use super::w001_work_keys_missing::has_name;
use crate::audit::{Check, Family, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::{Field, Record};
use crate::keys::seek::split_once;
use crate::keys::sort_title::MAX_NONFILING;
use crate::keys::work_key::{Dialect, WorkKeyInput, cut, is_exact, normalise, strip_articles, work_keys};

/// XSLT keys are computed; MARC keys are held against names and beginnings of titles, as more titles go into them.
pub(super) static RULE: Rule = Rule {
    code: "W002",
    name: "work-keys-mismatch",
    severity: Severity::Error,
    fix: Fix::Safe,
    aggregated: false,
    needs: &[Field::Title, Field::Author, Field::WorkKeysStrMv],
    skips_merged: true,
    explanation: "\
## What it finds
Work keys that were not made from the title and the authors of the record. For XSLT imports the set of keys is
computed; for MARC records every key must begin with the key of an author, one must go on with the title or the
beginning of the full title, and the first author, if there is one in `author`, must have one, unless only dates
or the fuller form are left of the name.
## Why it matters
Stale keys link the record to the wrong works.
## Example
A corrected title, and keys that still hold the old one.
## Known gaps
MARC keys are also made of titles that no field exports (240, 247), so further titles are accepted. Records
with other scripts than Latin are not judged by their letters, since transliteration depends on the release of
ICU; Cyrillic and Greek letters are judged for XSLT imports, and of other scripts their keys are counted.
## Source
VuFind's `WorkKeys` (MARC) and `VuFindWorkKeys` (XSLT).",
    check: Check::record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    let keys = record.all(Field::WorkKeysStrMv);
    let Some(title) = record.filled(Field::Title).filter(|_| !keys.is_empty()) else { return };
    let judged = judge(subject, title);
    subject.work_keys_form.set(Some(judged.as_ref().map_or(Form::Other, |form| *form)));
    let Err(fault) = judged else { return };
    let problem = Problem::new(Field::WorkKeysStrMv, keys.join(" | "), fault.message);
    found.add(match fault.expected {
        Some(expected) => problem.suggest(expected.join(" | ")).change(Field::WorkKeysStrMv, expected),
        None => problem,
    });
}

struct Fault {
    message: String,
    expected: Option<Vec<String>>,
}

/// How work keys were made, for the profile.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(in crate::audit) enum Form {
    /// There are none.
    Missing,
    /// There is no title to compare them with.
    NoTitle,
    /// As by an XSLT import: all authors times the title with and without its article.
    Xslt,
    /// As by an XSLT import, of the title with its article only or without it only.
    OneTitle,
    /// As by an older XSLT import, without transliteration.
    Older,
    /// As by a MARC import.
    Marc,
    /// Without an author's part, or of letters whose transliteration depends on the release of ICU.
    Unjudged,
    /// The rule does not accept them.
    Other,
}

impl Form {
    /// All forms.
    pub(in crate::audit) const ALL: [Form; 8] = [
        Form::Missing,
        Form::NoTitle,
        Form::Xslt,
        Form::OneTitle,
        Form::Older,
        Form::Marc,
        Form::Unjudged,
        Form::Other,
    ];

    /// The form in a few words.
    pub(in crate::audit) fn name(self) -> &'static str {
        match self {
            Form::Missing => "missing",
            Form::NoTitle => "no title",
            Form::Xslt => "XSLT",
            Form::OneTitle => "XSLT, one title form",
            Form::Older => "XSLT, not transliterated",
            Form::Marc => "MARC",
            Form::Unjudged => "not judged",
            Form::Other => "other",
        }
    }
}

/// The form of a record's work keys among those of the record's importer.
pub(in crate::audit) fn form(subject: &Subject<'_>) -> Form {
    let record = subject.record;
    if record.filled(Field::WorkKeysStrMv).is_none() {
        return Form::Missing;
    }
    let Some(title) = record.filled(Field::Title) else { return Form::NoTitle };
    let known = subject.work_keys_form.get();
    known.unwrap_or_else(|| judge(subject, title).unwrap_or(Form::Other))
}

/// The form of a record's keys, or what is wrong with them.
fn judge(subject: &Subject<'_>, title: &str) -> Result<Form, Fault> {
    let xslt = || xslt_form(subject.record, title);
    let marc = || marc_form(subject);
    match subject.family {
        Family::Xslt | Family::Unknown if is_plainly_made(subject) => Ok(Form::Xslt),
        Family::Xslt => xslt(),
        Family::Marc | Family::RecordManager => marc(),
        Family::Unknown => xslt().or_else(|fault| marc().map_err(|_| fault)),
    }
}

/// The usual case without making the keys: each is an author's part and then the title's, with its article and again
/// without it. Says no wherever PHP has rules of its own, for empty parts and for numbers.
fn is_plainly_made(subject: &Subject<'_>) -> bool {
    let part = |key| cut(key, Dialect::Php);
    let (title, stripped) = (part(subject.title_key()), part(subject.stripped_title_key()));
    if [title, stripped].iter().any(|title| title.bytes().next().is_none_or(|byte| byte.is_ascii_digit())) {
        return false;
    }
    let (names, authors) = (subject.record.all(Field::Author), subject.author_keys());
    let keys = subject.record.all(Field::WorkKeysStrMv);
    let titles = if title == stripped { &[title][..] } else { &[title, stripped] };
    if names.iter().any(|name| name.is_empty() || name == "0") || keys.len() != titles.len() * authors.len() {
        return false;
    }
    let parts = titles.iter().flat_map(|title| authors.iter().map(|author| (part(author), *title)));
    keys.iter().zip(parts).all(|(key, (author, title))| {
        let rest = key.strip_prefix("AT ").and_then(|key| key.strip_prefix(author)?.strip_prefix(' '));
        rest == Some(title)
    })
}

/// Keys of an XSLT import are the authors times the title with and without its article.
fn xslt_form(record: &Record<'_>, title: &str) -> Result<Form, Fault> {
    let keys = record.all(Field::WorkKeysStrMv);
    let authors: Vec<&str> = record.all(Field::Author).iter().map(|name| &**name).collect();
    let is_judged = is_exact(title) && authors.iter().all(|name| is_exact(name));
    let stripped = [strip_articles(title)];
    let input =
        WorkKeyInput { titles: &[title], stripped_titles: &stripped, authors: &authors, ..WorkKeyInput::default() };
    let is_older = keys.iter().any(|key| shows_older(key));
    let expected = work_keys(&input, Dialect::Php);
    if !is_judged {
        // What the letters become is not known, how many keys there are is: one for each author and form of the title.
        let has_article = stripped[0].len() < title.trim().len();
        let is_counted = keys.len() == expected.len() || has_article && 2 * keys.len() == expected.len();
        let message = format!("there are {} keys, {} would be made", keys.len(), expected.len());
        return if is_counted { Ok(Form::Unjudged) } else { Err(Fault { message, expected: None }) };
    }
    if keys.iter().eq(expected.iter()) {
        return Ok(Form::Xslt);
    }
    let older = older_keys(&authors, title, stripped[0]);
    if keys.iter().eq(older.iter()) {
        return Ok(Form::Older);
    }
    // Keys stay of the release that made them, or they would meet none of the others.
    let expected = if is_older { older } else { expected };
    let missing = expected.iter().find(|key| !keys.iter().any(|other| other == *key));
    if missing.is_some() && is_one_form_missing(record, &expected) {
        return Ok(Form::OneTitle);
    }
    let foreign = || keys.iter().find(|key| key.starts_with("AT ") && !expected.iter().any(|other| other == *key));
    let message = match (missing, foreign()) {
        (Some(key), _) => format!("`{key}` is missing"),
        (None, Some(key)) => format!("`{key}` comes from neither title nor authors"),
        (None, None) => return Ok(Form::Xslt),
    };
    Err(Fault { message, expected: Some(expected) })
}

/// The keys that importers made before they transliterated: lower-case letters and numbers of any script.
fn older_keys(authors: &[&str], title: &str, stripped: &str) -> Vec<String> {
    let part = |text: &str| -> String { text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect() };
    let titles = if stripped.len() == title.len() { vec![part(title)] } else { vec![part(title), part(stripped)] };
    let pairs = titles.iter().flat_map(|title| authors.iter().map(move |author| (author, title)));
    pairs.map(|(author, title)| format!("AT {} {title}", part(author))).collect()
}

/// Whether a key holds a letter that later releases write without its marks.
fn shows_older(key: &str) -> bool {
    !key.is_ascii()
        && key.chars().any(|letter| {
            matches!(letter, '\u{c0}'..='\u{24f}') && normalise(letter.encode_utf8(&mut [0; 4])) != letter.to_string()
        })
}

/// The keys of a record once it has this title and these authors, made as the stored ones were; none if those were not made
/// of the stored title and authors, or if releases that agree on the stored ones do not on the new ones.
pub(in crate::audit) fn remade(record: &Record<'_>, title: &str, authors: &[&str]) -> Option<Vec<String>> {
    let keys = record.all(Field::WorkKeysStrMv);
    let [stored_title] = record.all(Field::Title) else { return None };
    let stored: Vec<&str> = record.all(Field::Author).iter().map(|name| &**name).collect();
    let (before, after) = (keys_of_releases(stored_title, &stored), keys_of_releases(title, authors));
    let mut made: Vec<Vec<String>> = Vec::new();
    for (before, after) in before.into_iter().zip(after) {
        let half = |keys: &[String]| keys.len() / 2;
        let (all, first) = (keys.iter().eq(&before), keys.iter().eq(&before[..half(&before)]));
        let second = before.len().is_multiple_of(2) && keys.iter().eq(&before[half(&before)..]);
        let middle = half(&after);
        let new = match (all, first, second) {
            (true, ..) => after,
            (_, true, _) => after[..middle].to_vec(),
            (_, _, true) => after[middle..].to_vec(),
            _ => continue,
        };
        made.push(new);
    }
    let new = made.pop().filter(|new| !keys.is_empty() && !new.is_empty() && made.iter().all(|other| other == new))?;
    Some(new)
}

/// The keys that current and older XSLT imports make.
fn keys_of_releases(title: &str, authors: &[&str]) -> [Vec<String>; 2] {
    let stripped = [strip_articles(title)];
    let input = WorkKeyInput { titles: &[title], stripped_titles: &stripped, authors, ..WorkKeyInput::default() };
    [work_keys(&input, Dialect::Php), older_keys(authors, title, stripped[0])]
}

/// Whether the keys are those of the title with its article or without it, and no more is missing: left to W006.
fn is_one_form_missing(record: &Record<'_>, expected: &[String]) -> bool {
    let keys = record.all(Field::WorkKeysStrMv);
    let forms = expected.split_at(expected.len() / 2);
    expected.len().is_multiple_of(2) && (keys.iter().eq(forms.0) || keys.iter().eq(forms.1))
}

/// Keys of a MARC import begin with an author's name and go on with a part of one of the titles.
fn marc_form(subject: &Subject<'_>) -> Result<Form, Fault> {
    let record = subject.record;
    let other_names = || record.all_of(&NAMES[1..]);
    let are_latin =
        |fields: &[Field]| fields.iter().all(|&field| record.all(field).iter().all(|value| is_latin(value)));
    let is_title_latin = || record.filled(Field::Title).is_none_or(is_latin);
    if !is_title_latin() || ![&NAMES[..], &OWN_TITLES, &OTHER_TITLES].iter().all(|fields| are_latin(fields)) {
        return Ok(Form::Unjudged);
    }
    let authors = subject.author_keys().iter().map(|key| folded_key(key));
    let names: Vec<Cow<'_, str>> = authors
        .chain(other_names().map(|name| Cow::Owned(folded_key(&normalise(name)).into_owned())))
        .filter(|name| !name.is_empty())
        .collect();
    // The title gives the keys of most records, so the others are made ready when they are wanted.
    let title = folded_key(subject.title_key());
    let (own, others) = (OnceCell::new(), OnceCell::new());
    let folded = |fields: &[Field]| -> Vec<String> {
        let titles = record.all_of(fields).map(|title| folded_key(&normalise(title)).into_owned());
        titles.filter(|title| !title.is_empty()).collect()
    };
    let own_titles = || own.get_or_init(|| folded(&OWN_TITLES));
    let other_titles = || others.get_or_init(|| folded(&OTHER_TITLES));
    // What a key has beside the title, it has from the full title.
    let full = OnceCell::new();
    let full = || full.get_or_init(|| folded(&[Field::TitleFull]).into_iter().next());
    let goes_on_rightly = |work: &str| full().as_deref().is_none_or(|full| is_spread_over(work, full));
    // Only the main entry must have a key: the first author or, without one, a body that is the name to sort by. Added
    // entries may lack the subfields that keys are made of.
    let sort = record.filled(Field::AuthorSort).filter(|sort| {
        !record.has(Field::Author) && record.all(Field::AuthorCorporate).iter().any(|body| body.starts_with(*sort))
    });
    let sort = sort.map(normalise);
    let first = sort
        .as_deref()
        .map(folded_key)
        .or_else(|| names.first().filter(|_| record.first(Field::Author).is_some_and(has_name)).cloned());
    let mut has_title = false;
    let mut has_first = first.is_none();
    let mut n_keys = 0;
    for key in record.all(Field::WorkKeysStrMv) {
        let Some((author, work)) = key.strip_prefix("AT ").and_then(|key| split_once(key, " ")) else { continue };
        if author.is_empty() || !is_latin(key) {
            continue;
        }
        n_keys += 1;
        let (author, work) = (folded_key(author), folded_key(work));
        if !names.iter().any(|name| is_start_of(&author, name)) {
            return Err(Fault { message: format!("no author gives `{key}`"), expected: None });
        }
        has_title = has_title
            || !title.is_empty() && fits(&work, &title, goes_on_rightly)
            || own_titles().iter().any(|title| fits(&work, title, goes_on_rightly))
            || other_titles().iter().any(|title| fits(&work, title, |_| true));
        has_first |= first.as_deref().is_some_and(|name| is_start_of(&author, name));
    }
    let message = match (has_title, has_first) {
        _ if n_keys == 0 => return Ok(Form::Unjudged),
        (false, _) => "no key comes from the title",
        (true, false) => "the first author has no key",
        (true, true) => return Ok(Form::Marc),
    };
    Err(Fault { message: message.to_owned(), expected: None })
}

/// Names of which keys are made, authors first.
const NAMES: [Field; 4] = [Field::Author, Field::Author2, Field::AuthorCorporate, Field::AuthorAdditional];

/// Other forms of the main title.
const OWN_TITLES: [Field; 2] = [Field::TitleFull, Field::TitleShort];

/// Titles beside the main one, of which keys hold more subfields than the record.
const OTHER_TITLES: [Field; 3] = [Field::TitleAlt, Field::TitleOld, Field::TitleNew];

/// A part of a work key folded; ordinary ones are folded already.
fn folded_key(part: &str) -> Cow<'_, str> {
    // Without a way out before the end, the compiler looks at several bytes at a time.
    let is_folded = part.bytes().fold(true, |all, byte| all & (byte.is_ascii_lowercase() | byte.is_ascii_digit()));
    if is_folded { Cow::Borrowed(part) } else { Cow::Owned(fold(part)) }
}

/// A key is cut after 255 characters and made of fewer subfields than the name in the record.
fn is_start_of(part: &str, name: &str) -> bool {
    name.starts_with(part)
}

/// Whether the title of a key is the beginning of this title, non-filing characters aside, or goes on where this
/// title ends, and may do so.
fn fits(work: &str, title: &str, goes_on: impl Fn(&str) -> bool) -> bool {
    let starts = title.char_indices().take(MAX_NONFILING + 1).map(|(at, _)| &title[at..]);
    starts
        .filter(|rest| !rest.is_empty())
        .any(|rest| rest.starts_with(work) || (rest.len() > 3 && work.starts_with(rest) && goes_on(work)))
}

/// Whether the letters of a key's title occur in this order in the full title, which holds more subfields between them.
fn is_spread_over(work: &str, full: &str) -> bool {
    let mut letters = full.chars();
    work.chars().all(|letter| letters.any(|other| other == letter))
}

/// First character after those whose letters are all Latin or common.
const FIRST_DOUBTFUL: char = '\u{2b0}';

fn is_latin(text: &str) -> bool {
    text.is_ascii()
        || text
            .chars()
            .filter(|&letter| letter >= FIRST_DOUBTFUL && letter.is_alphabetic())
            .all(|letter| matches!(letter.script(), Script::Latin | Script::Common | Script::Inherited))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, check_change};

    #[test]
    fn xslt_keys_are_the_authors_times_the_titles() {
        let document = |keys: &str| {
            format!(r#"{{"title":"The Title","author":["A, B","C"],"record_format":"x","work_keys_str_mv":[{keys}]}}"#)
        };
        check(&RULE, &document(r#""AT ab thetitle","AT c thetitle","AT ab title","AT c title""#), &[]);
        check(&RULE, &document(r#""AT ab title","AT c thetitle","AT ab thetitle","AT c title""#), &[]);
        check(&RULE, &document(r#""AT ab thetitle","AT c thetitle""#), &[]);
        check(&RULE, &document(r#""AT ab thetitle","AT c title""#), &["work_keys_str_mv"]);
        check(&RULE, &document(r#""AT ab oldtitle","AT c oldtitle""#), &["work_keys_str_mv"]);
        let right = "AT ab thetitle | AT c thetitle | AT ab title | AT c title";
        check_change(&RULE, &document(r#""AT ab oldtitle","AT c oldtitle""#), &[("work_keys_str_mv", right)]);
        check(
            &RULE,
            &document(r#""AT ab thetitle","AT c thetitle","AT ab title","AT c title","AT d title""#),
            &["work_keys_str_mv"],
        );
    }

    #[test]
    fn keys_stay_of_the_release_that_made_them() {
        let stale = r#"{"title":"Neue Brücken","author":["Müller, K"],"record_format":"x","work_keys_str_mv":["AT müllerk altebrücken"]}"#;
        check_change(&RULE, stale, &[("work_keys_str_mv", "AT müllerk neuebrücken")]);
        let current = r#"{"title":"Neue Brücken","author":["Müller, K"],"record_format":"x","work_keys_str_mv":["AT mullerk altebrucken"]}"#;
        check_change(&RULE, current, &[("work_keys_str_mv", "AT mullerk neuebrucken")]);
    }

    #[test]
    fn marc_keys_are_made_of_parts() {
        let document = |keys: &str| {
            format!(
                r#"{{"title":"The use :","title_full":"The use : a study / by Yeats","author":["Yeats, W. B. (William Butler), 1865-1939"],"record_format":"marc","work_keys_str_mv":[{keys}]}}"#
            )
        };
        check(&RULE, &document(r#""AT yeatswb theuseastudy","AT yeatswb useastudy""#), &[]);
        check(&RULE, &document(r#""AT yeatswb theuseastudy","AT yeatswb derbrauch""#), &[]);
        check(&RULE, &document(r#""AT yeatswb derbrauch""#), &["work_keys_str_mv"]);
        check(&RULE, &document(r#""AT shaw theuseastudy""#), &["work_keys_str_mv"]);
        check(&RULE, &document(r#""UT theuse""#), &[]);
        let of_body = r#"{"title":"Bericht zur Lage","author_corporate":["World Health Organization"],"author_sort":"World Health Organization","author2":["Hill, Sophie"],"record_format":"marc","work_keys_str_mv":[KEYS]}"#;
        check(&RULE, &of_body.replace("KEYS", r#""AT hillsophie berichtzurlage""#), &["work_keys_str_mv"]);
        let both = r#""AT worldhealthorganization berichtzurlage","AT hillsophie berichtzurlage""#;
        check(&RULE, &of_body.replace("KEYS", both), &[]);
        let added = r#"{"title":"Bericht zur Lage","author2":["(Friedrich), 1921-","Hill, S."],"record_format":"marc","work_keys_str_mv":["AT hills berichtzurlage"]}"#;
        check(&RULE, added, &[]);
        let bare = r#"{"title":"Bericht zur Lage","author":["1930-"],"author2":["Hill, S."],"record_format":"marc","work_keys_str_mv":["AT hills berichtzurlage"]}"#;
        check(&RULE, bare, &[]);
    }

    #[test]
    fn marc_keys_go_on_with_the_full_title_only() {
        let document = |full: &str, key: &str| {
            format!(
                r#"{{"title":"Mills of Kent :","title_full":"{full}","author":["Ek, Lars"],"record_format":"marc","work_keys_str_mv":["AT eklars {key}"]}}"#
            )
        };
        check(&RULE, &document("Mills of Kent / Lars Ek", "millsofkentandsussex"), &["work_keys_str_mv"]);
        check(&RULE, &document("Mills of Kent. Part 2, Wind : a survey", "millsofkentpart2"), &[]);
        check(&RULE, &document("Mills of Kent. Part 2, Wind : a survey", "millsofkentpart2asurvey"), &[]);
        check(&RULE, &document("Mills of Kent / Lars Ek", "millsofk"), &[]);
    }

    #[test]
    fn keys_of_hard_letters_are_right() {
        for (author, title, keys) in [
            ("Walsh, Louisa", "Łódź", &["AT walshlouisa łodz"][..]),
            ("Ø", "Straße", &["AT ø straße"]),
            ("Толстой, Лев Николаевич", "Война и мир", &["AT tolstojlevnikolaevič vojnaimir"]),
            ("A", "x² + y² = z²", &["AT a x2y2z2"]),
            ("A", "½ life", &["AT a 1⁄2life"]),
            ("A", "C++", &["AT a c"]),
            ("O’Brien", "Q&amp;A", &["AT obrien qampa"]),
            ("A", "ʿAbd al-Raḥmān", &["AT a ʿabdalrahman"]),
            ("A", "α-synuclein", &["AT a asynuclein"]),
            ("A", "\u{b5}-opioid", &["AT a μopioid"]),
            ("A", "\u{3bc}-opioid", &["AT a mopioid"]),
            ("B", "A Title", &["AT b atitle", "AT b title"]),
            ("B", "Title", &["AT b title"]),
        ] {
            let document = serde_json::json!({
                "title": title, "author": [author], "record_format": "x", "work_keys_str_mv": keys,
            });
            check(&RULE, &document.to_string(), &[]);
        }
        let older = r#"{"title":"Überfluß für alle","author":["Müller, Karl"],"record_format":"x","work_keys_str_mv":["AT müllerkarl überflußfüralle"]}"#;
        check(&RULE, older, &[]);
        let counted =
            r#"{"title":"夏目漱石の本","author":["A, B","C, D"],"record_format":"x","work_keys_str_mv":[KEYS]}"#;
        check(&RULE, &counted.replace("KEYS", r#""AT ab x","AT cd x""#), &[]);
        check(&RULE, &counted.replace("KEYS", r#""AT ab x","AT cd x","AT e x""#), &["work_keys_str_mv"]);
        check(&RULE, &counted.replace("KEYS", r#""AT ab x""#), &["work_keys_str_mv"]);
        let swapped = r#"{"title":"µ-opioid","author":["A"],"record_format":"x","work_keys_str_mv":["AT a mopioid"]}"#;
        check(&RULE, swapped, &["work_keys_str_mv"]);
    }
}
