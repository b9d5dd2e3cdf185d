//! T002: title sort mismatch.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_script::{Script, UnicodeScript};

use super::e006_invisible_or_whitespace::with_value;
use super::folding::{folded, is_same, is_subsequence, start_after, word_starts, words};
use super::mojibake::is_damaged;
use super::t012_title_nonfiling_off::may_begin_with_article;
use crate::audit::{Check, Family, Fix, Found, Problem, Rule, Severity, Subject, TitleSort};
use crate::input::Field;
use crate::keys::seek::split_once;
use crate::keys::sort_title::{MAX_NONFILING, g1, g2, g3, record_manager};
use crate::keys::work_key::strip_articles;

/// By letters and numbers; punctuation counts only with the setting `title_sort = "current"`. Safe unless the sort title may be
/// a reading of the title, which nothing else in the record tells.
pub(super) static RULE: Rule = Rule {
    code: "T002",
    name: "title-sort-mismatch",
    severity: Severity::Warn,
    fix: Fix::Safe,
    aggregated: false,
    needs: &[Field::Title, Field::TitleSort],
    skips_merged: true,
    explanation: "\
## What it finds
A `title_sort` that no importer would have made from this title. Letters and numbers are compared: the title
without the beginning that the record's importer leaves out (`a`, `an`, `the` for XSLT imports, up to nine
characters before a word for MARC). Sort titles with capitals and those that run all words together are
reported as well: every importer writes small letters, and blanks between words. With `title_sort = \"current\"`, sort
titles that keep punctuation, as older releases made them, are reported too.
## Why it matters
Browse lists and sorting by title use this field.
## Example
From an XSLT import, title `The use of social media` and title_sort `the use of social media`.
## Known gaps
Punctuation and letters with marks are not compared, since releases differ in them; text of part titles that
only title_full holds is accepted, and where a statement of responsibility follows it this is information. With the setting `title_sort = \"current\"`, forms with punctuation, which
older releases wrote, are reported too. Titles cut inside a word are left to T012. A MARC sort title in another script
than the title, or with its letters written out (`aerzte` for `Ärzte`), may be its reading, so that the repair is only proposed.
## Source
VuFind's XSLT helper (`stripArticles`, `titleSortLower`), SolrMarc's `titleSortLower`, RecordManager's
`createSortTitle`.",
    check: Check::record(check),
};

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    let (Some(title), Some(sort)) = (record.filled(Field::Title), record.filled(Field::TitleSort)) else { return };
    let is_right = fits(subject, title, sort) || is_exactly_made(subject.family, title, sort);
    let is_current_demanded = subject.settings.title_sort == TitleSort::Current;
    if is_right && let Some(message) = bad_form(title, sort) {
        let problem = Problem::new(Field::TitleSort, sort, message);
        let expected = match (subject.family, subject.n_left_out()) {
            // The beginning that is left out stays.
            (Family::Marc, _) if message == NOT_LOWER => g3(&[sort], 0),
            (Family::Marc, Some(n_left_out)) => rest_of(title, n_left_out).and_then(|rest| g3(&[rest], 0)),
            (family, _) => expected(family, title, sort),
        };
        return found.add(match expected {
            Some(expected) => with_sort(problem, subject, title, &expected),
            None => problem,
        });
    }
    if is_right {
        if is_current_demanded && !(is_current(sort) && is_folded_by(subject.family, title, sort)) {
            found.add(with_current(subject.family, title, sort));
        }
        return;
    }
    if goes_on_with_parts(subject, title, sort) {
        let message = "the sort title goes on with parts of the full title and a statement of responsibility";
        return found.add(Problem::new(Field::TitleSort, sort, message).severity(Severity::Info));
    }
    let problem = Problem::new(Field::TitleSort, sort, "the sort title was not made from the title");
    found.add(match expected(subject.family, title, sort) {
        Some(expected) if subject.family != Family::Xslt && may_be_reading(title, sort) => problem.suggest(expected),
        Some(expected) => with_sort(problem, subject, title, &expected),
        None => problem,
    });
}

/// What is left of a title without so many folded letters, if these are whole words.
fn rest_of(title: &str, n_left_out: usize) -> Option<&str> {
    start_after(title, beginnings_end(title), n_left_out).map(|at| &title[at..])
}

/// A problem with the sort title that should be there: a safe repair if this rule would then be content.
fn with_sort(problem: Problem, subject: &Subject<'_>, title: &str, sort: &str) -> Problem {
    // Nothing is made of a title that was read in the wrong encoding before E001 had its way.
    if is_damaged(title) {
        return problem;
    }
    let is_right = fits(subject, title, sort) || is_exactly_made(subject.family, title, sort);
    if is_right && bad_form(title, sort).is_none() {
        with_value(problem, Field::TitleSort, sort)
    } else {
        problem.suggest(sort)
    }
}

/// What is said of capitals.
const NOT_LOWER: &str = "the sort title is not in small letters";

