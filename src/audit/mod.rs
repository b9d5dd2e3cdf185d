//! Stage 5: records → findings.
//!
//! In: each record once, while it is parsed ([`Audit::record`]), then the catalogue as a whole
//! ([`finish`]). Out: an [`Outcome`], which lists [`Finding`]s in the order of records and rules, and holds a
//! [`Census`] of fields; and, from the same pass, a [`Profile`] of what the catalogue holds. A rule is one file in
//! `rules/`; it knows nothing of output, and of another rule at most how that one reads a value or would mend it, so that two rules
//! never mend one value to and fro. Its [`Check`] sees one record at a time, or gathers facts of
//! every record in the same pass and judges them after the last one, or both. The catalogue of rules and their traps
//! follows VuFind's schema and importers; each rule's page names its source.

pub mod baseline;
mod catalogue;
mod census;
mod facts;
mod family;
mod finding;
mod lists;
mod outcome;
mod part;
mod problem;
pub mod profile;
mod rules;
mod selection;
mod settings;
mod store;
mod tally;
mod texts;
mod trace;
mod traits;

use std::cell::{Cell, OnceCell};
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::ids::RecordId;
use crate::input::{Entry, Field, Record};
use crate::keys::work_key::{is_php_blank, normalise, strip_articles};

pub use baseline::{Against, Baseline, Lines};
pub use catalogue::{Catalogue, Reports};
pub use census::Census;
pub use facts::{Facts, N_TABLES, Row, Rows};
pub use family::Family;
pub use finding::{About, Finding, Group, Label, N_EXAMPLES};
pub use lists::{Lists, Words};
pub use outcome::{Outcome, Repairable, finish};
pub use problem::{Change, Found, Problem};
pub use profile::{Gathered, Profile, Profiles};
pub use rules::RULES;
pub use selection::{Because, Off, rule_named, rules_named};
pub use settings::{Scope, Settings, TitleSort};
pub use store::Spill;
pub use trace::{Kept, traces};
pub use traits::Traits;

/// The work keys of a record of an XSLT import once it has this title and these authors, made as the stored ones were; none if
/// those were not made of the stored title and authors, or if it is not certain by which release.
pub(crate) fn remade_work_keys(record: &Record<'_>, title: &str, authors: &[&str]) -> Option<Vec<String>> {
    rules::remade_work_keys(record, title, authors)
}

use finding::collection_of;
use outcome::{Collected, Groups};
use rules::Classes;
use selection::Selections;
use store::{Arena, Entry as Stored, encode};
use tally::Tally;
use texts::{Sign, Signs};
use trace::Tracing;

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

/// What can be done about a finding.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Fix {
    /// Nothing by a program.
    #[serde(rename = "N")]
    None,
    /// A proposal for a person.
    #[serde(rename = "P")]
    Proposal,
    /// The right values follow from stored ones without doubt.
    #[serde(rename = "S")]
    Safe,
}

impl fmt::Display for Fix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Fix::None => "N",
            Fix::Proposal => "P",
            Fix::Safe => "S",
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
    /// The best that its findings offer; see [`Finding::fix`] for a single one.
    pub fix: Fix,
    /// Whether the findings of its record check are listed as one per collection ([`Label::of`]): they are
    /// properties of an import route and concern all of its records.
    pub aggregated: bool,
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

