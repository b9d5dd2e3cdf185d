//! Years of publication, as SolrMarc and VuFind read them out of free text.

/// Centuries in which SolrMarc expects a year of publication.
const CENTURIES: [&str; 6] = ["15", "16", "17", "18", "19", "20"];

/// The year of publication in a MARC date such as `c1992.` or `1984 [i.e. 1990]`; none when there is none usable.
///
/// Source: SolrMarc's `DataUtil.cleanDate`. The readings are tried in this order: `[1992]`, `i.e. 1992`, `[1992`,
/// a year B.C. (none), a year of 1500 to 2099, `l985` for 1985, `[19]85`, and a decade (`198-`, `199?`), which
/// gives its first year. A year later than `this_year` + 1 is none. The correction may also be written `i. e. 1992`,
/// `i.e.1992` and `[i.e.] 1992`, which SolrMarc does not read: the year of the correction is meant all the same.
#[must_use]
pub fn clean_date(text: &str, this_year: u16) -> Option<u16> {
    let year = first_reading(text)?;
    (year <= this_year.saturating_add(1)).then_some(year)
}

/// The smallest year 1000 to 2999 in any of the texts; failing that, the first of the longest runs of up to four digits.
///
/// Source: VuFind's `extractEarliestYear` of the XSLT importers. None when there is no digit. VuFind keeps leading
/// zeros of the fallback, a number cannot.
#[must_use]
pub fn earliest_year(texts: &[&str]) -> Option<u16> {
    let mut earliest: Option<u16> = None;
    let mut fallback = "";
    for text in texts {
        for run in digit_runs(text) {
            for year in years_in(run) {
                earliest = Some(earliest.map_or(year, |old| old.min(year)));
            }
            let start = &run[..run.len().min(4)];
            if start.len() > fallback.len() {
                fallback = start;
            }
        }
    }
    earliest.or_else(|| fallback.parse().ok())
}

/// First and last year of the time that a date names instead of a year, in the languages of cataloguing, given the first year in it; zeros if it
/// names a year. The word stands before the first year: `1970 [nach der Ausg. Wien 1912]` is a year.
#[must_use]
pub fn vague_time(date: &str, first: u16) -> [u16; 2] {
    /// Years around one that a date names as `about`, and from one that it names as the earliest or latest.
    const AROUND: u16 = 2;
    const OPEN: u16 = 10;
    const ABOUT: [&str; 4] = ["um", "vers", "verso", "hacia"];
    const BETWEEN: [&str; 7] = ["between", "entre", "fra", "mellan", "mellem", "tra", "zwischen"];
    const AFTER: [&str; 7] = ["after", "apres", "despues", "dopo", "efter", "nach", "post"];
    const BEFORE: [&str; 7] = ["antes", "avant", "before", "fore", "for", "prima", "vor"];
    const NOT: [&str; 5] = ["nicht", "non", "not", "pas", "inte"];
    const LITTLE: [&str; 8] = ["de", "del", "dem", "den", "il", "l", "le", "the"];
    if !date.bytes().any(|byte| byte.is_ascii_lowercase()) {
        return [0; 2];
    }
    let folded = super::text::fold(date);
    let mut words = folded.split(' ').take_while(|word| !word.starts_with(|c: char| c.is_ascii_digit()));
    let before: Vec<&str> = words.by_ref().filter(|word| !LITTLE.contains(word)).collect();
    let years =
        || folded.split(' ').filter_map(|word| word.parse::<u16>().ok()).filter(|year| (1000..2100).contains(year));
    let Some((word, rest)) = before.split_last().filter(|_| years().next() == Some(first)) else { return [0; 2] };
    let is_not = rest.last().is_some_and(|word| NOT.contains(word));
    match *word {
        word if ABOUT.contains(&word) => [first - AROUND, first + AROUND],
        word if BETWEEN.contains(&word) => match years().nth(1) {
            Some(last) if (first..=first + OPEN).contains(&last) => [first, last],
            // Of half a century, any printing may be one.
            _ => [0; 2],
        },
        // `not before` is `after` the year before.
        word if AFTER.contains(&word) && !is_not || BEFORE.contains(&word) && is_not => [first, first + OPEN],
        word if AFTER.contains(&word) || BEFORE.contains(&word) => [first - OPEN, first],
        _ => [0; 2],
    }
}

