//! A001: author facet mismatch.

use std::collections::BTreeSet;

use super::a004_author_duplicate::{Merging, has_roles};
use super::a006_author_punctuation_residue::safely_cleaned;
use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::{Field, Record};

/// Holds `author_facet` against the values of all three author fields, in any order; doubled facets are left to X004.
pub(super) static RULE: Rule = Rule {
    code: "A001",
    name: "author-facet-mismatch",
    severity: Severity::Error,
    fix: Fix::Safe,
    aggregated: false,
    needs: &[Field::Author, Field::AuthorFacet],
    skips_merged: true,
    explanation: "\
## What it finds
An `author_facet` whose values are not those of author, author2 and author_corporate together, each as often
as there.
## Why it matters
Facets lead to other records than the display suggests. Solr copies the values when it indexes, so a
difference means a partial update.
## Example
Six names in author, five in author_facet.
## Known gaps
The order is not compared. A name that stands in author and in author2 belongs into the facet twice. The facet is suggested as it
is once A004 and A006 have had their way, if they run; if that is what it is, the repeats are at fault, and nothing else is
suggested. Exports without author2 or author_corporate make the facet look too long. Doubled facets are left to
X004.
## Source
VuFind's schema: copyField from the three fields to author_facet.",
    check: Check::record(check),
};

/// The fields that Solr copies to the facet.
const SOURCES: [Field; 3] = [Field::Author, Field::Author2, Field::AuthorCorporate];

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    let facet = record.all(Field::AuthorFacet);
    let is_in_order = || facet.iter().map(|value| &**value).eq(record.all_of(&SOURCES));
    if is_in_order() {
        return;
    }
    let mut names: Vec<&str> = record.all_of(&SOURCES).collect();
    let mut copies: Vec<&str> = facet.iter().map(|value| &**value).collect();
    names.sort_unstable();
    copies.sort_unstable();
    if names == copies || is_doubled(&names, &copies) {
        return;
    }
    let differences = [missing(&names, &copies), missing(&copies, &names)].into_iter().flatten();
    let message = differences.map(|name| difference(subject, name)).collect::<Vec<_>>().join("; ");
    let problem = Problem::new(Field::AuthorFacet, facet.join(" | "), message);
    // What is repeated goes again with the names; else the facet would be left with it.
    let change = |problem: Problem| problem.change(Field::AuthorFacet, record.all_of(&SOURCES));
    if repaired(record, |_| true).iter().eq(facet.iter()) {
        let repeats =
            if record.has(Field::Author2) { "the author fields repeat names" } else { "author repeats names" };
        let message = format!("{repeats}, the facet does not: {}", problem.message);
        let is_followed = !subject.is_on("A004") || subject.is_on("X004");
        let problem = Problem { message, ..problem };
        return found.add(if is_followed { change(problem) } else { problem });
    }
    let repaired = repaired(record, |code| subject.is_on(code));
    found.add(change(problem.suggest(repaired.join(" | "))));
}

/// The facet of the names once the rules that are on made their own safe repairs: without punctuation (A006) and repeated
/// persons (A004).
fn repaired<'r>(record: &'r Record<'_>, is_on: impl Fn(&str) -> bool) -> Vec<&'r str> {
    let is_cleaned = is_on("A006");
    let clean = |name: &'r str| if is_cleaned { safely_cleaned(name) } else { name };
    let persons = record.all_of(&[Field::Author, Field::Author2]).map(clean);
    let keeps_repeats = has_roles(record) || !is_on("A004");
    let mut known = BTreeSet::new();
    let mut names: Vec<&str> = Vec::new();
    let merging = Merging::of(record);
    for name in persons {
        if keeps_repeats || known.insert(name) || !merging.is_safe(name) {
            names.push(name);
        }
    }
    names.extend(record.all(Field::AuthorCorporate).iter().map(|name| clean(name)));
    names
}

/// How often a name stands in the facet and in which author fields, of which a record may name it in several.
fn difference(subject: &Subject<'_>, name: &str) -> String {
    let n_in = |field: Field| subject.record.all(field).iter().filter(|value| **value == name).count();
    let holders: Vec<Field> = SOURCES.into_iter().filter(|&field| n_in(field) > 0).collect();
    let fields = holders.iter().map(|field| field.name()).collect::<Vec<_>>().join(" and ");
    let (n_names, n_copies) = (holders.iter().map(|&field| n_in(field)).sum(), n_in(Field::AuthorFacet));
    let together = if holders.len() > 1 { " together" } else { "" };
    match (n_names, n_copies) {
        (0, _) => format!("the facet holds `{name}`, which no author field does"),
        (_, 0) => format!("the facet lacks `{name}` of {fields}"),
        _ => format!("`{name}` stands {} in the facet but {} in {fields}{together}", times(n_copies), times(n_names)),
    }
}

fn times(n: usize) -> String {
    if n == 1 { "once".to_owned() } else { format!("{n} times") }
}

fn is_doubled(names: &[&str], copies: &[&str]) -> bool {
    let n_times = copies.len().checked_div(names.len()).unwrap_or(0);
    let is_copied = |(copies, name): (&[&str], &&str)| copies.iter().all(|copy| copy == name);
    n_times > 1 && copies.len() == n_times * names.len() && copies.chunks(n_times).zip(names).all(is_copied)
}

