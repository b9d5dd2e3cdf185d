//! What the full title says beyond the title: a part that no punctuation marks, who took part, and the occasion.
//!
//! VuFind's `title` ends before 245 $n, $p and $c, and exports lose the punctuation between these. A reader of the card
//! tells two exhibitions, two readings of one novel, and two arrangements by what stands there and by nothing else.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::input::{Field, Record};

use super::borrowed::Text;
use super::numbers::is_designation;
use super::part::{opens_responsibility, tail_after};
use super::person::Person;
use super::seek::{Beginnings, words};
use super::text::{fold, is_little, repair_mojibake, without_any_markup};
use super::title::{without_designation, without_qualifiers};
use super::word_filter::WordFilter;

/// What a record's full title has beyond its title; empty parts are not said. Texts are folded.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
pub struct Statements<'a> {
    /// The words right after the title that neither punctuation nor a word marks as a statement of responsibility: the name
    /// of a part (`… 1981 Bihar`), mostly.
    pub opening: Text<'a>,
    /// Whether the statement of responsibility names the record's first person.
    pub is_signed: bool,
    /// Who took part, and how.
    pub contributions: Vec<Contribution<'a>>,
    /// Where and by whom an exhibition or auction was held: the words beside those.
    pub occasion: Text<'a>,
    /// Days named beyond the title: 100 · month + day.
    pub days: Vec<u16>,
}

/// How somebody took part in what is not a text alone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[repr(u8)]
pub enum Role {
    /// Reads a text aloud.
    Reader,
    /// Conducts.
    Conductor,
    /// Arranged the music.
    Arranger,
    /// No person: what the music was arranged for.
    ArrangedFor,
    /// No person: other words were put to a film.
    Dubbing,
}

/// A statement of one role.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
pub struct Contribution<'a> {
    /// What was done.
    pub role: Role,
    /// The other words of the statement.
    pub words: Text<'a>,
}

impl Statements<'_> {
    /// The statements of a record with these persons and bodies.
    pub fn of(record: &Record<'_>, persons: &[Person<'_>], bodies: &[Text<'_>]) -> Statements<'static> {
        let filled = |field| record.filled(field).unwrap_or_default();
        let (full, title) = (filled(Field::TitleFull), filled(Field::Title));
        if title.is_empty() || full.len() > MAX_FULL_TITLE || full.len() < title.len() + MIN_TAIL {
            return Statements::default();
        }
        let [full, title, short] = [full, title, filled(Field::TitleShort)].map(mended);
        let sub = record.filled(Field::TitleSub).map(mended);
        let full = without_qualifiers(&full);
        let tail = tail_after(&full, &title, &short, sub.as_deref());
        if tail.len() < MIN_TAIL { Statements::default() } else { Statements::in_tail(tail, persons, bodies) }
    }

    /// The statements of what follows a title.
    fn in_tail(tail: &str, persons: &[Person<'_>], bodies: &[Text<'_>]) -> Statements<'static> {
        let tail = &*without_any_markup(tail);
        let folded = fold(tail);
        let words: Vec<&str> = words(&folded).collect();
        let is_signed = persons.first().is_some_and(|person| {
            let mut families = person.family.split(' ').filter(|name| name.len() >= MIN_NAME);
            families.any(|name| words.contains(&name))
        });
        let segments: Vec<String> = tail.split(['/', ';']).map(fold).filter(|segment| !segment.is_empty()).collect();
        let contributions = segments.iter().filter_map(|segment| contribution(segment)).collect();
        let occasion = segments.iter().find_map(|segment| occasion(segment)).unwrap_or_default();
        let opening = opening(tail, persons, bodies).unwrap_or_default().into();
        Statements { opening, is_signed, contributions, occasion: occasion.into(), days: days(&words) }
    }
}

/// Bytes of a full title that may be one; longer ones are texts in the wrong field.
const MAX_FULL_TITLE: usize = 4000;
/// Bytes of a tail that says something.
const MIN_TAIL: usize = 4;
/// Letters of a family name that is looked for in a statement.
const MIN_NAME: usize = 3;
/// Words that say who did what, beside those of a statement of responsibility, folded.
const DEEDS: [&str; 37] = [
    "arr",
    "bearb",
    "bearbeitet",
    "buch",
    "catalogue",
    "composed",
    "con",
    "conductor",
    "directed",
    "director",
    "dirigent",
    "ein",
    "film",
    "gelesen",
    "ill",
    "introd",
    "katalog",
    "libretto",
    "mit",
    "music",
    "musik",
    "nach",
    "narrated",
    "read",
    "reader",
    "red",
    "redaktion",
    "regia",
    "regie",
    "rev",
    "text",
    "texte",
    "trad",
    "ubers",
    "ubersetzt",
    "un",
    "vorwort",
];

