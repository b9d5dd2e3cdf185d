//! Persons and bodies: free of order, initials against full names.

use strsim::{jaro_winkler, osa_distance};

use crate::keys::person::Person;
use crate::keys::text::romanisation_key;
use crate::keys::{Features, Text};

use super::super::evidence::Level;
use super::super::weights::Weights;
use super::cited::without_ligatures;
use super::host::{keeps_letters, n_common};
use super::word_forms::standard;

/// How two names agree.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum NameLevel {
    Different,
    /// One family name, given names unknown on one side.
    Family,
    /// One family name, given names agreeing as far as initials go.
    Initials,
    /// Family and given names agree.
    Full,
}

/// Jaro-Winkler similarity from which two names are one with a spelling variant.
const NAME_SIMILAR: f64 = 0.92;

/// How the authors of two records agree.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct AuthorAgreement {
    /// How far.
    pub level: Level,
    /// Share of the full weight these names carry, in thousandths (see [`Weights::name_information`]).
    pub information: i32,
}

/// Compares authors; `None` if neither record has any.
pub(super) fn compare(a: &Features, b: &Features, weights: &Weights) -> Option<AuthorAgreement> {
    let level = level_of(a, b)?;
    let agrees = matches!(level, Level::Same | Level::Similar | Level::Shortened | Level::Partial);
    let by_name = agrees && !a.persons.is_empty() && !b.persons.is_empty();
    let says = |x: &[Person], y: &[Person]| {
        let one_family =
            |p: &Person, q: &Person| p.family == q.family || squeeze_name(&p.family) == squeeze_name(&q.family);
        let common = x.iter().filter(|person| y.iter().any(|other| one_family(person, other)));
        weights.name_information(common.map(|person| &*person.family))
    };
    // From both sides, so that namesakes within one record do not make it depend on the order.
    let information = if by_name { says(&a.persons, &b.persons).max(says(&b.persons, &a.persons)) } else { 1000 };
    Some(AuthorAgreement { level, information })
}

fn level_of(a: &Features, b: &Features) -> Option<Level> {
    let (none_a, none_b) = (is_anonymous(a), is_anonymous(b));
    if none_a && none_b {
        return None;
    }
    if none_a || none_b {
        return Some(Level::OneMissing);
    }
    let persons = match compare_persons(&a.persons, &b.persons) {
        Some(Level::Different | Level::Weak)
            if a.is_component() && b.is_component() && are_split(&a.persons, &b.persons) =>
        {
            Some(Level::Similar)
        }
        Some(Level::Different)
            if a.is_bare_citation() && b.is_bare_citation() && a.is_component() && b.is_component() =>
        {
            Some(garbled(&a.persons, &b.persons))
        }
        level => level,
    };
    let bodies = compare_bodies(&a.bodies, &b.bodies);
    Some(match (persons, bodies) {
        // A study group signs many articles; who wrote them tells them apart.
        (Some(persons), Some(_)) if a.is_component() && b.is_component() => persons,
        (Some(persons), Some(bodies)) => persons.min(bodies),
        (Some(level), None) | (None, Some(level)) => level,
        // Persons on one side, a body on the other: editors and corporate authors change places.
        (None, None) => Level::OneMissing,
    })
}

fn is_anonymous(features: &Features) -> bool {
    features.persons.is_empty() && features.bodies.is_empty()
}

/// How the persons of two records agree; `None` if one has none.
pub(in crate::matching) fn compare_persons(a: &[Person], b: &[Person]) -> Option<Level> {
    if a.is_empty() || b.is_empty() {
        return None;
    }
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    // The best pairs first, ties by place in a way that does not know which list is which.
    let mut pairs: Vec<(NameLevel, usize, usize)> = Vec::new();
    for (i, person) in short.iter().enumerate() {
        let levels = long.iter().enumerate().map(|(j, other)| (compare_names(person, other), i, j));
        pairs.extend(levels.filter(|&(level, ..)| level > NameLevel::Different));
    }
    pairs.sort_by_key(|&(level, i, j)| (std::cmp::Reverse(level), i.abs_diff(j), i + j));
    let (mut taken_short, mut taken_long) = (vec![false; short.len()], vec![false; long.len()]);
    let mut n_matched = 0;
    let mut all_full = true;
    let mut first_matched = false;
    for (level, i, j) in pairs {
        if taken_short[i] || taken_long[j] {
            continue;
        }
        (taken_short[i], taken_long[j]) = (true, true);
        n_matched += 1;
        all_full &= level == NameLevel::Full;
        first_matched |= i == 0 || j == 0;
    }
    Some(match n_matched {
        0 if short.len() >= 2 && are_crossed(short, long) && (short.len() < long.len() || are_crossed(long, short)) => {
            Level::Partial
        }
        // Initials slipped to the next name: `KF Jagadish; H Faloutsos` for `F Korn; H Jagadish; C Faloutsos`.
        0 if n_families_in_common(short, long) >= 2 || are_glued(short, long) || are_glued(long, short) => {
            Level::Partial
        }
        0 if is_any_slipped(short, long) || is_any_crossed(short, long) => Level::Weak,
        0 => Level::Different,
        _ if n_matched == long.len() && all_full => Level::Same,
        _ if n_matched == long.len() => Level::Similar,
        _ if n_matched == short.len() && first_matched => Level::Shortened,
        _ if 2 * n_matched >= short.len() => Level::Partial,
        _ => Level::Weak,
    })
}

