//! Preprints and versions: what DOIs and hosts say about them.

use crate::input::{Field, Record};

use super::features::IdKind;
use super::text::fold;

/// DOI prefixes of servers that hold preprints and working papers, and what authors post by themselves, with what the rest of the
/// DOI begins with. Sources: the servers' own pages and Crossref's list of members of the type "posted content"; from `essoar` on,
/// the forms of DOIs that records of such servers have.
const SERVERS: [(&str, &str); 38] = [
    ("10.48550", "arxiv"),
    ("10.21203", "rs."),
    ("10.2139", "ssrn"),
    ("10.20944", "preprints"),
    ("10.26434", "chemrxiv"),
    ("10.33774", "coe"),
    ("10.31223", ""),
    ("10.22541", "au."),
    ("10.36227", "techrxiv"),
    ("10.7287", "peerj.preprints"),
    ("10.5194", "egusphere"),
    ("10.32388", ""),
    ("10.3386", "w"),
    ("10.14293", "s2199-1006.1.sor-"),
    ("10.1002", "essoar."),
    ("10.1038", "npre."),
    ("10.1590", "scielopreprints."),
    ("10.12688", "verixiv."),
    ("10.13140", "rg."),
    ("10.1596", "1813-9450-"),
    ("10.17016", "feds."),
    ("10.2196", "preprints."),
    ("10.24072", "pci."),
    ("10.31219", ""),
    ("10.31220", ""),
    ("10.31222", ""),
    ("10.31224", ""),
    ("10.31233", ""),
    ("10.31234", ""),
    ("10.31235", ""),
    ("10.31236", ""),
    ("10.31730", ""),
    ("10.32942", ""),
    ("10.34989", "swp-"),
    ("10.35542", ""),
    ("10.3762", "bxiv."),
    ("10.3897", "arphapreprints."),
    ("10.51094", "jxiv."),
];

/// Prefix of Cold Spring Harbor Laboratory: its journals begin with letters (`gr.`, `gad.`), bioRxiv and
/// medRxiv with a number or a date.
const COLD_SPRING_HARBOR: &str = "10.1101";

/// Words by which host, collection, series, publisher or format name a preprint server, folded.
const NAMES: [&str; 16] = [
    "africarxiv",
    "arxiv",
    "authorea",
    "biorxiv",
    "chemrxiv",
    "corr",
    "eartharxiv",
    "edarxiv",
    "medrxiv",
    "preprints org",
    "psyarxiv",
    "research square",
    "socarxiv",
    "ssrn",
    "techrxiv",
    "vixra",
];

/// Whether a record describes a preprint. `identifiers` are the record's own in canonical form.
///
/// A format that says so decides. Otherwise every DOI must be a preprint server's; without DOI the host or
/// collection must name a server, or there must be an arXiv number and no host at all.
pub fn is_preprint(record: &Record<'_>, identifiers: &[(IdKind, String)]) -> bool {
    if record.all(Field::Format).iter().any(|format| is_preprint_format(&fold(format))) {
        return true;
    }
    let mut dois = identifiers.iter().filter(|(kind, _)| *kind == IdKind::Doi).map(|(_, doi)| doi.as_str()).peekable();
    if dois.peek().is_some() {
        return dois.all(is_preprint_doi);
    }
    let is_placed =
        record.filled(Field::ContainerVolume).is_some() || record.filled(Field::ContainerStartPage).is_some();
    match record.filled(Field::ContainerTitle) {
        Some(host) => names_server(&fold(host)),
        None => {
            let has_arxiv = identifiers.iter().any(|(kind, _)| *kind == IdKind::Arxiv);
            let fields = [Field::Collection, Field::Series, Field::Publisher];
            !is_placed && (has_arxiv || record.all_of(&fields).any(|value| names_server(&fold(value))))
        }
    }
}

fn is_preprint_format(folded: &str) -> bool {
    matches!(folded, "preprint" | "preprints" | "posted content" | "working paper" | "eprint" | "e print")
}

fn names_server(folded: &str) -> bool {
    let may_be = |name: &&&str| folded.as_bytes().first_chunk::<2>() == name.as_bytes().first_chunk();
    NAMES.iter().filter(may_be).any(|name| {
        let rest = folded.strip_prefix(name);
        // `CoRR` is a word of its own only as the whole name, or before a number.
        rest.is_some_and(|rest| {
            rest.is_empty() || (rest.starts_with(' ') && *name != "corr") || rest.starts_with(" abs")
        })
    })
}

