//! Identifiers in one canonical form each, so that equal identifiers are equal strings.

use super::seek::{holds, holds_in_any_case};

/// Fewest characters of an indexed number. From the `isn` type of VuFind's Solr schema.
const ISN_MIN_LENGTH: usize = 4;

/// What can be said about a text that should hold an ISBN.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum IsbnStatus {
    /// Ten or thirteen digits with the right check digit.
    Valid,
    /// Neither ten nor thirteen digits, or none at all.
    WrongLength,
    /// The last digit does not follow from the others, or an `X` stands before the last place.
    WrongCheckDigit,
    /// One digit repeated, a placeholder such as `0000000000`.
    AllEqualDigits,
    /// Thirteen digits that begin neither with 978 nor with 979.
    BadPrefix,
}

/// The form in which VuFind's Solr type `isn` matches a number: first chunk up to a blank, digits and `x` only.
///
/// None when fewer than four characters are left.
#[must_use]
pub fn isn_key(text: &str) -> Option<String> {
    let chunk = text.split_whitespace().next()?;
    let key: String =
        chunk.chars().map(|c| c.to_ascii_lowercase()).filter(|&c| c.is_ascii_digit() || c == 'x').collect();
    (key.len() >= ISN_MIN_LENGTH).then_some(key)
}

/// The ISBN as thirteen digits; ten-digit ones are converted. None unless [`isbn_check`] finds it valid.
///
/// Accepts hyphens, blanks, a label `ISBN` and qualifiers such as `(pbk.) :`, as RecordManager's `normalizeISBN`
/// does. Source of the check digits: ISO 2108.
#[must_use]
pub fn isbn13(text: &str) -> Option<String> {
    let digits = isbn_digits(text);
    if status_of(&digits) != IsbnStatus::Valid {
        return None;
    }
    if digits.len() == 13 {
        return Some(digits);
    }
    let body = format!("978{}", &digits[..9]);
    let check = check_digit_13(body.as_bytes());
    Some(format!("{body}{check}"))
}

/// The ISBN, as [`isbn13`] gives it, of a text whose groups of digits are parted by stops (`3.908128.23.4`), which no importer
/// reads.
pub fn isbn13_with_stops(text: &str) -> Option<String> {
    const MAX_BYTES: usize = 60;
    let is_parted = text.len() <= MAX_BYTES && text.split('.').count() > 2;
    if !is_parted {
        return None;
    }
    let text = text.replace('.', "-");
    // Nine digits are a number of before 1970, whose group is 0.
    isbn13(&text).or_else(|| isbn13(&format!("0-{text}")))
}

/// Whether the text holds a valid ISBN, and what is wrong with it otherwise.
#[must_use]
pub fn isbn_check(text: &str) -> IsbnStatus {
    status_of(&isbn_digits(text))
}

/// The ISSN as `NNNN-NNNC` with an upper-case `X`; none when the check digit is wrong or nothing but zeros is given.
///
/// Accepts a missing hyphen, a label `ISSN` and trailing text. Source of the check digit: ISO 3297.
#[must_use]
pub fn issn(text: &str) -> Option<String> {
    // `2055-2076 (e-ISSN)`: the label stands behind.
    let is_first = text.trim_start().starts_with(|c: char| c.is_ascii_digit());
    let number = if is_first { text.trim_start() } else { without_label(text, "issn") };
    let digits = leading_digits(number, false);
    if digits.len() != 8 || is_one_digit_repeated(&digits) || !is_mod_11(digits.as_bytes()) {
        return None;
    }
    Some(format!("{}-{}", &digits[..4], &digits[4..]))
}

/// The OCLC number without prefix and leading zeros, from `(OCoLC)ocm30585539`, `ocn…`, `on…` and the like.
///
/// Source: the pattern map for `oclc_num` in VuFind's `marc.properties`. None for control numbers of other systems.
#[must_use]
pub fn oclc(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_lowercase();
    let number = match text.strip_prefix("(ocolc)") {
        Some(rest) => rest.trim_start_matches(|c: char| !c.is_ascii_digit()),
        None => ["ocm", "ocn", "on"].iter().find_map(|prefix| text.strip_prefix(prefix))?,
    };
    plain_number(number, usize::MAX)
}

