//! Pairs that belong together and are no duplicates: versions, translations, parts, comments.
//!
//! A relation needs titles and authors that agree as far as its kind requires, and something certain that
//! tells the records apart. Precision goes before recall: a relation of common words is worse than none.

use serde::Serialize;

use crate::keys::Features;
use crate::keys::features::{IdKind, Years};
use crate::keys::material::Classes;
use crate::keys::text::skeleton;
use crate::keys::title::{Title, canonical_number};

use super::candidates::Pair;
use super::compare::{is_generic, squeeze};
use super::evidence::{Aspect, Comparison, Kind, Level, Veto};
use super::score::Verdict;

/// How two records belong together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// One work in another version: preprint, edition, printing, carrier.
    Version,
    /// One work in another language.
    Translation,
    /// Part and whole, or two parts of one whole.
    Part,
    /// A text about the other: correction, reply, review, protocol.
    Comment,
}

impl Relation {
    /// All relations, in the order in which they are counted.
    pub const ALL: [Relation; 4] = [Relation::Version, Relation::Translation, Relation::Part, Relation::Comment];

    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Relation::Version => "version",
            Relation::Translation => "translation",
            Relation::Part => "part",
            Relation::Comment => "comment",
        }
    }
}

/// What exactly the relation is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Detail {
    /// Version: preprint and publication, or two preprints.
    Preprint,
    /// Version: DOIs that differ in their version only.
    DoiVersion,
    /// Version: conference paper or abstract, and article.
    Conference,
    /// Version: another carrier, such as print and online.
    Carrier,
    /// Version: another edition of a book.
    Edition,
    /// Version: another printing of a book by the same publisher.
    Printing,
    /// Translation: another language.
    Language,
    /// Part: one volume, and the whole.
    VolumeOfSet,
    /// Part: two volumes or numbered parts of one whole.
    Volume,
    /// Part: two named parts of one whole.
    NamedPart,
    /// Part: a chapter, and its book.
    Chapter,
    /// Part: a supplement, and the article it belongs to.
    Supplement,
    /// Comment: erratum, corrigendum, addendum.
    Erratum,
    /// Comment: retraction or expression of concern.
    Retraction,
    /// Comment: reply, rejoinder.
    Reply,
    /// Comment: comment, discussion, letter.
    Comment,
    /// Comment: review.
    Review,
    /// Comment: protocol of a study.
    Protocol,
}

impl Detail {
    /// The relation it is a case of.
    pub fn relation(self) -> Relation {
        match self {
            Detail::Preprint
            | Detail::DoiVersion
            | Detail::Conference
            | Detail::Carrier
            | Detail::Edition
            | Detail::Printing => Relation::Version,
            Detail::Language => Relation::Translation,
            Detail::VolumeOfSet | Detail::Volume | Detail::NamedPart | Detail::Chapter | Detail::Supplement => {
                Relation::Part
            }
            Detail::Erratum
            | Detail::Retraction
            | Detail::Reply
            | Detail::Comment
            | Detail::Review
            | Detail::Protocol => Relation::Comment,
        }
    }
}

/// A pair with its relation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Related {
    /// The records.
    pub pair: Pair,
    /// How they belong together.
    pub detail: Detail,
}

/// The relation of two records, if they have one that is certain enough to be listed.
///
/// Swapping the records changes nothing. Duplicates, possible ones included, have none: they are proposed.
pub fn relation(a: &Features, b: &Features, comparison: &Comparison, verdict: Verdict) -> Option<Detail> {
    if verdict != Verdict::Apart {
        return None;
    }
    let case = Case { a, b, comparison };
    let found = case.comment().or_else(|| case.part()).or_else(|| case.translation()).or_else(|| case.version());
    // Few pairs come this far, and most pairs have plain titles.
    found.filter(|_| !is_generic(a) && !is_generic(b))
}

/// A sentence on why two records have a relation and are no duplicates.
pub fn reason(detail: Detail, a: &Features, b: &Features, comparison: &Comparison) -> String {
    let case = Case { a, b, comparison };
    let which = |is_a: bool| if is_a { ("a", "b") } else { ("b", "a") };
    match detail {
        Detail::Preprint if a.is_preprint == b.is_preprint => {
            "both are preprints of one work, from different servers or in different versions".to_owned()
        }
        Detail::Preprint => {
            let (preprint, published) = which(a.is_preprint);
            format!("{preprint} is a preprint or working paper of the work that {published} publishes")
        }
        Detail::DoiVersion => "the DOIs name two versions of one work".to_owned(),
        Detail::Conference => {
            let (paper, article) = which(is_conference(a));
            format!("{paper} is the conference paper or abstract of the article {article}")
        }
        Detail::Carrier => "title and authors agree, but the carriers differ, such as print and online".to_owned(),
        Detail::Edition | Detail::Printing => case.edition_reason(detail),
        Detail::Language => {
            "the title of one is another title of the other, the authors agree, and the languages differ".to_owned()
        }
        Detail::VolumeOfSet => {
            let (volume, set) = which(!part_numbers(&a.title).numbers.is_empty());
            format!("{volume} is a numbered volume or part; {set} has no number: the whole, or a part by itself")
        }
        Detail::Volume => "the titles agree, but name different volumes or parts of one whole".to_owned(),
        Detail::NamedPart => "the titles agree, but name different parts of one whole".to_owned(),
        Detail::Chapter => {
            let (chapter, book) = which(a.is_component());
            format!("{chapter} is a chapter of the book {book}")
        }
        Detail::Supplement
        | Detail::Erratum
        | Detail::Retraction
        | Detail::Reply
        | Detail::Comment
        | Detail::Review
        | Detail::Protocol => {
            let (about, work) = which(follow_up(&a.title, &b.title).is_some());
            format!("the title of {about} says that it is {} {work}", follow_up_phrase(detail))
        }
    }
}

