//! The text of a Staff View page (VuFind's print of one Solr document) → a JSON document.
//!
//! The page prints `name value`, further values on lines of their own, fields in the order of their names.
//! Everything before the first field is the page around it, in any interface language, and is skipped.

use serde_json::{Map, Value};

use super::fields::{Arity, arity_of};

/// Whether the text holds a Staff View: an `id` and at least two more fields, each starting a line.
pub(super) fn looks_like_one(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    let fields = fields(&text);
    fields.len() >= 3 && fields.iter().any(|(name, _)| *name == "id")
}

/// The page's record as one JSON object.
pub(super) fn to_json(text: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(text);
    let mut document = Map::new();
    for (name, lines) in fields(&text) {
        let value = match arity_of(name) {
            Some(Arity::Multi) => Value::from(lines),
            // A single value that shows on several lines holds line breaks.
            _ => Value::from(lines.join("\n")),
        };
        document.insert(name.to_owned(), value);
    }
    Value::from(document).to_string().into_bytes()
}

/// Field names with their lines.
///
/// A value may contain lines that look like the start of a field. The page prints fields in the order of
/// their names, so the true starts are taken to be the longest strictly ascending chain of such lines;
/// between equal names the later line wins, because the false one stands inside an earlier field.
fn fields(text: &str) -> Vec<(&str, Vec<&str>)> {
    let lines: Vec<&str> = text.lines().map(|line| line.trim_end_matches('\r')).collect();
    let candidates: Vec<(usize, &str)> = lines
        .iter()
        .enumerate()
        .map(|(at, line)| (at, first_word(line)))
        .filter(|(_, word)| arity_of(word).is_some())
        .take(MAX_CANDIDATES)
        .collect();
    let starts = longest_ascending(&candidates);
    let ends = starts.iter().skip(1).map(|&(at, _)| at).chain([lines.len()]);
    starts
        .iter()
        .zip(ends)
        .map(|(&(at, name), end)| {
            let first = lines[at][name.len()..].trim_start();
            let rest = lines[at + 1..end].iter().copied();
            (name, std::iter::once(first).chain(rest).filter(|line| !line.is_empty()).collect())
        })
        .collect()
}

/// Bounds the quadratic search below; a page has some 40 fields.
const MAX_CANDIDATES: usize = 2000;

fn first_word(line: &str) -> &str {
    line.split([' ', '\t']).next().unwrap_or_default()
}

/// The longest subsequence with strictly ascending names; among equally long ones, the one that ends and
/// branches latest.
fn longest_ascending<'a>(candidates: &[(usize, &'a str)]) -> Vec<(usize, &'a str)> {
    let mut chains: Vec<(usize, Option<usize>)> = Vec::with_capacity(candidates.len());
    for (at, (_, name)) in candidates.iter().enumerate() {
        let before = (0..at).filter(|&i| candidates[i].1 < *name).max_by_key(|&i| (chains[i].0, i));
        chains.push((before.map_or(1, |i| chains[i].0 + 1), before));
    }
    let mut chosen = Vec::new();
    let mut next = (0..chains.len()).max_by_key(|&i| (chains[i].0, i));
    while let Some(at) = next {
        chosen.push(candidates[at]);
        next = chains[at].1;
    }
    chosen.reverse();
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_look_like_fields_stay_values() {
        let page = "Chargement…\nTitre: On things\n_version_ 17\nauthor A, B\nC, D\ndescription First line\ntitle of the second line\n\
                    format of the third\nformat Article\nid x-1\npublishDate 2001\ntitle On things\ntitle_short On things";
        assert!(looks_like_one(page.as_bytes()));
        let document: Value = serde_json::from_slice(&to_json(page.as_bytes())).expect("it is JSON");
        assert_eq!(document["author"], serde_json::json!(["A, B", "C, D"]));
        assert_eq!(document["description"], "First line\ntitle of the second line\nformat of the third");
        assert_eq!(document["format"], serde_json::json!(["Article"]));
        assert_eq!(document["id"], "x-1");
        assert_eq!(document["title"], "On things");
    }

    #[test]
    fn prose_is_no_staff_view() {
        assert!(!looks_like_one(b"id est\nthe title of\nsomething"));
    }
}