/// The DOI as VuFind's `DoiTools` finds it: after `urn:doi:` or `https://doi.org/`, URL-decoded, case kept.
///
/// None for every other form, such as `http://dx.doi.org/…`, and for a broken percent escape.
#[must_use]
pub fn doi_strict(text: &str) -> Option<String> {
    let encoded = ["urn:doi:", "https://doi.org/"].iter().find_map(|prefix| text.strip_prefix(prefix))?;
    // Java's URLDecoder also reads a plus as a blank.
    percent_decode(&encoded.replace('+', " "))
}

/// The DOI in lower case, from a link to doi.org or dx.doi.org, from `urn:doi:…`, `doi:…` or the bare `10.NNNN/…`.
///
/// Percent escapes of links and the entities `&amp;`, `&lt;`, `&gt;` are decoded. The DOI ends at a blank or a
/// quotation mark; punctuation of the sentence around it is dropped, balanced brackets and the signs inside of old
/// SICI-based names (`<`, `>`, `;`) stay. Source: the DOI Handbook, which also says that case does not count.
#[must_use]
pub fn doi(text: &str) -> Option<String> {
    if let Some(name) = plain_doi(text) {
        return Some(name);
    }
    let lower = text.trim().to_lowercase();
    let decoded = match after_doi_host(&lower) {
        Some(path) => percent_decode(path.split(['?', '#']).next().unwrap_or(path)).unwrap_or_else(|| path.to_owned()),
        None => {
            let bare = after_doi_label(&lower);
            percent_decode(bare).unwrap_or_else(|| bare.to_owned())
        }
    };
    let plain = decode_entities(&decoded).to_lowercase();
    let end = plain
        .find(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '“' | '”'))
        .unwrap_or(plain.len());
    let name = without_sentence_end(&plain[..end]);
    has_doi_shape(name).then(|| name.to_owned())
}

/// The usual case of [`doi`]: nothing but the DOI, or its link, with neither escapes nor brackets nor labels.
fn plain_doi(text: &str) -> Option<String> {
    let starts = ["https://doi.org/", "http://dx.doi.org/", "http://doi.org/"];
    let name = starts.iter().find_map(|start| text.strip_prefix(start)).unwrap_or(text);
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'/' | b'-' | b'_');
    let ends_well = name.bytes().last().is_some_and(|byte| byte.is_ascii_alphanumeric());
    if !ends_well || !name.starts_with("10.") || !name.bytes().all(is_plain) {
        return None;
    }
    let name = name.to_ascii_lowercase();
    (!holds(&name, "doi.org/") && has_doi_shape(&name)).then_some(name)
}

/// The PubMed number in a link to PubMed or Europe PMC, or after `info:pmid/`; none for other links.
#[must_use]
pub fn pmid_from_url(url: &str) -> Option<String> {
    // `pubmed`, `europepmc`, `pmid`
    if !["pub", "pm"].iter().any(|start| holds_in_any_case(url, start)) {
        return None;
    }
    let url = url.trim().to_ascii_lowercase();
    const PLACES: [&str; 5] = [
        "ncbi.nlm.nih.gov/pubmed/",
        "pubmed.ncbi.nlm.nih.gov/",
        "europepmc.org/abstract/med/",
        "europepmc.org/article/med/",
        "info:pmid/",
    ];
    let rest = PLACES.iter().find_map(|place| url.split_once(place)).map(|parts| parts.1)?;
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    // A longer word, such as a file name, is not a number with something after it.
    if rest[end..].starts_with(|c: char| c.is_alphanumeric()) {
        return None;
    }
    plain_number(rest, 9)
}

