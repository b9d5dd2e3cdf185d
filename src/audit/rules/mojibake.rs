//! UTF-8 that was read as Windows-1252 or Latin-1.

/// Characters that Windows-1252 has at bytes 0x80 to 0x9F, in this order; unassigned bytes stand for themselves, as
/// all of them do in Latin-1.
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Characters whose bytes are one letter in UTF-8.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Sequence {
    /// Where it starts in the text, in bytes.
    pub(super) start: usize,
    /// Where it ends.
    pub(super) end: usize,
    /// The letter that the bytes are.
    letter: char,
    weight: u8,
}

/// Weight of a sequence that cannot stand there by chance, and of a text that is read again.
const CERTAIN: u8 = 2;
/// Weight of a sequence of which a text must have two.
const DOUBTFUL: u8 = 1;

/// The text with every sequence read again, as often as it was damaged; none if there is nothing certain.
pub(super) fn reread(text: &str) -> Option<String> {
    let mut better = reread_once(text)?;
    while let Some(again) = reread_once(&better) {
        better = again;
    }
    Some(better)
}

/// Whether a text was read in the wrong encoding, so that nothing must be made of it before E001 had its way.
pub(super) fn is_read_wrong(text: &str) -> bool {
    !text.is_ascii() && reread(text).is_some()
}

fn reread_once(text: &str) -> Option<String> {
    let mut sum = 0;
    let is_certain = sequences(text).any(|found| {
        sum += found.weight;
        sum >= CERTAIN
    });
    if !is_certain {
        return None;
    }
    let mut better = String::with_capacity(text.len());
    let mut rest = 0;
    for found in sequences(text) {
        better.push_str(&text[rest..found.start]);
        better.push(found.letter);
        rest = found.end;
    }
    better.push_str(&text[rest..]);
    Some(better)
}

/// The sequences in a text, doubtful ones too. Those that well-formed text has as well are left out.
pub(super) fn sequences(text: &str) -> impl Iterator<Item = Sequence> + '_ {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            // Lead bytes of UTF-8 as Latin-1 shows them: U+00C2 to U+00F4, encoded as 0xC3 0x82 to 0xC3 0xB4.
            let start = from + memchr::memchr(0xC3, &text.as_bytes()[from..])?;
            from = start + 2;
            if let Some(found) = sequence(text, start) {
                from = found.end;
                return Some(found);
            }
        }
    })
}

/// The sequence at a place.
fn sequence(text: &str, start: usize) -> Option<Sequence> {
    let mut letters = text[start..].chars();
    let lead = byte(letters.next()?)?;
    let n_bytes = match lead {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return None,
    };
    let (mut bytes, mut others) = ([lead; 4], ['\0'; 3]);
    for (byte_at, other) in bytes[1..n_bytes].iter_mut().zip(&mut others) {
        *other = letters.next()?;
        *byte_at = byte(*other).filter(|byte| (0x80..0xC0).contains(byte))?;
    }
    // A letter that was lost before cannot be read again.
    let letter = std::str::from_utf8(&bytes[..n_bytes]).ok()?.chars().next().filter(|&letter| letter != '\u{fffd}')?;
    let rest = letters.as_str();
    let (before, after) = (text[..start].chars().next_back(), rest.chars().next());
    let (before, after) = (before.unwrap_or(' '), after.unwrap_or(' '));
    let weight = match weight(before, lead, &others[..n_bytes - 1], after) {
        // `Nguyá»…n`
        0 if lead == 0xE1 && others[0] == '»' && !opens_quotation(&text[..start]) => {
            if after.is_alphabetic() {
                CERTAIN
            } else {
                DOUBTFUL
            }
        }
        weight => weight,
    };
    let end = text.len() - rest.len();
    (weight > 0).then_some(Sequence { start, end, letter: as_windows(letter), weight })
}

/// Whether a text holds a French opening quotation mark that is no part of a damaged letter (`Â«`, `á»«`).
fn opens_quotation(text: &str) -> bool {
    text.match_indices('«').any(|(at, _)| !text[..at].ends_with(['Â', '»']))
}

/// Letters as which the first byte of a letter shows, of those of which a part was often lost.
const LEADS: [char; 9] = ['Â', 'Ã', 'Ä', 'Å', 'Æ', 'Î', 'Ï', 'Ð', 'â'];

