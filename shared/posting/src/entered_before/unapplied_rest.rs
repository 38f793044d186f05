//! Leaves unapplied what a payment is more than what is open, after a person decided to post it anyway.

use crate::entered_before::look::Looked;
use crate::planned::ResolvedSteps;
use billing::DocumentRef;
use mapping::{Posting, Receipt, Step};

/// Applies no more of a payment than what is open. The payment keeps its amount, and the rest stays unapplied on the customer.
pub fn leave_rest_unapplied(looked: &Looked, payment: &DocumentRef, planned: &mut ResolvedSteps) {
    if !planned.posts_anyway {
        return;
    }
    for step in &mut planned.steps {
        if let Step::Create { posting, .. } = step
            && let Posting::Payment(receipt) = posting
        {
            limit_shares(looked, payment, receipt);
        }
    }
}

fn limit_shares(looked: &Looked, payment: &DocumentRef, receipt: &mut Receipt) {
    for over in looked
        .overpayments
        .iter()
        .filter(|over| over.payment == *payment)
    {
        let mut shares = receipt.applied.iter_mut();
        if let Some(share) = shares.find(|share| share.document == over.facts.document) {
            share.amount = share.amount.min(over.facts.open);
        }
    }
    receipt.applied.retain(|share| !share.amount.is_zero());
}
