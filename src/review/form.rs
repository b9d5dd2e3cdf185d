//! The form of a proposal's page: what is filled in, and the ruling it asks for.

use std::collections::{BTreeMap, BTreeSet};

use crate::decisions::{self, Decision, Ruling};
use crate::merge::{Choice, Proposal};
use crate::progress::grouped;

/// Longest note in characters.
pub(super) const MAX_NOTE: usize = 10_000;
/// What the name of an input that chooses a value begins with; the name of the field follows.
pub(super) const FIELD: &str = "field:";

/// A form as it was sent: names and values, names repeated.
pub(super) type Form = Vec<(String, String)>;

/// The last value of that name in a form, since a button stands behind what it outweighs; empty if there is none.
pub(super) fn value<'f>(form: &'f Form, name: &str) -> &'f str {
    form.iter().rfind(|(known, _)| known == name).map(|(_, value)| value.as_str()).unwrap_or_default()
}

/// What is filled in. Members go by their numbers in the proposal.
pub(super) struct Draft {
    pub(super) lead: usize,
    /// Members marked as apart.
    pub(super) out: BTreeSet<usize>,
    /// Fields with the members whose values are chosen.
    pub(super) fields: BTreeMap<String, usize>,
    pub(super) note: String,
    /// What names no member, in words.
    wrong: Option<String>,
}

impl Draft {
    /// What is in force, if anything is, or what the rules say.
    pub(super) fn of_ruling(proposal: &Proposal, ruling: Option<&Ruling>) -> Draft {
        let number = |id: &String| proposal.members.iter().position(|member| member.id == *id);
        let mut draft = Draft {
            lead: number(&proposal.survivor).unwrap_or_default(),
            out: BTreeSet::new(),
            fields: BTreeMap::new(),
            note: String::new(),
            wrong: None,
        };
        if let Some(ruling) = ruling {
            draft.lead = ruling.survivor.as_ref().and_then(number).unwrap_or(draft.lead);
            // Those of a rejection follow from other proposals.
            let out = if ruling.decision == Decision::Reject { &[][..] } else { &ruling.out };
            draft.out = out.iter().filter_map(number).collect();
            let fields = ruling.fields.iter().filter_map(|(field, id)| Some((field.clone(), number(id)?)));
            draft.fields = fields.collect();
            draft.note = plain(&ruling.note);
        }
        draft
    }

    /// What a form says.
    pub(super) fn of_form(proposal: &Proposal, form: &Form) -> Draft {
        let mut draft = Draft::of_ruling(proposal, None);
        draft.note = plain(value(form, "note")).trim().to_owned();
        for (name, text) in form {
            let field = name.strip_prefix(FIELD).map(lines);
            if field.is_none() && !["survivor", "out"].contains(&name.as_str()) {
                continue;
            }
            // Radios stand behind what is carried from other pages, so what comes later counts. "By rule" is empty.
            if let (Some(field), true) = (&field, text.is_empty()) {
                draft.fields.remove(field);
                continue;
            }
            let Some(number) = text.parse::<usize>().ok().filter(|&number| number < proposal.members.len()) else {
                draft.wrong.get_or_insert_with(|| format!("the proposal has no record {text:?}"));
                continue;
            };
            match field {
                Some(field) => drop(draft.fields.insert(field, number)),
                None if name == "out" => drop(draft.out.insert(number)),
                None => draft.lead = number,
            }
        }
        draft
    }

    /// The leading member as a choice: none if the rules choose it, or if it is marked as apart, so that the rules choose
    /// among the others.
    fn survivor(&self, proposal: &Proposal) -> Option<String> {
        let lead = proposal.members.get(self.lead).filter(|_| !self.out.contains(&self.lead))?;
        // What the report has from an earlier choice is one still: the rules would have another record lead.
        (lead.id != proposal.survivor || proposal.is_survivor_chosen()).then(|| lead.id.clone())
    }

