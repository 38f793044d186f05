//! Executes a step whose number is taken.

use crate::context::WorkerContext;
use crate::error::PostingError;
use crate::saga::lookup::{NumberOwner, number_owner};
use crate::saga::record::{PlacedStep, step_request_id};
use crate::saga::step::{Execution, OpenSaga, StepRun, execute_step};
use jiff::Timestamp;
use mapping::Posting;
use ports::http::Http;
use ports::records::Records;
use quickbooks::entity::ObjectSnapshot;
use quickbooks::fault::Duplicate;
use store::reason::Reason;

/// The most numbers that one attempt tries.
const OTHER_NUMBERS: usize = 2;

/// A number that QuickBooks refused as taken.
pub struct TakenNumber {
    /// The reason that a person reads if no other number is free.
    pub reason: Reason,
    /// The transaction that has the number, if QuickBooks names it.
    pub taken_by: Option<Box<Duplicate>>,
}

/// Executes a step whose number is taken. If the step itself took the number, returns its object. If another transaction has it, records
/// another number and then sends the step. The new content gets a request id of its own.
pub async fn execute_renumbered<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    open: &mut OpenSaga<'_>,
    mut taken: TakenNumber,
    now: Timestamp,
) -> Result<ObjectSnapshot, PostingError> {
    for _ in 0..OTHER_NUMBERS {
        let number = match number_owner(ctx, open.taken(), taken.taken_by, now).await? {
            NumberOwner::Ours(found) => return Ok(*found),
            NumberOwner::Others(Some(number)) => number,
            NumberOwner::Others(None) => return Err(PostingError::Failed(taken.reason)),
        };
        renumber(ctx, open, &number);
        open.record.saga = Some(std::mem::take(&mut open.saga));
        let saved = ctx.save_document(open.record).await;
        open.saga = open.record.saga.take().unwrap_or_default();
        saved?;
        let run = StepRun {
            execution: Execution::First,
            ..open.run()
        };
        match execute_step(ctx, run, now).await {
            Err(PostingError::DuplicateNumber { reason, taken_by }) => {
                taken = TakenNumber { reason, taken_by };
            }
            answer => return answer,
        }
    }
    match number_owner(ctx, open.taken(), taken.taken_by, now).await? {
        NumberOwner::Ours(found) => Ok(*found),
        NumberOwner::Others(_) => Err(PostingError::Failed(taken.reason)),
    }
}

fn renumber<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    open: &mut OpenSaga<'_>,
    number: &str,
) {
    let step = open.step_mut();
    let planned = step.step.posting().and_then(Posting::number);
    step.planned_number = step.planned_number.take().or(planned.map(str::to_owned));
    step.step.renumber(number);
    step.batch_item = None;
    let placed = PlacedStep {
        step: &open.step().step,
        ids: &open.saga.ids,
        at: open.at,
    };
    let request_id = step_request_id(ctx, open.record, placed);
    open.step_mut().request_id = request_id;
}
