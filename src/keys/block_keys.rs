//! The keys under which records meet. Two records are compared if they share one, if their title keys are
//! neighbours, or if a person said that they are one.
//!
//! A key is its type, a blank, and the rest, as VuFind writes its own (`AT author title`):
//!
//! | type | rest | catches |
//! |---|---|---|
//! | `AT` | author, title: VuFind's work key, the record's own and recomputed, both cut | what VuFind shows as versions |
//! | `UT` | uniform title, cut | the same |
//! | `AK` | family name and initial, title skeleton | initials, digraphs, articles |
//! | `TI` | title skeleton | missing or different authors |
//! | `TR` | end of the title proper, read backwards | damage at the beginning |
//! | `TW` | RecordManager's first words, family name | truncated and reworded titles |
//! | `LW` | two of the three longest title words, ascending | word order, inserted words |
//! | `FW` | family name, a long title word | everything but author and topic |
//! | `FW` | two family names of a citation, ascending | garbled titles, names in the title |
//! | `TY` | beginning of the title, year | shortened titles without a common author |
//! | `MU` | name, number of a work of music | scores and recordings that two languages describe |
//! | `BK` | kind of text, body | proceedings and reports that one catalogue names by the kind alone |
//! | `AP` | family name or body, year, first page or page count | translated or retitled works |
//! | `WP` | a long title word, year, first page or page count | the same without a common author |
//! | `VP` | volume, first page, year | articles without usable title |
//! | `DOI` `PMID` `PMCID` `ARXIV` `OCLC` `ISBN` | the identifier | everything else |
//! | `ISSN` | ISSN, volume, first page | articles of one journal page |
//! | `EQ` | digest of all features | equal records without a title |

use std::fmt::Write as _;

use crate::input::{Field, Record};

use super::features::{Features, IdKind, identifiers_of};
use super::first_words::first_words_key;
use super::material::Classes;
use super::seek::{split_once, words};
use super::text::{romanisation_key, without_foreign_article};
use super::thematic::thematic_numbers;
use super::work_key::{Dialect, WorkKeyInput, cut, normalise, strip_articles, work_keys};

/// Bytes of the author part and the title part kept in `AT` keys. Cut keys put truncated titles into one
/// block, and keep the index small.
const AUTHOR_BYTES: usize = 16;
/// Of the only part of `UT` and `TI` keys, too: a `TI` key with a shorter title holds it whole.
pub(crate) const TITLE_BYTES: usize = 32;
/// Work keys taken per record: beyond these, collaborations of hundreds only repeat the same title.
const MAX_WORK_KEYS: usize = 24;
/// Authors that get keys of their own.
const MAX_KEY_PERSONS: usize = 6;
/// Shortest title skeleton that is a key by itself.
const MIN_TITLE_BYTES: usize = 6;
/// Shortest subtitle skeleton that may be another record's title.
const MIN_SUBTITLE_BYTES: usize = 24;
/// Authors and title words that are combined with each other.
const MAX_WORD_PERSONS: usize = 3;
const MAX_FAMILY_WORDS: usize = 4;
/// Title words of which two are combined with each other.
const MAX_WORDS: usize = 3;
/// Letters of a word that is long.
const MIN_LETTERS: usize = 5;
/// The same two of articles of which nothing but title, authors, host and year is told: whoever cites garbles these.
const MAX_WORDS_OF_CITATION: usize = 6;
const MIN_LETTERS_OF_CITATION: usize = 4;
/// Works of music of one record that are combined with names; recordings of many are found by others.
const MAX_WORKS: usize = 3;

