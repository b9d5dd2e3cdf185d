//! Numbers in titles: Arabic, Roman and in words, and which of them name the part of a set.

use std::borrow::Cow;
use std::sync::LazyLock;

use super::seek::{holds, runs, words};
use super::text::fold;
use super::word_filter::WordFilter;

/// Words that stand before the number of a part, folded, in the cataloguing languages of the field; ascending.
const DESIGNATIONS: [&str; 119] = [
    "abt",
    "abteilung",
    "auktion",
    "band",
    "bandchen",
    "bd",
    "bdchn",
    "bde",
    "beiheft",
    "bind",
    "bk",
    "bl",
    "blatt",
    "book",
    "buch",
    "cahier",
    "cast",
    "catalogue",
    "chapter",
    "chast",
    "cz",
    "czesc",
    "deel",
    "del",
    "delen",
    "dil",
    "dilu",
    "dl",
    "episode",
    "fasc",
    "fascicle",
    "fascicolo",
    "fascicule",
    "fasciculo",
    "fasz",
    "faszikel",
    "feuille",
    "foglio",
    "folge",
    "grade",
    "h",
    "halbband",
    "halbbd",
    "halfte",
    "heft",
    "jahrgang",
    "jg",
    "kapitel",
    "katalog",
    "klasse",
    "kniga",
    "knjiga",
    "kot",
    "kotet",
    "kurs",
    "level",
    "lfg",
    "libro",
    "lieferung",
    "livello",
    "livre",
    "modul",
    "module",
    "nide",
    "niveau",
    "nivel",
    "no",
    "nr",
    "num",
    "number",
    "numero",
    "osa",
    "pars",
    "part",
    "parte",
    "partie",
    "parts",
    "pt",
    "pts",
    "reihe",
    "report",
    "rok",
    "sale",
    "season",
    "sectio",
    "section",
    "sektion",
    "ser",
    "serie",
    "series",
    "sheet",
    "stage",
    "step",
    "stufe",
    "suppl",
    "supplement",
    "sv",
    "svazek",
    "t",
    "teil",
    "teile",
    "theil",
    "theile",
    "thl",
    "tl",
    "tom",
    "tome",
    "tomes",
    "tomo",
    "tomus",
    "unit",
    "v",
    "vol",
    "volume",
    "volumes",
    "vyp",
    "vypusk",
    "wave",
    "zvazok",
];

/// Whether a folded word says what the number beside it counts: `Band`, `vol`.
pub fn is_designation(word: &str) -> bool {
    static FILTER: WordFilter = WordFilter::of(&DESIGNATIONS);
    FILTER.may_have(word) && DESIGNATIONS.binary_search(&word).is_ok()
}

/// Plurals count parts when a number stands before them: `in two volumes`.
pub(super) fn is_plural(word: &str) -> bool {
    matches!(word, "volumes" | "parts" | "pts" | "teile" | "bde" | "tomes" | "books")
}

/// Adds every number of a folded text.
pub(super) fn collect_numbers(folded: &str, numbers: &mut Vec<u32>) {
    if folded.is_empty() {
        return;
    }
    let mut words = words(folded).peekable();
    let (mut before, mut is_before_designation) = (None, false);
    while let Some(word) = words.next() {
        let next = words.peek().copied();
        let designated = std::mem::replace(&mut is_before_designation, is_designation(word));
        let before = before.replace(word);
        if next.is_some_and(is_plural) {
            continue;
        }
        // `124 I (1998)`: a numeral between numbers.
        let is_digits = |word: Option<&str>| word.is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
        let is_expected = || designated || before.is_some() && next.is_none() || is_digits(before) && is_digits(next);
        let roman = |word: &str| roman(word, word.len() == 1 && is_expected());
        if word.as_bytes().first().is_some_and(u8::is_ascii_digit) {
            if let Some(years) = joined_years(word) {
                numbers.extend(years);
            } else if let Some(number) = before.and_then(|before| end_of_span(before, word)).or_else(|| arabic(word)) {
                numbers.push(number);
            }
        } else if let Some(number) = roman(word).or_else(|| designated.then(|| long_roman(word))?) {
            numbers.push(number);
        } else if designated || next.is_some_and(is_designation) {
            numbers.extend(number_word(word));
        }
    }
}

