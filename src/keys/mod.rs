//! Stage 2: records → normalised keys.
//!
//! Three layers. What VuFind itself computes, reproduced exactly: [`work_key`], [`sort_title`], [`names`],
//! [`dates`], [`identifiers`], [`first_words`]. What matching needs beyond that, folded more strongly:
//! [`text`], [`title`], [`person`], [`material`], [`language`], gathered per record in [`Features`]. And the
//! keys under which records meet: [`block_keys`]. Nothing here compares two records.

pub mod dates;
pub mod first_words;
pub mod identifiers;
pub mod names;
pub mod sort_title;
pub mod work_key;
