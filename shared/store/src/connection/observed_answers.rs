//! Operations on what the answers of the company show about a connection: an outage, its end, and a cause that was mended.

use crate::Store;
use crate::connection::{Company, Connection, ConnectionStatus};
use crate::schedule::ScheduledJob;
use billing::FirmId;
use jiff::Timestamp;
use ports::records::{Records, StoreError};

/// A call that says nothing about the company, because something between stands in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unanswered {
    /// No proper answer came.
    NoAnswer,
    /// A token that Intuit had just issued was refused.
    NewTokenRejected,
}

impl Connection {
    /// Returns whether the record says that QuickBooks did not answer lately.
    pub fn is_unanswered(&self) -> bool {
        self.unanswered_since.is_some() || self.rejected_since.is_some()
    }

    /// Ends an outage, because QuickBooks answered.
    fn end_outage(&mut self, now: Timestamp) {
        (self.unanswered_since, self.rejected_since) = (None, None);
        if self.status.allows_calls() && self.status != ConnectionStatus::Connected {
            self.restore(now);
        }
    }
}

impl<R: Records> Store<R> {
    /// Saves the start of an outage: the first call without a proper answer since the last good one.
    pub async fn record_unanswered(
        &self,
        firm: &FirmId,
        call: Unanswered,
        now: Timestamp,
    ) -> Result<Connection, StoreError> {
        let record = &mut |connection: &mut Connection| {
            let before = (connection.unanswered_since, connection.rejected_since);
            connection.unanswered_since.get_or_insert(now);
            if call == Unanswered::NewTokenRejected {
                connection.rejected_since.get_or_insert(now);
            }
            before != (connection.unanswered_since, connection.rejected_since)
        };
        self.update_or_create(firm.as_ref(), record).await
    }

    /// Saves that QuickBooks answered, which ends an outage.
    pub async fn record_answered(
        &self,
        firm: &FirmId,
        now: Timestamp,
    ) -> Result<Connection, StoreError> {
        let record = &mut |connection: &mut Connection| {
            let is_unanswered = connection.is_unanswered();
            connection.end_outage(now);
            is_unanswered
        };
        let saved = self.update_or_create(firm.as_ref(), record).await?;
        self.schedule_outbox(firm, &saved).await?;
        Ok(saved)
    }

    /// Saves the facts that a company told although its connection did not work. The connection works again, unless the grant of
    /// `generation` was replaced or is over.
    pub async fn save_mended(
        &self,
        firm: &FirmId,
        generation: u64,
        company: &Company,
        now: Timestamp,
    ) -> Result<Connection, StoreError> {
        let save = &mut |connection: &mut Connection| {
            let mendable = connection.mendable_grant();
            let is_same = mendable.is_some_and(|mendable| {
                mendable.grant.generation == generation
                    && mendable.company.realm_id == company.realm_id
            });
            if is_same {
                connection.company = Some(company.clone());
                connection.end_outage(now);
                connection.restore(now);
            }
            is_same
        };
        let saved = self.update_or_create(firm.as_ref(), save).await?;
        self.schedule_outbox(firm, &saved).await?;
        Ok(saved)
    }

    /// Saves that a look at the company found the connection still not working.
    pub async fn record_look(
        &self,
        firm: &FirmId,
        now: Timestamp,
    ) -> Result<Connection, StoreError> {
        let record = &mut |connection: &mut Connection| {
            let is_mendable = connection.mendable_grant().is_some();
            if is_mendable {
                connection.looked_at = Some(now);
            }
            is_mendable
        };
        self.update_or_create(firm.as_ref(), record).await
    }

    /// Schedules a run that sends the messages of the outbox and visits the connection again.
    async fn schedule_outbox(&self, firm: &FirmId, saved: &Connection) -> Result<(), StoreError> {
        match saved.next_due_at() {
            Some(at) => self.schedule_by(firm, ScheduledJob::Connection, at).await,
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::{CompanyError, ConnectionEvent, ReauthorizationReason};

    fn of(status: ConnectionStatus) -> Connection {
        let mut connection = Connection::default();
        connection.set_status(status, Timestamp::UNIX_EPOCH);
        connection.unanswered_since = Some(Timestamp::UNIX_EPOCH);
        connection
    }

    #[test]
    fn good_answer_ends_only_an_outage() {
        let now = Timestamp::UNIX_EPOCH;
        let mut outage = of(ConnectionStatus::Error(CompanyError::Unavailable));
        outage.end_outage(now);
        assert_eq!(outage.status, ConnectionStatus::Connected);
        let last = outage.outbox.messages.last().map(|message| message.cause);
        assert_eq!(last, Some(ConnectionEvent::Restored));
        let lapsed = ConnectionStatus::Error(CompanyError::SubscriptionEnded);
        let mut ended = of(lapsed);
        ended.end_outage(now);
        assert_eq!((ended.status, ended.is_unanswered()), (lapsed, false));
    }

    #[test]
    fn grant_that_intuit_refused_is_not_mended() {
        let status = ConnectionStatus::NeedsReauthorization;
        for (reason, may_be_mended) in [
            (ReauthorizationReason::GrantRefused, false),
            (ReauthorizationReason::GrantExpired, false),
            (ReauthorizationReason::AccessRevoked, true),
            (ReauthorizationReason::AdminRightsLost, true),
        ] {
            assert_eq!(status(reason).may_be_mended(), may_be_mended);
            assert!(!status(reason).allows_calls());
        }
    }

    #[test]
    fn refresh_does_not_mend_the_company() {
        let lost = ConnectionStatus::NeedsReauthorization(ReauthorizationReason::AdminRightsLost);
        let mut connection = of(lost);
        connection.recover(Timestamp::UNIX_EPOCH);
        assert_eq!(connection.status, lost);
    }
}
