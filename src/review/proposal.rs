//! One proposal: records as columns, fields as rows, evidence, and what was decided.

use std::collections::BTreeMap;

use serde::Serialize;

use super::desk::{Desk, Seen, is_stale};
use super::form::{Draft, FIELD, Form, MAX_NOTE};
use super::pages::Frame;
use super::queue::{Queue, Wanted};
use crate::decisions::{Decision, Numbered, Ruling, standing};
use crate::error::Error;
use crate::merge::{self, Member, Proposal, ProposalMember, ProposalPair, United, display_order, leader_of, unite};
use crate::report::chart::{Waterfall, signed};
use crate::report::shown::{MAX_VALUE, Span, agreement, fit, shown, side_by_side};

/// Records beside the leading one; more are a page on.
const MAX_OTHERS: usize = 7;
/// Conflicts named.
const MAX_CONFLICTS: usize = 20;
/// Pairs drawn.
const MAX_PAIRS: usize = 12;
/// Rows shown: a record may have thousands of fields.
const MAX_ROWS: usize = 200;
/// Rulings that are shown, the last ones.
const MAX_HISTORY: usize = 20;
/// Steps of the weakest pair said in words, for and against each.
const MAX_SAID: usize = 5;
/// Least weight of a step that is said, in bits: what is lighter speaks neither for nor against.
const LEAST_SAID: f64 = 0.25;
/// Longest name of a field whose value can be chosen, in bytes: every form repeats it.
const MAX_NAME: usize = 1_000;
/// Bytes of a field that are held against those of other records: texts as long as a book would take seconds.
const MAX_COMPARED: usize = 20_000;
/// Merged values shown of a field.
const MAX_MERGED: usize = 12;
/// Members read for the merged record. Of larger proposals the merged record is the report's, without choices.
const MAX_MEMBERS: usize = 200;

/// A page about one proposal.
#[derive(Serialize)]
pub(super) struct ProposalPage {
    frame: Frame,
    form_token: String,
    /// Why what was sent was not kept; empty if nothing is to be told.
    alert: String,
    id: String,
    title: String,
    band: &'static str,
    weight: String,
    state: &'static str,
    /// Number of the last ruling on it, 0 for none.
    seen: i64,
    /// Whether a decision is in force that can be taken back.
    can_undo: bool,
    note: String,
    max_note: usize,
    /// The record that leads in the report, and why.
    leads_in_report: String,
    reason: String,
    extends: Vec<String>,
    doubts: Vec<Doubt>,
    stale: Vec<String>,
    /// Whether it follows from what a person had accepted before the run.
    is_accepted: bool,
    conflicts: Vec<String>,
    n_more_conflicts: usize,
    weakest: Option<Said>,
    n_members: usize,
    columns: Vec<Column>,
    /// Which records are shown, in words; empty if all are.
    range: String,
    /// First of the other records shown, from 0.
    column: usize,
    more_before: Option<usize>,
    more_after: Option<usize>,
    /// What is filled in and has no input on the page: names and values.
    hidden: Vec<(String, String)>,
    rows: Vec<Row>,
    /// Why no value can be chosen; empty if it can.
    no_choice: String,
    n_more_rows: usize,
    pairs: Vec<Pair>,
    n_more_pairs: usize,
    history: Vec<Past>,
    n_older: usize,
    warnings: Vec<String>,
    /// The queue it was opened from, as part of an address.
    query: String,
    before: Option<String>,
    after: Option<String>,
    place: usize,
    n: usize,
    /// The proposal decided just before.
    done: Option<Done>,
}

/// What was decided last.
#[derive(Serialize)]
pub(super) struct Done {
    id: String,
    title: String,
    decision: &'static str,
    /// Who decided, if that was another person.
    by: String,
    seen: i64,
    can_undo: bool,
}

#[derive(Serialize)]
struct Doubt {
    name: &'static str,
    meaning: &'static str,
}

/// The evidence of a pair at a glance: the strongest steps as words.
#[derive(Serialize)]
struct Said {
    /// The two ids; empty if the proposal has but one pair.
    pair: String,
    speaks_for: Vec<String>,
    speaks_against: Vec<String>,
}

#[derive(Serialize)]
struct Column {
    id: String,
    place: String,
    /// Number in the proposal, from 0: how forms and addresses name the record.
    number: usize,
    /// The digit that chooses it: its place on the page, from 1.
    key: usize,
    leads: bool,
    is_out: bool,
    changed: bool,
    links: Vec<String>,
}

