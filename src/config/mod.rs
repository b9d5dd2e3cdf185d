//! The configuration: every number a user may set, with its default.

mod text;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::audit;
use crate::error::Error;
use crate::matching::candidates::Limits;
use crate::matching::weights::{Model, Weights};
use crate::nearest::with_nearest;

use text::commented;

/// All settings. A configuration file may leave out any of them.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Files of decisions that a run obeys, see [`crate::decisions::read`]. Later ones overrule earlier ones.
    pub decisions: Vec<PathBuf>,
    /// Settings of blocking and candidate pairs.
    pub blocking: Blocking,
    /// Settings of the audit.
    pub audit: audit::Settings,
    /// Thresholds and match weights.
    pub model: Model,
}

/// How records are brought together for comparison.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Blocking {
    /// Largest block whose records are all compared with each other; larger ones are divided by
    /// year, author, host, publisher and size.
    pub max_block_records: usize,
    /// The same for the blocks of weak keys: two title words, a name and a word, a title's beginning and the year.
    pub max_weak_block_records: usize,
    /// Records of a weak key's block with more than this are compared only if they share two of these.
    pub max_lone_weak_block_records: usize,
    /// In a divided block, every record is still compared with this many next ones in title order.
    pub neighbourhood: usize,
}

impl Default for Blocking {
    fn default() -> Blocking {
        Blocking {
            max_block_records: 150,
            max_weak_block_records: 40,
            max_lone_weak_block_records: 6,
            neighbourhood: 12,
        }
    }
}

impl Blocking {
    /// The same, for those who bring records together.
    pub fn limits(&self) -> Limits {
        let Blocking { max_block_records, max_weak_block_records, max_lone_weak_block_records, neighbourhood } = *self;
        Limits { max_block_records, max_weak_block_records, max_lone_weak_block_records, neighbourhood }
    }
}

impl Config {
    /// Reads a TOML file over the defaults; without a path, the defaults. Files of decisions that it names without a root lie
    /// beside it or below.
    ///
    /// # Errors
    /// If the file cannot be read, is no TOML, names unknown settings, or holds values out of range.
    pub fn load(path: Option<&Path>) -> Result<Config, Error> {
        let Some(path) = path else { return Ok(Config::default()) };
        let text = std::fs::read_to_string(path).map_err(|source| Error::input(path, source))?;
        let mut config =
            Config::parse(&text).map_err(|reason| Error::Config { path: path.display().to_string(), reason })?;
        let folder = path.parent().unwrap_or(Path::new(""));
        config.decisions.iter_mut().for_each(|decisions| *decisions = folder.join(&*decisions));
        Ok(config)
    }

    /// The defaults with the settings of a TOML text laid over them.
    ///
    /// # Errors
    /// A sentence with the place of the mistake.
    pub fn parse(text: &str) -> Result<Config, String> {
        let mut own: toml::Table = text.parse().map_err(|error: toml::de::Error| error.to_string())?;
        let mut whole = toml::Table::try_from(Config::default()).map_err(|error| error.to_string())?;
        extend_lists(&whole, &mut own)?;
        lay_over(&mut whole, own);
        let config: Config = whole.try_into().map_err(|error: toml::de::Error| explained(error.to_string()))?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), String> {
        Weights::new(&self.model)?;
        self.audit.check()?;
        if self.blocking.max_block_records < 2 {
            return Err("blocking.max_block_records must be at least 2".to_owned());
        }
        if self.blocking.max_weak_block_records < 2 {
            return Err("blocking.max_weak_block_records must be at least 2".to_owned());
        }
        Ok(())
    }

    /// The model alone as TOML: a configuration file that sets nothing else.
    pub fn model_toml(&self) -> String {
        #[derive(Serialize)]
        struct Only<'a> {
            model: &'a Model,
        }
        toml::to_string_pretty(&Only { model: &self.model }).expect("plain tables of numbers and words")
    }

    /// The configuration as TOML with a comment on every setting, as `shelfread config` prints it.
    pub fn to_toml(&self) -> String {
        commented(self)
    }
}

