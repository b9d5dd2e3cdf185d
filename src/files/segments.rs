//! Files that runs pass on without writing them again.
//!
//! Most of what a run keeps is what the run before has kept. That file goes over whole, whatever of it is no longer needed, and
//! what is new stands in a second one; places count through both. When too much is idle or new, all is written anew.
//!
//! ```text
//! made.bin        [p1][p2][p3][p4]         as the last whole run wrote it; p3 is needed no more
//! made_more.bin                   [p5][p6]
//! ```

use std::ops::Range;
use std::sync::Arc;

use memmap2::Mmap;

/// Two mapped files read as one.
#[derive(Clone)]
pub struct Segments {
    base: Arc<Mmap>,
    more: Arc<Mmap>,
}

impl Segments {
    /// The second file follows on the first.
    pub(crate) fn new(base: Arc<Mmap>, more: Arc<Mmap>) -> Segments {
        Segments { base, more }
    }

    /// Segments of these bytes.
    #[cfg(test)]
    pub(crate) fn of(base: &[u8], more: &[u8]) -> Segments {
        let mapped = |bytes: &[u8]| {
            let mut file = tempfile::tempfile().expect("a file");
            std::io::Write::write_all(&mut file, bytes).expect("writable");
            Arc::new(crate::files::map::map(&file).expect("a map"))
        };
        Segments::new(mapped(base), mapped(more))
    }

    /// Bytes of the first file.
    pub(crate) fn base_len(&self) -> u64 {
        self.base.len() as u64
    }

    /// What lies at a place, which is within one file; `None` if it does not.
    pub fn get(&self, place: Range<u64>) -> Option<&[u8]> {
        let in_more = |at: u64| at.checked_sub(self.base_len()).map(|at| at as usize);
        match in_more(place.start) {
            // An empty place between the two is in either.
            Some(start) => self.more.get(start..in_more(place.end)?),
            None => self.base.get(place.start as usize..place.end as usize),
        }
    }
}

/// Something to be kept.
#[derive(Clone)]
pub enum Piece<'p> {
    /// It lies at this place in the segments of the run before.
    Kept(Range<u64>),
    /// It is new.
    New(&'p [u8]),
}

/// Files are written anew if one byte in so many of the first is idle, or stands in the second.
const MOST_CHANGED: u64 = 4;

/// What becomes of the segments of the run before.
pub(crate) struct Plan<'s> {
    earlier: Option<&'s Segments>,
    /// Whether the first file goes over as it is.
    pub(crate) is_passed_on: bool,
}

impl<'s> Plan<'s> {
    /// Looks through what is to be kept.
    pub(crate) fn of<'p>(earlier: Option<&'s Segments>, pieces: impl Iterator<Item = Piece<'p>>) -> Plan<'s> {
        let base = earlier.map_or(0, Segments::base_len);
        let (mut n_kept, mut n_more) = (0, 0);
        for piece in pieces {
            match piece {
                Piece::Kept(place) if place.end <= base => n_kept += place.end - place.start,
                Piece::Kept(place) => n_more += place.end - place.start,
                Piece::New(bytes) => n_more += bytes.len() as u64,
            }
        }
        let n_idle = base.saturating_sub(n_kept);
        Plan { earlier, is_passed_on: base > 0 && MOST_CHANGED * n_idle.max(n_more) <= base }
    }

    /// Shows what has to be written, of the second file if the first is passed on and else of the first, and gives the places
    /// of all pieces.
    pub(crate) fn write<'p>(
        &self,
        pieces: impl Iterator<Item = Piece<'p>>,
        mut write: impl FnMut(&[u8]) -> std::io::Result<()>,
    ) -> std::io::Result<Vec<Range<u64>>> {
        let base = self.earlier.filter(|_| self.is_passed_on).map_or(0, Segments::base_len);
        let mut end = base;
        let place = |piece: Piece<'_>| {
            let bytes = match &piece {
                Piece::Kept(place) if place.end <= base => return Ok(place.clone()),
                Piece::Kept(place) => self.earlier.and_then(|earlier| earlier.get(place.clone())).unwrap_or_default(),
                Piece::New(bytes) => bytes,
            };
            write(bytes)?;
            let start = end;
            end += bytes.len() as u64;
            Ok(start..end)
        };
        pieces.map(place).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(segments: &Segments, pieces: &[Piece<'_>]) -> (bool, Vec<u8>, Vec<Range<u64>>) {
        let plan = Plan::of(Some(segments), pieces.iter().cloned());
        let mut bytes = Vec::new();
        let places = plan.write(pieces.iter().cloned(), |piece| {
            bytes.extend_from_slice(piece);
            Ok(())
        });
        (plan.is_passed_on, bytes, places.expect("memory is writable"))
    }

    #[test]
    fn places_count_through_both_files() {
        let segments = Segments::of(b"abcdef", b"gh");
        let got = |place| segments.get(place).map(String::from_utf8_lossy);
        assert_eq!([got(0..6), got(6..8), got(7..8)].map(Option::unwrap), ["abcdef", "gh", "h"]);
        assert_eq!([got(5..7), got(6..9), got(9..9)], [None, None, None]);
        #[expect(clippy::reversed_empty_ranges, reason = "a forged index has any")]
        let reversed = 4..3;
        assert_eq!(got(reversed), None);
    }

    #[test]
    fn what_is_there_is_passed_on_unless_too_much_has_changed() {
        let segments = Segments::of(b"abcdefgh", b"ij");
        let (a, h, ij) = (Piece::Kept(0..2), Piece::Kept(2..8), Piece::Kept(8..10));
        let (is_passed_on, bytes, places) = written(&segments, &[ij.clone(), h.clone(), a.clone()]);
        assert_eq!((is_passed_on, bytes, places), (true, b"ij".to_vec(), vec![8..10, 2..8, 0..2]));
        // A piece of the first is no longer needed, by which a quarter of it is idle; a third would be too much.
        assert!(written(&segments, &[h.clone(), Piece::New(b"kl")]).0);
        let (is_passed_on, bytes, places) = written(&segments, &[Piece::New(b"k"), ij, h, Piece::New(b"lmn")]);
        assert_eq!((is_passed_on, bytes), (false, b"kijcdefghlmn".to_vec()));
        assert_eq!(places, [0..1, 1..3, 3..9, 9..12]);
        assert!(!written(&segments, &[a]).0);
        assert!(!Plan::of(None, [Piece::New(b"k")].into_iter()).is_passed_on);
    }
}
