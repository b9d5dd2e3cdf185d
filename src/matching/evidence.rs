//! What a comparison says: per aspect a level, per level a weight.

use serde::{Deserialize, Serialize};

use super::weights::Weights;

/// What kind of things the two records of a pair are: it decides what is compared, and with which weights.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Kind {
    /// Articles, chapters, papers: parts of a host.
    Component,
    /// Components known by title, authors, host and year alone, as in lists of references.
    Citation,
    /// Books, theses, and whatever does not say what it is.
    #[default]
    Book,
    /// Journals, newspapers, yearbooks.
    Serial,
    /// Scores, maps, recordings, films, software: published by themselves, but no books.
    Media,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Kind; 5] = [Kind::Component, Kind::Citation, Kind::Book, Kind::Serial, Kind::Media];

    /// The word used in reports and in the configuration.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Component => "component",
            Kind::Citation => "citation",
            Kind::Book => "book",
            Kind::Serial => "serial",
            Kind::Media => "media",
        }
    }

    /// Whether its records are parts of a host.
    pub fn is_component(self) -> bool {
        matches!(self, Kind::Component | Kind::Citation)
    }

    /// What belongs to it, in a few words.
    pub fn meaning(self) -> &'static str {
        match self {
            Kind::Component => "articles, chapters, papers: parts of a host",
            Kind::Book => "books, theses and whatever does not say what it is",
            Kind::Citation => "components known by title, authors, host and year alone",
            Kind::Serial => "journals, newspapers, yearbooks",
            Kind::Media => "scores, maps, recordings, films, software",
        }
    }
}

/// What two records are compared on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Aspect {
    /// Title and subtitle.
    Title,
    /// Part or section named in the full title.
    Part,
    /// Numbers in titles and series: parts, volumes, years.
    Numbers,
    /// Persons and bodies.
    Authors,
    /// Year of publication. Of a book, another year mostly means another printing.
    Year,
    /// Host title or ISSN.
    Container,
    /// Host volume.
    Volume,
    /// Host issue.
    Issue,
    /// Page range.
    Pages,
    /// Publisher.
    Publisher,
    /// Place of publication.
    Place,
    /// Edition statement.
    Edition,
    /// Number of pages, volumes or minutes.
    Extent,
    /// Height of a book in centimetres.
    Height,
    /// Series and number within it.
    Series,
    /// DOI.
    Doi,
    /// PubMed, PubMed Central or arXiv number.
    ArticleNumber,
    /// OCLC number.
    Oclc,
    /// ISBN.
    Isbn,
    /// ISSN of a serial itself.
    Issn,
    /// Language.
    Language,
    /// Format class.
    Format,
    /// The words with which the summary of an article begins, if they are the same: other ones say nothing.
    Summary,
}

impl Aspect {
    /// All aspects, in the order in which evidence is listed.
    pub const ALL: [Aspect; 23] = [
        Aspect::Title,
        Aspect::Part,
        Aspect::Numbers,
        Aspect::Authors,
        Aspect::Year,
        Aspect::Container,
        Aspect::Volume,
        Aspect::Issue,
        Aspect::Pages,
        Aspect::Publisher,
        Aspect::Place,
        Aspect::Edition,
        Aspect::Extent,
        Aspect::Height,
        Aspect::Series,
        Aspect::Doi,
        Aspect::ArticleNumber,
        Aspect::Oclc,
        Aspect::Isbn,
        Aspect::Issn,
        Aspect::Language,
        Aspect::Format,
        Aspect::Summary,
    ];

    /// The word used in reports and in the configuration.
    pub fn name(self) -> &'static str {
        match self {
            Aspect::Title => "title",
            Aspect::Part => "part",
            Aspect::Numbers => "numbers",
            Aspect::Authors => "authors",
            Aspect::Year => "year",
            Aspect::Container => "container",
            Aspect::Volume => "volume",
            Aspect::Issue => "issue",
            Aspect::Pages => "pages",
            Aspect::Publisher => "publisher",
            Aspect::Place => "place",
            Aspect::Edition => "edition",
            Aspect::Extent => "extent",
            Aspect::Height => "height",
            Aspect::Series => "series",
            Aspect::Doi => "doi",
            Aspect::ArticleNumber => "article_number",
            Aspect::Oclc => "oclc",
            Aspect::Isbn => "isbn",
            Aspect::Issn => "issn",
            Aspect::Language => "language",
            Aspect::Format => "format",
            Aspect::Summary => "summary",
        }
    }
}

