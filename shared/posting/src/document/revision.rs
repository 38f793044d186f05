//! Posts a new revision of one document, or takes back what stands.

use crate::comparison::harmless::ensure_unedited;
use crate::context::WorkerContext;
use crate::document::forgotten::find_forgotten;
use crate::document::manual_posting::adopt_manual_posting;
use crate::document::retainage_limit;
use crate::entered_before::{self, Candidate};
use crate::error::PostingError;
use crate::first_posting::{FirstPosting, ensure_first};
use crate::matching::{self, Creation};
use crate::outcome::nothing_to_post;
use crate::planned::{PlannedDocument, ResolvedPlan, ResolvedSteps};
use crate::steps::closed_books::steps_back;
use crate::steps::returned_payment;
use crate::steps::{allowed_steps, finish, record_and_execute};
use crate::work_item::WorkItem;
use billing::Document;
use jiff::Timestamp;
use mapping::Step;
use ports::http::Http;
use ports::records::Records;
use store::document::status::DocumentStatus;
use store::document::void::Void;
use store::reason::ReasonCode;
use store::reason::hold::HoldReason;

/// Brings the books to a plan.
pub async fn revise<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    item: &mut WorkItem,
    planned: &PlannedDocument,
    now: Timestamp,
) -> Result<DocumentStatus, PostingError> {
    // Check the reasons to hold before creating anything for the document.
    let targets = matching::targets(ctx, &planned.plan).await?;
    let is_marked_posted = item.is_marked_posted();
    // If the document is in QuickBooks already, do not create an unknown customer.
    let customers = if is_marked_posted {
        Creation::Forbidden
    } else {
        Creation::Allowed
    };
    matching::find_parties(ctx, &[planned], customers, now).await?;
    item.remark = ctx.parties.suggestion(&planned.document.customer().id);
    let ids = matching::resolve(ctx, planned, targets);
    item.pays_for_jobs = ids.as_ref().is_ok_and(|ids| !ids.jobs.is_empty());
    if is_marked_posted {
        ctx.parties.forget_failures();
    }
    let plan = &planned.plan;
    let resolved = ResolvedPlan { plan, ids: ids? };
    if is_marked_posted {
        return adopt_manual_posting(ctx, item, &resolved, now).await;
    }
    let candidate = Candidate {
        is_posted_anyway: item.entry.posts_anyway(),
        ..Candidate::of(&item.record, planned, &resolved.ids)
    };
    let looked = entered_before::look(ctx, &[candidate], now).await?;
    let resolved = match ensure_first(ctx, item, resolved, &looked).await? {
        FirstPosting::Adopted(status) => return Ok(status),
        FirstPosting::New(resolved) => resolved,
    };
    planned.ensure_allowed()?;
    let mut steps = allowed_steps(ctx, item, resolved, now).await?;
    entered_before::leave_rest_unapplied(&looked, &item.entry.document, &mut steps);
    record_and_execute(ctx, &mut item.record, steps, now).await?;
    finish(ctx, item).await
}

/// Processes a revision that bills nothing: takes an earlier one back under its own date.
pub async fn take_back_earlier<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    item: &mut WorkItem,
    document: &Document,
    now: Timestamp,
) -> Result<DocumentStatus, PostingError> {
    find_forgotten(ctx, item, now).await?;
    retainage_limit::ensure_held_after_void(ctx, item).await?;
    let date = document.date().unwrap_or(item.entry.date);
    let steps = steps_back(ctx, item, date)?;
    let mut planned = ResolvedSteps::taking_back(steps);
    ensure_unedited(ctx, item, &mut planned).await?;
    item.record.revision = item.entry.revision;
    record_and_execute(ctx, &mut item.record, planned, now).await?;
    finish(ctx, item).await?;
    Ok(nothing_to_post("It bills nothing and withholds nothing."))
}

/// Takes back the objects of a document that was never posted completely.
pub async fn take_half_back<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    item: &mut WorkItem,
    now: Timestamp,
) -> Result<(), PostingError> {
    let steps = steps_back(ctx, item, item.entry.date)?;
    let mut planned = ResolvedSteps::taking_back(steps);
    ensure_unedited(ctx, item, &mut planned).await?;
    record_and_execute(ctx, &mut item.record, planned, now).await?;
    Ok(ctx.set_retainage(&item.record).await?)
}

/// Takes back the objects of a document that was voided in RIVET. A payment that QuickBooks cannot void has come back: an entry says so.
pub async fn void<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    item: &mut WorkItem,
    void: Void,
    now: Timestamp,
) -> Result<DocumentStatus, PostingError> {
    find_forgotten(ctx, item, now).await?;
    if item.record.active_objects().next().is_some() {
        if let Some(hold) = ctx.hold_reason(item) {
            return Err(hold.into());
        }
        retainage_limit::ensure_held_after_void(ctx, item).await?;
    }
    let steps = if returned_payment::is_closed(ctx, item) {
        returned_payment::returned_steps(ctx, item, void.voided_on, now).await?
    } else {
        steps_back(ctx, item, void.voided_on)?
    };
    let mut outcome = take_back(ctx, item, steps, now).await;
    if returned_payment::has_gone_on(item, &outcome) {
        let steps = returned_payment::returned_steps(ctx, item, void.voided_on, now).await?;
        outcome = take_back(ctx, item, steps, now).await;
    }
    outcome?;
    finish(ctx, item).await
}

/// Carries out the steps that void a document, unless it was edited, or money is applied to it.
async fn take_back<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    item: &mut WorkItem,
    steps: Vec<Step>,
    now: Timestamp,
) -> Result<(), PostingError> {
    let mut planned = ResolvedSteps::taking_back(steps);
    match ensure_unedited(ctx, item, &mut planned).await {
        Err(PostingError::Conflict(reason)) if reason.has_code(ReasonCode::PaymentsApplied) => {
            return Err(HoldReason::PaymentsApplied.into());
        }
        allowed => allowed?,
    }
    item.record.revision = item.record.revision.max(item.entry.revision);
    item.record.void = item.entry.void;
    record_and_execute(ctx, &mut item.record, planned, now).await
}
