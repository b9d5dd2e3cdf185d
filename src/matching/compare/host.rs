//! What surrounds a work: host, volume, pages, year, publisher, edition, extent.

use std::borrow::Cow;

use crate::keys::features::Deposit;
use crate::keys::material::{Classes, Extent};
use crate::keys::numbers::{number_word, roman_numeral};
use crate::keys::{Features, IdKind, Years};

use super::super::evidence::{Aspect, Comparison, Level};

/// Host titles or, before them, ISSNs. `None` if neither record says anything.
pub(super) fn container(a: &Features, b: &Features) -> Option<Level> {
    if shares(a, b, IdKind::Issn) {
        return Some(Level::Same);
    }
    let (x, y) = (&*a.container, &*b.container);
    both(x, y, |x, y| {
        if x == y || squeezed(x) == squeezed(y) {
            Level::Same
        } else if kinds_differ(x, y) {
            // The paper of a conference and the article that came of it are two works.
            Level::Different
        } else if says_nothing(x) || says_nothing(y) {
            Level::OneMissing
        } else if is_one_group(x, y) {
            Level::Similar
        } else if is_abbreviation(x, y) || is_abbreviation(y, x) {
            Level::Shortened
        } else if is_acronym(x, y) || is_acronym(y, x) || are_initials(x, y) || are_initials(y, x) {
            Level::Similar
        } else {
            match word_share(x, y) {
                share if share >= 0.75 => Level::Similar,
                share if share >= 0.45 => Level::Partial,
                _ => Level::Different,
            }
        }
    })
}

/// Whether a host title was cut before it said anything: `proceedings of the 22nd international conference on very`.
fn says_nothing(host: &str) -> bool {
    const FORMAL: [&str; 15] = [
        "proceedings",
        "proc",
        "procs",
        "conference",
        "conf",
        "international",
        "intl",
        "int",
        "l",
        "acm",
        "ieee",
        "annual",
        "very",
        "in",
        "th",
    ];
    host.split(' ').all(|word| {
        FORMAL.contains(&word) || LEFT_OUT.contains(&word) || word.as_bytes().first().is_none_or(u8::is_ascii_digit)
    })
}

/// Articles, prepositions and conjunctions, which abbreviations leave out.
const LEFT_OUT: [&str; 38] = [
    "the", "of", "and", "for", "in", "on", "de", "la", "der", "die", "fur", "und", "et", "des", "das", "dei", "del",
    "della", "delle", "dello", "den", "di", "do", "dos", "du", "ed", "el", "het", "ja", "las", "le", "les", "los",
    "och", "og", "van", "voor", "zur",
];

fn content_words(text: &str) -> Vec<&str> {
    text.split(' ').filter(|word| !LEFT_OUT.contains(word)).collect()
}

/// Whether each word of `short` begins the words of `long` in order: `digit health`, `digital health`; some
/// words of `long` may be left over at the end (`j clin oncol off j am soc`).
fn is_abbreviation(short: &str, long: &str) -> bool {
    let (short, long) = (abbreviated_words(short), abbreviated_words(long));
    if short.is_empty() || short.len() > long.len() {
        return false;
    }
    // `d'Anesthésie` is folded into one word.
    let is_elided =
        |s: &str, l: &str| s.len() > 3 && l.strip_prefix(['d', 'l']).is_some_and(|rest| rest.starts_with(s));
    let is_begun = |s: &str, l: &str| l.starts_with(s) || contracts(s, l) || is_elided(s, l);
    let is_one = |s: &str, l: &str| is_begun(s, l) || is_begun(&without_digraphs(s), &without_digraphs(l));
    let matched = short.iter().zip(&long).all(|(s, l)| is_one(s, l));
    matched && (short.len() == long.len() || short.len() >= 2)
}

/// The words of a host title that its abbreviation has: without `i`, `y` and the like within it, while a letter at the end names a
/// section (`Physical Review E`).
fn abbreviated_words(host: &str) -> Vec<&str> {
    let words = content_words(host);
    let last = words.len().saturating_sub(1);
    let is_joining =
        |(at, word): &(usize, &&str)| (1..last).contains(at) && matches!(**word, "d" | "e" | "i" | "l" | "y");
    words.iter().enumerate().filter(|word| !is_joining(word)).map(|(_, word)| *word).collect()
}

/// A word in American spelling: `gynaecol` as `gynecol`.
fn without_digraphs(word: &str) -> Cow<'_, str> {
    if word.contains("ae") || word.contains("oe") {
        Cow::Owned(word.replace("ae", "e").replace("oe", "e"))
    } else {
        Cow::Borrowed(word)
    }
}

/// `natl` for `national`: first letter, then the others in order.
fn contracts(short: &str, long: &str) -> bool {
    short.len() >= 3 && short.len() < long.len() && keeps_letters(short, long)
}

/// Whether a word has nothing but letters of another, in their order and the first among them, as abbreviations of any length do.
pub(super) fn keeps_letters(short: &str, long: &str) -> bool {
    let mut letters = long.bytes();
    short.as_bytes().first() == long.as_bytes().first()
        && short.bytes().all(|letter| letters.any(|other| other == letter))
}

/// Whether a folded host title names a conference and no journal.
pub(super) fn is_gathering(host: &str) -> bool {
    const WORDS: [&str; 9] =
        ["conference", "conf", "proceedings", "proc", "symposium", "symp", "workshop", "congress", "meeting"];
    has_word(host, &WORDS) && !has_word(host, &PERIODICAL)
}

