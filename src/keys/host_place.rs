//! The place of a part in its host, out of one statement: `Vol. 24, no. 9 (Sept. 1993), p. 235-48`.
//!
//! VuFind keeps MARC 773 $g whole in `container_reference`; volume, issue and pages stand in it in whatever form the
//! cataloguers of a country write. Origin: the examples of MARC 21 for 773 $g, and the forms of German, French, Finnish and
//! medical indexes.

use super::word_filter::WordFilter;

/// Volume, issue and pages as they are written; empty where the statement does not tell.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) struct HostPlace<'a> {
    volume: &'a str,
    issue: &'a str,
    pages: &'a str,
}

/// What a number counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Counted {
    Volume,
    Issue,
    Page,
    Year,
    /// Whatever another word counts, such as a part of the volume or the day of a month: nothing that is compared.
    Other,
}

/// Words before a number, lower-case, with what it counts. In English, German, French, Italian, Spanish, Dutch, Swedish, Danish
/// and Finnish. Sorted.
const LABELS: [(&str, Counted); 42] = [
    ("aarg", Counted::Volume),
    ("afl", Counted::Issue),
    ("anno", Counted::Volume),
    ("année", Counted::Volume),
    ("band", Counted::Volume),
    ("bd", Counted::Volume),
    ("bind", Counted::Volume),
    ("fasc", Counted::Issue),
    ("h", Counted::Issue),
    ("heft", Counted::Issue),
    ("iss", Counted::Issue),
    ("issue", Counted::Issue),
    ("jaarg", Counted::Volume),
    ("jahrg", Counted::Volume),
    ("jahrgang", Counted::Volume),
    ("jg", Counted::Volume),
    ("n", Counted::Issue),
    ("no", Counted::Issue),
    ("nr", Counted::Issue),
    ("nro", Counted::Issue),
    ("num", Counted::Issue),
    ("number", Counted::Issue),
    ("numero", Counted::Issue),
    ("numéro", Counted::Issue),
    ("p", Counted::Page),
    ("pag", Counted::Page),
    ("page", Counted::Page),
    ("pages", Counted::Page),
    ("pp", Counted::Page),
    ("s", Counted::Page),
    ("seite", Counted::Page),
    ("seiten", Counted::Page),
    ("sid", Counted::Page),
    ("t", Counted::Volume),
    ("tom", Counted::Volume),
    ("tome", Counted::Volume),
    ("tomo", Counted::Volume),
    ("v", Counted::Volume),
    ("vol", Counted::Volume),
    ("volume", Counted::Volume),
    ("vsk", Counted::Volume),
    ("årg", Counted::Volume),
];

/// Most words of a statement are none of [`LABELS`], which this tells whatever their case.
static LABEL_WORDS: WordFilter = {
    let (mut filter, mut at) = (WordFilter::NONE, 0);
    while at < LABELS.len() {
        filter = filter.with(LABELS[at].0);
        at += 1;
    }
    filter
};

/// Years of publication that a number of four figures may be.
const YEARS: std::ops::RangeInclusive<u16> = 1600..=2099;

impl<'a> HostPlace<'a> {
    /// Reads a statement, which may begin with the title of the host. Numbers with a word before them count what it says, or
    /// nothing where the word counts nothing (`Studio 54`); of the others the first is the volume, one in round brackets or behind
    /// the volume the issue, a range or what follows a colon or `<` the pages, and one of four figures may be a year.
    pub(super) fn of(statement: &'a str, host: Option<&str>) -> HostPlace<'a> {
        let numbers = numbers(host.and_then(|host| statement.strip_prefix(host)).unwrap_or(statement));
        let mut place = HostPlace::default();
        for number in numbers.iter().filter(|number| number.label.is_some()) {
            place.take(number.label.unwrap_or(Counted::Other), number.text);
        }
        let has_pages = numbers.iter().any(|number| number.label == Some(Counted::Page) || number.stands_for_pages());
        let has_words = numbers.iter().any(|number| number.label.is_some_and(|label| label != Counted::Other));
        let mut is_behind_year = false;
        for number in numbers.iter().filter(|number| number.label.is_none()) {
            let is_behind = |signs: &[char]| number.before.is_some_and(|sign| signs.contains(&sign));
            let has_volume = !place.volume.is_empty();
            let counted = match () {
                () if number.stands_for_pages() => Counted::Page,
                () if is_behind(&[':']) && has_volume && !has_pages => Counted::Page,
                () if is_year(number.text) => Counted::Year,
                // `2010: 3`, and a second number of a statement without words, in brackets or behind a comma.
                () if !has_volume && is_behind_year && is_behind(&[':', '/']) => Counted::Issue,
                () if !has_volume && place.issue.is_empty() => Counted::Volume,
                () if has_words || is_behind(&['(', ',', '.', '/', ':']) => Counted::Issue,
                () => Counted::Other,
            };
            is_behind_year = counted == Counted::Year;
            place.take(counted, number.text);
        }
        place
    }

    /// Reads a statement that is a volume with its date behind, and perhaps an issue and pages: `262(1983)`, `60/3(2015-02-01), 432-437`.
    /// `None` if it is not.
    pub(super) fn of_volume_and_date(statement: &'a str) -> Option<HostPlace<'a>> {
        const MAX_DIGITS: usize = 3;
        let (count, rest) = statement.trim().split_once('(')?;
        let (date, pages) = rest.split_once(')')?;
        let (volume, issue) = count.trim().split_once('/').unwrap_or((count.trim(), ""));
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()) && text.len() <= MAX_DIGITS;
        let is_date =
            date.get(..4).is_some_and(is_year) && date.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        let pages = pages.trim_start_matches([',', ' ', ':']);
        let are_pages = pages.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        (is_number(volume) && !volume.is_empty() && is_number(issue) && is_date && are_pages).then_some(HostPlace {
            volume,
            issue,
            pages,
        })
    }

    /// Whether a statement has a word for pages before a number.
    pub(super) fn names_pages(statement: &str) -> bool {
        numbers(statement).iter().any(|number| number.label == Some(Counted::Page))
    }

    /// The volume, if it is told.
    pub(super) fn volume(self) -> Option<&'a str> {
        told(self.volume)
    }