/// Two records and what comparing them gave.
struct Case<'a> {
    a: &'a Features<'a>,
    b: &'a Features<'a>,
    comparison: &'a Comparison,
}

/// Fewest letters of a title that names one work, given its authors.
const MIN_TITLE_LETTERS: usize = 8;
/// Fewest letters of a title that names one set or one host.
const MIN_STEM_LETTERS: usize = 10;

impl Case<'_> {
    fn level(&self, aspect: Aspect) -> Option<Level> {
        self.comparison.level(aspect)
    }

    fn is(&self, aspect: Aspect, levels: &[Level]) -> bool {
        self.level(aspect).is_some_and(|level| levels.contains(&level))
    }

    fn has(&self, veto: Veto) -> bool {
        self.comparison.vetoes.contains(&veto)
    }

    /// Whether no veto stands but these.
    fn only(&self, allowed: &[Veto]) -> bool {
        self.comparison.vetoes.iter().all(|veto| allowed.contains(veto))
    }

    fn either(&self, holds: impl Fn(&Features) -> bool) -> bool {
        holds(self.a) || holds(self.b)
    }

    fn both(&self, holds: impl Fn(&Features) -> bool) -> bool {
        holds(self.a) && holds(self.b)
    }

    fn title_agrees(&self) -> bool {
        self.is(Aspect::Title, &[Level::Same, Level::Similar, Level::Shortened])
    }

    fn authors_agree(&self) -> bool {
        self.is(Aspect::Authors, &[Level::Same, Level::Similar, Level::Shortened])
    }

    fn shares_identifier(&self) -> bool {
        [Aspect::Doi, Aspect::ArticleNumber, Aspect::Isbn].iter().any(|&aspect| self.is(aspect, &[Level::Same]))
    }

    /// Years between the records; none if one of them gives no year.
    fn years_between(&self) -> Option<u16> {
        let (x, y) = (self.a.years.first, self.b.years.first);
        (x > 0 && y > 0).then(|| x.abs_diff(y))
    }

    fn within_years(&self, most: u16) -> bool {
        self.years_between().is_none_or(|gap| gap <= most)
    }

    /// Words of the shorter of the two titles.
    fn title_words(&self) -> usize {
        let words = |features: &Features| features.title.whole().split(' ').count();
        words(self.a).min(words(self.b))
    }

    fn comment(&self) -> Option<Detail> {
        // A mark before the title of one and the same article is a state of it, not another text.
        if self.shares_identifier() {
            return None;
        }
        let of_a = follow_up(&self.a.title, &self.b.title);
        let of_b = follow_up(&self.b.title, &self.a.title);
        let ((Some(detail), None) | (None, Some(detail))) = (of_a, of_b) else { return None };
        let is_of_authors =
            matches!(detail, Detail::Erratum | Detail::Retraction | Detail::Protocol | Detail::Supplement);
        let authors_clash = self.is(Aspect::Authors, &[Level::Different, Level::Weak]);
        let most_years = if detail == Detail::Review { 100 } else { 10 };
        (self.within_years(most_years) && !(is_of_authors && authors_clash)).then_some(detail)
    }

    fn part(&self) -> Option<Detail> {
        self.chapter().or_else(|| self.volume()).or_else(|| self.named_part())
    }

    /// A chapter whose host is the other record: title and year or ISBN of the host agree, or, where the chapter
    /// names no host, ISBN and year.
    fn chapter(&self) -> Option<Detail> {
        let (part, host) = match (self.a.is_component(), self.b.is_component()) {
            (true, false) => (self.a, self.b),
            (false, true) => (self.b, self.a),
            _ => return None,
        };
        if !host.classes.meets(Classes::BOOK.with(Classes::CONFERENCE)) || self.title_agrees() {
            return None;
        }
        let named = squeeze(&part.container);
        let is_named = named.len() >= MIN_STEM_LETTERS
            && (named == squeeze(&host.title.main) || named == squeeze(&host.title.whole()));
        let shares_isbn =
            part.identifiers_of(IdKind::Isbn).any(|isbn| host.identifiers_of(IdKind::Isbn).any(|other| other == isbn));
        let one_year = self.years_between() == Some(0);
        let is_chapter = part.classes.meets(Classes::CHAPTER.with(Classes::CONFERENCE));
        let numbers_fit = !self.has(Veto::NumberDiffers) || shares_isbn;
        (is_chapter
            && numbers_fit
            && ((is_named && (one_year || shares_isbn)) || (shares_isbn && part.container.is_empty() && one_year)))
            .then_some(Detail::Chapter)
    }

    /// Two numbered parts of one whole, or one of them beside the whole.
    fn volume(&self) -> Option<Detail> {
        if !self.has(Veto::NumberDiffers) && !self.has(Veto::NumberOnOneSide) {
            return None;
        }
        let (x, y) = (part_numbers(&self.a.title), part_numbers(&self.b.title));
        let one_stem = x.stem == y.stem && x.stem.len() >= MIN_STEM_LETTERS;
        let others = [
            Veto::DoiDiffers,
            Veto::ArticleNumberDiffers,
            Veto::ExtentDiffers,
            Veto::HostPartDiffers,
            Veto::PartDiffers,
        ];
        if !one_stem || !self.has_one_maker() {
            return None;
        }
        match (x.numbers.is_empty(), y.numbers.is_empty()) {
            (false, false) => {
                let apart = x.numbers.iter().all(|number| !y.numbers.contains(number));
                let one_host =
                    self.comparison.kind != Kind::Component || !self.is(Aspect::Container, &[Level::Different]);
                let allowed: Vec<Veto> = others.into_iter().chain([Veto::NumberDiffers]).collect();
                (apart && one_host && self.has(Veto::NumberDiffers) && self.only(&allowed)).then_some(Detail::Volume)
            }
            (true, true) => None,
            (is_whole, _) => {
                let (whole, part) = if is_whole { (self.a, self.b) } else { (self.b, self.a) };
                let allowed: Vec<Veto> = others.into_iter().chain([Veto::NumberOnOneSide]).collect();
                let is_set = self.comparison.kind != Kind::Component && self.only(&allowed);
                let one_time = whole.extent.volumes > 1 || self.within_years(5);
                // A number that could not be read is one all the same: `Vol. LVb`.
                let has_no_number = !names_part(&whole.title) && names_part(&part.title);
                (is_set && one_time && has_no_number && self.has(Veto::NumberOnOneSide)).then_some(Detail::VolumeOfSet)
            }
        }
    }

    fn named_part(&self) -> Option<Detail> {
        if !self.has(Veto::PartDiffers) {
            return None;
        }
        let others = [Veto::PartDiffers, Veto::DoiDiffers, Veto::ArticleNumberDiffers, Veto::ExtentDiffers];
        // Statements of responsibility taken for parts are often one within the other.
        let holds = |x: &Title, y: &Title| y.part.split(' ').all(|word| x.part.split(' ').any(|other| other == word));
        let (x, y) = (&self.a.title, &self.b.title);
        let one_title =
            self.is(Aspect::Title, &[Level::Same, Level::Similar]) && self.is_telling() && !holds(x, y) && !holds(y, x);
        (one_title && self.has_one_maker() && self.only(&others)).then_some(Detail::NamedPart)
    }

    /// Whether authors agree, or a publisher where there are no authors.
    fn has_one_maker(&self) -> bool {
        let one_publisher = self.is(Aspect::Publisher, &[Level::Same, Level::Similar]);
        self.authors_agree() || (self.level(Aspect::Authors).is_none() && one_publisher)
    }

    /// The title of the one is another title of the other. Equal titles in two languages are mostly one text
    /// whose language one record has wrong.
    fn translation(&self) -> Option<Detail> {
        if !self.has(Veto::LanguageDiffers) {
            return None;
        }
        let allowed = [Veto::LanguageDiffers, Veto::DoiDiffers, Veto::ArticleNumberDiffers, Veto::EditionDiffers];
        let is_text = !self.either(|features| features.classes.meets(Classes::MEDIA));
        let (x, y) = (squeeze(&self.a.title.main), squeeze(&self.b.title.main));
        let other_title = self.is(Aspect::Title, &[Level::Shortened]) && !x.starts_with(&y) && !y.starts_with(&x);
        let one_place = self.is(Aspect::Pages, &[Level::Same]) || self.shares_identifier();
        let agrees = other_title && self.authors_agree();
        (is_text && agrees && !one_place && self.only(&allowed)).then_some(Detail::Language)
    }

    /// Whether the title by itself says which work it is, given the authors: long enough, and not cut off.
    fn is_telling(&self) -> bool {
        match self.level(Aspect::Title) {
            Some(Level::Same) => squeeze(&self.a.title.whole()).len() >= MIN_TITLE_LETTERS,
            Some(Level::Similar) => self.title_words() >= 3,
            Some(Level::Shortened) => self.title_words() >= 4,
            _ => false,
        }
    }

    fn version(&self) -> Option<Detail> {
        self.doi_version()
            .or_else(|| self.preprint())
            .or_else(|| self.conference())
            .or_else(|| self.carrier())
            .or_else(|| self.edition())
    }

    fn doi_version(&self) -> Option<Detail> {
        if !self.has(Veto::DoiDiffers) {
            return None;
        }
        let works = [IdKind::DoiBase, IdKind::DoiSibling];
        let names = |x: &Features, y: &Features| {
            let mut of_x = works.iter().flat_map(|&kind| x.identifiers_of(kind));
            of_x.any(|work| {
                [&works[..], &[IdKind::Doi]].concat().iter().any(|&kind| y.identifiers_of(kind).any(|doi| doi == work))
            })
        };
        let title = self.title_agrees() || self.is(Aspect::Title, &[Level::Partial]);
        (title && (names(self.a, self.b) || names(self.b, self.a))).then_some(Detail::DoiVersion)
    }

    fn preprint(&self) -> Option<Detail> {
        let allowed = [Veto::DoiDiffers, Veto::ArticleNumberDiffers, Veto::FormatDiffers, Veto::HostPartDiffers];
        let authors = self.authors_agree() || self.is(Aspect::Authors, &[Level::Partial]);
        let agrees = || self.title_agrees() && self.title_words() >= 3 && authors;
        let tells_apart = self.a.is_preprint != self.b.is_preprint || self.has(Veto::DoiDiffers);
        let is_one = self.either(|features| features.is_preprint) && tells_apart && self.within_years(6);
        (is_one && agrees() && self.only(&allowed)).then_some(Detail::Preprint)
    }

    fn conference(&self) -> Option<Detail> {
        let allowed = [
            Veto::DoiDiffers,
            Veto::ArticleNumberDiffers,
            Veto::FormatDiffers,
            Veto::HostPartDiffers,
            Veto::HostKindDiffers,
            Veto::YearDiffers,
        ];
        if !self.is(Aspect::Container, &[Level::Different, Level::Partial]) {
            return None;
        }
        let is_one = is_conference(self.a) != is_conference(self.b)
            && self.either(|features| !is_conference(features) && features.classes.meets(Classes::ARTICLE))
            && self.both(|features| !features.container.is_empty());
        let agrees =
            self.is(Aspect::Title, &[Level::Same, Level::Similar]) && self.title_words() >= 5 && self.authors_agree();
        (is_one && agrees && self.within_years(4) && self.only(&allowed)).then_some(Detail::Conference)
    }

    fn carrier(&self) -> Option<Detail> {
        if !self.has(Veto::CarrierDiffers) {
            return None;
        }
        let allowed = [Veto::CarrierDiffers, Veto::DoiDiffers, Veto::ExtentDiffers];
        let one_publisher = self.is(Aspect::Publisher, &[Level::Same, Level::Similar]);
        // Recordings of one piece are many; only those of one publisher are one recording.
        let is_recording = self.either(|features| features.classes.meets(Classes::AUDIO));
        let one_maker = if is_recording { self.authors_agree() && one_publisher } else { self.has_one_maker() };
        let agrees = self.title_agrees() && self.is_telling() && one_maker;
        let one_time = !self.is(Aspect::Year, &[Level::Different, Level::Weak]);
        let one_edition = one_time && !self.is(Aspect::Publisher, &[Level::Different]);
        (agrees && one_edition && self.only(&allowed)).then_some(Detail::Carrier)
    }

    fn edition(&self) -> Option<Detail> {
        let allowed =
            [Veto::EditionDiffers, Veto::StatementsDiffer, Veto::ExtentDiffers, Veto::DoiDiffers, Veto::CarrierDiffers];
        let agrees = self.title_agrees() && self.is_telling() && self.authors_agree();
        if !agrees || !self.both(is_monograph) || !self.only(&allowed) || !self.is_one_part() {
            return None;
        }
        let one_publisher = self.is(Aspect::Publisher, &[Level::Same, Level::Similar]);
        let one_extent = self.is(Aspect::Extent, &[Level::Same, Level::Similar]);
        // A title cut short, or the full score beside the vocal score, needs more that is the same.
        let is_loose = self.is(Aspect::Title, &[Level::Shortened])
            || self.either(|features| features.classes.meets(Classes::SCORE));
        let other_edition = self.is(Aspect::Edition, &[Level::Different]);
        let other_series = self.either(|features| features.classes.meets(Classes::MAP)) && !self.is_one_series();
        if other_series || (is_loose && !one_extent && !(one_publisher && other_edition)) {
            return None;
        }
        let other_publisher = self.is(Aspect::Publisher, &[Level::Different]);
        let is_reset = other_publisher
            || self.is(Aspect::Extent, &[Level::Different, Level::Partial])
            || self.is(Aspect::Edition, &[Level::Similar, Level::OneMissing])
            || self.has(Veto::CarrierDiffers);
        let other_year = self.is(Aspect::Year, &[Level::Different, Level::Weak, Level::Similar]);
        let elsewhere = other_publisher && self.is(Aspect::Extent, &[Level::Different]);
        if other_edition || (other_year && is_reset) || elsewhere {
            return Some(Detail::Edition);
        }
        (other_year && one_publisher).then_some(Detail::Printing)
    }

    /// Whether nothing speaks against one series: maps of one place are many.
    fn is_one_series(&self) -> bool {
        let (x, y) = (&self.a.series.name, &self.b.series.name);
        x.is_empty() || y.is_empty() || x == y
    }

    /// Whether the titles name no part, or the same.
    fn is_one_part(&self) -> bool {
        !self.is(Aspect::Part, &[Level::Different, Level::OneMissing])
            && part_numbers(&self.a.title).numbers == part_numbers(&self.b.title).numbers
    }

    fn edition_reason(&self, detail: Detail) -> String {
        let mut differences: Vec<String> = Vec::new();
        let (x, y) = (self.a.edition.number, self.b.edition.number);
        if self.is(Aspect::Edition, &[Level::Different]) {
            differences.push(format!("edition {x} and {y}"));
        } else if self.is(Aspect::Edition, &[Level::Similar, Level::OneMissing]) {
            differences.push("other edition statements".to_owned());
        }
        if self.is(Aspect::Year, &[Level::Different, Level::Weak, Level::Similar]) {
            differences.push(format!("{} and {}", show_years(self.a.years), show_years(self.b.years)));
        }
        if self.is(Aspect::Publisher, &[Level::Different]) {
            differences.push("other publishers".to_owned());
        }
        if self.is(Aspect::Extent, &[Level::Different, Level::Partial]) {
            differences.push("other extents".to_owned());
        }
        if self.has(Veto::CarrierDiffers) {
            differences.push("other carriers".to_owned());
        }
        let what = if detail == Detail::Printing { "printing" } else { "edition" };
        format!("title and authors agree, but this is another {what}: {}", differences.join(", "))
    }
}

