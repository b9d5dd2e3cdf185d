//! What kind of thing a record describes: format class, carrier, extent and edition.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

use crate::input::{Field, Record};

use super::borrowed::Text;
use super::numbers::number_word;
use super::seek::Beginnings;
use super::text::fold;

/// Coarse format classes of a record, as a set. The same article is `Article`, `Online`, `SerialComponentPart`
/// or `Electronic` depending on the route, so formats are only compared as classes.
#[derive(
    Clone, Copy, PartialEq, Eq, Default, Debug, Serialize, Deserialize, IntoBytes, FromBytes, Immutable, KnownLayout,
)]
#[repr(transparent)]
pub struct Classes(u16);

/// Beginnings of words in folded format names, most telling first; the first hit decides.
const FORMAT_NAMES: [(&str, Classes); 81] = [
    ("conference poster", Classes::IMAGE),
    ("abstract", Classes::OTHER),
    ("presentation", Classes::OTHER),
    ("slides", Classes::OTHER),
    ("lecture", Classes::OTHER),
    ("patent", Classes::OTHER),
    ("peer review", Classes::OTHER),
    ("blog", Classes::OTHER),
    ("learning object", Classes::OTHER),
    ("interactive resource", Classes::OTHER),
    ("study protocol", Classes::OTHER),
    ("supplementary", Classes::OTHER),
    ("conference proceeding", Classes::CONFERENCE),
    ("conference", Classes::CONFERENCE),
    ("proceedings", Classes::CONFERENCE),
    ("serialcomponentpart", Classes::ARTICLE),
    ("bookcomponentpart", Classes::CHAPTER),
    ("book chapter", Classes::CHAPTER),
    ("bookchapter", Classes::CHAPTER),
    ("chapter", Classes::CHAPTER),
    ("book section", Classes::CHAPTER),
    ("incollection", Classes::CHAPTER),
    ("review", Classes::ARTICLE),
    ("journal article", Classes::ARTICLE),
    ("article", Classes::ARTICLE),
    ("artikel", Classes::ARTICLE),
    ("aufsatz", Classes::ARTICLE),
    ("thesis", Classes::THESIS),
    ("doctoralthesis", Classes::THESIS),
    ("masterthesis", Classes::THESIS),
    ("bachelorthesis", Classes::THESIS),
    ("these", Classes::THESIS),
    ("tesis", Classes::THESIS),
    ("tese", Classes::THESIS),
    ("proefschrift", Classes::THESIS),
    ("habilitation", Classes::THESIS),
    ("diplomarbeit", Classes::THESIS),
    ("afhandling", Classes::THESIS),
    ("phd", Classes::THESIS),
    ("dissertation", Classes::THESIS),
    ("hochschulschrift", Classes::THESIS),
    ("audiobook", Classes::AUDIO),
    ("ebook", Classes::BOOK),
    ("e book", Classes::BOOK),
    ("book", Classes::BOOK),
    ("buch", Classes::BOOK),
    ("druckerzeugnis", Classes::BOOK),
    ("monograph", Classes::BOOK),
    ("livre", Classes::BOOK),
    ("report", Classes::BOOK),
    ("journal", Classes::SERIAL),
    ("ejournal", Classes::SERIAL),
    ("newspaper", Classes::SERIAL),
    ("zeitung", Classes::SERIAL),
    ("zeitschrift", Classes::SERIAL),
    ("serial", Classes::SERIAL),
    ("loseblatt", Classes::SERIAL),
    ("musicalscore", Classes::SCORE),
    ("score", Classes::SCORE),
    ("notated", Classes::SCORE),
    ("map", Classes::MAP),
    ("atlas", Classes::MAP),
    ("globe", Classes::MAP),
    ("musicrecording", Classes::AUDIO),
    ("soundrecording", Classes::AUDIO),
    ("sounddisc", Classes::AUDIO),
    ("soundcassette", Classes::AUDIO),
    ("audio", Classes::AUDIO),
    ("sound", Classes::AUDIO),
    ("video", Classes::VIDEO),
    ("dvd", Classes::VIDEO),
    ("blu ray", Classes::VIDEO),
    ("brdisc", Classes::VIDEO),
    ("film", Classes::VIDEO),
    ("photo", Classes::IMAGE),
    ("image", Classes::IMAGE),
    ("poster", Classes::IMAGE),
    ("manuscript", Classes::MANUSCRIPT),
    ("dataset", Classes::DATASET),
    ("research data", Classes::DATASET),
    ("kit", Classes::KIT),
];

impl Classes {
    /// Monograph.
    pub const BOOK: Classes = Classes(1);
    /// Journal article or component of a serial.
    pub const ARTICLE: Classes = Classes(1 << 1);
    /// Part of a book.
    pub const CHAPTER: Classes = Classes(1 << 2);
    /// Journal, newspaper, series.
    pub const SERIAL: Classes = Classes(1 << 3);
    /// Notated music.
    pub const SCORE: Classes = Classes(1 << 4);
    /// Map or atlas.
    pub const MAP: Classes = Classes(1 << 5);
    /// Sound recording.
    pub const AUDIO: Classes = Classes(1 << 6);
    /// Film or video.
    pub const VIDEO: Classes = Classes(1 << 7);
    /// Picture, photograph, poster.
    pub const IMAGE: Classes = Classes(1 << 8);
    /// Manuscript or archival material.
    pub const MANUSCRIPT: Classes = Classes(1 << 9);
    /// Program, game, data carrier.
    pub const SOFTWARE: Classes = Classes(1 << 10);
    /// Data set.
    pub const DATASET: Classes = Classes(1 << 11);
    /// Thesis; also a book to others.
    pub const THESIS: Classes = Classes(1 << 12);
    /// Conference proceedings or paper; also a book or an article to others.
    pub const CONFERENCE: Classes = Classes(1 << 13);
    /// Kit of several materials.
    pub const KIT: Classes = Classes(1 << 14);
    /// What goes with articles and is none: abstracts, talks, patents, reports of referees.
    pub const OTHER: Classes = Classes(1 << 15);

