//! What matching keeps of a record once the record itself is gone.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use xxhash_rust::xxh3::xxh3_64;

use crate::input::{Field, Record};

use super::borrowed::Text;
use super::host_place::HostPlace;
use super::identifiers;
use super::language::Language;
use super::material::{Carriers, Classes, Edition, Extent, Series};
use super::notes::{Note, notes_of};
use super::person::{Person, beginning};
use super::preprints::{doi_of_work, is_before_its_book, is_of_figshare, is_of_repository, is_of_zenodo, is_preprint};
use super::statements::Statements;
use super::summary::summary_of;
use super::text::fold;
use super::title::Title;

/// Persons kept per record. Papers of large collaborations name thousands; beyond these, comparing more
/// names changes no verdict.
const MAX_PERSONS: usize = 24;
/// Identifiers of a field, and links, looked at per record: no edition has more of its own.
const MAX_IDENTIFIERS: usize = 200;
/// Other titles kept per record.
const MAX_OTHER_TITLES: usize = 4;

/// Kinds of identifiers, the strongest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[repr(u8)]
pub enum IdKind {
    /// Digital Object Identifier.
    Doi,
    /// DOI of the work that a versioned DOI is a version of.
    DoiBase,
    /// DOI of the work that a DOI may name a version of; other works may have such DOIs too.
    DoiSibling,
    /// DOI of the review that a numbered update belongs to.
    DoiUpdate,
    /// Number of an entry of a work of reference, whose states before the book have DOIs of their own.
    DoiEntry,
    /// PubMed number.
    Pmid,
    /// PubMed Central number.
    Pmcid,
    /// arXiv number.
    Arxiv,
    /// OCLC control number.
    Oclc,
    /// ISBN-13.
    Isbn,
    /// ISSN.
    Issn,
}

impl IdKind {
    /// The type word of the block keys and reports.
    pub fn name(self) -> &'static str {
        match self {
            // A version and its work meet under one key.
            IdKind::Doi | IdKind::DoiBase | IdKind::DoiSibling | IdKind::DoiUpdate | IdKind::DoiEntry => "DOI",
            IdKind::Pmid => "PMID",
            IdKind::Pmcid => "PMCID",
            IdKind::Arxiv => "ARXIV",
            IdKind::Oclc => "OCLC",
            IdKind::Isbn => "ISBN",
            IdKind::Issn => "ISSN",
        }
    }
}

/// An identifier as the hash of its canonical form.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Identifier {
    /// Its kind.
    pub kind: IdKind,
    /// xxh3 of the canonical text: the same on every machine.
    pub hash: u64,
}

/// Years of publication, as far as they can be read; 0 means there is none.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct Years {
    /// The year VuFind would take.
    pub first: u16,
    /// Other years named: copyright, end of a range, corrections. Unused places are 0.
    pub others: [u16; 3],
    /// Whether the record itself doubts it: `198-?`, `[1992?]`, `ca. 1900`.
    pub uncertain: bool,
    /// First and last year of the time that the record names instead of a year: `[um 1900]`, `[zwischen 1880 und 1890]`, `[not before
    /// 1945]`; 0 if it names a year.
    pub time: [u16; 2],
}

/// The features of one record that its scores depend on: all of them, so that a pair's verdict depends
/// on nothing else in the file. Text is folded (see [`fold`]).
#[derive(Clone, Default, Debug, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
pub struct Features<'a> {
    /// Years of publication. They come first, so that they can be read without the rest.
    pub years: Years,
    /// Format classes.
    pub classes: Classes,
    /// Carriers.
    pub carriers: Carriers,
    /// Title, taken apart.
    pub title: Title<'a>,
    /// Alternative, parallel and former titles.
    pub other_titles: Vec<Text<'a>>,
    /// Persons in the order of `author`, then `author2`.
    pub persons: Vec<Person<'a>>,
    /// Corporate authors.
    pub bodies: Vec<Text<'a>>,
    /// Host title: journal, proceedings, book; else the series.
    pub container: Text<'a>,
    /// Volume of the host.
    pub volume: Text<'a>,
    /// Issue of the host.
    pub issue: Text<'a>,
    /// First page, article number included; without leading zeros.
    pub start_page: Text<'a>,
    /// Last page, filled up (`123-9` ends on 129).
    pub end_page: Text<'a>,
    /// Publishers.
    pub publisher: Text<'a>,
    /// Places of publication.
    pub place: Text<'a>,
    /// Edition.
    pub edition: Edition<'a>,
    /// Extent.
    pub extent: Extent,
    /// The one series it belongs to.
    pub series: Series<'a>,
    /// Folded family names of translators, if the full title names any.
    pub translators: Vec<Text<'a>>,
    /// What the full title says beyond the title.
    pub statements: Statements<'a>,
    /// Languages without repeats, in the order of the record: that of the text first.
    pub languages: Vec<Language>,
    /// Identifiers, ascending, without repeats.
    pub identifiers: Vec<Identifier>,
    /// Whether it is a preprint or working paper.
    pub is_preprint: bool,
    /// What short notes count: volumes, parts, editions.
    pub notes: Vec<Note>,
    /// A number of the words with which the summary begins, 0 if there is none.
    pub summary: u32,
    /// What its DOIs say of where the text stands.
    pub deposit: Deposit,
}