/// Words for bodies, which sign, too, folded.
const BODIES: [&str; 18] = [
    "academy",
    "akademie",
    "association",
    "associations",
    "bundesamt",
    "commission",
    "committee",
    "department",
    "federation",
    "gesellschaft",
    "institut",
    "institute",
    "ministry",
    "office",
    "society",
    "universitat",
    "university",
    "verein",
];

/// Words of an opening that is still a name: more are a sentence.
const MAX_OPENING: usize = 6;

/// The words with which a tail opens, up to whatever marks a statement of responsibility; none if the tail is marked as a
/// whole, or is a sentence.
fn opening(tail: &str, persons: &[Person<'_>], bodies: &[Text<'_>]) -> Option<String> {
    if !tail.trim_start().starts_with(char::is_alphanumeric) {
        return None;
    }
    let is_name = |word: &str| {
        let of_person = |person: &Person<'_>| {
            let mut names = person.family.split(' ').chain(person.given.split(' '));
            names.any(|name| name == word && name.len() >= MIN_NAME)
        };
        persons.iter().any(of_person)
            || bodies.iter().any(|body| body.split(' ').any(|part| part == word && !is_little(part)))
    };
    let mut words: Vec<String> = Vec::new();
    for raw in tail.split_whitespace() {
        let folded = fold(raw);
        // `W.A. Mozart`, `Edwin J. Hart`: names that the record does not list.
        if is_initials(raw) && !is_designation(&folded) || BODIES.contains(&folded.as_str()) {
            return None;
        }
        // `Regie: …`
        let ends = raw.starts_with(['/', '[', '(', ';', '='])
            || raw.contains("..")
            || raw.contains('\u{2026}')
            || raw.ends_with(':');
        if ends || is_name(&folded) || DEEDS.contains(&folded.as_str()) || opens_responsibility(&folded) {
            break;
        }
        if words.len() == MAX_OPENING {
            return None;
        }
        if !folded.is_empty() {
            words.push(folded);
        }
        if raw.ends_with(';') {
            break;
        }
    }
    while words.last().is_some_and(|word| is_little(word) && word.len() > 1) {
        words.pop();
    }
    let opening = words.join(" ");
    let opening = without_designation(&opening);
    // Years and letters are what is left of imprints; two letters are a span of the alphabet.
    let is_telling = opening.split(' ').any(|word| word.len() > 2 || is_designation(word));
    let is_span = opening.split(' ').count() == 2;
    (is_telling || is_span).then(|| opening.to_owned())
}

/// Whether a word is one initial or several: `J.`, `W.A.`
fn is_initials(raw: &str) -> bool {
    let mut letters = raw.trim_end_matches(',').chars();
    raw.contains('.')
        && std::iter::from_fn(|| letters.next())
            .enumerate()
            .all(|(at, c)| if at % 2 == 0 { c.is_uppercase() } else { c == '.' })
}

/// The text in the right encoding, as titles are read: what follows a title is found only if both are mended.
fn mended(text: &str) -> Cow<'_, str> {
    repair_mojibake(text).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// Marks of roles in folded statements, the longer before what they begin with.
const ROLES: [(&str, Role); 40] = [
    ("arranged for", Role::ArrangedFor),
    ("arr for", Role::ArrangedFor),
    ("transcribed for", Role::ArrangedFor),
    ("bearbeitet fur", Role::ArrangedFor),
    ("bearb fur", Role::ArrangedFor),
    ("eingerichtet fur", Role::ArrangedFor),
    ("arrangement pour", Role::ArrangedFor),
    ("arrange pour", Role::ArrangedFor),
    ("arr pour", Role::ArrangedFor),
    ("transcription pour", Role::ArrangedFor),
    ("trascrizione per", Role::ArrangedFor),
    ("arranged by", Role::Arranger),
    ("arr by", Role::Arranger),
    ("bearbeitet von", Role::Arranger),
    ("bearb von", Role::Arranger),
    ("arr", Role::Arranger),
    ("narrated by", Role::Reader),
    ("read by", Role::Reader),
    ("performed by", Role::Reader),
    ("narrator", Role::Reader),
    ("reader", Role::Reader),
    ("gelesen von", Role::Reader),
    ("sprecher", Role::Reader),
    ("sprecherin", Role::Reader),
    ("lu par", Role::Reader),
    ("lue par", Role::Reader),
    ("lus par", Role::Reader),
    ("letto da", Role::Reader),
    ("leido por", Role::Reader),
    ("narrado por", Role::Reader),
    ("conducted by", Role::Conductor),
    ("conductor", Role::Conductor),
    ("dirigent", Role::Conductor),
    ("dirigiert von", Role::Conductor),
    ("chef d orchestre", Role::Conductor),
    ("direttore d orchestra", Role::Conductor),
    ("synchronfassung", Role::Dubbing),
    ("synchronisierte fassung", Role::Dubbing),
    ("dubbed", Role::Dubbing),
    ("version doublee", Role::Dubbing),
];

