//! Lists that rules look things up in: part of the configuration.

use std::sync::LazyLock;

use serde::{Deserialize, Deserializer, Serialize};

use super::rules::folding::fold;
use crate::keys::work_key::normalise;

/// The lists, under `[audit.lists]`; their defaults and origins stand in `lists.toml`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lists {
    /// Titles that name a kind of text and no work, as parts of work keys ([`normalise`]).
    #[serde(deserialize_with = "as_keys")]
    pub generic_titles: Words,
    /// Titles that mean that there is none, as letters and numbers.
    #[serde(deserialize_with = "as_letters")]
    pub title_placeholders: Words,
    /// Names that mean that there is none, as letters and numbers.
    #[serde(deserialize_with = "as_letters")]
    pub author_placeholders: Words,
    /// Topics that are kinds of publications, lower-case.
    #[serde(deserialize_with = "as_lower_case")]
    pub publication_types: Words,
    /// The same, for articles only.
    #[serde(deserialize_with = "as_lower_case")]
    pub article_types: Words,
    /// Formats that say nothing, lower-case.
    #[serde(deserialize_with = "as_lower_case")]
    pub residual_formats: Words,
    /// Hosts that redirect to https, their sub-domains with them, lower-case in ASCII.
    #[serde(deserialize_with = "as_lower_case")]
    pub secure_hosts: Words,
    /// Beginnings of links without scheme, and what they became. The first that fits counts.
    pub moved_hosts: Vec<[String; 2]>,
}

static DEFAULT: LazyLock<Lists> =
    LazyLock::new(|| toml::from_str(include_str!("lists.toml")).expect("the bundled lists are whole"));

impl Default for Lists {
    fn default() -> Lists {
        DEFAULT.clone()
    }
}

/// Words for look-up. Sorted, each once, without empty ones.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize)]
#[serde(transparent)]
pub struct Words {
    words: Vec<String>,
    #[serde(skip)]
    longest: usize,
    /// Which beginnings and lengths occur, see [`shape`]: most words that are not listed are told by these.
    #[serde(skip)]
    shapes: [u32; N_BEGINNINGS],
}

/// Beginnings that [`shape`] tells apart.
const N_BEGINNINGS: usize = 32;

/// The beginning of a word, whatever the case of an ASCII letter, and its length as one bit. None of no word.
fn shape(word: &str) -> Option<(usize, u32)> {
    let first = *word.as_bytes().first()?;
    Some((usize::from(first) % N_BEGINNINGS, 1 << word.len().min(31)))
}

impl Words {
    /// The words in the form that `fold` gives them.
    pub fn new(words: impl IntoIterator<Item = impl AsRef<str>>, fold: impl Fn(&str) -> String) -> Words {
        let mut words: Vec<String> = words.into_iter().map(|word| fold(word.as_ref())).collect();
        words.retain(|word| !word.is_empty());
        words.sort_unstable();
        words.dedup();
        let mut shapes = [0; N_BEGINNINGS];
        words.iter().filter_map(|word| shape(word)).for_each(|(beginning, length)| shapes[beginning] |= length);
        Words { longest: words.iter().map(String::len).max().unwrap_or_default(), words, shapes }
    }

    /// Whether a word is among them, in the form that the list has.
    pub fn has(&self, word: &str) -> bool {
        self.has_shape(word) && self.words.binary_search_by(|known| known.as_str().cmp(word)).is_ok()
    }

    /// Whether a word is among them once it is lower-case.
    pub fn has_in_any_case(&self, word: &str) -> bool {
        if !word.is_ascii() {
            return self.has(&word.to_lowercase());
        }
        let lower_case = || word.bytes().map(|byte| byte.to_ascii_lowercase());
        self.has_shape(word) && self.words.binary_search_by(|known| known.bytes().cmp(lower_case())).is_ok()
    }

    fn has_shape(&self, word: &str) -> bool {
        shape(word).is_some_and(|(beginning, length)| self.shapes[beginning] & length != 0)
    }

    /// Length of the longest in bytes; 0 if there are none.
    pub fn longest(&self) -> usize {
        self.longest
    }
}

fn as_keys<'de, D: Deserializer<'de>>(list: D) -> Result<Words, D::Error> {
    Ok(Words::new(Vec::<String>::deserialize(list)?, normalise))
}

fn as_letters<'de, D: Deserializer<'de>>(list: D) -> Result<Words, D::Error> {
    Ok(Words::new(Vec::<String>::deserialize(list)?, fold))
}

fn as_lower_case<'de, D: Deserializer<'de>>(list: D) -> Result<Words, D::Error> {
    Ok(Words::new(Vec::<String>::deserialize(list)?, |word| word.trim().to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_lists_are_in_their_own_form() {
        let lists = Lists::default();
        assert!(lists.generic_titles.has("editorial") && lists.title_placeholders.has("untitled"));
        assert!(lists.author_placeholders.has("collectif") && !lists.author_placeholders.has("collectif mulins"));
        assert!(lists.title_placeholders.has("dokument1"));
        assert!(lists.author_placeholders.has("anonymous") && lists.residual_formats.has_in_any_case("Text"));
        assert!(
            lists.publication_types.has_in_any_case("Review Article") && !lists.article_types.has("review article")
        );
        assert!(lists.secure_hosts.has_in_any_case("JSTOR.ORG") && lists.moved_hosts.len() > 5);
        assert_eq!(toml::from_str::<Lists>(&toml::to_string(&lists).expect("plain lists")), Ok(lists));
    }

    #[test]
    fn words_are_found_in_the_form_of_their_list() {
        let words = Words::new(["[Ohne Titel]", "", "ohne titel", "n/a"], fold);
        assert!(words.has(&fold("Ohne Titel.")) && words.has("na") && !words.has("ohne") && !words.has(""));
        assert_eq!(words.longest(), 9);
    }
}