/// The PubMed Central number as `PMC123`, from a link or any text that names one; the first one counts.
#[must_use]
pub fn pmcid(text: &str) -> Option<String> {
    if !holds_in_any_case(text, "pmc") {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    for (place, label) in lower.match_indices("pmc") {
        let starts_word = !lower[..place].ends_with(|c: char| c.is_alphanumeric());
        let after = &lower[place + label.len()..];
        let number = match after.strip_prefix("id") {
            Some(rest) => rest.trim_start_matches([':', ' ']),
            None => after,
        };
        if starts_word && let Some(number) = plain_number(number, 9) {
            return Some(format!("PMC{number}"));
        }
    }
    None
}

/// The arXiv number without version: `2101.00001`, or `hep-th/9901001` in the form used until 2007.
///
/// Read from `arXiv:…`, from links to arxiv.org and from the DOIs arXiv assigns. A bare number is not recognised,
/// and the subject class of old numbers (`math.GT/…`) is dropped. Source: arXiv's page on identifiers.
#[must_use]
pub fn arxiv(text: &str) -> Option<String> {
    if !holds_in_any_case(text, "xiv") {
        return None;
    }
    let lower = text.trim().to_ascii_lowercase();
    const PLACES: [&str; 5] = ["arxiv.org/abs/", "arxiv.org/pdf/", "arxiv.org/html/", "10.48550/arxiv.", "arxiv:"];
    let rest = PLACES.iter().find_map(|place| lower.split_once(place)).map(|parts| parts.1.trim_start())?;
    new_arxiv(rest).or_else(|| old_arxiv(rest))
}

/// The digits of the ISBN at the start of the text, without separators. Tries the longest reading first: blanks may
/// separate groups of digits, or the number from a volume count.
fn isbn_digits(text: &str) -> String {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.to_owned();
    }
    let text = without_label(text, "isbn");
    let across_blanks = leading_digits(text, true);
    if matches!(across_blanks.len(), 10 | 13) {
        return across_blanks;
    }
    leading_digits(text, false)
}

/// What follows a label such as `ISBN-13:`, wherever it stands; the trimmed text when there is no label.
fn without_label<'a>(text: &'a str, label: &str) -> &'a str {
    // ASCII lower-casing keeps every byte position.
    let Some(place) = text.to_ascii_lowercase().find(label) else {
        return text.trim_start();
    };
    let rest = &text[place + label.len()..];
    let unsized_rest = ["-13", "-10"].iter().find_map(|size| rest.strip_prefix(size)).unwrap_or(rest);
    unsized_rest.trim_start_matches([':', ' '])
}

/// Digits and `X` up to the first character that is neither one nor a hyphen nor, if so wished, a blank.
fn leading_digits(text: &str, across_blanks: bool) -> String {
    let mut digits = String::new();
    for c in text.chars() {
        match c {
            '0'..='9' => digits.push(c),
            'x' | 'X' => digits.push('X'),
            '-' | '\u{ad}' | '\u{2010}'..='\u{2015}' | '\u{2212}' => {}
            ' ' if across_blanks => {}
            _ => break,
        }
    }
    digits
}

fn status_of(digits: &str) -> IsbnStatus {
    if !matches!(digits.len(), 10 | 13) {
        return IsbnStatus::WrongLength;
    }
    if is_one_digit_repeated(digits) {
        return IsbnStatus::AllEqualDigits;
    }
    let bytes = digits.as_bytes();
    if bytes.len() == 10 {
        return checked(is_mod_11(bytes));
    }
    if !digits.starts_with("978") && !digits.starts_with("979") {
        return IsbnStatus::BadPrefix;
    }
    let is_right = !digits.contains('X') && bytes[12] == check_digit_13(&bytes[..12]) + b'0';
    checked(is_right)
}

fn checked(is_right: bool) -> IsbnStatus {
    if is_right { IsbnStatus::Valid } else { IsbnStatus::WrongCheckDigit }
}

fn is_one_digit_repeated(digits: &str) -> bool {
    let bytes = digits.as_bytes();
    bytes.windows(2).all(|pair| pair[0] == pair[1])
}

/// Weights fall from the number of digits to one; `X` is ten and may stand at the end only.
fn is_mod_11(digits: &[u8]) -> bool {
    let Some((last, body)) = digits.split_last() else {
        return false;
    };
    if body.contains(&b'X') {
        return false;
    }
    let check = if *last == b'X' { 10 } else { u32::from(last - b'0') };
    let mut sum = check;
    let mut weight = 1;
    for digit in body.iter().rev() {
        weight += 1;
        sum += weight * u32::from(digit - b'0');
    }
    sum.is_multiple_of(11)
}

