//! What a sketch knows for certain of a record.

pub(super) const COMPONENT: u32 = 1;
pub(super) const BARE: u32 = 1 << 1;
/// The sketch does not suffice: no title, a damaged or very long one, or one that follows up another.
pub(super) const COMPARED: u32 = 1 << 3;
pub(super) const SUBTITLE: u32 = 1 << 4;
pub(super) const PART: u32 = 1 << 5;
pub(super) const NUMBERS: u32 = 1 << 6;
pub(super) const SERIES: u32 = 1 << 7;
pub(super) const SERIES_NUMBER: u32 = 1 << 8;
pub(super) const PERSONS: u32 = 1 << 9;
pub(super) const BODIES: u32 = 1 << 10;
pub(super) const CONTAINER: u32 = 1 << 11;
pub(super) const PUBLISHER: u32 = 1 << 12;
pub(super) const PLACE: u32 = 1 << 13;
pub(super) const EDITION: u32 = 1 << 14;
pub(super) const LANGUAGE: u32 = 1 << 15;
pub(super) const DOI: u32 = 1 << 16;
pub(super) const ARTICLE_NUMBER: u32 = 1 << 17;
pub(super) const OCLC: u32 = 1 << 18;
pub(super) const ISBN: u32 = 1 << 19;
pub(super) const ISSN: u32 = 1 << 20;
/// A name and a colon open the title.
pub(super) const NAMED: u32 = 1 << 21;
/// The title may say that it follows up another work.
pub(super) const FOLLOW_UP: u32 = 1 << 22;
/// All persons and bodies are among those sketched.
pub(super) const NAMES: u32 = 1 << 23;
/// The title is long enough that another one may be about it.
pub(super) const SUBJECT: u32 = 1 << 24;
