//! The configuration as a TOML text that explains itself.

use serde_json::{Map, Value};

use super::Config;
use crate::matching::evidence::{Aspect, Kind, Level};

/// What each setting and table means. A table's comment stands over its header.
///
/// Weights, priors and tables of kinds and aspects are explained by [`comment`] itself.
const COMMENTS: &[(&str, &str)] = &[
    (
        "decisions",
        "Files of decisions that a run obeys (SQLite or JSON Lines), as paths; later ones overrule earlier ones.",
    ),
    ("blocking", "How records are brought together for comparison."),
    (
        "blocking.max_block_records",
        "Records, from 2: a block of up to so many is compared in full, a larger one is divided.",
    ),
    (
        "blocking.max_weak_block_records",
        "Records, from 2: the same for blocks of weak keys, such as two title words or a name and a word.",
    ),
    (
        "blocking.max_lone_weak_block_records",
        "Records: two records that meet in a larger block of a weak key are compared only if they meet in two such blocks.",
    ),
    (
        "blocking.neighbourhood",
        "Records, from 0: in a divided block each is still compared with so many next ones in title order.",
    ),
    (
        "audit",
        "Selectors name rules: a code (T002), its beginning (T, W00), a name (title-sort-mismatch) or ALL. Of two \
         that disagree\n# the longer one counts; of equally long ones, the one that takes away.",
    ),
    ("audit.fail_on", "Least severity of a finding that makes the exit code 1: info, warn or error."),
    (
        "audit.title_sort",
        "Sort titles that T002 accepts: any (all releases of all importers) or current (without punctuation).",
    ),
    ("audit.select", "Selectors of the rules that run; [] means all."),
    ("audit.ignore", "Selectors of rules that do not run."),
    (
        "audit.scopes",
        "Other rules for some records, each scope a table [[audit.scopes]]. Conditions, at least one and all to be \
         fulfilled:\n# collection, institution, record_format (a value or a list of values, one of which the record \
         has). Changes, at least one:\n# select, ignore and severity, as above.",
    ),
    ("audit.scopes.collection", "Condition: the record has one of these values of collection."),
    ("audit.scopes.institution", "Condition: the record has one of these values of institution."),
    ("audit.scopes.record_format", "Condition: the record has one of these values of record_format or recordtype."),
    ("audit.scopes.select", "Selectors of the rules that run here, whatever runs elsewhere."),
    ("audit.scopes.ignore", "Selectors of rules that do not run here."),
    ("audit.scopes.severity", "Severities here, by selector: info, warn or error."),
    (
        "audit.severity",
        "Severities in place of the rules' own, by selector: info, warn or error. What a rule grades lower stays lower.",
    ),
    (
        "audit.lists",
        "What rules look things up in. In a configuration file, NAME = [...] replaces a list and extra_NAME = [...] \
         adds to it.",
    ),
    (
        "audit.lists.generic_titles",
        "Titles that name a kind of text and no work; compared without blanks, punctuation and case, as in work keys.",
    ),
    ("audit.lists.title_placeholders", "Titles that mean that there is none; compared by letters and numbers."),
    ("audit.lists.author_placeholders", "Names that mean that there is none; compared by letters and numbers."),
    ("audit.lists.publication_types", "Topics that are kinds of publications; case does not count."),
    ("audit.lists.article_types", "The same, judged for articles only; case does not count."),
    ("audit.lists.residual_formats", "Formats that say nothing; case does not count."),
    (
        "audit.lists.secure_hosts",
        "Hosts that redirect to https, their sub-domains with them; ASCII case does not count.",
    ),
    (
        "audit.lists.moved_hosts",
        "Pairs: the beginning of a link without its scheme, and what it became; the first that fits counts.",
    ),
    ("model.origin", "Where the numbers come from, in a sentence."),
    ("model.merge_at", "Bits: least match weight of a pair that is merged without a look; not below review_at."),
    (
        "model.review_at",
        "Bits: least match weight of a pair that a person should look at; copies of a record are shown at any weight.",
    ),
    (
        "model.words",
        "How much common words of titles say, by folded word. Bits: log2 of one in how many records has it.",
    ),
    ("model.names", "How much common family names say, by folded name. Bits: log2 of one in how many records has it."),
];

