//! E005: not nfc.

use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::audit::texts::{Sign, problem};
use crate::audit::{Check, Fix, Found, Rule, Severity, Subject};

/// One finding per field; aggregated, since what comes from MARC-8 is decomposed as a whole.
pub(super) static RULE: Rule = Rule {
    code: "E005",
    name: "not-nfc",
    severity: Severity::Info,
    fix: Fix::Safe,
    aggregated: true,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
Values that are not in Unicode's composed form (NFC).
## Why it matters
Values that look alike are different in facets and sort apart.
## Example
`Caf`, `e` and U+0301 in place of `é`.
## Known gaps
Records converted from MARC-8 come decomposed as a whole, so this is a property of the import route.
## Source
Unicode Standard Annex 15.",
    check: Check::record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    for (entry, mut suspects) in subject.texts_with(Sign::UNCOMPOSED) {
        if let Some(value) = suspects.find(|value| !is_nfc(value)) {
            let problem = problem(entry, value, "letters and marks are not composed");
            let after = subject.record.values(entry).iter().map(|value| value.nfc().collect::<String>());
            found.add(problem.suggest(value.nfc().collect::<String>()).change_named(entry.name, after));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, check_change};

    #[test]
    fn letters_are_composed() {
        check(&RULE, "{\"title\":\"Cafe\u{301}\"}", &["title"]);
        check(&RULE, r#"{"title":"Café"}"#, &[]);
        check_change(&RULE, "{\"topic\":[\"x\",\"e\u{301}\"]}", &[("topic", "x | é")]);
    }
}
