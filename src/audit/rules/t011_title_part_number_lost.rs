//! T011: title part number lost.

use std::borrow::Cow;

use super::folding::{fold, folded_len, words};
use super::sketches::{hash_of, short_hash};
use crate::audit::{Catalogue, Check, Facts, Fix, Problem, Reports, Row, Rows, Rule, Severity, Subject};
use crate::input::{Field, Record};
use crate::keys::numbers::{canonical_number, is_designation, number_word, roman_numeral};
use crate::keys::seek::find;
use crate::keys::sort_title::clean_data;
use crate::keys::work_key::normalise;

/// Rows bring together titles of one author; the lowest bit of their value says that a number was lost.
pub(super) static RULE: Rule = Rule {
    code: "T011",
    name: "title-part-number-lost",
    severity: Severity::Warn,
    fix: Fix::Proposal,
    aggregated: false,
    needs: &[Field::Title, Field::TitleFull],
    skips_merged: false,
    explanation: "\
## What it finds
Titles without the part, volume or number that title_full names, where another record has the same author and
title and another full title.
## Why it matters
MARC imports leave the number of the part (245 $n) out of title and title_sort, so all parts look alike in
lists.
## Example
Title `Proceedings.`, title_full `Proceedings. Part 2, Physics /`, and another record with `Part 1`.
## Known gaps
A number needs a word such as `part`, `Band` or `no.` before it, in Chinese and Japanese also `第`, in Korean `제`, unless it stands
alone right behind the title, perhaps in brackets (`[1]`) or with
a capital (`Works 13 A`); behind `T.` and `V.`, which may be
initials, a numeral of one letter counts right behind the title only; editions and years are no parts, nor is what follows ` / `, the statement of responsibility.
A record whose extent is that of a set (`2 v.`) names one volume of it by mistake, and is not reported.
## Source
VuFind's `marc.properties`: title is 245 $a $b, title_full all of 245.",
    check: Check::across(gather, judge),
};

/// Words before the number of a part beside those that titles are compared by ([`is_designation`]), folded. Sorted.
const DESIGNATIONS: [&str; 105] = [
    "alea",
    "annex",
    "bagian",
    "bindi",
    "bolum",
    "burtnica",
    "ch",
    "chapter",
    "cilt",
    "cuaderno",
    "cyfrol",
    "d",
    "dala",
    "dalis",
    "diel",
    "fascicula",
    "haefte",
    "haft",
    "hafte",
    "hft",
    "imleabhar",
    "issue",
    "jahrg",
    "jg",
    "jil",
    "jilid",
    "kn",
    "kniga",
    "knj",
    "knyga",
    "koide",
    "lesson",
    "lib",
    "liber",
    "liburukia",
    "lief",
    "livraison",
    "nid",
    "nos",
    "nro",
    "op",
    "opus",
    "partea",
    "phase",
    "quaderno",
    "quyen",
    "rhan",
    "roc",
    "rocnik",
    "sejums",
    "staffel",
    "stuk",
    "sveska",
    "svezak",
    "sz",
    "szam",
    "tap",
    "teilband",
    "th",
    "tomas",
    "tomul",
    "vih",
    "vihik",
    "vihko",
    "volum",
    "volumen",
    "volumul",
    "zesz",
    "zeszyt",
    "zv",
    "zvezek",
    "μερος",
    "τευχ",
    "τευχος",
    "τομ",
    "τομος",
    "вип",
    "випуск",
    "вып",
    "выпуск",
    "део",
    "кн",
    "книга",
    "књига",
    "св",
    "свеска",
    "т",
    "том",
    "ч",
    "част",
    "частина",
    "частка",
    "часть",
    "հատոր",
    "חלק",
    "כרך",
    "الجزء",
    "المجلد",
    "جزء",
    "جلد",
    "دفتر",
    "مجلد",
    "เล่ม",
    "ნაწილი",
    "ტომი",
];

