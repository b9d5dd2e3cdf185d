//! What notes say of the part, issue or edition that a record describes.
//!
//! Catalogues without a field for it put the number of the volume where they find place:
//!
//! ```text
//! description  Band I: Hauptbericht        series    Direkte Bundessteuer; Bd. 2
//!              Amtliche Sammlung, III. Teil   physical  263-280
//! ```

use serde::{Deserialize, Serialize};

use super::numbers::{canonical_number, number_of_bare_volume, roman_numeral, sections_of};
use super::seek::split_once;
use super::text::fold;
use crate::input::{Field, Record};

/// What a number of a note counts. Only numbers that count the same tell two records apart.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Counted {
    /// Volumes of a set.
    Volume,
    /// Parts of a volume, or of a set.
    Part,
    /// Parts that are told apart by a letter, or by two numbers.
    Section,
    /// Issues of a series.
    Issue,
    /// Supplements to a set.
    Supplement,
    /// Editions.
    Edition,
    /// Volumes of a series beside other series.
    SeriesVolume,
    /// First pages within a host.
    FirstPage,
    /// Nothing: the record describes what comes with another one, or an early state of it.
    Companion,
    /// Nothing: the note names the host of a contribution (`In: …`).
    Contribution,
    /// Nothing: the record describes a thesis as the university accepted it.
    Thesis,
    /// Articles of a law.
    Article,
}

/// A number that a note gives, and what it counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Note {
    /// What it counts.
    pub counted: Counted,
    /// The number.
    pub number: u32,
}

/// Notes with more bytes are abstracts, which speak of other things, too.
const MAX_BYTES: usize = 160;
/// Longest beginning of such a note that is read by itself, before a colon: `Bd. 1: …`.
const MAX_LABEL_BYTES: usize = 40;
/// Numbers beyond are years.
const MAX_NUMBER: u32 = 999;
/// Supplements are counted by years, too.
const MAX_YEAR: u32 = 2100;

/// Words that say what the number beside them counts, folded.
const DESIGNATIONS: [(&str, Counted); 37] = [
    ("a", Counted::Edition),
    ("artikel", Counted::Article),
    ("aufl", Counted::Edition),
    ("auflage", Counted::Edition),
    ("band", Counted::Volume),
    ("bd", Counted::Volume),
    ("brief", Counted::Issue),
    ("ed", Counted::Edition),
    ("edition", Counted::Edition),
    ("halbband", Counted::Part),
    ("heft", Counted::Issue),
    ("hft", Counted::Issue),
    ("issue", Counted::Issue),
    ("jahrgang", Counted::Volume),
    ("jg", Counted::Volume),
    ("lieferung", Counted::Issue),
    ("nachtrag", Counted::Supplement),
    ("no", Counted::Issue),
    ("nr", Counted::Issue),
    ("number", Counted::Issue),
    ("numero", Counted::Issue),
    ("nummer", Counted::Issue),
    ("parte", Counted::Part),
    ("part", Counted::Part),
    ("partie", Counted::Part),
    ("pt", Counted::Part),
    ("supplement", Counted::Supplement),
    ("svazek", Counted::Volume),
    ("teil", Counted::Part),
    ("teilband", Counted::Part),
    ("tl", Counted::Part),
    ("tom", Counted::Volume),
    ("tome", Counted::Volume),
    ("tomo", Counted::Volume),
    ("vol", Counted::Volume),
    ("volume", Counted::Volume),
    ("zusatz", Counted::Supplement),
];

/// Words with which a note begins on what comes with a work, or on its draft, folded.
const COMPANIONS: [&str; 15] = [
    "anhang",
    "anhange",
    "anlagenband",
    "beilage",
    "beilagen",
    "botschaft",
    "draft",
    "entwurf",
    "erganzungsband",
    "generalregister",
    "register",
    "registerband",
    "sachregister",
    "sondernummer",
    "zusammenfassung",
];

/// Ends of words for what comes with a work: `Dokumentationsanhang`, `Gesetzesregister`.
const COMPANION_ENDS: [&str; 4] = ["anhang", "anhange", "beilagen", "register"];

/// Whether a folded word names what comes with a work.
fn is_companion_word(word: &str) -> bool {
    COMPANIONS.contains(&word)
        || word.starts_with("beilagen")
        || COMPANION_ENDS.iter().any(|end| word.len() > end.len() && word.ends_with(end))
}

/// Words that lead from what a note counts to the work it goes with: `Bd. 5: Sachregister zu Bd. 3`.
const LEADING_ON: [&str; 3] = ["zu", "zum", "zur"];

