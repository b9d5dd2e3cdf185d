//! Rulings → pairs of ids that the next run obeys.

use std::collections::BTreeMap;

use super::{Decision, Ruling, Seen};
use crate::matching::decided::Standing;
use crate::merge::{Choice, proposal_id};

/// What all rulings say about pairs of ids.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Pairs<'r> {
    /// By pair, the smaller id first. Of several rulings on a pair the last one counts. A rejection of many has many pairs, so that their
    /// ids are those of the rulings.
    pub standings: BTreeMap<(&'r str, &'r str), Standing>,
    /// Rulings of which fewer than two members are in the input.
    pub n_idle: u64,
    /// Rulings, by index, of which a member in the input is not what it was, with the ids of these members.
    pub stale: Vec<(usize, Vec<String>)>,
}

/// The pairs of rulings, which are given in their order.
///
/// `hash_of` tells the content hash of the record with an id, or `None` if there is no such record.
pub fn pairs<'r, 'h>(rulings: &'r [Ruling], hash_of: impl Fn(&str) -> Option<&'h str>) -> Pairs<'r> {
    let mut pairs = Pairs::default();
    for (at, ruling) in rulings.iter().enumerate() {
        let present: Vec<(&'r Seen, bool)> = ruling
            .members
            .iter()
            .filter_map(|seen| hash_of(&seen.id).map(|hash| (seen, !seen.hash.is_empty() && seen.hash != hash)))
            .collect();
        if present.len() < 2 {
            pairs.n_idle += 1;
            continue;
        }
        let changed: Vec<String> =
            present.iter().filter(|(_, is_stale)| *is_stale).map(|(seen, _)| seen.id.clone()).collect();
        let says_something = matches!(ruling.decision, Decision::Accept | Decision::Reject | Decision::Split);
        if says_something && !changed.is_empty() {
            pairs.stale.push((at, changed));
        }
        pairs.add(ruling, present);
    }
    pairs
}

/// What rulings want of the proposals that the next run makes of the members they keep together, by the ids of these proposals:
/// which record leads, and whose values count. `pairs` is what [`pairs()`] gave of them: a ruling on records of which one is not
/// what it was wants nothing.
pub fn choices(rulings: &[Ruling], pairs: &Pairs<'_>) -> BTreeMap<String, Choice> {
    let is_stale = |at: usize| pairs.stale.binary_search_by_key(&at, |(stale, _)| *stale).is_ok();
    let is_one = |ruling: &Ruling| matches!(ruling.decision, Decision::Accept | Decision::Split);
    let wants = |ruling: &Ruling| is_one(ruling) && (ruling.survivor.is_some() || !ruling.fields.is_empty());
    let wanted = rulings.iter().enumerate().filter(|(at, ruling)| wants(ruling) && !is_stale(*at));
    let choice = |ruling: &Ruling| Choice { survivor: ruling.survivor.clone(), fields: ruling.fields.clone() };
    wanted.map(|(_, ruling)| (proposal_id(ruling.kept().map(|seen| seen.id.as_str())), choice(ruling))).collect()
}

impl<'r> Pairs<'r> {
    fn add(&mut self, ruling: &Ruling, mut present: Vec<(&'r Seen, bool)>) {
        // What is unchanged comes first: one that is holds the others together.
        present.sort_by_key(|(_, is_stale)| *is_stale);
        let (out, kept): (Vec<_>, Vec<_>) = present.into_iter().partition(|(seen, _)| ruling.out.contains(&seen.id));
        match ruling.decision {
            Decision::Accept | Decision::Split => {
                if let Some((&hub, others)) = kept.split_first() {
                    others.iter().for_each(|&other| self.put(hub, other, true));
                }
                for &one in &out {
                    kept.iter().for_each(|&other| self.put(one, other, false));
                }
            }
            Decision::Reject => {
                let (rejected, others) = if out.is_empty() { (kept, Vec::new()) } else { (out, kept) };
                for (at, &one) in rejected.iter().enumerate() {
                    rejected[at + 1..].iter().chain(&others).for_each(|&other| self.put(one, other, false));
                }
            }
            Decision::Defer | Decision::Open => (),
        }
    }

    fn put(&mut self, (a, a_changed): (&'r Seen, bool), (b, b_changed): (&'r Seen, bool), is_accepted: bool) {
        let pair = if a.id < b.id { (&*a.id, &*b.id) } else { (&*b.id, &*a.id) };
        self.standings.insert(pair, Standing { is_accepted, is_stale: a_changed || b_changed });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merge::proposal_id;

    fn ruling(decision: Decision, members: &[(&str, &str)], out: &[&str]) -> Ruling {
        let seen = |&(id, hash): &(&str, &str)| Seen { id: id.to_owned(), hash: hash.to_owned() };
        let ruling = Ruling {
            proposal: proposal_id(members.iter().map(|(id, _)| *id)),
            members: members.iter().map(seen).collect(),
            out: out.iter().map(|&id| id.to_owned()).collect(),
            ..Ruling::on_pair("a", "b", decision)
        };
        ruling.check().expect("a ruling");
        ruling
    }

    /// All records have the hash `1`, save `z`, which does not exist.
    fn told(rulings: &[Ruling]) -> Vec<String> {
        let pairs = pairs(rulings, |id| (id != "z").then_some("1"));
        let show = |((a, b), standing): (&(&str, &str), &Standing)| {
            let sign = if standing.is_accepted { '=' } else { '!' };
            format!("{a}{sign}{b}{}", if standing.is_stale { "?" } else { "" })
        };
        pairs.standings.iter().map(show).collect()
    }

    #[test]
    fn each_decision_says_its_own_about_pairs() {
        let all = [("a", "1"), ("b", "1"), ("c", "1"), ("d", "")];
        assert_eq!(told(&[ruling(Decision::Accept, &all, &[])]), ["a=b", "a=c", "a=d"]);
        assert_eq!(told(&[ruling(Decision::Reject, &all[..3], &[])]), ["a!b", "a!c", "b!c"]);
        let some = ruling(Decision::Reject, &all[..3], &["b"]);
        assert_eq!(told(&[some]), ["a!b", "b!c"], "another proposal unites a and c");
        let split = ruling(Decision::Split, &all, &["a", "c"]);
        assert_eq!(told(&[split]), ["a!b", "a!d", "b!c", "b=d", "c!d"], "nothing is said about a and c");
        assert!(told(&[ruling(Decision::Defer, &all, &[])]).is_empty());
    }

    #[test]
    fn the_last_ruling_on_a_pair_counts() {
        let wide = ruling(Decision::Accept, &[("a", "1"), ("b", "1"), ("c", "1")], &[]);
        let narrow = ruling(Decision::Reject, &[("a", "1"), ("b", "1")], &[]);
        assert_eq!(told(&[wide.clone(), narrow.clone()]), ["a!b", "a=c"]);
        assert_eq!(told(&[narrow, wide]), ["a=b", "a=c"]);
    }

    #[test]
    fn what_changed_is_stale_and_leaves_the_others_alone() {
        let members = [("a", "old"), ("b", "1"), ("c", "1"), ("z", "1")];
        let accepted = ruling(Decision::Accept, &members, &[]);
        assert_eq!(told(std::slice::from_ref(&accepted)), ["a=b?", "b=c"]);
        let rulings = [accepted, ruling(Decision::Reject, &[("a", "1"), ("z", "1")], &[])];
        let found = pairs(&rulings, |id| (id != "z").then_some("1"));
        assert_eq!(found.stale, [(0, vec!["a".to_owned()])]);
        assert_eq!(found.n_idle, 1);
    }
}