/// What is wrong with the form of a sort title whose letters are right.
fn bad_form(title: &str, sort: &str) -> Option<&'static str> {
    let has_capital = if sort.is_ascii() {
        sort.bytes().any(|byte| byte.is_ascii_uppercase())
    } else {
        sort.chars().any(|letter| letter.is_uppercase() && letter.to_lowercase().next() != Some(letter))
    };
    if has_capital {
        return Some(NOT_LOWER);
    }
    if memchr::memchr(b' ', sort.trim().as_bytes()).is_some() {
        return None;
    }
    // Leaving out an article takes one blank. What is left of a bracket or a control character is no word.
    let n_blanks = memchr::memchr_iter(b' ', title.trim().as_bytes()).count();
    let n_words = || g2(title).split(' ').filter(|word| word.contains(char::is_alphanumeric)).count();
    (n_blanks >= MIN_BLANKS && n_words() > MIN_BLANKS && !is_last_word(title, sort))
        .then_some("the words of the sort title are run together")
}

/// Whether a sort title is the last word of the title, and all words before it may be left out: `On the cat`.
fn is_last_word(title: &str, sort: &str) -> bool {
    beginnings(title).any(|rest| {
        let rest = rest.trim_end_matches(|letter: char| !letter.is_alphanumeric());
        !rest.contains(char::is_whitespace) && is_same(rest, sort)
    })
}

/// Blanks in a title of which some must be in its sort title.
const MIN_BLANKS: usize = 2;

/// Whether a sort title, otherwise right, has no trace of an older release: punctuation, doubled or outer blanks.
/// One blank before it is left by SolrMarc's non-filing count.
fn is_current(sort: &str) -> bool {
    let plain = sort.strip_prefix(' ').unwrap_or(sort);
    let bytes = plain.as_bytes();
    // Without a way out before the end, the compiler looks at several bytes at a time.
    let has_punctuation = bytes.iter().fold(false, |found, byte| found | byte.is_ascii_punctuation());
    let pairs = bytes.iter().zip(bytes.get(1..).unwrap_or_default());
    let has_blanks = || pairs.fold(false, |found, (&one, &next)| found | (one == b' ') & (next == b' '));
    !has_punctuation && !has_blanks() && plain == plain.trim()
}

/// Whether a current importer would have left no mark or letter otherwise than a sort title, otherwise right, has it. MARC
/// imports and RecordManager leave out what no field tells, so that theirs are not made again.
fn is_folded_by(family: Family, title: &str, sort: &str) -> bool {
    sort.is_ascii() || matches!(family, Family::Marc | Family::RecordManager) || {
        let plain = sort.trim();
        // Those of SolrMarc are current as well.
        g2(title) == plain || g1(title).trim() != plain || g3(&[title], 0).is_some_and(|made| made == plain)
    }
}

/// The problem of an older form, with the current one of the same beginning.
fn with_current(family: Family, title: &str, sort: &str) -> Problem {
    let problem = Problem::new(Field::TitleSort, sort, "the sort title is of an older release of the importer");
    match family {
        // The beginning that is left out stays as the older release left it.
        Family::Marc | Family::RecordManager => problem.suggest_any(g3(&[sort], 0)),
        Family::Xslt | Family::Unknown => {
            let made = g2(title);
            let is_safe = is_same(&made, sort);
            let problem = problem.suggest(made.as_str());
            if is_safe { problem.change(Field::TitleSort, [made]) } else { problem }
        }
    }
}

/// How a sort title was made, for the profile.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(in crate::audit) enum Form {
    /// There is none.
    Missing,
    /// There is no title to compare it with.
    NoTitle,
    /// That of older XSLT imports, see [`g1`].
    G1,
    /// That of current XSLT imports, see [`g2`].
    G2,
    /// That of SolrMarc, see [`g3`].
    G3,
    /// That of older releases of SolrMarc, which keep punctuation or letters with marks.
    OlderMarc,
    /// That of RecordManager, see [`record_manager`].
    RecordManager,
    /// Several of these, which agree on the title.
    Alike,
    /// None of these exactly, but the rule accepts it.
    Accepted,
    /// The rule does not accept it.
    Other,
}

impl Form {
    /// All forms.
    pub(in crate::audit) const ALL: [Form; 10] = [
        Form::Missing,
        Form::NoTitle,
        Form::G1,
        Form::G2,
        Form::G3,
        Form::OlderMarc,
        Form::RecordManager,
        Form::Alike,
        Form::Accepted,
        Form::Other,
    ];

    /// The form in a few words.
    pub(in crate::audit) fn name(self) -> &'static str {
        match self {
            Form::Missing => "missing",
            Form::NoTitle => "no title",
            Form::G1 => "G1 older XSLT",
            Form::G2 => "G2 current XSLT",
            Form::G3 => "G3 SolrMarc",
            Form::OlderMarc => "older SolrMarc",
            Form::RecordManager => "RecordManager",
            Form::Alike => "forms alike",
            Form::Accepted => "accepted variant",
            Form::Other => "other",
        }
    }
}

