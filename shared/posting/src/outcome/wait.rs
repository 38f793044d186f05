//! The wait of a document before its next attempt.

use crate::context::WorkerContext;
use crate::outcome::doubt::{Doubt, DoubtCause};
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

/// Returns the wait of a document for which QuickBooks cannot be called before `at`. A document that only the end of the run cut off waits no
/// longer.
pub(super) fn wait_put_off<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    item: &WorkItem,
    at: Timestamp,
) -> Wait {
    let time_left = ctx.client.deadlines.call_timeout(ctx.now());
    match time_left {
        Some(_) => growing(ctx, item, at),
        None => Wait {
            until: at,
            cause: WaitCause::Company,
        },
    }
}

/// Returns the wait of a document in doubt until its look-up.
pub(super) fn wait_in_doubt<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    item: &WorkItem,
    doubt: &Doubt,
) -> Wait {
    let look_up_at = doubt.look_up_at;
    match doubt.cause {
        // QuickBooks works, so the wait does not grow.
        DoubtCause::Early => Wait {
            until: look_up_at,
            cause: WaitCause::Document,
        },
        DoubtCause::Refused => growing_by(ctx, item, look_up_at, WaitCause::Document),
        DoubtCause::Unanswered | DoubtCause::Unread => growing(ctx, item, look_up_at),
    }
}

/// Returns a wait of this cause until `at` or longer.
fn growing_by<H: Http, R: Records>(
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
