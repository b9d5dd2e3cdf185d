//! A007: author embedded role or multiple.

use super::links::strip_start;
use super::names::{NameSigns, n_commas, names_body};
use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;
use crate::keys::seek::split_once;

/// One finding per value, for its first fault; `by` and names joined by `and` are looked for with persons only.
pub(super) static RULE: Rule = Rule {
    code: "A007",
    name: "author-embedded-role-or-multiple",
    severity: Severity::Warn,
    fix: Fix::Proposal,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
Values of an author field that hold a role (`ed.`, `Hrsg.`), a leading `by`, a sign of omitted authors (`et al`, `u. a.`),
or several names joined by a semicolon, `and` or `&`, or written as `Smith J, Doe AB, Brown K` or `Smith, J., Doe, A. B.`
## Why it matters
The name cannot be found, and blocks and work keys are made of the whole text.
## Example
`Smith, John; Doe, Jane (eds.)`.
## Known gaps
Role words are looked for at either end and in brackets only, since corporate names contain them. Names joined by
`and` or ` / ` are reported only if both are inverted. `BY` before small letters are initials.
## Source
Reports against VuFind's importers (pull request 4702).",
    check: Check::record(check),
};

/// Words that name a role, lower-cased, without full stop. Origin: usual abbreviations in statements of responsibility in
/// the languages of Europe and in Chinese, Japanese and Korean.
const ROLES: [&str; 121] = [
    "a cura di",
    "bearb",
    "begr",
    "comp",
    "compiler",
    "coord",
    "coords",
    "cur",
    "curatore",
    "curatrice",
    "dir",
    "ed",
    "ed. lit",
    "editor",
    "editor-in-chief",
    "editors",
    "eds",
    "ford",
    "herausgeber",
    "herausgeberin",
    "hg",
    "hrsg",
    "ill",
    "illus",
    "illustrateur",
    "illustrator",
    "ilustr",
    "intr",
    "introd",
    "joint author",
    "joint comp",
    "joint ed",
    "joint editor",
    "koost",
    "kuv",
    "kuvitt",
    "mitarb",
    "oprac",
    "org",
    "orgs",
    "overs",
    "oversetter",
    "phot",
    "photographer",
    "prev",
    "prir",
    "pub",
    "překl",
    "přel",
    "red",
    "sest",
    "sud",
    "suom",
    "suoment",
    "supervisor",
    "szerk",
    "toim",
    "tr",
    "trad",
    "traducteur",
    "traductor",
    "traduttore",
    "trans",
    "transl",
    "translator",
    "tõlk",
    "tłum",
    "ubers",
    "udg",
    "ur",
    "uredn",
    "urednik",
    "verfasser",
    "verfasserin",
    "vert",
    "vorr",
    "zost",
    "çev",
    "éd",
    "övers",
    "översättare",
    "übers",
    "übersetzer",
    "übersetzerin",
    "επιμ",
    "μτφ",
    "μτφρ",
    "пер",
    "перекл",
    "прев",
    "прир",
    "ред",
    "редактор",
    "сост",
    "съст",
    "уклад",
    "упоряд",
    "ур",
    "主編",
    "主编",
    "校注",
    "監修",
    "編",
    "編著",
    "編集",
    "编",
    "编著",
    "编译",
    "著",
    "訳",
    "訳注",
    "譯",
    "译",
    "역",
    "엮음",
    "옮김",
    "저",
    "지음",
    "편",
    "편저",
    "편집",
];

fn check(subject: &Subject<'_>, found: &mut Found) {
    for field in [Field::Author, Field::Author2, Field::AuthorCorporate] {
        for name in subject.record.all(field) {
            if let Some(message) = fault(name, field != Field::AuthorCorporate) {
                found.add(Problem::new(field, &**name, message));
            }
        }
    }
}

