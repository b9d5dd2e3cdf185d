//! What people decide about proposals, kept and read back.
//!
//! In: [`Ruling`]s, one per decision of a person, in the order in which they were made. Out: what is in force
//! ([`in_force`]), and the pairs that the next run must unite or keep apart ([`pairs()`]). A ruling is only ever added:
//! undoing one adds another, so that a log can be copied, compared and joined line by line.
//!
//! Rulings live in a [`Store`] (SQLite) while people work, and in JSON Lines for version control and exchange.

mod import;
mod lines;
mod pairs;
mod store;

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::merge::proposal_id;

pub use import::{Plan, Prefer};
pub use lines::{read_lines, write_lines};
pub use pairs::{Pairs, choices, pairs};
pub use store::{Appended, Numbered, Store};

/// What a person said about a proposal.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    /// The members are one.
    Accept,
    /// No two of the members are one.
    Reject,
    /// The members are one, save those that are out, which are none of the others.
    Split,
    /// Not now.
    Defer,
    /// Nothing: what was said before is taken back.
    Open,
}

impl Decision {
    /// All decisions.
    pub const ALL: [Decision; 5] =
        [Decision::Accept, Decision::Reject, Decision::Split, Decision::Defer, Decision::Open];

    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            Decision::Accept => "accept",
            Decision::Reject => "reject",
            Decision::Split => "split",
            Decision::Defer => "defer",
            Decision::Open => "open",
        }
    }

    /// The decision of that name.
    pub fn named(name: &str) -> Option<Decision> {
        Decision::ALL.into_iter().find(|decision| decision.name() == name)
    }
}

/// A record that a person saw.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    /// Its id.
    pub id: String,
    /// Its [content hash](crate::input::Record::content_hash) in 16 hexadecimal digits; empty if it is not known, as in
    /// files written by hand.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub hash: String,
}

/// One decision on one proposal.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ruling {
    /// Id of the proposal, which follows from the ids of its members.
    pub proposal: String,
    /// What was decided.
    pub decision: Decision,
    /// The members, as they were seen.
    pub members: Vec<Seen>,
    /// Members that are none of the others, of a split; of a rejection, those that are rejected, if it says nothing about the others among
    /// themselves, which another proposal unites.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub out: Vec<String>,
    /// The member that leads, if a person chose it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub survivor: Option<String>,
    /// Fields whose values are taken from a member that a person chose: field, then its id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, String>,
    /// Why, in the person's words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Who.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub user: String,
    /// When: UTC, `2026-01-31T09:30:00Z`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub at: String,
}

impl AsRef<Ruling> for Ruling {
    fn as_ref(&self) -> &Ruling {
        self
    }
}

impl Ruling {
    /// A ruling on two records by id alone.
    pub fn on_pair(a: &str, b: &str, decision: Decision) -> Ruling {
        let mut ids = [a, b];
        ids.sort_unstable();
        Ruling {
            proposal: proposal_id(ids),
            decision,
            members: ids.map(|id| Seen { id: id.to_owned(), hash: String::new() }).into(),
            out: Vec::new(),
            survivor: None,
            fields: BTreeMap::new(),
            note: String::new(),
            user: String::new(),
            at: String::new(),
        }
    }

    /// Members that stay together: all but those that are out.
    pub fn kept(&self) -> impl Iterator<Item = &Seen> {
        self.members.iter().filter(|member| !self.out.contains(&member.id))
    }

    /// Whether another one decides the same, whoever does and when, and whatever the notes say.
    pub fn decides_same(&self, other: &Ruling) -> bool {
        (self.decision, &self.out, &self.survivor, &self.fields)
            == (other.decision, &other.out, &other.survivor, &other.fields)
    }

    /// Whether another one decides the same, with the same note.
    pub fn says_same(&self, other: &Ruling) -> bool {
        self.decides_same(other) && self.note == other.note
    }

    /// Checks that what it names are its own members.
    ///
    /// # Errors
    /// A sentence that names the mistake.
    pub fn check(&self) -> Result<(), String> {
        let is_member = |id: &String| self.members.iter().any(|member| member.id == *id);
        let mut ids: Vec<&str> = self.members.iter().map(|member| member.id.as_str()).collect();
        ids.sort_unstable();
        if ids.len() < 2 || ids.windows(2).any(|two| two[0] == two[1]) {
            return Err("a decision is about two members or more, each named once".to_owned());
        }
        if self.proposal != proposal_id(ids) {
            return Err(format!("the proposal {:?} has other members", self.proposal));
        }
        if let Some(stranger) =
            self.out.iter().chain(&self.survivor).chain(self.fields.values()).find(|id| !is_member(id))
        {
            return Err(format!("{stranger:?} is none of the members"));
        }
        match (self.decision == Decision::Split, self.out.len()) {
            (true, 0) => return Err("a split says which members are out".to_owned()),
            (true, n) if n >= self.members.len() => {
                return Err("a split leaves a member; reject says that none belong together".to_owned());
            }
            (false, n) if n > 0 && self.decision == Decision::Reject && n + 2 > self.members.len() => {
                return Err("a rejection of some members leaves two that it says nothing about".to_owned());
            }
            (false, 1..) if self.decision != Decision::Reject => {
                return Err("only a split or a rejection has members that are out".to_owned());
            }
            _ => (),
        }
        match self.survivor.iter().chain(self.fields.values()).find(|id| self.out.contains(id)) {
            Some(id) => Err(format!("{id:?} is out, so it can neither lead nor give values")),
            None => Ok(()),
        }
    }
}

