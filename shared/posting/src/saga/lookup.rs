//! Asking the company whether a step was carried out: by number or day, and by our mark in the note.

use crate::context::WorkerContext;
use crate::error::Halt;
use connection::call_outcome::Setback;
use jiff::Timestamp;
use mapping::{Posting, Step, Target};
use ports::http::Http;
use ports::records::Records;
use quickbooks::Query;
use quickbooks::entity::ObjectSnapshot;
use quickbooks::fault::Duplicate;
use quickbooks::query::{Field, MAX_RESULTS};
use store::document::SagaStep;

/// How the object that a step made or changed stands, if the step was carried out.
pub async fn look_up<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    step: &Step,
    now: Timestamp,
) -> Result<Option<ObjectSnapshot>, Halt> {
    let found = match step {
        Step::Create { posting, .. } | Step::Reverse { posting, .. } => {
            find(office, posting, now).await?
        }
        Step::Update {
            target, posting, ..
        }
        | Step::Zero {
            target, posting, ..
        } => {
            let current = changed(office, target, now).await?;
            current.filter(|found| is_ours(found, posting.note()))
        }
        Step::Void { target, .. } => {
            let current = changed(office, target, now).await?;
            current.filter(|found| found.total.is_some_and(|total| total.is_zero()))
        }
    };
    Ok(found.map(late))
}

/// Whose transaction has the number of a step: ours, whose answer was lost, or somebody else's.
pub async fn whose_number<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    open: &SagaStep,
    named: Option<Box<Duplicate>>,
    now: Timestamp,
) -> Result<NumberOwner, Halt> {
    let posting = match &open.step {
        Step::Create { posting, .. } | Step::Reverse { posting, .. } => posting,
        _ => return ours_only(office, &open.step, now).await,
    };
    let Some(number) = posting
        .number()
        .filter(|_| office.books().has_custom_numbers)
    else {
        return ours_only(office, &open.step, now).await;
    };
    let (kind, planned) = (posting.kind(), open.planned_number.as_deref());
    let planned = planned.unwrap_or(number);
    let stem = mapping::number_stem(planned, kind);
    let query = Query::from(kind).filter(Field::DocNumber.starts_with(&stem));
    let mut found = office.standings(&query, now).await?;
    // The index may lag behind, and a number that was shortened does not begin with the stem.
    if let Some(named) = named.filter(|named| named.kind.kind() == Some(kind))
        && !found.iter().any(|found| found.id == named.id)
    {
        found.push(office.standing((kind, &named.id), now).await?);
    }
    if let Some(at) = found
        .iter()
        .position(|found| is_ours(found, posting.note()))
    {
        return Ok(NumberOwner::Ours(Box::new(late(found.swap_remove(at)))));
    }
    let taken = found.iter().filter_map(|found| found.doc_number.as_deref());
    let taken: Vec<&str> = taken.chain([number]).collect();
    Ok(NumberOwner::Others(mapping::free_number(
        planned, kind, &taken,
    )))
}

async fn ours_only<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    step: &Step,
    now: Timestamp,
) -> Result<NumberOwner, Halt> {
    let found = look_up(office, step, now).await?;
    let ours = found.map(|found| NumberOwner::Ours(Box::new(found)));
    Ok(ours.unwrap_or(NumberOwner::Others(None)))
}

/// How an object stands, if it changed since we last saw it.
async fn changed<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    target: &Target,
    now: Timestamp,
) -> Result<Option<ObjectSnapshot>, Halt> {
    let Some(kind) = target.kind.kind() else {
        return Ok(None);
    };
    let found = office.standing((kind, &target.id), now).await?;
    Ok(Some(found).filter(|found| found.sync_token != target.sync_token))
}

async fn find<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    posting: &Posting,
    now: Timestamp,
) -> Result<Option<ObjectSnapshot>, Halt> {
    let found = office.standings(&query_for(office, posting), now).await?;
    ours(found, posting).map_err(Halt::Setback)
}

/// What finds a posting, if it is there: its number, or its day where QuickBooks numbers by itself.
pub fn query_for<H: Http, R: Records>(
    office: &WorkerContext<'_, H, R>,
    posting: &Posting,
) -> Query {
    let field = match posting
        .number()
        .filter(|_| office.books().has_custom_numbers)
    {
        Some(number) => Field::DocNumber.equals(number),
        None => Field::TxnDate.equals(posting.date()),
    };
    Query::from(posting.kind()).filter(field)
}

/// Which of the transactions found is the posting, if one is.
pub fn ours(
    found: Vec<ObjectSnapshot>,
    posting: &Posting,
) -> Result<Option<ObjectSnapshot>, Setback> {
    if found.len() >= MAX_RESULTS as usize {
        let why = "too many transactions of that day to be sure".to_owned();
        return Err(Setback::Unknown(why));
    }
    let mut found = found.into_iter();
    let ours = found.find(|found| is_ours(found, posting.note()));
    Ok(ours.map(late))
}

/// Somebody may have been there between our write and the look-up, so the time of the version that was found is not the time at which
/// we wrote.
fn late(found: ObjectSnapshot) -> ObjectSnapshot {
    ObjectSnapshot {
        updated_at: None,
        ..found
    }
}

/// Whose transaction has a number.
pub enum NumberOwner {
    /// It is what the step was to make.
    Ours(Box<ObjectSnapshot>),
    /// Somebody else's; with the next number that is free, if there is one.
    Others(Option<String>),
}

/// Our mark is the note that we write; a void in QuickBooks puts a word in front of it.
fn is_ours(found: &ObjectSnapshot, mark: &str) -> bool {
    found
        .private_note
        .as_ref()
        .is_some_and(|note| note.ends_with(mark))
}