/// What records under a key have in common, in words for people.
pub fn meaning(key: &str) -> &'static str {
    match key.split(' ').next().unwrap_or_default() {
        "AT" => "work key: author and title",
        "UT" => "work key: uniform title",
        "AK" => "author and title",
        "TI" => "title",
        "TR" => "end of the title",
        "TW" => "first words of the title, author",
        "LW" => "two long words of the title",
        "FW" => "author, a long word of the title or another author",
        "TY" => "beginning of the title, year",
        "MU" => "name, number of a work of music",
        "BK" => "kind of text, body",
        "AP" => "author, year, page",
        "WP" => "a long word of the title, year, page",
        "VP" => "volume, page, year",
        "ISSN" => "ISSN, volume, page",
        "EQ" => "all features",
        "DOI" => "DOI",
        "PMID" => "PubMed number",
        "PMCID" => "PubMed Central number",
        "ARXIV" => "arXiv number",
        "OCLC" => "OCLC number",
        "ISBN" => "ISBN",
        _ => "key",
    }
}

/// Shows every key of a record to `emit`; keys may repeat.
pub fn block_keys(record: &Record<'_>, features: &Features, emit: &mut impl FnMut(&str)) {
    block_keys_of(record, features, &identifiers_of(record), emit);
}

/// [`block_keys`], given the record's identifiers in canonical form.
pub(crate) fn block_keys_of(
    record: &Record<'_>,
    features: &Features,
    identifiers: &[(IdKind, String)],
    emit: &mut impl FnMut(&str),
) {
    work_key_blocks(record, emit);
    identifier_blocks(identifiers, features, emit);
    feature_blocks(features, emit);
    if features.title.is_empty() {
        // Nothing else is sure to bring equal records together when they are this sparse.
        emit(&format!("EQ {:016x}", features.digest()));
    }
}

/// The record's own work keys and the recomputed ones, cut.
fn work_key_blocks(record: &Record<'_>, emit: &mut impl FnMut(&str)) {
    let mut key = String::new();
    for own in record.all(Field::WorkKeysStrMv).iter().take(MAX_WORK_KEYS) {
        cut_work_key(own, &mut key);
        emit(&key);
    }
    let Some(title) = record.filled(Field::Title) else { return };
    let fields = [Field::Author, Field::Author2, Field::AuthorCorporate];
    let authors: Vec<&str> = record.all_of(&fields).take(MAX_KEY_PERSONS).collect();
    computed_work_keys(title, &authors, emit);
}

/// The work keys that a MARC import makes of title and authors, cut.
fn computed_work_keys(title: &str, authors: &[&str], emit: &mut impl FnMut(&str)) {
    let part = |mut key: String| {
        key.truncate(cut(&key, Dialect::Java).len());
        key
    };
    let stripped = strip_articles(title);
    let whole = part(normalise(title));
    // Most titles have no article; the parts of others are different texts.
    let bare = (stripped.len() < title.len()).then(|| part(normalise(stripped))).filter(|bare| *bare != whole);
    let titles: Vec<&str> = [Some(whole.as_str()), bare.as_deref()].into_iter().flatten().collect();
    let mut parts: Vec<String> = Vec::with_capacity(authors.len());
    for author in authors.iter().map(|author| part(normalise(author))) {
        if !author.is_empty() && !parts.contains(&author) {
            parts.push(author);
        }
    }
    let mut key = String::with_capacity(AUTHOR_BYTES + TITLE_BYTES + 4);
    // A letter may stand for several words, where the parts are others than these.
    if titles.iter().copied().chain(parts.iter().map(String::as_str)).any(|part| part.contains(' ')) {
        let stripped = [stripped];
        let input = WorkKeyInput { titles: &[title], stripped_titles: &stripped, authors, ..WorkKeyInput::default() };
        for computed in work_keys(&input, Dialect::Java) {
            cut_work_key(&computed, &mut key);
            emit(&key);
        }
        return;
    }
    for title in titles.into_iter().filter(|title| !title.is_empty()) {
        for author in &parts {
            write_key(&mut key, ["AT", prefix(author, AUTHOR_BYTES), prefix(title, TITLE_BYTES)]);
            emit(&key);
            key.clear();
        }
    }
}

fn cut_work_key(own: &str, key: &mut String) {
    key.clear();
    let (kind, rest) = split_once(own, " ").unwrap_or((own, ""));
    match split_once(rest, " ") {
        Some((first, title)) => {
            key.push_str(kind);
            key.push(' ');
            key.push_str(prefix(first, AUTHOR_BYTES));
            key.push(' ');
            key.push_str(prefix(title, TITLE_BYTES));
        }
        None => {
            key.push_str(kind);
            key.push(' ');
            key.push_str(prefix(rest, TITLE_BYTES));
        }
    }
}

