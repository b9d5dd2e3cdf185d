//! E004: markup.

use std::borrow::Cow;

use super::latex;
use super::links::strip_start;
use crate::audit::texts::{Sign, problem};
use crate::audit::{Check, Fix, Found, Rule, Severity, Subject};

/// One finding per field. Safe where inline tags alone are taken out and no raised number joins the one before it.
pub(super) static RULE: Rule = Rule {
    code: "E004",
    name: "markup",
    severity: Severity::Warn,
    fix: Fix::Safe,
    aggregated: false,
    needs: &[],
    skips_merged: false,
    explanation: "\
## What it finds
HTML, JATS or MathML tags and LaTeX in text, also `{\\it in vivo}` and `Ca^{2+}`, letters with marks among it (`Sch\\\"{o}nberg`, `K\\\"ahler`), indices in braces (`{sub 2}`),
and quotation marks that are escaped as in a CSV file. Where only inline tags occur, the text without them is suggested, and
where only letters are written as LaTeX does, these letters.
## Why it matters
Tags leak into sorting and into work keys.
## Example
`<i>Escherichia coli</i> O157:H7`.
## Known gaps
A single tag without its end is reported only if it is a MathML or JATS one, has attributes, or stands at a word
(`<i>Homo sapiens`); `The <br> tag` is a title. Tags of
other names than those of HTML and JATS that bibliographic data use are reported with their end only. Comparisons
such as `p < 0.05` are no tags, and prices (`\\$5`) no LaTeX: between dollars, a formula has a command, an index or a power,
or is one symbol (`$p$-adic`). Where the number in a tag would become part of that before it (`10<sup>20</sup>`), raised
figures are proposed and nothing is repaired. Nor is it where a tag lacks its start or end, or one beside it is broken
(`< i>`): what is left of it would stay in the text.
## Source
HTML, JATS; VuFind's sort titles and work keys keep the letters of tags.",
    check: Check::record(check),
};

/// Tags that change the look of letters only. Origin: HTML and JATS. Sorted.
const INLINE: [&str; 15] =
    ["b", "bold", "em", "i", "inf", "it", "italic", "sc", "scp", "small", "strong", "sub", "sup", "tt", "u"];

/// Other tags that occur in bibliographic data. Origin: HTML and JATS. Sorted.
const OTHERS: [&str; 18] = [
    "a", "br", "code", "div", "font", "h1", "h2", "h3", "img", "li", "math", "ol", "p", "sec", "span", "table",
    "title", "ul",
];

fn check(subject: &Subject<'_>, found: &mut Found) {
    for (entry, suspects) in subject.texts_with(Sign::MARKUP) {
        for value in suspects {
            if has_tags(value) {
                let problem = problem(entry, value, "the text holds markup");
                found.add(match without_inline(value) {
                    Some(Plain { text, is_safe: false }) => problem.suggest(text),
                    Some(Plain { text, .. }) => {
                        problem.suggest(text).change_named(entry.name, plain(subject.record.values(entry)))
                    }
                    None => problem,
                });
                break;
            }
            if has_xml_section(value) {
                found.add(problem(entry, value, "the text holds a comment or section of XML"));
                break;
            }
            if has_braces(value) {
                found.add(problem(entry, value, "the text holds markup in braces"));
                break;
            }
            if value.contains(CSV_QUOTE) {
                found.add(problem(entry, value, "the text holds quotation marks as a CSV file writes them"));
                break;
            }
            if has_latex(value) {
                found.add(problem(entry, value, "the text holds LaTeX"));
                break;
            }
            if latex::has_escapes(value) {
                found.add(
                    problem(entry, value, "the text holds letters as LaTeX writes them")
                        .suggest_any(latex::read(value)),
                );
                break;
            }
        }
    }
}

/// Whether a comment or a section of characters begins: `<!-- … -->`, `<![CDATA[ … ]]>`.
fn has_xml_section(text: &str) -> bool {
    memchr::memmem::find_iter(text.as_bytes(), b"<!").any(|at| {
        let inside = &text[at + 2..];
        inside.starts_with("--") || inside.starts_with("[CDATA[")
    })
}

