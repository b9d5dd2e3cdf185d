//! E003: html entity.

use super::links::is_link;
use crate::audit::texts::{Sign, problem};
use crate::audit::{Check, Fix, Found, Rule, Severity, Subject};

pub(super) static RULE: Rule = Rule {
    code: "E003",
    name: "html-entity",
    severity: Severity::Warn,
    fix: Fix::Safe,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
HTML entities in text, by name (`&amp;`) or number (`&#x27;`). The text with the entities read once is
suggested.
## Why it matters
They are shown raw, and work keys hold their letters (`donx27tpanic`).
## Example
`Don&#x27;t panic`.
## Known gaps
Of the named entities the common ones are known. Links are not looked at.
## Source
HTML's list of named character references.",
    check: Check::record(check),
};

/// Names of entities and their characters, sorted. Origin: HTML's list, the part that bibliographic data use.
const ENTITIES: [(&str, char); 122] = [
    ("AElig", 'Æ'),
    ("Aacute", 'Á'),
    ("Acirc", 'Â'),
    ("Agrave", 'À'),
    ("Aring", 'Å'),
    ("Atilde", 'Ã'),
    ("Auml", 'Ä'),
    ("Ccedil", 'Ç'),
    ("Delta", 'Δ'),
    ("Eacute", 'É'),
    ("Ecirc", 'Ê'),
    ("Egrave", 'È'),
    ("Euml", 'Ë'),
    ("Gamma", 'Γ'),
    ("Iacute", 'Í'),
    ("Icirc", 'Î'),
    ("Igrave", 'Ì'),
    ("Iuml", 'Ï'),
    ("Ntilde", 'Ñ'),
    ("Oacute", 'Ó'),
    ("Ocirc", 'Ô'),
    ("Ograve", 'Ò'),
    ("Omega", 'Ω'),
    ("Oslash", 'Ø'),
    ("Otilde", 'Õ'),
    ("Ouml", 'Ö'),
    ("Scaron", 'Š'),
    ("Uacute", 'Ú'),
    ("Ucirc", 'Û'),
    ("Ugrave", 'Ù'),
    ("Uuml", 'Ü'),
    ("Yacute", 'Ý'),
    ("aacute", 'á'),
    ("acirc", 'â'),
    ("aelig", 'æ'),
    ("agrave", 'à'),
    ("alpha", 'α'),
    ("amp", '&'),
    ("apos", '\''),
    ("aring", 'å'),
    ("atilde", 'ã'),
    ("auml", 'ä'),
    ("beta", 'β'),
    ("bull", '•'),
    ("ccedil", 'ç'),
    ("chi", 'χ'),
    ("copy", '©'),
    ("deg", '°'),
    ("delta", 'δ'),
    ("divide", '÷'),
    ("eacute", 'é'),
    ("ecirc", 'ê'),
    ("egrave", 'è'),
    ("epsilon", 'ε'),
    ("eta", 'η'),
    ("eth", 'ð'),
    ("euml", 'ë'),
    ("frac12", '½'),
    ("gamma", 'γ'),
    ("ge", '≥'),
    ("gt", '>'),
    ("hellip", '…'),
    ("iacute", 'í'),
    ("icirc", 'î'),
    ("igrave", 'ì'),
    ("infin", '∞'),
    ("iuml", 'ï'),
    ("kappa", 'κ'),
    ("lambda", 'λ'),
    ("laquo", '«'),
    ("ldquo", '“'),
    ("le", '≤'),
    ("lsquo", '‘'),
    ("lt", '<'),
    ("mdash", '—'),
    ("micro", 'µ'),
    ("middot", '·'),
    ("minus", '−'),
    ("mu", 'μ'),
    ("nbsp", '\u{a0}'),
    ("ndash", '–'),
    ("ntilde", 'ñ'),
    ("nu", 'ν'),
    ("oacute", 'ó'),
    ("ocirc", 'ô'),
    ("oelig", 'œ'),
    ("ograve", 'ò'),
    ("omega", 'ω'),
    ("ordf", 'ª'),
    ("ordm", 'º'),
    ("oslash", 'ø'),
    ("otilde", 'õ'),
    ("ouml", 'ö'),
    ("para", '¶'),
    ("phi", 'φ'),
    ("pi", 'π'),
    ("plusmn", '±'),
    ("pound", '£'),
    ("psi", 'ψ'),
    ("quot", '"'),
    ("raquo", '»'),
    ("rdquo", '”'),
    ("reg", '®'),
    ("rho", 'ρ'),
    ("rsquo", '’'),
    ("scaron", 'š'),
    ("sect", '§'),
    ("sigma", 'σ'),
    ("szlig", 'ß'),
    ("tau", 'τ'),
    ("theta", 'θ'),
    ("thorn", 'þ'),
    ("times", '×'),
    ("trade", '™'),
    ("uacute", 'ú'),
    ("ucirc", 'û'),
    ("ugrave", 'ù'),
    ("uuml", 'ü'),
    ("yacute", 'ý'),
    ("yen", '¥'),
    ("yuml", 'ÿ'),
    ("zeta", 'ζ'),
];

