//! The merged document of a group, as VuFind's own deduplication has it.

use std::collections::BTreeSet;

use crate::input::{Arity, arity_of, is_copy};
use crate::merge::{Member, MergedValue, United};

/// What the merged document says of itself, or what is made for it.
const OWN: [&str; 9] = [
    "id",
    "record_format",
    "recordtype",
    "merged_boolean",
    "merged_child_boolean",
    "local_ids_str_mv",
    "allfields",
    "first_indexed",
    "last_indexed",
];

/// Names derived from names by the importer, which a merged document never meets: they come from the member whose
/// names were taken.
const VARIANTS: [(&str, &str); 2] = [("author", "author_variant"), ("author2", "author2_variant")];

/// Whether a field never stands in a merged document with values of its members, so that none can be chosen for it. Solr fills copies
/// itself, and a posted value plus the copied one would make two; `allfields` is made here.
pub(super) fn is_left_out(name: &str) -> bool {
    is_copy(name) || OWN.contains(&name) || crate::merge::is_left_out(name)
}

/// A merged document as one line of JSON, and whether every member had the text for `allfields`.
///
/// Values have the shape of their field in the schema: single-valued ones stand alone, literals (numbers, booleans)
/// stay what they are. `allfields` is not stored; its copy `spelling` is, so the members' are united.
pub(super) fn merged_document(id: &str, members: &[Member], united: &United) -> (Vec<u8>, bool) {
    let mut document = Writer::new();
    document.field("id", &[quoted(id)], Some(Arity::Single));
    document.field("record_format", &[quoted("merged")], Some(Arity::Single));
    document.field("merged_boolean", &["true".to_owned()], Some(Arity::Single));
    let ids: Vec<String> = members.iter().map(|member| quoted(&member.id)).collect();
    document.field("local_ids_str_mv", &ids, Some(Arity::Multi));
    for (name, values) in united.merged.iter().filter(|(name, _)| !is_left_out(name)) {
        let values: Vec<String> = values.iter().map(|value| json(name, value, members)).collect();
        document.field(name, &values, arity(name, members));
    }
    for (names, variants) in VARIANTS {
        let values: Vec<String> = variants_of(names, variants, members, united).iter().map(|v| quoted(v)).collect();
        document.field(variants, &values, Some(Arity::Multi));
    }
    let (text, is_whole) = all_fields(members, &united.order);
    document.field("allfields", &text, Some(Arity::Multi));
    (document.finish(), is_whole)
}

/// The arity by the schema, or as a member has it where the schema does not know the field.
fn arity(name: &str, members: &[Member]) -> Option<Arity> {
    arity_of(name).or_else(|| {
        let mut fields = members.iter().flat_map(|member| &member.fields).filter(|field| field.name == name);
        Some(if fields.any(|field| field.is_array) { Arity::Multi } else { Arity::Single })
    })
}

/// A value as JSON: as the first member that holds it wrote it.
fn json(name: &str, value: &MergedValue, members: &[Member]) -> String {
    let holds = |member: &&Member| value.from.first() == Some(&member.id);
    let holder = members.iter().find(holds);
    let field = holder.and_then(|member| member.fields.iter().find(|field| field.name == name));
    if field.is_some_and(|field| field.is_literal) { value.value.clone() } else { quoted(&value.value) }
}

fn variants_of<'m>(names: &str, variants: &str, members: &'m [Member], united: &United) -> &'m [String] {
    let Some(taken) = united.merged.get(names) else { return &[] };
    let is_taken = |member: &&Member| member.values(names).iter().eq(taken.iter().map(|value| &value.value));
    let mut best_first = united.order.iter().map(|&at| &members[at]);
    best_first.find(is_taken).map_or(&[], |member| member.values(variants))
}

