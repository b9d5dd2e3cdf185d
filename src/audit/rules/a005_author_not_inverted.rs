//! A005: author not inverted.

use super::a006_author_punctuation_residue::safely_cleaned;
use super::format_classes::is_one_of;
use super::names::{has_comma, is_straight, without_generation};
use crate::audit::{Catalogue, Check, Facts, Fix, Found, Problem, Reports, Rows, Rule, Severity, Subject};
use crate::input::{Field, Record};
use crate::keys::names::invert_name;
use crate::keys::text::fold;

/// Names are found record by record, and taken back where fewer than 70 % of those of a collection have a comma.
pub(super) static RULE: Rule = Rule {
    code: "A005",
    name: "author-not-inverted",
    severity: Severity::Info,
    fix: Fix::Proposal,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
Names of two to four capitalised words without a comma, in a collection where at least 70 % of the names have
one.
## Why it matters
One person stands in two places of browse lists, and in two blocks.
## Example
`Louisa Walsh` among names such as `Walsh, Louisa`.
## Known gaps
Corporate names are told by their words, of which those of the large European languages are known. Records in a
language whose names begin with the family name or have none (Chinese, Hungarian, Vietnamese, Icelandic, Malay, Thai and
others) are not judged, nor those that were published in such countries or have them for a topic (AACR2 22.26 to 22.28: names in
direct order), nor names on recordings of music, which may be those of bands, nor those that begin with an article; in
translations from these languages such names must be told apart by a person.
## Source
VuFind's XSLT helper inverts names for some importers only (`invertName`).",
    check: Check::both(check, gather, judge),
};

/// Author values of which a comma is expected in most, in percent.
const INVERTED_PERCENT: u64 = 70;

/// Languages in whose names the family name comes first or there is none. Origin: rules of cataloguing for names of persons.
/// Sorted.
const OTHER_ORDERS: [&str; 20] = [
    "Burmese",
    "Cambodian",
    "Chinese",
    "Hungarian",
    "Icelandic",
    "Indonesian",
    "Japanese",
    "Javanese",
    "Khmer",
    "Korean",
    "Lao",
    "Malay",
    "Mongolian",
    "Sundanese",
    "Tamil",
    "Telugu",
    "Thai",
    "Tibetan",
    "Uighur",
    "Vietnamese",
];

/// Countries and towns where persons have no family name or stand under their first one, and their peoples, folded. Origin:
/// rules of cataloguing for Burmese, Ethiopian, Icelandic, Indonesian, Khmer, Lao, Malay, Thai and Vietnamese names. Sorted.
const REGIONS: [&str; 51] = [
    "addis",
    "bandung",
    "bangi",
    "bangkok",
    "brunei",
    "burma",
    "burmese",
    "cambodia",
    "cambodian",
    "denpasar",
    "eritrea",
    "ethiopia",
    "ethiopian",
    "hanoi",
    "iceland",
    "icelandic",
    "indonesia",
    "indonesian",
    "jakarta",
    "java",
    "javanese",
    "kelantan",
    "khmer",
    "kuala",
    "laos",
    "malay",
    "malaya",
    "malays",
    "malaysia",
    "malaysian",
    "mandalay",
    "medan",
    "myanmar",
    "penang",
    "phnom",
    "rangoon",
    "reykjavik",
    "sabah",
    "saigon",
    "sarawak",
    "selangor",
    "sumatra",
    "surabaya",
    "terengganu",
    "thai",
    "thailand",
    "vientiane",
    "vietnam",
    "vietnamese",
    "yangon",
    "yogyakarta",
];

/// Whether a place of publication or a topic says that names in a record may be in direct order.
fn is_of_region(record: &Record<'_>) -> bool {
    const FIELDS: [Field; 4] = [Field::PlaceStrMv, Field::Topic, Field::Geographic, Field::GeographicFacet];
    record.all_of(&FIELDS).any(|text| fold(text).split(' ').any(|word| REGIONS.binary_search(&word).is_ok()))
}