    /// Everything published by itself that is neither book nor serial.
    pub const MEDIA: Classes = Classes::SCORE
        .with(Classes::MAP)
        .with(Classes::AUDIO)
        .with(Classes::VIDEO)
        .with(Classes::IMAGE)
        .with(Classes::SOFTWARE)
        .with(Classes::DATASET)
        .with(Classes::KIT);

    /// Both sets.
    pub const fn with(self, other: Classes) -> Classes {
        Classes(self.0 | other.0)
    }

    /// Whether any class is in both.
    pub fn meets(self, other: Classes) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether nothing is known.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    fn of_value(value: &str) -> Classes {
        let folded = fold(value);
        // Whole values too short to be looked for inside others.
        match folded.as_str() {
            "cd" | "lp" => return Classes::AUDIO,
            "software" | "cd rom" | "cdrom" => return Classes::SOFTWARE,
            _ => {}
        }
        let beginnings = Beginnings::of(&folded);
        static STARTS: [Beginnings; FORMAT_NAMES.len()] = Beginnings::of_names(&FORMAT_NAMES);
        let mut names = FORMAT_NAMES.iter().zip(STARTS).filter(|(_, start)| beginnings.may_meet(*start));
        names.find(|((name, _), _)| begins_a_word(&folded, name)).map_or(Classes(0), |(&(_, class), _)| class)
    }

    /// Classes of all `format` values. A book with discs is a recording to some (`64 p. + 2 CDs`).
    pub fn of(record: &Record<'_>) -> Classes {
        let values = record.all(Field::Format).iter();
        let classes = values.fold(Classes(0), |classes, value| classes.with(Classes::of_value(value)));
        let is_book_with_discs =
            || classes.meets(Classes::AUDIO) && record.all(Field::Physical).iter().any(|value| opens_with_pages(value));
        if is_book_with_discs() { classes.with(Classes::BOOK) } else { classes }
    }

    /// What the carriers of a record tell of it where its formats do not: discs and tapes with pictures or sound, and scores,
    /// unless pages are counted first, as those of a book with discs are.
    pub(super) fn by_carrier(record: &Record<'_>) -> Classes {
        if record.all(Field::Physical).iter().any(|value| opens_with_pages(value)) {
            return Classes(0);
        }
        let carriers = Carriers::of(record).with(presentations(record));
        let is_any = |wanted: &[Carriers]| wanted.iter().any(|&carrier| carriers.meets(carrier));
        match () {
            () if is_any(&[Carriers::DVD, Carriers::BLU_RAY, Carriers::VHS]) => Classes::VIDEO,
            () if is_any(&[Carriers::CD, Carriers::LP, Carriers::CASSETTE]) => Classes::AUDIO,
            () if is_any(&[Carriers::SCORE, Carriers::VOCAL_SCORE, Carriers::STUDY_SCORE]) => Classes::SCORE,
            () => Classes(0),
        }
    }
}

/// Whether a statement of extent counts pages before anything else.
fn opens_with_pages(physical: &str) -> bool {
    let folded = fold(physical);
    let mut words = folded.split(' ').skip_while(|word| super::numbers::roman_numeral(word).is_some());
    let is_number = |word: Option<&str>| word.is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
    is_number(words.next()) && matches!(words.next(), Some("p" | "s" | "pages" | "seiten" | "pp"))
}

/// Whether a word of the folded text begins with `start`, which may go on over several words.
fn begins_a_word(folded: &str, start: &str) -> bool {
    // Most words fail on their first letter, so this is cheaper than a search for the text.
    let (bytes, start) = (folded.as_bytes(), start.as_bytes());
    (0..bytes.len())
        .any(|at| (at == 0 || bytes[at - 1] == b' ') && bytes[at] == start[0] && bytes[at..].starts_with(start))
}

/// Carriers that a record names, as a set; empty means nothing is said, which mostly means paper.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct Carriers(u16);

/// Folded words or phrases; `cd rom` before `cd`.
const CARRIER_NAMES: [(&str, Carriers); 71] = [
    ("online", Carriers::ONLINE),
    ("electronic", Carriers::ONLINE),
    ("ebook", Carriers::ONLINE),
    ("elektronische", Carriers::ONLINE),
    ("ressource electronique", Carriers::ONLINE),
    ("pdf", Carriers::ONLINE),
    ("microfilm", Carriers::MICROFORM),
    ("microfiche", Carriers::MICROFORM),
    ("mikrofilm", Carriers::MICROFORM),
    ("mikrofiche", Carriers::MICROFORM),
    ("cd rom", Carriers::CD_ROM),
    ("cdrom", Carriers::CD_ROM),
    ("dvd", Carriers::DVD),
    ("blu ray", Carriers::BLU_RAY),
    ("bluray", Carriers::BLU_RAY),
    ("vhs", Carriers::VHS),
    ("videokassette", Carriers::VHS),
    ("videokassett", Carriers::VHS),
    ("videokasetti", Carriers::VHS),
    ("videokasetteja", Carriers::VHS),
    ("vinyl", Carriers::LP),
    ("schallplatte", Carriers::LP),
    ("kassette", Carriers::CASSETTE),
    ("audiokassette", Carriers::CASSETTE),
    ("audiocassette", Carriers::CASSETTE),
    ("cassette", Carriers::CASSETTE),
    ("videocassette", Carriers::VHS),
    ("videotape", Carriers::VHS),
    ("kompaktkassette", Carriers::CASSETTE),
    ("musikkassette", Carriers::CASSETTE),
    ("disque compact", Carriers::CD),
    ("disques compacts", Carriers::CD),
    ("audio disc", Carriers::CD),
    ("compact disc", Carriers::CD),
    ("sound disc", Carriers::CD),
    ("diskette", Carriers::CD_ROM),
    ("floppy", Carriers::CD_ROM),
    ("usb", Carriers::CD_ROM),
    ("flash drive", Carriers::CD_ROM),
    ("braille", Carriers::BRAILLE),
    ("blindenschrift", Carriers::BRAILLE),
    ("punktschrift", Carriers::BRAILLE),
    ("large print", Carriers::LARGE_PRINT),
    ("large type", Carriers::LARGE_PRINT),
    ("grossdruck", Carriers::LARGE_PRINT),
    ("gros caracteres", Carriers::LARGE_PRINT),
    ("kindle", Carriers::ONLINE),
    ("ejournal", Carriers::ONLINE),
    ("verkkoaineisto", Carriers::ONLINE),
    ("ressource en ligne", Carriers::ONLINE),
    ("risorsa elettronica", Carriers::ONLINE),
    ("mp3", Carriers::CD_ROM),
    ("langspielplatte", Carriers::LP),
    ("schellackplatte", Carriers::LP),
    ("disque 33", Carriers::LP),
    ("disques 33", Carriers::LP),
    ("disco 33", Carriers::LP),
    ("dischi 33", Carriers::LP),
    ("33 1 3 rpm", Carriers::LP),
    ("epub", Carriers::ONLINE),
    ("e book", Carriers::ONLINE),
    ("e bok", Carriers::ONLINE),
    ("e kirja", Carriers::ONLINE),
    ("elektronisk", Carriers::ONLINE),
    ("elektroninen", Carriers::ONLINE),
    ("livre numerique", Carriers::ONLINE),
    ("recurso electronico", Carriers::ONLINE),
    ("recurso en linea", Carriers::ONLINE),
    ("bd levy", Carriers::BLU_RAY),
    ("pistekirja", Carriers::BRAILLE),
    ("punktskrift", Carriers::BRAILLE),
];

