//! What became of every candidate pair, in a few bytes each, so that a later run need not compare it again.
//!
//! A pair's verdict depends on its two records alone. Of a pair that led to nothing it is enough to know how it is
//! counted, of a match its weight, of one that led to something else to what.
//!
//! ```text
//! record 7   partners 9, 12, 40, 41   ->   count 4 | 2, bar 31 | 3, dismissed | 28, telling, bar 22, vetoes, relation
//!                                          | 1, merge, 7.25 bits
//! ```
//!
//! Partners are written as distances from the one before (the first from the record itself), in LEB128.

use serde::{Deserialize, Serialize};

use crate::ids::RecordId;

use super::compare::{find_vetoes, measure};
use super::evidence::{Aspect, Level, Veto, Weight};
use super::near_misses::{Failed, failed, may_be_missed};
use super::relations::{Detail, relation, relation_of_light};
use super::score::{N_BARS, Verdict, bar_of, verdict};
use super::weights::Weights;
use crate::keys::Features;

/// How a pair is counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// A bound on its weight kept it apart.
    Dismissed,
    /// It was compared, has this bar in the histogram of weights, and led to nothing.
    Nothing(u8),
    /// It is a match of this weight.
    Match(Verdict, Weight),
    /// It is a relation, a near miss, or was kept apart by a veto alone.
    Telling(Telling),
}

/// What is told of a pair that is no match.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Telling {
    /// Its bar in the histogram of weights.
    pub bar: u8,
    /// The vetoes that alone kept it apart.
    pub vetoes: Vetoes,
    /// What it is listed as, if it is.
    pub what: What,
}

/// What a pair that is no match is listed as.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum What {
    /// It is not.
    Nothing,
    /// A relation.
    Relation(Detail),
    /// A near miss, for this veto.
    Veto(Veto),
    /// A near miss, for what weighs most against it.
    Aspect(Aspect, Level),
    /// A near miss, for want of evidence.
    Evidence,
}

impl What {
    fn of(failed: Failed) -> What {
        match failed {
            Failed::Veto(veto) => What::Veto(veto),
            Failed::Aspect(aspect, level) => What::Aspect(aspect, level),
            Failed::Evidence => What::Evidence,
            Failed::Rejected | Failed::Cut(_) => What::Nothing,
        }
    }
}

/// Some vetoes.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct Vetoes(u32);

impl Vetoes {
    fn of(vetoes: &[Veto]) -> Vetoes {
        Vetoes(vetoes.iter().fold(0, |all, &veto| all | 1 << veto as u32))
    }

    /// These vetoes, ascending.
    pub fn iter(self) -> impl Iterator<Item = Veto> {
        Veto::ALL.into_iter().filter(move |&veto| self.0 & (1 << veto as u32) != 0)
    }
}

const _: () = assert!(Veto::ALL.len() <= u32::BITS as usize, "every veto has a bit");

const DISMISSED: u8 = 255;
const TELLING: u8 = 254;
const MERGE: u8 = 253;
const REVIEW: u8 = 252;
const _: () = assert!(N_BARS <= REVIEW as usize, "bars and marks share a byte");

impl Outcome {
    /// Compares two records.
    pub fn of(a: &Features, b: &Features, weights: &Weights) -> Outcome {
        let mut comparison = measure(a, b, weights);
        let weight = comparison.weight();
        let bar = bar_of(weight);
        let is_heavy = weight >= weights.review_at;
        if !is_heavy && !may_be_missed(&comparison) && !comparison.is_of_equals() {
            return match relation_of_light(a, b, &comparison) {
                Some(detail) => {
                    let what = What::Relation(detail);
                    Outcome::Telling(Telling { bar, vetoes: Vetoes::default(), what })
                }
                None => Outcome::Nothing(bar),
            };
        }
        comparison.vetoes = find_vetoes(a, b, &comparison);
        let comparison = &comparison;
        let verdict = verdict(comparison, weights);
        if verdict != Verdict::Apart {
            return Outcome::Match(verdict, weight);
        }
        let what = match relation(a, b, comparison, verdict) {
            Some(detail) => What::Relation(detail),
            None => failed(comparison, verdict).map_or(What::Nothing, What::of),
        };
        if is_heavy || what != What::Nothing {
            let vetoes = if is_heavy { Vetoes::of(&comparison.vetoes) } else { Vetoes::default() };
            return Outcome::Telling(Telling { bar, vetoes, what });
        }
        Outcome::Nothing(bar)
    }

