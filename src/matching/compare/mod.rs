//! Two records → evidence and vetoes.
//!
//! Everything follows from the two records' features, so that a verdict never depends on what else is in
//! the file, and swapping the records changes nothing.

mod authors;
mod chapters;
mod citations;
mod cited;
mod dois;
pub(super) mod follow_up;
mod generic;
mod host;
mod numbers;
pub(super) mod printings;
mod statements;
mod title;
mod vetoes;
pub(in crate::matching) mod word_forms;
mod wording;

#[cfg(test)]
pub(super) use authors::{compare_bodies, compare_persons};
pub(super) use authors::{first_letter, squeeze_name, swapped};
pub(super) use cited::{
    LETTERS_PER_ERROR, MAX_NAME_LETTERS, MIN_CUT_LETTERS, MIN_RUN_ON, MIN_SHARED_WORDS, MIN_STEM, SHARED_WORDS,
    has_name,
};
pub(super) use dois::is_unplaced;
pub(super) use generic::is_generic;
pub(super) use host::{edition_class, extent_level, height_level, publisher_words, years as years_level};
pub(super) use title::{
    MIN_WITHIN_LETTERS, bears_kind, content_words, is_citation_word, squeeze, thematic_numbers_of, without_sibilants,
};
pub(super) use vetoes::find as find_vetoes;

use crate::keys::material::{Carriers, Classes};
use crate::keys::numbers::{canonical_number, is_designation, roman_numeral};
use crate::keys::{Features, IdKind};

use super::evidence::{Aspect, Comparison, Evidence, Kind, Level};
use super::weights::Weights;

/// Compares two records on every aspect that either says something about, and asks every veto.
pub fn compare(a: &Features, b: &Features, weights: &Weights) -> Comparison {
    let mut comparison = measure(a, b, weights);
    comparison.vetoes = vetoes::find(a, b, &comparison);
    comparison
}

/// [`compare`] that leaves the vetoes to be [asked](find_vetoes): most pairs weigh too little for these to matter.
pub(super) fn measure(a: &Features, b: &Features, weights: &Weights) -> Comparison {
    let kind = kind(a, b);
    let prior = weights.prior(kind);
    let mut comparison = Comparison { kind, prior, evidence: Vec::with_capacity(16), vetoes: Vec::new() };
    let mut add = |aspect: Aspect, level: Option<Level>| {
        if let Some(level) = level {
            comparison.evidence.push(Evidence { aspect, level, weight: weights.of(kind, aspect, level) });
        }
    };
    let title = title::compare(a, b, weights);
    add(Aspect::Title, title.map(|title| title.level));
    add(Aspect::Part, part(a, b));
    add(Aspect::Numbers, numbers::compare(a, b));
    let authors = authors::compare(a, b, weights);
    add(Aspect::Authors, authors.map(|authors| authors.level));
    add(Aspect::Year, host::years(a.years, b.years));
    if kind.is_component() {
        add(Aspect::Container, host::container(a, b));
        add(Aspect::Volume, host::volume(a, b));
        add(Aspect::Issue, host::issue(a, b));
        add(Aspect::Pages, host::pages(a, b));
    } else {
        add(Aspect::Publisher, host::publisher(a, b));
        add(Aspect::Place, host::place(a, b));
        add(Aspect::Edition, host::edition(a, b));
        add(Aspect::Extent, host::extent_level(a.extent, b.extent));
        add(Aspect::Height, host::height_level(a.extent, b.extent));
        add(Aspect::Series, host::series(a, b));
    }
    add(Aspect::Doi, dois::level(a, b));
    add(Aspect::ArticleNumber, host::identifiers(a, b, &[IdKind::Pmid, IdKind::Pmcid, IdKind::Arxiv]));
    add(Aspect::Oclc, host::identifiers(a, b, &[IdKind::Oclc]));
    if !kind.is_component() {
        // The ISBN of a component is its host's and says nothing about the component.
        add(Aspect::Isbn, host::identifiers(a, b, &[IdKind::Isbn]));
        if kind == Kind::Serial {
            add(Aspect::Issn, host::identifiers(a, b, &[IdKind::Issn]));
        }
    }
    add(Aspect::Language, languages(a, b));
    add(Aspect::Format, formats_level(a.classes, b.classes));
    add(Aspect::Summary, (kind.is_component() && dois::have_one_summary(a, b)).then_some(Level::Same));
    for (aspect, information) in [
        (Aspect::Title, title.map(|title| title.information)),
        (Aspect::Authors, authors.map(|authors| authors.information)),
    ] {
        comparison.scale(aspect, information.unwrap_or(1000));
    }
    let other_title = matches!(comparison.level(Aspect::Title), Some(Level::Weak | Level::Different));
    if other_title && vetoes::is_translated_title(a, b, &comparison) {
        comparison.set_level(Aspect::Title, Level::Translated, weights);
    }
    if comparison.level(Aspect::Pages) == Some(Level::Different) && host::is_paged_anew(a, b, &comparison) {
        comparison.set_level(Aspect::Pages, Level::Partial, weights);
    }
    if kind == Kind::Serial && has_other_subtitle(a, b, &comparison) {
        comparison.set_level(Aspect::Title, Level::Shortened, weights);
    }
    if kind == Kind::Serial && is_one_serial(a, b, &comparison) {
        // Serials change their publishers.
        for aspect in [Aspect::Publisher, Aspect::Place] {
            if comparison.level(aspect) == Some(Level::Different) {
                comparison.set_level(aspect, Level::OneMissing, weights);
            }
        }
    }
    if let Some(level) = dois::told_by_the_rest(a, b, &comparison) {
        comparison.set_level(Aspect::Doi, level, weights);
    }
    comparison
}

