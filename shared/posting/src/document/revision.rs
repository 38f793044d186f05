//! From what stands in QuickBooks to what RIVET said last, one document at a time.

use crate::context::WorkerContext;
use crate::document::decision::steps;
use crate::document::is_by_hand;
use crate::document::outcome::nothing;
use crate::error::Halt;
use billing::Document;
use connection::call_outcome::Setback;
use jiff::Timestamp;
use mapping::{Ids, PostingPlan, Step};
use ports::http::Http;
use ports::records::Records;
use store::document::DocumentRecord;
use store::document::status::DocumentStatus;
use store::document::void::Void;
use store::queue::entry::QueueEntry;
use store::reason::ReasonCode;
use store::reason::hold::HoldReason;

pub async fn revise<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    record: &mut DocumentRecord,
    waiting: &QueueEntry,
    (document, plan): (&Document, &PostingPlan),
    now: Timestamp,
) -> Result<DocumentStatus, Halt> {
    // Whether it has to wait is told before anything is created for it.
    let targets = crate::matching::targets(office, plan).await?;
    // A customer that is not known is not made for something that is there already.
    let creates = !is_by_hand(waiting);
    crate::matching::acquaint(office, &[(document, plan)], creates, now).await?;
    let ids = crate::matching::resolve(office, (document, plan), targets);
    if !creates {
        office.found.retain(|(_, found)| found.is_ok());
    }
    let ids = ids?;
    if let Some(decision) = waiting.decision.as_ref().filter(|_| !creates) {
        return crate::document::manual_posting::by_hand(
            office,
            record,
            (plan, &ids),
            (waiting, decision),
            now,
        )
        .await;
    }
    let steps = ready(office, record, (waiting, document), (plan, &ids), now).await?;
    perform(office, record, (steps, ids), now).await?;
    complete(office, record, waiting).await
}

/// The steps to a plan, if they may be taken. The record says from now on that this revision is worked on.
pub async fn ready<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    record: &mut DocumentRecord,
    (waiting, document): (&QueueEntry, &Document),
    (plan, ids): (&PostingPlan, &Ids),
    now: Timestamp,
) -> Result<Vec<Step>, Halt> {
    let mut steps = steps(record, plan);
    crate::conflict::may_change(office, record, (&mut steps, &ids.customer), now).await?;
    (record.revision, record.plan_hash) = (waiting.revision, Some(plan.hash()));
    record.project = document.project().map(|project| project.id.clone());
    Ok(steps)
}

/// A revision that bills nothing: an earlier one is taken back under its own date.
pub async fn empty<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    record: &mut DocumentRecord,
    (waiting, document): (&QueueEntry, &Document),
    now: Timestamp,
) -> Result<DocumentStatus, Halt> {
    let mut steps = mapping::void_steps(&record.posted, document.date().unwrap_or(waiting.date));
    crate::conflict::may_change(office, record, (&mut steps, ""), now).await?;
    record.revision = waiting.revision;
    perform(office, record, (steps, Ids::default()), now).await?;
    complete(office, record, waiting).await?;
    Ok(nothing("It bills nothing and withholds nothing."))
}

/// Takes back what stands of a document that never came to stand as a whole.
pub async fn take_back<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    record: &mut DocumentRecord,
    waiting: &QueueEntry,
    now: Timestamp,
) -> Result<(), Halt> {
    let mut steps = mapping::void_steps(&record.posted, waiting.date);
    crate::conflict::may_change(office, record, (&mut steps, ""), now).await?;
    perform(office, record, (steps, Ids::default()), now).await?;
    Ok(office.note_retainage(record).await?)
}

pub async fn void<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    record: &mut DocumentRecord,
    (waiting, void): (&QueueEntry, Void),
    now: Timestamp,
) -> Result<DocumentStatus, Halt> {
    let mut steps = mapping::void_steps(&record.posted, void.voided_on);
    if !steps.is_empty() {
        if let Some(hold) = office.situation(waiting.is_requested()).hold(waiting) {
            return Err(hold.into());
        }
        match crate::conflict::may_change(office, record, (&mut steps, ""), now).await {
            Err(Halt::Setback(Setback::Settle(DocumentStatus::Conflict(reason))))
                if reason.has_code(ReasonCode::PaymentsApplied) =>
            {
                return Err(HoldReason::PaymentsApplied.into());
            }
            allowed => allowed?,
        }
    }
    record.revision = record.revision.max(waiting.revision);
    record.void = Some(void);
    perform(office, record, (steps, Ids::default()), now).await?;
    complete(office, record, waiting).await
}

async fn perform<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    record: &mut DocumentRecord,
    (steps, ids): (Vec<Step>, Ids),
    now: Timestamp,
) -> Result<(), Halt> {
    if steps.is_empty() {
        return Ok(());
    }
    crate::saga::begin(office, record, (steps, ids), now);
    office.keep(record).await?;
    crate::saga::carry_out(office, record, false, now).await
}

/// Everything stands: notes what the document holds of its project's retainage.
pub async fn complete<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    record: &DocumentRecord,
    waiting: &QueueEntry,
) -> Result<DocumentStatus, Halt> {
    office.note_retainage(record).await?;
    Ok(match waiting.void {
        Some(void) if void.revision >= record.revision => DocumentStatus::Voided,
        _ => DocumentStatus::Posted,
    })
}
