//! Asks the company whether a step was carried out.
//!
//! A created transaction is found by a query for its number or day, and chosen by [`Sought::choose`]. A query that finds nothing counts only
//! once the index of QuickBooks had time to catch up. A changed transaction is read by its id, which does not lag.

use crate::context::WorkerContext;
use crate::error::{LookupError, PostingError};
use crate::lookup::ours::{Choice, Sought, has_mark};
use jiff::Timestamp;
use mapping::{Posting, Step};
use ports::http::Http;
use ports::records::Records;
use quickbooks::Query;
use quickbooks::entity::ObjectSnapshot;
use quickbooks::query::{Field, MAX_RESULTS, Order};

/// The rows that a query found, or the error of the look-up.
pub type Rows = Result<Vec<ObjectSnapshot>, LookupError>;

/// The most pages of one query that are read.
const PAGES: u32 = 10;

/// Returns the query that finds a posting: by its number, or by its day where QuickBooks assigns the numbers.
pub fn query_for<H: Http, R: Records>(ctx: &WorkerContext<'_, H, R>, posting: &Posting) -> Query {
    let keeps_numbers = ctx.client.preferences().keeps_numbers(posting.kind());
    match posting.number().filter(|_| keeps_numbers) {
        Some(number) => Query::from(posting.kind()).filter(Field::DocNumber.equals(number)),
        None => query_by_day(posting),
    }
}

/// Returns the query that finds a posting by its day, whatever its number is. QuickBooks may have replaced the number, or a person changed
/// it.
pub fn query_by_day(posting: &Posting) -> Query {
    Query::from(posting.kind()).filter(Field::TxnDate.equals(posting.date()))
}

/// Reads what each of the queries finds. Each has an error of its own.
pub async fn ask_each<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    queries: &[Query],
    now: Timestamp,
) -> Vec<Rows> {
    let mut all = Vec::new();
    let found = ctx.client.query_each(queries, now).await;
    for (query, found) in queries.iter().zip(found) {
        all.push(match found {
            Ok(rows) if rows.len() >= MAX_RESULTS as usize => all_pages(ctx, query, now).await,
            Ok(rows) => Ok(rows),
            Err(error) => Err(ctx.lookup_error(error, now).await),
        });
    }
    all
}

/// Reads all pages of a query whose first page is full.
async fn all_pages<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    query: &Query,
    now: Timestamp,
) -> Rows {
    let mut all = Vec::new();
    for page in 0..PAGES {
        let query = query.clone().order_by(Field::Id, Order::Ascending);
        let query = query.start_position(page * MAX_RESULTS + 1);
        let rows = match ctx.client.query(&query, now).await {
            Ok(rows) => rows,
            Err(error) => return Err(ctx.lookup_error(error, now).await),
        };
        let is_last = rows.len() < MAX_RESULTS as usize;
        all.extend(rows);
        if is_last {
            return Ok(all);
        }
    }
    let why = "too many transactions of that day to be sure";
    Err(LookupError::unanswered(why))
}

/// Returns the transaction that a step created. `None` if the step certainly created none.
///
/// # Errors
/// Nothing was found too early, or several transactions may be the step's.
pub fn find_created(
    sought: &Sought<'_>,
    rows: Vec<ObjectSnapshot>,
    now: Timestamp,
) -> Result<Option<ObjectSnapshot>, LookupError> {
    match sought.choose(rows) {
        Choice::Ours(found) => Ok(Some(without_write_time(*found))),
        Choice::Copies(copies) => Err(LookupError::Copies(copies)),
        Choice::Nothing => match sought.last_sending.visible_from() {
            from if now < from => Err(LookupError::TooEarly(from)),
            _ => Ok(None),
        },
    }
}

/// Reads the object that a step was to change, and returns it if the step changed it. `None` if the step certainly did not.
///
/// # Errors
/// [`PostingError::PlanAgain`] if the object is gone.
pub async fn find_changed<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    step: &Step,
    now: Timestamp,
) -> Result<Option<ObjectSnapshot>, PostingError> {
    let Some(target) = step.target() else {
        return Ok(None);
    };
    let Some(kind) = target.kind.kind() else {
        return Ok(None);
    };
    let found = match ctx.client.get(kind, &target.id, now).await {
        Ok(Some(found)) => found,
        Ok(None) => return Err(PostingError::PlanAgain),
        Err(error) => return Err(ctx.lookup_error(error, now).await.into()),
    };
    let is_changed = found.sync_token != target.sync_token;
    Ok(Some(found)
        .filter(|found| is_changed && has_effect(step, found))
        .map(without_write_time))
}

/// Returns whether an object is as a step was to leave it. A person may have edited it since.
fn has_effect(step: &Step, found: &ObjectSnapshot) -> bool {
    match step.posting() {
        Some(posting) => has_mark(found, posting.note()),
        None => found.total.is_some_and(|total| total.is_zero()),
    }
}

/// Removes the time of the version. A person may have edited the object between the write and the look-up, so the time may not be that of
/// RIVET's write.
pub fn without_write_time(found: ObjectSnapshot) -> ObjectSnapshot {
    ObjectSnapshot {
        updated_at: None,
        ..found
    }
}
