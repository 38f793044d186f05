//! Asks the company whether a step was carried out. The query goes by number or day; the origin note confirms the match.

use crate::context::WorkerContext;
use crate::entered_before::{entered_by_others, is_entered};
use crate::error::PostingError;
use jiff::Timestamp;
use mapping::{Ids, Posting, Step, Target};
use ports::http::Http;
use ports::records::Records;
use quickbooks::Query;
use quickbooks::entity::ObjectSnapshot;
use quickbooks::fault::Duplicate;
use quickbooks::query::{Field, MAX_RESULTS};
use store::document::SagaStep;
use store::reason::FoundTransaction;
use store::reason::hold::HoldReason;

/// The owner of a number.
pub enum NumberOwner {
    /// The transaction is the one that the step was to make.
    Ours(Box<ObjectSnapshot>),
    /// The number belongs to another transaction. Holds the next free number, if there is one.
    Others(Option<String>),
}

/// A step whose number is taken.
#[derive(Clone, Copy)]
pub struct TakenStep<'a> {
    /// The step.
    pub step: &'a SagaStep,
    /// The ids of the parties that the step names.
    pub ids: &'a Ids,
    /// A person decided to post the document anyway.
    pub posts_anyway: bool,
}

/// Returns the object that a step made or changed. `None` if the step was not carried out.
pub async fn find_executed<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    step: &Step,
    now: Timestamp,
) -> Result<Option<ObjectSnapshot>, PostingError> {
    let found = match step {
        Step::Create { posting, .. } | Step::Reverse { posting, .. } => {
            let query = query_for(ctx, posting);
            let found = ctx.client.query(&query, now).await?;
            find_ours(found, posting)?
        }
        Step::Update {
            target, posting, ..
        }
        | Step::Zero {
            target, posting, ..
        } => {
            let current = find_changed(ctx, target, now).await?;
            current.filter(|found| is_ours(found, posting.note()))
        }
        Step::Void { target, .. } => {
            let current = find_changed(ctx, target, now).await?;
            current.filter(|found| found.total.is_some_and(|total| total.is_zero()))
        }
    };
    Ok(found.map(without_write_time))
}

/// Returns the owner of a step's number: RIVET's transaction, whose answer was lost, or another one.
pub async fn number_owner<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    open: TakenStep<'_>,
    taken_by: Option<Box<Duplicate>>,
    now: Timestamp,
) -> Result<NumberOwner, PostingError> {
    let posting = match &open.step.step {
        Step::Create { posting, .. } | Step::Reverse { posting, .. } => posting,
        step => return ours_or_none_free(ctx, step, now).await,
    };
    let has_custom_numbers = ctx.client.preferences().has_custom_numbers;
    let Some(number) = posting.number().filter(|_| has_custom_numbers) else {
        return ours_or_none_free(ctx, &open.step.step, now).await;
    };
    let (kind, planned) = (posting.kind(), open.step.planned_number.as_deref());
    let planned = planned.unwrap_or(number);
    let stem = mapping::number_stem(planned, kind);
    let query = Query::from(kind).filter(Field::DocNumber.starts_with(&stem));
    let mut found = ctx.client.query(&query, now).await?;
    // The index of QuickBooks may lag behind, and a shortened number does not begin with the stem.
    if let Some(named) = taken_by.filter(|named| named.kind.kind() == Some(kind))
        && !found.iter().any(|found| found.id == named.id)
    {
        found.push(ctx.client.get_existing(kind, &named.id, now).await?);
    }
    let mut all = found.iter();
    if let Some(at) = all.position(|found| is_ours(found, posting.note())) {
        let ours = without_write_time(found.swap_remove(at));
        return Ok(NumberOwner::Ours(Box::new(ours)));
    }
    let taken = found.iter().filter_map(|found| found.doc_number.clone());
    let taken: Vec<String> = taken.chain([number.to_owned()]).collect();
    let taken: Vec<&str> = taken.iter().map(String::as_str).collect();
    let free = mapping::free_number(planned, kind, &taken);
    if !open.posts_anyway {
        ensure_not_entered(ctx, open, found).await?;
    }
    Ok(NumberOwner::Others(free))
}

/// Returns an error if somebody entered what the step is to make. Only a number of another customer and amount gives way to a letter.
async fn ensure_not_entered<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    open: TakenStep<'_>,
    found: Vec<ObjectSnapshot>,
) -> Result<(), PostingError> {
    let mut step = open.step.step.clone();
    if let Some(planned) = &open.step.planned_number {
        step.renumber(planned);
    }
    let Step::Create { posting, .. } = step else {
        return Ok(());
    };
    let like = found.into_iter();
    let like = like.filter(|found| is_entered(&posting, found, &open.ids.customer));
    let others = entered_by_others(ctx, like.collect()).await?;
    if others.is_empty() {
        return Ok(());
    }
    let found = others.iter().map(FoundTransaction::of).collect();
    Err(HoldReason::AlreadyInQuickbooks(found).into())
}

async fn ours_or_none_free<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    step: &Step,
    now: Timestamp,
) -> Result<NumberOwner, PostingError> {
    let found = find_executed(ctx, step, now).await?;
    let ours = found.map(|found| NumberOwner::Ours(Box::new(found)));
    Ok(ours.unwrap_or(NumberOwner::Others(None)))
}

/// Reads an object. `None` if the object did not change since RIVET last saw it.
async fn find_changed<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    target: &Target,
    now: Timestamp,
) -> Result<Option<ObjectSnapshot>, PostingError> {
    let Some(kind) = target.kind.kind() else {
        return Ok(None);
    };
    let found = ctx.client.get_existing(kind, &target.id, now).await?;
    Ok(Some(found).filter(|found| found.sync_token != target.sync_token))
}

/// Returns the query that finds a posting: by its number, or by its day where QuickBooks assigns the numbers.
pub fn query_for<H: Http, R: Records>(ctx: &WorkerContext<'_, H, R>, posting: &Posting) -> Query {
    let has_custom_numbers = ctx.client.preferences().has_custom_numbers;
    let field = match posting.number().filter(|_| has_custom_numbers) {
        Some(number) => Field::DocNumber.equals(number),
        None => Field::TxnDate.equals(posting.date()),
    };
    Query::from(posting.kind()).filter(field)
}

/// Returns the posting among the transactions found.
pub fn find_ours(
    found: Vec<ObjectSnapshot>,
    posting: &Posting,
) -> Result<Option<ObjectSnapshot>, PostingError> {
    if found.len() >= MAX_RESULTS as usize {
        let why = "too many transactions of that day to be sure";
        return Err(PostingError::unknown(why));
    }
    let mut found = found.into_iter();
    let ours = found.find(|found| is_ours(found, posting.note()));
    Ok(ours.map(without_write_time))
}

/// Removes the time of the version. A person may have edited the object between the write and the look-up, so the time may not be that of
/// RIVET's write.
fn without_write_time(found: ObjectSnapshot) -> ObjectSnapshot {
    ObjectSnapshot {
        updated_at: None,
        ..found
    }
}

/// Returns whether an object has RIVET's origin note. A void in QuickBooks puts a word in front of the note.
fn is_ours(found: &ObjectSnapshot, origin_note: &str) -> bool {
    let note = found.private_note.as_ref();
    note.is_some_and(|note| note.ends_with(origin_note))
}