/// Years of birth further apart than this name two persons.
const BIRTH_TOLERANCE: u16 = 3;

fn compare_names(a: &Person, b: &Person) -> NameLevel {
    // Father and son, but for one who has lost his father since: born in one year.
    let are_generations = a.generation > 0 && b.generation > 0 && a.generation != b.generation;
    if are_generations && (a.born == 0 || a.born != b.born) {
        return NameLevel::Different;
    }
    let level = compare_texts(a, b);
    match (a.born, b.born) {
        (0, _) | (_, 0) => level,
        (x, y) if x == y && level == NameLevel::Different && are_one_in_part(a, b) => NameLevel::Initials,
        (x, y) if x == y && level > NameLevel::Different => NameLevel::Full,
        (x, y) if x.abs_diff(y) > BIRTH_TOLERANCE => NameLevel::Different,
        _ => level,
    }
}

/// Whether two people of one family name have a given name in common, though not in the same place: `Moore, Aubertine
/// Woodward` and `Moore, Annie Aubertine`. Born in one year, they are one person.
fn are_one_in_part(a: &Person, b: &Person) -> bool {
    const MIN_GIVEN: usize = 4;
    let shares = |name: &str| name.len() >= MIN_GIVEN && b.given.split(' ').any(|other| other == name);
    squeeze_name(&a.family) == squeeze_name(&b.family) && a.given.split(' ').any(shares)
}

fn compare_texts(a: &Person, b: &Person) -> NameLevel {
    let straight = compare_ordered((&a.family, &a.given), (&b.family, &b.given));
    if straight > NameLevel::Family {
        return straight;
    }
    if are_parted_otherwise(a, b) {
        return NameLevel::Initials;
    }
    if a.order_known && b.order_known {
        return straight.max(compare_exchanged(a, b));
    }
    // Without comma, either end may be the family name.
    let swapped_b = swapped(b);
    let swapped_a = swapped(a);
    let mut best = straight;
    if !b.order_known {
        best = best.max(compare_ordered((&a.family, &a.given), (&swapped_b.0, &swapped_b.1)));
    }
    if !a.order_known {
        best = best.max(compare_ordered((&swapped_a.0, &swapped_a.1), (&b.family, &b.given)));
    }
    best
}

/// Words of a name from which two names of the same words in the same order are one, whatever is taken for the family name:
/// `Michelle Bachelet Jeria` and `Bachelet Jeria, Michelle`.
const MIN_PARTED_WORDS: usize = 3;

fn are_parted_otherwise(a: &Person, b: &Person) -> bool {
    let words = |person: &Person| person.given.split(' ').chain(person.family.split(' ')).count();
    let direct = |person: &Person| -> bool { !person.given.is_empty() && person.family.len() > 1 };
    direct(a)
        && direct(b)
        && a.given.len() + a.family.len() == b.given.len() + b.family.len()
        && a.family != b.family
        && words(a) >= MIN_PARTED_WORDS
        && a.given.split(' ').chain(a.family.split(' ')).eq(b.given.split(' ').chain(b.family.split(' ')))
}

/// Family and given name may have changed places on the way: `Wang, X.` and `Xiaoguang, Wang`. Only whole
/// words are believed.
fn compare_exchanged(a: &Person, b: &Person) -> NameLevel {
    let exchanged = |x: &Person, y: &Person| {
        let full = x.given.len() >= 3 && !x.given.contains(' ');
        full && x.given == y.family && (y.given.is_empty() || compare_given(&x.family, &y.given) > NameLevel::Different)
    };
    if exchanged(a, b) || exchanged(b, a) { NameLevel::Initials } else { NameLevel::Different }
}

/// Fewest initials that a citation may have gathered from several people.
const MIN_GLUED_INITIALS: usize = 3;

