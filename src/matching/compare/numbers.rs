//! Numbers in titles: parts, volumes, years, and numbers within a series.

use crate::keys::Features;
use crate::keys::numbers::{canonical_number, is_designation, number_word, roman_numeral, volume_and_part};

use super::super::evidence::Level;

/// Compares the numbers of two titles; `None` if neither has any.
///
/// `Different`: each has a number that the other lacks, or they have different numbers in one series.
/// `Weak`: only one has a number that tells parts of a set apart (`vol. 2`, a number at the end).
/// `OneMissing`: only one has some other number, such as the year of a conference; or a digit of a year is mistyped.
pub(super) fn compare(a: &Features, b: &Features) -> Option<Level> {
    let none = |f: &Features| f.title.numbers.is_empty() && f.title.sub_numbers.is_empty();
    if none(a) && none(b) && !in_one_series(a, b) {
        return None;
    }
    Some(match numbers(a, b) {
        Numbers::Equal => Level::Same,
        Numbers::Differ if is_mistyped(a, b) => Level::OneMissing,
        Numbers::Differ => Level::Different,
        Numbers::OnOneSide if only_catalogue_numbers(a, b) && only_catalogue_numbers(b, a) => Level::Same,
        // `Klavierkonzert Nr. 20 KV 466`: the other gives the number of the catalogue alone.
        Numbers::OnOneSide if super::title::is_one_composition(a, b) => Level::OneMissing,
        Numbers::OnOneSide if lacks_part(a, b) || lacks_part(b, a) => Level::Weak,
        Numbers::OnOneSide => Level::OneMissing,
    })
}

/// Whether all numbers that `y` lacks are those of thematic catalogues (`KV 620`, `BWV 1079`), which one cataloguer adds to
/// the title of a musical work and another does not.
fn only_catalogue_numbers(x: &Features, y: &Features) -> bool {
    const CATALOGUES: [&str; 12] = [
        "k",
        "kv",
        "bwv",
        "hwv",
        "rv",
        "twv",
        "buxwv",
        "hob",
        "kochel",
        "koechel",
        "koechelverzeichnis",
        "kochelverzeichnis",
    ];
    let known = |number: &u32| y.title.numbers.contains(number) || y.title.sub_numbers.contains(number);
    let mut missing = x.title.numbers.iter().chain(&x.title.sub_numbers).filter(|number| !known(number));
    let text = x.title.with_part();
    let words: Vec<&str> = text.split(' ').filter(|word| *word != "no" && *word != "nr").collect();
    missing.all(|number| {
        let digits = number.to_string();
        words.windows(2).any(|two| two[1] == digits && CATALOGUES.contains(&two[0]))
    })
}

/// Whether `y` lacks a number by which `x` names a part, and which is not that of a series.
fn lacks_part(x: &Features, y: &Features) -> bool {
    let is_known = |number: &u32| is_among(*number, y);
    let is_explained = |number: u32| is_of_series(number, x, y) || regnal(x, y) == Some(number);
    x.title.part_numbers.iter().any(|number| !is_known(number) && !is_explained(*number))
}

/// Whether a title has a number; that of a part of a volume (`Bd. I/2`) also as two, one after the other (`Bd. I, Teil 2`).
fn is_among(number: u32, features: &Features) -> bool {
    let title = &features.title;
    let are_in_order = |(volume, part)| {
        let text = title.with_part();
        let number = |word: &str| canonical_number(word).or_else(|| roman_numeral(word).filter(|_| word.len() == 1));
        let numbers: Vec<u32> = text.split(' ').filter_map(number).collect();
        numbers.windows(2).any(|two| two == [volume, part])
    };
    title.numbers.contains(&number)
        || title.sub_numbers.contains(&number)
        || volume_and_part(number).is_some_and(are_in_order)
}

/// Whether the number in the title of `x` is that of the series which `y` gives in its place: `Rural banking (Penguin books,
/// 128)`.
fn is_of_series(number: u32, x: &Features, y: &Features) -> bool {
    let text = x.title.with_part();
    let named = |word: &str| text.split(' ').any(|other| other == word);
    y.series.number == number && !y.series.name.is_empty() && y.series.name.split(' ').all(named)
}

