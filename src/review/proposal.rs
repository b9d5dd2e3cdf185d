//! One proposal: records as columns, fields as rows, evidence, and what was decided.

use std::collections::BTreeMap;

use serde::Serialize;

use super::desk::{Desk, Seen};
use super::pages::Frame;
use super::queue::{Queue, Wanted};
use crate::decisions::{self, Decision, Numbered, Ruling};
use crate::error::Error;
use crate::merge::{
    self, Choice, Member, Proposal, ProposalMember, ProposalPair, United, display_order, leader_of, unite,
};
use crate::report::chart::{Waterfall, signed};
use crate::report::shown::{MAX_VALUE, Span, agreement, shown, side_by_side};

/// Records side by side; more are a page on.
const MAX_COLUMNS: usize = 8;
/// Pairs drawn.
const MAX_PAIRS: usize = 12;
/// Rows shown: a record may have thousands of fields.
const MAX_ROWS: usize = 200;
/// Rulings that are shown, the last ones.
const MAX_HISTORY: usize = 20;
/// Steps of the weakest pair said in words, for and against each.
const MAX_SAID: usize = 5;
/// Merged values shown of a field.
const MAX_MERGED: usize = 12;
/// Members read for the merged record. Of larger proposals the merged record is the report's, without choices.
const MAX_MEMBERS: usize = 200;

/// A page about one proposal.
#[derive(Serialize)]
pub(super) struct ProposalPage {
    frame: Frame,
    form_token: String,
    id: String,
    title: String,
    band: &'static str,
    weight: String,
    state: &'static str,
    /// Number of the last ruling on it, 0 for none.
    seen: i64,
    note: String,
    reason: String,
    extends: Vec<String>,
    doubts: Vec<Doubt>,
    stale: Vec<String>,
    conflicts: Vec<String>,
    weakest: Option<Said>,
    n_members: usize,
    columns: Vec<Column>,
    more_before: Option<String>,
    more_after: Option<String>,
    rows: Vec<Row>,
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

#[derive(Serialize)]
struct Done {
    id: String,
    decision: &'static str,
    seen: i64,
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
    /// The page about the proposal of that number.
    pub(super) fn of(desk: &Desk, at: usize, proposal: &Proposal, wanted: &Wanted) -> Result<ProposalPage, Error> {
        let (history, n_rulings) = desk.history(&proposal.proposal, MAX_HISTORY)?;
        let last = history.last().map(|last| &last.ruling).filter(|ruling| ruling.decision != Decision::Open);
        let around = Queue::around(wanted, desk, at)?;
        let mut order: Vec<usize> = (0..proposal.members.len()).collect();
        let survivor = last.and_then(|ruling| ruling.survivor.as_ref()).unwrap_or(&proposal.survivor);
        order.sort_by_key(|&number| proposal.members[number].id != *survivor);
        let first = wanted.column.parse::<usize>().unwrap_or(0).min(order.len().saturating_sub(1));
        let first = first / MAX_COLUMNS * MAX_COLUMNS;
        let columns = &order[first..order.len().min(first + MAX_COLUMNS)];
        let records = Records::of(desk, proposal, columns);
        let (rows, n_more_rows) = records.rows(proposal, columns, last);
        let step = |first: usize| format!("column={first}");
        let pairs = heaviest_and_doubtful(proposal);
        Ok(ProposalPage {
            frame: desk.frame(&desk.index.entries[at].title),
            form_token: desk.gate.form_token.clone(),
            id: proposal.proposal.clone(),
            title: shown(&desk.index.entries[at].title, MAX_VALUE),
            band: band(proposal.decision),
            weight: format!("{:+.1}", proposal.weight().bits()),
            state: last.map_or("open", |ruling| ruling.decision.name()),
            seen: history.last().map_or(0, |last| last.seq),
            note: last.map(|ruling| shown(&ruling.note, 2_000)).unwrap_or_default(),
            reason: shown(&proposal.survivor_reason, MAX_VALUE),
            extends: proposal.extends.clone(),
            doubts: doubts(&proposal.pairs),
            stale: stale(proposal),
            conflicts: proposal.conflicts.iter().take(20).map(|conflict| shown(&conflict.field, 80)).collect(),
            weakest: weakest(proposal),
            n_members: proposal.members.len(),
            columns: columns
                .iter()
                .zip(1..)
                .map(|(&number, key)| records.column(proposal, number, key, survivor, last))
                .collect(),
            more_before: first.checked_sub(MAX_COLUMNS).map(step),
            more_after: (first + MAX_COLUMNS < order.len()).then(|| step(first + MAX_COLUMNS)),
            rows,
            n_more_rows,
            n_more_pairs: proposal.pairs.len() + proposal.n_pairs_omitted - pairs.len(),
            pairs: pairs.into_iter().map(|pair| drawn(pair, desk)).collect(),
            n_older: n_rulings.saturating_sub(history.len()),
            history: history.iter().rev().map(past).collect(),
            warnings: records.warnings(proposal),
            query: wanted.query(),
            before: around.before,
            after: around.after,
            place: around.place,
            n: around.n,
            done: done(desk, wanted)?,
        })
    }
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