/// The two years of a span whose dash was lost: `18431962`.
fn joined_years(word: &str) -> Option<[u32; 2]> {
    let (first, last) = word.split_at_checked(4).filter(|_| word.len() == 8)?;
    let years = [first, last].map(|year| year.parse().unwrap_or(0));
    let are_years = years.iter().all(|year| (1000..2100).contains(year));
    (are_years && years[0] < years[1] && word.bytes().all(|byte| byte.is_ascii_digit())).then_some(years)
}

/// The year in which a span of years ends whose end is written in two digits: `1914-18`.
fn end_of_span(first: &str, last: &str) -> Option<u32> {
    let is_digits = |word: &str, n: usize| word.len() == n && word.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(first, 4) || !is_digits(last, 2) {
        return None;
    }
    let (first, last): (u32, u32) = (first.parse().ok()?, last.parse().ok()?);
    if !(1000..2100).contains(&first) {
        return None;
    }
    let (century, year) = (first - first % 100, first % 100);
    match last {
        _ if last > year => Some(century + last),
        0..10 if year >= 90 => Some(century + 100 + last),
        _ => None,
    }
}

/// Words for a part of a set that an ordinal before them counts, folded.
const COUNTED_PARTS: [&str; 22] = [
    "abt",
    "abteilung",
    "band",
    "bandchen",
    "bd",
    "del",
    "delen",
    "halbband",
    "halfte",
    "osa",
    "pars",
    "part",
    "parte",
    "partie",
    "teil",
    "theil",
    "tl",
    "tome",
    "tomo",
    "tomus",
    "vol",
    "volume",
];

/// Number words that are no ordinals: `one volume edition`.
const CARDINALS: [&str; 36] = [
    "acht", "cinq", "deux", "dix", "douze", "drei", "eight", "eins", "eleven", "elf", "five", "four", "funf", "huit",
    "neuf", "neun", "nine", "one", "onze", "quatre", "sechs", "sept", "seven", "sieben", "six", "ten", "three",
    "trois", "twelve", "two", "vier", "yksi", "zehn", "zwanzig", "zwei", "zwolf",
];

/// Adds only numbers that follow a part designation, and ordinals before one (`Erster Theil`): for texts that may hold anything else.
pub(super) fn collect_designated(folded: &str, numbers: &mut Vec<u32>) {
    static FILTER: WordFilter = WordFilter::of(&COUNTED_PARTS);
    let mut before = "";
    for word in words(folded) {
        if FILTER.may_have(word) && COUNTED_PARTS.contains(&word) && !CARDINALS.contains(&before) {
            numbers.extend(number_word(before));
        }
        if is_designation(before) && before.len() > 1 {
            let number = arabic(word).or_else(|| roman(word, true)).or_else(|| long_roman(word));
            numbers.extend(number.or_else(|| number_word(word)));
        }
        before = word;
    }
}

/// A number below 1000 (no year) at the very end, with none right before it (no range of pages).
pub(super) fn number_at_end(folded: &str) -> Option<u32> {
    let mut words = folded.rsplit(' ');
    let last = words.next()?;
    let before = words.next()?;
    // `26th` at the end is what is left of a cut title.
    let number = last.parse().ok().or_else(|| roman(last, true))?;
    (number < 1000 && arabic(before).is_none()).then_some(number)
}

/// The number at the end of a part, which may be all that it says (`Title. 1 / Author`).
pub(super) fn number_of_part(folded: &str) -> Option<u32> {
    number_at_end(folded).or_else(|| arabic(folded).filter(|number| *number < 1000))
}

