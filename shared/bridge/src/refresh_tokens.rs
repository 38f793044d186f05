//! The scheduled run: every connection that has something to do, until the time is up. Grants are kept warm, Intuit hears of
//! those that were given up, RIVET hears what became of each.

use crate::error::Error;
use crate::notifications::{Receiver, Span, notify};
use billing::FirmId;
use connection::disconnect::revoke_if_due;
use connection::firm_connection::FirmConnection;
use connection::refresh::{RefreshResult, refresh};
use connection::services::AuthServices;
use futures::stream::{self, StreamExt};
use jiff::{SignedDuration, Timestamp};
use ports::entropy::Entropy;
use ports::http::Http;
use ports::records::{Records, StoreError};
use ports::time::after;
use serde::Serialize;
use std::cell::Cell;
use store::Claimant;
use store::connection::Connection;
use store::connection::grant::{REFRESH_LEASE, SCHEDULED};
use store::schedule::NextDue;
use store::schedule::{SHARDS, ScheduledJob};

/// Connections that are looked after at once.
const AT_ONCE: usize = 10;

/// No connection is begun after this long; what remains is said.
const RUN: SignedDuration = SignedDuration::from_secs(20);

/// None is begun either that would take the run beyond this if it takes as long as the longest so far: schedulers and edge
/// platforms wait for half a minute.
const WHOLE: SignedDuration = SignedDuration::from_secs(25);

/// Whom a run talks to besides the token endpoint.
pub struct Endpoints<'a> {
    /// Where Intuit hears of grants that were given up.
    pub revoke_origin: &'a str,
    /// Where RIVET is told; nowhere if notifications are off.
    pub receiver: Option<&'a Receiver>,
}

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DueReport {
    /// Connections whose token was due.
    pub due: usize,
    /// Got a new access token.
    pub refreshed: usize,
    /// Need a person now.
    pub needs_reauthorization: usize,
    /// Could not be refreshed now; the next run tries again.
    pub failed: usize,
    /// Were not reached in time.
    pub remaining: usize,
}

/// Looks after what is due. Overlapping runs are harmless: each token and each company is claimed.
///
/// `clock` tells the time as the run goes on; one firm's failure stops no other. All shards feed one stream, so that the last
/// firms of a shard do not keep the next shard waiting.
pub async fn refresh_due<H: Http, R: Records>(
    grants: &AuthServices<'_, H, R>,
    addresses: &Endpoints<'_>,
    entropy: &mut Entropy,
    clock: impl Fn() -> Timestamp,
) -> Result<DueReport, Error> {
    let (began, owner) = (clock(), entropy.token());
    let run = RefreshRun {
        grants,
        addresses,
        owner: &owner,
        until: after(began, RUN),
        end: after(began, WHOLE),
        longest: Cell::default(),
        put_off: after(after(began, WHOLE), REFRESH_LEASE),
        clock: &clock,
    };
    let first = began.as_second().rem_euclid(i64::from(SHARDS)) as u8;
    let visits = stream::iter((0..SHARDS).map(|offset| (first + offset) % SHARDS))
        .then(|shard| run.take(shard))
        .flat_map(stream::iter)
        .map(|due| run.visit(due))
        .buffer_unordered(AT_ONCE);
    let mut visits = std::pin::pin!(visits);
    let (mut report, mut found) = (DueReport::default(), vec![Vec::new(); usize::from(SHARDS)]);
    let mut failure = None;
    while let Some(visit) = visits.next().await {
        match visit {
            Ok(visit) => {
                visit.end.count(&mut report);
                found[usize::from(visit.shard)].push(NextDue {
                    firm: visit.firm,
                    at: visit.next,
                });
            }
            Err(error) => failure = Some(error),
        }
    }
    for (shard, hints) in (0..SHARDS)
        .zip(&found)
        .filter(|(_, hints)| !hints.is_empty())
    {
        run.correct(shard, hints).await?;
    }
    match failure {
        Some(error) => Err(error.into()),
        None => Ok(report),
    }
}

struct RefreshRun<'a, H, R, C> {
    grants: &'a AuthServices<'a, H, R>,
    addresses: &'a Endpoints<'a>,
    owner: &'a str,
    until: Timestamp,
    end: Timestamp,
    /// What the longest visit took so far.
    longest: Cell<SignedDuration>,
    /// The hint of whatever this run has taken on.
    put_off: Timestamp,
    clock: &'a C,
}

