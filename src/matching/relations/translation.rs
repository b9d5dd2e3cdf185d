//! One work in another language.

use crate::keys::material::Classes;

use super::super::compare::squeeze;
use super::super::evidence::{Aspect, Level, Veto};
use super::Detail;
use super::case::Case;

impl Case<'_> {
    /// The title of the one is another title of the other. Equal titles in two languages are mostly one text
    /// whose language one record has wrong.
    pub(super) fn translation(&self) -> Option<Detail> {
        if !self.is(Aspect::Title, &[Level::Shortened]) || !self.authors_agree() || !self.has(Veto::LanguageDiffers) {
            return None;
        }
        let allowed = [Veto::LanguageDiffers, Veto::DoiDiffers, Veto::ArticleNumberDiffers, Veto::EditionDiffers];
        let is_text = !self.either(|features| features.classes.meets(Classes::MEDIA));
        let (x, y) = (squeeze(&self.a.title.main), squeeze(&self.b.title.main));
        let other_title = !x.starts_with(&y) && !y.starts_with(&x);
        let one_place = self.is(Aspect::Pages, &[Level::Same]) || self.shares_identifier();
        (is_text && other_title && !one_place && self.only(&allowed)).then_some(Detail::Language)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::*;

    #[test]
    fn translations_have_the_title_of_the_other() {
        let english = r#""title":"Health informatics and its devices","author":["Walsh, Louisa"],"publishDate":["2011"],"format":["Book"],
            "language":["English"],"publisher":["Sage"]"#;
        let french = r#""title":"Informatique de santé","title_alt":["Health informatics and its devices"],"author":["Walsh, Louisa"],"publishDate":["2013"],
            "format":["Book"],"language":["French"],"publisher":["Flammarion"]"#;
        check(english, french, Some(Detail::Language));
        check(english, &english.replace("English", "German"), None);
    }
}
