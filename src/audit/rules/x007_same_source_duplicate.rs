//! X007: same source duplicate.

use std::borrow::Cow;
use std::collections::BTreeSet;

use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use super::sketches::{hash_of, overlap, short_hash};
use super::x006_record_exact_duplicate::whole;
use crate::audit::{Catalogue, Check, Facts, Fix, Problem, Reports, Row, Rows, Rule, Severity, Subject};
use crate::ids::RecordId;
use crate::input::{Field, Record};
use crate::keys::dates::{clean_date, is_corrected};
use crate::keys::identifiers::{doi, isbn13, pmid_from_url};
use crate::keys::numbers::{canonical_number, is_designation, roman_numeral};
use crate::keys::seek::{holds_in_any_case, split_once};
use crate::keys::text::fold;
use crate::keys::title::{Title, material_designation};

/// Rows bring together candidates of one collection; a record reports the first before it that is one with it.
pub(super) static RULE: Rule = Rule {
    code: "X007",
    name: "same-source-duplicate",
    severity: Severity::Warn,
    fix: Fix::Proposal,
    aggregated: false,
    needs: &[],
    skips_merged: true,
    explanation: "\
## What it finds
Records of one collection that share a DOI or a PubMed number, or a work key together with year and pages, with
a record before them. Of dates and extents, the first year (`[1961]`, `c1961.`; of `1869 [i.e. 1870]` the corrected one) and
the numbers of pages count; a number before `cm` is the size.
## Why it matters
RecordManager looks for duplicates between sources only, so these stay.
## Example
Two ids and one PubMed number.
## Known gaps
Translations have another language, parts another number, versions another title: such pairs are not reported, nor are
those of which description, series or edition begins with the number of another volume or edition or ends in another number
(`Bd. 356/1`, `Bd. 356/2`), whose full titles end in another number, of which one speaks of a supplement, which are in two
series, or whose full titles go on with the names of two parts. Where neither the publishers nor the places have a word in
common, and no ISBN, DOI or PubMed number is shared, there may be two editions (a thesis and its print, one edition for each
country), where one full title names a kind of material that the other does not (`[microform]`), or the formats another carrier
(`eBook`), there may be two carriers, where the editions are called for other readers (`Large print`) two editions, and where the
full titles go on with some other words each two parts: that is information. The collection is the first value of `collection`, else of `institution`, else the beginning of the id. Without a year, or with
an extent without pages (`1 score`), a work key is not enough. Records that are equal are left to X006.
## Source
RecordManager's deduplication, which takes candidates from other sources only.",
    check: Check::across(gather, judge),
};

/// Least overlap of titles that belong to one work.
const SAME_TITLE: f64 = 0.5;

/// Work keys per record that are looked at: the first ones, of the first author, which two records of one work share though one
/// names more editors, and as many of those that sort first, which they share though one spells the first author otherwise.
const N_KEYS: usize = 2;

/// Bits of the sketch in the value of a row; the language is above.
const SKETCH: u32 = (1 << 27) - 1;

/// What is hashed in the key of a row, beside the collection.
const DOI: u64 = 1;
const PMID: u64 = 2;
const WORK: u64 = 3;

fn gather(subject: &Subject<'_>, facts: &mut Facts) {
    let record = subject.record;
    let mut keys = Vec::new();
    let collection = subject.collection_key();
    let mut note = |kind: u64, value: u64| keys.push(xxh3_64_with_seed(&value.to_le_bytes(), collection ^ kind));
    if let [doi, others @ ..] = subject.dois()
        && others.iter().all(|other| other == doi)
    {
        note(DOI, xxh3_64(doi.as_bytes()));
    }
    if let Some(pmid) = pmid(record) {
        note(PMID, xxh3_64(pmid.as_bytes()));
    }
    if let (Some(year), Some(pages)) = (year(record), pages(record)) {
        let works = record.all_of(&[Field::WorkKeysStrMv]).map(|key| hash_of(&[key, &year, &pages]));
        let mut hashes: Vec<u64> = works.collect();
        hashes.iter().take(N_KEYS).for_each(|&hash| note(WORK, hash));
        hashes.sort_unstable();
        hashes.iter().take(N_KEYS).for_each(|&hash| note(WORK, hash));
    }
    if keys.is_empty() {
        return;
    }
    keys.sort_unstable();
    keys.dedup();
    let language = record.filled(Field::Language).map_or(0, |language| short_hash(language) % 31 + 1);
    let value = language << 27 | subject.title_sketch();
    keys.into_iter().for_each(|key| facts.note(key, value));
}

/// The different DOIs of a record.
fn dois(record: &Record<'_>) -> Vec<String> {
    let links = record.all(Field::Url).iter().filter(|url| url.contains("doi.org/"));
    let mut dois: Vec<String> =
        record.all(Field::DoiStrMv).iter().chain(links).filter_map(|value| doi(value)).collect();
    dois.sort();
    dois.dedup();
    dois
}

fn pmid(record: &Record<'_>) -> Option<String> {
    let numbers = record.all(Field::PmidStr).iter().chain(record.all(Field::PmidStrMv));
    let own =
        numbers.map(|value| value.trim()).find(|value| !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()));
    own.map(str::to_owned).or_else(|| record.all(Field::Url).iter().find_map(|url| pmid_from_url(url)))
}

