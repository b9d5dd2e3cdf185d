//! T004: title parts inconsistent.

use super::folding::{fold, with_and, words_in};
use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;

/// By letters and numbers; without `title_sub`, it is enough that the title begins with `title_short`.
pub(super) static RULE: Rule = Rule {
    code: "T004",
    name: "title-parts-inconsistent",
    severity: Severity::Error,
    fix: Fix::Proposal,
    aggregated: false,
    needs: &[Field::Title, Field::TitleShort],
    skips_merged: true,
    explanation: "\
## What it finds
`title_short` and `title_sub` that do not make up `title`, or a `title_short` with which the title does not
begin. Letters and numbers are compared.
## Why it matters
The brief and the full display contradict each other.
## Example
Title `Annual report 1998`, title_short `Annual report 1999`.
## Known gaps
What stands in square brackets, such as a medium designation, may be missing from any of them.
## Source
VuFind's `marc.properties`: title is 245 $a $b, title_short $a, title_sub $b.",
    check: Check::record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    let (Some(title), Some(short)) = (record.filled(Field::Title), record.filled(Field::TitleShort)) else { return };
    let sub = record.filled(Field::TitleSub);
    if sub.is_none() && title == short {
        return;
    }
    let is_consistent = match sub {
        Some(sub) => is_whole(subject, title, short, sub),
        None => begins_with(title, short),
    };
    if !is_consistent {
        let (field, value) =
            sub.map_or((Field::TitleShort, short.to_owned()), |sub| (Field::TitleSub, format!("{short} | {sub}")));
        found.add(Problem::new(field, value, "short title and subtitle do not make up the title"));
    }
}

fn is_whole(subject: &Subject<'_>, title: &str, short: &str, sub: &str) -> bool {
    if subject.folded_title().strip_prefix(&*fold(short)).is_some_and(|rest| rest == fold(sub)) {
        return true;
    }
    // A medium designation stands between the two, in one of the fields or in all.
    let letters = |text: &str| fold(&with_and(&without_brackets(text)));
    letters(short) + &letters(sub) == letters(title)
}

/// The text without what stands in square brackets.
fn without_brackets(text: &str) -> String {
    let mut rest = String::with_capacity(text.len());
    let mut depth = 0_usize;
    for letter in text.chars() {
        match letter {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ if depth == 0 => rest.push(letter),
            _ => {}
        }
    }
    rest
}

fn begins_with(title: &str, short: &str) -> bool {
    let (title, short) = (with_and(title), fold(&with_and(short)));
    let mut start = String::new();
    for word in words_in(&title) {
        if start.len() >= short.len() {
            break;
        }
        start.push_str(&word);
    }
    start == short
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::check;

    #[test]
    fn parts_make_up_the_title() {
        check(&RULE, r#"{"title":"Annual report 1998","title_short":"Annual report 1999"}"#, &["title_short"]);
        check(&RULE, r#"{"title":"Social media","title_short":"Social med"}"#, &["title_short"]);
        check(&RULE, r#"{"title":"Social media","title_short":"Social media"}"#, &[]);
        check(&RULE, r#"{"title":"A : b c","title_short":"A :","title_sub":"d"}"#, &["title_sub"]);
        let parts = r#""title_short":"Social media :","title_sub":"a review /""#;
        check(&RULE, &format!(r#"{{"title":"Social media : a review",{parts}}}"#), &[]);
        check(&RULE, &format!(r#"{{"title":"Social media [microform] : a review",{parts}}}"#), &[]);
        check(&RULE, &format!(r#"{{"title":"Social media and so on : a review",{parts}}}"#), &["title_sub"]);
        let spelt = r#""title":"Food and drink : a guide","title_short":"Food & drink :","title_sub":"a guide /""#;
        check(&RULE, &format!("{{{spelt}}}"), &[]);
        check(&RULE, r#"{"title":"Food & drink : a guide","title_short":"Food and drink :"}"#, &[]);
    }
}
