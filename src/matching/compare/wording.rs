//! Words by which titles that agree in the rest name two works: `in the rat` and `in the dog`, `Textband` and `Tafelband`.
//!
//! Letters alone take `hypertension` and `hypotension` for one word misspelt.

use std::sync::LazyLock;

use crate::keys::numbers::{canonical_number, number_word, roman_numeral};
use crate::keys::text::is_article;
use crate::keys::word_filter::WordFilter;

use super::word_forms::standard;

/// How the words tell two titles apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Contrast {
    /// Each has the other term of a contrast.
    Opposed,
    /// They count differently: `the first day`, `the second day`.
    Counted,
    /// Only one names a part of a set, or what comes with a textbook.
    Companion,
    /// Only one names, before the rest or within it, what makes another text of it: a draft, a supplementary report.
    Derived,
    /// Only one has another word before all the rest: `A short history of …`.
    Extended,
    /// The same words on the other side of one that tells how they relate: `from Vienna to Trieste`.
    Reordered,
    /// The same words in another order: `English-Welsh`.
    Rearranged,
}

/// The contrasts as text: see the file's head.
const CONTRASTS: &str = include_str!("contrasts.txt");

/// A form of a term, its contrast (from 0) and its term there (from 0); ascending.
type Term = (&'static str, u8, u8);

static TERMS: LazyLock<Vec<Term>> = LazyLock::new(|| {
    let lines = CONTRASTS.lines().filter(|line| !line.starts_with('#'));
    let of_line = |(contrast, line): (usize, &'static str)| {
        let terms = line.split(' ').enumerate();
        terms.flat_map(move |(term, forms)| forms.split('|').map(move |form| (form, contrast as u8, term as u8)))
    };
    let mut terms: Vec<Term> = lines.enumerate().flat_map(of_line).collect();
    terms.sort_unstable();
    terms
});

/// Beginnings of words of which the same rest makes words about two things.
const PREFIXES: [&[&str]; 18] = [
    &["hyper", "hypo", "normo", "eu"],
    &["intra", "inter", "extra", "trans"],
    &["endo", "exo"],
    &["endogen", "exogen"],
    &["macro", "micro", "meso", "nano"],
    &["makro", "mikro", "meso", "nano"],
    &["pre", "post", "peri"],
    &["ante", "post", "peri"],
    &["homo", "hetero"],
    &["mono", "bi", "di", "tri", "tetra", "poly", "multi"],
    &["over", "under"],
    &["supra", "sub", "infra", "super"],
    &["pro", "anti", "contra"],
    &["in", "ex"],
    &["in", "de"],
    &["cis", "trans"],
    &["neo", "paleo"],
    &["mater", "pater"],
];

/// Beginnings that turn a word into another one.
const TURNING: [&str; 14] =
    ["a", "anti", "de", "dis", "im", "in", "inter", "non", "post", "pre", "pseudo", "re", "sub", "un"];

/// Words that turn what follows; not `no`, which mostly stands before a number.
const NEGATIONS: [&str; 7] = ["non", "not", "without", "sans", "ohne", "nicht", "senza"];

/// The least letters of what follows a prefix.
const MIN_STEM: usize = 4;
/// The same where only one of the words has a prefix.
const MIN_TURNED: usize = 5;

/// What comes with a textbook, is a part of a set, or is made of music for other voices, wherever it stands in the words that only one
/// title has. Folded.
const COMPANIONS: [&str; 77] = [
    "adapte pour la scene",
    "adapte pour le theatre",
    "adapted for the stage",
    "aktuelle nummer",
    "answer key",
    "arbeitsbuch",
    "arbeitsheft",
    "arranged for",
    "arrangement pour",
    "bearbeitung fur",
    "beiheft",
    "beihefte",
    "cahier d activites",
    "cahier dactivites",
    "cahier dexercices",
    "cuaderno de actividades",
    "cuaderno de ejercicios",
    "directors cut",
    "dramatised",
    "dramatized",
    "erganzungsband",
    "erganzungsheft",
    "eserciziario",
    "exercices corriges",
    "exercices pratiques",
    "fassung fur",
    "final cut",
    "fur die buhne bearbeitet",
    "gekurzte lesung",
    "guia didactica",
    "guide pedagogique",
    "handreichungen",
    "high voice",
    "hohe stimme",
    "horspiel",
    "instructors guide",
    "instructors manual",
    "kommentarband",
    "lab manual",
    "laboratory manual",
    "lehrerband",
    "lehrerhandbuch",
    "lehrerheft",
    "lehrerkommentar",
    "lehrermaterialien",
    "libro del maestro",
    "libro del profesor",
    "livre du maitre",
    "livre du professeur",
    "losungen",
    "losungsheft",
    "low voice",
    "medium voice",
    "mittlere stimme",
    "neue folge",
    "new series",
    "nouvelle serie",
    "nuova serie",
    "registerband",
    "retold for children",
    "solution manual",
    "solutions manual",
    "students book",
    "study guide",
    "summaries for patients",
    "summary for patients",
    "tafelband",
    "teachers book",
    "teachers edition",
    "teachers guide",
    "teachers manual",
    "test bank",
    "tiefe stimme",
    "transcription pour",
    "voix elevee",
    "voix grave",
    "voix moyenne",
];

/// The same, if it is all that the one title has more.
const BARE_COMPANIONS: [&str; 65] = [
    "abridged",
    "abstract",
    "abstracts",
    "addenda",
    "anhang",
    "anhange",
    "annexe",
    "annexes",
    "answers",
    "appendix",
    "atlas",
    "aufgaben",
    "beilage",
    "beilagen",
    "bilaga",
    "bilagor",
    "bonusmaterial",
    "cd rom",
    "commentary",
    "communications",
    "conference abstract",
    "corrigenda",
    "corriges",
    "entwurf",
    "errata",
    "exercices",
    "exercises",
    "generalregister",
    "gesamtregister",
    "graphic novel",
    "grossdruck",
    "index",
    "international edition",
    "klavierbegleitungen",
    "kommentar",
    "large print",
    "lehrerausgabe",
    "letters",
    "liite",
    "liitteet",
    "meeting abstract",
    "nachtrag",
    "online ausgabe",
    "protocol",
    "register",
    "reviews",
    "revisited",
    "sachregister",
    "server",
    "solutions",
    "sondernummer",
    "study protocol",
    "suppl",
    "supplement",
    "supplements",
    "textband",
    "ubungen",
    "ubungsbuch",
    "vereinfachte fassung",
    "vernehmlassungsentwurf",
    "vorentwurf",
    "with answers",
    "with key",
    "with solutions",
    "workbook",
];

/// What makes another text of the one that the rest of the title names, before that or within it. Behind a title they may be a
/// subtitle that the other record leaves out. Folded, without little words.
const FRONT_COMPANIONS: [&str; 41] = [
    "additional",
    "another",
    "companion",
    "draft",
    "einfuhrung",
    "entwurf",
    "excerpts",
    "executive summary",
    "extracts",
    "extraits",
    "final",
    "further",
    "guide",
    "highlights",
    "interim",
    "introduction",
    "key",
    "kurzfassung",
    "leitfaden",
    "minority",
    "notes",
    "postscript",
    "preliminary",
    "projet",
    "proposed",
    "provisional",
    "remarks",
    "reply",
    "response",
    "resume",
    "selected",
    "selections",
    "sequel",
    "short",
    "summary",
    "supplemental",
    "supplementary",
    "synopsis",
    "vorentwurf",
    "vorlaufiger",
    "zusammenfassung",
];

/// The contrast of two titles, folded, that do not agree to the letter.
pub(super) fn contrast(a: &str, b: &str) -> Option<Contrast> {
    if let Some(words) = beside(a, b).or_else(|| beside(b, a))
        && let Some(contrast) = one_sided(&words)
    {
        return Some(contrast);
    }
    let (words_a, words_b): (Vec<&str>, Vec<&str>) = (a.split(' ').collect(), b.split(' ').collect());
    let (mut only_a, mut only_b) = (without(&words_a, &words_b), without(&words_b, &words_a));
    // `A letter to …`, `Another letter to …`. Letters may be names of things: `hepatitis A`.
    let are_articles = |words: &[&str]| words.iter().all(|word| ARTICLES.contains(word));
    let are_words = |words: &[&str]| !are_articles(words) && words.iter().any(|word| word.len() > 1);
    if !only_a.is_empty()
        && !only_b.is_empty()
        && (are_articles(&only_a) && are_words(&only_b) || are_articles(&only_b) && are_words(&only_a))
    {
        only_a.retain(|word| !ARTICLES.contains(word));
        only_b.retain(|word| !ARTICLES.contains(word));
    }
    let n_only = only_a.len();
    strike_out_common(&mut only_a, &mut only_b);
    match (only_a.is_empty(), only_b.is_empty()) {
        // The same words in two languages say nothing by their order.
        (true, true) if n_only > 0 => None,
        (true, true) => order(&words_a, &words_b),
        (false, false) => {
            let are_opposed = only_a.iter().any(|x| only_b.iter().any(|y| are_opposed((x, &words_a), (y, &words_b))))
                || differ_in_one_letter(&words_a, &words_b)
                || differ_in_span(&words_a, &words_b);
            let are_counted = || {
                only_a.iter().any(|x| only_b.iter().any(|y| are_counted(x, y)))
                    || is_one_beside_several(&words_a, &words_b)
                    || is_one_beside_several(&words_b, &words_a)
            };
            let has_register = |words: &[&str]| words.iter().any(|word| is_register(word));
            let is_register_beside = || has_register(&words_a) != has_register(&words_b);
            match () {
                () if are_opposed => Some(Contrast::Opposed),
                () if are_counted() => Some(Contrast::Counted),
                () => is_register_beside().then_some(Contrast::Companion),
            }
        }
        (false, true) => more_words(&only_a, &words_a, &words_b),
        (true, false) => more_words(&only_b, &words_b, &words_a),
    }
}

/// What words say that only the longer title has.
fn more_words(words: &[&str], long: &[&str], short: &[&str]) -> Option<Contrast> {
    let is_excerpt = |word: &&str| EXCERPTS.contains(word);
    // `Großer Querschnitt`, `Querschnitt = Highlights`; not `Großer Atlas`
    let are_excerpts = || {
        words.iter().any(is_excerpt)
            && words.iter().all(|word| is_excerpt(word) || *word == "grosser")
            && !short.iter().any(is_excerpt)
    };
    one_sided(words).or_else(|| are_excerpts().then_some(Contrast::Companion)).or_else(|| in_front(words, long, short))
}

/// What is made of an opera or another long work for a shorter recording or score, folded.
const EXCERPTS: [&str; 8] =
    ["auszug", "auszuge", "ausschnitte", "excerpts", "extraits", "highlights", "hohepunkte", "querschnitt"];

/// Whether a word is that for the index of a work by what is listed there: `Gesetzesregister`.
fn is_register(word: &str) -> bool {
    word.strip_suffix("register").is_some_and(|of| of.len() >= MIN_STEM)
}

/// What words say that only the longer title has, if both end in the same word.
fn in_front(words: &[&str], long: &[&str], short: &[&str]) -> Option<Contrast> {
    if long.last() != short.last() {
        return None;
    }
    let is_little = |word: &&str| LITTLE_WORDS.contains(word) || FRONT_LITTLE_WORDS.contains(word);
    let telling: Vec<&str> = words.iter().filter(|word| !is_little(word)).copied().collect();
    let [first, ..] = telling[..] else { return None };
    let is_ordinal = telling.len() == 1 && number_word(first).is_some_and(|number| number > 1);
    let is_derived = is_ordinal || FRONT_COMPANIONS.contains(&telling.join(" ").as_str());
    if is_derived {
        return Some(Contrast::Derived);
    }
    let opening = |words: &[&str]| words.iter().position(|word| !is_article(word)).unwrap_or_default();
    let (long, short) = (&long[opening(long)..], &short[opening(short)..]);
    (telling.len() == 1 && long[0] == first && long[1..] == *short).then_some(Contrast::Extended)
}

/// Words that lead from what is made of a text to the text.
const FRONT_LITTLE_WORDS: [&str; 5] = ["from", "in", "on", "to", "uber"];

/// Most words of titles whose order is looked at.
const MAX_ORDERED: usize = 40;

/// What the order of the same words tells. What `and` joins may stand in either order, and a title may begin with its last part.
fn order(a: &[&str], b: &[&str]) -> Option<Contrast> {
    // Where words recur there are several ways to exchange them, so that which title is `a` must not decide.
    if b < a {
        return order(b, a);
    }
    let n_same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let n_same_end = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    if n_same + n_same_end >= a.len() || a.len() > MAX_ORDERED {
        return None;
    }
    let (x, y) = (&a[n_same..a.len() - n_same_end], &b[n_same..b.len() - n_same_end]);
    // Two spans that change places around what stands between them.
    let n = x.len();
    let between = (1..n).find_map(|first| {
        (1..=n - first).find_map(|last| {
            let (between, tail) = x[first..].split_at(n - first - last);
            let is_exchanged = y[..last] == *tail && y[last..n - first] == *between && y[n - first..] == x[..first];
            is_exchanged.then_some(between)
        })
    });
    match between {
        Some([]) if n == a.len() => None,
        Some([]) | None => Some(Contrast::Rearranged),
        Some(between) if between.iter().any(|word| JOINING.contains(word)) => None,
        Some(_) => Some(Contrast::Reordered),
    }
}

/// Articles of English, German and French, of which one title has another or none.
const ARTICLES: [&str; 12] = ["a", "an", "das", "der", "die", "ein", "eine", "la", "le", "the", "un", "une"];

/// Words that join what may stand in either order.
const JOINING: [&str; 9] = ["and", "e", "en", "et", "och", "og", "or", "und", "y"];

/// Words that lead from a companion to what it goes with: `Index to …`, `Register zum …`.
const LITTLE_WORDS: [&str; 9] = ["a", "an", "for", "of", "the", "to", "zu", "zum", "zur"];

/// Those of them that lead to nothing else.
const LEADING_ON: [&str; 4] = ["to", "zu", "zum", "zur"];

/// The words that a title has before or behind all of the other: they may be among those of the other as well
/// (`Study guide for A study of …`).
fn beside<'t>(long: &'t str, short: &str) -> Option<Vec<&'t str>> {
    let before = || long.strip_suffix(short).filter(|rest| rest.ends_with(' '));
    let behind = || long.strip_prefix(short).filter(|rest| rest.starts_with(' '));
    let rest = if short.is_empty() { None } else { before().or_else(behind) };
    rest.map(|rest| rest.trim().split(' ').collect())
}