fn fault(name: &str, is_person: bool) -> Option<&'static str> {
    let signs = NameSigns::of(name);
    let has_commas = || signs.has(NameSigns::COMMA) && n_commas(name) > 1;
    // One at an end has lost its other name: A006.
    let is_inner = || name.trim_matches([';', ' ', ',']).contains(';');
    if signs.has(NameSigns::SEMICOLON) && !name.contains('&') && is_inner() || joined_by_bar(name) {
        return Some("the value holds several names");
    }
    if is_person && begins_with_by(name.trim_start()) {
        return Some("the name begins with `by`");
    }
    if is_person && has_commas() && is_list(name) {
        return Some("the value holds several names");
    }
    if omits_authors(name) {
        return Some("the value leaves out authors");
    }
    // Two inverted names have two commas.
    if is_person && has_commas() && JOINTS.iter().any(|word| joins_two(name, word)) {
        return Some("the value holds two names");
    }
    // The usual name has a comma, and a capital at the start.
    let may_begin = !signs.has(NameSigns::COMMA) || name.starts_with(char::is_lowercase) || signs.has(NameSigns::COLON);
    let is_abbreviated = || signs.has(NameSigns::FULL_STOP) && begins_with_abbreviation(name);
    if has_role(name) || may_begin && (begins_with_role(name) || begins_with_small_role(name)) || is_abbreviated() {
        Some("the name holds a role")
    } else {
        None
    }
}

/// Whether names are joined as values of one field are in tables: `Smith, John|Doe, Jane`.
fn joined_by_bar(name: &str) -> bool {
    name.split_once('|').is_some_and(|parts| [parts.0, parts.1].iter().all(|part| part.contains(char::is_alphabetic)))
}

/// Relator terms that count as roles behind a second comma.
const RELATORS: [&str; 7] =
    ["author", "coauthor", "co-author", "composer", "contributor", "narrator", "writer of introduction"];

/// What joins two inverted names.
const JOINTS: [&str; 7] = [" and ", " & ", " und ", " et ", " y ", " e ", " / "];

/// Whether a name begins with `by` or French `par`; in capitals, only if all of it is, since `BY Lee` are initials.
fn begins_with_by(name: &str) -> bool {
    name.starts_with("par ")
        || strip_start(name, "by ").is_some() && (!name.starts_with("BY") || !name.contains(char::is_lowercase))
}

/// Whether a value is a list of family names with initials, as medical journals print it: `Smith J, Doe AB, Brown K`. Two
/// may be the names of one person (`Ornes C, Germán E`).
fn is_list(names: &str) -> bool {
    let is_initialed = |name: &str| {
        name.rsplit_once(' ').is_some_and(|(family, initials)| {
            (1..=3).contains(&initials.len())
                && initials.bytes().all(|byte| byte.is_ascii_uppercase())
                && family.rsplit(' ').next().is_some_and(|word| word.starts_with(char::is_uppercase))
                && family.ends_with(char::is_lowercase)
                && !family.contains(|letter: char| letter.is_ascii_digit())
        })
    };
    is_list_of_inverted(names)
        || names.ends_with(|letter: char| letter.is_ascii_uppercase())
            && names.split(", ").all(|name| is_initialed(name.trim()))
            && !names_body(names)
}

/// Whether a value is a list of inverted names with initials: `Smith, J., Doe, A. B.`
fn is_list_of_inverted(names: &str) -> bool {
    let is_family = |name: &str| name.starts_with(char::is_uppercase) && name.ends_with(char::is_lowercase);
    let is_initials = |name: &str| {
        name.contains('.') && name.chars().all(|letter| letter.is_uppercase() || matches!(letter, '.' | ' ' | '-'))
    };
    let mut parts = names.trim_end_matches([' ', ',']).split(", ");
    let mut n_names = 0;
    while let Some(family) = parts.next() {
        if !is_family(family) || !parts.next().is_some_and(is_initials) {
            return false;
        }
        n_names += 1;
    }
    n_names > 1
}

