//! The scheduled run over all firms' connections: refreshes tokens, gives unused grants back, and notifies RIVET.

mod report;

pub use self::report::DueReport;

use std::cell::Cell;
use std::collections::BTreeMap;

use billing::FirmId;
use connection::disconnect::revoke_if_due;
use connection::firm_connection::FirmConnection;
use connection::give_back::GiveBack;
use connection::refresh::{RefreshResult, refresh};
use connection::services::AuthServices;
use futures::stream::{self, StreamExt};
use jiff::{SignedDuration, Timestamp};
use ports::entropy::Entropy;
use ports::http::Http;
use ports::records::{Records, StoreError};
use ports::time::after;
use store::Claimant;
use store::connection::Connection;
use store::connection::grant::{REFRESH_LEASE, SCHEDULED};
use store::schedule::{DueIndex, NextDue, ScheduledJob};

use self::report::{VisitEnd, VisitResult};
use crate::error::Error;
use crate::notifications::{Receiver, SendWindow, notify};
use crate::run_window::RunWindow;

/// Connections that a run visits at the same time.
const AT_ONCE: usize = 10;

/// The endpoints that a run calls besides the token endpoint.
pub struct Endpoints<'a> {
    /// Origin of Intuit's revocation endpoint.
    pub revoke_origin: &'a str,
    /// The receiver of notifications, `None` if notifications are off.
    pub receiver: Option<&'a Receiver>,
}

/// Visits each connection that is due. Overlapping runs are harmless: each token and each company is claimed.
///
/// A failure at one firm stops no other firm. All shards feed one stream, so that the last firms of a shard do not delay the next
/// shard.
///
/// # Errors
/// A shard of the due index cannot be read or written.
pub async fn refresh_due<H: Http, R: Records>(
    auth: &AuthServices<'_, H, R>,
    endpoints: &Endpoints<'_>,
    entropy: &mut Entropy,
    clock: impl Fn() -> Timestamp,
) -> Result<DueReport, Error> {
    let (window, owner) = (RunWindow::scheduled(clock()), entropy.token());
    let run = RefreshRun {
        auth,
        endpoints,
        owner: &owner,
        window,
        longest_visit: Cell::default(),
        deferred_until: after(window.answers_until, REFRESH_LEASE),
        clock: &clock,
    };
    let visits = stream::iter(DueIndex::groups_from(window.now))
        .then(|group| run.claim_group(group))
        .flat_map(stream::iter)
        .map(|due| run.visit(due))
        .buffer_unordered(AT_ONCE);
    let mut visits = std::pin::pin!(visits);
    let mut report = DueReport::default();
    let mut hints = BTreeMap::<u8, Vec<NextDue>>::new();
    let mut failure = None;
    while let Some(visit) = visits.next().await {
        match visit {
            Ok(visit) => {
                visit.end.count(&mut report);
                auth.store.count(visit.end.counters());
                hints.entry(visit.firm.shard).or_default().push(NextDue {
                    firm: visit.firm.id,
                    at: visit.next_visit_at,
                });
            }
            Err(error) => failure = Some(error),
        }
    }
    for (shard, hints) in hints {
        run.finish_due(shard, &hints).await?;
    }
    match failure {
        Some(error) => Err(error.into()),
        None => Ok(report),
    }
}

/// A scheduled run.
struct RefreshRun<'a, H, R, C> {
    auth: &'a AuthServices<'a, H, R>,
    endpoints: &'a Endpoints<'a>,
    owner: &'a str,
    window: RunWindow,
    /// The duration of the longest visit so far.
    longest_visit: Cell<SignedDuration>,
    /// The deferred hint of each firm that this run claims.
    deferred_until: Timestamp,
    clock: &'a C,
}

/// A firm that is due.
struct DueFirm {
    shard: u8,
    id: FirmId,
}

/// The outcome of a visit.
struct Visit {
    firm: DueFirm,
    end: VisitEnd,
    next_visit_at: Option<Timestamp>,
}

/// A connection after the attempt to renew its token.
struct Renewal {
    end: VisitEnd,
    connection: Connection,
}