/// Pages of an article, or the place in a volume, or the numbers of pages of a book.
fn pages<'a>(record: &'a Record<'_>) -> Option<Cow<'a, str>> {
    let fields = [Field::ContainerPagesStr, Field::ContainerStartPage, Field::ContainerReference];
    let place = fields.iter().find_map(|&field| record.filled(field)).map(|pages| lower_case(pages.trim()));
    place.or_else(|| record.filled(Field::Physical).and_then(extent).map(Cow::Owned))
}

/// The year of the first date that has one, as D002 reads it: the corrected one of `1869 [i.e. 1870]`, else the first.
pub(super) fn year<'a>(record: &'a Record<'_>) -> Option<Cow<'a, str>> {
    const LAST_YEAR: u16 = 2099;
    let of = |date: &'a str| {
        let corrected = if is_corrected(date) { clean_date(date, LAST_YEAR) } else { None };
        corrected.map(|year| year.to_string().into()).or_else(|| first_year(date).map(Cow::Borrowed))
    };
    record.all(Field::PublishDate).iter().find_map(|date| of(date))
}

/// The first year of a date.
fn first_year(date: &str) -> Option<&str> {
    let mut runs = date.split(|letter: char| !letter.is_ascii_digit());
    runs.find(|run| run.len() == 4 && matches!(run.as_bytes()[0], b'1' | b'2'))
}

/// Words for pages and leaves, lower-cased. Origin: extents in languages of Europe, Turkish, Vietnamese, Indonesian, Arabic,
/// Chinese, Japanese and Korean. Sorted.
const PAGE_WORDS: [&str; 53] = [
    "bl",
    "blatt",
    "bll",
    "bls",
    "blz",
    "f",
    "feuillets",
    "ff",
    "halaman",
    "hlm",
    "l",
    "leaf",
    "leaves",
    "lk",
    "lpp",
    "oldal",
    "p",
    "page",
    "pages",
    "pagina",
    "pp",
    "psl",
    "pàg",
    "páginas",
    "págs",
    "s",
    "sayfa",
    "seite",
    "seiten",
    "sid",
    "side",
    "sider",
    "sidor",
    "sivua",
    "ss",
    "str",
    "stran",
    "strana",
    "strani",
    "stron",
    "strony",
    "tr",
    "trang",
    "σ",
    "σελ",
    "с",
    "стор",
    "стр",
    "ص",
    "ページ",
    "頁",
    "页",
    "쪽",
];

/// The number of pages in an extent: `345` of `xii, 345, [8] p. : ill. ; 24 cm`, or of `345`. Without pages, the extent as a
/// whole if it counts more than one of anything (`2 v. ; 23 cm`). What stands before `cm` is a size, no number of pages: AACR1
/// sets it off by a full stop only (`16 p. illus. 33 cm.`).
pub(super) fn extent(physical: &str) -> Option<String> {
    let physical = physical.trim();
    // What is counted by a word that follows, and the same without its last number.
    let (mut pages, mut open, mut before_last) = (0_u32, 0_u32, 0_u32);
    let mut is_counted = false;
    for run in physical.split([':', ';']).next()?.as_bytes().chunk_by(|a, b| class(*a) == class(*b)) {
        let word = std::str::from_utf8(run).unwrap_or_default();
        match class(run[0]) {
            Class::Figure => {
                before_last = open;
                open = open.max(word.parse().unwrap_or(0));
            }
            Class::Letter if PAGE_WORDS.iter().any(|page| page.eq_ignore_ascii_case(word)) => {
                pages = pages.max(std::mem::take(&mut open));
            }
            // What stood before is of volumes, sheets or discs.
            Class::Letter if is_counted_thing(word) => open = 0,
            Class::Letter if is_measure(word) => open = before_last,
            _ => {}
        }
        is_counted |= open > 1;
    }
    let is_bare = || physical.bytes().all(|byte| byte.is_ascii_digit());
    if pages > 1 || is_bare() && open > 1 {
        return Some(pages.max(open).to_string());
    }
    let numbers = physical.split(|letter: char| !letter.is_ascii_digit()).filter_map(|run| run.parse::<u32>().ok());
    (is_counted || numbers.max() > Some(1)).then(|| lower_case(physical).into_owned())
}

/// Whether a word is the unit of a size, or stands between its numbers: `22 x 28 cm`.
fn is_measure(word: &str) -> bool {
    ["cm", "mm", "in", "inches", "x", "\u{d7}"].iter().any(|unit| unit.eq_ignore_ascii_case(word))
}

/// Classes of bytes in an extent.
#[derive(PartialEq, Eq)]
enum Class {
    Figure,
    Letter,
    Sign,
}

fn class(byte: u8) -> Class {
    match byte {
        b'0'..=b'9' => Class::Figure,
        b'a'..=b'z' | b'A'..=b'Z' | 0x80.. => Class::Letter,
        _ => Class::Sign,
    }
}

/// Whether a word is of other things that extents count.
fn is_counted_thing(word: &str) -> bool {
    const STARTS: [&str; 13] =
        ["band", "bd", "case", "disc", "disk", "map", "online", "partit", "pt", "reel", "score", "tom", "vol"];
    let word = word.to_ascii_lowercase();
    word == "v" || STARTS.iter().any(|start| word.starts_with(start))
}