/// Whether two meetings are as many apart by their counts as by their years: `51st Hawaii International Conference` of 2018 and the `52nd`
/// of 2019.
pub(super) fn are_successive_meetings(a: &Features, b: &Features) -> bool {
    let counts = |host: &str| -> Vec<u32> { host.split(' ').filter_map(ordinal).collect() };
    let (x, y) = (counts(&a.container), counts(&b.container));
    let (year_a, year_b) = (i32::from(a.years.first), i32::from(b.years.first));
    year_a != 0
        && year_b != 0
        && matches!((&*x, &*y), ([x], [y]) if x != y && x.cast_signed() - y.cast_signed() == year_a - year_b)
}

/// The number that an ordinal of a folded text says: `51st`, `seventh`.
fn ordinal(word: &str) -> Option<u32> {
    let digits = ["st", "nd", "rd", "th"].iter().find_map(|end| word.strip_suffix(end));
    let in_words =
        || if word.ends_with("th") || matches!(word, "first" | "second" | "third") { number_word(word) } else { None };
    digits.and_then(|digits| digits.parse().ok()).or_else(in_words)
}

/// Whether two entries of one register, of clinical trials or patents, have other numbers there: `…/show/NCT01276821`.
pub(super) fn registrations_differ(a: &Features, b: &Features) -> bool {
    let are_other_hosts = !a.container.is_empty() && !b.container.is_empty() && a.container != b.container;
    let is_other = |(x, y): ((&str, String), (&str, String))| x.0 == y.0 && x.1 != y.1;
    are_other_hosts && registration(&a.container).zip(registration(&b.container)).is_some_and(is_other)
}

/// The register and the number of the clinical trial or patent whose entry a folded host is.
fn registration(host: &str) -> Option<(&'static str, String)> {
    // With the digits that a number has at least.
    const REGISTERS: [(&str, usize); 15] = [
        ("actrn", 12),
        ("chictr", 6),
        ("ctri", 8),
        ("drks", 8),
        ("euctr", 8),
        ("irct", 8),
        ("isrctn", 8),
        ("jprn", 6),
        ("kct", 7),
        ("nct", 8),
        ("pactr", 12),
        ("patent", 7),
        ("slctr", 6),
        ("tctr", 8),
        ("umin", 8),
    ];
    let words = || host.split(' ');
    words().enumerate().find_map(|(at, word)| {
        let (register, digits) = REGISTERS.iter().find(|(name, _)| {
            word.strip_prefix(name).is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
        })?;
        // Commas and blanks may divide it; a year may follow.
        let mut number = String::new();
        for word in words().skip(at) {
            number.extend(word.chars().filter(char::is_ascii_digit));
            if number.len() >= *digits {
                return Some((*register, number));
            }
        }
        None
    })
}

/// Whether a folded host title names the abstracts of a conference.
fn is_of_abstracts(host: &str) -> bool {
    has_word(host, &["abstract", "abstracts"]) && is_gathering(host)
}

/// Whether one of two folded host titles names a journal and the other a conference, or one the abstracts of a conference and
/// the other none.
pub(super) fn kinds_differ(x: &str, y: &str) -> bool {
    let differ = |x, y| is_gathering(x) && is_periodical(y) || is_of_abstracts(x) && !y.is_empty() && !is_gathering(y);
    (differ(x, y) || differ(y, x)) && !is_one_group(x, y)
}

/// Whether both host titles name one special interest group: `sigmod conference` and `sigmod record`. Its newsletter
/// prints the proceedings of its conference, so these are one publication.
fn is_one_group(x: &str, y: &str) -> bool {
    let mut groups = x.split(' ').filter(|word| word.len() > 4 && word.starts_with("sig"));
    const NEWSLETTERS: [&str; 7] = ["record", "notices", "notes", "newsletter", "forum", "bulletin", "review"];
    groups.any(|group| has_word(y, &[group])) && (has_word(x, &NEWSLETTERS) != has_word(y, &NEWSLETTERS))
}

/// Whether a folded host title names a journal and no conference.
fn is_periodical(host: &str) -> bool {
    const GATHERING: [&str; 5] = ["conference", "conf", "symposium", "workshop", "congress"];
    has_word(host, &PERIODICAL) && !has_word(host, &GATHERING)
}

const PERIODICAL: [&str; 12] = [
    "journal",
    "j",
    "transactions",
    "trans",
    "review",
    "rev",
    "magazine",
    "letters",
    "quarterly",
    "record",
    "bulletin",
    "zeitschrift",
];

fn has_word(text: &str, words: &[&str]) -> bool {
    text.split(' ').any(|word| words.contains(&word))
}

/// `vldb` for `very large data bases`, `jama` for `journal of the american medical association`.
fn is_acronym(short: &str, long: &str) -> bool {
    let letters = short.split(' ').next().unwrap_or_default();
    // A word of both is an acronym if it cannot be said, where people meet, or of a society that names its journals so; others share
    // `Annals`, `Blood` and `Canadian`.
    let is_named_so = |host: &str| is_gathering(host) || host.split(' ').any(|word| matches!(word, "acm" | "ieee"));
    let is_unsayable = !letters.bytes().any(|letter| b"aeiouy".contains(&letter));
    let is_in = || long.split(' ').any(|word| word == letters || is_run_on(word, letters));
    (2..=8).contains(&letters.len())
        && ((is_unsayable || is_named_so(short) || is_named_so(long)) && is_in()
            || (letters.len() >= 4 && {
                let words = content_words(long);
                (0..words.len()).any(|from| spells(letters.as_bytes(), &words[from..]))
            }))
}

