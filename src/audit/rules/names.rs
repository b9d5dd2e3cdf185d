//! What names of persons look like beside those of corporate bodies.

/// Words of corporate names, lower-cased. Origin: frequent words of corporate bodies and of their legal forms. Sorted.
const CORPORATE: [&str; 375] = [
    "abteilung",
    "academia",
    "academy",
    "académie",
    "accademia",
    "administration",
    "ag",
    "agency",
    "akadeemia",
    "akademi",
    "akademia",
    "akademie",
    "akademien",
    "akademija",
    "akadémia",
    "akadēmija",
    "alliance",
    "allianz",
    "amgueddfa",
    "amt",
    "anstalt",
    "arbeitsgemeinschaft",
    "arbeitskreis",
    "archiv",
    "archives",
    "archivo",
    "asociacion",
    "asociación",
    "asociația",
    "associates",
    "association",
    "associazione",
    "authority",
    "ayuntamiento",
    "banco",
    "bank",
    "bankas",
    "behörde",
    "biblioteca",
    "bibliotek",
    "biblioteka",
    "biblioteket",
    "bibliotheek",
    "bibliothek",
    "bibliothèque",
    "bibliotēka",
    "biedrība",
    "bistum",
    "biuro",
    "board",
    "books",
    "britain",
    "bundesamt",
    "bundesanstalt",
    "bundestag",
    "bureau",
    "bv",
    "center",
    "centre",
    "centro",
    "centrum",
    "chamber",
    "choir",
    "chorus",
    "church",
    "chœur",
    "cie",
    "club",
    "collaboration",
    "collaborative",
    "collection",
    "collective",
    "college",
    "comité",
    "commissie",
    "commission",
    "committee",
    "commonwealth",
    "community",
    "company",
    "comune",
    "confederation",
    "conference",
    "congregation",
    "congress",
    "consejo",
    "consortium",
    "cooperative",
    "corp",
    "corporation",
    "council",
    "court",
    "cross",
    "departamento",
    "departement",
    "department",
    "diocese",
    "dipartimento",
    "diputación",
    "directorate",
    "draugija",
    "društvo",
    "družba",
    "editions",
    "eesti",
    "egyetem",
    "embassy",
    "enquête-kommission",
    "ensemble",
    "europe",
    "fachhochschule",
    "facultad",
    "faculty",
    "faculté",
    "fakultät",
    "federal",
    "federation",
    "films",
    "fondation",
    "fondazione",
    "forschungsgemeinschaft",
    "forschungszentrum",
    "forum",
    "foundation",
    "fraunhofer-gesellschaft",
    "fund",
    "fundación",
    "fundația",
    "förbund",
    "förening",
    "gemeinde",
    "genootschap",
    "gesellschaft",
    "gmbh",
    "gobierno",
    "gouvernement",
    "government",
    "group",
    "guild",
    "handelskammer",
    "hochschule",
    "hogeschool",
    "hospital",
    "house",
    "högskola",
    "inc",
    "industries",
    "initiative",
    "institut",
    "institutas",
    "institute",
    "institutes",
    "institution",
    "instituto",
    "instituut",
    "institūts",
    "international",
    "inštitut",
    "istituto",
    "kammer",
    "kanton",
    "kanzlei",
    "kementerian",
    "kg",
    "kingdom",
    "kirche",
    "kirjandusmuuseum",
    "kirjasto",
    "knihovna",
    "knižnica",
    "knjižnica",
    "kommission",
    "koninklijke",
    "konsortium",
    "kungliga",
    "kunsthalle",
    "kunstverein",
    "kuoro",
    "kurumu",
    "könyvtár",
    "laboratoire",
    "laboratories",
    "laboratorio",
    "laboratory",
    "landesamt",
    "landesregierung",
    "landtag",
    "leabharlann",
    "library",
    "ligue",
    "limited",
    "llc",
    "llyfrgell",
    "ltd",
    "magistrat",
    "mairie",
    "matica",
    "max-planck-gesellschaft",
    "ministerio",
    "ministerium",
    "ministerstvo",
    "ministerul",
    "ministry",
    "ministère",
    "mission",
    "museo",
    "museum",
    "musée",
    "muuseum",
    "muzej",
    "muzejs",
    "muzeul",
    "muzeum",
    "muziejus",
    "múzeum",
    "nacional",
    "nadace",
    "national",
    "nationalbibliothek",
    "nationale",
    "nations",
    "network",
    "nv",
    "observatoire",
    "observatory",
    "office",
    "opera",
    "orchester",
    "orchestra",
    "ordinariat",
    "organisation",
    "organization",
    "orkester",
    "orquesta",
    "osakeyhtiö",
    "oy",
    "pankki",
    "parlament",
    "parlamento",
    "parlement",
    "parliament",
    "partij",
    "partners",
    "party",
    "perpustakaan",
    "philharmonic",
    "philharmoniker",
    "philharmonique",
    "plaid",
    "players",
    "plc",
    "press",
    "programme",
    "project",
    "quartet",
    "quartett",
    "raamatukogu",
    "regierung",
    "republic",
    "research",
    "rijksmuseum",
    "råd",
    "sans",
    "sarl",
    "savez",
    "school",
    "scientific",
    "secretariat",
    "sektion",
    "selts",
    "seminar",
    "senate",
    "service",
    "services",
    "sinfoniker",
    "sociedad",
    "societatea",
    "society",
    "società",
    "société",
    "solutions",
    "spolok",
    "staatsbibliothek",
    "staatsoper",
    "stadt",
    "states",
    "stichting",
    "stiftung",
    "studio",
    "studios",
    "survey",
    "sveučilište",
    "symphoniker",
    "synod",
    "systems",
    "säätiö",
    "taskforce",
    "teatro",
    "technologies",
    "theater",
    "theatre",
    "théâtre",
    "trio",
    "trust",
    "unie",
    "unies",
    "union",
    "unione",
    "united",
    "universidad",
    "universidade",
    "universitas",
    "universitat",
    "universitatea",
    "universiteit",
    "universitet",
    "universitetas",
    "university",
    "university-press",
    "università",
    "universität",
    "université",
    "universitāte",
    "univerza",
    "univerzita",
    "univerzitet",
    "uniwersytecka",
    "uniwersytet",
    "verband",
    "verein",
    "vereniging",
    "verlag",
    "watch",
    "workgroup",
    "works",
    "yayasan",
    "yliopisto",
    "zavod",
    "zentrum",
    "zväz",
    "ústav",
    "ülikool",
    "üniversitesi",
    "ίδρυμα",
    "ακαδημία",
    "βιβλιοθήκη",
    "εταιρεία",
    "μουσείο",
    "πανεπιστήμιο",
    "σύλλογος",
    "τράπεζα",
    "υπουργείο",
    "академия",
    "академія",
    "архив",
    "библиотека",
    "бібліотека",
    "дружество",
    "друштво",
    "институт",
    "комиссия",
    "комитет",
    "комісія",
    "матица",
    "министерство",
    "музей",
    "міністерство",
    "общество",
    "савез",
    "синод",
    "союз",
    "товариство",
    "университет",
    "університет",
    "інститут",
];