fn show_years(years: Years) -> String {
    years.first.to_string()
}

/// Whether a record is a publication by itself in print or its like, so that it has editions and printings.
/// A citation that says nothing of format, extent or ISBN may as well be an article.
fn is_monograph(features: &Features) -> bool {
    let without_editions = Classes::SERIAL.with(Classes::AUDIO).with(Classes::VIDEO).with(Classes::IMAGE);
    let is_known = !features.classes.is_empty()
        || features.extent.pages > 0
        || features.identifiers_of(IdKind::Isbn).next().is_some();
    !features.is_component() && is_known && !features.classes.meets(without_editions)
}

/// Whether a component stands in the proceedings of a conference, or is an abstract in a supplement.
fn is_conference(features: &Features) -> bool {
    const WORDS: [&str; 16] = [
        "abstracts",
        "colloquium",
        "conference",
        "conf",
        "congress",
        "kongress",
        "konferenz",
        "meeting",
        "proceedings",
        "proc",
        "symposium",
        "symp",
        "tagung",
        "workshop",
        "workshops",
        "summit",
    ];
    // `Proceedings of the National Academy of Sciences` and its like are journals.
    const JOURNALS: [&str; 7] = ["academy", "society", "institution", "association", "soc", "acad", "ieee"];
    let words = || features.container.split(' ');
    let is_named = words().any(|word| WORDS.contains(&word));
    let only_proceedings = words().all(|word| !WORDS.contains(&word) || matches!(word, "proceedings" | "proc"));
    let is_journal = only_proceedings && (words().any(|word| JOURNALS.contains(&word)) || !features.volume.is_empty());
    // One page with a letter before its number: `S123`, `P63`.
    let has_end = !features.end_page.is_empty() && features.end_page != features.start_page;
    let is_lettered = features.start_page.starts_with(['a', 'p', 's'])
        && features.start_page.bytes().skip(1).all(|byte| byte.is_ascii_digit());
    let is_abstract = !has_end && is_lettered && features.start_page.len() > 1;
    features.classes.meets(Classes::CONFERENCE) || (is_named && !is_journal) || is_abstract
}

