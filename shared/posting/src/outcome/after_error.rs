//! The consequences of an error for the document, the queue and the run.

use jiff::Timestamp;
use store::document::attempts::WaitCause;
use store::document::status::DocumentStatus;
use store::queue::entry::EntryState;

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