/// What words that only one title has say.
fn one_sided(words: &[&str]) -> Option<Contrast> {
    if let [word] = words
        && NEGATIONS.contains(word)
    {
        return Some(Contrast::Opposed);
    }
    static FIRST_WORDS: LazyLock<WordFilter> = LazyLock::new(|| {
        let phrases = BARE_COMPANIONS.iter().chain(&COMPANIONS);
        phrases.filter_map(|phrase| phrase.split(' ').next()).fold(WordFilter::NONE, WordFilter::with)
    });
    if !words.iter().any(|word| FIRST_WORDS.may_have(word) || is_register(word)) {
        return None;
    }
    let text = words.join(" ");
    let holds = |phrase: &str| {
        text.match_indices(phrase).any(|(at, _)| {
            (at == 0 || text.as_bytes()[at - 1] == b' ')
                && text.as_bytes().get(at + phrase.len()).is_none_or(|&byte| byte == b' ')
        })
    };
    // `Register 1991-2000` beside `2000`.
    let is_number = |word: &&&str| word.bytes().all(|byte| byte.is_ascii_digit()) || number_word(word).is_some();
    let is_little = |word: &&&str| LITTLE_WORDS.contains(word);
    let bare: Vec<&str> = words.iter().filter(|word| !is_number(word) && !is_little(word)).copied().collect();
    // `Anhänge zum Bericht …`, `First supplement to …`, with the title of the whole once more.
    let counted = usize::from(number_word(words[0]).is_some());
    let leads_on = || {
        words.get(counted + 1).is_some_and(|word| LEADING_ON.contains(word))
            && BARE_COMPANIONS.contains(&words[counted])
    };
    let is_companion = BARE_COMPANIONS.contains(&bare.join(" ").as_str())
        || matches!(bare[..], [word] if is_register(word))
        || COMPANIONS.iter().any(|phrase| holds(phrase))
        || leads_on();
    is_companion.then_some(Contrast::Companion)
}

