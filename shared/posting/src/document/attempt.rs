//! The consequences of an attempt for the document's record.

use crate::context::WorkerContext;
use crate::document::decision::apply_decision_outcome;
use crate::entered_before::read_what_is_open;
use crate::error::PostingError;
use crate::outcome::{AfterError, status_after_error};
use crate::steps::compensation::take_entry_back;
use crate::work_item::WorkItem;
use jiff::Timestamp;
use ports::http::Http;
use ports::records::{Records, StoreError};
use store::document::attempts::AttemptRemark;
use store::document::status::DocumentStatus;
use store::reason::Reason;

/// Returns the consequences of an outcome. If QuickBooks refused a document, its entry is taken back.
pub async fn after_outcome<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    item: &mut WorkItem,
    outcome: Result<DocumentStatus, PostingError>,
    now: Timestamp,
) -> Result<AfterError, StoreError> {
    let error = match outcome {
        Ok(status) => return Ok(AfterError::of(status)),
        Err(error) => plan_refused_payment(item, error),
    };
    let is_refused = error.is_refused();
    let after = status_after_error(ctx, error, item, now).await?;
    match is_refused {
        true => take_entry_back(ctx, item, after, now).await,
        false => Ok(after),
    }
}

/// Lets a payment that QuickBooks refused be planned again: divided if it pays for jobs, as QuickBooks may take no payment of the customer
/// for them, and else after what is open was read.
fn plan_refused_payment(item: &mut WorkItem, error: PostingError) -> PostingError {
    let record = &mut item.record;
    let is_whole = item.pays_for_jobs && !record.is_by_job && record.posted.is_empty();
    match error {
        PostingError::Failed(reason) if is_whole && may_be_about_jobs(&reason) => {
            record.is_by_job = true;
            let remark = "QuickBooks takes no payment of the customer for its jobs, so each job gets a payment of its own. ";
            item.remark.push_str(remark);
            PostingError::PlanAgain
        }
        error => read_what_is_open(item, error),
    }
}

/// Returns whether a refusal may be about the customer of what a payment pays.
fn may_be_about_jobs(reason: &Reason) -> bool {
    matches!(
        reason.code.as_str(),
        "cannot_be_linked" | "refused_by_quickbooks" | "customer_hierarchy"
    )
}

/// Adds the attempt to the document's record: its status, its remarks and the person who asked for it.
pub fn add_attempt(item: &mut WorkItem, status: DocumentStatus, now: Timestamp) {
    let decided = apply_decision_outcome(item, &status);
    let credit = credit_remark(item);
    let remark = AttemptRemark {
        text: &[item.remark.as_str(), decided, &credit].concat(),
        by: item.entry.requested_by(),
    };
    item.record.set_status(status, now, remark);
}

/// Returns the sentence about a credit that QuickBooks applied to the new transaction by itself. Empty if there is none.
fn credit_remark(item: &WorkItem) -> String {
    let is_new = item.original.payment.is_none();
    let payment = item.record.payment.as_ref().filter(|_| is_new);
    payment.map_or_else(String::new, |payment| {
        let paid = payment.paid;
        format!("QuickBooks applied a credit of {paid:.2} to it by itself, which is no money. ")
    })
}
