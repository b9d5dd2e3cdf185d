//! SARIF 2.1.0, as code scanning services read it. Source: OASIS, "Static Analysis Results Interchange Format".

use std::io::{self, Write};

use serde_json::{Value, json};

use super::{Lack, MAX_VALUE, about, lacks, place, running, sentence, shown};
use crate::audit::{About, Finding, Rule, Severity};
use crate::results::Results;
use crate::rule_pages::one_line;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// One log with one run. Results are written one by one between the parts around them.
pub(super) fn findings(results: &Results, out: &mut dyn Write) -> io::Result<()> {
    let rules: Vec<&Rule> = running(results).collect();
    let driver = json!({
        "name": "shelfread",
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "rules": rules.iter().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
    });
    write!(out, "{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[{{\n\"tool\":{{\"driver\":{driver}}},\n")?;
    write!(out, "\"invocations\":[{}],\n\"columnKind\":\"unicodeCodePoints\",\n\"results\":[", invocation(results))?;
    let mut between = "\n";
    for finding in results.audit.iter().flat_map(|audit| audit.findings()) {
        let number = rules.iter().position(|rule| rule.code == finding.rule.code);
        write!(out, "{between}{}", result(&finding, number, results))?;
        between = ",\n";
    }
    writeln!(out, "\n]}}]}}")
}

fn descriptor(rule: &Rule) -> Value {
    json!({
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.name.replace('-', " ")},
        "fullDescription": {"text": one_line(rule)},
        "help": {"text": rule.explanation, "markdown": rule.explanation},
        "defaultConfiguration": {"level": level(rule.severity)},
        "properties": {"fix": rule.fix, "aggregated": rule.aggregated, "tags": ["catalogue"]},
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warn => "warning",
        Severity::Info => "note",
    }
}

/// Says what the findings cannot: lines that were no record, and what is missing.
fn invocation(results: &Results) -> Value {
    let notify = |lack: &Lack| {
        let name = shown(&results.inputs[lack.file as usize].0, MAX_VALUE);
        json!({"level": "warning", "message": {"text": format!("{name}: {}", lack.sentence)}})
    };
    let notifications: Vec<Value> = lacks(results).iter().map(notify).collect();
    json!({"executionSuccessful": true, "toolExecutionNotifications": notifications})
}

fn result(finding: &Finding, number: Option<usize>, results: &Results) -> Value {
    let problem = &finding.problem;
    let id = if let About::Record(record) = finding.about { results.ids.of(record) } else { "" };
    let fingerprint = format!("{:016x}", finding.fingerprint(id));
    let mut result = json!({
        "ruleId": finding.rule.code,
        "ruleIndex": number,
        "level": level(finding.severity()),
        "message": {"text": format!("{}: {}", about(finding, results), sentence(finding))},
        "locations": place(finding, results).map(location).into_iter().collect::<Vec<_>>(),
        // GitHub knows its own key only, and would otherwise make a hash of the line, which changes every night.
        "partialFingerprints": {"shelfread/v1": fingerprint, "primaryLocationLineHash": format!("{fingerprint}:1")},
        "properties": {
            "field": problem.field,
            "value": problem.value,
            "suggestion": problem.suggestion,
            "fix": finding.fix(),
            "evidence": problem.evidence,
        },
    });
    if let About::Group(group) = &finding.about {
        result["properties"]["group"] =
            json!({"kind": group.label.kind, "value": group.label.value, "records": group.n_records});
    }
    if results.audit.as_ref().is_some_and(|audit| audit.against.is_some()) {
        result["baselineState"] = json!("new");
    }
    result
}

fn location((id, file, position): (&str, &str, crate::ids::Position)) -> Value {
    json!({
        "physicalLocation": {
            "artifactLocation": {"uri": uri(file)},
            "region": {"startLine": position.line, "byteOffset": position.byte, "byteLength": position.len},
        },
        "logicalLocations": [{"name": id, "kind": "record"}],
    })
}

