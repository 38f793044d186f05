//! Receives Intuit's webhooks: stores the changes before the delivery is acknowledged, and does nothing more.
//!
//! Each company takes one write into its firm's inbox, then the hint for a scheduled run, unless there is one. A crash before both are
//! done leaves Intuit without an answer, so Intuit sends the delivery again. Known changes then cost no write, and the hint is added.

use jiff::Timestamp;
use ports::records::{Records, StoreError};
use quickbooks::webhook::{self, DeliveryEvents};
use store::inbox::change::{ChangeEvent, ChangeFingerprint};
use store::inbox::dead_letters::DeadLetter;
use store::inbox::{DeliveryPart, UnreadablePart};
use store::schedule::ScheduledJob;
use store::{CompanyKey, Store};

/// The result of an accepted delivery.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// Why the delivery, or the first unreadable event in it, could not be read; `None` if all was read.
    pub problem: Option<&'static str>,
}

/// The part of a delivery that is about one company.
struct CompanyChanges {
    realm_id: String,
    part: DeliveryPart,
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

/// Returns why an event that names no company cannot be read. If an unreadable event names its company, a catch-up finds the change.
fn problem_without_company(events: &DeliveryEvents) -> Option<&'static str> {
    let mut unreadable = events.unreadable.iter();
    let event = unreadable.find(|event| event.realm_id.is_none())?;
    Some(event.problem)
}

/// Saves the changes of each company. A store failure for one company does not keep the others from being saved.
async fn save_changes<R: Records>(
    store: &Store<R>,
    events: &DeliveryEvents,
    body: &[u8],
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut result = Ok(());
    for changes in by_company(events, body) {
        let saved = save_company_changes(store, &changes, now).await;
        result = result.and(saved);
    }
    result
}

async fn save_company_changes<R: Records>(
    store: &Store<R>,
    changes: &CompanyChanges,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(firm) = store.company_owner(&changes.realm_id).await? else {
        return Ok(());
    };
    let company = CompanyKey {
        firm: &firm,
        realm_id: &changes.realm_id,
    };
    let inbox = store.receive_changes(company, &changes.part, now).await?;
    // The hint is written even if all changes were known: an earlier delivery may have crashed before its hint.
    if inbox.has_work() {
        store.schedule_by(&firm, ScheduledJob::Work, now).await?;
    }
    Ok(())
}

/// Returns the changes that RIVET uses, by company, in the order in which the companies are first named.
fn by_company(events: &DeliveryEvents, body: &[u8]) -> Vec<CompanyChanges> {
    let mut all = Vec::new();
    for change in &events.changes {
        if let Some(event) = ChangeEvent::of(change) {
            part_of(&mut all, &change.realm_id).events.push(event);
        }
    }
    if events.unreadable.is_empty() {
        return all;
    }
    let delivery = DeadLetter::fingerprint(body);
    for event in &events.unreadable {
        if let Some(realm_id) = &event.realm_id {
            let position = [delivery.as_str(), &event.index.to_string()].join(":");
            let unreadable = UnreadablePart {
                fingerprint: ChangeFingerprint::of(&position),
                why: event.problem,
            };
            part_of(&mut all, realm_id).unreadable.push(unreadable);
        }
    }
    all
}

fn part_of<'a>(all: &'a mut Vec<CompanyChanges>, realm_id: &str) -> &'a mut DeliveryPart {
    let known = all.iter().position(|changes| changes.realm_id == realm_id);
    let at = known.unwrap_or(all.len());
    if known.is_none() {
        all.push(CompanyChanges {
            realm_id: realm_id.to_owned(),
            part: DeliveryPart::default(),
        });
    }
    &mut all[at].part
}