    /// The issue, if it is told.
    pub(super) fn issue(self) -> Option<&'a str> {
        told(self.issue)
    }

    /// The first page or the range of pages, if they are told.
    pub(super) fn pages(self) -> Option<&'a str> {
        told(self.pages)
    }

    fn take(&mut self, counted: Counted, text: &'a str) {
        let place = match counted {
            Counted::Volume => &mut self.volume,
            Counted::Issue => &mut self.issue,
            Counted::Page => &mut self.pages,
            Counted::Year | Counted::Other => return,
        };
        if place.is_empty() {
            *place = text;
        }
    }
}

fn told(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// A number with what stands before it.
struct Number<'a> {
    /// A range stands in one: `235-48`.
    text: &'a str,
    label: Option<Counted>,
    /// The last sign before it that is neither a blank nor a full stop behind a word.
    before: Option<char>,
}

impl Number<'_> {
    /// Whether it is a range without a word, begins with a letter (`e1002`, `S45`), or stands behind `<` as PICA writes the first
    /// page.
    fn stands_for_pages(&self) -> bool {
        self.label.is_none()
            && (self.text.contains(is_dash) || self.text.starts_with(char::is_alphabetic) || self.before == Some('<'))
    }
}

fn is_dash(letter: char) -> bool {
    matches!(letter, '-' | '\u{2010}'..='\u{2014}')
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && text.parse().is_ok_and(|year: u16| YEARS.contains(&year))
}

/// Words with a figure, ranges joined.
fn numbers(statement: &str) -> Vec<Number<'_>> {
    let mut numbers: Vec<Number<'_>> = Vec::new();
    let mut label = None;
    let mut before = None;
    let mut at = 0;
    while let Some(letter) = statement[at..].chars().next() {
        if !letter.is_alphanumeric() {
            let is_of_word = letter.is_whitespace() || letter == '.' && label.is_some();
            if !is_of_word {
                before = Some(letter);
            }
            // What a word counts stands right behind it.
            if !matches!(letter, '.' | ' ' | ':' | '°' | 'º') {
                label = None;
            }
            at += letter.len_utf8();
            continue;
        }
        let word = word_at(statement, at);
        if !word.bytes().any(|byte| byte.is_ascii_digit()) {
            label = Some(label_of(word).unwrap_or(Counted::Other));
            at += word.len();
            continue;
        }
        let (word, label_inside) = without_label(word);
        let start = at + label_inside.map_or(0, |(_, len)| len);
        let end = end_of_range(statement, start + word.len());
        let label = label_inside.map(|(counted, _)| counted).or(label.take());
        numbers.push(Number { text: &statement[start..end], label, before });
        before = None;
        at = end;
    }
    numbers
}

fn word_at(text: &str, start: usize) -> &str {
    let rest = &text[start..];
    let end = rest.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(rest.len());
    &rest[..end]
}

fn label_of(word: &str) -> Option<Counted> {
    if !LABEL_WORDS.may_have(word) {
        return None;
    }
    let word = word.to_lowercase();
    LABELS.binary_search_by_key(&word.as_str(), |(label, _)| label).ok().map(|at| LABELS[at].1)
}