#[derive(Serialize)]
struct Row {
    /// The field as forms name it; empty if they cannot.
    name: String,
    /// The field, fit to be shown.
    field: String,
    state: &'static str,
    words: &'static str,
    cells: Vec<Cell>,
    merged: Vec<Merged>,
    n_more_merged: usize,
    /// Whether a value can be chosen.
    has_choice: bool,
    is_chosen: bool,
}

#[derive(Serialize)]
struct Cell {
    number: usize,
    spans: Vec<Span>,
    is_chosen: bool,
    is_empty: bool,
    has_choice: bool,
}

#[derive(Serialize)]
struct Merged {
    text: String,
    from: String,
}

#[derive(Serialize)]
struct Pair {
    a: String,
    b: String,
    doubts: Vec<Doubt>,
    waterfall: Waterfall,
}

#[derive(Serialize)]
struct Past {
    decision: &'static str,
    user: String,
    at: String,
    note: String,
}

impl ProposalPage {
    /// The page about the proposal of that number, filled in as `form` was if one was sent. `alert` says what came of it.
    pub(super) fn of(
        desk: &Desk,
        at: usize,
        proposal: &Proposal,
        wanted: &Wanted,
        form: Option<&Form>,
        alert: &str,
    ) -> Result<ProposalPage, Error> {
        let history = desk.history(&proposal.proposal)?;
        let in_force = standing(&history).last().copied();
        let draft = match form {
            Some(form) => Draft::of_form(proposal, form),
            None => Draft::of_ruling(proposal, in_force.map(|last| &last.ruling)),
        };
        let around = Queue::around(wanted, desk, at)?;
        let others: Vec<usize> = (0..proposal.members.len()).filter(|&number| number != draft.lead).collect();
        let last_page = others.len().saturating_sub(1) / MAX_OTHERS;
        let first = (wanted.column.parse::<usize>().unwrap_or(0) / MAX_OTHERS).min(last_page) * MAX_OTHERS;
        let end = others.len().min(first + MAX_OTHERS);
        let columns: Vec<usize> = [draft.lead].iter().chain(&others[first..end]).copied().collect();
        let records = Records::of(desk, proposal, &columns);
        let (rows, n_more_rows) = records.rows(proposal, &columns, &draft);
        let pairs = drawn_pairs(proposal);
        let n_members = proposal.members.len();
        let conflicts = proposal.conflicts.iter();
        Ok(ProposalPage {
            frame: desk.frame(&desk.index.entries[at].title),
            form_token: desk.gate.form_token.clone(),
            alert: shown(alert, 1_000),
            id: proposal.proposal.clone(),
            title: shown(&desk.index.entries[at].title, MAX_VALUE),
            band: proposal.decision.name(),
            weight: format!("{:+.1}", proposal.weight().bits()),
            state: in_force
                .filter(|last| !is_stale(&desk.index, at, &last.ruling))
                .map_or(Decision::Open, |last| last.ruling.decision)
                .name(),
            seen: history.last().map_or(0, |last| last.seq),
            can_undo: in_force.is_some(),
            max_note: MAX_NOTE,
            leads_in_report: shown(&proposal.survivor, 80),
            reason: shown(&proposal.survivor_reason, MAX_VALUE),
            extends: proposal.extends.clone(),
            doubts: doubts(&proposal.pairs),
            stale: stale(proposal),
            is_accepted: proposal.pairs.iter().any(|pair| pair.accepted),
            conflicts: conflicts.take(MAX_CONFLICTS).map(|conflict| shown(&conflict.field, 80)).collect(),
            n_more_conflicts: proposal.conflicts.len().saturating_sub(MAX_CONFLICTS),
            weakest: weakest(proposal),
            n_members,
            range: match first {
                _ if columns.len() == n_members => String::new(),
                0 => format!("Records 1 to {} of {n_members}", end + 1),
                // The leading one is the first of all.
                first => format!("The leading record, and records {} to {} of {n_members}", first + 2, end + 1),
            },
            column: first,
            more_before: first.checked_sub(MAX_OTHERS),
            more_after: (end < others.len()).then_some(end),
            hidden: hidden(&draft, &columns, &rows),
            columns: columns
                .iter()
                .zip(1..)
                .map(|(&number, key)| records.column(proposal, number, key, &draft))
                .collect(),
            no_choice: records.no_choice(proposal),
            rows,
            n_more_rows,
            n_more_pairs: proposal.pairs.len() + proposal.n_pairs_omitted - pairs.len(),
            pairs: pairs.into_iter().map(|pair| drawn(pair, desk)).collect(),
            n_older: history.len().saturating_sub(MAX_HISTORY),
            history: history.iter().rev().take(MAX_HISTORY).map(past).collect(),
            warnings: records.warnings(proposal),
            note: draft.note,
            query: wanted.query(),
            before: around.before,
            after: around.after,
            place: around.place,
            n: around.n,
            // What was decided here since comes before it, also for the key.
            done: done(desk, wanted)?.filter(|done| history.last().is_none_or(|own| own.seq < done.seen)),
        })
    }
}