/// Longest name in the table, in bytes.
const MAX_NAME: usize = 8;

fn check(subject: &Subject<'_>, found: &mut Found) {
    for (entry, mut suspects) in subject.texts_with(Sign::AMPERSAND) {
        let first = suspects.find_map(|value| decoded(value).map(|text| (value, text)));
        let Some((value, text)) = first else { continue };
        let problem = problem(entry, value, "the text holds an HTML entity");
        let after: Vec<String> = subject
            .record
            .values(entry)
            .iter()
            .map(|value| decoded(value).unwrap_or_else(|| value.clone().into_owned()))
            .collect();
        if after.iter().any(|text| is_damaged(text)) {
            found.add(problem);
        } else {
            found.add(problem.suggest(text).change_named(entry.name, after));
        }
    }
}

/// Whether an entity stands for no letter: the replacement character or a control character. The letter meant is lost,
/// and to write the character out would only trade this finding for one of E001 or E002.
fn is_damaged(text: &str) -> bool {
    text.chars().any(|letter| letter == char::REPLACEMENT_CHARACTER || letter.is_control())
}

/// The text with every entity read once; none if there is no entity.
fn decoded(value: &str) -> Option<String> {
    let first = memchr::memchr(b'&', value.as_bytes())?;
    if is_link(value) {
        return None;
    }
    let mut text = String::new();
    let mut rest = &value[first..];
    let mut has_entity = false;
    while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let (letter, length) = entity(rest).unwrap_or(('&', 1));
        has_entity |= length > 1;
        text.push(letter);
        rest = &rest[length..];
    }
    has_entity.then(|| format!("{}{text}{rest}", &value[..first]))
}

/// Names of signs, which have no case: in titles that were capitalised they are written so as well (`&Amp;`).
const SIGNS: [&str; 6] = ["amp", "apos", "gt", "lt", "nbsp", "quot"];

/// The entity at the start of the text, with its length in bytes.
fn entity(text: &str) -> Option<(char, usize)> {
    let length = text.bytes().take(MAX_NAME + 2).position(|byte| byte == b';')?;
    let name = &text[1..length];
    let letter = match name.strip_prefix('#') {
        Some(number) => char::from_u32(code(number)?)?,
        None => {
            let name = SIGNS.iter().find(|sign| sign.eq_ignore_ascii_case(name)).unwrap_or(&name);
            ENTITIES[ENTITIES.binary_search_by_key(name, |row| row.0).ok()?].1
        }
    };
    Some((letter, length + 1))
}

fn code(number: &str) -> Option<u32> {
    match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None => number.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, check_change, problems};

    #[test]
    fn entities_are_found() {
        assert!(super::ENTITIES.is_sorted());
        for (text, decoded) in [
            ("Don&#x27;t panic", "Don't panic"),
            ("Fish &amp; chips &amp;amp; peas", "Fish & chips &amp; peas"),
            ("M&uuml;ller &#8211; x", "Müller – x"),
            ("Aerotropism &Amp; Pathology &LT;x&Gt;", "Aerotropism & Pathology <x>"),
        ] {
            let found = problems(&RULE, &format!(r#"{{"title":"{text}"}}"#));
            assert_eq!(found[0].suggestion.as_deref(), Some(decoded));
        }
        check_change(&RULE, r#"{"topic":["a","b &amp; c","&lt;d"]}"#, &[("topic", "a | b & c | <d")]);
        for lost in ["Cura&#xFFFD;ao", "a &#7; b"] {
            let found = problems(&RULE, &format!(r#"{{"title":"{lost}"}}"#));
            assert_eq!((found.len(), found[0].suggestion.as_deref()), (1, None));
        }
        check(&RULE, r#"{"title":"R&D; results & more","url":["http://x.org/?a=b&copy;=1"]}"#, &[]);
    }
}