/// How a rule judges: by one record, across records, or both.
pub struct Check {
    /// Judges one record by itself.
    pub record: Option<fn(&Subject<'_>, &mut Found)>,
    /// Judges all records together.
    pub across: Option<Across>,
}

/// The part of a rule that needs the whole export.
pub struct Across {
    /// Remembers what matters of a record; runs in the same pass as the record checks, after the rule's own.
    pub gather: fn(&Subject<'_>, &mut Facts),
    /// Reports problems, given all that was gathered. It may look at single records again, and take back what the
    /// rule's record check found.
    pub judge: fn(&Rows, &Catalogue<'_>, &mut Reports),
}

impl Check {
    /// A check of one record at a time.
    pub const fn record(record: fn(&Subject<'_>, &mut Found)) -> Check {
        Check { record: Some(record), across: None }
    }

    /// A check across records.
    pub const fn across(gather: fn(&Subject<'_>, &mut Facts), judge: fn(&Rows, &Catalogue<'_>, &mut Reports)) -> Check {
        Check { record: None, across: Some(Across { gather, judge }) }
    }

    /// A check of one record at a time, and one across records.
    pub const fn both(
        record: fn(&Subject<'_>, &mut Found),
        gather: fn(&Subject<'_>, &mut Facts),
        judge: fn(&Rows, &Catalogue<'_>, &mut Reports),
    ) -> Check {
        Check { record: Some(record), across: Some(Across { gather, judge }) }
    }
}

/// One record under audit, with what several rules need to know of it.
pub struct Subject<'a> {
    /// The record.
    pub record: &'a Record<'a>,
    /// The settings of the audit.
    pub settings: &'a Settings,
    /// The importer family that made it; decides how derived fields are checked.
    pub family: Family,
    /// Year in which the record was last indexed (from `_version_`, else `last_indexed`); `None` if neither is there.
    pub indexed_year: Option<u16>,
    /// Numbers of the rules that run on the record; none if all do.
    running: Option<Arc<[usize]>>,
    collection_key: OnceCell<u64>,
    title_key: OnceCell<String>,
    author_keys: OnceCell<Vec<String>>,
    dois: OnceCell<Vec<String>>,
    title_sketch: OnceCell<u32>,
    /// None where the title key has the same letters.
    folded_title: OnceCell<Option<String>>,
    folded_title_full: OnceCell<Option<String>>,
    n_left_out: OnceCell<Option<usize>>,
    signs: OnceCell<Signs>,
    classes: OnceCell<Classes>,
    /// What W002 saw, so that the profile need not make the keys again.
    work_keys_form: Cell<Option<rules::WorkKeysForm>>,
}

impl<'a> Subject<'a> {
    /// Classifies a record.
    pub fn new(record: &'a Record<'a>, settings: &'a Settings) -> Subject<'a> {
        let (family, indexed_year) = (Family::of(record), family::indexed_year(record));
        Subject {
            record,
            settings,
            family,
            indexed_year,
            running: None,
            collection_key: OnceCell::new(),
            title_key: OnceCell::new(),
            author_keys: OnceCell::new(),
            dois: OnceCell::new(),
            title_sketch: OnceCell::new(),
            folded_title: OnceCell::new(),
            folded_title_full: OnceCell::new(),
            n_left_out: OnceCell::new(),
            signs: OnceCell::new(),
            classes: OnceCell::new(),
            work_keys_form: Cell::new(None),
        }
    }

    /// Whether the rule with a code runs on the record, so that what it makes safe is repaired.
    pub(in crate::audit) fn is_on(&self, code: &str) -> bool {
        self.running.as_ref().is_none_or(|running| running.iter().any(|&number| RULES[number].code == code))
    }

    /// A hash of the collection, see [`Label::of`].
    pub(in crate::audit) fn collection_key(&self) -> u64 {
        *self.collection_key.get_or_init(|| {
            let (kind, name) = collection_of(self.record);
            rules::hash_of(&[kind, name])
        })
    }

    /// The title as a part of work keys, see [`normalise`]; empty without a title.
    pub fn title_key(&self) -> &str {
        self.title_key.get_or_init(|| self.record.filled(Field::Title).map(normalise).unwrap_or_default())
    }

    /// The title without its article as a part of work keys, see [`strip_articles`]; empty without a title.
    pub fn stripped_title_key(&self) -> &str {
        &self.title_key()[self.n_article_letters()..]
    }

    /// Letters of the article that [`strip_articles`] takes off the title.
    pub fn n_article_letters(&self) -> usize {
        let Some(title) = self.record.filled(Field::Title) else { return 0 };
        let rest = strip_articles(title);
        let before = &title[..title.trim_end_matches(is_php_blank).len() - rest.len()];
        before.bytes().filter(u8::is_ascii_alphabetic).count()
    }

    /// All values of `author` as parts of work keys, in their order.
    pub fn author_keys(&self) -> &[String] {
        self.author_keys.get_or_init(|| self.record.all(Field::Author).iter().map(|name| normalise(name)).collect())
    }

    /// The first author that is more than blanks as a part of work keys; none without one.
    pub fn first_author_key(&self) -> Option<&str> {
        let at = self.record.all(Field::Author).iter().position(|name| !name.trim().is_empty())?;
        self.author_keys().get(at).map(String::as_str)
    }

    /// The DOIs of `doi_str_mv` and of links to the resolver, in their order, repeats included.
    pub fn dois(&self) -> &[String] {
        self.dois.get_or_init(|| rules::dois(self.record))
    }

    /// The words of the title as few bits, for a first comparison; 0 without a title.
    pub(in crate::audit) fn title_sketch(&self) -> u32 {
        *self.title_sketch.get_or_init(|| self.record.filled(Field::Title).map_or(0, rules::sketch))
    }

    /// Letters and numbers of the title; empty without one.
    pub(in crate::audit) fn folded_title(&self) -> &str {
        let own = self.folded_title.get_or_init(|| {
            let title = self.record.filled(Field::Title)?;
            // Of ASCII, work keys keep the same.
            (!title.is_ascii()).then(|| rules::fold(title))
        });
        own.as_deref().unwrap_or_else(|| self.title_key())
    }

    /// Letters and numbers of the full title; empty without one.
    pub(in crate::audit) fn folded_title_full(&self) -> &str {
        let own = self.folded_title_full.get_or_init(|| {
            let Some(full) = self.record.filled(Field::TitleFull) else { return Some(String::new()) };
            // Most full titles go on where the title ends.
            match self.record.filled(Field::Title).and_then(|title| full.strip_prefix(title)) {
                Some("") => None,
                Some(rest) => Some([self.folded_title(), &rules::fold(rest)].concat()),
                None => Some(rules::fold(full)),
            }
        });
        own.as_deref().unwrap_or_else(|| self.folded_title())
    }

    /// Length of the beginning of the folded title that the sort title leaves out, 0 if it has all letters; none if it has
    /// not the letters of the end of the title.
    pub(in crate::audit) fn n_left_out(&self) -> Option<usize> {
        *self.n_left_out.get_or_init(|| {
            let (title, sort) = (self.record.filled(Field::Title), self.record.filled(Field::TitleSort));
            // Most sort titles are the end of the title in small letters.
            if let (Some(title), Some(sort)) = (title, sort)
                && title.is_ascii()
                && let Some((start, end)) = title.split_at_checked(title.len().saturating_sub(sort.len()))
                && end.eq_ignore_ascii_case(sort)
            {
                return Some(rules::folded_len(start));
            }
            let folded = sort.map(rules::fold).unwrap_or_default();
            self.folded_title().strip_suffix(folded.as_str()).map(str::len)
        })
    }

    /// What the formats say about the kind of publication.
    pub(in crate::audit) fn classes(&self) -> Classes {
        *self.classes.get_or_init(|| Classes::of(self.record))
    }

    /// What the rules on characters may find.
    pub(in crate::audit) fn signs(&self) -> &Signs {
        self.signs.get_or_init(|| Signs::of(self.record))
    }

    /// The text fields and those of their values that have a sign, see [`Signs::texts_with`].
    pub(in crate::audit) fn texts_with(
        &self,
        sign: Sign,
    ) -> impl Iterator<Item = (&Entry<'a>, impl Iterator<Item = &str> + Clone)> {
        self.signs().texts_with(self.record, sign)
    }
}

/// The audit of consecutive records; numbered from 0 until [`finish`] joins the parts.
pub struct Audit<'a> {
    settings: &'a Settings,
    spill: &'a Spill,
    selections: Selections,
    findings: Arena<'a>,
    /// By rule, as all that follows.
    tallies: Vec<Tally>,
    facts: Vec<Facts>,
    groups: Groups,
    census: Census,
    found: Found,
    /// Traces of the records, if they are kept.
    tracing: Option<Tracing>,
}

impl<'a> Audit<'a> {
    /// An empty part. All parts of a run share one `spill`.
    pub fn new(settings: &'a Settings, spill: &'a Spill) -> Audit<'a> {
        Audit {
            settings,
            spill,
            selections: Selections::new(settings),
            findings: Arena::new(spill),
            tallies: RULES.iter().map(|_| Tally::default()).collect(),
            facts: RULES.iter().map(|_| Facts::default()).collect(),
            groups: Groups::new(),
            census: Census::default(),
            found: Found::default(),
            tracing: None,
        }
    }

    fn next_record(&self) -> RecordId {
        RecordId::new(self.census.n_records())
    }

    /// Runs every rule that is on for it on the next record.
    pub fn record(&mut self, record: &Record<'_>) {
        self.record_with(record, |_| ());
    }

    /// Runs every rule on the next record, then shows to `look` what is counted of it.
    pub fn record_with(&mut self, record: &Record<'_>, look: impl FnOnce(&Traits<'_>)) {
        let id = self.next_record();
        let merged = record.first(Field::MergedBoolean) == Some("true");
        let selection = self.selections.next(self.settings, record);
        let running = Arc::clone(&self.selections.selection(selection).running);
        let subject = Subject { running: Some(Arc::clone(&running)), ..Subject::new(record, self.settings) };
        for &number in running.iter() {
            let rule = RULES[number];
            if merged && rule.skips_merged {
                continue;
            }
            if let Some(check) = rule.check.record {
                check(&subject, &mut self.found);
                if !self.found.is_empty() {
                    self.take_found(number, id, record, selection);
                }
            }
            if let Some(across) = &rule.check.across {
                let facts = &mut self.facts[number];
                facts.set_record(id);
                (across.gather)(&subject, facts);
                if let Some(tracing) = &mut self.tracing {
                    tracing.take_facts(number, facts);
                }
                facts.close_chunks(self.spill);
            }
        }
        let traits = Traits::of(&subject);
        self.census.count(&traits);
        look(&traits);
        if let Some(tracing) = &mut self.tracing {
            tracing.close(self.selections.scopes(selection), traits);
        }
    }

    /// Says that no record follows: what is kept until [`finish`] is kept without room for more. Every part of the export
    /// waits for the last one.
    pub fn close(&mut self) {
        self.findings.put_away();
        self.facts.iter_mut().for_each(|facts| facts.close(self.spill));
        self.tallies.iter_mut().for_each(Tally::shrink);
    }

    fn take_found(&mut self, number: usize, id: RecordId, record: &Record<'_>, selection: usize) {
        let rule = RULES[number];
        let selection = self.selections.selection(selection);
        for mut problem in self.found.take() {
            problem.severity = selection.graded(number, problem.severity);
            let severity = problem.severity.unwrap_or(rule.severity);
            self.findings.add(number, id.get(), &problem);
            if let Some(tracing) = &mut self.tracing {
                encode(number, 0, &problem, &mut tracing.findings);
            }
            self.tallies[number].add(id.get(), severity);
            if rule.aggregated {
                collect(&mut self.groups, (number, Label::of(record)), id, severity, || problem);
            }
        }
    }

    /// Takes a finding that is known from an earlier run.
    fn take_entry(&mut self, id: RecordId, entry: Stored<'_>, traits: &Traits<'_>) {
        let rule = entry.rule();
        let severity = entry.severity().unwrap_or(rule.severity);
        self.findings.add_again(id.get(), &entry);
        self.tallies[entry.rule].add(id.get(), severity);
        if rule.aggregated {
            collect(&mut self.groups, (entry.rule, traits.label()), id, severity, || entry.problem());
        }
    }
}

/// Counts a record in a group of an aggregated rule.
fn collect(
    groups: &mut Groups,
    group: (usize, Label),
    record: RecordId,
    severity: Severity,
    first: impl FnOnce() -> Problem,
) {
    match groups.entry(group) {
        std::collections::btree_map::Entry::Vacant(free) => {
            free.insert(Collected::new(record, severity, first()));
        }
        std::collections::btree_map::Entry::Occupied(group) => group.into_mut().add(record, severity),
    }
}

/// What all record checks find in one record by itself, by rule and field: for records that are changed in memory.
///
/// Whether a rule may judge the export, and this record in it, is for [`Outcome::judges`] to say.
pub fn problems(record: &Record<'_>, settings: &Settings) -> Vec<(&'static Rule, Problem)> {
    let subject = Subject::new(record, settings);
    let merged = record.first(Field::MergedBoolean) == Some("true");
    let mut all = Vec::new();
    let mut found = Found::default();
    for rule in RULES.iter().filter(|rule| !(merged && rule.skips_merged)) {
        if let Some(check) = rule.check.record {
            check(&subject, &mut found);
            all.extend(found.take().map(|problem| (*rule, problem)));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

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
        rules::testing::outcome(&[document.to_string()], &Settings::default()).findings().collect()
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
    fn only_its_sort_title_is_of_an_older_form() {
        let settings = Settings { title_sort: TitleSort::Current, ..Settings::default() };
        let outcome = rules::testing::outcome(&[article().to_string()], &settings);
        let found: Vec<Finding> = outcome.findings().filter(|finding| finding.rule.code == "T002").collect();
        let [finding] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!((finding.severity(), finding.fix()), (Severity::Warn, Fix::Safe));
        let sort = TITLE[4..].to_lowercase();
        assert_eq!(finding.problem.suggestion.as_deref(), Some(sort.replace(':', "").as_str()));
        assert_eq!(outcome.n_findings(), 12);
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
