//! What a user may set about the audit.

use serde::{Deserialize, Serialize};

use super::Severity;

/// The settings that rules and reports read. Part of the configuration, under `[audit]`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Least severity of a finding that makes the exit code 1.
    pub fail_on: Severity,
    /// Which forms of sort titles are accepted.
    pub title_sort: TitleSort,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { fail_on: Severity::Error, title_sort: TitleSort::Any }
    }
}

/// Which forms of `title_sort` rule T002 accepts; see [`crate::keys::sort_title`] for the forms.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TitleSort {
    /// Those of all releases of all importers.
    Any,
    /// Those of current releases only: without punctuation.
    Current,
}