/// What a draft says of records and fields that have no input on the page, so that it is not lost when the form is sent.
fn hidden(draft: &Draft, columns: &[usize], rows: &[Row]) -> Vec<(String, String)> {
    let out = draft.out.iter().filter(|number| !columns.contains(number));
    let mut hidden: Vec<(String, String)> = out.map(|number| ("out".to_owned(), number.to_string())).collect();
    let has_input = |field: &str, number: usize| {
        let row = rows.iter().find(|row| row.name == field);
        row.is_some_and(|row| row.cells.iter().any(|cell| cell.number == number && cell.has_choice))
    };
    let fields = draft.fields.iter().filter(|&(field, &number)| !has_input(field, number));
    hidden.extend(fields.map(|(field, number)| (format!("{FIELD}{field}"), number.to_string())));
    hidden
}

/// The members that could be read.
struct Records {
    /// By number in the proposal.
    members: BTreeMap<usize, Box<Member>>,
    changed: Vec<usize>,
    gone: Vec<usize>,
    /// Whether all members are there, so that they can be united.
    is_whole: bool,
}

impl Records {
    fn of(desk: &Desk, proposal: &Proposal, columns: &[usize]) -> Records {
        let is_whole = proposal.members.len() <= MAX_MEMBERS;
        let all: Vec<usize> = (0..proposal.members.len()).collect();
        let mut records = Records { members: BTreeMap::new(), changed: Vec::new(), gone: Vec::new(), is_whole };
        for &number in if is_whole { &all } else { columns } {
            match desk.fetch(&proposal.members[number]) {
                Seen::Same(member) => drop(records.members.insert(number, member)),
                Seen::Changed(member) => {
                    records.members.insert(number, member);
                    records.changed.push(number);
                }
                Seen::Gone => records.gone.push(number),
            }
        }
        records.is_whole &= records.gone.is_empty();
        records
    }

    fn warnings(&self, proposal: &Proposal) -> Vec<String> {
        let names = |numbers: &[usize]| {
            let ids: Vec<String> = numbers.iter().take(5).map(|&at| shown(&proposal.members[at].id, 80)).collect();
            ids.join(", ")
        };
        let mut warnings = Vec::new();
        if !self.changed.is_empty() {
            let names = names(&self.changed);
            warnings.push(format!(
                "Changed in the export since the report was made: {names}. A decision is about the records as the report \
                 saw them; the next run will show it as stale. Make the report again."
            ));
        }
        if !self.gone.is_empty() {
            let names = names(&self.gone);
            warnings.push(format!(
                "Not to be read from the export any more: {names}. Only title, names and year are known."
            ));
        }
        warnings
    }

    /// Why no value can be chosen, in words; empty if it can.
    fn no_choice(&self, proposal: &Proposal) -> String {
        if self.is_whole {
            return String::new();
        }
        let why = if proposal.members.len() > MAX_MEMBERS {
            format!("the proposal has more than {MAX_MEMBERS} records")
        } else {
            "not all records can be read".to_owned()
        };
        format!("Values cannot be chosen, and the merged record is the report's, since {why}")
    }

    fn column(&self, proposal: &Proposal, number: usize, key: usize, draft: &Draft) -> Column {
        let member = &proposal.members[number];
        let urls = self.members.get(&number).map(|member| member.values("url")).unwrap_or_default();
        let is_plain = |url: &&String| {
            let lower = url.to_ascii_lowercase();
            (lower.starts_with("http://") || lower.starts_with("https://")) && shown(url, 500) == **url
        };
        Column {
            id: shown(&member.id, 80),
            place: format!(
                "{}:{}",
                shown(member.file.rsplit(['/', '\\']).next().unwrap_or(&member.file), 80),
                member.line
            ),
            number,
            key,
            leads: number == draft.lead,
            is_out: draft.out.contains(&number),
            changed: self.changed.contains(&number),
            links: urls.iter().filter(is_plain).take(3).cloned().collect(),
        }
    }