/// Those of them that follow their number: `2. Band`, `erster Teil`, `première partie`. Sorted.
const FOLLOWING: [&str; 45] = [
    "abt",
    "abteilung",
    "band",
    "bd",
    "bind",
    "bindi",
    "cast",
    "cilt",
    "dala",
    "dalis",
    "deel",
    "del",
    "dil",
    "dl",
    "evf",
    "evfolyam",
    "halbband",
    "heft",
    "knjiga",
    "knyga",
    "koide",
    "kot",
    "kotet",
    "lfg",
    "liburukia",
    "lieferung",
    "nide",
    "osa",
    "parte",
    "partie",
    "reihe",
    "resz",
    "sejums",
    "serie",
    "series",
    "sesit",
    "svazekume",
    "svezak",
    "teil",
    "teilband",
    "theil",
    "tome",
    "zosit",
    "zvazok",
    "zvezek",
];

fn gather(subject: &Subject<'_>, facts: &mut Facts) {
    let record = subject.record;
    let title = subject.title_key();
    let Some(full) = record.filled(Field::TitleFull).filter(|_| !title.is_empty()) else { return };
    let corporate = || record.filled(Field::AuthorCorporate).map(normalise).map(Cow::Owned);
    let author = subject.first_author_key().map(Cow::Borrowed).or_else(corporate).unwrap_or_default();
    let has_lost = u32::from(lost_part(record).is_some());
    facts.note(hash_of(&[title, &author]), short_hash(folded_whole(subject, full)) & !1 | has_lost);
}

fn judge(rows: &Rows, catalogue: &Catalogue<'_>, reports: &mut Reports) {
    for same in rows.shared() {
        if same.iter().all(|row| row.value & 1 == 0) {
            continue;
        }
        // The record with the smallest id, and that among those with other titles: one of the two is another than any.
        let id = |row: &&Row| (catalogue.id(row.record), row.record);
        let Some(first) = same.iter().min_by_key(id) else { continue };
        let Some(second) = same.iter().filter(|row| row.value != first.value).min_by_key(id) else { continue };
        for row in same.iter().filter(|row| row.value & 1 == 1) {
            let other = if row.value == first.value { second } else { first };
            if let Some(problem) = catalogue.fetch(row.record, problem).flatten() {
                reports.add(
                    row.record,
                    problem.evidence(format!("same author and title: {}", catalogue.id(other.record))),
                );
            }
        }
    }
}

fn problem(record: &Record<'_>) -> Option<Problem> {
    let part = lost_part(record)?;
    if is_volume(part) && record.all(Field::Physical).iter().any(|extent| is_of_set(extent)) {
        return None;
    }
    let title = record.filled(Field::Title)?;
    let problem = Problem::new(Field::Title, title, format!("the title lacks `{part}` of the full title"));
    let rest = record.filled(Field::TitleFull).and_then(|full| rest_of(title, full));
    let rest = rest.filter(|rest| rest.contains(part) && !names_persons(rest));
    Some(problem.suggest(format!("{}. {}", clean_data(title), rest.as_deref().unwrap_or(part))))
}

/// Words for volumes before a number, folded.
const VOLUMES: [&str; 8] = ["band", "bd", "t", "tom", "tome", "v", "vol", "volume"];

/// Whether a designation and number is that of a volume.
fn is_volume(part: &str) -> bool {
    words(part).first().is_some_and(|word| VOLUMES.contains(&word.as_str()))
}

/// Whether an extent is that of several volumes: `2 v. illus. 24 cm.`.
fn is_of_set(extent: &str) -> bool {
    let words = words(extent);
    let n_volumes = words.first().and_then(|number| number.parse::<u32>().ok());
    n_volumes > Some(1)
        && words.get(1).is_some_and(|word| VOLUMES.contains(&word.as_str()) || word == "vols" || word == "bde")
}

