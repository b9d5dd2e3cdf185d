//! D004: date conflicting evidence.

use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::{Field, Record};

/// One year from elsewhere that agrees, give or take one, is enough; else the first that conflicts is suggested.
pub(super) static RULE: Rule = Rule {
    code: "D004",
    name: "date-conflicting-evidence",
    severity: Severity::Warn,
    fix: Fix::Proposal,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
A year of publication that differs by two or more from every year found elsewhere: full dates in `spelling`,
years in container_reference, dateSpan and edition, the year of a conference in the title.
## Why it matters
The import took the date of another event, such as the deposit.
## Example
publishDate `2021`, container_reference `12(3), 1998`.
## Known gaps
The time stamp of harvesting that follows the id in `spelling` is not evidence. Dates inside abstracts can be,
by mistake, so one agreeing date is enough. Proceedings may appear up to five years after their conference, which is
information, but never before. Years in ranges, after words such as `vol.` and `S.` and after colons may be pages and volumes. An
edition of an earlier year may be printed again, so it is information, and none if it is one of a printing or revision, is called
by its year (`1941 ed.`), or is twenty years older. The year of a conference stands within six words after the word for it, or
within twelve behind a comma, a bracket or a month, or within four words before it, if nothing or one word stands before
the year, or a word such as `Proceedings`;
publication twenty years later is history, and of a congress, which may be a parliament, only what appears before it
is reported. Where another year of the title is that of the publication, nothing is (`Workshop on the 1995 code, 8 April
2008`). A year that ends in 0 may stand for its decade where
no full date says otherwise. Volumes of a range of dates that is open may appear later.
## Source
The importer drops text that only the copy in `spelling` keeps.",
    check: Check::record(check),
};

/// Years by which online and printed publication may lie apart.
const TOLERANCE: u16 = 1;

/// Years by which proceedings may appear after their conference.
const MAX_DELAY: u16 = 5;

/// Years after a conference from which a publication is about it, or of an edition again.
const HISTORY: u16 = 20;

/// Years that are taken for dates.
const YEARS: std::ops::RangeInclusive<u16> = 1500..=2100;

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    let dates = record.all(Field::PublishDate);
    let years: Vec<u16> = dates.iter().map_while(|date| date.trim().parse().ok()).collect();
    if years.len() != dates.len() || dates.is_empty() {
        return;
    }
    let years = || years.iter().copied();
    if record.has(Field::DateSpan) && years().any(|published| lies_in_span(record, published)) {
        return;
    }
    // What conflicts beyond doubt, and what often lies apart.
    let (mut first, mut first_usual) = (None, None);
    for (field, Year { year, is_sure, is_original }, is_open) in evidence(record) {
        let is_after = |n: u16| years().all(|published| published > year + n);
        let is_past = match field {
            Field::Edition => is_after(if is_original { 0 } else { HISTORY }),
            Field::Title => is_after(HISTORY),
            _ => false,
        };
        if is_past {
            continue;
        }
        // Sources that have full dates do not guess at decades.
        let is_vague = |published: u16| field != Field::Spelling && published.is_multiple_of(10);
        let is_decade = |published: u16| is_vague(published) && (published..published + 10).contains(&year);
        let agrees = |published: u16| published.abs_diff(year) <= TOLERANCE || is_decade(published);
        let last = match (is_open, field) {
            (true, Field::Title) if is_sure => year,
            (true, _) => u16::MAX,
            (false, _) => year,
        };
        if years().any(|published| agrees(published) || (year..=last).contains(&published)) {
            return;
        }
        let is_usual = match field {
            Field::Edition => is_after(0),
            Field::Title => years().any(|published| (year..=year + MAX_DELAY).contains(&published)),
            _ => false,
        };
        if is_sure || field == Field::Title {
            let place = if is_usual { &mut first_usual } else { &mut first };
            place.get_or_insert((field, year));
        }
    }
    let is_in_title = || {
        let titles = record.all(Field::Title).iter();
        let mut numbers = titles.flat_map(|title| title.split(|letter: char| !letter.is_ascii_digit()));
        numbers.any(|number| {
            let year = Some(number).filter(|number| number.len() == 4).and_then(|number| number.parse::<u16>().ok());
            year.is_some_and(|year| years().any(|published| published.abs_diff(year) <= TOLERANCE))
        })
    };
    let severity = if first.is_some() { None } else { Some(Severity::Info) };
    if let Some((field, year)) = first.or(first_usual)
        && !(field == Field::Title && is_in_title())
    {
        let message = format!("{} gives the year {year}", field.name());
        let problem = Problem::new(Field::PublishDate, dates.join(" | "), message).suggest(year.to_string());
        found.add(Problem { severity, ..problem });
    }
}

