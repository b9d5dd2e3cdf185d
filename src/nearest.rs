//! The name that was probably meant.

use strsim::{damerau_levenshtein, jaro_winkler};

/// The nearest of some names to a wrong one; none if all are too far to be meant. The first of equally near ones.
pub(crate) fn nearest<'n>(wrong: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let wrong = wrong.to_lowercase();
    let mut best: Option<(usize, &str)> = None;
    for name in names {
        let lower = name.to_lowercase();
        let distance = damerau_levenshtein(&wrong, &lower);
        let is_near = distance <= wrong.chars().count() / 3 || jaro_winkler(&wrong, &lower) >= 0.85;
        if is_near && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, name));
        }
    }
    best.map(|(_, name)| name)
}

/// Adds the name that was probably meant to an error of serde, which quotes the wrong one first and then all others:
/// "unknown field `titel`, expected `title` or `author`".
pub(crate) fn with_nearest(error: String) -> String {
    let meant = error.find("unknown ").and_then(|at| {
        let mut quoted = error[at..].split('`').skip(1).step_by(2);
        let wrong = quoted.next()?;
        // Every list of the configuration has a second name, by which it is added to.
        match wrong.strip_prefix("extra_") {
            Some(list) => nearest(list, quoted).map(|meant| format!("extra_{meant}")),
            None => nearest(wrong, quoted).map(str::to_owned),
        }
    });
    match meant {
        Some(meant) => format!("{}; did you mean `{meant}`?", error.trim_end()),
        None => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        assert_eq!(nearest("fail_at", ["fail_on", "select"]), Some("fail_on"));
        assert_eq!(nearest("T02", ["A001", "T001", "T002"]), Some("T002"));
        assert_eq!(nearest("zebra", ["select", "ignore"]), None);
        let error = "unknown field `ignor`, expected one of `select`, `ignore`".to_owned();
        assert!(with_nearest(error).ends_with("did you mean `ignore`?"));
        assert_eq!(with_nearest("no such thing".to_owned()), "no such thing");
    }
}
