//! What becomes of a round: what it needs is found, what it begins is recorded, sent, and heard of.

use crate::batch::{Batch, BatchResult};
use crate::context::WorkerContext;
use crate::document::WorkItem;
use crate::error::Halt;
use crate::matching::{PlannedDocument, Targets};
use crate::saga::batched::SendResult;
use jiff::Timestamp;
use mapping::{Ids, Step};
use ports::http::Http;
use ports::records::Records;
use ports::records::StoreError;
use store::document::DocumentRecord;
use store::document::status::DocumentStatus;

/// Posts a round.
pub async fn post<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    round: Batch,
    now: Timestamp,
) -> Result<BatchResult, StoreError> {
    let mut posted = BatchResult::default();
    let wanting: Vec<PlannedDocument<'_>> = round
        .drafts
        .iter()
        .map(|draft| (&draft.document, &draft.plan))
        .collect();
    crate::matching::acquaint(office, &wanting, true, now).await?;
    let mut ready = Vec::new();
    let mut drafts = round.drafts.into_iter();
    for draft in drafts.by_ref() {
        let mut case = draft.case;
        let about = (&draft.document, &draft.plan);
        match prepare(office, &mut case, about, draft.targets, now).await {
            Ok((steps, _)) if steps.is_empty() => {
                let outcome =
                    crate::document::revision::complete(office, &case.record, &case.waiting).await;
                posted
                    .tried
                    .push(crate::document::settle(office, case, outcome, now).await?);
            }
            Ok(steps) => ready.push((case, steps)),
            Err(halt) => {
                let waits = matches!(&halt, Halt::Setback(setback) if setback.is_wait());
                posted
                    .tried
                    .push(crate::document::settle(office, case, Err(halt), now).await?);
                if waits {
                    break;
                }
            }
        }
    }
    posted.left.extend(drafts.map(|draft| draft.case.waiting));
    send(office, ready, &mut posted, now).await?;
    Ok(posted)
}

async fn prepare<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    case: &mut WorkItem,
    (document, plan): PlannedDocument<'_>,
    targets: Targets,
    now: Timestamp,
) -> Result<(Vec<Step>, Ids), Halt> {
    let ids = crate::matching::resolve(office, (document, plan), targets)?;
    let waiting = &case.waiting;
    let steps = crate::document::revision::ready(
        office,
        &mut case.record,
        (waiting, document),
        (plan, &ids),
        now,
    );
    Ok((steps.await?, ids))
}

/// Finishes documents that were begun in one batch.
pub async fn resume<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    mut cases: Vec<WorkItem>,
    now: Timestamp,
) -> Result<BatchResult, StoreError> {
    let mut records: Vec<&mut DocumentRecord> =
        cases.iter_mut().map(|case| &mut case.record).collect();
    let sent = crate::saga::recover::resume_together(office, &mut records, now).await?;
    let mut posted = BatchResult::default();
    conclude(office, (cases, sent), &mut posted, now).await?;
    Ok(posted)
}

/// Sends what is ready, after all of it was recorded.
async fn send<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    ready: Vec<(WorkItem, (Vec<Step>, Ids))>,
    posted: &mut BatchResult,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut cases = Vec::new();
    for (mut case, ready) in ready {
        crate::saga::begin(office, &mut case.record, ready, now);
        cases.push(case);
    }
    let mut records: Vec<&mut DocumentRecord> =
        cases.iter_mut().map(|case| &mut case.record).collect();
    let sent = crate::saga::batched::carry_out_together(office, &mut records, now).await?;
    if matches!(sent, SendResult::Nothing(_)) && cases.len() > 1 {
        // Else a later worker that dies would have it taken for sent, whatever was chosen or said since.
        office.keep_journal(Vec::new()).await?;
    }
    conclude(office, (cases, sent), posted, now).await
}

/// Keeps what became of documents that went out together.
async fn conclude<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    (cases, sent): (Vec<WorkItem>, SendResult),
    posted: &mut BatchResult,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut cases = cases.into_iter();
    match sent {
        SendResult::Each(outcomes) => {
            for (mut case, outcome) in cases.by_ref().zip(outcomes) {
                let outcome = match outcome {
                    Ok(()) => go_on(office, &mut case, now).await,
                    Err(halt) => Err(halt),
                };
                posted
                    .tried
                    .push(crate::document::settle(office, case, outcome, now).await?);
            }
        }
        // Whose fault it is that all of it was refused shows in smaller rounds.
        SendResult::Nothing(setback) if cases.len() > 1 && !setback.is_wait() => {}
        // One says why; of the others nothing is known that was not known before.
        SendResult::Nothing(setback) => {
            if let Some(case) = cases.next() {
                let outcome = Err(Halt::Setback(setback));
                posted
                    .tried
                    .push(crate::document::settle(office, case, outcome, now).await?);
            }
        }
    }
    posted.left.extend(cases.map(|case| case.waiting));
    Ok(())
}

/// What was begun stands. Something newer may have come since.
async fn go_on<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    case: &mut WorkItem,
    now: Timestamp,
) -> Result<DocumentStatus, Halt> {
    let (record, waiting) = (&mut case.record, &case.waiting);
    record.saga = None;
    if record.covers(waiting.revision, waiting.void) {
        return crate::document::revision::complete(office, record, waiting).await;
    }
    crate::document::advance(office, record, waiting, now).await
}
