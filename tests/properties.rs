//! What must hold for every catalogue, shown on catalogues made up from the sample: some of its records, damaged, in any
//! order.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::{Value, json};
use shelfread::audit::About;
use shelfread::config::Config;
use shelfread::input::{Corpus, InputFile, Parser};
use shelfread::keys::{Features, identifiers, text};
use shelfread::matching::compare::compare;
use shelfread::matching::evidence::{Aspect, Kind, Level, Veto};
use shelfread::matching::near_misses::Failed;
use shelfread::matching::score::verdict;
use shelfread::matching::weights::Weights;
use shelfread::merge::proposal_id;
use shelfread::pipeline;
use shelfread::progress::Progress;
use shelfread::results::{Job, Results};

use crate::fuzz::checks;

static SAMPLE: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/sample.jsonl")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
});

static WEIGHTS: LazyLock<Weights> = LazyLock::new(|| Weights::new(&Config::default().model).unwrap());

/// Weights in which no level weighs more than `same`, and nothing that is missing speaks for a pair. In the shipped ones some
/// do: see `src/matching/model.toml`.
static ORDERED: LazyLock<Weights> = LazyLock::new(|| {
    let mut model = Config::default().model;
    for kind in Kind::ALL {
        for levels in model.of_mut(kind).weights.values_mut() {
            let same = levels.get("same").copied().unwrap_or_default().max(0.0);
            levels.values_mut().for_each(|weight| *weight = weight.min(same));
            if let Some(missing) = levels.get_mut("one_missing") {
                *missing = missing.min(0.0);
            }
        }
    }
    Weights::new(&model).unwrap()
});

/// A record of the sample in which fields are taken from another one.
#[derive(Clone, Debug)]
struct Made {
    record: usize,
    other: usize,
    /// Numbers of the other's fields that replace its own.
    taken: Vec<usize>,
}

fn made() -> impl Strategy<Value = Made> {
    let n = SAMPLE.len();
    // Neighbours in the sample are often variants of one work.
    let taken = prop::collection::vec(0..30_usize, 0..6);
    (0..n, 1..4_usize, taken).prop_map(move |(record, step, taken)| Made { record, other: (record + step) % n, taken })
}

/// Few records of one neighbourhood of the sample and their variants, each several times.
fn crowd() -> impl Strategy<Value = Vec<Made>> {
    let variant = (0..3_usize, 1..4_usize, prop::collection::vec(0..30_usize, 0..4), 1..9_usize);
    (0..SAMPLE.len(), prop::collection::vec(variant, 2..9)).prop_map(|(first, variants)| {
        let n = SAMPLE.len();
        let copies = variants.into_iter().flat_map(|(step, other, taken, n_copies)| {
            let record = (first + step) % n;
            std::iter::repeat_n(Made { record, other: (record + other) % n, taken }, n_copies)
        });
        copies.collect()
    })
}

impl Made {
    fn document(&self) -> Value {
        let mut document = SAMPLE[self.record].clone();
        let other = SAMPLE[self.other].as_object().unwrap();
        for &number in &self.taken {
            if let Some((name, value)) = other.iter().nth(number).filter(|(name, _)| *name != "id") {
                document[name] = value.clone();
            }
        }
        document
    }

    fn features(&self) -> Features<'static> {
        Parser::default().parse(self.document().to_string().as_bytes(), Features::of).unwrap()
    }
}

/// Documents with ids of their own.
fn catalogue(made: &[Made]) -> Vec<Value> {
    let with_id = |(at, made): (usize, &Made)| {
        let mut document = made.document();
        document["id"] = json!(format!("made-{at}"));
        document
    };
    made.iter().enumerate().map(with_id).collect()
}

fn lines(documents: &[Value]) -> String {
    documents.iter().map(|document| format!("{document}\n")).collect()
}

fn run(text: String, job: Job) -> Results {
    run_with(&Config::default(), text, job)
}

fn run_with(config: &Config, text: String, job: Job) -> Results {
    let corpus = Corpus::from_files(vec![InputFile::from_bytes("x", text.into_bytes())]).unwrap();
    pipeline::run_over(&corpus, job, config, None, &Progress::new(true)).unwrap()
}

/// Rules that tell one of two copies, whichever comes later.
const OF_COPIES: [&str; 2] = ["X006", "X007"];

