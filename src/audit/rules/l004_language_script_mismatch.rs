//! L004: language script mismatch.

use unicode_script::{Script, UnicodeScript};

use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;
use crate::keys::language::Language;

/// Only some scripts are judged, and only records all of whose languages have theirs listed.
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
Only some scripts are judged, and only records all of whose languages are in the rule's list, which may stand
there as codes. Romanised titles are normal and not reported, nor are single Greek letters, which are signs of formulae.
## Source
Unicode's script property.",
    check: Check::record(check),
};

/// Languages and the judged scripts in which they are written; none for Latin only. Origin: Unicode's data on
/// languages. Sorted by name as in VuFind's map; languages that are not listed are not judged.
const SCRIPTS: [(&str, &[Script]); 92] = [
    ("Afrikaans", &[]),
    ("Arabic", &[Script::Arabic]),
    ("Aymara", &[]),
    ("Basque", &[]),
    ("Belarusian", &[Script::Cyrillic]),
    ("Bosnian", &[Script::Cyrillic, Script::Arabic]),
    ("Breton", &[]),
    ("Bulgarian", &[Script::Cyrillic]),
    ("Catalan", &[]),
    ("Chinese", &[Script::Han]),
    ("Corsican", &[]),
    ("Croatian", &[]),
    ("Czech", &[]),
    ("Danish", &[]),
    ("Dutch", &[]),
    ("English", &[]),
    ("Esperanto", &[]),
    ("Estonian", &[]),
    ("Faroese", &[]),
    ("Finnish", &[]),
    ("French", &[]),
    ("Frisian", &[]),
    ("Galician", &[]),
    ("German", &[]),
    ("Greek", &[Script::Greek]),
    ("Greek, Ancient (to 1453)", &[Script::Greek]),
    ("Greek, Modern (1453-)", &[Script::Greek]),
    ("Guarani", &[]),
    ("Haitian French Creole", &[]),
    ("Hausa", &[Script::Arabic]),
    ("Hawaiian", &[]),
    ("Hebrew", &[Script::Hebrew]),
    ("Hindi", &[Script::Devanagari]),
    ("Hungarian", &[]),
    ("Icelandic", &[]),
    ("Ido", &[]),
    ("Igbo", &[]),
    ("Indonesian", &[]),
    ("Irish", &[]),
    ("Italian", &[]),
    ("Japanese", &[Script::Han, Script::Hiragana, Script::Katakana]),
    ("Javanese", &[Script::Arabic]),
    ("Kinyarwanda", &[]),
    ("Korean", &[Script::Hangul, Script::Han]),
    ("Ladino", &[Script::Hebrew]),
    ("Latin", &[]),
    ("Latvian", &[]),
    ("Lithuanian", &[]),
    ("Low German", &[]),
    ("Luxembourgish", &[]),
    ("Macedonian", &[Script::Cyrillic]),
    ("Malay", &[Script::Arabic]),
    ("Maltese", &[]),
    ("Maori", &[]),
    ("Marathi", &[Script::Devanagari]),
    ("Nahuatl", &[]),
    ("Nepali", &[Script::Devanagari]),
    ("Norwegian", &[]),
    ("Norwegian (Bokmål)", &[]),
    ("Norwegian (Nynorsk)", &[]),
    ("Occitan (post-1500)", &[]),
    ("Persian", &[Script::Arabic]),
    ("Polish", &[]),
    ("Portuguese", &[]),
    ("Provençal (to 1500)", &[]),
    ("Quechua", &[]),
    ("Raeto-Romance", &[]),
    ("Romanian", &[Script::Cyrillic]),
    ("Russian", &[Script::Cyrillic]),
    ("Samoan", &[]),
    ("Scottish Gaelic", &[]),
    ("Serbian", &[Script::Cyrillic]),
    ("Shona", &[]),
    ("Slovak", &[]),
    ("Slovenian", &[]),
    ("Somali", &[Script::Arabic]),
    ("Sotho", &[]),
    ("Spanish", &[]),
    ("Swahili", &[Script::Arabic]),
    ("Swedish", &[]),
    ("Tagalog", &[]),
    ("Thai", &[Script::Thai]),
    ("Tswana", &[]),
    ("Turkish", &[Script::Arabic, Script::Greek]),
    ("Ukrainian", &[Script::Cyrillic]),
    ("Urdu", &[Script::Arabic]),
    ("Vietnamese", &[Script::Han]),
    ("Welsh", &[]),
    ("Xhosa", &[]),
    ("Yiddish", &[Script::Hebrew]),
    ("Yoruba", &[]),
    ("Zulu", &[]),
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
    let may_be_foreign = |title: &&str| !title.is_ascii() && title.contains(is_judged);
    let Some(title) = record.filled(Field::Title).filter(may_be_foreign) else { return };
    let languages = record.all(Field::Language);
    let used = languages.iter().map(|name| scripts_of(name)).collect::<Option<Vec<&[Script]>>>();
    let Some(used) = used.filter(|used| !used.is_empty()) else { return };
    let words = || title.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty());
    let is_foreign = |script: &Script| JUDGED.contains(script) && !used.iter().any(|scripts| scripts.contains(script));
    let n_foreign = words().filter(|word| !is_sign(word)).flat_map(letters).filter(is_foreign).count();
    if n_foreign > 0 && n_foreign * 5 >= words().flat_map(letters).count() * 3 {
        let message = format!("the title is not in the script of {}", languages.join(" or "));
        found.add(Problem::new(Field::Title, title, message));
    }
}

