//! D003: date implausible.

use serde::{Deserialize, Serialize};

use super::format_classes::Class;
use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::{Field, Record};
use crate::keys::dates::clean_date;
use crate::keys::person::year_of_birth;
use crate::keys::seek::{holds_in_any_case, split_once};

/// Too late is what follows the year after indexing, too early what precedes print (articles: 1665) or the author.
pub(super) static RULE: Rule = Rule {
    code: "D003",
    name: "date-implausible",
    severity: Severity::Error,
    fix: Fix::Proposal,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
Years of publication after the year that follows the indexing, before printing (1400, for articles 1665), or
before the first author was born.
## Why it matters
Such records stand at the top of `newest first`, or the year belongs to something else.
## Example
`2201`.
## Known gaps
Facsimiles that say so nowhere may bear the year of the original; those whose format or edition says so, and
manuscripts, are not reported. A year of birth that is a guess (`ca. 1660`, `1660?`) may be twenty years wrong. Years of
other calendars look like early ones; they must be converted by a person.
## Source
History of printing; the first learned journals appeared in 1665.",
    check: Check::record(check),
};

/// First year of printing with movable type in Europe, with some room.
const FIRST_BOOK: u16 = 1400;

/// First year of learned journals.
const FIRST_ARTICLE: u16 = 1665;

/// Parts of the names of other printed texts, lower-case. Origin: VuFind's format map.
const TEXTS: &[&str] = &["thesis", "dissertation", "proceeding", "government document", "report"];

/// Parts of formats and editions that speak of handwriting, or of its copy, lower-case.
const HANDWRITTEN: &[&str] = &["manuscript", "handschrift", "facsim", "faksim", "fac-sim", "fac-s", "faks"];

/// Last year that is accepted when the time of indexing is unknown.
const LAST_YEAR: u16 = 2100;

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    for date in record.all(Field::PublishDate) {
        let Some(year) = year(date) else { continue };
        if let Some(message) = fault(subject, year) {
            found.add(Problem::new(Field::PublishDate, &**date, message));
        }
    }
}

fn fault(subject: &Subject<'_>, year: u16) -> Option<String> {
    let record = subject.record;
    let last = subject.indexed_year.map_or(LAST_YEAR, |year| year + 1);
    if year > last {
        return Some(format!("the year lies after {last}"));
    }
    if year < FIRST_ARTICLE {
        let has = |class| subject.classes().has(class);
        if has(Class::Article) {
            return Some(format!("there were no articles before {FIRST_ARTICLE}"));
        }
        let is_text = || has(Class::Book) || has(Class::Chapter) || has(Class::Journal) || has_any(record, TEXTS);
        if year < FIRST_BOOK && is_text() && !has_any(record, HANDWRITTEN) {
            return Some(format!("there were no printed texts before {FIRST_BOOK}"));
        }
    }
    let name = record.first(Field::Author)?;
    let birth = birth_year(name);
    if year >= birth {
        return None;
    }
    match is_approximate(name, birth) {
        true => (year + APPROXIMATE_YEARS < birth).then(|| format!("the first author was born about {birth}")),
        false => Some(format!("the first author was born in {birth}")),
    }
}

/// Years by which a year of birth that is not known for sure may be wrong.
const APPROXIMATE_YEARS: u16 = 20;

/// Whether a name gives its year of birth as a guess: `ca. 1660-1731`, `approximately 1660-1731`, `1660?-1731`.
fn is_approximate(name: &str, birth: u16) -> bool {
    let Some((before, after)) = split_once(name, &birth.to_string()) else { return false };
    let before = before.trim_end();
    after.starts_with('?')
        || ["ca", "ca.", "approximately", "approx.", "circa", "um", "vers"]
            .iter()
            .any(|word| before.strip_suffix(word).is_some_and(|rest| !rest.ends_with(char::is_alphanumeric)))
}

/// Whether format or edition holds one of the words.
fn has_any(record: &Record<'_>, words: &[&str]) -> bool {
    let mut values = record.all_of(&[Field::Format, Field::Edition]);
    values.any(|value| words.iter().any(|word| holds_in_any_case(value, word)))
}

/// What the first date of a record says, for the profile.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(in crate::audit) enum Reading {
    /// There is none.
    Missing,
    /// No year.
    NoYear,
    /// A year before printing, or after the one that follows the indexing.
    Implausible,
    /// A plausible year.
    Year(u16),
}

/// Reads the first date that is not blank.
pub(in crate::audit) fn reading(subject: &Subject<'_>) -> Reading {
    let Some(date) = subject.record.filled(Field::PublishDate) else { return Reading::Missing };
    let last = subject.indexed_year.map_or(LAST_YEAR, |year| year.saturating_add(1));
    match year(date) {
        None => Reading::NoYear,
        Some(year) if (FIRST_BOOK..=last).contains(&year) => Reading::Year(year),
        Some(_) => Reading::Implausible,
    }
}

fn year(date: &str) -> Option<u16> {
    let date = date.trim();
    if date.len() == 4 { date.parse().ok() } else { clean_date(date, LAST_YEAR) }
}

/// The year of birth in a name (`Walsh, Louisa, 1965-`, `b. 1965`), not those in which somebody was active; 0 if
/// there is none.
fn birth_year(name: &str) -> u16 {
    if !name.bytes().any(|byte| byte.is_ascii_digit()) || holds_in_any_case(name, "active") {
        return 0;
    }
    match year_of_birth(name) {
        0 => birth_in_words(name).unwrap_or(0),
        year => year,
    }
}

