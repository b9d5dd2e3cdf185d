//! The queue: which proposals are shown, in which order, and what comes next.

use serde::{Deserialize, Serialize};

use super::desk::Desk;
use super::index::{Entry, Order};
use crate::decisions::Decision;
use crate::error::Error;
use crate::keys::text::fold;
use crate::merge;

/// Proposals on a page.
pub(super) const PAGE: usize = 50;

/// What a person wants to see, as the address says it. Empty texts ask for nothing.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    /// A decision's name, or `any`; open ones if empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) state: String,
    /// `merge`, `review` or `any`; if empty, reviews, if there are any.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) band: String,
    /// Name of a veto, or `stale`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) doubt: String,
    /// Code of a rule that found something in a member.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) rule: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) collection: String,
    /// Least weight in bits.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) from: String,
    /// Largest weight in bits.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) to: String,
    /// Words of titles, names and ids.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) q: String,
    /// `lightest`, `largest`, or the heaviest first.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) sort: String,
    /// From 1.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) page: String,
    /// First of the records beside the leading one of a large proposal, from 0.
    #[serde(skip_serializing)]
    pub(super) column: String,
    /// The proposal decided last, which can be undone.
    #[serde(skip_serializing)]
    pub(super) done: String,
}

/// The proposals wanted.
pub(super) struct Queue {
    /// Numbers, in order.
    pub(super) found: Vec<u32>,
    /// Of those that are as wanted but for the decision, how many have each, in the order of [`Decision::ALL`].
    pub(super) n_by_state: [usize; 5],
}

impl Wanted {
    /// As part of an address, with `?` if there is anything to say.
    pub(super) fn query(&self) -> String {
        let text = serde_urlencoded::to_string(self).unwrap_or_default();
        if text.is_empty() { text } else { format!("?{text}") }
    }

    /// The first page of the same.
    pub(super) fn first_page(&self) -> Wanted {
        Wanted { page: String::new(), ..self.clone() }
    }

    /// The page, from 0.
    pub(super) fn page(&self) -> usize {
        self.page.parse::<usize>().unwrap_or(1).max(1) - 1
    }

    fn order(&self) -> Order {
        match self.sort.as_str() {
            "lightest" => Order::Lightest,
            "largest" => Order::Largest,
            _ => Order::Heaviest,
        }
    }
}

/// The conditions, ready to be asked of every proposal.
struct Filter<'w> {
    state: Option<Decision>,
    band: Option<merge::Band>,
    doubt: &'w str,
    rule: Option<Option<u32>>,
    collection: Option<Option<u32>>,
    from: f64,
    to: f64,
    words: Vec<String>,
}

/// Whether anything is to be reviewed; if not, merges are shown without being asked for.
pub(super) fn has_reviews(desk: &Desk) -> bool {
    desk.index.entries.iter().any(|entry| entry.band == merge::Band::Review)
}

impl<'w> Filter<'w> {
    fn of(wanted: &'w Wanted, desk: &Desk) -> Filter<'w> {
        let number = |at: Option<usize>| at.and_then(|at| u32::try_from(at).ok());
        let rules = &desk.index.findings.rules;
        let rule = number(rules.iter().position(|rule| *rule.code == *wanted.rule));
        let collection = number(desk.index.collections.iter().position(|name| **name == *wanted.collection));
        Filter {
            state: if wanted.state == "any" { None } else { Decision::named(&wanted.state).or(Some(Decision::Open)) },
            band: match wanted.band.as_str() {
                "merge" => Some(merge::Band::Merge),
                "any" => None,
                "review" => Some(merge::Band::Review),
                _ if has_reviews(desk) => Some(merge::Band::Review),
                _ => None,
            },
            doubt: &wanted.doubt,
            rule: (!wanted.rule.is_empty()).then_some(rule),
            collection: (!wanted.collection.is_empty()).then_some(collection),
            from: wanted.from.parse().unwrap_or(f64::NEG_INFINITY),
            to: wanted.to.parse().unwrap_or(f64::INFINITY),
            words: fold(&wanted.q).split_whitespace().map(str::to_owned).collect(),
        }
    }

    /// All conditions but that on the decision.
    fn takes(&self, entry: &Entry) -> bool {
        let has = |numbers: &[u32], wanted: Option<Option<u32>>| {
            wanted.is_none_or(|number| number.is_some_and(|number| numbers.contains(&number)))
        };
        let has_doubt = || match self.doubt {
            "" => true,
            "stale" => entry.is_stale,
            "any" => !entry.doubts.is_empty(),
            name => entry.doubts.iter().any(|veto| veto.name() == name),
        };
        self.band.is_none_or(|band| entry.band == band)
            && (self.from..=self.to).contains(&entry.weight.bits())
            && has(&entry.rules, self.rule)
            && has(&entry.collections, self.collection)
            && has_doubt()
            && entry.holds(&self.words)
    }
}

impl Queue {
    /// Looks through all proposals.
    pub(super) fn of(wanted: &Wanted, desk: &Desk) -> Result<Queue, Error> {
        Queue::with(wanted, desk, None)
    }

    /// The proposals before and after one, and its place from 1, whatever was decided on it.
    pub(super) fn around(wanted: &Wanted, desk: &Desk, at: usize) -> Result<Around, Error> {
        let queue = Queue::with(wanted, desk, u32::try_from(at).ok())?;
        let place = queue.found.iter().position(|&found| found as usize == at);
        let id = |place: Option<usize>| {
            let at = *queue.found.get(place?)?;
            Some(desk.index.entries[at as usize].id.to_string())
        };
        Ok(Around {
            before: id(place.and_then(|place| place.checked_sub(1))),
            after: id(place.map(|place| place + 1)),
            place: place.map_or(0, |place| place + 1),
            n: queue.found.len(),
        })
    }

    fn with(wanted: &Wanted, desk: &Desk, always: Option<u32>) -> Result<Queue, Error> {
        let states = desk.states()?;
        let filter = Filter::of(wanted, desk);
        let mut n_by_state = [0; 5];
        let mut found = Vec::new();
        for &at in desk.index.in_order(wanted.order()) {
            let state = states[at as usize];
            if filter.takes(&desk.index.entries[at as usize]) {
                n_by_state[state as usize] += 1;
                if filter.state.is_none_or(|wanted| wanted == state) {
                    found.push(at);
                    continue;
                }
            }
            if always == Some(at) {
                found.push(at);
            }
        }
        Ok(Queue { found, n_by_state })
    }
}

/// What lies around a proposal in the queue.
pub(super) struct Around {
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
    pub(super) place: usize,
    pub(super) n: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_is_wanted() {
        let wanted = Wanted { q: "a&b=<c>".to_owned(), page: "3".to_owned(), ..Wanted::default() };
        assert_eq!(wanted.query(), "?q=a%26b%3D%3Cc%3E&page=3");
        assert_eq!(serde_urlencoded::from_str::<Wanted>(&wanted.query()[1..]), Ok(wanted.clone()));
        assert_eq!((wanted.page(), wanted.first_page().page(), Wanted::default().query()), (2, 0, String::new()));
        assert_eq!(Wanted { page: "-7".to_owned(), ..wanted }.page(), 0);
    }
}
