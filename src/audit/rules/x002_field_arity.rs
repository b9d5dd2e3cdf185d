//! X002: field arity.

use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::{Arity, Entry, Field, ValueShape, arity_of};

/// By the schema, or a dynamic field's suffix; a bare value where several may stand is information.
pub(super) static RULE: Rule = Rule {
    code: "X002",
    name: "field-arity",
    severity: Severity::Error,
    fix: Fix::None,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
Several values in a field that the schema allows one for; as information, a bare value in a field that may
have several.
## Why it matters
Solr refuses such a record when it is indexed again.
## Example
`title: [\"a\", \"b\"]`.
## Known gaps
Lists of one value in single-valued fields are written by some clients and are not reported, nor is
`spelling`, which had one value in old schemas, nor title_fullStr, which has several in some local ones.
## Source
VuFind's schema and the suffixes of its dynamic fields.",
    check: Check::record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    for entry in record.entries() {
        let values = || record.values(entry);
        match (entry.shape, entry.n_values()) {
            (ValueShape::Array, n_values @ 2..) if allows(entry, Arity::Single, Field::TitleFullStr) => {
                let message = format!("{n_values} values stand in a field for one");
                found.add(Problem::named(entry.name, values().join(" | "), message));
            }
            (ValueShape::Scalar, 1) if allows(entry, Arity::Multi, Field::Spelling) => {
                let message = "the value is not in a list, though the field may have several";
                found.add(Problem::named(entry.name, &*values()[0], message).severity(Severity::Info));
            }
            _ => {}
        }
    }
}

/// Whether the schema gives the field this arity; `exempt` has been of both kinds.
fn allows(entry: &Entry<'_>, arity: Arity, exempt: Field) -> bool {
    let allowed = || entry.field.map_or_else(|| arity_of(entry.name), |field| Some(field.arity()));
    entry.field != Some(exempt) && allowed() == Some(arity)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::check;

    #[test]
    fn values_are_as_many_as_allowed() {
        check(&RULE, r#"{"title":["a","b"],"x_str":["a","b"]}"#, &["title", "x_str"]);
        check(&RULE, r#"{"language":"English"}"#, &["language"]);
        check(&RULE, r#"{"title":"a","isbn":["1","2"],"local":["a","b"],"spelling":"x","title_short":["a"]}"#, &[]);
    }
}