/// Strikes out, of words that only one title has, those that mean the same on both sides: `Violoncello`, `violoncelle`. They are no
/// contrast to what else the other title names. Of terms of a contrast, both sides must have as many: a trio for flute, violin and
/// violoncello is none for two violins and violoncello.
fn strike_out_common(a: &mut Vec<&str>, b: &mut Vec<&str>) {
    let contrasts = |word: &str| terms(word).iter().map(|&(_, contrast, _)| contrast).collect::<Vec<u8>>();
    let n_of = |words: &[&str], contrast: u8| words.iter().filter(|word| contrasts(word).contains(&contrast)).count();
    let (all_a, all_b) = (a.clone(), b.clone());
    let is_balanced =
        |word: &str| contrasts(word).iter().all(|&contrast| n_of(&all_a, contrast) == n_of(&all_b, contrast));
    a.retain(|x| match b.iter().position(|y| is_one_term(x, y) && is_balanced(x) && is_balanced(y)) {
        Some(at) => {
            b.remove(at);
            false
        }
        None => true,
    });
}

/// Whether two words stand for one word, or are forms of one term of a contrast.
fn is_one_term(x: &str, y: &str) -> bool {
    // `northeast` and `northwest` are forms of one term, and two things.
    let is_composed = |word: &str| word.len() > 5 && (word.ends_with("east") || word.ends_with("west"));
    standard(x) == standard(y)
        || number_word(x).is_some() && number_word(x) == number_word(y)
        || !is_composed(x) && !is_composed(y) && {
            let terms_y = terms(y);
            terms(x).iter().any(|&(_, contrast, term)| terms_y.iter().any(|&(_, c, t)| (c, t) == (contrast, term)))
        }
}

