//! T010: title generic.

use std::borrow::Cow;

use super::sketches::short_hash;
use crate::audit::{Catalogue, Check, Facts, Fix, Found, Problem, Reports, Row, Rows, Rule, Severity, Subject};
use crate::input::Field;
use crate::keys::work_key::normalise;
use xxhash_rust::xxh3::xxh3_64;

/// By the list `generic_titles`; across records, by twenty first authors or more.
pub(super) static RULE: Rule = Rule {
    code: "T010",
    name: "title-generic",
    severity: Severity::Info,
    fix: Fix::None,
    aggregated: false,
    needs: &[Field::Title],
    skips_merged: false,
    explanation: "\
## What it finds
Titles that name a kind of text, such as `Editorial` or `Book reviews`, and titles that occur with twenty or
more first authors, which may be bodies.
## Why it matters
Such a title is no evidence that two records are one work.
## Example
`Editorial`.
## Known gaps
The whole title must be generic: `Editorial practice in the digital age` is a title. Recurring titles of other
languages are found by their number of authors only.
## Source
Section headings of journals; title lists of duplicate detection programs.",
    check: Check::both(check, gather, judge),
};

/// First authors from which a title is a recurring one.
const N_AUTHORS: usize = 20;

fn check(subject: &Subject<'_>, found: &mut Found) {
    if subject.settings.lists.generic_titles.has(subject.title_key()) {
        let title = subject.record.filled(Field::Title).unwrap_or_default();
        found.add(Problem::new(Field::Title, title, "the title names a kind of text, not a work"));
    }
}

fn gather(subject: &Subject<'_>, facts: &mut Facts) {
    let key = subject.title_key();
    let body = || subject.record.filled(Field::AuthorCorporate).map(normalise).map(Cow::Owned);
    let Some(author) = subject.first_author_key().map(Cow::Borrowed).or_else(body) else { return };
    if !key.is_empty() && !subject.settings.lists.generic_titles.has(key) {
        facts.note(xxh3_64(key.as_bytes()), short_hash(&author));
    }
}

fn judge(rows: &Rows, catalogue: &Catalogue<'_>, reports: &mut Reports) {
    for same in rows.shared().filter(|same| same.len() >= N_AUTHORS) {
        let n_authors = n_values(same);
        if n_authors < N_AUTHORS {
            continue;
        }
        for row in same {
            let title = catalogue.fetch(row.record, |record| record.filled(Field::Title).map(str::to_owned)).flatten();
            let message = format!("{n_authors} first authors have a work of this title");
            reports.add(row.record, Problem::new(Field::Title, title.unwrap_or_default(), message));
        }
    }
}

fn n_values(rows: &[Row]) -> usize {
    let mut values: Vec<u32> = rows.iter().map(|row| row.value).collect();
    values.sort_unstable();
    values.dedup();
    values.len()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, records};

    #[test]
    fn whole_titles_are_generic() {
        for title in [
            "Editorial",
            "Letters to the editor.",
            "[Book reviews] /",
            "Gesammelte Werke",
            "Předmluva",
            "Retraction note",
        ] {
            check(&RULE, &format!(r#"{{"title":"{title}"}}"#), &["title"]);
        }
        for title in ["Introduzione", "Передмова", "Předmluva.", "Πρόλογος", "はじめに", "머리말", "הקדמה"]
        {
            check(&RULE, &format!(r#"{{"title":"{title}"}}"#), &["title"]);
        }
        for title in ["Editorial practice in the digital age", "Indexes", "..."] {
            check(&RULE, &format!(r#"{{"title":"{title}"}}"#), &[]);
        }
        check(&RULE, "{}", &[]);
    }

    #[test]
    fn titles_of_many_authors_are_generic() {
        let document = |at: usize, author: usize| {
            format!(
                r#"{{"id":"x{at}","title":"Aus dem Leben{}","author":["Name {author}"]}}"#,
                if at == 20 { "!" } else { "" }
            )
        };
        let many: Vec<String> = (0..21).map(|at| document(at, at)).collect();
        assert_eq!(records(&RULE, &many).len(), 21);
        let of_body = |at: usize| document(at, at).replace("author", "author_corporate");
        assert_eq!(records(&RULE, &(0..20).map(of_body).collect::<Vec<_>>()).len(), 20);
        let editions: Vec<String> = (0..60).map(|at| document(at, at % 19)).collect();
        assert!(records(&RULE, &editions).is_empty());
    }
}
