//! A002: author sort not first.

use super::e006_invisible_or_whitespace::with_value;
use super::folding::is_same;
use super::t002_title_sort_mismatch::may_be_reading;
use crate::audit::{Check, Family, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;
use crate::keys::names::fix_trailing_punctuation;

/// Outside of XSLT imports, `author_sort` may be the first name of another author field; a fuller form may be missing.
pub(super) static RULE: Rule = Rule {
    code: "A002",
    name: "author-sort-not-first",
    severity: Severity::Warn,
    fix: Fix::Safe,
    aggregated: false,
    needs: &[Field::Author, Field::AuthorSort],
    skips_merged: true,
    explanation: "\
## What it finds
An `author_sort` that is not the first author, or is missing although there is one; without an author, one that is
neither the first body nor any other name of the record.
## Why it matters
Browsing and sorting by author use this field.
## Example
First author `Walsh, Louisa`, author_sort `Hill, Sophie`.
## Known gaps
The fuller form in brackets and punctuation at the end may be missing. MARC imports prefer persons and
corporate bodies of the main entry, so outside of XSLT imports the first name of any author field is accepted, and for
MARC records any name of author2, unless the first author is given without a role and so is the main entry. Outside of XSLT
imports, a name in another script than the author, or with its letters written out (`Mueller` for `Müller`), may be its
reading, so that the repair is only proposed.
## Source
VuFind's `marc.properties` (author_sort is the first of 100, 110, 111, 700) and stylesheets (the first
dc:creator).",
    check: Check::record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    if !record.has(Field::Author) {
        return check_bodies(subject, found);
    }
    let Some(first) = record.first(Field::Author).filter(|name| !name.trim().is_empty()) else { return };
    let Some(sort) = record.filled(Field::AuthorSort) else {
        let problem = Problem::new(Field::AuthorSort, "", "there is an author and no author to sort by");
        return found.add(with_sort_form(problem, subject, first));
    };
    // XSLT imports sort by the first creator, whatever else there is.
    let n_seconds = match subject.family {
        Family::Xslt => 0,
        // VuFind takes an added entry into author for its role only.
        Family::Marc if record.first(Field::AuthorRole) == Some("") => 0,
        Family::Marc => usize::MAX,
        _ => 1,
    };
    let seconds = record.all(Field::Author2).iter().take(n_seconds).map(|value| &**value);
    let corporate = record.first(Field::AuthorCorporate).filter(|_| subject.family != Family::Xslt);
    let mut names = std::iter::once(first).chain(corporate).chain(seconds);
    if names.clone().any(|name| is_sort_form(name, sort)) {
        return;
    }
    let problem = Problem::new(Field::AuthorSort, sort, "the author to sort by is not the first author");
    let is_reading = subject.family != Family::Xslt && names.any(|name| may_be_reading(name, sort));
    let problem = with_sort_form(problem, subject, first);
    found.add(if is_reading { Problem { change: None, ..problem } } else { problem });
}

/// Without an author, MARC imports sort by the body of the main entry or by the first person of the added entries, who stands
/// in author2.
fn check_bodies(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    let Some(sort) = record.filled(Field::AuthorSort) else { return };
    let bodies = record.all(Field::AuthorCorporate).iter().take(1);
    let persons = record.all(Field::Author2).iter().chain(record.all(Field::AuthorAdditional));
    let mut names = bodies.chain(persons).map(|name| &**name).peekable();
    let Some(first) = names.peek().copied() else { return };
    let is_alone = names.clone().count() == 1;
    if names.clone().any(|name| is_sort_form(name, sort) || is_body_of(name, sort) || may_be_reading(name, sort)) {
        return;
    }
    let problem = Problem::new(Field::AuthorSort, sort, "the author to sort by is none of the names of the record");
    let sort_form = fix_trailing_punctuation(first);
    found.add(if is_alone && !first.contains('(') {
        with_value(problem, Field::AuthorSort, sort_form)
    } else {
        problem.suggest(sort_form)
    });
}

/// Whether the name to sort by is the body of which the other is a part: `Norfolk.` and `Norfolk. Board of Trade`.
fn is_body_of(name: &str, sort: &str) -> bool {
    let part = name.strip_prefix(fix_trailing_punctuation(sort));
    part.is_some_and(|part| part.trim_start().starts_with(['.', ',', '(', ':']))
}

/// MARC imports clean the name and leave the fuller form out, XSLT imports take it as it is. For MARC the right name is
/// sure if no other name may go before it.
fn with_sort_form(problem: Problem, subject: &Subject<'_>, first: &str) -> Problem {
    if subject.family != Family::Marc {
        return with_value(problem, Field::AuthorSort, first);
    }
    let record = subject.record;
    let is_main = record.first(Field::AuthorRole) == Some("");
    let is_alone = !record.has(Field::AuthorCorporate) && !record.has(Field::Author2);
    let sort = fix_trailing_punctuation(first);
    let is_sure = (is_main || is_alone) && !first.contains('(');
    if is_sure { with_value(problem, Field::AuthorSort, sort) } else { problem.suggest(sort) }
}

fn is_sort_form(name: &str, sort: &str) -> bool {
    name == sort
        || fix_trailing_punctuation(name) == fix_trailing_punctuation(sort)
        || (name.contains('(') && is_same(&without_brackets(name), &without_brackets(sort)))
}

