//! Asks the questions of several searches. Equal questions are asked once, and all questions of a kind share a call.

use crate::context::{EarlyAnswer, WorkerContext};
use crate::error::PostingError;
use crate::party_search::job::give_parents;
use crate::party_search::{FirmCompany, Question, Search};
use connection::call_outcome::CallError;
use connection::client::api::{IdempotentBatch, IdempotentWrite};
use connection::idempotency_key::{IdentifiedRequest, request_id};
use jiff::Timestamp;
use jiff::civil::Date;
use ports::http::Http;
use ports::records::{Records, StoreError};
use quickbooks::Query;
use quickbooks::batch::{BatchAnswers, BatchItem};
use quickbooks::entity::ListEntry;
use quickbooks::request::Write;
use store::document::attempts::LOOKUP_DELAY;

/// A query with the indexes of the searches that wait for its answer. No search waits for the answer to a look.
struct SharedQuery {
    query: Query,
    searches: Vec<usize>,
}

impl SharedQuery {
    fn of_look(query: Query) -> Self {
        Self {
            query,
            searches: Vec::new(),
        }
    }
}

/// A creation with the index of its search.
struct PartyCreation {
    write: Write,
    search: usize,
    request_id: String,
}

/// Asks until every search has ended, or no further call is allowed. A creation waits until no query is left, because a query could miss an
/// object that is created meanwhile. `looks` are asked in the same calls as the first queries.
pub async fn run_all<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    searches: &mut [Search],
    mut looks: Vec<Query>,
    now: Timestamp,
) -> Result<(), StoreError> {
    loop {
        give_parents(&ctx.parties, searches);
        let mut queries = next_queries(searches);
        if !queries.is_empty() {
            queries.extend(looks.drain(..).map(SharedQuery::of_look));
            for some in queries.chunks(ctx.client.limiter.batch_size()) {
                ask(ctx, searches, some, now).await?;
            }
            continue;
        }
        let creations = next_creations(ctx, searches);
        if creations.is_empty() {
            return Ok(());
        }
        for some in creations.chunks(ctx.client.limiter.batch_size()) {
            create(ctx, searches, some, now).await?;
        }
    }
}

/// Returns the next queries of all searches, without repetitions.
fn next_queries(searches: &[Search]) -> Vec<SharedQuery> {
    let mut shared: Vec<SharedQuery> = Vec::new();
    for (at, search) in searches.iter().enumerate() {
        let Some(Question::Query(query)) = search.next() else {
            continue;
        };
        match shared.iter_mut().find(|known| known.query == query) {
            Some(known) => known.searches.push(at),
            None => shared.push(SharedQuery {
                query,
                searches: vec![at],
            }),
        }
    }
    shared
}

/// Returns the next creations of all searches.
fn next_creations<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    searches: &[Search],
) -> Vec<PartyCreation> {
    let company = FirmCompany {
        firm: ctx.firm,
        realm_id: ctx.client.realm_id(),
    };
    let creation = |(at, search): (usize, &Search)| match search.next() {
        Some(Question::Create(write)) => Some(PartyCreation {
            write,
            search: at,
            request_id: search.request_id(company),
        }),
        Some(Question::Query(_)) | None => None,
    };
    searches.iter().enumerate().filter_map(creation).collect()
}

/// Asks queries in one call.
async fn ask<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    searches: &mut [Search],
    queries: &[SharedQuery],
    now: Timestamp,
) -> Result<(), StoreError> {
    if let [one] = queries {
        // A look that shares its call with no search is made when it is needed.
        if one.searches.is_empty() {
            return Ok(());
        }
        let rows = ctx.client.query_list(&one.query, now).await;
        end_with_store(&rows)?;
        let rows = rows.map_err(PostingError::from);
        give_rows(searches, one, &rows, ctx.now());
        return Ok(());
    }
    let items = queries.iter().enumerate().map(|(at, shared)| BatchItem {
        id: at.to_string(),
        operation: shared.query.clone(),
    });
    let items: Vec<BatchItem<Query>> = items.collect();
    let answers = ctx.client.query_together(&items, now).await;
    end_with_store(&answers)?;
    for (item, shared) in items.iter().zip(queries) {
        if shared.searches.is_empty() {
            let early = early_answer(&answers, item, now);
            ctx.early_answers.extend(early);
            continue;
        }
        let rows = rows_of(&answers, item, now);
        give_rows(searches, shared, &rows, ctx.now());
    }
    Ok(())
}

