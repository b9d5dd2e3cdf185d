//! T004: title parts inconsistent.

use super::folding::{fold, folded, words_in};
use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;

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
Text between the two parts, such as a medium designation, is accepted.
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
        Some(sub) => is_whole(title, short, sub),
        None => begins_with(title, short),
    };
    if !is_consistent {
        let (field, value) =
            sub.map_or((Field::TitleShort, short.to_owned()), |sub| (Field::TitleSub, format!("{short} | {sub}")));
        found.add(Problem::new(field, value, "short title and subtitle do not make up the title"));
    }
}

fn is_whole(title: &str, short: &str, sub: &str) -> bool {
    if folded(short).chain(folded(sub)).eq(folded(title)) {
        return true;
    }
    let (title, short, sub) = (fold(title), fold(short), fold(sub));
    title.len() >= short.len() + sub.len() && title.starts_with(&short) && title.ends_with(&sub)
}

fn begins_with(title: &str, short: &str) -> bool {
    let short = fold(short);
    let mut start = String::new();
    for word in words_in(title) {
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
    }
}