/// Most names of unknown tags that are kept in mind; no text of catalogue data has more.
const MAX_STRANGERS: usize = 16;

/// A quotation mark that was escaped twice, for a CSV file and for another.
const CSV_QUOTE: &str = "\\\"\"";

/// Whether there is an end tag, an empty tag, a tag with a namespace, attributes or a word beside it, or any tag with its end.
fn has_tags(text: &str) -> bool {
    let mut strangers: Vec<&str> = Vec::new();
    let mut rest = text;
    while let Some(tag) = next_tag(rest) {
        let is_pair = || tag.kind == Kind::End && strangers.iter().any(|name| name.eq_ignore_ascii_case(tag.name));
        match is_known(tag.name) {
            true if tag.kind != Kind::Start || tag.name.contains(':') || tag.has_attributes => return true,
            true if is_glued(rest, &tag) => return true,
            false if is_pair() => return true,
            false if tag.kind == Kind::Start && strangers.len() < MAX_STRANGERS => strangers.push(tag.name),
            _ => {}
        }
        rest = &rest[tag.end..];
    }
    false
}

/// Whether a start tag stands at a word, as it does in text that was cut before its end: `<i>Homo sapiens`, `one<br>two`.
/// Of one letter, it may be a comparison (`a<b>c`) if a word is on either side.
fn is_glued(text: &str, tag: &Tag<'_>) -> bool {
    let is_behind = text[..tag.start].ends_with(char::is_alphanumeric);
    let is_before = text[tag.end..].starts_with(char::is_alphanumeric);
    if tag.name.len() > 1 { is_behind || is_before } else { is_before && !is_behind }
}

/// What looks like a tag.
struct Tag<'a> {
    name: &'a str,
    kind: Kind,
    has_attributes: bool,
    /// Where it starts in the text.
    start: usize,
    /// Where it ends.
    end: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Start,
    End,
    Empty,
}

/// Longest tag that is recognised.
const MAX_TAG_BYTES: usize = 400;

/// The next thing that looks like a tag.
fn next_tag(text: &str) -> Option<Tag<'_>> {
    memchr::memchr_iter(b'<', text.as_bytes()).find_map(|start| {
        let inside = &text[start + 1..];
        // No tag of a title is longer; without a bound, a text of `<` alone would take forever.
        let inside = &inside[..inside.floor_char_boundary(MAX_TAG_BYTES)];
        let inside = &inside[..memchr::memchr(b'>', inside.as_bytes())?];
        let end = start + inside.len() + 2;
        let (kind, tag) = match (inside.strip_prefix('/'), inside.strip_suffix('/')) {
            (Some(tag), _) => (Kind::End, tag),
            (None, Some(tag)) => (Kind::Empty, tag),
            (None, None) => (Kind::Start, inside),
        };
        let name_end = tag.find([' ', '\n', '\t']).unwrap_or(tag.len());
        let (name, attributes) = tag.split_at(name_end);
        let has_attributes = attributes.contains('=');
        let is_tag = is_name(name) && (attributes.trim().is_empty() || has_attributes);
        is_tag.then_some(Tag { name, kind, has_attributes, start, end })
    })
}

fn is_name(name: &str) -> bool {
    let is_inside = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':');
    name.starts_with(|letter: char| letter.is_ascii_alphabetic()) && name.bytes().all(is_inside)
}

fn is_known(name: &str) -> bool {
    let is_listed = |list: &[&str]| list.iter().any(|tag| name.eq_ignore_ascii_case(tag));
    is_listed(&INLINE) || is_listed(&OTHERS) || ["jats:", "mml:"].iter().any(|space| strip_start(name, space).is_some())
}

/// A text without its tags.
struct Plain {
    text: String,
    /// Whether nothing but the look of letters is lost.
    is_safe: bool,
}