/// The longest prefix of at most `n_bytes` that ends between characters.
fn prefix(text: &str, n_bytes: usize) -> &str {
    &text[..text.floor_char_boundary(n_bytes)]
}

fn identifier_blocks(identifiers: &[(IdKind, String)], features: &Features, emit: &mut impl FnMut(&str)) {
    let mut key = String::new();
    // Entries of many works have one number.
    for &(kind, ref text) in identifiers.iter().filter(|(kind, _)| *kind != IdKind::DoiEntry) {
        key.clear();
        key.push_str(kind.name());
        key.push(' ');
        key.push_str(prefix(text, 64));
        if kind == IdKind::Issn {
            if features.volume.is_empty() || features.start_page.is_empty() {
                continue;
            }
            let _ = write!(key, " {} {}", features.volume, features.start_page);
        }
        emit(&key);
    }
}

/// Keys that follow from the features alone.
pub fn feature_blocks(features: &Features, emit: &mut impl FnMut(&str)) {
    let parts = Squeezed::of(features);
    let Squeezed { main, whole, .. } = &parts;
    let mut key = String::with_capacity(80);
    let mut put = |key: &mut String| {
        emit(key);
        key.clear();
    };
    title_blocks(features, main, whole, &mut key, &mut put);
    kind_blocks(features, &mut key, &mut put);
    work_of_music_blocks(features, &parts, &mut key, &mut put);
    if main.len() >= 16 {
        key.push_str("TR ");
        key.extend(main.chars().rev().take(20));
        put(&mut key);
    }
    if whole.len() >= 16 && whole.len() > main.len() {
        // Many subtitles end alike: `an annotated bibliography`.
        key.push_str("TR ");
        key.extend(whole.chars().rev().take(32));
        put(&mut key);
    }
    for (person, names) in features.persons.iter().zip(&parts.persons) {
        let initial = if person.order_known { person.initial() } else { None };
        for name in names.iter().flatten() {
            key.push_str("AK ");
            key.push_str(prefix(name, 12));
            if let Some(initial) = initial {
                key.push('_');
                key.push(initial);
            }
            key.push(' ');
            key.push_str(prefix(main, 20));
            put(&mut key);
        }
    }
    if !parts.persons.is_empty() {
        let first_words = first_words_key(&features.title.main);
        write_key(&mut key, ["TW", prefix(&first_words, 24), prefix(parts.first_family(), 12)]);
        put(&mut key);
    }
    word_blocks(features, &parts, &mut key, &mut put);
    if !features.volume.is_empty() && !features.start_page.is_empty() && features.years.first > 0 {
        write_key(&mut key, ["VP", &features.volume, &features.start_page, &features.years.first.to_string()]);
        put(&mut key);
    }
}

/// The texts of a record that several keys are made of, each squeezed once.
struct Squeezed {
    main: String,
    whole: String,
    /// Of the first persons, the name that is the family name; of those written without a comma both, since either may be.
    persons: Vec<[Option<String>; 2]>,
}

impl Squeezed {
    fn of(features: &Features) -> Squeezed {
        let persons = features.persons.iter().take(MAX_KEY_PERSONS).map(|person| {
            let given = (!person.order_known).then(|| squeezed(&person.given));
            [Some(squeezed(&person.family)), given]
        });
        let title = &features.title;
        let main = squeezed_title(&title.main);
        let whole = if title.sub.is_empty() { main.clone() } else { squeezed_title(&title.whole()) };
        Squeezed { main, whole, persons: persons.collect() }
    }

    /// Empty if there is no person.
    fn first_family(&self) -> &str {
        self.persons.first().and_then(|[family, _]| family.as_deref()).unwrap_or_default()
    }
}

