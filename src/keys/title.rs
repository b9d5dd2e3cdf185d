//! Titles taken apart: main title, subtitle, part, and the numbers in them.
//!
//! VuFind's `title` is MARC 245 $a$b; parts ($n$p) and the statement of responsibility only show in
//! `title_full`. Other importers put everything into `title`. Both come out alike here.

use std::borrow::Cow;
use std::sync::LazyLock;

use crate::input::{Field, Record};

use serde::{Deserialize, Serialize};

use super::borrowed::Text;
use super::citation::cited_title;
use super::material::Series;
use super::seek::{find, holds, split_once};
use super::sort_title::clean_data;
use super::text::{fold, repair_mojibake, without_lost_characters};

/// A folded title. Words are separated by single blanks; parts that are absent are empty.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
pub struct Title<'a> {
    /// The title proper.
    pub main: Text<'a>,
    /// The subtitle and other title information.
    pub sub: Text<'a>,
    /// Part or section: what `title_full` has between title and statement of responsibility.
    pub part: Text<'a>,
    /// Numbers of title proper and part, and those beside a part designation anywhere, ascending: Arabic,
    /// Roman, and in words.
    pub numbers: Vec<u32>,
    /// Those of `numbers` that name a part: beside a designation (`vol. 2`), or small ones at the very end.
    pub part_numbers: Vec<u32>,
    /// Other numbers of the subtitle, ascending: years, counts, dates.
    pub sub_numbers: Vec<u32>,
    /// Number of letters that were lost on the way and left a replacement character (U+FFFD).
    pub n_lost: u8,
    /// Signs that folding drops and that tell works apart (`C`, `C++`, `C#`).
    pub signs: Text<'a>,
    /// What stands between the marks of omission (`A grammar ... and vocabulary`); empty without such marks inside.
    pub segments: Vec<Text<'a>>,
}

