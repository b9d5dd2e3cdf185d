//! Rules over the catalogue, its profile, and patches.

use std::sync::OnceLock;

use super::reading::read_ids;
use super::run_over;
use crate::audit::{self, Audit, Because, Catalogue, Profile, Profiles, Spill};
use crate::config::Config;
use crate::error::Error;
use crate::fix::{self, Fixes};
use crate::ids::{Ids, Position, RecordId};
use crate::input::{Corpus, Parser, Record};
use crate::progress::{Progress, Unit};
use crate::results::Job;

/// Lets rules look across records, given the audits of all parts in the order of the input.
pub(crate) fn audit_catalogue(
    audits: Vec<Audit<'_>>,
    spill: &Spill,
    corpus: &Corpus,
    ids: &Ids,
    positions: &[Position],
    config: &Config,
    progress: &Progress,
) -> Result<audit::Outcome, Error> {
    let stage = progress.stage("audit", 0, Unit::Items);
    let fetch = |record: RecordId, show: &mut dyn FnMut(&Record<'_>)| {
        // A record that is gone has nothing to show; the finding then names its id only.
        let _ = Parser::lend(|parser| corpus.fetch(positions[record.index()], parser, |record| show(record)));
    };
    let id = |record| ids.of(record);
    let pages: Vec<OnceLock<bool>> = corpus.files().iter().map(|_| OnceLock::new()).collect();
    let is_paged = |record: RecordId| {
        let file = positions[record.index()].file;
        let is_paged = || !corpus.is_lines(file) && is_paged(corpus.files()[file as usize].bytes());
        *pages[file as usize].get_or_init(is_paged)
    };
    let catalogue = Catalogue::new(ids.len(), &id, &fetch, &config.audit).with_pages(&is_paged);
    let outcome = audit::finish(audits, &catalogue, spill)?;
    stage.finish();
    progress.count(outcome.n_findings(), "findings");
    let (absent, deselected): (Vec<_>, Vec<_>) =
        outcome.switched_off.iter().partition(|off| matches!(off.because, Because::Absent(_)));
    for off in absent {
        progress.line(&format!("{:>15} {} is off: {}", "", off.rule.code, off.because));
    }
    if !deselected.is_empty() {
        progress.line(&format!("{:>15} {} rules are off by the settings", "", deselected.len()));
    }
    for number in &outcome.idle_scopes {
        progress.line(&format!(
            "{:>15} scope {} of audit.scopes fits no record: are its values spelt as in the export?",
            "",
            number + 1
        ));
    }
    Ok(outcome)
}

/// Bytes at the start and at the end of an export in which an answer says how it was asked for.
const MARGIN: usize = 4 << 10;

/// Whether a wrapped export is of answers to queries with `start`, which miss and repeat documents while the index changes. Those to
/// queries with a cursor do not, and name it.
fn is_paged(bytes: &[u8]) -> bool {
    let (head, tail) = (&bytes[..bytes.len().min(MARGIN)], &bytes[bytes.len().saturating_sub(MARGIN)..]);
    let holds = |text: &[u8], word: &str| memchr::memmem::find(text, word.as_bytes()).is_some();
    holds(head, "\"start\"") && ![head, tail].iter().any(|text| holds(text, "ursorMark"))
}

/// The profile of all parts, for which some values are read again.
pub(crate) fn profile_catalogue(
    profiles: Profiles,
    corpus: &Corpus,
    ids: &Ids,
    positions: &[Position],
    config: &Config,
    progress: &Progress,
) -> Profile {
    let stage = progress.stage("profile", 0, Unit::Items);
    let fetch = |record: RecordId, show: &mut dyn FnMut(&Record<'_>)| {
        // A record that is gone has nothing to show; its value is then left out.
        let _ = Parser::lend(|parser| corpus.fetch(positions[record.index()], parser, |record| show(record)));
    };
    let id = |record| ids.of(record);
    let profile = profiles.finish(&Catalogue::new(ids.len(), &id, &fetch, &config.audit));
    stage.finish();
    profile
}

