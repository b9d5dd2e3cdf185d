//! L001: language missing.

use super::format_classes::Class;
use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;

/// A warning, but information for what has no words: recordings, pictures, data.
pub(super) static RULE: Rule = Rule {
    code: "L001",
    name: "language-missing",
    severity: Severity::Warn,
    fix: Fix::Proposal,
    aggregated: false,
    needs: &[Field::Language],
    skips_merged: false,
    explanation: "\
## What it finds
Records without a language. Recordings, pictures and data are reported as information.
## Why it matters
The language facet loses the record, and a translation cannot be told from its original.
## Example
No `language` field.
## Known gaps
MARC imports drop codes that their map does not hold, so the source may have one.
## Source
VuFind's `marc.properties`: language from 008 and 041 through a map.",
    check: Check::record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    if record.filled(Field::Language).is_some() {
        return;
    }
    let problem = Problem::new(Field::Language, "", "there is no language");
    let is_wordless = subject.classes().has(Class::Wordless);
    found.add(if is_wordless { problem.severity(Severity::Info) } else { problem });
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, problems};

    #[test]
    fn texts_have_a_language() {
        check(&RULE, r#"{}"#, &["language"]);
        check(&RULE, r#"{"language":[" "]}"#, &["language"]);
        check(&RULE, r#"{"language":["No linguistic content"]}"#, &[]);
        assert_eq!(problems(&RULE, r#"{"format":["Photo"]}"#)[0].severity, Some(crate::audit::Severity::Info));
    }
}
