//! Which values the rules on characters look at, and which of these rules have something to look for in a record.

use std::borrow::Cow;

use super::Problem;
use super::rules::is_link;
use crate::input::{Entry, Field, Record};

/// Fields that Solr fills with copies of other fields; whatever is wrong there is reported at the source.
/// From the copyField table of VuFind's schema. `spelling` copies text of which most is in other fields.
const COPIES: [Field; 8] = [
    Field::AuthorFacet,
    Field::CallnumberSearch,
    Field::DeweySearch,
    Field::Fullrecord,
    Field::Spelling,
    Field::SpellingShingle,
    Field::TitleFullStr,
    Field::TitleFullUnstemmed,
];

/// Fields of running text, where layout is no fault.
const PROSE: [Field; 5] =
    [Field::Contents, Field::Description, Field::Fulltext, Field::Allfields, Field::ContainerReference];

/// Fields in which blanks are part of the value by rule: padded numbers, and sort titles after a cut beginning.
const PADDED: [Field; 4] = [Field::TitleSort, Field::Lccn, Field::Ctrlnum, Field::WorkKeysStrMv];

/// How the values of a known field are looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Loose,
    Copy,
}

/// The kind of each field, by its number.
const KINDS: [Kind; Field::ALL.len()] = kinds();

const fn kinds() -> [Kind; Field::ALL.len()] {
    let mut kinds = [Kind::Text; Field::ALL.len()];
    let lists: [(&[Field], Kind); 3] = [(&COPIES, Kind::Copy), (&PROSE, Kind::Loose), (&PADDED, Kind::Loose)];
    let mut at = 0;
    while at < kinds.len() {
        if is_number(Field::ALL[at].name().as_bytes()) {
            kinds[Field::ALL[at] as usize] = Kind::Loose;
        }
        at += 1;
    }
    let mut list = 0;
    while list < lists.len() {
        let mut at = 0;
        while at < lists[list].0.len() {
            kinds[lists[list].0[at] as usize] = lists[list].1;
            at += 1;
        }
        list += 1;
    }
    kinds
}

/// Whether a name is that of call numbers, which are padded.
const fn is_number(name: &[u8]) -> bool {
    matches!(
        name,
        [b'c', b'a', b'l', b'l', b'n', b'u', b'm', b'b', b'e', b'r', ..] | [b'd', b'e', b'w', b'e', b'y', ..]
    )
}

/// The text fields of a record with their values, copies left out.
pub(super) fn texts<'s, 'a>(record: &'s Record<'a>) -> impl Iterator<Item = (&'s Entry<'a>, &'s [Cow<'a, str>])> {
    let is_copy = |field: Field| KINDS[field as usize] == Kind::Copy;
    let is_source = move |entry: &&Entry<'_>| !entry.literal && !entry.field.is_some_and(is_copy);
    record.entries().iter().filter(is_source).map(|entry| (entry, record.values(entry)))
}

/// Whether line breaks, double and outer blanks are usual in a field: running text, and padded numbers.
pub(super) fn ignores_blanks(entry: &Entry<'_>) -> bool {
    let is_loose = |name: &str| is_number(name.as_bytes()) || name.contains("_txt");
    entry.field.map_or_else(|| is_loose(entry.name), ignores_blanks_of)
}

/// [`ignores_blanks`] of a known field.
pub(super) fn ignores_blanks_of(field: Field) -> bool {
    KINDS[field as usize] == Kind::Loose
}

/// A problem with the value of an entry.
pub(super) fn problem(entry: &Entry<'_>, value: &str, message: impl Into<String>) -> Problem {
    Problem::named(entry.name, value, message)
}

/// What the text fields of a record hold, found in one pass for all rules on characters.
#[derive(Debug)]
pub(super) struct Signs {
    /// Of any value.
    all: Sign,
    /// Of each value of [`texts`], in their order; empty if all are without.
    of_values: Vec<Sign>,
}

impl Signs {
    /// The signs of a record.
    pub(super) fn of(record: &Record<'_>) -> Signs {
        let mut signs = Signs { all: Sign(0), of_values: Vec::new() };
        let mut n_values = 0;
        for (entry, values) in texts(record) {
            for value in values {
                let sign = Sign::of(value, || ignores_blanks(entry));
                if sign != Sign(0) {
                    signs.all.add(sign);
                    signs.of_values.resize(n_values, Sign(0));
                    signs.of_values.push(sign);
                }
                n_values += 1;
            }
        }
        signs
    }

