//! The registry: one file per rule, codes ascending.

mod a001_author_facet_mismatch;
mod a002_author_sort_not_first;
mod a003_author_role_misaligned;
mod a004_author_duplicate;
mod a005_author_not_inverted;
mod a006_author_punctuation_residue;
mod a007_author_embedded_role_or_multiple;
mod a008_author_placeholder_or_affiliation;
mod d001_date_missing;
mod d002_date_not_a_year;
mod d003_date_implausible;
mod d004_date_conflicting_evidence;
mod e001_mojibake;
mod e002_replacement_character;
mod e003_html_entity;
mod e004_markup;
mod e005_not_nfc;
mod e006_invisible_or_whitespace;
mod e007_compatibility_or_homoglyph;
mod f001_format_missing;
mod f002_format_contradictory;
mod f003_format_residual_generic;
mod f004_topic_is_publication_type;
mod f005_topic_facet_missing;
mod f006_container_missing_for_article;
pub(super) mod folding;
mod format_classes;
mod i001_isbn_invalid;
mod i002_isbn_qualified;
mod i003_issn_invalid;
mod i004_identifier_only_in_url;
mod i005_doi_malformed;
mod i006_oclc_mismatch;
mod i007_identifier_shared;
mod importer_keys;
mod l001_language_missing;
mod l002_language_raw_code;
mod l003_language_label_variant;
mod l004_language_script_mismatch;
mod latex;
mod links;
mod mojibake;
mod names;
mod sketches;
mod t001_title_missing;
mod t002_title_sort_mismatch;
mod t003_title_sort_missing;
mod t004_title_parts_inconsistent;
mod t005_title_full_not_extending_title;
mod t006_title_copy_field_broken;
mod t007_title_subtitle_unsplit;
mod t008_title_shouting;
mod t009_title_truncated;
mod t010_title_generic;
mod t011_title_part_number_lost;
mod t012_title_nonfiling_off;
mod t013_title_equals_other_field;
mod u001_url_malformed;
mod u002_url_insecure_scheme;
mod u003_url_legacy_doi_resolver;
mod u004_url_duplicate_target;
mod u005_url_moved_host;
mod u006_online_without_url;
mod w001_work_keys_missing;
mod w002_work_keys_mismatch;
mod w003_work_keys_malformed;
mod w004_work_keys_truncated;
mod w005_work_keys_overbroad;
mod w006_work_keys_variant_missing;
mod w007_work_keys_normalisation_hazard;
mod x001_id_duplicate;
mod x002_field_arity;
mod x003_merged_group_broken;
mod x004_copyfield_doubled;
mod x005_hierarchy_broken;
mod x006_record_exact_duplicate;
mod x007_same_source_duplicate;
mod x008_value_over_term_limit;

pub(super) use folding::{fold, folded_len};
pub(super) use format_classes::Classes;
pub(super) use links::{dois, is_link};
pub(super) use sketches::{hash_of, sketch};

use super::Rule;

pub(super) use d003_date_implausible::{Reading as DateReading, reading as date_reading};
pub(super) use t002_title_sort_mismatch::{Form as SortTitleForm, form as sort_title_form};
pub(super) use w002_work_keys_mismatch::{Form as WorkKeysForm, form as work_keys_form, remade as remade_work_keys};

/// All rules, in the order of their codes.
pub static RULES: &[&Rule] = &[
    &a001_author_facet_mismatch::RULE,
    &a002_author_sort_not_first::RULE,
    &a003_author_role_misaligned::RULE,
    &a004_author_duplicate::RULE,
    &a005_author_not_inverted::RULE,
    &a006_author_punctuation_residue::RULE,
    &a007_author_embedded_role_or_multiple::RULE,
    &a008_author_placeholder_or_affiliation::RULE,
    &d001_date_missing::RULE,
    &d002_date_not_a_year::RULE,
    &d003_date_implausible::RULE,
    &d004_date_conflicting_evidence::RULE,
    &e001_mojibake::RULE,
    &e002_replacement_character::RULE,
    &e003_html_entity::RULE,
    &e004_markup::RULE,
    &e005_not_nfc::RULE,
    &e006_invisible_or_whitespace::RULE,
    &e007_compatibility_or_homoglyph::RULE,
    &f001_format_missing::RULE,
    &f002_format_contradictory::RULE,
    &f003_format_residual_generic::RULE,
    &f004_topic_is_publication_type::RULE,
    &f005_topic_facet_missing::RULE,
    &f006_container_missing_for_article::RULE,
    &i001_isbn_invalid::RULE,
    &i002_isbn_qualified::RULE,
    &i003_issn_invalid::RULE,
    &i004_identifier_only_in_url::RULE,
    &i005_doi_malformed::RULE,
    &i006_oclc_mismatch::RULE,
    &i007_identifier_shared::RULE,
    &l001_language_missing::RULE,
    &l002_language_raw_code::RULE,
    &l003_language_label_variant::RULE,
    &l004_language_script_mismatch::RULE,
    &t001_title_missing::RULE,
    &t002_title_sort_mismatch::RULE,
    &t003_title_sort_missing::RULE,
    &t004_title_parts_inconsistent::RULE,
    &t005_title_full_not_extending_title::RULE,
    &t006_title_copy_field_broken::RULE,
    &t007_title_subtitle_unsplit::RULE,
    &t008_title_shouting::RULE,
    &t009_title_truncated::RULE,
    &t010_title_generic::RULE,
    &t011_title_part_number_lost::RULE,
    &t012_title_nonfiling_off::RULE,
    &t013_title_equals_other_field::RULE,
    &u001_url_malformed::RULE,
    &u002_url_insecure_scheme::RULE,
    &u003_url_legacy_doi_resolver::RULE,
    &u004_url_duplicate_target::RULE,
    &u005_url_moved_host::RULE,
    &u006_online_without_url::RULE,
    &w001_work_keys_missing::RULE,
    &w002_work_keys_mismatch::RULE,
    &w003_work_keys_malformed::RULE,
    &w004_work_keys_truncated::RULE,
    &w005_work_keys_overbroad::RULE,
    &w006_work_keys_variant_missing::RULE,
    &w007_work_keys_normalisation_hazard::RULE,
    &x001_id_duplicate::RULE,
    &x002_field_arity::RULE,
    &x003_merged_group_broken::RULE,
    &x004_copyfield_doubled::RULE,
    &x005_hierarchy_broken::RULE,
    &x006_record_exact_duplicate::RULE,
    &x007_same_source_duplicate::RULE,
    &x008_value_over_term_limit::RULE,
];

