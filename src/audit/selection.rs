//! Which rules run on which records, and how much their findings matter.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::{RULES, Rule, Scope, Settings, Severity};
use crate::input::{Field, Record};
use crate::nearest::nearest;

/// A rule that does not run, and why.
#[derive(Clone, Debug)]
pub struct Off {
    /// The rule.
    pub rule: &'static Rule,
    /// Why it is off.
    pub because: Because,
}

/// Why a rule does not run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Because {
    /// The export lacks a field that the rule needs.
    Absent(Field),
    /// It is not among the rules selected.
    NotSelected,
    /// This selector takes it away.
    Ignored(String),
}

impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Because::Absent(field) => write!(f, "the export has no {}", field.name()),
            Because::NotSelected => f.write_str("not selected"),
            Because::Ignored(selector) => write!(f, "ignored by {selector}"),
        }
    }
}

/// The selector of all rules.
const ALL: &str = "ALL";

/// How exactly a selector names a rule, if it does: the number of signs of its code that are given.
fn exactness(selector: &str, rule: &Rule) -> Option<usize> {
    let is_start = || rule.code.get(..selector.len()).is_some_and(|start| start.eq_ignore_ascii_case(selector));
    if selector.eq_ignore_ascii_case(ALL) {
        Some(0)
    } else if selector.eq_ignore_ascii_case(rule.name) {
        Some(rule.code.len())
    } else {
        (!selector.is_empty() && is_start()).then_some(selector.len())
    }
}

/// Checks that a selector names a rule at least.
///
/// # Errors
/// What was probably meant.
pub(super) fn check_selector(selector: &str) -> Result<(), String> {
    if RULES.iter().any(|rule| exactness(selector, rule).is_some()) {
        return Ok(());
    }
    Err(format!("there is no rule {selector:?}{}", did_you_mean(selector)))
}

/// `; did you mean T002?` for something that names no rule.
fn did_you_mean(wrong: &str) -> String {
    let names = RULES.iter().flat_map(|rule| [rule.code, rule.name]);
    nearest(wrong, names).map_or_else(
        || "; `shelfread rules` lists them".to_owned(),
        |meant| format!("; did you mean {meant}? `shelfread rules` lists all"),
    )
}

/// The rule with a code or name, whatever its case.
///
/// # Errors
/// A sentence that names the nearest one.
pub fn rule_named(wanted: &str) -> Result<&'static Rule, String> {
    let is_it = |rule: &&&Rule| wanted.eq_ignore_ascii_case(rule.code) || wanted.eq_ignore_ascii_case(rule.name);
    let found = RULES.iter().find(is_it).copied();
    found.ok_or_else(|| format!("there is no rule {wanted:?}{}", did_you_mean(wanted)))
}

/// The rules that a selector names: by code or name, or by the beginning of their codes.
///
/// # Errors
/// As of [`rule_named`], if there are none.
pub fn rules_named(wanted: &str) -> Result<Vec<&'static Rule>, String> {
    if let Ok(rule) = rule_named(wanted) {
        return Ok(vec![rule]);
    }
    check_selector(wanted)?;
    Ok(RULES.iter().copied().filter(|rule| exactness(wanted, rule).is_some()).collect())
}

/// Codes of all rules that some selector names.
pub(super) fn codes_of(selectors: &[String]) -> impl Iterator<Item = String> + '_ {
    let is_named = |rule: &&&Rule| selectors.iter().any(|selector| exactness(selector, rule).is_some());
    RULES.iter().filter(is_named).map(|rule| rule.code.to_owned())
}

/// The most exact of some selectors that names a rule, with its exactness.
fn best<'s>(selectors: impl IntoIterator<Item = &'s String>, rule: &Rule) -> Option<(usize, &'s String)> {
    let naming = selectors.into_iter().filter_map(|selector| exactness(selector, rule).map(|n| (n, selector)));
    naming.max_by_key(|(exactness, _)| *exactness)
}

/// Why a rule does not run by two lists of selectors; none if it runs.
fn off_by(select: &[String], ignore: &[String], rule: &Rule) -> Option<Because> {
    let selected = best(select, rule).map(|(exactness, _)| exactness);
    let Some(selected) = selected.or_else(|| select.is_empty().then_some(0)) else { return Some(Because::NotSelected) };
    best(ignore, rule).filter(|(ignored, _)| *ignored >= selected).map(|(_, by)| Because::Ignored(by.clone()))
}

/// What runs on the records of the same scopes.
#[derive(Clone)]
pub(super) struct Selection {
    /// Numbers of the rules that run, ascending.
    pub(super) running: Arc<[usize]>,
    /// By rule.
    severities: Vec<Option<Severity>>,
}

