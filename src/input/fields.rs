//! The fields of VuFind's biblio index that the project reads by name.
//!
//! Names and arity follow VuFind's `schema.xml`; fields that Solr does not store are absent, since no
//! export can hold them. Local and dynamic fields stay reachable by name, see [`Record::entries`].
//!
//! [`Record::entries`]: super::Record::entries

/// How many values the schema allows a field to hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Arity {
    /// At most one value.
    Single,
    /// Any number of values.
    Multi,
}

/// Declares [`Field`] with its names and arities from one table, so that the three cannot disagree.
macro_rules! fields {
    ($($variant:ident $arity:ident $name:literal,)*) => {
        /// A field that the project knows by name.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[repr(u8)]
        #[expect(missing_docs, reason = "each variant is the schema's field of that name")]
        pub enum Field { $($variant,)* }

        impl Field {
            /// All known fields, in the order of their names.
            pub const ALL: &'static [Field] = &[$(Field::$variant,)*];

            /// The field's name in Solr documents.
            pub const fn name(self) -> &'static str {
                match self { $(Field::$variant => $name,)* }
            }

            /// Number of values the schema allows.
            pub fn arity(self) -> Arity {
                match self { $(Field::$variant => Arity::$arity,)* }
            }

            /// The field of that name, if it is a known one.
            pub fn from_name(name: &str) -> Option<Field> {
                match name { $($name => Some(Field::$variant),)* _ => None }
            }
        }
    };
}

fields! {
    Version Single "_version_",
    Allfields Multi "allfields",
    ArxivStr Single "arxiv_str",
    Author Multi "author",
    Author2 Multi "author2",
    Author2Fuller Multi "author2_fuller",
    Author2Role Multi "author2_role",
    Author2Variant Multi "author2_variant",
    AuthorAdditional Multi "author_additional",
    AuthorCorporate Multi "author_corporate",
    AuthorCorporateRole Multi "author_corporate_role",
    AuthorFacet Multi "author_facet",
    AuthorFuller Multi "author_fuller",
    AuthorRole Multi "author_role",
    AuthorSort Single "author_sort",
    AuthorVariant Multi "author_variant",
    Building Multi "building",
    CallnumberFirst Single "callnumber-first",
    CallnumberLabel Single "callnumber-label",
    CallnumberRaw Multi "callnumber-raw",
    CallnumberSearch Multi "callnumber-search",
    CallnumberSort Single "callnumber-sort",
    CallnumberSubject Single "callnumber-subject",
    Collection Multi "collection",
    ContainerIssue Single "container_issue",
    ContainerPagesStr Single "container_pages_str",
    ContainerReference Single "container_reference",
    ContainerStartPage Single "container_start_page",
    ContainerTitle Single "container_title",
    ContainerVolume Single "container_volume",
    Contents Multi "contents",
    Ctrlnum Multi "ctrlnum",
    DateSpan Multi "dateSpan",
    Description Single "description",
    DeweyFull Multi "dewey-full",
    DeweyHundreds Multi "dewey-hundreds",
    DeweyOnes Multi "dewey-ones",
    DeweyRaw Multi "dewey-raw",
    DeweySearch Multi "dewey-search",
    DeweySort Single "dewey-sort",
    DeweyTens Multi "dewey-tens",
    DoiStrMv Multi "doi_str_mv",
    Edition Single "edition",
    Era Multi "era",
    EraFacet Multi "era_facet",
    FirstIndexed Single "first_indexed",
    Format Multi "format",
    FormatStrMv Multi "format_str_mv",
    Fullrecord Single "fullrecord",
    Fulltext Single "fulltext",
    Genre Multi "genre",
    GenreFacet Multi "genre_facet",
    Geographic Multi "geographic",
    GeographicFacet Multi "geographic_facet",
    HierarchyParentId Multi "hierarchy_parent_id",
    HierarchyParentTitle Multi "hierarchy_parent_title",
    HierarchySequence Multi "hierarchy_sequence",
    HierarchyTopId Multi "hierarchy_top_id",
    HierarchyTopTitle Multi "hierarchy_top_title",
    Hierarchytype Single "hierarchytype",
    Id Single "id",
    Illustrated Single "illustrated",
    Institution Multi "institution",
    IsHierarchyId Single "is_hierarchy_id",
    IsHierarchyTitle Single "is_hierarchy_title",
    Isbn Multi "isbn",
    Issn Multi "issn",
    Language Multi "language",
    LastIndexed Single "last_indexed",
    Lccn Single "lccn",
    LocalIdsStrMv Multi "local_ids_str_mv",
    LongLat Multi "long_lat",
    LongLatDisplay Multi "long_lat_display",
    LongLatLabel Multi "long_lat_label",
    MarcError Multi "marc_error",
    MergedBoolean Single "merged_boolean",
    MergedChildBoolean Single "merged_child_boolean",
    OclcNum Multi "oclc_num",
    Physical Multi "physical",
    PlaceStrMv Multi "place_str_mv",
    PmcidStrMv Multi "pmcid_str_mv",
    PmidStr Single "pmid_str",
    PmidStrMv Multi "pmid_str_mv",
    PublishDate Multi "publishDate",
    Publisher Multi "publisher",
    RecordFormat Single "record_format",
    Recordtype Single "recordtype",
    Series Multi "series",
    Series2 Multi "series2",
    Spelling Multi "spelling",
    SpellingShingle Multi "spellingShingle",
    Thumbnail Single "thumbnail",
    Title Single "title",
    TitleAlt Multi "title_alt",
    TitleAuth Single "title_auth",
    TitleFull Single "title_full",
    TitleFullStr Single "title_fullStr",
    TitleFullUnstemmed Single "title_full_unstemmed",
    TitleInHierarchy Multi "title_in_hierarchy",
    TitleNew Multi "title_new",
    TitleOld Multi "title_old",
    TitleShort Single "title_short",
    TitleSort Single "title_sort",
    TitleSub Single "title_sub",
    Topic Multi "topic",
    TopicFacet Multi "topic_facet",
    Url Multi "url",
    WorkKeysStrMv Multi "work_keys_str_mv",
}