/// Whether a text holds a letter that was read in the wrong encoding and then written in one that lacks its signs, so
/// that question marks stand for them: `GeiÃ?ler`, `ImieliÅ?ski`, `donâ??t`. What the letter was cannot be told.
pub(super) fn is_half_lost(text: &str) -> bool {
    !text.is_ascii() && memchr::memchr_iter(b'?', text.as_bytes()).any(|at| is_lost_at(text, at))
}

/// Whether the question mark at a place stands for a part of the letter before it. A word may end a question on such a
/// letter (`Was ist ein Ä?`, `HVA ER DET VI VENTER PÅ?`), but for a small letter before a capital. What follows without a blank
/// is no new sentence (`OÃ?Neil`).
fn is_lost_at(text: &str, at: usize) -> bool {
    let mut before = text[..at].chars().rev();
    let lead = before.next().unwrap_or(' ');
    let mut rest = text[at + 1..].chars();
    let after = rest.next().unwrap_or(' ');
    // Of a letter of three bytes, one or both others may be lost: `å?³è`, `å??é?³`.
    if is_lead_of_three(lead) && (is_rest(after) || lead == 'â' && matches!(after, '¡' | '¿')) {
        return true;
    }
    if is_invisible(lead) {
        return before.next().is_some_and(is_lead_of_three);
    }
    if !LEADS.contains(&lead) {
        return is_lead_of_three(lead) && after == '?' && rest.next().is_some_and(char::is_alphabetic);
    }
    let goes_on = after.is_alphabetic() || is_rest(after);
    let mut is_alone = || before.next().is_none_or(|letter| !letter.is_alphabetic());
    match lead {
        // No word ends in it.
        'Â' => true,
        'â' => goes_on || matches!(after, '?' | '¬'),
        'Ã' | 'Î' | 'Ï' if lead == 'Ã' && after == '?' || is_alone() => true,
        _ => goes_on || text[..at].chars().rev().nth(1).is_some_and(char::is_lowercase),
    }
}

/// Letters as which the first byte of a letter of three bytes shows.
fn is_lead_of_three(letter: char) -> bool {
    ('à'..='ï').contains(&letter)
}

/// Whether a character is what Latin-1 shows for the last byte of a letter, and none that ends or begins a sentence.
fn is_rest(letter: char) -> bool {
    ('\u{80}'..='\u{bf}').contains(&letter) && !matches!(letter, '\u{a0}' | '«' | '»' | '¡' | '¿')
}

/// Whether a character is seen in no text, and none of the blanks that stand before French question marks.
pub(super) fn is_invisible(letter: char) -> bool {
    is_c1(letter) || letter == '\u{ad}'
}

/// Whether a sign that is seen in no text belongs to a letter of which another part is lost: `å?\u{ad}`, `å\u{ad}?`.
pub(super) fn is_of_lost_letter(before: &str, after: &str) -> bool {
    match before.strip_suffix('?') {
        Some(before) => before.ends_with(is_lead_of_three),
        None => after.starts_with('?') && before.ends_with(is_lead_of_three),
    }
}

/// Whether letters of a text are damaged or lost. What looks like a stray sign in it may be a part of a letter.
pub(super) fn is_damaged(text: &str) -> bool {
    !text.is_ascii()
        && (text.contains('\u{fffd}')
            || text.contains("â?")
            || is_half_lost(text)
            || sequences(text).next().is_some()
            || text.as_bytes().windows(4).any(is_cut_letter))
}

/// Whether bytes are a letter as which the first byte of a letter shows, in capitals or as a sort title has it, and then a
/// sign that is seen in no text: U+0080 to U+00A0, or the soft hyphen.
fn is_cut_letter(bytes: &[u8]) -> bool {
    // Â, Ã, Ä, Å, and in small letters.
    let is_lead = matches!(bytes[..2], [0xC3, 0x82..=0x85 | 0xA2..=0xA5]);
    is_lead && matches!(bytes[2..], [0xC2, 0x80..=0xA0 | 0xAD])
}

