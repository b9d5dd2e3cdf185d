//! Coarse classes of the values of `format`.

use crate::input::{Field, Record};

/// What a format value says about the kind of publication.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Class {
    /// Books, printed or electronic.
    Book,
    /// Articles of journals.
    Article,
    /// Parts of books.
    Chapter,
    /// Journals, newspapers and other serials.
    Journal,
    /// Recordings, scores, pictures, data: things that need no language.
    Wordless,
}

/// Format values, lower-case without blanks and hyphens, and their classes. Origin: the values of VuFind's
/// `format_map.properties` and `FormatCalculator`, of RecordManager's drivers, and of the usual `dc:type` terms; books,
/// journals, articles and chapters also in other languages, as local format maps have them, beyond ASCII with a capital,
/// too. Sorted by value.
const CLASSES: [(&str, Class); 271] = [
    ("academicarticle", Class::Article),
    ("aikakauslehti", Class::Journal),
    ("ajakiri", Class::Journal),
    ("article", Class::Article),
    ("article,earticle", Class::Article),
    ("articlederevue", Class::Article),
    ("articlejournal", Class::Article),
    ("articles", Class::Article),
    ("articol", Class::Article),
    ("articolo", Class::Article),
    ("articolodirivista", Class::Article),
    ("artigo", Class::Article),
    ("artikel", Class::Article),
    ("artikkel", Class::Article),
    ("artikkeli", Class::Article),
    ("artwork", Class::Wordless),
    ("artykuł", Class::Article),
    ("artículo", Class::Article),
    ("artículoderevista", Class::Article),
    ("atlas", Class::Book),
    ("audio", Class::Wordless),
    ("audiobook", Class::Book),
    ("audiocassette", Class::Wordless),
    ("audiocd", Class::Wordless),
    ("audiotape", Class::Wordless),
    ("aufsatz", Class::Article),
    ("boek", Class::Book),
    ("bog", Class::Book),
    ("bok", Class::Book),
    ("book", Class::Book),
    ("book,ebook", Class::Book),
    ("bookchapter", Class::Chapter),
    ("bookchapters", Class::Chapter),
    ("bookcomponentpart", Class::Chapter),
    ("bookpart", Class::Chapter),
    ("bookreview", Class::Article),
    ("books", Class::Book),
    ("booksection", Class::Chapter),
    ("braille", Class::Book),
    ("buch", Class::Book),
    ("buchaufsatz", Class::Chapter),
    ("buchbeitrag", Class::Chapter),
    ("buchkapitel", Class::Chapter),
    ("buku", Class::Book),
    ("bölüm", Class::Chapter),
    ("capitol", Class::Chapter),
    ("capitolo", Class::Chapter),
    ("capitolodilibro", Class::Chapter),
    ("capítol", Class::Chapter),
    ("capítulo", Class::Chapter),
    ("capítulodelibro", Class::Chapter),
    ("capítulodelivro", Class::Chapter),
    ("cassette", Class::Wordless),
    ("cd", Class::Wordless),
    ("chapitre", Class::Chapter),
    ("chapitred'ouvrage", Class::Chapter),
    ("chapitredelivre", Class::Chapter),
    ("chapter", Class::Chapter),
    ("chart", Class::Wordless),
    ("coin", Class::Wordless),
    ("collage", Class::Wordless),
    ("czasopismo", Class::Journal),
    ("data", Class::Wordless),
    ("dataset", Class::Wordless),
    ("dergi", Class::Journal),
    ("drawing", Class::Wordless),
    ("earticle", Class::Article),
    ("eartikel", Class::Article),
    ("eaufsatz", Class::Article),
    ("ebok", Class::Book),
    ("ebook", Class::Book),
    ("ebooks", Class::Book),
    ("ebuch", Class::Book),
    ("echapter", Class::Chapter),
    ("ejournal", Class::Journal),
    ("ejournals", Class::Journal),
    ("ekirja", Class::Book),
    ("electronicarticle", Class::Article),
    ("electronicbook", Class::Book),
    ("electronicbookcomponentpart", Class::Chapter),
    ("electronicbookpart", Class::Chapter),
    ("electronicjournal", Class::Journal),
    ("electronicjournalarticle", Class::Article),
    ("electronicnewspaper", Class::Journal),
    ("electronicserial", Class::Journal),
    ("elektronickákniha", Class::Book),
    ("erthygl", Class::Article),
    ("ezeitschrift", Class::Journal),
    ("fejezet", Class::Chapter),
    ("filmstrip", Class::Wordless),
    ("flashcard", Class::Wordless),
    ("folyóirat", Class::Journal),
    ("globe", Class::Wordless),
    ("grāmata", Class::Book),
    ("image", Class::Wordless),
    ("info:eurepo/semantics/article", Class::Article),
    ("info:eurepo/semantics/book", Class::Book),
    ("info:eurepo/semantics/bookpart", Class::Chapter),
    ("journal", Class::Journal),
    ("journal,ejournal", Class::Journal),
    ("journal/magazine", Class::Journal),
    ("journalarticle", Class::Article),
    ("journalarticles", Class::Article),
    ("journals", Class::Journal),
    ("kapitel", Class::Chapter),
    ("kapitola", Class::Chapter),
    ("kirja", Class::Book),
    ("kitap", Class::Book),
    ("kniha", Class::Book),
    ("knjiga", Class::Book),
    ("knyga", Class::Book),
    ("książka", Class::Book),
    ("könyv", Class::Book),
    ("leabhar", Class::Book),
    ("libro", Class::Book),
    ("libroelectrónico", Class::Book),
    ("livre", Class::Book),
    ("livreélectronique", Class::Book),
    ("livro", Class::Book),
    ("llibre", Class::Book),
    ("llyfr", Class::Book),
    ("lp", Class::Wordless),
    ("magazine", Class::Journal),
    ("magazinearticle", Class::Article),
    ("makale", Class::Article),
    ("map", Class::Wordless),
    ("medal", Class::Wordless),
    ("monografia", Class::Book),
    ("monografie", Class::Book),
    ("monografía", Class::Book),
    ("monograph", Class::Book),
    ("monographie", Class::Book),
    ("museumobject", Class::Wordless),
    ("music", Class::Wordless),
    ("musicalscore", Class::Wordless),
    ("musiccd", Class::Wordless),
    ("musicrecording", Class::Wordless),
    ("musicscore", Class::Wordless),
    ("newsarticle", Class::Article),
    ("newspaper", Class::Journal),
    ("newspaperarticle", Class::Article),
    ("nodaļa", Class::Chapter),
    ("onlinearticle", Class::Article),
    ("onlinebook", Class::Book),
    ("onlinejournal", Class::Journal),
    ("onlinejournalarticle", Class::Article),
    ("onlinezeitschrift", Class::Journal),
    ("painting", Class::Wordless),
    ("peatükk", Class::Chapter),
    ("pennod", Class::Chapter),
    ("periodical", Class::Journal),
    ("periódico", Class::Journal),
    ("photo", Class::Wordless),
    ("photograph", Class::Wordless),
    ("photonegative", Class::Wordless),
    ("physicalobject", Class::Wordless),
    ("picture", Class::Wordless),
    ("poglavje", Class::Chapter),
    ("poglavlje", Class::Chapter),
    ("postcard", Class::Wordless),
    ("poster", Class::Wordless),
    ("print", Class::Wordless),
    ("printbook", Class::Book),
    ("printedbook", Class::Book),
    ("printjournal", Class::Journal),
    ("proceedingsarticle", Class::Article),
    ("périodique", Class::Journal),
    ("raamat", Class::Book),
    ("raksts", Class::Article),
    ("realia", Class::Wordless),
    ("researcharticle", Class::Article),
    ("review", Class::Article),
    ("reviewarticle", Class::Article),
    ("revista", Class::Journal),
    ("revistă", Class::Journal),
    ("revue", Class::Journal),
    ("rivista", Class::Journal),
    ("rozdział", Class::Chapter),
    ("scholarlyarticle", Class::Article),
    ("score", Class::Wordless),
    ("sculpture", Class::Wordless),
    ("sensorimage", Class::Wordless),
    ("serial", Class::Journal),
    ("serialcomponentpart", Class::Article),
    ("sheetmusic", Class::Wordless),
    ("skyrius", Class::Chapter),
    ("slide", Class::Wordless),
    ("software", Class::Wordless),
    ("soundcassette", Class::Wordless),
    ("sounddisc", Class::Wordless),
    ("soundrecording", Class::Wordless),
    ("soundtape", Class::Wordless),
    ("specimen", Class::Wordless),
    ("stillimage", Class::Wordless),
    ("straipsnis", Class::Article),
    ("sách", Class::Book),
    ("tidskrift", Class::Journal),
    ("tidsskrift", Class::Journal),
    ("tijdschrift", Class::Journal),
    ("transparency", Class::Wordless),
    ("vinyl", Class::Wordless),
    ("zeitschrift", Class::Journal),
    ("zeitschriftenartikel", Class::Article),
    ("zeitschriftenaufsatz", Class::Article),
    ("zeitung", Class::Journal),
    ("zeitungsartikel", Class::Article),
    ("Časopis", Class::Journal),
    ("Članak", Class::Article),
    ("Článek", Class::Article),
    ("Článok", Class::Article),
    ("časopis", Class::Journal),
    ("članak", Class::Article),
    ("článek", Class::Article),
    ("článok", Class::Article),
    ("Žurnalas", Class::Journal),
    ("Žurnāls", Class::Journal),
    ("žurnalas", Class::Journal),
    ("žurnāls", Class::Journal),
    ("Άρθρο", Class::Article),
    ("Βιβλίο", Class::Book),
    ("Κεφάλαιο", Class::Chapter),
    ("Περιοδικό", Class::Journal),
    ("άρθρο", Class::Article),
    ("βιβλίο", Class::Book),
    ("κεφάλαιο", Class::Chapter),
    ("περιοδικό", Class::Journal),
    ("Глава", Class::Chapter),
    ("Журнал", Class::Journal),
    ("Книга", Class::Book),
    ("Книги", Class::Book),
    ("Поглавље", Class::Chapter),
    ("Розділ", Class::Chapter),
    ("Списание", Class::Journal),
    ("Статия", Class::Article),
    ("Стаття", Class::Article),
    ("Статья", Class::Article),
    ("Часопис", Class::Journal),
    ("Чланак", Class::Article),
    ("глава", Class::Chapter),
    ("журнал", Class::Journal),
    ("книга", Class::Book),
    ("книги", Class::Book),
    ("поглавље", Class::Chapter),
    ("розділ", Class::Chapter),
    ("списание", Class::Journal),
    ("статия", Class::Article),
    ("стаття", Class::Article),
    ("статья", Class::Article),
    ("часопис", Class::Journal),
    ("чланак", Class::Article),
    ("כתבעת", Class::Journal),
    ("מאמר", Class::Article),
    ("ספר", Class::Book),
    ("كتاب", Class::Book),
    ("مجلة", Class::Journal),
    ("مقالة", Class::Article),
    ("مقاله", Class::Article),
    ("کتاب", Class::Book),
    ("図書", Class::Book),
    ("图书", Class::Book),
    ("圖書", Class::Book),
    ("書籍", Class::Book),
    ("期刊", Class::Journal),
    ("期刊论文", Class::Article),
    ("論文", Class::Article),
    ("雑誌", Class::Journal),
    ("雑誌論文", Class::Article),
    ("기사", Class::Article),
    ("단행본", Class::Book),
    ("도서", Class::Book),
    ("학술지", Class::Journal),
];

