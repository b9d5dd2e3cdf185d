//! The report page: `index.html`, one file without scripts, links or anything from elsewhere.
//!
//! Every text goes through [`shown`] here and is escaped by the template; nothing is marked as safe.

use std::cmp::Reverse;
use std::io::{self, Write};

use minijinja::Environment;
use minijinja::value::Serde;
use serde::Serialize;

use super::chart::{Histogram, KindWeights, linear_width, log_width};
use super::markdown::{Paragraph, paragraphs};
use super::profile::ProfileView;
use super::shown::shown;
use super::sides::{Group, MAX_NAME, VetoLine, groups, place};
use super::summary;
use crate::audit::{About, Against, Finding, RULES, Rule, Severity};
use crate::fix::Fixes;
use crate::input::Shortfall;
use crate::keys::block_keys;
use crate::matching::blocks::SizeClass;
use crate::progress::grouped;
use crate::results::{Duplicates, Results};

/// The name ends in `.html`, so that the template escapes.
const TEMPLATE: (&str, &str) = ("page.html", include_str!("page.html"));
/// What several pages draw alike: bars, marked values, waterfalls.
pub(crate) const PARTS: (&str, &str) = ("parts.html", include_str!("parts.html"));
const PROFILE: (&str, &str) = ("profile.html", include_str!("profile.html"));
/// Colours and forms of all pages.
pub(crate) const STYLE: (&str, &str) = ("page.css", include_str!("page.css"));

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
    for (name, source) in [TEMPLATE, PARTS, PROFILE, STYLE] {
        environment.add_template(name, source).map_err(io::Error::other)?;
    }
    let template = environment.get_template(TEMPLATE.0).map_err(io::Error::other)?;
    let mut page = Page::of(results);
    loop {
        let text = template.render(Serde(&page)).map_err(io::Error::other)?;
        if text.len() <= MAX_BYTES || !page.shrink(text.len()) {
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
    /// What is missing from inputs.
    incomplete: Vec<String>,
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
    block_sizes: Vec<Line>,
    largest_blocks: Vec<BlockLine>,
    max_block_records: String,
    profile: Option<ProfileView>,
    audits: bool,
    n_findings: String,
    severities: Vec<Line>,
    /// Comparison with a baseline; empty without one.
    against: Vec<Line>,
    rules: Vec<RuleLine>,
    switched_off: Vec<Off>,
    fixes: Option<FixesView>,
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

/// One of the largest blocks.
#[derive(Serialize)]
struct BlockLine {
    meaning: &'static str,
    is_divided: bool,
    line: Line,
}

/// What a program can repair.
#[derive(Serialize)]
struct FixesView {
    n_patches: String,
    n_records: String,
    by_rule: Vec<Line>,
    n_withheld: String,
    n_withheld_records: String,
    withheld: Vec<Line>,
    n_rule_errors: u64,
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
    /// Findings per severity, if the rule's are not all of one.
    split: String,
    /// Records that the findings are about; empty if some of them are known from a baseline.
    n_records: String,
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
        let n_findings = results.audit.as_ref().map_or(0, |audit| audit.n_findings());
        Page {
            version: env!("CARGO_PKG_VERSION"),
            job: results.job.name(),
            inputs: results.inputs.iter().take(MAX_LINES).map(input).collect(),
            n_more_inputs: results.inputs.len().saturating_sub(MAX_LINES),
            incomplete: results.shortfalls.iter().take(MAX_LINES).map(|short| incomplete(short, results)).collect(),
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
            block_sizes: duplicates.map(block_sizes).unwrap_or_default(),
            largest_blocks: duplicates.map(|duplicates| largest_blocks(duplicates, results)).unwrap_or_default(),
            max_block_records: grouped(results.config.blocking.max_block_records as u64),
            profile: results.profile.as_ref().map(ProfileView::of),
            audits: results.audit.is_some(),
            n_findings: grouped(n_findings),
            severities: severities(results),
            against: against(results),
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
            fixes: results.fixes.as_ref().map(FixesView::of),
            n_rejects: grouped(results.rejects.len() as u64),
            n_more_reasons: rejects.len().saturating_sub(MAX_LINES),
            rejects: rejects
                .iter()
                .take(MAX_LINES)
                .map(|(reason, &n)| Line::new(shown(reason, MAX_EXAMPLE), n, most_rejects))
                .collect(),
        }
    }

    /// Leaves out what the page can best do without: first all pairs but the heaviest of each proposal, then
    /// proposals. Says whether there was anything left to leave out.
    fn shrink(&mut self, n_bytes: usize) -> bool {
        let dropped: Vec<bool> = self.groups.iter_mut().map(Group::keep_heaviest_pairs).collect();
        if dropped.contains(&true) {
            return true;
        }
        let had_any = self.groups.iter().any(|group| group.n_shown() > 0);
        for group in &mut self.groups {
            let n = group.n_shown();
            group.keep((n * MAX_BYTES / n_bytes).min(n.saturating_sub(1)));
        }
        had_any
    }
}

fn incomplete(short: &Shortfall, results: &Results) -> String {
    format!("{} is not whole: {}", shown(&results.inputs[short.file as usize].0, MAX_EXAMPLE), short.reason)
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
    if let Some(fixes) = &results.fixes {
        totals.push(Total {
            name: "safe repairs",
            value: grouped(fixes.counts.patches),
            notes: vec![(format!("in {} records", grouped(fixes.counts.records)), "")],
        });
    }
    totals
}

/// Blocks by size. The sizes are in the names.
fn block_sizes(duplicates: &Duplicates) -> Vec<Line> {
    let classes = || duplicates.block_sizes.classes();
    let most = classes().map(|class| class.n_blocks).max().unwrap_or_default();
    let line = |class: SizeClass| {
        let name = if class.from == class.to {
            format!("{} records", grouped(class.from))
        } else {
            format!("{} to {} records", grouped(class.from), grouped(class.to))
        };
        Line::new(name, class.n_blocks, most)
    };
    classes().map(line).collect()
}

fn largest_blocks(duplicates: &Duplicates, results: &Results) -> Vec<BlockLine> {
    let largest = &duplicates.block_sizes.largest;
    let most = largest.first().map_or(0, |(_, n)| *n as u64);
    let line = |(key, n): &(String, usize)| BlockLine {
        meaning: block_keys::meaning(key),
        is_divided: summary::is_divided(key, *n, results),
        line: Line { width: linear_width(*n as u64, most), ..Line::new(shown(key, MAX_NAME), *n as u64, most) },
    };
    largest.iter().map(line).collect()
}

fn severities(results: &Results) -> Vec<Line> {
    let counts = summary::by_severity(results);
    let most = counts.values().copied().max().unwrap_or_default();
    ["error", "warn", "info"].into_iter().map(|severity| Line::new(severity, counts[severity], most)).collect()
}

/// The comparison with a baseline; empty without one.
fn against(results: &Results) -> Vec<Line> {
    let Some(against) = results.audit.as_ref().and_then(|audit| audit.against) else { return Vec::new() };
    let Against { new, known, resolved, unchecked } = against;
    let most = new.max(known).max(resolved).max(unchecked);
    let mut lines = vec![
        Line { note: "shown here".to_owned(), ..Line::new("new", new, most) },
        Line { note: "in the baseline and still there".to_owned(), ..Line::new("known", known, most) },
        Line { note: "in the baseline and gone".to_owned(), ..Line::new("resolved", resolved, most) },
    ];
    if unchecked > 0 {
        let note = "in the baseline, of rules that are off".to_owned();
        lines.push(Line { note, ..Line::new("unchecked", unchecked, most) });
    }
    lines
}

impl FixesView {
    fn of(fixes: &Fixes) -> FixesView {
        let counts = &fixes.counts;
        let name = |code: &str| RULES.iter().find(|rule| rule.code == code).map_or("", |rule| rule.name);
        let most = counts.by_rule.values().copied().max().unwrap_or_default();
        let mut by_rule: Vec<(&str, u64)> = counts.by_rule.iter().map(|(&code, &n)| (code, n)).collect();
        by_rule.sort_by_key(|&(code, n)| (Reverse(n), code));
        let most_withheld = counts.withheld_by_reason.values().copied().max().unwrap_or_default();
        let line = |(code, n): (&str, u64)| Line { note: name(code).to_owned(), ..Line::new(code, n, most) };
        let withheld = counts.withheld_by_reason.iter().take(MAX_LINES);
        FixesView {
            n_patches: grouped(counts.patches),
            n_records: grouped(counts.records),
            by_rule: by_rule.into_iter().map(line).collect(),
            n_withheld: grouped(counts.withheld_patches),
            n_withheld_records: grouped(counts.withheld_records),
            withheld: withheld.map(|(reason, &n)| Line::new(shown(reason, MAX_EXAMPLE), n, most_withheld)).collect(),
            n_rule_errors: counts.rule_errors,
        }
    }
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
            ("compared", counts.compared, String::new()),
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

const FROM_WORST: [Severity; 3] = [Severity::Error, Severity::Warn, Severity::Info];

/// What a rule found.
struct OfRule<'a> {
    rule: &'static Rule,
    n_findings: [u64; 3],
    n_records: u64,
    worst: Severity,
    examples: &'a [Finding],
}

fn rules(results: &Results) -> Vec<RuleLine> {
    let Some(audit) = &results.audit else { return Vec::new() };
    let examples = audit.examples(MAX_EXAMPLES);
    let mut by_rule = examples.chunk_by(|one, other| one.rule.code == other.rule.code);
    let mut found: Vec<OfRule<'_>> = Vec::new();
    for (rule, n_findings, n_records) in audit.by_rule() {
        let worst = FROM_WORST.into_iter().find(|&at| n_findings[at as usize] > 0);
        let examples = by_rule.next().unwrap_or_default();
        found.push(OfRule { rule, n_findings, n_records, worst: worst.unwrap_or(rule.severity), examples });
    }
    found.sort_by_key(|found| (Reverse((found.worst, found.n())), found.rule.code));
    let most = found.iter().map(OfRule::n).max().unwrap_or_default();
    let line = |found: OfRule<'_>| RuleLine {
        code: found.rule.code,
        name: found.rule.name,
        severity: found.worst.to_string(),
        n: grouped(found.n()),
        width: log_width(found.n(), most),
        split: found.split(),
        n_records: if audit.against.is_none() { grouped(found.n_records) } else { String::new() },
        explanation: paragraphs(found.rule.explanation),
        examples: found.examples.iter().map(|finding| example(finding, results)).collect(),
    };
    found.into_iter().map(line).collect()
}