/// The number of a part with which the folded text after a title opens: `8 von …`, `1 Teil …`, `II …`. Punctuation that
/// would mark the part is lost in some exports.
pub(super) fn number_at_start(folded: &str) -> Option<u32> {
    let mut words = folded.split(' ');
    let number = words.next()?;
    let next = words.next();
    let counts = next.is_some_and(|next| is_plural(next) || arabic(next).is_some());
    let number = arabic(number).or_else(|| roman(number, false))?;
    (number < 1000 && !counts).then_some(number)
}

/// The number of the volume that a statement of extent names before the pages in brackets: `Vol. 6 (xvi, 128 p.)`.
pub(super) fn number_of_extent(physical: &str) -> Option<u32> {
    let (volume, _) = physical.split_once('(')?;
    let folded = fold(volume);
    let (designation, number) = folded.split_once(' ')?;
    let number = arabic(number).or_else(|| roman(number, true))?;
    (is_designation(designation) && number < 1000).then_some(number)
}

/// Whether a title counts its part by `I.` before a word: `Studies in glass. I. Methods`, beside `II. Methods`.
pub(super) fn opens_first_section(title: &str) -> bool {
    if !holds(title, "I.") {
        return false;
    }
    let words: Vec<&str> = title.split_whitespace().collect();
    let is_word = |word: &str| word.starts_with(char::is_uppercase) && word.len() > 2 && !word.ends_with('.');
    words.windows(2).enumerate().any(|(at, two)| {
        let follows_stop = at == 0 || words[at - 1].ends_with(['.', ':']);
        two[0] == "I." && follows_stop && (is_word(two[1]) || two[1] == "A" || two[1] == "The")
    })
}