/// Whether what follows a title holds a statement of responsibility that no ` / ` sets off.
fn names_persons(rest: &str) -> bool {
    const SIGNS: [&str; 9] = [";", "...", "By ", " by ", " von ", " par ", " di ", "ransl", "dited"];
    SIGNS.iter().any(|sign| rest.contains(sign))
}

/// What the full title has between the title and the statement of responsibility, the kind of material in brackets left
/// out: number and name of the part.
fn rest_of(title: &str, full: &str) -> Option<String> {
    let whole = whole(full);
    let rest = whole[..statement_at(title, whole)].strip_prefix(clean_data(title))?;
    let rest = match (rest.find('['), rest.find(']')) {
        (Some(open), Some(close)) if open < close => [&rest[..open], &rest[close + 1..]].concat(),
        _ => rest.to_owned(),
    };
    let is_sign = |letter: char| matches!(letter, ' ' | '.' | ',' | ':' | ';' | '/' | '=');
    let rest = rest.trim_start_matches(is_sign).trim_end_matches([' ', '/', ':', ';', '=', ',']);
    // The full stop behind the kind of material.
    Some(rest.strip_suffix(" .").unwrap_or(rest).trim_end().to_owned())
}

/// The full title without the statement of responsibility.
fn whole(full: &str) -> &str {
    find(full, " / ").map_or(full, |at| &full[..at])
}

/// The full title without the statement of responsibility, folded.
fn folded_whole<'a>(subject: &'a Subject<'_>, full: &str) -> &'a str {
    let (folded, statement) = (subject.folded_title_full(), &full[whole(full).len()..]);
    if statement.is_empty() { folded } else { &folded[..folded.len() - folded_len(statement)] }
}

/// Where a statement of responsibility that follows the title begins; the numbers behind it are those of series.
fn statement_at(title: &str, full: &str) -> usize {
    let from = if full.starts_with(title) { title.len() } else { 0 };
    let starts = [", by ", "; by "].iter().filter_map(|by| find(&full[from..], by));
    starts.min().map_or(full.len(), |at| from + at)
}

/// The designation and number of a part that the full title has and the title has not.
fn lost_part<'a>(record: &'a Record<'_>) -> Option<&'a str> {
    let (title, full) = (record.filled(Field::Title)?, whole(record.filled(Field::TitleFull)?));
    if full.len() <= title.len() {
        return None;
    }
    let full = &full[..statement_at(title, full)];
    if full.len() <= title.len() {
        return None;
    }
    if let Some(part) = number_after(title, full) {
        return Some(part);
    }
    // What both begin with is not lost.
    let n_shared = match full.starts_with(title) {
        true => title.len(),
        false => full.bytes().zip(title.bytes()).take_while(|(one, other)| one == other).count(),
    };
    let is_inside = |letter: char| letter.is_alphanumeric();
    let from = full[..full.floor_char_boundary(n_shared)].trim_end_matches(is_inside);
    let from = from.trim_end_matches(|letter| !is_inside(letter)).trim_end_matches(is_inside).len();
    if let Some(part) = east_asian_part(&full[from..]).filter(|part| !title.contains(part)) {
        return Some(part);
    }
    let tokens = tokens(&full[from..]);
    tokens.windows(2).find_map(|pair| {
        let full = &full[from..];
        // Between the two stands nothing but a dot and a blank.
        let between = &full[pair[0].0 + pair[0].1.len()..pair[1].0];
        let is_close = between.chars().count() <= 2 && between.chars().all(|c| matches!(c, '.' | ' ' | '°' | 'º'));
        // `Cahier d'exercices` has no number; behind Greek and Hebrew numerals such a sign is usual.
        let is_elided = pair[1].1.is_ascii() && full[pair[1].0 + pair[1].1.len()..].starts_with(['\'', '’']);
        if !is_close || is_elided || !may_be_designation(pair[0].1) && !may_be_following(pair[1].1) {
            return None;
        }
        let (first, second) = (fold(pair[0].1), fold(pair[1].1));
        // `N° 12`, whose letter alone is an initial.
        let is_raised = first == "n" && between.starts_with(['°', 'º']);
        let is_named = is_designation(&first) || DESIGNATIONS.binary_search(&first.as_str()).is_ok();
        let is_alone = || {
            let after = full[pair[1].0 + pair[1].1.len()..].trim_start();
            // One or two words of the title stand before.
            let is_first = pair[0].0 <= tokens[tokens.len().min(3) - 1].0;
            is_first && (after.is_empty() || after == "." || after.starts_with([',', ':', ';', '(', '[', '=']))
        };
        let is_part = (is_raised || is_named) && (is_number(&first, &second) || is_roman_letter(&second) && is_alone())
            || FOLLOWING.binary_search(&second.as_str()).is_ok()
                && (is_ordinal(&first, between)
                    || is_roman_ordinal(&first, between, &full[pair[1].0 + pair[1].1.len()..]));
        let is_lost = || !words(title).windows(2).any(|pair| pair[0] == first && pair[1] == second);
        (is_part && is_lost()).then(|| &full[pair[0].0..pair[1].0 + pair[1].1.len()])
    })
}