/// Arity by the schema's naming rules: known fields first, then the dynamic suffixes (`_mv` is multi-valued).
///
/// Returns `None` for names that the schema does not cover (local additions).
pub fn arity_of(name: &str) -> Option<Arity> {
    const DYNAMIC: [&str; 9] = ["date", "isn", "str", "txt", "txtF", "txtP", "boolean", "geo", "random"];
    if let Some(field) = Field::from_name(name) {
        return Some(field.arity());
    }
    let (stem, arity) = match name.strip_suffix("_mv") {
        Some(stem) => (stem, Arity::Multi),
        None => (name, Arity::Single),
    };
    let (_, suffix) = stem.rsplit_once('_')?;
    DYNAMIC.contains(&suffix).then_some(arity)
}

/// Stored fields that Solr fills by copying, and their sources, from the copyField table of VuFind's schema. `spelling` is not among
/// them: its source, `allfields`, is not stored.
pub const STORED_COPIES: [(Field, &[Field]); 6] = [
    (Field::AuthorFacet, &[Field::Author, Field::Author2, Field::AuthorCorporate]),
    (Field::CallnumberSearch, &[Field::CallnumberRaw]),
    (Field::DeweySearch, &[Field::DeweyRaw]),
    (Field::SpellingShingle, &[Field::Author, Field::Title, Field::Contents, Field::Series, Field::Topic]),
    (Field::TitleFullStr, &[Field::TitleFull]),
    (Field::TitleFullUnstemmed, &[Field::TitleFull]),
];

/// Destinations of the copyFields in VuFind's schema, stored or not. `author2Str` is one of older schemas; `allfields` is a source as
/// well, and none of these.
const COPIES: [&str; 14] = [
    "allfields_unstemmed",
    "author2Str",
    "author_browse",
    "author_facet",
    "callnumber-search",
    "dewey-search",
    "fulltext_unstemmed",
    "publisherStr",
    "spelling",
    "spellingShingle",
    "title_fullStr",
    "title_full_unstemmed",
    "topic_browse",
    "topic_unstemmed",
];

impl Field {
    /// The sources of a stored copy; none of other fields.
    pub fn copied_from(self) -> &'static [Field] {
        STORED_COPIES.iter().find(|(copy, _)| *copy == self).map_or(&[], |(_, sources)| sources)
    }
}

/// Whether Solr fills a field by copying others, in VuFind's schema.
pub fn is_copy(name: &str) -> bool {
    COPIES.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_leads_back_to_its_field() {
        for &field in Field::ALL {
            assert_eq!(Field::from_name(field.name()), Some(field));
        }
        assert!(Field::ALL.len() < 256);
    }

    #[test]
    fn dynamic_suffixes_decide_arity() {
        assert_eq!(arity_of("work_keys_str_mv"), Some(Arity::Multi));
        assert_eq!(arity_of("uuid_str"), Some(Arity::Single));
        assert_eq!(arity_of("title"), Some(Arity::Single));
        assert_eq!(arity_of("local-thing"), None);
    }
}