/// The form of a record's sort title among those of the record's importer.
pub(in crate::audit) fn form(subject: &Subject<'_>) -> Form {
    let Some(sort) = subject.record.filled(Field::TitleSort) else { return Form::Missing };
    let Some(title) = subject.record.filled(Field::Title) else { return Form::NoTitle };
    let plain = sort.trim();
    let any = subject.family == Family::Unknown;
    let is = |family: Family| any || subject.family == family;
    let xslt = is(Family::Xslt).then(|| xslt_form(title, plain)).flatten();
    if let Some(form) = xslt.filter(|_| !any) {
        return form;
    }
    let manager = is(Family::RecordManager) && record_manager(title) == plain;
    let marc = if subject.family == Family::Xslt { None } else { marc_form(subject, title, sort) };
    let mut forms = [xslt, manager.then_some(Form::RecordManager), marc].into_iter().flatten();
    match (forms.next(), forms.next()) {
        (Some(form), None) => form,
        // An older form is told from others by what it keeps only.
        (Some(form), Some(Form::OlderMarc)) => form,
        (Some(_), Some(_)) => Form::Alike,
        (None, _) if fits(subject, title, sort) || is_exactly_made(subject.family, title, sort) => Form::Accepted,
        (None, _) => Form::Other,
    }
}

/// The form of a sort title that an XSLT import made of the title.
fn xslt_form(title: &str, sort: &str) -> Option<Form> {
    let is_older = is_g1(title, sort);
    // What current imports would change is known without doing it: nothing in plain words, and all punctuation. A title of
    // other characters may end in blanks that trimming hides and current imports keep.
    if is_older && is_all(sort, is_printed) && is_all(title, is_printed) {
        return Some(if is_current(sort) { Form::Alike } else { Form::G1 });
    }
    match (is_older, g2(title) == sort) {
        (true, true) => Some(Form::Alike),
        (true, false) => Some(Form::G1),
        (false, true) => Some(Form::G2),
        (false, false) => None,
    }
}

/// Whether a sort title, without blanks around it, is the title's [`g1`] without them.
fn is_g1(title: &str, sort: &str) -> bool {
    if !title.is_ascii() {
        return g1(title).trim() == sort;
    }
    strip_articles(title).trim().eq_ignore_ascii_case(sort) && is_all(sort, |byte| !byte.is_ascii_uppercase())
}

/// Whether all bytes are such: without a way out before the end, the compiler looks at several at a time.
fn is_all(text: &str, is_such: impl Fn(u8) -> bool) -> bool {
    text.bytes().fold(true, |all, byte| all & is_such(byte))
}

/// Whether a byte is an ASCII character other than a control character, with which importers deal in their own ways.
fn is_printed(byte: u8) -> bool {
    (b' '..=b'~').contains(&byte)
}

/// The form of a sort title that SolrMarc made of the title from one of its first words on.
fn marc_form(subject: &Subject<'_>, title: &str, sort: &str) -> Option<Form> {
    let rest = &title[start_after(title, beginnings_end(title), subject.n_left_out()?)?..];
    let is_plain = is_all(rest, is_printed)
        && is_all(sort, |byte| byte.is_ascii_lowercase() | byte.is_ascii_digit() | (byte == b' '))
        && is_current(sort)
        && word_lengths(rest).eq(word_lengths(sort));
    // The letters agree; words that are as long are the same.
    let made = || g3(&[rest], 0).is_some_and(|made| made == sort.trim());
    Some(if is_plain || made() { Form::G3 } else { Form::OlderMarc })
}

/// Lengths of the words of an ASCII text.
fn word_lengths(text: &str) -> impl Iterator<Item = usize> {
    text.as_bytes().split(|byte| !byte.is_ascii_alphanumeric()).map(<[u8]>::len).filter(|&len| len > 0)
}

fn fits(subject: &Subject<'_>, title: &str, sort: &str) -> bool {
    let n_left_out = subject.n_left_out();
    if subject.family == Family::Xslt {
        return n_left_out == Some(subject.n_article_letters());
    }
    // Fewer letters may be left out in the middle of a word, too.
    let is_left_out = |n: usize| n < MAX_NONFILING || start_after(title, beginnings_end(title), n).is_some();
    n_left_out.is_some_and(is_left_out) || has_part_title(subject, title, sort)
}

/// The title from each word on before which an indicator can leave everything out. Brackets and quotation marks before the
/// first word do not count.
fn beginnings(title: &str) -> impl Iterator<Item = &str> {
    word_starts(title, beginnings_end(title)).map(|at| &title[at..])
}

/// The number of characters within which these words start.
fn beginnings_end(title: &str) -> usize {
    title.chars().take_while(|letter| !letter.is_alphanumeric()).count() + MAX_NONFILING
}

/// Whether the sort title starts as the title does and goes on with words of the full title, whose statement of
/// responsibility does not count.
fn has_part_title(subject: &Subject<'_>, title: &str, sort: &str) -> bool {
    let Some(full) = subject.record.filled(Field::TitleFull) else { return false };
    let proper = split_once(full, " / ").map_or(full, |(proper, _)| proper);
    let (sort, full) = (words(sort), words(proper));
    is_subsequence(&sort, &full)
        && beginnings(title).any(|rest| {
            let rest = words(rest);
            rest.first() == sort.first() && is_subsequence(&rest, &sort)
        })
}

