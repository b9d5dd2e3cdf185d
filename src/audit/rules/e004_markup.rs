//! E004: markup.

use std::borrow::Cow;

use super::links::strip_start;
use crate::audit::texts::{Sign, problem};
use crate::audit::{Check, Fix, Found, Rule, Severity, Subject};

pub(super) static RULE: Rule = Rule {
    code: "E004",
    name: "markup",
    severity: Severity::Warn,
    fix: Fix::Safe,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
HTML, JATS or MathML tags and LaTeX in text. Where only inline tags occur, the text without them is suggested.
## Why it matters
Tags leak into sorting and into work keys.
## Example
`<i>Escherichia coli</i> O157:H7`.
## Known gaps
Known tags only, and a single tag without its end is reported only if it is a MathML or JATS one; `The <br>
tag` is a title. Comparisons such as `p < 0.05` are no tags.
## Source
HTML, JATS; VuFind's sort titles and work keys keep the letters of tags.",
    check: Check::record(check),
};

/// Tags that change the look of letters only. Origin: HTML and JATS. Sorted.
const INLINE: [&str; 15] =
    ["b", "bold", "em", "i", "inf", "it", "italic", "sc", "scp", "small", "strong", "sub", "sup", "tt", "u"];

/// Other tags that occur in bibliographic data. Origin: HTML and JATS. Sorted.
const OTHERS: [&str; 18] = [
    "a", "br", "code", "div", "font", "h1", "h2", "h3", "img", "li", "math", "ol", "p", "sec", "span", "table",
    "title", "ul",
];

fn check(subject: &Subject<'_>, found: &mut Found) {
    for (entry, suspects) in subject.texts_with(Sign::MARKUP) {
        for value in suspects {
            if has_tags(value) {
                let problem = problem(entry, value, "the text holds markup");
                found.add(match without_inline(value) {
                    Some(text) => problem.suggest(text).change_named(entry.name, plain(subject.record.values(entry))),
                    None => problem,
                });
                break;
            }
            if has_latex(value) {
                found.add(problem(entry, value, "the text holds LaTeX"));
                break;
            }
        }
    }
}

/// Whether there is an end tag, an empty tag, or a tag with a namespace.
fn has_tags(text: &str) -> bool {
    let mut rest = text;
    while let Some((name, kind, length)) = next_tag(rest) {
        if kind != Kind::Start || name.contains(':') {
            return true;
        }
        rest = &rest[length..];
    }
    false
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Start,
    End,
    Empty,
}

/// Longest tag that is recognised.
const MAX_TAG_BYTES: usize = 400;

/// The next known tag: its name, kind, and the length of the text up to its end.
fn next_tag(text: &str) -> Option<(&str, Kind, usize)> {
    memchr::memchr_iter(b'<', text.as_bytes()).find_map(|at| {
        let inside = &text[at + 1..];
        // No tag of a title is longer; without a bound, a text of `<` alone would take forever.
        let inside = &inside[..inside.floor_char_boundary(MAX_TAG_BYTES)];
        let inside = &inside[..memchr::memchr(b'>', inside.as_bytes())?];
        let length = at + inside.len() + 2;
        let (kind, tag) = match (inside.strip_prefix('/'), inside.strip_suffix('/')) {
            (Some(tag), _) => (Kind::End, tag),
            (None, Some(tag)) => (Kind::Empty, tag),
            (None, None) => (Kind::Start, inside),
        };
        let end = tag.find([' ', '\n', '\t']).unwrap_or(tag.len());
        let (name, attributes) = tag.split_at(end);
        let is_tag = is_known(name) && (attributes.trim().is_empty() || attributes.contains('='));
        is_tag.then_some((name, kind, length))
    })
}

fn is_known(name: &str) -> bool {
    let is_listed = |list: &[&str]| list.iter().any(|tag| name.eq_ignore_ascii_case(tag));
    is_listed(&INLINE) || is_listed(&OTHERS) || ["jats:", "mml:"].iter().any(|space| strip_start(name, space).is_some())
}

/// The text without its tags, if all of them are inline ones.
fn without_inline(text: &str) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((name, _, length)) = next_tag(rest) {
        let name = strip_start(name, "jats:").unwrap_or(name);
        if !INLINE.iter().any(|tag| name.eq_ignore_ascii_case(tag)) {
            return None;
        }
        plain.push_str(&rest[..rest[..length].rfind('<')?]);
        rest = &rest[length..];
    }
    plain.push_str(rest);
    Some(plain)
}

/// The values, those with inline tags only without them.
fn plain<'a>(values: &'a [Cow<'_, str>]) -> impl Iterator<Item = String> + 'a {
    let without = |value: &str| without_inline(value).filter(|_| has_tags(value));
    values.iter().map(move |value| without(value).unwrap_or_else(|| value.clone().into_owned()))
}

/// A command with a brace, or dollars around something with a command, an index or a power.
fn has_latex(text: &str) -> bool {
    let has_command = || {
        memchr::memchr_iter(b'\\', text.as_bytes()).any(|at| {
            let rest = &text[at + 1..];
            let n_letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
            n_letters > 1 && rest[n_letters..].starts_with('{')
        })
    };
    let has_dollars = || {
        let mut parts = text.split('$').skip(1).step_by(2);
        text.matches('$').count() > 1 && parts.any(|part| part.contains(['\\', '^', '{']) && !part.contains("  "))
    };
    memchr::memchr2(b'\\', b'$', text.as_bytes()).is_some() && (has_command() || has_dollars())
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, check_change, problems};

    #[test]
    fn tags_are_found() {
        let found = problems(&RULE, r#"{"title":"<i>Escherichia coli</i> O157:H7"}"#);
        assert_eq!(found[0].suggestion.as_deref(), Some("Escherichia coli O157:H7"));
        check(&RULE, r#"{"description":"<jats:p>Text"}"#, &["description"]);
        let topics = r#"{"topic":["a","<i>b</i>","The <br> tag","H<sub>2</sub>O"]}"#;
        check_change(&RULE, topics, &[("topic", "a | b | The <br> tag | H2O")]);
        check_change(&RULE, r#"{"title":"<p>Text</p>"}"#, &[]);
        check(&RULE, r#"{"title":"On $x^2$ and \\textit{y}"}"#, &["title"]);
        for text in
            ["p < 0.05 and n > 10", "The <br> tag", "a <b and c> d", "From $5 to $10", "C:\\\\dir", "<Zauberflöte>"]
        {
            check(&RULE, &format!(r#"{{"title":"{text}"}}"#), &[]);
        }
    }
}
