//! What a user may set about the audit.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

use super::selection::check_selector;
use super::{Lists, Severity};
use crate::input::{Field, Record};

/// The settings that rules and reports read. Part of the configuration, under `[audit]`.
///
/// Rules are named by selectors: a code (`T002`), the beginning of codes (`T`, `W00`), a name
/// (`title-sort-mismatch`) or `ALL`. Of two selectors that disagree the longer one counts, and of equally long
/// ones the one that takes away.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Least severity of a finding that makes the exit code 1.
    pub fail_on: Severity,
    /// Which forms of sort titles are accepted.
    pub title_sort: TitleSort,
    /// Selectors of the rules that run; empty means all.
    pub select: Vec<String>,
    /// Selectors of rules that do not run.
    pub ignore: Vec<String>,
    /// Severities by selector, in place of the rules' own. What a rule itself grades lower stays lower.
    pub severity: BTreeMap<String, Severity>,
    /// Other rules for some records. All scopes that fit a record count, in this order.
    pub scopes: Vec<Scope>,
    /// What rules look things up in.
    pub lists: Lists,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            fail_on: Severity::Error,
            title_sort: TitleSort::Any,
            select: Vec::new(),
            ignore: Vec::new(),
            severity: BTreeMap::new(),
            scopes: Vec::new(),
            lists: Lists::default(),
        }
    }
}

/// Other rules for the records that fulfil all of its conditions.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Scope {
    /// Values of `collection`, one of which the record has. Empty: no condition.
    #[serde(deserialize_with = "one_or_many", skip_serializing_if = "Vec::is_empty")]
    pub collection: Vec<String>,
    /// The same for `institution`.
    #[serde(deserialize_with = "one_or_many", skip_serializing_if = "Vec::is_empty")]
    pub institution: Vec<String>,
    /// The same for `record_format` (`recordtype` in older indexes).
    #[serde(deserialize_with = "one_or_many", skip_serializing_if = "Vec::is_empty")]
    pub record_format: Vec<String>,
    /// Selectors of the rules that run here, whatever runs elsewhere; empty: the same as elsewhere.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub select: Vec<String>,
    /// Selectors of rules that do not run here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ignore: Vec<String>,
    /// Severities by selector here.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub severity: BTreeMap<String, Severity>,
}

/// A value or a list of values.
fn one_or_many<'de, D: Deserializer<'de>>(values: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "a text or a list of texts was expected")]
    enum Values {
        One(String),
        Many(Vec<String>),
    }
    Ok(match Values::deserialize(values)? {
        Values::One(value) => vec![value],
        Values::Many(values) => values,
    })
}

impl Scope {
    /// Whether a record fulfils all conditions.
    pub fn fits(&self, record: &Record<'_>) -> bool {
        let has = |wanted: &[String], fields: &[Field]| {
            let mut values = fields.iter().flat_map(|&field| record.all(field));
            wanted.is_empty() || values.any(|value| wanted.iter().any(|wanted| wanted == &**value))
        };
        has(&self.collection, &[Field::Collection])
            && has(&self.institution, &[Field::Institution])
            && has(&self.record_format, &[Field::RecordFormat, Field::Recordtype])
    }
}

/// Which forms of `title_sort` rule T002 accepts; see [`crate::keys::sort_title`] for the forms.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TitleSort {
    /// Those of all releases of all importers.
    Any,
    /// Those of current releases only: without punctuation.
    Current,
}

impl Settings {
    /// Checks that selectors name rules and that scopes are complete.
    ///
    /// # Errors
    /// A sentence with the setting, what is wrong, and what was probably meant.
    pub fn check(&self) -> Result<(), String> {
        check_selectors("audit", &self.select, &self.ignore, &self.severity)?;
        for (number, scope) in self.scopes.iter().enumerate() {
            let place = format!("scope {} of audit.scopes", number + 1);
            check_selectors(&place, &scope.select, &scope.ignore, &scope.severity)?;
            if [&scope.collection, &scope.institution, &scope.record_format].iter().all(|wanted| wanted.is_empty()) {
                return Err(format!("{place} has no condition; give it collection, institution or record_format"));
            }
            if scope.select.is_empty() && scope.ignore.is_empty() && scope.severity.is_empty() {
                return Err(format!("{place} changes nothing; give it select, ignore or severity"));
            }
        }
        self.check_any_runs("audit.ignore")
    }

    /// Runs only what `select` names, whatever was set before, and nothing that `ignore` names. Empty lists change
    /// nothing. Scopes may still take rules away, and bring back none.
    ///
    /// # Errors
    /// If a selector names no rule: what was probably meant.
    pub fn narrow(&mut self, select: &[String], ignore: &[String]) -> Result<(), String> {
        for (flag, selectors) in [("--select", select), ("--ignore", ignore)] {
            selectors
                .iter()
                .try_for_each(|selector| check_selector(selector).map_err(|why| format!("{flag}: {why}")))?;
        }
        if !select.is_empty() {
            self.select = select.to_vec();
            self.ignore = ignore.to_vec();
            self.scopes.iter_mut().for_each(|scope| scope.select.clear());
            return self.check_any_runs("--ignore");
        }
        for scope in self.scopes.iter_mut().filter(|scope| !scope.select.is_empty()) {
            scope.ignore.extend(super::selection::codes_of(ignore));
        }
        // As codes they outweigh every selector of the file.
        self.ignore.extend(super::selection::codes_of(ignore));
        if ignore.is_empty() { Ok(()) } else { self.check_any_runs("--ignore") }
    }

    /// An audit without a rule finds nothing in anything, which must not look like a clean catalogue.
    fn check_any_runs(&self, place: &str) -> Result<(), String> {
        if super::selection::deselected(self).len() < super::RULES.len() {
            return Ok(());
        }
        Err(format!("no rule is left to run: {place} takes away all that is selected; name fewer rules there"))
    }
}

fn check_selectors(
    place: &str,
    select: &[String],
    ignore: &[String],
    severity: &BTreeMap<String, Severity>,
) -> Result<(), String> {
    let named = |key: &str, selector: &String| check_selector(selector).map_err(|why| format!("{place}.{key}: {why}"));
    select.iter().try_for_each(|selector| named("select", selector))?;
    ignore.iter().try_for_each(|selector| named("ignore", selector))?;
    severity.keys().try_for_each(|selector| named("severity", selector))
}