impl Title<'_> {
    /// The title of a record; all parts empty if it has none. In a citation, names and host may stand in the field, too.
    pub fn of(record: &Record<'_>, is_citation: bool) -> Title<'static> {
        let fields = [Field::Title, Field::TitleFull, Field::TitleShort, Field::TitleFullStr];
        let Some(raw) = fields.iter().find_map(|&field| record.filled(field)) else {
            return Title::default();
        };
        if is_citation {
            let raw = beginning(raw);
            let repaired = repair_mojibake(raw).or_else(|| without_lost_characters(raw));
            let whole = repaired.as_deref().unwrap_or(raw);
            let title = cited_title(whole);
            if title.len() < whole.len() {
                return Title::parse(title, "", None, "");
            }
        }
        let short = record.filled(Field::TitleShort).unwrap_or_default();
        let full = record.filled(Field::TitleFull).unwrap_or_default();
        let sub = record.filled(Field::TitleSub);
        let names = record.all_of(&[Field::Author, Field::Author2]);
        let end = end_before_authors(raw, names);
        Title::parse(&raw[..end], short, sub, full)
    }

    /// The parts of `title`, with the help of VuFind's other title fields (empty if absent).
    pub fn parse(title: &str, short: &str, sub: Option<&str>, full: &str) -> Title<'static> {
        let (title, full) = (beginning(title), beginning(full));
        let sub = sub.map(beginning);
        let repaired = repair_mojibake(title).or_else(|| without_lost_characters(title));
        let title = without_qualifiers(repaired.as_deref().unwrap_or(title));
        let title = without_responsibility(&title);
        let (main, rest) = match sub {
            // An alternative title belongs to the title proper in one catalogue and follows it in another.
            Some(sub) if title.starts_with(short) && !short.is_empty() => match split_alternative(short) {
                Some((main, alternative)) => (main.to_owned(), format!("{alternative} {sub}")),
                None => (short.to_owned(), sub.to_owned()),
            },
            _ => {
                let (main, rest) = split_subtitle(title);
                (main.to_owned(), rest.to_owned())
            }
        };
        let full = without_qualifiers(full);
        let full = full.as_str();
        let part = part_of(full, title);
        let main = fold(&without_qualifiers(&main));
        let sub = fold(&without_qualifiers(&rest));
        let sub = sub.strip_prefix("or ").unwrap_or(&sub);
        let segments = segments_of(title);
        let (mut numbers, mut sub_numbers) = (Vec::new(), Vec::new());
        collect_numbers(&main, &mut numbers);
        collect_numbers(&part, &mut numbers);
        collect_numbers(sub, &mut sub_numbers);
        let tail = if part.is_empty() { fold(tail_of(full, title)) } else { String::new() };
        let mut part_numbers = Vec::new();
        for text in [sub, &tail] {
            collect_designated(text, &mut part_numbers);
        }
        numbers.extend(&part_numbers);
        for text in [&*main, &*part] {
            collect_designated(text, &mut part_numbers);
        }
        part_numbers.extend(if part.is_empty() { number_at_end(&main) } else { number_of_part(&part) });
        let sections = sections_of(if full.is_empty() { title } else { full });
        numbers.extend(&sections);
        part_numbers.extend(sections);
        part_numbers.sort_unstable();
        part_numbers.dedup();
        for number in &numbers {
            sub_numbers.retain(|other| other != number);
        }
        numbers.sort_unstable();
        sub_numbers.sort_unstable();
        let signs = signs_of(title).into();
        let n_lost = title.chars().filter(|&c| c == '\u{fffd}').count().min(usize::from(u8::MAX)) as u8;
        Title {
            n_lost,
            main: main.into(),
            sub: sub.into(),
            part: part.into(),
            numbers,
            part_numbers,
            sub_numbers,
            signs,
            segments,
        }
    }

    /// Main title and subtitle as one text.
    pub fn whole(&self) -> Cow<'_, str> {
        join([&self.main, &self.sub])
    }

    /// Takes the number within a series as that of a part, if the series is the work itself: libraries that describe
    /// every volume of a set by itself give the set as the volume's series. A part that the title names comes first.
    pub fn take_number_of(&mut self, series: &Series<'_>) {
        if series.number == 0 || series.name.is_empty() || self.main.is_empty() || !self.part_numbers.is_empty() {
            return;
        }
        let begins_with =
            |words: &str| series.name.strip_prefix(words).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
        let whole = self.whole();
        // A title of a word or two begins many a series: `Mexico`, `Mexico and Central America`.
        let is_telling = whole.split(' ').nth(2).is_some();
        let text = self.with_part();
        let has = |word: &str| text.split(' ').any(|other| other == word);
        let is_own = is_telling && begins_with(&whole) || begins_with(&self.main) && series.name.split(' ').all(has);
        if !is_own {
            return;
        }
        for numbers in [&mut self.numbers, &mut self.part_numbers] {
            if let Err(at) = numbers.binary_search(&series.number) {
                numbers.insert(at, series.number);
            }
        }
        self.sub_numbers.retain(|&number| number != series.number);
    }

    /// Main title, subtitle and part as one text.
    pub fn with_part(&self) -> Cow<'_, str> {
        join([&self.main, &self.sub, &self.part])
    }

    /// Whether there is nothing to compare.
    pub fn is_empty(&self) -> bool {
        self.main.is_empty() && self.sub.is_empty()
    }
}

fn join<const N: usize>(parts: [&str; N]) -> Cow<'_, str> {
    let mut filled = parts.into_iter().filter(|part| !part.is_empty());
    let first = filled.next().unwrap_or_default();
    filled.fold(Cow::Borrowed(first), |text, part| Cow::Owned(format!("{text} {part}")))
}

/// Bytes of a title that are compared. Longer ones are texts put into the wrong field; comparing them whole
/// would take minutes and tell no more.
const MAX_TITLE_BYTES: usize = 4000;

fn beginning(text: &str) -> &str {
    &text[..text.floor_char_boundary(MAX_TITLE_BYTES)]
}

/// Where main title and subtitle meet, in the order in which the marks are looked for.
const SUBTITLE_MARKS: [&str; 10] = [" : ", ": ", " = ", " -- ", " - ", " – ", " — ", "; ", ", or, ", ", or "];

/// A title proper and the alternative title after `, or, `.
fn split_alternative(title: &str) -> Option<(&str, &str)> {
    let marks = [", or, ", "; or, ", " ; or, ", ", or "];
    let found = marks.iter().filter_map(|mark| find(title, mark).map(|at| (at, mark.len())));
    let (at, len) = found.min_by_key(|&(at, len)| (at, std::cmp::Reverse(len)))?;
    Some((&title[..at], &title[at + len..]))
}