/// A title without its numbered parts.
#[derive(PartialEq, Eq, Debug)]
struct PartNumbers {
    /// Letters of the title proper before the first part.
    stem: String,
    /// The numbers of parts, as they come.
    numbers: Vec<u32>,
}

/// Words that stand before the number of a part, folded.
const PART_WORDS: [&str; 22] = [
    "vol", "volume", "part", "pt", "teil", "tl", "bd", "band", "tome", "tom", "heft", "book", "buch", "livre", "libro",
    "parte", "partie", "tomo", "del", "deel", "osa", "section",
];

/// Numbers of the title that follow a part word (`volume 2`) or go before one (`second volume`), and the
/// numbers of the part that `title_full` names.
fn part_numbers(title: &Title) -> PartNumbers {
    let text = title.with_part();
    let words: Vec<&str> = text.split(' ').collect();
    let is_part_word = |at: usize| words.get(at).is_some_and(|word| PART_WORDS.contains(word));
    let number = |at: usize| words.get(at).and_then(|word| canonical_number(word).or_else(|| single_roman(word)));
    let mut first = None;
    let mut numbers = Vec::new();
    for at in 0..words.len() {
        // `Complete in one volume` counts volumes.
        let is_count = at > 0 && words[at - 1] == "in";
        let found = match number(at) {
            _ if is_count => None,
            Some(number) if at > 0 && is_part_word(at - 1) => Some((at - 1, number)),
            Some(number) if is_part_word(at + 1) && canonical_number(words[at]).is_some() && words[at].len() > 2 => {
                Some((at, number))
            }
            _ => None,
        };
        if let Some((start, number)) = found {
            first.get_or_insert(start);
            numbers.push(number);
        }
    }
    let stem = match first {
        Some(start) => words[..start].concat(),
        None => title.main.replace(' ', ""),
    };
    let main = title.main.replace(' ', "");
    // A number in subtitle or part leaves the title proper whole.
    let stem = if stem.starts_with(&main) { main } else { stem };
    PartNumbers { stem: skeleton(&stem), numbers }
}