/// Whether a year lies between the first and the last one of the ranges of dates.
fn lies_in_span(record: &Record<'_>, published: u16) -> bool {
    let years = || record.all(Field::DateSpan).iter().flat_map(|text| plain_years(text)).map(|year| year.year);
    matches!((years().min(), years().max()), (Some(first), Some(last)) if (first..=last).contains(&published))
}

/// A year of another field.
#[derive(Clone, Copy)]
struct Year {
    year: u16,
    /// Whether it can be nothing else than the year of this publication.
    is_sure: bool,
    /// Whether it is that of an original, of which this publication may be a reprint.
    is_original: bool,
}

/// Years of other fields; open ones begin a range.
fn evidence<'a>(record: &'a Record<'_>) -> impl Iterator<Item = (Field, Year, bool)> + 'a {
    let spelling = record.all(Field::Spelling).iter().flat_map(|text| iso_years(without_stamp(text, record.id())));
    let references = record.all(Field::ContainerReference).iter();
    let reference = references.flat_map(|text| plain_years(text).chain(iso_years(text)));
    let spans = record.all(Field::DateSpan).iter().flat_map(|text| plain_years(text));
    // A range of dates is one of years.
    let spans = spans.map(|year| Year { is_sure: true, ..year });
    let editions = record.all(Field::Edition).iter().flat_map(|text| edition_years(text));
    let conferences = record.all(Field::Title).iter().flat_map(|title| conference_years(title));
    let is_closed = record.all(Field::DateSpan).iter().all(|span| {
        let end =
            span.trim_end_matches(|letter: char| !letter.is_alphanumeric() && !matches!(letter, '-' | '\u{2013}'));
        !end.ends_with(['-', '\u{2013}']) && holds_range(end)
    });
    let as_evidence = |field: Field, is_open: bool| move |year: Year| (field, year, is_open);
    spelling
        .map(as_evidence(Field::Spelling, false))
        .chain(reference.map(as_evidence(Field::ContainerReference, false)))
        .chain(spans.map(as_evidence(Field::DateSpan, !is_closed)))
        .chain(editions.map(as_evidence(Field::Edition, false)))
        .chain(conferences.map(as_evidence(Field::Title, true)))
}

/// Whether a range of dates has two years, the last of them at its end.
fn holds_range(span: &str) -> bool {
    let years: Vec<&str> = span.split(|letter: char| !letter.is_ascii_digit()).filter(|run| run.len() == 4).collect();
    years.len() > 1 && years.last().is_some_and(|year| span.trim_end_matches(')').ends_with(year))
}

/// Words for meetings, lower-case, and whether nothing else is called so: a congress may be a parliament.
const EVENTS: [(&str, bool); 35] = [
    ("conference", true),
    ("symposium", true),
    ("workshop", true),
    ("tagung", true),
    ("colloque", true),
    ("colloquium", true),
    ("convegno", true),
    ("konferenz", true),
    ("conferencia", true),
    ("kongress", true),
    ("congress", false),
    ("congreso", false),
    ("congrès", false),
    ("konferenc", true),
    ("konferens", true),
    ("kolloquium", true),
    ("coloquio", true),
    ("colóquio", true),
    ("simposio", true),
    ("simpósio", true),
    ("sempozyum", true),
    ("konferans", true),
    ("конференци", true),
    ("симпозиум", true),
    ("симпозијум", true),
    ("симпозіум", true),
    ("конференці", true),
    ("conferinț", true),
    ("conferència", true),
    ("conferência", true),
    ("simpozij", true),
    ("simpozion", true),
    ("symposion", true),
    ("συνέδριο", true),
    ("συμπόσιο", true),
];