/// The words of `words` that `others` lacks, each as often as it has it more.
fn without<'t>(words: &[&'t str], others: &[&str]) -> Vec<&'t str> {
    let mut others: Vec<Option<&str>> = others.iter().map(|word| Some(*word)).collect();
    let mut rest = words.to_vec();
    rest.retain(|word| match others.iter().position(|other| other.is_some_and(|other| other == *word)) {
        Some(at) => {
            others[at] = None;
            false
        }
        None => true,
    });
    rest
}

/// Whether two words, each with all words of its title, are about two things.
fn are_opposed((x, words_x): (&str, &[&str]), (y, words_y): (&str, &[&str])) -> bool {
    are_terms(x, y) || are_prefixed(x, y) || is_turned(x, y, words_y) || is_turned(y, x, words_x) || are_numbered(x, y)
}

/// Whether two words are terms of one contrast.
fn are_terms(x: &str, y: &str) -> bool {
    let x = terms(x);
    if x.is_empty() {
        return false;
    }
    let y = terms(y);
    // A form of two terms is none: `may`.
    let is_both = |contrast: u8, term: u8| y.iter().any(|&(_, c, t)| (c, t) == (contrast, term));
    x.iter()
        .any(|&(_, contrast, term)| y.iter().any(|&(_, c, t)| c == contrast && t != term) && !is_both(contrast, term))
}

