//! U005: url moved host.

use super::links::strip_start;
use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;
use crate::keys::seek::split_once;

/// By the list `moved_hosts`: pairs of the old and the new beginning of an address, without scheme.
pub(super) static RULE: Rule = Rule {
    code: "U005",
    name: "url-moved-host",
    severity: Severity::Info,
    fix: Fix::Proposal,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
Links to places that moved to another host.
## Why it matters
The link works as long as the old host redirects.
## Example
`https://www.ncbi.nlm.nih.gov/pubmed/33717499`, now `https://pubmed.ncbi.nlm.nih.gov/33717499`.
## Known gaps
The table is short and dated.
## Source
Announcements of the hosts: PubMed 2020, PubMed Central 2024, PLOS 2012.",
    check: Check::record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    for url in subject.record.all(Field::Url) {
        let Some((_, address)) = split_once(url, "://") else { continue };
        let moved = subject.settings.lists.moved_hosts.iter();
        let new =
            moved.filter_map(|[old, new]| strip_start(address, old).map(|rest| format!("https://{new}{rest}"))).next();
        if let Some(new) = new {
            found.add(Problem::new(Field::Url, &**url, "the target moved to another host").suggest(new));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::problems;

    #[test]
    fn moved_hosts_are_known() {
        let found = problems(&RULE, r#"{"url":["https://www.ncbi.nlm.nih.gov/pmc/articles/PMC7917429/"]}"#);
        assert_eq!(found[0].suggestion.as_deref(), Some("https://pmc.ncbi.nlm.nih.gov/articles/PMC7917429/"));
        assert_eq!(problems(&RULE, r#"{"url":["https://pubmed.ncbi.nlm.nih.gov/1","/pubmed/1"]}"#), []);
    }
}