/// The text with the groups of digits of a scale written together: `1:25 000` as `1:25000`.
pub(super) fn with_scale_joined(text: &str) -> Cow<'_, str> {
    let Some(at) = find_scale(text) else { return Cow::Borrowed(text) };
    let (head, scale) = text.split_at(at);
    let mut out = head.to_owned();
    let mut rest = scale;
    loop {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        out.push_str(&rest[..digits]);
        rest = &rest[digits..];
        let after = rest.trim_start_matches([' ', '\u{a0}', '\u{2009}', '\u{202f}', '.', ',', '\'', '\u{2019}']);
        let is_group = after.bytes().take_while(u8::is_ascii_digit).count() == 3 && after.len() < rest.len();
        // `1:50 000 237` and `1:50000 237` are sheets of a map.
        let is_round = digits > 3 || out.ends_with("000");
        if !is_group || is_round && !after.starts_with("000") {
            break;
        }
        rest = after;
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The text without a scale, and that as one word: `Karte 1:25 000 Bl. 7` as `Karte  Bl. 7` and `scale25000`.
pub(super) fn without_scale(text: &str) -> (Cow<'_, str>, Option<String>) {
    let joined = with_scale_joined(text);
    let Some(at) = find_scale(&joined) else { return (joined, None) };
    let digits = joined[at..].bytes().take_while(u8::is_ascii_digit).count();
    let start = joined[..at].rfind('1').unwrap_or(at);
    let scale = format!("scale{}", &joined[at..at + digits]);
    (Cow::Owned(format!("{} {}", &joined[..start], &joined[at + digits..])), Some(scale))
}

/// The scale that a text names: 25000 of `1:25 000`.
pub(super) fn scale(text: &str) -> Option<u32> {
    without_scale(text).1?.strip_prefix("scale")?.parse().ok()
}

/// Where the second number of a scale begins: after `1:` or `1 : `.
fn find_scale(text: &str) -> Option<usize> {
    text.match_indices(':').find_map(|(at, _)| {
        let before = text[..at].trim_end().strip_suffix('1')?;
        let start = text.len() - text[at + 1..].trim_start().len();
        let is_scale =
            !before.ends_with(|c: char| c.is_ascii_digit()) && text[start..].starts_with(|c: char| c.is_ascii_digit());
        is_scale.then_some(start)
    })
}

/// Where the numbers of sections begin, far above those of parts.
const SECTIONS: u32 = 1_000_000;
/// Where those of parts of volumes begin.
const PARTS_OF_VOLUMES: u32 = 2_000_000;
/// The highest number of a volume or its part.
const MAX_VOLUME: u32 = 999;

/// Sections that are told apart by a letter (`Series A`, `Teil B`, `Bd. IIb`), and parts of a volume (`Bd. II/8`), each as one
/// number; see [`volume_and_part`].
pub(super) fn sections_of(title: &str) -> Vec<u32> {
    let is_designated = |before: &str| before.len() > 1 && is_designation(&fold(before));
    let (mut sections, mut before, mut before_that) = (Vec::new(), "", "");
    let is_joint = |two: &[u8]| two[0] == b'/' && (two[1].is_ascii_alphanumeric() || !two[1].is_ascii());
    if !title.as_bytes().windows(2).any(is_joint) {
        for word in runs(title) {
            sections.extend(section(word).filter(|_| is_designated(before)));
            before = word;
        }
        return sections;
    }
    for words in title.split(|c: char| !c.is_alphanumeric() && c != '/') {
        let part = match words.strip_prefix('/') {
            // `Bd. I /2`
            Some(part) => part_of_volume(before, part).filter(|_| is_designated(before_that)),
            None => words
                .split_once('/')
                .and_then(|(volume, part)| part_of_volume(volume, part))
                .filter(|_| is_designated(before)),
        };
        sections.extend(part);
        for word in words.split('/').filter(|word| !word.is_empty()) {
            sections.extend(section(word).filter(|_| is_designated(before)));
            (before, before_that) = (word, before);
        }
    }
    sections
}

/// The number of the section that a word names behind a designation.
fn section(word: &str) -> Option<u32> {
    const LETTERS: u32 = 26;
    match word.as_bytes() {
        // `Bd. V` is the fifth.
        [b'I' | b'V' | b'X'] => None,
        [letter @ b'A'..=b'Z'] => Some(SECTIONS + u32::from(letter - b'A')),
        _ => half_volume(word).map(|(volume, half)| SECTIONS + LETTERS * (1 + volume) + half),
    }
}

/// A volume and its part as one number.
fn part_of_volume(volume: &str, part: &str) -> Option<u32> {
    let number = |word: &str| arabic(word).or_else(|| roman(&word.to_ascii_lowercase(), true));
    let (volume, part) = (number(volume)?, number(part)?);
    (volume.max(part) <= MAX_VOLUME).then_some(PARTS_OF_VOLUMES + volume * (MAX_VOLUME + 1) + part)
}

/// The two numbers that stand for a part of a volume where they are not written as one: `Bd. I, Teil 2`. `None` if a number is
/// none for such a part.
pub fn volume_and_part(number: u32) -> Option<(u32, u32)> {
    let both = number.checked_sub(PARTS_OF_VOLUMES)?;
    Some((both / (MAX_VOLUME + 1), both % (MAX_VOLUME + 1)))
}

/// The number of a volume and the letter of its half, counted from 0: `LXXIIb`, `IA`, `2b`.
fn half_volume(word: &str) -> Option<(u32, u32)> {
    let half = word.bytes().last().map(|byte| byte.to_ascii_lowercase()).filter(|byte| (b'a'..=b'h').contains(byte))?;
    let volume = &word[..word.len() - 1];
    let number = if volume.bytes().all(|byte| byte.is_ascii_digit()) {
        // `2a` may be an ordinal.
        volume.parse().ok().filter(|_| half > b'a')?
    } else if volume.bytes().all(|byte| matches!(byte, b'I' | b'V' | b'X' | b'L' | b'C')) {
        // `XC` and `MD` are numbers, `IC` and `VIC` are none.
        let is_number = word.ends_with(['C', 'D']) && volume.ends_with(['X', 'L', 'C']);
        roman_numeral(&volume.to_ascii_lowercase()).filter(|_| !is_number)?
    } else if volume.len() > 1 && half <= b'd' {
        // `stage iiib`, as capitals come out of some databases.
        roman(volume, true)?
    } else {
        return None;
    };
    (number <= MAX_VOLUME).then_some((number, u32::from(half - b'a')))
}

/// The number of a volume that a statement of series consists of: `Bd. 1`, which some exports put beside the series or the set.
pub(super) fn number_of_bare_volume(series: &str) -> Option<u32> {
    let folded = fold(series);
    let (designation, number) = folded.split_once(' ')?;
    // `Bd. II (1968)`
    let (number, year) = number.split_once(' ').unwrap_or((number, ""));
    if !year.is_empty() && arabic(year).is_none_or(|year| year < 1000) {
        return None;
    }
    let number = arabic(number).or_else(|| roman(number, true))?;
    let is_counted = is_designation(designation) || matches!(designation, "zusatz" | "nachtrag" | "erganzung");
    (is_counted && number < 1000).then_some(number)
}

/// `12`, `012`, `12th`, `2e`; at most nine digits.
fn arabic(word: &str) -> Option<u32> {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 || digits > 9 {
        return None;
    }
    let is_ordinal =
        matches!(&word[digits..], "" | "st" | "nd" | "rd" | "th" | "e" | "eme" | "er" | "re" | "te" | "a" | "o");
    is_ordinal.then(|| word[..digits].parse().ok())?
}

/// Roman numerals from II to XXXIX; single letters only where a number is expected.
fn roman(word: &str, number_expected: bool) -> Option<u32> {
    if word.len() > 6
        || !word.bytes().all(|byte| matches!(byte, b'i' | b'v' | b'x'))
        || (word.len() == 1 && !number_expected)
    {
        return None;
    }
    const UNITS: [&str; 10] = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"];
    let tens = word.bytes().take_while(|&byte| byte == b'x').count();
    // `ix` ends in x: take the unit first where the tens would eat it.
    let unit = UNITS.iter().position(|unit| *unit == &word[tens..])?;
    (tens <= 3 && tens + unit > 0).then(|| 10 * tens as u32 + unit as u32)
}

/// Roman numerals from XL to CCCXCIX, written as is usual: [`roman_numeral`] takes `ill` for one.
fn long_roman(word: &str) -> Option<u32> {
    const TENS: [&str; 10] = ["", "x", "xx", "xxx", "xl", "l", "lx", "lxx", "lxxx", "xc"];
    if word.len() > 12 || !word.bytes().any(|byte| matches!(byte, b'l' | b'c')) {
        return None;
    }
    let hundreds = word.bytes().take_while(|&byte| byte == b'c').count();
    let rest = &word[hundreds..];
    let tens = (0..TENS.len()).rev().find_map(|tens| Some((tens, rest.strip_prefix(TENS[tens])?)));
    let fits = |(tens, units): (usize, &str)| {
        let units = if units.is_empty() { 0 } else { roman(units, true).filter(|units| *units < 10)? };
        Some(100 * hundreds as u32 + 10 * tens as u32 + units)
    };
    // The longest tens come first, but `xc` before `x`.
    tens.and_then(fits).filter(|_| hundreds <= 3)
}

/// A Roman numeral from I to CCCXCIX, as preliminary pages are counted; none for other words.
pub fn roman_numeral(word: &str) -> Option<u32> {
    if word.is_empty() || word.len() > 10 {
        return None;
    }
    let value = |byte: u8| match byte {
        b'i' => Some(1),
        b'v' => Some(5),
        b'x' => Some(10),
        b'l' => Some(50),
        b'c' => Some(100),
        _ => None,
    };
    let values: Option<Vec<u32>> = word.bytes().map(value).collect();
    let values = values?;
    let signed = values.iter().enumerate().map(|(at, &value)| {
        let subtracts = values.get(at + 1).is_some_and(|&next| next > value);
        if subtracts { -i64::from(value) } else { i64::from(value) }
    });
    u32::try_from(signed.sum::<i64>()).ok().filter(|&number| number > 0)
}

/// The number a word stands for by itself: Arabic, Roman of two letters or more, or in words.
pub fn canonical_number(word: &str) -> Option<u32> {
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        return arabic(word);
    }
    roman(word, false).or_else(|| number_word(word))
}