/// How authors of citations agree of whom no name is the same: a misread name is one in part.
fn garbled(x: &[Person], y: &[Person]) -> Level {
    let any = |holds: fn(&Person, &Person) -> bool| x.iter().any(|person| y.iter().any(|other| holds(person, other)));
    if any(is_misread) {
        Level::Partial
    } else if any(|a, b| is_turned(a, b) || is_turned(b, a)) {
        Level::Weak
    } else {
        Level::Different
    }
}

/// The least letters of a family name in which two are believed to be misread.
const MIN_MISREAD: usize = 5;

/// One initial, and family names of which one was misread: `A Loeen` for `A Loeffen`, `D Sicui` for `D Suciu`.
fn is_misread(a: &Person, b: &Person) -> bool {
    let (x, y) = (&*a.family, &*b.family);
    a.initial().is_some()
        && a.initial() == b.initial()
        && first_letter(x) == first_letter(y)
        && (x.len().min(y.len()) >= MIN_MISREAD && osa_distance(x, y) <= 2
            || x.len().min(y.len()) >= 4 && without_ligatures(x) == without_ligatures(y))
}

/// A given name in the place of the family name, with the initial of the family name before it: `HB Michael` for
/// `M Boehlen`.
fn is_turned(turned: &Person, person: &Person) -> bool {
    let letters: Vec<&str> = turned.given.split(' ').collect();
    turned.family.len() >= 3
        && person.family.len() >= 3
        && (2..=3).contains(&letters.len())
        && letters.iter().all(|letter| letter.len() == 1)
        && person.initial().is_some_and(|initial| turned.family.starts_with(initial))
        && letters.iter().any(|letter| person.family.starts_with(letter))
}

/// Whether a name of `x` has the initials of several people of `y` before the family name of one: `SSM Stonebraker` for
/// `S Sarawagi; M Stonebraker`.
fn are_glued(x: &[Person], y: &[Person]) -> bool {
    x.iter().any(|person| {
        let letters: Vec<&str> = person.given.split(' ').collect();
        let is_glued = letters.len() >= MIN_GLUED_INITIALS && letters.iter().all(|letter| letter.len() == 1);
        is_glued && y.iter().any(|other| same_family(&person.family, &other.family)) && {
            let mut rest: Vec<u8> = y.iter().flat_map(initials).collect();
            letters.iter().all(|letter| {
                let at = rest.iter().position(|initial| letter.as_bytes()[0] == *initial);
                at.map(|at| rest.swap_remove(at)).is_some()
            })
        }
    })
}

/// Words of names from which two lists of the same words are one, parted otherwise.
const MIN_SPLIT_WORDS: usize = 3;

/// Whether one list parts a name of the other in two: `Seyyed Ali; Paytakhti Oskooe` for `Seyyed Ali Paytakhti Oskooe`, or has
/// two people in one.
fn are_split(x: &[Person], y: &[Person]) -> bool {
    let words = |persons: &[Person]| -> Vec<String> {
        let names = persons.iter().flat_map(|person| person.given.split(' ').chain(person.family.split(' ')));
        let mut words: Vec<String> = names.filter(|word| !word.is_empty()).map(str::to_owned).collect();
        words.sort_unstable();
        words
    };
    x.len() != y.len() && {
        let (x, y) = (words(x), words(y));
        x.len() >= MIN_SPLIT_WORDS && x == y
    }
}

/// First letters of given and family names.
fn initials(person: &Person) -> impl Iterator<Item = u8> {
    person.given.split(' ').chain(person.family.split(' ')).filter_map(|word| word.bytes().next())
}

fn is_any_crossed(x: &[Person], y: &[Person]) -> bool {
    x.iter().any(|person| y.iter().any(|other| is_crossed(person, other)))
}

/// Whether each name of `x` is one of `y` with family and given name crossed.
fn are_crossed(x: &[Person], y: &[Person]) -> bool {
    x.iter().all(|person| y.iter().any(|other| is_crossed(person, other)))
}

/// Family names that many people bear are mostly shorter.
const MIN_TELLING_LETTERS: usize = 4;

/// Family names that both lists have, each taken once; short ones do not count.
fn n_families_in_common(x: &[Person], y: &[Person]) -> usize {
    let families = |persons: &[Person]| -> Vec<String> {
        persons
            .iter()
            .map(|person| squeeze_name(&person.family))
            .filter(|name| name.len() >= MIN_TELLING_LETTERS)
            .collect()
    };
    let mut rest = families(y);
    let mut found = 0;
    for family in families(x) {
        if let Some(at) = rest.iter().position(|other| *other == family) {
            rest.swap_remove(at);
            found += 1;
        }
    }
    found
}

