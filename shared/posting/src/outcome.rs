//! The outcome of an attempt at a document, for the document, the queue and the run.

// Top first: a module uses only modules below it.
mod unfinished;
mod wait;
mod doubt;
mod after_error;

pub use crate::outcome::after_error::AfterError;

use crate::context::WorkerContext;
use crate::error::PostingError;
use crate::matching::missing::find_missing;
use crate::outcome::doubt::{Doubt, DoubtAfterLookup};
use crate::outcome::unfinished::{in_doubt, planned_again, put_off, unread};
use crate::work_item::WorkItem;
use jiff::Timestamp;
use mapping::Refusal;
use ports::http::Http;
use ports::records::{Records, StoreError};
use ports::time::after;
use store::activity::ActivityEntry;
use store::activity::notification::DocumentNotification;
use store::document::DocumentRecord;
use store::document::attempts::{LOOKUP_DELAY, WaitCause};
use store::document::status::DocumentStatus;
use store::inbox::change::PendingChange;
use store::queue::completion::WorkResult;
use store::queue::effective_status::entry_state;
use store::reason::hold::HoldReason;
use store::reason::{Action, FoundTransaction, Reason};

/// The outcome of an attempt at one document.
pub struct ProcessedItem {
    /// The result that the queue must record.
    pub result: WorkResult,
    /// The instant until which the firm waits. The run then works on no other document.
    pub pause_until: Option<Timestamp>,
    /// The changes that the next scan must check again.
    pub rescan: Vec<PendingChange>,
}

/// Returns the consequences of an error.
///
/// # Errors
/// A store failure ends the run.
pub async fn status_after_error<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    error: PostingError,
    item: &WorkItem,
    now: Timestamp,
) -> Result<AfterError, StoreError> {
    let soon = after(now, LOOKUP_DELAY);
    let not_connected = || AfterError::of(DocumentStatus::Held(HoldReason::NotConnected));
    Ok(match error {
        PostingError::Store(error) => return Err(error),
        PostingError::Held(hold) => AfterError::of(DocumentStatus::Held(hold)),
        PostingError::Conflict(reason) => AfterError::of(DocumentStatus::Conflict(reason)),
        PostingError::Failed(reason)
        | PostingError::DuplicateNumber { reason, .. }
        | PostingError::DuplicateName(reason) => AfterError::of(DocumentStatus::Failed(reason)),
        PostingError::MissingReference(reason) => {
            let revision = item.entry.revision.max(item.record.revision);
            let hold = find_missing(ctx, &item.entry.document, revision, now).await?;
            let failed = DocumentStatus::Failed(reason);
            AfterError::of(hold.map_or(failed, DocumentStatus::Held))
        }
        PostingError::RetryAt(at) => put_off(ctx, item, at),
        PostingError::Unread { why, retry_at } => {
            unread(ctx, item, &Doubt::unread(&why, soon.max(retry_at)))
        }
        PostingError::PlanAgain => planned_again(ctx, item, now),
        PostingError::ConnectionLost(status) => {
            ctx.client.set_connection_status(status, now).await?;
            not_connected()
        }
        PostingError::TokenRejected => not_connected(),
        PostingError::OutcomeUnknown { why, retry_at } => {
            let at = soon.max(retry_at.unwrap_or(soon));
            in_doubt(ctx, item, &Doubt::unanswered(&why, at))
        }
        PostingError::DuplicateRequestId(reason) => {
            in_doubt(ctx, item, &Doubt::unanswered(&reason.message, soon))
        }
        PostingError::StillUnknown(error) => match Doubt::of_lookup(error, now)? {
            DoubtAfterLookup::Copies(found) => {
                AfterError::of(DocumentStatus::Held(HoldReason::CopiesInQuickbooks(found)))
            }
            DoubtAfterLookup::Open(doubt) => in_doubt(ctx, item, &doubt),
        },
        PostingError::PartyUnknown { party, error } => match Doubt::of_lookup(error, now)? {
            DoubtAfterLookup::Copies(_) => planned_again(ctx, item, now),
            DoubtAfterLookup::Open(doubt) => in_doubt(ctx, item, &doubt.about(party)),
        },
    })
}

/// Returns the result of a document whose record has its new status.
pub fn processed(
    item: &WorkItem,
    notification: Option<DocumentNotification>,
    now: Timestamp,
) -> ProcessedItem {
    let WorkItem { entry, record, .. } = item;
    let last = record.attempts.last();
    let result = WorkResult {
        document: entry.document.clone(),
        revision: entry.revision,
        void: entry.void,
        decision: entry.decision.clone(),
        entry_state: entry_state(&record.status, entry, now),
        wait_cause: WaitCause::Document,
        reason: record.status.reason().filter(|_| !record.status.is_final()),
        activity_entry: ActivityEntry {
            at: now,
            document: entry.document.clone(),
            summary: record.summary.clone(),
            state: record.status.name().to_owned(),
            detail: last
                .map(|attempt| attempt.detail.clone())
                .unwrap_or_default(),
            requested_by: entry.requested_by(),
            notification,
            transactions: transactions(record),
        },
        is_posted: matches!(
            record.status,
            DocumentStatus::Posted | DocumentStatus::Voided
        ),
        objects: Vec::new(),
    };
    ProcessedItem {
        result,
        pause_until: None,
        rescan: Vec::new(),
    }
}

/// The most of its own transactions that an activity entry names. The entries of a queue record must stay short.
const NAMED: usize = 2;

/// Returns the transactions that an activity entry names: those that a hold is about, or those that the document has in QuickBooks.
fn transactions(record: &DocumentRecord) -> Vec<FoundTransaction> {
    let found = record.status.transactions();
    if !found.is_empty() || record.status != DocumentStatus::Posted {
        return found.into_iter().cloned().collect();
    }
    let own = record.active_objects().take(NAMED);
    own.map(|posted| FoundTransaction {
        kind: posted.kind,
        id: posted.id.clone(),
        number: posted.number.clone().unwrap_or_default(),
        date: Some(posted.posting.date()),
        amount: posted.posting.total(),
    })
    .collect()
}

/// Returns the status of a document that leaves nothing in the books.
pub fn nothing_to_post(message: &str) -> DocumentStatus {
    DocumentStatus::Skipped(Reason::new("nothing_to_post", Action::Wait, message))
}

/// Returns the error of a plan that cannot be made, because the settings or the document are at fault.
pub fn plan_error(refusal: Refusal) -> PostingError {
    match refusal {
        Refusal::Incomplete { missing } => HoldReason::SettingsIncomplete(missing).into(),
        other => {
            let message = other.to_string();
            let reason = Reason::new("document_does_not_fit", Action::FixDocument, message);
            PostingError::Failed(reason)
        }
    }
}
