//! What MARC imports and RecordManager derive from the title follows it, as it will when the record is imported again.
//!
//! What a MARC import leaves out at the beginning stands in an indicator that is not exported, and both make keys of
//! names and titles that are not exported either, so no rule can say what the sort title or the work keys of a title are. But where the stored ones were made of the stored title, so can be
//! those of the repaired one.

use std::collections::{BTreeMap, BTreeSet};

use crate::audit::{Family, remade_work_keys};
use crate::input::{Field, Record};
use crate::keys::sort_title::{MAX_NONFILING, g3};
use crate::keys::work_key::{Dialect, cut, normalise};

/// How a derived value is made of a title of which so many characters are left out.
type Make<'m> = &'m dyn Fn(&str, u8) -> Option<String>;

/// The fields that a repair of the title or the authors changes, with their new values: `title_sort`, `work_keys_str_mv`. Values
/// that were not made of the stored title stay. Nothing is given where both stay.
pub(super) fn follow(
    record: &Record<'_>,
    title_after: Option<&str>,
    authors_after: Option<&[String]>,
) -> Vec<(Field, Vec<String>)> {
    let [title] = record.all(Field::Title) else { return Vec::new() };
    let family = Family::of(record);
    let dialect = match family {
        Family::Marc => Dialect::Java,
        Family::RecordManager => Dialect::RecordManager,
        Family::Xslt | Family::Unknown if title_after.is_none() && authors_after.is_none() => return Vec::new(),
        Family::Xslt | Family::Unknown => {
            let stored: Vec<&str> = record.all(Field::Author).iter().map(|name| &**name).collect();
            let authors = authors_after.map(|names| names.iter().map(String::as_str).collect()).unwrap_or(stored);
            let keys = remade_work_keys(record, title_after.unwrap_or(title), &authors);
            let keys = keys.map(|keys| (Field::WorkKeysStrMv, keys));
            // What an XSLT import makes a sort title of is exported whole: left to T002.
            let sort =
                title_after.filter(|_| family == Family::Unknown).and_then(|after| sort_title(record, title, after));
            return sort.map(|sort| (Field::TitleSort, vec![sort])).into_iter().chain(keys).collect();
        }
    };
    let Some(repaired) = title_after else { return Vec::new() };
    let key: Make<'_> = &|title, nonfiling| {
        let filed: String = title.chars().skip(nonfiling.into()).collect();
        Some(cut(&normalise(&filed), dialect).to_owned()).filter(|part| !part.is_empty())
    };
    let mut followed = Vec::new();
    // What RecordManager makes a sort title of is exported whole: left to T002.
    if dialect == Dialect::Java
        && let Some(made) = sort_title(record, title, repaired)
    {
        followed.push((Field::TitleSort, vec![made]));
    }
    let parts = replacements(title, repaired, key);
    let of_key = |stored: &str| {
        let start = stored.rfind(' ').filter(|_| stored.starts_with("AT ") || stored.starts_with("UT "))? + 1;
        parts.get(&stored[start..]).map(|part| format!("{}{part}", &stored[..start]))
    };
    let stored = record.all(Field::WorkKeysStrMv);
    let keys: Vec<String> = stored.iter().map(|key| of_key(key).unwrap_or_else(|| key.to_string())).collect();
    if keys.iter().ne(stored.iter()) {
        followed.push((Field::WorkKeysStrMv, keys));
    }
    followed
}

/// The sort title of the repaired title, if the stored one was made of the stored title.
fn sort_title(record: &Record<'_>, title: &str, repaired: &str) -> Option<String> {
    let [stored] = record.all(Field::TitleSort) else { return None };
    replacements(title, repaired, &|title, nonfiling| g3(&[title], nonfiling)).remove(&**stored)
}

/// What was made of the stored title, and what the same way makes of the repaired one. A way counts only if the repair left
/// alone what it leaves out; where ways that agree on the stored title differ on the repaired one, none does.
fn replacements(title: &str, repaired: &str, make: Make<'_>) -> BTreeMap<String, String> {
    let left_out = |text: &str, n: u8| text.chars().take(n.into()).collect::<String>();
    let mut made: BTreeMap<String, BTreeSet<Option<String>>> = BTreeMap::new();
    for n in (0..=MAX_NONFILING as u8).filter(|&n| left_out(title, n) == left_out(repaired, n)) {
        if let Some(stored) = make(title, n) {
            made.entry(stored).or_default().insert(make(repaired, n));
        }
    }
    let plain = made.into_iter().filter(|(_, after)| after.len() == 1);
    plain.filter_map(|(stored, mut after)| Some((stored, after.pop_first()??))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Parser;

    fn followed(format: &str, derived: &str, title: &str, repaired: &str) -> Vec<(&'static str, String)> {
        let document = format!(r#"{{"id":"a","record_format":"{format}","title":"{title}",{derived}}}"#);
        let followed = Parser::default().parse(document.as_bytes(), |record| follow(record, Some(repaired), None));
        let followed = followed.expect("a record").into_iter();
        followed.map(|(field, values)| (field.name(), values.join(" | "))).collect()
    }

    fn check_sort(title: &str, sort: &str, repaired: &str, expected: Option<&str>) {
        let found = followed("marc", &format!(r#""title_sort":"{sort}""#), title, repaired);
        let expected: Vec<_> = expected.map(|sort| ("title_sort", sort.to_owned())).into_iter().collect();
        assert_eq!(found, expected, "{title} / {sort}");
    }

    #[test]
    fn sort_titles_follow_where_it_is_plain_how_they_were_made() {
        check_sort("On cats &amp; dogs /", "on cats amp dogs", "On cats & dogs /", Some("on cats dogs"));
        check_sort("The cats &amp; dogs :", "cats amp dogs", "The cats & dogs :", Some("cats dogs"));
        check_sort("<i>The</i> cat", "cat", "The cat", None);
        check_sort("Cats &amp; dogs", "kittens", "Cats & dogs", None);
        check_sort("Cats &amp; dogs", "cats &amp; dogs", "Cats & dogs", None);
        let unknown = followed("x", r#""title_sort":"cats amp dogs""#, "Cats &amp; dogs", "Cats & dogs");
        assert_eq!(unknown, [("title_sort", "cats dogs".to_owned())]);
        let xslt = r#""title_sort":"cats amp dogs","work_keys_str_mv":["AT poe felines"]"#;
        assert!(followed("x", xslt, "Cats &amp; dogs", "Cats & dogs").is_empty());
    }

    #[test]
    fn work_keys_follow_and_those_of_other_titles_stay() {
        let keys =
            r#""work_keys_str_mv":["AT poe thecatsampdogs","AT poe catsampdogs","AT poe felines","XX catsampdogs"]"#;
        let found = followed("marc", keys, "The cats &amp; dogs", "The cats & dogs");
        let keys = "AT poe thecatsdogs | AT poe catsdogs | AT poe felines | XX catsampdogs";
        assert_eq!(found, [("work_keys_str_mv", keys.to_owned())]);
        let of_manager =
            r#""merged_child_boolean":true,"work_keys_str_mv":["AT poe catsampdogs"],"title_sort":"cats amp dogs""#;
        let found = followed("dc", of_manager, "Cats &amp; dogs", "Cats & dogs");
        assert_eq!(found, [("work_keys_str_mv", "AT poe catsdogs".to_owned())]);
    }
}