/// Whether a family name stands in both lists with other initials, which may be those of a neighbour: `T Sheth` for `A
/// Sheth; S Thacker`.
fn is_any_slipped(x: &[Person], y: &[Person]) -> bool {
    let are_initials = |person: &Person| person.given.split(' ').all(|name| name.len() == 1);
    let slipped = |a: &Person, b: &Person| {
        let family = squeeze_name(&a.family);
        family.len() >= MIN_TELLING_LETTERS && family == squeeze_name(&b.family) && (are_initials(a) || are_initials(b))
    };
    x.iter().any(|person| y.iter().any(|other| slipped(person, other)))
}

/// A family name cut to an initial beside a whole given name: `A Sanjay` for `S Agrawal`.
fn is_crossed(a: &Person, b: &Person) -> bool {
    let starts = |text: &str, letters: &str| letters.len() == 1 && text.len() > 1 && text.starts_with(letters);
    let crossed =
        |x: &Person, y: &Person| starts(&x.family, &y.given) && (starts(&y.family, &x.given) || y.family == x.given);
    crossed(a, b) || crossed(b, a)
}

/// The first given name as family name, the rest and the family name as given names.
pub(in crate::matching) fn swapped(person: &Person) -> (String, String) {
    match person.given.split_once(' ') {
        Some((first, rest)) => (first.to_owned(), format!("{rest} {}", person.family)),
        None => (person.given.to_string(), person.family.to_string()),
    }
}

fn compare_ordered(a: (&str, &str), b: (&str, &str)) -> NameLevel {
    if !same_family(a.0, b.0) {
        return NameLevel::Different;
    }
    if a.1.is_empty() || b.1.is_empty() {
        return if a.1 == b.1 { NameLevel::Full } else { NameLevel::Family };
    }
    compare_given(a.1, b.1)
}

fn same_family(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    // Variants keep their first letter, and most pairs of names end here.
    if first_letter(a) != first_letter(b) {
        return is_particle_variant(a, b);
    }
    let (sa, sb) = (squeeze_name(a), squeeze_name(b));
    let shorter = sa.len().min(sb.len());
    sa == sb
        || (shorter >= 5 && jaro_winkler(&sa, &sb) >= NAME_SIMILAR)
        || (shorter >= MIN_MISSPELT && osa_distance(&sa, &sb) <= 1)
        || is_particle_variant(a, b)
        || is_run_on(&sa, &sb)
}

/// The least letters of a family name in which one is believed to be a typing error.
const MIN_MISSPELT: usize = 6;

/// Whether names ran on without blanks: `vassalosandyannispapakonstantinou`, `kamelandc`.
fn is_run_on(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    short.len() >= 4 && long.strip_prefix(short).is_some_and(|rest| rest.starts_with("and") && rest.len() > 3)
}

/// The first letter, with the romanisations of one letter united.
pub(in crate::matching) fn first_letter(name: &str) -> Option<u8> {
    name.bytes().next().map(|letter| if matches!(letter, b'j' | b'y') { b'i' } else { letter })
}

/// `beethoven` and `van beethoven`: one ends the other at a blank.
fn is_particle_variant(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    long.strip_suffix(short).is_some_and(|particle| particle.ends_with(' ') && particle.len() <= 8)
}

fn compare_given(a: &str, b: &str) -> NameLevel {
    let mut level = NameLevel::Full;
    for (x, y) in a.split(' ').zip(b.split(' ')) {
        if x == y {
            level = if x.len() == 1 { level.min(NameLevel::Initials) } else { level };
        } else if x.len() == 1 || y.len() == 1 {
            if x.as_bytes().first() != y.as_bytes().first() {
                return NameLevel::Different;
            }
            level = level.min(NameLevel::Initials);
        } else if is_other_sex(x, y)
            || squeeze_name(x) != squeeze_name(y)
                && jaro_winkler(x, y) < 0.87
                && !(x.len().min(y.len()) > MIN_MISSPELT && osa_distance(x, y) <= 1)
                && !x.starts_with(y)
                && !y.starts_with(x)
        {
            return NameLevel::Different;
        }
    }
    // `Xiangdong` and `Xiang dong`: given names of several syllables.
    level
}

/// Whether one given name is the other with an ending for the other sex: `Martin` and `Martina`, `Christian` and `Christiane`.
fn is_other_sex(x: &str, y: &str) -> bool {
    const MIN_LETTERS: usize = 4;
    let (short, long) = if x.len() < y.len() { (x, y) } else { (y, x) };
    short.len() >= MIN_LETTERS
        && short.ends_with(['d', 'f', 'k', 'l', 'n', 'r', 's', 't'])
        && long.strip_prefix(short).is_some_and(|rest| matches!(rest, "a" | "e" | "ette" | "ina" | "ine"))
}

