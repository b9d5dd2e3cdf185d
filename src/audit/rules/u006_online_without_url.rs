//! U006: online without url.

use super::links::strip_start;
use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;
use crate::keys::seek::holds_in_any_case;

/// A DOI, the number of a full text, or a link in the description will do; electronic carriers need none.
pub(super) static RULE: Rule = Rule {
    code: "U006",
    name: "online-without-url",
    severity: Severity::Warn,
    fix: Fix::None,
    aggregated: false,
    needs: &[Field::Url, Field::Format],
    skips_merged: false,
    explanation: "\
## What it finds
Records whose format or collection says that they are online, without a link, a DOI or the number of a full
text.
## Why it matters
Readers cannot reach what the catalogue promises.
## Example
Format `eBook` and no url.
## Known gaps
Some installations add links when they display the record. A link in the description counts. Electronic carriers such as CD-ROMs, and programs, are
not reported. `Electronic` counts alone, at the end, and before words such as `Resource`, in Romance
languages and Indonesian behind them. Labels are known in the languages of Europe, Turkish, Vietnamese, Chinese, Japanese and
Korean.
## Source
VuFind's record drivers build the links from url, and from DOIs where so configured.",
    check: Check::record(check),
};

/// Words of format and collection names that mean online, lower-case. Origin: VuFind's format map and usual labels.
const ONLINE: [&str; 37] = [
    "earticle",
    "earticles",
    "eaudiobook",
    "eaudiobooks",
    "ebook",
    "ebooks",
    "ejournal",
    "ejournals",
    "electronicarticle",
    "electronicbook",
    "electronicbookcomponentpart",
    "electronicbookpart",
    "electronicjournal",
    "electronicnewspaper",
    "electronicperiodical",
    "electronicresource",
    "electronicserial",
    "electronicthesis",
    "emagazine",
    "emagazines",
    "eresource",
    "eresources",
    "etext",
    "evideo",
    "evideos",
    "netbog",
    "online",
    "onlinezeitschrift",
    "rafbók",
    "streaming",
    "verkkoaineisto",
    "verkkojulkaisu",
    "verkkolehti",
    "võrguteavik",
    "webseite",
    "website",
    "websites",
];

/// Words that mean online only before one of [`KINDS`], or at the end of the name.
const QUALIFIERS: [&str; 44] = [
    "e",
    "el",
    "electronic",
    "elektronická",
    "elektronické",
    "elektronický",
    "elektroniczny",
    "elektronikus",
    "elektroninen",
    "elektroniniai",
    "elektroninis",
    "elektroninė",
    "elektronische",
    "elektronischer",
    "elektronisches",
    "elektronisk",
    "elektroniska",
    "elektroniskais",
    "elektroniskie",
    "elektronička",
    "elektroničke",
    "elektronički",
    "elektronska",
    "elektronske",
    "elektronski",
    "elektronsko",
    "elektrooniline",
    "internet",
    "ηλεκτρονικά",
    "ηλεκτρονικές",
    "ηλεκτρονική",
    "ηλεκτρονικό",
    "електронен",
    "електронна",
    "електронни",
    "електронний",
    "електронні",
    "електронска",
    "електронски",
    "електронско",
    "электронная",
    "электронное",
    "электронные",
    "электронный",
];

/// Kinds of things that are read. In their singular, lower-case.
const KINDS: [&str; 93] = [
    "access",
    "article",
    "book",
    "collection",
    "content",
    "dissertation",
    "document",
    "edition",
    "journal",
    "publication",
    "resource",
    "serial",
    "text",
    "thesis",
    "title",
    "version",
    "magazine",
    "audiobook",
    "video",
    "ressource",
    "ressourcen",
    "zeitschrift",
    "buch",
    "publikation",
    "hochschulschrift",
    "zeitschriften",
    "bücher",
    "publikationen",
    "dokument",
    "dokumente",
    "medien",
    "aineisto",
    "artikel",
    "bok",
    "boek",
    "dokumentum",
    "kirja",
    "kniha",
    "lehti",
    "resurs",
    "theses",
    "tidskrift",
    "tijdschrift",
    "zasób",
    "zdroj",
    "zdroje",
    "bog",
    "časopis",
    "dergi",
    "folyóirat",
    "gradivo",
    "grāmata",
    "ištekliai",
    "išteklius",
    "izvor",
    "izvori",
    "kaynak",
    "kitap",
    "knjiga",
    "knjige",
    "knyga",
    "knygos",
    "könyv",
    "raamat",
    "resurss",
    "resursi",
    "ressurss",
    "revija",
    "tidsskrift",
    "vir",
    "viri",
    "ajakiri",
    "ресурс",
    "ресурси",
    "ресурсы",
    "книга",
    "книги",
    "журнал",
    "журналы",
    "журнали",
    "видання",
    "издание",
    "издания",
    "списание",
    "документ",
    "извор",
    "часопис",
    "πηγή",
    "πηγές",
    "βιβλίο",
    "βιβλία",
    "περιοδικό",
    "τεκμήριο",
];

