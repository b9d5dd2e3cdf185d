//! Text that does nothing but stand there.
//!
//! Catalogue text may hold characters that command a terminal (escape sequences begin with U+001B or U+009B) or make a line
//! read differently from how it is stored (marks of direction). Output for people replaces them. Output for programs must keep
//! every value, so it writes them as the format's own escapes: a program reads the same, and a terminal shows them.

use std::io::{self, Write};

/// Whether a character commands a terminal or changes the direction of what follows. Tab and line breaks do neither.
pub fn is_active(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' => false,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        _ => c.is_control(),
    }
}

/// A text in which active characters and line breaks are written as JSON would; all others stay.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if is_active(c) => out.push_str(&Escape::Json.of(c)),
            _ => out.push(c),
        }
    }
    out
}

/// A text in one line, for people: `\u{fffd}` stands for every active character and every other control character.
pub fn visible(text: &str) -> String {
    text.chars().map(|c| if is_active(c) || c.is_control() { '\u{fffd}' } else { c }).collect()
}

/// A text of several lines in which active characters are written as JSON would.
pub fn inert_lines(text: &str) -> String {
    text.split('\n').map(escaped).collect::<Vec<_>>().join("\n")
}

/// How a format writes a character by its number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Escape {
    /// `\u202e`, within texts. JSON allows none of the characters elsewhere.
    Json,
    /// Not at all: what is a copy stays one.
    Not,
    /// `&#x202e;`, within texts and attributes. XML allows none of the characters elsewhere.
    Xml,
}

impl Escape {
    fn of(self, c: char) -> String {
        match self {
            Escape::Json => format!("\\u{:04x}", u32::from(c)),
            Escape::Not => c.to_string(),
            Escape::Xml => format!("&#x{:x};", u32::from(c)),
        }
    }
}

/// Writes UTF-8 on with every active character escaped. Invalid UTF-8 goes through as it is.
pub(crate) struct Inert<W> {
    out: W,
    escape: Escape,
    /// The beginning of a character whose end was not written yet.
    pending: Vec<u8>,
}

impl<W: Write> Inert<W> {
    /// With nothing pending; `Escape::Not` lets all bytes through as they are.
    pub(crate) fn new(out: W, escape: Escape) -> Inert<W> {
        Inert { out, escape, pending: Vec::new() }
    }

    /// What is written to. Only a character that was cut can still be missing.
    pub(crate) fn into_inner(mut self) -> io::Result<W> {
        let rest = std::mem::take(&mut self.pending);
        self.out.write_all(&rest)?;
        Ok(self.out)
    }

    fn put_bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut from = 0;
        for (chunk, start) in bytes.chunks(CHUNK).zip((0..).step_by(CHUNK)) {
            // Nearly all chunks hold none; that takes a few instructions to see.
            if !chunk.iter().fold(false, |any, &byte| any | may_begin_active(byte)) {
                continue;
            }
            for at in (start..start + chunk.len()).filter(|&at| may_begin_active(bytes[at])) {
                if let Some(c) = char_at(&bytes[at..]).filter(|&c| is_active(c)) {
                    self.out.write_all(&bytes[from..at])?;
                    self.out.write_all(self.escape.of(c).as_bytes())?;
                    from = at + c.len_utf8();
                }
            }
        }
        self.out.write_all(&bytes[from..])
    }
}

/// Bytes that are looked through at a time.
const CHUNK: usize = 64;

/// Whether an active character may begin with a byte. Within other characters there are none of these bytes.
#[inline]
fn may_begin_active(byte: u8) -> bool {
    // Without a way out before the end, the compiler looks at several bytes at a time.
    let is_control = (byte < 0x20) & (byte != b'\t') & (byte != b'\n') & (byte != b'\r');
    is_control | (byte == 0x7f) | (byte == 0xc2) | (byte == 0xd8) | (byte == 0xe2)
}

/// The character that bytes begin with; `None` if they are not UTF-8.
fn char_at(bytes: &[u8]) -> Option<char> {
    bytes[..bytes.len().min(4)].utf8_chunks().next()?.valid().chars().next()
}

impl<W: Write> Write for Inert<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.escape == Escape::Not {
            return self.out.write(bytes);
        }
        let joined;
        let all = if self.pending.is_empty() {
            bytes
        } else {
            joined = [&self.pending, bytes].concat();
            &joined
        };
        // A character of up to four bytes may be cut by the end of what is written now.
        let end = (all.len().saturating_sub(3)..all.len()).find(|&at| is_cut(&all[at..])).unwrap_or(all.len());
        let (whole, rest) = all.split_at(end);
        self.put_bytes(whole)?;
        self.pending = rest.to_vec();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let rest = std::mem::take(&mut self.pending);
        self.out.write_all(&rest)?;
        self.out.flush()
    }
}

/// Whether bytes are the beginning of a character and no more.
fn is_cut(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err_and(|error| error.valid_up_to() == 0 && error.error_len().is_none())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(parts: &[&[u8]], escape: Escape) -> Vec<u8> {
        let mut out = Vec::new();
        let mut inert = Inert::new(&mut out, escape);
        parts.iter().for_each(|part| inert.write_all(part).expect("memory is writable"));
        inert.flush().expect("memory is writable");
        out
    }

    #[test]
    fn active_characters_are_written_by_their_number() {
        let text = "a\u{9b}31m\u{202e}b\u{7f}\tü\u{10348}\n".as_bytes();
        assert_eq!(written(&[text], Escape::Json), "a\\u009b31m\\u202eb\\u007f\tü\u{10348}\n".as_bytes());
        assert_eq!(written(&[text], Escape::Xml), "a&#x9b;31m&#x202e;b&#x7f;\tü\u{10348}\n".as_bytes());
        assert_eq!(escaped("a\u{1b}\n\u{2066}"), "a\\u001b\\n\\u2066");
        assert_eq!(inert_lines("a\u{1b}\nb"), "a\\u001b\nb");
        assert_eq!(visible("a\u{61c}b\u{9b}\n\u{2069}ü"), "a\u{fffd}b\u{fffd}\u{fffd}\u{fffd}ü");
    }

    proptest! {
        #[test]
        fn json_says_the_same(text in "(\\PC|[\u{0}-\u{9f}\u{200e}\u{202a}-\u{202e}\u{2066}-\u{2069}]){0,30}", cut in 0..200_usize) {
            let json = serde_json::to_string(&text).expect("a text");
            let (one, other) = json.as_bytes().split_at(cut.min(json.len()));
            let inert = String::from_utf8(written(&[one, other], Escape::Json)).expect("UTF-8");
            prop_assert!(!inert.contains(is_active));
            prop_assert_eq!(serde_json::from_str::<String>(&inert).expect("JSON"), text);
        }

        #[test]
        fn no_byte_is_lost(bytes in prop::collection::vec(any::<u8>(), 0..40), cut in 0..40_usize) {
            let (one, other) = bytes.split_at(cut.min(bytes.len()));
            let whole = written(&[&bytes], Escape::Json);
            prop_assert_eq!(written(&[one, other], Escape::Json), whole.clone());
            let is_active = String::from_utf8_lossy(&bytes).contains(is_active);
            prop_assert_eq!(whole == bytes, !is_active);
        }
    }
}
