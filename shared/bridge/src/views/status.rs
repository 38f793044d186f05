//! The status of a firm: its connection, its settings and its queue.

use billing::FirmId;
use jiff::Timestamp;
use mapping::SyncMode;
use ports::records::Records;
use serde::Serialize;
use store::Store;
use store::connection::{Connection, FailedAttempt};
use store::queue::{Counts, Queue};
use store::reason::Reason;
use store::settings::SettingsRecord;

use crate::error::Error;
use crate::views::connection_status::{CurrentStatus, current_status};

/// The status of a firm.
#[derive(Clone, Debug, Serialize)]
pub struct Status {
    status: &'static str,
    reason: Option<Reason>,
    company: Option<CompanyView>,
    connected_by: Option<String>,
    connected_at: Option<Timestamp>,
    grant_expires_at: Option<Timestamp>,
    last_attempt: Option<FailedAttempt>,
    setup: Setup,
    sync: SyncView,
}

/// The connected company.
#[derive(Clone, Debug, Serialize)]
struct CompanyView {
    realm_id: String,
    name: String,
    country: Option<String>,
    edition: Option<String>,
}

/// The state of the settings.
#[derive(Clone, Debug, Serialize)]
struct Setup {
    #[serde(rename = "complete")]
    is_complete: bool,
    missing: Vec<String>,
}

/// The state of the queue.
#[derive(Clone, Debug, Serialize)]
struct SyncView {
    mode: SyncMode,
    last_sync_at: Option<Timestamp>,
    reads_this_month: u32,
    #[serde(flatten)]
    counts: Counts,
}

/// Returns the status of a firm. A firm without records is disconnected.
///
/// # Errors
/// The store fails.
pub async fn status<R: Records>(
    store: &Store<R>,
    firm: &FirmId,
    now: Timestamp,
) -> Result<Status, Error> {
    let connection = store.connection(firm).await?;
    let settings = store.settings(firm).await?;
    let queue = store.queue(firm).await?;
    Ok(view(connection, &settings, &queue, now))
}

fn view(
    connection: Connection,
    settings: &SettingsRecord,
    queue: &Queue,
    now: Timestamp,
) -> Status {
    let CurrentStatus { status, reason } = current_status(connection.status);
    let missing = settings.missing();
    Status {
        status,
        reason,
        grant_expires_at: connection.grant.as_ref().map(|grant| grant.ends_at()),
        connected_by: connection.connected_by.map(|user| user.to_string()),
        connected_at: connection.connected_at,
        last_attempt: connection.attempt,
        company: connection.company.map(|company| CompanyView {
            realm_id: company.realm_id,
            name: company.name,
            country: company.country,
            edition: company.edition,
        }),
        setup: Setup {
            is_complete: missing.is_empty(),
            missing,
        },
        sync: SyncView {
            mode: settings.settings.sync.mode,
            last_sync_at: queue.last_sync_at,
            reads_this_month: queue.reads_this_month(now),
            counts: queue.counts(),
        },
    }
}
