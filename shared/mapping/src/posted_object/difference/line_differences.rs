//! Comparison line by line.

use quickbooks::entity::{ObjectSnapshot, SnapshotLine};

use super::class::class_difference;
use super::field::{Difference, amount_of, joined};
use super::lines::WrittenLine;
use crate::posted_object::PostedObject;

/// Compares accounts and amounts, classes and descriptions of the lines.
pub(super) fn line_differences(
    posted: &PostedObject,
    ours: &[WrittenLine<'_>],
    found: &ObjectSnapshot,
) -> Vec<Difference> {
    let mut all = Vec::new();
    all.extend(amount_difference(ours, found));
    all.extend(class_difference(posted, ours, found));
    all.extend(description_difference(ours, found));
    all
}

fn amount_difference(ours: &[WrittenLine<'_>], found: &ObjectSnapshot) -> Option<Difference> {
    let is_same = |(line, found): (&WrittenLine<'_>, &SnapshotLine)| {
        line.place == found.account_or_item_id && line.amount == found.amount
    };
    if ours.len() == found.lines.len() && ours.iter().zip(&found.lines).all(is_same) {
        return None;
    }
    let (mut our_lines, mut their_lines) = (Vec::new(), Vec::new());
    for line in ours {
        our_lines.push(amount_of(line.place, line.amount));
    }
    for line in &found.lines {
        their_lines.push(amount_of(&line.account_or_item_id, line.amount));
    }
    let (our_text, their_text) = (joined(&our_lines), joined(&their_lines));
    our_lines.sort();
    their_lines.sort();
    Some(Difference {
        field: "lines",
        ours: our_text,
        theirs: their_text,
        // The same lines in another order have the same effect.
        is_cosmetic: our_lines == their_lines,
    })
}

/// Compares the accounts to which the items posted. A person may have given an item another account before RIVET knew. Each other account
/// is returned once. A line of zero posts nothing.
pub(super) fn item_account_differences(
    ours: &[WrittenLine<'_>],
    found: &ObjectSnapshot,
) -> Vec<Difference> {
    let mut all = Vec::new();
    for (line, found) in ours.iter().zip(&found.lines) {
        let theirs = &found.item_account_id;
        let is_unknown = theirs.is_empty() || line.amount.is_zero();
        let is_same = is_unknown || line.item_account == theirs;
        if line.place == found.account_or_item_id && !is_same {
            let difference = another_item_account(line.item_account, theirs);
            if !all.contains(&difference) {
                all.push(difference);
            }
        }
    }
    all
}

/// Returns the difference of an item that posts to the account `theirs` instead of `ours`.
pub(super) fn another_item_account(ours: &str, theirs: &str) -> Difference {
    Difference::new("account", Some(ours.to_owned()), Some(theirs.to_owned()))
}

fn description_difference(ours: &[WrittenLine<'_>], found: &ObjectSnapshot) -> Option<Difference> {
    let is_same = |(line, found): (&WrittenLine<'_>, &SnapshotLine)| {
        line.description.is_empty() || line.description.trim() == found.description.trim()
    };
    if ours.len() == found.lines.len() && ours.iter().zip(&found.lines).all(is_same) {
        return None;
    }
    let (mut our_texts, mut their_texts) = (Vec::new(), Vec::new());
    for line in ours {
        our_texts.push(line.description.to_owned());
    }
    for line in &found.lines {
        their_texts.push(line.description.clone());
    }
    Some(Difference::new(
        "description",
        joined(&our_texts),
        joined(&their_texts),
    ))
}