/// Words between a meeting and its year, at most: `of Millers, Paris, June`.
const MAX_BETWEEN: usize = 6;

/// The same where the year stands apart: `of Millers and Bakers of Soft Bread, Paris, 1998`.
const MAX_BETWEEN_APART: usize = 12;

/// Words between the year of a meeting and the word for it, at most: `1998 IEEE international`.
const MAX_BEFORE: usize = 4;

/// Bytes of a title within which a meeting has its year before it.
const MAX_START: usize = 300;

/// Words for what comes out of a meeting, lower-case. Origin: titles of proceedings in English, French and German.
const PROCEEDINGS: [&str; 11] = [
    "abstracts",
    "actes",
    "akten",
    "beiträge",
    "contributions",
    "papers",
    "proceedings",
    "record",
    "tagungsband",
    "transactions",
    "vorträge",
];

/// Starts of the names of months in English.
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// The years that follow the words for meetings; not sure are those of congresses, see [`EVENTS`].
fn conference_years(title: &str) -> Vec<Year> {
    if !holds_four_figures(title) {
        return Vec::new();
    }
    let title = title.to_lowercase();
    let mut years = Vec::new();
    for &(event, is_meeting) in EVENTS.iter().filter(|event| title.contains(event.0)) {
        for (at, _) in title.match_indices(event) {
            years.extend(year_before(&title[..at]).map(|year| Year { year, is_sure: is_meeting, is_original: false }));
            let after = title[at + event.len()..].trim_start_matches(char::is_alphabetic);
            years.extend(years_after(after, is_meeting).map(|found| Year { is_sure: is_meeting, ..found }));
        }
    }
    years
}

/// The years of a meeting in what stands behind the word for it.
fn years_after(after: &str, is_meeting: bool) -> impl Iterator<Item = Year> + '_ {
    let is_between = |letter: char| !letter.is_alphanumeric() && !matches!(letter, '-' | '\u{2013}');
    let mut from = 0;
    let words = after.split(is_between).map(move |word| {
        let start = from;
        from += word.len() + after[start + word.len()..].chars().next().map_or(0, char::len_utf8);
        (start, word)
    });
    let words = words.filter(|(_, word)| !word.is_empty()).take(MAX_BETWEEN_APART + 1).enumerate();
    let years = words.filter(move |&(n_words, (start, word))| {
        // `looking at the year 2000` is no date of a meeting, nor is `class of 1848`.
        let is_other = || ["year ", "act of ", "class of "].iter().any(|word| after[..start].ends_with(word));
        let is_number = word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
        is_number && (n_words <= MAX_BETWEEN || is_meeting && is_apart(&after[..start])) && !is_other()
    });
    years.filter_map(move |(_, (start, word))| {
        let mut found = plain_years(&after[..start + word.len()]).filter(|found| found.is_sure);
        let year: u16 = word.parse().ok()?;
        found.find(|found| found.year == year).filter(|_| !goes_on(&after[start + word.len()..]))
    })
}

/// Whether a year behind a text stands apart from it: behind a comma, a bracket or a month.
fn is_apart(before: &str) -> bool {
    let before = before.trim_end();
    let word = before.rsplit(|letter: char| !letter.is_alphabetic()).next().unwrap_or_default();
    before.ends_with([',', '(']) || MONTHS.iter().any(|month| word.starts_with(month))
}

/// Whether a range goes on behind a year.
fn goes_on(rest: &str) -> bool {
    rest.trim_start().starts_with(['-', '\u{2013}'])
}