fn lower_case(text: &str) -> Cow<'_, str> {
    let is_lower = text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    if is_lower { text.into() } else { text.to_lowercase().into() }
}

fn judge(rows: &Rows, catalogue: &Catalogue<'_>, reports: &mut Reports) {
    let mut pairs: Vec<(RecordId, RecordId)> = Vec::new();
    for same in rows.shared() {
        // Earlier rows, each id and value once: copies of one record cannot be anybody's first twin but the first.
        let mut before: Vec<&Row> = Vec::new();
        let mut seen: BTreeSet<(&str, u32)> = BTreeSet::new();
        for row in same {
            let id = catalogue.id(row.record);
            let is_twin = |before: &&&Row| is_same(before.value, row.value) && catalogue.id(before.record) != id;
            pairs.extend(before.iter().filter(is_twin).take(N_TWINS).map(|twin| (row.record, twin.record)));
            if before.len() < MAX_BEFORE && seen.insert((id, row.value)) {
                before.push(row);
            }
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    for twins in pairs.chunk_by(|one, other| one.0 == other.0) {
        let record = twins[0].0;
        let Some(own) = catalogue.fetch(record, Work::of) else { continue };
        let mut works = twins.iter().filter_map(|&(_, twin)| Some((twin, catalogue.fetch(twin, Work::of)?)));
        let Some((first, work)) = works.find(|(_, work)| work.is_one_with(&own)) else { continue };
        let other = catalogue.id(first);
        let problem =
            Problem::new(Field::Id, catalogue.id(record), format!("{other} of the same collection is this work"));
        let merge = format!("merge with {other}");
        let problem = problem.evidence(other);
        let doubt = work.doubt_beside(&own);
        let problem = if let Some(doubt) = doubt {
            let message = format!("{}, perhaps {doubt}", problem.message);
            Problem { message, ..problem }
                .severity(Severity::Info)
                .suggest(format!("{merge}, if it is the same edition"))
        } else {
            problem.suggest(merge)
        };
        let own_marks: BTreeSet<&String> = own.marks.iter().collect();
        let shared = work.marks.iter().filter(|mark| own_marks.contains(mark)).take(MAX_SHOWN);
        reports.add(record, shared.fold(problem, |problem, mark| problem.evidence(mark)));
    }
}

/// Marks of a pair that are shown, at most.
const MAX_SHOWN: usize = 20;

/// Records of one mark among which twins are looked for: a mark shared by more is none of a work.
const MAX_BEFORE: usize = 1_000;

/// Records before one that are looked at again, at most, until one is its twin.
const N_TWINS: usize = 4;

/// Whether language and title do not contradict each other, as far as the value of a row tells.
fn is_same(one: u32, other: u32) -> bool {
    let (first, second) = (one >> 27, other >> 27);
    (first == second || first == 0 || second == 0) && overlap(one & SKETCH, other & SKETCH) >= SAME_TITLE
}

/// What is looked at again: the value of a row has little room.
struct Work {
    language: Option<String>,
    parts: Vec<u32>,
    /// Volumes or editions that other fields begin with, see [`part_named`].
    named: Vec<String>,
    /// What ends in a number, see [`numbered`].
    numbered: Vec<(Field, Numbered)>,
    /// Publishers, and places of publication, folded.
    publishers: [String; 2],
    isbns: BTreeSet<String>,
    /// DOIs and PubMed numbers.
    article_numbers: BTreeSet<String>,
    /// Whether it is called an addition to another work.
    is_addition: bool,
    /// The first words of the series, folded.
    series: Option<String>,
    /// Words of the full title after the title, see [`rest_of_title`].
    rest: Vec<String>,
    marks: Vec<String>,
    /// The kind of material that the full title names, if it is not print.
    material: Option<String>,
    /// Carriers among the formats, and kinds of readers and texts among the editions.
    carriers: BTreeSet<&'static str>,
    kinds: BTreeSet<&'static str>,
    /// The number that the full title ends in, of a part: `A tale. By Mrs. Berg. 2`.
    end: Option<String>,
    /// Hash of all that the record says, by which X006 compares.
    whole: Option<u64>,
}

/// Words for additions to a work, as they begin in small letters. Origin: English, French and German titles of parts.
const ADDITIONS: [&str; 8] =
    ["anlage", "anhang", "annex", "appendi", "beilage", "registerband", "supplement", "supplément"];

impl Work {
    fn of(record: &Record<'_>) -> Work {
        let language = record.filled(Field::Language).map(str::to_owned);
        let fields = [Field::Description, Field::Series, Field::Edition];
        let named = record.all_of(&fields).filter_map(part_named).collect();
        let is_addition = record.all_of(&[Field::Description]).any(|text| {
            let lower = text.to_lowercase();
            ADDITIONS.iter().any(|word| lower.split(' ').any(|other| other.starts_with(word)))
        });
        let parts = Title::of(record, false).part_numbers;
        let (series, rest) = (record.filled(Field::Series).and_then(series_named), rest_of_title(record));
        let end = record.filled(Field::TitleFull).and_then(number_at_end);
        // An abstract names no volume.
        let is_short = |text: &str| text.len() <= MAX_NUMBERED;
        let texts = |field: Field| record.all(field).iter().filter(move |text| is_short(text));
        let numbers = |field: Field| texts(field).filter_map(move |text| Some((field, numbered(text)?)));
        let isbns: BTreeSet<String> = record.all(Field::Isbn).iter().filter_map(|isbn| isbn13(isbn)).collect();
        let article_numbers: BTreeSet<String> = dois(record).into_iter().chain(pmid(record)).collect();
        Work {
            language,
            parts,
            named,
            numbered: fields.iter().flat_map(|&field| numbers(field)).collect(),
            publishers: publishers(record),
            isbns,
            article_numbers,
            is_addition,
            series,
            rest,
            marks: marks(record),
            material: record.filled(Field::TitleFull).and_then(material_designation).filter(|named| !is_print(named)),
            carriers: words_of(record, Field::Format, &CARRIERS),
            kinds: words_of(record, Field::Edition, &KINDS_OF_EDITIONS),
            end,
            whole: whole(record),
        }
    }

    /// What says that two records of one work may be of two things, as a phrase.
    fn doubt_beside(&self, other: &Work) -> Option<&'static str> {
        let is_article = self.shares_article_number(other);
        if self.is_of_other_publisher(other) {
            Some("of another publisher")
        } else if self.material != other.material || !is_article && self.carriers != other.carriers {
            Some("on another carrier")
        } else if !is_article && self.kinds != other.kinds {
            Some("of another edition")
        } else if !is_article && self.names_other_part(other) {
            Some("of another part")
        } else {
            None
        }
    }

    /// Whether the full titles go on with a few words each, which are not the same: `Bog tales. Prima parte`.
    fn names_other_part(&self, other: &Work) -> bool {
        let is_name = |rest: &[String]| (1..=MAX_PART_WORDS).contains(&rest.len());
        is_name(&self.rest) && is_name(&other.rest) && self.rest != other.rest
    }

    /// Whether both name publishers, without a word in common, and no identifier says that they are one.
    fn is_of_other_publisher(&self, other: &Work) -> bool {
        let [[publishers, places], [other_publishers, other_places]] = [&self.publishers, &other.publishers];
        !self.shares_article_number(other)
            && self.isbns.is_disjoint(&other.isbns)
            && !are_publishers_alike(publishers, other_publishers)
            && (places.is_empty() || other_places.is_empty() || !are_publishers_alike(places, other_places))
    }

    /// Whether both have one DOI or PubMed number: an ISBN may be that of a set.
    fn shares_article_number(&self, other: &Work) -> bool {
        !self.article_numbers.is_disjoint(&other.article_numbers)
    }

    /// Whether neither the language nor the numbers of parts tell two works apart.
    fn is_one_with(&self, other: &Work) -> bool {
        let differ = |has_both: bool, are_same: bool| has_both && !are_same;
        !differ(self.language.is_some() && other.language.is_some(), self.language == other.language)
            && !differ(!self.parts.is_empty() && !other.parts.is_empty(), self.parts == other.parts)
            && !differ(!self.named.is_empty() && !other.named.is_empty(), self.named == other.named)
            && (self.shares_article_number(other) || !are_volumes(&self.numbered, &other.numbered))
            && self.is_addition == other.is_addition
            && !differ(self.series.is_some() && other.series.is_some(), self.series == other.series)
            && !are_parts(&self.rest, &other.rest)
            && !differ(self.end.is_some() && other.end.is_some(), self.end == other.end)
            && !differ(self.whole.is_some() && other.whole.is_some(), self.whole != other.whole)
    }
}

/// Words of a part's name, at most.
const MAX_PART_WORDS: usize = 4;

/// Carriers in formats, lower-case.
const CARRIERS: [&str; 12] = [
    "audio",
    "blu-ray",
    "braille",
    "cd",
    "dvd",
    "ebook",
    "e-book",
    "electronic",
    "elektronisch",
    "microf",
    "online",
    "score",
];

/// What editions are called of which one work has several at a time, lower-case.
const KINDS_OF_EDITIONS: [&str; 9] =
    ["abridged", "instructor", "international", "large print", "pupil", "student", "teacher", "unabridged", "workbook"];

/// The words of a list that the values of a field hold.
fn words_of(record: &Record<'_>, field: Field, words: &[&'static str]) -> BTreeSet<&'static str> {
    let held = |word: &&&str| record.all(field).iter().any(|value| holds_in_any_case(value, word));
    words.iter().filter(held).copied().collect()
}

