//! What the full title has beside the title: the part of a set, before the statement of responsibility.
//!
//! VuFind's `title` is MARC 245 $a$b, in this order; $n and $p stand between the two, or after them, in `title_full` only.

use super::seek::{find, split_once};
use super::text::fold;
use super::title::{is_material_designation, without_designation, without_qualifiers};

/// Whether a text opens as statements of responsibility do: `by`, `von`, or a name in capitals.
pub(super) fn starts_responsibility(text: &str) -> bool {
    opens_responsibility(text) || text.trim_start().chars().next().is_some_and(char::is_uppercase)
}

/// What `full` has beside `title`, before the statement of responsibility. `short` and `sub` are the title proper and the
/// subtitle, as far as they are given.
///
/// The statement is marked by a slash, or in older cataloguing by `by`, `edited` and the like. Without either
/// mark, only what follows a full stop is taken for a part (245 $n and $p are preceded by one): it may as
/// well be names.
pub(super) fn part_of(full: &str, title: &str, short: &str, sub: Option<&str>) -> String {
    if let Some((part, tail)) = part_before_subtitle(full, short, sub) {
        let after = part_after(tail);
        let part = fold(&without_qualifiers(part));
        let part = without_designation(&part);
        return if after.is_empty() { part.to_owned() } else { format!("{part} {after}") };
    }
    part_after(tail_of(full, title))
}

/// The part between title proper and subtitle, and what follows the subtitle: `Annals. Part 2, Physics : a survey / …`.
fn part_before_subtitle<'f>(full: &'f str, short: &str, sub: Option<&str>) -> Option<(&'f str, &'f str)> {
    let sub = sub.unwrap_or_default().trim_matches(MARKS_AROUND);
    let short = short.trim_end_matches(MARKS_AROUND);
    if sub.is_empty() || short.is_empty() {
        return None;
    }
    let rest = full.strip_prefix(short)?;
    let at = find(rest, sub)?;
    let part = rest[..at].trim_matches(MARKS_AROUND);
    // What stands in brackets there is a general material designation.
    let is_said = part.chars().any(char::is_alphanumeric) && !(part.starts_with('[') && part.ends_with(']'));
    (is_said && !is_material_designation(&fold(part))).then(|| (part, &rest[at + sub.len()..]))
}

/// Punctuation between the elements of a title.
const MARKS_AROUND: [char; 7] = [' ', '/', ':', ';', ',', '.', '='];

/// The part that stands after title and subtitle.
fn part_after(tail: &str) -> String {
    let follows_stop = tail.starts_with('.');
    let (part, marked) = match split_once(tail, " / ").or_else(|| split_once(tail, " /")) {
        Some((part, _)) => (part, true),
        None => (before_responsibility(tail), false),
    };
    let bare = part.trim_start_matches(['.', ' ', ',', ';', ':', '/']);
    if (marked || follows_stop) && !opens_responsibility(bare) {
        fold(&without_qualifiers(bare))
    } else {
        String::new()
    }
}

/// The word for a volume by what is in it with which the folded text after a title opens: `Textband von …`.
pub(super) fn volume_named_at_start(folded: &str) -> &str {
    let word = folded.split(' ').next().unwrap_or_default();
    let is_volume = word.strip_suffix("band").is_some_and(|kind| kind.len() >= 3);
    if is_volume { word } else { "" }
}

/// The text before ` by …`, ` edited by …` or `[by …]`, and before a last sentence that says nothing but what somebody did:
/// `Pub. by`, `Tr. from the French by`, `From the original as edited by`. Anything else may be the name of a part.
fn before_responsibility(text: &str) -> &str {
    const MARKS: [&str; 10] =
        [" by ", ", by ", "[by ", " By ", " edited ", " Edited ", " comp. ", " with a", " With a", " translated "];
    let Some(end) = MARKS.iter().filter_map(|mark| find(text, mark)).min() else { return text };
    let before = &text[..end];
    let is_deed = |sentence: &str| DEEDS.contains(&fold(sentence).as_str());
    let (head, last) = before.rsplit_once(". ").unwrap_or(("", before));
    if is_deed(last) || (last.starts_with("From the ") && last.ends_with(" as")) {
        return head;
    }
    // `Tr. from the French` has a full stop within.
    let (earlier, deed) = head.rsplit_once(". ").unwrap_or(("", head));
    if last.starts_with("from the ") && is_deed(deed) { earlier } else { before }
}

/// What somebody did for the book, as a sentence of its own, folded.
const DEEDS: [&str; 10] =
    ["pub", "published", "issued", "tr", "trans", "translated", "edited", "ed", "compiled", "comp"];

/// Words that open a statement of responsibility, folded.
const RESPONSIBILITY: [&str; 22] = [
    "by",
    "von",
    "par",
    "por",
    "di",
    "de",
    "av",
    "af",
    "ed",
    "eds",
    "edited",
    "hrsg",
    "herausgegeben",
    "translated",
    "with",
    "written",
    "compiled",
    "comp",
    "prepared",
    "illustrated",
    "selected",
    "arranged",
];

/// Whether the first word of a text is one that opens a statement of responsibility.
pub(super) fn opens_responsibility(text: &str) -> bool {
    let first = text.split_whitespace().next().map(fold).unwrap_or_default();
    RESPONSIBILITY.contains(&first.as_str())
}

/// What `full` has after title and subtitle; empty if it does not begin with them. A material designation may stand
/// between the two.
pub(super) fn tail_after<'f>(full: &'f str, title: &str, short: &str, sub: Option<&str>) -> &'f str {
    let tail = tail_of(full, title);
    let short = short.trim_end_matches(MARKS_AROUND);
    let sub = sub.unwrap_or_default().trim_matches(MARKS_AROUND);
    if !tail.is_empty() || short.is_empty() || sub.is_empty() {
        return tail;
    }
    let after_short = full.strip_prefix(short).unwrap_or_default();
    find(after_short, sub).map_or("", |at| &after_short[at + sub.len()..])
}

/// What `full` has after `title`; empty if it does not begin with it.
pub(super) fn tail_of<'a>(full: &'a str, title: &str) -> &'a str {
    let head = title.trim_end_matches(MARKS_AROUND);
    full.strip_prefix(head).unwrap_or_default()
}