/// The number of a part in Chinese, Japanese or Korean, which has its sign before and its counter behind it: `第二卷`,
/// `第3巻`, `제1권`.
fn east_asian_part(full: &str) -> Option<&str> {
    // Two volumes are the upper and the lower one, three have one between.
    const HALVES: [&str; 15] = [
        "上卷", "上巻", "上册", "上冊", "上集", "中卷", "中巻", "中册", "中冊", "中集", "下卷", "下巻", "下册", "下冊",
        "下集",
    ];
    const COUNTERS: [char; 20] = [
        '卷', '巻', '册', '冊', '集', '部', '辑', '輯', '编', '編', '期', '号', '號', '回', '권', '집', '편', '부',
        '호', '책',
    ];
    const NUMERALS: &str = "〇一二三四五六七八九十百";
    if full.is_ascii() {
        return None;
    }
    let is_of_number = |letter: char| letter.is_numeric() || NUMERALS.contains(letter);
    if let Some(half) = HALVES.iter().find_map(|half| Some(find(full, half)?).map(|at| &full[at..at + half.len()])) {
        return Some(half);
    }
    full.match_indices(['第', '제']).find_map(|(start, sign)| {
        let number = &full[start + sign.len()..];
        let counter = number.trim_start_matches(is_of_number);
        let is_part = counter.len() < number.len() && counter.starts_with(COUNTERS);
        let end = full.len() - counter.len() + counter.chars().next().map_or(0, char::len_utf8);
        is_part.then(|| &full[start..end])
    })
}

/// The number, with its letter, that stands alone right behind the title: `13 A` of `Works 13 A The age of kings`.
fn number_after<'a>(title: &str, full: &'a str) -> Option<&'a str> {
    let is_between = |letter: char| matches!(letter, ' ' | '.' | ',' | ':');
    let rest = full.strip_prefix(clean_data(title)).filter(|rest| rest.starts_with(is_between))?;
    let rest = rest.trim_start_matches(is_between);
    if title_ends_before(full, rest)
        && let Some(part) = roman_number(rest).or_else(|| number_in_brackets(rest))
    {
        return Some(part);
    }
    let n_figures = rest.bytes().take_while(u8::is_ascii_digit).count();
    let after = rest.get(n_figures..).filter(|_| (1..=3).contains(&n_figures))?;
    let is_end = |text: &str| text.is_empty() || text.starts_with([' ', ',', ':', ';', '.', '/', '[']);
    let with_letter =
        after.strip_prefix(' ').and_then(|after| after.strip_prefix(|letter: char| letter.is_ascii_uppercase()));
    match with_letter {
        Some(end) if is_end(end) => return Some(&rest[..n_figures + 2]),
        _ => {}
    }
    // `2. Aufl.` is an edition, `3 short stories` are no part.
    let end = after.trim_start();
    let is_alone = end.is_empty() || end.starts_with([',', ':', ';', '/', '[', '=']) || end == ".";
    is_alone.then(|| &rest[..n_figures])
}

