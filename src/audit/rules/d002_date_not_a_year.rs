//! D002: date not a year.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;
use crate::keys::dates::{clean_date, is_corrected};

/// Suggests what SolrMarc would read, or else a guess; safe only where the year is certain.
pub(super) static RULE: Rule = Rule {
    code: "D002",
    name: "date-not-a-year",
    severity: Severity::Warn,
    fix: Fix::Safe,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
Values of publishDate that are not four digits. The year that SolrMarc would take from the value is suggested.
## Why it matters
The date facet, ranges and sorting expect years.
## Example
`2021-02-24`, `c1992.`.
## Known gaps
Ranges such as `1870-1875` and `1910-11` are reported although they may be meant; their first year, and that of other
eras and calendars (`500 B.C.`, `1350 H`), is proposed and not converted. The new year of other calendars is not ours, so
what is proposed for them may be a year off. `2010-11` may be a month or a range. What SolrMarc cannot read is
guessed at: `179l`, `190_?`, `1489`. A year that two values give is written once. No year of copyright is proposed where
another year or a decade (`[198-?] c1913`) stands beside it, and where another value holds a year (`[1993]` and `c1985`), the
sign is all that tells the two apart, so the year is proposed only. That something still appears (`1987-`, `[2008]-`, `cop. 1982->`)
must not be lost, whatever its format: its year is proposed only, unless an open `dateSpan` says it, too. A dash behind a
full stop (`1927. --`) is punctuation. A decade (`[197-?]`) becomes its first year, as SolrMarc reads it.
## Source
SolrMarc's `cleanDate`; VuFind's DOAJ stylesheet passes dates on as they are.",
    check: Check::record(check),
};

/// Year that SolrMarc's limit is taken from when the time of indexing is unknown.
const LAST_YEAR: u16 = 2099;

/// Years below this one are of another calendar as often as not, or before printing.
const FIRST_YEAR: &str = "1400";

/// Words beside a year that leave no doubt about it: signs of copyright, print, estimates and corrections, the `l` of
/// a typewriter, the `T` and `Z` of ISO 8601, months in English, German, French, Spanish and Italian, and seasons.
const WORDS: [&str; 94] = [
    "abril",
    "agosto",
    "août",
    "apr",
    "april",
    "aprile",
    "aug",
    "august",
    "automne",
    "autumn",
    "avril",
    "c",
    "ca",
    "cop",
    "copyright",
    "dec",
    "december",
    "dez",
    "dezember",
    "dicembre",
    "diciembre",
    "dr",
    "décembre",
    "e",
    "enero",
    "fall",
    "feb",
    "febbraio",
    "febrero",
    "februar",
    "february",
    "frühjahr",
    "frühling",
    "février",
    "gennaio",
    "giugno",
    "herbst",
    "hiver",
    "i",
    "jan",
    "januar",
    "january",
    "janvier",
    "juillet",
    "juin",
    "jul",
    "juli",
    "julio",
    "july",
    "jun",
    "june",
    "juni",
    "junio",
    "l",
    "luglio",
    "maggio",
    "mai",
    "mar",
    "march",
    "mars",
    "marzo",
    "may",
    "mayo",
    "märz",
    "nov",
    "november",
    "novembre",
    "noviembre",
    "oct",
    "october",
    "octobre",
    "octubre",
    "okt",
    "oktober",
    "ottobre",
    "p",
    "printed",
    "printemps",
    "printing",
    "sep",
    "september",
    "septembre",
    "septiembre",
    "settembre",
    "sommer",
    "sommersemester",
    "spring",
    "summer",
    "t",
    "winter",
    "wintersemester",
    "z",
    "©",
    "été",
];

