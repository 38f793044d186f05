//! Operations on connections: begin, end, check, and delivery of messages.

use crate::connection::grant::Grant;
use crate::connection::new_connection::{CompanyBefore, EstablishResult, NewConnection};
use crate::connection::outbox::{ConnectionEvent, DeliveryProgress};
use crate::connection::{Company, Connection, ConnectionStatus, FailedAttempt, Revocation};
use crate::{CompanyKey, Store};
use billing::FirmId;
use jiff::{SignedDuration, Timestamp};
use ports::records::{Records, StoreError};
use ports::time::after;

/// The shortest time between two checks of a grant before its token is due.
const VERIFICATION_INTERVAL: SignedDuration = SignedDuration::from_hours(1);

impl<R: Records> Store<R> {
    /// Loads the connection of a firm. A firm that never connected is disconnected.
    pub async fn connection(&self, firm: &FirmId) -> Result<Connection, StoreError> {
        self.load_or_default(firm.as_ref()).await
    }

    /// Creates the records of a sign-in before it starts, so that a busy store does not waste a code of Intuit.
    pub async fn prepare_connection(&self, firm: &FirmId) -> Result<(), StoreError> {
        self.prepare_shard(firm).await?;
        self.records.ensure::<Connection>(firm.as_ref()).await
    }

    /// Saves the tokens of a failed sign-in in the connection whose grant they superseded, so that the connection stays usable.
    pub async fn end_superseded(
        &self,
        company: CompanyKey<'_>,
        grant: &Grant,
    ) -> Result<(), StoreError> {
        let supersede = &mut |connection: &mut Connection| {
            let has_company = connection.has_company(company.realm_id);
            let old = connection.grant.as_mut();
            let Some(old) = old.filter(|_| has_company) else {
                return false;
            };
            *old = old.superseded_by(grant);
            connection.refreshing = None;
            true
        };
        self.update(company.firm.as_ref(), supersede)
            .await
            .map(drop)
    }

    /// Saves a new connection, if the firm still has the company that it had before.
    ///
    /// A refresh that is still under way finds another generation and changes nothing.
    pub async fn establish(
        &self,
        firm: &FirmId,
        next: &NewConnection,
        now: Timestamp,
    ) -> Result<EstablishResult, StoreError> {
        let mut is_saved = false;
        let establish = &mut |current: &mut Connection| {
            is_saved = match next.before {
                CompanyBefore::None => current.company.is_none(),
                CompanyBefore::Same => current.is_company(&next.company.realm_id),
            };
            if is_saved {
                *current = next.after(std::mem::take(current), now);
            }
            is_saved
        };
        let connection = self.update_or_create(firm.as_ref(), establish).await?;
        Ok(match is_saved {
            true => EstablishResult::Established(Box::new(connection)),
            false => EstablishResult::CompanyChanged,
        })
    }

    /// Removes the grant of a firm. Only its revocation at Intuit stays.
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

    /// Saves the result of a revocation: over, or to be tried again at `retry_at`. A newer revocation stays as it is.
    pub async fn save_revocation(
        &self,
        firm: &FirmId,
        tried: &Revocation,
        retry_at: Option<Timestamp>,
    ) -> Result<Connection, StoreError> {
        let save = &mut |connection: &mut Connection| {
            let revocation = connection.revocation.as_mut();
            let Some(revocation) = revocation.filter(|there| there.token == tried.token) else {
                return false;
            };
            match retry_at {
                Some(at) => revocation.not_before = at,
                None => connection.revocation = None,
            }
            true
        };
        self.update_or_create(firm.as_ref(), save).await
    }

    /// Saves an attempt to connect that failed.
    pub async fn save_failed_attempt(
        &self,
        firm: &FirmId,
        attempt: &FailedAttempt,
    ) -> Result<(), StoreError> {
        let save = &mut |connection: &mut Connection| {
            connection.attempt = Some(attempt.clone());
            true
        };
        self.update_or_create(firm.as_ref(), save).await.map(drop)
    }

    /// Claims the check of a grant before its token is due, at most once an hour. Returns whether the claim was made.
    pub async fn claim_verification(
        &self,
        firm: &FirmId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut is_claimed = false;
        let claim = &mut |connection: &mut Connection| {
            let last = connection.verified_at;
            is_claimed = connection.usable_grant().is_some()
                && last.is_none_or(|at| after(at, VERIFICATION_INTERVAL) <= now);
            if is_claimed {
                connection.verified_at = Some(now);
            }
            is_claimed
        };
        self.update(firm.as_ref(), claim).await?;
        Ok(is_claimed)
    }

    /// Saves the latest facts of a company, if it is still the one that is connected.
    pub async fn save_company(
        &self,
        firm: &FirmId,
        company: &Company,
    ) -> Result<Connection, StoreError> {
        let save = &mut |current: &mut Connection| {
            let known = current.company.as_mut();
            let Some(known) = known.filter(|known| known.realm_id == company.realm_id) else {
                return false;
            };
            known.clone_from(company);
            true
        };
        self.update_or_create(firm.as_ref(), save).await
    }

    /// Adds the warning that a grant ends soon, if one is due.
    pub async fn add_expiry_warning(
        &self,
        firm: &FirmId,
        now: Timestamp,
    ) -> Result<Connection, StoreError> {
        let warn = &mut |connection: &mut Connection| {
            let is_usable = connection.usable_grant().is_some();
            let Some(grant) = connection.grant.as_mut().filter(|_| is_usable) else {
                return false;
            };
            let (ends_at, Some(days)) = (grant.ends_at(), grant.warning_due(now)) else {
                return false;
            };
            grant.warned = Some(days);
            let event = ConnectionEvent::Expiring { days, ends_at };
            connection.outbox.add(event, now);
            true
        };
        self.update_or_create(firm.as_ref(), warn).await
    }

    /// Saves the delivery progress: the accepted messages and notifications, and a refused one.
    pub async fn save_delivery(
        &self,
        firm: &FirmId,
        progress: &DeliveryProgress,
        now: Timestamp,
    ) -> Result<Connection, StoreError> {
        let save = &mut |connection: &mut Connection| {
            connection.outbox.record_delivery(progress, now);
            true
        };
        self.update_or_create(firm.as_ref(), save).await
    }
}
