//! What RIVET is told of a try at a document: each cause once, however often it is tried and whoever dies.
//!
//! The record says what was told last and when. That it was told is sure only once its line is in the desk's log, as a worker may die
//! between keeping the record and leaving the desk.

#[cfg(test)]
mod tests;

use connection::call_outcome::fault_reasons::TRACE;
use jiff::Timestamp;
use mapping::PostedObject;
use ports::entropy::digest;
use store::activity::ActivityLog;
use store::activity::notification::DocumentNotification;
use store::document::DocumentRecord;
use store::document::conflict::Conflict;
use store::document::conflict::ConflictObject;
use store::document::status::DocumentStatus;
use store::queue::entry::QueueEntry;
use store::reason::Reason;
use store::reason::ReasonCode;

/// What is to be told of the state that a try came to, which it then says was told. `was_final`: whether nothing was left to do
/// before.
pub fn news(
    record: &mut DocumentRecord,
    (waiting, was_final): (&QueueEntry, bool),
    log: &ActivityLog,
    now: Timestamp,
) -> Option<DocumentNotification> {
    let tell = tell(&record.status)?;
    let cause = cause(record, waiting);
    let is_known = record.was_notified_of(&cause, log);
    if is_known && (was_final || !record.status.is_final()) {
        return None;
    }
    record.last_notified = Some(format!("{now} {cause}"));
    Some(tell)
}

/// What is still to be told of a document that was finished before.
pub fn missed(record: &DocumentRecord, log: &ActivityLog) -> Option<DocumentNotification> {
    tell(&record.status).filter(|_| !record.is_notified(log))
}

/// What a state is told as; nothing of what goes on by itself, waits, or is nothing to post.
fn tell(state: &DocumentStatus) -> Option<DocumentNotification> {
    match state {
        DocumentStatus::Posted | DocumentStatus::Voided => Some(DocumentNotification::Posted),
        DocumentStatus::Failed(_) => Some(DocumentNotification::Failed),
        DocumentStatus::Conflict(_) => Some(DocumentNotification::Changed),
        DocumentStatus::Pending
        | DocumentStatus::Posting
        | DocumentStatus::Held(_)
        | DocumentStatus::Uncertain(_)
        | DocumentStatus::Skipped(_) => None,
    }
}

/// What a state comes of: what RIVET said last, and why it failed. Not which of QuickBooks' answers said so.
fn cause(record: &DocumentRecord, waiting: &QueueEntry) -> String {
    if let (DocumentStatus::Conflict(reason), Some(conflict)) = (&record.status, &record.conflict) {
        return of_conflict(reason, conflict, &record.posted);
    }
    let revision = record.revision.max(waiting.revision);
    let void = record.void.max(waiting.void);
    let void = void.map_or(0, |void| void.revision);
    let mut words = format!("{} {revision} {void}", record.status.name());
    if let Some(reason) = record.status.reason() {
        words.push_str(&reason.code);
        words.push_str(lasting(&reason));
    }
    short(&words)
}

/// What a conflict comes of: the versions that somebody made, whatever RIVET had to say when they were met.
pub fn of_conflict(reason: &Reason, conflict: &Conflict, posted: &[PostedObject]) -> String {
    let mut words = reason.code.clone();
    for ConflictObject { key, version, .. } in &conflict.objects {
        let is_ours = |posted: &PostedObject| {
            key.id == posted.id && version.as_ref() == Some(&posted.sync_token)
        };
        let is_changed = reason.has_code(ReasonCode::ChangedInQuickbooks);
        if !is_changed || !posted.iter().any(is_ours) {
            words.push_str(&format!("\n{key} {}", version.as_deref().unwrap_or("-")));
        }
    }
    short(&words)
}

fn short(words: &str) -> String {
    digest(words).get(..12).unwrap_or_default().to_owned()
}

fn lasting(reason: &Reason) -> &str {
    let parted = reason.message.split_once(TRACE);
    parted.map_or(&reason.message, |(before, _)| before)
}
