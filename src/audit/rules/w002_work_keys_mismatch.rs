//! W002: work keys mismatch.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use unicode_script::{Script, UnicodeScript};

use super::folding::fold;
use super::importer_keys::{MarcKeys, marc_keys};
use super::w001_work_keys_missing::has_name;
use crate::audit::{Check, Family, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::{Field, Record};
use crate::keys::seek::split_once;
use crate::keys::sort_title::MAX_NONFILING;
use crate::keys::work_key::{Dialect, WorkKeyInput, cut, is_exact, normalise, strip_articles, work_keys};

/// XSLT keys are computed; MARC keys are held against names and beginnings of titles, as more titles go into them. A repair
/// is safe unless it would take a key away that may be of a title or name that the record does not show.
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
computed, where other titles (`title_alt`) and names (`author2`) of the record count that have keys; for MARC records every
key must begin with the key of an author, one must go on with the title or the
beginning of the full title, and the first author, if there is one in `author`, must have one, unless only dates
or the fuller form are left of the name.
## Why it matters
Stale keys link the record to the wrong works.
## Example
A corrected title, and keys that still hold the old one.
## Known gaps
XSLT imports make keys of every dc:title, and not all of those are in a field. So a key of an author with another title, beside
keys of the title, is a warning, and what would take it away is only proposed.
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
    let problem = Problem { severity: fault.severity, ..problem };
    found.add(match fault.remedy {
        Remedy::Safe(expected) => problem.suggest(expected.join(" | ")).change(Field::WorkKeysStrMv, expected),
        Remedy::Proposal(expected) => problem.suggest(expected.join(" | ")),
        Remedy::None => problem,
    });
}

struct Fault {
    message: String,
    /// Where it differs from the rule's.
    severity: Option<Severity>,
    remedy: Remedy,
}

/// The keys that should be there.
enum Remedy {
    /// They are not known.
    None,
    /// Stored ones that may be right would go.
    Proposal(Vec<String>),
    Safe(Vec<String>),
}