/// Appends words, with a blank between two.
fn write_key<const N: usize>(key: &mut String, words: [&str; N]) {
    for (at, word) in words.into_iter().enumerate() {
        if at > 0 {
            key.push(' ');
        }
        key.push_str(word);
    }
}

/// Keys of titles by themselves, `TI`.
pub fn title_keys(features: &Features, emit: &mut impl FnMut(&str)) {
    let (main, whole) = (squeezed_title(&features.title.main), squeezed_title(&features.title.whole()));
    let mut key = String::with_capacity(80);
    title_blocks(features, &main, &whole, &mut key, &mut |key| {
        emit(key);
        key.clear();
    });
}

fn title_blocks(features: &Features, main: &str, whole: &str, key: &mut String, put: &mut impl FnMut(&mut String)) {
    let mut put_title = |title: &str| {
        write_key(key, ["TI", prefix(title, TITLE_BYTES)]);
        put(key);
    };
    if main.len() >= MIN_TITLE_BYTES {
        put_title(main);
    } else if !whole.is_empty() {
        put_title(whole);
    }
    if main.len() < TITLE_BYTES && whole.len() >= TITLE_BYTES {
        // One catalogue's subtitle is another one's end of the title proper.
        put_title(whole);
    }
    for title in &features.other_titles {
        let title = squeezed_title(title);
        if title.len() >= MIN_TITLE_BYTES {
            put_title(&title);
        }
    }
    let sub = squeezed(&features.title.sub);
    if sub.len() >= MIN_SUBTITLE_BYTES {
        put_title(&sub);
    }
}

/// Keys of a kind of text and whose it is: `Proceedings` by a congress, `Proceedings of the congress`.
fn kind_blocks(features: &Features, key: &mut String, put: &mut impl FnMut(&mut String)) {
    const KINDS: [&str; 5] = ["proceedings", "report", "reports", "papers", "transactions"];
    /// Of serials only.
    const KINDS_OF_SERIALS: [&str; 20] = [
        "abhandlungen",
        "actes",
        "annales",
        "annuaire",
        "atti",
        "berichte",
        "bollettino",
        "boletin",
        "bulletin",
        "cahiers",
        "jahrbuch",
        "jahresbericht",
        "jahresberichte",
        "memoires",
        "mitteilungen",
        "rapport",
        "schriften",
        "verhandlungen",
        "zeitschrift",
        "zpravy",
    ];
    const BODY_BYTES: usize = 14;
    const STEM_LETTERS: usize = 5;
    const FORMAL: [&str; 12] = [
        "annual",
        "conference",
        "congress",
        "european",
        "first",
        "international",
        "meeting",
        "national",
        "second",
        "symposium",
        "third",
        "world",
    ];
    let main = features.title.main.strip_prefix("the ").unwrap_or(&features.title.main);
    let (kind, rest) = main.split_once(' ').unwrap_or((main, ""));
    let is_serial = features.classes.meets(Classes::SERIAL) && KINDS_OF_SERIALS.contains(&kind);
    if !is_serial && !KINDS.contains(&kind) {
        return;
    }
    let mut put_body = |name: &str| {
        let is_telling = |word: &&str| word.len() > 3 && !FORMAL.contains(word);
        // `Historischer Verein`, `des Historischen Vereins`: the endings of German words follow their case.
        let stem = |word: &'_ str| -> String {
            word.chars().take(if is_serial { STEM_LETTERS } else { usize::MAX }).collect()
        };
        let telling: String = name.split(' ').filter(is_telling).map(stem).collect();
        if telling.len() >= MIN_TITLE_BYTES {
            write_key(key, ["BK", kind, prefix(&telling, BODY_BYTES)]);
            put(key);
        }
    };
    if rest.is_empty() {
        features.bodies.iter().take(2).for_each(|body| put_body(body));
    } else {
        put_body(rest);
    }
}

