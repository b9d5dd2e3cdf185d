//! Which importer made a record: VuFind's derived fields are computed differently by each.

use serde::{Deserialize, Serialize};

use crate::input::{Field, Record};

/// Importer families, told by the traces they leave.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Family {
    /// SolrMarc: MARC `fullrecord`, relator and variant fields, or `record_format` marc.
    Marc,
    /// RecordManager: merge fields, or ids with a source prefix beside its local fields.
    RecordManager,
    /// VuFind's XSLT importers, current or older.
    Xslt,
    /// None of the signs: every generation of derived fields is accepted.
    Unknown,
}

impl Family {
    /// All families.
    pub const ALL: [Family; 4] = [Family::Marc, Family::RecordManager, Family::Xslt, Family::Unknown];

    /// The importer's name.
    pub fn name(self) -> &'static str {
        match self {
            Family::Marc => "SolrMarc",
            Family::RecordManager => "RecordManager",
            Family::Xslt => "XSLT",
            Family::Unknown => "unknown",
        }
    }

    /// The family by the record's own fields. Conservative: `Unknown` when in doubt.
    pub fn of(record: &Record<'_>) -> Family {
        let manager = [Field::MergedBoolean, Field::MergedChildBoolean, Field::LocalIdsStrMv];
        if manager.iter().any(|&field| record.has(field)) {
            return Family::RecordManager;
        }
        let format = record.first(Field::RecordFormat).or_else(|| record.first(Field::Recordtype));
        let marc_only = [Field::AuthorVariant, Field::AuthorRole, Field::TitleAuth];
        if format.is_some_and(|format| format.eq_ignore_ascii_case("marc"))
            || marc_only.iter().any(|&field| record.has(field))
            || record.first(Field::Fullrecord).is_some_and(is_marc)
        {
            return Family::Marc;
        }
        if has_source_prefix(record.id()) {
            return Family::RecordManager;
        }
        if format.is_some() && record.has(Field::WorkKeysStrMv) { Family::Xslt } else { Family::Unknown }
    }
}

/// RecordManager puts the name of the data source and a dot before the source's own id: `source.123`.
fn has_source_prefix(id: &str) -> bool {
    let is_name = |source: &str| {
        source.starts_with(|c: char| c.is_ascii_alphabetic())
            && source.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    };
    id.split_once('.').is_some_and(|(source, own)| is_name(source) && !own.is_empty() && !own.contains('/'))
}

/// MARC 21 in ISO 2709 (leader of digits and letters, directory end 0x1E) or MARCXML.
fn is_marc(fullrecord: &str) -> bool {
    let text = fullrecord.trim_start();
    text.contains("<leader>")
        || (text.len() > 24 && text.as_bytes()[..5].iter().all(u8::is_ascii_digit) && text.contains('\u{1e}'))
}

/// Milliseconds of the average Gregorian year.
const YEAR_MS: u64 = 31_556_952_000;

/// Year of the last indexing: `_version_ >> 20` is epoch time in milliseconds; else `last_indexed`, an ISO date.
pub(super) fn indexed_year(record: &Record<'_>) -> Option<u16> {
    let version = record.first(Field::Version).and_then(|text| text.parse::<u64>().ok()).map(|version| version >> 20);
    // Versions below 2000 are counters of another kind, not times.
    if let Some(year) =
        version.and_then(|ms| u16::try_from(1970 + ms / YEAR_MS).ok()).filter(|year| (2000..2200).contains(year))
    {
        return Some(year);
    }
    record.first(Field::LastIndexed)?.get(..4)?.parse().ok()
}
