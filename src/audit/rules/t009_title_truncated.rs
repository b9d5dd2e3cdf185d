//! T009: title truncated.

use super::folding::fold;
use super::mojibake;
use super::sketches::hash_of;
use crate::audit::{Catalogue, Check, Facts, Fix, Found, Label, Problem, Reports, Row, Rows, Rule, Severity, Subject};
use crate::ids::RecordId;
use crate::input::{Field, Record};
use crate::keys::numbers::roman_numeral;

/// By the end of the title; across records, by a longer title of the same author and by lengths that pile up.
pub(super) static RULE: Rule = Rule {
    code: "T009",
    name: "title-truncated",
    severity: Severity::Warn,
    fix: Fix::Proposal,
    aggregated: false,
    needs: &[Field::Title],
    skips_merged: false,
    explanation: "\
## What it finds
Titles that end in a hyphen after a small letter, in an opening bracket or quotation mark, inside a bracket or
quotation that is not closed, or inside a word that title_full completes; titles at whose end a dash is left over, which
are suggested without it; titles that stop inside a word that the title of another
record of the same author completes; and titles that end without punctuation at a length at which the
catalogue is cut: one of 100, 128, 200, 245, 250, 254, 255, 256, 500 and 512 characters or bytes that twice as many
titles have as the three lengths above it together. Where systems cut between words, titles end below such a length: there
those of the twelve lengths below that end in a word such as `of` are reported. A colon left over at the end is
reported like a dash. So are titles of any length that end in a word such as `the` or `und`, and as information in `of`, if
title_full says no more, or only a remark in brackets. Titles that end in an ellipsis are reported as information, and where
twenty of a collection do, as one finding: there, cataloguers mark what they leave out.
## Why it matters
Records with cut titles are missed by search and by duplicate detection.
## Example
`Qualitative analysis of the implementa` with a title_full that says `implementation`.
## Known gaps
An ellipsis is also a matter of style, and cataloguers write one for omitted words. A sibling must add two
letters at least to the last word, so that a plural does not count. A title of the length of a cut may be whole: at 100
characters, and where characters and bytes differ, which makes the chance greater, it is information unless it ends in a
word such as `of` or in a piece without a vowel, which is reported however many titles have the length. At 100, others are reported
only where five titles at least have the length, and none that ends in a year (`vom 8. April 2002`). Where one or two titles
have a length, it is information unless none is longer. A title that goes on inside its last word in `spelling` or
the description is cut beyond doubt. A dash
after a year (`1927-`) or a numeral leaves a range open. A bracket that is closed in title_full, or has a full stop at its
end, lost its partner to the importer and is not reported.
## Source
Field lengths of library systems before MARC 21 in Unicode.",
    check: Check::both(check, gather, judge),
};

/// Lengths at which titles were cut, in characters or bytes. Origin: column widths of older systems.
const LIMITS: [usize; 10] = [100, 128, 200, 245, 250, 254, 255, 256, 500, 512];

/// Ends of titles in which an ellipsis is meant, as letters. Origin: the phrase in English, French, German, Italian and Spanish.
const MEANT: [&str; 6] = ["tobecontinued", "asuivre", "fortsetzungfolgt", "wirdfortgesetzt", "continua", "continuara"];

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    let Some(title) = record.filled(Field::Title).map(str::trim_end) else { return };
    let problem = |message: &str| Problem::new(Field::Title, title, message);
    if ends_in_ellipsis(title) {
        if !is_meant(title) {
            found.add(problem("the title ends in an ellipsis").severity(Severity::Info));
        }
        return;
    }
    // What stands before a separator is no suggestion if it is not closed.
    let left_over = |start: &str| match leaves_bracket_open(start) {
        true => problem("a bracket or quotation mark of the title is not closed"),
        false => problem("a separator is left over at the end of the title").suggest(start),
    };
    if let Some(start) = without_hyphen(title) {
        return found.add(left_over(start));
    }
    if opens_something(title) || ends_in_hyphen(title) {
        return found.add(problem("the title ends in the middle of something"));
    }
    if let Some(start) = without_separator(title) {
        let problem = left_over(start);
        // Nothing stood between it and the statement of responsibility.
        let is_whole = record.filled(Field::TitleFull).and_then(|full| full.strip_prefix(title));
        let is_whole = is_whole.is_some_and(|rest| rest.trim_start().starts_with('/'));
        return found.add(if is_whole { problem.severity(Severity::Info) } else { problem });
    }
    let goes_on = |full: &str| full.len() > title.len() && full.starts_with(title);
    // In MARC, a colon after a blank stands before the other title, which may be in a field of its own.
    if let Some(start) = title.strip_suffix(':')
        && start.ends_with(char::is_alphanumeric)
        && record.filled(Field::TitleSub).is_none()
        && record.filled(Field::TitleFull).is_some_and(|full| full.trim_end() == title)
    {
        return found.add(left_over(start));
    }
    // Importers cut a lone closing bracket off, not what stands before it: `[Poems.` is whole.
    // `Diaries (1890-` lacks its end, too.
    if title.trim_end_matches(is_dash).ends_with(char::is_alphanumeric)
        && leaves_bracket_open(title)
        && !record.filled(Field::TitleFull).is_some_and(goes_on)
    {
        return found.add(problem("a bracket or quotation mark of the title is not closed"));
    }
    if !title.ends_with(char::is_alphanumeric) {
        return;
    }
    if let Some(word) = record.filled(Field::TitleFull).and_then(|full| rest_of_word(title, full)) {
        return found.add(problem("the title ends inside a word of the full title").suggest(format!("{title}{word}")));
    }
    found_at_end(record, title, found);
}

