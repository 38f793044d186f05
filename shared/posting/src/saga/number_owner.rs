//! Finds out who has a number that QuickBooks refused as taken.

use crate::context::WorkerContext;
use crate::entered_before::{entered_by_others, is_entered};
use crate::error::{LookupError, PostingError};
use crate::lookup::company_lookup::{
    ask_each, find_changed, find_created, query_for, without_write_time,
};
use crate::lookup::ours::{Choice, Sought};
use crate::saga::open_saga::{OpenSaga, TakenNumber};
use jiff::Timestamp;
use mapping::Step;
use ports::http::Http;
use ports::records::Records;
use quickbooks::Query;
use quickbooks::entity::ObjectSnapshot;
use quickbooks::fault::Duplicate;
use quickbooks::query::Field;
use std::collections::BTreeSet;
use store::document::saga::LastSending;
use store::reason::FoundTransaction;
use store::reason::hold::HoldReason;

/// The owner of a number.
pub enum NumberOwner {
    /// The transaction is the one that the step was to make.
    Ours(Box<ObjectSnapshot>),
    /// The number belongs to another transaction. Holds the next free number, if there is one.
    Others(Option<String>),
}

impl TakenNumber {
    /// Returns the sending after which a query that finds nothing counts. A step that was sent before was looked up since, so the refusal
    /// of this sending counts at once. Else the refused request may be a repetition of one that was carried out.
    fn last_sending(&self, now: Timestamp) -> LastSending {
        match self.sent_before {
            LastSending::Never => LastSending::EndedBy(now),
            LastSending::EndedBy(_) => LastSending::Never,
        }
    }
}

/// Returns the owner of a step's number: RIVET's transaction, whose answer was lost, or another one.
///
/// # Errors
/// The owner could not be looked up. The step may still have been carried out.
pub async fn number_owner<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    open: &OpenSaga<'_>,
    taken: &TakenNumber,
    now: Timestamp,
) -> Result<NumberOwner, PostingError> {
    let Some(mut sought) = Sought::new(open.record, &open.saga, open.at) else {
        let found = find_changed(ctx, &open.step().step, now).await?;
        return Ok(ours_or_none_free(found));
    };
    sought.last_sending = taken.last_sending(ctx.now());
    let kind = sought.posting.kind();
    let named = taken.taken_by.as_deref();
    let named = named.filter(|named| named.kind.kind() == Some(kind));
    sought
        .named
        .extend(named.iter().map(|named| named.id.as_str()));
    let Some(number) = sought.posting.number() else {
        let rows = rows_of(ctx, &[query_for(ctx, sought.posting)], now).await?;
        return Ok(ours_or_none_free(find_created(&sought, rows, ctx.now())?));
    };
    let planned = open.step().planned_number.as_deref().unwrap_or(number);
    let stem = mapping::number_stem(planned, kind);
    let mut queries = vec![Query::from(kind).filter(Field::DocNumber.starts_with(&stem))];
    if !ctx.client.preferences().keeps_numbers(kind) {
        queries.push(query_for(ctx, sought.posting));
    }
    let mut found = rows_of(ctx, &queries, now).await?;
    add_named(ctx, &mut found, named, now).await?;
    let numbers = found.iter().filter_map(|found| found.doc_number.clone());
    let numbers: Vec<String> = numbers.collect();
    match sought.choose(found.clone()) {
        Choice::Ours(found) => return Ok(ours_or_none_free(Some(*found))),
        Choice::Copies(copies) => return Err(LookupError::Copies(copies).into()),
        Choice::Nothing => {}
    }
    let is_seen =
        taken.taken_by.is_some() || numbers.iter().any(|seen| seen.eq_ignore_ascii_case(number));
    let from = sought.last_sending.visible_from();
    if !is_seen && ctx.now() < from {
        return Err(LookupError::TooEarly(from).into());
    }
    let numbers = numbers.iter().map(String::as_str).chain([number]);
    let free = mapping::free_number(planned, kind, &numbers.collect::<Vec<_>>());
    if !open.saga.posts_anyway {
        ensure_not_entered(ctx, open, found).await?;
    }
    Ok(NumberOwner::Others(free))
}

/// Returns an error if somebody entered what the step is to make. Only a number of another customer and amount gives way to a letter.
async fn ensure_not_entered<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    open: &OpenSaga<'_>,
    found: Vec<ObjectSnapshot>,
) -> Result<(), PostingError> {
    let mut step = open.step().step.clone();
    if let Some(planned) = &open.step().planned_number {
        step.renumber(planned);
    }
    let Step::Create { posting, .. } = step else {
        return Ok(());
    };
    let like = found.into_iter();
    let like = like.filter(|found| is_entered(&posting, found, &open.saga.ids));
    let others = entered_by_others(ctx, open.record, like.collect()).await?;
    if others.is_empty() {
        return Ok(());
    }
    let found = others.iter().map(FoundTransaction::of).collect();
    Err(HoldReason::AlreadyInQuickbooks(found).into())
}

fn ours_or_none_free(found: Option<ObjectSnapshot>) -> NumberOwner {
    match found {
        Some(found) => NumberOwner::Ours(Box::new(without_write_time(found))),
        None => NumberOwner::Others(None),
    }
}

/// Returns what the queries find, each transaction once.
async fn rows_of<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    queries: &[Query],
    now: Timestamp,
) -> Result<Vec<ObjectSnapshot>, LookupError> {
    let mut all = Vec::new();
    for rows in ask_each(ctx, queries, now).await {
        all.append(&mut rows?);
    }
    let mut known = BTreeSet::new();
    all.retain(|found| known.insert(found.id.clone()));
    Ok(all)
}

/// Adds the transaction that the fault names, unless it was found. The index of QuickBooks may lag behind, and a shortened number does not
/// begin with the stem.
async fn add_named<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    found: &mut Vec<ObjectSnapshot>,
    named: Option<&Duplicate>,
    now: Timestamp,
) -> Result<(), LookupError> {
    let named = named.filter(|named| !found.iter().any(|found| found.id == named.id));
    let Some((named, kind)) = named.and_then(|named| Some((named, named.kind.kind()?))) else {
        return Ok(());
    };
    match ctx.client.get(kind, &named.id, now).await {
        Ok(named) => found.extend(named),
        Err(error) => return Err(ctx.lookup_error(error, now).await),
    }
    Ok(())
}
