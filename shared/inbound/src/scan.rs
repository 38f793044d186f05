//! Noticing what happens in QuickBooks to what RIVET posted: paid, edited, voided, deleted, merged.
//!
//! A worker looks after its rounds of posting, while it has the firm's desk. Notices say only that an object changed, so what
//! concerns us is read as it stands then, in few calls; everything else costs nothing. Nothing in QuickBooks is written here.
//!
//! ```text
//!  notices ──▶ ours, and newer than what we know? ──▶ read, all in one call ──┐
//!  changes since the cursor (daily, after a reconnect, when asked for) ───────┼──▶ document by document: what differs, what is paid
//!  a page of the register (after a gap that no answer covers) ────────────────┘                     │
//!                          the documents' records ◀──────────────────────────────────────────────────┘
//!                          then one swap of the desk: lines, conflicts, the versions now known
//!                          then the inbox: notices out, cursor on
//! ```
//!
//! | a crash after | leaves | what follows |
//! |---|---|---|
//! | a record was kept | the desk as it was; the lines and their versions in the record | the next look puts both down, as the register does not know those versions |
//! | the desk's swap | the notices | what they are about is known by its version, and costs no read |
//!
//! So each difference is told exactly once: a line and the versions that it is about are put down by the same swap.
//!
//! What a document is about that is to be worked on first, or what may turn out to be ours once a posting in doubt is looked up, stays in
//! the inbox.

pub mod affected_documents;
pub mod change_data;
pub mod observation;
pub mod read_objects;
pub mod schedule;
pub mod snapshot;

use crate::scan::schedule::Schedule;
use crate::scan::snapshot::Scan;
use connection::call_outcome::Setback;
use jiff::{SignedDuration, Timestamp};
use ports::http::Http;
use ports::records::Records;
use ports::records::StoreError;
use ports::time::after;
use posting::context::WorkerContext;
use posting::error::Halt;
use store::CompanyKey;
use store::connection::UsableGrant;
use store::inbox::{Inbox, Progress};
use store::queue::Queue;
use store::queue::detection::Detection;
use store::schedule::ScheduledJob;

/// When it is looked again after the company could not be asked, or for what is to be worked on first.
const AGAIN: SignedDuration = SignedDuration::from_mins(5);

/// Looks at what the company told of, and asks it what else changed if that is due. Gives the time of the next look.
pub async fn scan<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    desk: &Queue,
) -> Result<Option<Timestamp>, StoreError> {
    let now = office.now();
    let Some(UsableGrant { company, .. }) = office.connection.usable_grant() else {
        return Ok(None);
    };
    let realm = company.realm_id.clone();
    let store = &office.bridge.store;
    let inbox = store.inbox(office.firm, &realm).await?;
    let is_scarce = store.is_read_quota_scarce(office.firm, now).await?;
    let schedule = Schedule::of((office.firm, &office.connection), &inbox, is_scarce);
    if schedule.at > now {
        return Ok(Some(schedule.at));
    }
    match run(office, desk, &inbox, &schedule).await {
        Err(Halt::Broken(error)) => Err(error),
        Err(Halt::Setback(Setback::Lost(standing))) => {
            office.lose(standing, office.now()).await?;
            Ok(None)
        }
        Err(Halt::Setback(_)) => Ok(Some(after(office.now(), AGAIN))),
        Ok(progress) => {
            let store = &office.bridge.store;
            let company = CompanyKey {
                firm: office.firm,
                realm_id: &realm,
            };
            let inbox = store.finish_changes(company, &progress).await?;
            let of = (office.firm, &office.connection);
            let next = Schedule::of(of, &inbox, is_scarce).at;
            let is_put_off = inbox.sweep.is_none() && inbox.has_work();
            Ok(Some(if is_put_off {
                next.max(after(now, AGAIN))
            } else {
                next
            }))
        }
    }
}

/// Has the next look see what this stay found it should. Whether there is anything.
pub async fn schedule_rescan<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
) -> Result<bool, StoreError> {
    let again = std::mem::take(&mut office.again);
    if again.is_empty() {
        return Ok(false);
    }
    let store = &office.bridge.store;
    store
        .requeue_changes(
            CompanyKey {
                firm: office.firm,
                realm_id: office.realm(),
            },
            &again,
        )
        .await?;
    store
        .schedule_by(office.firm, ScheduledJob::Work, office.now())
        .await?;
    Ok(true)
}

/// What was begun and came to no end yet.
async fn find_open_sagas<H: Http, R: Records>(
    office: &WorkerContext<'_, H, R>,
    scan: &mut Scan<'_>,
    desk: &Queue,
) -> Result<(), Halt> {
    for waiting in desk
        .entries
        .iter()
        .filter(|waiting| waiting.state.is_deferred())
    {
        let record = office.bridge.store.document(office.firm, &waiting.document);
        if let Some(saga) = record.await?.and_then(|record| record.saga) {
            scan.add_open_saga(&saga);
        }
    }
    Ok(())
}

async fn run<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    desk: &Queue,
    inbox: &Inbox,
    schedule: &Schedule,
) -> Result<Progress, Halt> {
    let mut scan = Scan::new(desk);
    find_open_sagas(office, &mut scan, desk).await?;
    let mut progress = Progress {
        sweep: inbox.sweep,
        ..Progress::default()
    };
    if let Some(since) = schedule.changes_since(office.now()) {
        change_data::read_changes(office, &mut scan, (inbox, since), &mut progress).await?;
    }
    change_data::sweep(office, &mut scan, &mut progress).await?;
    read_objects::read_announced(office, &mut scan, inbox).await?;
    crate::lists::follow_merges(office, &scan, inbox).await?;
    crate::company_settings::check_settings(office, inbox).await?;
    crate::company_settings::release_list_holds(office, &scan, inbox).await?;
    affected_documents::load_documents(office, &mut scan).await?;
    crate::detection::detect_all(office, &mut scan).await?;
    office.still_here()?;
    scan.detections.push(Detection {
        entries: std::mem::take(&mut office.matched),
        ..Detection::default()
    });
    scan.detections
        .retain(|noted| *noted != Detection::default());
    let store = &office.bridge.store;
    store.save_detections(office.firm, &scan.detections).await?;
    let lines = scan.detections.iter().flat_map(|noted| &noted.activity);
    let now = office.now();
    office
        .bridge
        .schedule_notifications(office.firm, lines, now)
        .await;
    (progress.done, progress.again) = (scan.finished_changes(inbox), scan.deferred_changes(inbox));
    Ok(progress)
}