/// Whether a value ends in what stands for authors that are not named.
fn omits_authors(name: &str) -> bool {
    const OMITTED: [&str; 33] = [
        "i dr",
        "i sur",
        "ir kt",
        "ș.a",
        "ş.a",
        "și alții",
        "és mtsai",
        "és tsai",
        "vd",
        "ve diğerleri",
        "та ін",
        "и соавт",
        "και άλλοι",
        "κ.ά",
        "κ. ά",
        "et al",
        "et. al",
        "et alii",
        "u. a",
        "u.a",
        "and others",
        "und andere",
        "und diverse andere",
        "et autres",
        "e altri",
        "e outros",
        "y otros",
        "a kol",
        "i in",
        "m. fl",
        "m.fl",
        "и др",
        "и другие",
    ];
    let end = name.trim_end_matches([' ', '.', ')', ']', ',']);
    // Names are joined by hyphens in some catalogues: `Ek Lars-Wu Li-u.a.`
    let is_apart = |start: &str| start.ends_with([' ', '-', '[', '(', ',']);
    // `李伟 等`, `김민수 외`
    let follows_name = |others: &&str| end.strip_suffix(*others).is_some_and(|name| !name.ends_with(','));
    if !end.is_ascii() && [" 等", " 外", " 외"].iter().any(follows_name) {
        return true;
    }
    end.ends_with(['l', 'i', 'a', 'd', 'r', 's', 't', 'e', 'n', 'р', 'е', 'н', 'т', 'ά', 'ι'])
        && OMITTED.iter().any(|rest| end.strip_suffix(rest).is_some_and(is_apart))
}

fn joins_two(name: &str, word: &str) -> bool {
    let is_inverted = |part: &str| part.split_once(", ").is_some_and(|(last, _)| !last.trim().contains(' '));
    split_once(name, word).is_some_and(|(one, other)| is_inverted(one) && is_inverted(other))
}

/// Whether the last word, after a comma or in brackets, is a role.
fn has_role(name: &str) -> bool {
    let end = name.trim_end_matches([' ', '.', ')', ']', ',']);
    if end.ends_with(" Hrsg") || ends_in_east_asian_role(end) {
        return true;
    }
    // `Smith, John transl.`
    let is_abbreviated = |word: &str| word.len() > 2 && word.starts_with(char::is_lowercase) && is_role(word);
    if name.trim_end().ends_with('.') && end.contains(',') && end.rsplit(' ').next().is_some_and(is_abbreviated) {
        return true;
    }
    let Some(at) = memchr::memrchr3(b',', b'(', b'[', end.as_bytes()) else { return false };
    let last = end[at + 1..].trim();
    // Behind the years of a life stands no given name: `Berg, Ann, 1878- ed`.
    let behind_years =
        last.trim_start_matches(|letter: char| letter.is_ascii_digit() || matches!(letter, '-' | '?' | ' '));
    if behind_years.len() < last.len() {
        return is_role(behind_years);
    }
    let is_bracketed = end[at..].starts_with(['(', '[']);
    // `Chicago (Ill.)` is a place.
    if last == "Ill" && !end[..at].contains(',') {
        return false;
    }
    // In brackets, professions tell persons of one name apart: `Smith, John (Composer)`.
    if !is_bracketed && end[..at].contains(',') && RELATORS.contains(&last) {
        return true;
    }
    if is_bracketed
        && ["author", "co-author", "coauthor", "contributor"].iter().any(|role| last.eq_ignore_ascii_case(role))
    {
        return true;
    }
    // A short word after a comma may be a given name (`Kang, Ed`, `Kang, Ed.`), unless it is written small. Behind a second
    // comma, a small word is none.
    let is_second = || end[..at].contains(',') && last.starts_with(char::is_lowercase);
    let is_marked = is_bracketed || name.trim_end().ends_with('.') || last.len() > 5 || is_second();
    let is_no_name = is_bracketed || last.len() > 3 || !last.starts_with(char::is_uppercase);
    is_marked && is_no_name && are_roles(last)
}

/// Whether a role stands behind a name in Chinese, Japanese or Korean letters, apart from it if it has one letter: `田中花子 編`,
/// `田中花子編著`.
fn ends_in_east_asian_role(name: &str) -> bool {
    const ROLES_OF_TWO: [&str; 9] = ["編著", "編集", "監修", "主編", "主编", "编著", "編訳", "校注", "엮음"];
    if name.chars().next_back().is_none_or(|letter| letter < '\u{3400}') {
        return false;
    }
    // `張, 著` is a name.
    let parts = name.rsplit_once([' ', '\u{3000}']).filter(|(before, _)| !before.ends_with(','));
    parts.is_some_and(|(_, role)| ROLES.contains(&role))
        || ROLES_OF_TWO.iter().any(|role| name.strip_suffix(role).is_some_and(|start| start.chars().nth(1).is_some()))
}

