//! Looks up all open steps of documents before any of them is sent again.

use crate::context::WorkerContext;
use crate::error::{LookupError, PostingError};
use crate::lookup::company_lookup::{
    Rows, ask_each, find_changed, find_created, query_by_day, query_for,
};
use crate::lookup::ours::Sought;
use crate::saga::record::{StepPlace, settle};
use jiff::Timestamp;
use ports::http::Http;
use ports::records::{Records, StoreError};
use quickbooks::Query;
use quickbooks::entity::ObjectSnapshot;
use store::document::saga::LastSending;
use store::document::{DocumentRecord, Saga};
use store::reason::{Action, Reason};

/// The answers to the queries of several documents. Where QuickBooks assigns the numbers, many steps share one query for their day.
#[derive(Default)]
struct Answers {
    queries: Vec<Query>,
    rows: Vec<Rows>,
}

impl Answers {
    /// Asks queries that were not asked yet.
    async fn ask<H: Http, R: Records>(
        &mut self,
        ctx: &mut WorkerContext<'_, H, R>,
        mut queries: Vec<Query>,
        now: Timestamp,
    ) {
        queries.retain(|query| !self.queries.contains(query));
        self.rows.extend(ask_each(ctx, &queries, now).await);
        self.queries.append(&mut queries);
    }

    /// Returns the rows of a query. `None` if it was not asked.
    fn rows_of(&self, query: &Query) -> Option<Rows> {
        let mut queries = self.queries.iter();
        let at = queries.position(|asked| asked == query)?;
        self.rows.get(at).cloned()
    }
}

/// Looks up all open steps, and records those that the company carried out. Returns for each document whether its other open steps certainly
/// do not stand, so that they may be sent again.
pub async fn look_up<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    records: &mut [&mut DocumentRecord],
    now: Timestamp,
) -> Result<Vec<Result<(), PostingError>>, StoreError> {
    let mut answers = Answers::default();
    let by_number = queries_for(ctx, records);
    answers.ask(ctx, by_number, now).await;
    let by_day = queries_for_missing(ctx, records, &answers);
    answers.ask(ctx, by_day, now).await;
    let mut outcomes = Vec::new();
    for record in records {
        match look_up_document(ctx, record, &answers, now).await {
            Err(PostingError::Store(error)) => return Err(error),
            outcome => outcomes.push(outcome),
        }
    }
    Ok(outcomes)
}

/// Returns the distinct queries for the open steps that create something.
fn queries_for<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    records: &[&mut DocumentRecord],
) -> Vec<Query> {
    let mut queries = Vec::new();
    for record in records {
        for at in sent_steps(record.saga.as_ref()) {
            let saga = record.saga.as_ref();
            let sought = saga.and_then(|saga| Sought::new(record, saga, at));
            let query = sought.map(|sought| query_for(ctx, sought.posting));
            queries.extend(query.filter(|query| !queries.contains(query)));
        }
    }
    queries
}

/// Returns the queries by day for the steps that would be sent again, because their numbers are not found.
fn queries_for_missing<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    records: &[&mut DocumentRecord],
    answers: &Answers,
) -> Vec<Query> {
    let mut queries = Vec::new();
    for record in records {
        let saga = record.saga.as_ref();
        let steps = sent_steps(saga).into_iter();
        let sought = steps.filter_map(|at| Sought::new(record, saga?, at));
        for sought in sought {
            let found = find_in(ctx, answers, &sought);
            let query = query_by_day(sought.posting);
            if found == Ok(None) && !queries.contains(&query) {
                queries.push(query);
            }
        }
    }
    queries
}

/// Returns the indexes of the open steps that were perhaps sent.
fn sent_steps(saga: Option<&Saga>) -> Vec<usize> {
    let steps = saga.iter().flat_map(|saga| &saga.steps).enumerate();
    let sent = steps.filter(|(_, step)| !step.is_done && step.last_sending != LastSending::Never);
    sent.map(|(at, _)| at).collect()
}

async fn look_up_document<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    record: &mut DocumentRecord,
    answers: &Answers,
    now: Timestamp,
) -> Result<(), PostingError> {
    let Some(mut saga) = record.saga.take() else {
        return Ok(());
    };
    let mut worst: Option<PostingError> = None;
    for at in sent_steps(Some(&saga)) {
        let found = match Sought::new(record, &saga, at) {
            Some(sought) => find_in(ctx, answers, &sought),
            None => find_changed(ctx, &saga.steps[at].step, now).await,
        };
        let place = StepPlace {
            record: &mut *record,
            saga: &mut saga,
            at,
        };
        let settled = match found {
            Ok(Some(found)) => settle(ctx, place, &found, now)
                .await
                .map_err(PostingError::from),
            Ok(None) => Ok(()),
            Err(error) => Err(error),
        };
        if let Err(error) = settled {
            worst = Some(match worst {
                Some(worst) => worst.or_worse(error),
                None => error,
            });
        }
    }
    let is_gone = worst == Some(PostingError::PlanAgain);
    let given_up = match worst {
        None => given_up(&saga, ctx.now()),
        Some(_) => None,
    };
    record.saga = Some(saga).filter(|_| !is_gone && given_up.is_none());
    match given_up.map(PostingError::Failed).or(worst) {
        Some(error) => Err(error),
        None => Ok(()),
    }
}

/// Returns the transaction of a step among the rows that its queries found.
fn find_in<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    answers: &Answers,
    sought: &Sought<'_>,
) -> Result<Option<ObjectSnapshot>, PostingError> {
    let (by_number, by_day) = (query_for(ctx, sought.posting), query_by_day(sought.posting));
    let not_asked = || Err(LookupError::unanswered("it was not asked"));
    let mut rows = answers.rows_of(&by_number).unwrap_or_else(not_asked)?;
    if by_day != by_number
        && let Some(others) = answers.rows_of(&by_day)
    {
        let others = others?.into_iter();
        let is_new = |row: &ObjectSnapshot| rows.iter().all(|known| known.id != row.id);
        let others: Vec<ObjectSnapshot> = others.filter(is_new).collect();
        rows.extend(others);
    }
    Ok(find_created(sought, rows, ctx.now())?)
}

/// Returns the reason to give open steps up: they certainly do not stand, and QuickBooks never answered why.
fn given_up(saga: &Saga, now: Timestamp) -> Option<Reason> {
    saga.open_steps().next()?;
    let last = saga.given_up(now)?;
    let message = format!(
        "RIVET sent it to QuickBooks again and again, and QuickBooks never said why it does not take it ({last}). It is not in QuickBooks."
    );
    Some(Reason::new(
        "no_clear_answer",
        Action::ContactSupport,
        message,
    ))
}