/// Whether a host title opens with the initials of the other, three of them, and says no more or all of the other: `bmj` for `british
/// medical journal`, `qjm` for `q j med`.
fn are_initials(short: &str, long: &str) -> bool {
    const N: usize = 3;
    let (letters, rest) = short.split_once(' ').unwrap_or((short, ""));
    let words = content_words(long);
    let is_whole = rest.is_empty() || words.len() == N;
    let starts = |(letter, word): (u8, &&str)| word.as_bytes().first() == Some(&letter);
    letters.len() == N && is_whole && words.len() >= N && letters.bytes().zip(&words).all(starts)
}

/// Whether a word is an acronym that a preposition, a publisher's or a year's letters ran into: `ofvldb`, `acmsigmod`.
fn is_run_on(word: &str, acronym: &str) -> bool {
    acronym.len() >= 4 && word.len() <= acronym.len() + 3 && (word.starts_with(acronym) || word.ends_with(acronym))
}

/// Whether letters can be taken from the beginnings of consecutive words, in order: from each word its first
/// letter and perhaps others (`databases` gives `d` and `b`). The last two letters may be missing,
/// since suppliers cut host titles (`proc of the 22nd int conf on very large`).
fn spells(letters: &[u8], words: &[&str]) -> bool {
    let Some((word, rest)) = words.split_first() else { return letters.len() <= 2 };
    if word.as_bytes().first() != letters.first() {
        return false;
    }
    if letters.len() == 1 {
        return true;
    }
    if spells(&letters[1..], rest) {
        return true;
    }
    // A second letter from within the same word.
    letters.len() == 2 && word.len() > 4 && word.as_bytes()[1..].contains(&letters[1])
}

/// Volumes of the host.
pub(super) fn volume(a: &Features, b: &Features) -> Option<Level> {
    both(&a.volume, &b.volume, same_or_different)
}

/// Issues of the host. `1` and `1-2` agree as far as they go.
pub(super) fn issue(a: &Features, b: &Features) -> Option<Level> {
    both(&a.issue, &b.issue, same_or_different)
}

fn same_or_different(a: &str, b: &str) -> Level {
    if a == b { Level::Same } else { Level::Different }
}

/// Pages within the host.
pub(super) fn pages(a: &Features, b: &Features) -> Option<Level> {
    both(&a.start_page, &b.start_page, |x, y| {
        let bare = |page: &str| page.trim_start_matches(|c: char| c.is_alphabetic()).to_owned();
        let one_start = bare(x) == bare(y) && !bare(x).is_empty();
        let one_end = !a.end_page.is_empty() && a.end_page == b.end_page;
        let ends_differ = !a.end_page.is_empty() && !b.end_page.is_empty() && !one_end;
        // Papers numbered by themselves all begin on page 1, the abstracts of a supplement on page S1.
        let says_nothing = bare(x) == "1" && !one_end;
        let one_page = |end: &str| end.len() <= 1;
        if x == y && is_abstract_page(x) && !ends_differ && one_page(&a.end_page) && one_page(&b.end_page) {
            // Abstracts share their page with others.
            Level::Similar
        } else if x == y && says_nothing {
            if ends_differ { Level::Different } else { Level::Similar }
        } else if x == y {
            Level::Same
        } else if one_start || one_end {
            Level::Similar
        } else if is_own_count(a, b) || is_own_count(b, a) {
            Level::Partial
        } else {
            Level::Different
        }
    })
}

/// Whether an article is paged by itself and the other record has a number of an article where the page belongs: journals without
/// issues have both, `1-9` and `1204512`.
fn is_own_count(paged: &Features, numbered: &Features) -> bool {
    const MIN_DIGITS: usize = 6;
    let number = &numbered.start_page;
    paged.start_page.parse() == Ok(1)
        && !paged.end_page.is_empty()
        && number.len() >= MIN_DIGITS
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && numbered.end_page.is_empty()
        && volume(paged, numbered) == Some(Level::Same)
        && matches!(container(paged, numbered), Some(Level::Same | Level::Shortened))
}

/// Whether one of two records describes an entry of a work of reference before its book, on pages from 1 on, and the other the
/// same chapter of the book, which has as many. Title and authors are the same.
pub(super) fn is_paged_anew(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    let level = |aspect| comparison.level(aspect);
    let entry = |features: &Features| features.identifiers_of(IdKind::DoiEntry).next();
    let is_before = |features: &Features| features.deposit == Deposit::BeforeBook;
    let count = |features: &Features| {
        let (first, last) = (features.start_page.parse::<u32>().ok()?, features.end_page.parse::<u32>().ok()?);
        // The bound on a pair's weight asks for the first page, too.
        last.checked_sub(first).filter(|_| !is_before(features) || first == 1)
    };
    entry(a).is_some()
        && entry(a) == entry(b)
        && is_before(a) != is_before(b)
        && count(a).is_some()
        && count(a) == count(b)
        && level(Aspect::Title) == Some(Level::Same)
        && matches!(level(Aspect::Authors), Some(Level::Same | Level::Similar))
        && level(Aspect::Container) != Some(Level::Different)
        && !super::is_generic(a)
        && !super::is_generic(b)
}

