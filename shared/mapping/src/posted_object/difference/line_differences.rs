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

/// Compares the accounts to which the items posted. A person may have given an item another account before RIVET knew.
pub(super) fn item_account_difference(
    ours: &[WrittenLine<'_>],
    found: &ObjectSnapshot,
) -> Option<Difference> {
    let differs = |(line, found): &(&WrittenLine<'_>, &SnapshotLine)| {
        line.place == found.account_or_item_id
            && !found.item_account_id.is_empty()
            && line.item_account != found.item_account_id
    };
    let (line, found) = ours.iter().zip(&found.lines).find(differs)?;
    let [ours, theirs] = [line.item_account, &found.item_account_id].map(str::to_owned);
    Some(Difference::new("account", Some(ours), Some(theirs)))
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