/// Whether the sort title, in which a statement of responsibility has got, begins with the title and a part of the full
/// title, and all of its words occur there in order.
fn goes_on_with_parts(subject: &Subject<'_>, title: &str, sort: &str) -> bool {
    let Some(full) = subject.record.filled(Field::TitleFull) else { return false };
    let Some((proper, _)) = split_once(full, " / ") else { return false };
    let (sort, start, full) = (words(sort), words(proper), words(full));
    is_subsequence(&sort, &full)
        && beginnings(title).map(words).any(|rest| {
            sort.starts_with(&rest) && sort.get(..=rest.len()).is_some_and(|start_of| is_subsequence(start_of, &start))
        })
}

fn is_exactly_made(family: Family, title: &str, sort: &str) -> bool {
    let sort = sort.trim();
    let is_xslt = || g1(title).trim() == sort || g2(title) == sort;
    match family {
        Family::Xslt => is_xslt(),
        _ => is_xslt() || record_manager(title) == sort || g3(&[title], 0).is_some_and(|made| made == sort),
    }
}

/// Whether a form to sort by may be a reading of a text, as of names and titles in Japanese, a romanisation, or the text with
/// its letters written out, such as `aerzte` for `Ärzte`. Nothing but the form itself tells these.
pub(super) fn may_be_reading(text: &str, sort: &str) -> bool {
    match (script_of(text), script_of(sort)) {
        (Some(Script::Latin), Some(Script::Latin)) => may_be_written_out(text, sort) || may_be_written_out(sort, text),
        // Alphabets, of which one text is no reading of another.
        (Some(Script::Cyrillic), Some(Script::Cyrillic)) | (Some(Script::Greek), Some(Script::Greek)) => false,
        _ => true,
    }
}

/// The script of the letters of a text, Latin without any; none if there are several.
fn script_of(text: &str) -> Option<Script> {
    if text.is_ascii() {
        return Some(Script::Latin);
    }
    let letters = text.chars().filter(|letter| letter.is_alphabetic()).map(|letter| letter.script());
    let mut scripts = letters.filter(|script| !matches!(script, Script::Common | Script::Inherited));
    let first = scripts.next().unwrap_or(Script::Latin);
    scripts.all(|script| script == first).then_some(first)
}

/// Whether a text, from one of its first words on, and another one have the same letters as far as they go, but for some of the
/// first one beyond the alphabet's own, in whose places others stand.
fn may_be_written_out(text: &str, written: &str) -> bool {
    let written: Vec<char> = folded(written).take(MAX_COMPARED).collect();
    beginnings(text).any(|rest| is_written_out(rest, &written))
}

/// Letters that are compared of a text.
const MAX_COMPARED: usize = 200;

/// Letters that stand for one: `oe`, `ss`, `dj`.
const MAX_WRITTEN_OUT: usize = 2;

fn is_written_out(text: &str, written: &[char]) -> bool {
    let letters = text.nfc().flat_map(char::to_lowercase).filter(|letter| letter.is_alphanumeric());
    // How many letters of the other text those so far may be.
    let mut ends = vec![0];
    let (mut has_plain, mut has_other) = (false, false);
    for letter in letters.take(MAX_COMPARED) {
        let is_plain = letter.is_ascii();
        has_plain |= is_plain;
        has_other |= !is_plain;
        let n_most = if is_plain { 1 } else { MAX_WRITTEN_OUT };
        let is_there = |end: &usize| written.get(end - 1).is_some_and(|&other| !is_plain || other == letter);
        let mut next: Vec<usize> = ends.iter().flat_map(|end| (1..=n_most).map(move |n| end + n)).collect();
        next.retain(is_there);
        next.sort_unstable();
        next.dedup();
        if next.is_empty() || next.last() == Some(&written.len()) {
            return !next.is_empty() && has_plain && has_other;
        }
        ends = next;
    }
    has_plain && has_other
}