impl Carriers {
    /// Online resource.
    pub const ONLINE: Carriers = Carriers(1);
    /// Microfilm, microfiche.
    pub const MICROFORM: Carriers = Carriers(1 << 1);
    /// Compact disc with sound.
    pub const CD: Carriers = Carriers(1 << 2);
    /// DVD.
    pub const DVD: Carriers = Carriers(1 << 3);
    /// Blu-ray disc.
    pub const BLU_RAY: Carriers = Carriers(1 << 4);
    /// Video cassette.
    pub const VHS: Carriers = Carriers(1 << 5);
    /// Vinyl or shellac record.
    pub const LP: Carriers = Carriers(1 << 6);
    /// Sound cassette.
    pub const CASSETTE: Carriers = Carriers(1 << 7);
    /// Data on CD-ROM, diskette or stick.
    pub const CD_ROM: Carriers = Carriers(1 << 8);
    /// Braille.
    pub const BRAILLE: Carriers = Carriers(1 << 9);
    /// Paper in large print.
    pub const LARGE_PRINT: Carriers = Carriers(1 << 10);
    /// Notated music: full score.
    pub const SCORE: Carriers = Carriers(1 << 11);
    /// Notated music: parts.
    pub const PARTS: Carriers = Carriers(1 << 12);
    /// Notated music: reduction for voices and piano.
    pub const VOCAL_SCORE: Carriers = Carriers(1 << 13);
    /// Notated music: score in small size.
    pub const STUDY_SCORE: Carriers = Carriers(1 << 14);
    /// Volumes of paper that nobody counted, such as those of a serial that goes on.
    pub const VOLUMES: Carriers = Carriers(1 << 15);

    /// What keeps apart from a record that says nothing but how many pages there are.
    pub const SPECIAL: Carriers =
        Carriers(Carriers::ONLINE.0 | Carriers::MICROFORM.0 | Carriers::BRAILLE.0 | Carriers::LARGE_PRINT.0);
    /// Presentations of notated music.
    pub const PRESENTATIONS: Carriers =
        Carriers(Carriers::SCORE.0 | Carriers::PARTS.0 | Carriers::VOCAL_SCORE.0 | Carriers::STUDY_SCORE.0);

    /// Whether nothing is known.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether any carrier is in both.
    pub fn meets(self, other: Carriers) -> bool {
        self.0 & other.0 != 0
    }

    /// Both sets.
    pub fn with(self, other: Carriers) -> Carriers {
        Carriers(self.0 | other.0)
    }

    /// Those of `self` that are not among `others`.
    pub fn without(self, others: Carriers) -> Carriers {
        Carriers(self.0 & !others.0)
    }

    /// Those that are in both.
    pub fn within(self, others: Carriers) -> Carriers {
        Carriers(self.0 & others.0)
    }

    /// Carriers named in `format`, `physical` and `edition`; for notated music its presentation, too.
    pub fn of(record: &Record<'_>) -> Carriers {
        static STARTS: [Beginnings; CARRIER_NAMES.len()] = Beginnings::of_names(&CARRIER_NAMES);
        let mut found = Carriers(0);
        let mut has_videodisc = false;
        let fields = [Field::Format, Field::Physical, Field::Edition];
        for (field, value) in fields.iter().flat_map(|&field| record.all(field).iter().map(move |value| (field, value)))
        {
            let folded = fold(value);
            let beginnings = Beginnings::of(&folded);
            for (&(name, carrier), start) in CARRIER_NAMES.iter().zip(STARTS) {
                if beginnings.may_meet(start) && begins_a_word(&folded, name) {
                    found.0 |= carrier.0;
                }
            }
            has_videodisc |=
                field != Field::Edition && beginnings.may_have("videodisc") && begins_a_word(&folded, "videodisc");
            if found.0 & Carriers::CD_ROM.0 == 0
                && ["cd", "sounddisc"].iter().any(|name| beginnings.may_have(name))
                && folded.split(' ').any(|word| matches!(word, "cd" | "cds" | "sounddisc"))
            {
                found.0 |= Carriers::CD.0;
            }
            if beginnings.may_have("lp") && folded.split(' ').any(|word| word == "lp") {
                found.0 |= Carriers::LP.0;
            }
            if field != Field::Edition && folded.split(' ').any(is_sound_cassette) {
                found.0 |= Carriers::CASSETTE.0;
            }
        }
        // A video disc that does not say which is a DVD.
        let names_video = found.meets(Carriers::BLU_RAY) || found.meets(Carriers::DVD);
        if !names_video && has_videodisc {
            found.0 |= Carriers::DVD.0;
        }
        if !found.meets(Carriers::SPECIAL) && record.all(Field::Physical).iter().any(|value| opens_with_volumes(value))
        {
            found.0 |= Carriers::VOLUMES.0;
        }
        if Classes::of(record).meets(Classes::SCORE) {
            found.0 |= presentations(record).0;
        }
        found
    }
}

