//! What the server knows: the report, the records, and what was decided.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Options;
use super::guard::Gate;
use super::index::Index;
use super::pages::Pages;
use crate::decisions::{Appended, Decision, Numbered, Ruling, Store};
use crate::error::Error;
use crate::finished::Finished;
use crate::ids::{Position, RecordId};
use crate::input::Corpus;
use crate::merge::{Member, ProposalMember};
use crate::pipeline::fetch_member;
use crate::progress::Progress;

/// The state of the server.
pub(super) struct Desk {
    pub(super) report: Finished,
    pub(super) index: Index,
    /// The exports, or why there are none to read.
    pub(super) corpus: Result<Corpus, String>,
    pub(super) user: String,
    pub(super) gate: Gate,
    pub(super) pages: Pages,
    /// Name of the store, for people.
    pub(super) store_name: String,
    log: Mutex<Log>,
}

/// The store and what was read of it.
struct Log {
    store: Store,
    n_read: i64,
    /// By number of the proposal.
    states: Vec<Decision>,
}

/// A record of a proposal, as the export has it now.
pub(super) enum Seen {
    /// As the report saw it.
    Same(Box<Member>),
    /// It says something else now.
    Changed(Box<Member>),
    /// It cannot be read.
    Gone,
}

impl Desk {
    /// Opens everything.
    pub(super) fn open(options: &Options, gate: Gate, progress: &Progress) -> Result<Desk, Error> {
        let report = Finished::read(&options.report)?;
        report.check_dedupes()?;
        let index = Index::of(&report)?;
        report.check_proposals(index.entries.len())?;
        report.check_findings(index.findings.n())?;
        let corpus = report.open_exports(progress).map_err(|error| error.to_string());
        let store = Store::open(&options.decisions)?;
        let states = vec![Decision::Open; index.entries.len()];
        let mut log = Log { store, n_read: 0, states };
        log.refresh(&index)?;
        Ok(Desk {
            report,
            index,
            corpus,
            user: options.user.clone(),
            gate,
            pages: Pages::new(),
            store_name: options.decisions.display().to_string(),
            log: Mutex::new(log),
        })
    }

    /// What was decided on each proposal, by its number: now, whoever decided.
    pub(super) fn states(&self) -> Result<Vec<Decision>, Error> {
        let mut log = self.log();
        log.refresh(&self.index)?;
        Ok(log.states.clone())
    }

    /// All rulings on a proposal, in their order: undoing walks back through them.
    pub(super) fn history(&self, proposal: &str) -> Result<Vec<Numbered>, Error> {
        Ok(self.log().store.history(proposal, i64::MAX as usize)?.0)
    }

    /// Keeps a ruling; see [`Store::append`]. One that the same person sent twice, as two clicks do, was kept the first
    /// time.
    pub(super) fn append(&self, ruling: &Ruling, seen: i64) -> Result<Appended, Error> {
        let appended = self.log().store.append(ruling, seen)?;
        Ok(match appended {
            Appended::Overtaken(other) if other.ruling.user == ruling.user && other.ruling.says_same(ruling) => {
                Appended::Yes(other.seq)
            }
            appended => appended,
        })
    }

    /// Reads a member again.
    pub(super) fn fetch(&self, member: &ProposalMember) -> Seen {
        let Some((corpus, position)) = self.place(member) else { return Seen::Gone };
        match fetch_member(corpus, position, RecordId::new(0), member.findings) {
            Some(record) if record.id != member.id => Seen::Gone,
            Some(record) if record.hash() == member.hash => Seen::Same(record.into()),
            Some(record) => Seen::Changed(record.into()),
            None => Seen::Gone,
        }
    }

    /// The bytes of a member as the export has them.
    pub(super) fn bytes(&self, member: &ProposalMember) -> Option<&[u8]> {
        let (corpus, position) = self.place(member)?;
        corpus.bytes_at(position)
    }

    /// Where a member lies, if its export is there as far as it can be read.
    fn place(&self, member: &ProposalMember) -> Option<(&Corpus, Position)> {
        let corpus = self.corpus.as_ref().ok()?;
        let at = self.report.inputs.iter().position(|input| input.file == member.file)?;
        let file = corpus.files().get(at).filter(|file| file.is_whole());
        let position = Position { file: at as u32, len: member.length, line: member.line, byte: member.byte };
        file.map(|_| (corpus, position))
    }

    /// A panic elsewhere leaves the log as it was: what was read stays true.
    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a record of a proposal is not what it was when a ruling was made: then it is open again.
pub(super) fn is_stale(index: &Index, at: usize, ruling: &Ruling) -> bool {
    // A proposal that cannot be read is told where it is shown.
    let Ok(proposal) = index.proposal(at) else { return false };
    let says_something = !matches!(ruling.decision, Decision::Open | Decision::Defer);
    let is_other = |member: &ProposalMember| {
        let mut seen = ruling.members.iter().filter(|seen| seen.id == member.id && !seen.hash.is_empty());
        seen.any(|seen| seen.hash != member.hash)
    };
    says_something && proposal.members.iter().any(is_other)
}

impl Log {
    /// Takes over what this or another program has added.
    fn refresh(&mut self, index: &Index) -> Result<(), Error> {
        for numbered in self.store.since(self.n_read)? {
            self.n_read = numbered.seq;
            if let Some(at) = index.find(&numbered.ruling.proposal) {
                let is_stale = is_stale(index, at, &numbered.ruling);
                self.states[at] = if is_stale { Decision::Open } else { numbered.ruling.decision };
            }
        }
        Ok(())
    }
}