/// How much the letters behind a lead byte tell, between the letters before and after all of them.
fn weight(before: char, lead: u8, others: &[char], after: char) -> u8 {
    if others.iter().any(|&letter| is_c1(letter)) {
        return CERTAIN;
    }
    let &[other] = others else {
        // `é`, a no-break space and `»` end many a French quotation.
        let is_chance = lead != 0xE2 && others.iter().all(|&letter| is_sign(letter));
        return if is_chance { 0 } else { CERTAIN };
    };
    let is_before_letter = after.is_alphabetic();
    match lead {
        // A word in capitals may end on `Ã`, and then in a quotation mark.
        0xC3 if is_sign(other) && before.is_uppercase() && !is_before_letter => DOUBTFUL,
        0xC2 | 0xC3 => CERTAIN,
        0xC4..=0xCD if before.is_lowercase() => CERTAIN,
        // The ångström, squared or cubed, or between signs.
        0xC5 if matches!(other, '¹' | '²' | '³' | '°' | '·' | '±') && !is_before_letter => 0,
        0xC4 | 0xC5 if is_sign(other) && !before.is_alphabetic() && !is_before_letter => 0,
        0xC4 | 0xC5 if !is_sign(other) => CERTAIN,
        0xC4 | 0xC5 if is_before_letter && matches!(other, '‘' | '‚' | '“' | '„' | '‹' | '›' | '«' | '»') => {
            CERTAIN
        }
        // `Œuvres`; behind the letter as a name, an apostrophe has an `s`.
        0xC5 if other == '’' && after.is_lowercase() && after != 's' => CERTAIN,
        0xC4 | 0xC5 => DOUBTFUL,
        // Greek, with signs that no word with a circumflex goes on with.
        0xCE | 0xCF if !is_sign(other) && !is_plain_letter(other) => CERTAIN,
        // Greek and Cyrillic.
        0xCE..=0xD1 => DOUBTFUL,
        // Hebrew and Arabic have letters whose second byte is one of these; in words such as `KNÍŽKA` or `Úžas` they
        // are what they seem.
        0xC6..=0xCD | 0xD2..=0xD6 | 0xDA..=0xDF if is_plain_letter(other) => 0,
        _ if is_sign(other) && !is_before_letter => 0,
        _ => DOUBTFUL,
    }
}

/// Quotation marks, dashes and the like, which well-formed text has beside any letter.
fn is_sign(letter: char) -> bool {
    matches!(letter, '‘' | '’' | '“' | '”' | '„' | '‚' | '‹' | '›' | '«' | '»' | '–' | '—' | '…' | '\u{a0}')
}

/// The letters among the characters of [`WINDOWS`].
fn is_plain_letter(letter: char) -> bool {
    matches!(letter, 'Š' | 'Œ' | 'Ž' | 'š' | 'œ' | 'ž' | 'Ÿ')
}

/// Whether a character is a control character beyond ASCII.
pub(super) fn is_c1(letter: char) -> bool {
    ('\u{80}'..='\u{9f}').contains(&letter)
}

/// What Windows-1252 has in the place of a control character beyond ASCII; other characters stay.
pub(super) fn as_windows(letter: char) -> char {
    if is_c1(letter) { WINDOWS[letter as usize - 0x80] } else { letter }
}

