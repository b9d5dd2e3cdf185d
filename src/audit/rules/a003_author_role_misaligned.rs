//! A003: author role misaligned.

use crate::audit::{Check, Fix, Found, Problem, Rule, Severity, Subject};
use crate::input::Field;

/// Roles stand beside names by position; a role field without any value is not judged.
pub(super) static RULE: Rule = Rule {
    code: "A003",
    name: "author-role-misaligned",
    severity: Severity::Error,
    fix: Fix::None,
    aggregated: false,
    needs: &[Field::Author],
    skips_merged: true,
    explanation: "\
## What it finds
A role field that has another number of values than its author field, and roles that are neither empty nor a known
relator: a MARC code, also at the end of its address (`…/relators/aut`), an address of the RDA registry, or a term in words.
## Why it matters
Roles are shown beside the wrong persons.
## Example
Three authors and two roles.
## Known gaps
Terms in words are known in English, German and French, and the usual ones in other languages of Europe, Turkish, Vietnamese,
Indonesian and Malay; terms in other than Latin letters are not judged. Indexes of VuFind 2 have roles of another kind.
## Source
VuFind's `CreatorTools` (role fields run parallel, with empty values); MARC code list for relators.",
    check: Check::record(check),
};

/// MARC relator codes, sorted, with those that were in use earlier. Origin: the Library of Congress's list.
#[rustfmt::skip]
const RELATORS: [&str; 309] = [
    "abr", "acp", "act", "adi", "adp", "aft", "anc", "anl", "anm", "ann", "ant", "ape", "apl", "app", "aqt", "arc",
    "ard", "arr", "art", "asg", "asn", "ato", "att", "auc", "aud", "aue", "aui", "aup", "aus", "aut", "bdd", "bjd",
    "bka", "bkd", "bkp", "blw", "bnd", "bpd", "brd", "brl", "bsl", "cad", "cas", "ccp", "chr", "clb", "cli", "cll",
    "clr", "clt", "cmm", "cmp", "cmt", "cnd", "cng", "cns", "coe", "col", "com", "con", "cop", "cor", "cos", "cot",
    "cou", "cov", "cpc", "cpe", "cph", "cpl", "cpt", "cre", "crp", "crr", "crt", "csl", "csp", "cst", "ctb", "cte",
    "ctg", "ctr", "cts", "ctt", "cur", "cwt", "dbd", "dbp", "dfd", "dfe", "dft", "dgc", "dgg", "dgs", "dis", "djo",
    "dln", "dnc", "dnr", "dpc", "dpt", "drm", "drt", "dsr", "dst", "dtc", "dte", "dtm", "dto", "dub", "edc", "edd",
    "edm", "edt", "egr", "elg", "elt", "eng", "enj", "etr", "evp", "exp", "fac", "fds", "fld", "flm", "fmd", "fmk",
    "fmo", "fmp", "fnd", "fon", "fpy", "frg", "gdv", "gis", "grt", "his", "hnr", "hst", "ill", "ilu", "ink", "ins",
    "inv", "isb", "itr", "ive", "ivr", "jud", "jug", "lbr", "lbt", "ldr", "led", "lee", "lel", "len", "let", "lgd",
    "lie", "lil", "lit", "lsa", "lse", "lso", "ltg", "ltr", "lyr", "mcp", "mdc", "med", "mfp", "mfr", "mka", "mod",
    "mon", "mrb", "mrk", "msd", "mte", "mtk", "mup", "mus", "mxe", "nan", "nrt", "onp", "opn", "org", "orm", "orp",
    "osp", "oth", "own", "pad", "pan", "pat", "pbd", "pbl", "pdr", "pfr", "pht", "plt", "pma", "pmn", "pnc", "pop",
    "ppm", "ppt", "pra", "prc", "prd", "pre", "prf", "prg", "prm", "prn", "pro", "prp", "prs", "prt", "prv", "pta",
    "pte", "ptf", "pth", "ptt", "pup", "rap", "rbr", "rcd", "rce", "rcp", "rdd", "red", "ren", "res", "rev", "rpc",
    "rps", "rpt", "rpy", "rse", "rsg", "rsp", "rsr", "rst", "rth", "rtm", "rxa", "sad", "sce", "scl", "scr", "sde",
    "sds", "sec", "sfx", "sgd", "sgn", "sht", "sll", "sng", "spk", "spn", "spy", "srv", "std", "stg", "stl", "stm",
    "stn", "str", "swd", "tad", "tau", "tcd", "tch", "ths", "tld", "tlg", "tlh", "tlp", "trc", "trl", "tyd", "tyg",
    "uvp", "vac", "vdg", "vfx", "voc", "wac", "wal", "wam", "was", "wat", "waw", "wdc", "wde", "wfs", "wft", "wfw",
    "win", "wit", "wpr", "wst", "wts",
];