/// How far two values agree. Which levels an aspect can have is listed in the default weights.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Level {
    /// Equal after folding.
    Same,
    /// Equal but for typing errors, abbreviations or small differences.
    Similar,
    /// One is a shortened form of the other (initials, abbreviated journal, fewer authors, no subtitle).
    Shortened,
    /// Nearly the same in other words, or one within the other.
    Close,
    /// Overlapping in good part.
    Partial,
    /// Touching at one point only.
    Weak,
    /// Disagreeing.
    Different,
    /// In two languages, as everything around the values shows, so that comparing them says little.
    Translated,
    /// Only one of the two says anything.
    OneMissing,
}

impl Level {
    /// All levels, best first.
    pub const ALL: [Level; 9] = [
        Level::Same,
        Level::Similar,
        Level::Shortened,
        Level::Close,
        Level::Partial,
        Level::Weak,
        Level::Different,
        Level::Translated,
        Level::OneMissing,
    ];

    /// The word used in reports and in the configuration.
    pub fn name(self) -> &'static str {
        match self {
            Level::Same => "same",
            Level::Similar => "similar",
            Level::Shortened => "shortened",
            Level::Close => "close",
            Level::Partial => "partial",
            Level::Weak => "weak",
            Level::Different => "different",
            Level::Translated => "translated",
            Level::OneMissing => "one_missing",
        }
    }
}

/// A reason why two records must not, or not without a look, be merged, whatever their weight.
/// Codes in brackets name the classic false merge it stands against.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Veto {
    /// Both have DOIs and share none.
    DoiDiffers,
    /// Both have numbers in PubMed, PubMed Central or arXiv and share none.
    ArticleNumberDiffers,
    /// Part, volume or other numbers of the titles differ, or those of short notes.
    NumberDiffers,
    /// Only one title has a part or volume number or names a part or companion, or only one record counts volumes: a set
    /// beside its volume.
    NumberOnOneSide,
    /// Named parts of the titles differ.
    PartDiffers,
    /// Edition numbers differ.
    EditionDiffers,
    /// One is a correction, reply, review or protocol of the other.
    CorrectionOrReply,
    /// No common language.
    LanguageDiffers,
    /// Formats that exclude each other, such as a book and a chapter.
    FormatDiffers,
    /// Different carriers, such as print and online.
    CarrierDiffers,
    /// Signs tell the titles apart, as in `C` and `C++`.
    SignsDiffer,
    /// The same title in another volume of the host.
    HostPartDiffers,
    /// A title that says nothing (`Editorial`), without support from host, pages or identifier.
    GenericTitle,
    /// Numbers of volumes differ: a set beside one volume. Or those of pages do by half, where no author unites the books.
    ExtentDiffers,
    /// The same title by other authors: a comment on an article mostly bears its title, and many books have one title.
    AuthorsDiffer,
    /// An identifier in common, but neither title nor authors or pages: it is the host's, or mistyped. Or an ISBN in common, and
    /// of the title no more than some words.
    IdentifierOfAnother,
    /// One appeared in a journal, the other at a conference.
    HostKindDiffers,
    /// Years differ: of components of which neither host, place nor identifier agree, of printings of one ISBN, of proceedings
    /// and reports.
    YearDiffers,
    /// Title, authors and year alone, without host on either side, do not agree in full, or are those of many a column.
    HostUnknown,
    /// Edition statements have each a telling word of its own, or translators, performers, arrangements, exhibitions or
    /// words beyond the title differ; or numbers of editions, numbers other than those of parts, or languages differ on what
    /// else is one printing.
    StatementsDiffer,
    /// Words that are about two things stand in titles that agree otherwise, as in `hypertension` and `hypotension`, or
    /// `Textband` and `Tafelband`.
    WordsOpposed,
    /// One word of the titles is another one, or more than one, and the size does not tell that it is one book; or each of two
    /// cited titles has words that no damage explains.
    WordDiffers,
    /// One stands on a page of a supplement, as abstracts of papers do.
    InSupplement,
    /// They stand in two issues of a volume, on pages far from each other.
    InOtherIssue,
    /// Chapters of one title in books, or volumes of a book, of which one is not the other.
    HostDiffers,
    /// A book and its reprint under one ISBN, which publishers keep for all printings, of years that are certain and apart.
    PrintingDiffers,
    /// Words of the series of two sheets of maps say which state of the plate is shown, and not the same.
    StateDiffers,
    /// Books of other pages, within a host or as a whole, without an identifier in common.
    PagesDiffer,
}

