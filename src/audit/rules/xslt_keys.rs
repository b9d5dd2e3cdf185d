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

/// Whether a key is `AT` and two parts of small letters and figures, as nearly all are.
pub(super) fn is_plain_key(key: &str) -> bool {
    let Some(parts) = key.strip_prefix("AT ") else { return false };
    let parts = parts.as_bytes();
    let Some(blank) = memchr::memchr(b' ', parts) else { return false };
    // Without a way out before the end, the compiler looks at several bytes at a time.
    let is_small = |byte: u8| byte.is_ascii_lowercase() | byte.is_ascii_digit();
    let is_part = |part: &[u8]| !part.is_empty() && part.iter().fold(true, |all, &byte| all & is_small(byte));
    is_part(&parts[..blank]) && is_part(&parts[blank + 1..])
}