/// `81a`, `s12`, `a123`: pages of supplements with abstracts. Article numbers (`e43268`) are longer.
fn is_abstract_page(page: &str) -> bool {
    let digits = page.bytes().filter(u8::is_ascii_digit).count();
    digits < page.len() && digits <= 3
}

/// Years of publication.
pub(in crate::matching) fn years(a: Years, b: Years) -> Option<Level> {
    match (a.first, b.first) {
        (0, 0) => None,
        (0, _) | (_, 0) => Some(Level::OneMissing),
        (x, y) if x == y => Some(Level::Same),
        (x, y) => {
            let gap = x.abs_diff(y);
            let one_named_by_other = a.others.contains(&y) || b.others.contains(&x);
            let decade_in_doubt = (a.uncertain || b.uncertain) && gap <= 9;
            Some(if is_within_time(a, b) || is_within_time(b, a) {
                // What names no year contradicts none.
                Level::OneMissing
            } else if one_named_by_other || decade_in_doubt {
                Level::Partial
            } else if gap == 1 {
                Level::Similar
            } else if gap == 2 {
                Level::Weak
            } else {
                Level::Different
            })
        }
    }
}

/// Whether a year lies in the time that another record names instead.
fn is_within_time(time: Years, year: Years) -> bool {
    let [from, to] = time.time;
    to > 0 && (from..=to).contains(&year.first)
}

/// Publishers, by their telling words.
pub(super) fn publisher(a: &Features, b: &Features) -> Option<Level> {
    both(&a.publisher, &b.publisher, |x, y| {
        let (wx, wy) = (publisher_words(x), publisher_words(y));
        let common = n_common(&wx, &wy, |word, other| word == other || abbreviates(word, other));
        if x == y || (common == wx.len() && common == wy.len()) {
            Level::Same
        } else if common > 0 || is_initialism(x, y) || is_initialism(y, x) {
            Level::Similar
        } else {
            Level::Different
        }
    })
}

/// Whether a publisher is named by the first letters of the other's words: `HMSO`, `DG` for `Deutsche Grammophon`.
fn is_initialism(short: &str, long: &str) -> bool {
    // `H.M.S.O.`
    let short: String = short.split(' ').collect();
    let spells = |words: &[&str]| {
        let mut letters = words.iter().filter_map(|word| word.bytes().next());
        short.bytes().all(|letter| letters.next() == Some(letter)) && letters.next().is_none()
    };
    // `PUF` leaves out little words, `FAO` does not.
    (2..=6).contains(&short.len())
        && (spells(&long.split(' ').collect::<Vec<&str>>()) || short.len() > 2 && spells(&content_words(long)))
}

fn abbreviates(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    short.len() >= 3 && long.starts_with(short) || contracts(short, long) && short.len() >= 4
}

/// Words that name no particular publisher.
pub(in crate::matching) fn publisher_words(text: &str) -> Vec<&str> {
    const EMPTY: [&str; 30] = [
        "and",
        "co",
        "company",
        "inc",
        "ltd",
        "limited",
        "verlag",
        "press",
        "publishers",
        "publishing",
        "publisher",
        "pub",
        "the",
        "sons",
        "bros",
        "brothers",
        "gmbh",
        "ag",
        "edition",
        "editions",
        "editeur",
        "books",
        "of",
        "for",
        "by",
        "dist",
        "s",
        "n",
        "und",
        "et",
    ];
    let words: Vec<&str> = text.split(' ').filter(|word| !EMPTY.contains(word)).collect();
    if words.is_empty() { text.split(' ').collect() } else { words }
}

/// Places of publication: any word in common.
pub(super) fn place(a: &Features, b: &Features) -> Option<Level> {
    both(&a.place, &b.place, |x, y| {
        let meets = x.split(' ').any(|word| word.len() > 2 && y.split(' ').any(|other| other == word));
        if meets || x == y { Level::Same } else { Level::Different }
    })
}

/// Whether two serials appeared in two towns of one name or beginning: `Springfield, Ill.` and `Springfield, Mass.`
pub(super) fn are_of_other_towns(a: &Features, b: &Features) -> bool {
    let (x, y): (Vec<&str>, Vec<&str>) = (a.place.split(' ').collect(), b.place.split(' ').collect());
    let is_short = |p: &str, q: &str| keeps_letters(p, q) || keeps_letters(q, p);
    let has_own = |x: &[&str], y: &[&str]| x.iter().any(|p| p.len() > 1 && !y.iter().any(|q| p == q || is_short(p, q)));
    let n = x.len().max(y.len());
    x[0] == y[0] && !x[0].is_empty() && n <= MAX_TOWN_WORDS && has_own(&x, &y) && has_own(&y, &x)
}

/// Most words of the name of one town.
const MAX_TOWN_WORDS: usize = 4;

/// Edition statements.
pub(super) fn edition(a: &Features, b: &Features) -> Option<Level> {
    let (x, y) = (&a.edition, &b.edition);
    match (x.text.is_empty(), y.text.is_empty()) {
        (true, true) => None,
        // A first edition mostly goes without saying.
        (true, false) if y.number == 1 => None,
        (false, true) if x.number == 1 => None,
        (true, false) | (false, true) => Some(Level::OneMissing),
        (false, false) => Some(if x.number > 0 && y.number > 0 {
            match x.number == y.number {
                // `1st ed., 4th thousand`
                true if counts_differ(&x.text, &y.text) => Level::Similar,
                true => Level::Same,
                false => Level::Different,
            }
        } else if edition_key(&x.text) == edition_key(&y.text) || is_of_one_date(&x.text, &y.text) {
            Level::Same
        } else {
            Level::Similar
        }),
    }
}