/// The first value that occurs more often in the first of two sorted lists.
fn missing<'a>(all: &[&'a str], some: &[&str]) -> Option<&'a str> {
    let mut rest = some.iter().peekable();
    all.iter().copied().find(|&value| {
        while rest.next_if(|&&other| other < value).is_some() {}
        rest.next_if(|&&other| other == value).is_none()
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::Settings;
    use crate::audit::rules::testing::{check, check_change, outcome, problems};

    #[test]
    fn the_facet_holds_all_names() {
        check(&RULE, r#"{"author":["A","B"],"author_facet":["A"]}"#, &["author_facet"]);
        check(&RULE, r#"{"author":["A"],"author_facet":["A","B"]}"#, &["author_facet"]);
        check(&RULE, r#"{"author":["A"]}"#, &["author_facet"]);
        check(&RULE, r#"{"author":["A"],"author2":["C"],"author_corporate":["B"],"author_facet":["A","B","C"]}"#, &[]);
        check(&RULE, r#"{"author":["A","B"],"author_facet":["A","B","A","B"]}"#, &[]);
        check(&RULE, r#"{}"#, &[]);
        check_change(
            &RULE,
            r#"{"author":["B","A"],"author2":["C"],"author_facet":["B"]}"#,
            &[("author_facet", "B | A | C")],
        );
    }

    #[test]
    fn repeats_count() {
        let twice =
            r#"{"author":["Ek, Lars."],"author2":["Ek, Lars.","Wu, Li"],"author_facet":["Ek, Lars.","Wu, Li"]}"#;
        let found = problems(&RULE, twice);
        assert_eq!(found[0].severity, None);
        assert_eq!(found[0].suggestion.as_deref(), Some("Ek, Lars | Wu, Li"));
        check_change(&RULE, twice, &[("author_facet", "Ek, Lars. | Ek, Lars. | Wu, Li")]);
        let doubled = r#"{"author":["Ek, Lars","Wu, Li"],"author_facet":["Ek, Lars","Wu, Li","Wu, Li"]}"#;
        assert_eq!(problems(&RULE, doubled)[0].severity, None);
        let some = r#"{"author":["Ek, Lars"],"author2":["Wu, Li","Ek, Lars","Wu, Li"],"author_facet":["Ek, Lars","Wu, Li","Wu, Li"]}"#;
        assert_eq!(problems(&RULE, some)[0].severity, None);
        let right = r#"{"author":["Ek, Lars"],"author2":["Ek, Lars","Wu, Li"],"author_facet":["Ek, Lars","Wu, Li"]}"#;
        check_change(&RULE, right, &[("author_facet", "Ek, Lars | Ek, Lars | Wu, Li")]);
        let found = problems(&RULE, right);
        assert_eq!((found[0].suggestion.as_deref(), found[0].severity), (None, None));
        assert!(found[0].message.starts_with("the author fields repeat names, the facet does not: "));
        let lost = r#"{"author":["Ek, Lars","Wu, Li"],"author_facet":["Ek, Lars","Ek, Lars"]}"#;
        assert_eq!(problems(&RULE, lost)[0].severity, None);
    }

    #[test]
    fn the_suggestion_is_what_the_rules_that_run_make() {
        let hahn = r#"{"id":"a-1","author":["Hahn, Fritz.","Hahn, Fritz."],"author_facet":["Hahn, Fritz."]}"#;
        for (select, facet) in [
            (&["A001"][..], "Hahn, Fritz. | Hahn, Fritz."),
            (&["A001", "A004"], "Hahn, Fritz."),
            (&["A001", "A006"], "Hahn, Fritz | Hahn, Fritz"),
            (&["A"], "Hahn, Fritz"),
        ] {
            let select = select.iter().map(|&code| code.to_owned()).collect();
            let settings = Settings { select, ..Settings::default() };
            let outcome = outcome(&[hahn], &settings);
            let found = outcome.findings().find(|finding| finding.rule.code == RULE.code).expect("a finding");
            assert_eq!(found.problem.suggestion.as_deref(), Some(facet));
        }
    }

    #[test]
    fn the_message_counts_a_name_where_it_stands() {
        for (document, message) in [
            (
                r#"{"author":["A"],"author2":["A"],"author_facet":["A"]}"#,
                "`A` stands once in the facet but 2 times in author and author2 together",
            ),
            (
                r#"{"author":["A"],"author2":["A","A"],"author_corporate":["A"],"author_facet":["A","A"]}"#,
                "`A` stands 2 times in the facet but 4 times in author and author2 and author_corporate together",
            ),
            (r#"{"author":["A","A"],"author_facet":["A"]}"#, "`A` stands once in the facet but 2 times in author"),
            (
                r#"{"author":["A","B"],"author_facet":["A","A","B"]}"#,
                "`A` stands 2 times in the facet but once in author",
            ),
            (
                r#"{"author":["A"],"author2":["A"],"author_facet":["B"]}"#,
                "the facet lacks `A` of author and author2; the facet holds `B`, which no author field does",
            ),
            (r#"{"author2":["A"],"author_facet":["A","B"]}"#, "the facet holds `B`, which no author field does"),
            (r#"{"author":["B"],"author2":["A"],"author_facet":["B"]}"#, "the facet lacks `A` of author2"),
        ] {
            assert_eq!(problems(&RULE, document)[0].message, message, "{document}");
        }
        check(&RULE, r#"{"author":["A"],"author2":["A"],"author_facet":["A","A"]}"#, &[]);
    }
}