fn letters(word: &str) -> impl Iterator<Item = Script> + '_ {
    word.chars().map(script)
}

/// The script of a letter, without a search for those of the usual ones.
fn script(letter: char) -> Script {
    match letter {
        'a'..='z' | 'A'..='Z' => Script::Latin,
        '\u{391}'..='\u{3a1}' | '\u{3a3}'..='\u{3a9}' | '\u{3b1}'..='\u{3c9}' => Script::Greek,
        '\u{400}'..='\u{481}' => Script::Cyrillic,
        '\u{5d0}'..='\u{5ea}' => Script::Hebrew,
        '\u{620}'..='\u{63f}' | '\u{641}'..='\u{64a}' => Script::Arabic,
        '\u{3041}'..='\u{3096}' => Script::Hiragana,
        '\u{30a1}'..='\u{30fa}' => Script::Katakana,
        '\u{4e00}'..='\u{9fff}' => Script::Han,
        '\u{ac00}'..='\u{d7a3}' => Script::Hangul,
        _ => letter.script(),
    }
}

/// Whether a word is a Greek letter by itself, as formulae have it.
fn is_sign(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(|letter| script(letter) == Script::Greek) && letters.next().is_none()
}

/// The scripts of a language given by name or code.
fn scripts_of(language: &str) -> Option<&'static [Script]> {
    let of_name = |name: &str| SCRIPTS.binary_search_by_key(&name, |row| row.0).ok().map(|at| SCRIPTS[at].1);
    of_name(language).or_else(|| of_name(Language::of(language)?.facts().name))
}

#[cfg(test)]
mod tests {
    use unicode_script::UnicodeScript;

    use super::RULE;
    use crate::audit::rules::testing::check;

    #[test]
    fn usual_letters_have_their_script() {
        assert!(('\0'..='\u{ffff}').all(|letter| super::script(letter) == letter.script()));
    }

    #[test]
    fn titles_are_in_the_script_of_their_language() {
        assert!(super::SCRIPTS.is_sorted_by_key(|row| row.0));
        check(&RULE, r#"{"title":"Война и мир","language":["English"]}"#, &["title"]);
        check(&RULE, r#"{"title":"Война и мир","language":["English","Russian"]}"#, &[]);
        check(&RULE, r#"{"title":"Война и мир","language":["Chuvash"]}"#, &[]);
        for language in ["Vietnamese", "Swahili", "Galician", "eng"] {
            check(&RULE, &format!(r#"{{"title":"Война и мир","language":["{language}"]}}"#), &["title"]);
        }
        check(&RULE, r#"{"title":"Война и мир","language":["rus"]}"#, &[]);
        check(&RULE, r#"{"title":"σ, π, δ","language":["English"]}"#, &[]);
        check(&RULE, r#"{"title":"越南史略","language":["Vietnamese"]}"#, &[]);
        check(&RULE, r#"{"title":"Voĭna i mir","language":["Russian"]}"#, &[]);
        check(&RULE, r#"{"title":"α-synuclein in the aging brain","language":["English"]}"#, &[]);
    }
}
