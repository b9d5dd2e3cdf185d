//! Stage 5: records → findings.
//!
//! In: each record once, while it is parsed ([`Audit::record`]), then the whole catalogue's ids
//! ([`finish`]). Out: [`Finding`]s in the order of records and rules, and a [`Census`] of fields. A rule is
//! one file in `rules/`; it sees one record ([`Check::Record`]) or the catalogue ([`Check::Catalogue`]),
//! knows no other rule and nothing of output. The catalogue of rules and their traps follows VuFind's
//! schema and importers; each rule's page names its source.

mod census;
mod family;
mod rules;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ids::RecordId;
use crate::input::{Field, Record};

pub use census::Census;
pub use family::Family;
pub use rules::RULES;

/// How much a finding matters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Very likely wrong or harmful.
    Warn,
    /// The index contradicts itself, or the content is unusable.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Info => "info",
            Severity::Warn => "warn",
            Severity::Error => "error",
        })
    }
}

/// One audit rule: what it is called, what it means, and its check.
pub struct Rule {
    /// Stable code such as `T002`; never reused.
    pub code: &'static str,
    /// The problem in words, such as `title-sort-mismatch`.
    pub name: &'static str,
    /// Severity of its findings unless a finding says otherwise.
    pub severity: Severity,
    /// Fields without which the rule cannot judge: if one of these is absent from the whole export (a
    /// restricted `fl`), the rule is switched off and the report says so. Empty: always on.
    pub needs: &'static [Field],
    /// Whether records that RecordManager merged (`merged_boolean`) are left out: their lists are unions.
    pub skips_merged: bool,
    /// Markdown under the headings `What it finds`, `Why it matters`, `Example`, `Known gaps`, `Source`.
    pub explanation: &'static str,
    /// What it looks at.
    pub check: Check,
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code, self.name)
    }
}

/// The scope of a rule.
pub enum Check {
    /// Judges one record by itself.
    Record(fn(&Subject<'_>, &mut Found)),
    /// Judges all records together, after the last one was read.
    Catalogue(fn(&Catalogue<'_>) -> Vec<(RecordId, Problem)>),
}

/// One record under audit, with what several rules need to know of it.
pub struct Subject<'a> {
    /// The record.
    pub record: &'a Record<'a>,
    /// The importer family that made it; decides how derived fields are checked.
    pub family: Family,
    /// Year in which the record was last indexed (from `_version_`, else `last_indexed`); `None` if neither is there.
    pub indexed_year: Option<u16>,
}

impl<'a> Subject<'a> {
    /// Classifies a record.
    pub fn new(record: &'a Record<'a>) -> Subject<'a> {
        Subject { record, family: Family::of(record), indexed_year: family::indexed_year(record) }
    }
}

/// What is wrong in one place, without the place.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Problem {
    /// The field's name.
    pub field: String,
    /// The offending value as stored; for a list, the values joined with ` | `. Empty if the field is absent.
    pub value: String,
    /// A sentence without full stop: what is wrong with this value.
    pub message: String,
    /// The value that would be right, if it can be computed.
    pub suggestion: Option<String>,
    /// Severity where it differs from the rule's.
    pub severity: Option<Severity>,
}

impl Problem {
    /// A problem in a known field.
    pub fn new(field: Field, value: impl Into<String>, message: impl Into<String>) -> Problem {
        Problem {
            field: field.name().to_owned(),
            value: value.into(),
            message: message.into(),
            suggestion: None,
            severity: None,
        }
    }

    /// A problem in a field given by name (local and dynamic fields).
    pub fn named(field: &str, value: impl Into<String>, message: impl Into<String>) -> Problem {
        Problem { field: field.to_owned(), ..Problem::new(Field::Id, value, message) }
    }

    /// With the right value.
    pub fn suggest(self, suggestion: impl Into<String>) -> Problem {
        Problem { suggestion: Some(suggestion.into()), ..self }
    }