/// Cardinal and ordinal words from one to twenty in English, German, French, Spanish, Swedish, Finnish, and for the first few in
/// Russian.
pub fn number_word(word: &str) -> Option<u32> {
    static SORTED: LazyLock<Vec<(&str, u32)>> = LazyLock::new(|| {
        let mut sorted: Vec<(&str, u32)> = Vec::new();
        for (at, forms) in NUMBER_WORDS.iter().enumerate() {
            sorted.extend(forms.iter().map(|form| (*form, at as u32 + 1)));
        }
        sorted.sort_unstable();
        sorted
    });
    static FILTER: WordFilter = {
        let (mut filter, mut at) = (WordFilter::NONE, 0);
        while at < NUMBER_WORDS.len() {
            filter = filter.or(WordFilter::of(NUMBER_WORDS[at]));
            at += 1;
        }
        filter
    };
    if !FILTER.may_have(word) {
        return None;
    }
    SORTED.binary_search_by_key(&word, |(form, _)| form).ok().map(|at| SORTED[at].1)
}

const NUMBER_WORDS: [&[&str]; 20] = [
    &[
        "one",
        "first",
        "eins",
        "erste",
        "erster",
        "erstes",
        "premier",
        "premiere",
        "primera",
        "primero",
        "forsta",
        "yksi",
        "prima",
        "primo",
        "primus",
        "ensimmainen",
        "forste",
        "pervaia",
        "pervoe",
        "pervyi",
        "prvni",
    ],
    &[
        "two", "second", "zwei", "zweite", "zweiter", "zweites", "deux", "deuxieme", "seconde", "segunda", "segundo",
        "andra", "seconda", "secondo", "secunda", "secundus", "zweyte", "zweyter", "zweytes", "toinen", "vtoraia",
        "vtoroe", "vtoroi",
    ],
    &[
        "three",
        "third",
        "drei",
        "dritte",
        "dritter",
        "drittes",
        "trois",
        "troisieme",
        "tercera",
        "tercero",
        "tredje",
        "terza",
        "tertia",
        "tertius",
        "kolmas",
        "tretia",
        "tretii",
    ],
    &[
        "four",
        "fourth",
        "vier",
        "vierte",
        "vierter",
        "viertes",
        "quatre",
        "quatrieme",
        "cuarta",
        "cuarto",
        "fjarde",
        "quarta",
        "neljas",
    ],
    &["five", "fifth", "funf", "funfte", "funfter", "cinq", "cinquieme", "quinta", "quinto", "femte", "viides"],
    &["six", "sixth", "sechs", "sechste", "sechster", "sixieme", "sexta", "sexto", "sjatte", "kuudes"],
    &["seven", "seventh", "sieben", "siebte", "siebter", "sept", "septieme", "septima", "sjunde", "seitsemas"],
    &["eight", "eighth", "acht", "achte", "achter", "huit", "huitieme", "octava", "attonde", "kahdeksas"],
    &["nine", "ninth", "neun", "neunte", "neuf", "neuvieme", "novena", "nionde", "yhdeksas"],
    &["ten", "tenth", "zehn", "zehnte", "dix", "dixieme", "decima", "kymmenes", "tionde"],
    &["eleven", "eleventh", "elf", "elfte", "onze"],
    &["twelve", "twelfth", "zwolf", "zwolfte", "douze"],
    &["thirteen", "thirteenth", "dreizehn", "treizieme"],
    &["fourteen", "fourteenth", "vierzehn", "quatorzieme"],
    &["fifteen", "fifteenth", "funfzehn", "quinzieme"],
    &["sixteen", "sixteenth", "sechzehn", "sechzehnte", "sechzehnten", "seizieme"],
    &["seventeen", "seventeenth", "siebzehn", "siebzehnte", "siebzehnten"],
    &["eighteen", "eighteenth", "achtzehn", "achtzehnte", "achtzehnten"],
    &["nineteen", "nineteenth", "neunzehn", "neunzehnte", "neunzehnten"],
    &["twenty", "twentieth", "zwanzig", "zwanzigste", "zwanzigsten", "vingtieme"],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_without_their_dash_are_two_years() {
        let numbers = |folded: &str| {
            let mut numbers = Vec::new();
            collect_numbers(folded, &mut numbers);
            numbers
        };
        assert_eq!(numbers("map index of michigan 18431962"), [1843, 1962]);
        assert_eq!(numbers("report 20100415"), [20_100_415]);
        assert_eq!(numbers("report 19621843"), [19_621_843]);
    }

    #[test]
    fn long_numerals_are_read_where_they_are_written_as_is_usual() {
        let numbers = [("xl", 40), ("xliv", 44), ("xlvi", 46), ("lxxxix", 89), ("xc", 90), ("cxii", 112), ("ccl", 250)];
        for (word, number) in numbers {
            assert_eq!(long_roman(word), Some(number), "{word}");
        }
        for word in ["ill", "lil", "civil", "cccc", "xix", "lc", "vol", "c3", ""] {
            assert_eq!(long_roman(word), None, "{word}");
        }
    }

    #[test]
    fn designations_can_be_searched() {
        assert!(DESIGNATIONS.is_sorted() && is_designation("vol"));
    }

    #[test]
    fn every_number_word_can_be_found() {
        for (at, forms) in NUMBER_WORDS.iter().enumerate() {
            for form in *forms {
                assert_eq!(number_word(form), Some(at as u32 + 1), "{form}");
            }
        }
    }

    #[test]
    fn parts_open_what_follows_a_title() {
        assert_eq!(number_at_start("8 von otto fehr"), Some(8));
        assert_eq!(number_at_start("ii von otto fehr"), Some(2));
        assert_eq!(number_at_start("1 teil von otto fehr"), Some(1));
        for other in ["2 bde von otto fehr", "1990 von otto fehr", "12 14 januar", "i von otto fehr", "von 8 leuten"] {
            assert_eq!(number_at_start(other), None, "{other}");
        }
    }

    #[test]
    fn extents_name_a_volume_before_its_pages() {
        assert_eq!(number_of_extent("Vol. 6 (xvi, 128 p.)"), Some(6));
        assert_eq!(number_of_extent("Bd. II (320 S.)"), Some(2));
        for other in ["2 v. (400 p.)", "312 p.", "1 score (36 p.)", "v. (loose-leaf)"] {
            assert_eq!(number_of_extent(other), None, "{other}");
        }
    }

    #[test]
    fn a_first_section_is_told_from_an_initial() {
        assert!(opens_first_section("Studies in glass. I. Methods") && opens_first_section("I. Methods of glass"));
        for other in ["I. M. Brand's letters", "Henry I. and his sons", "Studies by I. Methley", "I, Claudius"] {
            assert!(!opens_first_section(other), "{other}");
        }
    }

    #[test]
    fn scales_are_written_together() {
        assert_eq!(with_scale_joined("Flims 1:25 000 Blatt 3"), "Flims 1:25000 Blatt 3");
        assert_eq!(with_scale_joined("Flims 1 : 1.000.000"), "Flims 1 : 1000000");
        for other in ["Flims 1:25000", "At 11:25 100 people", "Glass : 12 000 years"] {
            assert_eq!(with_scale_joined(other), other);
        }
    }
}