/// The folded segments between marks of omission; none if there is only one.
fn segments_of(title: &str) -> Vec<Text<'static>> {
    let title = title.trim_end_matches(['.', ' ', '\u{2026}']);
    if !holds(title, "...") && !title.contains('\u{2026}') {
        return Vec::new();
    }
    let segments = title.split("...").flat_map(|part| part.split('\u{2026}')).map(fold);
    let segments: Vec<Text<'static>> = segments.filter(|segment| !segment.is_empty()).map(Into::into).collect();
    if segments.len() > 1 { segments } else { Vec::new() }
}

/// Splits at the first mark that leaves a word on both sides; no mark leaves the rest empty.
pub fn split_subtitle(title: &str) -> (&str, &str) {
    let has_word = |text: &str| text.chars().any(char::is_alphanumeric);
    let places = SUBTITLE_MARKS.iter().filter_map(|mark| find(title, mark).map(|at| (at, mark.len())));
    places
        .filter(|&(at, len)| has_word(&title[..at]) && has_word(&title[at + len..]))
        .min_by_key(|&(at, len)| (at, std::cmp::Reverse(len)))
        .map_or((title, ""), |(at, len)| (&title[..at], &title[at + len..]))
}

/// Drops bracketed statements about the carrier or language: `[electronic resource]`, `[German]`.
fn without_qualifiers(title: &str) -> String {
    let mut out = title.to_owned();
    while let Some((start, end)) = qualifier(&out) {
        out.replace_range(start..end, "");
    }
    out
}

/// General material designations of several cataloguing languages, folded.
const MATERIAL_DESIGNATIONS: [&str; 34] = [
    "electronic resource",
    "elektronische ressource",
    "elektronische daten",
    "ressource electronique",
    "recurso electronico",
    "risorsa elettronica",
    "elektronisk resurs",
    "elektroninen aineisto",
    "verkkoaineisto",
    "computer file",
    "microform",
    "microfilm",
    "microfiche",
    "mikroform",
    "sound recording",
    "tontrager",
    "enregistrement sonore",
    "aanite",
    "videorecording",
    "video recording",
    "bildtontrager",
    "filmmaterial",
    "enregistrement video",
    "musikdruck",
    "musique imprimee",
    "notated music",
    "kartenmaterial",
    "cartographic material",
    "document cartographique",
    "manuscript",
    "text",
    "texte imprime",
    "print",
    "braille",
];

/// The next bracketed qualifier, with its brackets. A bracket around the whole title is none.
fn qualifier(title: &str) -> Option<(usize, usize)> {
    let mut from = 0;
    while let Some(found) = title[from..].find('[') {
        let start = from + found;
        let end = start + title[start..].find(']')? + 1;
        let inner = fold(&title[start + 1..end - 1]);
        let is_language = start > 0 && super::language::Language::of(&inner).is_some() && inner.len() > 3;
        let is_note = start > 0 && (is_database_note(&inner) || is_document_type(&inner));
        if MATERIAL_DESIGNATIONS.contains(&inner.as_str()) || is_language || is_note {
            return Some((start, end));
        }
        from = end;
    }
    None
}

/// The marks of document types that Chinese citations append to titles (GB/T 7714): `[J]`, `[C]`, `[EB/OL]`.
fn is_document_type(inner: &str) -> bool {
    let letter = |text: &str| text.len() == 1 && "mcgndjrspazk".contains(text);
    letter(inner)
        || matches!(inner, "db" | "cp" | "eb")
        || inner
            .split_once(' ')
            .is_some_and(|(kind, online)| online == "ol" && (letter(kind) || matches!(kind, "db" | "cp" | "eb")))
}