/// Whether a part word stands anywhere in the title.
fn names_part(title: &Title) -> bool {
    title.with_part().split(' ').any(|word| PART_WORDS.contains(&word))
}

/// `i`, `v` and `x`, which are numbers only where one is expected.
fn single_roman(word: &str) -> Option<u32> {
    match word {
        "i" => Some(1),
        "v" => Some(5),
        "x" => Some(10),
        _ => None,
    }
}

/// Words at the beginning of a title that follows up another one, folded, the longest first.
const AT_START: [(&str, Detail); 37] = [
    ("expression of concern", Detail::Retraction),
    ("author correction", Detail::Erratum),
    ("publisher correction", Detail::Erratum),
    ("correction notice", Detail::Erratum),
    ("retraction notice", Detail::Retraction),
    ("retraction note", Detail::Retraction),
    ("supplementary material", Detail::Supplement),
    ("supplementary materials", Detail::Supplement),
    ("supplementary data", Detail::Supplement),
    ("supplementary information", Detail::Supplement),
    ("supporting information", Detail::Supplement),
    ("in reply", Detail::Reply),
    ("authors response", Detail::Reply),
    ("authors reply", Detail::Reply),
    ("author reply", Detail::Reply),
    ("response to", Detail::Reply),
    ("reply to", Detail::Reply),
    ("reply", Detail::Reply),
    ("rejoinder", Detail::Reply),
    ("commentary on", Detail::Comment),
    ("commentary", Detail::Comment),
    ("comments on", Detail::Comment),
    ("comment on", Detail::Comment),
    ("comment", Detail::Comment),
    ("discussion of", Detail::Comment),
    ("letter to", Detail::Comment),
    ("re", Detail::Comment),
    ("erratum", Detail::Erratum),
    ("errata", Detail::Erratum),
    ("corrigendum", Detail::Erratum),
    ("corrigenda", Detail::Erratum),
    ("correction", Detail::Erratum),
    ("corrections", Detail::Erratum),
    ("addendum", Detail::Erratum),
    ("retraction", Detail::Retraction),
    ("book review", Detail::Review),
    ("review of", Detail::Review),
];

/// Words at the end of such a title. Only those that name nothing else: `… pressure correction` is a subject.
const AT_END: [(&str, Detail); 9] = [
    ("erratum", Detail::Erratum),
    ("corrigendum", Detail::Erratum),
    ("addendum", Detail::Erratum),
    ("authors reply", Detail::Reply),
    ("author reply", Detail::Reply),
    ("reply", Detail::Reply),
    ("rejoinder", Detail::Reply),
    ("comment", Detail::Comment),
    ("study protocol", Detail::Protocol),
];

/// Words at the beginning of the subtitle of such a title.
const IN_SUBTITLE: [(&str, Detail); 17] = [
    ("erratum", Detail::Erratum),
    ("corrigendum", Detail::Erratum),
    ("correction", Detail::Erratum),
    ("addendum", Detail::Erratum),
    ("retraction", Detail::Retraction),
    ("authors reply", Detail::Reply),
    ("author reply", Detail::Reply),
    ("reply", Detail::Reply),
    ("rejoinder", Detail::Reply),
    ("response", Detail::Reply),
    ("comment", Detail::Comment),
    ("comments", Detail::Comment),
    ("commentary", Detail::Comment),
    ("discussion", Detail::Comment),
    ("study protocol", Detail::Protocol),
    ("protocol", Detail::Protocol),
    ("book review", Detail::Review),
];