fn terms(word: &str) -> &'static [Term] {
    static FILTER: LazyLock<WordFilter> =
        LazyLock::new(|| TERMS.iter().fold(WordFilter::NONE, |filter, (form, ..)| filter.with(form)));
    if !FILTER.may_have(word) {
        return &[];
    }
    let start = TERMS.partition_point(|(form, ..)| *form < word);
    let n = TERMS[start..].partition_point(|(form, ..)| *form == word);
    &TERMS[start..start + n]
}

/// Whether two words are one stem with prefixes of a contrast.
fn are_prefixed(x: &str, y: &str) -> bool {
    let stem = |word: &'_ str, prefix: &str| word.strip_prefix(prefix).is_some_and(|stem| stem.len() >= MIN_STEM);
    PREFIXES.iter().any(|prefixes| {
        prefixes
            .iter()
            .filter(|p| stem(x, p))
            .any(|p| prefixes.iter().any(|q| p != q && stem(y, q) && x[p.len()..] == y[q.len()..]))
    })
}

/// Whether one word is the other with a prefix that turns it, and which does not stand by itself beside the other
/// (`in large`, `inlarge`).
fn is_turned(long: &str, short: &str, around: &[&str]) -> bool {
    let prefix = long.strip_suffix(short).filter(|_| short.len() >= MIN_TURNED);
    prefix.is_some_and(|prefix| TURNING.contains(&prefix) && !around.contains(&prefix))
}