/// Notes that article databases append to titles: `[Review]`, `[21 refs]`, `[Erratum appears in …]`.
fn is_database_note(inner: &str) -> bool {
    const STARTS: [&str; 9] = [
        "review",
        "erratum appears",
        "comment",
        "see comment",
        "abstract",
        "corrected",
        "republished",
        "summary for patients",
        "published erratum",
    ];
    let counts_references = inner.ends_with(" refs") || inner.ends_with(" references");
    counts_references
        || STARTS
            .iter()
            .any(|start| inner.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', 's'])))
}

/// Cuts ` / by somebody`, as some importers leave it in the title.
fn without_responsibility(title: &str) -> &str {
    match split_once(title, " / ") {
        Some((head, tail)) if head.split_whitespace().count() > 1 && starts_responsibility(tail) => head,
        _ => clean_data(title),
    }
}

/// Where a statement of responsibility in the title begins: at ` by `, if a family name of the record's own
/// authors follows within some words (`The family, by Helen Bosanquet`).
fn end_before_authors<'a>(title: &str, authors: impl Iterator<Item = &'a str>) -> usize {
    /// Words after `by` among which the name must be.
    const NEAR_WORDS: usize = 6;
    let places = [", by ", " by ", "[by "].iter().filter_map(|mark| find(title, mark));
    let Some(at) = places.min().filter(|&at| title[..at].contains(' ') || at > 5) else { return title.len() };
    let after = fold(&title[at..]);
    let near: Vec<&str> = after.split(' ').skip(1).take(NEAR_WORDS).collect();
    let is_named = |author: &str| {
        let family = fold(author.split(',').next().unwrap_or_default());
        let last = family.rsplit(' ').next().unwrap_or_default();
        last.len() > 2 && near.contains(&last)
    };
    let mut authors = authors.take(8);
    if authors.any(is_named) { at } else { title.len() }
}

/// Whether a text opens as statements of responsibility do: `by`, `von`, or a name in capitals.
fn starts_responsibility(text: &str) -> bool {
    opens_responsibility(text) || text.trim_start().chars().next().is_some_and(char::is_uppercase)
}

/// What `full` has after `title`, before the statement of responsibility.
///
/// The statement is marked by a slash, or in older cataloguing by `by`, `edited` and the like. Without either
/// mark, only what follows a full stop is taken for a part (245 $n and $p are preceded by one): it may as
/// well be names.
fn part_of(full: &str, title: &str) -> String {
    let tail = tail_of(full, title);
    let follows_stop = tail.starts_with('.');
    let (part, marked) = match split_once(tail, " / ").or_else(|| split_once(tail, " /")) {
        Some((part, _)) => (part, true),
        None => (before_responsibility(tail), false),
    };
    let bare = part.trim_start_matches(['.', ' ', ',', ';', ':', '/']);
    if (marked || follows_stop) && !opens_responsibility(bare) {
        fold(&without_qualifiers(bare))
    } else {
        String::new()
    }
}

/// The text before ` by …`, ` edited by …` or `[by …]`, and before a last sentence that says nothing but what somebody did:
/// `Pub. by`, `Tr. from the French by`, `From the original as edited by`. Anything else may be the name of a part.
fn before_responsibility(text: &str) -> &str {
    const MARKS: [&str; 10] =
        [" by ", ", by ", "[by ", " By ", " edited ", " Edited ", " comp. ", " with a", " With a", " translated "];
    let Some(end) = MARKS.iter().filter_map(|mark| find(text, mark)).min() else { return text };
    let before = &text[..end];
    let is_deed = |sentence: &str| DEEDS.contains(&fold(sentence).as_str());
    let (head, last) = before.rsplit_once(". ").unwrap_or(("", before));
    if is_deed(last) || (last.starts_with("From the ") && last.ends_with(" as")) {
        return head;
    }
    // `Tr. from the French` has a full stop within.
    let (earlier, deed) = head.rsplit_once(". ").unwrap_or(("", head));
    if last.starts_with("from the ") && is_deed(deed) { earlier } else { before }
}

/// What somebody did for the book, as a sentence of its own, folded.
const DEEDS: [&str; 10] =
    ["pub", "published", "issued", "tr", "trans", "translated", "edited", "ed", "compiled", "comp"];

/// Words that open a statement of responsibility, folded.
const RESPONSIBILITY: [&str; 22] = [
    "by",
    "von",
    "par",
    "por",
    "di",
    "de",
    "av",
    "af",
    "ed",
    "eds",
    "edited",
    "hrsg",
    "herausgegeben",
    "translated",
    "with",
    "written",
    "compiled",
    "comp",
    "prepared",
    "illustrated",
    "selected",
    "arranged",
];

fn opens_responsibility(text: &str) -> bool {
    let first = text.split_whitespace().next().map(fold).unwrap_or_default();
    RESPONSIBILITY.contains(&first.as_str())
}

/// What `full` has after `title`; empty if it does not begin with it.
fn tail_of<'a>(full: &'a str, title: &str) -> &'a str {
    let head = title.trim_end_matches([' ', '/', ':', ';', ',', '.', '=']);
    full.strip_prefix(head).unwrap_or_default()
}

