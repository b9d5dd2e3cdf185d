//! Rules' explanations, taken apart for the page's template, which escapes the texts.

use serde::Serialize;

/// A piece of a rule's explanation.
#[derive(Serialize)]
pub(super) struct Paragraph {
    pub(super) is_heading: bool,
    pub(super) parts: Vec<Text>,
}

/// Text between two backticks, without them, or between code.
#[derive(Serialize)]
pub(super) struct Text {
    pub(super) is_code: bool,
    pub(super) text: String,
}

/// The little of Markdown that explanations use: `##` headings, paragraphs, and code between backticks.
pub(super) fn paragraphs(markdown: &str) -> Vec<Paragraph> {
    let mut paragraphs: Vec<Paragraph> = Vec::new();
    let mut open = String::new();
    let close = |open: &mut String, paragraphs: &mut Vec<Paragraph>| {
        if !open.is_empty() {
            paragraphs.push(Paragraph { is_heading: false, parts: code_parts(open) });
            open.clear();
        }
    };
    for line in markdown.lines().map(str::trim) {
        if let Some(heading) = line.strip_prefix("## ") {
            close(&mut open, &mut paragraphs);
            paragraphs.push(Paragraph { is_heading: true, parts: code_parts(heading) });
        } else if line.is_empty() {
            close(&mut open, &mut paragraphs);
        } else {
            if !open.is_empty() {
                open.push(' ');
            }
            open.push_str(line);
        }
    }
    close(&mut open, &mut paragraphs);
    paragraphs
}

/// Splits at backticks. Code that itself holds a backtick stands between double ones.
fn code_parts(text: &str) -> Vec<Text> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('`') {
        let fence = if rest[at..].starts_with("``") { "``" } else { "`" };
        let inner = &rest[at + fence.len()..];
        let Some(end) = inner.find(fence) else { break };
        parts.push(Text { is_code: false, text: rest[..at].to_owned() });
        let code = if fence.len() == 2 { inner[..end].trim() } else { &inner[..end] };
        parts.push(Text { is_code: true, text: code.to_owned() });
        rest = &inner[end + fence.len()..];
    }
    parts.push(Text { is_code: false, text: rest.to_owned() });
    parts.retain(|part| !part.text.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn explanations_keep_their_code() {
        let text = |markdown: &str| -> Vec<String> {
            let part = |part: &Text| if part.is_code { format!("[{}]", part.text) } else { part.text.clone() };
            let line = |paragraph: &Paragraph| {
                let text: String = paragraph.parts.iter().map(part).collect();
                if paragraph.is_heading { format!("# {text}") } else { text }
            };
            paragraphs(markdown).iter().map(line).collect()
        };
        assert_eq!(
            text("## Example\n`a: \"b\"` is\nreported.\n\nNot `` ` ``."),
            ["# Example", "[a: \"b\"] is reported.", "Not [`]."]
        );
        assert_eq!(text("an open ` tick"), ["an open ` tick"]);
        assert!(text("").is_empty());
    }
}
