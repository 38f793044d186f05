//! Reads of single objects.

use crate::call_outcome::CallError;
use crate::client::CompanyClient;
use crate::client::api::ApiRequest;
use crate::client::exchange::unread;
use jiff::Timestamp;
use ports::http::Http;
use ports::records::Records;
use quickbooks::Kind;
use quickbooks::entity::ObjectSnapshot;

impl<H: Http, R: Records> CompanyClient<'_, H, R> {
    /// Reads one object. `None` if it was deleted.
    pub async fn get(
        &mut self,
        kind: Kind,
        id: &str,
        now: Timestamp,
    ) -> Result<Option<ObjectSnapshot>, CallError> {
        match self.get_existing(kind, id, now).await {
            Err(error) if error.is_missing() => Ok(None),
            found => found.map(Some),
        }
    }

    /// Reads one object that must exist.
    ///
    /// # Errors
    /// A deleted object is a refusal.
    pub async fn get_existing(
        &mut self,
        kind: Kind,
        id: &str,
        now: Timestamp,
    ) -> Result<ObjectSnapshot, CallError> {
        let answer = self.read(ApiRequest::Read { kind, id }, now).await?;
        answer.snapshot().map_err(|failure| unread(failure, now))
    }
}

/// Returns whether QuickBooks has an object, active or not. A read by id does not lag behind writes, as queries do.
///
/// # Errors
/// [`CallError`] if QuickBooks did not answer.
pub async fn exists<H: Http, R: Records>(
    client: &mut CompanyClient<'_, H, R>,
    kind: Kind,
    id: &str,
    now: Timestamp,
) -> Result<bool, CallError> {
    match client.read(ApiRequest::Read { kind, id }, now).await {
        Ok(_) => Ok(true),
        Err(error) if error.is_missing() => Ok(false),
        Err(error) => Err(error),
    }
}