/// What the importer would write; unknown for MARC, where an indicator decides that is not exported.
fn expected(family: Family, title: &str, sort: &str) -> Option<String> {
    match family {
        Family::Xslt if sort.contains(|letter: char| letter.is_ascii_punctuation()) => Some(g1(title)),
        Family::Xslt => Some(g2(title)).filter(|made| !made.is_empty()),
        Family::RecordManager => Some(record_manager(title)),
        // Without an article, nothing is left out.
        Family::Marc if !may_begin_with_article(title) => g3(&[title], 0),
        Family::Marc | Family::Unknown => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    use super::*;
    use crate::audit::Settings;
    use crate::audit::rules::testing::{check, check_change, problems_with};
    use crate::input::Parser;

    #[test]
    fn xslt_imports_leave_out_the_english_article() {
        let xslt = r#""record_format":"x","work_keys_str_mv":["AT a b"]"#;
        let document = |title: &str, sort: &str| format!(r#"{{"title":"{title}","title_sort":"{sort}",{xslt}}}"#);
        check(&RULE, &document("The use of social media", "the use of social media"), &["title_sort"]);
        check(&RULE, &document("The use: of social media", "use: of social media"), &[]);
        check_change(&RULE, &document("The use: of it", "the use: of it"), &[("title_sort", "use: of it")]);
        check_change(&RULE, &document("The use: of it", "the use of it"), &[("title_sort", "use of it")]);
        check(&RULE, &document("The use: of social media", "use of social media"), &[]);
        check(&RULE, &document("Éléonore d'Aquitaine", "eleonore d aquitaine"), &[]);
        check(&RULE, &document("© Straße", "c strasse"), &[]);
        check(&RULE, &document("Война и мир", "война и мир"), &[]);
        check(&RULE, &document("War", "peace"), &["title_sort"]);
    }

    #[test]
    fn sort_titles_are_in_small_letters_and_have_blanks() {
        for importer in [r#""record_format":"marc""#, r#""record_format":"x","work_keys_str_mv":["AT a b"]"#] {
            let document =
                |sort: &str| format!(r#"{{"title":"History of alpine grazing","title_sort":"{sort}",{importer}}}"#);
            for sort in [
                "History of alpine grazing",
                "HISTORY OF ALPINE GRAZING",
                "history-of-alpine-grazing",
                "historyofalpinegrazing",
            ] {
                check_change(&RULE, &document(sort), &[("title_sort", "history of alpine grazing")]);
            }
            check(&RULE, &document("history of alpine grazing"), &[]);
        }
        check_change(
            &RULE,
            r#"{"title":"The Water /","title_sort":"Water","record_format":"marc"}"#,
            &[("title_sort", "water")],
        );
        let marc = r#"{"title":"History of wool","title_sort":"sheep","record_format":"marc"}"#;
        check_change(&RULE, marc, &[("title_sort", "history of wool")]);
        check_change(&RULE, &marc.replace("History of wool", "The history of wool"), &[]);
        check(&RULE, r#"{"title":"A-Z","title_sort":"a-z"}"#, &[]);
    }

    #[test]
    fn one_word_may_be_all_that_is_filed() {
        let document =
            |title: &str, sort: &str| format!(r#"{{"title":"{title}","title_sort":"{sort}","record_format":"marc"}}"#);
        for (title, sort) in [
            ("On the cat /", "cat"),
            ("In der Welt", "welt"),
            ("Eis ton ouranon /", "ouranon"),
            ("Dans l'eau", "eau"),
            ("On the X-ray :", "x-ray"),
        ] {
            check(&RULE, &document(title, sort), &[]);
        }
        for (title, sort, right) in [
            ("On the cat and me", "catandme", "cat and me"),
            ("On the cat /", "onthecat", "on the cat"),
            ("On the big cat /", "thebigcat", "the big cat"),
        ] {
            check_change(&RULE, &document(title, sort), &[("title_sort", right)]);
        }
        // The cut inside a word is left to T012.
        check(&RULE, &document("Of that big cat", "hatbigcat"), &["title_sort"]);
        check_change(&RULE, &document("Of that big cat", "hatbigcat"), &[]);
    }

    #[test]
    fn readings_are_not_overwritten() {
        let document =
            |title: &str, sort: &str| format!(r#"{{"title":"{title}","title_sort":"{sort}","record_format":"marc"}}"#);
        for (title, sort) in [
            ("東京", "とうきょう"),
            ("とうきょうの空", "とうきょうのそら"),
            ("東京物語", "tokyo monogatari"),
            ("Война и мир", "voina i mir"),
            ("Tokyo", "とうきょう"),
            ("β-Carotene", "beta carotene"),
            ("Ärzte in Berlin /", "aerzte in berlin"),
            ("Die Ärzte in Berlin /", "aerzte in berlin"),
            ("Wasser für Köln : eine Studie", "wasser fuer koeln"),
            ("Aerzte in Berlin", "ärzte in berlin"),
        ] {
            check(&RULE, &document(title, sort), &["title_sort"]);
            check_change(&RULE, &document(title, sort), &[]);
        }
        for (title, sort, right) in [
            ("Éléphants du Kenya /", "sheep", "elephants du kenya"),
            ("Über Schafe", "wa", "uber schafe"),
            ("Война и мир", "анна каренина", "воина и мир"),
            ("History of wool", "sheep", "history of wool"),
        ] {
            check_change(&RULE, &document(title, sort), &[("title_sort", right)]);
        }
    }

    #[test]
    fn older_releases_are_reported_on_request() {
        let current = Settings { title_sort: TitleSort::Current, ..Settings::default() };
        let document = |sort: &str| {
            format!(
                r#"{{"title":"The use: of it","title_sort":"{sort}","record_format":"x","work_keys_str_mv":["AT a b"]}}"#
            )
        };
        let found = problems_with(&RULE, &document("use: of it"), &current);
        assert_eq!(found[0].suggestion.as_deref(), Some("use of it"));
        assert_eq!(problems_with(&RULE, &document("use of it"), &current), []);
        check(&RULE, &document("use: of it"), &[]);
    }

    #[test]
    fn marc_indicators_may_leave_out_any_word() {
        let marc = r#""record_format":"marc""#;
        check(&RULE, &format!(r#"{{"title":"The use of it :","title_sort":"use of it",{marc}}}"#), &[]);
        check(&RULE, &format!(r#"{{"title":"L'étranger /","title_sort":"etranger",{marc}}}"#), &[]);
        check(&RULE, &format!(r#"{{"title":"Łódź","title_sort":"łódź",{marc}}}"#), &[]);
        for (title, sort) in [
            ("Introduction to physics /", "physics"),
            ("History of the war", "war"),
            ("Wasserbaukunst der Römer /", "romer"),
        ] {
            let document = format!(r#"{{"title":"{title}","title_sort":"{sort}",{marc}}}"#);
            check(&RULE, &document, &["title_sort"]);
        }
        check(&RULE, &format!(r#"{{"title":"\"[Les] cendres","title_sort":"cendres",{marc}}}"#), &[]);
        let parts = r#""title":"Proceedings.","title_full":"Proceedings. Part 2, Physics /""#;
        check(&RULE, &format!(r#"{{{parts},"title_sort":"proceedings physics",{marc}}}"#), &[]);
        check(&RULE, &format!(r#"{{{parts},"title_sort":"proceedings chemistry",{marc}}}"#), &["title_sort"]);
        let course = r#""title":"Bon voyage! cours de langue","title_full":"Bon voyage! Ensemble cours de langue Premier degré Ana Ek ; [éd.:] Centrale Lexique / Ana Ek ; avec L. Wu""#;
        let sort = "bon voyage! cours de langue premier degré lexique / ana ek ; avec l. wu";
        let found =
            problems_with(&RULE, &format!(r#"{{{course},"title_sort":"{sort}",{marc}}}"#), &Settings::default());
        assert_eq!((found[0].severity, found[0].change.is_some()), (Some(Severity::Info), false));
        check(&RULE, &format!(r#"{{"title":"Die Bergreise [\u0085]","title_sort":"bergreise",{marc}}}"#), &[]);
        check(&RULE, &format!(r#"{{"title":"Die Bergreise []","title_sort":"bergreise",{marc}}}"#), &[]);
        let named =
            r#""title":"The use of media /","title_full":"The use of media / Louisa Walsh ; edited by J. Hill.""#;
        let sort = "use of media louisa walsh edited by j hill";
        check(&RULE, &format!(r#"{{{named},"title_sort":"{sort}",{marc}}}"#), &["title_sort"]);
    }

    #[test]
    fn older_forms_can_be_asked_for() {
        let current = Settings { title_sort: TitleSort::Current, ..Settings::default() };
        let suggestions = |document: &str| -> Vec<Option<String>> {
            problems_with(&RULE, document, &current).into_iter().map(|problem| problem.suggestion).collect()
        };
        let xslt = r#""title":"The use: of it","record_format":"x","work_keys_str_mv":["AT a b"]"#;
        assert_eq!(suggestions(&format!(r#"{{{xslt},"title_sort":"use: of it"}}"#)), [Some("use of it".to_owned())]);
        assert_eq!(suggestions(&format!(r#"{{{xslt},"title_sort":"use of it"}}"#)), []);
        let marks = r#""title":"Éa : of it","record_format":"x","work_keys_str_mv":["AT a b"]"#;
        for (sort, expected) in [("éa : of it", 1), ("éa of it", 0), ("ea of it", 0)] {
            let document = format!(r#"{{{marks},"title_sort":"{sort}"}}"#);
            assert_eq!(suggestions(&document).len(), expected, "{sort}");
        }
        let plain = r#"{"title":"Éa of it","title_sort":"éa of it"XSLT}"#;
        for importer in ["", r#","record_format":"x","work_keys_str_mv":["AT a b"]"#] {
            assert_eq!(suggestions(&plain.replace("XSLT", importer)), [Some("ea of it".to_owned())]);
        }
        assert_eq!(suggestions(&plain.replace("XSLT", r#","record_format":"marc""#)), []);
        let marc = r#""title":"La congiura 1701 : (seconda) /","record_format":"marc""#;
        let old = format!(r#"{{{marc},"title_sort":"congiura 1701 :(seconda)"}}"#);
        assert_eq!(suggestions(&old), [Some("congiura 1701 seconda".to_owned())]);
        assert_eq!(suggestions(&format!(r#"{{{marc},"title_sort":" congiura 1701 seconda"}}"#)), []);
        check(&RULE, &old, &[]);
    }

    #[test]
    fn sort_titles_of_solrmarc_are_right() {
        for (title, sort) in [
            ("The use of social media : a scoping review /", "use of social media a scoping review"),
            ("L'étranger /", "l etranger"),
            ("L'Étranger, Ø & Łódź [electronic resource] : œuvres.", "etranger o lodz electronic resource œuvres"),
            ("[C++ : the language]", "c the language"),
            ("C++ /", "c"),
            ("Dr. Strange : the ??? «test» – “quoted” ʿAyn", "dr strange the test quoted ʿayn"),
            ("... and justice for all", "and justice for all"),
            ("Die Straße im Überfluß ; Œdipe æther", "straße im uberfluß œdipe æther"),
            ("Война и мир = War and peace", "воина и мир war and peace"),
            ("The missing colon", " missing colon"),
            ("The blank indicator.", "the blank indicator"),
            ("\"Quoted\" title?", "quoted title"),
            ("100% pure & simple (2nd ed.)", "100 pure simple 2nd ed"),
            (
                "La congiura dei principi napoletani 1701 : (prima e seconda stesura) /",
                "congiura dei principi napoletani 1701 prima e seconda stesura",
            ),
            ("John Smith, Jr.", "john smith jr"),
            ("日本語テキスト : 副題", "日本語テキスト 副題"),
            ("Český ráj, Ǆ & ﬁn", "cesky raj ǆ ﬁn"),
        ] {
            let document = serde_json::json!({"title": title, "title_sort": sort, "record_format": "marc"});
            check(&RULE, &document.to_string(), &[]);
        }
        let old = "congiura dei principi napoletani 1701 :(prima e seconda stesura)";
        let title = "La congiura dei principi napoletani 1701 : (prima e seconda stesura) /";
        let document = serde_json::json!({"title": title, "title_sort": old, "recordtype": "marc"});
        check(&RULE, &document.to_string(), &[]);
    }

    #[test]
    fn sort_titles_of_stylesheets_and_record_manager_are_right() {
        for title in [
            "A Title",
            "An Odd Title",
            "The",
            "The  double space",
            "\"The quoted title\"",
            "A la recherche du temps perdu",
            "Le rouge et le noir",
            "Die Zeit",
            "A-Z of everything",
            "Éléonore d'Aquitaine",
            "Straße & Œuvre: Łódź",
            "C++ / C#",
            "[Untitled]",
            "The A to Z",
            "An the a",
            "THE END.",
            "Φ-values",
            "don't panic",
            "çèñüĂ",
            "this:that:...!>!the other",
            "[[foo]]",
            "<i>Escherichia coli</i> O157:H7",
            "Don&#x27;t panic",
            "\"A\" is for apple",
            "THE the",
        ] {
            for sort in [g1(title), g2(title)] {
                let document = serde_json::json!({
                    "title": title, "title_sort": sort, "record_format": "x", "work_keys_str_mv": ["AT a b"],
                });
                check(&RULE, &document.to_string(), &[]);
            }
        }
        for (title, sort) in [("\"The Others\"", "others"), ("L'Avion", "avion"), ("Ll'Avion", "ll avion")] {
            let document = serde_json::json!({"title": title, "title_sort": sort, "local_ids_str_mv": ["a.1", "b.1"]});
            check(&RULE, &document.to_string(), &[]);
        }
    }

    #[test]
    fn blanks_that_older_imports_trimmed_and_current_ones_keep_tell_the_form() {
        // A line separator is no blank to current imports, so that the one before it stays.
        let title = "Le \u{2028}   ";
        assert_eq!((g1(title).trim(), g2(title) == g1(title).trim()), ("le", false));
        assert_eq!(with_subject(Family::Xslt, title, "le", form), Form::G1);
        assert_eq!(with_subject(Family::Xslt, "Le", "le", form), Form::Alike);
    }

    /// Letters and numbers as they are defined, without any shortcut.
    fn letters(text: &str) -> String {
        super::super::folding::fold_as_defined(text)
    }

    /// The sort titles of all importers, each from the beginnings that it may leave out.
    fn forms_as_defined(family: Family, title: &str, sort: &str) -> Vec<Form> {
        let plain = sort.trim();
        let is = |wanted: Family| family == Family::Unknown || family == wanted;
        let mut forms = Vec::new();
        if is(Family::Xslt) {
            match (g1(title).trim() == plain, g2(title) == plain) {
                (true, true) => forms.push(Form::Alike),
                (true, false) => forms.push(Form::G1),
                (false, true) => forms.push(Form::G2),
                (false, false) => {}
            }
        }
        if is(Family::RecordManager) && record_manager(title) == plain {
            forms.push(Form::RecordManager);
        }
        if family != Family::Xslt {
            let rest = beginnings(title).find(|rest| letters(rest) == letters(sort));
            forms.extend(rest.map(|rest| match g3(&[rest], 0) {
                Some(made) if made == plain => Form::G3,
                _ => Form::OlderMarc,
            }));
        }
        forms
    }

    /// What the rule accepts, by whole derivations and folded texts only.
    fn is_accepted_as_defined(family: Family, title: &str, sort: &str) -> bool {
        let is_derived = forms_as_defined(family, title, sort).iter().any(|form| *form != Form::OlderMarc)
            || family != Family::Xslt && {
                let plain = sort.trim();
                g1(title).trim() == plain || g2(title) == plain || record_manager(title) == plain
            };
        let folded = letters(sort);
        if family == Family::Xslt {
            return is_derived || letters(strip_articles(title)) == folded;
        }
        let whole = letters(title);
        is_derived
            || beginnings(title).any(|rest| letters(rest) == folded)
            || whole.len() < folded.len() + MAX_NONFILING && whole.ends_with(&folded)
    }

    /// A title as people and attackers write them.
    fn title() -> impl Strategy<Value = String> {
        let article = prop_oneof![
            Just(""),
            Just("The "),
            Just("the "),
            Just("THE  "),
            Just("A "),
            Just("a\t"),
            Just("An "),
            Just("L'"),
            Just("\"The "),
            Just(" \u{b}The "),
            Just("[An "),
            Just("Le "),
            Just("'the "),
            Just("The"),
            Just("\u{a0}A "),
            Just("ＴＨＥ "),
            Just("the the "),
        ];
        let word = prop_oneof![
            4 => "[A-Za-z0-9]{1,6}",
            2 => r#"[ -/:-@\[-`{-~]{0,3}"#,
            2 => "[a-zA-ZÀ-ÿ\u{100}-\u{17f}ßŒœÆæØøŁłİıǄﬁ½Ωа-яА-Я一-丁]{1,5}",
            1 => "[e\u{301}\u{327}\u{30a}ʿ’“”–\u{ad}\u{200b}\u{feff}\u{2028}]{1,4}",
            1 => Just("Jr.".to_owned()),
            1 => "[a\t\n\r\u{0}\u{1}\u{b}\u{7f}]{1,3}",
            1 => any::<String>(),
        ];
        let blank = prop_oneof![6 => Just(" "), 1 => Just("  "), 1 => Just("\u{a0}"), 1 => Just(""), 1 => Just(" : ")];
        let end = prop_oneof![4 => Just(""), 1 => Just(" /"), 1 => Just("."), 1 => Just(" ]"), 1 => Just("  "), 1 => Just(" :")];
        (article, prop::collection::vec((word, blank), 0..5), end).prop_map(|(article, words, end)| {
            let words: String = words.into_iter().flat_map(|(word, blank)| [word, blank.to_owned()]).collect();
            format!("{article}{words}{end}")
        })
    }

    /// A sort title that some importer made of the title, one nearly so, or one of another title.
    fn sort_title(title: &str) -> impl Strategy<Value = String> + use<> {
        let rests = word_starts(title, 2 * MAX_NONFILING).map(|at| &title[at..]);
        let mut made: Vec<String> =
            rests.flat_map(|rest| [g3(&[rest], 0).unwrap_or_default(), rest.to_lowercase()]).collect();
        made.extend([g1(title), g2(title), record_manager(title), title.to_owned(), letters(title)]);
        made.extend([title.nfd().collect(), title.to_uppercase(), strip_articles(title).to_lowercase()]);
        let change = prop_oneof![
            4 => Just(0), 1 => Just(1), 1 => Just(2), 1 => Just(3), 1 => Just(4), 1 => Just(5), 1 => Just(6), 1 => Just(7), 1 => Just(8), 1 => Just(9), 1 => Just(10),
        ];
        let changed = (prop::sample::select(made), change).prop_map(|(sort, change)| match change {
            1 => format!(" {sort}"),
            2 => format!("{sort} "),
            3 => sort.replacen(' ', "  ", 1),
            4 => format!("{sort}s"),
            5 => sort.chars().skip(1).collect(),
            6 => sort.replacen(' ', "-", 1),
            7 => sort.nfd().collect(),
            8 => sort.replacen(' ', "\t", 1),
            9 => sort.to_uppercase(),
            10 => sort.replacen(' ', "\u{1}", 1),
            _ => sort,
        });
        prop_oneof![8 => changed, 1 => self::title()]
    }

    fn both() -> impl Strategy<Value = (String, String)> {
        title().prop_flat_map(|title| (Just(title.clone()), sort_title(&title)))
    }

    /// Shows the rule a record of a family.
    fn with_subject<T>(family: Family, title: &str, sort: &str, look: impl FnOnce(&Subject<'_>) -> T) -> T {
        let mut document = serde_json::json!({"id": "x", "title": title, "title_sort": sort});
        let (field, value) = match family {
            Family::Xslt => ("work_keys_str_mv", serde_json::json!(["AT a b"])),
            Family::Marc => ("record_format", "marc".into()),
            Family::RecordManager => ("local_ids_str_mv", serde_json::json!(["a.1", "b.1"])),
            Family::Unknown => ("language", "English".into()),
        };
        document[field] = value;
        if family == Family::Xslt {
            document["record_format"] = "x".into();
        }
        let settings = Settings::default();
        let look = |record: &crate::input::Record<'_>| {
            let subject = Subject::new(record, &settings);
            assert_eq!(subject.family, family, "{document}");
            look(&subject)
        };
        Parser::default().parse(document.to_string().as_bytes(), look).expect("a record")
    }

    const FAMILIES: [Family; 4] = [Family::Xslt, Family::Marc, Family::RecordManager, Family::Unknown];

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn shortcuts_accept_what_the_derivations_do((title, sort) in both()) {
            prop_assume!(!title.trim().is_empty() && !sort.trim().is_empty());
            for family in FAMILIES {
                let accepted = with_subject(family, &title, &sort, |subject| {
                    let mut found = Found::default();
                    super::check(subject, &mut found);
                    // Capitals and missing blanks are another matter than the letters.
                    found.problems().iter().all(|problem| Some(&*problem.message) == bad_form(&title, &sort))
                });
                prop_assert_eq!(accepted, is_accepted_as_defined(family, &title, &sort), "{:?} {:?} {:?}", family, title, sort);
            }
        }

        #[test]
        fn shortcuts_name_the_form_that_the_derivations_do((title, sort) in both()) {
            prop_assume!(!title.trim().is_empty() && !sort.trim().is_empty());
            for family in FAMILIES {
                let forms = forms_as_defined(family, &title, &sort);
                let defined = match forms[..] {
                    [form] | [form, Form::OlderMarc] => form,
                    [] if is_accepted_as_defined(family, &title, &sort) => Form::Accepted,
                    [] => Form::Other,
                    _ => Form::Alike,
                };
                let named = with_subject(family, &title, &sort, form);
                prop_assert_eq!(named, defined, "{:?} {:?} {:?}", family, title, sort);
            }
        }
    }
}