impl OfRule<'_> {
    fn n(&self) -> u64 {
        self.n_findings.iter().sum()
    }

    /// `3 error, 12 info`; empty if all are of one severity.
    fn split(&self) -> String {
        let of = |severity: Severity| (severity, self.n_findings[severity as usize]);
        let found: Vec<(Severity, u64)> = FROM_WORST.into_iter().map(of).filter(|(_, n)| *n > 0).collect();
        if found.len() < 2 {
            return String::new();
        }
        found.iter().map(|(severity, n)| format!("{} {severity}", grouped(*n))).collect::<Vec<_>>().join(", ")
    }
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
    use crate::merge::{MAX_DISPLAYED, ProposalMember};
    use crate::results::Job;

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
            format!("Safe repairs: {}<", number("/fixes/patches")),
            format!("in {} records<", number("/fixes/records")),
            format!(">2 records</th><td class=\"n\">{}<", number("/duplicates/block_sizes/0/blocks")),
        ] {
            assert!(page.contains(&text), "{text}");
        }
        assert!(page.contains("id=\"T001\""));
    }

    #[test]
    fn the_largest_blocks_are_named_and_only_divided_ones_are_called_so() {
        let mut results = testing::results(TWINS, Job::Dedupe);
        let done = |results: &Results| summary::summary(results)["duplicates"]["largest_blocks"][0]["done"].clone();
        let whole = html(&results);
        assert!(whole.contains(">ISBN 9780306406157</th><td>ISBN</td>"), "the key and what it means");
        assert!(whole.contains("<td>whole</td>") && !whole.contains("<td>divided</td>"));
        assert!(done(&results).as_str().is_some_and(|done| done.starts_with("all records compared")));
        results.config.blocking.max_block_records = 1;
        results.config.blocking.max_weak_block_records = 1;
        let divided = html(&results);
        assert!(divided.contains("<td>divided</td>") && !divided.contains("<td>whole</td>"));
        assert!(done(&results).as_str().is_some_and(|done| done.starts_with("divided")));
    }

    #[test]
    fn the_baseline_is_compared_with() {
        let mut results = testing::results(TWINS, Job::Audit);
        assert!(!html(&results).contains("Against the baseline"));
        let against = Against { new: 12, known: 1234, resolved: 56, unchecked: 0 };
        results.audit.as_mut().expect("audited").against = Some(against);
        let (page, summary) = (html(&results), summary::summary(&results));
        for (name, note) in [
            ("new", "shown here"),
            ("known", "in the baseline and still there"),
            ("resolved", "in the baseline and gone"),
        ] {
            let n = grouped(summary["audit"]["baseline"][name].as_u64().expect(name));
            assert!(page.contains(&format!("{name} <small>{note}</small></th><td class=\"n\">{n}<")), "{name}");
        }
        assert!(!page.contains("of rules that are off"));
    }

    #[test]
    fn every_pair_has_a_waterfall_up_to_a_limit() {
        let mut results = testing::results(TWINS, Job::Dedupe);
        let proposals = &mut results.duplicates.as_mut().expect("looked for").proposals;
        let mut proposal = proposals.displayed()[0].clone();
        proposal.pairs = vec![proposal.pairs[0].clone(); 9];
        *proposals = [proposal].into_iter().collect();
        let page = html(&results);
        assert_eq!(page.matches("<div class=\"waterfall\"").count(), 6);
        assert_eq!(page.matches("<details class=\"pair\">").count(), 5);
        assert!(page.contains("and 3 more pairs"));
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
                duplicates.proposals = [].into_iter().collect();
                duplicates.counts = crate::results::Counts::default();
                duplicates.histogram.fill(0);
                duplicates.block_sizes = Default::default();
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
        let plain = proposals.displayed()[0].clone();
        let mut proposal = plain.clone();
        let mut member = proposal.members[0].clone();
        member.title = "\"<&".repeat(200);
        member.fields.iter_mut().for_each(|(_, value)| *value = "\" < & é ".repeat(50));
        let fields: Vec<String> = (0..50).map(|at| format!("{at} '").repeat(100)).collect();
        for at in 0..12 {
            proposal.members.push(ProposalMember { id: format!("{}{at}", "'".repeat(500)), ..member.clone() });
        }
        proposal.pairs = vec![proposal.pairs[0].clone(); 100];
        proposal.extends = fields;
        *proposals = vec![plain.clone(); 10_000].into_iter().collect();
        let page = html(&results);
        assert_eq!(page.matches("<details class=\"proposal card\"").count(), MAX_DISPLAYED);
        assert!(page.len() < 1_500_000, "{}", page.len());

        let proposals = &mut results.duplicates.as_mut().expect("looked for").proposals;
        let many = (0..10_000).map(|at| if at < MAX_DISPLAYED { proposal.clone() } else { plain.clone() });
        *proposals = many.collect();
        let page = html(&results);
        assert!(page.len() < 3_000_000, "{}", page.len());
        let n_shown = page.matches("<details class=\"proposal card\"").count();
        assert!((20..MAX_DISPLAYED).contains(&n_shown), "{n_shown}");
        assert!(page.contains(&format!("{n_shown} are shown here")));
        assert!(page.contains("and 8 more records"));
        assert!(page.contains("To merge: 10"));
    }
}
