//! Finds the transactions that RIVET posted for a document before, and forgot.

use crate::entered_before::Candidate;
use crate::entered_before::look::Looked;
use crate::entered_before::owners::{FoundObject, Owner};
use crate::origin::Origin;
use billing::DocumentRef;
use mapping::{PlannedPosting, Slot};
use quickbooks::Kind;
use quickbooks::entity::ObjectSnapshot;

/// A transaction that RIVET posted before, and forgot.
pub struct OwnTransaction {
    /// The part of the plan that it stands for.
    pub planned: PlannedPosting,
    /// The transaction as it is in QuickBooks.
    pub found: ObjectSnapshot,
    /// The mark of the transaction.
    pub origin: Origin,
}

/// Returns the marks of the document's transactions that a look found, and that stand in the books.
pub fn standing_marks(looked: &Looked, document: &DocumentRef) -> Vec<Origin> {
    let standing = standing(&marked(looked, document)).into_iter();
    let mark = |found: &FoundObject| match &found.owner {
        Owner::Marked(origin) => Some(origin.clone()),
        Owner::Rivet | Owner::Person => None,
    };
    standing.filter_map(mark).collect()
}

/// Returns the transactions with the document's mark.
fn marked<'a>(looked: &'a Looked, document: &DocumentRef) -> Vec<&'a FoundObject> {
    let is_marked = |found: &&FoundObject| matches!(&found.owner, Owner::Marked(origin) if origin.document == *document);
    looked.found.iter().filter(is_marked).collect()
}

/// Returns the marked transactions that are neither void nor taken back, and take nothing back themselves.
fn standing<'a>(marked: &[&'a FoundObject]) -> Vec<&'a FoundObject> {
    let mut standing = marked.to_vec();
    standing.retain(|found| !is_undone(found) && !is_reversed(found, marked));
    standing
}

/// Returns the transactions that RIVET posted for the document before.
///
/// # Errors
/// All transactions with the document's mark, if nobody can tell which of them count: all are void or taken back, a part is not in the
/// plan, or several stand for the same part.
pub(super) fn own_transactions<'a>(
    looked: &'a Looked,
    candidate: &Candidate<'_>,
) -> Result<Vec<OwnTransaction>, Vec<&'a FoundObject>> {
    let marked = marked(looked, &candidate.plan.document);
    let mut standing = standing(&marked);
    if standing.is_empty() && !marked.is_empty() {
        return match is_compensated(candidate, &marked) {
            true => Ok(Vec::new()),
            false => Err(marked),
        };
    }
    let mut ours = Vec::new();
    for planned in candidate.new_postings() {
        let parts: (Vec<&FoundObject>, Vec<&FoundObject>) =
            standing.iter().partition(|found| is_part(planned, found));
        let (same, others) = parts;
        if same.is_empty() {
            continue;
        }
        let own = first_posted(planned, &same).and_then(|own| own_transaction(planned, own));
        ours.push(own.ok_or_else(|| marked.clone())?);
        standing = others;
    }
    if candidate.is_restored && ours.is_empty() && !standing.is_empty() {
        return other_parts(candidate, &standing).ok_or(marked);
    }
    // Parts of another revision are taken over once the rest is.
    let is_left_for_later = candidate.is_restored && !ours.is_empty();
    if standing.is_empty() || is_left_for_later {
        Ok(ours)
    } else {
        Err(marked)
    }
}

/// Returns the standing transactions of another revision, of which the plan has no part. `None` if several stand for the same part, or
/// nothing is planned.
fn other_parts(
    candidate: &Candidate<'_>,
    standing: &[&FoundObject],
) -> Option<Vec<OwnTransaction>> {
    let like = &candidate.plan.postings.first()?.posting;
    let mut parts: Vec<OwnTransaction> = Vec::new();
    for found in standing {
        let Owner::Marked(origin) = &found.owner else {
            return None;
        };
        let planned = PlannedPosting {
            slot: origin.slot(),
            posting: like.clone(),
        };
        if parts.iter().any(|part| part.planned.slot == planned.slot) {
            return None;
        }
        parts.push(own_transaction(&planned, found)?);
    }
    Some(parts)
}

/// Returns whether the marked entries cancel each other out because the form of their document was refused.
fn is_compensated(candidate: &Candidate<'_>, marked: &[&FoundObject]) -> bool {
    let mut planned = candidate.new_postings();
    let has_form = planned.any(|planned| planned.slot == Slot::Sale);
    let is_entry = |found: &&FoundObject| found.object.kind == Kind::JournalEntry;
    has_form && marked.iter().all(is_entry)
}

fn own_transaction(planned: &PlannedPosting, found: &FoundObject) -> Option<OwnTransaction> {
    let Owner::Marked(origin) = &found.owner else {
        return None;
    };
    Some(OwnTransaction {
        planned: planned.clone(),
        found: found.object.clone(),
        origin: origin.clone(),
    })
}

/// Returns the transaction that RIVET posted, out of copies: the only one, or the first with the planned number.
fn first_posted<'a>(planned: &PlannedPosting, same: &[&'a FoundObject]) -> Option<&'a FoundObject> {
    if let [only] = same {
        return Some(only);
    }
    let number = planned.posting.number()?;
    let exact = same
        .iter()
        .filter(|found| found.object.doc_number.as_deref() == Some(number));
    let in_order = |found: &&&FoundObject| (found.object.id.len(), found.object.id.clone());
    exact.min_by_key(in_order).copied()
}

/// Returns whether a marked transaction stands for this part of a plan. A net that changes its sign turns an invoice into a credit memo.
fn is_part(planned: &PlannedPosting, found: &FoundObject) -> bool {
    let Owner::Marked(origin) = &found.owner else {
        return false;
    };
    let kinds = (planned.posting.kind(), found.object.kind);
    let is_form = |kind| matches!(kind, Kind::Invoice | Kind::CreditMemo);
    let is_sale = planned.slot == Slot::Sale && is_form(kinds.0) && is_form(kinds.1);
    let job = match planned.slot {
        Slot::PaymentOfJob(nth) => Some(nth),
        _ => None,
    };
    (kinds.0 == kinds.1 || is_sale)
        && origin.is_retainage == (planned.slot == Slot::Retainage)
        && origin.job == job
}

/// Returns whether a marked transaction counts for nothing: it is void or zero, or takes another one back.
fn is_undone(found: &FoundObject) -> bool {
    let is_zero = found.object.amount().is_some_and(|amount| amount.is_zero());
    let is_undo = matches!(&found.owner, Owner::Marked(origin) if origin.is_undo);
    is_undo || found.object.is_voided() || (is_zero && found.object.kind != Kind::Invoice)
}

/// Returns whether a marked entry was reversed: another one bears its note and says so.
fn is_reversed(found: &FoundObject, marked: &[&FoundObject]) -> bool {
    let note = |found: &FoundObject| found.object.private_note.clone().unwrap_or_default();
    let reversal = format!("{} reversed", note(found));
    marked.iter().any(|other| note(other).ends_with(&reversal))
}