/// Whether two serials of one ISSN have one title proper, and subtitles that may be in other languages or of other years.
fn has_other_subtitle(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    comparison.level(Aspect::Issn) == Some(Level::Same)
        && a.title.main == b.title.main
        && comparison.level(Aspect::Title) > Some(Level::Shortened)
}

/// Whether two serials have one ISSN and title, and carriers that are told alike: print and online may share an ISSN.
fn is_one_serial(a: &Features, b: &Features, comparison: &Comparison) -> bool {
    let title = comparison.level(Aspect::Title);
    comparison.level(Aspect::Issn) == Some(Level::Same)
        && a.carriers.without(Carriers::VOLUMES) == b.carriers.without(Carriers::VOLUMES)
        && matches!(title, Some(Level::Same | Level::Similar | Level::Shortened | Level::Close))
}

fn kind(a: &Features, b: &Features) -> Kind {
    let both = [a, b];
    kind_of(both.map(Features::is_component), both.map(Features::is_bare_citation), both.map(|f| f.classes))
}

/// The kind of a pair. Components are compared as such even with a record that does not know its host.
pub(super) fn kind_of(is_component: [bool; 2], is_bare_citation: [bool; 2], classes: [Classes; 2]) -> Kind {
    let either = |wanted| classes.iter().any(|classes| classes.meets(wanted));
    match () {
        () if is_component != [false; 2] && is_bare_citation == [true; 2] => Kind::Citation,
        () if is_component != [false; 2] => Kind::Component,
        () if either(Classes::MEDIA) => Kind::Media,
        () if either(Classes::SERIAL) => Kind::Serial,
        () => Kind::Book,
    }
}

fn part(a: &Features, b: &Features) -> Option<Level> {
    match (a.title.part.is_empty(), b.title.part.is_empty()) {
        (true, true) => None,
        // The part may stand in the other's title or subtitle.
        (false, true) | (true, false)
            if a.title.with_part() == b.title.with_part()
                || title::same_words(&a.title.with_part(), &b.title.with_part()) =>
        {
            None
        }
        (false, true) | (true, false) => Some(Level::OneMissing),
        // One may have the beginning of the part in its title.
        (false, false) if a.title.part == b.title.part || a.title.with_part() == b.title.with_part() => {
            Some(Level::Same)
        }
        // `Band 2` and `Bd. II`.
        (false, false) if is_one_number(&a.title.part, &b.title.part) => Some(Level::Same),
        // `Envol 5. Lernpaket : Französisch`, `Envol. 5, Französisch : Lernpaket`
        (false, false) if title::same_words(&a.title.with_part(), &b.title.with_part()) => Some(Level::Same),
        (false, false) => {
            // `New York` and `New Hampshire` agree in most letters: words decide.
            let (x, y) = (&*a.title.part, &*b.title.part);
            Some(if title::same_words(x, y) || is_abbreviated(x, y) { Level::Similar } else { Level::Different })
        }
    }
}

/// Whether two parts have the same words one after the other, some of them cut: `Nachdr. der Ausg.`, `Nachdruck der Ausgabe`.
fn is_abbreviated(x: &str, y: &str) -> bool {
    const MIN_CUT: usize = 4;
    let is_cut =
        |p: &str, q: &str| p.starts_with(q) && q.len() >= MIN_CUT && !p.bytes().any(|byte| byte.is_ascii_digit());
    let (x, y): (Vec<&str>, Vec<&str>) = (x.split(' ').collect(), y.split(' ').collect());
    x.len() == y.len() && x.len() > 1 && x.iter().zip(&y).all(|(p, q)| p == q || is_cut(p, q) || is_cut(q, p))
}