/// Whether two statements are of one year and one of them says nothing else: `[Ausg.] 1988`, `Gesamtnachführung 1988`.
fn is_of_one_date(x: &str, y: &str) -> bool {
    let (x, y) = (telling_words(x), telling_words(y));
    let is_year = |word: &String| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    let has_digit = |word: &&String| word.bytes().any(|byte| byte.is_ascii_digit());
    let is_of = |date: &[String], other: &[String]| matches!(date, [year] if is_year(year) && other.iter().filter(has_digit).eq([year]));
    is_of(&x, &y) || is_of(&y, &x)
}

/// What two edition statements without numbers have in common if [`edition`] takes them for one: the year, if they say one.
pub(in crate::matching) fn edition_class(text: &str) -> String {
    let telling = telling_words(text);
    let mut numbers = telling.iter().filter(|word| word.bytes().any(|byte| byte.is_ascii_digit()));
    match (numbers.next(), numbers.next()) {
        (Some(year), None) => year.clone(),
        _ => edition_key(text),
    }
}

/// Whether two statements of one edition count something else in it, and not alike: its thousands, its printings.
fn counts_differ(x: &str, y: &str) -> bool {
    let counts = |text: &'_ str| -> Vec<String> {
        text.split(' ').filter(|word| word.starts_with(|c: char| c.is_ascii_digit())).map(str::to_owned).collect()
    };
    let (x, y) = (counts(x), counts(y));
    x.len() > 1 && y.len() > 1 && x != y
}

/// Words that every edition statement has, folded and without what tells editions apart. Sorted.
pub(super) const EDITION_WORDS: [&str; 31] = [
    "and",
    "aufl",
    "auflage",
    "ausg",
    "ausgabe",
    "by",
    "das",
    "de",
    "der",
    "die",
    "dr",
    "druk",
    "ed",
    "edicion",
    "editio",
    "edition",
    "edizione",
    "et",
    "herausg",
    "impr",
    "impression",
    "issue",
    "izd",
    "la",
    "of",
    "print",
    "printing",
    "the",
    "udg",
    "uppl",
    "wyd",
];

/// Whether two edition statements, one of them without a number, have each a word that the other lacks (`Ausg. für Bayern`,
/// `Ausg. für Hessen`), or none in common that says something: `Abridged` and `Unabridged`, `Ausg. A` and `Ausg. B`.
pub(super) fn are_other_editions(a: &Features, b: &Features) -> bool {
    let (x, y) = (telling_words(&a.edition.text), telling_words(&b.edition.text));
    // `Rev.` stands for `Revised`.
    let is_like = |p: &String, q: &String| p.starts_with(q.as_str()) || q.starts_with(p.as_str());
    let lacks =
        |p: &[String], q: &[String]| p.iter().any(|word| word.len() > 3 && !q.iter().any(|other| is_like(word, other)));
    // `Sekundarstufe I`, `Sekundarstufe II`: counted, but no edition.
    let counts = |words: &[String]| -> Vec<u32> { words.iter().filter_map(|word| roman_numeral(word)).collect() };
    let (n_x, n_y) = (counts(&x), counts(&y));
    lacks(&x, &y) && lacks(&y, &x)
        || !n_x.is_empty() && !n_y.is_empty() && n_x != n_y
        || !x.is_empty() && !y.is_empty() && !x.iter().any(|p| y.iter().any(|q| is_like(p, q)))
}

/// Words of an edition statement that not every one has, in one form each.
fn telling_words(text: &str) -> Vec<String> {
    let words = text.split(' ').filter(|word| !word.is_empty() && EDITION_WORDS.binary_search(word).is_err());
    let in_one_form = words.map(|word| match word {
        "pbk" | "taschenbuchausgabe" | "taschenbuchausg" | "taschenbuch" => "paperback",
        "nachdr" | "nachdruck" | "repr" | "reprinted" | "reimpr" | "neudr" | "neudruck" => "reprint",
        "neuaufl" | "neuauflage" | "neuausg" | "neuausgabe" | "new" | "nouv" | "nouvelle" | "nueva" | "nuova" => "neue",
        word => word,
    });
    in_one_form.map(str::to_owned).collect()
}

/// What two edition statements without numbers have in common if they are one: their telling words, if they have any.
pub(in crate::matching) fn edition_key(text: &str) -> String {
    let mut telling = telling_words(text);
    telling.sort_unstable();
    if telling.is_empty() { squeezed(text) } else { telling.join(" ") }
}

/// Extents: pages first, then volumes, then minutes.
pub(in crate::matching) fn extent_level(x: Extent, y: Extent) -> Option<Level> {
    let counts = |e: Extent| e.pages > 0 || e.volumes > 0 || e.minutes > 0;
    let number = |p: u32, q: u32| (p > 0 && q > 0).then(|| count_level(p, q));
    let pages = number(x.pages, y.pages).map(|level| match level {
        // Other preliminary pages mostly mean another printing.
        Level::Same if x.front > 0 && y.front > 0 && x.front != y.front => Level::Close,
        level => level,
    });
    let volumes = number(x.volumes, y.volumes).map(|level| if level == Level::Same { level } else { Level::Weak });
    // Films play 4 % faster as PAL video than in the cinema, and catalogues have either time.
    let minutes = number(x.minutes, y.minutes).map(|level| match level {
        Level::Partial if x.minutes.abs_diff(y.minutes).saturating_mul(20) <= x.minutes.min(y.minutes) => {
            Level::Similar
        }
        level => level,
    });
    // Of one recording there are boxes of two discs and of three.
    let discs = (x.discs > 0 && y.discs > 0 && x.discs != y.discs && pages.is_none()).then_some(Level::Different);
    let levels = [pages, volumes, discs, minutes];
    let level = levels.into_iter().flatten().next();
    level.or_else(|| (counts(x) || counts(y)).then_some(Level::OneMissing))
}