    fn column(&self, proposal: &Proposal, number: usize, key: usize, survivor: &str, last: Option<&Ruling>) -> Column {
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
            leads: member.id == survivor,
            is_out: last.is_some_and(|ruling| ruling.out.contains(&member.id)),
            changed: self.changed.contains(&number),
            links: urls.iter().filter(is_plain).take(3).cloned().collect(),
        }
    }

    /// Rows of the fields that any record shown has, in the order of the report page, and how many more there are.
    fn rows(&self, proposal: &Proposal, columns: &[usize], last: Option<&Ruling>) -> (Vec<Row>, usize) {
        let united = self.united(last);
        let merged = united.as_ref().map_or(&proposal.merged, |united| &united.merged);
        let mut names: Vec<&str> = Vec::new();
        for number in columns {
            match self.members.get(number) {
                Some(member) => names.extend(member.fields.iter().map(|field| field.name.as_str())),
                None => names.extend(["title", "author", "publishDate"]),
            }
        }
        names.retain(|name| !merge::is_left_out(name) && *name != "id");
        names.sort_unstable_by_key(|name| (display_order(name), *name));
        names.dedup();
        let n_more = names.len().saturating_sub(MAX_ROWS);
        let row = |name: &&str| {
            let values: Vec<String> = columns.iter().map(|&number| self.value(proposal, number, name)).collect();
            let spans = side_by_side(&values);
            let (state, words) = agreement(&values, &spans);
            let chosen = last.and_then(|ruling| ruling.fields.get(*name));
            let cell = |(&number, spans): (&usize, Vec<Span>)| Cell {
                number,
                is_empty: spans.iter().all(|span| span.text.trim().is_empty()),
                spans,
                is_chosen: chosen == Some(&proposal.members[number].id),
            };
            let all = merged.get(*name).map(Vec::as_slice).unwrap_or_default();
            let merged = all.iter().take(MAX_MERGED).map(|value| Merged {
                text: shown(&value.value, MAX_VALUE),
                from: shown(&value.from.join(", "), MAX_VALUE),
            });
            Row {
                field: shown(name, 80),
                state,
                words,
                cells: columns.iter().zip(spans).map(cell).collect(),
                merged: merged.collect(),
                n_more_merged: all.len().saturating_sub(MAX_MERGED),
                has_choice: state != "same" && leader_of(name).is_none() && self.is_whole,
                is_chosen: chosen.is_some(),
            }
        };
        (names.iter().take(MAX_ROWS).map(row).collect(), n_more)
    }

    /// The merged record under what was decided, without members that are out.
    fn united(&self, last: Option<&Ruling>) -> Option<United> {
        let ruling = last?;
        if !self.is_whole {
            return None;
        }
        let kept = self.members.values().filter(|member| !ruling.out.contains(&member.id));
        let kept: Vec<Member> = kept.map(|member| Member::clone(member)).collect();
        let choice = Choice { survivor: ruling.survivor.clone(), fields: ruling.fields.clone() };
        (!kept.is_empty()).then(|| unite(&kept, &choice))
    }

