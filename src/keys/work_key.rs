//! Work keys (`work_keys_str_mv`), as VuFind's `WorkKeys` (Java), `VuFindWorkKeys` (PHP) and RecordManager build them.
//!
//! Only the default settings of the importers are reproduced: no include or exclude pattern, and the shipped
//! transliteration rules (decompose, lower-case, to Latin, keep letters and numbers, compose for compatibility).

use std::collections::BTreeSet;

use xxhash_rust::xxh3::xxh3_64;

pub use super::key_letters::{is_exact, normalise, normalise_into};

/// Longest key part, in the units of [`Dialect`]. From VuFind's `WorkKeys` and `VuFindWorkKeys`.
const KEY_PART_LIMIT: usize = 255;

/// Which program wrote the keys: the three differ in cutting, in order and in what they do with duplicates.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Dialect {
    /// VuFind's `VuFindWorkKeys`, used by XSLT imports. Cuts at 255 code points.
    Php,
    /// VuFind's `WorkKeys`, used by SolrMarc imports. Cuts at 255 UTF-16 units.
    Java,
    /// RecordManager's Solr updater. Never cuts, lists titles without article first.
    RecordManager,
}

/// The values an importer collects for the keys of one record, in record order. Any list may be empty.
#[derive(Clone, Copy, Default, Debug)]
pub struct WorkKeyInput<'a> {
    /// Uniform titles; each gives a `UT` key.
    pub uniform_titles: &'a [&'a str],
    /// Titles as printed; each is combined with every author.
    pub titles: &'a [&'a str],
    /// Titles without leading article or non-filing characters.
    pub stripped_titles: &'a [&'a str],
    /// Authors, as in the record.
    pub authors: &'a [&'a str],
}

/// The work keys of one record in the order in which the importer would write them; empty when it would write none.
///
/// Source: VuFind's `WorkKeys` (Java) and `VuFindWorkKeys` (PHP), RecordManager's `SolrUpdater`. PHP takes a key part
/// `0` for an empty one and compares titles loosely (`007` equals `7`), yet it keeps authors without any letter and
/// repeats the key of authors that normalise alike. Java drops both. RecordManager tests and removes nothing.
#[must_use]
pub fn work_keys(input: &WorkKeyInput<'_>, dialect: Dialect) -> Vec<String> {
    match dialect {
        Dialect::Php => php_keys(input),
        Dialect::Java => java_keys(input),
        Dialect::RecordManager => record_manager_keys(input),
    }
}

/// Cuts a normalised key part to the length the importer keeps: 255 code points (PHP), 255 UTF-16 units (Java) or
/// everything (RecordManager). A character that the Java cut would split is left out.
#[must_use]
pub fn cut(key: &str, dialect: Dialect) -> &str {
    let width: fn(char) -> usize = match dialect {
        Dialect::RecordManager => return key,
        Dialect::Php => |_| 1,
        Dialect::Java => char::len_utf16,
    };
    // No character takes fewer bytes than units, so most keys are not walked through.
    if key.len() <= KEY_PART_LIMIT {
        return key;
    }
    let mut units = 0;
    for (start, letter) in key.char_indices() {
        units += width(letter);
        if units > KEY_PART_LIMIT {
            return &key[..start];
        }
    }
    key
}

/// `title` trimmed and without one leading `a `, `an ` or `the ` (any case), as the XSLT importers do it.
///
/// Source: VuFind's `stripArticles`, which also lower-cases; for keys that makes no difference, so a slice is enough.
#[must_use]
pub fn strip_articles(title: &str) -> &str {
    let title = title.trim_matches(is_php_blank);
    for article in ["a ", "an ", "the "] {
        if let (Some(start), Some(rest)) = (title.get(..article.len()), title.get(article.len()..))
            && start.eq_ignore_ascii_case(article)
        {
            return rest;
        }
    }
    title
}