/// The same in languages in which the word stands behind the kind: starts of it, and kinds without the plural.
const QUALIFIERS_BEHIND: [&str; 7] =
    ["électroni", "electróni", "eletrôni", "eletróni", "elettroni", "electròni", "elektronik"];
const KINDS_BEFORE: [&str; 20] = [
    "article",
    "articolo",
    "artigo",
    "artículo",
    "buku",
    "document",
    "dokumen",
    "jurnal",
    "libro",
    "livre",
    "livro",
    "llibre",
    "recurs",
    "recurso",
    "ressource",
    "revista",
    "revue",
    "risorsa",
    "sumber",
    "thèse",
];

/// The same as one text, in languages that set no blanks between words or have the qualifier behind in another form. All of
/// them hold letters beyond ASCII.
const PHRASES: [&str; 24] = [
    "carte electronică",
    "carți electronice",
    "resursă electronică",
    "revistă electronică",
    "nguồn điện tử",
    "sách điện tử",
    "tài liệu điện tử",
    "tạp chí điện tử",
    "電子ジャーナル",
    "電子ブック",
    "電子書",
    "電子期刊",
    "電子資料",
    "電子資源",
    "电子书",
    "电子图书",
    "电子期刊",
    "电子资源",
    "オンライン",
    "전자책",
    "전자자료",
    "전자저널",
    "온라인",
    "線上",
];

/// Phrases that mean online. Origin: labels in French, Spanish, Portuguese, Turkish and Basque.
const IN_LINE: [&str; 7] = [
    "en ligne",
    "en línea",
    "em linha",
    "elektronik kaynak",
    "elektronik kitap",
    "elektronik dergi",
    "liburu elektroniko",
];

/// Parts of names and descriptions that mean a carrier or a program on one. Origin: VuFind's format map, which makes
/// `Software` of CD-ROMs.
const CARRIERS: [&str; 9] = ["cd", "dvd", "disc", "disk", "disq", "microf", "software", "usb", "cassette"];

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    if record.filled(Field::Url).is_some() {
        return;
    }
    let Some(value) = record.all_of(&[Field::Format, Field::Collection]).find(|value| says_online(value)) else {
        return;
    };
    let is_carrier = record.all_of(&[Field::Format, Field::Physical]).any(names_carrier);
    let identifiers =
        [Field::DoiStrMv, Field::PmcidStrMv, Field::ArxivStr, Field::Fulltext, Field::PmidStrMv, Field::PmidStr];
    // Fields of one's own may be called `fulltext_id_str`.
    let is_of_text = |name: &str| name == PMCID || name.starts_with("fulltext_");
    let has_own = || record.entries().iter().any(|entry| is_of_text(entry.name) && !record.values(entry).is_empty());
    let is_described = || record.filled(Field::Description).is_some_and(holds_link);
    if !is_carrier && identifiers.iter().all(|&field| record.filled(field).is_none()) && !has_own() && !is_described() {
        found.add(Problem::new(Field::Url, "", format!("`{value}` is said to be online, and there is no link")));
    }
}

/// The field for a PubMed Central number in indexes that have one at most.
const PMCID: &str = "pmcid_str";

