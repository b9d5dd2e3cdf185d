//! A008: author placeholder or affiliation.

use std::borrow::Cow;

use super::folding::fold;
use super::names::{NameSigns, has_comma, is_straight, names_body};
use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject, Words};
use crate::input::Field;

/// Persons by the list `author_placeholders` and by their form, `author_corporate` by the list only.
pub(super) static RULE: Rule = Rule {
    code: "A008",
    name: "author-placeholder-or-affiliation",
    severity: Severity::Warn,
    fix: Fix::Proposal,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
Values of author and author2 that are no name: placeholders such as `anonymous` or `n/a`, mail addresses,
links, ORCIDs, affiliations, and texts of more than 120 characters. In author_corporate, placeholders.
## Why it matters
Placeholders join thousands of unrelated records in blocks and version lists.
## Example
`Unknown Author`; `Walsh, Louisa, Department of Health`.
## Known gaps
Classics catalogued under Anonymous are reported too. Corporate names are not checked for affiliations unless
a person seems to stand before it, and a place of study after `of` is none. A name with a word for a body and without
comma may have 200 characters.
## Source
Reports on work keys such as `AT anonymous editorial`.",
    check: Check::record(check),
};

/// Bytes that brackets, blanks and points may add to a placeholder.
const BRACKETS: usize = 10;

/// Longest plausible name, in characters.
const MAX_NAME: usize = 120;

/// Longest plausible name of a body, in characters.
const MAX_BODY: usize = 200;

/// Length of an ORCID: four groups of four, and hyphens.
const ORCID_BYTES: usize = 19;

/// Words of affiliations that stand after a person, lower-case and sorted. Origin: author statements of journals in
/// languages of Europe.
const AFFILIATIONS: [&str; 98] = [
    "academy",
    "akademia",
    "akademie",
    "akademija",
    "center",
    "centre",
    "clinic",
    "clinique",
    "college",
    "departamento",
    "department",
    "dept",
    "dipartimento",
    "division",
    "département",
    "ecole",
    "egyetem",
    "fachbereich",
    "facultad",
    "facultatea",
    "faculty",
    "faculté",
    "fakulta",
    "fakultet",
    "fakulteta",
    "fakultetas",
    "fakultät",
    "fakultāte",
    "hochschule",
    "hospital",
    "háskóli",
    "högskola",
    "högskolan",
    "høgskolen",
    "høyskole",
    "institut",
    "institutas",
    "institute",
    "instituto",
    "institutt",
    "instituut",
    "institūts",
    "inštitut",
    "istituto",
    "katedra",
    "kateedra",
    "klinik",
    "korkeakoulu",
    "laboratoire",
    "laboratorio",
    "laboratory",
    "oddelek",
    "odsjek",
    "ollscoil",
    "politechnika",
    "politehnica",
    "prifysgol",
    "school",
    "sveučilište",
    "teaduskond",
    "unibertsitatea",
    "univ",
    "universidad",
    "universidade",
    "universitat",
    "universitatea",
    "universiteit",
    "universitet",
    "universitetas",
    "universitetet",
    "university",
    "università",
    "universität",
    "université",
    "universitāte",
    "universitāšu",
    "univerza",
    "univerzita",
    "univerzitet",
    "uniwersytet",
    "wydział",
    "yliopisto",
    "ústav",
    "ülikool",
    "üniversitesi",
    "πανεπιστήμιο",
    "τμήμα",
    "академия",
    "академія",
    "институт",
    "кафедра",
    "универзитет",
    "университет",
    "університет",
    "університету",
    "факултет",
    "факультет",
    "інститут",
];

fn check(subject: &Subject<'_>, found: &mut Found) {
    let placeholders = &subject.settings.lists.author_placeholders;
    for field in [Field::Author, Field::Author2] {
        for (at, name) in subject.record.all(field).iter().enumerate() {
            // Of ASCII, work keys keep the same letters as folding.
            let known = Some(at).filter(|_| field == Field::Author && name.is_ascii());
            let letters = || known.map_or_else(|| fold(name).into(), |at| Cow::Borrowed(&*subject.author_keys()[at]));
            if let Some(message) = fault(name, letters, placeholders) {
                found.add(Problem::new(field, &**name, message));
            }
        }
    }
    for body in subject.record.all(Field::AuthorCorporate) {
        if body.len() <= placeholders.longest() + BRACKETS && is_placeholder(body, || fold(body).into(), placeholders) {
            found.add(Problem::new(Field::AuthorCorporate, &**body, "the value is a placeholder"));
        }
    }
}