impl Selection {
    fn new(settings: &Settings, scopes: &[u16]) -> Selection {
        let mut is_on: Vec<bool> =
            RULES.iter().map(|rule| off_by(&settings.select, &settings.ignore, rule).is_none()).collect();
        let severity = |severities: &BTreeMap<String, Severity>, rule: &Rule| {
            best(severities.keys(), rule).map(|(_, selector)| severities[selector])
        };
        let mut severities: Vec<_> = RULES.iter().map(|rule| severity(&settings.severity, rule)).collect();
        for scope in scopes.iter().map(|&number| &settings.scopes[usize::from(number)]) {
            for (number, rule) in RULES.iter().enumerate() {
                is_on[number] = is_on_in(scope, rule, is_on[number]);
                severities[number] = severity(&scope.severity, rule).or(severities[number]);
            }
        }
        Selection { running: (0..RULES.len()).filter(|&number| is_on[number]).collect(), severities }
    }

    /// Whether a rule runs.
    pub(super) fn runs(&self, number: usize) -> bool {
        self.running.binary_search(&number).is_ok()
    }

    /// The severity of a finding by settings, if they say anything; `own` is the finding's, where it differs from the
    /// rule's. What the rule itself grades lower stays lower.
    pub(super) fn graded(&self, number: usize, own: Option<Severity>) -> Option<Severity> {
        let Some(set) = self.severities[number] else { return own };
        Some(own.filter(|&own| own < RULES[number].severity).map_or(set, |own| own.min(set)))
    }
}

fn is_on_in(scope: &Scope, rule: &Rule, elsewhere: bool) -> bool {
    if scope.select.is_empty() {
        return elsewhere && best(&scope.ignore, rule).is_none();
    }
    off_by(&scope.select, &scope.ignore, rule).is_none()
}

/// The selections of consecutive records.
pub(super) struct Selections {
    /// By number, with the scopes that make it; the first is that of no scope.
    known: Vec<(Vec<u16>, Selection)>,
    /// Of each record; empty if there are no scopes.
    of_records: Vec<u16>,
}

impl Selections {
    /// Of no record yet; the selection of records that no scope fits has the number 0.
    pub(super) fn new(settings: &Settings) -> Selections {
        Selections { known: vec![(Vec::new(), Selection::new(settings, &[]))], of_records: Vec::new() }
    }

    /// Finds out the selection of the next record and gives its number.
    pub(super) fn next(&mut self, settings: &Settings, record: &Record<'_>) -> usize {
        if settings.scopes.is_empty() {
            return 0;
        }
        let fitting = settings.scopes.iter().zip(0..).filter(|(scope, _)| scope.fits(record));
        let scopes: Vec<u16> = fitting.map(|(_, number)| number).collect();
        self.next_of(settings, &scopes)
    }

    /// The number of the selection of the next record, given the numbers of the scopes that fit it, ascending.
    pub(super) fn next_of(&mut self, settings: &Settings, scopes: &[u16]) -> usize {
        if settings.scopes.is_empty() {
            return 0;
        }
        let known = self.known.iter().position(|(of, _)| *of == scopes);
        let number = known.unwrap_or_else(|| {
            self.known.push((scopes.to_vec(), Selection::new(settings, scopes)));
            self.known.len() - 1
        });
        self.of_records.push(u16::try_from(number).unwrap_or_default());
        number
    }

    /// The numbers of the scopes that make a selection.
    pub(super) fn scopes(&self, number: usize) -> &[u16] {
        &self.known[number].0
    }

    /// The scopes of each known selection, and the selection of each record.
    pub(super) fn into_scopes(self) -> (Vec<Vec<u16>>, Vec<u16>) {
        (self.known.into_iter().map(|(scopes, _)| scopes).collect(), self.of_records)
    }

    /// Whether any scope fits some record.
    pub(super) fn has_scopes(&self) -> bool {
        self.known.len() > 1
    }

    /// Whether a scope, by its number, fits some record.
    pub(super) fn has_scope(&self, number: u16) -> bool {
        self.known.iter().any(|(scopes, _)| scopes.contains(&number))
    }

    /// The selections with these scopes under the same settings.
    pub(super) fn of_scopes(settings: &Settings, (scopes, of_records): (Vec<Vec<u16>>, Vec<u16>)) -> Selections {
        let known = scopes.into_iter().map(|scopes| (scopes.clone(), Selection::new(settings, &scopes)));
        Selections { known: known.collect(), of_records }
    }

    /// `number` is one that `Selections::next` has given.
    pub(super) fn selection(&self, number: usize) -> &Selection {
        &self.known[number].1
    }

    /// The selection of a record, counted from the first one that was asked for.
    pub(super) fn of_record(&self, index: usize) -> &Selection {
        self.selection(self.of_records.get(index).copied().unwrap_or_default().into())
    }
}

