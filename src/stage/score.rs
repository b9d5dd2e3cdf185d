//! Records of blocks with their features → pairs that match.

use std::io::{Read, Write};

use serde::{Deserialize, Serialize};

use super::packets::{Member, is_loose, of_pair, part_of, unpack};
use super::rows::{Row, Writer, counted, kind, read};
use super::{broken, weights};
use crate::config::Config;
use crate::error::Error;
use crate::ids::RecordId;
use crate::keys::FeatureTable;
use crate::keys::table::decode;
use crate::matching::candidates::{Candidates, Pair};
use crate::matching::evidence::Veto;
use crate::matching::score::{N_BARS, Scores, Verdict, score as score_pairs};
use crate::matching::weights::Weights;

/// How pairs were counted, in bytes.
#[derive(Serialize, Deserialize)]
pub(super) struct Tallied {
    pub(super) dismissed: u64,
    pub(super) histogram: Vec<u64>,
    pub(super) vetoed: Vec<(Veto, u64)>,
}

impl Tallied {
    /// Of no pairs; all bars of the histogram are there.
    pub(super) fn none() -> Tallied {
        Tallied { dismissed: 0, histogram: vec![0; N_BARS], vetoed: Vec::new() }
    }

    /// Adds bar by bar and veto by veto; vetoes stay in order, each once.
    pub(super) fn add(&mut self, other: Tallied) {
        self.dismissed += other.dismissed;
        self.histogram.iter_mut().zip(other.histogram).for_each(|(n, more)| *n += more);
        for (veto, n) in other.vetoed {
            match self.vetoed.binary_search_by_key(&veto, |(known, _)| *known) {
                Ok(at) => self.vetoed[at].1 += n,
                Err(at) => self.vetoed.insert(at, (veto, n)),
            }
        }
    }
}

/// Bytes of packets whose pairs are judged at a time, about: with sketches and pairs some three times as much is held.
const ROUND_BYTES: usize = 64 << 20;

/// Reads all [`kind::TOGETHER`] of one part of the blocks, in any order; they are held in memory.
///
/// A pair is judged in the first of the blocks that its records share (of loose ones, if they share two and no other), and
/// nowhere else; pairs that were found otherwise, where they come together, if no block judges them. Writes
/// [`kind::MERGE`], [`kind::REVIEW`], [`kind::RELATED`] and [`kind::NEAR_MISS`] for pairs that are worth telling, and counts.
///
/// # Errors
/// If the streams are not what they should be.
pub fn score<W: Write>(input: impl Read, config: &Config, out: &mut Writer<W>) -> Result<(), Error> {
    let weights = weights(config)?;
    let mut tallied = Tallied::none();
    let mut packets: Vec<Vec<u8>> = Vec::new();
    read(input, |row| match row.kind {
        kind::TOGETHER => {
            packets.push(row.bytes);
            Ok(())
        }
        other => Err(broken(format!("rows of kind {other} are not to be scored"))),
    })?;
    let n_rounds = packets.iter().map(Vec::len).sum::<usize>() / ROUND_BYTES + 1;
    for round in 0..n_rounds {
        let is_now = |number: i64| part_of(number.wrapping_mul(OTHER_ORDER), n_rounds) == round;
        Round::of(&packets, is_now)?.judge(&weights, &mut tallied, out)?;
    }
    let bytes = postcard::to_allocvec(&tallied).expect("counts have known lengths and a growing buffer");
    out.row(&Row { kind: kind::COUNTS, a: counted::SCORED, bytes, ..Row::default() })
}

/// Makes rounds independent of parts.
const OTHER_ORDER: i64 = 0x2545_F491_4F6C_DD1D;

/// Blocks that are judged together.
struct Round<'p> {
    /// Members of these blocks, ascending by record.
    members: Vec<Member<'p>>,
    features: FeatureTable,
    /// Pairs of members, ascending.
    pairs: Vec<Pair>,
}

impl<'p> Round<'p> {
    fn of(packets: &'p [Vec<u8>], is_now: impl Fn(i64) -> bool) -> Result<Round<'p>, Error> {
        let mut members: Vec<Member<'p>> = Vec::new();
        for packet in packets {
            unpack(packet, |mut member: Member<'p>| {
                let blocks = &member.blocks;
                if !blocks.is_sorted() || member.here.iter().any(|&at| at as usize >= blocks.len()) {
                    return Err(broken(format!("the blocks of record {} are in no order", member.record)));
                }
                member.here.retain(|&at| is_now(blocks[at as usize]));
                member.pairs.retain(|&(a, b)| is_now(of_pair(a, b)));
                if !member.here.is_empty() || !member.pairs.is_empty() {
                    members.push(member);
                }
                Ok(())
            })?;
        }
        members.sort_unstable_by_key(|member| member.record);
        members.dedup_by_key(|member| member.record);
        for member in &members {
            let told = |reason| broken(format!("record {} has no features: {reason}", member.record));
            decode(member.features).map_err(told)?;
        }
        let encoded = members.iter().enumerate().map(|(at, member)| (RecordId::new(at), member.features));
        let features = FeatureTable::of_encoded(members.len(), encoded);
        let mut round = Round { members, features, pairs: Vec::new() };
        round.find_pairs()?;
        Ok(round)
    }

