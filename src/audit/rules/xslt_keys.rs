//! The work keys that an XSLT import makes of a record, and what nearly all keys look like.

use crate::audit::{Family, Subject};
use crate::input::Field;
use crate::keys::work_key::{Dialect, WorkKeyInput, is_exact, strip_articles, work_keys};

/// The work keys of title and authors in the order of the importer, each once and without those of names that have no
/// letter. None for records of other importers, whose keys hold more than the export says, without a title, and
/// for scripts whose transliteration depends on the release of ICU.
pub(super) fn xslt_keys(subject: &Subject<'_>) -> Option<Vec<String>> {
    let record = subject.record;
    let title = record.filled(Field::Title)?;
    let authors: Vec<&str> = record.all(Field::Author).iter().map(|name| &**name).collect();
    let is_xslt = matches!(subject.family, Family::Xslt | Family::Unknown);
    if !is_xslt || !is_exact(title) || !authors.iter().all(|name| is_exact(name)) {
        return None;
    }
    let stripped = [strip_articles(title)];
    let input =
        WorkKeyInput { titles: &[title], stripped_titles: &stripped, authors: &authors, ..WorkKeyInput::default() };
    // The rules of Java for repeats and empty parts, which PHP writes into the index.
    Some(work_keys(&input, Dialect::Java))
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
