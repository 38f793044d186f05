//! Receives Intuit's webhooks. The intake only stores the changes, before it acknowledges the delivery.
//!
//! Each company takes one write into its firm's inbox and then the hint for a scheduled run. After a crash before both writes, Intuit has
//! no answer and sends the delivery again. Known changes then cost no write, and the hint is added.

// Top first: a module uses only modules below it.
mod saving;

mod company_changes;

use crate::webhook_intake::saving::save_changes;
use jiff::Timestamp;
use ports::records::{Records, StoreError};
use quickbooks::webhook::{self, DeliveryEvents};
use store::Store;
use store::inbox::dead_letters::DeadLetter;

/// The result of an accepted delivery.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// The fault of the delivery, or of the first unreadable event in it. `None` if all of it was read.
    pub problem: Option<&'static str>,
}

/// Accepts the body of a delivery whose signature was verified.
///
/// Companies that serve no firm, and kinds of objects that RIVET does not use, cost no write.
///
/// # Errors
/// [`StoreError`] if a record could not be read or written. The delivery must then be sent again.
pub async fn receive<R: Records>(
    store: &Store<R>,
    body: &[u8],
    now: Timestamp,
) -> Result<Received, StoreError> {
    let (problem, dead_letter_reason) = match webhook::read(body) {
        Ok(events) => {
            let problem = events.unreadable.first().map(|event| event.problem);
            let reason = problem_without_company(&events);
            save_changes(store, &events, body, now).await?;
            (problem, reason)
        }
        Err(unreadable) => (Some(unreadable.problem()), Some(unreadable.problem())),
    };
    if let Some(reason) = dead_letter_reason {
        let letter = DeadLetter::new(body, reason, now);
        store.add_dead_letter(&letter).await?;
    }
    Ok(Received { problem })
}

/// Reads the dead letters again, since a later version may understand them.
///
/// # Errors
/// [`StoreError`] if a record could not be read or written.
pub async fn reprocess<R: Records>(store: &Store<R>, now: Timestamp) -> Result<(), StoreError> {
    let mut understood = Vec::new();
    for letter in store.dead_letters().await?.deliveries {
        let Some(body) = letter.open() else { continue };
        let Ok(events) = webhook::read(&body) else {
            continue;
        };
        if problem_without_company(&events).is_none() {
            save_changes(store, &events, &body, now).await?;
            understood.push(letter);
        }
    }
    if understood.is_empty() {
        return Ok(());
    }
    store.remove_dead_letters(&understood).await
}

/// Returns the fault of an unreadable event that names no company. If an unreadable event names its company, a catch-up finds the change.
fn problem_without_company(events: &DeliveryEvents) -> Option<&'static str> {
    let mut unreadable = events.unreadable.iter();
    let event = unreadable.find(|event| event.realm_id.is_none())?;
    Some(event.problem)
}
