//! E006: invisible or whitespace.

use std::borrow::Cow;

use super::mojibake;
use crate::audit::texts::{Sign, has_wide_edge, ignores_blanks, ignores_blanks_of, is_wide_blank, problem, texts};
use crate::audit::{Catalogue, Check, Facts, Fix, Found, Problem, Reports, Rows, Rule, Severity, Subject};
use crate::input::{Arity, Entry, Field, Record, ValueShape, arity_of};

/// One finding per field. Safe but for what may be lost text or part several values, which is proposed.
pub(super) static RULE: Rule = Rule {
    code: "E006",
    name: "invisible-or-whitespace",
    severity: Severity::Warn,
    fix: Fix::Safe,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
Control characters, soft hyphens, zero-width and direction marks, MARC's marks around non-filing words,
no-break spaces, line breaks, and double or outer blanks. The text without them is suggested.
## Why it matters
Values that look alike are different in facets, and words cannot be found.
## Example
`social\\u00a0media`.
## Known gaps
Zero-width joiners belong to Persian, Indic scripts and emoji and are left alone outside Latin text. Layout
does not count in descriptions, nor blanks in call numbers, control numbers and sort titles. What belongs to a
letter in the wrong encoding is left to E001. A control character that is a letter or sign in Windows-1252 (U+0085 for
`…`, U+0092 for `’`) is lost text: that sign is suggested, and the repair is not safe. Nor is that of a tab or line break
between words in a field that may have several values: it is all that parts them, so the values are proposed. Nothing that
may be the rest of a letter is taken out: a control character beside a letter (`J\\u007furgen`), what stands in a value with
damaged letters, and blanks that stand for lost signs (`E  cient`, `Ge  ographie`, `2  cm`, `1.3  m`) are proposed only. So are three and more
blanks that no punctuation explains (`DNA polymerase    and its`), and, where letters of the value are damaged or three records of
the collection have lost some (`E  cient`), two before a word (`LiNbO  thin`, `Data Systems  ARCS`).
## Source
Unicode; MARC 21, control characters for non-filing text.",
    check: Check::both(check, gather, judge),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    for (entry, suspects) in subject.texts_with(Sign::BLANKS_OR_INVISIBLE) {
        if let Some(problem) = problem_of(subject.record, entry, suspects, Losses::Unknown) {
            found.add(problem);
        }
    }
}

/// A problem with the value that a field should have: a safe repair unless this rule would go on to clean what it leaves, so
/// that two rules would mend one field for ever.
pub(super) fn with_value(problem: Problem, field: Field, value: &str) -> Problem {
    if value.trim().is_empty() {
        return problem;
    }
    let problem = problem.suggest(value);
    let ignores_blanks = ignores_blanks_of(field);
    if fault(value, ignores_blanks).is_none() { problem.change(field, [value]) } else { problem }
}

/// What is known of the collection of a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Losses {
    Unknown,
    /// Blanks stand for lost signs in other records.
    Proven,
}

fn problem_of<'v>(
    record: &Record<'_>,
    entry: &Entry<'_>,
    mut suspects: impl Iterator<Item = &'v str>,
    losses: Losses,
) -> Option<Problem> {
    // In the lower case of a sort title the damage of the title cannot be told; it goes with that of the title.
    let is_damaged = |title: &str| mojibake::reread(title).is_some();
    if entry.field == Some(Field::TitleSort) && record.filled(Field::Title).is_some_and(is_damaged) {
        return None;
    }
    let is_of_hurt_title =
        entry.field == Some(Field::TitleSort) && record.filled(Field::Title).is_some_and(mojibake::is_damaged);
    let ignores_blanks = ignores_blanks(entry);
    let (value, message) = suspects.find_map(|value| fault(value, ignores_blanks).map(|message| (value, message)))?;
    let has_parts = |value: &str| !ignores_blanks && is_parted(value) && may_have_several(entry);
    let values = record.values(entry);
    let after: Vec<String> = values
        .iter()
        .map(|value| match fault(value, ignores_blanks) {
            Some(_) if !has_parts(value) && !has_gap(value, ignores_blanks, losses) => {
                let is_hurt = is_of_hurt_title || mojibake::is_damaged(value);
                cleaned(value, ignores_blanks, if is_hurt { Doubts::StayAll } else { Doubts::Stay })
            }
            _ => value.clone().into_owned(),
        })
        .collect();
    let problem = if has_parts(value) {
        problem(entry, value, "a line break or tab parts the text, perhaps into several values")
            .suggest(parts(value).join(" | "))
    } else {
        problem(entry, value, message).suggest(cleaned(value, ignores_blanks, Doubts::Go))
    };
    let is_safe = after.iter().ne(values.iter());
    Some(if is_safe { problem.change_named(entry.name, after) } else { problem })
}

