//! F003: format residual generic.

use super::format_classes::{Class, class_of};
use super::links::strip_start;
use crate::audit::{Check, Family, Fix, Found, Problem, Rule, Severity, Subject, Words};
use crate::input::Field;

/// By the list `residual_formats`, and raw terms; of MARC records only where no other format is there.
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
Formats that say nothing: `Text`, `Other`, `Unknown`, `Resource`, media types; and raw terms of the OpenAIRE
vocabulary (`info:eu-repo/semantics/article`) for types, versions and access. What says nothing is dropped beside a
format that says what kind of publication it is, as is a type that another format repeats.
## Why it matters
Values of dc:type leak into the facet.
## Example
`Text` beside `Article`.
## Known gaps
VuFind's calculator for MARC falls back to such values; there they are reported only if they stand alone. A type
of the vocabulary that no other format repeats is not dropped: its name in plain words is suggested. Nor are the degree of a
thesis, a version that is not the published one, and restricted access. `Text` stays beside a carrier (`Online`), which tells no
content, and beside a picture or recording, with which it may be together.
## Source
VuFind's `FormatCalculator`; dc:type in OAI-PMH.",
    check: Check::record(check),
};

/// Beginning of the terms of the OpenAIRE vocabulary.
const TERM_START: &str = "info:eu-repo/semantics/";

/// Ends of its terms for versions and access, which are no types.
const STATES: [&str; 4] = ["Version", "Access", "draft", "other"];

fn check(subject: &Subject<'_>, found: &mut Found) {
    let formats = subject.record.all(Field::Format);
    let residual = &subject.settings.lists.residual_formats;
    let rest = || formats.iter().map(|value| &**value).filter(|value| !is_residual(value, residual));
    let n_rest = rest().count();
    if n_rest == formats.len() || subject.family == Family::Marc && n_rest > 0 {
        return;
    }
    let is_kept = |value: &str| !is_residual(value, residual) || !is_idle(value, rest);
    let n_kept = formats.iter().filter(|value| is_kept(value)).count();
    let mut suggestion = None;
    for value in formats.iter().filter(|value| is_residual(value, residual)) {
        let is_term = term(value).is_some_and(is_type);
        let message = if is_term { "the format is a raw term of a vocabulary" } else { "the format says nothing" };
        let problem = Problem::new(Field::Format, &**value, message);
        let kept = || formats.iter().map(|value| &**value).filter(|value| is_kept(value));
        if n_kept == 0 || n_kept == formats.len() && !kept().any(|value| term(value).is_some()) {
            found.add(problem);
            continue;
        }
        let suggestion = suggestion.get_or_insert_with(|| kept().map(plain).collect::<Vec<String>>().join(" | "));
        let problem = problem.suggest(suggestion.as_str());
        if is_kept(value) {
            found.add(problem);
        } else {
            found.add_with_change(problem, Field::Format, kept);
        }
    }
}

/// Whether a residual value says nothing beside the rest of the formats: a type that another one repeats, and what tells no
/// content beside what does.
fn is_idle<'r, I: Iterator<Item = &'r str>>(value: &str, rest: impl Fn() -> I) -> bool {
    let tells = |holds: fn(Class) -> bool| rest().any(|other| class_of(other).is_some_and(holds) || is_thesis(other));
    match term(value) {
        Some(term) if is_type(term) => rest().any(|other| names(other, term)),
        Some(term) => PLAIN_STATES.contains(&term) && rest().next().is_some(),
        None if value.eq_ignore_ascii_case("text") => tells(|class| class != Class::Wordless),
        None => rest().next().is_some(),
    }
}

fn is_thesis(format: &str) -> bool {
    let end = b"thesis";
    format.len() >= end.len() && format.as_bytes()[format.len() - end.len()..].eq_ignore_ascii_case(end)
}

/// States of the vocabulary that are those of most publications.
const PLAIN_STATES: [&str; 3] = ["publishedVersion", "openAccess", "other"];

fn is_residual(value: &str, residual: &Words) -> bool {
    residual.has_in_any_case(value) || is_media_type(value) || term(value).is_some()
}

/// Whether a value is a media type and not two terms with a slash between (`Audio/Video`).
fn is_media_type(value: &str) -> bool {
    let Some((kind, own)) = value.split_once('/') else { return false };
    kind.eq_ignore_ascii_case("application") && !own.contains(' ')
        || matches!(kind, "text" | "image" | "audio" | "video")
            && !own.contains(' ')
            && !matches!(own, "text" | "image" | "audio" | "video")
}

/// The term of the OpenAIRE vocabulary that a value is, without its beginning.
fn term(value: &str) -> Option<&str> {
    strip_start(value, TERM_START)
}