/// The year of 1400 to 2100 that a date tells in Roman numerals, as title pages do: `MDCCLXXI.` They are written as is usual.
#[must_use]
pub fn roman_year(text: &str) -> Option<u16> {
    const SIGNS: [(&str, u16); 13] = [
        ("M", 1000),
        ("CM", 900),
        ("D", 500),
        ("CD", 400),
        ("C", 100),
        ("XC", 90),
        ("L", 50),
        ("XL", 40),
        ("X", 10),
        ("IX", 9),
        ("V", 5),
        ("IV", 4),
        ("I", 1),
    ];
    let is_sign = |c: char| matches!(c, 'M' | 'D' | 'C' | 'L' | 'X' | 'V' | 'I');
    let value = |numeral: &str| {
        let (mut rest, mut year) = (numeral, 0u16);
        for (sign, value) in SIGNS {
            let mut n = 0;
            while let Some(after) = rest.strip_prefix(sign).filter(|_| n < 4) {
                (rest, year, n) = (after, year + value, n + 1);
            }
        }
        rest.is_empty().then_some(year)
    };
    // `M.DC.I.`, `MDCC LXXI`
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let runs = words.chunk_by(|one, other| one.chars().all(is_sign) == other.chars().all(is_sign));
    let numerals =
        runs.filter(|run| run[0].chars().all(is_sign)).map(|run| run.concat()).filter(|numeral| numeral.len() > 1);
    numerals.filter_map(|numeral| value(&numeral)).find(|year| (1400..=2100).contains(year))
}

fn first_reading(text: &str) -> Option<u16> {
    let text = text.as_bytes();
    if let Some(year) =
        scan(text, bracketed_year).or_else(|| scan(text, corrected_year)).or_else(|| scan(text, opened_year))
    {
        return Some(year);
    }
    if scan(text, before_christ).is_some() {
        return None;
    }
    scan(text, modern_year)
        .or_else(|| scan(text, year_with_letter_l))
        .or_else(|| scan(text, bracketed_century))
        .or_else(|| scan(text, decade))
}

/// The first reading found at any place of the text, from left to right.
fn scan(text: &[u8], reading: fn(&[u8]) -> Option<u16>) -> Option<u16> {
    (0..text.len()).find_map(|start| reading(&text[start..]))
}

fn bracketed_year(text: &[u8]) -> Option<u16> {
    (text.get(5) == Some(&b']')).then(|| opened_year(text))?
}

fn opened_year(text: &[u8]) -> Option<u16> {
    let digits = text.strip_prefix(b"[")?.get(..4)?;
    if matches!(digits[0], b'1' | b'2') { number(digits) } else { None }
}

/// SolrMarc's pattern has unescaped points, so any character may stand after `i` and `e`.
fn corrected_year(text: &[u8]) -> Option<u16> {
    match text {
        [b'i', _, b'e', _, b' ', year @ ..] if is_modern_century(year) => modern_year(year),
        [b'i', b'.', b'e', b'.', rest @ ..] | [b'i', b'.', b' ', b'e', b'.', rest @ ..] => {
            let is_sign = |&byte: &u8| matches!(byte, b' ' | b']' | b'[' | b',' | b'c');
            modern_year(&rest[rest.iter().take_while(|byte| is_sign(byte)).count()..])
        }
        _ => None,
    }
}

/// Whether a date corrects another one: `1984 [i.e. 1990]`.
#[must_use]
pub fn is_corrected(text: &str) -> bool {
    text.contains("i.e.") || text.contains("i. e.")
}

/// `500 B.C.`, `500 bc`: the value is only a sign that one was found.
fn before_christ(text: &[u8]) -> Option<u16> {
    match text {
        [digit, b' ', b'B' | b'b', b'C' | b'c', ..] | [digit, b' ', b'B' | b'b', b'.', b'C' | b'c', ..]
            if digit.is_ascii_digit() =>
        {
            Some(0)
        }
        _ => None,
    }
}

