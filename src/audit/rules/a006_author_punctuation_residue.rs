//! A006: author punctuation residue.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::names::{NameSigns, n_commas};
use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;
use crate::keys::names::fix_trailing_punctuation;

/// Safe where VuFind's `fixTrailingPunctuation` does the same; signs at the beginning may stand for a lost word.
pub(super) static RULE: Rule = Rule {
    code: "A006",
    name: "author-punctuation-residue",
    severity: Severity::Warn,
    fix: Fix::Safe,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
Names that begin with punctuation, end in a separator or in a full stop that belongs to no initial and no
abbreviation, or hold a bracket without its partner.
## Why it matters
Browse lists show one person twice, as `Smith, John` and `Smith, John.`.
## Example
`Walsh, Louisa,`.
## Known gaps
Full stops after initials, `Jr.`, `Sr.` and common abbreviations of corporate names are left alone, and names that end in
an HTML entity, which E003 reports. A name that stands there several times is reported once. VuFind cuts the full stop off other
abbreviations, too (`15th cent.`, `Calif.`, `Hon.`); the heading is right, so this is information, and proposed only. So is what
ends in two letters that may be a name or short for one (`Vargha, Gy.`). A semicolon at the end or at the beginning may be
all that is left of another name and is not safe to cut off.
## Source
`fixTrailingPunctuation` of VuFind's `CreatorTools`.",
    check: Check::record(check),
};

/// Last words whose full stop belongs to them, lower-cased. Origin: usual abbreviations in names.
const ABBREVIATIONS: [&str; 26] = [
    "al", "bros", "bt", "ca", "ch", "chr", "cie", "co", "col", "corp", "dept", "dr", "e.v", "etc", "fr", "inc", "jr",
    "ltd", "mr", "mrs", "ms", "ph", "sr", "st", "th", "wm",
];

/// Last words that are short for others and lose their full stop in VuFind's importer, lower-cased. Origin: dates and
/// roles of names in authority files, forenames, degrees, states and bodies in names. Sorted.
const SHORT_WORDS: [&str; 113] = [
    "abp",
    "akad",
    "ala",
    "approx",
    "ariz",
    "ark",
    "arr",
    "assn",
    "assoc",
    "ausg",
    "bart",
    "benj",
    "bibl",
    "bp",
    "calif",
    "capt",
    "cent",
    "chas",
    "cia",
    "colo",
    "comm",
    "comp",
    "comput",
    "conn",
    "cía",
    "dak",
    "del",
    "dipl",
    "ed",
    "eds",
    "edw",
    "engl",
    "esq",
    "fl",
    "fla",
    "gen",
    "geo",
    "ges",
    "gesellsch",
    "gest",
    "gov",
    "hon",
    "hrsg",
    "ill",
    "illus",
    "ind",
    "inst",
    "internat",
    "introd",
    "iur",
    "jahrh",
    "jas",
    "jh",
    "jnr",
    "joh",
    "jos",
    "jun",
    "jur",
    "kan",
    "kans",
    "lab",
    "lieut",
    "lt",
    "mag",
    "maj",
    "mass",
    "med",
    "mich",
    "minn",
    "mlle",
    "mme",
    "mons",
    "nat",
    "neb",
    "nebr",
    "nev",
    "okla",
    "ont",
    "ore",
    "oreg",
    "penn",
    "phil",
    "pol",
    "pref",
    "prof",
    "pseud",
    "pty",
    "pub",
    "publ",
    "rev",
    "robt",
    "saml",
    "sci",
    "sen",
    "ser",
    "snr",
    "soc",
    "tas",
    "techn",
    "tenn",
    "tex",
    "theol",
    "thos",
    "trans",
    "univ",
    "verl",
    "vet",
    "vic",
    "visc",
    "wash",
    "wis",
    "wiss",
    "zool",
];

/// Those of them that are forenames as well, unless they follow a family name and a forename: `Mori, Jun.`,
/// `Berg, Edward, Jun.`. Sorted.
const ALSO_FORENAMES: [&str; 5] = ["bart", "ed", "gen", "jun", "sen"];

/// Words of two letters that belong to family names and are short for nothing: `Berg, Anna De.`. Sorted.
const PARTICLES: [&str; 8] = ["al", "da", "de", "di", "du", "el", "la", "le"];