/// Whether two words count differently: `first` and `third`, `zwei` and `drei`.
fn are_counted(x: &str, y: &str) -> bool {
    number_word(x).is_some_and(|x| number_word(y).is_some_and(|y| x != y))
}

/// Whether one title is about one thing and the other about several: `A case of …`, `Two cases of …`.
fn is_one_beside_several(one: &[&str], several: &[&str]) -> bool {
    const INDEFINITE: [&str; 7] = ["a", "an", "ein", "eine", "un", "une", "una"];
    const MIN_NOUN: usize = 4;
    let nouns = |words: &'_ [&str], is_before: &dyn Fn(&str) -> bool| -> Vec<String> {
        words.windows(2).filter(|two| is_before(two[0])).map(|two| two[1].to_owned()).collect()
    };
    let of_one = nouns(one, &|word| INDEFINITE.contains(&word));
    if of_one.is_empty() {
        return false;
    }
    let of_several = nouns(several, &|word| number_word(word).is_some_and(|number| number > 1));
    // `case`, `cases`; `Fall`, `Fälle`
    let is_one_noun = |x: &str, y: &str| {
        let n_same = x.bytes().zip(y.bytes()).take_while(|(x, y)| x == y).count();
        n_same >= MIN_NOUN && n_same + 1 >= x.len() && y.len() <= x.len() + 2
    };
    of_one.iter().any(|x| of_several.iter().any(|y| is_one_noun(x, y)))
}

/// Whether two names of letters and digits have other digits, or one a letter more: `B6` and `B12`, `TR4` and `TR4A`.
fn are_numbered(x: &str, y: &str) -> bool {
    /// What pages and volumes are called in citations.
    const COUNTED: [&str; 6] = ["vol", "v", "pp", "p", "no", "nr"];
    let has_digit = |word: &str| word.bytes().any(|byte| byte.is_ascii_digit());
    if !has_digit(x) || !has_digit(y) {
        return false;
    }
    let digits = |word: &str| -> (String, String) { word.chars().partition(char::is_ascii_digit) };
    let ((number_x, letters_x), (number_y, letters_y)) = (digits(x), digits(y));
    let is_next = |x: &str, y: &str| {
        let rest = y.strip_prefix(x).filter(|_| x.starts_with(|c: char| c.is_ascii_lowercase()));
        rest.is_some_and(|rest| matches!(rest.as_bytes(), [letter] if letter.is_ascii_lowercase() && *letter != b's'))
    };
    let is_other_number =
        letters_x == letters_y && number_x.trim_start_matches('0') != number_y.trim_start_matches('0');
    !letters_x.is_empty()
        && (is_other_number || is_next(x, y) || is_next(y, x))
        && ![letters_x, letters_y].iter().any(|letters| COUNTED.contains(&letters.as_str()))
        && canonical_number(x).is_none()
        && canonical_number(y).is_none()
}

/// Whether two titles have other single letters at one place, and the same words around: `hepatitis A`, `hepatitis B`.
fn differ_in_one_letter(a: &[&str], b: &[&str]) -> bool {
    let is_letter = |word: &str| matches!(word.as_bytes(), [letter] if letter.is_ascii_lowercase());
    let mut differing = a.iter().zip(b).filter(|(x, y)| x != y);
    a.len() == b.len()
        && a.len() > 1
        && matches!((differing.next(), differing.next()), (Some((x, y)), None) if is_letter(x) && is_letter(y) && !are_and(x, y))
}