    fn find_pairs(&mut self) -> Result<(), Error> {
        let (mut in_blocks, mut in_pairs) = (Vec::new(), Vec::new());
        for (member, at) in self.members.iter().zip(0_u32..) {
            in_blocks.extend(member.here.iter().map(|&of| (member.blocks[of as usize], at)));
            in_pairs.extend(member.pairs.iter().map(|&pair| (pair, at)));
        }
        in_blocks.sort_unstable();
        in_pairs.sort_unstable();
        let mut pairs = Vec::new();
        let judge = |a: u32, b: u32| judging(&self.members[a as usize].blocks, &self.members[b as usize].blocks);
        let pair = |a: u32, b: u32| Pair { a: RecordId::from(a), b: RecordId::from(b) };
        for block in in_blocks.chunk_by(|x, y| x.0 == y.0) {
            for (at, &(block_id, a)) in block.iter().enumerate() {
                let later = block[at + 1..].iter().filter(|&&(_, b)| judge(a, b) == Some(block_id));
                pairs.extend(later.map(|&(_, b)| pair(a, b)));
            }
        }
        for both in in_pairs.chunk_by(|x, y| x.0 == y.0) {
            let [(_, a), (_, b)] = *both else {
                let (a, b) = both[0].0;
                return Err(broken(format!("of the pair {a} and {b}, {} came", both.len())));
            };
            if judge(a, b).is_none() {
                pairs.push(pair(a, b));
            }
        }
        pairs.sort_unstable();
        self.pairs = pairs;
        Ok(())
    }

    fn judge<W: Write>(self, weights: &Weights, tallied: &mut Tallied, out: &mut Writer<W>) -> Result<(), Error> {
        let candidates = Candidates::of_pairs(self.pairs, self.members.len());
        let Scores { matches, dismissed, histogram, vetoed, related, near_misses, .. } =
            score_pairs(&self.features, &candidates, weights, |_| ());
        tallied.add(Tallied { dismissed, histogram, vetoed });
        let row = |kind, pair: Pair, numbers| {
            let (a, b) = (self.members[pair.a.index()].record, self.members[pair.b.index()].record);
            Row { kind, a: a.into(), b: b.into(), numbers, ..Row::default() }
        };
        for found in matches {
            let kind = if found.verdict == Verdict::Merge { kind::MERGE } else { kind::REVIEW };
            out.row(&row(kind, found.pair, vec![found.weight.centibits().into()]))?;
        }
        related.iter().try_for_each(|related| out.row(&row(kind::RELATED, related.pair, Vec::new())))?;
        near_misses.iter().try_for_each(|miss| out.row(&row(kind::NEAR_MISS, miss.pair, Vec::new())))
    }
}

/// The block that judges a pair, given all blocks of its records, ascending: the least that both are in; if all of these are
/// loose, only if there are two.
fn judging(x: &[i64], y: &[i64]) -> Option<i64> {
    let (mut x, mut y) = (x.iter().peekable(), y.iter().peekable());
    let (mut first_loose, mut n_loose) = (None, 0);
    while let (Some(&&a), Some(&&b)) = (x.peek(), y.peek()) {
        match a.cmp(&b) {
            std::cmp::Ordering::Equal if !is_loose(a) => return Some(a),
            std::cmp::Ordering::Equal => {
                first_loose = first_loose.or(Some(a));
                n_loose += 1;
                x.next();
                y.next();
            }
            std::cmp::Ordering::Less => drop(x.next()),
            std::cmp::Ordering::Greater => drop(y.next()),
        }
    }
    first_loose.filter(|_| n_loose > 1)
}

#[cfg(test)]
mod tests {
    use super::super::packets::numbered;
    use super::*;
    use crate::input::Parser;
    use crate::keys::Features;
    use crate::keys::table::encode;

    /// What is too much for one round is judged in several, each pair once.
    #[test]
    fn rounds_have_the_pairs_of_the_whole() {
        let mut features = Vec::new();
        let parsed = Parser::default().parse(br#"{"id":"a","title":"Poems"}"#, Features::of);
        encode(&parsed.expect("a record"), &mut features);
        let mut packet = Vec::new();
        let part = |at: u32| numbered(-1 - i64::from(at), false);
        // Record `n` is in a block with its neighbours, in one with others of its remainder, in loose ones, and in pairs.
        for record in 0..60_u32 {
            let loose =
                [1000 + i64::from(record / 12), 2000 + i64::from(record / 15)].map(|block| numbered(block, true));
            let mut blocks =
                vec![i64::from(record / 3), 100 + i64::from(record % 7), part(record / 25), loose[0], loose[1]];
            blocks.sort_unstable();
            let pairs = [record.checked_sub(9), Some(record)].into_iter().flatten();
            let pairs = pairs.filter(|&first| first + 9 < 60).map(|first| (first, first + 9)).collect();
            let member = Member { record, blocks, here: vec![0, 1, 2, 3, 4], pairs, features: &features };
            packet = postcard::to_extend(&member, packet).expect("memory");
        }
        let packets = [packet];
        let pairs_of = |round: Round<'_>| -> Vec<(u32, u32)> {
            let record = |at: RecordId| round.members[at.index()].record;
            round.pairs.iter().map(|pair| (record(pair.a), record(pair.b))).collect()
        };
        let whole = pairs_of(Round::of(&packets, |_| true).expect("members"));
        let rounds = (0..4).map(|round| Round::of(&packets, |number| part_of(number, 4) == round).expect("members"));
        let rounds: Vec<Vec<(u32, u32)>> = rounds.map(pairs_of).collect();
        assert!(rounds.iter().all(|pairs| pairs.len() < whole.len()));
        let mut together = rounds.concat();
        together.sort_unstable();
        assert!(together == whole);
        // Every two records of a block or pair, once.
        let are_near = |a: u32, b: u32| a / 3 == b / 3 || a / 25 == b / 25 || a % 7 == b % 7 || a + 9 == b;
        let are_one = |a: u32, b: u32| are_near(a, b) || (a / 12 == b / 12 && a / 15 == b / 15);
        let expected = (0..60).flat_map(|a| (a + 1..60).map(move |b| (a, b))).filter(|&(a, b)| are_one(a, b));
        assert!(whole == expected.collect::<Vec<_>>());
    }
}
