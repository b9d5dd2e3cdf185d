//! Rulings as JSON Lines: one object per line, in the order in which they were made.

use std::io::{self, Write};

use serde::Deserialize;

use super::{Decision, Ruling};

/// A decision on two ids and nothing else, as people write it by hand.
#[derive(Deserialize)]
struct PairLine {
    a: String,
    b: String,
    decision: String,
}

/// A line in one of the two forms. What it has tells which, so that a mistake is told about the form that was meant.
fn parse(line: &str) -> Result<Ruling, String> {
    let value: serde_json::Value = serde_json::from_str(line)
        .map_err(|error| format!("{error}; an object with \"a\", \"b\" and \"decision\" is expected"))?;
    if value.get("proposal").is_some() {
        let ruling: Ruling = serde_json::from_value(value).map_err(|error| error.to_string())?;
        ruling.check()?;
        return Ok(ruling);
    }
    let line: PairLine = serde_json::from_value(value)
        .map_err(|error| format!("{error}; an object with \"a\", \"b\" and \"decision\" is expected"))?;
    match Decision::named(&line.decision) {
        Some(decision @ (Decision::Accept | Decision::Reject)) => {
            let ruling = Ruling::on_pair(&line.a, &line.b, decision);
            ruling.check()?;
            Ok(ruling)
        }
        _ => Err(format!("the decision {:?} is neither \"accept\" nor \"reject\"", line.decision)),
    }
}

/// The rulings of a text: those that [`write_lines`] writes, and pairs of ids.
///
/// # Errors
/// The number of the first wrong line, from 1, and what is wrong with it.
pub fn read_lines(text: &str) -> Result<Vec<Ruling>, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let filled = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    filled.map(|(at, line)| parse(line).map_err(|reason| format!("line {}: {reason}", at + 1))).collect()
}

/// Writes rulings, a line each.
///
/// # Errors
/// Those of `out`.
pub fn write_lines<'a>(rulings: impl IntoIterator<Item = &'a Ruling>, out: &mut dyn Write) -> io::Result<()> {
    for ruling in rulings {
        serde_json::to_writer(&mut *out, ruling)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::Seen;
    use super::*;

    #[test]
    fn both_forms_are_read_and_one_is_written() {
        let pair = r#"{"a":"x","b":"w","decision":"reject","by":"me"}"#;
        let mut rulings = read_lines(&format!("\u{feff}{pair}\r\n\n")).expect("a pair");
        assert_eq!(rulings, [Ruling::on_pair("w", "x", Decision::Reject)]);
        rulings[0].members[0] = Seen { id: "w".to_owned(), hash: "00ff".to_owned() };
        rulings[0].note = "two\nlines".to_owned();
        let mut bytes = Vec::new();
        write_lines(&rulings, &mut bytes).expect("memory");
        assert_eq!(read_lines(std::str::from_utf8(&bytes).expect("text")), Ok(rulings));
    }

    #[test]
    fn mistakes_name_their_line() {
        for (text, named) in [
            (r#"{"a":"x","b":"y","decision":"maybe"}"#, "line 1: the decision \"maybe\""),
            (r#"{"a":"x","b":"y","decision":"split"}"#, "line 1: the decision \"split\""),
            (r#"{"a":"x","b":"x","decision":"accept"}"#, "line 1: a decision is about two members"),
            ("\n[]\n", "line 2: "),
            ("no", "line 1: "),
            (r#"{"proposal":"p1","decision":"accept","members":[{"id":"a"},{"id":"b"}]}"#, "other members"),
            (r#"{"proposal":"p1","decision":"accept","members":[],"surviver":"a"}"#, "surviver"),
        ] {
            let reason = read_lines(text).expect_err(text);
            assert!(reason.contains(named), "{text}: {reason}");
        }
    }
}
