//! What an audit took from a record, as bytes, so that a later run of the same program under the same settings need not
//! read the record again.
//!
//! Kept is what went into findings, facts, census and profile; which rules ran and why does not matter any more.

use serde::{Deserialize, Serialize};

use super::facts::{Facts, TraceRows};
use super::store::sound_entries;
use super::traits::Traits;
use super::{Audit, N_TABLES, RULES, Settings};
use crate::ids::RecordId;

const _: () = assert!(RULES.len() <= 256, "numbers of rules fit a byte");

/// What one record gave.
#[derive(Serialize, Deserialize)]
struct Trace<'t> {
    /// Hash of all bytes of the record: rules look at `_version_` and `last_indexed`, too.
    stamp: u64,
    /// Numbers of the scopes that fit it.
    scopes: Vec<u16>,
    #[serde(borrow)]
    traits: Traits<'t>,
    /// Findings, as entries of a chunk.
    findings: &'t [u8],
    /// Facts, see [`TraceRows`].
    rows: &'t [u8],
    /// Counts of facts: number of the rule, key, and what is added to the two numbers.
    counts: Vec<(u8, u64, [u64; 2])>,
}

/// What the record at hand gives.
#[derive(Default)]
pub(super) struct Tracing {
    pub(super) findings: Vec<u8>,
    rows: TraceRows,
    counts: Vec<(u8, u64, [u64; 2])>,
    stamp: u64,
    /// Traces of the records so far, see [`traces`].
    done: Vec<u8>,
}

impl Tracing {
    /// Takes what a rule has gathered of the record.
    pub(super) fn take_facts(&mut self, rule: usize, facts: &Facts) {
        self.rows.take(rule as u8, facts);
        self.counts.extend(facts.added().iter().map(|&(key, added)| (rule as u8, key, added)));
    }

    /// Closes the trace of a record.
    pub(super) fn close(&mut self, scopes: &[u16], traits: Traits<'_>) {
        let trace = Trace {
            stamp: self.stamp,
            scopes: scopes.to_vec(),
            traits,
            findings: &self.findings,
            rows: self.rows.bytes(),
            counts: std::mem::take(&mut self.counts),
        };
        let bytes = postcard::to_allocvec(&trace).expect("traces have known lengths and a growing buffer");
        self.findings.clear();
        self.rows.clear();
        self.done.extend((bytes.len() as u32).to_le_bytes());
        self.done.extend(bytes);
    }

    fn keep_earlier(&mut self, record: RecordId) {
        self.done.extend(EARLIER.to_le_bytes());
        self.done.extend(record.get().to_le_bytes());
    }
}

/// Stands for the length of a trace that an earlier run has.
const EARLIER: u32 = u32::MAX;

/// A trace of one of consecutive records.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kept<'t> {
    /// The record was audited.
    Made(&'t [u8]),
    /// The trace is the one of this record of an earlier run.
    Earlier(RecordId),
}

/// The traces of consecutive records, given what [`Audit::take_traces`] gave.
pub fn traces(mut bytes: &[u8]) -> impl Iterator<Item = Kept<'_>> {
    let number = |bytes: &mut &[u8]| {
        let (number, rest) = bytes.split_first_chunk()?;
        *bytes = rest;
        Some(u32::from_le_bytes(*number))
    };
    std::iter::from_fn(move || {
        let len = number(&mut bytes)?;
        if len == EARLIER {
            return number(&mut bytes).map(|record| Kept::Earlier(record.into()));
        }
        let (trace, rest) = bytes.split_at_checked(len as usize)?;
        bytes = rest;
        Some(Kept::Made(trace))
    })
}

impl<'t> Trace<'t> {
    /// The trace that bytes hold; `None` if they are not what some audit under these settings wrote.
    fn of(bytes: &'t [u8], settings: &Settings) -> Option<Trace<'t>> {
        let trace: Trace<'t> = postcard::from_bytes(bytes).ok()?;
        let gathers = |rule: u8| RULES.get(usize::from(rule)).is_some_and(|rule| rule.check.across.is_some());
        let is_sound = trace.traits.is_sound()
            && trace.scopes.iter().all(|&scope| usize::from(scope) < settings.scopes.len())
            && TraceRows::is_sound(trace.rows)
            && TraceRows::of(trace.rows).all(|(rule, table, _, _)| gathers(rule) && usize::from(table) < N_TABLES)
            && trace.counts.iter().all(|&(rule, _, _)| gathers(rule));
        is_sound.then_some(trace)
    }
}

impl Audit<'_> {
    /// Keeps traces from now on.
    #[must_use]
    pub fn tracing(mut self) -> Self {
        self.tracing = Some(Tracing::default());
        self
    }

    /// Says what the hash of all bytes of the next record is, for its trace.
    pub fn stamp(&mut self, stamp: u64) {
        if let Some(tracing) = &mut self.tracing {
            tracing.stamp = stamp;
        }
    }

    /// The traces kept so far, for [`traces`] to tell apart.
    pub fn take_traces(&mut self) -> Vec<u8> {
        self.tracing.as_mut().map(|tracing| std::mem::take(&mut tracing.done)).unwrap_or_default()
    }