/// Creates parties in one call.
async fn create<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    searches: &mut [Search],
    creations: &[PartyCreation],
    now: Timestamp,
) -> Result<(), StoreError> {
    if let [one] = creations {
        let change = IdempotentWrite {
            write: &one.write,
            request_id: &one.request_id,
        };
        let created = ctx.client.write(change, now).await;
        end_with_store(&created)?;
        let created = created.map(|created| created.id);
        let created = created.map_err(PostingError::from);
        searches[one.search].continue_created(created, ctx.now());
        return Ok(());
    }
    let items = creations.iter().enumerate().map(|(at, one)| BatchItem {
        id: at.to_string(),
        operation: one.write.clone(),
    });
    let items: Vec<BatchItem<Write>> = items.collect();
    let ids: Vec<&str> = creations.iter().map(|one| &*one.request_id).collect();
    let batch = IdempotentBatch {
        items: &items,
        request_id: &request_id(IdentifiedRequest::Batch, &ids),
    };
    let answers = ctx.client.write_together(batch, now).await;
    end_with_store(&answers)?;
    for (item, one) in items.iter().zip(creations) {
        let created = created_id(&answers, &item.id, now);
        searches[one.search].continue_created(created, ctx.now());
    }
    Ok(())
}

/// Returns the error of the store, which ends the run, if a call ended with it.
fn end_with_store<T>(answer: &Result<T, CallError>) -> Result<(), StoreError> {
    match answer {
        Err(CallError::Store(error)) => Err(error.clone()),
        Ok(_) | Err(_) => Ok(()),
    }
}

fn give_rows(
    searches: &mut [Search],
    shared: &SharedQuery,
    rows: &Result<Vec<ListEntry>, PostingError>,
    now: Timestamp,
) {
    for at in &shared.searches {
        searches[*at].continue_with(rows.clone(), now);
    }
}

/// Returns the answer to a look of a batch, if there is one.
fn early_answer(
    answers: &Result<BatchAnswers, CallError>,
    item: &BatchItem<Query>,
    now: Timestamp,
) -> Option<EarlyAnswer> {
    let query = &item.operation;
    let answers = answers.as_ref().ok()?;
    Some(EarlyAnswer {
        query: query.clone(),
        rows: answers.snapshots(&item.id, query.kind()).ok()?,
        asked_at: now,
    })
}

/// Returns the rows that a query of a batch found.
fn rows_of(
    answers: &Result<BatchAnswers, CallError>,
    item: &BatchItem<Query>,
    now: Timestamp,
) -> Result<Vec<ListEntry>, PostingError> {
    let rows = match answers {
        Ok(answers) => answers
            .list_entries(&item.id, item.operation.kind())
            .map_err(|failure| CallError::from_failure(failure, now)),
        Err(error) => Err(error.clone()),
    };
    Ok(rows.map_err(|error| error.of_read(now, LOOKUP_DELAY))?)
}

/// Returns the id of an object that a batch created.
fn created_id(
    answers: &Result<BatchAnswers, CallError>,
    id: &str,
    now: Timestamp,
) -> Result<String, PostingError> {
    let created = answers.as_ref().map_err(Clone::clone)?.snapshot(id);
    let failed = |failure| PostingError::from_failure(failure, Date::default(), now);
    Ok(created.map_err(failed)?.id)
}