/// Which signs a name holds, as a set: most names have none that a rule looks for, and one pass tells it of all.
#[derive(Clone, Copy)]
pub(super) struct NameSigns(u8);

impl NameSigns {
    /// Of an inverted name, or before a title or affiliation.
    pub(super) const COMMA: NameSigns = NameSigns(1);
    /// Between several names, or at the end of an HTML entity.
    pub(super) const SEMICOLON: NameSigns = NameSigns(1 << 1);
    /// After a role, or in a link.
    pub(super) const COLON: NameSigns = NameSigns(1 << 2);
    /// After an initial or abbreviation, or in a link.
    pub(super) const FULL_STOP: NameSigns = NameSigns(1 << 3);
    /// A round or square bracket.
    pub(super) const BRACKET: NameSigns = NameSigns(1 << 4);
    /// Of a mail address.
    pub(super) const AT: NameSigns = NameSigns(1 << 5);
    /// An ASCII digit, as in an ORCID.
    pub(super) const DIGIT: NameSigns = NameSigns(1 << 6);
    /// A letter of ASCII.
    pub(super) const LETTER: NameSigns = NameSigns(1 << 7);

    /// The signs of a name.
    pub(super) fn of(name: &str) -> NameSigns {
        NameSigns(name.bytes().fold(0, |signs, byte| signs | NAME_SIGNS[usize::from(byte)]))
    }

    /// Whether one of the signs is there.
    pub(super) fn has(self, signs: NameSigns) -> bool {
        self.0 & signs.0 != 0
    }
}

/// The signs of each byte.
static NAME_SIGNS: [u8; 256] = {
    let mut signs = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        signs[byte] = match byte as u8 {
            b',' => NameSigns::COMMA.0,
            b';' => NameSigns::SEMICOLON.0,
            b':' => NameSigns::COLON.0,
            b'.' => NameSigns::FULL_STOP.0,
            b'(' | b')' | b'[' | b']' => NameSigns::BRACKET.0,
            b'@' => NameSigns::AT.0,
            b'0'..=b'9' => NameSigns::DIGIT.0,
            b'a'..=b'z' | b'A'..=b'Z' => NameSigns::LETTER.0,
            _ => 0,
        };
        byte += 1;
    }
    signs
};

