//! Judges what a look found about one document.

use crate::entered_before::Candidate;
use crate::entered_before::look::Looked;
use crate::entered_before::needs::{is_near, with_whole_payment};
use crate::entered_before::own::{OwnTransaction, own_transactions};
use crate::entered_before::owners::{FoundObject, Owner};
use crate::numbers::is_same_number;
use mapping::{Ids, PlannedPosting, Posting};
use quickbooks::Kind;
use quickbooks::entity::ObjectSnapshot;
use store::document::decision::DecisionKind;
use store::reason::FoundTransaction;
use store::reason::hold::HoldReason;

/// The transactions that a hold names at most.
const NAMED: usize = 12;

/// The judgement about a document.
pub enum Verdict {
    /// QuickBooks has nothing like the document.
    Clear,
    /// RIVET posted these transactions of the document before, and forgot them.
    Ours(Vec<OwnTransaction>),
    /// A person must look.
    Held(HoldReason),
}

/// Judges what a look found about a document. After the decision to post it anyway, only RIVET's own transactions count.
pub fn verdict(
    looked: &Looked,
    candidate: &Candidate<'_>,
    decision: Option<DecisionKind>,
) -> Verdict {
    let is_insisted = decision == Some(DecisionKind::PostAnyway);
    let ours = match own_transactions(looked, candidate) {
        Ok(ours) => ours,
        Err(_) if is_insisted => Vec::new(),
        Err(unclear) => return held(&unclear),
    };
    let is_covered = |planned: &PlannedPosting| {
        let mut ours = ours.iter();
        ours.any(|ours| ours.planned.slot == planned.slot)
    };
    let missing = candidate.new_postings();
    let missing: Vec<&PlannedPosting> = missing.filter(|planned| !is_covered(planned)).collect();
    if !is_insisted {
        let entered = entered(looked, &missing, candidate.ids);
        if !entered.is_empty() {
            return held(&entered);
        }
        let document = &candidate.plan.document;
        let mut over = looked.overpayments.iter();
        if let Some(over) = over.find(|over| over.payment == *document && !missing.is_empty()) {
            let facts = Box::new(over.facts.clone());
            return Verdict::Held(HoldReason::AlreadyPaid(facts));
        }
    }
    if ours.is_empty() {
        Verdict::Clear
    } else {
        Verdict::Ours(ours)
    }
}

fn held(found: &[&FoundObject]) -> Verdict {
    let named = found.iter().take(NAMED);
    let named = named.map(|found| FoundTransaction::of(&found.object));
    Verdict::Held(HoldReason::AlreadyInQuickbooks(named.collect()))
}

/// Returns what somebody entered in place of these parts of a plan.
fn entered<'a>(looked: &'a Looked, missing: &[&PlannedPosting], ids: &Ids) -> Vec<&'a FoundObject> {
    let others = looked
        .found
        .iter()
        .filter(|found| found.owner == Owner::Person);
    let missing = missing.iter().map(|planned| planned.posting.clone());
    let missing = with_whole_payment(missing.collect());
    let is_like = |found: &&FoundObject| {
        let mut missing = missing.iter();
        missing.any(|posting| is_entered(posting, &found.object, ids))
    };
    others.filter(is_like).collect()
}

/// Returns whether a transaction that somebody entered is what RIVET is to post: the number with the same customer or the same total, or a
/// payment of the same customer and amount within a week. A customer and its jobs count as the same. A void transaction counts for nothing.
pub fn is_entered(posting: &Posting, found: &ObjectSnapshot, ids: &Ids) -> bool {
    if found.is_voided() {
        return false;
    }
    let is_customer = found
        .customer
        .as_ref()
        .is_some_and(|of| ids.family().any(|id| of.value == id));
    match posting {
        Posting::Payment(receipt) => {
            let near = found.date.zip(found.total);
            let is_near = near.is_some_and(|(date, total)| is_near(receipt, date, total));
            found.kind == Kind::Payment && is_customer && is_near
        }
        posting => {
            let numbers = posting.number().zip(found.doc_number.as_deref());
            let is_number = numbers.is_some_and(|(ours, theirs)| is_same_number(ours, theirs));
            let is_total = found.amount() == Some(posting.total());
            found.kind != Kind::Payment && is_number && (is_customer || is_total)
        }
    }
}