/// Table of the records with a gap that is the end of a word; the other one holds those of which the repair depends on whether
/// their collection has such records. The key is the collection.
const PROVEN: usize = 1;

/// Records of a collection with a gap inside a word from which on its other gaps are doubted, too.
const N_PROVEN: usize = 3;

fn gather(subject: &Subject<'_>, facts: &mut Facts) {
    let (mut is_proven, mut is_doubtful) = (false, false);
    for (entry, suspects) in subject.texts_with(Sign::BLANKS_OR_INVISIBLE) {
        let ignores_blanks = ignores_blanks(entry);
        for value in suspects.filter(|_| !ignores_blanks) {
            is_proven |= gaps(value).any(|gap| gap.is_in_word());
            is_doubtful |= !has_gap(value, ignores_blanks, Losses::Unknown) && has_gap(value, false, Losses::Proven);
        }
    }
    if is_proven {
        facts.note_in(PROVEN, subject.collection_key(), 0);
    }
    if is_doubtful {
        facts.note(subject.collection_key(), 0);
    }
}

/// Where a collection has lost signs, the blanks that may stand for one are proposed only.
fn judge(rows: &Rows, catalogue: &Catalogue<'_>, reports: &mut Reports) {
    for row in rows.table(0).iter().filter(|row| rows.of(PROVEN, row.key).len() >= N_PROVEN) {
        let problems = catalogue.fetch(row.record, |record| {
            let texts = texts(record);
            let found = texts.filter_map(|(entry, values)| {
                problem_of(record, entry, values.iter().map(|value| &**value), Losses::Proven)
            });
            found.collect::<Vec<Problem>>()
        });
        let Some(problems) = problems else { continue };
        reports.drop(row.record);
        problems.into_iter().for_each(|problem| reports.add(row.record, problem));
    }
}

/// Whether a text goes on after a line break or tab, and not with punctuation as a line that was too long does.
fn is_parted(value: &str) -> bool {
    let value = value.trim();
    memchr::memchr3_iter(b'\t', b'\n', b'\r', value.as_bytes())
        .any(|at| !value[at + 1..].trim_start().starts_with([';', ',', ':', '.', '/', ')', ']', '=']))
}

/// Whether a field may have several values, by its name, or else by its shape.
fn may_have_several(entry: &Entry<'_>) -> bool {
    let arity = entry.field.map_or_else(|| arity_of(entry.name), |field| Some(field.arity()));
    arity.map_or(entry.shape == ValueShape::Array, |arity| arity == Arity::Multi)
}

/// What stands between line breaks and tabs, without other faults. A hyphen before a tab or line break belongs to the mark
/// between two values if it stands before each of them.
fn parts(value: &str) -> Vec<String> {
    let parts: Vec<&str> = value.split(['\t', '\n', '\r']).collect();
    let is_marked = matches!(parts.as_slice(), [before @ .., _] if before.iter().all(|part| part.ends_with('-')));
    let n_before = parts.len() - 1;
    let unmarked = |(at, part): (usize, &str)| {
        let part = if is_marked && at < n_before { part.trim_end_matches('-') } else { part };
        cleaned(part, false, Doubts::Go)
    };
    parts.iter().copied().enumerate().map(unmarked).filter(|part| !part.is_empty()).collect()
}

/// What becomes of characters that may stand for lost letters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Doubts {
    /// They stay: a safe repair.
    Stay,
    /// They stay, and so do no-break spaces and soft hyphens, which are parts of the damaged letters of the text.
    StayAll,
    /// They go, or give way to what they most likely stand for.
    Go,
}

