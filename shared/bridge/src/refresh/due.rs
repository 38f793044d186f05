//! The scheduled refresh: whoever is due, until the time is up, and never the same token twice.

use super::{Refreshed, refresh};
use crate::Grants;
use crate::agenda::{Chore, SHARDS};
use crate::clock::after;
use crate::connection::{Connection, REFRESH_LEASE, SCHEDULED};
use crate::entropy::Entropy;
use crate::error::Error;
use crate::ports::{Http, Records, StoreError};
use billing::FirmId;
use futures::stream::{self, StreamExt};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

/// Token calls that are under way at once.
const AT_ONCE: usize = 10;

/// A run ends after this long and says what remains.
const RUN: SignedDuration = SignedDuration::from_secs(20);

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DueReport {
    /// Connections that were due.
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

/// Refreshes what is due. Overlapping runs are harmless: each connection is claimed.
///
/// `clock` tells the time as the run goes on; one firm's failure stops no other.
pub async fn refresh_due<H: Http, R: Records>(
    grants: &Grants<'_, H, R>,
    entropy: &mut Entropy,
    clock: impl Fn() -> Timestamp,
) -> Result<DueReport, Error> {
    let (began, owner) = (clock(), entropy.token());
    let first = began.as_second().rem_euclid(i64::from(SHARDS)) as u8;
    let mut report = DueReport::default();
    for shard in (0..SHARDS).map(|offset| (first + offset) % SHARDS) {
        let run = Run {
            grants,
            owner: &owner,
            until: after(began, RUN),
            clock: &clock,
        };
        run.shard(shard, &mut report).await?;
    }
    Ok(report)
}

struct Run<'a, H, R, C> {
    grants: &'a Grants<'a, H, R>,
    owner: &'a str,
    until: Timestamp,
    clock: &'a C,
}

impl<H: Http, R: Records, C: Fn() -> Timestamp> Run<'_, H, R, C> {
    async fn shard(&self, shard: u8, report: &mut DueReport) -> Result<(), StoreError> {
        let now = (self.clock)();
        let put_off = after(now, REFRESH_LEASE);
        let horizon = (after(now, SCHEDULED), after(put_off, SCHEDULED));
        let due = self
            .grants
            .store
            .take_due(shard, Chore::Refresh, horizon)
            .await?;
        if due.is_empty() {
            return Ok(());
        }
        let found: Vec<_> = stream::iter(due)
            .map(|firm| async move { (self.one(&firm).await, firm) })
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
        let hints: Vec<_> = found
            .iter()
            .map(|(end, firm)| (firm.clone(), end.next(now)))
            .collect();
        found.iter().for_each(|(end, _)| end.count(report));
        let taken = (Chore::Refresh, after(put_off, SCHEDULED));
        self.grants.store.correct_hints(shard, taken, &hints).await
    }

    async fn one(&self, firm: &FirmId) -> End {
        let now = (self.clock)();
        if now >= self.until {
            return End::Remains;
        }
        let due = match self.grants.store.connection(firm).await {
            Ok(connection) => connection,
            Err(_) => return End::Failed,
        };
        let Some((_, grant)) = due.usable() else {
            return End::Gone;
        };
        if !grant.is_due(SCHEDULED, now) {
            return End::NotDue(grant.access_expires_at);
        }
        match refresh(self.grants, firm, self.owner, (SCHEDULED, now)).await {
            Ok(Refreshed::Fresh(connection)) => End::fresh(&connection),
            Ok(Refreshed::Lapsed(_)) => End::Lapsed,
            Ok(Refreshed::Later(_)) | Err(_) => End::Failed,
        }
    }
}

enum End {
    Fresh(Timestamp),
    NotDue(Timestamp),
    Lapsed,
    Failed,
    Remains,
    Gone,
}

impl End {
    fn fresh(connection: &Connection) -> Self {
        match connection.usable() {
            Some((_, grant)) => Self::Fresh(grant.access_expires_at),
            None => Self::Gone,
        }
    }

    /// When the firm is to be looked at again.
    fn next(&self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Fresh(at) | Self::NotDue(at) => Some(*at),
            Self::Failed | Self::Remains => Some(now),
            Self::Lapsed | Self::Gone => None,
        }
    }

    fn count(&self, report: &mut DueReport) {
        report.due += usize::from(!matches!(self, Self::NotDue(_) | Self::Gone));
        match self {
            Self::Fresh(_) => report.refreshed += 1,
            Self::Lapsed => report.needs_reauthorization += 1,
            Self::Failed => report.failed += 1,
            Self::Remains => report.remaining += 1,
            Self::NotDue(_) | Self::Gone => {}
        }
    }
}