fn check(subject: &Subject<'_>, found: &mut Found) {
    let dates = subject.record.all(Field::PublishDate);
    if dates.iter().all(|date| is_year(date)) {
        return;
    }
    let last_year = subject.indexed_year.unwrap_or(LAST_YEAR);
    let is_known_open = || subject.record.all(Field::DateSpan).iter().any(|span| is_open(span));
    let all_years = YearsOfAll::of(dates);
    let certain =
        |at: usize| certain_year(dates, &all_years, at, last_year).filter(|_| !is_open(&dates[at]) || is_known_open());
    for (at, date) in dates.iter().enumerate() {
        if is_year(date) || date.trim().is_empty() {
            continue;
        }
        let problem = Problem::new(Field::PublishDate, &**date, "the date is not a year of four digits");
        let year = match half_of(dates, at) {
            Some((before, after)) => clean_date(&format!("{before} {after}"), last_year),
            None => certain(at)
                .or_else(|| beside_copyright(date, last_year))
                .or_else(|| year_of(date, last_year))
                .or_else(|| converted(date))
                .or_else(|| guessed(date, last_year)),
        };
        let problem = problem.suggest_any(year.map(|year| year.to_string()));
        if certain(at).is_some() {
            found.add_with_change(problem, Field::PublishDate, || years(dates, certain));
        } else {
            found.add(problem);
        }
    }
}

/// The years that the dates of a record name.
struct YearsOfAll {
    /// In how many dates each year stands.
    n_dates: BTreeMap<u16, usize>,
    /// How many dates name any.
    n_with: usize,
}