/// Several blanks in a row inside a text.
struct Gap<'v> {
    before: &'v str,
    after: &'v str,
    n_blanks: usize,
}

fn gaps(value: &str) -> impl Iterator<Item = Gap<'_>> {
    let value = value.trim_matches(' ');
    let mut from = 0;
    std::iter::from_fn(move || {
        let at = from + memchr::memmem::find(&value.as_bytes()[from..], b"  ")?;
        let after = value[at..].trim_start_matches(' ');
        from = value.len() - after.len();
        Some(Gap { before: &value[..at], after, n_blanks: from - at })
    })
}

impl Gap<'_> {
    fn is_in_word(&self) -> bool {
        let word = self.before.rsplit(' ').next().unwrap_or(self.before);
        word.ends_with(char::is_alphabetic) && is_end_of_word(word, self.after)
    }

    /// Whether nothing beside the blanks says why they are there: punctuation or a line break before, a bracket that closes
    /// behind a number (`<1-3   >`) or the rest of an entity after.
    fn is_unexplained(&self) -> bool {
        let is_pause = |letter| matches!(letter, '.' | ',' | ';' | ':' | '!' | '?' | '\n' | '\t' | '\r');
        let is_number = self.before.ends_with(|letter: char| letter.is_ascii_digit() || letter == '-');
        let is_explained = self.before.ends_with(is_pause)
            || self.after.starts_with(['&', '…'])
            || is_number && self.after.starts_with(['>', ']', ')']);
        !is_explained
    }

    fn is_before_word(&self) -> bool {
        self.after.starts_with(|letter: char| letter.is_alphanumeric() || matches!(letter, '.' | ','))
    }
}

/// Blanks that stand for a lost sign wherever they are, unless something beside them explains them.
const N_WIDE: usize = 3;

/// Whether several blanks in a row stand where a sign was lost: between numbers, a number and a unit, before a full stop
/// behind another sign, beside a hyphen, and in a word; where they are many; and before a word of a text or collection that has
/// lost others.
fn has_gap(value: &str, ignores_blanks: bool, losses: Losses) -> bool {
    if ignores_blanks {
        return false;
    }
    let mut has_losses = None;
    let mut has_losses = || *has_losses.get_or_insert_with(|| losses == Losses::Proven || mojibake::is_damaged(value));
    gaps(value).any(|gap| {
        is_gap(gap.before, gap.after)
            || gap.is_unexplained() && (gap.n_blanks >= N_WIDE || gap.is_before_word() && has_losses())
    })
}

fn is_gap(before: &str, after: &str) -> bool {
    let (Some(last), Some(first)) = (before.chars().next_back(), after.chars().next()) else { return false };
    let word = before.rsplit(' ').next().unwrap_or(before);
    let is_hyphen = |letter: char| matches!(letter, '-' | '\u{2010}' | '\u{2011}' | '~');
    let is_hyphenated = is_hyphen(last) && word.len() > 1
        || is_hyphen(first) && after[first.len_utf8()..].starts_with(char::is_alphabetic);
    let is_measured = last.is_ascii_digit() && (first.is_ascii_digit() || first.is_lowercase());
    let is_sign_left = matches!(first, '.' | ',') && !last.is_alphanumeric() && !matches!(last, ')' | ']' | '"' | '”');
    let is_elided = matches!(last, '\'' | '’') && first.is_lowercase() && word.len() < 6;
    is_measured
        || is_hyphenated
        || is_sign_left
        || is_elided
        || last.is_alphabetic() && (is_end_of_word(word, after) || goes_on_behind_accent(after))
}

/// Whether a text goes on as a word does behind a letter with an accent that was lost: `Ge  ographie`.
fn goes_on_behind_accent(after: &str) -> bool {
    ACCENTED_PARTS.iter().any(|part| after.starts_with(part))
}

/// How words of French go on behind a lost accent and none begins: `économie`, `éducation`, `démocratie`, `général`,
/// `géographie`, `géologie`, `développement`. Kept apart from [`WORD_PARTS`], as single accents are lost in conversions that
/// lose nothing else.
const ACCENTED_PARTS: [&str; 8] = ["conomi", "ducati", "mocrati", "neral", "ograph", "ologi", "ologu", "velopp"];

