//! The registry: one file per rule, codes ascending.

mod t001_title_missing;
mod x001_id_duplicate;

use super::Rule;

/// All rules, in the order of their codes.
pub static RULES: &[&Rule] = &[&t001_title_missing::RULE, &x001_id_duplicate::RULE];

#[cfg(test)]
pub(super) mod testing {
    //! Helpers for the rules' own tests.
    #![allow(clippy::unwrap_used)]

    use crate::audit::{Check, Found, Problem, Rule, Subject};
    use crate::input::Parser;

    /// Runs a record rule on a document given without id.
    pub fn problems(rule: &Rule, document: &str) -> Vec<Problem> {
        let Check::Record(check) = rule.check else { panic!("{rule:?} is not a record rule") };
        let document = document.replacen('{', r#"{"id":"x-1","#, 1).replace(",}", "}");
        let run = |record: &crate::input::Record<'_>| {
            let mut found = Found::default();
            check(&Subject::new(record), &mut found);
            found.problems().to_vec()
        };
        Parser::default().parse(document.as_bytes(), run).unwrap()
    }

    /// Checks in which fields a record rule finds a problem.
    pub fn check(rule: &Rule, document: &str, fields: &[&str]) {
        let found: Vec<String> = problems(rule, document).into_iter().map(|problem| problem.field).collect();
        assert_eq!(found, fields, "{} on {document}", rule.code);
    }

    #[test]
    fn codes_ascend_and_pages_are_whole() {
        for pair in super::RULES.windows(2) {
            assert!(pair[0].code < pair[1].code, "{:?} before {:?}", pair[0], pair[1]);
        }
        for rule in super::RULES {
            for heading in ["## What it finds", "## Why it matters", "## Example", "## Known gaps", "## Source"] {
                assert!(rule.explanation.contains(heading), "{}: {heading}", rule.code);
            }
        }
    }
}