/// The Roman numeral with which the rest of a full title begins: `II` of `II, 1890`, of `II/1` and of `II.` at its end. One
/// letter, which may be an initial, counts where nothing else follows.
fn roman_number(rest: &str) -> Option<&str> {
    let numeral = &rest[..rest.bytes().take_while(u8::is_ascii_uppercase).count()];
    let after = &rest[numeral.len()..];
    let is_end = after.trim_end_matches([' ', '/']).trim_end_matches('.').is_empty();
    let goes_on = || numeral.len() > 1 && after.starts_with([',', ':', ';', '/']);
    let is_roman = |numeral: &str| match numeral.len() {
        0 => false,
        1 => is_roman_letter(numeral),
        _ => roman_numeral(numeral).is_some(),
    };
    ((is_end || goes_on()) && is_roman(&numeral.to_ascii_lowercase())).then_some(numeral)
}

/// A number that the cataloguer supplied, in brackets: `[1]`, `[Teil] 1`, `[Bd. 2]`.
fn number_in_brackets(rest: &str) -> Option<&str> {
    let (inside, after) = rest.strip_prefix('[')?.split_once(']')?;
    let n_figures = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let is_number = |text: &str| (1..=3).contains(&text.len()) && n_figures(text) == text.len();
    let is_designation = |word: &str| {
        let word = fold(word);
        crate::keys::numbers::is_designation(&word) || DESIGNATIONS.binary_search(&word.as_str()).is_ok()
    };
    let within = inside.rsplit_once([' ', '.']).is_some_and(|(word, number)| is_designation(word) && is_number(number));
    if is_number(inside) || within {
        return Some(&rest[..inside.len() + 2]);
    }
    let number = after.trim_start_matches(['.', ' ']);
    let end = &number[n_figures(number)..];
    let is_alone = end.is_empty() || end.starts_with([' ', ',', ':', ';', '.', '/']);
    let is_part = is_designation(inside) && is_number(&number[..n_figures(number)]) && is_alone;
    is_part.then(|| &rest[..rest.len() - end.len()])
}

/// Whether a full stop or a comma stands before the rest of a full title: `Rolls of Deal. II, 1890`, not `Henry IV, king`.
fn title_ends_before(full: &str, rest: &str) -> bool {
    full[..full.len() - rest.len()].trim_end().ends_with(['.', ','])
}

/// Whether a word is not certainly none of the designations, by its length.
fn may_be_designation(word: &str) -> bool {
    !word.is_ascii() || word.len() <= LONGEST
}

/// The same of the designations that follow their number, by length and first letter.
fn may_be_following(word: &str) -> bool {
    let is_first = |first: u8| FOLLOWING.iter().any(|known| known.as_bytes()[0] == first.to_ascii_lowercase());
    !word.is_ascii() || (2..=LONGEST).contains(&word.len()) && word.bytes().next().is_some_and(is_first)
}

/// Ends of ordinals in figures, folded, in English, French, Dutch and Swedish.
const SUFFIXES: [&str; 10] = ["a", "de", "e", "er", "nd", "o", "re", "st", "te", "th"];

/// Whether a word before a designation counts it: digits with a full stop, or an ordinal in words.
fn is_ordinal(word: &str, between: &str) -> bool {
    let is_digits = !word.is_empty() && word.len() < 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    // `3e série`
    let is_suffixed = || {
        let suffix = word.trim_start_matches(|letter: char| letter.is_ascii_digit());
        (1..4).contains(&(word.len() - suffix.len())) && SUFFIXES.contains(&suffix)
    };
    if is_digits { between.starts_with('.') } else { number_word(word).is_some() || is_suffixed() }
}

