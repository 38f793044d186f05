//! The wait of a document before its next attempt.

use crate::context::WorkerContext;
use crate::work_item::WorkItem;
use jiff::Timestamp;
use ports::http::Http;
use ports::records::Records;
use ports::time::after;
use store::document::attempts::WaitCause;

/// A wait of a document.
pub(super) struct Wait {
    /// The instant of the next attempt.
    pub(super) until: Timestamp,
    /// The cause of the wait.
    pub(super) cause: WaitCause,
}

/// Returns a wait until `at` or longer: it grows if QuickBooks gave no answer about the document before. A document that is only planned
/// again does not wait.
pub(super) fn growing<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    item: &WorkItem,
    at: Timestamp,
) -> Wait {
    let cause = item.record.wait_cause(ctx.last_posted_at);
    growing_by(ctx, item, at, cause)
}

/// Returns a wait of this cause until `at` or longer.
pub(super) fn growing_by<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    item: &WorkItem,
    at: Timestamp,
    cause: WaitCause,
) -> Wait {
    let now = ctx.now();
    let until = if at > now {
        at.max(after(now, item.record.retry_delay(cause)))
    } else {
        at
    };
    Wait { until, cause }
}