/// What the DOIs of a record say of where its text stands.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub enum Deposit {
    /// Nothing, or that a publisher has it.
    #[default]
    None,
    /// All are of repositories of institutions.
    Repository,
    /// All are of Zenodo, where anyone deposits anything.
    Anyone,
    /// They are those of an entry of a work of reference, before the book that has it.
    BeforeBook,
}

impl Deposit {
    fn of(identifiers: &[(IdKind, String)]) -> Deposit {
        let dois = || identifiers.iter().filter(|(kind, _)| *kind == IdKind::Doi).map(|(_, doi)| doi.as_str());
        match () {
            () if dois().next().is_none() => Deposit::None,
            () if dois().any(is_before_its_book) => Deposit::BeforeBook,
            () if dois().all(is_of_repository) => Deposit::Repository,
            () if dois().all(is_of_zenodo) => Deposit::Anyone,
            () => Deposit::None,
        }
    }
}

impl Features<'_> {
    /// Reads everything matching needs out of a record.
    pub fn of(record: &Record<'_>) -> Features<'static> {
        Features::with_identifiers(record).0
    }

    /// [`Features::of`], with the identifiers in their canonical form, as [`identifiers_of`] gives them.
    pub(crate) fn with_identifiers(record: &Record<'_>) -> (Features<'static>, Vec<(IdKind, String)>) {
        let identifiers = identifiers_of(record);
        let is_preprint = is_preprint(record, &identifiers);
        let classes = classes(record, &identifiers, is_preprint);
        let place = place_in_host(record);
        let (start_page, end_page) = pages(record, place);
        let years = years(record);
        let (persons, bodies) = authors(record);
        let volume = volume(record, place, years);
        let issue = number_text(record.filled(Field::ContainerIssue).or(place.issue()));
        let is_placed = !volume.is_empty() || !issue.is_empty() || !start_page.is_empty();
        let is_citation =
            classes.meets(Classes::ARTICLE) && !is_placed && !is_identified(identifiers.iter().map(|(kind, _)| *kind));
        let series = Series::of(record);
        let mut title = Title::of(record, is_citation);
        title.take_number_of(&series);
        title.take_number_among_series(record);
        if !classes.meets(Classes::SERIAL) {
            title.take_number_of_extent(record);
        }
        let features = Features {
            classes,
            carriers: Carriers::of(record),
            title,
            other_titles: other_titles(record),
            statements: Statements::of(record, &persons, &bodies),
            persons,
            bodies,
            years,
            container: container(record, classes).into(),
            volume,
            issue,
            start_page: start_page.into(),
            end_page: end_page.into(),
            publisher: imprint(record, Field::Publisher),
            place: imprint(record, Field::PlaceStrMv),
            edition: Edition::of(record),
            extent: Extent::of(record),
            series,
            translators: super::translators::translators(record),
            languages: languages(record),
            is_preprint,
            notes: notes_of(record),
            summary: summary_of(record),
            deposit: Deposit::of(&identifiers),
            identifiers: identifiers.iter().map(|(kind, text)| identifier(*kind, text)).collect(),
        };
        (features, identifiers)
    }

    /// A digest of everything: equal features have equal digests, on every machine.
    pub fn digest(&self) -> u64 {
        let mut bytes = Vec::new();
        super::table::encode(self, &mut bytes);
        xxh3_64(&bytes)
    }

    /// Identifiers of one kind.
    pub fn identifiers_of(&self, kind: IdKind) -> impl Iterator<Item = u64> + '_ {
        self.identifiers.iter().filter(move |identifier| identifier.kind == kind).map(|identifier| identifier.hash)
    }

    /// Whether the record is a part of a host, so that ISBN and ISSN are the host's.
    pub fn is_component(&self) -> bool {
        let parts = Classes::ARTICLE.with(Classes::CHAPTER);
        self.classes.meets(parts) || (self.classes.meets(Classes::CONFERENCE) && !self.container.is_empty())
    }

    /// Whether nothing places the record but title, authors, host and year.
    pub fn is_bare_citation(&self) -> bool {
        let place = self.volume.is_empty() && self.issue.is_empty() && self.start_page.is_empty();
        place && !is_identified(self.identifiers.iter().map(|identifier| identifier.kind))
    }
}

/// Whether one of the identifiers names the work itself.
fn is_identified(mut kinds: impl Iterator<Item = IdKind>) -> bool {
    kinds.any(|kind| kind <= IdKind::Oclc)
}