fn ends_in_ellipsis(title: &str) -> bool {
    // MARC separates what follows: `Works … /`.
    let title = title.trim_end_matches([' ', '/', ':']);
    title.ends_with("...") || title.ends_with('…')
}

/// Whether a title ends in words with which an ellipsis is meant.
fn is_meant(title: &str) -> bool {
    MEANT.iter().any(|end| fold(title).ends_with(end))
}

/// Reports a whole word at the end of a title that is none of a whole title.
fn found_at_end(record: &Record<'_>, title: &str, found: &mut Found) {
    let problem = |message: &str| Problem::new(Field::Title, title, message);
    let full = record.filled(Field::TitleFull).map(str::trim_end);
    let rest = full.and_then(|full| full.strip_prefix(title)).unwrap_or_default();
    if rest.is_empty() && limit_of(title).is_some() {
        // Whether the length alone says something, the catalogue tells.
        if let Some(word) = rest_elsewhere(record, title) {
            let problem = problem("the title has the length at which systems cut, and goes on elsewhere in the record");
            found.add(problem.suggest(format!("{title}{word}")));
        } else if stops_short(title) {
            found.add(problem(OF_LENGTH));
        }
        return;
    }
    // Where the full title goes on after this one, nothing was cut, unless what follows is a remark in brackets.
    let is_all = full.is_none_or(|full| full == title) && record.filled(Field::TitleSub).is_none();
    if (is_all || rest.trim_start().starts_with(['(', '['])) && title.contains(' ') {
        match last_word(title) {
            // `What dreams are made of`.
            "of" => found.add(problem(BEFORE_ANOTHER).severity(Severity::Info)),
            word if NEVER_LAST.contains(&word) => found.add(problem(BEFORE_ANOTHER)),
            _ => {}
        }
    }
}

/// The letters that follow a title without a blank in another field of the record.
fn rest_elsewhere<'r>(record: &'r Record<'_>, title: &str) -> Option<&'r str> {
    let texts = record.all_of(&[Field::Spelling, Field::Description, Field::TitleAlt, Field::Contents]);
    let of_text = |text: &'r str| {
        let places = memchr::memmem::find_iter(text.as_bytes(), title.as_bytes()).take(MAX_PLACES);
        places.into_iter().find_map(|at| rest_of_word(title, &text[at..]))
    };
    texts.into_iter().find_map(of_text)
}

/// Places of a title in another field that are looked at.
const MAX_PLACES: usize = 8;

/// What is said of a title by its length.
const OF_LENGTH: &str = "the title has the length at which systems cut";

/// What is said of a title that ends in an article or a preposition.
const BEFORE_ANOTHER: &str = "the title ends in a word that another must follow";

/// Words after which another one must stand, lower-case. Origin: articles, prepositions and conjunctions of English, French,
/// German, Italian and Spanish.
const FUNCTION_WORDS: [&str; 48] = [
    "a", "an", "and", "as", "at", "auf", "aus", "between", "by", "da", "das", "dans", "de", "del", "della", "den",
    "der", "des", "di", "die", "du", "et", "for", "from", "für", "im", "in", "into", "its", "la", "le", "les", "mit",
    "of", "on", "or", "par", "pour", "sur", "the", "their", "through", "to", "und", "using", "with", "zum", "zur",
];

/// Those of them that are no adverbs, no parts of verbs and no other words, so that no title ends in them at any length.
const NEVER_LAST: [&str; 9] = ["and", "der", "des", "et", "les", "the", "und", "zum", "zur"];

