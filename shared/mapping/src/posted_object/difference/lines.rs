//! Comparison line by line.

use quickbooks::entity::{ObjectSnapshot, SnapshotLine};
use rust_decimal::Decimal;

use super::field::{Difference, amount_of, joined};
use crate::posted_object::PostedObject;
use crate::posting::{Journal, JournalRole, Posting, Sale, Side};

/// A line as RIVET wrote it.
pub(super) struct WrittenLine<'a> {
    /// QuickBooks id of the item or account that the line posts to; empty if the item is unknown.
    pub(super) place: &'a str,
    /// Amount of the line; debits of an entry are positive, credits negative.
    amount: Decimal,
    description: &'a str,
    /// True if the line carries the project's class.
    pub(super) is_classed: bool,
}

/// Returns the lines as RIVET wrote them. Payments have none.
pub(super) fn written_lines(posted: &PostedObject) -> Vec<WrittenLine<'_>> {
    match &posted.posting {
        Posting::Invoice(sale) | Posting::CreditMemo(sale) => form_lines(posted, sale),
        Posting::JournalEntry(journal) => entry_lines(journal),
        Posting::Payment(_) => Vec::new(),
    }
}

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

fn form_lines<'a>(posted: &'a PostedObject, sale: &'a Sale) -> Vec<WrittenLine<'a>> {
    let mut lines = Vec::new();
    for line in &sale.lines {
        let item = posted.ids.items.get(&line.account.id);
        lines.push(WrittenLine {
            place: item.map_or("", String::as_str),
            amount: line.amount,
            description: &line.description,
            is_classed: sale.is_classed,
        });
    }
    lines
}

/// Returns the lines of an entry. A class says on which project money was earned or held back; Accounts Receivable has none.
fn entry_lines(journal: &Journal) -> Vec<WrittenLine<'_>> {
    let mut lines = Vec::new();
    for line in &journal.lines {
        lines.push(WrittenLine {
            place: &line.account,
            amount: match line.side {
                Side::Debit => line.amount,
                Side::Credit => -line.amount,
            },
            description: &line.description,
            is_classed: journal.is_classed && line.role != JournalRole::Receivable,
        });
    }
    lines
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

/// Compares the classes. The project's class may stand on any line. Another class, or no class where RIVET wrote one, is a difference.
fn class_difference(
    posted: &PostedObject,
    ours: &[WrittenLine<'_>],
    found: &ObjectSnapshot,
) -> Option<Difference> {
    let is_classed = ours.iter().any(|line| line.is_classed);
    let class = posted.ids.class.as_deref().filter(|_| is_classed);
    let (mut is_same, mut their_classes) = (true, Vec::new());
    for (index, line) in found.lines.iter().enumerate() {
        let (place, found_class) = (&line.account_or_item_id, &line.class_id);
        let same_place = ours.iter().find(|line| line.place == place);
        let our_line = same_place.or(ours.get(index));
        let needs_class = our_line.is_some_and(|line| line.is_classed) && class.is_some();
        is_same &= class == Some(found_class) || (found_class.is_empty() && !needs_class);
        let text = if found_class.is_empty() {
            "none"
        } else {
            found_class
        };
        let is_new = their_classes.iter().all(|known| known != text);
        if is_new && (needs_class || !found_class.is_empty()) {
            their_classes.push(text.to_owned());
        }
    }
    if is_same {
        return None;
    }
    let theirs = joined(&their_classes).filter(|theirs| theirs != "none");
    Some(Difference::new("class", class.map(str::to_owned), theirs))
}
