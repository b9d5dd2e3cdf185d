//! The members' values side by side, for the few proposals that the report page shows whole.

use crate::ids::RecordId;

use super::{Member, Proposal, ProposalMember, Source};

/// Proposals whose members' fields are kept. Those of all would not fit in memory in a large run.
pub const MAX_DISPLAYED: usize = 50;
/// Review proposals among them, unless there are fewer merges than the rest.
const N_REVIEWS: usize = 20;

/// Fields shown, in this order.
const FIELDS: [&str; 23] = [
    "title",
    "title_sub",
    "title_full",
    "author",
    "author2",
    "author_corporate",
    "publishDate",
    "edition",
    "publisher",
    "place_str_mv",
    "physical",
    "container_title",
    "container_volume",
    "container_issue",
    "container_pages_str",
    "container_start_page",
    "isbn",
    "issn",
    "doi_str_mv",
    "oclc_num",
    "language",
    "format",
    "collection",
];
/// Shown last: long, and seldom what tells records apart.
const LAST_FIELD: &str = "url";

/// Where a field stands among those shown.
pub fn display_order(field: &str) -> usize {
    FIELDS.iter().position(|known| *known == field).unwrap_or(FIELDS.len())
}

/// Which of the sorted proposals are shown: of the merges the heaviest and the lightest, which are the ones
/// to look at before the rest is believed, then the heaviest reviews.
pub(super) fn chosen(n_merges: usize, n_reviews: usize) -> Vec<usize> {
    let reviews = n_reviews.min(N_REVIEWS.max(MAX_DISPLAYED.saturating_sub(n_merges)));
    let merges = n_merges.min(MAX_DISPLAYED - reviews);
    let lightest = if merges < n_merges { merges / 2 } else { 0 };
    let mut chosen: Vec<usize> = (0..merges - lightest).collect();
    chosen.extend(n_merges - lightest..n_merges);
    chosen.extend(n_merges..n_merges + reviews);
    chosen
}

/// Reads the members again and keeps their fields. A record that is gone has none.
pub(super) fn fill(proposal: &mut Proposal, records: &[RecordId], source: &Source<'_>) {
    for record in records.iter().filter_map(|&record| (source.fetch)(record)) {
        let file = (source.file_name)(record.position.file);
        let is_it = |member: &ProposalMember| {
            member.line == record.position.line && member.id == record.id && member.file == file
        };
        if let Some(member) = proposal.members.iter_mut().find(|member| is_it(member)) {
            member.fields = fields(&record);
        }
    }
}

fn fields(member: &Member) -> Vec<(&'static str, String)> {
    let value = |name: &'static str| {
        let filled = member.values(name).iter().map(|value| value.trim()).filter(|value| !value.is_empty());
        (name, filled.collect::<Vec<_>>().join("; "))
    };
    let mut fields: Vec<(&'static str, String)> = FIELDS.into_iter().chain([LAST_FIELD]).map(value).collect();
    let title = fields[0].1.clone();
    // The full title mostly repeats the title.
    let repeats_title = |name: &str, value: &str| name == "title_full" && value == title;
    fields.retain(|(name, value)| !(value.is_empty() || repeats_title(name, value)));
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_of_the_merges_and_the_first_reviews_are_shown() {
        assert_eq!(chosen(0, 0), Vec::<usize>::new());
        assert_eq!(chosen(2, 3), [0, 1, 2, 3, 4]);
        assert_eq!(chosen(1, 200).len(), MAX_DISPLAYED);
        let of_many = chosen(1000, 500);
        assert_eq!(of_many.len(), MAX_DISPLAYED);
        assert_eq!(of_many[..3], [0, 1, 2]);
        assert_eq!(of_many[15..17], [985, 986]);
        assert_eq!(of_many[29..32], [999, 1000, 1001]);
    }
}
