//! Finishing what several documents have begun and what may have been carried out: looked up in one call, and what is not there is sent
//! again in one call, as the batch that it was sent in.

use crate::context::WorkerContext;
use crate::error::Halt;
use crate::idempotency_key::request_id;
use crate::saga::apply;
use crate::saga::batched::{SendResult, heard_all};
use connection::call_outcome::Setback;
use jiff::Timestamp;
use jiff::civil::Date;
use ports::http::Http;
use ports::records::Records;
use ports::records::StoreError;
use quickbooks::Query;
use quickbooks::batch::{BatchItem, BatchOperation};
use quickbooks::entity::ObjectSnapshot;
use store::document::DocumentRecord;

/// Finishes what was sent in one batch, of one or several documents.
pub async fn resume_together<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    records: &mut [&mut DocumentRecord],
    now: Timestamp,
) -> Result<SendResult, StoreError> {
    if let Err(setback) = look_up_together(office, records, now).await? {
        return Ok(SendResult::Nothing(setback));
    }
    let Some(key) = records.iter().find_map(|record| record.batch_key()) else {
        return Ok(SendResult::Each(records.iter().map(|_| Ok(())).collect()));
    };
    let (key, items) = (key.to_owned(), open_items(office, records));
    match office.batch((&items, &key), now).await {
        // Of several, whose fault a refusal is shows in smaller rounds.
        Err(Halt::Setback(setback))
            if setback.is_wait() || (records.len() > 1 && !setback.is_doubt()) =>
        {
            Ok(SendResult::Nothing(setback))
        }
        Err(Halt::Broken(error)) => Err(error),
        Err(Halt::Setback(setback)) => heard_all(office, records, (&Err(setback), true), now).await,
        Ok(answers) => heard_all(office, records, (&Ok(answers), true), now).await,
    }
}

/// Notes the open steps that were carried out, as the company tells. A look-up that failed leaves everything as it is.
async fn look_up_together<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    records: &mut [&mut DocumentRecord],
    now: Timestamp,
) -> Result<Result<(), Setback>, StoreError> {
    let mut queries: Vec<Query> = Vec::new();
    let mut asking: Vec<(usize, usize)> = Vec::new();
    for (of, record) in records.iter().enumerate() {
        let steps = record.saga.iter().flat_map(|saga| &saga.steps);
        for (at, open) in steps.enumerate().filter(|(_, step)| !step.is_done) {
            if let Some(posting) = open.step.posting() {
                queries.push(crate::saga::lookup::query_for(office, posting));
                asking.push((of, at));
            }
        }
    }
    let found = match standings_of(office, &queries, now).await {
        Ok(found) => found,
        Err(Halt::Broken(error)) => return Err(error),
        Err(Halt::Setback(setback)) => return Ok(Err(setback)),
    };
    for ((of, at), found) in asking.into_iter().zip(found) {
        let DocumentRecord { saga, posted, .. } = &mut *records[of];
        let Some(saga) = saga else { continue };
        let open = &mut saga.steps[at];
        let Some(posting) = open.step.posting() else {
            continue;
        };
        match crate::saga::lookup::ours(found, posting) {
            Ok(Some(found)) => {
                apply(posted, (&open.step, &saga.ids), &found);
                open.is_done = true;
            }
            Ok(None) => {}
            Err(setback) => return Ok(Err(setback)),
        }
    }
    Ok(Ok(()))
}

/// What each of the queries finds, in as few calls as the pace allows. Where QuickBooks numbers by itself many look for the same day.
async fn standings_of<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    queries: &[Query],
    now: Timestamp,
) -> Result<Vec<Vec<ObjectSnapshot>>, Halt> {
    let mut distinct: Vec<Query> = Vec::new();
    for query in queries {
        if !distinct.contains(query) {
            distinct.push(query.clone());
        }
    }
    let found = each_of(office, &distinct, now).await?;
    let of = |query: &Query| distinct.iter().position(|distinct| distinct == query);
    let found = queries
        .iter()
        .filter_map(|query| found.get(of(query)?).cloned());
    Ok(found.collect())
}

pub async fn each_of<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    queries: &[Query],
    now: Timestamp,
) -> Result<Vec<Vec<ObjectSnapshot>>, Halt> {
    let mut found = Vec::new();
    let mut rest = queries;
    while !rest.is_empty() {
        let (some, more) = rest.split_at(rest.len().min(office.pace.batch_size()));
        if let [one] = some {
            found.push(office.standings(one, now).await?);
        } else {
            let items: Vec<BatchItem> =
                (0..).zip(some).map(|(at, query)| look(at, query)).collect();
            let words: Vec<String> = some.iter().map(ToString::to_string).collect();
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let answers = office.batch((&items, &request_id(&words)), now).await;
            let answers = answers.map_err(|halt| crate::error::again(halt, now))?;
            for (item, query) in items.iter().zip(some) {
                let rows = answers.snapshots(&item.id, query.kind());
                let rows = rows.map_err(|failure| {
                    let setback = Setback::of(failure.into(), Date::default(), now);
                    crate::error::again(Halt::Setback(setback), now)
                });
                found.push(rows?);
            }
        }
        rest = more;
    }
    Ok(found)
}

/// The items of the steps that are still open, with the ids that they were sent under.
fn open_items<H: Http, R: Records>(
    office: &WorkerContext<'_, H, R>,
    records: &[&mut DocumentRecord],
) -> Vec<BatchItem> {
    let sagas = records.iter().filter_map(|record| record.saga.as_ref());
    let open = sagas.flat_map(|saga| saga.steps.iter().map(|step| (step, &saga.ids)));
    let items = open
        .filter(|(step, _)| !step.is_done)
        .filter_map(|(step, ids)| {
            let operation =
                BatchOperation::Write(crate::saga::rendered(office, &step.step, ids).ok()?);
            let id = step.batch_item.clone()?;
            Some(BatchItem { id, operation })
        });
    items.collect()
}

fn look(at: usize, query: &Query) -> BatchItem {
    BatchItem {
        id: at.to_string(),
        operation: BatchOperation::Query(query.clone()),
    }
}