    /// Whether any value has a sign.
    pub(super) fn has(&self, sign: Sign) -> bool {
        self.all.has(sign)
    }

    /// The text fields of the record that these signs are of, with those of their values that have a sign. Fields
    /// without such a value are left out.
    pub(super) fn texts_with<'s, 'a>(
        &'s self,
        record: &'s Record<'a>,
        sign: Sign,
    ) -> impl Iterator<Item = (&'s Entry<'a>, impl Iterator<Item = &'s str> + Clone)> {
        let mut rest = &self.of_values[..];
        let texts = self.has(sign).then(|| texts(record)).into_iter().flatten();
        texts.filter_map(move |(entry, values)| {
            let (own, others) = rest.split_at(values.len().min(rest.len()));
            rest = others;
            let suspects = values.iter().zip(own).filter(move |(_, own)| own.has(sign)).map(|(value, _)| &**value);
            own.iter().any(|own| own.has(sign)).then_some((entry, suspects))
        })
    }
}

/// What a value holds, as a set. A rule whose sign is absent finds nothing; one whose sign is there has to look for
/// itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Sign(u8);

impl Sign {
    /// A letter that may begin a sequence read in the wrong encoding.
    pub(super) const MOJIBAKE: Sign = Sign(1);
    /// A replacement character, or question marks before letters.
    pub(super) const LOST: Sign = Sign(1 << 1);
    /// `&` outside links.
    pub(super) const AMPERSAND: Sign = Sign(1 << 2);
    /// `<`, a brace, a backslash or a dollar sign.
    pub(super) const MARKUP: Sign = Sign(1 << 3);
    /// A character that may not be in composed form.
    pub(super) const UNCOMPOSED: Sign = Sign(1 << 4);
    /// A control or invisible character, or blanks where they do not belong.
    pub(super) const BLANKS_OR_INVISIBLE: Sign = Sign(1 << 5);
    /// Cyrillic and Greek letters, ligatures, full-width letters and the like.
    pub(super) const DISGUISED: Sign = Sign(1 << 6);
    /// Those of them that are no letters of a script: ligatures, full-width letters and the like.
    pub(super) const STRANGE: Sign = Sign(1 << 7);

    /// The signs of a value.
    fn of(value: &str, ignores_blanks: impl FnOnce() -> bool) -> Sign {
        let mut signs = Sign(0);
        if !is_plain(value.as_bytes()) {
            signs.read(value, ignores_blanks());
        }
        signs
    }

    /// Whether a sign is in the set.
    fn has(self, sign: Sign) -> bool {
        self.0 & sign.0 != 0
    }

    fn add(&mut self, sign: Sign) {
        self.0 |= sign.0;
    }

    fn read(&mut self, value: &str, ignores_blanks: bool) {
        let bytes = value.as_bytes();
        let classes = classes(bytes);
        if !ignores_blanks && has_loose_blank(bytes) {
            self.add(Sign::BLANKS_OR_INVISIBLE);
        }
        if classes == 0 {
            return;
        }
        if classes & CONTROL != 0
            && !(ignores_blanks && bytes.iter().all(|byte| !is_control(*byte) || is_layout(*byte)))
        {
            self.add(Sign::BLANKS_OR_INVISIBLE);
        }
        if classes & AMPERSAND != 0 && !is_link(value) {
            self.add(Sign::AMPERSAND);
        }
        if classes & BRACKET != 0 {
            self.add(Sign::MARKUP);
        }
        if classes & QUESTION != 0
            && (memchr::memchr_iter(b'?', bytes).filter(|&at| goes_on(bytes, at)).count() > 1
                || memchr::memmem::find(bytes, b"????").is_some())
        {
            self.add(Sign::LOST);
        }
        if classes & FOREIGN != 0 {
            self.read_foreign(bytes);
            if !ignores_blanks && has_wide_edge(value) {
                self.add(Sign::BLANKS_OR_INVISIBLE);
            }
        }
    }

