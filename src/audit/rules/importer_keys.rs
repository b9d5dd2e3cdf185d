//! The work keys that importers make of a record, and what nearly all keys look like.

use super::folding::start_after;
use super::mojibake::is_read_wrong;
use super::t012_title_nonfiling_off::may_begin_with_article;
use super::w002_work_keys_mismatch::shows_older;
use crate::audit::{Family, Subject};
use crate::input::Field;
use crate::keys::seek::split_once;
use crate::keys::sort_title::MAX_NONFILING;
use crate::keys::work_key::{Dialect, WorkKeyInput, is_exact, normalise, strip_articles, work_keys};

/// The work keys of title and authors in the order of the importer, each once and without those of names that have no
/// letter. None for records of other importers, whose keys hold more than the export says, without a title, and
/// for scripts whose transliteration depends on the release of ICU.
pub(super) fn xslt_keys(subject: &Subject<'_>) -> Option<Vec<String>> {
    let record = subject.record;
    let title = record.filled(Field::Title)?;
    let authors: Vec<&str> = record.all(Field::Author).iter().map(|name| &**name).collect();
    let is_xslt = matches!(subject.family, Family::Xslt | Family::Unknown);
    if !is_xslt || is_read_wrong(title) || !is_exact(title) || !authors.iter().all(|name| is_exact(name)) {
        return None;
    }
    let stripped = [strip_articles(title)];
    let input =
        WorkKeyInput { titles: &[title], stripped_titles: &stripped, authors: &authors, ..WorkKeyInput::default() };
    // The rules of Java for repeats and empty parts, which PHP writes into the index.
    Some(work_keys(&input, Dialect::Java))
}

/// The work keys of a MARC record as far as its fields tell them.
pub(super) struct MarcKeys {
    pub(super) keys: Vec<String>,
    /// Whether an import makes these and no others.
    pub(super) is_whole: bool,
}

/// Names of which a MARC import makes keys.
const NAMES: [Field; 3] = [Field::Author, Field::Author2, Field::AuthorCorporate];

/// Bytes of titles in keys beyond which none are made.
const MAX_KEYS: usize = 1 << 20;

/// The work keys that a MARC import, or RecordManager, makes of title and names. They are whole if the names are words alone,
/// which hold no date, number or fuller form, the full title has no number of a part, the record has no other titles, and the
/// sort title tells what is left out at the beginning.
pub(super) fn marc_keys(subject: &Subject<'_>) -> Option<MarcKeys> {
    let record = subject.record;
    let title = record.filled(Field::Title).filter(|title| !is_read_wrong(title) && is_exact(title))?;
    let dialect = match subject.family {
        Family::Marc => Dialect::Java,
        Family::RecordManager => Dialect::RecordManager,
        Family::Xslt | Family::Unknown => return None,
    };
    let names = || record.all_of(&NAMES);
    // RecordManager cuts nothing, and names and title multiply.
    if !names().all(is_exact) || names().count() * title.len() > MAX_KEYS {
        return None;
    }
    let filed = filed_title(subject, title);
    let stripped = [filed.unwrap_or(title)];
    let authors: Vec<&str> = names().map(main_part).collect();
    let input =
        WorkKeyInput { titles: &[title], stripped_titles: &stripped, authors: &authors, ..WorkKeyInput::default() };
    let keys: Vec<String> =
        work_keys(&input, dialect).into_iter().filter(|key| !key.starts_with("AT  ") && !key.ends_with(' ')).collect();
    // Keys stay of the release that made them.
    let is_current = |key: &str| key.is_ascii() || !shows_older(key, false);
    let is_whole = dialect == Dialect::Java
        && record.all(Field::WorkKeysStrMv).iter().all(|key| is_current(key))
        && filed.is_some()
        && names().all(is_words)
        && record.all_of(&[Field::TitleAlt, Field::TitleOld, Field::TitleNew]).next().is_none()
        && record.filled(Field::TitleFull).is_some_and(|full| {
            let proper = split_once(full, " / ").map_or(full, |(proper, _)| proper);
            normalise(proper) == normalise(title)
        });
    (!keys.is_empty()).then_some(MarcKeys { keys, is_whole })
}

/// The title without what the sort title leaves out at its beginning; none if that is not known.
fn filed_title<'a>(subject: &Subject<'_>, title: &'a str) -> Option<&'a str> {
    if subject.record.filled(Field::TitleSort).is_none() {
        return (!may_begin_with_article(title)).then_some(title);
    }
    match subject.n_left_out()? {
        0 => Some(title),
        n => start_after(title, MAX_NONFILING, n).map(|at| &title[at..]),
    }
}

/// A name without dates and its fuller form, of which no keys are made.
fn main_part(name: &str) -> &str {
    let end = name.find('(').filter(|&at| at > 0).unwrap_or(name.len());
    let end = name[..end].find(|letter: char| letter.is_ascii_digit()).filter(|&at| at > 0).unwrap_or(end);
    name[..end].trim_end()
}

/// Whether a name is made of words, parted by a comma at most: `Roe, Jane`. What comes after a second comma is a title.
fn is_words(name: &str) -> bool {
    let is_of_words = |letter: char| letter.is_alphabetic() || matches!(letter, ' ' | ',' | '.' | '-' | '\'' | '’');
    name.chars().all(is_of_words) && memchr::memchr_iter(b',', name.as_bytes()).count() < 2
}

/// Bytes that are looked at together: what the compiler makes one vector of.
const LANE: usize = 16;

/// Whether a key is `AT` and two parts of small letters and figures, as nearly all are. Says no to very long ones.
pub(super) fn is_plain_key(key: &str) -> bool {
    let Some(parts) = key.strip_prefix("AT ") else { return false };
    let parts = parts.as_bytes();
    let (lanes, rest) = parts.as_chunks::<LANE>();
    if lanes.len() >= usize::from(u8::MAX) || parts.first() == Some(&b' ') || parts.last() == Some(&b' ') {
        return false;
    }
    let (mut has_other, mut n_blanks) = ([false; LANE], [0_u8; LANE]);
    let mut look = |lane: &[u8; LANE]| {
        for ((has_other, n_blanks), &byte) in has_other.iter_mut().zip(&mut n_blanks).zip(lane) {
            *n_blanks += u8::from(byte == b' ');
            *has_other |= !(byte.is_ascii_lowercase() | byte.is_ascii_digit() | (byte == b' '));
        }
    };
    lanes.iter().for_each(&mut look);
    // What is left over is filled up with letters.
    let mut last = [b'a'; LANE];
    last[..rest.len()].copy_from_slice(rest);
    look(&last);
    has_other == [false; LANE] && n_blanks.iter().map(|&n| u32::from(n)).sum::<u32>() == 1
}