/// The byte that Windows-1252 or Latin-1 shows as this character.
fn byte(letter: char) -> Option<u8> {
    u8::try_from(letter).ok().or_else(|| {
        let at = WINDOWS.iter().position(|&other| other == letter)?;
        u8::try_from(0x80 + at).ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::{Settings, problems};
    use crate::input::Parser;

    /// The text as those see it who take its UTF-8 for Windows-1252, or for Latin-1.
    fn damaged(text: &str, read: impl Fn(char) -> char) -> String {
        text.bytes().map(|byte| read(char::from(byte))).collect()
    }

    #[test]
    fn damage_of_either_encoding_is_undone() {
        for text in [
            "García",
            "Voyage à Paris",
            "École normale supérieure",
            "don’t",
            "Straße",
            "Österreich",
            "Miłosz",
            "Obłok",
            "Győr",
            "cœur",
            "naționale",
            "Żydzi",
            "Łódź",
            "İstanbul",
            "TNF-α",
            "Война",
            "日本語",
            "u\u{308}ber",
            "KÖLN",
            "CANCIÓN",
            "lietuvių",
            "3 × 4",
            "“quoted”",
            "12 ≤ 15 – 20",
            "[…]",
            "10\u{a0}µm",
            "Šumava, Škoda",
            "Œuvres",
            "L'Œuvre au noir",
            "Nguyễn",
            "Thị Hồng, bị ốm",
            "« Nguyễn »",
        ] {
            for read in [as_windows, |letter| letter] {
                let once = damaged(text, read);
                assert_eq!(reread(&once).as_deref(), Some(text), "{once}");
                let twice = damaged(&once, read);
                assert_eq!(reread(&twice).as_deref(), Some(text), "{twice}");
            }
        }
        for (damaged, text) in
            [("donÂ’t", "don’t"), ("G Ä± A", "G ı A"), ("Proc Å½.", "Proc Ž."), ("P Îº (Î»", "P κ (λ")]
        {
            assert_eq!(reread(damaged).as_deref(), Some(text), "{damaged}");
        }
    }

    #[test]
    fn well_formed_text_stays() {
        for text in [
            "São Paulo",
            "Âge",
            "VISÃO",
            "“A MANHÃ”",
            "der Spaß“ ist, der Fuß“",
            "Việt Nam",
            "ŞTIINŢĂ",
            "L'ÉTÉ",
            "ÇA — Ö“",
            "« liberté\u{a0}», « égalité\u{a0}»",
            "LIBERTÉ\u{a0}: ÉGALITÉ\u{a0}!",
            "PŘÍŠTÍ KNÍŽKA",
            "Úžas, Úžasný",
            "25 Å², 30 Å³",
            "Store Å’s historie",
            "10Å–20Å–30Å",
            "fra A til Å—og fra Ä",
            "“Café”—the “cliché”",
            "3 ×²",
            "à\u{a0}«\u{a0}Paris\u{a0}»",
            "NESCAFÉ®",
            "Mï¿½ller",
            "«la mamá»…",
            "«Hola, papá»—dijo",
            "dijo papá»",
        ] {
            assert_eq!(reread(text), None, "{text}");
        }
    }

    #[test]
    fn question_marks_stand_for_lost_parts_of_letters() {
        for text in [
            "å??é?³è",
            "GeiÃ?ler",
            "ImieliÅ?ski",
            "Oâ??Malley",
            "donâ??t",
            "CafÃ?",
            "Ã?tude",
            "Ã?Ã? Ã?",
            "Ã? Ã?",
            "Ã??",
            "Â??",
            "EJ OÃ?Neil Jr",
            "KR BÃ?HM",
            "5â?²-nucleotidase",
            "A Marchetti-Spaccamela, â?¦",
            "å?\u{ad}",
            "å\u{ad}? å",
            "FRM-â?¡",
            "the NADÂ? binding domain",
            "Final state J/Ï? suppression",
            "PÃ? 194, Ã? 180",
        ] {
            assert!(is_half_lost(text) && is_damaged(text), "{text}");
        }
        for text in [
            "C'est arrivé?? Où?",
            "Was ist ein Ä?",
            "HVA ER DET VI VENTER PÅ?",
            "Who? What?",
            "São Paulo?",
            "Qué?",
            "À quoi ça sert?",
            "« Où est le café?»",
            "« Où est le café\u{a0}?\u{a0}»",
            "¿Por qué?¡No!",
            "“What is a cliché?” he said",
            "Qui est né?Des rois",
        ] {
            assert!(!is_half_lost(text) && !is_damaged(text), "{text}");
        }
        for text in ["Å\u{a0} Havel", "M\u{fffd}ller"] {
            assert!(is_damaged(text), "{text}");
        }
    }

    #[test]
    fn no_safe_repair_takes_a_part_of_a_sequence() {
        let settings = Settings::default();
        let letters = ('\u{a1}'..'\u{180}').chain('\u{2010}'..'\u{2030}').chain(['Ș', 'ț', 'α', 'ж', '日', '€', '™']);
        for (letter, read) in
            letters.flat_map(|letter| [(letter, as_windows as fn(char) -> char), (letter, |byte| byte)])
        {
            let damaged = damaged(&letter.to_string(), read);
            if sequences(&format!("Ba{damaged}")).all(|found| found.weight < CERTAIN) {
                continue;
            }
            for (before, after) in
                [("Ba", ""), ("Ba", "."), ("Poe, Ba", ","), ("&amp; Ba", " /"), (" Ba", "  "), ("", "h\u{a0}<i>a</i>")]
            {
                let text = format!("{before}{damaged}{after}");
                let document = serde_json::json!({
                    "id": "a-1", "author": [text], "title": text, "title_short": text,
                    "title_full": text, "topic": [text], "publisher": [text], "series": [text], "language": [text],
                });
                let document = document.to_string();
                let problems = Parser::default().parse(document.as_bytes(), |record| problems(record, &settings));
                for (rule, problem) in problems.expect("a record") {
                    let Some(change) = problem.change else { continue };
                    let is_derived =
                        matches!(change.field.as_str(), "title_sort" | "author_facet" | "work_keys_str_mv");
                    let is_whole = change.after.iter().any(|value| value.contains(&damaged));
                    assert!(is_derived || is_whole, "{} on {text:?}: {:?}", rule.code, change.after);
                }
            }
        }
    }
}
