//! Reads from our records what each firm knows, for the checks.

use crate::change_detection::scenario::Run;
use billing::DocumentRef;
use jiff::Timestamp;
use rust_decimal::Decimal;
use simulation::firms::firm_id;
use std::fmt;
use store::activity::{ActivityEntry, DocumentNotification};
use store::document::DocumentRecord;
use store::queue::entry::QueueEntry;

pub use crate::posting::ledger_checks::records;

/// The kind of an activity entry about a change in QuickBooks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DetectedAs {
    /// The document differs from what RIVET wrote.
    Changed,
    /// The document is paid, so RIVET cannot change it.
    PaymentsApplied,
    /// A payment was applied or removed.
    Paid,
    /// A product or service of RIVET's was changed.
    ItemChanged,
}

/// An activity entry about a change in QuickBooks.
#[derive(Clone, Debug)]
pub struct Line {
    pub at: Timestamp,
    pub document: DocumentRef,
    pub kind: DetectedAs,
    pub state: String,
    pub detail: String,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {:?} ({}) {}",
            self.at, self.kind, self.state, self.detail
        )
    }
}

/// Returns these entries of a firm, oldest first.
pub async fn lines(run: &Run, firm: &str) -> Vec<Line> {
    let queue = run.deployment.queue(firm).await;
    let mut all = Vec::new();
    for page in 0..queue.activity_pages {
        let store = run.deployment.direct_store();
        let page = store.activity_page(&firm_id(firm), page).await;
        all.extend(page.unwrap().0);
    }
    all.extend(queue.recent_activity);
    all.iter().filter_map(line).collect()
}

fn line(activity: &ActivityEntry) -> Option<Line> {
    let kind = match activity.notification.as_ref()? {
        DocumentNotification::Changed if activity.detail.starts_with("Payments were applied") => {
            DetectedAs::PaymentsApplied
        }
        DocumentNotification::Changed if activity.detail.starts_with("The product or service") => {
            DetectedAs::ItemChanged
        }
        DocumentNotification::Changed => DetectedAs::Changed,
        DocumentNotification::Paid(_) => DetectedAs::Paid,
        DocumentNotification::Posted | DocumentNotification::Failed => return None,
    };
    Some(Line {
        at: activity.at,
        document: activity.document.clone(),
        kind,
        state: activity.state.clone(),
        detail: activity.detail.clone(),
    })
}

/// Returns the paid amount of a document.
pub fn paid_amount(record: &DocumentRecord) -> Decimal {
    let payment = record.payment.as_ref();
    payment.map_or(Decimal::ZERO, |payment| payment.paid)
}

/// Returns the reason code of the conflict of a document, if it has one.
pub fn conflict_code(record: &DocumentRecord) -> Option<String> {
    match &record.status {
        store::document::status::DocumentStatus::Conflict(reason) => Some(reason.code.clone()),
        _ => None,
    }
}

/// Returns whether the queue has a newer revision or void than the record.
pub fn is_newer(entry: &QueueEntry, record: &DocumentRecord) -> bool {
    (entry.revision, entry.void) != (record.revision, record.void)
}

/// Returns the message that a person reads about the status of a document.
pub fn reason_text(record: &DocumentRecord) -> String {
    let reason = record.status.reason();
    reason.map(|reason| reason.message).unwrap_or_default()
}

/// Returns the objects whose two versions a conflict shows, by kind and id.
pub fn conflict_objects(record: &DocumentRecord) -> Vec<(String, String)> {
    let objects = record
        .conflict
        .iter()
        .flat_map(|conflict| &conflict.objects);
    objects
        .map(|object| (object.key.kind_name().to_owned(), object.key.id.clone()))
        .collect()
}