/// Whether a folded word is that of a cassette with sound: `Tonkassette`, `musicassetta`, `MC`.
fn is_sound_cassette(word: &str) -> bool {
    const ENDS: [&str; 7] = ["cassette", "cassettes", "cassetta", "kassette", "kassetten", "kasetti", "kasettia"];
    matches!(word, "mc" | "mcs") || !word.starts_with("video") && ENDS.iter().any(|end| word.ends_with(end))
}

/// Whether a statement of extent begins with volumes that it does not count: `v.`, `Bände`.
fn opens_with_volumes(physical: &str) -> bool {
    let folded = fold(physical);
    folded.split(' ').next().is_some_and(|word| word != "parts" && word != "pts" && VOLUMES.contains(&word))
}

/// Centimetres up to which a score is one to read in, whatever it is called: pocket scores are 18 to 19 high.
const MAX_STUDY_SCORE: u32 = 20;

/// The presentations of notated music that `physical` names. A score of voices and piano is not a full one.
fn presentations(record: &Record<'_>) -> Carriers {
    const NAMES: [(&str, Carriers); 37] = [
        ("vocal score", Carriers::VOCAL_SCORE),
        ("piano score", Carriers::VOCAL_SCORE),
        ("klavierauszug", Carriers::VOCAL_SCORE),
        ("chant et piano", Carriers::VOCAL_SCORE),
        ("piano vocal", Carriers::VOCAL_SCORE),
        ("miniature score", Carriers::STUDY_SCORE),
        ("study score", Carriers::STUDY_SCORE),
        ("pocket score", Carriers::STUDY_SCORE),
        ("studienpartitur", Carriers::STUDY_SCORE),
        ("taschenpartitur", Carriers::STUDY_SCORE),
        ("partition de poche", Carriers::STUDY_SCORE),
        ("score", Carriers::SCORE),
        ("partitur", Carriers::SCORE),
        ("partition", Carriers::SCORE),
        ("partitura", Carriers::SCORE),
        ("part", Carriers::PARTS),
        ("parts", Carriers::PARTS),
        ("stimme", Carriers::PARTS),
        ("stimmen", Carriers::PARTS),
        ("partie", Carriers::PARTS),
        ("parties", Carriers::PARTS),
        ("parti", Carriers::PARTS),
        ("stemmen", Carriers::PARTS),
        ("klavierpartitur", Carriers::SCORE),
        ("spielpartitur", Carriers::SCORE),
        ("pianopartituuri", Carriers::VOCAL_SCORE),
        ("klaverutdrag", Carriers::VOCAL_SCORE),
        ("pienoispartituuri", Carriers::STUDY_SCORE),
        ("taskupartituuri", Carriers::STUDY_SCORE),
        ("studiepartitur", Carriers::STUDY_SCORE),
        ("partituuri", Carriers::SCORE),
        ("stemma", Carriers::PARTS),
        ("stemmat", Carriers::PARTS),
        ("stemmaa", Carriers::PARTS),
        ("orkesteristemmat", Carriers::PARTS),
        ("stamma", Carriers::PARTS),
        ("stammor", Carriers::PARTS),
    ];
    let mut found = Carriers(0);
    for value in record.all(Field::Physical) {
        for statement in value.split(['+', ';', '(']) {
            let text = format!(" {} ", fold(statement));
            let named = NAMES.iter().find(|(name, _)| text.contains(&format!(" {name} ")));
            found.0 |= named.map_or(0, |(_, presentation)| presentation.0);
        }
    }
    let is_small = || (1..=MAX_STUDY_SCORE).contains(&Extent::of(record).height);
    if found.meets(Carriers::SCORE) && is_small() { found.with(Carriers::STUDY_SCORE) } else { found }
}

/// Size of a thing, as far as `physical` says it in numbers; 0 means nothing is said.
#[derive(
    Clone, Copy, PartialEq, Eq, Default, Debug, Serialize, Deserialize, IntoBytes, FromBytes, Immutable, KnownLayout,
)]
#[repr(C)]
pub struct Extent {
    /// Pages, leaves or sheets: the largest count given.
    pub pages: u32,
    /// Preliminary pages counted in Roman numerals.
    pub front: u32,
    /// Volumes.
    pub volumes: u32,
    /// Playing time in minutes.
    pub minutes: u32,
    /// Height in centimetres.
    pub height: u32,
    /// What one centimetre of a map stands for, in centimetres.
    pub scale: u32,
    /// Discs, records or cassettes.
    pub discs: u32,
}

/// Minutes of an hour.
const MINUTES: u32 = 60;
/// Hours that nothing recorded plays longer than.
const MAX_HOURS: u32 = 1000;

/// Words for pages in a statement of extent, folded.
const PAGES: [&str; 37] = [
    "p",
    "pp",
    "pages",
    "page",
    "s",
    "seiten",
    "seite",
    "leaves",
    "leaf",
    "l",
    "bl",
    "blatt",
    "f",
    "ff",
    "str",
    "sivua",
    "pag",
    "stron",
    "paginas",
    "pagine",
    "pagina",
    "sider",
    "sidor",
    "side",
    "stran",
    "strany",
    "strana",
    "oldal",
    "feuillets",
    "folios",
    "blz",
    "bladzijden",
    "blatter",
    "bll",
    "lk",
    "lpp",
    "pags",
];

