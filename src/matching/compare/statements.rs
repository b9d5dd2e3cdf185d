//! Doubts about records that agree in title and makers, by what the full titles say beyond: two parts, two exhibitions, two
//! readings, two arrangements, two people's books of one title.
//!
//! Each is a doubt, never more: only what both records say is compared, and one may say it in other words.

use crate::keys::material::Classes;
use crate::keys::numbers::is_designation;
use crate::keys::person::Person;
use crate::keys::statements::{Contribution, Role};
use crate::keys::text::is_little;
use crate::keys::{Features, Text};

use super::super::evidence::{Aspect, Comparison, Kind, Level};
use super::authors::{compare_bodies, compare_persons};
use super::host::EDITION_WORDS;
use super::title::{WordCounts, content_words, is_misspelling};
use super::told_of_part;

/// Whether the full titles go on in other words, take part in other hands, or name another occasion.
pub(super) fn differ(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    if comparison.kind.is_component() {
        return false;
    }
    openings_differ(a, b)
        || occasions_differ(a, b)
        || comparison.kind == Kind::Serial && (names_section(a, b) || names_section(b, a))
        || comparison.kind == Kind::Media && (contributions_differ(a, b, comparison) || performers_differ(a, b))
}

/// Whether each record has words of its own beyond the title, where one at least is not marked as a part: `… 1981 Bihar`, `…
/// 1981 Orissa`; `Dictionnaire. Lab-Mar`, `Dictionnaire Mas-Nor`. Parts that are marked on both sides are compared as such.
fn openings_differ(a: &Features, b: &Features) -> bool {
    let (x, y) = (&*a.statements.opening, &*b.statements.opening);
    if x.is_empty() && y.is_empty() || x == y {
        return false;
    }
    let title = |f: &Features| told_of_part(&f.title.with_part());
    let (said_a, said_b) = ([title(a), told_of_part(x)], [title(b), told_of_part(y)]);
    let own = |said: &[Vec<String>; 2], others: &[Vec<String>; 2]| -> [usize; 2] {
        let is_known = |word: &str| others.iter().flatten().any(|other| other == word || is_misspelling(other, word));
        // Single letters name a span of the alphabet.
        let is_telling = |word: &str| !word.is_empty() && (!is_little(word) || word.len() == 1) && !is_frame(word);
        let is_own = |word: &&String| is_telling(word) && !is_known(word) && !is_name(word, a) && !is_name(word, b);
        said.each_ref().map(|words| words.iter().filter(is_own).count())
    };
    let ([in_title_a, in_opening_a], [in_title_b, in_opening_b]) = (own(&said_a, &said_b), own(&said_b, &said_a));
    if is_qualified(x, y) || is_qualified(y, x) {
        return true;
    }
    // What only the titles have is compared as titles.
    in_title_a + in_opening_a > 0 && in_title_b + in_opening_b > 0 && in_opening_a + in_opening_b > 0
}

/// Whether one opening is the other with a word before it: `Savoie`, `Haute-Savoie`. What follows may be left out.
fn is_qualified(long: &str, short: &str) -> bool {
    let before = long.strip_suffix(short).filter(|_| !short.is_empty()).and_then(|before| before.strip_suffix(' '));
    let is_telling = |word: &str| word.len() > 2 && !is_little(word) && !is_frame(word) && !is_designation(word);
    before.is_some_and(|before| before.split(' ').any(is_telling))
}

/// Whether a word is of the name of one of the record's makers.
fn is_name(word: &str, features: &Features) -> bool {
    let of_person = |person: &Person| person.family.split(' ').chain(person.given.split(' ')).any(|name| name == word);
    let of_body = |body: &Text| body.split(' ').any(|part| part == word);
    features.persons.iter().any(of_person) || features.bodies.iter().any(of_body)
}

/// Words of the name of a section.
const MAX_SECTION: usize = 3;