impl Fault {
    fn new(message: impl Into<String>) -> Fault {
        Fault { message: message.into(), severity: None, remedy: Remedy::None }
    }
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

/// Keys of an XSLT import are the authors times the title with and without its article, and times further titles.
fn xslt_form(record: &Record<'_>, title: &str) -> Result<Form, Fault> {
    let stored = record.all(Field::WorkKeysStrMv).iter().map(|key| &**key);
    let keys: Vec<&str> = stored.filter(|key| !has_empty_part(key)).collect();
    let authors: Vec<&str> = record.all(Field::Author).iter().map(|name| &**name).collect();
    let sources = Sources::of(record, title, &authors, Release::Current);
    let expected = sources.keys(Forms::Both);
    if !is_exact(title) || !authors.iter().all(|name| is_exact(name)) {
        return counted_form(record, keys.len(), &sources, &expected);
    }
    if keys.iter().eq(expected.iter()) {
        return Ok(Form::Xslt);
    }
    let older_sources = Sources::of(record, title, &authors, Release::Older);
    let older = older_sources.keys(Forms::Both);
    if keys.iter().eq(older.iter()) {
        return Ok(Form::Older);
    }
    // Keys stay of the release that made them, or they would meet none of the others.
    let is_older = are_older(&keys, &sources, &older_sources);
    let (sources, expected) = if is_older { (older_sources, older) } else { (sources, expected) };
    let stored: BTreeSet<&str> = keys.iter().copied().collect();
    let missing = expected.iter().find(|key| !stored.contains(key.as_str()));
    // Left to W006.
    let is_form = |forms| keys.iter().eq(sources.keys(forms).iter());
    if missing.is_some() && [Forms::Whole, Forms::Stripped].into_iter().any(is_form) {
        return Ok(Form::OneTitle);
    }
    let strangers = Strangers::of(record, &sources, &expected);
    let (message, is_safe) = match (missing, strangers.foreign, strangers.doubtful.first()) {
        (Some(key), ..) => {
            (format!("`{key}` is missing"), strangers.is_surely_foreign && strangers.are_stale(&sources))
        }
        (None, Some(key), first) => {
            let is_safe = first.is_none() && strangers.is_surely_foreign;
            (format!("`{key}` comes from neither title nor authors"), is_safe)
        }
        (None, None, Some(key)) if !strangers.may_be_unread => {
            let message = format!("`{key}` is of a title that the record does not hold");
            return Err(Fault { severity: Some(Severity::Warn), remedy: Remedy::Proposal(expected), message });
        }
        (None, None, _) => return Ok(Form::Xslt),
    };
    // Uniform titles and what local imports add are nothing that was computed here.
    let others = keys.iter().filter(|key| !key.starts_with("AT ")).map(|&key| key.to_owned());
    let expected: Vec<String> = others.chain(expected).collect();
    let remedy = if is_safe { Remedy::Safe(expected) } else { Remedy::Proposal(expected) };
    Err(Fault { message, severity: None, remedy })
}

/// What the letters become is not known, how many keys there are is: one for each author and form of a title.
fn counted_form(record: &Record<'_>, n_keys: usize, sources: &Sources<'_>, expected: &[String]) -> Result<Form, Fault> {
    let of_one_form = sources.keys(Forms::Whole);
    let n_of_one_form = of_one_form.len();
    // PHP repeats the key of names that differ in punctuation only; other programs write it once.
    let n_apart = |keys: &[String]| keys.iter().collect::<BTreeSet<&String>>().len();
    let is_without_repeats = || [n_apart(expected), n_apart(&of_one_form)].contains(&n_keys);
    if [expected.len(), n_of_one_form].contains(&n_keys)
        || is_without_repeats()
        || holds_unread(record) && n_keys > n_of_one_form
    {
        return Ok(Form::Unjudged);
    }
    let fault = Fault::new(format!("there are {n_keys} keys, {} would be made", expected.len()));
    // More of them may be of further titles.
    Err(Fault { severity: (n_keys > expected.len()).then_some(Severity::Warn), ..fault })
}

/// Releases of XSLT imports, which make keys in their own ways.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Release {
    Current,
    /// Before they transliterated: lower-case letters and numbers of any script.
    Older,
}

impl Release {
    /// A text as a part of a key.
    fn part(self, text: &str) -> String {
        match self {
            Release::Current => cut(&normalise(text), Dialect::Php).to_owned(),
            Release::Older => text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect(),
        }
    }
}

/// In which forms keys hold the title.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Forms {
    /// With its article, and again without it.
    Both,
    Whole,
    Stripped,
}

/// What the keys of an XSLT import are made of.
struct Sources<'a> {
    title: &'a str,
    /// Other titles of which there are keys.
    further: Vec<&'a str>,
    /// The authors, then other names of which there are keys.
    authors: Vec<&'a str>,
    release: Release,
}

/// Most keys that are made of other titles: names and titles multiply, and hostile records have tens of thousands of both.
const MAX_FURTHER_KEYS: usize = 100_000;