fn last_word(title: &str) -> &str {
    title.rsplit(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default()
}

fn is_function_word(word: &str) -> bool {
    FUNCTION_WORDS.iter().any(|known| word.eq_ignore_ascii_case(known))
}

/// Whether a title ends in a word that another one must follow, or in a piece of one without a vowel. One letter may be a quantity:
/// `at small x`.
fn stops_short(title: &str) -> bool {
    let word = last_word(title);
    let is_piece = || {
        word.len() > 1
            && word.bytes().all(|byte| byte.is_ascii_lowercase())
            && !word.bytes().any(|byte| b"aeiouy".contains(&byte))
    };
    !word.is_empty() && (is_piece() || is_function_word(word))
}

/// Whether a title ends in a year, as of a date or a period.
fn ends_in_year(title: &str) -> bool {
    let word = last_word(title);
    word.len() == "1927".len() && word.starts_with(['1', '2']) && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// The length at which systems cut that a title has.
fn limit_of(title: &str) -> Option<usize> {
    if title.len() < LIMITS[0] {
        return None;
    }
    let n_letters = title.chars().count();
    LIMITS.into_iter().find(|&limit| title.len() == limit || n_letters == limit)
}

/// The length at which systems cut that a title exceeds by no more than three characters or bytes.
fn exceeded(title: &str) -> Option<usize> {
    let n_letters = title.chars().count();
    let is_above =
        |limit: usize| (limit + 1..=limit + 3).contains(&title.len()) || (limit + 1..=limit + 3).contains(&n_letters);
    LIMITS.into_iter().rev().find(|&limit| is_above(limit))
}

fn is_dash(letter: char) -> bool {
    matches!(letter, '-' | '\u{2010}' | '\u{2013}' | '\u{2014}')
}

/// Whether a title ends in a hyphen right behind a small letter: one behind a year or numeral leaves a range open.
fn ends_in_hyphen(title: &str) -> bool {
    let start = title.trim_end_matches(is_dash);
    // Kipling's `If—`.
    let is_style = || title.ends_with('\u{2014}') && !title.contains(' ');
    start.len() < title.len() && start.ends_with(char::is_lowercase) && !is_style()
}

/// The title before a hyphen behind a whole word with a capital: `A Comparison and a Solution-`. Of a word that was cut, as
/// `imple-`, less is there.
fn without_hyphen(title: &str) -> Option<&str> {
    // Close to a length at which titles are cut, the other half of a compound is missing.
    let is_short = title.len() + WINDOW < LIMITS[0];
    let start =
        title.strip_suffix('-').filter(|start| is_short && ends_in_hyphen(title) && !start.ends_with(is_dash))?;
    let word = start.rsplit(|letter: char| !letter.is_alphabetic()).next()?;
    (word.chars().count() >= MIN_WORD && word.starts_with(char::is_uppercase)).then_some(start)
}

/// Fewest letters of a word that is taken for whole.
const MIN_WORD: usize = 5;

/// The title before a dash with a blank before it, unless that is after a year and leaves a range open.
fn without_separator(title: &str) -> Option<&str> {
    let start = title.trim_end_matches(is_dash);
    let before = start.trim_end();
    let n_figures = before.bytes().rev().take_while(u8::is_ascii_digit).count();
    let is_apart = before.len() < start.len() && start.len() < title.len() && n_figures != "1927".len();
    (is_apart && before.ends_with(|letter: char| letter.is_alphanumeric() || ")]”»\"'.".contains(letter)))
        .then_some(before)
}

/// Whether a bracket or a quotation mark of a title is not closed.
fn leaves_bracket_open(title: &str) -> bool {
    let n = |sign: u8| memchr::memchr_iter(sign, title.as_bytes()).count();
    if memchr::memchr2(b'(', b'[', title.as_bytes()).is_some() && (n(b'(') > n(b')') || n(b'[') > n(b']')) {
        return true;
    }
    if n(b'"') == 1 && opens_before_word(title) {
        return true;
    }
    if title.is_ascii() {
        return false;
    }
    let count = |sign: char| title.matches(sign).count();
    // Which marks close these, differs by language: none of them does.
    let is_never_closed = |open: char, close: &[char]| title.contains(open) && !title.contains(close);
    // In German, the first of these closes.
    let leaves_open = count('“') > count('”') + count('„')
        || is_never_closed('„', &['“', '”', '"', '‟'])
        || is_never_closed('«', &['»'])
        || EAST_ASIAN.iter().any(|&(open, close)| count(open) > count(close));
    // In a damaged text, a mark is a byte of another sign: E001.
    leaves_open && !title.contains("â€") && !mojibake::is_read_wrong(title)
}

/// Whether the first straight quotation mark stands before a word and not behind one, as that of inches does.
fn opens_before_word(title: &str) -> bool {
    title.split_once('"').is_some_and(|(before, after)| {
        before.chars().next_back().is_none_or(|letter| matches!(letter, ' ' | '(' | '['))
            && after.starts_with(char::is_alphabetic)
            && !after.contains(['“', '”', '„', '«', '»'])
            && !ends_in_apostrophe(after)
    })
}

/// Whether an apostrophe ends a word, as one or two of them do in place of a closing mark.
fn ends_in_apostrophe(text: &str) -> bool {
    text.match_indices(['\'', '’'])
        .any(|(at, apostrophe)| !text[at + apostrophe.len()..].starts_with(char::is_alphanumeric))
}

/// Brackets and quotation marks of Chinese and Japanese.
const EAST_ASIAN: [(char, char); 6] =
    [('（', '）'), ('「', '」'), ('『', '』'), ('《', '》'), ('〈', '〉'), ('【', '】')];

/// Whether a title ends in a bracket or quotation mark that opens. Which marks open depends on the language: `« »` and
/// `» «`, `“ ”` and `„ “`, so the one that is not closed does.
fn opens_something(title: &str) -> bool {
    let n = |sign: char| title.matches(sign).count();
    // In a damaged text, a mark is a byte of another sign (`ZoÃ«`): E001.
    if !title.ends_with(|letter: char| letter.is_ascii()) && mojibake::is_read_wrong(title) {
        return false;
    }
    match title.chars().next_back() {
        Some('(' | '[' | '{' | '„' | '‚') => true,
        Some('«') => n('«') > n('»'),
        Some('“') => n('“') > n('”').max(n('„')),
        Some('‘') => n('‘') > n('’').max(n('‚')),
        Some('"') => title.ends_with(" \"") && n('"') % 2 == 1,
        _ => false,
    }
}

/// Letters of a title by which siblings are brought together; shorter titles are too often beginnings of others.
const N_LETTERS: usize = 20;

/// Table of the records whose titles have the length of a cut, may have been cut before a word, or end in an ellipsis; siblings are in the first.
const AT_LIMIT: usize = 1;

/// Value of a row of a title that may be whole.
const BY_CHANCE: u32 = 1;

/// Value of a row of a title that cannot be whole, by its last word or by what another field holds.
const SURE: u32 = 3;

/// Value of a row of a title that ends in an ellipsis; its key is the collection.
const ELLIPSIS: u32 = 2;

/// Titles of a collection that end in an ellipsis from which on they are reported together.
const MIN_ELLIPSES: usize = 20;

/// Titles of one length from which on their number says that titles are cut there, though one of them may be whole.
const MIN_HEAP: u64 = 5;

/// Titles of one length up to which it is information that as many are longer, and no sign of anything.
const FEW: u64 = 2;

/// Characters below a length at which systems cut in which titles end that were cut between words: those of a long word.
const WINDOW: usize = 12;

/// What is added to a length in keys of the titles below it.
const BELOW: u64 = 1 << 16;

/// Titles that a window below a length must hold at least, and how many times as many as that above it, where systems cut
/// there.
const MIN_BELOW: u64 = 20;
const TIMES_ABOVE: u64 = 8;

/// Counts the title in the windows below and above the lengths at which systems cut between words.
fn count_window(title: &str, record: &Record<'_>, facts: &mut Facts) {
    if title.len() + WINDOW < LIMITS[0] || !title.ends_with(char::is_alphanumeric) {
        return;
    }
    let n_letters = title.chars().count();
    for limit in LIMITS {
        if (limit + 1..=limit + 1 + WINDOW).contains(&n_letters) {
            facts.count(BELOW + limit as u64, 0, 1);
        } else if (limit.saturating_sub(WINDOW)..=limit).contains(&n_letters) {
            facts.count(BELOW + limit as u64, 1, 0);
            let goes_on = |full: &str| full.len() > title.len() && full.starts_with(title);
            if limit_of(title).is_none()
                && !leaves_bracket_open(title)
                && is_function_word(last_word(title))
                && !record.filled(Field::TitleFull).is_some_and(goes_on)
            {
                facts.note_in(AT_LIMIT, BELOW + limit as u64, 0);
            }
        }
    }
}

fn gather(subject: &Subject<'_>, facts: &mut Facts) {
    let title = subject.record.filled(Field::Title).map(str::trim_end).unwrap_or_default();
    if title.len() >= LIMITS[0] && title.ends_with(char::is_alphanumeric) {
        if let Some(limit) = limit_of(title) {
            facts.count(limit as u64, 1, 0);
            let value = if stops_short(title) || rest_elsewhere(subject.record, title).is_some() {
                SURE
            } else {
                u32::from(limit == LIMITS[0])
            };
            facts.note_in(AT_LIMIT, limit as u64, value);
        } else if let Some(limit) = exceeded(title) {
            facts.count(limit as u64, 0, 1);
        }
    }
    if ends_in_ellipsis(title) && !is_meant(title) {
        facts.note_in(AT_LIMIT, subject.collection_key(), ELLIPSIS);
    }
    count_window(title, subject.record, facts);
    let key = subject.title_key();
    let is_plain = key.as_bytes().first_chunk::<N_LETTERS>().is_some_and(|start| start.is_ascii());
    let start = if is_plain { N_LETTERS } else { key.char_indices().nth(N_LETTERS).map_or(key.len(), |(at, _)| at) };
    if start == key.len() {
        return;
    }
    let author = subject.first_author_key().unwrap_or_default();
    facts.note(hash_of(&[author, &key[..start]]), u32::try_from(key.len()).unwrap_or(u32::MAX));
}

/// Reports the ellipses of a collection that has many as one finding: they are the marks of omission of its cataloguers
/// (AACR2 1.1B4), a property of the route and not of a record.
fn join_ellipses(rows: &Rows, catalogue: &Catalogue<'_>, reports: &mut Reports) {
    let rows: Vec<&Row> = rows.table(AT_LIMIT).iter().filter(|row| row.value == ELLIPSIS).collect();
    for same in rows.chunk_by(|one, other| one.key == other.key).filter(|same| same.len() >= MIN_ELLIPSES) {
        let of_first = |record: &Record<'_>| {
            let title = record.filled(Field::Title).map(str::trim_end).unwrap_or_default();
            let message = format!("{} titles of the collection end in an ellipsis", same.len());
            (Label::of(record), Problem::new(Field::Title, title, message).severity(Severity::Info))
        };
        let Some((label, problem)) = catalogue.fetch(same[0].record, of_first) else { continue };
        same.iter().for_each(|row| reports.drop(row.record));
        reports.add_group(label, same.iter().map(|row| row.record).collect(), problem);
    }
}

fn judge(rows: &Rows, catalogue: &Catalogue<'_>, reports: &mut Reports) {
    join_ellipses(rows, catalogue, reports);
    // Where titles are cut, few are longer.
    for row in rows.table(AT_LIMIT).iter().filter(|row| row.value != ELLIPSIS) {
        let [n_at, n_above] = rows.counts(row.key);
        if row.key >= BELOW {
            if n_at >= MIN_BELOW && n_at >= n_above * TIMES_ABOVE {
                let title = catalogue.fetch(row.record, |record| record.filled(Field::Title).map(str::to_owned));
                let message = "the title ends in a word that another must follow, where titles are cut";
                reports.drop(row.record);
                reports.add(
                    row.record,
                    Problem::new(Field::Title, title.flatten().unwrap_or_default().trim_end(), message),
                );
            }
            continue;
        }
        let is_heap = n_above * 2 <= n_at && (row.value != BY_CHANCE || n_at >= MIN_HEAP);
        // Of so few titles, nothing can be said.
        let are_few = row.value != BY_CHANCE && n_at <= FEW && n_above <= n_at;
        if row.value == SURE || !is_heap && !are_few {
            continue;
        }
        let problem = |record: &Record<'_>| {
            let title = record.filled(Field::Title).map(str::trim_end).unwrap_or_default();
            let rest = record.filled(Field::TitleFull).and_then(|full| full.trim_end().strip_prefix(title));
            let is_told =
                opens_something(title) || leaves_bracket_open(title) || rest.is_some_and(|rest| !rest.is_empty());
            let may_be_date = row.value == BY_CHANCE && ends_in_year(title);
            // Where characters and bytes differ, the chance is greater.
            let is_sure = is_heap && row.value != BY_CHANCE && title.is_ascii();
            let severity = if is_sure { None } else { Some(Severity::Info) };
            (!is_told && !may_be_date).then(|| Problem { severity, ..Problem::new(Field::Title, title, OF_LENGTH) })
        };
        if let Some(problem) = catalogue.fetch(row.record, problem).flatten() {
            reports.add(row.record, problem);
        }
    }
    let title =
        |record: RecordId| catalogue.fetch(record, |record| record.filled(Field::Title).map(str::to_owned)).flatten();
    for same in rows.shared().filter(|same| same.iter().any(|row| row.value != same[0].value)) {
        let titles: Vec<(RecordId, String)> =
            same.iter().take(MAX_SIBLINGS).filter_map(|row| Some((row.record, title(row.record)?))).collect();
        for (record, cut) in &titles {
            let cut = cut.trim_end();
            let goes_on = |whole: &str| {
                let word = cut.rsplit(|letter: char| !letter.is_alphabetic()).next().unwrap_or_default();
                rest_of_word(cut, whole)
                    .is_some_and(|rest| is_cut_off(rest) && !is_compound(rest) && !is_numeral(&format!("{word}{rest}")))
            };
            let sibling = titles.iter().find(|(_, whole)| goes_on(whole));
            let Some((other, whole)) = sibling.filter(|_| cut.ends_with(char::is_alphabetic)) else { continue };
            // The record's own check has told what its full title says.
            let is_told = catalogue.fetch(*record, |record| {
                record.filled(Field::TitleFull).is_some_and(|full| full.len() > cut.len() && full.starts_with(cut))
            });
            if is_told != Some(true) {
                let problem =
                    Problem::new(Field::Title, cut, "the title stops inside a word of another record's title");
                reports.add(*record, problem.suggest(whole.as_str()).evidence(catalogue.id(*other)));
            }
        }
    }
}