    /// Reads the characters beyond ASCII, by their first bytes in UTF-8.
    fn read_foreign(&mut self, bytes: &[u8]) {
        let mut at = 0;
        while let Some(&lead) = bytes.get(at) {
            if lead.is_ascii() {
                at += n_ascii(&bytes[at..]);
                continue;
            }
            let (width, signs) = LEADS[usize::from(lead)];
            let byte = |n: usize| bytes.get(at + n).copied().unwrap_or(0);
            self.0 |= if signs == VARIES { letter_signs(lead, byte(1), byte(2)) } else { signs };
            at += usize::from(width);
        }
    }
}

/// Number of ASCII bytes at the start, at least in steps of eight.
fn n_ascii(bytes: &[u8]) -> usize {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let (words, rest) = bytes.as_chunks::<8>();
    for (word, at) in words.iter().zip(0..) {
        let high = u64::from_le_bytes(*word) & HIGH;
        if high != 0 {
            return at * 8 + high.trailing_zeros() as usize / 8;
        }
    }
    let n_before = bytes.len() - rest.len();
    n_before + rest.iter().take_while(|byte| byte.is_ascii()).count()
}

/// Stands for the signs of letters that differ by the bytes after the first.
const VARIES: u8 = u8::MAX;

/// By first byte of a letter in UTF-8: its length, and its signs or [`VARIES`].
static LEADS: [(u8, u8); 256] = {
    let mut leads = [(1, 0); 256];
    let mut lead = 0x80;
    while lead < 256 {
        let width = match lead {
            0..0xC0 => 1,
            0xC0..0xE0 => 2,
            0xE0..0xF0 => 3,
            _ => 4,
        };
        let signs = match lead {
            0xC2 | 0xC3 | 0xC4 | 0xC7 | 0xCE | 0xD2 | 0xD7..0xDA | 0xE1..0xE4 | 0xEA | 0xED => VARIES,
            _ => letter_signs(lead as u8, 0, 0),
        };
        leads[lead] = (width, signs);
        lead += 1;
    }
    leads
};

/// Signs of a letter beyond ASCII, by its first bytes; 0 stands for a byte that is not there.
const fn letter_signs(lead: u8, second: u8, third: u8) -> u8 {
    match lead {
        0..0xC2 => 0,
        // Latin letters, and signs among which are the no-break space, the soft hyphen and the micro sign.
        0xC2 if second <= 0xA0 || second == 0xAD => Sign::BLANKS_OR_INVISIBLE.0,
        0xC2 if second == 0xB5 => Sign::DISGUISED.0 | Sign::STRANGE.0,
        0xC3 if third >= 0x80 => Sign::MOJIBAKE.0 | Sign::LOST.0,
        // A question mark for the rest of a letter whose first byte this is.
        0xC3 if third == b'?' && matches!(second, 0x82..=0x86 | 0x8E..=0x90 | 0xA0..=0xAF) => Sign::LOST.0,
        // Two letters in one: the Dutch and the Croatian digraphs.
        0xC4 if matches!(second, 0xB2 | 0xB3) => Sign::DISGUISED.0 | Sign::STRANGE.0,
        0xC7 if matches!(second, 0x84..=0x8C | 0xB1..=0xB3) => Sign::DISGUISED.0 | Sign::STRANGE.0,
        0xC2..0xCC => 0,
        // Greek and Cyrillic.
        0xCE if second == 0x87 => Sign::DISGUISED.0 | Sign::UNCOMPOSED.0,
        0xD2 if second < 0x90 => Sign::DISGUISED.0 | Sign::UNCOMPOSED.0,
        0xCE..0xD5 => Sign::DISGUISED.0,
        // Hebrew and Arabic: letters, among which no mark is. One of the others tells the direction.
        0xD7 if second >= 0x90 => 0,
        0xD8 if second >= 0xA0 => 0,
        0xD8 if second == 0x9C => Sign::BLANKS_OR_INVISIBLE.0 | Sign::UNCOMPOSED.0,
        0xD9 if matches!(second, 0x80..0x8B | 0xA0..0xB0) => 0,
        0xDA => 0,
        // Vietnamese and other Latin letters with marks.
        0xE1 if matches!(second, 0xB8..0xBC) => 0,
        // Punctuation, superscripts, arrows and mathematical signs.
        0xE2 => punctuation_signs(second, third),
        // Kana, but for the marks that voice them; Han and Hangul.
        0xE3 if matches!(second, 0x81..0x84) && !matches!((second, third), (0x82, 0x99 | 0x9A)) => 0,
        0xE4..0xEA | 0xEB | 0xEC => 0,
        0xEA if second >= 0xB0 => 0,
        0xED if second < 0x9E => 0,
        0xEF => Sign::UNCOMPOSED.0 | Sign::BLANKS_OR_INVISIBLE.0 | Sign::DISGUISED.0 | Sign::STRANGE.0 | Sign::LOST.0,
        0xF0.. => Sign::UNCOMPOSED.0 | Sign::DISGUISED.0 | Sign::STRANGE.0,
        // Marks, and scripts in which letters are put together.
        _ => Sign::UNCOMPOSED.0,
    }
}