/// An error of serde in the words of TOML, with the name that was probably meant, and with names that it does not know of.
fn explained(error: String) -> String {
    const A_LIST: &str = "`generic_titles`";
    /// What serde calls kinds of values, after the languages it is written for and in.
    const KINDS: [(&str, &str); 8] = [
        ("floating point `", "number `"),
        ("integer `", "number `"),
        ("expected usize", "expected a whole number from 0"),
        ("expected f64", "expected a number"),
        ("expected a sequence", "expected a list in square brackets"),
        ("expected an array of length 2", "expected a list of two"),
        ("expected a map", "expected a table"),
        ("expected struct ", "expected a table of "),
    ];
    let is_of_lists = error.contains(A_LIST);
    let said = KINDS.iter().fold(error, |error, (kind, words)| error.replace(kind, words));
    let mut error = with_nearest(said);
    if is_of_lists {
        error.push_str(
            "\n`extra_` before the name of a list adds to it, as in extra_generic_titles = [\"annual review\"]",
        );
    }
    error
}

/// Adds the entries of `extra_NAME` to those of the list NAME, in the file's own form or else in the default one.
///
/// # Errors
/// If the entries are no list.
fn extend_lists(base: &toml::Table, own: &mut toml::Table) -> Result<(), String> {
    let lists = |table: &toml::Table| Some(table.get("audit")?.get("lists")?.as_table()?.clone());
    let (Some(base), Some(mut merged)) = (lists(base), lists(own)) else { return Ok(()) };
    for (name, list) in &base {
        let key = format!("extra_{name}");
        let Some(extra) = merged.remove(&key) else { continue };
        let toml::Value::Array(extra) = extra else {
            let kind = extra.type_str();
            return Err(format!("audit.lists.{key} is a {kind}; a list is expected, such as {key} = [...]"));
        };
        let whole = merged.entry(name.clone()).or_insert_with(|| list.clone());
        if let Some(whole) = whole.as_array_mut() {
            whole.extend(extra);
        }
    }
    if let Some(place) = own.get_mut("audit").and_then(|audit| audit.get_mut("lists")) {
        *place = toml::Value::Table(merged);
    }
    Ok(())
}

