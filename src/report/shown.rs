//! Catalogue text made fit to be shown: no invisible effects, no endless values, differences marked.

use serde::Serialize;

use crate::keys::text::fold;

/// Longest value shown, in characters.
pub(super) const MAX_VALUE: usize = 300;

/// How a stretch of a value differs from the survivor's value.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Mark {
    /// It does not.
    No,
    /// In case, marks or punctuation.
    Sign,
    /// In a word.
    Word,
}

/// A stretch of a value.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(super) struct Span {
    pub(super) mark: Mark,
    pub(super) text: String,
}

/// The text in one line of at most `max` characters, without control characters and without characters that
/// change the direction of what follows: these could make a page read differently from what it says.
pub(super) fn shown(text: &str, max: usize) -> String {
    let visible = |c: char| match c {
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        '\u{2028}' | '\u{2029}' => ' ',
        _ if c.is_control() => ' ',
        _ => c,
    };
    let mut chars = text.chars().map(visible);
    let mut out: String = chars.by_ref().take(max).collect();
    if chars.next().is_some() {
        out.pop();
        out.push('…');
    }
    out
}

/// Values of one field, the survivor's first, with what differs from it marked; in the survivor's own
/// value, what any other lacks. Absent values are empty and mark nothing.
pub(super) fn side_by_side(values: &[String]) -> Vec<Vec<Span>> {
    let tokens: Vec<Vec<&str>> = values.iter().map(|value| tokens(value)).collect();
    let mut marks: Vec<Vec<Mark>> = tokens.iter().map(|tokens| vec![Mark::No; tokens.len()]).collect();
    let [lead_marks, other_marks @ ..] = marks.as_mut_slice() else { return Vec::new() };
    for (other, marks) in tokens[1..].iter().zip(other_marks) {
        if !other.is_empty() && !tokens[0].is_empty() {
            mark_differences(&tokens[0], other, lead_marks, marks);
        }
    }
    tokens.iter().zip(&marks).map(|(tokens, marks)| spans(tokens, marks)).collect()
}

/// Words, stretches of blanks, and single signs.
fn tokens(text: &str) -> Vec<&str> {
    let kind = |c: char| match c {
        _ if c.is_whitespace() => 0,
        // Combining marks stay with their letter.
        _ if c.is_alphanumeric() || matches!(c, '\u{300}'..='\u{36f}') => 1,
        _ => 2,
    };
    let mut tokens = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((_, c)) = chars.next() {
        let end = chars.peek().map_or(text.len(), |&(at, _)| at);
        let goes_on = chars.peek().is_some_and(|&(_, next)| kind(next) == kind(c) && kind(c) != 2);
        if !goes_on {
            tokens.push(&text[start..end]);
            start = end;
        }
    }
    tokens
}

/// Marks the tokens outside the longest common subsequence, and those in it that are not quite equal.
fn mark_differences(a: &[&str], b: &[&str], a_marks: &mut [Mark], b_marks: &mut [Mark]) {
    let words = |tokens: &[&str]| -> Vec<(usize, String)> {
        let key = |token: &str| Some(fold(token)).filter(|key| !key.is_empty()).unwrap_or_else(|| token.to_owned());
        let filled = tokens.iter().enumerate().filter(|(_, token)| !token.trim().is_empty());
        filled.map(|(at, token)| (at, key(token))).collect()
    };
    let (a_words, b_words) = (words(a), words(b));
    let width = b_words.len() + 1;
    // common[i * width + j]: length of the longest common subsequence of a_words[i..] and b_words[j..].
    let mut common = vec![0_u16; (a_words.len() + 1) * width];
    for i in (0..a_words.len()).rev() {
        for j in (0..b_words.len()).rev() {
            common[i * width + j] = if a_words[i].1 == b_words[j].1 {
                common[(i + 1) * width + j + 1] + 1
            } else {
                common[(i + 1) * width + j].max(common[i * width + j + 1])
            };
        }
    }
    let raise = |marks: &mut [Mark], at: usize, mark: Mark| marks[at] = marks[at].max(mark);
    let alone = |token: &str| if fold(token).is_empty() { Mark::Sign } else { Mark::Word };
    let (mut i, mut j) = (0, 0);
    while i < a_words.len() || j < b_words.len() {
        let is_pair = i < a_words.len() && j < b_words.len() && a_words[i].1 == b_words[j].1;
        if is_pair {
            let (at_a, at_b) = (a_words[i].0, b_words[j].0);
            if a[at_a] != b[at_b] {
                raise(a_marks, at_a, Mark::Sign);
                raise(b_marks, at_b, Mark::Sign);
            }
            (i, j) = (i + 1, j + 1);
        } else if j == b_words.len() || (i < a_words.len() && common[(i + 1) * width + j] >= common[i * width + j + 1])
        {
            raise(a_marks, a_words[i].0, alone(a[a_words[i].0]));
            i += 1;
        } else {
            raise(b_marks, b_words[j].0, alone(b[b_words[j].0]));
            j += 1;
        }
    }
}

/// Joins tokens of the same mark, with the blanks between them.
fn spans(tokens: &[&str], marks: &[Mark]) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let is_blank = token.trim().is_empty();
        let after = marks.get(at + 1).copied().unwrap_or(Mark::No);
        let mark = if is_blank && at > 0 && marks[at - 1] == after { after } else { marks[at] };
        match spans.last_mut() {
            Some(last) if last.mark == mark => last.text.push_str(token),
            _ => spans.push(Span { mark, text: (*token).to_owned() }),
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(values: &[&str], expected: &[&str]) {
        let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
        let show = |span: &Span| match span.mark {
            Mark::No => span.text.clone(),
            Mark::Sign => format!("({})", span.text),
            Mark::Word => format!("[{}]", span.text),
        };
        let got: Vec<String> =
            side_by_side(&values).iter().map(|spans| spans.iter().map(show).collect::<String>()).collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn words_that_differ_are_marked() {
        check(&["The red house", "The old red house"], &["The red house", "The [old] red house"]);
        check(&["The red house", "The big blue house"], &["The [red] house", "The [big blue] house"]);
        check(&["Łódź : a guide", "Lodz: a guide"], &["(Łódź) : a guide", "(Lodz): a guide"]);
        check(&["A title /", "A title"], &["A title (/)", "A title"]);
        check(&["same", "same"], &["same", "same"]);
        check(&["here", "", "there"], &["[here]", "", "[there]"]);
        check(&["", "only here"], &["", "only here"]);
        check(&["a b c", "a c", "a b"], &["a [b c]", "a c", "a b"]);
        check(&[], &[]);
    }

    #[test]
    fn what_is_shown_acts_on_nothing() {
        assert_eq!(shown("a\u{202e}b\u{0}c\nd\u{2028}", 9), "a\u{fffd}b c d ");
        assert_eq!(shown("abcdef", 4), "abc…");
        assert_eq!(shown("abcd", 4), "abcd");
        assert_eq!(shown("", 4), "");
    }
}