/// Whether a word before a designation counts it in Roman figures: `III. kötet`, not `Teil I. Bd. 2`, in which the designation
/// belongs to the number behind it.
fn is_roman_ordinal(word: &str, between: &str, after: &str) -> bool {
    between.starts_with('.')
        && word.bytes().all(|byte| matches!(byte, b'i' | b'v' | b'x'))
        && roman_numeral(word).is_some()
        && !after.trim_start_matches(['.', ' ']).starts_with(|letter: char| letter.is_ascii_digit())
}

/// Longest designation, in bytes.
const LONGEST: usize = 10;

/// Words with their places.
fn tokens(text: &str) -> Vec<(usize, &str)> {
    let mut tokens = Vec::with_capacity(text.len() / 4);
    let mut start = None;
    for (at, letter) in text.char_indices().chain([(text.len(), ' ')]) {
        match (start, letter.is_alphanumeric() || letter == '№') {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                tokens.push((from, &text[from..at]));
                start = None;
            }
            _ => {}
        }
    }
    tokens
}

/// Whether a folded word is a Roman numeral of one letter, which behind `T.` or `V.` may be an initial as well.
fn is_roman_letter(word: &str) -> bool {
    ["i", "v", "x"].contains(&word)
}

/// Arabic, Roman or in words, and no year; a single letter after words that are no abbreviation of a given name.
fn is_number(designation: &str, word: &str) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_digit();
    let is_year = word.len() == 4 && word.bytes().all(is_digit);
    let may_be_letter = designation.len() > 2 || ["bd", "nr", "pt"].contains(&designation);
    !is_year
        && if word.chars().nth(1).is_none() {
            may_be_letter || word.bytes().all(is_digit)
        } else {
            canonical_number(word).is_some()
        }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{found, records};

    fn document(at: usize, title: &str, full: &str) -> String {
        format!(r#"{{"id":"x{at}","title":"{title}","title_full":"{full}","author":["A, B"]}}"#)
    }

    #[test]
    fn parts_that_look_alike_are_reported() {
        assert!(super::DESIGNATIONS.is_sorted() && super::FOLLOWING.is_sorted());
        let parts = [
            document(1, "Proceedings.", "Proceedings. Part 1, Chemistry / A. B."),
            document(2, "Proceedings.", "Proceedings. Part 2, Physics / A. B."),
        ];
        assert_eq!(records(&RULE, &parts), [0, 1]);
        assert_eq!(found(&RULE, &parts)[1].problem.suggestion.as_deref(), Some("Proceedings. Part 2, Physics"));
        assert_eq!(records(&RULE, &parts[..1]), [0; 0], "a single record looks like no other");
        assert_eq!(records(&RULE, &[parts[0].clone(), parts[0].replace("x1", "x3")]), [0; 0], "copies of one part");
        let three = [3, 1, 2].map(|part| document(part, "Acta.", &format!("Acta. Part {part}")));
        let mut reversed = three.clone();
        reversed.reverse();
        let others = |documents: &[String]| {
            let mut others: Vec<Vec<String>> =
                found(&RULE, documents).into_iter().map(|finding| finding.problem.evidence).collect();
            others.sort();
            others
        };
        assert_eq!(others(&three), others(&reversed), "another record is named by its id, not its place");
        assert_eq!(others(&three)[0], ["same author and title: x1"]);
        for (one, other) in [
            ("Werke. 2. Band", "Werke. 3. Band"),
            ("Werke. Erster Teil", "Werke. Zweiter Teil"),
            ("Œuvres. Première partie", "Œuvres. Deuxième partie"),
            ("Сочинения. Том 2", "Сочинения. Том 3"),
            ("Acta. N° 12", "Acta. N° 13"),
            ("Acta. № 12", "Acta. № 13"),
            ("Works. Bk. 2", "Works. Bk. 3"),
            ("Handbuch. Bd. I", "Handbuch. Bd. V, Register"),
            ("전집. 제1권", "전집. 제2권"),
            ("Művei. 1. köt.", "Művei. 2. köt."),
            ("Zeszyty. Zesz. 1", "Zeszyty. Zesz. 2"),
            ("Œuvres. T. I, Poésies", "Œuvres. T. V"),
            ("中国通史. 第一卷", "中国通史. 第二卷"),
            ("全集. 第3巻 /", "全集. 第10巻 /"),
            ("Opere. Volumul 1", "Opere. Volumul 2"),
            ("Сабрана дела. Књига 5", "Сабрана дела. Књига 6"),
            ("Άπαντα. Τόμος Α΄", "Άπαντα. Τόμος Β΄"),
            ("Έργα. Τόμος 1", "Έργα. Τόμος 2"),
            ("Raksti. 1. sējums", "Raksti. 2. sējums"),
            ("Teosed. 1. köide", "Teosed. 2. köide"),
            ("Tuyển tập. Tập 1", "Tuyển tập. Tập 2"),
            ("תולדות. כרך א'", "תולדות. כרך ב'"),
            ("تاریخ. جلد 1", "تاریخ. جلد 2"),
        ] {
            let title = one.split_once('.').expect("a title and a part").0;
            assert_eq!(records(&RULE, &[document(1, title, one), document(2, title, other)]), [0, 1], "{one}");
        }
        let named = [
            document(1, "Abstracts.", "Abstracts. Physics and Mathematics. No. 15 [microform] /"),
            document(2, "Abstracts.", "Abstracts. Physics and Mathematics. No. 16 [microform] /"),
        ];
        let suggestion = found(&RULE, &named)[0].problem.suggestion.clone();
        assert_eq!(suggestion.as_deref(), Some("Abstracts. Physics and Mathematics. No. 15"));
        let person = [
            document(1, "Enzymes.", "Enzymes. By Ann Ek ... v. 1. The oxidases."),
            document(2, "Enzymes.", "Enzymes. By Ann Ek ... v. 2. The others."),
        ];
        assert_eq!(found(&RULE, &person)[0].problem.suggestion.as_deref(), Some("Enzymes. v. 1"));
        let series = [
            document(1, "Große Mühlenkunde V.", "Große Mühlenkunde V. Bd. 1 / K. Ek"),
            document(2, "Große Mühlenkunde V.", "Große Mühlenkunde V. Bd. 2 / K. Ek"),
        ];
        let message = &found(&RULE, &series)[0].problem.message;
        assert!(message.contains("`Bd. 1`"), "{message}");
        let set = [
            document(1, "Farms.", "Farms. v.1").replacen('{', r#"{"physical":["2 v. illus. 20 cm."],"#, 1),
            document(2, "Farms.", "Farms."),
        ];
        assert_eq!(records(&RULE, &set), [0; 0], "the set has no number");
        let volumes = [
            document(1, "The works of Berg", "The works of Berg 13 A The age of kings sous la dir. de D. Ek / A. B."),
            document(2, "The works of Berg", "The works of Berg 13 C The age of kings sous la dir. de D. Ek / A. B."),
        ];
        assert_eq!(records(&RULE, &volumes), [0, 1]);
        let others = [
            document(1, "The works of Berg", "The works of Berg. 2. Aufl. 1990"),
            document(2, "The works of Berg", "The works of Berg : 3 short stories / A. B."),
        ];
        assert_eq!(records(&RULE, &others), [0; 0]);
        let roman = [document(1, "Werke", "Werke. Bd. IV"), document(2, "Werke", "Werke. Bd. III")];
        assert_eq!(records(&RULE, &roman), [0, 1]);
    }

    #[test]
    fn numbers_in_the_title_and_other_numbers_are_not_lost() {
        for (title, one, other) in [
            ("Proceedings. Part 2", "Proceedings. Part 2 / A.", "Proceedings. Part 2 : b / A."),
            ("Chess", "Chess : 2nd ed.", "Chess : 3rd ed."),
            ("Kinetics", "Kinetics. T. J. Smith, ed.", "Kinetics : b"),
            ("Bon voyage", "Bon voyage. Cahier d'exercices", "Bon voyage. Cahier d'élève"),
            ("Report", "Report. No. 1998", "Report. No. 1999"),
            ("Atlas", "Atlas / A. ; vol. 2 by B.", "Atlas / A. ; vol. 3 by C."),
            ("The Pokagons", "The Pokagons, by C. Society Publications Vol. 10", "The Pokagons / C."),
            ("Birds", "Birds; by Charles B. Cory. Series Vol. 1", "Birds; by Charles B. Cory."),
        ] {
            let documents = [document(1, title, one), document(2, title, other)];
            assert_eq!(records(&RULE, &documents), [0; 0], "{one}");
        }
    }

    #[test]
    fn parts_are_numbered_in_many_ways() {
        for [title, one, other] in [
            ["Çini sanatı", "Çini sanatı. Cilt 1, İznik", "Çini sanatı. Cilt 2, Kütahya"],
            ["Kuş adları", "Kuş adları. 1. cilt", "Kuş adları. 2. cilt"],
            ["Svensk möbelkonst", "Svensk möbelkonst. D. 1, Barock", "Svensk möbelkonst. D. 2, Rokoko"],
            ["Povijest soli", "Povijest soli. Knj. 1, Istra", "Povijest soli. Knj. 2, Pag"],
            ["Historical essays", "Historical essays. First series", "Historical essays. Second series"],
            ["Rolls of Deal", "Rolls of Deal. II, 1890", "Rolls of Deal. III, 1891"],
            ["日本の橋", "日本の橋. 上巻", "日本の橋. 下巻"],
            ["Briefe.", "Briefe. I. / K. Ek", "Briefe. II. / K. Ek"],
            ["Mühlenbuch.", "Mühlenbuch. [Teil] 1 / K. Ek", "Mühlenbuch. [Teil] 2, Wind / K. Ek"],
            ["Mühlenbuch.", "Mühlenbuch. [1] / K. Ek", "Mühlenbuch. [2] / K. Ek"],
            ["Mühlenbuch.", "Mühlenbuch. [Bd. 1] / K. Ek", "Mühlenbuch. [Bd. 2] / K. Ek"],
            ["Urkunden.", "Urkunden. II/1 / K. Ek", "Urkunden. II/2 / K. Ek"],
            ["Urkunden.", "Urkunden. Erste Abteilung / K. Ek", "Urkunden. Zweite Abteilung / K. Ek"],
            ["Archives.", "Archives. 3e série / K. Ek", "Archives. 4e série / K. Ek"],
            ["Művei.", "Művei. III. kötet / K. Ek", "Művei. IV. kötet / K. Ek"],
            ["Sonatas,", "Sonatas, op. 5 / K. Ek", "Sonatas, op. 6 / K. Ek"],
            ["Mulini.", "Mulini. Quaderno 1 / K. Ek", "Mulini. Quaderno 2 / K. Ek"],
        ] {
            assert_eq!(records(&RULE, &[document(1, title, one), document(2, title, other)]), [0, 1], "{title}");
        }
        let kings = [document(1, "Henry", "Henry IV, a play"), document(2, "Henry", "Henry VI, a play")];
        assert_eq!(records(&RULE, &kings), [0; 0]);
        for [title, one, other] in [
            ["Tagebuch.", "Tagebuch. [1998] / K. Ek", "Tagebuch. [1999] / K. Ek"],
            ["Poems.", "Poems. [microform] / K. Ek", "Poems. [sound recording] 2 / K. Ek"],
            ["Poems.", "Poems. V. Ek", "Poems. X. Ek"],
            ["Mühlen.", "Mühlen. [Nachdr.] / K. Ek", "Mühlen. 3e éd. / K. Ek"],
        ] {
            assert_eq!(records(&RULE, &[document(1, title, one), document(2, title, other)]), [0; 0], "{one}");
        }
    }
}
