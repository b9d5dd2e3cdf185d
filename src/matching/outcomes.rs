//! What became of every candidate pair, in a few bytes each, so that a later run need not compare it again.
//!
//! A pair's verdict depends on its two records alone. Of a pair that led to nothing it is enough to know how it is
//! counted, of a match its weight; one that led to something else is compared again, since the report needs its comparison
//! anyway.
//!
//! ```text
//! record 7   partners 9, 12, 40, 41   ->   count 4 | 2, bar 31 | 3, dismissed | 28, telling | 1, merge, 7.25 bits
//! ```
//!
//! Partners are written as distances from the one before (the first from the record itself), in LEB128.

use crate::ids::RecordId;

use super::evidence::Weight;
use super::score::{N_BARS, Verdict};

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
    Telling,
}

const DISMISSED: u8 = 255;
const TELLING: u8 = 254;
const MERGE: u8 = 253;
const REVIEW: u8 = 252;
const _: () = assert!(N_BARS <= REVIEW as usize, "bars and marks share a byte");

impl Outcome {
    fn encode(self, log: &mut Vec<u8>) {
        match self {
            Outcome::Dismissed => log.push(DISMISSED),
            Outcome::Telling => log.push(TELLING),
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
            TELLING => Some(Outcome::Telling),
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
pub(super) fn encode(a: RecordId, partners: &[RecordId], outcomes: &[Outcome], log: &mut Vec<u8>) {
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
        let outcomes = [Outcome::Nothing(31), Outcome::Dismissed, matches[0], matches[1], Outcome::Telling];
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
