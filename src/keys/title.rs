//! Titles taken apart: main title, subtitle, part, and the numbers in them.
//!
//! VuFind's `title` is MARC 245 $a$b; parts ($n$p) and the statement of responsibility only show in
//! `title_full`. Other importers put everything into `title`. Both come out alike here.

use std::borrow::Cow;

use crate::input::{Field, Record};

use serde::{Deserialize, Serialize};

use super::borrowed::Text;
use super::citation::cited_title;
use super::material::Series;
use super::numbers::{
    collect_designated, collect_numbers, number_at_end, number_at_start, number_of_bare_volume, number_of_extent,
    number_of_part, opens_first_section, sections_of, with_scale_joined,
};
use super::part::{opens_responsibility, part_of, starts_responsibility, tail_of, volume_named_at_start};
use super::seek::{find, holds, split_once, words};
use super::sort_title::clean_data;
use super::text::{fold, readable, repair_mojibake, without_any_markup, without_lost_characters};

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
        let Some((field, raw)) = fields.iter().find_map(|&field| Some((field, record.filled(field)?))) else {
            return Title::default();
        };
        let raw = &*without_any_markup(beginning(raw));
        if is_citation {
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
        let end = end_before_authors(raw, record.all_of(&[Field::Author, Field::Author2]));
        let responsibility = if field == Field::Title && is_slash_within(raw, record) {
            Responsibility::Absent
        } else {
            Responsibility::BehindSlash
        };
        Title::parse_with(&raw[..end], short, sub, full, responsibility)
    }

    /// The parts of `title`, with the help of VuFind's other title fields (empty if absent).
    pub fn parse(title: &str, short: &str, sub: Option<&str>, full: &str) -> Title<'static> {
        Title::parse_with(title, short, sub, full, Responsibility::BehindSlash)
    }

    fn parse_with(
        title: &str,
        short: &str,
        sub: Option<&str>,
        full: &str,
        responsibility: Responsibility,
    ) -> Title<'static> {
        let [title, short, full] = [title, short, full].map(legible);
        let (title, short, full) = (&*title, &*short, &*full);
        let sub = sub.map(legible);
        let sub = sub.as_deref();
        let title = without_qualifiers(title);
        let title = match responsibility {
            Responsibility::BehindSlash => without_responsibility(&title),
            Responsibility::Absent => clean_data(&title),
        };
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
        let mut part = part_of(full, title, short, sub);
        let main = plain(fold(&with_scale_joined(&without_qualifiers(&main))));
        let sub = plain(fold(&with_scale_joined(&without_qualifiers(&rest))));
        let sub = sub.strip_prefix("or ").unwrap_or(&sub);
        let segments = segments_of(title);
        let tail = if part.is_empty() { tail_of(full, title).trim_start() } else { "" };
        let is_open = tail.starts_with(char::is_alphanumeric);
        let tail = fold(tail);
        let mut told = if is_open { number_at_start(&tail).into_iter().collect() } else { Vec::new() };
        if is_open {
            part.push_str(volume_named_at_start(&tail));
        }
        told.extend(opens_first_section(title).then_some(1));
        told.extend(sections_of(if full.is_empty() { title } else { full }));
        let Numbers { numbers, part_numbers, sub_numbers } = Numbers::of(&main, sub, &part, &tail, told);
        let is_wordless = main.is_empty() && sub.is_empty();
        let signs = if is_wordless { title.split_whitespace().collect() } else { signs_of(title) }.into();
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
        if series.number == 0
            || series.n_composed() > 0
            || series.name.is_empty()
            || self.main.is_empty()
            || !self.part_numbers.is_empty()
        {
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
        if is_own {
            self.add_part_number(series.number);
        }
    }

    /// Takes the number of the volume that stands among the series by itself, if the title names no part.
    pub fn take_number_among_series(&mut self, record: &Record<'_>) {
        let found = record.all(Field::Series).iter().find_map(|series| number_of_bare_volume(series));
        if let Some(number) = found.filter(|_| self.part_numbers.is_empty() && !self.main.is_empty()) {
            self.add_part_number(number);
        }
    }

    /// Takes the number of the volume that the extent names, if the title names no part.
    pub fn take_number_of_extent(&mut self, record: &Record<'_>) {
        let found = record.all(Field::Physical).iter().find_map(|physical| number_of_extent(physical));
        if let Some(number) = found.filter(|_| self.part_numbers.is_empty() && !self.main.is_empty()) {
            self.add_part_number(number);
        }
    }

    fn add_part_number(&mut self, number: u32) {
        for numbers in [&mut self.numbers, &mut self.part_numbers] {
            if let Err(at) = numbers.binary_search(&number) {
                numbers.insert(at, number);
            }
        }
        self.sub_numbers.retain(|&other| other != number);
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

/// The numbers of a title: see the fields of [`Title`].
struct Numbers {
    numbers: Vec<u32>,
    part_numbers: Vec<u32>,
    sub_numbers: Vec<u32>,
}

impl Numbers {
    /// Numbers of folded title proper, subtitle, part, and what follows them, with those that are `told` for parts.
    fn of(main: &str, sub: &str, part: &str, tail: &str, told: Vec<u32>) -> Numbers {
        let (mut numbers, mut sub_numbers, mut part_numbers) = (Vec::new(), Vec::new(), told);
        collect_numbers(main, &mut numbers);
        collect_numbers(part, &mut numbers);
        collect_numbers(sub, &mut sub_numbers);
        for text in [sub, tail] {
            collect_designated(text, &mut part_numbers);
        }
        numbers.extend(&part_numbers);
        for text in [main, part] {
            collect_designated(text, &mut part_numbers);
        }
        part_numbers.extend(if part.is_empty() { number_at_end(main) } else { number_of_part(part) });
        part_numbers.sort_unstable();
        part_numbers.dedup();
        sub_numbers.retain(|number| !numbers.contains(number));
        numbers.sort_unstable();
        sub_numbers.sort_unstable();
        Numbers { numbers, part_numbers, sub_numbers }
    }
}

/// A folded title proper or subtitle as titles are compared: without the word that joins an alternative title, which one
/// catalogue has between signs and another within the title, and with `l` read as 1 in years (`l945`).
fn plain(folded: String) -> String {
    let is_year =
        |word: &str| word.len() == 4 && word.starts_with('l') && word.bytes().skip(1).all(|byte| byte.is_ascii_digit());
    if !words(&folded).any(|word| word == "or" || is_year(word)) {
        return folded;
    }
    let mut out = String::with_capacity(folded.len());
    for (at, word) in folded.split(' ').enumerate() {
        if word == "or" && at > 0 {
            continue;
        }
        if at > 0 {
            out.push(' ');
        }
        match word {
            year if is_year(year) => {
                out.push('1');
                out.push_str(&year[1..]);
            }
            word => out.push_str(word),
        }
    }
    out
}

fn join<const N: usize>(parts: [&str; N]) -> Cow<'_, str> {
    let filled = || parts.into_iter().filter(|part| !part.is_empty());
    if filled().nth(1).is_none() {
        return Cow::Borrowed(filled().next().unwrap_or_default());
    }
    let mut text = String::with_capacity(parts.iter().map(|part| part.len() + 1).sum());
    for part in filled() {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(part);
    }
    Cow::Owned(text)
}