/// Relator terms in words, in small letters, without a full stop at the end, sorted. Origin: the Library of Congress's
/// list, and what RDA and older rules have catalogues in other languages that are written in Latin letters write.
#[rustfmt::skip]
static TERMS: [&str; 1052] = [
    "a cura di", "abridger", "academic advisor", "acteur", "actor", "actrice", "adaptateur", "adaptatrice",
    "adapter", "addressee", "adressat", "adv", "adviser", "advisor", "afterword", "aistritheoir",
    "akademischer betreuer", "analyst", "ancien possesseur", "animator", "annotateur", "annotator", "announcer",
    "antragsteller", "appellant", "appellee", "applicant", "architect", "architekt", "architektin",
    "argitaratzailea", "arr", "arranger", "arranger of music", "arrangeur", "arrangeurin", "art copyist",
    "art director", "artist", "artistic director", "assignee", "assistant", "associate", "associated name",
    "attributed name", "auctioneer", "auctor", "audio engineer", "audio producer", "auftraggebende körperschaft",
    "auftraggeber", "ausführender", "auteur", "auteur adapté", "auteur de l'introduction", "auteur de lettres",
    "auteur du texte", "auteure", "author", "author in quotations or text abstracts", "author of afterword",
    "author of afterword, colophon, etc", "author of commentary", "author of dialog", "author of introduction",
    "author of introduction, etc", "author of screenplay", "author of screenplay, etc",
    "author of supplementary textual content", "author of text", "autoare", "autographer", "autor",
    "autor doslovu", "autor pogovora", "autor predgovora", "autor předmluvy", "autor wstępu", "autor úvodu",
    "autora", "autore", "autorica", "autorin", "autorius", "autorka", "autors", "autorė", "autre", "autrice",
    "avtor", "avtor dodatnega besedila", "avtor uvoda", "avtorica", "awdur", "awtur", "aŭtoro", "bearb",
    "bearbeiter", "begeleider", "begr", "begründer", "begründer des werks", "behandelte person", "beitr",
    "beiträger", "beiträger k", "beiträgerin", "besteci", "beteiligt", "beteiligte", "beteiligter", "betreuer",
    "betreuerin", "bewerker", "bezorger", "bibliographic antecedent", "bidragsgivare", "bidragsgiver",
    "bidragsyter", "bidragyder", "binder", "binding designer", "biên soạn", "blurb writer", "book artist",
    "book designer", "book jacket designer", "book producer", "bookjacket designer", "bookplate designer",
    "bookseller", "braille embosser", "broadcaster", "buchbinder", "buchgestalter", "buchhändler", "bühnenbildner",
    "calligrapher", "camera operator", "cartographer", "caster", "casting director", "cello", "censor", "chair",
    "chanteur", "chanteuse", "chef d'orchestre", "choral director", "choreograf", "choreographer", "chủ biên",
    "cinematographer", "client", "co-author", "co-editor", "co-promotor", "coauthor", "coeditor", "colaborador",
    "colaboradora", "collab", "collaborateur", "collaborator", "collaboratrice", "collection registrar",
    "collector", "collotyper", "colorist", "coloriste", "colourist", "commentateur", "commentator",
    "commentator for written text", "commissioning body", "committee chair", "committee member", "comp",
    "compilador", "compiladora", "compilateur", "compiler", "complainant", "complainant-appellant",
    "complainant-appellee", "componist", "composer", "compositeur", "compositor", "compositora", "compositore",
    "compositrice", "compozitor", "conceptor", "cond", "conductor", "conducător științific", "conservator",
    "consultant", "consultant to a project", "contestant", "contestant-appellant", "contestant-appellee",
    "contestee", "contestee-appellant", "contestee-appellee", "contractor", "contributeur", "contributing author",
    "contributor", "contributrice", "coord", "coord. y ed", "coordenador", "coordenadora", "coordinador",
    "coordinadora", "coordinateur", "coordinatore", "coordonatoare", "coordonator", "coordonnateur",
    "coorientador", "copyright claimant", "copyright holder", "corporate author", "corporate body", "corrector",
    "correlatore", "correspondent", "corresponding author", "costume designer", "court governed", "court reporter",
    "cover designer", "creator", "curador", "curadora", "curator", "curatore", "curatrice", "cutter",
    "cyfieithydd", "dailininkas", "dailininkė", "dancer", "danışman", "darlunydd", "data contributor",
    "data manager", "dedicatee", "dedicator", "defendant", "defendant-appellant", "defendant-appellee",
    "defendens", "degree advisor", "degree committee member", "degree granting institution", "degree grantor",
    "degree supervisor", "delineator", "depicted", "depositor", "derleyen", "designer", "dessinateur",
    "dessinatrice", "destinataire de lettres", "dibujante", "dir", "dir. de publ", "dir. de publication",
    "dirección", "directeur", "directeur de la publication", "directeur de publication", "directeur de thèse",
    "directeur scientifique", "director", "director de tesis", "director of photography", "directora",
    "directrice", "directrice de publication", "dirigent", "disegnatore", "diskussionsteilnehmer", "dissertant",
    "distribution place", "distributor", "donor", "draftsman", "drehbuch", "drehbuchautor", "drehbuchautorin",
    "drucker", "druckerin", "druckgrafiker", "drukker", "dub mixer", "dubbing director", "dubious author",
    "dédicataire", "dịch giả", "eagarthóir", "ed", "ed. lit", "edición literaria", "editor",
    "editor and translator", "editor científico", "editor literario", "editor of compilation",
    "editor of moving image work", "editor-in-chief", "editora", "editore", "editorial board member",
    "editorial director", "editorka", "editur", "editör", "eds", "edt", "eessõna autor", "egilea", "eigentümer",
    "electrician", "electrotyper", "előszó", "enacting jurisdiction", "encenador", "engineer", "engr", "engraver",
    "entrevistado", "entrevistador", "entrevistadora", "erfinder", "erstgutachter", "erwähnte person", "erzähler",
    "esipuhe", "esitaja", "esittäjä", "etcher", "event place", "examiner", "executive producer", "expert",
    "facsimilist", "field director", "film director", "film distributor", "film editor", "film producer",
    "filmmaker", "filmproduzent", "filmregisseur", "first author", "first party", "focus puller",
    "fonction indéterminée", "ford", "fordító", "foreword", "forfatter", "forger", "former editor", "former owner",
    "formgivare", "fotograaf", "fotograf", "fotografas", "fotografi", "fotografin", "fotografinja", "fotografka",
    "fotografo", "fotogrāfs", "fotògraf", "fotògrafa", "fotógrafa", "fotógrafo", "founder", "founding editor",
    "früherer eigentümer", "funder", "författare", "game developer", "gastgebende institution", "gefeierte",
    "gefeierter", "general editor", "geographic information specialist", "gesang", "gjendikter", "glumac",
    "golygydd", "graafinen suunnittelija", "grabador", "grad-verleihende institution", "grafiker", "grafikerin",
    "graphic technician", "graveur", "guest", "guest editor", "guitar", "gutachter", "gutachterin", "handledare",
    "haz", "hazırlayan", "helilooja", "herausgebende institution", "herausgebende körperschaft",
    "herausgebendes organ", "herausgeber", "herausgeberin", "herec", "hersteller", "hg", "hiệu đính", "honoree",
    "host", "host institution", "housing", "hrsg", "hudební skladatel", "höfundur", "ideatore", "iliustratorius",
    "iliustratorė", "ill", "ills", "illuminator", "illus", "illustraator", "illustrateur", "illustrator",
    "illustratore", "illustratorin", "illustratrice", "illustratör", "illustratør", "illustreerder",
    "illustreerija", "illusztrátor", "ilustraciones", "ilustración", "ilustracje", "ilustrador", "ilustradora",
    "ilustrator", "ilustratore", "ilustratorica", "ilustratorka", "ilustrators", "ilustratzailea", "ilustrátor",
    "ilustrátorka", "il·lustrador", "il·lustradora", "imprimeur", "imprimeur-libraire", "incisore", "indlæser",
    "inker", "inleider", "inläsare", "innleser", "inscriber", "instructor", "instruktør", "instrumentalist",
    "instrumentalmusiker", "interpret", "interprete", "interpretin", "interprète", "interviewee", "interviewer",
    "interviewter", "introd", "introducer", "intèrpret", "intérprete", "inventor", "issuing agency",
    "issuing body", "itzultzailea", "izdavač", "izdevējs", "izvajalec", "izvođač", "joint author", "joint comp",
    "joint compiler", "joint ed", "joint editor", "jt. author", "jt. ed", "judge", "juhendaja",
    "jurisdiction governed", "kamera", "kameramann", "kartograf", "kartografin", "kiadó", "kirjoittaja", "klavier",
    "komentator", "kommentarverfasser", "komponist", "komponistin", "komponists", "kompositör", "kompozitor",
    "kompozitorius", "kompozytor", "koost", "koostaja", "korrektor", "kostümbildner", "kunstnik", "kurator",
    "kustannustoimittaja", "kustantaja", "kuvittaja", "kääntäjä", "közreműködő", "künstler", "künstlerin",
    "laboratory", "laboratory director", "landscape architect", "laulu", "lead", "lecturer", "leidėjas", "lektor",
    "lender", "letterer", "libelant", "libelant-appellant", "libelant-appellee", "libelee", "libelee-appellant",
    "libelee-appellee", "librettist", "librettiste", "librettistin", "licensee", "licensor", "lighting designer",
    "lithograf", "lithographer", "lukija", "lyricist", "main author", "maisitheoir", "makeup artist",
    "manufacture place", "manufacturer", "marbler", "markup editor", "medarbeider", "medarbetare", "medewerker",
    "medium", "medverkande", "medvirkende", "membre du jury", "mentor", "metadata contact", "metal engraver",
    "metal-engraver", "metteur en scène", "minute taker", "mitarb", "mitarbeiter", "mitarbeiterin",
    "mitglied eines graduierungskomitees", "mitwirkend", "mitwirkende", "mitwirkender", "mixing engineer",
    "moderator", "monitor", "mono-dubbing engineer", "music copyist", "music programmer", "musical director",
    "musician", "myndhöfundur", "māksliniece", "mākslinieks", "nachwort", "nakladatel", "nakladnik", "narrateur",
    "narrator", "narratrice", "news anchor", "người dịch", "normerlassende gebietskörperschaft", "näyttelijä",
    "ohjaaja", "on-screen participant", "on-screen presenter", "onscreen participant", "onscreen presenter",
    "oponent", "opponent", "oprac", "opracowanie", "organisateur", "organiser", "organisme subventionneur",
    "organizador", "organizadora", "organização", "organizer", "organizzatore", "orientador", "orientadora",
    "originator", "other", "overs", "oversetter", "oversættelse", "oversætter", "owner", "panelist", "papermaker",
    "parengėjas", "parolier", "participant", "patent applicant", "patent holder", "patentee", "patron",
    "pembimbing", "penciller", "penerjemah", "pengarang", "penterjemah", "penulis", "penyunting", "performer",
    "permitting agency", "photog", "photographe", "photographer", "piano", "pisac predgovora",
    "pisec spremne besede", "place of address", "plaintiff", "plaintiff-appellant", "plaintiff-appellee",
    "platemaker", "podcaster", "ponente", "postfacier", "postfazione", "posłowie", "praes", "praeses", "pref",
    "prefaciador", "prefatore", "prefazione", "prefațator", "prefácio", "prekladateľ", "prekladateľka", "prel",
    "presenter", "preses", "prev", "prevajalec", "prevajalka", "prevodilac", "prevoditelj", "prevoditeljica",
    "primary advisor", "primary author", "principal investigator", "printer", "printer of plates", "printmaker",
    "prir", "priređivač", "priređivačica", "process contact", "prod", "producer", "producteur",
    "production company", "production designer", "production manager", "production personnel", "production place",
    "productrice", "produzent", "produzentin", "programmer", "project director", "projektleiter", "prologo",
    "prologuista", "promotor", "proofreader", "provider", "przedmowa", "przekład", "przeł", "präses", "préf",
    "préfacier", "préfacière", "président du jury de soutenance", "prólogo", "publication place", "publisher",
    "publishing director", "puppeteer", "päätoimittaja", "përkthyes", "překl", "překladatel", "překladatelka",
    "přispěvatel", "radierer", "radio director", "radio producer", "rapporteur", "rapporteur de la thèse",
    "realizador", "recenzent", "recenzentas", "recenzents", "recipient", "recopilador", "recopiladora",
    "recording engineer", "recordist", "red", "red. nauk", "redacteur", "redactor", "redakcja", "redakteur",
    "redakteurin", "redaktion", "redaktor", "redaktor naukowy", "redaktore", "redaktorius", "redaktorka",
    "redaktoro", "redaktors", "redaktorė", "redaktör", "redaktør", "redatelj", "redattore", "redigering",
    "referee", "regie", "regisseur", "regisseurin", "regissör", "regissør", "regista", "relatore", "remix artist",
    "renderer", "rendező", "reporter", "repository", "research team head", "research team member", "researcher",
    "resimleyen", "resp", "respondens", "respondent", "respondent-appellant", "respondent-appellee",
    "responsible party", "restager", "restorationist", "reviewer", "rezensent", "reżyser", "režiser", "režisér",
    "ritstjóri", "rubricator", "réalisateur", "réalisatrice", "rédacteur", "rédactrice", "samensteller",
    "samesteller", "sammler", "sammlerin", "sanoittaja", "sast", "sastavljač", "sastādītāja", "sastādītājs",
    "scenarist", "schauspieler", "schauspielerin", "schnitt", "scientific advisor", "screenplay author",
    "screenwriter", "scribe", "sculptor", "scénariste", "second party", "secondary author", "secretary", "seller",
    "sender", "series editor", "sest", "sestavovatel", "set designer", "setting", "signer", "singer", "skladatel",
    "skladatelj", "skladateľ", "skrywer", "skuespiller", "skådespelare", "soavtor", "software developer", "solist",
    "somentor", "sonst", "sonstige", "sonstige person", "sonstige person, familie und körperschaft",
    "sound designer", "sound engineer", "sound producer", "speaker", "special effects provider", "spoluautor",
    "sponsor", "sponsoring body", "sprecher", "sprecherin", "stage director", "stage manager", "stampatore",
    "standards body", "stecher", "stecherin", "stereotyper", "storyteller", "suautor", "subject", "sud",
    "sudarytoja", "sudarytojas", "suom", "suomentaja", "supervisor", "supporting host", "suradnik", "surveyor",
    "szerk", "szerkesztő", "szerző", "sänger", "sängerin", "säv", "säveltäjä", "sólista", "teacher",
    "technical director", "technical editor", "tegner", "tekenaar", "tekijä", "television director",
    "television guest", "television host", "television producer", "television writer", "textdichter",
    "textdichterin", "thesis advisor", "thesis supervisor", "tiskař", "toim", "toimetaja", "toimittaja",
    "toningenieur", "tonmeister", "tonsättare", "tr", "trad", "traducción", "traducteur", "traductor",
    "traductora", "traductrice", "traducătoare", "traducător", "tradukinto", "tradutor", "tradutora", "traduttore",
    "traduttrice", "traduttur", "tradução", "trans", "transcriber", "transl", "translator",
    "translator and editor", "tulk", "tulkotāja", "tulkotājs", "tutor", "type designer", "typographer", "tác giả",
    "tänzer", "tõlk", "tõlkija", "tłum", "tłumacz", "tłumaczenie", "tłumaczka", "udg", "udgiver", "uitgever",
    "uitvoerende", "university place", "unterzeichner", "uppläsare", "ur", "urednica", "urednik", "utg",
    "utgivare", "utgiver", "valokuvaaja", "vedoucí práce", "veileder", "veranstalter", "verfassende körperschaft",
    "verfasser", "verfasser der einleitung", "verfasser einer einleitung", "verfasser eines geleitworts",
    "verfasser eines nachworts", "verfasser eines vorworts", "verfasser von ergänzendem text",
    "verfasser von zusatztexten", "verfasserin", "verfasserin der einleitung", "verfasserin einer einleitung",
    "verfasserin eines geleitworts", "verfasserin eines nachworts", "verfasserin eines vorworts",
    "verfasserin von ergänzendem text", "verfasserin von zusatztexten", "verfasserinnen", "verifier", "verlag",
    "verleger", "vert", "vertaler", "vertrieb", "vertėja", "vertėjas", "videographer", "violin",
    "visual effects provider", "vocalist", "vocals", "voice actor", "vorbesitzer", "vorbesitzerin", "vorr",
    "vorwort", "vydavatel", "väljaandja", "widmender", "widmungsempfänger", "widmungsträger", "witness",
    "wood engraver", "woodcutter", "word painter", "writer", "writer of accompanying material",
    "writer of accompanying text", "writer of added commentary", "writer of added lyrics", "writer of added text",
    "writer of afterword", "writer of film story", "writer of foreword", "writer of intertitles",
    "writer of introduction", "writer of preface", "writer of supplementary textual content",
    "writer of television story", "współautor", "wydawca", "wykonawca", "yayına hazırlayan", "yayıncı", "yazar",
    "založnik", "zeneszerző", "zost", "zostavovateľ", "zostavovateľka", "zusammenstellender", "zweitgutachter",
    "çev", "çeviren", "çevirmen", "éd", "éditeur", "éditeur commercial", "éditeur intellectuel",
    "éditeur scientifique", "îngrijitor de ediție", "összeállító", "översättare", "údar", "übers", "übersetzer",
    "þýðandi", "školiteľ",
];