/// Whether a word is the end of one that lost a ligature: `E  cient`, `con  dence`, `tra  c`, `Spa  ord`.
fn is_end_of_word(before: &str, after: &str) -> bool {
    let end = after.split(|letter: char| !letter.is_alphabetic()).next().unwrap_or(after);
    let is_letter_left = before.chars().count() == 1 && !"aeioyàèéAIOYÀ".contains(before);
    let starts_inside = || WORD_ENDS.contains(&end) || WORD_PARTS.iter().any(|part| end.starts_with(part));
    end.starts_with(char::is_lowercase) && (is_letter_left || starts_inside())
}

/// What is left of words behind a lost `fi`, `ff`, `fl` or `ffi`, and is no word: `traffic`, `deficit`, `refined`, `specific`.
const WORD_ENDS: [&str; 14] =
    ["c", "cit", "cs", "eld", "elds", "ers", "lter", "lters", "ned", "nes", "nite", "ord", "rst", "xed"];

/// How words go on behind them and no word begins, in English, French and German: `efficient`, `classification`, `artificial`,
/// `effective`, `confidence`, `different`, `flexible`, `configuration`.
const WORD_PARTS: [&str; 16] = [
    "cation", "cial", "cienc", "cient", "dence", "dential", "ectiv", "erenc", "erent", "exib", "gura", "kation",
    "lterin", "nement", "nition", "uenc",
];

fn fault(value: &str, ignores_blanks: bool) -> Option<&'static str> {
    let is_layout = |byte: u8| matches!(byte, b'\n' | b'\t' | b'\r');
    let bytes = value.as_bytes();
    if bytes.iter().any(|&byte| byte < b' ' || byte == 0x7f) {
        let has_control = bytes.iter().any(|&byte| (byte < b' ' || byte == 0x7f) && !is_layout(byte));
        if has_control {
            return Some("the text holds a control character");
        }
        if !ignores_blanks {
            return Some("the text holds a line break or tab");
        }
    }
    if !ignores_blanks {
        if bytes.first() == Some(&b' ') || bytes.last() == Some(&b' ') {
            return Some("there is a blank before or after the text");
        }
        if memchr::memmem::find(bytes, b"  ").is_some() {
            return Some("there are several blanks in a row");
        }
    }
    if value.is_ascii() {
        return None;
    }
    if !ignores_blanks && has_wide_edge(value) {
        return Some("there is a blank before or after the text");
    }
    // Whether a letter is damaged matters only if there is a fault at all.
    let message = first_fault(value.chars().map(|letter| (letter, false)), ignores_blanks)?;
    let is_left_to_others = || mojibake::reread(value).is_some() || mojibake::is_half_lost(value);
    first_fault(letters(value), ignores_blanks).or_else(|| (!is_left_to_others()).then_some(message))
}

/// What is wrong with the first letter that is at fault and not damaged.
fn first_fault(mut letters: impl Iterator<Item = (char, bool)>, ignores_blanks: bool) -> Option<&'static str> {
    let mut before = ' ';
    letters.find_map(|(letter, is_damaged)| {
        let message = if is_damaged { None } else { sign_fault(letter, before, ignores_blanks) };
        before = letter;
        message
    })
}

/// The letters of a text, each with whether it belongs to a letter that was read in the wrong encoding.
fn letters(value: &str) -> impl Iterator<Item = (char, bool)> + '_ {
    let mut sequences = mojibake::sequences(value).peekable();
    value.char_indices().map(move |(at, letter)| {
        while sequences.next_if(|found| found.end <= at).is_some() {}
        let is_rest = |after| mojibake::is_invisible(letter) && mojibake::is_of_lost_letter(&value[..at], after);
        let is_damaged = sequences.peek().is_some_and(|found| found.start <= at);
        (letter, is_damaged || is_rest(&value[at + letter.len_utf8()..]))
    })
}

