//! Executes a step whose number is taken.

use crate::context::WorkerContext;
use crate::error::PostingError;
use crate::saga::number_owner::{NumberOwner, number_owner};
use crate::saga::open_saga::{OpenSaga, TakenNumber};
use crate::saga::record::{PlacedStep, step_request_id};
use crate::saga::step::execute_step;
use jiff::Timestamp;
use mapping::Posting;
use ports::http::Http;
use ports::records::Records;
use quickbooks::entity::ObjectSnapshot;
use store::document::saga::LastSending;

/// The most numbers that one attempt tries.
const OTHER_NUMBERS: usize = 2;

/// Executes a step whose number is taken. If the step itself took the number, returns its object. If another transaction has it, records
/// another number and then sends the step. The new content gets a request id of its own.
pub async fn execute_renumbered<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    open: &mut OpenSaga<'_>,
    mut taken: TakenNumber,
    now: Timestamp,
) -> Result<ObjectSnapshot, PostingError> {
    for _ in 0..OTHER_NUMBERS {
        let number = match number_owner(ctx, open, &taken, now).await? {
            NumberOwner::Ours(found) => return Ok(*found),
            NumberOwner::Others(Some(number)) => number,
            NumberOwner::Others(None) => return Err(PostingError::Failed(taken.reason)),
        };
        renumber(ctx, open, &number);
        open.save(ctx).await?;
        match execute_step(ctx, open, now).await {
            Err(PostingError::DuplicateNumber { reason, taken_by }) => {
                taken = open.taken_number(reason, taken_by, ctx.now());
            }
            answer => return answer,
        }
    }
    match number_owner(ctx, open, &taken, now).await? {
        NumberOwner::Ours(found) => Ok(*found),
        NumberOwner::Others(_) => Err(PostingError::Failed(taken.reason)),
    }
}

/// Gives the next step another number and with it another request id. The step under that number was never sent.
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
    open.set_last_sending(LastSending::Never);
}