/// The hashed form of a canonical identifier.
pub fn identifier(kind: IdKind, text: &str) -> Identifier {
    Identifier { kind, hash: xxh3_64(text.as_bytes()) }
}

/// What the formats say, and DOIs of collections of data. What is of unknown format (`Text`, `post`) is an article if it is a
/// preprint or stands in a host, and else what its carrier is: harvests by OAI name no other.
fn classes(record: &Record<'_>, identifiers: &[(IdKind, String)], is_preprint: bool) -> Classes {
    let classes = Classes::of(record);
    let is_data = identifiers.iter().any(|(kind, text)| *kind == IdKind::Doi && is_of_figshare(text));
    match () {
        () if is_data => classes.with(Classes::DATASET),
        () if classes.is_empty() && (is_preprint || has_host(record)) => Classes::ARTICLE,
        () if classes.is_empty() => Classes::by_carrier(record),
        () => classes,
    }
}

/// Whether a record names the host that it is a part of, or its place there.
fn has_host(record: &Record<'_>) -> bool {
    let fields = [Field::ContainerTitle, Field::ContainerReference, Field::ContainerStartPage];
    fields.iter().any(|&field| record.filled(field).is_some())
}

/// Identifiers of a record in canonical form, ascending, without repeats; also out of `url`.
pub fn identifiers_of(record: &Record<'_>) -> Vec<(IdKind, String)> {
    let mut found: Vec<(IdKind, String)> = Vec::new();
    let mut add =
        |kind, text: Option<String>| found.extend(text.filter(|text| !is_placeholder(text)).map(|text| (kind, text)));
    let all_of = |fields: &'static [Field]| record.all_of(fields).take(MAX_IDENTIFIERS);
    for value in all_of(&[Field::DoiStrMv]) {
        add(IdKind::Doi, identifiers::doi(value));
    }
    for isbn in own_isbns(record) {
        add(IdKind::Isbn, Some(isbn));
    }
    for value in all_of(&[Field::Issn]) {
        add(IdKind::Issn, identifiers::issn(value));
    }
    for value in all_of(&[Field::OclcNum]) {
        let digits = value.trim().trim_start_matches(|c: char| !c.is_ascii_digit()).trim_start_matches('0');
        add(IdKind::Oclc, identifiers::oclc(value).or_else(|| all_digits(digits)));
    }
    for value in all_of(&[Field::Ctrlnum]) {
        add(IdKind::Oclc, identifiers::oclc(value));
    }
    for value in all_of(&[Field::PmidStr, Field::PmidStrMv]) {
        add(IdKind::Pmid, all_digits(value.trim()));
    }
    for value in all_of(&[Field::PmcidStrMv]) {
        add(IdKind::Pmcid, identifiers::pmcid(value));
    }
    for value in all_of(&[Field::ArxivStr]) {
        add(
            IdKind::Arxiv,
            identifiers::arxiv(value).or_else(|| Some(value.trim().to_lowercase())).map(without_version),
        );
    }
    for value in all_of(&[Field::Url]) {
        add_from_url(value, &mut add);
    }
    let bases: Vec<(IdKind, String)> =
        found.iter().filter(|(kind, _)| *kind == IdKind::Doi).filter_map(|(_, doi)| doi_of_work(doi)).collect();
    found.extend(bases);
    found.sort();
    found.dedup();
    found
}

/// The ISBNs of what the record describes: without that of the set, if it describes one volume by an ISBN of its own.
fn own_isbns(record: &Record<'_>) -> Vec<String> {
    let values = || record.all_of(&[Field::Isbn]).take(MAX_IDENTIFIERS);
    let is_of_set = |value: &str| {
        value.split_once('(').is_some_and(|(_, qualifier)| {
            let folded = fold(qualifier);
            folded.split(' ').any(|word| matches!(word, "set" | "gesamt" | "gesamtwerk" | "complete" | "kpl"))
        })
    };
    let isbn = |value: &str| identifiers::isbn13(value).or_else(|| identifiers::isbn13_with_stops(value));
    let isbns = |of_set: bool| -> Vec<String> {
        let mut isbns: Vec<String> = values().filter(|value| is_of_set(value) == of_set).filter_map(isbn).collect();
        isbns.sort_unstable();
        isbns.dedup();
        isbns
    };
    let mut own = isbns(false);
    if own.len() != 1 {
        own.append(&mut isbns(true));
    }
    own
}