/// Bytes of a title that are compared. Longer ones are texts put into the wrong field; comparing them whole
/// would take minutes and tell no more.
const MAX_TITLE_BYTES: usize = 4000;

fn beginning(text: &str) -> &str {
    &text[..text.floor_char_boundary(MAX_TITLE_BYTES)]
}

/// The beginning of a field without markup and damaged letters, the signs of keys in words. The semicolon of an entity would end
/// the title proper (`Plants &amp; Animals`), and a field is found in another only if both are mended.
fn legible(text: &str) -> Cow<'_, str> {
    let text = beginning(text);
    // Without a way out before the end, the compiler looks at several bytes at a time.
    let is_suspect = |byte: u8| !byte.is_ascii() | (byte == b'&') | (byte == b'<') | (byte == b'#') | (byte == b'?');
    if !text.bytes().fold(false, |found, byte| found | is_suspect(byte)) {
        return Cow::Borrowed(text);
    }
    let plain = without_any_markup(text);
    let worded = match with_sharps_in_words(&plain) {
        Cow::Owned(worded) => Cow::Owned(worded),
        Cow::Borrowed(_) => plain,
    };
    readable(&worded).map_or(worded, Cow::Owned)
}

/// The text with the signs of keys in words: `F# minor` as `F sharp minor`. Other signs are part of names (`C#`).
fn with_sharps_in_words(text: &str) -> Cow<'_, str> {
    const MODES: [&str; 8] = [" minor", " major", "-minor", "-major", " mineur", " majeur", "-moll", "-dur"];
    let may_have_sign = memchr::memchr2(b'#', "\u{266f}".as_bytes()[0], text.as_bytes()).is_some();
    if !may_have_sign || !text.contains(['#', '\u{266f}']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for (at, c) in text.char_indices() {
        let rest = &text[at + c.len_utf8()..];
        let is_key =
            out.ends_with(|note: char| ('A'..='G').contains(&note)) && MODES.iter().any(|m| rest.starts_with(m));
        match c {
            '#' | '\u{266f}' if is_key => out.push_str(" sharp"),
            _ => out.push(c),
        }
    }
    Cow::Owned(out)
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
    let is_mark = |byte: u8| {
        !byte.is_ascii() | (byte == b':') | (byte == b'=') | (byte == b'-') | (byte == b';') | (byte == b',')
    };
    if !title.bytes().fold(false, |found, byte| found | is_mark(byte)) {
        return (title, "");
    }
    let places = SUBTITLE_MARKS.iter().filter_map(|mark| find(title, mark).map(|at| (at, mark.len())));
    places
        .filter(|&(at, len)| has_word(&title[..at]) && has_word(&title[at + len..]))
        .min_by_key(|&(at, len)| (at, std::cmp::Reverse(len)))
        .map_or((title, ""), |(at, len)| (&title[..at], &title[at + len..]))
}