fn is_preprint_doi(doi: &str) -> bool {
    let Some((prefix, suffix)) = doi.split_once('/') else { return false };
    if prefix == COLD_SPRING_HARBOR {
        return suffix.starts_with(|c: char| c.is_ascii_digit());
    }
    suffix.starts_with("osf.io/")
        || SERVERS.iter().any(|&(server, start)| server == prefix && suffix.starts_with(start))
}

/// The DOI of the work behind a DOI that names one version of it, with the kind of identifier it then is:
///
/// - [`IdKind::DoiBase`] where the form leaves no doubt: repositories append `.v2`, preprint servers `v2`, `-v2` or
///   `/v2`, the British Standards Institution `u`; the Association for Computing Machinery puts the number of the
///   volume in which an article appears before the article's, and prints some in two;
/// - [`IdKind::DoiSibling`] where other works may have the form too: platforms with open review (F1000, eLife) number
///   versions without a letter, and Zenodo gives a work one number and its first version the next;
/// - [`IdKind::DoiUpdate`] for Cochrane reviews, whose updates end on `.pub2`;
/// - [`IdKind::DoiEntry`] for chapters of Springer, whose works of reference appear entry by entry (`…_61-1`), under the ISBN of
///   the growing work, before the book has them (`…_61`), under its own.
pub fn doi_of_work(doi: &str) -> Option<(IdKind, String)> {
    if let Some(number) = doi.strip_prefix(ZENODO) {
        let concept = number.parse::<u64>().ok()?.checked_sub(1)?;
        return Some((IdKind::DoiSibling, format!("{ZENODO}{concept}")));
    }
    if let Some((_, article)) = doi.strip_prefix(COMPUTING_MACHINERY).and_then(|numbers| numbers.split_once('.')) {
        let is_number = article.len() > 4 && article.bytes().all(|byte| byte.is_ascii_digit());
        return is_number.then(|| (IdKind::DoiBase, format!("{COMPUTING_MACHINERY}*.{article}")));
    }
    if let Some(entry) = entry_of(doi) {
        return Some((IdKind::DoiEntry, format!("{SPRINGER_BOOKS}*_{entry}")));
    }
    let bare = doi.trim_end_matches(|c: char| c.is_ascii_digit());
    let number = &doi[bare.len()..];
    if doi.starts_with(COCHRANE) {
        let review = bare.strip_suffix(".pub").filter(|_| !number.is_empty()).unwrap_or(doi);
        return Some((IdKind::DoiUpdate, review.to_owned()));
    }
    if doi.starts_with(BRITISH_STANDARDS) {
        return doi.strip_suffix('u').map(|base| (IdKind::DoiBase, base.to_owned()));
    }
    if number.is_empty() || number.len() > 2 || number.starts_with('0') {
        return None;
    }
    let ends_on_digit = |base: &str| base.ends_with(|c: char| c.is_ascii_digit());
    if let Some(base) = bare.strip_suffix('v') {
        let work = base.strip_suffix(['.', '/', '-']).or_else(|| ends_on_digit(base).then_some(base))?;
        return Some((IdKind::DoiBase, work.to_owned()));
    }
    let is_reviewed_openly = OPEN_REVIEW.iter().any(|start| doi.starts_with(start));
    let work = bare.strip_suffix('.').filter(|work| is_reviewed_openly && ends_on_digit(work))?;
    Some((IdKind::DoiSibling, work.to_owned()))
}

