//! Plans the newest revision of a document.

use crate::context::WorkerContext;
use crate::document::facts::facts;
use crate::document::manual_posting::plan_as_marked;
use crate::document::retainage_limit;
use crate::error::PostingError;
use crate::outcome::{nothing_to_post, plan_error};
use crate::planned::PlannedDocument;
use crate::steps::closed_books::keep_posting_day;
use crate::work_item::WorkItem;
use billing::Document;
use mapping::Refusal;
use ports::http::Http;
use ports::records::Records;
use store::document::status::DocumentStatus;

/// The planned result of a revision.
pub enum DraftResult {
    /// The document is to stand in QuickBooks as planned.
    Planned(PlannedDocument),
    /// The document bills nothing.
    Empty(Document),
    /// The document has its status, and nothing is to be posted now.
    Settled(DocumentStatus),
}

/// Returns the planned result of the newest revision, if no hold prevents it.
pub async fn draft<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    item: &mut WorkItem,
) -> Result<DraftResult, PostingError> {
    let is_marked_posted = item.is_marked_posted();
    // Documents posted by hand are never held.
    if !is_marked_posted && let Some(hold) = ctx.hold_reason(item) {
        return Err(hold.into());
    }
    let entry = &item.entry;
    let received = ctx
        .store
        .received_revision(ctx.firm, &entry.document, entry.revision)
        .await?;
    // The store's reads may lag behind its writes. If the revision is missing, leave it to the next run.
    let Some(document) = received else {
        return Ok(DraftResult::Settled(DocumentStatus::Pending));
    };
    let facts = facts(ctx, item, &document).await?;
    let plan = match plan_as_marked(ctx, item, &document, &facts) {
        Ok(plan) => plan,
        Err(Refusal::Empty) if !is_marked_posted => return Ok(DraftResult::Empty(document)),
        Err(refusal) => return Err(plan_error(refusal)),
    };
    if matches!(document, Document::Project(_)) && !ctx.settings.customers.auto_create {
        item.record.revision = entry.revision;
        let why = nothing_to_post("Customers are not created automatically.");
        return Ok(DraftResult::Settled(why));
    }
    keep_posting_day(ctx, item, &plan);
    let mut planned = PlannedDocument {
        document,
        plan,
        billed: facts.billed,
        hold_unless_found: None,
    };
    if !is_marked_posted {
        match retainage_limit::ensure_held(item, &planned, &facts.held) {
            // A person may have decided to post it before the store was set back.
            Err(PostingError::Held(hold)) if ctx.restore.is_some() => {
                planned.hold_unless_found = Some(Box::new(hold));
            }
            limit => limit?,
        }
    }
    Ok(DraftResult::Planned(planned))
}