/// What a run says about records, by their ids: proposals, relations, near misses, and findings about single records.
fn said(results: &Results) -> BTreeSet<String> {
    let mut said = BTreeSet::new();
    let pair = |a, b| {
        let mut ids = [results.ids.of(a), results.ids.of(b)];
        ids.sort_unstable();
        ids.join(" ")
    };
    if let Some(duplicates) = &results.duplicates {
        for proposal in duplicates.proposals.iter() {
            let proposal = proposal.expect("a proposal");
            let mut ids: Vec<&str> = proposal.members.iter().map(|member| member.id.as_str()).collect();
            ids.sort_unstable();
            let pairs: Vec<String> =
                proposal.pairs.iter().map(|pair| format!("{} {} {:?}", pair.a, pair.b, pair.weight)).collect();
            said.insert(format!("{:?} {ids:?} {} {pairs:?}", proposal.decision, proposal.survivor));
        }
        for related in &duplicates.relations {
            said.insert(format!("{} {:?}", pair(related.pair.a, related.pair.b), related.detail));
        }
        for miss in &duplicates.near_misses {
            let between = match miss.failed {
                Failed::Cut(cut) => format!("{} {:?}", pair(cut.between.a, cut.between.b), cut.against),
                _ => String::new(),
            };
            said.insert(format!("{} {} {between}", pair(miss.pair.a, miss.pair.b), miss.failed.name()));
        }
    }
    let audited = results.audit.iter().flat_map(|audit| audit.record_findings().chain(audit.findings()));
    for finding in audited.filter(|finding| !OF_COPIES.contains(&finding.rule.code)) {
        // Which records stand for a group depends on their places.
        let About::Record(record) = &finding.about else { continue };
        said.insert(format!("{} {} {:?}", results.ids.of(*record), finding.rule.code, finding.problem));
    }
    said
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn a_pair_says_the_same_from_both_sides(a in made(), b in made()) {
        let (a, b) = (a.features(), b.features());
        let (there, back) = (compare(&a, &b, &WEIGHTS), compare(&b, &a, &WEIGHTS));
        prop_assert_eq!(verdict(&there, &WEIGHTS), verdict(&back, &WEIGHTS));
        prop_assert_eq!(there, back);
    }

    /// In no aspect does another record agree better, but for persons of whom only initials are known: they agree with
    /// nobody in full, themselves included. With weights in order, so it is with the sum.
    #[test]
    fn no_record_is_more_like_another_than_like_its_copy(a in made(), b in made()) {
        let (a, b) = (a.features(), b.features());
        let (own, other) = (compare(&a, &a.clone(), &ORDERED), compare(&a, &b, &ORDERED));
        let is_thin = own.level(Aspect::Authors).is_some_and(|level| level != Level::Same);
        for evidence in own.evidence.iter().filter(|evidence| evidence.aspect != Aspect::Authors || !is_thin) {
            prop_assert!(evidence.level <= Level::Similar, "{:?}", own);
            prop_assert!(other.level(evidence.aspect).is_none_or(|level| level >= evidence.level), "{:?} {:?}", own, other);
        }
        prop_assert!(own.vetoes.iter().all(|veto| veto.is_doubt() || *veto == Veto::GenericTitle), "{:?}", own);
        if own.kind == other.kind && own.evidence.iter().all(|evidence| evidence.level == Level::Same) {
            prop_assert!(own.weight() >= other.weight(), "{:?} {:?}", own, other);
        }
    }

    #[test]
    fn normalising_twice_changes_nothing(made in made(), any in any::<String>(), cut in any::<prop::sample::Index>()) {
        let document = made.document().to_string();
        let at = (0..=cut.index(document.len() + 1)).rev().find(|&at| document.is_char_boundary(at)).unwrap();
        for value in [&document[at..], &document[..at], &any] {
            let once = text::fold(value);
            prop_assert_eq!(text::fold(&once), once);
            for canonical in [identifiers::isbn13, identifiers::issn, identifiers::doi] {
                if let Some(once) = canonical(value) {
                    prop_assert_eq!(canonical(&once), Some(once));
                }
            }
        }
    }

    #[test]
    fn other_members_are_another_proposal(
        one in prop::collection::btree_set("[a\u{1e}\u{1f}01]{1,3}", 1..4),
        other in prop::collection::btree_set("[a\u{1e}\u{1f}01]{1,3}", 1..4),
    ) {
        let id = |ids: &BTreeSet<String>| proposal_id(ids.iter().map(String::as_str));
        prop_assert_eq!(id(&one) == id(&other), one == other);
    }
}