/// Words for volumes in a statement of extent, folded.
const VOLUMES: [&str; 24] = [
    "v", "vol", "vols", "volumes", "volume", "pts", "parts", "bd", "bde", "bande", "tomes", "osaa", "teile", "tle",
    "tomos", "tomi", "sv", "dln", "delen", "bind", "nide", "nid", "nidetta", "niteet",
];

/// Words for things that play, or the first of several such words, in a statement of extent, folded.
const DISCS: [&str; 39] = [
    "aanilevy",
    "aanilevya",
    "audio",
    "audiokassetten",
    "blu",
    "cassette",
    "cassettes",
    "cd",
    "cds",
    "compact",
    "dischi",
    "disco",
    "disc",
    "discs",
    "disque",
    "disques",
    "dvd",
    "dvds",
    "kasetti",
    "kasettia",
    "kassette",
    "kassetten",
    "langspielplatten",
    "ljudskiva",
    "ljudskivor",
    "lp",
    "lps",
    "mc",
    "mcs",
    "schallplatte",
    "schallplatten",
    "sound",
    "tonkassetten",
    "vhs",
    "videocassette",
    "videocassettes",
    "videodisc",
    "videodiscs",
    "videokassetten",
];

impl Extent {
    /// The extent of a record.
    pub fn of(record: &Record<'_>) -> Extent {
        let mut extent = Extent::default();
        for value in record.all(Field::Physical) {
            extent.read(value);
        }
        let scale = record.all(Field::Physical).iter().find_map(|value| super::numbers::scale(value));
        // Few extents have what looks like a scale.
        extent.scale = scale.filter(|_| Classes::of(record).meets(Classes::MAP)).unwrap_or(0);
        // What comes with a book, or came out of a serial so far, is counted as it happens.
        if extent.discs > 0 && !Classes::of(record).meets(Classes::AUDIO.with(Classes::VIDEO)) {
            extent.discs = 0;
        }
        extent
    }

    /// Reads one statement: numbers count for the unit that follows them, and a run of numbers before a unit
    /// (`viii, 400, [1] p.`) for its largest.
    fn read(&mut self, value: &str) {
        let folded = fold(&without_commas_in_numbers(value));
        let mut words: Vec<&str> = folded.split(' ').flat_map(number_and_unit).collect();
        put_unit_last(&mut words);
        // Numbers alone are pages: `238`, and `103-207` within a host.
        let number = |word: &str| word.parse::<u32>().ok();
        let pages = match words[..] {
            [only] => number(only),
            [first, last] => {
                number(first).zip(number(last)).and_then(|(p, q)| q.checked_sub(p)).map(|n| n.saturating_add(1))
            }
            _ => None,
        };
        self.pages = self.pages.max(pages.unwrap_or(0));
        let (mut largest, mut roman, mut hours) = (0u32, 0u32, 0u32);
        for (at, word) in words.iter().enumerate() {
            if let Ok(number) = word.parse::<u32>() {
                largest = largest.max(number);
                continue;
            }
            if let Some(number) = super::numbers::roman_numeral(word)
                && !(PAGES.contains(word) && largest > 0)
                && !(VOLUMES.contains(word) && largest > 0)
            {
                roman = roman.max(number);
                continue;
            }
            // `30 x 22 cm`, `3 p. l.`, `82 numb. l.`: the run goes on.
            if matches!(*word, "x" | "numb" | "unnumb") || (*word == "p" && words.get(at + 1) == Some(&"l")) {
                continue;
            }
            let are_plates = words.get(at + 1..at + 3) == Some(&["of", "plates"]);
            if PAGES.contains(word) && !are_plates {
                self.pages = self.pages.max(largest);
                self.front = self.front.max(roman);
            } else if VOLUMES.contains(word) {
                self.volumes = match (at.checked_sub(2).map(|before| words[before]), largest) {
                    // `5 pts. in 1 v.`: others count the parts, or the pages.
                    (Some("in"), 1) => 0,
                    _ => self.volumes.max(largest),
                };
            } else if matches!(*word, "min" | "mins" | "minutes" | "minuten" | "minuuttia" | "minuti") {
                self.minutes = self.minutes.max(hours * MINUTES + largest);
            } else if matches!(*word, "h" | "hr" | "hrs" | "hours" | "hour" | "std" | "stunden" | "tuntia") {
                // Hours alone are a round number.
                hours = largest.min(MAX_HOURS);
            } else if largest > 0 && self.discs == 0 && DISCS.contains(word) {
                // Behind the first ones may follow what comes with them: `2 DVD + 1 CD`.
                self.discs = largest;
            } else if *word == "cm" && self.height == 0 {
                self.height = largest;
            }
            (largest, roman) = (0, 0);
        }
    }
}

/// `xvi, 1,042 p.` as `xvi, 1042 p.`
fn without_commas_in_numbers(value: &str) -> Cow<'_, str> {
    let bytes = value.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let is_within = |at: usize| {
        bytes[at] == b','
            && at > 0
            && is_digit(at - 1)
            && (1..=3).all(|ahead| is_digit(at + ahead))
            && !is_digit(at + 4)
    };
    if !(0..bytes.len()).any(is_within) {
        return Cow::Borrowed(value);
    }
    Cow::Owned(value.char_indices().filter(|&(at, c)| c != ',' || !is_within(at)).map(|(_, c)| c).collect())
}