fn add_from_url(url: &str, add: &mut impl FnMut(IdKind, Option<String>)) {
    // A DOI-like path on a publisher's own site may be unregistered, so only resolvers count.
    if url.contains("doi") {
        let is_resolver = ["doi.org/", "urn:doi:", "info:doi/", "doi:"].iter().any(|mark| url.contains(mark));
        add(IdKind::Doi, is_resolver.then(|| identifiers::doi(url)).flatten());
    }
    if url.contains("pubmed") {
        add(IdKind::Pmid, identifiers::pmid_from_url(url));
    }
    if url.contains("PMC") || url.contains("pmc") {
        add(IdKind::Pmcid, identifiers::pmcid(url));
    }
    if url.contains("arxiv.org") {
        add(IdKind::Arxiv, identifiers::arxiv(url).map(without_version));
    }
}

/// `1304.3343v3` and `1304.3343` are one work.
fn without_version(arxiv: String) -> String {
    match arxiv.rsplit_once('v') {
        Some((bare, version)) if !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit()) => {
            bare.to_owned()
        }
        _ => arxiv,
    }
}

fn all_digits(text: &str) -> Option<String> {
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.to_owned())
}

/// `0000000000`, `9999-9999`: filled in to satisfy a form.
fn is_placeholder(text: &str) -> bool {
    let mut digits = text.bytes().filter(u8::is_ascii_digit);
    let first = digits.next();
    text.len() < 4 || (text.len() > 7 && first.is_some_and(|first| digits.all(|digit| digit == first)))
}

/// Publishers or places, folded and one after the other, without those that say that none is known.
fn imprint(record: &Record<'_>, field: Field) -> Text<'static> {
    let mut out = String::new();
    for value in record.all(field) {
        let start = out.len();
        super::text::fold_into(value, &mut out);
        match field {
            Field::Publisher => name_printing_office(&mut out, start),
            _ => super::places::name_towns(&mut out, start),
        }
        if is_unknown(out[start..].trim_start()) {
            out.truncate(start);
        }
        if out.len() > MAX_IMPRINT {
            // All words of two imprints are held against each other.
            out.truncate(out[..MAX_IMPRINT].rfind(' ').unwrap_or_default());
            break;
        }
    }
    out.into()
}

/// Longest imprint compared, in bytes: some twenty houses or towns.
const MAX_IMPRINT: usize = 1_000;

/// Gives the printing office of a government one name in `out` from `start` on: `Govt. Print. Off.`, `Gov't print. off.`,
/// `U.S. G.P.O.`, `Government Printing Office`.
fn name_printing_office(out: &mut String, start: usize) {
    const FORMS: [&str; 9] = [
        "g p o",
        "govt print off",
        "gov t print off",
        "gov t printing office",
        "govt printing off",
        "govt printing office",
        "government print off",
        "government printing off",
        "government printing office",
    ];
    // All forms begin so.
    if !super::seek::words(&out[start..]).any(|word| word == "g" || word.starts_with("gov")) {
        return;
    }
    for form in FORMS {
        let Some(at) = super::seek::find(&out[start..], form) else { continue };
        let (from, to) = (start + at, start + at + form.len());
        let stands_alone = |c: Option<char>| c.is_none_or(|c| c == ' ');
        if stands_alone(out[..from].chars().next_back()) && stands_alone(out[to..].chars().next()) {
            out.replace_range(from..to, "gpo");
            return;
        }
    }
}

/// Whether a folded publisher or place says that there is none: `s.n.` and `s.l.` of AACR2, the phrases of RDA.
fn is_unknown(text: &str) -> bool {
    const UNKNOWN: [&str; 19] = [
        "s l",
        "s n",
        "sl",
        "sn",
        "o o",
        "n p",
        "unknown",
        "place of publication not identified",
        "publisher not identified",
        "place not identified",
        "erscheinungsort nicht ermittelbar",
        "verlag nicht ermittelbar",
        "herstellungsort nicht ermittelbar",
        "lieu de publication non identifie",
        "editeur non identifie",
        "maison d edition non identifiee",
        "luogo di pubblicazione non identificato",
        "editore non identificato",
        "lugar de publicacion no identificado",
    ];
    UNKNOWN.contains(&text)
}

fn other_titles(record: &Record<'_>) -> Vec<Text<'static>> {
    let fields = [Field::TitleAlt, Field::TitleOld, Field::TitleNew];
    let titles = record.all_of(&fields).take(MAX_OTHER_TITLES).map(|title| fold(super::title::split_subtitle(title).0));
    titles.filter(|title| !title.is_empty()).map(Into::into).collect()
}

/// Bytes of the name of a body that are looked at.
const MAX_BODY: usize = 500;

/// Persons and bodies; bodies that stand among the persons are told apart.
fn authors(record: &Record<'_>) -> (Vec<Person<'static>>, Vec<Text<'static>>) {
    let mut persons: Vec<Person<'static>> = Vec::new();
    let corporate = record.all_of(&[Field::AuthorCorporate]);
    let mut bodies: Vec<Text<'static>> =
        corporate.take(MAX_PERSONS).map(|body| beginning(fold(body).into(), MAX_BODY)).collect();
    for value in record.all_of(&[Field::Author, Field::Author2]) {
        for person in Person::parse_all(value) {
            if let Some(body) = person.as_body() {
                if bodies.len() < MAX_PERSONS && !bodies.contains(&body) {
                    bodies.push(body);
                }
            } else if persons.len() < MAX_PERSONS && !persons.contains(&person) {
                persons.push(person);
            }
        }
    }
    (persons, bodies)
}

fn years(record: &Record<'_>) -> Years {
    let Some(text) = record.filled(Field::PublishDate) else { return Years::default() };
    let read = super::dates::clean_date(text, LATEST_YEAR).or_else(|| super::dates::roman_year(text));
    let Some(first) = read else { return Years::default() };
    let mut others = [0; 3];
    let mut n_others = 0;
    for value in record.all(Field::PublishDate) {
        for year in four_digit_years(value).chain(end_of_span(value)) {
            if n_others < others.len() && year != first && year.abs_diff(first) <= 60 && !others.contains(&year) {
                others[n_others] = year;
                n_others += 1;
            }
        }
    }
    let uncertain = text.contains('?') || text.contains("ca") || has_open_decade(text);
    Years { first, others, uncertain, time: super::dates::vague_time(text, first) }
}

/// No reading of a date may depend on the day of the run, so the bound is a far one.
const LATEST_YEAR: u16 = 2100;

fn four_digit_years(text: &str) -> impl Iterator<Item = u16> + '_ {
    let runs = text.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() == 4);
    runs.filter_map(|run| run.parse().ok()).filter(|year| (1400..=LATEST_YEAR).contains(year))
}

