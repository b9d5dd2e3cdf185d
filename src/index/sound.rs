//! Whether an index is one that the program can have written.
//!
//! Checksums tell damage from what was written, but not who wrote it. So before a run takes an index for granted, all that its readers
//! follow is followed once: places within files, orders, numbers of records, encodings.

use rayon::prelude::*;
use serde::Serialize;
use serde::de::IgnoredAny;

use super::columns::Places;
use super::{
    BUCKET_BITS, BUCKETS, FEATURE_PLACES, FINDINGS, FIT_KEYS, HASHES, ID_ENDS, IDS, Index, LINE_KEYS, LINES, MADE,
    MADE_KEYS, NEAR, OUTCOME_STARTS, OUTCOMES, PROPOSALS, ROWS, TRACE_PLACES, columns,
};
use crate::files::segments::Segments;
use crate::ids::RecordId;
use crate::merge::is_made;

impl Index {
    /// What file is not as long as the number of records or keys demands.
    pub(super) fn unsound_size(&self) -> Option<String> {
        if u32::try_from(self.n_records).is_err() {
            return Some(format!("{ID_ENDS} has more records than there can be"));
        }
        let lengths = [
            (HASHES, 12 * self.n_records),
            (ID_ENDS, 8 * self.n_records),
            (FEATURE_PLACES, Places::BYTES * self.n_records),
            (OUTCOME_STARTS, 8 * self.n_records),
            (ROWS, 8 * self.n_rows),
            (BUCKETS, 8 * ((1 << BUCKET_BITS) + 1)),
            (NEAR, self.bytes(NEAR).len() / 8 * 8),
            (PROPOSALS, self.bytes(PROPOSALS).len() / 16 * 16),
            (MADE_KEYS, self.bytes(MADE_KEYS).len() / 24 * 24),
            (LINE_KEYS, self.bytes(LINE_KEYS).len() / 16 * 16),
            (FIT_KEYS, self.bytes(FIT_KEYS).len() / 16 * 16),
            (TRACE_PLACES, if self.audit.is_some() { Places::BYTES * self.n_records } else { 0 }),
            (FINDINGS, if self.has_findings { self.bytes(FINDINGS).len() / 8 * 8 } else { 0 }),
        ];
        let wrong = lengths.iter().find(|(name, len)| self.bytes(name).len() != *len);
        wrong.map(|(name, _)| format!("{name} is not as long as the number of records demands"))
    }

    /// Whether the buckets do not share out all rows.
    pub(super) fn unsound_bucket(&self) -> Option<String> {
        let buckets = self.numbers(BUCKETS);
        let is_sound = buckets.get(0) == 0
            && (1..buckets.len()).all(|at| buckets.get(at - 1) <= buckets.get(at))
            && buckets.get(buckets.len() - 1) == self.n_rows as u64;
        (!is_sound).then(|| format!("{BUCKETS} does not share out the keys"))
    }

    /// What file holds something that the program does not write. Reads all of them, on all threads.
    pub(super) fn unsound_content(&self) -> Option<String> {
        type IsSound = fn(&Index) -> bool;
        let checks: [(&str, IsSound); 14] = [
            (HASHES, Index::are_hashes_sound),
            (IDS, |index| {
                index.do_ends_fit(IDS, ID_ENDS)
                    && index.all(|record| std::str::from_utf8(index.between(IDS, ID_ENDS, record)).is_ok())
            }),
            // What cannot be decoded is taken for nothing when it is read.
            (FEATURE_PLACES, |index| index.do_places_fit(FEATURE_PLACES, &index.features)),
            (ROWS, Index::are_rows_sound),
            (NEAR, |index| {
                index.near().is_sorted_by(|one, other| one < other)
                    && index.near().all(|pair| pair.a < pair.b && pair.b.index() < index.n_records)
            }),
            (OUTCOMES, Index::are_outcomes_sound),
            (TRACE_PLACES, |index| index.audit.is_none() || index.do_places_fit(TRACE_PLACES, &index.traces)),
            (PROPOSALS, |index| index.is_ascending(PROPOSALS, 2)),
            (FINDINGS, |index| index.is_ascending(FINDINGS, 1)),
            (MADE_KEYS, |index| index.is_ascending(MADE_KEYS, 3)),
            (MADE, Index::are_proposals_sound),
            (LINE_KEYS, |index| index.is_ascending(LINE_KEYS, 2)),
            // What cannot be decoded is taken for nothing, here too.
            (FIT_KEYS, |index| index.is_ascending(FIT_KEYS, 2)),
            (LINES, Index::are_lines_sound),
        ];
        let wrong = checks.iter().find(|(_, is_sound)| !is_sound(self));
        wrong.map(|(name, _)| format!("{name} holds what this program does not write"))
    }

