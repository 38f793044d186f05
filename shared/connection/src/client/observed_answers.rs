//! Observes what the answers of the company show about the connection.
//!
//! ```text
//! connected ──no proper answer for a day──▶ error: QuickBooks is unavailable ──any good answer──▶ connected
//!     │                                        (calls go on)
//!     ├──every new token refused for two days──▶ needs reauthorization ──┐
//!     └──fault 3100, 120, 6190 or 10200────────▶ error or the same ──────┴──a look finds it mended──▶ connected
//! ```
//! An outage is not a lost connection: whatever code it bears, only its length counts, and a good answer ends it. A pause that Intuit asks
//! for again and again is an outage too.

use crate::call_outcome::CallError;
use crate::services::Services;
use billing::FirmId;
use jiff::{SignedDuration, Timestamp};
use ports::records::{Records, StoreError};
use ports::time::after;
use quickbooks::answer::Answer;
use store::connection::observed_answers::Unanswered;
use store::connection::{CompanyError, Connection, ConnectionStatus, ReauthorizationReason};

/// The length of an outage after which RIVET is told of it. Most outages of Intuit last minutes, some last hours.
const LONG_OUTAGE: SignedDuration = SignedDuration::from_hours(24);

/// The time for which QuickBooks refuses every new token before the company counts as disconnected inside QuickBooks.
const LOST_ACCESS: SignedDuration = SignedDuration::from_hours(48);

/// The stored connection of a firm, and a client's copy of it. Both change with what the answers show.
pub(super) struct ObservedConnection<'a, H, R> {
    pub(super) services: &'a Services<H, R>,
    pub(super) firm: &'a FirmId,
    pub(super) connection: &'a mut Connection,
}

impl<H, R: Records> ObservedConnection<'_, H, R> {
    /// Saves the start, the length and the end of an outage. A rejected new token becomes an unknown outcome, since a gateway may have
    /// rejected it.
    pub(super) async fn observe(
        &mut self,
        answer: Result<Answer, CallError>,
        now: Timestamp,
    ) -> Result<Answer, CallError> {
        match answer {
            Err(CallError::TokenRejected) => {
                self.record_unanswered(Unanswered::NewTokenRejected, now)
                    .await?;
                Err(self.rejection(now).await?)
            }
            Err(CallError::OutcomeUnknown { .. } | CallError::Throttled { .. }) => {
                self.record_unanswered(Unanswered::NoAnswer, now).await?;
                answer
            }
            Ok(_) | Err(CallError::Refused(_)) if self.connection.is_unanswered() => {
                let store = &self.services.store;
                *self.connection = store.record_answered(self.firm, now).await?;
                answer
            }
            answer => answer,
        }
    }

    /// Saves a call without a proper answer. A long outage shows as the connection's status.
    async fn record_unanswered(
        &mut self,
        call: Unanswered,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let has_begun = self.connection.unanswered_since.is_some()
            && (call == Unanswered::NoAnswer || self.connection.rejected_since.is_some());
        if !has_begun {
            let store = &self.services.store;
            *self.connection = store.record_unanswered(self.firm, call, now).await?;
        }
        let is_long = has_lasted(self.connection.unanswered_since, LONG_OUTAGE, now);
        if is_long && self.connection.status == ConnectionStatus::Connected {
            let status = ConnectionStatus::Error(CompanyError::Unavailable);
            self.set_status(status, now).await?;
        }
        Ok(())
    }

    /// Returns the error of a call whose new token was refused. After days of that, saves that the company was disconnected.
    async fn rejection(&mut self, now: Timestamp) -> Result<CallError, StoreError> {
        if !has_lasted(self.connection.rejected_since, LOST_ACCESS, now) {
            return Ok(CallError::unknown(
                "QuickBooks did not accept a new access token",
            ));
        }
        let status = ConnectionStatus::NeedsReauthorization(ReauthorizationReason::AccessRevoked);
        self.set_status(status, now).await?;
        Ok(CallError::ConnectionLost(status))
    }

    /// Saves the status that was found for the grant in use.
    pub(super) async fn set_status(
        &mut self,
        status: ConnectionStatus,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let grant = self.connection.grant.as_ref();
        let generation = grant.map_or(0, |grant| grant.generation);
        let store = &self.services.store;
        let saved = store
            .set_connection_status(self.firm, generation, status, now)
            .await?;
        *self.connection = Connection { status, ..saved };
        Ok(())
    }
}

fn has_lasted(since: Option<Timestamp>, span: SignedDuration, now: Timestamp) -> bool {
    since.is_some_and(|since| after(since, span) <= now)
}
