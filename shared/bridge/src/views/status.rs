//! The status of a firm: its connection, its settings and its queue.

use billing::DocumentRef;
use billing::session::Session;
use futures::future::try_join3;
use jiff::Timestamp;
use mapping::{SyncMode, money_text};
use ports::records::Records;
use serde::Serialize;
use store::Store;
use store::connection::FailedAttempt;
use store::connection_summary::ConnectionSummary;
use store::queue::entry::{EntryState, QueueEntry};
use store::queue::{Counts, LastPosted, Queue};
use store::reason::Reason;
use store::reason::hold::HoldReason;
use store::settings::SettingsRecord;

use crate::error::Error;
use crate::views::attention::SumView;
use crate::views::connection_status::{CurrentStatus, current_status};

/// The status of a firm.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Status {
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["connected", "needs_reauthorization", "error", "disconnected"])))]
    status: &'static str,
    reason: Option<Reason>,
    company: Option<CompanyView>,
    connected_by: Option<String>,
    connected_at: Option<Timestamp>,
    grant_expires_at: Option<Timestamp>,
    last_attempt: Option<FailedAttempt>,
    pending_sign_in: Option<PendingSignInView>,
    setup: Setup,
    sync: SyncView,
}

/// The connected company.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct CompanyView {
    realm_id: String,
    name: String,
    country: Option<String>,
    edition: Option<String>,
}

/// A sign-in that waits for the confirmation of this person.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct PendingSignInView {
    company: String,
    since: Timestamp,
    expires_at: Timestamp,
}

/// The state of the settings.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Setup {
    #[serde(rename = "complete")]
    is_complete: bool,
    missing: Vec<String>,
}

/// The state of the queue.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct SyncView {
    mode: SyncMode,
    last_sync_at: Option<Timestamp>,
    reads_this_month: u32,
    #[serde(flatten)]
    counts: Counts,
    last_posted: Option<LastPostedView>,
    /// The time at which the next document is due. Null if nothing is due, or something is due now.
    next_run_at: Option<Timestamp>,
    /// The documents that wait for Sync Now.
    sync_now: SumView,
}

/// The document that was posted last.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct LastPostedView {
    document: DocumentRef,
    number: Option<String>,
    /// The amount, as text with two decimals.
    amount: Option<String>,
    at: Timestamp,
}

impl LastPostedView {
    fn of(posted: &LastPosted) -> Self {
        let summary = posted.summary.as_ref();
        let amount = summary.and_then(|summary| summary.amount);
        Self {
            document: posted.document.clone(),
            number: summary.and_then(|summary| summary.number.clone()),
            amount: amount.map(money_text),
            at: posted.at,
        }
    }
}

fn waits_for_sync_now(entry: &QueueEntry) -> bool {
    entry.state == EntryState::Held(HoldReason::Manual)
}

/// Returns the status of a firm for a person. A firm without records is disconnected.
///
/// # Errors
/// The store fails.
pub async fn status<R: Records>(
    store: &Store<R>,
    session: &Session,
    now: Timestamp,
) -> Result<Status, Error> {
    let firm = &session.firm;
    // The records do not depend on each other, so a store beyond the network answers all three in the time of one.
    let (connection, settings, queue) = try_join3(
        store.connection_summary(firm),
        store.settings(firm),
        store.queue(firm),
    )
    .await?;
    let pending_sign_in = pending_sign_in(store, session, &connection, now).await?;
    Ok(Status {
        pending_sign_in,
        ..view(connection, &settings, &queue, now)
    })
}

/// Returns the newest sign-in that this person may confirm, if there is one.
async fn pending_sign_in<R: Records>(
    store: &Store<R>,
    session: &Session,
    connection: &ConnectionSummary,
    now: Timestamp,
) -> Result<Option<PendingSignInView>, Error> {
    if connection.company.is_some() {
        return Ok(None);
    }
    let pending = connection.pending_sign_ins.iter().rev();
    for pending in pending.filter(|pending| pending.user == session.user) {
        let sign_in = store.offered_sign_in(&pending.id).await?;
        if let Some(sign_in) = sign_in
            && let Some(company) = sign_in.company_name(now)
        {
            return Ok(Some(PendingSignInView {
                company: company.to_owned(),
                since: sign_in.since,
                expires_at: sign_in.expires_at,
            }));
        }
    }
    Ok(None)
}

fn view(
    connection: ConnectionSummary,
    settings: &SettingsRecord,
    queue: &Queue,
    now: Timestamp,
) -> Status {
    let CurrentStatus { status, reason } = current_status(connection.status);
    let missing = settings.missing();
    Status {
        status,
        reason,
        grant_expires_at: connection.grant_ends_at(),
        company: connection.company().map(|company| CompanyView {
            realm_id: company.realm_id,
            name: company.name,
            country: company.country,
            edition: company.edition,
        }),
        connected_by: connection.connected_by.map(|user| user.to_string()),
        connected_at: connection.connected_at,
        last_attempt: connection.attempt,
        pending_sign_in: None,
        setup: Setup {
            is_complete: missing.is_empty(),
            missing,
        },
        sync: SyncView {
            mode: settings.settings.sync.mode,
            last_sync_at: queue.last_sync_at,
            reads_this_month: queue.reads_this_month(now),
            counts: queue.counts(),
            last_posted: queue.last_posted.as_ref().map(LastPostedView::of),
            next_run_at: queue.next_work_at().filter(|at| *at > now),
            sync_now: SumView::of(
                queue
                    .entries
                    .iter()
                    .filter(|entry| waits_for_sync_now(entry)),
            ),
        },
    }
}