/// The letters of a name, romanised.
pub(in crate::matching) fn squeeze_name(name: &str) -> String {
    romanisation_key(name)
}

/// Bodies agree by words; the best pair counts.
pub(in crate::matching) fn compare_bodies(a: &[Text<'_>], b: &[Text<'_>]) -> Option<Level> {
    let pairs = a.iter().flat_map(|x| b.iter().map(move |y| body_level(x, y)));
    pairs.min()
}

/// Words that say what kind of body one is, and not which, folded. Origin: headings of corporate bodies in English, German, French,
/// Italian and Spanish. Sorted.
const KINDS_OF_BODIES: [&str; 148] = [
    "abteilung",
    "academy",
    "administration",
    "agence",
    "agency",
    "akademie",
    "amt",
    "and",
    "archiv",
    "archives",
    "assembly",
    "association",
    "authority",
    "bank",
    "behorde",
    "bibliothek",
    "board",
    "bundesamt",
    "bundesministerium",
    "bureau",
    "canton",
    "center",
    "centre",
    "chamber",
    "church",
    "city",
    "club",
    "comite",
    "commission",
    "committee",
    "commune",
    "conference",
    "congress",
    "conseil",
    "council",
    "county",
    "court",
    "das",
    "de",
    "del",
    "della",
    "departement",
    "department",
    "der",
    "des",
    "di",
    "die",
    "direction",
    "direktion",
    "district",
    "division",
    "du",
    "ecole",
    "et",
    "federal",
    "federation",
    "fondation",
    "for",
    "foundation",
    "fund",
    "fur",
    "gemeinde",
    "general",
    "gerichte",
    "gesellschaft",
    "government",
    "group",
    "gymnasium",
    "high",
    "hochschule",
    "hospital",
    "institut",
    "institute",
    "institution",
    "kanton",
    "kantonsschule",
    "kirche",
    "komitee",
    "kommission",
    "konferenz",
    "la",
    "landesamt",
    "le",
    "les",
    "library",
    "ministere",
    "ministerio",
    "ministerium",
    "ministry",
    "musee",
    "museum",
    "national",
    "of",
    "office",
    "orchester",
    "organisation",
    "organization",
    "parlament",
    "parliament",
    "partei",
    "party",
    "province",
    "provinz",
    "public",
    "rat",
    "regierung",
    "regierungsrat",
    "region",
    "royal",
    "school",
    "schule",
    "schulen",
    "secretariat",
    "sekretariat",
    "senate",
    "service",
    "services",
    "societe",
    "society",
    "staat",
    "staatsarchiv",
    "staatskanzlei",
    "stadt",
    "stadtarchiv",
    "state",
    "statistical",
    "statistik",
    "statistique",
    "statistisches",
    "stiftung",
    "technische",
    "the",
    "town",
    "township",
    "turnverein",
    "und",
    "union",
    "universidad",
    "universita",
    "universitat",
    "universite",
    "university",
    "verband",
    "verein",
    "verwaltung",
    "ville",
    "von",
    "y",
];

/// Whether two bodies of one kind are not one: `gemeinde horgen` and `gemeinde thalwil`.
fn share_their_kind_alone(a: &[&str], b: &[&str]) -> bool {
    let tells = |word: &&&str| KINDS_OF_BODIES.binary_search(word).is_err();
    let has_own = |x: &[&str], y: &[&str]| x.iter().filter(tells).any(|word| !y.contains(word));
    let is_shared = |word: &&&str| b.contains(*word);
    a.iter().any(|word| is_shared(&word))
        && has_own(a, b)
        && has_own(b, a)
        && !a.iter().filter(tells).any(|word| is_shared(&word))
}

/// Whether two bodies have other numbers, each some of its own: a congress that met for the 3rd time, in 1981, and for the 4th, in
/// 1982; two lodges.
fn are_numbered_otherwise(a: &[&str], b: &[&str]) -> bool {
    let is_number = |word: &&&str| word.starts_with(|c: char| c.is_ascii_digit());
    let has_own = |x: &[&str], y: &[&str]| x.iter().filter(is_number).any(|word| !y.contains(word));
    has_own(a, b) && has_own(b, a)
}

