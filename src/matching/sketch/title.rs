//! How far two titles can agree, by their letters and words.

use super::super::compare::{
    LETTERS_PER_ERROR, MAX_NAME_LETTERS, MIN_CUT_LETTERS, MIN_RUN_ON, MIN_SHARED_WORDS, SHARED_WORDS,
};
use super::super::evidence::{Aspect, Kind, Level};
use super::super::weights::Weights;
use super::chunk::Sketched;
use super::flag;
use super::record::Sketch;
use super::word::{Unmatched, Word};

/// The most that two titles can weigh, whatever they are, in hundredths of a bit.
pub(super) fn most(a: &Sketch, b: &Sketch, kind: Kind, weights: &Weights) -> i32 {
    let of = |level| weights.of(kind, Aspect::Title, level).centibits();
    let information = i32::from(a.information.max(b.information));
    let agreeing = [Level::Same, Level::Similar, Level::Shortened, Level::Close, Level::Partial];
    let agreeing = agreeing.into_iter().map(|level| of(level) * information / 1000).max().unwrap_or(0);
    let in_full = [Level::Weak, Level::Different, Level::OneMissing].into_iter().map(of).max().unwrap_or(0);
    let translated = if may_be_translated(a, b, kind) { of(Level::Translated) } else { 0 };
    agreeing.max(in_full).max(translated).max(0)
}

/// The most that two titles can weigh that do not agree, in hundredths of a bit; none if they may agree.
pub(super) fn most_apart(x: &Sketched<'_>, y: &Sketched<'_>, kind: Kind, weights: &Weights) -> Option<i32> {
    let (a, b) = (x.sketch, y.sketch);
    let level = best_level(a, x.words, b, y.words)?;
    let of = |level: Level| {
        let weight = weights.of(kind, Aspect::Title, level).centibits();
        match level {
            Level::Weak | Level::Different => weight,
            _ if weight < 0 => weight * i32::from(a.information.min(b.information)) / 1000,
            _ => weight * i32::from(a.information.max(b.information)) / 1000,
        }
    };
    let levels = [Level::Close, Level::Partial, Level::Weak, Level::Different];
    let most = levels.into_iter().filter(|&other| other >= level).map(of).max().unwrap_or(0);
    Some(if may_be_translated(a, b, kind) {
        most.max(weights.of(kind, Aspect::Title, Level::Translated).centibits())
    } else {
        most
    })
}

fn may_be_translated(a: &Sketch, b: &Sketch, kind: Kind) -> bool {
    kind.is_component()
        && a.volume == b.volume
        && a.start_page == b.start_page
        && a.volume != 0
        && a.start_page != 0
        && a.years().first == b.years().first
}

