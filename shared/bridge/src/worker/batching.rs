//! Takes entries off the queue and sends those together that can share a call.

use jiff::Timestamp;
use ports::http::Http;
use ports::records::Records;
use posting::batch::{self, Batch, BatchResult, Placement};
use posting::context::WorkerContext;
use posting::document;
use posting::outcome::ProcessedItem;
use posting::restored::is_outdated;
use posting::work_item::WorkItem;

use crate::error::Error;
use crate::worker::run::WorkerRun;

/// Takes the next entries that can be sent together, in business order, and processes them. A document that cannot join a batch is
/// processed alone, after the entries that were taken before it.
pub(super) async fn process_batch<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    run: &mut WorkerRun<'_>,
    clock: &impl Fn() -> Timestamp,
) -> Result<Vec<ProcessedItem>, Error> {
    let mut processed = Vec::new();
    let room = ctx.client.limiter.batch_size();
    let (mut batch, mut started) = (Batch::new(room), Vec::new());
    while clock() < run.window.until {
        let now = clock();
        let Some(entry) = run.take_entry(now) else {
            break;
        };
        let item = document::load_item(ctx, entry, now).await?;
        let is_started = item.batch_key().is_some() && !is_outdated(ctx, &item.record);
        if is_started && batch.is_empty() && can_join(&item, &started, room) {
            started.push(item);
            continue;
        }
        let is_alone = !item.is_plain() || ctx.invoice_order.is_invoice_first(&item.entry);
        if !started.is_empty() || (is_alone && !batch.is_empty()) {
            run.return_entry(item.entry);
            break;
        }
        if is_alone {
            processed.push(document::process_one(ctx, item, now).await?);
            break;
        }
        match batch::place(ctx, &mut batch, item, now).await? {
            Placement::Added => {}
            Placement::NextBatch(entry) => {
                run.return_entry(*entry);
                break;
            }
            Placement::Processed(item) => {
                let is_last = item.pause_until.is_some();
                processed.push(*item);
                if is_last {
                    break;
                }
            }
        }
    }
    let sent = send(ctx, batch, started, clock()).await?;
    processed.extend(sent.processed);
    for entry in sent.unprocessed {
        run.return_entry(entry);
    }
    Ok(processed)
}

/// Sends a batch, or continues the items that an earlier worker started.
async fn send<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    batch: Batch,
    started: Vec<WorkItem>,
    now: Timestamp,
) -> Result<BatchResult, Error> {
    Ok(if started.is_empty() {
        batch::send::post(ctx, batch, now).await?
    } else {
        batch::send::recover(ctx, started, now).await?
    })
}

/// Returns whether the item was started in the same batch as the others and all their open steps fit into one call.
fn can_join(item: &WorkItem, started: &[WorkItem], room: usize) -> bool {
    let open_steps = |item: &WorkItem| item.record.open_steps();
    let fits = started.iter().map(open_steps).sum::<usize>() + open_steps(item) <= room;
    let is_same_batch = |first: &WorkItem| first.batch_key() == item.batch_key();
    started
        .first()
        .is_none_or(|first| fits && is_same_batch(first))
}