/// Whether the words of a title may say that it is about another one.
fn may_follow_up(title: &Title) -> bool {
    let (start, end) = match (title.main.is_empty(), title.sub.is_empty()) {
        (true, _) => (&title.sub, &title.sub),
        (_, true) => (&title.main, &title.main),
        _ => (&title.main, &title.sub),
    };
    // Marks of several words may go over the end of the title proper: one word of them must do.
    let starts = |mark: &str| {
        mark.as_bytes().first() == start.as_bytes().first()
            && start.starts_with(mark.split(' ').next().unwrap_or_default())
    };
    let ends = |mark: &str| {
        mark.as_bytes().last() == end.as_bytes().last() && end.ends_with(mark.rsplit(' ').next().unwrap_or_default())
    };
    let sub = ["a ", "the ", ""].iter().find_map(|article| title.sub.strip_prefix(article)).unwrap_or_default();
    start.starts_with("additional")
        || start.starts_with("moesm")
        || AT_START.iter().any(|(mark, _)| starts(mark))
        || AT_END.iter().any(|(mark, _)| ends(mark))
        || IN_SUBTITLE.iter().any(|(mark, _)| sub.starts_with(mark))
}

/// Whether a title says that it is about another one: what [`follow_up`] asks for first. `whole` is all of the title.
pub(super) fn follows_up(title: &Title, whole: &str) -> bool {
    let at_start = |mark: &str| whole.strip_prefix(mark).is_some_and(|rest| rest.starts_with(' '));
    let at_end = |mark: &str| whole.strip_suffix(mark).is_some_and(|rest| rest.ends_with(' '));
    let sub = ["a ", "the ", ""].iter().find_map(|article| title.sub.strip_prefix(article)).unwrap_or_default();
    may_follow_up(title)
        && (supplement_of(whole).is_some()
            || AT_START.iter().any(|(mark, _)| at_start(mark))
            || AT_END.iter().any(|(mark, _)| at_end(mark))
            || IN_SUBTITLE.iter().any(|(mark, _)| sub.starts_with(mark)))
}

/// Letters by which parts of one whole are known: see [`Case::volume`]. Empty if they are too few.
pub(super) fn stem(title: &Title) -> String {
    Some(part_numbers(title).stem).filter(|stem| stem.len() >= MIN_STEM_LETTERS).unwrap_or_default()
}

/// Fewest words and letters of a title that another one can be about.
const MIN_SUBJECT_WORDS: usize = 4;
const MIN_SUBJECT_LETTERS: usize = 20;

/// Whether a title says enough for another one to be about it.
pub(super) fn may_be_subject(whole: &str) -> bool {
    whole.split(' ').count() >= MIN_SUBJECT_WORDS && whole.len() >= MIN_SUBJECT_LETTERS
}

/// What `title` is to a work with the title `other`, if its words say so and the rest is the other title.
fn follow_up(title: &Title, other: &Title) -> Option<Detail> {
    if !may_follow_up(title) {
        return None;
    }
    let subject = other.whole();
    if !may_be_subject(&subject) {
        return None;
    }
    let whole = title.whole();
    at_start(&whole, &subject).or_else(|| at_end(&whole, &subject)).or_else(|| in_subtitle(title, other))
}

fn at_start(whole: &str, subject: &str) -> Option<Detail> {
    if let Some(rest) = supplement_of(whole) {
        return names(rest, subject).then_some(Detail::Supplement);
    }
    AT_START.iter().find_map(|&(mark, detail)| {
        let rest = whole.strip_prefix(mark)?.strip_prefix(' ')?;
        // `Correction of hallux valgus` corrects no text.
        if matches!(mark, "correction" | "corrections" | "retraction") && rest.starts_with("of ") {
            return None;
        }
        let openings = ["to the article ", "to ", "on ", "of ", "for ", "in "];
        let rest = openings.iter().find_map(|opening| rest.strip_prefix(opening)).unwrap_or(rest);
        // A review names more of a book than its title; a survey of a field does not.
        let is_survey = mark == "review of" && squeeze(rest).len() <= squeeze(subject).len();
        (names(rest, subject) && !is_survey).then_some(detail)
    })
}

/// What follows `Additional file 3 of` or `MOESM3 of`, as repositories name supplements.
fn supplement_of(whole: &str) -> Option<&str> {
    let numbered = whole.strip_prefix("additional file ").or_else(|| whole.strip_prefix("moesm"))?;
    let (number, rest) = numbered.split_once(' ')?;
    number.bytes().all(|byte| byte.is_ascii_digit()).then(|| rest.strip_prefix("of ")).flatten()
}

/// Whether a text is the subject's title, or begins with it, or is it cut off.
fn names(text: &str, subject: &str) -> bool {
    let (text, subject) = (squeeze(text), squeeze(subject));
    let is_cut_off = text.len() >= MIN_SUBJECT_LETTERS && subject.starts_with(&text) && 2 * text.len() >= subject.len();
    text.starts_with(&subject) || is_cut_off
}

fn at_end(whole: &str, subject: &str) -> Option<Detail> {
    AT_END.iter().find_map(|&(mark, detail)| {
        let rest = whole.strip_suffix(mark)?.strip_suffix(' ')?;
        (squeeze(without_article(rest)) == squeeze(subject)).then_some(detail)
    })
}

/// Words of a title proper that leave no doubt that `response to` in its subtitle is one to a text.
const MIN_CERTAIN_WORDS: usize = 8;

/// Fewest words of a title proper whose subtitle is looked at: `VMTP: a protocol for …` is no study's.
const MIN_MAIN_WORDS: usize = 3;

