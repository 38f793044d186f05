//! Asks the company for transactions, page by page.

use crate::context::{EarlyAnswer, WorkerContext};
use crate::error::{LookupError, PostingError};
use connection::call_outcome::{CallError, with_trace_id};
use jiff::Timestamp;
use ports::http::Http;
use ports::records::Records;
use quickbooks::Query;
use quickbooks::entity::ObjectSnapshot;
use quickbooks::query::{Field, MAX_RESULTS, Order};

/// The pages that one look reads at most of one query.
const MAX_PAGES: u32 = 20;

/// The company's answers to several queries.
pub(crate) struct Answers {
    pub(crate) rows: Vec<ObjectSnapshot>,
    /// The time of the first call.
    pub(crate) asked_at: Timestamp,
    /// The queries that the company refused.
    pub(crate) refused: Vec<RefusedQuery>,
}

/// A query that the company refused, such as for a broken row among those that it finds.
pub(crate) struct RefusedQuery {
    /// The query, as it was given to [`ask`].
    pub(crate) query: Query,
    /// The refusal. It says nothing about what somebody entered.
    pub(crate) error: LookupError,
}

/// Returns the query for the first page of a query's rows, in an order that does not change.
pub(crate) fn first_page(query: Query) -> Query {
    query.order_by(Field::CreateTime, Order::Ascending)
}

/// Returns the queries for the first pages of these queries' rows, each once.
pub(crate) fn first_pages(queries: impl IntoIterator<Item = Query>) -> Vec<Query> {
    let mut first = Vec::new();
    for query in queries.into_iter().map(first_page) {
        if !first.contains(&query) {
            first.push(query);
        }
    }
    first
}

/// Asks each query once, and returns the rows of those that the company does not refuse. The first pages of all queries share a call, unless
/// they were asked for before.
pub(crate) async fn ask<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    queries: impl IntoIterator<Item = Query>,
    now: Timestamp,
) -> Result<Answers, PostingError> {
    let mut answers = Answers {
        rows: Vec::new(),
        asked_at: ctx.now(),
        refused: Vec::new(),
    };
    let (mut first, mut next) = (Vec::new(), Vec::new());
    for query in first_pages(queries) {
        match take_early_answer(ctx, &query) {
            Some(early) => {
                answers.asked_at = answers.asked_at.min(early.asked_at);
                add_page(&mut answers, &mut next, query, early.rows);
            }
            None => first.push(query),
        }
    }
    let mut asked = first;
    for page in 1..=MAX_PAGES {
        let found = ctx.client.query_each(&asked, now).await;
        for (query, rows) in asked.into_iter().zip(found) {
            match rows {
                Ok(rows) => add_page(&mut answers, &mut next, query, rows),
                Err(CallError::Refused(failure)) => {
                    let error = LookupError::Refused(with_trace_id(&failure));
                    if page > 1 {
                        return Err(error.into());
                    }
                    answers.refused.push(RefusedQuery { query, error });
                }
                Err(error) => return Err(error.into()),
            }
        }
        if next.is_empty() {
            return Ok(answers);
        }
        let start = page * MAX_RESULTS + 1;
        let pages = next.drain(..).map(|query| query.start_position(start));
        asked = pages.collect();
    }
    let why = "too many transactions have numbers like that";
    Err(PostingError::unknown(why))
}

/// Adds a page of rows. After a full page, the query is asked for the next one.
fn add_page(answers: &mut Answers, next: &mut Vec<Query>, query: Query, rows: Vec<ObjectSnapshot>) {
    if rows.len() >= MAX_RESULTS as usize {
        next.push(query);
    }
    answers.rows.extend(rows);
}

/// Takes the answer to a query that shared a call with other questions.
fn take_early_answer<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    query: &Query,
) -> Option<EarlyAnswer> {
    let mut answers = ctx.early_answers.iter();
    let at = answers.position(|answer| answer.query == *query)?;
    Some(ctx.early_answers.swap_remove(at))
}