/// The last digit of an ISBN-13, 0 to 9. `body` holds twelve ASCII digits.
fn check_digit_13(body: &[u8]) -> u8 {
    let mut sum = 0;
    for (place, digit) in body.iter().enumerate() {
        let weight = if place % 2 == 0 { 1 } else { 3 };
        sum += weight * u16::from(digit - b'0');
    }
    u8::try_from((10 - sum % 10) % 10).expect("a remainder of ten fits into a byte")
}

/// The digits at the start without leading zeros; none when there are none, too many, or only zeros.
fn plain_number(text: &str, max_digits: usize) -> Option<String> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number = text[..end].trim_start_matches('0');
    (!number.is_empty() && number.len() <= max_digits).then(|| number.to_owned())
}

/// Decodes `%XX`; none when an escape is broken or the result is not UTF-8.
fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        if first != b'%' {
            bytes.push(first);
            rest = tail;
            continue;
        }
        let high = hex_value(*tail.first()?)?;
        let low = hex_value(*tail.get(1)?)?;
        bytes.push(high * 16 + low);
        rest = &tail[2..];
    }
    String::from_utf8(bytes).ok()
}

fn hex_value(byte: u8) -> Option<u8> {
    let value = char::from(byte).to_digit(16)?;
    u8::try_from(value).ok()
}

/// What follows the first `doi.org/`, whatever the scheme and the `dx.` or `www.` before it.
fn after_doi_host(lower: &str) -> Option<&str> {
    lower.match_indices("doi.org/").find_map(|(place, host)| {
        let starts_name = !lower[..place].ends_with(|c: char| c.is_alphanumeric() || c == '-');
        starts_name.then(|| lower[place + host.len()..].trim_start())
    })
}

fn after_doi_label(lower: &str) -> &str {
    let labelled = ["urn:doi:", "info:doi/", "doi:", "doi "].iter().find_map(|label| lower.split_once(label));
    match labelled {
        Some((_, name)) => name.trim_start(),
        None => lower.trim_start_matches(['(', '[', '<', '"', '“', ' ']),
    }
}

fn decode_entities(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// Drops punctuation at the end, and closing brackets that were not opened inside.
fn without_sentence_end(name: &str) -> &str {
    let mut name = name;
    loop {
        let shorter = name.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '’', '»', '/']);
        let shorter = without_stray_closer(shorter);
        if shorter == name {
            return name;
        }
        name = shorter;
    }
}

fn without_stray_closer(name: &str) -> &str {
    for (open, close) in [('(', ')'), ('[', ']'), ('{', '}'), ('<', '>')] {
        if let Some(start) = name.strip_suffix(close)
            && name.matches(open).count() < name.matches(close).count()
        {
            return start;
        }
    }
    name
}

/// `10.`, four to nine digits, further numbers after points, a slash, and something after it.
fn has_doi_shape(name: &str) -> bool {
    let Some((prefix, suffix)) = name.split_once('/') else {
        return false;
    };
    let Some(registrant) = prefix.strip_prefix("10.") else {
        return false;
    };
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let first = registrant.split('.').next().unwrap_or(registrant);
    registrant.split('.').all(is_number) && (4..=9).contains(&first.len()) && !suffix.is_empty()
}

/// `YYMM.NNNN` or `YYMM.NNNNN` with a month of 01 to 12.
fn new_arxiv(text: &str) -> Option<String> {
    let (start, rest) = text.split_once('.')?;
    let month = start.get(2..)?;
    let is_date = start.len() == 4 && start.bytes().all(|b| b.is_ascii_digit()) && ("01"..="12").contains(&month);
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    (is_date && matches!(end, 4 | 5)).then(|| format!("{start}.{}", &rest[..end]))
}

