//! The access of a client to its company: the rate limit, the remaining time and the token.

use crate::call_outcome::CallError;
use crate::client::api::CompanyApi;
use crate::client::callable::Callable;
use crate::client::{CompanyClient, READ_DELAY};
use crate::refresh::{RefreshResult, refresh};
use oauth2::AccessToken;
use ports::http::Http;
use ports::records::Records;
use ports::time::after;
use store::Claimant;
use store::connection::UsableGrant;
use store::connection::grant::EVERY;
use store::rate_limiter::{CallKind, Permit};

impl<'a, H: Http, R: Records> CompanyClient<'a, H, R> {
    /// Returns the company with its token, if there is time for a call.
    pub(super) fn api(&self) -> Result<CompanyApi<'a, H>, CallError> {
        let now = self.now();
        let later = || CallError::RetryAt(after(now, READ_DELAY));
        let lost = || CallError::ConnectionLost(self.connection.status);
        let mut usable = self.connection.usable_grant();
        if self.callable == Callable::Mendable {
            usable = usable.or_else(|| self.connection.mendable_grant());
        }
        let UsableGrant { company, grant } = usable.ok_or_else(lost)?;
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

    /// Renews a refused token, whatever its age.
    pub(super) async fn renew_token(&mut self) -> Result<(), CallError> {
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
}

/// Waits until the rate limit allows a call, if the wait is short.
pub(super) async fn wait_for_permit<H: Http, R: Records>(
    client: &mut CompanyClient<'_, H, R>,
    kind: CallKind,
) -> Result<(), CallError> {
    loop {
        match client.limiter.acquire(kind, client.now()) {
            Permit::Now => return Ok(()),
            Permit::Soon(span) => client.services.http.pause(span).await,
            Permit::Later(at) => return Err(CallError::RetryAt(at)),
        }
    }
}