/// Heights in centimetres, which cataloguers round up.
pub(in crate::matching) fn height_level(a: Extent, b: Extent) -> Option<Level> {
    let (x, y) = (a.height, b.height);
    (x > 0 && y > 0).then(|| match x.abs_diff(y) {
        0 | 1 => Level::Same,
        2 => Level::Similar,
        _ => Level::Different,
    })
}

/// Series of one name with their numbers; `None` unless both name it.
pub(super) fn series(a: &Features, b: &Features) -> Option<Level> {
    let (x, y) = (&a.series, &b.series);
    if x.name.is_empty() || y.name.is_empty() {
        return None;
    }
    let one_name = squeezed(&x.name) == squeezed(&y.name) || word_share(&x.name, &y.name) >= 0.6;
    match (x.number, y.number) {
        _ if !one_name => Some(Level::Weak),
        (0, _) | (_, 0) => Some(Level::Similar),
        (m, n) if m != n => Some(Level::Different),
        _ if squeezed(&x.name) == squeezed(&y.name) => Some(Level::Same),
        // `Karte der Schweiz, Grundlagen` and `Karte der Schweiz, Revisionsakten`: two parts of one series.
        _ if has_own_word(&x.name, &y.name) && has_own_word(&y.name, &x.name) => Some(Level::Weak),
        _ => Some(Level::Similar),
    }
}

/// Whether the series of two sheets of maps are named in other words, be it on one side only: `Karte der Schweiz`, `Karte der
/// Schweiz, Kupferplatten`. The series is where maps say which state of the plate they show.
pub(super) fn are_other_map_series(a: &Features, b: &Features) -> bool {
    let (x, y) = (&*a.series.name, &*b.series.name);
    let are_maps = a.classes.meets(Classes::MAP) && b.classes.meets(Classes::MAP);
    are_maps && !x.is_empty() && !y.is_empty() && (has_own_word(x, y) || has_own_word(y, x))
}

/// Whether a word of one of these series says which state of a sheet is shown, and the other has it not.
pub(super) fn are_other_states(a: &Features, b: &Features) -> bool {
    const STATES: [&str; 6] = ["grundlag", "kupferplatt", "nachfuhr", "original", "probedruck", "revision"];
    let names_state = |x: &str, y: &str| {
        let is_state = |word: &&&str| STATES.iter().any(|state| word.starts_with(state));
        content_words(x).iter().filter(is_state).any(|word| !y.split(' ').any(|other| other == *word))
    };
    are_other_map_series(a, b)
        && (names_state(&a.series.name, &b.series.name) || names_state(&b.series.name, &a.series.name))
}

/// Whether a word of `x` is not in `y`, nor begins one there or is begun by one, as abbreviations are.
fn has_own_word(x: &str, y: &str) -> bool {
    let is_one = |word: &str, other: &str| word.starts_with(other) || other.starts_with(word);
    content_words(x).iter().any(|word| !y.split(' ').any(|other| is_one(word, other)))
}

/// Counts of pages differ by cataloguing practice: last numbered page, plates, preliminaries.
fn count_level(a: u32, b: u32) -> Level {
    match a.abs_diff(b) {
        0 => Level::Same,
        gap if gap <= 2 || gap.saturating_mul(50) <= a.min(b) => Level::Similar,
        gap if gap <= 10 => Level::Partial,
        _ => Level::Different,
    }
}

/// Identifiers of a kind: shared, or both present without one in common.
pub(super) fn identifiers(a: &Features, b: &Features, kinds: &[IdKind]) -> Option<Level> {
    let mut clash = false;
    let mut one_missing = false;
    for &kind in kinds {
        let (n_a, n_b) = (a.identifiers_of(kind).count(), b.identifiers_of(kind).count());
        if n_a > 0 && n_b > 0 {
            if shares(a, b, kind) {
                return Some(Level::Same);
            }
            clash = true;
        } else if n_a + n_b > 0 {
            one_missing = true;
        }
    }
    if clash { Some(Level::Different) } else { one_missing.then_some(Level::OneMissing) }
}

fn shares(a: &Features, b: &Features, kind: IdKind) -> bool {
    a.identifiers_of(kind).any(|hash| b.identifiers_of(kind).any(|other| other == hash))
}

fn both(a: &str, b: &str, level: impl Fn(&str, &str) -> Level) -> Option<Level> {
    match (a.is_empty(), b.is_empty()) {
        (true, true) => None,
        (false, false) => Some(level(a, b)),
        _ => Some(Level::OneMissing),
    }
}

fn squeezed(text: &str) -> String {
    text.split(' ').filter(|word| !LEFT_OUT.contains(word)).collect()
}

