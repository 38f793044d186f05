//! Payments that QuickBooks refused.

use crate::context::WorkerContext;
use crate::entered_before::Candidate;
use crate::entered_before::refused_look::RefusedLook;
use crate::error::PostingError;
use crate::work_item::WorkItem;
use billing::DocumentKind;
use jiff::Timestamp;
use ports::http::Http;
use ports::records::Records;
use quickbooks::entity::ObjectSnapshot;

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

/// Reads by its id what the refused payments among these documents are to pay. A query may not show yet what QuickBooks applied just before.
/// Returns the payments whose targets could not be read.
pub(super) async fn read_targets<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    candidates: &[Candidate<'_>],
    rows: &mut Vec<ObjectSnapshot>,
    now: Timestamp,
) -> Vec<RefusedLook> {
    let mut unread = Vec::new();
    for candidate in candidates.iter().filter(|one| one.record.was_refused) {
        let targets = candidate.ids.targets.values();
        for (kind, id) in targets.chain(candidate.ids.credits.values()) {
            let Some(kind) = kind.kind() else { continue };
            match ctx.client.get(kind, id, now).await {
                Ok(None) => {}
                Ok(Some(found)) => {
                    rows.retain(|row| (row.kind, &row.id) != (found.kind, &found.id));
                    rows.push(found);
                }
                Err(error) => unread.push(RefusedLook {
                    document: candidate.plan.document.clone(),
                    error: ctx.lookup_error(error, now).await,
                }),
            }
        }
    }
    unread
}
