//! Who translated a text, as far as the statement of responsibility says so.

use crate::input::{Field, Record};

use super::borrowed::Text;
use super::seek::{find, words};
use super::text::fold;
use super::word_filter::WordFilter;

/// Words before the name of a translator, with which cataloguers of several languages copy the title page.
const MARKS: [&str; 40] = [
    "translated by ",
    "transl. by ",
    "trans. by ",
    "tr. by ",
    "übersetzt von ",
    "Übersetzt von ",
    "übers. von ",
    "Übers. von ",
    "übertragen von ",
    "Übertragen von ",
    "deutsch von ",
    "traduit par ",
    "traduction de ",
    "traduction par ",
    "trad. par ",
    "trad. de ",
    "trad. di ",
    "traduzione di ",
    "tradotto da ",
    "traducción de ",
    "traducido por ",
    "trad. por ",
    "tradução de ",
    "tradução por ",
    "przeł. ",
    "przekład ",
    "přel. ",
    "přeložil ",
    "přeložila ",
    "oversat af ",
    "oversatt av ",
    "översättning av ",
    "Översättning av ",
    "vertaald door ",
    "vert. door ",
    // Who tells a text anew makes it another one as well.
    "retold by ",
    "adapted by ",
    "nacherzählt von ",
    "neu erzählt von ",
    "adapté par ",
];

/// Folded family names of the translators that the full title names; empty if it names none.
pub(super) fn translators(record: &Record<'_>) -> Vec<Text<'static>> {
    let Some(full) = record.filled(Field::TitleFull) else { return Vec::new() };
    if !has_mark(full) {
        return Vec::new();
    }
    // Only ASCII letters are lowered, so that places in both texts are the same: others may change their length.
    let lower = full.to_ascii_lowercase();
    let families = MARKS.iter().filter_map(|mark| {
        let mark_end = find(&lower, mark)? + mark.len();
        let family = fold(family_of(&full[mark_end..])?);
        (family.len() > 1).then(|| Text::from(family))
    });
    families.collect()
}

/// Whether a text has one of the marks, whatever the case of their ASCII letters.
fn has_mark(text: &str) -> bool {
    /// Their last words.
    static LAST_WORDS: WordFilter = WordFilter::of(&[
        "by",
        "von",
        "par",
        "de",
        "di",
        "da",
        "por",
        "przeł.",
        "przekład",
        "přel.",
        "přeložil",
        "přeložila",
        "af",
        "av",
        "door",
    ]);
    let ends_with = |text: &[u8], mark: &str| {
        let start = text.len().checked_sub(mark.len());
        start.is_some_and(|start| text[start..].eq_ignore_ascii_case(mark.as_bytes()))
    };
    let mut end = 0;
    words(text).any(|word| {
        end += word.len() + 1;
        let read = text.as_bytes().get(..end).filter(|_| LAST_WORDS.may_have(word));
        read.is_some_and(|read| MARKS.iter().any(|mark| ends_with(read, mark)))
    })
}

/// The family name of the name that a text opens with: the last word before one that cannot be of a name.
fn family_of(text: &str) -> Option<&str> {
    const TITLES: [&str; 4] = ["the", "rev.", "dr.", "prof."];
    let mut family = None;
    for word in text.split_whitespace() {
        let bare = word.trim_end_matches([',', ';', ']', ')', '/', '.', ':']);
        if bare.is_empty() {
            break;
        }
        if TITLES.contains(&word.to_lowercase().as_str()) {
            continue;
        }
        // `and`, `with`, `from`: the statement goes on. Particles do not end a name.
        let is_little = word.chars().next().is_some_and(char::is_lowercase);
        if is_little && !matches!(word, "von" | "van" | "de" | "da" | "di" | "der" | "den") {
            break;
        }
        if !is_little {
            family = Some(bare);
        }
        let is_initial = bare.chars().count() <= 2 || bare.contains('.');
        if bare.len() < word.len() && !(is_initial && word.ends_with('.')) {
            break;
        }
    }
    family
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Parser;

    fn named(full: &str) -> Vec<String> {
        let json = format!(r#"{{"id":"a","title_full":"{full}"}}"#);
        let names = Parser::default().parse(json.as_bytes(), translators).expect("a record");
        names.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_mark_is_looked_for() {
        for mark in MARKS {
            assert_eq!(named(&format!("Emma / Jane Austen ; {mark}K. Bunnett")), ["bunnett"], "{mark}");
            assert_eq!(named(&format!("Emma / Jane Austen ; {}K. Bunnett", mark.to_ascii_uppercase())), ["bunnett"]);
        }
    }

    #[test]
    fn translators_are_named_after_their_mark() {
        assert_eq!(named("Emma / Jane Austen ; translated by Winifred Merriman."), ["merriman"]);
        assert_eq!(named("Emma / Jane Austen ; Übersetzt von K. Müller und A. Ott"), ["muller"]);
        assert_eq!(named("Emma / Jane Austen ; przeł. Kazimierz Łoziński."), ["lozinski"]);
        for full in ["Emma / translated by F. E. Bunnètt ...", "Emma. Tr. by R.E. Bunnett. With a preface by J. Boosé"]
        {
            assert_eq!(named(full), ["bunnett"], "{full}");
        }
        assert_eq!(named("Emma. Translated by the Rev. J. R. Wilkinson, edited by W. Morrison"), ["wilkinson"]);
        assert_eq!(named("\u{130} Emma. translated by \u{e9} \u{1e9e}"), [""; 0], "lower-casing moves bytes");
        for full in ["Emma / Jane Austen", "Emma. Translated by the author from the 2d German ed."] {
            assert_eq!(named(full), [""; 0], "{full}");
        }
    }
}