/// The year of a meeting in what stands before the word for it: `1998 IEEE`, `ICML 1998 : international`,
/// `Proceedings of the 1998`. Behind other words it may be that of a meeting of which a work tells.
fn year_before(before: &str) -> Option<u16> {
    if before.len() > MAX_START {
        return None;
    }
    let words = || before.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    let is_year = |word: &&str| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    let n_words = words().count();
    let (at, year) = words().enumerate().filter(|(_, word)| is_year(word)).last()?;
    if n_words - at > MAX_BEFORE + 1 {
        return None;
    }
    let first = words().next().unwrap_or_default();
    let is_named = at == 1 && !["the", "der", "die", "la", "le"].contains(&first);
    let is_of_meeting = at == 0 || is_named || words().take(at).any(|word| PROCEEDINGS.contains(&word));
    year.parse().ok().filter(|year| is_of_meeting && YEARS.contains(year))
}

/// Whether a text has four figures in a row, and no more or less.
fn holds_four_figures(text: &str) -> bool {
    // Without a way out before the end, the compiler looks at several bytes at a time.
    let has_figure = text.bytes().fold(false, |found, byte| found | byte.is_ascii_digit());
    has_figure && text.as_bytes().split(|byte| !byte.is_ascii_digit()).any(|run| run.len() == 4)
}

/// The text after the id and the date of harvesting, which are written together.
fn without_stamp<'a>(text: &'a str, id: &str) -> &'a str {
    text.strip_prefix(id).and_then(|rest| rest.get("2021-03-11".len()..)).unwrap_or(text)
}

/// Years of dates written `2021-02-24`.
fn iso_years(text: &str) -> impl Iterator<Item = Year> + '_ {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'-', bytes).filter_map(move |at| {
        // Most hyphens stand between words.
        if bytes.get(at + 3) != Some(&b'-') {
            return None;
        }
        let start = at.checked_sub(4)?;
        let date = bytes.get(start..start + "2021-02-24".len())?;
        let is_date = date.iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        });
        let is_alone = start == 0 || !bytes[start - 1].is_ascii_digit();
        let year = (is_date && is_alone).then(|| std::str::from_utf8(&date[..4]).ok()?.parse().ok()).flatten()?;
        Some(Year { year, is_sure: true, is_original: false })
    })
}

/// Beginnings of words that tell of a reprint, or of what was added or changed, lower-case. Origin: editions in English, German, French, Italian, Dutch.
const REPRINTS: [&str; 22] = [
    "print",
    "impression",
    "nachtr",
    "stand",
    "rev",
    "korr",
    "corr",
    "mise à jour",
    "aktualis",
    "reprint",
    "repr.",
    "reproduc",
    "nachdr",
    "neudr",
    "reprogr",
    "faks",
    "facs",
    "réimpr",
    "reimpr",
    "ristampa",
    "herdruk",
    "unveränd",
];

/// Those of them that tell of a new edition where a word for one follows: `Rev. ed. 2016`.
const REVISIONS: [&str; 4] = ["rev", "korr", "corr", "aktualis"];

/// Years of an edition; those of a reprint are the original's. One that names the edition, as `1941 ed.`, is printed again and
/// again.
fn edition_years(text: &str) -> impl Iterator<Item = Year> + '_ {
    let lower = text.to_lowercase();
    let words = || lower.split(|letter: char| !letter.is_alphabetic());
    let is_edition = words().any(|word| ["ed", "éd", "aufl", "ausg"].contains(&word) || is_word_for_edition(word));
    let is_reprint = REPRINTS.iter().any(|start| lower.contains(start) && !(is_edition && REVISIONS.contains(start)));
    let start = lower.trim_start_matches(['[', '(', ' ']);
    let is_named = is_edition && start.bytes().take_while(u8::is_ascii_digit).count() == 4;
    plain_years(text).map(move |year| Year {
        is_sure: year.is_sure && !is_reprint,
        is_original: is_reprint || is_named,
        ..year
    })
}

fn is_word_for_edition(word: &str) -> bool {
    ["edition", "auflage", "ausgabe", "édition", "edición", "edizione"].contains(&word)
}

