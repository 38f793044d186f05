//! Takes over what QuickBooks may have otherwise than RIVET sent: entries of lists that were merged while a document was being posted, a
//! move to a job of the customer, and numbers that QuickBooks assigns.

use crate::comparison::assigned_numbers::take_over_numbers;
use crate::comparison::{conflict_object, object_name, show_difference};
use crate::conflict::find_posted;
use crate::context::WorkerContext;
use crate::error::PostingError;
use crate::merges::{Replacement, follow};
use crate::work_item::WorkItem;
use mapping::{PostedObject, ReplacedReference};
use ports::http::Http;
use ports::records::Records;
use store::document::DocumentRecord;
use store::object_index::entry::VERSION_UNKNOWN;

/// The fields whose difference a merge or a move after the write can explain.
const REFERENCES: [&str; 5] = ["customer", "class", "lines", "account", "deposit_account"];

/// The field whose difference a merge before the write can explain. An item keeps its id when its account is merged, and QuickBooks refuses
/// all other ids that are gone.
const ITEM_ACCOUNT: [&str; 1] = ["account"];

/// Takes over the differences of a document's objects that are right in QuickBooks. Such a document is no conflict.
///
/// # Errors
/// [`PostingError`] if QuickBooks must be asked and does not answer now. The differences alone are no conflict before.
pub async fn take_over_harmless<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    item: &mut WorkItem,
) -> Result<(), PostingError> {
    for at in 0..item.record.posted.len() {
        if !may_be_replaced(&item.record, &item.record.posted[at]) {
            continue;
        }
        match take_over_references(ctx, item, at).await {
            // A refused question says nothing, and the difference stays.
            Err(error) if error.is_refused() => {}
            taken_over => taken_over?,
        }
    }
    take_over_numbers(ctx, &mut item.record).await
}

/// Returns whether merges, and a number that QuickBooks assigned, can explain all differences of an object.
fn may_be_replaced(record: &DocumentRecord, posted: &PostedObject) -> bool {
    let explained: &[&str] = match posted.sync_token == VERSION_UNKNOWN {
        true => &REFERENCES,
        false => &ITEM_ACCOUNT,
    };
    let conflict = record.conflict.as_ref();
    let conflict = conflict.filter(|_| posted.is_posted_differently);
    let object = conflict.and_then(|conflict| conflict.object(posted.kind, &posted.id));
    let fields = object.into_iter().flat_map(|object| &object.fields);
    let fields = fields.filter(|field| field.is_in_books() && field.name != "number");
    let mut names = fields.map(|field| field.name.as_str()).peekable();
    names.peek().is_some() && names.all(|name| explained.contains(&name))
}

/// Reads an object, and takes over its references to entries into which others were merged. The object counts as posted differently only
/// if it still differs.
async fn take_over_references<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    item: &mut WorkItem,
    at: usize,
) -> Result<(), PostingError> {
    let now = ctx.now();
    let posted = &item.record.posted[at];
    let Some(found) = find_posted(ctx, posted.kind, &posted.id.clone(), now).await? else {
        return Ok(());
    };
    for replaced in posted.replaced_references(&found) {
        take_over_reference(ctx, item, at, &replaced).await?;
    }
    let record = &mut item.record;
    let posted = &mut record.posted[at];
    if posted.changes_books(&found) {
        let object = conflict_object(posted, Some(&found));
        show_difference(record, object, now);
    } else {
        posted.is_posted_differently = false;
        posted.set_version(&found);
    }
    Ok(())
}

async fn take_over_reference<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    item: &mut WorkItem,
    at: usize,
    replaced: &ReplacedReference,
) -> Result<(), PostingError> {
    match follow(ctx, &item.record, replaced).await? {
        Replacement::Edited => {}
        Replacement::Followed => {
            let posted = item.record.posted.iter_mut();
            posted.for_each(|posted| posted.apply_merge(replaced));
        }
        Replacement::MovedInFamily(name) => {
            let posted = &mut item.record.posted[at];
            posted.move_in_family(&replaced.theirs);
            let moved = format!("Somebody moved {} to {name}. ", object_name(posted));
            item.remark.push_str(&moved);
        }
    }
    Ok(())
}