/// Keys of works of music by the numbers that they have in every language.
fn work_of_music_blocks(features: &Features, parts: &Squeezed, key: &mut String, put: &mut impl FnMut(&mut String)) {
    if !features.classes.meets(Classes::SCORE.with(Classes::AUDIO).with(Classes::VIDEO)) {
        return;
    }
    let titles = [features.title.whole()];
    let titles = titles.iter().map(|title| &**title).chain(features.other_titles.iter().map(|title| &**title));
    let mut numbers: Vec<String> = titles.flat_map(thematic_numbers).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let names = parts.persons.iter().take(MAX_WORD_PERSONS).flatten().flatten();
    for name in names.filter(|name| !name.is_empty()) {
        for number in numbers.iter().take(MAX_WORKS) {
            write_key(key, ["MU", prefix(name, 12), number]);
            put(key);
        }
    }
}

/// Keys of long title words: with each other, with a name, and with year and size.
fn word_blocks(features: &Features, parts: &Squeezed, key: &mut String, put: &mut impl FnMut(&mut String)) {
    let text = features.title.whole();
    let is_citation = features.classes.meets(Classes::ARTICLE) && features.is_bare_citation();
    let (n_letters, n_words) =
        if is_citation { (MIN_LETTERS_OF_CITATION, MAX_WORDS_OF_CITATION) } else { (MIN_LETTERS, MAX_WORDS) };
    let words = longest_words(&text, n_letters);
    for (at, first) in words.iter().take(n_words).enumerate() {
        for second in words[at + 1..].iter().take(n_words - 1 - at) {
            let (low, high) = if first < second { (first, second) } else { (second, first) };
            write_key(key, ["LW", prefix(low, 16), prefix(high, 16)]);
            put(key);
        }
    }
    let n_words = if is_citation { MAX_WORDS_OF_CITATION } else { MAX_FAMILY_WORDS };
    let words: Vec<String> = words.into_iter().take(n_words).map(squeezed).collect();
    let names = parts.persons.iter().take(MAX_WORD_PERSONS).flatten().flatten();
    for name in names.filter(|name| !name.is_empty()) {
        for word in &words {
            write_key(key, ["FW", prefix(name, 12), prefix(word, 12)]);
            put(key);
        }
    }
    if is_citation {
        family_blocks(parts, key, put);
    }
    if features.years.first == 0 {
        return;
    }
    let year = features.years.first.to_string();
    if parts.whole.len() >= 12 {
        write_key(key, ["TY", prefix(&parts.whole, 12), &year]);
        put(key);
    }
    let Some(size) = size(features) else { return };
    for word in words.iter().take(3) {
        write_key(key, ["WP", prefix(word, 12), &year, &size]);
        put(key);
    }
    let body = features.bodies.first().map(|body| squeezed(body)).unwrap_or_default();
    for name in [parts.first_family(), prefix(&body, 16)] {
        if !name.is_empty() {
            write_key(key, ["AP", name, &year, &size]);
            put(key);
        }
    }
}

/// Keys of two authors of a citation, whose title may be garbled beyond all words. They are as those of a name and a word of the
/// title, since in garbled ones names stand in the title.
fn family_blocks(parts: &Squeezed, key: &mut String, put: &mut impl FnMut(&mut String)) {
    let families = parts.persons.iter().take(MAX_WORD_PERSONS).filter_map(|[family, _]| family.as_deref());
    let families: Vec<&str> = families.collect();
    for (at, first) in families.iter().enumerate() {
        for second in &families[at + 1..] {
            let (low, high) = if first < second { (first, second) } else { (second, first) };
            write_key(key, ["FW", prefix(low, 12), prefix(high, 12)]);
            put(key);
        }
    }
}

/// Volumes of a set from which their number is one of few.
const MIN_TELLING_VOLUMES: u32 = 3;

/// First page of a component, or number of pages or else volumes of a book.
fn size(features: &Features) -> Option<String> {
    let extent = features.extent;
    if !features.start_page.is_empty() {
        Some(features.start_page.to_string())
    } else if extent.pages > 10 {
        Some(format!("{}p", extent.pages))
    } else {
        (extent.pages == 0 && extent.volumes >= MIN_TELLING_VOLUMES).then(|| format!("{}v", extent.volumes))
    }
}