/// Signs of U+2000 to U+2FFF, by the second and third byte.
const fn punctuation_signs(second: u8, third: u8) -> u8 {
    match (second, third) {
        (0x80, 0x80 | 0x81) => Sign::UNCOMPOSED.0,
        (0x80, 0x87 | 0x8B..0x90 | 0xA8..=0xAF) | (0x81, 0xA0 | 0xA6..0xAA) => Sign::BLANKS_OR_INVISIBLE.0,
        (0x80..0x83 | 0x85..0x8C, _) => 0,
        _ => Sign::UNCOMPOSED.0,
    }
}

/// Classes of bytes, as bits.
const CONTROL: u8 = 1;
const AMPERSAND: u8 = 2;
const BRACKET: u8 = 4;
const QUESTION: u8 = 8;
const FOREIGN: u8 = 0x80;

const fn class(byte: u8) -> u8 {
    (byte & FOREIGN)
        | (is_control(byte) as u8 * CONTROL)
        | ((byte == b'&') as u8 * AMPERSAND)
        | (matches!(byte, b'<' | b'{' | b'\\' | b'$') as u8 * BRACKET)
        | ((byte == b'?') as u8 * QUESTION)
}

const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = class(byte as u8);
        byte += 1;
    }
    classes
};

/// Whether a value is what nearly all are: printable ASCII without the signs that matter here, and without loose
/// blanks. Such a value has no sign. Says no to a few others as well.
fn is_plain(bytes: &[u8]) -> bool {
    let (Some(&first), Some(&last)) = (bytes.first(), bytes.last()) else { return true };
    if (first == b' ') | (last == b' ') {
        return false;
    }
    match bytes.len() {
        17.. => is_plain_in_lanes(bytes),
        // Two pieces that overlap, each with the byte that follows it.
        9.. => is_plain_word::<8>(bytes),
        5.. => is_plain_word::<4>(bytes),
        3.. => is_plain_word::<2>(bytes),
        _ => !is_odd(first) & !is_odd(last),
    }
}

/// [`is_plain`] of 17 bytes or more without blanks at the ends.
fn is_plain_in_lanes(bytes: &[u8]) -> bool {
    let (firsts, nexts) = (&bytes[..bytes.len() - 1], &bytes[1..]);
    let mut found = [false; LANE];
    let mut look = |lane: &[u8; LANE], next: &[u8; LANE]| {
        for (found, (&one, &other)) in found.iter_mut().zip(lane.iter().zip(next)) {
            *found |= is_odd(one) | (one == b' ') & (other == b' ');
        }
    };
    firsts.as_chunks().0.iter().zip(nexts.as_chunks().0).for_each(|(lane, next)| look(lane, next));
    // What is left over is looked at as one lane, which holds some bytes for the second time.
    if let (Some(lane), Some(next)) = (firsts.last_chunk(), nexts.last_chunk()) {
        look(lane, next);
    }
    found == [false; LANE] && !is_odd(bytes[bytes.len() - 1])
}