/// Whether two parts have one number, and the same words but for those that say what is counted. One may leave out what
/// the part is called.
fn is_one_number(a: &str, b: &str) -> bool {
    let (x, y) = (told_of_part(a), told_of_part(b));
    let (short, long) = if x.len() <= y.len() { (&x, &y) } else { (&y, &x) };
    // `Ser. A`, `Series A`: a letter counts, too.
    let is_number = |word: &String| word.len() == 1 || word.bytes().all(|byte| byte.is_ascii_digit());
    short.iter().any(is_number)
        && long.starts_with(short)
        && (short.len() == long.len() || short.len() == 1 && !long[1..].iter().any(is_number))
}

/// The words of a part without those that say what is counted, numbers in digits.
fn told_of_part(part: &str) -> Vec<String> {
    let words: Vec<&str> = part.split(' ').filter(|word| *word != "the").collect();
    let mut told = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let follows_designation = at > 0 && is_designation(words[at - 1]);
        let number = canonical_number(word)
            .or_else(|| roman_numeral(word).filter(|_| follows_designation || !is_designation(word)));
        match number {
            Some(number) => told.push(number.to_string()),
            None if !is_designation(word) => told.push((*word).to_owned()),
            None => {}
        }
    }
    told
}

fn languages(a: &Features, b: &Features) -> Option<Level> {
    match (a.languages.is_empty(), b.languages.is_empty()) {
        (true, true) => None,
        (false, false) => {
            let meets = a.languages.iter().any(|language| b.languages.contains(language));
            Some(if meets && !are_translations(a, b) { Level::Same } else { Level::Different })
        }
        _ => Some(Level::OneMissing),
    }
}

/// Whether each text is in a language that the other record does not name. The language of the text comes first (MARC 008
/// and 041 $a), that of its original after it (041 $h): two translations share the latter.
fn are_translations(a: &Features, b: &Features) -> bool {
    let is_foreign = |x: &Features, y: &Features| x.languages.first().is_some_and(|first| !y.languages.contains(first));
    is_foreign(a, b) && is_foreign(b, a)
}

/// Format classes.
pub(super) fn formats_level(a: Classes, b: Classes) -> Option<Level> {
    match (a.is_empty(), b.is_empty()) {
        (true, true) => None,
        (false, false) if vetoes::formats_fit(a, b) => Some(Level::Same),
        (false, false) if vetoes::formats_waver(a, b) => Some(Level::Partial),
        (false, false) => Some(Level::Different),
        _ => Some(Level::OneMissing),
    }
}

#[cfg(test)]
mod tests {
    use super::super::evidence::Veto;
    use super::super::weights::Model;
    use super::*;
    use crate::input::Parser;

    fn features(json: &str) -> Features<'static> {
        Parser::default().parse(json.replacen('{', r#"{"id":"x","#, 1).as_bytes(), Features::of).expect("a record")
    }

    fn compared(a: &str, b: &str) -> Comparison {
        let weights = Weights::new(&Model::default()).expect("defaults");
        let (a, b) = (features(a), features(b));
        let there = compare(&a, &b, &weights);
        assert_eq!(there, compare(&b, &a, &weights), "comparison must be symmetric");
        there
    }

    #[test]
    fn a_record_and_itself_agree_on_everything_they_say() {
        let json = r#"{"title":"The use of social media","author":["Walsh, Louisa"],"publishDate":["2021"],"format":["Book"],
            "publisher":["Sage"],"physical":["284 p."],"edition":"2nd ed.","isbn":["9780306406157"],"language":["English"]}"#;
        let comparison = compared(json, json);
        assert!(comparison.evidence.iter().all(|evidence| evidence.level == Level::Same), "{comparison:?}");
        assert!(comparison.vetoes.is_empty());
    }

    fn check_veto(a: &str, b: &str, veto: Veto) {
        let comparison = compared(a, b);
        assert!(comparison.vetoes.contains(&veto), "{a} {b}: {comparison:?}");
        for record in [a, b] {
            let itself = compared(record, record).vetoes;
            // A bare title is thin evidence, even against itself.
            let thin = |veto: &Veto| matches!(veto, Veto::GenericTitle | Veto::HostUnknown);
            assert!(itself.iter().all(thin), "{record} against itself: {itself:?}");
        }
    }