/// Whether a text is a role, or two of them: `ed. and trans`.
fn are_roles(text: &str) -> bool {
    let parts = || [" and ", " & ", " und ", " et ", " y "].iter().find_map(|joint| split_once(text, joint));
    let is_bare = |word: &str| is_role(word.trim_end_matches('.'));
    is_role(text) || parts().is_some_and(|(one, other)| is_bare(one) && is_bare(other))
}

/// Whether a statement of responsibility opens the value: `ed. by John Smith`, `Editor: Smith, John`.
fn begins_with_role(name: &str) -> bool {
    if let Some((before, _)) = split_once(name, ":") {
        return is_role(before.trim_end_matches(['.', ' ']));
    }
    let mut words = name.split_whitespace();
    let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    words.next().is_some() && matches!(second, "by" | "von" | "par" | "por" | "da" | "av" | "af") && is_deed(first)
}

/// Whether a word is a role, whatever its case.
fn is_role(word: &str) -> bool {
    if word.is_ascii() {
        return may_be_role(word) && ROLES.iter().any(|role| role.eq_ignore_ascii_case(word));
    }
    ROLES.contains(&&*word.to_lowercase())
}

/// Whether some role has the first letter and the length of an ASCII word.
fn may_be_role(word: &str) -> bool {
    let first = word.bytes().next().map_or(0, |byte| byte.to_ascii_lowercase());
    ROLE_LENGTHS[usize::from(first)] >> word.len().min(31) & 1 == 1
}

/// By first byte of a role, its lengths as bits.
static ROLE_LENGTHS: [u32; 256] = {
    let mut lengths = [0; 256];
    let mut at = 0;
    while at < ROLES.len() {
        lengths[ROLES[at].as_bytes()[0] as usize] |= 1 << ROLES[at].len();
        at += 1;
    }
    lengths
};

/// Whether a role in small letters opens the value: `editor Smith, J.`
fn begins_with_small_role(name: &str) -> bool {
    let first = || name.trim_start().split_once(' ').filter(|(_, rest)| rest.starts_with(char::is_uppercase));
    name.trim_start().starts_with(char::is_lowercase)
        && first().is_some_and(|(word, _)| {
            let bare = word.trim_end_matches(['.', ':']);
            (bare.len() > 3 || bare.len() < word.len()) && is_role(bare)
        })
}

/// Whether the abbreviation of a role that is no given name opens the value: `Hrsg. Karl Bauer`.
fn begins_with_abbreviation(name: &str) -> bool {
    const CLEAR: [&str; 10] = ["Hrsg.", "Hg.", "hrsg.", "Eds.", "eds.", "Übers.", "Bearb.", "Trad.", "Transl.", "Red."];
    let Some((first, rest)) = name.trim_start().split_once(' ') else { return false };
    // `Hg. Viehe` has the initials of two names run together.
    let is_initials = first == "Hg." && !rest.contains(' ');
    first.ends_with('.') && CLEAR.contains(&first) && rest.starts_with(char::is_uppercase) && !is_initials
}

/// Participles with which statements of responsibility begin.
const DEEDS: [&str; 14] = [
    "compiled",
    "edited",
    "editado",
    "herausgegeben",
    "illustrated",
    "illustré",
    "organizado",
    "overs",
    "toimittanut",
    "traducido",
    "traduit",
    "traduzido",
    "translated",
    "übersetzt",
];

