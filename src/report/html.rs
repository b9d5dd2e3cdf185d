//! The report page: `index.html`, one file without scripts, links or anything from elsewhere.
//!
//! Every text goes through [`shown`] here and is escaped by the template; nothing is marked as safe.

use std::io::{self, Write};

use minijinja::Environment;
use minijinja::value::Serde;
use serde::Serialize;

use super::chart::{Histogram, KindWeights, log_width};
use super::markdown::{Paragraph, paragraphs};
use super::profile::ProfileView;
use super::shown::shown;
use super::sides::{Group, MAX_NAME, VetoLine, groups, place};
use super::summary;
use crate::audit::{About, Finding, Rule, Severity};
use crate::pipeline::{Duplicates, Results};
use crate::progress::grouped;

/// The name ends in `.html`, so that the template escapes.
const TEMPLATE: (&str, &str) = ("page.html", include_str!("page.html"));
const PROFILE: (&str, &str) = ("profile.html", include_str!("profile.html"));
const STYLE: (&str, &str) = ("page.css", include_str!("page.css"));

/// Largest page in bytes. Proposals are left out until it fits; everything else is bounded.
const MAX_BYTES: usize = 2_800_000;
/// Findings shown per rule.
const MAX_EXAMPLES: usize = 5;
/// Longest value shown of a finding, in characters.
const MAX_EXAMPLE: usize = 160;
/// Inputs, and reasons of rejects, shown.
const MAX_LINES: usize = 20;

/// `index.html`.
pub(super) fn page(results: &Results, out: &mut dyn Write) -> io::Result<()> {
    let mut environment = Environment::new();
    for (name, source) in [TEMPLATE, PROFILE, STYLE] {
        environment.add_template(name, source).map_err(io::Error::other)?;
    }
    let template = environment.get_template(TEMPLATE.0).map_err(io::Error::other)?;
    let mut page = Page::of(results);
    loop {
        let text = template.render(Serde(&page)).map_err(io::Error::other)?;
        if text.len() <= MAX_BYTES || !page.drop_proposals() {
            return out.write_all(text.as_bytes());
        }
    }
}

#[derive(Serialize)]
struct Page {
    version: &'static str,
    job: &'static str,
    inputs: Vec<Input>,
    n_more_inputs: usize,
    totals: Vec<Total>,
    funnel: Vec<Line>,
    dedupes: bool,
    histogram: Option<Histogram>,
    /// Empty unless duplicates were looked for.
    weights: Vec<KindWeights>,
    origin: String,
    groups: Vec<Group>,
    vetoes: Vec<VetoLine>,
    /// Relations per kind, and near misses; empty without duplicates.
    relations: String,
    n_near_misses: String,
    blocks: Vec<Line>,
    profile: Option<ProfileView>,
    audits: bool,
    n_findings: String,
    /// Comparison with a baseline; empty without one.
    against: String,
    rules: Vec<RuleLine>,
    switched_off: Vec<Off>,
    rejects: Vec<Line>,
    n_rejects: String,
    n_more_reasons: usize,
}

#[derive(Serialize)]
struct Input {
    name: String,
    size: String,
}