/// Whether a kind of material, folded, is print: `[text]` says no more than nothing does.
fn is_print(designation: &str) -> bool {
    matches!(designation, "text" | "texte imprime" | "print" | "testo a stampa" | "texto impreso")
}

/// A number of at most three figures at the end of a full title.
fn number_at_end(full: &str) -> Option<String> {
    let word = full.trim_end_matches(['.', ' ', ']']).rsplit(' ').next()?;
    let number = word.trim_start_matches('[');
    ((1..=3).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())).then(|| number.to_owned())
}

/// Longest text, in bytes, that may be told from that of another volume by its last number.
const MAX_NUMBERED: usize = 100;

/// A text around its last number.
#[derive(PartialEq, Eq)]
struct Numbered {
    /// Hash of what stands before and after it.
    around: u64,
    number: String,
}

/// A text taken apart at its last number: `Bd. 356/` and `2` of `Bd. 356/2`. None without a number.
fn numbered(text: &str) -> Option<Numbered> {
    let is_figure = |letter: char| letter.is_ascii_digit();
    let (before, after) = text.split_at(text.rfind(is_figure)? + 1);
    let (around, number) = before.split_at(before.trim_end_matches(is_figure).len());
    Some(Numbered {
        around: hash_of(&[&fold(around), &fold(after)]),
        number: number.trim_start_matches('0').to_owned(),
    })
}

