//! I007: identifier shared across different works.

use std::borrow::Cow;

use rapidfuzz::distance::levenshtein;

use super::format_classes::{Class, Classes};
use super::i001_isbn_invalid::closed_up;
use super::links::{dois, has_doi_host, split, strip_start};
use super::sketches::{hash_of, overlap};
use super::x007_same_source_duplicate::{extent, year};
use crate::audit::{Catalogue, Check, Facts, Fix, Label, Problem, Reports, Row, Rows, Rule, Severity, Subject};
use crate::ids::RecordId;
use crate::input::{Field, Record};
use crate::keys::identifiers::{doi, isbn13, isn_key, oclc, pmid_from_url};
use crate::keys::numbers::is_designation;
use crate::keys::text::fold;
use crate::keys::work_key::strip_articles;

/// Rows hold sketches of titles and formats; groups in which one differs from the first are looked at again.
pub(super) static RULE: Rule = Rule {
    code: "I007",
    name: "identifier-shared-across-different-works",
    severity: Severity::Warn,
    fix: Fix::None,
    aggregated: false,
    needs: &[],
    skips_merged: true,
    explanation: "\
## What it finds
An ISBN, DOI, PubMed or OCLC number or a link that records of different works hold: with titles less than 60 %
alike, or with formats that exclude each other. One finding per identifier, which says whether it looks like
that of a host with its parts, of a set, a home page, or a number used twice. A record is a part by its format, by
a description that begins with `In:`, by a container, or by an extent such as `S. 12-34`.
## Why it matters
Rules that merge by identifier alone would make one record of them.
## Example
An ISBN on a book and on its 14 chapters; the home page of a portal as the link of 900 records.
## Known gaps
Where records of one title and author have different formats, such as a book and its accompanying recording, this is
information. Parallel and former titles are compared too, and titles without their article. Two whole works of one ISBN, extent,
year and publisher, or of one year and the same numbers of pages, are one work under two titles, in two languages for
instance, and are not reported. Where author and publisher agree and the years do not, a later edition may have kept its
ISBN, which is information.
## Source
VuFind's `marc.properties`: isbn is 020 $a and 773 $z; RecordManager merges by ISBN without looking at titles.",
    check: Check::across(gather, judge),
};

/// Bytes of a title that are compared.
const MAX_TITLE: usize = 500;

/// Likeness of titles below which they are of different works.
const SAME_TITLE: f64 = 0.6;

/// Records of an identifier whose titles are compared, at most.
const N_COMPARED: usize = 40;

/// Titles from which a link is a home page.
const N_HOME: usize = 5;

/// Records from which a link without a path is one.
const N_AT_HOST: usize = 3;

/// Bits of the sketch in the value of a row; the formats are above.
const SKETCH: u32 = (1 << 27) - 1;

fn gather(subject: &Subject<'_>, facts: &mut Facts) {
    let record = subject.record;
    let mut keys: Vec<u64> = Vec::new();
    identifiers(record, subject.dois(), &mut |kind, value| keys.push(hash_of(&[kind, value])));
    if keys.is_empty() {
        return;
    }
    keys.sort_unstable();
    keys.dedup();
    let value = u32::from(subject.classes().bits()) << 27 | subject.title_sketch();
    keys.into_iter().for_each(|key| facts.note(key, value));
}