/// A firm that is due, or a shard that could not be read.
type Due = Result<(u8, FirmId), StoreError>;

/// What a visit found.
struct Visit {
    shard: u8,
    firm: FirmId,
    end: End,
    /// When the firm is to be looked at again.
    next: Option<Timestamp>,
}

impl<H: Http, R: Records, C: Fn() -> Timestamp> RefreshRun<'_, H, R, C> {
    async fn take(&self, shard: u8) -> Vec<Due> {
        let now = (self.clock)();
        let due = self
            .grants
            .store
            .claim_due(shard, ScheduledJob::Connection, now, self.put_off);
        match due.await {
            Ok(firms) => firms.into_iter().map(|firm| Ok((shard, firm))).collect(),
            Err(error) => vec![Err(error)],
        }
    }

    async fn correct(&self, shard: u8, hints: &[NextDue]) -> Result<(), StoreError> {
        let store = &self.grants.store;
        store
            .finish_due(shard, ScheduledJob::Connection, self.put_off, hints)
            .await
    }

    async fn visit(&self, due: Due) -> Result<Visit, StoreError> {
        let (shard, firm) = due?;
        let now = (self.clock)();
        let (end, next) = if now >= self.until || after(now, self.longest.get()) > self.end {
            (End::Remains, Some(now))
        } else {
            match self.look_after(&firm, now).await {
                Ok(looked) => looked,
                Err(_) => (End::Failed, Some(now)),
            }
        };
        let took = (self.clock)().duration_since(now);
        self.longest.set(self.longest.get().max(took));
        Ok(Visit {
            shard,
            firm,
            end,
            next,
        })
    }

    /// How it went, and when the firm is to be looked at again.
    async fn look_after(
        &self,
        firm: &FirmId,
        now: Timestamp,
    ) -> Result<(End, Option<Timestamp>), Error> {
        let store = &self.grants.store;
        let (end, mut connection) = self.renew(firm, now).await?;
        if connection
            .usable_grant()
            .is_some_and(|usable| usable.grant.warning_due(now).is_some())
        {
            connection = store.add_expiry_warning(firm, now).await?;
        }
        let ended = FirmConnection { firm, connection };
        let revoke_origin = self.addresses.revoke_origin;
        connection = revoke_if_due(self.grants, ended, revoke_origin, self.claimant(now)).await?;
        let span = Span {
            until: self.until,
            end: self.end,
            clock: self.clock,
        };
        let receiver = self.addresses.receiver;
        let (connection, more) = notify(
            self.grants,
            receiver,
            FirmConnection { firm, connection },
            &span,
        )
        .await?;
        let next = [connection.next_due_at(), more].into_iter().flatten().min();
        Ok((end, next))
    }

    fn claimant(&self, now: Timestamp) -> Claimant<'_> {
        Claimant {
            owner: self.owner,
            now,
        }
    }

    async fn renew(&self, firm: &FirmId, now: Timestamp) -> Result<(End, Connection), Error> {
        let connection = self.grants.store.connection(firm).await?;
        let due = connection
            .usable_grant()
            .is_some_and(|usable| usable.grant.is_due(SCHEDULED, now));
        if !due {
            return Ok((End::NotDue, connection));
        }
        Ok(
            match refresh(self.grants, firm, SCHEDULED, self.claimant(now)).await? {
                RefreshResult::Valid(connection) => (End::Fresh, *connection),
                RefreshResult::Revoked(connection) => (End::Lapsed, *connection),
                RefreshResult::Deferred(connection) => (End::Failed, *connection),
            },
        )
    }
}

#[derive(Clone, Copy)]
enum End {
    Fresh,
    NotDue,
    Lapsed,
    Failed,
    Remains,
}

impl End {
    fn count(self, report: &mut DueReport) {
        report.due += usize::from(!matches!(self, Self::NotDue));
        match self {
            Self::Fresh => report.refreshed += 1,
            Self::Lapsed => report.needs_reauthorization += 1,
            Self::Failed => report.failed += 1,
            Self::Remains => report.remaining += 1,
            Self::NotDue => {}
        }
    }
}
