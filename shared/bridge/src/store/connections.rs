//! Verbs over connections: how they begin, end, and are told of.

use super::Store;
use crate::clock::after;
use crate::connection::{
    Cause, Company, Connection, FailedAttempt, Grant, Revocation, Secret, Standing,
};
use crate::ports::{Change, Records, StoreError};
use billing::{FirmId, Id};
use jiff::{SignedDuration, Timestamp};

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

    /// Creates the records that a connect will claim, ahead of it.
    pub async fn prepare_connection(&self, firm: &FirmId) -> Result<(), StoreError> {
        self.records.ensure::<Connection>(firm.as_ref()).await
    }

    /// Makes a connection that was just granted the firm's own. A refresh that is still under way finds another generation
    /// and changes nothing. Refused if the firm has another company by now, which it is then told.
    pub async fn establish(
        &self,
        firm: &FirmId,
        next: &Established,
        now: Timestamp,
    ) -> Result<Result<Connection, Company>, StoreError> {
        let decide = |current: Connection| {
            let realm_id = &next.company.realm_id;
            if let Some(other) = current.company.as_ref().filter(|c| c.realm_id != *realm_id) {
                return Change::Keep(Err(other.clone()));
            }
            let connection = next.after(current, now);
            Change::write(connection.clone(), Ok(connection))
        };
        self.change_ensured(firm.as_ref(), decide).await
    }

    /// Erases the grant. What is left of it is only what Intuit must be told.
    pub async fn end_connection(
        &self,
        firm: &FirmId,
        now: Timestamp,
    ) -> Result<Connection, StoreError> {
        let decide = |mut connection: Connection| {
            let Some(grant) = connection.grant.take() else {
                return Change::Keep(connection);
            };
            connection.past_generation = grant.generation;
            connection.surrender(grant.refresh_token, now);
            connection.stand(Standing::Disconnected, now);
            Change::write(connection.clone(), connection)
        };
        self.change_ensured(firm.as_ref(), decide).await
    }

    /// Notes how a revocation went: over, or to be tried again at `again`. A newer one is not touched.
    pub async fn note_revocation(
        &self,
        firm: &FirmId,
        tried: &Revocation,
        again: Option<Timestamp>,
    ) -> Result<Connection, StoreError> {
        let decide = |mut connection: Connection| match &mut connection.revocation {
            Some(ending) if ending.token == tried.token => {
                match again {
                    Some(at) => ending.not_before = at,
                    None => connection.revocation = None,
                }
                Change::write(connection.clone(), connection)
            }
            _ => Change::Keep(connection),
        };
        self.change_ensured(firm.as_ref(), decide).await
    }

    /// Notes an attempt to connect that failed.
    pub async fn note_attempt(
        &self,
        firm: &FirmId,
        attempt: &FailedAttempt,
    ) -> Result<(), StoreError> {
        let decide = |connection: Connection| {
            let noted = Connection {
                attempt: Some(attempt.clone()),
                ..connection
            };
            Change::write(noted, ())
        };
        self.change_ensured(firm.as_ref(), decide).await
    }

    /// Takes the turn to have a grant checked, at most once a minute. Whether it was taken.
    pub async fn take_verification(
        &self,
        firm: &FirmId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let decide = |connection: Connection| {
            let again = connection
                .verified_at
                .is_none_or(|at| after(at, VERIFICATIONS) <= now);
            if !again || connection.usable().is_none() {
                return Change::Keep(false);
            }
            let taken = Connection {
                verified_at: Some(now),
                ..connection
            };
            Change::write(taken, true)
        };
        let taken = self.records.change(firm.as_ref(), decide).await?;
        Ok(taken.unwrap_or_default())
    }

    /// Notes what a company says of itself now, if it is still the one that is connected.
    pub async fn note_company(
        &self,
        firm: &FirmId,
        company: &Company,
    ) -> Result<Connection, StoreError> {
        let decide = |current: Connection| {
            let known = current.company.as_ref();
            if known.is_none_or(|known| known.realm_id != company.realm_id) {
                return Change::Keep(current);
            }
            let next = Connection {
                company: Some(company.clone()),
                ..current
            };
            Change::write(next.clone(), next)
        };
        self.change_ensured(firm.as_ref(), decide).await
    }

    /// Warns RIVET of the end of a grant, if it is time to.
    pub async fn warn_of_end(
        &self,
        firm: &FirmId,
        now: Timestamp,
    ) -> Result<Connection, StoreError> {
        let decide = |mut connection: Connection| {
            let usable = connection.usable().is_some();
            let Some(grant) = connection.grant.as_mut().filter(|_| usable) else {
                return Change::Keep(connection);
            };
            let (ends_at, Some(days)) = (grant.ends_at(), grant.warning(now)) else {
                return Change::Keep(connection);
            };
            grant.warned = Some(days);
            connection
                .outbox
                .put(Cause::Expiring { days, ends_at }, now);
            Change::write(connection.clone(), connection)
        };
        self.change_ensured(firm.as_ref(), decide).await
    }

    /// Takes the notices up to this number out of the outbox, or notes that RIVET did not take any.
    pub async fn note_sent(
        &self,
        firm: &FirmId,
        through: u64,
        now: Timestamp,
    ) -> Result<Connection, StoreError> {
        let decide = |mut connection: Connection| {
            connection.outbox.sent(through, now);
            Change::write(connection.clone(), connection)
        };
        self.change_ensured(firm.as_ref(), decide).await
    }
}

impl Established {
    /// The connection after `current`. Whatever was to be ended of it is superseded.
    fn after(&self, current: Connection, now: Timestamp) -> Connection {
        let last = current.grant.as_ref().map_or(0, |old| old.generation);
        let past_generation = last.max(current.past_generation);
        let mut outbox = current.outbox;
        if outbox.in_trouble {
            outbox.put(Cause::Restored, now);
        }
        Connection {
            standing: Standing::Connected,
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
    pub(super) fn surrender(&mut self, token: Secret, now: Timestamp) {
        self.revocation = Some(Revocation {
            token,
            not_before: now,
            until: after(now, REVOCATION_TRIED),
        });
    }
}
