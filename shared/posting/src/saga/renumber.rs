//! Carrying out a step whose number is taken.

use crate::context::WorkerContext;
use crate::error::Halt;
use crate::saga::failed;
use crate::saga::lookup::NumberOwner;
use connection::call_outcome::Setback;
use jiff::Timestamp;
use mapping::Posting;
use ports::http::Http;
use ports::records::Records;
use quickbooks::entity::ObjectSnapshot;
use quickbooks::fault::Duplicate;
use store::document::{DocumentRecord, Saga};
use store::reason::Reason;

/// How many other numbers are tried at a time.
const OTHER_NUMBERS: usize = 2;

/// Carries a step out whose number is taken: by itself, or by somebody else's transaction; then under another number. That is
/// recorded before it is sent, under a request id of its own, as the content is another.
pub async fn renumbered<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    record: &mut DocumentRecord,
    (saga, at): (&mut Saga, usize),
    mut taken: (Reason, Option<Box<Duplicate>>),
    now: Timestamp,
) -> Result<ObjectSnapshot, Halt> {
    for _ in 0..OTHER_NUMBERS {
        let number =
            match crate::saga::lookup::whose_number(office, &saga.steps[at], taken.1, now).await? {
                NumberOwner::Ours(found) => return Ok(*found),
                NumberOwner::Others(Some(number)) => number,
                NumberOwner::Others(None) => return Err(failed(taken.0)),
            };
        let open = &mut saga.steps[at];
        let planned = open.step.posting().and_then(Posting::number);
        open.planned_number = open.planned_number.take().or(planned.map(str::to_owned));
        open.step.renumber(&number);
        open.batch_item = None;
        saga.steps[at].request_id =
            crate::saga::step_key(office, record, (at, &saga.steps[at].step));
        record.saga = Some(std::mem::take(saga));
        let kept = office.keep(record).await;
        *saga = record.saga.take().unwrap_or_default();
        kept?;
        match crate::saga::one_step(office, &saga.steps[at], &saga.ids, (false, now)).await {
            Err(Halt::Setback(Setback::NumberTaken(reason, named))) => taken = (reason, named),
            answer => return answer,
        }
    }
    match crate::saga::lookup::whose_number(office, &saga.steps[at], taken.1, now).await? {
        NumberOwner::Ours(found) => Ok(*found),
        NumberOwner::Others(_) => Err(failed(taken.0)),
    }
}