fn in_one_series(a: &Features, b: &Features) -> bool {
    let (x, y) = (&a.series, &b.series);
    // A series that one numbers and the other dates: `no. 17`, `1980`.
    let is_dated = |number: u32| (1800..2100).contains(&number);
    !x.name.is_empty()
        && x.name == y.name
        && x.number > 0
        && y.number > 0
        && is_dated(x.number) == is_dated(y.number)
        && x.n_composed() == y.n_composed()
}

/// Whether one digit of one year in the titles differs between two records of one printing (same year, same pages): `1963-1990`
/// and `1963-1991`. Parts of a work never have all that in common.
fn is_mistyped(a: &Features, b: &Features) -> bool {
    let one_printing =
        a.years.first == b.years.first && a.years.first > 0 && a.extent.pages == b.extent.pages && a.extent.pages > 0;
    if !one_printing || a.is_component() || in_one_series(a, b) && a.series.number != b.series.number {
        return false;
    }
    let all = |f: &Features| -> Vec<u32> { f.title.numbers.iter().chain(&f.title.sub_numbers).copied().collect() };
    let (mut only_a, mut only_b) = (all(a), all(b));
    only_a.retain(|number| match only_b.iter().position(|other| other == number) {
        Some(at) => {
            only_b.remove(at);
            false
        }
        None => true,
    });
    let ([x], [y]) = (&only_a[..], &only_b[..]) else { return false };
    // The only number of a title is the year of an annual as often as an error, as two years in a row are: `1923/24`.
    let is_annual =
        |f: &Features| matches!(all(f)[..], [_]) || matches!(all(f)[..], [from, to] if to.checked_sub(from) == Some(1));
    if is_annual(a) && is_annual(b) {
        return false;
    }
    let is_part = |f: &Features, number: &u32| f.title.part_numbers.contains(number);
    if is_part(a, x) || is_part(b, y) || is_counted(a, *x) || is_counted(b, *y) {
        return false;
    }
    let (x, y) = (x.to_string(), y.to_string());
    x.len() >= 3 && x.len() == y.len() && x.bytes().zip(y.bytes()).filter(|(p, q)| p != q).count() == 1
}

/// Whether the number stands behind the name of what is numbered, as those of reports and standards do: `ISO 2402`.
fn is_counted(features: &Features, number: u32) -> bool {
    const COUNTED: [&str; 20] = [
        "ansi", "astm", "bericht", "bs", "din", "dvgw", "en", "iec", "ieee", "iso", "nf", "onorm", "paper", "report",
        "sia", "sn", "uni", "vde", "vdi", "vss",
    ];
    let (text, digits) = (features.title.with_part(), number.to_string());
    let words: Vec<&str> = text.split(' ').collect();
    let is_number = |word: &&&str| word.bytes().all(|byte| byte.is_ascii_digit());
    // `SN 640 273`: what counts stands before all digits.
    let before = |at: usize| words[..at].iter().rev().find(|word| !is_number(word)).copied().unwrap_or_default();
    let mut places = words.iter().enumerate().filter(|(_, word)| **word == digits).map(|(at, _)| before(at));
    places.any(|word| is_designation(word) || COUNTED.contains(&word))
}

/// How the numbers of two titles relate.
enum Numbers {
    Equal,
    Differ,
    OnOneSide,
}

fn numbers(a: &Features, b: &Features) -> Numbers {
    let of_titles = title_numbers(a, b);
    // A subtitle that one record leaves out takes its numbers with it.
    let both_have_subtitles = !a.title.sub.is_empty() && !b.title.sub.is_empty();
    let whole = |x: &Features, y: &Features| -> Vec<u32> {
        let cut = cut_number(x, y);
        let named = |number: u32| y.title.sub.split(' ').any(|word| number_word(word) == Some(number));
        let is_missing = |number: &u32| Some(*number) != cut && !named(*number) && !y.title.numbers.contains(number);
        x.title.sub_numbers.iter().copied().filter(is_missing).collect()
    };
    let of_subtitles = if both_have_subtitles { difference(&whole(a, b), &whole(b, a)) } else { Numbers::Equal };
    let of_series = series_numbers(a, b);
    match (of_titles, of_subtitles, of_series) {
        (Numbers::Differ, ..) | (_, Numbers::Differ, _) | (.., Numbers::Differ) => Numbers::Differ,
        (Numbers::OnOneSide, ..) | (_, Numbers::OnOneSide, _) => Numbers::OnOneSide,
        _ => Numbers::Equal,
    }
}