/// Whether a format or collection is said to be online: `Online`, `E-Book`, `Electronic Resource`, but neither
/// `Nonline` nor `Electronic Engineering Library`.
fn says_online(value: &str) -> bool {
    let mut words = value.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).peekable();
    let is = |word: &str, known: &str| {
        word.eq_ignore_ascii_case(known)
            || !word.is_ascii() && !known.is_ascii() && word.chars().flat_map(char::to_lowercase).eq(known.chars())
    };
    let is_kind = |word: &str| {
        let plain = word.strip_suffix(['s', 'S']).unwrap_or(word);
        KINDS.iter().any(|kind| is(word, kind) || is(plain, kind))
    };
    let is_held = |words: &&str| holds_in_any_case(value, words);
    if IN_LINE.iter().any(is_held) || !value.is_ascii() && PHRASES.iter().any(is_held) {
        return true;
    }
    let mut before = "";
    while let Some(word) = words.next() {
        let previous = std::mem::replace(&mut before, word);
        let is_behind = || {
            let plain = previous.strip_suffix('s').unwrap_or(previous);
            QUALIFIERS_BEHIND.iter().any(|start| strip_start(word, start).is_some())
                && KINDS_BEFORE.iter().any(|kind| is(plain, kind) || is(previous, kind))
        };
        if is_behind() {
            return true;
        }
        let is_qualifier = QUALIFIERS.iter().any(|known| is(word, known));
        let is_last = || word.len() > 1;
        if ONLINE.iter().any(|known| is(word, known))
            || is_qualifier && words.peek().map_or_else(is_last, |next| is_kind(next))
        {
            return true;
        }
    }
    false
}

fn holds_link(text: &str) -> bool {
    ["http://", "https://", "doi.org/", "www."].iter().any(|start| holds_in_any_case(text, start))
}

fn names_carrier(value: &str) -> bool {
    CARRIERS.iter().any(|word| holds_in_any_case(value, word))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::check;

    #[test]
    fn online_things_have_a_link() {
        check(&RULE, r#"{"format":["eBook"]}"#, &["url"]);
        check(&RULE, r#"{"format":["Online"],"url":["https://x.org/"]}"#, &[]);
        check(&RULE, r#"{"format":["Electronic"],"physical":["1 CD-ROM"]}"#, &[]);
        check(&RULE, r#"{"format":["Book"]}"#, &[]);
        check(&RULE, r#"{"format":["eBook"],"description":"Full text: https://x.org/12"}"#, &[]);
        for format in [
            "Elektronische Ressource",
            "Електронний ресурс",
            "Ηλεκτρονικό βιβλίο",
            "E-raamat",
            "Resursă electronică",
            "Recurs electrònic",
            "電子書籍",
            "전자책",
            "ElectronicBookPart",
            "Elektronische Zeitschriften",
            "E-Ressourcen",
            "eAudiobook",
            "E-Video",
            "Online",
            "E-Book",
            "eArticle",
            "E-Resource",
            "Electronic",
            "Electronic Resources",
            "Ressource électronique",
            "Recursos electrónicos",
            "Livre, électronique",
            "Book, electronic",
        ] {
            check(&RULE, &format!(r#"{{"format":["{format}"]}}"#), &["url"]);
        }
        for collection in [
            "Elektronische Musik",
            "Nonline",
            "Consumer electronics",
            "Elektronik",
            "Електроніка",
            "Electronics Library",
            "Electronic Engineering Library",
            "Génie électronique",
            "E",
        ] {
            check(&RULE, &format!(r#"{{"format":["Book"],"collection":["{collection}"]}}"#), &[]);
        }
        check(&RULE, r#"{"format":["Electronic Device"]}"#, &[]);
        check(&RULE, r#"{"format":["Electronic","Software"]}"#, &[]);
        check(&RULE, r#"{"format":["Electronic"],"physical":["1 disquette"]}"#, &[]);
        check(&RULE, r#"{"format":["Online"],"pmcid_str":"PMC1"}"#, &[]);
    }

    #[test]
    fn online_has_many_words() {
        for format in ["Ressource en ligne", "E-Artikel", "Website", "Elektronický zdroj", "E-kirja"] {
            check(&RULE, &format!(r#"{{"format":["{format}"]}}"#), &["url"]);
        }
        check(&RULE, r#"{"format":["Book"],"collection":["Electronic Theses"]}"#, &["url"]);
        check(&RULE, r#"{"format":["eBook"],"fulltext_id_str":"ft-17"}"#, &[]);
    }
}