/// Patches for what the audit found, in a temporary file; records whose repairs never end are told of.
pub(crate) fn fix_all(
    corpus: &Corpus,
    positions: &[Position],
    audit: &audit::Outcome,
    config: &Config,
    progress: &Progress,
) -> Result<Fixes, Error> {
    let stage = progress.stage("fix", 0, Unit::Items);
    let fixes = fix::fix(corpus, positions, audit, &config.audit, |n| stage.advance(n))?;
    stage.finish();
    progress.count(fixes.counts.patches, "safe patches");
    if fixes.counts.rule_errors > 0 {
        let n = fixes.counts.rule_errors;
        progress.line(&format!("{:>15} records whose repairs have no end: an error of the rules; see fixes.jsonl", n));
    }
    Ok(fixes)
}

/// Records whose repairs are shown if none are named.
const N_PREVIEWS: usize = 5;

/// The ids of the records whose repairs are shown: those named, else the first with a repair that is not withheld.
fn wanted(ids: &[String], patches: impl Iterator<Item = fix::Patch>) -> Vec<String> {
    if !ids.is_empty() {
        return ids.to_vec();
    }
    let mut wanted: Vec<String> = Vec::new();
    for patch in patches.filter(|patch| patch.withheld.is_none()) {
        if !wanted.contains(&patch.id) {
            wanted.push(patch.id);
        }
        if wanted.len() == N_PREVIEWS {
            break;
        }
    }
    wanted
}

/// The repairs of the named records as diffs, or of the first that have any. The patches are those given, else those
/// of an audit.
///
/// # Errors
/// As those of [`run`](super::run), and if an id is not in the input.
pub fn preview_fixes(
    corpus: &Corpus,
    ids: &[String],
    patches: Option<Vec<fix::Patch>>,
    config: &Config,
    look: fix::Look,
    progress: &Progress,
) -> Result<String, Error> {
    let (known, positions, patches, wanted) = match patches {
        Some(patches) => {
            let (known, positions) = read_ids(corpus, progress);
            let wanted = wanted(ids, patches.iter().cloned());
            (known, positions, patches, wanted)
        }
        None => {
            let results = run_over(corpus, Job::Audit, config, None, progress)?;
            let all = || results.fixes.iter().flat_map(Fixes::patches);
            let wanted = wanted(ids, all());
            let patches = all().filter(|patch| wanted.contains(&patch.id)).collect();
            (results.ids, results.positions, patches, wanted)
        }
    };
    let mut text = String::new();
    for id in &wanted {
        let unknown = || Error::UnknownId { id: id.clone(), n_records: known.len() };
        let record = known.find(id).ok_or_else(unknown)?;
        let bytes = corpus.bytes_at(positions[record.index()]).ok_or_else(unknown)?;
        let own: Vec<fix::Patch> = patches.iter().filter(|patch| patch.id == *id).cloned().collect();
        text.push_str(&fix::preview(bytes, &own, look));
        if own.is_empty() {
            text.push_str(&format!("# {id:?}: nothing that a program can repair safely\n"));
        }
    }
    if wanted.is_empty() {
        text.push_str("# nothing that a program can repair safely\n");
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::is_paged;

    #[test]
    fn answers_say_how_they_were_asked_for() {
        let answer = |head: &str, tail: &str| format!(r#"{{"response":{{{head}"docs":[{{"id":"a"}}]}}{tail}}}"#);
        assert!(is_paged(answer(r#""numFound":9,"start":0,"#, "").as_bytes()));
        assert!(!is_paged(answer(r#""numFound":9,"start":0,"#, r#","nextCursorMark":"A""#).as_bytes()));
        assert!(!is_paged(answer("", "").as_bytes()));
        assert!(!is_paged(br#"[{"id":"a"}]"#));
    }
}