/// The number at the end of a title that was cut within it: `… May the 28th, 191` for `… 1917`.
fn cut_number(cut: &Features, whole: &Features) -> Option<u32> {
    let (x, y) = (cut.title.whole(), whole.title.whole());
    let rest = y.strip_prefix(&*x)?;
    let is_within = rest.starts_with(|c: char| c.is_ascii_digit());
    x.rsplit(' ').next().filter(|_| is_within)?.parse().ok()
}

/// Numbers of title proper and part. One record's subtitle may be the other's title proper.
fn title_numbers(a: &Features, b: &Features) -> Numbers {
    let missing = |x: &Features, y: &Features| -> Vec<u32> {
        let in_words = |number: u32| y.title.main.split(' ').any(|word| canonical_number(word) == Some(number));
        let regnal = regnal(x, y);
        let known = |number: &&u32| is_among(**number, y) || in_words(**number) || regnal == Some(**number);
        x.title.numbers.iter().filter(|number| !known(number)).copied().collect()
    };
    let (only_a, only_b) = (missing(a, b), missing(b, a));
    let repeats = |x: &Features, y: &Features| {
        let n = |f: &Features, number: u32| f.title.numbers.iter().filter(|&&other| other == number).count();
        y.title.numbers.iter().any(|&number| n(x, number) == 1 && n(y, number) > 1)
    };
    match (only_a.is_empty(), only_b.is_empty()) {
        // `Bd. I/1` has no number that `Bd. I/2` lacks, but one of them twice.
        (false, true) if repeats(a, b) => Numbers::Differ,
        (true, false) if repeats(b, a) => Numbers::Differ,
        _ => difference(&only_a, &only_b),
    }
}

/// The number of a king whom a single letter counts at the end of one title, where it is a number, and within the other,
/// where it is none: `… of the reign of James I`, `… of the reign of James I, 1603-1625`.
fn regnal(x: &Features, y: &Features) -> Option<u32> {
    let (rest, letter) = x.title.main.rsplit_once(' ')?;
    let (_, king) = rest.rsplit_once(' ')?;
    let named = format!(" {king} {letter} ");
    let is_within = letter.len() == 1 && king.len() > 2 && y.title.main.contains(&named);
    roman_numeral(letter).filter(|_| is_within)
}

/// Numbers within one series of the same name: sheets of a map series, issues of a report series.
fn series_numbers(a: &Features, b: &Features) -> Numbers {
    let (x, y) = (&a.series, &b.series);
    if in_one_series(a, b) && x.number != y.number { Numbers::Differ } else { Numbers::Equal }
}