/// Words before the number of a volume, an issue or a page, lower-case. Origin: citations in languages of Europe, Indonesian
/// and Vietnamese.
const DESIGNATIONS: [&str; 60] = [
    "art", "article", "artikel", "band", "bd", "bind", "bl", "cilt", "f", "fasc", "ff", "fol", "h", "heft", "hft",
    "hlm", "id", "issue", "lk", "n", "no", "nr", "num", "number", "numer", "numero", "numéro", "núm", "número", "nº",
    "p", "page", "pages", "pp", "psl", "s", "sayı", "seite", "seiten", "sid", "side", "sider", "sivu", "str", "strona",
    "sv", "t", "tr", "v", "vol", "č", "čís", "σ", "σελ", "вып", "вип", "с", "стор", "стр", "т",
];

/// Numbers of four digits that can be years. Those of ranges, and those after the name of a page or volume or after a
/// colon are not sure to be some.
fn plain_years(text: &str) -> impl Iterator<Item = Year> + '_ {
    let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '\u{2013}');
    let mut before = 0;
    let words = text.split(move |letter: char| !is_part(letter)).map(move |word| {
        let start = before;
        before += word.len() + text[start + word.len()..].chars().next().map_or(0, char::len_utf8);
        (start, word)
    });
    words.filter(|(_, word)| word.len() >= 4).flat_map(move |(start, word)| {
        let is_range_end = text[..start].trim_end().ends_with(['-', '\u{2013}']);
        let is_range_start = word.len() > 4 && text[start + word.len()..].trim_start().starts_with(char::is_numeric);
        let word = word.trim_matches(['-', '\u{2013}']);
        let numbers = word.split(['-', '\u{2013}']).filter(|number| number.len() == 4);
        let years = numbers.filter_map(|number| number.parse().ok()).filter(|year| YEARS.contains(year));
        years.map(move |year| Year {
            year,
            is_sure: word.len() == 4
                && !is_range_start
                && !is_range_end
                && !is_numbered(&text[..start])
                && !is_counted(&text[start + word.len()..]),
            is_original: false,
        })
    })
}

/// Whether nothing but a word for pages stands behind a number: `1987 S.`
fn is_counted(after: &str) -> bool {
    let word = after.trim().trim_end_matches('.');
    ["p", "pp", "s", "с", "σ", "str", "стр", "стор"].iter().any(|known| word.eq_ignore_ascii_case(known))
}