/// Whether two records name two meetings of one body or series: no body is the same, and two have the same words but for their
/// numbers and the places behind them.
pub(super) fn are_of_other_meetings(a: &Features, b: &Features) -> bool {
    let are_others = |x: &str, y: &str| {
        let (x, y): (Vec<&str>, Vec<&str>) = (x.split(' ').collect(), y.split(' ').collect());
        let n_same = x.iter().zip(&y).take_while(|(p, q)| p == q).count();
        let begins_number =
            |words: &[&str]| words.get(n_same).is_some_and(|word| word.starts_with(|c: char| c.is_ascii_digit()));
        n_same >= MIN_MEETING_WORDS && begins_number(&x) && begins_number(&y) && are_numbered_otherwise(&x, &y)
    };
    !a.bodies.iter().any(|x| b.bodies.contains(x)) && a.bodies.iter().any(|x| b.bodies.iter().any(|y| are_others(x, y)))
}

/// The least words by which two meetings are of one series.
const MIN_MEETING_WORDS: usize = 2;

/// Most words of names of bodies in which two of one pattern differ.
const MAX_OWN_WORDS: usize = 2;

/// Whether two bodies are named after one pattern, with another word in one place or two: `Farmers Alliance of Kansas` and `of
/// Nebraska`, `Oxford Fern Society` and `Oxford Fungus Society`. Abbreviations and misspellings are no other words.
fn are_named_alike(a: &[&str], b: &[&str]) -> bool {
    let is_other = |(x, y): &(&&str, &&str)| {
        let are_words = x.len() >= MIN_OWN_LETTERS && y.len() >= MIN_OWN_LETTERS;
        are_words
            && !keeps_letters(x, y)
            && !keeps_letters(y, x)
            && !super::title::is_misspelling(x, y)
            && standard(x) != standard(y)
    };
    let differing: Vec<(&&str, &&str)> = a.iter().zip(b).filter(|(x, y)| x != y).collect();
    let is_kind = |word: &&str| KINDS_OF_BODIES.binary_search(word).is_ok();
    let is_firm = |word: &&str| {
        matches!(
            *word,
            "co" | "company" | "corp" | "corporation" | "firm" | "gmbh" | "inc" | "limited" | "ltd" | "verlag"
        )
    };
    a.len() == b.len()
        && (1..=MAX_OWN_WORDS).contains(&differing.len())
        && differing.len() < a.len()
        && differing.iter().all(is_other)
        && !differing.iter().any(|(x, y)| is_kind(x) && is_kind(y) || is_firm(x) || is_firm(y))
}

/// The least letters of a word that is one body's own.
const MIN_OWN_LETTERS: usize = 3;

/// Whether both records name persons, and no word of one's names is in the other's: even a misspelt or rearranged name keeps one.
pub(super) fn are_other_persons(a: &Features, b: &Features) -> bool {
    let words = |person: &Person| -> Vec<String> {
        let words = person.family.split(' ').chain(person.given.split(' '));
        words.filter(|word| word.len() > 1).map(squeeze_name).collect()
    };
    let of = |features: &Features| -> Vec<String> { features.persons.iter().flat_map(words).collect() };
    compare_persons(&a.persons, &b.persons) == Some(Level::Different) && {
        let others = of(b);
        !of(a).iter().any(|word| others.contains(word))
    }
}

/// Whether two names that have words in common are those of two bodies.
fn are_other_names(a: &[&str], b: &[&str]) -> bool {
    share_their_kind_alone(a, b) || are_numbered_otherwise(a, b) || are_named_alike(a, b)
}

/// Whether bodies alone made two texts, each pair of them of one kind and not the same: the laws of two cantons.
pub(super) fn are_of_other_bodies(a: &Features, b: &Features) -> bool {
    let are_others = |x: &str, y: &str| {
        let (x, y): (Vec<&str>, Vec<&str>) = (x.split(' ').collect(), y.split(' ').collect());
        are_other_names(&x, &y)
    };
    a.persons.is_empty()
        && b.persons.is_empty()
        && !a.bodies.is_empty()
        && !b.bodies.is_empty()
        && a.bodies.iter().all(|x| b.bodies.iter().all(|y| are_others(x, y)))
}

/// Whether nobody is named as author of two texts, and two bodies of one pattern published them: the rules of two societies.
pub(super) fn are_of_other_publishers(a: &Features, b: &Features) -> bool {
    let (x, y): (Vec<&str>, Vec<&str>) = (a.publisher.split(' ').collect(), b.publisher.split(' ').collect());
    let is_body = |words: &[&str]| words.iter().any(|word| KINDS_OF_BODIES.binary_search(word).is_ok());
    is_anonymous(a)
        && is_anonymous(b)
        && is_body(&x)
        && is_body(&y)
        && (are_named_alike(&x, &y) || share_their_kind_alone(&x, &y))
}

