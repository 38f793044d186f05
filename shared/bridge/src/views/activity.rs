//! The activity list, newest first, page by page, without ever listing the store.

use crate::error::Error;
use billing::{DocumentRef, FirmId, Id};
use jiff::Timestamp;
use ports::records::Records;
use serde::Serialize;
use store::Store;
use store::activity::ActivityEntry;
use store::activity::notification::{DocumentNotification, PaymentSummary};
use store::activity::reader::ActivityReader;

/// Which part of the list is asked for.
#[derive(Clone, Debug, Default)]
pub struct PageRequest {
    /// At most so many lines, 1 to 100.
    pub limit: usize,
    /// Where the part before ended.
    pub cursor: Option<String>,
    /// Only lines of this state.
    pub state: Option<String>,
}

/// A part of the list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ActivityList {
    /// Newest first.
    pub activity: Vec<ActivityView>,
    /// Where the next part begins, if there is one.
    pub next_cursor: Option<String>,
}

/// One line of it as it is shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ActivityView {
    /// When.
    pub at: Timestamp,
    /// Which document.
    pub document: DocumentRef,
    /// The state that it reached.
    pub state: String,
    /// What was posted, or why not.
    pub detail: String,
    /// Whose request or decision it was; none if it came by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<Id>,
    /// What was paid of the document, if the line is about that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment: Option<PaymentSummary>,
}

/// Lines that one request reads at most while it looks for a state.
const SCANNED: usize = 512;

/// The activity of a firm. The cursor is a position from the oldest line on, so new lines move nothing.
pub async fn activity<R: Records>(
    store: &Store<R>,
    firm: &FirmId,
    page: &PageRequest,
) -> Result<ActivityList, Error> {
    let mut lines = ActivityReader::of(store, firm).await?;
    let total = lines.count();
    let mut position = match &page.cursor {
        Some(cursor) => cursor.parse().map_err(|_| Error::Field {
            field: "cursor".into(),
            problem: "must be a next_cursor of an earlier answer".into(),
        })?,
        None => total,
    };
    let mut found = Vec::new();
    position = position.min(total);
    let floor = position.saturating_sub(SCANNED);
    while position > floor && found.len() < page.limit {
        position -= 1;
        let line = lines.entry_at(position).await?;
        let wanted = line.filter(|line| page.state.as_ref().is_none_or(|s| *s == line.state));
        found.extend(wanted.cloned().map(ActivityView::from));
    }
    let next_cursor = (position > 0).then(|| position.to_string());
    Ok(ActivityList {
        activity: found,
        next_cursor,
    })
}

impl From<ActivityEntry> for ActivityView {
    fn from(line: ActivityEntry) -> Self {
        let payment = match line.notification {
            Some(DocumentNotification::Paid(payment)) => Some(payment),
            Some(
                DocumentNotification::Posted
                | DocumentNotification::Failed
                | DocumentNotification::Changed,
            )
            | None => None,
        };
        Self {
            at: line.at,
            document: line.document,
            state: line.state,
            detail: line.detail,
            by: line.requested_by,
            payment,
        }
    }
}