/// Whether a field of one record says the same as that of the other but for the last number, and none the very same.
fn are_volumes(one: &[(Field, Numbered)], other: &[(Field, Numbered)]) -> bool {
    one.iter().any(|(field, text)| {
        let mut same = other.iter().filter(|(of, other)| of == field && other.around == text.around).peekable();
        same.peek().is_some() && same.all(|(_, other)| other.number != text.number)
    })
}

/// Publishers, and places of publication, folded.
fn publishers(record: &Record<'_>) -> [String; 2] {
    [Field::Publisher, Field::PlaceStrMv].map(|field| {
        let names = record.all(field).iter().map(|name| fold(name));
        names.filter(|name| !name.is_empty()).collect::<Vec<String>>().join(" ")
    })
}

/// Words that name no particular publisher. Origin: names of publishers in English, German and French. Sorted.
const NO_NAMES: [&str; 38] = [
    "ag",
    "and",
    "books",
    "bros",
    "brothers",
    "by",
    "co",
    "comp",
    "company",
    "corp",
    "corporation",
    "de",
    "ed",
    "edition",
    "editions",
    "et",
    "for",
    "gmbh",
    "identified",
    "in",
    "inc",
    "la",
    "limited",
    "ltd",
    "not",
    "of",
    "press",
    "printed",
    "privately",
    "pub",
    "publisher",
    "publishers",
    "publishing",
    "sons",
    "the",
    "und",
    "university",
    "verlag",
];

/// Whether two lists of publishers have a telling word in common, one abbreviates a word of the other (`Gov.`,
/// `Government`), or one is the first letters of the other (`GPO`).
fn are_publishers_alike(one: &str, other: &str) -> bool {
    let (ones, others) = (telling_words(one), telling_words(other));
    if ones.is_empty() || others.is_empty() {
        return true;
    }
    let is_start = |short: &str, long: &str| short.len() >= MIN_START && long.starts_with(short);
    let are_alike = |word: &str, other: &str| word == other || is_start(word, other) || is_start(other, word);
    ones.iter().any(|word| others.iter().any(|other| are_alike(word, other)))
        || ones.iter().any(|word| are_initials(word, other))
        || others.iter().any(|word| are_initials(word, one))
}

/// Words of a folded text that tell a publisher, initials (`u s g p o`) joined.
fn telling_words(text: &str) -> Vec<String> {
    let words: Vec<&str> = text.split(' ').filter(|word| NO_NAMES.binary_search(word).is_err()).collect();
    let runs = words.chunk_by(|one, other| one.len() == 1 && other.len() == 1).map(<[&str]>::concat);
    // No name is known: *sine nomine*.
    runs.filter(|word| word.len() > 1 && word != "sn").take(MAX_TELLING).collect()
}

/// Words of publishers that are compared, at most.
const MAX_TELLING: usize = 100;

/// Letters that an abbreviation of a word has at least.
const MIN_START: usize = 3;

/// Whether a few letters are the first ones of successive words.
fn are_initials(letters: &str, words: &str) -> bool {
    let initials = || words.split(' ').filter_map(|word| word.chars().next()).collect::<String>();
    (2..=6).contains(&letters.len()) && initials().contains(letters)
}

/// What stands before the number of a map or sheet in a series, folded: `Surveys` in `Surveys Bl. 23,1943`. None where the
/// number has no word of its own, since series are cited in many ways.
fn series_named(series: &str) -> Option<String> {
    let folded = fold(series);
    let at = [" bl ", " blatt ", " sheet ", " feuille ", " foglio "].iter().find_map(|word| folded.find(word))?;
    Some(folded[..at].to_owned())
}

/// The words by which a full title goes on after the title as the name of a part does: `Tables for tracts. Ohio`. None if
/// they may be a statement of responsibility.
fn rest_of_title(record: &Record<'_>) -> Vec<String> {
    let rest = || {
        let (title, full) = (record.filled(Field::Title)?, record.filled(Field::TitleFull)?);
        let proper = split_once(full, " / ").map_or(full, |(proper, _)| proper);
        let rest = proper.strip_prefix(title.trim_end_matches([' ', '/', '.', ':', ',']))?.strip_prefix(". ")?;
        let names_persons = [";", "by ", "By ", "dited", "ransl", "&"].iter().any(|sign| rest.contains(sign));
        (!names_persons).then(|| fold(rest))
    };
    let words =
        |rest: String| rest.split(' ').filter(|word| !word.is_empty()).take(MAX_REST).map(str::to_owned).collect();
    rest().map(words).unwrap_or_default()
}

/// Words of the name of a part that are compared, at most.
const MAX_REST: usize = 100;

/// Words with which the names of two parts of one kind begin alike.
const N_ALIKE: usize = 3;