fn body_level(a: &str, b: &str) -> Level {
    if squeeze_name(a) == squeeze_name(b) {
        return Level::Same;
    }
    let [wa, wb] = [a, b].map(|name| name.split(' ').map(standard).collect::<Vec<&str>>());
    let common = n_common(&wa, &wb, |word, other| word == other);
    if are_other_names(&wa, &wb) {
        return Level::Different;
    }
    match 2.0 * common as f64 / (wa.len() + wb.len()) as f64 {
        share if share >= 0.8 => Level::Similar,
        // `United States. Bureau of the Census` and `United States. Census`: one within the other.
        _ if common == wa.len().min(wb.len()) => Level::Shortened,
        share if share >= 0.5 => Level::Partial,
        share if share >= 0.25 => Level::Weak,
        _ => Level::Different,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Parser;
    use crate::keys::material::Classes;

    fn features(authors: &[&str]) -> Features<'static> {
        Features {
            persons: authors.iter().flat_map(|author| Person::parse_all(author)).collect(),
            ..Features::default()
        }
    }

    fn check(a: &[&str], b: &[&str], expected: Option<Level>) {
        assert_eq!(level_of(&features(a), &features(b)), expected, "{a:?} / {b:?}");
        assert_eq!(level_of(&features(b), &features(a)), expected, "{b:?} / {a:?}");
    }

    #[test]
    fn names_of_articles_may_be_parted_in_two() {
        let of = |authors: &[&str], classes| Features { classes, ..features(authors) };
        let level = |joined: &str, classes| {
            level_of(&of(&["Seyyed Ali", "Paytakhti Oskooe"], classes), &of(&[joined], classes))
        };
        assert_eq!(level("Seyyed Ali Paytakhti Oskooe", Classes::ARTICLE), Some(Level::Similar));
        assert_eq!(level("Seyyed Karim Paytakhti Oskooe", Classes::ARTICLE), Some(Level::Different));
        assert_eq!(level("Seyyed Ali Paytakhti Oskooe", Classes::BOOK), Some(Level::Different));
    }

    #[test]
    fn names_in_several_forms_agree() {
        check(&["Walsh, Louisa"], &["Walsh, L."], Some(Level::Similar));
        check(&["Walsh, Louisa"], &["Louisa Walsh"], Some(Level::Same));
        check(&["Walsh, Louisa"], &["Walsh Louisa"], Some(Level::Same));
        check(&["Müller, Karl"], &["Mueller, Karl"], Some(Level::Same));
        check(&["Tolstoy, Leo"], &["Tolstoi, Lev"], Some(Level::Different));
        check(&["Beethoven, Ludwig van"], &["van Beethoven, Ludwig"], Some(Level::Same));
        check(&["Walsh, L A"], &["Walsh, Louisa"], Some(Level::Similar));
        check(&["Brandt, Otto Crognall"], &["Brandt, Otto Frognall"], Some(Level::Same));
        // Which words are the family name is told by a comma only.
        check(&["Michelle Bachelet Jeria"], &["Bachelet Jeria, Michelle"], Some(Level::Similar));
        check(&["Jeria, Michelle Bachelet"], &["Bachelet Jeria, Michelle"], Some(Level::Similar));
        check(&["Bachelet, Jeria Michelle"], &["Bachelet Jeria, Michelle"], Some(Level::Different));
        check(&["Dvořák, Antonín, 1841-1904"], &["Dvorak, Anton"], Some(Level::Same));
        for (one, other) in [("Schmidt, Martin", "Schmidt, Martina"), ("Müller, Christian", "Müller, Christiane")] {
            check(&[one], &[other], Some(Level::Different));
        }
        check(&["Strauss, Johann (Vater)"], &["Strauss, Johann (Sohn)"], Some(Level::Different));
        check(&["Dumas, Alexandre (père)"], &["Dumas, Alexandre (fils)"], Some(Level::Different));
        // One given name in common is enough for people born in one year.
        check(&["Moir, Adelaide Wood, 1841-"], &["Moir, Anna Adelaide, 1841-1929"], Some(Level::Similar));
        check(&["Moir, Adelaide Wood"], &["Moir, Anna Adelaide"], Some(Level::Different));
        check(&["Moir, Adelaide Wood, 1841-"], &["Moir, Anna Louisa, 1841-1929"], Some(Level::Different));
    }

    #[test]
    fn meetings_of_one_series_are_told_by_their_numbers() {
        let papers = |bodies: [&str; 2]| Features {
            bodies: bodies.map(|body| crate::keys::text::fold(body).into()).to_vec(),
            ..features(&["Brandt, Ida"])
        };
        let are_others = |a: [&str; 2], b: [&str; 2]| are_of_other_meetings(&papers(a), &papers(b));
        let society = "Fen Society";
        assert!(are_others(
            [society, "Eel Congress (3rd : 1981 : Riga)"],
            ["Fen Club", "Eel Congress (4th : 1982 : Riga)"]
        ));
        assert!(!are_others(
            [society, "Eel Congress (3rd : 1981 : Riga)"],
            [society, "Eel Congress (4th : 1982 : Riga)"]
        ));
        assert!(!are_others(["Fen State. Tax Committee (1921)", "A"], ["Fen State. Governor (1919-1925 : Hart)", "B"]));
    }

    #[test]
    fn bodies_of_one_pattern_are_others() {
        let level = |a: &str, b: &str| {
            let (a, b) = (crate::keys::text::fold(a), crate::keys::text::fold(b));
            assert_eq!(body_level(&a, &b), body_level(&b, &a), "{a} / {b}");
            body_level(&a, &b)
        };
        for (a, b) in [
            ("Farmers Alliance of Kansas", "Farmers Alliance of Nebraska"),
            ("Diocese of Cloyne", "Diocese of Ross"),
            ("Congress of Beekeepers (3rd : 1981 : Riga)", "Congress of Beekeepers (4th : 1982 : Riga)"),
            ("Grand Lodge. Lodge no. 33", "Grand Lodge. Lodge no. 37"),
        ] {
            assert_eq!(level(a, b), Level::Different, "{a} / {b}");
        }
        for (a, b) in [
            ("United States. Dept. of Commerce", "United States. Department of Commerce"),
            ("Iowa Natl Guard Band", "Iowa National Guard Band"),
            ("Congress of Beekeepers (3rd : 1981 : Riga)", "Congress of Beekeepers (1981 : Riga)"),
            ("Royal Societey of Glass", "Royal Society of Glass"),
        ] {
            assert!(level(a, b) < Level::Different, "{a} / {b}");
        }
    }

    #[test]
    fn namesakes_are_matched_the_same_from_both_sides() {
        check(&["Smith, J", "Smith, John"], &["Smith, John", "Smith, Jane"], Some(Level::Similar));
    }

    #[test]
    fn garbled_names_of_one_list_are_known_again() {
        // Initials of several people before one family name, initials slipped to the next name, names run on.
        check(&["Sarawagi, S", "Stonebraker, M"], &["SSM Stonebraker"], Some(Level::Partial));
        check(&["F Korn", "H Jagadish", "C Faloutsos"], &["KF Jagadish", "H Faloutsos"], Some(Level::Partial));
        check(&["V Vassalos", "Y Papakonstantinou"], &["V VassalosandYannisPapakonstantinou"], Some(Level::Shortened));
        check(&["J Mylopoulos"], &["J Myopoulos"], Some(Level::Similar));
        check(&["A Sheth", "S Thacker"], &["T Sheth"], Some(Level::Weak));
        // People with many initials, and other people of one family name.
        check(&["Tolkien, J R R"], &["Stonebraker, M", "Tolkien, C"], Some(Level::Weak));
        check(&["Li, Chi"], &["Li, Wei"], Some(Level::Different));
    }

    #[test]
    fn misread_names_of_citations_are_known_again() {
        let cited = |author: &str| {
            let json = format!(r#"{{"id":"x","format":["Article"],"title":"Moraines","author":["{author}"]}}"#);
            Parser::default().parse(json.as_bytes(), Features::of).expect("a record")
        };
        let level = |a: &str, b: &str| {
            let there = level_of(&cited(a), &cited(b));
            assert_eq!(there, level_of(&cited(b), &cited(a)), "{a} / {b}");
            there
        };
        assert_eq!(level("A Loeffen", "A Loeen"), Some(Level::Partial));
        assert_eq!(level("D Suciu", "D Sicui"), Some(Level::Partial));
        assert_eq!(level("B Lerner", "LB Barbara"), Some(Level::Weak));
        assert_eq!(level("D Suciu", "K Sicui"), Some(Level::Different));
        assert_eq!(level("A Aalto", "I Brand"), Some(Level::Different));
        // Other records name their authors without such errors.
        check(&["Suciu, D"], &["Sicui, D"], Some(Level::Different));
    }

    #[test]
    fn order_does_not_matter_and_missing_names_show() {
        check(&["Walsh, L", "Hill, S"], &["Hill, Sophie", "Walsh, Louisa"], Some(Level::Similar));
        check(&["Walsh, Louisa", "Hill, Sophie"], &["Walsh, Louisa"], Some(Level::Shortened));
        check(&["Li, Chi"], &["Li, Wei"], Some(Level::Different));
        check(&["Walsh, Louisa"], &[], Some(Level::OneMissing));
        check(&[], &[], None);
    }
}