/// The numbers that short notes of a record give, ascending, without repeats.
pub(super) fn notes_of(record: &Record<'_>) -> Vec<Note> {
    let mut notes = Vec::new();
    for note in record.all(Field::Description) {
        if note.starts_with("In: ") || note.starts_with("in: ") {
            notes.push(Note { counted: Counted::Contribution, number: 0 });
        } else if note.len() <= MAX_BYTES {
            read(note, &mut notes);
        } else if let Some((label, _)) = split_once(note, ":").filter(|(label, _)| label.len() <= MAX_LABEL_BYTES) {
            read(label, &mut notes);
        }
    }
    let volumes = record.all(Field::Series).iter().filter_map(|series| number_of_bare_volume(series));
    notes.extend(volumes.map(|number| Note { counted: Counted::SeriesVolume, number }));
    let pages = record.all(Field::Physical).iter().filter_map(|physical| first_page(physical));
    notes.extend(pages.map(|number| Note { counted: Counted::FirstPage, number }));
    notes.sort_unstable();
    notes.dedup();
    notes
}

/// Whether a note says that its record describes what comes with another one, or a draft of it.
pub fn is_companion(notes: &[Note]) -> bool {
    notes.iter().any(|note| note.counted == Counted::Companion)
}

/// Whether one of the notes is of a kind.
pub fn has(notes: &[Note], counted: Counted) -> bool {
    notes.iter().any(|note| note.counted == counted)
}

/// Whether two records have notes that count the same, and each gives a number that the other does not.
pub fn differ(a: &[Note], b: &[Note], is_meant: impl Fn(Counted) -> bool) -> bool {
    let of = |notes: &[Note], counted| -> Vec<u32> {
        notes.iter().filter(|note| note.counted == counted).map(|note| note.number).collect()
    };
    let counted = a.iter().map(|note| note.counted).filter(|&counted| is_meant(counted));
    counted.into_iter().any(|counted| {
        let (x, y) = (of(a, counted), of(b, counted));
        x.iter().any(|number| !y.contains(number)) && y.iter().any(|number| !x.contains(number))
    })
}

/// Reads the numbers beside designations: before them where one stands there for itself (`III. Teil`, `10. A.`), else
/// behind (`Band 3`, `Part one`).
fn read(note: &str, notes: &mut Vec<Note>) {
    let folded = fold(note);
    if folded.split(' ').next().is_some_and(is_companion_word) {
        notes.push(Note { counted: Counted::Companion, number: 0 });
    }
    let is_thesis =
        |word: &str| ["diss", "habilitation", "inaugural", "thes"].iter().any(|start| word.starts_with(start));
    // `Zugl.: Diss. Univ. Zürich`: what a publisher brought out as well.
    let is_trade =
        ["zugl", "zgl", "auch als", "also issued", "also published"].iter().any(|start| folded.starts_with(start));
    if !is_trade && folded.split(' ').any(is_thesis) {
        notes.push(Note { counted: Counted::Thesis, number: 0 });
    }
    if !folded.split(' ').any(|word| designation(word).is_some()) {
        return;
    }
    // `Bd. 356/1`, `Teil B`
    notes.extend(sections_of(note).into_iter().map(|number| Note { counted: Counted::Section, number }));
    let words: Vec<&str> = folded.split(' ').collect();
    let number = |at: usize, most: u32| {
        let word = words.get(at)?;
        let number = canonical_number(word).or_else(|| roman_numeral(word))?;
        (number <= most).then_some(number)
    };
    let mut used = None;
    for (at, word) in words.iter().enumerate() {
        if used.is_some() && LEADING_ON.contains(word) {
            break;
        }
        let Some(counted) = designation(word) else { continue };
        let before = at.checked_sub(1).filter(|&before| used != Some(before)).and_then(|at| number(at, MAX_NUMBER));
        let mut behind = |most: u32| {
            used = Some(at + 1);
            number(at + 1, most)
        };
        let found = match counted {
            // `2. A.`; a letter behind it is none.
            Counted::Edition => before,
            // `Zweiter statistischer Nachtrag`, `Supplement 1989`.
            Counted::Supplement => {
                before.or_else(|| at.checked_sub(2).and_then(|at| number(at, MAX_NUMBER))).or_else(|| behind(MAX_YEAR))
            }
            _ => before.or_else(|| behind(MAX_NUMBER)),
        };
        notes.extend(found.map(|number| Note { counted, number }));
    }
}

fn designation(word: &str) -> Option<Counted> {
    DESIGNATIONS.iter().find(|(name, _)| *name == word).map(|&(_, counted)| counted)
}