impl<'a> Sources<'a> {
    /// What keys are made of once a record has this title and these authors. Whether there are keys of its other titles and
    /// names, the stored ones say.
    fn of(record: &'a Record<'_>, title: &'a str, authors: &[&'a str], release: Release) -> Sources<'a> {
        let mut sources = Sources { title, further: Vec::new(), authors: authors.to_vec(), release };
        let other_names = || record.all_of(&NAMES[1..]);
        if other_names().next().is_none() && record.all_of(&OTHER_TITLES).next().is_none() {
            return sources;
        }
        let stored = || record.all(Field::WorkKeysStrMv).iter().filter_map(|key| parts_of(key));
        let names: BTreeSet<&str> = stored().map(|(name, _)| name).collect();
        let mut known: BTreeSet<String> = authors.iter().map(|name| release.part(name)).collect();
        sources.authors.extend(other_names().filter(|name| {
            let part = release.part(name);
            !part.is_empty() && names.contains(part.as_str()) && known.insert(part)
        }));
        let titles: BTreeSet<&str> = stored().map(|(_, title)| title).filter(|title| !title.is_empty()).collect();
        let is_used = |title: &&str| titles.contains(release.part(title).as_str());
        let n_most = MAX_FURTHER_KEYS / sources.authors.len().max(1);
        sources.further = record.all_of(&OTHER_TITLES).filter(is_used).take(n_most).collect();
        sources
    }

    /// The keys in the order of the importer.
    fn keys(&self, forms: Forms) -> Vec<String> {
        let stripped = [strip_articles(self.title)];
        let first = if forms == Forms::Stripped { stripped[0] } else { self.title };
        let titles: Vec<&str> = std::iter::once(first).chain(self.further.iter().copied()).collect();
        let stripped_titles = if forms == Forms::Both { &stripped[..] } else { &[] };
        let input =
            WorkKeyInput { titles: &titles, stripped_titles, authors: &self.authors, ..WorkKeyInput::default() };
        let mut keys = match self.release {
            Release::Current => work_keys(&input, Dialect::Php),
            Release::Older => older_keys(&input),
        };
        keys.retain(|key| !has_empty_part(key));
        keys
    }

    /// All texts of which there are keys.
    fn texts(&self) -> impl Iterator<Item = &'a str> + '_ {
        let titles = [self.title, strip_articles(self.title)].into_iter().chain(self.further.iter().copied());
        titles.chain(self.authors.iter().copied())
    }
}

/// Whether a key is of a name or a title without letters, as PHP makes them: left to W003.
fn has_empty_part(key: &str) -> bool {
    key.starts_with("AT  ") || key.ends_with(' ')
}

/// The keys that importers made before they transliterated.
fn older_keys(input: &WorkKeyInput<'_>) -> Vec<String> {
    let part = |text: &&str| Release::Older.part(text);
    let mut titles: Vec<String> = Vec::new();
    for title in input.titles.iter().chain(input.stripped_titles).map(part) {
        if !titles.contains(&title) {
            titles.push(title);
        }
    }
    let authors: Vec<String> = input.authors.iter().map(part).collect();
    let pairs = titles.iter().flat_map(|title| authors.iter().map(move |author| (author, title)));
    pairs.map(|(author, title)| format!("AT {author} {title}")).collect()
}

/// The author's and the title's part of a key.
fn parts_of(key: &str) -> Option<(&str, &str)> {
    split_once(key.strip_prefix("AT ")?, " ")
}

/// Whether a record has further titles or names whose letters become what is not known here.
fn holds_unread(record: &Record<'_>) -> bool {
    record.all_of(&OTHER_TITLES).chain(record.all_of(&NAMES[1..])).any(|text| !is_exact(text))
}

/// Stored keys that would not be made.
struct Strangers<'a> {
    /// The first that no name of the record gives.
    foreign: Option<&'a str>,
    /// Whether none of these is of a title of the record, or all other names have keys: one that has none may have been another
    /// when the keys were made.
    is_surely_foreign: bool,
    /// Those that may be of a further title, which is in no field, or of a name whose letters become what is not known.
    doubtful: Vec<&'a str>,
    /// Whether the record has such titles or names.
    may_be_unread: bool,
    /// Whether no key is of the title, so that it was another one when the keys were made.
    is_title_new: bool,
}