/// The text without its tags, if all of them are inline ones. Unknown ones without an end are words in angle brackets.
/// Where a raised or lowered number would become a part of the number beside it, Unicode's raised figures take its place.
fn without_inline(text: &str) -> Option<Plain> {
    let mut plain = Plain { text: String::with_capacity(text.len()), is_safe: is_balanced(text) };
    let mut rest = text;
    while let Some(tag) = next_tag(rest) {
        let name = strip_start(tag.name, "jats:").unwrap_or(tag.name);
        if is_inline(tag.name) {
            plain.text.push_str(&rest[..tag.start]);
        } else if is_known(tag.name) || tag.kind == Kind::End {
            return None;
        } else {
            plain.text.push_str(&rest[..tag.end]);
        }
        let inside = &rest[tag.end..];
        rest = inside;
        if tag.kind == Kind::Start
            && let Some(figures) = Figures::of(name)
            && let Some(number) = next_tag(inside).map(|end| &inside[..end.start])
            && joins_number(&plain.text, number)
        {
            plain.is_safe = false;
            plain.text.extend(number.chars().map(|figure| figures.moved(figure)));
            rest = &inside[number.len()..];
        }
    }
    plain.text.push_str(rest);
    Some(plain)
}

/// Whether each inline tag has its start or its end, and no broken one is left: `u>` at the start, `< i>`.
fn is_balanced(text: &str) -> bool {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = text;
    while let Some(tag) = next_tag(rest) {
        let is_listed = |name: &&str| name.eq_ignore_ascii_case(tag.name);
        match tag.kind {
            Kind::Start if is_inline(tag.name) && open.len() < MAX_STRANGERS => open.push(tag.name),
            Kind::End => match open.iter().rposition(is_listed) {
                Some(at) => drop(open.remove(at)),
                None => return false,
            },
            Kind::Start | Kind::Empty => {}
        }
        rest = &rest[tag.end..];
    }
    open.is_empty() && !has_broken_tag(text)
}

fn is_inline(tag: &str) -> bool {
    let name = strip_start(tag, "jats:").unwrap_or(tag);
    INLINE.iter().any(|inline| name.eq_ignore_ascii_case(inline))
}

/// Whether an inline tag has blanks where none belongs, or has lost its first sign.
fn has_broken_tag(text: &str) -> bool {
    let has_lost_sign = || {
        let name = text.split('>').next().unwrap_or_default();
        name.len() < text.len() && is_inline(name.trim_start_matches('/'))
    };
    let has_blank = |at: usize| {
        let inside = text[at + 1..].split('>').next().unwrap_or_default();
        let name = inside.trim().trim_start_matches('/').trim();
        inside.starts_with([' ', '/']) && !inside.starts_with(name) && inside != format!("/{name}") && is_inline(name)
    };
    has_lost_sign() || memchr::memchr_iter(b'<', text.as_bytes()).any(has_blank)
}

/// Whether a text has tags of which something would stay if they were taken out.
pub(super) fn has_broken_markup(text: &str) -> bool {
    has_broken_tag(text) || has_tags(text) && !is_balanced(text)
}

/// Whether a number would go on the one at the end of a text: `10` and `-9`.
fn joins_number(before: &str, number: &str) -> bool {
    let is_figure = |byte: u8| byte.is_ascii_digit();
    let figures = number.trim_start_matches(['-', '+', '\u{2212}', '\u{2013}']);
    before.bytes().last().is_some_and(is_figure) && figures.bytes().next().is_some_and(is_figure)
}

/// Unicode's figures beside the line.
#[derive(Clone, Copy)]
enum Figures {
    Raised,
    Lowered,
}

impl Figures {
    /// Those that a tag stands for.
    fn of(tag: &str) -> Option<Figures> {
        match tag {
            "sup" | "SUP" => Some(Figures::Raised),
            "sub" | "SUB" | "inf" => Some(Figures::Lowered),
            _ => None,
        }
    }

    /// The figure that looks like this one; other letters stay.
    fn moved(self, figure: char) -> char {
        let at = |figures: &str, n: usize| figures.chars().nth(n).unwrap_or(figure);
        let signs = match self {
            Figures::Raised => "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻",
            Figures::Lowered => "₀₁₂₃₄₅₆₇₈₉₊₋",
        };
        match figure {
            '0'..='9' => at(signs, figure as usize - '0' as usize),
            '+' => at(signs, 10),
            '-' | '\u{2212}' | '\u{2013}' => at(signs, 11),
            _ => figure,
        }
    }
}