/// Author fields and the roles that go with them.
const PAIRS: [(Field, Field); 3] = [
    (Field::Author, Field::AuthorRole),
    (Field::Author2, Field::Author2Role),
    (Field::AuthorCorporate, Field::AuthorCorporateRole),
];

fn check(subject: &Subject<'_>, found: &mut Found) {
    let record = subject.record;
    for (names, roles) in PAIRS {
        let (n_names, values) = (record.all(names).len(), record.all(roles));
        if values.is_empty() {
            continue;
        }
        if values.len() != n_names {
            let message = format!("{} roles stand beside {n_names} names", values.len());
            found.add(Problem::new(roles, values.join(" | "), message));
        } else if let Some(role) = values.iter().find(|role| !is_known(role)) {
            found.add(Problem::new(roles, &**role, "this is no relator code or term"));
        }
    }
}

/// Whether a role is blank, a relator code or a term, or of letters that are not judged.
fn is_known(role: &str) -> bool {
    if role.is_empty() || RELATORS.binary_search(&role).is_ok() {
        return true;
    }
    let bare =
        role.trim_matches(|letter: char| letter.is_whitespace() || matches!(letter, '.' | ',' | '(' | ')' | '[' | ']'));
    let code = bare.rsplit(['/', ':', '#']).next().unwrap_or(bare).trim();
    if role.trim().is_empty() || RELATORS.binary_search(&code).is_ok() {
        return true;
    }
    // `http://rdaregistry.info/Elements/a/P50195`
    let is_rda_number = |code: &str| code.len() == 5 && code.bytes().all(|byte| byte.is_ascii_digit());
    if code.strip_prefix('P').is_some_and(is_rda_number) && bare.contains("rdaregistry.info/Elements/") {
        return true;
    }
    let lower = bare.to_lowercase();
    // The term of a woman, and of all: `HerausgeberIn`, `Verfasser/in`, `Autor*innen`.
    let of_all = ["in", "innen", "/in", "/innen", "*in", "*innen", ":in", ":innen", "(in", "_in"];
    let is_term = |term: &str| TERMS.binary_search(&term.trim()).is_ok();
    is_term(&lower)
        || is_term(&code.to_lowercase())
        || of_all.iter().filter_map(|end| lower.strip_suffix(end)).any(is_term)
        || lower.split([',', ';', '/', '&']).all(is_term)
        || lower.chars().any(|letter| letter.is_alphabetic() && letter >= FIRST_OTHER)
}