/// Puts the unit after the numbers where it stands before them, as British catalogues have it: `pp. xii, 81`, `p. 223-338`.
fn put_unit_last(words: &mut [&str]) {
    let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let is_counted = |word: &str| is_number(word) || super::numbers::roman_numeral(word).is_some();
    // `1 p. l., p. 223-338`
    let is_counting = |at: usize| is_counted(words[at]) && words[at] != "l";
    let is_unit = |at: usize| matches!(words[at], "p" | "pp") && (at == 0 || !is_counting(at - 1));
    let Some(at) = (0..words.len()).find(|&at| is_unit(at)) else { return };
    let numbers = words[at + 1..].iter().take_while(|word| is_counted(word) && **word != "ill").count();
    let end = at + 1 + numbers;
    // `p. 20 cm.`: the numbers have a unit of their own.
    let have_unit = words.get(end).is_some_and(|word| matches!(*word, "cm" | "mm" | "p" | "pp" | "l" | "v"));
    if words[at + 1..end].iter().any(|word| is_number(word)) && !have_unit {
        words[at..end].rotate_left(1);
    }
}

/// `124p` → `124`, `p`; other words stay whole.
fn number_and_unit(word: &str) -> impl Iterator<Item = &str> {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = word.split_at(digits);
    [number, unit].into_iter().filter(|part| !part.is_empty())
}

/// The edition a record names.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
pub struct Edition<'a> {
    /// Number of the edition, 0 if none is named.
    pub number: u32,
    /// The folded statement.
    pub text: Text<'a>,
}

impl Edition<'_> {
    /// The edition of a record. That a reading is not abridged is as little said as that an edition is the first.
    pub fn of(record: &Record<'_>) -> Edition<'static> {
        let mut edition = record.filled(Field::Edition).map_or_else(Edition::default, Edition::parse);
        let is_whole = |text: &str| {
            let says =
                |word: &str| matches!(word, "unabridged" | "ungekurzt" | "ungekurzte" | "integrale" | "complete");
            let of_form = |word: &str| matches!(word, "ed" | "edition" | "fassung" | "lesung" | "version" | "ausgabe");
            text.split(' ').any(says) && text.split(' ').all(|word| says(word) || of_form(word))
        };
        if edition.number == 0 && is_whole(&edition.text) && Classes::of(record).meets(Classes::AUDIO) {
            edition.number = 1;
        }
        edition
    }

    /// `2nd ed., rev.`, `Zweite Auflage`, `8. A.`, `Erstausg.`
    pub fn parse(statement: &str) -> Edition<'static> {
        const FIRST: [&str; 5] = ["erstausg", "erstausgabe", "erstaufl", "erstauflage", "princeps"];
        let text = fold(statement);
        let number = text.split(' ').find_map(|word| {
            if FIRST.contains(&word) {
                return Some(1);
            }
            let digits = word.bytes().take_while(u8::is_ascii_digit).count();
            // Four digits are a year: `1998 ed.`
            if (1..=3).contains(&digits) { word[..digits].parse().ok() } else { number_word(word) }
        });
        Edition { number: number.unwrap_or(0), text: text.into() }
    }
}

/// The series a record belongs to, if it names exactly one.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
pub struct Series<'a> {
    /// Folded name without numbers and part designations.
    pub name: Text<'a>,
    /// Number within the series, 0 if none is given, or what stands for one of several words ([`Series::n_composed`]).
    pub number: u32,
}

/// From here on, numbers stand for several words, of which the lowest bits hash to the rest.
const COMPOSED: u32 = 1 << 31;
/// Bits of the hash of a composed number; the number of its words stands above them.
const COMPOSED_BITS: u32 = 27;

/// What stands for a number of several words, in whatever order: `COM(2001) 412`, `RM L53F10`.
fn composed(mut words: Vec<&str>) -> u32 {
    words.sort_unstable();
    let hash = xxh3_64(words.join(" ").as_bytes()) as u32 & ((1 << COMPOSED_BITS) - 1);
    COMPOSED | (words.len().min(15) as u32) << COMPOSED_BITS | hash
}

