//! F003: format residual generic.

use super::format_classes::class_of;
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
format that says something, as is a type that another format repeats.
## Why it matters
Values of dc:type leak into the facet.
## Example
`Text` beside `Article`.
## Known gaps
VuFind's calculator for MARC falls back to such values; there they are reported only if they stand alone. A type
of the vocabulary that no other format repeats is not dropped: its name in plain words is suggested.
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
    // A type stays until its name is written plain, unless another format repeats it.
    let is_needed =
        |value: &str| term(value).is_some_and(|term| is_type(term) && !rest().any(|other| names(other, term)));
    let is_kept = |value: &str| !is_residual(value, residual) || is_needed(value);
    let n_kept = formats.iter().filter(|value| is_kept(value)).count();
    let mut suggestion = None;
    for value in formats.iter().filter(|value| is_residual(value, residual)) {
        let is_term = term(value).is_some_and(is_type);
        let message = if is_term { "the format is a raw term of a vocabulary" } else { "the format says nothing" };
        let problem = Problem::new(Field::Format, &**value, message);
        let kept = || formats.iter().map(|value| &**value).filter(|value| is_kept(value));
        if n_kept == 0 {
            found.add(problem);
            continue;
        }
        let suggestion = suggestion.get_or_insert_with(|| kept().map(plain).collect::<Vec<String>>().join(" | "));
        let problem = problem.suggest(suggestion.as_str());
        if is_needed(value) {
            found.add(problem);
        } else {
            found.add_with_change(problem, Field::Format, kept);
        }
    }
}

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

/// Whether a format says what the term of a type says: `Thesis` what `doctoralThesis` says.
fn names(format: &str, term: &str) -> bool {
    let is_same_class = || term != "review" && class_of(term).is_some_and(|class| class_of(format) == Some(class));
    let (mut of_term, mut of_format) = (letters_from_end(term), letters_from_end(format).peekable());
    of_format.peek().is_some() && of_format.all(|byte| of_term.next() == Some(byte)) || is_same_class()
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
    fn formats_say_something() {
        check(&RULE, r#"{"format":["Online","Article","Text"]}"#, &["format"]);
        check(&RULE, r#"{"format":["application/pdf"]}"#, &["format"]);
        check_change(&RULE, r#"{"format":["Online","Article","Text"]}"#, &[("format", "Online | Article")]);
        check_change(&RULE, r#"{"format":["application/pdf"]}"#, &[]);
        check(&RULE, r#"{"format":["Unknown","Book"],"record_format":"marc"}"#, &[]);
        check(&RULE, r#"{"format":["Unknown"],"record_format":"marc"}"#, &["format"]);
        check(&RULE, r#"{"format":["Online","Article","Textbook"]}"#, &[]);
    }

    #[test]
    fn raw_terms_are_dropped_where_another_format_repeats_them() {
        let start = "info:eu-repo/semantics/";
        for (format, others, after, suggestion) in [
            ("article", r#","Article""#, Some("Article"), "Article"),
            ("article", r#","Online""#, None, "Article | Online"),
            ("bookPart", "", None, "Book Part"),
            ("bookPart", r#","Book Chapter""#, Some("Book Chapter"), "Book Chapter"),
            ("doctoralThesis", r#","Thesis""#, Some("Thesis"), "Thesis"),
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