/// Whether a word says what somebody did: a role, or a participle.
fn is_deed(word: &str) -> bool {
    let lower = word.trim_end_matches('.').to_lowercase();
    ROLES.contains(&&*lower) || DEEDS.contains(&&*lower)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::check;

    #[test]
    fn roles_are_known_in_many_languages() {
        for name in [
            "Babić, Dunja (ur.)",
            "Jensen, Per (udg.)",
            "Παπαδάκης, Νίκος (επιμ.)",
            "Шевчук, Тарас (упоряд.)",
            "田中花子 編",
            "田中花子編著",
            "김민수 (편)",
            "김민수 외",
            "李伟 等",
            "Шевчук, Т. та ін.",
            "Babić, Dunja i dr.",
            "Rădulescu, Ioana ș.a.",
        ] {
            check(&RULE, &format!(r#"{{"author":["{name}"]}}"#), &["author"]);
        }
        for name in ["Ur, Ana", "外山, 花子", "김, 외", "張, 著", "Sud, Raj", "編, 花子", "等伯"] {
            check(&RULE, &format!(r#"{{"author":["{name}"]}}"#), &[]);
        }
    }

    #[test]
    fn one_name_per_value() {
        for name in [
            "Smith, John; Doe, Jane (eds.)",
            "by Louisa Walsh",
            "Smith, John and Doe, Jane",
            "Walsh, Louisa, ed.",
            "Berg, Ann, 1878- ed",
            "Smith, J., ed",
            "Meier, Hans Hrsg.",
            "Bach, Johann Sebastian, 1685-1750, composer.",
            "Smith, J., Doe, A. B.",
            "Smith, J. / Doe, A.",
            "Rossi, Mario e Bianchi, Luca",
            "Иванов, И. И. и др.",
            "City library, pub.",
            "Müller, Hans (Hrsg.)",
            "Walsh, Louisa et al.",
            "Smith, John (Ed.)",
            "John Smith (Eds.)",
            "Smith, John [Ed.]",
            "Smith, John (Éd.)",
            "Müller, Karl (Hg.)",
            "Rossi, Mario (a cura di)",
            "Müller, Karl [u.a.]",
            "Иванов, Иван (ред.)",
            "Smith, John, editor-in-chief",
            "hrsg. von Karl Müller",
            "ed. by John Smith",
            "edited by Smith, John",
            "Editor: Smith, John",
            "Fair, Jerilyn, joint author.",
            "Hrsg. Karl Bauer",
            "Hrsg. Bauer, Karl",
            "Müller, Karl u. a.",
            "Müller, Karl u.a.",
            "Steffen Alfred-u.a.",
            "Newman Clara A.-und diverse andere",
            "BY JANE DOE",
            "By Jane Doe",
            "par Jean Dupont",
            "Silva, João (Org.)",
            "Virtanen, Aino (toim.)",
            "Novák, Jan (přel.)",
            "Sato, Ken (訳)",
            "Walsh, Ann (illus.)",
            "Smith J, Doe AB, Van der Berg K",
        ] {
            check(&RULE, &format!(r#"{{"author":["{name}"]}}"#), &["author"]);
        }
        for name in [
            "Johnson & Johnson",
            "Walsh, Louisa",
            "Kang, Ed",
            "Kang, Ed.",
            "Karl von Müller",
            "Byron, George",
            "BY Lee",
            "Costa, Bela",
            "Food and Drug Administration",
            "American Society of Newspaper Editors",
            "Smith &amp; Sons",
            "Parkinson, Org",
            "Hg. Viehe",
            "Smith, John (Composer)",
            "King, M. L., Jr.",
            "Müller, H., Berlin",
            "Costa e Silva, Artur da",
            "Silva, José e",
            "AC/DC",
            "Smith Jones, AB",
            "Ornes C, Germán E",
            "Baudirektionen ZH, TG und SG",
            "Civic Federation of Chicago (Ill.)",
            "Walsh J, Doe Ann, Brown K",
            "School District A, Board B, Ward C",
        ] {
            check(&RULE, &format!(r#"{{"author":["{name}"]}}"#), &[]);
        }
    }

    #[test]
    fn roles_may_be_two_or_unbracketed() {
        for name in [
            "Doe, Jane, ill.",
            "Nowak, Jan (oprac.)",
            "Fontane, Theodor (Verfasser)",
            "Smith, John (Author)",
            "Smith, John (ed. and trans.)",
            "Smith, John, ed. & transl.",
            "Smith, J. transl.",
            "editor Smith, J.",
            "traduit par Jean Dupont",
            "Pérez, A. y otros",
            "Smith, J et. al.",
            "Smith, John|Doe, Jane",
        ] {
            check(&RULE, &format!(r#"{{"author":["{name}"]}}"#), &["author"]);
        }
        for name in ["Chicago (Ill.)", "Smith, John (Composer)", "Smith, Ann, dr.", "ed Smith", "Kovács i István"] {
            check(&RULE, &format!(r#"{{"author":["{name}"]}}"#), &[]);
        }
    }
}