/// The members' texts for searching, each once, the survivor's first; and whether each member had one.
fn all_fields(members: &[Member], order: &[usize]) -> (Vec<String>, bool) {
    let (mut texts, mut known): (Vec<&str>, BTreeSet<&str>) = (Vec::new(), BTreeSet::new());
    let mut is_whole = true;
    for &at in order {
        let stored = ["allfields", "spelling"].map(|name| members[at].values(name));
        let own = stored.into_iter().find(|values| values.iter().any(|value| !value.trim().is_empty()));
        is_whole &= own.is_some();
        for text in own.unwrap_or_default() {
            if known.insert(text) {
                texts.push(text);
            }
        }
    }
    (texts.into_iter().map(quoted).collect(), is_whole)
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// One JSON object, field by field. Values are JSON already.
struct Writer(String);

impl Writer {
    fn new() -> Writer {
        Writer("{".to_owned())
    }

    /// A field that the schema holds single and a record holds twice comes from a schema of its own, and stays a list.
    fn field(&mut self, name: &str, values: &[String], arity: Option<Arity>) {
        if values.is_empty() {
            return;
        }
        if self.0.len() > 1 {
            self.0.push(',');
        }
        self.0.push_str(&quoted(name));
        self.0.push(':');
        match values {
            [value] if arity == Some(Arity::Single) => self.0.push_str(value),
            values => {
                self.0.push('[');
                self.0.push_str(&values.join(","));
                self.0.push(']');
            }
        }
    }

    fn finish(mut self) -> Vec<u8> {
        self.0.push_str("}\n");
        self.0.into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::ids::{Position, RecordId};
    use crate::input::Parser;
    use crate::merge::{Choice, unite};

    fn members(records: &[Value]) -> Vec<Member> {
        let position = Position { file: 0, len: 0, line: 1, byte: 0 };
        let member = |(at, record): (usize, &Value)| {
            let copy =
                |record: &crate::input::Record<'_>| Member::without_features(RecordId::new(at), position, record, 0);
            Parser::default().parse(record.to_string().as_bytes(), copy).expect("a record")
        };
        records.iter().enumerate().map(member).collect()
    }

    fn merged(records: &[Value], choice: &Choice) -> (Value, bool) {
        let members = members(records);
        let (line, is_whole) = merged_document("p1", &members, &unite(&members, choice));
        (serde_json::from_slice(&line).expect("one object"), is_whole)
    }

    fn twins() -> [Value; 2] {
        [
            json!({"id": "a", "title": "T", "title_full": "T / x", "title_fullStr": "T / x", "title_sort": "t",
                "author": ["Poe"], "author_facet": ["Poe"], "author_variant": ["p"], "isbn": ["1"], "n_str_mv": ["u"],
                "is_open_boolean": true, "local": 1.50, "_version_": 17, "score": 1.0, "[explain]": "x",
                "fullrecord": "x", "spelling": ["Poe T"], "publisherStr": ["P"], "record_format": "marc",
                "first_indexed": "2020-01-01T00:00:00Z", "edition": "2nd", "language": ["English"]}),
            json!({"id": "b", "title": ["Other"], "title_sub": "sub", "isbn": ["2", "1"], "spelling": "Other",
                "work_keys_str_mv": ["AT x"], "title_sort": "other", "description": ["d"]}),
        ]
    }

    #[test]
    fn the_document_is_as_the_schema_has_it() {
        let (document, is_whole) = merged(&twins(), &Choice::default());
        let expected = json!({
            "id": "p1", "record_format": "merged", "merged_boolean": true, "local_ids_str_mv": ["a", "b"],
            "author": ["Poe"], "author_variant": ["p"], "description": "d", "edition": "2nd",
            "is_open_boolean": true, "isbn": ["1", "2"], "language": ["English"], "local": 1.5, "n_str_mv": ["u"],
            "title": "T", "title_full": "T / x", "title_sort": "t", "work_keys_str_mv": ["AT x"],
            "allfields": ["Poe T", "Other"],
        });
        assert_eq!(document, expected);
        assert!(is_whole);
    }

    #[test]
    fn what_is_missing_for_searching_is_told() {
        let [mut a, b] = twins();
        a.as_object_mut().expect("an object").remove("spelling");
        let (document, is_whole) = merged(&[a, b], &Choice::default());
        assert_eq!((&document["allfields"], is_whole), (&json!(["Other"]), false));
    }

    #[test]
    fn chosen_values_bring_along_what_is_derived_from_them() {
        let fields = [("title".to_owned(), "b".to_owned()), ("isbn".to_owned(), "a".to_owned())].into();
        let (document, _) = merged(&twins(), &Choice { survivor: None, fields });
        let titles = ["title", "title_sort", "title_sub"].map(|name| document[name].as_str());
        assert_eq!(titles, [Some("Other"), Some("other"), Some("sub")]);
        assert_eq!((document.get("title_full"), &document["isbn"]), (None, &json!(["1"])));
        let choice = Choice { survivor: Some("b".to_owned()), ..Choice::default() };
        let (document, _) = merged(&twins(), &choice);
        assert_eq!((&document["title"], &document["edition"]), (&json!("Other"), &json!("2nd")));
        assert_eq!(document["isbn"], json!(["2", "1"]), "the survivor's come first");
    }

    #[test]
    fn no_value_escapes_from_its_quotes() {
        let title = "\"},{\"id\":\"x\u{0}\n";
        let (document, _) =
            merged(&[json!({"id": "a", "title": title}), json!({"id": "b", "title": "x"})], &Choice::default());
        assert_eq!(document["title"], json!(title));
    }
}