fn sign_fault(letter: char, before: char, ignores_blanks: bool) -> Option<&'static str> {
    match letter {
        '\u{80}'..='\u{9f}' => Some("the text holds a control character"),
        '\u{a0}' | '\u{2007}' | '\u{202f}' => Some("the text holds a no-break space"),
        '\u{ad}' => Some("the text holds a soft hyphen"),
        '\u{200c}' | '\u{200d}' => is_latin(before).then_some("the text holds a zero-width character"),
        '\u{200b}' | '\u{2060}' | '\u{feff}' => Some("the text holds a zero-width character"),
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            Some("the text holds a mark for the direction of writing")
        }
        '\u{2028}' | '\u{2029}' => (!ignores_blanks).then_some("the text holds a line break or tab"),
        _ => None,
    }
}

/// Letters beside which joiners have no meaning: below the combining marks all letters are Latin.
fn is_latin(letter: char) -> bool {
    letter < '\u{300}'
}

fn cleaned(value: &str, ignores_blanks: bool, doubts: Doubts) -> String {
    let is_plain = value.bytes().all(|byte| (b' '..0x7f).contains(&byte));
    let text = if is_plain { Cow::Borrowed(value) } else { Cow::Owned(without_faults(value, ignores_blanks, doubts)) };
    if ignores_blanks {
        return text.into_owned();
    }
    // Up to where several blanks stand, not word by word: of a very long value most stays as it is.
    let mut rest = text.trim_matches(|letter| letter == ' ' || is_wide_blank(letter));
    let mut joined = String::with_capacity(rest.len());
    while let Some(at) = memchr::memmem::find(rest.as_bytes(), b"  ") {
        joined.push_str(&rest[..=at]);
        rest = rest[at..].trim_start_matches(' ');
    }
    joined.push_str(rest);
    joined
}