/// First letter that is not Latin.
const FIRST_OTHER: char = '\u{370}';

#[cfg(test)]
mod tests {
    #[test]
    fn addresses_of_rda_and_instruments_are_roles() {
        let document = |role: &str| format!(r#"{{"author":["A, B"],"author_role":["{role}"]}}"#);
        for role in
            ["http://rdaregistry.info/Elements/a/P50195", "Klavier", "Gesang", "piano", "Regie", "secondary author"]
        {
            super::super::testing::check(&super::RULE, &document(role), &[]);
        }
        for role in ["http://rdaregistry.info/Elements/a/P501", "http://x.org/a/P50195", "Klavierstuhl"] {
            super::super::testing::check(&super::RULE, &document(role), &["author_role"]);
        }
    }

    use super::RULE;
    use crate::audit::rules::testing::check;

    #[test]
    fn roles_run_parallel() {
        assert!(super::RELATORS.is_sorted() && super::TERMS.is_sorted());
        assert!(super::TERMS.iter().all(|term| !term.ends_with('.')));
        for role in ["zzz", "xx9", "abcd", "Banana", "???", "0", "lorem ipsum", "aut edt", "$4aut"] {
            check(&RULE, &format!(r#"{{"author":["A"],"author_role":["{role}"]}}"#), &["author_role"]);
        }
        for role in [
            "author.",
            "Author",
            "editor of compilation",
            "HerausgeberIn",
            "Verfasser/in",
            "VerfasserIn eines Vorworts",
            "BuchhändlerIn",
            "Sonstige Person, Familie und Körperschaft",
            "éditeur scientifique",
            "přispěvatel",
            "ed.",
            "(Hrsg.)",
            "http://id.loc.gov/vocabulary/relators/aut",
            "author, illustrator",
            "author of introduction, etc.",
            "Author of afterword, colophon, etc.,",
            "tłumacz",
            "автор",
            " ",
        ] {
            check(&RULE, &format!(r#"{{"author":["A"],"author_role":["{role}"]}}"#), &[]);
        }
        for role in
            ["urednica", "prevajalec", "Vertėja", "tulkotājs", "tõlkija", "traducător", "cyfieithydd", "çeviren"]
        {
            check(&RULE, &format!(r#"{{"author":["A"],"author_role":["{role}"]}}"#), &[]);
        }
        check(&RULE, r#"{"author":["A","B","C"],"author_role":["aut","edt"]}"#, &["author_role"]);
        check(&RULE, r#"{"author2":["A"],"author2_role":["zzz"]}"#, &["author2_role"]);
        check(&RULE, r#"{"author":["A","A"],"author_role":["drt","pro"]}"#, &[]);
        check(&RULE, r#"{"author":["A","B"],"author_role":["","Verfasser"]}"#, &[]);
        check(&RULE, r#"{"author":["A","B"],"author_role":["ive","wfw"]}"#, &[]);
        check(&RULE, r#"{"author":["A"]}"#, &[]);
    }

    #[test]
    fn terms_may_have_a_prefix() {
        check(&RULE, r#"{"author":["A"],"author_role":["rda:author"]}"#, &[]);
        check(&RULE, r#"{"author":["A"],"author_role":["rda:banana"]}"#, &["author_role"]);
    }
}
