//! What names of persons look like beside those of corporate bodies.

/// Words of corporate names, lower-cased. Origin: frequent words of corporate bodies and of their legal forms. Sorted.
const CORPORATE: [&str; 229] = [
    "abteilung",
    "academia",
    "academy",
    "académie",
    "accademia",
    "administration",
    "ag",
    "agency",
    "akademi",
    "akademie",
    "alliance",
    "allianz",
    "amt",
    "anstalt",
    "arbeitsgemeinschaft",
    "archiv",
    "archives",
    "archivo",
    "asociacion",
    "asociación",
    "associates",
    "association",
    "associazione",
    "authority",
    "banco",
    "bank",
    "behörde",
    "biblioteca",
    "bibliotek",
    "biblioteket",
    "bibliotheek",
    "bibliothek",
    "bibliothèque",
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
    "church",
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
    "departement",
    "department",
    "directorate",
    "editions",
    "embassy",
    "enquête-kommission",
    "ensemble",
    "europe",
    "fachhochschule",
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
    "förbund",
    "förening",
    "genootschap",
    "gesellschaft",
    "gmbh",
    "government",
    "group",
    "handelskammer",
    "hochschule",
    "hogeschool",
    "hospital",
    "house",
    "högskola",
    "inc",
    "initiative",
    "institut",
    "institute",
    "institutes",
    "institution",
    "instituto",
    "instituut",
    "international",
    "istituto",
    "kammer",
    "kg",
    "kingdom",
    "kirjasto",
    "kommission",
    "koninklijke",
    "konsortium",
    "kungliga",
    "laboratory",
    "landesamt",
    "library",
    "ligue",
    "limited",
    "llc",
    "ltd",
    "max-planck-gesellschaft",
    "ministerio",
    "ministerium",
    "ministerstvo",
    "ministry",
    "ministère",
    "mission",
    "museo",
    "museum",
    "musée",
    "nacional",
    "national",
    "nationalbibliothek",
    "nationale",
    "nations",
    "network",
    "nv",
    "observatory",
    "office",
    "orchester",
    "orchestra",
    "organisation",
    "organization",
    "oy",
    "parliament",
    "partners",
    "party",
    "philharmonic",
    "philharmoniker",
    "philharmonique",
    "plc",
    "press",
    "programme",
    "project",
    "quartet",
    "regierung",
    "republic",
    "research",
    "rijksmuseum",
    "sarl",
    "school",
    "scientific",
    "secretariat",
    "sektion",
    "seminar",
    "senate",
    "service",
    "services",
    "sociedad",
    "society",
    "società",
    "société",
    "staatsbibliothek",
    "stadt",
    "states",
    "stichting",
    "stiftung",
    "studio",
    "studios",
    "survey",
    "synod",
    "säätiö",
    "taskforce",
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
    "universiteit",
    "universitet",
    "university",
    "university-press",
    "università",
    "universität",
    "université",
    "uniwersytet",
    "verband",
    "verein",
    "vereniging",
    "verlag",
    "watch",
    "workgroup",
    "works",
    "yliopisto",
    "zentrum",
    "академия",
    "библиотека",
    "институт",
    "министерство",
    "университет",
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
    for word in name.split_whitespace() {
        n_words += 1;
        let is_name = word.starts_with(char::is_uppercase)
            && word.chars().all(|letter| letter.is_alphabetic() || matches!(letter, '-' | '\'' | '’' | '.'))
            && (word.chars().count() <= 2 || word.chars().any(char::is_lowercase));
        if !is_name || is_corporate(word) {
            return false;
        }
    }
    (2..=4).contains(&n_words)
}

/// Whether the only sign is the full stop of initials, as in `W. B. Yeats`.
fn has_initials_only(name: &str) -> bool {
    !name.contains([',', '(', '&', ';', '/'])
        && name.split_whitespace().all(|word| !word.contains('.') || word.len() <= 4 && word.ends_with('.'))
        && !name.ends_with('.')
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
