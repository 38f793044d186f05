//! Two state machines exist side by side: [`EntryState`] says what a queue entry waits for, and [`DocumentStatus`] says what is true of the
//! document. The module has the conversions between them.
//!
//! | `DocumentStatus` | `EntryState` of its entry | |
//! |---|---|---|
//! | `Pending`, `Posting` | `Pending` | the next worker processes it |
//! | `Held` | `Held` | until the hold is released |
//! | `Uncertain` | `Uncertain` | until the outcome is looked up |
//! | `Failed` | `Failed` | until a person acts |
//! | `Conflict` | `Conflict` | until a person decides |
//! | `Posted`, `Voided`, `Skipped` | no entry | nothing is left to do |
//!
//! An entry may be newer than the record: a revision arrived, a hold was released, or a person requested the document. A reader then sees
//! `Held` and `Pending` of the entry, unless a posting is under way. For all other states the record is right. It is right too if the
//! document waits until a customer, class or item is looked up: the entry is then `Pending` with a time, and keeps a person's request.

use crate::document::DocumentRecord;
use crate::document::attempts::LOOKUP_DELAY;
use crate::document::status::DocumentStatus;
use crate::queue::entry::{EntryState, QueueEntry};
use jiff::Timestamp;
use ports::time::after;

/// Returns the status of a document as readers see it. A newer queue entry overrides the record.
pub fn effective_status(record: &DocumentRecord, entry: Option<&QueueEntry>) -> DocumentStatus {
    match entry.map(|entry| &entry.state) {
        Some(EntryState::Held(hold)) => DocumentStatus::Held(hold.clone()),
        Some(EntryState::Pending { not_before, .. })
            if record.saga.is_none() && !is_awaited(record, *not_before) =>
        {
            DocumentStatus::Pending
        }
        Some(
            EntryState::Pending { .. }
            | EntryState::Uncertain(_)
            | EntryState::Failed
            | EntryState::Conflict,
        )
        | None => record.status.clone(),
    }
}

/// Returns whether the entry waits for the look-up of a party. Whatever is newer than the record removes the time.
fn is_awaited(record: &DocumentRecord, not_before: Option<Timestamp>) -> bool {
    not_before.is_some() && matches!(record.status, DocumentStatus::Uncertain(_))
}

/// Returns the state of an entry after an attempt that ended in `status`. `None` if the document is finished.
pub fn entry_state(
    status: &DocumentStatus,
    entry: &QueueEntry,
    now: Timestamp,
) -> Option<EntryState> {
    match status {
        DocumentStatus::Pending | DocumentStatus::Posting => Some(entry.pending(None)),
        DocumentStatus::Held(hold) => Some(EntryState::Held(hold.clone())),
        DocumentStatus::Uncertain(_) => Some(EntryState::Uncertain(after(now, LOOKUP_DELAY))),
        DocumentStatus::Failed(_) => Some(EntryState::Failed),
        DocumentStatus::Conflict(_) => Some(EntryState::Conflict),
        DocumentStatus::Posted | DocumentStatus::Voided | DocumentStatus::Skipped(_) => None,
    }
}