/// Rules that run on no record whatever it holds.
pub(super) fn deselected(settings: &Settings) -> Vec<(usize, Because)> {
    let in_scopes = |rule: &Rule| {
        let mut selecting = settings.scopes.iter().filter(|scope| !scope.select.is_empty());
        selecting.any(|scope| is_on_in(scope, rule, false))
    };
    let off = RULES.iter().enumerate().filter(|(_, rule)| !in_scopes(rule));
    off.filter_map(|(number, rule)| Some((number, off_by(&settings.select, &settings.ignore, rule)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn running(settings: &Settings, scopes: &[u16]) -> Vec<&'static str> {
        Selection::new(settings, scopes).running.iter().map(|&number| RULES[number].code).collect()
    }

    fn texts(selectors: &[&str]) -> Vec<String> {
        selectors.iter().map(|selector| (*selector).to_owned()).collect()
    }

    fn settings(select: &[&str], ignore: &[&str]) -> Settings {
        Settings { select: texts(select), ignore: texts(ignore), ..Settings::default() }
    }

    #[test]
    fn the_longer_selector_counts() {
        assert_eq!(running(&Settings::default(), &[]).len(), RULES.len());
        assert_eq!(running(&settings(&["t002", "date-missing"], &[]), &[]), ["D001", "T002"]);
        assert_eq!(running(&settings(&["T00", "D001"], &["T", "D001"]), &[])[0], "T001");
        assert_eq!(running(&settings(&["T002"], &["T"]), &[]), ["T002"]);
        assert!(!running(&settings(&["T"], &["T002"]), &[]).contains(&"T002"));
        assert!(running(&settings(&["ALL"], &["ALL"]), &[]).is_empty());
        let without = running(&settings(&[], &["U"]), &[]);
        assert!(without.contains(&"T001") && !without.iter().any(|code| code.starts_with('U')));
    }

    #[test]
    fn scopes_replace_take_away_and_grade() {
        let mut settings = settings(&[], &["U"]);
        settings.severity = BTreeMap::from([("T".to_owned(), Severity::Info), ("T002".to_owned(), Severity::Error)]);
        settings.scopes = vec![
            Scope { select: texts(&["U", "T00"]), ignore: texts(&["U001"]), ..Scope::default() },
            Scope {
                ignore: texts(&["T"]),
                severity: BTreeMap::from([("U002".to_owned(), Severity::Error)]),
                ..Scope::default()
            },
        ];
        let both = running(&settings, &[0, 1]);
        assert_eq!((both[0], both.iter().all(|code| code.starts_with('U'))), ("U002", true));
        let number = |code: &str| RULES.iter().position(|rule| rule.code == code).expect("a rule");
        let selection = Selection::new(&settings, &[0, 1]);
        assert_eq!(selection.graded(number("T002"), None), Some(Severity::Error));
        assert_eq!(selection.graded(number("T003"), None), Some(Severity::Info));
        assert_eq!(selection.graded(number("U002"), None), Some(Severity::Error));
        assert_eq!(selection.graded(number("U003"), None), None);
        // T002 is a warning: what it finds less grave stays so.
        assert_eq!(selection.graded(number("T002"), Some(Severity::Info)), Some(Severity::Info));
        assert_eq!(selection.graded(number("T003"), Some(Severity::Error)), Some(Severity::Info));
        let off: Vec<&str> = deselected(&settings).iter().map(|(number, _)| RULES[*number].code).collect();
        assert_eq!(off, ["U001"], "the scope brings the others back");
    }

    #[test]
    fn flags_outweigh_the_file() {
        let mut settings = settings(&["T002"], &["U"]);
        settings.scopes = vec![Scope { select: texts(&["D"]), collection: texts(&["c"]), ..Scope::default() }];
        let mut ignoring = settings.clone();
        ignoring.narrow(&[], &texts(&["T", "D001"])).expect("known");
        assert!(running(&ignoring, &[]).is_empty());
        assert!(!running(&ignoring, &[0]).contains(&"D001") && running(&ignoring, &[0]).contains(&"D002"));
        settings.narrow(&texts(&["U", "D001"]), &texts(&["U001"])).expect("known");
        assert_eq!(running(&settings, &[]), running(&settings, &[0]));
        assert!(running(&settings, &[]).starts_with(&["D001", "U002"]));
    }

    #[test]
    fn mistakes_are_met_with_what_was_meant() {
        for (wrong, meant) in [("T0002", "T002"), ("title-sort-mismach", "title-sort-mismatch"), ("", "lists them")] {
            let told = check_selector(wrong).expect_err(wrong);
            assert!(told.contains(meant), "{told}");
        }
        assert_eq!(rule_named("t001").map(|rule| rule.code), Ok("T001"));
        assert!(rule_named("T").is_err());
    }
}
