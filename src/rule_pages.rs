//! Rules for people: the table, a rule's page, and the reference.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::audit::{Fix, RULES, Rule};

/// What a rule finds, in one sentence: the first of its page.
pub fn one_line(rule: &Rule) -> String {
    let text = rule.explanation.split("## ").find_map(|part| part.strip_prefix("What it finds\n"));
    let text = text.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    let end = text.find(". ").map_or(text.len(), |at| at + 1);
    text[..end].to_owned()
}

/// A line per rule: code, name, severity, fix class, whether findings are listed as one per collection, and one line.
pub fn table(rules: &[&Rule]) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "{:<5} {:<36} {:<8} {:<4} {:<10} finds", "code", "name", "severity", "fix", "aggregated");
    for rule in rules {
        let (severity, fix) = (rule.severity.to_string(), rule.fix.to_string());
        let aggregated = if rule.aggregated { "yes" } else { "" };
        let line = one_line(rule);
        let _ = writeln!(text, "{:<5} {:<36} {severity:<8} {fix:<4} {aggregated:<10} {line}", rule.code, rule.name);
    }
    text + "\nfix: S safe, P proposal, N none. `shelfread rules CODE` explains one.\n"
}

/// One rule: a head line, then its explanation.
pub fn page(rule: &Rule) -> String {
    format!("{} {}\n{}\n\n{}\n", rule.code, rule.name, facts(rule), rule.explanation)
}

fn facts(rule: &Rule) -> String {
    let fix = match rule.fix {
        Fix::Safe => "S, safe: computed from stored values",
        Fix::Proposal => "P, a proposal for a person",
        Fix::None => "N, none",
    };
    let mut text = format!("severity {}; fix {fix}", rule.severity);
    if rule.aggregated {
        text.push_str("; one finding per collection");
    }
    if !rule.needs.is_empty() {
        let needs: Vec<&str> = rule.needs.iter().map(|field| field.name()).collect();
        let _ = write!(text, "; needs {}", needs.join(", "));
    }
    if rule.skips_merged {
        text.push_str("; skips merged records");
    }
    text
}

/// The reference, as it stands in `docs/rules.md`.
pub fn markdown() -> String {
    let mut text = String::from(
        "# Rules\n\nMade by `shelfread rules --format markdown`; change the rules, not this file. Fix classes: S safe, P \
         proposal, N none.\n\n| code | name | severity | fix | aggregated | finds |\n|---|---|---|---|---|---|\n",
    );
    for rule in RULES {
        let (aggregated, line) = (if rule.aggregated { "yes" } else { "" }, one_line(rule).replace('|', "\\|"));
        let anchor = format!("{}-{}", rule.code.to_lowercase(), rule.name);
        let _ = writeln!(
            text,
            "| [{}](#{anchor}) | {} | {} | {} | {aggregated} | {line} |",
            rule.code, rule.name, rule.severity, rule.fix
        );
    }
    for rule in RULES {
        let explanation = rule.explanation.replace("## ", "### ").trim_end().replace("\n### ", "\n\n### ");
        let _ = write!(text, "\n## {} {}\n\n{}.\n\n{explanation}\n", rule.code, rule.name, facts(rule));
    }
    text
}

/// All rules as a list of objects.
pub fn to_json() -> Value {
    let object = |rule: &&Rule| {
        json!({
            "code": rule.code,
            "name": rule.name,
            "severity": rule.severity,
            "fix": rule.fix,
            "aggregated": rule.aggregated,
            "needs": rule.needs.iter().map(|field| field.name()).collect::<Vec<_>>(),
            "skips_merged": rule.skips_merged,
            "finds": one_line(rule),
            "explanation": rule.explanation,
        })
    };
    RULES.iter().map(object).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_line_and_a_page() {
        for rule in RULES {
            let line = one_line(rule);
            assert!(line.len() > 15 && !line.contains('\n') && table(RULES).contains(&line), "{rule:?}: {line}");
            assert!(page(rule).starts_with(rule.code) && markdown().contains(&format!("\n## {} ", rule.code)));
        }
        assert_eq!(to_json().as_array().map(Vec::len), Some(RULES.len()));
    }
}
