//! Connects a firm to a company under the claim of the company, and lets the work go on that waited for it.

use jiff::Timestamp;
use ports::records::{Records, StoreError};
use ports::time::after;
use store::connection::new_connection::{EstablishResult, NewConnection};
use store::queue::WORK_LEASE;
use store::reason::hold::HoldReason;
use store::schedule::ScheduledJob;
use store::{Claimant, CompanyKey, Store};

/// The end of an attempt to connect a firm.
pub(crate) enum EstablishEnd {
    /// The firm is connected.
    Connected,
    /// The firm has another company by now, or none. Nothing was saved.
    CompanyChanged,
    /// The claim of the company has ended. Nothing was saved.
    ClaimEnded,
}

/// Binds the company to the firm and saves the connection. Schedules its refreshes and the documents that waited for it.
pub(crate) async fn establish<R: Records>(
    store: &Store<R>,
    key: CompanyKey<'_>,
    established: &NewConnection,
    claimant: Claimant<'_>,
) -> Result<EstablishEnd, StoreError> {
    let (firm, now) = (key.firm, claimant.now);
    if !store.bind_company(key, claimant.owner).await? {
        return Ok(EstablishEnd::ClaimEnded);
    }
    let due_at = established.grant.due_at();
    // The two hints come first, so that after a crash a run refreshes the grant, releases the documents and scans the company.
    let work_at = after(now, WORK_LEASE);
    store.schedule_connection(firm, due_at, work_at).await?;
    let connection = match store.establish(firm, established, now).await? {
        EstablishResult::Established(connection) => connection,
        EstablishResult::CompanyChanged => return Ok(EstablishEnd::CompanyChanged),
    };
    let visit_at = connection.next_due_at().unwrap_or(due_at);
    store
        .schedule_by(firm, ScheduledJob::Connection, visit_at)
        .await?;
    release_documents(store, key, now).await?;
    Ok(EstablishEnd::Connected)
}

/// Releases the documents that waited for the connection, or for books that may be open by now.
async fn release_documents<R: Records>(
    store: &Store<R>,
    key: CompanyKey<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let queue = store
        .release_after_connection(key.firm, may_end, now)
        .await?;
    if let Some(at) = queue.next_work_at() {
        let work_at = at.max(now);
        store
            .schedule_by(key.firm, ScheduledJob::Work, work_at)
            .await?;
    }
    Ok(())
}

/// Returns whether a new connection may end a hold.
fn may_end(hold: &HoldReason) -> bool {
    matches!(
        hold,
        HoldReason::NotConnected | HoldReason::CountryNotSupported(_) | HoldReason::BooksClosed(_)
    )
}