/// The year in which a span ends whose end is written in two digits: `1851-52`. Small ends may be months: `2004-12`.
fn end_of_span(text: &str) -> Option<u16> {
    const LAST_MONTH: u16 = 12;
    const FIRST_DATES: u16 = 1980;
    let at = text.find(['-', '/'])?;
    let digits = |text: &str| -> Option<u16> { text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())? };
    let first = digits(text.get(at.checked_sub(4)?..at)?)?;
    let end = &text[at + 1..];
    let n_digits = end.bytes().take_while(u8::is_ascii_digit).count();
    let last = digits(&end[..n_digits]).filter(|_| n_digits == 2)?;
    let is_span = last > first % 100 && (last > LAST_MONTH || first < FIRST_DATES);
    (is_span && first >= 1400).then(|| first - first % 100 + last)
}

/// `198-`, `19--`: a digit followed by a hyphen that stands for a digit.
fn has_open_decade(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    digits < 4 && text.contains('-')
}

/// The folded title of the host; that of a book without its statement of responsibility.
fn container(record: &Record<'_>, classes: Classes) -> String {
    let of_book =
        |host| if classes.meets(Classes::CHAPTER) { before_responsibility(host) } else { without_place(host) };
    record
        .filled(Field::ContainerTitle)
        .or_else(|| record.filled(Field::HierarchyParentTitle))
        .map(of_book)
        .map(|host| fold(super::text::without_lost_characters(host).as_deref().unwrap_or(host)))
        .filter(|host| !matches!(host.as_str(), "n a" | "na" | "unknown" | "none" | "null"))
        .unwrap_or_default()
}

/// The title of a journal without the place, the medium or the beginning that a bibliography adds in brackets to tell namesakes apart:
/// `Science (New York, N.Y.)`, `Spine (Phila Pa 1976)`, `Med Trop (Mars)`. Acronyms, numbers and sections stay.
fn without_place(host: &str) -> &str {
    let Some((title, rest)) = host.trim_end_matches(['.', ' ']).split_once(" (") else { return host };
    let Some(inner) = rest.strip_suffix(')') else { return host };
    const TELLING: [&str; 28] = [
        "abstract",
        "abstracts",
        "american",
        "bank",
        "british",
        "bureau",
        "center",
        "centre",
        "college",
        "ed",
        "edition",
        "eds",
        "hg",
        "hrsg",
        "institute",
        "part",
        "pt",
        "red",
        "school",
        "sect",
        "section",
        "ser",
        "series",
        "society",
        "suppl",
        "supplement",
        "survey",
        "university",
    ];
    const NAMES_OF_MANY: [&str; 26] = [
        "annals",
        "archives",
        "bulletin",
        "chronicle",
        "comptes",
        "discussion",
        "gazette",
        "herald",
        "jahrbuch",
        "journal",
        "memoirs",
        "mitteilungen",
        "news",
        "paper",
        "papers",
        "post",
        "proceedings",
        "record",
        "report",
        "reports",
        "review",
        "studies",
        "times",
        "transactions",
        "working",
        "zeitschrift",
    ];
    let holds = |text: &str, words: &[&str]| fold(text).split(' ').any(|word| words.contains(&word));
    let is_name_of_many =
        fold(title).split(' ').all(|word| NAMES_OF_MANY.contains(&word) || super::text::is_little(word));
    let is_place = inner.starts_with(char::is_alphabetic)
        && inner.bytes().any(|byte| byte.is_ascii_lowercase())
        && !holds(inner, &TELLING);
    if is_place && !is_name_of_many && !title.contains('(') { title } else { host }
}