/// Whether two names of parts begin alike and each has words that the other has not.
fn are_parts(one: &[String], other: &[String]) -> bool {
    let lacks = |one: &[String], other: &[String]| one.iter().any(|word| !other.contains(word));
    one.get(..N_ALIKE).is_some_and(|start| other.starts_with(start)) && lacks(one, other) && lacks(other, one)
}

/// The volume or edition that a text begins with, folded: `Bd. I`, `2. Band`, `1. A.`. Of an edition, the number: `2nd ed.` and
/// `2d ed.` are one.
fn part_named(text: &str) -> Option<String> {
    let folded = fold(text);
    let mut words = folded.split(' ');
    let (first, second) = (words.next()?, words.next()?);
    let is_number = |word: &str| {
        canonical_number(word).is_some()
            || roman_numeral(word).is_some()
            || word.starts_with(|letter: char| letter.is_ascii_digit())
    };
    let is_edition = |word: &str| matches!(word, "a" | "aufl" | "auflage" | "ausg" | "ed" | "edition" | "edn" | "rev");
    let ordinal = first.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let is_ordinal = !ordinal.is_empty() && ordinal.bytes().all(|byte| byte.is_ascii_digit());
    if is_edition(second) && is_ordinal && first.len() - ordinal.len() <= MAX_ORDINAL {
        return Some(format!("edition {ordinal}"));
    }
    let is_named = is_designation(first) && is_number(second)
        || is_number(first) && (is_designation(second) || is_edition(second));
    is_named.then(|| format!("{first} {second}"))
}

/// Letters behind the number of an ordinal at most: `2d`, `2nd`, `2eme`.
const MAX_ORDINAL: usize = 3;

