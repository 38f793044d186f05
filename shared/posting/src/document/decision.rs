//! Applies the decision of a person about a document.

use crate::conflict::find_posted;
use crate::context::WorkerContext;
use crate::document::revision::take_half_back;
use crate::error::PostingError;
use crate::steps::finish;
use crate::work_item::WorkItem;
use jiff::Timestamp;
use mapping::PostedObject;
use ports::http::Http;
use ports::records::Records;
use quickbooks::entity::TxnType;
use store::document::DocumentRecord;
use store::document::decision::{Decision, DecisionKind};
use store::document::status::DocumentStatus;
use store::reason::{Action, Reason, ReasonCode};

/// Applies a decision and returns the document's new status. `None` if the document is to be posted as usual, over the versions that were
/// just taken over.
pub async fn apply_decision<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    item: &mut WorkItem,
    decision: &Decision,
    now: Timestamp,
) -> Result<Option<DocumentStatus>, PostingError> {
    Ok(match decision.kind {
        DecisionKind::Ignore => {
            // Take a half-posted pair back, so that no half stays in the books.
            if item.record.is_half_posted {
                take_half_back(ctx, item, now).await?;
            }
            item.cover();
            let message =
                "RIVET leaves it alone, as was decided. A later revision is posted as usual.";
            let reason = Reason::new(ReasonCode::IgnoredByUser.as_str(), Action::Wait, message);
            Some(DocumentStatus::Skipped(reason))
        }
        DecisionKind::Posted
        | DecisionKind::PostAnyway
        | DecisionKind::ExceedRetainage
        | DecisionKind::FirstOpenDay => None,
        DecisionKind::KeepRivet | DecisionKind::KeepQuickbooks => {
            let is_adopted = adopt_versions(ctx, item, decision, now).await?;
            if is_adopted && decision.kind == DecisionKind::KeepQuickbooks {
                item.cover();
                finish(ctx, item).await?;
                Some(status_of_books(&item.record))
            } else {
                None
            }
        }
    })
}

/// Takes over the versions of QuickBooks, if they are still those that the person saw. Returns whether it took them over. If not, the later
/// comparison finds the difference.
async fn adopt_versions<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    item: &mut WorkItem,
    decision: &Decision,
    now: Timestamp,
) -> Result<bool, PostingError> {
    let record = &item.record;
    let Some(conflict) = &record.conflict else {
        return Ok(false);
    };
    let seen_version = |posted: &PostedObject| {
        let object = conflict.object(posted.kind, &posted.id);
        object.map(|object| object.version.as_deref())
    };
    let is_current = decision.conflict_seen_at.as_deref() == Some(conflict.seen_at.as_str());
    // Entries that cancel each other out are taken back together, even if a person edited only one of them.
    let reactivates = decision.kind == DecisionKind::KeepRivet
        && record
            .posted
            .iter()
            .any(|posted| !posted.is_active && seen_version(posted).is_some());
    let mut adopted = Vec::new();
    for posted in &record.posted {
        let mut posted = posted.clone();
        let was_active = posted.is_active;
        if !was_active && !reactivates && seen_version(&posted).is_none() {
            adopted.push(posted);
            continue;
        }
        let found = find_posted(ctx, posted.kind, &posted.id, now).await?;
        let expected = seen_version(&posted).unwrap_or(Some(&posted.sync_token));
        let version = found.as_ref().map(|found| found.sync_token.as_str());
        let is_compared = was_active || seen_version(&posted).is_some();
        if !is_current || (is_compared && version != expected) {
            return Ok(false);
        }
        let is_pair = posted.kind == TxnType::JournalEntry || posted.cancels_out();
        posted.adopt(found.as_ref());
        let is_found = found.is_some_and(|found| !found.is_voided());
        let cancels_out = is_pair || seen_version(&posted).is_some();
        if reactivates && !was_active && is_found && cancels_out {
            reactivate(&mut posted);
        }
        adopted.push(posted);
    }
    item.posted_before_decision = Some(std::mem::replace(&mut item.record.posted, adopted));
    Ok(true)
}

/// Makes an inactive transaction active again, because somebody edited it in QuickBooks. It moves to the slot of a reversal, so it
/// takes the place of no planned transaction, and the steps for late reversals reverse it.
fn reactivate(posted: &mut PostedObject) {
    posted.is_active = true;
    posted.slot = posted.slot.reversal();
}

/// Records the outcome of a decision and returns its text for the attempt. If the decision was not carried out, restores the posted
/// objects: versions that were only read must not count as RIVET's.
pub fn apply_decision_outcome(item: &mut WorkItem, status: &DocumentStatus) -> &'static str {
    let (record, original) = (&mut item.record, &item.original);
    let decision = item.entry.decision.as_ref();
    let is_done = status.is_final();
    let is_conflict = matches!(status, DocumentStatus::Conflict(_));
    // An equal posting number shows that this attempt started no step. Steps of earlier attempts do not count.
    let has_sent_nothing = record.posting_number == original.posting_number;
    if decision.is_some() && !is_done && has_sent_nothing {
        if let Some(posted) = item.posted_before_decision.take() {
            record.posted = posted;
        }
        if !is_conflict {
            record.conflict.clone_from(&original.conflict);
        }
    }
    let is_over = decision.is_none() && !is_conflict && !record.is_posted_differently();
    if is_done || is_over {
        record.conflict = None;
    }
    record.decision = decision.filter(|_| is_done).cloned();
    if let (Some(observed), Some(_)) = (&mut record.observed, &record.decision) {
        observed.forget();
    }
    outcome_text(record)
}

/// Returns the text of the decision that was carried out. Empty if there is none.
fn outcome_text(record: &DocumentRecord) -> &'static str {
    match record.decision.as_ref().map(|decision| decision.kind) {
        Some(DecisionKind::KeepRivet) => "RIVET's version was kept. ",
        Some(DecisionKind::KeepQuickbooks) => "QuickBooks' version was kept. ",
        Some(DecisionKind::Posted) => "It was marked as posted by hand. ",
        Some(DecisionKind::PostAnyway | DecisionKind::ExceedRetainage) => "It was posted anyway. ",
        Some(DecisionKind::FirstOpenDay) => "It was posted on the first open day. ",
        Some(DecisionKind::Ignore) | None => "",
    }
}

fn status_of_books(record: &DocumentRecord) -> DocumentStatus {
    if record.active_objects().next().is_some() {
        DocumentStatus::Posted
    } else {
        DocumentStatus::Voided
    }
}
