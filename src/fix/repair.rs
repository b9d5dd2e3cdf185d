//! One record and its safe repairs, round after round.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use xxhash_rust::xxh3::xxh3_64;

use super::copies::follow;
use super::of_title;
use crate::audit::{self, Change, Problem, Rule, Settings};
use crate::input::{Document, Field, Parser, Record};

/// Rounds after which repairs are held to have no end. A chain is as long as fields derive from each other, four or
/// five; each field may be cleaned by several rules before.
const MAX_ROUNDS: usize = 24;

/// Bytes of a record beyond which repairs are withheld. Every round audits the whole record again, and each rule takes long values
/// apart anew; a record of 15 MB took seven times the time per byte, and four times the memory, of others.
const MAX_REPAIRED: usize = 1 << 20;

/// What a repair goes by.
pub struct Scope<'a> {
    /// The settings of the audit.
    pub settings: &'a Settings,
    /// Which rules may repair this record: those that are on and selected. New findings of all others count, too.
    pub judges: &'a dyn Fn(&Rule) -> bool,
    /// Which rules have taken this record back after looking at the catalogue: what they find in it counts as little when
    /// it is new.
    pub takes_back: &'a dyn Fn(&Rule) -> bool,
}

/// What becomes of a record.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Repair {
    /// Changes that may be applied, together, by field.
    pub changes: Vec<FieldChange>,
    /// Changes that must not, each with the reason, by field.
    pub withheld: Vec<(FieldChange, Fault)>,
}

/// All that happens to one field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FieldChange {
    /// The field's name.
    pub field: String,
    /// Values as stored.
    pub before: Vec<String>,
    /// Values after the last round; none if the field goes.
    pub after: Vec<String>,
    /// Codes of the rules whose findings in the stored record asked for it, in the order in which they were applied, each
    /// once. What a repair brings about in the fields that derive from it is of the rule of that repair.
    pub rules: Vec<&'static str>,
}

/// Why a repair is withheld.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Fault {
    /// The repaired record has a finding that the stored one had not.
    Creates {
        /// Code of its rule.
        code: &'static str,
        /// Its field.
        field: String,
    },
    /// The field holds numbers or nested values, which a list of texts cannot stand for.
    NotText {
        /// The field.
        field: String,
    },
    /// Rules undo each other, change nothing, or never end.
    Loops {
        /// Codes of the rules of the rounds that came back.
        codes: Vec<&'static str>,
    },
    /// The changed bytes are no record any more.
    NoRecord {
        /// Why.
        reason: String,
    },
    /// The record is longer than repairs are tried on.
    TooLong,
    /// A patch says by the id which record it is of, and by the name which field.
    Names {
        /// The field.
        field: String,
    },
}

impl Fault {
    /// Whether the rules are to blame, not the record.
    pub fn is_of_rules(&self) -> bool {
        matches!(self, Fault::Loops { .. } | Fault::NoRecord { .. })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Creates { code, field } => write!(f, "{code} would then find fault with {field}"),
            Fault::NotText { field } => write!(f, "{field} holds values that are no texts"),
            Fault::Loops { codes } => {
                write!(f, "the repairs of {} have no end, which is their error", codes.join(", "))
            }
            Fault::NoRecord { reason } => write!(f, "the repaired record cannot be read: {reason}"),
            Fault::Names { field } if field.is_empty() => f.write_str("the field has no name"),
            Fault::Names { field } => write!(f, "{field} says which record a patch is of"),
            Fault::TooLong => f.write_str("the record is longer than 1 MiB, and repairs are not tried on such"),
        }
    }
}

