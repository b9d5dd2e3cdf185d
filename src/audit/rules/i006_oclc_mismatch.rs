//! I006: oclc mismatch.

use crate::audit::{Check, Found, Problem, Rule, Severity, Subject};
use crate::input::{Field, Record};
use crate::keys::identifiers::oclc;

pub(super) static RULE: Rule = Rule {
    code: "I006",
    name: "oclc-mismatch",
    severity: Severity::Error,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
OCLC numbers with other signs than digits or with leading zeros, and numbers that differ from those in
ctrlnum.
## Why it matters
Holdings are linked by this number.
## Example
ctrlnum `(OCoLC)00012345`, oclc_num `00012345`.
## Known gaps
Only control numbers with the prefix `(OCoLC)` count; cancelled numbers are not exported.
## Source
VuFind's pattern map for oclc_num in `marc.properties`.",
    check: Check::Record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    for number in record.all(Field::OclcNum).iter().filter(|number| !number.trim().is_empty()) {
        let digits = number.trim_start_matches('0');
        let is_plain = !digits.is_empty() && digits.len() == number.len() && digits.bytes().all(|b| b.is_ascii_digit());
        if !is_plain {
            let right: String = digits.chars().filter(char::is_ascii_digit).collect();
            let problem =
                Problem::new(Field::OclcNum, &**number, "the OCLC number is not made of digits without leading zero");
            found.add(if right.is_empty() { problem } else { problem.suggest(right.trim_start_matches('0')) });
        } else if let Some(other) = other_number(record, digits) {
            let message = format!("ctrlnum has the OCLC number {other}");
            found.add(Problem::new(Field::OclcNum, &**number, message));
        }
    }
}

/// The first OCLC number among the control numbers, unless this one is there too.
fn other_number(record: &Record<'_>, number: &str) -> Option<String> {
    let numbers = || {
        let values = record.all(Field::Ctrlnum).iter();
        values.filter(|value| value.trim_start().starts_with("(OCoLC)")).filter_map(|value| oclc(value))
    };
    if numbers().any(|other| other == number) { None } else { numbers().next() }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::check;

    #[test]
    fn numbers_agree() {
        check(&RULE, r#"{"oclc_num":["00012345"],"ctrlnum":["(OCoLC)00012345"]}"#, &["oclc_num"]);
        check(&RULE, r#"{"oclc_num":["ocm12345"]}"#, &["oclc_num"]);
        check(&RULE, r#"{"oclc_num":["12345"],"ctrlnum":["(OCoLC)54321"]}"#, &["oclc_num"]);
        check(&RULE, r#"{"oclc_num":["12345"],"ctrlnum":["(DE-1)1","(OCoLC)ocm00012345"]}"#, &[]);
        check(&RULE, r#"{"oclc_num":["12345"]}"#, &[]);
    }
}