#[derive(Serialize)]
struct Total {
    name: &'static str,
    value: String,
    notes: Vec<(String, &'static str)>,
}

/// A count with its bar.
#[derive(Serialize)]
struct Line {
    name: String,
    n: String,
    width: String,
    note: String,
}

impl Line {
    fn new(name: impl Into<String>, n: u64, most: u64) -> Line {
        Line { name: name.into(), n: grouped(n), width: log_width(n, most), note: String::new() }
    }
}

#[derive(Serialize)]
struct Off {
    code: &'static str,
    name: &'static str,
    because: String,
}

#[derive(Serialize)]
struct RuleLine {
    code: &'static str,
    name: &'static str,
    severity: String,
    n: String,
    width: String,
    explanation: Vec<Paragraph>,
    examples: Vec<Example>,
}

#[derive(Serialize)]
struct Example {
    id: String,
    place: String,
    field: String,
    value: String,
    message: String,
    suggestion: Option<String>,
}

impl Page {
    fn of(results: &Results) -> Page {
        let duplicates = results.duplicates.as_ref();
        let rejects = summary::rejects_by_reason(results);
        let most_rejects = rejects.values().copied().max().unwrap_or_default();
        let largest = duplicates.and_then(|duplicates| duplicates.largest_blocks.first()).map_or(0, |block| block.1);
        let n_findings = results.audit.as_ref().map_or(0, |audit| audit.n_findings());
        Page {
            version: env!("CARGO_PKG_VERSION"),
            job: results.job.name(),
            inputs: results.inputs.iter().take(MAX_LINES).map(input).collect(),
            n_more_inputs: results.inputs.len().saturating_sub(MAX_LINES),
            totals: totals(results),
            funnel: funnel(results),
            dedupes: duplicates.is_some(),
            histogram: duplicates.and_then(|found| Histogram::of(&found.histogram, &results.config.model)),
            weights: duplicates.map(|_| KindWeights::all(&results.config.model)).unwrap_or_default(),
            origin: shown(&results.config.model.origin, MAX_EXAMPLE),
            groups: duplicates.map(|duplicates| groups(duplicates, results)).unwrap_or_default(),
            vetoes: duplicates
                .iter()
                .flat_map(|duplicates| &duplicates.vetoed)
                .map(|&(veto, n)| VetoLine { name: veto.name(), meaning: veto.meaning(), n: grouped(n) })
                .collect(),
            relations: duplicates.map(summary::relations_in_words).unwrap_or_default(),
            n_near_misses: grouped(duplicates.map_or(0, |duplicates| duplicates.counts.near_misses)),
            blocks: duplicates
                .iter()
                .flat_map(|duplicates| &duplicates.largest_blocks)
                .map(|(key, n)| Line::new(shown(key, MAX_NAME), *n as u64, largest as u64))
                .collect(),
            profile: results.profile.as_ref().map(ProfileView::of),
            audits: results.audit.is_some(),
            n_findings: grouped(n_findings),
            against: results
                .audit
                .as_ref()
                .and_then(|audit| audit.against)
                .map(|against| summary::against_in_words(&against))
                .unwrap_or_default(),
            rules: rules(results),
            switched_off: results
                .audit
                .iter()
                .flat_map(|audit| &audit.switched_off)
                .map(|off| Off {
                    code: off.rule.code,
                    name: off.rule.name,
                    because: shown(&off.because.to_string(), MAX_EXAMPLE),
                })
                .collect(),
            n_rejects: grouped(results.rejects.len() as u64),
            n_more_reasons: rejects.len().saturating_sub(MAX_LINES),
            rejects: rejects
                .iter()
                .take(MAX_LINES)
                .map(|(reason, &n)| Line::new(shown(reason, MAX_EXAMPLE), n, most_rejects))
                .collect(),
        }
    }

    /// Leaves out the later half of the proposals shown; says whether there were any.
    fn drop_proposals(&mut self) -> bool {
        let had_any = self.groups.iter().any(|group| !group.proposals.is_empty());
        for group in &mut self.groups {
            group.proposals.truncate(group.proposals.len() / 2);
            group.n_shown = group.proposals.len();
            group.is_whole = false;
        }
        had_any
    }
}

fn input((name, bytes): &(String, u64)) -> Input {
    let size = match *bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{:.1} kB", *bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", *bytes as f64 / 1e6),
        _ => format!("{:.1} GB", *bytes as f64 / 1e9),
    };
    Input { name: shown(name, MAX_EXAMPLE), size }
}

fn totals(results: &Results) -> Vec<Total> {
    let n_processed = results.positions.len() as u64;
    let mut totals = vec![Total {
        name: "records",
        value: grouped(n_processed),
        notes: vec![
            (format!("{} read", grouped(results.n_read)), ""),
            (format!("{} processed", grouped(n_processed)), ""),
            (format!("{} rejected", grouped(results.rejects.len() as u64)), ""),
        ],
    }];
    if let Some(Duplicates { counts, .. }) = &results.duplicates {
        totals.push(Total {
            name: "proposals to merge",
            value: grouped(counts.merge_proposals),
            notes: vec![(format!("{} records less", grouped(counts.superfluous_records)), "")],
        });
        totals.push(Total {
            name: "proposals to review",
            value: grouped(counts.review_proposals),
            notes: vec![("a person should look".to_owned(), "")],
        });
    }
    if let Some(audit) = &results.audit {
        let counts = summary::by_severity(results);
        let note = |severity: &'static str| (format!("{} {severity}", grouped(counts[severity])), severity);
        totals.push(Total {
            name: "findings",
            value: grouped(audit.n_findings()),
            notes: ["error", "warn", "info"].map(note).into(),
        });
    }
    totals
}