/// What two records may have in common, as evidence.
fn marks(record: &Record<'_>) -> Vec<String> {
    let dois = dois(record).into_iter().map(|doi| format!("DOI {doi}"));
    let pmid = pmid(record).into_iter().map(|pmid| format!("PMID {pmid}"));
    let pages = pages(record).into_iter().map(|pages| format!("pages {pages}"));
    dois.chain(pmid).chain(pages).collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::Severity;
    use crate::audit::rules::testing::{found, records};

    fn document(id: &str, title: &str, rest: &str) -> String {
        format!(r#"{{"id":"{id}","title":"{title}",{rest}}}"#)
    }

    #[test]
    fn one_work_stands_once_in_a_source() {
        let pmid = r#""url":["https://www.ncbi.nlm.nih.gov/pubmed/33717499"]"#;
        let twice = [document("p-1", "A title", pmid), document("p-2", "A title", pmid)];
        assert_eq!(records(&RULE, &twice), [1]);
        assert_eq!(found(&RULE, &twice)[0].problem.evidence, ["p-1", "PMID 33717499"]);
        let sources = [document("p-1", "A title", pmid), document("q-2", "A title", pmid)];
        assert_eq!(records(&RULE, &sources), [0; 0]);
        let works = r#""work_keys_str_mv":["AT a atitle"],"publishDate":["2001"],"container_start_page":"7""#;
        let two = [document("p-1", "A title", works), document("p-2", "A title", &format!(r#"{works},"topic":["T"]"#))];
        assert_eq!(records(&RULE, &two), [1]);
        assert_eq!(
            records(&RULE, &[document("p-1", "A title", works), document("p-2", "A title", works)]),
            [0; 0],
            "X006"
        );
        let reprint = works.replace("2001", "2005");
        assert_eq!(records(&RULE, &[document("p-1", "A title", works), document("p-2", "A title", &reprint)]), [0; 0]);
        let cited = works.replace(r#""container_start_page":"7""#, r#""container_reference":"12(3):45-67, 2010""#);
        let two = [document("p-1", "A title", &cited), document("p-2", "A title.", &cited)];
        assert_eq!(records(&RULE, &two), [1]);
        for (one, other) in [
            (r#""series":["Bd. I"]"#, r#""series":["Bd. II"]"#),
            (r#""description":"Band 2: L - Z""#, r#""description":"Band 1: A - K""#),
            (r#""description":"1. A.""#, r#""description":"2. A.""#),
            (r#""edition":"1st ed.""#, r#""edition":"2nd ed.""#),
            (
                r#""description":"Hochschulschriften, II, Bd. 356/1""#,
                r#""description":"Hochschulschriften, II, Bd. 356/2""#,
            ),
            (r#""series":["Tracts ; no. 16"]"#, r#""series":["Tracts ; no. 17"]"#),
            (r#""series":["Survey papers Bl. 23,1943"]"#, r#""series":["Base maps Bl. 23,1943"]"#),
            (
                r#""title_full":"A title. Tables for tracts. Delaware / by A.""#,
                r#""title_full":"A title. Tables for tracts. Ohio / by A.""#,
            ),
            (r#""description":"Anlagenband zum Bericht""#, r#""description":"Bericht""#),
            (r#""title_full":"A title. By A. Berg. 1""#, r#""title_full":"A title. By A. Berg. 2""#),
        ] {
            let two = [one, other].map(|part| format!("{works},{part}"));
            let two = [document("p-1", "A title", &two[0]), document("p-2", "A title", &two[1])];
            assert_eq!(records(&RULE, &two), [0; 0], "{one}");
        }
    }

    #[test]
    fn other_carriers_editions_and_parts_are_doubtful() {
        let work = r#""work_keys_str_mv":["AT a atitle"],"publishDate":["2001"],"physical":["123 p."]"#;
        let severity = |one: &str, other: &str| {
            let two = [one, other].map(|rest| format!("{work},{rest}"));
            let two = [document("p-1", "A title", &two[0]), document("p-2", "A title", &two[1])];
            found(&RULE, &two)[0].problem.severity
        };
        for (one, other) in [
            (r#""format":["Book"]"#, r#""format":["eBook"]"#),
            (r#""format":["Book"]"#, r#""format":["Microfilm"]"#),
            (r#""edition":"Large print ed.""#, r#""edition":"First ed.""#),
            (r#""edition":"Student ed.""#, r#""edition":"Instructor ed.""#),
            (r#""title_full":"A title. Prva knjiga""#, r#""title_full":"A title. Druga knjiga""#),
        ] {
            assert_eq!(severity(one, other), Some(Severity::Info), "{one}");
        }
        assert_eq!(severity(r#""format":["Book"]"#, r#""format":["Text","Book"]"#), None);
        assert_eq!(severity(r#""title_full":"A title. With maps""#, r#""title_full":"A title""#), None);
    }

    #[test]
    fn first_years_and_numbers_of_pages_are_compared() {
        let of = |id: &str, date: &str, physical: &str, keys: &str| {
            let work = format!(r#""work_keys_str_mv":[{keys}],"publishDate":["{date}"],"physical":["{physical}"]"#);
            document(id, "A title", &work)
        };
        let (one, two) = (r#""AT a atitle","AT b atitle""#, r#""AT a atitle""#);
        for (date, physical, other_date, other_physical) in [
            ("[1967]", "xxi, 279 p. 24 cm.", "1967.", "xxi, 279 p. : ill. ; 24 cm"),
            ("c1988", "263 S.", "1988", "263 pages"),
        ] {
            let pair = [of("p-1", date, physical, one), of("p-2", other_date, other_physical, two)];
            assert_eq!(records(&RULE, &pair), [1], "{physical}");
        }
        for (date, physical) in [("[19--]", "263 p."), ("1967", "1 score"), ("1967", "1 p.")] {
            let pair = [of("p-1", date, physical, one), of("p-2", date, physical, two)];
            assert_eq!(records(&RULE, &pair), [0; 0], "{physical}");
        }
        for (physical, pages) in [
            ("xii, 123, [45] p. : ill.", Some("123")),
            ("xviii p., 1 l., 804 p. illus.", Some("804")),
            ("2 v. (344 p.)", Some("344")),
            ("174", Some("174")),
            ("2 v. 23 cm.", Some("2 v. 23 cm.")),
            ("1 p. l., 18 p. fold. plan. 31 cm.", Some("18")),
            ("18 p. 31cm.", Some("18")),
            ("12 leaves, 22 x 28 cm.", Some("12")),
            ("52 p. 90 col. pl. 31 cm.", Some("90")),
            ("1 Taschenpartitur", None),
        ] {
            assert_eq!(super::extent(physical).as_deref(), pages, "{physical}");
        }
    }

    #[test]
    fn ordinals_and_dates_are_read() {
        let of = |id: &str, rest: &str| {
            let work = r#""work_keys_str_mv":["AT a atitle"],"physical":["7 p. 23 cm."]"#;
            document(id, "A title", &format!("{work},{rest}"))
        };
        for (one, other) in [
            (r#""publishDate":["1963"],"edition":"2d ed.""#, r#""publishDate":["1963"],"edition":"2nd ed.""#),
            (r#""publishDate":["1963"],"edition":"3d. ed.""#, r#""publishDate":["1963"],"edition":"3rd edition""#),
            (r#""publishDate":["1869 [i.e. 1870]"]"#, r#""publishDate":["1870."]"#),
            (r#""publishDate":["Houghton Mifflin","[c1879]"]"#, r#""publishDate":["c1879"]"#),
        ] {
            assert_eq!(records(&RULE, &[of("p-1", one), of("p-2", other)]), [1], "{one}");
        }
        let corrected = [of("p-1", r#""publishDate":["1869 [i.e. 1870]"]"#), of("p-2", r#""publishDate":["1869"]"#)];
        assert_eq!(records(&RULE, &corrected), [0; 0]);
        assert_eq!(super::extent("7p.").as_deref(), Some("7"));
    }

    #[test]
    fn other_publishers_are_information() {
        assert!(super::NO_NAMES.is_sorted());
        let of = |id: &str, publisher: &str, more: &str| {
            let work = r#""work_keys_str_mv":["AT a atitle"],"publishDate":["1972"],"physical":["279 p."]"#;
            document(id, "A title", &format!(r#"{work},"publisher":["{publisher}"]{more}"#))
        };
        let severity = |one: &str, other: &str, more: &str| {
            let found = found(&RULE, &[of("p-1", one, more), of("p-2", other, &format!(r#"{more},"topic":["T"]"#))]);
            found[0].severity()
        };
        let suggestion = |one: &str, other: &str| {
            let found = found(&RULE, &[of("p-1", one, ""), of("p-2", other, r#","topic":["T"]"#)]);
            found[0].problem.suggestion.clone()
        };
        for (one, other) in [
            ("Gerhard Ströbele, Offset- und Buchdruck", "Paul Haupt"),
            ("Pitman Pub. Corp.", "A. & C. Black"),
            ("Little, Brown", "Konecky & Konecky"),
            ("Jarvis & Stone", "Harper and Bayliss"),
            ("Hahn und Co.", "The Norton Company"),
        ] {
            assert_eq!(severity(one, other, ""), Severity::Info, "{one}");
            assert_eq!(suggestion(one, other).as_deref(), Some("merge with p-1, if it is the same edition"));
            assert_eq!(severity(one, other, r#","isbn":["0306406152"]"#), Severity::Warn, "{one}");
        }
        let places = |one: &str, other: &str| {
            let of = |id: &str, publisher: &str, place: &str, more: &str| {
                of(id, publisher, &format!(r#","place_str_mv":["{place}"]{more}"#))
            };
            let pair = [of("p-1", "Wiley", one, ""), of("p-2", "Leonard Hill", other, r#","topic":["T"]"#)];
            found(&RULE, &pair)[0].severity()
        };
        assert_eq!((places("London", "London"), places("London", "Ithaca")), (Severity::Warn, Severity::Info));
        for (one, other) in [
            ("Macmillan", "The Macmillan company"),
            ("U.S. Govt. Print. Off.", "Government Printing Office"),
            ("H.M.S.O.", "Her Majesty's Stationery Office"),
            ("U.S. G.P.O.", "U.S. Government Printing Office"),
            ("The Press", "Clarendon Press"),
            ("[s.n.]", "Pacific Printers"),
            ("[publisher not identified]", "Carey"),
        ] {
            assert_eq!(severity(one, other, ""), Severity::Warn, "{one}");
        }
    }

    #[test]
    fn other_kinds_of_material_are_information() {
        let work = r#""work_keys_str_mv":["AT a atitle"],"publishDate":["1972"],"physical":["279 p."]"#;
        let of = |id: &str, full: &str| document(id, "A title", &format!(r#"{work},"title_full":"{full}""#));
        let severity = |one: &str, other: &str| found(&RULE, &[of("p-1", one), of("p-2", other)])[0].severity();
        assert_eq!(severity("A title [microform] : a", "A title : a"), Severity::Info);
        assert_eq!(severity("A title [text] : a", "A title : a"), Severity::Warn);
        assert_eq!(severity("A title [Microform] : a", "A title [microform] / B."), Severity::Warn);
    }

    #[test]
    fn series_are_cited_in_many_ways() {
        let works = r#""work_keys_str_mv":["AT a atitle"],"publishDate":["2001"],"container_start_page":"7""#;
        let of =
            |series: &str| document(series, "A title", &format!(r#"{works},"collection":["c"],"series":["{series}"]"#));
        assert_eq!(records(&RULE, &[of("Tracts in physics, v. 164"), of("Tracts in modern physics, 164")]), [1]);
    }

    #[test]
    fn parts_and_translations_are_no_duplicates() {
        let doi = |language: &str| format!(r#""doi_str_mv":["10.1000/1"],"language":["{language}"]"#);
        let chapter = [
            document("p-1", "The whole book", &doi("English")),
            document("p-2", "First steps outside", &doi("English")),
        ];
        assert_eq!(records(&RULE, &chapter), [0; 0]);
        let translation = [document("p-1", "Manifesto", &doi("English")), document("p-2", "Manifesto", &doi("German"))];
        assert_eq!(records(&RULE, &translation), [0; 0]);
        let alike = [document("p-1", "Manifesto", &doi("English")), document("p-2", "Manifesto", &doi("Irish"))];
        assert_eq!(records(&RULE, &alike), [0; 0], "their hashes are alike");
        let third = document("p-3", "Manifesto", &doi("Irish"));
        let three = [alike[0].clone(), alike[1].clone(), third];
        assert_eq!(found(&RULE, &three)[0].problem.evidence, ["p-2", "DOI 10.1000/1"]);
        let full = |part: u32| format!(r#""doi_str_mv":["10.1000/1"],"title_full":"The garden. Part {part}""#);
        let parts = [document("p-1", "The garden", &full(1)), document("p-2", "The garden", &full(2))];
        assert_eq!(records(&RULE, &parts), [0; 0]);
    }

    #[test]
    fn abstracts_name_no_volume() {
        let document = |id: u8, text: &str, more: &str| {
            format!(
                r#"{{"id":"x-{id}","title":"Forests of the north","publishDate":["2003"],"container_start_page":"12",
                "work_keys_str_mv":["AT walshlouisa forestsofthenorth"],"description":"{text}"{more}}}"#
            )
        };
        let long =
            "A survey of the forests of the north, of their owners and of the trade in timber. Number of plots: ";
        let twins = [document(1, &format!("{long}77"), ""), document(2, &format!("{long}78"), "")];
        assert_eq!(records(&RULE, &twins), [1]);
        let volumes = [document(1, "Bd. 356/1", ""), document(2, "Bd. 356/2", "")];
        assert_eq!(records(&RULE, &volumes), [0; 0]);
        let doi = r#","doi_str_mv":["10.1000/7"]"#;
        assert_eq!(records(&RULE, &[document(1, "Plots: 77", doi), document(2, "Plots: 78", doi)]), [1]);
    }
}