    /// Rows of the fields that any record read has, in the order of the report page, and how many more there are. Records
    /// on other pages count, since the merged record has their fields too.
    fn rows(&self, proposal: &Proposal, columns: &[usize], draft: &Draft) -> (Vec<Row>, usize) {
        let united = self.united(proposal, draft);
        let merged = united.as_ref().map_or(&proposal.merged, |united| &united.merged);
        let mut names: Vec<&str> = Vec::new();
        names.extend(self.members.values().flat_map(|member| &member.fields).map(|field| field.name.as_str()));
        if columns.iter().any(|number| !self.members.contains_key(number)) {
            names.extend(["title", "author", "publishDate"]);
        }
        names.retain(|name| !merge::is_left_out(name) && *name != "id");
        names.sort_unstable_by_key(|name| (display_order(name), *name));
        names.dedup();
        let n_more = names.len().saturating_sub(MAX_ROWS);
        let row = |name: &&str| {
            let values: Vec<String> = columns.iter().map(|&number| self.value(proposal, number, name)).collect();
            let spans = side_by_side(&fit(&values, MAX_VALUE));
            let (state, words) = agreement(&values, &spans);
            let chosen = draft.fields.get(*name);
            // Values that agree here may differ from those on other pages.
            let may_differ = state != "same" || chosen.is_some() || columns.len() < proposal.members.len();
            let has_choice = self.is_whole && may_differ && leader_of(name).is_none() && is_nameable(name);
            let cell = |(&number, spans): (&usize, Vec<Span>)| {
                let is_empty = spans.iter().all(|span| span.text.trim().is_empty());
                let is_chosen = chosen == Some(&number);
                Cell { number, spans, is_chosen, is_empty, has_choice: has_choice && !is_empty }
            };
            let all = merged.get(*name).map(Vec::as_slice).unwrap_or_default();
            let merged = all.iter().take(MAX_MERGED).map(|value| Merged {
                text: shown(&value.value, MAX_VALUE),
                from: shown(&value.from.join(", "), MAX_VALUE),
            });
            Row {
                name: if is_nameable(name) { (*name).to_owned() } else { String::new() },
                field: shown(name, 80),
                state,
                words,
                cells: columns.iter().zip(spans).map(cell).collect(),
                merged: merged.collect(),
                n_more_merged: all.len().saturating_sub(MAX_MERGED),
                has_choice,
                is_chosen: chosen.is_some(),
            }
        };
        (names.iter().take(MAX_ROWS).map(row).collect(), n_more)
    }

    /// The merged record as it is filled in, without members that are apart; none if it is the report's.
    fn united(&self, proposal: &Proposal, draft: &Draft) -> Option<United> {
        if !self.is_whole || draft.is_by_rule(proposal) {
            return None;
        }
        let kept = self.members.iter().filter(|(number, _)| !draft.out.contains(number));
        let kept: Vec<Member> = kept.map(|(_, member)| Member::clone(member)).collect();
        (!kept.is_empty()).then(|| unite(&kept, &draft.choice(proposal)))
    }

    /// The values of a field of a member as one text, as far as it is held against that of others.
    fn value(&self, proposal: &Proposal, number: usize, name: &str) -> String {
        let Some(member) = self.members.get(&number) else {
            let member: &ProposalMember = &proposal.members[number];
            let known = match name {
                "title" => &member.title,
                "author" => &member.authors,
                "publishDate" => &member.year,
                _ => "",
            };
            return known.to_owned();
        };
        let mut text = String::new();
        for value in member.values(name) {
            if text.len() > MAX_COMPARED {
                break;
            }
            if !text.is_empty() {
                text.push_str("; ");
            }
            text.push_str(&value[..value.floor_char_boundary(MAX_COMPARED)]);
        }
        text
    }
}

/// Whether a form can say the name: it is not long, and has nothing that browsers change on the way.
fn is_nameable(name: &str) -> bool {
    name.len() <= MAX_NAME && !name.contains(char::is_control)
}