/// Identifiers in canonical form; links to resolvers as the identifier, other links without scheme and `www.`. `dois` are
/// those of the record.
fn identifiers(record: &Record<'_>, dois: &[String], show: &mut dyn FnMut(&'static str, &str)) {
    for value in record.all(Field::Isbn) {
        // VuFind finds `0.04.330213.0` by its digits.
        let spaced = || closed_up(value).and_then(|isbn| isbn13(&isbn));
        if let Some(isbn) = isbn13(value).or_else(|| isn_key(value).and_then(|key| isbn13(&key))).or_else(spaced) {
            show("isbn", &isbn);
        }
    }
    dois.iter().for_each(|doi| show("doi", doi));
    for value in record.all_of(&[Field::PmidStr, Field::PmidStrMv]).map(str::trim) {
        if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
            show("pmid", value);
        }
    }
    for value in record.all(Field::OclcNum) {
        let digits = value.trim().trim_start_matches('0');
        if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            show("oclc", digits);
        } else if let Some(number) = oclc(value) {
            show("oclc", &number);
        }
    }
    for url in record.all(Field::Url) {
        if has_doi_host(url) && doi(url).is_some() {
            continue;
        }
        match pmid_from_url(url) {
            Some(pmid) => show("pmid", &pmid),
            None => show_link(url, show),
        }
    }
}