/// Longest value of the table, in bytes.
const LONGEST: usize = 32;

/// The class of one format value; none for values that say nothing about it (`Online`, `Thesis`, local terms).
pub(super) fn class_of(value: &str) -> Option<Class> {
    let at = with_plain(value, |plain| CLASSES.binary_search_by_key(&plain, |row| row.0.as_bytes()))?;
    at.ok().map(|at| CLASSES[at].1)
}

/// Whether a format value is one of these, which are sorted, in lower case, and without blanks and hyphens.
pub(super) fn is_one_of(value: &str, plain_values: &[&str]) -> bool {
    let at = with_plain(value, |plain| plain_values.binary_search_by_key(&plain, |one| one.as_bytes()));
    at.is_some_and(|at| at.is_ok())
}

/// What a value is without blanks and hyphens, in lower case; none if it is longer than any that is known.
fn with_plain<T>(value: &str, look: impl FnOnce(&[u8]) -> T) -> Option<T> {
    let mut plain = [0; LONGEST];
    let mut length = 0;
    for byte in value.bytes().filter(|byte| !matches!(byte, b' ' | b'-')) {
        *plain.get_mut(length)? = byte.to_ascii_lowercase();
        length += 1;
    }
    Some(look(&plain[..length]))
}

/// Classes of a record, as a set: bit `n` stands for the class that is declared as number `n`, from 0.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::audit) struct Classes(u8);