proptest! {
    #![proptest_config(config(24))]

    #[test]
    fn a_report_parses_back_and_its_patches_leave_nothing_to_repair(made in prop::collection::vec(made(), 1..12)) {
        checks::run(lines(&catalogue(&made)).as_bytes());
    }

    #[test]
    fn damaged_bytes_are_told_and_lose_no_other_record(
        made in prop::collection::vec(made(), 2..8),
        hits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)
    ) {
        let documents = catalogue(&made);
        let mut bytes = lines(&documents).into_bytes();
        let mut hit_lines = BTreeSet::new();
        for (at, byte) in hits {
            let at = at.index(bytes.len());
            // Line breaks are left alone, so that a line is a record or a reject.
            if bytes[at] != b'\n' && byte != b'\n' {
                hit_lines.insert(bytes[..at].iter().filter(|&&byte| byte == b'\n').count());
                bytes[at] = byte;
            }
        }
        checks::reader(&bytes);
        // A hit on the first brace may make the whole file something else than lines.
        let Ok(corpus) = Corpus::from_files(vec![InputFile::from_bytes("x", bytes)]) else { return Ok(()) };
        if !corpus.is_lines(0) {
            return Ok(());
        }
        let reading = corpus.read(Vec::new, |ids: &mut Vec<String>, record| ids.push(record.id().to_owned()), |_| ());
        let ids: BTreeSet<String> = reading.parts.into_iter().flatten().collect();
        for (at, document) in documents.iter().enumerate().filter(|(at, _)| !hit_lines.contains(at)) {
            prop_assert!(ids.contains(document["id"].as_str().unwrap()), "record {} is lost", at);
        }
    }

    #[test]
    fn the_order_of_records_changes_nothing_but_their_places(
        (made, order) in prop::collection::vec(made(), 2..40).prop_flat_map(|made| {
            let order = Just((0..made.len()).collect::<Vec<usize>>()).prop_shuffle();
            (Just(made), order)
        })
    ) {
        let documents = catalogue(&made);
        let shuffled: Vec<Value> = order.iter().map(|&at| documents[at].clone()).collect();
        prop_assert_eq!(said(&run(lines(&documents), Job::Check)), said(&run(lines(&shuffled), Job::Check)));
    }

    /// Nor where blocks are divided, and records that are alike in all else are told apart by their ids.
    #[test]
    fn the_order_of_records_decides_in_no_crowded_block(
        (made, order) in crowd().prop_flat_map(|made| {
            let order = Just((0..made.len()).collect::<Vec<usize>>()).prop_shuffle();
            (Just(made), order)
        }),
        limits in (2..5_usize, 2..9_usize, 0..6_usize, 0..4_usize)
    ) {
        let mut config = Config::default();
        let blocking = &mut config.blocking;
        (blocking.max_block_records, blocking.max_weak_block_records) = (limits.0, limits.1);
        (blocking.max_lone_weak_block_records, blocking.neighbourhood) = (limits.2, limits.3);
        let documents = catalogue(&made);
        let shuffled: Vec<Value> = order.iter().map(|&at| documents[at].clone()).collect();
        let of = |documents: &[Value]| said(&run_with(&config, lines(documents), Job::Check));
        prop_assert_eq!(of(&documents), of(&shuffled));
    }

    #[test]
    fn an_unrelated_record_changes_no_verdict(made in prop::collection::vec(made(), 2..30), at in any::<prop::sample::Index>()) {
        let documents = catalogue(&made);
        let stranger = json!({"id": "stranger", "title": "Xylographia zymotica quokkarum", "author": ["Qvist, Zebulon Y."],
            "publishDate": ["1623"], "format": ["Book"], "publisher": ["Zzyzx"], "physical": ["777 p."]});
        let mut more = documents.clone();
        more.insert(at.index(documents.len() + 1), stranger);
        let after = said(&run(lines(&more), Job::Dedupe));
        prop_assert!(!after.iter().any(|line| line.contains("stranger")));
        prop_assert_eq!(said(&run(lines(&documents), Job::Dedupe)), after);
    }

    #[test]
    fn the_number_of_threads_changes_nothing(made in prop::collection::vec(made(), 2..30)) {
        let documents = lines(&catalogue(&made));
        let with = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| said(&run(documents.clone(), Job::Check)))
        };
        prop_assert_eq!(with(1), with(5));
    }
}