/// Formats of recordings of music, plain and sorted. Origin: VuFind's format map.
const RECORDINGS: [&str; 14] = [
    "audio",
    "audiocassette",
    "audiocd",
    "audiotape",
    "cd",
    "lp",
    "music",
    "musiccd",
    "musicrecording",
    "soundcassette",
    "sounddisc",
    "soundrecording",
    "soundtape",
    "vinyl",
];

/// Whether a record is a recording of music, whose names may be those of bands: `Pink Floyd`.
fn is_recording(record: &Record<'_>) -> bool {
    record.all(Field::Format).iter().any(|format| is_one_of(format, &RECORDINGS))
}

/// Numbers of rulers that look like initials; longer ones are no words of names at all.
const REGNAL: [&str; 7] = ["II", "IV", "IX", "VI", "XI", "XV", "XX"];

/// First words of names of bands and of places, with an article.
const ARTICLES: [&str; 12] = ["Das", "Der", "Die", "El", "Gli", "Il", "La", "Las", "Le", "Les", "Los", "The"];

fn check(subject: &Subject<'_>, found: &mut Found) {
    let languages = subject.record.all(Field::Language);
    let has_other_order = |language: &str| OTHER_ORDERS.binary_search(&language).is_ok();
    let mut is_judged = None;
    for field in [Field::Author, Field::Author2] {
        for name in subject.record.all(field).iter().filter(|name| is_straight(name)) {
            let is_judged = *is_judged.get_or_insert_with(|| {
                !languages.iter().any(|language| has_other_order(language))
                    && !is_of_region(subject.record)
                    && !is_recording(subject.record)
            });
            let mut words = name.split(' ');
            let (first, last) = (words.next().unwrap_or_default(), words.next_back().unwrap_or_default());
            // `La Moureyre` is a family name, `The Beatles` a band, and popes and kings have none: `Paul VI`.
            if !is_judged || ARTICLES.contains(&first) || REGNAL.contains(&last) {
                continue;
            }
            let problem = Problem::new(field, &**name, "most names of the collection begin with the family name");
            found.add(problem.suggest(inverted(name)));
        }
    }
}

/// The name with the family name first. Initials at the end (`Smith JA`) follow it already.
fn inverted(name: &str) -> String {
    let is_initials = |word: &str| word.len() <= 3 && word.bytes().all(|byte| byte.is_ascii_uppercase());
    let start = without_generation(name);
    if start.len() < name.len() {
        return format!("{},{}", inverted(start), &name[start.len()..]);
    }
    match name.trim_end().rsplit_once(' ') {
        Some((family, initials)) if is_initials(initials) => format!("{family}, {initials}"),
        _ => invert_name(name),
    }
}

fn gather(subject: &Subject<'_>, facts: &mut Facts) {
    let record = subject.record;
    let names = || record.all_of(&[Field::Author, Field::Author2]);
    let n_names = names().count() as u64;
    if n_names == 0 {
        return;
    }
    let key = subject.collection_key();
    facts.count(key, n_names, names().filter(|name| has_comma(name)).count() as u64);
    // Names that are straight once repaired are taken back as well, so that no repair seems to create a finding.
    if names().any(|name| is_straight(name) || is_straight(safely_cleaned(name))) {
        facts.note(key, 0);
    }
}