fn before_responsibility(host: &str) -> &str {
    super::seek::split_once(host, " / ").map_or(host, |(title, _)| title)
}

/// Volume or issue: digits without leading zeros if there are any, else the folded text.
fn number_text(value: Option<&str>) -> Text<'static> {
    let folded = value.map(fold).unwrap_or_default();
    if matches!(folded.as_str(), "unknown" | "n a" | "none" | "na" | "in press") {
        return "".into();
    }
    let digits = folded.split(' ').find(|word| word.bytes().any(|byte| byte.is_ascii_digit()));
    digits.map_or(folded.as_str(), |word| word.trim_start_matches('0')).into()
}

/// What the statement of the place in the host tells.
fn place_in_host<'r>(record: &'r Record<'_>) -> HostPlace<'r> {
    let read = |statement| HostPlace::of(statement, record.filled(Field::ContainerTitle));
    let stated = record.filled(Field::ContainerReference).map(read);
    stated.or_else(|| record.filled(Field::ContainerPagesStr).and_then(whole_place)).unwrap_or_default()
}

/// The place that the field of the pages tells as a whole, if it does: `27(1999) : 3, s. 133-136`, `262(1983)`.
fn whole_place(pages: &str) -> Option<HostPlace<'_>> {
    if let Some(place) = HostPlace::of_volume_and_date(pages) {
        return Some(place);
    }
    let place = HostPlace::of(pages, None);
    let is_more = place.volume().or(place.issue()).is_some();
    (is_more && place.pages().is_some() && HostPlace::names_pages(pages)).then_some(place)
}

/// Volume of the host. Some suppliers put the year there, which says nothing new.
fn volume(record: &Record<'_>, place: HostPlace<'_>, years: Years) -> Text<'static> {
    let volume = number_text(record.filled(Field::ContainerVolume).or(place.volume()));
    if volume.len() == 4 && volume.parse() == Ok(years.first) { "".into() } else { volume }
}

/// First and last page, lower-case, without leading zeros and blanks.
fn pages(record: &Record<'_>, place: HostPlace<'_>) -> (String, String) {
    let own = record.filled(Field::ContainerPagesStr).filter(|pages| whole_place(pages).is_none());
    let range = own.or(place.pages()).unwrap_or_default();
    if let Some(pages) = pages_turned_date(range) {
        return pages;
    }
    if is_publisher_item(range) {
        return Default::default();
    }
    if is_abstract_number(range) {
        return (range.trim().to_lowercase(), String::new());
    }
    let range = &*without_thousands(range);
    let start = record.filled(Field::ContainerStartPage).filter(|start| !is_publisher_item(start)).unwrap_or(range);
    let clean =
        |text: &str| text.to_lowercase().trim_start_matches(|c: char| c == '0' || !c.is_alphanumeric()).to_owned();
    let is_page = |c: char| c.is_alphanumeric();
    let first = start.split(|c: char| !is_page(c)).find(|part| part.bytes().any(|byte| byte.is_ascii_digit()));
    let first = first.map(clean).unwrap_or_default();
    let mut parts =
        range.split(|c: char| !is_page(c)).filter(|part| part.bytes().any(|byte| byte.is_ascii_digit())).map(clean);
    let (from, to) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    // `123-8`; ends with other signs than ASCII are not filled up.
    let start = from.len().checked_sub(to.len()).filter(|_| from.is_ascii() && to.is_ascii() && !to.is_empty());
    let last = start.map_or_else(|| to.clone(), |start| format!("{}{to}", &from[..start]));
    (first, last)
}

/// `P4-10-02`: the number of an abstract within its conference, not a range of pages.
fn is_abstract_number(pages: &str) -> bool {
    const MOST_SIGNS: usize = 4;
    if !pages.trim_start().starts_with(|c: char| c.is_ascii_alphabetic()) {
        return false;
    }
    let parts: Vec<&str> = pages.trim().split('-').collect();
    let is_part =
        |part: &&str| (1..=MOST_SIGNS).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let has_digit = |part: &&&str| part.bytes().any(|byte| byte.is_ascii_digit());
    parts.len() > 2 && parts.iter().all(is_part) && parts.iter().filter(has_digit).count() > 1
}

/// `S0738-0593(18)30123-4`: a publisher's number of an item, which some suppliers put where the pages belong.
fn is_publisher_item(pages: &str) -> bool {
    let pages = pages.trim();
    if !pages.starts_with(['S', 'B']) || !pages.contains('(') {
        return false;
    }
    let signs: String = pages.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    signs.len() == 17 && signs[1..8].bytes().all(|byte| byte.is_ascii_digit())
}