fn show_link(url: &str, show: &mut dyn FnMut(&'static str, &str)) {
    let Some(link) = split(url) else { return };
    let host = strip_start(link.host, "www.").unwrap_or(link.host);
    let mut address = String::with_capacity(url.len());
    address.push_str(host);
    address.make_ascii_lowercase();
    address.push_str(link.port);
    address.push_str(link.rest.strip_suffix('/').unwrap_or(link.rest));
    show("url", &address);
}

fn judge(rows: &Rows, catalogue: &Catalogue<'_>, reports: &mut Reports) {
    for same in rows.shared() {
        let first = same[0].value;
        let is_suspect = |row: &Row| {
            let (bits, others) = (row.value >> 27, first >> 27);
            overlap(row.value & SKETCH, first & SKETCH) < SAME_TITLE || bits & others == 0 && bits != 0 && others != 0
        };
        if same.iter().any(is_suspect)
            && let Some((label, problem)) = problem(same, catalogue)
        {
            reports.add_group(label, same.iter().map(|row| row.record).collect(), problem);
        }
    }
}

/// The bit of articles among the classes.
const ARTICLE: u8 = 1 << Class::Article as u8;

/// What is compared of a record.
struct Held {
    /// Its title, and others that it is known by; folded.
    titles: Vec<String>,
    /// Its classes as bits, see [`Classes`].
    classes: u8,
    /// Whether it is a part of another publication.
    is_part: bool,
    /// Whether it has the number of a volume.
    has_number: bool,
    /// Whether its ISBNs say what part of it they are of.
    is_set: bool,
    /// The first word of the first author, folded; empty without one.
    author: String,
    /// What is said of it, folded; nothing of a part, which names its host.
    description: String,
    /// Extent, year and publisher, if all are known.
    manifestation: Option<[String; 3]>,
    /// First year and numbers of pages, if both are known.
    pages: Option<(String, String)>,
}

fn problem(same: &[Row], catalogue: &Catalogue<'_>) -> Option<(Label, Problem)> {
    let held: Vec<Held> = same.iter().take(N_COMPARED).filter_map(|row| catalogue.fetch(row.record, held)).collect();
    let (first, others) = held.split_first()?;
    let n_other_titles = others.iter().filter(|other| !is_same(first, other)).count();
    let n_other_formats = others
        .iter()
        .filter(|other| other.classes & first.classes == 0 && other.classes != 0 && first.classes != 0)
        .count();
    if n_other_titles + n_other_formats == 0 {
        return None;
    }
    let (kind, value, field) = name(same[0].record, same[0].key, catalogue)?;
    let classes = held.iter().fold(0, |bits, held| bits | held.classes);
    if kind == "isbn"
        && n_other_formats == 0
        && held.iter().all(|other| is_same(first, other) || is_one_print(first, other))
    {
        return None;
    }
    if n_other_titles == 0 && others.iter().all(|other| is_one_work(first, other)) {
        let message = format!("{} records of one work hold this, and their formats exclude each other", same.len());
        let problem = Problem::new(field, value.as_str(), message).severity(Severity::Info);
        let titles = held.iter().filter_map(|held| held.titles.first()).take(3);
        let problem = titles.fold(problem, |problem, title| problem.evidence(title.as_str()));
        return Some((Label::new(kind, value), problem));
    }
    if kind == "isbn" && n_other_formats == 0 && others.iter().all(|other| is_later_edition(first, other)) {
        let message =
            format!("{} records of one author and publisher hold this; a later edition may have kept it", same.len());
        let problem = Problem::new(field, value.as_str(), message).severity(Severity::Info);
        let titles = held.iter().filter_map(|held| held.titles.first()).take(3);
        let problem = titles.fold(problem, |problem, title| problem.evidence(title.as_str()));
        return Some((Label::new(kind, value), problem));
    }
    let is_bare_host = kind == "url" && !value.contains('/') && held.len() >= N_AT_HOST;
    let is_of_host = classes & 0b1001 != 0 && classes & 0b0110 != 0 || held.iter().any(|held| held.is_part);
    // An article has a DOI of its own; two of one journal cannot share it.
    let are_articles = kind == "doi" && held.iter().all(|held| held.classes == ARTICLE);
    let guess = if kind == "isbn" && held.iter().any(|held| held.is_set) {
        "it looks like that of a set, on its parts"
    } else if is_of_host && !are_articles && !is_bare_host {
        "it looks like that of a host, on its parts"
    } else if is_bare_host || kind == "url" && n_other_titles >= N_HOME - 1 {
        "it looks like a home page"
    } else if kind == "isbn" && held.iter().all(|held| held.has_number) {
        "it looks like that of a set, on its volumes"
    } else {
        "one of them has it by mistake, or it was used again"
    };
    let message = format!("{} records of different works hold this; {guess}", same.len());
    let titles = held.iter().filter_map(|held| held.titles.first()).take(3);
    let problem =
        titles.fold(Problem::new(field, value.as_str(), message), |problem, title| problem.evidence(title.as_str()));
    Some((Label::new(kind, value), problem))
}

fn held(record: &Record<'_>) -> Held {
    let fields = [Field::Title, Field::TitleShort, Field::TitleAlt, Field::TitleOld, Field::TitleNew];
    let of_title = |title: &str| fold(strip_articles(title));
    let mut titles: Vec<String> = record.all_of(&fields).map(of_title).filter(|title| !title.is_empty()).collect();
    titles.truncate(8);
    // They are held against each other letter by letter.
    titles.iter_mut().for_each(|title| title.truncate(title.floor_char_boundary(MAX_TITLE)));
    let description = record.filled(Field::Description).unwrap_or_default();
    let has_number =
        titles.iter().any(|title| has_digit(title) || names_volume(title)) || names_volume(&fold(description));
    let mark = |field: Field| record.filled(field).map(|value| value.trim().to_lowercase());
    let manifestation = match [Field::Physical, Field::PublishDate, Field::Publisher].map(mark) {
        [Some(extent), Some(year), Some(publisher)] => Some([extent, year, publisher]),
        _ => None,
    };
    let is_part = is_part(record);
    let description = if is_part { String::new() } else { fold(description) };
    let author = record.filled(Field::Author).map(fold).unwrap_or_default();
    let author = author.split(' ').next().unwrap_or_default().to_owned();
    let (classes, is_set) = (Classes::of(record).bits(), has_isbns_of_parts(record));
    let year = year(record).map(Cow::into_owned);
    let pages = year.zip(record.filled(Field::Physical).and_then(extent));
    Held { titles, classes, is_part, has_number, is_set, author, description, manifestation, pages }
}

/// Whether a folded title has a number; of an edition called so, year and number do not count.
fn has_digit(title: &str) -> bool {
    const EDITIONS: [&str; 6] = ["aufl", "auflage", "ausgabe", "ed", "edition", "éd"];
    if !title.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let words: Vec<&str> = title.split(' ').collect();
    let is_edition = |at: usize| words.get(at).is_some_and(|word| EDITIONS.contains(word));
    let names_edition = (0..words.len()).any(is_edition);
    let is_number = |(at, word): (usize, &&str)| {
        let is_figures = word.bytes().all(|byte| byte.is_ascii_digit());
        let is_of_edition = names_edition && is_figures && (word.len() == 4 || is_edition(at + 1));
        word.bytes().any(|byte| byte.is_ascii_digit()) && !is_of_edition
    };
    words.iter().enumerate().any(is_number)
}

/// Whether three ISBNs or more have different words after them: `(Book)`, `(CD)`, `(Solutions)`.
fn has_isbns_of_parts(record: &Record<'_>) -> bool {
    let isbns = record.all(Field::Isbn);
    if isbns.len() < 3 {
        return false;
    }
    let mut notes: Vec<String> =
        isbns.iter().filter_map(|isbn| isbn.split_once('(')).map(|(_, note)| fold(note)).collect();
    notes.sort_unstable();
    notes.dedup();
    notes.len() > 2
}

/// Likeness of titles from which they are one.
const ONE_TITLE: f64 = 0.9;

/// Whether two records have one title, and no different authors.
fn is_one_work(one: &Held, other: &Held) -> bool {
    let (Some(title), Some(other_title)) = (one.titles.first(), other.titles.first()) else { return false };
    let is_alike = || {
        title.starts_with(other_title.as_str())
            || other_title.starts_with(title.as_str())
            || levenshtein::normalized_similarity(title.chars(), other_title.chars()) >= ONE_TITLE
    };
    (one.author == other.author || one.author.is_empty() || other.author.is_empty()) && is_alike()
}

/// Whether a record says that it is a part of another publication: by its container, by a description `In: …`, or by an
/// extent that is a range of pages.
fn is_part(record: &Record<'_>) -> bool {
    let containers = [Field::ContainerTitle, Field::ContainerReference, Field::HierarchyParentId];
    let is_host_note = |text: &str| ["In: ", "In:", "in: ", "Enthalten in"].iter().any(|start| text.starts_with(start));
    containers.iter().any(|&field| record.filled(field).is_some())
        || record.filled(Field::Description).is_some_and(|text| is_host_note(text.trim_start()))
        || record.filled(Field::Physical).is_some_and(is_page_range)
}

/// Whether an extent is a range of pages that does not begin with the first: `S. 12-34`, `pp. 12-34`, `429-446`.
fn is_page_range(extent: &str) -> bool {
    let pages = extent.trim().trim_end_matches('.');
    let pages = pages.trim_start_matches(|letter: char| letter.is_alphabetic() || matches!(letter, '.' | ' '));
    let Some((first, last)) = pages.split_once(['-', '\u{2013}']) else { return false };
    let number = |text: &str| text.trim().parse::<u32>().ok();
    matches!((number(first), number(last)), (Some(first @ 2..), Some(last)) if first < last)
}

/// Whether a folded text names a volume: `bd ia`, `band 2`, `vol ii`.
fn names_volume(folded: &str) -> bool {
    let is_short = |word: &str| word.len() <= 4;
    folded.split(' ').zip(folded.split(' ').skip(1)).any(|(word, next)| is_designation(word) && is_short(next))
}

/// Whether two records describe one print: neither is a part, and extent, year and publisher are the same, or year and
/// numbers of pages.
fn is_one_print(one: &Held, other: &Held) -> bool {
    let is_whole = !one.is_part && !other.is_part;
    is_whole
        && (one.manifestation.is_some() && one.manifestation == other.manifestation
            || one.pages.is_some() && one.pages == other.pages)
}

/// Whether two whole works have one author and publisher and different years.
fn is_later_edition(one: &Held, other: &Held) -> bool {
    let (Some([_, year, publisher]), Some([_, other_year, other_publisher])) =
        (&one.manifestation, &other.manifestation)
    else {
        return false;
    };
    let is_whole = !one.is_part && !other.is_part;
    is_whole
        && !one.author.is_empty()
        && one.author == other.author
        && publisher == other_publisher
        && year != other_year
}

/// Whether any titles of two records are alike, or one goes on where the other ends.
fn is_same(one: &Held, other: &Held) -> bool {
    if one.titles.is_empty() || other.titles.is_empty() {
        return true;
    }
    let is_like = |a: &String, b: &String| {
        a.starts_with(b.as_str())
            || b.starts_with(a.as_str())
            || levenshtein::normalized_similarity(a.chars(), b.chars()) >= SAME_TITLE
    };
    // One record may have the title of the series for its own: `IFSt-Schrift 358`.
    let is_named = |one: &Held, other: &Held| {
        !one.is_part
            && one.titles.iter().any(|title| title.len() >= MIN_NAME && other.description.ends_with(title.as_str()))
    };
    one.titles.iter().any(|a| other.titles.iter().any(|b| is_like(a, b)))
        || is_named(one, other)
        || is_named(other, one)
}

/// Length in bytes of the shortest title that is looked for in a description.
const MIN_NAME: usize = 12;

/// Kind, value and field of the identifier with a hash.
fn name(record: RecordId, hash: u64, catalogue: &Catalogue<'_>) -> Option<(&'static str, String, Field)> {
    let find = |record: &Record<'_>| {
        let mut found = None;
        identifiers(record, &dois(record), &mut |kind, value| {
            if hash_of(&[kind, value]) == hash {
                found = Some((kind, value.to_owned()));
            }
        });
        found
    };
    let (kind, value) = catalogue.fetch(record, find).flatten()?;
    let field = match kind {
        "isbn" => Field::Isbn,
        "doi" => Field::DoiStrMv,
        "pmid" => Field::PmidStrMv,
        "oclc" => Field::OclcNum,
        _ => Field::Url,
    };
    Some((kind, value, field))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::Severity;
    use crate::audit::rules::testing::{found, records};

    fn document(at: usize, title: &str, rest: &str) -> String {
        format!(r#"{{"id":"x{at}","title":"{title}",{rest}}}"#)
    }

    const ISBN: &str = r#""isbn":["9780306406157"]"#;

    #[test]
    fn hosts_home_pages_and_second_uses_are_told() {
        let book = document(0, "Handbook of social media", &format!(r#"{ISBN},"format":["Book"]"#));
        let chapter =
            |at: usize| document(at, &format!("Chapter {at}"), &format!(r#"{ISBN},"format":["Book Chapter"]"#));
        let host = [book.clone(), chapter(1), chapter(2)];
        assert_eq!(records(&RULE, &host), [0, 1, 2]);
        let told = found(&RULE, &host);
        assert_eq!(told.len(), 1);
        assert!(told[0].problem.message.contains("host"), "{}", told[0].problem.message);
        let titles = ["Alpine flowers", "Kinetics of enzymes", "War poems", "Brickwork", "Tax law in Peru"];
        let home: Vec<String> = titles
            .iter()
            .enumerate()
            .map(|(at, title)| document(at, title, r#""url":["http://www.x.org/"]"#))
            .collect();
        assert!(found(&RULE, &home)[0].problem.message.contains("home page"));
        let twice =
            [document(0, titles[0], r#""oclc_num":["12345"]"#), document(1, titles[1], r#""oclc_num":["12345"]"#)];
        assert!(found(&RULE, &twice)[0].problem.message.contains("by mistake"));
    }

    #[test]
    fn parts_are_known_by_their_host_note_and_pages() {
        let guess = |one: &str, other: &str| {
            let two = [document(0, "Alpine flowers", one), document(1, "Kinetics of enzymes", other)];
            found(&RULE, &two).first().map(|finding| finding.problem.message.clone()).unwrap_or_default()
        };
        for part in [r#""description":"In: Hill, S. (ed.): A handbook""#, r#""physical":["S. 12-34"]"#] {
            assert!(guess(ISBN, &format!("{ISBN},{part}")).contains("host"), "{part}");
        }
        assert!(guess(ISBN, &format!(r#"{ISBN},"physical":["1-34 S."]"#)).contains("mistake"));
        let dotted = r#""isbn":["0.306.40615.2"]"#;
        assert!(guess(ISBN, dotted).contains("mistake"), "dots do not count");
    }

    #[test]
    fn sets_and_prints_are_told() {
        let print = format!(r#"{ISBN},"physical":["112 p."],"publishDate":["1993"],"publisher":["OECD"]"#);
        let two = [document(0, "Taxation in our countries", &print), document(1, "La fiscalité chez nous", &print)];
        assert_eq!(records(&RULE, &two), [0; 0], "one print, two languages");
        let volumes = [document(0, "Handbuch zum Recht Bd. IA", ISBN), document(1, "Doppelbesteuerung Bd. IB", ISBN)];
        assert!(found(&RULE, &volumes)[0].problem.message.contains("set"));
        let article =
            [document(0, "The history of wool", ISBN), document(1, "History of wool : a survey of its ways", ISBN)];
        assert_eq!(records(&RULE, &article), [0; 0]);
        let series = format!(r#"{ISBN},"description":"Haushaltsrecht. - IFSt-Schrift 358""#);
        let catalogued = [document(0, "IFSt-Schrift 358", ISBN), document(1, "Gemeindehaushalte", &series)];
        assert_eq!(records(&RULE, &catalogued), [0; 0], "one work twice");
    }

    #[test]
    fn one_work_in_two_formats_is_information() {
        let of = |rest: &str| format!(r#"{ISBN},"author":["Austin, Ruth"],{rest}"#);
        let formats =
            [document(0, "Emily", &of(r#""format":["Book"]"#)), document(1, "Emily", &of(r#""format":["Journal"]"#))];
        let told = found(&RULE, &formats);
        assert_eq!((told.len(), told[0].severity()), (1, Severity::Info));
        assert!(told[0].problem.message.contains("one work"), "{}", told[0].problem.message);
        let other = formats[1].replace("Austin, Ruth", "Wu, Li");
        assert_eq!(found(&RULE, &[formats[0].clone(), other])[0].severity(), Severity::Warn);
    }

    #[test]
    fn guesses_fit_articles_editions_and_kits() {
        let guess = |one: String, other: String| found(&RULE, &[one, other])[0].problem.message.clone();
        let article = r#""doi_str_mv":["10.1000/1"],"format":["Article"],"container_title":"Acta""#;
        let twice = guess(document(0, "Alpine flowers", article), document(1, "Kinetics of enzymes", article));
        assert!(twice.contains("by mistake"), "{twice}");
        let editions = guess(
            document(0, "Kommentar zum Zollrecht 2. Auflage 1985", ISBN),
            document(1, "Abgaben der Gemeinden Ausgabe 1980", ISBN),
        );
        assert!(editions.contains("used again"), "{editions}");
        let kit = r#""isbn":["0-306-40615-2 (Book)","3-16-148410-X (CD)","951-492-098-8 (Solutions)"]"#;
        let kit = guess(document(0, "Bon voyage", kit), document(1, "Solutions for teachers", ISBN));
        assert!(kit.contains("set"), "{kit}");
    }

    #[test]
    fn editions_and_former_titles_are_one_work() {
        let two = |one: &str, other: &str| [document(0, one, ISBN), document(1, other, ISBN)];
        assert_eq!(records(&RULE, &two("Social media in health", "Social media in health : a review")), [0; 0]);
        let former = r#""issn":["x"],"oclc_num":["7"],"title_old":["Zeitung"]"#;
        let renamed = [document(0, "Neues Tagblatt", former), document(1, "Zeitung", r#""oclc_num":["7"]"#)];
        assert_eq!(records(&RULE, &renamed), [0; 0]);
        assert_eq!(
            records(&RULE, &[document(0, "One", ISBN), document(1, "Two", r#""isbn":["0-19-853453-1"]"#)]),
            [0; 0]
        );
    }
}
