//! What a try at a document came to, for the document, the desk and the stay.

use crate::context::WorkerContext;
use crate::error::Halt;
use connection::call_outcome::Setback;
use jiff::Timestamp;
use mapping::Refusal;
use ports::http::Http;
use ports::records::Records;
use ports::records::StoreError;
use ports::time::after;
use store::activity::ActivityEntry;
use store::activity::notification::DocumentNotification;
use store::document::DocumentRecord;
use store::document::attempts::LOOKUP_DELAY;
use store::document::status::DocumentStatus;
use store::queue::completion::WorkResult;
use store::queue::effective_status::entry_state;
use store::queue::entry::{EntryState, QueueEntry};
use store::reason::hold::HoldReason;
use store::reason::{Action, Reason};

/// What a try at one document came to.
pub struct ProcessedItem {
    /// For the desk.
    pub finished: WorkResult,
    /// The firm waits until then; no other document is tried.
    pub stop: Option<Timestamp>,
}

/// What a setback makes of the document, the desk and the stay.
pub async fn set_back<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    setback: Setback,
    of: (&DocumentRecord, &QueueEntry),
    now: Timestamp,
) -> Result<(DocumentStatus, Option<EntryState>, Option<Timestamp>), StoreError> {
    Ok(match setback {
        Setback::Settle(state) => (state, None, None),
        Setback::NumberTaken(reason, _) => (DocumentStatus::Failed(reason), None, None),
        Setback::Missing(reason) => (
            crate::matching::missing::missing(office, of, reason, now).await?,
            None,
            None,
        ),
        Setback::Later(at) => match of.0.saga {
            Some(_) => in_doubt(office, "the look-up was put off", at, of),
            None => (
                DocumentStatus::Pending,
                Some(put_off(office, at, of)),
                Some(at),
            ),
        },
        Setback::Lost(standing) => {
            office.lose(standing, now).await?;
            (DocumentStatus::Held(HoldReason::NotConnected), None, None)
        }
        Setback::Unauthorized => (DocumentStatus::Held(HoldReason::NotConnected), None, None),
        Setback::Unknown(why) => in_doubt(office, &why, after(now, LOOKUP_DELAY), of),
        Setback::Repeated(reason) => {
            in_doubt(office, &reason.message, after(now, LOOKUP_DELAY), of)
        }
    })
}

/// It is looked up once a request that is still under way on the other side has ended. If nothing of it was begun it is simply
/// tried again then.
fn in_doubt<H: Http, R: Records>(
    office: &WorkerContext<'_, H, R>,
    why: &str,
    at: Timestamp,
    of: (&DocumentRecord, &QueueEntry),
) -> (DocumentStatus, Option<EntryState>, Option<Timestamp>) {
    let at = at.max(office.quiet_until.unwrap_or(at));
    (uncertain(why), Some(put_off(office, at, of)), Some(at))
}

/// Others may go on then. It goes on later than they if QuickBooks gave no answer about it before; what is only to be planned anew
/// goes on at once.
fn put_off<H: Http, R: Records>(
    office: &WorkerContext<'_, H, R>,
    at: Timestamp,
    (record, waiting): (&DocumentRecord, &QueueEntry),
) -> EntryState {
    let now = office.now();
    let turn = if at > now {
        at.max(after(now, record.retry_delay()))
    } else {
        at
    };
    match record.saga {
        Some(_) => EntryState::Uncertain(turn),
        None => waiting.pending(Some(turn)),
    }
}

pub fn settled(
    waiting: &QueueEntry,
    (record, tell): (&DocumentRecord, Option<DocumentNotification>),
    now: Timestamp,
) -> ProcessedItem {
    let last = record.attempts.last();
    let finished = WorkResult {
        document: waiting.document.clone(),
        revision: waiting.revision,
        void: waiting.void,
        decision: waiting.decision.clone(),
        entry_state: entry_state(&record.status, waiting, now),
        activity_entry: ActivityEntry {
            at: now,
            document: waiting.document.clone(),
            state: record.status.name().to_owned(),
            detail: last
                .map(|attempt| attempt.detail.clone())
                .unwrap_or_default(),
            requested_by: waiting.requested_by(),
            notification: tell,
        },
        is_posted: matches!(
            record.status,
            DocumentStatus::Posted | DocumentStatus::Voided
        ),
        objects: Vec::new(),
    };
    ProcessedItem {
        finished,
        stop: None,
    }
}

pub fn conflict(code: &str, message: &str) -> Halt {
    Halt::Setback(Setback::Settle(DocumentStatus::Conflict(to_decide(
        code, message,
    ))))
}

/// Why a person is to decide.
pub fn to_decide(code: &str, message: &str) -> Reason {
    let message = format!("{message} Choose which version to keep.");
    Reason::new(code, Action::Decide, message)
}

fn uncertain(why: &str) -> DocumentStatus {
    let why = why.trim_end_matches('.');
    let message =
        format!("It is not known yet whether QuickBooks has it; it is being looked up ({why}).");
    DocumentStatus::Uncertain(Reason::new("outcome_unknown", Action::Wait, message))
}

pub fn nothing(message: &str) -> DocumentStatus {
    DocumentStatus::Skipped(Reason::new("nothing_to_post", Action::Wait, message))
}

/// A plan that cannot be made: the settings or the document.
pub fn refused(refusal: Refusal) -> Halt {
    match refusal {
        Refusal::Incomplete { missing } => HoldReason::SettingsIncomplete(missing).into(),
        other => {
            let message = other.to_string();
            let reason = Reason::new("document_does_not_fit", Action::FixDocument, message);
            Halt::Setback(Setback::Settle(DocumentStatus::Failed(reason)))
        }
    }
}

impl From<HoldReason> for Halt {
    fn from(hold: HoldReason) -> Self {
        Self::Setback(Setback::Settle(DocumentStatus::Held(hold)))
    }
}
