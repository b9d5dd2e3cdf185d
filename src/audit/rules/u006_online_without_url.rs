//! U006: online without url.

use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;
use crate::keys::seek::holds_in_any_case;

pub(super) static RULE: Rule = Rule {
    code: "U006",
    name: "online-without-url",
    severity: Severity::Warn,
    fix: Fix::None,
    aggregated: false,
    needs: &[Field::Url, Field::Format],
    skips_merged: false,
    explanation: "\
## What it finds
Records whose format or collection says that they are online, without a link, a DOI or the number of a full
text.
## Why it matters
Readers cannot reach what the catalogue promises.
## Example
Format `eBook` and no url.
## Known gaps
Some installations add links when they display the record. Electronic carriers such as CD-ROMs are not
reported.
## Source
VuFind's record drivers build the links from url, and from DOIs where so configured.",
    check: Check::record(check),
};

/// Parts of format and collection names that mean online, lower-cased. Origin: VuFind's format map and usual labels.
const ONLINE: [&str; 7] = ["online", "electronic", "ebook", "e-book", "ejournal", "e-journal", "internet"];

/// Parts of names and descriptions that mean a carrier. Origin: VuFind's format map.
const CARRIERS: [&str; 5] = ["cd", "dvd", "disc", "disk", "microf"];

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    if record.filled(Field::Url).is_some() {
        return;
    }
    let Some(value) = record.all_of(&[Field::Format, Field::Collection]).find(|value| has_any(value, &ONLINE)) else {
        return;
    };
    let is_carrier = record.all_of(&[Field::Format, Field::Physical]).any(|value| has_any(value, &CARRIERS));
    let identifiers =
        [Field::DoiStrMv, Field::PmcidStrMv, Field::ArxivStr, Field::Fulltext, Field::PmidStrMv, Field::PmidStr];
    if !is_carrier && identifiers.iter().all(|&field| record.filled(field).is_none()) {
        found.add(Problem::new(Field::Url, "", format!("`{value}` is said to be online, and there is no link")));
    }
}

fn has_any(value: &str, words: &[&str]) -> bool {
    words.iter().any(|word| holds_in_any_case(value, word))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::check;

    #[test]
    fn online_things_have_a_link() {
        check(&RULE, r#"{"format":["eBook"]}"#, &["url"]);
        check(&RULE, r#"{"format":["Online"],"url":["https://x.org/"]}"#, &[]);
        check(&RULE, r#"{"format":["Electronic"],"physical":["1 CD-ROM"]}"#, &[]);
        check(&RULE, r#"{"format":["Book"]}"#, &[]);
    }
}