/// A file name as a URI reference: relative as the user gave it, absolute with its scheme. RFC 3986.
fn uri(file: &str) -> String {
    let mut uri = String::from(if file.starts_with('/') { "file://" } else { "" });
    // Before the first slash, a colon would end a scheme.
    for byte in file.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/') {
            uri.push(byte.into());
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::super::Format;
    use super::super::testing::{printed, results};
    use super::*;
    use crate::config::Config;

    #[test]
    fn names_are_uris() {
        assert_eq!(uri("a b/é:%.jsonl"), "a%20b/%C3%A9%3A%25.jsonl");
        assert_eq!(uri("/data/x.jsonl"), "file:///data/x.jsonl");
    }

    /// Checks an object by hand: which members it must have, which it may have, and the types of all.
    fn members(value: &Value, place: &str, required: &[&str], allowed: &[&str]) {
        let object = value.as_object().unwrap_or_else(|| panic!("{place} is no object: {value}"));
        required.iter().for_each(|name| assert!(object.contains_key(*name), "{place} lacks {name}: {value}"));
        for name in object.keys() {
            assert!(required.contains(&name.as_str()) || allowed.contains(&name.as_str()), "{place} has {name}");
        }
    }

    fn text(value: &Value, place: &str) {
        assert!(value.as_str().is_some_and(|text| !text.is_empty()), "{place}: {value}");
    }

    fn whole(value: &Value, least: u64, place: &str) {
        assert!(value.as_u64().is_some_and(|number| number >= least), "{place}: {value}");
    }

    fn list<'v>(value: &'v Value, place: &str) -> &'v [Value] {
        value.as_array().unwrap_or_else(|| panic!("{place} is no list: {value}"))
    }

    /// The constraints of the 2.1.0 schema on the parts that are written here. The schema itself forbids other
    /// members in every object but property bags and fingerprints.
    fn check_log(log: &Value) {
        members(log, "log", &["version", "runs"], &["$schema"]);
        assert_eq!(log["version"], "2.1.0");
        for run in list(&log["runs"], "runs") {
            members(run, "run", &["tool", "results"], &["invocations", "columnKind"]);
            assert_eq!(run["columnKind"], "unicodeCodePoints");
            for invocation in list(&run["invocations"], "invocations") {
                members(invocation, "invocation", &["executionSuccessful"], &["toolExecutionNotifications"]);
                assert!(invocation["executionSuccessful"].is_boolean());
                for notification in list(&invocation["toolExecutionNotifications"], "notifications") {
                    members(notification, "notification", &["message"], &["level"]);
                    text(&notification["message"]["text"], "message");
                }
            }
            members(&run["tool"], "tool", &["driver"], &[]);
            let driver = &run["tool"]["driver"];
            members(driver, "driver", &["name"], &["semanticVersion", "rules"]);
            let rules = list(&driver["rules"], "rules");
            for (at, rule) in rules.iter().enumerate() {
                check_rule(rule);
                assert!(!rules[..at].contains(rule), "rules are unique");
            }
            list(&run["results"], "results").iter().for_each(|result| check_result(result, rules));
        }
    }

    fn check_rule(rule: &Value) {
        let described = ["shortDescription", "fullDescription", "help"];
        let others = ["name", "defaultConfiguration", "properties"];
        members(rule, "rule", &["id"], &[&described[..], &others].concat());
        text(&rule["id"], "id");
        for name in described {
            members(&rule[name], name, &["text"], &["markdown"]);
            text(&rule[name]["text"], name);
        }
        members(&rule["defaultConfiguration"], "configuration", &[], &["level"]);
        check_level(&rule["defaultConfiguration"]["level"]);
        list(&rule["properties"]["tags"], "tags").iter().for_each(|tag| text(tag, "tag"));
    }

    fn check_level(level: &Value) {
        assert!(["none", "note", "warning", "error"].iter().any(|known| level == known), "{level}");
    }

    fn check_result(result: &Value, rules: &[Value]) {
        let others =
            ["ruleId", "ruleIndex", "level", "locations", "partialFingerprints", "baselineState", "properties"];
        members(result, "result", &["message"], &others);
        members(&result["message"], "message", &["text"], &[]);
        text(&result["message"]["text"], "message");
        check_level(&result["level"]);
        whole(&result["ruleIndex"], 0, "ruleIndex");
        let number = result["ruleIndex"].as_u64().expect("a number") as usize;
        assert_eq!(rules[number]["id"], result["ruleId"]);
        if let Some(state) = result.get("baselineState") {
            assert!(["new", "unchanged", "updated", "absent"].iter().any(|known| state == known), "{state}");
        }
        for location in list(&result["locations"], "locations") {
            members(location, "location", &[], &["physicalLocation", "logicalLocations"]);
            let physical = &location["physicalLocation"];
            members(physical, "physicalLocation", &["artifactLocation"], &["region"]);
            members(&physical["artifactLocation"], "artifactLocation", &["uri"], &[]);
            let uri = physical["artifactLocation"]["uri"].as_str().expect("a text");
            assert!(uri.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>\"{}|\\^`".contains(&byte)), "{uri}");
            let region = &physical["region"];
            members(region, "region", &["startLine"], &["byteOffset", "byteLength"]);
            whole(&region["startLine"], 1, "startLine");
            whole(&region["byteOffset"], 0, "byteOffset");
            whole(&region["byteLength"], 0, "byteLength");
            for logical in list(&location["logicalLocations"], "logicalLocations") {
                members(logical, "logicalLocation", &[], &["name", "kind"]);
                text(&logical["name"], "name");
            }
        }
        let prints = result["partialFingerprints"].as_object().expect("fingerprints");
        prints.values().for_each(|print| text(print, "fingerprint"));
    }

    #[test]
    fn logs_fulfil_the_schema() {
        let mut results = results(&Config::default());
        let plain: Value = serde_json::from_str(&printed(&results, Format::Sarif)).expect("JSON");
        check_log(&plain);
        assert!(plain["runs"][0]["results"][0].get("baselineState").is_none());
        results.audit.as_mut().expect("audited").against = Some(crate::audit::Against::default());
        let new: Value = serde_json::from_str(&printed(&results, Format::Sarif)).expect("JSON");
        check_log(&new);
        assert_eq!(new["runs"][0]["results"][0]["baselineState"], "new");
        let region = &new["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"];
        assert_eq!((&region["startLine"], &region["byteOffset"]), (&json!(1), &json!(0)));
    }
}