impl YearsOfAll {
    fn of(dates: &[Cow<'_, str>]) -> YearsOfAll {
        let mut all = YearsOfAll { n_dates: BTreeMap::new(), n_with: 0 };
        // Of a single date nothing is asked.
        for date in dates.iter().filter(|_| dates.len() > 1) {
            let years: BTreeSet<u16> = years_in(date).map(|(_, year)| year).collect();
            all.n_with += usize::from(!years.is_empty());
            years.into_iter().for_each(|year| *all.n_dates.entry(year).or_default() += 1);
        }
        all
    }
}

fn is_year(date: &str) -> bool {
    date.len() == 4 && date.bytes().all(|byte| byte.is_ascii_digit())
}

/// The dates with the safe ones made years, each year once.
fn years(dates: &[Cow<'_, str>], certain: impl Fn(usize) -> Option<u16>) -> Vec<String> {
    let last_places: BTreeMap<&str, usize> = dates.iter().enumerate().map(|(at, date)| (&**date, at)).collect();
    let (mut years, mut known): (Vec<String>, BTreeSet<String>) = (Vec::new(), BTreeSet::new());
    for (at, date) in dates.iter().enumerate() {
        let year = certain(at).map(|year| year.to_string());
        let is_later = |year: &String| last_places.get(year.as_str()).is_some_and(|&last| last > at);
        match year {
            Some(year) if is_later(&year) || known.contains(&year) => {}
            year => {
                let date = year.unwrap_or_else(|| date.clone().into_owned());
                known.insert(date.clone());
                years.push(date);
            }
        }
    }
    years
}

/// The year of a date of which there is no doubt.
fn certain_year(dates: &[Cow<'_, str>], all_years: &YearsOfAll, at: usize, last_year: u16) -> Option<u16> {
    let date = &*dates[at];
    let is_read = !is_year(date) && is_plain(date) && half_of(dates, at).is_none();
    let year = if is_read { clean_date(date, last_year) } else { None };
    year.filter(|&year| !is_copyright_beside_others(date, all_years, year))
}

/// Whether a date is a year of copyright that no other value says, and another value says another year: without its sign, it
/// would read as a year of publication. In MARC, it stands in a field 264 of its own.
fn is_copyright_beside_others(date: &str, all_years: &YearsOfAll, year: u16) -> bool {
    let is_copyrights = || years_in(date).next().is_some_and(|(start, _)| is_copyright(&date[..start]));
    // It names a year itself.
    let n_others = || all_years.n_with.saturating_sub(1);
    let is_in_others = || {
        let is_own = years_in(date).any(|(_, own)| own == year);
        all_years.n_dates.get(&year).copied().unwrap_or(0) > usize::from(is_own)
    };
    is_copyrights() && n_others() > 0 && !is_in_others()
}

/// Whether a date ends in a year and a dash, as of what still appears, in whatever brackets: `1987-`, `[2008]-`,
/// `[1966?-`, `cop. 1982->`. A dash behind a full stop and a blank parts areas of a description: `1927. --`.
fn is_open(date: &str) -> bool {
    const DASHES: [char; 5] = ['-', '\u{2010}', '\u{2012}', '\u{2013}', '\u{2014}'];
    let Some(at) = date.rfind(|letter: char| letter.is_ascii_digit()) else { return false };
    let (years, end) = date.split_at(at + 1);
    let n_figures = years.bytes().rev().take_while(u8::is_ascii_digit).count();
    let Some((before, after)) = end.split_once(DASHES) else { return false };
    let is_bracket = |letter: char| " []()<>?.,".contains(letter);
    n_figures == 4
        && before.chars().all(is_bracket)
        && !(before.ends_with(' ') && before.trim_end().ends_with('.'))
        && after.chars().all(|letter| is_bracket(letter) || DASHES.contains(&letter))
}

/// The year beside one of copyright: that of a correction, else the first year of none, else a decade.
fn beside_copyright(date: &str, last_year: u16) -> Option<u16> {
    let after = ["i.e.", "i. e."].iter().find_map(|sign| Some(date.split_once(sign)?.1));
    let corrected = after.and_then(|after| years_in(after).map(|(_, year)| year).next());
    let year = corrected.or_else(|| {
        let mut is_copyrights = false;
        let mut others = years_in(date).filter(|(at, _)| {
            // The last year of a range is what the first one is.
            let is_end = date[..*at].ends_with(['-', '\u{2013}']);
            is_copyrights = is_copyright(&date[..*at]) || is_end && is_copyrights;
            !is_copyrights
        });
        let other = others.next().map(|(_, year)| year);
        years_in(date).any(|(at, _)| is_copyright(&date[..at])).then(|| other.or_else(|| open_decade(date)))?
    });
    year.filter(|year| (1400..=last_year).contains(year))
}

/// Numbers of four figures, with where they start.
fn years_in(date: &str) -> impl Iterator<Item = (usize, u16)> + '_ {
    let mut at = 0;
    let runs = date.as_bytes().chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit()).map(move |run| {
        at += run.len();
        (at - run.len(), run)
    });
    runs.filter(|(_, run)| run.len() == 4).filter_map(|(at, run)| Some((at, number(run)?)))
}

/// The first year of a decade of which the last figure is not known: `198-?`, `[198-]`, `190_`.
fn open_decade(date: &str) -> Option<u16> {
    let bytes = date.as_bytes();
    let mut at = 0;
    bytes.chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit()).find_map(|run| {
        at += run.len();
        let is_open = matches!(bytes.get(at), Some(b'-' | b'_')) && !bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
        let decade = number(run).filter(|decade| run.len() == 3 && is_open && (140..=209).contains(decade))?;
        Some(decade * 10)
    })
}

/// Both halves of a correction that an importer took for two dates: `1943 [i. e.` and `1944]`.
fn half_of<'a>(dates: &'a [Cow<'_, str>], at: usize) -> Option<(&'a str, &'a str)> {
    let is_open = |date: &str| {
        let date = date.trim_end();
        date.ends_with("i.e.") || date.ends_with("i. e.")
    };
    let pair = |at: usize| Some((&**dates.get(at)?, &**dates.get(at + 1)?)).filter(|(before, _)| is_open(before));
    pair(at).or_else(|| pair(at.checked_sub(1)?))
}