impl<'a> Strangers<'a> {
    fn of(record: &'a Record<'_>, sources: &Sources<'_>, expected: &[String]) -> Strangers<'a> {
        let expected: BTreeSet<&str> = expected.iter().map(String::as_str).collect();
        let names: BTreeSet<String> = sources.authors.iter().map(|name| sources.release.part(name)).collect();
        let is_each_used = record.all_of(&NAMES[1..]).all(|name| names.contains(&sources.release.part(name)));
        let may_be_named = record.all_of(&NAMES[1..]).any(|name| !is_exact(name));
        let own = [sources.title, strip_articles(sources.title)].map(|title| sources.release.part(title));
        let further: BTreeSet<String> = sources.further.iter().map(|title| sources.release.part(title)).collect();
        let mut strangers = Strangers {
            foreign: None,
            is_surely_foreign: true,
            doubtful: Vec::new(),
            may_be_unread: holds_unread(record),
            is_title_new: true,
        };
        let of_authors = |key: &&Cow<'_, str>| key.starts_with("AT ") && !has_empty_part(key);
        for key in record.all(Field::WorkKeysStrMv).iter().filter(of_authors) {
            let parts = parts_of(key);
            let is_of_title = parts.is_some_and(|(_, title)| own.iter().any(|part| part == title));
            strangers.is_title_new &= !is_of_title;
            if expected.contains(&**key) {
                continue;
            }
            if parts.is_some_and(|(author, _)| may_be_named || names.contains(author)) {
                strangers.doubtful.push(key);
            } else {
                strangers.foreign.get_or_insert(key);
                let is_of_further = || parts.is_some_and(|(_, title)| further.contains(title));
                strangers.is_surely_foreign &= is_each_used || !is_of_title && !is_of_further();
            }
        }
        strangers
    }

    /// Whether they may go: the doubtful ones are all of one title, with or without its article, and none is of the present one.
    /// Imports make keys of the first title always, so that this is what the first one was.
    fn are_stale(&self, sources: &Sources<'_>) -> bool {
        let titles: BTreeSet<&str> =
            self.doubtful.iter().filter_map(|key| parts_of(key)).map(|parts| parts.1).collect();
        let Some(whole) = titles.iter().max_by_key(|title| title.len()) else { return true };
        let is_form =
            |title: &&str| whole.strip_suffix(*title).is_some_and(|article| ["", "a", "an", "the"].contains(&article));
        let has_letters = !sources.release.part(sources.title).is_empty();
        self.is_title_new && !self.may_be_unread && has_letters && titles.iter().all(is_form)
    }
}

/// Whether keys are of the release that did not transliterate: by the parts that the releases make differently, else by
/// their letters.
fn are_older(keys: &[&str], current: &Sources<'_>, older: &Sources<'_>) -> bool {
    let parts: BTreeSet<&str> = keys.iter().flat_map(|key| key.split(' ').skip(1)).collect();
    let mut has_older = false;
    for text in current.texts().chain(older.texts()) {
        let (now, before) = (Release::Current.part(text), Release::Older.part(text));
        if now != before && parts.contains(now.as_str()) {
            return false;
        }
        has_older |= now != before && parts.contains(before.as_str());
    }
    has_older || {
        let is_transliterated = current.texts().any(|text| text.chars().any(is_transliterated));
        keys.iter().any(|key| shows_older(key, is_transliterated))
    }
}

/// Whether a letter becomes a Latin one, which may have a mark.
fn is_transliterated(letter: char) -> bool {
    letter >= FIRST_DOUBTFUL && letter.is_alphabetic() && matches!(letter.script(), Script::Cyrillic | Script::Greek)
}

/// Whether a key holds a letter that later releases write otherwise: a Latin one without its marks, unless those of the
/// record become such (`č` of `ч`), and one of another script.
pub(super) fn shows_older(key: &str, is_record_transliterated: bool) -> bool {
    let is_marked = |letter: char| {
        matches!(letter, '\u{c0}'..='\u{24f}') && normalise(letter.encode_utf8(&mut [0; 4])) != letter.to_string()
    };
    !key.is_ascii()
        && key.chars().any(|letter| is_transliterated(letter) || !is_record_transliterated && is_marked(letter))
}

/// Whether the stored keys of an XSLT import are of the release that did not transliterate.
pub(super) fn has_older_keys(record: &Record<'_>) -> bool {
    let keys: Vec<&str> = record.all(Field::WorkKeysStrMv).iter().map(|key| &**key).collect();
    let Some(title) = record.filled(Field::Title).filter(|_| !keys.iter().all(|key| key.is_ascii())) else {
        return false;
    };
    let authors: Vec<&str> = record.all(Field::Author).iter().map(|name| &**name).collect();
    let of = |release| Sources::of(record, title, &authors, release);
    are_older(&keys, &of(Release::Current), &of(Release::Older))
}

/// The keys of a record once it has this title and these authors, made as the stored ones were; none if those were not made
/// of the stored title and authors, or if releases that agree on the stored ones do not on the new ones. Keys that came from
/// elsewhere stay.
pub(in crate::audit) fn remade(record: &Record<'_>, title: &str, authors: &[&str]) -> Option<Vec<String>> {
    let [stored_title] = record.all(Field::Title) else { return None };
    let stored: Vec<&str> = record.all(Field::Author).iter().map(|name| &**name).collect();
    let mut made: Vec<Vec<String>> = Vec::new();
    for release in [Release::Current, Release::Older] {
        let before = Sources::of(record, stored_title, &stored, release);
        let after = Sources::of(record, title, authors, release);
        // Without an article, both forms are one, and the keys are all of them.
        let forms = [Forms::Both, Forms::Whole, Forms::Stripped];
        made.extend(forms.into_iter().find_map(|forms| replaced(record, &before, &after, forms)));
    }
    made.pop().filter(|new| !new.is_empty() && made.iter().all(|other| other == new))
}

/// The keys with those made of the new sources in the place of those made of the stored ones; none if these are not there.
fn replaced(record: &Record<'_>, before: &Sources<'_>, after: &Sources<'_>, forms: Forms) -> Option<Vec<String>> {
    let keys = record.all(Field::WorkKeysStrMv);
    let own = before.keys(forms);
    let known: BTreeSet<&str> = own.iter().map(String::as_str).collect();
    let is_own = |key: &str| known.contains(key);
    let first = keys.iter().position(|key| is_own(key))?;
    let of_title: BTreeSet<String> = before.keys(Forms::Both).into_iter().collect();
    let is_left = |key: &Cow<'_, str>| !is_own(key) && of_title.contains(&**key);
    if !keys.iter().filter(|key| is_own(key)).eq(own.iter()) || keys.iter().any(is_left) {
        return None;
    }
    // Other keys of an author follow the name.
    let part = |name: &&str| before.release.part(name);
    let is_each_there = before.authors.len() == after.authors.len();
    let names: BTreeMap<String, String> = match is_each_there {
        true => before.authors.iter().map(part).zip(after.authors.iter().map(part)).collect(),
        false => BTreeMap::new(),
    };
    let renamed = |key: &str| {
        let (author, title) = parts_of(key)?;
        Some(format!("AT {} {title}", names.get(author)?))
    };
    let others = |keys: &[Cow<'_, str>]| -> Vec<String> {
        let others = keys.iter().filter(|key| !is_own(key));
        others.map(|key| renamed(key).unwrap_or_else(|| key.clone().into_owned())).collect()
    };
    Some([others(&keys[..first]), after.keys(forms), others(&keys[first..])].concat())
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
    let sort = record.filled(Field::AuthorSort).filter(|_| !record.has(Field::Author));
    let body = sort.and_then(|sort| record.all(Field::AuthorCorporate).iter().find(|body| body.starts_with(sort)));
    // The name to sort by may be cut off its part (`Norfolk. Board of Trade`), of which the key is made.
    let body = body.map(|body| normalise(body));
    let first = body
        .as_deref()
        .map(folded_key)
        .or_else(|| names.first().filter(|_| record.first(Field::Author).is_some_and(has_name)).cloned());
    let mut has_title = false;
    let mut has_first = first.is_none();
    let mut foreign = None;
    let mut n_keys = 0;
    for key in record.all(Field::WorkKeysStrMv).iter().take(MAX_KEYS) {
        let Some((author, work)) = key.strip_prefix("AT ").and_then(|key| split_once(key, " ")) else { continue };
        if author.is_empty() || !is_latin(key) {
            continue;
        }
        n_keys += 1;
        let (author, work) = (folded_key(author), folded_key(work));
        if !names.iter().any(|name| is_start_of(&author, name)) {
            foreign.get_or_insert(&**key);
        }
        has_title = has_title
            || !title.is_empty() && fits(&work, &title, goes_on_rightly)
            || own_titles().iter().any(|title| fits(&work, title, goes_on_rightly))
            || other_titles().iter().any(|title| fits(&work, title, |_| true));
        has_first |= first.as_deref().is_some_and(|name| is_start_of(&author, name));
    }
    let message = match (foreign, has_title, has_first) {
        _ if n_keys == 0 => return Ok(Form::Unjudged),
        (Some(key), ..) => format!("no author gives `{key}`"),
        (None, false, _) => "no key comes from the title".to_owned(),
        (None, true, false) => "the first author has no key".to_owned(),
        (None, true, true) => return Ok(Form::Marc),
    };
    // Imports make keys of the first author and the title always, so that without one of both, the record was another one when
    // they were made. A name that alone has no place may be one that no field exports.
    let is_stale = !has_title || !has_first;
    Err(Fault { remedy: marc_remedy(subject, is_stale), ..Fault::new(message) })
}

/// Keys of a record that are judged, at most: each is held against all names and titles.
const MAX_KEYS: usize = 1_000;

/// The keys that a MARC import would make; safe in the place of stale ones if the fields say all of them.
fn marc_remedy(subject: &Subject<'_>, is_stale: bool) -> Remedy {
    let record = subject.record;
    let Some(MarcKeys { keys, is_whole }) = marc_keys(subject) else { return Remedy::None };
    let stored = || record.all(Field::WorkKeysStrMv).iter().map(|key| &**key);
    let mut known: BTreeSet<&str> = keys.iter().map(String::as_str).collect();
    let others: Vec<String> =
        stored().filter(|key| !key.starts_with("AT ") && known.insert(key)).map(str::to_owned).collect();
    let expected = [others, keys].concat();
    if is_whole && is_stale { Remedy::Safe(expected) } else { Remedy::Proposal(expected) }
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
    use super::{RULE, remade};
    use crate::audit::Severity;
    use crate::audit::rules::testing::{check, check_change, problems};
    use crate::input::{Field, Parser};

    #[test]
    fn repeated_keys_may_be_written_once() {
        let document = |keys: &str| {
            format!(
                r#"{{"record_format":"doaj","title":"長野の漁業","author":["田中, 花子","田中花子"],"work_keys_str_mv":[{keys}]}}"#
            )
        };
        check(&RULE, &document(r#""AT a b","AT a b""#), &[]);
        check(&RULE, &document(r#""AT a b""#), &[]);
        check(&RULE, &document(r#""AT a b","AT a b","AT a b""#), &["work_keys_str_mv"]);
    }

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
    fn each_author_has_a_key_where_the_title_has_one_form() {
        let document = |title: &str, keys: &str| {
            format!(
                r#"{{"title":"{title}","author":["Doe, Jane","Roe, Rick"],"record_format":"x","work_keys_str_mv":[{keys}]}}"#
            )
        };
        let right = "AT doejane lakesofkent | AT roerick lakesofkent";
        let one = document("Lakes of Kent", r#""AT doejane lakesofkent""#);
        check_change(&RULE, &one, &[("work_keys_str_mv", right)]);
        check(&RULE, &document("The lakes", r#""AT doejane thelakes","AT roerick thelakes""#), &[]);
        check(&RULE, &document("The lakes", r#""AT doejane thelakes""#), &["work_keys_str_mv"]);
        check(&RULE, &document("The ???", r#""AT doejane the""#), &["work_keys_str_mv"]);
    }

    /// Checks the safe repair of the keys of an XSLT import.
    fn check_repair(title: &str, author: &str, keys: &[&str], repaired: &[&str]) {
        let document = serde_json::json!({
            "title": title, "author": [author], "record_format": "x", "work_keys_str_mv": keys,
        });
        check_change(&RULE, &document.to_string(), &[("work_keys_str_mv", &repaired.join(" | "))]);
    }

    #[test]
    fn letters_of_other_scripts_become_marked_ones() {
        let tolstoj = "Толстой, Лев Николаевич";
        check_repair(
            "Анна Каренина и другие",
            tolstoj,
            &["AT tolstojlevnikolaevič vojnaimir"],
            &["AT tolstojlevnikolaevič annakareninaidrugie"],
        );
        // The author was another one as well.
        check_repair("Щука", "Ek, Lars", &["AT žukovpavel čaj", "AT ŝukinpavel čaj"], &["AT eklars ŝuka"]);
        check_repair("θ Ψ χ² Ω", "Ek, Lars", &["AT eklars ellēnika"], &["AT eklars thpsch2ō"]);
        check_repair("θ Ψ χ² Ω", "Müller, Jo", &["AT mullerjo ellēnika"], &["AT mullerjo thpsch2ō"]);
        check_repair("Щука", tolstoj, &["AT толстойлевниколаевич война"], &["AT толстойлевниколаевич щука"]);
        check_repair("Über alles", "Ek, Lars", &["AT eklars čaj"], &["AT eklars überalles"]);
    }

    #[test]
    fn names_without_letters_have_no_keys() {
        let document = |keys: &str| {
            format!(
                r#"{{"title":"Hamlet revisited","author":["Roe, Jane","---"],"record_format":"x","work_keys_str_mv":[{keys}]}}"#
            )
        };
        let (own, empty) = (r#""AT roejane hamletrevisited""#, r#""AT  hamletrevisited""#);
        check(&RULE, &document(own), &[]);
        check(&RULE, &document(&format!("{own},{empty}")), &[]);
        let right = [("work_keys_str_mv", "AT roejane hamletrevisited")];
        check_change(&RULE, &document(empty), &right);
        check_change(&RULE, &document(&format!(r#""AT roejane old",{empty}"#)), &right);
    }

    #[test]
    fn marc_keys_are_made_where_fields_say_all() {
        let document = |rest: &str, keys: &str| {
            format!(
                r#"{{"title":"The mills of Kent /","title_full":"The mills of Kent / Lars Ek.","title_sort":"mills of kent","author":["Ek, Lars"],"record_format":"marc","work_keys_str_mv":[{keys}]{rest}}}"#
            )
        };
        let right = "AT eklars themillsofkent | AT eklars millsofkent";
        let stale = r#""AT eklars oldmills""#;
        check_change(&RULE, &document("", stale), &[("work_keys_str_mv", right)]);
        check_change(
            &RULE,
            &document("", r#""AT poeann themillsofkent","AT poeann millsofkent""#),
            &[("work_keys_str_mv", right)],
        );
        // A name that no field exports, and titles that are in none.
        for (rest, keys) in [
            ("", r#""AT eklars themillsofkent","AT poeann themillsofkent""#),
            (r#","title_alt":["Old mills"]"#, r#""AT eklars new""#),
            (r#","author2":["Poe, Ann, 1950-"]"#, stale),
            ("", r#""AT ékl oldmills""#),
        ] {
            let document = document(rest, keys);
            check_change(&RULE, &document, &[]);
            assert!(problems(&RULE, &document)[0].suggestion.is_some(), "{document}");
        }
    }

    #[test]
    fn keys_of_further_titles_and_names_stay() {
        let document = |rest: &str, keys: &str| {
            format!(
                r#"{{"title":"Water quality in lakes","author":["Doe, Jane"],"record_format":"doaj","work_keys_str_mv":[{keys}],{rest}}}"#
            )
        };
        let own = r#""AT doejane waterqualityinlakes""#;
        let both = format!(r#"{own},"AT doejane calidaddelaguaenlagos""#);
        let alternative = r#""title_alt":["Calidad del agua en lagos"]"#;
        check(&RULE, &document(alternative, &both), &[]);
        check(&RULE, &document(alternative, own), &[]);
        check(&RULE, &document(r#""title_alt":["湖の水質"]"#, &both), &[]);
        let found = problems(&RULE, &document("", &both));
        assert_eq!((found.len(), found[0].severity, found[0].change.is_some()), (1, Some(Severity::Warn), false));
        let stale = r#""AT doejane calidaddelaguaenlagos","AT doejane stale""#;
        let changed = "AT doejane waterqualityinlakes | AT doejane calidaddelaguaenlagos";
        check_change(&RULE, &document(alternative, stale), &[("work_keys_str_mv", changed)]);
        check_change(&RULE, &document("", stale), &[]);
        check_change(&RULE, &document("", &format!(r#"{both},"AT poe ravens""#)), &[]);
        check_change(&RULE, &document(r#""title_alt":["湖の水質"]"#, r#""AT doejane stale""#), &[]);
        let changed = "UT lakes | AT doejane waterqualityinlakes";
        check_change(&RULE, &document("", r#""UT lakes","AT doejane stale""#), &[("work_keys_str_mv", changed)]);

        let editor = r#""author2":["Hill, Sophie","Wu, Li"]"#;
        let of_both = format!(r#"{own},"AT hillsophie waterqualityinlakes""#);
        check(&RULE, &document(editor, &of_both), &[]);
        check(&RULE, &document(editor, own), &[]);
        check(
            &RULE,
            &document(r#""author2":["山田, 太郎"]"#, &format!(r#"{own},"AT shantian waterqualityinlakes""#)),
            &[],
        );
        let of_editor = r#""AT doejane stale","AT hillsophie stale""#;
        let changed = "AT doejane waterqualityinlakes | AT hillsophie waterqualityinlakes";
        check_change(&RULE, &document(editor, of_editor), &[("work_keys_str_mv", changed)]);
        // The editor was another one, or written otherwise, when the keys were made.
        let stranger = format!(r#"{own},"AT poe waterqualityinlakes""#);
        check(&RULE, &document(editor, &stranger), &["work_keys_str_mv"]);
        check_change(&RULE, &document(editor, &stranger), &[]);
        let right = &[("work_keys_str_mv", "AT doejane waterqualityinlakes")];
        check_change(&RULE, &document("", &stranger), right);
    }

    /// Checks the keys of a record once it has another title and other authors.
    fn check_remade(document: &str, title: &str, authors: &[&str], expected: Option<&[&str]>) {
        let document = document.replacen('{', r#"{"id":"x-1","record_format":"x","#, 1);
        let made = Parser::default().parse(document.as_bytes(), |record| {
            assert!(record.has(Field::WorkKeysStrMv));
            remade(record, title, authors)
        });
        let expected = expected.map(|keys| keys.iter().map(|key| (*key).to_owned()).collect::<Vec<String>>());
        assert_eq!(made.expect("a record"), expected, "{document}");
    }

    #[test]
    fn keys_follow_the_title_and_the_authors() {
        let document = |title: &str, authors: &str, keys: &str| {
            format!(r#"{{"title":"{title}","author":[{authors}],"work_keys_str_mv":[{keys}]}}"#)
        };
        let twice = r#""Bouras, C","Gkamas, A","Bouras, C","Gkamas, A""#;
        let once = ["Bouras, C", "Gkamas, A"];
        let keys = r#""AT bourasc alpha","AT gkamasa alpha""#;
        check_remade(&document("Alpha", twice, keys), "Alpha", &once, None);
        let right = ["AT bourasc alpha", "AT gkamasa alpha"];
        check_remade(&document("Alpha", twice, &format!("{keys},{keys}")), "Alpha", &once, Some(&right));
        let both = r#""Bouras, C","Gkamas, A""#;
        let whole = r#""AT bourasc thealpha","AT gkamasa thealpha""#;
        check_remade(
            &document("The alpha", both, whole),
            "The beta",
            &once,
            Some(&["AT bourasc thebeta", "AT gkamasa thebeta"]),
        );
        check_remade(
            &document("The alpha", both, keys),
            "The beta",
            &once,
            Some(&["AT bourasc beta", "AT gkamasa beta"]),
        );
        check_remade(&document("The alpha", both, keys), "Beta", &once, Some(&["AT bourasc beta", "AT gkamasa beta"]));
        check_remade(&document("Alpha", both, r#""AT bourasc alpha""#), "Beta", &once, None);
        let more = r#""UT x","AT bourasc alpha","AT gkamasa alpha","AT bourasc omega""#;
        let renamed = ["UT x", "AT burasc beta", "AT gkamasa beta", "AT burasc omega"];
        check_remade(&document("Alpha", both, more), "Beta", &["Buras, C", "Gkamas, A"], Some(&renamed));
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