    fn fields(&self, proposal: &Proposal) -> BTreeMap<String, String> {
        self.fields.iter().map(|(field, &number)| (field.clone(), proposal.members[number].id.clone())).collect()
    }

    /// What it wants otherwise than the rules of merging have it.
    pub(super) fn choice(&self, proposal: &Proposal) -> Choice {
        Choice { survivor: self.survivor(proposal), fields: self.fields(proposal) }
    }

    /// Whether the merged record is that of the report.
    pub(super) fn is_by_rule(&self, proposal: &Proposal) -> bool {
        self.out.is_empty() && self.choice(proposal) == Choice::default()
    }
}

/// The ruling that a form asks for. Of a review proposal, `united` are the members that a merge proposal unites, about which a rejection says
/// nothing: they are not in question here.
///
/// # Errors
/// A sentence for the person if the form does not make sense.
pub(super) fn ruling(proposal: &Proposal, united: &[String], form: &Form, user: &str) -> Result<Ruling, String> {
    let decision = Decision::named(value(form, "decision")).ok_or("choose a decision")?;
    let draft = Draft::of_form(proposal, form);
    let is_one = matches!(decision, Decision::Accept | Decision::Split);
    check(proposal, &draft, decision)?;
    let ruling = Ruling {
        proposal: proposal.proposal.clone(),
        decision,
        members: proposal
            .members
            .iter()
            .map(|member| decisions::Seen { id: member.id.clone(), hash: member.hash.clone() })
            .collect(),
        out: if decision == Decision::Reject && united.len() > 1 {
            proposal.members.iter().map(|member| &member.id).filter(|id| !united.contains(id)).cloned().collect()
        } else {
            // Members are sorted by id.
            draft.out.iter().map(|&number| proposal.members[number].id.clone()).collect()
        },
        survivor: draft.survivor(proposal).filter(|_| is_one),
        fields: if is_one { draft.fields(proposal) } else { BTreeMap::new() },
        note: draft.note,
        user: user.to_owned(),
        at: String::new(),
    };
    ruling.check()?;
    Ok(ruling)
}

/// Checks what is filled in, and says what to do.
fn check(proposal: &Proposal, draft: &Draft, decision: Decision) -> Result<(), String> {
    if let Some(wrong) = &draft.wrong {
        return Err(wrong.clone());
    }
    let n = draft.note.chars().count();
    if n > MAX_NOTE {
        return Err(format!("the note has {n} characters and may have {}: shorten it", grouped(MAX_NOTE as u64)));
    }
    let of_other = draft.fields.iter().find(|(_, number)| draft.out.contains(number));
    let text = match (decision, draft.out.len()) {
        (Decision::Split, 0) => "mark the records that are apart (x and the number of the record), then split",
        (Decision::Split, n) if n == proposal.members.len() => {
            "all records are marked as apart: leave one without a mark, or take all marks away and reject"
        }
        (Decision::Split, _) => match of_other {
            None => return Ok(()),
            Some((field, _)) => {
                return Err(format!(
                    "{field} is taken from a record that is marked as apart: take another value, or the mark away"
                ));
            }
        },
        (_, 0) => return Ok(()),
        _ => "records are marked as apart: split, or take the marks away and decide again",
    };
    Err(text.to_owned())
}

/// The text with the line ends of this program: browsers send CR LF.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// A note without control characters but ends of lines.
fn plain(note: &str) -> String {
    lines(note).replace('\t', " ").replace(|c: char| c.is_control() && c != '\n', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(fields: &[(&str, &str)]) -> Form {
        fields.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    #[test]
    fn what_stands_last_counts() {
        let form = form(&[("column", "0"), ("note", "a\r\nb\u{7}\tc"), ("column", "7")]);
        assert_eq!((value(&form, "column"), value(&form, "none")), ("7", ""));
        assert_eq!(plain(value(&form, "note")), "a\nb c");
    }
}
