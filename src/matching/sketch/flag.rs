//! What a sketch knows for certain of a record.

/// A part of a host: `Features::is_component`.
pub(super) const COMPONENT: u32 = 1;
/// Nothing places the record but title, authors, host and year: `Features::is_bare_citation`.
pub(super) const BARE: u32 = 1 << 1;
/// Nothing tells where a text was published: `is_unplaced`.
pub(super) const UNPLACED: u32 = 1 << 2;
/// The sketch does not suffice: no title, a damaged or very long one, or one that follows up another.
pub(super) const COMPARED: u32 = 1 << 3;
/// There is a subtitle.
pub(super) const SUBTITLE: u32 = 1 << 4;
/// The full title names a part or section.
pub(super) const PART: u32 = 1 << 5;
/// Numbers stand in title, part or subtitle.
pub(super) const NUMBERS: u32 = 1 << 6;
/// The record is in one series, whose name is known.
pub(super) const SERIES: u32 = 1 << 7;
/// A number within the series is given.
pub(super) const SERIES_NUMBER: u32 = 1 << 8;
/// Persons are among the authors.
pub(super) const PERSONS: u32 = 1 << 9;
/// Corporate bodies are among the authors.
pub(super) const BODIES: u32 = 1 << 10;
/// A host is named, or a series in its place.
pub(super) const CONTAINER: u32 = 1 << 11;
/// A publisher is named.
pub(super) const PUBLISHER: u32 = 1 << 12;
/// A place of publication is named.
pub(super) const PLACE: u32 = 1 << 13;
/// There is a statement of edition.
pub(super) const EDITION: u32 = 1 << 14;
/// A language is given.
pub(super) const LANGUAGE: u32 = 1 << 15;
/// There is a DOI; those of works of which it may be a version do not count.
pub(super) const DOI: u32 = 1 << 16;
/// There is a number of PubMed, PubMed Central or arXiv.
pub(super) const ARTICLE_NUMBER: u32 = 1 << 17;
/// There is an OCLC number.
pub(super) const OCLC: u32 = 1 << 18;
/// There is an ISBN, which may be that of the host.
pub(super) const ISBN: u32 = 1 << 19;
/// There is an ISSN, which may be that of the host.
pub(super) const ISSN: u32 = 1 << 20;
/// A name and a colon open the title.
pub(super) const NAMED: u32 = 1 << 21;
/// The title may say that it follows up another work.
pub(super) const FOLLOW_UP: u32 = 1 << 22;
/// All persons and bodies are among those sketched.
pub(super) const NAMES: u32 = 1 << 23;
/// The title is long enough that another one may be about it.
pub(super) const SUBJECT: u32 = 1 << 24;
/// It begins on page 1 of its host, or of itself.
pub(super) const FIRST_PAGE: u32 = 1 << 25;
/// The title opens with what may be an article.
pub(super) const ARTICLE: u32 = 1 << 26;