/// The year that SolrMarc takes from a date; of a range, whose last year may stand in brackets, the first.
fn year_of(date: &str, last_year: u16) -> Option<u16> {
    let first = range_start(date).filter(|first| !is_corrected(date) && *first <= last_year);
    first.or_else(|| clean_date(date, last_year))
}

/// The first year of a range: `1870-1875`, `1983-[1989]`, `1910-11`, `1913[-14]`, `1887/88`, `1999/00`. Two figures that may be
/// a month are one.
fn range_start(date: &str) -> Option<u16> {
    date.match_indices(['-', '\u{2013}', '/']).find_map(|(at, dash)| {
        let before = date[..at].trim_end_matches([' ', '[', ']', '?', '>']);
        let start = before.trim_end_matches(|letter: char| letter.is_ascii_digit());
        let first = number(&before.as_bytes()[start.len()..]).filter(|_| before.len() - start.len() == 4)?;
        let after = date[at + dash.len()..].trim_start_matches([' ', '[', '<', 'c', '\u{a9}', '\u{2117}']);
        let n_figures = after.bytes().take_while(u8::is_ascii_digit).count();
        let last = number(&after.as_bytes()[..n_figures])?;
        let is_range = match n_figures {
            4 => true,
            // Of a day, another number follows.
            2 => (last > first % 100 || last == (first + 1) % 100) && !after[2..].starts_with(['-', '/']),
            _ => false,
        };
        is_range.then_some(first)
    })
}

/// The year that is most likely meant by what SolrMarc cannot read: with an `l` for a one, marks on figures, a decade, or
/// before the year 1500.
fn guessed(date: &str, last_year: u16) -> Option<u16> {
    let mut figures = String::with_capacity(date.len());
    let mut letters = date.chars().filter(|letter| !('\u{300}'..'\u{370}').contains(letter)).peekable();
    while let Some(letter) = letters.next() {
        let is_beside = figures.ends_with(|letter: char| letter.is_ascii_digit())
            || letters.peek().is_some_and(char::is_ascii_digit);
        figures.push(if matches!(letter, 'l' | 'I') && is_beside { '1' } else { letter });
    }
    let is_figure = |letter: char| letter.is_ascii_digit();
    let mut runs = figures.split(|letter| !is_figure(letter)).filter(|run| run.len() == 4);
    let year = runs.find_map(|run| run.parse::<u16>().ok()).filter(|year| (1000..=last_year).contains(year));
    let decade = || {
        figures.match_indices(['_', '.']).find_map(|(at, sign)| {
            let start = figures[..at].trim_end_matches(is_figure).len();
            let is_open = sign == "_" || figures[at + 1..].starts_with('?');
            let decade = figures[start..at].parse::<u16>().ok().filter(|_| is_open && at - start == 3)?;
            Some(decade * 10).filter(|year| (1400..=last_year).contains(year))
        })
    };
    year.or_else(decade)
}

/// Whether numbers beside the year are of a day, a month or a decade: they follow a hyphen, a stroke or a full stop, or a
/// month is named. A number of another length, and one after a comma, may be anything.
fn has_stray_number(date: &str) -> bool {
    let bytes = date.as_bytes();
    let n_numbers =
        bytes.chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit()).filter(|run| run[0].is_ascii_digit());
    if n_numbers.count() < 2 {
        return false;
    }
    let mut at = 0;
    let is_stray = |run: &[u8], start: usize| {
        let before = date[..start].trim_end();
        let is_after_comma = || before.ends_with(',') && !holds_word(date);
        match run.len() {
            4 | 8 | 14 => false,
            1..=3 => is_after_comma(),
            _ => true,
        }
    };
    bytes.chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit()).any(|run| {
        at += run.len();
        run[0].is_ascii_digit() && is_stray(run, at - run.len())
    })
}

/// Whether a word of three letters stands in a date, such as the name of a month.
fn holds_word(date: &str) -> bool {
    date.split(|letter: char| !letter.is_alphabetic()).any(|word| word.len() > 2)
}

