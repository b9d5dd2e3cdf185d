//! F002: format contradictory.

use super::format_classes::Class;
use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;

pub(super) static RULE: Rule = Rule {
    code: "F002",
    name: "format-contradictory",
    severity: Severity::Warn,
    fix: Fix::Proposal,
    aggregated: false,
    needs: &[],
    skips_merged: true,
    explanation: "\
## What it finds
Formats of one record that exclude each other: book, article and journal; or a carrier such as a DVD beside
`Online` in a record that has no link, or no physical description, of its own.
## Why it matters
The wrong class decides which records are compared.
## Example
`Journal` and `Article`.
## Known gaps
MARC imports write several formats on purpose; only the three classes exclude each other, and chapters beside
books are accepted. A record with both a link and a description may describe two manifestations.
## Source
VuFind's `FormatCalculator` and format map.",
    check: Check::record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    let formats = record.all(Field::Format);
    if formats.len() < 2 {
        return;
    }
    let exclusive = [Class::Book, Class::Article, Class::Journal];
    let n_classes = exclusive.iter().filter(|&&class| subject.classes().has(class)).count();
    if n_classes > 1 {
        found.add(Problem::new(Field::Format, formats.join(" | "), "the formats exclude each other"));
    } else if formats.iter().any(|value| is_online(value))
        && formats.iter().any(|value| is_carrier(value))
        && (record.filled(Field::Url).is_none() || record.filled(Field::Physical).is_none())
    {
        found.add(Problem::new(Field::Format, formats.join(" | "), "a carrier and online exclude each other"));
    }
}

fn is_online(value: &str) -> bool {
    value.eq_ignore_ascii_case("online")
}

/// Carriers as VuFind's format map and calculator name them, whatever the case.
fn is_carrier(value: &str) -> bool {
    const CARRIERS: [&str; 9] =
        ["dvd", "blu-ray disc", "cd", "videodisc", "brdisc", "sounddisc", "microfilm", "microfiche", "vhs"];
    CARRIERS.iter().any(|carrier| value.eq_ignore_ascii_case(carrier))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::check;

    #[test]
    fn formats_agree() {
        check(&RULE, r#"{"format":["Journal","Article"]}"#, &["format"]);
        check(&RULE, r#"{"format":["eBook","Journal"]}"#, &["format"]);
        check(&RULE, r#"{"format":["Online","Article","Text"]}"#, &[]);
        check(&RULE, r#"{"format":["DVD","Online"],"physical":["1 DVD"]}"#, &["format"]);
        check(&RULE, r#"{"format":["DVD","Online"],"physical":["1 DVD"],"url":["https://x.org/"]}"#, &[]);
        check(&RULE, r#"{"format":["Electronic","Thesis"]}"#, &[]);
        check(&RULE, r#"{"format":["Conference Proceeding","Book"]}"#, &[]);
        check(&RULE, r#"{"format":["BookComponentPart","Article"]}"#, &[]);
    }
}
