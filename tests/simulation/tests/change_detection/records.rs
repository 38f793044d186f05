//! What the firms know, as our records have it. All that the oracle reads of them is read here.

use crate::scenario::Run;
use billing::DocumentRef;
use jiff::Timestamp;
use rust_decimal::Decimal;
use simulation::firms::firm_id;
use std::fmt;
use store::activity::{ActivityEntry, DocumentNotification};
use store::document::DocumentRecord;
use store::queue::entry::QueueEntry;

pub use crate::ledger_checks::records;

/// What a line of the activity list notifies_documents about QuickBooks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DetectedAs {
    /// It is not as RIVET wrote it any more.
    Changed,
    /// What RIVET would change has been paid.
    PaymentsApplied,
    /// Somebody paid it, or took a payment off.
    Paid,
}

/// A line that notifies_documents of something that happened in QuickBooks.
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

/// Every such line of a firm, oldest first.
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

/// How much of a document is paid.
pub fn paid_amount(record: &DocumentRecord) -> Decimal {
    let payment = record.payment.as_ref();
    payment.map_or(Decimal::ZERO, |payment| payment.paid)
}

/// Why a document is in conflict, if it is: the stable name of the reason.
pub fn conflict_code(record: &DocumentRecord) -> Option<String> {
    match &record.status {
        store::document::status::DocumentStatus::Conflict(reason) => Some(reason.code.clone()),
        _ => None,
    }
}

/// Whether RIVET has more to say of a document than was worked on.
pub fn is_newer(entry: &QueueEntry, record: &DocumentRecord) -> bool {
    (entry.revision, entry.void) != (record.revision, record.void)
}

/// What a person reads about the state of a document.
pub fn reason_text(record: &DocumentRecord) -> String {
    let reason = record.status.reason();
    reason.map(|reason| reason.message).unwrap_or_default()
}

/// The objects whose two versions a conflict shows, by kind and id.
pub fn conflict_objects(record: &DocumentRecord) -> Vec<(String, String)> {
    let objects = record
        .conflict
        .iter()
        .flat_map(|conflict| &conflict.objects);
    objects
        .map(|object| (object.key.kind_name().to_owned(), object.key.id.clone()))
        .collect()
}
