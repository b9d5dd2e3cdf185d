//! Tells which of the accepted export shapes a file has, from its beginning.

use super::scan;
use super::staff_view;

/// How the documents of a file are to be found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Shape {
    /// One document per line.
    Lines,
    /// Documents inside answers or arrays, or printed over several lines.
    Wrapped,
    /// The text of a Staff View page: one record.
    StaffView,
}

/// Bytes looked at to tell text formats apart.
const HEAD_BYTES: usize = 1 << 20;

/// The shape of `bytes`.
///
/// # Errors
/// A sentence for the user if this is certainly no export of VuFind/Solr documents.
pub(super) fn detect(bytes: &[u8]) -> Result<Shape, String> {
    if is_utf32(bytes) {
        return Err("it is UTF-32; convert it to UTF-8, such as with `iconv -f UTF-32 -t UTF-8`".to_owned());
    }
    if is_utf16(bytes) {
        return Err("it is UTF-16; convert it to UTF-8, such as with `iconv -f UTF-16 -t UTF-8`".to_owned());
    }
    if let Some(archive) = archive(bytes) {
        return Err(format!(
            "it is {archive}; unpack it, and give the export that is in it: Solr's answer (wt=json) or JSON Lines"
        ));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let start = bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let text = &bytes[start..];
    match text.first() {
        // Other formats start with a bracket too: `[package]`.
        Some(b'[') if matches!(text[1..].trim_ascii_start().first(), Some(b'{' | b'[' | b']') | None) => {
            Ok(Shape::Wrapped)
        }
        Some(b'{') => Ok(shape_of_object(text)),
        Some(_) if is_jsonp(text) => Ok(Shape::Wrapped),
        _ => shape_of_text(text),
    }
}

/// What archive, or file compressed in another way than those that are read, bytes are.
fn archive(bytes: &[u8]) -> Option<&'static str> {
    const PLACE_OF_TAR: usize = 257;
    match bytes {
        [b'P', b'K', 3 | 5, 4 | 6, ..] => Some("a zip archive or a spreadsheet"),
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some("compressed with xz"),
        [b'B', b'Z', b'h', b'1'..=b'9', b'1', b'A', b'Y', ..] => Some("compressed with bzip2"),
        _ => (bytes.get(PLACE_OF_TAR..PLACE_OF_TAR + 5) == Some(b"ustar")).then_some("a tar archive"),
    }
}

fn is_jsonp(text: &[u8]) -> bool {
    let prefix = scan::jsonp_prefix(text);
    prefix > 0 && text[prefix..].trim_ascii_start().starts_with(b"{")
}

/// An answer is scanned. A document that closes on its own line starts JSON Lines; so does a broken first
/// line when the next one opens an object, since the damage then ends with the line.
fn shape_of_object(text: &[u8]) -> Shape {
    if scan::is_answer(text, 0) {
        return Shape::Wrapped;
    }
    let line_end = memchr::memchr(b'\n', text).unwrap_or(text.len());
    let closes_on_line = scan::value_end(&text[..line_end], 0).is_some();
    let next_line = text[line_end..].trim_ascii_start();
    let opens_more_than_a_brace = text[..line_end].trim_ascii_end().len() > 1;
    if closes_on_line || (opens_more_than_a_brace && next_line.starts_with(b"{")) || next_line.is_empty() {
        Shape::Lines
    } else {
        Shape::Wrapped
    }
}

fn shape_of_text(text: &[u8]) -> Result<Shape, String> {
    let head = &text[..text.len().min(HEAD_BYTES)];
    if staff_view::looks_like_one(head) {
        return Ok(Shape::StaffView);
    }
    let opens_object = |line: &[u8]| line.trim_ascii_start().starts_with(b"{");
    if head.is_empty() || head.split(|&byte| byte == b'\n').any(opens_object) {
        return Ok(Shape::Lines);
    }
    let advice = "export all documents as JSON, with /select?q=*:*&wt=json&rows=1000000, with /export, or one per line";
    let what = match head {
        [b'<', ..] => "XML or HTML",
        _ if is_marc(head) => "binary MARC",
        [b'[', b'"' | b'0'..=b'9', ..] => "an array of something else than documents",
        _ => "no JSON",
    };
    Err(format!("it holds {what}, not VuFind/Solr documents; {advice}"))
}

