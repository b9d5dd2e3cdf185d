//! Names as numbers: whether the persons and bodies of two records can have anything to do with each other.

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

use crate::keys::person::Person;

use super::super::compare::word_forms::standard;
use super::super::compare::{first_letter, squeeze_name, swapped};
use super::super::evidence::Level;
use super::record::hash;

/// Records with more persons or bodies than this are not sketched by them.
pub(super) const MAX_NAMES: usize = 16;

/// The names of persons, in both orders where the order is not known.
pub(super) fn names_of(persons: &[Person], names: &mut Vec<Name>) {
    for person in persons {
        names.push(Name::of(&person.family, &person.given, person.born));
        if !person.order_known {
            let (family, given) = swapped(person);
            names.push(Name::of(&family, &given, person.born));
        }
    }
}

/// What is known of a person's name in one order.
#[derive(Clone, Copy, Debug, IntoBytes, FromBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(super) struct Name {
    /// Letters of the squeezed family name, and of the first given name.
    family_letters: u32,
    given_letters: u32,
    /// Hashes of the family name squeezed and as it is, of the first given name squeezed, and of all given names.
    family_squeezed: u16,
    family: u16,
    given_squeezed: u16,
    given: u16,
    /// First letters of the family name and of the first given name.
    family_first: u8,
    given_first: u8,
    /// Letters of the squeezed family name and of the first given name.
    family_len: u8,
    given_len: u8,
    /// Year of birth, 0 if none is known.
    born: u16,
    flags: u8,
    _unused: u8,
}

/// The family name has several words.
const BLANK: u8 = 1;
/// The first given name is an initial.
const INITIAL: u8 = 1 << 1;
/// There is no given name.
const NO_GIVEN: u8 = 1 << 2;

impl Name {
    fn of(family: &str, given: &str, born: u16) -> Name {
        let squeezed = squeeze_name(family);
        let first = given.split(' ').next().unwrap_or_default();
        let short = |text: &str| hash(text) as u16;
        let len = |text: &str| text.chars().count().min(usize::from(u8::MAX)) as u8;
        let letter = |text: &str| first_letter(text).unwrap_or_default();
        let mark = |mark: u8, holds: bool| if holds { mark } else { 0 };
        Name {
            family_letters: letters(&squeezed),
            given_letters: letters(first),
            family_squeezed: short(&squeezed),
            family: short(family),
            given_squeezed: short(&squeeze_name(first)),
            given: short(given),
            family_first: letter(family),
            given_first: letter(first),
            family_len: len(&squeezed),
            given_len: len(first),
            flags: mark(BLANK, family.contains(' '))
                | mark(INITIAL, first.len() == 1)
                | mark(NO_GIVEN, given.is_empty()),
            born,
            _unused: 0,
        }
    }

    /// Whether the family names may be one.
    fn may_be_family_of(self, other: Name) -> bool {
        if self.family_squeezed == other.family_squeezed || (self.flags | other.flags) & BLANK != 0 {
            return true;
        }
        if self.family_first != other.family_first {
            return false;
        }
        let (a, b) = (self.family_letters, other.family_letters);
        let (only_a, only_b) = ((a & !b).count_ones(), (b & !a).count_ones());
        let is_misspelt = only_a <= 1 && only_b <= 1 && self.family_len.abs_diff(other.family_len) <= 1;
        let is_run_on = only_a == 0 || only_b == 0;
        is_misspelt || is_run_on || may_be_similar((a, self.family_len), (b, other.family_len), FAMILY_SIMILAR)
    }

    /// Whether the first given names may be one.
    fn may_be_given_of(self, other: Name) -> bool {
        let flags = self.flags | other.flags;
        if flags & NO_GIVEN != 0 || self.given_squeezed == other.given_squeezed {
            return true;
        }
        if flags & INITIAL != 0 {
            return self.given_first == other.given_first;
        }
        let (a, b) = (self.given_letters, other.given_letters);
        let is_cut = a & !b == 0 || b & !a == 0;
        is_cut || may_be_similar((a, self.given_len), (b, other.given_len), GIVEN_SIMILAR)
    }

