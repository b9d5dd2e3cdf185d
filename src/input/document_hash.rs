//! The hash by which a document is known again: it stays the same as long as the record does.

use std::sync::LazyLock;

use memchr::memmem::Finder;
use xxhash_rust::xxh3::Xxh3;

/// Fields that Solr or an importer makes anew each time a record is indexed. Inside a text their quotes are escaped.
static MADE_ANEW: LazyLock<[Finder<'static>; 2]> =
    LazyLock::new(|| [Finder::new(b"\"_version_\":"), Finder::new(b"\"last_indexed\":")]);

/// Hash of a document's bytes without the values of `_version_` and `last_indexed`.
///
/// Cheaper than [`Record::content_hash`](super::Record::content_hash), since nothing is parsed, and stricter: two
/// documents that say the same in another order of fields have different hashes.
pub fn document_hash(document: &[u8]) -> u64 {
    let mut cuts: [std::ops::Range<usize>; 2] = [0..0, 0..0];
    for (cut, finder) in cuts.iter_mut().zip(&*MADE_ANEW) {
        if let Some(at) = finder.find(document) {
            let start = at + finder.needle().len();
            *cut = start..start + value_len(&document[start..]);
        }
    }
    cuts.sort_by_key(|cut| cut.start);
    let mut hash = Xxh3::new();
    let mut from = 0;
    for cut in cuts.into_iter().filter(|cut| !cut.is_empty()) {
        hash.update(&document[from..cut.start]);
        // Something was there, which is not nothing.
        hash.update(b"\0");
        from = cut.end;
    }
    hash.update(&document[from..]);
    hash.digest()
}

/// Length of a number or a plain string, blanks before it included, if that is the whole value; 0 of anything else, which JSON need
/// not be.
fn value_len(bytes: &[u8]) -> usize {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
    let blanks = bytes.iter().take_while(|byte| is_blank(byte)).count();
    let value = &bytes[blanks..];
    let len = match value.first() {
        Some(b'"') => {
            let len = value[1..].iter().position(|&byte| !matches!(byte, b' '..=b'~') || matches!(byte, b'"' | b'\\'));
            len.filter(|&end| value[1 + end] == b'"').map(|end| end + 2)
        }
        Some(b'0') => Some(1),
        _ => Some(value.iter().take_while(|byte| byte.is_ascii_digit()).count()).filter(|&len| len > 0),
    };
    let ends = |len: usize| {
        let next = value[len..].iter().find(|byte| !is_blank(byte));
        next.is_none_or(|next| matches!(next, b',' | b'}'))
    };
    len.filter(|&len| ends(len)).map_or(0, |len| blanks + len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_made_anew_is_left_out() {
        let plain = document_hash(br#"{"id":"a","_version_":17,"title":"T","last_indexed":"2024-01-01T00:00:00Z"}"#);
        assert_eq!(
            plain,
            document_hash(br#"{"id":"a","_version_": 1812345,"title":"T","last_indexed":"2026-02-03T00:00:00Z"}"#)
        );
        for other in [
            br#"{"id":"a","_version_":17,"title":"U","last_indexed":"2024-01-01T00:00:00Z"}"#.as_slice(),
            br#"{"id":"a","_version_":17,"title":"T","last_indexed":"2024-01-01T00:00:00Z","x":1}"#,
            br#"{"id":"a","_version_":"17\"","title":"T","last_indexed":"2024-01-01T00:00:00Z"}"#,
            br#"{"id":"a","_version_":[17],"title":"T","last_indexed":"2024-01-01T00:00:00Z"}"#,
        ] {
            assert_ne!(plain, document_hash(other), "{}", String::from_utf8_lossy(other));
        }
        // What is no JSON, or may be none, is never left out.
        let made = |value: &str| document_hash(&[b"{\"_version_\":", value.as_bytes(), b",\"id\":\"a\"}"].concat());
        assert_eq!(made("17"), made(" \"1812345\""));
        for broken in ["017", "", "17 18", "17x", "\u{c}17", "\"1\t7\"", "\"1\u{0}7\"", "\"é\"", "-", "00"] {
            assert_ne!(made("17"), made(broken), "{broken:?}");
        }
        let quoted = |n: &str| document_hash(format!(r#"{{"id":"a","title":"\"_version_\":{n}"}}"#).as_bytes());
        assert_ne!(quoted("1"), quoted("2"), "a title may say anything");
        assert_ne!(document_hash(b""), document_hash(b"{"));
    }
}
