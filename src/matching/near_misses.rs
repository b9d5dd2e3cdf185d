//! Pairs with agreeing title and authors that are no match, and what decided so. Generic titles agree with
//! each other and are left out.

use super::candidates::Pair;
use super::clusters::Contradiction;
use super::evidence::{Aspect, Comparison, Level, Veto, Weight};
use super::score::Verdict;

/// A pair that just failed to match.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NearMiss {
    /// The records.
    pub pair: Pair,
    /// What decided.
    pub failed: Failed,
}

/// The criterion that kept two records apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Failed {
    /// The first veto.
    Veto(Veto),
    /// The aspect that weighs most against the pair.
    Aspect(Aspect, Level),
    /// Nothing weighs against it, but there is too little evidence.
    Evidence,
    /// The pair is a match, but a person said that it is not.
    Rejected,
    /// The pair is a match, but two members of the groups it would unite contradict each other.
    Cut(Contradiction),
}

impl Failed {
    /// The words used in reports: `doi-differs`, `year different`, `evidence`, `rejected`,
    /// `cut`.
    pub fn name(self) -> String {
        match self {
            Failed::Veto(veto) => veto.name().to_owned(),
            Failed::Aspect(aspect, level) => format!("{} {}", aspect.name(), level.name()),
            Failed::Evidence => "evidence".to_owned(),
            Failed::Rejected => "rejected".to_owned(),
            Failed::Cut(_) => "cut".to_owned(),
        }
    }
}

/// Whether title and authors agree: what [`failed`] asks for before any veto.
pub(super) fn may_be_missed(comparison: &Comparison) -> bool {
    let agrees = |aspect| matches!(comparison.level(aspect), Some(Level::Same | Level::Similar | Level::Shortened));
    agrees(Aspect::Title) && agrees(Aspect::Authors)
}

/// What kept a pair with agreeing title and authors from being a match; none if it is one, if they do not agree,
/// or if the title is a generic one.
pub fn failed(comparison: &Comparison, verdict: Verdict) -> Option<Failed> {
    let is_generic = comparison.vetoes.contains(&Veto::GenericTitle);
    if verdict != Verdict::Apart || is_generic || !may_be_missed(comparison) {
        return None;
    }
    if let Some(&veto) = comparison.vetoes.iter().find(|veto| !veto.is_doubt()).or(comparison.vetoes.first()) {
        return Some(Failed::Veto(veto));
    }
    let heaviest = comparison.evidence.iter().min_by_key(|evidence| (evidence.weight, evidence.aspect));
    let against = heaviest.filter(|evidence| evidence.weight < Weight::default());
    Some(against.map_or(Failed::Evidence, |evidence| Failed::Aspect(evidence.aspect, evidence.level)))
}

#[cfg(test)]
mod tests {
    use super::super::compare::compare;
    use super::super::score::verdict;
    use super::super::weights::{Model, Weights};
    use super::*;
    use crate::input::Parser;
    use crate::keys::Features;

    fn check(a: &str, b: &str, expected: Option<&str>) {
        let features = |fields: &str| {
            let json = format!(r#"{{"id":"x",{fields}}}"#);
            Parser::default().parse(json.as_bytes(), Features::of).expect("a record")
        };
        let weights = Weights::new(&Model::default()).expect("defaults");
        let comparison = compare(&features(a), &features(b), &weights);
        let found = failed(&comparison, verdict(&comparison, &weights)).map(Failed::name);
        assert_eq!(found.as_deref(), expected, "{comparison:?}");
    }

    #[test]
    fn the_criterion_that_decided_is_named() {
        let article = r#""title":"The use of social media in health","author":["Walsh, Louisa"],"format":["Article"]"#;
        let with = |fields: &str| format!("{article},{fields}");
        let doi = |doi: &str| with(&format!(r#""doi_str_mv":["{doi}"]"#));
        check(&doi("10.1000/a1"), &doi("10.1000/a2"), Some("doi-differs"));
        check(
            &with(r#""publishDate":["1990"],"container_title":"Gut","container_start_page":"12""#),
            &with(r#""publishDate":["1990"],"container_title":"Gut","container_start_page":"98""#),
            Some("pages different"),
        );
        check(article, article, None);
        check(article, &article.replace("Walsh", "Miller"), None);
        let editorial = r#""title":"Editorial","author":["Walsh, Louisa"],"format":["Article"]"#;
        check(editorial, editorial, None);
    }
}