fn funnel(results: &Results) -> Vec<Line> {
    let mut stages: Vec<(&str, u64, String)> = vec![("records", results.positions.len() as u64, String::new())];
    if let Some(Duplicates { counts, .. }) = &results.duplicates {
        let matches = format!("{} merge, {} review", grouped(counts.merge_pairs), grouped(counts.review_pairs));
        let proposals =
            format!("{} merge, {} review", grouped(counts.merge_proposals), grouped(counts.review_proposals));
        stages.extend([
            ("keys", counts.keys, String::new()),
            ("blocks", counts.blocks, format!("{} too large and divided", grouped(counts.divided_blocks))),
            ("candidate pairs", counts.candidate_pairs, String::new()),
            ("scored", counts.scored, String::new()),
            ("matches", counts.merge_pairs + counts.review_pairs, matches),
            ("proposals", counts.merge_proposals + counts.review_proposals, proposals),
        ]);
    }
    if let Some(audit) = &results.audit {
        stages.push(("findings", audit.n_findings(), String::new()));
    }
    let most = stages.iter().map(|(_, n, _)| *n).max().unwrap_or_default();
    stages.into_iter().map(|(name, n, note)| Line { note, ..Line::new(name, n, most) }).collect()
}

/// What a rule found.
struct OfRule<'a> {
    rule: &'static Rule,
    n: u64,
    worst: Severity,
    examples: &'a [Finding],
}

fn rules(results: &Results) -> Vec<RuleLine> {
    let Some(audit) = &results.audit else { return Vec::new() };
    let examples = audit.examples(MAX_EXAMPLES);
    let mut by_rule = examples.chunk_by(|one, other| one.rule.code == other.rule.code);
    let mut found: Vec<OfRule<'_>> = Vec::new();
    for (rule, n_findings, _) in audit.by_rule() {
        let worst =
            [Severity::Error, Severity::Warn, Severity::Info].into_iter().find(|&at| n_findings[at as usize] > 0);
        let (n, examples) = (n_findings.iter().sum(), by_rule.next().unwrap_or_default());
        found.push(OfRule { rule, n, worst: worst.unwrap_or(rule.severity), examples });
    }
    found.sort_by_key(|found| (std::cmp::Reverse((found.worst, found.n)), found.rule.code));
    let most = found.iter().map(|found| found.n).max().unwrap_or_default();
    let line = |found: OfRule<'_>| RuleLine {
        code: found.rule.code,
        name: found.rule.name,
        severity: found.worst.to_string(),
        n: grouped(found.n),
        width: log_width(found.n, most),
        explanation: paragraphs(found.rule.explanation),
        examples: found.examples.iter().map(|finding| example(finding, results)).collect(),
    };
    found.into_iter().map(line).collect()
}