/// UTF-32 has its mark of byte order, or three zero bytes beside every letter of ASCII.
fn is_utf32(bytes: &[u8]) -> bool {
    let is_wide =
        |letter: &[u8], [a, b, c, d]: [usize; 4]| letter[a] != 0 && letter[b] == 0 && letter[c] == 0 && letter[d] == 0;
    let head = &bytes[..bytes.len().min(16) / 4 * 4];
    let all = |order| head.len() > 4 && head.chunks(4).all(|letter| is_wide(letter, order));
    head.starts_with(b"\xff\xfe\0\0") || head.starts_with(b"\0\0\xfe\xff") || all([0, 1, 2, 3]) || all([3, 0, 1, 2])
}

/// UTF-16 says so by its mark of byte order, or has a zero byte beside every letter of ASCII.
fn is_utf16(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(16)];
    let is_zero_at = |rest: usize| head.iter().enumerate().all(|(at, &byte)| (byte == 0) == (at % 2 == rest));
    head.starts_with(b"\xff\xfe")
        || head.starts_with(b"\xfe\xff")
        || (head.len() > 1 && (is_zero_at(0) || is_zero_at(1)))
}

/// ISO 2709 starts with the record length in five digits; the directory ends with 0x1E.
fn is_marc(head: &[u8]) -> bool {
    head.len() > 24 && head[..5].iter().all(u8::is_ascii_digit) && head.contains(&0x1e)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_told_by_their_beginning() {
        let check = |text: &str, expected: Shape| assert_eq!(detect(text.as_bytes()), Ok(expected), "{text}");
        check("{\"id\":\"a\"}\n{\"id\":\"b\"}\n", Shape::Lines);
        check("\u{feff}\n{\"id\":\"a\"}", Shape::Lines);
        check("{\"id\":\"a\",\"title\":\"cut\n{\"id\":\"b\"}\n", Shape::Lines);
        check("{\"id\":\"a\",\"ti", Shape::Lines);
        check("", Shape::Lines);
        check("garbage\n{\"id\":\"a\"}\n", Shape::Lines);
        check("{\n  \"id\": \"a\"\n}\n", Shape::Wrapped);
        check("{\"responseHeader\":{},\"response\":{\"docs\":[]}}", Shape::Wrapped);
        check("{\n \"response\":{\"docs\":[]}}", Shape::Wrapped);
        check("{\"facet_counts\":{},\"highlighting\":{},\"response\":{\"docs\":[]}}", Shape::Wrapped);
        check("{\"stats\":\"x\",\"id\":\"a\"}\n{\"id\":\"b\"}", Shape::Lines);
        check("[\n{\"id\":\"a\"}]", Shape::Wrapped);
        check("callback({\"response\":{}})", Shape::Wrapped);
        check("Cargando…\n\nid a-1\ntitle On things\ntitle_short On things\n", Shape::StaffView);
    }

    #[test]
    fn archives_are_named() {
        let mut tar = vec![0; 600];
        tar[257..262].copy_from_slice(b"ustar");
        let archives = [&b"PK\x03\x04rest"[..], b"\xfd7zXZ\x00rest", b"BZh91AY&SY", &tar];
        for (bytes, name) in archives.into_iter().zip(["zip", "xz", "bzip2", "tar"]) {
            let reason = detect(bytes).expect_err("an archive");
            assert!(reason.contains(name) && reason.contains("unpack it"), "{reason}");
        }
    }

    #[test]
    fn utf_16_is_named() {
        let text = "{\"id\":\"a\"}\n";
        let bytes = |order: fn(u16) -> [u8; 2], text: &str| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
        for order in [u16::to_le_bytes, u16::to_be_bytes] {
            for text in [text.to_owned(), format!("\u{feff}{text}")] {
                let reason = detect(&bytes(order, &text)).expect_err("no UTF-8");
                assert!(reason.contains("convert it to UTF-8"), "{reason}");
            }
        }
        assert!(detect(b"{\"id\":\"a\"}\n\0").is_ok() && detect(b"").is_ok());
    }

    #[test]
    fn other_formats_are_refused_with_advice() {
        for (text, what) in [
            ("<add><doc/></add>", "XML"),
            ("PK\u{3}\u{4}", "zip"),
            ("id,title\n1,x\n", "no JSON"),
            ("[package]\n", "no JSON"),
        ] {
            let error = detect(text.as_bytes()).expect_err(text);
            assert!(error.contains(what) && error.contains("wt=json"), "{error}");
        }
    }
}
