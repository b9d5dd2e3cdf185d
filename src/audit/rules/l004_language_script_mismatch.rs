//! L004: language script mismatch.

use unicode_script::{Script, UnicodeScript};

use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;

pub(super) static RULE: Rule = Rule {
    code: "L004",
    name: "language-script-mismatch",
    severity: Severity::Info,
    fix: Fix::None,
    aggregated: false,
    needs: &[Field::Language, Field::Title],
    skips_merged: false,
    explanation: "\
## What it finds
Titles of which at least 60 % of the letters are in a script that none of the record's languages uses.
## Why it matters
The language is a default value, or the code is wrong.
## Example
`Война и мир` with the language English.
## Known gaps
Only some scripts are judged, and only records all of whose languages are in the rule's list. Romanised titles
are normal and not reported.
## Source
Unicode's script property.",
    check: Check::record(check),
};

/// Languages and the judged scripts in which they are written; none for Latin only. Origin: Unicode's data on
/// languages. Sorted by name as in VuFind's map; languages that are not listed are not judged.
const SCRIPTS: [(&str, &[Script]); 40] = [
    ("Arabic", &[Script::Arabic]),
    ("Basque", &[]),
    ("Belarusian", &[Script::Cyrillic]),
    ("Bulgarian", &[Script::Cyrillic]),
    ("Catalan", &[]),
    ("Chinese", &[Script::Han]),
    ("Croatian", &[]),
    ("Czech", &[]),
    ("Danish", &[]),
    ("Dutch", &[]),
    ("English", &[]),
    ("Estonian", &[]),
    ("Finnish", &[]),
    ("French", &[]),
    ("German", &[]),
    ("Greek", &[Script::Greek]),
    ("Greek, Ancient (to 1453)", &[Script::Greek]),
    ("Greek, Modern (1453-)", &[Script::Greek]),
    ("Hebrew", &[Script::Hebrew]),
    ("Hindi", &[Script::Devanagari]),
    ("Hungarian", &[]),
    ("Icelandic", &[]),
    ("Irish", &[]),
    ("Italian", &[]),
    ("Japanese", &[Script::Han, Script::Hiragana, Script::Katakana]),
    ("Korean", &[Script::Hangul, Script::Han]),
    ("Latin", &[]),
    ("Latvian", &[]),
    ("Lithuanian", &[]),
    ("Norwegian", &[]),
    ("Persian", &[Script::Arabic]),
    ("Polish", &[]),
    ("Portuguese", &[]),
    ("Russian", &[Script::Cyrillic]),
    ("Slovak", &[]),
    ("Spanish", &[]),
    ("Swedish", &[]),
    ("Thai", &[Script::Thai]),
    ("Ukrainian", &[Script::Cyrillic]),
    ("Welsh", &[]),
];

/// The scripts that are judged.
const JUDGED: [Script; 10] = [
    Script::Cyrillic,
    Script::Greek,
    Script::Han,
    Script::Hiragana,
    Script::Katakana,
    Script::Hangul,
    Script::Arabic,
    Script::Hebrew,
    Script::Devanagari,
    Script::Thai,
];

/// First character that may be a letter of one of them.
const FIRST_JUDGED: char = '\u{370}';

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    let is_judged = |letter: char| letter >= FIRST_JUDGED && letter.is_alphabetic();
    let Some(title) = record.filled(Field::Title).filter(|title| title.contains(is_judged)) else { return };
    let languages = record.all(Field::Language);
    if languages.is_empty() || languages.iter().any(|name| scripts_of(name).is_none()) {
        return;
    }
    let letters = || title.chars().filter(|letter| letter.is_alphabetic()).map(|letter| letter.script());
    let is_foreign = |script: &Script| {
        let is_used = |name| scripts_of(name).is_some_and(|scripts| scripts.contains(script));
        JUDGED.contains(script) && !languages.iter().any(|name| is_used(name))
    };
    let n_foreign = letters().filter(is_foreign).count();
    if n_foreign > 0 && n_foreign * 5 >= letters().count() * 3 {
        let message = format!("the title is not in the script of {}", languages.join(" or "));
        found.add(Problem::new(Field::Title, title, message));
    }
}

fn scripts_of(name: &str) -> Option<&'static [Script]> {
    SCRIPTS.binary_search_by_key(&name, |row| row.0).ok().map(|at| SCRIPTS[at].1)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::check;

    #[test]
    fn titles_are_in_the_script_of_their_language() {
        assert!(super::SCRIPTS.is_sorted_by_key(|row| row.0));
        check(&RULE, r#"{"title":"Война и мир","language":["English"]}"#, &["title"]);
        check(&RULE, r#"{"title":"Война и мир","language":["English","Russian"]}"#, &[]);
        check(&RULE, r#"{"title":"Война и мир","language":["Chuvash"]}"#, &[]);
        check(&RULE, r#"{"title":"Voĭna i mir","language":["Russian"]}"#, &[]);
        check(&RULE, r#"{"title":"α-synuclein in the aging brain","language":["English"]}"#, &[]);
    }
}
