//! Towns that catalogues name in the language of the cataloguer or as the title page does.

use super::seek::words;
use super::word_filter::WordFilter;

/// Names of towns, folded, and the one that stands for all of a town; ascending. Names that other towns have too (`Freiburg`,
/// `Monaco`, `Vienne`) are left out.
const TOWNS: [(&str, &str); 86] = [
    ("aeneoponti", "innsbruck"),
    ("antverpiae", "antwerpen"),
    ("antwerp", "antwerpen"),
    ("anvers", "antwerpen"),
    ("argentorati", "strasbourg"),
    ("atene", "athens"),
    ("athen", "athens"),
    ("athenai", "athens"),
    ("athenes", "athens"),
    ("athina", "athens"),
    ("bale", "basel"),
    ("barcelone", "barcelona"),
    ("basilea", "basel"),
    ("basileae", "basel"),
    ("basle", "basel"),
    ("belgrad", "beograd"),
    ("belgrade", "beograd"),
    ("berna", "bern"),
    ("bernae", "bern"),
    ("berne", "bern"),
    ("berolini", "berlin"),
    ("breslau", "wroclaw"),
    ("brussel", "bruxelles"),
    ("brussels", "bruxelles"),
    ("bucarest", "bucuresti"),
    ("bucharest", "bucuresti"),
    ("bukarest", "bucuresti"),
    ("cologne", "koln"),
    ("coloniae", "koln"),
    ("copenhagen", "kobenhavn"),
    ("copenhague", "kobenhavn"),
    ("cracow", "krakow"),
    ("danzig", "gdansk"),
    ("florence", "firenze"),
    ("florentiae", "firenze"),
    ("florenz", "firenze"),
    ("gand", "gent"),
    ("geneva", "geneve"),
    ("genevae", "geneve"),
    ("genf", "geneve"),
    ("ghent", "gent"),
    ("ginevra", "geneve"),
    ("gothenburg", "goteborg"),
    ("helsingfors", "helsinki"),
    ("kopenhagen", "kobenhavn"),
    ("krakau", "krakow"),
    ("leyden", "leiden"),
    ("lipsia", "leipzig"),
    ("lipsiae", "leipzig"),
    ("lisbon", "lisboa"),
    ("lisbonne", "lisboa"),
    ("lissabon", "lisboa"),
    ("londini", "london"),
    ("londra", "london"),
    ("londres", "london"),
    ("louvain", "leuven"),
    ("lucerna", "luzern"),
    ("lucerne", "luzern"),
    ("mailand", "milano"),
    ("milan", "milano"),
    ("monachii", "munchen"),
    ("moscou", "moskva"),
    ("moscow", "moskva"),
    ("moskau", "moskva"),
    ("munich", "munchen"),
    ("naples", "napoli"),
    ("neapel", "napoli"),
    ("nuremberg", "nurnberg"),
    ("parigi", "paris"),
    ("parisiis", "paris"),
    ("prag", "praha"),
    ("prague", "praha"),
    ("romae", "roma"),
    ("rome", "roma"),
    ("seville", "sevilla"),
    ("turin", "torino"),
    ("varsovie", "warszawa"),
    ("venedig", "venezia"),
    ("venice", "venezia"),
    ("venise", "venezia"),
    ("vienna", "wien"),
    ("viennae", "wien"),
    ("vindobonae", "wien"),
    ("warsaw", "warszawa"),
    ("warschau", "warszawa"),
    ("zurigo", "zurich"),
];

/// Gives the towns that a folded statement of places names from `start` on the names that stand for them.
pub(super) fn name_towns(places: &mut String, start: usize) {
    static FILTER: WordFilter = {
        let (mut filter, mut at) = (WordFilter::NONE, 0);
        while at < TOWNS.len() {
            filter = filter.with(TOWNS[at].0);
            at += 1;
        }
        filter
    };
    let town = |word: &str| {
        let at = FILTER.may_have(word).then(|| TOWNS.binary_search_by_key(&word, |(name, _)| name).ok()).flatten();
        at.map(|at| TOWNS[at].1)
    };
    if words(&places[start..]).any(|word| town(word).is_some()) {
        let named: Vec<&str> = places[start..].split(' ').map(|word| town(word).unwrap_or(word)).collect();
        let named = named.join(" ");
        places.replace_range(start.., &named);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn towns_can_be_searched_and_have_one_name() {
        assert!(TOWNS.is_sorted());
        assert!(TOWNS.iter().all(|(_, town)| TOWNS.binary_search_by_key(town, |(name, _)| name).is_err()));
        let named = |text: &str| {
            let mut places = format!("paris {text}");
            name_towns(&mut places, 5);
            places
        };
        assert_eq!((named("genf"), named("wien u leipzig")), ("paris geneve".into(), "paris wien u leipzig".into()));
        assert_eq!(named("freiburg i br"), "paris freiburg i br");
    }
}
