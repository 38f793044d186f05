//! The outcome of an attempt at a document, for the document, the queue and the run.

use crate::context::WorkerContext;
use crate::document::work_item::WorkItem;
use crate::error::PostingError;
use crate::matching::missing::find_missing;
use jiff::Timestamp;
use mapping::Refusal;
use ports::http::Http;
use ports::records::{Records, StoreError};
use ports::time::after;
use store::activity::ActivityEntry;
use store::activity::notification::DocumentNotification;
use store::document::attempts::{LOOKUP_DELAY, WaitCause};
use store::document::status::DocumentStatus;
use store::inbox::change::PendingChange;
use store::queue::completion::WorkResult;
use store::queue::effective_status::entry_state;
use store::queue::entry::EntryState;
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

/// The consequences of an error for the document, the queue and the run.
pub struct AfterError {
    /// The document's status.
    pub status: DocumentStatus,
    /// The state of the document's queue entry, if the status does not determine it.
    pub entry_state: Option<EntryState>,
    /// The cause of the wait, if the entry waits.
    pub wait_cause: WaitCause,
    /// The instant until which the firm waits.
    pub pause_until: Option<Timestamp>,
}

impl AfterError {
    /// Returns the consequences that follow from the status alone.
    pub fn of(status: DocumentStatus) -> Self {
        Self {
            status,
            entry_state: None,
            wait_cause: WaitCause::Document,
            pause_until: None,
        }
    }
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
        PostingError::RetryAt(at) => match item.record.saga {
            Some(_) => in_doubt(ctx, item, "the look-up was put off", at),
            None => waiting(ctx, item, DocumentStatus::Pending, at),
        },
        PostingError::ConnectionLost(status) => {
            ctx.client.set_connection_status(status, now).await?;
            not_connected()
        }
        PostingError::TokenRejected => not_connected(),
        PostingError::OutcomeUnknown { why, retry_at } => {
            let at = after(now, LOOKUP_DELAY);
            in_doubt(ctx, item, &why, at.max(retry_at.unwrap_or(at)))
        }
        PostingError::DuplicateRequestId(reason) => {
            in_doubt(ctx, item, &reason.message, after(now, LOOKUP_DELAY))
        }
    })
}

/// Returns the consequences of an unknown outcome. The document is looked up once QuickBooks has ended the request. If no step was started,
/// the document is simply tried again then.
fn in_doubt<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    item: &WorkItem,
    why: &str,
    at: Timestamp,
) -> AfterError {
    waiting(ctx, item, uncertain(why), at)
}

/// Returns the consequences of a wait until `at`. The wait is longer if QuickBooks gave no answer about the document before. A document that
/// is only planned again does not wait.
fn waiting<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    item: &WorkItem,
    status: DocumentStatus,
    at: Timestamp,
) -> AfterError {
    let now = ctx.now();
    let wait_cause = item.record.wait_cause(ctx.last_posted_at);
    let not_before = if at > now {
        at.max(after(now, item.record.retry_delay(wait_cause)))
    } else {
        at
    };
    let entry_state = match item.record.saga {
        Some(_) => EntryState::Uncertain(not_before),
        None => item.entry.pending(Some(not_before)),
    };
    AfterError {
        status,
        entry_state: Some(entry_state),
        wait_cause,
        pause_until: Some(at),
    }
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
        activity_entry: ActivityEntry {
            at: now,
            document: entry.document.clone(),
            state: record.status.name().to_owned(),
            detail: last
                .map(|attempt| attempt.detail.clone())
                .unwrap_or_default(),
            requested_by: entry.requested_by(),
            notification,
            transactions: transactions(&record.status),
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

/// Returns the transactions that an activity entry names.
fn transactions(status: &DocumentStatus) -> Vec<FoundTransaction> {
    let found = status.transactions();
    found.into_iter().cloned().collect()
}

fn uncertain(why: &str) -> DocumentStatus {
    let why = why.trim_end_matches('.');
    let message =
        format!("It is not known yet whether QuickBooks has it; it is being looked up ({why}).");
    DocumentStatus::Uncertain(Reason::new("outcome_unknown", Action::Wait, message))
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