impl Veto {
    /// All vetoes, in their order.
    pub const ALL: [Veto; 28] = [
        Veto::DoiDiffers,
        Veto::ArticleNumberDiffers,
        Veto::NumberDiffers,
        Veto::NumberOnOneSide,
        Veto::PartDiffers,
        Veto::EditionDiffers,
        Veto::CorrectionOrReply,
        Veto::LanguageDiffers,
        Veto::FormatDiffers,
        Veto::CarrierDiffers,
        Veto::SignsDiffer,
        Veto::HostPartDiffers,
        Veto::GenericTitle,
        Veto::ExtentDiffers,
        Veto::AuthorsDiffer,
        Veto::IdentifierOfAnother,
        Veto::HostKindDiffers,
        Veto::YearDiffers,
        Veto::HostUnknown,
        Veto::StatementsDiffer,
        Veto::WordsOpposed,
        Veto::WordDiffers,
        Veto::InSupplement,
        Veto::InOtherIssue,
        Veto::HostDiffers,
        Veto::PrintingDiffers,
        Veto::StateDiffers,
        Veto::PagesDiffer,
    ];

    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Veto::DoiDiffers => "doi-differs",
            Veto::ArticleNumberDiffers => "article-number-differs",
            Veto::NumberDiffers => "number-differs",
            Veto::NumberOnOneSide => "number-on-one-side",
            Veto::PartDiffers => "part-differs",
            Veto::EditionDiffers => "edition-differs",
            Veto::CorrectionOrReply => "correction-or-reply",
            Veto::LanguageDiffers => "language-differs",
            Veto::FormatDiffers => "format-differs",
            Veto::CarrierDiffers => "carrier-differs",
            Veto::SignsDiffer => "signs-differ",
            Veto::HostPartDiffers => "host-part-differs",
            Veto::GenericTitle => "generic-title",
            Veto::ExtentDiffers => "extent-differs",
            Veto::AuthorsDiffer => "authors-differ",
            Veto::IdentifierOfAnother => "identifier-of-another",
            Veto::HostKindDiffers => "host-kind-differs",
            Veto::YearDiffers => "year-differs",
            Veto::HostUnknown => "host-unknown",
            Veto::StatementsDiffer => "statements-differ",
            Veto::WordsOpposed => "words-opposed",
            Veto::WordDiffers => "word-differs",
            Veto::InSupplement => "in-supplement",
            Veto::InOtherIssue => "in-other-issue",
            Veto::HostDiffers => "host-differs",
            Veto::PrintingDiffers => "printing-differs",
            Veto::StateDiffers => "state-differs",
            Veto::PagesDiffer => "pages-differ",
        }
    }

    /// What it means, as a sentence for a steward.
    pub fn meaning(self) -> &'static str {
        match self {
            Veto::DoiDiffers => "both records have a DOI, and the DOIs differ",
            Veto::ArticleNumberDiffers => {
                "both records have a PubMed, PubMed Central or arXiv number, and these differ"
            }
            Veto::NumberDiffers => "numbers of the titles or of notes differ (part, volume, year or edition)",
            Veto::NumberOnOneSide => {
                "only one title has a part or volume number or names a part, a companion or what is made of the text, or only one record counts volumes"
            }
            Veto::PartDiffers => "the named parts of the titles differ",
            Veto::EditionDiffers => "the editions differ",
            Veto::CorrectionOrReply => {
                "one record is a correction, reply, review, protocol, supplement or data set of the other"
            }
            Veto::LanguageDiffers => "the records have no language in common",
            Veto::FormatDiffers => "the formats exclude each other",
            Veto::CarrierDiffers => "the carriers differ, such as print and online",
            Veto::SignsDiffer => "signs in the titles differ, such as C and C++",
            Veto::HostPartDiffers => {
                "the volumes of the host differ, and neither pages in one year nor an identifier show one publication"
            }
            Veto::GenericTitle => "the title is a generic one and neither host, pages nor identifier support the match",
            Veto::ExtentDiffers => "the numbers of volumes differ, or those of pages where no author agrees",
            Veto::AuthorsDiffer => {
                "the authors, or the bodies that met or published, differ, and neither pages nor an identifier show one publication"
            }
            Veto::IdentifierOfAnother => "an identifier agrees, but the titles do not, and nor do authors or pages",
            Veto::HostKindDiffers => "one appeared in a journal, the other at a conference",
            Veto::YearDiffers => "the years differ, and so may what appeared in them",
            Veto::HostUnknown => {
                "neither record says where it appeared, and title, authors and year do not tell that they are one"
            }
            Veto::StatementsDiffer => {
                "statements of edition, responsibility or occasion, numbers, towns or languages differ, which may or may not tell two works apart"
            }
            Veto::WordsOpposed => "words of the titles are about two things, such as rats and dogs, or text and plates",
            Veto::WordDiffers => {
                "words of the titles are others, more, or in another order, which may or may not be errors"
            }
            Veto::InSupplement => "one is on a page of a supplement, as the abstract of a paper is",
            Veto::InOtherIssue => {
                "they stand in two issues of a volume, on pages that are far from each other or not told"
            }
            Veto::HostDiffers => "the chapters stand in two books, or in two volumes",
            Veto::PrintingDiffers => "one is a reprint of the other in another year",
            Veto::StateDiffers => "the series of the maps say that they show other states",
            Veto::PagesDiffer => "the pages are others, and no identifier shows that one of the records is wrong",
        }
    }

    /// Whether it also keeps two records out of one cluster that others hold together. Thin evidence between two
    /// records is none against a third that both agree with.
    pub fn divides(self) -> bool {
        !matches!(self, Veto::AuthorsDiffer | Veto::YearDiffers | Veto::HostUnknown | Veto::PrintingDiffers)
    }

    /// Whether the pair may still be shown to a person if there is no other veto. The others are certain.
    pub fn is_doubt(self) -> bool {
        matches!(
            self,
            Veto::NumberOnOneSide
                | Veto::AuthorsDiffer
                | Veto::IdentifierOfAnother
                | Veto::YearDiffers
                | Veto::HostUnknown
                | Veto::StatementsDiffer
                | Veto::WordDiffers
                | Veto::InSupplement
                | Veto::InOtherIssue
                | Veto::HostDiffers
                | Veto::PagesDiffer
        )
    }
}