/// Whether the year in a date is the one that is meant beyond doubt: of our era and calendar, and no range.
fn is_plain(date: &str) -> bool {
    if range_start(date).is_some() || has_stray_number(date) {
        return false;
    }
    if open_decade(date).is_some() && years_in(date).next().is_some() {
        return false;
    }
    let is_digit = |byte: &u8| byte.is_ascii_digit();
    let mut at = 0;
    let runs = date.as_bytes().chunk_by(|a, b| is_digit(a) == is_digit(b)).map(|run| {
        at += run.len();
        (at - run.len(), run)
    });
    let mut years = runs.filter(|(_, run)| run.len() == 4 && is_digit(&run[0]));
    // The year in error and the right one.
    let n_years = || date.split(|letter: char| !letter.is_ascii_digit()).filter(|run| run.len() == 4).count();
    let is_correction = is_corrected(date) && n_years() <= 2;
    let first = years.next().map(|(_, year)| year);
    // An earlier copyright says nothing else; one of years after speaks of another edition.
    let is_earlier = |year| number(year) <= first.and_then(number).map(|first| first + 1);
    let is_same = |(at, year)| Some(year) == first || is_copyright(&date[..at]) && is_earlier(year);
    let is_one = is_correction || years.all(is_same);
    let early = first.is_some_and(|year| year < FIRST_YEAR.as_bytes());
    let is_known =
        |word: &str| WORDS.iter().any(|known| word.eq_ignore_ascii_case(known)) || date.contains('[') && is_roman(word);
    let mut words = date.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty());
    is_one && !early && words.all(is_known)
}

fn number(digits: &[u8]) -> Option<u16> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// Whether a text ends in a sign of copyright: the year after it is no second year of publication.
fn is_copyright(before: &str) -> bool {
    let before = before.trim_end_matches(['.', ' ']);
    let word = before.rsplit([' ', ',', ';', '(', '[', '<', '-', '\u{2013}']).next().unwrap_or(before);
    ["c", "cop", "copyright", "p", "\u{a9}", "\u{2117}"].iter().any(|known| word.eq_ignore_ascii_case(known))
}

/// Whether a word is a year in Roman numerals.
fn is_roman(word: &str) -> bool {
    word.starts_with('M') && word.bytes().all(|letter| b"MDCLXVI".contains(&letter))
}

/// Eras of Japan and their first years.
const ERAS: [(&str, u16); 5] = [("明治", 1868), ("大正", 1912), ("昭和", 1926), ("平成", 1989), ("令和", 2019)];