fn without_faults(value: &str, ignores_blanks: bool, doubts: Doubts) -> String {
    let mut text = String::with_capacity(value.len());
    let leaves_to_others = doubts != Doubts::Go || mojibake::reread(value).is_some();
    let has_mark = value.contains(['\u{88}', '\u{98}']);
    let mut before = ' ';
    let mut letters = letters(value).peekable();
    while let Some((letter, is_damaged)) = letters.next() {
        let after = letters.peek().map_or(' ', |(after, _)| *after);
        match letter {
            _ if is_damaged && leaves_to_others => text.push(letter),
            '\u{80}'..='\u{a0}' | '\u{ad}' if doubts == Doubts::StayAll => text.push(letter),
            '\u{a0}' | '\u{2007}' | '\u{202f}' => text.push(' '),
            '\n' | '\t' | '\r' if ignores_blanks => text.push(letter),
            '\n' | '\t' | '\r' => text.push(' '),
            '\u{2028}' | '\u{2029}' if !ignores_blanks => text.push(' '),
            // MARC's marks around non-filing words, and UNIMARC's; the second may also be `œ` in Windows-1252.
            '\u{88}' | '\u{98}' => {}
            '\u{89}' | '\u{9c}' if has_mark || !before.is_alphabetic() || !after.is_alphabetic() => {}
            _ if mojibake::is_c1(letter) && doubts == Doubts::Stay => text.push(letter),
            _ if letter.is_ascii_control()
                && doubts != Doubts::Go
                && (before.is_alphabetic() || after.is_alphabetic()) =>
            {
                text.push(letter);
            }
            _ if mojibake::is_c1(letter) => {
                text.extend(Some(mojibake::as_windows(letter)).filter(|&sign| sign != letter))
            }
            _ if letter.is_control() || sign_fault(letter, before, ignores_blanks).is_some() => {}
            _ => text.push(letter),
        }
        before = letter;
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Doubts, RULE, cleaned, without_faults};
    use crate::audit::rules::testing::{check, check_change, found, problems};

    proptest! {
        #[test]
        fn cleaned_texts_are_their_words(text in "[ a\u{a0}\n\u{200b}é]{0,12}") {
            let visible = without_faults(&text, false, Doubts::Stay);
            let words: Vec<&str> = visible.split(' ').filter(|word| !word.is_empty()).collect();
            prop_assert_eq!(cleaned(&text, false, Doubts::Stay), words.join(" "));
            prop_assert_eq!(cleaned(&text, true, Doubts::Stay), without_faults(&text, true, Doubts::Stay));
        }
    }

    #[test]
    fn hidden_characters_are_found() {
        for (text, clean) in [
            ("social\u{a0}media", "social media"),
            ("\u{98}The\u{9c} use", "The use"),
            ("\u{98}L'\u{9c}homme", "L'homme"),
            ("so\u{ad}cial", "social"),
            ("a  b ", "a b"),
            ("a\\tb", "a b"),
            ("a\u{200b}b", "ab"),
            ("a\u{2060}b\u{61c}", "ab"),
            ("a\u{2028}b", "a b"),
            ("\u{3000}\u{6771}\u{4eac}\u{3000}\u{5927}\u{5b66}\u{2003}", "\u{6771}\u{4eac}\u{3000}\u{5927}\u{5b66}"),
        ] {
            let found = problems(&RULE, &format!(r#"{{"title":"{text}"}}"#));
            assert_eq!(found[0].suggestion.as_deref(), Some(clean), "{text:?}");
        }
        check_change(&RULE, r#"{"topic":["a  b","c"," d"]}"#, &[("topic", "a b | c | d")]);
        check(&RULE, "{\"title\":\"\u{6771}\u{4eac}\u{3000}\u{5927}\u{5b66}\",\"topic\":[\"a\u{2009}b\"]}", &[]);
        check(&RULE, "{\"title\":\"می\u{200c}خواهم\",\"description\":\"a\\nb  c\",\"title_sort\":\" x\"}", &[]);
        // Hyphens of three bytes.
        check(&RULE, "{\"title\":\"word  \u{2010}bar of it\",\"author\":[\"Lee  \u{2011}Ann\"]}", &["title", "author"]);
        check(
            &RULE,
            "{\"description\":\"a\u{a0}b\",\"fullrecord\":\"a\\u001eb\",\"callnumber-sort\":\"A   12\"}",
            &["description"],
        );
    }

    #[test]
    fn what_parts_values_is_not_made_a_blank() {
        let topics = r#"{"topic":["Harbours\tTariffs \tTaxes","Trade  law","Ports\n"]}"#;
        let found = problems(&RULE, topics);
        assert_eq!(found[0].suggestion.as_deref(), Some("Harbours | Tariffs | Taxes"));
        check_change(&RULE, topics, &[("topic", "Harbours\tTariffs \tTaxes | Trade law | Ports")]);
        check_change(&RULE, r#"{"topic":["Harbours\tTariffs"]}"#, &[]);
        for (topic, parts) in
            [("Harbours-\tTariffs-\tTaxes", "Harbours | Tariffs | Taxes"), ("Sea-\tA\tB", "Sea- | A | B")]
        {
            let found = problems(&RULE, &serde_json::json!({ "topic": [topic] }).to_string());
            assert_eq!(found[0].suggestion.as_deref(), Some(parts));
        }
        check_change(&RULE, r#"{"series":["Papers\n   ; no. 6"]}"#, &[("series", "Papers ; no. 6")]);
        check_change(&RULE, r#"{"title":"Harbours\tand tariffs"}"#, &[("title", "Harbours and tariffs")]);
    }

    #[test]
    fn blanks_that_stand_for_lost_signs_are_not_closed() {
        for text in [
            "E  cient search",
            "Ge  ographie ancienne",
            "De  veloppement rural",
            "An e  cient index",
            "Tra  c control",
            "Degrees of con  dence",
            "276 p. : ill. ; 2  cm.",
            "Etapes 23  30",
            "4 p.  ., [3]-682",
            "Lasers at 1.55  m",
            "The   -calculus",
            "Sub-    m lines",
            "de l'  tude",
            "L'\u{c3}?tude  du mot",
            "plant DNA polymerase    and its cell-cycle",
            "RAR   , Its Fusion Partners",
            "An O (    n)-worst-case-time solution",
            "RXR    1",
            "mincuts in\u{c2}\u{a3}\u{c2}\u{a9} cut  time",
            "H paidikZ  Zliki  a ap\u{c3}\u{b3} tou",
            "cut \u{e2}?  time \u{e2}? or  space",
        ] {
            let document = format!(r#"{{"title":"{text}"}}"#);
            check(&RULE, &document, &["title"]);
            check_change(&RULE, &document, &[]);
        }
        for (text, clean) in [
            ("Cats  and dogs", "Cats and dogs"),
            ("Proc. 1995  &", "Proc. 1995 &"),
            ("Intâ??l Conf.,  &", "Intâ??l Conf., &"),
            ("Cats (dogs)  .", "Cats (dogs) ."),
            ("A  study", "A study"),
            ("LiNbO  thin films", "LiNbO thin films"),
            ("Cats.   Dogs", "Cats. Dogs"),
            ("v. <1-2   > : ill.", "v. <1-2 > : ill."),
            ("Proc. SIGMODâ??98 conference on Data  &hellip;,", "Proc. SIGMODâ??98 conference on Data &hellip;,"),
            ("1996  Cats -  dogs", "1996 Cats - dogs"),
            ("  12 p. ", "12 p."),
        ] {
            check_change(&RULE, &format!(r#"{{"title":"{text}"}}"#), &[("title", clean)]);
        }
    }

    #[test]
    fn collections_that_lost_signs_are_doubted() {
        let of = |id: &str, title: &str| format!(r#"{{"id":"{id}","title":"{title}"}}"#);
        let lossy = [
            of("gs-1", "E  cient search"),
            of("gs-2", "Classi  cation"),
            of("gs-3", "Con  dence"),
            of("gs-4", "ZM Ozsoyo  glu"),
            of("gs-5", "Hilbert  1994 . R-trees"),
            of("gs-6", "Rapidly changing data systems  ARCS"),
            of("gs-7", "Cats.  Dogs"),
            of("gs-8", "Proceedings  / by Ann"),
            of("db-9", "ZM Ozsoyo  glu"),
        ];
        let safe = |documents: &[String]| -> Vec<String> {
            let found = found(&RULE, documents);
            let safe = found.iter().filter(|finding| finding.problem.change.is_some());
            safe.map(|finding| finding.problem.value.clone()).collect()
        };
        assert_eq!(safe(&lossy), ["Cats.  Dogs", "Proceedings  / by Ann", "ZM Ozsoyo  glu"]);
        assert_eq!(found(&RULE, &lossy).len(), lossy.len());
        assert_eq!(safe(&lossy[1..4]), ["ZM Ozsoyo  glu"]);
    }

    #[test]
    fn what_stands_for_a_lost_letter_is_not_deleted() {
        for text in ["Garc\u{c3}\u{ad}a", "Voyage \u{c3}\u{a0} Paris", "\u{c3}\u{89}cole", "don\u{e2}\u{80}\u{99}t"] {
            check(&RULE, &format!(r#"{{"title":"{text}"}}"#), &[]);
            let also = format!(" {text} and\u{a0}more");
            let after = format!("{text} and\u{a0}more");
            check_change(&RULE, &format!(r#"{{"title":"{also}"}}"#), &[("title", &after)]);
        }
        for (text, better) in
            [("Die Zauberflöte [\u{85}]", "Die Zauberflöte […]"), ("c\u{9c}ur", "cœur"), ("\u{c5}\u{a0}leve", "Å leve")]
        {
            let record = format!(r#"{{"title":"{text}"}}"#);
            assert_eq!(problems(&RULE, &record)[0].suggestion.as_deref(), Some(better));
            check_change(&RULE, &record, &[]);
        }
        check_change(&RULE, "{\"title\":\" a\u{92}b\"}", &[("title", "a\u{92}b")]);
        for text in ["J\u{7f} urgen", "1990\u{1}", "a\u{ad}Ã?b", "Ă\u{a0}Å?ski"] {
            let is_safe = text.starts_with('1');
            let changes = [("title", "1990")];
            check_change(
                &RULE,
                &format!("{{\"title\":{}}}", serde_json::json!(text)),
                &changes[..usize::from(is_safe)],
            );
        }
        check(&RULE, "{\"title\":\"ç¬¬å?\u{ad}å??\",\"topic\":[\"å\u{ad}?å??\"]}", &[]);
        check(&RULE, "{\"title\":\"\u{c3}\u{89}cole\",\"title_sort\":\"\u{e3}\u{89}cole\"}", &[]);
    }
}