/// `archive/YYMMNNN` or `archive.XX/YYMMNNN`.
fn old_arxiv(text: &str) -> Option<String> {
    let (archive, rest) = text.split_once('/')?;
    let archive = archive.split('.').next().unwrap_or(archive);
    let is_archive = !archive.is_empty() && archive.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    (is_archive && end == 7).then(|| format!("{archive}/{}", &rest[..end]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Checks one function on pairs of a text and the expected identifier, empty for none.
    fn check(find: fn(&str) -> Option<String>, pairs: &[(&str, &str)]) {
        for &(text, expected) in pairs {
            assert_eq!(find(text).unwrap_or_default(), expected, "{text}");
        }
    }

    #[test]
    fn numbers_are_matched_as_solr_matches_them() {
        check(
            isn_key,
            &[
                ("8820737493 (pbk.) :", "8820737493"),
                ("2055-2076 ;", "20552076"),
                ("951-952-x", "951952x"),
                ("12-3", ""),
                ("", ""),
            ],
        );
    }

    #[test]
    fn isbns_become_thirteen_digits() {
        check(
            isbn13,
            &[
                ("9514920988", "9789514920981"),
                ("951-492-098-8", "9789514920981"),
                ("978-951-492098-1", "9789514920981"),
                ("ISBN-13: 978 951 492 098 1 (sid.)", "9789514920981"),
                ("urn:isbn:9514920988", "9789514920981"),
                ("9514920988 2 v.", "9789514920981"),
                ("080442957x", "9780804429573"),
                ("9514920096", ""),
                ("0000000000", ""),
                ("", ""),
            ],
        );
    }

    #[test]
    fn stops_may_part_the_groups_of_an_isbn() {
        assert_eq!(isbn13_with_stops("3.908128.23.4").as_deref(), Some("9783908128236"));
        assert_eq!(isbn13_with_stops("0.04.352045.6 (V1)"), isbn13("0-04-352045-6"));
        assert_eq!(isbn13_with_stops("978.3.908128.23.4"), None);
        assert_eq!(isbn13_with_stops("333.10973.2 (hard cover)"), isbn13("0-333-10973-2"));
        assert_eq!(isbn13_with_stops("3.90812823"), None);
        assert_eq!(isbn13("3.908128.23.4"), None, "as importers read it");
    }

    #[test]
    fn isbn_faults_are_told_apart() {
        let check = |text: &str, expected| assert_eq!(isbn_check(text), expected, "{text}");
        check("9514920988", IsbnStatus::Valid);
        check("9514920096", IsbnStatus::WrongCheckDigit);
        check("95149X0988", IsbnStatus::WrongCheckDigit);
        check("978951492098X", IsbnStatus::WrongCheckDigit);
        check("951492098", IsbnStatus::WrongLength);
        check("(pbk.)", IsbnStatus::WrongLength);
        check("1111111111111", IsbnStatus::AllEqualDigits);
        check("4006381333931", IsbnStatus::BadPrefix);
    }

    #[test]
    fn issns_get_their_hyphen() {
        check(
            issn,
            &[
                ("20552076", "2055-2076"),
                ("2055-2076 ;", "2055-2076"),
                ("ISSN: 2434-561x", "2434-561X"),
                ("2055-2076 (e-ISSN)", "2055-2076"),
                ("2055-2077", ""),
                ("0000-0000", ""),
                ("2055-207", ""),
            ],
        );
    }

    #[test]
    fn oclc_numbers_lose_prefix_and_zeros() {
        check(
            oclc,
            &[
                ("(OCoLC)ocm30585539", "30585539"),
                ("(OCoLC)00012345", "12345"),
                ("ocn123456789", "123456789"),
                ("on1234567890", "1234567890"),
                ("(OCoLC)1234567890-X", "1234567890"),
                ("(DE-599)GBV12345", ""),
                ("12345", ""),
            ],
        );
    }

    #[test]
    fn vufind_knows_two_forms_of_doi() {
        check(
            doi_strict,
            &[
                ("https://doi.org/10.1177/2055207621996870", "10.1177/2055207621996870"),
                ("urn:doi:10.1000%2F182", "10.1000/182"),
                ("http://dx.doi.org/10.1177/2055207621996870", ""),
                ("https://doi.org/10.1000%2", ""),
            ],
        );
    }

    #[test]
    fn dois_are_found_in_every_common_form() {
        let seed = "10.1177/2055207621996870";
        let sici = "10.1002/(sici)1097-4571(199806)49:8<693::aid-asi4>3.0.co;2-o";
        check(
            doi,
            &[
                ("http://dx.doi.org/10.1177/2055207621996870", seed),
                ("https://doi.org/10.1177/2055207621996870?x=1", seed),
                ("https://www.doi.org/10.1177/2055207621996870", seed),
                ("doi: 10.1177/2055207621996870.", seed),
                ("DOI:10.1177/2055207621996870 [doi]", seed),
                ("(10.1177/2055207621996870)", seed),
                ("See (https://doi.org/10.1177/2055207621996870).", seed),
                ("10.1177/2055207621996870", seed),
                ("urn:doi:10.1000%2F182", "10.1000/182"),
                ("10.1002/(SICI)1097-4571(199806)49:8<693::AID-ASI4>3.0.CO;2-O", sici),
                ("https://doi.org/10.1002/(SICI)1097-4571(199806)49:8%3C693::AID-ASI4%3E3.0.CO;2-O", sici),
                ("doi:10.1002/(SICI)1097-4571(199806)49:8&lt;693::AID-ASI4&gt;3.0.CO;2-O", sici),
                ("10.1016/S0140-6736(05)67889-0", "10.1016/s0140-6736(05)67889-0"),
                ("10.1016/0001(80)90001-X)", "10.1016/0001(80)90001-x"),
                ("10.1000.10/123", "10.1000.10/123"),
                ("10.17/x", ""),
                ("10.1177/", ""),
                ("https://example.org/10.1177/2055207621996870", ""),
                ("https://notdoi.org/10.1177/1", ""),
            ],
        );
    }

    #[test]
    fn pubmed_numbers_come_from_links() {
        check(
            pmid_from_url,
            &[
                ("https://www.ncbi.nlm.nih.gov/pubmed/33717499", "33717499"),
                ("https://pubmed.ncbi.nlm.nih.gov/33717499/", "33717499"),
                ("https://europepmc.org/article/MED/33717499", "33717499"),
                ("info:pmid/33717499", "33717499"),
                ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC7917429/", ""),
                ("https://pubmed.ncbi.nlm.nih.gov/12ab", ""),
                ("33717499", ""),
            ],
        );
    }

    #[test]
    fn pubmed_central_numbers_come_from_any_text() {
        check(
            pmcid,
            &[
                ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC7917429/", "PMC7917429"),
                ("https://pmc.ncbi.nlm.nih.gov/articles/pmc7917429/", "PMC7917429"),
                ("PMCID: PMC7917429.", "PMC7917429"),
                ("pmcid:7917429", "PMC7917429"),
                ("xpmc12", ""),
                ("pmc", ""),
            ],
        );
    }

    #[test]
    fn arxiv_numbers_lose_their_version() {
        check(
            arxiv,
            &[
                ("arXiv:2101.00001v2 [cs.DL]", "2101.00001"),
                ("https://arxiv.org/pdf/2101.00001.pdf", "2101.00001"),
                ("https://doi.org/10.48550/arXiv.2101.00001", "2101.00001"),
                ("http://arxiv.org/abs/hep-th/9901001v1", "hep-th/9901001"),
                ("arXiv:math.GT/0309136", "math/0309136"),
                ("arXiv:2113.00001", ""),
                ("2101.00001", ""),
            ],
        );
    }

    proptest! {
        #[test]
        fn any_text_is_accepted(text in any::<String>()) {
            let _ = (isn_key(&text), isbn13(&text), isbn_check(&text), issn(&text), oclc(&text));
            let _ = (doi_strict(&text), doi(&text), pmid_from_url(&text), pmcid(&text), arxiv(&text));
        }

        #[test]
        fn a_canonical_doi_stays(text in "10\\.[0-9]{4,9}/[ -~]{1,30}") {
            if let Some(name) = doi(&text)
                && !name.contains(['%', '&'])
                && !name.contains("doi")
            {
                prop_assert_eq!(doi(&name), Some(name));
            }
        }

        #[test]
        fn ten_and_thirteen_digits_agree(body in "[0-9]{9}") {
            for check in ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "X"] {
                let short = format!("{body}{check}");
                if let Some(long) = isbn13(&short) {
                    prop_assert_eq!(isbn_check(&long), IsbnStatus::Valid);
                    prop_assert_eq!(&long[3..12], &body[..]);
                }
            }
        }
    }
}