fn in_subtitle(title: &Title, other: &Title) -> Option<Detail> {
    let n_words = title.main.split(' ').count();
    if n_words < MIN_MAIN_WORDS {
        return None;
    }
    let sub = ["a ", "the ", ""].iter().find_map(|article| title.sub.strip_prefix(article))?;
    let found = IN_SUBTITLE.iter().find_map(|&(mark, detail)| {
        let rest = sub.strip_prefix(mark)?;
        let goes_on =
            |words: &[&str]| words.iter().any(|word| rest.strip_prefix(word).is_some_and(|end| end.starts_with(' ')));
        let is_about_text = match mark {
            "response" | "correction" | "discussion" | "retraction" | "protocol" => {
                goes_on(&[" to", " on", " and", " for"]) && n_words >= MIN_CERTAIN_WORDS
            }
            _ => goes_on(&[" to", " on", " of", " for", " and", " by"]),
        };
        (rest.is_empty() || is_about_text).then_some(detail)
    })?;
    let main = squeeze(&title.main);
    (main == squeeze(&other.main) || main == squeeze(&other.whole())).then_some(found)
}

fn without_article(text: &str) -> &str {
    let text = text.trim_end();
    [" a", " an", " the"].iter().find_map(|article| text.strip_suffix(article)).unwrap_or(text)
}

fn follow_up_phrase(detail: Detail) -> &'static str {
    match detail {
        Detail::Supplement => "a supplement to",
        Detail::Erratum => "a correction of or addition to",
        Detail::Retraction => "the retraction of, or a concern about,",
        Detail::Reply => "a reply to",
        Detail::Review => "a review of",
        Detail::Protocol => "the protocol of the study in",
        _ => "a comment on",
    }
}

#[cfg(test)]
mod tests {
    use super::super::compare::compare;
    use super::super::score::verdict;
    use super::super::weights::{Model, Weights};
    use super::*;
    use crate::input::Parser;

