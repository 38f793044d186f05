//! Carrying out a posting step by step, so that no step is ever done twice.
//!
//! All steps are recorded before the first is sent. From then on each open step may have been carried
//! out; whoever comes back to them asks the company first and sends only what it does not have, under
//! the same request id.

pub mod batched;
pub mod late_reversal;
pub mod lookup;
pub mod recover;
pub mod renumber;

use crate::idempotency_key::request_id;
pub use crate::saga::batched::SendResult;

use crate::context::WorkerContext;
use crate::error::Halt;
use connection::call_outcome::Setback;
use jiff::Timestamp;
use mapping::{Ids, PostedObject, Posting, Step, StepResult};
use ports::http::Http;
use ports::records::Records;
use quickbooks::entity::ObjectSnapshot;
use quickbooks::request::Write;
use store::document::status::DocumentStatus;
use store::document::{DocumentRecord, Saga, SagaStep};
use store::object_index::entry::VERSION_UNKNOWN;
use store::reason::{Action, Reason};

/// Begins a posting. Its record is to be kept before anything of it is sent.
pub fn begin<H: Http, R: Records>(
    office: &WorkerContext<'_, H, R>,
    record: &mut DocumentRecord,
    (steps, ids): (Vec<Step>, Ids),
    now: Timestamp,
) {
    record.posting_number += 1;
    let steps = steps.into_iter().enumerate().map(|(at, step)| SagaStep {
        request_id: step_key(office, record, (at, &step)),
        step,
        batch_item: None,
        planned_number: None,
        is_done: false,
    });
    record.saga = Some(Saga {
        steps: steps.collect(),
        ids,
    });
    record.status = DocumentStatus::Posting;
    record.updated_at = now;
}

/// The request id of a step: another for each attempt, place and content.
fn step_key<H: Http, R: Records>(
    office: &WorkerContext<'_, H, R>,
    record: &DocumentRecord,
    (at, step): (usize, &Step),
) -> String {
    request_id(&[
        office.firm.as_ref(),
        office.realm(),
        &record.reference.to_string(),
        &record.posting_number.to_string(),
        &at.to_string(),
        &step.hash(),
    ])
}

/// Carries out the open steps. `resumed`: they may have been sent before.
pub async fn carry_out<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    record: &mut DocumentRecord,
    resumed: bool,
    now: Timestamp,
) -> Result<(), Halt> {
    carry_out_begun(office, record, resumed, now).await?;
    late_reversal::take_late_back(office, record, now).await
}

async fn carry_out_begun<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    record: &mut DocumentRecord,
    resumed: bool,
    now: Timestamp,
) -> Result<(), Halt> {
    let Some(mut saga) = record.saga.take() else {
        return Ok(());
    };
    let outcome = each_step(office, record, &mut saga, (resumed, now)).await;
    if let Err(Halt::Setback(Setback::Settle(DocumentStatus::Conflict(_)))) = &outcome {
        // Somebody was faster between our look and our write: both versions are noted.
        let mut steps: Vec<Step> = saga.steps.iter().map(|step| step.step.clone()).collect();
        crate::conflict::may_change(office, record, (&mut steps, &saga.ids.customer), now).await?;
        // Nobody: only its version is another. It is planned anew, from that one.
        return Err(Halt::Setback(Setback::Later(now)));
    }
    // What was definitely refused, or not sent at all, ends the saga: what stands is known, and the next attempt plans the rest
    // anew. Only what was sent earlier may yet be carried out.
    let open = match &outcome {
        Ok(()) => false,
        Err(Halt::Broken(_)) => true,
        Err(Halt::Setback(setback)) if resumed => !setback.is_refusal(),
        Err(Halt::Setback(setback)) => setback.is_doubt(),
    };
    record.saga = open.then_some(saga);
    outcome
}

async fn each_step<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    record: &mut DocumentRecord,
    saga: &mut Saga,
    (resumed, now): (bool, Timestamp),
) -> Result<(), Halt> {
    let ids = saga.ids.clone();
    for at in 0..saga.steps.len() {
        if saga.steps[at].is_done {
            continue;
        }
        let found = numbered_step(office, record, (saga, at), (resumed, now)).await?;
        let step = &saga.steps[at].step;
        let late = late_reversal::came_too_late(office, record, step, now).await?;
        let made = found.id.clone();
        apply(&mut record.posted, (step, &ids), &found);
        if let Some(late) = late {
            PostedObject::record_late_reversal(&mut record.posted, step, &made, late);
        }
        saga.steps[at].is_done = true;
    }
    Ok(())
}

async fn numbered_step<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    record: &mut DocumentRecord,
    (saga, at): (&mut Saga, usize),
    (resumed, now): (bool, Timestamp),
) -> Result<ObjectSnapshot, Halt> {
    let answer = one_step(office, &saga.steps[at], &saga.ids, (resumed, now));
    match answer.await {
        Err(Halt::Setback(Setback::NumberTaken(reason, named))) => {
            let taken = (reason, named);
            renumber::renumbered(office, record, (saga, at), taken, now).await
        }
        answer => answer,
    }
}

async fn one_step<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    open: &SagaStep,
    ids: &Ids,
    (resumed, now): (bool, Timestamp),
) -> Result<ObjectSnapshot, Halt> {
    if resumed && let Some(object) = lookup::look_up(office, &open.step, now).await? {
        return Ok(object);
    }
    let write = rendered(office, &open.step, ids)?;
    let answer = match &open.batch_item {
        None => {
            let change = (&write, open.request_id.as_str());
            office.write(change, open.step.date(), now).await
        }
        Some(_) => batched::one_item(office, open, write, now).await,
    };
    match answer {
        // It was looked up before it was sent again, and is not there.
        Err(Halt::Setback(Setback::Repeated(reason))) if resumed => Err(failed(reason)),
        answer => answer,
    }
}

fn rendered<H: Http, R: Records>(
    office: &WorkerContext<'_, H, R>,
    step: &Step,
    ids: &Ids,
) -> Result<Write, Halt> {
    mapping::render(step, ids, &office.books()).map_err(|unresolved| {
        let what = unresolved.to_string();
        let reason = Reason::new("unresolved", Action::ContactSupport, what);
        failed(reason)
    })
}

fn failed(reason: Reason) -> Halt {
    Halt::Setback(Setback::Settle(DocumentStatus::Failed(reason)))
}

/// Notes what a step did to the books. If that was only found out later and somebody was there in between, the version that was
/// found is not ours, nor is the number: it is to be compared like any other.
fn apply(posted: &mut Vec<PostedObject>, (step, ids): (&Step, &Ids), found: &ObjectSnapshot) {
    let is_late = found.updated_at.is_none();
    let made = step.posting().map(Posting::txn_type);
    let is_made = |posted: &PostedObject| Some(posted.kind) == made && posted.id == found.id;
    let before = posted.iter().find(|posted| is_late && is_made(posted));
    let number = before.map_or(&found.doc_number, |before| &before.number);
    let stands = StepResult {
        id: found.id.clone(),
        sync_token: found.sync_token.clone(),
        written_at: found.updated_at.map_or(0, Timestamp::as_second),
        number: number.clone(),
        ids: ids.clone(),
    };
    PostedObject::record_step(posted, step, stands);
    let is_edited = |made: &PostedObject| {
        let differences = made.differences(found);
        differences.iter().any(|difference| !difference.is_cosmetic)
    };
    let made = posted.iter_mut().find(|posted| is_made(posted));
    if let Some(made) = made.filter(|made| is_late && is_edited(made)) {
        made.sync_token = VERSION_UNKNOWN.to_owned();
    }
}