/// The pairs to draw: the weakest one, then those with doubts, then the heaviest.
fn drawn_pairs(proposal: &Proposal) -> Vec<&ProposalPair> {
    let weakest = weakest_pair(proposal);
    let mut pairs: Vec<&ProposalPair> = proposal.pairs.iter().collect();
    let is_weakest = |pair: &ProposalPair| weakest.is_some_and(|weakest| std::ptr::eq(weakest, pair));
    pairs.sort_by_key(|pair| (!is_weakest(pair), pair.vetoes.is_empty()));
    pairs.truncate(MAX_PAIRS);
    pairs
}

fn weakest_pair(proposal: &Proposal) -> Option<&ProposalPair> {
    proposal.pairs.iter().min_by(|a, b| a.weight.bits().total_cmp(&b.weight.bits()))
}

/// The lightest pair in words: what a person should look at first.
fn weakest(proposal: &Proposal) -> Option<Said> {
    let pair = weakest_pair(proposal)?;
    let mut steps: Vec<_> = pair.evidence.iter().filter(|step| step.weight.bits().abs() >= LEAST_SAID).collect();
    steps.sort_by(|a, b| b.weight.bits().abs().total_cmp(&a.weight.bits().abs()));
    let said = |is_for: bool| -> Vec<String> {
        let words = steps.iter().filter(|step| (step.weight.bits() > 0.0) == is_for).map(|step| {
            let (field, level) = (step.field.name().replace('_', " "), step.level.name().replace('_', " "));
            format!("{field} {level} {}", signed(step.weight.bits(), 1))
        });
        words.take(MAX_SAID).collect()
    };
    let is_only = proposal.pairs.len() + proposal.n_pairs_omitted == 1;
    let pair = if is_only { String::new() } else { format!("{} and {}", shown(&pair.a, 80), shown(&pair.b, 80)) };
    Some(Said { pair, speaks_for: said(true), speaks_against: said(false) })
}

fn drawn(pair: &ProposalPair, desk: &Desk) -> Pair {
    Pair {
        a: shown(&pair.a, 80),
        b: shown(&pair.b, 80),
        doubts: doubts(std::slice::from_ref(pair)),
        waterfall: Waterfall::of(pair, &desk.report.config.model),
    }
}

fn doubts(pairs: &[ProposalPair]) -> Vec<Doubt> {
    let mut doubts: Vec<Doubt> = pairs
        .iter()
        .flat_map(|pair| &pair.vetoes)
        .map(|veto| Doubt { name: veto.name(), meaning: veto.meaning() })
        .collect();
    doubts.sort_by_key(|doubt| doubt.name);
    doubts.dedup_by_key(|doubt| doubt.name);
    doubts
}

fn stale(proposal: &Proposal) -> Vec<String> {
    let stale = proposal.pairs.iter().filter_map(|pair| Some((pair, pair.stale?)));
    let words = |(pair, decision): (&ProposalPair, merge::StaleDecision)| {
        let was = match decision {
            merge::StaleDecision::Accept => "one",
            merge::StaleDecision::Reject => "not one",
        };
        format!("{} and {} were decided to be {was}", shown(&pair.a, 80), shown(&pair.b, 80))
    };
    stale.take(5).map(words).collect()
}

fn past(numbered: &Numbered) -> Past {
    let Ruling { decision, user, at, note, .. } = &numbered.ruling;
    let decision = if *decision == Decision::Open { "taken back" } else { decision.name() };
    Past { decision, user: shown(user, 80), at: shown(at, 40), note: shown(note, 2_000) }
}

/// The decision that an address says was made last.
pub(super) fn done(desk: &Desk, wanted: &Wanted) -> Result<Option<Done>, Error> {
    let Some(at) = desk.index.find(&wanted.done) else { return Ok(None) };
    let history = desk.history(&wanted.done)?;
    let others = |last: &&Numbered| last.ruling.user != desk.user;
    let by = history.last().filter(others).map_or_else(String::new, |last| shown(&last.ruling.user, 80));
    // On its own page a person sees what is taken back, and from whom.
    let can_undo = by.is_empty() && !standing(&history).is_empty();
    Ok(history.last().map(|last| Done {
        id: wanted.done.clone(),
        title: shown(&desk.index.entries[at].title, 80),
        decision: last.ruling.decision.name(),
        by,
        seen: last.seq,
        can_undo,
    }))
}
