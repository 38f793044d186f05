//! Decides on which day a document is posted if books are closed.
//!
//! One document lies in one month: all its objects have one day. The record keeps the day from the attempt in which it was decided, and
//! each step of a saga has its own. So a crash, or books that are closed or opened meanwhile, part no document.

use crate::context::WorkerContext;
use crate::error::PostingError;
use crate::work_item::WorkItem;
use jiff::civil::Date;
use mapping::{ClosedBooks, ClosingDate, PostingPlan, Step, UndoDays};
use ports::http::Http;
use ports::records::Records;
use store::reason::hold::HoldReason;

/// The steps to a plan, with the plan on the day that it is posted.
pub struct PlacedSteps {
    /// The plan.
    pub plan: PostingPlan,
    /// The steps.
    pub steps: Vec<Step>,
}

/// Returns the closing date of the company's books.
pub fn closing_date<H: Http, R: Records>(ctx: &WorkerContext<'_, H, R>) -> ClosingDate {
    ctx.client.preferences().closing_date()
}

/// Returns whether a document of closed books is posted on the first open day: by the settings, by a decision, or because it is void.
pub fn is_posted_later<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    item: &WorkItem,
) -> bool {
    let closing = closing_date(ctx);
    let is_decided = |day: Date| !closing.covers(day);
    ctx.settings.sync.closed_books == ClosedBooks::FirstOpenDay
        || item.entry.is_to_be_posted_later()
        || item.entry.pending_void().is_some()
        || item.record.posting_day.is_some_and(is_decided)
}

/// Records the day of a document of which nothing stands yet, if its own day is in closed books. A later decision about another hold then
/// does not end this one.
pub fn keep_posting_day<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    item: &mut WorkItem,
    plan: &PostingPlan,
) {
    let closing = closing_date(ctx);
    let own = plan.day().filter(|day| closing.covers(*day));
    let is_new = item.record.active_objects().next().is_none();
    if let Some(own) = own.filter(|_| is_new && is_posted_later(ctx, item)) {
        let known = item.record.posting_day.filter(|day| !closing.covers(*day));
        item.record.posting_day = known.or(Some(closing.first_open_day(own)));
    }
}

/// Returns the steps to a plan on the day of the document, and records the day.
///
/// # Errors
/// [`PostingError::Held`] if an object that must change, or the day of the plan, is in closed books.
pub fn steps_in_open_books<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    item: &mut WorkItem,
    plan: &PostingPlan,
) -> Result<PlacedSteps, PostingError> {
    let closing = closing_date(ctx);
    let mut placed = plan.on_day(item.record.posting_day);
    let mut steps = mapping::steps(&item.record.posted, &placed);
    let closed = closing
        .0
        .filter(|_| steps.iter().any(|step| closing.covers(step.date())));
    if let Some(through) = closed {
        if !is_posted_later(ctx, item) {
            return Err(HoldReason::BooksClosed(through).into());
        }
        let own = plan.day().unwrap_or(through);
        let day = closing.first_open_day(own);
        placed = plan.clone();
        if day != own {
            placed = placed.moved_to(day);
        }
        let days = UndoDays::new(closing, day);
        steps = mapping::steps_after_close(&item.record.posted, &placed, &days);
    }
    if !steps.is_empty() {
        item.record.posting_day = placed.day().filter(|day| plan.day() != Some(*day));
    }
    Ok(PlacedSteps {
        plan: placed,
        steps,
    })
}

/// Returns the steps that take back what stands of a document, each object on its own day or, if that is closed, on the first open day.
///
/// # Errors
/// [`PostingError::Held`] if an object is in closed books and the document is not to be posted later.
pub fn steps_back<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    item: &WorkItem,
    on: Date,
) -> Result<Vec<Step>, PostingError> {
    let closing = closing_date(ctx);
    let mut active = item.record.active_objects();
    let is_closed = active.any(|posted| closing.covers(posted.posting.date()));
    if let Some(through) = closing
        .0
        .filter(|_| is_closed && !is_posted_later(ctx, item))
    {
        return Err(HoldReason::BooksClosed(through).into());
    }
    let days = UndoDays::new(closing, on);
    Ok(mapping::void_steps(&item.record.posted, &days))
}