/// `letters` folds the name.
fn fault<'a>(name: &str, letters: impl Fn() -> Cow<'a, str>, placeholders: &Words) -> Option<&'static str> {
    let signs = NameSigns::of(name);
    if !signs.has(NameSigns::LETTER) && !name.contains(char::is_alphabetic) {
        return Some("the value holds no letter");
    }
    if name.len() <= placeholders.longest() + BRACKETS && is_placeholder(name, letters, placeholders) {
        return Some("the value is a placeholder");
    }
    let is_mail = |at: usize| name[at..].contains('.') && !name[..at].ends_with(' ');
    if signs.has(NameSigns::AT) && memchr::memchr(b'@', name.as_bytes()).is_some_and(is_mail) {
        return Some("the value holds a mail address");
    }
    if (signs.has(NameSigns::COLON) || signs.has(NameSigns::FULL_STOP)) && holds_link(name) {
        return Some("the value holds a link");
    }
    if name.len() >= ORCID_BYTES && signs.has(NameSigns::DIGIT) && is_orcid(name) {
        return Some("the value holds an ORCID");
    }
    // Several names in one value are another fault.
    if name.len() > MAX_NAME && !name.contains(';') {
        let is_body = !signs.has(NameSigns::COMMA) && names_body(name);
        if name.chars().count() > if is_body { MAX_BODY } else { MAX_NAME } {
            return Some("the value is too long for a name");
        }
    }
    let may_follow = signs.has(NameSigns::COMMA) || signs.has(NameSigns::BRACKET);
    (may_follow && follows_person(name)).then_some("the value holds an affiliation")
}

/// Whether there is `://`, `www.` or `orcid.org`.
fn holds_link(name: &str) -> bool {
    let bytes = name.as_bytes();
    memchr::memchr2_iter(b':', b'.', bytes).any(|at| {
        let (before, from) = bytes.split_at(at);
        from.starts_with(b"://")
            || from[0] == b'.' && before.ends_with(b"www")
            || from.starts_with(b".org") && before.ends_with(b"orcid")
    })
}

fn is_placeholder<'a>(name: &str, letters: impl Fn() -> Cow<'a, str>, placeholders: &Words) -> bool {
    // `N., A.` is a name, `n/a` and `N.N.` are not: letters with a comma between them count as one.
    if name.contains(',') && name.len() < 8 || name.len() > 2 * placeholders.longest() {
        return false;
    }
    // `Anonymous, Anonymous`: a form that wants two names was filled in twice.
    let is_twice = || {
        let parts = name.split_once(", ").filter(|(family, given)| family.eq_ignore_ascii_case(given));
        parts.is_some_and(|(family, _)| placeholders.has(&fold(family)))
    };
    placeholders.has(&letters()) || has_comma(name) && is_twice()
}

fn is_orcid(name: &str) -> bool {
    name.split([' ', '(', ')', ',', ';']).any(|word| {
        word.len() == ORCID_BYTES
            && word.bytes().enumerate().all(|(at, byte)| {
                if at % 5 == 4 { byte == b'-' } else { byte.is_ascii_digit() || (at == 18 && byte == b'X') }
            })
    })
}

/// Whether an affiliation stands after a person: after an inverted name (`Last, First, Department of …`), or one with
/// initials or in the order of speech (`Smith J, Department of …`).
fn follows_person(name: &str) -> bool {
    // The usual name has one comma, and one word before it.
    let last = memchr::memrchr2(b',', b'(', name.as_bytes()).unwrap_or(0);
    if !name[..last].trim_end().bytes().any(|byte| matches!(byte, b' ' | b',')) {
        return false;
    }
    let marks = memchr::memchr2_iter(b',', b'(', name.as_bytes());
    marks.into_iter().any(|at| {
        let (before, after) = (name[..at].trim_end(), &name[at + 1..]);
        let is_bracketed = name.as_bytes()[at] == b'(';
        after.len() >= MIN_AFFILIATION
            && (has_comma(before) || before.contains(' '))
            && before.split(' ').nth(4).is_none()
            && names_institution(after, is_bracketed)
            && (has_comma(before) || is_straight(before))
    })
}

/// Length in bytes of the shortest affiliation: `Univ. Wien`.
const MIN_AFFILIATION: usize = 10;

