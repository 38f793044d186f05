//! Unfinished documents, as their records know them.

use crate::rivet_side::{RivetDocument, UnfinishedState};
use store::document::DocumentRecord;
use store::document::status::DocumentStatus;
use store::queue::entry::QueueEntry;
use store::subledger::DocumentFigures;

/// Returns whether the newest revision or void is in QuickBooks, as far as RIVET knows.
pub(super) fn is_posted(
    record: &DocumentRecord,
    entry: &QueueEntry,
    status: &DocumentStatus,
) -> bool {
    let is_compared = status.is_final() || matches!(status, DocumentStatus::Conflict(_));
    record.covers(entry.revision, entry.void) && is_compared
}

/// Returns an unfinished document as its record knows it.
pub(super) fn unfinished(
    record: &DocumentRecord,
    figures: DocumentFigures,
    status: &DocumentStatus,
) -> RivetDocument {
    let mut posted = record.posted.iter();
    let project = posted.find_map(|posted| posted.posting.project());
    let mut document = RivetDocument {
        figures,
        project: project.cloned(),
        shares: record.retainage_shares(),
        state: Some(UnfinishedState {
            name: status.name(),
            reason: status.reason(),
        }),
        unposted: None,
    };
    let observed = record.observed.as_ref();
    document.figures.paid_by_others = observed.map(|seen| seen.paid_by_others).unwrap_or_default();
    document
}
