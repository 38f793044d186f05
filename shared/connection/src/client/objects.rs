//! Reads of single objects.

use crate::call_outcome::CallError;
use crate::client::CompanyClient;
use crate::client::api::ApiRequest;
use crate::client::exchange::unread;
use jiff::Timestamp;
use ports::http::Http;
use ports::records::Records;
use quickbooks::Kind;
use quickbooks::entity::{ListEntry, ObjectSnapshot};

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

/// Reads one customer, class, item or account, active or not. `None` if it was merged into another. A read by id does not lag behind writes, as
/// queries do.
///
/// # Errors
/// [`CallError`] if QuickBooks did not answer.
pub async fn find_entry<H: Http, R: Records>(
    client: &mut CompanyClient<'_, H, R>,
    kind: Kind,
    id: &str,
    now: Timestamp,
) -> Result<Option<ListEntry>, CallError> {
    match client.read(ApiRequest::Read { kind, id }, now).await {
        Ok(answer) => match answer.list_entry(kind) {
            Ok(entry) => Ok(Some(entry)),
            Err(failure) => Err(unread(failure, now)),
        },
        Err(error) if error.is_missing() => Ok(None),
        Err(error) => Err(error),
    }
}