/// The role that a folded statement names, with the words after its mark, or before it if none follow (`Karl Ott, conductor`).
fn contribution(segment: &str) -> Option<Contribution<'static>> {
    let beginnings = Beginnings::of(segment);
    static STARTS: [Beginnings; ROLES.len()] = Beginnings::of_names(&ROLES);
    let mut marks = ROLES.iter().zip(STARTS).filter(|(_, start)| beginnings.may_meet(*start));
    let (at, mark, role) = marks.find_map(|(&(mark, role), _)| Some((place_of(segment, mark)?, mark, role)))?;
    let (before, after) = (segment[..at].trim(), segment[at + mark.len()..].trim());
    let words = if after.is_empty() { before } else { after };
    Some(Contribution { role, words: words.into() })
}

/// Where whole words stand in a folded text.
fn place_of(text: &str, words: &str) -> Option<usize> {
    let is_end = |at: usize| text.as_bytes().get(at).is_none_or(|&byte| byte == b' ');
    let starts = memchr::memchr_iter(b' ', text.as_bytes()).map(|at| at + 1);
    let mut starts = std::iter::once(0).chain(starts);
    starts.find(|&at| text[at..].starts_with(words) && is_end(at + words.len()))
}

/// The words of a folded statement that says that something was shown or sold, without those that every one has.
fn occasion(segment: &str) -> Option<String> {
    const MARKS: [&str; 12] = [
        "exhibition",
        "ausstellung",
        "exposition",
        "exposicion",
        "exhibit",
        "mostra",
        "tentoonstelling",
        "utstallning",
        "udstilling",
        "auction",
        "auktion",
        "versteigerung",
    ];
    const COMMON: [&str; 16] = [
        "catalogue",
        "catalog",
        "katalog",
        "held",
        "be",
        "sold",
        "sale",
        "public",
        "organized",
        "organised",
        "im",
        "vom",
        "bis",
        "zum",
        "zur",
        "au",
    ];
    static FILTER: WordFilter = WordFilter::of(&MARKS);
    words(segment).any(|word| FILTER.may_have(word) && MARKS.contains(&word)).then(|| {
        let is_telling = |word: &&str| {
            word.len() > 2
                && !MARKS.contains(word)
                && !COMMON.contains(word)
                && !is_little(word)
                && month(word).is_none()
                && !word.as_bytes()[0].is_ascii_digit()
        };
        words(segment).filter(is_telling).collect::<Vec<&str>>().join(" ")
    })
}

/// Days of a month: `June 12`, `12. Juni`, `12 juin`.
fn days(words: &[&str]) -> Vec<u16> {
    let day = |word: &str| word.parse::<u16>().ok().filter(|day| (1..=31).contains(day));
    let mut days: Vec<u16> = Vec::new();
    if !words.iter().any(|word| day(word).is_some()) {
        return days;
    }
    for (at, word) in words.iter().enumerate() {
        let Some(month) = month(word) else { continue };
        let before = at.checked_sub(1).and_then(|before| day(words[before]));
        let after = words.get(at + 1).and_then(|next| day(next));
        days.extend(before.or(after).map(|day| 100 * month + day));
    }
    days.sort_unstable();
    days.dedup();
    days
}

