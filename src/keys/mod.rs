//! Stage 2: records → normalised keys.
//!
//! Three layers. What VuFind itself computes, reproduced exactly: [`work_key`], [`sort_title`], [`names`],
//! [`dates`], [`identifiers`], [`first_words`]. What matching needs beyond that, folded more strongly:
//! [`text`], [`title`], [`citation`], [`person`], [`material`], [`notes`], [`language`], gathered per record in [`Features`]. And the
//! keys under which records meet: [`block_keys`]. Nothing here compares two records.

pub mod block_keys;
pub mod borrowed;
pub mod citation;
pub mod dates;
pub mod features;
pub mod first_words;
mod host_place;
pub mod identifiers;
mod key_letters;
pub mod language;
pub mod material;
pub mod names;
pub mod notes;
pub mod numbers;
mod part;
pub mod person;
mod places;
pub mod preprints;
pub(crate) mod seek;
pub mod sort_title;
pub mod statements;
mod summary;
pub mod table;
pub mod text;
pub mod thematic;
pub mod title;
mod translators;
pub(crate) mod word_filter;
pub mod work_key;

pub use borrowed::Text;
pub use features::{Features, IdKind, Identifier, Years};
pub use table::FeatureTable;