impl Classes {
    /// The classes of all formats of a record.
    pub(in crate::audit) fn of(record: &Record<'_>) -> Classes {
        let found = record.all(Field::Format).iter().filter_map(|value| class_of(value));
        Classes(found.fold(0, |bits, class| bits | 1 << class as u8))
    }

    /// Whether a class is among them.
    pub(super) fn has(self, class: Class) -> bool {
        self.0 & 1 << class as u8 != 0
    }

    /// The set as bits.
    pub(super) fn bits(self) -> u8 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_compared_without_case_and_hyphen() {
        assert!(CLASSES.is_sorted_by_key(|row| row.0));
        assert_eq!(class_of("E-Book"), Some(Class::Book));
        assert_eq!(class_of("Journal Article"), Some(Class::Article));
        assert_eq!(class_of("Online"), None);
        assert_eq!(class_of("Article, E-Article"), Some(Class::Article));
        assert_eq!(class_of("E-Aufsatz"), Some(Class::Article));
        assert_eq!(class_of("Buchaufsatz"), Some(Class::Chapter));
        assert_eq!(class_of("Article of clothing"), None);
        assert_eq!(class_of("Članak"), Some(Class::Article));
        assert_eq!(class_of("Журнал"), Some(Class::Journal));
        assert_eq!(class_of(&"x".repeat(99)), None);
    }

    #[test]
    fn a_record_has_the_classes_of_all_its_formats() {
        let json = r#"{"id":"x","format":["Online","Book","eBook","Map"]}"#;
        let classes = crate::input::Parser::default().parse(json.as_bytes(), Classes::of);
        let classes = classes.expect("a record");
        assert!(classes.has(Class::Book) && classes.has(Class::Wordless));
        assert!(!classes.has(Class::Article) && classes.bits() == 0b1_0001);
    }
}