/// The characters removed by PHP's `trim`.
pub(crate) fn is_php_blank(letter: char) -> bool {
    matches!(letter, ' ' | '\t' | '\n' | '\r' | '\0' | '\u{b}')
}

fn php_keys(input: &WorkKeyInput<'_>) -> Vec<String> {
    let mut keys = Vec::new();
    for title in key_parts(input.uniform_titles, Dialect::Php) {
        if !is_php_empty(&title) {
            keys.push(uniform_key(&title));
        }
    }
    let authors: Vec<String> = php_authors(input.authors);
    let mut seen: Vec<String> = Vec::new();
    for title in titles_then_stripped(input, Dialect::Php) {
        if is_php_empty(&title) || seen.iter().any(|old| is_loosely_equal(old, &title)) {
            continue;
        }
        keys.extend(authors.iter().map(|author| author_key(author, &title)));
        seen.push(title);
    }
    keys
}

/// PHP looks at the raw author only, so a name without letters stays, as an empty key part.
fn php_authors(authors: &[&str]) -> Vec<String> {
    let named: Vec<&str> = authors.iter().copied().filter(|name| !is_php_empty(name)).collect();
    key_parts(&named, Dialect::Php)
}

fn java_keys(input: &WorkKeyInput<'_>) -> Vec<String> {
    let mut keys = NewKeys::default();
    for title in key_parts(input.uniform_titles, Dialect::Java) {
        if !title.is_empty() {
            keys.push(uniform_key(&title));
        }
    }
    let authors = key_parts(input.authors, Dialect::Java);
    for title in titles_then_stripped(input, Dialect::Java) {
        for author in &authors {
            if !title.is_empty() && !author.is_empty() {
                keys.push(author_key(author, &title));
            }
        }
    }
    keys.in_order
}

fn record_manager_keys(input: &WorkKeyInput<'_>) -> Vec<String> {
    let parts = |values| key_parts(values, Dialect::RecordManager);
    let mut keys: Vec<String> = parts(input.uniform_titles).iter().map(|t| uniform_key(t)).collect();
    let authors = parts(input.authors);
    let mut titles = parts(input.stripped_titles);
    titles.extend(parts(input.titles));
    for title in &titles {
        keys.extend(authors.iter().map(|author| author_key(author, title)));
    }
    keys
}

fn key_parts(values: &[&str], dialect: Dialect) -> Vec<String> {
    values
        .iter()
        .map(|value| {
            let mut part = normalise(value);
            let end = cut(&part, dialect).len();
            part.truncate(end);
            part
        })
        .collect()
}

fn titles_then_stripped(input: &WorkKeyInput<'_>, dialect: Dialect) -> Vec<String> {
    let mut titles = key_parts(input.titles, dialect);
    titles.extend(key_parts(input.stripped_titles, dialect));
    titles
}

fn uniform_key(title: &str) -> String {
    ["UT ", title].concat()
}

fn author_key(author: &str, title: &str) -> String {
    ["AT ", author, " ", title].concat()
}

/// Keys in the order in which they came, each once.
#[derive(Default)]
struct NewKeys {
    in_order: Vec<String>,
    /// Hashes of all keys, kept when there are many: records with 100,000 authors do exist in hostile exports.
    seen: BTreeSet<u64>,
}

/// Keys that are looked through one by one; most records have fewer.
const FEW_KEYS: usize = 32;

impl NewKeys {
    fn push(&mut self, key: String) {
        if self.in_order.len() == FEW_KEYS && self.seen.is_empty() {
            self.seen.extend(self.in_order.iter().map(|key| xxh3_64(key.as_bytes())));
        }
        let is_few = self.in_order.len() < FEW_KEYS;
        let is_new = if is_few { !self.in_order.contains(&key) } else { self.seen.insert(xxh3_64(key.as_bytes())) };
        if is_new {
            self.in_order.push(key);
        }
    }
}

fn is_php_empty(text: &str) -> bool {
    text.is_empty() || text == "0"
}

