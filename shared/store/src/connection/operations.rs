//! Verbs over connections: how they begin, end, and are told of.

use crate::Store;
use crate::connection::grant::{Grant, Secret};
use crate::connection::outbox::{ConnectionEvent, DeliveryProgress};
use crate::connection::{Company, Connection, ConnectionStatus, FailedAttempt, Revocation};
use crate::schedule::DueIndex;
use billing::{FirmId, Id};
use jiff::{SignedDuration, Timestamp};
use ports::records::{Records, StoreError};
use ports::time::after;

/// How long a grant that was given up is tried to be ended at Intuit.
const REVOCATION_TRIED: SignedDuration = SignedDuration::from_hours(24);

/// A grant is checked out of turn at most once in this time.
const VERIFICATIONS: SignedDuration = SignedDuration::from_mins(1);

/// A connection as Intuit has just granted it.
pub struct Established {
    /// The company.
    pub company: Company,
    /// The tokens.
    pub grant: Grant,
    /// Who signed in.
    pub user: Id,
}

impl<R: Records> Store<R> {
    /// A firm's connection; disconnected if it never had one.
    pub async fn connection(&self, firm: &FirmId) -> Result<Connection, StoreError> {
        self.load_or_default(firm.as_ref()).await
    }

    /// Creates the records that a connect will need, ahead of it: a store that is busy costs nothing yet.
    pub async fn prepare_connection(&self, firm: &FirmId) -> Result<(), StoreError> {
        let shard = DueIndex::shard_of(firm).to_string();
        self.records.ensure::<DueIndex>(&shard).await?;
        self.records.ensure::<Connection>(firm.as_ref()).await
    }

    /// Puts the tokens of a sign-in that came to nothing into the connection that they superseded, which goes on as it was.
    pub async fn end_superseded(
        &self,
        firm: &FirmId,
        realm_id: &str,
        grant: &Grant,
    ) -> Result<(), StoreError> {
        let supersede = &mut |connection: &mut Connection| {
            let holds = connection.has_company(realm_id);
            let old = connection.grant.as_mut();
            let Some(old) = old.filter(|_| holds) else {
                return false;
            };
            let (generation, warned) = (old.generation + 1, old.warned);
            *old = Grant {
                generation,
                warned,
                ..grant.clone()
            };
            connection.refreshing = None;
            true
        };
        self.update(firm.as_ref(), supersede).await.map(drop)
    }

    /// Makes a connection that was just granted the firm's own. A refresh that is still under way finds another generation
    /// and changes nothing. Refused if the firm has another company by now, which it is then told.
    pub async fn establish(
        &self,
        firm: &FirmId,
        next: &Established,
        now: Timestamp,
    ) -> Result<Result<Connection, Company>, StoreError> {
        let mut other = None;
        let establish = &mut |current: &mut Connection| {
            let company = current.company.as_ref();
            other = company
                .filter(|company| company.realm_id != next.company.realm_id)
                .cloned();
            if other.is_none() {
                *current = next.after(std::mem::take(current), now);
            }
            other.is_none()
        };
        let connection = self.update_or_create(firm.as_ref(), establish).await?;
        Ok(match other {
            Some(other) => Err(other),
            None => Ok(connection),
        })
    }

    /// Erases the grant. What is left of it is only what Intuit must be told.
    pub async fn end_connection(
        &self,
        firm: &FirmId,
        now: Timestamp,
    ) -> Result<Connection, StoreError> {
        let end = &mut |connection: &mut Connection| {
            let Some(grant) = connection.grant.take() else {
                return false;
            };
            connection.past_generation = grant.generation;
            connection.schedule_revocation(grant.refresh_token, now);
            connection.set_status(ConnectionStatus::Disconnected, now);
            true
        };
        self.update_or_create(firm.as_ref(), end).await
    }

