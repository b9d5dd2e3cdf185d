//! Words that stand for each other whatever their letters: British and American spellings, old ones, the abbreviations that
//! cataloguing rules prescribe (AACR2 appendix B, RAK), and the instruments and modes of music, which each library names in its
//! own language.

use crate::keys::word_filter::WordFilter;

/// Forms and the word that they stand for, folded; ascending. Others differ in so few letters that they pass for misspelt.
const FORMS: [(&str, &str); 89] = [
    ("aeroplane", "airplane"),
    ("aeroplanes", "airplanes"),
    ("aluminium", "aluminum"),
    ("antiquitie", "antiquity"),
    ("assoc", "association"),
    ("beitr", "beitrage"),
    ("bratsche", "viola"),
    ("cheque", "check"),
    ("cheques", "checks"),
    ("clarinette", "clarinet"),
    ("connexion", "connection"),
    ("dept", "department"),
    ("depts", "departments"),
    ("draught", "draft"),
    ("draughts", "drafts"),
    ("dur", "major"),
    ("flote", "flute"),
    ("gaol", "jail"),
    ("gaols", "jails"),
    ("gitarre", "guitar"),
    ("govt", "government"),
    ("grey", "gray"),
    ("guitare", "guitar"),
    ("harfe", "harp"),
    ("harpe", "harp"),
    ("hautbois", "oboe"),
    ("hdb", "handbuch"),
    ("illus", "illustrated"),
    ("inst", "institute"),
    ("introd", "introduction"),
    ("kerb", "curb"),
    ("klarinette", "clarinet"),
    ("klavier", "piano"),
    ("kochel", "kv"),
    ("koechel", "kv"),
    ("konzert", "concerto"),
    ("konzerte", "concertos"),
    ("majeur", "major"),
    ("manoeuvre", "maneuver"),
    ("manoeuvres", "maneuvers"),
    ("mfg", "manufacturing"),
    ("mineur", "minor"),
    ("moll", "minor"),
    ("orchester", "orchestra"),
    ("orchestre", "orchestra"),
    ("orgel", "organ"),
    ("orgue", "organ"),
    ("ouverture", "overture"),
    ("ouverturen", "overtures"),
    ("ouvertures", "overtures"),
    ("plough", "plow"),
    ("ploughing", "plowing"),
    ("ploughs", "plows"),
    ("programme", "program"),
    ("programmes", "programs"),
    ("quartett", "quartet"),
    ("quartetto", "quartet"),
    ("quatuor", "quartet"),
    ("quintett", "quintet"),
    ("quintette", "quintet"),
    ("quintetto", "quintet"),
    ("saint", "st"),
    ("shew", "show"),
    ("shewing", "showing"),
    ("shewn", "shown"),
    ("sinfonia", "symphony"),
    ("sinfonias", "symphonies"),
    ("sinfonie", "symphony"),
    ("sinfonien", "symphonies"),
    ("soc", "society"),
    ("sonate", "sonata"),
    ("sonaten", "sonatas"),
    ("sonates", "sonatas"),
    ("sulphur", "sulfur"),
    ("symphonie", "symphony"),
    ("trompete", "trumpet"),
    ("trompette", "trumpet"),
    ("tyre", "tire"),
    ("tyres", "tires"),
    ("univ", "university"),
    ("violine", "violin"),
    ("violon", "violin"),
    ("violoncelle", "cello"),
    ("violoncello", "cello"),
    ("vnder", "under"),
    ("vnto", "unto"),
    ("vpon", "upon"),
    ("vse", "use"),
    ("waggon", "wagon"),
];

/// The word that a folded word stands for; most stand for themselves.
pub(in crate::matching) fn standard(word: &str) -> &str {
    static FILTER: WordFilter = {
        let (mut filter, mut at) = (WordFilter::NONE, 0);
        while at < FORMS.len() {
            filter = filter.with(FORMS[at].0);
            at += 1;
        }
        filter
    };
    if !FILTER.may_have(word) {
        return word;
    }
    FORMS.binary_search_by_key(&word, |(form, _)| form).map_or(word, |at| FORMS[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_can_be_searched_and_stand_for_standards() {
        assert!(FORMS.is_sorted() && FORMS.iter().all(|(form, word)| form != word && standard(word) == *word));
        assert_eq!((standard("gaol"), standard("jail"), standard("vpon")), ("jail", "jail", "upon"));
    }
}
