//! Letters with marks and signs as LaTeX writes them: `Sch\"{o}nberg`, `{\'e}tude`, `K\"ahler`, `R\&D`.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// Commands for marks, and the combining characters that they stand for.
const MARKS: [(char, char); 14] = [
    ('`', '\u{300}'),
    ('\'', '\u{301}'),
    ('^', '\u{302}'),
    ('~', '\u{303}'),
    ('=', '\u{304}'),
    ('u', '\u{306}'),
    ('.', '\u{307}'),
    ('"', '\u{308}'),
    ('r', '\u{30a}'),
    ('H', '\u{30b}'),
    ('v', '\u{30c}'),
    ('d', '\u{323}'),
    ('c', '\u{327}'),
    ('k', '\u{328}'),
];

/// Commands for letters. In braces, since a path may go on like the others (`C:\ss`).
const LETTERS: [(&str, &str); 13] = [
    ("AA", "Å"),
    ("AE", "Æ"),
    ("L", "Ł"),
    ("O", "Ø"),
    ("OE", "Œ"),
    ("aa", "å"),
    ("ae", "æ"),
    ("i", "ı"),
    ("j", "ȷ"),
    ("l", "ł"),
    ("o", "ø"),
    ("oe", "œ"),
    ("ss", "ß"),
];

/// Whether a letter or sign is written so.
pub(super) fn has_escapes(text: &str) -> bool {
    memchr::memchr_iter(b'\\', text.as_bytes()).any(|at| escape(text, at).is_some())
}

/// The text with what is written so read; none if other commands are left.
pub(super) fn read(text: &str) -> Option<String> {
    let mut read = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        let escape = escape(rest, at)?;
        read.push_str(&rest[..escape.start]);
        read.push_str(&escape.letter);
        rest = &rest[escape.end..];
    }
    read.push_str(rest);
    Some(read.nfc().collect())
}

/// What stands for a letter, and where.
struct Escape {
    letter: Cow<'static, str>,
    start: usize,
    end: usize,
}

/// What a backslash begins: a mark and a letter, of which one is in braces or which stand inside a word, a letter in braces,
/// `&`, or `%` behind a number.
fn escape(text: &str, at: usize) -> Option<Escape> {
    let command = &text[at + 1..];
    let is_entity = || command[1..].trim_start_matches(|c: char| c.is_ascii_alphanumeric()).starts_with(';');
    let is_percent = || text[..at].ends_with(|before: char| before.is_ascii_digit());
    if command.starts_with('%') && is_percent() || command.starts_with('&') && !is_entity() {
        return Some(Escape { letter: command[..1].to_owned().into(), start: at, end: at + 2 });
    }
    let is_in_braces = text[..at].ends_with('{');
    let marked = || {
        let mark = command.chars().next()?;
        let combining = MARKS.iter().find(|(known, _)| *known == mark)?.1;
        let base = &command[1..];
        let (letter, n_bytes) = match base.strip_prefix('{') {
            Some(inside) => base_letter(inside).filter(|(_, n)| inside[*n..].starts_with('}')).map(|(c, n)| (c, n + 2)),
            None if is_in_braces && !mark.is_ascii_alphabetic() => base_letter(base),
            None if is_inside_word(&text[..at], mark, base) => base_letter(base),
            None => None,
        }?;
        Some((format!("{letter}{combining}").into(), 1 + n_bytes))
    };
    let plain = || {
        let name = &command[..command.bytes().take_while(u8::is_ascii_alphabetic).count()];
        let letter = LETTERS.iter().find(|(known, _)| *known == name && is_in_braces)?.1;
        Some((Cow::Borrowed(letter), name.len()))
    };
    let (letter, n_bytes) = marked().or_else(plain)?;
    let end = at + 1 + n_bytes;
    let is_closed = text[end..].starts_with('}');
    match is_in_braces {
        true => is_closed.then(|| Escape { letter, start: at - 1, end: end + 1 }),
        false => Some(Escape { letter, start: at, end }),
    }
}

/// Whether a mark stands inside a word, on a letter that usually has it: `K\"ahler`, `Mu\~noz`. An apostrophe (`L\'avion`) is
/// none, and a quotation mark stands before or behind words.
fn is_inside_word(before: &str, mark: char, base: &str) -> bool {
    let mut letters = base.chars();
    let is_marked = letters.next().is_some_and(|letter| match mark {
        '"' => "aeiouyAEIOU".contains(letter),
        '^' | '`' => "aeiouAEIOU".contains(letter),
        '~' => "anoANO".contains(letter),
        _ => false,
    });
    is_marked
        && before.ends_with(|letter: char| letter.is_ascii_alphabetic())
        && letters.next().is_some_and(|letter| letter.is_ascii_alphabetic())
}

/// The letter under a mark, and its length: `o`, or `\i` without its dot.
fn base_letter(text: &str) -> Option<(char, usize)> {
    match text.strip_prefix('\\').map(|command| command.as_bytes().first()) {
        Some(Some(b'i')) => Some(('i', 2)),
        Some(Some(b'j')) => Some(('j', 2)),
        Some(_) => None,
        None => text.chars().next().filter(char::is_ascii_alphabetic).map(|letter| (letter, 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::{has_escapes, read};

    #[test]
    fn letters_are_read() {
        for (text, letters) in [
            (r"Caf\'{e} culture", "Café culture"),
            (r"{\'E}tude", "Étude"),
            (r#"{\"o}sterreich"#, "österreich"),
            (r#"Gr{\"o}{\ss}e"#, "Größe"),
            (r"Fran\c{c}ais", "Français"),
            (r"Erd{\H{o}}s numbers", "Erdős numbers"),
            (r#"na\"{\i}ve"#, "naïve"),
            (r"{\L}{\'o}d{\'z}", "Łódź"),
            (r"Dvo\v{r}{\'a}k", "Dvořák"),
            (r"R\&D, 50\% of it", "R&D, 50% of it"),
            (r#"K\"ahler manifolds and M\"obius strips"#, "Kähler manifolds and Möbius strips"),
            (r"Mu\~noz and L\^evy", "Muñoz and Lêvy"),
        ] {
            assert!(has_escapes(text), "{text}");
            assert_eq!(read(text).as_deref(), Some(letters), "{text}");
        }
        assert_eq!(read(r"\emph{Caf{\'e}}"), None);
    }

    #[test]
    fn other_backslashes_are_none() {
        for text in [
            r"C:\u\data",
            r"L\'avion",
            r#"\"quoted\""#,
            r#"the \"old\" one"#,
            r"no\~a",
            r"a\b{c}",
            r"8@(\&quot;[Handbook",
            r"{a\b}",
            r"\",
            r"{\",
            r"\'{",
            r"C:\%TEMP%",
            r"\{e}",
        ] {
            assert!(!has_escapes(text), "{text}");
        }
    }
}