fn example(finding: &Finding, results: &Results) -> Example {
    let problem = &finding.problem;
    let (id, place) = match &finding.about {
        About::Record(record) => {
            let position = results.positions[record.index()];
            (results.ids.of(*record).to_owned(), place(&results.inputs[position.file as usize].0, position.line))
        }
        About::Group(group) => {
            let ids: Vec<&str> = group.examples.iter().map(|&record| results.ids.of(record)).collect();
            let place = format!("{} records, the first: {}", grouped(group.n_records), ids.join(", "));
            (group.label.to_string(), shown(&place, MAX_EXAMPLE))
        }
    };
    Example {
        id: shown(&id, MAX_NAME),
        place,
        field: shown(&problem.field, MAX_NAME),
        value: shown(&problem.value, MAX_EXAMPLE),
        message: shown(&problem.message, MAX_EXAMPLE),
        suggestion: problem.suggestion.as_deref().map(|suggestion| shown(suggestion, MAX_EXAMPLE)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{self, TWINS};
    use super::*;
    use crate::merge::ProposalMember;
    use crate::pipeline::Job;

    fn html(results: &Results) -> String {
        let mut bytes = Vec::new();
        page(results, &mut bytes).expect("memory is writable");
        String::from_utf8(bytes).expect("text")
    }

    #[test]
    fn titles_are_text_and_nothing_else() {
        let hostile = r#"<script>alert(1)</script> \" onload=\"alert(2) {{ 7 * 7 }} \u202eevil"#;
        let lines = TWINS.replace("A plain title about", hostile).replace("a-1", r#"\"><img src=x onerror=alert(3)>"#);
        let page = html(&testing::results(&lines, Job::Check));
        assert!(page.contains("&lt;script&gt;alert(1)&lt;"), "the title is there");
        for never in ["<script", "<img", "\" onload", " {{ 49", "> 49", "\u{202e}", "javascript:", "href=\"http"] {
            assert!(!page.contains(never), "{never}");
        }
        assert!(page.contains("&quot; onload=&quot;alert(2)"));
    }

    #[test]
    fn numbers_are_those_of_the_summary() {
        let mut results =
            testing::results(&format!("{TWINS}no record\n{{\"id\":\"c\",\"title\":\"/\"}}\n"), Job::Check);
        results.duplicates.as_mut().expect("looked for").counts.candidate_pairs = 1_234_567;
        let (page, summary) = (html(&results), summary::summary(&results));
        let number = |path: &str| grouped(summary.pointer(path).and_then(serde_json::Value::as_u64).expect(path));
        for text in [
            format!("{} read<", number("/records/read")),
            format!("{} processed<", number("/records/processed")),
            format!("{} rejected<", number("/records/rejected")),
            format!("{} records less<", number("/duplicates/counts/superfluous_records")),
            format!("To merge: {}<", number("/duplicates/counts/merge_proposals")),
            format!("To review: {}<", number("/duplicates/counts/review_proposals")),
            format!("<td class=\"n\">{}</td>", number("/duplicates/counts/candidate_pairs")),
            format!("<td class=\"n\">{}</td>", number("/duplicates/counts/keys")),
            format!("Findings: {}<", number("/audit/findings")),
            format!("{} error<", number("/audit/by_severity/error")),
            format!("Rejects: {}<", number("/records/rejected")),
        ] {
            assert!(page.contains(&text), "{text}");
        }
        assert!(page.contains("id=\"T001\""));
    }

    #[test]
    fn a_job_shows_only_what_it_did() {
        let dedupe = html(&testing::results(TWINS, Job::Dedupe));
        assert!(dedupe.contains("id=\"merge\"") && !dedupe.contains("id=\"findings\""));
        let audit = html(&testing::results(TWINS, Job::Audit));
        assert!(
            audit.contains("id=\"findings\"") && !audit.contains("id=\"merge\"") && !audit.contains("id=\"scores\"")
        );
        assert!(audit.contains("id=\"profile\"") && !dedupe.contains("id=\"profile\""));
    }

    #[test]
    fn the_model_is_drawn_and_its_origin_escaped() {
        let mut results = testing::results(TWINS, Job::Dedupe);
        results.config.model.origin = "<script>made up</script>".to_owned();
        let page = html(&results);
        assert!(page.contains("id=\"model\"") && page.contains("&lt;script&gt;made up"), "the origin is text");
        assert_eq!(page.matches("<details class=\"weights card\">").count(), 5);
        assert!(!html(&testing::results(TWINS, Job::Audit)).contains("id=\"model\""));
    }

    #[test]
    fn no_records_make_a_page_too() {
        for job in [Job::Check, Job::Dedupe, Job::Audit] {
            let mut results = testing::results(TWINS, job);
            results.positions.clear();
            results.n_read = 0;
            if let Some(duplicates) = &mut results.duplicates {
                duplicates.proposals.clear();
                duplicates.counts = crate::pipeline::Counts::default();
                duplicates.histogram.fill(0);
                duplicates.largest_blocks.clear();
            }
            results.audit = results.audit.map(|_| crate::audit::Outcome::default());
            results.profile = results.profile.map(|_| crate::audit::Profile::default());
            let page = html(&results);
            assert!(page.contains("0 processed") && page.ends_with("</html>"), "{job:?}");
            assert!(!page.contains("NaN") && !page.contains("inf%"), "{job:?}");
        }
    }

    #[test]
    fn the_page_stays_small() {
        let mut results = testing::results(TWINS, Job::Dedupe);
        let proposals = &mut results.duplicates.as_mut().expect("looked for").proposals;
        let plain = proposals[0].clone();
        let mut proposal = plain.clone();
        let mut member = proposal.members[0].clone();
        member.title = "\"<&".repeat(200);
        member.fields.iter_mut().for_each(|(_, value)| *value = "\" < & é ".repeat(50));
        let fields: Vec<String> = (0..50).map(|at| format!("{at} '").repeat(100)).collect();
        for at in 0..12 {
            proposal.members.push(ProposalMember { id: format!("{}{at}", "'".repeat(500)), ..member.clone() });
        }
        proposal.extends = fields;
        *proposals = vec![plain; 10_000];
        proposals[..100].fill(proposal);
        let page = html(&results);
        assert!(page.len() < 3_000_000, "{}", page.len());
        assert!(page.contains("and 8 more records"));
        assert!(page.contains("To merge: 10"));
    }
}