/// `10,101-10,115` as `10101-10115`: both ends have their thousands parted.
fn without_thousands(range: &str) -> Cow<'_, str> {
    let is_parted = |page: &str| {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        page.trim().split_once(',').is_some_and(|(thousands, rest)| {
            digits(thousands) && thousands.len() < 4 && digits(rest) && rest.len() == 3
        })
    };
    match range.split_once(['-', '\u{2013}']) {
        Some((first, last)) if is_parted(first) && is_parted(last) => Cow::Owned(range.replace(',', "")),
        _ => Cow::Borrowed(range),
    }
}

/// `01-Sep`: what spreadsheets make of the pages 1-9.
fn pages_turned_date(range: &str) -> Option<(String, String)> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (day, month) = range.trim().split_once('-')?;
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    let day: u32 = day.parse().ok().filter(|day| (1..=31).contains(day))?;
    Some((day.to_string(), month.to_string()))
}

fn languages(record: &Record<'_>) -> Vec<Language> {
    let mut languages = Vec::new();
    for language in record.all(Field::Language).iter().filter_map(|value| Language::of(value)) {
        if !languages.contains(&language) {
            languages.push(language);
        }
    }
    languages
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Parser;

    fn features(json: &str) -> Features<'static> {
        Parser::default().parse(json.as_bytes(), Features::of).expect("a record")
    }

    #[test]
    fn pages_are_filled_up() {
        let pages = |start: &str, range: &str| {
            let f =
                features(&format!(r#"{{"id":"a","container_start_page":"{start}","container_pages_str":"{range}"}}"#));
            (f.start_page.to_string(), f.end_page.to_string())
        };
        assert_eq!(pages("123", "123-9"), ("123".into(), "129".into()));
        assert_eq!(pages("1é", "1é-2"), ("1é".into(), "2".into()), "letters of two bytes are not cut");
        assert_eq!(pages("376", "376 -- 383"), ("376".into(), "383".into()));
        assert_eq!(pages("e123", "e123"), ("e123".into(), String::new()));
        assert_eq!(pages("", "S12-S18"), ("s12".into(), "s18".into()));
        assert_eq!(pages("01", "01-Sep"), ("1".into(), "9".into()));
        assert_eq!(pages("", "P4-10-02"), ("p4-10-02".into(), String::new()));
        assert_eq!(pages("P4-10-03", "P4-10-03"), ("p4-10-03".into(), String::new()));
        assert_eq!(pages("S0738-0593(18)30123-4", "S0738-0593(18)30123-4"), (String::new(), String::new()));
        assert_eq!(pages("", "10,101-10,115"), ("10101".into(), "10115".into()));
        assert_eq!(pages("", "12,101-115"), ("12".into(), "101".into()), "pages that are parted");
    }

    #[test]
    fn the_place_in_the_host_is_read_from_its_statement() {
        let place = |rest: &str| {
            let f = features(&format!(r#"{{"id":"a","container_title":"Chest",{rest}}}"#));
            [f.volume, f.issue, f.start_page, f.end_page].map(|text| text.to_string())
        };
        assert_eq!(place(r#""container_reference":"Chest 103(2010), 5, Seite 45-7""#), ["103", "5", "45", "47"]);
        let own = r#""container_volume":"104","container_start_page":"9","container_reference":"103(5):45-67""#;
        assert_eq!(place(own), ["104", "5", "9", "67"]);
        assert_eq!(place(r#""container_reference":"in the library""#), [""; 4]);
    }

    #[test]
    fn the_place_in_the_host_may_stand_in_the_field_of_the_pages() {
        let place = |pages: &str| {
            let f = features(&format!(r#"{{"id":"a","container_title":"Kanava","container_pages_str":"{pages}"}}"#));
            [f.volume, f.issue, f.start_page, f.end_page].map(|text| text.to_string())
        };
        assert_eq!(place("27(1999) : 3, s. 133-136"), ["27", "3", "133", "136"]);
        assert_eq!(place("2007, Nr. 3, S. 4-11"), ["", "3", "4", "11"]);
        assert_eq!(place("Nr.3(2007), S. 4-11"), ["", "3", "4", "11"]);
        assert_eq!(place("S. 4-11"), ["", "", "4", "11"]);
        assert_eq!(place("262(1983)"), ["262", "", "", ""]);
        assert_eq!(place("60/3(2015-02-01), 432-437"), ["60", "3", "432", "437"]);
        assert_eq!(place("10,101-10,115"), ["", "", "10101", "10115"]);
    }

    #[test]
    fn what_formats_do_not_tell_hosts_and_carriers_do() {
        let classes = |rest: &str| features(&format!(r#"{{"id":"a","title":"T",{rest}}}"#)).classes;
        assert_eq!(classes(r#""format":["Text"],"container_title":"Chest""#), Classes::ARTICLE);
        assert_eq!(classes(r#""format":["Text"],"container_start_page":"7""#), Classes::ARTICLE);
        assert_eq!(classes(r#""format":["Book"],"container_title":"Chest""#), Classes::BOOK);
        assert_eq!(classes(r#""physical":["1 DVD-Video (82 min.)"]"#), Classes::VIDEO);
        assert_eq!(classes(r#""physical":["2 CDs"]"#), Classes::AUDIO);
        assert_eq!(classes(r#""physical":["1 score (32 p.)"]"#), Classes::SCORE);
        assert!(classes(r#""physical":["64 p. + 1 CD"]"#).is_empty());
        assert!(classes(r#""physical":["3 parts in 1 v."]"#).is_empty());
    }

    #[test]
    fn preprints_of_unknown_format_are_articles() {
        let is_article = |fields: &str| {
            let json = format!(r#"{{"id":"a","title":"A title",{fields}}}"#);
            features(&json).classes.meets(Classes::ARTICLE)
        };
        assert!(is_article(r#""format":["post"],"doi_str_mv":["10.21203/rs.2.18406/v1"]"#));
        assert!(!is_article(r#""format":["post"],"doi_str_mv":["10.1000/18406"]"#));
        assert!(!is_article(r#""format":["Book"],"doi_str_mv":["10.3386/w12345"]"#));
    }

    #[test]
    fn hosts_of_chapters_lose_their_editors() {
        let host = |format: &str| {
            let json = r#"{"id":"a","container_title":"Uhren / D. Halloran (ed.)","format":["?"]}"#;
            features(&json.replace('?', format)).container.to_string()
        };
        assert_eq!(host("Book Chapter"), "uhren");
        assert_eq!(host("Article"), "uhren d halloran ed");
    }

    #[test]
    fn imprints_leave_out_what_is_unknown() {
        let f = features(
            r#"{"id":"a","place_str_mv":["[S.l.]","[Erscheinungsort nicht ermittelbar]"],"publisher":["[s.n.]","Peter Lang"]}"#,
        );
        assert_eq!((&*f.place, &*f.publisher), ("", "peter lang"));
    }

    #[test]
    fn the_printing_office_of_a_government_has_one_name() {
        let publisher = |name: &str| features(&format!(r#"{{"id":"a","publisher":["{name}"]}}"#)).publisher.to_string();
        for name in ["Govt. Print. Off.", "Gov't print. off.", "G.P.O.", "Government Printing Office"] {
            assert_eq!(publisher(name), "gpo", "{name}");
        }
        assert_eq!(publisher("Dept. of State : U.S. Govt. Print. Off."), "dept of state u s gpo");
        assert_eq!(publisher("Bureau of Print. Offices"), "bureau of print offices");
    }

    #[test]
    fn years_keep_their_doubts() {
        let years = |date: &str| features(&format!(r#"{{"id":"a","publishDate":["{date}"]}}"#)).years;
        assert_eq!(years("1839."), Years { first: 1839, ..Years::default() });
        assert_eq!(years("1999-2003"), Years { first: 1999, others: [2003, 0, 0], ..Years::default() });
        assert_eq!(years("1913 [c1910]"), Years { first: 1913, others: [1910, 0, 0], ..Years::default() });
        assert_eq!(years("1851-52."), Years { first: 1851, others: [1852, 0, 0], ..Years::default() });
        assert_eq!(years("2004-12"), Years { first: 2004, ..Years::default() });
        assert_eq!(years("1884-"), Years { first: 1884, ..Years::default() });
        assert_eq!(years("[um 1900]"), Years { first: 1900, time: [1898, 1902], ..Years::default() });
        assert_eq!(years("[entre 1880 et 1890]").others[0], 1890);
        assert_eq!((years("MDCCLXXI.").first, years("MCMXXX").first, years("MIX").first), (1771, 1930, 0));
        assert!(years("198-?").uncertain);
        assert!(years("[1992?]").uncertain);
        assert_eq!(years("n.d."), Years::default());
    }

    #[test]
    fn identifiers_come_from_urls_too() {
        let json = r#"{"id":"a","isbn":["0-306-40615-2 (pbk.)","0000000000"],"url":["http://dx.doi.org/10.1177/ABC",
            "https://www.ncbi.nlm.nih.gov/pubmed/33717499","https://www.ncbi.nlm.nih.gov/pmc/articles/PMC7917429/"]}"#;
        let found = Parser::default().parse(json.as_bytes(), identifiers_of).expect("a record");
        let expected = [
            (IdKind::Doi, "10.1177/abc"),
            (IdKind::Pmid, "33717499"),
            (IdKind::Pmcid, "PMC7917429"),
            (IdKind::Isbn, "9780306406157"),
        ];
        assert_eq!(found, expected.map(|(kind, text)| (kind, text.to_owned())));
    }
}