fn check(subject: &Subject<'_>, found: &mut Found) {
    for field in [Field::Author, Field::Author2, Field::AuthorCorporate] {
        let names = subject.record.all(field);
        // Each name once: where it stands first, how often, and its problem.
        let mut faulty: BTreeMap<&str, (usize, usize, Problem)> = BTreeMap::new();
        for (at, name) in names.iter().enumerate().filter(|(_, name)| !name.trim().is_empty()) {
            let known = if faulty.is_empty() { None } else { faulty.get_mut(&**name) };
            if let Some((_, n_times, _)) = known {
                *n_times += 1;
            } else if let Some(problem) = fault(field, name) {
                faulty.insert(name, (at, 1, problem));
            }
        }
        let mut faulty: Vec<(&str, (usize, usize, Problem))> = faulty.into_iter().collect();
        faulty.sort_by_key(|(_, (at, ..))| *at);
        for (name, (_, n_times, problem)) in faulty {
            let times = if n_times > 1 { format!(", {n_times} times") } else { String::new() };
            let problem = Problem { message: problem.message.clone() + &times, ..problem };
            if safely_cleaned(name) == name {
                found.add(problem);
            } else {
                found.add_with_change(problem, field, || cleaned(names));
            }
        }
    }
}

fn fault(field: Field, name: &str) -> Option<Problem> {
    let problem = |message| Problem::new(field, name, message);
    let Some(clean) = residue(name) else {
        return if is_rest(name) {
            Some(problem("the name begins with what should follow it"))
        } else {
            has_lone_bracket(name).then(|| problem("a bracket of the name has no partner"))
        };
    };
    let problem = |message| problem(message).suggest(clean);
    Some(match rest_of(name, clean) {
        Rest::Residue | Rest::Doubtful => problem(RESIDUE),
        Rest::Semicolon => problem("the name ends in a semicolon, behind which another name may be lost"),
        Rest::SemicolonBefore => problem("the name begins with a semicolon, before which another name may be lost"),
        Rest::Abbreviation => problem("the name ends in the full stop of an abbreviation, which importers cut off")
            .severity(Severity::Info),
    })
}

const RESIDUE: &str = "the name carries punctuation of its source";

/// What is to be cut off a name.
#[derive(PartialEq, Eq)]
enum Rest {
    /// What VuFind's importer cuts off and nobody misses.
    Residue,
    /// What may stand for a lost word or belong to the last one.
    Doubtful,
    /// A sign between two names, of which the second is not there.
    Semicolon,
    /// The same, of which the first is not there.
    SemicolonBefore,
    /// The full stop of an abbreviation.
    Abbreviation,
}