/// The same with the day of birth, in brackets, or after a word of another language than English: `1947 September 21-`,
/// `[1950]-`, `nar. 1950`, `1950生`.
fn birth_in_words(name: &str) -> Option<u16> {
    const BORN: [&str; 16] = [
        "*",
        "f.",
        "född",
        "fødd",
        "født",
        "n.",
        "naissance",
        "nar.",
        "né en",
        "née en",
        "nato nel",
        "synt.",
        "ur.",
        "нар.",
        "р.",
        "род.",
    ];
    let start = name.find(|letter: char| letter.is_ascii_digit())?;
    let digits = name[start..].bytes().take_while(u8::is_ascii_digit).count();
    let (before, after) = (name[..start].trim_end_matches([' ', '[', '(']), &name[start + digits..]);
    let year = name[start..start + digits].parse().ok().filter(|_| digits == 4)?;
    let is_apart = |rest: &str| rest.ends_with([' ', ',', '(']);
    let is_word = || BORN.iter().any(|word| before.strip_suffix(word).is_some_and(is_apart));
    let is_birth = after.starts_with("]-") || after.starts_with('生') || begins_with_day(after) || is_word();
    is_birth.then_some(year)
}

/// Whether a month, a day and a dash follow: ` September 21-`.
fn begins_with_day(text: &str) -> bool {
    let Some((month, rest)) = text.strip_prefix(' ').and_then(|text| text.split_once(' ')) else { return false };
    let day = rest.bytes().take_while(u8::is_ascii_digit).count();
    month.starts_with(char::is_uppercase)
        && month.chars().all(char::is_alphabetic)
        && (1..=2).contains(&day)
        && rest[day..].starts_with('-')
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, problems};

    #[test]
    fn births_are_written_in_many_ways() {
        let document = |name: &str| format!(r#"{{"publishDate":["1920"],"author":["{name}"]}}"#);
        for name in [
            "Bo, Ann, 1947 September 21-",
            "Bo, Ann, [1950]-",
            "Novák, Jan, nar. 1950",
            "García, Ana, n. 1950",
            "Bo, Ann (f. 1950)",
            "Шевчук, Тарас, род. 1950",
            "田中, 花子, 1950生",
            "Bo, Ann, *1950",
        ] {
            check(&RULE, &document(name), &["publishDate"]);
        }
        for name in
            ["Bo, Ann, zm. 1950", "Bo, Ann, ум. 1950", "Bo, Ann, gest. 1950", "Bo, Ann, 1950 May", "Bo, Ann, no. 1950"]
        {
            check(&RULE, &document(name), &[]);
        }
    }

    #[test]
    fn years_are_possible() {
        check(&RULE, r#"{"publishDate":["2201"]}"#, &["publishDate"]);
        check(&RULE, r#"{"publishDate":["2023"],"last_indexed":"2021-01-01T00:00:00Z"}"#, &["publishDate"]);
        check(&RULE, r#"{"publishDate":["2022"],"last_indexed":"2021-01-01T00:00:00Z"}"#, &[]);
        check(&RULE, r#"{"publishDate":["1200"],"format":["Book"]}"#, &["publishDate"]);
        check(&RULE, r#"{"publishDate":["1200"],"format":["Manuscript"]}"#, &[]);
        for format in ["Thesis", "Book Chapter", "Conference Proceeding", "Government Document", "Report"] {
            check(&RULE, &format!(r#"{{"publishDate":["1300"],"format":["{format}"]}}"#), &["publishDate"]);
        }
        check(&RULE, r#"{"publishDate":["1300"],"format":["Book","Manuscript"]}"#, &[]);
        check(&RULE, r#"{"publishDate":["1300"],"format":["Book"],"edition":"Facsimile ed."}"#, &[]);
        check(&RULE, r#"{"publishDate":["1601"],"format":["Article"]}"#, &["publishDate"]);
        check(&RULE, r#"{"publishDate":["1901"],"author":["Walsh, Louisa, 1965-"]}"#, &["publishDate"]);
        check(&RULE, r#"{"publishDate":["1990"],"author":["Walsh, Louisa, 1965-1980"]}"#, &[]);
        check(&RULE, r#"{"publishDate":["1818 [i. e. 1919]"],"author":["Walsh, Louisa, 1865-1940"]}"#, &[]);
        for name in [
            "Walsh, Louisa, b. 1970",
            "Bosch, Jan, approximately 1950-2016",
            "Bosch, Jan, ca. 1950-2016",
            "Walsh, Louisa (1970-)",
            "Walsh, Louisa, 1970?-",
            "Walsh, Louisa, geb. 1970",
            "Walsh, Louisa, 1970–2020",
            "Walsh, Louisa 1970-",
        ] {
            check(&RULE, &format!(r#"{{"publishDate":["1901"],"author":["{name}"]}}"#), &["publishDate"]);
        }
        for name in
            ["Walsh, Louisa, active 1965-1980", "Walsh, Louisa, fl. 1965-", "Walsh, Louisa, -1965", "Group 1965"]
        {
            check(&RULE, &format!(r#"{{"publishDate":["1901"],"author":["{name}"]}}"#), &[]);
        }
    }

    #[test]
    fn a_year_of_birth_may_be_a_guess() {
        for life in ["ca. 1660-1731", "approximately 1660-1731", "1660?-1731", "circa 1660-"] {
            let document = |year: &str| format!(r#"{{"publishDate":["{year}"],"author":["Defoe, Daniel, {life}"]}}"#);
            check(&RULE, &document("1655"), &[]);
            check(&RULE, &document("1601"), &["publishDate"]);
            assert_eq!(problems(&RULE, &document("1601"))[0].message, "the first author was born about 1660");
        }
        check(&RULE, r#"{"publishDate":["1655"],"author":["Monica, 1660-1731"]}"#, &["publishDate"]);
    }
}
