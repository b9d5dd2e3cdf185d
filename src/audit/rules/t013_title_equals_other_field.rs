//! T013: title equals other field.

use super::folding::is_same;
use super::format_classes::{Class, Classes};
use super::links::{is_link, strip_start};
use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::{Field, Record};
use crate::keys::sort_title::clean_data;

/// In this order: the list `title_placeholders`, file names and links, the same value in another field.
pub(super) static RULE: Rule = Rule {
    code: "T013",
    name: "title-equals-other-field",
    severity: Severity::Warn,
    fix: Fix::Proposal,
    aggregated: false,
    needs: &[Field::Title],
    skips_merged: true,
    explanation: "\
## What it finds
Titles that are a placeholder, a file name or a link, or the same as an author in any field, the publisher, the series,
the description or the id of the record.
## Why it matters
The import took the wrong element.
## Example
`article_final_v2.docx`, `Microsoft Word - thesis`, `[no title]`.
## Known gaps
Albums and biographies are often called after their author, and journals after their publisher: a title equal
to an author is reported as information unless it is an inverted name, and so is one equal to a body, and that of a serial which
is equal to its series; one equal to the publisher is reported only for books and articles.
## Source
Problem patterns of Europeana's metadata quality work.",
    check: Check::record(check),
};

/// Bytes that brackets, blanks and points may add to a placeholder.
const BRACKETS: usize = 22;

/// Endings of file names. Origin: formats of manuscripts and of scans.
const FILE_ENDINGS: [&str; 48] = [
    ".avi", ".bmp", ".cdr", ".csv", ".djvu", ".doc", ".docx", ".eps", ".epub", ".gif", ".gz", ".htm", ".html", ".indd",
    ".jpeg", ".jpg", ".json", ".mobi", ".mov", ".mp3", ".mp4", ".mpg", ".odp", ".ods", ".odt", ".pdf", ".php", ".png",
    ".ppt", ".pptx", ".ps", ".qxd", ".rar", ".rtf", ".svg", ".sxw", ".tex", ".tif", ".tiff", ".tmp", ".txt", ".wav",
    ".wmv", ".wpd", ".xls", ".xlsx", ".xml", ".zip",
];

/// Beginnings that programs write before the name of a file, and those of links without scheme.
const BEGINNINGS: [&str; 4] = ["Microsoft Word - ", "Microsoft PowerPoint - ", "Microsoft Excel - ", "www."];

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    let Some(title) = record.filled(Field::Title).map(str::trim) else { return };
    let placeholders = &subject.settings.lists.title_placeholders;
    if title.len() <= placeholders.longest() + BRACKETS && placeholders.has(subject.folded_title()) {
        return found.add(Problem::new(Field::Title, title, "the title is a placeholder"));
    }
    // In MARC, a separator follows: `scan0001.tif /`.
    if is_file(clean_data(title)) || is_link(title) || is_doi(title) {
        return found.add(Problem::new(Field::Title, title, "the title is a file name or a link"));
    }
    if let Some(field) = equal_field(record, subject.classes(), title) {
        let is_recording = subject.classes().has(Class::Wordless);
        let is_eponymous = match field {
            // An inverted name is hardly ever a title.
            Field::Author | Field::Author2 => !title.contains(", ") || is_recording,
            Field::AuthorCorporate => true,
            // A serial is a series itself.
            Field::Series => subject.classes().has(Class::Journal),
            _ => false,
        };
        let problem = Problem::new(Field::Title, title, format!("the title is the same as {}", field.name()));
        found.add(if is_eponymous { problem.severity(Severity::Info) } else { problem });
    }
}

/// Whether a title is a DOI and no more.
fn is_doi(title: &str) -> bool {
    let is_prefix = |digits: &str| digits.len() >= 4 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let title = strip_start(title, "doi:").map_or(title, str::trim_start);
    let parts = title.strip_prefix("10.").and_then(|rest| rest.split_once('/'));
    parts.is_some_and(|(prefix, suffix)| is_prefix(prefix) && suffix.len() > 2 && !suffix.contains(' '))
}

fn is_file(title: &str) -> bool {
    let has_ending = |ending: &&str| {
        let at = title.len().checked_sub(ending.len());
        at.and_then(|at| title.get(at..)).is_some_and(|end| end.eq_ignore_ascii_case(ending))
    };
    let may_have_one = || title.as_bytes().iter().rev().take(5).any(|&byte| byte == b'.');
    BEGINNINGS.iter().any(|beginning| title.starts_with(beginning))
        || may_have_one() && FILE_ENDINGS.iter().any(has_ending)
}

/// The field with the same letters as the title, if there is one in which it does not belong.
fn equal_field(record: &Record<'_>, classes: Classes, title: &str) -> Option<Field> {
    const FIELDS: [Field; 6] =
        [Field::Author, Field::Author2, Field::AuthorCorporate, Field::Series, Field::Description, Field::Id];
    let equals = |field: Field| {
        let values = record.all(field).iter().map(|value| &**value);
        values.into_iter().any(|value| value.len() < 3 * title.len() && is_same(title, value))
    };
    let is_work = classes.has(Class::Book) || classes.has(Class::Article);
    let publisher = Some(Field::Publisher).filter(|_| is_work);
    FIELDS.into_iter().chain(publisher).find(|&field| equals(field))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, problems};

    #[test]
    fn titles_are_titles() {
        check(&RULE, r#"{"title":"article_final_v2.docx"}"#, &["title"]);
        for title in
            ["scan_0001.tif", "Data_2019.XLSX", "www.example.org/x", "doi:10.1000/182", "Microsoft PowerPoint - Talk"]
        {
            check(&RULE, &format!(r#"{{"title":"{title}"}}"#), &["title"]);
        }
        for title in [
            "[No title]",
            "Untitled Document",
            "Document1",
            "n/a",
            "Без назви",
            "Bez naslova",
            "제목 없음",
            "cover.qxd",
        ] {
            check(&RULE, &format!(r#"{{"title":"{title}"}}"#), &["title"]);
        }
        check(&RULE, r#"{"title":"https://x.org/"}"#, &["title"]);
        check(&RULE, r#"{"title":"Walsh, Louisa","author":["Walsh, Louisa."]}"#, &["title"]);
        check(&RULE, r#"{"title":"ACM","publisher":["ACM"],"format":["Journal"]}"#, &[]);
        check(&RULE, r#"{"title":"Walsh, Louisa","author2":["Walsh, Louisa"]}"#, &["title"]);
        let band = problems(&RULE, r#"{"title":"Metallica","author_corporate":["Metallica"],"format":["CD"]}"#);
        assert_eq!(band[0].severity, Some(super::Severity::Info));
        let series = r#"{"title":"Oak studies","series":["Oak studies"],"format":["FORMAT"]}"#;
        let severity = |format: &str| problems(&RULE, &series.replace("FORMAT", format))[0].severity;
        assert_eq!((severity("Book"), severity("Journal")), (None, Some(super::Severity::Info)));
        check(&RULE, r#"{"title":"Testing","author":["Walsh, Louisa"]}"#, &[]);
    }

    #[test]
    fn file_names_have_separators_and_dois_none() {
        for title in ["scan0001.tif /", "thesis.pdf.", "10.1177/2055207621996870", "[Titel fehlt]", "song.wav"] {
            check(&RULE, &format!(r#"{{"title":"{title}"}}"#), &["title"]);
        }
        for title in ["10.1 of the code", "10.1000/1 and after", "Notes on PDF"] {
            check(&RULE, &format!(r#"{{"title":"{title}"}}"#), &[]);
        }
    }
}
