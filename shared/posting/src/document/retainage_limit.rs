//! Holds documents that take more retainage than their project holds.
//!
//! A release may not exceed what is held. A void or a revision of a pay app may not take what is held below zero, as after a release of what
//! it withheld. A person may decide to post each of them anyway.

use crate::context::WorkerContext;
use crate::error::PostingError;
use crate::planned::PlannedDocument;
use crate::work_item::WorkItem;
use billing::DocumentKind;
use mapping::{Held, RetainageShare};
use ports::http::Http;
use ports::records::Records;
use rust_decimal::Decimal;
use store::reason::hold::HoldReason;

/// Returns an error if a planned document takes more retainage than the project holds.
///
/// A release that stands in QuickBooks is not asked again. A pay app is only asked when it is revised.
pub fn ensure_held(
    item: &WorkItem,
    planned: &PlannedDocument,
    held: &Held,
) -> Result<(), PostingError> {
    let postings = planned.plan.postings.iter();
    let shares = postings.flat_map(|planned| planned.posting.retainage_shares());
    let planned_share = sum(&shares.collect::<Vec<_>>());
    let stands = item.record.active_objects().next().is_some();
    match planned.plan.document.kind {
        DocumentKind::RetainageRelease if !stands => ensure(
            item,
            &Taking {
                held: held.without_document(),
                needed: -planned_share,
                is_taken_back: false,
            },
        ),
        DocumentKind::PayApp if stands => ensure_after(item, held, planned_share),
        DocumentKind::RetainageRelease
        | DocumentKind::PayApp
        | DocumentKind::Payment
        | DocumentKind::Project => Ok(()),
    }
}

/// Returns an error if the retainage of the document's project falls below zero when all objects of the document are taken back.
pub async fn ensure_held_after_void<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    item: &WorkItem,
) -> Result<(), PostingError> {
    let held = ctx.held(item.record.project.as_ref(), &item.record).await?;
    ensure_after(item, &held, Decimal::ZERO)
}

/// An amount of retainage that a document takes.
#[derive(Clone, Copy)]
struct Taking {
    held: Decimal,
    needed: Decimal,
    is_taken_back: bool,
}

/// Returns an error if the document is to have a smaller share than now, and the project does not hold the difference.
fn ensure_after(item: &WorkItem, held: &Held, share: Decimal) -> Result<(), PostingError> {
    let taking = Taking {
        held: held.total(),
        needed: sum(&held.own) - share,
        is_taken_back: true,
    };
    if taking.needed > Decimal::ZERO {
        ensure(item, &taking)
    } else {
        Ok(())
    }
}

fn ensure(item: &WorkItem, taking: &Taking) -> Result<(), PostingError> {
    let Taking {
        held,
        needed,
        is_taken_back,
    } = *taking;
    if needed <= held || item.entry.exceeds_retainage() {
        return Ok(());
    }
    let hold = HoldReason::RetainageExceeded {
        held,
        needed,
        is_taken_back,
    };
    Err(hold.into())
}

fn sum(shares: &[RetainageShare]) -> Decimal {
    shares.iter().map(|share| share.amount).sum()
}
