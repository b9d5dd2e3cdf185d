//! The members' values side by side, for the few proposals that the report page shows whole.

use crate::ids::RecordId;

use super::{Member, Proposal, ProposalMember, Source};

/// Proposals whose members' fields are kept. Those of all would not fit in memory in a large run.
pub const MAX_DISPLAYED: usize = 200;
/// Review proposals among them, unless there are fewer merges than the rest.
const N_REVIEWS: usize = 80;
/// Members of a proposal whose fields are kept: the survivor and those that follow, by id. More do not stand side
/// by side on a page.
const MAX_MEMBERS: usize = 6;
/// Characters kept of a value; the page shows fewer, among which is the first difference.
const MAX_CHARS: usize = 2_000;
/// Fields kept beside these because members disagree on them.
const MAX_CONFLICTS: usize = 20;

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
    let after = if field == LAST_FIELD { FIELDS.len() + 1 } else { FIELDS.len() };
    FIELDS.iter().position(|known| *known == field).unwrap_or(after)
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

/// Reads the members again and keeps the fields of the first few. A record that is gone has none.
pub(super) fn fill(proposal: &mut Proposal, records: &[RecordId], source: &Source<'_>) {
    let survivor = proposal.survivor.clone();
    let (first, others): (Vec<_>, Vec<_>) = proposal.members.iter_mut().partition(|member| member.id == survivor);
    let disputed: Vec<&str> = proposal.conflicts.iter().take(MAX_CONFLICTS).map(|one| one.field.as_str()).collect();
    let mut wanted: Vec<&mut ProposalMember> = first.into_iter().chain(others).take(MAX_MEMBERS).collect();
    for record in records.iter().filter_map(|&record| (source.fetch)(record)) {
        let file = (source.file_name)(record.position.file);
        let is_it = |member: &&mut ProposalMember| {
            member.line == record.position.line && member.id == record.id && member.file == file
        };
        if let Some(at) = wanted.iter().position(is_it) {
            wanted.swap_remove(at).fields = fields(&record, &disputed);
        }
        if wanted.is_empty() {
            break;
        }
    }
}

fn fields(member: &Member, disputed: &[&str]) -> Vec<(String, String)> {
    let value = |name: &str| {
        let filled = member.values(name).iter().map(|value| value.trim()).filter(|value| !value.is_empty());
        (name.to_owned(), filled.collect::<Vec<_>>().join("; "))
    };
    let is_other = |name: &&str| *name != LAST_FIELD && !FIELDS.contains(name);
    let others = disputed.iter().copied().filter(is_other);
    let mut fields: Vec<(String, String)> = FIELDS.into_iter().chain(others).chain([LAST_FIELD]).map(value).collect();
    let title = fields[0].1.clone();
    // The full title mostly repeats the title.
    let is_disputed = disputed.contains(&"title_full");
    let repeats_title = |name: &str, value: &str| name == "title_full" && value == title && !is_disputed;
    fields.retain(|(name, value)| !(value.is_empty() || repeats_title(name, value)));
    for (_, value) in &mut fields {
        if let Some((end, _)) = value.char_indices().nth(MAX_CHARS) {
            value.truncate(end);
            value.shrink_to_fit();
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_of_the_merges_and_the_first_reviews_are_shown() {
        assert_eq!(chosen(0, 0), Vec::<usize>::new());
        assert_eq!(chosen(2, 3), [0, 1, 2, 3, 4]);
        assert_eq!(chosen(1, 500).len(), MAX_DISPLAYED);
        let of_many = chosen(1000, 500);
        assert_eq!(of_many.len(), MAX_DISPLAYED);
        assert_eq!(of_many[..3], [0, 1, 2]);
        assert_eq!(of_many[59..62], [59, 940, 941]);
        assert_eq!(of_many[119..122], [999, 1000, 1001]);
    }
}