/// Whether one of two serials names a section after the title, and the other none.
fn names_section(section: &Features, whole: &Features) -> bool {
    let opening = &*section.statements.opening;
    let (title, is_plain) =
        (whole.title.with_part(), whole.statements.opening.is_empty() && whole.title.part.is_empty());
    let is_known = |word: &str| is_name(word, whole) || is_name(word, section) || title.split(' ').any(|w| w == word);
    is_plain
        && !opening.is_empty()
        && opening.split(' ').count() <= MAX_SECTION
        && !opening.split(' ').any(|word| !is_little(word) && is_known(word))
}

/// Whether a word is one that many a subtitle or statement has and that tells none apart.
fn is_frame(word: &str) -> bool {
    const FRAME: [&str; 8] = ["version", "fassung", "versione", "volume", "book", "teil", "part", "neue"];
    FRAME.contains(&word) || EDITION_WORDS.binary_search(&word).is_ok()
}

/// Whether both tell of an exhibition or auction and agree neither in a day nor in a word of who held it and where.
fn occasions_differ(a: &Features, b: &Features) -> bool {
    let (x, y) = (&a.statements, &b.statements);
    let no_day = !x.days.is_empty() && !y.days.is_empty() && !x.days.iter().any(|day| y.days.contains(day));
    let no_word = !x.occasion.is_empty() && !y.occasion.is_empty() && !share_word(&x.occasion, &y.occasion);
    no_day || no_word
}

/// Whether a word of both texts is one, be it misspelt or cut.
fn share_word(x: &str, y: &str) -> bool {
    let is_one = |p: &str, q: &str| p == q || p.len() > 2 && q.len() > 2 && (p.starts_with(q) || q.starts_with(p));
    x.split(' ').any(|p| y.split(' ').any(|q| !is_little(p) && (is_one(p, q) || is_misspelling(p, q))))
}

/// Whether in one role the records name others, or only one was dubbed, and they are in other languages.
fn contributions_differ(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    let (x, y) = (&a.statements.contributions, &b.statements.contributions);
    let are_dubbed = |all: &[Contribution]| all.iter().any(|contribution| contribution.role == Role::Dubbing);
    if are_dubbed(x) != are_dubbed(y) && comparison.level(Aspect::Language) == Some(Level::Different) {
        return true;
    }
    [Role::Reader, Role::Conductor, Role::Arranger, Role::ArrangedFor].into_iter().any(|role| {
        let of = |all: &'_ [Contribution<'_>]| -> Vec<String> {
            let words = all.iter().filter(|contribution| contribution.role == role).map(|c| c.words.to_string());
            words.filter(|words| !words.is_empty()).collect()
        };
        let (p, q) = (of(x), of(y));
        !p.is_empty() && !q.is_empty() && !p.iter().any(|one| q.iter().any(|other| share_word(one, other)))
    })
}

/// Whether two recordings share but the composer, and each has performers of its own: another orchestra, another conductor.
fn performers_differ(a: &Features, b: &Features) -> bool {
    if !(a.classes.meets(Classes::AUDIO) && b.classes.meets(Classes::AUDIO)) {
        return false;
    }
    let bodies = compare_bodies(&a.bodies, &b.bodies);
    let is_shared = |person: &Person, others: &[Person]| {
        compare_persons(std::slice::from_ref(person), others) != Some(Level::Different)
    };
    let own = |x: &Features, y: &Features| x.persons.iter().filter(|person| !is_shared(person, &y.persons)).count();
    let (own_a, own_b) = (own(a, b), own(b, a));
    let n_shared = a.persons.len().saturating_sub(own_a);
    let other_bodies = bodies == Some(Level::Different) && !have_initialism(&a.bodies, &b.bodies);
    // Where only one names an orchestra, one may name the singers, and the other who wrote the words.
    let as_full = a.bodies.is_empty() == b.bodies.is_empty();
    n_shared <= 1 && (other_bodies || as_full && own_a > 0 && own_b > 0)
}

/// Whether one of two bodies is the other's initials: `LSO`.
fn have_initialism(x: &[Text], y: &[Text]) -> bool {
    let initials = |body: &str| body.split(' ').filter_map(|word| word.chars().next()).collect::<String>();
    let is_of = |short: &Text, long: &Text| short.len() > 1 && **short == initials(long);
    x.iter().any(|p| y.iter().any(|q| is_of(p, q) || is_of(q, p)))
}

