//! I006: oclc mismatch.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::{Field, Record};
use crate::keys::identifiers::oclc;

/// Safe for the digits of a number, and for the number of `ctrlnum` if there is one on both sides and it says whose it is.
pub(super) static RULE: Rule = Rule {
    code: "I006",
    name: "oclc-mismatch",
    severity: Severity::Error,
    fix: Fix::Safe,
    aggregated: false,
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
Cancelled numbers are not exported. Control numbers that begin with `ocm`, `ocn` or `on` and have no `(OCoLC)` are OCLC numbers
to VuFind, and so they are here; but where they are the only ones, nothing is repaired, since another system may number so.
## Source
VuFind's pattern map for oclc_num in `marc.properties`.",
    check: Check::record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    let numbers = record.all(Field::OclcNum);
    let known: OnceCell<BTreeSet<String>> = OnceCell::new();
    for number in numbers.iter().filter(|number| !number.trim().is_empty()) {
        let digits = number.trim_start_matches('0');
        let is_plain = !digits.is_empty() && digits.len() == number.len() && digits.bytes().all(|b| b.is_ascii_digit());
        if !is_plain {
            let problem =
                Problem::new(Field::OclcNum, &**number, "the OCLC number is not made of digits without leading zero");
            let known =
                known.get_or_init(|| record.all(Field::Ctrlnum).iter().filter_map(|value| oclc(value)).collect());
            let certain =
                |number: &str| plain(number).or_else(|| closed_up(known, number)).or_else(|| confirmed(known, number));
            match certain(number) {
                Some(right) => found.add_with_change(problem.suggest(right), Field::OclcNum, || {
                    numbers.iter().map(|number| certain(number).unwrap_or_else(|| number.clone().into_owned()))
                }),
                None => found.add(problem),
            }
        } else if let Some(Other { number: other, is_clear }) = other_number(record, digits) {
            let message = format!("ctrlnum has the OCLC number {other}");
            let problem = Problem::new(Field::OclcNum, &**number, message).suggest(other.as_str());
            let is_safe = is_clear && numbers.len() == 1;
            found.add(if is_safe { problem.change(Field::OclcNum, [other]) } else { problem });
        }
    }
}

/// The digits of a number, with `ocm` and the like before them, without leading zeros.
fn plain(number: &str) -> Option<String> {
    let start = number.trim().trim_start_matches("(OCoLC)");
    let digits = start.trim_start_matches(|letter: char| letter.is_ascii_alphabetic()).trim_start_matches('0');
    let is_plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_plain.then(|| digits.to_owned())
}

/// The digits of a number that holds blanks, if they are an OCLC number of the control numbers.
fn closed_up(known: &BTreeSet<String>, number: &str) -> Option<String> {
    if !number.trim().contains(char::is_whitespace) {
        return None;
    }
    plain(&number.split_whitespace().collect::<String>()).filter(|digits| known.contains(digits))
}

/// The digits with which a number begins, if they are said to be an OCLC number, by `(OCoLC)` before them or by a control
/// number: `1234567890-X`.
fn confirmed(known: &BTreeSet<String>, number: &str) -> Option<String> {
    let number = number.trim();
    let named = || oclc(number).filter(|_| number.starts_with('('));
    let digits = number.trim_start_matches('0');
    let n_digits = digits.bytes().take_while(u8::is_ascii_digit).count();
    known.get(&digits[..n_digits]).cloned().or_else(named)
}

/// An OCLC number among the control numbers.
struct Other {
    number: String,
    /// Whether it is the only one, and named as such.
    is_clear: bool,
}

/// The first OCLC number among the control numbers, those that are named as such before others, unless this one is there too.
fn other_number(record: &Record<'_>, number: &str) -> Option<Other> {
    let values = || record.all(Field::Ctrlnum).iter();
    let numbers = || values().filter_map(|value| oclc(value));
    if numbers().any(|other| other == number) {
        return None;
    }
    let named = values().filter(|value| value.trim_start().starts_with('(')).find_map(|value| oclc(value));
    let is_named = named.is_some();
    let other = named.or_else(|| numbers().next())?;
    Some(Other { is_clear: is_named && numbers().all(|number| number == other), number: other })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, check_change};

    #[test]
    fn numbers_agree() {
        check(&RULE, r#"{"oclc_num":["00012345"],"ctrlnum":["(OCoLC)00012345"]}"#, &["oclc_num"]);
        check(&RULE, r#"{"oclc_num":["ocm12345"]}"#, &["oclc_num"]);
        check(&RULE, r#"{"oclc_num":["12345"],"ctrlnum":["(OCoLC)54321"]}"#, &["oclc_num"]);
        check(&RULE, r#"{"oclc_num":["12345"],"ctrlnum":["(DE-1)1","(OCoLC)ocm00012345"]}"#, &[]);
        check(&RULE, r#"{"oclc_num":["12345"]}"#, &[]);
        check(&RULE, r#"{"oclc_num":["123456789"],"ctrlnum":["ocn123456789","(OCoLC)98765"]}"#, &[]);
        check(&RULE, r#"{"oclc_num":["12345","67890"],"ctrlnum":["(OCoLC)12345","ocm00067890"]}"#, &[]);
        check(&RULE, r#"{"oclc_num":["1234567890"],"ctrlnum":["(DE-599)GBV1","on1234567890"]}"#, &[]);
        check(&RULE, r#"{"oclc_num":["12345"],"ctrlnum":["ocm00054321"]}"#, &["oclc_num"]);
        check(&RULE, r#"{"oclc_num":["12345"],"ctrlnum":["ontario 54321","(DE-599)GBV1"]}"#, &[]);
        let parted = r#"{"oclc_num":["000123 45"],"ctrlnum":["(OCoLC)00012345"]}"#;
        check_change(&RULE, parted, &[("oclc_num", "12345")]);
        check_change(&RULE, &parted.replace("00012345", "777"), &[]);
        let suffixed = r#"{"oclc_num":["1234567890-X"],"ctrlnum":["(OCoLC)1234567890-X"]}"#;
        check_change(&RULE, suffixed, &[("oclc_num", "1234567890")]);
        check_change(&RULE, r#"{"oclc_num":["1234567890-X"]}"#, &[]);
        check_change(&RULE, r#"{"oclc_num":["(OCoLC)1234567890-X"]}"#, &[("oclc_num", "1234567890")]);
        check_change(&RULE, r#"{"oclc_num":["7","ocm0012345"]}"#, &[("oclc_num", "7 | 12345")]);
        check_change(&RULE, r#"{"oclc_num":["12345"],"ctrlnum":["(OCoLC)54321"]}"#, &[("oclc_num", "54321")]);
        check_change(&RULE, r#"{"oclc_num":["12345"],"ctrlnum":["(OCoLC)54321","(OCoLC)9"]}"#, &[]);
        check_change(&RULE, r#"{"oclc_num":["12345"],"ctrlnum":["(OCoLC)54321","ocn999999999"]}"#, &[]);
        check_change(&RULE, r#"{"oclc_num":["12345"],"ctrlnum":["ocm00054321"]}"#, &[]);
        let both = r#"{"oclc_num":["12345"],"ctrlnum":["ocm00054321","(OCoLC)54321"]}"#;
        check_change(&RULE, both, &[("oclc_num", "54321")]);
    }
}