/// The rulings on one proposal that undoing walks back through, the one in force last; none if nothing is in force.
///
/// Undoing says again what was in force before. So a ruling that says what the one below the top says takes the top away,
/// one that takes everything back empties the pile, and any other comes on top.
pub fn standing<R: AsRef<Ruling>>(history: &[R]) -> Vec<&R> {
    let mut pile: Vec<&R> = Vec::new();
    for said in history {
        let ruling = said.as_ref();
        let below = pile.len().checked_sub(2).map(|at| pile[at].as_ref());
        if ruling.decision == Decision::Open {
            pile.clear();
        } else if below.is_some_and(|below| below.says_same(ruling)) {
            pile.pop();
        } else {
            pile.push(said);
        }
    }
    pile
}

/// The last ruling of each proposal, in the order in which these were made, without what was taken back.
pub fn in_force(rulings: Vec<Ruling>) -> Vec<Ruling> {
    let last: BTreeMap<String, usize> =
        rulings.iter().enumerate().map(|(at, ruling)| (ruling.proposal.clone(), at)).collect();
    let is_last = |(at, ruling): &(usize, Ruling)| last[&ruling.proposal] == *at && ruling.decision != Decision::Open;
    rulings.into_iter().enumerate().filter(is_last).map(|(_, ruling)| ruling).collect()
}

/// All rulings of a file, whether a [`Store`] or JSON Lines, in their order.
///
/// # Errors
/// If the file cannot be read or is neither; a wrong line is named.
pub fn read(path: &Path) -> Result<Vec<Ruling>, Error> {
    let mut head = Vec::new();
    let file = std::fs::File::open(path).map_err(|source| Error::input(path, source))?;
    file.take(store::MAGIC.len() as u64).read_to_end(&mut head).map_err(|source| Error::input(path, source))?;
    if head == store::MAGIC {
        return Ok(Store::open_to_read(path)?.since(0)?.into_iter().map(|numbered| numbered.ruling).collect());
    }
    // Lines without any decision are none; a store of decisions always has tables.
    if head.is_empty() && path.extension().is_some_and(|kind| kind == "sqlite" || kind == "db") {
        let reason = "it is empty, and no store of decisions; take a copy from before, or leave it out if nobody has decided yet";
        return Err(Error::Input { path: path.display().to_string(), reason: reason.to_owned(), source: None });
    }
    let text = std::fs::read_to_string(path).map_err(|source| Error::input(path, source))?;
    read_lines(&text).map_err(|reason| Error::Input { path: path.display().to_string(), reason, source: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ruling_names_its_own_members_only() {
        let ruling = Ruling::on_pair("b", "a", Decision::Accept);
        assert_eq!(ruling.check(), Ok(()));
        assert_eq!(ruling.members[0].id, "a");
        let wrong = |change: fn(&mut Ruling), expected: &str| {
            let mut ruling = ruling.clone();
            change(&mut ruling);
            let reason = ruling.check().expect_err(expected);
            assert!(reason.contains(expected), "{reason}");
        };
        wrong(|ruling| ruling.survivor = Some("c".to_owned()), "none of the members");
        wrong(|ruling| ruling.proposal = "p0".to_owned(), "other members");
        wrong(|ruling| ruling.out = vec!["a".to_owned()], "only a split");
        wrong(|ruling| ruling.decision = Decision::Split, "which members are out");
        wrong(
            |ruling| {
                ruling.decision = Decision::Split;
                ruling.out = vec!["a".to_owned(), "b".to_owned()];
            },
            "leaves a member",
        );
        wrong(
            |ruling| {
                ruling.decision = Decision::Split;
                ruling.out = vec!["a".to_owned()];
                ruling.fields.insert("title".to_owned(), "a".to_owned());
            },
            "is out",
        );
        wrong(|ruling| ruling.members[1].id = "a".to_owned(), "each named once");
    }

    #[test]
    fn what_was_taken_back_is_not_in_force() {
        let first = Ruling::on_pair("a", "b", Decision::Accept);
        let other = Ruling::on_pair("a", "c", Decision::Reject);
        let changed = Ruling { decision: Decision::Defer, ..first.clone() };
        assert_eq!(in_force(vec![first.clone(), other.clone(), changed.clone()]), [other.clone(), changed]);
        let undone = Ruling { decision: Decision::Open, ..first.clone() };
        assert_eq!(in_force(vec![first, undone, other.clone()]), [other]);
    }

    #[test]
    fn undoing_walks_back_through_what_was_said() {
        let say = |decision| Ruling::on_pair("a", "b", decision);
        let [accept, reject, defer, open] =
            [Decision::Accept, Decision::Reject, Decision::Defer, Decision::Open].map(say);
        let mut history = vec![accept.clone(), reject.clone(), defer];
        let mut seen = Vec::new();
        for _ in 0..4 {
            seen.push(standing(&history).last().map_or("nothing", |ruling| ruling.decision.name()));
            let below = standing(&history).iter().rev().nth(1).map_or(open.clone(), |&ruling| ruling.clone());
            history.push(below);
        }
        assert_eq!(seen, ["defer", "reject", "accept", "nothing"]);
        let again = [accept.clone(), open, reject.clone(), accept.clone()];
        assert_eq!(standing(&again), [&reject, &accept], "what was before is forgotten with everything");
        let noted = Ruling { note: "why".to_owned(), ..accept.clone() };
        assert_eq!(standing(&[accept, reject, noted]).len(), 3, "another note is another word");
    }

    #[test]
    fn a_clock_that_was_set_back_brings_no_old_ruling_back() {
        let at = |decision, at: &str| Ruling { at: at.to_owned(), ..Ruling::on_pair("a", "b", decision) };
        let (first, later) =
            (at(Decision::Accept, "2099-01-01T00:00:00Z"), at(Decision::Reject, "1999-01-01T00:00:00Z"));
        assert_eq!(in_force(vec![first, later.clone()]), [later], "the order counts, and not the clock");
    }
}
