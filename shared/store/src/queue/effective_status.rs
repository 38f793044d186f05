//! Where a document stands for whoever looks: its record together with its entry of the queue.

use crate::document::DocumentRecord;
use crate::document::status::DocumentStatus;
use crate::queue::entry::{EntryState, QueueEntry};

/// Where a document stands for who looks: what waits on the desk is newer than what the record says.
pub fn effective_status(record: &DocumentRecord, waiting: Option<&QueueEntry>) -> DocumentStatus {
    match waiting.map(|waiting| &waiting.state) {
        Some(EntryState::Held(hold)) => DocumentStatus::Held(hold.clone()),
        Some(EntryState::Pending { .. }) if record.saga.is_none() => DocumentStatus::Pending,
        _ => record.status.clone(),
    }
}