/// Whether two letters are words for `and`: Italian or Portuguese `e`, Spanish `y`.
fn are_and(x: &str, y: &str) -> bool {
    matches!((x, y), ("e", "y") | ("y", "e"))
}

/// Whether both titles end in a span of the alphabet, and not in the same part of it: `A-L`, `M-Z`; `Aa-Be`, `Bf-Cz`.
fn differ_in_span(a: &[&str], b: &[&str]) -> bool {
    const MAX_LETTERS: usize = 4;
    // `Book one-[two]`, `Book I-II`
    let are_numbers = |x: &str, y: &str| {
        let is_number = |word: &str| canonical_number(word).or_else(|| roman_numeral(word)).is_some();
        is_number(x) && is_number(y) && x.len().max(y.len()) > 1
    };
    let span = |words: &'_ [&str]| match words {
        [stem @ .., x, y] if x.len() <= MAX_LETTERS && y.len() <= MAX_LETTERS && x < y && !are_numbers(x, y) => {
            Some((stem.to_vec().join(" "), (*x).to_owned(), (*y).to_owned()))
        }
        _ => None,
    };
    let (Some((stem_a, from_a, to_a)), Some((stem_b, from_b, to_b))) = (span(a), span(b)) else { return false };
    let are_letters = [&from_a, &to_a, &from_b, &to_b].iter().all(|word| word.len() == 1);
    if are_letters { (from_a, to_a) != (from_b, to_b) } else { stem_a == stem_b && (to_a < from_b || to_b < from_a) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(a: &str, b: &str, expected: Option<Contrast>) {
        assert_eq!(contrast(a, b), expected, "{a} | {b}");
        assert_eq!(contrast(b, a), expected, "{b} | {a}");
    }

    #[test]
    fn contrasts_are_well_formed() {
        let lines = CONTRASTS.lines().filter(|line| !line.starts_with('#'));
        for line in lines {
            assert!(line.split(' ').count() >= 2 && !line.contains("  "), "{line}");
            assert!(line.bytes().all(|b| b.is_ascii_lowercase() || b == b' ' || b == b'|'), "{line}");
        }
        assert!(CONTRASTS.lines().count() < 256);
    }

    #[test]
    fn opposed_words_tell_works_apart() {
        for (a, b) in [
            ("glass painting textband", "glass painting tafelband"),
            ("sonate fur violoncello und klavier", "sonate pour violon et piano"),
            ("trio for flute violin and cello", "trio for two violins and cello"),
            ("fever in rats", "fever in dogs"),
            ("effects of hypertension", "effects of hypotension"),
            ("inorganic chemistry", "organic chemistry"),
            ("intracellular calcium", "extracellular calcium"),
            ("asymmetric graphs", "symmetric graphs"),
            ("vitamin b6 in pregnancy", "vitamin b12 in pregnancy"),
            ("hepatitis a in europe", "hepatitis b in europe"),
            ("lexikon der kunst a l", "lexikon der kunst m z"),
            ("lexikon der kunst aa be", "lexikon der kunst bf cz"),
            ("non hodgkin lymphoma", "hodgkin lymphoma"),
            ("alpha helix", "beta helix"),
            ("maternal deaths in ghana", "paternal deaths in ghana"),
            ("increase in yield", "decrease in yield"),
            ("qualitative study of wells", "quantitative study of wells"),
            ("abendlied fur mannerchor", "abendlied fur frauenchor"),
        ] {
            check(a, b, Some(Contrast::Opposed));
        }
    }

    #[test]
    fn companions_are_named_on_one_side() {
        check("organic chemistry", "organic chemistry solutions manual", Some(Contrast::Companion));
        check("organic chemistry", "organic chemistry workbook", Some(Contrast::Companion));
        check("organic chemistry", "organic chemistry an introduction with a workbook", None);
        check("organic chemistry", "organic chemistry index", Some(Contrast::Companion));
        check("lieder", "lieder fur hohe stimme", Some(Contrast::Companion));
        check("konzert kv 622", "konzert kv 622 fassung fur viola", Some(Contrast::Companion));
        check("lieder fur hohe stimme", "lieder fur hohe stimme und klavier", None);
        check("die zauberflote", "die zauberflote grosser querschnitt", Some(Contrast::Companion));
        check("die zauberflote querschnitt", "die zauberflote querschnitt highlights", None);
    }

    #[test]
    fn what_is_made_of_a_text_is_named_before_it() {
        for (a, b) in [
            ("management plan for the fens", "draft management plan for the fens"),
            ("report on eels", "second report on eels"),
            ("a letter to the ratepayers", "another letter to the ratepayers"),
            ("poems of the tyne", "selections from poems of the tyne"),
        ] {
            check(a, b, Some(Contrast::Derived));
        }
        let (trial, protocol) = ("iron a randomised trial", "iron protocol for a randomised trial");
        check(trial, protocol, Some(Contrast::Companion));
        check("the lost bell", "the lost bell adapted for the stage", Some(Contrast::Companion));
        check("history of bells", "first supplement to history of bells", Some(Contrast::Companion));
        check("practical arithmetic", "key to practical arithmetic", Some(Contrast::Derived));
        check("history of bells", "a short history of bells", Some(Contrast::Derived));
        check("history of bells", "a concise history of bells", Some(Contrast::Extended));
        check("the history of bells", "a concise history of bells", Some(Contrast::Extended));
        check("the history of bells", "history of bells", None);
        check("an modern history of bells", "a modern history of bells", None);
        // Behind a title they are a subtitle, which one record may leave out.
        check("chemistry", "chemistry an introduction", None);
        check("chemistry", "chemistry a concise introduction", None);
    }

    #[test]
    fn the_order_of_words_may_tell() {
        check("from vienna to trieste", "from trieste to vienna", Some(Contrast::Reordered));
        check("influence of sleep on memory", "influence of memory on sleep", Some(Contrast::Reordered));
        check("english welsh dictionary", "welsh english dictionary", Some(Contrast::Rearranged));
        for (a, b) in [("cats and dogs", "dogs and cats"), ("war songs peace poems", "peace poems war songs")] {
            check(a, b, None);
        }
    }

    #[test]
    fn words_that_count_are_opposed() {
        check("a case of glass fever", "two cases of glass fever", Some(Contrast::Counted));
        check("ein fall von glasfieber", "drei falle von glasfieber", Some(Contrast::Counted));
        check("a history of glass", "history of glass in two volumes", None);
        // Each has both numbers, in its own language.
        check("zehn duette fur zwei floten", "dix duos pour deux flutes", None);
        for (a, b) in [
            ("manual of the tr4", "manual of the tr4a"),
            ("sermons for lent", "sermons against lent"),
            ("draft plan for the fens", "final plan for the fens"),
        ] {
            check(a, b, Some(Contrast::Opposed));
        }
        for (a, b) in [("first day of the sale", "second day of the sale"), ("drei lieder", "vier lieder")] {
            check(a, b, Some(Contrast::Counted));
        }
        check("manual of the db2", "manual of the db2s", None);
        check("notes on seals v1", "notes on seals v1a", None);
    }

    #[test]
    fn other_differences_say_nothing() {
        for (a, b) in [
            ("north and south", "south and north"),
            ("sonate fur violoncello und klavier", "sonate pour violoncelle et piano"),
            ("the research of man", "the researches of man"),
            ("colour in art", "color in art"),
            ("history of printing", "history of prnting"),
            ("etude de letat", "etude de etat"),
            ("study of northern light", "study of lights"),
            ("2nd meeting", "3rd meeting"),
            ("sonata op 5 no 2", "sonata op 5 2"),
            ("rules inlarge tables", "rules in large tables"),
            ("anti trust decisions", "antitrust decisions"),
            ("index to paleontology", "index to palaeontology"),
            ("steps in english book one two", "steps in english book i ii"),
        ] {
            check(a, b, None);
        }
    }
}
