//! The configuration: every number a user may set, with its default.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::audit;
use crate::error::Error;
use crate::matching::weights::{Model, Weights};

/// All settings. A configuration file may leave out any of them.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
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
    /// In a divided block, every record is still compared with this many next ones in title order.
    pub neighbourhood: usize,
}

impl Default for Blocking {
    fn default() -> Blocking {
        Blocking { max_block_records: 150, neighbourhood: 12 }
    }
}

impl Config {
    /// Reads a TOML file over the defaults; without a path, the defaults.
    ///
    /// # Errors
    /// If the file cannot be read, is no TOML, names unknown settings, or holds values out of range.
    pub fn load(path: Option<&Path>) -> Result<Config, Error> {
        let Some(path) = path else { return Ok(Config::default()) };
        let text = std::fs::read_to_string(path).map_err(|source| Error::input(path, source))?;
        Config::parse(&text).map_err(|reason| Error::Config { path: path.display().to_string(), reason })
    }

    /// The defaults with the settings of a TOML text laid over them.
    ///
    /// # Errors
    /// A sentence with the place of the mistake.
    pub fn parse(text: &str) -> Result<Config, String> {
        let own: toml::Table = text.parse().map_err(|error: toml::de::Error| error.to_string())?;
        let mut whole = toml::Table::try_from(Config::default()).map_err(|error| error.to_string())?;
        lay_over(&mut whole, own);
        let config: Config = whole.try_into().map_err(|error: toml::de::Error| error.to_string())?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), String> {
        Weights::new(&self.model)?;
        if self.blocking.max_block_records < 2 {
            return Err("blocking.max_block_records must be at least 2".to_owned());
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

    /// The configuration as TOML, as `shelfread config` prints it.
    pub fn to_toml(&self) -> String {
        toml::to_string_pretty(self).expect("plain tables of numbers and words")
    }
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
    fn mistakes_are_named() {
        for (text, named) in [
            ("[modell]\n", "modell"),
            ("[model.book.weights.titel]\nsame = 1\n", "titel"),
            ("[model.book.weights.title]\nequal = 1\n", "equal"),
            ("[model]\nreview_at = 50\n", "review_at"),
            ("[blocking]\nmax_block_records = 1\n", "max_block_records"),
            ("[audit]\nfail_on = \"fatal\"\n", "fatal"),
            ("[audit]\ntitle_sort = \"new\"\n", "new"),
            ("[audit]\nfail_at = \"warn\"\n", "fail_at"),
        ] {
            let reason = Config::parse(text).expect_err(text);
            assert!(reason.contains(named), "{text}: {reason}");
        }
    }
}