/// Repairs the record with these bytes in memory until no rule has a safe repair left.
///
/// `across` is what rules over several records would change in it; it is applied first and once. If all repairs
/// together create a new finding, the rules are left out one by one until the rest does not; what only the
/// left-out ones would change is withheld. So is what the first round would change in a very long record.
pub fn repair(bytes: &[u8], across: &[(&'static Rule, Change)], scope: &Scope<'_>, parser: &mut Parser) -> Repair {
    if bytes.len() > MAX_REPAIRED {
        let is_on = |rule: &Rule| (scope.judges)(rule);
        let changes = parser.parse(bytes, |record| round(record, across, scope, &is_on).changes);
        let changes = changes.unwrap_or_default().into_values().filter(|change| change.before != change.after);
        return Repair { changes: Vec::new(), withheld: changes.map(|change| (change, Fault::TooLong)).collect() };
    }
    let mut whole = attempt(bytes, across, scope, &[], parser);
    let of_names = std::mem::take(&mut whole.of_names);
    let mut repair = repair_most(bytes, across, scope, whole, parser);
    repair.withheld.extend(of_names.into_iter().map(|change| {
        let fault = Fault::Names { field: change.field.clone() };
        (change, fault)
    }));
    repair.withheld.sort_by(|x, y| x.0.field.cmp(&y.0.field));
    repair
}

/// As many of the repairs of `whole` as create no new finding.
fn repair_most(
    bytes: &[u8],
    across: &[(&'static Rule, Change)],
    scope: &Scope<'_>,
    whole: Attempt,
    parser: &mut Parser,
) -> Repair {
    let Some(fault) = whole.fault.clone() else { return Repair { changes: whole.changes(), withheld: Vec::new() } };
    let mut left_out: Vec<&'static str> = Vec::new();
    loop {
        let rules = whole.rules();
        let candidates = rules.iter().filter(|code| !left_out.contains(code));
        let tries = candidates.map(|&code| {
            let without = [&left_out[..], &[code]].concat();
            (attempt(bytes, across, scope, &without, parser), code)
        });
        let mut tries: Vec<(Attempt, &'static str)> = tries.collect();
        if tries.is_empty() {
            return Repair {
                changes: Vec::new(),
                withheld: whole.changes().into_iter().map(|change| (change, fault.clone())).collect(),
            };
        }
        if let Some(at) = tries.iter().position(|(attempt, _)| attempt.fault.is_none()) {
            let changes = tries.swap_remove(at).0.changes();
            let is_done = |change: &FieldChange| {
                changes.iter().any(|done| done.field == change.field && done.after == change.after)
            };
            let rest = whole.changes().into_iter().filter(|change| !is_done(change));
            return Repair { withheld: rest.map(|change| (change, fault.clone())).collect(), changes };
        }
        // No single rule is to blame: leave out the first, and look for another.
        left_out.push(tries.swap_remove(0).1);
    }
}

/// What some rules make of a record.
struct Attempt {
    /// By field; values before, values after, codes.
    fields: BTreeMap<String, FieldChange>,
    fault: Option<Fault>,
    /// Codes of the rules that had a finding in the stored record.
    told: BTreeSet<&'static str>,
    /// What no patch can change, as the stored record asks for it.
    of_names: Vec<FieldChange>,
}

impl Attempt {
    /// The changes, each with the rules that had a finding in the stored record. Where none of its own had, those are named that
    /// changed what the field derives from.
    fn changes(&self) -> Vec<FieldChange> {
        let is_told = |code: &&'static str| self.told.contains(code);
        let of = |field: &str| self.fields.get(field).into_iter().flat_map(|change| &change.rules).copied();
        let changes = self.fields.values().filter(|change| change.before != change.after);
        let named = changes.map(|change| {
            let mut rules: Vec<&'static str> = of(&change.field).filter(is_told).collect();
            if rules.is_empty() {
                rules = sources_of(&change.field).iter().flat_map(|source| of(source.name())).filter(is_told).collect();
            }
            if rules.is_empty() {
                rules = self.fields.keys().flat_map(|field| of(field)).filter(is_told).collect();
            }
            let mut named: Vec<&'static str> = Vec::with_capacity(rules.len());
            for code in rules {
                if !named.contains(&code) {
                    named.push(code);
                }
            }
            FieldChange { rules: named, ..change.clone() }
        });
        named.collect()
    }

    fn rules(&self) -> Vec<&'static str> {
        let rules: BTreeSet<&'static str> =
            self.fields.values().flat_map(|change| change.rules.iter().copied()).collect();
        rules.into_iter().collect()
    }
}

/// Fields that a field derives from.
fn sources_of(field: &str) -> &'static [Field] {
    match Field::ALL.iter().find(|known| known.name() == field) {
        Some(Field::AuthorSort) => &[Field::Author, Field::AuthorCorporate, Field::Author2],
        Some(Field::TitleSort) => &[Field::Title, Field::TitleFull],
        Some(Field::WorkKeysStrMv) => &[Field::Title, Field::TitleFull, Field::Author, Field::Author2],
        Some(field) => field.copied_from(),
        None => &[],
    }
}

/// A round: the findings before it, and what it would change.
struct Round {
    /// Code and field of all findings.
    findings: BTreeSet<(&'static str, String)>,
    /// By field: values before, and after, and codes.
    changes: BTreeMap<String, FieldChange>,
    not_text: Option<String>,
    /// What no patch can change.
    of_names: Vec<FieldChange>,
}

fn attempt(
    stored: &[u8],
    across: &[(&'static Rule, Change)],
    scope: &Scope<'_>,
    left_out: &[&str],
    parser: &mut Parser,
) -> Attempt {
    let is_on = |rule: &Rule| (scope.judges)(rule) && !left_out.contains(&rule.code);
    let told = across.iter().map(|(rule, _)| rule.code).collect();
    let mut attempt = Attempt { fields: BTreeMap::new(), fault: None, told, of_names: Vec::new() };
    let mut bytes = stored.to_vec();
    let mut first: Option<BTreeSet<(&'static str, String)>> = None;
    // States so far, and the rules that led on from each.
    let mut seen: Vec<(u64, Vec<&'static str>)> = Vec::new();
    loop {
        let pending = if first.is_none() { across } else { &[] };
        let round = match parser.parse(&bytes, |record| round(record, pending, scope, &is_on)) {
            Ok(round) => round,
            Err(reason) => {
                attempt.fault = Some(Fault::NoRecord { reason: reason.into_owned() });
                return attempt;
            }
        };
        if first.is_none() {
            attempt.told.extend(round.findings.iter().map(|(code, _)| *code));
            attempt.of_names = round.of_names;
        }
        let known = first.get_or_insert_with(|| round.findings.clone());
        if let Some(field) = round.not_text {
            attempt.fault = Some(Fault::NotText { field });
        } else if round.changes.is_empty() {
            let new = round.findings.iter().find(|finding| !known.contains(finding));
            attempt.fault = new.map(|(code, field)| Fault::Creates { code, field: field.clone() });
            return attempt;
        }
        let codes: Vec<&'static str> = round.changes.values().flat_map(|change| change.rules.clone()).collect();
        let state = xxh3_64(&bytes);
        let before = seen.iter().position(|seen| seen.0 == state);
        seen.push((state, codes));
        if before.is_some() || seen.len() > MAX_ROUNDS {
            let of_loop = seen[before.unwrap_or(MAX_ROUNDS / 2)..].iter().flat_map(|(_, codes)| codes.iter().copied());
            let codes: BTreeSet<&'static str> = of_loop.collect();
            attempt.fault = Some(Fault::Loops { codes: codes.into_iter().collect() });
        }
        let after = Document::of(&bytes).map(|document| {
            document.with(round.changes.iter().map(|(field, change)| (field.as_str(), change.after.as_slice())))
        });
        attempt.take(round.changes);
        match after {
            Some(after) if attempt.fault.is_none() => bytes = after,
            Some(_) => return attempt,
            None => {
                attempt.fault = Some(Fault::NoRecord { reason: "it is no object".to_owned() });
                return attempt;
            }
        }
    }
}

impl Attempt {
    fn take(&mut self, changes: BTreeMap<String, FieldChange>) {
        for (field, change) in changes {
            match self.fields.get_mut(&field) {
                Some(known) => {
                    known.after = change.after;
                    let new = change.rules.into_iter().filter(|code| !known.rules.contains(code));
                    let new: Vec<&'static str> = new.collect();
                    known.rules.extend(new);
                }
                None => {
                    self.fields.insert(field, change);
                }
            }
        }
    }
}

/// One change per field: the first by rule. The others were computed from the same values and would undo it; they
/// come in the next round if they are still needed. So do a record's own changes of fields that derive from a changed one,
/// which were computed from what that was.
fn round(
    record: &Record<'_>,
    across: &[(&'static Rule, Change)],
    scope: &Scope<'_>,
    is_on: &impl Fn(&Rule) -> bool,
) -> Round {
    let problems = audit::problems(record, scope.settings);
    let counted = problems.iter().filter(|(rule, _)| !(scope.takes_back)(rule));
    let findings = counted.map(|(rule, problem)| (rule.code, problem.field.clone())).collect();
    let own = problems.into_iter().filter_map(|(rule, Problem { change, .. })| change.map(|change| (rule, change)));
    let mut own: Vec<(&'static Rule, Change)> = own.filter(|(rule, change)| !change.is_again && is_on(rule)).collect();
    let mut wanted: Vec<(&'static Rule, Change)> = across.iter().filter(|(rule, _)| is_on(rule)).cloned().collect();
    let changed: BTreeSet<String> = wanted.iter().chain(&own).map(|(_, change)| change.field.clone()).collect();
    own.retain(|(_, change)| !sources_of(&change.field).iter().any(|source| changed.contains(source.name())));
    wanted.append(&mut own);
    wanted.sort_by_key(|(rule, _)| rule.code);
    let mut changes: BTreeMap<String, FieldChange> = BTreeMap::new();
    let mut not_text = None;
    for (rule, Change { field, after, .. }) in wanted {
        if is_not_text(record, &field) {
            not_text.get_or_insert_with(|| field.clone());
        }
        changes.entry(field).or_insert_with_key(|field| FieldChange {
            before: values(record, field),
            field: field.clone(),
            after,
            rules: vec![rule.code],
        });
    }
    let of_names = ["", "id"].iter().filter_map(|&field| changes.remove(field)).collect();
    follow_sources(record, &mut changes);
    Round { findings, changes, not_text, of_names }
}

fn follow_sources(record: &Record<'_>, changes: &mut BTreeMap<String, FieldChange>) {
    let after: BTreeMap<String, Vec<String>> =
        changes.iter().map(|(field, change)| (field.clone(), change.after.clone())).collect();
    for (copy, sources, values_after) in follow(record, &after) {
        let mut rules: Vec<&'static str> = sources.iter().flat_map(|source| changes[source].rules.clone()).collect();
        rules.dedup();
        let field = copy.name().to_owned();
        let before = values(record, &field);
        changes.insert(field.clone(), FieldChange { field, before, after: values_after, rules });
    }
    let of = |field: Field| changes.get(field.name());
    let changed = [of(Field::Title), of(Field::Author)].into_iter().flatten();
    let rules: Vec<&'static str> = changed.flat_map(|change| change.rules.clone()).collect();
    let title = of(Field::Title).and_then(|change| change.after.first().cloned());
    let authors = of(Field::Author).map(|change| change.after.clone());
    for (derived, after) in of_title::follow(record, title.as_deref(), authors.as_deref()) {
        let field = derived.name().to_owned();
        let before = values(record, &field);
        let change = || FieldChange { field: field.clone(), before, after, rules: rules.clone() };
        changes.entry(field.clone()).or_insert_with(change);
    }
}

fn values(record: &Record<'_>, field: &str) -> Vec<String> {
    let entry = record.entries().iter().find(|entry| entry.name == field);
    entry.map(|entry| record.values(entry).iter().map(|value| value.to_string()).collect()).unwrap_or_default()
}

fn is_not_text(record: &Record<'_>, field: &str) -> bool {
    let entry = record.entries().iter().find(|entry| entry.name == field);
    entry.is_some_and(|entry| entry.literal && !record.values(entry).is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repaired(document: &str) -> Repair {
        let settings = Settings::default();
        let scope = Scope { settings: &settings, judges: &|_| true, takes_back: &|_| false };
        repair(document.as_bytes(), &[], &scope, &mut Parser::default())
    }

    #[test]
    fn what_a_rule_takes_back_withholds_no_repair() {
        let settings = Settings::default();
        let document = format!(r#"{{"id":"a-1",{XSLT},"author":["Anna Berg."]}}"#);
        let is_withheld = |takes_back: &dyn Fn(&Rule) -> bool| {
            let judges = |rule: &Rule| rule.code != "A005" || !takes_back(rule);
            let scope = Scope { settings: &settings, judges: &judges, takes_back };
            !repair(document.as_bytes(), &[], &scope, &mut Parser::default()).withheld.is_empty()
        };
        assert!(is_withheld(&|_| false), "A005 would find fault with a straight name");
        assert!(!is_withheld(&|rule| rule.code == "A005"), "not in a catalogue of straight names");
    }

    #[test]
    fn a_very_long_record_is_told_and_not_repaired() {
        let document = |words| format!(r#"{{"id":"a","title":"{} .","title_short":"Poems  "}}"#, "word ".repeat(words));
        assert!(!repaired(&document(10)).changes.is_empty());
        let long = repaired(&document(MAX_REPAIRED / 5));
        assert!(long.changes.is_empty() && !long.withheld.is_empty());
        assert!(long.withheld.iter().all(|(_, fault)| *fault == Fault::TooLong && !fault.is_of_rules()));
    }

    fn check(document: &str, changes: &[(&str, &str, &str)]) {
        let repair = repaired(document);
        let found: Vec<(&str, String, String)> = repair
            .changes
            .iter()
            .map(|change| (change.field.as_str(), change.after.join(" | "), change.rules.join(" ")))
            .collect();
        let found: Vec<(&str, &str, &str)> =
            found.iter().map(|(field, after, rules)| (*field, after.as_str(), rules.as_str())).collect();
        assert_eq!(found, changes, "{document}: {:?}", repair.withheld);
        assert!(repair.withheld.is_empty(), "{:?}", repair.withheld);
    }

    /// An XSLT import.
    const XSLT: &str = r#""record_format":"x","language":["English"],"publishDate":["1999"],"format":["Book"]"#;

    #[test]
    fn derived_fields_follow_what_they_derive_from() {
        let author = r#""author":["Poe, Edgar,"],"author_facet":["Poe, Edgar,"],"author_sort":"Poe, Edgar,""#;
        check(
            &format!(r#"{{"id":"a-1",{XSLT},{author}}}"#),
            &[("author", "Poe, Edgar", "A006"), ("author_facet", "Poe, Edgar", "A006")],
        );
        let title = r#""title":"Cats &amp; dogs","title_full":"Cats &amp; dogs","title_fullStr":"Cats &amp; dogs",
            "title_short":"Cats &amp; dogs","title_sort":"cats &amp; dogs"#;
        check(
            &format!(r#"{{"id":"a-1",{XSLT},{title}"}}"#),
            &[
                ("title", "Cats & dogs", "E003"),
                ("title_full", "Cats & dogs", "E003"),
                ("title_fullStr", "Cats & dogs", "E003"),
                ("title_short", "Cats & dogs", "E003"),
                ("title_sort", "cats & dogs", "E003"),
            ],
        );
    }

    #[test]
    fn what_marc_imports_derive_follows_the_title() {
        let marc = r#""record_format":"marc","language":["English"],"publishDate":["1999"],"format":["Book"]"#;
        let title = r#""title":"The cats &amp; dogs /","title_full":"The cats &amp; dogs /",
            "title_short":"The cats &amp; dogs /","author":["Poe"],"author_sort":"Poe","author_facet":["Poe"],"work_keys_str_mv":["AT poe thecatsampdogs","AT poe catsampdogs"]"#;
        check(
            &format!(r#"{{"id":"a-1",{marc},{title},"title_sort":"cats amp dogs"}}"#),
            &[
                ("title", "The cats & dogs /", "E003"),
                ("title_full", "The cats & dogs /", "E003"),
                ("title_short", "The cats & dogs /", "E003"),
                ("title_sort", "cats dogs", "E003"),
                ("work_keys_str_mv", "AT poe thecatsdogs | AT poe catsdogs", "E003"),
            ],
        );
    }

    #[test]
    fn what_is_made_of_a_damaged_field_waits_for_its_repair() {
        let plain = r#""title":"Fish &amp; chips today","author":["Poe"],"author_facet":["Poe"],"author_sort":"Poe","language":["English"],
            "format":["Book"],"publishDate":["1990"]"#;
        check(
            &format!(r#"{{"id":"a-1",{plain}}}"#),
            &[
                ("title", "Fish & chips today", "E003"),
                ("title_sort", "fish chips today", "T003"),
                ("work_keys_str_mv", "AT poe fishchipstoday", "W001"),
            ],
        );
        check(
            &format!(r#"{{"id":"a-1",{plain},"title_sort":"fish amp chips today"}}"#),
            &[
                ("title", "Fish & chips today", "E003"),
                ("title_sort", "fish chips today", "E003"),
                ("work_keys_str_mv", "AT poe fishchipstoday", "W001"),
            ],
        );
    }

    #[test]
    fn what_names_the_record_is_told_and_not_patched() {
        for (document, field) in [
            (format!(r#"{{"id":"a&amp;b",{XSLT},"topic":["Cats &amp; dogs"]}}"#), "id"),
            (format!(r#"{{"id":"a-1","":" Cats",{XSLT},"topic":["Cats &amp; dogs"]}}"#), ""),
        ] {
            let Repair { changes, withheld } = repaired(&document);
            assert!(changes.iter().all(|change| change.field == "topic"), "{document}: {changes:?}");
            assert!(!changes.is_empty(), "{document}");
            let told: Vec<(&str, &Fault)> = withheld.iter().map(|(change, fault)| (&*change.field, fault)).collect();
            assert_eq!(told, [(field, &Fault::Names { field: field.to_owned() })], "{document}");
            assert!(!withheld[0].1.is_of_rules());
        }
    }

    #[test]
    fn rules_take_turns_in_one_field() {
        check(
            &format!(r#"{{"id":"a-1",{XSLT},"topic":["  Cafe\u0301 &amp;\u00a0bar"]}}"#),
            &[("topic", "Café & bar", "E003 E005 E006")],
        );
    }

    #[test]
    fn shingles_keep_their_order() {
        let document = format!(
            r#"{{"id":"a-1",{XSLT},"author":["B,","A"],"author_facet":["A","B,"],"author_sort":"B,","topic":["T"],
            "spellingShingle":["T","A","B,"]}}"#
        );
        let repair = repaired(&document);
        let of = |field: &str| repair.changes.iter().find(|change| change.field == field).map(|change| &change.after);
        assert_eq!(of("author_facet").map(|values| values.join(" ")).as_deref(), Some("A B"));
        assert_eq!(of("spellingShingle").map(|values| values.join(" ")).as_deref(), Some("T A B"));
    }

    #[test]
    fn numbers_are_not_made_texts() {
        let repair = repaired(r#"{"id":"a-1","publishDate":[1999,"c1992."]}"#);
        assert!(repair.changes.is_empty());
        assert!(repair.withheld.iter().all(|(_, fault)| matches!(fault, Fault::NotText { .. })), "{repair:?}");
    }

    #[test]
    fn no_two_rules_mend_one_field_for_ever() {
        for document in [
            r#"{"id":"1","author":["Meier, Hans\nHuber, Ruth"]}"#,
            r#"{"id":"1","author":["Meier,\tHans"]}"#,
            r#"{"id":"1","author":["["],"record_format":"marc"}"#,
            r#"{"id":"1","title":"\u0085 %"}"#,
            r#"{"id":"1","title":",\u2028}Ã¼¨S. /","record_format":"marc"}"#,
        ] {
            let withheld = repaired(document).withheld;
            assert!(withheld.iter().all(|(_, fault)| !fault.is_of_rules()), "{document}: {withheld:?}");
        }
    }

    #[test]
    fn a_record_without_fault_is_left_alone() {
        assert_eq!(repaired(r#"{"id":"a-1","title":"A plain title"}"#).withheld, []);
    }
}