/// Whether an institution is named before the next comma. In brackets, a word alone may be that of a calling
/// (`Taylor, John (School principal)`), so it stands at the end or has its name after it.
fn names_institution(text: &str, is_bracketed: bool) -> bool {
    let text = text.trim_start();
    // `M.A., of Trinity College` tells who somebody is.
    if text.starts_with("of ") {
        return false;
    }
    let end = text.find([',', ';', ')']).unwrap_or(text.len());
    let words = || text[..end].split(' ').map(|word| word.trim_end_matches('.').to_lowercase());
    let is_one = |word: &String| AFFILIATIONS.binary_search(&word.as_str()).is_ok();
    let Some(at) = words().take(MAX_WORDS).position(|word| is_one(&word)) else { return false };
    let next = words().nth(at + 1);
    // `Meier, Karl (Universität Wien)`
    let is_place = |word: &str| word.starts_with(char::is_uppercase);
    if at == 0 && text.starts_with("Univ") && text[..end].split(' ').nth(1).is_some_and(is_place) {
        return true;
    }
    !is_bracketed
        || next
            .is_none_or(|next| matches!(next.as_str(), "of" | "for" | "de" | "des" | "du" | "di" | "da" | "do" | "für"))
}

/// Words of an institution's name among which the word for it stands.
const MAX_WORDS: usize = 5;

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::check;

    #[test]
    fn placeholders_and_bodies_are_known_in_many_languages() {
        for name in
            ["Nepoznat autor", "Άγνωστος", "Khuyết danh", "作者不詳", "לא ידוע", "Kovač, Ana, Sveučilište u Zagrebu"]
        {
            check(&RULE, &format!(r#"{{"author":["{name}"]}}"#), &["author"]);
        }
    }

    #[test]
    fn names_are_names() {
        for name in [
            "Unknown Author",
            "[s.n.]",
            ",",
            "1933-",
            "n/a",
            "Anonymous",
            "walsh@x.org",
            "Walsh, L. (0000-0002-1825-0097)",
            "https://orcid.org/0000-0002-1825-0097",
            "Walsh, Louisa, Department of Health",
            "Smith J, Department of Physics",
            "Smith JA, University of Oxford",
            "J. Smith, Department of Physics",
            "John Smith, University of Oxford",
            "Doe, Jane, Universidad de Chile",
            "Doe, Jane, Institut für Physik",
            "Doe, Jane, Kent University",
            "Doe, Jane, Univ. of Kent",
            "Doe, Jane (University of Kent)",
            "Doe, Jane (Università di Pisa)",
            "Autor unbekannt",
            "unknown, unknown",
            "Verschiedene",
            "und diverse Andere",
            "Aa.Vv.",
        ] {
            check(&RULE, &format!(r#"{{"author":["{name}"]}}"#), &["author"]);
        }
        for name in [
            "University of Oxford",
            "Walsh, Louisa",
            "Anonymous Four",
            "Na, An",
            "Harvard University, Department of Music",
            "Great Britain, Department of Health",
            "Bodleian Library, University of Oxford",
            "Taylor, John (School principal)",
            "Taylor, John, Sir",
            "Wallis, Edward, B.D., of Exeter College, Oxford.",
        ] {
            check(&RULE, &format!(r#"{{"author":["{name}"]}}"#), &[]);
        }
        check(
            &RULE,
            r#"{"author_corporate":["Unknown","University of Oxford, Department of Law"]}"#,
            &["author_corporate"],
        );
        let long = format!(r#"{{"author":["{}"]}}"#, "Institut fuer Aussenwirtschaft ".repeat(7).trim_end());
        check(&RULE, &long, &["author"]);
        let long = format!(r#"{{"author":["{}"]}}"#, "Worte ohne Namen ".repeat(8).trim_end());
        check(&RULE, &long, &["author"]);
        let body = "Verband der Absolventinnen und Absolventen der Hochschule für Wirtschaft und der Akademie für \
                    Verwaltung an der Universität Bern";
        check(&RULE, &format!(r#"{{"author":["{body}"]}}"#), &[]);
    }

    #[test]
    fn placeholders_and_bodies_have_many_languages() {
        for name in [
            "Anonymous, Anonymous",
            "Ismeretlen",
            "[Author not given]",
            "Nomen nescio",
            "Novák, Jan, Fakulta stavební",
            "Иванов, И., Московский университет",
            "Meier, K. (Universität Wien)",
        ] {
            check(&RULE, &format!(r#"{{"author":["{name}"]}}"#), &["author"]);
        }
        for name in ["Ali, Ali", "Smith, John (University porter)", "Smith, Fakulta", "Test, Harald"] {
            check(&RULE, &format!(r#"{{"author":["{name}"]}}"#), &[]);
        }
    }
}