    /// Whether family and given name may have changed places or were crossed.
    fn may_be_exchanged(self, other: Name) -> bool {
        let is_crossed = self.family_first == other.given_first && other.family_first == self.given_first;
        let is_exchanged = self.given == other.family || other.given == self.family;
        is_exchanged || is_crossed && (self.flags | other.flags) & INITIAL != 0
    }
}

/// The letters of a text, one bit each.
fn letters(text: &str) -> u32 {
    text.chars().fold(0, |letters, c| letters | 1 << (u32::from(c) & 31))
}

/// What the shares of matching letters in both of two names must add up to, in hundredths, for a Jaro-Winkler similarity of
/// 0.92 and of 0.87, if the names begin alike: four letters in common add two fifths of what is missing.
const FAMILY_SIMILAR: u32 = 160;
const GIVEN_SIMILAR: u32 = 135;

/// Whether the shares of matching letters in two texts of these letters and lengths can add up to so many hundredths.
fn may_be_similar((letters_a, len_a): (u32, u8), (letters_b, len_b): (u32, u8), least: u32) -> bool {
    let (len_a, len_b) = (u32::from(len_a), u32::from(len_b));
    let most = |len: u32, only: u32| len.saturating_sub(only.count_ones());
    let n_matching = most(len_a, letters_a & !letters_b).min(most(len_b, letters_b & !letters_a));
    len_a.max(len_b) >= u32::from(u8::MAX) || 100 * n_matching * (len_a + len_b) >= least * len_a * len_b
}

/// Whether the persons of two records that are not both bare citations may agree in anything.
pub(super) fn may_agree(a: &[Name], b: &[Name]) -> bool {
    let mut n_families = 0;
    for &x in a {
        for &y in b {
            if x.may_be_family_of(y) {
                n_families += 1;
                // Initials may be those of a neighbour, and of two family names in common they may be exchanged. Who is born in
                // one year may have a later given name in common.
                let slipped = (x.flags | y.flags) & INITIAL != 0;
                let one_birth = x.born == y.born && x.born > 0;
                if slipped || one_birth || n_families > 1 || x.may_be_given_of(y) {
                    return true;
                }
            }
            if x.may_be_exchanged(y) {
                return true;
            }
        }
    }
    false
}

/// What is known of a body.
#[derive(Clone, Copy, Debug, IntoBytes, FromBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(super) struct Body {
    /// Its words, one bit each.
    words: u64,
    /// Hash of all its letters.
    squeezed: u32,
    n_words: u32,
}

impl Body {
    /// From the folded name, whose words are parted by single blanks.
    pub(super) fn of(name: &str) -> Body {
        let words = name.split(' ').fold(0, |words, word| words | 1 << (hash(standard(word)) >> 26));
        Body { words, squeezed: hash(&squeeze_name(name)), n_words: name.split(' ').count() as u32 }
    }

    /// The best level that two can have, of those that the weights or the relations tell apart.
    fn best_level(self, other: Body) -> Level {
        let most = |n: u32, only: u64| n - only.count_ones();
        let n_common =
            most(self.n_words, self.words & !other.words).min(most(other.n_words, other.words & !self.words));
        let n_words = self.n_words + other.n_words;
        if self.squeezed == other.squeezed || n_common == self.n_words.min(other.n_words) || 2 * 2 * n_common >= n_words
        {
            Level::Same
        } else if 4 * 2 * n_common >= n_words {
            Level::Weak
        } else {
            Level::Different
        }
    }
}