/// PHP's `==` on two normalised titles: equal bytes, or two numbers of one value.
fn is_loosely_equal(left: &str, right: &str) -> bool {
    if left == right {
        return true;
    }
    match (php_number(left), php_number(right)) {
        (Some(PhpNumber::Whole(a)), Some(PhpNumber::Whole(b))) => a == b,
        // PHP compares two numbers beyond its integers as text when they round to the same float.
        (Some(PhpNumber::Huge(_)), Some(PhpNumber::Huge(_))) => false,
        (Some(a), Some(b)) => a.value() == b.value(),
        _ => false,
    }
}

enum PhpNumber {
    Whole(i64),
    Huge(f64),
    Float(f64),
}

impl PhpNumber {
    #[expect(clippy::cast_precision_loss, reason = "PHP converts in the same way")]
    fn value(&self) -> f64 {
        match self {
            Self::Whole(number) => *number as f64,
            Self::Huge(number) | Self::Float(number) => *number,
        }
    }
}

/// The number PHP sees in a key part. Signs, blanks and points cannot occur there, an exponent (`1e3`) can.
fn php_number(text: &str) -> Option<PhpNumber> {
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if is_digits(text) {
        return match text.parse() {
            Ok(number) => Some(PhpNumber::Whole(number)),
            Err(_) => text.parse().ok().map(PhpNumber::Huge),
        };
    }
    let (mantissa, exponent) = text.split_once('e')?;
    if !is_digits(mantissa) || !is_digits(exponent) {
        return None;
    }
    text.parse().ok().map(PhpNumber::Float)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_dialect_keeps_its_quirks() {
        let check = |input: &WorkKeyInput<'_>, dialect, expected: &[&str]| {
            assert_eq!(work_keys(input, dialect), expected, "{dialect:?}");
        };
        let both = [Dialect::Php, Dialect::Java];
        let uniform = WorkKeyInput {
            uniform_titles: &["UNIFORM title +Å"],
            titles: &["The nonUniform  Titlë"],
            stripped_titles: &["nonUniform  Titlë"],
            authors: &["AUTHOR * 1", "author 2"],
        };
        let plain_uniform = WorkKeyInput {
            uniform_titles: &["UNIFORM title."],
            titles: &["The nonUniform Title"],
            stripped_titles: &["nonUniform Title"],
            authors: &["AUTHOR 1", "author 2"],
        };
        let at = [
            "AT author1 thenonuniformtitle",
            "AT author2 thenonuniformtitle",
            "AT author1 nonuniformtitle",
            "AT author2 nonuniformtitle",
        ];
        for dialect in both {
            let accented = ["UT uniformtitlea", at[0], at[1], at[2], at[3]];
            check(&uniform, dialect, &accented);
            // The test behind this one uses an include pattern; on plain letters the default rules agree with it.
            let plain = ["UT uniformtitle", at[0], at[1], at[2], at[3]];
            check(&plain_uniform, dialect, &plain);
            check(&input(&["Editorial"], &[]), dialect, &[]);
            check(&input(&[], &["B"]), dialect, &[]);
            let stripped = [strip_articles("A Title")];
            let article = WorkKeyInput { stripped_titles: &stripped, ..input(&["A Title"], &["B"]) };
            check(&article, dialect, &["AT b atitle", "AT b title"]);
            check(&input(&["Title"], &["B"]), dialect, &["AT b title"]);
        }
        check(&uniform, Dialect::RecordManager, &["UT uniformtitlea", at[2], at[3], at[0], at[1]]);
        let nameless = input(&["Hamlet"], &["---"]);
        check(&nameless, Dialect::Java, &[]);
        check(&nameless, Dialect::Php, &["AT  hamlet"]);
        let zero = input(&["0"], &["A"]);
        check(&zero, Dialect::Java, &["AT a 0"]);
        check(&zero, Dialect::Php, &[]);
        let twins = input(&["X"], &["Smith, A.", "Smith A"]);
        check(&twins, Dialect::Java, &["AT smitha x"]);
        check(&twins, Dialect::Php, &["AT smitha x", "AT smitha x"]);
        let numbers = input(&["007", "7"], &["B"]);
        check(&numbers, Dialect::Java, &["AT b 007", "AT b 7"]);
        check(&numbers, Dialect::Php, &["AT b 007"]);
        check(&input(&["1e3", "1000"], &["B"]), Dialect::Php, &["AT b 1e3"]);
    }

    #[test]
    fn long_titles_are_cut_at_255() {
        let cut_length = |text: &str, dialect| cut(&normalise(text), dialect).chars().count();
        let long = "x".repeat(300);
        assert_eq!(cut_length(&long, Dialect::Php), 255);
        assert_eq!(cut_length(&long, Dialect::Java), 255);
        assert_eq!(cut_length(&long, Dialect::RecordManager), 300);
        // Two UTF-16 units each, so Java keeps fewer of them.
        let wide = "𐐨".repeat(300);
        assert_eq!(cut_length(&wide, Dialect::Php), 255);
        assert_eq!(cut_length(&wide, Dialect::Java), 127);
        let keys = work_keys(&input(&[&long], &["B"]), Dialect::Php);
        assert_eq!(keys, [format!("AT b {}", &long[..255])]);
    }

    #[test]
    fn a_staff_view_page_is_reproduced() {
        let title = "The use of social media as a tool for stakeholder engagement in health service \
                     design and quality improvement: A scoping review";
        let authors =
            ["Walsh, Louisa", "Hyett, Nerida", "Juniper, Nicole", "Li, Chi", "Rodier, Sophie", "Hill, Sophie"];
        let names = ["walshlouisa", "hyettnerida", "junipernicole", "lichi", "rodiersophie", "hillsophie"];
        let stripped = "useofsocialmediaasatoolforstakeholderengagementinhealthservicedesign\
                        andqualityimprovementascopingreview";
        let mut expected: Vec<String> = names.iter().map(|name| format!("AT {name} the{stripped}")).collect();
        expected.extend(names.iter().map(|name| format!("AT {name} {stripped}")));
        let titles = [title];
        let stripped_titles = [strip_articles(title)];
        let record = WorkKeyInput { stripped_titles: &stripped_titles, ..input(&titles, &authors) };
        let keys = work_keys(&record, Dialect::Php);
        assert_eq!(keys, expected);
    }

    #[test]
    fn one_article_is_stripped() {
        let check = |title: &str, expected: &str| assert_eq!(strip_articles(title), expected);
        check(" The A to Z ", "A to Z");
        check("AN Odd title", "Odd title");
        check("Ärger", "Ärger");
        check("A", "A");
        check("", "");
    }

    /// A record whose titles have no article, so that both lists are the same.
    fn input<'a>(titles: &'a [&'a str], authors: &'a [&'a str]) -> WorkKeyInput<'a> {
        WorkKeyInput { uniform_titles: &[], titles, stripped_titles: titles, authors }
    }

    #[test]
    fn many_keys_come_each_once_in_their_order() {
        let names: Vec<String> = (0..200).map(|at| format!("Name {}", at % 150)).collect();
        let authors: Vec<&str> = names.iter().map(String::as_str).collect();
        let input = WorkKeyInput { titles: &["Title"], authors: &authors, ..WorkKeyInput::default() };
        let expected: Vec<String> = (0..150).map(|at| format!("AT name {at} title")).collect();
        let squeezed = |keys: Vec<String>| keys.into_iter().map(|key| key.replace(' ', "")).collect::<Vec<_>>();
        assert_eq!(squeezed(work_keys(&input, Dialect::Java)), squeezed(expected));
    }

    proptest! {
        #[test]
        fn any_text_is_accepted(text in any::<String>()) {
            let key = normalise(&text);
            let _ = is_exact(&text);
            prop_assert!(cut(&key, Dialect::Java).chars().count() <= 255);
            prop_assert!(text.contains(strip_articles(&text)));
        }
    }
}
