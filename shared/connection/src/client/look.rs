//! Looks whether a connection that does not work was mended at Intuit: the subscription renewed, the person an administrator again.

use crate::call_outcome::CallError;
use crate::client::CompanyClient;
use crate::client::api::ApiRequest;
use crate::client::callable::Callable;
use crate::client::company_info;
use jiff::Timestamp;
use ports::http::Http;
use ports::records::{Records, StoreError};
use quickbooks::company_facts::CompanyInfo;
use store::connection::{Company, CompanyError, ConnectionStatus};

/// The result of a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookResult {
    /// The connection works again.
    Mended,
    /// The connection is as before, or there was nothing to look at.
    Unchanged,
}

impl<H: Http, R: Records> CompanyClient<'_, H, R> {
    /// Reads the company's facts, in at most two reads, if the connection does not work and may work again without a sign-in. If the
    /// company answers, the connection works again.
    ///
    /// # Errors
    /// [`StoreError`] if a record could not be read or written.
    pub async fn look_again(&mut self, now: Timestamp) -> Result<LookResult, StoreError> {
        if self.connection.mendable_grant().is_none() {
            return Ok(LookResult::Unchanged);
        }
        let before = self.connection.status;
        self.callable = Callable::Mendable;
        let found = read_company(self, before, now).await;
        self.callable = Callable::Usable;
        let store = &self.services.store;
        match found {
            Ok(company) => {
                // The look may have renewed the token.
                let grant = self.connection.grant.as_ref();
                let generation = grant.map_or(0, |grant| grant.generation);
                let saved = store.save_mended(self.firm, generation, &company, now);
                self.connection = saved.await?;
            }
            Err(CallError::Store(error)) => return Err(error),
            Err(CallError::ConnectionLost(status)) if status != before => {
                self.set_connection_status(status, now).await?;
            }
            Err(_) => self.connection = store.record_look(self.firm, now).await?,
        }
        Ok(if self.connection.usable_grant().is_some() {
            LookResult::Mended
        } else {
            LookResult::Unchanged
        })
    }
}

/// Reads the company's facts. A company whose subscription has still ended is no answer, although some reads succeed.
async fn read_company<H: Http, R: Records>(
    client: &mut CompanyClient<'_, H, R>,
    before: ConnectionStatus,
    now: Timestamp,
) -> Result<Company, CallError> {
    let unreadable = |failure| CallError::from_failure(failure, now);
    let info = client.read(ApiRequest::CompanyInfo, now).await?;
    let facts: CompanyInfo = info.one().map_err(unreadable)?;
    let lapsed = ConnectionStatus::Error(CompanyError::SubscriptionEnded);
    if before == lapsed && facts.has_lapsed() {
        return Err(CallError::ConnectionLost(lapsed));
    }
    let preferences = client.read(ApiRequest::Preferences, now).await?;
    company_info::company(client.realm_id(), &info, &preferences, now).map_err(unreadable)
}