/// Prints all settings in the order in which the program holds them, each with what it means.
pub(crate) fn commented(config: &Config) -> String {
    let tables = serde_json::to_value(config).expect("plain tables of numbers and words");
    let mut text = String::new();
    if let Value::Object(table) = &tables {
        settings("", table, &mut text);
    }
    text
}

fn settings(path: &str, table: &Map<String, Value>, text: &mut String) {
    let place = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    for (key, value) in table.iter().filter(|(_, value)| !is_tables(value)) {
        explain(&place(key), text);
        let line = Map::from_iter([(key.clone(), value.clone())]);
        text.push_str(&toml::to_string_pretty(&line).expect("a number, a word or a list of them"));
    }
    for (key, value) in table {
        let place = place(key);
        match value {
            Value::Object(inner) => {
                // TOML needs no header for a table of nothing but tables.
                if inner.is_empty() || inner.values().any(|value| !is_tables(value)) {
                    header(&place, &format!("[{place}]"), text);
                }
                settings(&place, inner, text);
            }
            Value::Array(several) if is_tables(value) => {
                for inner in several.iter().filter_map(Value::as_object) {
                    header(&place, &format!("[[{place}]]"), text);
                    settings(&place, inner, text);
                }
            }
            _ => {}
        }
    }
}

fn is_tables(value: &Value) -> bool {
    value.is_object() || value.as_array().is_some_and(|list| list.first().is_some_and(Value::is_object))
}

fn header(place: &str, header: &str, text: &mut String) {
    if !text.is_empty() {
        text.push('\n');
    }
    explain(place, text);
    text.push_str(header);
    text.push('\n');
}

fn explain(place: &str, text: &mut String) {
    if let Some(comment) = comment(place) {
        text.push_str("# ");
        text.push_str(&comment);
        text.push('\n');
    }
}

/// What a setting or table means; none for the entries of tables that users name.
fn comment(place: &str) -> Option<String> {
    if let Some((_, comment)) = COMMENTS.iter().find(|(name, _)| *name == place) {
        return Some((*comment).to_owned());
    }
    let model = place.strip_prefix("model")?;
    if model.is_empty() {
        return Some(of_model());
    }
    let parts: Vec<&str> = model.split('.').skip(1).collect();
    let kind = |name: &str| Kind::ALL.into_iter().find(|kind| kind.name() == name);
    match *parts {
        [name] => Some(format!("Pairs of {}.", kind(name)?.meaning())),
        [_, "prior"] => {
            Some("Bits: log2 of the odds that two records of this kind that meet in a block are duplicates.".to_owned())
        }
        [_, "weights", name] => {
            let aspect = Aspect::ALL.into_iter().find(|known| known.name() == name)?;
            Some(format!("Bits per level. {}", of_aspect(aspect)))
        }
        _ => None,
    }
}

fn of_model() -> String {
    let mut lines = vec![
        "Match weights: log2 of how much more often a level of agreement occurs among duplicates than among other pairs"
            .to_owned(),
        "that meet in a block. A pair's weight is their sum with the prior of its kind. Levels:".to_owned(),
    ];
    lines.extend(Level::ALL.into_iter().map(|level| format!("  {}: {}", level.name(), of_level(level))));
    lines.join("\n# ")
}

fn of_level(level: Level) -> &'static str {
    match level {
        Level::Same => "equal after folding",
        Level::Similar => "equal but for typing errors, abbreviations or small differences",
        Level::Shortened => "one is a shortened form of the other",
        Level::Close => "nearly the same in other words, or one within the other",
        Level::Partial => "overlapping in good part",
        Level::Weak => "touching at one point only",
        Level::Different => "disagreeing",
        Level::Translated => "in two languages, so that comparing them says little",
        Level::OneMissing => "only one of the two says anything",
    }
}