/// Whether both statements of responsibility name the record's own first person, and these have no name in common. A heading
/// may be a pseudonym or another form, but then the title page says the one or the other.
pub(super) fn are_signed_by_others(a: &Features, b: &Features) -> bool {
    const MIN_NAME: usize = 3;
    let names = |person: &Person| -> Vec<String> {
        let names = person.family.split(' ').chain(person.given.split(' '));
        names.filter(|name| name.len() >= MIN_NAME).map(str::to_owned).collect()
    };
    let are_apart = |p: &Person, q: &Person| {
        if compare_persons(std::slice::from_ref(p), std::slice::from_ref(q)) != Some(Level::Different) {
            return false;
        }
        let (x, y) = (names(p), names(q));
        let families = super::squeeze_name(&p.family) == super::squeeze_name(&q.family);
        let given = |person: &Person| person.given.split(' ').next().is_some_and(|name| name.len() >= MIN_NAME);
        // Namesakes are told apart by given names in full.
        let is_one = |p: &str, q: &str| p.starts_with(q) || q.starts_with(p) || is_misspelling(p, q);
        let shared = x.iter().filter(|name| y.iter().any(|other| is_one(name, other))).count();
        if families {
            let of_family = p.family.split(' ').filter(|name| name.len() >= MIN_NAME).count();
            given(p) && given(q) && shared <= of_family && (p.born == 0 || p.born != q.born)
        } else {
            shared == 0
        }
    };
    let is_damaged = a.title.n_lost > 0 || b.title.n_lost > 0;
    a.statements.is_signed
        && b.statements.is_signed
        && !is_damaged
        && a.persons.iter().all(|p| b.persons.iter().all(|q| are_apart(p, q)))
}

/// Whether bodies, which have no word in common, published what bears one title by themselves: two houses' programmes, two
/// museums' catalogues of one exhibition.
pub(super) fn houses_differ(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    let differs = |aspect| comparison.level(aspect) == Some(Level::Different);
    let other_makers = comparison.level(Aspect::Extent) != Some(Level::Same) || differs(Aspect::Authors);
    comparison.kind == Kind::Book
        && differs(Aspect::Publisher)
        && compare_bodies(&a.bodies, &b.bodies) == Some(Level::Different)
        && other_makers
        && comparison.level(Aspect::Isbn) != Some(Level::Same)
}

/// Words of a subtitle up to which nothing but their being others tells two books of one title proper apart; longer ones are
/// quoted in part.
const MAX_SUBTITLE: usize = 3;

/// Whether books of one title proper have short subtitles without a common word (`reference manual`, `user's guide`), or such
/// as name other editions (`U.S. ed.`, `International ed.`).
pub(super) fn subtitles_differ(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    let (x, y) = (&*a.title.sub, &*b.title.sub);
    let level = comparison.level(Aspect::Title);
    if !matches!(level, Some(Level::Close | Level::Partial | Level::Weak))
        || comparison.kind != Kind::Book
        || x.is_empty()
        || y.is_empty()
        || a.title.main != b.title.main
    {
        return false;
    }
    if editions_named_differ(x, y) {
        return true;
    }
    let is_telling = |word: &str| !is_frame(word) && !is_name(word, a) && !is_name(word, b);
    let telling = |text: &str| content_words(text).iter().filter(|word| is_telling(word)).count();
    let counts = WordCounts::of(x, y);
    let framed = x.split(' ').filter(|word| is_frame(word) && !is_little(word));
    let n_framed = framed.filter(|word| y.split(' ').any(|other| other == *word)).count();
    let (n_x, n_y) = (telling(x), telling(y));
    (1..=MAX_SUBTITLE).contains(&n_x) && (1..=MAX_SUBTITLE).contains(&n_y) && counts.n_common() <= n_framed
}

