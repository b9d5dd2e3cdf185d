//! A007: author embedded role or multiple.

use super::links::strip_start;
use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;

pub(super) static RULE: Rule = Rule {
    code: "A007",
    name: "author-embedded-role-or-multiple",
    severity: Severity::Warn,
    fix: Fix::Proposal,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
Values of an author field that hold a role (`ed.`, `Hrsg.`, `et al`), a leading `by`, or several names joined
by a semicolon, `and` or `&`.
## Why it matters
The name cannot be found, and blocks and work keys are made of the whole text.
## Example
`Smith, John; Doe, Jane (eds.)`.
## Known gaps
Role words are looked for at the end and in brackets only, since corporate names contain them. Names joined by
`and` are reported only if both are inverted.
## Source
Reports against VuFind's importers (pull request 4702).",
    check: Check::record(check),
};

/// Words that name a role, lower-cased, without full stop. Origin: usual abbreviations in English, French, German,
/// Italian and Spanish statements of responsibility.
const ROLES: [&str; 24] = [
    "comp",
    "compiler",
    "coord",
    "dir",
    "ed",
    "editor",
    "editors",
    "eds",
    "herausgeber",
    "hg",
    "hrsg",
    "illustrator",
    "introd",
    "joint editor",
    "red",
    "supervisor",
    "trad",
    "trans",
    "transl",
    "translator",
    "tr",
    "ubers",
    "übers",
    "éd",
];

fn check(subject: &Subject<'_>, found: &mut Found) {
    for field in [Field::Author, Field::Author2, Field::AuthorCorporate] {
        for name in subject.record.all(field) {
            if let Some(message) = fault(name, field != Field::AuthorCorporate) {
                found.add(Problem::new(field, &**name, message));
            }
        }
    }
}

fn fault(name: &str, is_person: bool) -> Option<&'static str> {
    let n_commas = memchr::memchr_iter(b',', name.as_bytes()).count();
    if memchr::memchr(b';', name.as_bytes()).is_some() && !name.contains('&') {
        return Some("the value holds several names");
    }
    if is_person && strip_start(name.trim_start(), "by ").is_some() {
        return Some("the name begins with `by`");
    }
    // Two inverted names have two commas.
    if is_person && n_commas > 1 && [" and ", " & ", " und ", " et ", " y "].iter().any(|word| joins_two(name, word)) {
        return Some("the value holds two names");
    }
    if has_role(name) { Some("the name holds a role") } else { None }
}

fn joins_two(name: &str, word: &str) -> bool {
    let is_inverted = |part: &str| part.split_once(", ").is_some_and(|(last, _)| !last.trim().contains(' '));
    name.split_once(word).is_some_and(|(one, other)| is_inverted(one) && is_inverted(other))
}

/// Whether the last word, after a comma or in brackets, is a role, or the name ends in `et al`.
fn has_role(name: &str) -> bool {
    let end = name.trim_end_matches([' ', '.', ')', ']', ',']);
    if end.ends_with(" et al") {
        return true;
    }
    let Some(at) = memchr::memrchr3(b',', b'(', b'[', end.as_bytes()) else { return false };
    let last = end[at + 1..].trim();
    // A short word after a comma may be a given name (`Kang, Ed`), unless it ends in a full stop or a bracket.
    let is_marked = end[at..].starts_with(['(', '[']) || name.trim_end().ends_with('.') || last.len() > 5;
    is_marked
        && last.starts_with(|letter: char| letter.is_lowercase() || !letter.is_ascii() || last.len() > 3)
        && ROLES.iter().any(|role| last.eq_ignore_ascii_case(role))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::check;

    #[test]
    fn one_name_per_value() {
        for name in [
            "Smith, John; Doe, Jane (eds.)",
            "by Louisa Walsh",
            "Smith, John and Doe, Jane",
            "Walsh, Louisa, ed.",
            "Müller, Hans (Hrsg.)",
            "Walsh, Louisa et al.",
        ] {
            check(&RULE, &format!(r#"{{"author":["{name}"]}}"#), &["author"]);
        }
        for name in [
            "Johnson & Johnson",
            "Walsh, Louisa",
            "Kang, Ed",
            "Byron, George",
            "Food and Drug Administration",
            "American Society of Newspaper Editors",
            "Smith &amp; Sons",
        ] {
            check(&RULE, &format!(r#"{{"author":["{name}"]}}"#), &[]);
        }
    }
}
