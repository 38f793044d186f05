//! Brings the record of a document up to date with QuickBooks, after the store was set back to an earlier state.
//!
//! The operator tells of the restore ([`Restore`](store::restore::Restore)). A record that is older may lack what RIVET posted since. What
//! RIVET posted has its mark, the origin note, which names document, revision and part. So the books say what the record lacks.
//!
//! ```text
//!  a worker takes up a document
//!    │ its record was made after the restore, or has caught up ──────────────▶ as usual
//!    │ its saga began after the restore ─────────────────────────────────────▶ carried on, then taken up again
//!    ▼
//!  two minutes since the restore? ── no ──▶ uncertain: QuickBooks may not list yet what was posted last
//!    │ yes
//!    ▼ its transactions are read by id, by number, by day, and for payments by customer
//!  a known one has the mark of another revision or attempt ──▶ RIVET wrote it: the content is taken over
//!  a known one is void, and a void is to be carried out ─────▶ it is done
//!  a known one is void, and the open saga was to void it ────▶ the same
//!  a known one is void, and no void is known ────────────────▶ held: RIVET sends the void again, or a person did it;
//!    │                                                           posted anyway, it counts as void
//!  an unknown one has the mark, and a part of its own ───────▶ RIVET made it: it is taken over
//!  an unknown one reverses, applies or returns a known one ──▶ the same
//!    │ the open saga is dropped: what it made is among the above
//!    ▼ the record is saved with the time
//!  a transaction is of a newer revision than is to be posted ──▶ it stands; RIVET sends that revision again
//!  else ─────────────────────────────────────────────────────▶ planned as usual, from what stands
//! ```
//!
//! | crash after | what follows |
//! |---|---|
//! | the reads | nothing is recorded; the next worker reads again |
//! | the record is saved | it has caught up; the next worker plans the document |

// Top first: a module uses only modules below it.
mod take_over;
mod forgotten;
mod reading;
mod parts;

use crate::context::WorkerContext;
use crate::error::PostingError;
use crate::origin::Origin;
use crate::restored::forgotten::Forgotten;
use crate::restored::reading::{applications_of, transactions_of};
use crate::restored::take_over::{take_applications_over, take_over};
use crate::watch::ensure_visible;
use crate::work_item::WorkItem;
use jiff::Timestamp;
use ports::http::Http;
use ports::records::Records;
use store::document::DocumentRecord;
use store::queue::entry::{EntryState, QueueEntry};

/// The revision that the books have of a document, compared with the one that a worker is to post or void.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The books have this revision, an older one, or none.
    AsKnown,
    /// The books have a newer revision, which RIVET will send again.
    Newer,
}

/// Returns whether the record of a document may lack what RIVET posted before the store was set back.
pub fn is_outdated<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    record: &DocumentRecord,
) -> bool {
    ctx.restore
        .is_some_and(|restore| restore.is_outdated(record))
}

/// Returns whether a document was sent again and is held, so that its record still lacks what RIVET posted before the store was set back.
/// RIVET's own writes would count as edits.
pub fn is_held_outdated<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    record: &DocumentRecord,
    entry: &QueueEntry,
) -> bool {
    let is_held = matches!(entry.state, EntryState::Held(_));
    is_held && !record.covers(entry.revision, entry.void) && is_outdated(ctx, record)
}

/// Returns an error if the saga that was just carried on began after the restore, and hid what the record lacks.
///
/// # Errors
/// [`PostingError::PlanAgain`]: the next attempt brings the record up to date.
pub fn ensure_caught_up<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    item: &WorkItem,
) -> Result<(), PostingError> {
    match item.original.saga.is_some() && is_outdated(ctx, &item.record) {
        true => Err(PostingError::PlanAgain),
        false => Ok(()),
    }
}

/// Brings an outdated record up to date with the books, and saves it. A document that is held without a started saga, or of which the record
/// knows no transaction, is left as it is: the look before a first posting finds it.
///
/// # Errors
/// [`PostingError::StillUnknown`] if the answers do not count yet. [`PostingError::Held`] if a person must say who voided a transaction, or
/// which of several is RIVET's.
pub async fn catch_up<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    item: &mut WorkItem,
    now: Timestamp,
) -> Result<Standing, PostingError> {
    let record = &item.record;
    let knows_nothing = record.posted.is_empty() && record.saga.is_none();
    // A started saga is carried on even if the document is held, so an outdated one must be dropped before.
    let is_left = record.saga.is_none() && ctx.hold_reason(item).is_some();
    if !is_outdated(ctx, record) || knows_nothing || is_left {
        return Ok(standing(item));
    }
    ensure_visible(ctx)?;
    let found = transactions_of(ctx, record, now).await?;
    let mut record = record.clone();
    let begun = record.saga.take().into_iter().flat_map(|saga| saga.steps);
    let forgotten = Forgotten {
        found,
        accounts: ctx.settings.accounts.clone(),
        is_void_pending: item.entry.pending_void().is_some(),
        decision: item.entry.decision.as_ref().map(|decision| decision.kind),
        begun: begun.map(|begun| begun.step).collect(),
    };
    take_over(&mut record, &forgotten)?;
    let reversals = mapping::unapplied_reversals(&record.posted);
    if !reversals.is_empty() {
        let payments = applications_of(ctx, &record, now).await?;
        take_applications_over(&mut record, &payments);
    }
    record.caught_up_at = Some(ctx.now());
    ctx.save_document(&record).await?;
    item.record = record;
    Ok(standing(item))
}

/// Returns whether an active transaction is of a newer revision than the one that is to be posted or voided.
fn standing(item: &WorkItem) -> Standing {
    let void = item.entry.pending_void();
    let wanted = void.map_or(item.entry.revision, |void| void.revision);
    let mut active = item.record.active_objects();
    let known = wanted.max(item.record.revision);
    let is_newer = active.any(|posted| {
        let origin = Origin::read(posted.posting.note());
        origin.is_some_and(|origin| origin.revision > known)
    });
    match is_newer {
        true => Standing::Newer,
        false => Standing::AsKnown,
    }
}
