//! A single exchange with the company: in turn, with a token that is accepted, and only if it can end in time.

use crate::call_outcome::CallError;
use crate::client::api::{ApiRequest, CompanyApi};
use crate::client::{CompanyClient, READ_DELAY};
use crate::refresh::{RefreshResult, refresh};
use jiff::Timestamp;
use oauth2::AccessToken;
use ports::http::Http;
use ports::records::{Records, StoreError};
use ports::time::after;
use quickbooks::answer::Answer;
use store::Claimant;
use store::connection::grant::EVERY;
use store::connection::{ConnectionStatus, ReauthorizationReason, UsableGrant};
use store::queue::rate_limiter::Permit;

impl<'a, H: Http, R: Records> CompanyClient<'a, H, R> {
    /// Sends a read.
    pub(super) async fn read(
        &mut self,
        request: ApiRequest<'_>,
        now: Timestamp,
    ) -> Result<Answer, CallError> {
        let answer = self.send(request, now).await;
        answer.map_err(|error| error.of_read(now, READ_DELAY))
    }

    /// Sends a request, and once more with a new token if the first was not accepted.
    pub(super) async fn send(
        &mut self,
        request: ApiRequest<'_>,
        now: Timestamp,
    ) -> Result<Answer, CallError> {
        let mut answer = self.send_once(request, now).await;
        if matches!(answer, Err(CallError::TokenRejected)) {
            let renewed = self.renew_token().await;
            if request.has_several_writes() {
                return Err(interrupted(renewed));
            }
            renewed?;
            answer = self.send_once(request, now).await;
        }
        match answer {
            Err(CallError::TokenRejected) => Err(self.lose_access(now).await?),
            answer => answer,
        }
    }

    async fn send_once(
        &mut self,
        request: ApiRequest<'_>,
        now: Timestamp,
    ) -> Result<Answer, CallError> {
        self.wait_for_permit(request.is_batch()).await?;
        let api = self.api()?;
        self.limiter.reads.add(request.reads(), self.now());
        let answer = api.send(request, now).await;
        answer.map_err(|error| match error {
            CallError::Throttled(at) if request.has_several_writes() => CallError::OutcomeUnknown {
                why: "QuickBooks asked for a pause".into(),
                retry_at: Some(at),
            },
            error => error,
        })
    }

    /// Waits until the company may be called, if that is soon.
    async fn wait_for_permit(&mut self, is_batch: bool) -> Result<(), CallError> {
        loop {
            match self.limiter.acquire(is_batch, self.now()) {
                Permit::Now => return Ok(()),
                Permit::Soon(span) => self.services.http.pause(span).await,
                Permit::Later(at) => return Err(CallError::RetryAt(at)),
            }
        }
    }

    fn api(&self) -> Result<CompanyApi<'a, H>, CallError> {
        let now = self.now();
        let later = || CallError::RetryAt(after(now, READ_DELAY));
        let lost = || CallError::ConnectionLost(self.connection.status);
        let UsableGrant { company, grant } = self.connection.usable_grant().ok_or_else(lost)?;
        let timeout = self.deadlines.call_timeout(now).ok_or_else(later)?;
        if grant.access_expires_at <= now {
            return Err(later());
        }
        Ok(CompanyApi {
            http: &self.services.http,
            api_origin: &self.services.api_origin,
            realm_id: company.realm_id.clone(),
            access_token: AccessToken::new(grant.access_token.0.clone()),
            timeout,
        })
    }

    /// Renews a token that was refused, whatever its age.
    async fn renew_token(&mut self) -> Result<(), CallError> {
        let now = self.now();
        let later = CallError::RetryAt(after(now, READ_DELAY));
        if !self.deadlines.has_time_to_refresh(now) {
            return Err(later);
        }
        let owner = self.owner;
        let claimant = Claimant { owner, now };
        match refresh(&self.services.auth(), self.firm, EVERY, claimant).await? {
            RefreshResult::Valid(connection) => {
                self.connection = *connection;
                Ok(())
            }
            RefreshResult::Revoked(connection) => {
                self.connection = *connection;
                Err(CallError::ConnectionLost(self.connection.status))
            }
            RefreshResult::Deferred(_) => Err(later),
        }
    }

    /// Saves that the company was disconnected inside QuickBooks, since a fresh token was refused too.
    async fn lose_access(&mut self, now: Timestamp) -> Result<CallError, StoreError> {
        let status = ConnectionStatus::NeedsReauthorization(ReauthorizationReason::AccessRevoked);
        self.set_connection_status(status, now).await?;
        Ok(CallError::ConnectionLost(status))
    }
}

/// Returns the error of a batch whose token ended. The batch may have been carried out in part, so it is looked up.
fn interrupted(renewed: Result<(), CallError>) -> CallError {
    match renewed {
        Err(CallError::Store(error)) => CallError::Store(error),
        _ => CallError::unknown("the sign-in ended on the way"),
    }
}