    /// Whether something holds of all records.
    fn all(&self, holds: impl Fn(RecordId) -> bool + Sync) -> bool {
        (0..self.n_records).into_par_iter().all(|at| holds(RecordId::new(at)))
    }

    /// Whether ends ascend to the end of their file.
    fn do_ends_fit(&self, name: &str, ends: &str) -> bool {
        let last = self.n_records.checked_sub(1).map_or(0, |last| self.numbers(ends).get(last));
        self.is_ascending(ends, 1) && last == self.bytes(name).len() as u64
    }

    /// Whether the places of all records are within their segments.
    fn do_places_fit(&self, places: &str, segments: &Segments) -> bool {
        let places = Places(self.bytes(places));
        self.all(|record| {
            let (start, len) = places.get(record.index());
            start.checked_add(u64::from(len)).is_some_and(|end| segments.get(start..end).is_some())
        })
    }

    /// Whether every `step`th number of a file is at least the one before.
    fn is_ascending(&self, name: &str, step: usize) -> bool {
        let numbers = self.numbers(name);
        (0..numbers.len()).step_by(step).skip(1).all(|at| numbers.get(at - step) <= numbers.get(at))
    }

    /// Whether hashes ascend, and each record has one.
    fn are_hashes_sound(&self) -> bool {
        let mut is_seen = vec![false; self.n_records];
        let mut last = None;
        self.hashes().all(|(hash, record)| {
            let is_next = last < Some((hash, record));
            last = Some((hash, record));
            let seen = is_seen.get_mut(record.index());
            is_next && seen.is_some_and(|seen| !std::mem::replace(seen, true))
        })
    }

    /// Whether keys and their records ascend, and there are such records.
    fn are_rows_sound(&self) -> bool {
        let rows = columns::Rows(self.bytes(ROWS));
        let buckets = self.numbers(BUCKETS);
        (0..buckets.len() - 1).into_par_iter().all(|bucket| {
            let row = |at| (rows.key(at), rows.record(at));
            let (start, end) = (buckets.get(bucket) as usize, buckets.get(bucket + 1) as usize);
            (start..end).all(|at| rows.record(at).index() < self.n_records && (at == start || row(at - 1) < row(at)))
        })
    }

    /// Whether all proposals can be read.
    fn are_proposals_sound(&self) -> bool {
        let keys = self.numbers(MADE_KEYS);
        let holds = |at: usize| self.made.get(keys.get(3 * at + 1)..keys.get(3 * at + 2)).is_some_and(is_made);
        (0..keys.len() / 3).into_par_iter().all(holds)
    }

    /// Whether lines lie one after the other, and are such about their records.
    fn are_lines_sound(&self) -> bool {
        let (keys, lines) = (self.numbers(LINE_KEYS), self.bytes(LINES));
        let n = keys.len() / 2;
        let start = |at: usize| if at == 0 { 0 } else { keys.get(2 * at - 1) };
        let holds = |at: usize| {
            let [a, b] = [keys.get(2 * at) >> 32, keys.get(2 * at) & u64::from(u32::MAX)].map(|number| number as usize);
            let line = lines.get(start(at) as usize..keys.get(2 * at + 1) as usize);
            a < b
                && b < self.n_records
                && line.is_some_and(|line| is_line(line, [a, b].map(|record| self.id(RecordId::new(record)))))
        };
        (0..n).into_par_iter().all(holds) && start(n) == lines.len() as u64
    }

    /// Whether the outcomes of each record are those of later records.
    fn are_outcomes_sound(&self) -> bool {
        self.all(|record| {
            let mut found = Vec::new();
            self.outcomes(record, &mut found).is_some()
                && found.first().is_none_or(|(partner, _)| *partner > record.get())
                && found.is_sorted_by(|(one, _), (other, _)| one < other)
                && found.last().is_none_or(|(partner, _)| (*partner as usize) < self.n_records)
        })
    }
}

/// Whether bytes are a line about two records, by their ids. What it says of them is only skipped over.
fn is_line(line: &[u8], [a, b]: [&str; 2]) -> bool {
    #[derive(Serialize)]
    struct Beginning<'a> {
        a: &'a str,
        b: &'a str,
    }
    let mut beginning = serde_json::to_vec(&Beginning { a, b }).expect("texts, into memory");
    beginning.pop();
    line.split_last().is_some_and(|(end, line)| {
        *end == b'\n'
            && memchr::memchr(b'\n', line).is_none()
            && line.starts_with(&beginning)
            && std::str::from_utf8(line).is_ok_and(|line| serde_json::from_str::<IgnoredAny>(line).is_ok())
    })
}