/// Whether a text ends in what stands before the number of a page, an issue or a volume.
fn is_numbered(before: &str) -> bool {
    let before = before.trim_end();
    let start = before.trim_end_matches('.');
    let word = start.rsplit(|letter: char| !letter.is_alphabetic()).next().unwrap_or_default();
    let is_one = |known: &str| match word.is_ascii() {
        true => word.eq_ignore_ascii_case(known),
        false => word.chars().flat_map(char::to_lowercase).eq(known.chars()),
    };
    before.ends_with([':', '№', '°', '#']) || DESIGNATIONS.iter().any(|known| is_one(known))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::Severity;
    use crate::audit::rules::testing::{check, problems};

    #[test]
    fn pages_are_no_years_in_other_languages() {
        for reference in
            ["с. 1935", "Том 5, № 1935", "стор. 1812", "nº 1935", "σ. 1935", "psl. 1935", "#1935", "1935 S."]
        {
            check(&RULE, &format!(r#"{{"publishDate":["2014"],"container_reference":"{reference}"}}"#), &[]);
        }
        check(&RULE, r#"{"publishDate":["2014"],"container_reference":"т. 5 (1995)"}"#, &["publishDate"]);
    }

    #[test]
    fn other_dates_agree() {
        let reference = r#""container_reference":"12(3), 1998""#;
        check(&RULE, &format!(r#"{{"publishDate":["2021"],{reference}}}"#), &["publishDate"]);
        check(&RULE, &format!(r#"{{"publishDate":["1999"],{reference}}}"#), &[]);
        check(&RULE, r#"{"publishDate":["2021"],"container_reference":"1998-03-12"}"#, &["publishDate"]);
        check(&RULE, r#"{"publishDate":["2021"],"container_reference":"Vol. 2021, Article ID 2012"}"#, &[]);
        check(&RULE, r#"{"publishDate":["2021"],"container_reference":"N 2001"}"#, &[]);
        check(&RULE, r#"{"publishDate":["2021"],"spelling":["x-12010-03-11 Title 2021-02-24"]}"#, &[]);
        check(&RULE, r#"{"publishDate":["2021"],"spelling":["x-12021-03-11 Title 2011-02-24"]}"#, &["publishDate"]);
        check(&RULE, r#"{"publishDate":["2021"],"spelling":["x-12010-03-11 Title"]}"#, &[]);
        check(&RULE, r#"{"publishDate":["2021"],"dateSpan":["Vol. 1 (1998)-"]}"#, &[]);
        check(&RULE, r#"{"publishDate":["2021"],"dateSpan":["1990-1994"]}"#, &["publishDate"]);
        check(&RULE, r#"{"publishDate":["2021"],"dateSpan":["Bd. 1 (1990) - Bd. 5 (1994)"]}"#, &["publishDate"]);
        check(&RULE, r#"{"publishDate":["2021"],"dateSpan":["1990-1994, 2001-"]}"#, &[]);
        check(&RULE, r#"{"publishDate":["1992"],"dateSpan":["1990-1994"]}"#, &[]);
        check(&RULE, r#"{"publishDate":["1985"],"dateSpan":["1990-1994"]}"#, &["publishDate"]);
        check(&RULE, r#"{"publishDate":["2021"]}"#, &[]);
        check(&RULE, r#"{"publishDate":["2008"],"title":"Workshop on the 1995 code, Lund, 8 April 2008"}"#, &[]);
        check(&RULE, r#"{"publishDate":["1991"],"edition":"2nd ed., 1998"}"#, &["publishDate"]);
        check(&RULE, r#"{"publishDate":["2021"],"edition":"2nd ed., 1998"}"#, &[]);
        check(&RULE, r#"{"publishDate":["2021"],"edition":"2nd ed."}"#, &[]);
        check(&RULE, r#"{"publishDate":["1946"],"edition":"1941 ed."}"#, &[]);
        for edition in [
            "9th printing, November 2002, with corrections.",
            "Einzelne Nachträge 2004",
            "Rev. 2001.",
            "Stand 2003",
            "with tables of exports from 2004- 2009",
        ] {
            check(&RULE, &format!(r#"{{"publishDate":["1998"],"edition":"{edition}"}}"#), &[]);
        }
        for edition in ["Reprint of the 1890 ed.", "Unveränd. reprograf. Nachdr. der 2. Aufl. 1880", "Repr., 1890"] {
            check(&RULE, &format!(r#"{{"publishDate":["1998"],"edition":"{edition}"}}"#), &[]);
        }
        for reference in ["12(3), S. 1901-1915", "12(3), pp. 1998-2010", "Bd. 1912, 3-9", "58:1795"] {
            check(&RULE, &format!(r#"{{"publishDate":["2021"],"container_reference":"{reference}"}}"#), &[]);
        }
        check(&RULE, r#"{"publishDate":["1990"],"container_reference":"12(3), 1996"}"#, &[]);
        check(&RULE, r#"{"publishDate":["1996"],"container_reference":"12(3), 1990"}"#, &["publishDate"]);
        check(&RULE, r#"{"publishDate":["2010"],"spelling":["x-12021-03-11 Title 2014-02-24"]}"#, &["publishDate"]);
        check(
            &RULE,
            r#"{"publishDate":["2021"],"container_reference":"Vol. 12 (1998), S. 1901-1915"}"#,
            &["publishDate"],
        );
        let proceedings = r#""title":"Proceedings of the 3rd Conference on Optics, Paris 2010""#;
        check(&RULE, &format!(r#"{{"publishDate":["2001"],{proceedings}}}"#), &["publishDate"]);
        check(&RULE, &format!(r#"{{"publishDate":["2011"],{proceedings}}}"#), &[]);
        let congress = r#""title":"Internationaler Kongress 2010 in Wien""#;
        check(&RULE, &format!(r#"{{"publishDate":["2001"],{congress}}}"#), &["publishDate"]);
        for (year, title) in [
            ("1988", "Work in the year 2000 : hearings before the Congress, second session, April 11, 12 and 19, 1998"),
            ("1979", "The Bristol District Conference 1908"),
            ("1905", "Further thoughts of W. Grant, class of 1848, in the Annual Conference of the Church"),
            ("1950", "Report of the Committee to the Tenth Congress of the Party, December 18, 1925"),
            ("1948", "Proceedings of the Constitutional Convention of 1901"),
            ("1979", "Revision of the Trade act of 1969 : a conference"),
            ("1985", "A conference on schools in the year 2000"),
            ("1969", "Resolutionen der Kongresse 1951-68"),
        ] {
            check(&RULE, &format!(r#"{{"publishDate":["{year}"],"title":"{title}"}}"#), &[]);
        }
        for (year, title) in [
            ("2015", "Proceedings of the Kent dairy conference 1998"),
            ("1995", "International Congress of Millers 2010 : papers"),
        ] {
            check(&RULE, &format!(r#"{{"publishDate":["{year}"],"title":"{title}"}}"#), &["publishDate"]);
        }
    }

    /// The severity of what is found, if something is.
    fn severity(year: &str, field: &str) -> Option<Severity> {
        let found = problems(&RULE, &format!(r#"{{"publishDate":["{year}"],{field}}}"#));
        found.first().map(|found| found.severity.unwrap_or(RULE.severity))
    }

    #[test]
    fn conferences_have_their_year_before_or_behind() {
        for (year, title, expected) in [
            ("2010", "Proceedings of the 1998 international conference on aviation", Some(Severity::Warn)),
            ("2010", "1998 IEEE symposium on aviation", Some(Severity::Warn)),
            ("2010", "ICML 1998 : international conference on learning", Some(Severity::Warn)),
            ("1999", "Proceedings of the 2009 conference on aviation", Some(Severity::Warn)),
            (
                "2007",
                "Proceedings of the international conference on rural weather and deep canal aviation, Berlin, 1998",
                Some(Severity::Warn),
            ),
            ("2007", "International conference on the history of mills and of bread (1998)", Some(Severity::Warn)),
            ("2007", "Conference 2003 on aviation", Some(Severity::Info)),
            ("2010", "Proceedings of the 2009 conference on aviation", None),
            ("1998", "Conference on the mills of 1848, Berlin, 1998", None),
            ("2000", "The 1815 congress of Vienna", None),
            ("1830", "The 1815 congress of Vienna", None),
            ("1930", "The 1919 peace conference", None),
            ("1930", "Lloyd George and the 1919 peace conference", None),
            ("1988", "Proceedings of the 1884 Berlin conference", None),
        ] {
            assert_eq!(severity(year, &format!(r#""title":"{title}""#)), expected, "{title} {year}");
        }
    }

    #[test]
    fn editions_have_their_year() {
        for (edition, before, after) in [
            ("2016", Some(Severity::Warn), Some(Severity::Info)),
            ("2016 edition", Some(Severity::Warn), None),
            ("Rev. ed. 2016", Some(Severity::Warn), Some(Severity::Info)),
            ("2nd ed. 2016", Some(Severity::Warn), Some(Severity::Info)),
            ("3., korr. Aufl. 2016", Some(Severity::Warn), Some(Severity::Info)),
            ("Reprint of the 2016 edition", None, None),
            ("Rev. 2016", None, None),
        ] {
            let field = format!(r#""edition":"{edition}""#);
            assert_eq!((severity("2013", &field), severity("2021", &field)), (before, after), "{edition}");
            assert_eq!((severity("2017", &field), severity("2041", &field)), (None, None), "{edition}");
        }
    }

    #[test]
    fn meetings_have_many_languages() {
        for title in [
            "Конференция по лесоводству, Тверь 1998",
            "Konference o sklářství, Brno 1998",
            "Kolloquium zur Glaskunst, Mainz 1998",
            "Simposio sobre lagos, Puno, 1998",
        ] {
            check(&RULE, &format!(r#"{{"title":"{title}","publishDate":["2012"]}}"#), &["publishDate"]);
            check(&RULE, &format!(r#"{{"title":"{title}","publishDate":["1999"]}}"#), &[]);
        }
    }
}