/// A match weight in hundredths of a bit (log₂ of the Bayes factor): an integer, so that sums do not
/// depend on their order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Debug)]
pub struct Weight(i32);

impl Weight {
    /// The weight of `centibits` hundredths of a bit.
    pub const fn from_centibits(centibits: i32) -> Weight {
        Weight(centibits)
    }

    /// The nearest weight to `bits`.
    pub fn from_bits(bits: f64) -> Weight {
        Weight((bits * 100.0).round() as i32)
    }

    /// Hundredths of a bit.
    pub fn centibits(self) -> i32 {
        self.0
    }

    /// Bits, for display.
    pub fn bits(self) -> f64 {
        f64::from(self.0) / 100.0
    }
}

impl std::ops::Add for Weight {
    type Output = Weight;
    fn add(self, other: Weight) -> Weight {
        Weight(self.0 + other.0)
    }
}

impl std::iter::Sum for Weight {
    fn sum<I: Iterator<Item = Weight>>(weights: I) -> Weight {
        weights.fold(Weight(0), |sum, weight| sum + weight)
    }
}

impl Serialize for Weight {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.bits())
    }
}

impl<'de> Deserialize<'de> for Weight {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Weight, D::Error> {
        f64::deserialize(deserializer).map(Weight::from_bits)
    }
}

/// One aspect of a comparison.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Evidence {
    /// What was compared.
    pub aspect: Aspect,
    /// How far it agrees.
    pub level: Level,
    /// What that is worth.
    pub weight: Weight,
}

/// The whole comparison of two records.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Comparison {
    /// What kind of things they are.
    pub kind: Kind,
    /// What the odds are before any evidence.
    pub prior: Weight,
    /// Aspects that at least one of the two says something about, in the order of [`Aspect::ALL`].
    pub evidence: Vec<Evidence>,
    /// Vetoes, ascending.
    pub vetoes: Vec<Veto>,
}

impl Comparison {
    /// The prior and the sum of all weights.
    pub fn weight(&self) -> Weight {
        self.prior + self.evidence.iter().map(|evidence| evidence.weight).sum()
    }

    /// Whether vetoes keep the pair apart: a certain one, or two doubts.
    pub fn is_vetoed(&self) -> bool {
        self.vetoes.len() > 1 || self.vetoes.iter().any(|veto| !veto.is_doubt())
    }

    /// Whether the records have titles and more, and are the same in all that either says, so that no weight of another field
    /// could tell them apart. Such a pair is worth a look however little it says.
    pub fn is_of_equals(&self) -> bool {
        const MIN_ASPECTS: usize = 2;
        self.evidence.len() >= MIN_ASPECTS
            && self.level(Aspect::Title).is_some()
            && self.evidence.iter().all(|evidence| evidence.level == Level::Same)
    }

    /// Lets an aspect carry only a share of its weight, in thousandths.
    pub(super) fn scale(&mut self, aspect: Aspect, thousandths: i32) {
        for evidence in self.evidence.iter_mut().filter(|evidence| evidence.aspect == aspect) {
            evidence.weight = Weight(evidence.weight.0 * thousandths / 1000);
        }
    }

    /// Gives an aspect that was compared another level.
    pub(super) fn set_level(&mut self, aspect: Aspect, level: Level, weights: &Weights) {
        for evidence in self.evidence.iter_mut().filter(|evidence| evidence.aspect == aspect) {
            (evidence.level, evidence.weight) = (level, weights.of(self.kind, aspect, level));
        }
    }

    /// The level of an aspect, if it was compared.
    pub fn level(&self, aspect: Aspect) -> Option<Level> {
        self.evidence.iter().find(|evidence| evidence.aspect == aspect).map(|evidence| evidence.level)
    }
}
