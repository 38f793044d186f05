//! Executes the open steps of one document in order.

use crate::conflict::ensure_unchanged;
use crate::context::WorkerContext;
use crate::error::PostingError;
use crate::planned::ResolvedSteps;
use crate::saga::late_reversal::late_reversal;
use crate::saga::record::{ExecutedStep, apply, start};
use crate::saga::renumber::{TakenNumber, execute_renumbered};
use crate::saga::step::{Execution, OpenSaga, execute_step};
use jiff::Timestamp;
use mapping::PostedObject;
use ports::http::Http;
use ports::records::Records;
use quickbooks::entity::ObjectSnapshot;
use store::document::DocumentRecord;

/// Executes the open steps of a document, and takes back reversals that came too late.
pub async fn execute<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    record: &mut DocumentRecord,
    execution: Execution,
    now: Timestamp,
) -> Result<(), PostingError> {
    execute_started(ctx, record, execution, now).await?;
    take_late_reversals_back(ctx, record, now).await
}

async fn execute_started<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    record: &mut DocumentRecord,
    execution: Execution,
    now: Timestamp,
) -> Result<(), PostingError> {
    let Some(saga) = record.saga.take() else {
        return Ok(());
    };
    let mut open = OpenSaga {
        record: &mut *record,
        saga,
        at: 0,
        execution,
    };
    let outcome = execute_steps(ctx, &mut open, now).await;
    let saga = open.saga;
    if let Err(PostingError::Conflict(_)) = &outcome {
        // A person changed the object between RIVET's read and its write. Record both versions.
        let steps = saga.steps.iter().map(|step| step.step.clone()).collect();
        let mut planned = ResolvedSteps {
            ids: saga.ids.clone(),
            ..ResolvedSteps::taking_back(steps)
        };
        ensure_unchanged(ctx, record, &mut planned, now).await?;
        // Only the version changed. Plan the document again from the current version.
        return Err(PostingError::RetryAt(now));
    }
    // A step that was refused or not sent ends the saga: the books are known, and the next attempt plans the rest again. A step that was
    // sent earlier may still be carried out, so its saga stays open.
    let is_open = match &outcome {
        Ok(()) => false,
        Err(PostingError::Store(_)) => true,
        Err(error) if execution == Execution::Recovery => !error.is_refused(),
        Err(error) => error.is_outcome_unknown(),
    };
    record.saga = is_open.then_some(saga);
    outcome
}

async fn execute_steps<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    open: &mut OpenSaga<'_>,
    now: Timestamp,
) -> Result<(), PostingError> {
    let ids = open.saga.ids.clone();
    for at in 0..open.saga.steps.len() {
        open.at = at;
        if open.step().is_done {
            continue;
        }
        let found = execute_or_renumber(ctx, open, now).await?;
        let step = open.step().step.clone();
        let late = late_reversal(ctx, open.record, &step, now).await?;
        let executed = ExecutedStep {
            step: &step,
            ids: &ids,
        };
        apply(ctx, open.record, executed, &found);
        if let Some(late) = late {
            PostedObject::record_late_reversal(&mut open.record.posted, &step, &found.id, late);
        }
        open.step_mut().is_done = true;
    }
    Ok(())
}

async fn execute_or_renumber<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    open: &mut OpenSaga<'_>,
    now: Timestamp,
) -> Result<ObjectSnapshot, PostingError> {
    match execute_step(ctx, open.run(), now).await {
        Err(PostingError::DuplicateNumber { reason, taken_by }) => {
            let taken = TakenNumber { reason, taken_by };
            execute_renumbered(ctx, open, taken, now).await
        }
        answer => answer,
    }
}

/// Takes back the reversals that came too late. The entries to be reversed are not as planned, so the document is planned again.
async fn take_late_reversals_back<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    record: &mut DocumentRecord,
    now: Timestamp,
) -> Result<(), PostingError> {
    let steps = mapping::late_reversals(&record.posted);
    if steps.is_empty() {
        return Ok(());
    }
    start(ctx, record, ResolvedSteps::taking_back(steps), now);
    ctx.save_document(record).await?;
    execute_started(ctx, record, Execution::First, now).await?;
    Err(PostingError::RetryAt(now))
}