/// The name without what stands in round brackets: MARC keeps the fuller form `(William Butler)` out of the sort form.
fn without_brackets(name: &str) -> String {
    let mut depth = 0_usize;
    let mut rest = String::with_capacity(name.len());
    for letter in name.chars() {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => rest.push(letter),
            _ => {}
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, check_change};

    #[test]
    fn the_first_author_sorts() {
        check(&RULE, r#"{"author":["Walsh, Louisa","Hill, Sophie"],"author_sort":"Hill, Sophie"}"#, &["author_sort"]);
        check(&RULE, r#"{"author":["Walsh, Louisa"]}"#, &["author_sort"]);
        check_change(&RULE, r#"{"author":["Walsh, Louisa"]}"#, &[("author_sort", "Walsh, Louisa")]);
        let alone = r#"{"author":["Walsh, Louisa,"],"record_format":"marc"}"#;
        check_change(&RULE, alone, &[("author_sort", "Walsh, Louisa")]);
        let beside = r#""author":["Walsh, Louisa"],"author2":["Hill, Sophie"],"record_format":"marc""#;
        check_change(&RULE, &format!("{{{beside}}}"), &[]);
        check(&RULE, &format!(r#"{{{beside},"author_sort":"Hill, Sophie"}}"#), &[]);
        let main = format!(r#"{{{beside},"author_role":[""],"author_sort":"Hill, Sophie"}}"#);
        check_change(&RULE, &main, &[("author_sort", "Walsh, Louisa")]);
        check(&RULE, r#"{"author":["Walsh, Louisa"],"author_sort":"Walsh, Louisa"}"#, &[]);
        check(&RULE, r#"{"author":[" ","Hill, Sophie"]}"#, &[]);
        let yeats = r#""author":["Yeats, W. B. (William Butler), 1865-1939"]"#;
        check(&RULE, &format!(r#"{{{yeats},"author_sort":"Yeats, W. B. 1865-1939"}}"#), &[]);
        let both = r#""author":["Walsh, Louisa"],"author_corporate":["Museum"]"#;
        check(&RULE, &format!(r#"{{{both},"author_sort":"Museum"}}"#), &[]);
        let xslt = r#""record_format":"dspace","work_keys_str_mv":["AT a b"],"author":["Walsh, Louisa"],"author2":["Hill, Sophie"]"#;
        check(&RULE, &format!(r#"{{{xslt},"author_sort":"Hill, Sophie"}}"#), &["author_sort"]);
    }

    #[test]
    fn without_an_author_a_body_sorts() {
        let guild = r#""record_format":"marc","author_corporate":["Guild of Glaziers","Synod of Bath"]"#;
        let sorted = |sort: &str| format!(r#"{{{guild},"author_sort":"{sort}"}}"#);
        check(&RULE, &sorted("Guild of Glaziers"), &[]);
        check(&RULE, &sorted("Guild of Glaziers."), &[]);
        for other in ["Synod of Bath", "Glaziers", "Guild", "Hill, Sophie"] {
            check(&RULE, &sorted(other), &["author_sort"]);
            check_change(&RULE, &sorted(other), &[("author_sort", "Guild of Glaziers")]);
        }
        let person = r#""author2":["Walsh, Louisa","Hill, Sophie"]"#;
        check(&RULE, &format!(r#"{{{guild},{person},"author_sort":"Hill, Sophie"}}"#), &[]);
        check(&RULE, &format!(r#"{{{person},"author_sort":"Roe, Ann"}}"#), &["author_sort"]);
        check_change(&RULE, &format!(r#"{{{person},"author_sort":"Roe, Ann"}}"#), &[]);
        let board = r#""author_corporate":["Great Britain. Board of Trade."],"author_sort":"Great Britain.""#;
        check(&RULE, &format!("{{{board}}}"), &[]);
        let congress =
            r#""author_corporate":["Congress on Peat (3rd : 1972 : Oslo)"],"author_sort":"Congress on Peat""#;
        check(&RULE, &format!("{{{congress}}}"), &[]);
        check(&RULE, r#"{"title":"Bells","author_sort":"Roe, Ann"}"#, &[]);
        check(&RULE, r#"{"author_corporate":["Guild of Glaziers"]}"#, &[]);
    }

    #[test]
    fn readings_are_not_overwritten() {
        let document = |author: &str, sort: &str, format: &str| {
            format!(r#"{{"author":["{author}"],"author_sort":"{sort}","record_format":"{format}"}}"#)
        };
        for (author, sort) in [
            ("Толстой, Лев", "Tolstoĭ, Lev"),
            ("中村, 太郎", "なかむら, たろう"),
            ("Nakamura, Tarō", "なかむら, たろう"),
            ("Müller, Hans", "Mueller, Hans"),
            ("Müller, Hans", "Muller, Hans"),
            ("Mueller, Hans", "Müller, Hans"),
        ] {
            check(&RULE, &document(author, sort, "marc"), &["author_sort"]);
            check_change(&RULE, &document(author, sort, "marc"), &[]);
        }
        for (author, sort) in [("Müller, Hans", "Hill, Sophie"), ("Толстой, Лев", "Чехов, Антон")]
        {
            check_change(&RULE, &document(author, sort, "marc"), &[("author_sort", author)]);
        }
        let xslt = document("Müller, Hans", "Mueller, Hans", r#"x","work_keys_str_mv":["AT a b"],"language":"German"#);
        check_change(&RULE, &xslt, &[("author_sort", "Müller, Hans")]);
    }
}