    fn features(fields: &str) -> Features<'static> {
        Parser::default().parse(format!(r#"{{"id":"x",{fields}}}"#).as_bytes(), Features::of).expect("a record")
    }

    fn found(a: &str, b: &str) -> Option<(Detail, String)> {
        let weights = Weights::new(&Model::default()).expect("defaults");
        let (a, b) = (features(a), features(b));
        let of = |a: &Features, b: &Features| {
            let comparison = compare(a, b, &weights);
            let detail = relation(a, b, &comparison, verdict(&comparison, &weights));
            detail.map(|detail| (detail, reason(detail, a, b, &comparison)))
        };
        let (there, back) = (of(&a, &b), of(&b, &a));
        assert_eq!(there.as_ref().map(|it| it.0), back.map(|it| it.0), "a relation must be symmetric");
        there
    }

    fn check(a: &str, b: &str, expected: Option<Detail>) {
        let found = found(a, b);
        assert_eq!(found.as_ref().map(|it| it.0), expected, "{a}\n{b}\n{found:?}");
        for record in [a, b] {
            assert_eq!(self::found(record, record), None, "{record} against itself");
        }
    }

    /// A book with fields of its own.
    fn book(fields: &str) -> String {
        format!(
            r#""title":"System des schweizerischen Steuerrechts","author":["Blumenstein, Ernst"],"format":["Book"],{fields}"#
        )
    }

    #[test]
    fn editions_and_printings_are_told_apart() {
        let first = book(
            r#""publishDate":["1971"],"publisher":["Schulthess"],"physical":["554 S."],"edition":"3. Aufl.","language":["ger"]"#,
        );
        let edition = book(
            r#""publishDate":["2002"],"publisher":["Schulthess"],"physical":["669 S."],"edition":"6. Aufl.","language":["ger"]"#,
        );
        let printing = book(
            r#""publishDate":["1979"],"publisher":["Schulthess"],"physical":["557 S."],"edition":"3. Aufl.","language":["ger"]"#,
        );
        let elsewhere =
            book(r#""publishDate":["1999"],"publisher":["Stämpfli"],"physical":["431 S."],"language":["ger"]"#);
        check(&first, &edition, Some(Detail::Edition));
        check(&first, &printing, Some(Detail::Printing));
        check(&first, &elsewhere, Some(Detail::Edition));
        let (_, reason) = found(&first, &edition).expect("an edition");
        assert_eq!(
            reason,
            "title and authors agree, but this is another edition: edition 3 and 6, 1971 and 2002, other extents"
        );
        let other = first.replace("Blumenstein, Ernst", "Locher, Peter");
        check(&other, &edition, None);
    }

    #[test]
    fn carriers_make_versions_of_one_edition() {
        let paper = book(r#""publishDate":["2017"],"publisher":["Thieme"],"physical":["336 Seiten"]"#);
        let online = book(r#""publishDate":["2017"],"publisher":["Thieme"],"physical":["1 Online-Ressource"]"#);
        let older = book(r#""publishDate":["1998"],"publisher":["Thieme"],"physical":["1 Online-Ressource"]"#);
        check(&paper, &online, Some(Detail::Carrier));
        check(&paper, &older, Some(Detail::Edition));
    }

    #[test]
    fn preprints_belong_to_what_is_published() {
        let preprint = r#""title":"Sci-Hub provides access to nearly all scholarly literature","author":["Himmelstein, Daniel S.","Romero, Ariel R."],
            "publishDate":["2017"],"doi_str_mv":["10.7287/peerj.preprints.3100v3"],"format":["Article"]"#;
        let article = r#""title":"Sci-Hub provides access to nearly all scholarly literature","author":["Himmelstein, Daniel S.","Romero, Ariel R."],
            "publishDate":["2018"],"doi_str_mv":["10.7554/eLife.32822"],"format":["Article"],"container_title":"eLife","container_volume":"7"#;
        let article = &format!("{article}\"");
        check(preprint, article, Some(Detail::Preprint));
        let (_, reason) = found(article, preprint).expect("a preprint");
        assert_eq!(reason, "b is a preprint or working paper of the work that a publishes");
        check(preprint, &preprint.replace("3100v3", "3100v1"), Some(Detail::DoiVersion));
        check(&preprint.replace("Himmelstein", "Miller").replace("Romero", "Jones"), article, None);
    }

    #[test]
    fn conference_papers_belong_to_articles() {
        let paper = r#""title":"Query processing techniques for large arrays","author":["Marathe, A.","Salem, K."],"publishDate":["1999"],
            "format":["Conference Proceeding"],"container_title":"SIGMOD Conference","container_start_page":"323","container_pages_str":"323-334""#;
        let article = r#""title":"Query processing techniques for large arrays","author":["Marathe, A. P.","Salem, K."],"publishDate":["2002"],
            "format":["Article"],"container_title":"The VLDB Journal","container_volume":"11","container_start_page":"68","container_pages_str":"68-91""#;
        check(paper, article, Some(Detail::Conference));
    }

    #[test]
    fn parts_belong_to_each_other_and_to_the_whole() {
        let volume = |title: &str, year: u16| {
            format!(
                r#""title":"{title}","author":["Agner, Peter"],"publishDate":["{year}"],"publisher":["Helbing"],"format":["Book"]"#
            )
        };
        let (first, third) = (
            volume("Die Praxis der Bundessteuern. Teil I", 2016),
            volume("Die Praxis der Bundessteuern. Teil III", 2014),
        );
        let whole = volume("Die Praxis der Bundessteuern", 2012);
        check(&first, &third, Some(Detail::Volume));
        check(&first, &whole, Some(Detail::VolumeOfSet));
        let (_, reason) = found(&whole, &first).expect("a set");
        assert!(reason.starts_with("b is a numbered volume"), "{reason}");
        // Years, counts and quantities are no parts.
        check(&volume("Handbuch der Bundessteuern 2012", 2012), &volume("Handbuch der Bundessteuern 2016", 2016), None);
        check(
            &volume("An essay on taxes. Complete in one volume", 1980),
            &volume("An essay on taxes. Complete", 2012),
            None,
        );
        let census = |part: &str| {
            format!(
                r#""title":"1990 census of population and housing","title_full":"1990 census of population and housing. {part} / Bureau of the Census","author_corporate":["United States. Bureau of the Census"],"publishDate":["1991"],"format":["Book"]"#
            )
        };
        check(&census("New Hampshire"), &census("Delaware"), Some(Detail::NamedPart));
    }

    #[test]
    fn chapters_belong_to_their_book() {
        let chapter = r#""title":"On the chemistry of glass","author":["Hill, Anna"],"publishDate":["1988"],"format":["Book Chapter"],
            "container_title":"A handbook of glass in all countries","isbn":["9780306406157"]"#;
        let host = r#""title":"A handbook of glass in all countries","author2":["Poe, Edgar"],"publishDate":["1988"],"format":["Book"],
            "isbn":["9780306406157"]"#;
        check(chapter, host, Some(Detail::Chapter));
        check(chapter, &host.replace("of glass", "of wood").replace("9780306406157", "9789514920981"), None);
    }

    #[test]
    fn translations_have_the_title_of_the_other() {
        let english = r#""title":"Health informatics and its devices","author":["Walsh, Louisa"],"publishDate":["2011"],"format":["Book"],
            "language":["English"],"publisher":["Sage"]"#;
        let french = r#""title":"Informatique de santé","title_alt":["Health informatics and its devices"],"author":["Walsh, Louisa"],"publishDate":["2013"],
            "format":["Book"],"language":["French"],"publisher":["Flammarion"]"#;
        check(english, french, Some(Detail::Language));
        check(english, &english.replace("English", "German"), None);
    }

    #[test]
    fn comments_name_what_they_are_about() {
        let of = |title: &str, author: &str, fields: &str| {
            format!(r#""title":"{title}","author":["{author}"],"publishDate":["2011"],"format":["Article"]{fields}"#)
        };
        let title = "Cell-matrix de-adhesion dynamics reflect contractile mechanics";
        let work = of(title, "Sen, Shamik", "");
        let about = |words: &str, author: &str, detail| check(&work, &of(words, author, ""), detail);
        about(&format!("Erratum to: {title}"), "Sen, Shamik", Some(Detail::Erratum));
        about(&format!("Erratum to: {title}"), "Hill, Anna", None);
        about(&format!("{title}\u{2013}CORRIGENDUM"), "Sen, Shamik", Some(Detail::Erratum));
        about(&format!("Retraction: {title}"), "Sen, Shamik", Some(Detail::Retraction));
        about(&format!("Comment on \\\"{title}\\\""), "Hill, Anna", Some(Detail::Comment));
        about(&format!("{title}. Authors' reply"), "Sen, Shamik", Some(Detail::Reply));
        about(&format!("{title}: a study protocol"), "Sen, Shamik", Some(Detail::Protocol));
        about(&format!("Additional file 3 of {title}"), "Sen, Shamik", Some(Detail::Supplement));
        about(&format!("Review of {title} by S. Sen"), "Hill, Anna", Some(Detail::Review));
        about(&format!("Correction of {title}"), "Sen, Shamik", None);
        about(&format!("Review of {title}"), "Hill, Anna", None);
        about("Erratum", "Sen, Shamik", None);
        about("Erratum to: Cell division in plants and animals", "Sen, Shamik", None);
        // One DOI: the article itself, marked as retracted.
        let doi = r#","doi_str_mv":["10.1000/182"]"#;
        check(&of(title, "Sen, Shamik", doi), &of(&format!("Retraction: {title}"), "Sen, Shamik", doi), None);
    }

    #[test]
    fn generic_titles_have_no_relations() {
        let editorial = |year: &str| {
            format!(r#""title":"Editorial","author":["Powell, Philip"],"publishDate":["{year}"],"format":["Book"]"#)
        };
        check(&editorial("1990"), &editorial("2010"), None);
    }
}
