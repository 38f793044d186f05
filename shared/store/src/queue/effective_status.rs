//! Where a document stands for whoever looks: its record together with its entry of the queue.

use crate::document::DocumentRecord;
use crate::document::status::State;
use crate::queue::entry::{Mark, Waiting};

/// Where a document stands for who looks: what waits on the desk is newer than what the record says.
pub fn effective_status(record: &DocumentRecord, waiting: Option<&Waiting>) -> State {
    match waiting.map(|waiting| &waiting.mark) {
        Some(Mark::Held(hold)) => State::Held(hold.clone()),
        Some(Mark::Pending { .. }) if record.saga.is_none() => State::Pending,
        _ => record.state.clone(),
    }
}