/// The values, those that lose nothing but inline tags without them.
fn plain<'a>(values: &'a [Cow<'_, str>]) -> impl Iterator<Item = String> + 'a {
    let without = |value: &str| {
        let plain = without_inline(value).filter(|plain| plain.is_safe && has_tags(value));
        plain.map(|plain| plain.text)
    };
    values.iter().map(move |value| without(value).unwrap_or_else(|| value.clone().into_owned()))
}

/// Whether letters are raised or lowered, or a root is drawn, by braces: `{sub 2}`, `sqrt{s}`.
fn has_braces(text: &str) -> bool {
    let last_end = memchr::memrchr(b'}', text.as_bytes());
    memchr::memchr_iter(b'{', text.as_bytes()).any(|at| {
        let inside = &text[at + 1..];
        let is_moved = ["sub ", "sup "].iter().any(|word| strip_start(inside, word).is_some());
        let is_root = || text[..at].ends_with("sqrt") && !text[..at - "sqrt".len()].ends_with('\\');
        last_end.is_some_and(|end| end > at) && (is_moved || is_root())
    })
}

/// Commands that set what follows in a brace in another type.
const SWITCHES: [&str; 7] = ["bf", "em", "it", "rm", "sc", "sl", "tt"];

/// Bytes that a power or an index in braces has fewer than.
const MAX_INDEX: usize = 16;

/// Whether a brace holds a power or index (`Ca^{2+}`), or text in another type (`{\it in vivo}`).
fn has_latex_braces(text: &str) -> bool {
    memchr::memchr_iter(b'{', text.as_bytes()).any(|at| {
        let inside = &text[at + 1..];
        // As with tags, a text of braces alone must not take forever.
        let inside = &inside[..inside.floor_char_boundary(MAX_TAG_BYTES)];
        let Some((inside, _)) = inside.split_once('}') else { return false };
        let is_index = || text[..at].ends_with(['^', '_']) && (1..MAX_INDEX).contains(&inside.len());
        let switch = inside.strip_prefix('\\').and_then(|command| command.split_once([' ', '\\']));
        switch.is_some_and(|(name, _)| SWITCHES.contains(&name)) || is_index()
    })
}

/// A command with a brace or in one, or a formula between dollars.
fn has_latex(text: &str) -> bool {
    let has_command = || {
        memchr::memchr_iter(b'\\', text.as_bytes()).any(|at| {
            let rest = &text[at + 1..];
            let n_letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
            n_letters > 1 && rest[n_letters..].starts_with('{')
        })
    };
    memchr::memchr2(b'\\', b'$', text.as_bytes()).is_some()
        && (has_command() || has_formula(text) || has_set_formula(text) || has_greek(text))
        || has_latex_braces(text)
}

/// Whether something stands between the brackets of a formula: `\\(x+y\\)`, `\\[E=mc^2\\]`.
fn has_set_formula(text: &str) -> bool {
    [("\\(", "\\)"), ("\\[", "\\]")].iter().any(|(open, close)| {
        let inside = text.split_once(open).and_then(|(_, rest)| rest.split_once(close));
        inside.is_some_and(|(inside, _)| inside.contains(char::is_alphanumeric))
    })
}

/// Names of Greek letters as commands. Sorted.
const GREEK: [&str; 14] = [
    "Delta", "Lambda", "Omega", "Sigma", "alpha", "beta", "delta", "epsilon", "gamma", "lambda", "omega", "rho",
    "sigma", "theta",
];

/// Whether a Greek letter is written as a command that begins a word: `\gamma-ray`, and not in a path (`D:\alpha`).
fn has_greek(text: &str) -> bool {
    memchr::memchr_iter(b'\\', text.as_bytes()).any(|at| {
        let rest = &text[at + 1..];
        let name = &rest[..rest.bytes().take_while(u8::is_ascii_alphabetic).count()];
        let is_first =
            !text[..at].ends_with(|letter: char| letter.is_alphanumeric() || matches!(letter, ':' | '\\' | '.'));
        is_first && !rest[name.len()..].starts_with('\\') && GREEK.binary_search(&name).is_ok()
    })
}

/// Whether something between two dollars is a formula and no price: it has a command, an index or a power, or it is set
/// close between them as one symbol (`$p$-adic`) or relation (`$n=3$`).
fn has_formula(text: &str) -> bool {
    let mut parts = text.split('$');
    let mut before = parts.next().unwrap_or_default();
    let mut parts = parts.peekable();
    while let (Some(part), Some(after)) = (parts.next(), parts.peek()) {
        // What stands before a dollar escapes it and is no command.
        let part = part.strip_suffix('\\').unwrap_or(part);
        let is_close = || part.trim() == part && !after.starts_with(|letter: char| letter.is_ascii_digit());
        let is_formula = part.contains(['\\', '^', '{']) && !part.contains("  ")
            || part.contains('_') && is_close()
            || is_symbol(part) && is_close() && !before.ends_with(char::is_alphanumeric);
        if is_formula {
            return true;
        }
        before = part;
    }
    false
}

/// Whether a text without blanks is one letter or two, perhaps with numbers, in brackets or in a relation. Names such as
/// `$ign` have more, currencies (`$A/$B`) nothing on the other side.
fn is_symbol(part: &str) -> bool {
    let is_operator = |byte: u8| b"=<>+-*/(),'".contains(&byte);
    let mut words = part.split(|letter: char| !letter.is_ascii_alphabetic());
    part.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && part.ends_with(|letter: char| letter.is_ascii_alphanumeric() || matches!(letter, ')' | '\'' | '*'))
        && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || is_operator(byte))
        && words.all(|word| word.len() <= 2)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::audit::rules::testing::{check, check_change, problems};

    #[test]
    fn tags_are_found() {
        let found = problems(&RULE, r#"{"title":"<i>Escherichia coli</i> O157:H7"}"#);
        assert_eq!(found[0].suggestion.as_deref(), Some("Escherichia coli O157:H7"));
        check(&RULE, r#"{"description":"<jats:p>Text"}"#, &["description"]);
        let topics = r#"{"topic":["a","<i>b</i>","The <br> tag","H<sub>2</sub>O"]}"#;
        check_change(&RULE, topics, &[("topic", "a | b | The <br> tag | H2O")]);
        check_change(&RULE, r#"{"title":"<p>Text</p>"}"#, &[]);
        for text in
            ["u> Braille reading</u>", "The< i> n-cube</i>", "<i>Homo</i> sapiens</i>", "<i>Homo <b>sapiens</b>"]
        {
            check(&RULE, &format!(r#"{{"title":"{text}"}}"#), &["title"]);
            check_change(&RULE, &format!(r#"{{"title":"{text}"}}"#), &[]);
        }
        check_change(&RULE, r#"{"title":"<i>Homo <B>sapiens</b></i>, x<sup/>"}"#, &[("title", "Homo sapiens, x")]);
        for (text, better) in [
            ("Doses of 5 x 10<sup>20</sup> neutrons", "Doses of 5 x 10²⁰ neutrons"),
            ("A 10<sup>-9</sup> <i>torr</i> vacuum", "A 10⁻⁹ torr vacuum"),
            ("log<sub>2</sub>2<sub>10</sub>", "log22₁₀"),
        ] {
            let title = format!(r#"{{"title":"{text}"}}"#);
            assert_eq!(problems(&RULE, &title)[0].suggestion.as_deref(), Some(better));
            check_change(&RULE, &title, &[]);
        }
        for text in ["Scattering of {sup 3}He", "A layer of SiO{sub 2} on", "Collisions at sqrt{s} = 7 TeV"] {
            check(&RULE, &format!(r#"{{"title":"{text}"}}"#), &["title"]);
        }
        check(&RULE, r#"{"title":"Sets {a, b} and {sub"}"#, &[]);
        check(&RULE, r#"{"title":"\\On the \\\"\"Plain\\\"\" Sense"}"#, &["title"]);
        check(&RULE, r#"{"title":"On $x^2$ and \\textit{y}"}"#, &["title"]);
        check(&RULE, r#"{"title":"Sums \\(x+y\\)","title_sub":"\\[E=mc^2\\]"}"#, &["title", "title_sub"]);
        check(&RULE, r#"{"title":"<![CDATA[Harbours]]>","topic":["Ports <!-- old -->"]}"#, &["title", "topic"]);
        check(&RULE, r#"{"title":"C:\\(old) files","topic":["a <! b"]}"#, &[]);
        for text in ["<i>Homo sapiens in the", "10<sup>2", "one<br>two", r#"<img src=\"x\"> a"#, r"The \\gamma-ray sky"]
        {
            check(&RULE, &format!(r#"{{"title":"{text}"}}"#), &["title"]);
        }
        for text in [
            "if a<b>c",
            "A <title> of it",
            r"D:\\alpha\\x",
            "p < 0.05 and n > 10",
            "The <br> tag",
            "a <b and c> d",
            "From $5 to $10",
            "C:\\\\dir",
            "<Zauberflöte>",
        ] {
            check(&RULE, &format!(r#"{{"title":"{text}"}}"#), &[]);
        }
    }

    #[test]
    fn letters_of_latex_are_read() {
        let found = problems(&RULE, r#"{"title":"Sch\\\"{o}nberg und {\\O}rsted"}"#);
        assert_eq!(found[0].suggestion.as_deref(), Some("Schönberg und Ørsted"));
        check_change(&RULE, r#"{"title":"Sch\\\"{o}nberg"}"#, &[]);
        assert_eq!(problems(&RULE, r#"{"title":"\\emph{Caf{\\'e}}"}"#)[0].suggestion, None);
        let inside = problems(&RULE, r#"{"title":"K\\\"ahler manifolds"}"#);
        assert_eq!(inside[0].suggestion.as_deref(), Some("Kähler manifolds"));
        for text in [r"{\\it In vivo} imaging", "Ca^{2+} waves", "The 10^{-3} scale", "H_{2}O"] {
            check(&RULE, &format!(r#"{{"title":"{text}"}}"#), &["title"]);
        }
        for text in ["{curly} braces", "a_{ b", "_{}", r"{\\its}", "x^ {2}"] {
            check(&RULE, &format!(r#"{{"title":"{text}"}}"#), &[]);
        }
    }

    #[test]
    fn tags_of_any_name_count_with_their_end() {
        for text in ["<inline-formula>y</inline-formula>", "<named-content type=\"x\">a</named-content>", "<X>a</x>"] {
            check(&RULE, &format!("{{\"title\":{text:?}}}"), &["title"]);
        }
        check_change(&RULE, r#"{"title":"<i>a</i> <foo>b</foo>"}"#, &[]);
        check_change(&RULE, r#"{"title":"<i>a</i> <Mozart>"}"#, &[("title", "a <Mozart>")]);
        for text in ["<Mozart> and </Haydn>", "<http://x.org> </http>", "a <b and c> d </3>"] {
            check(&RULE, &format!(r#"{{"title":"{text}"}}"#), &[]);
        }
    }

    #[test]
    fn formulae_stand_between_dollars_and_prices_behind_them() {
        for text in [
            "The $p$-adic numbers",
            "A $x$-ray study",
            "H$_2$O",
            "the $n$th of $5",
            "$GL(n)$",
            "if $n=3$.",
            "$K3$ surfaces",
        ] {
            check(&RULE, &format!(r#"{{"title":"{text}"}}"#), &["title"]);
        }
        for text in [
            "$5-$10 a_b $20",
            "US$ and A$ and R$",
            "Ke$ha and A$AP",
            "M$A$H",
            "$A/$NZ",
            "from $a to $b",
            "$ign$",
            "$$$",
            r"Bets of \\$0.50 and US\\$20.6 billion",
            r"From \\$5 or A\\$7 to \\$ 10",
        ] {
            check(&RULE, &format!(r#"{{"title":"{text}"}}"#), &[]);
        }
        for text in [r"The \\$x^2\\$ law", r"A \\$p\\$-adic law", r"A $\\alpha$ law", r"For \\$5, $\\alpha$"] {
            check(&RULE, &format!(r#"{{"title":"{text}"}}"#), &["title"]);
        }
    }
}
