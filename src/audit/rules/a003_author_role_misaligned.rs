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
relator: a MARC code, also at the end of its address (`…/relators/aut`), or a term in words.
## Why it matters
Roles are shown beside the wrong persons.
## Example
Three authors and two roles.
## Known gaps
Terms in words are known in English, German and French, and the usual ones in some other languages of Europe; terms in
other than Latin letters are not judged. Indexes of VuFind 2 have roles of another kind.
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
/// list, and what RDA and older rules have catalogues in German, French and other languages of Europe write.
#[rustfmt::skip]
const TERMS: [&str; 760] = [
    "a cura di", "abridger", "academic advisor", "acteur", "actor", "actrice", "adaptateur", "adaptatrice",
    "adapter", "addressee", "adressat", "adv", "adviser", "advisor", "akademischer betreuer", "analyst",
    "ancien possesseur", "animator", "annotateur", "annotator", "announcer", "antragsteller", "appellant",
    "appellee", "applicant", "architect", "architekt", "architektin", "arr", "arranger", "arranger of music",
    "arrangeur", "arrangeurin", "art copyist", "art director", "artist", "artistic director", "assignee",
    "assistant", "associate", "associated name", "attributed name", "auctioneer", "audio engineer",
    "audio producer", "auftraggebende körperschaft", "auftraggeber", "ausführender", "auteur", "auteur adapté",
    "auteur de l'introduction", "auteur de lettres", "auteur du texte", "auteure", "author",
    "author in quotations or text abstracts", "author of afterword", "author of afterword, colophon, etc",
    "author of commentary", "author of dialog", "author of introduction", "author of introduction, etc",
    "author of screenplay", "author of screenplay, etc", "author of supplementary textual content",
    "author of text", "autographer", "autor", "autor úvodu", "autora", "autore", "autorin", "autre", "autrice",
    "bearb", "bearbeiter", "begr", "begründer", "begründer des werks", "behandelte person", "beitr", "beiträger",
    "beiträger k", "beiträgerin", "beteiligt", "beteiligte", "beteiligter", "betreuer", "betreuerin", "bewerker",
    "bibliographic antecedent", "bidragsgivare", "bidragsyter", "binder", "binding designer", "blurb writer",
    "book artist", "book designer", "book jacket designer", "book producer", "bookjacket designer",
    "bookplate designer", "bookseller", "braille embosser", "broadcaster", "buchbinder", "buchgestalter",
    "buchhändler", "bühnenbildner", "calligrapher", "camera operator", "cartographer", "caster", "casting director",
    "censor", "chair", "chanteur", "chanteuse", "chef d'orchestre", "choral director", "choreograf",
    "choreographer", "cinematographer", "client", "co-author", "co-editor", "coauthor", "coeditor", "colaborador",
    "colaboradora", "collab", "collaborateur", "collaborator", "collaboratrice", "collection registrar",
    "collector", "collotyper", "colorist", "coloriste", "colourist", "commentateur", "commentator",
    "commentator for written text", "commissioning body", "committee chair", "committee member", "comp",
    "compilador", "compiladora", "compilateur", "compiler", "complainant", "complainant-appellant",
    "complainant-appellee", "composer", "compositeur", "compositor", "compositora", "compositore", "compositrice",
    "conceptor", "cond", "conductor", "conservator", "consultant", "consultant to a project", "contestant",
    "contestant-appellant", "contestant-appellee", "contestee", "contestee-appellant", "contestee-appellee",
    "contractor", "contributeur", "contributing author", "contributor", "contributrice", "coord", "coord. y ed",
    "coordinador", "coordinadora", "coordinateur", "coordinatore", "coordonnateur", "copyright claimant",
    "copyright holder", "corporate author", "corporate body", "corrector", "correspondent", "corresponding author",
    "costume designer", "court governed", "court reporter", "cover designer", "creator", "curator", "curatore",
    "curatrice", "cutter", "dancer", "data contributor", "data manager", "dedicatee", "dedicator", "defendant",
    "defendant-appellant", "defendant-appellee", "degree advisor", "degree committee member",
    "degree granting institution", "degree grantor", "degree supervisor", "delineator", "depicted", "depositor",
    "designer", "dessinateur", "dessinatrice", "destinataire de lettres", "dir", "dir. de publ",
    "dir. de publication", "dirección", "directeur", "directeur de la publication", "directeur de publication",
    "directeur de thèse", "directeur scientifique", "director", "director de tesis", "director of photography",
    "directora", "directrice", "directrice de publication", "dirigent", "diskussionsteilnehmer", "dissertant",
    "distribution place", "distributor", "donor", "draftsman", "drehbuchautor", "drehbuchautorin", "drucker",
    "druckerin", "druckgrafiker", "dub mixer", "dubbing director", "dubious author", "dédicataire", "ed", "ed. lit",
    "edición literaria", "editor", "editor and translator", "editor científico", "editor literario",
    "editor of compilation", "editor of moving image work", "editor-in-chief", "editora", "editorial board member",
    "editorial director", "eds", "edt", "eigentümer", "electrician", "electrotyper", "enacting jurisdiction",
    "engineer", "engr", "engraver", "erfinder", "erstgutachter", "erwähnte person", "erzähler", "esipuhe",
    "esittäjä", "etcher", "event place", "examiner", "executive producer", "expert", "facsimilist",
    "field director", "film director", "film distributor", "film editor", "film producer", "filmmaker",
    "filmproduzent", "filmregisseur", "first author", "first party", "focus puller", "fonction indéterminée",
    "fordító", "forfatter", "forger", "former editor", "former owner", "fotograf", "fotografi", "fotografin",
    "fotografo", "fotógrafa", "fotógrafo", "founder", "founding editor", "früherer eigentümer", "funder",
    "författare", "game developer", "gastgebende institution", "gefeierte", "gefeierter", "general editor",
    "geographic information specialist", "grad-verleihende institution", "grafiker", "grafikerin",
    "graphic technician", "graveur", "guest", "guest editor", "gutachter", "gutachterin",
    "herausgebende institution", "herausgebende körperschaft", "herausgebendes organ", "herausgeber",
    "herausgeberin", "hersteller", "hg", "honoree", "host", "host institution", "housing", "hrsg", "ideatore",
    "ill", "ills", "illuminator", "illus", "illustrateur", "illustrator", "illustratore", "illustratorin",
    "illustratrice", "illustratör", "illustratør", "illusztrátor", "ilustraciones", "ilustración", "ilustracje",
    "ilustrador", "ilustradora", "ilustrátor", "ilustrátorka", "imprimeur", "imprimeur-libraire", "inker",
    "inscriber", "instructor", "instrumentalist", "instrumentalmusiker", "interpret", "interpretin", "interprète",
    "interviewee", "interviewer", "interviewter", "introd", "introducer", "intérprete", "inventor",
    "issuing agency", "issuing body", "joint author", "joint comp", "joint compiler", "joint ed", "joint editor",
    "jt. author", "jt. ed", "judge", "jurisdiction governed", "kameramann", "kartograf", "kartografin",
    "kirjoittaja", "kommentarverfasser", "komponist", "komponistin", "korrektor", "kostümbildner", "kurator",
    "kuvittaja", "kääntäjä", "künstler", "künstlerin", "laboratory", "laboratory director", "landscape architect",
    "lead", "lecturer", "lender", "letterer", "libelant", "libelant-appellant", "libelant-appellee", "libelee",
    "libelee-appellant", "libelee-appellee", "librettist", "librettiste", "librettistin", "licensee", "licensor",
    "lighting designer", "lithograf", "lithographer", "lyricist", "main author", "makeup artist",
    "manufacture place", "manufacturer", "marbler", "markup editor", "medarbeider", "medarbetare", "medium",
    "medverkande", "medvirkende", "membre du jury", "metadata contact", "metal engraver", "metal-engraver",
    "metteur en scène", "minute taker", "mitarb", "mitarbeiter", "mitarbeiterin",
    "mitglied eines graduierungskomitees", "mitwirkend", "mitwirkende", "mitwirkender", "mixing engineer",
    "moderator", "monitor", "mono-dubbing engineer", "music copyist", "music programmer", "musical director",
    "musician", "narrateur", "narrator", "narratrice", "news anchor", "normerlassende gebietskörperschaft",
    "näyttelijä", "ohjaaja", "on-screen participant", "on-screen presenter", "onscreen participant",
    "onscreen presenter", "opponent", "opracowanie", "organisateur", "organiser", "organisme subventionneur",
    "organizador", "organizadora", "organização", "organizer", "organizzatore", "originator", "other", "oversetter",
    "oversættelse", "oversætter", "owner", "panelist", "papermaker", "parolier", "participant", "patent applicant",
    "patent holder", "patentee", "patron", "penciller", "performer", "permitting agency", "photog", "photographe",
    "photographer", "place of address", "plaintiff", "plaintiff-appellant", "plaintiff-appellee", "platemaker",
    "podcaster", "postfacier", "postfazione", "praes", "praeses", "pref", "prefatore", "prefazione", "prefácio",
    "presenter", "primary advisor", "primary author", "principal investigator", "printer", "printer of plates",
    "printmaker", "process contact", "prod", "producer", "producteur", "production company", "production designer",
    "production manager", "production personnel", "production place", "productrice", "produzent", "produzentin",
    "programmer", "project director", "projektleiter", "prologo", "prologuista", "promotor", "proofreader",
    "provider", "przekład", "präses", "préf", "préfacier", "préfacière", "président du jury de soutenance",
    "prólogo", "publication place", "publisher", "publishing director", "puppeteer", "překl", "překladatel",
    "překladatelka", "přispěvatel", "radierer", "radio director", "radio producer", "rapporteur",
    "rapporteur de la thèse", "recipient", "recording engineer", "recordist", "red", "redacteur", "redactor",
    "redakcja", "redakteur", "redakteurin", "redaktion", "redaktor", "redaktör", "redaktør", "redattore",
    "redigering", "referee", "regisseur", "regisseurin", "remix artist", "renderer", "reporter", "repository",
    "research team head", "research team member", "researcher", "resp", "respondent", "respondent-appellant",
    "respondent-appellee", "responsible party", "restager", "restorationist", "reviewer", "rezensent", "rubricator",
    "réalisateur", "réalisatrice", "rédacteur", "rédactrice", "samensteller", "sammler", "sammlerin", "sanoittaja",
    "scenarist", "schauspieler", "schauspielerin", "scientific advisor", "screenplay author", "screenwriter",
    "scribe", "sculptor", "scénariste", "second party", "secretary", "seller", "sender", "series editor",
    "set designer", "setting", "signer", "singer", "software developer", "sonst", "sonstige", "sonstige person",
    "sonstige person, familie und körperschaft", "sound designer", "sound engineer", "sound producer", "speaker",
    "special effects provider", "sponsor", "sponsoring body", "sprecher", "sprecherin", "stage director",
    "stage manager", "standards body", "stecher", "stecherin", "stereotyper", "storyteller", "subject",
    "supervisor", "supporting host", "surveyor", "szerk", "szerkesztő", "szerző", "sänger", "sängerin", "säv",
    "säveltäjä", "teacher", "technical director", "technical editor", "tekijä", "television director",
    "television guest", "television host", "television producer", "television writer", "textdichter",
    "textdichterin", "thesis advisor", "thesis supervisor", "toimittaja", "toningenieur", "tonmeister", "tr",
    "trad", "traducción", "traducteur", "traductor", "traductora", "traductrice", "tradutor", "tradutora",
    "traduttore", "traduttrice", "tradução", "trans", "transcriber", "transl", "translator",
    "translator and editor", "type designer", "typographer", "tänzer", "tłum", "tłumacz", "udgiver", "uitgever",
    "university place", "unterzeichner", "utgivare", "utgiver", "valokuvaaja", "veranstalter",
    "verfassende körperschaft", "verfasser", "verfasser der einleitung", "verfasser einer einleitung",
    "verfasser eines geleitworts", "verfasser eines nachworts", "verfasser eines vorworts",
    "verfasser von ergänzendem text", "verfasser von zusatztexten", "verfasserin", "verfasserin der einleitung",
    "verfasserin einer einleitung", "verfasserin eines geleitworts", "verfasserin eines nachworts",
    "verfasserin eines vorworts", "verfasserin von ergänzendem text", "verfasserin von zusatztexten",
    "verfasserinnen", "verifier", "verlag", "verleger", "vertaler", "vertrieb", "videographer",
    "visual effects provider", "vocalist", "voice actor", "vorbesitzer", "vorbesitzerin", "vorr", "vydavatel",
    "widmender", "widmungsempfänger", "widmungsträger", "witness", "wood engraver", "woodcutter", "word painter",
    "writer", "writer of accompanying material", "writer of accompanying text", "writer of added commentary",
    "writer of added lyrics", "writer of added text", "writer of afterword", "writer of film story",
    "writer of foreword", "writer of intertitles", "writer of introduction", "writer of preface",
    "writer of supplementary textual content", "writer of television story", "wydawca", "zusammenstellender",
    "zweitgutachter", "éd", "éditeur", "éditeur commercial", "éditeur intellectuel", "éditeur scientifique",
    "översättare", "übers", "übersetzer",
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
