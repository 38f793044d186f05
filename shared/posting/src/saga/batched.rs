//! Carrying out the postings of several documents in one call.

use crate::context::WorkerContext;
use crate::error::Halt;
use crate::idempotency_key::request_id;
use crate::saga::apply;
use connection::call_outcome::Setback;
use jiff::Timestamp;
use ports::http::Http;
use ports::records::Records;
use ports::records::StoreError;
use quickbooks::batch::{BatchAnswers, BatchItem, BatchOperation};
use quickbooks::entity::ObjectSnapshot;
use quickbooks::request::Write;
use store::document::status::DocumentStatus;
use store::document::{DocumentRecord, SagaStep};

/// What became of postings that went out together.
pub enum SendResult {
    /// Each has an outcome of its own.
    Each(Vec<Result<(), Halt>>),
    /// Certainly nothing was carried out.
    Nothing(Setback),
}

/// Carries out what several documents have just begun. Nothing of it was sent before.
pub async fn carry_out_together<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    records: &mut [&mut DocumentRecord],
    now: Timestamp,
) -> Result<SendResult, StoreError> {
    if records.is_empty() {
        return Ok(SendResult::Each(Vec::new()));
    }
    if let [one] = records
        && one.saga.as_ref().is_some_and(|saga| saga.steps.len() == 1)
    {
        office.keep(one).await?;
        let outcome = crate::saga::carry_out(office, one, false, now).await;
        return Ok(SendResult::Each(vec![outcome]));
    }
    let (items, key) = bundle(office, records);
    keep_begun(office, records).await?;
    let answers = if items.is_empty() {
        Ok(BatchAnswers::default())
    } else {
        office.batch((&items, &key), now).await
    };
    let answers = match answers {
        Ok(answers) => Ok(answers),
        Err(Halt::Broken(error)) => return Err(error),
        Err(Halt::Setback(setback)) if setback.is_doubt() => Err(setback),
        Err(Halt::Setback(setback)) => {
            records.iter_mut().for_each(|record| record.saga = None);
            return Ok(SendResult::Nothing(setback));
        }
    };
    heard_all(office, records, (&answers, false), now).await
}

/// Sends one item of a batch again, as the batch that it was sent in.
pub async fn one_item<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    open: &SagaStep,
    write: Write,
    now: Timestamp,
) -> Result<ObjectSnapshot, Halt> {
    let id = open.batch_item.clone().unwrap_or_default();
    let operation = BatchOperation::Write(write);
    let item = BatchItem { id, operation };
    let answers = office.batch((&[item], &open.request_id), now).await?;
    heard(open, &answers, now).map_err(Halt::Setback)
}

/// The items of a batch, and its request id. A step that cannot be rendered has none, and is refused for that.
fn bundle<H: Http, R: Records>(
    office: &WorkerContext<'_, H, R>,
    records: &mut [&mut DocumentRecord],
) -> (Vec<BatchItem>, String) {
    let begun = || records.iter().filter_map(|record| record.saga.as_ref());
    let keys: Vec<&str> = begun()
        .flat_map(|saga| &saga.steps)
        .map(|step| step.request_id.as_str())
        .collect();
    let (key, mut items) = (request_id(&keys), Vec::new());
    for saga in records.iter_mut().filter_map(|record| record.saga.as_mut()) {
        for open in &mut saga.steps {
            let Ok(write) = crate::saga::rendered(office, &open.step, &saga.ids) else {
                continue;
            };
            let id = items.len().to_string();
            (open.batch_item, open.request_id) = (Some(id.clone()), key.clone());
            let operation = BatchOperation::Write(write);
            items.push(BatchItem { id, operation });
        }
    }
    (items, key)
}

/// One write for all of them; a single document has its own record for it.
async fn keep_begun<H: Http, R: Records>(
    office: &WorkerContext<'_, H, R>,
    records: &[&mut DocumentRecord],
) -> Result<(), StoreError> {
    if let [one] = records {
        return office.keep(one).await;
    }
    let entries = records.iter().map(|record| (**record).clone());
    office.keep_journal(entries.collect()).await
}

/// Notes what became of a document's open steps. One that QuickBooks carried out stands, whatever became of the others; what did
/// not work out is planned anew, unless it may have worked out. `resumed`: they were sent before, and looked up just now.
async fn hear<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    record: &mut DocumentRecord,
    (answers, resumed): (&Result<BatchAnswers, Setback>, bool),
    now: Timestamp,
) -> Result<(), Halt> {
    let Some(mut saga) = record.saga.take() else {
        return Ok(());
    };
    let ids = saga.ids.clone();
    let mut worst: Option<Setback> = None;
    for at in 0..saga.steps.len() {
        if saga.steps[at].is_done {
            continue;
        }
        let heard = match (answers, &saga.steps[at].batch_item) {
            (_, None) => crate::saga::rendered(office, &saga.steps[at].step, &ids)
                .map(drop)
                .and(Err(lost())),
            (Ok(answers), _) => heard(&saga.steps[at], answers, now).map_err(Halt::Setback),
            (Err(setback), _) => Err(Halt::Setback(setback.clone())),
        };
        let found = match heard {
            Err(Halt::Setback(Setback::NumberTaken(reason, named))) => {
                let taken = (reason, named);
                crate::saga::renumber::renumbered(office, record, (&mut saga, at), taken, now).await
            }
            heard => heard,
        };
        match found {
            Ok(found) => {
                apply(&mut record.posted, (&saga.steps[at].step, &ids), &found);
                saga.steps[at].is_done = true;
            }
            // It was looked up before it was sent again, and is not there.
            Err(Halt::Setback(Setback::Repeated(reason))) if resumed => {
                worst = Some(worse(
                    worst,
                    Setback::Settle(DocumentStatus::Failed(reason)),
                ));
            }
            Err(Halt::Setback(setback)) => worst = Some(worse(worst, setback)),
            Err(broken) => return Err(broken),
        }
    }
    let Some(worst) = worst else {
        return Ok(());
    };
    // What was sent earlier may yet be carried out, until it is refused.
    let open = worst.is_doubt() || (resumed && !worst.is_refusal());
    record.saga = open.then_some(saga);
    Err(Halt::Setback(worst))
}

/// What became of each.
pub async fn heard_all<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    records: &mut [&mut DocumentRecord],
    (answers, resumed): (&Result<BatchAnswers, Setback>, bool),
    now: Timestamp,
) -> Result<SendResult, StoreError> {
    let mut outcomes = Vec::new();
    for record in records {
        match hear(office, record, (answers, resumed), now).await {
            Err(Halt::Broken(error)) => return Err(error),
            outcome => outcomes.push(outcome),
        }
    }
    Ok(SendResult::Each(outcomes))
}

/// Nothing says what became of it.
fn lost() -> Halt {
    Halt::Setback(Setback::Unknown("it was not answered".into()))
}

fn heard(
    open: &SagaStep,
    answers: &BatchAnswers,
    now: Timestamp,
) -> Result<ObjectSnapshot, Setback> {
    let found = answers.snapshot(open.batch_item.as_deref().unwrap_or_default());
    found.map_err(|failure| Setback::of(failure.into(), open.step.date(), now))
}

/// Of two setbacks the one that decides about the document: what is in doubt is looked up first, then a person sees to a refusal;
/// what only has to wait comes last.
fn worse(one: Option<Setback>, other: Setback) -> Setback {
    let rank = |setback: &Setback| (setback.is_doubt(), setback.is_refusal());
    match one {
        Some(one) if rank(&one) >= rank(&other) => one,
        _ => other,
    }
}