/// Drops bracketed statements about the carrier or language: `[electronic resource]`, `[German]`.
pub(super) fn without_qualifiers(title: &str) -> String {
    let mut out = title.to_owned();
    while let Some((start, end)) = qualifier(&out) {
        out.replace_range(start..end, "");
    }
    out
}

/// General material designations of several cataloguing languages, folded.
const MATERIAL_DESIGNATIONS: [&str; 77] = [
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
    "testo a stampa",
    "risorsa grafica",
    "musica a stampa",
    "registrazione sonora",
    "recurso en linea",
    "ressource en ligne",
    "online ressource",
    "online resource",
    "sheet music",
    "slide",
    "filmstrip",
    "motion picture",
    "large print",
    "map",
    "materiale cartografico",
    "videoregistrazione",
    "grabacion sonora",
    "videograbacion",
    "texto impreso",
    "noten",
    "notendruck",
    "bildmaterial",
    "imprime",
    "documento cartografico",
    "document electronique",
    "ensemble multi supports",
    "medienkombination",
    "medienpaket",
    "ton",
    "tondokument",
    "bild",
    "bildtrager",
    "videoaufzeichnung",
    "images animees",
    "image animee",
    "image fixe",
    "images fixes",
    "texte lu",
    "multimedia multisupport",
    "nuottijulkaisu",
    "musiktryck",
    "ljudupptagning",
    "videoupptagning",
];

/// The first general material designation in brackets, folded: `electronic resource` of `Annals [electronic resource]`.
pub fn material_designation(title: &str) -> Option<String> {
    let inner = |part: &str| part.split_once(']').map(|(inner, _)| fold(inner));
    title.split('[').skip(1).filter_map(inner).find(|inner| is_material_designation(inner))
}

/// Whether a folded text is a general material designation, whole.
pub(super) fn is_material_designation(folded: &str) -> bool {
    MATERIAL_DESIGNATIONS.contains(&folded)
}