    /// Notes how a revocation went: over, or to be tried again at `again`. A newer one is not touched.
    pub async fn save_revocation(
        &self,
        firm: &FirmId,
        tried: &Revocation,
        again: Option<Timestamp>,
    ) -> Result<Connection, StoreError> {
        let note = &mut |connection: &mut Connection| {
            let ending = connection.revocation.as_mut();
            let Some(ending) = ending.filter(|ending| ending.token == tried.token) else {
                return false;
            };
            match again {
                Some(at) => ending.not_before = at,
                None => connection.revocation = None,
            }
            true
        };
        self.update_or_create(firm.as_ref(), note).await
    }

    /// Notes an attempt to connect that failed.
    pub async fn save_failed_attempt(
        &self,
        firm: &FirmId,
        attempt: &FailedAttempt,
    ) -> Result<(), StoreError> {
        let note = &mut |connection: &mut Connection| {
            connection.attempt = Some(attempt.clone());
            true
        };
        self.update_or_create(firm.as_ref(), note).await.map(drop)
    }

    /// Takes the turn to have a grant checked, at most once a minute. Whether it was taken.
    pub async fn claim_verification(
        &self,
        firm: &FirmId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut taken = false;
        let take = &mut |connection: &mut Connection| {
            let last = connection.verified_at;
            taken = connection.usable_grant().is_some()
                && last.is_none_or(|at| after(at, VERIFICATIONS) <= now);
            if taken {
                connection.verified_at = Some(now);
            }
            taken
        };
        self.update(firm.as_ref(), take).await?;
        Ok(taken)
    }

    /// Notes what a company says of itself now, if it is still the one that is connected.
    pub async fn save_company(
        &self,
        firm: &FirmId,
        company: &Company,
    ) -> Result<Connection, StoreError> {
        let note = &mut |current: &mut Connection| {
            let known = current.company.as_mut();
            let Some(known) = known.filter(|known| known.realm_id == company.realm_id) else {
                return false;
            };
            known.clone_from(company);
            true
        };
        self.update_or_create(firm.as_ref(), note).await
    }

    /// Warns RIVET of the end of a grant, if it is time to.
    pub async fn add_expiry_warning(
        &self,
        firm: &FirmId,
        now: Timestamp,
    ) -> Result<Connection, StoreError> {
        let warn = &mut |connection: &mut Connection| {
            let usable = connection.usable_grant().is_some();
            let Some(grant) = connection.grant.as_mut().filter(|_| usable) else {
                return false;
            };
            let (ends_at, Some(days)) = (grant.ends_at(), grant.warning_due(now)) else {
                return false;
            };
            grant.warned = Some(days);
            let cause = ConnectionEvent::Expiring { days, ends_at };
            connection.outbox.add(cause, now);
            true
        };
        self.update_or_create(firm.as_ref(), warn).await
    }

    /// Notes what RIVET took and what not.
    pub async fn save_delivery(
        &self,
        firm: &FirmId,
        taken: &DeliveryProgress,
        now: Timestamp,
    ) -> Result<Connection, StoreError> {
        let note = &mut |connection: &mut Connection| {
            connection.outbox.record_delivery(taken, now);
            true
        };
        self.update_or_create(firm.as_ref(), note).await
    }
}

impl Established {
    /// The connection after `current`. Whatever was to be ended of it is superseded.
    fn after(&self, current: Connection, now: Timestamp) -> Connection {
        let last = current.grant.as_ref().map_or(0, |old| old.generation);
        let past_generation = last.max(current.past_generation);
        let mut outbox = current.outbox;
        if outbox.in_trouble {
            outbox.add(ConnectionEvent::Restored, now);
        }
        Connection {
            status: ConnectionStatus::Connected,
            company: Some(self.company.clone()),
            past_generation,
            grant: Some(Grant {
                generation: past_generation + 1,
                ..self.grant.clone()
            }),
            connected_by: Some(self.user.clone()),
            connected_at: Some(now),
            outbox,
            ..Connection::default()
        }
    }
}

impl Connection {
    /// Keeps the token of a grant that was given up until Intuit knows.
    pub fn schedule_revocation(&mut self, token: Secret, now: Timestamp) {
        self.revocation = Some(Revocation {
            token,
            not_before: now,
            until: after(now, REVOCATION_TRIED),
        });
    }
}
