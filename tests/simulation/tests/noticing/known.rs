//! What the firms know, as our records have it. All that the oracle reads of them is read here.

use crate::story::Play;
use billing::DocumentRef;
use jiff::Timestamp;
use rust_decimal::Decimal;
use simulation::firms::firm_id;
use std::fmt;
use store::activity::{ActivityEntry, DocumentNotification};
use store::document::DocumentRecord;
use store::queue::entry::QueueEntry;

pub use crate::books::records;

/// What a line of the activity list tells about QuickBooks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Told {
    /// It is not as RIVET wrote it any more.
    Changed,
    /// What RIVET would change has been paid.
    Barred,
    /// Somebody paid it, or took a payment off.
    Paid,
}

/// A line that tells of something that happened in QuickBooks.
#[derive(Clone, Debug)]
pub struct Line {
    pub at: Timestamp,
    pub document: DocumentRef,
    pub told: Told,
    pub state: String,
    pub detail: String,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {:?} ({}) {}",
            self.at, self.told, self.state, self.detail
        )
    }
}

/// Every such line of a firm, oldest first.
pub async fn lines(play: &Play, firm: &str) -> Vec<Line> {
    let desk = play.stage.desk(firm).await;
    let mut all = Vec::new();
    for page in 0..desk.activity_pages {
        let store = play.stage.records();
        let page = store.activity_page(&firm_id(firm), page).await;
        all.extend(page.unwrap().0);
    }
    all.extend(desk.recent_activity);
    all.iter().filter_map(line).collect()
}

fn line(activity: &ActivityEntry) -> Option<Line> {
    let told = match activity.notification.as_ref()? {
        DocumentNotification::Changed if activity.detail.starts_with("Payments were applied") => {
            Told::Barred
        }
        DocumentNotification::Changed => Told::Changed,
        DocumentNotification::Paid(_) => Told::Paid,
        DocumentNotification::Posted | DocumentNotification::Failed => return None,
    };
    Some(Line {
        at: activity.at,
        document: activity.document.clone(),
        told,
        state: activity.state.clone(),
        detail: activity.detail.clone(),
    })
}

/// How much of a document is paid.
pub fn paid(record: &DocumentRecord) -> Decimal {
    let payment = record.payment.as_ref();
    payment.map_or(Decimal::ZERO, |payment| payment.paid)
}

/// Why a document is in conflict, if it is: the stable name of the reason.
pub fn conflict(record: &DocumentRecord) -> Option<String> {
    match &record.status {
        store::document::status::DocumentStatus::Conflict(reason) => Some(reason.code.clone()),
        _ => None,
    }
}

/// Whether RIVET has more to say of a document than was worked on.
pub fn is_newer(waiting: &QueueEntry, record: &DocumentRecord) -> bool {
    (waiting.revision, waiting.void) != (record.revision, record.void)
}

/// What a person reads about the state of a document.
pub fn why(record: &DocumentRecord) -> String {
    let reason = record.status.reason();
    reason.map(|reason| reason.message).unwrap_or_default()
}

/// The objects whose two versions a conflict shows, by kind and id.
pub fn shown(record: &DocumentRecord) -> Vec<(String, String)> {
    let objects = record.conflict.iter().flat_map(|conflict| &conflict.objects);
    objects
        .map(|object| (object.key.kind_name().to_owned(), object.key.id.clone()))
        .collect()
}