    fn value(&self, proposal: &Proposal, number: usize, name: &str) -> String {
        let Some(member) = self.members.get(&number) else {
            let member: &ProposalMember = &proposal.members[number];
            let known = match name {
                "title" => &member.title,
                "author" => &member.authors,
                "publishDate" => &member.year,
                _ => "",
            };
            return shown(known, MAX_VALUE);
        };
        let mut text = String::new();
        for value in member.values(name) {
            if text.len() > 4 * MAX_VALUE {
                break;
            }
            if !text.is_empty() {
                text.push_str("; ");
            }
            text.extend(value.chars().take(MAX_VALUE + 1));
        }
        shown(&text, MAX_VALUE)
    }
}

/// The heaviest pairs, those with doubts before the others.
fn heaviest_and_doubtful(proposal: &Proposal) -> Vec<&ProposalPair> {
    let mut pairs: Vec<&ProposalPair> = proposal.pairs.iter().collect();
    pairs.sort_by_key(|pair| pair.vetoes.is_empty());
    pairs.truncate(MAX_PAIRS);
    pairs
}

/// The lightest pair in words: what a person should look at first.
fn weakest(proposal: &Proposal) -> Option<Said> {
    let pair = proposal.pairs.iter().min_by(|a, b| a.weight.bits().total_cmp(&b.weight.bits()))?;
    let mut steps: Vec<_> = pair.evidence.iter().collect();
    steps.sort_by(|a, b| b.weight.bits().abs().total_cmp(&a.weight.bits().abs()));
    let said = |is_for: bool| -> Vec<String> {
        let steps = steps.iter().filter(|step| (step.weight.bits() > 0.0) == is_for && step.weight.bits() != 0.0);
        let words = steps.map(|step| {
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

fn done(desk: &Desk, wanted: &Wanted) -> Result<Option<Done>, Error> {
    if desk.index.find(&wanted.done).is_none() {
        return Ok(None);
    }
    let last = desk.history(&wanted.done, 1)?.0.pop();
    Ok(last.map(|last| Done { id: wanted.done.clone(), decision: last.ruling.decision.name(), seen: last.seq }))
}

/// The word for a band.
pub(super) fn band(decision: merge::Decision) -> &'static str {
    match decision {
        merge::Decision::Merge => "merge",
        merge::Decision::Review => "review",
    }
}

/// A form as it was sent: names and values, names repeated.
pub(super) type Form = Vec<(String, String)>;

/// The value of a field of a form; empty if it has none.
pub(super) fn value<'f>(form: &'f Form, name: &str) -> &'f str {
    form.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str()).unwrap_or_default()
}

/// The ruling that a form asks for.
///
/// # Errors
/// A sentence for the person if the form does not make sense.
pub(super) fn ruling(proposal: &Proposal, form: &Form, user: &str) -> Result<Ruling, String> {
    let decision = Decision::named(value(form, "decision")).ok_or("choose a decision")?;
    let member = |number: &str| {
        let member = number.parse::<usize>().ok().and_then(|number| proposal.members.get(number));
        member.map(|member| member.id.clone()).ok_or_else(|| format!("the proposal has no record {number:?}"))
    };
    let mut ruling = Ruling {
        proposal: proposal.proposal.clone(),
        decision,
        members: proposal
            .members
            .iter()
            .map(|member| decisions::Seen { id: member.id.clone(), hash: member.hash.clone() })
            .collect(),
        out: Vec::new(),
        survivor: None,
        fields: BTreeMap::new(),
        note: value(form, "note").trim().to_owned(),
        user: user.to_owned(),
        at: String::new(),
    };
    let is_one = matches!(decision, Decision::Accept | Decision::Split);
    for (name, value) in form.iter().filter(|_| is_one) {
        match name.as_str() {
            "out" if decision == Decision::Split => ruling.out.push(member(value)?),
            "out" => return Err("records are marked as apart: split, or take the marks away".to_owned()),
            "survivor" => ruling.survivor = Some(member(value)?).filter(|id| *id != proposal.survivor),
            name => {
                let field = name.strip_prefix("field:").filter(|_| !value.is_empty());
                if let Some(field) = field {
                    ruling.fields.insert(field.to_owned(), member(value)?);
                }
            }
        }
    }
    ruling.out.sort_unstable();
    ruling.out.dedup();
    ruling.check()?;
    Ok(ruling)
}
