//! Names of persons and bodies, as VuFind's importers clean, invert and abbreviate them.

use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

/// Words whose final dot stays. From VuFind's `CreatorTools`.
const DOTTED_WORDS: [&str; 4] = ["col.", "mr.", "mrs.", "ms."];

/// Suffixes after a comma that do not make a name inverted. From VuFind's `isInvertedName`.
const NAME_TITLES: [&str; 7] = ["jr", "sr", "dr", "mrs", "ii", "iii", "iv"];

/// A heading without the punctuation that MARC cataloguing leaves at its end.
///
/// Source: `fixTrailingPunctuation` of VuFind's `CreatorTools`. Removes separators and opening brackets, ` -` after
/// a dot, a final dot that ends neither an initial nor `col.`, `mr.`, `mrs.`, `ms.`, and a closing bracket that was
/// never opened.
#[must_use]
pub fn fix_trailing_punctuation(name: &str) -> &str {
    let name = name.trim_end_matches(is_separator);
    let name = without_dash(name);
    let name = without_dot(name);
    without_stray_bracket(name)
}

/// The value of `author_variant`: the initials apart and together, such as `w b y wb wby` for Yeats, William Butler.
///
/// Source: `processInitials` of VuFind's `CreatorTools`. A comma inside the value marks a personal name, whose first
/// word moves to the end. Empty when the name has no letter.
#[must_use]
pub fn author_variant(name: &str) -> String {
    let is_personal = has_inner_comma(name);
    let letters: String = name
        .chars()
        .filter(|&c| is_letter(c) || c == ' ' || c == '-')
        .flat_map(char::to_lowercase)
        .collect();
    let mut words: Vec<&str> = letters.trim_end_matches(' ').split(' ').collect();
    if is_personal {
        words.rotate_left(1);
    }
    let initials: Vec<char> = words.iter().flat_map(|word| initials_of(word)).collect();
    spell_out(&initials, is_personal && words.len() > 2)
}

/// Whether the name has the form `Last, First`. A last part such as `jr.` or `III` does not count.
///
/// Source: VuFind's `isInvertedName` of the XSLT importers.
#[must_use]
pub fn is_inverted_name(name: &str) -> bool {
    let Some((before, last)) = name.rsplit_once(',') else {
        return false;
    };
    let last = last.trim_matches([' ', '.']);
    let is_title = NAME_TITLES
        .iter()
        .any(|title| last.eq_ignore_ascii_case(title));
    !is_title || before.contains(',')
}

/// `First Last` turned into `Last, First`; a name of one word, or one that ends in a blank, comes back unchanged.
///
/// Source: VuFind's `invertName` of the XSLT importers, which does not test whether the name is inverted already.
#[must_use]
pub fn invert_name(name: &str) -> String {
    let blank = |c: char| c.is_ascii_whitespace() || c == '\u{b}';
    match name.rsplit_once(blank) {
        Some((first, last)) if !last.is_empty() => {
            format!("{last}, {}", first.trim_end_matches(blank))
        }
        _ => name.to_owned(),
    }
}

fn is_separator(c: char) -> bool {
    matches!(c, ' ' | '/' | ':' | ';' | ',' | '=' | '(' | '[')
}

/// `Homer. -` and `Homer. -.` become `Homer.`, whose dot is judged afterwards.
fn without_dash(name: &str) -> &str {
    for tail in [". -.", ". -"] {
        if let Some(start) = name.strip_suffix(tail) {
            return start;
        }
    }
    name
}

fn without_dot(name: &str) -> &str {
    let Some(start) = name.strip_suffix('.') else {
        return name;
    };
    let is_short = start.chars().count() < 3;
    let is_initial = start.chars().rev().nth(1) == Some(' ');
    let last_word = name.rsplit(' ').next().unwrap_or(name);
    let is_abbreviation = DOTTED_WORDS
        .iter()
        .any(|word| last_word.eq_ignore_ascii_case(word));
    if is_short || is_initial || is_abbreviation {
        name
    } else {
        start
    }
}

fn without_stray_bracket(name: &str) -> &str {
    for (open, close) in [('(', ')'), ('[', ']')] {
        if let Some(start) = name.strip_suffix(close)
            && !start.contains(open)
        {
            return start;
        }
    }
    name
}

fn has_inner_comma(name: &str) -> bool {
    name.find(',')
        .is_some_and(|place| place > 0 && place < name.len() - 1)
}

fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || c.general_category_group() == GeneralCategoryGroup::Letter
}

/// The first letter of the word, and that after its first hyphen.
fn initials_of(word: &str) -> Vec<char> {
    let mut initials: Vec<char> = word.chars().next().into_iter().collect();
    if let Some((before, after)) = word.split_once('-')
        && !before.is_empty()
    {
        initials.extend(after.chars().next());
    }
    initials
}

fn spell_out(initials: &[char], is_long_personal: bool) -> String {
    let together: String = initials.iter().collect();
    let apart: Vec<String> = initials.iter().map(char::to_string).collect();
    let mut parts = vec![apart.join(" ")];
    if is_long_personal && let [without_last @ .., _] = initials {
        parts.push(without_last.iter().collect());
    }
    let variant = parts.join(" ").trim_end().to_owned();
    if variant == together {
        variant
    } else {
        format!("{variant} {together}")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn punctuation_at_the_end_goes() {
        let check = |name: &str, expected: &str| {
            assert_eq!(fix_trailing_punctuation(name), expected);
        };
        check("Walsh, Louisa,", "Walsh, Louisa");
        check("Smith, A.", "Smith, A.");
        check("Smith, John.", "Smith, John");
        check(
            "Vico, Giambattista, 1668-1744.",
            "Vico, Giambattista, 1668-1744",
        );
        check("King, Martin Luther, Jr.", "King, Martin Luther, Jr");
        check("Doe, J.R.", "Doe, J.R");
        check("Orchestra)", "Orchestra");
        check("Homer. -", "Homer");
        check("[Anonymous]", "[Anonymous]");
        check("O'Brien, Mrs.", "O'Brien, Mrs.");
        check("", "");
        check("Al.", "Al.");
        check("A.", "A.");
    }

    #[test]
    fn variants_hold_the_initials_apart_and_together() {
        let check = |name: &str, expected: &str| assert_eq!(author_variant(name), expected);
        check("Yeats, William Butler", "w b y wb wby");
        check("Walsh, Louisa", "l w lw");
        check("Saint-Exupéry, Antoine de", "a d s e ads adse");
        check("World Health Organization", "w h o who");
        check("Homer", "h");
        check("", "");
        check("1, 2", "");
    }

    #[test]
    fn a_comma_makes_a_name_inverted_unless_a_title_follows() {
        let check = |name: &str, expected| assert_eq!(is_inverted_name(name), expected, "{name}");
        check("foo bar, jr.", false);
        check("bar, foo, jr.", true);
        check("bar, foo", true);
        check("foo bar", false);
    }

    #[test]
    fn inverting_puts_the_last_word_first() {
        let check = |name: &str, expected: &str| assert_eq!(invert_name(name), expected);
        check("foo bar baz xyzzy", "xyzzy, foo bar baz");
        check("foo  bar", "bar, foo");
        check("foo", "foo");
        check("foo bar ", "foo bar ");
    }

    proptest! {
        #[test]
        fn any_text_is_accepted(name in any::<String>()) {
            let _ = (fix_trailing_punctuation(&name), author_variant(&name));
            let _ = (is_inverted_name(&name), invert_name(&name));
        }
    }
}