impl<H: Http, R: Records, C: Fn() -> Timestamp> RefreshRun<'_, H, R, C> {
    /// Claims the due firms of a group, shard by shard. An item is an error if a shard cannot be read.
    async fn claim_group(&self, group: u8) -> Vec<Result<DueFirm, StoreError>> {
        let (mut shards, mut due) = (vec![group], Vec::new());
        while let Some(shard) = shards.pop() {
            let (now, store) = ((self.clock)(), self.auth.store);
            let claim = store.claim_due(shard, ScheduledJob::Connection, now, self.deferred_until);
            match claim.await {
                Ok(claimed) => {
                    let due_here = |id| Ok(DueFirm { shard, id });
                    due.extend(claimed.firms.into_iter().map(due_here));
                    shards.extend(claimed.others_in_use);
                }
                Err(error) => due.push(Err(error)),
            }
        }
        due
    }

    async fn finish_due(&self, shard: u8, hints: &[NextDue]) -> Result<(), StoreError> {
        let (job, store) = (ScheduledJob::Connection, self.auth.store);
        store
            .finish_due(shard, job, self.deferred_until, hints)
            .await
    }

    /// Visits the firm unless the time is up, or a visit as long as the longest so far would outlast the run.
    async fn visit(&self, due: Result<DueFirm, StoreError>) -> Result<Visit, StoreError> {
        let firm = due?;
        let now = (self.clock)();
        let window = &self.window;
        let is_late =
            now >= window.until || after(now, self.longest_visit.get()) > window.answers_until;
        let result = if is_late {
            VisitResult {
                end: VisitEnd::NotReached,
                next_visit_at: Some(now),
            }
        } else {
            let visited = self.maintain(&firm.id, now).await;
            visited.unwrap_or(VisitResult {
                end: VisitEnd::Failed,
                next_visit_at: Some(now),
            })
        };
        let took = (self.clock)().duration_since(now);
        self.longest_visit.set(self.longest_visit.get().max(took));
        Ok(Visit {
            firm,
            end: result.end,
            next_visit_at: result.next_visit_at,
        })
    }

    /// Removes old sign-ins, renews the token, warns of the end of the grant, gives grants back that nobody uses, and sends notifications.
    async fn maintain(&self, firm: &FirmId, now: Timestamp) -> Result<VisitResult, Error> {
        let store = self.auth.store;
        if store.is_erased(firm).await? {
            return Ok(VisitResult::WITHOUT_WORK);
        }
        let removal_at = store.remove_old_sign_ins(firm, now).await?;
        let Renewal {
            end,
            mut connection,
        } = self.renew(firm, now).await?;
        if connection
            .usable_grant()
            .is_some_and(|usable| usable.grant.warning_due(now).is_some())
        {
            connection = store.add_expiry_warning(firm, now).await?;
        }
        let ended = FirmConnection { firm, connection };
        let revoke_origin = self.endpoints.revoke_origin;
        let connection = revoke_if_due(self.auth, ended, revoke_origin, self.claimant(now)).await?;
        let give_back = GiveBack {
            auth: self.auth,
            revoke_origin,
            claimant: self.claimant(now),
        };
        let pending = FirmConnection { firm, connection };
        let connection = give_back.give_back_overdue(pending).await?;
        let window = SendWindow {
            until: self.window.until,
            answers_until: self.window.answers_until,
            clock: self.clock,
        };
        let receiver = self.endpoints.receiver;
        let to_notify = FirmConnection { firm, connection };
        let notified = notify(self.auth, receiver, to_notify, &window).await?;
        let due_at = notified.connection.next_due_at();
        let next_visits = [due_at, notified.resume_at, removal_at];
        Ok(VisitResult {
            end,
            next_visit_at: next_visits.into_iter().flatten().min(),
        })
    }

    fn claimant(&self, now: Timestamp) -> Claimant<'_> {
        Claimant {
            owner: self.owner,
            now,
        }
    }

    async fn renew(&self, firm: &FirmId, now: Timestamp) -> Result<Renewal, Error> {
        let connection = self.auth.store.connection(firm).await?;
        let is_due = connection
            .usable_grant()
            .is_some_and(|usable| usable.grant.is_due(SCHEDULED, now));
        let (end, connection) = if is_due {
            match refresh(self.auth, firm, SCHEDULED, self.claimant(now)).await? {
                RefreshResult::Valid(connection) => (VisitEnd::Refreshed, *connection),
                RefreshResult::Revoked(connection) => (VisitEnd::Revoked, *connection),
                RefreshResult::Deferred(connection) => (VisitEnd::Failed, *connection),
            }
        } else {
            (VisitEnd::NotDue, connection)
        };
        Ok(Renewal { end, connection })
    }
}
