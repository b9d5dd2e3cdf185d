//! W006: work keys variant missing.

use std::borrow::Cow;

use super::folding::start_after;
use super::importer_keys::{is_plain_key, xslt_keys};
use crate::audit::{Check, Family, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;
use crate::keys::seek::split_once;
use crate::keys::sort_title::MAX_NONFILING;
use crate::keys::work_key::{normalise, strip_articles};

/// The missing keys are computed for XSLT imports, else derived from those that are there.
pub(super) static RULE: Rule = Rule {
    code: "W006",
    name: "work-keys-variant-missing",
    severity: Severity::Info,
    fix: Fix::Safe,
    aggregated: false,
    needs: &[Field::Title, Field::WorkKeysStrMv],
    skips_merged: true,
    explanation: "\
## What it finds
Titles that begin with an article, or for MARC records with words that the sort title leaves out, whose work
keys are made of the title with that beginning only, or without it only.
## Why it matters
Importers write both forms, so that two records meet of which one lacks the article.
## Example
Title `The use of social media` and only `AT walshlouisa theuseofsocialmedia`.
## Known gaps
VuFind's XSLT imports leave out English articles only. Older MARC imports made the full form only: then the
whole index is of that generation. Stale keys are left to W002, malformed ones to
W003.
## Source
VuFind's `WorkKeys` (since 7.1 with a second list of titles) and `VuFindWorkKeys`.",
    check: Check::record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    let keys = record.all(Field::WorkKeysStrMv);
    let Some(title) = record.filled(Field::Title).filter(|_| !keys.is_empty()) else { return };
    let Some(stripped) = stripped(subject, title) else { return };
    let full = subject.title_key();
    let Some(prefix) = full.strip_suffix(&*stripped).filter(|prefix| !prefix.is_empty() && !stripped.is_empty()) else {
        return;
    };
    // Malformed keys meet nothing anyway and are left to W003.
    let is_malformed =
        |key: &str| key.contains("  ") || key.split(' ').skip(1).any(|part| part.contains(char::is_uppercase));
    if keys.iter().any(|key| !is_plain_key(key) && is_malformed(key)) {
        return;
    }
    let parts = || keys.iter().filter_map(|key| split_once(key.strip_prefix("AT ")?, " "));
    let agrees = |work: &str, title: &str| work.starts_with(title) || (!work.is_empty() && title.starts_with(work));
    let has_full = parts().any(|(_, work)| agrees(work, full));
    let has_stripped = parts().any(|(_, work)| agrees(work, &stripped));
    if has_full == has_stripped {
        return;
    }
    let mut after: Vec<String> = keys.iter().map(|key| key.clone().into_owned()).collect();
    for (author, work) in parts() {
        if has_full && agrees(work, full) && work.len() > prefix.len() {
            after.push(format!("AT {author} {}", &work[prefix.len()..]));
        } else if has_stripped && agrees(work, &stripped) {
            after.push(format!("AT {author} {prefix}{work}"));
        }
    }
    let message = if has_full {
        format!("no key is made of the title without `{prefix}`")
    } else {
        format!("no key is made of the title with `{prefix}`")
    };
    // Keys of further titles and names stay.
    let holds_all = |right: &Vec<String>| keys.iter().all(|key| right.iter().any(|known| known == key));
    let right = xslt_keys(subject).filter(holds_all).unwrap_or(after);
    let problem = Problem::new(Field::WorkKeysStrMv, keys.join(" | "), message).suggest(right.join(" | "));
    found.add(problem.change(Field::WorkKeysStrMv, right));
}

/// The title without the beginning that its importer leaves out, as a part of work keys.
fn stripped<'a>(subject: &'a Subject<'_>, title: &str) -> Option<Cow<'a, str>> {
    match subject.family {
        Family::Xslt | Family::Unknown => {
            let is_shorter = || strip_articles(title).len() < title.trim().len();
            (subject.n_article_letters() > 0 && is_shorter()).then(|| subject.stripped_title_key().into())
        }
        Family::Marc => {
            subject.record.filled(Field::TitleSort)?;
            let n_left_out = subject.n_left_out().filter(|&n_left_out| n_left_out > 0)?;
            let at = start_after(title, 2 * MAX_NONFILING, n_left_out)?;
            // An indicator cannot leave out more: then the sort title is at fault (T002).
            let is_within =
                |start: &str| start.trim_start_matches(|letter: char| !letter.is_alphanumeric()).chars().count();
            if is_within(&title[..at]) > MAX_NONFILING {
                return None;
            }
            // Of ASCII, work keys keep the same letters as folding.
            Some(if title.is_ascii() {
                subject.title_key()[n_left_out..].into()
            } else {
                normalise(&title[at..]).into()
            })
        }
        Family::RecordManager => None,
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, check_change};

    #[test]
    fn both_forms_of_the_title_have_keys() {
        let document = |keys: &str, rest: &str| {
            format!(r#"{{"title":"The use of it","author":["A"],"work_keys_str_mv":[{keys}],{rest}}}"#)
        };
        let xslt = r#""record_format":"x""#;
        let both = "AT a theuseofit | AT a useofit";
        check_change(&RULE, &document(r#""AT a theuseofit""#, xslt), &[("work_keys_str_mv", both)]);
        check_change(&RULE, &document(r#""AT a useofit""#, xslt), &[("work_keys_str_mv", both)]);
        check(&RULE, &document(r#""AT a theuseofit","AT a useofit""#, xslt), &[]);
        let spanish = r#""AT a theuseofit","AT a eluso""#;
        let with_spanish = "AT a theuseofit | AT a eluso | AT a useofit";
        check_change(&RULE, &document(spanish, xslt), &[("work_keys_str_mv", with_spanish)]);
        check(&RULE, &document(r#""AT a somethingelse""#, xslt), &[]);
        check(&RULE, &document(r#""AT  theuseofit""#, xslt), &[]);
        let marc = r#""record_format":"marc","title_sort":"use of it""#;
        check_change(
            &RULE,
            &document(r#""AT a theuseofitallatonce""#, marc),
            &[("work_keys_str_mv", "AT a theuseofitallatonce | AT a useofitallatonce")],
        );
        check(&RULE, &document(r#""AT a theuseofit""#, r#""record_format":"marc","title_sort":"the use of it""#), &[]);
        let stale = r#"{"title":"Introduction to algebra","title_sort":"algebra","author":["A"],"record_format":"marc",
            "work_keys_str_mv":["AT a introductiontoalgebra"]}"#;
        check(&RULE, stale, &[]);
        let french = r#"{"title":"Le rouge et le noir","author":["A"],"work_keys_str_mv":["AT a lerougeetlenoir"]}"#;
        check(&RULE, french, &[]);
    }
}