/// How two lists of numbers differ as multisets.
fn difference(a: &[u32], b: &[u32]) -> Numbers {
    let mut only_b = b.to_vec();
    let only_a = a
        .iter()
        .filter(|number| match only_b.iter().position(|other| other == *number) {
            Some(at) => {
                only_b.remove(at);
                false
            }
            None => true,
        })
        .count();
    match (only_a, only_b.len()) {
        (0, 0) => Numbers::Equal,
        (0, _) | (_, 0) => Numbers::OnOneSide,
        _ => Numbers::Differ,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Parser;

    fn features(fields: &str) -> Features<'static> {
        let json = format!(r#"{{"id":"a",{fields}}}"#);
        Parser::default().parse(json.as_bytes(), Features::of).expect("a record")
    }

    fn check(a: &str, b: &str, expected: Option<Level>) {
        let (a, b) = (features(a), features(b));
        assert_eq!(compare(&a, &b), expected, "{:?} / {:?}", a.title, b.title);
        assert_eq!(compare(&b, &a), expected, "{:?} / {:?}", b.title, a.title);
    }

    #[test]
    fn numbers_of_titles_are_compared_as_a_whole() {
        check(r#""title":"Handbook. Vol. 2""#, r#""title":"Handbook. Vol. II""#, Some(Level::Same));
        check(r#""title":"Handbook. Vol. 2""#, r#""title":"Handbook. Vol. 3""#, Some(Level::Different));
        check(r#""title":"Handbook of glass""#, r#""title":"Handbook of glass""#, None);
    }

    #[test]
    fn halves_of_volumes_are_told_apart() {
        let volume = |of: &str| format!(r#""title":"Handbook of glass Bd. {of} (1987)""#);
        for (one, other) in [("LXXIIa", "LXXIIb"), ("IA", "IB"), ("IC", "IIB"), ("I/2", "I/1"), ("2b", "2c")] {
            check(&volume(one), &volume(other), Some(Level::Different));
            check(&volume(one), &volume(one), Some(Level::Same));
        }
        // Where the part stands in a subtitle, it is not among the numbers of the title.
        let part = |of: &str| {
            format!(r#""title":"Umsatzsteuer Bd. {of}","title_short":"Umsatzsteuer","title_sub":"Bd. {of}""#)
        };
        for (one, other) in
            [("I/1", "I/2"), ("I/1", "I/5"), ("II/2", "II/8"), ("I/2", "II/2"), ("2/3", "3/2"), ("I /2", "II/1")]
        {
            check(&part(one), &part(other), Some(Level::Different));
            check(&part(one), &part(one), Some(Level::Same));
        }
        check(&part("I/2"), &part("1, Teil 2"), Some(Level::Same));
        check(&part("I/2"), &part("I /2"), Some(Level::Same));
        check(&part("I/1"), &part("1, Teil 1"), Some(Level::Same));
        check(&part("I/2"), &part("I"), Some(Level::Weak));
        for (one, other) in [("I", "1"), ("V", "5"), ("X", "10")] {
            check(&volume(one), &volume(other), Some(Level::Same));
        }
        let stage = |of: &str| format!(r#""title":"Taxanes in carcinoma of stage {of}""#);
        check(&stage("IIIB"), &stage("iiib"), Some(Level::Same));
        check(&stage("IIIa"), &stage("iiib"), Some(Level::Different));
        let within =
            |series: &str| format!(r#""title":"Handbook of glass","series":["Crafts of the north","{series}"]"#);
        check(&within("Bd. 1"), &within("Bd. 2"), Some(Level::Different));
        check(&within("Bd. 1"), &within("Bd. I"), Some(Level::Same));
        check(&within("Zusatz 4"), r#""title":"Handbook of glass""#, Some(Level::Weak));
    }

    #[test]
    fn years_in_a_row_are_those_of_an_annual() {
        let book = |title: &str| format!(r#""title":"{title}","publishDate":["1924"],"physical":["84 S."]"#);
        check(&book("Lectures 1923/24"), &book("Lectures 1924/25"), Some(Level::Different));
        check(&book("Letters 1963-1990"), &book("Letters 1963-1991"), Some(Level::OneMissing));
        let series = |series: &str| format!(r#""title":"Report on eels","series":["{series}"]"#);
        check(&series("COM(2001) 412"), &series("COM(2001) 433"), Some(Level::Different));
        check(&series("COM(2001) 412"), &series("COM 412, 2001"), Some(Level::Same));
        check(&series("COM(2001) 412"), &series("COM 412"), None);
    }

    #[test]
    fn sections_are_told_apart_by_letters_and_volumes_by_a_bare_number() {
        let section =
            |letter: char| format!(r#""title":"Acta linguistica","title_full":"Acta linguistica. Series {letter}""#);
        check(&section('A'), &section('B'), Some(Level::Different));
        check(&section('A'), &section('A'), Some(Level::Same));
        check(&section('A'), r#""title":"Acta linguistica""#, Some(Level::Weak));
        let volume = r#""title":"History of Forssa.","title_full":"History of Forssa. 1 / Esko Aaltonen.""#;
        check(
            volume,
            r#""title":"History of Forssa","title_full":"History of Forssa / Esko Aaltonen.""#,
            Some(Level::Weak),
        );
    }

    #[test]
    fn numbers_of_thematic_catalogues_may_be_left_out() {
        check(r#""title":"Die Zauberflöte : KV 620""#, r#""title":"Die Zauberflöte""#, Some(Level::Same));
        check(r#""title":"Die Zauberflöte Köchel No 620""#, r#""title":"Die Zauberflöte""#, Some(Level::Same));
        check(r#""title":"Sonate KV 330""#, r#""title":"Sonate KV 331""#, Some(Level::Different));
    }

    #[test]
    fn one_digit_of_a_year_may_be_mistyped_within_one_printing() {
        let printing = |title: &str, pages: u32| {
            format!(r#""title":"{title}","publishDate":["2005."],"physical":["{pages} p."],"format":["Book"]"#)
        };
        let first = printing("Relations, 1963-1990", 166);
        check(&first, &printing("Relations, 1963-1991", 166), Some(Level::OneMissing));
        check(&first, &printing("Relations, 1963-1991", 170), Some(Level::Different));
        check(&first, &printing("Relations, 1973-1991", 166), Some(Level::Different));
        check(&printing("Handbook. Vol. 2", 166), &printing("Handbook. Vol. 3", 166), Some(Level::Different));
    }

    #[test]
    fn a_number_on_one_side_weighs_by_what_it_names() {
        check(r#""title":"Handbook. Vol. 2""#, r#""title":"Handbook""#, Some(Level::Weak));
        check(r#""title":"In 1914 the war began""#, r#""title":"The war began""#, Some(Level::OneMissing));
    }

    #[test]
    fn numbers_that_are_none_of_parts_are_explained() {
        let banking = r#""title":"Rural banking""#;
        let with_series = r#""title":"Rural banking","series":["Penguin books ; 128"]"#;
        let within = r#""title":"Rural banking (Penguin books, 128)""#;
        check(within, with_series, Some(Level::OneMissing));
        check(within, banking, Some(Level::Weak));
        let held = |on: &str| format!(r#""title":"Co-operation : a conference held on May the 28th, {on}""#);
        check(&held("191"), &held("1917"), Some(Level::OneMissing));
        check(&held("1916"), &held("1917"), Some(Level::Different));
        let opera = |acts: &str| format!(r#""title":"Die Zauberflöte : Oper in {acts} Akten""#);
        check(&opera("2"), &opera("zwei"), Some(Level::Same));
        let reign = |rest: &str| format!(r#""title":"Calendar of the reign of James I{rest}""#);
        check(&reign(", 1603-1625"), &reign(""), Some(Level::OneMissing));
    }

    #[test]
    fn a_missing_subtitle_takes_its_numbers_with_it() {
        let whole = r#""title":"Glass : 12 lectures","title_short":"Glass","title_sub":"12 lectures""#;
        check(whole, r#""title":"Glass","title_short":"Glass""#, Some(Level::Same));
        let other = r#""title":"Glass : 14 lectures","title_short":"Glass","title_sub":"14 lectures""#;
        check(whole, other, Some(Level::Different));
    }

    #[test]
    fn a_volume_that_gives_its_set_as_series_is_not_the_set() {
        let set = r#""title":"A glacier reader : a course","title_short":"A glacier reader","title_sub":"a course""#;
        let volume = |number: u32| format!(r#"{set},"series":["A glacier reader : a course ; Bd. {number}"]"#);
        check(&volume(5), set, Some(Level::Weak));
        check(&volume(5), &volume(6), Some(Level::Different));
        check(&volume(5), &format!(r#"{set},"title_full":"A glacier reader : a course. 5""#), Some(Level::Same));
        check(&volume(5), &format!(r#"{set},"title_full":"A glacier reader : a course. 6""#), Some(Level::Different));
    }

    #[test]
    fn spans_of_years_are_written_in_full_or_not() {
        let war = |years: &str| format!(r#""title":"Letters from the war, {years}""#);
        check(&war("1914-18"), &war("1914-1918"), Some(Level::Same));
        check(&war("1914-18"), &war("1914-1917"), Some(Level::Different));
        check(&war("1999-01"), &war("1999-2001"), Some(Level::Same));
    }

    #[test]
    fn numbers_within_one_series_tell_records_apart() {
        let sheet = |number: &str| format!(r#""title":"Alpine map","series":["Map of Austria ; {number}"]"#);
        check(&sheet("3"), &sheet("4"), Some(Level::Different));
        check(&sheet("3"), &sheet("3"), Some(Level::Same));
    }
}