/// The names with all that is safe to cut off cut off.
fn cleaned<'a>(names: &'a [Cow<'_, str>]) -> impl Iterator<Item = &'a str> {
    names.iter().map(|name| safely_cleaned(name))
}

/// The name without what VuFind's importer cuts off, if nothing else is to be cut off.
pub(super) fn safely_cleaned(name: &str) -> &str {
    residue(name).filter(|clean| is_safe_to_cut(name, clean)).unwrap_or(name)
}

fn is_safe_to_cut(name: &str, clean: &str) -> bool {
    rest_of(name, clean) == Rest::Residue
}

/// Only what VuFind's importer cuts off is safe, but for the full stop of an abbreviation; punctuation at the start may stand
/// for a lost word.
fn rest_of(name: &str, clean: &str) -> Rest {
    let name = name.trim();
    if name.starts_with(';') {
        return Rest::SemicolonBefore;
    }
    // The importer cuts the full stop of an initial, too, if something else stands behind it.
    let cut = without_end(name);
    if cut != clean && Some(cut) != clean.strip_suffix('.') {
        return Rest::Doubtful;
    }
    let rest = &name[clean.len()..];
    // `Smith, A .` is an initial with a blank too many.
    let is_apart = rest.starts_with(' ') && rest.trim_start_matches(' ').starts_with('.');
    if is_apart && clean.ends_with(char::is_alphabetic) && ends_in_abbreviation(clean) {
        return Rest::Doubtful;
    }
    match rest.trim_start_matches(' ').starts_with('.') {
        true => full_stop_of(clean),
        false if rest.contains(';') => Rest::Semicolon,
        false => Rest::Residue,
    }
}

/// What a full stop behind a name is, by the last word of the name.
fn full_stop_of(name: &str) -> Rest {
    let word = name.rsplit([' ', ',', '(', '-', '.']).next().unwrap_or(name).to_lowercase();
    let is_known = |words: &[&str]| words.binary_search(&word.as_str()).is_ok();
    if is_known(&SHORT_WORDS) {
        let is_title = !is_known(&ALSO_FORENAMES) || n_commas(name) > 1;
        return if is_title { Rest::Abbreviation } else { Rest::Doubtful };
    }
    let mut words = name.rsplit([' ', ',']);
    let is_short = words.next().is_some_and(is_two_letters) && !is_known(&PARTICLES);
    match is_short {
        // `Ke. Es.`: initials as they are spoken.
        true if words.next().and_then(|before| before.strip_suffix('.')).is_some_and(is_two_letters) => {
            Rest::Abbreviation
        }
        true => Rest::Doubtful,
        false => Rest::Residue,
    }
}

/// Whether a word has two letters and begins with a capital, as digraphs in Hungarian and spoken initials of Indian names do.
fn is_two_letters(word: &str) -> bool {
    let mut letters = word.chars().filter(|letter| letter.is_alphabetic());
    letters.next().is_some_and(char::is_uppercase)
        && letters.next().is_some_and(char::is_lowercase)
        && letters.next().is_none()
        && !word.contains(|letter: char| letter.is_ascii_punctuation() || letter.is_ascii_digit())
}

/// The name without the punctuation that does not belong to it, if there is some.
fn residue(name: &str) -> Option<&str> {
    // Nothing is cut off before a letter at the start or behind one at the end.
    if let [first, .., last] = name.as_bytes()
        && first.is_ascii_alphanumeric()
        && last.is_ascii_alphanumeric()
    {
        return None;
    }
    let trimmed = name.trim();
    // What it ends in is the end of a letter, and left to E003.
    if ends_in_entity(trimmed) {
        return None;
    }
    let is_sign = |letter| matches!(letter, ',' | ';' | ':' | '/' | '.' | ')' | ']' | ' ' | '=');
    // Signs of lists have a blank behind them; without one they may belong to the name.
    // A hyphen before a capital is no part of an Arabic name (`al-…`).
    let is_apart =
        |rest: &&str| rest.starts_with(' ') || rest.starts_with(char::is_uppercase) && !trimmed.starts_with('&');
    let listed = trimmed.strip_prefix(['-', '–', '*', '•', '&', '+']).filter(is_apart);
    let start = listed.unwrap_or(trimmed).trim_start_matches(is_sign);
    // One of two full stops goes, and what it ended is judged again. Three are left to A007.
    if let Some(single) = start.strip_suffix('.').filter(|single| single.ends_with('.') && !single.ends_with("..")) {
        return Some(residue(single).unwrap_or(single));
    }
    // The commas of Arabic and of East Asia, which no importer cuts.
    let start = start.trim_end_matches(['\u{60c}', '\u{3001}', '\u{ff0c}']).trim_end();
    let clean = without_end(start);
    if clean.len() == trimmed.len() || clean.is_empty() {
        return None;
    }
    // The full stop of an initial stays whatever stands behind it, as does any before a lone bracket: `Miami, Fla.)`.
    let rest = &start[clean.len()..];
    let in_bracket = || rest[1..].trim_start().starts_with([')', ']']);
    let keeps_dot = rest.starts_with('.') && (ends_in_abbreviation(clean) || in_bracket());
    let clean = if keeps_dot { &start[..=clean.len()] } else { clean };
    (clean.len() < trimmed.len()).then_some(clean)
}

/// The name as VuFind's importer cuts it, and cut again where a sign stood before the full stop: `Walsh, Louisa,.`
fn without_end(name: &str) -> &str {
    // Behind a blank, the importer cuts the full stop and leaves the blank.
    let clean = fix_trailing_punctuation(name).trim_end_matches(' ');
    // The importer takes the full stop for that of an initial where it stands behind a sign.
    let before = clean.strip_suffix('.').unwrap_or(clean);
    if before.ends_with([',', ';', ':', '/', '=']) { fix_trailing_punctuation(before) } else { clean }
}

/// Whether the semicolon at the end closes an HTML entity: `Swart &amp;`, `M&uuml;`.
fn ends_in_entity(name: &str) -> bool {
    let Some(start) = name.strip_suffix(';') else { return false };
    let Some(at) = memchr::memrchr(b'&', start.as_bytes()) else { return false };
    let entity = start[at + 1..].strip_prefix('#').unwrap_or(&start[at + 1..]);
    !entity.is_empty() && entity.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Whether a name is lost and only its fuller form and dates are left: `(Friedrich), 1921-`.
fn is_rest(name: &str) -> bool {
    name.trim_start()
        .strip_prefix('(')
        .and_then(|rest| rest.split_once(')'))
        .is_some_and(|(_, rest)| rest.trim_start().starts_with(','))
}

/// Whether a bracket has no partner.
fn has_lone_bracket(name: &str) -> bool {
    if !NameSigns::of(name).has(NameSigns::BRACKET) {
        return false;
    }
    let bytes = name.as_bytes();
    let n = |sign: u8| memchr::memchr_iter(sign, bytes).count();
    let is_lone = |open: u8, close: u8| memchr::memchr2(open, close, bytes).is_some() && n(open) != n(close);
    is_lone(b'(', b')') || is_lone(b'[', b']')
}

/// Whether the last word is an initial or an abbreviation.
fn ends_in_abbreviation(name: &str) -> bool {
    let word = name.rsplit([' ', ',', '(', '&']).next().unwrap_or(name);
    let last = word.rsplit(['.', '-']).next().unwrap_or(word);
    // Behind a bracket, the full stop is that of the name: `Society of Friends (Boston, Mass.).`
    !last.ends_with([')', ']'])
        && (last.chars().count() < 2
            || ABBREVIATIONS.iter().any(|short| word.eq_ignore_ascii_case(short))
            || has_no_vowel(last))
}

/// Whether a word of Latin letters cannot be said, and so is short for another: `Frl.`, `Schw.`.
fn has_no_vowel(word: &str) -> bool {
    word.chars().all(|letter| letter.is_ascii_alphabetic() && !"aeiouyAEIOUY".contains(letter))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, check_change, problems};

    #[test]
    fn names_end_in_letters() {
        check(&RULE, r#"{"author":["Walsh, Louisa,"]}"#, &["author"]);
        check(&RULE, r#"{"author2":["Smith, John.","Vico, Giambattista, 1668-1744."]}"#, &["author2", "author2"]);
        check(&RULE, r#"{"author_corporate":["Orchestra)"]}"#, &["author_corporate"]);
        check(&RULE, r#"{"author":[", Louisa Walsh"]}"#, &["author"]);
        for name in [
            "(Smith, John",
            "[Smith, John",
            "Smith, John (Jack",
            "Smith] John",
            "- Smith, John",
            "* Smith, John",
            "-Walker, Helen",
            "(Friedrich), 1921-",
        ] {
            check(&RULE, &format!(r#"{{"author":["{name}"]}}"#), &["author"]);
        }
        let names = r#"{"author":["Walsh, Louisa,","Hill, S.",", Li"]}"#;
        check_change(&RULE, names, &[("author", "Walsh, Louisa | Hill, S. | , Li")]);
        for name in [
            "Smith, A.",
            "Doe, J.R.",
            "Doe, J.-P.",
            "King, Martin Luther, Jr.",
            "Joy, B., 1865-",
            "Foo & Co.",
            "[Anonymous]",
            "Yeats, W. B. (William Butler), 1865-1939",
            "Lulling, Frl.",
            "Swart &amp;",
            "Bergstr&#246;",
            "M&uuml;",
        ] {
            check(&RULE, &format!(r#"{{"author":["{name}"]}}"#), &[]);
        }
    }

    #[test]
    fn full_stops_behind_a_blank_and_behind_another_go() {
        for (name, suggestion) in [
            ("Roe, Una .", Some("Roe, Una")),
            ("Smith, A .", Some("Smith, A")),
            ("Donat, Karl von..", Some("Donat, Karl von")),
            ("Smith, A..", Some("Smith, A.")),
            ("محفوظ، نجيب،", Some("محفوظ، نجيب")),
            ("夏目漱石、", Some("夏目漱石")),
        ] {
            let found = problems(&RULE, &format!(r#"{{"author":["{name}"]}}"#));
            assert_eq!(found[0].suggestion.as_deref(), suggestion, "{name}");
        }
    }

    #[test]
    fn a_semicolon_at_an_end_may_stand_for_a_lost_name() {
        for (name, message) in [
            ("Walsh, Louisa;", "the name ends in a semicolon, behind which another name may be lost"),
            ("; ; Hill, S", "the name begins with a semicolon, before which another name may be lost"),
        ] {
            let document = format!(r#"{{"author":["{name}"]}}"#);
            assert_eq!(problems(&RULE, &document)[0].message, message);
            check_change(&RULE, &document, &[]);
        }
    }

    #[test]
    fn a_name_is_reported_once_per_field() {
        let names = r#"{"author":["Walsh, Louisa,","Hahn, F,","Walsh, Louisa,"],"author2":["Hahn, F,"]}"#;
        let found = problems(&RULE, names);
        let found: Vec<(&str, &str)> =
            found.iter().map(|problem| (problem.value.as_str(), problem.message.as_str())).collect();
        let once = "the name carries punctuation of its source";
        let twice = "the name carries punctuation of its source, 2 times";
        assert_eq!(found, [("Walsh, Louisa,", twice), ("Hahn, F,", once), ("Hahn, F,", once)]);
    }

    #[test]
    fn abbreviations_keep_their_full_stop() {
        assert!(super::SHORT_WORDS.is_sorted() && super::ALSO_FORENAMES.is_sorted() && super::PARTICLES.is_sorted());
        let severity = |name: &str| {
            let document = format!(r#"{{"author":["{name}"]}}"#);
            check_change(&RULE, &document, &[]);
            problems(&RULE, &document)[0].severity
        };
        for name in [
            "Master of the Cards, 15th cent.",
            "Guild of Printers, Oakland, Calif.",
            "Berg, Ann, comp.",
            "Hahn, Edgar, Hon.",
            "Hahn, Edgar, Jun.",
            "Vrain, Mme.",
            "R\u{101}makr\u{325}\u{1e63}\u{1e47}an, Ke. Es.",
            "\u{15a}\u{101}str\u{12b}, \u{1e6c}\u{12b}. A\u{304}r.",
        ] {
            assert_eq!(severity(name), Some(super::Severity::Info), "{name}");
        }
        for name in ["Meier, Karl, Dr. phil.", "Jones, Chas.", "Akademie der Wiss.", "Hermanos García Cía."] {
            assert_eq!(severity(name), Some(super::Severity::Info), "{name}");
        }
        for name in ["Mori, Jun.", "Rohde, Paul Ed.", "Szabó, Mária Gy.", "Pillai, Ku."] {
            assert_eq!(severity(name), None, "{name}");
        }
        for (name, clean) in
            [("Berg, Anna De.", "Berg, Anna De"), ("Wang, Tien-Lu.", "Wang, Tien-Lu"), ("Region IV.", "Region IV")]
        {
            check_change(&RULE, &format!(r#"{{"author":["{name}"]}}"#), &[("author", clean)]);
        }
        let body = r#"{"author_corporate":["Society of Cooks (Salem, Mass.)."]}"#;
        check_change(&RULE, body, &[("author_corporate", "Society of Cooks (Salem, Mass.)")]);
    }

    #[test]
    fn names_are_cut_as_the_importer_cuts_them() {
        for (name, clean) in [
            ("Walsh, Louisa,", Some("Walsh, Louisa")),
            ("Walshona, Louisa,.", Some("Walshona, Louisa")),
            ("Smith, A.,.", Some("Smith, A.")),
            ("Walshona, Louisa;.", None),
            ("Smith, A.", None),
            ("Smith, John.", Some("Smith, John")),
            ("Vico, Giambattista, 1668-1744.", Some("Vico, Giambattista, 1668-1744")),
            ("King, Martin Luther, Jr.", None),
            ("Doe, J.R", None),
            ("Orchestra)", Some("Orchestra")),
            ("Homer. -", Some("Homer")),
            ("[Anonymous]", None),
            ("O'Brien, Mrs.", None),
            ("J B Hahn;", None),
            ("Kauffman, R.J.;", None),
            ("Kauffman, R.J.,", Some("Kauffman, R.J.")),
            ("Doe, J.-P. /", Some("Doe, J.-P.")),
            ("Kant, Immanuel, 1724-1804 .", Some("Kant, Immanuel, 1724-1804")),
            ("Messimer, Dwight R., 1937- .", Some("Messimer, Dwight R., 1937-")),
            ("Roe, Una .", Some("Roe, Una")),
            ("Smith, A .", None),
            ("Parker, John W..", Some("Parker, John W.")),
            ("Seuss..", None),
            ("Borer Conference, Miami Beach, Fla.)", Some("Borer Conference, Miami Beach, Fla.")),
            ("J B Hahn; A Berg; ", None),
        ] {
            let changes: Vec<(&str, &str)> = clean.iter().map(|clean| ("author", *clean)).collect();
            check_change(&RULE, &format!(r#"{{"author":["{name}"]}}"#), &changes);
        }
    }
}
