//! Payments that QuickBooks refused.

use crate::error::PostingError;
use crate::work_item::WorkItem;
use billing::DocumentKind;

/// Lets a payment that QuickBooks refused be planned again, once, after what is open was read. QuickBooks may have applied a credit by itself
/// since RIVET last looked: then the payment is held, and a person decides.
pub fn read_what_is_open(item: &mut WorkItem, error: PostingError) -> PostingError {
    let record = &mut item.record;
    let is_payment = record.reference.kind == DocumentKind::Payment;
    let is_new = record.posted.is_empty() && item.entry.pending_void().is_none();
    match error {
        PostingError::Failed(reason)
            if is_payment
                && is_new
                && !record.was_refused
                && reason.code == "refused_by_quickbooks" =>
        {
            record.was_refused = true;
            PostingError::PlanAgain
        }
        error => error,
    }
}