/// The best level that bodies of two records can have: [`Level::Same`] stands for all that is some agreement,
/// [`Level::Weak`] and [`Level::Different`] for themselves.
pub(super) fn level_of_bodies(a: &[Body], b: &[Body]) -> Level {
    let pairs = a.iter().flat_map(|x| b.iter().map(move |y| x.best_level(*y)));
    pairs.min().unwrap_or(Level::Different)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::super::compare::{compare_bodies, compare_persons};
    use super::*;
    use crate::keys::Text;

    fn names(persons: &[Person]) -> Vec<Name> {
        let mut names = Vec::new();
        names_of(persons, &mut names);
        names
    }

    fn persons(authors: &[&str]) -> Vec<Person<'static>> {
        authors.iter().flat_map(|author| Person::parse_all(author)).collect()
    }

    #[test]
    fn most_strangers_are_known_as_such() {
        let may = |a: &[&str], b: &[&str]| may_agree(&names(&persons(a)), &names(&persons(b)));
        assert!(!may(&["Walsh, Louisa", "Hill, Sophie"], &["Brand, Ida"]));
        assert!(!may(&["Walsh, Louisa"], &["Walsh, Peter"]));
        assert!(!may(&["Walsh, Louisa"], &["Weber, Louisa"]));
        assert!(!may(&["Walsh, Louisa", "Commission, Locking On Xmdv"], &["Commission, Disrespectful Freeing"]));
        assert!(!may(&["Locking On Xmdv Commission"], &["Disrespectful Freeing Commission"]));
        assert!(may(&["Walsh, Louisa"], &["Walsch, Louisa"]));
        assert!(may(&["Walsh, Louisa"], &["Walsh, L."]));
        assert!(may(&["Wang, Xiaoguang"], &["Xiaoguang, Wang"]));
    }

    /// A name as catalogues have it, from few letters, so that many are alike.
    fn name() -> impl Strategy<Value = String> {
        let family = prop_oneof![
            4 => "[A-C][a-e]{1,7}",
            2 => "(Bo|Bosch|Boschand|Miller|Mueller|Müller|Jensen|Yensen|Chekhov|Čechov|Tolstoj|Tolstoi)[a-c]?",
            1 => "(van |de la |von )?[A-C][a-e]{1,4}( [A-C][a-c]{1,2})?",
            1 => "[А-В][а-г]{2,5}",
        ];
        let given = prop_oneof![
            3 => "([A-C]\\.? ?){1,3}",
            3 => "[A-C][a-e]{1,6}( [A-C]\\.?)?",
            1 => "(Yuri|Juri|Iurii|Christina|Kristina)",
            1 => Just(String::new()),
        ];
        (family, given, 0..3).prop_map(|(family, given, form)| match form {
            _ if given.is_empty() => family,
            0 => format!("{given} {family}"),
            _ => format!("{family}, {given}"),
        })
    }

    fn bodies() -> impl Strategy<Value = Vec<Text<'static>>> {
        let words = vec!["united", "states", "unitedstates", "bureau", "of", "the", "census", "bank"];
        let body = prop::collection::vec(prop::sample::select(words), 1..6);
        prop::collection::vec(body.prop_map(|words| Text::from(words.join(" "))), 1..3)
    }

    fn list() -> impl Strategy<Value = Vec<String>> {
        prop::collection::vec(name(), 1..4)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn persons_that_agree_in_anything_are_no_strangers(a in list(), b in list()) {
            let parse = |list: &[String]| -> Vec<Person<'static>> {
                list.iter().flat_map(|author| Person::parse_all(author)).collect()
            };
            let (a, b) = (parse(&a), parse(&b));
            if compare_persons(&a, &b).is_some_and(|level| level != Level::Different) {
                prop_assert!(may_agree(&names(&a), &names(&b)), "{:?} {:?}", a, b);
            }
        }

        #[test]
        fn no_bodies_agree_more_than_is_said((a, b) in (bodies(), bodies())) {
            let sketch = |bodies: &[Text]| -> Vec<Body> { bodies.iter().map(|body| Body::of(body)).collect() };
            let level = compare_bodies(&a, &b).expect("bodies on both sides");
            let best = level_of_bodies(&sketch(&a), &sketch(&b));
            let is_bounded = match best {
                Level::Same => true,
                Level::Weak => matches!(level, Level::Weak | Level::Different),
                _ => level == Level::Different,
            };
            prop_assert!(is_bounded, "{:?} {:?}: {:?} {:?}", a, b, level, best);
        }
    }
}