/// Words that stand before the number of a part, folded, in the cataloguing languages of the field; ascending.
const DESIGNATIONS: [&str; 48] = [
    "band",
    "bd",
    "bdchn",
    "bde",
    "bind",
    "bk",
    "book",
    "buch",
    "chapter",
    "chast",
    "cz",
    "deel",
    "del",
    "dl",
    "h",
    "heft",
    "kapitel",
    "libro",
    "livre",
    "nide",
    "no",
    "nr",
    "num",
    "number",
    "numero",
    "osa",
    "part",
    "parte",
    "partie",
    "parts",
    "pt",
    "pts",
    "ser",
    "series",
    "suppl",
    "supplement",
    "t",
    "teil",
    "teile",
    "tl",
    "tom",
    "tome",
    "tomes",
    "tomo",
    "v",
    "vol",
    "volume",
    "volumes",
];

/// Whether a folded word says what the number beside it counts: `Band`, `vol`.
pub fn is_designation(word: &str) -> bool {
    DESIGNATIONS.binary_search(&word).is_ok()
}

/// Plurals count parts when a number stands before them: `in two volumes`.
fn is_plural(word: &str) -> bool {
    matches!(word, "volumes" | "parts" | "pts" | "teile" | "bde" | "tomes" | "books")
}

/// Adds every number of a folded text.
fn collect_numbers(folded: &str, numbers: &mut Vec<u32>) {
    let words: Vec<&str> = folded.split(' ').collect();
    for (at, word) in words.iter().enumerate() {
        if words.get(at + 1).is_some_and(|next| is_plural(next)) {
            continue;
        }
        let designated = at > 0 && is_designation(words[at - 1]);
        let is_last = at > 0 && at + 1 == words.len();
        if let Some(year) = at.checked_sub(1).and_then(|before| end_of_span(words[before], word)) {
            numbers.push(year);
        } else if let Some(number) = arabic(word).or_else(|| roman(word, designated || is_last)) {
            numbers.push(number);
        } else if designated || words.get(at + 1).is_some_and(|next| is_designation(next)) {
            numbers.extend(number_word(word));
        }
    }
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

/// Adds only numbers that follow a part designation: for texts that may hold anything else.
fn collect_designated(folded: &str, numbers: &mut Vec<u32>) {
    let words: Vec<&str> = folded.split(' ').collect();
    for pair in words.windows(2) {
        if is_designation(pair[0]) && pair[0].len() > 1 {
            numbers.extend(arabic(pair[1]).or_else(|| roman(pair[1], true)).or_else(|| number_word(pair[1])));
        }
    }
}

/// A number below 1000 (no year) at the very end, with none right before it (no range of pages).
fn number_at_end(folded: &str) -> Option<u32> {
    let mut words = folded.rsplit(' ');
    let last = words.next()?;
    let before = words.next()?;
    // `26th` at the end is what is left of a cut title.
    let number = last.parse().ok().or_else(|| roman(last, true))?;
    (number < 1000 && arabic(before).is_none()).then_some(number)
}

/// The number at the end of a part, which may be all that it says (`Title. 1 / Author`).
fn number_of_part(folded: &str) -> Option<u32> {
    number_at_end(folded).or_else(|| arabic(folded).filter(|number| *number < 1000))
}

/// Sections that are told apart by a letter (`Series A`, `Reihe B`), as numbers far above those of parts.
fn sections_of(title: &str) -> Vec<u32> {
    const DESIGNATIONS: [&str; 9] =
        ["series", "serie", "ser", "reihe", "section", "sektion", "sectio", "abteilung", "sarja"];
    const FIRST: u32 = 1_000_000;
    let words: Vec<&str> = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let letter = |two: &[&str]| match two[1].as_bytes() {
        [letter @ b'A'..=b'Z'] if DESIGNATIONS.contains(&two[0].to_lowercase().as_str()) => {
            Some(FIRST + u32::from(letter - b'A'))
        }
        _ => None,
    };
    words.windows(2).filter_map(letter).collect()
}

/// `12`, `012`, `12th`, `2e`; at most nine digits.
fn arabic(word: &str) -> Option<u32> {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let is_ordinal =
        matches!(&word[digits..], "" | "st" | "nd" | "rd" | "th" | "e" | "eme" | "er" | "re" | "te" | "a" | "o");
    if digits == 0 || digits > 9 || !is_ordinal { None } else { word[..digits].parse().ok() }
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
    arabic(word).or_else(|| roman(word, false)).or_else(|| number_word(word))
}

/// Cardinal and ordinal words from one to twelve in English, German, French, Spanish, Swedish and Finnish.
pub fn number_word(word: &str) -> Option<u32> {
    // Every word of every title is asked, so the table is searched, not walked.
    static SORTED: LazyLock<Vec<(&str, u32)>> = LazyLock::new(|| {
        let mut sorted: Vec<(&str, u32)> = Vec::new();
        for (at, forms) in NUMBER_WORDS.iter().enumerate() {
            sorted.extend(forms.iter().map(|form| (*form, at as u32 + 1)));
        }
        sorted.sort_unstable();
        sorted
    });
    if !(3..=9).contains(&word.len()) {
        return None;
    }
    SORTED.binary_search_by_key(&word, |(form, _)| form).ok().map(|at| SORTED[at].1)
}

const NUMBER_WORDS: [&[&str]; 12] = [
    &[
        "one", "first", "eins", "erste", "erster", "erstes", "premier", "premiere", "primera", "primero", "forsta",
        "yksi", "prima", "primo",
    ],
    &[
        "two", "second", "zwei", "zweite", "zweiter", "zweites", "deux", "deuxieme", "seconde", "segunda", "segundo",
        "andra", "seconda", "secondo",
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
    ],
    &["five", "fifth", "funf", "funfte", "funfter", "cinq", "cinquieme", "quinta", "quinto", "femte"],
    &["six", "sixth", "sechs", "sechste", "sechster", "sixieme", "sexta", "sexto", "sjatte"],
    &["seven", "seventh", "sieben", "siebte", "siebter", "sept", "septieme", "septima", "sjunde"],
    &["eight", "eighth", "acht", "achte", "achter", "huit", "huitieme", "octava"],
    &["nine", "ninth", "neun", "neunte", "neuf", "neuvieme", "novena"],
    &["ten", "tenth", "zehn", "zehnte", "dix", "dixieme", "decima"],
    &["eleven", "eleventh", "elf", "elfte", "onze"],
    &["twelve", "twelfth", "zwolf", "zwolfte", "douze"],
];

/// Plus and number signs right behind a letter: the only ones that are part of names (`C++`, `C#`, `A+`).
fn signs_of(title: &str) -> String {
    let mut signs = String::new();
    let mut last = ' ';
    for c in title.chars() {
        let follows = last.is_alphanumeric() || (last == c && !signs.is_empty());
        if matches!(c, '+' | '#') && follows {
            signs.push(c);
        }
        last = c;
    }
    signs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(title: &str, short: &str, sub: Option<&str>, full: &str) -> (String, String, String, Vec<u32>) {
        let Title { main, sub, part, mut numbers, sub_numbers, .. } = Title::parse(title, short, sub, full);
        numbers.extend(sub_numbers);
        (main.to_string(), sub.to_string(), part.to_string(), numbers)
    }

    fn check(title: &str, main: &str, sub: &str, numbers: &[u32]) {
        assert_eq!(parts(title, "", None, ""), (main.into(), sub.into(), String::new(), numbers.to_vec()), "{title}");
    }

    #[test]
    fn designations_can_be_searched() {
        assert!(DESIGNATIONS.is_sorted() && is_designation("vol"));
    }

    #[test]
    fn subtitles_are_split_however_they_are_joined() {
        check("Social media : a review /", "social media", "a review", &[]);
        check("Social media: a review", "social media", "a review", &[]);
        check("Social media - a review", "social media", "a review", &[]);
        check("Social media [electronic resource] : a review", "social media", "a review", &[]);
        check("Hamlet a tragedy / William Shakespeare", "hamlet a tragedy", "", &[]);
        check("[A study on vaccines]", "a study on vaccines", "", &[]);
        check("A study on vaccines [German]", "a study on vaccines", "", &[]);
        check("2:1 ratios", "2 1 ratios", "", &[1, 2]);
    }

    #[test]
    fn numbers_are_unified() {
        check("History of Finland. Part 2", "history of finland part 2", "", &[2]);
        check("History of Finland. Part II", "history of finland part ii", "", &[2]);
        check("History of Finland. Part two", "history of finland part two", "", &[2]);
        check("History of Finland. Second part", "history of finland second part", "", &[2]);
        check("Proceedings of the 12th conference 1999", "proceedings of the 12th conference 1999", "", &[12, 1999]);
        check("Henry IV", "henry iv", "", &[4]);
        check("The great war, 1914-18", "the great war 1914 18", "", &[1914, 1918]);
        check("The great war, 1914-1918", "the great war 1914 1918", "", &[1914, 1918]);
        check("Winter 1999-00", "winter 1999 00", "", &[1999, 2000]);
        check("Wages 1990 12 tables", "wages 1990 12 tables", "", &[12, 1990]);
        check("Louis XIX and XX", "louis xix and xx", "", &[19, 20]);
        check("I and thou", "i and thou", "", &[]);
        check("Two gentlemen", "two gentlemen", "", &[]);
        check("A treatise in two volumes", "a treatise in two volumes", "", &[]);
        check("Testing for HPV. [Review] [21 refs]", "testing for hpv", "", &[]);
    }

    #[test]
    fn parts_come_out_of_the_full_title() {
        let title = parts("Proceedings.", "Proceedings.", None, "Proceedings. Part 2, Physics / Some Society.");
        assert_eq!(title, ("proceedings".into(), String::new(), "part 2 physics".into(), vec![2]));
        let title = parts("Werke", "Werke", None, "Werke Bd. 3 Johann Wolfgang");
        assert_eq!(title.3, [3]);
        let title = parts("Truth", "Truth", None, "Truth. By John A. With a map of 3 lands");
        assert_eq!((title.2, title.3), (String::new(), vec![]));
        let title =
            parts("1990 census of housing.", "", None, "1990 census of housing. Detailed characteristics. Oregon.");
        assert_eq!(title.2, "detailed characteristics oregon");
        for tail in ["Tr. from the French by A. B.", "From the original as edited by A. B.", "Pub. by his son"] {
            assert_eq!(parts("Emma", "", None, &format!("Emma. Part 2. {tail}")).2, "part 2", "{tail}");
            assert_eq!(parts("Emma", "", None, &format!("Emma. {tail}")).2, "", "{tail}");
        }
        // What somebody did may be part of a name.
        for (tail, part) in [
            ("Letters, ed. by A. B.", "letters ed"),
            ("Introduction to the letters, by A. B.", "introduction to the letters"),
            ("Published poems, by A. B.", "published poems"),
            ("Trans. of the Society, by A. B.", "trans of the society"),
        ] {
            assert_eq!(parts("Emma", "", None, &format!("Emma. {tail}")).2, part);
        }
        assert_eq!(parts("Emma", "", None, "Emma. From the earliest times, by A. B.").2, "from the earliest times");
        let title = parts("Emma", "", None, "Emma Jane Austen ; mit einem Nachwort");
        assert_eq!(title.2, "");
    }

    #[test]
    fn the_number_of_a_volume_may_stand_in_the_series_that_is_the_set() {
        let numbers = |title: &str, series: &str| {
            let mut title = Title::parse(title, "", None, "");
            title.take_number_of(&Series::parse(series));
            (title.numbers, title.part_numbers)
        };
        let title = "Bonne chance! : cours de langue française";
        assert_eq!(numbers(title, "Bonne chance! 5"), (vec![5], vec![5]));
        assert_eq!(numbers(title, "Bonne chance! : cours de langue ; Bd. 5"), (vec![5], vec![5]));
        assert_eq!(numbers(title, "Bonne chance!"), (vec![], vec![]));
        assert_eq!(numbers(title, "Cours de langue ; 5"), (vec![], vec![]));
        assert_eq!(numbers(title, "Bonne chance! : cours de langue française : degré 3 ; Bd. 5"), (vec![5], vec![5]));
        assert_eq!(numbers(title, "Bonne chance! : degré supérieur ; Bd. 5"), (vec![], vec![]));
        assert_eq!(numbers("Mexico", "Mexico and Central America ; 5"), (vec![], vec![]));
        assert_eq!(numbers("Mexico. Part 3", "Mexico ; 5"), (vec![3], vec![3]));
    }

    #[test]
    fn signs_tell_languages_apart() {
        assert_eq!(&*Title::parse("C++ primer", "", None, "").signs, "++");
        assert_eq!(&*Title::parse("C# primer", "", None, "").signs, "#");
        assert_eq!(&*Title::parse("C primer + disk", "", None, "").signs, "");
    }
}