/// Number of commas in a name.
pub(super) fn n_commas(name: &str) -> usize {
    name.bytes().filter(|&byte| byte == b',').count()
}

/// Whether there is a comma, as in inverted names.
pub(super) fn has_comma(name: &str) -> bool {
    memchr::memchr(b',', name.as_bytes()).is_some()
}

/// Whether a name looks like given name and family name.
pub(super) fn is_straight(name: &str) -> bool {
    if has_comma(name) {
        return false;
    }
    if name.contains([',', '(', '.', '&', ';', '/']) && !has_initials_only(name) {
        return false;
    }
    let mut n_words = 0;
    let mut before = "";
    for word in without_generation(name).split_whitespace() {
        let previous = std::mem::replace(&mut before, word);
        if n_words > 0 && is_particle(previous, word) {
            continue;
        }
        n_words += 1;
        let is_name = word.starts_with(char::is_uppercase)
            && word.chars().all(|letter| letter.is_alphabetic() || matches!(letter, '-' | '\'' | '’' | '.'))
            && (word.chars().count() <= 2 || is_initials(word) || word.chars().any(char::is_lowercase));
        if !is_name || is_corporate(word) {
            return false;
        }
    }
    (2..=4).contains(&n_words) && before.starts_with(char::is_uppercase)
}

/// Whether a word, after another, is a small one between given name and family name: `Jan van der Berg`. Romance particles stand in
/// names of bodies as well (`Collège de France`).
fn is_particle(before: &str, word: &str) -> bool {
    const PARTICLES: [&str; 10] = ["af", "av", "bin", "ibn", "ten", "ter", "van", "vom", "von", "zu"];
    PARTICLES.contains(&word) || ["van", "von"].contains(&before) && ["den", "der", "het", "und"].contains(&word)
}

/// The name without what tells son from father at its end: `Martin Luther King Jr.`
pub(super) fn without_generation(name: &str) -> &str {
    [" Jr.", " Jr", " Sr.", " Sr"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name)
}

/// Whether the only sign is the full stop of initials, as in `W. B. Yeats`.
fn has_initials_only(name: &str) -> bool {
    let name = without_generation(name);
    !name.contains([',', '(', '&', ';', '/'])
        && name
            .split_whitespace()
            .all(|word| !word.contains('.') || word.len() <= 4 && word.ends_with('.') || is_initials(word))
        && !name.ends_with('.')
}

/// Whether a word is two to four initials with their full stops: `J.R.R.`
fn is_initials(word: &str) -> bool {
    let mut letters = word.split_inclusive('.');
    (2..=4).contains(&letters.clone().count())
        && letters.all(|letter| letter.strip_suffix('.').is_some_and(|initial| initial.chars().count() == 1))
}

/// Whether a word for a body stands in a name.
pub(super) fn names_body(name: &str) -> bool {
    name.split([' ', '.', ',', '(', ')', '’', '\'']).any(|word| !word.is_empty() && is_corporate(word))
}

fn is_corporate(word: &str) -> bool {
    let lower = word.to_lowercase();
    CORPORATE.binary_search(&lower.as_str()).is_ok()
        || word.len() > MIN_COMPOUND && COMPOUNDS.iter().any(|end| lower.ends_with(end))
}

/// Ends of compound words for bodies. Origin: German, Dutch and Swedish names.
const COMPOUNDS: [&str; 12] = [
    "akademie",
    "anstalt",
    "bibliothek",
    "gemeinschaft",
    "gesellschaft",
    "institut",
    "kommission",
    "museum",
    "ministerium",
    "universität",
    "universitet",
    "verband",
];

/// Length in bytes up to which a word is no such compound.
const MIN_COMPOUND: usize = 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_no_persons() {
        assert!(CORPORATE.is_sorted());
        for name in
            ["Google Inc", "Volkswagen GmbH", "United Nations", "Biblioteca Nacional", "Verein Deutscher Ingenieure"]
        {
            assert!(!is_straight(name), "{name}");
        }
        for name in ["Human Rights Watch", "Deutsche Forschungsgemeinschaft", "Österreichische Nationalbibliothek"] {
            assert!(!is_straight(name), "{name}");
        }
        for name in ["Louisa Walsh", "J. Smith", "Smith JA"] {
            assert!(is_straight(name) && !has_comma(name), "{name}");
        }
    }
}
