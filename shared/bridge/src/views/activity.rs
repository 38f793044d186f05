//! The activity of a firm, newest first, page by page.

mod filter;

pub use crate::views::activity::filter::ActivityFilter;

use billing::{DocumentRef, FirmId, Id};
use jiff::Timestamp;
use ports::records::Records;
use serde::Serialize;
use store::Store;
use store::activity::ActivityEntry;
use store::activity::notification::{DocumentNotification, PaymentSummary};
use store::activity::reader::ActivityReader;

use crate::error::Error;
use crate::views::summary::SummaryView;
use crate::views::transaction::TransactionView;

/// The most entries that one request reads to find those that suit its filter.
const SCANNED: usize = 512;

/// A request for a page of the list.
#[derive(Clone, Debug, Default)]
pub struct PageRequest {
    /// The largest number of entries on the page, 1 to 100.
    pub limit: usize,
    /// The `next_cursor` of the page before, `None` for the first page.
    pub cursor: Option<String>,
    /// The properties that entries must have.
    pub filter: ActivityFilter,
}

/// A page of the list.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ActivityList {
    /// The entries, newest first.
    pub activity: Vec<ActivityView>,
    /// The cursor of the next page, if there is one.
    pub next_cursor: Option<String>,
}

/// An activity entry, as shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ActivityView {
    /// The instant of the activity.
    pub at: Timestamp,
    /// The document.
    pub document: DocumentRef,
    #[serde(flatten)]
    summary: SummaryView,
    /// The state that the document reached.
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["pending", "posting", "posted", "held", "uncertain", "failed", "conflict", "voided", "skipped", "paid"])))]
    pub state: String,
    /// The text about the posted objects, or the reason why nothing was posted.
    pub detail: String,
    /// The person who requested or decided it, if one did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<Id>,
    /// The payments of the document, if the entry is about them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment: Option<PaymentSummary>,
    /// The document's transactions in QuickBooks, or those that a hold is about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub objects: Vec<TransactionView>,
}

/// Returns a page of a firm's activity. The cursor is a position counted from the oldest entry, so new entries do not move pages.
///
/// # Errors
/// [`Error::Field`] if no entry can suit the filter or the cursor is not from an earlier answer, or the store fails.
pub async fn activity<R: Records>(
    store: &Store<R>,
    firm: &FirmId,
    page: &PageRequest,
) -> Result<ActivityList, Error> {
    let filter = page.filter.checked()?;
    let mut reader = ActivityReader::of(store, firm).await?;
    let total = reader.count();
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
        let entry = reader.entry_at(position).await?;
        let matching = entry.filter(|entry| filter.suits(entry));
        found.extend(matching.cloned().map(ActivityView::from));
    }
    let next_cursor = (position > 0).then(|| position.to_string());
    Ok(ActivityList {
        activity: found,
        next_cursor,
    })
}

impl From<ActivityEntry> for ActivityView {
    fn from(entry: ActivityEntry) -> Self {
        let payment = match entry.notification {
            Some(DocumentNotification::Paid(payment)) => Some(payment),
            Some(
                DocumentNotification::Posted
                | DocumentNotification::Failed
                | DocumentNotification::Changed,
            )
            | None => None,
        };
        Self {
            at: entry.at,
            document: entry.document,
            summary: SummaryView::of(entry.summary.as_ref()),
            state: entry.state,
            detail: entry.detail,
            by: entry.requested_by,
            payment,
            objects: entry.transactions.iter().map(TransactionView::of).collect(),
        }
    }
}