/// The year of our era that a date of another calendar means most likely: of a Japanese era, of the Hijra (`1350 H`),
/// of the Jewish (`5735 h.`) or the Buddhist calendar (`B.E. 2530`).
fn converted(date: &str) -> Option<u16> {
    if let Some((era, first)) = ERAS.iter().find(|era| date.contains(era.0)) {
        let year = date.split_once(era)?.1.trim_start();
        let end = year.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(year.len());
        let year = if year.starts_with('元') { 1 } else { year[..end].parse::<u16>().ok()? };
        return (1..100).contains(&year).then(|| first + year - 1);
    }
    let mut numbers = date.split(|letter: char| !letter.is_ascii_digit()).filter(|number| !number.is_empty());
    let number = numbers.next().filter(|number| number.len() == 4)?;
    if numbers.next().is_some() {
        return None;
    }
    let letters: String = date.chars().filter(|letter| letter.is_alphabetic()).collect();
    match (letters.to_lowercase().as_str(), number.parse::<u16>().ok()?) {
        ("h" | "ah", year @ 1000..=1500) => Some((f64::from(year) * 0.970_224 + 621.577_4) as u16),
        ("h" | "am", year @ 5300..=5900) => Some(year - 3760),
        ("be" | "พศ", year @ 2300..=2700) => Some(year - 543),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, check_change, problems};

    #[test]
    fn dates_are_years() {
        for (date, year) in [("2021-02-24", "2021"), ("c1992.", "1992"), ("1992?", "1992")] {
            let document = format!(r#"{{"publishDate":["{date}"]}}"#);
            assert_eq!(problems(&RULE, &document)[0].suggestion.as_deref(), Some(year));
        }
        check(&RULE, r#"{"publishDate":["[s.a.]"]}"#, &["publishDate"]);
        check(&RULE, r#"{"publishDate":["2021",""]}"#, &[]);
        check_change(&RULE, r#"{"publishDate":["2020","1992."]}"#, &[("publishDate", "2020 | 1992")]);
        for (date, year) in [
            ("1985, c1984", "1985"),
            ("MDCCLXX [1770]", "1770"),
            ("Oktober 1999", "1999"),
            ("2004 printing", "2004"),
            ("2021-06", "2021"),
            ("June 12, 1998.", "1998"),
            ("20225", "2022"),
        ] {
            check_change(&RULE, &format!(r#"{{"publishDate":["{date}"]}}"#), &[("publishDate", year)]);
        }
        check_change(&RULE, r#"{"publishDate":["2021-02-24T00:00:00Z"]}"#, &[("publishDate", "2021")]);
        for (date, year) in [
            ("1818 [i. e. 1919]", "1919"),
            ("1964 [i.e.1965]", "1965"),
            ("1950 [i.e.] 1951.", "1951"),
            ("[c1971, i. e. 1970]", "1970"),
            ("Spring 1998", "1998"),
        ] {
            check_change(&RULE, &format!(r#"{{"publishDate":["{date}"]}}"#), &[("publishDate", year)]);
        }
        check_change(&RULE, r#"{"publishDate":["1818 [i.e. 1919-1923]"]}"#, &[]);
        check_change(&RULE, r#"{"publishDate":["[1986]","℗1986"]}"#, &[("publishDate", "1986"); 2]);
        check_change(&RULE, r#"{"publishDate":["c1986.","1985","1986"]}"#, &[("publishDate", "1985 | 1986")]);
        check_change(&RULE, r#"{"publishDate":["[1994]","\u00a91982"]}"#, &[("publishDate", "1994 | \u{a9}1982")]);
        check_change(&RULE, r#"{"publishDate":["1994","c1982."]}"#, &[]);
        check_change(&RULE, r#"{"publishDate":["Berg & Hahn","[c1879]"]}"#, &[("publishDate", "Berg & Hahn | 1879")]);
        let halves = r#"{"publishDate":["1943 [i. e.","1944]"]}"#;
        check_change(&RULE, halves, &[]);
        let found = problems(&RULE, halves);
        let joined: Vec<Option<&str>> = found.iter().map(|problem| problem.suggestion.as_deref()).collect();
        assert_eq!(joined, [Some("1944"); 2]);
        for doubtful in [
            "1350 H",
            "1870-1875",
            "500 B.C.",
            "2564 BE",
            "1985, 1984",
            "c1984, 1985",
            "P 1992 (cop. 2000)",
            "1350?",
            "昭和 1950",
            "1910-11.",
            "[1906-09]",
            "1913[-14]",
            "2010-11",
            "19000-1901.",
            "1926, 24.",
        ] {
            check_change(&RULE, &format!(r#"{{"publishDate":["{doubtful}"]}}"#), &[]);
        }
    }

    #[test]
    fn years_of_copyright_give_way() {
        for (date, year) in [
            ("1942, \u{a9}1917-1920.", "1942"),
            ("1965, c1964-1989.", "1965"),
            ("1963 [c1858-1859].", "1963"),
            ("[c1910] 1911.", "1911"),
            ("[c1907, 1913]", "1913"),
            ("c1852, t.p. 1853.", "1853"),
            ("1958 [i.e. second impression 1961; c1957]", "1961"),
            ("1984 printing, [c1963-64]", "1984"),
            ("[197-?] c1913.", "1970"),
            ("\u{2117}1990, 1992", "1992"),
            ("c1965-c1969.", "1965"),
            ("\u{a9}1986-<c1987>", "1986"),
        ] {
            let document = format!(r#"{{"publishDate":["{date}"]}}"#);
            assert_eq!(problems(&RULE, &document)[0].suggestion.as_deref(), Some(year), "{date}");
            check_change(&RULE, &document, &[]);
        }
    }

    #[test]
    fn that_something_still_appears_is_not_lost() {
        let of = |format: &str, date: &str, more: &str| {
            format!(r#"{{"format":["{format}"],"publishDate":["{date}"]{more}}}"#)
        };
        for (date, year) in [
            ("1987-", "1987"),
            ("[2008]-", "2008"),
            ("[1966?-", "1966"),
            ("c1997-", "1997"),
            ("\u{a9}2009-", "2009"),
            ("cop. 1982->", "1982"),
            ("[1984- ]", "1984"),
            ("1979-.", "1979"),
            ("1961 -", "1961"),
            ("1961\u{2013}", "1961"),
        ] {
            for format in ["Journal", "Book"] {
                let document = of(format, date, "");
                assert_eq!(problems(&RULE, &document)[0].suggestion.as_deref(), Some(year), "{date}");
                check_change(&RULE, &document, &[]);
            }
            check_change(&RULE, &of("Book", date, r#","dateSpan":["Bd. 1 (1961)-"]"#), &[("publishDate", year)]);
            check_change(&RULE, &of("Book", date, r#","dateSpan":["1961-1970"]"#), &[]);
        }
        for (date, year) in
            [("1927. --", "1927"), ("1926. -", "1926"), ("2021-02", "2021"), ("1917, c1916. --", "1917")]
        {
            check_change(&RULE, &of("Book", date, ""), &[("publishDate", year)]);
        }
        check_change(
            &RULE,
            r#"{"format":["Book"],"publishDate":["1992.","1987-"]}"#,
            &[("publishDate", "1992 | 1987-")],
        );
    }

    #[test]
    fn years_are_those_of_solrmarc() {
        for (date, year) in [
            ("[1992?]", Some("1992")),
            ("[19]85", Some("1985")),
            ("l985", Some("1985")),
            ("198-?", Some("1980")),
            ("[198-]", Some("1980")),
            ("199?", Some("1990")),
            ("19--", None),
            ("MDCCLXX [1770]", Some("1770")),
            ("1985, c1984", Some("1985")),
            ("1984 [i.e. 1990]", Some("1990")),
            ("500 B.C.", None),
            ("1350 H", Some("1931")),
            ("5735 h.", Some("1975")),
            ("B.E. 2530", Some("1987")),
            ("平成10", Some("1998")),
            ("昭和元年", Some("1926")),
            ("1999-2003", Some("1999")),
            ("©2015.", Some("2015")),
            ("[2015", Some("2015")),
            ("1992-", Some("1992")),
            ("1983-[1989]", Some("1983")),
            ("[1965-[1967]", Some("1965")),
            ("1894[i.e. 1901]-1905.", Some("1901")),
            ("1913[-14]", Some("1913")),
            ("2005-06", Some("2005")),
            ("179l.", Some("1791")),
            ("l9l5.", Some("1915")),
            ("190_?]", Some("1900")),
            ("[189_-", Some("1890")),
            ("[193.?]", Some("1930")),
            ("1\u{308}972", Some("1972")),
            ("16. September 1489", Some("1489")),
            ("[um 1475-77]", Some("1475")),
            ("12964.", None),
            ("92", None),
            ("n.d.", None),
        ] {
            let found = problems(&RULE, &format!(r#"{{"publishDate":["{date}"]}}"#));
            assert_eq!(found[0].suggestion.as_deref(), year, "{date}");
        }
        check(&RULE, r#"{"publishDate":["0999","3021"]}"#, &[]);
    }
}