/// A number without the word that it is written together with (`Bd12`, `S45`), which counts only where it is no part of a page
/// number: of `S45` nothing is known, so it stays whole.
fn without_label(word: &str) -> (&str, Option<(Counted, usize)>) {
    let n_letters = word.find(|letter: char| letter.is_ascii_digit()).unwrap_or(0);
    match label_of(&word[..n_letters]) {
        Some(counted) if word[..n_letters].chars().count() > 1 => (&word[n_letters..], Some((counted, n_letters))),
        _ => (word, None),
    }
}

/// Where a range ends that begins before this place: behind a dash and another number, with or without blanks.
fn end_of_range(statement: &str, end: usize) -> usize {
    let rest = statement[end..].trim_start_matches(' ');
    let Some(after) = rest.strip_prefix(is_dash) else { return end };
    let after = after.trim_start_matches([' ', '-']);
    let word = word_at(after, 0);
    if word.bytes().any(|byte| byte.is_ascii_digit()) { statement.len() - after.len() + word.len() } else { end }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_of_many_countries_are_read() {
        assert!(LABELS.is_sorted_by_key(|(label, _)| label));
        for (statement, volume, issue, pages) in [
            ("Vol. 24, pt. B no. 9 (Sept. 1993), p. 235-48", "24", "9", "235-48"),
            ("Vol. 2, no. 2 (Feb. 1976), p. 195-230", "2", "2", "195-230"),
            ("Chest, Vol. 103, no. 5 (1993), p. 1640", "103", "5", "1640"),
            ("12(2010), 3, Seite 45-67", "12", "3", "45-67"),
            ("Bd. 12 (2010), H. 3, S. 45 - 67", "12", "3", "45 - 67"),
            ("Jg. 12, Nr. 3 (2010), S. 45", "12", "3", "45"),
            ("volume:12 year:2010 number:3 pages:45-67", "12", "3", "45-67"),
            ("(2003), S. 12-20", "", "", "12-20"),
            ("2003, Seite 12-20", "", "", "12-20"),
            ("2010;12(3):45-67", "12", "3", "45-67"),
            ("2010 Mar;12(3):45-67", "12", "3", "45-67"),
            ("12(3):45-67, 2010", "12", "3", "45-67"),
            ("12, 2010", "12", "", ""),
            ("24:9<235", "24", "9", "235"),
            ("t. 12, fasc. 3, 2010, p. 45\u{2013}67", "12", "3", "45\u{2013}67"),
            ("12 (2010) : 3, s. 45-67", "12", "3", "45-67"),
            ("2010: 3, s. 45-67", "", "3", "45-67"),
            ("Årg. 12, nr 3, s. 45-67", "12", "3", "45-67"),
            ("Band 12, Heft 3, Seiten 2010-2015", "12", "3", "2010-2015"),
            ("12(3):2010", "12", "3", "2010"),
            ("Vol. 7 (2019), e1002", "7", "", "e1002"),
            ("Festschrift", "", "", ""),
            ("", "", "", ""),
        ] {
            assert_eq!(HostPlace::of(statement, None), HostPlace { volume, issue, pages }, "{statement}");
        }
        let place = |volume, issue, pages| HostPlace { volume, issue, pages };
        assert_eq!(HostPlace::of("Studio 54 (7):12", Some("Studio 54")), place("7", "", "12"));
        assert_eq!(HostPlace::of("Chest 103(5):1640", Some("Chest")), place("103", "5", "1640"));
        assert_eq!(HostPlace::of("Proc. 1998 Conf. (Data 99), Vol.  (), p. ", None), place("", "", ""));
    }

    #[test]
    fn a_volume_with_its_date_is_no_page() {
        let read =
            |statement| HostPlace::of_volume_and_date(statement).map(|place| [place.volume, place.issue, place.pages]);
        assert_eq!(read("262(1983)"), Some(["262", "", ""]));
        assert_eq!(read("60/3(2015-02-01), 432-437"), Some(["60", "3", "432-437"]));
        assert_eq!(read("60/3 (2015), 432-437"), Some(["60", "3", "432-437"]));
        for other in ["432-437", "12(3):45-67", "S0738-0593(18)30123-4", "1983", "(2003), S. 12-20", "e12(2010)", ""] {
            assert_eq!(read(other), None, "{other}");
        }
    }

    #[test]
    fn whatever_stands_there_is_read_in_pieces_of_it() {
        proptest::proptest!(|(statement in "([0-9]{1,4}|[(),.:;<>-]|vol|S|é| |\u{2013}){0,20}")| {
            let place = HostPlace::of(&statement, None);
            for piece in [place.volume, place.issue, place.pages] {
                assert!(statement.contains(piece));
            }
        });
    }
}