    fn encode(self, log: &mut Vec<u8>) {
        match self {
            Outcome::Dismissed => log.push(DISMISSED),
            Outcome::Telling(telling) => {
                log.push(TELLING);
                *log = postcard::to_extend(&telling, std::mem::take(log)).expect("numbers, into memory");
            }
            Outcome::Nothing(bar) => log.push(bar),
            Outcome::Match(verdict, weight) => {
                log.push(if verdict == Verdict::Merge { MERGE } else { REVIEW });
                log.extend(weight.centibits().to_le_bytes());
            }
        }
    }

    fn decode(log: &mut &[u8]) -> Option<Outcome> {
        let (&code, rest) = log.split_first()?;
        *log = rest;
        let mut weight = || {
            let (weight, rest) = log.split_first_chunk()?;
            *log = rest;
            Some(Weight::from_centibits(i32::from_le_bytes(*weight)))
        };
        match code {
            DISMISSED => Some(Outcome::Dismissed),
            TELLING => {
                let (telling, rest): (Telling, &[u8]) = postcard::take_from_bytes(log).ok()?;
                *log = rest;
                (usize::from(telling.bar) < N_BARS).then_some(Outcome::Telling(telling))
            }
            MERGE => Some(Outcome::Match(Verdict::Merge, weight()?)),
            REVIEW => Some(Outcome::Match(Verdict::Review, weight()?)),
            bar => (usize::from(bar) < N_BARS).then_some(Outcome::Nothing(bar)),
        }
    }
}

/// What an earlier run knows.
pub trait Memory: Sync {
    /// Overwrites `outcomes` with one entry per partner of `a`: the outcome of the pair if it was a candidate and
    /// neither record has changed. Pairs that were not looked for again, since nothing around their records has changed, are
    /// added to `partners`. `scratch` is overwritten.
    fn recall(
        &self,
        a: RecordId,
        partners: &mut Vec<RecordId>,
        outcomes: &mut Vec<Option<Outcome>>,
        scratch: &mut Vec<(u32, Outcome)>,
    );
}

/// Appends the outcomes of the pairs of record `a` with its later partners, ascending.
pub fn encode(a: RecordId, partners: &[RecordId], outcomes: &[Outcome], log: &mut Vec<u8>) {
    number(partners.len() as u32, log);
    let mut last = a.get();
    for (partner, outcome) in partners.iter().zip(outcomes) {
        number(partner.get() - last, log);
        outcome.encode(log);
        last = partner.get();
    }
}

/// Overwrites `outcomes` with the partners of record `a` and their outcomes, from the start of `log`. `None` if the
/// bytes are not what was encoded.
pub fn decode(a: RecordId, mut log: &[u8], outcomes: &mut Vec<(u32, Outcome)>) -> Option<()> {
    outcomes.clear();
    let n = read_number(&mut log)?;
    let mut last = a.get();
    for _ in 0..n {
        last = last.checked_add(read_number(&mut log)?)?;
        outcomes.push((last, Outcome::decode(&mut log)?));
    }
    Some(())
}

fn number(mut n: u32, out: &mut Vec<u8>) {
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

fn read_number(bytes: &mut &[u8]) -> Option<u32> {
    let mut n = 0u32;
    for shift in (0..35).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        n |= u32::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(n);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_come_back() {
        let partners: Vec<RecordId> = [9, 12, 13, 14, 40_000_000].map(RecordId::new).into();
        let of = |verdict, centibits| Outcome::Match(verdict, Weight::from_centibits(centibits));
        let matches = [of(Verdict::Merge, 725), of(Verdict::Review, -40)];
        let vetoes = Vetoes::of(&[Veto::HostDiffers, Veto::DoiDiffers]);
        assert_eq!(vetoes.iter().collect::<Vec<_>>(), [Veto::DoiDiffers, Veto::HostDiffers]);
        let what = What::Aspect(Aspect::Year, Level::Different);
        let telling = Outcome::Telling(Telling { bar: 17, vetoes, what });
        let outcomes = [Outcome::Nothing(31), Outcome::Dismissed, matches[0], matches[1], telling];
        let mut log = Vec::new();
        encode(RecordId::new(7), &partners, &outcomes, &mut log);
        encode(RecordId::new(8), &[], &[], &mut log);
        let mut back = Vec::new();
        decode(RecordId::new(7), &log, &mut back).expect("what was written");
        let expected: Vec<(u32, Outcome)> = partners.iter().map(|partner| partner.get()).zip(outcomes).collect();
        assert_eq!(back, expected);
        for cut in 0..log.len() - 1 {
            assert!(decode(RecordId::new(7), &log[..cut], &mut back).is_none(), "cut at {cut}");
        }
    }
}