/// The number of a chapter of Springer: `61` of `10.1007/978-3-319-96397-6_61` and `10.1007/978-3-319-76887-8_61-1`.
fn entry_of(doi: &str) -> Option<&str> {
    let (_, chapter) = doi.strip_prefix(SPRINGER_BOOKS)?.split_once('_')?;
    let entry = chapter.split_once('-').map_or(chapter, |(entry, _)| entry);
    (!entry.is_empty() && chapter.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')).then_some(entry)
}

/// Whether a DOI is that of an entry before its book: `…_61-1`.
pub fn is_before_its_book(doi: &str) -> bool {
    entry_of(doi).is_some() && doi.rsplit('_').next().is_some_and(|chapter| chapter.contains('-'))
}

/// Whether a DOI is one that the repository of an institution registers for what is deposited in it.
pub fn is_of_repository(doi: &str) -> bool {
    REPOSITORIES.binary_search(&doi.split('/').next().unwrap_or_default()).is_ok()
}

/// Whether a DOI is that of a deposit in Zenodo.
pub fn is_of_zenodo(doi: &str) -> bool {
    doi.starts_with(ZENODO)
}

/// Registrants of DOIs that are repositories of universities. Origin: DOIs and publishers of records of copies, as catalogues have
/// them (British Columbia, Hamburg, North Carolina, Cambridge, William & Mary, Zurich, Rutgers, Columbia); not complete. A registrant
/// that also publishes journals must not be here. Sorted.
const REPOSITORIES: [&str; 9] =
    ["10.14288", "10.15480", "10.17615", "10.17863", "10.21220", "10.3929", "10.5167", "10.7282", "10.7916"];

/// Whether a DOI is that of a deposit in Figshare: mostly what belongs to an article, under its title and summary.
pub fn is_of_figshare(doi: &str) -> bool {
    doi.starts_with("10.6084/m9.figshare.")
}

const SPRINGER_BOOKS: &str = "10.1007/978";
const COMPUTING_MACHINERY: &str = "10.1145/";
const ZENODO: &str = "10.5281/zenodo.";
const COCHRANE: &str = "10.1002/14651858.cd";
const BRITISH_STANDARDS: &str = "10.3403/";
const OPEN_REVIEW: [&str; 2] = ["10.12688/", "10.7554/elife."];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Parser;
    use crate::keys::features::identifiers_of;

    fn check(fields: &str, expected: bool) {
        let json = format!(r#"{{"id":"a","title":"A title",{fields}}}"#);
        let found = Parser::default()
            .parse(json.as_bytes(), |record| is_preprint(record, &identifiers_of(record)))
            .expect("a record");
        assert_eq!(found, expected, "{fields}");
    }

    #[test]
    fn preprints_are_known_by_doi_host_or_format() {
        check(r#""doi_str_mv":["10.48550/arXiv.2101.00001"]"#, true);
        check(r#""doi_str_mv":["10.1101/2020.03.11.987016"]"#, true);
        check(r#""doi_str_mv":["10.1101/134510"]"#, true);
        check(r#""doi_str_mv":["10.1101/gr.229102"]"#, false);
        check(r#""doi_str_mv":["10.31234/osf.io/abcde"]"#, true);
        check(r#""doi_str_mv":["10.48550/arXiv.2101.00001","10.1038/s41586-020-2649-2"]"#, false);
        check(r#""container_title":"bioRxiv""#, true);
        check(r#""container_title":"SSRN Electronic Journal""#, true);
        check(r#""container_title":"CoRR""#, true);
        check(r#""container_title":"Corr. Sci.""#, false);
        check(r#""container_title":"Preprints of the IFAC symposium""#, false);
        check(r#""collection":["arXiv"]"#, true);
        check(r#""collection":["arXiv"],"container_title":"Physical Review D""#, false);
        check(r#""arxiv_str":"1304.3343""#, true);
        check(r#""arxiv_str":"1304.3343","container_title":"Physical Review D""#, false);
        check(r#""format":["Preprint"]"#, true);
        check(r#""format":["Article"]"#, false);
    }

    #[test]
    fn versions_are_cut_off_dois() {
        let check = |doi: &str, expected: Option<(IdKind, &str)>| {
            let found = doi_of_work(doi);
            assert_eq!(found.as_ref().map(|(kind, work)| (*kind, work.as_str())), expected, "{doi}");
        };
        check("10.6084/m9.figshare.5165839.v2", Some((IdKind::DoiBase, "10.6084/m9.figshare.5165839")));
        check("10.21203/rs.3.rs-12345/v1", Some((IdKind::DoiBase, "10.21203/rs.3.rs-12345")));
        check("10.26434/chemrxiv-2021-abcde-v3", Some((IdKind::DoiBase, "10.26434/chemrxiv-2021-abcde")));
        check("10.48550/arxiv.2101.00001v2", Some((IdKind::DoiBase, "10.48550/arxiv.2101.00001")));
        check("10.3403/30159304u", Some((IdKind::DoiBase, "10.3403/30159304")));
        check("10.12688/f1000research.7035.2", Some((IdKind::DoiSibling, "10.12688/f1000research.7035")));
        check("10.5281/zenodo.3463853", Some((IdKind::DoiSibling, "10.5281/zenodo.3463852")));
        check("10.1002/14651858.cd001431.pub5", Some((IdKind::DoiUpdate, "10.1002/14651858.cd001431")));
        check("10.1002/14651858.cd001431", Some((IdKind::DoiUpdate, "10.1002/14651858.cd001431")));
        check("10.7554/elife.00013.003", None);
        check("10.1145/2541940.2541946", Some((IdKind::DoiBase, "10.1145/*.2541946")));
        check("10.1145/3386252", None);
        check("10.1145/67544.66945", Some((IdKind::DoiBase, "10.1145/*.66945")));
        check("10.1000/182", None);
        check("10.1000/rev2", None);
    }
}
