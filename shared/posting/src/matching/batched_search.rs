//! Asks the questions of several searches. Equal questions are asked once, and all questions of a kind share a call.

use crate::context::{EarlyAnswer, WorkerContext};
use crate::error::PostingError;
use crate::matching::search::Search;
use connection::call_outcome::CallError;
use connection::client::api::{IdempotentBatch, IdempotentWrite};
use connection::idempotency_key::request_id;
use jiff::Timestamp;
use jiff::civil::Date;
use ports::http::Http;
use ports::records::{Records, StoreError};
use quickbooks::Query;
use quickbooks::batch::{BatchAnswers, BatchItem, BatchOperation};
use quickbooks::entity::ListEntry;
use store::document::attempts::LOOKUP_DELAY;

/// A question with the indexes of the searches that wait for its answer. No search waits for the answer to a look.
struct Question {
    operation: BatchOperation,
    searches: Vec<usize>,
}

impl Question {
    fn of_look(query: Query) -> Self {
        Self {
            operation: BatchOperation::Query(query),
            searches: Vec::new(),
        }
    }
}

/// Asks until every search has ended, or no further call is allowed. `looks` are asked in the same calls as the first questions.
pub async fn run_all<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    searches: &mut [Search],
    mut looks: Vec<Query>,
    now: Timestamp,
) -> Result<(), StoreError> {
    loop {
        let mut questions = next_questions(searches);
        if questions.is_empty() {
            return Ok(());
        }
        questions.extend(looks.drain(..).map(Question::of_look));
        for questions in questions.chunks(ctx.client.limiter.batch_size()) {
            match questions {
                [one] => ask_one(ctx, searches, one, now).await?,
                several => ask_several(ctx, searches, several, now).await?,
            }
        }
    }
}

async fn ask_one<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    searches: &mut [Search],
    question: &Question,
    now: Timestamp,
) -> Result<(), StoreError> {
    match &question.operation {
        // A look that shares its call with no search is made when it is needed.
        BatchOperation::Query(_) if question.searches.is_empty() => {}
        BatchOperation::Query(query) => {
            let rows = ctx.client.query_list(query, now).await;
            let rows = rows.map_err(PostingError::from);
            if let Err(PostingError::Store(error)) = rows {
                return Err(error);
            }
            give_rows(searches, question, &rows);
        }
        BatchOperation::Write(write) => {
            for at in &question.searches {
                let change = IdempotentWrite {
                    write,
                    request_id: &searches[*at].request_id(ctx.client.realm_id()),
                };
                let created = ctx.client.write(change, now).await;
                let created = created.map(|created| created.id);
                let created = created.map_err(PostingError::from);
                if let Err(PostingError::Store(error)) = created {
                    return Err(error);
                }
                searches[*at].continue_created(created, now);
            }
        }
    }
    Ok(())
}

async fn ask_several<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    searches: &mut [Search],
    questions: &[Question],
    now: Timestamp,
) -> Result<(), StoreError> {
    let items = questions.iter().enumerate().map(|(at, asked)| BatchItem {
        id: at.to_string(),
        operation: asked.operation.clone(),
    });
    let items: Vec<BatchItem> = items.collect();
    let is_write = |asked: &&Question| matches!(asked.operation, BatchOperation::Write(_));
    let creating = questions.iter().filter(is_write);
    let keys: Vec<String> = creating
        .flat_map(|asked| &asked.searches)
        .map(|at| searches[*at].request_id(ctx.client.realm_id()))
        .collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let batch = IdempotentBatch {
        items: &items,
        request_id: &request_id(&keys),
    };
    let answers = match ctx.client.send_batch(batch, now).await {
        Err(CallError::Store(error)) => return Err(error),
        answers => answers,
    };
    for (item, asked) in items.iter().zip(questions) {
        match &asked.operation {
            BatchOperation::Query(query) if asked.searches.is_empty() => {
                let rows = answers.as_ref().ok();
                let rows = rows.and_then(|answers| answers.snapshots(&item.id, query.kind()).ok());
                ctx.early_answers.extend(rows.map(|rows| EarlyAnswer {
                    query: query.clone(),
                    rows,
                    asked_at: now,
                }));
            }
            BatchOperation::Query(query) => {
                let rows = rows_of(&answers, &item.id, query, now);
                give_rows(searches, asked, &rows);
            }
            BatchOperation::Write(_) => {
                let created = created_id(&answers, &item.id, now);
                for at in &asked.searches {
                    searches[*at].continue_created(created.clone(), now);
                }
            }
        }
    }
    Ok(())
}

/// Returns the next questions of all searches: all look-ups, or all creations once no look-up is left. A batch never mixes both, because a
/// look-up could miss an object that the same batch creates.
fn next_questions(searches: &[Search]) -> Vec<Question> {
    let is_query = |operation: &BatchOperation| matches!(operation, BatchOperation::Query(_));
    let mut questions: Vec<Question> = Vec::new();
    for (at, search) in searches.iter().enumerate() {
        let Some(operation) = search.next() else {
            continue;
        };
        let mut known = questions.iter_mut();
        match known.find(|known| is_query(&operation) && known.operation == operation) {
            Some(known) => known.searches.push(at),
            None => questions.push(Question {
                operation,
                searches: vec![at],
            }),
        }
    }
    if questions.iter().any(|asked| is_query(&asked.operation)) {
        questions.retain(|asked| is_query(&asked.operation));
    }
    questions
}

fn give_rows(
    searches: &mut [Search],
    question: &Question,
    rows: &Result<Vec<ListEntry>, PostingError>,
) {
    for at in &question.searches {
        searches[*at].continue_with(rows.clone());
    }
}

/// Returns the rows that a query of a batch found.
fn rows_of(
    answers: &Result<BatchAnswers, CallError>,
    id: &str,
    query: &Query,
    now: Timestamp,
) -> Result<Vec<ListEntry>, PostingError> {
    let rows = match answers {
        Ok(answers) => answers
            .list_entries(id, query.kind())
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
