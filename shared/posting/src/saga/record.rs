//! Changes a document's record as its steps are started and carried out.

use crate::comparison::{compare_answer, record_credits};
use crate::context::WorkerContext;
use crate::error::{LookupError, PostingError};
use crate::lookup::late_reversal::late_reversal;
use crate::planned::ResolvedSteps;
use connection::idempotency_key::{IdentifiedRequest, request_id};
use jiff::Timestamp;
use mapping::{Ids, PostedObject, Posting, Step, StepResult};
use ports::http::Http;
use ports::records::Records;
use quickbooks::entity::ObjectSnapshot;
use quickbooks::request::Write;
use store::document::saga::LastSending;
use store::document::status::DocumentStatus;
use store::document::{DocumentRecord, Saga, SagaStep};
use store::reason::{Action, Reason};

/// Starts a posting. The caller saves the record before it sends any step. The record says that each step was perhaps sent until the last
/// moment of this run; a run that is not cut off corrects it.
pub fn start<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    record: &mut DocumentRecord,
    planned: ResolvedSteps,
    now: Timestamp,
) {
    record.posting_number += 1;
    let last_sending = LastSending::EndedBy(ctx.client.calls_end_at());
    let steps = planned.steps.into_iter().enumerate();
    let ids = &planned.ids;
    let steps = steps.map(|(at, step)| SagaStep {
        request_id: step_request_id(
            ctx,
            record,
            PlacedStep {
                step: &step,
                ids,
                at,
            },
        ),
        step,
        batch_item: None,
        planned_number: None,
        last_sending,
        is_done: false,
    });
    record.saga = Some(Saga {
        steps: steps.collect(),
        ids: planned.ids,
        posts_anyway: planned.posts_anyway,
        since: now.as_second(),
        ..Saga::default()
    });
    record.status = DocumentStatus::Posting;
    record.updated_at = now;
}

/// A step with its place in a saga.
#[derive(Clone, Copy)]
pub struct PlacedStep<'a> {
    /// The step.
    pub step: &'a Step,
    /// The ids of the parties and transactions that the step names.
    pub ids: &'a Ids,
    /// The index of the step.
    pub at: usize,
}

/// A step of a saga, with the record of its document.
pub struct StepPlace<'a> {
    /// The document's record, without its saga.
    pub record: &'a mut DocumentRecord,
    /// The saga.
    pub saga: &'a mut Saga,
    /// The index of the step.
    pub at: usize,
}

/// Records that a step was carried out and made or changed `found`.
///
/// # Errors
/// A reversed entry could not be read again. The step stays open.
pub async fn settle<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    place: StepPlace<'_>,
    found: &ObjectSnapshot,
    now: Timestamp,
) -> Result<(), LookupError> {
    let StepPlace { record, saga, at } = place;
    let step = &saga.steps[at].step;
    let late = late_reversal(ctx, &record.posted, step, now).await?;
    let ids = &saga.ids;
    apply(ctx, record, ExecutedStep { step, ids }, found);
    if let Some(late) = late {
        mapping::record_late_reversal(&mut record.posted, step, &found.id, late);
    }
    saga.steps[at].is_done = true;
    Ok(())
}

/// Returns the request id of a step. Each attempt, place and content has another id.
pub fn step_request_id<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    record: &DocumentRecord,
    placed: PlacedStep<'_>,
) -> String {
    let document = record.reference.to_string();
    let posting_number = record.posting_number.to_string();
    let at = placed.at.to_string();
    let (step_hash, ids_hash) = (placed.step.hash(), placed.ids.hash());
    // The record may have forgotten postings of the same number, whose ids QuickBooks still knows.
    let restored_at = ctx.restore.map(|restore| restore.at.to_string());
    let mut parts = vec![
        ctx.firm.as_ref(),
        ctx.client.realm_id(),
        &document,
        &posting_number,
        &at,
        &step_hash,
        &ids_hash,
    ];
    parts.extend(restored_at.as_deref());
    request_id(IdentifiedRequest::Step, &parts)
}

/// Returns the request body of a step.
pub fn render<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    step: &Step,
    ids: &Ids,
) -> Result<Write, PostingError> {
    mapping::render(step, ids, &ctx.client.preferences()).map_err(|unresolved| {
        let what = unresolved.to_string();
        let reason = Reason::new("unresolved", Action::ContactSupport, what);
        PostingError::Failed(reason)
    })
}

/// A step that QuickBooks carried out, with the ids that it named.
#[derive(Clone, Copy)]
pub struct ExecutedStep<'a> {
    /// The step.
    pub step: &'a Step,
    /// The ids in QuickBooks.
    pub ids: &'a Ids,
}

/// Records what a step did to the books, and compares the answer with what was sent. `found` is the answer, or what a look-up found.
pub fn apply<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    record: &mut DocumentRecord,
    executed: ExecutedStep<'_>,
    found: &ObjectSnapshot,
) {
    let ExecutedStep { step, ids } = executed;
    let posted = &mut record.posted;
    let created = step.posting().map(Posting::txn_type);
    let is_created = |posted: &PostedObject| Some(posted.kind) == created && posted.id == found.id;
    let before = posted.iter().find(|posted| is_created(posted));
    let before = before.and_then(|before| before.number.as_deref());
    let preferences = ctx.client.preferences();
    // A number that QuickBooks assigned is taken over.
    let number = mapping::kept_number(step, &preferences).or(before);
    let number = number.map(str::to_owned).or(found.doc_number.clone());
    let result = StepResult {
        id: found.id.clone(),
        sync_token: found.sync_token.clone(),
        written_at: found.updated_at.map_or(0, Timestamp::as_second),
        number,
        ids: ids.clone(),
    };
    PostedObject::record_step(posted, step, result);
    compare_answer(record, found, ctx.now());
    record_credits(record, found);
}