    #[test]
    fn serials_of_one_issn_may_have_changed_their_publisher() {
        let level = |physical: &str| {
            let of = |publisher: &str, physical: &str| {
                format!(
                    r#"{{"title":"Nature","format":["Journal"],"issn":["0028-0836"],"publisher":["{publisher}"]{physical}}}"#
                )
            };
            compared(&of("Macmillan", ""), &of("Springer", physical)).level(Aspect::Publisher)
        };
        assert_eq!(level(r#","physical":["volumes : ill. ; 28 cm"]"#), Some(Level::OneMissing));
        assert_eq!(level(r#","physical":["1 online resource"]"#), Some(Level::Different));
    }

    #[test]
    fn a_part_may_stand_in_the_subtitle_of_the_other() {
        let kit = |full: &str, sub: &str| {
            format!(
                r#"{{"title":"Bonne chance! {sub}","title_short":"Bonne chance!","title_sub":"{sub}","title_full":"{full}","format":["Kit"]}}"#
            )
        };
        let part = kit(
            "Bonne chance! Lehrerhandbuch cours de langue, deuxième étape Sigrid Kessler",
            "cours de langue, deuxième étape",
        );
        let within = |what: &str| {
            let sub = format!("cours de langue : deuxième étape : {what}");
            kit(&format!("Bonne chance! {sub} Sigrid Kessler"), &sub)
        };
        let one = compared(&part, &within("Lehrerhandbuch"));
        assert_eq!((one.level(Aspect::Part), &one.vetoes[..]), (None, &[][..]));
        let other = compared(&part, &within("Schülerheft"));
        assert!(!other.vetoes.is_empty(), "{other:?}");
        check_same_part("Heft 3", "3. Heft");
        check_same_part("1", "Ensimmäinen osa");
        check_same_part("Tom pervyĭ", "T. 1");
    }

    fn check_same_part(x: &str, y: &str) {
        let of = |part: &str| {
            format!(
                r#"{{"title":"Chronik der Familie Bramberg","title_full":"Chronik der Familie Bramberg. {part} / von J. Bramberg","format":["Book"]}}"#
            )
        };
        let one = compared(&of(x), &of(y));
        assert_eq!((one.level(Aspect::Part), &one.vetoes[..]), (Some(Level::Same), &[][..]), "{x} / {y}");
    }

    #[test]
    fn serials_of_one_issn_change_their_subtitle() {
        let of = |sub: &str, issn: &str| {
            format!(
                r#"{{"title":"Geographica Helvetica : {sub}","title_short":"Geographica Helvetica","title_sub":"{sub}","format":["Journal"],"issn":["{issn}"]}}"#
            )
        };
        let german = of("schweizerische Zeitschrift für Länder- und Völkerkunde", "0016-7312");
        let level = |other: &str| compared(&german, other).level(Aspect::Title);
        assert_eq!(level(&of("Swiss journal of geography", "0016-7312")), Some(Level::Shortened));
        assert_ne!(level(&of("Swiss journal of geography", "2194-8798")), Some(Level::Shortened));
    }

    #[test]
    fn music_is_known_by_its_number_in_a_catalogue() {
        let score = |title: &str, composer: &str| {
            format!(r#"{{"title":"{title}","author":["{composer}"],"format":["MusicalScore"],"publishDate":["1961"]}}"#)
        };
        let mozart = "Mozart, Wolfgang Amadeus";
        let german = score("Klavierkonzert Nr. 20 d-Moll KV 466", mozart);
        let one = compared(&german, &score("Konzert in d für Klavier und Orchester K. 466", mozart));
        assert_eq!(one.level(Aspect::Title), Some(Level::Shortened));
        // An overture has the number of its opera: a person looks.
        assert_eq!(one.vetoes, [Veto::WordDiffers], "{one:?}");
        let opera = score("Die Zauberflöte KV 620", mozart);
        for excerpt in ["Ouvertüre zur Zauberflöte KV 620", "Highlights from The magic flute K. 620"] {
            assert!(!compared(&opera, &score(excerpt, mozart)).vetoes.is_empty(), "{excerpt}");
        }
        for other in [
            score("Konzert in c für Klavier und Orchester KV 491", mozart),
            score("Konzert in d für Klavier und Orchester KV 466", "Beck, Hermann"),
            score("Klavierkonzerte KV 466 und KV 467 für zwei Klaviere", mozart),
        ] {
            assert_ne!(compared(&german, &other).level(Aspect::Title), Some(Level::Shortened), "{other}");
        }
    }

    #[test]
    fn classic_false_merges_are_vetoed() {
        let title = |a: &str, b: &str, veto| {
            check_veto(&format!(r#"{{"title":"{a}"}}"#), &format!(r#"{{"title":"{b}"}}"#), veto)
        };
        title("History of Finland. Part 1", "History of Finland. Part 2", Veto::NumberDiffers);
        title("Statistics in medicine : volume I", "Statistics in medicine : volume II", Veto::NumberDiffers);
        title("Annual report 1998", "Annual report 1999", Veto::NumberDiffers);
        title("History of Finland", "History of Finland. Part 2", Veto::NumberOnOneSide);
        title("Aspirin in acute stroke", "Aspirin in acute stroke: reply", Veto::CorrectionOrReply);
        title("Aspirin in acute stroke", "Erratum: Aspirin in acute stroke", Veto::CorrectionOrReply);
        title("Programming in C", "Programming in C++", Veto::SignsDiffer);
        let fields = |a: &str, b: &str, veto| {
            check_veto(
                &format!(r#"{{"title":"A long enough title",{a}}}"#),
                &format!(r#"{{"title":"A long enough title",{b}}}"#),
                veto,
            )
        };
        fields(r#""edition":"2nd ed.""#, r#""edition":"3rd ed.""#, Veto::EditionDiffers);
        fields(r#""doi_str_mv":["10.1000/a1"]"#, r#""doi_str_mv":["10.1000/a2"]"#, Veto::DoiDiffers);
        fields(r#""language":["German"]"#, r#""language":["eng"]"#, Veto::LanguageDiffers);
        fields(r#""format":["Book"]"#, r#""format":["Book Chapter"]"#, Veto::FormatDiffers);
        fields(
            r#""format":["Book"],"physical":["1 Online-Ressource"]"#,
            r#""format":["Book"],"physical":["284 S."]"#,
            Veto::CarrierDiffers,
        );
        fields(
            r#""format":["Book"],"physical":["2 v."]"#,
            r#""format":["Book"],"physical":["5 v."]"#,
            Veto::ExtentDiffers,
        );
        fields(
            r#""format":["Book"],"physical":["3 Bde."]"#,
            r#""format":["Book"],"physical":["212 S."]"#,
            Veto::NumberOnOneSide,
        );
        fields(
            r#""format":["Book"],"edition":"Abridged ed.""#,
            r#""format":["Book"],"edition":"Student ed.""#,
            Veto::StatementsDiffer,
        );
        fields(
            r#""format":["Book"],"author":["Bramberg, Johann"],"physical":["212 p."]"#,
            r#""format":["Book"],"author":["Keller, Ida"],"physical":["312 p."]"#,
            Veto::AuthorsDiffer,
        );
        let dosing = "Opioid dosing in palliative wards";
        for mark in
            ["Kommentar zu: ", "Rezension zu: ", "Compte rendu de : ", "Respuesta a: ", "Publisher Correction: "]
        {
            title(dosing, &format!("{mark}{dosing}"), Veto::CorrectionOrReply);
        }
        for mark in ["response", "Author's response", "eine Erwiderung", "Stellungnahme", "réponse", "Discussion"] {
            title(dosing, &format!("{dosing} : {mark}"), Veto::CorrectionOrReply);
        }
        title("Editorial", "Editorial", Veto::GenericTitle);
    }

    #[test]
    fn a_doi_on_other_pages_under_another_title_is_the_hosts() {
        let article = |title: &str, pages: &str| {
            format!(
                r#"{{"title":"{title}","author":["Stark, H"],"container_title":"J Bone Joint Surg","container_volume":"59",
                "container_start_page":"{pages}","publishDate":["1977"],"doi_str_mv":["10.2106/00004623"],"format":["Article"]}}"#
            )
        };
        let (hamate, pisiform) = (
            article("Fracture of the hamate in golfers", "575"),
            article("Fracture of the pisiform in golfers", "601"),
        );
        assert!(compared(&hamate, &pisiform).vetoes.contains(&Veto::IdentifierOfAnother));
        assert_eq!(compared(&hamate, &hamate).vetoes, []);
    }

    #[test]
    fn a_chapter_under_the_isbn_of_its_book_is_not_the_book() {
        let book = |title: &str, more: &str| {
            format!(
                r#"{{"title":"{title}","author":["Busson Terry"],"publisher":["Greenwood"],"isbn":["0-313-25953-4"],
                "format":["Book"]{more}}}"#
            )
        };
        let policy = book("Policy Evaluation for Local Government", r#","physical":["243 p."]"#);
        let chapter = book("The Need for Program and Performance Evaluation in Local Government", "");
        assert!(compared(&policy, &chapter).vetoes.contains(&Veto::IdentifierOfAnother));
        let whole = book("Policy Evaluation for Local Government : a reader", "");
        assert_eq!(compared(&policy, &whole).vetoes, []);
    }

    #[test]
    fn other_names_on_one_printing_are_no_doubt() {
        let book = |author: &str, pages: &str| {
            format!(
                r#"{{"title":"The Diothas, or, A far look ahead","author":["{author}"],"publishDate":["1883"],
                "publisher":["Putnam"],"format":["Book"],"physical":["{pages} p."]}}"#
            )
        };
        assert_eq!(compared(&book("Thiusen, Ismar", "358"), &book("Macnie, John", "358")).vetoes, []);
        let other = compared(&book("Thiusen, Ismar", "358"), &book("Macnie, John", "212")).vetoes;
        assert!(other.contains(&Veto::AuthorsDiffer), "{other:?}");
    }

    /// What publishers called editions were printings, and numbers are mistyped; parts and new editions have other pages.
    #[test]
    fn other_statements_on_one_printing_are_a_doubt() {
        let book = |title: &str, more: &str, pages: &str| {
            format!(
                r#"{{"title":"{title}","author":["Agassiz, Louis"],"publishDate":["1869"],"publisher":["Ticknor and Fields"],
                "format":["Book"],"physical":["xix, {pages} p. 23 cm."]{more}}}"#
            )
        };
        let edition = |n: u8, pages| book("A journey in Brazil", &format!(r#","edition":"{n}th ed.""#), pages);
        assert_eq!(compared(&edition(6, "540"), &edition(7, "540")).vetoes, []);
        let revised = book("A journey in Brazil", r#","edition":"7th rev. ed.""#, "540");
        assert_eq!(compared(&edition(6, "540"), &revised).vetoes, [Veto::StatementsDiffer]);
        assert_eq!(compared(&edition(6, "540"), &edition(7, "552")).vetoes, [Veto::EditionDiffers]);
        assert_eq!(compared(&edition(6, "12"), &edition(7, "12")).vetoes, [Veto::EditionDiffers]);
        let series = |n: u8| book("A journey in Brazil", &format!(r#","series":["New travels ; no. {n}"]"#), "540");
        assert_eq!(compared(&series(8), &series(9)).vetoes, [Veto::StatementsDiffer]);
        let hosted = |n: u8| book("A journey in Brazil", &format!(r#","container_volume":"{n}""#), "540");
        assert_eq!(compared(&hosted(8), &hosted(9)).vetoes, [Veto::StatementsDiffer]);
        let language = |title: &str, of: &str| book(title, &format!(r#","language":["{of}"]"#), "540");
        let papyri = "Arabic papyri in the Egyptian library";
        let cut = |language: String| language.replace("xix, 540 p. 23 cm.", "v.");
        let [arabic, english] = ["Arabic", "English"].map(|of| cut(language(papyri, of)));
        assert_eq!(compared(&arabic, &english).vetoes, [Veto::StatementsDiffer]);
        let [german, english] = ["German", "English"].map(|of| cut(language("Emma", of)));
        assert_eq!(compared(&german, &english).vetoes, [Veto::LanguageDiffers]);
        let part = |n: u8| book(&format!("A journey in Brazil. Part {n}"), "", "540");
        assert_eq!(compared(&part(1), &part(2)).vetoes, [Veto::NumberDiffers]);
    }

    #[test]
    fn a_letter_off_in_a_long_title_of_one_year_is_an_error() {
        let book = |word: &str, pages: u32| {
            format!(
                r#"{{"title":"Pond life : being a plain account of the {word} creatures of brooks and of recent finds made there",
                "author":["Brandt, Ida"],"publishDate":["1911"],"publisher":["Blake"],"format":["Book"],"physical":["{pages} p."]}}"#
            )
        };
        assert_eq!(compared(&book("past", 199), &book("vast", 198)).vetoes, []);
        assert_eq!(compared(&book("past", 199), &book("vast", 180)).vetoes, [Veto::WordDiffers]);
        assert_eq!(compared(&book("past", 199), &book("many", 198)).vetoes, [Veto::WordDiffers]);
    }

    #[test]
    fn one_body_publishes_for_many() {
        let address = |speaker: &str, body: &str| {
            format!(
                r#"{{"title":"Presidential address","author":["{speaker}"],"author_corporate":["{body}"],"publishDate":["1911"],
                "format":["Book"],"physical":["12 p."]}}"#
            )
        };
        let society = "Fen Society";
        assert_eq!(
            compared(&address("Boult, Ida", society), &address("Abraham, Jan", society)).vetoes,
            [Veto::AuthorsDiffer]
        );
        assert_eq!(compared(&address("Boult, Ida", society), &address("Ida Boult", society)).vetoes, []);
        let rules = |publisher: &str| {
            format!(
                r#"{{"title":"Rules of membership and of the library","publishDate":["1911"],"publisher":["{publisher}"],
                "format":["Book"],"physical":["12 p."]}}"#
            )
        };
        assert_eq!(
            compared(&rules("Mechanics Institute, Keighley"), &rules("Mechanics Institute, Halifax")).vetoes,
            [Veto::AuthorsDiffer]
        );
        // Both must be bodies, whichever record comes first.
        for (one, other) in [("Blake, London", "Blake, Leeds"), ("Fen Society, Leeds", "Fen Press, Leeds")] {
            assert_eq!(compared(&rules(one), &rules(other)).vetoes, []);
            assert_eq!(compared(&rules(other), &rules(one)).vetoes, []);
        }
    }

    #[test]
    fn sets_and_reports_are_known_however_they_are_counted() {
        let letters = |date: &str, extent: &str| {
            format!(
                r#"{{"title":"Letters on parish matters","author":["Brandt, Ida"],"publishDate":["{date}"],
                "format":["Book"],"physical":["{extent}"]}}"#
            )
        };
        let (pages, volumes) = ("512 p.", "3 v.");
        assert_eq!(compared(&letters("1851-52", pages), &letters("1851-52", volumes)).vetoes, []);
        assert_eq!(compared(&letters("1851", pages), &letters("1851", volumes)).vetoes, [Veto::NumberOnOneSide]);
        let report = |title: &str, pages: u32| {
            format!(
                r#"{{"title":"{title}","author":["Brandt, Ida","Ott, Jan"],"publishDate":["1975"],
                "publisher":["University of Umea"],"format":["Book"],"physical":["{pages} p."]}}"#
            )
        };
        let plain = report("Freight on floating complexes", 119);
        let numbered = "Harbour development : freight on floating complexes, technical report no. 9";
        assert_eq!(compared(&plain, &report(numbered, 119)).vetoes, []);
        assert_eq!(compared(&plain, &report(numbered, 64)).vetoes, [Veto::NumberOnOneSide, Veto::PagesDiffer]);
    }

    #[test]
    fn tracks_of_one_record_are_told_apart() {
        let track = |n: u8| {
            format!(
                r#"{{"title":"Polska efter Lapp-Nils","format":["Journal"],"publishDate":["1987"],
                "container_title":"Levande musik","container_pages_str":"Track {n}"}}"#
            )
        };
        assert_eq!(compared(&track(2), &track(3)).vetoes, [Veto::HostPartDiffers]);
        assert_eq!(compared(&track(2), &track(2)).vetoes, []);
    }

    #[test]
    fn the_piece_on_page_one_of_every_volume_is_another_each_year() {
        let piece = |title: &str, volume: u8, year: u16| {
            format!(
                r#"{{"title":"{title}","author":["Avis, David","Fitz, Guy"],"publishDate":["{year}"],"container_title":"Systems",
                "container_volume":"{volume}","container_start_page":"1","container_pages_str":"1-2","format":["Article"]}}"#
            )
        };
        for title in ["Editorial", "What the year brought to the study of systems"] {
            let (one, next) = (piece(title, 10, 2000), piece(title, 11, 2001));
            assert_eq!(compared(&one, &next).vetoes, [Veto::HostPartDiffers], "{title}");
            // A wrong number.
            assert_eq!(compared(&one, &piece(title, 11, 2000)).vetoes, [], "{title}");
        }
    }

    #[test]
    fn a_piece_in_two_issues_is_doubtful_unless_their_pages_are_near() {
        let piece = |issue: u8, page: &str| {
            format!(
                r#"{{"title":"What the year brought to the study of systems","author":["Avis, David"],"publishDate":["2000"],
                "container_title":"Systems","container_volume":"24","container_issue":"{issue}",
                "container_start_page":"{page}","format":["Article"]}}"#
            )
        };
        assert_eq!(compared(&piece(1, ""), &piece(2, "")).vetoes, [Veto::InOtherIssue]);
        assert_eq!(compared(&piece(1, "3"), &piece(2, "190")).vetoes, [Veto::InOtherIssue]);
        assert_eq!(compared(&piece(1, "3"), &piece(2, "3")).vetoes, []);
    }

    #[test]
    fn books_of_paper_are_told_by_volumes_and_height_too() {
        let book = |physical: &str| {
            format!(
                r#"{{"title":"Henry of Guise","author":["James, Ada"],"publishDate":["1839"],"publisher":["Harper"],
                "physical":["{physical}"],"format":["Book"]}}"#
            )
        };
        for paper in ["2 v. ; 20 cm.", "2 v.", "ix p., 463 columns ; 29 cm."] {
            assert_eq!(compared(&book(paper), &book("1 online resource")).vetoes, [Veto::CarrierDiffers], "{paper}");
        }
        assert_eq!(compared(&book("v."), &book("v. : ill.")).vetoes, []);
    }

    #[test]
    fn a_paper_is_not_the_book_that_its_proceedings_are() {
        let paper = r#"{"title":"Rules for hired rides in large cities","author":["Reil, Kim"],"publishDate":["2019"],
            "container_title":"Proceedings of the Conference on Cities","container_pages_str":"12-19","format":["Conference Proceeding"]}"#;
        let book = |pages: u16| {
            format!(
                r#"{{"title":"Rules for hired rides in large cities","author":["Reil, Kim"],"publishDate":["2019"],
                "physical":["{pages} p."],"format":["Book"]}}"#
            )
        };
        assert!(compared(paper, &book(212)).vetoes.contains(&Veto::FormatDiffers));
        assert_eq!(compared(paper, &book(8)).vetoes, []);
    }

    #[test]
    fn follow_ups_of_follow_ups_and_indexes_are_told_apart() {
        let text = |title: &str| {
            format!(
                r#"{{"title":"{title}","author":["Myers, Mia"],"publishDate":["2019"],"container_title":"Systems",
                "container_volume":"34","container_pages_str":"188-189","format":["Article"]}}"#
            )
        };
        let reply = "Response to the critics of large systems";
        let erratum = compared(&text(reply), &text(&format!("Erratum: {reply}"))).vetoes;
        assert!(erratum.contains(&Veto::CorrectionOrReply), "{erratum:?}");
        assert_eq!(compared(&text(reply), &text(reply)).vetoes, []);
        let erratum = compared(&text("Editorial"), &text("Erratum: Editorial")).vetoes;
        assert!(erratum.contains(&Veto::CorrectionOrReply), "{erratum:?}");
        let book = |title: &str| format!(r#"{{"title":"{title}","author":["Myers, Mia"],"format":["Book"]}}"#);
        for companion in ["Index to A study of glaciers", "Study guide for A study of glaciers"] {
            let vetoes = compared(&book("A study of glaciers"), &book(companion)).vetoes;
            assert!(vetoes.contains(&Veto::NumberOnOneSide), "{companion}: {vetoes:?}");
        }
    }

    #[test]
    fn one_doi_title_and_authors_are_one_article_whatever_it_is_called() {
        let record = |format: &str, title: &str| {
            format!(
                r#"{{"title":"{title}","author":["Scherrer, Alexandra"],"doi_str_mv":["10.1093/cid/cir669"],"format":["{format}"]}}"#
            )
        };
        let article = record("Article", "Improved outcome in patients");
        assert_eq!(compared(&article, &record("Book", "Improved outcome in patients")).vetoes, []);
        let host = compared(&article, &record("Book", "Outcomes of infection")).vetoes;
        assert!(host.contains(&Veto::FormatDiffers), "{host:?}");
    }

    #[test]
    fn lists_can_be_searched() {
        assert!(host::EDITION_WORDS.is_sorted());
    }

    #[test]
    fn a_part_is_told_by_its_number() {
        let record = |part: &str| {
            format!(
                r#"{{"title":"Geschichte der Stadt Solothurn.","title_full":"Geschichte der Stadt Solothurn. {part} / Bruno Amiet","title_short":"Geschichte der Stadt Solothurn."}}"#
            )
        };
        for (one, other) in [
            ("Band 2", "Bd. II"),
            ("Tome III", "T. 3"),
            ("2. del", "Bind 2"),
            ("Volume secondo", "Vol. 2"),
            ("Bd. 1", "I"),
            ("T. V", "Tome 5"),
            ("Vol. 1, Fauna", "Vol. 1"),
        ] {
            let comparison = compared(&record(one), &record(other));
            assert_eq!(comparison.level(Aspect::Part), Some(Level::Same), "{one} {other}: {comparison:?}");
        }
        let reprint = |part: &str| record(&format!("Nachdr{part} 1771"));
        let comparison = compared(&reprint("uck der Ausgabe Hamburg"), &reprint(". der Ausg. Hamburg"));
        assert_eq!(comparison.level(Aspect::Part), Some(Level::Similar), "{comparison:?}");
        for (one, other) in [("Band 2", "Band 3"), ("Teil 2, Quellen", "Teil 2, Register"), ("Teil A", "Teil B")] {
            let comparison = compared(&record(one), &record(other));
            assert_ne!(comparison.level(Aspect::Part), Some(Level::Same), "{one} {other}: {comparison:?}");
        }
    }

    #[test]
    fn a_part_may_begin_in_the_title() {
        let record = |title: &str| {
            format!(r#"{{"title":"{title}","title_full":"A voice. Twelve chapters before. Two chapters after."}}"#)
        };
        let comparison = compared(&record("A voice."), &record("A voice. Twelve chapters before."));
        assert_eq!(comparison.level(Aspect::Part), Some(Level::Same), "{comparison:?}");
    }
}