/// Records of one author and beginning that are compared, at most.
const MAX_SIBLINGS: usize = 30;

/// Whether letters after a word are more than its inflection: three of them, or two that are no common ending.
fn is_cut_off(rest: &str) -> bool {
    let n_letters = rest.chars().count();
    n_letters > 2 || n_letters == 2 && !["es", "en", "er", "ed", "ly", "al", "is", "us", "um", "ns"].contains(&rest)
}

/// Whether letters that go on a word are a word themselves, so that it is whole without them: `Tool` and `Toolkit`.
fn is_compound(rest: &str) -> bool {
    const WORDS: [&str; 16] = [
        "base", "bases", "based", "book", "books", "flow", "house", "kit", "kits", "less", "line", "room", "set",
        "sets", "ware", "work",
    ];
    rest.starts_with(char::is_uppercase) || WORDS.contains(&rest)
}

/// Whether a word is a Roman numeral, so that `Vol. V` is not the beginning of `Vol. VII`.
fn is_numeral(word: &str) -> bool {
    roman_numeral(&word.to_lowercase()).is_some()
}

/// The letters that follow the title in the full title without a blank.
fn rest_of_word<'a>(title: &str, full: &'a str) -> Option<&'a str> {
    let rest = full.strip_prefix(title)?;
    let end = rest.find(|letter: char| !letter.is_alphabetic()).unwrap_or(rest.len());
    Some(&rest[..end]).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::Severity;
    use crate::audit::rules::testing::{check, found, problems, records};

    #[test]
    fn cut_titles_are_reported() {
        let full = r#""title_full":"Qualitative analysis of the implementation""#;
        check(&RULE, &format!(r#"{{"title":"Qualitative analysis of the implementa",{full}}}"#), &["title"]);
        check(&RULE, &format!(r#"{{"title":"Qualitative analysis of the",{full}}}"#), &[]);
        check(&RULE, r#"{"title":"The state of the ("}"#, &["title"]);
        check(&RULE, r#"{"title":"If—"}"#, &[]);
        check(&RULE, r#"{"title":"Trade in the de—"}"#, &["title"]);
        let cut = |title: &str| found(&RULE, &[format!(r#"{{"id":"x","title":"{title}"}}"#)]).len();
        assert_eq!(cut(&format!("{}x", "word ".repeat(51).trim_end())), 1);
        for open in
            ["Reading the poem “", "Reading the poem ‘", r#"Reading the poem \""#, "Das „", "Lire «", "Lire «A» et «"]
        {
            check(&RULE, &format!(r#"{{"title":"{open}"}}"#), &["title"]);
        }
        for whole in ["Das »Buch«", "Om »kærlighed«", "Das ›Buch‹", "Das „Buch“", "The “book”", r#"The \"book\""#]
        {
            check(&RULE, &format!(r#"{{"title":"{whole}"}}"#), &[]);
        }
        check(&RULE, r#"{"title":"To be continued..."}"#, &[]);
        check(&RULE, r#"{"title":"What comes next..."}"#, &["title"]);
        let severity = |n: usize, title: &str| {
            let document = |at: usize| format!(r#"{{"id":"x{at}","title":"{title}"}}"#);
            let found = found(&RULE, &(0..n).map(document).collect::<Vec<String>>());
            found.first().map(crate::audit::Finding::severity)
        };
        let of_length = |length: usize, end: &str| format!("{}{end}", "a".repeat(length - end.len()));
        for (n, length, end, expected) in [
            (1, 128, " words", Some(Severity::Warn)),
            (1, 100, " words", None),
            (5, 100, " words", Some(Severity::Info)),
            (1, 100, " habits of", Some(Severity::Warn)),
            (1, 100, " of str", Some(Severity::Warn)),
            (1, 100, " at small x", None),
            (5, 100, " vom 8. Mai 1998", None),
            (1, 254, " für Städte", Some(Severity::Info)),
        ] {
            assert_eq!(severity(n, &of_length(length, end)), expected, "{n} of {length}{end}");
        }
        check(&RULE, r#"{"title":"A whole title."}"#, &[]);
        check(&RULE, r#"{"title":"A whole title. Part I-"}"#, &[]);
        for open in [
            "An unfinished ti-",
            "Ein Vergleich -",
            "A study of –",
            "Studies (second",
            "Atlas [of mills",
            "Study of “rural",
        ] {
            check(&RULE, &format!(r#"{{"title":"{open}"}}"#), &["title"]);
        }
        for (title, start) in [
            ("A survey of Ports -", "A survey of Ports"),
            ("Bericht über das Projekt ABC -", "Bericht über das Projekt ABC"),
            ("Wages, part II --", "Wages, part II"),
        ] {
            let found = problems(&RULE, &format!(r#"{{"title":"{title}"}}"#));
            assert_eq!((found[0].severity, found[0].suggestion.as_deref()), (None, Some(start)), "{title}");
        }
        let whole =
            r#"{"title":"Otras penas = Other sorrows --","title_full":"Otras penas = Other sorrows -- / A. Ek"}"#;
        assert_eq!(problems(&RULE, whole)[0].severity, Some(Severity::Info));
        for whole in ["Report for 1927-", "Report for 1927 -", "1) Dogs, 2) cats", "Atlas (1990) [map]"] {
            check(&RULE, &format!(r#"{{"title":"{whole}"}}"#), &[]);
        }
        let split = r#"{"title":"[Poems","title_full":"[Poems] / John Clare"}"#;
        check(&RULE, split, &[]);
        let ellipsis = problems(&RULE, r#"{"title":"What comes next..."}"#);
        assert_eq!(ellipsis[0].severity, Some(Severity::Info));
    }

    #[test]
    fn many_ellipses_are_one_finding() {
        let titles = |n: usize| -> Vec<String> {
            (0..n).map(|at| format!(r#"{{"id":"x-{at}","title":"{at} tales of the sea ..."}}"#)).collect()
        };
        assert_eq!(found(&RULE, &titles(19)).len(), 19);
        let joined = found(&RULE, &titles(20));
        assert_eq!((joined.len(), joined[0].severity()), (1, Severity::Info));
        assert_eq!(joined[0].problem.message, "20 titles of the collection end in an ellipsis");
        assert_eq!(records(&RULE, &titles(20)).len(), 20);
    }

    #[test]
    fn lengths_count_where_the_catalogue_is_cut() {
        let titles = |lengths: &[usize]| -> Vec<String> {
            let of =
                |at: usize, length: usize| format!(r#"{{"id":"x{at}","title":"T{at:09}{}"}}"#, "a".repeat(length - 10));
            lengths.iter().enumerate().map(|(at, &length)| of(at, length)).collect()
        };
        assert_eq!(records(&RULE, &titles(&[99, 100, 100, 100, 100, 100, 101])), [1, 2, 3, 4, 5]);
        assert_eq!(records(&RULE, &titles(&[99, 100, 100, 101])), [0; 0], "they may be whole");
        assert_eq!(records(&RULE, &titles(&[99, 100, 101, 102])), [0; 0]);
        for lengths in [&[200, 201][..], &[256, 240]] {
            assert_eq!(records(&RULE, &titles(lengths)), [0], "{lengths:?}");
        }
        let severity = |lengths: &[usize]| found(&RULE, &titles(lengths))[0].severity();
        assert_eq!((severity(&[200, 201]), severity(&[200, 210])), (Severity::Info, Severity::Warn));
        assert_eq!(records(&RULE, &titles(&[200, 201, 202])), [0; 0]);
        assert_eq!(records(&RULE, &titles(&[200, 200, 200, 201, 202, 203])), [0; 0]);
    }

    #[test]
    fn lengths_count_beside_others_where_the_title_goes_on() {
        let title = |at: usize, length: usize, end: &str| {
            format!(r#""id":"x{at}","title":"T{at:09}{}{end}""#, "ä".repeat(length - 10 - end.len()))
        };
        let longer: Vec<String> = (1..9).map(|at| format!("{{{}}}", title(at, 201, " word"))).collect();
        let beside = |document: String| [&longer[..], &[document]].concat();
        let cut = title(0, 200, " implementa");
        assert_eq!(records(&RULE, &beside(format!("{{{cut}}}"))), [0; 0]);
        let whole = cut[cut.find("T0").unwrap()..].replace('"', "");
        let told = found(&RULE, &beside(format!(r#"{{{cut},"spelling":["x {whole}tion of it"]}}"#)));
        assert_eq!((told.len(), told[0].severity()), (1, Severity::Warn));
        assert!(told[0].problem.suggestion.as_deref().is_some_and(|whole| whole.ends_with(" implementation")));
        assert_eq!(records(&RULE, &beside(format!("{{{}}}", title(0, 200, " habits of")))), [8]);
        // In bytes.
        let umlauts = format!(r#"{{"id":"y","title":"T{}"}}"#, "ä".repeat(122));
        assert_eq!(found(&RULE, &[umlauts])[0].severity(), Severity::Info);
    }

    #[test]
    fn articles_end_no_title() {
        let severity = |title: &str, full: &str| {
            let found = problems(&RULE, &format!(r#"{{"title":"{title}","title_full":"{full}"}}"#));
            found.first().map(|found| found.severity)
        };
        let depression = "Depression research methodologies in the";
        assert_eq!(severity(depression, depression), Some(None));
        assert_eq!(severity("Tolerance Design of", "Tolerance Design of"), Some(Some(Severity::Info)));
        assert_eq!(
            severity("Inclusive Measurements of", "Inclusive Measurements of (ub) [electronic resource]."),
            Some(Some(Severity::Info))
        );
        for (title, full) in [
            ("The making of", "The making of / Brecht Evens"),
            ("This is where I came in", "This is where I came in"),
            ("The", "The"),
            ("A way to move on", "A way to move on [electronic resource]."),
            ("Deĭstvui︠u︡shchie lit︠s︡a", "Deĭstvui︠u︡shchie lit︠s︡a / Igorʹ P. Smirnov."),
        ] {
            assert_eq!(severity(title, full), None, "{title}");
        }
        let of_length = |end: &str| format!("{}{end}", "a".repeat(100 - end.len()));
        for end in [" habits for", " books on", " men by", " known as"] {
            assert_eq!(problems(&RULE, &format!(r#"{{"title":"{}"}}"#, of_length(end)))[0].severity, None, "{end}");
        }
    }

    #[test]
    fn separators_are_left_over() {
        for open in ["Revision of Tipula (L.)(Diptera -", "Studies (New York:"] {
            let found = problems(&RULE, &format!(r#"{{"title":"{open}","title_full":"{open}"}}"#));
            assert_eq!(found[0].message, "a bracket or quotation mark of the title is not closed", "{open}");
            assert_eq!(found[0].suggestion, None, "{open}");
        }
        for open in [
            "Études sur « la vigne",
            "Über „die Mühlen",
            "『銀河鉄道",
            "红楼梦（上",
            "The voyage of the \"Isbjörn to Novaya Zemlya",
        ] {
            let found = problems(&RULE, &serde_json::json!({"title": open}).to_string());
            assert_eq!(found[0].message, "a bracket or quotation mark of the title is not closed", "{open}");
        }
        for whole in [
            "Das «alte» Haus",
            "Die „Mühle\" heute",
            "A 12\" record of it",
            "\"An iron hand in a glove'' - on the logic of it",
            "»Die Mühle« und",
            "『銀河』鉄道",
            "FoÂ« ll und Hu",
            "PoÃ«sie",
        ] {
            let of_document = problems(&RULE, &serde_json::json!({"title": whole}).to_string());
            assert!(of_document.iter().all(|found| !found.message.contains("not closed")), "{whole}");
        }
        for (title, start) in [
            ("A Comparison and a Solution-", "A Comparison and a Solution"),
            ("Spelling for clerks. -", "Spelling for clerks."),
        ] {
            let found = problems(&RULE, &format!(r#"{{"title":"{title}"}}"#));
            assert_eq!(found[0].suggestion.as_deref(), Some(start), "{title}");
        }
        let colon = r#"{"title":"Tax forum 1986:","title_full":"Tax forum 1986:"}"#;
        assert_eq!(problems(&RULE, colon)[0].suggestion.as_deref(), Some("Tax forum 1986"));
        check(&RULE, r#"{"title":"Tax forum :","title_full":"Tax forum : a report"}"#, &[]);
        check(&RULE, r#"{"title":"Tax forum :","title_full":"Tax forum :","title_sub":"a report"}"#, &[]);
    }

    #[test]
    fn titles_cut_between_words_end_below_the_length() {
        let of = |at: usize, length: usize, end: &str| {
            format!(r#"{{"id":"x{at}","title":"T{at:09}{} {end}"}}"#, "a".repeat(length - 11 - end.len()))
        };
        let mut titles: Vec<String> = (0..25).map(|at| of(at, 89 + at % 10, "word")).collect();
        titles.extend([of(25, 95, "to"), of(26, 95, "The"), of(27, 80, "to")]);
        assert_eq!(records(&RULE, &titles), [25, 26]);
        titles.extend((28..36).map(|at| of(at, 101 + at % 10, "word")));
        assert_eq!(records(&RULE, &titles), [0; 0]);
    }

    #[test]
    fn siblings_show_cuts() {
        let document = |at: usize, title: &str| format!(r#"{{"id":"x{at}","title":"{title}","author":["A, B"]}}"#);
        let pair = |one: &str, other: &str| [document(0, one), document(1, other)];
        let cut = pair("Qualitative analysis of the implementa", "Qualitative analysis of the implementation of it");
        assert_eq!(records(&RULE, &cut), [0]);
        let suggestion = found(&RULE, &cut)[0].problem.suggestion.clone();
        assert_eq!(suggestion.as_deref(), Some("Qualitative analysis of the implementation of it"));
        for (one, other) in [
            ("History of the Finnish libraries. Part 1", "History of the Finnish libraries. Part 10"),
            ("Droit fiscal international de la Suisse Vol. V", "Droit fiscal international de la Suisse Vol. VII"),
            ("The effects of social media on student", "The effects of social media on students"),
            ("A survey of the usual debugging tool", "A survey of the usual debugging toolkit"),
            ("Semantics of transactions on data", "Semantics of transactions on databases"),
            ("The effects of social media", "The effects of social media : a review"),
        ] {
            assert_eq!(records(&RULE, &pair(one, other)), [0; 0], "{one}");
        }
    }

    #[test]
    fn ends_are_seen_before_other_signs() {
        check(&RULE, r#"{"title":"Diaries of a miller (1890-"}"#, &["title"]);
        check(&RULE, r#"{"title":"Diaries of a miller, 1890-"}"#, &[]);
        let works = problems(&RULE, r#"{"title":"Tkactwo na… /"}"#);
        assert_eq!(works[0].severity, Some(Severity::Info));
    }
}
