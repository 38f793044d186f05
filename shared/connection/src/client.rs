//! The client for calls to one company. A client needs a connection and no lease of a queue.

// Top first: a module uses only modules below it.
mod batched_queries;
mod objects;
mod queries;
pub mod look;
mod exchange;
mod access;
mod observed_answers;
mod callable;
pub mod company_info;
pub mod api;
pub mod deadlines;

pub use crate::client::objects::find_entries;

use crate::call_outcome::CallError;
use crate::client::api::{ApiRequest, IdempotentBatch, IdempotentWrite};
use crate::client::callable::Callable;
use crate::client::deadlines::Deadlines;
use crate::client::observed_answers::ObservedConnection;
use crate::refresh::{RefreshResult, ensure_access_token};
use crate::services::Services;
use billing::FirmId;
use jiff::{SignedDuration, Timestamp};
use mapping::CompanyPreferences;
use ports::http::Http;
use ports::records::{Records, StoreError};
use quickbooks::Query;
use quickbooks::batch::{BatchAnswers, BatchItem};
use quickbooks::entity::ObjectSnapshot;
use store::Claimant;
use store::connection::{Connection, ConnectionStatus};
use store::rate_limiter::RateLimiter;

/// The delay before a read whose answer was lost is sent again.
const READ_DELAY: SignedDuration = SignedDuration::from_secs(60);

/// Calls one company within the rate limit and the deadline. A refused token is renewed once.
pub struct CompanyClient<'a, H, R> {
    /// The network, the store and RIVET's app.
    pub services: &'a Services<H, R>,
    /// The firm that the company serves.
    pub firm: &'a FirmId,
    /// The owner of claims that the client makes.
    pub owner: &'a str,
    /// The firm's connection, as last read or changed.
    pub connection: Connection,
    /// The rate limiter with the latest calls to the company.
    pub limiter: RateLimiter,
    /// The time limits of calls, and the clock.
    pub deadlines: Deadlines<'a>,
    callable: Callable,
}

impl<'a, H: Http, R: Records> CompanyClient<'a, H, R> {
    /// Opens a client. If the access token ends soon and there is time, renews it.
    pub async fn open(
        services: &'a Services<H, R>,
        firm: &'a FirmId,
        owner: &'a str,
        deadlines: Deadlines<'a>,
    ) -> Result<Self, StoreError> {
        let now = (deadlines.clock)();
        let connection = if deadlines.has_time_to_refresh(now) {
            let (RefreshResult::Valid(connection)
            | RefreshResult::Revoked(connection)
            | RefreshResult::Deferred(connection)) =
                ensure_access_token(&services.auth(), firm, Claimant { owner, now }).await?;
            *connection
        } else {
            services.store.connection(firm).await?
        };
        Ok(Self {
            services,
            firm,
            owner,
            connection,
            limiter: RateLimiter::default(),
            deadlines,
            callable: Callable::Usable,
        })
    }

    /// Returns the current time. One document may take several calls, so each wait is counted from the last call.
    pub fn now(&self) -> Timestamp {
        (self.deadlines.clock)()
    }

    /// Returns whether the queue lease has not ended. The end is that known when the lease was acquired.
    pub fn has_lease(&self) -> bool {
        self.now() < self.deadlines.lease_ends_at
    }

    /// Returns the instant at which the last call of this client has ended, answered or not.
    pub fn calls_end_at(&self) -> Timestamp {
        let Deadlines {
            lease_ends_at,
            calls_end_at,
            ..
        } = self.deadlines;
        calls_end_at.min(lease_ends_at)
    }

    /// Returns the company's preferences, as read at the connection or the last check.
    pub fn preferences(&self) -> CompanyPreferences {
        let company = self.connection.company.as_ref();
        company
            .map(|company| company.preferences.clone())
            .unwrap_or_default()
    }

    /// Returns the company's id. Empty if no company is connected.
    pub fn realm_id(&self) -> &str {
        let company = self.connection.company.as_ref();
        company.map_or("", |company| &company.realm_id)
    }

    /// Sends a change.
    pub async fn write(
        &mut self,
        change: IdempotentWrite<'_>,
        now: Timestamp,
    ) -> Result<ObjectSnapshot, CallError> {
        let answer = self.send(ApiRequest::Write(change), now).await?;
        answer
            .snapshot()
            .map_err(|failure| CallError::from_failure(failure, now))
    }

    /// Sends independent changes in one call, and adjusts the size of the next batch to the answer.
    pub async fn write_together(
        &mut self,
        batch: IdempotentBatch<'_>,
        now: Timestamp,
    ) -> Result<BatchAnswers, CallError> {
        send_batch(self, ApiRequest::Writes(batch), now).await
    }

    /// Sends queries in one call. If there is no answer, the next batch is smaller.
    pub async fn query_together(
        &mut self,
        items: &[BatchItem<Query>],
        now: Timestamp,
    ) -> Result<BatchAnswers, CallError> {
        send_batch(self, ApiRequest::Queries(items), now).await
    }

    /// Reads the company's facts again and saves them: its books may have been reopened or its preferences changed.
    pub async fn refresh_company(&mut self, now: Timestamp) -> Result<(), CallError> {
        let info = self.read(ApiRequest::CompanyInfo, now).await?;
        let preferences = self.read(ApiRequest::Preferences, now).await?;
        let company = company_info::company(self.realm_id(), &info, &preferences, now)
            .map_err(|failure| CallError::from_failure(failure, now))?;
        let store = &self.services.store;
        self.connection = store.save_company(self.firm, &company).await?;
        Ok(())
    }

    /// Saves that the connection no longer works.
    pub async fn set_connection_status(
        &mut self,
        status: ConnectionStatus,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut observed = ObservedConnection {
            services: self.services,
            firm: self.firm,
            connection: &mut self.connection,
        };
        observed.set_status(status, now).await
    }
}

/// Sends a batch, and adjusts the size of the next one to the answer.
async fn send_batch<H: Http, R: Records>(
    client: &mut CompanyClient<'_, H, R>,
    request: ApiRequest<'_>,
    now: Timestamp,
) -> Result<BatchAnswers, CallError> {
    let began_at = client.now();
    let answer = client.send(request, now).await;
    let took = client.now().duration_since(began_at);
    // A batch without an answer was too large. A batch that was refused as a whole has a faulty item. Successful queries prove nothing
    // about the size of changes.
    let is_answered = !matches!(
        answer,
        Err(CallError::Refused(_) | CallError::OutcomeUnknown { .. })
    );
    if request.has_several_writes() || !is_answered {
        client.limiter.record_batch(is_answered.then_some(took));
    }
    BatchAnswers::of(answer?).map_err(|failure| CallError::from_failure(failure, now))
}
