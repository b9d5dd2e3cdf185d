//! Whether answers hold all that their queries found: Solr gives ten documents unless asked for more, and an answer that is
//! short of time says so and looks complete.

use std::collections::BTreeMap;

/// What one answer says about itself, and what it holds.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) struct Answer {
    /// How many documents the query found (`numFound`, or `resultCount` of VuFind's API), if it is told.
    pub(super) n_found: Option<u64>,
    /// Number of the first document that it holds; none if the answer is a page that does not tell its place.
    pub(super) start: Option<u64>,
    /// Documents that it holds.
    pub(super) n_documents: u64,
    /// Whether the server says that it did not find everything (`partialResults`).
    pub(super) is_partial: bool,
}

/// A file that is not whole.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shortfall {
    /// Number of the file.
    pub file: u32,
    /// What is missing, as a sentence without the file's name.
    pub reason: String,
}

impl Answer {
    /// The number of the first document behind it, where others follow that it does not hold.
    fn goes_on_at(&self) -> Option<u64> {
        let end = self.start?.saturating_add(self.n_documents);
        (end < self.n_found?).then_some(end)
    }
}

/// Which numbers of documents are there.
struct Covered {
    /// First numbers of answers, ascending, and the largest number behind one that begins there or before.
    ends: Vec<(u64, u64)>,
}

impl Covered {
    fn of(answers: &[(u32, Answer)]) -> Covered {
        let ends =
            |(_, answer): &(u32, Answer)| Some((answer.start?, answer.start?.saturating_add(answer.n_documents)));
        let mut ends: Vec<(u64, u64)> = answers.iter().filter_map(ends).collect();
        ends.sort_unstable();
        let mut furthest = 0;
        ends.iter_mut().for_each(|(_, end)| {
            furthest = furthest.max(*end);
            *end = furthest;
        });
        Covered { ends }
    }

    fn has(&self, at: u64) -> bool {
        let n_before = self.ends.partition_point(|&(start, _)| start <= at);
        n_before > 0 && self.ends[n_before - 1].1 > at
    }
}

/// What is missing from the answers of an input, by file. An answer is continued by any that holds the next document, since
/// exports are fetched in pages; pages that do not tell their place are counted together.
pub(super) fn shortfalls(answers: &[(u32, Answer)]) -> Vec<Shortfall> {
    let mut short: Vec<Shortfall> = Vec::new();
    let mut tell = |file: u32, reason: String| {
        if short.last().is_none_or(|last| last.file != file) {
            short.push(Shortfall { file, reason });
        }
    };
    let covered = Covered::of(answers);
    let mut n_by_found: BTreeMap<u64, u64> = BTreeMap::new();
    for (_, answer) in answers {
        *n_by_found.entry(answer.n_found.unwrap_or_default()).or_default() += answer.n_documents;
    }
    let is_unplaced = |(_, answer): &&(u32, Answer)| answer.start.is_none();
    let n_unplaced: u64 = answers.iter().filter(is_unplaced).map(|(_, answer)| answer.n_documents).sum();
    // Said once, at the last of them.
    let last_unplaced = answers
        .iter()
        .rposition(|(_, answer)| answer.start.is_none() && answer.n_found.is_some_and(|n| n > n_unplaced));
    for (at, (file, answer)) in answers.iter().enumerate() {
        let n_found = answer.n_found.unwrap_or_default();
        // Answers to one query may all say that they begin at the first document.
        let goes_on = answer.goes_on_at().filter(|&at| !covered.has(at) && n_by_found[&n_found] < n_found);
        if answer.is_partial {
            let found = answer.n_found.map(|n| format!("; the query found {n} documents")).unwrap_or_default();
            tell(*file, format!("the server says that its answer is partial (partialResults){found}"));
        } else if let Some(next) = goes_on {
            let missing = next + 1;
            tell(
                *file,
                format!("the query found {n_found} documents, and those from number {missing} on are not there"),
            );
        } else if last_unplaced == Some(at) {
            tell(*file, format!("the query found {n_found} documents, and {n_unplaced} are there"));
        }
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(start: Option<u64>, n_documents: u64) -> Answer {
        Answer { n_found: Some(30), start, n_documents, is_partial: false }
    }

    fn check(answers: &[Answer], expected: &[(u32, &str)]) {
        let answers: Vec<(u32, Answer)> = (0..).zip(answers.iter().copied()).collect();
        let found = shortfalls(&answers);
        assert_eq!(found.len(), expected.len(), "{found:?}");
        for (short, (file, reason)) in found.iter().zip(expected) {
            assert!(short.file == *file && short.reason.contains(reason), "{short:?}");
        }
    }

    #[test]
    fn what_is_missing_is_told_and_pages_are_put_together() {
        check(&[page(Some(0), 10)], &[(0, "from number 11 on")]);
        check(&[page(Some(0), 30)], &[]);
        check(&[page(Some(20), 10)], &[]);
        check(&[page(Some(20), 10), page(Some(0), 10), page(Some(10), 10)], &[]);
        check(&[page(Some(0), 10), page(Some(0), 20)], &[]);
        check(&[page(Some(0), 10), page(Some(20), 10)], &[(0, "from number 11 on")]);
        check(&[page(None, 10), page(None, 20)], &[]);
        check(&[page(None, 10), page(None, 10)], &[(1, "20 are there")]);
        check(&[Answer { n_found: None, ..page(Some(0), 1) }], &[]);
        check(&[Answer { is_partial: true, ..page(Some(0), 30) }], &[(0, "partial")]);
        check(&[Answer { n_found: Some(u64::MAX), ..page(Some(u64::MAX), 9) }], &[]);
    }
}