/// Whether both texts end in a word for an edition or version, and name another one before it.
fn editions_named_differ(x: &str, y: &str) -> bool {
    let (p, q): (Vec<&str>, Vec<&str>) = (x.split(' ').collect(), y.split(' ').collect());
    let (Some(last), Some(other)) = (p.last(), q.last()) else { return false };
    let named = |word: &str| matches!(word, "ed" | "edition" | "version" | "ausgabe" | "fassung" | "aufl" | "auflage");
    let n_before = p.iter().zip(&q).take_while(|(one, other)| one == other).count();
    let (rest_x, rest_y) = (&p[n_before..], &q[n_before..]);
    named(last) && named(other) && rest_x.len() > 1 && rest_y.len() > 1 && rest_x.len() <= 3 && rest_y.len() <= 3
}

#[cfg(test)]
mod tests {
    use super::super::super::evidence::Veto;
    use super::super::super::weights::{Model, Weights};
    use super::super::compare;
    use super::*;
    use crate::input::Parser;

    fn vetoes(a: &str, b: &str, common: &str) -> Vec<Veto> {
        let features = |own: &str| {
            let json = format!(r#"{{"id":"x",{own},{common}}}"#);
            Parser::default().parse(json.as_bytes(), Features::of).expect("a record")
        };
        let weights = Weights::new(&Model::default()).expect("defaults");
        let (a, b) = (features(a), features(b));
        let there = compare(&a, &b, &weights).vetoes;
        assert_eq!(there, compare(&b, &a, &weights).vetoes, "comparison must be symmetric");
        there
    }

    const BOOK: &str = r#""publishDate":["1981"],"publisher":["HMSO"],"format":["Book"],"physical":["212 p."]"#;

    fn full(title: &str, tail: &str) -> String {
        format!(r#""title":"{title}","title_full":"{title}{tail}""#)
    }

    #[test]
    fn parts_without_punctuation_tell_books_apart() {
        let census = |tail: &str| full("Census of population 1981", tail);
        for (one, other) in [
            (" Savoie", " Haute-Savoie"),
            (" Bihar", ". Orissa"),
            (" Lab-Mar par L. Ott", ". Mas-Nor / par L. Ott"),
            (" Libro del alumno por J. Ott", ". Libro del profesor / por J. Ott"),
        ] {
            assert!(vetoes(&census(one), &census(other), BOOK).contains(&Veto::StatementsDiffer), "{one} {other}");
        }
        for (one, other) in [
            (" Bihar", " Bihar"),
            (" Bihar", " / by J. Ott"),
            (" Bihar", ""),
            (" Bihar", ". Bihar"),
            (" Bd. 2 par L. Ott", ". Band II / L. Ott"),
            (" 2. Halbband Bihar", " 2. Halbbd. Bihar"),
        ] {
            assert!(!vetoes(&census(one), &census(other), BOOK).contains(&Veto::StatementsDiffer), "{one} {other}");
        }
    }

    #[test]
    fn occasions_tell_catalogues_apart() {
        let shown = |tail: &str| full("Celtic jewellery", tail);
        let differ =
            |one: &str, other: &str| vetoes(&shown(one), &shown(other), BOOK).contains(&Veto::StatementsDiffer);
        assert!(differ(" / exhibition, Kunsthalle Basel.", " exhibition, Stedelijk Museum, Amsterdam"));
        assert!(differ(" / to be sold by auction on June 12, 1981.", " / to be sold by auction on December 4, 1981."));
        assert!(!differ(" / exhibition, Kunsthalle Basel.", " / Ausstellung in der Kunsthalle Basel, 12. Juni 1981"));
        assert!(!differ(" / auction on June 12, 1981", " / auction, 12 June 1981"));
    }

    #[test]
    fn other_hands_tell_recordings_apart() {
        let disc = r#""author":["Reinecke, Carl"],"publishDate":["1999"],"publisher":["Naxos"],"format":["MusicRecording"],
            "physical":["1 CD (48 min.)"]"#;
        let mass = |tail: &str, more: &str| format!("{}{more}", full("Mass no. 7 in D major", tail));
        let differ =
            |one: &str, other: &str| vetoes(&mass(one, ""), &mass(other, ""), disc).contains(&Veto::StatementsDiffer);
        assert!(differ(" / Carl Reinecke ; Ida Brand, conductor", " / Carl Reinecke ; Samuel Whitlock, conductor"));
        assert!(!differ(" / Carl Reinecke ; I. Brand, conductor", " / Carl Reinecke ; Dirigent: Ida Brand"));
        assert!(differ(" / Carl Reinecke ; arranged for organ", " / Carl Reinecke ; arr. for two guitars"));
        let played = |body: &str| mass("", &format!(r#","author_corporate":["{body}"]"#));
        let orchestras = vetoes(&played("Berliner Philharmoniker"), &played("London Symphony Orchestra"), disc);
        assert!(orchestras.contains(&Veto::StatementsDiffer), "{orchestras:?}");
        assert_eq!(vetoes(&played("I Musici"), &played("Musici (Musical group)"), disc), []);
        assert_eq!(vetoes(&played("LSO"), &played("London Symphony Orchestra"), disc), []);
    }

    #[test]
    fn who_signs_another_book_wrote_another_one() {
        let book = |author: &str, by: &str| {
            format!(r#"{},"author":["{author}"]"#, full("Human anatomy", &format!(" / by {by}.")))
        };
        let differ = |a: String, b: String| vetoes(&a, &b, BOOK).contains(&Veto::AuthorsDiffer);
        let cunliffe = || book("Cunliffe, Susan", "Susan Cunliffe");
        assert!(differ(cunliffe(), book("Braithwaite, Edmund", "Edmund Braithwaite")));
        assert!(differ(book("Ott, Gisela", "Gisela Ott"), book("Ott, Helen", "Helen Ott")));
        assert!(!differ(book("Avery, Christie", "Christie Avery"), book("Avery, Christy", "Christy Avery")));
        assert!(!differ(book("Gardner, Arthur", "Arthur Gardner"), book("Gardner, Art", "Art Gardner")));
        // A pseudonym, and a name read otherwise.
        assert!(!differ(cunliffe(), book("Braithwaite, Edmund", "Susan Cunliffe")));
        assert!(!differ(book("Molitor, David A.", "David A. Molitor"), book("Melltor, David A.", "David A. Melltor")));
    }

    #[test]
    fn short_subtitles_of_other_words_are_a_doubt() {
        let book = |sub: &str| format!(r#""title":"Biblioman : {sub}","title_full":"Biblioman : {sub}""#);
        let differ = |x: &str, y: &str| vetoes(&book(x), &book(y), BOOK).contains(&Veto::WordDiffers);
        assert!(differ("reference manual", "user's guide"));
        assert!(differ("King James version", "Revised standard version"));
        assert!(differ("problems and prospects, U.S. ed.", "problems and prospects, International ed."));
        assert!(!differ("the sociology of artistic work", "the social organization of artistic work"));
        assert!(!differ("manifesto for a modern world", "rebel artists in London and New York"));
        assert!(!differ("an introductory guide", "a guide for beginners in the subject"));
    }

    #[test]
    fn a_section_is_no_whole_serial() {
        let serial = r#""publishDate":["1923-"],"publisher":["Academia"],"format":["Journal"]"#;
        let found = |tail: &str| {
            vetoes(&full("Abhandlungen der Akademie Nancy", tail), &full("Abhandlungen der Akademie Nancy", ""), serial)
        };
        assert!(found(" Sciences exactes").contains(&Veto::StatementsDiffer));
        assert_eq!(found(" Akademie Nancy"), []);
    }

    #[test]
    fn two_houses_programmes_are_two() {
        let programme = |house: &str| format!(r#""author_corporate":["{house}"],"publisher":["{house}"]"#);
        let common = r#""title":"Fidelio : programme","publishDate":["1964"],"format":["Book"],"physical":["22 p."]"#;
        let found = vetoes(&programme("Stadttheater Bern"), &programme("Staatsoper Hamburg"), common);
        assert!(found.contains(&Veto::AuthorsDiffer), "{found:?}");
        assert_eq!(vetoes(&programme("Stadttheater Bern"), &programme("Stadttheater Bern"), common), []);
    }
}
