//! Records of a cluster, read again and kept whole while a proposal is made.

use crate::ids::{Position, RecordId};
use crate::input::{Field, Record, ValueShape};
use crate::keys::Features;

/// One field with its values, as the record holds it.
#[derive(Clone, Debug)]
pub struct OwnedField {
    /// Field name.
    pub name: String,
    /// Known field of that name.
    pub field: Option<Field>,
    /// Whether it was written as an array.
    pub is_array: bool,
    /// Whether values are JSON literals.
    pub is_literal: bool,
    /// Values in order.
    pub values: Vec<String>,
}

/// A record of a cluster.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its number.
    pub record: RecordId,
    /// Its place.
    pub position: Position,
    /// Its id.
    pub id: String,
    /// Its fields in document order.
    pub fields: Vec<OwnedField>,
    /// Its features, for evidence.
    pub features: Features<'static>,
    /// What it says, as a number; see [`Record::content_hash`].
    pub content_hash: u64,
    /// Number of findings the audit has against it.
    pub n_findings: usize,
}

impl Member {
    /// Copies a record.
    pub fn new(number: RecordId, position: Position, record: &Record<'_>, n_findings: usize) -> Member {
        let features = Features::of(record);
        Member { features, ..Member::without_features(number, position, record, n_findings) }
    }

    /// Copies a record that will not be compared: its features are empty.
    pub fn without_features(number: RecordId, position: Position, record: &Record<'_>, n_findings: usize) -> Member {
        let fields = record.entries().iter().map(|entry| OwnedField {
            name: entry.name.to_owned(),
            field: entry.field,
            is_array: entry.shape == ValueShape::Array,
            is_literal: entry.literal,
            values: record.values(entry).iter().map(|value| value.to_string()).collect(),
        });
        Member {
            record: number,
            position,
            id: record.id().to_owned(),
            fields: fields.collect(),
            features: Features::default(),
            content_hash: record.content_hash(),
            n_findings,
        }
    }

    /// The content hash in 16 hexadecimal digits.
    pub fn hash(&self) -> String {
        format!("{:016x}", self.content_hash)
    }

    /// Values of a field; empty if it is absent.
    pub fn values(&self, name: &str) -> &[String] {
        self.fields.iter().find(|field| field.name == name).map_or(&[], |field| &field.values)
    }
}