fn modern_year(text: &[u8]) -> Option<u16> {
    let digits = text.get(..4)?;
    if is_modern_century(digits) { number(digits) } else { None }
}

fn year_with_letter_l(text: &[u8]) -> Option<u16> {
    let digits = text.strip_prefix(b"l")?.get(..3)?;
    Some(1000 + number(digits)?)
}

fn bracketed_century(text: &[u8]) -> Option<u16> {
    let digits = text.strip_prefix(b"[19]")?.get(..2)?;
    Some(1900 + number(digits)?)
}

fn decade(text: &[u8]) -> Option<u16> {
    let signs = text.get(..4)?;
    if is_modern_century(signs) && matches!(signs[3], b'-' | b'?') { Some(number(&signs[..3])? * 10) } else { None }
}

fn is_modern_century(text: &[u8]) -> bool {
    CENTURIES.iter().any(|century| text.starts_with(century.as_bytes()))
}

/// At most four digits as a number.
fn number(digits: &[u8]) -> Option<u16> {
    digits.iter().try_fold(0, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + u16::from(digit - b'0')))
}

fn digit_runs(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty())
}

/// The years 1000 to 2999 inside a run of digits, not overlapping, from left to right.
fn years_in(run: &str) -> Vec<u16> {
    let mut years = Vec::new();
    let mut rest = run.as_bytes();
    while let Some(digits) = rest.get(..4) {
        if matches!(digits[0], b'1' | b'2') {
            years.extend(number(digits));
            rest = &rest[4..];
        } else {
            rest = &rest[1..];
        }
    }
    years
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const THIS_YEAR: u16 = 2026;

    #[test]
    fn dates_read_as_solrmarc_reads_them() {
        let check = |text: &str, expected| {
            assert_eq!(clean_date(text, THIS_YEAR), expected, "{text}");
        };
        check("2021-02-24", Some(2021));
        check("c1992.", Some(1992));
        check("[1992?]", Some(1992));
        check("[19]85", Some(1985));
        check("l985", Some(1985));
        check("198-?", Some(1980));
        check("[198-]", Some(1980));
        check("199?", Some(1990));
        check("19--", None);
        check("MDCCLXX [1770]", Some(1770));
        check("1985, c1984", Some(1985));
        check("1984 [i.e. 1990]", Some(1990));
        check("1818 [i. e. 1919]", Some(1919));
        check("1964 [i.e.1965]", Some(1965));
        check("1950 [i.e.] 1951.", Some(1951));
        check("[c1971, i. e. 1970]", Some(1970));
        check("1990, série 1991", Some(1990));
        check("500 B.C.", None);
        check("1999-2003", Some(1999));
        check("20225", Some(2022));
        check("3021", None);
        check("©2015.", Some(2015));
        check("[2015", Some(2015));
        check("1992-", Some(1992));
        check("92", None);
        check("n.d.", None);
        check("0999", None);
        check("", None);
    }

    #[test]
    fn next_year_is_the_latest_accepted() {
        assert_eq!(clean_date("2027", THIS_YEAR), Some(2027));
        assert_eq!(clean_date("2028", THIS_YEAR), None);
        assert_eq!(clean_date("1000", u16::MAX), None);
    }

    #[test]
    fn earliest_year_is_the_smallest_plausible() {
        let check = |texts: &[&str], expected| assert_eq!(earliest_year(texts), expected);
        check(&["October 9, 1990 (approx)"], Some(1990));
        check(&["2005-1999"], Some(1999));
        check(&["2005", "1999-12"], Some(1999));
        check(&["9 May 850"], Some(850));
        check(&["n.d."], None);
        check(&[], None);
    }

    proptest! {
        #[test]
        fn any_text_is_accepted(text in any::<String>()) {
            let _ = clean_date(&text, THIS_YEAR);
            let _ = earliest_year(&[&text]);
        }
    }
}