fn judge(rows: &Rows, _: &Catalogue<'_>, reports: &mut Reports) {
    for row in rows.table(0) {
        let [n_names, n_inverted] = rows.counts(row.key);
        if n_inverted * 100 < n_names * INVERTED_PERCENT {
            reports.drop(row.record);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::Settings;
    use crate::audit::rules::testing::{check, found, outcome, problems};

    #[test]
    fn bodies_are_known_by_words_of_many_languages() {
        for name in ["Lace Guild", "Slovenska Matica", "Latvijas Universitāte", "Amgueddfa Cymru", "Μουσείο Μπενάκη"]
        {
            check(&RULE, &format!(r#"{{"author":["{name}"]}}"#), &[]);
        }
    }

    #[test]
    fn straight_names_are_seen() {
        for name in ["Louisa Walsh", "Jean-Paul Sartre", "W. B. Yeats", "Anna Maria Vries Smith"] {
            check(&RULE, &format!(r#"{{"author":["{name}"]}}"#), &["author"]);
        }
        for name in ["Walsh, Louisa", "World Health Organization", "Homer", "Johnson & Johnson", "UNESCO Paris", "WHO"]
        {
            check(&RULE, &format!(r#"{{"author":["{name}"]}}"#), &[]);
        }
        let walsh = problems(&RULE, r#"{"author":["Louisa Walsh"]}"#);
        assert_eq!(walsh[0].suggestion.as_deref(), Some("Walsh, Louisa"));
        let initials = problems(&RULE, r#"{"author":["Smith JA"]}"#);
        assert_eq!(initials[0].suggestion.as_deref(), Some("Smith, JA"));
        assert!(super::OTHER_ORDERS.is_sorted() && super::REGIONS.is_sorted());
        for document in [
            r#"{"author":["Ren Weimin"],"language":["Chinese"]}"#,
            r#"{"author":["The Beatles"],"format":["CD"]}"#,
            r#"{"author":["Paul VI","John Paul II","Berliner Philharmoniker"]}"#,
            r#"{"author2":["La Moureyre-Gavo"]}"#,
            r#"{"author":["Aminah Hamzah"],"language":["English"],"place_str_mv":["[Shah Alam, Selangor]"]}"#,
            r#"{"author":["Somchai Wattana"],"language":["English"],"topic":["Thailand Politics and government"]}"#,
            r#"{"author":["Deutsche Forschungsgemeinschaft","Human Rights Watch"]}"#,
        ] {
            check(&RULE, document, &[]);
        }
    }

    #[test]
    fn the_collection_decides() {
        let document = |at: usize, names: &str| format!(r#"{{"id":"x-{at}","author":[{names}]}}"#);
        let mut inverted: Vec<String> = (0..7).map(|at| document(at, r#""Walsh, Louisa""#)).collect();
        inverted.extend((7..10).map(|at| document(at, r#""Louisa Walsh""#)));
        assert_eq!(found(&RULE, &inverted).len(), 3);
        inverted.push(document(10, r#""Louisa Walsh""#));
        inverted.push(document(11, r#""Louisa Walsh.""#));
        assert_eq!(found(&RULE, &inverted).len(), 0, "7 of 12 are fewer than 70 %");
        let outcome = outcome(&inverted, &Settings::default());
        assert!(!outcome.judges(&RULE, 11_u32.into()), "what its repair would leave is not judged either");
        assert!(outcome.takes_back(&RULE, 11_u32.into()));
    }

    #[test]
    fn initials_particles_and_generations_are_seen() {
        for (name, inverted) in [
            ("J.R.R. Tolkien", "Tolkien, J.R.R."),
            ("Ludwig van Beethoven", "Beethoven, Ludwig van"),
            ("Jan van der Berg", "Berg, Jan van der"),
            ("Martin Luther King Jr.", "King, Martin Luther, Jr."),
        ] {
            let found = problems(&RULE, &format!(r#"{{"author":["{name}"]}}"#));
            assert_eq!(found[0].suggestion.as_deref(), Some(inverted), "{name}");
        }
        for name in ["van Gogh", "Ludwig van", "Collège de France", "Wiener Symphoniker", "Parlamento Europeo"] {
            check(&RULE, &format!(r#"{{"author":["{name}"]}}"#), &[]);
        }
    }

    #[test]
    fn names_on_recordings_may_be_bands() {
        assert!(super::RECORDINGS.is_sorted());
        check(&RULE, r#"{"author":["Pink Floyd"],"format":["Music Recording","CD"]}"#, &[]);
        check(&RULE, r#"{"author":["Louisa Walsh"],"format":["Book","CD-ROM"]}"#, &["author"]);
    }
}