#[cfg(test)]
pub(super) mod testing {
    //! Helpers for the rules' own tests.
    use std::collections::BTreeMap;

    use crate::audit::{
        Audit, Catalogue, Change, Finding, Fix, Found, Outcome, Problem, Rule, Settings, Spill, Subject, finish,
    };
    use crate::ids::RecordId;
    use crate::input::{Parser, Record};

    /// Runs the record check of a rule on a document given without id.
    pub(crate) fn problems(rule: &Rule, document: &str) -> Vec<Problem> {
        problems_with(rule, document, &Settings::default())
    }

    /// The same with other settings.
    pub(crate) fn problems_with(rule: &Rule, document: &str, settings: &Settings) -> Vec<Problem> {
        let check = rule.check.record.unwrap();
        let document = document.replacen('{', r#"{"id":"x-1","#, 1).replace(",}", "}");
        let run = |record: &Record<'_>| {
            let mut found = Found::default();
            check(&Subject::new(record, settings), &mut found);
            found.problems().to_vec()
        };
        Parser::default().parse(document.as_bytes(), run).unwrap()
    }

    /// Checks in which fields a record rule finds a problem.
    pub(crate) fn check(rule: &Rule, document: &str, fields: &[&str]) {
        let found: Vec<String> = problems(rule, document).into_iter().map(|problem| problem.field).collect();
        assert_eq!(found, fields, "{} on {document}", rule.code);
    }

    /// Checks the safe repairs that a record rule offers, one for each problem: the field and its values joined with ` | `.
    pub(crate) fn check_change(rule: &Rule, document: &str, changes: &[(&str, &str)]) {
        let found = problems(rule, document).into_iter().filter_map(|problem| problem.change);
        let mut wholes: BTreeMap<String, String> = BTreeMap::new();
        let whole = |change: Change| {
            let after = if change.is_again { wholes[&change.field].clone() } else { change.after.join(" | ") };
            wholes.insert(change.field.clone(), after.clone());
            (change.field, after)
        };
        let found: Vec<(String, String)> = found.map(whole).collect();
        let expected: Vec<(String, String)> =
            changes.iter().map(|(field, after)| ((*field).to_owned(), (*after).to_owned())).collect();
        assert_eq!(found, expected, "{} on {document}", rule.code);
        assert!(found.is_empty() || rule.fix == Fix::Safe, "{} must be of class S", rule.code);
    }

    /// The whole audit of some documents, which have ids.
    pub(crate) fn outcome(documents: &[impl AsRef<str>], settings: &Settings) -> Outcome {
        let documents: Vec<&str> = documents.iter().map(AsRef::as_ref).collect();
        let spill = Spill::default();
        let mut audit = Audit::new(settings, &spill);
        let mut ids = Vec::new();
        let take = |audit: &mut Audit<'_>, ids: &mut Vec<String>, record: &Record<'_>| {
            ids.push(record.id().to_owned());
            audit.record(record);
        };
        for document in &documents {
            Parser::default().parse(document.as_bytes(), |record| take(&mut audit, &mut ids, record)).unwrap();
        }
        let fetch = |record: RecordId, show: &mut dyn FnMut(&Record<'_>)| {
            Parser::default().parse(documents[record.index()].as_bytes(), |record| show(record)).unwrap();
        };
        let ids = |record: RecordId| ids[record.index()].as_str();
        finish(vec![audit], &Catalogue::new(documents.len(), &ids, &fetch, settings), &spill).unwrap()
    }

    /// What a rule finds in some documents, which have ids.
    pub(crate) fn found(rule: &Rule, documents: &[impl AsRef<str>]) -> Vec<Finding> {
        let outcome = outcome(documents, &Settings::default());
        outcome.findings().filter(|finding| finding.rule.code == rule.code).collect()
    }

    /// Numbers of the documents in which a rule finds something, those of groups too.
    pub(crate) fn records(rule: &Rule, documents: &[impl AsRef<str>]) -> Vec<u32> {
        outcome(documents, &Settings::default()).ids_of(rule).map(RecordId::get).collect()
    }

    #[test]
    fn codes_ascend_and_pages_are_whole() {
        for pair in super::RULES.windows(2) {
            assert!(pair[0].code < pair[1].code, "{:?} before {:?}", pair[0], pair[1]);
        }
        for rule in super::RULES {
            for heading in ["## What it finds", "## Why it matters", "## Example", "## Known gaps", "## Source"] {
                assert!(rule.explanation.contains(heading), "{}: {heading}", rule.code);
            }
            assert!(rule.check.record.is_some() || rule.check.across.is_some(), "{rule:?} looks at nothing");
        }
    }
}