fn lay_over(base: &mut toml::Table, own: toml::Table) {
    for (key, value) in own {
        match (base.get_mut(&key), value) {
            (Some(toml::Value::Table(base)), toml::Value::Table(own)) => lay_over(base, own),
            // `merge_at = 12` means 12.0.
            (Some(place @ toml::Value::Float(_)), toml::Value::Integer(number)) => {
                *place = toml::Value::Float(number as f64)
            }
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_config_prints_parses_back() {
        let config = Config::default();
        assert_eq!(Config::parse(&config.to_toml()), Ok(config));
    }

    #[test]
    fn the_model_alone_is_a_configuration_file_too() {
        let mut config = Config::default();
        config.model.merge_at = 12.5;
        config.model.media.prior = -3.25;
        assert_eq!(Config::parse(&config.model_toml()), Ok(config));
    }

    #[test]
    fn a_file_need_only_say_what_differs() {
        let config = Config::parse("[model]\nmerge_at = 12\n[model.book.weights.title]\nsame = 9\n").expect("valid");
        assert_eq!(config.model.merge_at, 12.0);
        assert_eq!(config.model.book.weights["title"]["same"], 9.0);
        assert_eq!(config.model.book.weights["doi"], Config::default().model.book.weights["doi"]);
    }

    #[test]
    fn lists_are_replaced_or_added_to() {
        let text = "[audit.lists]\nextra_title_placeholders = [\"No Name!\"]\nsecure_hosts = [\"X.org\"]\n";
        let lists = Config::parse(text).expect("valid").audit.lists;
        assert!(lists.title_placeholders.has("noname") && lists.title_placeholders.has("untitled"));
        assert!(lists.secure_hosts.has("x.org") && !lists.secure_hosts.has("www.jstor.org"));
        let both = "[audit.lists]\nsecure_hosts = [\"x.org\"]\nextra_secure_hosts = [\"y.org\"]\n\
                    extra_moved_hosts = [[\"a.org/\", \"b.org/\"]]\n";
        let lists = Config::parse(both).expect("valid").audit.lists;
        assert!(lists.secure_hosts.has("x.org") && lists.secure_hosts.has("y.org"));
        assert_eq!(lists.moved_hosts.last(), Some(&["a.org/".to_owned(), "b.org/".to_owned()]));
    }

    #[test]
    fn scopes_are_read() {
        let text = "[[audit.scopes]]\ncollection = \"PubMed\"\nrecord_format = [\"marc\", \"ead\"]\nignore = [\"T\"]\n\
                    severity = { U = \"error\" }\n";
        let config = Config::parse(text).expect("valid");
        assert_eq!(config.audit.scopes[0].record_format, ["marc", "ead"]);
        assert_eq!(Config::parse(&config.to_toml()), Ok(config));
    }

    #[test]
    fn mistakes_are_named() {
        for (text, named) in [
            ("[modell]\n", "modell"),
            ("[model.book.weights.titel]\nsame = 1\n", "titel"),
            ("[model.book.weights.title]\nequal = 1\n", "equal"),
            ("[model]\nreview_at = 50\n", "review_at"),
            ("[blocking]\nmax_block_records = 1\n", "max_block_records"),
            ("[blocking]\nmax_weak_block_records = 1\n", "max_weak_block_records"),
            ("[audit]\nfail_on = \"fatal\"\n", "fatal"),
            ("[audit]\ntitle_sort = \"new\"\n", "new"),
            ("[audit]\nfail_at = \"warn\"\n", "did you mean `fail_on`?"),
            ("[audit]\ntitle_sort = \"curent\"\n", "did you mean `current`?"),
            ("[audit]\nselect = [\"T02\"]\n", "audit.select: there is no rule \"T02\"; did you mean T002?"),
            ("[audit.severity]\nT0002 = \"info\"\n", "audit.severity: there is no rule \"T0002\"; did you mean T002?"),
            ("[audit.severity]\nT002 = \"warning\"\n", "did you mean `warn`?"),
            ("[audit.lists]\nextra_title_placeholders = \"none\"\n", "is a string; a list is expected"),
            ("[audit.lists]\nzebra = [\"x.org\"]\n", "`extra_` before the name of a list adds to it"),
            ("[audit]\nignore = [\"ALL\"]\n", "no rule is left to run: audit.ignore takes away"),
            ("[audit]\nselect = [\"T002\"]\nignore = [\"T002\"]\n", "no rule is left to run"),
            ("[audit.lists]\nextra_secure_host = [\"x.org\"]\n", "did you mean `extra_secure_hosts`?"),
            ("[[audit.scopes]]\ncolection = \"x\"\n", "did you mean `collection`?"),
            ("[[audit.scopes]]\ncollection = \"x\"\n", "scope 1 of audit.scopes changes nothing"),
            ("[[audit.scopes]]\nignore = [\"T\"]\n", "scope 1 of audit.scopes has no condition"),
            ("[[audit.scopes]]\ncollection = 1\nignore = [\"T\"]\n", "a text or a list of texts"),
            (
                "[blocking]\nneighbourhood = -3\n",
                "number `-3`, expected a whole number from 0\nin `blocking.neighbourhood`",
            ),
            ("[model]\nmerge_at = \"a\"\n", "string \"a\", expected a number\nin `model.merge_at`"),
            ("[audit]\nselect = \"T002\"\n", "expected a list in square brackets\nin `audit.select`"),
            ("model = 3\n", "number `3`, expected a table of Model\nin `model`"),
        ] {
            let reason = Config::parse(text).expect_err(text);
            assert!(reason.contains(named), "{text}: {reason}");
        }
    }
}