/// The month that a folded word names in English, German, French, Italian or Spanish.
fn month(word: &str) -> Option<u16> {
    const MONTHS: [&[&str]; 12] = [
        &["january", "januar", "janner", "janvier", "gennaio", "enero", "jan"],
        &["february", "februar", "fevrier", "febbraio", "febrero", "feb"],
        &["march", "marz", "mars", "marzo", "mar"],
        &["april", "avril", "aprile", "abril", "apr"],
        &["may", "mai", "maggio", "mayo"],
        &["june", "juni", "juin", "giugno", "junio", "jun"],
        &["july", "juli", "juillet", "luglio", "julio", "jul"],
        &["august", "aout", "agosto", "aug"],
        &["september", "septembre", "settembre", "septiembre", "sept", "sep"],
        &["october", "oktober", "octobre", "ottobre", "octubre", "oct", "okt"],
        &["november", "novembre", "noviembre", "nov"],
        &["december", "dezember", "decembre", "dicembre", "diciembre", "dec", "dez"],
    ];
    MONTHS.iter().position(|names| names.contains(&word)).map(|at| at as u16 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Parser;

    fn of(full: &str, title: &str, person: &str) -> Statements<'static> {
        let json = format!(r#"{{"id":"a","title":"{title}","title_full":"{full}"}}"#);
        let persons = Person::parse_all(person);
        let read = |record: &Record<'_>| Statements::of(record, &persons, &[]);
        Parser::default().parse(json.as_bytes(), read).expect("a record")
    }

    #[test]
    fn parts_without_punctuation_are_found() {
        let opening = |full: &str, title: &str| of(full, title, "Guicciardi, Raffaella").opening.to_string();
        assert_eq!(opening("Census of population 1981 Bihar", "Census of population 1981"), "bihar");
        assert_eq!(
            opening("La mezzadria Gli archivi notarili di R. Guicciardi", "La mezzadria"),
            "gli archivi notarili"
        );
        assert_eq!(opening("Dictionnaire A-B par Luc Ott", "Dictionnaire"), "a b");
        assert_eq!(opening("Histoire T. 2 S-Z par Luc Ott", "Histoire"), "t 2 s z");
        for full in [
            "La mezzadria Raffaella Guicciardi",
            "La mezzadria / Guicciardi",
            "La mezzadria von R. Guicciardi",
            "La mezzadria ein Film von Luc Ott",
            "La mezzadria Filmmaterial Regie: Luc Ott",
            "La mezzadria Katalog: Luc Ott",
            "La mezzadria L.A. Ott",
            "La mezzadria Edwin J. Hart, conference chairman",
            "La mezzadria Federation of African Dental Associations",
            "La mezzadria the second edition of what the author had said before him",
        ] {
            assert_eq!(opening(full, "La mezzadria"), "", "{full}");
        }
    }

    #[test]
    fn roles_are_read_before_and_after_their_mark() {
        let read = |tail: &str| -> Vec<(Role, String)> {
            let found = of(&format!("Emma / Jane Austen ; {tail}"), "Emma", "Austen, Jane");
            found.contributions.iter().map(|c| (c.role, c.words.to_string())).collect()
        };
        assert_eq!(read("narrated by Ida Brand."), [(Role::Reader, "ida brand".into())]);
        assert_eq!(read("Karl Ott, conductor."), [(Role::Conductor, "karl ott".into())]);
        assert_eq!(read("LSO, conductor Karl Ott"), [(Role::Conductor, "karl ott".into())]);
        assert_eq!(read("arranged for two guitars."), [(Role::ArrangedFor, "two guitars".into())]);
        assert_eq!(read("arr.: Carlo Balmelli"), [(Role::Arranger, "carlo balmelli".into())]);
        assert_eq!(read("with an introduction by Ida Brand"), []);
    }

    #[test]
    fn occasions_are_read_with_their_days() {
        let found = of("Celtic jewellery / exhibition, Kunsthalle Basel, 12. Juni 1971", "Celtic jewellery", "");
        assert_eq!((&*found.occasion, &found.days[..]), ("kunsthalle basel", &[612][..]));
        let found = of("Clocks / to be sold by auction on December 4, 1998.", "Clocks", "");
        assert_eq!((&*found.occasion, &found.days[..]), ("", &[1204][..]));
        assert_eq!(of("Clocks / by May 12 and others", "Clocks", "").occasion, "".into());
    }

    #[test]
    fn a_signature_is_that_of_the_first_person() {
        assert!(of("Microbiology / by P. Fothergill", "Microbiology", "Fothergill, Patricia").is_signed);
        assert!(!of("The Diothas / by Ismar Thiusen", "The Diothas", "Macnie, John").is_signed);
        assert!(!of("Microbiology", "Microbiology", "Fothergill, Patricia").is_signed);
    }
}