/// The same of `N` + 1 to 2 `N` bytes.
fn is_plain_word<const N: usize>(bytes: &[u8]) -> bool {
    let (firsts, nexts) = (&bytes[..bytes.len() - 1], &bytes[1..]);
    let look = |lane: Option<&[u8; N]>, next: Option<&[u8; N]>| {
        let (Some(lane), Some(next)) = (lane, next) else { return true };
        lane.iter().zip(next).fold(false, |found, (&one, &other)| found | is_odd(one) | (one == b' ') & (other == b' '))
    };
    let has_odd = look(firsts.first_chunk(), nexts.first_chunk()) | look(firsts.last_chunk(), nexts.last_chunk());
    !has_odd && !is_odd(bytes[bytes.len() - 1])
}

/// Whether a byte may be part of something that has a sign, blanks aside: control characters, `$` and `&`, `<` to `?`, a
/// backslash, and whatever follows the letters. Few comparisons for more bytes than need be.
const fn is_odd(byte: u8) -> bool {
    (byte.wrapping_sub(b' ') > b'z' - b' ') | (byte & !2 == b'$') | (byte & !3 == b'<') | (byte == b'\\')
}

/// Bytes that are looked at together: what the compiler makes one vector of.
const LANE: usize = 16;

/// The classes of all bytes of a value.
fn classes(bytes: &[u8]) -> u8 {
    let (lanes, rest) = bytes.as_chunks::<LANE>();
    let mut found = [0; LANE];
    for lane in lanes {
        for (found, &byte) in found.iter_mut().zip(lane) {
            *found |= class(byte);
        }
    }
    let of_rest = rest.iter().fold(0, |found, &byte| found | CLASSES[usize::from(byte)]);
    // Halves are laid over each other until one byte is left.
    let all = u128::from_ne_bytes(found);
    let all = (all | all >> 64) as u64;
    let all = (all | all >> 32) as u32;
    let all = all | all >> 16;
    of_rest | (all | all >> 8) as u8
}

const fn is_control(byte: u8) -> bool {
    byte < b' ' || byte == 0x7F
}

/// Control characters that lay out running text.
const fn is_layout(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\t' | b'\r')
}

/// Whether there is a blank at one of the ends, or two in a row.
fn has_loose_blank(bytes: &[u8]) -> bool {
    let [first, .., last] = bytes else { return bytes == b" " };
    let (lanes, rest) = bytes[..bytes.len() - 1].as_chunks::<LANE>();
    let (nexts, _) = bytes[1..].as_chunks::<LANE>();
    let mut found = [false; LANE];
    for (lane, next) in lanes.iter().zip(nexts) {
        for (found, (one, other)) in found.iter_mut().zip(lane.iter().zip(next)) {
            *found |= (*one == b' ') & (*other == b' ');
        }
    }
    let start = bytes.len() - 1 - rest.len();
    *first == b' ' || *last == b' ' || found.contains(&true) || bytes[start..].windows(2).any(|pair| pair == b"  ")
}

/// Whether a blank of another width than the usual one stands at one of the ends: an em space, the ideographic space.
pub(super) fn has_wide_edge(value: &str) -> bool {
    let is_edge = |letter: Option<char>| letter.is_some_and(is_wide_blank);
    is_edge(value.chars().next()) || is_edge(value.chars().next_back())
}

/// Whether a character is a blank of its own width at which lines may break.
pub(super) fn is_wide_blank(letter: char) -> bool {
    matches!(letter, '\u{1680}' | '\u{2000}'..='\u{2006}' | '\u{2008}'..='\u{200a}' | '\u{205f}' | '\u{3000}')
}