/// The first page of a range that is all the statement of extent: `263-280`, but not `1-96`, which are the pages of a book.
fn first_page(physical: &str) -> Option<u32> {
    let (first, last) = physical.trim().split_once(['-', '\u{2013}'])?;
    let (first, last): (u32, u32) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    (first > 1 && first <= last).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Parser;

    fn notes(fields: &str) -> Vec<Note> {
        let json = format!(r#"{{"id":"a","title":"A title",{fields}}}"#);
        Parser::default().parse(json.as_bytes(), notes_of).expect("a record")
    }

    fn check(one: &str, other: &str, expected: bool) {
        let of = |note: &str| notes(&format!(r#""description":"{note}""#));
        let differ = |x: &str, y: &str| differ(&of(x), &of(y), |_| true);
        assert_eq!((differ(one, other), differ(other, one)), (expected, expected), "{:?} / {:?}", of(one), of(other));
    }

    #[test]
    fn notes_tell_volumes_parts_issues_and_editions_apart() {
        check("Band I: Hauptbericht", "Band II: Anhänge", true);
        check("Band 1: A - K", "Band 2: L - Z", true);
        check("Band 1: A - K", "Bd. I", false);
        check("III. Teil", "1. Teil", true);
        check("1. Teil ... 14. A.", "II. Teil ... 12. A.", true);
        check("Part one", "Part two", true);
        check("Erster Nachtrag", "Zweiter Nachtrag", true);
        check("1. Halbband", "2. Halbband", true);
        check("Bd. 58 Heft 1", "Bd. 58 Heft 2", true);
        check("IFSt-Heft 76", "IFSt-Heft 37", true);
        check("Kommentar, 9. A.", "Kommentar, 10. A.", true);
        check("III: Band 35: Der Haushalt", "II: Band 34", true);
        check("Reihe II, Bd. 356/1", "Reihe II, Bd. 356/2", true);
        check("Zweiter statistischer Nachtrag", "Erster statistischer Nachtrag", true);
        check("Gesamter Text, Supplement 1989", "Gesamter Text, Supplement 1991", true);
        check("Band 3, 1. Teil", "Bd. 5, 1. Teil: Sachregister zu Bd. 3, Teil 1 und 2", true);
        let long = |volume: u8| format!("Bd. {volume}: {}", "Glasmalerei und Bleiglas ".repeat(8));
        check(&long(1), &long(2), true);
    }

    #[test]
    fn what_counts_something_else_or_stands_on_one_side_says_nothing() {
        check("Diss. Nr. 662", "Schriftenreihe Bd. 1", false);
        check("Schriftenreihe Bd. 3", "", false);
        check("2. A.", "", false);
        check("Sammlung 1998", "Band 2", false);
        check("Amtliche Sammlung", "Text", false);
        let long = format!("{} Band 3", "word ".repeat(40));
        check(&long, "Band 4", false);
    }

    #[test]
    fn companions_are_known_by_the_first_word() {
        let is = |note: &str, kind| has(&notes(&format!(r#""description":"{note}""#)), kind);
        let of = |note: &str| is(note, Counted::Companion);
        assert!(of("Anhang zum Vernehmlassungsbericht") && of("(Draft)") && of("Beilagen"));
        assert!(of("Beilagenbox") && of("Dokumentationsanhang"));
        let is_part = |note: &str| is(note, Counted::Contribution);
        assert!(!is("Zugl.: Diss. iur. Univ. Zürich, 1995", Counted::Thesis), "the edition of a publisher");
        assert!(is("Dissertation Nr. 656 der HSG", Counted::Thesis) && !is("Schriftenreihe, Bd. 72", Counted::Thesis));
        assert!(is_part("In: Smith (Hrsg.): The New Political Economy") && !is_part("In Leinen gebunden"));
        assert!(!of("Vernehmlassung") && !of("Mit Anhang") && !of(""));
    }

    #[test]
    fn series_and_pages_are_read_too() {
        let differ = |one: &str, other: &str| differ(&notes(one), &notes(other), |_| true);
        let series = |volume: &str| format!(r#""series":["Direkte Bundessteuer","{volume}"]"#);
        assert!(differ(&series("Bd. 1"), &series("Bd. 2")));
        assert!(!differ(&series("Bd. 1"), &series("Bd. I")));
        let pages = |range: &str| format!(r#""physical":["{range}"]"#);
        assert!(differ(&pages("64-70"), &pages("76-82")));
        assert!(!differ(&pages("64-70"), &pages("64-71")));
        assert!(!differ(&pages("64-70"), &pages("1-7")));
    }
}