/// Number of words with a counterpart on the other side; counted from both, for one may repeat its words.
pub(super) fn n_common(a: &[&str], b: &[&str], meets: impl Fn(&str, &str) -> bool) -> usize {
    let of_a = a.iter().filter(|word| b.iter().any(|other| meets(word, other))).count();
    let of_b = b.iter().filter(|word| a.iter().any(|other| meets(other, word))).count();
    of_a.min(of_b)
}

fn word_share(a: &str, b: &str) -> f64 {
    let (wa, wb) = (content_words(a), content_words(b));
    let common = n_common(&wa, &wb, |word, other| word == other);
    2.0 * common as f64 / (wa.len() + wb.len()).max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Parser;
    use crate::keys::material::{Edition, Series};
    use crate::keys::text::fold;

    #[test]
    fn towns_of_one_name_are_told_apart() {
        let at = |place: &str| Features { place: crate::keys::text::fold(place).into(), ..Features::default() };
        for (a, b, expected) in [
            ("Springfield, Ill.", "Springfield, Mass.", true),
            ("Frankfurt am Main", "Frankfurt (Oder)", true),
            ("Springfield, Ill.", "Springfield, Illinois", false),
            ("Springfield", "Springfield, Mass.", false),
            ("London", "Paris", false),
            ("", "", false),
        ] {
            assert_eq!(are_of_other_towns(&at(a), &at(b)), expected, "{a} / {b}");
            assert_eq!(are_of_other_towns(&at(b), &at(a)), expected, "{b} / {a}");
        }
    }

    #[test]
    fn meetings_and_entries_of_registers_are_told_by_their_numbers() {
        let of = |host: &str, year: u16| Features {
            container: fold(host).into(),
            years: Years { first: year, ..Years::default() },
            ..Features::default()
        };
        let are_successive = |x: (&str, u16), y: (&str, u16)| are_successive_meetings(&of(x.0, x.1), &of(y.0, y.1));
        assert!(are_successive(("Proceedings of the 51st Eel Congress", 2018), ("Proc. 52nd Eel Congress", 2019)));
        assert!(are_successive(("Seventh Eel Congress", 1990), ("Proceedings of the 5th Eel Congress", 1988)));
        // A citation with a wrong number.
        assert!(!are_successive(("Proceedings of the 51st Eel Congress", 2018), ("Proc. 52nd Eel Congress", 2018)));
        assert!(!are_successive(("Proceedings of the Eel Congress", 2018), ("Proc. 52nd Eel Congress", 2019)));
        let differ = |x: &str, y: &str| registrations_differ(&of(x, 0), &of(y, 0));
        let trial = "https://clinicaltrials.gov/show/NCT01276821";
        assert!(differ(trial, "https://clinicaltrials.gov/show/NCT01488448"));
        assert!(!differ(trial, "ClinicalTrials.gov NCT01276821"));
        assert!(!differ(trial, "http://www.chictr.org/TrialID=ChiCTR-IOR-15005001"), "a trial may be in two registers");
        assert!(differ("TrialID=ChiCTR-IOR-15005001", "TrialID=ChiCTR-IOR-16008002"));
        assert!(differ("US Patent 6,578,032,", "US Patent 6,611,844,"));
        assert!(!differ("US Patent 6,578,032,", "US Patent No 6578032, 2003"));
        assert!(!differ("Patent news 12", "Patent news 13"));
    }

    #[test]
    fn thousands_of_an_edition_are_no_other_edition() {
        let of = |statement: &str| {
            let json = format!(r#"{{"id":"a","format":["Book"],"edition":"{statement}"}}"#);
            Parser::default().parse(json.as_bytes(), Features::of).expect("a record")
        };
        let level = |x: &str, y: &str| edition(&of(x), &of(y));
        assert_eq!(level("1st ed., 4th thousand", "1st ed., 1st thousand"), Some(Level::Similar));
        assert_eq!(level("1st ed.", "1st ed., 1st thousand"), Some(Level::Same));
        assert_eq!(level("2nd ed., 1st thousand", "1st ed., 1st thousand"), Some(Level::Different));
        assert_eq!(level("Neue Ausg.", "Nouvelle éd."), Some(Level::Same));
        assert_eq!(level("Neuausgabe", "Neue gekürzte Ausg."), Some(Level::Similar));
        assert_eq!(level("[Ausg.] 1988", "Gesamtnachführung 1988"), Some(Level::Same));
        assert_eq!(level("[Ausg.] 1988", "Gesamtnachführung 1994"), Some(Level::Similar));
        assert_eq!(level("Nachträge 1988", "Gesamtnachführung 1988"), Some(Level::Similar));
    }

    #[test]
    fn films_play_faster_as_video() {
        let of = |minutes: u32| Extent { minutes, ..Extent::default() };
        assert_eq!(extent_level(of(86), of(82)), Some(Level::Similar));
        assert_eq!(extent_level(of(113), of(109)), Some(Level::Similar));
        assert_eq!(extent_level(of(113), of(104)), Some(Level::Partial));
        assert_eq!(extent_level(of(113), of(113)), Some(Level::Same));
        let discs = |discs: u32, minutes: u32| Extent { discs, minutes, ..Extent::default() };
        assert_eq!(extent_level(discs(2, 113), discs(3, 113)), Some(Level::Different));
        assert_eq!(extent_level(discs(2, 113), discs(2, 0)), Some(Level::OneMissing));
        let with_book = |discs: u32| Extent { pages: 212, discs, ..Extent::default() };
        assert_eq!(extent_level(with_book(1), with_book(2)), Some(Level::Same));
    }

    #[test]
    fn abstracts_of_a_meeting_are_another_kind_of_host() {
        let abstracts = "annual meeting of the society of testing abstracts";
        assert!(kinds_differ(abstracts, "trials") && kinds_differ("gut", abstracts));
        assert!(!kinds_differ(abstracts, "proc annu meet soc test") && !kinds_differ("chemical abstracts", "trials"));
        assert!(!kinds_differ(abstracts, ""));
    }

    #[test]
    fn journals_are_known_by_their_abbreviations() {
        let level = |a: &str, b: &str| {
            let of = |text: &str| Features { container: text.into(), ..Features::default() };
            container(&of(a), &of(b))
        };
        assert_eq!(level("digit health", "digital health"), Some(Level::Shortened));
        assert_eq!(level("j clin oncol", "journal of clinical oncology"), Some(Level::Shortened));
        assert_eq!(level("vldb", "very large data bases"), Some(Level::Similar));
        assert_eq!(
            level("vldb", "proceedings of the 22nd international conference on very large databases"),
            Some(Level::Similar)
        );
        assert_eq!(level("vldb j", "proceedings of the conference on very large data bases"), Some(Level::Different));
        assert_eq!(level("journal of digital studies", "workshop of digital studies"), Some(Level::Different));
        assert_eq!(level("vldb", "proc ofvldb"), Some(Level::Similar), "run on");
        assert_eq!(level("sigmod conference", "sigmod record"), Some(Level::Similar), "a group and its newsletter");
        assert_eq!(level("vldb", "proceedings of the 22nd international conference on very"), Some(Level::OneMissing));
        assert_eq!(level("cancer", "the cancer"), Some(Level::Same));
        for (short, long) in [
            ("tidsskr nor laegeforen", "tidsskrift for den norske laegeforening"),
            ("ned tijdschr geneeskd", "nederlands tijdschrift voor geneeskunde"),
            ("pneumonol alergol pol", "pneumonologia i alergologia polska"),
            ("g ital med lav ergon", "giornale italiano di medicina del lavoro ed ergonomia"),
            ("ann fr anesth reanim", "annales francaises danesthesie et de reanimation"),
            ("int j gynaecol obstet", "international journal of gynecology and obstetrics"),
        ] {
            assert_eq!(level(short, long), Some(Level::Shortened), "{short}");
        }
        assert_eq!(level("bmj", "british medical journal clinical research ed"), Some(Level::Similar));
        assert_eq!(level("qjm an international journal of medicine", "q j med"), Some(Level::Similar));
        assert_eq!(level("bmj", "british medical bulletin"), Some(Level::Different));
        // A letter at the end names a section.
        assert_eq!(level("phys rev e", "physical review d"), Some(Level::Different));
        assert_eq!(level("cancer", "gut"), Some(Level::Different));
        assert_eq!(level("cancer", ""), Some(Level::OneMissing));
        assert_eq!(level("", ""), None);
    }

    #[test]
    fn publishers_are_known_by_their_initials() {
        let level = |a: &str, b: &str| {
            let of = |text: &str| Features { publisher: text.into(), ..Features::default() };
            publisher(&of(a), &of(b))
        };
        assert_eq!(level("dg", "deutsche grammophon"), Some(Level::Similar));
        assert_eq!(level("hmso", "her majestys stationery office"), Some(Level::Similar));
        assert_eq!(level("dg", "decca"), Some(Level::Different));
    }

    #[test]
    fn states_of_maps_are_named_by_their_series() {
        let sheet =
            |series: &str| Features { series: Series::parse(series), classes: Classes::MAP, ..Features::default() };
        let plain = sheet("Topographische Karte der Schweiz Bl. 23");
        assert!(are_other_map_series(&plain, &sheet("Topographische Karte der Schweiz, Kupferplatten Bl. 23")));
        assert!(!are_other_map_series(&plain, &sheet("Topogr. Karte der Schweiz ; 23")));
        assert!(!are_other_map_series(&plain, &sheet("")));
        assert!(are_other_states(&plain, &sheet("Topographische Karte der Schweiz, Kupferplatten Bl. 23")));
        assert!(!are_other_states(&plain, &sheet("Carte topographique de la Suisse Bl. 23")), "in another language");
    }

    #[test]
    fn stages_of_schools_are_other_editions() {
        let of = |statement: &str| Features { edition: Edition::parse(statement), ..Features::default() };
        assert!(are_other_editions(&of("Sekundarstufe I"), &of("Sekundarstufe II")));
        assert!(!are_other_editions(&of("Sekundarstufe I"), &of("Sekundarstufe I")));
        assert!(!are_other_editions(&of("Sekundarstufe I"), &of("Sekundarstufe")));
    }

    #[test]
    fn years_allow_for_doubt() {
        let year = |first: u16| Years { first, ..Years::default() };
        assert_eq!(years(year(1999), year(1999)), Some(Level::Same));
        assert_eq!(years(year(1999), year(2000)), Some(Level::Similar));
        assert_eq!(years(year(1999), year(2009)), Some(Level::Different));
        assert_eq!(years(Years { first: 1980, uncertain: true, ..Years::default() }, year(1985)), Some(Level::Partial));
        assert_eq!(
            years(Years { first: 1985, others: [1984, 0, 0], ..Years::default() }, year(1984)),
            Some(Level::Partial)
        );
    }
}