/// Whether the sign at a place has letters before and behind it, as far as bytes tell.
fn goes_on(bytes: &[u8], at: usize) -> bool {
    let is_letter = |byte: &u8| byte.is_ascii_alphabetic() || *byte >= 0x80;
    let after = bytes.get(at + 1).filter(|byte| **byte != b'?').or_else(|| bytes.get(at + 2));
    at > 0 && is_letter(&bytes[at - 1]) && after.is_some_and(is_letter)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_normalization::is_nfc;

    use super::*;

    fn signs(text: &str) -> Sign {
        Sign::of(text, || false)
    }

    #[test]
    fn usual_texts_have_no_sign() {
        for text in ["", "The title: a review?", "Müller, José", "d’art – “so”", "Việt Nam", "x ≤ 5 → y", "a b"]
        {
            assert_eq!(signs(text), Sign(0), "{text}");
        }
        assert_eq!(signs("http://x.org/?a=b&c=d"), Sign(0));
    }

    #[test]
    fn suspicious_texts_have_their_sign() {
        for (text, sign) in [
            ("ThÃ©rÃ¨se", Sign::MOJIBAKE),
            ("M\u{fffd}ller", Sign::LOST),
            ("Mï¿½ller", Sign::LOST),
            ("M?ller, J?rg", Sign::LOST),
            ("Gr??e, H?he", Sign::LOST),
            ("GeiÃ?ler", Sign::LOST),
            ("Oâ??Leary", Sign::LOST),
            ("R&amp;D", Sign::AMPERSAND),
            ("<i>x</i>", Sign::MARKUP),
            ("$x^2$", Sign::MARKUP),
            ("a ", Sign::BLANKS_OR_INVISIBLE),
            (" ", Sign::BLANKS_OR_INVISIBLE),
            ("A much longer text with two  blanks", Sign::BLANKS_OR_INVISIBLE),
            ("two blanks at 16:  ", Sign::BLANKS_OR_INVISIBLE),
            ("a\tb", Sign::BLANKS_OR_INVISIBLE),
            ("a\u{feff}b", Sign::BLANKS_OR_INVISIBLE),
            ("a\u{2029}b", Sign::BLANKS_OR_INVISIBLE),
            ("a\u{2060}b", Sign::BLANKS_OR_INVISIBLE),
            ("a\u{202f}b", Sign::BLANKS_OR_INVISIBLE),
            ("a\u{2007}b", Sign::BLANKS_OR_INVISIBLE),
            ("a\u{61c}b", Sign::BLANKS_OR_INVISIBLE),
            ("\u{421}linical", Sign::DISGUISED),
            ("ﬁne", Sign::DISGUISED),
            ("dĳk", Sign::DISGUISED),
            ("\u{1c6}", Sign::DISGUISED),
        ] {
            assert!(signs(text).has(sign), "{text}");
        }
    }

    #[test]
    fn every_character_that_matters_has_a_sign() {
        for letter in '\0'..=char::MAX {
            let text = format!("a{letter}b");
            let signs = signs(&text);
            assert!(is_nfc(&text) || signs.has(Sign::UNCOMPOSED), "{letter:?}");
            let is_control = letter.is_control() && letter != ' ';
            assert!(!is_control || signs.has(Sign::BLANKS_OR_INVISIBLE), "{letter:?}");
        }
    }

    #[test]
    fn values_are_found_again_by_their_signs() {
        let json = r#"{"id":"x","title":"a&amp;b","author":["x","R&amp;D","&c"],"publisher":["fine"],"topic":["<i>"]}"#;
        let found = crate::input::Parser::default().parse(json.as_bytes(), |record| {
            let signs = Signs::of(record);
            let of = |sign| -> Vec<(String, Vec<String>)> {
                let texts = signs.texts_with(record, sign);
                texts.map(|(entry, values)| (entry.name.to_owned(), values.map(str::to_owned).collect())).collect()
            };
            (of(Sign::AMPERSAND), of(Sign::MARKUP), of(Sign::LOST))
        });
        let (ampersands, markup, lost) = found.expect("a record");
        let owned = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            ampersands,
            [("title".to_owned(), owned(&["a&amp;b"])), ("author".to_owned(), owned(&["R&amp;D", "&c"]))]
        );
        assert_eq!(markup, [("topic".to_owned(), owned(&["<i>"]))]);
        assert!(lost.is_empty());
    }

    proptest! {
        #[test]
        fn plain_values_have_no_sign(text in "[ -~]{0,40}|[a-z ]{0,40}|[a-zé&?]{14,20}") {
            let mut signs = Sign(0);
            signs.read(&text, false);
            prop_assert!(!is_plain(text.as_bytes()) || signs == Sign(0));
        }

        #[test]
        fn text_without_the_sign_is_composed(text in "[a-z\u{a0}-\u{600}\u{1e00}-\u{1eff}\u{2000}-\u{22ff}가-각ᄀ-ᄃ\u{3040}-\u{309a}]{0,6}") {
            prop_assert!(is_nfc(&text) || signs(&text).has(Sign::UNCOMPOSED));
        }
    }
}