fn of_aspect(aspect: Aspect) -> &'static str {
    match aspect {
        Aspect::Title => "Title and subtitle; the weight of long titles, short ones count less.",
        Aspect::Part => "Part or section named in the full title.",
        Aspect::Numbers => "Numbers in titles and series: parts, volumes, years.",
        Aspect::Authors => "Persons and bodies.",
        Aspect::Year => "Year of publication.",
        Aspect::Container => "Host title or ISSN.",
        Aspect::Volume => "Host volume.",
        Aspect::Issue => "Host issue.",
        Aspect::Pages => "Page range.",
        Aspect::Publisher => "Publisher.",
        Aspect::Place => "Place of publication.",
        Aspect::Edition => "Edition statement.",
        Aspect::Extent => "Number of pages, volumes or minutes.",
        Aspect::Height => "Height of a book in centimetres.",
        Aspect::Series => "Series and number within it.",
        Aspect::Doi => "DOI.",
        Aspect::ArticleNumber => "PubMed, PubMed Central or arXiv number.",
        Aspect::Oclc => "OCLC number.",
        Aspect::Isbn => "ISBN.",
        Aspect::Issn => "ISSN of a serial itself.",
        Aspect::Language => "Language.",
        Aspect::Format => "Format class.",
        Aspect::Summary => "Beginning of the summary of an article, if it is the same.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCOPES: &str = "[[audit.scopes]]\ncollection = \"A\"\nrecord_format = \"x\"\nignore = [\"T\"]\n\
                          [[audit.scopes]]\ninstitution = [\"B\", \"C\"]\nselect = [\"T\"]\n\
                          severity = { U = \"error\" }\n";

    fn with_scopes() -> Config {
        Config::parse(SCOPES).expect("valid")
    }

    fn plain(text: &str) -> String {
        text.split_inclusive('\n').filter(|line| !line.starts_with('#')).collect()
    }

    #[test]
    fn comments_are_all_that_is_added() {
        for config in [Config::default(), with_scopes()] {
            assert_eq!(plain(&commented(&config)), toml::to_string_pretty(&config).expect("plain tables"));
        }
    }

    #[test]
    fn every_setting_of_ours_is_explained() {
        let users_name = |table: &str| {
            table.contains(".weights.")
                || ["[model.words]", "[model.names]", "[audit.scopes.severity]"].contains(&table)
        };
        for config in [Config::default(), with_scopes()] {
            let (text, mut table, mut before, mut seen) =
                (commented(&config), "", "", std::collections::BTreeSet::new());
            for line in text.lines() {
                let is_header = line.starts_with('[');
                if is_header {
                    table = line;
                }
                let is_setting = line.starts_with(|letter: char| letter.is_ascii_lowercase()) && !users_name(table);
                assert!(!(is_header || is_setting) || before.starts_with("# "), "{table} {line}");
                if is_header || is_setting {
                    seen.insert(line);
                }
                before = line;
            }
            assert!(seen.len() > 100, "{seen:?}");
        }
    }

    #[test]
    fn every_comment_is_used() {
        let text = commented(&with_scopes());
        for (place, comment) in COMMENTS {
            assert!(text.contains(comment), "{place}");
        }
    }

    #[test]
    fn whatever_a_user_set_parses_back() {
        let hostile = "it's \"\"\" ''' \\ \n[audit]\n# no comment\nfail_on = 1\n";
        let mut config = with_scopes();
        config.model.origin = hostile.to_owned();
        config.model.words.insert("a.b \"c\"".to_owned(), 0.5);
        config.model.merge_at = 12.375;
        config.decisions = vec!["a b.sqlite".into(), hostile.into()];
        config.audit.scopes[0].collection.push(hostile.to_owned());
        config.audit.severity.insert("title-shouting".to_owned(), crate::audit::Severity::Warn);
        assert_eq!(Config::parse(&commented(&config)), Ok(config));
    }
}
