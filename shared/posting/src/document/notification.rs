//! Notifies RIVET of a document's status: once for each cause, even if there are many attempts or a worker crashes.
//!
//! The record names the last cause of a notification and its time. Only the entry in the firm's activity log makes the notification
//! certain: a worker may crash after saving the record and before releasing the lease.

#[cfg(test)]
mod tests;

use crate::notified_cause::{conflict_cause, short_digest, was_told_as_edit};
use crate::work_item::WorkItem;
use connection::call_outcome::fault_reasons::TRACE;
use jiff::Timestamp;
use store::activity::ActivityLog;
use store::activity::notification::DocumentNotification;
use store::document::DocumentRecord;
use store::document::status::DocumentStatus;
use store::queue::entry::QueueEntry;
use store::reason::{Reason, ReasonCode};

/// Returns the notification of an attempt's status, and records that it is due. `None` if RIVET was notified of the same cause before.
pub fn due_notification(
    item: &mut WorkItem,
    log: &ActivityLog,
    now: Timestamp,
) -> Option<DocumentNotification> {
    let record = &mut item.record;
    let notification = notification(&record.status)?;
    let cause = cause(record, &item.entry);
    let is_known = record.was_notified_of(&cause, log) || was_told_as_edit(record, log);
    if is_known && (item.original.status.is_final() || !record.status.is_final()) {
        return None;
    }
    record.last_notified = Some(format!("{now} {cause}"));
    Some(notification)
}

/// Returns the notification that is still due for a document that was finished before.
pub fn missed_notification(
    record: &DocumentRecord,
    log: &ActivityLog,
) -> Option<DocumentNotification> {
    notification(&record.status).filter(|_| !record.is_notified(log))
}

/// Returns the notification of a status. `None` if the document continues by itself, waits, or needs no posting. Refused look-ups may never
/// end by themselves.
fn notification(status: &DocumentStatus) -> Option<DocumentNotification> {
    match status {
        DocumentStatus::Posted | DocumentStatus::Voided => Some(DocumentNotification::Posted),
        DocumentStatus::Failed(_) => Some(DocumentNotification::Failed),
        DocumentStatus::Uncertain(reason) if reason.has_code(ReasonCode::LookupRefused) => {
            Some(DocumentNotification::Failed)
        }
        DocumentStatus::Conflict(_) => Some(DocumentNotification::Changed),
        DocumentStatus::Pending
        | DocumentStatus::Posting
        | DocumentStatus::Held(_)
        | DocumentStatus::Uncertain(_)
        | DocumentStatus::Skipped(_) => None,
    }
}

/// Returns the cause of a status: the newest revision or void, and the reason of a failure. The answer of QuickBooks is no part of the
/// cause.
fn cause(record: &DocumentRecord, entry: &QueueEntry) -> String {
    if let (DocumentStatus::Conflict(reason), Some(conflict)) = (&record.status, &record.conflict) {
        return conflict_cause(reason, conflict, &record.posted);
    }
    let revision = record.revision.max(entry.revision);
    let void = record.void.max(entry.void).map_or(0, |void| void.revision);
    let mut words = format!("{} {revision} {void}", record.status.name());
    if let Some(reason) = record.status.reason() {
        words.push_str(&reason.code);
        // The message about a look-up names the time of the next one.
        if !reason.has_code(ReasonCode::LookupRefused) {
            words.push_str(message_without_trace(&reason));
        }
    }
    short_digest(&words)
}

fn message_without_trace(reason: &Reason) -> &str {
    let parts = reason.message.split_once(TRACE);
    parts.map_or(&reason.message, |(before, _)| before)
}