    /// Takes a record again by its trace, which an earlier run has of its record `earlier`, and shows to `look` what is counted
    /// of it. `stamp` is the hash of its bytes now. `false`, and nothing is taken, if the bytes are no trace, or that of other
    /// bytes of the record.
    pub fn record_again(
        &mut self,
        bytes: &[u8],
        (earlier, stamp): (RecordId, u64),
        look: impl FnOnce(&Traits<'_>),
    ) -> bool {
        let Some(trace) = Trace::of(bytes, self.settings).filter(|trace| trace.stamp == stamp) else { return false };
        let Some(findings) = sound_entries(trace.findings) else { return false };
        let id = self.next_record();
        self.census.count(&trace.traits);
        self.selections.next_of(self.settings, &trace.scopes);
        for finding in findings {
            self.take_entry(id, finding, &trace.traits);
        }
        for (rule, table, key, value) in TraceRows::of(trace.rows) {
            let facts = &mut self.facts[usize::from(rule)];
            facts.set_record(id);
            facts.note_in(usize::from(table), key, value);
            facts.close_chunks(self.spill);
        }
        for &(rule, key, [first, second]) in &trace.counts {
            self.facts[usize::from(rule)].count(key, first, second);
        }
        look(&trace.traits);
        if let Some(tracing) = &mut self.tracing {
            tracing.keep_earlier(earlier);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Gathered, Scope, Spill};
    use super::*;
    use crate::input::{Corpus, Parser, corpus_of};

    fn samples() -> Vec<Corpus> {
        let sample = |name: &str| {
            let text = std::fs::read_to_string(format!("{}/testdata/{name}", env!("CARGO_MANIFEST_DIR")));
            corpus_of(name, &text.expect("a sample")).expect("lines")
        };
        vec![sample("sample.jsonl"), sample("damaged.jsonl")]
    }

    fn made(kept: Kept<'_>) -> &[u8] {
        if let Kept::Made(trace) = kept { trace } else { panic!("{kept:?}") }
    }

    /// The audit of a corpus as bytes, and its traces. With those of an earlier one, some records are taken from them.
    fn audited(corpus: &Corpus, settings: &Settings, again: Option<&[u8]>) -> (Vec<u8>, Vec<u8>) {
        let (spill, mut profile) = (Spill::default(), Gathered::default());
        let mut audit = Audit::new(settings, &spill).tracing();
        let mut earlier = again.map(traces);
        for (position, at) in corpus.read(|| (), |(), _| (), |_| ()).positions.into_iter().zip(0..) {
            match earlier.as_mut().and_then(Iterator::next).map(made) {
                // Every other record has changed.
                Some(trace) if at % 2 == 1 => {
                    assert!(audit.record_again(trace, (RecordId::new(at), 0), |traits| profile.record(traits)));
                }
                _ => corpus
                    .fetch(position, &mut Parser::default(), |record| {
                        audit.record_with(record, |traits| profile.record(traits));
                    })
                    .expect("a record"),
            }
        }
        audit.close();
        let traces = audit.take_traces();
        (audit.into_bytes(profile, &spill).expect("memory"), traces)
    }

    #[test]
    fn a_record_taken_again_by_its_trace_gives_what_it_gave() {
        let scope = Scope { collection: vec!["Books".to_owned()], ignore: vec!["T".to_owned()], ..Scope::default() };
        let in_scopes = Settings { scopes: vec![scope, Scope::default()], ..Settings::default() };
        for settings in [Settings::default(), in_scopes] {
            for corpus in samples() {
                let (whole, kept) = audited(&corpus, &settings, None);
                assert!(traces(&kept).count() > 20);
                let (again, kept_again) = audited(&corpus, &settings, Some(&kept));
                assert!(again == whole);
                let expected = traces(&kept).zip(0..).map(|(trace, at)| match at % 2 {
                    1 => Kept::Earlier(RecordId::new(at)),
                    _ => trace,
                });
                assert!(traces(&kept_again).eq(expected));
            }
        }
    }

    #[test]
    fn a_trace_of_other_bytes_is_refused() {
        let (settings, spill) = (Settings::default(), Spill::default());
        let (_, kept) = audited(&samples()[0], &settings, None);
        let mut audit = Audit::new(&settings, &spill);
        assert!(traces(&kept).all(|trace| !audit.record_again(made(trace), (RecordId::new(0), 1), |_| ())));
    }

    #[test]
    fn traces_under_other_scopes_are_refused() {
        let in_scope = Settings { scopes: vec![Scope::default()], ..Settings::default() };
        let (_, kept) = audited(&samples()[0], &in_scope, None);
        let (settings, spill) = (Settings::default(), Spill::default());
        let mut audit = Audit::new(&settings, &spill);
        assert!(traces(&kept).all(|trace| !audit.record_again(made(trace), (RecordId::new(0), 0), |_| ())));
        assert_eq!(audit.census.n_records(), 0);
    }

    proptest! {
        #[test]
        fn damaged_traces_are_refused_or_taken(at in any::<prop::sample::Index>(), flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..9), cut in any::<prop::sample::Index>()) {
            let (settings, spill) = (Settings::default(), Spill::default());
            let (_, kept) = audited(&samples()[1], &settings, None);
            let all: Vec<&[u8]> = traces(&kept).map(made).collect();
            let mut trace = at.get(&all).to_vec();
            for (place, byte) in flips {
                let place = place.index(trace.len());
                trace[place] = byte;
            }
            trace.truncate(trace.len() - cut.index(trace.len()) / 4);
            let mut audit = Audit::new(&settings, &spill);
            let taken = audit.record_again(&trace, (RecordId::new(0), 0), |_| ());
            prop_assert_eq!(audit.census.n_records(), usize::from(taken));
            audit.close();
            audit.into_bytes(Gathered::default(), &spill).expect("memory");
        }
    }
}
