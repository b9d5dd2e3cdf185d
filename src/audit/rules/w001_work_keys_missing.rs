//! W001: work keys missing.

use xxhash_rust::xxh3::xxh3_64;

use super::importer_keys::{MarcKeys, marc_keys, xslt_keys};
use crate::audit::{Catalogue, Check, Facts, Family, Fix, Found, Problem, Reports, Rows, Rule, Severity, Subject};
use crate::input::Field;

/// Taken back where fewer than half of the records of one `record_format` have keys.
pub(super) static RULE: Rule = Rule {
    code: "W001",
    name: "work-keys-missing",
    severity: Severity::Warn,
    fix: Fix::Safe,
    aggregated: false,
    needs: &[Field::Title, Field::WorkKeysStrMv],
    skips_merged: false,
    explanation: "\
## What it finds
Records without work keys although title and author hold letters, if at least half of the records of their
record_format have some.
## Why it matters
VuFind finds other versions of a work by these keys, and candidates for duplicates are looked for by them.
## Example
Title `Hamlet`, author `Shakespeare, William`, no work_keys_str_mv.
## Known gaps
Indexes made before VuFind 7 have no work keys at all; the rule is off then. Collections for which the keys
were switched off are reported if they share their record_format with others. Names of which the importer kept the
fuller form or the dates only (`(Ivan Petrovich)`, `1930-`) give no key. MARC imports make keys of more subfields and of other
ones than the fields hold: theirs are safe only where names are words alone, the full title has no number of a part, there are no
other titles and the sort title tells what is left out; else they are proposed.
## Source
VuFind's `WorkKeys` and `VuFindWorkKeys`.",
    check: Check::both(check, gather, judge),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    if !lacks_keys(subject) {
        return;
    }
    found.add(match xslt_keys(subject).filter(|keys| !keys.is_empty()) {
        Some(keys) => problem().suggest(keys.join(" | ")).change(Field::WorkKeysStrMv, keys),
        None => match marc_keys(subject) {
            Some(MarcKeys { keys, is_whole: true }) => {
                problem().suggest(keys.join(" | ")).change(Field::WorkKeysStrMv, keys)
            }
            Some(MarcKeys { keys, .. }) => problem().suggest(keys.join(" | ")),
            None => problem(),
        },
    });
}

fn problem() -> Problem {
    Problem::new(Field::WorkKeysStrMv, "", "title and author are there, work keys are not")
}

fn gather(subject: &Subject<'_>, facts: &mut Facts) {
    let record = subject.record;
    let format = record.first(Field::RecordFormat).or_else(|| record.first(Field::Recordtype)).unwrap_or_default();
    let key = xxh3_64(format.as_bytes());
    facts.count(key, 1, u64::from(record.filled(Field::WorkKeysStrMv).is_some()));
    if lacks_keys(subject) {
        facts.note(key, 0);
    }
}

fn judge(rows: &Rows, _: &Catalogue<'_>, reports: &mut Reports) {
    for row in rows.table(0) {
        let [n_records, n_with_keys] = rows.counts(row.key);
        if n_with_keys * 2 < n_records {
            reports.drop(row.record);
        }
    }
}

/// Whether keys could be made and are not there.
fn lacks_keys(subject: &Subject<'_>) -> bool {
    let record = subject.record;
    if record.filled(Field::WorkKeysStrMv).is_some() {
        return false;
    }
    let is_telling = |title: &str| match subject.family {
        // PHP takes a lone `0` for nothing.
        Family::Xslt | Family::Unknown => title.contains(char::is_alphanumeric) && title.trim() != "0",
        _ => title.contains(char::is_alphanumeric),
    };
    // MARC imports make keys of bodies and of added entries, too.
    let fields: &[Field] = match subject.family {
        Family::Marc => &[Field::Author, Field::Author2, Field::AuthorCorporate],
        _ => &[Field::Author],
    };
    record.filled(Field::Title).is_some_and(is_telling) && record.all_of(fields).any(has_name)
}

/// Whether letters stand in a name outside brackets: of `(Ivan Petrovich)` and `1930-` the name itself is lost, of which
/// MARC imports make the key.
pub(super) fn has_name(name: &str) -> bool {
    let rest = match name.trim_start().strip_prefix('(') {
        Some(inside) => inside.split_once(')').map_or("", |(_, rest)| rest),
        None => name,
    };
    rest.contains(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, check_change, problems, records};

    #[test]
    fn works_have_keys() {
        check(&RULE, r#"{"title":"Hamlet","author":["Shakespeare, William"]}"#, &["work_keys_str_mv"]);
        check(&RULE, r#"{"title":"Editorial"}"#, &[]);
        let hamlet = r#"{"title":"The Hamlet","author":["Shakespeare, William"]}"#;
        let keys = "AT shakespearewilliam thehamlet | AT shakespearewilliam hamlet";
        check_change(&RULE, hamlet, &[("work_keys_str_mv", keys)]);
        check_change(&RULE, &hamlet.replace('{', r#"{"record_format":"marc","#), &[]);
        let marc = r#"{"title":"The ghost /","title_full":"The ghost / Ann Roe.","title_sort":"ghost","author":["Roe, Ann"],"record_format":"marc"}"#;
        check_change(&RULE, marc, &[("work_keys_str_mv", "AT roeann theghost | AT roeann ghost")]);
        for (one, other) in [
            (r#""Roe, Ann""#, r#""Roe, Ann, 1930-""#),
            (r#""Roe, Ann""#, r#""Roe, Ann (Anna)""#),
            (r#""Roe, Ann""#, r#""Roe, Ann","Poe, Jo, Sir""#),
            ("ghost / Ann", "ghost. Part 2 / Ann"),
            (r#""title_sort":"ghost","#, ""),
        ] {
            let document = marc.replace(one, other);
            check_change(&RULE, &document, &[]);
            let suggestion = problems(&RULE, &document)[0].suggestion.clone().expect("a proposal");
            assert!(suggestion.starts_with("AT roeann theghost"), "{suggestion}");
        }
        check_change(&RULE, r#"{"title":"ThÃ©rÃ¨se Raquin","author":["Roe, Ann"]}"#, &[]);
        check(&RULE, r#"{"title":"...","author":["A"]}"#, &[]);
        check(&RULE, r#"{"title":"Hamlet","author":["(Ivan Petrovich), 1901-","1930-"]}"#, &[]);
        check(&RULE, r#"{"title":"0","author":["A"]}"#, &[]);
        let report = r#"{"title":"Bericht","author_corporate":["World Bank"]}"#;
        check(&RULE, report, &[]);
        check(&RULE, &report.replace('{', r#"{"record_format":"marc","#), &["work_keys_str_mv"]);
        check(&RULE, r#"{"title":"Hamlet","author":["A"],"work_keys_str_mv":["AT a hamlet"]}"#, &[]);
    }

    #[test]
    fn half_of_the_records_of_the_format_have_keys() {
        let document = |at: usize, keys: &str| {
            format!(r#"{{"id":"x{at}","record_format":"f","title":"Hamlet","author":["A"]{keys}}}"#)
        };
        let keys = r#","work_keys_str_mv":["AT a hamlet"]"#;
        let half = [document(0, keys), document(1, "")];
        assert_eq!(records(&RULE, &half), [1]);
        let fewer = [document(0, keys), document(1, ""), document(2, "")];
        assert_eq!(records(&RULE, &fewer), [0; 0]);
        let other = document(3, "").replace(r#""f""#, r#""g""#);
        assert_eq!(records(&RULE, &[&half[..], &[other]].concat()), [1], "another format without any keys");
    }
}
