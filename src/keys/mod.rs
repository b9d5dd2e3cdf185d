//! How VuFind and its importers derive fields from titles, names, dates and identifiers.
pub mod dates;
pub mod first_words;
pub mod identifiers;
pub mod names;
pub mod sort_title;
pub mod work_key;