/// A folded text as one word, digraphs and romanisations united, without a leading English article.
fn squeezed(folded: &str) -> String {
    let bare = ["the ", "a ", "an "].iter().find_map(|article| folded.strip_prefix(article)).unwrap_or(folded);
    romanisation_key(bare)
}

/// [`squeezed`] of a title: without a leading article of any of these languages, if enough is left.
fn squeezed_title(folded: &str) -> String {
    let bare = without_foreign_article(folded);
    squeezed(bare.filter(|bare| bare.len() >= MIN_TITLE_BYTES).unwrap_or(folded))
}

/// Words of at least so many letters, the longest first, without repeats.
fn longest_words(folded: &str, n_letters: usize) -> Vec<&str> {
    let mut words: Vec<&str> = words(folded).filter(|word| word.len() >= n_letters).collect();
    words.sort_unstable_by_key(|word| (std::cmp::Reverse(word.len()), *word));
    words.dedup();
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Parser;

    fn keys(json: &str) -> Vec<String> {
        let mut keys = Vec::new();
        let read =
            |record: &Record<'_>| block_keys(record, &Features::of(record), &mut |key| keys.push(key.to_owned()));
        Parser::default().parse(json.as_bytes(), read).expect("a record");
        keys
    }

    fn shared(a: &str, b: &str) -> Vec<String> {
        let b = keys(b);
        keys(a)
            .into_iter()
            .filter(|key| b.contains(key))
            .map(|key| key.split(' ').next().unwrap_or_default().to_owned())
            .collect()
    }

    #[test]
    fn titles_meet_without_their_article() {
        for (one, other) in
            [("Die Zauberflöte", "Zauberflöte"), ("Les misérables", "Miserables"), ("The trial", "Trial")]
        {
            let title_key = |title: &str| {
                let all = keys(&format!(r#"{{"id":"a","title":"{title}"}}"#));
                all.into_iter().find(|key| key.starts_with("TI "))
            };
            assert!(title_key(one).is_some());
            assert_eq!(title_key(one), title_key(other));
        }
    }

    #[test]
    fn garbled_citations_meet_by_more_words_and_two_names() {
        let citation = |title: &str, more: &str| {
            format!(
                r#"{{"id":"a","title":"{title}","author":["Berson, S.","Golubchik, L."],"format":["Article"]{more}}}"#
            )
        };
        let garbled = citation("andR. R. Muntz. AFaultTolerantDesignofaMultimedia Server", "");
        assert_eq!(shared(&citation("Fault Tolerant Design of Multimedia Servers", ""), &garbled), ["FW"]);
        let cut = citation("Ins and Outs of Data Warehousing", "").replace("Berson", "Schneider");
        let whole = citation("Outs and Everything in Between, Data Warehousing and Decision Support", "");
        assert!(shared(&cut, &whole).contains(&"LW".to_owned()));
        // What has a place in its host is found by that.
        let placed = r#","container_volume":"2","container_start_page":"17""#;
        let has_pair = |more| keys(&citation("Fault Tolerant Design", more)).contains(&"FW berson golubcik".to_owned());
        assert!(has_pair("") && !has_pair(placed));
    }

    #[test]
    fn variants_of_one_work_share_a_key() {
        let music = |title: &str| {
            format!(r#"{{"id":"a","title":"{title}","author":["Mozart, Wolfgang Amadeus"],"format":["MusicalScore"]}}"#)
        };
        assert_eq!(
            shared(
                &music("Klavierkonzert Nr. 20 d-Moll KV 466"),
                &music("Concerto pour piano n° 20 en ré mineur, K. 466")
            ),
            ["MU"]
        );
        let cases = [
            (
                r#"{"id":"a","title":"Die Straße nach Müllerdorf","author":["Müller, Karl"]}"#,
                r#"{"id":"b","title":"Die Strasse nach Muellerdorf","author":["Mueller, K."]}"#,
            ),
            (r#"{"id":"a","title":"The use of things: a review"}"#, r#"{"id":"b","title":"Use of things"}"#),
            (r#"{"id":"a","doi_str_mv":["10.1000/ABC"]}"#, r#"{"id":"b","url":["https://doi.org/10.1000/abc"]}"#),
            (
                r#"{"id":"a","title":"Xhe effects of aspirin on stroke"}"#,
                r#"{"id":"b","title":"The effects of aspirin on stroke"}"#,
            ),
        ];
        for (a, b) in cases {
            assert!(!shared(a, b).is_empty(), "{a} {b}");
        }
        let shares = |a: &str, b: &str, kind: &str| shared(a, b).iter().any(|key| key == kind);
        let proceedings = r#"{"id":"a","title":"Proceedings.","author_corporate":["International Congress on Upland Peat Bogs, Umea"]}"#;
        let named = r#"{"id":"b","title":"Proceedings of the International Congress on Upland Peat Bogs."}"#;
        assert!(shares(proceedings, named, "BK"));
        let sets = [r#""title":"Works.""#, r#""title":"The works of Ida Brandt.""#].map(|title| {
            format!(r#"{{"id":"a",{title},"author":["Brandt, Ida"],"publishDate":["1811"],"physical":["19 v."]}}"#)
        });
        assert!(shares(&sets[0], &sets[1], "AP"));
        let records = r#"{"id":"a","title":"Records of the town of Vadstena : Liber tertius, the oldest extant","title_short":"Records of the town of Vadstena"}"#;
        assert!(shares(records, r#"{"id":"b","title":"Records of the town of Vadstena. Liber tertius"}"#, "TI"));
        assert_eq!(shared(r#"{"id":"a","publisher":["X"]}"#, r#"{"id":"b","publisher":["X"]}"#), ["EQ"]);
        assert!(shared(r#"{"id":"a","title":"One thing"}"#, r#"{"id":"b","title":"Another matter"}"#).is_empty());
    }

    proptest::proptest! {
        #[test]
        fn computed_work_keys_are_those_of_the_import(
            title in "(The |a )?[A-Za-z Éß\u{fdfa}½ж-]{0,60}",
            authors in proptest::collection::vec("[A-C, Éж\u{fdfa}]{0,4}|[a-z]{20}", 0..4),
        ) {
            let authors: Vec<&str> = authors.iter().map(String::as_str).collect();
            let stripped = [strip_articles(&title)];
            let input = WorkKeyInput {
                titles: &[&title],
                stripped_titles: &stripped,
                authors: &authors,
                ..WorkKeyInput::default()
            };
            let (mut expected, mut found) = (Vec::new(), Vec::new());
            for whole in work_keys(&input, Dialect::Java) {
                let mut key = String::new();
                cut_work_key(&whole, &mut key);
                expected.push(key);
            }
            computed_work_keys(&title, &authors, &mut |key| found.push(key.to_owned()));
            proptest::prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn every_key_has_a_meaning() {
        let json = r#"{"id":"a","title":"The measurement of everything","author":["Poe, Edgar","Roe, Jane"],"publishDate":["1999"],
            "container_volume":"3","container_start_page":"17","issn":["0028-0836"],"isbn":["9780306406157"],"pmid_str":"12345678",
            "doi_str_mv":["10.1000/abc"],"oclc_num":["1234567"],"url":["https://arxiv.org/abs/2101.00001"],"work_keys_str_mv":["UT x"]}"#;
        let all = [keys(json), keys(r#"{"id":"a","publisher":["X"]}"#)].concat();
        let mut kinds: Vec<&str> = all.iter().filter_map(|key| key.split(' ').next()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        assert!(kinds.len() >= 15, "{kinds:?}");
        assert!(all.iter().all(|key| meaning(key) != "key"), "{kinds:?}");
    }

    #[test]
    fn own_work_keys_are_cut_and_keep_their_type() {
        let keys = keys(
            r#"{"id":"a","work_keys_str_mv":["AT abcdefghijklmnopqrst titletitletitletitletitletitletitletitle","UT x"]}"#,
        );
        assert_eq!(keys[0], "AT abcdefghijklmnop titletitletitletitletitletitleti");
        assert_eq!(keys[1], "UT x");
    }
}
