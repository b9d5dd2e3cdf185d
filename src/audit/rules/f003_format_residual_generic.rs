//! F003: format residual generic.

use super::format_classes::class_of;
use super::links::strip_start;
use crate::audit::{Check, Family, Fix, Found, Problem, Rule, Severity, Subject, Words};
use crate::input::Field;

pub(super) static RULE: Rule = Rule {
    code: "F003",
    name: "format-residual-generic",
    severity: Severity::Info,
    fix: Fix::Safe,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
Formats that say nothing: `Text`, `Other`, `Unknown`, `Resource`, media types, terms of the OpenAIRE
vocabulary for versions and access.
## Why it matters
Values of dc:type leak into the facet.
## Example
`Text` beside `Article`.
## Known gaps
VuFind's calculator for MARC falls back to such values; there they are reported only if they stand alone.
## Source
VuFind's `FormatCalculator`; dc:type in OAI-PMH.",
    check: Check::record(check),
};

/// Beginnings of media types and of terms that are no type.
const GENERIC_STARTS: [&str; 6] = ["info:eu-repo/semantics/", "application/", "text/", "image/", "audio/", "video/"];

fn check(subject: &Subject<'_>, found: &mut Found) {
    let formats = subject.record.all(Field::Format);
    let residual = &subject.settings.lists.residual_formats;
    let rest = || formats.iter().filter(|value| !is_generic(value, residual));
    let n_rest = rest().count();
    if n_rest == formats.len() || subject.family == Family::Marc && n_rest > 0 {
        return;
    }
    for value in formats.iter().filter(|value| is_generic(value, residual)) {
        let problem = Problem::new(Field::Format, &**value, "the format says nothing");
        let others = rest().map(|value| &**value).collect::<Vec<&str>>().join(" | ");
        let after = || rest().map(|value| &**value);
        found.add(if n_rest == 0 { problem } else { problem.suggest(others).change(Field::Format, after()) });
    }
}

fn is_generic(value: &str, residual: &Words) -> bool {
    residual.has_in_any_case(value)
        || GENERIC_STARTS.iter().any(|start| strip_start(value, start).is_some()) && class_of(value).is_none()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, check_change};

    #[test]
    fn formats_say_something() {
        check(&RULE, r#"{"format":["Online","Article","Text"]}"#, &["format"]);
        check(&RULE, r#"{"format":["application/pdf"]}"#, &["format"]);
        check_change(&RULE, r#"{"format":["Online","Article","Text"]}"#, &[("format", "Online | Article")]);
        check_change(&RULE, r#"{"format":["application/pdf"]}"#, &[]);
        check(&RULE, r#"{"format":["Unknown","Book"],"record_format":"marc"}"#, &[]);
        check(&RULE, r#"{"format":["Unknown"],"record_format":"marc"}"#, &["format"]);
        check(&RULE, r#"{"format":["Online","Article","Textbook"]}"#, &[]);
    }
}