/// A folded text without the general material designation that it opens or ends with: `premier livre enregistrement sonore`.
pub(super) fn without_designation(folded: &str) -> &str {
    let blanks = || folded.match_indices(' ').map(|(at, _)| at);
    let ends = blanks().chain([folded.len()]);
    if let Some(end) = ends.rev().find(|&end| is_material_designation(&folded[..end])) {
        return folded[end..].trim_start();
    }
    blanks().find(|&at| is_material_designation(&folded[at + 1..])).map_or(folded, |at| &folded[..at])
}

/// The next bracketed qualifier, with its brackets. A bracket around the whole title is none.
fn qualifier(title: &str) -> Option<(usize, usize)> {
    // Web of Science marks articles so; the notice is `(Retraction of …)`.
    const RETRACTED: [&str; 3] = ["(Retracted article", "(Retracted Article", "(RETRACTED ARTICLE"];
    if let Some(start) = RETRACTED.iter().find_map(|mark| find(title, mark)).filter(|start| *start > 0) {
        let end = title[start..].find(')').map_or(title.len(), |end| start + end + 1);
        return Some((start, end));
    }
    let mut from = 0;
    while let Some(found) = title[from..].find('[') {
        let start = from + found;
        let end = start + title[start..].find(']')? + 1;
        let inner = fold(&title[start + 1..end - 1]);
        let is_language = start > 0 && super::language::Language::of(&inner).is_some() && inner.len() > 3;
        let is_note = start > 0 && (is_database_note(&inner) || is_document_type(&inner));
        if is_material_designation(&inner) || is_language || is_note {
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
    // Translated titles in brackets open with such words, too: `[Clinical trial of …]`.
    const WHOLE: [&str; 4] =
        ["in process citation", "meta analysis", "randomized controlled trial", "systematic review"];
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
        || WHOLE.contains(&inner)
        || STARTS
            .iter()
            .any(|start| inner.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', 's'])))
}

/// Cuts ` / by somebody`, as some importers leave it in the title.
fn without_responsibility(title: &str) -> &str {
    match split_once(title, " / ") {
        Some((head, tail))
            if head.split_whitespace().count() > 1 && starts_responsibility(tail) && !names_standard(tail) =>
        {
            head
        }
        _ => clean_data(title),
    }
}

/// What follows ` / ` in a title.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Responsibility {
    /// Who made the work, if it looks like that.
    BehindSlash,
    /// More of the title: `Doppelbesteuerungsabkommen Deutschland / Österreich`.
    Absent,
}

/// Whether what follows ` / ` in a title belongs to it: the record names its makers, and none of them there.
fn is_slash_within(title: &str, record: &Record<'_>) -> bool {
    let Some((_, tail)) = split_once(title, " / ") else { return false };
    let makers = [Field::Author, Field::Author2, Field::AuthorCorporate, Field::Publisher];
    let tail = fold(tail);
    let is_named = |name: &str| {
        let name = fold(name);
        words(&name).any(|word| word.len() > 2 && words(&tail).any(|other| other == word))
    };
    let mut names = record.all_of(&makers[..3]).peekable();
    names.peek().is_some() && !opens_responsibility(&tail) && !record.all_of(&makers).any(is_named)
}

/// Whether a text opens with the number of a standard, which some exports put after a slash: `DIN 2448`, `ISO 9001:2015`.
fn names_standard(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let is_body = |word: &str| (2..=6).contains(&word.len()) && word.chars().all(char::is_uppercase);
    words.next().is_some_and(is_body) && words.next().is_some_and(|word| word.starts_with(|c: char| c.is_ascii_digit()))
}

/// Where a statement of responsibility in the title begins: at ` by `, if a family name of the record's own
/// authors follows within some words (`The family, by Helen Bosanquet`).
fn end_before_authors<'a>(title: &str, authors: impl Iterator<Item = &'a str>) -> usize {
    /// Words after `by` among which the name must be.
    const NEAR_WORDS: usize = 6;
    if !holds(title, "by ") {
        return title.len();
    }
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
    fn what_follows_a_slash_is_title_if_the_makers_are_others() {
        let main = |fields: &str| {
            let json = format!(r#"{{"id":"a",{fields}}}"#);
            let title = |record: &Record<'_>| Title::of(record, false).main.to_string();
            crate::input::Parser::default().parse(json.as_bytes(), title).expect("a record")
        };
        let treaty = r#""title":"Abkommen zwischen Finnland / Dänemark""#;
        assert_eq!(main(&format!(r#"{treaty},"author":["Aalto, Aino"]"#)), "abkommen zwischen finnland danemark");
        assert_eq!(main(treaty), "abkommen zwischen finnland");
        assert_eq!(main(r#""title":"Die Moränen / Aino Aalto","author":["Aalto, A."]"#), "die moranen");
        assert_eq!(main(r#""title":"Die Moränen / hrsg. von I. Brand","author":["Aalto, A."]"#), "die moranen");
        assert_eq!(main(r#""title_full":"Die Moränen / Ida Brand","author":["Aalto, A."]"#), "die moranen");
    }

    #[test]
    fn subtitles_are_split_however_they_are_joined() {
        check("Social media : a review /", "social media", "a review", &[]);
        check("Social media: a review", "social media", "a review", &[]);
        check("Social media - a review", "social media", "a review", &[]);
        let lost = Title::parse(
            "Über Zürich : ein Führer",
            "Ãœber ZÃ¼rich",
            Some("ein FÃ¼hrer"),
            "Ãœber ZÃ¼rich : ein FÃ¼hrer. Teil 2 / X",
        );
        assert_eq!((&*lost.main, &*lost.part), ("uber zurich", "teil 2"));
        check("Social media [electronic resource] : a review", "social media", "a review", &[]);
        check("Hamlet a tragedy / William Shakespeare", "hamlet a tragedy", "", &[]);
        check("[A study on vaccines]", "a study on vaccines", "", &[]);
        check("A study on vaccines [German]", "a study on vaccines", "", &[]);
        check("2:1 ratios", "2 1 ratios", "", &[1, 2]);
        check("The lamplighter, or, A winter at sea", "the lamplighter", "a winter at sea", &[]);
        check("The lamplighter or a winter at sea", "the lamplighter a winter at sea", "", &[]);
        // The semicolon of an entity ends nothing.
        check("Plants &amp; animals of the shore", "plants and animals of the shore", "", &[]);
        check("&quot;A privilege&quot;: needs of students", "a privilege", "needs of students", &[]);
        check("Plants &amp;amp; <i>animals</i>: a survey", "plants and animals", "a survey", &[]);
        check("Rural schools (until June l935)", "rural schools until june 1935", "", &[1935]);
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
        check("Testing for HPV [Systematic Review]", "testing for hpv", "", &[]);
        let translated = "Testing [Systematic review of HPV tests]";
        check(translated, "testing systematic review of hpv tests", "", &[]);
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
    fn keys_of_music_are_read_with_their_signs() {
        let title = |text: &str| Title::parse(text, "", None, "");
        assert_eq!(title("Sonata in F# minor, op. 2"), title("Sonata in F sharp minor, op. 2"));
        assert_eq!(&*title("Programming in C#").signs, "#");
    }

    #[test]
    fn designations_of_material_are_no_parts() {
        let part = |between: &str| {
            let full = format!("Das wohltemperierte Klavier {between} BWV 846-869 / J. S. Bach");
            parts("Das wohltemperierte Klavier BWV 846-869", "Das wohltemperierte Klavier", Some("BWV 846-869"), &full)
                .2
        };
        for designation in ["Ton", "Enregistrement sonore", "Images animées", "[Ton]"] {
            assert_eq!(part(designation), "", "{designation}");
            assert_eq!(part(&format!("{designation} Premier livre")), "premier livre", "{designation}");
        }
        assert_eq!(part("Premier livre Enregistrement sonore"), "premier livre");
        assert_eq!(part("Tonarten"), "tonarten");
    }

    #[test]
    fn signs_tell_languages_apart() {
        assert_eq!(&*Title::parse("C++ primer", "", None, "").signs, "++");
        assert_eq!(&*Title::parse("C# primer", "", None, "").signs, "#");
        assert_eq!(&*Title::parse("C primer + disk", "", None, "").signs, "");
    }
}