fn is_type(term: &str) -> bool {
    !STATES.iter().any(|end| term.ends_with(end))
}

/// Whether a format says what the term of a type says: `Book Chapter` what `bookPart` says, but not `Thesis` what
/// `doctoralThesis` says.
fn names(format: &str, term: &str) -> bool {
    let is_same_class = || term != "review" && class_of(term).is_some_and(|class| class_of(format) == Some(class));
    let (mut of_term, mut of_format) = (letters_from_end(term), letters_from_end(format).peekable());
    let is_end = of_format.peek().is_some() && of_format.all(|byte| of_term.next() == Some(byte));
    is_end && (of_term.next().is_none() || !is_thesis(term)) || is_same_class()
}

fn letters_from_end(text: &str) -> impl Iterator<Item = u8> {
    text.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase()).rev()
}

/// The value; of a term, its words: `Doctoral Thesis`.
fn plain(value: &str) -> String {
    let Some(term) = term(value) else { return value.to_owned() };
    let mut words = String::with_capacity(term.len() + 2);
    for letter in term.chars() {
        match letter {
            _ if words.is_empty() => words.extend(letter.to_uppercase()),
            'A'..='Z' => words.extend([' ', letter]),
            _ => words.push(letter),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, check_change, problems};

    #[test]
    fn other_is_known_in_many_languages() {
        for format in ["Інше", "その他", "Andet", "Άλλο"] {
            check(&RULE, &format!(r#"{{"format":["{format}","Book"]}}"#), &["format"]);
        }
    }

    #[test]
    fn formats_say_something() {
        check(&RULE, r#"{"format":["Online","Article","Text"]}"#, &["format"]);
        check(&RULE, r#"{"format":["application/pdf"]}"#, &["format"]);
        check_change(&RULE, r#"{"format":["Online","Article","Text"]}"#, &[("format", "Online | Article")]);
        check_change(&RULE, r#"{"format":["application/pdf"]}"#, &[]);
        check(&RULE, r#"{"format":["Unknown","Book"],"record_format":"marc"}"#, &[]);
        check(&RULE, r#"{"format":["Unknown"],"record_format":"marc"}"#, &["format"]);
        check(&RULE, r#"{"format":["Online","Article","Textbook"]}"#, &[]);
        check_change(&RULE, r#"{"format":["Text","Thesis"]}"#, &[("format", "Thesis")]);
        for beside in ["Image", "Sound", "Dataset", "Online", "Electronic", "Microfilm"] {
            let document = format!(r#"{{"format":["Text","{beside}"]}}"#);
            check_change(&RULE, &document, &[]);
            assert_eq!(problems(&RULE, &document)[0].suggestion, None, "{document}");
        }
    }

    #[test]
    fn raw_terms_are_dropped_where_another_format_repeats_them() {
        let start = "info:eu-repo/semantics/";
        for (format, others, after, suggestion) in [
            ("article", r#","Article""#, Some("Article"), "Article"),
            ("article", r#","Online""#, None, "Article | Online"),
            ("bookPart", "", None, "Book Part"),
            ("bookPart", r#","Book Chapter""#, Some("Book Chapter"), "Book Chapter"),
            ("doctoralThesis", r#","Thesis""#, None, "Doctoral Thesis | Thesis"),
            ("doctoralThesis", r#","Doctoral Thesis""#, Some("Doctoral Thesis"), "Doctoral Thesis"),
            ("acceptedVersion", r#","Article""#, None, "Accepted Version | Article"),
            ("restrictedAccess", r#","Article""#, None, "Restricted Access | Article"),
            ("doctoralThesis", r#","Online""#, None, "Doctoral Thesis | Online"),
            ("publishedVersion", r#","Online""#, Some("Online"), "Online"),
            ("openAccess", r#","Online""#, Some("Online"), "Online"),
        ] {
            let record = format!(r#"{{"format":["{start}{format}"{others}]}}"#);
            assert_eq!(problems(&RULE, &record)[0].suggestion.as_deref(), Some(suggestion), "{record}");
            check_change(&RULE, &record, &after.map(|after| ("format", after)).into_iter().collect::<Vec<_>>());
        }
    }

    #[test]
    fn terms_with_a_slash_are_no_media_types() {
        for format in ["Audio/Video", "Text/Image", "audio/video", "Image/Photo"] {
            check(&RULE, &format!(r#"{{"format":["{format}"]}}"#), &[]);
        }
        for format in ["image/jpeg", "text/html", "Application/PDF"] {
            check(&RULE, &format!(r#"{{"format":["{format}"]}}"#), &["format"]);
        }
    }
}
