//! What a firm is shown: how the connection stands, what waits, what was done, and each document.

pub mod activity;
pub mod document;

use crate::error::Error;
use billing::FirmId;
use jiff::Timestamp;
use mapping::SyncMode;
use ports::records::Records;
use serde::Serialize;
use store::Store;
use store::connection::{
    CompanyError, Connection, ConnectionStatus, FailedAttempt, ReauthorizationReason,
};
use store::queue::{Counts, Queue};
use store::reason::{Action, Reason};
use store::settings::SettingsRecord;

pub use crate::views::activity::{ActivityList, ActivityView, PageRequest, activity};
pub use crate::views::document::{DocumentView, document};

/// The status page.
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

#[derive(Clone, Debug, Serialize)]
struct CompanyView {
    realm_id: String,
    name: String,
    country: Option<String>,
    edition: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct Setup {
    complete: bool,
    missing: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
struct SyncView {
    mode: SyncMode,
    last_sync_at: Option<Timestamp>,
    reads_this_month: u32,
    #[serde(flatten)]
    counts: Counts,
}

/// How a firm stands. A firm that is not known is disconnected.
pub async fn status<R: Records>(
    store: &Store<R>,
    firm: &FirmId,
    now: Timestamp,
) -> Result<Status, Error> {
    let connection = store.connection(firm).await?;
    let settings = store.settings(firm).await?;
    let desk = store.queue(firm).await?;
    Ok(view(connection, &settings, (&desk, now)))
}

/// The status as shown.
pub fn view(
    connection: Connection,
    settings: &SettingsRecord,
    (desk, now): (&Queue, Timestamp),
) -> Status {
    let (status, reason) = standing(connection.status);
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
            complete: missing.is_empty(),
            missing,
        },
        sync: SyncView {
            mode: settings.settings.sync.mode,
            last_sync_at: desk.last_sync_at,
            reads_this_month: desk.rate_limiter.reads.this_month(now),
            counts: desk.counts(),
        },
    }
}

/// How a connection stands, in the contract's words.
pub fn standing(standing: ConnectionStatus) -> (&'static str, Option<Reason>) {
    match standing {
        ConnectionStatus::Connected => ("connected", None),
        ConnectionStatus::Disconnected => ("disconnected", Some(not_connected())),
        ConnectionStatus::NeedsReauthorization(lapse) => {
            ("needs_reauthorization", Some(lapsed(lapse)))
        }
        ConnectionStatus::Error(trouble) => ("error", Some(troubled(trouble))),
    }
}

fn not_connected() -> Reason {
    let message = "No QuickBooks company is connected. New billing waits until one is.";
    Reason::new("not_connected", Action::Connect, message)
}

fn lapsed(lapse: ReauthorizationReason) -> Reason {
    let (code, message) = match lapse {
        ReauthorizationReason::GrantRefused => (
            "grant_refused",
            "QuickBooks no longer accepts the connection. Sign in again; nothing is lost.",
        ),
        ReauthorizationReason::GrantExpired => (
            "grant_expired",
            "The connection has reached QuickBooks' time limit. Sign in again; nothing is lost.",
        ),
        ReauthorizationReason::AccessRevoked => (
            "access_revoked",
            "RIVET was disconnected inside QuickBooks. Sign in again to go on.",
        ),
        ReauthorizationReason::AdminRightsLost => (
            "admin_rights_lost",
            "The person who connected is no longer an admin there. An admin must sign in.",
        ),
    };
    Reason::new(code, Action::Reconnect, message)
}

fn troubled(trouble: CompanyError) -> Reason {
    match trouble {
        CompanyError::SubscriptionEnded => Reason::new(
            "subscription_ended",
            Action::Reconnect,
            "The QuickBooks subscription has ended or was not paid. Renew it, then reconnect.",
        ),
        CompanyError::CompanyReset => Reason::new(
            "company_reset",
            Action::ContactSupport,
            "The QuickBooks company was reset, so what was posted is gone from it.",
        ),
    }
}
