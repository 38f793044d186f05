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

/// The result of another attempt at a dead letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replay {
    /// The delivery was read, and its changes are in the inboxes. The dead letter is gone.
    Read,
    /// The delivery still cannot be read, for this reason. The dead letter stays.
    Unreadable(&'static str),
    /// The body was too long to keep, so nobody can read it again.
    NotKept,
    /// No dead letter has this mark.
    Unknown,
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
        if read_again(store, &letter, now).await? == Replay::Read {
            understood.push(letter);
        }
    }
    if understood.is_empty() {
        return Ok(());
    }
    store.remove_dead_letters(&understood).await
}

/// Reads one dead letter again, and removes it if that succeeds.
///
/// # Errors
/// [`StoreError`] if a record could not be read or written.
pub async fn replay<R: Records>(
    store: &Store<R>,
    mark: &str,
    now: Timestamp,
) -> Result<Replay, StoreError> {
    let letters = store.dead_letters().await?.deliveries;
    let Some(letter) = letters.into_iter().find(|letter| letter.mark == mark) else {
        return Ok(Replay::Unknown);
    };
    let end = read_again(store, &letter, now).await?;
    if end == Replay::Read {
        store.remove_dead_letters(&[letter]).await?;
    }
    Ok(end)
}

/// Saves the changes of a dead letter if all of it can be read.
async fn read_again<R: Records>(
    store: &Store<R>,
    letter: &DeadLetter,
    now: Timestamp,
) -> Result<Replay, StoreError> {
    let Some(body) = letter.open() else {
        return Ok(Replay::NotKept);
    };
    let events = match webhook::read(&body) {
        Ok(events) => events,
        Err(unreadable) => return Ok(Replay::Unreadable(unreadable.problem())),
    };
    if let Some(problem) = problem_without_company(&events) {
        return Ok(Replay::Unreadable(problem));
    }
    save_changes(store, &events, &body, now).await?;
    Ok(Replay::Read)
}

/// Returns the fault of an unreadable event that names no company. If an unreadable event names its company, a catch-up finds the change.
fn problem_without_company(events: &DeliveryEvents) -> Option<&'static str> {
    let mut unreadable = events.unreadable.iter();
    let event = unreadable.find(|event| event.realm_id.is_none())?;
    Some(event.problem)
}
