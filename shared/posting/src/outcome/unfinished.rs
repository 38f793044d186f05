//! The consequences of an attempt that left a document unfinished.

use crate::context::WorkerContext;
use crate::outcome::after_error::AfterError;
use crate::outcome::doubt::Doubt;
use crate::outcome::wait::{Wait, growing, wait_in_doubt, wait_put_off};
use crate::work_item::WorkItem;
use jiff::Timestamp;
use ports::http::Http;
use ports::records::Records;
use store::document::status::DocumentStatus;
use store::queue::entry::EntryState;

/// Returns the consequences if QuickBooks cannot be called before `at`.
pub(super) fn put_off<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    item: &WorkItem,
    at: Timestamp,
) -> AfterError {
    match item.record.saga {
        Some(_) => in_doubt(ctx, item, &Doubt::put_off(at)),
        None => pending(item, &wait_put_off(ctx, item, at), at),
    }
}

/// Returns the consequences of a read without a proper answer. If nothing of the document is in doubt, it is only planned again, until a person
/// is to know.
pub(super) fn unread<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    item: &WorkItem,
    doubt: &Doubt,
) -> AfterError {
    let is_told = doubt.is_told(&item.record, &ctx.client.connection, ctx.now());
    match item.record.saga.is_some() || is_told {
        true => in_doubt(ctx, item, doubt),
        false => planned_again(ctx, item, doubt.look_up_at),
    }
}

/// Returns the consequences for a document that is planned again at `at`, because nothing of it is in doubt.
pub(super) fn planned_again<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    item: &WorkItem,
    at: Timestamp,
) -> AfterError {
    pending(item, &growing(ctx, item, at), at)
}

fn pending(item: &WorkItem, wait: &Wait, at: Timestamp) -> AfterError {
    AfterError {
        status: DocumentStatus::Pending,
        entry_state: Some(entry_waiting(item, wait.until)),
        wait_cause: wait.cause,
        pause_until: Some(at),
    }
}

/// Returns the consequences of an unknown outcome. The document is looked up, and nothing of it is sent before the look-up answers.
pub(super) fn in_doubt<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    item: &WorkItem,
    doubt: &Doubt,
) -> AfterError {
    let wait = wait_in_doubt(ctx, item, doubt);
    AfterError {
        status: doubt.status(&item.record, wait.until, &ctx.client.connection, ctx.now()),
        entry_state: Some(entry_waiting(item, wait.until)),
        wait_cause: wait.cause,
        pause_until: doubt.pause_until,
    }
}

/// Returns the state of an entry that waits.
fn entry_waiting(item: &WorkItem, until: Timestamp) -> EntryState {
    match item.record.saga {
        Some(_) => EntryState::Uncertain(until),
        None => item.entry.pending(Some(until)),
    }
}