    /// With another severity than the rule's.
    pub fn severity(self, severity: Severity) -> Problem {
        Problem { severity: Some(severity), ..self }
    }
}

/// Collects the problems that one rule finds in one record.
#[derive(Default)]
pub struct Found {
    problems: Vec<Problem>,
}

impl Found {
    /// Adds a problem.
    pub fn add(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// What was found so far.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

/// One problem in one record.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The record.
    pub record: RecordId,
    /// The rule that found it.
    pub rule: &'static Rule,
    /// What is wrong.
    pub problem: Problem,
}

impl Finding {
    /// The finding's own severity, else the rule's.
    pub fn severity(&self) -> Severity {
        self.problem.severity.unwrap_or(self.rule.severity)
    }
}

/// What rules over the whole catalogue may look at.
pub struct Catalogue<'a> {
    /// Every record's id, indexed by record number.
    pub ids: &'a dyn Fn(RecordId) -> &'a str,
    /// Number of records.
    pub n_records: usize,
}

/// The audit of consecutive records; numbered from 0 until [`finish`] joins the parts.
#[derive(Default)]
pub struct Audit {
    findings: Vec<Finding>,
    census: Census,
    found: Found,
}

impl Audit {
    /// Runs every record rule on the next record.
    pub fn record(&mut self, record: &Record<'_>) {
        let id = RecordId::new(self.census.n_records());
        self.census.count(record);
        let subject = Subject::new(record);
        let merged = record.first(Field::MergedBoolean) == Some("true");
        for rule in RULES {
            let Check::Record(check) = rule.check else { continue };
            if merged && rule.skips_merged {
                continue;
            }
            check(&subject, &mut self.found);
            let findings = self.found.problems.drain(..).map(|problem| Finding { record: id, rule, problem });
            self.findings.extend(findings);
        }
    }
}

/// The whole audit.
pub struct Outcome {
    /// In the order of records, then rules, then fields.
    pub findings: Vec<Finding>,
    /// Field presence over the whole export.
    pub census: Census,
    /// Rules switched off because the export lacks a field they need, with that field.
    pub switched_off: Vec<(&'static Rule, Field)>,
}

/// Joins the parts in input order, runs the rules over the catalogue, and drops the findings of rules that
/// cannot judge this export.
pub fn finish(parts: Vec<Audit>, catalogue: &Catalogue<'_>) -> Outcome {
    let mut findings = Vec::new();
    let mut census = Census::default();
    for part in parts {
        let before = census.n_records();
        let shift = |finding: Finding| Finding { record: RecordId::new(before + finding.record.index()), ..finding };
        findings.extend(part.findings.into_iter().map(shift));
        census.add(&part.census);
    }
    for rule in RULES {
        if let Check::Catalogue(check) = rule.check {
            let found = check(catalogue).into_iter();
            findings.extend(found.map(|(record, problem)| Finding { record, rule, problem }));
        }
    }
    let switched_off = switched_off(&census);
    findings.retain(|finding| !switched_off.iter().any(|(rule, _)| rule.code == finding.rule.code));
    findings.sort_by(|a, b| (a.record, a.rule.code, &a.problem).cmp(&(b.record, b.rule.code, &b.problem)));
    Outcome { findings, census, switched_off }
}

/// Records below which a missing field is no sign of a restricted export.
const CENSUS_RECORDS: usize = 100;

fn switched_off(census: &Census) -> Vec<(&'static Rule, Field)> {
    if census.n_records() < CENSUS_RECORDS {
        return Vec::new();
    }
    let absent = |rule: &&Rule| rule.needs.iter().copied().find(|&field| census.n_with(field) == 0);
    RULES.iter().filter_map(|rule| absent(rule).map(|field| (*rule, field))).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;
    use crate::input::Parser;

    const TITLE: &str = "The use of social media as a tool for stakeholder engagement in health service design and \
                         quality improvement: A scoping review";
    const AUTHORS: [&str; 6] =
        ["Walsh, Louisa", "Hyett, Nerida", "Juniper, Nicole", "Li, Chi", "Rodier, Sophie", "Hill, Sophie"];
    const ABSTRACT: &str = "BACKGROUND: Health-related social media use is common but few health organisations have \
                            embraced its potential.";

    /// The record of a Staff View page of a PubMed harvest, its abstract shortened.
    fn article() -> serde_json::Value {
        let keys = ["walshlouisa", "hyettnerida", "junipernicole", "lichi", "rodiersophie", "hillsophie"];
        let long = "theuseofsocialmediaasatoolforstakeholderengagementinhealthservicedesignandqualityimprovement\
                    ascopingreview";
        let work_keys: Vec<String> =
            [long, &long[3..]].iter().flat_map(|title| keys.map(|author| format!("AT {author} {title}"))).collect();
        let shingle: Vec<&str> = ["Review Article"].into_iter().chain(AUTHORS).chain([TITLE]).collect();
        let text = format!(
            "pubmed-79174292021-03-11 {TITLE} {} Digit Health Review Article {ABSTRACT} SAGE Publications 2021-02-24 \
             /pmc/articles/PMC7917429/ /pubmed/33717499 http://dx.doi.org/10.1177/2055207621996870 Text en © The Author(s) \
             2021 https://creativecommons.org/licenses/by-nc/4.0/ Creative Commons Non Commercial CC BY-NC",
            AUTHORS.join(" ")
        );
        json!({
            "_version_": 1_783_657_697_493_647_360_u64,
            "author": AUTHORS,
            "author_facet": AUTHORS,
            "author_sort": AUTHORS[0],
            "collection": ["PubMed"],
            "description": ABSTRACT,
            "format": ["Online", "Article", "Text"],
            "id": "pubmed-7917429",
            "institution": ["National Center for Biotechnology Information"],
            "language": ["English"],
            "publishDate": ["2021"],
            "publisher": ["SAGE Publications"],
            "record_format": "MEDLINE/PubMed",
            "spelling": [text],
            "spellingShingle": shingle,
            "title": TITLE,
            "title_full": TITLE,
            "title_fullStr": TITLE,
            "title_full_unstemmed": TITLE,
            "title_short": TITLE,
            "title_sort": TITLE[4..].to_lowercase(),
            "topic": ["Review Article"],
            "url": [
                "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC7917429/",
                "https://www.ncbi.nlm.nih.gov/pubmed/33717499",
                "http://dx.doi.org/10.1177/2055207621996870",
            ],
            "work_keys_str_mv": work_keys,
        })
    }

    fn findings(document: &serde_json::Value) -> Vec<Finding> {
        let mut audit = Audit::default();
        Parser::default().parse(document.to_string().as_bytes(), |record| audit.record(record)).unwrap();
        let id = document["id"].as_str().unwrap();
        finish(vec![audit], &Catalogue { ids: &|_| id, n_records: 1 }).findings
    }

    #[test]
    fn the_article_of_a_pubmed_harvest_has_its_known_findings() {
        let found: Vec<(&str, Severity)> =
            findings(&article()).iter().map(|finding| (finding.rule.code, finding.severity())).collect();
        let expected = [
            ("F003", Severity::Info),
            ("F004", Severity::Warn),
            ("F005", Severity::Info),
            ("F006", Severity::Warn),
            ("I004", Severity::Warn),
            ("I004", Severity::Info),
            ("I004", Severity::Info),
            ("T007", Severity::Info),
            ("U003", Severity::Warn),
            ("U005", Severity::Info),
            ("U005", Severity::Info),
        ];
        let mut found = found;
        found.sort_unstable_by(|one, other| (one.0, other.1).cmp(&(other.0, one.1)));
        assert_eq!(found, expected);
    }

    #[test]
    fn the_journal_and_the_doi_of_the_article_are_suggested() {
        let found = findings(&article());
        let suggested: Vec<Option<&str>> = found
            .iter()
            .filter(|finding| matches!(finding.rule.code, "F006" | "U003"))
            .map(|finding| finding.problem.suggestion.as_deref())
            .collect();
        assert_eq!(suggested, [Some("Digit Health"), Some("https://doi.org/10.1177/2055207621996870")]);
    }

    #[test]
    fn stale_derived_fields_are_errors() {
        let mut document = article();
        document["title"] = json!("Another title");
        let codes: Vec<&str> = findings(&document).iter().map(|finding| finding.rule.code).collect();
        for code in ["T002", "T004", "T005", "W002"] {
            assert!(codes.contains(&code), "{code} in {codes:?}");
        }
    }
}