impl Series<'_> {
    /// How many words the number has, if it is more than digits; 0 of others.
    pub fn n_composed(&self) -> u32 {
        self.number.checked_sub(COMPOSED).map_or(0, |number| number >> COMPOSED_BITS)
    }

    /// The one series of a record; empty if it has none or several.
    pub fn of(record: &Record<'_>) -> Series<'static> {
        let series = record.all(Field::Series);
        match series {
            [only] => Series::parse(only),
            _ => Series::default(),
        }
    }

    /// `Topographische Karte der Schweiz Bl. 23, Ed. 1863` → the words before the number, and 23. A number beside a
    /// designation is the one; without designation, several give none.
    pub fn parse(statement: &str) -> Series<'static> {
        const DESIGNATIONS: [&str; 18] = [
            "bd", "band", "vol", "v", "no", "nr", "n", "bl", "blatt", "t", "h", "heft", "number", "volume", "foglio",
            "f", "feuille", "sheet",
        ];
        let (statement, scale) = super::numbers::without_scale(statement);
        let folded = fold(&statement);
        // The scale is a word of the name, whatever is numbered within it.
        let words: Vec<&str> = scale.iter().map(String::as_str).chain(folded.split(' ')).collect();
        let is_number = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
        let own = |name: Vec<&str>| -> Text<'static> {
            let own: Vec<&str> = name.into_iter().filter(|word| !DESIGNATIONS.contains(word)).collect();
            own.join(" ").into()
        };
        let designated = words.windows(2).position(|two| DESIGNATIONS.contains(&two[0]) && is_number(two[1]));
        let (name, number) = match designated {
            Some(at) => (words[..at].to_vec(), words[at + 1]),
            None => {
                let is_scale = |word: &str| scale.as_deref() == Some(word);
                let has_digit = |word: &&str| !is_scale(word) && word.bytes().any(|byte| byte.is_ascii_digit());
                let (numbers, name): (Vec<&str>, Vec<&str>) = words.iter().copied().partition(has_digit);
                match numbers[..] {
                    [] => (name, ""),
                    [only] if is_number(only) => (name, only),
                    _ => return Series { name: own(name), number: composed(numbers) },
                }
            }
        };
        let number = number.parse().ok().filter(|&number| number < COMPOSED);
        Series { name: own(name), number: number.unwrap_or(0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Parser;

    fn record<T>(json: &str, read: impl FnOnce(&Record<'_>) -> T) -> T {
        Parser::default().parse(json.as_bytes(), read).expect("a record")
    }

    #[test]
    fn formats_of_different_routes_meet() {
        let classes = |format: &str| record(&format!(r#"{{"id":"a","format":{format}}}"#), Classes::of);
        let article = classes(r#"["Online","Article","Text"]"#);
        for format in
            [r#"["Article"]"#, r#"["SerialComponentPart"]"#, r#"["Electronic","Article"]"#, r#"["article-journal"]"#]
        {
            assert!(article.meets(classes(format)), "{format}");
        }
        assert!(!article.meets(classes(r#"["Book"]"#)));
        assert!(classes(r#"["BookComponentPart"]"#) == Classes::CHAPTER);
        assert!(classes(r#"["Text"]"#).is_empty());
        let reader = |physical: &str| {
            record(&format!(r#"{{"id":"a","format":["SoundRecording"],"physical":["{physical}"]}}"#), Classes::of)
        };
        assert!(reader("64 S. Ill. 2 Compact Discs").meets(Classes::BOOK));
        assert!(!reader("2 Compact Discs (152 Min.) 1 Beilage (236 S.)").meets(Classes::BOOK));
    }

    #[test]
    fn carriers_are_read_in_several_languages() {
        let carriers = |format: &str, physical: &str| {
            let json = format!(r#"{{"id":"a","format":["{format}"],"physical":["{physical}"]}}"#);
            record(&json, Carriers::of)
        };
        for (format, physical, expected) in [
            ("SoundRecording", "1 Schallplatte 33 UpM", Carriers::LP),
            ("SoundRecording", "2 Tonkassetten", Carriers::CASSETTE),
            ("SoundRecording", "1 MC", Carriers::CASSETTE),
            ("SoundCassette", "1", Carriers::CASSETTE),
            ("Video", "1 Videokassette", Carriers::VHS),
            ("Video", "1 videokasetti (92 min)", Carriers::VHS),
            ("Video", "1 BD-levy", Carriers::BLU_RAY),
            ("Book", "1 e-kirja (EPUB)", Carriers::ONLINE),
            ("Book", "1 recurso en línea", Carriers::ONLINE),
            ("Book", "1 pistekirja (4 vihkoa)", Carriers::BRAILLE),
            ("SoundRecording", "1 mp3-CD", Carriers::CD_ROM),
            ("SoundRecording", "4 CDs", Carriers::CD),
            ("eJournal", "", Carriers::ONLINE),
            ("Journal", "Bände", Carriers::VOLUMES),
            ("Journal", "v. ; 24 cm", Carriers::VOLUMES),
            ("Book", "v. Ill. 2 cassettes sonores", Carriers::VOLUMES.with(Carriers::CASSETTE)),
            ("Journal", "Bände (Online-Ressource)", Carriers::ONLINE),
            ("NotatedMusic", "1 partituuri (39 s.)", Carriers(0)),
            ("MusicalScore", "28 stemmaa", Carriers::PARTS),
            ("MusicalScore", "1 pianopartituuri", Carriers::VOCAL_SCORE),
        ] {
            let expected = if format == "NotatedMusic" { Carriers::SCORE } else { expected };
            assert_eq!(carriers(format, physical), expected, "{format} {physical}");
        }
    }

    #[test]
    fn extents_are_read_in_several_languages() {
        let extent = |physical: &str| record(&format!(r#"{{"id":"a","physical":["{physical}"]}}"#), Extent::of);
        assert_eq!(extent("xii, 284 p. 19 cm.").pages, 284);
        assert_eq!(extent("412 S.").pages, 412);
        assert_eq!((extent("xvi, 1,042 p.").pages, extent("1,04 p.").pages), (1042, 4));
        assert_eq!(extent("3 p.l., 82 numb. l. 19 cm."), extent("[3], 82 leaves ; 19 cm."));
        assert_eq!(extent("54 p., 100 leaves of plates ; 31 cm.").pages, 54);
        assert_eq!((extent("pp. xii, 81. nar.16mo").pages, extent("pp. xii, 81.").front), (81, 12));
        assert_eq!((extent("238").pages, extent("103-207").pages, extent("2 3 4").pages), (238, 105, 0));
        let offprint = extent("p. 223-338 : ill. ; 24 cm.");
        assert_eq!((offprint.pages, offprint.height), (338, 24));
        assert_eq!(extent("1 p.l., p. 223-338. illus. 25 cm.").pages, 338);
        assert_eq!((extent("p. [20 cm.]").pages, extent("p. [20 cm.]").height), (0, 20));
        assert_eq!(extent("3 p. l., 284 p.").pages, 284);
        assert_eq!(extent("6 audio discs (7 hr., 20 min.)").minutes, 440);
        assert_eq!(extent("6 audio discs (7 hr.)").minutes, 0);
        assert_eq!(extent("1 DVD (98 min.)").minutes, 98);
        for (physical, discs) in [
            ("3 disques compacts en 1 coffret DDD 12 cm 1 livret (280 p.)", 3),
            ("2 Compact Discs (74, 77 Min.)", 2),
            ("2 CD-äänilevyä + 1 LP-äänilevy", 2),
            ("1 Box (3 CDs)", 3),
            ("1 DVD-Video, Region 0, 169 Min., farb. 1 Booklet", 1),
            ("6 audio discs (7 hr.)", 6),
            ("CD", 0),
        ] {
            let of = |format: &str| {
                record(&format!(r#"{{"id":"a","format":["{format}"],"physical":["{physical}"]}}"#), Extent::of).discs
            };
            assert_eq!((of("SoundRecording"), of("Book")), (discs, 0), "{physical}");
        }
        assert_eq!(extent("1 DVD-levy (2 h 59 min)").minutes, 179);
        assert_eq!(extent("2 nidettä (500, 480 sivua)").volumes, 2);
        assert_eq!(extent("viii, 502 pagina's").pages, 502);
        assert_eq!(extent("556").pages, 556);
        assert_eq!((extent("viii, 400, [1] p. front. 23 cm.").pages, extent("viii, 400, [1] p.").front), (400, 8));
        assert_eq!(extent("3 p. l., vii, [1], 141, [1] p. 18 cm.").pages, 141);
        assert_eq!(extent("xv p., 1 L., [1]-318 p. 16 cm."), extent("xv, 318 p. 16 cm."));
        assert_eq!(extent("xv, 359p. : illus. ; 22cm."), extent("xv, 359 p. illus. 22 cm."));
        assert_eq!(extent("124p. incl. front. ; 19cm.").height, 19);
        assert_eq!(extent("64 p. ; 30 x 22 cm").height, 30);
        assert_eq!(extent("2 v. : ill. ; 25 cm").volumes, 2);
        assert_eq!((extent("5 pts. ; 23 cm.").volumes, extent("5 pts. ; 23 cm.").height), (5, 23));
        assert_eq!((extent("5 pt. in 1 v. ; 23 cm.").volumes, extent("7 v. in 4").volumes), (0, 7));
        assert_eq!(extent("1 DVD-Video, 169 Min., farb.").minutes, 169);
        assert_eq!(extent("1 Online-Ressource"), Extent::default());
    }

    #[test]
    fn carriers_are_told_apart() {
        let carriers = |physical: &str| record(&format!(r#"{{"id":"a","physical":["{physical}"]}}"#), Carriers::of);
        assert_eq!(carriers("1 Online-Ressource (300 S.)"), Carriers::ONLINE);
        assert_eq!(carriers("1 CD-ROM"), Carriers::CD_ROM);
        assert_eq!(carriers("2 CDs"), Carriers::CD);
        assert_eq!(carriers("3 disques compacts dans un boîtier"), Carriers::CD);
        assert_eq!(carriers("5 audiocassettes (7 hr.)"), Carriers::CASSETTE);
        assert_eq!(carriers("312 p. (large print)"), Carriers::LARGE_PRINT);
        assert!(carriers("300 S.").is_empty());
    }

    #[test]
    fn a_whole_reading_goes_without_saying() {
        let edition = |format: &str, statement: &str| {
            record(&format!(r#"{{"id":"a","format":["{format}"],"edition":"{statement}"}}"#), Edition::of).number
        };
        assert_eq!((edition("SoundRecording", "Unabridged."), edition("Book", "Unabridged.")), (1, 0));
        assert_eq!((edition("SoundRecording", "Abridged."), edition("SoundRecording", "2nd ed.")), (0, 2));
    }

    #[test]
    fn presentations_of_music_are_read() {
        let carriers = |physical: &str| {
            record(&format!(r#"{{"id":"a","format":["MusicalScore"],"physical":["{physical}"]}}"#), Carriers::of)
        };
        assert_eq!(carriers("1 score (36 p.)"), Carriers::SCORE);
        assert_eq!(carriers("1 vocal score (120 p.)"), Carriers::VOCAL_SCORE);
        assert_eq!(carriers("1 partition (XII, 412 p.) 30 cm"), Carriers::SCORE);
        assert!(carriers("1 partition (XII, 412 p.) 19 cm").meets(carriers("1 partition de poche (412 p.)")));
        assert_eq!(carriers("1 Klavierauszug (24 S.)"), Carriers::VOCAL_SCORE);
        assert!(carriers("1 miniature score (64 p.) + 4 parts").meets(Carriers::PARTS));
        let book = record(r#"{"id":"a","format":["Book"],"physical":["2 parts"]}"#, Carriers::of);
        assert!(book.is_empty());
    }

    #[test]
    fn series_numbers_are_found() {
        let sheet = Series::parse("Topographische Karte der Schweiz Bl. 23");
        assert_eq!((&*sheet.name, sheet.number), ("topographische karte der schweiz", 23));
        let sheet = Series::parse("Topographische Karte der Schweiz Bl. 23, Ed. 1863");
        assert_eq!((&*sheet.name, sheet.number), ("topographische karte der schweiz", 23));
        // However the scale is written, and whether the sheet is called one.
        let sheets = ["1:50 000 Bl. 237", "1:50000 237", "1 : 50.000, feuille 237"];
        let [one, others @ ..] = sheets.map(|sheet| Series::parse(&format!("Landeskarte der Schweiz {sheet}")));
        assert_eq!((&*one.name, one.number), ("scale50000 landeskarte der schweiz", 237));
        assert!(others.iter().all(|other| *other == one), "{others:?}");
        let volume = Series::parse("Studies in things, ser. 2, vol. 5");
        assert_eq!((&*volume.name, volume.number), ("studies in things ser 2", 5));
        // Numbers of several words, in either order.
        let number = |statement: &str| Series::parse(statement).number;
        assert_eq!(number("Lecture notes 1996, 12"), number("Lecture notes, 12, 1996"));
        assert_eq!(Series::parse("Lecture notes 1996, 12").n_composed(), 2);
        for (one, other) in [("COM(2001) 412", "COM(2001) 433"), ("NACA RM L53F10", "NACA RM L53G12")] {
            let (one, other) = (Series::parse(one), Series::parse(other));
            assert!(one.name == other.name && one.number != other.number);
            assert!(one.n_composed() > 0 && one.n_composed() == other.n_composed());
        }
    }

    #[test]
    fn edition_numbers_are_found() {
        for (statement, number) in [
            ("2nd ed., rev.", 2),
            ("Zweite Auflage", 2),
            ("8. A.", 8),
            ("Rev. ed.", 0),
            ("1998 ed.", 0),
            ("Third edition", 3),
            ("Erstausg.", 1),
            ("Ed. princeps", 1),
        ] {
            assert_eq!(Edition::parse(statement).number, number, "{statement}");
        }
    }
}