/// The best level below the agreeing ones that two titles can have; none if they may agree.
fn best_level(a: &Sketch, words_a: &[Word], b: &Sketch, words_b: &[Word]) -> Option<Level> {
    let (mut over_a, mut over_b) = (0u32, 0u32);
    for (&x, &y) in a.letters.iter().zip(&b.letters) {
        over_a += u32::from(x.saturating_sub(y));
        over_b += u32::from(y.saturating_sub(x));
    }
    let (len_a, len_b) = (u32::from(a.n_letters), u32::from(b.n_letters));
    let within = over_a == 0 || over_b == 0;
    let bare = a.has(flag::BARE) && b.has(flag::BARE);
    if within && (a.beginning == b.beginning || bare) {
        return None;
    }
    // One title may be the other behind an article.
    if a.has(flag::ARTICLE) != b.has(flag::ARTICLE)
        && (opens_with(words_a, words_b.first()) || opens_with(words_b, words_a.first()))
    {
        return None;
    }
    let letters_similar = 20 * over_a.max(over_b) <= 3 * len_a.max(len_b);
    let cited = bare && a.has(flag::COMPONENT) && b.has(flag::COMPONENT);
    let words = Unmatched::of(words_a, words_b, false);
    let (n_a, n_b) = (words_a.len() as u32, words_b.len() as u32);
    let (only_a, only_b) = (words.a.count_ones(), words.b.count_ones());
    if (only_a == 0 && only_b == 0)
        || (only_a <= 1 && only_b <= 1 && n_a.min(n_b) > 8)
        || (letters_similar && (only_a == 0 || only_b == 0))
        || words.may_be_spaced_otherwise
        || (a.has(flag::SUBTITLE) != b.has(flag::SUBTITLE) && {
            let (only, over, len) =
                if a.has(flag::SUBTITLE) { (only_b, over_b, len_b) } else { (only_a, over_a, len_a) };
            only <= 1 && 9 * over <= len + 8
        })
    {
        return None;
    }
    let n_common = (n_a - only_a).min(n_b - only_b);
    if n_common >= 2.max(n_a.min(n_b).div_ceil(2)) && are_explained(a, words_a, words.a, b, words_b, words.b) {
        return None;
    }
    if cited {
        let words = Unmatched::of(words_a, words_b, true);
        let run_on = |words: &[Word]| words.iter().any(|word| word.len() as usize >= MIN_RUN_ON);
        let may_be_alike = SHARED_WORDS as u32 * n_common >= n_a.min(n_b) || run_on(words_a) || run_on(words_b);
        if (words.a == 0 && words.b == 0)
            || are_explained(a, words_a, words.a, b, words_b, words.b)
            || (may_be_alike && may_be_found_in(a, b))
        {
            return None;
        }
    }
    let overlap = (len_a - over_a).min(len_b - over_b);
    if cited && n_common as usize >= MIN_SHARED_WORDS && overlap as usize >= MIN_CUT_LETTERS {
        return None;
    }
    let n_shared = n_a + n_b - only_a - only_b;
    let share = f64::from(n_shared) / f64::from(n_a + n_b);
    let shorter = len_a.min(len_b);
    Some(if letters_similar || within || share >= 0.8 || (share >= 0.3 && overlap >= 25.max(shorter * 6 / 10)) {
        Level::Close
    } else if share >= 0.6 {
        Level::Partial
    } else if share >= 0.3 {
        Level::Weak
    } else {
        Level::Different
    })
}

/// Whether a word is among the first two: before it, there may be an article that counts as a word.
fn opens_with(words: &[Word], wanted: Option<&Word>) -> bool {
    wanted.is_none_or(|wanted| words.iter().take(2).any(|word| word == wanted))
}

/// Letters that are set as one with others and get lost together.
const LIGATURES: [u8; 3] = [b'f' & 31, b'i' & 31, b'l' & 31];

/// Whether one of two titles may stand within the other but for some errors, or without a name before a colon.
fn may_be_found_in(a: &Sketch, b: &Sketch) -> bool {
    let n_foreign = |x: &Sketch, y: &Sketch| {
        let letters = x.letters.iter().zip(&y.letters).enumerate();
        let told = letters.filter(|(at, _)| !LIGATURES.contains(&(*at as u8)));
        told.map(|(_, (x, y))| usize::from(x.saturating_sub(*y))).sum::<usize>()
    };
    let may_be = |x: &Sketch, y: &Sketch| {
        let name = if x.has(flag::NAMED) { MAX_NAME_LETTERS } else { 0 };
        // Two letters more, as double letters are dropped per word there and in the whole title here.
        n_foreign(x, y) <= usize::from(x.n_letters) / LETTERS_PER_ERROR + 2 + name
    };
    may_be(a, b) || may_be(b, a)
}

/// Whether the words without a counterpart may come from the citations around the titles.
fn are_explained(a: &Sketch, words_a: &[Word], only_a: u64, b: &Sketch, words_b: &[Word], only_b: u64) -> bool {
    let around = a.around | b.around;
    let components = a.has(flag::COMPONENT) && b.has(flag::COMPONENT);
    let is_noise = |word: &Word| (components && word.is_noise()) || around & word.around_bit() != 0;
    let all = |words: &[Word], only: u64| {
        words.iter().enumerate().filter(|(at, _)| only >> at & 1 != 0).all(|(_, word)| is_noise(word))
    };
    all(words_a, only_a) && all(words_b, only_b)
}
